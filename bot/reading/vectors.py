"""A cupboard of what the encoder saw in texts, so that a deck is encoded once and not at every start.

A file names the model it was made with and every vector the hash of its text and context, so a changed text or model
is simply encoded again. Vectors are float16 in a file and pass through float16 when fresh, so that both read alike; pieces
are bytes in both.
This module must not know what a text means or what its vector is used for.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.reading import files
from bot.reading.encoder import Encoder, Floats, Pieces, Seen

Halves = NDArray[np.float16]

RECENT = 512
"""How many vectors of passing texts (messages, what the bot said) are remembered."""
_KEY = 16


def key(text: str, context: str = "") -> bytes:
    """What the vector of a text in its context is found by."""
    return hashlib.sha256(f"{context}\0{text}".encode("utf-8", "surrogatepass")).digest()[:_KEY]


_K = TypeVar("_K")
_L = TypeVar("_L")


@dataclass
class Shelf(Generic[_K]):
    """What is known of texts: the vector of each, and of some the pieces that tell something."""

    vectors: dict[_K, Halves] = field(default_factory=dict)
    pieces: dict[_K, Pieces] = field(default_factory=dict)

    def rows(self, texts: Sequence[_K]) -> Floats:
        """The vectors of ``texts``, [texts, dims]."""
        return np.stack([self.vectors[text] for text in texts]).astype(np.float32)

    def by(self, names: Mapping[_K, _L]) -> Shelf[_L]:
        """What is known of the texts that ``names`` has, by these names."""
        return Shelf(
            {names[k]: row for k, row in self.vectors.items() if k in names},
            {names[k]: rows for k, rows in self.pieces.items() if k in names},
        )

    def add(self, other: Shelf[_K]) -> None:
        """Put what ``other`` knows beside it."""
        self.vectors |= other.vectors
        self.pieces |= other.pieces


def load(path: Path, model: str) -> Shelf[bytes]:
    """What a file holds; nothing when it is missing, broken or made with another model."""
    found = files.load(path, model)
    if not {"keys", "rows", "worded", "lengths", "pieces"} <= found.keys():
        return Shelf()
    keys = [bytes(k) for k in found["keys"]]
    worded = [keys[at] for at in found["worded"]]
    pieces = np.split(found["pieces"], np.cumsum(found["lengths"]))[:-1]
    return Shelf(dict(zip(keys, found["rows"], strict=True)), dict(zip(worded, pieces, strict=True)))


def save(path: Path, model: str, shelf: Shelf[bytes]) -> None:
    """Write ``shelf`` to ``path``. Raises ``OSError``."""
    keys = sorted(shelf.vectors)
    worded = [at for at, k in enumerate(keys) if k in shelf.pieces]
    pieces = [shelf.pieces[keys[at]] for at in worded]
    arrays: dict[str, NDArray[Any]] = {
        "keys": np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), _KEY),
        "rows": np.array([shelf.vectors[k] for k in keys], np.float16),
        "worded": np.array(worded, np.int32),
        "lengths": np.array([len(each) for each in pieces], np.int32),
        "pieces": np.concatenate(pieces) if pieces else np.empty((0, 0), np.int8),
    }
    files.save(path, model, arrays)


def rounded(vectors: Floats) -> Floats:
    """``vectors`` as they are after a stay in a file."""
    out: Floats = vectors.astype(np.float16).astype(np.float32)
    return out


class Vectors:
    """Vectors of texts, from the files ``NAME.npz`` of ``folders`` where they are there, else from the encoder.

    ``cache`` is the folder for what was encoded here; without it nothing is written.
    """

    def __init__(self, encoder: Encoder, folders: Sequence[Path] = (), cache: Path | None = None) -> None:
        self.encoder = encoder
        self._folders = (*folders, *([cache] if cache else []))
        self._cache = cache
        self._recent: OrderedDict[bytes, Seen] = OrderedDict()
        self._lock = Lock()

    def missing(
        self, name: str, texts: Sequence[str], worded: Collection[str] = (), context: str = ""
    ) -> int:
        """How many of the fixed ``texts`` known as ``name`` would have to be encoded; of those ``worded`` the pieces are needed too."""
        wanted = {key(text, context): text for text in texts}
        return len(_missing(wanted, worded, self._found(name, wanted, worded)))

    def named(
        self, name: str, texts: Sequence[str], worded: Collection[str] = (), context: str = ""
    ) -> Shelf[str]:
        """The vectors of the fixed ``texts`` known as ``name``, and the pieces of those ``worded``; what had to be encoded is kept
        for next time."""
        wanted = {key(text, context): text for text in texts}
        found = self._found(name, wanted, worded)
        if missing := _missing(wanted, worded, found):
            for k, text in missing.items():
                seen = self.encoder.see(text, context)
                found.vectors[k] = seen.vector.astype(np.float16)
                if text in worded:
                    found.pieces[k] = seen.told
            if self._cache is not None:
                with contextlib.suppress(OSError):  # a full disk costs time at the next start, not the debate
                    save(self._cache / f"{name}.npz", self.encoder.sha256, found)
        return found.by(wanted)

    def _found(self, name: str, wanted: Mapping[bytes, str], worded: Collection[str]) -> Shelf[bytes]:
        """What files hold of the texts ``wanted``, by key."""
        found = Shelf[bytes]()
        for folder in self._folders:
            if _missing(wanted, worded, found):
                found.add(load(folder / f"{name}.npz", self.encoder.sha256))
        return found.by({k: k for k in wanted})

    def of(self, texts: Sequence[str], context: str = "") -> Floats:
        """The vectors of passing ``texts``; the last few hundred are remembered."""
        return np.stack([self.seen(text, context).vector for text in texts])

    def seen(self, text: str, context: str = "") -> Seen:
        """A passing text; the last few hundred are remembered."""
        k = key(text, context)
        with self._lock:
            if k in self._recent:
                self._recent.move_to_end(k)
                return self._recent[k]
        seen = self.encoder.see(text, context)
        seen = replace(seen, vector=rounded(seen.vector))
        with self._lock:
            self._recent[k] = seen
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return seen


def _missing(wanted: Mapping[bytes, str], worded: Collection[str], found: Shelf[bytes]) -> dict[bytes, str]:
    """The texts ``wanted``, by key, of which not all is ``found`` that is needed."""
    return {
        k: text
        for k, text in wanted.items()
        if k not in found.vectors or (text in worded and k not in found.pieces)
    }
