"""The store: what happened, durable. The only door to the database, for one event loop in one process.

Writes go to the one writing thread and return when they are on the disk; reads run in a few threads of their
own, never on the event loop, and each sees one moment. Must not know rules, words or platforms.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.messages import Person, Place
from bot.store import care, changes, connect, migrate, queries
from bot.store.errors import StoreError, Trouble, trouble
from bot.store.files import DATABASE, Lock, prepare
from bot.store.values import (
    Backup,
    Forgotten,
    Health,
    Inbox,
    Rank,
    Result,
    Seat,
    Setting,
    Summary,
    Transcript,
    Write,
    Written,
)
from bot.store.writer import LINGER, Writer

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Open it, close it. Every method may raise ``StoreError``; see each for the rest."""

    def __init__(self, folder: Path, path: Path, lock: Lock, linger: float) -> None:
        """Use ``open``. Raises what SQLite raises."""
        self._folder = folder
        self._path = path
        self._lock = lock
        self._closed = False
        writing = connect.writing(path)
        self._secret = _secret(writing)
        self._writer = Writer(writing, path, linger=linger)
        self._reading = connect.reading(path)
        self._readers = ThreadPoolExecutor(connect.READERS, thread_name_prefix="gadfly-reader")

    @classmethod
    async def open(cls, folder: Path, *, linger: float = LINGER, lock: Lock | None = None) -> Self:
        """Open, making or upgrading what is needed; ``linger``: seconds a lazy mark waits for company.

        ``lock``: that of ``folder``, where the caller has taken it already; it is let go with the store.
        Raises ``StoreError`` at once: busy, newer, corrupt, readonly, full, failed.
        """
        return await asyncio.to_thread(cls._open, folder, linger, lock)

    @classmethod
    def _open(cls, folder: Path, linger: float, lock: Lock | None) -> Self:
        prepare(folder)
        lock = lock or Lock.take(folder)
        try:
            return cls(folder, migrate.bring_up(folder), lock, linger)
        except DBAPIError as error:
            lock.release()
            raise trouble(error, folder / DATABASE) from error
        except BaseException:
            lock.release()
            raise

    async def close(self) -> None:
        """Finish what waits, empty the log, let the folder go. A second time does nothing."""
        self._closed = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._readers.shutdown()
        self._reading.dispose()
        self._writer.close()  # last, since the last connection to close removes the log
        self._lock.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    @property
    def path(self) -> Path:
        """The database file."""
        return self._path

    @property
    def commits(self) -> int:
        """Commits that somebody waited for, since opening."""
        return self._writer.commits

    @property
    def dead(self) -> StoreError | None:
        """Why no write is possible any more: leave with exit status 75 and start anew. None while all is well."""
        return self._writer.dead

    # --- debates ---

    async def append(self, write: Write) -> Written:
        """Do everything in ``write``, or nothing; it is on the disk when this returns.

        Raises ``Conflict`` (the transcript is not as long as expected, or a debate is open in this place),
        ``Gone`` (no such debate), ``StoreError``, and ``ValueError`` for a write that contradicts itself.
        """
        prepared = changes.prepare(write, self._secret)
        return await self._write(lambda connection: changes.append(connection, prepared))

    async def transcript(self, debate: int) -> Transcript:
        """Raises ``Gone``."""
        return await self._read(queries.transcript, debate)

    async def deck(self, sha: str) -> str | None:
        """The JSON of a deck ever played."""
        return await self._read(queries.deck_json, sha)

    async def open_debate(self, person: Person, place: Place) -> int | None:
        """The debate that is open here, if one is."""
        return await self._read(queries.open_debate, person, place)

    async def last_debate(self, person: Person, place: Place) -> int | None:
        """The newest debate here, open or over."""
        return await self._read(queries.last_debate, person, place)

    async def debates(self, person: Person) -> tuple[Summary, ...]:
        """All debates of a person, newest first."""
        return await self._read(queries.debates, person)

    async def seat(self, debate: int) -> Seat | None:
        """Whose debate it is and where; None when there is no such debate."""
        return await self._read(queries.seat, debate)

    async def seats_at(self, place: Place) -> tuple[Seat, ...]:
        """All debates of a place, newest first."""
        return await self._read(queries.seats_at, place)

    async def open_seats(self, platform: str) -> tuple[Seat, ...]:
        """All open debates of a platform, oldest first."""
        return await self._read(queries.open_seats, platform)

    async def move(self, debate: int, place: Place) -> None:
        """Let a debate be in another place from now on. Raises ``Conflict`` (one is open there) and ``Gone``."""
        await self._write(lambda connection: changes.move(connection, debate, place))

    # --- messages ---

    async def heard(self, key: str) -> Inbox | None:
        """The message of a key, if it was heard and not forgotten."""
        return await self._read(queries.heard, key)

    async def unfinished(self) -> tuple[Inbox, ...]:
        """Messages not answered or whose answer was not delivered, in order of arrival."""
        return await self._read(queries.unfinished)

    def delivered(self, *keys: str) -> None:
        """Note that the answer reached its reader. Lazy: after a crash an answer may be offered once more."""
        marks = [(key, datetime.now(UTC)) for key in keys]
        self._writer.lazily(lambda connection: changes.mark_delivered(connection, marks))

    # --- results and leaderboard ---

    async def results(self, person: Person, limit: int) -> tuple[Result, ...]:
        """The last ``limit`` results of a person, newest first."""
        return await self._read(queries.results, person, limit)

    async def join_board(self, person: Person, name: str) -> None:
        """Put a person on the leaderboard of their scope as ``name``; again: change the name."""
        await self._write(lambda connection: changes.join(connection, person, name))

    async def leave_board(self, person: Person) -> bool:
        """Take a person off; whether they were on it."""
        return await self._write(lambda connection: changes.leave(connection, person))

    async def leaderboard(self, platform: str, scope: str) -> tuple[Rank, ...]:
        """Who joined: the best complete debate of each, by deck, side and level; highest first within these.

        By the uncontested score; of equal ones the earlier first.
        """
        return await self._read(queries.leaderboard, platform, scope)

    # --- settings ---

    async def setting(self, scope: str, name: str) -> str | None:
        """The value of a setting, if set; scopes: ``place_scope`` and ``person_scope`` in ``bot.store.files``."""
        return await self._read(queries.get_setting, scope, name)

    async def set_setting(self, scope: str, name: str, value: str) -> None:
        """Set it, replacing what was there."""
        item = Setting(scope, name, value)
        await self._write(lambda connection: changes.set_settings(connection, (item,)))

    def note_setting(self, scope: str, name: str, value: str) -> None:
        """Set it with the next commit: for what may be lost in a crash, as how far a channel was read."""
        items = (Setting(scope, name, value),)
        self._writer.lazily(lambda connection: changes.set_settings(connection, items))

    # --- privacy ---

    async def erase(self, debate: int | None, key: str) -> bool:
        """Blank the text of a message its author deleted, in the inbox and in its entry; whether it was there.

        The reading recorded of it stays, and with it the learner's words that the reading quotes and the score
        that rests on it: ``forget`` removes those too.
        """
        return await self._write(lambda connection: changes.erase(connection, debate, key), scrub=True)

    async def forget(self, person: Person) -> Forgotten:
        """Remove everything about a person, from the files too: debates, results, messages, rank, settings.

        Of each key an HMAC stays, so that a platform that delivers it again is heard as ``again`` and ignored.
        Backups made before an upgrade are removed whole; those made by ``backup`` are the operator's to expire.
        """
        await asyncio.to_thread(care.drop_upgrade_backups, self._folder)
        secret = self._secret
        return await self._write(lambda connection: changes.forget(connection, person, secret), scrub=True)

    async def export(self, person: Person) -> dict[str, Any]:
        """Everything stored about a person as plain values, ready for JSON."""
        return await self._read(queries.export, person)

    # --- care ---

    async def backup(self, out: Path) -> Backup:
        """Copy the database to ``out`` while it is in use: checked, whole, one file, replacing what was there."""
        return await asyncio.to_thread(care.backup, self._path, out)

    async def check(self) -> Health:
        """Examine the file; reads all of it."""
        return await asyncio.to_thread(care.health, self._folder)

    # --- how ---

    async def _write(self, work: Callable[[Connection], T], *, scrub: bool = False) -> T:
        return cast(T, await self._writer.submit(work, scrub=scrub))

    async def _read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def run() -> T:
            try:
                with self._reading.begin() as connection:
                    return query(connection, *args, **kwargs)
            except DBAPIError as error:
                raise trouble(error, self._path) from error

        if self._closed:
            raise StoreError(Trouble.FAILED, self._path, "closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, run)


def _secret(engine: Engine) -> bytes:
    """The key of the tombstones, drawn when the database is made."""
    with engine.begin() as connection:
        found = queries.get_setting(connection, *changes.SECRET)
        if found is None:
            found = secrets.token_hex(32)
            changes.set_settings(connection, (Setting(*changes.SECRET, found),))
    return bytes.fromhex(found)
