"""A debate as the reader sees it: which points words name or answer, and which cards the debate makes likely.

This module must not know messages as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.reading import signals
from bot.reading.heads import Profile, Profiles
from bot.reading.learned import Model
from bot.reading.regression import Doubles
from bot.reading.words import content
from bot.readings import BotPoint, Situation, Weighing

OWN_SIDE = 0.985
"""How likely an argument of the learner's is one for the side the learner took: to be told wrongly that one
helps the other side is worse than not to be told."""
ANSWERED = 0.4
"""From this probability on, words are taken to answer a point."""
NEAR, NOT_FAR = 0.0, -0.05
"""Words that are less near to every text of the deck (see ``Profile``) may be, or surely are, about anything else."""
STRAYS = 0.5
"""From this lead of another tone over "argument" on, words are about anything else, near or far; so chosen that 1 in 100
arguments would be lost and 7 in 10 remarks to a machine that books tables and sets alarms are caught."""
AGAIN, ANSWERING = 2.5, 1.5
"""How much likelier the debate makes a card of one's own that was attacked, and one that answers what was said last."""
FAIR, _CALLED, _SHARED, _NEAREST = 0.25, 0.08, 0.5, -1.0
"""From this nearness on, words mean a point; less will do where they call it "mine" or "yours"; what shared words count;
any nearness will do."""
_GENERIC = frozenset(content("point points argument arguments claim claims case side reason reasons"))
_DECKS_WORD = 0.53
"""What the deck's heads count for in telling an answer, as a power of their odds."""
_SAID_WORDS, _CARD_WORDS, _MOST_WORDS = 2.2, 1.2, 1.0
"""What the telling words count for, in log odds, that words share with what the bot said and with the card it is from; more of
them say no more."""
_ODDS_LATEST, _ODDS_OPEN, _ODDS_CLOSED = 0.68, 0.36, 0.05
"""The odds that a point of the last speech, an older one and one already answered is answered by words that say nothing of it;
these and what stands above were fitted to the speeches of whole debates (``tests/bench/fit_answers.py``)."""
_DECKS_WORD_APART, _MOST_ANSWER = 0.2, 2.4
"""What the deck's heads count for where there is no debate, and the odds of the encoder's own head at which it says nothing of
two texts by themselves."""


class Context:
    """One situation on one deck; it lives as long as a message is being read."""

    def __init__(self, model: Model, situation: Situation) -> None:
        self.model = model
        self.situation = situation
        self._named: dict[str, tuple[int, ...]] = {}
        self._weighings: dict[str, Weighing | None] = {}

    @property
    def bots(self) -> tuple[BotPoint, ...]:
        """All points of the bot's that can be named."""
        return (*self.situation.points, *self.situation.decided)

    def named(self, text: str) -> tuple[int, ...]:
        """The numbers of the points that ``text`` names."""
        if text not in self._named:
            self._named[text] = signals.named(text, self.situation)
        return self._named[text]

    def weighing(self, text: str) -> Weighing | None:
        """The comparison of a point of each side, named by number or in words, that ``text`` makes, if any."""
        if text not in self._weighings:
            self._weighings[text] = signals.weighing(text, self.situation) or self._weighed_in_words(text)
        return self._weighings[text]

    def weighing_of_all(self, text: str) -> Weighing | None:
        """The comparison that the whole speech ``text`` makes; a closing may make it at large."""
        found = self.weighing(text)
        large = signals.at_large(text) if self.situation.closing and found is None else None
        if large is None:
            return found
        mine, theirs = self._sides()
        own, other = self.meant(large.mine, mine, _NEAREST), self.meant(large.yours, theirs, _NEAREST)
        return (
            Weighing(own=own, other=other, words=large.words)
            if own is not None and other is not None
            else None
        )

    def _sides(self) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
        """How the points of the learner, and those of the bot, may be put, by number."""
        mine = {p.number: self._put(p.words, p.card) for p in self.situation.own}
        return mine, {p.number: self._put(p.said, p.card) for p in self.bots}

    def _weighed_in_words(self, text: str) -> Weighing | None:
        mine, theirs = self._sides()
        for one in signals.compared(text, self.situation.closing):
            if set(self.named(one.mine)) & set(theirs):  # "weigh your #3 against ..." without the "your"
                one = replace(one, mine=one.yours, yours=one.mine, called=one.called[::-1])
            own = self.meant(one.mine, mine, _CALLED if one.called[0] else FAIR)
            other = self.meant(one.yours, theirs, _CALLED if one.called[1] else FAIR)
            if self.situation.closing and (own is None) != (other is None):
                # Who closes weighs the case: where one side is plainly meant, the nearest point is the other.
                own = self.meant(one.mine, mine, _NEAREST) if own is None else own
                other = self.meant(one.yours, theirs, _NEAREST) if other is None else other
            if own is not None and other is not None:
                return Weighing(own=own, other=other, words=one.words)
        return None

    def _put(self, said: str, card: str | None) -> tuple[str, ...]:
        """A point as it was put, and the claim of its card."""
        return (said, self.model.deck.by_id[card].tag) if card is not None else (said,)

    def meant(self, words: str, points: Mapping[int, Sequence[str]], least: float) -> int | None:
        """The point (each a number and how it may be put) that ``words`` name, or that they are nearest to, if they are
        near enough or share enough of its words."""
        for number in self.named(words):
            if number in points:
                return number
        said = set(content(words)) - self.model.motion_words - _GENERIC
        if not said or not points:
            return None
        vector = self.model.vector(words)

        def nearness(number: int) -> float:
            forms = points[number]
            shared = max(len(said & set(content(form))) for form in forms) / len(said)
            return (
                max(self.model.heads.close(vector, self.model.vector(form)) for form in forms)
                + _SHARED * shared
            )

        close = {number: nearness(number) for number in points}
        best = max(close, key=lambda number: close[number])
        return best if close[best] >= least else None

    def is_others(self, card: str | None) -> bool:
        """Whether ``card`` is one of the bot's side."""
        return card is not None and self.model.deck.by_id[card].side is not self.situation.side

    # --- which point is answered ---

    def chances(self, text: str, profile: Profile) -> Mapping[int, float]:
        """How likely ``text`` answers each of the bot's live points, by number."""
        odds = {point.number: self._prior_odds(point) for point in self.situation.points}
        return self._chances(text, profile, odds)

    def too_late(self, text: str, profile: Profile) -> Mapping[int, float]:
        """How likely ``text`` answers each of the bot's points that is out of the debate, by number."""
        return self._chances(text, profile, {point.number: _ODDS_OPEN for point in self.situation.decided})

    def _chances(self, text: str, profile: Profile, prior: Mapping[int, float]) -> dict[int, float]:
        """How likely ``text`` answers the points of ``prior``, which has the odds that the debate gives each."""
        if not prior:
            return {}
        found = zip(self.bots, self.model.heads.answers_each(profile, self._said), strict=True)
        apart = {
            point.number: _odds(float(p)) ** _DECKS_WORD * self._by_words(text, point)
            for point, p in found
            if point.number in prior
        }
        return {number: _probability(apart[number] * odds) for number, odds in prior.items()}

    def _by_words(self, text: str, point: BotPoint) -> float:
        """How much likelier ``text`` answers ``point`` for the telling words that they share."""
        card = self.model.deck.by_id[point.card]
        said = self.model.fits.shared(text, point.said)
        of_card = self.model.fits.shared(text, f"{card.tag} {card.warrant}")
        return float(np.exp(_SAID_WORDS * min(said, _MOST_WORDS) + _CARD_WORDS * min(of_card, _MOST_WORDS)))

    @cached_property
    def _said(self) -> Profiles:
        """What the bot's points say; it has made one."""
        said = [self.model.saying(point.said, point.card) for point in self.bots]
        return self.model.heads.together(said)

    def answering(self, point: BotPoint, chance: float, dodge: float) -> float:
        """How likely words answer ``point``: by ``chance``, what deck and debate make of it, and, where the bot made one point
        alone, the encoder's ``dodge``: it tells an answer from a dodge, not which of several points is answered."""
        return _probability(_odds(chance) * _odds(1 - dodge)) if self.is_alone(point) else chance

    def is_alone(self, point: BotPoint) -> bool:
        """Whether ``point`` is all that the bot said last."""
        return signals.latest(self.situation.points) == [point]

    def _prior_odds(self, point: BotPoint) -> float:
        """How much likelier than by the words alone the debate makes it that ``point`` is answered."""
        if point.latest:
            return _ODDS_LATEST
        return _ODDS_OPEN if point.open else _ODDS_CLOSED

    # --- which card is made ---

    def shares(self, profile: Profile) -> Doubles:
        """The probabilities of the cards (deck order), with what the debate makes likely."""
        return weighted(profile.cards, self._weights)

    def own_share(self, profile: Profile) -> float:
        """How likely words make a card of the learner's side, whatever the debate makes likely."""
        own = [card.side is self.situation.side for card in self.model.deck.cards]
        return float(profile.cards[own].sum())

    def borrowed(self, profile: Profile) -> float:
        """How far the words only speak of what the bot's points in play hold: such words make a point of their own."""
        return float(profile.cards[self._in_play].sum())

    @cached_property
    def _weights(self) -> Doubles:
        """What the debate makes of each card: own side, own attacked points, attacks on what the bot said last."""
        deck = self.model.deck
        own = {p.card for p in self.situation.own if p.attacked}
        targets = {p.card for p in self.situation.points if p.latest}
        answering = {deck.counterpoints[k].by for card in targets for k in deck.attacks_on[card]}
        weights = [
            (OWN_SIDE if card.side is self.situation.side else 1 - OWN_SIDE)
            * (AGAIN if card.id in own else 1.0)
            * (ANSWERING if card.id in answering else 1.0)
            for card in deck.cards
        ]
        return np.array(weights) * np.where(self._in_play, 1e-6, 1.0)

    @cached_property
    def _in_play(self) -> NDArray[np.bool_]:
        """Which cards are those of the bot's points: who speaks of them in answer does not make them."""
        cards = {point.card for point in self.bots}
        return np.array([card.id in cards for card in self.model.deck.cards])


def answers_alone(chance: float, dodge: float) -> float:
    """How likely words answer a text, whatever the debate: by ``chance``, what the deck's heads make of the two, and the
    encoder's ``dodge``."""
    return _probability(_odds(chance) ** _DECKS_WORD_APART * _odds(1 - dodge) / _MOST_ANSWER)


def weighted(cards: Doubles, weights: Doubles) -> Doubles:
    """``cards`` times ``weights``, summing to one."""
    product = cards * weights
    out: Doubles = product / product.sum()
    return out


def _odds(p: float) -> float:
    """The odds of ``p``, never quite none or all."""
    return max(p, 1e-6) / max(1e-6, 1 - p)


def _probability(odds: float) -> float:
    return odds / (1 + odds)
