"""Fifty debates at once, and a bot that is killed in the middle of them.

How fast the first answers come is no matter of tests: ``python -m tests.bench.bench_discord``. Here each has to come
within Discord's own window, which the double keeps.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.debate.entries import Spoke
from bot.store.store import Store
from tests.coach.talk import SPEECHES
from tests.discord.crowd import Clock, answers, crowd, debate, process
from tests.discord.play import own, start
from tests.doubles.discord import Discord, Guild

MANY = 50
DISCORDS_WINDOW = 3.0
"""Seconds after which Discord tells a person that the application did not respond."""

ONCE = [1] * len(SPEECHES)


async def all_is_stored_once(folder: Path) -> None:
    async with await Store.open(folder) as store:
        for number in range(1, MANY + 1):
            entries = (await store.transcript(number)).entries
            assert [e.text for e in entries if isinstance(e, Spoke)] == list(SPEECHES)
        assert not await store.unfinished()


async def test_fifty_debates_at_once(double: Discord, guild: Guild, folder: Path) -> None:
    assert double.ack_window == DISCORDS_WINDOW
    people, clock = crowd(double, guild, MANY), Clock()
    async with process(double, folder), asyncio.TaskGroup() as debates:
        played = [debates.create_task(debate(double, person, clock)) for person in people]
    assert [answers(task.result()) for task in played] == [ONCE] * MANY
    assert len(clock.times) == MANY * (
        1 + len(SPEECHES)
    )  # a start, and a press and a form for every other speech
    await all_is_stored_once(folder)


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
