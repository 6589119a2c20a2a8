"""What is chosen and filled in: how elements hold it, what a person may put in, and how payloads say it."""

from __future__ import annotations

from typing import Any

from .reading import Json, elements
from .shapes import length
from .state import Channel, User, View

TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
SINGLE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
MANY = {
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
BEGUN = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
LONGEST = 3000


def key_of(element: Json) -> str:
    """Under which key payloads say what is in it; "" for buttons, which hold nothing."""
    kind = element["type"]
    return "value" if kind in TYPED else SINGLE.get(kind) or MANY.get(kind) or ""


def empty(element: Json) -> Json:
    """What an element holds before anybody touches it."""
    key = key_of(element)
    if key == "value":
        return {"type": element["type"], "value": element.get("initial_value")}
    begun = element.get(BEGUN[key])
    return {
        "type": element["type"],
        key: ([] if element["type"] in MANY else None) if begun is None else begun,
    }


def begin(view: View) -> None:
    """Fills a view with what its elements hold from the beginning."""
    for block, part in elements(view.blocks):
        if key_of(part):
            view.chosen[block["block_id"], part["action_id"]] = empty(part)


def options(element: Json) -> list[Json]:
    """All that a list offers."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(each for group in groups for each in group["options"])]


def picked(element: Json, value: Any) -> Any:
    """What a person picks, as payloads name it: an option by its value or words, somebody by his id."""
    if isinstance(value, User | Channel):
        return value.id
    if "options" not in element and "option_groups" not in element:
        return value
    for each in options(element):
        if value in (each["value"], each["text"]["text"]):
            return each
    offered = [each["text"]["text"] for each in options(element)]
    raise AssertionError(f"{element['action_id']} offers {offered}, not {value!r}")


def filled(element: Json, value: Any) -> Json:
    """What an element holds after somebody put `value` into it."""
    kind, key = element["type"], key_of(element)
    assert key, f"nothing can be put into a {kind}"
    if kind in TYPED:
        return {"type": kind, "value": typed(element, value)}
    if kind in MANY:
        values = list(value) if isinstance(value, list | tuple | set) else [value]
        most = element.get("max_selected_items") or len(values)
        assert len(values) <= most, f"{element['action_id']} takes no more than {most}"
        return {"type": kind, key: [picked(element, each) for each in values]}
    return {"type": kind, key: None if value is None else picked(element, value)}


def typed(element: Json, value: Any) -> str | None:
    """What somebody types, if the field takes it."""
    if value is None or value == "":
        return None
    text, name = str(value), element["action_id"]
    most, least = element.get("max_length") or LONGEST, element.get("min_length") or 0
    assert least <= length(text) <= most, f"{name} takes {least} to {most} characters, not {length(text)}"
    assert element.get("multiline") or "\n" not in text, f"{name} takes one line"
    return text


def missing(view: View) -> list[str]:
    """The inputs that somebody still has to fill in."""
    return [
        name
        for name, block in view.inputs.items()
        if not block.get("optional") and not holds(view.chosen[block["block_id"], name])
    ]


def holds(chosen: Json) -> bool:
    return any(each for key, each in chosen.items() if key != "type")
