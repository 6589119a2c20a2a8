"""Erasing one message, and forgetting a person: gone from every file, and not to come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.debate.entries import Spoke
from bot.messages import Request
from bot.store.errors import Gone
from bot.store.files import person_scope
from bot.store.store import Store
from bot.store.values import Forgotten, Write, Written
from tests.store.given import (
    ANN,
    BOB,
    NOW,
    ROOM,
    answer,
    files_with,
    finish,
    request,
    result,
    setting,
    speech,
    start,
)

LONG = "SECRETWORDS of a long speech " * 400
"""Longer than a database page, so that it lies on overflow pages."""


async def test_an_erased_message_keeps_its_place_and_loses_its_words(store: Store, folder: Path) -> None:
    await store.append(start())
    await store.append(speech("a", LONG))
    await store.append(speech("b", "stays"))
    await store.append(answer("a", "b"))
    assert files_with(folder, "SECRETWORDS")
    assert await store.erase(1, "a")
    assert (await store.transcript(1)).entries[2:4] == (
        Spoke(key="a", text="", at=NOW, erased=True),
        Spoke(key="b", text="stays", at=NOW),
    )
    message = await store.heard("a")
    assert message is not None
    assert (message.erased, message.request.text) == (True, "")
    assert files_with(folder, "SECRETWORDS") == []
    assert (await store.append(speech("a", LONG))).again


async def test_erasing_what_is_not_there(store: Store) -> None:
    await store.append(start())
    await store.append(Write(request("help", "!help me")))
    commits = store.commits
    assert not await store.erase(1, "unknown")
    assert not await store.erase(None, "start"), "it belongs to a debate"
    assert not await store.erase(7, "help")
    assert store.commits == commits
    assert await store.erase(None, "help")


async def test_forgetting_removes_all_of_one_person_and_nothing_of_another(store: Store) -> None:
    await store.append(start("a"))
    await store.append(speech("b", "one"))
    await store.append(finish("c", 1, result()))
    await store.append(start("d"))
    await store.append(Write(request("e", "!help")))
    await store.append(start("other", BOB))
    await store.append(finish("end", 3, result(), BOB))
    await store.join_board(ANN, "Ann")
    await store.join_board(BOB, "Bob")
    await store.append(setting(person_scope("discord", "guild", "ann"), "level", "novice"))
    before = await store.export(BOB)
    assert await store.forget(ANN) == Forgotten(debates=2, messages=5)
    export = await store.export(ANN)
    assert [name for name, rows in export.items() if rows and name != "person"] == []
    assert await store.export(BOB) == before
    assert [rank.name for rank in await store.leaderboard("discord", "guild")] == ["Bob"]
    assert await store.forget(ANN) == Forgotten(0, 0)
    with pytest.raises(Gone):
        await store.transcript(1)
    assert (await store.check()).faults == ()


async def test_a_forgotten_message_delivered_again_is_ignored(store: Store) -> None:
    await store.append(start("a"))
    await store.append(speech("b", "one"))
    await store.forget(ANN)
    assert await store.append(speech("b", "one")) == Written(None, None, None, again=True)
    assert await store.append(start("a")) == Written(None, None, None, again=True)
    assert await store.heard("b") is None
    assert await store.open_debate(ANN, ROOM) is None
    assert await store.unfinished() == ()


async def test_an_answer_that_comes_too_late_finds_nothing(store: Store) -> None:
    await store.append(start("a"))
    await store.append(speech("b", "one"))
    await store.forget(ANN)
    with pytest.raises(Gone):
        await store.append(answer("b", expects=3))
    assert (await store.append(start("c"))).debate == 2, "a number is never given twice"
    with pytest.raises(Gone):
        await store.append(answer("b", expects=3))


async def test_no_file_holds_a_forgotten_word(store: Store, folder: Path) -> None:
    await store.append(start("a"))
    for number in range(30):
        text = LONG if number % 3 else "SECRETWORDS short"
        await store.append(speech(f"k{number}", text))
    await store.append(Write(Request("h", ANN, ROOM, "!help SECRETWORDS", "en", NOW)))
    (folder / "gadfly.before-0001.db").write_text("SECRETWORDS before an upgrade")
    await store.join_board(ANN, "SECRETWORDS")
    assert set(files_with(folder, "SECRETWORDS")) >= {"gadfly.db-wal", "gadfly.before-0001.db"}
    await store.forget(ANN)
    assert files_with(folder, "SECRETWORDS") == []
    assert files_with(folder, "k29") == []
    await store.close()
    assert files_with(folder, "SECRETWORDS") == []


async def test_tombstones_hold_after_a_restart_and_differ_between_stores(tmp_path: Path) -> None:
    tombs = []
    for name in ("one", "two"):
        async with await Store.open(tmp_path / name) as store:
            await store.append(start("a"))
            await store.forget(ANN)
        async with await Store.open(tmp_path / name) as store:
            assert (await store.append(start("a"))).again
            tombs.append(await store.setting("store", "secret"))
    assert tombs[0] != tombs[1]


async def test_a_copy_that_cannot_be_removed_stops_forgetting(store: Store, folder: Path) -> None:
    from bot.store.errors import StoreError

    await store.append(start("a"))
    (folder / "gadfly.before-0001.db").mkdir()
    with pytest.raises(StoreError):
        await store.forget(ANN)
    assert await store.open_debate(ANN, ROOM) == 1
