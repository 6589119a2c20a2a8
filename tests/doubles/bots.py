"""A bot on the real discord.py, and how it is pointed at the double."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import discord
import discord.gateway
import discord.http
import yarl
from discord.ext import commands

from tests.doubles.discord import Discord
from tests.doubles.discord.world import Signal

Setup = Callable[["Bot"], Awaitable[None]]


class Quick:
    """What makes discord.py faster without changing what it sends: no pause before each IDENTIFY."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        return


class Bot(Quick, commands.Bot):
    """A bot that writes down what it hears."""

    def __init__(self, setup: Setup | None = None, **options: Any) -> None:
        intents = options.pop("intents", None) or with_content()
        super().__init__(command_prefix="!", intents=intents, guild_ready_timeout=0.05, **options)
        self.setup = setup
        self.heard: list[discord.Message] = []
        self.woken: list[str] = []
        """ready, resumed: as often as they came."""
        self.news = Signal()

    async def setup_hook(self) -> None:
        if self.setup:
            await self.setup(self)

    async def on_ready(self) -> None:
        self.woken.append("ready")
        self.news()

    async def on_resumed(self) -> None:
        self.woken.append("resumed")
        self.news()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message)
            self.news()

    async def hears(self, count: int) -> list[str]:
        """What was said, once that many messages came."""
        await self.news.until(lambda: len(self.heard) >= count, 5.0)
        return [message.content for message in self.heard]

    async def wakes(self, *events: str) -> None:
        """Waits until these came, in this order."""
        await self.news.until(lambda: tuple(self.woken) == events, 5.0)

    async def on_command_error(self, *_: Any) -> None:
        return


class ShardedBot(Quick, commands.AutoShardedBot):
    """The same over several shards."""

    def __init__(self, **options: Any) -> None:
        super().__init__(command_prefix="!", intents=with_content(), guild_ready_timeout=0.05, **options)


def with_content() -> discord.Intents:
    intents = discord.Intents.default()
    intents.message_content = True
    return intents


def without_content() -> discord.Intents:
    return discord.Intents.default()


@contextlib.contextmanager
def redirected(double: Discord) -> Iterator[None]:
    """Points discord.py, process-wide, at the double."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = double.api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(double.gateway)
    try:
        yield
    finally:
        discord.http.Route.BASE = base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


@contextlib.asynccontextmanager
async def running(
    double: Discord, bot: Bot | ShardedBot | None = None, token: str | None = None
) -> AsyncIterator[Any]:
    """A bot that is logged in and ready."""
    bot = bot or Bot()
    with redirected(double):
        tasks = []
        try:
            await bot.login(token or double.token)
            tasks = [asyncio.create_task(bot.connect()), asyncio.create_task(bot.wait_until_ready())]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=10)
            if tasks[0].done():
                tasks[0].result()
            assert tasks[1].done(), "the bot did not become ready"
            yield bot
        finally:
            await bot.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
