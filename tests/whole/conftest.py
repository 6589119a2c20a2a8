"""The shipped decks, the real reader and the rubric, loaded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.coach import load_rubrics
from bot.debate import rules
from bot.debate.debate import Debate, follow, replay
from bot.debate.entries import Level, Spoke
from bot.debate.judging import Rubric
from bot.reading.reader import LocalReader
from bot.scrimmage import EPOCH
from content.deck import Side
from content.library import Library

Talk = Callable[..., Debate]


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.open()


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    return load_rubrics()[-1]


@pytest.fixture(scope="session")
def reader() -> LocalReader:
    return LocalReader()


@pytest.fixture(scope="session")
def talk(library: Library, rubric: Rubric, reader: LocalReader) -> Talk:
    """Say these messages one after the other in a new debate; what is said after the ballot is not heard."""

    def talked(
        messages: Sequence[str],
        *,
        deck: str = "putin-trump-talks",
        side: Side = Side.FOR,
        level: Level = Level.NOVICE,
        seed: int = 0,
    ) -> Debate:
        now = replay(library[deck], rules.start(library[deck], rubric, side, level, seed, EPOCH))
        for message in messages:
            if now.ended is not None:
                break
            now = follow(now, Spoke(key=str(now.length), text=message, at=EPOCH))
            reading = reader.read(now.deck, message, now.situation())
            now = follow(now, *rules.answer(now, reading, rubric))
        return now

    return talked
