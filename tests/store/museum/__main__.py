"""Play a little, and print the database as SQL."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.messages import Person
from bot.store.store import Store
from bot.store.values import Setting, Write
from tests.store.given import ANN, ROOM, answer, finish, request, result, speech, start


async def play(folder: Path) -> Path:
    """Two debates of Ann's, one over and one waiting for an answer; somebody who was forgotten."""
    async with await Store.open(folder) as store:
        await store.append(start("m1"))
        await store.append(speech("m2", "Talks change nothing, since neither side can give way."))
        await store.append(answer("m2"))
        await store.append(finish("m3", 1, result(61.5)))
        await store.append(start("m4"))
        await store.append(speech("m5", "It’s only a signal — “worth little”.", debate=2))
        await store.join_board(ANN, "Ann")
        await store.append(Write(settings=(Setting("guild", "notice", "shown"),)))
        nobody = Person("discord", "guild", "nobody")
        await store.append(Write(request("gone", "!help", nobody, ROOM), answers=("gone",)))
        await store.forget(nobody)
        store.delivered("m1", "m2", "m3", "m4")
    return store.path


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(sqlite3.connect(asyncio.run(play(Path(folder))))) as connection,
    ):
        print("\n".join(connection.iterdump()))


if __name__ == "__main__":
    main()
