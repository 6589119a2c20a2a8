"""Finds the essay's own words in a message: which runs of words stand in it verbatim, and in which line.

Quote marks, case and punctuation do not matter. This module must not know debates or vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.reading.words import is_content, tokens
from content.deck import Deck

GRAM = 5
"""The fewest words in a row that count as taken from the essay."""
_MOST_PLACES = 8


@dataclass(frozen=True)
class Run:
    """Words of a message that stand in line ``line`` of the essay: from ``start`` to ``end``, ``length`` words."""

    start: int
    end: int
    length: int
    line: int


class EssayIndex:
    """The places of every five words in a row of a deck's essay."""

    def __init__(self, deck: Deck) -> None:
        self._lines = [[t.word for t in tokens(line)] for line in deck.text.lines]
        self._motion = frozenset(t.word for t in tokens(deck.motion))
        self._places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for number, line in enumerate(self._lines):
            for at in range(len(line) - GRAM + 1):
                self._places.setdefault(tuple(line[at : at + GRAM]), []).append((number, at))

    def runs(self, text: str) -> tuple[Run, ...]:
        """The longest runs, left to right, that say more than the motion itself does."""
        found = tokens(text)
        spoken = [t.word for t in found]
        out: list[Run] = []
        at = 0
        while at + GRAM <= len(spoken):
            line, length = self._longest(spoken, at)
            if length and self._telling(spoken[at : at + length]):
                out.append(Run(found[at].start, found[at + length - 1].end, length, line + 1))
            at += max(1, length)
        return tuple(out)

    def _longest(self, spoken: list[str], at: int) -> tuple[int, int]:
        best = (0, 0)
        for line, place in self._places.get(tuple(spoken[at : at + GRAM]), ())[:_MOST_PLACES]:
            words = self._lines[line]
            length = GRAM
            while (
                at + length < len(spoken)
                and place + length < len(words)
                and words[place + length] == spoken[at + length]
            ):
                length += 1
            if length > best[1]:
                best = (line, length)
        return best

    def _telling(self, run: list[str]) -> bool:
        return len({w for w in run if is_content(w) and w not in self._motion}) >= 2
