"""The judge: a debate and a rubric give line items, clashes, the result and one thing to practise.

The same debate gets the same score, always: nothing here reads a model, a clock or chance. Line items carry the
learner's own words; ``bot.voice`` owns the sentences around them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from bot.debate.debate import LEFT_ALONE, SPEECHES, Debate, Hit, Point
from bot.debate.entries import Warns
from bot.debate.flow import State
from bot.readings import SURE, EvidenceKind, Part, PartKind
from content.deck import ATTACKS, Move, Side


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContentRules(_Rules):
    """Points per part of an own point; the best ``best`` points count."""

    claim: float
    warrant: float
    impact: float
    evidence: dict[EvidenceKind, float]
    best: int
    of: float


class EngagementRules(_Rules):
    """The worth of each move in answer to a point of the bot, 0..1."""

    turn: float
    outweigh: float
    undercut: float
    deny: float
    mitigate: float
    concede: float
    of: float
    once_a_card: bool = False
    """Whether a card that the bot put twice is one thing to answer (from the second rubric on)."""

    def worth(self, move: Move) -> float:
        return 0.0 if move is Move.DODGE else float(getattr(self, move))


class StrategyRules(_Rules):
    """Points for what a whole debate shows; ``slip`` is taken off for each contradiction or speech for the other side."""

    extension: float
    weighing: float
    restatement: float
    closing: float
    slip: float
    of: float
    contradiction_from: float = SURE
    """How sure the readings of both points must be that contradict each other (from the third rubric on, certain)."""
    late_contradictions: bool = True
    """Whether a point that is new in the closing can contradict another (to the second rubric)."""


class ClashRules(_Rules):
    """What decides a clash, from the second rubric on."""

    only_answerable: bool = False
    """Whether the bot's points decide only where the learner could answer them, each as it was answered best."""
    outside: bool = False
    """Whether points outside the deck that answer nothing have a clash of their own."""
    weighed_first: bool = False
    """Whether the clashes that the closing weighs come first (from the third rubric on)."""
    answered_is_even: bool = False
    """Whether who answered all that the bot has in a clash, and has nothing else there, is level (from the third on)."""


class Rubric(_Rules):
    """The published rules of scoring; ``sha256`` is the hash of the data file and stands on every ballot."""

    version: int
    content: ContentRules
    engagement: EngagementRules
    strategy: StrategyRules
    clashes: ClashRules = ClashRules()
    standing: dict[State, float]
    too_close: float
    sha256: str = ""

    @classmethod
    def from_json(cls, data: bytes) -> Rubric:
        """The rubric of a data file's bytes."""
        rubric = cls.model_validate_json(data)
        return rubric.model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})


class Rule(StrEnum):
    """What a line item is for."""

    CLAIM = "claim"
    WARRANT = "warrant"
    EVIDENCE = "evidence"
    IMPACT = "impact"
    ANSWER = "answer"
    UNANSWERED = "unanswered"
    EXTENSION = "extension"
    WEIGHING = "weighing"
    RESTATEMENT = "restatement"
    CLOSING = "closing"
    CONTRADICTION = "contradiction"
    DOUBLE_TURN = "double_turn"
    OTHER_SIDE = "other_side"


class Section(StrEnum):
    """The three parts of the score."""

    CONTENT = "content"
    ENGAGEMENT = "engagement"
    STRATEGY = "strategy"


@dataclass(frozen=True)
class Item:
    """A line item: what rule, in which words of the learner's, about which point, what it earned of what."""

    section: Section
    rule: Rule
    words: str
    point: int | None
    got: float
    of: float
    detail: str = ""
    """The move made, the kind of evidence, the state of the point, or ``UNCLAIMED``."""


class Winner(StrEnum):
    """Who is ahead: the learner, the bot, or nobody by enough."""

    LEARNER = "learner"
    BOT = "bot"
    CLOSE = "close"


@dataclass(frozen=True)
class Clash:
    """One question the debate turned on: standing of both, who is ahead, and the points that decide it.

    ``deciding`` are the heaviest points of each side, the learner's first; ``id`` is ``OUTSIDE`` where the points are on
    no question of the deck.
    """

    id: str
    learner: float
    bot: float
    ahead: Winner
    deciding: tuple[int, ...]


@dataclass(frozen=True)
class Judgement:
    """Everything a ballot shows."""

    items: tuple[Item, ...]
    limits: dict[Section, float]
    clashes: tuple[Clash, ...]
    result: Winner
    winner: Side | None
    """The side that won by the flow; None when too close."""
    complete: bool
    rubric: str

    @cached_property
    def parts(self) -> dict[Section, float]:
        """The points of each section, between 0 and its limit."""
        sums = {
            section: sum(item.got for item in self.items if item.section is section) for section in Section
        }
        return {
            section: round(min(max(total, 0.0), self.limits[section]), 1) for section, total in sums.items()
        }

    @cached_property
    def total(self) -> float:
        """0..100, to one decimal."""
        return round(sum(self.parts.values()), 1)

    @cached_property
    def practise(self) -> Rule:
        """The one thing to practise: the rule by which most points were lost (in table order among equals)."""
        lost = dict.fromkeys(Rule, 0.0)
        for item in self.items:
            lost[item.rule] += item.of - item.got
        return max(Rule, key=lambda rule: round(lost[rule], 1))


def judge(debate: Debate, rubric: Rubric) -> Judgement:
    """The judgement of a debate, finished or not."""
    clashes = tuple(_clashes(debate, rubric)) if debate.speeches else ()
    result = _ahead(sum(c.learner for c in clashes), sum(c.bot for c in clashes), rubric)
    return Judgement(
        items=(*_content(debate, rubric), *_engagement(debate, rubric), *_strategy(debate, rubric)),
        limits={
            Section.CONTENT: rubric.content.of,
            Section.ENGAGEMENT: rubric.engagement.of,
            Section.STRATEGY: rubric.strategy.of,
        },
        clashes=clashes,
        result=result,
        winner={Winner.LEARNER: debate.side, Winner.BOT: debate.side.other}.get(result),
        complete=len(debate.speeches) >= SPEECHES,
        rubric=rubric.sha256,
    )


# --- content ---


def _content(debate: Debate, rubric: Rubric) -> list[Item]:
    """The items of the best own points, point by point in the order they were made."""
    rated = [
        (sum(item.got for item in items), items)
        for point in _once_each(filter(_credited, debate.yours))
        for items in [_point_items(point, rubric.content)]
    ]
    best = sorted(range(len(rated)), key=lambda at: (-rated[at][0], at))[: rubric.content.best]
    return [item for at in sorted(best) for item in rated[at][1]]


def _once_each(points: Iterable[Point]) -> list[Point]:
    """The points without those from the card of an earlier one (a contest can make two of the same card)."""
    first: dict[str, int] = {}
    return [p for p in points if p.card is None or first.setdefault(p.card, p.number) == p.number]


def _credited(point: Point) -> bool:
    return not (point.late or point.helps_other or point.state is State.WITHDRAWN)


def _point_items(point: Point, rules: ContentRules) -> list[Item]:
    items = [
        _part_item(point, Rule.CLAIM, _part(point, PartKind.CLAIM), rules.claim),
        _part_item(point, Rule.WARRANT, _part(point, PartKind.WARRANT), rules.warrant),
        _evidence_item(point, rules),
        _part_item(point, Rule.IMPACT, _part(point, PartKind.IMPACT), rules.impact),
    ]
    # A reason or a consequence supports nothing where no claim was heard.
    return items if items[0].got else [_nothing(item) for item in items]


UNCLAIMED = "unclaimed"
"""The detail of a part that is there and earns nothing, because the claim it would support was not heard."""


def _nothing(item: Item) -> Item:
    detail = UNCLAIMED if item.got else item.detail
    return Item(item.section, item.rule, item.words, item.point, 0.0, item.of, detail)


def _part(point: Point, kind: PartKind) -> Part | None:
    return next((part for part in point.parts if part.kind is kind), None)


def _part_item(point: Point, rule: Rule, part: Part | None, of: float) -> Item:
    words = part.words if part else point.words
    return Item(Section.CONTENT, rule, words, point.number, of if part else 0.0, of)


def _evidence_item(point: Point, rules: ContentRules) -> Item:
    found = [part for part in point.parts if part.kind is PartKind.EVIDENCE and part.evidence is not None]
    worth = {part: rules.evidence[part.evidence] for part in found if part.evidence is not None}
    best = max(found, key=lambda part: worth[part], default=None)
    of = max(rules.evidence.values())
    if best is None:
        return Item(Section.CONTENT, Rule.EVIDENCE, point.words, point.number, 0.0, of)
    return Item(
        Section.CONTENT, Rule.EVIDENCE, best.words, point.number, worth[best], of, detail=str(best.evidence)
    )


# --- engagement ---


@dataclass(frozen=True)
class Engagement:
    """What the learner did with a point of the bot's: the answer that counts (None: none does).

    A card that the bot put twice, as a point and as a counterpoint, is one where the rubric says so (one sentence
    answers both); ``point`` is then the one that was answered best.
    """

    point: Point
    hit: Hit | None


def engagements(debate: Debate, rubric: Rubric) -> list[Engagement]:
    """What the learner did with each point of the bot's that could be answered, in the order in which they were put."""
    alike: dict[str | int | None, list[Engagement]] = {}
    for point in debate.bots:
        if could_answer(debate, point):
            same = point.card if rubric.engagement.once_a_card else point.number
            alike.setdefault(same, []).append(_engaged(point, rubric))
    return [max(same, key=lambda one: _worth(one, rubric)) for same in alike.values()]


def could_answer(debate: Debate, point: Point) -> bool:
    """Whether the learner answered the point, or had as many speeches after it as drop a point."""
    if point.state is State.WITHDRAWN:
        return False
    return bool(point.hits) or len(debate.speeches) - point.speech >= LEFT_ALONE


def _engaged(point: Point, rubric: Rubric) -> Engagement:
    """The best answer counts, unless the point was dropped or granted after it."""
    hits = {State.DROPPED: (), State.CONCEDED: point.hits[-1:]}.get(point.state, point.hits)
    return Engagement(point, max(hits, key=lambda hit: rubric.engagement.worth(hit.move), default=None))


def _worth(one: Engagement, rubric: Rubric) -> float:
    """The worth of the answer that counts; an answer worth nothing is still more than none."""
    return -1.0 if one.hit is None else rubric.engagement.worth(one.hit.move)


def _engagement(debate: Debate, rubric: Rubric) -> list[Item]:
    """One item for each point of the bot that the learner could answer, weighted by its strength."""
    found, rules = engagements(debate, rubric), rubric.engagement
    whole = sum(one.point.strength for one in found)
    return [_answer_item(one, rules, rules.of * one.point.strength / whole) for one in found]


TOO_LATE = "answered too late"
"""The detail of a point that was answered only after it had been dropped."""


def _answer_item(one: Engagement, rules: EngagementRules, of: float) -> Item:
    """An answer in the learner's words; a point left unanswered has the words of an answer made before it was brought back."""
    point, hit = one.point, one.hit
    if hit is None and point.too_late:
        words = point.too_late[-1].words
        return Item(Section.ENGAGEMENT, Rule.UNANSWERED, words, point.number, 0.0, of, detail=TOO_LATE)
    if hit is None:
        lost = next((hit.words for hit in reversed(point.hits) if hit.move in ATTACKS), "")
        return Item(Section.ENGAGEMENT, Rule.UNANSWERED, lost, point.number, 0.0, of, detail=str(point.state))
    got = of * rules.worth(hit.move)
    return Item(Section.ENGAGEMENT, Rule.ANSWER, hit.words, point.number, got, of, detail=str(hit.move))


# --- strategy ---


def _strategy(debate: Debate, rubric: Rubric) -> list[Item]:
    rules = rubric.strategy
    return [
        _once(Rule.EXTENSION, _extension(debate), rules.extension),
        _once(Rule.WEIGHING, _weighing(debate), rules.weighing),
        _once(Rule.RESTATEMENT, _restatement(debate), rules.restatement),
        _once(Rule.CLOSING, _closing(debate), rules.closing),
        *_slips(debate, rules),
    ]


def _once(rule: Rule, found: tuple[str, int | None] | None, of: float) -> Item:
    words, point = found if found else ("", None)
    return Item(Section.STRATEGY, rule, words, point, of if found else 0.0, of)


def _extension(debate: Debate) -> tuple[str, int | None] | None:
    """A point of one's own taken up again after it was answered, or an explained point of the bot attacked afterwards."""
    for point in debate.yours:
        if point.extensions and not point.helps_other:
            return point.extensions[0], point.number
    for number, before in debate.explained:
        for hit in debate.by_number[number].hits:
            if hit.speech > before and hit.move in ATTACKS:
                return hit.words, number
    return None


def _weighing(debate: Debate, only_closing: bool = False) -> tuple[str, int | None] | None:
    for speech in debate.speeches:
        weighing = speech.reading.weighing
        if weighing is None or (only_closing and speech.number != SPEECHES):
            continue
        own, other = debate.by_number.get(weighing.own), debate.by_number.get(weighing.other)
        if own is not None and other is not None and own.yours and not other.yours and _credited(own):
            return weighing.words, own.number
    return None


def _closing(debate: Debate) -> tuple[str, int | None] | None:
    return _weighing(debate, only_closing=True)


def _restatement(debate: Debate) -> tuple[str, int | None] | None:
    for speech in debate.speeches:
        for restated in speech.reading.restatements:
            point = debate.by_number.get(restated.point)
            if point is not None and not point.yours:
                return restated.words, point.number
    return None


def _slips(debate: Debate, rules: StrategyRules) -> list[Item]:
    """A contradiction, a double turn or a speech for the other side, each once, as the bot warned of it."""
    rule = {
        "contradiction": Rule.CONTRADICTION,
        "double_turn": Rule.DOUBLE_TURN,
        "other_side": Rule.OTHER_SIDE,
    }
    items = []
    for speech in debate.speeches:
        for slip in slips(debate, speech.number, rules):
            words = debate.by_number[slip.points[-1]].words if slip.points else speech.text
            point = slip.points[-1] if slip.points else None
            items.append(Item(Section.STRATEGY, rule[slip.about], words, point, rules.slip, 0.0))
    return items


def slips(debate: Debate, speech: int, rules: StrategyRules) -> tuple[Warns, ...]:
    """What went wrong in speech ``speech``: contradictions, double turns, arguing for the other side."""
    made = [debate.by_number[number] for number in debate.speeches[speech - 1].made]
    found = [slip for point in made for slip in _contradictions(debate, point, rules)]
    found += [slip for point in debate.bots for slip in _double_turn(point, speech)]
    astray = tuple(point.number for point in made if point.helps_other)
    found += [Warns(about="other_side", points=astray)] if astray else []
    return tuple(found)


def _contradictions(debate: Debate, point: Point, rules: StrategyRules) -> Iterable[Warns]:
    """The earlier points of the learner's own that do not go together with ``point``."""
    if point.p < rules.contradiction_from or (point.late and not rules.late_contradictions):
        return
    for at, tension in enumerate(debate.deck.tensions):
        if point.card not in tension.cards or point.helps_other:
            continue
        other = debate.own_point(next(card for card in tension.cards if card != point.card))
        if other is not None and other.number < point.number and other.p >= rules.contradiction_from:
            yield Warns(about="contradiction", points=(other.number, point.number), tension=at)


def _double_turn(point: Point, speech: int) -> Iterable[Warns]:
    """The learner turned the link of a point (it does the opposite) and its impact too (and that would be good)."""
    first: dict[str, int] = {}
    for hit in point.hits:
        if hit.turns is not None:
            first.setdefault(hit.turns, hit.speech)
    if len(first) == 2 and max(first.values()) == speech:
        yield Warns(about="double_turn", points=(point.number,))


# --- clashes and the result ---

OUTSIDE = ""
"""The id of the clash that holds the learner's points outside the deck that answer nothing."""

SHOWN = 3
"""The most points of a side that are named in a clash."""


def _clashes(debate: Debate, rubric: Rubric) -> Iterable[Clash]:
    """The two or three clashes that carry most, those that the closing weighs and the heaviest first; then what stands
    outside them."""
    by_clash: dict[str, list[Point]] = {}
    for point in _deciding(debate, rubric):
        by_clash.setdefault(_clash_of(debate, point), []).append(point)
    outside = by_clash.pop(OUTSIDE, [])
    weighed = _weighed(debate) if rubric.clashes.weighed_first else ()

    def rank(id: str) -> tuple[bool, float, int]:
        return id not in weighed, -sum(p.strength for p in by_clash[id]), list(by_clash).index(id)

    order = sorted(by_clash, key=rank)
    for id in order[:3]:
        yield _clash(id, by_clash[id], rubric)
    if outside:
        yield _clash(OUTSIDE, outside, rubric)


def _weighed(debate: Debate) -> tuple[str, ...]:
    """The clashes of the points that the closing weighs against each other."""
    found = [speech.reading.weighing for speech in debate.speeches if speech.number == SPEECHES]
    points = [debate.by_number.get(number) for one in found if one for number in (one.own, one.other)]
    return tuple(_clash_of(debate, point) for point in points if point is not None)


def _deciding(debate: Debate, rubric: Rubric) -> list[Point]:
    """The points that decide clashes."""
    if rubric.clashes.only_answerable:
        bots = [one.point for one in engagements(debate, rubric)]
    else:
        bots = [point for point in debate.bots if point.state is not State.WITHDRAWN]
    mine = [point for point in debate.yours if _credited(point) and _in_clash(debate, point, rubric)]
    return sorted((*bots, *mine), key=lambda point: point.number)


def _in_clash(debate: Debate, point: Point, rubric: Rubric) -> bool:
    """Whether a point of the learner's belongs to a clash of the deck, or is at least a claim outside it."""
    if _clash_of(debate, point) != OUTSIDE:
        return True
    return rubric.clashes.outside and _part(point, PartKind.CLAIM) is not None


def _clash_of(debate: Debate, point: Point) -> str:
    """The clash of a point's card, else of the point it answers, else ``OUTSIDE``."""
    while point.card is None:
        if point.answers is None:
            return OUTSIDE
        point = debate.by_number[point.answers]
    return debate.deck.by_id[point.card].clash


_MET = (State.ANSWERED, State.OUTWEIGHED)
"""What becomes of a point that was answered, and that argues for nobody."""


def _clash(id: str, points: list[Point], rubric: Rubric) -> Clash:
    standing = {point.number: _standing(point, rubric) for point in points}
    learner = sum(value for point in points if point.yours for value in [max(standing[point.number], 0)])
    bot = sum(value for point in points if not point.yours for value in [max(standing[point.number], 0)])
    # A turned point argues for whoever turned it.
    learner += sum(-min(standing[p.number], 0) for p in points if not p.yours)
    bot += sum(-min(standing[p.number], 0) for p in points if p.yours)
    ahead = _ahead(learner, bot, rubric)
    if rubric.clashes.answered_is_even and all(not p.yours and p.state in _MET for p in points):
        ahead = Winner.CLOSE
    heavy = sorted(points, key=lambda p: (-abs(standing[p.number]), p.number))
    shown = [p.number for yours in (True, False) for p in [q for q in heavy if q.yours is yours][:SHOWN]]
    return Clash(
        id=id,
        learner=round(learner, 2),
        bot=round(bot, 2),
        ahead=ahead,
        deciding=tuple(shown),
    )


def _standing(point: Point, rubric: Rubric) -> float:
    return point.strength * rubric.standing[point.state]


def _ahead(learner: float, bot: float, rubric: Rubric) -> Winner:
    whole = learner + bot
    if whole == 0 or abs(learner - bot) <= rubric.too_close * whole:
        return Winner.CLOSE
    return Winner.LEARNER if learner > bot else Winner.BOT
