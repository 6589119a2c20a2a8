"""One debate read beside a window that plays, or where nothing can be written."""

# ruff: noqa: ASYNC240 (a test may wait for its own files)
from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import archive, connect
from bot.store.errors import Gone, StoreError, Trouble
from bot.store.files import DATABASE, REVISIONS
from bot.store.store import Store
from tests.store.given import ANN, speech, start


async def test_beside_a_running_window(store: Store, folder: Path) -> None:
    await store.append(start())
    await store.append(speech("k", "only in the log so far"))
    transcript, deck = archive.stored(folder, 1)
    assert transcript == await store.transcript(1)
    assert deck == '{"cards":[]}'


async def test_a_window_that_was_closed(store: Store, folder: Path) -> None:
    await store.append(start())
    await store.close()
    before = sorted(file.name for file in folder.iterdir())
    assert archive.stored(folder, 1)[0].person == ANN
    assert sorted(file.name for file in folder.iterdir()) == before


async def test_a_debate_that_is_not_there(store: Store, folder: Path, tmp_path: Path) -> None:
    for where in (folder, tmp_path / "nowhere"):
        with pytest.raises(Gone):
            archive.stored(where, 7)
    await store.close()
    (folder / DATABASE).write_bytes(b"")
    with pytest.raises(Gone):
        archive.stored(folder, 1)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(Gone):
        archive.stored(folder, 1)


async def refused(store: Store, folder: Path, sql: str) -> StoreError:
    await store.append(start())
    await store.close()
    with closing(connect.raw(folder / DATABASE, pragmas=("foreign_keys = OFF",))) as connection:
        connection.execute(sql)
    with pytest.raises(StoreError) as error:
        archive.stored(folder, 1)
    assert error.value.path == folder / DATABASE
    return error.value


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", Trouble.NEWER),
        ("DROP TABLE alembic_version", Trouble.CORRUPT),
        ("DELETE FROM deck", Trouble.CORRUPT),
        ("DROP TABLE entry", Trouble.FAILED),
    ],
)
async def test_a_file_that_cannot_be_read(store: Store, folder: Path, sql: str, kind: Trouble) -> None:
    assert (await refused(store, folder, sql)).kind is kind


async def test_an_older_schema_says_what_to_do(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store import files

    monkeypatch.setattr(files, "REVISIONS", (*REVISIONS, "later"))
    error = await refused(store, folder, "SELECT 1")
    assert (error.kind, "start gadfly once" in error.detail) == (Trouble.FAILED, True)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        archive.stored(tmp_path / ("x" * 300), 1)
    assert error.value.misplaced
