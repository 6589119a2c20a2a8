"""Padding is taken out before a message is read; what says something stays."""

from __future__ import annotations

import pytest

from bot.reading.padding import says_nothing, without_padding
from tests.growth import is_linear

CLAIM = "Sanctions hurt ordinary families in Moscow, because prices rise faster than wages."


@pytest.mark.parametrize(
    "filler",
    [
        "I want to be very clear about this, and I really mean what I say here.",
        "This is a question that many people have thought about for a long time.",
        "Let me put it in other words so that everybody can follow me.",
    ],
)
def test_sentences_that_say_nothing_go_wherever_they_stand(filler: str) -> None:
    assert says_nothing(filler)
    assert without_padding(f"{filler} {CLAIM}") == CLAIM
    assert without_padding(f"{CLAIM} {filler}") == CLAIM


def test_a_sentence_said_twice_is_read_once() -> None:
    assert without_padding(f"{CLAIM} {CLAIM.upper()} {CLAIM}") == CLAIM


def test_an_empty_last_clause_goes() -> None:
    padded = CLAIM.replace("wages.", "wages, and that is what I think about it, really and truly.")
    assert without_padding(padded) == CLAIM


@pytest.mark.parametrize(
    "text",
    [
        "No. I agree. That does not follow at all.",
        "You are right about that one.",
        "Your argument needs peace to mean retreat, and it does not.",
        "Is that really what you think about it?",
        "I think #3 is the one to look at here.",
        "Hello there my friend.",
        "A rule with exceptions is still one rule, because everybody knows who has one and why.",
    ],
)
def test_answers_questions_and_named_points_stay(text: str) -> None:
    assert without_padding(text) == text


def test_a_message_of_nothing_but_padding_is_read_as_it_is() -> None:
    text = "I want to be very clear about this and I mean what I say."
    assert without_padding(text) == text


def test_lines_without_a_full_stop_stay_apart() -> None:
    text = "Wages fall in Moscow\nWages fall in Moscow\nPrices rise in Omsk"
    assert without_padding(text) == "Wages fall in Moscow\nPrices rise in Omsk"


def test_commas_without_end_cost_little() -> None:
    assert is_linear(lambda times: without_padding("think, " * times), 100)
