"""Scripted learners who play whole debates: the measure of whether a deck is fair to both sides.

A scripted learner speaks from the deck itself (a phrasing of a card, often its reason and its weight, an answer to the
bot's last point), as well on either side. Pure but for the reader. This module must not know platforms or the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean

from bot.debate import rules
from bot.debate.debate import SPEECHES, Debate, Point, follow, replay
from bot.debate.entries import Level, Spoke
from bot.debate.flow import State
from bot.debate.judging import Rubric, judge
from bot.readings import Reader
from content.deck import Card, Deck, Side

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""A scrimmage has no time of day: the same deck plays the same debates."""

MESSAGES = 3 * SPEECHES
"""A scripted learner gives up after so many messages, counted as speeches or not."""

FAIR = 3.0
"""The most ballot points by which the averages of the two sides may differ."""


@dataclass(frozen=True)
class Scrimmage:
    """The scores of the scripted learners, debate by debate, on each side."""

    scores: dict[Side, tuple[float, ...]]

    @property
    def means(self) -> dict[Side, float]:
        return {side: round(fmean(scores), 1) for side, scores in self.scores.items()}

    @property
    def difference(self) -> float:
        """By how many ballot points the learners for the motion did better than those against it."""
        return round(fmean(self.scores[Side.FOR]) - fmean(self.scores[Side.AGAINST]), 1)

    @property
    def fair(self) -> bool:
        return abs(self.difference) <= FAIR


def play(deck: Deck, reader: Reader, rubric: Rubric, debates: int = 40) -> Scrimmage:
    """Play ``debates`` debates, half on each side, the levels in turn, both sides from the same seeds."""
    levels = tuple(Level)
    scores: dict[Side, tuple[float, ...]] = {}
    for side in Side:
        played = (
            debate(deck, reader, rubric, side, levels[seed % len(levels)], seed)
            for seed in range(debates // 2)
        )
        scores[side] = tuple(judge(one, rubric).total for one in played)
    return Scrimmage(scores)


def debate(deck: Deck, reader: Reader, rubric: Rubric, side: Side, level: Level, seed: int) -> Debate:
    """One whole debate of a scripted learner."""
    now = replay(deck, rules.start(deck, rubric, side, level, seed, EPOCH))
    while now.ended is None and len(now.answered) < MESSAGES:
        text = speech(now, seed)
        now = follow(now, Spoke(key=str(now.length), text=text, at=EPOCH))
        now = follow(now, *rules.answer(now, reader.read(deck, text, now.situation()), rubric))
    return now


def speech(debate: Debate, seed: int) -> str:
    """What the scripted learner says next."""
    if debate.closing:
        return _closing(debate)
    return " ".join((*_answer(debate, seed), *_argument(debate, seed)))


def _argument(debate: Debate, seed: int) -> Iterator[str]:
    """A card not yet argued: how somebody might put it, mostly with its reason, at times with its weight."""
    card = _next_card(debate, seed)
    chance = _dice(seed, len(debate.answered))
    yield card.phrasings[chance % len(card.phrasings)] if card.phrasings else card.tag
    if chance % 4:
        yield f"Because {card.warrant[0].lower()}{card.warrant[1:]}"
    if chance % 3 == 0:
        yield f"Therefore {card.impact[0].lower()}{card.impact[1:]}"


def _next_card(debate: Debate, seed: int) -> Card:
    """A card not yet argued and at peace with those that were; its strength goes by the speech, alike on both sides."""
    cards = sorted(debate.deck.side_cards(debate.side), key=lambda card: _dice(seed, card.id))
    held = [point.card for point in debate.yours if point.card]
    fresh = [card for card in cards if card.id not in held and not debate.deck.in_tension(card.id, held)]
    wanted = (3, 2, 2, 1, 2)[debate.next_speech - 1]
    return next((card for card in fresh if card.strength == wanted), (fresh or cards)[0])


def _answer(debate: Debate, seed: int) -> Iterator[str]:
    """The deck's answer to a point of the bot that is open, in three cases of four."""
    chance = _dice(seed, "answer", debate.next_speech)
    open_points = [point for point in debate.bots if point.state is State.OPEN]
    if not open_points or chance % 4 == 0:
        return
    point = open_points[-1]
    held = [own.card for own in debate.yours if own.card]
    attacks = [
        at
        for at in debate.deck.attacks_on.get(point.card or "", ())
        if not debate.deck.in_tension(debate.deck.counterpoints[at].by, held)
    ]
    if attacks:
        yield debate.deck.counterpoints[attacks[chance % len(attacks)]].say


def _closing(debate: Debate) -> str:
    own = _heaviest([point for point in debate.yours if not point.helps_other])
    other = _heaviest(list(debate.bots))
    if own is None or other is None or own.card is None:
        return "That is my case, and it stands."
    why = debate.deck.by_id[own.card].impact
    return f"My #{own.number} matters more than your #{other.number} because {why[0].lower()}{why[1:]}"


def _heaviest(points: list[Point]) -> Point | None:
    return max(
        points, key=lambda point: (point.state is State.OPEN, point.strength, -point.number), default=None
    )


def _dice(*what: object) -> int:
    return int(hashlib.sha256(repr(what).encode()).hexdigest()[:8], 16)
