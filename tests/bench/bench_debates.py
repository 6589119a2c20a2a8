"""How well speeches of whole debates are heard, and the reply that meets them found: ``python -m tests.bench.bench_debates``.

363 speeches of 60 debates in the terminal, with the flow as it stood before each, labelled by two readers apart: the points
it answers and by which moves, the cards it makes, what it weighs. A label of either reader is accepted. Of the speeches before
the last a coach said of each of about 12 replies that the bot could give whether it takes up what was said: plainly (2), so
that a friendly reader lets it pass (1), or not. Beside it stand the agreement of the two readers and baselines of the same run:
the card of the nearest text on the learner's side, an answer to the bot's latest point, the nearest reply, the first in the deck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.reading.reader import LocalReader
from bot.readings import Reading, Situation
from content.deck import Deck, Move
from tests.bench.bench_own import decks, nearest, on_side, rows, share, texts_of
from tests.bench.encoders import Vectors, frozen
from tests.bench.figures import line

Row = dict[str, Any]
SHOWN = 60
"""By so many letters of its beginning a reply is known in the data."""


@dataclass(frozen=True)
class Turn:
    """A speech of a debate, with what either reader accepts and what both do."""

    row: Row
    deck: Deck
    situation: Situation

    @property
    def answered(self) -> tuple[set[int], set[int]]:
        """The points of the bot's that some reader, and that both, say it answers."""
        first, second = ({int(number) for number in reader["answers"]} for reader in self.row["readers"])
        return first | second, first & second

    def moves(self, point: int) -> set[str]:
        """The moves by which it may be said to answer a point."""
        return {move for reader in self.row["readers"] for move in reader["answers"].get(str(point), ())}

    @property
    def cards(self) -> set[str | None]:
        """The cards that some reader says it makes; None among them is a point on no card."""
        return {card for reader in self.row["readers"] for card in reader["cards"]}

    def score(self, say: str) -> int | None:
        """What a coach thinks of the reply ``say``, if the coach has seen it."""
        found: int | None = self.row.get("replies", {}).get(say[:SHOWN])
        return found

    @property
    def weighs(self) -> int:
        """How many of the readers say that it weighs a point of its own against one of the bot's."""
        return sum("weighs" in reader for reader in self.row["readers"])


def turns() -> list[Turn]:
    """The labelled speeches, in the order they were spoken."""
    return [
        Turn(row, decks()[row["deck"]], Situation.model_validate(row["situation"]))
        for row in rows("debates.jsonl")
    ]


def agreement(found: Sequence[Turn]) -> None:
    """Print how often the two readers say the same."""
    pairs = [turn.row["readers"] for turn in found]
    same = [set(one["answers"]) == set(two["answers"]) for one, two in pairs]
    firsts = [one["cards"][:1] == two["cards"][:1] for one, two in pairs]
    print(f"speeches of debates ({len(found)})")
    line(
        "two readers agree",
        points_answered=share(same),
        first_card=share(firsts),
    )


def heard(reader: LocalReader, found: Sequence[Turn]) -> dict[str, float]:
    """Points answered, moves, cards and the fittest counterpoint, as ``reader`` hears them."""
    readings = [reader.read(turn.deck, turn.row["text"], turn.situation) for turn in found]
    pairs = list(zip(found, readings, strict=True))
    made = [(turn, answers_of(reading)) for turn, reading in pairs]
    right = [point in turn.answered[0] for turn, answers in made for point in answers]
    caught = [point in answers for turn, answers in made for point in turn.answered[1]]
    moved = [move in turn.moves(p) for turn, answers in made for p, move in answers.items() if turn.moves(p)]
    cards = [
        unit.card in turn.cards for turn, reading in pairs for unit in reading.units if unit.card is not None
    ]
    surest = [
        max(reading.units, key=lambda unit: unit.p).card in turn.cards
        for turn, reading in pairs
        if reading.units
    ]
    scores = [_fittest(turn, reading) for turn, reading in pairs if "replies" in turn.row]
    line(
        "reader: points answered",
        said_rightly=share(right),
        of_those_answered=share(caught),
        move=share(moved),
    )
    line("reader: cards", said_rightly=share(cards), surest=share(surest))
    _told("reader: the fittest reply", scores)
    weighs = [(reading.weighing is not None, turn.weighs) for turn, reading in pairs]
    line(
        "reader: weighing",
        heard_where_both_say_so=share(heard for heard, by in weighs if by == 2),
        heard_where_neither_does=share(heard for heard, by in weighs if by == 0),
    )
    return {
        "answered": sum(caught) / len(caught),
        "plain": sum(score == 2 for score in scores) / len(scores),
        "passes": sum(score >= 1 for score in scores) / len(scores),
        "cards": sum(cards) / len(cards),
    }


def answers_of(reading: Reading) -> dict[int, str]:
    """The points answered, dodges apart, and the move made on each first."""
    out: dict[int, str] = {}
    for answer in (a for unit in reading.units for a in unit.answers if a.move is not Move.DODGE):
        out.setdefault(answer.point, str(answer.move))
    return out


def _fittest(turn: Turn, reading: Reading) -> int:
    """The score of the reply that fits any of the arguments best, of those that the coach has seen."""
    fits = sorted((fit for unit in reading.units for fit in unit.fits), key=lambda fit: -fit.p)
    scores = (turn.score(turn.deck.attacks[fit.counterpoint].say) for fit in fits)
    return next((score for score in scores if score is not None), 0)


def _told(name: str, scores: Sequence[int]) -> None:
    line(name, plainly=share(score == 2 for score in scores), passes=share(score >= 1 for score in scores))


def baseline(found: Sequence[Turn], vectors: Vectors) -> None:
    """Print what the nearest text and the latest point make of the speeches."""
    ranks = {deck.id: nearest(vectors, texts_of(deck)) for deck in decks().values()}
    cards, latest, caught = [], [], []
    first, close, best = list[int](), list[int](), list[int]()
    for turn in found:
        text, points = turn.row["text"], [p.number for p in turn.situation.points if p.latest]
        cards.append(on_side(ranks[turn.deck.id], turn.situation.side)(text)[0] in turn.cards)
        latest += [point in turn.answered[0] for point in points[:1]]
        caught += [point in points[:1] for point in turn.answered[1]]
        seen = {a.say: score for a in turn.deck.attacks if (score := turn.score(a.say)) is not None}
        if seen:
            first.append(next(iter(seen.values())))
            close.append(seen[max(seen, key=lambda say: float(vectors(say) @ vectors(text)))])
            best.append(max(seen.values()))
    line("baseline: the latest point", said_rightly=share(latest), of_those_answered=share(caught))
    line("baseline: nearest", card=share(cards))
    _told("baseline: the first reply", first)
    _told("baseline: the nearest reply", close)
    _told("the best of all", best)


def run(reader: LocalReader) -> dict[str, float]:
    """Print everything; the figures that a test puts a floor under."""
    found = turns()
    agreement(found)
    baseline(found, frozen())
    return heard(reader, found)


if __name__ == "__main__":
    run(LocalReader())
