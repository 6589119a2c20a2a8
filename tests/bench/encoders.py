"""The encoders that benchmarks compare: the published one, frozen, and the one that ships."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from bot.reading.encoder import Encoder, Floats
from bot.reading.words import plain

FROZEN = Path(__file__).parent / "frozen"
"""all-MiniLM-L6-v2 in int8, as it was before it was trained on arguments (see its encoder.json)."""


class Vectors:
    """The vectors of texts by one encoder, each text encoded once.

    The frozen encoder has never seen a context, and reads worse with one: it reads the text alone.
    """

    def __init__(self, name: str, encoder: Encoder, contexts: bool) -> None:
        self.name = name
        self.encoder = encoder
        self._contexts = contexts
        self._known: dict[tuple[str, str], Floats] = {}

    def __call__(self, text: str, context: str = "") -> Floats:
        key = (plain(text), plain(context) if self._contexts else "")
        if key not in self._known:
            self._known[key] = self.encoder.encode([key[0]], key[1])[0]
        return self._known[key]

    def of(self, texts: Iterable[str], context: str = "") -> Floats:
        return np.stack([self(text, context) for text in texts])


def frozen() -> Vectors:
    return Vectors("frozen", Encoder(FROZEN), contexts=False)


def ours(folder: Path | None = None) -> Vectors:
    return Vectors("ours", Encoder(folder) if folder else Encoder(), contexts=True)
