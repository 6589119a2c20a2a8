"""Fifty debates at once, a fifth of the events twice, and a bot that is killed in the middle of them.

How fast acknowledgements come is no matter of tests: ``python -m tests.bench.bench_slack``. Here each has to come within
Slack's own window, which the double keeps.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.debate.entries import Spoke
from bot.store.store import Store
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Message, Person, Slack
from tests.slack.conftest import HTTP, SOCKET
from tests.slack.crowd import answers, ballot, begin, crowd, debate, heard, process, twice

MANY = 50
SLACKS_WINDOW = 3.0
"""Seconds after which Slack tells a person that the app did not respond, or sends an event again."""

TWICE = 0.2
"""The share of the events that come twice."""

ONCE = [1] * len(SPEECHES)


async def all_is_stored_once(folder: Path) -> None:
    async with await Store.open(folder) as store:
        for number in range(1, MANY + 1):
            entries = (await store.transcript(number)).entries
            assert [e.text for e in entries if isinstance(e, Spoke)] == list(SPEECHES)
        assert not await store.unfinished()


# One transport each, since each takes half a minute; the bench plays the first over both.


@pytest.mark.parametrize("transport", [HTTP], indirect=True)
async def test_fifty_debates_at_once(double: Slack, folder: Path, transport: str) -> None:
    assert double.ack_window == SLACKS_WINDOW
    double.duplicate = TWICE
    people = crowd(double, MANY)
    async with process(double, folder, transport):
        roots = await asyncio.gather(*(debate(double, person) for person in people))
        await double.settled(within=60)
    assert [answers(person, root) for person, root in zip(people, roots, strict=True)] == [ONCE] * MANY
    assert all(event.acknowledged for event in double.events)
    assert twice(double) > MANY
    assert not double.refused_for_pace
    await all_is_stored_once(folder)


@pytest.mark.parametrize("transport", [SOCKET], indirect=True)
async def test_killed_in_the_middle_nothing_is_lost_and_nothing_is_said_twice(
    double: Slack, folder: Path, transport: str
) -> None:
    people = crowd(double, MANY)
    double.duplicate = TWICE
    async with process(double, folder, transport) as bot:
        roots = [root for root, _ in await asyncio.gather(*(begin(person) for person in people))]
        debates = list(zip(people, roots, strict=True))
        for person, root in debates:
            assert person.place is not None
            await person.says(person.place, SPEECHES[0], thread=root)
        await double.until(lambda: sum(answers(*each)[0] for each in debates) >= MANY // 3, within=60)
        bot.kill()
        await bot.wait()
    answered = [bool(answers(*each)[0]) for each in debates]
    assert any(answered)
    for (person, root), gone_on in zip(debates, answered, strict=True):
        if gone_on:  # the next speech comes while the bot is away
            assert person.place is not None
            await person.says(person.place, SPEECHES[1], thread=root)
    async with process(double, folder, transport) as bot:
        rest = (
            the_rest(person, root, 2 if gone_on else 1)
            for (person, root), gone_on in zip(debates, answered, strict=True)
        )
        await asyncio.gather(*rest)
        await double.settled(within=60)
        bot.terminate()
        assert await bot.wait() == 143
    assert [answers(*each) for each in debates] == [ONCE] * MANY
    await all_is_stored_once(folder)


async def the_rest(person: Person, root: Message, said: int) -> None:
    """A debate to its end, from the answer to the last of the speeches that were said before."""
    shown = await heard(person, root, said - 1)
    for number in range(said, len(SPEECHES)):
        assert person.place is not None
        await person.says(person.place, SPEECHES[number], thread=root)
        shown = await heard(person, root, number)
    await ballot(person, root, shown)
