"""The flow table: what becomes of a point when something happens to it."""

from __future__ import annotations

import pytest

from bot.debate.flow import FINAL, TABLE, Event, State, after, diagram
from content.deck import Move


@pytest.mark.parametrize(
    ("move", "state"),
    [
        (Move.DENY, State.ANSWERED),
        (Move.MITIGATE, State.ANSWERED),
        (Move.UNDERCUT, State.ANSWERED),
        (Move.TURN, State.TURNED),
        (Move.OUTWEIGH, State.OUTWEIGHED),
        (Move.CONCEDE, State.CONCEDED),
        (Move.DODGE, State.OPEN),
    ],
)
def test_an_open_point_becomes_what_the_move_makes_of_it(move: Move, state: State) -> None:
    assert after(State.OPEN, move) is state


@pytest.mark.parametrize("state", [State.ANSWERED, State.TURNED, State.OUTWEIGHED])
def test_extending_an_attacked_point_opens_it_again(state: State) -> None:
    assert after(state, Event.EXTEND) is State.OPEN


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_changes_a_final_state(state: State) -> None:
    assert {after(state, event) for event in (*Move, *Event)} == {state}


def test_a_weaker_answer_never_takes_a_stronger_one_back() -> None:
    assert after(State.TURNED, Move.DENY) is State.TURNED
    assert after(State.TURNED, Move.OUTWEIGH) is State.TURNED
    assert after(State.OUTWEIGHED, Move.MITIGATE) is State.OUTWEIGHED
    assert after(State.ANSWERED, Move.DODGE) is State.ANSWERED


def test_only_an_open_point_is_dropped() -> None:
    assert [state for state, row in TABLE.items() if Event.DROP in row] == [State.OPEN]


def test_every_state_but_the_final_ones_has_a_row_and_can_be_reached() -> None:
    assert set(TABLE) == set(State) - FINAL
    assert {state for row in TABLE.values() for state in row.values()} == set(State)


def test_the_diagram_shows_each_pair_of_states_of_the_table_once() -> None:
    lines = diagram().splitlines()

    assert lines[:2] == ["stateDiagram-v2", "    [*] --> open"]
    assert "    open --> answered: deny, mitigate, undercut" in lines
    assert len(lines) - 2 == sum(len(set(row.values())) for row in TABLE.values())
