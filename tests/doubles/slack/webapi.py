"""The Web API: who asks, what is wrong with it, which method it is, and the answer as Slack words it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web

from .reading import Json
from .refusals import Refused
from .state import Channel
from .world import Pace, World

BASE = "/api/"
STRUCTURED = ("blocks", "attachments", "metadata", "view", "files", "profile")
TRUTHS = (
    "unfurl_links", "unfurl_media", "reply_broadcast", "link_names", "mrkdwn", "inclusive", "as_user", "return_im",
    "include_all_metadata", "include_num_members", "include_locale", "exclude_archived",
)  # fmt: skip
PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


class Fault(NamedTuple):
    """What goes wrong with the next request whose method the pattern is found in."""

    pattern: str
    outcome: int | str
    """An HTTP status (429, 500, ...; 0 cuts the connection), or the code of an error of Slack's."""
    retry_after: float | None = None
    after: bool = False
    """Whether the request has its effect first, so that only the answer is lost."""


@dataclass
class Request:
    """One line of the log."""

    method: str
    """chat.postMessage ..., or response_url, or upload."""
    args: Json
    token: str
    at: float
    status: int = 200
    answer: Json = field(default_factory=dict)

    @property
    def error(self) -> str:
        """Slack's code, "" where all went well."""
        return str(self.answer.get("error") or "")

    def __repr__(self) -> str:
        return f"<{self.method} {self.args} -> {self.status} {self.error or 'ok'}>"


@dataclass
class Call:
    """A request on its way to its method."""

    world: World
    request: Request

    @property
    def args(self) -> Json:
        return self.request.args

    def needed(self, *names: str) -> list[Any]:
        """Arguments that have to be there."""
        missing = [each for each in names if self.args.get(each) in (None, "")]
        if missing:
            raise Refused(
                "invalid_arguments", [f"[ERROR] missing required field: {each}" for each in missing]
            )
        return [self.args[each] for each in names]

    def scope(self, *names: str) -> None:
        """Refuses what none of these scopes allow."""
        provided = self.world.manifest.scopes
        if not set(names) & set(provided):
            raise Refused("missing_scope", needed=",".join(names), provided=",".join(provided))

    def conversation(self, name: Any) -> Channel:
        """A conversation that the app may know of; somebody's id is his DM."""
        state = self.world.state
        found = state.channels.get(str(name))
        if found is None or (found.private and state.bot.id not in found.members):
            raise Refused("channel_not_found")
        return found


Handler = Callable[[Call], Json | None]


@dataclass(frozen=True)
class Method:
    handler: Handler
    args: frozenset[str]
    scopes: tuple[str, ...]
    """Scopes of which it needs any."""
    app_level: bool = False
    """Whether it takes the app's own token."""


@dataclass(eq=False)
class WebApi:
    world: World
    methods: dict[str, Method]
    bot_token: str
    app_token: str
    requests: list[Request] = field(default_factory=list)
    fail: list[tuple[Any, ...]] = field(default_factory=list)
    refused_for_pace: list[Request] = field(default_factory=list)
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    async def serve(self, http: web.Request) -> web.StreamResponse:
        """One request, from its bytes to an answer."""
        method = http.path.removeprefix(BASE)
        args = await read(http)
        token = http.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token") or "")
        args.pop("token", None)
        request = self.note(method, args, token)
        fault = self.fault(method)
        if fault and not fault.after:
            return self.broken(http, request, fault)
        waits = self._paced(request)
        if waits:
            self.refused_for_pace.append(request)
            return too_many(request, waits)
        self._answer(request)
        self.world.signal()
        if fault:
            return self.broken(http, request, fault)
        headers = {"x-oauth-scopes": ",".join(self._scopes(token)), "x-accepted-oauth-scopes": ""}
        return web.json_response(request.answer, headers=headers)

    def note(self, method: str, args: Json, token: str) -> Request:
        request = Request(method, args, token, self.world.now)
        self.requests.append(request)
        return request

    def _answer(self, request: Request) -> None:
        try:
            found = self._answered(request)
            request.answer = {"ok": True, **(found or {})}
        except Refused as refused:
            request.answer = refused.body
        except Exception as problem:  # noqa: BLE001 - raised again when the double is left
            failed = AssertionError(f"the double failed at {request.method}: {problem!r}")
            failed.__cause__ = problem
            self.world.problems.append(failed)
            request.answer = {"ok": False, "error": "internal_error"}

    def _answered(self, request: Request) -> Json | None:
        method = self.methods.get(request.method)
        if method is None:
            self.world.problem(f"the double knows no {request.method}")
            raise Refused("unknown_method", req_method=request.method)
        self._authorize(request.token, method)
        strange = set(request.args) - method.args
        if strange:
            self.world.problem(f"{request.method} has no {sorted(strange)}")
        call = Call(self.world, request)
        if method.scopes:
            call.scope(*method.scopes)
        return method.handler(call)

    def _authorize(self, token: str, method: Method) -> None:
        if not token:
            raise Refused("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise Refused("invalid_auth")
        if (token == self.app_token) != method.app_level:
            raise Refused("not_allowed_token_type")
        if token == self.bot_token and not self.world.state.installed:
            raise Refused("token_revoked")

    def _scopes(self, token: str) -> list[str]:
        if token == self.bot_token:
            return self.world.manifest.scopes
        return ["connections:write"] if token == self.app_token else []

    def _paced(self, request: Request) -> float:
        """The seconds to wait when this message is one too many for its channel."""
        pace = self.world.pace
        if request.method != "chat.postMessage" or pace is None:
            return 0.0
        channel = str(request.args.get("channel"))
        left, at = self._buckets.get(channel, (float(pace.burst), self.world.now))
        left = filled(pace, left, self.world.now - at)
        if left < 1:
            self._buckets[channel] = (left, self.world.now)
            return (1 - left) / pace.per_second
        self._buckets[channel] = (left - 1, self.world.now)
        return 0.0

    # -- what goes wrong on purpose ----------------------------------------------------------------------

    def fault(self, method: str) -> Fault | None:
        for each in self.fail:
            fault = Fault(*each)
            if re.search(fault.pattern, method):
                self.fail.remove(each)
                return fault
        return None

    def broken(self, http: web.Request, request: Request, fault: Fault) -> web.StreamResponse:
        """The answer that a fault gives instead."""
        self.world.signal()
        if isinstance(fault.outcome, str):
            request.answer = {"ok": False, "error": fault.outcome}
            return web.json_response(request.answer)
        request.status = fault.outcome
        if fault.outcome == 0:
            assert http.transport is not None
            http.transport.abort()
            return web.Response()
        if fault.outcome == 429:
            return too_many(request, 1.0 if fault.retry_after is None else fault.retry_after)
        return web.Response(status=fault.outcome, text=f"error {fault.outcome}", content_type="text/html")


def filled(pace: Pace, left: float, seconds: float) -> float:
    return min(float(pace.burst), left + seconds * pace.per_second)


def too_many(request: Request, seconds: float) -> web.Response:
    request.status = 429
    request.answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(request.answer, status=429, headers={"Retry-After": str(math.ceil(seconds))})


async def read(http: web.Request) -> Json:
    """The arguments of a request, wherever they stand, in their types."""
    found: Json = dict(http.query)
    if http.content_type == "application/json":
        text = await http.text()
        given = json.loads(text) if text else {}
        found |= given if isinstance(given, dict) else {}
    elif http.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        found |= dict(await http.post())
    return {key: typed(key, value) for key, value in found.items() if value is not None}


def typed(key: str, value: Any) -> Any:
    """An argument in its type, where a form can only carry its text."""
    if key in STRUCTURED and isinstance(value, str):
        try:
            return json.loads(value) if value else None
        except ValueError:
            return value
    if key in TRUTHS and isinstance(value, str):
        return value in ("1", "true", "True")
    return value
