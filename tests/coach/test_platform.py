"""What a platform asks beside the door: whose debate it is, what is on offer, what it keeps, what was deleted."""

from __future__ import annotations

import pytest

from bot.coach import MOTIONS, Coach, whole
from bot.debate.entries import Spoke
from bot.debate.errors import Conflict
from bot.messages import Place
from bot.store.errors import Gone
from bot.store.store import Store
from tests.coach.talk import ANN, BOB, LIBRARY, ROOM, SPEECHES, Talk, coach, text_of

OTHER = Place("discord", "guild", "room", "other")
PLACE = Place("discord", "guild", "room", "thread")


async def test_a_debate_tells_whose_it_is_and_where(door: Coach, ann: Talk) -> None:
    await ann.start()
    seat = await door.seat(1)
    assert seat is not None
    assert (seat.person, seat.place, seat.ended_at) == (ANN, ROOM, None)
    assert await door.seat(2) is None
    assert [s.debate for s in await door.seats_at(ROOM)] == [1]
    assert await door.seats_at(OTHER) == ()
    assert (await door.deck(1)).id in LIBRARY.ids


async def test_open_debates_of_a_platform_are_found_again(door: Coach, ann: Talk) -> None:
    await ann.start()
    assert [s.debate for s in await door.open_seats("discord")] == [1]
    assert await door.open_seats("slack") == ()
    await ann.say("!end")
    assert await door.open_seats("discord") == ()
    assert [s.ended_at is None for s in await door.seats_at(ROOM)] == [False]


async def test_a_guild_chooses_its_motions(door: Coach, ann: Talk) -> None:
    assert await door.motions(ROOM) == LIBRARY.decks
    last = LIBRARY.decks[-1].id
    await door.set_setting(whole(ROOM), MOTIONS, f"gone,{last}")
    assert [deck.id for deck in await door.motions(ROOM)] == [last]
    shown = text_of(await ann.say("!motions"))
    assert last in shown
    assert LIBRARY.decks[0].id not in shown
    assert (await ann.say(f"!start {LIBRARY.decks[0].id}")).private  # not on offer here
    await ann.say("!start")
    assert (await door.deck(1)).id == last


async def test_motions_that_are_gone_leave_all_on_offer(door: Coach) -> None:
    await door.set_setting(whole(ROOM), MOTIONS, "gone")
    assert await door.motions(ROOM) == LIBRARY.decks


async def test_a_deleted_message_loses_its_text_and_keeps_its_score(
    store: Store, door: Coach, ann: Talk
) -> None:
    await ann.start()
    heard = await ann.hear(SPEECHES[0])
    before = text_of(await ann.say("!score"))
    assert await door.erase(heard.request.key)
    spoke = next(e for e in (await store.transcript(1)).entries if isinstance(e, Spoke))
    assert (spoke.text, spoke.erased) == ("", True)
    inbox = await store.heard(heard.request.key)
    assert inbox is not None
    assert inbox.request.text == ""
    assert text_of(await ann.say("!score")) == before
    assert not await door.erase("discord:m:0")


async def test_a_deleted_command_is_erased_too(store: Store, door: Coach, ann: Talk) -> None:
    heard = await ann.hear("!help")
    assert await door.erase(heard.request.key)
    inbox = await store.heard(heard.request.key)
    assert inbox is not None
    assert inbox.erased


async def test_a_message_knows_which_speech_it_became(door: Coach, ann: Talk) -> None:
    start = await ann.hear("!start novice")
    first = await ann.hear(SPEECHES[0])
    await door.answer(first)
    aside = await ann.hear("hello")
    await door.answer(aside)
    second = await ann.hear(SPEECHES[1])
    keys = [heard.request.key for heard in (start, first, aside, second)]
    assert [await door.speech_of(key) for key in keys] == [None, 1, None, 2]
    assert await door.speech_of("discord:m:0") is None


async def test_a_start_is_planned_before_a_place_is_made_for_it(door: Coach) -> None:
    planned = await door.planned(ROOM, "!start school against")
    assert planned is not None
    assert (planned[0].id, planned[1].value) == ("school-phones", "against")
    assert await door.planned(ROOM, "!start nothing-like-it") is None
    assert await door.planned(ROOM, "!flow") is None
    assert await door.planned(ROOM, "x" * 4_001) is None


async def test_a_debate_goes_on_in_the_thread_that_was_opened_for_it(
    store: Store, door: Coach, ann: Talk
) -> None:
    await ann.start()
    await ann.hear(SPEECHES[0])
    await door.move(1, OTHER)
    assert await door.seats_at(ROOM) == ()
    assert [seat.place for seat in await door.seats_at(OTHER)] == [OTHER]
    assert {heard.request.place for heard in await door.unfinished()} == {OTHER}
    assert [summary.place for summary in await door.debates(ANN)] == [OTHER]
    moved = Talk(door, place=OTHER)
    assert (await moved.say(SPEECHES[1])).debate == 1


async def test_a_debate_is_not_moved_onto_another_nor_one_that_is_gone(door: Coach, ann: Talk) -> None:
    await ann.start()
    await Talk(door, place=OTHER).start()
    with pytest.raises(Conflict):
        await door.move(1, OTHER)
    assert [seat.debate for seat in await door.seats_at(ROOM)] == [1]
    with pytest.raises(Gone):
        await door.move(9, ROOM)


async def test_settings_are_kept_by_place(store: Store, door: Coach) -> None:
    await door.set_setting(ROOM, "mark", "1")
    assert await door.setting(ROOM, "mark") == "1"
    assert await door.setting(OTHER, "mark") == ""
    door.note_setting(OTHER, "mark", "2")
    await door.set_setting(ROOM, "mark", "3")  # the commit that the note rides with
    assert await door.setting(OTHER, "mark") == "2"


async def test_forgetting_takes_the_seat_away(store: Store) -> None:
    door = coach(store)
    bob = Talk(door, BOB)
    await bob.start()
    await bob.say("!forget-me yes")
    assert await door.seats_at(ROOM) == ()
    await door.close()
