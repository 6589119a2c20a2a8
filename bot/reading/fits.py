"""Which of the bot's prepared replies meets what was said: counterpoints on the likely cards, and rejoinders.

A counterpoint fits by the card that the words make, by the deck's own head for answers and by how near it is; both it and
a rejoinder by how near the words are to the learners' words it was written for (``meets``), and by the words that they share. How
likely a reply takes up what was said was fitted to labelled replies to speeches of debates (``tests/bench/bench_debates.py``).
This module must not know messages or debates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.reading.encoder import Floats
from bot.reading.heads import Heads, Profile, Profiles
from bot.reading.regression import Doubles, logit, sigmoid
from bot.reading.vectors import Halves
from bot.reading.words import content, plain
from content.deck import Deck, Side

_COUNTERPOINT = np.array([-2.79, 1.18, 0.49, 0.7, 0.37, 0.21, 1.51, 0.18])
"""What one, nearness to the nearest and the next text met, the words shared with the counterpoint and with what it meets, log odds
of an answer, nearness to the counterpoint itself, and log of the card's share count for."""
_REJOINDER = np.array([-4.51, 4.92, 1.51, 0.88, 0.85, 0.52])
"""What the first five, and that the words answer what it follows, count for."""
_OPTION = np.array([-13.0, 4.28, 13.54, 0.14, 1.23, 0.29, 4.43])
"""What the first seven count for where the card is known and replies to it are offered; fitted to messages whose counterpoint
two readers chose (``bench_own.py``)."""
_UNKNOWN, _UNKNOWN_WORDS = (0.4, 0.33), 0.5
"""The two nearnesses of a counterpoint that says of no text that it meets it, and the words shared with such texts."""
_RAREST = 1.0
"""How telling a word is that no reply holds."""
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
        close = (self.rows @ vector).astype(np.float64)
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


class Shared:
    """Which of some texts ``held`` which words of content, and how telling those are that they share with a message: ``rare``
    says so of a word, ``usual`` are those that everybody uses."""

    def __init__(
        self, held: Sequence[Collection[str]], rare: Mapping[str, float], usual: Collection[str]
    ) -> None:
        self._rare, self._usual, self._many = rare, frozenset(usual), len(held)
        places: dict[str, list[int]] = {}
        for at, its_words in enumerate(held):
            for word in its_words:
                places.setdefault(word, []).append(at)
        self._of = {word: np.array(at, np.int32) for word, at in places.items()}

    def __call__(self, text: str) -> Doubles:
        """The sum of how rare the words of ``text`` are that each holds."""
        out = np.zeros(self._many)
        for word in self._telling(text):
            if word in self._of:
                out[self._of[word]] += self._rare.get(word, _RAREST)
        return out

    def between(self, text: str, other: str) -> float:
        """The same for any two texts."""
        both = set(self._telling(text)) & set(content(other))
        return sum(self._rare.get(word, _RAREST) for word in sorted(both))

    def _telling(self, text: str) -> list[str]:
        return sorted(set(content(text)) - self._usual)


def rarity(held: Sequence[Collection[str]]) -> dict[str, float]:
    """How telling each word is that texts ``held``: from 0, it stands in all of them, to nearly 1, in none other."""
    many = Counter(word for its_words in held for word in its_words)
    return {word: float(1 - np.log1p(count) / np.log1p(len(held))) for word, count in many.items()}


class Fits:
    """The replies of one deck; ``saying`` gives the profile of what the bot would say from a card, ``usual`` are the words that
    everybody uses on its motion."""

    def __init__(
        self,
        deck: Deck,
        heads: Heads,
        known: Mapping[str, Halves],
        saying: Callable[[str, str], Profile],
        usual: Collection[str] = (),
    ) -> None:
        self.deck = deck
        self._heads = heads
        self._saying = saying
        self._texts = texts(deck, heads, known)
        says = [set(content(attack.say)) for attack in deck.attacks]
        meets = [{word for text in attack.meets for word in content(text)} for attack in deck.attacks]
        rare = rarity(says)
        self._says, self._meets = Shared(says, rare, usual), Shared(meets, rare, usual)
        self._said = dict[str, Profiles]()
        self._place = {counterpoint.say: at for at, counterpoint in enumerate(deck.counterpoints)}
        self._rejoinders = {
            side: [at for at in deck.follows if deck.by_id[deck.attacks[at].by].side is not side]
            for side in Side
        }

    def __call__(
        self, profile: Profile, text: str, shares: Mapping[str, float], answered: Collection[str] = ()
    ) -> dict[int, float]:
        """How likely each attack on the side of the cards of ``shares`` meets words with this profile, said in ``text``, by its
        place: the counterpoints on those cards, which the words make with these probabilities, and the rejoinders,
        likelier those that follow what was ``answered``: sayings of the bot, and ids of its cards."""
        met = self._met(profile, text)
        found = dict[int, float]()
        for card, share in shares.items():
            measures = self._measures_on(card, profile, met)
            made = np.full(len(measures), np.log(share + _ANY_CARD))
            found |= self._likely(card, np.column_stack([measures, made]) @ _COUNTERPOINT)
        sides = dict.fromkeys(self.deck.by_id[card].side for card in shares)
        after = [at for side in sides for at in self._rejoinders[side]]
        follows = [float(self.deck.follows[at] in answered) for at in after]
        measures = np.column_stack([np.ones(len(after)), met[after], follows])
        return found | dict(zip(after, map(float, sigmoid(measures @ _REJOINDER)), strict=True))

    def on(self, card: str, profile: Profile, text: str) -> dict[int, float]:
        """How well each counterpoint to ``card``, by its place, meets words with this profile, said in ``text``, that make it."""
        return self._likely(card, self._measures_on(card, profile, self._met(profile, text)) @ _OPTION)

    def of_text(self, profile: Profile, text: str, said: Profile, option: str) -> float:
        """How well ``option``, with the profile ``said``, meets words with this profile, said in ``text``, that make the card it
        attacks, 0..1."""
        at = self._place.get(option)
        unknown = np.array([[*_UNKNOWN, self._says.between(text, option), _UNKNOWN_WORDS]])
        met = unknown if at is None else self._met(profile, text)[[at]]
        measures = self._measures(profile, self._heads.together([said]), met)
        return float(sigmoid(measures @ _OPTION)[0])

    def shared(self, text: str, other: str) -> float:
        """How telling the words are that two texts share: the sum of how rare each is among all that the bot may say."""
        return self._says.between(text, other)

    def _likely(self, card: str, odds: Doubles) -> dict[int, float]:
        """The probabilities of the counterpoints to ``card`` by their places; ``odds`` are their log odds."""
        return dict(zip(self.deck.attacks_on[card], map(float, sigmoid(odds)), strict=True))

    def _met(self, profile: Profile, text: str) -> Doubles:
        """What there is to say of each attack by the texts that it meets and its own words, [attacks, 4]: the two nearnesses,
        the words shared with it and with what it meets."""
        near = self._texts.near(self._heads.apart(profile.vector))
        return np.column_stack([near, self._says(text), self._meets(text)])

    def _measures_on(self, card: str, profile: Profile, met: Doubles) -> Doubles:
        """What there is to say of the counterpoints to ``card``, a row each."""
        places = list(self.deck.attacks_on[card])
        if not places:
            return np.empty((0, len(_OPTION)))
        return self._measures(profile, self._attacks_on(card), met[places])

    def _measures(self, profile: Profile, said: Profiles, met: Doubles) -> Doubles:
        """What there is to say of replies with the profiles ``said``, a row each."""
        answers = logit(self._heads.answered_by(profile, said))
        close = said.vectors @ profile.vector
        out: Doubles = np.column_stack([np.ones(len(close)), met, answers, close])
        return out

    def _attacks_on(self, card: str) -> Profiles:
        """The profiles of the counterpoints to a card, made when first asked for."""
        if card not in self._said:
            attacks = [self.deck.counterpoints[at] for at in self.deck.attacks_on[card]]
            said = [self._saying(attack.say, attack.by) for attack in attacks]
            self._said[card] = self._heads.together(said)
        return self._said[card]
