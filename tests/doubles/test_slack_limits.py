"""Every documented limit: what is just within is taken, one more is refused, and where is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Slack, rules
from tests.doubles.slack.reading import Json
from tests.doubles.slack.refusals import Refused
from tests.doubles.slack_apps import manifest

# -- the pieces of which payloads are made -----------------------------------------------------------------


def plain(size: int | str = 1) -> Json:
    return {"type": "plain_text", "text": size if isinstance(size, str) else "x" * size}


def mrkdwn(size: int = 1) -> Json:
    return {"type": "mrkdwn", "text": "x" * size}


def section(text: Json | None = None, **more: Any) -> Json:
    return {"type": "section", **({"text": text} if text else {}), **more}


def divider(**more: Any) -> Json:
    return {"type": "divider"} | more


def button(n: int = 0, **more: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": f"b{n}"} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def buttons(count: int) -> list[Json]:
    return [actions(*(button(n) for n in range(count)))]


def options(count: int) -> list[Json]:
    return [{"text": plain(), "value": f"{n}"} for n in range(count)]


def one(**more: Any) -> list[Json]:
    return [{"text": plain(), "value": "0"} | more]


def element(kind: str, **more: Any) -> list[Json]:
    return [actions({"type": kind, "action_id": "a"} | more)]


def select(**more: Any) -> list[Json]:
    return element("static_select", **({"options": options(1)} | more))


def grouped(count: int = 1, size: int = 1, label: int = 1) -> list[Json]:
    groups = [{"label": plain(label), "options": options(size)} for _ in range(count)]
    return element("static_select", option_groups=groups)


def confirm(**more: Any) -> list[Json]:
    asked = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()} | more
    return [actions(button(confirm=asked))]


def table(rows: int = 1, columns: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def rich(*parts: Json) -> list[Json]:
    return [{"type": "rich_text", "elements": list(parts)}]


def line(*parts: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(parts)}


def word(text: str = "x", **style: bool) -> Json:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def field(part: Json | None = None, **more: Any) -> Json:
    given = {"type": "plain_text_input", "action_id": "a"} | (part or {})
    return {"type": "input", "label": plain(), "element": given} | more


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks)} | more


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks)} | more


# -- limits of numbers: (name, what has that many, the most) -------------------------------------------------

MESSAGE_LIMITS: list[tuple[str, Callable[[int], list[Json]], int]] = [
    ("blocks", lambda n: [divider()] * n, 50),
    ("block_id", lambda n: [divider(block_id="x" * n)], 255),
    ("section text", lambda n: [section(mrkdwn(n))], 3000),
    ("plain section text", lambda n: [section(plain(n))], 3000),
    ("fields", lambda n: [section(fields=[mrkdwn()] * n)], 10),
    ("field", lambda n: [section(fields=[mrkdwn(n)])], 2000),
    ("header", lambda n: [{"type": "header", "text": plain(n)}], 150),
    ("context elements", lambda n: [{"type": "context", "elements": [mrkdwn()] * n}], 10),
    ("actions elements", buttons, 25),
    ("action_id", lambda n: [actions(button(action_id="x" * n))], 255),
    ("button text", lambda n: [actions(button(text=plain(n)))], 75),
    ("button value", lambda n: [actions(button(value="x" * n))], 2000),
    ("button url", lambda n: [actions(button(url="https://" + "x" * (n - 8)))], 3000),
    ("button label", lambda n: [actions(button(accessibility_label="x" * n))], 75),
    ("option text", lambda n: select(options=one(text=plain(n))), 75),
    ("option value", lambda n: select(options=one(value="x" * n)), 150),
    ("option description", lambda n: select(options=one(description=plain(n))), 75),
    ("options", lambda n: select(options=options(n)), 100),
    ("option groups", lambda n: grouped(count=n), 100),
    ("options of a group", lambda n: grouped(size=n), 100),
    ("group label", lambda n: grouped(label=n), 75),
    ("radio buttons", lambda n: element("radio_buttons", options=options(n)), 10),
    ("checkboxes", lambda n: element("checkboxes", options=options(n)), 10),
    ("overflow", lambda n: element("overflow", options=options(n)), 5),
    ("placeholder", lambda n: select(placeholder=plain(n)), 150),
    ("confirm title", lambda n: confirm(title=plain(n)), 100),
    ("confirm text", lambda n: confirm(text=mrkdwn(n)), 300),
    ("confirm yes", lambda n: confirm(confirm=plain(n)), 30),
    ("confirm no", lambda n: confirm(deny=plain(n)), 30),
    ("table rows", lambda n: [table(rows=n)], 100),
    ("table columns", lambda n: [table(columns=n)], 20),
    ("markdown", lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
    (
        "markdown together",
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        12_000,
    ),
    ("image alt", lambda n: [{"type": "image", "image_url": "https://x.y", "alt_text": "x" * n}], 2000),
]

VIEW_LIMITS: list[tuple[str, Callable[[int], Json], int]] = [
    ("modal blocks", lambda n: modal(*[divider()] * n), 100),
    ("home blocks", lambda n: home(*[divider()] * n), 100),
    ("title", lambda n: modal(title=plain(n)), 24),
    ("submit", lambda n: modal(submit=plain(n)), 24),
    ("close", lambda n: modal(close=plain(n)), 24),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255),
    ("external_id", lambda n: modal(external_id="x" * n), 255),
    ("label", lambda n: modal(field(label=plain(n))), 2000),
    ("hint", lambda n: modal(field(hint=plain(n))), 2000),
    ("max_length", lambda n: modal(field({"max_length": n})), 3000),
    ("initial_value", lambda n: modal(field({"initial_value": "x" * n})), 3000),
    ("initial_value in max_length", lambda n: modal(field({"max_length": 9, "initial_value": "x" * n})), 9),
    ("input placeholder", lambda n: modal(field({"placeholder": plain(n)})), 150),
]


@pytest.mark.parametrize(
    ("make", "most"), [each[1:] for each in MESSAGE_LIMITS], ids=[each[0] for each in MESSAGE_LIMITS]
)
def test_messages(make: Callable[[int], list[Json]], most: int) -> None:
    rules.check_message("text", make(most))
    with pytest.raises(Refused) as caught:
        rules.check_message("text", make(most + 1))
    assert caught.value.error == "invalid_blocks"
    assert "[json-pointer:/blocks" in caught.value.messages[0]


@pytest.mark.parametrize(
    ("make", "most"), [each[1:] for each in VIEW_LIMITS], ids=[each[0] for each in VIEW_LIMITS]
)
def test_views(make: Callable[[int], Json], most: int) -> None:
    rules.check_view(make(most))
    with pytest.raises(Refused) as caught:
        rules.check_view(make(most + 1))
    assert caught.value.error == "invalid_arguments"
    assert "[json-pointer:/view" in caught.value.messages[0]


def test_texts() -> None:
    rules.check_message("x" * 40_000, [])
    with pytest.raises(Refused, match="msg_too_long"):
        rules.check_message("x" * 40_001, [])
    with pytest.raises(Refused, match="no_text"):
        rules.check_message("", [])


@pytest.mark.parametrize("size", [1500, 1501])
def test_lengths_are_counted_in_utf_16_units(size: int) -> None:
    blocks = [section({"type": "mrkdwn", "text": "\U0001f642" * size})]
    if size == 1500:
        rules.check_message("text", blocks)
    else:
        with pytest.raises(Refused, match="3001"):
            rules.check_message("text", blocks)


# -- what is taken and what is not, beside numbers -----------------------------------------------------------

TAKEN: dict[str, list[Json]] = {
    "ids that differ": [divider(block_id="a"), divider(block_id="b")],
    "the same action_id in two blocks": [actions(button()), actions(button())],
    "an accessory": [section(mrkdwn(), accessory=button())],
    "a table beside text": [section(mrkdwn()), table(2, 3)],
    "a table of rich text": [{"type": "table", "rows": [[{"type": "rich_text", "elements": [line(word())]}]]}],
    "aligned columns": [table(1, 2) | {"column_settings": [{"align": "right"}, {"is_wrapped": True}]}],
    "rich text": rich(
        line(word("a", bold=True), {"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "tada"}),
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line(word())]},
        {"type": "rich_text_quote", "elements": [word("q", italic=True)]},
        {"type": "rich_text_preformatted", "elements": [word("code")]},
        line({"type": "link", "url": "https://x.y"}, {"type": "broadcast", "range": "here"}),
    ),
    "an initial option": select(options=options(3), initial_option=options(3)[2]),
    "people": element("users_select", initial_user="U1") + element("multi_users_select", max_selected_items=2),
    "a verbatim text": [section({"type": "mrkdwn", "text": "x", "verbatim": True})],
    "an input that dispatches": [
        field({"type": "static_select", "options": options(2)}, dispatch_action=True, optional=True)
    ],
}  # fmt: skip

REFUSED: dict[str, tuple[list[Json], str]] = {
    "no type": ([{"text": plain()}], "unsupported type: None"),
    "an unknown type": ([{"type": "carpet"}], "unsupported type: carpet"),
    "no text": ([section()], "text or fields"),
    "an empty text": ([section({"type": "mrkdwn", "text": ""})], "more than 0"),
    "an empty plain text": ([{"type": "header", "text": plain("")}], "more than 0"),
    "a header with markup": ([{"type": "header", "text": mrkdwn()}], "unsupported type: mrkdwn"),
    "a key that blocks lack": ([divider(color="red")], "additional property: color"),
    "a key that buttons lack": ([actions(button(disabled=True))], "additional property: disabled"),
    "a key that texts lack": ([section(mrkdwn() | {"emoji": True})], "additional property: emoji"),
    "a missing key": ([{"type": "actions"}], "missing required field: elements"),
    "no elements": ([actions()], "no fewer than 1"),
    "no fields": ([section(fields=[])], "text or fields"),
    "no options": (select(options=[]), "no fewer than 1"),
    "options and groups": (select(option_groups=grouped()[0]["elements"][0]["option_groups"]), "exactly one"),
    "options twice": (select(options=[*options(1), *options(1)]), "same value"),
    "an initial option from elsewhere": (select(initial_option=options(2)[1]), "not among"),
    "the same block_id": ([divider(block_id="a"), divider(block_id="a")], "already exists"),
    "the same action_id": ([actions(button(), button())], "already exists"),
    "a style": ([actions(button(style="pink"))], "primary or danger"),
    "an input where it cannot be": ([actions({"type": "plain_text_input", "action_id": "a"})], "plain_text_input"),
    "a typed input in a message": ([field()], "unsupported type: plain_text_input"),
    "a button as input": ([field({"type": "button", "text": plain()})], "unsupported type: button"),
    "no question": ([actions(button(confirm={"title": plain()}))], "missing required field: confirm"),
    "rows of different lengths": (
        [{"type": "table", "rows": [*table(1, 1)["rows"], *table(1, 2)["rows"]]}],
        "as many cells",
    ),
    "an empty cell": ([{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}], "more than 0"),
    "a cell of markup": ([{"type": "table", "rows": [[mrkdwn()]]}], "unsupported type: mrkdwn"),
    "an empty rich text": (rich(), "not empty"),
    "an empty line": (rich(line()), "not empty"),
    "an empty word": (rich(line(word(""))), "more than 0"),
    "an unknown piece": (rich(line({"type": "song"})), "unsupported type: song"),
    "an unknown style": (rich(line(word("x", loud=True))), "additional property: loud"),
    "a word outside a line": (rich(word()), "unsupported type: text"),
    "an unknown list": (
        rich({"type": "rich_text_list", "style": "stars", "elements": [line(word())]}),
        "style must be",
    ),
    "a person in code": (
        rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}),
        "unsupported type: user",
    ),
    "a broadcast to nobody": (rich(line({"type": "broadcast", "range": "all"})), "here, channel or everyone"),
    "a picture without a source": ([{"type": "image", "alt_text": "x"}], "exactly one"),
    "a field of options too many": (element("overflow", options=[]), "no fewer than 1"),
}  # fmt: skip


@pytest.mark.parametrize("blocks", TAKEN.values(), ids=list(TAKEN))
def test_taken(blocks: list[Json]) -> None:
    rules.check_message("text", blocks)


@pytest.mark.parametrize(("blocks", "words"), REFUSED.values(), ids=list(REFUSED))
def test_refused(blocks: list[Json], words: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        rules.check_message("text", blocks)
    assert caught.value.error == "invalid_blocks"


def test_one_table_a_message() -> None:
    rules.check_message("text", [table()])
    with pytest.raises(Refused, match="only_one_table_allowed"):
        rules.check_message("text", [table(), table()])


WRONG_VIEWS: dict[str, tuple[Any, str]] = {
    "no view": ("x", "must be a view"),
    "no type": ({"blocks": []}, "unsupported type"),
    "an unknown key": (modal(color="red"), "additional property"),
    "no title": ({"type": "modal", "blocks": []}, "title"),
    "a title with markup": (modal(title=mrkdwn()), "unsupported type: mrkdwn"),
    "inputs without a button": (modal(field()) | {"submit": None}, "missing required field: submit"),
    "a home with a button to send it": (home(submit=plain()), "additional property: submit"),
    "markdown": (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    "a table": (home(table()), "unsupported type: table"),
    "no blocks": ({"type": "home"}, "missing required field: blocks"),
    "a least over the most": (modal(field({"min_length": 5, "max_length": 4})), "no more than max_length"),
    "two in focus": (
        modal(field({"focus_on_load": True}), field({"focus_on_load": True, "action_id": "b"})),
        "focus_on_load",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("view", "words"), WRONG_VIEWS.values(), ids=list(WRONG_VIEWS))
def test_views_that_are_refused(view: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        rules.check_view(view)


def test_the_size_of_a_view() -> None:
    rules.check_view(home(*(section(mrkdwn(2400)) for _ in range(100))))
    with pytest.raises(Refused, match="view_too_large"):
        rules.check_view(home(*(section(mrkdwn(2500)) for _ in range(100))))


def test_a_form_without_inputs_needs_no_button() -> None:
    rules.check_view(modal(divider()) | {"submit": None})


# -- what the real client gets to see ------------------------------------------------------------------------


async def test_what_the_client_is_told() -> None:
    async with Slack(manifest()) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api)
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(
                channel=slack.channel("x").id, text="x", blocks=[section(mrkdwn()), section(mrkdwn(3001))]
            )
        answer = caught.value.response
        assert answer["error"] == "invalid_blocks"
        words = "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
        assert answer["response_metadata"]["messages"] == [f"[ERROR] {words}"]
        assert answer["errors"] == [words]
        ann = slack.user("ann")
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await client.views_publish(user_id=ann.id, view=home(section(mrkdwn(3001))))


def every_number() -> Iterator[str]:
    yield from (each[0] for each in (*MESSAGE_LIMITS, *VIEW_LIMITS))


def test_no_limit_is_listed_twice() -> None:
    names = list(every_number())
    assert len(names) == len(set(names))
