"""Two small regressions in numpy, kernel ridge and logistic, that can be put away and taken out again.

This module must not know decks or what is predicted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.reading.encoder import Floats

Doubles = NDArray[np.float64]
State = Mapping[str, NDArray[Any]]
"""What a regression has learned: arrays by name."""
_Text = TypeVar("_Text", contravariant=True)

SHARPNESS = 2.0
RIDGE = 1.0


def softmax(scores: Doubles, temperature: float) -> Doubles:
    """Probabilities over the last axis."""
    lifted = scores / temperature
    lifted = np.exp(lifted - lifted.max(-1, keepdims=True))
    shares: Doubles = lifted / lifted.sum(-1, keepdims=True)
    return shares


def sigmoid(value: Doubles) -> Doubles:
    out: Doubles = 1 / (1 + np.exp(-np.clip(value, -30, 30)))
    return out


def logit(p: NDArray[Any]) -> Doubles:
    kept = np.clip(p.astype(np.float64), 0.01, 0.99)
    out: Doubles = np.log(kept / (1 - kept))
    return out


class Logistic:
    """A small logistic regression over standardised features (Newton steps, ridge on the weights)."""

    def __init__(
        self, features: Doubles, labels: Doubles, weights: Doubles | None = None, ridge: float = 1.0
    ):
        self._mean = features.mean(0)
        self._scale = features.std(0) + 1e-6
        x = self._ready(features)
        share = np.ones(len(x)) if weights is None else weights
        penalty = np.eye(x.shape[1]) * ridge
        penalty[-1, -1] = 1e-6
        self._w = np.zeros(x.shape[1])
        for _ in range(25):
            p = sigmoid(x @ self._w)
            slope = x.T @ (share * (p - labels)) + penalty @ self._w
            curve = (x * (share * p * (1 - p))[:, None]).T @ x + penalty
            self._w = self._w - np.linalg.solve(curve, slope)

    def state(self) -> State:
        """What was learned."""
        return {"mean": self._mean, "scale": self._scale, "weights": self._w}

    @classmethod
    def restored(cls, state: State) -> Logistic:
        """The regression that ``state`` was taken from."""
        made = cls.__new__(cls)
        made._mean, made._scale, made._w = state["mean"], state["scale"], state["weights"]
        return made

    def _ready(self, features: Doubles) -> Doubles:
        return np.concatenate([(features - self._mean) / self._scale, np.ones((len(features), 1))], axis=1)

    def __call__(self, features: Doubles) -> Doubles:
        """The probabilities of rows of features."""
        return sigmoid(self._ready(features) @ self._w)


class Texts(Protocol[_Text]):
    """Texts that a regression learns from, and how like them others are: 1 the same, 0 no more than any two of them."""

    def among(self) -> Floats:
        """How like each other they are, [texts, texts]."""

    def near(self, text: _Text) -> Floats:
        """How like each of them a text is, [texts]."""

    def state(self) -> State:
        """What ``among`` has found out and ``near`` needs."""


class Ridge(Generic[_Text]):
    """Kernel ridge regression over ``texts`` with one output a column; ``held_out`` scores rows as if they were unknown."""

    def __init__(self, texts: Texts[_Text], targets: Doubles, weights: Doubles) -> None:
        self._texts = texts
        kernel = np.exp(SHARPNESS * (texts.among() - 1))
        kernel[np.diag_indices_from(kernel)] += RIDGE / weights
        # Well-conditioned thanks to the ridge, so float32 will do. The kernel's inverse is half.T @ half.
        self._half = _half_of_inverse(kernel)
        self._targets = targets.astype(np.float32)
        self._solution = self._half.T @ (self._half @ self._targets)
        self._columns = np.ascontiguousarray(self._solution.T)

    def state(self) -> State:
        """What was learned; the texts it was learned from are kept by who made them."""
        return {"columns": self._columns, **self._texts.state()}

    @classmethod
    def restored(cls, texts: Texts[_Text], state: State) -> Ridge[_Text]:
        """The regression that ``state`` was taken from, which had learned from ``texts``."""
        made = cls.__new__(cls)
        made._texts, made._columns = texts, state["columns"]
        return made

    def __call__(self, text: _Text) -> Doubles:
        """The scores of a text, one a column."""
        scores: Doubles = (self._columns @ np.exp(SHARPNESS * (self._texts.near(text) - 1))).astype(
            np.float64
        )
        return scores

    def held_out(self, block: NDArray[np.intp]) -> Doubles:
        """The scores of the rows ``block``, in rising order, by a fit that never saw any of them."""
        columns = self._half[block[0] :, block]  # above the diagonal stands nothing
        corner = columns.T @ columns
        out = self._targets[block] - np.linalg.solve(corner, self._solution[block])
        return out.astype(np.float64)

    def forget(self) -> None:
        """Drop what only learning needed (ten megabytes for a big deck)."""
        del self._half, self._targets


_SMALL = 256
"""Rows of a kernel that are inverted at once."""


def _half_of_inverse(kernel: Floats) -> Floats:
    """The lower triangle ``half`` with ``half.T @ half`` the inverse of ``kernel``; half by half, so that nearly all of
    it is products, the fastest thing a processor does (twice as fast as inverting at once)."""
    if len(kernel) <= _SMALL:
        return np.linalg.inv(np.linalg.cholesky(kernel))
    cut = len(kernel) // 2
    out = np.zeros_like(kernel)
    first = out[:cut, :cut] = _half_of_inverse(kernel[:cut, :cut])
    below = kernel[cut:, :cut] @ first.T
    second = out[cut:, cut:] = _half_of_inverse(kernel[cut:, cut:] - below @ below.T)
    out[cut:, :cut] = -second @ below @ first
    return out
