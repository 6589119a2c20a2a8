"""What happened in a debate: the entries of its transcript, appended once and never changed.

    Started Opened (Spoke+ Read Answered | Contested | Conceded | Hinted | Redoing)* Ended
        (Redoing | Spoke+ Read (Redone | Answered) | Contested)*

Everything else (flow, score, ballot) is a reading of them. This module must not know how they are stored or shown.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.readings import Kind, Reading
from content.deck import Attack, Frozen, Side


class Level(StrEnum):
    """How hard the bot plays: points it opens with and answers, hints, what it presses."""

    NOVICE = "novice"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Why(StrEnum):
    """Why a debate ended."""

    CLOSING = "closing"
    LEFT = "left"


# --- what the bot does in a speech: a closed union ---


class Raises(Frozen):
    """The bot makes a point of its own from a card."""

    act: Literal["raises"] = "raises"
    card: str


class Counters(Frozen):
    """The bot attacks the learner's point ``to`` with what stands in place ``counterpoint`` of the deck's ``attacks``: a
    counterpoint or a rejoinder."""

    act: Literal["counters"] = "counters"
    to: int
    counterpoint: int
    card: str
    move: Attack


class Extends(Frozen):
    """The bot takes its own answered point up again with the ``part`` of its card not yet spoken; it is open again."""

    act: Literal["extends"] = "extends"
    point: int
    part: Literal["warrant", "impact"]


class Presses(Frozen):
    """The bot points to a point of its own that is still open; ``dodged`` when the learner went round it."""

    act: Literal["presses"] = "presses"
    point: int
    dodged: bool = False


class Yields(Frozen):
    """The bot has nothing left against the learner's point and says "you have #n"."""

    act: Literal["yields"] = "yields"
    point: int


class Withdraws(Frozen):
    """The bot takes back a point that answered what was not said."""

    act: Literal["withdraws"] = "withdraws"
    point: int


class Questions(Frozen):
    """The bot asks critical question number ``question`` of ``card``; ``point`` is the point it is about, if any."""

    act: Literal["questions"] = "questions"
    card: str
    question: int
    point: int | None = None


class Cites(Frozen):
    """The bot quotes the essay: quote number ``quote`` of ``card``."""

    act: Literal["cites"] = "cites"
    card: str
    quote: int


class Explains(Frozen):
    """The bot answers a question about its point from the ``part`` of its card; costs the learner no speech.

    ``fact`` is the first fact the card leans on, ``strength`` why the card is as strong as it is.
    """

    act: Literal["explains"] = "explains"
    point: int
    card: str
    part: Literal["warrant", "impact", "quote", "fact", "strength", "none"]


class Asides(Frozen):
    """A short line for a message that is no speech; ``count`` such messages in a row: from the third the bot waits."""

    act: Literal["asides"] = "asides"
    kind: Kind
    count: int = 1


class Asks(Frozen):
    """The bot cannot place the message and asks about the nearest card, or about a later event."""

    act: Literal["asks"] = "asks"
    card: str | None
    later: str | None = None


class Names(Frozen):
    """Feedback: the one part of They say / But / Because / Therefore (or the evidence) that is missing.

    ``point`` is the learner's point it is missing from (for ``they_say`` and ``but``: the bot's point that was left
    alone or dodged),
    ``card`` the card an example is built from.
    """

    act: Literal["names"] = "names"
    missing: Literal["they_say", "but", "because", "therefore", "evidence"]
    point: int | None
    card: str | None = None


class Advises(Frozen):
    """Feedback: the move made on ``point`` and the stronger one that the deck holds (counterpoint ``counterpoint``)."""

    act: Literal["advises"] = "advises"
    point: int
    made: str
    stronger: Attack
    counterpoint: int


class Shows(Frozen):
    """Feedback after an unscored retry: the move it made on the bot's point, and the words of a stronger one."""

    act: Literal["shows"] = "shows"
    point: int
    made: str | None
    counterpoint: int


class Warns(Frozen):
    """Feedback: two points of the learner's contradict each other (``tension``), turn one point twice, or help the other side."""

    act: Literal["warns"] = "warns"
    about: Literal["contradiction", "double_turn", "other_side"]
    points: tuple[int, ...]
    tension: int | None = None


Act = Annotated[
    Raises
    | Counters
    | Extends
    | Presses
    | Yields
    | Withdraws
    | Questions
    | Cites
    | Explains
    | Asides
    | Asks
    | Names
    | Advises
    | Shows
    | Warns,
    Field(discriminator="act"),
]


# --- entries: a closed union ---


class Started(Frozen):
    """A debate begins: who argues what, on which deck (by hash), judged by which rubric (by hash)."""

    kind: Literal["started"] = "started"
    deck: str
    deck_sha: str
    rubric_sha: str
    side: Side
    level: Level
    format: Literal["spar"] = "spar"
    seed: int
    first: bool = False
    """The learner opens."""
    practise: str = ""
    """What the last ballot told the learner to practise."""
    at: datetime


class Opened(Frozen):
    """The bot's opening speech."""

    kind: Literal["opened"] = "opened"
    acts: tuple[Act, ...]


class Spoke(Frozen):
    """The learner's words, verbatim, under the platform's key. ``erased``: the text was deleted by its author."""

    kind: Literal["spoke"] = "spoke"
    key: str
    text: str
    at: datetime
    erased: bool = False


class Read(Frozen):
    """What was understood of the speech made of the ``Spoke`` entries ``of``."""

    kind: Literal["read"] = "read"
    of: tuple[int, ...]
    reading: Reading


class Answered(Frozen):
    """The bot's speech in answer to the reading before it; ``counts`` when the learner's speech was one of the six."""

    kind: Literal["answered"] = "answered"
    counts: bool
    retry: bool = False
    """It answered an unscored retry at novice."""
    acts: tuple[Act, ...]


class Contested(Frozen):
    """The learner rejects a reading: in speech ``turn``, unit ``unit`` makes ``card`` (None: a new point), or its
    answer to ``point`` was ``move`` (None: no answer at all)."""

    kind: Literal["contested"] = "contested"
    turn: int
    unit: int
    what: Literal["card", "move"]
    card: str | None = None
    point: int | None = None
    move: str | None = None
    acts: tuple[Withdraws, ...] = ()


class Conceded(Frozen):
    """The learner grants a point of the bot by command."""

    kind: Literal["conceded"] = "conceded"
    point: int


class Hinted(Frozen):
    """The learner was shown the words of counterpoint ``counterpoint`` against the bot's point."""

    kind: Literal["hinted"] = "hinted"
    point: int
    counterpoint: int


class Ended(Frozen):
    """The debate is over."""

    kind: Literal["ended"] = "ended"
    why: Why


class Redoing(Frozen):
    """The learner will say speech ``turn`` again; the next words are that."""

    kind: Literal["redoing"] = "redoing"
    turn: int


class Redone(Frozen):
    """The speech said again was judged: what it earned before and now."""

    kind: Literal["redone"] = "redone"
    turn: int
    before: float
    after: float


Entry = Annotated[
    Started | Opened | Spoke | Read | Answered | Contested | Conceded | Hinted | Ended | Redoing | Redone,
    Field(discriminator="kind"),
]

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


def dump(entry: Entry) -> str:
    """The entry as one line of JSON."""
    return _ENTRY.dump_json(entry).decode()


def load(line: str) -> Entry:
    """The entry of one line of JSON; raises ``pydantic.ValidationError`` on anything else."""
    return _ENTRY.validate_json(line)
