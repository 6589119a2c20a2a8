"""Finds what an author or a player probably meant: the nearest word, the nearest words of an essay.

This module must not know files or what a deck is.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from content.essay import Essay

_CLOSE_WORD = 60
_CLOSE_QUOTE = 65
"""From this likeness (0-100) on, a word or a text is offered as the one that was meant."""


def nearest(word: str, known: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """The texts of ``known`` that come closest to ``word``, best first; none where all are far off."""
    found = process.extract(word, list(known), scorer=fuzz.ratio, limit=limit, score_cutoff=_CLOSE_WORD)
    return tuple(text for text, _, _ in found)


def meant(word: str, known: Iterable[str]) -> str:
    """``Did you mean 'rapport'?`` where something in ``known`` comes close to ``word``, else nothing."""
    return next((f"Did you mean {text!r}?" for text in nearest(word, known)), "")


def shorten(text: str, limit: int = 60) -> str:
    """``text`` itself, or its first words and an ellipsis where it is longer than ``limit`` characters."""
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0] + " …"


def nearest_words(essay: Essay, quote: str) -> tuple[int, str]:
    """The number and the words of the place that comes closest to ``quote``; (0, "") if none does."""
    best = process.extractOne(quote, essay.lines, scorer=fuzz.partial_ratio, score_cutoff=_CLOSE_QUOTE)
    if best is None or len(quote) > len(best[0]) + 20:
        return 0, ""
    text, _, index = best
    span = fuzz.partial_ratio_alignment(quote, text)
    return (index + 1, _whole_words(text, span.dest_start, span.dest_end)) if span else (0, "")


def _whole_words(text: str, begin: int, end: int) -> str:
    """``text[begin:end]`` widened to whole words."""
    begin = text.rfind(" ", 0, begin + 1) + 1
    end = text.find(" ", max(end - 1, begin))
    return (text[begin:] if end < 0 else text[begin:end]).strip()
