"""How well speeches of whole debates are heard, and the counterpoint that meets them found: ``python -m tests.bench.bench_debates``.

145 speeches of 24 debates in the terminal, with the flow as it stood before each, labelled by two readers apart: the points
it answers and by which moves, the cards it makes, the counterpoints that would answer what was said, what it weighs. A label
of either reader is accepted. Beside it stand the agreement of the two and a baseline of the same run: the card of the nearest
text on the learner's side, an answer to the bot's latest point, the nearest counterpoint.
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

    @property
    def apt(self) -> set[str]:
        """How the counterpoints begin that would answer what was said."""
        return {start for reader in self.row["readers"] for start in reader["apt"]}

    @property
    def weighs(self) -> int:
        """How many of the readers say that it weighs a point of its own against one of the bot's."""
        return sum("weighs" in reader for reader in self.row["readers"])

    def is_apt(self, say: str) -> bool:
        """Whether some reader would answer it with a counterpoint of these words."""
        return any(say.startswith(start) for start in self.apt)


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
    either = [bool(set(one["apt"]) & set(two["apt"])) for one, two in pairs if one["apt"] and two["apt"]]
    print(f"speeches of debates ({len(found)})")
    line(
        "two readers agree",
        points_answered=share(same),
        first_card=share(firsts),
        some_counterpoint=share(either),
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
    apt = [turn.is_apt(_fittest(turn, reading)) for turn, reading in pairs if turn.apt]
    line(
        "reader: points answered",
        said_rightly=share(right),
        of_those_answered=share(caught),
        move=share(moved),
    )
    line("reader: cards", said_rightly=share(cards), surest=share(surest))
    line("reader: counterpoint", fittest=share(apt))
    weighs = [(reading.weighing is not None, turn.weighs) for turn, reading in pairs]
    line(
        "reader: weighing",
        heard_where_both_say_so=share(heard for heard, by in weighs if by == 2),
        heard_where_neither_does=share(heard for heard, by in weighs if by == 0),
    )
    return {
        "answered": sum(caught) / len(caught),
        "apt": sum(apt) / len(apt),
        "cards": sum(cards) / len(cards),
    }


def answers_of(reading: Reading) -> dict[int, str]:
    """The points answered, dodges apart, and the move made on each first."""
    out: dict[int, str] = {}
    for answer in (a for unit in reading.units for a in unit.answers if a.move is not Move.DODGE):
        out.setdefault(answer.point, str(answer.move))
    return out


def _fittest(turn: Turn, reading: Reading) -> str:
    """What the counterpoint says that fits any of the arguments best, and that was not said before."""
    said = {point.said for point in turn.situation.points}
    fits = [fit for unit in reading.units for fit in unit.fits]
    left = [fit for fit in fits if turn.deck.counterpoints[fit.counterpoint].say not in said]
    best = max(left, key=lambda fit: fit.p, default=None)
    return turn.deck.counterpoints[best.counterpoint].say if best is not None else ""


def baseline(found: Sequence[Turn], vectors: Vectors) -> None:
    """Print what the nearest text and the latest point make of the speeches."""
    ranks = {deck.id: nearest(vectors, texts_of(deck)) for deck in decks().values()}
    cards, latest, caught, apt = [], [], [], []
    for turn in found:
        text, points = turn.row["text"], [p.number for p in turn.situation.points if p.latest]
        cards.append(on_side(ranks[turn.deck.id], turn.situation.side)(text)[0] in turn.cards)
        latest += [point in turn.answered[0] for point in points[:1]]
        caught += [point in points[:1] for point in turn.answered[1]]
        said = {point.said for point in turn.situation.points}
        heard = [
            c.say
            for c in turn.deck.counterpoints
            if turn.deck.by_id[c.on].side is turn.situation.side and c.say not in said
        ]
        if turn.apt:
            apt.append(turn.is_apt(max(heard, key=lambda say: float(vectors(say) @ vectors(text)))))
    line("baseline: the latest point", said_rightly=share(latest), of_those_answered=share(caught))
    line("baseline: nearest", card=share(cards), counterpoint=share(apt))


def run(reader: LocalReader) -> dict[str, float]:
    """Print everything; the figures that a test puts a floor under."""
    found = turns()
    agreement(found)
    baseline(found, frozen())
    return heard(reader, found)


if __name__ == "__main__":
    run(LocalReader())
