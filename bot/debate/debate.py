"""A debate as it stands: the transcript replayed into points, states and counts.

    replay(deck, entries) -> Debate        with the learner's contests, as shown
    replay(deck, entries, contests=False)  without them, as ranked
    follow(debate, *entries) -> Debate     the same debate, further on

A ``Debate`` is never stored; it is a reading of the entries. This module must not decide anything (see ``rules``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import assert_never

from bot.debate.entries import (
    Act,
    Advises,
    Answered,
    Asides,
    Asks,
    Cites,
    Conceded,
    Contested,
    Counters,
    Ended,
    Entry,
    Explains,
    Extends,
    Hinted,
    Names,
    Opened,
    Presses,
    Questions,
    Raises,
    Read,
    Redoing,
    Redone,
    Shows,
    Spoke,
    Started,
    Warns,
    Why,
    Withdraws,
    Yields,
)
from bot.debate.flow import FINAL, Event, State, after
from bot.readings import (
    SURE,
    Answer,
    BotPoint,
    Candidate,
    MoveCandidate,
    OwnPoint,
    Part,
    Reading,
    Situation,
    Unit,
)
from content.deck import ATTACKS, Card, Deck, Move, Side

SPEECHES = 6
"""The learner's speeches in the spar format: opening, four exchanges, closing."""

LEFT_ALONE = 2
"""A bot point that so many counted speeches of the learner left alone is dropped."""

OUTSIDE_STRENGTH = 2
"""The strength of a point outside the deck."""


@dataclass(frozen=True)
class Hit:
    """That the learner's words answered a point: in which speech, by which move."""

    speech: int
    move: Move
    words: str
    turns: str | None = None
    """For a turn: ``link`` (it does the opposite) or ``impact`` (that is good, not bad), where it could be told."""


@dataclass(frozen=True)
class Point:
    """An argument on the flow.

    ``speech`` is the number of the learner's speech in which it was made, or after which (0: the opening of the bot).
    ``hits`` are the learner's answers to a point of the bot, ``doubts`` words that perhaps answered it, ``too_late``
    answers to one that was dropped; ``extended`` the speeches that took a point of one's own up again.
    """

    number: int
    yours: bool
    card: str | None
    words: str
    strength: int
    speech: int
    state: State = State.OPEN
    answers: int | None = None
    move: Move | None = None
    counterpoint: int | None = None
    parts: tuple[Part, ...] = ()
    hits: tuple[Hit, ...] = ()
    doubts: tuple[Hit, ...] = ()
    too_late: tuple[Hit, ...] = ()
    extended: tuple[int, ...] = ()
    extensions: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    left_alone: int = 0
    late: bool = False
    """New in the closing: no credit."""
    helps_other: bool = False
    """Argued for the other side."""
    p: float = 1.0
    """How sure the reading was of its card."""

    @property
    def live(self) -> bool:
        return self.state not in FINAL

    @property
    def attacked(self) -> bool:
        """Whether it was answered and can be extended."""
        return self.state in (State.ANSWERED, State.TURNED, State.OUTWEIGHED)


@dataclass(frozen=True)
class Fate:
    """What became of a unit when it was heard: the number of the point it made, or of the own point it took up.

    Decided once; a later contest changes what the point says, never how the points are numbered.
    """

    made: int | None = None
    took_up: int | None = None


@dataclass(frozen=True)
class Speech:
    """A counted speech of the learner: its words, its reading (contests applied) and the numbers of the points it made."""

    number: int
    text: str
    reading: Reading
    made: tuple[int, ...]
    acts: tuple[Act, ...]
    taken_up: tuple[int, ...]
    """Own points it took up again."""
    fates: tuple[Fate, ...] = ()
    """What became of each unit."""


@dataclass(frozen=True)
class Debate:
    """The state of a debate after its entries."""

    deck: Deck
    started: Started
    entries: tuple[Entry, ...]
    points: tuple[Point, ...] = ()
    speeches: tuple[Speech, ...] = ()
    opening: tuple[Act, ...] = ()
    pending: tuple[tuple[int, Spoke], ...] = ()
    """Words heard and not yet answered, with their places in the transcript."""
    read: tuple[int, Read] | None = None
    answered: tuple[Answered, ...] = ()
    contests: tuple[Contested, ...] = ()
    hinted: tuple[Hinted, ...] = ()
    explained: tuple[tuple[int, int], ...] = ()
    """Points explained on the learner's question, each with the number of speeches before it."""
    used: frozenset[int] = frozenset()
    """Counterpoints the bot has said."""
    asked: tuple[tuple[str, int], ...] = ()
    """Critical questions the bot has asked: card and number."""
    ended: Why | None = None
    redoing: int | None = None
    redone: tuple[Redone, ...] = ()

    @property
    def length(self) -> int:
        """The number of entries."""
        return len(self.entries)

    @property
    def side(self) -> Side:
        """The learner's side."""
        return self.started.side

    @property
    def next_speech(self) -> int:
        """The number of the learner's next counted speech, from 1."""
        return len(self.speeches) + 1

    @property
    def closing(self) -> bool:
        """Whether the next speech is the closing."""
        return self.next_speech == SPEECHES

    @cached_property
    def by_number(self) -> dict[int, Point]:
        return {point.number: point for point in self.points}

    @property
    def yours(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.yours)

    @property
    def bots(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if not point.yours)

    @property
    def asides_in_a_row(self) -> int:
        """How many messages that were no speech came last."""
        count = 0
        for answer in reversed(self.answered):
            if not any(isinstance(act, Asides) for act in answer.acts):
                break
            count += 1
        return count

    @property
    def questions_this_turn(self) -> int:
        """How many questions about a bot point the learner has asked since the last counted speech."""
        return sum(1 for _, before in self.explained if before == len(self.speeches))

    @property
    def examples(self) -> tuple[str, ...]:
        """The reasons and consequences the bot gave as examples of what was missing: said back, they are repetition."""
        named = [
            act for answer in self.answered for act in answer.acts if isinstance(act, Names) and act.card
        ]
        cards = [(self.deck.by_id[act.card or ""], act.missing) for act in named]
        return tuple(
            card.warrant if missing == "because" else card.impact
            for card, missing in cards
            if missing in ("because", "therefore")
        )

    @property
    def open_question(self) -> Questions | None:
        """The critical question of the bot's last speech, which the learner may answer now."""
        acts = self.speeches[-1].acts if self.speeches else ()
        return next((act for act in acts if isinstance(act, Questions)), None)

    @property
    def shown(self) -> frozenset[int]:
        """Counterpoints whose words the learner was shown: by a hint, or after a retry."""
        retries = [act for answer in self.answered for act in answer.acts if isinstance(act, Shows)]
        lent: tuple[Hinted | Shows, ...] = (*self.hinted, *retries)
        return frozenset(words.counterpoint for words in lent)

    def own_point(self, card: str | None) -> Point | None:
        """The learner's point made from ``card``, if there is one."""
        made = (p for p in self.yours if p.card == card and p.state is not State.WITHDRAWN)
        return next(made, None) if card is not None else None

    def _as_read(self, point: Point) -> BotPoint:
        """A point of the bot as the reader needs it."""
        return BotPoint(
            number=point.number,
            card=point.card or "",
            said=point.words,
            on=_card_answered(self, point),
            open=point.state is State.OPEN,
            latest=point.speech == max(p.speech for p in self.bots),
        )

    def situation(self) -> Situation:
        """What the reader may know of this debate."""
        asked = self.open_question
        return Situation(
            side=self.side,
            points=tuple(self._as_read(point) for point in self.bots if point.live),
            decided=tuple(
                self._as_read(point) for point in self.bots if point.state in (State.CONCEDED, State.DROPPED)
            ),
            own=tuple(
                OwnPoint(number=p.number, card=p.card, words=p.words, attacked=p.attacked)
                for p in self.yours
                if p.state is not State.WITHDRAWN
            ),
            said=tuple(speech.text for speech in self.speeches)
            + tuple(self.deck.attacks[at].say for at in sorted(self.shown))
            + self.examples,
            asked=self.deck.by_id[asked.card].questions[asked.question] if asked else None,
            asked_of=asked.point if asked else None,
            closing=self.closing,
        )


def _card_answered(debate: Debate, point: Point) -> str | None:
    return debate.by_number[point.answers].card if point.answers is not None else None


Fates = tuple[tuple[Fate, ...], ...]
"""Per speech, what became of its units."""


def replay(deck: Deck, entries: Iterable[Entry], *, contests: bool = True) -> Debate:
    """The debate of ``entries`` (the first is ``Started``) on ``deck``; without ``contests`` as if none had been made."""
    transcript = tuple(entries)
    started = transcript[0]
    assert isinstance(started, Started), "a transcript begins with Started"
    debate = follow(Debate(deck=deck, started=started, entries=(started,)), *transcript[1:])
    if contests or not debate.contests:
        return debate
    return _again(debate, ())


def follow(debate: Debate, *entries: Entry) -> Debate:
    """The debate with ``entries`` after those it has."""
    for entry in entries:
        debate = _append(debate, entry, debate.contests, ())
        if isinstance(entry, Contested):
            debate = _again(debate, debate.contests)
    return debate


def _again(debate: Debate, overrides: tuple[Contested, ...]) -> Debate:
    """The debate told again from its first entry with ``overrides`` in place; the numbers of points stay what they are."""
    fates = tuple(speech.fates for speech in debate.speeches)
    told = Debate(deck=debate.deck, started=debate.started, entries=debate.entries[:1])
    for entry in debate.entries[1:]:
        told = _append(told, entry, overrides, fates)
    return told


def _append(debate: Debate, entry: Entry, overrides: tuple[Contested, ...], fates: Fates) -> Debate:
    return replace(_step(debate, entry, overrides, fates), entries=(*debate.entries, entry))


def _step(debate: Debate, entry: Entry, overrides: tuple[Contested, ...], fates: Fates) -> Debate:
    match entry:
        case Started():
            raise ValueError("a transcript has one Started")
        case Opened(acts=acts):
            return replace(_act_all(debate, acts), opening=acts)
        case Spoke():
            return replace(debate, pending=(*debate.pending, (debate.length, entry)))
        case Read():
            return replace(debate, read=(debate.length, entry))
        case Answered():
            return _answered(debate, entry, overrides, fates)
        case Contested():
            return _contested(debate, entry, overrides)
        case Conceded(point=number):
            return _hit(debate, number, Move.CONCEDE, "")
        case Hinted():
            return replace(debate, hinted=(*debate.hinted, entry))
        case Ended(why=why):
            return replace(debate, ended=why, redoing=None)
        case Redoing(turn=turn):
            return replace(debate, redoing=turn)
        case Redone():
            return replace(_taken(debate)[0], redoing=None, redone=(*debate.redone, entry))
        case _:
            assert_never(entry)


def _taken(debate: Debate) -> tuple[Debate, Reading, str]:
    """The debate without the words that were read last, their reading, and the words."""
    assert debate.read is not None, "an answer follows its Read"
    read = debate.read[1]
    text = "\n".join(spoke.text for at, spoke in debate.pending if at in read.of)
    rest = tuple((at, spoke) for at, spoke in debate.pending if at not in read.of)
    return replace(debate, pending=rest, read=None), read.reading, text


def _answered(debate: Debate, entry: Answered, overrides: tuple[Contested, ...], fates: Fates) -> Debate:
    taken, heard_as, text = _taken(debate)
    before = replace(taken, answered=(*debate.answered, entry))
    if not entry.counts:
        return _act_all(replace(before, redoing=None if entry.retry else before.redoing), entry.acts)
    number = before.next_speech
    reading = _contested_reading(heard_as, number, overrides)
    known = fates[number - 1] if number <= len(fates) else ()
    heard = _hear_speech(before, text, reading, known, overrides)
    speech = replace(heard.speeches[-1], acts=entry.acts)
    return _act_all(replace(heard, speeches=(*heard.speeches[:-1], speech)), entry.acts)


# --- the learner's speech ---


def _contested_reading(reading: Reading, turn: int, overrides: Iterable[Contested]) -> Reading:
    """``reading`` of speech ``turn`` with the learner's contests of it in place."""
    units = list(reading.units)
    for contest in overrides:
        if contest.turn == turn:
            units[contest.unit] = _contested_unit(units[contest.unit], contest)
    return reading.model_copy(update={"units": tuple(units)})


def _contested_unit(unit: Unit, contest: Contested) -> Unit:
    if contest.what == "card":
        return unit.model_copy(update={"candidates": (Candidate(card=contest.card, p=1.0),), "own": None})
    kept = tuple(answer for answer in unit.answers if answer.point != contest.point)
    if contest.move is None or contest.point is None:
        return unit.model_copy(update={"answers": kept})
    moved = Answer(point=contest.point, p=1.0, moves=(MoveCandidate(move=Move(contest.move), p=1.0),))
    return unit.model_copy(update={"answers": (moved, *kept)})


def _hear_speech(
    debate: Debate, text: str, reading: Reading, known: tuple[Fate, ...], overrides: tuple[Contested, ...]
) -> Debate:
    """The debate with a counted speech on the flow: points made, points answered, points left alone."""
    number, fates = debate.next_speech, list(known)
    not_meant = {c.unit for c in overrides if c.turn == number and c.what == "card"}
    after_units = debate
    for at, unit in enumerate(reading.units):
        if at == len(fates):
            fates.append(_fate(after_units, unit))
        fate = replace(fates[at], took_up=None) if at in not_meant else fates[at]
        after_units = _hear_unit(after_units, unit, fate, number)
    speech = Speech(
        number=number,
        text=text,
        reading=reading,
        made=tuple(fate.made for fate in fates if fate.made is not None),
        acts=(),
        taken_up=tuple(fate.took_up for fate in fates if fate.took_up is not None),
        fates=tuple(fates),
    )
    counted = replace(after_units, speeches=(*after_units.speeches, speech))
    return _leave_alone(counted, {act.point for contest in overrides for act in contest.acts})


def _fate(debate: Debate, unit: Unit) -> Fate:
    """What a unit does: nothing (a repetition, a mere concession), take up an own point, or make a new one."""
    if unit.repeats:
        return Fate()
    own = debate.by_number.get(unit.own) if unit.own is not None else None
    own = own if own is not None and own.yours else debate.own_point(unit.card)
    if own is not None:
        return Fate(took_up=own.number)
    return Fate() if _only_concedes(unit) else Fate(made=len(debate.points) + 1)


def _hear_unit(debate: Debate, unit: Unit, fate: Fate, speech: int) -> Debate:
    """The debate after one unit: what it answers, and the point it makes or takes up."""
    for answer in () if unit.repeats else _to_made(debate, unit.answers):
        debate = _hit(debate, answer.point, answer.move, unit.words, speech, answer.turns)
    for answer in () if unit.repeats else _to_made(debate, unit.perhaps):
        debate = _doubt(debate, answer, unit.words, speech)
    if fate.took_up is not None:
        return _take_up(debate, fate.took_up, unit, speech)
    if fate.made is None:
        return debate
    return replace(debate, points=(*debate.points, _learner_point(debate, unit, speech)))


def _to_made(debate: Debate, answers: Iterable[Answer]) -> list[Answer]:
    """Those of ``answers`` that are to points the bot has made."""
    made = {point.number for point in debate.bots}
    return [answer for answer in answers if answer.point in made]


def _contested(debate: Debate, entry: Contested, overrides: tuple[Contested, ...]) -> Debate:
    """A contest takes back what answered the words not meant, where it is one of ``overrides``.

    Words that were heard to make no point of their own make it here, so that the numbers before stay what they are;
    in a telling where the contest does not stand, the number is kept by a withdrawn point.
    """
    place = len(debate.contests)
    valid = place < len(overrides)
    told = _act_all(replace(debate, contests=(*debate.contests, entry)), entry.acts if valid else ())
    speech = told.speeches[entry.turn - 1]
    if entry.what != "card" or speech.fates[entry.unit].made is not None:
        return told
    once_more = any(
        (c.turn, c.unit, c.what) == (entry.turn, entry.unit, "card") for c in overrides[place + 1 :]
    )
    point = _learner_point(told, speech.reading.units[entry.unit], entry.turn)
    state = State.OPEN if valid and not once_more else State.WITHDRAWN
    return replace(told, points=(*told.points, replace(point, state=state)))


def _only_concedes(unit: Unit) -> bool:
    """Whether the unit grants a point and makes none."""
    return bool(unit.answers) and all(answer.move is Move.CONCEDE for answer in unit.answers)


def _learner_point(debate: Debate, unit: Unit, speech: int) -> Point:
    card = _surely_made(debate, unit)
    answers = (answer for answer in _to_made(debate, unit.answers) if answer.move is not Move.CONCEDE)
    answer = next(answers, None)
    return Point(
        number=len(debate.points) + 1,
        yours=True,
        card=card.id if card else None,
        words=unit.words,
        strength=card.strength if card else OUTSIDE_STRENGTH,
        speech=speech,
        answers=answer.point if answer else None,
        move=answer.move if answer else None,
        parts=unit.parts,
        late=speech == SPEECHES,
        helps_other=card is not None and card.side is not debate.side,
        p=unit.p,
    )


def _surely_made(debate: Debate, unit: Unit) -> Card | None:
    """The card of a unit's best reading; one of the other side only where the reading is sure of it."""
    card = debate.deck.by_id.get(unit.card) if unit.card else None
    return None if card is not None and card.side is not debate.side and unit.p < SURE else card


def _take_up(debate: Debate, number: int, unit: Unit, speech: int) -> Debate:
    """The learner extends a point of their own: what it lacked is added, and an attacked point is open again."""
    point = debate.by_number[number]
    return _put(
        debate,
        replace(
            point,
            state=after(point.state, Event.EXTEND),
            parts=point.parts if speech == SPEECHES else _merged(point.parts, unit.parts),
            extended=(*point.extended, speech) if point.attacked else point.extended,
            extensions=(*point.extensions, unit.words) if point.attacked else point.extensions,
        ),
    )


def _merged(old: tuple[Part, ...], new: tuple[Part, ...]) -> tuple[Part, ...]:
    have = {(part.kind, part.evidence) for part in old}
    return (*old, *(part for part in new if (part.kind, part.evidence) not in have))


def _hit(
    debate: Debate, number: int, move: Move, words: str, speech: int | None = None, turns: str | None = None
) -> Debate:
    point = debate.by_number[number]
    hit = Hit(debate.next_speech if speech is None else speech, move, words, turns)
    if point.state is State.DROPPED and move in ATTACKS:
        return _put(debate, replace(point, too_late=(*point.too_late, hit)))
    if point.state in FINAL:
        return debate
    return _put(debate, replace(point, state=after(point.state, move), hits=(*point.hits, hit)))


def _doubt(debate: Debate, answer: Answer, words: str, speech: int) -> Debate:
    """The words of a speech that perhaps answer a point are kept with it."""
    if answer.move is Move.DODGE:
        return debate
    point, doubt = debate.by_number[answer.point], Hit(speech, answer.move, words, answer.turns)
    return _put(debate, replace(point, doubts=(*point.doubts, doubt)))


def _leave_alone(debate: Debate, withdrawn: Container[int]) -> Debate:
    """Every bot point that the speech leaves open was left alone by it; a dodge is no answer.

    Those of ``withdrawn``, which a later contest takes back, are never dropped. One that would be, but was perhaps
    answered, counts as answered.
    """
    for point in debate.bots:
        if point.state is not State.OPEN or point.number in withdrawn:
            continue
        left = replace(point, left_alone=point.left_alone + 1)
        debate = _put(debate, left)
        if left.left_alone < LEFT_ALONE:
            continue
        if point.doubts:
            doubt = point.doubts[-1]
            debate = _hit(debate, point.number, doubt.move, doubt.words, doubt.speech, doubt.turns)
        else:
            debate = _put(debate, replace(left, state=after(left.state, Event.DROP)))
    return debate


def _put(debate: Debate, point: Point) -> Debate:
    """The debate with ``point`` in the place of the point of its number."""
    at = point.number - 1
    return replace(debate, points=(*debate.points[:at], point, *debate.points[at + 1 :]))


# --- the bot's speech ---


def _act_all(debate: Debate, acts: Iterable[Act]) -> Debate:
    for act in acts:
        debate = _act(debate, act)
    return debate


def _act(debate: Debate, act: Act) -> Debate:
    match act:
        case Raises(card=card):
            return _bot_point(debate, card, debate.deck.by_id[card].tag)
        case Counters():
            return _counter(debate, act)
        case Extends(point=number, part=part):
            point = debate.by_number[number]
            state = after(point.state, Event.EXTEND)
            return _put(
                debate, replace(point, state=state, left_alone=0, doubts=(), spoken=(*point.spoken, part))
            )
        case Yields(point=number):
            point = debate.by_number[number]
            return _put(debate, replace(point, state=after(point.state, Move.CONCEDE)))
        case Withdraws(point=number):
            return _withdraw(debate, debate.by_number[number])
        case Questions(card=card, question=question):
            return replace(debate, asked=(*debate.asked, (card, question)))
        case Explains(point=number):
            return replace(debate, explained=(*debate.explained, (number, len(debate.speeches))))
        case Presses() | Cites() | Asides() | Asks() | Names() | Advises() | Shows() | Warns():
            return debate
        case _:
            assert_never(act)


def _withdraw(debate: Debate, point: Point) -> Debate:
    """Take a bot point back; the learner's point it attacked is open again unless another attack on it stands."""
    debate = _put(debate, replace(point, state=after(point.state, Event.WITHDRAW)))
    if point.answers is None:
        return debate
    target = debate.by_number[point.answers]
    since = max(target.extended, default=0)
    attacks = [p for p in debate.bots if p.answers == target.number and p.speech >= since]
    if any(p.state is not State.WITHDRAWN for p in attacks):
        return debate
    return _put(debate, replace(target, state=after(target.state, Event.EXTEND)))


def _counter(debate: Debate, act: Counters) -> Debate:
    target = debate.by_number[act.to]
    hit = _put(debate, replace(target, state=after(target.state, Move(act.move))))
    said = debate.deck.attacks[act.counterpoint].say
    used = replace(hit, used=hit.used | {act.counterpoint})
    return _bot_point(
        used, act.card, said, answers=act.to, move=Move(act.move), counterpoint=act.counterpoint
    )


def _bot_point(
    debate: Debate,
    card: str,
    words: str,
    answers: int | None = None,
    move: Move | None = None,
    counterpoint: int | None = None,
) -> Debate:
    point = Point(
        number=len(debate.points) + 1,
        yours=False,
        card=card,
        words=words,
        strength=debate.deck.by_id[card].strength,
        speech=len(debate.speeches),
        answers=answers,
        move=move,
        counterpoint=counterpoint,
    )
    return replace(debate, points=(*debate.points, point))
