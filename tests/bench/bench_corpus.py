"""What the reader makes of motions that nothing was taught: ``python -m tests.bench.bench_corpus``.

On the held-out motions of the corpus in ``bot/reading/training/learners``. Cards and side: a head is taught four messages
a card and the cards' own texts, as a deck of somebody's would, and asked about the rest. Counterpoints: the one nearest to
a message of those to its card. Moves: the encoder's own head is asked about replies to points; the frozen encoder's vectors
are taught the replies of all other motions, and how that grows with their number is printed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.reading.encoder import Floats
from bot.reading.moves import shows
from bot.reading.regression import Doubles, Ridge
from bot.reading.training.corpus import Motion, motions
from bot.reading.training.examples import is_held_out
from content.deck import Move
from tests.bench.bench_own import Lexical, nearest
from tests.bench.encoders import Vectors, frozen, ours
from tests.bench.figures import figure, line

PHRASINGS = 4
GROWTH = (6, 12, 24, 48)
DRAWS = 3
"""Choices of motions per point of the curve."""

MOVES = [str(move) for move in Move]
Taught = list[tuple[str, str]]
Hits = dict[str, list[list[float]]]


def whole(card: dict[str, Any]) -> str:
    return f"{card['tag']} {card['warrant']}"


# --- cards and side ---


def split(motion: Motion) -> tuple[Taught, list[dict[str, Any]]]:
    """The texts that teach a motion's cards, and the messages that are asked about."""
    taught, asked, count = Taught(), list[dict[str, Any]](), Counter[str]()
    for item in motion.messages:
        card = item["cards"][0] if item["cards"] else ""
        if card and item["register"] not in ("mixed", "wrong-side") and count[card] < PHRASINGS:
            count[card] += 1
            taught.append((item["say"], card))
        elif card:
            asked.append(item)
    own = [(text, id) for id, card in motion.cards.items() for text in (card["tag"], card["warrant"])]
    return taught + own, asked


def head(motion: Motion, taught: Taught, vectors: Vectors) -> Callable[[str], Doubles]:
    """A kernel head over one column a card, as a deck's."""
    ids, about = list(motion.cards), motion.head["motion"]
    targets = np.array([[float(card == id) - 1 / len(ids) for id in ids] for _, card in taught])
    ridge = Ridge(vectors.texts([text for text, _ in taught], about), targets, np.ones(len(taught)))
    return lambda text: ridge(vectors.said(text, about))


def ranks(
    motion: Motion, taught: Taught, vectors: Sequence[Vectors]
) -> dict[str, Callable[[str], list[str]]]:
    ids, about = list(motion.cards), motion.head["motion"]
    out: dict[str, Callable[[str], list[str]]] = {"tf-idf": Lexical(taught)}
    for one in vectors:
        scores = head(motion, taught, one)

        def by_head(text: str, scores: Callable[[str], Doubles] = scores) -> list[str]:
            return [ids[at] for at in np.argsort(-scores(text))]

        out |= {f"{one.name}, nearest": nearest(one, taught, about), f"{one.name}, head": by_head}
    return out


def cards(found: Sequence[Motion], vectors: Sequence[Vectors]) -> None:
    first, three, sides = Hits(), Hits(), Hits()
    for motion in found:
        taught, asked = split(motion)
        for name, rank in ranks(motion, taught, vectors).items():
            order = [(rank(item["say"]), item) for item in asked]
            first.setdefault(name, []).append([o[0] in item["cards"] for o, item in order])
            three.setdefault(name, []).append([bool(set(o[:3]) & set(item["cards"])) for o, item in order])
            sides.setdefault(name, []).append([o[0][0] == item["cards"][0][0] for o, item in order])
    count = sum(map(len, first["tf-idf"]))
    print(
        f"cards and side, {len(found)} unseen motions, {PHRASINGS} messages a card taught ({count} messages)"
    )
    for name in first:
        line(name, first=figure(first[name]), in_three=figure(three[name]), side_of_first=figure(sides[name]))


def sides(found: Sequence[Motion], vectors: Vectors) -> None:
    """Which side a message argues for, by the encoder's own head: no card or message of the motion is known."""
    hits = [
        [
            float(
                (vectors.encoder.for_p(vectors(item["say"], motion.head["motion"])[None])[0] >= 0.5)
                == (item["cards"][0][0] == "f")
            )
            for item in motion.messages
            if item["cards"]
        ]
        for motion in found
    ]
    line(f"{vectors.name}, motion alone", side=figure(hits))


# --- counterpoints ---


def counterpoints(found: Sequence[Motion], vectors: Sequence[Vectors]) -> None:
    """Which of the counterpoints to its card, and which of all that its side may hear, meets a message."""
    told = [motion for motion in found if motion.counters]
    asked = [(motion, [item for item in motion.messages if "apt" in item]) for motion in told]
    print(f"counterpoints, {len(told)} unseen motions ({sum(len(items) for _, items in asked)} messages)")
    for one in vectors:
        among_card, among_all = [], []
        for motion, items in asked:
            among_card.append(
                [float(_nearest(motion, item, one, alone=True) == item["apt"]) for item in items]
            )
            among_all.append(
                [float(_nearest(motion, item, one, alone=False) == item["apt"]) for item in items]
            )
        line(f"{one.name}, nearest", to_its_card=figure(among_card), to_its_side=figure(among_all))


def _nearest(motion: Motion, item: dict[str, Any], vectors: Vectors, *, alone: bool) -> str:
    """The counterpoint nearest to a message: of those to its card ``alone``, or to all cards of its side."""
    about, card = motion.head["motion"], item["cards"][0]
    said = vectors(item["say"], about)
    heard = [id for id, c in motion.counters.items() if (c["to"] == card if alone else c["to"][0] == card[0])]
    return max(heard, key=lambda id: float(vectors(motion.counters[id]["text"], about) @ said))


# --- moves ---


def point_of(motion: Motion, item: dict[str, Any]) -> str:
    """What a reply answers: a counterpoint, or a card's claim and reason."""
    counter = motion.counters.get(item["to"])
    return str(counter["text"]) if counter else whole(motion.cards[item["to"]])


@dataclass(frozen=True)
class Replies:
    """Every reply: its motion, its vector, what is measured of it and its point, and its move."""

    motion: np.ndarray[Any, np.dtype[np.intp]]
    vector: Floats
    measures: Doubles
    move: np.ndarray[Any, np.dtype[np.intp]]


def replies(found: Sequence[Motion], vectors: Vectors) -> Replies:
    rows = [(at, motion, item) for at, motion in enumerate(found) for item in motion.replies]
    return Replies(
        np.array([at for at, _, _ in rows]),
        np.stack([vectors(item["reply"], motion.head["motion"]) for _, motion, item in rows]),
        np.array([_measured(motion, item, vectors) for _, motion, item in rows]),
        np.array([MOVES.index(item["move"]) for _, _, item in rows]),
    )


def _measured(motion: Motion, item: dict[str, Any], vectors: Vectors) -> list[float]:
    """How near the reply is to the point and to other cards, its length, and its turns of phrase."""
    about = motion.head["motion"]
    said = vectors(item["reply"], about)
    near = {id: float(vectors(whole(card), about) @ said) for id, card in motion.cards.items()}
    point = float(vectors(point_of(motion, item), about) @ said)
    own = max(value for id, value in near.items() if id[0] == item["side"][0])
    above = sum(value > point for value in near.values()) / len(near)
    length = float(np.log(len(item["reply"].split())))
    asks = float("?" in item["reply"])
    phrases = [float(shows(item["reply"], move)) for move in Move]
    return [point, max(near.values()) - point, above, own, length, asks, *phrases]


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


def moves(found: Sequence[Motion], vectors: Vectors) -> None:
    """How the moves of replies on held-out motions grow with the motions whose replies are taught."""
    all_ = replies(found, vectors)
    most = Counter(MOVES[move] for move in all_.move).most_common(1)[0]
    test = {at for at, motion in enumerate(found) if is_held_out(motion.head["motion"])}
    count = int(np.isin(all_.move, list(range(7)))[np.isin(all_.motion, list(test))].sum())
    print(
        f"moves on {len(test)} unseen motions ({count} replies; always {most[0]}: {most[1] / len(all_.move):.2f})"
    )
    rest = sorted(set(range(len(found))) - test)
    for many in (*(n for n in GROWTH if n < len(rest)), len(rest)):
        drawn = [random.Random(seed).sample(rest, many) for seed in range(DRAWS if many < len(rest) else 1)]
        hits = [hits for train in drawn for hits in taught_moves(all_, set(train), test, measures=0.9)]
        line(f"{vectors.name}, taught on {many} motions", move=figure(hits))


def own_moves(found: Sequence[Motion], vectors: Vectors) -> None:
    """The moves by the encoder's own head, the point being the card's own words."""
    right, dodged = [], []
    for motion in found:
        shares = [
            (vectors.encoder.moves(vectors(item["reply"], point_of(motion, item))[None])[0], item)
            for item in motion.replies
        ]
        right.append([float(MOVES[int(p.argmax())] == item["move"]) for p, item in shares])
        dodged.append([float((p[-1] >= 0.5) == (item["move"] == "dodge")) for p, item in shares])
    line(f"{vectors.name}, point and reply", move=figure(right), answered_or_dodged=figure(dodged))


def main() -> None:
    found = motions()
    unseen = [motion for motion in found if is_held_out(motion.head["motion"])]
    base, shipped = frozen(), ours()
    cards(unseen, [base, shipped])
    sides(unseen, shipped)
    counterpoints(unseen, [base, shipped])
    moves(found, base)
    own_moves(unseen, shipped)


if __name__ == "__main__":
    main()
