"""How well and how dearly the reader reads, on messages nobody trained or tuned on.

    python -m tests.bench.bench_reading

Prints every figure beside a lexical (tf-idf) and a frozen-nearest baseline of the same run, with 95 % bootstrap
intervals, and the cost of a message in CPU milliseconds with the encoder's share.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.reading.context import weighted
from bot.reading.learned import Model
from bot.reading.reader import LocalReader
from bot.reading.words import content
from bot.readings import BotPoint, Kind, Reading, Situation
from content.deck import Deck, Move, Side
from content.loading import load_deck

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "reading" / "data"
Rank = Callable[[str], list[str]]


def deck() -> Deck:
    return load_deck(ROOT / "content" / "decks" / "putin-trump-talks.yaml", (ROOT / "seeds",))


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines() if line.strip()]


def share(hits: Sequence[bool]) -> str:
    """The share of hits with its 95 % bootstrap interval."""
    if not hits:
        return "-"
    chance = random.Random(0)
    draws = sorted(sum(chance.choices(hits, k=len(hits))) / len(hits) for _ in range(2000))
    return f"{sum(hits) / len(hits):.2f} [{draws[50]:.2f} {draws[1949]:.2f}]"


# --- baselines ---


class Lexical:
    """tf-idf of word stems over the same texts, nearest text's card."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        self._rows = [(Counter(content(text)), card) for text, card in texts]
        seen = Counter(w for row, _ in self._rows for w in row)
        self._idf = {w: math.log(len(self._rows) / n) for w, n in seen.items()}

    def _weigh(self, counts: Counter[str]) -> dict[str, float]:
        found = {w: n * self._idf.get(w, 0.0) for w, n in counts.items()}
        length = math.sqrt(sum(v * v for v in found.values())) or 1.0
        return {w: v / length for w, v in found.items()}

    def __call__(self, text: str) -> list[str]:
        asked = self._weigh(Counter(content(text)))
        close = [
            (sum(asked.get(w, 0.0) * v for w, v in self._weigh(row).items()), card)
            for row, card in self._rows
        ]
        return list(dict.fromkeys(card for _, card in sorted(close, key=lambda pair: -pair[0])))


def frozen(reader: LocalReader, model: Model, texts: Sequence[tuple[str, str]]) -> Rank:
    """The card of the text with the nearest vector."""
    table = np.stack([reader.vector(model, text) for text, _ in texts])

    def rank(text: str) -> list[str]:
        order = np.argsort(-(table @ reader.vector(model, text)))
        return list(dict.fromkeys(texts[place][1] for place in order))

    return rank


def ours(reader: LocalReader, model: Model, side: Side | None) -> Rank:
    """The cards by the heads, with the side's prior where there is one."""

    def rank(text: str) -> list[str]:
        profile = reader.profile(model, text)
        weights = np.array([1.0 if side in (None, c.side) else 0.12 / 0.88 for c in model.deck.cards])
        order = np.argsort(-weighted(profile.cards, weights))
        return [model.deck.cards[place].id for place in order]

    return rank


def on_side(rank: Rank, side: Side) -> Rank:
    return lambda text: [card for card in rank(text) if card[0] == side.value[0]]


# --- what is measured ---


def cards(reader: LocalReader, model: Model) -> dict[str, float]:
    held = rows("heldout.jsonl")
    texts = [(t, c.id) for c in model.deck.cards for t in (c.tag, c.warrant, c.impact, *c.phrasings)]
    lexical, nearest = Lexical(texts), frozen(reader, model, texts)
    whole = {row["id"]: through_read(reader, model.deck, row) for row in held}

    def line(name: str, rank: Callable[[dict[str, Any]], list[str]]) -> tuple[float, float]:
        ranked = [(rank(row), row["cards"]) for row in held]
        first = [r[:1] and r[0] in accepted for r, accepted in ranked]
        three = [bool(set(r[:3]) & set(accepted)) for r, accepted in ranked]
        print(f"  {name:34s} first {share(list(map(bool, first)))}   in three {share(three)}")
        return sum(map(bool, first)) / len(first), sum(three) / len(three)

    print(f"cards: an accepted card first / in three ({len(held)} messages, {len(model.deck.cards)} cards)")
    line("tf-idf", lambda row: lexical(row["text"]))
    line("frozen nearest", lambda row: nearest(row["text"]))
    alone = line("heads", lambda row: ours(reader, model, None)(row["text"]))
    line("tf-idf, side known", lambda row: on_side(lexical, Side(row["side"]))(row["text"]))
    line("frozen nearest, side known", lambda row: on_side(nearest, Side(row["side"]))(row["text"]))
    line("heads, side's prior", lambda row: ours(reader, model, Side(row["side"]))(row["text"]))
    read = line("read() in a debate, best unit", lambda row: whole[row["id"]])
    return {"first": read[0], "three": read[1], "first_alone": alone[0], "three_alone": alone[1]}


def through_read(reader: LocalReader, deck_: Deck, row: dict[str, Any]) -> list[str]:
    """The cards a debate would hear: of the unit with the surest card."""
    reading = reader.read(deck_, row["text"], Situation(side=Side(row["side"])))
    if not reading.units:
        return []
    best = max(reading.units, key=lambda unit: unit.p)
    return [c.card for c in best.candidates if c.card is not None]


def sides(reader: LocalReader, model: Model) -> None:
    held = rows("heldout.jsonl")
    found = [(reader.profile(model, row["text"]).for_p, row["side"]) for row in held]
    texts = [(t, c.id) for c in model.deck.cards for t in (c.tag, c.warrant, c.impact, *c.phrasings)]
    lexical, nearest = Lexical(texts), frozen(reader, model, texts)
    print(f"side by the text itself ({len(held)} messages)")
    for name, rank in (("tf-idf nearest", lexical), ("frozen nearest", nearest)):
        print(f"  {name:34s} {share([rank(row['text'])[0][0] == row['side'][0] for row in held])}")
    print(f"  {'heads':34s} {share([(p >= 0.5) == (side == 'for') for p, side in found])}")
    sure = [(p, side) for p, side in found if max(p, 1 - p) >= 0.6]
    said = f"heads where named ({len(sure) / len(found):.0%})"
    print(f"  {said:34s} {share([(p >= 0.5) == (side == 'for') for p, side in sure])}")


def kinds(reader: LocalReader, deck_: Deck) -> dict[str, float]:
    held = rows("kinds.jsonl")
    found = [(row["kind"], reader.read(deck_, row["text"], Situation(side=Side.FOR)), row) for row in held]
    print(f"kinds ({len(held)} messages)")
    for kind in dict.fromkeys(kind for kind, _, _ in found):
        right = [reading.kind.value == kind for k, reading, _ in found if k == kind]
        wrong = Counter(r.kind.value for k, r, _ in found if k == kind and r.kind.value != kind)
        print(f"  {kind:16s} recall {share(right)}   taken for {dict(wrong) or '-'}")
    told = [r.language == row["language"] for k, r, row in found if k == Kind.OTHER_LANGUAGE]
    print(f"  the language itself       {share(told)}")
    alarms = [r.kind is not Kind.ARGUMENT for k, r, _ in found if k == Kind.ARGUMENT]
    print(f"  false alarms on arguments {share(alarms)}")
    right = [r.kind.value == k for k, r, _ in found]
    return {"kinds": sum(right) / len(right), "alarms": sum(alarms) / len(alarms)}


def answered(reader: LocalReader, deck_: Deck, point: str, text: str) -> Reading:
    """The reading of an answer to one point of the bot (its card: the one whose tag or attack is nearest)."""
    model = reader.model(deck_)
    card = model.heads.ids[int(reader.profile(model, point).cards.argmax())]
    side = deck_.by_id[card].side.other
    said = BotPoint(number=1, card=card, said=point, latest=True)
    return reader.read(deck_, text, Situation(side=side, points=(said,)))


def move_of(reading: Reading) -> Move:
    answers = [a for unit in reading.units for a in unit.answers]
    return max(answers, key=lambda a: a.p).move if answers else Move.DODGE


def moves(reader: LocalReader, deck_: Deck) -> dict[str, float]:
    held = rows("moves.jsonl")
    found = [(row["move"], answered(reader, deck_, row["point"], row["text"])) for row in held]
    made = [(truth, move_of(reading).value) for truth, reading in found]
    print(f"moves ({len(held)} answers; chance 1/7)")
    common = Counter(truth for truth, _ in made).most_common(1)[0][0]
    print(f"  {'always ' + common:34s} {share([truth == common for truth, _ in made])}")
    print(f"  {'reader, first':34s} {share([truth == move for truth, move in made])}")
    among = [
        truth in [m.move for u in r.units for a in u.answers for m in a.moves[:2]]
        or (truth == "dodge" == move_of(r))
        for truth, r in found
    ]
    print(f"  {'reader, in two':34s} {share(among)}")
    attack = [(t not in ("dodge", "concede")) == (m not in ("dodge", "concede")) for t, m in made]
    print(f"  {'attack or not':34s} {share(attack)}")
    dodges = [(t == "dodge") == (m == "dodge") for t, m in made]
    print(f"  {'answered or dodged':34s} {share(dodges)}")
    for truth in dict.fromkeys(t for t, _ in made):
        print(f"    {truth:10s} {dict(Counter(m for t, m in made if t == truth))}")
    return {"moves": sum(t == m for t, m in made) / len(made), "dodge": sum(dodges) / len(dodges)}


def cost(reader: LocalReader, deck_: Deck) -> dict[str, float]:
    """CPU of a message of about 60 words in the middle of a debate."""
    cards_ = [c for c in deck_.cards if c.side is Side.AGAINST][:6]
    points = tuple(BotPoint(number=n, card=c.id, said=c.tag, latest=n > 3) for n, c in enumerate(cards_, 1))
    texts = [row["text"] for row in rows("heldout.jsonl")]
    pairs = [f"{a} {b} {c}" for a, b, c in zip(texts, texts[31:], texts[67:], strict=False)]
    situation = Situation(side=Side.FOR, points=points, said=tuple(texts[:4]))
    passes, inside, started = reader.encoder.passes, reader.encoder.cpu_seconds, time.process_time()
    for text in pairs:
        reader.read(deck_, text, situation)
    total, inside = time.process_time() - started, reader.encoder.cpu_seconds - inside
    each = 1000 / len(pairs)
    words = sum(len(p.split()) for p in pairs) / len(pairs)
    print(
        f"cost of a message ({words:.0f} words, {len(points)} points of the bot): {total * each:.1f} "
        f"ms CPU, encoder"
    )
    print(
        f"  {inside * each:.1f} ms ({inside / total:.0%}) in {(reader.encoder.passes - passes) / len(pairs):.1f} "
        f"passes; rest {(total - inside) * each:.1f} ms"
    )
    return {"rest_ms": (total - inside) * each}


def run(cache: Path | None = None) -> dict[str, float]:
    """Print everything; the figures that a test puts a floor under."""
    reader, deck_ = LocalReader(cache), deck()
    started = time.process_time()
    model = reader.model(deck_)
    print(f"learning the deck: {time.process_time() - started:.2f} s CPU (encoder's imports included)")
    out = cards(reader, model)
    sides(reader, model)
    return out | kinds(reader, deck_) | moves(reader, deck_) | cost(reader, deck_)


if __name__ == "__main__":
    run()
