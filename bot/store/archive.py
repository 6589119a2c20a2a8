"""One debate read from the file, beside a window that plays: no lock, no event loop, not a byte written.

So it works on a full disk and in a folder that cannot be written. This module must not know rules or words.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from bot.store import queries
from bot.store.errors import Gone, StoreError, Trouble, trouble
from bot.store.files import DATABASE, State, schema
from bot.store.peek import uri
from bot.store.values import Transcript


def stored(folder: Path, number: int) -> tuple[Transcript, str]:
    """Debate ``number`` of ``folder`` as recorded so far, and the JSON of its deck.

    Raises ``Gone``, and ``StoreError``: newer, corrupt, readonly, failed.
    """
    path = folder / DATABASE
    try:
        if not path.is_file() or not path.stat().st_size:
            raise Gone(number)
    except OSError as error:
        raise trouble(error, path) from error
    try:
        return _read(path, number)
    except (sqlite3.Error, DBAPIError):
        pass  # another process may have begun to write between our look for its log and our reading
    try:
        return _read(path, number)
    except (sqlite3.Error, DBAPIError) as error:
        raise trouble(error, path) from error


def _read(path: Path, number: int) -> tuple[Transcript, str]:
    plain = sqlite3.connect(uri(path), uri=True, check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: plain, poolclass=StaticPool, hide_parameters=True)
    try:
        _refuse(schema(plain), path, number)
        with engine.begin() as connection:
            return _found(connection, path, number)
    finally:
        engine.dispose()
        plain.close()


def _refuse(found: tuple[State, str | None], path: Path, number: int) -> None:
    """Raises for a database that holds no debates we can read."""
    state, revision = found
    if state is State.ABSENT:
        raise Gone(number)
    if state is State.OLDER:
        raise StoreError(Trouble.FAILED, path, "an older schema: start gadfly once, which upgrades it")
    if state is not State.CURRENT:
        raise StoreError(Trouble(state.value), path, f"schema {revision}")


def _found(connection: Connection, path: Path, number: int) -> tuple[Transcript, str]:
    transcript = queries.transcript(connection, number)
    deck = queries.deck_json(connection, transcript.deck_sha)
    if deck is None:
        raise StoreError(Trouble.CORRUPT, path, f"debate {number} has no deck")
    return transcript, deck
