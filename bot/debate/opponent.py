"""The opponent: what the bot does in answer to a speech, from the cards of the deck alone.

    answer what was said (counterpoints, unused ones first, the move that fits the level) ->
    press what is left open -> bring back or raise a point of its own -> ask one critical question -> one piece of feedback

Pure: the debate and its seed decide everything. This module must not know words beyond those of the deck.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.debate.debate import SPEECHES, Debate, Point, Speech
from bot.debate.entries import (
    Act,
    Advises,
    Asks,
    Cites,
    Counters,
    Explains,
    Extends,
    Level,
    Names,
    Presses,
    Questions,
    Raises,
    Yields,
)
from bot.debate.flow import FINAL, State
from bot.debate.judging import Rubric, slips
from bot.readings import PartKind
from content.deck import ATTACKS, Card, Counterpoint, Move

WORDS = 110
"""The longest reply, in words of speech and question."""

LAST_NEW = 3
"""The bot raises no point of its own accord in answer to a later speech than this."""

FRAME = 9
"""Words that ``bot.voice`` may put around one act (the number, a link)."""


@dataclass(frozen=True)
class Play:
    """How a level plays: points it opens with, learner's points it answers in a turn, moves it likes best first."""

    opens: int
    answers: int
    moves: tuple[Move, ...]
    presses: int


LEVELS: dict[Level, Play] = {
    Level.NOVICE: Play(1, 1, (Move.DENY, Move.MITIGATE, Move.UNDERCUT, Move.OUTWEIGH, Move.TURN), 1),
    Level.INTERMEDIATE: Play(2, 2, (Move.UNDERCUT, Move.MITIGATE, Move.OUTWEIGH, Move.DENY, Move.TURN), 1),
    Level.ADVANCED: Play(3, 2, (Move.TURN, Move.OUTWEIGH, Move.UNDERCUT, Move.DENY, Move.MITIGATE), 9),
}


def words(text: str) -> int:
    """The number of words of ``text``."""
    return len(text.split())


class _Turn:
    """A speech of the bot under construction: acts so far and the words still free."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.free = WORDS

    def add(self, act: Act, cost: int) -> bool:
        """Add ``act`` if its words fit."""
        if cost + FRAME > self.free:
            return False
        self.acts.append(act)
        self.free -= cost + FRAME
        return True


def _lot(debate: Debate, *what: object) -> str:
    """A fixed lot drawn for ``what`` in this debate: chance that replays."""
    return hashlib.sha256(repr((debate.started.seed, *what)).encode()).hexdigest()


# --- opening ---


def open_debate(debate: Debate) -> tuple[Act, ...]:
    """The bot's opening: strong points of its side from different clashes, drawn by the seed."""
    wanted = LEVELS[debate.started.level].opens
    chosen: list[Card] = []
    for card in _own_cards(debate):
        clash_free = all(card.clash != other.clash for other in chosen)
        if len(chosen) < wanted and clash_free and not _in_tension(debate, card.id, (c.id for c in chosen)):
            chosen.append(card)
    turn = _Turn()
    for card in chosen:
        turn.add(Raises(card=card.id), sum(words(getattr(card, part)) for part in raised_parts(len(chosen))))
    _cite(debate, turn)
    return tuple(turn.acts)


def _own_cards(debate: Debate) -> list[Card]:
    """The bot's cards, those of strength 2 and 3 first, in the seed's order."""
    cards = debate.deck.side_cards(debate.side.other)
    return sorted(cards, key=lambda card: (card.strength < 2, _lot(debate, "open", card.id)))


def _in_tension(debate: Debate, card: str, others: Iterable[str]) -> bool:
    held = set(others)
    return any(card in t.cards and held & (set(t.cards) - {card}) for t in debate.deck.tensions)


# --- answering a speech ---


def respond(debate: Debate, rubric: Rubric) -> tuple[Act, ...]:
    """The bot's answer to the last counted speech of ``debate``."""
    turn, speech = _Turn(), debate.speeches[-1]
    if speech.number >= SPEECHES:
        return tuple(_feedback(debate, speech, rubric))
    answered = _answer(debate, turn, speech)
    _press(debate, turn, speech)
    if not any(isinstance(act, Counters) for act in turn.acts):
        _bring(debate, turn, speech)
    _ask(debate, turn, speech, answered)
    _cite(debate, turn)
    return (*turn.acts, *_feedback(debate, speech, rubric))


def _answer(debate: Debate, turn: _Turn, speech: Speech) -> list[Point]:
    """Counterpoints against the points made or taken up in the speech, or the admission that there is none."""
    play = LEVELS[debate.started.level]
    used, cards, answered = set(debate.used), set(), list[Point]()
    for point in _targets(debate, speech):
        if len(answered) == play.answers:
            break
        if point.card is None:
            continue
        choices = [at for at in _choices(debate, point, speech) if at not in used]
        choices = [at for at in choices if debate.deck.counterpoints[at].by not in cards]
        best = choices[0] if choices else None
        if best is None:
            answered += [point] if turn.add(Yields(point=point.number), 6) else []
            continue
        attack = debate.deck.counterpoints[best]
        act = Counters(to=point.number, counterpoint=best, card=attack.by, move=attack.move)
        if turn.add(act, words(attack.say)):
            used.add(best)
            cards.add(attack.by)
            answered.append(point)
    _ask_about_unknown(debate, turn, speech, answered)
    return answered


def _targets(debate: Debate, speech: Speech) -> list[Point]:
    """The learner's live points of the speech, the strongest first, new ones before those taken up again."""
    points = [debate.by_number[number] for number in (*speech.made, *speech.taken_up)]
    live = [p for p in points if p.state is State.OPEN and not p.helps_other and not p.late]
    fresh = set(speech.made)
    return sorted(dict.fromkeys(live), key=lambda p: (p.number not in fresh, -p.strength, p.number))


def _choices(debate: Debate, point: Point, speech: Speech) -> list[int]:
    """The deck's counterpoints on the point's card, the best first."""
    liked = LEVELS[debate.started.level].moves
    mine = {p.card: p for p in debate.bots}
    dead = {card for card, p in mine.items() if p.state in FINAL or p.state is State.TURNED}

    def rank(at: int) -> tuple[bool, bool, int, str]:
        attack = debate.deck.counterpoints[at]
        stale = (attack.by not in mine) if speech.number > LAST_NEW + 1 else (attack.by in mine)
        contradicts = _in_tension(debate, attack.by, (card for card in mine if card))
        return contradicts, stale, liked.index(Move(attack.move)), _lot(debate, "counter", at)

    places = debate.deck.attacks_on.get(point.card or "", ())
    return sorted((at for at in places if debate.deck.counterpoints[at].by not in dead), key=rank)


def _ask_about_unknown(debate: Debate, turn: _Turn, speech: Speech, answered: list[Point]) -> None:
    """Ask about what the cards cannot answer: a later event, or a new point outside the deck."""
    outside = [p for p in _targets(debate, speech) if p.card is None]
    if speech.reading.later is not None and outside:
        turn.add(Asks(card=None, later=speech.reading.later), 16)
    elif outside and not answered:
        turn.add(Asks(card=_nearest(debate, speech)), 20)


def _nearest(debate: Debate, speech: Speech) -> str | None:
    """The nearest card of the learner's side, for a question about it."""
    for unit in speech.reading.units:
        for candidate in unit.candidates:
            if candidate.card is not None:
                return candidate.card
    return speech.reading.nearest


def _press(debate: Debate, turn: _Turn, speech: Speech) -> None:
    """Point to points of the bot that the speech left open, the strongest first."""
    limit = LEVELS[debate.started.level].presses
    left = [p for p in debate.bots if p.state is State.OPEN and p.left_alone == 1]
    for point in sorted(left, key=lambda p: (-p.strength, p.number))[:limit]:
        dodged = debate.started.level is Level.ADVANCED
        turn.add(Presses(point=point.number, dodged=dodged), 8 + words(_tag(debate, point)))


def _tag(debate: Debate, point: Point) -> str:
    return debate.deck.by_id[point.card].tag if point.card else ""


def _bring(debate: Debate, turn: _Turn, speech: Speech) -> None:
    """With no counterpoint to make: a point of one's own again with what was not yet said of it, or a fresh one."""
    back = _extension(debate)
    if back is not None:
        card = debate.deck.by_id[debate.by_number[back.point].card or ""]
        if turn.add(back, words(card.warrant if back.part == "warrant" else card.impact)):
            return
    if speech.number > LAST_NEW:
        return
    held = [p.card for p in debate.bots if p.card]
    for card in _own_cards(debate):
        if card.id not in held and not _in_tension(debate, card.id, held):
            turn.add(Raises(card=card.id), words(card.tag) + words(card.warrant))
            return


def _extension(debate: Debate) -> Extends | None:
    down = [p for p in debate.bots if p.state in (State.ANSWERED, State.OUTWEIGHED)]
    for point in sorted(down, key=lambda p: (-p.strength, p.number)):
        parts = unspoken(debate, point)
        if parts:
            return Extends(point=point.number, part=parts[0])
    return None


def unspoken(debate: Debate, point: Point) -> list[Literal["warrant", "impact"]]:
    """The parts of the point's card that the bot has not spoken in this debate."""
    spoken = spoken_parts(debate)
    both: tuple[Literal["warrant", "impact"], ...] = ("warrant", "impact")
    return [part for part in both if (point.card, part) not in spoken]


def spoken_parts(debate: Debate) -> set[tuple[str, str]]:
    """Which parts of which cards the bot has said: in raising, extending or explaining a point."""
    said: set[tuple[str, str]] = set()
    for acts in _speeches(debate):
        count = sum(isinstance(act, Raises) for act in acts)
        for act in acts:
            match act:
                case Raises(card=card):
                    said |= {(card, part) for part in raised_parts(count)}
                case Extends(point=number, part=part) | Explains(point=number, part=part):
                    said.add((debate.by_number[number].card or "", part))
                case _:
                    pass
    return said


CardPart = Literal["tag", "warrant", "impact"]


def raised_parts(count: int) -> tuple[CardPart, ...]:
    """What the bot says of each of ``count`` points raised in one speech, so that the speech stays short."""
    parts: tuple[CardPart, ...] = ("tag", "warrant", "impact")
    return parts[: max(1, 4 - count)]


def _ask(debate: Debate, turn: _Turn, speech: Speech, answered: list[Point]) -> None:
    """One critical question, about a point just answered or else about any point of the speech."""
    if any(isinstance(act, Asks) for act in turn.acts) or speech.number == SPEECHES - 1:
        return
    for point in (*answered, *_targets(debate, speech)):
        card = debate.deck.by_id.get(point.card or "")
        for at, question in enumerate(card.questions if card else ()):
            fresh = (point.card or "", at) not in debate.asked
            if fresh and turn.add(
                Questions(card=card.id if card else "", question=at, point=point.number), words(question)
            ):
                return


def _cite(debate: Debate, turn: _Turn) -> None:
    """Quote the essay for the first card of the speech that rests on it, if there is room."""
    cited = {(act.card, act.quote) for acts in _speeches(debate) for act in acts if isinstance(act, Cites)}
    for act in turn.acts:
        card = debate.deck.by_id[act.card] if isinstance(act, Raises | Counters) else None
        for at, quote in enumerate(card.quotes if card else ()):
            cost = words(quote.text) + sum(words(gloss) for _, gloss in debate.deck.glosses_in(quote.text))
            if card and (card.id, at) not in cited and turn.add(Cites(card=card.id, quote=at), cost):
                return


def _speeches(debate: Debate) -> list[tuple[Act, ...]]:
    """What the bot has done in each of its speeches, the opening first."""
    return [debate.opening, *(answer.acts for answer in debate.answered)]


# --- feedback ---


def _feedback(debate: Debate, speech: Speech, rubric: Rubric) -> list[Act]:
    """One piece of feedback: a slip, else the missing part or the stronger move, by turns."""
    found = slips(debate, speech.number)
    if found:
        return [found[0]]
    if speech.number >= SPEECHES:
        return []
    missing, stronger = _missing(debate, speech), _stronger(debate, speech, rubric)
    pair: list[Act | None] = [missing, stronger] if speech.number % 2 else [stronger, missing]
    return [act for act in pair if act is not None][:1]


def _missing(debate: Debate, speech: Speech) -> Names | None:
    """The one part of They say / But / Because / Therefore that the speech lacks most."""
    made = [debate.by_number[n] for n in speech.made if not debate.by_number[n].helps_other]
    for point in made:
        have = {part.kind for part in point.parts}
        if PartKind.WARRANT not in have:
            return Names(missing="because", point=point.number, card=point.card)
        if PartKind.IMPACT not in have:
            return Names(missing="therefore", point=point.number, card=point.card)
    open_points = [p for p in debate.bots if p.state is State.OPEN and p.left_alone]
    if open_points:
        return Names(missing="they_say", point=open_points[-1].number, card=open_points[-1].card)
    for point in made:
        if PartKind.EVIDENCE not in {part.kind for part in point.parts}:
            return Names(missing="evidence", point=point.number, card=point.card)
    return None


def _stronger(debate: Debate, speech: Speech, rubric: Rubric) -> Advises | None:
    """At novice: the move made against a point of the bot, and a stronger one that the deck holds."""
    if debate.started.level is not Level.NOVICE:
        return None
    for point in debate.bots:
        made = [hit for hit in point.hits if hit.speech == speech.number and hit.move in ATTACKS]
        better = best_attack(debate, point, rubric) if made and point.live else None
        if better is not None:
            at, attack = better
            if rubric.engagement.worth(Move(attack.move)) > rubric.engagement.worth(made[-1].move):
                return Advises(
                    point=point.number, made=str(made[-1].move), stronger=attack.move, counterpoint=at
                )
    return None


def best_attack(debate: Debate, point: Point, rubric: Rubric) -> tuple[int, Counterpoint] | None:
    """The strongest counterpoint the deck holds for the learner against a point of the bot, not yet shown as a hint."""
    shown = {hint.counterpoint for hint in debate.hinted}
    places = [at for at in debate.deck.attacks_on.get(point.card or "", ()) if at not in shown]
    if not places:
        return None
    best = max(
        places, key=lambda at: (rubric.engagement.worth(Move(debate.deck.counterpoints[at].move)), -at)
    )
    return best, debate.deck.counterpoints[best]
