"""Refusals and troubles in words: all of them, whole, with what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.debate.commands import BY_NAME
from bot.debate.errors import Code, Refusal, Unreadable
from bot.store.errors import StoreError, Trouble
from bot.voice import errors as words
from content.errors import ContentError

DATA: dict[Code, tuple[Mapping[str, str | int], ...]] = {
    Code.NO_DEBATE: ({},),
    Code.DEBATE_OPEN: ({},),
    Code.DEBATE_OVER: ({},),
    Code.NOT_OVER: ({"turn": 2},),
    Code.NOTHING_SAID: ({},),
    Code.UNKNOWN_COMMAND: ({"word": "flwo", "near": "flow"}, {"word": "xyz", "near": ""}),
    Code.UNKNOWN_MOTION: ({"word": "moon", "near": "putin-trump-talks"}, {"word": "moon"}),
    Code.UNKNOWN_CARD: ({"word": "f99"},),
    Code.UNKNOWN_POINT: ({"point": 9},),
    Code.UNKNOWN_CHOICE: ({"word": "z", "turn": 1},),
    Code.BAD_ARGUMENT: ({"word": "soon"}, {"word": "7", "last": 6}, {"word": "7", "last": 1}),
    Code.POINT_DECIDED: ({"point": 3, "state": "dropped"},),
    Code.NO_CONTESTS_LEFT: ({"limit": 3},),
    Code.NO_HINT: ({},),
    Code.HINTS_OFF: ({"level": "advanced"},),
    Code.LATE: ({"turn": 4},),
}
"""What each code is raised with, see the calls of ``Refusal``."""

CASES = [(code, data) for code, rows in DATA.items() for data in rows]


def whole(text: str) -> None:
    """A sentence or several: no gap, no brace, nothing of the machine."""
    assert re.match(r"[A-Z#/]", text)
    assert text.endswith((".", "!"))
    assert not re.search(r"[{}]|None|\bCode\.|  | \.|“”", text), text
    assert len(text.split()) <= 40


def test_every_code_has_words() -> None:
    assert set(DATA) == set(Code)


@pytest.mark.parametrize(("code", "data"), CASES)
@pytest.mark.parametrize("command", ["", *BY_NAME])
def test_a_refusal_is_whole(code: Code, data: Mapping[str, str | int], command: str) -> None:
    notice = words.refusal(Refusal(code, **data), command)
    assert (notice.refused, notice.code) == (True, str(code))
    whole(notice.text)
    assert all(str(value) in notice.text for key, value in data.items() if key in ("word", "near", "limit"))


def test_a_bad_argument_names_the_usage() -> None:
    notice = words.refusal(Refusal(Code.BAD_ARGUMENT, word="pdf"), "export")
    assert notice.text == "I cannot use “pdf” here. Type it as: !export [markdown|json|argdown]."


def test_what_a_person_typed_is_no_template() -> None:
    assert "{point}" in words.refusal(Refusal(Code.UNKNOWN_CHOICE, word="{point}", turn=1)).text


@pytest.mark.parametrize(("over", "named"), [(1, "1 character over"), (16_000, "16,000 characters over")])
def test_a_message_too_long_names_the_overshoot(over: int, named: str) -> None:
    notice = words.unreadable(Unreadable(over))
    whole(notice.text)
    assert named in notice.text
    assert "4,000" in notice.text


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_of_the_store_has_words(trouble: Trouble) -> None:
    path = Path("/data/gadfly")
    text = words.store_error(StoreError(trouble, path, "disk I/O error"))
    whole(text)
    assert "disk I/O" not in text
    assert str(path) in text or trouble is Trouble.OVERLOADED


def test_content_errors_name_the_place() -> None:
    error = ContentError(Path("deck.yaml"), 7, "No such card f99", "Give it another id")
    assert "deck.yaml" in words.content_error(error)


@pytest.mark.parametrize(
    "code", [Code.UNKNOWN_COMMAND, Code.UNKNOWN_MOTION, Code.UNKNOWN_CARD, Code.UNKNOWN_CHOICE]
)
def test_a_refusal_says_no_flagged_word_back(code: Code) -> None:
    assert "idiot" not in words.refusal(Refusal(code, word="idiot", near="", turn=1)).text


def test_a_number_left_out_is_asked_for() -> None:
    text = words.refusal(Refusal(Code.BAD_ARGUMENT, word=""), "concede").text
    assert text == "Which one? That command needs a number. Type it as: !concede #n."
