"""People, messages and writes for the tests of the store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.debate.entries import Answered, Ended, Entry, Level, Opened, Spoke, Started, Why
from bot.messages import Person, Place, Request
from bot.store.values import NewDebate, Result, Setting, Write
from content.deck import Side

ANN = Person("discord", "guild", "ann")
BOB = Person("discord", "guild", "bob")
ROOM = Place("discord", "guild", "room", "thread")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def request(key: str, text: str = "words", person: Person = ANN, place: Place = ROOM) -> Request:
    return Request(key, person, place, text, "en", NOW)


def started(level: Level = Level.NOVICE) -> Started:
    return Started(
        deck="talks", deck_sha="sha", rubric_sha="rubric", side=Side.FOR, level=level, seed=7, at=NOW
    )


def new(person: Person = ANN, place: Place = ROOM, side: Side = Side.FOR) -> NewDebate:
    return NewDebate("talks", "sha", '{"cards":[]}', person, place, side, Level.NOVICE, NOW)


def start(key: str = "start", person: Person = ANN, place: Place = ROOM, side: Side = Side.FOR) -> Write:
    """``!start``: one commit that opens a debate with two entries and answers itself."""
    return Write(
        request(key, "!start", person, place),
        opens=new(person, place, side),
        entries=(started(), Opened(acts=())),
        answers=(key,),
    )


def speech(key: str, text: str, debate: int = 1, person: Person = ANN, place: Place = ROOM) -> Write:
    """The first commit of a speech: the words."""
    spoke = Spoke(key=key, text=text, at=NOW)
    return Write(request(key, text, person, place), True, debate, entries=(spoke,))


def answer(*keys: str, debate: int = 1, expects: int | None = None) -> Write:
    """The second commit of a speech: the answer."""
    return Write(debate=debate, entries=(Answered(counts=True, acts=()),), expects=expects, answers=keys)


def setting(scope: str, name: str, value: str) -> Write:
    """A setting alone, replacing what was there."""
    return Write(settings=(Setting(scope, name, value),))


def result(score: float = 50.0, complete: bool = True, side: Side = Side.FOR, minutes: float = 0) -> Result:
    return Result("talks", side, Level.NOVICE, score, None, complete, later(minutes))


def finish(key: str, debate: int, outcome: Result, person: Person = ANN, place: Place = ROOM) -> Write:
    """``!end``: the last entry and the result."""
    ended: tuple[Entry, ...] = (Ended(why=Why.LEFT),)
    return Write(
        request(key, "!end", person, place), debate=debate, entries=ended, closes=outcome, answers=(key,)
    )


def at(place: str) -> Place:
    return replace(ROOM, channel=place)


def files_with(folder: Path, words: str) -> list[str]:
    """The names of all files in ``folder`` that hold ``words``."""
    needle = words.encode()
    return [file.name for file in folder.rglob("*") if file.is_file() and needle in file.read_bytes()]


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so, ten seconds at most."""
    end = time.monotonic() + 10
    while not await true():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)
