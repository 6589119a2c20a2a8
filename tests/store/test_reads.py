"""What comes out: summaries, messages, results, the leaderboard, settings, the export."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.messages import Person
from bot.store.files import person_scope, place_scope
from bot.store.store import Store
from content.deck import Side
from tests.store.given import (
    ANN,
    BOB,
    NOW,
    ROOM,
    answer,
    eventually,
    finish,
    request,
    result,
    setting,
    speech,
    start,
)


async def play(store: Store, key: str, score: float, person: Person = ANN, **more: object) -> None:
    """A whole debate with this result."""
    outcome = replace(result(score), **more)  # type: ignore[arg-type]
    written = await store.append(start(f"{key}-start", person, side=outcome.side))
    assert written.debate is not None
    await store.append(finish(f"{key}-end", written.debate, outcome, person))


async def test_debates_of_a_person_newest_first(store: Store) -> None:
    await play(store, "a", 30)
    await store.append(start("b"))
    await store.append(start("c", BOB))
    newest, oldest = await store.debates(ANN)
    assert (newest.id, newest.length, newest.result, newest.ended_at) == (2, 2, None, None)
    assert (oldest.id, oldest.length, oldest.ended_at, oldest.place) == (1, 3, NOW, ROOM)
    assert oldest.result == replace(result(30), debate=1)


async def test_nothing_is_open_where_nothing_was_opened(store: Store) -> None:
    assert await store.open_debate(ANN, ROOM) is None
    assert await store.last_debate(ANN, ROOM) is None
    assert (await store.debates(ANN), await store.results(ANN, 5), await store.unfinished()) == ((), (), ())


async def test_results_newest_first_and_limited(store: Store) -> None:
    for minutes in range(4):
        await play(store, f"k{minutes}", minutes, at=result(minutes=minutes).at)
    assert [item.score for item in await store.results(ANN, 3)] == [3, 2, 1]
    assert await store.results(BOB, 3) == ()


async def test_unfinished_in_order_of_arrival(store: Store) -> None:
    await store.append(start("zebra"))
    await store.append(speech("b", "one"))
    await store.append(speech("a", "two"))
    assert [item.request.key for item in await store.unfinished()] == ["zebra", "b", "a"]
    await store.append(answer("b"))
    store.delivered("b", "zebra", "unknown")
    await store.append(request_only := replace(speech("c", "three"), entries=()))
    waiting = await store.unfinished()
    assert [item.request.key for item in waiting] == ["a", "c"], "the marks rode with the commit"
    assert waiting[1].request == request_only.request
    assert waiting[0].speech


async def test_delivered_follows_by_itself_and_keeps_its_first_moment(store: Store) -> None:
    await store.append(start("a"))
    commits = store.commits
    store.delivered("a")

    async def marked() -> bool:
        return not await store.unfinished()

    await eventually(marked)
    first = await store.heard("a")
    store.delivered("a")
    await store.append(start("b", BOB))
    assert await store.heard("a") == first
    assert store.commits == commits + 1


async def test_delivered_is_not_lost_at_the_end(store: Store, folder: object) -> None:
    await store.append(start("a"))
    store.delivered("a")
    await store.close()
    async with await Store.open(store.path.parent) as opened:
        assert await opened.unfinished() == ()


async def test_the_leaderboard_ranks_those_who_joined(store: Store) -> None:
    await play(store, "a", 40)
    await play(store, "b", 60, contested=90.0)
    await play(store, "c", 99, complete=False)
    await play(store, "d", 70, BOB)
    assert await store.leaderboard("discord", "guild") == ()
    await store.join_board(ANN, "ann?")
    await store.join_board(ANN, "Ann")
    await store.join_board(BOB, "Bob")
    ranks = await store.leaderboard("discord", "guild")
    assert [(rank.name, rank.score) for rank in ranks] == [("Bob", 70), ("Ann", 60)]
    assert ranks[0].person == BOB
    assert await store.leaderboard("discord", "other") == ()
    assert await store.leave_board(BOB)
    assert not await store.leave_board(BOB)
    assert [rank.name for rank in await store.leaderboard("discord", "guild")] == ["Ann"]


async def test_the_leaderboard_keeps_sides_apart_and_the_earlier_of_equals(store: Store) -> None:
    await store.join_board(ANN, "Ann")
    await play(store, "a", 50, at=result(minutes=5).at)
    await play(store, "b", 50, at=result(minutes=3).at)
    await play(store, "c", 20, side=Side.AGAINST)
    ranks = await store.leaderboard("discord", "guild")
    assert [(rank.side, rank.score) for rank in ranks] == [(Side.AGAINST, 20), (Side.FOR, 50)]
    assert ranks[1].at == result(minutes=3).at


async def test_settings(store: Store) -> None:
    scope = place_scope("discord", "guild", "room")
    assert await store.setting(scope, "noticed") is None
    await store.append(setting(scope, "noticed", "1"))
    await store.append(setting(scope, "noticed", "2"))
    assert await store.setting(scope, "noticed") == "2"
    assert await store.setting(place_scope("discord", "guild"), "noticed") is None


async def test_the_export_holds_everything_and_is_json(store: Store) -> None:
    await play(store, "a", 30)
    await store.append(start("b"))
    await store.append(speech("c", "my own words", debate=2))
    await store.append(start("d", BOB))
    await store.join_board(ANN, "Ann")
    await store.append(setting(person_scope("discord", "guild", "ann"), "level", "novice"))
    export = json.loads(json.dumps(await store.export(ANN)))
    assert [len(debate["entries"]) for debate in export["debates"]] == [3, 3]
    assert export["debates"][1]["entries"][2]["body"]["text"] == "my own words"
    assert [message["key"] for message in export["messages"]] == ["a-start", "a-end", "b", "c"]
    assert export["messages"][0]["at"] == NOW.isoformat()
    assert [export["results"][0]["score"], export["leaderboard"][0]["name"]] == [30, "Ann"]
    assert export["settings"][0]["value"] == "novice"
    assert export["person"] == {"person_platform": "discord", "person_scope": "guild", "person_id": "ann"}


async def test_a_request_comes_back_as_it_came(store: Store) -> None:
    original = request("a", "tab\tquote' nul\x00 ünï 🐝")
    await store.append(replace(speech("a", original.text), request=original, debate=None, entries=()))
    message = await store.heard("a")
    assert message is not None
    assert message.request == original
    assert await store.heard("b") is None
