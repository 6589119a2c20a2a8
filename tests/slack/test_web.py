"""Slack's Web API as the bot uses it: once and not twice, page after page, whatever comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web as server
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack import web as web_module
from adapters.slack.manifest import manifest
from adapters.slack.pace import Pace
from adapters.slack.render import notice
from adapters.slack.showing import close_buttons, tell
from adapters.slack.web import NOT_SHOWN, Client, Identity, Mark, Web, code, digest
from bot.messages import Place
from tests.doubles.slack import Channel, Person, Slack
from tests.slack.conftest import Service
from tests.slack.play import start

WORDS = notice("Words.")


def mark(key: str = "slack:T1:C1:1.0", part: str = "0") -> Mark:
    return Mark(key, datetime.now(UTC), part)


@pytest.fixture
async def double() -> AsyncIterator[Slack]:
    async with Slack(manifest()) as slack:
        yield slack


@pytest.fixture
async def web(double: Slack) -> AsyncIterator[Web]:
    async with aiohttp.ClientSession() as session:
        sdk = Client(double.bot_token, base_url=double.api, session=session, retry_handlers=[])
        yield Web(sdk, Identity(double.team, double.bot.id, "https://club.slack.com/"), Pace(0))


def at(double: Slack, channel: Channel, thread: str = "") -> Place:
    return Place("slack", double.team, channel.id, thread)


# --- once, and not twice ---


@pytest.mark.parametrize("fault", [(0,), (0, None, True), ("internal_error",), ("fatal_error", None, True)])
async def test_a_message_whose_arrival_is_unsure_stands_there_once(
    double: Slack, web: Web, room: Channel, fault: tuple[Any, ...]
) -> None:
    double.fail.append(("chat.postMessage", *fault))
    ts = await web.post(at(double, room), WORDS, mark())
    assert [message.ts for message in room.top] == [ts]


async def test_other_parts_and_other_answers_are_not_taken_for_it(
    double: Slack, web: Web, room: Channel
) -> None:
    place = at(double, room)
    await web.post(place, WORDS, mark(part="1"))
    await web.post(place, WORDS, mark("another"))
    double.fail.append(("chat.postMessage", "internal_error"))
    await web.post(place, WORDS, mark())
    assert len(room.top) == 3
    assert set(await web.posted(place, mark().key, mark().at)) == {"0", "1"}


async def test_it_is_given_up_at_last(double: Slack, web: Web, room: Channel) -> None:
    double.fail.extend([("chat.postMessage", "internal_error")] * web_module.TRIES)
    with pytest.raises(SlackApiError, match="internal_error"):
        await web.post(at(double, room), WORDS, mark())
    assert double.fail == []
    assert room.top == []


async def test_what_slack_refuses_for_sure_is_not_sent_again(double: Slack, web: Web, room: Channel) -> None:
    double.fail.append(("chat.postMessage", "restricted_action"))
    with pytest.raises(SlackApiError):
        await web.post(at(double, room), WORDS, mark())
    assert len(double.asked("chat.postMessage")) == 1


async def test_the_metadata_tells_nobody_whose_words_were_answered(
    double: Slack, web: Web, room: Channel
) -> None:
    await web.post(at(double, room), WORDS, mark("slack:T1:C1:1700000000.000100"))
    (sent,) = double.asked("chat.postMessage")
    held = sent.args["metadata"]
    assert held["event_payload"]["answer"] == digest("slack:T1:C1:1700000000.000100")
    assert "1700000000" not in str(held)


# --- page after page ---


@pytest.mark.parametrize("threaded", [False, True])
async def test_everything_since_a_moment_is_found_in_its_order(
    double: Slack, web: Web, room: Channel, threaded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_module, "PAGE", 3)
    ann = double.user("ann", channels=[room])
    root = await ann.says(room, "The first.")
    said = [await ann.says(room, f"{number}.", thread=root if threaded else None) for number in range(8)]
    place = at(double, room, root.ts if threaded else "")
    found = await web.since(place, said[0].ts)
    assert [message["ts"] for message in found] == [message.ts for message in said[1:]]
    assert [message["ts"] for message in await web.newest(place, 2)] == [said[6].ts, said[7].ts]


async def test_a_place_where_nothing_was_said(double: Slack, web: Web, room: Channel) -> None:
    assert await web.since(at(double, room), "0") == []
    assert await web.newest(at(double, room), 5) == []
    assert await web.posted(at(double, room), "key", datetime.now(UTC)) == {}


async def test_metadata_of_others_is_passed_over(double: Slack, web: Web, room: Channel) -> None:
    ts = await web.post(at(double, room), WORDS, mark())
    room.messages[ts].metadata = {
        "event_type": "another_app",
        "event_payload": {"answer": digest(mark().key)},
    }
    assert await web.posted(at(double, room), mark().key, mark().at) == {}
    room.messages[ts].metadata = None
    assert await web.posted(at(double, room), mark().key, mark().at) == {}


# --- where the bot is ---


async def test_whether_it_is_in_a_channel_is_asked_once(double: Slack, web: Web, room: Channel) -> None:
    assert await web.is_member(room.id)
    assert await web.is_member(room.id)
    assert len(double.asked("conversations.info")) == 1
    web.forget_member(room.id)
    double.kick(room)
    assert not await web.is_member(room.id)
    double.invite(room)
    assert await web.is_member(room.id)


async def test_channels_that_it_cannot_know_of(double: Slack, web: Web, lobby: Channel) -> None:
    assert not await web.is_member(lobby.id)
    assert not await web.is_member(double.channel("secret", member=False, private=True).id)
    assert not await web.is_member("C0NOTHING")
    double.fail.append(("conversations.info", "internal_error"))
    with pytest.raises(SlackApiError):
        await web.is_member(lobby.id)
    web.forget_member("C0NOTHING")


async def test_all_its_channels_are_learnt_at_once(
    double: Slack, web: Web, room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_module, "PAGE", 2)
    mine = [room, *(double.channel(f"c{number}", private=number % 2 == 0) for number in range(4))]
    await web.learn_channels()
    assert all([await web.is_member(channel.id) for channel in mine])
    assert not double.asked("conversations.info")


async def test_direct_messages_are_opened_once(double: Slack, web: Web, ann: Person) -> None:
    assert await web.room(ann.id) == await web.room(ann.id) == at(double, ann.dm)
    assert len(double.asked("conversations.open")) == 1


async def test_who_may_set_the_workspace_up(double: Slack, web: Web, ann: Person) -> None:
    assert not await web.is_admin(ann.id)
    assert await web.is_admin(double.user("boss", admin=True).id)
    assert await web.is_admin(double.user("owner", owner=True).id)


def test_links() -> None:
    me = Identity("T1", "U1", "https://club.slack.com/")
    web = Web(Client("xoxb-1"), me, Pace(0))
    thread = Place("slack", "T1", "C1", "1700000000.000100")
    assert web.link(thread) == "https://club.slack.com/archives/C1/p1700000000000100"
    assert web.link(Place("slack", "T1", "D1")) == "https://club.slack.com/archives/D1"


# --- what Slack does not tell or take ---


async def test_a_debate_begins_where_slack_does_not_say_whether_the_bot_is(
    double: Slack, ann: Person, folder: Path
) -> None:
    service = Service(double, folder)
    await service.start()
    new = double.channel("new")
    eve = double.user("eve", channels=[new])
    double.fail.append(("conversations.info", "internal_error"))
    await start(eve, new)
    await service.stop()


async def test_buttons_that_cannot_be_taken_away_hold_nothing_up(
    double: Slack, web: Web, room: Channel
) -> None:
    double.fail.append(("conversations.history", "internal_error"))
    await close_buttons(web, at(double, room), 1, [])
    assert double.fail == []


async def test_what_is_for_one_person_goes_where_it_can(
    double: Slack, web: Web, room: Channel, lobby: Channel, ann: Person
) -> None:
    await tell(web, ann.id, at(double, room), WORDS)
    assert [message.ephemeral_for for message in room.messages.values()] == [ann.user]
    await tell(web, ann.id, at(double, lobby), WORDS)  # where the bot is not
    assert [message.words for message in ann.dm.top if "Words." in message.words]
    double.fail.append(("chat.postEphemeral", "internal_error"))
    with pytest.raises(SlackApiError):
        await tell(web, ann.id, at(double, room), WORDS)


# --- response URLs ---


async def test_a_response_url_that_is_no_more_is_an_error(double: Slack, web: Web) -> None:
    with pytest.raises(SlackClientError, match="404"):
        await web.respond(f"{double.world.base}/response/commands/T1/gone", WORDS)


# --- whatever comes back ---


@asynccontextmanager
async def answering(status: int, kind: str, text: str) -> AsyncIterator[Web]:
    """The bot before a server that answers everything alike, as a proxy between does."""

    async def answer(_: server.Request) -> server.Response:
        return server.Response(status=status, text=text, content_type=kind)

    app = server.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = server.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await server.TCPSite(runner, "127.0.0.1", 0).start()
    api = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        async with aiohttp.ClientSession() as session:
            sdk = Client("xoxb-1", base_url=api, session=session, retry_handlers=[])
            yield Web(sdk, Identity("T1", "U1", ""), Pace(0))
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        (503, "text/plain", "upstream connect error or disconnect/reset before headers"),
        (500, "text/html", "<html>error</html>"),
        (502, "application/json", "not JSON"),
        (500, "application/json", '"words"'),
        (200, "text/plain", "ok"),
        (200, "text/html", "<html>log in</html>"),
        (200, "application/json", "[]"),
        (200, "application/json", '{"ok": false}'),
    ],
)
async def test_whatever_comes_back_is_an_error_that_is_counted_with(
    status: int, kind: str, text: str
) -> None:
    """Else an answer would be lost instead of shown later."""
    place = Place("slack", "T1", "C1")
    async with answering(status, kind, text) as web:
        with pytest.raises(NOT_SHOWN) as told:
            await web.say(place, WORDS)
        assert code(told.value)
        with pytest.raises(NOT_SHOWN):
            async with asyncio.timeout(20):
                await web.post(place, WORDS, mark())


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_after_an_error_of_a_server_it_is_looked_whether_the_message_arrived(
    double: Slack, web: Web, room: Channel, status: int
) -> None:
    double.fail.append(("chat.postMessage", status, None, True))
    ts = await web.post(at(double, room), WORDS, mark())
    assert [message.ts for message in room.top] == [ts]


def test_what_an_error_is_called() -> None:
    for answer, called in (({"ok": False, "error": "not_in_channel"}, "not_in_channel"), ({}, "unknown")):
        assert code(SlackApiError("refused", answer)) == called  # type: ignore[no-untyped-call]
    assert code(TimeoutError("words of somebody")) == "TimeoutError"
