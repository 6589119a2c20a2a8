"""A deck as the reader needs it, built once and kept: the vectors of its texts and the heads learned from them.

Both are files with the hash of the model they were made with; the heads' also with that of the deck and of the code
that learns. A deck that ships with the program has its files in this package, any other deck's are made at first use,
or before it by ``gadfly deck build``, and kept in a folder of the caller's.
This module must not know messages or debates.
"""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache
from pathlib import Path

from bot.reading import anchors, files, vectors
from bot.reading.encoder import Encoder
from bot.reading.essays import EssayIndex
from bot.reading.heads import Heads, texts_of, worded_texts
from bot.reading.learned import Model
from bot.reading.regression import State
from bot.reading.tones import Tones
from bot.reading.vectors import Shelf, Vectors
from bot.reading.words import plain
from content.deck import Deck

SHIPPED = Path(__file__).parent / "stored"
_LEARNERS = ("anchors.py", "heads.py", "likeness.py", "regression.py", "tones.py", "words.py")
_QUICK = 2
"""Phrasings a card that are enough to play by at once."""


@cache
def _learners() -> str:
    """The hash of the code that learns."""
    code = b"".join(Path(__file__).with_name(name).read_bytes() for name in _LEARNERS)
    return hashlib.sha256(code).hexdigest()


def stamp(deck: Deck, encoder: Encoder) -> str:
    """What heads must have been made of to be those of ``deck``."""
    return f"deck {deck.sha256} model {encoder.sha256} code {_learners()}"


def fixed_texts(deck: Deck) -> list[str]:
    """Every text whose vector is needed to read messages on ``deck``."""
    met = (plain(text) for attack in deck.attacks for text in attack.meets)
    return list(dict.fromkeys((*texts_of(deck), *met, *anchors.texts())))


class Builder:
    """Builds decks. ``cache`` is the folder for what is made here; without it nothing is written."""

    def __init__(self, encoder: Encoder, cache: Path | None = None, shipped: Path = SHIPPED) -> None:
        self.encoder = encoder
        self.vectors = Vectors(encoder, (shipped,), cache)
        self._folders = (shipped, *([cache] if cache else []))
        self._cache = cache

    def to_do(self, deck: Deck) -> int:
        """How many texts of ``deck`` would have to be encoded before messages can be read on it."""
        return self.vectors.missing(deck.id, fixed_texts(deck), worded_texts(deck), plain(deck.motion))

    def kept(self, deck: Deck) -> Model | None:
        """Everything the reader knows of ``deck``, where it was built before."""
        wanted = stamp(deck, self.encoder)
        for folder in self._folders:
            if state := files.load(_heads(folder, deck), wanted):
                with contextlib.suppress(KeyError, ValueError):
                    return self._model(deck, state)
        return None

    def build(self, deck: Deck) -> Model:
        """Everything the reader knows of ``deck``, learned now and kept for next time."""
        made = self._model(deck, None)
        if self._cache is not None:
            with contextlib.suppress(OSError):  # a full disk costs time at the next start, not the debate
                files.save(_heads(self._cache, deck), stamp(deck, self.encoder), _state(made))
        return made

    def quick(self, deck: Deck) -> Model:
        """A model of ``deck`` by few of its texts, soon there even for a large deck; nothing is kept."""
        cards = tuple(c.model_copy(update={"phrasings": c.phrasings[:_QUICK]}) for c in deck.cards)
        few = deck.but(cards=cards, counterpoints=())
        made = Builder(self.encoder)._model(few, None)
        return Model(deck, made.heads, made.tones, made.essay, made.known, self.vectors)

    def _model(self, deck: Deck, state: State | None) -> Model:
        shelf = self.shelf(deck)
        heads = Heads(deck, shelf, _under(state, "heads."))
        tones = Tones(deck, shelf, _under(state, "tones."))
        return Model(deck, heads, tones, EssayIndex(deck), shelf.vectors, self.vectors)

    def shelf(self, deck: Deck) -> Shelf[str]:
        """What the encoder sees in the fixed texts of ``deck``."""
        return self.vectors.named(deck.id, fixed_texts(deck), worded_texts(deck), plain(deck.motion))


def _heads(folder: Path, deck: Deck) -> Path:
    return folder / f"{deck.id}.heads.npz"


def _state(model: Model) -> State:
    heads = {f"heads.{name}": value for name, value in model.heads.state().items()}
    return heads | {f"tones.{name}": value for name, value in model.tones.state().items()}


def _under(state: State | None, prefix: str) -> State | None:
    if state is None:
        return None
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def build(deck: Deck, encoder: Encoder, folder: Path) -> tuple[Path, Path]:
    """Write the vectors and heads of ``deck`` to ``folder``, reusing vectors that are there; returns the two files. Raises
    ``OSError`` where they cannot be written."""
    builder = Builder(encoder, shipped=folder)
    shelf, about = builder.shelf(deck), plain(deck.motion)
    paths = folder / f"{deck.id}.npz", _heads(folder, deck)
    vectors.save(
        paths[0], encoder.sha256, shelf.by({text: vectors.key(text, about) for text in shelf.vectors})
    )
    files.save(paths[1], stamp(deck, encoder), _state(builder.build(deck)))  # from the file just written
    return paths
