"""How like texts are: by what they mean as a whole, or word by word.

Either way what all texts of a deck share counts for nothing, for on one motion all are alike.
This module must not know decks or what is predicted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.reading.encoder import Floats, Pieces
from bot.reading.regression import State

_AT_ONCE = 16
"""So many texts are compared with all at once: more would take tens of megabytes."""
_LEAST = 1e-3
"""What is left of no text is less than so much, squared."""


class Apart:
    """Vectors without what those of ``all_of_them`` [texts, dims] share, of length one."""

    def __init__(self, all_of_them: Floats) -> None:
        self._middle = all_of_them.mean(0)

    def __call__(self, vectors: Floats) -> Floats:
        moved = vectors - self._middle
        moved /= np.linalg.norm(moved, axis=-1, keepdims=True) + 1e-9
        out: Floats = moved.astype(np.float32, copy=False)
        return out

    def close(self, left: Floats, right: Floats) -> float:
        """The cosine of two vectors without what all share."""
        return float(np.sum(self(left) * self(right)))


class Meanings:
    """Texts by their ``vectors`` [texts, dims]: alike as these are, without what all share."""

    def __init__(self, vectors: Floats) -> None:
        self._apart = Apart(vectors)
        self._rows = self._apart(vectors)

    def among(self) -> Floats:
        """The cosines of all with all, [texts, texts]."""
        out: Floats = self._rows @ self._rows.T
        return out

    def near(self, vector: Floats) -> Floats:
        """The cosines of all with a text, by its vector [dims], [texts]."""
        out: Floats = self._rows @ self._apart(vector)
        return out

    def state(self) -> State:
        """Nothing: all of it comes from the vectors."""
        return {}


class Wordwise:
    """Texts by the vectors of their ``pieces``: how near, in the mean, each piece of either is to the nearest of the other
    (late interaction, after ColBERT: Khattab and Zaharia, SIGIR 2020), without what is near all texts.

    ``state``: how near each text is to all, in the mean, where it was found out before.
    """

    def __init__(self, pieces: Sequence[Pieces], state: State | None = None) -> None:
        counts = [len(each) for each in pieces]
        self._starts = np.cumsum([0, *counts])[:-1]
        self._counts = np.array(counts, np.float32)
        # A column a piece: so laid out, a product with few rows takes two thirds of the time.
        self._columns = _directions(np.concatenate(pieces))
        self._usual: Floats = np.zeros(len(pieces), np.float32) if state is None else state["usual"]

    def among(self) -> Floats:
        """How like each other they are, [texts, texts]; finds out what is usual."""
        ahead = np.concatenate([self._ahead(at) for at in range(0, len(self._starts), _AT_ONCE)])
        close = (ahead + ahead.T) / 2
        self._usual = close.mean(1)
        return self._apart(close, self._usual[:, None])

    def near(self, pieces: Pieces) -> Floats:
        """How like each of them a text is, by its pieces, [texts]."""
        close = _directions(pieces).T @ self._columns
        ahead = np.maximum.reduceat(close, self._starts, axis=1).mean(0)
        back = np.add.reduceat(close.max(0), self._starts) / self._counts
        near = (ahead + back) / 2
        return self._apart(near, near.mean())

    def state(self) -> State:
        """How near each text is to all, in the mean."""
        return {"usual": self._usual}

    def _ahead(self, first: int) -> Floats:
        """How near the pieces of a few texts are to all texts, [few, texts]."""
        starts, after = (self._starts[at : at + _AT_ONCE] for at in (first, first + _AT_ONCE))
        rows = self._columns[:, starts[0] : after[0] if len(after) else None].T
        best = np.maximum.reduceat(rows @ self._columns, self._starts, axis=1)
        out: Floats = np.add.reduceat(best, starts - starts[0], axis=0)
        return out / self._counts[first : first + _AT_ONCE, None]

    def _apart(self, close: Floats, usual: Floats) -> Floats:
        """``close`` [..., texts] without what is ``usual`` for either text, so that each is as close as 1 to itself: the cosine
        of vectors, whose products ``close`` were, without their mean."""
        all_texts = self._usual.mean()
        moved = close - usual - self._usual + all_texts
        lengths = [np.sqrt(np.maximum(_LEAST, 1 - 2 * each + all_texts)) for each in (usual, self._usual)]
        out: Floats = (moved / (lengths[0] * lengths[1])).astype(np.float32, copy=False)
        return out


def _directions(pieces: Pieces) -> Floats:
    """Vectors of length one, a column each."""
    columns = pieces.T.astype(np.float32, order="C")
    columns /= np.sqrt(np.einsum("ij,ij->j", columns, columns))
    return columns
