"""Connections to the database: one that writes, a few that read.

Both say their own BEGIN: a writer IMMEDIATE, since a read that turns into a write fails at once when somebody
else wrote (SQLITE_BUSY_SNAPSHOT, which no timeout helps); a reader so that it sees one moment.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

READERS = 4
"""Reading connections, and threads that use them."""

_COMMON = ("busy_timeout = 5000", "foreign_keys = ON", "temp_store = MEMORY")
_WRITER = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "journal_size_limit = 67108864",
    # Not FAST: that leaves the overflow pages of a long speech readable in the free list (measured).
    "secure_delete = ON",
)
_READER = ("query_only = ON",)


def raw(path: Path, mode: str = "rw", pragmas: tuple[str, ...] = ()) -> sqlite3.Connection:
    """A plain connection that neither makes the file nor begins transactions by itself."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _COMMON + pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def writing(path: Path) -> Engine:
    """The engine of the writer thread; each connection is a new one."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: raw(path, "rw", _WRITER),
        poolclass=NullPool,
        hide_parameters=True,  # an error that is logged must not tell what somebody wrote
    )
    return _beginning(engine, "BEGIN IMMEDIATE")


def reading(path: Path) -> Engine:
    """The engine of the readers: it cannot write."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: raw(path, "ro", _READER),
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        hide_parameters=True,
    )
    return _beginning(engine, "BEGIN")


def _beginning(engine: Engine, statement: str) -> Engine:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    event.listen(engine, "begin", begin)
    return engine
