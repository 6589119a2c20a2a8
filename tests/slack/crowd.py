"""Many people who debate at once, and the bot as a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.slack.transport import PATH
from tests.chat.whole import TALKS
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Channel, Message, Person, Slack
from tests.slack.conftest import HTTP, free_port
from tests.slack.play import BALLOT, opened

PATIENCE = 120.0
"""Seconds in which something has to appear: a bound for a bot that hangs, not for one that is slow."""


def crowd(double: Slack, count: int) -> list[Person]:
    """People, each in a channel of their own that the bot is in."""
    return [
        double.user(f"person{number}", channels=[double.channel(f"room{number}")]) for number in range(count)
    ]


async def begin(person: Person) -> tuple[Message, Message]:
    """A debate begun; the root of its thread, and the bot's first words there."""
    room = _room(person)
    await person.command("/debate", f"start {TALKS} for", at=room)
    root = await person.hears(room, "argues", within=PATIENCE)
    return root, await person.hears(room, "You argue", thread=root, within=PATIENCE)


async def debate(double: Slack, person: Person) -> Message:
    """A whole debate by forms and messages in turn; the root of its thread."""
    room = _room(person)
    root, shown = await begin(person)
    for number, speech in enumerate(SPEECHES):
        if number % 2:
            await person.says(room, speech, thread=root)
        else:
            form = await opened(double, person.clicks(shown, "Reply"))
            await person.submits(form, {"words": speech})
        shown = await heard(person, root, number)
    await ballot(person, root, shown)
    return root


async def heard(person: Person, root: Message, number: int) -> Message:
    """The answer to speech ``number``, from 0."""
    return await person.hears(_room(person), _sign(number), thread=root, within=PATIENCE)


async def ballot(person: Person, root: Message, shown: Message) -> None:
    """Waits for the ballot: it may stand in a message after ``shown``, where a long answer is split."""
    if BALLOT not in shown.words:
        await person.hears(_room(person), BALLOT, thread=root, within=PATIENCE)


def answers(person: Person, root: Message) -> list[int]:
    """How often each speech was answered."""
    said = [message.words for message in person.sees(_room(person), root) if message.by_bot]
    return [sum(_sign(number) in text for text in said) for number in range(len(SPEECHES))]


def twice(double: Slack) -> int:
    """How many events were delivered more than once."""
    ids = Counter(event.payload["event_id"] for event in double.events if event.event)
    return sum(count > 1 for count in ids.values())


def _sign(number: int) -> str:
    return f"What I heard in your speech {number + 1}\n"


def _room(person: Person) -> Channel:
    assert person.place is not None
    return person.place


@asynccontextmanager
async def process(double: Slack, folder: Path, transport: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """``gadfly slack``, as a person starts it."""
    surroundings = {
        **os.environ,
        "GADFLY_HOME": str(folder),
        "GADFLY_DECKS": "",
        "SLACK_BOT_TOKEN": double.bot_token,
        "SLACK_APP_TOKEN": double.app_token,
        "SLACK_SIGNING_SECRET": double.signing_secret,
        "GADFLY_SLACK_API": double.api,
    }
    command = [sys.executable, "-m", "adapters", "slack"]
    if transport == HTTP:
        port = free_port()
        double.deliver_by_http(f"http://127.0.0.1:{port}{PATH}")
        command += ["--http", f"127.0.0.1:{port}"]
    with folder.with_suffix(".log").open("ab") as log:
        made = await asyncio.create_subprocess_exec(*command, env=surroundings, stdout=log, stderr=log)
    try:
        await double.connected(within=60)
        yield made
    finally:
        if made.returncode is None:
            made.terminate()
        await made.wait()
