"""The structure of rich text: sections, lists, quotes and code, and what may stand in each."""

from __future__ import annotations

from typing import Any

from .reading import Json
from .shapes import Keys, Mistakes, keys

STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
PIECES: dict[str, Keys] = {
    "text": ({"text"}, {"style"}),
    "link": ({"url"}, {"text", "unsafe", "style"}),
    "user": ({"user_id"}, {"style"}),
    "channel": ({"channel_id"}, {"style"}),
    "usergroup": ({"usergroup_id"}, {"style"}),
    "team": ({"team_id"}, {"style"}),
    "broadcast": ({"range"}, {"style"}),
    "emoji": ({"name"}, {"unicode", "skin_tone", "style"}),
    "date": ({"timestamp", "format"}, {"url", "fallback", "style"}),
    "color": ({"value"}, {"style"}),
}
HOLDERS: dict[str, Keys] = {
    "rich_text_section": ({"elements"}, set()),
    "rich_text_quote": ({"elements"}, {"border"}),
    "rich_text_preformatted": ({"elements"}, {"border", "language"}),
    "rich_text_list": ({"elements", "style"}, {"indent", "offset", "border"}),
}
for _required, _ in (*PIECES.values(), *HOLDERS.values()):
    _required.add("type")

LIST_STYLES = ("bullet", "ordered")
DEEPEST = 8
IN_CODE = ("text", "link")


def rich_text(block: Json, at: str) -> Mistakes:
    """What is wrong with a rich_text block, or a cell that is one."""
    before = list(keys(block, ({"type", "elements"}, {"block_id"}), at))
    yield from before
    if before:
        return
    yield from _each(block["elements"], at, set(HOLDERS))


def _each(elements: Any, at: str, allowed: set[str]) -> Mistakes:
    if not isinstance(elements, list) or not elements:
        yield "must be an array that is not empty", f"{at}/elements"
        return
    for place, each in enumerate(elements):
        where = f"{at}/elements/{place}"
        kind = each.get("type") if isinstance(each, dict) else None
        if kind not in allowed:
            yield f"unsupported type: {kind}", f"{where}/type"
        elif kind in HOLDERS:
            yield from _holder(each, where)
        else:
            yield from _piece(each, where)


def _holder(given: Json, at: str) -> Mistakes:
    before = list(keys(given, HOLDERS[given["type"]], at))
    yield from before
    if before:
        return
    if given["type"] == "rich_text_list":
        if given["style"] not in LIST_STYLES:
            yield f"style must be one of {LIST_STYLES}", f"{at}/style"
        if not 0 <= given.get("indent", 0) <= DEEPEST:
            yield f"must be between 0 and {DEEPEST}", f"{at}/indent"
        yield from _each(given["elements"], at, {"rich_text_section"})
    elif given["type"] == "rich_text_preformatted":
        yield from _each(given["elements"], at, set(IN_CODE))
    else:
        yield from _each(given["elements"], at, set(PIECES))


def _piece(given: Json, at: str) -> Mistakes:
    before = list(keys(given, PIECES[given["type"]], at))
    yield from before
    if before:
        return
    if given["type"] == "text" and (not isinstance(given["text"], str) or not given["text"]):
        yield "must be more than 0 characters", f"{at}/text"
    if given["type"] == "broadcast" and given["range"] not in ("here", "channel", "everyone"):
        yield "must be here, channel or everyone", f"{at}/range"
    style = given.get("style")
    if style is not None:
        if not isinstance(style, dict) or not all(isinstance(each, bool) for each in style.values()):
            yield "must be an object of true and false", f"{at}/style"
        else:
            yield from keys(style, (set(), STYLES), f"{at}/style")
