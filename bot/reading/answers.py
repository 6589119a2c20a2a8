"""What words do to the points of the bot: which they answer and by which move, take up again, ask about, or restate.

This module must not know how a message is cut into arguments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.reading import kinds, moves, signals
from bot.reading.context import ANSWERED, FAIR, NOT_FAR, Context
from bot.reading.heads import Profile
from bot.reading.regression import Doubles
from bot.reading.words import Stretch, content, has_verb
from bot.readings import Answer, BotPoint, Candidate, OwnPoint, Restatement
from content.deck import ATTACKS, Move

_GRANTED = 0.2
"""From this probability on, words that grant something grant a point of the bot's: what else would they grant?"""
_RELATED = 0.9
"""From here on, words surely have to do with a point: they are a dodge only where they say so."""
_ENOUGH = 3
"""So many words of content beyond the motion's own, near the deck, are more than the naming of a point."""
_TOUCHED = 0.6
"""From this probability on, words that name a point have to do with it."""
_MOST_ANSWERS = 2
_RESTATED = 0.12
"""From this nearness on, what follows "you say that" puts a point of the bot's: what else would it put?"""
_LOOKED_AT, _WORTH, _SECOND = 2, 0.1, 0.5
"""So many points are looked at by the encoder where none is named, if they are as likely as this to be answered; a second
one is answered only as surely as the last."""
_IN_DOUBT, _LATE = 0.25, 0.6
"""From this probability on, words perhaps answer a point, and answer one that is out of the debate."""
_NAMED = 0.95
"""How likely words answer a point that they name."""
_TAKEN_UP = 0.2
"""From this probability on, words that make no card surely take up an own attacked point of the card nearest to them."""
_ASKED_ABOUT = 0.15
"""Below this probability a question that points at nothing is about none of the points."""


@dataclass(frozen=True)
class Heard:
    """An argument of a message: as it was heard by itself, and with what the debate makes likely.

    ``chances`` says how likely it answers each of the bot's points, ``shares`` how likely it makes each card (deck order).
    """

    piece: Stretch
    profile: Profile
    announced: bool
    chances: Mapping[int, float]
    shares: Doubles


class Answers:
    """The debate's side of a message."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.model = context.model
        self.situation = context.situation

    def to(self, one: Heard) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
        """The answers to points of the bot, the likeliest first; and those that are in doubt."""
        refs, gives = self._taken_on_by_name(one.piece.text), moves.concedes(one.piece.text)
        found = self._looked_at(one, refs)
        late = None if gives else self._too_late(one, refs, max((answer.p for answer in found), default=0.0))
        if late is not None:
            return (late,), ()
        heard = [answer for answer in found if answer.p >= (_GRANTED if gives else ANSWERED)]
        if gives and not self.context.named(one.piece.text):
            return tuple(heard[:1]), ()  # a concession without a number gives one point away, the nearest
        second = [a for a in heard[1:] if a.point in refs or min(a.p, one.chances[a.point]) >= _SECOND]
        told = [*heard[:1], *second][:_MOST_ANSWERS]
        rest = [] if gives or refs else [answer for answer in found if answer not in told]
        return tuple(told), tuple(answer for answer in rest if answer.p >= _IN_DOUBT)

    def _looked_at(self, one: Heard, refs: Sequence[int]) -> list[Answer]:
        """What the encoder says of the points that are worth a look, the likeliest answered first."""
        found = list[Answer]()
        for point in self._worth_a_look(one, refs):
            surely = any(answer.p >= ANSWERED for answer in found)
            if surely and point.number not in refs and one.chances[point.number] < _IN_DOUBT:
                continue  # one point is answered, and this one as well only if it is likely by itself
            answer = self._answer(one, point, point.number in refs)
            found += [answer] if answer is not None else []
        return sorted(found, key=lambda answer: -answer.p)

    def _too_late(self, one: Heard, refs: Sequence[int], least: float) -> Answer | None:
        """The answer to a point that is out of the debate, where that alone is named, or none is and it is likeliest."""
        if any(point.number in refs for point in self.situation.points):
            return None
        chances = dict(self.context.too_late(one.piece.text, one.profile))
        if refs:
            chances = {number: _NAMED if number in refs else 0.0 for number in chances}
        point = max(self.situation.decided, key=lambda point: chances[point.number], default=None)
        if point is None or chances[point.number] <= max(least, _LATE):
            return None
        shares = moves.with_phrases(self.model.replies(one.piece.text, point.said), one.piece.text)
        return self._moved(one, point, round(chances[point.number], 2), 1.0, shares)

    def _worth_a_look(self, one: Heard, refs: Sequence[int]) -> list[BotPoint]:
        """The points that words name, else the likeliest few: each costs a pass of the encoder."""
        if refs:
            return [point for point in self.situation.points if point.number in refs]
        ranked = sorted(self.situation.points, key=lambda point: -one.chances[point.number])
        return [p for at, p in enumerate(ranked) if at < _LOOKED_AT or one.chances[p.number] >= _IN_DOUBT]

    def _taken_on_by_name(self, text: str) -> tuple[int, ...]:
        """The numbers that words name, those of points they put again before they go on, and that of the point they weigh one
        of their own against."""
        weighed = self.context.weighing(text)
        meant = [restated.point for restated in self._restated(text)]
        meant += [weighed.other] if weighed is not None else []
        return (*self.context.named(text), *meant)

    def _answer(self, one: Heard, point: BotPoint, named: bool) -> Answer | None:
        text = one.piece.text
        gives, bare = moves.concedes(text), self._is_bare(text)
        chance = one.chances[point.number]
        if not named and not gives and (bare or chance < _WORTH):
            return None  # not worth a pass of the encoder
        shares = moves.with_phrases(self.model.replies(text, point.said), text)
        related = self.context.answering(point, chance, shares[Move.DODGE])
        if named:
            takes_on = gives or (not bare and self._takes_on(one, point, related))
            if takes_on and not moves.shows(text, Move.DODGE):
                shares[Move.DODGE] = 0.0  # who names a point and speaks of it means to answer it
            return self._moved(one, point, _NAMED, 0.9 if takes_on else 0.2, shares)
        only = moves.only_concedes(text) and self.context.is_alone(point)
        related = max(chance if gives else related, 0.8 if only else 0.0)
        return self._moved(one, point, round(related, 2), 1.0, shares)

    def _moved(
        self, one: Heard, point: BotPoint, p: float, related: float, shares: dict[Move, float]
    ) -> Answer:
        """The answer to ``point`` with the moves it may be, ``shares`` by the words alone; ``related`` is how surely it
        is more than a dodge."""
        text = one.piece.text
        if related >= _RELATED and not moves.shows(text, Move.DODGE):
            shares[Move.DODGE] *= 0.3 if self.context.is_alone(point) else 0.0  # when in doubt, answered
        if self._weighs(text, point):
            shares[Move.OUTWEIGH] += 1
        ranked = moves.ranked(shares, related, moves.concedes(text), self._is_bare(text))
        return Answer(point=point.number, p=p, moves=ranked, turns=moves.turns(text, ranked))

    def _is_bare(self, text: str) -> bool:
        """Whether the words carry nothing beyond what everybody says of the motion ("that is wrong about the talks")."""
        return len(set(content(text)) - self.model.motion_words) < 2

    def _weighs(self, text: str, point: BotPoint) -> bool:
        weighed = self.context.weighing(text)
        return weighed is not None and weighed.other == point.number

    def _takes_on(self, one: Heard, point: BotPoint, related: float) -> bool:
        """Whether words that name a point have to do with it, or at least with the motion."""
        said = set(content(one.piece.text)) - self.model.motion_words
        near = one.profile.near >= NOT_FAR or any(moves.shows(one.piece.text, move) for move in ATTACKS)
        on_motion = len(said) >= _ENOUGH and near and has_verb(one.piece.text)
        return on_motion or self._weighs(one.piece.text, point) or self._touches(one, point, related)

    def _touches(self, one: Heard, point: BotPoint, related: float) -> bool:
        """Whether words that name a point have to do with it."""
        card = self.model.deck.by_id[point.card]
        shared = set(content(one.piece.text)) & {
            *content(point.said),
            *content(card.tag),
            *content(card.warrant),
        }
        return related >= _TOUCHED or bool(shared - self.model.motion_words)

    def own(self, text: str, candidates: Sequence[Candidate]) -> int | None:
        """The own point that the words take up again: named, of the same card, or attacked and nearest among the cards."""
        refs = self.context.named(text)
        mine: list[OwnPoint] = [p for p in self.situation.own if p.number in refs]
        best = candidates[0].card
        if not mine and best is not None:
            mine = [p for p in self.situation.own if p.card == best]
        if not mine and best is None and not refs and self._answers_question(text):
            mine = [p for p in self.situation.own if p.number == self.situation.asked_of]
        if not mine and best is None and len(candidates) > 1 and candidates[1].p >= _TAKEN_UP:
            nearest = candidates[1].card
            mine = [p for p in self.situation.own if p.attacked and p.card is not None and p.card == nearest]
        attacked = [p for p in mine if p.attacked]
        return (attacked or mine)[0].number if mine else None

    def _answers_question(self, text: str) -> bool:
        """Whether words take up what the bot asked last: a word of it that is not the motion's, or its meaning."""
        asked = self.situation.asked
        if asked is None:
            return False
        shared = set(content(text)) & set(content(asked)) - self.model.motion_words
        vectors = [self.model.vector(words) for words in (text, asked)]
        return bool(shared) or self.model.heads.close(*vectors) >= FAIR

    def about(self, text: str, profile: Profile) -> int | None:
        """The point of the bot that a question is about."""
        points = self.situation.points
        bots = {p.number for p in points}
        refs = self.context.named(text)
        if refs or not points:
            return next((n for n in refs if n in bots), None)
        chances = self.context.chances(text, profile)
        best = max(chances, key=lambda number: (chances[number], number))
        return best if chances[best] >= _ASKED_ABOUT or kinds.points_at(text) else None

    def restatements(self, text: str) -> tuple[Restatement, ...]:
        """What the message puts of the bot's points in words of its own, each with the one point it is nearest to."""
        put = {point.number: point.said for point in self.context.bots}
        out: dict[int, Restatement] = {}
        for one in self._restated(text):
            if not signals.echoes(one.words, [put[one.point]]):
                out.setdefault(one.point, one)
        return tuple(out.values())

    def _restated(self, text: str) -> Iterator[Restatement]:
        """What the message puts of the bot's points, in words of its own or the bot's."""
        put = {p.number: (p.said, self.model.deck.by_id[p.card].tag) for p in self.context.bots}
        for said in signals.restated(text, least=2):
            best = self.context.meant(said, put, _RESTATED)
            if best is not None:
                yield Restatement(point=best, words=said)
