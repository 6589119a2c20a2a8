"""Single lines of the voice that whole debates seldom reach: each act told on a debate made for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.debate import rules
from bot.debate.debate import Debate, follow, replay
from bot.debate.entries import (
    Act,
    Advises,
    Answered,
    Asks,
    Contested,
    Ended,
    Explains,
    Extends,
    Hinted,
    Level,
    Names,
    Presses,
    Raises,
    Read,
    Redoing,
    Redone,
    Shows,
    Spoke,
    Warns,
    Why,
    Withdraws,
    Yields,
)
from bot.debate.judging import Rule
from bot.messages import Ballot, Choices, HeardSheet, Notice, Paragraph, Quote, Reply
from bot.readings import (
    Answer,
    Candidate,
    EvidenceKind,
    Kind,
    MoveCandidate,
    Part,
    PartKind,
    Reading,
    Unit,
    Weighing,
)
from bot.voice import ballot, desk, telling
from bot.voice.common import a, clipped, decent, listed
from content.deck import Card, Deck, Move, Side
from tests.coach.talk import LIBRARY, NOW, text_of
from tests.voice.debates import RUBRIC

TALKS = LIBRARY["putin-trump-talks"]
PHONES = LIBRARY["school-phones"]


def begun(deck: Deck = TALKS, level: Level = Level.NOVICE, first: bool = False) -> Debate:
    return replay(deck, rules.start(deck, RUBRIC, Side.FOR, level, 0, NOW, first=first))


def unit(words: str, *cards: tuple[str | None, float], **more: object) -> Unit:
    found = tuple(Candidate(card=card, p=p) for card, p in cards or ((None, 1.0),))
    return Unit.model_validate({"words": words, "candidates": found, **more})


def spoke(
    debate: Debate,
    *units: Unit,
    acts: Sequence[Act] = (),
    counts: bool = True,
    retry: bool = False,
    weighing: Weighing | None = None,
) -> Debate:
    """The debate after a speech of these units, answered by these acts."""
    words = "\n".join(one.words for one in units) or "words"
    debate = follow(debate, Spoke(key=f"k{debate.length}", text=words, at=NOW))
    read = Read(of=(debate.length - 1,), reading=Reading(kind=Kind.ARGUMENT, units=units, weighing=weighing))
    return follow(debate, read, Answered(counts=counts, retry=retry, acts=tuple(acts)))


def last(debate: Debate) -> str:
    """What a person reads in answer to the last entry."""
    return text_of(Reply(telling.tell(debate, RUBRIC)[-1].blocks))


def said(debate: Debate, *acts: Act) -> str:
    return last(spoke(debate, unit("I say so."), acts=acts))


# --- speech ---


def test_a_dodge_is_followed_once() -> None:
    text = said(begun(), Presses(point=1, dodged=True))
    assert "You went round #1" in text
    assert "leave it once more and I count it as dropped." in text


def test_the_frame_of_a_press_changes_from_turn_to_turn() -> None:
    debate, lines = begun(), list[str]()
    for _ in range(4):
        debate = spoke(debate, unit("I say so."), acts=(Presses(point=1),))
        (line,) = (
            b.text
            for b in telling.tell(debate, RUBRIC)[-1].blocks
            if isinstance(b, Paragraph) and b.role == "speech"
        )
        lines.append(line)
    assert len(set(lines)) == 4
    assert not any(line.startswith("And") for line in lines), "there is nothing before it to add to"


def test_a_point_is_explained_by_a_quote_once_its_reasons_are_told() -> None:
    (card,) = {act.card for act in begun().opening if act.act == "raises"}
    assert TALKS.by_id[card].quotes
    text = last(spoke(begun(), acts=(Explains(point=1, card=card, part="quote"),), counts=False))
    chosen = TALKS.by_id[card].quotes[0]
    assert f"the essay, ¶{chosen.line}: “{chosen.text}”" in text


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Asks(card=None), "I have no card against"),
        (Asks(card="f03"), "[f03]"),
        (Asks(card=None, later="in 2031"), "“in 2031”"),
        (Withdraws(point=1), "I take #1 back"),
        (Warns(about="double_turn", points=(1,)), "turned #1 twice"),
        (Warns(about="other_side", points=(2,)), "Careful: #2 helps my side. You argue for (“such talks"),
        (Warns(about="contradiction", points=(2, 3), tension=0), "#2 and #3 pull against each other"),
        (Names(missing="but", point=1), "But: say plainly what you claim against #1."),
        (Names(missing="they_say", point=1, card="a20"), "They say: put my #1"),
        (Names(missing="they_say", point=1), "before you answer it."),
        (Names(missing="because", point=2, card="f03"), "One could be: “"),
        (Names(missing="because", point=2), "Because: #2 has no reason yet."),
        (Names(missing="therefore", point=2, card="f03"), "One way on: “"),
        (Names(missing="therefore", point=2), "for the motion."),
        (Names(missing="evidence", point=2), "give #2 an example"),
        (Names(missing="evidence", point=2, card="f03"), "#2 could quote the essay"),
        (
            Advises(point=1, made="deny", stronger=Move.OUTWEIGH, counterpoint=0),
            "stronger move was there: outweigh",
        ),
    ],
)
def test_an_act_has_its_line(act: Act, words: str) -> None:
    assert words.replace("for for", "for") in said(begun(), act).replace("for for", "for")


def test_what_they_say_is_asked_for_again_for_another_point() -> None:
    debate = spoke(begun(), unit("I say so."), acts=(Names(missing="they_say", point=1, card="a20"),))
    debate = spoke(debate, unit("And so."), acts=(Names(missing="they_say", point=1, card="a01"),))
    assert TALKS.by_id["a01"].tag.rstrip(".") in last(debate)


@pytest.mark.parametrize("p", [0.5, 0.9])
def test_every_wording_of_advice_is_whole(p: float) -> None:
    debate, lines = begun(), list[str]()
    for move in (Move.OUTWEIGH, Move.UNDERCUT, Move.TURN):
        act = Advises(point=1, made="deny", stronger=move, counterpoint=0)
        debate = spoke(debate, unit("I say so.", answers=(ans(1, Move.DENY, p),)), acts=(act,))
        lines += [b.text for b in telling.tell(debate, RUBRIC)[-1].blocks if isinstance(b, Paragraph)]
    advice = [line for line in lines if "#1" in line]
    assert len(set(advice)) == 3
    assert any(line.startswith("You answered #1 by denying it; ") for line in advice) is (p > 0.6)
    assert any(line.startswith("If I heard you right, you answered #1 by ") for line in advice) is (p < 0.6)
    assert not any(" a undercut" in line or " a outweigh" in line for line in advice)


def test_the_same_words_are_not_lent_twice() -> None:
    at = TALKS.attacks_on["a20"][0]
    debate = follow(begun(), Hinted(point=1, counterpoint=at))
    assert TALKS.counterpoints[at].say in last(debate)
    debate = follow(debate, Hinted(point=1, counterpoint=at))
    assert "in the words you have seen" in last(debate)
    debate = spoke(debate, unit("A first speech."))
    for _ in range(3):
        shows = Shows(point=1, made=None, counterpoint=at)
        debate = spoke(debate, unit("Again."), acts=(shows,), counts=False, retry=True)
        assert "the ones you have seen" in last(debate)


def test_a_try_without_better_words_gets_a_line() -> None:
    debate, lines = spoke(begun(), unit("A first speech.")), list[str]()
    for _ in range(3):
        debate = spoke(debate, unit("Again."), counts=False, retry=True)
        lines.append(last(debate))
    assert len(set(lines)) == 3
    assert all(line.startswith("Heard") for line in lines)


@pytest.mark.parametrize(
    ("p", "words"), [(0.9, "That try answers #1 by"), (0.5, "If I heard it right, that try")]
)
def test_a_try_is_told_as_surely_as_it_was_heard(p: float, words: str) -> None:
    at = TALKS.attacks_on["a20"][0]
    shows = Shows(point=1, made="deny", counterpoint=at)
    debate = spoke(begun(), unit("A first speech."))
    debate = spoke(
        debate, unit("No.", answers=(ans(1, Move.DENY, p),)), acts=(shows,), counts=False, retry=True
    )
    assert last(debate).startswith(words)


# --- what I heard ---


def test_the_sheet_tells_points_answers_and_repetitions() -> None:
    denies = Answer(point=1, p=0.9, moves=(MoveCandidate(move=Move.DENY, p=0.9),))
    nowhere = Answer(point=99, p=0.9, moves=denies.moves)
    grants = Answer(point=1, p=0.9, moves=(MoveCandidate(move=Move.CONCEDE, p=0.9),))
    debate = spoke(
        begun(),
        unit("A card.", ("f03", 0.9)),
        unit("Something else.", (None, 0.8), answers=(denies, nowhere)),
        unit("I grant that.", (None, 0.8), answers=(grants,)),
        unit("A card.", ("f03", 0.9), repeats=True, answers=(denies,)),
    )
    sheet = next(b for b in telling.tell(debate, RUBRIC)[-1].blocks if isinstance(b, HeardSheet))
    assert [(line.number, line.tag) for line in sheet.lines] == [
        (2, TALKS.by_id["f03"].tag),
        (3, "a new point, outside my cards"),
        (None, "an answer"),
        (None, "said before: no new credit"),
    ]
    assert [line.answers for line in sheet.lines] == [(), ((1, Move.DENY),), ((1, Move.CONCEDE),), ()]
    assert all(line.sure for line in sheet.lines)


def test_an_unsure_reading_offers_the_next_best() -> None:
    debate = spoke(begun(), unit("Hm.", ("f03", 0.4), ("f01", 0.3), (None, 0.2)))
    blocks = telling.tell(debate, RUBRIC)[-1].blocks
    offered = next(b for b in blocks if isinstance(b, Choices) and b.prompt)
    assert [choice.says for choice in offered.options] == ["!contest 1 a", "!contest 1 b"]
    assert [choice.label for choice in offered.options][1] == "a new point of my own"
    sure = spoke(begun(), unit("Hm.", ("f03", 0.4)))
    assert not [b for b in telling.tell(sure, RUBRIC)[-1].blocks if isinstance(b, Choices) and b.prompt][1:]


def heard(debate: Debate) -> HeardSheet:
    return next(b for b in telling.tell(debate, RUBRIC)[-1].blocks if isinstance(b, HeardSheet))


def test_words_that_take_up_a_point_stand_beside_its_card() -> None:
    debate = spoke(begun(), unit("A card.", ("f03", 0.9)), unit("Beside it.", (None, 0.9)))
    again = spoke(debate, unit("My #2 holds.", ("f11", 0.4), own=2), unit("And my #3.", ("f11", 0.4), own=3))
    assert [(line.number, line.card, line.tag, line.sure) for line in heard(again).lines] == [
        (2, "f03", TALKS.by_id["f03"].tag, True),
        (3, None, "your point again, outside my cards", True),
    ]
    assert "Did you mean" not in last(again)


def test_words_that_only_answer_are_shown_with_no_card() -> None:
    grants = ans(1, Move.CONCEDE)
    debate = spoke(begun(), unit("You are right.", ("a20", 0.4), ("f03", 0.3), answers=(grants,)))
    (line,) = heard(debate).lines
    assert (line.number, line.card, line.tag, line.sure) == (None, None, "an answer", True)
    assert "Did you mean" not in last(debate)


def test_an_answer_to_a_point_that_was_decided_is_said_to_be_too_late() -> None:
    dropped = spoke(spoke(begun(), unit("One.", ("f03", 0.9))), unit("Two.", ("f01", 0.9)))
    late = spoke(dropped, unit("It is not so.", ("f05", 0.9), answers=(ans(1, Move.DENY),)))
    named = spoke(dropped, unit("Your #1 is not so.", ("f05", 0.9)))
    weighed = Weighing(own=2, other=1, words="#2 matters more than #1")
    weighs = spoke(dropped, unit("#2 matters more than #1.", ("f03", 0.9)), weighing=weighed)
    assert "#1 was dropped: it is out of the debate" in last(late)
    assert heard(late).lines[0].answers == ()
    assert "#1 was dropped: it is out of the debate" in last(named)
    assert "it is out of the debate" not in last(weighs) + last(dropped)
    granted = spoke(begun(), unit("You are right.", answers=(ans(1, Move.CONCEDE),)))
    assert "#1 is one you granted" in last(spoke(granted, unit("No, #1 is false.", ("f03", 0.9))))


def test_flagged_words_are_not_said_back() -> None:
    rude = "You Idiot, phones are shit for lessons"
    doubt = spoke(begun(PHONES), unit(rude, ("f03", 0.4), ("f01", 0.3)))
    shown = last(doubt) + last(follow(doubt, Redoing(turn=1))) + last(left(doubt))
    shown += text_of(Reply(tuple(desk.contest_choices(doubt, 1, rules.options(doubt, 1)))))
    assert "You ***, phones are *** for lessons" in shown
    assert "idiot" not in shown.lower()
    assert "shit" not in shown.lower()
    assert decent("a retarded retardant shiitake") == "a *** retardant shiitake"
    (_, row) = desk.board([desk.Line("Shitlord", "school-phones", "for", "novice", 50.0)])
    assert row == Paragraph("50 of 100: ***; school-phones, for, novice")


def test_a_speech_to_be_said_again_is_shown_as_the_learners() -> None:
    shown = telling.tell(follow(spoke(begun(), unit("Mine.")), Redoing(turn=1)), RUBRIC)[-1].blocks
    assert shown[-1] == Notice("Your words then: “Mine.”")
    assert not [block for block in shown if isinstance(block, Quote)]


def test_a_closing_is_not_asked_about() -> None:
    debate = begun()
    for at in range(5):
        debate = spoke(debate, unit(f"Speech {at}.", ("f03", 0.9), repeats=at > 0))
    for card in ("f05", "a05"):
        assert "Did you mean" not in last(spoke(debate, unit("Hm.", (card, 0.4), ("f01", 0.3))))
    assert "out of the debate" not in last(spoke(debate, unit("Look back at #1.", ("f03", 0.9))))


def test_words_that_may_be_the_other_sides_are_a_point_outside_the_deck() -> None:
    debate = spoke(begun(), unit("Hm.", ("a05", 0.4)))
    assert "a new point, outside my cards" in last(debate)
    assert "helps my side" not in last(debate)


# --- questions ---


def asked(debate: Debate, text: str, about: int | None = None) -> Debate:
    debate = follow(debate, Spoke(key=f"k{debate.length}", text=text, at=NOW))
    return follow(debate, *rules.answer(debate, Reading(kind=Kind.QUESTION, about=about), RUBRIC))


def test_a_question_about_nothing_is_asked_back() -> None:
    assert last(asked(begun(), "What is 2+2?")).startswith("Which of my points do you mean?")


def test_a_question_about_ones_own_point_is_handed_back() -> None:
    debate = asked(spoke(begun(), unit("I say so.")), "Why #2?")
    assert last(debate).startswith("#2 is a point of your own")
    assert last(asked(debate, "But why #2?")).startswith("You made #2")


def test_a_third_question_in_a_turn_is_one_too_many() -> None:
    debate = begun()
    for _ in range(3):
        debate = asked(debate, "Why?", 1)
    assert last(debate).startswith("I answer 2 questions a turn")


@pytest.mark.parametrize("deck", LIBRARY.decks, ids=lambda deck: deck.id)
def test_at_novice_a_question_about_the_opening_brings_something_new(deck: Deck) -> None:
    debate = begun(deck)
    text = last(asked(debate, "Why is #1 true?", 1))
    (card,) = (deck.by_id[point.card or ""] for point in debate.bots)
    assert any(new in text for new in (card.strength_reason, *(deck.facts[id].source for id in card.facts)))


def test_a_fact_of_a_card_is_told_with_its_source() -> None:
    card = next(card for card in TALKS.cards if card.facts)
    fact = TALKS.facts[card.facts[0]]
    text = last(spoke(begun(), acts=(Explains(point=1, card=card.id, part="fact"),), counts=False))
    assert f"leans on a fact: {fact.text.rstrip('.')} ({fact.source}, {fact.date})." in text


def test_words_told_with_another_card_are_not_told_again() -> None:
    card = next(card for card in TALKS.cards if card.facts)
    act = Explains(point=1, card=card.id, part="fact")
    twice = spoke(spoke(begun(), acts=(act,), counts=False), acts=(act,), counts=False)
    assert f"I have said what card {card.id} holds" in last(twice)


# --- contests ---


def contested(debate: Debate, letter: str) -> str:
    return last(follow(debate, *rules.contest(debate, 1, letter)))


def test_contests_say_what_was_understood() -> None:
    moves = (MoveCandidate(move=Move.DENY, p=0.6), MoveCandidate(move=Move.TURN, p=0.3))
    debate = spoke(
        begun(), unit("Hm.", ("f03", 0.6), ("f01", 0.3), answers=(Answer(point=1, p=0.9, moves=moves),))
    )
    listed_ = list(desk.contest_choices(debate, 1, rules.options(debate, 1)))
    notice, asked = listed_
    assert notice == Notice("You have 3 of 3 contests left in this debate.")
    assert isinstance(asked, Choices)
    assert asked.prompt == "What did you mean in speech 1 by “Hm.”?"
    assert [choice.label for choice in asked.options][1:] == [
        "b) a new point of my own",
        "c) answers #1 by turning it round",
        "d) no answer to #1",
    ]
    assert "[f01]. The flow follows" in contested(debate, "a")
    assert "you meant a new point of your own. The flow" in contested(debate, "b")
    assert "you answered #1 by turning it round. The" in contested(debate, "c")
    assert "you did not answer #1. The" in contested(debate, "d")


def test_several_units_are_told_apart_in_a_contest() -> None:
    debate = spoke(begun(), unit("Hm.", ("f03", 0.9)), unit("And so.", ("f01", 0.9)))
    asked = [b for b in desk.contest_choices(debate, 1, rules.options(debate, 1)) if isinstance(b, Choices)]
    assert [(b.prompt, [(c.label, c.says) for c in b.options]) for b in asked] == [
        (
            "What did you mean in speech 1 by “Hm.”?",
            [("a) a new point of my own", "!contest 1 a")],
        ),
        (
            "What did you mean in speech 1 by “And so.”?",
            [("b) a new point of my own", "!contest 1 b")],
        ),
    ]


def test_nothing_to_contest_is_said() -> None:
    debate = spoke(begun(), unit("Hm."))
    (notice,) = desk.contest_choices(debate, 1, rules.options(debate, 1))
    assert notice == Notice("I held no other reading of speech 1 possible.")


def test_a_contest_names_what_is_withdrawn() -> None:
    debate = spoke(begun(), unit("Hm.", ("f03", 0.6), ("f01", 0.3)), acts=())
    entry = Contested(turn=1, unit=0, what="card", card="f01", acts=(Withdraws(point=1),))
    assert "[f01]. I withdraw #1. The flow" in last(follow(debate, entry))


# --- the end ---


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (30.0, 34.5, "your score up to and with that speech is 34.5 points instead of 30 (+4.5, better)."),
        (30.0, 28.0, "28 points instead of 30 (-2, less)."),
        (30.0, 30.0, "as much as before, 30 points."),
    ],
)
def test_a_speech_said_again_shows_the_difference(before: float, after: float, words: str) -> None:
    debate = spoke(begun(), unit("Hm."))
    notice, *_ = ballot.redone(debate, Redone(turn=1, before=before, after=after))
    assert isinstance(notice, Notice)
    assert words in notice.text
    assert notice.text.endswith(" The ballot stays as it is.")


def test_a_debate_left_before_the_first_speech_is_told_kindly() -> None:
    debate = follow(begun(level=Level.ADVANCED), Ended(why=Why.LEFT))
    blocks = telling.tell(debate, RUBRIC)[-1].blocks
    assert "before your first speech" in text_of(Reply(blocks))
    assert not [b for b in blocks if isinstance(b, Paragraph) and b.role == "feedback"], (
        "nothing could be answered"
    )
    sheet = next(b for b in blocks if isinstance(b, Ballot))
    assert sheet.practise == "One thing to practise: make one clear claim in each speech."
    assert not [c for b in blocks if isinstance(b, Choices) for c in b.options if "redo" in c.says]


@pytest.mark.parametrize("answers", [True, False])
def test_above_novice_the_ballot_names_the_stronger_move(answers: bool) -> None:
    denies = Answer(point=1, p=0.9, moves=(MoveCandidate(move=Move.DENY, p=0.9),))
    debate = begun(level=Level.INTERMEDIATE)
    for words in ("One.", "Two.", "Three."):
        debate = spoke(debate, unit(words, answers=(denies,) if answers else ()))
    told = telling.tell(follow(debate, Ended(why=Why.LEFT)), RUBRIC)[-1].blocks
    (line,) = [b.text for b in told if isinstance(b, Paragraph) and b.role == "feedback"]
    assert ("On #1 you answered by denying it; " if answers else "you left it alone; ") in line


def left(debate: Debate) -> Debate:
    return follow(debate, Ended(why=Why.LEFT))


def sheet(debate: Debate) -> Ballot:
    return ballot.sheet(debate, RUBRIC)


def ans(point: int, move: Move, p: float = 0.9, *maybe: Move) -> Answer:
    found = (MoveCandidate(move=move, p=p), *(MoveCandidate(move=other, p=0.1) for other in maybe))
    return Answer(point=point, p=0.9, moves=found)


@pytest.mark.parametrize(
    ("moves", "did"),
    [
        ((Move.UNDERCUT, Move.DODGE), "On #1 you answered by undercutting its reason; "),
        ((Move.DODGE,), "On #1 you went round it; "),
        ((Move.CONCEDE,), "On #1 you granted it; "),
    ],
)
def test_the_stronger_move_stands_beside_the_answer_that_counted(moves: Sequence[Move], did: str) -> None:
    debate = begun(level=Level.INTERMEDIATE)
    for at, move in enumerate(moves):
        debate = spoke(debate, unit(f"Answer {at}.", answers=(ans(1, move),)))
    assert did in last(left(debate))


def test_a_move_heard_in_doubt_is_no_fact_on_the_ballot() -> None:
    debate = spoke(begun(level=Level.INTERMEDIATE), unit("No.", answers=(ans(1, Move.DENY, 0.5),)))
    assert "On #1 you answered, if I heard you right, by denying it; " in last(left(debate))


def test_an_answer_lost_when_the_point_came_back_is_called_so() -> None:
    debate = spoke(
        begun(level=Level.INTERMEDIATE),
        unit("No.", answers=(ans(1, Move.DENY),)),
        acts=(Extends(point=1, part="impact"),),
    )
    debate = left(spoke(spoke(debate, unit("Else.")), unit("More.")))
    line = next(line for line in sheet(debate).score.lines if line.point == 1 and line.part == "engagement")
    assert (line.rule, line.words) == ("my point left unanswered: dropped when I came back to it", "No.")
    assert line.fix == "answer it again when I come back to it"
    assert "On #1 you gave no second answer when I came back to it; " in last(debate)


@pytest.mark.parametrize(
    ("move", "fix"),
    [
        (Move.TURN, ""),
        (Move.UNDERCUT, "a turn or an outweigh earns more"),
        (Move.DENY, "a turn, an outweigh or an undercut earns more"),
        (Move.CONCEDE, "answer it: even a denial with a reason earns more"),
        (Move.DODGE, "answer what it says: deny it, make it smaller or turn it"),
    ],
)
def test_the_fix_of_an_answer_fits_its_move(move: Move, fix: str) -> None:
    debate = spoke(begun(), unit("I say so.", answers=(ans(1, move),)))
    (line,) = (line for line in sheet(debate).score.lines if line.part == "engagement")
    assert (line.rule, line.fix) == (f"answer to my point: {move}", fix)


@pytest.mark.parametrize(
    ("evidence", "fix"),
    [
        (EvidenceKind.QUOTE, ""),
        (EvidenceKind.EXAMPLE, "a quote of 5 to 30 words or a named source earns more"),
        (EvidenceKind.FIGURE, "say whose figure it is: a named source earns 2"),
        (None, ballot.FIXES[Rule.EVIDENCE]),
    ],
)
def test_the_fix_of_evidence_fits_its_kind(evidence: EvidenceKind | None, fix: str) -> None:
    parts = [Part(kind=PartKind.CLAIM, words="It is so.")]
    parts += [Part(kind=PartKind.EVIDENCE, words="See there.", evidence=evidence)] if evidence else []
    debate = spoke(begun(), unit("I say so.", ("f03", 0.9), parts=tuple(parts)))
    (line,) = (line for line in sheet(debate).score.lines if line.rule.startswith("evidence"))
    assert line.fix == fix


def test_an_answer_after_the_drop_is_called_too_late() -> None:
    debate = spoke(spoke(begun(level=Level.INTERMEDIATE), unit("Else.")), unit("More."))
    debate = left(spoke(debate, unit("Not so.", answers=(ans(1, Move.DENY),))))
    line = next(line for line in sheet(debate).score.lines if line.point == 1 and line.part == "engagement")
    assert (line.rule, line.words, line.got) == ("my point answered too late", "Not so.", 0)
    assert line.fix == ballot.FIXES[Rule.UNANSWERED]
    assert "On #1 your answer came when it was dropped already; " in last(debate)


def test_a_reason_without_a_claim_is_not_called_missing() -> None:
    reason = Part(kind=PartKind.WARRANT, words="Because it is.")
    debate = spoke(begun(), unit("Because it is.", ("f03", 0.9), parts=(reason,)))
    fixes = {line.rule: line.fix for line in sheet(debate).score.lines if line.part == "content"}
    assert fixes["warrant (because)"] == "say first what you claim: without a claim this supports nothing"
    assert fixes["impact (therefore)"] == ballot.FIXES[Rule.IMPACT]


def test_a_clash_says_who_did_what() -> None:
    debate = spoke(begun(PHONES), unit("I say so.", ("f03", 0.9)), acts=(Yields(point=2),))
    debate = spoke(debate, unit("You are right.", answers=(ans(1, Move.CONCEDE),)))
    debate = left(spoke(spoke(debate, unit("More."), acts=(Raises(card="a04"),)), unit("Else.")))
    told = "; ".join(why for _, _, why in sheet(left(spoke(debate, unit("And more.")))).clashes)
    assert "#2 granted by me (strength" in told
    assert "#1 granted by you (strength" in told
    assert "dropped by you (strength" in told


def test_points_outside_the_cards_stand_on_the_ballot() -> None:
    claim = Part(kind=PartKind.CLAIM, words="It is so.")
    (clash,) = sheet(spoke(begun(), unit("It is so.", parts=(claim,)))).clashes
    assert clash == ("Your other points, outside my cards:", "you are ahead", "you: #2 stands (strength 2)")


def test_after_a_contest_the_whole_ballot_follows_it_and_the_other_total_stands_beside_it() -> None:
    debate = spoke(begun(), unit("No.", answers=(ans(1, Move.DENY, 0.6, Move.TURN),)))
    turn = next(o.letter for o in rules.options(debate, 1) if o.move is Move.TURN)
    after = follow(debate, *rules.contest(debate, 1, turn))
    assert sheet(debate).uncontested is None
    assert sheet(after).uncontested == sheet(debate).score.total
    assert sheet(after).score.total == sheet(debate).score.total + 12
    assert any(line.rule == "answer to my point: turn" for line in sheet(after).score.lines)


# --- cards ---


@pytest.mark.parametrize("deck", LIBRARY.decks, ids=lambda deck: deck.id)
def test_why_shows_reason_and_quotes_or_that_there_is_none(deck: Deck) -> None:
    debate = begun(deck)
    for card in deck.cards:
        blocks = list(desk.why(deck, card, debate))
        quotes = [block for block in blocks if isinstance(block, Quote)]
        assert [block.text for block in quotes] == [chosen.text for chosen in card.quotes]
        assert ("rests on no passage" in text_of(Reply(tuple(blocks)))) is not bool(card.quotes)
        assert card.warrant in text_of(Reply(tuple(blocks)))
        assert blocks == list(desk.why(deck, card, None)), "without a debate just the same"


def test_a_card_without_a_passage_says_so() -> None:
    bare: Card = TALKS.cards[0].model_copy(update={"quotes": ()})
    text = text_of(Reply(tuple(desk.why(TALKS, bare, None))))
    assert f"rests on no passage of the essay; it answers ¶{bare.lines[0]}" in text


# --- small words ---


def test_moves_have_their_article() -> None:
    assert [a(move) for move in Move][:5] == ["a deny", "a mitigate", "an undercut", "a turn", "an outweigh"]


@pytest.mark.parametrize("limit", [20, 30, 90])
def test_clipping_marks_the_cut(limit: int) -> None:
    text = clipped("One  line\nwith several words and averyveryverylongwordindeed", limit)
    assert len(text) <= limit
    assert "\n" not in text
    assert text.endswith("…") is (limit < 60)
    assert clipped("x" * 50, 20) == "x" * 19 + "…"


def test_lists_read_as_english() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_card_heard_in_doubt_is_asked_about_as_heard() -> None:
    heard = last(spoke(begun(), unit("Hm.", ("f05", 0.4)), acts=(Asks(card="f05"),)))
    nowhere = last(spoke(begun(), unit("Hm.", (None, 0.6)), acts=(Asks(card="f05"),)))
    assert "I am not sure I heard you: is your point" in heard
    assert "I could not place that on a card" in nowhere
