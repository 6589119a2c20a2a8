"""The heads of a deck: which card a text makes, which it attacks, which side it is on, what answers what.

Learned from what the encoder saw in the deck's own texts: kernel ridge regression, whose held-out scores come in closed
form, so that every probability is calibrated on texts that the fit had not seen. Cards are told word by word, attacks by
what a text means as a whole. (Word and letter n-grams beside the vectors were tried and made the cards worse.)
This module must not know messages, debates or files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.reading.anchors import OUTSIDE
from bot.reading.encoder import Floats, Pieces
from bot.reading.likeness import Apart, Meanings, Wordwise
from bot.reading.regression import Doubles, Logistic, Ridge, State, softmax
from bot.reading.vectors import Shelf
from bot.reading.words import plain, sentences
from content.deck import Card, Counterpoint, Deck, Rejoinder, Side

FARTHEST = 0.03
"""The share of a deck's own phrasings that are as far from all its other texts as words on it may be."""
NEW_SHARE = 0.1
"""How often an argument is expected to lie outside the deck."""

_WEIGHTS = {
    "phrasing": 1.0,
    "tag": 1.0,
    "warrant": 1.0,
    "impact": 0.5,
    "said": 1.0,
    "answer": 1.0,
    "question": 0.5,
}
_SENTENCE = 0.5
"""What a sentence of a longer text weighs beside the whole."""
_MET, _ANSWERS = 2, 1
"""So many of the texts that a counterpoint meets lie near what is said on the deck, and so many of those that a rejoinder meets
are learned as attacks on the card it defends: more take long and teach little."""
_SAID = 3
"""So many counterpoints to a card teach what an answer is."""


@dataclass(frozen=True)
class Row:
    """A text to learn from: the card it makes (or attacks), and the number of the whole text it is a part of."""

    text: str
    card: str
    source: str
    group: int
    weight: float


def _with_sentences(text: str) -> Iterator[tuple[str, float]]:
    yield plain(text), 1.0
    found = [s.text for s in sentences(text) if len(s.text.split()) >= 4]
    if len(found) > 1:
        yield from ((plain(sentence), _SENTENCE) for sentence in found)


def _made_by(card: Card) -> Iterator[tuple[str, str]]:
    yield from ((text, "phrasing") for text in card.phrasings)
    yield from ((card.tag, "tag"), (card.warrant, "warrant"), (card.impact, "impact"))


def making_rows(deck: Deck) -> tuple[Row, ...]:
    """The texts that make a card."""
    found = [(text, card.id, source) for card in deck.cards for text, source in _made_by(card)]
    return tuple(
        Row(plain(text), card, source, group, _WEIGHTS[source])
        for group, (text, card, source) in enumerate(found)
    )


def nearby(deck: Deck) -> tuple[tuple[str, str], ...]:
    """The texts that what is said on a deck lies near, and their sentences, each with the whole text."""
    whole = [deck.motion, *map(deck.label, Side)]
    for card in deck.cards:
        whole += [text for text, _ in _made_by(card)] + [f"{card.tag} {card.warrant}"]
    whole += [c.say for c in deck.counterpoints]
    met = [plain(text) for c in deck.counterpoints for text in c.meets[:_MET]]
    return (
        *((part, plain(text)) for text in whole for part, _ in _with_sentences(text)),
        *zip(met, met, strict=True),
    )


def _rejoinders(deck: Deck) -> Iterator[tuple[str, tuple[Rejoinder, ...]]]:
    """The rejoinders to what learners answer to each card and counterpoint, with the card that they defend."""
    yield from ((c.by, c.rejoinders) for c in deck.counterpoints)
    yield from ((card.id, card.rejoinders) for card in deck.cards)


def attacking_rows(deck: Deck) -> tuple[Row, ...]:
    """The texts that attack a card: the counterpoints on it, what learners answer to those drawn from it, and the critical
    questions put to it."""
    found = [(c.say, c.on, "said") for c in deck.counterpoints]
    found += [
        (text, card, "answer")
        for card, rejoinders in _rejoinders(deck)
        for rejoinder in rejoinders
        for text in rejoinder.meets[:_ANSWERS]
    ]
    found += [(question, card.id, "question") for card in deck.cards for question in card.questions]
    return tuple(
        Row(part, card, source, group, _WEIGHTS[source] * weight)
        for group, (text, card, source) in enumerate(found)
        for part, weight in (_with_sentences(text) if source != "answer" else [(plain(text), 1.0)])
    )


def _answering(deck: Deck) -> list[Counterpoint]:
    """The counterpoints that teach what an answer is."""
    count, out = Counter[str](), list[Counterpoint]()
    for counterpoint in deck.counterpoints:
        count[counterpoint.on] += 1
        if count[counterpoint.on] <= _SAID:
            out.append(counterpoint)
    return out


def texts_of(deck: Deck) -> list[str]:
    """Every text whose vector the heads of ``deck`` need, in a fixed order."""
    found = dict.fromkeys((*(text for text, _ in nearby(deck)), *(row.text for row in attacking_rows(deck))))
    return [*found, *map(plain, OUTSIDE)]


def worded_texts(deck: Deck) -> set[str]:
    """Those of them whose pieces the heads need too."""
    said = (plain(c.say) for c in _answering(deck))
    return {*(row.text for row in making_rows(deck)), *said, *map(plain, OUTSIDE)}


@dataclass(frozen=True)
class Profile:
    """What the heads make of one text: probabilities of the cards it makes and attacks (deck order), of the side
    ``for``, and of being outside the deck; ``near`` is how near its nearest text of the deck is: 1 the same, 0 as far as
    ``FARTHEST`` of the deck's own phrasings are from all others, below 0 farther."""

    vector: Floats
    cards: Doubles
    attacks: Doubles
    for_p: float
    new_p: float
    near: float

    def joined(self, other: Profile, share: float) -> Profile:
        """The profile of a text of which this one's is so great a ``share`` and the ``other``'s is the rest."""
        vector = share * self.vector + (1 - share) * other.vector
        return Profile(
            (vector / (np.linalg.norm(vector) + 1e-9)).astype(np.float32),
            share * self.cards + (1 - share) * other.cards,
            share * self.attacks + (1 - share) * other.attacks,
            share * self.for_p + (1 - share) * other.for_p,
            share * self.new_p + (1 - share) * other.new_p,
            max(self.near, other.near),
        )


@dataclass(frozen=True)
class Profiles:
    """The profiles of some texts, a row each, with what is needed to tell which answers which: the vectors ``apart``, the
    cards that are linked to theirs, and those of their clashes."""

    vectors: Floats
    apart: Floats
    cards: Doubles
    attacks: Doubles
    for_p: Doubles
    links: Doubles
    clashes: Doubles


class Heads:
    """Everything learned from one deck. ``shelf`` has the vectors of fixed texts (see ``texts_of``) and pieces (``worded_texts``).

    The side of a text is that of the cards it makes. (On motions never learned from, a head over these, a score for the sides and
    the encoder's own head, which is at chance there, was right in .70 where the cards alone are in .75.)
    """

    def __init__(self, deck: Deck, shelf: Shelf[str], state: State | None = None) -> None:
        self.deck = deck
        self.ids = [card.id for card in deck.cards]
        self._at = {card: place for place, card in enumerate(self.ids)}
        self._is_for = np.array([card.side is Side.FOR for card in deck.cards])
        self._links = self._linked()
        self._clashes = self._same_clash()
        self._texts = shelf.rows([text for text, _ in nearby(deck)])
        self._apart = Apart(self._texts)
        if state is None:
            self._learn(shelf)
        else:
            self._take(state, shelf)

    def _learn(self, shelf: Shelf[str]) -> None:
        self._learn_cards(shelf)
        self._learn_attacks(shelf)
        self._learn_answers(shelf)
        self._making.forget()
        if self._attacking is not None:
            self._attacking.forget()

    # --- putting away and taking out ---

    def state(self) -> State:
        """What was learned, without the vectors it was learned from."""
        parts = {
            "making": self._making,
            "attacking": self._attacking,
            "new": self._new,
            "answers": self._answers,
        }
        found = {
            f"{part}.{name}": value
            for part, head in parts.items()
            if head is not None
            for name, value in head.state().items()
        }
        return found | {
            "heat": np.array([self._card_heat, self._attack_heat]),
            "floor": np.array(self._floor),
        }

    def _take(self, state: State, shelf: Shelf[str]) -> None:
        """The heads that ``state`` was taken from. Raises ``KeyError`` where a part is missing."""
        making = _part(state, "making")
        self._making = Ridge.restored(_worded(making_rows(self.deck), shelf, making), making)
        attacking = attacking_rows(self.deck)
        self._attacking = (
            Ridge.restored(_meant(attacking, shelf), _part(state, "attacking")) if attacking else None
        )
        self._new = Logistic.restored(_part(state, "new"))
        self._answers = Logistic.restored(_part(state, "answers")) if self.deck.counterpoints else None
        self._card_heat, self._attack_heat = map(float, state["heat"])
        self._floor = float(state["floor"])

    # --- structure of the deck ---

    def _linked(self) -> Doubles:
        links = np.zeros((len(self.ids), len(self.ids)))
        for c in self.deck.counterpoints:
            links[self._at[c.on], self._at[c.by]] = 1
        return links

    def _same_clash(self) -> Doubles:
        clash = np.array([card.clash for card in self.deck.cards])
        out: Doubles = (clash[:, None] == clash[None, :]).astype(np.float64)
        return out

    def _targets(self, rows: Sequence[Row]) -> Doubles:
        """One column a card, centred."""
        out = np.full((len(rows), len(self.ids)), -1 / len(self.ids))
        out[np.arange(len(rows)), [self._at[row.card] for row in rows]] += 1
        return out

    # --- learning ---

    def _learn_cards(self, shelf: Shelf[str]) -> None:
        rows = making_rows(self.deck)
        self._making = Ridge(_worded(rows, shelf), self._targets(rows), _weights(rows))
        scores = np.concatenate([self._making.held_out(np.array([place])) for place in range(len(rows))])
        truth = np.array([self._at[row.card] for row in rows])
        heard = np.array([row.source == "phrasing" for row in rows])
        heard = heard if heard.any() else np.ones(len(rows), bool)
        self._card_heat = _best_temperature(scores[heard], truth[heard])
        spoken = [row.text for row, by in zip(rows, heard, strict=True) if by]
        self._learn_new(spoken, scores[heard], shelf)
        self._held_making = {row.text: score for row, score in zip(rows, scores, strict=True)}

    def _learn_new(self, spoken: Sequence[str], scores: Doubles, shelf: Shelf[str]) -> None:
        """What lies outside the deck is learned from remarks on anything else under the sun.

        (Leaving a whole card out, so that its texts play the new point, was tried: on one motion they look
        just like the texts of the other cards, and nothing is learned.)
        """
        wholes = np.array([whole for _, whole in nearby(self.deck)])
        near = np.array(
            [
                (self._texts @ vector)[wholes != text].max()
                for text, vector in zip(spoken, shelf.rows(spoken), strict=True)
            ],
            np.float64,
        )
        inside = [_new_features(made, close) for made, close in zip(scores, near, strict=True)]
        self._floor = float(np.quantile(near, FARTHEST))
        strange = [plain(text) for text in OUTSIDE]
        outside = [
            _new_features(self._making(shelf.pieces[text]), float((self._texts @ vector).max()))
            for text, vector in zip(strange, shelf.rows(strange), strict=True)
        ]
        labels = np.array([0.0] * len(inside) + [1.0] * len(outside))
        weights = np.where(labels == 1, NEW_SHARE * len(inside) / len(outside), 1 - NEW_SHARE)
        self._new = Logistic(np.array(inside + outside), labels, weights)

    def _learn_attacks(self, shelf: Shelf[str]) -> None:
        rows = attacking_rows(self.deck)
        self._attacking = Ridge(_meant(rows, shelf), self._targets(rows), _weights(rows)) if rows else None
        self._attack_heat = 0.1
        self._held_attacking: dict[str, Doubles] = {}
        if self._attacking is None:
            return
        blocks = _blocks([row.group for row in rows])
        scores = np.concatenate([self._attacking.held_out(block)[:1] for block in blocks])
        truth = np.array([self._at[rows[block[0]].card] for block in blocks])
        said = np.array([rows[block[0]].source == "said" for block in blocks])
        if said.any():
            self._attack_heat = _best_temperature(scores[said], truth[said])
        self._held_attacking = {rows[b[0]].text: scores[i] for i, b in enumerate(blocks)}

    def _learn_answers(self, shelf: Shelf[str]) -> None:
        """From the deck's counterpoints: a text with an attack on it is a pair, with another card's it is none."""
        said, points, labels = list[Profile](), list[Profile](), list[float]()
        profile = lru_cache(maxsize=None)(lambda text: self._held_profile(plain(text), shelf))
        for number, counterpoint in enumerate(_answering(self.deck)):
            on = self.deck.by_id[counterpoint.on]
            for card in (on, *_others(self.deck, on, number)):
                texts = card.phrasings or (card.tag,)
                said.append(profile(counterpoint.say))
                points.append(profile(texts[number % len(texts)]))
                labels.append(float(card is on))
        self._answers = (
            Logistic(_pairs(self.together(said), self.together(points)), np.array(labels)) if said else None
        )

    def _held_profile(self, text: str, shelf: Shelf[str]) -> Profile:
        """The profile of a text of the deck by fits that did not see it."""
        held = self._held_making.get(text)
        made = self._making(shelf.pieces[text]) if held is None else held
        profile = self._profile(shelf.rows([text])[0], made, 0.5)
        if text in self._held_attacking:
            attacks = softmax(self._held_attacking[text], self._attack_heat)
            return replace(profile, attacks=attacks, new_p=0.0, near=0.5)
        return profile

    # --- use ---

    def profile(self, vector: Floats, pieces: Pieces) -> Profile:
        """What the heads make of a text with this vector and these pieces."""
        near = float((self._texts @ vector).max())
        return self._profile(vector, self._making(pieces), near)

    def _profile(self, vector: Floats, scores: Doubles, near: float) -> Profile:
        cards = softmax(scores, self._card_heat)
        for_p = float(cards[self._is_for].sum())
        new_p = float(self._new(np.array([_new_features(scores, near)]))[0])
        return Profile(
            vector, cards, self._attacks(vector), for_p, new_p, (near - self._floor) / (1 - self._floor)
        )

    def _attacks(self, vector: Floats) -> Doubles:
        if self._attacking is None:
            return np.full(len(self.ids), 1 / len(self.ids))
        return softmax(self._attacking(vector), self._attack_heat)

    def answers_each(self, said: Profile, points: Profiles) -> Doubles:
        """How likely a text is an answer to each of others (0..1)."""
        return self._related(self.together([said]), points)

    def answered_by(self, said: Profile, others: Profiles) -> Doubles:
        """How likely each of other texts is an answer to a text (0..1)."""
        return self._related(others, self.together([said]))

    def _related(self, said: Profiles, points: Profiles) -> Doubles:
        measures = _pairs(said, points)
        return np.maximum(0.0, measures[:, 0]) if self._answers is None else self._answers(measures)

    def together(self, profiles: Sequence[Profile]) -> Profiles:
        """``profiles``, at least one, in rows."""
        vectors = np.stack([profile.vector for profile in profiles])
        cards = np.stack([profile.cards for profile in profiles])
        return Profiles(
            vectors=vectors,
            apart=self.apart(vectors),
            cards=cards,
            attacks=np.stack([profile.attacks for profile in profiles]),
            for_p=np.array([profile.for_p for profile in profiles]),
            links=cards @ self._links,
            clashes=cards @ self._clashes,
        )

    def saying(self, vector: Floats, card: str) -> Profile:
        """The profile of what the bot said from ``card``: only what it attacks is left to be told from its vector."""
        cards = np.zeros(len(self.ids))
        cards[self._at[card]] = 1
        return Profile(vector, cards, self._attacks(vector), float(self._is_for[self._at[card]]), 0.0, 1.0)

    def apart(self, vectors: Floats) -> Floats:
        """Vectors without what all texts of the deck share, of length one."""
        return self._apart(vectors)

    def close(self, left: Floats, right: Floats) -> float:
        """The cosine of two vectors without what all texts of the deck share."""
        return self._apart.close(left, right)


def _pairs(said: Profiles, points: Profiles) -> Doubles:
    """What there is to say of each text and the point it may answer, a row each; one text or one point alone goes with all
    of the others."""
    near = (said.apart * points.apart).sum(1, dtype=np.float64)
    meets = (points.cards * said.attacks).sum(1)
    linked, clash = (points.links * said.cards).sum(1), (points.clashes * said.cards).sum(1)
    opposed = said.for_p * (1 - points.for_p) + points.for_p * (1 - said.for_p)
    logs = [np.log(value + 0.02) for value in (meets, linked, clash)]
    out: Doubles = np.column_stack([near, *logs, opposed])
    return out


def _worded(rows: Sequence[Row], shelf: Shelf[str], state: State | None = None) -> Wordwise:
    return Wordwise([shelf.pieces[row.text] for row in rows], state)


def _meant(rows: Sequence[Row], shelf: Shelf[str]) -> Meanings:
    return Meanings(shelf.rows([row.text for row in rows]))


def _weights(rows: Sequence[Row]) -> Doubles:
    return np.array([row.weight for row in rows])


def _part(state: State, name: str) -> State:
    return {key.removeprefix(f"{name}."): value for key, value in state.items() if key.startswith(f"{name}.")}


def _new_features(scores: Doubles, near: float) -> list[float]:
    best = np.sort(scores)
    return [float(best[-1]), float(best[-1] - best[-2]) if len(best) > 1 else 0.0, near]


def _blocks(groups: Sequence[int]) -> list[NDArray[np.intp]]:
    """The places of each group, in order."""
    array = np.array(groups)
    return [np.flatnonzero(array == group) for group in dict.fromkeys(groups)]


def _best_temperature(scores: Doubles, truth: NDArray[np.intp]) -> float:
    """The temperature at which the held-out probabilities fit best."""
    rows = np.arange(len(truth))

    def loss(heat: float) -> float:
        return float(-np.log(softmax(scores, heat)[rows, truth] + 1e-9).mean())

    return min((float(h) for h in np.geomspace(0.01, 1.0, 25)), key=loss)


def _others(deck: Deck, on: Card, number: int) -> list[Card]:
    """Cards that an attack on ``on`` does not answer: two of its clash or side, one of the attacker's side."""
    peers = [c for c in deck.side_cards(on.side) if c is not on]
    near = [c for c in peers if c.clash == on.clash] or peers
    far = list(deck.side_cards(on.side.other))
    picks = [near[number % len(near)]] if near else []
    picks += [peers[(number * 7 + k) % len(peers)] for k in range(2)] if peers else []
    return picks + ([far[(number * 5) % len(far)]] if far else [])
