"""The two values that cross the door of the core: a platform's ``Request`` and the bot's ``Reply``.

An adapter turns its native event into a ``Request`` and a ``Reply`` into its native payload, and knows nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from content.deck import Move


@dataclass(frozen=True)
class Person:
    """Who speaks: ``scope`` is the guild, the team or ``local``; ``id`` is the platform's."""

    platform: str
    scope: str
    id: str


@dataclass(frozen=True)
class Place:
    """Where it is said; one open debate per person and place."""

    platform: str
    scope: str
    channel: str
    thread: str = ""


@dataclass(frozen=True)
class Request:
    """One message, command or button press. ``key`` is the platform's durable id: the same key is heard once."""

    key: str
    person: Person
    place: Place
    text: str
    locale: str
    at: datetime


# --- blocks of a reply: a closed union, matched with assert_never ---


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text of the bot; ``role`` lets a platform set it apart.

    Roles: ``speech`` (the bot argues), ``question`` (its critical question), ``feedback`` (coaching), ``aside`` (anything else).
    """

    text: str
    role: str = "aside"


@dataclass(frozen=True)
class Quote:
    """Verbatim words of the essay (``place`` like ``¶11``); ``gloss`` is shown in brackets after, outside the quote."""

    text: str
    place: str
    gloss: str = ""


@dataclass(frozen=True)
class HeardLine:
    """What the bot understood of one unit: the words, the card's tag (or "a new point"), the moves it made."""

    number: int | None
    words: str
    tag: str
    card: str | None
    answers: tuple[tuple[int, Move], ...] = ()
    sure: bool = True


@dataclass(frozen=True)
class HeardSheet:
    """ "What I heard" of a speech (``turn``): lines in order; contestable."""

    turn: int
    lines: tuple[HeardLine, ...]


@dataclass(frozen=True)
class FlowLine:
    """One point on the flow: number, who made it, its words in short, the card, what it answers, its state."""

    number: int
    yours: bool
    text: str
    card: str | None
    answers: int | None
    state: str


@dataclass(frozen=True)
class FlowSheet:
    """The flow; ``more`` points were left out of a short one."""

    lines: tuple[FlowLine, ...]
    more: int = 0


@dataclass(frozen=True)
class ScoreLine:
    """A line item: the rule, the learner's own words, the point, what it earned of what, the fix."""

    part: str
    rule: str
    words: str
    point: int | None
    got: float
    of: float
    fix: str = ""


def number(value: float) -> str:
    """A score as people write it: ``7``, ``7.5``."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Score:
    """Line items and their sum by part, ``parts`` like ``("content", 21, 40)``."""

    lines: tuple[ScoreLine, ...]
    parts: tuple[tuple[str, float, float], ...]
    total: float


@dataclass(frozen=True)
class Ballot:
    """The score sheet at the end: clashes (title, who is ahead, why), the result, the score, one thing to practise."""

    clashes: tuple[tuple[str, str, str], ...]
    result: str
    score: Score
    practise: str
    rubric: str
    uncontested: float | None = None
    """After a contest: the total as if nothing had been contested, which ranks; ``score`` follows the contests."""


@dataclass(frozen=True)
class Choice:
    """A button: a sentence the person could have typed; ``says`` is at most 80 ASCII characters."""

    label: str
    says: str


@dataclass(frozen=True)
class Choices:
    options: tuple[Choice, ...]
    prompt: str = ""


@dataclass(frozen=True)
class Ask:
    """Free text is wanted now; ``prompt`` says what for."""

    prompt: str


@dataclass(frozen=True)
class File:
    """A file for the person: name, media type and text."""

    name: str
    media: str
    text: str


@dataclass(frozen=True)
class Notice:
    """A short plain line; ``refused`` when the request was refused (``code`` names the kind)."""

    text: str
    refused: bool = False
    code: str = ""


Block = Heading | Paragraph | Quote | HeardSheet | FlowSheet | Score | Ballot | Choices | Ask | File | Notice


@dataclass(frozen=True)
class Reply:
    """What the bot says back, block by block; ``private`` is for the person alone."""

    blocks: tuple[Block, ...]
    private: bool = False
    debate: int | None = None
    over: bool = False
    """The debate is complete: buttons close."""


@dataclass(frozen=True)
class Heard:
    """A request whose words are durable; ``again`` when the key was known before.

    ``first`` and ``last`` are the places of the entries it brought (None: none), ``refused`` the answer to a request
    that could not be taken.
    """

    request: Request
    debate: int | None = None
    again: bool = False
    first: int | None = None
    last: int | None = None
    refused: Reply | None = None
