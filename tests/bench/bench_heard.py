"""How well whole turns are heard in the middle of a debate: kind, points answered, moves, cards, arguments, weighing.

    python -m tests.bench.bench_heard [-v]

The turns (``tests/reading/data/turns.jsonl``, both decks) were written before the reader was tuned on them, so the
figure says what is settled, not what a stranger will meet. Beside it stands a baseline of the same run: the whole
message is one argument, makes the card of the nearest text on its side and answers the latest point.
``-v`` shows every turn that was not heard as it was meant.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from bot.reading.reader import LocalReader
from bot.readings import (
    Answer,
    BotPoint,
    Candidate,
    Kind,
    MoveCandidate,
    OwnPoint,
    Reading,
    Situation,
    Unit,
)
from content.deck import ATTACKS, Deck, Move
from content.loading import load_deck
from tests.bench.bench_own import ROOT, rows, share

Row = dict[str, Any]
SIGNS = ("kind", "answered", "move", "cards", "arguments", "weighing")


def situation(row: Row, deck: Deck) -> Situation:
    """The debate in which the turn is spoken; the bot has said its counterpoint where the deck has one, else the card."""
    own = {p["number"]: p["card"] for p in row.get("own", ())}
    say = {(c.by, c.on): c.say for c in deck.counterpoints}

    def bots(p: Row) -> BotPoint:
        card, on = deck.by_id[p["card"]], own.get(p["on"])
        said = say.get((card.id, on or "")) or f"{card.tag} {card.warrant}"
        return BotPoint(number=p["number"], card=card.id, said=said, on=on, latest=p["latest"])

    return Situation(
        side=row["side"],
        points=tuple(map(bots, row["bots"])),
        own=tuple(
            OwnPoint(
                number=p["number"],
                card=p["card"],
                words=deck.by_id[p["card"]].phrasings[0],
                attacked=p["attacked"],
            )
            for p in row.get("own", ())
        ),
        asked=row.get("asked"),
    )


def moves_made(reading: Reading) -> dict[int, set[Move]]:
    """The moves by which each point of the bot is answered, dodges apart."""
    out: dict[int, set[Move]] = {}
    for answer in (a for unit in reading.units for a in unit.answers if a.move is not Move.DODGE):
        out.setdefault(answer.point, set()).add(answer.move)
    return out


def cards_made(reading: Reading) -> list[str | None]:
    """The cards of the points made: none by words that only concede, none by those that take up an own point."""
    return [
        unit.card
        for unit in reading.units
        if unit.own is None
        and not (unit.answers and all(a.move is Move.CONCEDE for a in unit.answers))
        and not (unit.card is None and unit.answers)
    ]


def judged(row: Row, reading: Reading) -> dict[str, bool]:
    """Which signs of the turn were heard as its writer meant them."""
    wanted = {int(number): set(moves) for number, moves in row.get("answers", {}).items()}
    made, cards = moves_made(reading), cards_made(reading)
    weighed = reading.weighing and [reading.weighing.own, reading.weighing.other]
    return {
        "kind": reading.kind == row["kind"],
        "answered": made.keys() == wanted.keys()
        and all((Move.CONCEDE in made[n]) == ("concede" in wanted[n]) for n in wanted),
        "move": all(_as_meant(made.get(n, set()), wanted[n]) for n in wanted),
        "cards": all(card in row["cards"] for card in cards),
        "arguments": len(reading.units) == row.get("units", len(reading.units)),
        "weighing": weighed == row.get("weighs", weighed),
    }


def _as_meant(made: set[Move], wanted: set[str]) -> bool:
    return bool({str(move) for move in made} & wanted) or ("attack" in wanted and bool(made & set(ATTACKS)))


def baseline(reader: LocalReader, deck: Deck, row: Row, debate: Situation) -> Reading:
    """The whole message as one argument, with the nearest text's card, against the latest point."""
    model = reader.model(deck)
    texts = [(t, c.id) for c in deck.side_cards(debate.side) for t in (c.tag, *c.phrasings)]
    table = np.stack([reader.vector(model, text) for text, _ in texts])
    card = texts[int(np.argmax(table @ reader.vector(model, row["text"])))][1]
    deny = (MoveCandidate(move=Move.DENY, p=1),)
    latest = next(p.number for p in debate.points if p.latest)
    unit = Unit(
        words=row["text"],
        candidates=(Candidate(card=card, p=1),),
        answers=(Answer(point=latest, p=1, moves=deny),),
    )
    return Reading(kind=Kind.ARGUMENT, units=(unit,))


def run(verbose: bool = False) -> dict[str, float]:
    """Print the shares of turns heard as meant; the share of those with every sign right is ``turns``."""
    reader = LocalReader()
    decks = {
        name: load_deck(ROOT / "content" / "decks" / f"{name}.yaml", (ROOT / "seeds",))
        for name in dict.fromkeys(row["deck"] for row in rows("turns.jsonl"))
    }

    def heard(read: Callable[[Deck, Row, Situation], Reading]) -> list[tuple[Row, Reading, dict[str, bool]]]:
        out = []
        for row in rows("turns.jsonl"):
            deck = decks[row["deck"]]
            reading = read(deck, row, situation(row, deck))
            out.append((row, reading, judged(row, reading)))
        return out

    ours = heard(lambda deck, row, debate: reader.read(deck, row["text"], debate))
    theirs = heard(lambda deck, row, debate: baseline(reader, deck, row, debate))
    print(
        f"turns in a debate ({len(ours)}): heard as meant; baseline: nearest card, answers the latest point"
    )
    for sign in SIGNS:
        mine, other = (share([signs[sign] for _, _, signs in found]) for found in (ours, theirs))
        print(f"  {sign:10s} {mine}   baseline {other}")
    whole = [all(signs.values()) for _, _, signs in ours]
    print(f"  {'all':10s} {share(whole)}   baseline {share([all(s.values()) for _, _, s in theirs])}")
    for row, reading, signs in ours if verbose else ():
        if not all(signs.values()):
            _show(row, reading, signs)
    return {"turns": sum(whole) / len(whole)}


def _show(row: Row, reading: Reading, signs: dict[str, bool]) -> None:
    print(f"{row['id']} {[sign for sign in SIGNS if not signs[sign]]} {row['text']}")
    print(f"    meant {row['kind']} {row.get('answers', {})} {row['cards']}; heard {reading.kind}")
    for unit in reading.units:
        cards = [(c.card, c.p) for c in unit.candidates[:3]]
        answers = [(a.point, a.p, str(a.move), a.moves[0].p) for a in unit.answers]
        print(f"    | {unit.words[:80]} | {cards} own {unit.own} | {answers}")


if __name__ == "__main__":
    run("-v" in sys.argv)
