"""How the reader reads messages on our own decks that nobody trained on: ``python -m tests.bench.bench_own``.

Cards, side, kinds, moves, answers and dodges, apt counterpoints, and what noise costs, each beside a lexical (tf-idf) and
a frozen-nearest baseline of the same run, with 95 % bootstrap intervals over messages.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.reading.built import Builder
from bot.reading.context import weighted
from bot.reading.fits import Fits
from bot.reading.inspection import inspect_line
from bot.reading.learned import Model
from bot.reading.reader import LocalReader
from bot.reading.training.examples import mistyped
from bot.reading.words import content
from bot.readings import SURE, BotPoint, Kind, Reading, Situation
from content.deck import Counterpoint, Deck, Move, Side
from content.loading import load_deck
from tests.bench.encoders import Vectors, frozen
from tests.bench.figures import figure, line

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "reading" / "data"
MET = (0, 1, 2, 4, 6)
"""So many texts that a counterpoint meets are tried."""
Row = dict[str, Any]
Rank = Callable[[str], list[str]]
Texts = Sequence[tuple[str, str]]


@cache
def decks() -> dict[str, Deck]:
    """The decks that ship, by id."""
    found = [
        load_deck(path, (ROOT / "seeds",)) for path in sorted((ROOT / "content" / "decks").glob("*.yaml"))
    ]
    return {deck.id: deck for deck in found}


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines() if line.strip()]


def share(hits: Iterable[bool]) -> str:
    """The share of hits with its interval over messages."""
    return figure([[float(hit) for hit in hits]])


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


def nearest(vectors: Vectors, texts: Texts, about: str = "") -> Rank:
    """The card of the text with the nearest vector."""
    table = vectors.of((text for text, _ in texts), about)

    def rank(text: str) -> list[str]:
        order = np.argsort(-(table @ vectors(text, about)))
        return list(dict.fromkeys(texts[place][1] for place in order))

    return rank


def texts_of(deck: Deck) -> list[tuple[str, str]]:
    """What a baseline may learn a deck's cards from."""
    return [(t, c.id) for c in deck.cards for t in (c.tag, c.warrant, c.impact, *c.phrasings)]


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


# --- cards and side ---


@cache
def baselines() -> dict[str, dict[str, Rank]]:
    """A rank of cards by name and deck."""
    base = frozen()
    return {
        "tf-idf": {id: Lexical(texts_of(deck)) for id, deck in decks().items()},
        "frozen nearest": {id: nearest(base, texts_of(deck)) for id, deck in decks().items()},
    }


def cards(reader: LocalReader) -> dict[str, float]:
    held = rows("heldout.jsonl")
    both = [row["readers"][0][:1] == row["readers"][1][:1] for row in held]
    print(
        f"an accepted card ({len(held)} messages on {len(decks())} decks; two readers name the same card first {share(both)})"
    )
    ranked: dict[str, Callable[[Row], list[str]]] = {}
    for name, by_deck in baselines().items():
        ranked[name] = lambda row, by_deck=by_deck: by_deck[row["deck"]](row["text"])  # type: ignore[misc]
        ranked[f"{name}, side known"] = lambda row, by_deck=by_deck: on_side(
            by_deck[row["deck"]], Side(row["side"])
        )(row["text"])  # type: ignore[misc]
    ranked["heads"] = lambda row: ours(reader, reader.model(decks()[row["deck"]]), None)(row["text"])
    ranked["heads, side's prior"] = lambda row: ours(
        reader, reader.model(decks()[row["deck"]]), Side(row["side"])
    )(row["text"])
    ranked["read() in a debate"] = lambda row: through_read(reader, decks()[row["deck"]], row)
    out = {name: told(name, [rank(row) for row in held], held) for name, rank in ranked.items()}
    alone, read = out["heads"], out["read() in a debate"]
    return {"first": read[0], "three": read[1], "first_alone": alone[0], "three_alone": alone[1]}


def told(name: str, orders: Sequence[Sequence[str]], held: Sequence[Row]) -> tuple[float, float]:
    """Print, and give, how often an accepted card comes first and among the first three."""
    first = [bool(o) and o[0] in row["cards"] for o, row in zip(orders, held, strict=True)]
    three = [bool(set(o[:3]) & set(row["cards"])) for o, row in zip(orders, held, strict=True)]
    line(name, first=share(first), in_three=share(three))
    return sum(first) / len(first), sum(three) / len(three)


def growth(reader: LocalReader) -> None:
    """How the first card grows with the phrasings that a card is taught by, where counterpoints teach none beside them."""
    held = rows("heldout.jsonl")
    print("an accepted card by the heads, side unknown, by phrasings a card")
    for many in GROWTH:
        ranks = {}
        for id, deck in decks().items():
            taught = ({"phrasings": card.phrasings[:many], "rejoinders": ()} for card in deck.cards)
            few = tuple(card.model_copy(update=one) for card, one in zip(deck.cards, taught, strict=True))
            bare = (c.model_copy(update={"meets": (), "rejoinders": ()}) for c in deck.counterpoints)
            smaller = deck.but(cards=few, counterpoints=tuple(bare))
            model = Builder(reader.encoder).build(smaller)
            ranks[id] = ours(reader, model, None)
        told(f"{many} phrasings", [ranks[row["deck"]](row["text"]) for row in held], held)


GROWTH = (0, 3, 6, 12, 20)


def through_read(reader: LocalReader, deck: Deck, row: Row) -> list[str]:
    """The cards a debate would hear: of the unit with the surest card."""
    reading = reader.read(deck, row["text"], Situation(side=Side(row["side"])))
    if not reading.units:
        return []
    best = max(reading.units, key=lambda unit: unit.p)
    return [c.card for c in best.candidates if c.card is not None]


def sides(reader: LocalReader) -> dict[str, float]:
    held = rows("heldout.jsonl")
    found = [(reader.profile(reader.model(decks()[r["deck"]]), r["text"]).for_p, r["side"]) for r in held]
    print(f"side by the text itself ({len(held)} messages)")
    for name, by_deck in baselines().items():
        line(name, side=share(by_deck[row["deck"]](row["text"])[0][0] == row["side"][0] for row in held))
    right = [(p >= 0.5) == (side == "for") for p, side in found]
    line("heads", side=share(right))
    known = [reader.read(decks()[r["deck"]], r["text"], Situation(side=Side(r["side"]))) for r in held]
    kept = [
        not any(unit.side is Side(row["side"]).other and unit.side_p >= 0.8 for unit in reading.units)
        for reading, row in zip(known, held, strict=True)
    ]
    line("in a debate, not told astray", side=share(kept))
    return {"side": sum(right) / len(right)}


def calibration(reader: LocalReader) -> dict[str, float]:
    """How often the card heard is right, by how sure the reader was, and the mean gap between the two."""
    held = rows("heldout.jsonl")
    found = []
    for row in held:
        reading = reader.read(decks()[row["deck"]], row["text"], Situation(side=Side(row["side"])))
        best = max(reading.units, key=lambda unit: unit.p, default=None)
        if best is not None and best.card is not None:
            found.append((best.p, best.card in row["cards"]))
    print(f"how sure, and how often right ({len(found)} messages in which a card was heard)")
    gap = 0.0
    for low, high in BANDS:
        some = [(p, right) for p, right in found if low <= p < high]
        if some:
            said, hit = (sum(values) / len(some) for values in zip(*some, strict=True))
            gap += abs(said - hit) * len(some) / len(found)
            line(
                f"{low:.2f} to {min(high, 1):.2f}",
                messages=str(len(some)),
                said=f"{said:.2f}",
                right=share(r for _, r in some),
            )
    line("mean gap", error=f"{gap:.2f}")
    return {"gap": gap}


BANDS = ((0.0, 0.35), (0.35, SURE), (SURE, 0.8), (0.8, 1.01))


# --- kinds ---


def kinds(reader: LocalReader) -> dict[str, float]:
    held, deck = rows("kinds.jsonl"), decks()["putin-trump-talks"]
    found = [(row["kind"], reader.read(deck, row["text"], Situation(side=Side.FOR)), row) for row in held]
    print(f"kinds ({len(held)} messages)")
    for kind in dict.fromkeys(kind for kind, _, _ in found):
        right = [reading.kind.value == kind for k, reading, _ in found if k == kind]
        wrong = Counter(r.kind.value for k, r, _ in found if k == kind and r.kind.value != kind)
        line(kind, recall=share(right), taken_for=str(dict(wrong) or "-"))
    told = [r.language == row["language"] for k, r, row in found if k == Kind.OTHER_LANGUAGE]
    line("the language itself", right=share(told))
    caught = [r.kind is not Kind.ARGUMENT for k, r, _ in found if k != Kind.ARGUMENT]
    line("caught as no argument", share=share(caught))
    alarms = [r.kind is not Kind.ARGUMENT for k, r, _ in found if k == Kind.ARGUMENT]
    texts = [(row["deck"], row["side"], row["text"]) for row in rows("heldout.jsonl")]
    alarms += [
        reader.read(decks()[d], t, Situation(side=Side(s))).kind is not Kind.ARGUMENT for d, s, t in texts
    ]
    line(f"false alarms ({len(alarms)} arguments)", share=share(alarms))
    right = [r.kind.value == k for k, r, _ in found]
    return {
        "kinds": sum(right) / len(right),
        "alarms": sum(alarms) / len(alarms),
        "caught": sum(caught) / len(caught),
    }


# --- moves, answers, counterpoints ---


def answered(reader: LocalReader, deck: Deck, point: str, text: str) -> Reading:
    """The reading of an answer to one point of the bot (its card: the one whose tag or attack is nearest)."""
    model = reader.model(deck)
    card = model.heads.ids[int(reader.profile(model, point).cards.argmax())]
    side = deck.by_id[card].side.other
    said = BotPoint(number=1, card=card, said=point, latest=True)
    return reader.read(deck, text, Situation(side=side, points=(said,)))


def paired(reader: LocalReader, row: Row) -> Reading:
    """The reading of a reply to a counterpoint of the bot's on a point of the learner's."""
    deck = decks()[row["deck"]]
    said = BotPoint(number=2, card=row["by"], said=row["point"], latest=True)
    return reader.read(deck, row["text"], Situation(side=Side(row["side"]), points=(said,)))


def move_of(reading: Reading) -> Move:
    answers = [a for unit in reading.units for a in unit.answers]
    return max(answers, key=lambda a: a.p).move if answers else Move.DODGE


def moves(reader: LocalReader) -> dict[str, float]:
    deck = decks()["putin-trump-talks"]
    found = [(row["move"], answered(reader, deck, row["point"], row["text"])) for row in rows("moves.jsonl")]
    found += [(row["move"], paired(reader, row)) for row in rows("pairs.jsonl") if row["move"] != "dodge"]
    made = [(truth, move_of(reading).value) for truth, reading in found]
    print(f"moves ({len(made)} answers; chance 1/7)")
    common = Counter(truth for truth, _ in made).most_common(1)[0][0]
    line(f"always {common}", first=share(truth == common for truth, _ in made))
    among = [
        truth in [m.move for u in r.units for a in u.answers for m in a.moves[:2]]
        or (truth == "dodge" == move_of(r))
        for truth, r in found
    ]
    line("reader", first=share(truth == move for truth, move in made), in_two=share(among))
    for truth in dict.fromkeys(t for t, _ in made):
        line(truth, read_as=str(dict(Counter(m for t, m in made if t == truth))))
    return {"moves": sum(t == m for t, m in made) / len(made)}


def dodges(reader: LocalReader) -> dict[str, float]:
    """Whether a reply answers the point of the bot's or dodges it."""
    held = rows("pairs.jsonl")
    base = frozen()
    near = [float(base(row["point"]) @ base(row["text"])) for row in held]
    middle = sorted(near)[len(near) // 2]
    words = [len({*content(row["point"])} & {*content(row["text"])}) for row in held]
    print(
        f"answered or dodged ({len(held)} pairs; two readers agree {share(r['move'] == r['second'] for r in held)} on the move)"
    )
    truth = [row["move"] != "dodge" for row in held]
    line("shares two words", right=share((count >= 2) == t for count, t in zip(words, truth, strict=True)))
    line(
        "frozen, nearer than the middle",
        right=share((p >= middle) == t for p, t in zip(near, truth, strict=True)),
    )
    alone = [_answers(reader, row) for row in held]
    line("reader, by the two texts alone", right=share(f == t for f, t in zip(alone, truth, strict=True)))
    found = [move_of(paired(reader, row)) is not Move.DODGE for row in held]
    line(
        "reader, in a debate, where most answer",
        right=share(f == t for f, t in zip(found, truth, strict=True)),
    )
    return {"dodge": sum(f == t for f, t in zip(alone, truth, strict=True)) / len(held)}


def _answers(reader: LocalReader, row: Row) -> bool:
    """Whether the text answers the point, as ``gadfly inspect`` says."""
    asked = json.dumps({"id": row["id"], "text": row["text"], "answering": row["point"]})
    return bool(json.loads(inspect_line(reader, decks()[row["deck"]], asked)[0])["answers"])


def apt(reader: LocalReader) -> dict[str, float]:
    """Which of some counterpoints on the card (three to six) a reader of the message would choose."""
    held = rows("apt.jsonl")
    base = frozen()
    agree = [row["apt"][0] == row["second"][0] for row in held]
    print(f"apt counterpoint first ({len(held)} messages; two readers choose the same {share(agree)})")
    choices = [[c for c in decks()[row["deck"]].counterpoints if c.say in row["among"]] for row in held]
    line(
        "by chance",
        first=share(
            random.Random(0).choice(some).say in row["apt"] for some, row in zip(choices, held, strict=True)
        ),
    )
    lexical = [
        Lexical([(c.say, c.say) for c in some])(row["text"])[0] in row["apt"]
        for some, row in zip(choices, held, strict=True)
    ]
    line("tf-idf", first=share(lexical))
    close = [
        max(some, key=lambda c: float(base(c.say) @ base(row["text"]))).say in row["apt"]
        for some, row in zip(choices, held, strict=True)
    ]
    line("frozen nearest", first=share(close))
    models = {id: reader.model(deck) for id, deck in decks().items()}

    def right(most: int) -> list[bool]:
        fits = {id: _meeting(model, most) for id, model in models.items()}
        return [
            _fittest(models[row["deck"]], fits[row["deck"]], row, some).say in row["apt"]
            for some, row in zip(choices, held, strict=True)
        ]

    grown = {most: share(right(most)) for most in MET}
    line("reader, by texts that a counterpoint meets", **{str(most): first for most, first in grown.items()})
    found = right(MET[-1])
    line("reader", first=share(found))
    return {"apt": sum(found) / len(found)}


def _meeting(model: Model, most: int) -> Fits:
    """The replies of a deck whose counterpoints meet so many texts at most."""
    cut = tuple(c.model_copy(update={"meets": c.meets[:most]}) for c in model.deck.counterpoints)
    return Fits(model.deck.but(counterpoints=cut), model.heads, model.known, model.saying, model.motion_words)


def _fittest(model: Model, fits: Fits, row: Row, some: Sequence[Counterpoint]) -> Counterpoint:
    found = fits.on(row["card"], model.profile(row["text"]), row["text"])
    by_text = {model.deck.attacks[at].say: p for at, p in found.items()}
    return max(some, key=lambda one: by_text[one.say])


# --- noise ---


def noise(reader: LocalReader) -> None:
    """What is lost of the first card by typing errors, missing punctuation, capitals and a learner's English."""
    held = rows("heldout.jsonl")
    by_id = {row["id"]: row for row in held}
    chance = random.Random(0)
    variants: dict[str, list[tuple[Row, str]]] = {
        "a typo in every fifth word": [(row, hurried(chance, row["text"])) for row in held],
        "no punctuation": [
            (row, "".join(ch for ch in row["text"] if ch.isalnum() or ch in " '\n")) for row in held
        ],
        "all capitals": [(row, row["text"].upper()) for row in held],
    }
    english = rows("english.jsonl")
    for tongue in dict.fromkeys(row["tongue"] for row in english):
        variants[f"{tongue} learner"] = [
            (by_id[r["id"]], r["text"]) for r in english if r["tongue"] == tongue
        ]
    print("noise: an accepted card first, and what is lost against the same messages as they were written")
    clean = {row["id"]: _first(reader, row, row["text"]) for row in held}
    for name, some in variants.items():
        hits = [_first(reader, row, text) for row, text in some]
        lost = sum(clean[row["id"]] for row, _ in some) / len(some) - sum(hits) / len(hits)
        line(name, first=share(hits), lost=f"{100 * lost:.1f} points")


def _first(reader: LocalReader, row: Row, text: str) -> bool:
    order = ours(reader, reader.model(decks()[row["deck"]]), Side(row["side"]))(text)
    return order[0] in row["cards"]


def hurried(chance: random.Random, text: str) -> str:
    """``text`` with a typing error in every fifth word."""
    words = text.split()
    for at in range(chance.randrange(5), len(words), 5):
        words[at] = mistyped(chance, words[at])
    return " ".join(words)


def run(reader: LocalReader) -> dict[str, float]:
    """Print everything; the figures that a test puts a floor under."""
    out = cards(reader)
    growth(reader)
    out |= sides(reader) | calibration(reader) | kinds(reader)
    out |= moves(reader) | dodges(reader) | apt(reader)
    noise(reader)
    return out


if __name__ == "__main__":
    run(LocalReader())
