"""Opening: a fresh folder, a second process, and everything that can be in the way, said at once and clearly."""

# ruff: noqa: ASYNC240 (a test may wait for its own files)
from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import connect, errors
from bot.store.errors import StoreError, Trouble, trouble
from bot.store.files import DATABASE, Lock, emptied
from bot.store.store import Store
from tests.store.given import start

ROOT = Path(__file__).parents[2]


async def refused(folder: Path) -> StoreError:
    with pytest.raises(StoreError) as error:
        await Store.open(folder)
    return error.value


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def test_only_the_owner_can_read_anything(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "home"
    async with await Store.open(folder) as store:
        await store.append(start())
        names = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
        assert names == dict.fromkeys(
            ("gadfly.db", "gadfly.db-wal", "gadfly.db-shm", "gadfly.lock"), stat.S_IRUSR | stat.S_IWUSR
        )
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
        assert (await store.check()).private
    assert {file.name for file in folder.iterdir()} == {"gadfly.db", "gadfly.lock"}


async def test_the_writer_is_set_as_measured(store: Store) -> None:
    raw = store._writer._raw
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    values = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert values == ["wal", 2, 1, 5000, 1]


async def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    async with await Store.open(tmp_path) as store:
        assert not (await store.check()).private
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


HOLD = """
import asyncio, sys
from pathlib import Path
from bot.store.store import Store
async def main():
    async with await Store.open(Path(sys.argv[1])):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(main())
"""


async def test_a_second_process_is_refused_at_once(folder: Path) -> None:
    with python(HOLD, folder) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        began = time.monotonic()
        error = await refused(folder)
        assert time.monotonic() - began < 2
        assert (error.kind, error.path) == (Trouble.BUSY, folder)
        holder.kill()
    async with await Store.open(folder):
        pass  # the system took the lock back from the dead


async def test_the_lock_of_one_process_is_not_given_twice(store: Store, folder: Path) -> None:
    assert (await refused(folder)).kind is Trouble.BUSY
    await store.close()
    async with await Store.open(folder):
        pass


async def test_a_newer_schema_is_left_alone(store: Store, folder: Path) -> None:
    await store.close()
    with closing(connect.raw(folder / DATABASE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (folder / DATABASE).read_bytes()
    error = await refused(folder)
    assert (error.kind, error.path) == (Trouble.NEWER, folder / DATABASE)
    assert (folder / DATABASE).read_bytes() == before
    assert (await refused(folder)).kind is Trouble.NEWER, "the lock was let go"


@pytest.mark.parametrize("damage", ["noise", "half", "stranger", "two versions"])
async def test_a_corrupt_file_is_left_alone(store: Store, folder: Path, damage: str) -> None:
    path = folder / DATABASE
    await store.close()
    whole = path.read_bytes()
    if damage == "noise":
        path.write_bytes(bytes(range(256)) * 100)
    elif damage == "half":
        path.write_bytes(whole[:2048] + b"\xff" * (len(whole) - 2048))
    else:
        verb = "DELETE FROM alembic_version" if damage == "two versions" else "DROP TABLE alembic_version"
        with closing(connect.raw(path)) as connection:
            connection.execute(verb)
    before = path.read_bytes()
    error = await refused(folder)
    assert (error.kind, error.path) == (Trouble.CORRUPT, path)
    assert path.read_bytes() == before


async def test_damage_met_later_is_said_in_the_same_words(store: Store, folder: Path) -> None:
    await store.append(start())
    await store.close()
    path = folder / DATABASE
    with closing(connect.raw(path)) as connection:
        pages = dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"))
    with path.open("r+b") as file:
        file.seek((pages["debate"] - 1) * 4096)
        file.write(b"\xff" * 4096)
    async with await Store.open(folder) as opened:
        with pytest.raises(StoreError) as error:
            await opened.transcript(1)
        assert error.value.kind is Trouble.CORRUPT
        health = await opened.check()
        assert health.faults
        with pytest.raises(StoreError) as error:
            await opened.backup(folder / "copy.db")
        assert error.value.kind is Trouble.CORRUPT
        assert [file.name for file in folder.glob("copy*")] == []


async def test_damage_met_on_the_way_in(store: Store, folder: Path) -> None:
    path = folder / DATABASE
    await store.close()
    with closing(connect.raw(path)) as connection:
        pages = dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"))
    with path.open("r+b") as file:
        file.seek((pages["setting"] - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert (await refused(folder)).kind is Trouble.CORRUPT
    assert (await refused(folder)).kind is Trouble.CORRUPT, "the lock was let go"


def test_a_connection_that_cannot_be_set_is_closed(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database at all" * 500)
    with pytest.raises(sqlite3.DatabaseError):
        connect.raw(tmp_path / DATABASE, pragmas=("journal_mode = WAL",))


async def test_an_empty_file_is_a_fresh_database(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE).touch()
    async with await Store.open(folder) as store:
        assert (await store.append(start())).debate == 1


async def test_an_empty_file_beside_a_log_is_left_alone(store: Store, folder: Path) -> None:
    """SQLite would delete the log, and with it the last debates."""
    await store.append(start())
    log = (folder / "gadfly.db-wal").read_bytes()
    await store.close()
    (folder / DATABASE).write_bytes(b"")
    (folder / "gadfly.db-wal").write_bytes(log)
    error = await refused(folder)
    assert (error.kind, error.path) == (Trouble.CORRUPT, folder / DATABASE)
    assert (folder / "gadfly.db-wal").read_bytes() == log


def test_which_file_has_no_bytes(tmp_path: Path) -> None:
    assert not emptied(tmp_path)
    (tmp_path / DATABASE).touch()
    assert emptied(tmp_path)
    (tmp_path / DATABASE).write_bytes(b"x")
    assert not emptied(tmp_path)


async def test_a_file_where_the_folder_should_be(folder: Path) -> None:
    folder.write_text("not a folder")
    for place in (folder, folder / "below"):
        error = await refused(place)
        assert (error.kind, error.path, error.misplaced) == (Trouble.FAILED, place, True)


async def test_a_folder_where_a_file_should_be(folder: Path) -> None:
    (folder / DATABASE).mkdir(parents=True)
    error = await refused(folder)
    assert (error.kind, error.path, error.misplaced) == (Trouble.FAILED, folder / DATABASE, True)
    (folder / "gadfly.lock").unlink()
    (folder / "gadfly.lock").mkdir()
    error = await refused(folder)
    assert (error.kind, error.path, error.misplaced) == (Trouble.FAILED, folder / "gadfly.lock", True)


@pytest.mark.parametrize("name", ["ENOTDIR", "EEXIST", "EISDIR", "ENOENT", "ELOOP", "ENAMETOOLONG"])
def test_a_place_that_cannot_be(name: str, tmp_path: Path) -> None:
    found = trouble(OSError(getattr(errno, name), "said the system"), tmp_path)
    assert (found.misplaced, found.detail) == (True, "said the system")
    assert not trouble(OSError(errno.EIO, ""), tmp_path).misplaced


# The rights of a root are checked by nothing: become nobody after the imports.
AS_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from bot.store.errors import StoreError
from bot.store.store import Store
if os.getuid() == 0:
    os.setuid(65534)
async def main():
    try:
        async with await Store.open(Path(sys.argv[1])):
            print("open")
    except StoreError as error:
        print(error.kind)
asyncio.run(main())
"""


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that anybody can reach; pytest's own is its owner's alone."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)


def as_nobody(folder: Path) -> str:
    with python(AS_NOBODY, folder) as process:
        return process.communicate(timeout=20)[0].strip()


async def test_a_folder_one_may_not_write_in(reachable: Path) -> None:
    reachable.chmod(0o555)
    assert as_nobody(reachable / "home") == as_nobody(reachable) == "readonly"


async def test_a_database_one_may_not_write(reachable: Path) -> None:
    async with await Store.open(reachable):
        pass
    (reachable / "gadfly.lock").chmod(0o666)
    (reachable / DATABASE).chmod(0o444)
    reachable.chmod(0o777)
    if os.getuid() != 0:
        pytest.skip("the owner may set the mode back, and the store does")
    assert as_nobody(reachable) == "readonly"


LIMITED = """
import asyncio, json, resource, sys
from pathlib import Path
from bot.store.errors import StoreError
from bot.store.store import Store
from tests.store.given import speech, start
async def main():
    kept, said = [], []
    async with await Store.open(Path(sys.argv[1])) as store:
        await store.append(start())
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, -1))
        for number in range(120):
            try:
                await store.append(speech(f"k{number}", "x" * 4000))
                kept.append(f"k{number}")
            except StoreError as error:
                said.append(error.kind)
        reads = len((await store.transcript(1)).entries)
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
        await store.append(speech("after", "x"))
        kept.append("after")
    print(json.dumps([kept, said, reads]))
asyncio.run(main())
"""


async def test_a_file_that_may_not_grow_loses_nothing_acknowledged(folder: Path) -> None:
    with python(LIMITED, folder) as process:
        kept, said, reads = json.loads(process.communicate(timeout=30)[0])
    assert len(kept) > 10
    assert len(said) > 10
    assert set(said) <= {"full", "failed"}
    assert reads == len(kept) + 1
    async with await Store.open(folder) as store:
        entries = (await store.transcript(1)).entries
        assert [getattr(item, "key", None) for item in entries[2:]] == kept
        assert (await store.check()).faults == ()


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("said SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, ""), Trouble.FULL),
        (OSError(errno.EROFS, ""), Trouble.READONLY),
        (OSError(errno.EIO, ""), Trouble.FAILED),
        (sqlite_error(sqlite3.SQLITE_FULL), Trouble.FULL),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), Trouble.BUSY),
        (sqlite_error(sqlite3.SQLITE_READONLY_DIRECTORY), Trouble.READONLY),
        (sqlite_error(sqlite3.SQLITE_CORRUPT_INDEX), Trouble.CORRUPT),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), Trouble.FAILED),
        (sqlite_error(sqlite3.SQLITE_ERROR), Trouble.FAILED),
        (RuntimeError("anything"), Trouble.FAILED),
    ],
)
def test_what_an_error_means(error: Exception, kind: Trouble, tmp_path: Path) -> None:
    found = trouble(error, tmp_path / DATABASE)
    assert (found.kind, found.path) == (kind, tmp_path / DATABASE)
    assert str(found).startswith(f"{kind}: {tmp_path}")


def test_where_sqlite_keeps_the_reason_the_system_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = sqlite_error(sqlite3.SQLITE_IOERR_WRITE)
    assert trouble(error, tmp_path / "not there" / DATABASE).kind is Trouble.FAILED

    def full(handle: int) -> None:
        raise OSError(errno.EDQUOT, "quota")

    monkeypatch.setattr(errors.os, "fsync", full)  # type: ignore[attr-defined]
    assert trouble(error, tmp_path / DATABASE).kind is Trouble.FULL


def test_a_lock_that_the_file_system_cannot_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.store import files

    def unable(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(files.fcntl, "flock", unable)  # type: ignore[attr-defined]
    with pytest.raises(StoreError) as error:
        Lock.take(tmp_path)
    assert error.value.kind is Trouble.FAILED


async def test_a_lock_let_go_twice(folder: Path) -> None:
    folder.mkdir()
    lock = Lock.take(folder)
    lock.release()
    lock.release()
    await asyncio.sleep(0)
    Lock.take(folder).release()
