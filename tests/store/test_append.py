"""One write is one transaction: all of it, in order, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.debate.entries import Ended, Opened, Redoing, Spoke, Why
from bot.debate.errors import Conflict
from bot.store.errors import Gone, StoreError, Trouble
from bot.store.store import Store
from bot.store.values import Setting, Write, Written
from tests.store.given import (
    ANN,
    BOB,
    NOW,
    ROOM,
    answer,
    at,
    finish,
    later,
    new,
    request,
    result,
    speech,
    start,
    started,
)


async def test_a_debate_opens_and_grows_in_order(store: Store) -> None:
    assert await store.append(start()) == Written(1, 0, 1)
    assert await store.append(speech("a", "one")) == Written(1, 2, 2)
    assert await store.append(answer("a", expects=3)) == Written(1, 3, 3)
    transcript = await store.transcript(1)
    assert [entry.kind for entry in transcript.entries] == ["started", "opened", "spoke", "answered"]
    assert transcript.entries[:2] == (started(), Opened(acts=()))
    assert (transcript.person, transcript.place, transcript.deck_id) == (ANN, ROOM, "talks")
    assert (transcript.opened_at, transcript.ended_at) == (NOW, None)


async def test_a_speech_costs_two_commits_and_a_command_one(store: Store) -> None:
    await store.append(start())
    assert store.commits == 1
    await store.append(speech("a", "one"))
    await store.append(answer("a"))
    store.delivered("a")
    assert store.commits == 3
    await store.append(finish("b", 1, result()))
    assert store.commits == 4


async def test_a_known_key_does_nothing_and_says_where_it_went(store: Store) -> None:
    await store.append(start())
    await store.append(speech("a", "one"))
    commits = store.commits
    assert await store.append(speech("a", "other words")) == Written(1, 2, None, again=True)
    await store.append(answer("a"))
    assert await store.append(speech("a", "one")) == Written(1, 2, 3, again=True)
    assert await store.append(start()) == Written(1, 0, 1, again=True)
    assert store.commits == commits + 1, "what changes nothing costs no commit"
    assert len((await store.transcript(1)).entries) == 4


async def test_a_known_key_comes_before_a_conflict(store: Store) -> None:
    await store.append(start())
    await store.append(speech("a", "one"))
    again = await store.append(replace(speech("a", "one"), expects=0))
    assert again.again


async def test_a_key_sent_many_times_at_once_is_heard_once(store: Store) -> None:
    await store.append(start())
    written = await asyncio.gather(*(store.append(speech("a", "one")) for _ in range(50)))
    assert sum(not item.again for item in written) == 1
    assert len((await store.transcript(1)).entries) == 3


async def test_a_conflict_leaves_nothing_behind(store: Store) -> None:
    await store.append(start())
    stale = replace(
        finish("a", 1, result()), expects=1, answers=("start",), settings=(Setting("x", "y", "z"),)
    )
    with pytest.raises(Conflict):
        await store.append(stale)
    assert await store.heard("a") is None
    assert await store.setting("x", "y") is None
    assert await store.open_debate(ANN, ROOM) == 1
    assert len((await store.transcript(1)).entries) == 2
    assert (await store.append(replace(stale, expects=2))) == Written(1, 2, 2), "the key was not used up"


async def test_a_conflict_takes_back_what_was_done_before_it(store: Store) -> None:
    await store.append(start("a"))
    with pytest.raises(Conflict):
        await store.append(replace(start("b"), opens=replace(new(), deck_sha="another")))
    assert await store.deck("another") is None


async def test_one_of_two_answers_to_the_same_length_wins(store: Store) -> None:
    await store.append(start())
    both = await asyncio.gather(*(store.append(answer(expects=2)) for _ in range(2)), return_exceptions=True)
    assert sorted(type(item).__name__ for item in both) == ["Conflict", "Written"]


async def test_a_store_knows_where_it_is_and_how_it_is(store: Store) -> None:
    assert store.path.is_file()
    assert store.dead is None


async def test_one_open_debate_for_each_person_and_place(store: Store) -> None:
    await store.append(start("a"))
    with pytest.raises(Conflict):
        await store.append(start("b"))
    assert await store.heard("b") is None
    assert (await store.append(start("c", person=BOB))).debate == 2
    assert (await store.append(start("d", place=at("elsewhere")))).debate == 3
    await store.append(finish("e", 1, result()))
    assert (await store.append(start("b"))).debate == 4
    assert await store.open_debate(ANN, ROOM) == await store.last_debate(ANN, ROOM) == 4


async def test_ended_and_a_result_each_end_a_debate_once(store: Store) -> None:
    await store.append(start("a"))
    await store.append(Write(request("b"), debate=1, entries=(Ended(why=Why.LEFT),)))
    assert await store.open_debate(ANN, ROOM) is None
    assert await store.last_debate(ANN, ROOM) == 1
    assert (await store.transcript(1)).ended_at == NOW
    await store.append(Write(debate=1, closes=result(minutes=9)))
    assert (await store.transcript(1)).ended_at == NOW
    await store.append(start("c"))
    await store.append(Write(debate=2, closes=result(minutes=5)))
    assert (await store.transcript(2)).ended_at == later(5)


async def test_entries_may_follow_the_end(store: Store) -> None:
    await store.append(start())
    await store.append(finish("a", 1, result()))
    written = await store.append(Write(request("b", "!redo 1"), debate=1, entries=(Redoing(turn=1),)))
    assert written == Written(1, 3, 3)


async def test_a_later_result_replaces_the_first(store: Store) -> None:
    await store.append(start())
    await store.append(finish("a", 1, result(40)))
    await store.append(Write(debate=1, closes=replace(result(40), contested=55.5)))
    assert await store.results(ANN, 5) == (replace(result(40), contested=55.5, debate=1),)


async def test_an_answer_covers_every_message_of_the_speech(store: Store) -> None:
    await store.append(start())
    await store.append(speech("a", "one"))
    await store.append(speech("b", "two"))
    await store.append(answer("a", "b", "unknown", expects=4))
    for key, first in (("a", 2), ("b", 3)):
        message = await store.heard(key)
        assert message is not None
        assert (message.first_seq, message.last_seq) == (first, 4)
        assert message.answered_at is not None
    first_time = await store.heard("a")
    await store.append(answer("a"))
    assert await store.heard("a") == first_time, "answered once"


async def test_a_command_without_a_debate_is_heard_too(store: Store) -> None:
    assert await store.append(Write(request("a", "!help"), answers=("a",))) == Written(None, None, None)
    message = await store.heard("a")
    assert message is not None
    assert (message.request, message.speech, message.debate) == (request("a", "!help"), False, None)


async def test_a_view_of_a_debate_has_no_entries_but_knows_its_debate(store: Store) -> None:
    await store.append(start())
    assert await store.append(Write(request("a", "!flow"), debate=1, answers=("a",))) == Written(
        1, None, None
    )


async def test_a_debate_that_is_not_there(store: Store) -> None:
    with pytest.raises(Gone) as gone:
        await store.append(speech("a", "one", debate=12))
    assert gone.value.debate == 12
    assert await store.heard("a") is None
    with pytest.raises(Gone):
        await store.transcript(12)


async def test_a_write_that_contradicts_itself(store: Store) -> None:
    with pytest.raises(ValueError, match="opens a debate or appends"):
        await store.append(Write(debate=1, opens=new()))
    with pytest.raises(ValueError, match="need a debate"):
        await store.append(Write(entries=(Ended(why=Why.LEFT),)))
    naive = replace(request("a"), at=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="time zone"):
        await store.append(Write(naive))
    with pytest.raises(ValueError, match="surrogates"):
        await store.append(Write(request("\ud800")))
    with pytest.raises(ValueError, match="surrogates"):
        await store.append(Write(request("a", "\ud800")))


async def test_a_naive_moment_inside_fails_that_write_alone(store: Store) -> None:
    await store.append(start())
    bad = Spoke(key="a", text="x", at=datetime(2026, 1, 1))
    outcomes = await asyncio.gather(
        store.append(speech("good", "one")),
        store.append(Write(request("a"), True, 1, entries=(bad,))),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], Written)
    assert isinstance(outcomes[1], ValueError)
    assert await store.heard("a") is None


async def test_a_deck_is_kept_once_and_found_by_its_hash(store: Store) -> None:
    await store.append(start("a"))
    await store.append(replace(start("b", BOB), opens=replace(new(BOB), deck_json="never the second")))
    assert await store.deck("sha") == '{"cards":[]}'
    assert await store.deck("other") is None


async def test_settings_ride_along(store: Store) -> None:
    await store.append(Write(request("a"), settings=(Setting("s", "n", "1"), Setting("s", "n", "2"))))
    assert await store.setting("s", "n") == "2"
    assert store.commits == 1


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.close()
    await store.close()
    for call in (store.append(start()), store.open_debate(ANN, ROOM)):
        with pytest.raises(StoreError) as error:
            await call
        assert error.value.kind is Trouble.FAILED
    with pytest.raises(StoreError):
        store.delivered("a")
