"""How the odds of an answer in ``bot/reading/context.py`` were fitted: ``python -m tests.bench.fit_answers``.

A logistic regression over what there is to say of an argument and a point of the bot's: the deck's heads, whether the point is
the latest or open, and the telling words that the two share; the encoder's dodge stands beside them as it is, where the bot made
one point alone. A point is answered by a speech if both readers say so, half if one does; of the arguments of a speech the likeliest
counts. Prints the weights, and how well answers are told in debates that the fit did not see, with words and without.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.reading.answers import Answers
from bot.reading.arguments import Arguments
from bot.reading.context import ANSWERED, Context
from bot.reading.padding import without_padding
from bot.reading.reader import LocalReader, cleaned
from bot.reading.regression import Doubles, sigmoid
from bot.readings import BotPoint
from content.deck import Move
from tests.bench.bench_debates import Turn, turns
from tests.bench.figures import figure, line

FEATURES = ("always", "heads", "latest", "open", "said words", "card words")
FOLDS = 10
ROUNDS = 4
"""So often the likeliest argument of each speech is chosen anew."""


@dataclass(frozen=True)
class Pair:
    """An argument of a speech, and a point that it may answer: the features, and the log odds that are given."""

    point: int
    features: Doubles
    given: float


def pairs(reader: LocalReader, turn: Turn) -> list[Pair]:
    """Every argument of a speech that names no point, with every live point of the bot's."""
    model, situation = reader.model(turn.deck), turn.situation
    text = without_padding(cleaned(turn.row["text"]))
    context = Context(model, situation)
    answers = Answers(context)
    arguments = Arguments(context, answers, text, model.essay.runs(text))

    def pair(said: str, heads: float, point: BotPoint) -> Pair:
        card = turn.deck.by_id[point.card]
        words = (model.fits.shared(said, other) for other in (point.said, f"{card.tag} {card.warrant}"))
        waits = (float(point.latest), float(point.open and not point.latest))
        dodge = model.replies(said, point.said)[Move.DODGE] if context.is_alone(point) else 0.5
        features = np.array([1.0, _log_odds(heads), *waits, *(min(shared, 1.0) for shared in words)])
        return Pair(point.number, features, -_log_odds(dodge))

    points = situation.points
    said = model.heads.together([model.saying(p.said, p.card) for p in points]) if points else None
    heard = arguments._heard(model.profile(text)) if said is not None else []
    return [
        pair(one.piece.text, float(p), point)
        for one in heard
        if said is not None and not answers._taken_on_by_name(one.piece.text)
        for point, p in zip(points, model.heads.answers_each(one.profile, said), strict=True)
    ]


def _log_odds(p: float) -> float:
    kept = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(kept / (1 - kept)))


Found = Sequence[tuple[Turn, Sequence[Pair]]]


def likeliest(found: Found, weights: Doubles) -> Iterator[tuple[Turn, Pair]]:
    """Of the arguments of each speech the one that answers each point best."""
    for turn, its in found:
        best: dict[int, Pair] = {}
        for pair in its:
            known = best.get(pair.point)
            if known is None or _score(pair, weights) > _score(known, weights):
                best[pair.point] = pair
        yield from ((turn, pair) for pair in best.values())


def _score(pair: Pair, weights: Doubles) -> float:
    return float(pair.features @ weights) + pair.given


def fit(found: Found, used: Doubles) -> Doubles:
    """The weights; those of features that are not ``used`` are 0."""
    weights = np.array([-1.0, 0.5, 1.0, 1.0, 0.0, 0.0]) * used
    for _ in range(ROUNDS):
        chosen = list(likeliest(found, weights))
        x = np.stack([pair.features * used for _, pair in chosen])
        given = np.array([pair.given for _, pair in chosen])
        said = [(pair.point in turn.answered[0], pair.point in turn.answered[1]) for turn, pair in chosen]
        labels = np.array([(some + both) / 2 for some, both in said])
        share = np.where(labels == 0.5, 0.5, 1.0)
        penalty = np.diag([1e-3, *[1.0] * (len(weights) - 1)])
        for _ in range(25):
            p = sigmoid(x @ weights + given)
            slope = x.T @ (share * (p - labels)) + penalty @ weights
            curve = (x * (share * p * (1 - p))[:, None]).T @ x + penalty
            weights = weights - np.linalg.solve(curve, slope)
    return weights


def apart(found: Found, used: Doubles) -> None:
    """Print how well answers are told in debates that the fit did not see."""
    debates = sorted({turn.row["id"].split(".")[0] for turn, _ in found})
    random.Random(0).shuffle(debates)
    rightly, heard = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for fold in range(FOLDS):
        test = set(debates[fold::FOLDS])
        train = [one for one in found if one[0].row["id"].split(".")[0] not in test]
        weights = fit(train, used)
        rest = [one for one in found if one[0].row["id"].split(".")[0] in test]
        for turn, pair in likeliest(rest, weights):
            some, both = turn.answered
            told = sigmoid(np.array(_score(pair, weights))) >= ANSWERED
            debate = turn.row["id"].split(".")[0]
            if told:
                rightly[debate].append(float(pair.point in some))
            if pair.point in both:
                heard[debate].append(float(told))
    name = "heads, debate and words" if used.all() else "heads and debate alone"
    line(name, said_rightly=figure([*rightly.values()]), of_those_answered=figure([*heard.values()]))


def main() -> None:
    reader = LocalReader()
    found = [(turn, pairs(reader, turn)) for turn in turns()]
    print(f"answers in speeches that name no point, fitted to {len(found)} speeches; debates held out")
    every, no_words = np.ones(len(FEATURES)), np.array([1.0, 1, 1, 1, 0, 0])
    for used in (no_words, every):
        apart(found, used)
    weights = fit(found, every)
    line("weights", **{name: f"{weight:.2f}" for name, weight in zip(FEATURES, weights, strict=True)})
    latest, opened, closed = (np.exp(weights[0] + more) for more in (weights[2], weights[3], 0.0))
    line("odds", latest=f"{latest:.2f}", open=f"{opened:.2f}", closed=f"{closed:.3f}")


if __name__ == "__main__":
    main()
