"""The gateway: sessions that events go to, and the websockets that come and go beneath them.

A session keeps all that it was sent, so that RESUME can give again what came after a sequence number. It knows
nothing of REST; what happens there is told it by `dispatch`.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from . import payloads
from .permissions import sees
from .state import Guild, Json, Message, State

LONGEST_FRAME = 4096
"""Bytes that a client may send at once."""
FRAMES_A_MINUTE = 120
"""Payloads that a client may send in a minute."""

INTENTS = {
    **dict.fromkeys(["GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"], 1 << 0),
    **dict.fromkeys(["CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"], 1 << 0),
    **dict.fromkeys(["THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_LIST_SYNC"], 1 << 0),
    **dict.fromkeys(["THREAD_MEMBERS_UPDATE", "THREAD_MEMBER_UPDATE"], 1 << 0),
    **dict.fromkeys(["GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"], 1 << 0),
    **dict.fromkeys(["GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"], 1 << 1),
    **dict.fromkeys(["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"], 1 << 9),
    **dict.fromkeys(["MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"], 1 << 10),
    "TYPING_START": 1 << 11,
}
"""What a session has to have declared to be told of an event in a guild."""

IN_A_DM = {1 << 9: 1 << 12, 1 << 10: 1 << 13, 1 << 11: 1 << 14}
"""The same for events in a DM, by what a guild asks for."""

PRIVILEGED = {"members": 1 << 1, "presences": 1 << 8, "message_content": 1 << 15}
MESSAGE_CONTENT = PRIVILEGED["message_content"]
KNOWN_INTENTS = (1 << 26) - 1


FOR_GOOD = frozenset({4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})
"""Codes after which a session cannot be resumed."""


class Compressor(Protocol):
    def __call__(self, data: bytes) -> bytes: ...


def plain(data: bytes) -> bytes:
    return data


def zlib_stream() -> Compressor:
    """One zlib stream over the whole connection, flushed after each payload."""
    context = zlib.compressobj()
    return lambda data: context.compress(data) + context.flush(zlib.Z_SYNC_FLUSH)


def zstd_stream() -> Compressor:
    """The same with zstandard, which newer clients ask for where their Python has it."""
    zstd: Any = importlib.import_module("compression.zstd")
    context = zstd.ZstdCompressor()
    return lambda data: bytes(context.compress(data, zstd.ZstdCompressor.FLUSH_BLOCK))


COMPRESSORS: dict[str, Callable[[], Compressor]] = {"zlib-stream": zlib_stream, "zstd-stream": zstd_stream}


@dataclass(eq=False)
class Connection:
    """One websocket. What is sent is queued, and written in that order by `write`."""

    socket: web.WebSocketResponse
    compress: Compressor
    binary: bool
    queue: asyncio.Queue[Json | int] = field(default_factory=asyncio.Queue)
    arrived: list[float] = field(default_factory=list)
    """When the payloads of the last minute came."""
    closing: int = 0
    """The code with which the gateway itself closes; clients answer it with any code they like."""

    def send(self, payload: Json) -> None:
        self.queue.put_nowait(payload)

    def close(self, code: int) -> None:
        self.closing = code
        self.queue.put_nowait(code)

    async def write(self) -> None:
        while not isinstance(item := await self.queue.get(), int):
            data = json.dumps(item).encode()
            try:
                if self.binary:
                    await self.socket.send_bytes(self.compress(data))
                else:
                    await self.socket.send_str(data.decode())
            except ConnectionError:
                return
        await self.socket.close(code=item)

    def cut(self, transport: asyncio.Transport | None) -> None:
        """As if the cable were pulled: no closing frame."""
        if transport is not None:
            transport.abort()


@dataclass(eq=False)
class Session:
    """What began with an IDENTIFY and lives over several connections."""

    id: str
    shard: tuple[int, int]
    intents: int
    connection: Connection | None
    sent: list[Json] = field(default_factory=list)
    ended: bool = False
    resumed: int = 0

    def dispatch(self, event: str, data: Json) -> None:
        payload = {"op": 0, "s": len(self.sent) + 1, "t": event, "d": data}
        self.sent.append(payload)
        if self.connection is not None:
            self.connection.send(payload)

    def serves(self, guild: Guild | None) -> bool:
        number, count = self.shard
        return number == (0 if guild is None else (guild.id >> 22) % count)

    def wants(self, event: str, guild: Guild | None) -> bool:
        needed = INTENTS.get(event, 0)
        if guild is None:
            needed = IN_A_DM.get(needed, 0)
        return needed == 0 or bool(self.intents & needed)


class Gateway:
    """All sessions of the one application."""

    def __init__(self, state: State, changed: Callable[[], None]) -> None:
        self.state = state
        self.changed = changed
        self.url = ""
        self.sessions: list[Session] = []
        self.received: list[Json] = []
        """Every payload that a client sent."""
        self.transports: dict[Connection, asyncio.Transport | None] = {}
        self.heartbeat = 41.25
        """Seconds between the client's heartbeats."""
        self.acknowledges = True
        """Whether a heartbeat is answered."""
        self.identifies_left = 1000
        self.shards = 1
        """How many shards /gateway/bot asks for."""

    @property
    def live(self) -> list[Session]:
        """The sessions that a client is connected to."""
        return [session for session in self.sessions if session.connection is not None]

    # -- events ------------------------------------------------------------------------------------------

    def dispatch(self, event: str, data: Json, guild: Guild | None = None) -> None:
        """Tells every session that serves this guild (or DMs) and declared the intent."""
        for session in self.sessions:
            if not session.ended and session.serves(guild) and session.wants(event, guild):
                session.dispatch(event, data)
        self.changed()

    def dispatch_message(self, event: str, said: Message) -> None:
        """The same for a message, whose content only those see who may."""
        guild = said.channel.guild
        bot = self.state.application.bot
        if not sees(said.channel, bot):
            return
        for session in self.sessions:
            if session.ended or not session.serves(guild) or not session.wants(event, guild):
                continue
            data = payloads.dispatched(said)
            if not session.intents & MESSAGE_CONTENT and not payloads.may_read(said, bot):
                data = payloads.without_content(data)
            session.dispatch(event, data)
        self.changed()

    def again(self, event: str) -> None:
        """Delivers the latest event of this name a second time, under a new sequence number."""
        found = False
        for session in self.sessions:
            sent = [each for each in session.sent if each["t"] == event]
            if sent and not session.ended:
                session.dispatch(event, sent[-1]["d"])
                found = True
        assert found, f"no {event} was ever sent"

    # -- faults ------------------------------------------------------------------------------------------

    def reconnect(self) -> None:
        """Asks every client to come again (RECONNECT)."""
        for connection in list(self.transports):
            connection.send({"op": 7, "d": None})

    def invalidate(self, resumable: bool = False) -> None:
        """Ends every session (INVALID_SESSION), or says only that the client should resume it."""
        for session in self.live:
            session.ended = not resumable
            if session.connection:
                session.connection.send({"op": 9, "d": resumable})

    def forget(self) -> None:
        """Forgets all sessions, as after a long time away: the next RESUME gets INVALID_SESSION."""
        for session in self.sessions:
            session.ended = True

    def drop(self) -> None:
        """Cuts every connection without a word."""
        for connection, transport in list(self.transports.items()):
            connection.cut(transport)

    def close(self, code: int) -> None:
        """Closes every connection with this code."""
        for connection in list(self.transports):
            connection.close(code)

    def ask_heartbeat(self) -> None:
        """Asks every client for a heartbeat at once."""
        for connection in list(self.transports):
            connection.send({"op": 1, "d": None})

    # -- one connection ----------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """A client's websocket, from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        kind = request.query.get("compress", "")
        connection = Connection(socket, COMPRESSORS[kind]() if kind else plain, bool(kind))
        self.transports[connection] = request.transport
        writer = asyncio.create_task(connection.write())
        connection.send({"op": 10, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
        try:
            await self._read(connection)
        finally:
            del self.transports[connection]
            self._left(connection)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def _read(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            data = frame.data.encode() if isinstance(frame.data, str) else frame.data
            if code := self._received(connection, data):
                connection.close(code)

    def _left(self, connection: Connection) -> None:
        """A client that says goodbye (1000, 1001) ends its session; any other end leaves it to be resumed."""
        code = connection.closing or connection.socket.close_code
        for session in self.sessions:
            if session.connection is connection:
                session.connection = None
                session.ended |= code in (1000, 1001) or code in FOR_GOOD
        self.changed()

    def _received(self, connection: Connection, data: bytes) -> int:
        """What a client's payload does; the code to close with, or 0."""
        if len(data) > LONGEST_FRAME:
            return 4002
        minute = [at for at in connection.arrived if self.state.now() - at < 60]
        connection.arrived = [*minute, self.state.now()]
        if len(connection.arrived) > FRAMES_A_MINUTE:
            return 4008
        try:
            payload = json.loads(data)
            op, about = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            return 4002
        if op in (2, 6, 8) and not isinstance(about, dict):
            return 4002
        self.received.append(payload)
        self.changed()
        known = next((each for each in self.sessions if each.connection is connection), None)
        match op:
            case 1:
                if self.acknowledges:
                    connection.send({"op": 11})
                return 0
            case 2:
                return 4005 if known else self._identify(connection, about)
            case 6:
                return 4005 if known else self._resume(connection, about)
            case 3 | 4 if known:
                return 0
            case 8 if known:
                return self._members(known, about)
            case 3 | 4 | 8:
                return 4003
        return 4001

    def _identify(self, connection: Connection, about: Json) -> int:
        if about.get("token") != self.state.application.token:
            return 4004
        number, count = about.get("shard", [0, 1])
        if not 0 <= number < count:
            return 4010
        intents = about.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            return 4013
        allowed = self.state.application.privileged
        if any(intents & bit for name, bit in PRIVILEGED.items() if name not in allowed):
            return 4014
        self.identifies_left -= 1
        session = Session(secrets.token_hex(16), (number, count), intents, connection)
        self.sessions.append(session)
        self._ready(session)
        self.changed()
        return 0

    def _ready(self, session: Session) -> None:
        app = self.state.application
        present = [guild for guild in self.state.guilds.values() if app.bot.id in guild.members]
        served = [guild for guild in present if session.serves(guild)]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": payloads.myself(app.bot),
                "session_type": "normal",
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": list(session.shard),
                "guilds": [payloads.unavailable(guild) for guild in served],
                "private_channels": [],
                "relationships": [],
                "application": {"id": str(app.id), "flags": payloads.app_flags(app)},
            },
        )
        for guild in served if session.intents & 1 else []:
            whole = bool(session.intents & PRIVILEGED["members"])
            found = payloads.guild(guild, app.bot, whole)
            session.dispatch("GUILD_CREATE", {**found, "unavailable": False})

    def _resume(self, connection: Connection, about: Json) -> int:
        if about.get("token") != self.state.application.token:
            return 4004
        found = [each for each in self.sessions if each.id == about.get("session_id") and not each.ended]
        if not found:
            connection.send({"op": 9, "d": False})
            return 0
        session, seen = found[0], about.get("seq") or 0
        if seen > len(session.sent):
            return 4007
        session.connection = connection
        session.resumed += 1
        for payload in session.sent[seen:]:
            connection.send(payload)
        session.dispatch("RESUMED", {"_trace": []})
        self.changed()
        return 0

    def _members(self, session: Session, about: Json) -> int:
        guild = self.state.guilds.get(int(about["guild_id"]))
        everyone = about.get("query") == "" and not about.get("limit")
        if everyone and not session.intents & PRIVILEGED["members"]:
            return 4014
        if guild is not None and session.serves(guild):
            session.dispatch("GUILD_MEMBERS_CHUNK", payloads.members_chunk(self.state, guild, about))
        return 0
