"""Cleans the text of people at the door: what can neither be seen nor said is taken out, once, before anything is stored.

Linear in the length of the text, and cleaning twice changes nothing. This module must not know what a text means.
"""

from __future__ import annotations

import unicodedata

MARKS = 4
"""The most combining marks in a row: a letter of any script needs fewer."""

_BREAKS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n"})
_KEPT = {"\n", "\t"}
_JOINER = "\u200d"
"""Kept after something to join: it holds emoji and some scripts together."""


def clean(text: str) -> str:
    """``text`` in NFC without control, bidi-override, zero-width and lone surrogate characters, at most 4 marks in a row."""
    # The first sifting keeps normalisation, quadratic in a run of marks, linear; the second cuts what it has added.
    return _sift(unicodedata.normalize("NFC", _sift(text.replace("\r\n", "\n").translate(_BREAKS))))


def _sift(text: str) -> str:
    kept, marks, joined = list[str](), 0, True
    for character in text:
        category = unicodedata.category(character)
        if character == _JOINER:
            if not joined:
                kept.append(character)
            joined = True
            continue
        if category[0] == "M":
            marks += 1
            if marks > MARKS:
                continue
        elif category[0] != "C":
            marks = 0
        elif character not in _KEPT:
            continue
        kept.append(character)
        joined = character.isspace()
    return "".join(kept)
