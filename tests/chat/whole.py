"""What the tests of every chat platform need: the door on a store in a folder, a slow reader, and what was recorded."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.terminal import lines
from adapters.terminal.pipe import Options, Pipe
from adapters.terminal.run import Signals
from adapters.terminal.start import Plan
from bot.coach import Coach
from bot.debate.entries import Entry
from bot.readings import Reader, Reading, Situation
from bot.store.store import Store
from content.deck import Deck
from tests.coach.readers import RuleReader
from tests.coach.talk import LIBRARY, SPEECHES, coach

TALKS = "putin-trump-talks"

SEED = 11
"""The chance that the coach of these tests draws."""


def opening(folder: Path, reader: Reader | None = None) -> Callable[[], AbstractAsyncContextManager[Coach]]:
    """The door of a coach on a store in ``folder``."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        async with await Store.open(folder, linger=0.02) as store:
            made = coach(store, reader, LIBRARY.led_by(TALKS))
            try:
                yield made
            finally:
                await made.close()

    return opened


@dataclass
class SlowReader(RuleReader):
    """Reads when it is let to."""

    go: threading.Event = field(default_factory=threading.Event)

    def read(self, deck: Deck, text: str, situation: Situation) -> Reading:
        self.go.wait(10)
        return super().read(deck, text, situation)


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
