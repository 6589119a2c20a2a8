"""Readable builders: readings, transcripts and debates on a small deck, and the words of a reply counted.

The learner argues for free buses (cards ``f..``), the bot against (cards ``a..``), unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.debate import rules
from bot.debate.debate import Debate, follow, replay
from bot.debate.entries import (
    Act,
    Answered,
    Asks,
    Cites,
    Counters,
    Entry,
    Extends,
    Level,
    Opened,
    Presses,
    Questions,
    Raises,
    Read,
    Spoke,
    Started,
    Yields,
)
from bot.debate.judging import Judgement, Rubric, judge
from bot.debate.opponent import raised_parts
from bot.readings import Answer, Candidate, EvidenceKind, Kind, MoveCandidate, Part, PartKind, Reading, Unit
from content.deck import Deck, Move, Side
from content.essay import Essay
from tests.content.decks import ESSAY, tiny_data, tiny_deck

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
DECK = tiny_deck()
RUBRIC_FILE = Path(rules.__file__).parent.parent / "rubrics" / "v1.json"
RUBRIC = Rubric.from_json(RUBRIC_FILE.read_bytes())
WHOLE = (PartKind.CLAIM, PartKind.WARRANT, PartKind.IMPACT)

A = TypeVar("A")


def deck_with(**changes: Any) -> Deck:
    """The small deck with other values at its top level."""
    return Deck.model_validate({**tiny_data(), **changes, "text": Essay.from_text(ESSAY)})


def cards_with(**changes: Any) -> list[dict[str, Any]]:
    """The cards of the small deck as data, each with ``changes``."""
    return [{**card, **changes} for card in tiny_data()["cards"]]


# --- readings ---


def unit(card: str | None = "f01", *answers: Answer, **more: Any) -> Unit:
    """A unit that makes ``card``, as likely as ``p``; ``maybe`` are other cards it may be, ``parts`` what it holds."""
    words = more.pop("words", f"words for {card}")
    found = [*more.pop("maybe", []), *([None] if card is not None else [])]
    parts = tuple(
        Part(kind=kind, words=f"{kind} of {card}") if isinstance(kind, PartKind) else kind
        for kind in more.pop("parts", WHOLE)
    )
    candidates = (
        Candidate(card=card, p=more.pop("p", 0.7)),
        *(Candidate(card=other, p=0.1) for other in found),
    )
    return Unit(words=words, candidates=candidates, answers=answers, parts=parts, **more)


def answer(point: int, move: Move = Move.DENY, *maybe: Move, turns: Any = None) -> Answer:
    """An answer to ``point`` by ``move``; ``maybe`` are other moves it may be."""
    moves = (MoveCandidate(move=move, p=0.8), *(MoveCandidate(move=m, p=0.1) for m in maybe))
    return Answer(point=point, p=0.9, moves=moves, turns=turns)


def evidence(kind: EvidenceKind) -> Part:
    return Part(kind=PartKind.EVIDENCE, words=f"some {kind}", evidence=kind)


def reading(*units: Unit, kind: Kind = Kind.ARGUMENT, **more: Any) -> Reading:
    return Reading(kind=kind, units=units, reader="test", **more)


# --- transcripts ---


def started(level: Level = Level.NOVICE, side: Side = Side.FOR, deck: Deck = DECK, seed: int = 1) -> Started:
    return Started(
        deck=deck.id,
        deck_sha=deck.sha256,
        rubric_sha=RUBRIC.sha256,
        side=side,
        level=level,
        seed=seed,
        at=NOW,
    )


def opened(*cards: str, level: Level = Level.NOVICE, deck: Deck = DECK) -> Debate:
    """A debate that the bot has opened with exactly ``cards``."""
    return replay(deck, (started(level, deck=deck), Opened(acts=tuple(Raises(card=card) for card in cards))))


def spoken(debate: Debate, text: str = "my words") -> Debate:
    """The learner's words were heard and not yet answered."""
    return follow(debate, Spoke(key=f"key-{debate.length}", text=text, at=NOW))


def told(
    debate: Debate, heard: Reading | Unit | Sequence[Unit], *acts: Act, text: str = "my words"
) -> Debate:
    """Given a counted speech of the learner that the bot has answered with exactly ``acts``."""
    if not isinstance(heard, Reading):
        heard = reading(*([heard] if isinstance(heard, Unit) else heard))
    waiting = spoken(debate, text)
    return follow(waiting, Read(of=(debate.length,), reading=heard), Answered(counts=True, acts=acts))


def silent(debate: Debate, speeches: int = 1) -> Debate:
    """Given speeches of the learner that make no point and answer none."""
    for _ in range(speeches):
        debate = told(debate, unit("f01", repeats=True))
    return debate


def begin(level: Level = Level.NOVICE, deck: Deck = DECK, **more: Any) -> Debate:
    """When the learner starts a debate: what the bot does is its own choice."""
    side, seed = more.pop("side", Side.FOR), more.pop("seed", 1)
    return replay(deck, rules.start(deck, RUBRIC, side, level, seed, NOW, **more))


def heard(debate: Debate, *units: Unit, **more: Any) -> Debate:
    """When the learner says something: what the bot answers is its own choice."""
    waiting = spoken(debate)
    return follow(waiting, *rules.answer(waiting, reading(*units, **more), RUBRIC))


def counter(to: int, at: int, deck: Deck = DECK) -> Counters:
    """The bot attacks point ``to`` with counterpoint number ``at``."""
    attack = deck.counterpoints[at]
    return Counters(to=to, counterpoint=at, card=attack.by, move=attack.move)


# --- what came of it ---


def entry(debate: Debate, kind: type[A], at: int = -1) -> A:
    """The last entry of a kind (or number ``at``)."""
    return [e for e in debate.entries if isinstance(e, kind)][at]


def acts(debate: Debate, kind: type[A]) -> list[A]:
    """The acts of a kind in the bot's last answer."""
    return [act for act in entry(debate, Answered).acts if isinstance(act, kind)]


def all_acts(entries: Sequence[Entry]) -> list[Act]:
    """Everything the bot did in a transcript, in order."""
    return [act for e in entries if isinstance(e, Opened | Answered) for act in e.acts]


def states(debate: Debate) -> dict[int, str]:
    return {point.number: str(point.state) for point in debate.points}


def judged(debate: Debate) -> Judgement:
    return judge(debate, RUBRIC)


def uncontested(debate: Debate) -> Debate:
    return replay(debate.deck, debate.entries, contests=False)


# --- the words of a reply ---


def said_words(debate: Debate, acts: Sequence[Act]) -> int:
    """The words of speech and question that a reply of ``acts`` has, quotes and frames included."""
    raising = sum(isinstance(act, Raises) for act in acts)
    pressed = [act for act in acts if isinstance(act, Presses)]
    frame = 0 if not pressed else 13 if any(press.dodged for press in pressed) else 5
    return frame + sum(len(_words(debate, act, raising).split()) for act in acts)


def _words(debate: Debate, act: Act, raising: int) -> str:
    deck = debate.deck
    match act:
        case Raises(card=card):
            parts = (getattr(deck.by_id[card], part) for part in raised_parts(raising))
            return " ".join((_named(debate, card), *parts))
        case Counters(card=card, counterpoint=at):
            return f"on your #1 {_named(debate, card)} {deck.counterpoints[at].say}"
        case Extends(point=point, part=part):
            card = debate.by_number[point].card or ""
            return f"Back to my {_named(debate, card)} {getattr(deck.by_id[card], part)}"
        case Presses(point=point):
            return f"and #1 {deck.by_id[debate.by_number[point].card or ''].tag}"
        case Questions(card=card, question=at):
            return deck.by_id[card].questions[at]
        case Cites(card=card, quote=at):
            quote = deck.by_id[card].quotes[at].text
            return " ".join((quote, *(gloss for _, gloss in deck.glosses_in(quote))))
        case Yields():
            return "I have nothing left against #1; it is yours."
        case Asks(card=asked, later=later):
            return "w " * 15 + (deck.by_id[asked].tag if asked else later or "")
        case _:
            return ""


def _named(debate: Debate, card: str) -> str:
    return " ".join(("#1", f"[{card}", "·", *(f"¶{line}" for line in debate.deck.by_id[card].lines)))
