"""Which keys blocks and elements have, and the rules of the texts in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .reading import Json

Mistake = tuple[str, str]
"""What is wrong, and where."""
Mistakes = Iterator[Mistake]
Keys = tuple[set[str], set[str]]
"""The keys that something must have, and those that it may."""

FOCUS = {"focus_on_load"}
ASK = {"confirm"}
HINT = {"placeholder"}
DISPATCH = {"dispatch_action_config"}

BLOCKS: dict[str, Keys] = {
    "section": (set(), {"text", "fields", "accessory", "expand"}),
    "divider": (set(), set()),
    "image": ({"alt_text"}, {"image_url", "slack_file", "title"}),
    "actions": ({"elements"}, set()),
    "context": ({"elements"}, set()),
    "context_actions": ({"elements"}, set()),
    "header": ({"text"}, set()),
    "markdown": ({"text"}, set()),
    "rich_text": ({"elements"}, set()),
    "table": ({"rows"}, {"column_settings"}),
    "input": ({"label", "element"}, {"hint", "optional", "dispatch_action"}),
}
for _required, _optional in BLOCKS.values():
    _required.add("type")
    _optional.add("block_id")

ELEMENTS: dict[str, Keys] = {
    "button": ({"text"}, {"url", "value", "style", "accessibility_label"} | ASK),
    "image": ({"alt_text"}, {"image_url", "slack_file"}),
    "checkboxes": ({"options"}, {"initial_options"} | ASK | FOCUS),
    "radio_buttons": ({"options"}, {"initial_option"} | ASK | FOCUS),
    "overflow": ({"options"}, set(ASK)),
    "datepicker": (set(), {"initial_date"} | HINT | ASK | FOCUS),
    "timepicker": (set(), {"initial_time", "timezone"} | HINT | ASK | FOCUS),
    "datetimepicker": (set(), {"initial_date_time"} | ASK | FOCUS),
    "feedback_buttons": ({"positive_button", "negative_button"}, set()),
    "icon_button": ({"icon", "text"}, {"value", "visible_to_user_ids", "accessibility_label"} | ASK),
    "static_select": (set(), {"options", "option_groups", "initial_option"} | HINT | ASK | FOCUS),
    "external_select": (set(), {"initial_option", "min_query_length"} | HINT | ASK | FOCUS),
    "users_select": (set(), {"initial_user"} | HINT | ASK | FOCUS),
    "conversations_select": (
        set(),
        {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"}
        | HINT
        | ASK
        | FOCUS,
    ),
    "channels_select": (set(), {"initial_channel", "response_url_enabled"} | HINT | ASK | FOCUS),
    "plain_text_input": (
        set(),
        {"initial_value", "multiline", "min_length", "max_length"} | HINT | FOCUS | DISPATCH,
    ),
    "email_text_input": (set(), {"initial_value"} | HINT | FOCUS | DISPATCH),
    "url_text_input": (set(), {"initial_value"} | HINT | FOCUS | DISPATCH),
    "number_input": (
        {"is_decimal_allowed"},
        {"initial_value", "min_value", "max_value"} | HINT | FOCUS | DISPATCH,
    ),
}
for _kind, _one, _many in (
    ("static", "initial_option", "initial_options"),
    ("external", "initial_option", "initial_options"),
    ("users", "initial_user", "initial_users"),
    ("conversations", "initial_conversation", "initial_conversations"),
    ("channels", "initial_channel", "initial_channels"),
):
    _name = f"{_kind}_select"
    _single = ELEMENTS[_name][1]
    ELEMENTS[f"multi_{_name}"] = (
        set(),
        (_single - {_one, "response_url_enabled"}) | {_many, "max_selected_items"},
    )
for _name, (_required, _optional) in ELEMENTS.items():
    _required.add("type")
    if _name != "image":
        _optional.add("action_id")


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def keys(given: Any, known: Keys, at: str) -> Mistakes:
    """Keys that are missing, and keys that there are not."""
    required, optional = known
    if not isinstance(given, dict):
        yield "must be an object", at
        return
    for key in sorted(required):
        if given.get(key) is None:
            yield f"missing required field: {key}", at
    for key in given:
        if key not in required and key not in optional:
            yield f"invalid additional property: {key}", at


def within(given: Json, key: str, most: int, at: str) -> Mistakes:
    """A text that may be missing, but is neither empty nor too long."""
    value = given.get(key)
    if value is None:
        return
    if not isinstance(value, str):
        yield "must be a string", f"{at}/{key}"
    elif length(value) > most:
        yield f"must be less than {most + 1} characters", f"{at}/{key}"


def text_object(given: Any, most: int, at: str, plain: bool = False) -> Mistakes:
    """A text of one of the two types."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield f"unsupported type: {kind}", f"{at}/type"
        return
    extra = {"emoji"} if kind == "plain_text" else {"verbatim"}
    before = list(keys(given, ({"type", "text"}, extra), at))
    yield from before
    if before:
        return
    if not isinstance(given["text"], str) or not given["text"]:
        yield "must be more than 0 characters", f"{at}/text"
    else:
        yield from within(given, "text", most, at)
