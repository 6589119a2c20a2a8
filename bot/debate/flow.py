"""The flow: what becomes of a point when something happens to it, as one table.

The README's diagram is drawn from ``TABLE`` by :func:`diagram`. This module must not know cards, scores or words.
"""

from __future__ import annotations

from enum import StrEnum

from content.deck import Move


class State(StrEnum):
    """What has become of a point. The last three are final."""

    OPEN = "open"
    ANSWERED = "answered"
    TURNED = "turned"
    OUTWEIGHED = "outweighed"
    CONCEDED = "conceded"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to a point besides an answer (the moves): its maker or the rules act on it."""

    EXTEND = "extend"
    DROP = "drop"
    WITHDRAW = "withdraw"


FINAL = frozenset({State.CONCEDED, State.DROPPED, State.WITHDRAWN})

TABLE: dict[State, dict[Move | Event, State]] = {
    State.OPEN: {
        Move.DENY: State.ANSWERED,
        Move.MITIGATE: State.ANSWERED,
        Move.UNDERCUT: State.ANSWERED,
        Move.TURN: State.TURNED,
        Move.OUTWEIGH: State.OUTWEIGHED,
        Move.CONCEDE: State.CONCEDED,
        Event.DROP: State.DROPPED,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.ANSWERED: {
        Move.TURN: State.TURNED,
        Move.OUTWEIGH: State.OUTWEIGHED,
        Move.CONCEDE: State.CONCEDED,
        Event.EXTEND: State.OPEN,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.TURNED: {
        Move.CONCEDE: State.CONCEDED,
        Event.EXTEND: State.OPEN,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.OUTWEIGHED: {
        Move.TURN: State.TURNED,
        Move.CONCEDE: State.CONCEDED,
        Event.EXTEND: State.OPEN,
        Event.WITHDRAW: State.WITHDRAWN,
    },
}
"""From a state, by a move or an event, to the next; what is not listed (a dodge, any move on a final state) changes nothing."""


def after(state: State, event: Move | Event) -> State:
    """The state of a point after ``event``."""
    return TABLE.get(state, {}).get(event, state)


def diagram() -> str:
    """The table as a Mermaid state diagram, one arrow per pair of states, in table order."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for state, row in TABLE.items():
        for event, target in row.items():
            arrows.setdefault((state, target), []).append(str(event))
    lines = [f"    {a} --> {b}: {', '.join(events)}" for (a, b), events in arrows.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.OPEN}", *lines])
