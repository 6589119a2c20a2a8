"""A stranger's deck: ``python -m tests.bench.bench_stranger``.

Eight cards a side with four phrasings a card, written by somebody else after the reader's code was frozen, and a hundred
messages by a third hand that saw the claims and not the phrasings.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from bot.reading.reader import LocalReader
from bot.readings import Situation
from content.deck import Deck, Side
from tests.bench.bench_own import (
    DATA,
    Lexical,
    nearest,
    on_side,
    ours,
    rows,
    share,
    texts_of,
    through_read,
    told,
)
from tests.bench.encoders import frozen
from tests.bench.figures import line
from tests.reading.decks import bare_deck


def deck() -> Deck:
    """The stranger's deck, with no more than a deck must have."""
    found = json.loads((DATA / "stranger-deck.json").read_text("utf-8"))
    return bare_deck("stranger", found["motion"], found["sides"], found["cards"])


def run(reader: LocalReader) -> dict[str, float]:
    made, held = deck(), rows("stranger.jsonl")
    model = reader.model(made)
    lexical, close = Lexical(texts_of(made)), nearest(frozen(), texts_of(made))
    side = [Side(row["side"]) for row in held]
    ranked: dict[str, Callable[[int], list[str]]] = {
        "tf-idf, side known": lambda at: on_side(lexical, side[at])(held[at]["text"]),
        "frozen nearest, side known": lambda at: on_side(close, side[at])(held[at]["text"]),
        "heads": lambda at: ours(reader, model, None)(held[at]["text"]),
        "heads, side's prior": lambda at: ours(reader, model, side[at])(held[at]["text"]),
        "read() in a debate": lambda at: through_read(reader, made, held[at]),
    }
    print(f"an accepted card ({len(held)} messages, {len(made.cards)} cards, 4 phrasings a card)")
    out = {name: told(name, [rank(at) for at in range(len(held))], held) for name, rank in ranked.items()}
    for_p = [reader.profile(model, row["text"]).for_p for row in held]
    line(
        "side by the text itself",
        right=share((p >= 0.5) == (s is Side.FOR) for p, s in zip(for_p, side, strict=True)),
    )
    kept = [reader.read(made, r["text"], Situation(side=Side(r["side"]))).kind == "argument" for r in held]
    line("taken for an argument", share=share(kept))
    return {"stranger": out["read() in a debate"][0]}


if __name__ == "__main__":
    run(LocalReader())
