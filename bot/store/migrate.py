"""Bringing a database to the present schema with Alembic, in one transaction, after one backup.

Alembic is imported only when there is something to do.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from bot.store import connect
from bot.store.errors import StoreError, Trouble, trouble
from bot.store.files import BEFORE, DATABASE, REVISIONS, State, create, emptied, schema, sync

SCRIPTS = Path(__file__).parent / "migrations"


def bring_up(folder: Path, scripts: Path = SCRIPTS) -> Path:
    """Make, or upgrade after a backup, the database in ``folder``; its path. The caller holds the lock.

    Raises ``StoreError``: newer, corrupt, readonly, full, failed.
    """
    path = folder / DATABASE
    if emptied(folder) and (log := path.with_name(path.name + "-wal")).exists() and log.stat().st_size:
        # SQLite would throw the log away, and with it what the file has lost.
        raise StoreError(Trouble.CORRUPT, path, "empty, but for its log")
    try:
        create(path)
        state, revision = _look(path)
        if state is State.OLDER:
            back_up(path, folder / BEFORE.format(REVISIONS[-1]))
        if state in (State.OLDER, State.ABSENT):
            upgrade(path, scripts)
    except (sqlite3.Error, DBAPIError, OSError) as error:
        raise trouble(error, path) from error
    if state in (State.NEWER, State.CORRUPT):
        raise StoreError(Trouble(state.value), path, f"schema {revision}")
    return path


def _look(path: Path) -> tuple[State, str | None]:
    connection = connect.raw(path)
    try:
        return schema(connection)
    finally:
        connection.close()


def back_up(path: Path, out: Path) -> None:
    """A whole copy of the database at ``out``, replacing what was there."""
    part = out.with_name(out.name + ".part")
    part.unlink(missing_ok=True)
    create(part)  # VACUUM INTO accepts an empty file, and keeps its mode
    connection = connect.raw(path)
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.Error:
        part.unlink(missing_ok=True)
        raise
    finally:
        connection.close()
    sync(part)
    os.replace(part, out)
    sync(out.parent)


def upgrade(path: Path, scripts: Path = SCRIPTS) -> None:
    """Run every migration not yet run. All or nothing; raises ``StoreError`` failed when rows would be lost.

    Foreign keys are off: a batch migration copies a table and drops the old one, which with keys on deletes
    every row that hangs on it, silently.
    """
    plain = connect.raw(path, pragmas=("foreign_keys = OFF", "secure_delete = ON"))
    engine = create_engine("sqlite://", creator=lambda: plain, poolclass=StaticPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            before = _rows(connection)
            _run(connection, scripts)
            _verify(connection, before, path)
            connection.commit()
    finally:
        engine.dispose()
        plain.close()


def _run(connection: Connection, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _rows(connection: Connection) -> dict[str, int]:
    """How many rows each of our tables has."""
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).scalars()
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
        for name in names.all()
    }


def _verify(connection: Connection, before: dict[str, int], path: Path) -> None:
    after = _rows(connection)
    lost = [name for name, count in before.items() if after.get(name, count) < count]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if lost or broken:
        raise StoreError(Trouble.FAILED, path, f"upgrade undone: rows lost {lost}, keys broken {len(broken)}")
