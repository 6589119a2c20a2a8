"""The tone of a text by its meaning: an argument, a question, chat about anything else, and so on.

This module must not know messages as a whole, debates or files.
"""

from __future__ import annotations

import numpy as np

from bot.reading.anchors import KINDS
from bot.reading.encoder import Floats
from bot.reading.likeness import Meanings
from bot.reading.regression import Doubles, Ridge, State
from bot.reading.vectors import Shelf
from bot.reading.words import plain
from bot.readings import Kind
from content.deck import Deck


class Tones:
    """A head over the examples of each kind and the deck's own arguments and questions."""

    def __init__(self, deck: Deck, shelf: Shelf[str], state: State | None = None) -> None:
        texts: list[tuple[str, Kind]] = [(plain(t), kind) for kind, group in KINDS.items() for t in group]
        texts += [(plain(t), Kind.ARGUMENT) for card in deck.cards for t in (*card.phrasings, card.tag)]
        texts += [(plain(q), Kind.QUESTION) for card in deck.cards for q in card.questions]
        self._kinds = tuple(dict.fromkeys(kind for _, kind in texts))
        known = Meanings(shelf.rows([text for text, _ in texts]))
        if state is None:
            self._ridge = self._learned(known, [kind for _, kind in texts])
        else:
            self._ridge = Ridge.restored(known, state)

    def _learned(self, known: Meanings, truth: list[Kind]) -> Ridge[Floats]:
        targets = np.array([[float(kind is k) for k in self._kinds] for kind in truth])
        weights = np.sqrt(30 / targets.sum(0))[targets.argmax(1)]
        ridge = Ridge(known, targets - targets.mean(0), weights)
        ridge.forget()
        return ridge

    def state(self) -> State:
        """What was learned, without the vectors it was learned from."""
        return self._ridge.state()

    def __call__(self, vector: Floats) -> dict[Kind, float]:
        """A score for every kind that the head knows."""
        scores: Doubles = self._ridge(vector)
        return {kind: float(score) for kind, score in zip(self._kinds, scores, strict=True)}
