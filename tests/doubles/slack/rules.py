"""What Slack accepts in messages and views: slack_sdk's own models, and by hand the documented rules that they lack.

The rules share nothing with any adapter: the numbers stand here because Slack documents them.
Nobody documents whether a length counts code points or UTF-16 units, so the double takes the stricter, UTF-16.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from .reading import Json, elements
from .refusals import Refused
from .richtext import rich_text
from .shapes import BLOCKS, ELEMENTS, Mistake, Mistakes, keys, length, text_object, within

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
TEXT = 40_000
MARKDOWN_TOGETHER = 12_000
TITLE = 24
PRIVATE_METADATA = 3000
ID = 255
SECTION_TEXT, SECTION_FIELDS, SECTION_FIELD = 3000, 10, 2000
HEADER = 150
CONTEXT = 10
CONTEXT_ACTIONS = 5
ACTIONS = 25
LABEL = 2000
ALT = 2000
URL = 3000
TABLE_ROWS, TABLE_COLUMNS = 100, 20
BUTTON_TEXT, BUTTON_VALUE, BUTTON_LABEL = 75, 2000, 75
OPTIONS, GROUPS, FEW = 100, 100, 10
OVERFLOW = (1, 5)
OPTION_TEXT, OPTION_VALUE, OPTION_DESCRIPTION = 75, 150, 75
PLACEHOLDER = 150
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30
TYPED = 3000
METADATA = re.compile(r"[A-Za-z0-9_]{1,255}")

IN_MESSAGES = frozenset({
    "section", "divider", "image", "actions", "context", "context_actions", "header", "markdown", "rich_text",
    "table", "input",
})  # fmt: skip
IN_VIEWS = IN_MESSAGES - {"markdown", "table", "context_actions"}
IN_ACTIONS = frozenset({
    "button", "checkboxes", "datepicker", "datetimepicker", "timepicker", "overflow", "radio_buttons",
    "static_select", "external_select", "users_select", "conversations_select", "channels_select",
    "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
    "multi_channels_select",
})  # fmt: skip
IN_SECTIONS = IN_ACTIONS | {"image"}
IN_INPUTS = (IN_ACTIONS - {"button", "overflow"}) | {
    "plain_text_input", "email_text_input", "url_text_input", "number_input",
}  # fmt: skip
ONLY_IN_VIEWS = frozenset({"email_text_input", "url_text_input", "number_input", "plain_text_input"})


# -- whole payloads ----------------------------------------------------------------------------------------


def check_message(text: str, blocks: list[Json], attachments: Sequence[Json] = ()) -> None:
    """Raises what Slack answers to a message that breaks a rule."""
    if not text and not blocks and not attachments:
        raise Refused("no_text")
    if length(text) > TEXT:
        raise Refused("msg_too_long")
    if sum(block.get("type") == "table" for block in blocks if isinstance(block, dict)) > 1:
        raise Refused("invalid_attachments", [mistake_words(("only_one_table_allowed", "/blocks"))])
    found = list(wrong_blocks(blocks, MESSAGE_BLOCKS, IN_MESSAGES, "message"))
    if found:
        raise Refused("invalid_blocks", [mistake_words(each) for each in found])


def check_view(view: Any) -> None:
    """Raises what Slack answers to a view that breaks a rule."""
    if len(json.dumps(view)) > VIEW_BYTES:
        raise Refused("view_too_large")
    found = list(wrong_view(view))
    if found:
        raise Refused("invalid_arguments", [mistake_words(each) for each in found])


def check_metadata(metadata: Any) -> None:
    """Metadata is an event_type, and a payload of plain values."""
    good = (
        isinstance(metadata, dict)
        and set(metadata) == {"event_type", "event_payload"}
        and isinstance(metadata["event_type"], str)
        and METADATA.fullmatch(metadata["event_type"])
        and isinstance(metadata["event_payload"], dict)
        and all(isinstance(each, str | int | float | bool) for each in metadata["event_payload"].values())
    )
    if not good:
        raise Refused("invalid_metadata_format")


def mistake_words(mistake: Mistake) -> str:
    words, place = mistake
    return f"[ERROR] {words} [json-pointer:{place}]"


def wrong_view(view: Any) -> Mistakes:
    if not isinstance(view, dict):
        yield "must be a view", "/view"
        return
    kind = view.get("type")
    if kind not in VIEW_KEYS:
        yield f"unsupported type: {kind}", "/view/type"
        return
    yield from keys(view, VIEW_KEYS[kind], "/view")
    yield from within(view, "private_metadata", PRIVATE_METADATA, "/view")
    for key in ("callback_id", "external_id"):
        yield from within(view, key, ID, "/view")
    if kind == "modal":
        for key in ("title", "submit", "close"):
            if key == "title" or view.get(key) is not None:
                yield from text_object(view.get(key), TITLE, f"/view/{key}", plain=True)
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield "missing required field: blocks", "/view"
        return
    yield from wrong_blocks(blocks, VIEW_BLOCKS, IN_VIEWS, "modal" if kind == "modal" else "home", "/view")
    inputs = any(isinstance(each, dict) and each.get("type") == "input" for each in blocks)
    if kind == "modal" and inputs and not view.get("submit"):
        yield "missing required field: submit", "/view"


VIEW_KEYS = {
    "modal": ({"type", "title", "blocks"}, {
        "submit", "close", "private_metadata", "callback_id", "clear_on_close", "notify_on_close", "external_id",
        "submit_disabled",
    }),
    "home": ({"type", "blocks"}, {"private_metadata", "callback_id", "external_id"}),
}  # fmt: skip


def wrong_blocks(blocks: Any, most: int, allowed: frozenset[str], surface: str, at: str = "") -> Mistakes:
    """What is wrong with blocks, on one kind of surface."""
    if not isinstance(blocks, list) or not all(isinstance(each, dict) for each in blocks):
        yield "must be an array of blocks", f"{at}/blocks"
        return
    if len(blocks) > most:
        yield f"no more than {most} items allowed", f"{at}/blocks"
    before = 0
    for place, block in enumerate(blocks):
        for mistake in wrong_block(block, allowed, surface, f"{at}/blocks/{place}"):
            before += 1
            yield mistake
    if before:
        return
    yield from wrong_together(blocks, surface, at)


def wrong_together(blocks: list[Json], surface: str, at: str) -> Mistakes:
    """What is wrong only because of the other blocks."""
    for name, count in Counter(each["block_id"] for each in blocks if each.get("block_id")).items():
        if count > 1:
            yield f"block_id {name!r} already exists", f"{at}/blocks"
    for block in blocks:
        inside = [part.get("action_id") for holder, part in elements([block]) if holder is block]
        for name, count in Counter(each for each in inside if each).items():
            if count > 1:
                yield f"action_id {name!r} already exists", f"{at}/blocks"
    together = sum(length(each["text"]) for each in blocks if each["type"] == "markdown")
    if together > MARKDOWN_TOGETHER:
        yield f"markdown text must be less than {MARKDOWN_TOGETHER + 1} characters together", f"{at}/blocks"
    focused = [part for _, part in elements(blocks) if part.get("focus_on_load")]
    if len(focused) > 1:
        yield f"focus_on_load is set more than once in a {surface}", f"{at}/blocks"


def wrong_block(block: Json, allowed: frozenset[str], surface: str, at: str) -> Mistakes:
    """The rules of one block: its keys, its own limits, what is in it, and then slack_sdk's opinion."""
    kind = block.get("type")
    if kind not in allowed:
        yield f"unsupported type: {kind}", f"{at}/type"
        return
    before = list(keys(block, BLOCKS[kind], at))
    before += within(block, "block_id", ID, at)
    if not before:
        before += CHECKS[kind](block, at, surface)
    if not before:
        before += sdk_opinion(block, at)
    yield from before


def sdk_opinion(block: Json, at: str) -> Mistakes:
    """What slack_sdk has against a block when it is asked to write it down."""
    try:
        parsed = Block.parse(block)
        if parsed is None:
            yield f"unsupported type: {block['type']}", f"{at}/type"
        else:
            parsed.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as problem:
        yield f"{problem}", at


# -- blocks ----------------------------------------------------------------------------------------------


def section(block: Json, at: str, surface: str) -> Mistakes:
    if block.get("text") is None and not block.get("fields"):
        yield "missing required field: text or fields", at
    if block.get("text") is not None:
        yield from text_object(block["text"], SECTION_TEXT, f"{at}/text")
    if block.get("fields") is not None:
        yield from count(block["fields"], 1, SECTION_FIELDS, f"{at}/fields")
        for place, each in enumerate(block["fields"]):
            yield from text_object(each, SECTION_FIELD, f"{at}/fields/{place}")
    if block.get("accessory") is not None:
        yield from element(block["accessory"], IN_SECTIONS, f"{at}/accessory", surface)


def header(block: Json, at: str, _surface: str) -> Mistakes:
    yield from text_object(block["text"], HEADER, f"{at}/text", plain=True)


def image(block: Json, at: str, _surface: str) -> Mistakes:
    if bool(block.get("image_url")) == bool(block.get("slack_file")):
        yield "exactly one of image_url and slack_file is needed", at
    yield from within(block, "alt_text", ALT, at)
    yield from within(block, "image_url", URL, at)
    if block.get("title") is not None:
        yield from text_object(block["title"], ALT, f"{at}/title", plain=True)


def actions(block: Json, at: str, surface: str) -> Mistakes:
    yield from count(block["elements"], 1, ACTIONS, f"{at}/elements")
    for place, each in enumerate(block["elements"]):
        yield from element(each, IN_ACTIONS, f"{at}/elements/{place}", surface)


def context_actions(block: Json, at: str, surface: str) -> Mistakes:
    yield from count(block["elements"], 1, CONTEXT_ACTIONS, f"{at}/elements")
    allowed = frozenset({"feedback_buttons", "icon_button"})
    for place, each in enumerate(block["elements"]):
        yield from element(each, allowed, f"{at}/elements/{place}", surface)


def context(block: Json, at: str, surface: str) -> Mistakes:
    yield from count(block["elements"], 1, CONTEXT, f"{at}/elements")
    for place, each in enumerate(block["elements"]):
        if isinstance(each, dict) and each.get("type") == "image":
            yield from element(each, frozenset({"image"}), f"{at}/elements/{place}", surface)
        else:
            yield from text_object(each, SECTION_TEXT, f"{at}/elements/{place}")


def input_block(block: Json, at: str, surface: str) -> Mistakes:
    yield from text_object(block["label"], LABEL, f"{at}/label", plain=True)
    if block.get("hint") is not None:
        yield from text_object(block["hint"], LABEL, f"{at}/hint", plain=True)
    yield from element(block["element"], IN_INPUTS, f"{at}/element", surface)


def markdown(block: Json, at: str, _surface: str) -> Mistakes:
    if not isinstance(block["text"], str) or not block["text"]:
        yield "must be more than 0 characters", f"{at}/text"
    yield from within(block, "text", MARKDOWN_TOGETHER, at)


def table(block: Json, at: str, _surface: str) -> Mistakes:
    rows = block["rows"]
    yield from count(rows, 1, TABLE_ROWS, f"{at}/rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        yield "must be an array of arrays", f"{at}/rows"
        return
    for place, row in enumerate(rows):
        yield from count(row, 1, TABLE_COLUMNS, f"{at}/rows/{place}")
        if len(row) != len(rows[0]):
            yield "must have as many cells as the first row", f"{at}/rows/{place}"
        for column, cell in enumerate(row):
            yield from table_cell(cell, f"{at}/rows/{place}/{column}")
    for place, each in enumerate(block.get("column_settings") or []):
        yield from keys(each or {}, (set(), {"align", "is_wrapped"}), f"{at}/column_settings/{place}")
    yield from count(block.get("column_settings") or [], 0, TABLE_COLUMNS, f"{at}/column_settings")


def table_cell(cell: Any, at: str) -> Mistakes:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "rich_text":
        yield from rich_text(cell, at)
    elif kind == "raw_number":
        yield from keys(cell, ({"type", "value"}, {"text"}), at)
    elif kind == "raw_text":
        yield from keys(cell, ({"type", "text"}, set()), at)
        if not isinstance(cell.get("text"), str) or not cell["text"]:
            yield "must be more than 0 characters", f"{at}/text"
    else:
        yield f"unsupported type: {kind}", f"{at}/type"


def rich_text_block(block: Json, at: str, _surface: str) -> Mistakes:
    yield from rich_text(block, at)


def divider(_block: Json, _at: str, _surface: str) -> Mistakes:
    return iter(())


CHECKS: dict[str, Callable[[Json, str, str], Iterator[Mistake]]] = {
    "section": section,
    "divider": divider,
    "image": image,
    "actions": actions,
    "context": context,
    "context_actions": context_actions,
    "header": header,
    "markdown": markdown,
    "rich_text": rich_text_block,
    "table": table,
    "input": input_block,
}


def count(items: Any, least: int, most: int, at: str) -> Mistakes:
    if not isinstance(items, list):
        yield "must be an array", at
    elif len(items) > most:
        yield f"no more than {most} items allowed", at
    elif len(items) < least:
        yield f"no fewer than {least} items allowed", at


# -- elements --------------------------------------------------------------------------------------------


def element(part: Any, allowed: frozenset[str], at: str, surface: str) -> Mistakes:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in allowed or (kind in ONLY_IN_VIEWS and surface == "message"):
        yield f"unsupported type: {kind}", f"{at}/type"
        return
    before = [*keys(part, ELEMENTS[kind], at), *within(part, "action_id", ID, at)]
    if not before:
        before += PARTS.get(kind, other)(part, at)
        before += common(part, at)
    yield from before


def common(part: Json, at: str) -> Mistakes:
    """What several elements have."""
    if part.get("placeholder") is not None:
        yield from text_object(part["placeholder"], PLACEHOLDER, f"{at}/placeholder", plain=True)
    if part.get("confirm") is not None:
        yield from confirm(part["confirm"], f"{at}/confirm")
    if part.get("max_selected_items") is not None and int(part["max_selected_items"]) < 1:
        yield "must be at least 1", f"{at}/max_selected_items"


def confirm(given: Any, at: str) -> Mistakes:
    before = list(keys(given, ({"title", "text", "confirm", "deny"}, {"style"}), at))
    yield from before
    if not before:
        yield from text_object(given["title"], CONFIRM_TITLE, f"{at}/title", plain=True)
        yield from text_object(given["text"], CONFIRM_TEXT, f"{at}/text")
        for key in ("confirm", "deny"):
            yield from text_object(given[key], CONFIRM_BUTTON, f"{at}/{key}", plain=True)


def button(part: Json, at: str) -> Mistakes:
    yield from text_object(part["text"], BUTTON_TEXT, f"{at}/text", plain=True)
    yield from within(part, "value", BUTTON_VALUE, at)
    yield from within(part, "url", URL, at)
    yield from within(part, "accessibility_label", BUTTON_LABEL, at)
    if part.get("style") not in (None, "primary", "danger"):
        yield "style must be primary or danger", f"{at}/style"


def picture(part: Json, at: str) -> Mistakes:
    yield from image(part, at, "")


def select(part: Json, at: str) -> Mistakes:
    """A list whose options stand in it, in groups or not."""
    if (part.get("options") is None) == (part.get("option_groups") is None):
        yield "exactly one of options and option_groups is needed", at
    elif part.get("options") is not None:
        yield from options(part["options"], 1, OPTIONS, f"{at}/options")
    else:
        yield from count(part["option_groups"], 1, GROUPS, f"{at}/option_groups")
        for place, group in enumerate(part["option_groups"]):
            where = f"{at}/option_groups/{place}"
            before = list(keys(group, ({"label", "options"}, set()), where))
            yield from before
            if not before:
                yield from text_object(group["label"], OPTION_TEXT, f"{where}/label", plain=True)
                yield from options(group["options"], 1, OPTIONS, f"{where}/options")
    yield from initial(part, at)


def initial(part: Json, at: str) -> Mistakes:
    """What is chosen from the beginning has to be one of the options, with every word."""
    groups = part.get("option_groups") or []
    offered = [*(part.get("options") or []), *(each for group in groups for each in group.get("options", []))]
    chosen = [part["initial_option"]] if part.get("initial_option") else part.get("initial_options") or []
    for each in chosen:
        if each not in offered:
            yield "initial option is not among the options", at


def few(part: Json, at: str) -> Mistakes:
    """Radio buttons and checkboxes."""
    yield from options(part["options"], 1, FEW, f"{at}/options", plain=False)
    yield from initial(part, at)


def overflow(part: Json, at: str) -> Mistakes:
    yield from options(part["options"], *OVERFLOW, f"{at}/options", links=True)


def options(given: Any, least: int, most: int, at: str, plain: bool = True, links: bool = False) -> Mistakes:
    yield from count(given, least, most, at)
    known = {"description", "url"} if links else {"description"}
    for place, each in enumerate(given if isinstance(given, list) else []):
        where = f"{at}/{place}"
        before = list(keys(each, ({"text", "value"}, known), where))
        yield from before
        if before:
            continue
        yield from text_object(each["text"], OPTION_TEXT, f"{where}/text", plain=plain)
        yield from within(each, "value", OPTION_VALUE, where)
        yield from within(each, "url", URL, where)
        if each.get("description") is not None:
            yield from text_object(
                each["description"], OPTION_DESCRIPTION, f"{where}/description", plain=plain
            )
    values = Counter(each.get("value") for each in given or [] if isinstance(each, dict))
    if any(times > 1 for times in values.values()):
        yield "two options have the same value", at


def typed(part: Json, at: str) -> Mistakes:
    most = part.get("max_length", TYPED)
    least = part.get("min_length", 0)
    if not 1 <= most <= TYPED:
        yield f"must be between 1 and {TYPED}", f"{at}/max_length"
    if not 0 <= least <= TYPED or least > most:
        yield f"must be between 0 and {TYPED}, and no more than max_length", f"{at}/min_length"
    begun = part.get("initial_value")
    if begun is not None and length(begun) > most:
        yield f"must be less than {most + 1} characters", f"{at}/initial_value"


def other(_part: Json, _at: str) -> Mistakes:
    return iter(())


PARTS: dict[str, Callable[[Json, str], Iterator[Mistake]]] = {
    "button": button,
    "image": picture,
    "static_select": select,
    "multi_static_select": select,
    "radio_buttons": few,
    "checkboxes": few,
    "overflow": overflow,
    "plain_text_input": typed,
}
