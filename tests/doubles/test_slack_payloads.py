"""Payloads as Slack documents them go through Bolt, and the double's have everything that those have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.doubles.slack import Person, Slack
from tests.doubles.slack.reading import Json
from tests.doubles.slack_apps import HTTP, Echo, manifest, running

BUTTON = {
    "type": "button",
    "action_id": "go",
    "text": {"type": "plain_text", "text": "Go"},
    "value": "click_me_123",
}
ACTIONS = {"type": "actions", "block_id": "row", "elements": [BUTTON]}

# What stands below is written after the examples in Slack's documentation, with its ids.

WRAPPED: Json = {
    "token": "ZZZZZZWSxiZZZ2yIvs3peJ",
    "team_id": "T123ABC456",
    "api_app_id": "A123ABC456",
    "type": "event_callback",
    "event_id": "Ev123ABC456",
    "event_time": 1515449522,
    "authorizations": [
        {
            "enterprise_id": None,
            "team_id": "T123ABC456",
            "user_id": "U222222222",
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ],
    "is_ext_shared_channel": False,
    "event_context": "EC123ABC456",
}

MESSAGE: Json = {
    "type": "message",
    "channel": "C123ABC456",
    "user": "U123ABC456",
    "text": "Live long and prospect.",
    "ts": "1355517523.000005",
    "event_ts": "1355517523.000005",
    "channel_type": "channel",
    "team": "T123ABC456",
    "client_msg_id": "1b9e0f5c-3d6b-4a63-a7b3-6a2ce0a9f6a6",
    "blocks": [
        {
            "type": "rich_text",
            "block_id": "VaRWA",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "Live long and prospect."}],
                }
            ],
        }
    ],
}

REPLY: Json = MESSAGE | {"thread_ts": "1355517000.000001", "parent_user_id": "U123ABC456"}

MENTION: Json = {
    "type": "app_mention",
    "user": "U123ABC456",
    "text": "What is the hour of the pearl, <@U0LAN0Z89>?",
    "ts": "1515449522.000016",
    "channel": "C123ABC456",
    "event_ts": "1515449522000016",
}

CHANGED: Json = {
    "type": "message",
    "subtype": "message_changed",
    "hidden": True,
    "channel": "C123ABC456",
    "ts": "1358878755.000001",
    "event_ts": "1358878755.000001",
    "channel_type": "channel",
    "message": {
        "type": "message",
        "user": "U123ABC456",
        "text": "Hello, world!",
        "ts": "1355517523.000005",
        "edited": {"user": "U123ABC456", "ts": "1358878755.000001"},
    },
    "previous_message": {"type": "message", "user": "U123ABC456", "text": "Hello", "ts": "1355517523.000005"},
}

DELETED: Json = {
    "type": "message",
    "subtype": "message_deleted",
    "hidden": True,
    "channel": "C123ABC456",
    "ts": "1358878755.000001",
    "deleted_ts": "1358878749.000002",
    "event_ts": "1358878755.000002",
    "channel_type": "channel",
    "previous_message": {"type": "message", "user": "U123ABC456", "text": "Hello", "ts": "1358878749.000002"},
}

JOINED: Json = {
    "type": "member_joined_channel",
    "user": "U123ABC456",
    "channel": "C123ABC456",
    "channel_type": "C",
    "team": "T123ABC456",
    "event_ts": "1358878755.000001",
}

HOME_OPENED: Json = {
    "type": "app_home_opened",
    "user": "U123ABC456",
    "channel": "D123ABC456",
    "event_ts": "1515449522000016",
    "tab": "home",
}

COMMAND: Json = {
    "token": "gIkuvaNzQIHg97ATvDxqgjtO",
    "team_id": "T0001",
    "team_domain": "example",
    "channel_id": "C2147483705",
    "channel_name": "test",
    "user_id": "U2147483697",
    "user_name": "Steve",
    "command": "/echo",
    "text": "94070",
    "response_url": "https://hooks.slack.com/commands/1234/5678",
    "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    "api_app_id": "A123456",
    "is_enterprise_install": "false",
}

USER: Json = {"id": "UA8RXUSPL", "username": "jtorrance", "name": "jtorrance", "team_id": "T9TK3CUKW"}

PRESSED: Json = {
    "type": "block_actions",
    "user": USER,
    "api_app_id": "AABA1ABCD",
    "token": "9s8d9as89d8as9d8as989",
    "container": {
        "type": "message",
        "message_ts": "1548261231.000200",
        "channel_id": "CBR2V3XEX",
        "is_ephemeral": False,
    },
    "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
    "team": {"id": "T9TK3CUKW", "domain": "example"},
    "enterprise": None,
    "is_enterprise_install": False,
    "channel": {"id": "CBR2V3XEX", "name": "review-updates"},
    "message": {
        "type": "message",
        "user": "UDWCCEHPH",
        "bot_id": "BAH5CA16Z",
        "app_id": "AABA1ABCD",
        "team": "T9TK3CUKW",
        "text": "This content can't be displayed.",
        "ts": "1548261231.000200",
        "blocks": [ACTIONS],
    },
    "state": {"values": {}},
    "response_url": "https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209",
    "actions": [BUTTON | {"block_id": "row", "action_ts": "1548426417.840180"}],
}

FIELD: Json = {
    "type": "input",
    "block_id": "words",
    "label": {"type": "plain_text", "text": "Words"},
    "element": {"type": "plain_text_input", "action_id": "said"},
}

SUBMITTED: Json = {
    "type": "view_submission",
    "team": {"id": "T9TK3CUKW", "domain": "example"},
    "user": USER,
    "api_app_id": "AABA1ABCD",
    "token": "9s8d9as89d8as9d8as989",
    "trigger_id": "12466734323.1395872398",
    "view": {
        "id": "VNHU13V36",
        "team_id": "T9TK3CUKW",
        "type": "modal",
        "title": {"type": "plain_text", "text": "Modal title"},
        "submit": {"type": "plain_text", "text": "Submit"},
        "close": None,
        "blocks": [FIELD],
        "private_metadata": "shhh-its-secret",
        "callback_id": "speech",
        "hash": "156663117.cd33ad1f",
        "state": {"values": {"words": {"said": {"type": "plain_text_input", "value": "Hello"}}}},
        "clear_on_close": False,
        "notify_on_close": False,
        "previous_view_id": None,
        "root_view_id": "VNHU13V36",
        "app_id": "AABA1ABCD",
        "external_id": "",
        "app_installed_team_id": "T9TK3CUKW",
        "bot_id": "BAH5CA16Z",
    },
    "response_urls": [],
    "is_enterprise_install": False,
    "enterprise": None,
}

EVENTS = {
    "message": MESSAGE,
    "reply": REPLY,
    "mention": MENTION,
    "changed": CHANGED,
    "deleted": DELETED,
    "joined": JOINED,
    "home": HOME_OPENED,
}
GOLDEN = {name: WRAPPED | {"event": event} for name, event in EVENTS.items()} | {
    "command": COMMAND,
    "pressed": PRESSED,
    "submitted": SUBMITTED,
}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack(manifest()) as slack:
        yield slack


@pytest.fixture
async def echo(slack: Slack) -> AsyncIterator[Echo]:
    async with running(slack, HTTP, noting) as echo:
        yield echo
        await slack.settled()


def noting(echo: Echo) -> None:
    async def note(ack: Any, body: Json) -> None:
        await ack()
        echo.hear(body)

    echo.notes("message", "app_mention", "member_joined_channel", "app_home_opened")
    echo.app.command("/echo")(note)
    echo.app.action("go")(note)
    echo.app.view("speech")(note)


@pytest.mark.parametrize("name", list(GOLDEN))
async def test_bolt_takes_what_slack_documents(slack: Slack, echo: Echo, name: str) -> None:
    assert await slack.deliver_raw(GOLDEN[name]) == 200
    assert len(echo.heard) == 1


async def of_the_double(slack: Slack, echo: Echo, ann: Person) -> dict[str, Json]:
    """The same things, as they happen in the double."""
    first = await ann.says(ann.place, "first")
    reply = await ann.says(ann.place, "reply", thread=first)
    await ann.says(ann.place, "@echo, what hour is it?")
    await ann.edits(reply, "changed")
    await ann.deletes(reply)
    await slack.user("bob").joins(ann.place)
    await slack.settled()
    await ann.opens_home(patience=0)
    command = await ann.command("/echo", "94070")
    await echo.client.chat_postMessage(channel=ann.place.id, text="board", blocks=[ACTIONS])
    pressed = await ann.clicks(await ann.hears(ann.place), "Go")
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Modal title"},
        "submit": {"type": "plain_text", "text": "Submit"},
        "callback_id": "speech",
        "blocks": [FIELD],
    }
    await echo.client.views_open(trigger_id=pressed.trigger_id, view=view)
    assert pressed.modal is not None
    submitted = await ann.submits(pressed.modal, {"said": "Hello"})
    told = [each.payload for each in slack.events if each.event]
    names = ["message", "reply", "", "mention", "changed", "deleted", "joined", "", "home"]
    found = dict(zip(names, told, strict=False))
    return found | {
        "command": command.payload,
        "pressed": pressed.payload,
        "submitted": submitted.payload,
    }


async def test_the_double_says_all_that_slack_documents(slack: Slack, echo: Echo) -> None:
    ann = slack.user("ann", channels=[slack.channel("debates")])
    found = await of_the_double(slack, echo, ann)
    for name, golden in GOLDEN.items():
        assert list(lacking(golden, found[name], name)) == []


def lacking(golden: Any, found: Any, at: str) -> Iterator[str]:
    """What the documented payload has and the other has not, or has as something else."""
    if isinstance(golden, dict) and isinstance(found, dict):
        for key, value in golden.items():
            if key not in found:
                yield f"{at}/{key} is missing"
            else:
                yield from lacking(value, found[key], f"{at}/{key}")
    elif isinstance(golden, list) and isinstance(found, list):
        if golden and not found:
            yield f"{at} is empty"
        for one, other in zip(golden, found, strict=False):
            yield from lacking(one, other, at)
    elif type(golden) is not type(found):
        yield f"{at} is {found!r}, not like {golden!r}"
    elif at.endswith(("type", "subtype", "hidden")) and golden != found:
        yield f"{at} is {found!r}, not {golden!r}"
