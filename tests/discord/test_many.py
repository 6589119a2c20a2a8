"""Fifty debates at once, and a bot that is killed in the middle of them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.debate.entries import Spoke
from bot.store.store import Store
from tests.coach.talk import SPEECHES
from tests.discord.play import BALLOT, own, start
from tests.doubles.discord import Channel, Discord, Guild, Interaction, Person

MANY = 50
FIRST_ANSWER = 1.0
"""Seconds in which 99 of 100 commands, presses and forms must get their first answer."""


class Clock:
    """Takes the time of first answers."""

    def __init__(self) -> None:
        self.times: list[float] = []

    async def __call__(self, doing: Awaitable[Interaction]) -> Interaction:
        began = time.perf_counter()
        found = await doing
        self.times.append(time.perf_counter() - began)
        return found

    @property
    def p99(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.99) - 1]


async def debate(double: Discord, person: Person, clock: Clock) -> None:
    """A whole debate by forms and messages in turn."""
    await clock(person.slash("debate start", motion="putin-trump-talks"))
    await double.until(lambda: _beside(person), within=60)
    (thread,) = _beside(person)
    shown = await person.hears(thread, "You argue", within=60)
    for number, speech in enumerate(SPEECHES):
        if number % 2:
            await person.says(thread, speech)
        else:
            form = (await clock(person.press(shown, "Reply"))).modal
            assert form is not None
            await clock(person.submit(form, {"words": speech}))
        shown = await person.hears(thread, f"your speech {number + 1}**", within=60)
    if BALLOT not in shown.text:  # a long answer is split
        await person.hears(thread, BALLOT, within=60)
    said = [message for message in own(thread) if "What I heard" in message.text]
    assert len(said) == len(SPEECHES)


def _beside(person: Person) -> list[Channel]:
    return [thread for thread in person.threads() if thread.parent is person.place]


async def test_fifty_debates_at_once(double: Discord, guild: Guild, folder: Path) -> None:
    people = [double.user(f"person {number}", guild, "en-US") for number in range(MANY)]
    for number, person in enumerate(people):
        person.place = double.channel(guild, f"room {number}")
    clock = Clock()
    async with process(double, folder), asyncio.TaskGroup() as debates:
        for person in people:
            debates.create_task(debate(double, person, clock))
    assert clock.p99 < FIRST_ANSWER
    async with await Store.open(folder) as store:
        for number in range(1, MANY + 1):
            entries = (await store.transcript(number)).entries
            assert [e.text for e in entries if isinstance(e, Spoke)] == list(SPEECHES)
        assert not await store.unfinished()


# --- a process of its own ---


@asynccontextmanager
async def process(double: Discord, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """``gadfly discord``, as a person starts it."""
    surroundings = {
        **os.environ,
        "GADFLY_HOME": str(folder),
        "GADFLY_DECKS": "",
        "DISCORD_TOKEN": double.token,
        "GADFLY_DISCORD_API": double.api,
        "GADFLY_DISCORD_GATEWAY": double.gateway,
    }
    with folder.with_suffix(".log").open("ab") as log:
        command = (sys.executable, "-m", "adapters", "discord")
        made = await asyncio.create_subprocess_exec(*command, env=surroundings, stdout=log, stderr=log)
    try:
        await double.connected(within=60)
        yield made
    finally:
        if made.returncode is None:
            made.terminate()
        await made.wait()


async def test_killed_in_the_middle_nothing_is_lost_and_nothing_is_said_twice(
    double: Discord, guild: Guild, folder: Path
) -> None:
    people = [double.user(f"person {number}", guild) for number in range(4)]
    async with process(double, folder) as bot:
        threads = [await start(double, person) for person in people]
        before = len(double.asked("/typing"))
        for person, thread in zip(people, threads, strict=True):
            await person.says(thread, SPEECHES[0])
        await double.until(lambda: len(double.asked("/typing")) > before)
        bot.kill()
        await bot.wait()
    await people[0].says(threads[0], "And while you were away: a ceasefire would not last either.")
    async with process(double, folder) as bot:
        for person, thread in zip(people, threads, strict=True):
            await person.hears(thread, "your speech 1", within=30)
            await person.says(thread, SPEECHES[1])
            await person.hears(thread, SPEECHES[1][:20], within=30)
        bot.terminate()
        assert await bot.wait() == 143
    for thread in threads:
        first = [m for m in own(thread) if "What I heard in your speech 1" in m.text]
        assert len(first) == 1
    async with await Store.open(folder) as store:
        for number, person in enumerate(people, 1):
            entries = (await store.transcript(number)).entries
            said = [e.text for e in entries if isinstance(e, Spoke)]
            assert len(said) == (3 if person is people[0] else 2)
