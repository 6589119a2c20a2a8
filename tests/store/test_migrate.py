"""The history of the schema: it leads where the tables are, from every schema there was, and loses nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.store import connect, files, migrate
from bot.store.errors import StoreError, Trouble
from bot.store.files import DATABASE, REVISIONS, State
from bot.store.peek import peek
from bot.store.store import Store
from bot.store.tables import metadata
from tests.store.given import ANN, ROOM, speech, start

HERE = Path(__file__).parent

ENV = (migrate.SCRIPTS / "env.py").read_text()

NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    with op.batch_alter_table("debate", recreate="always") as batch:
        batch.add_column(sa.Column("format", sa.String, nullable=False, server_default="spar"))
    {more}
"""


def museum(folder: Path, revision: str) -> Path:
    """A database of an old schema, from the statements it was dumped to when that schema was released."""
    folder.mkdir()
    path = folder / DATABASE
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((HERE / "museum" / f"{revision}.sql").read_text())
    return path


def scripts(tmp_path: Path, more: str = "") -> Path:
    """The real history and one revision after it, which makes the table that others hang on anew."""
    place = tmp_path / "scripts"
    (place / "versions").mkdir(parents=True)
    (place / "env.py").write_text(ENV)
    for file in (migrate.SCRIPTS / "versions").glob("v*.py"):
        (place / "versions" / file.name).write_text(file.read_text())
    (place / "versions" / "v0002_next.py").write_text(NEXT.format(more=more))
    return place


@pytest.fixture
def next_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (files, migrate):
        monkeypatch.setattr(module, "REVISIONS", ("0001", "0002"))


def test_the_history_leads_to_the_tables(folder: Path) -> None:
    folder.mkdir()
    path = migrate.bring_up(folder)
    engine = create_engine("sqlite://", creator=lambda: connect.raw(path))
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_the_database_made_is_the_one_the_tables_describe(folder: Path) -> None:
    """Stricter than Alembic's own comparison, which overlooks constraints' names, partial indexes, AUTOINCREMENT."""
    folder.mkdir()
    made = migrate.bring_up(folder)
    engine = create_engine(f"sqlite:///{folder / 'meant.db'}")
    metadata.create_all(engine)
    engine.dispose()
    shapes = [_shape(path) for path in (made, folder / "meant.db")]
    assert shapes[0] == shapes[1]


def _shape(path: Path) -> dict[str, object]:
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name != "alembic_version"
        ]
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > ''"
        ).fetchall()
        shape: dict[str, object] = {"indexes": sorted(indexes, key=str)}
        for name in names:
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            keys = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
            counted = connection.execute(
                "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = ?", (name,)
            )
            shape[name] = (columns, keys, counted.fetchone())
    return shape


def test_the_list_of_revisions_is_that_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    config.set_main_option("path_separator", "os")
    history = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(history)) == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
async def test_every_schema_there_was_opens_and_plays_on(folder: Path, revision: str) -> None:
    museum(folder, revision)
    async with await Store.open(folder) as store:
        kinds = [entry.kind for entry in (await store.transcript(1)).entries]
        assert kinds == ["started", "opened", "spoke", "answered", "ended"]
        assert [item.score for item in await store.results(ANN, 5)] == [61.5]
        assert [rank.name for rank in await store.leaderboard("discord", "guild")] == ["Ann"]
        assert [item.request.key for item in await store.unfinished()] == ["m5"]
        assert (await store.append(speech("gone", "words", debate=2))).again, "a tombstone"
        assert await store.open_debate(ANN, ROOM) == 2
        assert (await store.append(speech("new", "words", debate=2))).first_seq == 3


@pytest.mark.usefixtures("next_schema")
def test_an_upgrade_keeps_every_row_after_one_backup(folder: Path, tmp_path: Path) -> None:
    path = museum(folder, "0001")
    before = _counts(path)
    assert peek(folder).state is State.OLDER
    migrate.bring_up(folder, scripts(tmp_path))
    assert _counts(path) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT DISTINCT format FROM debate").fetchall() == [("spar",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    copies = list(folder.glob("gadfly.before-*"))
    assert [copy.name for copy in copies] == ["gadfly.before-0002.db"]
    assert copies[0].stat().st_mode & 0o077 == 0
    assert _counts(copies[0]) == before
    assert peek(folder).state is State.CURRENT
    migrate.bring_up(folder, scripts(tmp_path / "again"))
    assert list(folder.glob("gadfly.before-*")) == copies


@pytest.mark.usefixtures("next_schema")
@pytest.mark.parametrize(
    "fault",
    ["op.execute('DELETE FROM entry WHERE seq = 0')", "op.execute('DELETE FROM deck')", "op.drop_column()"],
)
def test_an_upgrade_that_would_lose_something_is_undone(folder: Path, tmp_path: Path, fault: str) -> None:
    path = museum(folder, "0001")
    before = _counts(path)
    with pytest.raises((StoreError, TypeError)):
        migrate.bring_up(folder, scripts(tmp_path, fault))
    assert _counts(path) == before
    assert peek(folder).revision == "0001"
    with closing(sqlite3.connect(path)) as connection:
        assert "format" not in [row[1] for row in connection.execute("PRAGMA table_info(debate)")]


@pytest.mark.usefixtures("next_schema")
def test_an_upgrade_that_raises_leaves_the_old_database(folder: Path, tmp_path: Path) -> None:
    path = museum(folder, "0001")
    with pytest.raises(StoreError) as error:
        migrate.bring_up(folder, scripts(tmp_path, "op.execute('SELECT * FROM nowhere')"))
    assert error.value.kind is Trouble.FAILED
    assert peek(folder).revision == "0001"
    assert _counts(path)["debate"] == 2


def test_a_backup_that_fails_leaves_no_half(folder: Path) -> None:
    path = museum(folder, "0001")
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40_000)
    with pytest.raises(sqlite3.DatabaseError):
        migrate.back_up(path, folder / "copy.db")
    assert list(folder.glob("copy*")) == []


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("deck", "debate", "entry", "inbox", "result", "board", "setting", "tombstone")
        }


async def test_the_way_down_is_whole_too(folder: Path) -> None:
    from alembic import command

    async with await Store.open(folder) as store:
        await store.append(start())
    with closing(connect.raw(folder / DATABASE, pragmas=("foreign_keys = OFF",))) as plain:
        engine = create_engine("sqlite://", creator=lambda: plain)
        with engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(migrate.SCRIPTS))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
            connection.commit()
        tables = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        assert sorted(tables) == [("alembic_version",), ("sqlite_sequence",)]
