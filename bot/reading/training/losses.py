"""What each task asks of the network: the cards a message makes, its side and quality, the move of a reply, and which
counterpoint meets a message."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from bot.reading.training.examples import Countered, Said

HEAT = 0.07
"""Cosines are divided by it before they compete."""
FAR = -1e4


def apart(vectors: Tensor) -> Tensor:
    """Vectors without what all of them share, of length one: as a deck's heads see them."""
    return F.normalize(vectors - vectors.mean(0, keepdim=True), dim=-1)


def among(similar: Tensor, right: Tensor) -> Tensor:
    """Cross-entropy of choosing a right one in each row that has one; ``FAR`` marks what is no choice."""
    rows = right.any(1)
    if not rows.any():
        return similar.sum() * 0
    shares = torch.log_softmax(similar[rows], dim=1)
    return -torch.logsumexp(shares.masked_fill(~right[rows], FAR), dim=1).mean()


def match(said: Tensor, cards: Tensor, makes: Sequence[Sequence[int]]) -> Tensor:
    """Each message nearest to a card it makes, and to other messages that make the same card first."""
    both = apart(torch.cat([said, cards]))
    said, cards = both[: len(said)], both[len(said) :]
    right = torch.zeros(len(said), len(cards), dtype=torch.bool)
    for row, places in enumerate(makes):
        right[row, list(places)] = True
    first = torch.tensor([places[0] if places else -1 for places in makes])
    same = (first[:, None] == first[None]) & (first[:, None] >= 0)
    itself = torch.eye(len(said), dtype=torch.bool)
    to_cards = among(said @ cards.T / HEAT, right)
    to_said = among((said @ said.T / HEAT).masked_fill(itself, FAR), same & ~itself)
    return to_cards + 0.5 * to_said


def side(logits: Tensor, said: Sequence[Said]) -> Tensor:
    """Cross-entropy of speaking for the motion, where it is known."""
    known = [row for row, one in enumerate(said) if one.is_for is not None]
    if not known:
        return logits.sum() * 0
    truth = torch.tensor([float(bool(said[row].is_for)) for row in known])
    return F.binary_cross_entropy_with_logits(logits[known, 0], truth)


def quality(logits: Tensor, said: Sequence[Said]) -> Tensor:
    """Squared error of the share of readers who found it good, where it is known."""
    known = [row for row, one in enumerate(said) if one.quality is not None]
    if not known:
        return logits.sum() * 0
    truth = torch.tensor([said[row].quality or 0.0 for row in known])
    return ((torch.sigmoid(logits[known, 0]) - truth) ** 2).mean()


def apt(said: Tensor, counters: Tensor, meets: Sequence[int], found: Countered) -> Tensor:
    """Each message nearest to the counterpoint that meets it, of all that its side may hear and of those to its card."""
    similar = said @ counters.T / HEAT
    rows, best = torch.arange(len(meets)), torch.tensor(meets)
    right = torch.zeros_like(similar, dtype=torch.bool)
    right[rows, best] = True
    sides, cards = torch.tensor(found.is_for), torch.tensor(found.attacked)
    heard = similar.masked_fill(sides[None] != sides[best][:, None], FAR)
    return among(heard, right) + among(heard.masked_fill(cards[None] != cards[best][:, None], FAR), right)


def first(scores: Tensor, sizes: Sequence[int]) -> Tensor:
    """Cross-entropy of choosing the first of each group of ``sizes`` scores."""
    return torch.stack([-torch.log_softmax(group, 0)[0] for group in scores.split(list(sizes))]).mean()


def move(logits: Tensor, moves: Sequence[int]) -> Tensor:
    """Cross-entropy of the move."""
    return F.cross_entropy(logits, torch.tensor(moves), label_smoothing=0.05)
