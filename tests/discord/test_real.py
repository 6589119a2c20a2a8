"""The real Discord, where somebody gives a token for it: GADFLY_REAL_DISCORD=... ./gadfly test tests/discord/test_real.py"""

from __future__ import annotations

import asyncio
import os

import pytest

from adapters.discord import run
from adapters.discord.run import Access

TOKEN = os.environ.get("GADFLY_REAL_DISCORD", "")


@pytest.mark.skipif(not TOKEN, reason="needs a token in GADFLY_REAL_DISCORD")
async def test_the_check_passes_at_home() -> None:
    said = list[str]()
    code = await asyncio.to_thread(run.check, Access(TOKEN), said.append)
    assert code == 0, "\n".join(said)
