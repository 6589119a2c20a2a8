"""Entries: one line of JSON each, and the same value back."""

from __future__ import annotations

from typing import get_args

import pydantic
import pytest

from bot.debate.entries import (
    Act,
    Advises,
    Answered,
    Asides,
    Asks,
    Cites,
    Conceded,
    Contested,
    Counters,
    Ended,
    Entry,
    Explains,
    Extends,
    Hinted,
    Level,
    Names,
    Opened,
    Presses,
    Questions,
    Raises,
    Read,
    Redoing,
    Redone,
    Shows,
    Spoke,
    Warns,
    Why,
    Withdraws,
    Yields,
    dump,
    load,
)
from bot.readings import EvidenceKind, Kind, Restatement, Weighing
from content.deck import Move
from tests.debate.builders import NOW, answer, evidence, reading, started, unit

EVERY_ACT: tuple[Act, ...] = (
    Raises(card="a01"),
    Counters(to=2, counterpoint=0, card="a01", move=Move.MITIGATE),
    Extends(point=1, part="impact"),
    Presses(point=1, dodged=True),
    Yields(point=2),
    Withdraws(point=3),
    Questions(card="f01", question=1, point=2),
    Cites(card="a01", quote=0),
    Explains(point=1, card="a01", part="quote"),
    Asides(kind=Kind.EMOJI, count=3),
    Asks(card=None, later="2031"),
    Names(missing="because", point=2, card="f01"),
    Advises(point=1, made="deny", stronger=Move.TURN, counterpoint=13),
    Shows(point=1, made=None, counterpoint=13),
    Warns(about="contradiction", points=(2, 4), tension=0),
)
HEARD = reading(
    unit("f01", answer(1, Move.TURN, Move.DENY, turns="link"), parts=[evidence(EvidenceKind.QUOTE)], own=2),
    weighing=Weighing(own=2, other=1, words="more than"),
    restatements=(Restatement(point=1, words="you say that"),),
    later="2031",
    about=1,
    nearest="f01",
)
EVERY_ENTRY: tuple[Entry, ...] = (
    started(Level.ADVANCED),
    Opened(acts=EVERY_ACT),
    Spoke(key="key", text="words\nand 😀 “more”", at=NOW, erased=True),
    Read(of=(2, 3), reading=HEARD),
    Answered(counts=False, retry=True, acts=EVERY_ACT),
    Contested(turn=1, unit=0, what="card", card="f02", acts=(Withdraws(point=3),)),
    Conceded(point=1),
    Hinted(point=1, counterpoint=12),
    Ended(why=Why.LEFT),
    Redoing(turn=2),
    Redone(turn=2, before=10.5, after=12.0),
)


def test_the_examples_are_every_act_and_every_entry_there_is() -> None:
    assert {type(act) for act in EVERY_ACT} == set(get_args(get_args(Act)[0]))
    assert {type(entry) for entry in EVERY_ENTRY} == set(get_args(get_args(Entry)[0]))


@pytest.mark.parametrize("entry", EVERY_ENTRY, ids=lambda entry: entry.kind)
def test_an_entry_comes_back_from_its_line_as_it_was(entry: Entry) -> None:
    line = dump(entry)

    assert "\n" not in line
    assert load(line) == entry


@pytest.mark.parametrize(
    "line", ["", "[]", "{}", '{"kind": "unheard"}', '{"kind": "conceded", "point": 1, "and": 2}']
)
def test_a_line_that_is_no_entry_is_refused(line: str) -> None:
    with pytest.raises(pydantic.ValidationError):
        load(line)


def test_an_entry_never_changes() -> None:
    with pytest.raises(pydantic.ValidationError):
        Conceded(point=1).point = 2
