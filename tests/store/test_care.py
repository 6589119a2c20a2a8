"""Backup under load, and what the doctor asks."""

from __future__ import annotations

import asyncio
import hashlib
import os
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
