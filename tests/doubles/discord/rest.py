"""The HTTP API: who asks, what is wrong with it, which route it is, and the answer as Discord words it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web

from . import rules
from .messages import Upload, Uploads
from .refusals import Refused, bad, unauthorized
from .world import World

BASE = "/api/v10"
LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of one attachment where nobody pays for more."""


class Fault(NamedTuple):
    """What goes wrong with the next request whose `METHOD path` the pattern is found in."""

    pattern: str
    status: int
    """429, 500, 502 ...; 0 cuts the connection."""
    retry_after: float = 0.0
    after: bool = False
    """Whether the request has its effect first, so that only the answer is lost."""


class Limit(NamedTuple):
    """So many requests to one path that fits the pattern, in so many seconds."""

    pattern: str
    most: int
    seconds: float


@dataclass
class Request:
    """One line of the log."""

    method: str
    path: str
    """What follows the API's base."""
    query: dict[str, str]
    body: Any
    files: Uploads
    headers: dict[str, str]
    at: float
    status: int = 0
    answer: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Call:
    """A request on its way to its route, with the parts of its path."""

    world: World
    request: Request
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> Any:
        return self.request.body

    @property
    def files(self) -> Uploads:
        return self.request.files

    @property
    def query(self) -> dict[str, str]:
        return self.request.query


Handler = Callable[[Call], Any]


@dataclass
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    open: bool
    """Whether it needs no bot token, because the path holds another one."""


class Rest:
    def __init__(self, world: World, routes: list[Route]) -> None:
        self.world = world
        self.routes = routes
        self.requests: list[Request] = []
        self.fail: list[tuple[Any, ...]] = []
        self.limits: list[Limit] = []
        self.problems: list[AssertionError] = []
        self._used: dict[tuple[Limit, str], tuple[float, int]] = {}

    async def serve(self, http: web.Request) -> web.StreamResponse:
        """One request, from its bytes to an answer."""
        path = http.path.removeprefix(BASE)
        request = Request(http.method, path, dict(http.query), None, {}, dict(http.headers), self.world.now)
        self.requests.append(request)
        fault = self._fault(request)
        if fault and not fault.after:
            return self._broken(http, request, fault)
        headers, waits = self._bucket(request)
        if waits:
            return self._too_many(request, waits, headers)
        try:
            request.body, request.files = await read(http)
            if any(len(upload.data) > LARGEST_FILE for upload in request.files.values()):
                raise Refused(413, 40005, "Request entity too large")
            found = self._answered(http, request)
            request.status = 204 if found is None else 200
            request.answer = found
        except Refused as refused:
            request.status, request.answer = refused.status, refused.body
        except Exception as problem:  # noqa: BLE001 - raised again when the double is left
            self.problems.append(
                problem if isinstance(problem, AssertionError) else wrapped(request, problem)
            )
            # 501, because clients try others of the 500s again.
            request.status, request.answer = 501, {"message": "501: see the test's error", "code": 0}
        self.world.signal()
        if fault:
            return self._broken(http, request, fault)
        return answered(request.status, request.answer, headers)

    def _answered(self, http: web.Request, request: Request) -> Any:
        assert http.path.startswith(f"{BASE}/"), f"{http.method} {http.path} is not under {BASE}"
        for route in self.routes:
            match = route.pattern.fullmatch(request.path)
            if match and route.method == request.method:
                if not route.open:
                    self._authorize(http)
                return route.handler(Call(self.world, request, match.groupdict()))
        documented = rules.known_path(request.method, request.path)
        assert documented, f"Discord documents no {request}"
        raise AssertionError(f"the double does not know {request}")

    def _authorize(self, http: web.Request) -> None:
        if http.headers.get("Authorization") != f"Bot {self.world.state.application.token}":
            raise unauthorized()

    def _fault(self, request: Request) -> Fault | None:
        for each in self.fail:
            fault = Fault(*each)
            if re.search(fault.pattern, str(request)):
                self.fail.remove(each)
                return fault
        return None

    def _broken(self, http: web.Request, request: Request, fault: Fault) -> web.StreamResponse:
        """The answer that a fault gives instead."""
        if fault.status == 0:
            assert http.transport is not None
            http.transport.abort()
            return web.Response()
        if fault.status == 429:
            return self._too_many(request, fault.retry_after, {})
        request.status = fault.status
        return web.Response(
            status=fault.status, text=f"error code: {fault.status}", content_type="text/plain"
        )

    def _bucket(self, request: Request) -> tuple[dict[str, str], float]:
        """The rate limit headers of this request, and the seconds to wait when it is one too many."""
        for limit in self.limits:
            if re.search(limit.pattern, str(request)):
                began, used = self._used.get((limit, request.path), (0.0, 0))
                if self.world.now - began >= limit.seconds:
                    began, used = self.world.now, 0
                resets = began + limit.seconds - self.world.now
                full = used >= limit.most
                self._used[limit, request.path] = (began, used + (not full))
                headers = bucket(limit.pattern, limit.most, limit.most - used - (not full), resets)
                return headers, resets if full else 0.0
        return {}, 0.0

    def _too_many(self, request: Request, seconds: float, headers: dict[str, str]) -> web.Response:
        request.status = 429
        request.answer = {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
        extra = {"Via": "1.1 google", "Retry-After": str(int(seconds) + 1), "X-RateLimit-Scope": "user"}
        return answered(429, request.answer, {**extra, "X-RateLimit-Reset-After": str(seconds), **headers})


def bucket(name: str, count: int, left: int, resets: float) -> dict[str, str]:
    return {
        "X-RateLimit-Bucket": f"{hash(name) & 0xFFFFFFFF:08x}",
        "X-RateLimit-Limit": str(count),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset-After": f"{resets + 0.001:.3f}",
    }


def wrapped(request: Request, problem: Exception) -> AssertionError:
    found = AssertionError(f"the double failed at {request}: {problem!r}")
    found.__cause__ = problem
    return found


def answered(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    """JSON, and a Content-Type of exactly application/json."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    data = json.dumps(body).encode()
    return web.Response(status=status, body=data, content_type="application/json", headers=headers)


async def read(http: web.Request) -> tuple[Any, Uploads]:
    """The JSON of a request, and the files that came with it."""
    if http.content_type.startswith("multipart/"):
        return await read_multipart(http)
    text = await http.text()
    if not text:
        return None, {}
    if http.content_type != "application/json":
        raise Refused(400, 50035, f"Expected application/json, not {http.content_type}")
    return parsed(text), {}


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise bad(50109) from None


async def read_multipart(http: web.Request) -> tuple[Any, Uploads]:
    body: Any = {}
    files: Uploads = {}
    async for part in await http.multipart():
        assert isinstance(part, BodyPartReader), "a part of a form is a form itself"
        if part.name == "payload_json":
            body = parsed(await part.text())
        elif match := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[int(match[1])] = Upload(part.filename or "file", bytes(await part.read()), kind)
        else:
            raise AssertionError(f"{http.method} {http.path} has a part called {part.name!r}")
    return body, files
