"""Texts are safe to show and fit, whatever they hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.text import NARROWEST, REPLACED, clean, clean_line, columns, window, wrap

NASTY = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\u202egnirts",
    "\u2066x\u2069",
    "a\u200bb",
    "\ufeff",
    "\0",
]
texts = st.lists(
    st.one_of(
        st.text(max_size=60), st.sampled_from([*NASTY, "漢字" * 20, "👩‍👩‍👧", "e" + "\u0301" * 40, "\ud800"])
    )
).map("".join)


@given(texts)
def test_nothing_that_commands_a_terminal_is_left(text: str) -> None:
    for char in clean(text):
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), repr(char)


@given(texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts, st.integers(0, 200), texts, texts)
def test_lines_fit(text: str, width: int, first: str, rest: str) -> None:
    lines = wrap(text, width, clean_line(first), clean_line(rest))
    assert lines
    assert all(columns(line) <= max(width, NARROWEST) for line in lines)
    assert not any("\n" in line for line in lines)


@given(st.lists(st.sampled_from(["word", "a", "longer-word", "漢字"]), max_size=40), st.integers(20, 60))
def test_words_are_kept_in_order(words: list[str], width: int) -> None:
    assert " ".join(wrap(" ".join(words), width)).split() == words


def test_ordinary_text_stays() -> None:
    assert clean("¶11 “naïve” — 50 %\nÀ bientôt, 漢字 ok") == "¶11 “naïve” — 50 %\nÀ bientôt, 漢字 ok"
    assert clean("a\tb\r\n\u2028c") == "a b \n\nc"
    assert clean("\x1b[31mred") == f"{REPLACED}[31mred"
    assert clean("x\u0378") == f"x{REPLACED}"
    assert clean("❤\ufe0f") == "❤"


def test_at_most_three_marks_on_a_letter() -> None:
    assert clean("e" + "\u0301" * 40 + "f") == "e" + "\u0301" * 3 + "f"


def test_wrapping() -> None:
    assert wrap("one two three four five", 20, "- ") == ["- one two three four", "  five"]
    assert wrap("x" * 45, 20) == ["x" * 20, "x" * 20, "x" * 5]
    assert wrap("a\n\nb", 20, "> ", "| ") == ["> a", "|", "| b"]
    assert wrap("", 20) == [""]
    assert wrap("  {  }", 20) == ["  {  }"]
    assert wrap("字" * 11, 20) == ["字" * 10, "字"]
    assert wrap("argue the other side", 20, "  against    ") == ["against", "    argue the other", "    side"]


def test_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    assert window() == 70
    monkeypatch.setenv("COLUMNS", "300")
    assert window() == 100
