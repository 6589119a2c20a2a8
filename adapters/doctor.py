"""``gadfly doctor``: what works here, what does not, and what to do next. Values of settings are never shown.

This module must not know how anything is mended; it looks and names.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from adapters import VERSION
from adapters.installed import BrokenInstall, rubrics, try_model
from adapters.settings import SETTINGS, Settings
from bot.store.errors import Trouble, probe, trouble
from bot.store.files import DATABASE, LOCK

OLDEST = (3, 11)
"""The oldest Python that works."""

LITTLE = 20_000_000
"""Bytes free on the disk below which a hint is given."""

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
    yield _discord(settings)
    yield _slack(settings)
    yield _folder(settings.home)
    if missing:
        return  # the rest needs the packages
    yield from _database(settings.home)
    yield from _decks(settings)
    yield _model()
    yield _rubrics()


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


def _discord(settings: Settings) -> Finding:
    """Whether there is a token; whether it is a good one only Discord knows."""
    if settings.discord_token.strip():
        return Finding(
            "discord", "a token is set", mend="`gadfly discord --check` asks Discord what is missing."
        )
    hint = "Only `gadfly discord` needs one: README.md, “Discord”; then `gadfly discord --check`."
    return Finding("discord", "no token is set", mend=hint)


def _slack(settings: Settings) -> Finding:
    """Which of Slack's secrets are set; whether they are good ones only Slack knows."""
    held = {
        "the bot token": settings.slack_bot_token,
        "the app-level token": settings.slack_app_token,
        "the signing secret": settings.slack_signing_secret,
    }
    there = [name for name, value in held.items() if value.strip()]
    if there:
        says = f"set: {', '.join(there)}"
        return Finding("slack", says, mend="`gadfly slack --check` asks Slack what is missing.")
    hint = "Only `gadfly slack` needs some: README.md, “Slack”; then `gadfly slack --check`."
    return Finding("slack", "no token is set", mend=hint)


def _folder(home: Path) -> Finding:
    """Tries the folder, or the one that it would be made in, by writing a file that leaves no trace."""
    there = home
    while not os.path.lexists(there) and there != there.parent:
        there = there.parent
    reason = probe(there)
    if reason is not None:
        return Finding(
            "data folder", f"{home} cannot be written ({reason.strerror})", False, _folder_mend(reason)
        )
    made = "" if there == home else " (made at the first debate)"
    free = shutil.disk_usage(there).free
    mend = (
        "That is little: a debate takes some 0.2 MB, an upgrade as much again as the database."
        if free < LITTLE
        else ""
    )
    return Finding("data folder", f"{home}{made}, {free / 1e6:,.0f} MB free", mend=mend)


def _folder_mend(reason: OSError) -> str:
    found = trouble(reason, Path())
    if found.kind is Trouble.FULL:
        return "Free some space, or name another folder in GADFLY_HOME."
    if found.misplaced:
        return "It is no folder: move what is there aside, or name another folder in GADFLY_HOME."
    return "Give yourself write access, or name another folder in GADFLY_HOME."


def _database(home: Path) -> Iterator[Finding]:
    from bot.store.care import health
    from bot.store.errors import StoreError
    from bot.store.files import State, emptied
    from bot.voice.errors import store_error

    found = health(home)
    trouble = {State.NEWER: Trouble.NEWER, State.CORRUPT: Trouble.CORRUPT}.get(found.state)
    if found.faults and trouble is None:
        trouble = Trouble.CORRUPT
    if trouble is not None:
        says = "; ".join((found.state, *found.faults[:3]))
        yield Finding("database", says, False, store_error(StoreError(trouble, found.path)))
    elif emptied(home):
        hint = "The next debate begins it anew. If debates of yours are missing, put a backup in its place first."
        yield Finding("database", f"{found.path} is empty", mend=hint)
    elif found.state is State.ABSENT:
        yield Finding("database", "none yet (made at the first debate)")
    else:
        upgrade = " (upgraded at the next start)" if found.state is State.OLDER else ""
        yield Finding("database", f"sound, {found.bytes:,} bytes, schema {found.revision}{upgrade}")
        yield from _closed_files(home)
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


def _closed_files(home: Path) -> Iterator[Finding]:
    """The files of ours that others may have made, so that we may not write them."""
    for path in (home / DATABASE, home / LOCK):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            yield Finding("database", f"{path} cannot be written", False, f"Make it yours: chmod u+rw {path}")


def _model() -> Finding:
    from bot.reading.encoder import Encoder

    encoder = Encoder()
    try:
        try_model(encoder)
        return Finding("model", f"{encoder.description['name']}, hash as published")
    except BrokenInstall as error:
        return Finding("model", str(error), False)


def _rubrics() -> Finding:
    try:
        found = rubrics()
    except BrokenInstall as error:
        return Finding("rubrics", str(error), False)
    return Finding("rubrics", ", ".join(f"v{rubric.version} {rubric.sha256[:12]}" for rubric in found))
