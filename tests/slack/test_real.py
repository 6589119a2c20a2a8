"""The real Slack, where somebody gives tokens for it, and a channel's id that the bot may write in:

    GADFLY_REAL_SLACK_BOT_TOKEN=xoxb-... GADFLY_REAL_SLACK_APP_TOKEN=xapp-... GADFLY_REAL_SLACK_CHANNEL=C... \\
        ./gadfly test tests/slack/test_real.py

What is posted there is taken away again. The same is done to the double, so that it is known to work.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render, run
from adapters.slack.manifest import manifest
from adapters.slack.pace import Pace
from adapters.slack.run import Access
from adapters.slack.web import Client, Identity, Mark, Web
from bot.messages import (
    Ask,
    Ballot,
    Choice,
    Choices,
    FlowLine,
    FlowSheet,
    Heading,
    HeardLine,
    HeardSheet,
    Notice,
    Paragraph,
    Place,
    Quote,
    Reply,
    Score,
    ScoreLine,
)
from content.deck import Move
from tests.doubles.slack import Slack

BOT_TOKEN = os.environ.get("GADFLY_REAL_SLACK_BOT_TOKEN", "")
APP_TOKEN = os.environ.get("GADFLY_REAL_SLACK_APP_TOKEN", "")
CHANNEL = os.environ.get("GADFLY_REAL_SLACK_CHANNEL", "")

NASTY = (
    "<!here> <@U1> <https://example.com|free> @here :tada: https://example.com *b* _i_ `c` ~s~ &amp; #general"
)

SCORE = Score(
    (
        ScoreLine("content", "a claim", NASTY, 3, 3.5, 4),
        ScoreLine("extra", "a warning", "", None, -1, 0, "Fix."),
    ),
    (("content", 21.5, 40), ("extra", 0, 10)),
    21.5,
)

EVERYTHING = Reply(
    (
        Heading("Every kind of block"),
        HeardSheet(2, (HeardLine(3, NASTY, "A tag.", "f01", ((1, Move.TURN),), sure=False),)),
        Paragraph(f"I say {NASTY}", "speech"),
        Quote("the essay", "¶11", "a gloss"),
        Paragraph("Why?", "question"),
        FlowSheet(
            (
                FlowLine(1, False, NASTY, "a01", None, "turned"),
                FlowLine(2, True, "point", None, 1, "open"),
            ),
            3,
        ),
        Ballot((("A clash", "You lead", "two dropped"),), "You win.", SCORE, "Practise.", "Rubric 1", 60),
        Ask("What do you say?"),
        Notice("A notice."),
        Choices((Choice("Hint", "!hint"), Choice("End", "!end"))),
        Choices(
            (Choice("a reading", "!contest 1 a"), Choice("another", "!contest 1 b")), "What did you mean?"
        ),
    ),
    debate=1,
)

KINDS = {"header", "rich_text", "divider", "table", "context", "actions"}


async def shown_and_taken_away(token: str, channel: str, api: str = AsyncWebClient.BASE_URL) -> None:
    """A thread with a reply of every kind of block: as Slack keeps it, then gone."""
    async with aiohttp.ClientSession() as session:
        client = Client(token, base_url=api, session=session)
        found = await client.auth_test()
        me = Identity(str(found["team_id"]), str(found["user_id"]), str(found["url"]))
        web, now = Web(client, me, Pace(run.PACE)), datetime.now(UTC)
        key = f"slack:smoke:{now.timestamp()}"
        place = Place("slack", me.team, channel)
        root = await web.post(place, render.notice("A smoke test of Gadfly"), Mark(key, now, "root"))
        thread, sent = Place("slack", me.team, channel, root), {"root": root}
        try:
            messages = render.messages(EVERYTHING, reply_button=True)
            for part, message in enumerate(messages):
                sent[str(part)] = await web.post(thread, message, Mark(key, now, str(part)))
            assert {block["type"] for message in messages for block in message.blocks} == KINDS
            assert await web.posted(thread, key, now) == sent
            await _as_it_was_sent(client, channel, sent, Mark(key, now, ""), messages)
        finally:
            for ts in reversed(sent.values()):
                await client.chat_delete(channel=channel, ts=ts)
        assert await web.posted(place, key, now) == {}


async def _as_it_was_sent(
    client: AsyncWebClient,
    channel: str,
    sent: dict[str, str],
    mark: Mark,
    messages: tuple[render.Message, ...],
) -> None:
    answer = await client.conversations_replies(channel=channel, ts=sent["root"], include_all_metadata=True)
    kept: dict[str, Any] = {message["ts"]: message for message in answer["messages"]}
    for part, message in enumerate(messages):
        there = kept[sent[str(part)]]
        assert there["metadata"] == Mark(mark.key, mark.at, str(part)).metadata()
        assert there["thread_ts"] == sent["root"]
        assert [block["type"] for block in there["blocks"]] == [block["type"] for block in message.blocks]
        assert _ids(there["blocks"]) == _ids(list(message.blocks))


def _ids(blocks: list[Any]) -> list[str]:
    actions = [block for block in blocks if block["type"] == "actions"]
    return [item["action_id"] for block in actions for item in block["elements"]]


@pytest.mark.skipif(not (BOT_TOKEN and APP_TOKEN), reason="needs GADFLY_REAL_SLACK_BOT_TOKEN and _APP_TOKEN")
async def test_the_check_passes_at_home() -> None:
    said = list[str]()
    code = await asyncio.to_thread(run.check, Access(BOT_TOKEN, APP_TOKEN), said.append)
    assert code == 0, "\n".join(said)


@pytest.mark.skipif(not (BOT_TOKEN and CHANNEL), reason="needs GADFLY_REAL_SLACK_BOT_TOKEN and _CHANNEL")
async def test_every_kind_of_block_is_taken_at_home_and_read_back() -> None:
    await shown_and_taken_away(BOT_TOKEN, CHANNEL)


async def test_the_same_works_with_the_double() -> None:
    async with Slack(manifest()) as double:
        channel = double.channel("smoke")
        await shown_and_taken_away(double.bot_token, channel.id, double.api)
        assert channel.messages == {}
