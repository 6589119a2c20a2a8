"""A Slack of one's own, on one port of loopback: Web API, sockets, deliveries, and the people who use it."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from . import events, messages, responses
from .delivery import COMMANDS, EVENTS, INTERACTIVE, Ack, Delivery, Post
from .hook import Hook, written
from .interactions import Interaction
from .manifest import Manifest
from .messages import Content, Origin
from .methods import METHODS, method
from .people import Person
from .reading import Json
from .refusals import Refused
from .signal import Clock, Signal
from .sockets import Sockets
from .state import Bot, Channel, Ids, Message, State, User
from .webapi import Call, Request, WebApi
from .world import Pace, World

T = TypeVar("T")
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Slack:
    """See the package for how it is used."""

    def __init__(self, manifest: Json, ack_window: float = 3.0) -> None:
        self.clock = Clock(time.time)
        ids = Ids(self.clock.now)
        declared = Manifest(manifest)
        bot = Bot(ids.next("U"), declared.name, bot=True, bot_id=ids.next("B"), app_id=ids.next("A"))
        self.signing_secret = SECRET
        self.bot_token = f"xoxb-{ids.secret(12)}-{ids.secret(24)}"
        self.app_token = f"xapp-1-{bot.app_id}-{ids.secret(12)}"
        self.state = State(self.clock.now, ids, ids.next("T"), "club", bot, {bot.id: bot})
        self.signal = Signal()
        self.sockets = Sockets(self.signal, bot.app_id)
        self.post = Post(self.clock, self.signal, self.sockets, ack_window)
        self.world = World(self.state, declared, self.post, self.clock, self.signal)
        connect = method(self._connect, app_level=True)
        known = {**METHODS, "apps.connections.open": connect}
        self.web = WebApi(self.world, known, self.bot_token, self.app_token)
        self.hook: Hook | None = None
        self._hooks: list[Hook] = []
        self.port = 0
        self._runner: web.AppRunner | None = None

    # -- its life ----------------------------------------------------------------------------------------

    async def __aenter__(self) -> Slack:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/response/{kind}/{team}/{key}", self._respond)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files/{file}/{name}", self._download)
        app.router.add_route("*", "/api/{method:.*}", self.web.serve)
        self._runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.world.base = f"http://127.0.0.1:{self.port}"
        self.sockets.base = f"ws://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        await self.post.close()
        await self.sockets.close()
        for each in self._hooks:
            await each.close()
        await self._runner.cleanup()
        problems = [str(each) for each in self.problems]
        if problems and error is not None:
            error.add_note("\n".join(["the double of Slack also saw:", *problems]))
        elif problems:
            raise AssertionError("\n".join(problems)) from self.problems[0]

    def _connect(self, _call: Call) -> Json:
        return {"url": self.sockets.ticket()}

    # -- what is asked beside the Web API ----------------------------------------------------------------

    async def _respond(self, http: web.Request) -> web.StreamResponse:
        """What is sent to a response_url."""
        body = json.loads(await http.text())
        request = self.web.note("response_url", body, "")
        fault = self.web.fault("response_url")
        if fault and not fault.after:
            return self.web.broken(http, request, fault)
        try:
            responses.respond(self.world, http.match_info["key"], body)
            request.answer = {"ok": True}
        except Refused as refused:
            request.answer = refused.body
            request.status = 404 if refused.error.endswith("_url") else 400
        self.signal()
        if fault:
            return self.web.broken(http, request, fault)
        if request.error:
            return web.Response(status=request.status, text=request.error)
        return web.Response(text="ok", content_type="text/html")

    async def _upload(self, http: web.Request) -> web.StreamResponse:
        """The bytes of a file, sent to where files.getUploadURLExternal said."""
        data = await http.read()
        found = self.state.files.get(http.match_info["file"])
        request = self.web.note("upload", {"file": http.match_info["file"], "size": len(data)}, "")
        fault = self.web.fault("upload")
        if fault:
            return self.web.broken(http, request, fault)
        if found is None or len(data) != int(http.query.get("length", "0")):
            request.status = 400
            return web.Response(status=400, text="not what was announced")
        found.data = data
        return web.Response(text=f"OK - {len(data)}")

    async def _download(self, http: web.Request) -> web.StreamResponse:
        found = self.state.files.get(http.match_info["file"])
        allowed = http.headers.get("Authorization") == f"Bearer {self.bot_token}"
        if found is None or not allowed:
            return web.Response(status=404)
        return web.Response(body=found.data, content_type="application/octet-stream")

    # -- addresses and settings --------------------------------------------------------------------------

    @property
    def api(self) -> str:
        """The base of the Web API."""
        return f"{self.world.base}/api/"

    @property
    def team(self) -> str:
        return self.state.team

    @property
    def bot(self) -> Bot:
        return self.state.bot

    @property
    def requests(self) -> list[Request]:
        """Every request so far."""
        return self.web.requests

    @property
    def refused_for_pace(self) -> list[Request]:
        """The messages that were too many for their channel at once."""
        return self.web.refused_for_pace

    @property
    def fail(self) -> list[tuple[Any, ...]]:
        """What goes wrong next: (pattern of the method, status or error, seconds to retry after, after its effect)."""
        return self.web.fail

    @property
    def problems(self) -> list[AssertionError]:
        """What the app did that Slack does not have, or nobody wants; raised when the double is left."""
        return self.world.problems

    @property
    def interactions(self) -> list[Interaction]:
        return self.world.interactions

    @property
    def events(self) -> list[Delivery]:
        """All that was delivered or is on its way, commands and interactions as well."""
        return self.post.log

    @property
    def acks(self) -> list[Ack]:
        """What was acknowledged, and after how many seconds."""
        return self.post.acks

    @property
    def ack_window(self) -> float:
        return self.post.ack_window

    @ack_window.setter
    def ack_window(self, seconds: float) -> None:
        self.post.ack_window = seconds

    @property
    def retry_delays(self) -> list[float]:
        """Seconds of Slack's clock before each of the three attempts after the first."""
        return self.post.delays

    @retry_delays.setter
    def retry_delays(self, seconds: Iterable[float]) -> None:
        self.post.delays = list(seconds)

    @property
    def duplicate(self) -> float:
        """The share of events that come twice."""
        return self.post.duplicate

    @duplicate.setter
    def duplicate(self, share: float) -> None:
        self.post.duplicate = share

    def seed(self, number: int) -> None:
        """Decides which events come twice."""
        self.post.random = random.Random(number)

    @property
    def pace(self) -> Pace | None:
        return self.world.pace

    @pace.setter
    def pace(self, pace: Pace | None) -> None:
        self.world.pace = pace

    def now(self) -> float:
        """Slack's clock, in seconds since 1970."""
        return self.clock.now()

    def pass_time(self, seconds: float) -> None:
        """Lets that much time go by on Slack's clock alone."""
        self.clock.pass_time(seconds)
        self.signal()

    # -- waiting and looking -----------------------------------------------------------------------------

    async def until(self, found: Callable[[], T], within: float = 5.0) -> T:
        """Waits until something is so; looks again at every request, event and connection."""
        return await self.signal.until(found, within)

    async def connected(self, within: float = 5.0, sockets: int = 1) -> None:
        """Waits until so many sockets are open, or the app's URL answers Slack's challenge."""
        if self.hook is None:
            await self.until(lambda: self.sockets.open and len(self.sockets.live) >= sockets, within)
            return
        async with asyncio.timeout(within):
            while not await self.hook.verify():  # noqa: ASYNC110 - nothing tells when a server begins to listen
                await asyncio.sleep(0.02)

    async def settled(self, within: float = 5.0) -> None:
        """Waits until nothing is on its way to the app any more."""
        await self.until(lambda: all(each.over for each in self.events), within)

    def asked(self, pattern: str) -> list[Request]:
        """The requests so far whose method has this in it."""
        return [each for each in self.requests if pattern in each.method]

    # -- delivery ----------------------------------------------------------------------------------------

    def deliver_by_http(self, url: str) -> None:
        """From now on payloads go to this URL."""
        self.hook = Hook(url, self.signing_secret, "verification-token")
        self._hooks.append(self.hook)
        self.post.transport = self.hook

    async def verify_url(self) -> bool:
        """Whether the app's URL answers Slack's challenge."""
        assert self.hook is not None, "nothing is delivered by HTTP"
        return await self.hook.verify()

    async def deliver_raw(
        self,
        payload: Json,
        secret: str | None = None,
        timestamp: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> int:
        """One request with any payload, signed with any secret at any time; the status that comes back."""
        assert self.hook is not None, "nothing is delivered by HTTP"
        kind = INTERACTIVE if "type" in payload else COMMANDS
        if payload.get("type") in ("event_callback", "url_verification"):
            kind = EVENTS
        body, type_ = written(kind, payload)
        status, _, _ = await self.hook.request(body, type_, headers, secret, timestamp)
        return status

    async def again(self, within: float = 5.0) -> Delivery:
        """Delivers the latest event once more, under the same event_id."""
        latest = next((each for each in reversed(self.events) if each.kind == EVENTS), None)
        assert latest is not None, "nothing has happened yet"
        copy = self.post.again(latest)
        await self.until(lambda: copy.over, within)
        return copy

    # -- places and people -------------------------------------------------------------------------------

    def channel(self, name: str, member: bool = True, private: bool = False) -> Channel:
        """A channel; `member`: whether the app is in it."""
        kind = "group" if private else "channel"
        made = Channel(self.state.ids.next("C"), name, kind)
        if member:
            made.members[self.bot.id] = self.bot
        self.state.channels[made.id] = made
        return made

    def user(
        self, name: str, admin: bool = False, channels: Iterable[Channel] = (), owner: bool = False
    ) -> Person:
        """Somebody who is in these channels already, and looks at the first."""
        user = User(self.state.ids.next("U"), name, admin, owner)
        self.state.users[user.id] = user
        places = list(channels)
        for each in places:
            each.members[user.id] = user
        return Person(self.world, user, places[0] if places else self.state.im(user))

    def group_dm(self, *people: Person) -> Channel:
        """A conversation of several people and the app."""
        there: dict[str, User] = {each.id: each.user for each in people} | {self.bot.id: self.bot}
        made = Channel(self.state.ids.next("G"), f"mpdm-{len(self.state.channels)}", "mpim", there)
        self.state.channels[made.id] = made
        return made

    def invite(self, channel: Channel) -> Message:
        """Takes the app into a channel; the message that says so there."""
        channel.members[self.bot.id] = self.bot
        events.member(self.world, "member_joined_channel", channel, self.bot)
        said = Content(f"{self.bot.mention} has joined the channel")
        return messages.post(self.world, channel, self.bot, said, Origin(subtype="channel_join"))

    def kick(self, channel: Channel) -> None:
        """Takes the app out of a channel."""
        del channel.members[self.bot.id]
        events.of_channel(self.world, "left", channel)

    def archive(self, channel: Channel) -> None:
        channel.archived = True
        events.of_channel(self.world, "archive", channel)

    def revoke_token(self) -> None:
        """Makes the bot token worthless, as when somebody takes the app away."""
        events.revoked(self.world)
        self.state.installed = False
        self.signal()
