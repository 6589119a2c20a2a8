"""What an answer does to a point: a head taught by the deck's own counterpoints, examples and turns of phrase.

This module must not know messages as a whole, debates or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np

from bot.reading import cues
from bot.reading.anchors import MOVES
from bot.reading.encoder import Floats
from bot.reading.heads import RIDGE, SHARPNESS, Encode, dots, softmax
from bot.reading.words import content, plain, sentences
from bot.readings import MoveCandidate
from content.deck import ATTACKS, Deck, Move

_ALL = tuple(Move)
_CUE_SHARE = 0.5
_HEAT = 0.22
LEAST = 0.05
_GREAT, _PLAIN = (Move.TURN, Move.OUTWEIGH), 0.35
"""A turn or an outweigh changes who a point speaks for: below this probability another move comes before it."""


def cue_row(text: str) -> list[float]:
    """Which moves' turns of phrase stand in ``text``."""
    straight = text.replace("’", "'")
    return [float(bool(cues.MOVES[move].search(straight))) for move in _ALL]


class MoveHead:
    """Kernel ridge regression over vectors and turns of phrase together."""

    def __init__(self, deck: Deck, encode: Encode) -> None:
        rows = [(text, move) for move, texts in MOVES.items() for text in texts]
        rows += [(c.say, Move(c.move)) for c in deck.counterpoints]
        targets = np.array([[float(move is m) for m in _ALL] for _, move in rows])
        weights = np.sqrt(60 / targets.sum(0))[targets.argmax(1)]
        vectors = encode([plain(text) for text, _ in rows])
        self._middle = vectors.mean(0)
        self._rows = self._ready(vectors)
        self._cues = np.array([cue_row(text) for text, _ in rows])
        kernel = np.exp(SHARPNESS * (self._rows @ self._rows.T - 1)) + _CUE_SHARE * (
            self._cues @ self._cues.T
        )
        self._solution = np.linalg.solve(kernel + np.diag(RIDGE / weights), targets - 1 / len(_ALL))

    def _ready(self, vectors: Floats) -> Floats:
        moved = vectors - self._middle
        out: Floats = (moved / (np.linalg.norm(moved, axis=-1, keepdims=True) + 1e-9)).astype(np.float32)
        return out

    def scores(self, text: str, vector: Floats) -> dict[Move, float]:
        """A score for every move, by the words alone."""
        close = dots(self._rows, self._ready(vector)).astype(np.float64)
        kernel = np.exp(SHARPNESS * (close - 1)) + _CUE_SHARE * (self._cues @ np.array(cue_row(text)))
        return {move: float(score) for move, score in zip(_ALL, kernel @ self._solution, strict=True)}


@lru_cache(maxsize=512)
def concedes(text: str) -> bool:
    """Whether ``text`` gives the point away and does not take it back at once."""
    straight = text.replace("’", "'")
    found = cues.CONCEDES.search(straight)
    if not found:
        return False
    back = cues.GOES_ON.search(straight, found.end())
    taken_back = back is not None and len(content(straight[back.end() :])) >= 2
    return not taken_back and not _attacks_after(straight[found.end() :])


def shows(text: str, move: Move) -> bool:
    """Whether a turn of phrase of ``move`` stands in ``text``."""
    return bool(cues.MOVES[move].search(text.replace("’", "'")))


def only_concedes(text: str) -> bool:
    """Whether ``text`` gives a point away without a word of what it is about ("fair enough, you got me there")."""
    return concedes(text) and not content(cues.CONCEDES.sub(" ", text.replace("’", "'")))


def _attacks_after(rest: str) -> bool:
    """Whether a later sentence attacks again ("..., I admit. With eighty percent that hurts him little")."""
    later = [sentence.text for sentence in sentences(rest)[1:]]
    attacks = [cues.MOVES[move] for move in ATTACKS]
    return any(
        len(set(content(text))) >= 3
        and not cues.CONCEDES.search(text)
        and any(pattern.search(text) for pattern in attacks)
        for text in later
    )


def attacks_barely(text: str) -> bool:
    """Whether ``text`` only rejects what was said, without any content ("that's simply not true")."""
    return len(set(content(text))) < 3 and bool(cues.MOVES[Move.DENY].search(text.replace("’", "'")))


def turns(text: str, found: Sequence[MoveCandidate]) -> Literal["link", "impact"] | None:
    """What a turn turns, if its words say so: the cause ("it does the opposite") or the result ("and that is good")."""
    if found[0].move is not Move.TURN:
        return None
    straight = text.replace("’", "'")
    link, impact = bool(cues.TURNS_LINK.search(straight)), bool(cues.TURNS_IMPACT.search(straight))
    if link == impact:
        return None
    return "link" if link else "impact"


def ranked(scores: dict[Move, float], related: float, gives: bool, bare: bool) -> tuple[MoveCandidate, ...]:
    """Probabilities of the moves, best first.

    ``related`` says how surely the words answer the point at all, ``gives`` that they concede it; ``bare`` words
    ("that is wrong") carry no content and so are no attack, whatever they sound like.
    """
    lifted = dict(scores)
    if not gives:
        lifted[Move.CONCEDE] = min(lifted[Move.CONCEDE], -0.1) - 0.3
    else:
        lifted[Move.CONCEDE] += 0.9
    shares = softmax(np.array([lifted[move] for move in _ALL]), _HEAT)
    share = {move: float(p) for move, p in zip(_ALL, shares, strict=True)}
    if not gives:
        share[Move.DODGE] = max(share[Move.DODGE], 0.7 if bare else 1 - related)
    return _candidates(share)


def _candidates(share: dict[Move, float]) -> tuple[MoveCandidate, ...]:
    rest = 1 - share[Move.DODGE]
    others = sum(p for move, p in share.items() if move is not Move.DODGE)
    fair = {m: p if m is Move.DODGE else p * rest / max(others, 1e-9) for m, p in share.items()}
    order: Sequence[Move] = sorted(fair, key=lambda m: (m in _GREAT and fair[m] < _PLAIN, -fair[m]))
    kept = [m for m in order if fair[m] >= LEAST] or [order[0]]
    return tuple(MoveCandidate(move=m, p=round(fair[m], 2)) for m in kept)
