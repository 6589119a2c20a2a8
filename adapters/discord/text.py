"""Text that is safe to show in Discord: no markdown, mentions, links or hidden characters of somebody else's.

Every function is linear in its text. This module must not know what the text says.
"""

from __future__ import annotations

import re

from adapters.chat.text import clean

_ESCAPED = frozenset("\\*_~`|<>[]")
_LINE_START = re.compile(r"^([^\S\n]*)(#|-|\+|\d{1,9}(?=\.))", re.MULTILINE)
_SCHEME = re.compile(r":(?=//)")

_APART = "\u200b"
"""Put after @, so that no name follows it."""


def escape(text: str) -> str:
    """``text``, cleaned, as Discord shows it literally: nothing in it formats, links or calls anybody."""
    shown = "".join(f"\\{char}" if char in _ESCAPED else char for char in clean(text))
    shown = _SCHEME.sub(r"\\:", shown.replace("@", f"@{_APART}"))
    return _LINE_START.sub(_at_line_start, shown)


def line(text: str) -> str:
    """``text`` escaped, in one line."""
    return escape(" ".join(clean(text).split()))


def code(text: str) -> str:
    """``text`` as it may stand in a code block: it cannot end it."""
    return " ".join(clean(text).split()).replace("`", "ʼ")


def _at_line_start(match: re.Match[str]) -> str:
    space, sign = match.groups()
    return f"{space}{sign}\\" if sign[0].isdigit() else f"{space}\\{sign}"
