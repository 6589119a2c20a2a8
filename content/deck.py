"""What a deck is: motion, sides, essay, cards and counterpoints, as frozen values.

A deck is read from one YAML file (see :mod:`content.loading`) and never changes while it is played.
This module must not know files, databases or debates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from content.essay import Essay

CardId = Annotated[str, StringConstraints(pattern=r"^[fa][0-9]{2,3}$")]
"""``f01`` argues for the motion, ``a01`` against it; an id is never given to another card."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
"""An id that people can type: small letters, digits and hyphens."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\n]+$")
]
"""A text without line breaks, not empty."""

DeckId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""Short enough that ``!debate start <id> against advanced`` fits into a button."""

Label = Annotated[Line, StringConstraints(max_length=150)]
LineNumber = Annotated[int, Field(ge=1, strict=True)]


class Side(StrEnum):
    """A side of the motion; the deck's labels say what each must show."""

    FOR = "for"
    AGAINST = "against"

    @property
    def other(self) -> Side:
        """The side that argues against this one."""
        return Side.AGAINST if self is Side.FOR else Side.FOR


class Move(StrEnum):
    """What an answer does to a point. The first five are attacks, the last two are not."""

    DENY = "deny"
    MITIGATE = "mitigate"
    UNDERCUT = "undercut"
    TURN = "turn"
    OUTWEIGH = "outweigh"
    CONCEDE = "concede"
    DODGE = "dodge"


ATTACKS = (Move.DENY, Move.MITIGATE, Move.UNDERCUT, Move.TURN, Move.OUTWEIGH)

Attack = Literal[Move.DENY, Move.MITIGATE, Move.UNDERCUT, Move.TURN, Move.OUTWEIGH]


class Scheme(StrEnum):
    """The kind of inference a card makes (after Walton's argumentation schemes)."""

    ALTERNATIVES = "alternatives"
    ANALOGY = "analogy"
    CAUSE_TO_EFFECT = "cause_to_effect"
    CONSEQUENCES = "consequences"
    DEFINITION = "definition"
    EXAMPLE = "example"
    EXPERT_OPINION = "expert_opinion"
    PRACTICAL_REASONING = "practical_reasoning"
    PRECEDENT = "precedent"
    RULE = "rule"
    SIGN = "sign"
    VALUES = "values"


class Frozen(BaseModel):
    """A value: immutable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(Frozen):
    """Words of the essay, verbatim, with the number of the line they stand in."""

    line: int = Field(ge=1, strict=True, description="The essay's line, as `nl -ba` counts it.")
    text: Line = Field(description="At least 6 words, copied character for character.")


class Fact(Frozen):
    """A dated fact of the world that cards lean on, with its source."""

    text: Line = Field(description="The fact in one plain sentence.")
    date: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")] = Field(
        description='In double quotes: "2022", "2022-02" or "2022-02-24".'
    )
    source: Line = Field(description="Where one can look it up.")


def _is_empty(values: tuple[object, ...]) -> bool:
    return not values


class Rejoinder(Frozen):
    """What the bot says, drawing on card ``by``, to somebody who answers a card or a counterpoint of its side as in ``meets``."""

    by: CardId = Field(description="The card of the bot's side that it draws on.")
    move: Attack = Field(
        description="deny: not so. mitigate: less than you say. undercut: the reason does not carry it. "
        "turn: it is the other way round. outweigh: even so, this matters more."
    )
    turns: Literal["link", "impact"] | None = Field(
        default=None,
        description="For a turn only. link: the cause leads to the opposite. impact: the result is good.",
    )
    say: Line = Field(description="What the bot says, in at most 45 words, without a question at the end.")
    meets: tuple[Line, ...] = Field(
        min_length=1, description="At least 2 ways in which different people would type what it answers."
    )


class Card(Frozen):
    """One prepared argument: claim (``tag``), reason (``warrant``), weight (``impact``) and evidence."""

    id: CardId = Field(
        description="f01, f02 ... argue for the motion, a01, a02 ... against it. Never reused."
    )
    tag: Line = Field(description="The claim in one plain sentence of at most 18 words.")
    warrant: Line = Field(description="Why it is so, in at most 34 words.")
    impact: Line = Field(description="Why it matters for the motion, in at most 28 words.")
    scheme: Scheme = Field(description="The kind of inference.")
    strength: int = Field(ge=1, le=3, strict=True, description="1 weak, 2 sound, 3 strong.")
    strength_reason: Line = Field(description="One sentence that says why this strength.")
    clash: Name = Field(description="The clash it belongs to.")
    lines: tuple[LineNumber, ...] = Field(
        min_length=1, description="The essay lines that it is drawn from, or answers."
    )
    quotes: tuple[Quote, ...] = Field(default=(), description="What the essay says for it, from these lines.")
    facts: tuple[Name, ...] = Field(default=(), description="The facts that it leans on.")
    phrasings: tuple[Line, ...] = Field(
        default=(), description="At least 6 ways in which different people would type this argument."
    )
    questions: tuple[Line, ...] = Field(
        default=(),
        description="At least 2 critical questions of at most 25 words, each about something in the card.",
    )
    rejoinders: tuple[Rejoinder, ...] = Field(
        default=(),
        exclude_if=_is_empty,
        description="What the bot says to the likeliest answers to this card.",
    )

    @property
    def side(self) -> Side:
        """The side that the card argues for, by the first letter of its id."""
        return Side.FOR if self.id.startswith("f") else Side.AGAINST


class Counterpoint(Rejoinder):
    """An attack prepared from card ``by`` on card ``on``, as one would say it aloud."""

    on: CardId = Field(description="The card under attack.")
    meets: tuple[Line, ...] = Field(
        default=(),
        exclude_if=_is_empty,
        description="Ways in which people argue the card under attack that it answers better than others do.",
    )
    rejoinders: tuple[Rejoinder, ...] = Field(
        default=(),
        exclude_if=_is_empty,
        description="What the bot says to the likeliest answers to this counterpoint.",
    )


class Tension(Frozen):
    """Two cards of one side that contradict each other when held together, and why."""

    cards: tuple[CardId, CardId] = Field(description="Two cards of one side.")
    why: Line = Field(description="Why nobody should hold both.")


class EssayRef(Frozen):
    """Which essay a deck is drawn from, and the plain meaning of its garbled phrases."""

    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+\.txt$")] = Field(
        description="The essay's file name; the file stands beside the deck."
    )
    glosses: dict[Line, Line] = Field(
        default_factory=dict,
        description="Phrase of the essay -> its plain meaning, shown in brackets after a quote.",
    )


class Sides(Frozen):
    """What each side must show, in words that follow "that"."""

    for_: Label = Field(alias="for", description="What the side for the motion must show.")
    against: Label = Field(description="What the side against the motion must show.")

    def __getitem__(self, side: Side) -> str:
        return self.for_ if side is Side.FOR else self.against


class Deck(Frozen):
    """A motion with everything that can be argued about it, as its YAML file holds it.

    ``text`` is the essay; it is set by the loader and is not a key of the file.
    """

    id: DeckId = Field(description="Small letters, digits and hyphens, at most 40.")
    title: Annotated[Line, StringConstraints(max_length=80)] = Field(description="A short name.")
    motion: Annotated[Line, StringConstraints(max_length=200)] = Field(description="The statement debated.")
    background: Line = Field(default="", description="One or two plain sentences for a newcomer.")
    as_of: Line = Field(description="One plain sentence: what the essay cannot know.")
    essay: EssayRef = Field(description="The essay that the deck is drawn from.")
    sides: Sides = Field(description="What each side must show.")
    clashes: dict[Name, Line] = Field(
        min_length=1, description="The questions on which the debate turns; each card belongs to one."
    )
    facts: dict[Name, Fact] = Field(
        default_factory=dict, description="Dated facts that cards lean on, by id."
    )
    cards: tuple[Card, ...] = Field(description="The arguments, at least 4 a side.")
    counterpoints: tuple[Counterpoint, ...] = Field(
        default=(), description="The attacks; at least 3 of 2 moves on every card."
    )
    tensions: tuple[Tension, ...] = Field(default=(), description="Pairs of cards that do not go together.")
    text: Essay

    @cached_property
    def by_id(self) -> dict[str, Card]:
        """The cards by id."""
        return {card.id: card for card in self.cards}

    @cached_property
    def attacks_on(self) -> dict[str, tuple[int, ...]]:
        """Per card, the places in ``counterpoints`` of the attacks on it, in file order."""
        found: dict[str, list[int]] = {card.id: [] for card in self.cards}
        for place, counterpoint in enumerate(self.counterpoints):
            found[counterpoint.on].append(place)
        return {card: tuple(places) for card, places in found.items()}

    @cached_property
    def attacks(self) -> tuple[Rejoinder, ...]:
        """All that the bot may say against an argument: the counterpoints, the rejoinders to answers to them, and those to
        answers to cards."""
        after: tuple[Card | Counterpoint, ...] = (*self.counterpoints, *self.cards)
        return (*self.counterpoints, *(rejoinder for one in after for rejoinder in one.rejoinders))

    @cached_property
    def follows(self) -> dict[int, str]:
        """Per rejoinder, by its place in ``attacks``, what the answers that it meets answer: what a counterpoint says, or the
        id of a card."""
        said = [c.say for c in self.counterpoints for _ in c.rejoinders]
        said += [card.id for card in self.cards for _ in card.rejoinders]
        return dict(enumerate(said, len(self.counterpoints)))

    @cached_property
    def as_json(self) -> str:
        """The deck's whole content, essay included."""
        return self.model_dump_json(by_alias=True)

    @cached_property
    def sha256(self) -> str:
        """The deck's identity: the hash of its whole content."""
        return hashlib.sha256(self.as_json.encode()).hexdigest()

    def but(self, **changes: object) -> Deck:
        """The deck with other values of some keys; what was worked out of the old ones is worked out anew."""
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_construct(**{**kept, **changes})

    def side_cards(self, side: Side) -> tuple[Card, ...]:
        """The cards of ``side``, in file order."""
        return tuple(card for card in self.cards if card.side is side)

    def in_tension(self, card: str, others: Iterable[str]) -> bool:
        """Whether ``card`` contradicts one of ``others`` (see ``tensions``)."""
        held = set(others)
        return any(card in t.cards and held & (set(t.cards) - {card}) for t in self.tensions)

    def label(self, side: Side) -> str:
        """What ``side`` must show, e.g. ``such talks will fail to bring a lasting peace``."""
        return self.sides[side]

    def glosses_in(self, quote: str) -> tuple[tuple[str, str], ...]:
        """The listed phrases that stand in ``quote`` with their plain meanings, in order; of overlapping ones the longest."""
        low, taken = quote.lower(), [False] * len(quote)
        found: list[tuple[int, str]] = []
        for phrase in sorted(self.essay.glosses, key=len, reverse=True):
            at = low.find(phrase.lower())
            if at >= 0 and not any(taken[at : at + len(phrase)]):
                taken[at : at + len(phrase)] = [True] * len(phrase)
                found.append((at, phrase))
        return tuple((phrase, self.essay.glosses[phrase]) for _, phrase in sorted(found))
