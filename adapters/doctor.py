"""``gadfly doctor``: what works here, what does not, and what to do next. Values of settings are never shown.

This module must not know how anything is mended; it looks and names.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from adapters import VERSION
from adapters.settings import SETTINGS, Settings

OLDEST = (3, 11)
"""The oldest Python that works."""

NEEDED = (
    "alembic",
    "numpy",
    "onnxruntime",
    "prompt_toolkit",
    "pydantic",
    "yaml",
    "rapidfuzz",
    "sqlmodel",
    "tokenizers",
)
"""The packages that must be installed, by the name they are imported by."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``good``, and what to do where it is not (or a hint where it is)."""

    what: str
    says: str
    good: bool = True
    mend: str = ""


def report(settings: Settings, *, quiet: bool) -> int:
    """Prints the findings; the exit status: 0 all well, 1 something does not work."""
    found = list(findings(settings))
    for item in found:
        if not (quiet and item.good):
            print(f"{'ok  ' if item.good else 'BAD '} {item.what}: {item.says}")
            if item.mend:
                print(f"       {item.mend}")
    bad = sum(not item.good for item in found)
    if bad or not quiet:
        print(f"\n{bad} to mend, see BAD above." if bad else "\nAll is well. `gadfly` starts a debate.")
    return 1 if bad else 0


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything looked at, in order."""
    yield Finding("gadfly", VERSION)
    yield _python()
    missing = [name for name in NEEDED if find_spec(name) is None]
    yield _packages(missing)
    yield from _settings(settings)
    yield _folder(settings.home)
    if missing:
        return  # the rest needs the packages
    yield from _database(settings.home)
    yield from _decks(settings)
    yield _model()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= OLDEST
    return Finding("python", version, good, "" if good else "Install Python 3.11 or newer.")


def _packages(missing: list[str]) -> Finding:
    if missing:
        return Finding("packages", f"missing: {', '.join(missing)}", False, "Run ./gadfly, or: pip install .")
    return Finding("packages", "all there")


def _settings(settings: Settings) -> Iterator[Finding]:
    """Names and where they come from, never values."""
    named = [f"{row.name} ({settings.origin[row.name]})" for row in SETTINGS if row.name in settings.origin]
    yield Finding("settings", ", ".join(named) or "none set, all by default")
    for name in settings.unknown:
        yield Finding(
            "settings", f"{name} is no setting", False, f"Known: {', '.join(row.name for row in SETTINGS)}"
        )


def _folder(home: Path) -> Finding:
    there = home
    while not there.exists() and there != there.parent:
        there = there.parent
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding("data folder", str(home) if home.exists() else f"{home} (made at the first debate)")
    mend = "Give yourself write access, or name another folder in GADFLY_HOME."
    return Finding("data folder", f"{home} cannot be written", False, mend)


def _database(home: Path) -> Iterator[Finding]:
    from bot.store.care import health
    from bot.store.errors import StoreError, Trouble
    from bot.store.files import State
    from bot.voice.errors import store_error

    found = health(home)
    trouble = {State.NEWER: Trouble.NEWER, State.CORRUPT: Trouble.CORRUPT}.get(found.state)
    if found.faults and trouble is None:
        trouble = Trouble.CORRUPT
    if trouble is not None:
        says = "; ".join((found.state, *found.faults[:3]))
        yield Finding("database", says, False, store_error(StoreError(trouble, found.path)))
    elif found.state is State.ABSENT:
        yield Finding("database", "none yet (made at the first debate)")
    else:
        upgrade = " (upgraded at the next start)" if found.state is State.OLDER else ""
        yield Finding("database", f"sound, {found.bytes:,} bytes, schema {found.revision}{upgrade}")
        if not found.private:
            hint = f"To keep others on this machine out: chmod -R go= {home}"
            yield Finding("privacy", "others may look into the data folder", mend=hint)
    bug = " (do not open the database with other programs while gadfly runs)" if found.wal_reset_bug else ""
    yield Finding("sqlite", found.sqlite + bug)


def _decks(settings: Settings) -> Iterator[Finding]:
    from bot.voice.errors import content_error
    from content.library import Library

    library = Library.open(settings.own_decks, settings.decks)
    if library.decks:
        yield Finding("decks", ", ".join(library.ids))
    else:
        yield Finding("decks", "none on offer", False, "Take GADFLY_DECKS away, or mend the decks below.")
    for problem in library.problems:
        yield Finding("deck", content_error(problem), False)


def _model() -> Finding:
    from bot.reading.encoder import Encoder, EncoderError

    encoder = Encoder()
    try:
        encoder.encode(("talks",))
    except EncoderError as error:
        return Finding(
            "model", str(error), False, "Install gadfly again: its files are not as they were made."
        )
    return Finding("model", f"{encoder.description['name']}, hash as published")
