"""Reads a message on a deck: ``LocalReader`` is the program's ``Reader``, with a local encoder and no network.

    message -> Message (kind) -> Arguments (units, cards, parts) -> Answers (points answered, moves) -> Reading

This module must not know SQL, platforms or the rules of a debate.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread

from bot.reading.built import Builder
from bot.reading.encoder import Encoder, Floats
from bot.reading.heads import Profile
from bot.reading.learned import Model
from bot.reading.message import Message
from bot.reading.padding import without_padding
from bot.readings import Reading, Situation
from content.deck import Deck

MOST_LETTERS = 4000
DECKS_KEPT = 8
AT_ONCE = 400
"""So many texts are encoded while somebody waits (two or three seconds; a deck of 16 cards with 4 phrasings each has 350); more,
and the deck is built in the background."""


class LocalReader:
    """The reader that needs nothing but this package; ``cache`` is the folder for what is made of strangers' decks.

    Deterministic, blocking and thread-safe. A deck that ships, or was built before, is there at once. Another is built
    at its first use; where that takes long, messages are read by few of its texts until it is done.
    """

    def __init__(self, cache: Path | None = None, encoder: Encoder | None = None) -> None:
        self.encoder = encoder or Encoder()
        self._builder = Builder(self.encoder, cache)
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._building: set[str] = set()
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
        """What is known of ``deck``."""
        with self._lock:
            if deck.sha256 not in self._models:
                self._keep(deck, self._learn(deck))
            self._models.move_to_end(deck.sha256)
            return self._models[deck.sha256]

    def _learn(self, deck: Deck) -> Model:
        if (kept := self._builder.kept(deck)) is not None:
            return kept
        if self._builder.to_do(deck) <= AT_ONCE:
            return self._builder.build(deck)
        if deck.sha256 not in self._building:
            self._building.add(deck.sha256)
            Thread(target=self._build, args=(deck,), name=f"build {deck.id}", daemon=True).start()
        return self._builder.quick(deck)

    def _build(self, deck: Deck) -> None:
        """Build ``deck`` beside the debates on it, and read by what was built from then on."""
        try:
            made = self._builder.build(deck)
            with self._lock:
                self._keep(deck, made)
        finally:
            self._building.discard(deck.sha256)

    def _keep(self, deck: Deck, model: Model) -> None:
        self._models[deck.sha256] = model
        while len(self._models) > DECKS_KEPT:
            self._models.popitem(last=False)

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
