"""The ids of buttons, selects and forms. Pure.

An id holds the debate's number and the sentence it stands for, nothing else: ``gf:12:!contest 4 b``. So whatever was
shown can be pressed after any restart. This module must not know what a sentence means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.debate.commands import SAY
from bot.messages import Choices

BUTTON = r"gf:(?P<debate>\d{1,12}):(?P<says>[\s\S]{1,80})"
"""The id of a button; debate 0: of no debate."""

SELECT = r"gs:(?P<debate>\d{1,12}):(?P<number>\d{1,2})"
"""The id of a select; its value is what is said."""

FORM = r"gm:(?P<debate>\d{1,12})"
"""The id of the form in which a speech is written."""

REPLY = SAY
"""What the button that opens the form says: no sentence, since the words are still to come."""

LONGEST_SAYS = 80


@dataclass(frozen=True)
class Press:
    """A button or an option that was chosen: the sentence it stands for and the debate it belongs to (0: none)."""

    debate: int
    says: str


def button_id(debate: int | None, says: str) -> str:
    """The id of the button that says ``says``."""
    return f"gf:{debate or 0}:{says[:LONGEST_SAYS]}"


def select_id(debate: int | None, number: int) -> str:
    """The id of select ``number`` of a message."""
    return f"gs:{debate or 0}:{number}"


def form_id(debate: int) -> str:
    """The id of the form for a speech."""
    return f"gm:{debate}"


def pressed(id: str, values: Sequence[str] = ()) -> Press | None:
    """What a press means; None for an id that is not ours."""
    if found := re.fullmatch(BUTTON, id):
        return Press(int(found["debate"]), found["says"])
    if (found := re.fullmatch(SELECT, id)) and values:
        return Press(int(found["debate"]), values[0][:LONGEST_SAYS])
    return None


def form_debate(id: str) -> int | None:
    """The debate of a form; None for an id that is not ours."""
    found = re.fullmatch(FORM, id)
    return int(found["debate"]) if found else None


def belongs(id: str | None, debate: int) -> bool:
    """Whether ``id`` is a button's or select's of ``debate``."""
    return bool(id) and str(id).startswith((f"gf:{debate}:", f"gs:{debate}:"))


def are_readings(choices: Choices) -> bool:
    """Whether all the options contest a reading: they are words, which read better in a list than on buttons."""
    return all(re.fullmatch(r"!contest \S+ \S+", choice.says) for choice in choices.options)


def is_final(says: str) -> bool:
    """Whether a sentence does what cannot be undone, so that its button warns."""
    return says in ("!end", "!forget-me yes")
