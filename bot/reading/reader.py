"""Reads a message on a deck: ``LocalReader`` is the program's ``Reader``, with a local encoder and no network.

Words come first, then the debate: a message is read by itself (kind, units, parts, cards, side), and only then
does the situation say what is likely (the own side, an answer to what the bot said last).
This module must not know SQL, platforms or the rules of a debate.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.reading import anchors, kinds, moves, signals, units
from bot.reading.encoder import Encoder, Floats
from bot.reading.essays import EssayIndex
from bot.reading.heads import Doubles, Heads, Profile, texts_of
from bot.reading.kinds import KindHead, Verdict
from bot.reading.moves import MoveHead
from bot.reading.padding import without_padding
from bot.reading.parts import parts
from bot.reading.vectors import Vectors
from bot.reading.words import Stretch, content, has_verb, plain, stretch
from bot.readings import (
    POSSIBLE,
    Answer,
    BotPoint,
    Candidate,
    Fit,
    Kind,
    OwnPoint,
    PartKind,
    Reading,
    Restatement,
    Situation,
    Unit,
)
from content.deck import ATTACKS, Deck, Move, Side

MOST_LETTERS = 4000
DECKS_KEPT = 8
ANCHORS = "anchors"

OWN_SIDE = 0.985
"""How likely an argument of the learner's is one for the side the learner took: to be told wrongly that one
helps the other side is worse than not to be told."""
ANSWERED = 0.5
"""From this probability on, words are taken to answer a point."""
SIDE_SURE = 0.6
_ODDS_ALONE, _ODDS_LATEST, _ODDS_OPEN, _ODDS_CLOSED = 6.0, 3.0, 0.6, 0.2
_NEAR, _STRAYS = 0.45, 0.5
"""Below the first (cosine with the nearest text of the deck) and above the second (lead of the head's "off topic") a
message is about anything else; so chosen that 3 in 100 phrasings of a deck that knows them not would be lost."""
_TWO = 0.5
"""Neighbouring sentences are two arguments only where each makes another card with at least this probability."""
_ENOUGH = 3
"""So many words of content beyond the motion's own, near the deck, are more than the naming of a point."""
_MOST_ANSWERS = 2
_MOST_CANDIDATES = 6
_FAIR = 0.33
"""From this cosine on (without what all texts share), a restatement is one of the point."""
_ASTRAY = 0.8
"""From this probability on, by the words alone, they argue for a side."""
_AGAIN, _ANSWERING = 2.5, 1.5
"""How much likelier the debate makes a card of one's own that was attacked, and one that answers what was said last."""
_CARDS_FITTED = 2
_LEAST = 0.35
"""Where no card reaches this probability, the words are a new point first."""
_LATER = 0.6
"""The least probability of a new point for words that name an event after the essay."""


@dataclass(frozen=True)
class Model:
    """Everything the reader knows of one deck."""

    deck: Deck
    heads: Heads
    kinds: KindHead
    moves: MoveHead
    essay: EssayIndex
    vectors: dict[str, Floats]
    attacks: dict[int, Profile] = field(default_factory=dict)

    def attack(self, place: int) -> Profile:
        """The profile of counterpoint number ``place``, made at its first use."""
        if place not in self.attacks:
            self.attacks[place] = self.heads.of_deck(self.deck.counterpoints[place].say)
        return self.attacks[place]


@dataclass(frozen=True)
class Heard:
    """An argument of a message as it was heard by itself."""

    piece: Stretch
    profile: Profile
    announced: bool


class LocalReader:
    """The reader that needs nothing but this package; ``cache`` is the folder for the vectors of strangers' decks.

    Deterministic, blocking and thread-safe. A deck is learned at its first use (under a second once its vectors exist).
    """

    def __init__(self, cache: Path | None = None, encoder: Encoder | None = None) -> None:
        self.encoder = encoder or Encoder()
        self._vectors = Vectors(self.encoder, cache)
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def sha256(self) -> str:
        """The identity of encoder and heads: any change to this package's code makes it another reader."""
        digest = hashlib.sha256(self.encoder.sha256.encode())
        for path in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def prepare(self, deck: Deck) -> None:
        """Learn ``deck`` now, so that the first message need not wait for it."""
        self.model(deck)

    def model(self, deck: Deck) -> Model:
        """What is known of ``deck``, learned at its first use."""
        with self._lock:
            if deck.sha256 not in self._models:
                self._models[deck.sha256] = self._learn(deck)
            self._models.move_to_end(deck.sha256)
            while len(self._models) > DECKS_KEPT:
                self._models.popitem(last=False)
            return self._models[deck.sha256]

    def _learn(self, deck: Deck) -> Model:
        texts, fixed = texts_of(deck), anchor_texts()
        vectors = dict(zip(fixed, self._vectors.named(ANCHORS, fixed), strict=True))
        vectors |= dict(zip(texts, self._vectors.named(deck.id, texts), strict=True))

        def encode(wanted: Sequence[str]) -> Floats:
            return np.stack([vectors[text] for text in wanted])

        heads = Heads(deck, encode)
        return Model(deck, heads, KindHead(deck, encode), MoveHead(deck, encode), EssayIndex(deck), vectors)

    def vector(self, model: Model, text: str) -> Floats:
        """The vector of ``text``: a known one where it is a text of the deck."""
        form = plain(text)
        known = model.vectors.get(form)
        return known if known is not None else self._vectors.of([form])[0]

    def profile(self, model: Model, text: str) -> Profile:
        """What the heads make of ``text``."""
        return model.heads.profile(self.vector(model, text))

    def read(self, deck: Deck, text: str, situation: Situation) -> Reading:
        """What ``text`` says, in this situation."""
        return _Session(self, self.model(deck), situation, without_padding(cleaned(text))).reading()


def anchor_texts() -> list[str]:
    """The fixed texts beside the decks', in the form in which they are encoded."""
    return list(dict.fromkeys(plain(text) for text in anchors.texts()))


def cleaned(text: str) -> str:
    """``text`` with a space for every control or invisible character, never longer than a speech may be."""
    return "".join(
        ch if ch == "\n" or unicodedata.category(ch) not in _UNSEEN else " " for ch in text[:MOST_LETTERS]
    )


_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))


class _Session:
    """One message being read."""

    def __init__(self, reader: LocalReader, model: Model, situation: Situation, text: str) -> None:
        self.reader = reader
        self.model = model
        self.situation = situation
        self.text = text
        self.runs = model.essay.runs(text)
        self._points: dict[int, Profile] = {}

    # --- the message as a whole ---

    def reading(self) -> Reading:
        verdict = self._junk()
        if verdict is not None and verdict.kind in _WORDLESS:
            return self._nothing(verdict, None)
        profile = self.reader.profile(self.model, self.text)
        verdict = verdict or self._tone(profile)
        if verdict.kind not in (Kind.ARGUMENT, Kind.BOTH_SIDES, Kind.QUESTION):
            return self._nothing(verdict, profile)
        found = self._units(profile) if verdict.kind is not Kind.QUESTION else ()
        side, side_p = named_side(profile.for_p)
        return Reading(
            kind=verdict.kind,
            kind_p=round(verdict.p, 2),
            units=found,
            side=side,
            side_p=side_p,
            quality=self._quality(profile, found),
            about=self._about(profile) if verdict.kind is Kind.QUESTION else None,
            nearest=self._nearest(profile),
            weighing=signals.weighing(self.text, self.situation),
            restatements=self._restatements() if found else (),
            later=signals.later(self.text, self.model.deck),
            reader=self.reader.sha256,
        )

    def _nothing(self, verdict: Verdict, profile: Profile | None) -> Reading:
        nearest = self._nearest(profile) if profile is not None else None
        return Reading(
            kind=verdict.kind,
            kind_p=round(verdict.p, 2),
            language=verdict.language,
            nearest=nearest,
            reader=self.reader.sha256,
        )

    def _junk(self) -> Verdict | None:
        """A kind that the form alone shows."""
        text = self.text
        longest = max((run.length for run in self.runs), default=0)
        return (
            kinds.wordless(text)
            or kinds.distress(text)
            or kinds.instructions(text)
            or kinds.other_language(text)
            or kinds.gibberish(text, self.reader.encoder.pieces(text[:400]))
            or kinds.pasted(text, longest, sum(run.length for run in self.runs))
            or kinds.insult(text)
            or kinds.greeting(text)
            or self._soup()
        )

    def _soup(self) -> Verdict | None:
        """Keywords without a sentence; a nod and a question about the debate use its words with good reason."""
        if (
            signals.weighing(self.text, self.situation)
            or moves.concedes(self.text)
            or (kinds.asks(self.text) and kinds.seeks(self.text))
        ):
            return None
        return kinds.keyword_soup(self.text)

    def _tone(self, profile: Profile) -> Verdict:
        """A kind that takes the meaning to see."""
        scores = self.model.kinds(profile.vector)
        if kinds.asks(self.text) and (
            kinds.seeks(self.text) or scores[Kind.QUESTION] - scores[Kind.ARGUMENT] > 0.15
        ):
            return (
                Verdict(Kind.QUESTION, 0.8) if self._is_of_debate(profile) else Verdict(Kind.OFF_TOPIC, 0.7)
            )
        both = kinds.both_sides(self.text)
        if both is not None:
            return both
        if self._is_off_topic(profile, scores):
            return Verdict(Kind.OFF_TOPIC, 0.75)
        return Verdict(Kind.ARGUMENT, round(1 - 0.5 * profile.new_p, 2))

    def _is_of_debate(self, profile: Profile) -> bool:
        """Whether a question is about the motion, or about what was said here ("what do you mean by that?")."""
        return profile.near >= _NEAR or self._shares_words() or kinds.points_at(self.text)

    def _is_off_topic(self, profile: Profile, scores: dict[Kind, float]) -> bool:
        if (
            signals.named(self.text, self.situation)
            or moves.concedes(self.text)
            or moves.attacks_barely(self.text)
        ):
            return False
        strays = scores[Kind.OFF_TOPIC] - scores[Kind.ARGUMENT]
        far = (profile.near < _NEAR and strays > _STRAYS) or (
            profile.near < _NEAR - 0.1 and strays > _STRAYS - 0.1
        )
        if not far or self._shares_words():
            return False
        return not any(self._answer_p(profile, point) >= ANSWERED for point in self.situation.points)

    def _shares_words(self) -> bool:
        """Whether two words of the motion and the sides' labels stand in the message."""
        return len(self._motion_words & set(content(self.text))) >= 2

    @cached_property
    def _motion_words(self) -> frozenset[str]:
        """The words of the motion and the sides' labels, which everybody uses."""
        deck = self.model.deck
        texts = (deck.motion, deck.title, *map(deck.label, Side))
        return frozenset(word for text in texts for word in content(text))

    def _nearest(self, profile: Profile) -> str | None:
        shares = self._card_shares(profile)
        return self.model.heads.ids[int(shares.argmax())]

    def _quality(self, profile: Profile, found: Sequence[Unit]) -> float:
        kinds_ = {part.kind for unit in found for part in unit.parts}
        length = min(1.0, len(content(self.text)) / 20)
        parts_ = (
            0.2 * (PartKind.WARRANT in kinds_)
            + 0.15 * (PartKind.EVIDENCE in kinds_)
            + 0.1 * (PartKind.IMPACT in kinds_)
        )
        return (
            round(min(1.0, 0.1 + parts_ + 0.25 * length + 0.2 * min(1.0, profile.near)), 2) if found else 0.05
        )

    # --- units ---

    def _units(self, whole: Profile) -> tuple[Unit, ...]:
        heard = self._heard(whole)
        out: list[Unit] = []
        for one in heard:
            if signals.echoes(one.piece.text, [unit.words for unit in out]):
                continue
            unit = self._unit(one)
            if unit.answers or not self._only_nods(unit.words):
                out.append(unit)
        if all(self._is_astray(unit) for unit in out):
            return tuple(out)
        return tuple(self._own_again(unit) for unit in out)

    def _is_astray(self, unit: Unit) -> bool:
        """Whether words argue for the other side: by their card, by what they say themselves, and attacking nothing."""
        attacks = any(answer.move in ATTACKS for answer in unit.answers)
        return (
            not attacks
            and self._is_others(unit.card)
            and unit.side is self.situation.side.other
            and unit.side_p >= _ASTRAY
        )

    def _is_others(self, card: str | None) -> bool:
        return card is not None and self.model.deck.by_id[card].side is not self.situation.side

    def _own_again(self, unit: Unit) -> Unit:
        """``unit`` as a new point where its card is of the other side: a speech helps that side only as a whole."""
        if not self._is_others(unit.card):
            return unit
        rest = tuple(
            Candidate(card=c.card, p=round(c.p * (1 - _LATER), 2))
            for c in unit.candidates
            if c.card is not None
        )
        return unit.model_copy(update={"candidates": (Candidate(card=None, p=_LATER), *rest)})

    def _only_nods(self, text: str) -> bool:
        """Whether words grant what is settled already, or nothing that could be told: they make no point."""
        settled = {point.number for point in self.situation.decided}
        refs = set(signals.named(text, self.situation))
        return moves.concedes(text) and (not units.has_claim(text) or bool(refs and refs <= settled))

    def _heard(self, whole: Profile) -> list[Heard]:
        """The arguments of the message; neighbours that make the same card are one."""
        pieces = self._pieces()
        if len(pieces) <= 1:
            all_of_it = stretch(self.text, 0, len(self.text))
            return (
                [Heard(all_of_it, self._spoken(all_of_it, whole), False)] if self._is_unit(all_of_it) else []
            )
        heard = [Heard(p, self._spoken(p, None), announced) for p, announced in pieces]
        heard = self._on_topic(heard)
        out = heard[:1]
        for one in heard[1:]:
            if self._same_argument(out[-1], one):
                out[-1] = self._joined(out[-1], one)
            else:
                out.append(one)
        if len(out) == 1 and len(heard) > 1:
            return [Heard(out[0].piece, self._spoken(out[0].piece, None), False)]
        return out

    def _pieces(self) -> list[tuple[Stretch, bool]]:
        """The pieces of the message that could be arguments, each with the remark that leads into it."""
        out: list[tuple[Stretch, bool]] = []
        lead: int | None = None
        for piece, announced in units.split(self.text):
            if self._is_unit(piece):
                start = piece.start if lead is None else lead
                out.append((stretch(self.text, start, piece.end), announced))
                lead = None
            elif lead is None:
                lead = piece.start
        return out

    def _spoken(self, piece: Stretch, known: Profile | None) -> Profile:
        """The profile of ``piece`` without what it only repeats of the other side ("you say that ...")."""
        own = piece.text
        for said in signals.restated(piece.text):
            own = own.replace(said, " ")
        if own == piece.text or len(set(content(own))) < 4:
            return known or self.reader.profile(self.model, piece.text)
        return self.reader.profile(self.model, own)

    def _is_unit(self, piece: Stretch) -> bool:
        only_restates = units.only_restates(piece.text)
        return (units.has_claim(piece.text) and not only_restates) or moves.concedes(piece.text)

    def _on_topic(self, heard: list[Heard]) -> list[Heard]:
        """Remarks on anything else beside an argument are padding."""
        kept = []
        for one in heard:
            scores = self.model.kinds(one.profile.vector)
            if not self._strays(one, scores):
                kept.append(one)
        return kept or heard[:1]

    def _strays(self, one: Heard, scores: dict[Kind, float]) -> bool:
        if signals.named(one.piece.text, self.situation) or moves.concedes(one.piece.text):
            return False
        other = max(scores[k] for k in (Kind.OFF_TOPIC, Kind.GREETING, Kind.INSTRUCTIONS))
        return one.profile.near < _NEAR and other > scores[Kind.ARGUMENT] + 0.35

    def _same_argument(self, before: Heard, one: Heard) -> bool:
        if one.announced:
            return False
        if signals.named(one.piece.text, self.situation) or self._answers_another(before, one):
            return False
        left, right = self._card_shares(before.profile), self._card_shares(one.profile)
        surely_two = min(left.max(), right.max()) >= _TWO and left.argmax() != right.argmax()
        return not surely_two or float((left * right).sum()) > 0.1

    def _answers_another(self, before: Heard, one: Heard) -> bool:
        """Whether two neighbours answer different points of the bot's."""
        first, second = self._aim(before), self._aim(one)
        return None not in (first, second) and first != second

    def _aim(self, one: Heard) -> int | None:
        """The point of the bot's that the words answer best, if they plainly answer one."""
        refs = signals.named(one.piece.text, self.situation)
        chances = {
            p.number: 1.0 if p.number in refs else self._answer_p(one.profile, p)
            for p in self.situation.points
        }
        best = max(chances, key=lambda number: chances[number], default=None)
        return best if best is not None and chances[best] >= _TWO else None

    def _joined(self, before: Heard, one: Heard) -> Heard:
        piece = stretch(self.text, before.piece.start, one.piece.end)
        weights = np.array([len(before.piece.text), len(one.piece.text)], float)
        vector = (before.profile.vector * weights[0] + one.profile.vector * weights[1]) / weights.sum()
        vector = (vector / (np.linalg.norm(vector) + 1e-9)).astype(np.float32)
        return Heard(piece, self.model.heads.profile(vector), before.announced)

    def _unit(self, one: Heard) -> Unit:
        side, side_p = named_side(one.profile.for_p)
        text = one.piece.text
        bots = (*self.situation.points, *self.situation.decided)
        earlier = [*self.situation.said, *(point.said for point in bots)]
        repeats = signals.echoes(text, earlier)
        candidates, answers = self._candidates(one), self._answers(one)
        return Unit(
            words=text,
            candidates=candidates,
            side=side,
            side_p=side_p,
            answers=answers,
            own=None if repeats else self._own(text, candidates),
            parts=parts(self.text, one.piece, self.runs),
            repeats=repeats,
            fits=self._fits(one, candidates),
        )

    def _fits(self, one: Heard, candidates: Sequence[Candidate]) -> tuple[Fit, ...]:
        """How apt the counterpoints on the likeliest cards of the learner's side are as answers to the words."""
        deck, heads = self.model.deck, self.model.heads
        own = [c.card for c in candidates if c.card and deck.by_id[c.card].side is self.situation.side]
        places = [place for card in own[:_CARDS_FITTED] for place in deck.attacks_on[card]]
        said = {place: self.model.attack(place) for place in places}
        return tuple(
            Fit(counterpoint=place, p=round(heads.answers(said[place], one.profile), 2)) for place in places
        )

    # --- cards ---

    def _card_shares(self, profile: Profile) -> Doubles:
        """The probabilities of the cards, with what the debate makes likely."""
        return heads_shares(profile.cards, self._weights)

    @cached_property
    def _weights(self) -> Doubles:
        """What the debate makes of each card: own side, own attacked points, attacks on what the bot said last."""
        deck = self.model.deck
        own = {p.card for p in self.situation.own if p.attacked}
        targets = {p.card for p in self.situation.points if p.latest}
        answering = {deck.counterpoints[k].by for card in targets for k in deck.attacks_on[card]}
        return np.array(
            [
                (OWN_SIDE if card.side is self.situation.side else 1 - OWN_SIDE)
                * (_AGAIN if card.id in own else 1.0)
                * (_ANSWERING if card.id in answering else 1.0)
                for card in deck.cards
            ]
        ) * np.where(self._in_play, 1e-6, 1.0)

    @cached_property
    def _in_play(self) -> NDArray[np.bool_]:
        """Which cards are those of the bot's points: who speaks of them in answer does not make them."""
        bots = {p.card for p in (*self.situation.points, *self.situation.decided)}
        return np.array([card.id in bots for card in self.model.deck.cards])

    def _candidates(self, one: Heard) -> tuple[Candidate, ...]:
        if not units.has_claim(one.piece.text):
            return (Candidate(card=None, p=1.0),)
        shares = self._card_shares(one.profile)
        new_p = max(min(0.95, one.profile.new_p), self._borrowed(one.profile))
        if shares.max() * (1 - new_p) < _LEAST:
            new_p = max(new_p, _LEAST)
        shares = shares * (1 - new_p)
        order = np.argsort(-shares, kind="stable")[:_MOST_CANDIDATES]
        found = [Candidate(card=self.model.heads.ids[i], p=round(float(shares[i]), 2)) for i in order]
        found = [c for k, c in enumerate(found) if k < 3 or c.p >= POSSIBLE]
        if signals.later(one.piece.text, self.model.deck) is not None:
            # What the essay cannot know is a point of the learner's own, however near a card lies.
            new_p = max(new_p, _LATER)
            found = [Candidate(card=c.card, p=round(c.p * (1 - _LATER), 2)) for c in found]
        found.append(Candidate(card=None, p=round(new_p, 2)))
        return tuple(sorted(found, key=lambda c: (-c.p, c.card is None)))

    def _borrowed(self, profile: Profile) -> float:
        """How far the words only speak of what the bot's points in play hold: such words make a point of their own."""
        return float(profile.cards[self._in_play].sum())

    # --- the debate ---

    def _point_profile(self, point: BotPoint) -> Profile:
        if point.number not in self._points:
            profile = self.reader.profile(self.model, point.said)
            self._points[point.number] = self.model.heads.certain(profile, point.card)
        return self._points[point.number]

    def _answer_p(self, profile: Profile, point: BotPoint) -> float:
        p = self.model.heads.answers(profile, self._point_profile(point))
        odds = p / max(1e-6, 1 - p) * self._prior_odds(point)
        return odds / (1 + odds)

    def _prior_odds(self, point: BotPoint) -> float:
        """How much likelier than by the words alone the debate makes it that ``point`` is answered."""
        if point.latest:
            return _ODDS_ALONE if len(self.situation.points) == 1 else _ODDS_LATEST
        return _ODDS_OPEN if point.open else _ODDS_CLOSED

    def _answers(self, one: Heard) -> tuple[Answer, ...]:
        found = [answer for point in self.situation.points if (answer := self._answer(one, point))]
        found.sort(key=lambda answer: -answer.p)
        return tuple(found[: 1 if self._grants_unnamed(one.piece.text) else _MOST_ANSWERS])

    def _grants_unnamed(self, text: str) -> bool:
        """Whether words concede without a number: then they give one point away, the nearest."""
        return moves.concedes(text) and not signals.named(text, self.situation)

    def _answer(self, one: Heard, point: BotPoint) -> Answer | None:
        text = one.piece.text
        refs = signals.named(text, self.situation)
        gives = moves.concedes(text)
        bare = self._is_bare(text)
        related = self._answer_p(one.profile, point)
        if point.number in refs:
            takes_on = gives or (not bare and self._takes_on(one, point, related))
            return self._moved(one, point, 0.95, 0.9 if takes_on else 0.2)
        if refs or (bare and not gives):
            return None
        alone = gives and len(signals.latest(self.situation.points)) == 1 and point.latest
        related = max(related, 0.8 if alone else 0.0)
        return None if related < ANSWERED else self._moved(one, point, round(related, 2), 1.0)

    def _moved(self, one: Heard, point: BotPoint, p: float, related: float) -> Answer:
        """The answer to ``point`` with the moves it may be; ``related`` is how surely it is more than a dodge."""
        text = one.piece.text
        scores = self.model.moves.scores(text, one.profile.vector)
        if self._weighs(text, point):
            scores[Move.OUTWEIGH] += 1
        ranked = moves.ranked(scores, related, moves.concedes(text), self._is_bare(text))
        return Answer(point=point.number, p=p, moves=ranked, turns=moves.turns(text, ranked))

    def _is_bare(self, text: str) -> bool:
        """Whether the words carry nothing beyond what everybody says of the motion ("that is wrong about the talks")."""
        return len(set(content(text)) - self._motion_words) < 2

    def _weighs(self, text: str, point: BotPoint) -> bool:
        weighed = signals.weighing(text, self.situation)
        return weighed is not None and weighed.other == point.number

    def _takes_on(self, one: Heard, point: BotPoint, related: float) -> bool:
        """Whether words that name a point have to do with it, or at least with the motion."""
        said = set(content(one.piece.text)) - self._motion_words
        on_motion = len(said) >= _ENOUGH and one.profile.near >= _NEAR - 0.1 and has_verb(one.piece.text)
        return on_motion or self._weighs(one.piece.text, point) or self._touches(one, point, related)

    def _touches(self, one: Heard, point: BotPoint, related: float) -> bool:
        """Whether words that name a point have to do with it."""
        card = self.model.deck.by_id[point.card]
        shared = set(content(one.piece.text)) & {
            *content(point.said),
            *content(card.tag),
            *content(card.warrant),
        }
        return related >= ANSWERED or bool(shared - self._motion_words)

    def _own(self, text: str, candidates: Sequence[Candidate]) -> int | None:
        """The own point that the words take up again: named, of the same card, or attacked and nearest among the cards."""
        refs = signals.named(text, self.situation)
        mine: list[OwnPoint] = [p for p in self.situation.own if p.number in refs]
        best = candidates[0].card
        if not mine and best is not None:
            mine = [p for p in self.situation.own if p.card == best]
        if not mine and (best is None or candidates[0].p < _TWO) and self._answers_question(text):
            mine = [p for p in self.situation.own if p.number == self.situation.asked_of]
        if not mine and best is None and candidates[0].p <= _LEAST:
            nearest = candidates[1].card if len(candidates) > 1 else None
            mine = [p for p in self.situation.own if p.attacked and p.card is not None and p.card == nearest]
        attacked = [p for p in mine if p.attacked]
        return (attacked or mine)[0].number if mine else None

    def _answers_question(self, text: str) -> bool:
        """Whether words take up what the bot asked last: a word of it that is not the motion's, or its meaning."""
        asked = self.situation.asked
        if asked is None:
            return False
        shared = set(content(text)) & set(content(asked)) - self._motion_words
        vectors = [self.reader.vector(self.model, words) for words in (text, asked)]
        return bool(shared) or self.model.heads.close(*vectors) >= _FAIR

    def _about(self, profile: Profile) -> int | None:
        """The point of the bot that a question is about."""
        points = self.situation.points
        bots = {p.number for p in points}
        refs = signals.named(self.text, self.situation)
        if refs or not points:
            return next((n for n in refs if n in bots), None)
        return max(points, key=lambda p: (self._answer_p(profile, p), p.number)).number

    def _closeness(self, vector: Floats, point: BotPoint) -> float:
        """The cosine of words with what a point of the bot said, or with its claim where that is nearer."""
        said = (point.said, self.model.deck.by_id[point.card].tag)
        return max(self.model.heads.close(vector, self.reader.vector(self.model, text)) for text in said)

    def _restatements(self) -> tuple[Restatement, ...]:
        """What the message puts of the bot's points in words of its own, each with the one point it is nearest to."""
        out: dict[int, Restatement] = {}
        for said in signals.restated(self.text):
            vector = self.reader.vector(self.model, said)
            points = (*self.situation.points, *self.situation.decided)
            close = {point: self._closeness(vector, point) for point in points}
            best = max(close, key=lambda point: close[point], default=None)
            if best is not None and close[best] >= _FAIR and not signals.echoes(said, [best.said]):
                out.setdefault(best.number, Restatement(point=best.number, words=said))
        return tuple(out.values())


_WORDLESS = (Kind.EMPTY, Kind.EMOJI, Kind.GIBBERISH, Kind.OTHER_LANGUAGE, Kind.DISTRESS)


def named_side(for_p: float) -> tuple[Side | None, float]:
    """The side that a probability of ``for`` names, None when it is unclear, and how sure that side is."""
    side, p = (Side.FOR, for_p) if for_p >= 0.5 else (Side.AGAINST, 1 - for_p)
    return (side if p >= SIDE_SURE else None), round(p, 2)


def heads_shares(cards: Doubles, weights: Doubles) -> Doubles:
    """``cards`` times ``weights``, summing to one."""
    product = cards * weights
    out: Doubles = product / product.sum()
    return out
