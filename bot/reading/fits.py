"""Which of the bot's prepared replies meets what was said: counterpoints on the likely cards, and rejoinders.

A counterpoint fits by the card that the words make, by the deck's own head for answers and by how near it is; both it and
a rejoinder by how near the words are to the learners' words it was written for (``meets``). How likely a reply takes up what was
said was fitted to labelled replies to speeches of debates, which of a card's counterpoints does so best to messages whose
counterpoint two readers chose (``tests/bench/bench_debates.py``, ``bench_own.py``).
This module must not know messages or debates.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.reading.encoder import Floats
from bot.reading.heads import Heads, Profile, Profiles
from bot.reading.regression import Doubles, dots, logit, sigmoid
from bot.reading.vectors import Halves
from bot.reading.words import plain
from content.deck import Deck, Side

_COUNTERPOINT = np.array([-2.11, 0.67, 1.1, 0.24, 2.74, 0.05])
"""What one, nearness to the nearest and the next text met, log odds of an answer, nearness to the counterpoint itself and log of
the card's share count for."""
_BEST = np.array([-7.0, 9.5, 11.5, 0.13, 2.9])
"""What all but the last count for in choosing among the counterpoints to one card."""
_BEHIND = 0.1
"""So much, as a power of e, a counterpoint loses for what it lags behind the best one to its card."""
_REJOINDER = np.array([-3.59, 6.5, 2.17, 0.73])
"""What one, the two nearnesses, and that the words answer what it follows, count for."""
_UNKNOWN = (0.4, 0.33)
"""The two nearnesses of a counterpoint that says of no text that it meets it."""
_ANY_CARD = 1e-3
"""What a card counts at least."""


@dataclass(frozen=True)
class Texts:
    """The learners' texts that attacks meet: their vectors ``apart``, and per attack the rows of its texts (-1: none)."""

    rows: Floats
    of: NDArray[np.intp]

    def near(self, vector: Floats) -> Doubles:
        """How near ``vector`` (apart) is to the nearest and the next of the texts of each attack, [attacks, 2]."""
        if not len(self.rows):
            return np.tile(_UNKNOWN, (len(self.of), 1))
        close = dots(self.rows, vector).astype(np.float64)
        found = np.where(self.of >= 0, close[self.of], -1.0)
        found.sort(axis=1)
        best = found[:, ::-1][:, :2]
        best = np.where(best >= -0.99, best, best[:, :1])  # of one text alone, twice the same
        out: Doubles = np.where((self.of >= 0).any(1, keepdims=True), best, np.array(_UNKNOWN))
        return out


def texts(deck: Deck, heads: Heads, known: Mapping[str, Halves]) -> Texts:
    """The texts that the attacks of ``deck`` meet, as far as their vectors are ``known``."""
    met = [[known[plain(text)] for text in attack.meets if plain(text) in known] for attack in deck.attacks]
    of = np.full((len(met), max([2, *map(len, met)])), -1, np.intp)
    rows, end = list[Floats](), 0
    for at, vectors in enumerate(met):
        if vectors:  # few at a time: a copy of all of them at once is tens of megabytes
            rows.append(heads.apart(np.stack(vectors).astype(np.float32)))
        of[at, : len(vectors)] = range(end, end + len(vectors))
        end += len(vectors)
    return Texts(np.concatenate(rows) if rows else np.empty((0, 0), np.float32), of)


class Fits:
    """The replies of one deck; ``saying`` gives the profile of what the bot would say from a card."""

    def __init__(
        self,
        deck: Deck,
        heads: Heads,
        known: Mapping[str, Halves],
        saying: Callable[[str, str], Profile],
    ) -> None:
        self.deck = deck
        self._heads = heads
        self._saying = saying
        self._texts = texts(deck, heads, known)
        self._said = dict[str, Profiles]()
        self._place = {counterpoint.say: at for at, counterpoint in enumerate(deck.counterpoints)}
        self._rejoinders = {
            side: [at for at in deck.follows if deck.by_id[deck.attacks[at].by].side is not side]
            for side in Side
        }

    def __call__(
        self, profile: Profile, shares: Mapping[str, float], answered: Collection[str] = ()
    ) -> dict[int, float]:
        """How likely each attack on the side of the cards of ``shares`` meets words with this profile, by its place: the
        counterpoints on those cards, which the words make with these probabilities, and the rejoinders, likelier those
        that follow what was ``answered``: sayings of the bot, and ids of its cards."""
        near = self._near(profile)
        found = dict[int, float]()
        for card, share in shares.items():
            found |= self._counterpoints(profile, card, share, near)
        sides = dict.fromkeys(self.deck.by_id[card].side for card in shares)
        after = [at for side in sides for at in self._rejoinders[side]]
        follows = [float(self.deck.follows[at] in answered) for at in after]
        measures = np.column_stack([np.ones(len(after)), near[after], follows])
        return found | dict(zip(after, map(float, sigmoid(measures @ _REJOINDER)), strict=True))

    def _near(self, profile: Profile) -> Doubles:
        return self._texts.near(self._heads.apart(profile.vector))

    def _counterpoints(self, profile: Profile, card: str, share: float, near: Doubles) -> dict[int, float]:
        """Those on one card, which the words make with the probability ``share``: the best is as likely as any of them to take
        the words up, the others are behind it."""
        places = self.deck.attacks_on[card]
        if not places:
            return {}
        measures = self._measures(profile, self._attacks_on(card), near[list(places)])
        likely = sigmoid(measures @ _COUNTERPOINT[:-1] + _COUNTERPOINT[-1] * np.log(share + _ANY_CARD))
        best = measures @ _BEST
        found = likely.max() * np.exp(_BEHIND * (best - best.max()))
        return dict(zip(places, map(float, found), strict=True))

    def _attacks_on(self, card: str) -> Profiles:
        """The profiles of the counterpoints to a card, made when first asked for."""
        if card not in self._said:
            attacks = [self.deck.counterpoints[at] for at in self.deck.attacks_on[card]]
            said = [self._saying(attack.say, attack.by) for attack in attacks]
            self._said[card] = self._heads.together(said)
        return self._said[card]

    def of_text(self, profile: Profile, said: Profile, text: str) -> float:
        """How well ``text``, with the profile ``said``, meets words that make the card it attacks, 0..1."""
        at = self._place.get(text)
        near = np.array([_UNKNOWN]) if at is None else self._near(profile)[[at]]
        return float(sigmoid(self._measures(profile, self._heads.together([said]), near) @ _BEST)[0])

    def _measures(self, profile: Profile, said: Profiles, near: Doubles) -> Doubles:
        """What there is to say of replies with the profiles ``said``, a row each."""
        answers = logit(self._heads.answered_by(profile, said))
        close = dots(said.vectors, profile.vector)
        out: Doubles = np.column_stack([np.ones(len(close)), near, answers, close])
        return out
