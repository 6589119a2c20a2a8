"""How like texts are: by what they mean as a whole, and word by word."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.reading.encoder import Pieces, in_bytes
from bot.reading.likeness import _AT_ONCE, Meanings, Wordwise, _directions
from bot.reading.regression import Ridge

CHANCE = np.random.default_rng(1)


def some(count: int, dims: int = 24) -> list[Pieces]:
    """Texts of one to nine pieces."""
    return [
        in_bytes(CHANCE.normal(size=(CHANCE.integers(1, 10), dims)).astype(np.float32)) for _ in range(count)
    ]


def by_hand(left: Pieces, right: Pieces) -> float:
    close = _directions(left).T @ _directions(right)
    return float(close.max(1).mean() + close.max(0).mean()) / 2


def centred(close: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosines of vectors with these products, without the vectors' mean."""
    moved = close - close.mean(0) - close.mean(1)[:, None] + close.mean()
    length = np.sqrt(np.diag(moved))
    out: NDArray[np.float64] = moved / np.outer(length, length)
    return out


def test_words_are_compared_both_ways_without_what_is_near_all_texts() -> None:
    texts = some(2 * _AT_ONCE + 3)
    close = np.array([[by_hand(left, right) for right in texts] for left in texts])
    found = Wordwise(texts).among()
    assert found == pytest.approx(centred(close), abs=1e-4)
    assert np.diag(found) == pytest.approx(np.ones(len(texts)), abs=1e-4)


def test_a_text_is_as_near_as_it_was_among_the_others() -> None:
    texts = some(20)
    made = Wordwise(texts)
    among = made.among()
    kept = Wordwise(texts, made.state())
    for at in (0, 7, 19):
        assert made.near(texts[at]) == pytest.approx(among[at], abs=1e-4)
        assert np.array_equal(made.near(texts[at]), kept.near(texts[at]))


def test_texts_that_are_all_the_same_are_told_apart_by_nothing() -> None:
    same = some(1) * 4
    made = Wordwise(same)
    assert np.isfinite(made.among()).all()
    assert np.isfinite(made.near(same[0])).all()


def test_bytes_point_where_the_vectors_did() -> None:
    rows = CHANCE.normal(size=(50, 192)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert (rows.T * _directions(in_bytes(rows))).sum(0).min() > 0.9995


def test_a_regression_learns_from_either_kind_and_comes_back() -> None:
    pieces, vectors = some(12), CHANCE.normal(size=(12, 24)).astype(np.float32)
    targets = np.eye(12)[:, :3] - 0.25
    by_words = Ridge(Wordwise(pieces), targets, np.ones(12))
    by_meaning = Ridge(Meanings(vectors), targets, np.ones(12))
    again = Ridge.restored(Wordwise(pieces, by_words.state()), by_words.state())
    assert by_words(pieces[1]).argmax() == by_meaning(vectors[1]).argmax() == 1
    assert np.array_equal(again(pieces[1]), by_words(pieces[1]))
    assert np.array_equal(
        Ridge.restored(Meanings(vectors), by_meaning.state())(vectors[2]), by_meaning(vectors[2])
    )
