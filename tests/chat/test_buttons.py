"""The ids of buttons, selects and forms."""

from __future__ import annotations

import pytest

from adapters.chat import buttons
from adapters.chat.buttons import Press


def test_a_button_holds_ids_and_its_sentence() -> None:
    made = buttons.button_id(12, "!contest 4 b")
    assert made == "gf:12:!contest 4 b"
    assert buttons.pressed(made) == Press(12, "!contest 4 b")
    assert buttons.pressed(buttons.button_id(None, "!start")) == Press(0, "!start")


def test_the_longest_button_fits() -> None:
    made = buttons.button_id(10**12 - 1, "x" * 81)
    assert len(made) <= 100
    assert buttons.pressed(made) == Press(10**12 - 1, "x" * 80)


def test_a_select_says_what_was_chosen() -> None:
    made = buttons.select_id(3, 1)
    assert buttons.pressed(made, ["!contest 4 b"]) == Press(3, "!contest 4 b")
    assert buttons.pressed(made) is None


@pytest.mark.parametrize("id", ["", "gf:", "gf:x:!flow", "gf:1:", "other:1:!flow", "gs:1"])
def test_other_ids_are_not_ours(id: str) -> None:
    assert buttons.pressed(id, ["!flow"]) is None
    assert buttons.form_debate(id) is None


def test_a_form_tells_its_debate() -> None:
    assert buttons.form_debate(buttons.form_id(7)) == 7


def test_what_belongs_to_a_debate() -> None:
    assert buttons.belongs(buttons.button_id(7, "!flow"), 7)
    assert buttons.belongs(buttons.select_id(7, 0), 7)
    assert not buttons.belongs(buttons.button_id(71, "!flow"), 7)
    assert not buttons.belongs(None, 7)
