"""A cupboard of text vectors, so that a deck is encoded once and not at every start.

A file names the model it was made with and every vector the hash of its text and context, so a changed text or model
is simply encoded again. Vectors are float16 in a file and pass through float16 when fresh, so that both read alike.
This module must not know what a text means or what its vector is used for.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.reading import files
from bot.reading.encoder import Encoder, Floats

Halves = NDArray[np.float16]

RECENT = 512
"""How many vectors of passing texts (messages, what the bot said) are remembered."""
_KEY = 16


def key(text: str, context: str = "") -> bytes:
    """What the vector of a text in its context is found by."""
    return hashlib.sha256(f"{context}\0{text}".encode("utf-8", "surrogatepass")).digest()[:_KEY]


def load(path: Path, model: str) -> dict[bytes, Floats]:
    """The vectors of a file by key; none when it is missing, broken or made with another model."""
    found = files.load(path, model)
    if not {"keys", "rows"} <= found.keys():
        return {}
    return {bytes(k): row for k, row in zip(found["keys"], found["rows"].astype(np.float32), strict=True)}


def save(path: Path, model: str, vectors: Mapping[bytes, Floats | Halves]) -> None:
    """Write ``vectors`` to ``path``. Raises ``OSError``."""
    keys = sorted(vectors)
    rows = np.array([vectors[k] for k in keys], np.float16)
    table = np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), _KEY)
    files.save(path, model, {"keys": table, "rows": rows})


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
        self._recent: OrderedDict[bytes, Floats] = OrderedDict()
        self._lock = Lock()

    def missing(self, name: str, texts: Sequence[str], context: str = "") -> int:
        """How many of the fixed ``texts`` known as ``name`` would have to be encoded."""
        return len({key(text, context) for text in texts} - self._found(name, texts, context).keys())

    def named(self, name: str, texts: Sequence[str], context: str = "") -> Floats:
        """The vectors of the fixed ``texts`` known as ``name``; what had to be encoded is kept for next time."""
        found = self._found(name, texts, context)
        missing = {k: text for text in texts if (k := key(text, context)) not in found}
        if missing:
            fresh = rounded(self.encoder.encode(list(missing.values()), context))
            found |= dict(zip(missing, fresh, strict=True))
            if self._cache is not None:
                with contextlib.suppress(OSError):  # a full disk costs time at the next start, not the debate
                    save(self._cache / f"{name}.npz", self.encoder.sha256, found)
        return np.stack([found[key(text, context)] for text in texts])

    def _found(self, name: str, texts: Sequence[str], context: str) -> dict[bytes, Floats]:
        """The vectors of ``texts`` that stand in files."""
        wanted = {key(text, context) for text in texts}
        found: dict[bytes, Floats] = {}
        for folder in self._folders:
            if not wanted <= found.keys():
                found |= load(folder / f"{name}.npz", self.encoder.sha256)
        return {k: row for k, row in found.items() if k in wanted}

    def of(self, texts: Sequence[str], context: str = "") -> Floats:
        """The vectors of passing ``texts``; the last few hundred are remembered."""
        return np.stack([self._one(text, context) for text in texts])

    def _one(self, text: str, context: str) -> Floats:
        k = key(text, context)
        with self._lock:
            if k in self._recent:
                self._recent.move_to_end(k)
                return self._recent[k]
        vector: Floats = rounded(self.encoder.encode([text], context))[0]
        with self._lock:
            self._recent[k] = vector
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return vector
