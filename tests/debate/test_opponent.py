"""The opponent: what it opens with, answers, presses, brings back, asks and advises, at each level."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.debate import rules
from bot.debate.debate import Debate, follow
from bot.debate.entries import (
    Advises,
    Answered,
    Asks,
    Cites,
    Counters,
    Explains,
    Extends,
    Hinted,
    Level,
    Names,
    Presses,
    Questions,
    Raises,
    Warns,
    Yields,
)
from bot.debate.flow import State
from bot.debate.opponent import LEVELS, WORDS, raised_parts, surely
from bot.readings import (
    Answer,
    Candidate,
    EvidenceKind,
    Fit,
    Kind,
    MoveCandidate,
    PartKind,
    Restatement,
    Unit,
)
from content.deck import Move, Rejoinder, Side
from content.library import Library
from tests.debate.builders import (
    DECK,
    WHOLE,
    acts,
    all_acts,
    answer,
    begin,
    cards_with,
    counter,
    deck_with,
    entry,
    evidence,
    heard,
    opened,
    said_words,
    silent,
    spoken,
    states,
    told,
    unit,
)

LONG = " ".join(["word"] * 120)
FULL = [*WHOLE, evidence(EvidenceKind.QUOTE)]


def opening(debate: Debate) -> list[str]:
    return [act.card for act in debate.opening if isinstance(act, Raises)]


def long_says() -> list[dict[str, object]]:
    """Counterpoints so long that only one fits beside what is pressed."""
    return [
        {**c.model_dump(exclude_none=True), "say": " ".join(["word"] * 45) + f" {at}."}
        for at, c in enumerate(DECK.counterpoints)
    ]


# --- opening ---


@pytest.mark.parametrize(
    ("level", "count"), [(Level.NOVICE, 1), (Level.INTERMEDIATE, 2), (Level.ADVANCED, 3)]
)
@pytest.mark.parametrize("seed", range(5))
def test_the_bot_opens_with_as_many_points_as_the_level_says(level: Level, count: int, seed: int) -> None:
    debate = begin(level, seed=seed)

    cards = [DECK.by_id[card] for card in opening(debate)]
    assert len({card.id for card in cards}) == count
    assert all(card.side is Side.AGAINST for card in cards)
    assert {"a01", "a04"} - {card.id for card in cards}  # they pull against each other
    assert len({card.clash for card in cards[:2]}) == min(count, 2)


def test_the_opening_is_drawn_by_the_seed_and_by_nothing_else() -> None:
    assert opening(begin(seed=3)) == opening(begin(seed=3))
    assert len({tuple(opening(begin(seed=seed))) for seed in range(20)}) > 1


def test_a_weak_card_opens_only_when_no_other_is_left() -> None:
    assert all("a02" not in opening(begin(seed=seed)) for seed in range(20))


def test_a_deck_of_one_clash_opens_with_as_many_points() -> None:
    deck = deck_with(cards=cards_with(clash="money"), clashes={"money": "Is it worth it?"}, tensions=[])

    assert len(opening(begin(Level.ADVANCED, deck))) == 3


def test_an_opening_that_would_be_too_long_has_fewer_points() -> None:
    deck = deck_with(cards=cards_with(tag=" ".join(["word"] * 40), warrant="So.", impact="Thus."))

    assert len(opening(begin(Level.ADVANCED, deck))) == 2
    assert opening(begin(Level.ADVANCED, deck_with(cards=cards_with(tag=LONG)))) == []


def test_fewer_points_are_told_at_greater_length() -> None:
    assert [raised_parts(count) for count in (1, 2, 3, 4)] == [
        ("tag", "warrant", "impact"),
        ("tag", "warrant"),
        ("tag",),
        ("tag",),
    ]


# --- answering what was said ---


def test_the_bot_answers_the_card_that_was_heard() -> None:
    (act,) = acts(heard(opened("a02"), unit("f03")), Counters)

    attack = DECK.counterpoints[act.counterpoint]
    assert (act.to, attack.on, act.card, act.move) == (2, "f03", attack.by, attack.move)


@pytest.mark.parametrize(
    ("level", "answers"), [(Level.NOVICE, 1), (Level.INTERMEDIATE, 2), (Level.ADVANCED, 2)]
)
def test_the_bot_answers_as_many_points_as_the_level_says_the_strongest_first(
    level: Level, answers: int
) -> None:
    debate = heard(begin(level, first=True), unit("f03"), unit("f04"), unit("f01"))

    assert [act.to for act in acts(debate, Counters)] == [3, 1][:answers]


@pytest.mark.parametrize(
    ("level", "move"),
    [(Level.NOVICE, Move.DENY), (Level.INTERMEDIATE, Move.OUTWEIGH), (Level.ADVANCED, Move.TURN)],
)
def test_each_level_has_the_moves_that_it_likes(level: Level, move: Move) -> None:
    assert LEVELS[Level.ADVANCED].moves[0] is Move.TURN
    assert acts(heard(begin(level, first=True), unit("f04")), Counters)[0].move is move


def test_two_points_are_answered_from_different_cards_where_there_are_some() -> None:
    for seed in range(10):
        debate = heard(begin(Level.INTERMEDIATE, first=True, seed=seed), unit("f01"), unit("f03"))

        assert len({act.card for act in acts(debate, Counters)}) == 2


def test_the_bot_does_not_yield_while_a_counterpoint_from_the_same_card_is_left() -> None:
    only = [at for at, c in enumerate(DECK.counterpoints) if c.by == "a01" or c.on.startswith("a")]
    deck = deck_with(counterpoints=[DECK.counterpoints[at].model_dump(exclude_none=True) for at in only])

    debate = heard(begin(Level.INTERMEDIATE, deck, first=True), unit("f01"), unit("f03"))

    assert [act.card for act in acts(debate, Counters)] == ["a01", "a01"]


def test_no_counterpoint_is_used_twice_and_then_the_bot_yields() -> None:
    debate = heard(begin(first=True), unit("f01"))
    for _ in range(3):
        debate = heard(debate, unit("f01"))

    used = [act.counterpoint for act in all_acts(debate.entries) if isinstance(act, Counters)]
    assert sorted(used) == [0, 1, 2]
    assert acts(debate, Yields) == [Yields(point=1)]
    assert states(debate)[1] == "conceded"


def test_the_same_words_twice_in_one_speech_get_different_counterpoints() -> None:
    before = told(told(begin(Level.INTERMEDIATE, first=True), unit("f01")), unit("f02", maybe=["f01"]))
    twins = follow(before, *rules.contest(before, 2, "a"))

    debate = heard(twins, unit("f01", own=1), unit("f01", own=2))

    assert len({act.counterpoint for act in acts(debate, Counters)}) == 2


def test_a_card_turned_against_the_bot_is_not_built_upon() -> None:
    debate = opened("a01", "a03", "a04")
    turned = heard(debate, *(unit("f01", answer(n, Move.TURN)) for n in (1, 2, 3)))

    assert acts(turned, Yields) == [Yields(point=4)]


def test_a_card_that_the_learner_granted_or_dropped_still_serves() -> None:
    dropped = silent(opened("a01", "a03", "a04"), 2)

    assert acts(heard(dropped, unit("f01")), Counters)


def test_a_point_taken_up_again_is_answered_again() -> None:
    debate = heard(heard(begin(first=True), unit("f01")), unit("f01"))

    assert [act.to for act in acts(debate, Counters)] == [1]


def test_points_for_the_bots_own_side_are_not_answered() -> None:
    assert acts(heard(opened("a01"), unit("a03")), Counters) == []


def test_the_bot_does_not_contradict_itself_where_it_can_help_it() -> None:
    for seed in range(10):
        debate = opened("a01")
        said = heard(told(debate, unit("f03", repeats=True)), unit("f04"))

        assert acts(said, Counters)[0].card != "a04", seed


def test_late_in_the_debate_the_bot_attacks_from_cards_in_play() -> None:
    early = heard(silent(opened("a03"), 2), unit("f01"))
    met = told(opened("a03"), unit("f02", answer(1)))
    late = heard(silent(met, 2), unit("f01"))

    assert acts(early, Counters)[0].card != "a03"
    assert acts(late, Counters)[0].card == "a03"


def test_what_the_learner_dropped_is_not_put_again_while_anything_else_answers() -> None:
    late = heard(silent(opened("a03"), 3), unit("f01"))

    assert acts(late, Counters)[0].card != "a03"


# --- what the cards cannot answer ---


def test_a_point_outside_the_deck_is_asked_about_with_the_nearest_card_of_the_learners_side() -> None:
    debate = heard(opened("a01"), unit(None, maybe=["a02", "f04"]), nearest="f01")

    assert acts(debate, Asks) == [Asks(card="f04")]
    assert acts(debate, Questions) == []


def test_with_no_card_near_the_question_is_open() -> None:
    assert acts(heard(opened("a01"), unit(None, maybe=["a02"])), Asks) == [Asks(card=None)]
    assert acts(heard(opened("a01"), unit(None, maybe=["f02"])), Asks) == [Asks(card="f02")]


def test_what_can_be_answered_comes_before_what_cannot() -> None:
    debate = heard(opened("a02"), unit(None, maybe=["f02"]), unit("f03"))

    assert (len(acts(debate, Counters)), acts(debate, Asks)) == (1, [])


def test_a_later_event_is_asked_about_as_a_new_point() -> None:
    debate = heard(opened("a02"), unit(None), later="in 2031")

    assert acts(debate, Asks) == [Asks(card=None, later="in 2031")]
    assert acts(heard(opened("a02"), unit("f03"), later="in 2031"), Asks) == []


# --- pressing ---


def test_the_strongest_open_point_is_pressed() -> None:
    debate = heard(opened("a02", "a01", "a03"), unit("f01", answer(2)))

    assert acts(debate, Presses) == [Presses(point=3)]


def test_advanced_presses_every_open_point_and_leaves_room_for_it() -> None:
    deck = deck_with(counterpoints=long_says())
    before = opened("a01", "a02", "a03", level=Level.ADVANCED, deck=deck)

    debate = heard(before, unit("f01"), unit("f02"))

    assert [act.point for act in acts(debate, Presses)] == [1, 3, 2]
    assert len(acts(debate, Counters)) == 1
    assert len(acts(heard(opened(level=Level.ADVANCED, deck=deck), unit("f01"), unit("f02")), Counters)) == 2


def test_advanced_follows_a_dodge_once_and_then_it_is_dropped() -> None:
    dodge = answer(2, Move.DODGE)

    once = heard(opened("a01", "a03", level=Level.ADVANCED), unit("f03", dodge))
    twice = heard(once, unit("f04", dodge))

    assert acts(once, Presses) == [Presses(point=2, dodged=True), Presses(point=1)]
    assert [act.point for act in acts(twice, Presses) if act.point < 3] == []
    assert states(twice)[2] == "dropped"


@pytest.mark.parametrize("level", [Level.NOVICE, Level.INTERMEDIATE])
def test_below_advanced_a_dodge_is_pressed_as_any_open_point(level: Level) -> None:
    debate = heard(opened("a01", level=level), unit("f03", answer(1, Move.DODGE)))

    assert acts(debate, Presses) == [Presses(point=1)]


# --- bringing points back ---


def test_with_nothing_to_attack_the_bot_brings_an_answered_point_back_with_what_was_unsaid() -> None:
    answered = told(opened("a01", "a02"), unit("f01", answer(1)))

    debate = heard(answered, unit("f02", repeats=True))

    assert acts(debate, Extends) == [Extends(point=1, part="impact")]
    assert states(debate)[1] == "open"


def test_a_turned_point_and_one_told_whole_are_not_brought_back() -> None:
    turned = told(
        opened("a02", "a03"), [unit("f01", answer(1, Move.TURN)), unit("f02", answer(2, Move.TURN))]
    )
    whole = told(opened("a02"), unit("f01", answer(1)))

    assert acts(heard(turned, unit("f03", repeats=True)), Extends) == []
    assert acts(heard(whole, unit("f03", repeats=True)), Extends) == []


def test_what_was_explained_on_a_question_is_not_said_again() -> None:
    answered = told(opened("a01", "a02"), unit("f01", answer(1)))
    explained = heard(answered, kind=Kind.QUESTION, about=1)

    assert entry(explained, Answered).acts == (Explains(point=1, card="a01", part="impact"),)
    assert acts(heard(explained, unit("f02", repeats=True)), Extends) == []


def conceding(debate: Debate) -> Unit:
    """Words that grant every open point of the bot's, and nothing else (where there is none: a repetition)."""
    grants = [answer(point.number, Move.CONCEDE) for point in debate.bots if point.state is State.OPEN]
    return unit("f01", *grants, repeats=not grants)


@pytest.mark.parametrize(("before", "fresh"), [(0, 1), (1, 1), (2, 1), (3, 0), (4, 0)])
def test_the_bot_makes_a_point_of_its_own_accord_only_up_to_the_third_speech(before: int, fresh: int) -> None:
    quiet = silent(opened("a03"), before)

    assert len(acts(heard(quiet, conceding(quiet)), Raises)) == fresh


def test_the_bot_makes_no_fresh_point_while_one_waits_for_an_answer() -> None:
    assert acts(heard(opened("a03"), unit("f01", repeats=True)), Raises) == []


def test_a_point_of_its_own_accord_contradicts_none_the_bot_holds() -> None:
    for seed in range(10):
        debate = begin(first=True, seed=seed)
        for _ in range(3):
            debate = heard(debate, conceding(debate))

        cards = {point.card for point in debate.bots}
        assert len(cards) == 3
        assert not {"a01", "a04"} <= cards


def test_a_bot_with_no_card_left_raises_none() -> None:
    assert acts(heard(opened("a01", "a02", "a03", "a04"), unit("f01", repeats=True)), Raises) == []


def test_what_does_not_fit_is_not_brought() -> None:
    deck = deck_with(cards=cards_with(impact=LONG, tag="Short."))
    answered = told(opened("a01", "a02", deck=deck), unit("f01", answer(1)))

    debate = heard(answered, unit("f02", repeats=True))

    assert (acts(debate, Extends), acts(debate, Raises)) == ([], [])


@pytest.mark.parametrize(("length", "fits"), [(103, True), (104, False)])
def test_a_reply_of_just_110_words_fits(length: int, fits: bool) -> None:
    say = " ".join(["word"] * length)  # and 7 around it: "#2, on your #1 [a03 · ¶7]:"
    deck = deck_with(
        counterpoints=[{**c.model_dump(exclude_none=True), "say": say} for c in DECK.counterpoints]
    )

    debate = heard(begin(deck=deck, first=True), unit("f04"))

    assert bool(acts(debate, Counters)) is fits


def test_no_attack_that_fits_is_no_yield() -> None:
    deck = deck_with(
        counterpoints=[{**c.model_dump(exclude_none=True), "say": LONG} for c in DECK.counterpoints]
    )

    debate = heard(begin(deck=deck, first=True), unit("f01"))

    assert (acts(debate, Counters), acts(debate, Yields)) == ([], [])


# --- asking and citing ---


def test_one_critical_question_about_the_point_just_answered_and_none_twice() -> None:
    debate = heard(begin(first=True), unit("f01"))
    for _ in range(2):
        debate = heard(debate, unit("f01"))

    asked = [act for act in all_acts(debate.entries) if isinstance(act, Questions)]
    assert asked == [Questions(card="f01", question=0, point=1), Questions(card="f01", question=1, point=1)]


def test_before_the_closing_the_bot_asks_nothing() -> None:
    assert acts(heard(silent(opened("a03"), 3), unit("f01")), Questions)
    assert acts(heard(silent(opened("a03"), 4), unit("f01")), Questions) == []


def test_the_essay_is_quoted_for_a_card_just_used_and_never_twice() -> None:
    debate = heard(heard(heard(begin(first=True), unit("f01")), unit("f02")), unit("f03"))

    cited = [act for act in all_acts(debate.entries) if isinstance(act, Cites)]
    assert cited
    assert len({(act.card, act.quote) for act in cited}) == len(cited)


def test_a_quote_told_on_a_question_is_not_cited_afterwards() -> None:
    asked = told(heard(opened("a03"), kind=Kind.QUESTION, about=1), unit("f02", answer(1)))
    late = heard(silent(asked, 2), unit("f01"))

    assert acts(late, Counters)[0].card == "a03"
    assert acts(late, Cites) == []


@pytest.mark.parametrize("deck", [DECK, *Library.open().decks], ids=lambda deck: deck.id)
@pytest.mark.parametrize("level", sorted(Level))
@pytest.mark.parametrize("side", sorted(Side))
def test_a_reply_has_at_most_110_words_of_speech_and_question(deck: object, level: Level, side: Side) -> None:
    assert isinstance(deck, type(DECK))
    own, counters = deck.side_cards(side), 0
    for seed in range(8):
        debate = begin(level, deck, side=side, seed=seed)
        assert said_words(debate, debate.opening) <= WORDS
        for at in range(5):
            cards = [own[(seed * 7 + at * 3 + n) % len(own)].id for n in range(3)]
            debate = heard(debate, *(unit(card) for card in cards))
            assert said_words(debate, debate.answered[-1].acts) <= WORDS
            counters += len(acts(debate, Counters))
    assert counters


# --- feedback ---


def feedback(debate: Debate) -> list[object]:
    return [act for act in debate.answered[-1].acts if isinstance(act, Names | Advises | Warns)]


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        ([PartKind.CLAIM], "because"),
        ([PartKind.CLAIM, PartKind.WARRANT], "therefore"),
        (list(WHOLE), "evidence"),
    ],
)
def test_the_part_that_is_missing_most_is_named_with_the_card_of_an_example(
    parts: list[PartKind], missing: str
) -> None:
    debate = heard(opened(), unit("f01", parts=parts))

    assert [f.model_dump() for f in feedback(debate) if isinstance(f, Names)] == [
        Names.model_validate({"missing": missing, "point": 1, "card": "f01"}).model_dump()
    ]


def test_a_part_that_a_later_unit_of_the_speech_brings_is_not_missing() -> None:
    same = [unit("f01", parts=[PartKind.CLAIM]), unit("f01", parts=[PartKind.WARRANT, PartKind.IMPACT])]
    beside = [unit("f01", parts=[PartKind.CLAIM]), unit(None, parts=[PartKind.WARRANT, PartKind.IMPACT])]
    again = [unit("f01", parts=[PartKind.CLAIM]), unit("f01", parts=[PartKind.WARRANT], repeats=True)]

    assert [named(heard(opened(), *said)) for said in (same, again)] == [("evidence", 1), ("therefore", 1)]
    assert named(heard(opened(), *beside)) != ("because", 1)


def test_words_that_claim_nothing_and_answer_nothing_are_no_point_to_mend() -> None:
    assert feedback(heard(opened(), unit(None, parts=[PartKind.WARRANT]))) == []
    assert named(heard(opened(), unit(None, parts=[]), unit("f01", parts=[PartKind.CLAIM]))) == ("because", 2)


def test_the_reason_of_another_point_is_no_reason_of_this_one() -> None:
    said = [
        unit("f01", parts=[PartKind.CLAIM]),
        unit("f02", parts=WHOLE),
        unit(None, parts=[PartKind.WARRANT]),
    ]

    assert named(heard(opened(), *said)) == ("because", 1)


def test_an_example_is_not_built_from_a_card_that_was_heard_in_doubt() -> None:
    doubtful = unit("f01", parts=[PartKind.CLAIM])
    doubtful = doubtful.model_copy(update={"candidates": (Candidate(card="f01", p=0.4),)})

    assert feedback(heard(opened(), doubtful)) == [Names(missing="because", point=1, card=None)]


def test_a_point_put_fairly_and_not_answered_lacks_but() -> None:
    said = [Restatement(point=1, words="you say that")]
    debate = heard(opened("a01"), unit("f01", parts=FULL), restatements=tuple(said))

    assert named(debate) == ("but", 1)


def named(debate: Debate) -> tuple[str, int | None] | None:
    """The part that the feedback names as missing, and of which point."""
    return next(((f.missing, f.point) for f in feedback(debate) if isinstance(f, Names)), None)


def test_a_whole_point_beside_one_of_the_bots_left_alone_lacks_they_say() -> None:
    assert feedback(heard(opened("a01"), unit("f01", parts=FULL))) == [
        Names(missing="they_say", point=1, card="a01")
    ]


def test_a_dodge_lacks_but() -> None:
    debate = heard(opened("a01"), unit("f01", answer(1, Move.DODGE), parts=FULL))

    assert feedback(debate) == [Names(missing="but", point=1, card="a01")]


def test_an_answer_that_claims_nothing_lacks_but() -> None:
    debate = heard(opened("a01"), unit("f01", answer(1), parts=[PartKind.WARRANT]))

    assert feedback(debate) == [Names(missing="but", point=1, card="f01")]


def test_a_speech_that_lacks_nothing_gets_no_fault_found() -> None:
    assert feedback(heard(opened(), unit("f01", parts=FULL))) == []


def test_a_slip_comes_before_anything_else() -> None:
    debate = heard(opened("a02"), unit("f01", parts=[]), unit("f04"))

    assert feedback(debate) == [Warns(about="contradiction", points=(2, 3), tension=0)]


def test_even_the_closing_is_warned_of_a_slip_and_of_nothing_else() -> None:
    before = silent(opened("a02"), 5)

    assert entry(heard(before, unit("a03")), Answered).acts == (Warns(about="other_side", points=(2,)),)
    assert entry(heard(before, unit("f01", parts=[])), Answered).acts == ()


def answered_by(move: Move, level: Level = Level.NOVICE, shown: tuple[int, ...] = ()) -> list[object]:
    """The feedback on a second speech (the turn of the stronger move) that answers a02."""
    before = follow(silent(opened("a02", level=level)), *(Hinted(point=1, counterpoint=at) for at in shown))
    return feedback(heard(before, unit("f03", answer(1, move), parts=[PartKind.CLAIM])))


def test_at_novice_the_stronger_move_is_named_at_once() -> None:
    assert answered_by(Move.DENY) == [Advises(point=1, made="deny", stronger=Move.TURN, counterpoint=17)]


@pytest.mark.parametrize(("p", "advised"), [(0.19, True), (0.2, False)])
def test_a_move_that_the_learner_may_have_made_is_not_advised(p: float, advised: bool) -> None:
    moves = (MoveCandidate(move=Move.DENY, p=0.5), MoveCandidate(move=Move.TURN, p=p))
    said = unit("f03", answer(9), Answer(point=1, p=0.9, moves=moves), parts=[PartKind.CLAIM])

    (found,) = feedback(heard(silent(opened("a02")), said))
    assert isinstance(found, Advises) is advised


@pytest.mark.parametrize(("p", "sure"), [(0.59, False), (0.6, True)])
def test_a_move_is_sure_from_six_in_ten(p: float, sure: bool) -> None:
    moves = (MoveCandidate(move=Move.DENY, p=p),)
    debate = told(opened("a02"), unit("f03", Answer(point=1, p=0.9, moves=moves)))

    (hit,) = debate.by_number[1].hits
    assert surely(debate, 1, hit) is sure


def test_the_strongest_of_two_answers_is_the_one_compared() -> None:
    both = unit("f03", answer(1, Move.TURN), answer(1, Move.DENY), parts=[PartKind.CLAIM])

    debate = heard(silent(opened("a02")), both)

    assert feedback(debate) == [Names(missing="because", point=2, card="f03")]


def test_no_stronger_move_is_named_where_there_is_none() -> None:
    missing = [Names(missing="because", point=2, card="f03")]

    assert answered_by(Move.TURN) == missing
    assert answered_by(Move.CONCEDE) == []
    assert answered_by(Move.DENY, shown=(15, 16, 17)) == missing


@pytest.mark.parametrize("level", [Level.INTERMEDIATE, Level.ADVANCED])
def test_above_novice_the_stronger_move_waits_for_the_ballot(level: Level) -> None:
    assert answered_by(Move.DENY, level) == [Names(missing="because", point=2, card="f03")]


def test_an_answer_of_an_earlier_speech_is_not_advised_on_again() -> None:
    first = told(opened("a02"), unit("f01", answer(1), parts=FULL), counter(2, 0))

    assert not any(isinstance(act, Advises) for act in feedback(heard(first, unit("f02", parts=FULL))))


def test_the_same_debate_gets_the_same_answer() -> None:
    before = spoken(begin(Level.ADVANCED, seed=5))
    assert heard(before, unit("f01"), unit("f03")) == heard(before, unit("f01"), unit("f03"))


# --- counterpoints that answer the words ---


def fits(places: Iterable[int], p: float, best: int | None = None) -> tuple[Fit, ...]:
    """Counterpoints that answer the words with probability ``p``, the ``best`` with .9."""
    return tuple(Fit(counterpoint=at, p=0.9 if at == best else p) for at in places)


def test_of_the_counterpoints_those_come_that_answer_the_words() -> None:
    debate = opened("a03")
    places = debate.deck.attacks_on["f01"]
    first = acts(heard(debate, unit("f01")), Counters)[0].counterpoint
    other = next(at for at in places if at != first)

    apt = heard(debate, unit("f01", fits=fits(places, 0.1, best=other)))
    assert acts(apt, Counters)[0].counterpoint == other
    assert acts(heard(debate, unit("f01", fits=fits(places, 0.6))), Counters)[0].counterpoint == first


def test_what_was_not_understood_is_asked_about_and_not_countered() -> None:
    debate = opened("a03")
    sure = unit("f01", fits=fits(debate.deck.attacks_on["f01"], 0.05))
    candidates = (Candidate(card="f01", p=0.4), Candidate(card=None, p=0.3))
    unsure = sure.model_copy(update={"candidates": candidates})

    assert acts(heard(debate, unsure), Counters) == []
    assert acts(heard(debate, unsure), Asks) == [Asks(card="f01")]
    assert len(acts(heard(debate, sure), Counters)) == 1


def test_a_rebuttal_outside_the_cards_is_met_with_the_point_it_attacks_and_no_question_about_a_card() -> None:
    debate = heard(opened("a02", "a01", "a03"), unit(None, answer(2), maybe=["f02"]))
    assert [act.point for act in acts(debate, Extends)] == [2]
    assert acts(debate, Asks) == []
    strongest = heard(opened("a02", "a01", "a03"), unit(None, answer(1), maybe=["f02"]))
    assert [act.point for act in acts(strongest, Extends)] == [1]


def test_a_new_point_outside_the_cards_that_rebuts_nothing_is_asked_about() -> None:
    debate = heard(opened("a02"), unit(None, answer(1, Move.DODGE), maybe=["f02"]))
    assert acts(debate, Asks) == [Asks(card="f02")]


def test_words_outside_the_cards_are_answered_by_the_counterpoint_that_meets_them() -> None:
    debate = opened("a03")
    at = debate.deck.attacks_on["f01"][0]
    met = unit(None, fits=(Fit(counterpoint=at, p=0.8), Fit(counterpoint=at + 1, p=0.4)))

    (act,) = acts(heard(debate, met), Counters)
    assert (act.to, act.counterpoint) == (2, at)
    missed = unit(None, fits=(Fit(counterpoint=at, p=0.2),))
    assert acts(heard(debate, missed), Counters) == []
    assert acts(heard(debate, missed), Asks) == [Asks(card=None)]


def test_a_rejoinder_is_said_like_a_counterpoint_where_it_meets_the_words_best() -> None:
    rejoinder = Rejoinder(by="a02", move=Move.DENY, meets=("so what", "who cares"), say="It is not so.")
    first = DECK.counterpoints[0].model_copy(update={"rejoinders": (rejoinder,)})
    deck = DECK.but(counterpoints=(first, *DECK.counterpoints[1:]))
    at = len(deck.counterpoints)
    debate = heard(opened("a03", deck=deck), unit("f01", fits=(Fit(counterpoint=at, p=0.9),)))
    (act,) = acts(debate, Counters)
    assert (act.to, act.counterpoint, act.card) == (2, at, "a02")
    assert debate.bots[-1].words == "It is not so."
    again = heard(debate, unit("f02", fits=(Fit(counterpoint=at, p=0.9),)))
    assert at not in [act.counterpoint for act in acts(again, Counters)]
