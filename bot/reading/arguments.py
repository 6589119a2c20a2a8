"""The arguments of a message: where each begins and ends, the card it makes, its parts.

By form first (see ``units``); then the heads say which neighbours are one argument.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.reading import moves, signals, units
from bot.reading.answers import Answers, Heard
from bot.reading.context import ANSWERED, NEAR, NOT_FAR, STRAYS, Context, weighted
from bot.reading.essays import Run
from bot.reading.heads import Profile
from bot.reading.parts import parts
from bot.reading.regression import Doubles
from bot.reading.words import Stretch, content, has_verb, stretch
from bot.reading.words import words as plain_words
from bot.readings import POSSIBLE, SURE, Answer, Candidate, Fit, Kind, Unit
from content.deck import ATTACKS, Move, Side

SIDE_SURE = 0.6
_LEAST = 0.35
"""Where no card reaches this probability, the words are a new point first."""
_MOST_CANDIDATES = 6
_CARDS_FITTED, _MOST_FITS = 8, 12
"""So many of the likeliest cards' counterpoints are looked at, and so many kept."""
_ASTRAY = 0.8
"""From this probability on, by the words alone, they argue for a side."""
_WHOLE, _PLAINLY = 5, 0.8
"""Neighbours of so many words of content are two where one makes a card with at least this probability."""
_QUOTED, _QUOTES = 5, 10.0
"""A quote of so many words makes a card that rests on the same passage so much likelier."""
_FAR_STRAYS = 0.35
"""From this lead of another tone on, a sentence far from the deck stands beside the argument."""
_LATER = 0.6
"""The least probability of a new point for words that name an event after the essay."""


class Arguments:
    """The arguments of one message; ``runs`` are the essay's words in it."""

    def __init__(self, context: Context, answers: Answers, text: str, runs: Sequence[Run]) -> None:
        self.context = context
        self.model = context.model
        self.situation = context.situation
        self.answers = answers
        self.text = text
        self.runs = runs

    def units(self, whole: Profile) -> tuple[Unit, ...]:
        """The arguments, in order; ``whole`` is the profile of the whole message."""
        heard = self._heard(whole)
        out: list[Unit] = []
        for one in heard:
            if signals.echoes(one.piece.text, [unit.words for unit in out]):
                continue
            unit = self._unit(one)
            # Words that grant what is settled, or nothing that could be told, make no point.
            if unit.answers or not moves.concedes(unit.words):
                out.append(unit)
        out = _without_taken_back(out)
        if all(self._is_astray(unit) for unit in out):
            return tuple(out)
        return tuple(self._own_again(unit) for unit in out)

    def _is_astray(self, unit: Unit) -> bool:
        """Whether words argue for the other side: by their card, by what they say themselves, and attacking nothing."""
        attacks = any(answer.move in ATTACKS for answer in unit.answers)
        return (
            not attacks
            and self.context.is_others(unit.card)
            and unit.side is self.situation.side.other
            and unit.side_p >= _ASTRAY
        )

    def _own_again(self, unit: Unit) -> Unit:
        """``unit`` as a new point where its card is of the other side: a speech helps that side only as a whole."""
        if not self.context.is_others(unit.card):
            return unit
        rest = tuple(
            Candidate(card=c.card, p=round(c.p * (1 - _LATER), 2))
            for c in unit.candidates
            if c.card is not None
        )
        return unit.model_copy(update={"candidates": (Candidate(card=None, p=_LATER), *rest)})

    def _heard(self, whole: Profile) -> list[Heard]:
        """The arguments of the message; neighbours that make the same card are one."""
        pieces, all_of_it = self._pieces(), stretch(self.text, 0, len(self.text))
        if len(pieces) <= 1:
            return [self._hear(all_of_it, self._spoken(all_of_it, whole))] if self._is_unit(all_of_it) else []
        heard = [self._hear(p, self._spoken(p, None), announced) for p, announced in pieces]
        heard = self._on_topic(heard)
        out = heard[:1]
        for one in heard[1:]:
            if self._same_argument(out[-1], one):
                out[-1] = self._joined(out[-1], one)
            else:
                out.append(one)
        if len(out) == 1 and len(heard) > 1:
            known = whole if out[0].piece == all_of_it else None
            return [self._hear(out[0].piece, self._spoken(out[0].piece, known))]
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

    def _hear(self, piece: Stretch, profile: Profile, announced: bool = False) -> Heard:
        return Heard(
            piece, profile, announced, self.context.chances(piece.text, profile), self.context.shares(profile)
        )

    def _spoken(self, piece: Stretch, known: Profile | None) -> Profile:
        """The profile of ``piece`` without what it only repeats of the other side ("you say that ...")."""
        own = piece.text
        for said in signals.restated(piece.text):
            own = own.replace(said, " ")
        if own == piece.text or len(set(content(own))) < 4:
            return known or self.model.profile(piece.text)
        return self.model.profile(own)

    def _is_unit(self, piece: Stretch) -> bool:
        only_restates = units.only_restates(piece.text)
        return (units.has_claim(piece.text) and not only_restates) or moves.concedes(piece.text)

    def _on_topic(self, heard: list[Heard]) -> list[Heard]:
        """Remarks on anything else beside an argument are padding."""
        kept = []
        for one in heard:
            scores = self.model.tones(one.profile.vector)
            if not self._strays(one, scores):
                kept.append(one)
        return kept or heard[:1]

    def _strays(self, one: Heard, scores: dict[Kind, float]) -> bool:
        if moves.concedes(one.piece.text) or self.context.weighing(one.piece.text):
            return False
        if self.context.named(one.piece.text) and one.profile.near >= NOT_FAR:
            return False
        if max(one.chances.values(), default=0.0) >= ANSWERED:
            return False
        other = max(scores[k] for k in (Kind.OFF_TOPIC, Kind.GREETING, Kind.INSTRUCTIONS))
        lead = other - scores[Kind.ARGUMENT]
        return lead > STRAYS or (one.profile.near < NEAR and lead > _FAR_STRAYS)

    def _same_argument(self, before: Heard, one: Heard) -> bool:
        if one.announced:
            return False
        if moves.concedes(self.text[before.piece.start : one.piece.end]):
            # A concession stands apart, unless what follows still speaks of the point that is granted.
            bare = moves.only_concedes(before.piece.text)
            return self._aim(one) is not None and (bare or self._aim(before) == self._aim(one))
        if self.context.named(one.piece.text) or self._answers_another(before, one):
            return False
        left, right = before.shares, one.shares
        surely_two = min(left.max(), right.max()) >= SURE and left.argmax() != right.argmax()
        shared = float((left * right).sum())
        return not (surely_two and shared <= 0.1) and not (shared < 0.05 and self._both_weighty(before, one))

    def _both_weighty(self, before: Heard, one: Heard) -> bool:
        """Whether two neighbours are whole sentences, one of which surely makes a card that the other does not."""
        best = max(float(heard.shares.max()) for heard in (before, one))
        whole = all(
            len(set(content(heard.piece.text))) >= _WHOLE and has_verb(heard.piece.text)
            for heard in (before, one)
        )
        return whole and best >= _PLAINLY and not units.supports(one.piece.text)

    def _answers_another(self, before: Heard, one: Heard) -> bool:
        """Whether two neighbours answer different points of the bot's."""
        first, second = self._aim(before), self._aim(one)
        return None not in (first, second) and first != second

    def _aim(self, one: Heard) -> int | None:
        """The point of the bot's that the words answer best, if they plainly answer one."""
        refs = self.context.named(one.piece.text)
        chances = {number: 1.0 if number in refs else p for number, p in one.chances.items()}
        best = max(chances, key=lambda number: chances[number], default=None)
        return best if best is not None and chances[best] >= ANSWERED else None

    def _joined(self, before: Heard, one: Heard) -> Heard:
        piece = stretch(self.text, before.piece.start, one.piece.end)
        share = len(before.piece.text) / (len(before.piece.text) + len(one.piece.text))
        return self._hear(piece, before.profile.joined(one.profile, share), before.announced)

    def _unit(self, one: Heard) -> Unit:
        side, side_p = named_side(one.profile.for_p)
        text = one.piece.text
        earlier = [*self.situation.said, *(point.said for point in self.context.bots)]
        repeats = signals.echoes(text, earlier)
        candidates, (answers, doubted) = self._candidates(one), self.answers.to(one)
        return Unit(
            words=text,
            candidates=candidates,
            side=side,
            side_p=side_p,
            answers=answers,
            perhaps=doubted,
            own=None if repeats or moves.concedes(text) else self.answers.own(text, candidates),
            parts=parts(self.text, one.piece, self.runs, self.model.common_words),
            repeats=repeats,
            fits=self._fits(one, answers),
        )

    def _with_quotes(self, piece: Stretch, shares: Doubles) -> Doubles:
        """``shares`` with more for the cards that quote the same words of the essay as the learner does."""
        runs = [run for run in self.runs if piece.start <= run.start and run.end <= piece.end]
        said = [self.text[run.start : run.end] for run in runs if run.length >= _QUOTED]
        quoting = [
            any(_hold_alike(words, quote.text) for words in said for quote in card.quotes)
            for card in self.model.deck.cards
        ]
        return weighted(shares, np.where(quoting, _QUOTES, 1.0))

    def _fits(self, one: Heard, answers: Sequence[Answer]) -> tuple[Fit, ...]:
        """The counterpoints and rejoinders that are likely to meet the words, of all on cards of the learner's side that
        the bot has not said."""
        shares = dict(zip(self.model.heads.ids, map(float, one.shares), strict=True))
        own = sorted((card for card in shares if not self.context.is_others(card)), key=lambda c: -shares[c])
        answered = {answer.point for answer in answers if answer.move is not Move.DODGE}
        points = self.situation.points
        taken_on = [point for point in points if point.latest or point.number in answered]
        heard = {said for point in taken_on for said in (point.said, point.card)}
        likely = {card: shares[card] for card in own[:_CARDS_FITTED]}
        found = self.model.fits(one.profile, self.text, likely, heard)
        said = {point.said for point in self.context.bots}
        left = [(at, p) for at, p in found.items() if self.model.deck.attacks[at].say not in said]
        best = sorted(left, key=lambda fit: -fit[1])[:_MOST_FITS]
        return tuple(Fit(counterpoint=at, p=round(p, 3)) for at, p in best)

    def _candidates(self, one: Heard) -> tuple[Candidate, ...]:
        if not units.has_claim(one.piece.text):
            return (Candidate(card=None, p=1.0),)
        shares = self._with_quotes(one.piece, one.shares)
        new_p = max(min(0.95, one.profile.new_p), self.context.borrowed(one.profile))
        if shares.max() * (1 - new_p) < _LEAST:
            new_p = max(new_p, _LEAST)
        shares = shares * (1 - new_p)
        order = np.argsort(-shares, kind="stable")[:_MOST_CANDIDATES]
        found = [Candidate(card=self.model.heads.ids[i], p=round(float(shares[i]), 2)) for i in order]
        found = [c for k, c in enumerate(found) if k < 3 or c.p >= POSSIBLE]
        if signals.later(one.piece.text, self.model.known_until) is not None:
            # What the essay cannot know is a point of the learner's own, however near a card lies.
            new_p = max(new_p, _LATER)
            found = [Candidate(card=c.card, p=round(c.p * (1 - _LATER), 2)) for c in found]
        found.append(Candidate(card=None, p=round(new_p, 2)))
        return tuple(sorted(found, key=lambda c: (-c.p, c.card is None)))


def _hold_alike(words: str, quote: str) -> bool:
    """Whether one of two stretches of the essay holds the other."""
    left, right = " ".join(plain_words(words)), " ".join(plain_words(quote))
    return left in right or right in left


def _without_taken_back(found: list[Unit]) -> list[Unit]:
    """``found`` without the concessions of points that other words of the same message attack."""
    attacked = {a.point for unit in found for a in unit.answers if a.move in ATTACKS}
    out = []
    for unit in found:
        kept = tuple(a for a in unit.answers if a.move is not Move.CONCEDE or a.point not in attacked)
        if kept or not unit.answers or not moves.concedes(unit.words):
            out.append(unit if kept == unit.answers else unit.model_copy(update={"answers": kept}))
    return out


def named_side(for_p: float) -> tuple[Side | None, float]:
    """The side that a probability of ``for`` names, None when it is unclear, and how sure that side is."""
    side, p = (Side.FOR, for_p) if for_p >= 0.5 else (Side.AGAINST, 1 - for_p)
    return (side if p >= SIDE_SURE else None), round(p, 2)
