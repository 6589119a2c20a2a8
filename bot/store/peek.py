"""A look at a data folder before anything heavy is loaded: its schema, and the debate left open.

Standard library only, read-only, milliseconds, and never makes a file. A test guards ``sys.modules``.
Must not know rules: it counts recorded speeches and no more.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bot.store.files import DATABASE, State, schema

LOCAL = "local"
"""The scope of people at their own terminal."""


@dataclass(frozen=True)
class OpenDebate:
    """A debate left open. ``speeches`` counts the learner's answered speeches that were among the six."""

    id: int
    deck_id: str
    side: str
    level: str
    speeches: int


@dataclass(frozen=True)
class Peek:
    """``state`` and ``revision`` of the schema, and the debate left ``open``."""

    state: State
    revision: str | None = None
    open: OpenDebate | None = None


def peek(
    folder: Path,
    person: tuple[str, str, str] | None = None,
    place: tuple[str, str, str, str] | None = None,
) -> Peek:
    """Look into ``folder``. Never raises: what cannot be read is ``corrupt``.

    ``person`` is (platform, scope, id) and ``place`` (platform, scope, channel, thread), as in
    ``bot.messages``; where not given, any person of scope ``local`` and any place: the debate opened last.
    """
    path = folder / DATABASE
    try:
        if not path.is_file() or not path.stat().st_size:
            return Peek(State.ABSENT)
        found = _look(path, person, place)
        # Another process may have begun to write between our look for its log and our reading.
        return _look(path, person, place) if found.state is State.CORRUPT else found
    except OSError:
        return Peek(State.CORRUPT)


def uri(path: Path) -> str:
    """The address that reads ``path`` and leaves no file behind.

    A plain read-only connection makes ``-wal`` and ``-shm``; where there is no log, the file is the truth.
    (A log that lost its ``-shm``, as copying by hand leaves it, gets that back.)
    """
    log = path.with_name(path.name + "-wal")
    lone = not log.exists() or not log.stat().st_size
    return path.absolute().as_uri() + ("?immutable=1" if lone else "?mode=ro")


def _look(
    path: Path,
    person: tuple[str, str, str] | None,
    place: tuple[str, str, str, str] | None,
) -> Peek:
    try:
        connection = sqlite3.connect(uri(path), uri=True, timeout=0.5)
    except sqlite3.Error:
        return Peek(State.CORRUPT)
    try:
        state, revision = schema(connection)
        if state is not State.CURRENT:
            return Peek(state, revision)
        return Peek(state, revision, _open(connection, person, place))
    except sqlite3.Error:
        return Peek(State.CORRUPT)
    finally:
        connection.close()


def _open(
    connection: sqlite3.Connection,
    person: tuple[str, str, str] | None,
    place: tuple[str, str, str, str] | None,
) -> OpenDebate | None:
    where, values = ["ended_at IS NULL"], list[str]()
    if person is None:
        where.append("person_scope = ?")
        values.append(LOCAL)
    else:
        where += ["person_platform = ?", "person_scope = ?", "person_id = ?"]
        values += person
    if place is not None:
        where += ["place_platform = ?", "place_scope = ?", "place_channel = ?", "place_thread = ?"]
        values += place
    sql = f"SELECT id, deck_id, side, level FROM debate WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT 1"
    row = connection.execute(sql, values).fetchone()
    return None if row is None else OpenDebate(row[0], row[1], row[2], row[3], _speeches(connection, row[0]))


def _speeches(connection: sqlite3.Connection, debate: int) -> int:
    rows = connection.execute("SELECT body FROM entry WHERE debate_id = ? AND kind = 'answered'", (debate,))
    return sum(1 for (body,) in rows if json.loads(body).get("counts"))
