"""What a learner reads in thirty-six whole debates: nothing twice, nothing long, nothing made up."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, product
from typing import get_args

import pytest

from bot.debate import rules
from bot.debate.debate import Debate, replay
from bot.debate.entries import Act, Answered, Ended, Level
from bot.messages import (
    Ballot,
    Choices,
    FlowSheet,
    HeardSheet,
    Paragraph,
    Quote,
)
from bot.readings import Answer, Kind, MoveCandidate, Reading, Situation
from bot.voice import telling
from content.deck import Card, Deck, Move, Side
from tests.coach.talk import LIBRARY, NOW
from tests.voice.debates import READER, RUBRIC, Script, blocks, paragraphs, played, say, told

ALL = range(36)
LABEL = re.compile(r"^[^.!?\[\]]*\[[fa]\d+(?: · [¶\d, ]+)?\](?:, on your #\d+)?: ?")
CARD = re.compile(r"\[([fa]\d{2,3})\b")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without the number and the card in front, in a form that ignores case."""
    bare = LABEL.sub("", text)
    found = re.split(r"(?<=[.!?])[”’\"')\]]*\s+", bare)
    return [plain for one in found if (plain := re.sub(r"[^\w#¶ ]+", "", one.casefold()).strip())]


def test_the_splitter_sees_what_is_said() -> None:
    text = "#3 [a01 · ¶3, ¶5], on your #2: It is so. “Is it?” No! Mr. X: yes"
    assert sentences(text) == ["it is so", "is it", "no", "mr", "x yes"]


def test_all_debates_came_to_their_end_and_are_varied() -> None:
    assert len(played()) >= 30
    assert all(debate.ended for debate in played())
    acts = Counter(act.act for debate in played() for answer in debate.answered for act in answer.acts)
    known = {kind.model_fields["act"].default for kind in get_args(get_args(Act)[0])}
    print(acts)
    assert known - set(acts) <= {"withdraws", "yields", "raises"}, (
        "withdrawals stand in the contests, points raised in the opening; for yields see below"
    )
    assert any(debate.contests for debate in played())


@pytest.mark.parametrize("at", ALL)
def test_no_sentence_of_the_bot_is_said_twice(at: int) -> None:
    said = Counter(sentence for text in paragraphs(at) for sentence in sentences(text))
    assert not [sentence for sentence, count in said.items() if count > 1]


@pytest.mark.parametrize("at", ALL)
def test_no_reply_is_long_and_none_is_empty(at: int) -> None:
    for one in told(at):
        spoken = [b.text for b in one.blocks if isinstance(b, Paragraph) and b.role in ("speech", "question")]
        assert sum(len(text.split()) for text in spoken) <= 110
        if isinstance(one.entry, Answered) and one.debate.ended is None:
            assert one.blocks
            assert spoken or not one.entry.counts or one.debate.next_speech > 6
        for block in one.blocks:
            assert not isinstance(block, Paragraph) or block.text.strip()
            if isinstance(block, FlowSheet):
                assert len(block.lines) <= telling.SHORT_FLOW
                assert len(block.lines) + block.more == len(one.debate.points)


@pytest.mark.parametrize("at", ALL)
def test_one_piece_of_feedback_and_one_question_at_most(at: int) -> None:
    for one in told(at):
        if isinstance(one.entry, Answered):
            roles = Counter(b.role for b in one.blocks if isinstance(b, Paragraph))
            reminders = sum(isinstance(b, Paragraph) and "closing comes next" in b.text for b in one.blocks)
            assert roles["feedback"] - reminders <= 1
            assert roles["question"] <= 1
            assert roles["speech"] <= 1
            question = next(
                (b.text for b in one.blocks if isinstance(b, Paragraph) and b.role == "question"), "?"
            )
            assert question.count("?") == 1, question


@pytest.mark.parametrize("at", ALL)
def test_every_card_exists_and_every_quote_is_verbatim(at: int) -> None:
    deck = played()[at].deck
    for block in blocks(at):
        if isinstance(block, Paragraph):
            assert set(CARD.findall(block.text)) <= set(deck.by_id)
        if isinstance(block, Quote) and block.place.startswith("¶"):
            assert deck.text.holds(block.text, int(block.place[1:]))
            assert all(phrase not in block.text for phrase in ("[", "…"))
        if isinstance(block, HeardSheet):
            assert {line.card for line in block.lines} - {None} <= set(deck.by_id)


@pytest.mark.parametrize("at", ALL)
def test_the_labels_stand_where_a_side_is_named(at: int) -> None:
    debate = played()[at]
    labels = [debate.deck.label(side) for side in Side]
    opening = " ".join(b.text for b in told(at)[0].blocks if isinstance(b, Paragraph))
    assert all(label in opening for label in labels)
    ballot = next(block for block in blocks(at) if isinstance(block, Ballot))
    assert any(label in ballot.result for label in labels) or "too close" in ballot.result


@pytest.mark.parametrize("at", ALL)
def test_buttons_are_short_sentences_that_work(at: int) -> None:
    for block in blocks(at):
        if isinstance(block, Choices):
            for choice in block.options:
                assert choice.says.isascii()
                assert 0 < len(choice.says) <= 80
                assert choice.says.startswith("!")
                assert choice.label


@pytest.mark.parametrize("at", ALL)
def test_no_braces_nor_python_is_left_in_the_words(at: int) -> None:
    for text in paragraphs(at):
        assert not re.search(r"[{}]|None|\bMove\.|<|  ", text), text
        assert not re.search(r"\ba (outweigh|undercut)", text), text
        assert text[0] in "“#" or not text[0].islower(), text


@pytest.mark.parametrize("at", ALL)
def test_telling_a_debate_piece_by_piece_is_telling_it_whole(at: int) -> None:
    debate = played()[at]
    for cut in (2, len(debate.entries) // 2, len(debate.entries)):
        part = telling.tell(replay(debate.deck, debate.entries[:cut]), RUBRIC)
        assert [one.blocks for one in part] == [one.blocks for one in told(at)[: cut - 1]]


# --- two speeches on different cards ---


def _spoken(debate: Debate) -> str:
    return " ".join(
        b.text
        for b in telling.tell(debate, RUBRIC)[-1].blocks
        if isinstance(b, Paragraph) and b.role == "speech"
    )


def _own_words(text: str, learner: str) -> set[str]:
    """The words the bot chose: no quotes, no numbers, none of the learner's."""
    bare = re.sub(r"“[^”]*”|\[[^\]]*\]|#\d+", " ", text)
    return set(re.findall(r"\w+", bare.casefold())) - set(re.findall(r"\w+", learner.casefold()))


def _likeness(a: set[str], b: set[str]) -> float:
    return len(a & b) / max(1, len(a | b))


def _pairs(deck: Deck, side: Side, level: Level, seed: int, position: int) -> list[float]:
    """The likeness of the replies to speeches on five different cards at one position."""
    base = replay(deck, rules.start(deck, RUBRIC, side, level, seed, NOW))
    cards: list[Card] = list(deck.side_cards(side))
    for card in cards[:position]:
        base = say(base, card.phrasings[0])
    tried = cards[position + seed % 3 :: 4][:5]
    replies = []
    for card in tried:
        words = f"{card.phrasings[1]}, because {card.warrant}"
        replies.append(_own_words(_spoken(say(base, words)), words))
    return [_likeness(a, b) for a, b in combinations(replies, 2)]


def test_two_speeches_on_different_cards_get_different_replies() -> None:
    found = [
        likeness
        for deck, side, level, seed in product(LIBRARY.decks, Side, Level, (1, 2))
        for likeness in _pairs(deck, side, level, seed, (seed * 2 + len(level)) % 5)
    ]
    differ = sum(likeness < 0.5 for likeness in found)
    print(
        f"{differ} of {len(found)} pairs differ; likeness at most {max(found):.2f}, on average {sum(found) / len(found):.2f}"
    )
    assert len(found) >= 100
    assert differ >= 0.95 * len(found)


# --- long talks about nothing ---


CONCEDES = Answer(point=2, p=0.9, moves=(MoveCandidate(move=Move.CONCEDE, p=0.9),))


class Fixed:
    """Reads every message alike."""

    sha256 = "fixed"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def read(self, deck: Deck, text: str, situation: Situation) -> Reading:
        return self.reading


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.DISTRESS])
def test_junk_is_answered_for_ever_and_never_twice_alike(kind: Kind) -> None:
    deck = LIBRARY.decks[0]
    debate = replay(deck, rules.start(deck, RUBRIC, Side.FOR, Level.NOVICE, 0, NOW))
    for _ in range(25):
        debate = say(debate, "?", Fixed(Reading(kind=kind)))
    lines = [one.blocks for one in telling.tell(debate, RUBRIC) if isinstance(one.entry, Answered)]
    texts = [block.text for (block,) in lines if isinstance(block, Paragraph)]
    assert len(texts) == len(set(texts)) == 25
    assert max(len(text.split()) for text in texts) <= 25


@pytest.mark.parametrize(
    "reading",
    [
        Reading(kind=Kind.QUESTION, about=1),
        Reading(kind=Kind.ARGUMENT, nearest="f03"),
        Reading(kind=Kind.ARGUMENT),
    ],
)
def test_questions_and_unplaced_words_always_get_a_line(reading: Reading) -> None:
    deck = LIBRARY.decks[0]
    debate = replay(deck, rules.start(deck, RUBRIC, Side.FOR, Level.NOVICE, 0, NOW))
    for _ in range(25):
        debate = say(debate, "?", Fixed(reading))
    texts = [
        block.text
        for one in telling.tell(debate, RUBRIC)[1:]
        for block in one.blocks
        if isinstance(block, Paragraph) and isinstance(one.entry, Answered)
    ]
    assert len(texts) == len(set(texts)) == 25


def test_distress_gets_the_kind_line_every_time() -> None:
    deck = LIBRARY.decks[0]
    debate = replay(deck, rules.start(deck, RUBRIC, Side.FOR, Level.NOVICE, 0, NOW))
    for _ in range(3):
        debate = say(debate, "I want to die", READER)
        (line,) = telling.tell(debate, RUBRIC)[-1].blocks
        assert isinstance(line, Paragraph)
        assert "talk to somebody you trust" in line.text
        assert "die" not in line.text
    assert not debate.speeches


@pytest.mark.parametrize("level", Level)
def test_a_talk_about_things_outside_the_deck_goes_on_to_its_end(level: Level) -> None:
    deck = LIBRARY.decks[1]
    debate = replay(deck, rules.start(deck, RUBRIC, Side.AGAINST, level, 1, NOW, first=True))
    for at in range(6):
        debate = say(debate, f"Volcanoes of Iceland erupt at midnight, number {at}, in 2031.")
    entries = telling.tell(debate, RUBRIC)
    assert isinstance(entries[-1].entry, Ended)
    for one in entries:
        if isinstance(one.entry, Answered) and one.debate.next_speech <= 6:
            assert any(isinstance(b, Paragraph) and b.role in ("speech", "question") for b in one.blocks)


def test_the_bot_yields_to_a_point_it_has_no_answer_left_to() -> None:
    whole = LIBRARY["school-phones"]
    card = whole.side_cards(Side.FOR)[0]
    first = whole.attacks_on[card.id][0]
    few = [c for at, c in enumerate(whole.counterpoints) if at == first or c.on != card.id]
    deck = type(whole).model_validate({**whole.model_dump(by_alias=True), "counterpoints": few})
    debate = replay(deck, rules.start(deck, RUBRIC, Side.FOR, Level.NOVICE, 0, NOW, first=True))
    debate = say(debate, card.phrasings[0])
    for reason in (
        "it was never about that",
        "nobody denies the core",
        "yours misses it",
        "the rest is noise",
    ):
        debate = say(debate, f"My #1 stands, because {reason}.")
    spoken = [b.text for one in telling.tell(debate, RUBRIC) for b in one.blocks if isinstance(b, Paragraph)]
    assert any(text.startswith("You have #1.") for text in spoken)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("My phone stays in my bag all day.", "told me that before"),
        ("Fair enough, you are right about #2 and I grant it.", "let that stand"),
    ],
)
def test_a_speech_without_anything_new_gets_a_way_on(words: str, line: str) -> None:
    deck = LIBRARY["school-phones"]
    debate = replay(deck, rules.start(deck, RUBRIC, Side.FOR, Level.NOVICE, 0, NOW, first=True))
    heard = READER.read(deck, words, debate.situation())
    unit = heard.units[0].model_copy(
        update={"repeats": True} if "before" in line else {"answers": (CONCEDES,)}
    )
    debate = say(debate, "Something about chess in Iceland.")
    for _ in range(4):
        debate = say(debate, words, Fixed(heard.model_copy(update={"units": (unit,)})))
    replies = [
        [b.text for b in one.blocks if isinstance(b, Paragraph) and b.role in ("speech", "question")]
        for one in telling.tell(debate, RUBRIC)[1:]
        if isinstance(one.entry, Answered)
    ]
    assert all(replies)
    assert any(line in text for texts in replies for text in texts)
    assert len({text for texts in replies for text in texts}) == sum(map(len, replies))


def test_a_script_plays_the_same_debate_again() -> None:
    script = Script(LIBRARY.decks[0], Side.FOR, Level.ADVANCED, 4)
    assert script.play() == script.play()
