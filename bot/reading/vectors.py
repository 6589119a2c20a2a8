"""A cupboard of text vectors, so that a deck is encoded once and not at every start.

A deck that ships with the program has its vectors in this package (``python -m bot.reading.vectors DECK...``
writes them); any other deck's are made at first use and kept in a folder of the caller's. A file names the model
it was made with and every vector the hash of its text, so a changed text or model is simply encoded again.
Vectors are float16 in a file and pass through float16 when fresh, so that both read alike.
This module must not know what a text means or what its vector is used for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from bot.reading.encoder import Encoder, Floats

SHIPPED = Path(__file__).parent / "stored"
SEEDS = Path(__file__).parents[2] / "seeds"
RECENT = 512
"""How many vectors of passing texts (messages, what the bot said) are remembered."""


def key(text: str) -> bytes:
    """What a text's vector is found by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def load(path: Path, model: str) -> dict[bytes, Floats]:
    """The vectors of a file by key; none when it is missing, broken or made with another model."""
    try:
        with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
            if str(file["model"]) != model:
                return {}
            keys, rows = file["keys"], file["rows"].astype(np.float32)
            return {bytes(k): row for k, row in zip(keys, rows, strict=True)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def save(path: Path, model: str, vectors: dict[bytes, Floats]) -> None:
    """Write ``vectors`` to ``path`` all at once, so that no reader ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = sorted(vectors)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            rows = np.stack([vectors[k] for k in keys]).astype(np.float16)
            table = np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), 16)
            np.savez(file, model=np.array(model), keys=table, rows=rows)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def rounded(vectors: Floats) -> Floats:
    """``vectors`` as they are after a stay in a file."""
    out: Floats = vectors.astype(np.float16).astype(np.float32)
    return out


class Vectors:
    """Vectors of texts, from the files where they are there, else from the encoder.

    ``cache`` is the folder for what was encoded here; without it nothing is written.
    """

    def __init__(self, encoder: Encoder, cache: Path | None = None, shipped: Path = SHIPPED) -> None:
        self.encoder = encoder
        self._cache = cache
        self._shipped = shipped
        self._recent: OrderedDict[bytes, Floats] = OrderedDict()
        self._lock = Lock()

    def named(self, name: str, texts: Sequence[str]) -> Floats:
        """The vectors of the fixed ``texts`` known as ``name``; what had to be encoded is kept for next time."""
        model = self.encoder.sha256
        found = load(self._shipped / f"{name}.npz", model)
        wanted = {key(text): text for text in texts}
        if self._cache is not None and not wanted.keys() <= found.keys():
            found |= load(self._cache / f"{name}.npz", model)
        missing = {k: text for k, text in wanted.items() if k not in found}
        if missing:
            fresh = rounded(self.encoder.encode(list(missing.values())))
            found |= dict(zip(missing, fresh, strict=True))
            self._keep(name, model, {k: found[k] for k in wanted})
        return np.stack([found[key(text)] for text in texts])

    def _keep(self, name: str, model: str, vectors: dict[bytes, Floats]) -> None:
        if self._cache is None:
            return
        with contextlib.suppress(
            OSError
        ):  # a full or read-only disk costs time at the next start, not the debate
            save(self._cache / f"{name}.npz", model, vectors)

    def of(self, texts: Sequence[str]) -> Floats:
        """The vectors of passing ``texts``; the last few hundred are remembered."""
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Floats:
        k = key(text)
        with self._lock:
            if k in self._recent:
                self._recent.move_to_end(k)
                return self._recent[k]
        vector: Floats = rounded(self.encoder.encode([text]))[0]
        with self._lock:
            self._recent[k] = vector
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return vector


def ship(name: str, texts: Iterable[str], encoder: Encoder, folder: Path = SHIPPED) -> Path:
    """Write the vectors of ``texts`` to the package, reusing what is there already."""
    unique = list(dict.fromkeys(texts))
    rows = Vectors(encoder, shipped=folder).named(name, unique)
    path = folder / f"{name}.npz"
    save(path, encoder.sha256, dict(zip(map(key, unique), rows, strict=True)))
    return path


def main(arguments: Sequence[str]) -> int:
    """``python -m bot.reading.vectors DECK.yaml ...``: write the vectors that ship with these decks.

    Essays are looked up beside the deck and in the folder ``seeds`` of the checkout.
    """
    from bot.reading import anchors
    from bot.reading.heads import texts_of
    from content.loading import load_deck

    encoder = Encoder()
    written = [ship(anchors.NAME, anchors.texts(), encoder)]
    for argument in arguments:
        deck = load_deck(Path(argument), (SEEDS,))
        written.append(ship(deck.id, texts_of(deck), encoder))
    for path in written:
        print(f"{path} {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
