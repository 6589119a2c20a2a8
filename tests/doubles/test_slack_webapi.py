"""The Web API as the real AsyncWebClient uses it: tokens, scopes, membership, pages, files, pace and faults."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, Pace, Person, Slack
from tests.doubles.slack.methods import METHODS
from tests.doubles.slack.reading import Json
from tests.doubles.slack_apps import SCOPES, manifest

Client = AsyncWebClient


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack(manifest()) as slack:
        yield slack


@pytest.fixture
def client(slack: Slack) -> Client:
    return AsyncWebClient(slack.bot_token, base_url=slack.api)


@pytest.fixture
def channel(slack: Slack) -> Channel:
    return slack.channel("debates")


@pytest.fixture
def ann(slack: Slack, channel: Channel) -> Person:
    return slack.user("ann", channels=[channel])


async def refusal(what: Awaitable[Any]) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await what
    found: Json = caught.value.response.data
    return found


async def error(what: Awaitable[Any]) -> str:
    return str((await refusal(what))["error"])


# -- who asks ----------------------------------------------------------------------------------------------


async def test_who_the_app_is(slack: Slack, client: Client) -> None:
    found = await client.auth_test()
    assert found["user_id"] == slack.bot.id
    assert (found["user"], found["team_id"], found["bot_id"]) == ("echo", slack.team, slack.bot.bot_id)
    assert found.headers["x-oauth-scopes"] == ",".join(SCOPES)
    assert (await client.bots_info(bot=found["bot_id"]))["bot"]["app_id"] == slack.bot.app_id


async def test_tokens(slack: Slack, client: Client) -> None:
    nobody = AsyncWebClient("xoxb-wrong", base_url=slack.api)
    app = AsyncWebClient(slack.app_token, base_url=slack.api)
    assert await error(nobody.auth_test()) == "invalid_auth"
    assert await error(AsyncWebClient(base_url=slack.api).auth_test()) == "not_authed"
    assert await error(app.auth_test()) == "not_allowed_token_type"
    wrong = client.apps_connections_open(app_token=slack.bot_token)
    assert await error(wrong) == "not_allowed_token_type"
    opened = await client.apps_connections_open(app_token=slack.app_token)
    assert opened["url"].startswith(f"ws://127.0.0.1:{slack.port}/link/?ticket=")
    slack.revoke_token()
    assert await error(client.auth_test()) == "token_revoked"
    await slack.post.close()


async def test_arguments_may_come_in_any_form(slack: Slack, ann: Person) -> None:
    blocks = [{"type": "divider"}]
    said = {"channel": ann.place.id, "text": "hello", "unfurl_links": False, "unfurl_media": False}
    bearer = {"Authorization": f"Bearer {slack.bot_token}"}
    form = {**said, "unfurl_links": "0", "unfurl_media": "false", "blocks": json.dumps(blocks)}
    async with aiohttp.ClientSession() as session:
        url = f"{slack.api}chat.postMessage"
        for sent in (
            {"json": said | {"blocks": blocks}, "headers": bearer},
            {"json": said | {"blocks": json.dumps(blocks)}, "headers": bearer},
            {"data": form | {"token": slack.bot_token}},
            {"params": form, "headers": bearer},
        ):
            async with session.post(url, **sent) as answer:
                assert (await answer.json())["ok"]
    assert [(each.unfurls, each.text) for each in ann.sees(ann.place)] == [(False, "hello")] * 4
    assert len({json.dumps([block["type"] for block in each.blocks]) for each in ann.sees(ann.place)}) == 1
    assert slack.asked("chat.postMessage")[2].token == slack.bot_token


NEEDS: list[tuple[str, str, Json]] = [
    ("chat:write", "chat_postMessage", {"channel": "C", "text": "x"}),
    ("chat:write", "chat_postEphemeral", {"channel": "C", "user": "U", "text": "x"}),
    ("users:read", "users_info", {"user": "U"}),
    ("users:read", "bots_info", {}),
    ("channels:history", "conversations_history", {"channel": "C"}),
    ("channels:history", "conversations_replies", {"channel": "C", "ts": "1"}),
    ("channels:read", "conversations_info", {"channel": "C"}),
    ("channels:read", "conversations_members", {"channel": "C"}),
    ("channels:read", "users_conversations", {}),
    ("channels:join", "conversations_join", {"channel": "C"}),
    ("im:history", "conversations_history", {"channel": "D"}),
    ("im:write", "conversations_open", {"users": "U"}),
    ("reactions:write", "reactions_add", {"channel": "C", "name": "x", "timestamp": "1"}),
    ("files:write", "files_getUploadURLExternal", {"filename": "x", "length": 1}),
]


@pytest.mark.parametrize(("scope", "method", "args"), NEEDS)
async def test_scopes_come_from_the_manifest(scope: str, method: str, args: Json) -> None:
    async with Slack(manifest([each for each in SCOPES if each != scope])) as slack:
        ann = slack.user("ann", channels=[slack.channel("debates")])
        names = {"C": ann.place.id, "U": ann.id, "D": ann.dm.id}
        client = AsyncWebClient(slack.bot_token, base_url=slack.api)
        answer = await refusal(
            getattr(client, method)(**{key: names.get(each, each) for key, each in args.items()})
        )
        assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
        assert scope not in answer["provided"].split(",")


async def used(what: Callable[[Slack, Client], Awaitable[None]]) -> None:
    """A double of its own, with something done in it."""
    async with Slack(manifest()) as slack:
        await what(slack, AsyncWebClient(slack.bot_token, base_url=slack.api))


async def test_what_slack_does_not_have_fails_the_test() -> None:
    async def shouts(slack: Slack, client: Client) -> None:
        assert await error(client.api_call("chat.shout")) == "unknown_method"
        await client.chat_postMessage(channel=slack.channel("debates").id, text="x", volume=11)

    with pytest.raises(AssertionError, match=r"chat\.shout\nchat\.postMessage has no \['volume'\]"):
        await used(shouts)


async def test_another_failure_is_not_hidden() -> None:
    async def fails(_slack: Slack, client: Client) -> None:
        await error(client.api_call("chat.shout"))
        raise KeyError

    with pytest.raises(KeyError) as caught:
        await used(fails)
    assert "chat.shout" in caught.value.__notes__[0]


async def test_blocks_without_text_fail_the_test() -> None:
    async def shows(slack: Slack, client: Client) -> None:
        with pytest.warns(UserWarning, match="text"):
            await client.chat_postMessage(channel=slack.channel("x").id, blocks=[{"type": "divider"}])

    with pytest.raises(AssertionError, match="screen readers"):
        await used(shows)


def test_the_arguments_are_those_of_slack_sdk() -> None:
    """What slack_sdk's methods take, the double takes, but for what Slack does not document."""
    strange = {"app_token", "container_id", "channels", "kwargs", "self"}
    for name, method in METHODS.items():
        signature = inspect.signature(getattr(AsyncWebClient, name.replace(".", "_")))
        assert set(signature.parameters) - strange <= method.args, name


# -- messages ----------------------------------------------------------------------------------------------


async def test_where_a_message_can_go(slack: Slack, client: Client, ann: Person) -> None:
    outside = slack.channel("outside", member=False)
    hidden = slack.channel("hidden", member=False, private=True)
    over = slack.channel("over")
    slack.archive(over)
    post = client.chat_postMessage
    assert await error(post(channel=outside.id, text="x")) == "not_in_channel"
    assert await error(post(channel=hidden.id, text="x")) == "channel_not_found"
    assert await error(post(channel="C123", text="x")) == "channel_not_found"
    assert await error(post(channel=over.id, text="x")) == "is_archived"
    assert await error(post(channel=ann.place.id, text="", attachments=[])) == "no_text"
    assert await error(post(channel=ann.place.id, text="x", thread_ts="1.2")) == "thread_not_found"
    ephemeral = client.chat_postEphemeral
    assert await error(ephemeral(channel=ann.place.id, user="U1", text="x")) == "user_not_in_channel"
    assert (await post(channel=ann.id, text="hello"))["channel"] == ann.dm.id
    await client.conversations_join(channel=outside.id)
    await post(channel=outside.id, text="x")
    await slack.post.close()


async def test_public_channels_with_the_scope_for_it() -> None:
    async with Slack(manifest([*SCOPES, "chat:write.public"])) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api)
        await client.chat_postMessage(channel=slack.channel("outside", member=False).id, text="x")
        hidden = slack.channel("hidden", member=False, private=True)
        assert await error(client.chat_postMessage(channel=hidden.id, text="x")) == "channel_not_found"


async def test_only_its_own_messages_can_be_changed(slack: Slack, client: Client, ann: Person) -> None:
    theirs = await ann.says(ann.place, "mine")
    own = await client.chat_postMessage(channel=ann.place.id, text="one", metadata=META)
    where = ann.place.id
    assert await error(client.chat_update(channel=where, ts=theirs.ts, text="x")) == "cant_update_message"
    assert await error(client.chat_delete(channel=where, ts=theirs.ts)) == "cant_delete_message"
    assert await error(client.chat_update(channel=where, ts="1.2", text="x")) == "message_not_found"
    alone = await client.chat_postEphemeral(channel=where, user=ann.id, text="x")
    assert (
        await error(client.chat_update(channel=where, ts=alone["message_ts"], text="y"))
        == "message_not_found"
    )
    await client.chat_update(channel=where, ts=own["ts"], text="two")
    message = ann.place.messages[own["ts"]]
    assert (message.text, message.versions, message.metadata) == ("two", ["one"], META)
    assert message.edited is not None
    await client.chat_delete(channel=where, ts=own["ts"])
    assert message.deleted
    assert await error(client.chat_delete(channel=where, ts=own["ts"])) == "message_not_found"
    await slack.post.close()


async def test_a_text_alone_takes_the_place_of_blocks(client: Client, ann: Person) -> None:
    own = await client.chat_postMessage(channel=ann.place.id, text="one", blocks=[{"type": "divider"}])
    await client.chat_update(channel=ann.place.id, ts=own["ts"], text="two", blocks=[{"type": "divider"}])
    message = ann.place.messages[own["ts"]]
    assert (message.edited, len(message.blocks)) == (None, 1)
    await client.chat_update(channel=ann.place.id, ts=own["ts"], text="three")
    assert (message.text, message.blocks) == ("three", [])


async def test_a_thread_is_named_by_its_first_message(slack: Slack, client: Client, ann: Person) -> None:
    first = await client.chat_postMessage(channel=ann.place.id, text="one")
    reply = await client.chat_postMessage(channel=ann.place.id, text="two", thread_ts=first["ts"])
    await client.chat_postMessage(channel=ann.place.id, text="three", thread_ts=reply["ts"])
    assert "names a thread by a reply" in str(slack.problems.pop())
    assert len(ann.sees(ann.place, first["ts"])) == 3
    link = await client.chat_getPermalink(channel=ann.place.id, message_ts=reply["ts"])
    assert link["permalink"].endswith(f"?thread_ts={first['ts']}&cid={ann.place.id}")


META = {"event_type": "turn", "event_payload": {"id": 7}}


@pytest.mark.parametrize(
    "metadata",
    [
        {"event_type": "turn"},
        {"event_type": "a turn", "event_payload": {}},
        {"event_type": "x" * 256, "event_payload": {}},
        {"event_type": "turn", "event_payload": {"id": {"deep": 1}}},
        {"event_type": "turn", "event_payload": {}, "more": 1},
    ],
)
async def test_metadata_is_flat(client: Client, channel: Channel, metadata: Json) -> None:
    what = client.chat_postMessage(channel=channel.id, text="x", metadata=metadata)
    assert await error(what) == "invalid_metadata_format"


# -- reading -----------------------------------------------------------------------------------------------


async def test_a_thread_is_read_page_by_page(client: Client, channel: Channel) -> None:
    first = (await client.chat_postMessage(channel=channel.id, text="first"))["ts"]
    said = [
        (await client.chat_postMessage(channel=channel.id, text=f"{n}", thread_ts=first, metadata=META))["ts"]
        for n in range(5)
    ]
    pages = []
    async for page in await client.conversations_replies(channel=channel.id, ts=first, limit=2):
        pages.append([each["text"] for each in page["messages"]])
    assert pages == [["first", "0", "1"], ["first", "2", "3"], ["first", "4"]]
    later = await client.conversations_replies(channel=channel.id, ts=first, oldest=said[2])
    assert [each["text"] for each in later["messages"]] == ["first", "3", "4"]
    whole = await client.conversations_replies(
        channel=channel.id,
        ts=first,
        oldest=said[2],
        latest=said[3],
        inclusive=True,
        include_all_metadata=True,
    )
    assert [each["text"] for each in whole["messages"]] == ["first", "2", "3"]
    assert "metadata" not in later["messages"][1]
    assert whole["messages"][1]["metadata"] == META
    assert whole["messages"][0]["reply_count"] == 5
    assert await error(client.conversations_replies(channel=channel.id, ts="1.2")) == "thread_not_found"


async def test_a_history_holds_what_stands_in_the_channel(client: Client, ann: Person) -> None:
    where = ann.place.id
    first = (await client.chat_postMessage(channel=where, text="first"))["ts"]
    await client.chat_postMessage(channel=where, text="hidden", thread_ts=first)
    await client.chat_postMessage(channel=where, text="shown", thread_ts=first, reply_broadcast=True)
    await client.chat_postEphemeral(channel=where, user=ann.id, text="for ann")
    await client.chat_postMessage(channel=where, text="last")
    found = await client.conversations_history(channel=where)
    assert [each["text"] for each in found["messages"]] == ["last", "shown", "first"]
    assert found["messages"][1]["subtype"] == "thread_broadcast"
    page = await client.conversations_history(channel=where, limit=2)
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=where, limit=2, cursor=cursor)
    assert [each["text"] for each in rest["messages"]] == ["first"]
    assert await error(client.conversations_history(channel=where, cursor="x")) == "invalid_cursor"
    assert await error(client.conversations_history(channel=where, limit=9999)) == "invalid_limit"


async def test_channels_and_who_is_in_them(
    slack: Slack, client: Client, ann: Person, channel: Channel
) -> None:
    secret = slack.channel("secret", private=True)
    slack.channel("outside", member=False)
    info = (await client.conversations_info(channel=channel.id, include_num_members=True))["channel"]
    assert (info["name"], info["is_member"], info["is_private"], info["num_members"]) == (
        "debates",
        True,
        False,
        2,
    )
    assert set((await client.conversations_members(channel=channel.id))["members"]) == {ann.id, slack.bot.id}
    both = await client.users_conversations(types="public_channel,private_channel")
    assert [each["id"] for each in both["channels"]] == [channel.id, secret.id]
    assert (await client.conversations_open(users=ann.id))["channel"]["id"] == ann.dm.id
    bob = slack.user("bob")
    group = (await client.conversations_open(users=[ann.id, bob.id]))["channel"]["id"]
    assert group == (await client.conversations_open(users=f"{bob.id},{ann.id}"))["channel"]["id"]
    assert await error(client.conversations_open(users="U1")) == "user_not_found"
    assert await error(client.conversations_open(users=slack.bot.id)) == "cannot_dm_bot"


async def test_people(slack: Slack, client: Client) -> None:
    boss = slack.user("boss", admin=True)
    found = (await client.users_info(user=boss.id))["user"]
    assert (found["is_admin"], found["is_owner"], found["is_bot"]) == (True, False, False)
    assert found["profile"]["display_name"] == "boss"
    assert (await client.users_info(user=slack.bot.id))["user"]["is_bot"]
    assert await error(client.users_info(user="U1")) == "user_not_found"


# -- files -------------------------------------------------------------------------------------------------


async def test_a_file_is_sent(slack: Slack, client: Client, ann: Person) -> None:
    first = await ann.says(ann.place, "first")
    await client.files_upload_v2(
        filename="flow.md",
        content="# Flow: ä\n",
        title="The flow",
        channel=ann.place.id,
        thread_ts=first.ts,
        initial_comment="Here it is",
    )
    message = await ann.hears(ann.place, "Here", thread=first)
    [file] = message.files
    assert (file.name, file.title, file.text) == ("flow.md", "The flow", "# Flow: ä\n")
    assert message.subtype == "file_share"
    outside = slack.channel("outside", member=False)
    late = client.files_upload_v2(filename="x.md", content="x", channel=outside.id)
    assert await error(late) == "not_in_channel"
    await slack.post.close()


# -- pace and faults ---------------------------------------------------------------------------------------


async def test_a_channel_takes_only_so_many_messages(slack: Slack, client: Client, channel: Channel) -> None:
    slack.pace = Pace(burst=3, per_second=1.0)
    for n in range(3):
        await client.chat_postMessage(channel=channel.id, text=f"{n}")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel.id, text="3")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert [each.args["text"] for each in slack.refused_for_pace] == ["3"]
    await client.chat_postMessage(channel=slack.channel("other").id, text="3")
    slack.pass_time(1)
    await client.chat_postMessage(channel=channel.id, text="3")
    slack.pace = None
    for n in range(9):
        await client.chat_postMessage(channel=channel.id, text=f"{n}")
    assert len(slack.refused_for_pace) == 1


async def test_slack_sdk_waits_when_it_is_told_to(slack: Slack, client: Client, channel: Channel) -> None:
    slack.fail.append(("chat.postMessage", 429, 0))
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    assert (await client.chat_postMessage(channel=channel.id, text="x"))["ok"]
    assert [each.status for each in slack.asked("chat.postMessage")] == [429, 200]
    assert slack.refused_for_pace == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("outcome", "raised"),
    [("fatal_error", SlackApiError), (500, SlackApiError), (0, aiohttp.ClientError)],
)
async def test_what_goes_wrong_on_purpose(
    slack: Slack, ann: Person, outcome: int | str, raised: type[Exception], after: bool
) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api, retry_handlers=[])
    slack.fail.append((r"chat\.post", outcome, None, after))
    with pytest.raises(raised):
        await client.chat_postMessage(channel=ann.place.id, text="x")
    assert len(ann.sees(ann.place)) == after
    await client.chat_postMessage(channel=ann.place.id, text="y")
    assert len(ann.sees(ann.place)) == 1 + after


# -- what else is refused ----------------------------------------------------------------------------------

BAD: list[tuple[str, Json, str]] = [
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C", "text": 7}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C", "text": "x", "blocks": "[oops"}, "invalid_blocks_format"),
    ("chat.update", {"channel": "over", "ts": "own", "text": "x"}, "is_archived"),
    ("chat.getPermalink", {"channel": "C", "message_ts": "1.2"}, "message_not_found"),
    ("reactions.add", {"channel": "C", "timestamp": "1.2", "name": "x"}, "message_not_found"),
    ("reactions.add", {"channel": "over", "timestamp": "own", "name": "tada"}, "already_reacted"),
    ("bots.info", {"bot": "B1"}, "bot_not_found"),
    ("users.conversations", {"user": "U1"}, "user_not_found"),
    ("views.open", {"view": {}}, "invalid_arguments"),
    ("views.update", {"view": {}}, "invalid_arguments"),
    ("views.update", {"view": {}, "view_id": "V1"}, "not_found"),
    ("views.update", {"view": {}, "external_id": "mine"}, "not_found"),
    ("views.publish", {"user_id": "U1", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ("views.publish", {"user_id": "U", "view": {"type": "modal", "blocks": []}}, "invalid_arguments"),
    ("conversations.join", {"channel": "D"}, "method_not_supported_for_channel_type"),
    ("conversations.join", {"channel": "over"}, "is_archived"),
    ("conversations.history", {"channel": "outside"}, "not_in_channel"),
    ("conversations.history", {"channel": "C", "limit": "many"}, "invalid_limit"),
    ("conversations.open", {}, "invalid_arguments"),
    ("files.getUploadURLExternal", {"filename": "x", "length": 0}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": [{"id": "F1"}]}, "file_not_found"),
]


@pytest.mark.parametrize(("method", "args", "refused"), BAD)
async def test_refusals(
    slack: Slack, client: Client, ann: Person, method: str, args: Json, refused: str
) -> None:
    over, outside = slack.channel("over"), slack.channel("outside", member=False)
    own = (await client.chat_postMessage(channel=over.id, text="own"))["ts"]
    await client.reactions_add(channel=over.id, timestamp=own, name="tada")
    slack.archive(over)
    names = {
        "C": ann.place.id,
        "U": ann.id,
        "D": ann.dm.id,
        "over": over.id,
        "outside": outside.id,
        "own": own,
    }
    sent = {key: names.get(each, each) if isinstance(each, str) else each for key, each in args.items()}
    assert await error(client.api_call(method, json=sent)) == refused
    await slack.post.close()


async def test_a_home_has_to_be_enabled() -> None:
    async with Slack(manifest(app_home={"home_tab_enabled": False, "messages_tab_enabled": False})) as slack:
        ann = slack.user("ann")
        client = AsyncWebClient(slack.bot_token, base_url=slack.api)
        assert (
            await error(client.views_publish(user_id=ann.id, view={"type": "home", "blocks": []}))
            == "not_enabled"
        )
        with pytest.raises(AssertionError, match="no home"):
            await ann.opens_home()
        with pytest.raises(AssertionError, match="nobody can write"):
            await ann.tells("hello")


async def test_files_are_found_and_uploads_are_counted(slack: Slack, client: Client) -> None:
    asked = await client.files_getUploadURLExternal(filename="x.md", length=3)
    bearer = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as session:
        for data, status in ((b"four", 400), (b"one", 200)):
            async with session.post(asked["upload_url"], data=data) as answer:
                assert answer.status == status
        done = await client.files_completeUploadExternal(files=[{"id": asked["file_id"], "title": "One"}])
        address = done["files"][0]["url_private"]
        async with session.get(address) as answer:
            assert answer.status == 404
        async with session.get(address, headers=bearer) as answer:
            assert await answer.read() == b"one"
        slack.fail.append(("upload", 500))
        async with session.post(asked["upload_url"], data=b"one") as answer:
            assert answer.status == 500


async def test_a_mistake_in_the_double_is_not_hidden(slack: Slack, client: Client, channel: Channel) -> None:
    what = client.api_call("conversations.history", json={"channel": channel.id, "oldest": "never"})
    assert await error(what) == "internal_error"
    assert "the double failed at conversations.history" in str(slack.problems.pop())
