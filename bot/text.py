"""Cleans the text of people at the door: what can neither be seen nor said is taken out, once, before anything is stored.

Linear in the length of the text. This module must not know what a text means.
"""

from __future__ import annotations

import unicodedata

_KEPT = {"\n", "\t"}
_JOINER = "\u200d"
"""Kept: it holds emoji and some scripts together."""


def clean(text: str) -> str:
    """``text`` in NFC without control, bidi-override, zero-width and lone surrogate characters, at most 4 marks in a row."""
    kept, marks = [], 0
    for character in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")):
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if marks > 4 or (category in ("Cc", "Cf", "Cs", "Co", "Cn") and not _visible(character)):
            continue
        kept.append(character)
    return "".join(kept)


def _visible(character: str) -> bool:
    return character in _KEPT or character == _JOINER
