"""The writing thread: groups, counts, and every way a transaction can go wrong. Real SQLite; faults are injected
in the driver's connection, after or instead of the real commit."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from bot.store import connect
from bot.store import writer as writing
from bot.store.errors import StoreError, Trouble
from bot.store.files import DATABASE, prepare
from bot.store.store import Store
from bot.store.writer import Writer
from tests.store.given import BOB, answer, eventually, speech, start

DISK = sqlite3.OperationalError("disk I/O error")
DISK.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC


class Plan:
    """What the next commits do: ``before`` fails without committing, ``after`` commits and fails, else works."""

    def __init__(self) -> None:
        self.next: list[str] = []
        self.locked_out = False


def faulty(plan: Plan) -> type[sqlite3.Connection]:
    class Faulty(sqlite3.Connection):
        def commit(self) -> None:
            step = plan.next.pop(0) if plan.next else ""
            if step != "before":
                super().commit()
            if step:
                raise DISK

    return Faulty


@pytest.fixture
def path(folder: Path, made: Path) -> Path:
    prepare(folder)
    return Path(shutil.copy(made, folder / DATABASE))


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def engine(path: Path, plan: Plan) -> Engine:
    kind = faulty(plan)

    def creator() -> sqlite3.Connection:
        if plan.locked_out:
            raise DISK
        made = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=kind, timeout=0.2)
        made.execute("PRAGMA journal_mode = WAL").fetchall()
        return made

    return connect._beginning(
        create_engine("sqlite://", creator=creator, poolclass=NullPool), "BEGIN IMMEDIATE"
    )


@pytest.fixture
def writer(engine: Engine, path: Path) -> Iterator[Writer]:
    made = Writer(engine, path, linger=0.05)
    yield made
    made.close()


def put(name: str, verb: str = "INSERT") -> writing.Work:
    def work(connection: Connection) -> str:
        connection.execute(text(f"{verb} INTO setting VALUES ('test', :name, '')"), {"name": name})
        return name

    return work


def names(path: Path) -> set[str]:
    with closing(connect.raw(path, "ro")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM setting WHERE scope = 'test'")}


def there(path: Path, name: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return name in names(path)

    return look


def flushed(writer: Writer, times: int) -> Callable[[], Awaitable[bool]]:
    """The count comes after the commit: whoever sees the row may be a moment too early for it."""

    async def look() -> bool:
        return writer.flushes == times

    return look


class Held:
    """Keeps the thread busy until let go, so that what is submitted meanwhile becomes one group."""

    def __init__(self, writer: Writer) -> None:
        self._begun = threading.Event()
        self._go = threading.Event()
        self.future = writer.submit(self._wait)
        assert self._begun.wait(10)

    def _wait(self, connection: Connection) -> None:
        self._begun.set()
        assert self._go.wait(10)

    def let_go(self) -> None:
        self._go.set()


async def grouped(writer: Writer, *works: writing.Work) -> list[Any]:
    held = Held(writer)
    futures = [writer.submit(work) for work in works]
    held.let_go()
    await held.future
    return await asyncio.gather(*futures, return_exceptions=True)


async def test_what_waits_is_committed_together(writer: Writer, path: Path) -> None:
    outcomes = await grouped(writer, *(put(str(number)) for number in range(600)))
    assert outcomes == [str(number) for number in range(600)]
    assert writer.commits == 3, "256 + 256 + 88; the wait changed nothing"
    assert len(names(path)) == 600


async def test_many_learners_cost_few_commits(store: Store) -> None:
    await store.append(start())
    await asyncio.gather(*(store.append(speech(f"k{number}", "words")) for number in range(500)))
    assert store.commits <= 20
    entries = (await store.transcript(1)).entries
    assert [getattr(item, "key", None) for item in entries[2:]] == [f"k{number}" for number in range(500)]


async def test_one_bad_work_does_not_spoil_the_group(writer: Writer, path: Path) -> None:
    first, bad, last = await grouped(writer, put("a"), put("a"), put("b"))
    assert (first, last) == ("a", "b")
    assert isinstance(bad, StoreError)
    assert bad.kind is Trouble.FAILED
    assert names(path) == {"a", "b"}
    assert writer.commits == 1


async def test_a_work_that_fails_halfway_leaves_nothing(writer: Writer, path: Path) -> None:
    def halfway(connection: Connection) -> None:
        put("half")(connection)
        raise ValueError("halfway")

    first, bad, last = await grouped(writer, put("a"), halfway, put("b"))
    assert (first, last, type(bad)) == ("a", "b", ValueError)
    assert names(path) == {"a", "b"}


async def test_a_work_that_undoes_the_transaction_fails_alone(writer: Writer, path: Path) -> None:
    works = put("a"), put("b"), put("a", "INSERT OR ROLLBACK"), put("c")
    outcomes = await grouped(writer, *works)
    assert [outcomes[0], outcomes[1], outcomes[3]] == ["a", "b", "c"]
    assert isinstance(outcomes[2], StoreError)
    assert names(path) == {"a", "b", "c"}


async def test_a_commit_that_failed_but_was_done_counts_as_done(
    writer: Writer, plan: Plan, path: Path
) -> None:
    plan.next = ["after"]
    assert await grouped(writer, put("a"), put("b")) == ["a", "b"]
    assert names(path) == {"a", "b"}


async def test_a_commit_that_failed_is_done_again(writer: Writer, plan: Plan, path: Path) -> None:
    plan.next = ["before"]
    assert await grouped(writer, put("a"), put("b")) == ["a", "b"]
    assert names(path) == {"a", "b"}
    assert writer.commits == 2


async def test_a_commit_that_fails_alone_too_is_an_error(writer: Writer, plan: Plan, path: Path) -> None:
    plan.next = ["before", "before", "", "before"]
    bad, good = await grouped(writer, put("a"), put("b"))
    assert (good, names(path)) == ("b", {"b"})
    assert isinstance(bad, StoreError)
    assert not bad.unknown
    with pytest.raises(StoreError):
        await writer.submit(put("c"))
    assert await writer.submit(put("c")) == "c"


async def test_a_disk_that_cannot_be_asked_ends_the_writer(writer: Writer, plan: Plan, path: Path) -> None:
    plan.next = ["after"]
    plan.locked_out = True
    held = Held(writer)
    futures = [writer.submit(put(str(number))) for number in range(300)]
    held.let_go()
    outcomes = await asyncio.gather(*futures, return_exceptions=True)
    unknown = [item.unknown for item in outcomes if isinstance(item, StoreError)]
    assert unknown == [True] * 256 + [False] * 44
    assert names(path) == {str(number) for number in range(256)}, "unknown, and in truth done"
    assert writer.dead is not None
    with pytest.raises(StoreError):
        writer.submit(put("x"))


async def test_a_file_held_by_another_program_is_busy_for_all_at_once(
    writer: Writer, path: Path, plan: Plan
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        # The wait of the held work would be one more time-out.
        outcomes = await asyncio.gather(
            *(writer.submit(put(str(number))) for number in range(5)), return_exceptions=True
        )
        assert time.monotonic() - began < 2
        other.execute("ROLLBACK")
    assert {item.kind for item in outcomes if isinstance(item, StoreError)} == {Trouble.BUSY}
    assert len(outcomes) == 5
    assert await writer.submit(put("a")) == "a"


async def test_a_full_queue_refuses(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LIMIT", 3)
    held = Held(writer)
    futures = [writer.submit(put(str(number))) for number in range(3)]
    with pytest.raises(StoreError) as error:
        writer.submit(put("x"))
    assert error.value.kind is Trouble.OVERLOADED
    held.let_go()
    assert await asyncio.gather(*futures) == ["0", "1", "2"]


async def test_a_caller_who_left_does_not_undo_the_write(writer: Writer, path: Path) -> None:
    held = Held(writer)
    future = writer.submit(put("a"))
    future.cancel()
    held.let_go()
    await writer.submit(put("b"))
    assert names(path) == {"a", "b"}


def test_a_loop_that_ended_does_not_stop_the_writer(writer: Writer, path: Path) -> None:
    go = threading.Event()

    async def leave() -> None:
        writer.submit(lambda connection: go.wait(10))
        writer.submit(put("a"))

    asyncio.run(leave())
    go.set()
    writer.close()
    assert names(path) == {"a"}


async def test_lazy_work_rides_follows_or_goes_first_when_there_is_much(writer: Writer, path: Path) -> None:
    writer.lazily(put("lazy"))
    await writer.submit(put("a"))
    assert (writer.commits, writer.flushes, names(path)) == (1, 0, {"lazy", "a"})
    writer.lazily(put("later"))
    await eventually(flushed(writer, 1))
    assert (writer.commits, names(path)) == (1, {"lazy", "a", "later"})
    writer._linger = 60
    for number in range(256):
        writer.lazily(put(str(number)))
    await eventually(there(path, "255"))


async def test_lazy_work_that_fails_is_dropped(writer: Writer, path: Path) -> None:
    writer.lazily(put("a"))
    writer.lazily(put("a"))
    writer.lazily(put("b"))
    await writer.submit(put("c"))
    assert names(path) == {"a", "b", "c"}


async def test_close_finishes_what_waits(engine: Engine, path: Path) -> None:
    writer = Writer(engine, path)
    futures = [writer.submit(put(str(number))) for number in range(5)]
    writer.lazily(put("lazy"))
    await asyncio.to_thread(writer.close)
    await asyncio.gather(*futures)
    assert len(names(path)) == 6


async def test_scrubbing_waits_for_a_reader_and_tries_again(writer: Writer, path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        await writer.submit(put("a"))
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM setting").fetchall()
        await writer.submit(put("b"), scrub=True)
        assert log.stat().st_size > 0
        reader.execute("COMMIT")

        async def emptied() -> bool:
            return not log.stat().st_size

        await eventually(emptied)


async def test_a_full_disk_refuses_reads_on_and_recovers(store: Store) -> None:
    await store.append(start())
    await store.append(speech("kept", "words"))
    raw = store._writer._raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    refused, small = await asyncio.gather(
        store.append(speech("big", "x" * 50_000)), store.append(answer("kept")), return_exceptions=True
    )
    assert isinstance(refused, StoreError)
    assert refused.kind is Trouble.FULL
    assert not isinstance(small, BaseException), "what still fits is kept"
    assert await store.heard("big") is None
    raw.execute("PRAGMA max_page_count = 1000000").fetchall()
    assert not (await store.append(speech("big", "x" * 50_000))).again
    assert (await store.append(start("bob", BOB))).debate == 2
    assert (await store.check()).faults == ()
