"""The bot in a workspace of the double, on a store in a folder of its own; every scenario over both transports."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.slack import run
from adapters.slack.manifest import manifest
from adapters.slack.run import Access, Options
from adapters.slack.transport import PATH
from bot.readings import Reader
from tests.chat.whole import opening
from tests.doubles.slack import Channel, Person, Slack

PING = 3.0
"""Seconds; a socket whose ping is not answered in half of them is given up: less is too little on a busy machine."""

QUICK = Options(pace=0.0, ping=PING)

SOCKET, HTTP = "socket", "http"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Service:
    """The bot as a service: started, stopped and started again in the same folder."""

    double: Slack
    folder: Path
    transport: str = SOCKET
    reader: Reader | None = None
    options: Options = QUICK
    codes: list[int] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    _task: asyncio.Task[int] | None = None

    @property
    def access(self) -> Access:
        http = f"127.0.0.1:{self.port}" if self.transport == HTTP else ""
        double = self.double
        return Access(double.bot_token, double.app_token, double.signing_secret, double.api, http)

    async def start(self) -> None:
        if self.transport == HTTP:
            self.double.deliver_by_http(f"http://127.0.0.1:{self.port}{PATH}")
        work = run.run(self.access, opening(self.folder, self.reader), self.options)
        self._task = asyncio.create_task(work)
        connected = asyncio.create_task(self.double.connected(within=10))
        await asyncio.wait([self._task, connected], return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            connected.cancel()
            self.codes.append(self._task.result())
        else:
            await connected

    async def ended(self) -> int:
        """Waits for the bot to end by itself; raises what ended it."""
        assert self._task is not None
        task, self._task = self._task, None
        return await asyncio.wait_for(task, 10)

    async def stop(self) -> None:
        """As ``kill`` does it."""
        if self._task is not None and not self._task.done():
            signal.raise_signal(signal.SIGTERM)
        if self._task is not None:
            self.codes.append(await self._task)
            self._task = None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(params=[SOCKET, HTTP])
def transport(request: pytest.FixtureRequest) -> str:
    """The way events come; each scenario is played both ways."""
    return str(request.param)


@pytest.fixture
async def double(transport: str) -> AsyncIterator[Slack]:
    app = manifest("https://gadfly.example/slack/events" if transport == HTTP else "")
    async with Slack(app, ack_window=3.0) as slack:
        yield slack


@pytest.fixture
def room(double: Slack) -> Channel:
    """A channel that the bot is in."""
    return double.channel("debates", member=True)


@pytest.fixture
def lobby(double: Slack) -> Channel:
    """A channel that the bot is not in."""
    return double.channel("lobby", member=False)


@pytest.fixture
def ann(double: Slack, room: Channel, lobby: Channel) -> Person:
    return double.user("ann", admin=False, channels=[room, lobby])


@pytest.fixture
def bob(double: Slack, room: Channel, lobby: Channel) -> Person:
    return double.user("bob", admin=False, channels=[room, lobby])


@pytest.fixture
async def service(double: Slack, room: Channel, folder: Path, transport: str) -> AsyncIterator[Service]:
    made = Service(double, folder, transport)
    await made.start()
    yield made
    await made.stop()
