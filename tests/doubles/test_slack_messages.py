"""Messages go from people to the real Bolt and back, over both transports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.doubles.slack import Channel, Person, Slack
from tests.doubles.slack.reading import Json
from tests.doubles.slack_apps import EVENTS, SCOPES, TRANSPORTS, Echo, manifest, running


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack(manifest()) as slack:
        yield slack


@pytest.fixture(params=TRANSPORTS)
async def echo(slack: Slack, request: pytest.FixtureRequest) -> AsyncIterator[Echo]:
    async with running(slack, request.param, echoing) as echo:
        yield echo
        await slack.settled()


@pytest.fixture
def channel(slack: Slack) -> Channel:
    return slack.channel("debates")


@pytest.fixture
def ann(slack: Slack, channel: Channel) -> Person:
    return slack.user("ann", channels=[channel])


def echoing(echo: Echo) -> None:
    """Answers what is said to it, where it was said."""

    @echo.app.event("message")
    async def message(body: Json, event: Json, say: Any) -> None:
        echo.hear(body)
        if not event.get("subtype") and not event["text"].startswith("-"):
            await say(text=f"heard {event['text']}", thread_ts=event.get("thread_ts"), unfurl_links=False)

    echo.notes(
        "app_mention", "member_joined_channel", "member_left_channel", "channel_left", "reaction_added"
    )


def events(echo: Echo, kind: str = "message") -> list[Json]:
    return [each["event"] for each in echo.heard if each["event"]["type"] == kind]


async def test_what_is_said_is_heard_and_answered(echo: Echo, ann: Person, channel: Channel) -> None:
    said = await ann.says(channel, "a < b & c > d")
    reply = await ann.hears(channel, "heard")
    assert reply.text == "heard a &lt; b &amp; c &gt; d"
    [event] = events(echo)
    assert event["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "a < b & c > d"}]
    assert (event["ts"], event["channel"], event["channel_type"]) == (said.ts, channel.id, "channel")
    assert event["client_msg_id"]
    assert echo.heard[0]["authorizations"][0]["is_bot"] is True


async def test_a_thread_is_answered_in_the_thread(echo: Echo, ann: Person, channel: Channel) -> None:
    first = await ann.says(channel, "phones distract")
    top = await ann.hears(channel)
    await ann.says(channel, "and so do books", thread=first)
    reply = await ann.hears(channel, thread=first)
    assert reply.thread_ts == first.ts == first.thread_ts
    assert ann.sees(channel) == [first, top]
    assert [each.text for each in ann.sees(channel, first)][1:] == [
        "and so do books",
        "heard and so do books",
    ]
    assert events(echo)[1]["parent_user_id"] == ann.id


async def test_what_is_said_to_the_app_comes_twice(
    slack: Slack, echo: Echo, ann: Person, channel: Channel
) -> None:
    await ann.says(channel, "-@echo wake up, @ann and @channel")
    await echo.hears(2)
    [said], [mention] = events(echo), events(echo, "app_mention")
    assert said["ts"] == mention["ts"]
    assert said["text"] == f"-{slack.bot.mention} wake up, {ann.mention} and <!channel>"
    assert len({each["event_id"] for each in echo.heard}) == 2


@pytest.mark.parametrize("text", ["<@U123> <!channel>", "&lt; <http://x.y|z>"])
async def test_nobody_can_type_what_slack_writes(echo: Echo, ann: Person, text: str) -> None:
    message = await ann.says(ann.place, f"-{text}")
    assert "<@" not in message.text.replace("&lt;@", "")
    assert message.pings == []
    await echo.hears(1)


async def test_direct_messages(echo: Echo, ann: Person) -> None:
    await ann.tells("hello")
    assert (await ann.hears(ann.dm)).text == "heard hello"
    assert events(echo)[0]["channel_type"] == "im"


async def test_private_channels_and_group_messages(slack: Slack, echo: Echo, ann: Person) -> None:
    ann.place.members.pop(ann.id)
    secret = slack.channel("secret", private=True)
    bob = slack.user("bob", channels=[secret])
    group = slack.group_dm(ann, bob)
    await bob.says(secret, "psst")
    await bob.hears(secret, "heard psst")
    await ann.says(group, "all of us")
    await bob.hears(group, "heard all of us")
    assert [each["channel_type"] for each in events(echo)] == ["group", "mpim"]
    assert ann.sees(secret) == []


async def test_changes_and_deletions_are_heard(echo: Echo, ann: Person, channel: Channel) -> None:
    said = await ann.says(channel, "-one")
    await ann.edits(said, "-two")
    await ann.deletes(said)
    await echo.hears(3)
    _, changed, deleted = events(echo)
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert changed["previous_message"]["text"] == "-one"
    assert (changed["message"]["text"], changed["message"]["ts"]) == ("-two", said.ts)
    assert changed["message"]["edited"]["user"] == ann.id
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.ts)
    assert deleted["previous_message"]["user"] == ann.id
    assert ann.sees(channel) == []


async def test_a_stone_stays_where_a_thread_hangs(echo: Echo, ann: Person, channel: Channel) -> None:
    first = await ann.says(channel, "-one")
    await ann.says(channel, "-two", thread=first)
    await ann.deletes(first)
    await echo.hears(3)
    stone = events(echo)[2]
    assert (stone["subtype"], stone["message"]["subtype"]) == ("message_changed", "tombstone")
    assert stone["message"]["ts"] == first.ts
    thread = await echo.client.conversations_replies(channel=channel.id, ts=first.ts)
    assert [each.get("subtype") for each in thread["messages"]] == ["tombstone", None]


async def test_the_app_does_not_hear_itself(slack: Slack, echo: Echo, ann: Person) -> None:
    await ann.says(ann.place, "once")
    await ann.hears(ann.place)
    await slack.settled()
    told = [each.event for each in slack.events]
    assert [each.get("bot_id") for each in told] == [None, slack.bot.bot_id]
    assert told[1]["app_id"] == slack.bot.app_id
    assert len(echo.heard) == 1


async def test_it_hears_nothing_where_it_is_not(slack: Slack, echo: Echo, ann: Person) -> None:
    elsewhere = slack.channel("elsewhere", member=False)
    await ann.joins(elsewhere)
    await ann.says(elsewhere, "@echo are you there?")
    assert slack.events == []
    joined = slack.invite(elsewhere)
    assert joined.subtype == "channel_join"
    await ann.says(elsewhere, "now?")
    await ann.hears(elsewhere, "heard now?")
    slack.kick(elsewhere)
    await ann.says(elsewhere, "and now?")
    await echo.hears(3)
    await slack.settled()
    assert [each["event"]["type"] for each in echo.heard] == [
        "member_joined_channel",
        "message",
        "channel_left",
    ]


async def test_who_comes_and_goes(slack: Slack, echo: Echo, channel: Channel) -> None:
    bob = slack.user("bob")
    await bob.joins(channel)
    await bob.leaves(channel)
    await echo.hears(4)
    kinds = [(each["event"]["type"], each["event"].get("subtype")) for each in echo.heard]
    assert kinds == [
        ("member_joined_channel", None),
        ("message", "channel_join"),
        ("member_left_channel", None),
        ("message", "channel_leave"),
    ]


async def test_reactions(slack: Slack, echo: Echo, ann: Person, channel: Channel) -> None:
    said = await ann.says(channel, "-look")
    await ann.reacts(said, "eyes")
    await echo.hears(2)
    assert events(echo, "reaction_added")[0]["item"]["ts"] == said.ts
    await echo.client.reactions_add(channel=channel.id, timestamp=said.ts, name="tada")
    assert list(said.reactions) == ["eyes", "tada"]


async def test_hearing_goes_on_from_what_was_heard(slack: Slack, echo: Echo, ann: Person) -> None:
    for text in ("one", "two"):
        await ann.says(ann.place, text)
    assert (await ann.hears(ann.place, "two")).text == "heard two"
    with pytest.raises(AssertionError, match="ann: one"):
        await ann.hears(ann.place, "one", within=0.05)


# -- what nobody can do ------------------------------------------------------------------------------------


async def test_people_can_only_do_what_slack_lets_them(slack: Slack, ann: Person, channel: Channel) -> None:
    elsewhere = slack.channel("elsewhere")
    bob = slack.user("bob", channels=[channel])
    said = await bob.says(channel, "mine")
    for what in (
        ann.says(elsewhere, "hello"),
        ann.says(channel, "  "),
        ann.says(channel, "x" * 12_001),
        ann.edits(said, "yours"),
        ann.deletes(said),
        ann.command("/nothing"),
        ann.command("/echo", at=elsewhere),
        ann.command("/echo", at=said),  # type: ignore[arg-type]
        ann.hears(elsewhere),
    ):
        with pytest.raises(AssertionError):
            await what
    slack.archive(channel)
    with pytest.raises(AssertionError, match="archived"):
        await ann.says(channel, "anybody?")
    await slack.post.close()


@pytest.mark.parametrize(
    ("scopes", "subscribed"),
    [
        (SCOPES, [each for each in EVENTS if each != "message.channels"]),
        ([each for each in SCOPES if each != "channels:history"], EVENTS),
    ],
)
async def test_events_need_a_subscription_and_a_scope(scopes: list[str], subscribed: list[str]) -> None:
    async with Slack(manifest(scopes, subscribed)) as slack:
        ann = slack.user("ann", channels=[slack.channel("debates")])
        await ann.says(ann.place, "@echo anybody?")
        assert [each.event["type"] for each in slack.events] == ["app_mention"]
        await ann.tells("you?")
        assert [each.event["type"] for each in slack.events] == ["app_mention", "message"]


# -- what messages show ------------------------------------------------------------------------------------

BLOCKS: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Flow"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Bold* <!here>"}, "fields": []},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "see "},
                    {"type": "link", "url": "https://a.example", "text": "this"},
                    {"type": "broadcast", "range": "channel"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": word}]}
                    for word in ("one", "two")
                ],
            },
        ],
    },
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}, {"type": "raw_text", "text": "y"}]]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "https://b.example"}]},
    {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}],
    },
]


async def test_all_that_a_reader_sees(echo: Echo, ann: Person, channel: Channel) -> None:
    shown = [each for each in BLOCKS if each["type"] != "section"] + [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Bold* <!here>"}}
    ]
    await echo.client.chat_postMessage(channel=channel.id, text=f"For {ann.mention}", blocks=shown)
    message = await ann.hears(channel, "two")
    lines = ["Flow", "see this<!channel>", "one", "two", "x", "y", "https://b.example", "*Bold* <!here>"]
    assert message.text_shown.splitlines() == lines
    assert message.buttons == {"Go": "go"}
    assert message.pings == ["<!here>", ann.mention, "<!channel>"]
    assert message.links == ["https://b.example", "https://a.example"]
    assert message.unfurls


@pytest.mark.parametrize(
    ("sent", "pings", "links"),
    [
        ({"text": "&lt;!channel&gt; &lt;@U1&gt;"}, [], []),
        (
            {"text": "<!everyone> <@U0ABC|x> <!subteam^S1>"},
            ["<!everyone>", "<@U0ABC|x>", "<!subteam^S1>"],
            [],
        ),
        (
            {"text": "<https://a.example|here>, https://b.example"},
            [],
            ["https://a.example", "https://b.example"],
        ),
        ({"text": "https://b.example", "parse": "none"}, [], []),
        ({"text": "@everyone", "link_names": True}, ["@everyone"], []),
    ],
)
async def test_whom_a_text_calls(
    echo: Echo, ann: Person, sent: Json, pings: list[str], links: list[str]
) -> None:
    await echo.client.chat_postMessage(channel=ann.place.id, unfurl_links=False, unfurl_media=False, **sent)
    message = await ann.hears(ann.place)
    assert (message.pings, message.links, message.unfurls) == (pings, links, False)


# -- what is typed -----------------------------------------------------------------------------------------


async def test_what_slack_makes_of_what_is_typed(slack: Slack, ann: Person, channel: Channel) -> None:
    message = await ann.says(
        channel, "@ann see https://a.example/x?y=1. #debates :tada: @here & mail@echo.example"
    )
    assert message.text == (
        f"{ann.mention} see <https://a.example/x?y=1>. <#{channel.id}|debates> :tada: <!here> &amp; mail@echo.example"
    )
    kinds = [each["type"] for each in message.blocks[0]["elements"][0]["elements"]]
    assert [each for each in kinds if each != "text"] == ["user", "link", "channel", "emoji", "broadcast"]
    assert message.text_shown.startswith(f"{ann.mention} see https://a.example/x?y=1. ")
    assert message.pings == [ann.mention, "<!here>"]
    await slack.post.close()


async def test_other_channels_and_what_happens_to_them() -> None:
    async with Slack(manifest(events=[*EVENTS, "group_archive"])) as slack:
        secret = slack.channel("secret", private=True)
        slack.archive(secret)
        slack.kick(secret)
        slack.archive(slack.channel("open"))
        assert [each.event["type"] for each in slack.events] == [
            "group_archive",
            "group_left",
            "channel_archive",
        ]


async def test_the_token_is_taken_away(slack: Slack, ann: Person) -> None:
    slack.revoke_token()
    await ann.says(ann.place, "@echo hello?")
    await ann.tells("hello?")
    await ann.opens_messages_tab()
    slack.archive(ann.place)
    assert [each.event["type"] for each in slack.events] == ["tokens_revoked"]


async def test_a_broadcast_stands_in_both_places(slack: Slack, ann: Person, channel: Channel) -> None:
    first = await ann.says(channel, "first")
    reply = await ann.says(channel, "both", thread=first, broadcast=True)
    assert ann.sees(channel) == [first, reply]
    assert ann.sees(channel, first) == [first, reply]
    await ann.deletes(reply)
    assert ann.sees(channel) == ann.sees(channel, first) == [first]
    assert slack.events[1].event["subtype"] == "thread_broadcast"


async def test_again_needs_something_that_happened(slack: Slack) -> None:
    with pytest.raises(AssertionError, match="nothing has happened"):
        await slack.again()
