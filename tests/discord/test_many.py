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
from tests.discord.crowd import Clock, answers, ballot, begin, crowd, debate, heard, process
from tests.doubles.discord import Channel, Discord, Guild, Person

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
    people = crowd(double, guild, MANY)
    async with process(double, folder) as bot:
        opened = await asyncio.gather(*(begin(double, person, Clock()) for person in people))
        threads = [thread for thread, _ in opened]
        for person, thread in zip(people, threads, strict=True):
            await person.says(thread, SPEECHES[0])
        await double.until(lambda: sum(answers(thread)[0] for thread in threads) >= MANY // 3, within=60)
        bot.kill()
        await bot.wait()
    answered = [bool(answers(thread)[0]) for thread in threads]
    assert any(answered)
    assert not all(answered)
    for person, thread, gone_on in zip(people, threads, answered, strict=True):
        if gone_on:  # the next speech comes while the bot is away
            await person.says(thread, SPEECHES[1])
    async with process(double, folder) as bot:
        async with asyncio.TaskGroup() as debates:
            for person, thread, gone_on in zip(people, threads, answered, strict=True):
                debates.create_task(the_rest(person, thread, 2 if gone_on else 1))
        bot.terminate()
        assert await bot.wait() == 143
    assert [answers(thread) for thread in threads] == [ONCE] * MANY
    await all_is_stored_once(folder)


async def the_rest(person: Person, thread: Channel, said: int) -> None:
    """A debate to its end, from the answer to the last of the speeches that were said before."""
    shown = await heard(person, thread, said - 1)
    for number in range(said, len(SPEECHES)):
        await person.says(thread, SPEECHES[number])
        shown = await heard(person, thread, number)
    await ballot(person, thread, shown)
