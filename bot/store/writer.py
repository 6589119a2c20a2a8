"""The one thread that writes.

It owns the only connection that can, takes what waits (at most ``GROUP`` pieces of work), does each behind a
savepoint, and commits all at once: one wait for the disk, many acknowledgements. Work is a function of the
connection; this module must not know what it does.

    submit -> queue -> [ savepoint work release ]* stamp COMMIT -> futures

A commit that fails is neither done nor undone until asked: each group leaves a stamp of its own in its
transaction, and after a failure a fresh connection is asked whether the stamp is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot.store.errors import StoreError, Trouble, trouble

Work = Callable[[Connection], Any]

GROUP = 256
"""Pieces of work in one commit, at most."""

LIMIT = 5000
"""Pieces of work that may wait."""

LINGER = 2.0
"""Seconds that lazy work waits for a commit to ride with."""

_STAMP = text(
    "INSERT INTO setting (scope, name, value) VALUES ('store', 'stamp', :stamp)"
    " ON CONFLICT DO UPDATE SET value = excluded.value"
)
_STAMPED = text("SELECT 1 FROM setting WHERE scope = 'store' AND name = 'stamp' AND value = :stamp")


@dataclass(frozen=True)
class _Job:
    """Work, who waits for it, and whether what it removed must leave the files before they are told."""

    work: Work
    future: asyncio.Future[Any] | None = None
    scrub: bool = False


@dataclass(frozen=True)
class _Outcome:
    value: Any = None
    error: BaseException | None = None


class _Undone(Exception):
    """SQLite gave up the whole transaction, the works before included; the reason is the cause."""


class Writer:
    """Submit work; close it at the end. The counters are for tests and the bench.

    ``commits`` had work that somebody waited for, ``flushes`` lazy work alone. Work that changed nothing (a known
    key, a conflict) costs neither.
    """

    def __init__(self, engine: Engine, path: Path, *, group: int = GROUP, linger: float = LINGER) -> None:
        """Opens the connection in the caller's thread, and raises what the engine raises."""
        self.commits = 0
        self.flushes = 0
        self._engine = engine
        self._path = path
        self._group = group
        self._linger = linger
        self._connection = engine.connect()
        self._jobs: deque[_Job] = deque()
        self._lazy: deque[_Job] = deque()
        self._closing = False
        self._dead: StoreError | None = None
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="gadfly-writer", daemon=True)
        self._thread.start()

    @property
    def dead(self) -> StoreError | None:
        """Why the writer gave up, if it did: leave with exit status 75 and let the supervisor start anew."""
        return self._dead

    # --- the callers' side ---

    def submit(self, work: Work, *, scrub: bool = False) -> asyncio.Future[Any]:
        """Queue work; the future holds what it returns, once that is on the disk, or what it raised.

        ``scrub``: what it removes leaves the log and the file too. Raises ``StoreError``: overloaded when the
        queue is full, failed when the writer is closed or dead.
        """
        future = asyncio.get_running_loop().create_future()
        with self._wake:
            self._refuse()
            if len(self._jobs) >= LIMIT:
                raise StoreError(Trouble.OVERLOADED, self._path, f"{LIMIT} writes wait")
            self._jobs.append(_Job(work, future, scrub))
            self._wake.notify()
        return future

    def lazily(self, work: Work) -> None:
        """Queue work nobody waits for: it rides with the next commit, or follows after ``linger`` seconds.

        It may be lost when the process dies or the disk is full. Raises ``StoreError`` failed like ``submit``.
        """
        with self._wake:
            self._refuse()
            self._lazy.append(_Job(work))
            self._wake.notify()

    def close(self) -> None:
        """Finish what waits, and stop; a second time does nothing. Blocks."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _refuse(self) -> None:
        if self._dead is not None:
            raise StoreError(self._dead.kind, self._path, self._dead.detail) from self._dead
        if self._closing:
            raise StoreError(Trouble.FAILED, self._path, "closed")

    # --- the thread's side ---

    def _run(self) -> None:
        group: list[_Job] = []
        try:
            while group := self._gather():
                outcomes = self._commit(group)
                self._scrub(group)
                _settle(group, outcomes)
        except Exception as error:  # noqa: BLE001 whatever it was, nobody may be left waiting
            self._die(group, error)
        finally:
            with contextlib.suppress(DBAPIError):
                self._connection.close()

    def _gather(self) -> list[_Job]:
        """What waits, up to a group of each; nothing only when closing."""
        with self._wake:
            self._wake.wait_for(lambda: self._jobs or self._lazy or self._closing)
            if not self._jobs:
                self._wake.wait_for(self._hurry, timeout=self._linger)
            return _take(self._jobs, self._group) + _take(self._lazy, self._group)

    def _hurry(self) -> bool:
        return bool(self._jobs or self._closing or len(self._lazy) >= self._group)

    def _commit(self, group: list[_Job]) -> list[_Outcome]:
        """Do a group in one transaction; where that fails as a whole, each alone."""
        try:
            self._connection.begin()
        except DBAPIError as error:  # another program holds the file: each alone would wait as long again
            return [_Outcome(error=self._translate(error))] * len(group)
        stamp, before = uuid4().hex, self._raw.total_changes
        try:
            outcomes = [self._attempt(job) for job in group]
            if self._raw.total_changes == before:
                self._connection.rollback()
                return outcomes
            self._connection.execute(_STAMP, {"stamp": stamp})
        except (DBAPIError, _Undone) as error:
            self._connection.rollback()
            return self._alone(group, error)
        failure = self._end(stamp)
        if failure is not None:
            return self._alone(group, failure)
        self._count(group)
        return outcomes

    def _attempt(self, job: _Job) -> _Outcome:
        """Do one work behind a savepoint."""
        self._connection.exec_driver_sql("SAVEPOINT work")
        try:
            value = job.work(self._connection)
        except Exception as error:
            if not self._raw.in_transaction:
                raise _Undone from error
            self._connection.exec_driver_sql("ROLLBACK TO work")
            outcome = _Outcome(error=self._translate(error))
        else:
            outcome = _Outcome(value)
        self._connection.exec_driver_sql("RELEASE work")
        return outcome

    def _end(self, stamp: str) -> DBAPIError | None:
        """Commit. After a failure ask a fresh connection what came of it; the error if nothing did."""
        try:
            self._connection.commit()
        except DBAPIError as error:
            self._reopen()
            found = self._connection.execute(_STAMPED, {"stamp": stamp}).first()
            self._connection.rollback()
            return None if found else error
        return None

    def _reopen(self) -> None:
        with contextlib.suppress(DBAPIError):
            self._connection.close()
        self._connection = self._engine.connect()

    def _alone(self, group: list[_Job], error: DBAPIError | _Undone) -> list[_Outcome]:
        """Nothing of the group was kept: do each by itself, so that only the guilty one fails."""
        if len(group) == 1:
            return [_Outcome(error=self._translate(error.__cause__ if isinstance(error, _Undone) else error))]
        return [outcome for job in group for outcome in self._commit([job])]

    def _count(self, group: list[_Job]) -> None:
        if any(job.future is not None for job in group):
            self.commits += 1
        else:
            self.flushes += 1

    def _scrub(self, group: list[_Job]) -> None:
        """Empty the log, so that removed text is in no file; while a reader is in the way, again a little later."""
        if not any(job.scrub for job in group):
            return
        busy, *_ = self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy and not self._closing:
            self._lazy.append(_Job(lambda connection: None, scrub=True))

    def _die(self, group: list[_Job], error: Exception) -> None:
        """Tell everybody: those of the group that it is unknown, those who wait that nothing was done."""
        with self._wake:
            self._dead = self._failed(error, unknown=False)
            waiting = [*self._jobs]
            self._jobs.clear()
            self._lazy.clear()
        _settle(group, [_Outcome(error=self._failed(error, unknown=True))] * len(group))
        _settle(waiting, [_Outcome(error=self._dead)] * len(waiting))

    def _failed(self, error: Exception, *, unknown: bool) -> StoreError:
        found = trouble(error, self._path)
        found.unknown = unknown
        found.__cause__ = error
        return found

    def _translate(self, error: BaseException | None) -> BaseException | None:
        if not isinstance(error, DBAPIError):
            return error
        found = trouble(error, self._path)
        found.__cause__ = error
        return found

    @property
    def _raw(self) -> sqlite3.Connection:
        return cast(sqlite3.Connection, self._connection.connection.driver_connection)


def _take(jobs: deque[_Job], most: int) -> list[_Job]:
    return [jobs.popleft() for _ in range(min(most, len(jobs)))]


def _settle(jobs: list[_Job], outcomes: list[_Outcome]) -> None:
    """Wake the waiting, one call for each event loop: a call for each of them would cost a write to a pipe."""
    told: defaultdict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], _Outcome]]]
    told = defaultdict(list)
    for job, outcome in zip(jobs, outcomes, strict=True):
        if job.future is not None:
            told[job.future.get_loop()].append((job.future, outcome))
    for loop, pairs in told.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_tell, pairs)


def _tell(pairs: list[tuple[asyncio.Future[Any], _Outcome]]) -> None:
    for future, outcome in pairs:
        if future.done():  # cancelled: the write stands all the same
            continue
        if outcome.error is not None:
            future.set_exception(outcome.error)
        else:
            future.set_result(outcome.value)
