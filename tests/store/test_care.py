"""Backup under load, and what the doctor asks."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import care, connect
from bot.store.errors import StoreError, Trouble
from bot.store.files import DATABASE, State
from bot.store.store import Store
from tests.store.given import speech, start


async def test_a_backup_under_load_is_whole_and_opens(store: Store, folder: Path, tmp_path: Path) -> None:
    await store.append(start())
    writes = [asyncio.create_task(store.append(speech(f"k{number}", "words"))) for number in range(400)]
    await writes[0]
    out = tmp_path / "elsewhere" / DATABASE
    out.parent.mkdir()
    made = await store.backup(out)
    await asyncio.gather(*writes)
    assert [file.name for file in out.parent.iterdir()] == [DATABASE]
    assert made.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert out.stat().st_mode & 0o077 == 0
    async with await Store.open(out.parent) as copy:
        assert len((await copy.transcript(1)).entries) == made.entries
        assert made.debates == 1
        assert 3 <= made.entries <= 402


async def test_a_backup_replaces_the_one_before(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "copy.db"
    await store.backup(out)
    await store.append(start())
    assert (await store.backup(out)).debates == 1


async def test_a_backup_never_replaces_the_database_itself(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.backup(store.path)
    assert (await store.append(start())).debate == 1


async def test_a_backup_that_has_nowhere_to_go(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        await store.backup(tmp_path / "not there" / "copy.db")
    assert error.value.kind is Trouble.FAILED
    assert (error.value.path, error.value.misplaced) == (tmp_path / "not there" / "copy.db", True)


async def test_a_backup_onto_a_folder(store: Store, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    with pytest.raises(StoreError) as error:
        await store.backup(tmp_path / "copies")
    assert (error.value.path, error.value.misplaced) == (tmp_path / "copies", True)
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".part"] == []  # noqa: ASYNC240


async def test_a_backup_names_the_file_at_fault(
    store: Store, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "copy.db"

    async def fault(kind: Trouble) -> Path:
        with pytest.raises(StoreError) as error:
            await store.backup(out)
        assert error.value.kind is kind
        return error.value.path

    with monkeypatch.context() as patch:
        patch.setattr(care, "_copied", _failing(sqlite3.SQLITE_FULL))
        assert await fault(Trouble.FULL) == out
        patch.setattr(care, "_copied", _failing(sqlite3.SQLITE_IOERR_READ))
        assert await fault(Trouble.FAILED) == folder / DATABASE
    await store.close()
    (folder / DATABASE).write_bytes(b"noise" * 1000)
    assert await fault(Trouble.CORRUPT) == folder / DATABASE
    with closing(sqlite3.connect(tmp_path / "stranger.db")) as stranger:
        stranger.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreError, match="no database of ours"):
        care.backup(tmp_path / "stranger.db", out)
    (folder / DATABASE).unlink()
    assert await fault(Trouble.FAILED) == folder / DATABASE


def _failing(code: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        error = sqlite3.OperationalError("said SQLite")
        error.sqlite_errorcode = code
        raise error

    return fail


async def test_a_backup_where_no_log_can_be_made(
    store: Store, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.append(start())
    raw = connect.raw

    def readonly(path: Path, mode: str = "rw", pragmas: tuple[str, ...] = ()) -> sqlite3.Connection:
        if mode == "ro":
            raise sqlite3.OperationalError("unable to open database file")
        return raw(path, mode, pragmas)

    monkeypatch.setattr(connect, "raw", readonly)
    with pytest.raises(StoreError) as error:
        care.backup(folder / DATABASE, tmp_path / "copy.db")
    assert error.value.path == folder / DATABASE, "a log that is in use is never left out"
    await store.close()
    assert care.backup(folder / DATABASE, tmp_path / "copy.db").debates == 1


async def test_a_sound_store(store: Store, folder: Path) -> None:
    await store.append(start())
    health = await store.check()
    assert (health.state, health.revision, health.faults) == (State.CURRENT, "0001", ())
    assert (health.journal_mode, health.private, health.path) == ("wal", True, folder / DATABASE)
    assert health.bytes > 4096
    await store.close()
    assert care.health(folder).faults == ()


def test_no_store_yet(tmp_path: Path) -> None:
    health = care.health(tmp_path)
    assert (health.state, health.faults, health.bytes) == (State.ABSENT, (), 0)
    assert list(tmp_path.iterdir()) == []


async def test_an_ailing_store(store: Store, folder: Path) -> None:
    await store.append(start())
    await store.close()
    with closing(connect.raw(folder / DATABASE, pragmas=("foreign_keys = OFF",))) as connection:
        connection.execute("DELETE FROM deck")
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    os.chmod(folder / DATABASE, 0o644)
    health = care.health(folder)
    assert health.faults == ("row 1 of debate has no deck",)
    assert (health.journal_mode, health.private) == ("rollback", False)
    (folder / DATABASE).write_bytes(b"noise" * 1000)
    health = care.health(folder)
    assert health.state is State.CORRUPT
    assert health.faults == ("file is not a database",)
    (folder / DATABASE).unlink()


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_which_sqlite_has_the_bug(version: tuple[int, int, int], bug: bool) -> None:
    assert care.wal_reset_bug(version) is bug
