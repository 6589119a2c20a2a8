"""What the start shows of each deck before any deck is loaded: a JSON index, read with the standard library.

``content/decks/index.json`` lists the shipped decks and is committed; an index of a person's own decks is
written by :class:`content.library.Library`. An entry whose deck has changed since is left out. This module
must import nothing that is slow: no pydantic, no YAML, nothing of ``content``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

SHIPPED = Path(__file__).parent / "decks"
"""The folder of the shipped decks."""

INDEX = SHIPPED / "index.json"
"""The index of the shipped decks."""


class Entry(NamedTuple):
    """A deck in brief. ``size`` and ``mtime_ns`` are 0 for a shipped deck: a test keeps their index fresh."""

    id: str
    title: str
    motion: str
    for_label: str
    against_label: str
    background: str
    as_of: str
    cards: int
    file: str
    size: int
    mtime_ns: int


def read_entries(own: Path | None = None, cache: Path | None = None, only: str = "") -> tuple[Entry, ...]:
    """The decks on offer, shipped ones first: those of index ``cache`` that still stand unchanged in ``own``.

    ``only`` is the value of ``GADFLY_DECKS``. Never raises: what cannot be read is left out.
    """
    entries = {entry.id: entry for entry in _read(INDEX)}
    if own is not None and cache is not None:
        fresh = (entry for entry in _read(cache) if _is_fresh(own / entry.file, entry))
        entries = {**{entry.id: entry for entry in fresh}, **entries}
    ids = sorted(entries, key=lambda word: (entries[word].mtime_ns != 0, word))
    return tuple(entries[word] for word in chosen(ids, only))


def wanted(only: str) -> tuple[str, ...]:
    """The ids in ``GADFLY_DECKS`` (comma-separated), in its order, each once; none means all decks."""
    words = (word.strip().lower() for word in only.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def chosen(ids: Collection[str], only: str) -> tuple[str, ...]:
    """``ids`` limited to and ordered by ``only``; all of them where it is empty."""
    return tuple(word for word in wanted(only) or ids if word in ids)


def as_json(entries: Iterable[Entry]) -> str:
    """The text of an index file."""
    return json.dumps([entry._asdict() for entry in entries], ensure_ascii=False, indent=1) + "\n"


def _read(path: Path) -> tuple[Entry, ...]:
    try:
        found: Any = json.loads(path.read_bytes())
        return tuple(_entry(item) for item in found)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ()  # an index is a shortcut; the decks themselves are loaded anyway


def _entry(item: dict[str, Any]) -> Entry:
    entry = Entry(**item)
    if [type(value) for value in entry] != _TYPES:
        raise TypeError(item)
    return entry


_TYPES = [str] * 7 + [int, str, int, int]


def _is_fresh(path: Path, entry: Entry) -> bool:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return False
    return (found.st_size, found.st_mtime_ns) == (entry.size, entry.mtime_ns)
