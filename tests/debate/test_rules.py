"""The rules: given a debate, when a command, then entries or a refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.debate import rules
from bot.debate.debate import Debate, Fate, follow
from bot.debate.entries import (
    Answered,
    Asides,
    Asks,
    Conceded,
    Ended,
    Entry,
    Explains,
    Extends,
    Hinted,
    Level,
    Opened,
    Read,
    Redoing,
    Redone,
    Shows,
    Started,
    Why,
    Withdraws,
)
from bot.debate.errors import Code, Refusal
from bot.readings import Candidate, Kind
from content.deck import Move, Side
from tests.debate.builders import (
    DECK,
    NOW,
    RUBRIC,
    acts,
    all_acts,
    answer,
    begin,
    cards_with,
    counter,
    deck_with,
    entry,
    heard,
    opened,
    reading,
    silent,
    spoken,
    states,
    told,
    unit,
)


def refused(command: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        command()
    return caught.value


def done(debate: Debate, entries: tuple[Entry, ...]) -> Debate:
    return follow(debate, *entries)


def finished() -> Debate:
    return silent(follow(told(opened("a01"), unit("f01", answer(1)))), 4)


# --- start ---


def test_a_start_names_deck_and_rubric_by_hash_and_the_bot_opens() -> None:
    first, second = rules.start(DECK, RUBRIC, Side.FOR, Level.NOVICE, 7, NOW, practise="warrant")

    assert isinstance(first, Started)
    assert isinstance(second, Opened)
    assert (first.deck, first.deck_sha, first.rubric_sha) == (DECK.id, DECK.sha256, RUBRIC.sha256)
    assert (first.side, first.level, first.seed, first.at, first.practise) == (
        "for",
        "novice",
        7,
        NOW,
        "warrant",
    )
    assert second.acts


def test_the_learner_may_open() -> None:
    debate = begin(first=True)

    assert (debate.started.first, debate.opening, debate.points) == (True, (), ())


# --- speeches ---


def test_a_speech_is_read_and_answered() -> None:
    waiting = spoken(begin())

    read, answered = rules.answer(waiting, reading(unit("f01")), RUBRIC)

    assert read == Read(of=(2,), reading=reading(unit("f01")))
    assert isinstance(answered, Answered)
    assert answered.counts


def test_the_closing_ends_the_debate_and_no_other_speech_does() -> None:
    debate = silent(begin(), 4)
    fifth = heard(debate, unit("f01"))

    assert fifth.ended is None
    assert heard(fifth, unit("f02")).ended is Why.CLOSING


def test_words_that_cross_with_the_end_are_no_seventh_speech() -> None:
    over = heard(silent(begin(), 5), unit("f01"))

    late = heard(over, unit("f02"))

    assert (len(late.speeches), late.pending) == (6, ())
    assert entry(late, Answered) == Answered(counts=False, acts=())


# --- messages that cost no speech ---


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.ARGUMENT}))
def test_junk_costs_no_speech_and_is_counted(kind: Kind) -> None:
    debate = heard(heard(begin(), kind=kind), kind=kind)

    assert (len(debate.speeches), debate.points) == (0, begin().points)
    assert acts(debate, Asides) == [Asides(kind=kind, count=2)]


def test_the_third_message_in_a_row_that_is_no_speech_says_so() -> None:
    debate = heard(heard(heard(begin(), kind=Kind.EMOJI), kind=Kind.INSULT), kind=Kind.EMPTY)

    assert [act.count for act in acts(debate, Asides)] == [rules.WAITS_AFTER]


def test_a_message_that_cannot_be_placed_gets_a_question_about_the_nearest_card() -> None:
    assert acts(heard(begin(), nearest="f03"), Asks) == [Asks(card="f03")]
    assert acts(heard(begin()), Asides) == [Asides(kind=Kind.OFF_TOPIC, count=1)]


def test_a_question_about_a_point_is_answered_from_its_card_and_costs_no_speech() -> None:
    debate = heard(opened("a01", "a02"), kind=Kind.QUESTION, about=1)

    assert acts(debate, Explains) == [Explains(point=1, card="a01", part="impact")]
    assert len(debate.speeches) == 0


def test_two_questions_a_turn_are_answered_and_the_third_is_not() -> None:
    debate = opened("a01", "a02", "a03")
    for _ in range(3):
        debate = heard(debate, kind=Kind.QUESTION, about=1)

    assert [act.part for e in debate.answered for act in e.acts if isinstance(act, Explains)] == [
        "warrant",
        "impact",
    ]
    assert acts(debate, Asides) == [Asides(kind=Kind.QUESTION, count=1)]
    assert acts(heard(silent(debate), kind=Kind.QUESTION, about=1), Explains)


def test_a_question_about_a_card_told_whole_gets_its_quote_and_then_nothing_more() -> None:
    debate = heard(opened("a01"), kind=Kind.QUESTION, about=1)
    again = heard(debate, kind=Kind.QUESTION, about=1)

    assert acts(debate, Explains) == [Explains(point=1, card="a01", part="quote")]
    assert acts(again, Explains) == [Explains(point=1, card="a01", part="strength")]
    told_out = heard(silent(again), kind=Kind.QUESTION, about=1)
    assert acts(told_out, Explains) == [Explains(point=1, card="a01", part="none")]


def test_a_card_without_a_quote_tells_a_fact_or_its_strength() -> None:
    assert acts(heard(opened("a02"), kind=Kind.QUESTION, about=1), Explains)[0].part == "strength"
    leaning = deck_with(cards=[{**card, "quotes": [], "facts": ["tallinn"]} for card in cards_with()])
    debate = heard(opened("a02", deck=leaning), kind=Kind.QUESTION, about=1)
    parts = [acts(each, Explains)[0].part for each in (debate, heard(debate, kind=Kind.QUESTION, about=1))]
    assert parts == ["fact", "strength"]


def test_a_quote_that_was_cited_is_not_said_again() -> None:
    debate = begin()

    assert debate.opening[1:]  # the opening cites
    assert acts(heard(debate, kind=Kind.QUESTION, about=1), Explains)[0].part == "strength"


@pytest.mark.parametrize(
    ("text", "explained"),
    [("Why #1?", [1]), ("Why #2?", []), ("Is #9 so?", []), ("What is 2+2?", []), ("Why #12345?", [])],
)
def test_a_question_that_was_not_placed_is_about_the_point_it_names(text: str, explained: list[int]) -> None:
    asked = spoken(told(opened("a01"), unit("f01")), text)

    entries = rules.answer(asked, reading(kind=Kind.QUESTION), RUBRIC)

    assert [act.point for act in all_acts(entries) if isinstance(act, Explains)] == explained


@pytest.mark.parametrize("about", [None, 2, 9])
def test_a_question_about_no_point_of_the_bots_is_an_aside(about: int | None) -> None:
    debate = told(opened("a01"), unit("f01"))

    assert acts(heard(debate, kind=Kind.QUESTION, about=about), Asides)


# --- contests ---


def ambiguous() -> Debate:
    """Speech 1 makes #2, surely no other than f01, f02 or f03, and answers #1; the bot attacks it."""
    said = unit("f01", answer(1, Move.DENY, Move.TURN, Move.UNDERCUT, Move.DODGE), maybe=["f02", "f03"])
    return told(opened("a01"), said, counter(2, 0))


def meanings(debate: Debate, turn: int = 1) -> dict[str, str]:
    return {
        o.letter: f"{o.card or 'new'}" if o.what == "card" else f"#{o.point} {o.move or 'none'}"
        for o in rules.options(debate, turn)
    }


def test_the_options_are_the_readings_held_possible_or_a_new_point() -> None:
    assert meanings(ambiguous()) == {
        "a": "f02",
        "b": "f03",
        "c": "new",
        "d": "#1 turn",
        "e": "#1 undercut",
        "f": "#1 none",
    }


def test_readings_below_five_in_a_hundred_cannot_be_chosen() -> None:
    said = unit("f01", answer(1, Move.DENY, Move.TURN), maybe=["f02", "f03"])
    candidates = tuple(c.model_copy(update={"p": 0.04 if c.card == "f02" else c.p}) for c in said.candidates)
    moves = (said.answers[0].moves[0], said.answers[0].moves[1].model_copy(update={"p": 0.04}))
    heard_as = said.model_copy(
        update={"candidates": candidates, "answers": (said.answers[0].model_copy(update={"moves": moves}),)}
    )

    assert set(meanings(told(opened("a01"), heard_as)).values()) == {"f03", "new", "#1 none"}


def test_a_reading_of_just_five_in_a_hundred_can_be_chosen() -> None:
    said = unit("f01", answer(1, Move.DENY, Move.TURN), maybe=["f02"])
    candidates = (said.candidates[0], said.candidates[1].model_copy(update={"p": 0.05}))
    moves = (said.answers[0].moves[0], said.answers[0].moves[1].model_copy(update={"p": 0.05}))
    heard_as = said.model_copy(
        update={"candidates": candidates, "answers": (said.answers[0].model_copy(update={"moves": moves}),)}
    )

    assert {"f02", "#1 turn"} <= set(meanings(told(opened("a01"), heard_as)).values())


def test_a_new_point_outside_the_deck_can_only_become_a_card() -> None:
    assert meanings(told(opened(), unit(None, maybe=["f02"]))) == {"a": "f02"}


def test_words_that_made_nothing_because_they_were_said_before_offer_no_choice() -> None:
    assert meanings(told(opened(), unit("f01", maybe=["f02"], repeats=True))) == {}


def test_a_letter_means_the_same_for_ever_and_the_one_in_force_is_not_offered() -> None:
    before = ambiguous()

    after = done(before, rules.contest(before, 1, "B"))

    assert meanings(after) == {letter: m for letter, m in meanings(before).items() if letter != "b"}


def test_letters_begin_with_the_cards_of_words_that_were_heard_in_doubt() -> None:
    sure = unit("f01", answer(1, Move.DENY, Move.TURN), maybe=["f02"])
    doubtful = unit("f03", maybe=["f04"]).model_copy(update={"words": "in doubt"})
    lower = tuple(c.model_copy(update={"p": min(c.p, 0.4)}) for c in doubtful.candidates)

    debate = told(opened("a01"), [sure, doubtful.model_copy(update={"candidates": lower})])

    assert [(o.letter, o.unit, o.card) for o in rules.options(debate, 1)][:4] == [
        ("a", 1, "f04"),
        ("b", 1, None),
        ("c", 0, "f02"),
        ("d", 0, None),
    ]


@pytest.mark.parametrize(
    ("words", "fate", "asks"),
    [
        ("words", Fate(made=2), True),
        ("words", Fate(took_up=2), True),
        ("#2 holds", Fate(took_up=2), False),
        ("#22 holds", Fate(took_up=2), True),
        ("an answer", Fate(), False),
    ],
)
def test_a_card_is_in_doubt_only_where_the_words_need_one(words: str, fate: Fate, asks: bool) -> None:
    doubtful = unit("f01", words=words)
    doubtful = doubtful.model_copy(update={"candidates": (Candidate(card="f01", p=0.4),)})

    assert rules.in_doubt(doubtful, fate) is asks
    assert not rules.in_doubt(unit("f01", words=words), fate)
    assert not rules.in_doubt(doubtful.model_copy(update={"repeats": True}), fate)


def test_the_next_debates_chance_follows_from_the_last_ones() -> None:
    drawn = {rules.next_seed(seed, what) for seed in range(50) for what in ("start", "switch")}

    assert len(drawn) == 100
    assert all(0 <= seed < 2**31 for seed in drawn)
    assert rules.next_seed(0, "switch") == rules.next_seed(0, "switch")


def test_choosing_again_what_is_in_force_is_late() -> None:
    once = done(ambiguous(), rules.contest(ambiguous(), 1, "d"))

    late = refused(lambda: rules.contest(once, 1, "d"))

    assert (late.code, late.data) == (Code.LATE, {"turn": 1})


def test_a_contested_card_withdraws_what_the_bot_answered_and_a_contested_move_nothing() -> None:
    (card,), (move,) = rules.contest(ambiguous(), 1, "c"), rules.contest(ambiguous(), 1, "f")

    assert card.model_dump(include={"turn", "unit", "what", "card", "point", "move", "acts"}) == {
        "turn": 1,
        "unit": 0,
        "what": "card",
        "card": None,
        "point": None,
        "move": None,
        "acts": (Withdraws(point=3).model_dump(),),
    }
    assert states(done(ambiguous(), (move,))) == {1: "open", 2: "answered", 3: "open"}


def test_what_the_bot_answered_to_another_point_stays() -> None:
    said = [unit("f01", maybe=["f02"]), unit("f03")]
    debate = told(opened(), said, counter(1, 0), counter(2, 6))

    assert states(done(debate, rules.contest(debate, 1, "a"))) == {
        1: "open",
        2: "answered",
        3: "withdrawn",
        4: "open",
    }


def test_a_contested_extension_withdraws_only_the_answer_to_it() -> None:
    made = told(opened(), unit("f01"), counter(1, 0))
    again = told(made, unit("f01", maybe=["f03"]), counter(1, 1))
    thrice = told(again, unit("f01"), counter(1, 2))

    debate = done(thrice, rules.contest(thrice, 2, "a"))

    assert {n: states(debate)[n] for n in (2, 3, 4)} == {2: "dropped", 3: "withdrawn", 4: "open"}


def test_a_point_that_the_learner_granted_is_not_withdrawn() -> None:
    granted = follow(ambiguous(), Conceded(point=3))

    assert states(done(granted, rules.contest(granted, 1, "a"))) == {
        1: "answered",
        2: "answered",
        3: "conceded",
    }


def test_three_contests_a_debate() -> None:
    debate = ambiguous()
    for letter in "abc":
        debate = done(debate, rules.contest(debate, 1, letter))

    assert refused(lambda: rules.contest(debate, 1, "d")).code is Code.NO_CONTESTS_LEFT


def test_a_choice_that_was_not_offered_is_refused() -> None:
    assert refused(lambda: rules.contest(ambiguous(), 1, "z")).data == {"word": "z", "turn": 1}
    assert refused(lambda: rules.contest(ambiguous(), 2, "a")).code is Code.BAD_ARGUMENT
    assert refused(lambda: rules.options(ambiguous(), 0)).code is Code.BAD_ARGUMENT
    assert refused(lambda: rules.options(opened(), 0)).code is Code.NOTHING_SAID


def test_the_closing_can_be_contested_after_the_ballot() -> None:
    over = heard(silent(begin(), 5), unit("f01", answer(1), maybe=["f02"]))

    assert done(over, rules.contest(over, 6, "a")).yours[0].card == "f02"


# --- concede ---


def test_a_live_point_of_the_bots_can_be_granted() -> None:
    assert rules.concede(opened("a01"), 1) == (Conceded(point=1),)


def test_only_a_live_point_of_the_bots_can_be_granted() -> None:
    debate = told(silent(opened("a01")), unit("f01"))

    assert refused(lambda: rules.concede(debate, 1)).data == {"point": 1, "state": "dropped"}
    assert refused(lambda: rules.concede(debate, 2)).code is Code.UNKNOWN_POINT
    assert refused(lambda: rules.concede(debate, 99)).code is Code.UNKNOWN_POINT


@pytest.mark.parametrize(
    "command",
    [
        lambda d: rules.concede(d, 1),
        lambda d: rules.hint(d, 1, RUBRIC),
        lambda d: rules.hint(d, None, RUBRIC),
        rules.end,
    ],
)
def test_what_changes_the_flow_is_refused_when_the_debate_is_over(
    command: Callable[[Debate], object],
) -> None:
    over = follow(opened("a01"), Ended(why=Why.LEFT))

    assert refused(lambda: command(over)).code is Code.DEBATE_OVER


def test_the_learner_may_leave() -> None:
    assert rules.end(opened("a01")) == (Ended(why=Why.LEFT),)


# --- hint ---


def test_a_hint_gives_the_strongest_words_not_yet_shown() -> None:
    debate = opened("a01")
    given = list[Entry]()
    for _ in range(3):
        given += rules.hint(debate, 1, RUBRIC)
        debate = follow(debate, given[-1])

    assert given == [
        Hinted(point=1, counterpoint=at) for at in (13, 12, 14)
    ]  # outweigh before mitigate and deny
    assert refused(lambda: rules.hint(debate, None, RUBRIC)).code is Code.NO_HINT


def test_a_hint_without_a_number_is_about_the_strongest_open_point() -> None:
    debate = told(opened("a02", "a01", "a03"), unit("f01", answer(2)))

    (hinted,) = rules.hint(debate, None, RUBRIC)

    assert hinted == Hinted(point=3, counterpoint=18)


def test_there_is_no_hint_for_a_point_that_is_decided() -> None:
    assert refused(lambda: rules.hint(silent(opened("a01"), 2), 1, RUBRIC)).code is Code.NO_HINT
    assert refused(lambda: rules.hint(silent(opened("a01"), 2), None, RUBRIC)).code is Code.NO_HINT
    assert refused(lambda: rules.hint(told(opened(), unit("f01")), 1, RUBRIC)).code is Code.UNKNOWN_POINT


@pytest.mark.parametrize("level", [Level.INTERMEDIATE, Level.ADVANCED])
def test_hints_are_for_novices(level: Level) -> None:
    refusal = refused(lambda: rules.hint(opened("a01", level=level), None, RUBRIC))

    assert (refusal.code, refusal.data) == (Code.HINTS_OFF, {"level": str(level)})


# --- redo ---


def test_after_the_ballot_any_speech_can_be_said_again_and_nothing_else_changes() -> None:
    over = follow(told(silent(opened("a01")), unit("f02", parts=[])), Ended(why=Why.LEFT))

    asked = done(over, rules.redo(over, 2))
    again = heard(asked, unit("f01", answer(1, Move.TURN)))

    redone = entry(again, Redone)
    assert (redone.turn, redone.before) == (2, 0)
    assert redone.after == 8 + 40  # claim, warrant, impact; the one point of the bot turned
    assert (again.points, again.speeches, again.redoing) == (over.points, over.speeches, None)


def test_a_speech_said_again_is_judged_in_its_old_context_without_what_came_later() -> None:
    debate = told(
        told(told(opened("a01"), unit("f01")), unit("f02"), Extends(point=1, part="impact")), unit("f03")
    )
    over = follow(debate, Ended(why=Why.LEFT), Redoing(turn=1))

    assert entry(heard(over, unit("f02")), Redone) == Redone(turn=1, before=8, after=8)


def test_without_a_number_the_last_speech_is_said_again() -> None:
    over = follow(silent(opened("a01"), 3), Ended(why=Why.LEFT))

    assert rules.redo(over, None) == (Redoing(turn=3),)
    assert refused(lambda: rules.redo(over, 4)).code is Code.BAD_ARGUMENT
    assert refused(lambda: rules.redo(over, 0)).code is Code.BAD_ARGUMENT


def test_a_redo_wants_a_speech() -> None:
    assert refused(lambda: rules.redo(opened("a01"), None)).code is Code.NOTHING_SAID


def test_junk_is_no_redo() -> None:
    over = follow(silent(opened("a01")), Ended(why=Why.LEFT), Redoing(turn=1))

    sad = heard(over, kind=Kind.DISTRESS)

    assert (sad.redoing, sad.redone) == (1, ())
    assert acts(sad, Asides) == [Asides(kind=Kind.DISTRESS)]
    assert heard(sad, unit("f01")).redone[0].turn == 1


def test_at_novice_the_last_speech_can_be_tried_again_at_once_unscored() -> None:
    debate = told(opened("a01"), unit("f01", answer(1, Move.DENY)))

    tried = heard(done(debate, rules.redo(debate, None)), unit("f02", answer(1, Move.MITIGATE)))

    assert acts(tried, Shows) == [Shows(point=1, made="mitigate", counterpoint=13)]
    assert entry(tried, Answered).retry
    assert (tried.points, tried.speeches, tried.redoing) == (debate.points, debate.speeches, None)


def test_a_try_that_answers_nothing_is_shown_words_for_the_strongest_open_point() -> None:
    debate = silent(opened("a02", "a01"))

    assert acts(heard(follow(debate, Redoing(turn=1)), unit("f01")), Shows) == [
        Shows(point=2, made=None, counterpoint=13)
    ]


def test_words_shown_once_are_not_shown_again() -> None:
    debate = silent(opened("a01"))
    shown = []
    for _ in range(3):
        debate = heard(done(debate, rules.redo(debate, 1)), unit("f01", answer(1)))
        shown += [act.counterpoint for act in acts(debate, Shows)]

    assert shown == [13, 12, 14]
    assert refused(lambda: rules.redo(debate, 1)).code is Code.NO_HINT


def test_a_try_whose_words_were_hinted_meanwhile_shows_nothing() -> None:
    debate = silent(opened("a01"))
    hints = tuple(Hinted(point=1, counterpoint=at) for at in (12, 13, 14))

    tried = heard(follow(debate, Redoing(turn=1), *hints), unit("f01"))

    assert entry(tried, Answered) == Answered(counts=False, retry=True, acts=())


@pytest.mark.parametrize("turn", [None, 1, 2])
def test_above_novice_a_redo_waits_for_the_ballot(turn: int | None) -> None:
    debate = silent(opened("a01", level=Level.INTERMEDIATE), 2)

    refusal = refused(lambda: rules.redo(debate, turn))

    assert (refusal.code, refusal.data) == (Code.NOT_OVER, {"turn": 2})


def test_at_novice_only_the_last_speech_can_be_tried_before_the_ballot() -> None:
    assert refused(lambda: rules.redo(silent(opened("a01"), 2), 1)).code is Code.NOT_OVER


def test_a_deck_may_quote_nothing() -> None:
    plain = deck_with(
        cards=[{k: v for k, v in card.items() if k != "quotes"} for card in deck_with().model_dump()["cards"]]
    )

    assert len(begin(deck=plain).opening) == 1
