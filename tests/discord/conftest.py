"""The bot in a server of the double, on a store in a folder of its own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.discord import run
from adapters.discord.client import Gadfly
from bot.readings import Reader
from tests.chat.whole import opening
from tests.doubles.discord import Discord, Guild, Permission, Person

RIGHTS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.ATTACH_FILES
)


class Quick(Gadfly):
    """The bot without the pause before each IDENTIFY; the pause is discord.py's."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await super().before_identify_hook(shard_id, initial=True)


@dataclass
class Service:
    """The bot as a service: started, stopped and started again in the same folder."""

    double: Discord
    folder: Path
    reader: Reader | None = None
    codes: list[int] = field(default_factory=list)
    _task: asyncio.Task[int] | None = None

    async def start(self) -> None:
        access = run.Access(self.double.token, self.double.api, self.double.gateway)
        work = run.run(access, opening(self.folder, self.reader), Quick, guild_ready_timeout=0.05)
        self._task = asyncio.create_task(work)
        connected = asyncio.create_task(self.double.connected())
        await asyncio.wait([self._task, connected], return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            connected.cancel()
            self.codes.append(self._task.result())

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


@pytest.fixture
async def double() -> AsyncIterator[Discord]:
    async with Discord(ack_window=3.0) as discord:
        yield discord


@pytest.fixture
def guild(double: Discord) -> Guild:
    return double.guild("club", permissions=RIGHTS)


@pytest.fixture
def ann(double: Discord, guild: Guild) -> Person:
    return double.user("ann", guild)


@pytest.fixture
def bob(double: Discord, guild: Guild) -> Person:
    return double.user("bob", guild)


@pytest.fixture
async def service(double: Discord, guild: Guild, folder: Path) -> AsyncIterator[Service]:
    made = Service(double, folder)
    await made.start()
    yield made
    await made.stop()
