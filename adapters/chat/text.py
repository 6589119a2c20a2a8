"""Text of people: without hidden characters, measured in UTF-16 units, and cut where no sign is torn.

Every function is linear in its text. Standard library only. This module must not know what the text says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import takewhile

MARK = "…"
"""Stands where text was cut."""

_BREAKS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})
_JOINERS = {"\u200c", "\u200d"}
"""Kept: they hold emoji and some scripts together. Alone they show nothing and hide nothing that is pressed."""


def clean(text: str) -> str:
    """``text`` without control, bidi and zero-width characters and lone surrogates; line breaks stay."""
    return "".join(char for char in text.translate(_BREAKS) if _shown(char))


def _shown(char: str) -> bool:
    if " " <= char <= "~" or char == "\n" or char in _JOINERS:
        return True
    return unicodedata.category(char)[0] != "C" and char not in "\u115f\u1160\u3164\uffa0"


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def clip(text: str, limit: int) -> str:
    """``text`` of at most ``limit`` units, cut with a mark."""
    if units(text) <= limit:
        return text
    return text[: _cut(text, limit - units(MARK))].rstrip() + MARK


def pieces(text: str, limit: int) -> Iterator[str]:
    """``text`` in pieces of at most ``limit`` units, cut at a line, else at a word, else where no sign is torn."""
    at = 0
    while at < len(text):
        window = text[at : at + limit + 1]  # whatever is cut, is cut in here: no piece is longer
        end = len(window) if units(window) <= limit else _end(window, limit)
        piece = window[:end].rstrip()
        if piece:
            yield piece
        at += end
        while at < len(text) and text[at] in "\n ":
            at += 1


def _end(window: str, limit: int) -> int:
    """Where the first piece of ``window`` ends."""
    end = _cut(window, limit)
    for gap in ("\n", " "):
        found = window.rfind(gap, end // 2, end)
        if found > 0:
            return found + 1
    return end


_LONGEST_SIGN = 40
"""The most characters that a sign made of several, like a family of emoji, is looked through for."""


def _cut(text: str, limit: int) -> int:
    """The place in ``text`` before which at most ``limit`` units stand and no sign or escape is torn."""
    used, end = 0, 0
    for char in text:
        used += 2 if char > "\uffff" else 1
        if used > limit:
            break
        end += 1
    whole = end
    while whole > max(0, end - _LONGEST_SIGN) and _torn(text, whole):
        whole -= 1
    return max(whole if not _torn(text, whole) else end, 1)


def _torn(text: str, at: int) -> bool:
    """Whether ``text`` cut at ``at`` tears a sign in two, or an escape from what it escapes."""
    if not 0 < at < len(text):
        return False
    after, before = text[at], text[at - 1]
    if before == "\u200d" or after == "\u200d" or _modifies(after):
        return True
    if _in_flag(before) and _in_flag(after):
        return _run(text, at, _in_flag) % 2 == 1
    return before == "\\" and _run(text, at, "\\".__eq__) % 2 == 1


def _run(text: str, at: int, fits: Callable[[str], bool]) -> int:
    """How many characters in a row before ``at`` fit."""
    return sum(1 for _ in takewhile(fits, (text[place] for place in range(at - 1, -1, -1))))


def _in_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _modifies(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff"
