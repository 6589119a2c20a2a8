"""The opponent: what the bot does in answer to a speech, from the cards of the deck alone.

    answer what was said (counterpoints and rejoinders that meet it, unused ones, the move that fits the level) ->
    press what is left open -> bring back or raise a point of its own -> ask one critical question -> one piece of feedback

Pure: the debate and its seed decide everything. This module must not know words beyond those of the deck.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from bot.debate.debate import SPEECHES, Debate, Hit, Point, Speech
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
from bot.debate.flow import State
from bot.debate.judging import Rubric, slips
from bot.readings import SURE, PartKind, Unit
from content.deck import ATTACKS, Card, Counterpoint, Move, Rejoinder

WORDS = 110
"""The longest reply, in words of speech and question."""

NEARLY = 0.97
"""A counterpoint is apt that is at least this share as likely to meet the words as the best one."""

MEETS, DOUBTED = 0.3, 0.3
"""From the first probability on the best counterpoint answers words that may make no card: that do not, or that are a new
point with at least the second. (At .3 to .4 three in four such replies in labelled debates pass; to press an older point instead
answers nothing.)"""

WORTH_ASKING = 0.1
"""The least probability at which the bot asks whether a card was meant."""

LAST_NEW = 3
"""The bot raises no point of its own accord in answer to a later speech than this."""


@dataclass(frozen=True)
class Play:
    """How a level plays: points it opens with, learner's points it answers in a turn, moves it likes best first."""

    opens: int
    answers: int
    moves: tuple[Move, ...]
    presses: int
    follows: bool = False
    """Says so when the learner goes round a point."""


LEVELS: dict[Level, Play] = {
    Level.NOVICE: Play(1, 1, (Move.DENY, Move.MITIGATE, Move.UNDERCUT, Move.OUTWEIGH, Move.TURN), 1),
    Level.INTERMEDIATE: Play(2, 2, (Move.UNDERCUT, Move.MITIGATE, Move.OUTWEIGH, Move.DENY, Move.TURN), 1),
    Level.ADVANCED: Play(3, 2, (Move.TURN, Move.OUTWEIGH, Move.UNDERCUT, Move.DENY, Move.MITIGATE), 9, True),
}


def words(text: str) -> int:
    """The number of words of ``text``."""
    return len(text.split())


class _Turn:
    """A speech of the bot under construction: acts so far and the words still free."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.free = WORDS

    def add(self, act: Act, cost: int, keep: int = 0) -> bool:
        """Add ``act`` if its words, frame included, fit and leave ``keep`` words."""
        if cost + keep > self.free:
            return False
        self.acts.append(act)
        self.free -= cost
        return True


# --- what an act costs: the deck's words and those that ``bot.voice`` puts around them ---


def _naming(card: Card) -> int:
    """The words of ``#4 [f07 · ¶11, ¶12]``."""
    return 3 + len(card.lines)


def _raise_cost(card: Card, count: int) -> int:
    return _naming(card) + sum(words(getattr(card, part)) for part in raised_parts(count))


def _counter_cost(debate: Debate, attack: Rejoinder) -> int:
    return 3 + _naming(debate.deck.by_id[attack.by]) + words(attack.say)


def _extend_cost(card: Card, part: Literal["warrant", "impact"]) -> int:
    return 3 + _naming(card) + words(getattr(card, part))


def _press_costs(debate: Debate, presses: list[Presses]) -> list[int]:
    """Points pressed in one speech share a sentence, so the first pays for its frame."""
    frame = 13 if any(press.dodged for press in presses) else 9
    return [
        2 + words(_card(debate, debate.by_number[press.point]).tag) + (0 if at else frame)
        for at, press in enumerate(presses)
    ]


YIELD_COST = 9
ASK_COST = 18


def _lot(debate: Debate, *what: object) -> str:
    """A fixed lot drawn for ``what`` in this debate: chance that replays."""
    return hashlib.sha256(repr((debate.started.seed, *what)).encode()).hexdigest()


# --- opening ---


def open_debate(debate: Debate) -> tuple[Act, ...]:
    """The bot's opening: strong points of its side from different clashes, drawn by the seed."""
    for count in range(LEVELS[debate.started.level].opens, 0, -1):
        turn = _opening(debate, count)
        if len(turn.acts) == count:
            break
    _cite(debate, turn)
    return tuple(turn.acts)


def _opening(debate: Debate, count: int) -> _Turn:
    """A speech of ``count`` points, or of fewer where no more go together and fit."""
    turn, held = _Turn(), dict[str, str]()
    for _ in range(count):
        for card in sorted(_own_cards(debate), key=lambda card: card.clash in held.values()):
            fits = card.id not in held and not debate.deck.in_tension(card.id, held)
            if fits and turn.add(Raises(card=card.id), _raise_cost(card, count)):
                held[card.id] = card.clash
                break
    return turn


def _own_cards(debate: Debate) -> list[Card]:
    """The bot's cards, those of strength 2 and 3 first, in the seed's order."""
    cards = debate.deck.side_cards(debate.side.other)
    return sorted(cards, key=lambda card: (card.strength < 2, _lot(debate, "open", card.id)))


# --- answering a speech ---


def respond(debate: Debate, rubric: Rubric) -> tuple[Act, ...]:
    """The bot's answer to the last counted speech of ``debate``."""
    turn, speech = _Turn(), debate.speeches[-1]
    if speech.number >= SPEECHES:
        return tuple(_feedback(debate, speech, rubric))
    presses = _presses(debate, speech)
    answered = _answer(debate, turn, speech, sum(_press_costs(debate, presses)))
    for press, cost in zip(presses, _press_costs(debate, presses), strict=True):
        turn.add(press, cost)
    if not any(isinstance(act, Counters) for act in turn.acts):
        _bring(debate, turn, speech)
    _ask(debate, turn, speech, answered)
    _cite(debate, turn)
    return (*turn.acts, *_feedback(debate, speech, rubric))


def _answer(debate: Debate, turn: _Turn, speech: Speech, keep: int) -> list[Point]:
    """Counterpoints against the points made or taken up in the speech, or the admission that there is none.

    All but the first leave ``keep`` words to press what the learner left open.
    """
    answered = list[Point]()
    for point in _targets(debate, speech):
        enough = len(answered) == LEVELS[debate.started.level].answers
        if not enough:
            answered += [point] if _attack(debate, turn, point, speech, keep if answered else 0) else []
    _ask_about_unknown(debate, turn, speech, answered)
    return answered


def _attack(debate: Debate, turn: _Turn, point: Point, speech: Speech, keep: int) -> bool:
    """The best unused counterpoint that fits, from a card not yet named in this speech if there is one; else yield.

    To words of which the bot is not sure what they mean, it says only what answers them anyway: else it will ask.
    """
    said = [act for act in turn.acts if isinstance(act, Counters)]
    named, used = {act.card for act in said}, {act.counterpoint for act in said}
    unused = [at for at in _choices(debate, point, speech) if at not in used]
    choices = _apt(unused, point, speech)
    if not unused:
        return point.card is not None and turn.add(Yields(point=point.number), YIELD_COST, keep)
    for at in sorted(choices, key=lambda at: debate.deck.attacks[at].by in named):
        attack = debate.deck.attacks[at]
        act = Counters(to=point.number, counterpoint=at, card=attack.by, move=attack.move)
        if turn.add(act, _counter_cost(debate, attack), keep):
            return True
    return False


def _apt(choices: list[int], point: Point, speech: Speech) -> list[int]:
    """Those of ``choices`` that meet the learner's words nearly as well as the best one does; where the words may make no
    card of the deck, only where that one meets them anyway."""
    fits = _fits(point, speech)
    best = max((fits.get(at, 0.0) for at in choices), default=0.0)
    if best < MEETS and (point.card is None or _may_be_new(point, speech)):
        return []
    return [at for at in choices if fits.get(at, 0.0) >= best * NEARLY]


def _may_be_new(point: Point, speech: Speech) -> bool:
    """Whether it is unsure which card the words of a point make, and that they make one at all."""
    unit = _unit_of(point, speech)
    if unit is None or unit.p >= SURE:
        return False
    return any(candidate.card is None and candidate.p >= DOUBTED for candidate in unit.candidates)


def _fits(point: Point, speech: Speech) -> dict[int, float]:
    """How likely counterpoints are to meet the words of the speech that made the point or took it up."""
    unit = _unit_of(point, speech)
    return {fit.counterpoint: fit.p for fit in unit.fits} if unit is not None else {}


def _unit_of(point: Point, speech: Speech) -> Unit | None:
    """The words of the speech that made the point or took it up."""
    fates = zip(speech.fates, speech.reading.units, strict=True)
    return next((unit for fate, unit in fates if point.number in (fate.made, fate.took_up)), None)


def _targets(debate: Debate, speech: Speech) -> list[Point]:
    """The learner's live points of the speech, first the one that a reply meets best, then the strongest, new ones before
    those taken up again."""
    points = [debate.by_number[number] for number in (*speech.made, *speech.taken_up)]
    live = [p for p in points if p.state is State.OPEN and not p.helps_other and not p.late]
    fresh = set(speech.made)

    def rank(point: Point) -> tuple[float, bool, int, int]:
        met = max(_fits(point, speech).values(), default=0.0)
        return -round(met, 1), point.number not in fresh, -point.strength, point.number

    return sorted(dict.fromkeys(live), key=rank)


def _choices(debate: Debate, point: Point, speech: Speech) -> list[int]:
    """The deck's unused counterpoints on the point's card, and all replies that meet its words, the best first; of a card
    turned against the bot only the rejoinders, which answer for it."""
    liked = LEVELS[debate.started.level].moves
    mine = {_card(debate, p).id for p in debate.bots}
    turned = {_card(debate, p).id for p in debate.bots if p.state is State.TURNED}
    late = speech.number > LAST_NEW
    met = {_card(debate, p).id for p in debate.bots if (not p.live if late else p.state is not State.OPEN)}

    def rank(at: int) -> tuple[bool, bool, bool, int, str]:
        attack = debate.deck.attacks[at]
        stale = (attack.by not in mine) if late else (attack.by in mine)
        contradicts = debate.deck.in_tension(attack.by, mine)
        # What the learner has answered, dropped or granted is not put a second time while anything else answers.
        again = attack.by in met
        return contradicts, again, stale, liked.index(Move(attack.move)), _lot(debate, "counter", at)

    meeting = [at for at, p in _fits(point, speech).items() if p >= MEETS]
    places = dict.fromkeys((*meeting, *debate.deck.attacks_on.get(point.card or "", ())))
    unused = (at for at in places if at not in debate.used)
    sound = (at for at in unused if at in debate.deck.follows or debate.deck.attacks[at].by not in turned)
    return sorted(sound, key=rank)


def _ask_about_unknown(debate: Debate, turn: _Turn, speech: Speech, answered: list[Point]) -> None:
    """Ask about what the cards cannot answer: a later event, a new point outside the deck, or words not understood."""
    targets = _targets(debate, speech)
    outside = [p for p in targets if p.card is None and p not in answered]
    if speech.reading.later is not None and outside:
        turn.add(Asks(card=None, later=speech.reading.later), ASK_COST + words(speech.reading.later))
    elif targets and not answered and not all(_rebuts(p, speech) for p in targets):
        card = _nearest(debate, speech)
        turn.add(Asks(card=card), ASK_COST + (words(debate.deck.by_id[card].tag) if card else 0))


def _rebuts(point: Point, speech: Speech) -> bool:
    """Whether words outside the cards attack a point of the bot's: they need no card to be understood."""
    unit = _unit_of(point, speech)
    return point.card is None and unit is not None and any(a.move in ATTACKS for a in unit.answers)


def _nearest(debate: Debate, speech: Speech) -> str | None:
    """The card of the learner's side nearest to words that were not understood, for a question about it."""
    unsure = [unit for unit in speech.reading.units if unit.card is None or unit.p < SURE]
    near = [c.card for unit in unsure for c in unit.candidates if c.p >= WORTH_ASKING]
    own = {card.id for card in debate.deck.side_cards(debate.side)}
    return next((card for card in near if card in own), None)


def _presses(debate: Debate, speech: Speech) -> list[Presses]:
    """The points of the bot that the speech left open: those it dodged first (the advanced bot says so), the strongest first."""
    play = LEVELS[debate.started.level]
    left = [
        Presses(point=p.number, dodged=play.follows and _hit(p, speech))
        for p in sorted(debate.bots, key=lambda p: (-p.strength, p.number))
        if p.state is State.OPEN
    ]
    return sorted(left, key=lambda press: not press.dodged)[: play.presses]


def _hit(point: Point, speech: Speech) -> bool:
    """Whether the speech did anything to a point of the bot's."""
    return any(hit.speech == speech.number for hit in point.hits)


def _card(debate: Debate, point: Point) -> Card:
    """The card of a point of the bot's."""
    return debate.deck.by_id[point.card or ""]


def _bring(debate: Debate, turn: _Turn, speech: Speech) -> None:
    """With no counterpoint to make: a point of one's own again with what was not yet said of it; where none is left to
    answer, a fresh one."""
    back = _extension(debate, speech)
    if back is not None:
        card = _card(debate, debate.by_number[back.point])
        if turn.add(back, _extend_cost(card, back.part)):
            return
    if speech.number > LAST_NEW or any(point.state is State.OPEN for point in debate.bots):
        return
    held = {_card(debate, point).id for point in debate.bots}
    for card in _own_cards(debate):
        fits = card.id not in held and not debate.deck.in_tension(card.id, held)
        if fits and turn.add(Raises(card=card.id), _raise_cost(card, 1)):
            return


def _extension(debate: Debate, speech: Speech) -> Extends | None:
    """A point that was answered, put again: first one that this very speech answered, then the strongest."""
    down = [p for p in debate.bots if p.state in (State.ANSWERED, State.OUTWEIGHED)]
    for point in sorted(down, key=lambda p: (not _hit(p, speech), -p.strength, p.number)):
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
    """Which parts of which cards the bot has said (``quote``: the first one), in whatever act."""
    said: set[tuple[str, str]] = set()
    for acts in _speeches(debate):
        count = sum(isinstance(act, Raises) for act in acts)
        for act in acts:
            match act:
                case Raises(card=card):
                    said |= {(card, part) for part in raised_parts(count)}
                case Extends(point=number, part=part) | Explains(point=number, part=part):
                    said.add((_card(debate, debate.by_number[number]).id, part))
                case Cites(card=card, quote=0):
                    said.add((card, "quote"))
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
        card = point.card or ""
        for at, question in enumerate(debate.deck.by_id[card].questions if card else ()):
            act = Questions(card=card, question=at, point=point.number)
            if (card, at) not in debate.asked and turn.add(act, words(question)):
                return


def _cite(debate: Debate, turn: _Turn) -> None:
    """Quote the essay for the first card of the speech that rests on it, if there is room."""
    spoken = spoken_parts(debate)
    cited = {(act.card, act.quote) for acts in _speeches(debate) for act in acts if isinstance(act, Cites)}
    cited |= {(card, 0) for card, part in spoken if part == "quote"}
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
    found = slips(debate, speech.number, rubric.strategy)
    if found:
        return [found[0]]
    if speech.number >= SPEECHES:
        return []
    missing, stronger = _missing(debate, speech), _stronger(debate, speech, rubric)
    pair: list[Act | None] = [missing, stronger] if speech.number % 2 else [stronger, missing]
    return [act for act in pair if act is not None][:1]


def _missing(debate: Debate, speech: Speech) -> Names | None:
    """The one part of They say / But / Because / Therefore that the speech lacks most, and really lacks."""
    made = [debate.by_number[n] for n in speech.made if not debate.by_number[n].helps_other]
    bare = (_lacks(point, speech) for point in made)
    return next(
        (names for names in (*bare, _left_open(debate, speech), *_unproven(made, speech)) if names), None
    )


def _lacks(point: Point, speech: Speech) -> Names | None:
    """The part that a point made in the speech lacks, with everything in the speech that belongs to it.

    Words that claim nothing and answer nothing are no point to mend.
    """
    have, card = _parts(point, speech), _example(point, speech)
    if PartKind.CLAIM not in have:
        but = Names(missing="but", point=point.answers, card=card)
        return but if point.answers is not None else None
    if PartKind.WARRANT not in have:
        return Names(missing="because", point=point.number, card=card)
    if PartKind.IMPACT not in have:
        return Names(missing="therefore", point=point.number, card=card)
    return None


def _left_open(debate: Debate, speech: Speech) -> Names | None:
    """The bot's point made last of those that the speech left open: restated or dodged it lacks the answer, else both."""
    for point in reversed(debate.bots):
        if point.state is State.OPEN:
            touched = _hit(point, speech) or any(
                restated.point == point.number for restated in speech.reading.restatements
            )
            return Names(missing="but" if touched else "they_say", point=point.number, card=point.card)
    return None


def _unproven(made: list[Point], speech: Speech) -> list[Names]:
    """The points made in the speech without evidence."""
    return [
        Names(missing="evidence", point=point.number, card=_example(point, speech))
        for point in made
        if PartKind.CLAIM in _parts(point, speech) and PartKind.EVIDENCE not in _parts(point, speech)
    ]


def _parts(point: Point, speech: Speech) -> set[PartKind]:
    """The parts that a point has after the speech: its own, and those of a unit that follows it and claims nothing."""
    have = {part.kind for part in point.parts}
    ours = False
    for unit, fate in zip(speech.reading.units, speech.fates, strict=True):
        kinds = {part.kind for part in unit.parts}
        ours = point.number in (fate.made, fate.took_up) or (ours and PartKind.CLAIM not in kinds)
        have |= kinds if ours else set()
    return have


def _example(point: Point, speech: Speech) -> str | None:
    """The card of a point that an example may be built from; None where the reading doubts it."""
    pairs = zip(speech.reading.units, speech.fates, strict=True)
    return point.card if any(fate.made == point.number and unit.p >= SURE for unit, fate in pairs) else None


def _stronger(debate: Debate, speech: Speech, rubric: Rubric) -> Advises | None:
    """At novice: the move made against a point of the bot, and a stronger one that the deck holds and the words are not."""
    if debate.started.level is not Level.NOVICE:
        return None
    for point in debate.bots:
        made = [hit for hit in point.hits if hit.speech == speech.number and hit.move in ATTACKS]
        better = best_attack(debate, point, rubric) if made and point.live else None
        if better is not None:
            at, attack = better
            did = max((hit.move for hit in made), key=rubric.engagement.worth)
            stronger = rubric.engagement.worth(Move(attack.move)) > rubric.engagement.worth(did)
            if stronger and not _maybe(speech, point, Move(attack.move)):
                return Advises(point=point.number, made=str(did), stronger=attack.move, counterpoint=at)
    return None


MOVE_SURE = 0.6
"""Below this probability a move is not named as what the learner did."""

MOVE_MAYBE = 0.2
"""From this probability on a move is not advised: the learner may have made it."""


def _maybe(speech: Speech, point: Point, move: Move) -> bool:
    """Whether the speech may have answered the point by ``move``."""
    answers = (answer for unit in speech.reading.units for answer in unit.answers)
    moves = (found for answer in answers if answer.point == point.number for found in answer.moves)
    return any(found.move is move and found.p >= MOVE_MAYBE for found in moves)


def surely(debate: Debate, point: int, hit: Hit) -> bool:
    """Whether the reading was sure of the move of the learner's answer ``hit`` to ``point``."""
    units = debate.speeches[hit.speech - 1].reading.units
    heard = [
        a.moves[0] for unit in units if unit.words == hit.words for a in unit.answers if a.point == point
    ]
    return any(found.move is hit.move and found.p >= MOVE_SURE for found in heard)


def best_attack(debate: Debate, point: Point, rubric: Rubric) -> tuple[int, Counterpoint] | None:
    """The strongest counterpoint the deck holds for the learner against a point of the bot, not yet shown."""
    places = fresh_attacks(debate, point)
    if not places:
        return None
    best = max(places, key=lambda at: rubric.engagement.worth(Move(debate.deck.counterpoints[at].move)))
    return best, debate.deck.counterpoints[best]


def fresh_attacks(debate: Debate, point: Point) -> list[int]:
    """The deck's counterpoints against a point of the bot whose words the learner was not shown."""
    return [at for at in debate.deck.attacks_on[_card(debate, point).id] if at not in debate.shown]
