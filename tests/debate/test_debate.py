"""Replay: given entries, the points, their states and the counts of a debate."""

from __future__ import annotations

import pytest

from bot.debate import rules
from bot.debate.debate import LEFT_ALONE, SPEECHES, Debate, follow, replay
from bot.debate.entries import (
    Answered,
    Asides,
    Conceded,
    Ended,
    Explains,
    Extends,
    Hinted,
    Names,
    Opened,
    Questions,
    Raises,
    Read,
    Redoing,
    Redone,
    Shows,
    Spoke,
    Why,
    Withdraws,
    Yields,
)
from bot.debate.flow import State
from bot.readings import Kind, PartKind
from content.deck import Move, Side
from tests.debate.builders import (
    DECK,
    NOW,
    answer,
    counter,
    opened,
    reading,
    silent,
    spoken,
    started,
    states,
    told,
    uncontested,
    unit,
)


def contested(debate: Debate, turn: int, letter: str) -> Debate:
    return follow(debate, *rules.contest(debate, turn, letter))


def aside(debate: Debate) -> Debate:
    heard = Read(of=(debate.length,), reading=reading(kind=Kind.EMOJI))
    return follow(spoken(debate), heard, Answered(counts=False, acts=(Asides(kind=Kind.EMOJI),)))


# --- transcripts ---


def test_a_transcript_begins_with_started_and_has_only_one() -> None:
    with pytest.raises(AssertionError):
        replay(DECK, (Opened(acts=()),))
    with pytest.raises(ValueError, match="one Started"):
        replay(DECK, (started(), started()))


def test_an_answer_follows_its_reading() -> None:
    with pytest.raises(AssertionError):
        follow(opened(), Answered(counts=True, acts=()))


def test_words_wait_until_they_are_read_and_those_after_the_reading_wait_on() -> None:
    two = spoken(spoken(opened(), "one"), "two")
    first = follow(two, Read(of=(2, 3), reading=reading(unit())))
    late = spoken(first, "three")

    answered = follow(late, Answered(counts=True, acts=()))

    assert [spoke.text for _, spoke in two.pending] == ["one", "two"]
    assert answered.speeches[0].text == "one\ntwo"
    assert [spoke.text for _, spoke in answered.pending] == ["three"]


def test_words_that_cross_with_a_redo_wait_on() -> None:
    ended = follow(silent(opened("a01")), Ended(why=Why.LEFT), Redoing(turn=1))
    at = ended.length
    crossed = spoken(follow(spoken(ended, "again"), Read(of=(at,), reading=reading())), "crossed")

    after = follow(crossed, Redone(turn=1, before=0, after=0))

    assert [spoke.text for _, spoke in after.pending] == ["crossed"]
    assert after.redoing is None


def test_the_end_of_the_debate_ends_a_retry_that_was_not_made() -> None:
    assert follow(silent(opened("a01")), Redoing(turn=1), Ended(why=Why.LEFT)).redoing is None


def test_the_closing_is_the_sixth_speech() -> None:
    debate = silent(opened("a01"), SPEECHES - 1)

    assert (debate.next_speech, debate.closing, silent(opened()).closing) == (6, True, False)


# --- the learner's points ---


def test_a_unit_makes_a_point_with_its_card_its_strength_and_what_it_answers() -> None:
    debate = told(opened("a01"), unit("f01", answer(1, Move.TURN), words="seats are empty"))

    point = debate.by_number[2]
    assert (point.yours, point.card, point.strength, point.speech) == (True, "f01", 3, 1)
    assert (point.answers, point.move, point.words) == (1, Move.TURN, "seats are empty")
    assert debate.speeches[0].made == (2,)
    assert states(debate) == {1: "turned", 2: "open"}


def test_a_point_outside_the_deck_has_strength_two() -> None:
    assert told(opened(), unit(None)).by_number[1].strength == 2


def test_a_point_for_the_other_side_is_marked() -> None:
    debate = told(opened(), [unit("a02"), unit("f02")])

    assert [point.helps_other for point in debate.points] == [True, False]


def test_an_answer_to_a_point_that_is_not_the_bots_is_no_answer() -> None:
    debate = told(opened("a01"), unit("f01", answer(2), answer(77)))

    assert debate.by_number[2].answers is None
    assert debate.bots[0].hits == ()


def test_a_point_that_grants_one_and_answers_none_is_linked_to_none() -> None:
    debate = told(opened("a01", "a03"), unit("f01", answer(1, Move.CONCEDE), answer(2)))

    assert debate.by_number[3].answers == 2


def test_a_mere_concession_makes_no_point() -> None:
    debate = told(opened("a01"), unit(None, answer(1, Move.CONCEDE)))

    assert states(debate) == {1: "conceded"}
    assert debate.speeches[0].made == ()


def test_words_said_before_make_no_point_and_answer_none() -> None:
    debate = told(opened("a01"), unit("f01", answer(1), repeats=True))

    assert states(debate) == {1: "open"}


def test_the_same_card_again_takes_the_point_up_and_adds_what_it_lacked() -> None:
    first = told(opened(), unit("f01", parts=[PartKind.CLAIM]))

    again = told(first, unit("f01", parts=[PartKind.CLAIM, PartKind.WARRANT]))

    assert [part.kind for part in again.by_number[1].parts] == [PartKind.CLAIM, PartKind.WARRANT]
    assert again.speeches[1].taken_up == (1,)
    assert again.by_number[1].extended == ()  # nobody had answered it


def test_an_own_point_named_is_taken_up_whatever_its_card() -> None:
    debate = told(told(opened("a01"), unit("f01")), [unit("f02", own=2), unit("f03", own=1)])

    assert debate.speeches[1].taken_up == (2,)
    assert debate.by_number[3].card == "f03"  # 1 is the bot's


@pytest.mark.parametrize(("at", "state"), [(0, "answered"), (3, "turned"), (4, "outweighed")])
def test_extending_an_attacked_point_opens_it_again_and_counts(at: int, state: str) -> None:
    card = DECK.counterpoints[at].on
    attacked = told(opened(), unit(card), counter(1, at))

    extended = told(attacked, unit(card, words="once more, since"))

    assert states(attacked) == {1: state, 2: "open"}
    assert extended.by_number[1].state is State.OPEN
    assert (extended.by_number[1].extended, extended.by_number[1].extensions) == ((2,), ("once more, since",))


def test_what_is_new_in_the_closing_is_late_and_adds_nothing_to_older_points() -> None:
    before = silent(told(opened(), unit("f01", parts=[PartKind.CLAIM])), SPEECHES - 2)

    closing = told(before, [unit("f01"), unit("f02")])

    assert [part.kind for part in closing.by_number[1].parts] == [PartKind.CLAIM]
    assert [point.late for point in closing.points] == [False, True]


# --- dropping ---


def test_a_bot_point_that_two_speeches_left_alone_is_dropped_for_good() -> None:
    once = silent(opened("a01"))
    dropped = silent(once)

    after = told(dropped, unit("f01", answer(1, Move.TURN)))

    assert (once.points[0].state, once.points[0].left_alone) == (State.OPEN, 1)
    assert dropped.points[0].state is State.DROPPED
    assert (after.points[0].state, after.points[0].hits) == (State.DROPPED, ())
    assert [hit.speech for hit in after.points[0].too_late] == [3]


def test_only_counted_speeches_leave_a_point_alone() -> None:
    assert aside(aside(silent(opened("a01")))).points[0].left_alone == 1


def test_a_point_made_in_the_last_answer_is_two_speeches_away_from_being_dropped() -> None:
    debate = told(opened(), unit("f01"), counter(1, 0))

    assert debate.by_number[2].left_alone == 0
    assert silent(debate, LEFT_ALONE).by_number[2].state is State.DROPPED


def test_an_answered_point_is_not_dropped_until_it_is_extended_and_left_alone_twice() -> None:
    answered = told(silent(opened("a01")), unit("f01", answer(1)))

    extended = told(silent(answered, 2), unit("f02"), Extends(point=1, part="impact"))

    assert extended.points[0].state is State.OPEN
    assert silent(extended).points[0].state is State.OPEN
    assert silent(extended, 2).points[0].state is State.DROPPED


def test_a_dodge_leaves_the_point_open_and_a_second_one_drops_it() -> None:
    once = told(opened("a01"), unit("f01", answer(1, Move.DODGE)))

    assert once.points[0].state is State.OPEN
    assert told(once, unit("f02", answer(1, Move.DODGE))).points[0].state is State.DROPPED
    assert told(once, unit("f02", answer(1, Move.DENY))).points[0].state is State.ANSWERED


def test_what_was_perhaps_answered_is_answered_rather_than_dropped() -> None:
    perhaps = unit("f01", perhaps=(answer(1, Move.UNDERCUT), answer(9)), words="that shows little")
    once = told(opened("a01"), perhaps)

    assert once.points[0].state is State.OPEN
    twice = silent(once).points[0]
    assert (twice.state, [(hit.speech, hit.words) for hit in twice.hits]) == (
        State.ANSWERED,
        [(1, "that shows little")],
    )


def test_a_doubt_from_before_a_point_came_back_counts_no_more() -> None:
    back = told(opened("a01"), unit("f01", perhaps=(answer(1),)), Extends(point=1, part="impact"))

    assert silent(back, 2).points[0].state is State.DROPPED


def test_what_perhaps_dodges_a_point_answers_it_not_even_perhaps() -> None:
    dodged = told(opened("a01"), unit("f01", perhaps=(answer(1, Move.DODGE),)))

    assert silent(dodged).points[0].state is State.DROPPED


def test_conceding_by_command_is_final() -> None:
    debate = follow(opened("a01"), Conceded(point=1))

    assert debate.points[0].state is State.CONCEDED
    assert told(debate, unit("f01", answer(1, Move.TURN))).points[0].state is State.CONCEDED


# --- what the bot does ---


def test_a_yield_gives_the_point_to_the_learner_for_good() -> None:
    debate = told(opened(), unit("f01"), Yields(point=1))

    assert told(debate, unit("f02"), counter(1, 0)).by_number[1].state is State.CONCEDED


def test_the_debate_remembers_questions_counterpoints_and_explanations() -> None:
    debate = told(opened("a01"), unit("f01"), counter(2, 0), Questions(card="f01", question=1, point=2))
    heard = Read(of=(debate.length,), reading=reading(kind=Kind.QUESTION, about=1))
    explained = Explains(point=1, card="a01", part="warrant")
    asked = follow(spoken(debate), heard, Answered(counts=False, acts=(explained,)))

    assert (asked.asked, sorted(asked.used), asked.explained) == ((("f01", 1),), [0], ((1, 1),))
    assert (asked.questions_this_turn, silent(asked).questions_this_turn) == (1, 0)


def test_messages_that_are_no_speech_are_counted_until_the_next_speech() -> None:
    three = aside(aside(aside(opened("a01"))))

    assert (three.asides_in_a_row, silent(three).asides_in_a_row, opened().asides_in_a_row) == (3, 0, 0)


# --- withdrawing ---


def test_a_withdrawn_attack_gives_the_point_back_unless_another_stands() -> None:
    one = told(opened(), unit("f01"), counter(1, 0))
    two = told(opened(), unit("f01"), counter(1, 0), counter(1, 1))

    assert states(told(one, unit("f02"), Withdraws(point=2))) == {1: "open", 2: "withdrawn", 3: "open"}
    assert states(told(two, unit("f02"), Withdraws(point=2)))[1] == "answered"


def test_an_attack_that_was_met_by_an_extension_no_longer_holds_the_point_down() -> None:
    extended = told(told(opened(), unit("f01"), counter(1, 0)), unit("f01"), counter(1, 1))

    assert states(told(extended, unit("f02"), Withdraws(point=3)))[1] == "open"


def test_a_point_that_answers_nothing_can_be_withdrawn() -> None:
    assert states(told(opened("a01"), unit("f02"), Withdraws(point=1)))[1] == "withdrawn"


# --- contests ---


def test_a_contest_changes_the_card_of_the_point_and_not_its_number() -> None:
    debate = contested(told(opened("a01"), [unit("f01", maybe=["f02"]), unit("f03")]), 1, "a")

    assert [(p.number, p.card) for p in debate.yours] == [(2, "f02"), (3, "f03")]
    assert [(p.number, p.card) for p in uncontested(debate).yours] == [(2, "f01"), (3, "f03")]


def test_a_contested_move_changes_the_flow_and_the_uncontested_one_is_kept() -> None:
    debate = contested(told(opened("a01"), unit("f01", answer(1, Move.DENY, Move.TURN))), 1, "b")

    assert (states(debate)[1], states(uncontested(debate))[1]) == ("turned", "answered")


def test_a_contested_answer_that_was_none_leaves_the_point_alone() -> None:
    debate = contested(silent(told(opened("a01"), unit("f01", answer(1)))), 1, "b")

    assert (states(debate)[1], states(uncontested(debate))[1]) == ("dropped", "answered")
    assert debate.by_number[2].answers is None


def test_a_bot_point_that_answered_what_was_not_said_is_withdrawn_and_the_learners_open_again() -> None:
    debate = contested(told(opened(), unit("f01", maybe=["f02"]), counter(1, 0)), 1, "a")

    assert states(debate) == {1: "open", 2: "withdrawn"}
    assert states(uncontested(debate)) == {1: "answered", 2: "open"}


def test_a_bot_point_is_withdrawn_even_if_it_had_been_dropped_meanwhile() -> None:
    before = silent(told(opened(), unit("f01", maybe=["f02"]), counter(1, 0)), 2)

    debate = contested(before, 1, "a")

    assert (states(before)[2], states(debate)[2]) == ("dropped", "withdrawn")


def test_words_wrongly_heard_as_an_extension_make_a_point_of_their_own() -> None:
    attacked = told(opened(), unit("f01"), counter(1, 0))
    misheard = told(attacked, unit("f01", words="something else", maybe=["f03"]), counter(1, 1))

    debate = contested(misheard, 2, "a")

    assert states(misheard) == {1: "answered", 2: "open", 3: "open"}
    assert states(debate) == {1: "answered", 2: "open", 3: "withdrawn", 4: "open"}
    assert (debate.by_number[4].card, debate.by_number[4].speech) == ("f03", 2)
    assert debate.by_number[1].extended == ()
    assert states(uncontested(debate)) == {1: "answered", 2: "open", 3: "open", 4: "withdrawn"}


def test_an_extension_stays_one_when_only_its_move_or_other_words_are_contested() -> None:
    attacked = told(opened("a03"), [unit("f01"), unit("f02", maybe=["f03"])], counter(2, 0))
    extended = told(attacked, unit("f01", answer(1, Move.DENY, Move.TURN)))

    for turn, letter in ((2, "b"), (1, "b")):
        assert contested(extended, turn, letter).by_number[2].extended == (2,)


def test_the_last_contest_of_the_same_words_is_the_one_that_stands() -> None:
    misheard = told(told(opened(), unit("f01")), unit("f01", maybe=["f03"]))

    debate = contested(contested(misheard, 2, "a"), 2, "b")

    assert states(debate) == {1: "open", 2: "withdrawn", 3: "open"}
    assert debate.by_number[3].card is None
    assert debate.own_point("f03") is None


def test_a_concession_that_was_a_point_makes_one_when_contested() -> None:
    debate = told(opened("a01"), unit("f01", answer(1, Move.CONCEDE), maybe=["f02"]))

    assert contested(debate, 1, "a").by_number[2].card == "f02"


def test_points_after_a_contest_have_the_same_numbers_with_and_without_it() -> None:
    misheard = told(told(opened("a01"), unit("f01")), unit("f01", maybe=["f03"]))

    debate = told(contested(misheard, 2, "a"), unit("f02"), counter(4, 4))

    for told_again in (replay(DECK, debate.entries), uncontested(debate)):
        assert [(p.number, p.yours) for p in told_again.points] == [
            (p.number, p.yours) for p in debate.points
        ]
    assert (debate.by_number[4].card, debate.by_number[5].answers) == ("f02", 4)


# --- what the reader may know ---


def test_the_situation_shows_live_points_of_the_bot_and_own_points() -> None:
    first = told(opened("a01", "a03"), unit("f01", answer(2, Move.CONCEDE), answer(1)), counter(3, 0))

    situation = first.situation()

    assert (situation.side, situation.closing, situation.asked) == (Side.FOR, False, None)
    assert [(p.number, p.card, p.on, p.open, p.latest) for p in situation.points] == [
        (1, "a01", None, False, False),
        (4, "a01", "f01", True, True),
    ]
    assert [(p.number, p.card, p.attacked) for p in situation.own] == [(3, "f01", True)]


def test_the_situation_holds_what_was_said_and_the_words_that_were_lent() -> None:
    debate = told(opened("a01"), unit("f01"), Questions(card="f01", question=1), text="empty seats")
    hinted = follow(debate, Hinted(point=1, counterpoint=13), Redoing(turn=1))
    heard = Read(of=(hinted.length,), reading=reading(unit()))
    shows = Shows(point=1, made=None, counterpoint=12)
    tried = follow(spoken(hinted), heard, Answered(counts=False, retry=True, acts=(shows,)))

    situation = tried.situation()

    assert tried.shown == {12, 13}
    assert situation.said == ("empty seats", DECK.counterpoints[12].say, DECK.counterpoints[13].say)
    assert situation.asked == DECK.by_id["f01"].questions[1]


def test_the_reader_is_told_of_no_withdrawn_point() -> None:
    misheard = told(told(opened(), unit("f01")), unit("f01", maybe=["f03"]))
    twice = contested(contested(misheard, 2, "a"), 2, "b")

    assert [p.number for p in twice.situation().own] == [1, 3]
    assert opened().situation().points == ()


def test_the_situation_of_a_debate_that_the_bot_opened_names_its_points_as_latest() -> None:
    assert [p.latest for p in opened("a01", "a03").situation().points] == [True, True]


def test_raising_and_speaking_keep_the_keys_of_the_words() -> None:
    debate = spoken(opened("a01"))

    assert debate.opening == (Raises(card="a01"),)
    assert debate.pending == ((2, Spoke(key="key-2", text="my words", at=NOW)),)


def test_an_example_the_bot_gave_is_among_what_was_said() -> None:
    """Copied back word for word, it is repetition and earns nothing."""
    because, therefore = (
        Names(missing="because", point=1, card="f01"),
        Names(missing="therefore", point=1, card="f01"),
    )
    named = told(opened(), unit(), because, therefore, Names(missing="but", point=1, card="f01"))
    card = DECK.by_id["f01"]
    assert named.situation().said[-2:] == (card.warrant, card.impact)
