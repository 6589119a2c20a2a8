"""What an answer does to a point, by its turns of phrase; the encoder's head says what the words alone make likely.

This module must not know messages as a whole, debates or files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from bot.reading import cues
from bot.reading.words import content, sentences
from bot.readings import MoveCandidate
from content.deck import ATTACKS, Move

LEAST = 0.05
_PHRASE = 2.0
"""How much likelier its turn of phrase makes a move."""
_GIVEN, _NOT_GIVEN = 3.0, 0.1
"""What words that concede, or show no word of conceding, make of the concession's share."""
_GREAT, _PLAIN = (Move.TURN, Move.OUTWEIGH), 0.55
"""A turn or an outweigh changes who a point speaks for: below this probability another move comes before it."""


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


def with_phrases(shares: Mapping[Move, float], text: str) -> dict[Move, float]:
    """``shares`` of moves with more for those whose turns of phrase stand in ``text``."""
    lifted = {m: p * (_PHRASE if m in ATTACKS and shows(text, m) else 1) for m, p in shares.items()}
    total = sum(lifted.values())
    return {move: p / total for move, p in lifted.items()}


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


def ranked(
    shares: Mapping[Move, float], related: float, gives: bool, bare: bool
) -> tuple[MoveCandidate, ...]:
    """Probabilities of the moves, best first.

    ``shares`` are those by the words alone; ``related`` says how surely they answer the point at all, ``gives`` that
    they concede it; ``bare`` words ("that is wrong") carry no content and so are no attack, whatever they sound like.
    """
    share = dict(shares)
    share[Move.CONCEDE] = max(share[Move.CONCEDE], _GIVEN) if gives else share[Move.CONCEDE] * _NOT_GIVEN
    if not gives:
        share[Move.DODGE] = max(share[Move.DODGE], 0.7 if bare else 1 - related)
    total = sum(p for move, p in share.items() if move is not Move.DODGE)
    fair = {
        m: p if m is Move.DODGE else p * (1 - share[Move.DODGE]) / max(total, 1e-9) for m, p in share.items()
    }
    order: Sequence[Move] = sorted(fair, key=lambda m: (m in _GREAT and fair[m] < _PLAIN, -fair[m]))
    kept = [m for m in order if fair[m] >= LEAST] or [order[0]]
    return tuple(MoveCandidate(move=m, p=round(fair[m], 2)) for m in kept)
