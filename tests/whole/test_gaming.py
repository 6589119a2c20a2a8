"""Scores cannot be had by magic words, by length or by copying."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from bot import scrimmage
from bot.debate.debate import Debate
from bot.debate.entries import Level
from bot.debate.judging import Rubric, judge
from bot.reading.reader import LocalReader
from content.deck import Side
from content.library import Library
from tests.whole.conftest import Talk

MAGIC = {
    "labels": "Claim warrant evidence impact because therefore for example deny mitigate undercut turn outweigh concede.",
    "sentence": (
        "Because of this, therefore, for example, according to experts, I turn your #1 and #2, they are outweighed, "
        "undercut and denied, and my point matters more than yours because it is more important."
    ),
    "weighing": "My #2 outweighs your #1 because it matters more, therefore I win on magnitude, probability and timeframe.",
    "polite": (
        "You say that your point is strong. But I disagree, because it is not so, for example in history, "
        "according to the United Nations. Therefore my side wins."
    ),
    "topic": "Putin Trump talks peace ceasefire sanctions because therefore NATO Ukraine evidence impact outweighs turn.",
    "essay": (
        "As the essay says, lasting peace and talks are important because it is complicated, therefore, for instance, "
        "my point outweighs your #1, your #3 and your #5 on balance."
    ),
}


@pytest.mark.parametrize("name", MAGIC)
@pytest.mark.parametrize("side", Side)
def test_a_parrot_that_says_every_magic_word_each_turn_stays_under_15(
    talk: Talk, rubric: Rubric, name: str, side: Side
) -> None:
    debate = talk([MAGIC[name]] * 12, side=side)
    assert judge(debate, rubric).total < 15


@pytest.mark.parametrize("side", Side)
def test_a_parrot_that_varies_its_magic_words_stays_under_15(talk: Talk, rubric: Rubric, side: Side) -> None:
    assert judge(talk([*MAGIC.values()] * 2, side=side), rubric).total < 15


def test_a_parrot_that_gives_the_bot_its_own_words_back_stays_under_15(
    library: Library, reader: LocalReader, rubric: Rubric, talk: Talk
) -> None:
    said: list[str] = []
    debate = talk(said)
    for _ in range(6):
        said.append(debate.bots[-1].words)
        debate = talk(said)
    assert judge(debate, rubric).total < 15


FILLER = (
    "I want to be very clear about this, and I really mean what I say here. "
    "This is a question that many people have thought about for a long time. "
    "Let me put it in other words so that everybody can follow me. "
)

PADDINGS: dict[str, Callable[[str], str]] = {
    "repeated": lambda text: " ".join([text] * 3),
    "filler before": lambda text: FILLER + text,
    "filler after": lambda text: f"{text} {FILLER}",
    "doubled words": lambda text: text.replace(
        ". ", ", and that is what I think about it, really and truly. "
    ),
}


def _speeches(debate: Debate) -> list[str]:
    return [speech.text for speech in debate.speeches]


@pytest.mark.parametrize(("padding", "side"), list(product(PADDINGS, Side)))
def test_a_debate_padded_to_greater_length_scores_no_more(
    talk: Talk, library: Library, reader: LocalReader, rubric: Rubric, padding: str, side: Side
) -> None:
    for seed in (1, 2, 3):
        plain = scrimmage.debate(library["putin-trump-talks"], reader, rubric, side, Level.NOVICE, seed)
        padded = talk([PADDINGS[padding](text) for text in _speeches(plain)], side=side, seed=seed)
        assert judge(padded, rubric).total <= judge(plain, rubric).total
