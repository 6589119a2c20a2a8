"""Delivery to a URL: signed requests, their answers, and the challenge by which Slack knows the URL."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from .delivery import COMMANDS, EVENTS, Answer, Attempt, Delivery
from .reading import Json

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(eq=False)
class Hook:
    """The URL of the app."""

    url: str
    secret: str
    verification: str
    """The token that payloads carry."""
    statuses: list[int] = field(default_factory=list)
    """What came back, request by request; 0 where nothing did."""
    _session: aiohttp.ClientSession | None = None

    @property
    def open(self) -> bool:
        return True

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=100, force_close=True)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session

    async def send(self, delivery: Delivery, attempt: Attempt, within: float) -> Answer:
        """One signed request; only an answer of 2xx within the window counts."""
        body, kind = written(delivery.kind, delivery.payload)
        more = {}
        if attempt.number:
            more = {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        try:
            async with asyncio.timeout(within):
                status, headers, text = await self.request(body, kind, more)
        except TimeoutError:
            self.statuses.append(0)
            return Answer(False, reason="http_timeout")
        except aiohttp.ClientError:
            self.statuses.append(0)
            return Answer(False, reason="connection_failed")
        if not 200 <= status < 300:
            return Answer(False, None, "http_error", headers.get("X-Slack-No-Retry") != "1")
        try:
            return Answer(True, answered(headers, text))
        except ValueError:
            return Answer(False, reason=f"not JSON: {text[:60]}", again=False)

    async def request(
        self,
        body: str,
        kind: str,
        more: dict[str, str] | None = None,
        secret: str | None = None,
        timestamp: float | None = None,
    ) -> tuple[int, dict[str, str], str]:
        """Sends bytes with a signature; its status, headers and text."""
        at = str(int(time.time() if timestamp is None else timestamp))
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature(self.secret if secret is None else secret, at, body),
        }
        sent = self.session.post(self.url, data=body.encode(), headers=headers | (more or {}))
        async with sent as response:
            self.statuses.append(response.status)
            return response.status, dict(response.headers), await response.text()

    async def verify(self) -> bool:
        """Whether the URL answers Slack's challenge."""
        challenge = secrets.token_urlsafe(32)
        asked = {"token": self.verification, "challenge": challenge, "type": "url_verification"}
        try:
            status, headers, text = await self.request(json.dumps(asked), JSON)
        except aiohttp.ClientError:
            return False
        if status != 200:
            return False
        found = json.loads(text)["challenge"] if "json" in headers.get("Content-Type", "") else text
        return bool(found == challenge)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def signature(secret: str, at: str, body: str) -> str:
    """How Slack signs a body."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()


def written(kind: str, payload: Json) -> tuple[str, str]:
    """A payload as the body of a request, and its type."""
    if kind == EVENTS:
        return json.dumps(payload), JSON
    if kind == COMMANDS:
        return urlencode(payload), FORM
    return urlencode({"payload": json.dumps(payload)}), FORM


def answered(headers: dict[str, str], text: str) -> Json | None:
    """The body of an acknowledgement, as a socket would have carried it."""
    if not text.strip():
        return None
    if "json" in headers.get("Content-Type", ""):
        found = json.loads(text)
        return found if isinstance(found, dict) else None
    return {"text": text}
