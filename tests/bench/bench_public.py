"""What the reader makes of public data, on motions it was not trained on: ``python -m tests.bench.bench_public DATA``.

``DATA`` is the folder of public files that ``bot/reading/training/README.md`` names. The baselines are taught: kernel ridge
regression on two thousand texts of the other motions, over tf-idf or over the frozen encoder's vectors.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.reading.encoder import Floats
from bot.reading.training.examples import Said, Topic, examples, is_held_out, read
from bot.reading.words import content, plain
from tests.bench.encoders import Vectors, frozen, ours
from tests.bench.figures import figure, line

TAUGHT = 2_000
MOST_TEXTS = 150
"""So many texts of a motion are asked about."""
MOST_PAIRS = 30
RELIED_ON = 0.5
"""The scorer looks at this share of a motion's arguments, the surest."""

Array = NDArray[np.float64]
Scores = Callable[[str, Sequence[str]], Array]
"""Of a motion and texts on it: a score each."""


# --- baselines ---


class TfIdf:
    """Rows of length one over the words of the texts it was made of."""

    def __init__(self, texts: Sequence[str]) -> None:
        seen = Counter(word for text in texts for word in set(content(text)))
        self._place = {word: at for at, (word, count) in enumerate(seen.most_common(4_000)) if count > 1}
        self._idf = np.array([np.log(len(texts) / seen[word]) for word in self._place])

    def __call__(self, texts: Sequence[str]) -> Array:
        out = np.zeros((len(texts), len(self._place)))
        for row, text in enumerate(texts):
            for word in content(text):
                if word in self._place:
                    out[row, self._place[word]] += 1
        out *= self._idf
        found: Array = out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-9)
        return found


def taught(rows: Array | Floats, targets: Array, ridge: float = 1.0) -> Callable[[Array | Floats], Array]:
    """Linear ridge regression in its kernel form."""
    middle, level = rows.mean(0), targets.mean()
    left = rows - middle
    solution = left.T @ np.linalg.solve(left @ left.T + ridge * np.eye(len(left)), targets - level)
    return lambda asked: (asked - middle) @ solution + level


# --- key points ---


def average_precision(scores: Array, labels: Array) -> float:
    """The precision at each right one, in the order of the scores, over how many right ones there could be."""
    right = labels[np.argsort(-scores, kind="stable")]
    at = np.cumsum(right) / np.arange(1, len(right) + 1)
    return float((at * right).sum() / max(1, len(right)))


def key_points(data: Path, vectors: Sequence[Vectors]) -> None:
    topics = examples(data, held_out=True).key_points
    labels = _labels(data)
    print(
        f"key points, {len(topics)} unseen motions of ArgKP-2021 ({sum(len(t.said) for t in topics)} arguments)"
    )
    for name, scored in {"tf-idf": None, **{one.name: one for one in vectors}}.items():
        strict, relaxed, first = list[float](), list[float](), list[list[float]]()
        for topic in topics:
            similar = _similar(topic, scored)
            for stance in (True, False):
                one, other = _precisions(topic, similar, labels, stance)
                strict.append(one)
                relaxed.append(other)
            first.append(
                [
                    float(int(row.argmax()) in said.cards)
                    for row, said in zip(similar, topic.said, strict=True)
                    if said.cards
                ]
            )
        halves = [strict[at : at + 2] for at in range(0, len(strict), 2)]
        loose = [relaxed[at : at + 2] for at in range(0, len(relaxed), 2)]
        line(name, mAP_strict=figure(halves), relaxed=figure(loose), first=figure(first))


def _labels(data: Path) -> dict[tuple[str, str], int]:
    """What people said of an argument and a key point, by their words."""
    arguments = {row["id"]: row["text"] for row in read(data, "a_argkp2021_arguments")}
    points = {row["id"]: row["text"] for row in read(data, "a_argkp2021_key_points")}
    rows = read(data, "a_argkp2021_labels")
    return {(arguments[row["arg_id"]], points[row["kp_id"]]): int(row["label"]) for row in rows}


def _similar(topic: Topic, vectors: Vectors | None) -> Array:
    """How near each argument is to each key point."""
    said = [one.text for one in topic.said]
    if vectors is None:
        rows = TfIdf([*said, *topic.cards])
        out: Array = rows(said) @ rows(topic.cards).T
        return out
    cards = vectors.texts(topic.cards, topic.motion)
    cards.among()
    near: Array = np.stack([cards.near(vectors.said(text, topic.motion)) for text in said]).astype(np.float64)
    return near


def _precisions(
    topic: Topic, similar: Array, labels: dict[tuple[str, str], int], stance: bool
) -> tuple[float, float]:
    """The scorer of 2021-09-23: of each argument its best key point of the same stance, the surer half of them; a
    pair that people did not agree on counts as wrong (strict) or as right (relaxed)."""
    cards = [at for at, is_for in enumerate(topic.for_cards) if is_for is stance]
    rows = [at for at, said in enumerate(topic.said) if said.is_for is stance]
    best = [(cards[int(similar[row, cards].argmax())], row) for row in rows]
    scores = np.array([similar[row, card] for card, row in best])
    kept = np.argsort(-scores, kind="stable")[: int(len(rows) * RELIED_ON)]
    found = [labels.get((topic.said[best[at][1]].text, topic.cards[best[at][0]])) for at in kept]
    strict = np.array([float(label or 0) for label in found])
    relaxed = np.array([1.0 if label is None else float(label) for label in found])
    return average_precision(scores[kept], strict), average_precision(scores[kept], relaxed)


# --- side and quality ---


def rows_of(data: Path, held_out: bool) -> dict[str, list[tuple[str, Said]]]:
    """Texts with their motion by set."""
    out = defaultdict[str, list[tuple[str, Said]]](list)
    for row in read(data, "bd_argq30k"):
        if row["stance"]:
            out["ArgQ-30k"].append((row["topic"], Said(row["text"], (), row["stance"] > 0, row["wa"])))
    for row in read(data, "b_ibm_claim_stance"):
        out["claim stance"].append((row["topic"], Said(row["text"], (), row["stance"] == "PRO")))
    for row in read(data, "b_explagraphs"):
        out["ExplaGraphs"].append((row["belief"], Said(row["argument"], (), row["stance"] == "support")))
    return {name: [row for row in found if is_held_out(row[0]) is held_out] for name, found in out.items()}


def by_motion(found: Sequence[tuple[str, Said]]) -> dict[str, list[Said]]:
    """At most ``MOST_TEXTS`` of each motion, drawn once."""
    out = defaultdict[str, list[Said]](list)
    for motion, said in found:
        out[motion].append(said)
    chance = random.Random(0)
    return {motion: chance.sample(said, min(MOST_TEXTS, len(said))) for motion, said in out.items()}


def baselines(data: Path, base: Vectors) -> dict[str, tuple[Scores, Scores]]:
    """Side and quality by tf-idf and by frozen vectors, each beside the motion's."""
    seen = random.Random(0).sample([row for found in rows_of(data, False).values() for row in found], TAUGHT)
    good = [row for row in rows_of(data, False)["ArgQ-30k"] if row[1].quality is not None]
    good = random.Random(0).sample(good, TAUGHT)
    words = TfIdf([said.text for _, said in (*seen, *good)])
    features: dict[str, Callable[[str, Sequence[str]], Any]] = {
        "tf-idf": lambda motion, texts: words(texts),
        "frozen": lambda motion, texts: _beside(base.of(texts), base(motion)),
    }
    out: dict[str, tuple[Scores, Scores]] = {}
    for name, of in features.items():
        side = _fitted(of, seen, [1.0 if said.is_for else -1.0 for _, said in seen])
        quality = _fitted(of, good, [said.quality or 0.0 for _, said in good])
        out[name] = (side, quality)
    return out


def _beside(rows: Floats, motion: Floats) -> Floats:
    out: Floats = np.concatenate([rows, rows * motion * 10], axis=1)
    return out


def _fitted(of: Any, rows: Sequence[tuple[str, Said]], targets: Sequence[float]) -> Scores:
    table = np.concatenate([of(motion, [said.text]) for motion, said in rows])
    fit = taught(table, np.array(targets), ridge=0.3)
    return lambda motion, texts: fit(of(motion, texts))


def own(vectors: Vectors) -> tuple[Scores, Scores]:
    def side(motion: str, texts: Sequence[str]) -> Array:
        found: Array = vectors.encoder.for_p(vectors.of(texts, motion)).astype(np.float64) - 0.5
        return found

    def quality(motion: str, texts: Sequence[str]) -> Array:
        found: Array = vectors.encoder.quality(vectors.of(texts, motion)).astype(np.float64)
        return found

    return side, quality


def sides(data: Path, readers: dict[str, tuple[Scores, Scores]]) -> None:
    for name, found in rows_of(data, True).items():
        motions = by_motion(found)
        print(f"side, {len(motions)} unseen motions of {name} ({sum(map(len, motions.values()))} texts)")
        for reader, (side, _) in readers.items():
            hits = [
                [
                    float((p > 0) == said.is_for)
                    for p, said in zip(side(motion, [s.text for s in some]), some, strict=True)
                ]
                for motion, some in motions.items()
            ]
            line(reader, side=figure(hits))


def spearman(left: Array, right: Array) -> float:
    """The correlation of ranks."""
    ranks = [np.argsort(np.argsort(values)).astype(np.float64) for values in (left, right)]
    one, other = (rank - rank.mean() for rank in ranks)
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))


def qualities(data: Path, readers: dict[str, tuple[Scores, Scores]]) -> None:
    motions = by_motion(rows_of(data, True)["ArgQ-30k"])
    print(f"quality, {len(motions)} unseen motions of ArgQ-30k: rank correlation within a motion")
    for reader, (_, quality) in readers.items():
        found = [
            [spearman(quality(motion, [s.text for s in some]), np.array([s.quality or 0 for s in some]))]
            for motion, some in motions.items()
            if len(some) > 20
        ]
        line(reader, spearman=figure(found))


def pairs(data: Path, readers: dict[str, tuple[Scores, Scores]]) -> None:
    """Which of two arguments people found more convincing; nothing was trained on these."""
    rows = defaultdict[str, list[dict[str, Any]]](list)
    for row in read(data, "d_ukpconvarg1_pairs"):
        rows[row["topic"]].append(row)
    chance = random.Random(0)
    drawn = {topic: chance.sample(found, min(MOST_PAIRS, len(found))) for topic, found in rows.items()}
    print(f"the better of two, {len(drawn)} motions of UKPConvArg1 ({sum(map(len, drawn.values()))} pairs)")
    longer = [
        [float((len(r["a1"]) > len(r["a2"])) == (r["better"] == "a1")) for r in some]
        for some in drawn.values()
    ]
    line("the longer one", right=figure(longer))
    for reader, (_, quality) in readers.items():
        hits = [[_prefers(quality, row) for row in some] for some in drawn.values()]
        line(reader, right=figure(hits))


def _prefers(quality: Scores, row: dict[str, Any]) -> float:
    about = f"{row['topic']}: {row['side']}".replace("-", " ")
    first, second = quality(about, [plain(row["a1"]), plain(row["a2"])])
    return float((first > second) == (row["better"] == "a1"))


def run(data: Path, vectors: Vectors | None = None) -> None:
    base, shipped = frozen(), vectors or ours()
    key_points(data, [base, shipped])
    readers = {**baselines(data, base), "ours": own(shipped)}
    sides(data, readers)
    qualities(data, readers)
    pairs(data, readers)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
