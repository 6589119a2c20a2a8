"""The decks on offer: the shipped ones and a person's own, loaded, named and found.

A broken deck is reported and never hides the others. This module must not read the environment, and
knows no platforms or debates: folders and settings are arguments.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from content.checking import Finding, check
from content.deck import Deck, Side
from content.errors import ContentError, UnknownDeck
from content.index import SHIPPED, Entry, as_json, chosen, wanted
from content.loading import load_with_lines
from content.near import nearest

_ROOT = Path(__file__).parent
SEEDS = next((folder for folder in (_ROOT / "seeds", _ROOT.parent / "seeds") if folder.is_dir()), SHIPPED)
"""The essays of the shipped decks: inside an installed package, beside the packages in a checkout."""


@dataclass(frozen=True)
class Library:
    """The decks that can be played, in the order of the offer, and what is wrong with the rest."""

    decks: tuple[Deck, ...]
    problems: tuple[ContentError, ...]
    entries: tuple[Entry, ...]

    @classmethod
    def open(cls, own: Path | None = None, only: str = "", shipped: Path = SHIPPED) -> Library:
        """Loads the shipped decks and those in folder ``own``; ``only`` is the value of ``GADFLY_DECKS``.

        Never raises: a deck that cannot be used is in ``problems``.
        """
        shelf = _Shelf()
        for path in _deck_files(shipped):
            shelf.add(path, shipped=True)
        for path in _deck_files(own) if own else ():
            shelf.add(path, shipped=False)
        return shelf.library(only)

    def __getitem__(self, word: str) -> Deck:
        """The deck with id ``word``; raises ``KeyError``."""
        for deck in self.decks:
            if deck.id == word:
                return deck
        raise KeyError(word)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the decks, in order."""
        return tuple(deck.id for deck in self.decks)

    def led_by(self, id: str) -> Library:
        """The same decks, that of ``id`` first."""
        return replace(self, decks=tuple(sorted(self.decks, key=lambda deck: deck.id != id)))

    def find(self, word: str) -> Deck:
        """The one deck meant by ``word``: its id, the beginning of it, or words of its title or motion.

        Raises :class:`UnknownDeck` where none or several are meant.
        """
        for fits in _FITS:
            found = [deck for deck in self.decks if word.strip() and fits(deck, word.strip().casefold())]
            if len(found) == 1:
                return found[0]
            if found:
                raise _several(word, found)
        raise self._unknown(word)

    def _unknown(self, word: str) -> UnknownDeck:
        names = {name: deck.id for deck in self.decks for name in (deck.id, deck.title.casefold())}
        near = tuple(dict.fromkeys(names[name] for name in nearest(word.casefold(), names, limit=3)))
        mend = f"Did you mean {_either(near)}?" if near else f"There are {', '.join(self.ids) or 'none'}"
        return UnknownDeck(word, near, "No deck has this name", mend)

    def write_index(self, path: Path) -> bool:
        """Writes the index of a person's decks for :func:`content.index.read_entries`; False if it cannot."""
        text = as_json(entry for entry in self.entries if entry.mtime_ns)
        try:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                _replace(path, text)
        except (OSError, UnicodeError):
            return False  # a shortcut only: the next start takes the long way
        return True


def shipped_index(shipped: Path = SHIPPED) -> str:
    """What ``content/decks/index.json`` must hold; raises :class:`ContentError` for a broken deck."""
    library = Library.open(shipped=shipped)
    if library.problems:
        raise library.problems[0]
    return as_json(library.entries)


def _several(word: str, found: list[Deck]) -> UnknownDeck:
    near = tuple(deck.id for deck in found)
    return UnknownDeck(word, near, "Several decks answer to this name", f"Did you mean {_either(near)}?")


def _either(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _in_title(deck: Deck, word: str) -> bool:
    """Whether every word of ``word`` begins a word of the title or the motion."""
    known = _words(f"{deck.id} {deck.title} {deck.motion}")
    asked = _words(word)
    return bool(asked) and all(any(name.startswith(part) for name in known) for part in asked)


_FITS: tuple[Callable[[Deck, str], bool], ...] = (
    lambda deck, word: deck.id == word,
    lambda deck, word: deck.id.startswith(word),
    lambda deck, word: deck.title.casefold() == word,
    _in_title,
)
"""The ways of naming a deck, strictest first."""


def _replace(path: Path, text: str) -> None:
    """Writes all or nothing, so that a reader never meets half an index."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _deck_files(folder: Path) -> list[Path]:
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []  # no folder, no decks
    return [path for path in found if path.suffix in (".yaml", ".yml") and not path.name.startswith(".")]


class _Shelf:
    """Collects decks as they are loaded."""

    def __init__(self) -> None:
        self.decks: dict[str, tuple[Deck, Entry]] = {}
        self.problems: list[ContentError] = []

    def add(self, path: Path, *, shipped: bool) -> None:
        try:
            deck, lines = load_with_lines(path, (SEEDS,))
            if deck.id in self.decks:
                taken = self.decks[deck.id][1].file
                line = lines.get(("id",), 0)
                raise ContentError(
                    path, line, f"The deck id {deck.id} is taken by {taken}", "Give it another id"
                )
            if not shipped:  # shipped decks are checked by the tests
                _refuse_unplayable(path, check(deck, lines))
            self.decks[deck.id] = deck, _entry(deck, path, shipped)
        except ContentError as error:
            self.problems.append(error)

    def library(self, only: str) -> Library:
        offered = [self.decks[word] for word in chosen(self.decks, only)]
        problems = (*self.problems, *self._unknown_choices(only))
        return Library(tuple(deck for deck, _ in offered), problems, tuple(entry for _, entry in offered))

    def _unknown_choices(self, only: str) -> Iterator[ContentError]:
        for word in wanted(only):
            if word not in self.decks:
                near = nearest(word, self.decks)
                mend = f"Did you mean {near[0]}?" if near else f"There are {', '.join(self.decks)}"
                yield ContentError("GADFLY_DECKS", 0, f"There is no deck {word!r}", mend)


def _refuse_unplayable(path: Path, findings: tuple[Finding, ...]) -> None:
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        first, *more = (ContentError(path, error.line, error.problem, error.mend) for error in errors)
        raise ContentError(path, first.line, first.problem, first.mend, tuple(more))


def _entry(deck: Deck, path: Path, shipped: bool) -> Entry:
    found = path.stat()
    return Entry(
        id=deck.id,
        title=deck.title,
        motion=deck.motion,
        for_label=deck.label(Side.FOR),
        against_label=deck.label(Side.AGAINST),
        background=deck.background,
        as_of=deck.as_of,
        cards=len(deck.cards),
        file=path.name,
        size=0 if shipped else found.st_size,
        mtime_ns=0 if shipped else found.st_mtime_ns,
    )
