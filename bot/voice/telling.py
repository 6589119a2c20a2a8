"""The debate told: for each entry of the transcript, the blocks the bot shows.

The whole debate is told from its first entry, so that no sentence of the bot is said twice: a line whose words were
used is taken in another wording, and dropped where there is none. This module must not know how acts are chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.debate.debate import SPEECHES, Debate, Fate, Point, Speech, follow
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
    Level,
    Names,
    Opened,
    Presses,
    Questions,
    Raises,
    Redoing,
    Redone,
    Shows,
    Warns,
    Withdraws,
    Yields,
)
from bot.debate.flow import State
from bot.debate.judging import Rubric
from bot.debate.opponent import MOVE_SURE, WORTH_ASKING, raised_parts, surely
from bot.debate.rules import (
    CONTESTS,
    QUESTIONS_A_TURN,
    WAITS_AFTER,
    asked_about,
    in_doubt,
    named_points,
    options,
)
from bot.messages import (
    Block,
    Choice,
    Choices,
    FlowLine,
    FlowSheet,
    Heading,
    HeardLine,
    HeardSheet,
    Notice,
    Paragraph,
    Quote,
)
from bot.readings import Kind, Unit
from bot.voice import ballot
from bot.voice.common import BY_MOVE, EXPLAINED, a, clipped, echoed, listed, named, points_named, side_named
from content.deck import Card, Move

SHORT_FLOW = 6
"""The most lines of a flow shown after a turn."""

_SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")


@dataclass
class _Said:
    """The sentences said so far, in a form that ignores case, numbers of spaces and full stops."""

    sentences: set[str] = field(default_factory=set)

    def pick(self, variants: Sequence[str]) -> str:
        """The first wording with no sentence said before, else none; its sentences count as said from now on."""
        chosen = next((v for v in variants if not self.sentences & set(_sentences(v))), None)
        if chosen is None:
            return ""
        self.sentences |= set(_sentences(chosen))
        return chosen


def _sentences(text: str) -> list[str]:
    found = [" ".join(m.group().lower().split()).strip(" .!?:;“”\"'[]") for m in _SENTENCE.finditer(text)]
    return [sentence for sentence in found if sentence]


@dataclass(frozen=True)
class Told:
    """What the bot shows for the entry at place ``at``, and the debate as it then stood."""

    at: int
    entry: Entry
    blocks: tuple[Block, ...]
    debate: Debate


def tell(debate: Debate, rubric: Rubric) -> tuple[Told, ...]:
    """The debate told entry by entry; entries with nothing to show have no blocks."""
    said, told = _Said(), list[Told]()
    now = Debate(deck=debate.deck, started=debate.started, entries=debate.entries[:1])
    for at, entry in enumerate(debate.entries[1:], 1):
        before, now = now, follow(now, entry)
        blocks = tuple(block for block in _told(before, now, entry, said, rubric) if block is not None)
        told.append(Told(at, entry, blocks, now))
    return tuple(told)


def _told(before: Debate, now: Debate, entry: Entry, said: _Said, rubric: Rubric) -> Iterable[Block | None]:
    match entry:
        case Opened(acts=acts):
            return _opening(now, acts, said)
        case Answered() if entry.counts:
            return _speech(before, now, entry, said)
        case Answered(acts=()):
            return [_unanswered(entry, said)]
        case Answered():
            return [Paragraph(text, role) for text, role in _lines(before, now, entry.acts, said)]
        case Contested():
            return _contested(now, entry, rubric)
        case Conceded(point=number):
            return [Notice(f"You grant me #{number}: it stays on the flow as conceded.")]
        case Hinted():
            return _hinted(now, entry, said)
        case Redoing(turn=turn):
            return _redoing(now, turn, said)
        case Redone():
            return ballot.redone(now, entry)
        case Ended():
            return ballot.ballot(now, rubric)
        case _:
            return []


# --- opening ---


def _opening(debate: Debate, acts: tuple[Act, ...], said: _Said) -> Iterable[Block | None]:
    started, deck = debate.started, debate.deck
    yield Heading(deck.motion)
    yield Paragraph(
        f"You argue {side_named(deck, debate.side)}. I argue {side_named(deck, debate.side.other)}. "
        f"Level: {started.level}. You have {SPEECHES} speeches: an opening, four exchanges and a closing."
    )
    yield Paragraph(said.pick([deck.as_of]))
    if started.practise:
        yield Paragraph(f"Last time's one thing to practise: {ballot.PRACTISE[started.practise]}", "feedback")
    raised = (act.card for act in acts if isinstance(act, Raises))
    for card, (text, role) in zip(raised, _lines(debate, debate, acts, said), strict=True):
        yield Paragraph(text, role)
        yield from _quotes(debate, (act for act in acts if isinstance(act, Cites) and act.card == card))
    yield Paragraph(
        "Open the debate: make your first point."
        if started.first
        else "Your turn: answer me, or open with a point of your own."
    )
    yield _buttons(debate)


# --- a counted speech ---


def _speech(before: Debate, now: Debate, entry: Answered, said: _Said) -> Iterable[Block | None]:
    speech = now.speeches[-1]
    yield heard(before, now, speech)
    yield from _too_late(before, speech)
    yield from _did_you_mean(now, speech)
    lines = list(_lines(before, now, entry.acts, said))
    if now.next_speech <= SPEECHES and not any(role in ("speech", "question") for _, role in lines):
        lines.append((_at_a_loss(speech, said), "question"))
    for wanted in ("speech", "question"):
        texts = [text for text, role in lines if role == wanted]
        if texts:
            yield Paragraph(" ".join(texts), wanted)
        if wanted == "speech":
            yield from _quotes(now, entry.acts)
    for text, role in lines:
        if role == "feedback":
            yield Paragraph(text, role)
    if now.next_speech > SPEECHES:
        return
    yield flow(now, SHORT_FLOW)
    if now.closing:
        yield Paragraph(
            "Your closing comes next: no new points. Compare one of yours with one of mine by number, and say why yours "
            "matters more.",
            "feedback",
        )
    yield _buttons(now)


def _at_a_loss(speech: Speech, said: _Said) -> str:
    """A way on where the cards have nothing to say: what was said before, or a mere concession."""
    units = speech.reading.units
    if units and all(unit.repeats for unit in units):
        variants = ["You have told me that before; what would you add to it?"]
    else:
        variants = ["I let that stand; where do you go from here?"]
    return said.pick(
        [*variants, f"Nothing new in speech {speech.number}; which point of mine will you take on?"]
    )


def heard(before: Debate, now: Debate, speech: Speech) -> HeardSheet:
    """ "What I heard" of a counted speech."""
    lines = [_heard_line(before, now, speech, at) for at in range(len(speech.reading.units))]
    return HeardSheet(speech.number, tuple(lines))


def _heard_line(before: Debate, now: Debate, speech: Speech, at: int) -> HeardLine:
    """A unit as it was taken: the own point it makes or takes up with its card, or an answer alone."""
    unit, fate = speech.reading.units[at], speech.fates[at]
    number = fate.made if fate.made is not None else fate.took_up
    card = now.by_number[number].card if number is not None else None
    answers = () if unit.repeats else _answers_heard(before, unit)
    return HeardLine(
        number=number,
        words=echoed(unit.words),
        tag=_heard_tag(now, unit, fate, bool(answers)),
        card=unit.card if unit.repeats else card,
        answers=answers,
        sure=not in_doubt(unit, fate),
    )


def _heard_tag(now: Debate, unit: Unit, fate: Fate, answers: bool) -> str:
    if unit.repeats:
        return "said before: no new credit"
    number = fate.made if fate.made is not None else fate.took_up
    if number is None:
        return "an answer" if answers else "no point of its own"
    card = now.deck.by_id.get(now.by_number[number].card or "")
    if card is not None:
        return card.tag
    return "a new point, outside my cards" if fate.made is not None else "your point again, outside my cards"


def _answers_heard(before: Debate, unit: Unit) -> tuple[tuple[int, Move], ...]:
    """The bot's points that the unit could still answer, with the move."""
    live = {point.number for point in before.bots if point.live}
    return tuple((answer.point, answer.move) for answer in unit.answers if answer.point in live)


_OVER = {
    State.DROPPED: "was dropped: it is out of the debate, and an answer to it counts no more",
    State.CONCEDED: "is one you granted: it is decided, and an answer to it counts no more",
    State.WITHDRAWN: "is one I took back: it needs no answer",
}


def _too_late(before: Debate, speech: Speech) -> Iterable[Block]:
    """Says that a point of the bot's which the speech names or answers was decided before; to weigh it is no answer.

    A closing looks back and may name what it likes.
    """
    weighing = speech.reading.weighing
    numbers = {point.number for point in named_points(before, speech.text)} if not before.closing else set()
    numbers |= {answer.point for unit in speech.reading.units for answer in unit.answers}
    numbers -= {weighing.other} if weighing else set()
    for point in before.bots:
        if point.number in numbers and point.state in _OVER:
            yield Notice(f"#{point.number} {_OVER[point.state]}.")


def _did_you_mean(now: Debate, speech: Speech) -> Iterable[Block]:
    """The next best readings of the first unit the bot is not sure of; in a closing no card earns anything."""
    if speech.number >= SPEECHES:
        return
    fates = speech.fates
    unsure = {at for at, unit in enumerate(speech.reading.units) if in_doubt(unit, fates[at])}
    likely = {
        (at, c.card) for at in unsure for c in speech.reading.units[at].candidates if c.p >= WORTH_ASKING
    }
    found = [o for o in options(now, speech.number) if o.what == "card" and (o.unit, o.card) in likely]
    if found:
        first = [o for o in found if o.unit == found[0].unit][:3]
        labels = [now.deck.by_id[o.card].tag if o.card else "a new point of my own" for o in first]
        yield Choices(
            tuple(
                Choice(clipped(label, 70), f"!contest {speech.number} {o.letter}")
                for o, label in zip(first, labels, strict=True)
            ),
            f"Not sure I heard “{echoed(first[0].words, 60)}” right. Did you mean:",
        )


def flow(debate: Debate, limit: int | None = None) -> FlowSheet:
    """The flow; a short one (``limit`` lines) shows the newest and the open points."""
    points = list(debate.points)
    if limit is not None and len(points) > limit:
        weight = sorted(
            points, key=lambda p: (p.speech < len(debate.speeches), p.state is not State.OPEN, -p.number)
        )
        kept = {p.number for p in weight[:limit]}
        points = [p for p in points if p.number in kept]
    return FlowSheet(tuple(_flow_line(debate, p) for p in points), more=len(debate.points) - len(points))


def _flow_line(debate: Debate, point: Point) -> FlowLine:
    card = debate.deck.by_id.get(point.card or "")
    text = point.words if point.yours or card is None else card.tag
    state = "helps my side" if point.helps_other else str(point.state)
    return FlowLine(point.number, point.yours, echoed(text, 70), point.card, point.answers, state)


def _buttons(debate: Debate) -> Choices:
    last = len(debate.speeches)
    bots = [p for p in debate.bots if p.card]
    options = []
    if debate.started.level is Level.NOVICE and bots:
        options.append(Choice("Hint", "!hint"))
    if bots:
        options.append(Choice("Why", f"!why {bots[-1].card}"))
    if last:
        options.append(Choice("Not what I meant", f"!contest {last}"))
        options.append(Choice("Flow", "!flow"))
        options.append(Choice("Points", "!score"))
    options.append(Choice("End", "!end"))
    return Choices(tuple(options))


def _quotes(debate: Debate, acts: Iterable[Act]) -> Iterable[Quote]:
    """The quotes of a speech, each with the card that rests on it."""
    for act in acts:
        if isinstance(act, Cites):
            cited = quote(debate.deck.by_id[act.card], act.quote, debate)
            yield replace(cited, place=f"{act.card} · {cited.place}")


def quote(card: Card, at: int, debate: Debate) -> Quote:
    """A quote of a card with its place and the plain meaning of what is garbled in it."""
    chosen = card.quotes[at]
    gloss = "; ".join(f"“{phrase}”: {meaning}" for phrase, meaning in debate.deck.glosses_in(chosen.text))
    return Quote(chosen.text, f"¶{chosen.line}", gloss)


# --- acts into lines ---


def _lines(before: Debate, now: Debate, acts: tuple[Act, ...], said: _Said) -> Iterable[tuple[str, str]]:
    """Each act as a line of text with its role."""
    raising = sum(isinstance(act, Raises) for act in acts)
    pressed = [act.point for act in acts if isinstance(act, Presses)]
    speaking = False
    for act in acts:
        text, role = _line(before, now, act, said, raising, pressed)
        if text:
            yield text if speaking else text.removeprefix("And "), role
        speaking = speaking or bool(text and role == "speech")


def _line(
    before: Debate, now: Debate, act: Act, said: _Said, raising: int, pressed: list[int]
) -> tuple[str, str]:
    match act:
        case Raises(card=card):
            return said.pick([_raised(now, now.deck.by_id[card], raising)]), "speech"
        case Counters():
            return _countered(now, act, said), "speech"
        case Extends(point=number, part=part):
            return _extended(now, number, part, said), "speech"
        case Presses(point=number):
            return (_pressed(now, pressed, act.dodged, said) if number == pressed[0] else ""), "speech"
        case Yields(point=number):
            return said.pick(
                [f"You have #{number}.", f"I have nothing left against #{number}; it is yours."]
            ), "speech"
        case Withdraws(point=number):
            return f"I take #{number} back: it answered what you did not say.", "speech"
        case Questions(card=card, question=question):
            return said.pick([now.deck.by_id[card].questions[question]]), "question"
        case Explains():
            return _explained(now, act, said), "speech"
        case Asides():
            return _aside(before, now, act, said), "aside"
        case Asks(card=asked, later=later):
            return _asked(now, asked, later, said), "question"
        case Names():
            return _named(now, act, said), "feedback"
        case Advises():
            return _advised(now, act, said), "feedback"
        case Shows():
            return _shown(before, now, act, said), "feedback"
        case Warns():
            return _warned(now, act, said), "feedback"
        case Cites():
            return "", "speech"


def _raised(debate: Debate, card: Card, raising: int) -> str:
    number = next(p.number for p in reversed(debate.bots) if p.card == card.id)
    parts = [getattr(card, part) for part in raised_parts(raising)]
    return f"#{number} {named(card)}: {' '.join(parts)}"


def _countered(debate: Debate, act: Counters, said: _Said) -> str:
    number = next(p.number for p in debate.bots if p.counterpoint == act.counterpoint)
    card = debate.deck.by_id[act.card]
    return said.pick(
        [f"#{number} {named(card)}, on your #{act.to}: {debate.deck.attacks[act.counterpoint].say}"]
    )


def _extended(debate: Debate, number: int, part: str, said: _Said) -> str:
    card = debate.deck.by_id[debate.by_number[number].card or ""]
    words = getattr(card, part)
    return said.pick([f"Back to my #{number} {named(card)}: {words}"])


def _pressed(debate: Debate, numbers: list[int], dodged: bool, said: _Said) -> str:
    tags = [
        f"#{n} (“{clipped(debate.deck.by_id[debate.by_number[n].card or ''].tag.rstrip('.'), 100)}”)"
        for n in numbers
    ]
    stand = "stands" if len(numbers) == 1 else "stand"
    wait = "waits" if len(numbers) == 1 else "wait"
    it = "it" if len(numbers) == 1 else "them"
    if dodged:
        return said.pick(
            [f"You went round {listed(tags)}; leave {it} once more and I count {it} as dropped."]
        )
    variants = [
        f"And I have heard no answer to {listed(tags)} yet.",
        f"As I heard you, {listed(tags)} still {stand}.",
        f"And {listed(tags)} {wait} for an answer.",
        f"I have heard nothing from you so far on {listed(tags)}.",
    ]
    return said.pick(_turned(variants, _times(debate, Presses)))


def _explained(debate: Debate, act: Explains, said: _Said) -> str:
    """What is left of the card; where its words were said with another card, that it is told out."""
    card = debate.deck.by_id[act.card]
    told_out = [
        f"I have said what card {card.id} holds on #{act.point}: now it is your turn to attack it.",
        f"There is no more on card {card.id} than I told you about #{act.point}.",
        f"That makes {len(debate.explained)} questions, and my card on #{act.point} is told out.",
    ]
    part = [] if act.part == "none" else [_explained_part(debate, card, act)]
    return said.pick([*part, *told_out])


def _explained_part(debate: Debate, card: Card, act: Explains) -> str:
    lead = f"{named(card)}"
    match act.part:
        case "quote":
            chosen = quote(card, 0, debate)
            gloss = f" [{chosen.gloss}]" if chosen.gloss else ""
            return f"On #{act.point} {lead} I rest on the essay, {chosen.place}: “{chosen.text}”{gloss}."
        case "fact":
            fact = debate.deck.facts[card.facts[0]]
            return (
                f"#{act.point} {lead} leans on a fact: {fact.text.rstrip('.')} ({fact.source}, {fact.date})."
            )
        case "strength":
            return f"I count #{act.point} {lead} as {card.strength} of 3 in strength: {card.strength_reason}"
        case _:
            return f"About #{act.point} {lead}: {getattr(card, act.part)}"


def _asked(debate: Debate, card: str | None, later: str | None, said: _Said) -> str:
    times = _times(debate, Asks)
    if later is not None:
        return said.pick(
            [
                f"The essay does not know that (“{echoed(later, 90)}”); what would it change?",
                f"“{echoed(later, 90)}” comes after my essay; suppose it is so, what follows for the motion?",
                f"My essay ends before “{echoed(later, 90)}”; which side does it help, and why (question {times})?",
            ]
        )
    if card is None:
        it = _outside(debate)
        return said.pick(
            [
                f"I have no card against {it}, so it stands; what does it prove about the motion?",
                f"None of my cards meets {it}: it stands for now, and how does it help your side?",
                f"My cards hold no answer to {it}; which of my points does it hit?",
                f"How does {it} bear on the motion?",
                f"That makes {times} points outside my cards; what should {it} change for me?",
            ]
        )
    tag = debate.deck.by_id[card].tag.rstrip(".")
    heard_so = any(point.card == card and point.speech == len(debate.speeches) for point in debate.yours)
    return said.pick(
        [
            f"I am not sure I heard you: is your point “{tag}” [{card}]?"
            if heard_so
            else f"I could not place that on a card; is it about “{tag}” [{card}], and how?",
            f"The nearest card I know is [{card}], “{tag}”; is that the point, or something else?",
            f"Do you mean [{card}], that is, “{tag}”, or a point of your own?",
            f"For the record, as question {times}: is that [{card}], and what is your reason for it?",
        ]
    )


def _outside(debate: Debate) -> str:
    """What the last speech said that no card holds, by its number."""
    last = (p for p in reversed(debate.yours) if p.speech == len(debate.speeches))
    number = next((p.number for p in last if p.card is None and p.state is State.OPEN), None)
    return "that" if number is None else f"your #{number}"


def _times(debate: Debate, kind: type[Act]) -> int:
    """In how many answers the bot has done such a thing."""
    return sum(any(isinstance(act, kind) for act in answer.acts) for answer in debate.answered)


def _turned(variants: list[str], times: int) -> list[str]:
    """The wordings in turn, so that the same thing is not said in the same frame each time."""
    first = (times - 1) % len(variants)
    return [*variants[first:], *variants[:first]]


# --- feedback ---


def _named(debate: Debate, act: Names, said: _Said) -> str:
    card = debate.deck.by_id.get(act.card or "")
    n, times = f"#{act.point}", _times(debate, Names)
    match act.missing:
        case "because":
            why = f": “{card.warrant}”" if card else ""
            variants = [
                f"Because: {n} has no reason yet." + (f" One could be{why}" if card else ""),
                f"Because: say why {n} is true." + (f" For instance{why}" if card else ""),
                f"Because: {n} says what, and not yet why."
                + (f" You could carry it with{why}" if card else ""),
            ]
            return said.pick(_turned(variants, times))
        case "therefore":
            so = f": “{card.impact}”" if card else ""
            variants = [
                f"Therefore: say what follows from {n} for the motion."
                + (f" One way on{so}" if card else ""),
                f"Therefore: so what, if {n} is right?" + (f" You might end with{so}" if card else ""),
                f"Therefore: {n} stops short of the motion." + (f" A last step could be{so}" if card else ""),
            ]
            return said.pick(_turned(variants, times))
        case "they_say":
            tag = f": “You say: {card.tag.rstrip('.')}; but …”" if card else "."
            return said.pick(
                [
                    f"They say: put my {n} in your own words before you answer it{tag}",
                    f"They say: my {n} waits for an answer{tag}",
                ]
            )
        case "but":
            return said.pick([f"But: say plainly what you claim against {n}."])
        case "evidence":
            return _evidence(debate, card, n, said)


def _evidence(debate: Debate, card: Card | None, n: str, said: _Said) -> str:
    if card is not None and card.quotes:
        text, line = card.quotes[0].text, card.quotes[0].line
        return said.pick(
            [f"Evidence: {n} could quote the essay inside your own sentence, ¶{line}: “{text}”."]
        )
    return said.pick(
        [
            f"Evidence: give {n} an example or a named source.",
            f"Evidence: who says so, or where has it happened, for {n}?",
        ]
    )


def _advised(debate: Debate, act: Advises, said: _Said) -> str:
    """The move made and the stronger one; the move made is no fact where the reading doubted it."""
    made, stronger, n = BY_MOVE[Move(act.made)], Move(act.stronger), f"#{act.point}"
    way = f"{stronger} ({EXPLAINED[stronger]})"
    hits = (hit for hit in debate.by_number[act.point].hits if hit.speech == len(debate.speeches))
    if not any(hit.move == act.made and surely(debate, act.point, hit) for hit in hits):
        variants = [
            f"If I heard you right, you answered {n} by {made}; a stronger move was there: {way}. "
            f"Type !hint {act.point} for words.",
            f"On {n}, that sounded like {made}; {way} would be stronger.",
            f"To {stronger} {n} would earn more than {made}: {EXPLAINED[stronger]}.",
        ]
        return said.pick(variants)
    return said.pick(
        [
            f"You answered {n} by {made}; a stronger move was there: {way}. "
            f"Try it with !redo, unscored, or type !hint {act.point} for words.",
            f"{n}: you are {made}. To {stronger} it, {EXPLAINED[stronger]}; !hint {act.point} has words for it.",
            f"On {n} {a(stronger)} would weigh more than {made}.",
        ]
    )


def _shown(before: Debate, debate: Debate, act: Shows, said: _Said) -> str:
    attack = debate.deck.attacks[act.counterpoint]
    did = _tried(before, act)
    words = f"Words for {a(attack.move)} of #{act.point} [{attack.by}]: “{attack.say}”"
    tries = sum(answer.retry for answer in debate.answered)
    again = f"Try {tries}, again at #{act.point}: the stronger words for it are the ones you have seen."
    return said.pick([did + words, f"Your try at #{act.point}, second look. {words}", again])


def _tried(before: Debate, act: Shows) -> str:
    """What a try did to the point; its move is no fact where the reading doubted it."""
    if act.made is None:
        return f"That try leaves #{act.point} alone. "
    units = before.read[1].reading.units if before.read else ()
    moves = (answer.moves[0] for unit in units for answer in unit.answers if answer.point == act.point)
    sure = any(found.move == act.made and found.p >= MOVE_SURE for found in moves)
    lead = "That try answers" if sure else "If I heard it right, that try answers"
    return f"{lead} #{act.point} by {BY_MOVE[Move(act.made)]}. "


def _warned(debate: Debate, act: Warns, said: _Said) -> str:
    which = points_named(list(act.points))
    if act.about == "contradiction" and act.tension is not None:
        why = debate.deck.tensions[act.tension].why
        return said.pick(
            [f"Careful, {which} pull against each other. {why}", f"{which} contradict each other."]
        )
    if act.about == "double_turn":
        return said.pick(
            [
                f"Careful: you turned {which} twice, its cause and its result, and the two together argue for my side."
            ]
        )
    return said.pick(
        [
            f"Careful: {which} helps my side. You argue {side_named(debate.deck, debate.side)}.",
            f"{which} works for me: ask whom a point helps before you send it.",
        ]
    )


# --- messages that are no speech ---

_ASIDES: dict[Kind, Sequence[str]] = {
    Kind.GREETING: (
        "Hello! It is your turn: make a point.",
        "Good to see you; now, which of my points is wrong?",
        "Hi again. I am ready when your argument is.",
    ),
    Kind.QUESTION: (
        "Which of my points do you mean? Name it, as in “why #1?”: two such questions a turn cost nothing.",
        "I cannot tell which point you ask about. Give me its number, or make it an argument.",
        "No number, no answer: which point of mine is in doubt?",
    ),
    Kind.OFF_TOPIC: (
        "That seems to be about something else. Back to the motion: what is your point?",
        "Interesting, but not this motion. Which side does it help here?",
        "We have drifted. Pick one of my open points and answer it.",
    ),
    Kind.GIBBERISH: (
        "I could not read that. Try a plain sentence.",
        "Those letters beat me; say it in words?",
        "Still no words I know. One sentence is enough.",
    ),
    Kind.EMOJI: (
        "I can only argue with words. What would you say in a sentence?",
        "Feeling noted; now the argument.",
        "Pictures I cannot score. Words I can.",
    ),
    Kind.INSULT: (
        "Let's keep it to the argument. What is wrong with my point?",
        "I will let that pass. Attack the card, not the player.",
        "Not an argument yet. Try “that is wrong because …”.",
    ),
    Kind.KEYWORD_SOUP: (
        "Those are debate words without an argument. Make one full sentence with a reason.",
        "A list of terms is not a point: who does what, and why does it matter?",
        "One claim, one because. Leave the labels to me.",
    ),
    Kind.PASTED_ESSAY: (
        "That is the essay's text. Quote a few words of it inside a sentence of your own.",
        "I have read the essay; what do you make of that passage?",
        "Pasting earns nothing. Tell me what it shows.",
    ),
    Kind.INSTRUCTIONS: (
        "I only argue and score by the published rules. Your move: an argument.",
        "Nice try; the score comes from the flow alone.",
        "Commands to me begin with ! and stand in !help. The rest is debate.",
    ),
    Kind.OTHER_LANGUAGE: (
        "I can only read English so far. Simple English is fine; grammar costs nothing.",
        "Sorry, English only for now. Short sentences do well.",
        "That is not English to me. Try a few plain words of it.",
    ),
    Kind.BOTH_SIDES: (
        "You argue both ways at once. Which half do you stand by?",
        "Pick one: I need a point for your own side.",
        "Fair to both, but a speech takes a side. What is your strongest reason?",
    ),
    Kind.EMPTY: (
        "Nothing came through. Type your point.",
        "Still empty here. A sentence will do.",
        "I see no words. Take your time.",
    ),
    Kind.ARGUMENT: ("I could not find a point in that. Say what you claim, and why.",),
}

_KIND_LINE = (
    "That sounds heavy, and it matters more than any debate. If you are in danger or thinking of hurting yourself, please talk "
    "to somebody you trust or to your local emergency number now. The debate can wait, and nothing here is scored."
)


def _aside(before: Debate, debate: Debate, act: Asides, said: _Said) -> str:
    """A short fitting line; from the third in a row the bot says once that it waits, then very little."""
    if act.kind is Kind.DISTRESS:
        return _KIND_LINE
    total = sum(isinstance(act, Asides) for answer in debate.answered for act in answer.acts)
    if act.count >= WAITS_AFTER:
        return said.pick(
            [
                "I will wait here until you have a point. Nothing is lost meanwhile.",
                f"Still waiting; {total} messages without an argument so far.",
            ]
        )
    return said.pick(
        [*_aside_lines(before, debate, act), f"That makes {total} messages without an argument."]
    )


def _aside_lines(before: Debate, debate: Debate, act: Asides) -> Sequence[str]:
    """What fits the kind; for a question also whose point it named, and that the turn's questions are used up."""
    asked = asked_about(before) if act.kind is Kind.QUESTION else None
    if asked is not None and asked.yours:
        return (
            f"#{asked.number} is a point of your own: tell me why it holds, or ask about one of mine.",
            f"You made #{asked.number}, so the reasons for it are yours to give.",
        )
    if act.kind is Kind.QUESTION and debate.questions_this_turn >= QUESTIONS_A_TURN:
        return (
            f"I answer {QUESTIONS_A_TURN} questions a turn, and you have had them. Now argue.",
            "Enough questions for this turn: it is time for a point.",
        )
    return _ASIDES[act.kind]


def _unanswered(entry: Answered, said: _Said) -> Block:
    """A try for which there is no better move to show, or words that came after the closing."""
    if entry.retry:
        text = said.pick(
            ["Heard; I have no stronger words for that one.", "Heard again, and still nothing to add."]
        )
        return Paragraph(text or "Heard.", "feedback")
    return Notice("That came in after your closing: the debate is over and it counts for nothing.")


# --- commands inside a debate ---


def _contested(debate: Debate, entry: Contested, rubric: Rubric) -> Iterable[Block | None]:
    if entry.what == "card":
        card = debate.deck.by_id.get(entry.card or "")
        meant = f"“{card.tag.rstrip('.')}” [{card.id}]" if card else "a new point of your own"
        text = f"Understood: in speech {entry.turn} you meant {meant}."
    elif entry.move is None:
        text = f"Understood: in speech {entry.turn} you did not answer #{entry.point}."
    else:
        text = (
            f"Understood: in speech {entry.turn} you answered #{entry.point} by {BY_MOVE[Move(entry.move)]}."
        )
    back = [act.point for act in entry.acts if isinstance(act, Withdraws)]
    tail = f" I withdraw {points_named(back)}." if back else ""
    left = CONTESTS - len(debate.contests)
    yield Notice(
        f"{text}{tail} The flow follows, and the ballot shows the score both ways ({left} of {CONTESTS} contests left)."
    )
    yield flow(debate, SHORT_FLOW)
    if debate.ended is not None:
        yield ballot.sheet(debate, rubric)


def _hinted(debate: Debate, entry: Hinted, said: _Said) -> Iterable[Block | None]:
    attack = debate.deck.attacks[entry.counterpoint]
    move = f"{a(attack.move).capitalize()} for #{entry.point} ({EXPLAINED[Move(attack.move)]})"
    words = f"{move}, from card {attack.by}: “{attack.say}”"
    asks = (
        "Say it in words of your own: copied words earn nothing.",
        "Once more, in your own words: mine earn nothing.",
        f"Hint {len(debate.hinted)}: make it your own.",
    )
    seen = f"Hint {len(debate.hinted)}: {a(attack.move)} for #{entry.point} is still the best, in the words you have seen."
    yield Paragraph(said.pick([*(f"{words} {ask}" for ask in asks), seen]), "feedback")


def _redoing(debate: Debate, turn: int, said: _Said) -> Iterable[Block | None]:
    kind = "judged alone; ballot and ranks stay" if debate.ended is not None else "unscored"
    yield Notice(
        said.pick([f"Say speech {turn} again ({kind}).", f"Speech {turn} once more ({kind})."])
        or f"Speech {turn}, whenever you are ready ({kind})."
    )
    if turn <= len(debate.speeches):
        yield Notice(f"Your words then: “{echoed(debate.speeches[turn - 1].text, 300)}”")
