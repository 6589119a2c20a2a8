"""A store in a folder of its own. The database is made once and copied: its making is tested where it matters."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import migrate
from bot.store.files import DATABASE, prepare
from bot.store.store import Store


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrate.bring_up(tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
async def store(folder: Path, made: Path) -> AsyncIterator[Store]:
    prepare(folder)
    shutil.copy(made, folder / DATABASE)
    async with await Store.open(folder, linger=0.05) as opened:
        yield opened
