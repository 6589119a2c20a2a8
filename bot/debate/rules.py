"""The rules: what a command does to a debate, as the entries it appends. Decides, never stores or words anything.

given a debate, when a command -> then entries, or a Refusal
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from string import ascii_lowercase
from typing import Literal

from bot.debate.debate import SPEECHES, Debate, Fate, Point, follow, replay
from bot.debate.entries import (
    Act,
    Answered,
    Asides,
    Asks,
    Conceded,
    Contested,
    Ended,
    Entry,
    Explains,
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
from bot.debate.flow import State
from bot.debate.judging import Rubric, judge
from bot.debate.opponent import (
    best_attack,
    fresh_attacks,
    open_debate,
    respond,
    spoken_parts,
    unspoken,
)
from bot.readings import POSSIBLE, SURE, Kind, Reading, Unit
from content.deck import Deck, Move, Side

CONTESTS = 3
"""Readings a learner may contest in one debate."""

QUESTIONS_A_TURN = 2
"""Questions about the bot's points that cost no speech, per turn."""

WAITS_AFTER = 3
"""Messages in a row that are no speech, after which the bot waits."""


def start(
    deck: Deck,
    rubric: Rubric,
    side: Side,
    level: Level,
    seed: int,
    now: datetime,
    *,
    first: bool = False,
    practise: str = "",
) -> tuple[Entry, ...]:
    """The entries that begin a debate; the bot opens unless the learner goes ``first``."""
    started = Started(
        deck=deck.id,
        deck_sha=deck.sha256,
        rubric_sha=rubric.sha256,
        side=side,
        level=level,
        seed=seed,
        first=first,
        practise=practise,
        at=now,
    )
    acts = () if first else open_debate(replay(deck, (started,)))
    return started, Opened(acts=acts)


def next_seed(seed: int, what: str) -> int:
    """The chance of the debate that comes after one with ``seed``, below 2**31: the same debates can be had again."""
    digest = hashlib.sha256(f"{seed} {what}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def answer(debate: Debate, reading: Reading, rubric: Rubric) -> tuple[Entry, ...]:
    """The entries that answer the words heard and not yet answered, as understood by ``reading``."""
    of = tuple(at for at, _ in debate.pending)
    read = Read(of=of, reading=reading)
    acts = _no_speech(debate, reading)
    if acts is not None:
        return read, Answered(counts=False, acts=acts)
    if debate.redoing is not None:
        return _redone(debate, debate.redoing, read, rubric)
    if debate.ended is not None:  # words that crossed with the end of the debate
        return read, Answered(counts=False, acts=())
    return _counted(debate, read, rubric)


def _counted(debate: Debate, read: Read, rubric: Rubric) -> tuple[Entry, ...]:
    counted = follow(debate, read, Answered(counts=True, acts=()))
    entries: tuple[Entry, ...] = (read, Answered(counts=True, acts=respond(counted, rubric)))
    return (*entries, Ended(why=Why.CLOSING)) if len(counted.speeches) >= SPEECHES else entries


# --- messages that cost no speech ---


def _no_speech(debate: Debate, reading: Reading) -> tuple[Act, ...] | None:
    """The bot's answer to a message that is no speech; None when it is one."""
    if reading.kind is Kind.QUESTION:
        return _cross_examine(debate, reading.about)
    if reading.kind is not Kind.ARGUMENT:
        return _aside(debate, reading.kind)
    if reading.units:
        return None
    return (Asks(card=reading.nearest),) if reading.nearest else _aside(debate, Kind.OFF_TOPIC)


def _cross_examine(debate: Debate, about: int | None) -> tuple[Act, ...]:
    """The answer to a question about a bot point, from its card; two a turn."""
    point = debate.by_number.get(about) if about is not None else asked_about(debate)
    if point is None or point.yours or point.card is None or debate.questions_this_turn >= QUESTIONS_A_TURN:
        return _aside(debate, Kind.QUESTION)
    part = next(iter(unspoken(debate, point)), None) or _last_parts(debate, point.card)
    return (Explains(point=point.number, card=point.card, part=part),)


_NUMBER = re.compile(r"#(\d{1,4})\b")


def named_points(debate: Debate, text: str) -> list[Point]:
    """The points that ``text`` names by their numbers, in its order."""
    numbers = (int(found) for found in _NUMBER.findall(text))
    return [debate.by_number[number] for number in numbers if number in debate.by_number]


def asked_about(debate: Debate) -> Point | None:
    """The first point that the words waiting for an answer name."""
    return next(iter(named_points(debate, "\n".join(spoke.text for _, spoke in debate.pending))), None)


LastPart = Literal["quote", "fact", "strength", "none"]


def _last_parts(debate: Debate, card: str) -> LastPart:
    """What is left to say of ``card`` once its reason and its weight are said: a quote, a fact, its strength."""
    whole, spoken = debate.deck.by_id[card], spoken_parts(debate)
    holds: dict[LastPart, bool] = {"quote": bool(whole.quotes), "fact": bool(whole.facts), "strength": True}
    left = (part for part, there in holds.items() if there and (card, part) not in spoken)
    return next(left, "none")


def _aside(debate: Debate, kind: Kind) -> tuple[Act, ...]:
    return (Asides(kind=kind, count=debate.asides_in_a_row + 1),)


# --- contests ---


@dataclass(frozen=True)
class Option:
    """Another reading of a unit of a speech, which the learner may say they meant; ``letter`` names it."""

    letter: str
    unit: int
    words: str
    what: Literal["card", "move"]
    card: str | None = None
    point: int | None = None
    move: Move | None = None


def options(debate: Debate, turn: int) -> tuple[Option, ...]:
    """The readings of speech ``turn`` that the bot itself held possible, or "a new point", besides the one in force."""
    return tuple(option for option in _all_options(debate, turn) if not _in_force(debate, turn, option))


def _all_options(debate: Debate, turn: int) -> tuple[Option, ...]:
    """What can be chosen for speech ``turn``, first the cards of the words that were heard in doubt.

    A letter means the same thing for ever, so that a late button is harmless.
    """
    _must_have_spoken(debate)
    if not 1 <= turn <= len(debate.speeches):
        raise Refusal(Code.BAD_ARGUMENT, word=str(turn), last=len(debate.speeches))
    units, fates = _read(debate, turn).reading.units, debate.speeches[turn - 1].fates
    found = [
        option
        for at, unit in enumerate(units)
        if not unit.repeats
        for option in (*_card_options(at, unit), *_move_options(at, unit))
    ]
    found.sort(key=lambda o: o.what != "card" or not in_doubt(units[o.unit], fates[o.unit]))
    return tuple(
        replace(option, letter=letter) for letter, option in zip(ascii_lowercase, found, strict=False)
    )


def in_doubt(unit: Unit, fate: Fate) -> bool:
    """Whether the bot should ask what card the words make: not where they only answer or name the own point they take up."""
    if unit.repeats or fate == Fate():
        return False
    return unit.p < SURE and str(fate.took_up) not in _NUMBER.findall(unit.words)


def _in_force(debate: Debate, turn: int, option: Option) -> bool:
    """Whether ``option`` is what the learner chose last about the card, or the move, of the same words."""
    about = (turn, option.unit, option.what, option.point)
    chosen = [c for c in debate.contests if (c.turn, c.unit, c.what, c.point) == about]
    return bool(chosen) and (chosen[-1].card, chosen[-1].move) == (option.card, option.move)


def _card_options(at: int, unit: Unit) -> list[Option]:
    cards = [c.card for c in unit.candidates[1:] if c.p >= POSSIBLE and c.card is not None][:3]
    if unit.card is not None:
        return [Option("", at, unit.words, "card", card=card) for card in (*cards, None)]
    return [Option("", at, unit.words, "card", card=card) for card in cards]


def _move_options(at: int, unit: Unit) -> list[Option]:
    found = []
    for answer in unit.answers:
        moves = [m.move for m in answer.moves[1:] if m.p >= POSSIBLE][:2]
        found += [Option("", at, unit.words, "move", point=answer.point, move=move) for move in moves]
        found.append(Option("", at, unit.words, "move", point=answer.point))
    return found


def contest(debate: Debate, turn: int, letter: str) -> tuple[Entry, ...]:
    """The learner meant reading ``letter`` of speech ``turn``; bot points that answered what was not said are withdrawn."""
    if len(debate.contests) >= CONTESTS:
        raise Refusal(Code.NO_CONTESTS_LEFT, limit=CONTESTS)
    chosen = next((o for o in _all_options(debate, turn) if o.letter == letter.lower()), None)
    if chosen is None:
        raise Refusal(Code.UNKNOWN_CHOICE, word=letter[:10], turn=turn)
    if _in_force(debate, turn, chosen):
        raise Refusal(Code.LATE, turn=turn)
    return (
        Contested(
            turn=turn,
            unit=chosen.unit,
            what=chosen.what,
            card=chosen.card,
            point=chosen.point,
            move=str(chosen.move) if chosen.move else None,
            acts=_withdrawals(debate, turn, chosen),
        ),
    )


def _withdrawals(debate: Debate, turn: int, chosen: Option) -> tuple[Withdraws, ...]:
    """The bot's answers to the point that was not made, or to the taking up that was not meant."""
    if chosen.what != "card":
        return ()
    fate = debate.speeches[turn - 1].fates[chosen.unit]
    return tuple(
        Withdraws(point=point.number)
        for point in debate.bots
        if point.state not in (State.WITHDRAWN, State.CONCEDED)
        and point.answers is not None
        and (point.answers == fate.made or (point.answers, point.speech) == (fate.took_up, turn))
    )


# --- the other commands ---


def concede(debate: Debate, number: int) -> tuple[Entry, ...]:
    """The learner grants the bot's point ``number``."""
    point = _open_debate_point(debate, number)
    if not point.live:
        raise Refusal(Code.POINT_DECIDED, point=number, state=str(point.state))
    return (Conceded(point=number),)


def hint(debate: Debate, number: int | None, rubric: Rubric) -> tuple[Entry, ...]:
    """Words that would answer a bot point: the one named, or the strongest open one. Novice only."""
    _must_be_open(debate)
    if debate.started.level is not Level.NOVICE:
        raise Refusal(Code.HINTS_OFF, level=str(debate.started.level))
    points = [_open_debate_point(debate, number)] if number is not None else _by_need(debate)
    for point in points:
        best = best_attack(debate, point, rubric)
        if best is not None and point.live:
            return (Hinted(point=point.number, counterpoint=best[0]),)
    raise Refusal(Code.NO_HINT)


def _by_need(debate: Debate) -> list[Point]:
    live = [point for point in debate.bots if point.live]
    return sorted(live, key=lambda p: (p.state is not State.OPEN, -p.strength, p.number))


def end(debate: Debate) -> tuple[Entry, ...]:
    """The learner ends the debate before its closing."""
    _must_be_open(debate)
    return (Ended(why=Why.LEFT),)


def redo(debate: Debate, turn: int | None) -> tuple[Entry, ...]:
    """Speech ``turn`` is to be said again: after the ballot any speech, at novice meanwhile the last one, unscored."""
    _must_have_spoken(debate)
    last = len(debate.speeches)
    if debate.ended is None:
        if debate.started.level is not Level.NOVICE or turn not in (None, last):
            raise Refusal(Code.NOT_OVER, turn=last)
        if not any(fresh_attacks(debate, point) for point in debate.bots):
            raise Refusal(Code.NO_HINT)
    wanted = last if turn is None else turn
    if not 1 <= wanted <= last:
        raise Refusal(Code.BAD_ARGUMENT, word=str(wanted), last=last)
    return (Redoing(turn=wanted),)


def _redone(debate: Debate, turn: int, read: Read, rubric: Rubric) -> tuple[Entry, ...]:
    """The judgement of a speech said again: after the ballot the difference, before it the words of a stronger move."""
    if debate.ended is not None:
        before, after = (_worth(debate, turn, reading, rubric) for reading in (None, read.reading))
        return read, Redone(turn=turn, before=before, after=after)
    shows = _retry(debate, read.reading, rubric)
    return read, Answered(counts=False, retry=True, acts=shows)


def _worth(debate: Debate, turn: int, reading: Reading | None, rubric: Rubric) -> float:
    """The score up to speech ``turn`` with its own reading, or with ``reading`` in its place."""
    read = _read(debate, turn)
    said = Read(of=read.of, reading=reading) if reading is not None else read
    before = debate.entries[: debate.entries.index(read)]
    context = replay(debate.deck, (*before, said, Answered(counts=True, acts=())), contests=False)
    return judge(context, rubric).total


def _read(debate: Debate, turn: int) -> Read:
    """The entry that holds the reading of speech ``turn``."""
    pairs = zip(debate.entries, debate.entries[1:], strict=False)
    reads = [a for a, b in pairs if isinstance(a, Read) and isinstance(b, Answered) and b.counts]
    return reads[turn - 1]


def _retry(debate: Debate, reading: Reading, rubric: Rubric) -> tuple[Act, ...]:
    """What the try did to a bot point, and the words of the strongest attack on it."""
    answers = {answer.point: answer.move for unit in reading.units for answer in unit.answers}
    for point in (*(p for p in debate.bots if p.number in answers), *_by_need(debate)):
        best = best_attack(debate, point, rubric)
        if best is not None:
            made = answers.get(point.number)
            return (Shows(point=point.number, made=str(made) if made else None, counterpoint=best[0]),)
    return ()


def _must_be_open(debate: Debate) -> None:
    if debate.ended is not None:
        raise Refusal(Code.DEBATE_OVER)


def _must_have_spoken(debate: Debate) -> None:
    if not debate.speeches:
        raise Refusal(Code.NOTHING_SAID)


def _open_debate_point(debate: Debate, number: int) -> Point:
    """The bot's point ``number`` of a debate that is not over."""
    _must_be_open(debate)
    point = debate.by_number.get(number)
    if point is None or point.yours:
        raise Refusal(Code.UNKNOWN_POINT, point=number)
    return point
