"""What the reader has learned of one deck: its heads, its essay and the vectors of its texts.

This module must not know debates.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bot.reading.encoder import Floats
from bot.reading.essays import EssayIndex
from bot.reading.fits import Fits
from bot.reading.heads import Heads, Profile
from bot.reading.signals import known_until
from bot.reading.tones import Tones
from bot.reading.vectors import Halves, Vectors
from bot.reading.words import content, plain, words
from content.deck import Deck, Move, Side

SAYINGS_KEPT = 1000
"""Of so many things that the bot said, or may say, the profile is kept: more than the counterpoints of a large deck."""


@dataclass
class Model:
    """Everything the reader knows of one deck: ``known`` are the vectors of its texts, as they stand in a file, ``passing``
    gives all others."""

    deck: Deck
    heads: Heads
    tones: Tones
    essay: EssayIndex
    known: dict[str, Halves]
    passing: Vectors
    _sayings: OrderedDict[tuple[str, str], Profile] = field(default_factory=OrderedDict)

    @cached_property
    def known_until(self) -> int | None:
        """The last year the deck knows of."""
        return known_until(self.deck)

    @cached_property
    def motion_words(self) -> frozenset[str]:
        """The words of the motion and the sides' labels, which everybody uses."""
        texts = (self.deck.motion, self.deck.title, *map(self.deck.label, Side))
        return frozenset(word for text in texts for word in content(text))

    @cached_property
    def common_words(self) -> frozenset[str]:
        """The words, in lower case, of the motion, the sides and the cards' tags: whom they name, all of the debate is about."""
        texts = (
            self.deck.motion,
            self.deck.title,
            *map(self.deck.label, Side),
            *(c.tag for c in self.deck.cards),
        )
        return frozenset(word for text in texts for word in words(text))

    def vector(self, text: str) -> Floats:
        """The vector of ``text``: a known one where it is a text of the deck."""
        form = plain(text)
        known = self.known.get(form)
        return (
            known.astype(np.float32)
            if known is not None
            else self.passing.of([form], plain(self.deck.motion))[0]
        )

    def profile(self, text: str) -> Profile:
        """What the heads make of ``text``."""
        seen = self.passing.seen(plain(text), plain(self.deck.motion))
        return self.heads.profile(seen.vector, seen.pieces)

    def replies(self, text: str, point: str) -> dict[Move, float]:
        """By which move ``text`` replies to ``point``: a probability each."""
        shares = self.passing.encoder.moves(self.passing.of([plain(text)], plain(point)))[0]
        return {move: float(p) for move, p in zip(Move, shares, strict=True)}

    @cached_property
    def fits(self) -> Fits:
        """Which of the bot's prepared replies meets what was said."""
        return Fits(self.deck, self.heads, self.known, self.saying, self.motion_words)

    def quality(self, vector: Floats) -> float:
        """The share of readers that would find a text with this vector good (0..1)."""
        return float(self.passing.encoder.quality(vector[None])[0])

    def saying(self, text: str, card: str) -> Profile:
        """The profile of what the bot said from ``card``; the last ones are remembered."""
        known = self._sayings.get((text, card))
        if known is None:
            known = self._sayings[text, card] = self.heads.saying(self.vector(text), card)
            if len(self._sayings) > SAYINGS_KEPT:
                self._sayings.popitem(last=False)
        return known
