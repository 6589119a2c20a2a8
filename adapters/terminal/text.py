"""Text that is safe to show in a terminal: cleaned of what could command it, measured and wrapped by columns.

Standard library and wcwidth only, because the first words are shown before anything else is loaded.
This module must not know what the text says.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator

from wcwidth import wcwidth

REPLACED = "�"
"""Stands for a character that is not shown."""

NARROWEST = 20
"""The least width that texts are wrapped to; a narrower terminal wraps them once more by itself."""

WIDEST = 100
"""The greatest width that a window is filled to: longer lines are hard to read."""

_INDENT = "    "
"""Stands before text whose lead has lines of its own."""

_STACK = 3
"""The most marks above or below one letter."""

_JOINED = {0xFE0E, 0xFE0F}
"""Variation selectors: terminals disagree on the width of what they make."""


def window() -> int:
    """The columns to fill: those of the terminal, at most ``WIDEST``; 80 where there is none."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def clean(text: str) -> str:
    """``text`` without control characters, escape sequences, bidi and zero-width controls; keeps line breaks."""
    return "".join(_cleaned(text))


def clean_line(text: str) -> str:
    """Like ``clean``, in one line."""
    return " ".join(clean(text).split())


def columns(text: str) -> int:
    """The width of a clean line in terminal columns."""
    return sum(max(0, wcwidth(char)) for char in text)


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """The lines of ``text``, each at most ``width`` columns, the first after ``first`` and the others after ``rest``.

    ``rest`` defaults to as many spaces as ``first`` is wide. Line breaks of the text are kept; at least one line.
    A ``first`` wider than half of the line has lines of its own.
    """
    width = max(width, NARROWEST)
    if columns(first) > width // 2:
        return [*wrap(first.strip(), width), *wrap(text, width, _INDENT)]
    rest = " " * columns(first) if rest is None else _cut(rest, width // 2)
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        for piece in _pieces(paragraph, width - columns(first if not lines else rest), width - columns(rest)):
            lines.append((rest if lines else first) + piece)
    return [line.rstrip() for line in lines]


def _cleaned(text: str) -> Iterator[str]:
    stacked = 0
    for char in text:
        shown = _shown(char)
        stacked = stacked + 1 if shown and unicodedata.combining(shown) else 0
        if stacked <= _STACK:
            yield shown


def _shown(char: str) -> str:
    if " " <= char <= "~" or char == "\n":
        return char
    if char in "\t\r\v\f\x85":
        return " "
    if char in "\u2028\u2029":
        return "\n"
    kind = unicodedata.category(char)
    if kind == "Cf" or ord(char) in _JOINED:
        return ""
    return REPLACED if kind in ("Cc", "Cs", "Cn") or wcwidth(char) < 0 else char


def _pieces(paragraph: str, room: int, later: int) -> Iterator[str]:
    """The words of ``paragraph`` in lines: the first of ``room`` columns, the others of ``later``."""
    if columns(paragraph) <= room:
        yield paragraph  # as it stands, indented or not
        return
    line, used = "", 0
    for word in _short(paragraph.split(" "), min(room, later)):
        wide = columns(word)
        if line and used + 1 + wide > room:
            yield line
            line, used, room = word, wide, later
        elif line or used:
            line, used = f"{line} {word}", used + 1 + wide
        else:
            line, used = word, wide
    yield line


def _short(words: list[str], room: int) -> Iterator[str]:
    """The words without empty ones, those wider than ``room`` cut into pieces."""
    for word in words:
        rest = word
        while columns(rest) > room:
            piece = _cut(rest, room)
            yield piece
            rest = rest[len(piece) :]
        if rest:
            yield rest


def _cut(text: str, width: int) -> str:
    """The beginning of ``text`` that is at most ``width`` columns wide."""
    used = 0
    for place, char in enumerate(text):
        used += max(0, wcwidth(char))
        if used > width:
            return text[:place]
    return text
