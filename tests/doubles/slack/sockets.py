"""Socket Mode: tickets, hello, envelopes to any one of the sockets, acknowledgements, and how sockets end."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .delivery import Answer, Attempt, Delivery, envelope
from .reading import Json
from .signal import Signal

MOST = 10


@dataclass(eq=False)
class Socket:
    connection: web.WebSocketResponse
    http: web.Request
    sent: set[str] = field(default_factory=set)
    """The envelopes that went out here."""
    leaving: bool = False
    """Whether Slack said that it is about to be closed."""


@dataclass(eq=False)
class Sockets:
    """All sockets that the app has open."""

    signal: Signal
    app_id: str
    base: str = ""
    """ws://127.0.0.1:PORT"""
    live: list[Socket] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    opened: int = 0
    """How many there were so far."""
    received: list[Json] = field(default_factory=list)
    """All that the app sent."""
    silent: bool = False
    """Whether pings stay unanswered."""
    _waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    _turn: int = 0

    @property
    def open(self) -> bool:
        return any(not each.leaving for each in self.live)

    def ticket(self) -> str:
        """The address of one connection, good once."""
        self.tickets.add(made := secrets.token_urlsafe(24))
        return f"{self.base}/link/?ticket={made}&app_id={self.app_id}"

    async def serve(self, http: web.Request) -> web.StreamResponse:
        """One connection, from its hello to its end."""
        ticket = http.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=404, text="no such ticket")
        self.tickets.remove(ticket)
        connection = web.WebSocketResponse(autoping=False, timeout=0.5)
        await connection.prepare(http)
        if len(self.live) >= MOST:
            await connection.send_str(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            await connection.close()
            return connection
        socket = Socket(connection, http)
        await connection.send_str(json.dumps(self._hello()))
        self.live.append(socket)
        self.opened += 1
        self.signal()
        try:
            await self._listen(socket)
        finally:
            self._gone(socket)
        return connection

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.live) + 1,
            "debug_info": {
                "host": "applink-1",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self.app_id},
        }

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.connection:
            if message.type == WSMsgType.PING and not self.silent:
                await socket.connection.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._heard(json.loads(message.data))

    def _heard(self, said: Json) -> None:
        self.received.append(said)
        future = self._waiting.pop(said.get("envelope_id", ""), None)
        if future is not None and not future.done():
            future.set_result(Answer(True, said.get("payload")))

    async def send(self, delivery: Delivery, attempt: Attempt, within: float) -> Answer:
        """Sends it over the socket whose turn it is; the acknowledgement may come over any."""
        open_ = [each for each in self.live if not each.leaving]
        if not open_:
            return Answer(False, reason="timeout")
        self._turn += 1
        socket = open_[self._turn % len(open_)]
        text = json.dumps(envelope(delivery, attempt))
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[attempt.envelope] = future
        socket.sent.add(attempt.envelope)
        try:
            async with asyncio.timeout(within):
                await socket.connection.send_str(text)
                return await future
        except (TimeoutError, ConnectionError):
            return Answer(False, reason="timeout")
        finally:
            self._waiting.pop(attempt.envelope, None)
            socket.sent.discard(attempt.envelope)

    def _gone(self, socket: Socket) -> None:
        if socket in self.live:
            self.live.remove(socket)
        self.signal()

    # -- how they end ------------------------------------------------------------------------------------

    async def warn(self) -> None:
        """Tells all that they will be closed in a moment."""
        for each in list(self.live):
            await each.connection.send_str(json.dumps(disconnect("warning")))

    async def refresh(self) -> None:
        """Ends all as Slack does every few hours: warns, asks to connect anew, and closes."""
        ended = list(self.live)
        for each in ended:
            each.leaving = True
            await self._say(each, disconnect("warning"))
            await self._say(each, disconnect("refresh_requested"))
        for each in ended:
            await each.connection.close(code=1000)
        self.signal()

    async def disable(self) -> None:
        """Ends all because Socket Mode was turned off."""
        for each in list(self.live):
            each.leaving = True
            await self._say(each, disconnect("link_disabled"))
            await each.connection.close()

    async def _say(self, socket: Socket, words: Json) -> None:
        if not socket.connection.closed:
            await socket.connection.send_str(json.dumps(words))

    async def drop(self) -> None:
        """Cuts all without a word; what was on its way through them is lost."""
        for each in list(self.live):
            self._lose(each)
            if each.http.transport is not None:
                each.http.transport.abort()
            self._gone(each)

    def _lose(self, socket: Socket) -> None:
        for name in socket.sent:
            future = self._waiting.get(name)
            if future is not None and not future.done():
                future.set_result(Answer(False, reason="timeout"))

    async def close(self) -> None:
        """Closes all, as a server does that goes down."""
        for each in list(self.live):
            each.leaving = True
            await each.connection.close(code=1001)


def disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
