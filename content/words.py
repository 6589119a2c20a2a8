"""Words and sentences of a text, as the checks count and compare them.

This module must not know what a deck is.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')]*\s+")
_ENDINGS = (
    "ingly",
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "edly",
    "ies",
    "ied",
    "es",
    "ed",
    "ly",
    "s",
)

_COMMON_WORDS = """
    a about after again against ain all also although always am an and any are aren as at away back
    be because been before being below between both but by came can cannot come could d did didn do
    does doesn doing don done down during each either else even ever every few for from further gave
    get gets getting give given go goes going gone gonna good got had hadn has hasn have haven
    having he her here hers him his how i if im in into is isn it its itself just keep kind know let
    like ll lot make makes many may maybe me mean might mine more most much must my need never no
    nobody none nor not nothing now of off ok okay on once one ones only or other others our out
    over own people perhaps put quite rather re really right said same say saying says see seem
    seems shall she should shouldn since so some somebody someone something still stuff such sure
    take tell than that the their them then there these they thing things think this those though
    through to too try u under until up ur us use used ve very want was wasn way we well were weren
    what when where whether which while who whom whose why will with without won would wouldn yeah
    yes yet you your yours
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def words(text: str) -> list[str]:
    """The words of ``text``, small."""
    return _WORD.findall(text.lower())


def content_words(text: str) -> frozenset[str]:
    """The stems of the words of ``text`` that carry its meaning."""
    return frozenset().union(*map(_stems, words(text)))


@lru_cache(maxsize=20_000)
def _stems(word: str) -> frozenset[str]:
    """What ``word`` adds to the content words: two stems for ``half-empty``, none for ``would``."""
    parts = re.split("['’-]", word)
    return frozenset(stem(part) for part in parts if len(part) > 1 and part not in _COMMON)


def stem(word: str) -> str:
    """``word`` without a common ending, roughly: ``sanctions`` and ``sanctioned`` are one."""
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def sentences(text: str) -> list[str]:
    """The sentences of ``text``."""
    return [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence]


def first_trigram(text: str) -> tuple[str, ...]:
    """The first three words of ``text``."""
    return tuple(words(text)[:3])


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that the larger one holds as well; 0 where one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
