"""Every command of the table: what it does, what it refuses, who sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.coach import Coach
from bot.debate.commands import BY_NAME, COMMANDS, LONGEST
from bot.debate.entries import Conceded, Contested, Hinted, Read, Redone, Spoke, Started
from bot.debate.rules import next_seed
from bot.messages import Ballot, File, FlowSheet, HeardSheet, Notice, Paragraph, Quote, Reply, Score
from bot.store.errors import Gone
from bot.store.store import Store
from content.deck import Deck
from content.library import Library
from tests.coach.readers import RuleReader
from tests.coach.talk import (
    ANN,
    BOB,
    LIBRARY,
    ROOM,
    SPEECHES,
    Talk,
    choices,
    coach,
    code,
    kinds,
    opened,
    text_of,
)
from tests.store.given import files_with

EVERY = {
    "start": "!start",
    "say": "!say !hint",
    "hint": "!hint",
    "flow": "!flow",
    "why": "!why a20",
    "contest": "!contest",
    "concede": "!concede #1",
    "score": "!score",
    "end": "!end",
    "redo": "!redo",
    "switch": "!switch",
    "motions": "!motions",
    "cards": "!cards",
    "leaderboard": "!leaderboard",
    "export": "!export",
    "forget-me": "!forget-me",
    "help": "!help",
}


def test_every_command_is_tried() -> None:
    assert set(EVERY) == set(BY_NAME)


@pytest.mark.parametrize("name", EVERY)
async def test_every_command_answers_in_a_debate(ann: Talk, name: str) -> None:
    await ann.start()
    await ann.say(SPEECHES[0])
    reply = await ann.say(EVERY[name])
    assert code(reply) == ("debate_open" if name in ("start", "switch") else "")
    assert reply.blocks
    assert reply.private is (BY_NAME[name].private or bool(code(reply)))


@pytest.mark.parametrize("name", EVERY)
async def test_every_command_answers_where_there_is_no_debate(ann: Talk, name: str) -> None:
    reply = await ann.say(EVERY[name])
    free = {"start", "motions", "cards", "leaderboard", "forget-me", "help"}
    assert code(reply) == ("" if name in free else "no_debate")
    assert reply.blocks


@pytest.mark.parametrize("name", EVERY)
async def test_every_command_answers_after_the_ballot(ann: Talk, name: str) -> None:
    await ann.whole()
    reply = await ann.say(EVERY[name])
    over = {"say", "hint", "concede", "end"}
    assert code(reply) == ("debate_over" if name in over else "")
    assert reply.blocks


@pytest.mark.parametrize("mark", ["!", "/", "!debate ", "/debate "])
async def test_commands_begin_with_either_mark(ann: Talk, mark: str) -> None:
    await ann.say(f"{mark}start")
    assert kinds(await ann.say(f"{mark}flow")) == ("FlowSheet",)


REFUSED = [
    ("!flwo", "unknown_command", "!flow"),
    ("!start moon landing", "unknown_motion", "!motions"),
    ("!start seed=soon", "bad_argument", "!start"),
    ("!hint #99", "unknown_point", "#99"),
    ("!hint two", "bad_argument", "!hint [#n]"),
    ("!concede", "bad_argument", "!concede #n"),
    ("!concede #2", "unknown_point", "#2"),
    ("!concede #²", "bad_argument", "!concede #n"),
    ("!why f99", "unknown_card", "f99"),
    ("!why #2", "unknown_card", "#2"),
    ("!why #99", "unknown_card", "#99"),
    ("!contest 9", "bad_argument", "You have made one speech"),
    ("!contest 1 z", "unknown_choice", "!contest 1"),
    ("!contest one b", "bad_argument", "!contest [turn] [letter]"),
    ("!contest 1 b please", "bad_argument", "!contest [turn] [letter]"),
    ("!redo 4", "not_over", "!redo"),
    ("!cards sideways", "bad_argument", "!cards [for|against]"),
    ("!export pdf", "bad_argument", "!export [markdown|json|argdown]"),
    ("!leaderboard reset", "bad_argument", "!leaderboard"),
    ("!switch", "debate_open", "!end"),
    ("!start", "debate_open", "!start anew"),
]


@pytest.mark.parametrize(("line", "kind", "words"), REFUSED)
async def test_refusals_say_what_to_do(ann: Talk, line: str, kind: str, words: str) -> None:
    await ann.start()
    await ann.say("Chess clubs in Reykjavik were rather popular.")  # outside the deck: a point without a card
    reply = await ann.say(line)
    assert (code(reply), kinds(reply)) == (kind, ("Notice",))
    assert words in text_of(reply)
    assert reply.private


# --- speeches ---


@pytest.mark.parametrize("letter", ["x", "ß", "😀", "\u0958"])
async def test_a_speech_has_at_most_4000_code_points(ann: Talk, store: Store, letter: str) -> None:
    await ann.start()
    each = 2 if letter == "\u0958" else 1  # this one has no composed form: NFC takes it apart
    just = letter * (LONGEST // each)
    assert code(await ann.say(just)) == ""
    before = store.commits
    reply = await ann.say(just + letter)
    assert code(reply) == "unreadable"
    assert ("1 character over" in text_of(reply)) == (each == 1)
    assert "4,000" in text_of(reply)
    assert store.commits == before
    assert "16,000 characters over" in text_of(await ann.say("y" * 20_000))
    assert code(await ann.say("!say " + just)) == ""


async def test_the_limit_counts_what_can_be_seen(ann: Talk) -> None:
    await ann.start()
    assert code(await ann.say("\u202e\u200b\x00" * 3_000 + "x" * LONGEST)) == ""


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("nul\x00 and \x1b[31mcolour, because it is so", "nul and [31mcolour, because it is so"),
        ("\u202edesrever\u202c sides, because", "desrever sides, because"),
        ("zero\u200bwidth reasons \ufeffhere", "zerowidth reasons here"),
        ("z\u0301\u0302\u0303\u0304\u0305\u0306\u0307 speaks", "ź\u0302\u0303\u0304 speaks"),
        ("lone \ud800 surrogate here", "lone  surrogate here"),
        ("!say !hint is what I say", "!hint is what I say"),
        ("!important: talks fail", "!important: talks fail"),
    ],
)
async def test_what_is_typed_is_cleaned_before_it_is_stored(
    ann: Talk, store: Store, typed: str, heard: str
) -> None:
    await ann.start()
    await ann.say(typed)
    spoke = (await store.transcript(1)).entries[2]
    assert isinstance(spoke, Spoke)
    assert spoke.text == heard


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "\x00\x01",
        "\u202e",
        "👍👍",
        "sdfghjkl",
        "hello",
        "12345",
        "ignore all rules",
        "why?",
        "you stupid bot",
        "I want to die",
    ],
)
async def test_junk_gets_a_short_line_and_costs_no_speech(ann: Talk, store: Store, line: str) -> None:
    await ann.start()
    for _ in range(4):
        reply = await ann.say(line)
        assert kinds(reply) == ("Paragraph",)
        assert line.strip() == "" or line not in text_of(reply)
    assert not isinstance(reply.blocks[0], HeardSheet)
    await ann.say("!end")
    assert not (await store.results(ANN, 1))[0].complete


async def test_a_question_about_a_point_costs_no_speech(ann: Talk) -> None:
    await ann.start()
    replies = [await ann.say(f"Why is #1 so, number {n}?") for n in range(6)]
    assert [kinds(reply) for reply in replies] == [("Paragraph",)] * 6
    assert len({text_of(reply) for reply in replies}) == 6


# --- commands inside a debate ---


async def test_why_knows_cards_however_they_are_named(ann: Talk) -> None:
    await ann.start()
    told = await ann.say("!why a20")
    assert isinstance(told.blocks[-1], Quote | Paragraph)
    for line in ("!why", "!why [a20 · ¶29]", "!why A20?", "!why #1", "/why a20."):
        assert await ann.say(line) == told, line


async def test_a_contested_reading_changes_flow_and_ballot(ann: Talk, store: Store) -> None:
    await ann.start()
    await ann.say(SPEECHES[0])
    listed = await ann.say("!contest")
    letters = [choice.says for choice in choices(listed)]
    assert letters[0] == "!contest 1 a"
    assert listed.blocks == (await ann.say("!contest 1")).blocks
    reply = await ann.say(letters[0])
    assert kinds(reply) == ("Notice", "FlowSheet")
    assert "2 of 3 contests left" in text_of(reply)
    assert isinstance((await store.transcript(1)).entries[-1], Contested)
    assert code(await ann.say(letters[0])) == "late"
    for letter in letters[1:3]:
        assert code(await ann.say(letter)) == ""
    assert code(await ann.say(letters[0])) == "no_contests_left"
    ballot = await ann.say("!end")
    assert next(block for block in ballot.blocks if isinstance(block, Ballot)).uncontested is not None


async def test_a_contest_after_the_ballot_shows_it_anew(ann: Talk, store: Store) -> None:
    before = next(b for b in (await ann.whole()).blocks if isinstance(b, Ballot))
    (result,) = await store.results(ANN, 1)
    reply = await ann.say(choices(await ann.say("!contest 1"))[0].says)
    ballot = next(block for block in reply.blocks if isinstance(block, Ballot))
    assert before.uncontested is None
    assert ballot.uncontested == before.score.total
    (after,) = await store.results(ANN, 1)
    assert (after.score, after.at) == (result.score, result.at)
    assert after.contested == (ballot.score.total if ballot.score.total != result.score else None)


async def test_concede_and_hint(ann: Talk, store: Store) -> None:
    await ann.start()
    reply = await ann.say("!hint #1")
    assert [type(block) for block in reply.blocks] == [Paragraph]
    assert isinstance((await store.transcript(1)).entries[-1], Hinted)
    assert code(await ann.say("!concede 1")) == ""
    assert isinstance((await store.transcript(1)).entries[-1], Conceded)
    assert code(await ann.say("!concede #1")) == "point_decided"
    assert code(await ann.say("!hint")) == "no_hint"


async def test_hints_are_for_novices(ann: Talk) -> None:
    await ann.start("putin advanced")
    assert code(await ann.say("!hint")) == "hints_off"
    await ann.say(SPEECHES[0])
    assert code(await ann.say("!redo")) == "not_over"


async def test_a_novice_may_try_a_speech_again_at_once(ann: Talk, store: Store) -> None:
    await ann.start()
    assert code(await ann.say("!redo")) == "nothing_said"
    assert code(await ann.say("!contest")) == "nothing_said"
    await ann.say(SPEECHES[0])
    asked = await ann.say("!redo")
    assert kinds(asked) == ("Notice", "Notice")
    told = await ann.say("#1 is only a little step, because each swap stands alone.")
    assert kinds(told) == ("Paragraph",)
    assert "HeardSheet" in kinds(await ann.say(SPEECHES[2]))
    await ann.say("!end")
    (ended,) = [b for b in (await ann.again())[1].blocks if isinstance(b, Notice)]
    assert "after speech 2 of 6" in ended.text


async def test_after_the_ballot_any_speech_is_said_again_and_ranks_stay(ann: Talk, store: Store) -> None:
    await ann.whole()
    ranked = await store.results(ANN, 5)
    flow, score = await ann.say("!flow"), await ann.say("!score")
    assert code(await ann.say("!redo 7")) == "bad_argument"
    assert "1 to 6" in text_of(await ann.say("!redo 0"))
    await ann.say("!redo 3")
    told = await ann.say(
        "You say that swaps build trust; #1 is hardly a peace, because guns stay. For example Minsk."
    )
    assert kinds(told) == ("Notice", "Choices")
    assert isinstance((await store.transcript(1)).entries[-1], Redone)
    assert await store.results(ANN, 5) == ranked
    assert ((await ann.say("!flow")).blocks, (await ann.say("!score")).blocks) == (flow.blocks, score.blocks)
    assert code(await ann.say("And another speech?")) == "debate_over"


async def test_two_messages_of_a_speech_said_again_are_one(ann: Talk, door: Coach, store: Store) -> None:
    await ann.whole()
    await ann.say("!redo 2")
    parts = [await ann.hear("One half,"), await ann.hear("and the other, because it is longer.")]
    replies = [await door.answer(heard) for heard in parts]
    assert [len(reply.blocks) for reply in replies] == [0, 2]
    reads = [e for e in (await store.transcript(1)).entries if isinstance(e, Read)]
    assert len(reads[-1].of) == 2


async def test_switch_takes_the_other_side_of_the_same_motion(ann: Talk, store: Store) -> None:
    await ann.start("phones against advanced")
    await ann.say("!end")
    reply = await ann.say("!switch")
    assert reply.debate == 2
    second, first = await store.debates(ANN)
    assert (second.deck_id, second.level) == (first.deck_id, first.level)
    assert (first.side, second.side) == ("against", "for")
    assert code(await ann.say("!switch")) == "debate_open"


async def test_start_anew_leaves_the_open_debate(ann: Talk, store: Store) -> None:
    await ann.start()
    await ann.say(SPEECHES[0])
    await ann.say("!start phones anew")
    (result,) = await store.results(ANN, 5)
    assert not result.complete
    assert [d.ended_at is None for d in await store.debates(ANN)] == [True, False]


async def test_flow_score_and_export_show_the_debate(ann: Talk) -> None:
    await ann.start()
    empty = await ann.say("!score")
    assert text_of(empty).startswith("Your score\n")
    await ann.say(SPEECHES[0])
    (flow,) = (await ann.say("!flow")).blocks
    assert isinstance(flow, FlowSheet)
    assert [line.number for line in flow.lines] == [1, 2]
    assert isinstance((await ann.say("!score")).blocks[1], Score)
    for form in ("", "markdown", "json", "argdown", "JSON"):
        (file,) = (await ann.say(f"!export {form}")).blocks
        assert isinstance(file, File)
        assert "Direct talks between Putin and Trump" in file.text
    assert json.loads((await _file(ann, "json")).text)["deck"] == "putin-trump-talks"


async def _file(talk: Talk, form: str) -> File:
    (file,) = (await talk.say(f"!export {form}")).blocks
    assert isinstance(file, File)
    return file


async def test_help_lists_the_table_and_explains_one_row(ann: Talk) -> None:
    listed = text_of(await ann.say("!help"))
    assert all(f"!{spec.name}" in listed for spec in COMMANDS)
    for line in ("!help redo", "!help !redo"):
        (row,) = (await ann.say(line)).blocks
        assert isinstance(row, Paragraph)
        assert row.text.startswith("!redo [n]:")
    assert text_of(await ann.say("!help me")) == f"There is no command “me”.\n{listed}"
    near = text_of(await ann.say("!help flwo"))
    assert near.startswith("There is no command “flwo”. The nearest:\n!flow: ")
    assert "!start" not in near


@pytest.mark.parametrize(("line", "words"), [("!end now", "now"), ("!flow my friend", "my friend")])
async def test_words_after_a_command_that_takes_none_are_said_to_be_ignored(
    ann: Talk, line: str, words: str
) -> None:
    await ann.start()
    command = line.split()[0]
    assert text_of(await ann.say(line)).startswith(f"{command} takes nothing after it; I ignored “{words}”.")
    assert "ignored" not in text_of(await ann.say(command))
    assert "ignored" not in text_of(await ann.say("!hint 1"))


async def test_a_contest_without_a_turn_is_about_the_last_speech(ann: Talk, store: Store) -> None:
    await ann.start()
    for line in SPEECHES[:2]:
        await ann.say(line)
    letter = choices(await ann.say("!contest"))[0].says[-1]
    assert code(await ann.say(f"!contest {letter}")) == ""
    contested = (await store.transcript(1)).entries[-1]
    assert isinstance(contested, Contested)
    assert contested.turn == 2


async def test_a_concession_without_a_number_is_asked_which(ann: Talk) -> None:
    await ann.start()
    assert text_of(await ann.say("!concede")) == (
        "Which one? That command needs a number. Type it as: !concede #n."
    )


async def test_a_debate_after_another_has_a_chance_that_follows_from_it(ann: Talk, store: Store) -> None:
    await ann.start("phones seed=7")
    await ann.say("!end")
    await ann.say("!switch")
    await ann.say("!start phones anew")
    seeds = [(await store.transcript(id)).entries[0] for id in (1, 2, 3)]
    switched = next_seed(7, "switch")
    assert [s.seed for s in seeds if isinstance(s, Started)] == [7, switched, next_seed(switched, "start")]


async def test_motions_and_cards(ann: Talk) -> None:
    told = await ann.say("!motions")
    assert [choice.says for choice in choices(told)] == [f"!start {deck.id}" for deck in LIBRARY.decks]
    for deck in LIBRARY.decks:
        assert deck.motion in text_of(told)
        assert deck.sides.for_ in text_of(told)
    assert len((await ann.say("!cards")).blocks) == len(LIBRARY.decks[0].cards) + 2
    await ann.start("phones")
    one = await ann.say("!cards against")
    assert (
        len(one.blocks) == len(LIBRARY["school-phones"].side_cards(LIBRARY.decks[0].cards[0].side.other)) + 1
    )


# --- the leaderboard ---


async def test_the_leaderboard_is_opt_in_and_shows_complete_debates_only(ann: Talk, door: Coach) -> None:
    assert "No finished debates yet" in text_of(await ann.say("!leaderboard"))
    await ann.whole()
    bob = Talk(door, BOB)
    await bob.start()
    await bob.say("!end")
    await bob.say("!leaderboard join Bob")
    assert "Nobody here" in text_of(await bob.say("!leaderboard all"))
    joined = text_of(await ann.say("!leaderboard join Ann the Great " + "x" * 60))
    assert "You are on the board" in joined
    board = text_of(await bob.say("!leaderboard all"))
    assert "Ann the Great" in board
    assert "Bob" not in board
    assert max(map(len, board.split("\n"))) < 120
    assert "left early" in text_of(await bob.say("!leaderboard"))
    assert "You are on the board" in text_of(await ann.say("!leaderboard"))
    await ann.say("!leaderboard leave")
    assert "Nobody here" in text_of(await bob.say("!leaderboard all"))
    await ann.say("!leaderboard join")
    assert "somebody" in text_of(await ann.say("!leaderboard all"))


async def test_ones_own_list_is_the_last_five(ann: Talk) -> None:
    for _ in range(6):
        await ann.start()
        await ann.say("!end")
    assert sum(isinstance(block, Paragraph) for block in (await ann.say("!leaderboard")).blocks) == 5


# --- forget-me ---


async def test_forget_me_asks_first(ann: Talk, store: Store) -> None:
    await ann.whole()
    asked = await ann.say("!forget-me")
    assert choices(asked)[0].says == "!forget-me yes"
    assert "1 debate of yours" in text_of(asked)
    assert len(await store.debates(ANN)) == 1


async def test_forget_me_leaves_nothing_in_the_files(folder: Path) -> None:
    store, door = await opened(folder)
    talk = Talk(door)
    await talk.whole()
    await talk.say("!leaderboard join Zebedee")
    await talk.say("!redo 2")
    await talk.say("My pet is called Bartholomew.")
    keys = [heard.request.key for heard in talk.heard]
    gone = await talk.say("!forget-me yes")
    assert text_of(gone) == "Deleted: 1 debate, 11 messages. Nothing of yours is stored here now."
    assert code(await talk.say("!flow")) == "no_debate"
    await store.close()
    for words in (*SPEECHES, "Zebedee", "Bartholomew", *keys):
        assert files_with(folder, words) == [], words


async def test_a_forgotten_message_that_comes_again_is_ignored(ann: Talk, store: Store, door: Coach) -> None:
    await ann.start()
    await ann.say(SPEECHES[0])
    await ann.say("!forget-me yes")
    old = [heard.request for heard in ann.heard]
    await ann.start()
    await ann.say(SPEECHES[2])
    before = [(d.id, d.length) for d in await store.debates(ANN)]
    for request in old[1:]:
        heard = await door.hear(request)
        assert heard.again
        assert await door.answer(heard) == Reply(())
        door.delivered(heard)
    assert [(d.id, d.length) for d in await store.debates(ANN)] == before


async def test_words_forgotten_before_their_answer_get_none(ann: Talk, door: Coach, store: Store) -> None:
    await ann.start()
    speech = await ann.hear(SPEECHES[0])
    await store.forget(ANN)
    assert await door.answer(speech) == Reply(())


async def test_forgotten_between_two_looks_is_no_debate(
    ann: Talk, door: Coach, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    await ann.start()
    here = await store.open_debate(ANN, ROOM)
    assert here == 1
    await store.forget(ANN)

    async def still(*_: object) -> int:
        return 1

    monkeypatch.setattr(store, "open_debate", still)  # the moment between two reads, held open
    for line in (SPEECHES[0], "!end"):
        assert code(await ann.say(line)) == "no_debate"
    with pytest.raises(Gone):
        await store.transcript(1)


# --- decks ---


def changed(deck: Deck, **values: object) -> Deck:
    return Deck.model_validate(deck.model_dump(by_alias=True) | values)


async def test_a_debate_is_pinned_to_the_deck_it_began_with(folder: Path) -> None:
    old = LIBRARY["school-phones"]
    store, door = await opened(folder)
    talk = Talk(door)
    await talk.start("phones")
    shown = await talk.say(SPEECHES[0])
    heard = talk.heard[-1]
    await door.close()
    await store.close()

    cards = tuple(card.model_copy(update={"tag": f"Rewritten {card.id}."}) for card in old.cards)
    new = changed(old, cards=[c.model_dump() for c in cards], motion="Phones are splendid")
    assert new.sha256 != old.sha256
    store, door = await opened(folder, library=Library((new,), (), ()))
    talk = Talk(door)
    assert await door.answer(heard) == shown
    reply = await talk.say(SPEECHES[2])
    assert "Rewritten" not in repr(reply)
    assert "Rewritten" not in text_of(await talk.say("!cards"))
    await talk.say("!end")
    assert "Rewritten" not in text_of(await talk.say("!switch")), "the other side of the same debate"
    await talk.say("!end")
    begun = text_of(await talk.start("phones"))
    assert "Phones are splendid" in begun
    assert "Rewritten" in begun
    await door.close()
    await store.close()


async def test_without_decks_every_way_in_is_refused(store: Store) -> None:
    talk = Talk(coach(store, RuleReader(), Library((), (), ())))
    assert code(await talk.say("!start")) == "unknown_motion"
    assert code(await talk.say("!start phones")) == "unknown_motion"
    assert code(await talk.say("!cards")) == "unknown_motion"
    assert kinds(await talk.say("!motions")) == ("Heading", "Choices")


async def test_an_ambiguous_motion_names_one_that_fits(ann: Talk) -> None:
    reply = await ann.say("!start phone")
    assert code(reply) == ""
    await ann.say("!end")
    reply = await ann.say("!start o")
    assert code(reply) in ("", "unknown_motion")
    assert isinstance(reply.blocks[0], Notice) == bool(code(reply))
