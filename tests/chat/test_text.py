"""Text without hidden characters, and cuts that tear nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.text import MARK, clean, clip, pieces, units

FAMILY = "👨‍👩‍👧‍👦"
ARABIC = "السلام عليكم يا صديقي "


@pytest.mark.parametrize("sign", ["x", "😀", "ع", FAMILY, "👍🏽", "🇩🇪", "e\u0301"])
@pytest.mark.parametrize("limit", [30, 31, 32, 33, 34, 35, 36])
def test_a_cut_is_within_the_limit_and_tears_no_sign(sign: str, limit: int) -> None:
    cut = clip(sign * 100, limit)
    assert units(cut) <= limit
    assert cut.endswith(MARK)
    assert cut.removesuffix(MARK).replace(sign, "") == ""
    for piece in pieces(sign * 100, limit):
        assert units(piece) <= limit
        assert piece.replace(sign, "") == ""


def test_what_fits_is_not_cut() -> None:
    assert clip("😀" * 10, 20) == "😀" * 10
    assert clip("😀" * 10 + "x", 20) == "😀" * 9 + MARK
    assert list(pieces("x" * 20, 20)) == ["x" * 20]
    assert list(pieces("x" * 21, 20)) == ["x" * 20, "x"]


def test_pieces_end_at_lines_else_at_words() -> None:
    assert list(pieces("one two\nthree four five", 12)) == ["one two", "three four", "five"]
    assert "".join("".join(pieces(ARABIC * 20, 50)).split()) == "".join((ARABIC * 20).split())


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
