"""What stands in blocks and texts: words that are seen, elements that are used, whom it calls, where it links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

PINGS = re.compile(r"<(?:@[UW]\w+|!(?:channel|here|everyone)|!subteam\^\w+)(?:\|[^>]*)?>")
LINKS = re.compile(r"<((?:https?|mailto|tel):[^|>\s]+)(?:\|[^>]*)?>")
BARE = re.compile(r"(?<![<|\w])https?://[^\s<>|]+")
DRAWN = ("image", "divider")


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Everything with which something can be done, and the block that holds it."""
    for block in blocks:
        if block["type"] in ("actions", "context_actions"):
            for each in block["elements"]:
                yield block, each
        for key in ("accessory", "element"):
            part = block.get(key)
            if isinstance(part, dict) and part["type"] not in DRAWN:
                yield block, part


def chooses(element: Json) -> bool:
    """Whether something can be chosen in it."""
    kind = str(element["type"])
    return kind.endswith("select") or kind in ("radio_buttons", "checkboxes", "overflow")


# -- words -----------------------------------------------------------------------------------------------


def shown(blocks: list[Json]) -> Iterator[str]:
    """The texts of blocks in their order, each line or cell of its own."""
    for block in blocks:
        yield from (text for text in SHOWN.get(block["type"], _nothing)(block) if text)


def _nothing(_block: Json) -> Iterator[str]:
    return iter(())


def _section(block: Json) -> Iterator[str]:
    if block.get("text"):
        yield block["text"]["text"]
    for each in block.get("fields") or []:
        yield each["text"]


def _text(block: Json) -> Iterator[str]:
    yield block["text"]["text"] if isinstance(block["text"], dict) else block["text"]


def _context(block: Json) -> Iterator[str]:
    for each in block["elements"]:
        yield each["text"] if "text" in each else each.get("alt_text", "")


def _input(block: Json) -> Iterator[str]:
    yield block["label"]["text"]
    if block.get("hint"):
        yield block["hint"]["text"]


def _image(block: Json) -> Iterator[str]:
    if block.get("title"):
        yield block["title"]["text"]
    yield block["alt_text"]


def _table(block: Json) -> Iterator[str]:
    for row in block["rows"]:
        for cell in row:
            if cell["type"] == "rich_text":
                yield from _rich(cell)
            else:
                yield str(cell["text"] if "text" in cell else cell.get("value", ""))


def _rich(block: Json) -> Iterator[str]:
    for each in block["elements"]:
        if each["type"] == "rich_text_list":
            yield from _rich(each)
        else:
            yield "".join(spoken(part) for part in each["elements"])


def spoken(part: Json) -> str:
    """What one piece of a rich text looks like."""
    match part["type"]:
        case "text":
            return str(part["text"])
        case "link":
            return str(part.get("text") or part["url"])
        case "user":
            return f"<@{part['user_id']}>"
        case "channel":
            return f"<#{part['channel_id']}>"
        case "usergroup":
            return f"<!subteam^{part['usergroup_id']}>"
        case "broadcast":
            return f"<!{part['range']}>"
        case "emoji":
            return f":{part['name']}:"
        case "date":
            return str(part.get("fallback") or part["timestamp"])
    return ""


SHOWN = {
    "section": _section,
    "header": _text,
    "markdown": _text,
    "context": _context,
    "input": _input,
    "image": _image,
    "table": _table,
    "rich_text": _rich,
}


# -- calls and links -------------------------------------------------------------------------------------


def mrkdwn(text: str, blocks: list[Json]) -> Iterator[Json]:
    """All texts in which Slack looks for calls and links: the message's own only where no blocks stand for it."""
    if text and not blocks:
        yield {"type": "mrkdwn", "text": text}
    for block in blocks:
        if block["type"] == "markdown":
            yield {"type": "mrkdwn", "text": block["text"]}
        candidates = [block.get("text"), *(block.get("fields") or [])]
        if block["type"] == "context":
            candidates += block["elements"]
        for each in candidates:
            if isinstance(each, dict) and each.get("type") == "mrkdwn":
                yield each


def rich_parts(node: Any) -> Iterator[Json]:
    """The pieces of all rich texts in something."""
    if isinstance(node, dict):
        if node.get("type") in ("user", "broadcast", "usergroup", "link"):
            yield node
        for each in node.values():
            yield from rich_parts(each)
    elif isinstance(node, list):
        for each in node:
            yield from rich_parts(each)


def rich_blocks(blocks: list[Json]) -> list[Json]:
    """What holds rich text, be it in a table."""
    return [each for each in blocks if each["type"] in ("rich_text", "table")]


def pings(text: str, blocks: list[Json], fallback: bool = True) -> list[str]:
    """Whom a message calls. The text that goes with blocks calls as well: it is what notifies."""
    found = [match for each in mrkdwn(text, blocks) for match in PINGS.findall(each["text"])]
    if fallback and blocks:
        found += PINGS.findall(text)
    found += [spoken(each) for each in rich_parts(rich_blocks(blocks)) if each["type"] != "link"]
    return list(dict.fromkeys(found))


def names(text: str) -> list[str]:
    """Those whom a text calls by bare names, where the app asks Slack to look for them."""
    return [f"@{each}" for each in re.findall(r"(?<![\w<])@(\w[\w.-]*)", text)]


def links(text: str, blocks: list[Json], parse: str | None = None) -> list[str]:
    """The addresses that a message makes links of; `parse="none"` leaves bare ones as they are."""
    found = []
    for each in mrkdwn(text, blocks):
        found += LINKS.findall(each["text"])
        if not each.get("verbatim") and parse != "none":
            found += BARE.findall(each["text"])
    found += [each["url"] for each in rich_parts(rich_blocks(blocks)) if each["type"] == "link"]
    return list(dict.fromkeys(found))
