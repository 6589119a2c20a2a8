"""What was understood of a message, as plain values shared by the reader and the debate.

A ``Reading`` is recorded in the transcript (probabilities rounded to two decimals), so a debate
can be replayed and scored without a model. This module must not know how a reading is made or used.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Protocol

from pydantic import Field

from content.deck import Deck, Frozen, Move, Side

POSSIBLE = 0.05
"""The least probability at which a reading counts as one the bot held possible."""


SURE = 0.5
"""Below this probability the bot asks about a reading instead of taking it for granted."""


class Kind(StrEnum):
    """What sort of message it is; only an argument, ``both_sides`` or a question take part in the debate."""

    ARGUMENT = "argument"
    GREETING = "greeting"
    QUESTION = "question"
    OFF_TOPIC = "off_topic"
    GIBBERISH = "gibberish"
    EMOJI = "emoji"
    INSULT = "insult"
    KEYWORD_SOUP = "keyword_soup"
    PASTED_ESSAY = "pasted_essay"
    INSTRUCTIONS = "instructions"
    OTHER_LANGUAGE = "other_language"
    BOTH_SIDES = "both_sides"
    EMPTY = "empty"
    DISTRESS = "distress"
    """Not in the list of kinds a person is told of: gets a fixed kind line and no score."""


class PartKind(StrEnum):
    """The parts of a complete argument."""

    CLAIM = "claim"
    WARRANT = "warrant"
    EVIDENCE = "evidence"
    IMPACT = "impact"


class EvidenceKind(StrEnum):
    """What a piece of evidence is; the rubric says what each is worth."""

    QUOTE = "quote"
    SOURCE = "source"
    EXAMPLE = "example"
    FIGURE = "figure"


class Candidate(Frozen):
    """A card the words may make, with its probability; ``card`` None is a new point outside the deck."""

    card: str | None
    p: float = Field(ge=0, le=1)


class MoveCandidate(Frozen):
    """A move the words may make, with its probability."""

    move: Move
    p: float = Field(ge=0, le=1)


class Part(Frozen):
    """A part of an argument in the learner's own words (verbatim, a stretch of the message)."""

    kind: PartKind
    words: str
    evidence: EvidenceKind | None = None
    line: int | None = None
    """For a quote: the essay line it stands in."""


class Answer(Frozen):
    """That the words answer a point of the bot, the moves they may be (best first, at least one)."""

    point: int
    p: float = Field(ge=0, le=1)
    moves: tuple[MoveCandidate, ...] = Field(min_length=1)
    turns: Literal["link", "impact"] | None = None
    """For a turn: whether the cause leads to the opposite (link) or the result is good (impact), if it could be told."""

    @property
    def move(self) -> Move:
        return self.moves[0].move


def _is_empty(values: tuple[object, ...]) -> bool:
    return not values


class Fit(Frozen):
    """How likely the reply in place ``counterpoint`` of the deck's ``attacks`` takes up what the learner said."""

    counterpoint: int
    p: float = Field(ge=0, le=1)


class Unit(Frozen):
    """One argument of a message.

    ``candidates`` are best first, hold the new point (card None) too, and have at least one member.
    ``own`` is the number of the learner's own earlier point which the unit takes up again (an extension), if any.
    ``perhaps`` are answers in doubt, unlikely by themselves or beside ``answers``: a point that they may be to was not left alone.
    ``repeats`` says that the words (nearly) stand in an earlier speech or earlier in this one, or in what the bot said.
    ``fits`` are the counterpoints and rejoinders likeliest to meet the words, the best first.
    """

    words: str
    candidates: tuple[Candidate, ...] = Field(min_length=1)
    side: Side | None = None
    side_p: float = Field(default=0.5, ge=0, le=1)
    answers: tuple[Answer, ...] = ()
    perhaps: tuple[Answer, ...] = Field(default=(), exclude_if=_is_empty)
    own: int | None = None
    parts: tuple[Part, ...] = ()
    repeats: bool = False
    fits: tuple[Fit, ...] = Field(default=(), exclude_if=_is_empty)

    @property
    def card(self) -> str | None:
        return self.candidates[0].card

    @property
    def p(self) -> float:
        return self.candidates[0].p


class Weighing(Frozen):
    """A comparison of two named points, one of each side, with a reason; ``words`` are the learner's."""

    own: int
    other: int
    words: str


class Restatement(Frozen):
    """That the learner put a point of the bot fairly in words of their own before answering it."""

    point: int
    words: str


class Reading(Frozen):
    """What the bot understood of a speech.

    ``side`` is what the text argues by itself (None: unclear). ``quality`` is 0..1 and never enters a score.
    ``about`` is the number of the bot's point that a question asks about (kind ``question``), if any.
    ``nearest`` is the card nearest to the message even where nothing was understood.
    ``reader`` is the sha256 of encoder and heads.
    """

    kind: Kind
    kind_p: float = Field(default=1.0, ge=0, le=1)
    language: str | None = None
    units: tuple[Unit, ...] = ()
    side: Side | None = None
    side_p: float = Field(default=0.5, ge=0, le=1)
    quality: float = Field(default=0.0, ge=0, le=1)
    about: int | None = None
    nearest: str | None = None
    weighing: Weighing | None = None
    restatements: tuple[Restatement, ...] = ()
    later: str | None = None
    """Words that name a date or event after the essay (``as_of``), if any."""
    reader: str = ""


class BotPoint(Frozen):
    """A point of the bot as the reader needs it: number, card, what was said, and whether it is still open."""

    number: int
    card: str
    said: str
    on: str | None = None
    """The card of the learner's which it attacks, if it is a counterpoint."""
    open: bool = True
    latest: bool = False
    """Made in the bot's last speech."""


class OwnPoint(Frozen):
    """A point of the learner's as the reader needs it; ``attacked`` when the bot has answered it."""

    number: int
    card: str | None
    words: str
    attacked: bool = False


class Situation(Frozen):
    """What the reader may know of the debate: who argues what, and what was said before."""

    side: Side
    points: tuple[BotPoint, ...] = ()
    own: tuple[OwnPoint, ...] = ()
    decided: tuple[BotPoint, ...] = ()
    """The bot's points that are conceded or dropped: they can still be named, no longer answered."""
    said: tuple[str, ...] = ()
    """The learner's earlier speeches."""
    asked: str | None = None
    """The critical question of the bot's last speech, if it asked one."""
    asked_of: int | None = None
    """The number of the learner's own point which that question is about."""
    closing: bool = False


class Reader(Protocol):
    """Reads a message on a deck. Blocking and thread-safe; the coach calls it in worker threads."""

    @property
    def sha256(self) -> str: ...

    def read(self, deck: Deck, text: str, situation: Situation) -> Reading: ...
