"""A double, a guild in it, somebody there, and a bot of the usual parts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.doubles.bots import Bot, running
from tests.doubles.cogs import Debates, cog, debating
from tests.doubles.discord import Discord, Guild, Person
from tests.doubles.published import deviations


@pytest.fixture
async def double() -> AsyncIterator[Discord]:
    """A double, whose answers are as Discord describes them."""
    async with Discord(ack_window=5.0) as discord:
        yield discord
        assert list(deviations(discord.requests)) == []


@pytest.fixture
def guild(double: Discord) -> Guild:
    return double.guild("club")


@pytest.fixture
def ann(double: Discord, guild: Guild) -> Person:
    return double.user("ann", guild)


@pytest.fixture
async def bot(double: Discord, guild: Guild) -> AsyncIterator[Bot]:
    async with running(double, Bot(debating)) as bot:
        yield bot


@pytest.fixture
def debates(bot: Bot) -> Debates:
    return cog(bot)
