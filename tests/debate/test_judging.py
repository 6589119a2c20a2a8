"""The judge: line items, limits, clashes, the result and the one thing to practise."""

from __future__ import annotations

import hashlib

import pydantic
import pytest

from bot.debate import rules
from bot.debate.debate import SPEECHES, Debate, follow
from bot.debate.entries import Answered, Conceded, Explains, Extends, Raises, Read, Warns, Withdraws, Yields
from bot.debate.judging import OUTSIDE, Item, Rubric, Rule, Section, Winner, could_answer, judge, slips
from bot.readings import EvidenceKind, Kind, Part, PartKind, Restatement, Unit, Weighing
from content.deck import Move, Side
from tests.debate.builders import (
    RUBRIC,
    RUBRIC_FILE,
    WHOLE,
    answer,
    cards_with,
    counter,
    deck_with,
    evidence,
    heard,
    judged,
    opened,
    reading,
    silent,
    spoken,
    states,
    told,
    uncontested,
    unit,
)

FULL = [*WHOLE, evidence(EvidenceKind.QUOTE)]
RUBRIC_2 = Rubric.from_json(RUBRIC_FILE.with_name("v2.json").read_bytes())
RUBRIC_3 = Rubric.from_json(RUBRIC_FILE.with_name("v3.json").read_bytes())
A01_ON_F02 = 4
"""The counterpoint of the small deck by a01 on f02."""


def items(debate: Debate, rule: Rule) -> list[Item]:
    return [item for item in judged(debate).items if item.rule is rule]


def got(debate: Debate, rule: Rule) -> list[float]:
    return [round(item.got, 2) for item in items(debate, rule)]


def weighed(own: int, other: int) -> Weighing:
    return Weighing(own=own, other=other, words=f"#{own} matters more than #{other} because it lasts")


# --- the rubric ---


def test_the_rubric_is_known_by_the_hash_of_its_file() -> None:
    data = RUBRIC_FILE.read_bytes()

    assert Rubric.from_json(data).sha256 == hashlib.sha256(data).hexdigest()
    assert judged(opened()).rubric == RUBRIC.sha256


def test_the_rubric_is_that_of_the_specification() -> None:
    assert RUBRIC.model_dump(exclude={"sha256", "standing", "too_close"}, exclude_unset=True) == {
        "version": 1,
        "content": {
            "claim": 3,
            "warrant": 3,
            "impact": 2,
            "evidence": {"quote": 2, "source": 2, "example": 1, "figure": 0},
            "best": 4,
            "of": 40,
        },
        "engagement": {
            "turn": 1.0,
            "outweigh": 1.0,
            "undercut": 0.9,
            "deny": 0.7,
            "mitigate": 0.7,
            "concede": 0.3,
            "of": 40,
        },
        "strategy": {"extension": 5, "weighing": 8, "restatement": 3, "closing": 4, "slip": -4, "of": 20},
    }


def test_the_second_rubric_adds_what_is_one_thing_to_answer_and_what_decides_a_clash() -> None:
    first, second = (rubric.model_dump(exclude={"sha256", "version"}) for rubric in (RUBRIC, RUBRIC_2))

    assert second == {
        **first,
        "engagement": {**first["engagement"], "once_a_card": True},
        "clashes": {**first["clashes"], "only_answerable": True, "outside": True},
    }


def test_the_third_rubric_is_slower_to_see_contradictions_and_puts_first_what_is_weighed() -> None:
    second, third = (rubric.model_dump(exclude={"sha256", "version"}) for rubric in (RUBRIC_2, RUBRIC_3))

    assert third == {
        **second,
        "strategy": {**second["strategy"], "contradiction_from": 0.8, "late_contradictions": False},
        "clashes": {**second["clashes"], "weighed_first": True, "answered_is_even": True},
    }


def test_a_rubric_with_an_unknown_rule_is_refused() -> None:
    with pytest.raises(pydantic.ValidationError):
        Rubric.from_json(RUBRIC_FILE.read_bytes().replace(b'"version"', b'"style": 1, "version"'))


# --- content ---


def test_a_whole_point_earns_ten() -> None:
    debate = told(opened(), unit("f01", parts=FULL))

    assert [
        (item.rule, item.got, item.of) for item in judged(debate).items if item.section is Section.CONTENT
    ] == [
        (Rule.CLAIM, 3, 3),
        (Rule.WARRANT, 3, 3),
        (Rule.EVIDENCE, 2, 2),
        (Rule.IMPACT, 2, 2),
    ]
    assert (judged(debate).parts[Section.CONTENT], judged(debate).total) == (10, 10)


def test_an_item_stands_in_the_learners_own_words() -> None:
    debate = told(opened(), unit("f01", words="the whole of it", parts=[PartKind.CLAIM]))

    assert [item.words for item in judged(debate).items[:4]] == ["claim of f01"] + ["the whole of it"] * 3


@pytest.mark.parametrize(("kind", "worth"), [("quote", 2), ("source", 2), ("example", 1), ("figure", 0)])
def test_evidence_is_worth_what_it_is(kind: str, worth: float) -> None:
    (item,) = items(told(opened(), unit("f01", parts=[*WHOLE, evidence(EvidenceKind(kind))])), Rule.EVIDENCE)

    assert (item.got, item.of, item.detail, item.words) == (worth, 2, kind, f"some {kind}")


def test_the_best_evidence_of_a_point_counts() -> None:
    both = [*WHOLE, evidence(EvidenceKind.FIGURE), evidence(EvidenceKind.EXAMPLE)]

    assert got(told(opened(), unit("f01", parts=both)), Rule.EVIDENCE) == [1]
    unsorted = Part(kind=PartKind.EVIDENCE, words="something")
    assert got(told(opened(), unit("f01", parts=[*WHOLE, unsorted])), Rule.EVIDENCE) == [0]


def test_a_reason_without_a_claim_supports_nothing() -> None:
    debate = told(
        opened(), unit("f01", parts=[PartKind.WARRANT, PartKind.IMPACT, evidence(EvidenceKind.QUOTE)])
    )

    assert (judged(debate).total, [item.of for item in judged(debate).items[:4]]) == (0, [3, 3, 2, 2])


def test_the_four_best_points_count_in_the_order_in_which_they_were_made() -> None:
    weak, whole = [PartKind.CLAIM], list(WHOLE)
    said = [unit("f01", parts=weak), *(unit(card, parts=whole) for card in ("f02", "f03", None, None))]

    debate = told(opened(), said)

    assert [item.point for item in items(debate, Rule.CLAIM)] == [2, 3, 4, 5]
    assert judged(debate).parts[Section.CONTENT] == 32


def test_nothing_is_earned_by_a_point_for_the_other_side_or_new_in_the_closing() -> None:
    assert got(told(opened(), unit("a01", parts=FULL)), Rule.CLAIM) == []
    assert got(told(silent(opened(), 5), unit("f01", parts=FULL)), Rule.CLAIM) == []


def test_a_point_that_the_bot_yields_keeps_its_worth() -> None:
    assert got(told(opened(), unit("f01"), Yields(point=1)), Rule.CLAIM) == [3]


def test_saying_the_same_again_earns_no_more() -> None:
    once = told(opened(), unit("f01", parts=FULL))

    assert judged(told(once, unit("f01", parts=FULL))).total == 10
    assert judged(told(once, unit("f01", parts=FULL, repeats=True))).total == 10


def test_two_points_of_one_card_after_a_contest_earn_once() -> None:
    two = told(opened(), [unit("f01"), unit("f02", maybe=["f01"])])
    contested = follow(two, *rules.contest(two, 1, "b"))

    assert [point.card for point in contested.yours] == ["f01", "f01"]
    assert (judged(two).total, judged(contested).total) == (16, 8)


def test_the_contested_score_and_the_uncontested_one_are_both_there() -> None:
    debate = told(opened("a01"), unit(None, answer(1, Move.DENY, Move.TURN)))
    contested = follow(debate, *rules.contest(debate, 1, "a"))

    assert judged(contested).parts[Section.ENGAGEMENT] == 40
    assert (
        judged(uncontested(contested)).parts[Section.ENGAGEMENT]
        == judged(debate).parts[Section.ENGAGEMENT]
        == 28
    )


# --- engagement ---


@pytest.mark.parametrize(
    ("move", "worth"),
    [
        ("turn", 40),
        ("outweigh", 40),
        ("undercut", 36),
        ("deny", 28),
        ("mitigate", 28),
        ("concede", 12),
        ("dodge", 0),
    ],
)
def test_an_answer_is_worth_its_move(move: str, worth: float) -> None:
    debate = told(opened("a01"), unit("f01", answer(1, Move(move)), words="my answer"))

    (item,) = items(debate, Rule.ANSWER)
    assert (round(item.got, 2), item.of, item.point, item.detail) == (worth, 40, 1, move)
    assert item.words == "my answer"


def test_answers_are_weighted_by_the_strength_of_the_point() -> None:
    said = [unit("f01", answer(1, Move.TURN)), unit("f02", answer(2, Move.CONCEDE))]

    debate = told(opened("a01", "a02"), said)  # strengths 3 and 1

    assert got(debate, Rule.ANSWER) == [30, 3]


def test_a_point_that_could_be_answered_and_was_not_earns_nothing() -> None:
    debate = silent(told(opened("a01", "a04"), unit("f01", answer(1, Move.TURN))))

    (item,) = items(debate, Rule.UNANSWERED)
    assert (item.point, item.got, item.of, item.detail) == (2, 0, 16, "dropped")
    assert judged(debate).parts[Section.ENGAGEMENT] == 24


def test_a_point_made_too_late_to_be_dropped_weighs_nothing_unless_it_was_answered() -> None:
    before = told(silent(opened(), 4), unit("f01"), counter(1, 0))
    silent_closing, answering = silent(before), told(before, unit("f02", answer(2)))

    assert [could_answer(debate, debate.by_number[2]) for debate in (silent_closing, answering)] == [
        False,
        True,
    ]
    assert (items(silent_closing, Rule.UNANSWERED), got(answering, Rule.ANSWER)) == ([], [28])


def test_the_best_answer_counts_unless_the_point_was_granted_after_it() -> None:
    turned = told(told(opened("a01"), unit("f01", answer(1, Move.TURN))), unit("f02", answer(1, Move.DENY)))

    assert got(turned, Rule.ANSWER) == [40]
    assert got(follow(turned, Conceded(point=1)), Rule.ANSWER) == [12]


def test_an_answered_point_that_was_extended_and_then_dropped_earns_nothing() -> None:
    extended = told(told(opened("a01"), unit("f01", answer(1))), unit("f02"), Extends(point=1, part="impact"))

    assert got(silent(extended), Rule.ANSWER) == [28]
    assert got(silent(extended, 2), Rule.ANSWER) == []
    assert [item.detail for item in items(silent(extended, 2), Rule.UNANSWERED)] == ["dropped"]


def test_an_unanswered_point_keeps_the_words_of_the_answer_it_once_had() -> None:
    said = unit("f01", answer(1), words="not so")
    extended = told(told(opened("a01"), said), unit("f02"), Extends(point=1, part="impact"))

    assert [item.words for item in items(silent(extended, 2), Rule.UNANSWERED)] == ["not so"]
    assert [item.words for item in items(silent(opened("a01"), 2), Rule.UNANSWERED)] == [""]


def twice(*last: Unit) -> Debate:
    """The bot puts card a01 as #1, and again as #3 against the learner's #2."""
    first = told(opened("a01"), unit("f02", answer(1, Move.DENY), words="not so"), counter(2, A01_ON_F02))
    return told(first, [*last, unit("f02", repeats=True)])


def test_a_card_that_the_bot_put_twice_is_one_thing_to_answer() -> None:
    dropped = silent(twice())

    assert states(dropped)[3] == "dropped"
    assert [(i.rule, i.point, i.got, i.of, i.words) for i in engaged(dropped)] == [
        (Rule.ANSWER, 1, 28, 40, "not so")
    ]
    assert [(clash.id, clash.bot) for clash in judge(dropped, RUBRIC_2).clashes] == [("money", 1.2)]


def test_by_the_first_rubric_a_card_put_twice_is_two_things_to_answer() -> None:
    dropped = silent(twice())

    assert (got(dropped, Rule.ANSWER), len(items(dropped, Rule.UNANSWERED))) == ([14], 1)


def test_of_two_answers_to_a_card_put_twice_the_best_counts() -> None:
    (item,) = engaged(twice(unit("f03", answer(3, Move.TURN))))

    assert (item.point, item.got, item.of) == (3, 40, 40)


def test_a_card_put_twice_is_dropped_where_both_are() -> None:
    first = told(opened("a01"), unit("f02"), counter(2, A01_ON_F02))

    (item,) = engaged(silent(first, 2))
    assert (item.rule, item.point, item.of, item.detail) == (Rule.UNANSWERED, 1, 40, "dropped")


def engaged(debate: Debate) -> list[Item]:
    """The line items of engagement by the second rubric."""
    return [item for item in judge(debate, RUBRIC_2).items if item.section is Section.ENGAGEMENT]


def test_a_withdrawn_point_is_not_judged() -> None:
    debate = told(told(opened(), unit("f01"), counter(1, 0)), unit("f02", answer(2)), Withdraws(point=2))

    assert (items(debate, Rule.ANSWER), items(debate, Rule.UNANSWERED)) == ([], [])


# --- strategy ---


def test_extending_an_attacked_point_earns_once() -> None:
    attacked = told(opened(), unit("f01"), counter(1, 0))

    extended = told(told(attacked, unit("f01", words="back to it")), unit("f01"))

    (item,) = items(extended, Rule.EXTENSION)
    assert (got(attacked, Rule.EXTENSION), item.got, item.words, item.point) == ([0], 5, "back to it", 1)


def test_taking_up_a_point_that_nobody_answered_is_no_extension() -> None:
    assert got(told(told(opened(), unit("f01")), unit("f01")), Rule.EXTENSION) == [0]


def test_extending_a_point_for_the_other_side_earns_nothing() -> None:
    attacked = told(opened(), unit("a02"), counter(1, 15))

    assert got(told(attacked, unit("a02")), Rule.EXTENSION) == [0]


@pytest.mark.parametrize(("move", "worth"), [("deny", 5), ("turn", 5), ("concede", 0), ("dodge", 0)])
def test_using_the_answer_to_a_question_later_earns_the_extension(move: str, worth: float) -> None:
    asked = heard(opened("a01"), kind=Kind.QUESTION, about=1)

    assert asked.explained
    assert got(told(asked, unit("f01", answer(1, Move(move)))), Rule.EXTENSION) == [worth]


def test_a_question_after_the_answer_earns_no_extension() -> None:
    answered = told(opened("a01"), unit("f01", answer(1)))
    explains = Explains(point=1, card="a01", part="warrant")
    heard_as = Read(of=(answered.length,), reading=reading(kind=Kind.QUESTION, about=1))
    asked = follow(spoken(answered), heard_as, Answered(counts=False, acts=(explains,)))

    assert got(asked, Rule.EXTENSION) == [0]


def test_weighing_one_point_of_each_side_earns_once() -> None:
    first = told(opened("a01"), unit("f01"))
    debate = told(
        told(first, reading(unit("f02"), weighing=weighed(2, 1))),
        reading(unit("f03"), weighing=weighed(2, 1)),
    )

    (item,) = items(debate, Rule.WEIGHING)
    assert (item.got, item.point, item.words) == (8, 2, weighed(2, 1).words)
    assert got(debate, Rule.CLOSING) == [0]


@pytest.mark.parametrize(("own", "other"), [(1, 2), (2, 2), (1, 1), (2, 9), (9, 1)])
def test_weighing_needs_two_points_one_of_each_side(own: int, other: int) -> None:
    debate = told(told(opened("a01"), unit("f01")), reading(unit("f02"), weighing=weighed(own, other)))

    assert got(debate, Rule.WEIGHING) == [0]


def test_weighing_a_point_for_the_other_side_or_new_in_the_closing_earns_nothing() -> None:
    astray = told(opened("a01"), reading(unit("a02"), weighing=weighed(2, 1)))
    late = told(silent(opened("a01"), 5), reading(unit("f01"), weighing=weighed(2, 1)))

    assert (got(astray, Rule.WEIGHING), got(late, Rule.WEIGHING)) == ([0], [0])


def test_a_closing_that_weighs_earns_more() -> None:
    before = silent(told(opened("a01"), unit("f01")), 4)

    debate = told(before, reading(unit("f01", repeats=True), weighing=weighed(2, 1)))

    assert (got(debate, Rule.WEIGHING), got(debate, Rule.CLOSING)) == ([8], [4])


@pytest.mark.parametrize(("point", "worth"), [(1, 3), (2, 0), (7, 0)])
def test_a_fair_restatement_of_a_bot_point_earns_once(point: int, worth: float) -> None:
    said = reading(unit("f01"), restatements=(Restatement(point=point, words="you say that"),))

    assert got(told(told(opened("a01"), said), said), Rule.RESTATEMENT) == [worth]


# --- slips ---


def test_a_contradiction_costs_four() -> None:
    debate = told(told(opened(), unit("f01")), unit("f04", words="cars come aboard"))

    (item,) = items(debate, Rule.CONTRADICTION)
    assert (item.got, item.point, item.words) == (-4, 2, "cars come aboard")
    assert slips(debate, 1, RUBRIC.strategy) == ()
    assert slips(debate, 2, RUBRIC.strategy) == (Warns(about="contradiction", points=(1, 2), tension=0),)


def test_each_contradiction_is_one() -> None:
    deck = deck_with(
        tensions=[{"cards": ["f01", "f04"], "why": "One."}, {"cards": ["f04", "f02"], "why": "Two."}]
    )

    debate = told(told(opened(deck=deck), [unit("f01"), unit("f02")]), unit("f04"))

    assert [slip.points for slip in slips(debate, 2, RUBRIC.strategy)] == [(1, 3), (2, 3)]


def test_from_the_third_rubric_on_only_what_is_certain_contradicts() -> None:
    begun = told(opened(), unit("f01", p=0.9))
    likely, certain = (told(begun, unit("f04", p=p)) for p in (0.7, 0.9))

    assert [len(slips(debate, 2, RUBRIC.strategy)) for debate in (likely, certain)] == [1, 1]
    assert [len(slips(debate, 2, RUBRIC_3.strategy)) for debate in (likely, certain)] == [0, 1]


def test_from_the_third_rubric_on_what_is_new_in_the_closing_contradicts_nothing() -> None:
    debate = told(opened(), unit("f01", p=0.9))
    for _ in range(SPEECHES - 2):
        debate = told(debate, unit(None))
    debate = told(debate, unit("f04", p=0.9))

    assert len(slips(debate, SPEECHES, RUBRIC.strategy)) == 1
    assert slips(debate, SPEECHES, RUBRIC_3.strategy) == ()


def test_one_half_of_a_tension_is_no_contradiction() -> None:
    assert slips(told(opened(), [unit("f04"), unit("f02")]), 1, RUBRIC.strategy) == ()


def test_two_cards_of_the_other_side_are_one_slip_only() -> None:
    debate = told(opened(), [unit("a01"), unit("a04")])

    assert slips(debate, 1, RUBRIC.strategy) == (Warns(about="other_side", points=(1, 2)),)
    assert got(debate, Rule.OTHER_SIDE) == [-4]


def test_turning_the_cause_and_the_result_of_a_point_is_a_double_turn_once() -> None:
    link, impact = (unit(None, answer(1, Move.TURN, turns=way)) for way in ("link", "impact"))
    once = told(opened("a01"), link)
    twice = told(once, impact)
    thrice = told(twice, link)

    assert (slips(once, 1, RUBRIC.strategy), slips(twice, 2, RUBRIC.strategy)) == (
        (),
        (Warns(about="double_turn", points=(1,)),),
    )
    assert [len(slips(thrice, n, RUBRIC.strategy)) for n in (1, 2, 3)] == [0, 1, 0]
    assert got(thrice, Rule.DOUBLE_TURN) == [-4]


def test_strategy_is_never_below_nothing() -> None:
    debate = told(told(opened(), unit("a01")), unit("a03"))

    assert got(debate, Rule.OTHER_SIDE) == [-4, -4]
    assert judged(debate).parts == {Section.CONTENT: 0, Section.ENGAGEMENT: 0, Section.STRATEGY: 0}


# --- the whole ---


def best() -> Debate:
    """A debate that shows everything the rubric asks for."""
    first = told(opened("a01"), [unit("f01", answer(1, Move.TURN), parts=FULL), unit("f02", parts=FULL)])
    said = reading(unit("f03", parts=FULL), restatements=(Restatement(point=1, words="you say that"),))
    third = told(
        told(first, said, counter(2, 1)), [unit("f01", answer(5, Move.OUTWEIGH)), unit(None, parts=FULL)]
    )
    return told(silent(third, 2), reading(unit("f01", repeats=True), weighing=weighed(2, 1)))


def test_a_debate_that_shows_everything_has_a_hundred() -> None:
    judgement = judged(best())

    assert judgement.parts == {Section.CONTENT: 40, Section.ENGAGEMENT: 40, Section.STRATEGY: 20}
    assert (judgement.total, judgement.complete) == (100, True)


def test_an_empty_debate_has_nothing_and_is_too_close_to_call() -> None:
    judgement = judged(opened())

    assert (judgement.total, judgement.complete, judgement.result, judgement.winner) == (
        0,
        False,
        Winner.CLOSE,
        None,
    )


def test_the_one_thing_to_practise_is_where_most_was_lost() -> None:
    no_reason = told(
        opened(), [unit(c, parts=[PartKind.CLAIM, PartKind.IMPACT]) for c in ("f01", "f02", "f03", None)]
    )

    assert judged(no_reason).practise is Rule.WARRANT
    assert judged(silent(opened("a01"), 2)).practise is Rule.UNANSWERED
    assert judged(opened()).practise is Rule.WEIGHING


@pytest.mark.parametrize("level_words", ["argue", "claim because therefore outweighs evidence"])
def test_a_parrot_of_magic_words_stays_under_fifteen(level_words: str) -> None:
    said = reading(
        unit(None, answer(1, Move.DODGE), words=level_words, parts=[PartKind.WARRANT, PartKind.IMPACT]),
        weighing=weighed(9, 1),
        quality=1.0,
    )
    debate = opened("a01")
    for _ in range(6):
        debate = told(debate, said)

    assert judged(debate).total < 15


def test_readings_that_claim_nothing_stay_under_fifteen_whatever_the_bot_does() -> None:
    for seed in range(5):
        debate = rules.start(
            opened().deck, RUBRIC, Side.FOR, opened().started.level, seed, opened().started.at
        )
        parrot = follow(opened(), *debate[2:])
        for _ in range(6):
            parrot = heard(
                parrot, unit(None, words="because therefore", parts=[PartKind.WARRANT]), quality=1.0
            )

        assert judged(parrot).complete
        assert judged(parrot).total < 15


# --- clashes ---


def test_a_clash_weighs_strength_by_what_became_of_the_point() -> None:
    debate = told(opened("a01"), unit("f01", answer(1, Move.DENY)), Raises(card="a02"))

    (clash,) = judged(debate).clashes
    assert (clash.id, clash.learner, clash.bot) == ("money", 3.0, 2.2)  # a01 answered: 3 x .4, a02 open: 1
    assert (clash.ahead, clash.deciding) == (Winner.LEARNER, (2, 1, 3))


def test_a_turned_point_argues_for_whoever_turned_it() -> None:
    mine = told(opened("a01"), unit(None, answer(1, Move.TURN)))
    its = told(opened(), unit("f02"), counter(1, 3))

    assert [(c.learner, c.bot) for c in judged(mine).clashes] == [(3.5, 0)]
    assert [(c.learner, c.bot) for c in judged(its).clashes] == [(0, 2.0)]


def test_a_point_outside_the_deck_belongs_to_the_clash_of_what_it_answers() -> None:
    debate = told(opened("a03"), [unit(None, answer(1)), unit(None)])

    assert [(clash.id, clash.deciding) for clash in judged(debate).clashes] == [("people", (2, 1))]
    both = [("people", (2, 1)), (OUTSIDE, (3,))]
    assert [(clash.id, clash.deciding) for clash in judge(debate, RUBRIC_2).clashes] == both


def test_a_point_outside_the_deck_that_claims_nothing_is_in_no_clash() -> None:
    assert judge(told(opened(), unit(None, parts=[PartKind.WARRANT])), RUBRIC_2).clashes == ()


def test_points_outside_the_deck_stand_beside_the_three_clashes() -> None:
    debate = told(opened(), [unit("f01"), unit("f03"), unit(None)])

    last = judge(debate, RUBRIC_2).clashes[-1]
    assert (last.id, last.ahead, last.deciding) == (OUTSIDE, Winner.LEARNER, (3,))


def test_the_heaviest_points_of_each_side_are_named_the_learners_first() -> None:
    cards = cards_with(clash="all")
    deck = deck_with(cards=cards, clashes={"all": "Which way?"})
    own = [unit("f02"), unit("f03"), unit(None, answer(1))]

    debate = silent(told(opened("a01", "a02", "a03", "a04", deck=deck), own))

    (clash,) = judged(debate).clashes
    assert clash.deciding == (5, 6, 7, 3, 4, 1)


def test_a_point_that_could_not_be_answered_decides_no_clash() -> None:
    before = told(silent(opened(), 4), unit("f01"), counter(1, 0))

    (clash,) = judge(silent(before), RUBRIC_2).clashes
    assert (clash.bot, clash.deciding) == (0, (1,))


def test_who_answered_all_that_the_bot_has_in_a_clash_is_level_there() -> None:
    answered = told(opened("a03"), unit("f01", answer(1)))

    (bots,) = [clash for clash in judge(answered, RUBRIC_2).clashes if clash.bot and not clash.learner]
    assert bots.ahead is Winner.BOT
    (level,) = [clash for clash in judge(answered, RUBRIC_3).clashes if clash.id == bots.id]
    assert (level.ahead, level.bot) == (Winner.CLOSE, bots.bot)


def test_three_clashes_at_most_the_heaviest_first() -> None:
    cards = [
        {**card.model_dump(exclude_defaults=True), "clash": f"c-{card.id}"} for card in opened().deck.cards
    ]
    deck = deck_with(cards=cards, clashes={f"c-{card.id}": "?" for card in opened().deck.cards})

    debate = told(opened("a02", "a01", deck=deck), [unit("f02"), unit("f03")])

    assert [clash.id for clash in judged(debate).clashes] == ["c-a01", "c-f02", "c-f03"]

    closed = told(silent(debate, SPEECHES - 2), reading(unit("f03"), weighing=weighed(4, 1)))
    assert judge(closed, RUBRIC_3).clashes[0].id == "c-f03", "the closing weighs it"


def test_what_is_withdrawn_late_or_astray_decides_no_clash() -> None:
    withdrawn = told(told(opened(), unit("a03"), Raises(card="a01")), unit(None), Withdraws(point=2))

    assert judged(withdrawn).clashes == ()
    assert judged(told(silent(opened(), 5), unit("f01"))).clashes == ()


@pytest.mark.parametrize(
    ("bots", "own", "result", "winner"),
    [
        (["a01"], ["f04"], Winner.BOT, Side.AGAINST),
        (["a02"], ["f01"], Winner.LEARNER, Side.FOR),
        (["a01"], ["f01"], Winner.CLOSE, None),
    ],
)
def test_the_result_goes_by_the_flow(
    bots: list[str], own: list[str], result: Winner, winner: Side | None
) -> None:
    judgement = judge(told(opened(*bots), [unit(card) for card in own]), RUBRIC)

    assert (judgement.result, judgement.winner) == (result, winner)
