"""Commands, buttons, lists and forms go from a person to the real Bolt and back, over both transports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.doubles.slack import Channel, Message, Person, Slack, Unanswered, View
from tests.doubles.slack.reading import Json
from tests.doubles.slack_apps import TRANSPORTS, Echo, manifest, running


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def button(action_id: str, label: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(label)} | more


def select(kind: str, action_id: str, *values: str, **more: Any) -> Json:
    offered = {"options": [option(each) for each in values]} if values else {}
    return {"type": kind, "action_id": action_id, **offered} | more


SIDES = select("static_select", "side", "for", "against", placeholder=plain("Side"))
BOARD: list[Json] = [
    {"type": "section", "block_id": "top", "text": {"type": "mrkdwn", "text": "Choose"}, "accessory": SIDES},
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("reply", "Reply", value="7", style="primary"),
            select("checkboxes", "topics", "phones", "books"),
            select("users_select", "who"),
            select("overflow", "more", "delete", "keep"),
        ],
    },
]


def field(action_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": f"b_{action_id}",
        "label": plain(action_id.title()),
        "element": {"action_id": action_id} | element,
    } | more


def form(callback_id: str = "speech", *more: Json, **keys: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Speech"),
        "submit": plain("Send"),
        "private_metadata": "C1",
        "blocks": [
            field(
                "words", {"type": "plain_text_input", "multiline": True, "min_length": 3, "max_length": 50}
            ),
            field("side", select("radio_buttons", "side", "for", "against"), optional=True),
            *more,
        ],
    } | keys


def home(word: str = "Hello") -> Json:
    return {
        "type": "home",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": word}, "accessory": button("more", "More")}
        ],
    }


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack(manifest()) as slack:
        yield slack


@pytest.fixture(params=TRANSPORTS)
async def echo(slack: Slack, request: pytest.FixtureRequest) -> AsyncIterator[Echo]:
    async with running(slack, request.param) as echo:
        yield echo
        await slack.settled()


@pytest.fixture
def channel(slack: Slack) -> Channel:
    return slack.channel("debates")


@pytest.fixture
def ann(slack: Slack, channel: Channel) -> Person:
    return slack.user("ann", channels=[channel])


def acks(echo: Echo, *names: str, with_: Any = None) -> None:
    """Acknowledges commands, presses and forms of these names, and writes them down."""

    async def note(ack: Any, body: Json) -> None:
        await (ack() if with_ is None else ack(**with_))
        echo.hear(body)

    for name in names:
        if name.startswith("/"):
            echo.app.command(name)(note)
        else:
            echo.app.action(name)(note)
            echo.app.view(name)(note)
            echo.app.view_closed(name)(note)


async def board(echo: Echo, ann: Person, **more: Any) -> Message:
    await echo.client.chat_postMessage(channel=ann.place.id, text="board", blocks=BOARD, **more)
    return await ann.hears(ann.place, "board")


# -- commands ----------------------------------------------------------------------------------------------


async def test_a_command_and_its_payload(slack: Slack, echo: Echo, ann: Person, channel: Channel) -> None:
    acks(echo, "/echo", with_={"text": "for you"})
    done = await ann.command("/echo", "hi @ann & <you> #debates")
    assert (done.text, done.error) == ("for you", None)
    assert done.acknowledged is not None
    assert done.acknowledged < 1
    [message] = ann.sees(channel)
    assert message.ephemeral_for is ann.user
    assert slack.user("bob", channels=[channel]).sees(channel) == []
    body = echo.heard[0]
    assert body["text"] == f"hi <@{ann.id}|ann> &amp; &lt;you&gt; <#{channel.id}|debates>"
    assert {key: body[key] for key in ("command", "user_name", "channel_name", "is_enterprise_install")} == {
        "command": "/echo",
        "user_name": "ann",
        "channel_name": "debates",
        "is_enterprise_install": "false",
    }


async def test_a_command_that_escapes_nothing(echo: Echo, ann: Person) -> None:
    acks(echo, "/raw")
    await ann.command("/raw", "hi @ann", at=ann.dm)
    assert (echo.heard[0]["text"], echo.heard[0]["channel_name"]) == ("hi @ann", "directmessage")


async def test_a_command_answered_for_all(echo: Echo, ann: Person, channel: Channel) -> None:
    acks(echo, "/echo", with_={"text": "for all", "response_type": "in_channel"})
    done = await ann.command("/echo")
    assert done.text == ""
    assert done.message is not None
    assert not done.message.ephemeral
    assert [each.text for each in ann.sees(channel)] == ["for all"]


async def test_nobody_answers_a_command(slack: Slack, echo: Echo, ann: Person) -> None:
    slack.ack_window = 0.1
    with pytest.raises(Unanswered):
        await ann.command("/unheard")


# -- presses -----------------------------------------------------------------------------------------------


async def test_a_button_in_a_message(slack: Slack, echo: Echo, ann: Person, channel: Channel) -> None:
    acks(echo, "reply")
    message = await board(echo, ann)
    done = await ann.clicks(message, "Reply")
    [body] = await echo.hears(1)
    assert body["actions"][0] | {"action_ts": ""} == {
        "action_id": "reply",
        "block_id": "row",
        "type": "button",
        "text": plain("Reply"),
        "value": "7",
        "style": "primary",
        "action_ts": "",
    }
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == message.ts
    assert body["state"]["values"]["top"]["side"] == {"type": "static_select", "selected_option": None}
    assert done.source is message


async def test_lists_in_a_message(slack: Slack, echo: Echo, ann: Person) -> None:
    acks(echo, "side", "topics", "who", "more")
    message = await board(echo, ann)
    await ann.selects(message, "side", "Against")
    await ann.selects(message, "topics", ["phones", "Books"])
    await ann.selects(message, "who", ann)
    await ann.selects(message, "more", "keep")
    chosen = [each["actions"][0] for each in await echo.hears(4)]
    assert chosen[0]["selected_option"] == option("against")
    assert chosen[1]["selected_options"] == [option("phones"), option("books")]
    assert chosen[2]["selected_user"] == ann.id
    assert chosen[3]["selected_option"] == option("keep")
    state = echo.heard[3]["state"]["values"]
    assert state["top"]["side"]["selected_option"] == option("against")
    assert "more" not in state["row"]
    with pytest.raises(AssertionError, match="offers"):
        await ann.selects(message, "side", "neither")


async def test_a_button_that_one_person_sees(slack: Slack, echo: Echo, ann: Person, channel: Channel) -> None:
    acks(echo, "reply")
    await echo.client.chat_postEphemeral(channel=channel.id, user=ann.id, text="board", blocks=BOARD)
    message = await ann.hears(channel)
    bob = slack.user("bob", channels=[channel])
    with pytest.raises(AssertionError, match="does not see"):
        await bob.clicks(message, "Reply")
    await ann.clicks(message, "reply")
    [body] = await echo.hears(1)
    assert body["container"]["is_ephemeral"] is True
    assert body["container"]["message_ts"] == message.ts
    assert "message" not in body


async def test_a_button_in_a_thread(echo: Echo, ann: Person, channel: Channel) -> None:
    acks(echo, "reply")
    echo.app.event("message")(nothing)
    first = await ann.says(channel, "first")
    await board_in(echo, ann, first)
    await ann.clicks(await ann.hears(channel, thread=first), "Reply")
    [body] = echo.heard
    assert body["container"]["thread_ts"] == body["message"]["thread_ts"] == first.ts


async def nothing() -> None:
    """Does nothing about an event."""


async def board_in(echo: Echo, ann: Person, first: Message) -> None:
    await echo.client.chat_postMessage(channel=ann.place.id, text="board", blocks=BOARD, thread_ts=first.ts)


async def test_only_what_is_there_can_be_pressed(echo: Echo, ann: Person) -> None:
    message = await board(echo, ann)
    with pytest.raises(AssertionError, match="there is no 'Answer'"):
        await ann.clicks(message, "Answer")
    await echo.client.chat_delete(channel=ann.place.id, ts=message.ts)
    with pytest.raises(AssertionError, match="not there any more"):
        await ann.clicks(message, "Reply")


# -- forms -------------------------------------------------------------------------------------------------


async def opened(echo: Echo, ann: Person, view: Json | None = None) -> View:
    """A form that a command opens."""

    @echo.app.command("/echo")
    async def command(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view or form())
        await ack()

    done = await ann.command("/echo")
    assert done.modal is not None
    assert done.modal is ann.modal
    return done.modal


async def test_a_form_is_filled_in(echo: Echo, ann: Person) -> None:
    acks(echo, "speech")
    view = await opened(echo, ann)
    assert (view.title, view.submit, list(view.inputs)) == ("Speech", "Send", ["words", "side"])
    done = await ann.submits(view, {"words": "because & <so>", "side": "against"})
    assert (done.errors, done.modal, view.open, ann.modal) == ({}, None, False, None)
    [body] = await echo.hears(1)
    values = body["view"]["state"]["values"]
    assert values["b_words"]["words"] == {"type": "plain_text_input", "value": "because & <so>"}
    assert values["b_side"]["side"] == {"type": "radio_buttons", "selected_option": option("against")}
    assert body["view"]["id"] == body["view"]["root_view_id"] == view.id
    assert (body["view"]["private_metadata"], body["view"]["callback_id"]) == ("C1", "speech")
    with pytest.raises(AssertionError, match="closed"):
        await ann.submits(view, {"words": "again"})


async def test_what_slack_does_not_let_through(echo: Echo, ann: Person) -> None:
    view = await opened(echo, ann)
    for values, words in (
        ({}, "has to be filled in"),
        ({"words": "x"}, "takes 3 to 50"),
        ({"words": "x" * 51}, "takes 3 to 50"),
        ({"words": "yes", "side": "neither"}, "offers"),
        ({"word": "yes"}, "there is no"),
    ):
        with pytest.raises(AssertionError, match=words):
            await ann.submits(view, values)
    assert view.open
    assert echo.heard == []


async def test_errors_stand_at_the_inputs(echo: Echo, ann: Person) -> None:
    wrong = {"response_action": "errors", "errors": {"b_words": "Say more"}}
    acks(echo, "speech", with_=wrong)
    view = await opened(echo, ann)
    done = await ann.submits(view, {"words": "because"})
    assert done.errors == view.errors == {"b_words": "Say more"}
    assert view.open


async def test_errors_elsewhere_are_a_mistake(slack: Slack, echo: Echo, ann: Person) -> None:
    acks(echo, "speech", with_={"response_action": "errors", "errors": {"words": "Say more"}})
    view = await opened(echo, ann)
    assert (await ann.submits(view, {"words": "because"})).error
    assert "errors at" in str(slack.problems.pop())


async def test_a_form_becomes_another(echo: Echo, ann: Person) -> None:
    acks(echo, "speech", with_={"response_action": "update", "view": form("second", title=plain("Second"))})
    acks(echo, "second")
    view = await opened(echo, ann)
    before = view.hash
    done = await ann.submits(view, {"words": "because"})
    assert done.modal is view
    assert (view.title, view.callback_id, view.hash == before) == ("Second", "second", False)
    await ann.submits(view)
    assert not view.open


async def test_forms_stand_on_each_other(echo: Echo, ann: Person) -> None:
    acks(echo, "speech", with_={"response_action": "push", "view": form("second")})
    acks(echo, "second", with_={"response_action": "clear"})
    view = await opened(echo, ann)
    second = (await ann.submits(view, {"words": "because"})).modal
    assert second is not None
    assert (second.previous, ann.modal) == (view, second)
    with pytest.raises(AssertionError, match="something stands on it"):
        await ann.submits(view, {"words": "because"})
    await ann.submits(second, {"words": "because"})
    assert (view.open, second.open, ann.modal) == (False, False, None)


@pytest.mark.parametrize("asks", [True, False])
async def test_a_form_is_closed(echo: Echo, ann: Person, asks: bool) -> None:
    acks(echo, "speech")
    view = await opened(echo, ann, form(notify_on_close=asks))
    done = await ann.closes(view)
    assert (done is not None) == asks
    assert [each["type"] for each in echo.heard] == ["view_closed"] * asks
    assert not view.open


async def test_buttons_and_lists_in_a_form(echo: Echo, ann: Person) -> None:
    acks(echo, "reply", "side")
    row = {"type": "actions", "block_id": "row", "elements": [button("reply", "More"), SIDES]}
    view = await opened(echo, ann, form("speech", row) | {"blocks": [row, form()["blocks"][0]]})
    with pytest.raises(AssertionError, match="only sent with its form"):
        await ann.selects(view, "words", "because")
    await ann.selects(view, "side", "for")
    await ann.clicks(view, "More")
    _, body = await echo.hears(2)
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert body["view"]["state"]["values"]["row"]["side"]["selected_option"] == option("for")
    assert "channel" not in body
    assert "response_url" not in body


# -- App Home ----------------------------------------------------------------------------------------------


async def test_app_home(echo: Echo, ann: Person) -> None:
    acks(echo, "more")

    @echo.app.event("app_home_opened")
    async def opens(event: Json, client: Any) -> None:
        if event["tab"] == "home":
            word = "Back" if "view" in event else "Hello"
            await client.views_publish(user_id=event["user"], view=home(word))

    view = await ann.opens_home()
    assert view is not None
    assert view is ann.home
    assert view.text_shown == "Hello"
    await ann.clicks(view, "More")
    assert echo.heard[0]["view"]["type"] == "home"
    again = await ann.opens_home()
    assert again is view
    assert view.text_shown == "Back"
    await ann.opens_messages_tab()


# -- triggers, hashes, stacks ------------------------------------------------------------------------------


async def refused(what: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await what
    return str(caught.value.response["error"])


async def test_triggers_work_once_and_not_for_long(slack: Slack, echo: Echo, ann: Person) -> None:
    acks(echo, "/echo")
    views = echo.client
    first, second = (await ann.command("/echo")).trigger_id, (await ann.command("/echo")).trigger_id
    await views.views_open(trigger_id=first, view=form())
    assert await refused(views.views_open(trigger_id=first, view=form())) == "exchanged_trigger_id"
    assert await refused(views.views_open(trigger_id="1.2.x", view=form())) == "invalid_trigger_id"
    slack.pass_time(3.01)
    assert await refused(views.views_open(trigger_id=second, view=form())) == "expired_trigger_id"


async def test_three_forms_stand_on_each_other_and_no_more(echo: Echo, ann: Person) -> None:
    row = {"type": "actions", "elements": [button("reply", "More")]}
    view = await opened(echo, ann, form() | {"blocks": [row]})

    @echo.app.action("reply")
    async def pushes(ack: Any, body: Json, client: Any) -> None:
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=form() | {"blocks": [row]})
        except SlackApiError as error:
            echo.hear({"error": error.response["error"]})

    second = (await ann.clicks(view, "More")).modal
    third = (await ann.clicks(second, "More")).modal  # type: ignore[arg-type]
    assert third is not None
    assert (await ann.clicks(third, "More")).modal is None
    assert echo.heard == [{"error": "push_limit_reached"}]
    await ann.closes(third, everything=True)
    assert ann.modal is None


async def test_views_are_not_overwritten_unseen(echo: Echo, ann: Person) -> None:
    views = echo.client
    view = await opened(echo, ann)
    old = view.hash
    await views.views_update(view_id=view.id, hash=old, view=form(title=plain("New")))
    assert view.title == "New"
    assert await refused(views.views_update(view_id=view.id, hash=old, view=form())) == "hash_conflict"
    await ann.closes(view)
    assert await refused(views.views_update(view_id=view.id, view=form())) == "not_found"
    shown = await views.views_publish(user_id=ann.id, view=home())
    await views.views_publish(user_id=ann.id, view=home("New"), hash=shown["view"]["hash"])
    late = views.views_publish(user_id=ann.id, view=home(), hash=shown["view"]["hash"])
    assert await refused(late) == "hash_conflict"


async def test_what_was_filled_in_outlives_an_update(echo: Echo, ann: Person) -> None:
    wrong = {"response_action": "errors", "errors": {"b_words": "Say more"}}
    acks(echo, "speech", with_=wrong)
    view = await opened(echo, ann)
    await ann.submits(view, {"words": "because"})
    await echo.client.views_update(view_id=view.id, view=form(title=plain("New")))
    assert (await ann.submits(view)).errors  # the words are still there


async def test_forms_by_an_id_of_ones_own(echo: Echo, ann: Person) -> None:
    view = await opened(echo, ann, form(external_id="mine"))
    await echo.client.views_update(external_id="mine", view=form(external_id="mine", title=plain("New")))
    assert view.title == "New"


# -- response_url ------------------------------------------------------------------------------------------


async def test_a_response_url_takes_five_answers_in_half_an_hour(
    slack: Slack, echo: Echo, ann: Person, channel: Channel
) -> None:
    acks(echo, "/echo")
    done = await ann.command("/echo")
    webhook = AsyncWebhookClient(done.response_url)
    for n in range(5):
        assert (await webhook.send(text=f"{n}")).status_code == 200
    spent = await webhook.send(text="5")
    assert (spent.status_code, spent.body) == (404, "used_url")
    assert [each.text for each in done.messages] == ["0", "1", "2", "3", "4"]
    assert all(each.ephemeral_for is ann.user for each in done.messages)
    late = AsyncWebhookClient((await ann.command("/echo")).response_url)
    slack.pass_time(30 * 60 + 1)
    assert (await late.send(text="late")).body == "expired_url"
    assert len(slack.asked("response_url")) == 7


async def test_respond_changes_and_deletes_what_was_pressed(
    echo: Echo, ann: Person, channel: Channel
) -> None:
    @echo.app.action("reply")
    async def replies(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="once", blocks=BOARD, replace_original=True)
        await respond(text="for you", replace_original=False)
        await respond(text="for all", response_type="in_channel", replace_original=False)
        echo.hear({})

    @echo.app.action("more")
    async def deletes(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)
        echo.hear({})

    await echo.client.chat_postEphemeral(channel=channel.id, user=ann.id, text="board", blocks=BOARD)
    message = await ann.hears(channel)
    done = await ann.clicks(message, "Reply")
    await echo.hears(1)
    assert [each.text for each in done.messages] == ["once", "for you", "for all"]
    assert [each.ephemeral for each in done.messages] == [True, True, False]
    assert (message.text, message.versions) == ("once", ["board"])
    await ann.selects(message, "more", "delete")
    await echo.hears(2)
    assert message.deleted
    assert [each.text for each in ann.sees(channel)] == ["for you", "for all"]


async def test_a_response_url_takes_no_wrong_blocks(slack: Slack, echo: Echo, ann: Person) -> None:
    acks(echo, "/echo")
    webhook = AsyncWebhookClient((await ann.command("/echo")).response_url)
    answer = await webhook.send(text="x", blocks=[{"type": "header", "text": plain("x" * 151)}])
    assert (answer.status_code, answer.body) == (400, "invalid_blocks")


async def test_many_at_once(slack: Slack, echo: Echo, channel: Channel) -> None:
    acks(echo, "/echo", with_={"text": "yes"})
    people = [slack.user(f"p{n}", channels=[channel]) for n in range(50)]
    done = await asyncio.gather(*(each.command("/echo", f"{n}") for n, each in enumerate(people)))
    assert {each.text for each in done} == {"yes"}
    assert sorted(int(each["text"]) for each in echo.heard) == list(range(50))
    assert all(len(each.sees(channel)) == 1 for each in people)


# -- acknowledgements that Slack cannot use ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ack", "words"),
    [
        ({"text": "x", "colour": "red"}, "colour"),
        ({"text": "x", "blocks": [{"type": "carpet"}]}, "invalid_blocks"),
    ],
)
async def test_a_command_answered_wrongly(
    slack: Slack, echo: Echo, ann: Person, ack: Json, words: str
) -> None:
    @echo.app.command("/echo")
    async def command() -> Any:
        return BoltResponse(status=200, body=ack)

    await ann.command("/echo")
    assert words in str(slack.problems.pop())


async def test_a_press_is_answered_with_nothing(slack: Slack, echo: Echo, ann: Person) -> None:
    acks(echo, "reply", with_={"text": "unread"})
    await ann.clicks(await board(echo, ann), "Reply")
    assert "Slack reads none of it" in str(slack.problems.pop())


@pytest.mark.parametrize(
    "ack",
    [
        {"response_action": "vanish"},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "push", "view": home()},
        {"response_action": "errors", "errors": {}},
    ],
)
async def test_a_form_answered_wrongly(slack: Slack, echo: Echo, ann: Person, ack: Json) -> None:
    @echo.app.view("speech")
    async def sent() -> Any:
        return BoltResponse(status=200, body=ack)

    view = await opened(echo, ann)
    assert (await ann.submits(view, {"words": "because"})).error
    assert view.open
    assert "was refused" in str(slack.problems.pop())


async def test_a_response_url_in_bad_hands(slack: Slack, echo: Echo, ann: Person) -> None:
    acks(echo, "/echo")
    url = (await ann.command("/echo")).response_url
    assert (await AsyncWebhookClient(url + "x").send(text="x")).body == "invalid_url"
    assert (await AsyncWebhookClient(url).send(text="x", replace_original=True)).body == "message_not_found"
    assert (await AsyncWebhookClient(url).send_dict({"text": "x", "colour": "red"})).status_code == 200
    assert (await AsyncWebhookClient(url).send(text="", blocks=[BOARD[0]])).status_code == 200
    assert ["colour" in str(slack.problems[0]), "screen readers" in str(slack.problems[1])] == [True, True]
    slack.problems.clear()
    slack.fail.append(("response_url", 500))
    assert (await AsyncWebhookClient(url, retry_handlers=[]).send(text="x")).status_code == 500
    slack.fail.append(("response_url", 500, None, True))
    assert (await AsyncWebhookClient(url, retry_handlers=[]).send(text="kept")).status_code == 500
    assert ann.sees(ann.place)[-1].text == "kept"


async def test_an_answer_to_a_press_says_whether_it_replaces(slack: Slack, echo: Echo, ann: Person) -> None:
    acks(echo, "reply")
    done = await ann.clicks(await board(echo, ann), "Reply")
    await AsyncWebhookClient(done.response_url).send(text="for you")
    assert "replace_original" in str(slack.problems.pop())


async def test_an_id_of_ones_own_is_used_once(echo: Echo, ann: Person) -> None:
    acks(echo, "reply")
    await opened(echo, ann, form(external_id="mine"))
    done = await ann.clicks(await board(echo, ann), "Reply")
    what = echo.client.views_open(trigger_id=done.trigger_id, view=form(external_id="mine"))
    assert await refused(what) == "duplicate_external_id"
    assert (
        await refused(echo.client.views_push(trigger_id=done.trigger_id, view=form()))
        == "exchanged_trigger_id"
    )
    other = await ann.clicks(ann.sees(ann.place)[-1], "Reply")
    assert await refused(echo.client.views_push(trigger_id=other.trigger_id, view=form())) == "not_found"


async def test_people_see_only_their_own_forms(slack: Slack, echo: Echo, ann: Person) -> None:
    view = await opened(echo, ann)
    bob = slack.user("bob")
    with pytest.raises(AssertionError, match="it is ann's view"):
        await bob.submits(view, {"words": "because"})
