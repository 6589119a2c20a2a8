"""Care for the file: a backup while it is in use, and what ``gadfly doctor`` asks. Blocking; read-only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from pathlib import Path

from bot.store import connect
from bot.store.errors import StoreError, Trouble, trouble
from bot.store.files import BEFORE, DATABASE, State, create, schema, sync
from bot.store.peek import uri
from bot.store.values import Backup, Health

_Found = tuple[State, str | None, str, tuple[str, ...]]
"""State, revision, journal mode, faults."""


def backup(path: Path, out: Path) -> Backup:
    """Copy the database at ``path`` to ``out``, whole and checked, replacing what was there.

    In one step: in several, SQLite begins again whenever somebody writes, and never ends under load. Raises
    ``StoreError``: full, readonly, corrupt, failed; its path is that of the two at fault.
    """
    if out.exists() and out.samefile(path):
        raise StoreError(Trouble.FAILED, out, "a backup of a database onto itself")
    part = out.with_name(out.name + ".part")
    try:
        part.unlink(missing_ok=True)
        create(part)
        debates, entries = _copy(path, part)
        sync(part)
        digest = _sha256(part)
        os.replace(part, out)
        sync(out.absolute().parent)
    except (sqlite3.Error, OSError) as error:
        raise _blamed(error, path, out) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return Backup(out, debates, entries, digest)


def _blamed(error: Exception, path: Path, out: Path) -> StoreError:
    """What ``error`` means, and of which file: ``path``, which was read, or ``out``, which was written."""
    found = trouble(error, out)
    return trouble(error, path) if found.kind in _OF_READING and not found.errno else found


_OF_READING = (Trouble.BUSY, Trouble.CORRUPT, Trouble.FAILED)
"""Troubles that SQLite has with the file it reads: of the copy ``trouble`` has asked the system, which gives a number."""


def _copy(path: Path, part: Path) -> tuple[int, int]:
    """Copy and check; how many debates and entries the copy holds."""
    source = _source(path)
    try:
        return _copied(source, path, part)
    finally:
        source.close()


def _source(path: Path) -> sqlite3.Connection:
    """Open to be read, also where no file may be made beside it (a folder or disk that cannot be written)."""
    try:
        connection = connect.raw(path, "ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        if not path.is_file() or (log.exists() and log.stat().st_size):
            raise trouble(error, path) from error
        return sqlite3.connect(uri(path), uri=True)
    return connection


def _copied(source: sqlite3.Connection, path: Path, part: Path) -> tuple[int, int]:
    copy = connect.raw(part)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, no log beside it
        state, _ = schema(copy)
        if state in (State.ABSENT, State.CORRUPT):
            raise StoreError(Trouble.CORRUPT, path, "no database of ours")
        if faults := _faults(copy):
            raise StoreError(Trouble.CORRUPT, path, faults[0])
        counts = copy.execute("SELECT (SELECT count(*) FROM debate), (SELECT count(*) FROM entry)").fetchone()
    finally:
        copy.close()
    return int(counts[0]), int(counts[1])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drop_upgrade_backups(folder: Path) -> None:
    """Remove the copies made before upgrades, whole or not: they hold what a person wants forgotten."""
    for copy in folder.glob(BEFORE.format("*") + "*"):
        try:
            copy.unlink(missing_ok=True)
        except OSError as error:
            raise trouble(error, copy) from error


def health(folder: Path) -> Health:
    """The state of a data folder, whether or not a store has it open. Reads the whole file; makes none."""
    path = folder / DATABASE
    found: _Found = State.ABSENT, None, "", ()
    if path.is_file() and path.stat().st_size:
        found = _examine(path)
    state, revision, mode, faults = found
    return Health(
        path,
        state,
        revision,
        sqlite3.sqlite_version,
        wal_reset_bug(sqlite3.sqlite_version_info),
        mode,
        faults,
        sum(file.stat().st_size for file in _files(path)),
        all(not file.stat().st_mode & 0o077 for file in (*_files(path), folder) if file.exists()),
    )


def _files(path: Path) -> list[Path]:
    return [file for file in (path, path.with_name(path.name + "-wal")) if file.exists()]


def _examine(path: Path) -> _Found:
    try:
        connection = sqlite3.connect(uri(path), uri=True)
    except sqlite3.Error as error:
        return State.CORRUPT, None, "", (str(error),)
    try:
        state, revision = schema(connection)
        # An immutable look cannot tell the mode; it stands in the header, where 2 means WAL.
        return state, revision, _journal_mode(path), _faults(connection)
    except sqlite3.Error as error:
        return State.CORRUPT, None, "", (str(error),)
    finally:
        connection.close()


def _journal_mode(path: Path) -> str:
    with path.open("rb") as file:
        return "wal" if file.read(20)[18:20] == b"\x02\x02" else "rollback"


def _faults(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite finds wrong: damage, and rows that hang on nothing."""
    damage = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    loose = [
        f"row {row[1]} of {row[0]} has no {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")
    ]
    return (*damage, *loose)


def wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the WAL-reset bug: 3.7.0 to 3.51.2, mended in 3.44.6 and 3.50.7 too."""
    mended = ((3, 44), 6), ((3, 50), 7)
    if any(version[:2] == line and version[2] >= patch for line, patch in mended):
        return False
    return (3, 7, 0) <= version <= (3, 51, 2)
