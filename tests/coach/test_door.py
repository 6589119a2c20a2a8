"""Hear, answer, delivered, unfinished: durable, once each, whatever comes twice, at once or before a crash."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.coach import Coach
from bot.debate.entries import Answered, Ended, Opened, Read, Spoke, Started
from bot.debate.rules import next_seed
from bot.messages import Ballot, Heard, HeardSheet, Notice, Paragraph, Reply
from bot.readings import Kind
from bot.store.store import Store
from bot.store.values import Write
from tests.coach.readers import RuleReader
from tests.coach.talk import ANN, BOB, NOW, ROOM, SPEECHES, Talk, coach, code, kinds, opened, text_of


async def entries(store: Store, debate: int = 1) -> tuple[object, ...]:
    return (await store.transcript(debate)).entries


def shape(told: tuple[object, ...]) -> str:
    """The entries by their initials."""
    return "".join(type(entry).__name__[0] for entry in told)


# --- two steps, two commits ---


async def test_a_speech_costs_two_commits_and_anything_else_one(store: Store, ann: Talk) -> None:
    before = store.commits
    await ann.start()
    assert store.commits - before == 1
    before = store.commits
    heard = await ann.hear(SPEECHES[0])
    assert store.commits - before == 1
    assert shape(await entries(store)) == "SOS"
    reply = await ann.coach.answer(heard)
    assert store.commits - before == 2
    assert shape(await entries(store)) == "SOSRA"
    assert "HeardSheet" in kinds(reply)
    assert reply.debate == 1
    assert not reply.over
    for line in (
        "!flow",
        "!score",
        "!why",
        "!contest",
        "!hint",
        "!cards for",
        "!help",
        "!motions",
        "!leaderboard",
        "!export json",
        "!contest 1 a",
        "!concede #1",
        "!redo",
        "!end",
        "!redo 1",
    ):
        before = store.commits
        await ann.say(line)
        assert store.commits - before == 1, line
    before = store.commits
    await ann.say("!nonsense")
    await ann.say("!cards sideways")
    assert store.commits - before == 1  # an unknown word is never stored; a bad argument takes its key


async def test_the_words_are_durable_before_anybody_reads_them(folder: Path) -> None:
    reader = RuleReader()
    store, door = await opened(folder, reader)
    talk = Talk(door)
    await talk.start()
    heard = await talk.hear(SPEECHES[0])
    assert (heard.debate, heard.again, heard.first, reader.calls) == (1, False, 2, 0)
    spoke = (await entries(store))[2]
    assert isinstance(spoke, Spoke)
    assert (spoke.text, spoke.key) == (SPEECHES[0], heard.request.key)
    await door.close()
    await store.close()


async def test_an_answer_is_the_same_whenever_it_is_asked_for(ann: Talk, door: Coach) -> None:
    await ann.start()
    first = await ann.hear(SPEECHES[0])
    told = await door.answer(first)
    await ann.say(SPEECHES[1])
    await ann.say("!end")
    assert await door.answer(first) == told


async def test_the_ballot_is_not_told_again_with_the_speech_before_it(ann: Talk, door: Coach) -> None:
    await ann.start()
    last = await ann.hear(SPEECHES[0])
    told = await door.answer(last)
    over = await ann.say("!end")
    assert over.over
    assert "Ballot" in kinds(over)
    assert (await door.answer(last)) == told
    assert "Ballot" not in kinds(told)


async def test_the_closing_brings_the_ballot_in_one_reply(store: Store, ann: Talk) -> None:
    reply = await ann.whole()
    assert reply.over
    assert isinstance(next(b for b in reply.blocks if isinstance(b, HeardSheet | Ballot)), HeardSheet)
    assert "Ballot" in kinds(reply)
    told = await entries(store)
    assert isinstance(told[-1], Ended)
    assert isinstance(told[-2], Answered)
    (result,) = await store.results(ANN, 5)
    assert result.complete
    assert (await ann.again())[1] == reply


# --- several messages, one speech ---


async def test_messages_heard_before_the_answer_are_one_speech(store: Store, ann: Talk, door: Coach) -> None:
    await ann.start()
    parts = [await ann.hear(words) for words in ("First thing:", SPEECHES[0], SPEECHES[2])]
    replies = [await door.answer(heard) for heard in parts]
    assert [bool(reply.blocks) for reply in replies] == [False, False, True]
    told = await entries(store)
    assert shape(told) == "SOSSSRA"
    read = told[5]
    assert isinstance(read, Read)
    assert read.of == (2, 3, 4)
    assert [unit.words for unit in read.reading.units] == ["First thing:", SPEECHES[0], SPEECHES[2]]
    assert [reply.debate for reply in replies] == [1, 1, 1]


async def test_a_command_answers_what_was_said_before_it(store: Store, ann: Talk, door: Coach) -> None:
    await ann.start()
    speech = await ann.hear(SPEECHES[0])
    ballot = await ann.say("!end")
    assert "Ballot" in kinds(ballot)
    assert shape(await entries(store)) == "SOSRAE"
    assert "HeardSheet" in kinds(await door.answer(speech))


async def test_flow_and_switch_see_what_was_said_before_them(store: Store, ann: Talk) -> None:
    await ann.start()
    for speech in SPEECHES[:5]:
        await ann.say(speech)
    await ann.hear(SPEECHES[5])  # the closing, not answered yet
    assert code(await ann.say("!switch")) == ""
    assert [d.ended_at is None for d in await store.debates(ANN)] == [True, False]


async def test_a_start_after_the_closing_needs_no_anew(store: Store, ann: Talk) -> None:
    await ann.start()
    for speech in SPEECHES[:5]:
        await ann.say(speech)
    await ann.hear(SPEECHES[5])
    assert code(await ann.start()) == ""
    assert len(await store.debates(ANN)) == 2


# --- known keys ---


@pytest.mark.parametrize(
    "line",
    [
        SPEECHES[0],
        "!hint",
        "!concede #1",
        "!contest 1 a",
        "!redo",
        "!end",
        "!flow",
        "!help",
        "!leaderboard",
        "!why a20",
        "!score",
    ],
)
async def test_a_known_key_does_nothing_and_gets_the_same_reply(store: Store, ann: Talk, line: str) -> None:
    await ann.start()
    await ann.say(SPEECHES[1])
    reply = await ann.say(line)
    told, commits = await entries(store), store.commits
    heard, once_more = await ann.again()
    assert heard.again
    assert once_more == reply
    assert await entries(store) == told
    assert store.commits == commits


@pytest.mark.parametrize("line", ["!start anew", "!switch"])
async def test_a_known_start_opens_nothing(store: Store, ann: Talk, line: str) -> None:
    await ann.start()
    if line == "!switch":
        await ann.say("!end")
    reply = await ann.say(line)
    heard, once_more = await ann.again()
    assert (heard.again, once_more) == (True, reply)
    assert len(await store.debates(ANN)) == 2


async def test_a_key_that_comes_twice_at_once_is_heard_once(store: Store, ann: Talk, door: Coach) -> None:
    await ann.start()
    for line in (SPEECHES[0], "!concede #1", "!start anew seed=1", SPEECHES[1], "!end"):
        request = ann.request(line)
        heard = await asyncio.gather(*(door.hear(request) for _ in range(4)))
        assert sorted(h.again for h in heard) == [False, True, True, True], line
        replies = await asyncio.gather(*(door.answer(h) for h in heard))
        assert len({text_of(reply) for reply in replies}) == 1, line
        assert not code(replies[0]), line
    assert [d.length for d in await store.debates(ANN)] == [6, 7]


async def test_two_starts_at_once_open_one_debate(store: Store, ann: Talk, door: Coach) -> None:
    requests = [ann.request("!start"), ann.request("!start")]
    heard = await asyncio.gather(*map(door.hear, requests))
    replies = [await door.answer(h) for h in heard]
    assert sorted(code(reply) for reply in replies) == ["", "debate_open"]
    assert len(await store.debates(ANN)) == 1


async def test_two_starts_anew_at_once_leave_one_open(store: Store, ann: Talk, door: Coach) -> None:
    await ann.start()
    requests = [ann.request("!start anew"), ann.request("!start anew")]
    replies = [await door.answer(h) for h in await asyncio.gather(*map(door.hear, requests))]
    assert [code(reply) for reply in replies] == ["", ""]
    assert [d.ended_at is None for d in await store.debates(ANN)] == [True, False, False]


# --- crashes ---


async def test_what_was_heard_before_a_crash_is_answered_after_it(folder: Path) -> None:
    store, door = await opened(folder)
    talk = Talk(door)
    await talk.start()
    await talk.hear("A first thought.")
    last = await talk.hear(SPEECHES[0])
    await store.close()  # the process dies before it answers
    store, door = await opened(folder)
    waiting = await door.unfinished()
    assert [h.request for h in waiting] == [h.request for h in talk.heard[1:]]
    assert [h.request.place for h in waiting] == [ROOM, ROOM]
    replies = [await door.answer(h) for h in waiting]
    assert [kinds(reply)[:1] for reply in replies] == [(), ("HeardSheet",)]
    assert shape(await entries(store)) == "SOSSRA"
    assert await door.answer(last) == replies[1]
    for h in waiting:
        door.delivered(h)
    await store.close()
    store, door = await opened(folder)
    assert await door.unfinished() == ()
    await store.close()


async def test_a_reply_that_was_not_shown_is_offered_again(folder: Path) -> None:
    store, door = await opened(folder)
    talk = Talk(door)
    await talk.start()
    lines = [SPEECHES[0], "!hint", "!flow", "!end"]
    told = [await door.answer(await talk.hear(line)) for line in lines]
    await store.close()
    store, door = await opened(folder)
    waiting = await door.unfinished()
    assert [h.request.text for h in waiting] == lines
    assert [await door.answer(h) for h in waiting][:2] == told[:2]
    assert shape(await entries(store)) == "SOSRAHE"
    await store.close()


async def test_a_crash_between_hearing_and_forgetting_forgets_after_it(folder: Path) -> None:
    store, door = await opened(folder)
    talk = Talk(door)
    await talk.whole()
    await talk.hear("!forget-me yes")
    await store.close()
    store, door = await opened(folder)
    for heard in await door.unfinished():
        await door.answer(heard)
        door.delivered(heard)
    assert await store.debates(ANN) == ()
    assert await door.unfinished() == ()
    await store.close()


async def test_what_is_delivered_is_not_offered_again(store: Store, ann: Talk, door: Coach) -> None:
    await ann.whole()
    await ann.say("!nonsense")
    for _ in range(100):
        if not await door.unfinished():
            break
        await asyncio.sleep(0.01)
    assert await door.unfinished() == ()


async def test_the_place_of_a_debate_is_known(ann: Talk, door: Coach) -> None:
    await ann.start()
    assert await door.place(1) == ROOM
    assert await door.place(2) is None


# --- at once ---


async def test_thirty_messages_at_once_are_each_answered_once(store: Store, ann: Talk, door: Coach) -> None:
    await ann.start()

    async def one(number: int) -> Reply:
        heard = await door.hear(ann.request(f"Thought {number}: {SPEECHES[number % 5]}"))
        return await door.answer(heard)

    replies = await asyncio.gather(*(one(number) for number in range(30)))
    told = await entries(store)
    read = [at for entry in told if isinstance(entry, Read) for at in entry.of]
    spoken = [at for at, entry in enumerate(told) if isinstance(entry, Spoke)]
    answered = [entry for entry in told if isinstance(entry, Answered)]
    assert sorted(read) == spoken
    assert len(spoken) + sum(code(r) == "debate_over" for r in replies) == 30
    assert sum(bool(r.blocks) and not code(r) for r in replies) == len(answered)
    assert len([entry for entry in told if isinstance(entry, Ended)]) <= 1


async def test_thirty_debates_at_once_do_not_mix(store: Store, door: Coach) -> None:
    people = [replace(ANN, id=f"p{number}") for number in range(30)]
    talks = [Talk(door, person) for person in people]
    await asyncio.gather(*(talk.start(f"putin for advanced seed={n}") for n, talk in enumerate(talks)))
    replies = await asyncio.gather(*(talk.say(f"{talk.person.id}: {SPEECHES[0]}") for talk in talks))
    for talk, reply in zip(talks, replies, strict=True):
        sheet = next(block for block in reply.blocks if isinstance(block, HeardSheet))
        assert sheet.lines[0].words.startswith(f"{talk.person.id}:")
        (debate,) = await store.debates(talk.person)
        assert debate.length == 5


async def test_words_that_cross_with_the_closing_count_for_nothing(
    store: Store, ann: Talk, door: Coach
) -> None:
    await ann.whole()
    late = Spoke(key="late", text="One more thing, because I can.", at=NOW)
    written = await store.append(
        Write(request=ann.request(late.text, "late"), speech=True, debate=1, entries=(late,))
    )
    heard = Heard(ann.request(late.text, "late"), 1, False, written.first_seq)
    reply = await door.answer(heard)
    assert "debate is over" in text_of(reply)
    assert (await store.results(ANN, 5))[0].complete
    told = await entries(store)
    assert sum(isinstance(entry, Answered) and entry.counts for entry in told) == 6


# --- a reader that breaks ---


async def test_a_reader_that_raises_does_not_block_the_debate(folder: Path) -> None:
    store, door = await opened(folder, RuleReader(breaks_on="xyzzy"))
    talk = Talk(door)
    await talk.start()
    reply = await talk.say("xyzzy breaks it")
    assert kinds(reply) == ("Paragraph",)
    read = (await entries(store))[3]
    assert isinstance(read, Read)
    assert (read.reading.kind, read.reading.kind_p) == (Kind.GIBBERISH, 0.0)
    assert "HeardSheet" in kinds(await talk.say(SPEECHES[0]))
    await door.close()
    await store.close()


# --- no debate, not mine ---


async def test_people_and_places_have_debates_of_their_own(store: Store, door: Coach, ann: Talk) -> None:
    await ann.start()
    assert code(await Talk(door, BOB).say("I say something.")) == "no_debate"
    assert code(await ann.elsewhere("other").say("!flow")) == "no_debate"
    await ann.elsewhere("other").start("phones against advanced")
    assert [d.deck_id for d in await store.debates(ANN)] == ["school-phones", "putin-trump-talks"]


async def test_a_first_start_says_once_per_place_what_is_stored(door: Coach, ann: Talk, store: Store) -> None:
    def told(reply: Reply) -> int:
        return sum(isinstance(b, Notice) and "forget-me" in b.text for b in reply.blocks)

    assert told(await ann.start()) == 1
    assert told((await ann.again())[1]) == 1
    assert told(await ann.start("anew")) == 0
    assert told(await Talk(door, BOB, replace(ROOM, thread="another thread")).start()) == 0
    assert told(await ann.elsewhere("other").start()) == 1


async def test_the_last_ballots_advice_is_named_at_the_next_start(ann: Talk, door: Coach) -> None:
    def named(reply: Reply) -> list[str]:
        return [b.text for b in reply.blocks if isinstance(b, Paragraph) and b.role == "feedback"]

    assert not named(await ann.start())
    await ann.say("!end")
    assert not named(await ann.start()), "nothing was said, so there is nothing to practise"
    for speech in SPEECHES:
        reply = await ann.say(speech)
    ballot = next(block for block in reply.blocks if isinstance(block, Ballot))
    advice = ballot.practise.removeprefix("One thing to practise: ")
    (line,) = named(await ann.elsewhere("other").start("phones against"))
    assert line.endswith(advice)
    assert not named(await Talk(door, BOB).start())


async def test_starts_record_what_was_chosen(store: Store, ann: Talk) -> None:
    await ann.start("seed=7 advanced first against phones anew")
    started = (await entries(store))[0]
    assert isinstance(started, Started)
    assert (started.deck, started.side, started.level, started.first, started.seed) == (
        "school-phones",
        "against",
        "advanced",
        True,
        7,
    )
    await ann.say("!end")
    await ann.start("")
    started, begun = await entries(store, 2)
    assert isinstance(started, Started)
    assert isinstance(begun, Opened)
    assert (started.deck, started.side, started.level, started.seed) == (
        "putin-trump-talks",
        "for",
        "novice",
        next_seed(7, "start"),
    )
    (drawn, *_) = await entries(store, await _elsewhere(ann))
    assert isinstance(drawn, Started)
    assert drawn.seed == 11


async def _elsewhere(talk: Talk) -> int:
    """A first debate in another place."""
    return (await talk.elsewhere("other").start("")).debate or 0


async def test_two_coaches_tell_the_same(store: Store, ann: Talk, door: Coach) -> None:
    await ann.start()
    heard = await ann.hear(SPEECHES[0])
    other = coach(store)
    assert await other.answer(heard) == await door.answer(heard)
