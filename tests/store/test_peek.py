"""A look before anything is loaded: right, quick, and it leaves nothing behind."""

# ruff: noqa: ASYNC240 (a test may wait for its own files)
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

import pytest

from bot.messages import Person, Place
from bot.store import connect
from bot.store.files import DATABASE, State
from bot.store.peek import OpenDebate, Peek, peek
from bot.store.store import Store
from tests.store.given import answer, finish, result, speech, start

ROOT = Path(__file__).parents[2]
ME = Person("terminal", "local", "me")
HERE = Place("terminal", "local", "tty")


async def play(store: Store) -> None:
    await store.append(start("remote"))
    await store.append(start("old", ME, HERE))
    await store.append(finish("end", 2, result(), ME, HERE))
    await store.append(start("new", ME, HERE))
    await store.append(speech("a", "words", 3, ME, HERE))
    await store.append(answer("a", debate=3))
    await store.append(speech("b", "words", 3, ME, HERE))


MINE = OpenDebate(3, "talks", "for", "novice", speeches=1)


async def test_the_debate_left_open(store: Store, folder: Path) -> None:
    await play(store)
    for _ in ("while the store is open", "and when it is closed"):
        assert peek(folder) == Peek(State.CURRENT, "0001", MINE)
        assert peek(folder, astuple(ME), astuple(HERE)).open == MINE
        assert peek(folder, astuple(ME), ("terminal", "local", "tty", "x")).open is None
        assert peek(folder, ("discord", "guild", "ann")).open == OpenDebate(1, "talks", "for", "novice", 0)
        await store.close()


async def test_a_look_leaves_nothing_behind(store: Store, folder: Path) -> None:
    assert peek(folder / "nowhere").state is State.ABSENT
    assert not (folder / "nowhere").exists()
    await play(store)
    await store.close()
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert set(before) == {"gadfly.db", "gadfly.lock"}
    peek(folder)
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


async def test_what_a_crash_left_in_the_log_is_seen(store: Store, folder: Path, tmp_path: Path) -> None:
    await play(store)
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in folder.iterdir():
        (crashed / file.name).write_bytes(file.read_bytes())
    assert (crashed / "gadfly.db-wal").stat().st_size
    assert peek(crashed).open == MINE


def alter(statement: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        with closing(connect.raw(path)) as connection:
            connection.execute(statement)

    return run


def noise(path: Path) -> None:
    path.write_bytes(b"no database at all" * 500)


def unreadable(path: Path) -> None:
    with closing(connect.raw(path)) as connection:
        connection.execute("DROP TABLE entry")


@pytest.mark.parametrize(
    ("damage", "state"),
    [
        (alter("UPDATE alembic_version SET version_num = '9999'"), State.NEWER),
        (alter("DELETE FROM alembic_version"), State.CORRUPT),
        (alter("DROP TABLE alembic_version"), State.CORRUPT),
        (unreadable, State.CORRUPT),
        (noise, State.CORRUPT),
        (lambda path: path.write_bytes(b""), State.ABSENT),
    ],
)
async def test_the_state_of_the_schema(
    store: Store, folder: Path, damage: Callable[[Path], None], state: State
) -> None:
    await play(store)
    await store.close()
    damage(folder / DATABASE)
    assert peek(folder).state is state
    assert peek(folder).open is None


async def test_a_path_that_cannot_be_looked_at(tmp_path: Path) -> None:
    assert peek(tmp_path / ("x" * 300)).state is State.CORRUPT


async def test_a_look_takes_milliseconds(store: Store, folder: Path) -> None:
    await play(store)

    def seconds() -> float:
        began = time.perf_counter()
        peek(folder)
        return time.perf_counter() - began

    assert any(seconds() < 0.02 for _ in range(20))


def test_a_look_loads_the_standard_library_only(tmp_path: Path) -> None:
    code = """
import sys
before = set(sys.modules)
import bot.store
from bot.store.peek import peek
from pathlib import Path
peek(Path(sys.argv[1]))
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(new - sys.stdlib_module_names))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["bot"]
