"""Many people who debate at once, and the bot as a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.chat.whole import TALKS
from tests.coach.talk import SPEECHES
from tests.discord.play import BALLOT, own
from tests.doubles.discord import Channel, Discord, Guild, Interaction, Message, Person

PATIENCE = 120.0
"""Seconds in which something has to appear: a bound for a bot that hangs, not for one that is slow."""


def crowd(double: Discord, guild: Guild, count: int) -> list[Person]:
    """People, each in a channel of his own."""
    people = [double.user(f"person {number}", guild) for number in range(count)]
    for number, person in enumerate(people):
        person.place = double.channel(guild, f"room {number}")
    return people


class Clock:
    """Takes the time of first answers to commands, presses and forms."""

    def __init__(self) -> None:
        self.times: list[float] = []

    async def __call__(self, doing: Awaitable[Interaction]) -> Interaction:
        began = time.perf_counter()
        found = await doing
        self.times.append(time.perf_counter() - began)
        return found


async def begin(double: Discord, person: Person, clock: Clock) -> tuple[Channel, Message]:
    """A debate begun; its thread, and the bot's first words there."""
    await clock(person.slash("debate start", motion=TALKS, side="for"))
    await double.until(lambda: _beside(person), within=PATIENCE)
    (thread,) = _beside(person)
    return thread, await person.hears(thread, "You argue", within=PATIENCE)


async def debate(double: Discord, person: Person, clock: Clock) -> Channel:
    """A whole debate by forms and messages in turn; its thread."""
    thread, shown = await begin(double, person, clock)
    for number, speech in enumerate(SPEECHES):
        if number % 2:
            await person.says(thread, speech)
        else:
            form = (await clock(person.press(shown, "Reply"))).modal
            assert form is not None
            await clock(person.submit(form, {"words": speech}))
        shown = await heard(person, thread, number)
    await ballot(person, thread, shown)
    return thread


async def heard(person: Person, thread: Channel, number: int) -> Message:
    """The answer to speech ``number``, from 0."""
    return await person.hears(thread, f"your speech {number + 1}**", within=PATIENCE)


async def ballot(person: Person, thread: Channel, shown: Message) -> None:
    """Waits for the ballot: it may stand in a message after ``shown``, where a long answer is split."""
    if BALLOT not in shown.text:
        await person.hears(thread, BALLOT, within=PATIENCE)


def answers(thread: Channel) -> list[int]:
    """How often each speech was answered."""
    said = [message.text for message in own(thread)]
    return [sum(f"your speech {number + 1}**" in text for text in said) for number in range(len(SPEECHES))]


def _beside(person: Person) -> list[Channel]:
    return [thread for thread in person.threads() if thread.parent is person.place]


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
