"""A coach on a store in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.coach import Coach
from bot.store.store import Store
from tests.coach.talk import Talk, coach


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    async with await Store.open(folder, linger=0.02) as opened:
        yield opened


@pytest.fixture
async def door(store: Store) -> AsyncIterator[Coach]:
    made = coach(store)
    yield made
    await made.close()


@pytest.fixture
def ann(door: Coach) -> Talk:
    return Talk(door)
