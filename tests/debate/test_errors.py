"""The errors of the core: they carry data, not sentences for people."""

from __future__ import annotations

import pytest

from bot.debate.errors import Code, Conflict, GadflyError, Refusal, Unreadable


def test_a_refusal_carries_its_code_and_what_the_words_need() -> None:
    refusal = Refusal(Code.POINT_DECIDED, point=3, state="dropped")

    assert (refusal.code, refusal.data) == (Code.POINT_DECIDED, {"point": 3, "state": "dropped"})
    assert str(refusal) == "point_decided: {'point': 3, 'state': 'dropped'}"
    assert str(Refusal(Code.NO_HINT)) == "no_hint"


def test_unreadable_says_by_how_much_the_words_are_too_long() -> None:
    assert (Unreadable(7).over, str(Unreadable(7))) == (7, "unreadable (over by 7)")
    assert (Unreadable().over, str(Unreadable())) == (0, "unreadable")


@pytest.mark.parametrize("error", [Refusal(Code.LATE), Unreadable(), Conflict()])
def test_all_errors_are_of_one_tree(error: Exception) -> None:
    assert isinstance(error, GadflyError)
