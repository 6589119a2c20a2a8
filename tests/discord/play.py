"""What people do in a debate in Discord, and what is recorded of it."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

from adapters.terminal import lines
from adapters.terminal.pipe import Options, Pipe
from adapters.terminal.run import Signals
from adapters.terminal.start import Plan
from bot.debate.entries import Entry
from bot.store.store import Store
from tests.coach.talk import SPEECHES
from tests.discord.conftest import TALKS, opening
from tests.doubles.discord import Channel, Discord, Interaction, Message, Person

SEED = 11
"""The chance that the coach of these tests draws."""

BALLOT = "### Ballot"


async def start(double: Discord, person: Person, at: Channel | None = None, **options: object) -> Channel:
    """A debate begun by slash command; its thread, once the bot has opened there."""
    before = len(person.threads())
    chosen = {"motion": TALKS, "side": "for", "level": "novice"} | options
    await person.slash("debate start", at, **chosen)
    await double.until(lambda: len(person.threads()) > before)
    thread = person.threads()[-1]
    await person.hears(thread, "You argue")
    return thread


async def exchange(person: Person, thread: Channel, speech: str) -> Message:
    """A speech in a message, and the bot's answer."""
    await person.says(thread, speech)
    return await person.hears(thread, "What I heard")


async def play(person: Person, thread: Channel, speeches: tuple[str, ...] = SPEECHES) -> Message:
    """Speeches in messages; the bot's answer to the last."""
    for speech in speeches:
        said = await exchange(person, thread, speech)
    return said


async def answered(double: Discord, interaction: Interaction, text: str = "") -> Message:
    """The answer to an interaction, once it stands there."""

    def found() -> Message | None:
        there = [m for m in interaction.messages if not m.loading and not m.deleted and text in m.text]
        return there[-1] if there else None

    message = await double.until(found)
    assert message is not None
    return message


def own(channel: Channel) -> list[Message]:
    """What the bot said in a channel, for all."""
    return [m for m in channel.messages.values() if m.author.bot and not m.ephemeral and not m.deleted]


def pressable(channel: Channel) -> list[str]:
    """The labels of all buttons in a channel that are not closed."""
    return [label for message in own(channel) for label in message.buttons]


async def recorded(folder: Path, debate: int = 1) -> list[Any]:
    """The transcript, without what a platform gives its own: keys and moments; and the result."""
    async with await Store.open(folder) as store:
        transcript = await store.transcript(debate)
        results = await store.results(transcript.person, 1)
    said = [_plain(entry) for entry in transcript.entries]
    return [*said, *((r.score, r.contested, r.complete) for r in results)]


def _script(folder: Path, script: tuple[str, ...]) -> Path:
    folder.mkdir(parents=True)
    source = folder / "script"
    source.write_text("\n".join(script), "utf-8")
    return source


def _plain(entry: Entry) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(entry.model_dump_json())
    return {name: kept for name, kept in value.items() if name not in ("key", "at")}


async def in_the_terminal(folder: Path, script: tuple[str, ...] = SPEECHES) -> list[Any]:
    """The same debate through a pipe."""
    source = _script(folder, script)
    plan = Plan(TALKS, "for", "novice", seed=SEED)
    pipe = Pipe(Options(plan, json=True), lines.Json(io.StringIO()))
    task = asyncio.current_task()
    assert task is not None
    with source.open("rb") as file:
        await pipe.run(opening(folder / "home"), file.fileno(), Signals(task))
    return await recorded(folder / "home")
