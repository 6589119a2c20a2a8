"""What the frozen encoder makes of motions it has not seen, and how that grows: ``python -m tests.bench.bench_corpus``.

On the corpus in ``bot/reading/training/learners``, which no shipped head has seen. Cards and side: heads are taught four
messages a card and the cards' own texts, as a deck of somebody's would, and asked about the rest. Moves: a head is taught
the replies on other motions, 6 to 48 of them. Every figure stands beside a lexical one, with a 95 % bootstrap interval over
motions. Takes two minutes, most of them in the encoder.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.reading.encoder import Encoder, Floats
from bot.reading.heads import Doubles, Ridge
from bot.reading.moves import cue_row
from bot.reading.training.corpus import Motion, motions
from bot.reading.words import plain
from content.deck import Move
from tests.bench.bench_reading import Lexical

PHRASINGS = 4
HELD_OUT = 12
GROWTH = (6, 12, 24, 48)
DRAWS = 3
"""Choices of motions per point of the curve."""

MOVES = [str(move) for move in Move]
Vector = Callable[[str], Floats]
Hits = dict[str, list[list[bool]]]


def vectors(found: Sequence[Motion]) -> Vector:
    """The vector of every text of the corpus."""
    texts = dict.fromkeys(plain(text) for motion in found for text in _texts(motion))
    table = dict(zip(texts, Encoder().encode(list(texts)), strict=True))
    return lambda text: table[plain(text)]


def _texts(motion: Motion) -> list[str]:
    cards = [text for card in motion.cards.values() for text in (*_own(card), _whole(card))]
    said = [item["say"] for item in motion.messages]
    return [*cards, *said, *(item["reply"] for item in motion.replies)]


def _own(card: dict[str, Any]) -> tuple[str, str]:
    return card["tag"], card["warrant"]


def _whole(card: dict[str, Any]) -> str:
    return f"{card['tag']} {card['warrant']}"


def interval(by_motion: Sequence[Sequence[bool]]) -> str:
    """The share of hits, with its interval over motions."""
    chance = random.Random(0)
    groups = [hits for hits in by_motion if hits]

    def share(some: Sequence[Sequence[bool]]) -> float:
        return sum(map(sum, some)) / sum(map(len, some))

    draws = sorted(share(chance.choices(groups, k=len(groups))) for _ in range(1_000))
    return f"{share(groups):.2f} [{draws[25]:.2f} {draws[974]:.2f}]"


# --- cards and side ---


def split(motion: Motion) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """The texts that teach a motion's cards, and the messages that are asked about."""
    taught, asked, count = list[tuple[str, str]](), list[dict[str, Any]](), Counter[str]()
    for item in motion.messages:
        card = item["cards"][0] if item["cards"] else ""
        if card and item["register"] not in ("mixed", "wrong-side") and count[card] < PHRASINGS:
            count[card] += 1
            taught.append((item["say"], card))
        elif card:
            asked.append(item)
    return taught + [(text, id) for id, card in motion.cards.items() for text in _own(card)], asked


def ranks(
    motion: Motion, vector: Vector, taught: list[tuple[str, str]]
) -> dict[str, Callable[[str], list[str]]]:
    ids = list(motion.cards)
    rows = np.stack([vector(text) for text, _ in taught])
    targets = np.array([[float(card == id) - 1 / len(ids) for id in ids] for _, card in taught])
    head = Ridge(rows, targets, np.ones(len(taught)))

    def nearest(text: str) -> list[str]:
        return list(dict.fromkeys(taught[at][1] for at in np.argsort(-(rows @ vector(text)))))

    def by_head(text: str) -> list[str]:
        return [ids[at] for at in np.argsort(-head(vector(text)))]

    return {"tf-idf": Lexical(taught), "frozen nearest": nearest, "head": by_head}


def cards(found: Sequence[Motion], vector: Vector) -> None:
    first, three, sides = Hits(), Hits(), Hits()
    for motion in found:
        taught, asked = split(motion)
        for name, rank in ranks(motion, vector, taught).items():
            order = [(rank(item["say"]), item) for item in asked]
            first.setdefault(name, []).append([o[0] in item["cards"] for o, item in order])
            three.setdefault(name, []).append([bool(set(o[:3]) & set(item["cards"])) for o, item in order])
            on_side = [(o[0][0], item) for o, item in order if item["register"] != "wrong-side"]
            sides.setdefault(name, []).append([side == item["side"][0] for side, item in on_side])
    count = sum(map(len, first["head"]))
    print(f"cards on unseen motions, {PHRASINGS} messages a card taught ({count} messages, 12 cards each)")
    for name in first:
        print(
            f"  {name:16s} first {interval(first[name])}   in three {interval(three[name])}   "
            f"side of the first {interval(sides[name])}"
        )


# --- moves ---


@dataclass(frozen=True)
class Replies:
    """Every reply: its motion, its vector, what is measured of it and its point, and its move."""

    motion: np.ndarray[Any, np.dtype[np.intp]]
    vector: Floats
    measures: Doubles
    move: np.ndarray[Any, np.dtype[np.intp]]


def replies(found: Sequence[Motion], vector: Vector) -> Replies:
    rows = [(at, motion, item) for at, motion in enumerate(found) for item in motion.replies]
    return Replies(
        np.array([at for at, _, _ in rows]),
        np.stack([vector(item["reply"]) for _, _, item in rows]),
        np.array([_measured(motion, item, vector) for _, motion, item in rows]),
        np.array([MOVES.index(item["move"]) for _, _, item in rows]),
    )


def _measured(motion: Motion, item: dict[str, Any], vector: Vector) -> list[float]:
    """How near the reply is to the point and to other cards, its length, and its turns of phrase."""
    said = vector(item["reply"])
    near = {id: float(vector(_whole(card)) @ said) for id, card in motion.cards.items()}
    point = near[item["to"]]
    own = max(value for id, value in near.items() if id[0] == item["side"][0])
    above = sum(value > point for value in near.values()) / len(near)
    length = float(np.log(len(item["reply"].split())))
    return [
        point,
        max(near.values()) - point,
        above,
        own,
        length,
        float("?" in item["reply"]),
        *cue_row(item["reply"]),
    ]


def taught_moves(all_: Replies, train: set[int], test: set[int], *, measures: float) -> list[list[bool]]:
    """Whether each reply's move is right, by motion of ``test``; ``measures``: what these weigh beside vectors."""
    seen, asked = np.isin(all_.motion, list(train)), np.isin(all_.motion, list(test))
    kernel, cross = _kernels(all_, seen, asked, measures)
    counts = np.bincount(all_.move[seen], minlength=len(MOVES))
    targets = np.eye(len(MOVES))[all_.move[seen]] - counts / counts.sum()
    right = (cross @ np.linalg.solve(kernel + np.eye(len(kernel)), targets)).argmax(1) == all_.move[asked]
    return [right[all_.motion[asked] == at].tolist() for at in sorted(test)]


def _kernels(all_: Replies, seen: Any, asked: Any, measures: float) -> tuple[Doubles, Doubles]:
    middle = all_.vector[seen].mean(0)
    moved = all_.vector - middle
    moved = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    scaled = (all_.measures - all_.measures[seen].mean(0)) / (all_.measures[seen].std(0) + 1e-6)

    def kernel(left: Any, right: Any) -> Doubles:
        words = np.exp(2.0 * (moved[left] @ moved[right].T - 1))
        apart = ((scaled[left][:, None] - scaled[right][None]) ** 2).sum(-1)
        out: Doubles = words + measures * np.exp(-apart / (2 * scaled.shape[1]))
        return out

    return kernel(seen, seen), kernel(asked, seen)


def moves(found: Sequence[Motion], vector: Vector) -> None:
    all_ = replies(found, vector)
    most = Counter(MOVES[move] for move in all_.move).most_common(1)[0]
    print(
        f"moves on unseen motions ({len(all_.move)} replies; always {most[0]}: {most[1] / len(all_.move):.2f})"
    )
    for name, weight in (("vectors alone", 0.0), ("vectors and measures", 0.9)):
        for count in GROWTH:
            print(
                f"  {name:21s} taught on {count:2d} motions: {interval(_drawn(all_, len(found), count, weight))}"
            )


def _drawn(all_: Replies, many: int, count: int, measures: float) -> list[list[bool]]:
    out = list[list[bool]]()
    for seed in range(DRAWS):
        order = random.Random(seed).sample(range(many), many)
        train = set(order[HELD_OUT : HELD_OUT + count])
        out += taught_moves(all_, train, set(order[:HELD_OUT]), measures=measures)
    return out


def main() -> None:
    found = motions()
    vector = vectors(found)
    cards(found, vector)
    moves(found, vector)


if __name__ == "__main__":
    main()
