"""A reader by rules, for tests: exact, quick and the same on every machine. A real ``Reader``, no mock.

the card        the best phrasing by rapidfuzz; below ``KNOWN`` a new point outside the deck
what it answers ``#n`` beside a word that names the move; ``you say`` answers the bot's latest point
the parts       because / since -> warrant; so / therefore -> impact; for example -> evidence
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from rapidfuzz import fuzz

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
    Situation,
    Unit,
    Weighing,
)
from content.deck import Card, Deck, Move, Side

KNOWN = 0.6
"""The least likeness to a phrasing at which the words make that card."""

_GREETINGS = {"hello", "hi", "hey", "good morning", "hiya"}
_DISTRESS = re.compile(r"\b(kill myself|want to die|hurt myself)\b", re.IGNORECASE)
_ORDERS = re.compile(r"\b(ignore (all|your|previous)|system prompt)\b", re.IGNORECASE)
_INSULT = re.compile(r"\byou (stupid|idiot|moron)", re.IGNORECASE)
_NUMBER = re.compile(r"#(\d{1,4})")
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_YEAR = re.compile(r"\bin (20(?:2[6-9]|[3-9]\d))\b")
_MOVES: tuple[tuple[Move, re.Pattern[str]], ...] = tuple(
    (move, re.compile(words, re.IGNORECASE))
    for move, words in (
        (Move.CONCEDE, r"\b(grant|concede|you are right|fair enough)\b"),
        (Move.TURN, r"\b(opposite|other way round|backfires|is good)\b"),
        (Move.OUTWEIGH, r"\b(outweighs?|matters more)\b"),
        (Move.UNDERCUT, r"\b(does not follow|no reason to think|undercuts?)\b"),
        (Move.MITIGATE, r"\b(only a little|less than|hardly)\b"),
        (Move.DODGE, r"\b(whatever)\b"),
    )
)
_PARTS: tuple[tuple[PartKind, EvidenceKind | None, re.Pattern[str]], ...] = (
    (PartKind.WARRANT, None, re.compile(r"\b(?:because|since) ([^.;]+)", re.IGNORECASE)),
    (PartKind.IMPACT, None, re.compile(r"\b(?:therefore|so) ([^.;]+)", re.IGNORECASE)),
    (PartKind.EVIDENCE, EvidenceKind.EXAMPLE, re.compile(r"\bfor example,? ([^.;]+)", re.IGNORECASE)),
)


@dataclass
class RuleReader:
    """Reads by the rules above; ``calls`` counts, ``breaks_on`` raises for a message with these words."""

    sha256: str = "rules"
    breaks_on: str = ""
    calls: int = 0
    _count: threading.Lock = field(default_factory=threading.Lock)

    def read(self, deck: Deck, text: str, situation: Situation) -> Reading:
        with self._count:
            self.calls += 1
        if self.breaks_on and self.breaks_on in text:
            raise RuntimeError(f"cannot read {text!r}")
        kind = _kind(text)
        if kind is Kind.QUESTION:
            return Reading(kind=kind, about=_about(text, situation), reader=self.sha256)
        if kind is not Kind.ARGUMENT:
            return Reading(kind=kind, reader=self.sha256)
        return _argument(deck, text, situation, self.sha256)


def _kind(text: str) -> Kind:
    plain = text.strip(" \n\t!.,").casefold()
    asks = text.rstrip().endswith("?") and bool(_NUMBER.search(text) or plain.startswith("why"))
    checks: tuple[tuple[Kind, bool], ...] = (
        (Kind.EMPTY, not plain),
        (Kind.DISTRESS, bool(_DISTRESS.search(text))),
        (Kind.GREETING, plain in _GREETINGS),
        (Kind.INSTRUCTIONS, bool(_ORDERS.search(text))),
        (Kind.INSULT, bool(_INSULT.search(text))),
        (Kind.EMOJI, not any(c.isalnum() for c in plain) and any(ord(c) > 0x2000 for c in plain)),
        (Kind.GIBBERISH, not any(c.isalpha() for c in plain) or _keys(plain)),
        (Kind.QUESTION, asks),
    )
    return next((kind for kind, found in checks if found), Kind.ARGUMENT)


def _keys(plain: str) -> bool:
    """Whether it is one long word without a vowel."""
    return " " not in plain and len(plain) > 3 and not set(plain) & set("aeiouy")


def _about(text: str, situation: Situation) -> int | None:
    named = [int(n) for n in _NUMBER.findall(text)]
    return next((p.number for p in situation.points if p.number in named), None)


def _argument(deck: Deck, text: str, situation: Situation, sha: str) -> Reading:
    units = tuple(_unit(deck, words, situation) for words in text.split("\n") if words.strip())
    mine = [unit.side for unit in units if unit.side is not None]
    later = _YEAR.search(text)
    return Reading(
        kind=Kind.ARGUMENT,
        units=units,
        side=mine[0] if mine else None,
        side_p=0.9 if mine else 0.5,
        nearest=_ranked(deck, text, situation.side)[0][1].id,
        weighing=_weighing(text, situation),
        restatements=_restatements(text, situation),
        later=later.group(0) if later else None,
        reader=sha,
    )


def _unit(deck: Deck, words: str, situation: Situation) -> Unit:
    candidates = _candidates(deck, words, situation.side)
    card = deck.by_id.get(candidates[0].card or "")
    return Unit(
        words=words,
        candidates=candidates,
        side=card.side if card else None,
        side_p=0.9 if card else 0.5,
        answers=tuple(_answers(words, situation)),
        own=next((p.number for p in situation.own if p.number in _numbers(words)), None),
        parts=tuple(_parts(deck, words)),
        repeats=any(fuzz.ratio(words, said) > 95 for said in situation.said),
    )


def _ranked(deck: Deck, words: str, side: Side) -> list[tuple[float, Card]]:
    """The cards by likeness; of equal ones those of the learner's side first."""
    rated = [
        (
            max(fuzz.token_set_ratio(words, p, processor=str.casefold) for p in (*card.phrasings, card.tag)),
            card,
        )
        for card in deck.cards
    ]
    return [
        (score / 100, card)
        for score, card in sorted(rated, key=lambda r: (-r[0] - (2 if r[1].side is side else 0), r[1].id))
    ]


def _candidates(deck: Deck, words: str, side: Side) -> tuple[Candidate, ...]:
    best = _ranked(deck, words, side)[:3]
    if best[0][0] < KNOWN:
        return (Candidate(card=None, p=0.7), *(Candidate(card=card.id, p=0.1) for _, card in best))
    shares = (0.8, 0.1, 0.06) if best[0][0] > 0.8 else (0.42, 0.3, 0.2)
    found = tuple(Candidate(card=card.id, p=p) for p, (_, card) in zip(shares, best, strict=True))
    return (*found, Candidate(card=None, p=0.06))


def _numbers(words: str) -> set[int]:
    return {int(n) for n in _NUMBER.findall(words)}


def _answers(words: str, situation: Situation) -> list[Answer]:
    named = _numbers(words)
    latest = [p.number for p in situation.points if p.latest]
    if not named and latest and words.casefold().startswith("you say"):
        named = {latest[-1]}
    move = next((move for move, pattern in _MOVES if pattern.search(words)), Move.DENY)
    other = Move.MITIGATE if move is Move.DENY else Move.DENY
    moves = (MoveCandidate(move=move, p=0.8), MoveCandidate(move=other, p=0.15))
    return [Answer(point=p.number, p=0.9, moves=moves) for p in situation.points if p.number in named]


def _parts(deck: Deck, words: str) -> list[Part]:
    found = [Part(kind=PartKind.CLAIM, words=words)]
    for kind, evidence, pattern in _PARTS:
        match = pattern.search(words)
        if match:
            found.append(Part(kind=kind, words=match.group(1), evidence=evidence))
    for quoted in _QUOTED.findall(words):
        lines = deck.text.places(quoted) if len(quoted.split()) >= 5 else ()
        if lines:
            found.append(
                Part(kind=PartKind.EVIDENCE, words=quoted, evidence=EvidenceKind.QUOTE, line=lines[0])
            )
    return found


def _weighing(text: str, situation: Situation) -> Weighing | None:
    named = _numbers(text)
    own = [p.number for p in situation.own if p.number in named]
    other = [p.number for p in situation.points if p.number in named]
    if own and other and re.search(r"more than|outweighs", text) and "because" in text:
        return Weighing(own=own[0], other=other[0], words=text)
    return None


def _restatements(text: str, situation: Situation) -> tuple[Restatement, ...]:
    match = re.search(r"you say that ([^.;,]+)", text, re.IGNORECASE)
    latest = [p.number for p in situation.points if p.latest]
    named = [p.number for p in situation.points if p.number in _numbers(text)] or latest
    return (Restatement(point=named[-1], words=match.group(1)),) if match and named else ()
