"""What people type, cleaned at the door."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text import MARKS, clean
from tests.growth import is_linear

ODD = st.sampled_from(
    "a é\u0301\u0327\u034f\u0338\u200b\u200d\u202e\u2066\ufeff\ufe0f\x00\x1b\x7f\x85\r\n\t\u2028\ud800\ue000"
    "\u1100\u1161\u11a8\ufb2c\u0958\u0dd9\u0dca\u0cc6\u0cd5\U0001f468\U0001f469\U000e0067"
)
ANY = st.text(alphabet=st.one_of(ODD, st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain words, ümlaut and 漢字", "plain words, ümlaut and 漢字"),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("tab\tstays", "tab\tstays"),
        ("nu\x00l and \x1b[31mred\x1b[0m", "nul and [31mred[0m"),
        ("\u202eevil\u202c \u2066isolated\u2069 \u200fmark", "evil isolated mark"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("lone \ud800 surrogate, private \ue000", "lone  surrogate, private "),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("z" + "\u0301" * 30 + "!", "ź" + "\u0301" * 3 + "!"),
        ("z" + "\u0301\u200d" * 30, "ź" + "\u200d\u0301" * 3 + "\u200d"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f", "👨\u200d👩\u200d👧 ❤\ufe0f"),
        ("\u200d\u200d \u200d\u200d", " "),
        ("", ""),
    ],
)
def test_what_can_neither_be_seen_nor_said_is_taken_out(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(ANY)
@example("\ufb2c" + "\u0301" * 4)
@example("a" + "\u0327\u0301" * 5)
@example("\u0cc6" * 5 + "\u0cd5")
@settings(max_examples=400, deadline=None)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.normalize("NFC", once) == once


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_nothing_unseen_is_left(text: str) -> None:
    kept = clean(text)
    assert not [c for c in kept if unicodedata.category(c)[0] == "C" and c not in "\n\t\u200d"]
    run = 0
    for character in kept.replace("\u200d", ""):
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        assert run <= MARKS


@pytest.mark.parametrize(
    "unit", ["word ", "\u0327\u0301", "\u0301\u200d", "\u202e", "\ufb2c", "\U0001f468\u200d", "a\u0301\u0327"]
)
def test_it_takes_time_in_proportion_to_the_length(unit: str) -> None:
    assert is_linear(lambda length: clean((unit * length)[:length]), 10_000)
