"""Text that is safe to show in Slack, and what a person typed there, as they meant it.

Three signs have a meaning of their own in Slack, ``&``, ``<`` and ``>``; written as ``&amp;``, ``&lt;`` and ``&gt;`` they call
nobody and link nothing. For the other signs of its markup Slack documents no escape: a zero-width space keeps them from
what they would mark. Every function is linear in its text. This module must not know what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters.chat.text import MARK, clean, clip, pieces, units

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

_APART = "\u200b"
"""Put after a sign, so that what follows does not belong to it."""

_SIGN = re.compile(r"[*_~`＊＿～｀@]|:(?=\S)|#(?=[^\W\d_])|(?<=\w)\.(?=[^\W\d_])")
"""What begins bold, code, a mention, an emoji, an address or the name of a channel."""

_LINE_START = re.compile(r"^([^\S\n]*)(?=>|＞|[-+]|\d{1,9}[.)])", re.MULTILINE)


def escape(text: str) -> str:
    """``text``, cleaned, as Slack shows it literally: nothing in it links or calls anybody, or formats, as far as that goes."""
    shown = _LINE_START.sub(rf"\g<1>{_APART}", _SIGN.sub(rf"\g<0>{_APART}", clean(text)))
    return shown.translate(_ESCAPES)


def flat(text: str) -> str:
    """``text``, cleaned, in one line; for rich text, in which nothing has a meaning of its own."""
    return " ".join(clean(text).split())


def line(text: str) -> str:
    """``text`` escaped, in one line."""
    return escape(flat(text))


def cut(shown: str, limit: int) -> str:
    """Escaped text of at most ``limit`` units, cut with a mark and never inside an escape."""
    if units(shown) <= limit:
        return shown
    return _HALF.sub("", clip(shown, limit).removesuffix(MARK)) + MARK


_HALF = re.compile(r"&[a-z]{0,3}\Z")


def escaped_pieces(text: str, limit: int) -> Iterator[str]:
    """``text`` escaped, in pieces of at most ``limit`` units (40 or more); no escape is torn."""
    return _escaped_pieces(clean(text), limit, limit)


def _escaped_pieces(text: str, limit: int, raw: int) -> Iterator[str]:
    """The same of ``raw`` units before they are escaped, fewer where escapes need the room."""
    for piece in pieces(text, raw):
        shown = escape(piece)
        if units(shown) <= limit:
            yield shown
        else:
            yield from _escaped_pieces(piece, limit, raw // 2)


# --- what a person typed ---

_TYPED = re.compile(r"<([^<>\n]*)>|&(?:amp|lt|gt);")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_CALL = re.compile(r"!(channel|here|everyone)")
_NAME = re.compile(r"([@#])([A-Z0-9]+)")
_TEAM = re.compile(r"!subteam\^([A-Z0-9]+)")
_LINK = re.compile(r"(?:mailto:|tel:|(?=[A-Za-z][A-Za-z0-9+.-]*:))(.+)")


def unescape(text: str) -> str:
    """What a person typed, from the encoding in which Slack delivers it; what is malformed stays as it is."""
    return _TYPED.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    if match[1] is None:
        return _ENTITIES[match[0]]
    meant = _named(*match[1].partition("|")[::2])
    return match[0] if meant is None else re.sub("&(?:amp|lt|gt);", lambda found: _ENTITIES[found[0]], meant)


def _named(what: str, label: str) -> str | None:
    """What stands between ``<`` and ``>``, as a person would write it; None where it is nothing of Slack's."""
    if found := _CALL.fullmatch(what):
        return f"@{found[1]}"
    if found := _NAME.fullmatch(what):
        return found[1] + (label.removeprefix(found[1]) or found[2])
    if found := _TEAM.fullmatch(what):
        return "@" + (label.removeprefix("@") or found[1])
    if what.startswith("!date^"):
        return label or None
    if found := _LINK.fullmatch(what):
        return label or found[1]
    return None
