"""Reads a message on a deck: ``LocalReader`` is the program's ``Reader``, with a local encoder and no network.

    message -> Message (kind) -> Arguments (units, cards, parts) -> Answers (points answered, moves) -> Reading

This module must not know SQL, platforms or the rules of a debate.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np

from bot.reading import anchors
from bot.reading.encoder import Encoder, Floats
from bot.reading.essays import EssayIndex
from bot.reading.heads import Heads, Profile, texts_of
from bot.reading.kinds import KindHead
from bot.reading.learned import Model
from bot.reading.message import Message
from bot.reading.moves import MoveHead
from bot.reading.padding import without_padding
from bot.reading.vectors import Vectors
from bot.readings import Reading, Situation
from content.deck import Deck

MOST_LETTERS = 4000
DECKS_KEPT = 8


class LocalReader:
    """The reader that needs nothing but this package; ``cache`` is the folder for the vectors of strangers' decks.

    Deterministic, blocking and thread-safe. A deck is learned at its first use (under a second once its vectors exist).
    """

    def __init__(self, cache: Path | None = None, encoder: Encoder | None = None) -> None:
        self.encoder = encoder or Encoder()
        self._vectors = Vectors(self.encoder, cache)
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def sha256(self) -> str:
        """The identity of encoder and heads: any change to this package's code makes it another reader."""
        digest = hashlib.sha256(self.encoder.sha256.encode())
        for path in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def prepare(self, deck: Deck) -> None:
        """Learn ``deck`` now, so that the first message need not wait for it."""
        self.model(deck)

    def model(self, deck: Deck) -> Model:
        """What is known of ``deck``, learned at its first use."""
        with self._lock:
            if deck.sha256 not in self._models:
                self._models[deck.sha256] = self._learn(deck)
            self._models.move_to_end(deck.sha256)
            while len(self._models) > DECKS_KEPT:
                self._models.popitem(last=False)
            return self._models[deck.sha256]

    def _learn(self, deck: Deck) -> Model:
        texts, fixed = texts_of(deck), anchors.texts()
        vectors = dict(zip(fixed, self._vectors.named(anchors.NAME, fixed), strict=True))
        vectors |= dict(zip(texts, self._vectors.named(deck.id, texts), strict=True))

        def encode(wanted: Sequence[str]) -> Floats:
            return np.stack([vectors[text] for text in wanted])

        heads = Heads(deck, encode)
        kinds, moves = KindHead(deck, encode), MoveHead(deck, encode)
        return Model(deck, heads, kinds, moves, EssayIndex(deck), vectors, self._encode)

    def _encode(self, text: str) -> Floats:
        vector: Floats = self._vectors.of([text])[0]
        return vector

    def vector(self, model: Model, text: str) -> Floats:
        """The vector of ``text``: a known one where it is a text of the deck."""
        return model.vector(text)

    def profile(self, model: Model, text: str) -> Profile:
        """What the heads make of ``text``."""
        return model.profile(text)

    def read(self, deck: Deck, text: str, situation: Situation) -> Reading:
        """What ``text`` says, in this situation."""
        said = without_padding(cleaned(text))
        return Message(self.model(deck), situation, said, self.encoder.pieces).reading(self.sha256)


def cleaned(text: str) -> str:
    """``text`` with a space for every control or invisible character, never longer than a speech may be."""
    return "".join(
        ch if ch == "\n" or unicodedata.category(ch) not in _UNSEEN else " " for ch in text[:MOST_LETTERS]
    )


_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))
