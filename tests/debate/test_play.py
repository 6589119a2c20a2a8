"""Legal play: whatever is read and whatever is typed, the debate keeps its promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.debate import rules
from bot.debate.debate import SPEECHES, Debate, Point, follow, replay
from bot.debate.entries import (
    Act,
    Answered,
    Cites,
    Contested,
    Counters,
    Ended,
    Entry,
    Explains,
    Extends,
    Level,
    Opened,
    Questions,
    Raises,
    dump,
    load,
)
from bot.debate.errors import Refusal
from bot.debate.flow import FINAL
from bot.debate.judging import Section
from bot.debate.opponent import WORDS
from bot.readings import (
    Answer,
    Candidate,
    EvidenceKind,
    Kind,
    MoveCandidate,
    Part,
    PartKind,
    Reading,
    Restatement,
    Unit,
    Weighing,
)
from content.deck import Move, Side
from tests.debate.builders import DECK, RUBRIC, all_acts, begin, judged, said_words, spoken, uncontested

NUMBERS = st.integers(0, 14)
CHANCES = st.integers(0, 100).map(lambda hundredth: hundredth / 100)
CARDS = st.sampled_from([*DECK.by_id, None])

PARTS = st.builds(
    Part,
    kind=st.sampled_from(PartKind),
    words=st.just("part of it"),
    evidence=st.none() | st.sampled_from(EvidenceKind),
)
MOVES = st.lists(
    st.builds(MoveCandidate, move=st.sampled_from(Move), p=CHANCES),
    min_size=1,
    max_size=3,
    unique_by=lambda found: found.move,
)
ANSWERS = st.lists(
    st.builds(
        Answer,
        point=NUMBERS,
        p=CHANCES,
        moves=MOVES.map(tuple),
        turns=st.sampled_from([None, "link", "impact"]),
    ),
    max_size=2,
    unique_by=lambda answer: answer.point,
)
UNITS = st.builds(
    Unit,
    words=st.sampled_from(["one thing", "another thing", "a third thing"]),
    candidates=st.lists(
        st.builds(Candidate, card=CARDS, p=CHANCES),
        min_size=1,
        max_size=4,
        unique_by=lambda found: found.card,
    ).map(tuple),
    answers=ANSWERS.map(tuple),
    own=st.none() | NUMBERS,
    parts=st.lists(PARTS, max_size=4).map(tuple),
    repeats=st.sampled_from([False, False, False, True]),
)
READINGS = st.builds(
    Reading,
    kind=st.sampled_from([*[Kind.ARGUMENT] * 20, *Kind]),
    units=st.lists(UNITS, max_size=4).map(tuple),
    about=st.none() | NUMBERS,
    nearest=CARDS,
    weighing=st.none() | st.builds(Weighing, own=NUMBERS, other=NUMBERS, words=st.just("more than")),
    restatements=st.lists(st.builds(Restatement, point=NUMBERS, words=st.just("you say")), max_size=1).map(
        tuple
    ),
    later=st.sampled_from([None, None, "in 2031"]),
)

Command = Callable[[Debate, st.DataObject], tuple[Entry, ...]]


def contest(debate: Debate, data: st.DataObject) -> tuple[Entry, ...]:
    """Usually one of the readings on offer, now and then any letter of any turn."""
    if data.draw(st.integers(0, 3)) == 0:
        return rules.contest(debate, data.draw(NUMBERS), data.draw(st.sampled_from("abz")))
    turn = data.draw(st.integers(1, max(1, len(debate.speeches))))
    offered = rules.options(debate, turn)
    return rules.contest(debate, turn, data.draw(st.sampled_from([o.letter for o in offered] or ["a"])))


COMMANDS: list[Command] = [
    contest,
    contest,
    lambda debate, data: rules.concede(debate, data.draw(NUMBERS)),
    lambda debate, data: rules.hint(debate, data.draw(st.none() | NUMBERS), RUBRIC),
    lambda debate, data: rules.redo(debate, data.draw(st.none() | st.integers(0, 7))),
    lambda debate, data: rules.end(debate) if data.draw(st.integers(0, 9)) == 0 else (),
]


def step(debate: Debate, data: st.DataObject) -> Debate:
    """One message of the learner's: mostly a speech, sometimes a command (which may be refused)."""
    if data.draw(st.integers(0, 9)) < 6 and (debate.ended is None or debate.redoing is not None):
        waiting = spoken(debate)
        return follow(waiting, *rules.answer(waiting, data.draw(READINGS), RUBRIC))
    try:
        return follow(debate, *data.draw(st.sampled_from(COMMANDS))(debate, data))
    except Refusal:
        return debate


def play(data: st.DataObject) -> list[Debate]:
    """A debate as it stood after its opening and after each message."""
    level, side = data.draw(st.sampled_from(Level)), data.draw(st.sampled_from(Side))
    debate = begin(level, side=side, seed=data.draw(st.integers(0, 99)), first=data.draw(st.booleans()))
    debates = [debate]
    for _ in range(data.draw(st.integers(0, 14))):
        debates.append(step(debates[-1], data))
    return debates


def numbered(debate: Debate) -> list[tuple[int, bool, int]]:
    """What of the points no contest may change: number, maker, the speech it belongs to."""
    return [(point.number, point.yours, point.speech) for point in debate.points]


def check_replay(debate: Debate) -> None:
    assert replay(DECK, debate.entries) == debate
    assert replay(DECK, [load(dump(entry)) for entry in debate.entries]) == debate
    assert numbered(uncontested(debate)) == numbered(debate)
    assert [point.number for point in debate.points] == list(range(1, len(debate.points) + 1))


def check_references(debate: Debate) -> None:
    for point in debate.points:
        assert point.answers is None or debate.by_number[point.answers].yours is not point.yours
    for speech in debate.speeches:
        assert all(debate.by_number[number].yours for number in (*speech.made, *speech.taken_up))
        assert len(speech.fates) == len(speech.reading.units)
    for act in all_acts(debate.entries):
        for name in ("point", "to"):
            number = getattr(act, name, None)
            assert number is None or number in debate.by_number, act
    for item in judged(debate).items:
        assert item.point is None or item.point in debate.by_number


def check_acts(debate: Debate) -> None:
    said = all_acts(debate.entries)
    for act in said:
        if isinstance(act, Raises | Counters | Cites | Explains):
            assert DECK.by_id[act.card].side is debate.side.other
        if isinstance(act, Counters):
            attack = DECK.counterpoints[act.counterpoint]
            assert (attack.by, attack.move) == (act.card, act.move)
        if isinstance(act, Questions):
            assert act.question < len(DECK.by_id[act.card].questions)
    once: list[Callable[[Act], object]] = [
        lambda act: act.counterpoint if isinstance(act, Counters) else None,
        lambda act: (act.card, act.question) if isinstance(act, Questions) else None,
        lambda act: (act.card, act.quote) if isinstance(act, Cites) else None,
        lambda act: (act.point, act.part) if isinstance(act, Extends) else None,
    ]
    for what in once:
        assert (
            max(Counter(found for act in said if (found := what(act)) is not None).values(), default=1) == 1
        )


def check_words(debate: Debate) -> None:
    for entry in debate.entries:
        if isinstance(entry, Opened) or (isinstance(entry, Answered) and entry.counts):
            assert said_words(debate, entry.acts) <= WORDS


def check_score(debate: Debate) -> None:
    for judgement in (judged(debate), judged(uncontested(debate))):
        assert 0 <= judgement.total <= 100
        assert all(0 <= judgement.parts[section] <= judgement.limits[section] for section in Section)
        assert sum(item.of for item in judgement.items if item.section is Section.ENGAGEMENT) < 40.01


def check_length(debate: Debate) -> None:
    ended = [entry for entry in debate.entries if isinstance(entry, Ended)]
    assert len(ended) <= 1
    assert len(debate.speeches) <= SPEECHES
    assert debate.ended is not None or len(debate.speeches) < SPEECHES
    assert debate.pending == ()


def final(debate: Debate) -> dict[int, Point]:
    return {point.number: point for point in debate.points if point.state in FINAL}


def check_final(before: Debate, after: Debate) -> None:
    """A final state is never left; only a contest tells the debate anew."""
    if not isinstance(after.entries[-1], Contested) or after.length == before.length:
        assert all(after.by_number[number].state is point.state for number, point in final(before).items())
    ranked = uncontested(after)
    assert all(ranked.by_number[n].state is point.state for n, point in final(uncontested(before)).items())


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_whatever_is_said_the_debate_keeps_its_promises(data: st.DataObject) -> None:
    debates = play(data)

    for before, after in pairwise(debates):
        check_final(before, after)
    for check in (check_replay, check_references, check_acts, check_words, check_score, check_length):
        check(debates[-1])
