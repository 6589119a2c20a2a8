"""The data folder: the names in it, who may read them, whose turn it is, and the history of the schema.

Standard library only. Must not know tables beyond Alembic's own.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from enum import StrEnum
from pathlib import Path
from typing import Self

from bot.store.errors import StoreError, Trouble, trouble

DATABASE = "gadfly.db"
LOCK = "gadfly.lock"
BEFORE = "gadfly.before-{}.db"
"""The copy made before the upgrade to a revision."""

REVISIONS = ("0001",)
"""Every schema there was, oldest first, by Alembic revision; the last is the present one."""


class State(StrEnum):
    """What a database file is to this version of Gadfly."""

    ABSENT = "absent"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    CORRUPT = "corrupt"


def schema(connection: sqlite3.Connection) -> tuple[State, str | None]:
    """The state and the revision of an open database; raises ``sqlite3.DatabaseError`` where it is none.

    A file without tables is absent (we died between making and filling it), a stranger's is corrupt.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return State.ABSENT, None
    if "alembic_version" not in tables:
        return State.CORRUPT, None
    rows = [version for (version,) in connection.execute("SELECT version_num FROM alembic_version")]
    return _state(rows[0]) if len(rows) == 1 else (State.CORRUPT, None)


def _state(revision: str) -> tuple[State, str]:
    if revision == REVISIONS[-1]:
        return State.CURRENT, revision
    return (State.OLDER if revision in REVISIONS else State.NEWER), revision


def prepare(folder: Path) -> None:
    """Make the data folder, 0700. An existing one keeps its mode (it may be ``/tmp``); our files are 0600."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise trouble(error, folder) from error


def create(path: Path) -> None:
    """Make an empty file that only its owner may read; SQLite gives its side files the same mode.

    Raises ``OSError``: the caller knows which file its person has heard of.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def emptied(folder: Path) -> bool:
    """Whether the database of ``folder`` has no bytes: a first start without room for it, or a file that was lost."""
    try:
        return (folder / DATABASE).stat().st_size == 0
    except OSError:
        return False


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Lock:
    """The right to write in a data folder: one process at a time; the system takes it back from the dead."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def take(cls, folder: Path) -> Self:
        """The lock of ``folder``, at once; raises ``StoreError`` busy when another process has it."""
        path = folder / LOCK
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise trouble(error, path) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if isinstance(error, BlockingIOError):
                raise StoreError(Trouble.BUSY, folder, "another gadfly uses this folder") from error
            raise trouble(error, path) from error
        return cls(handle)

    def release(self) -> None:
        """Give it back; a second time does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def person_scope(platform: str, scope: str, id: str) -> str:
    """The scope of settings of a person: they are exported and forgotten with them."""
    return json.dumps(["person", platform, scope, id])


def place_scope(platform: str, scope: str, channel: str = "", thread: str = "") -> str:
    """The scope of settings of a place; without channel, of a whole guild or team."""
    return json.dumps(["place", platform, scope, channel, thread])
