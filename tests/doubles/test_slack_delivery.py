"""How payloads come to the app: acknowledged, again, twice, over many sockets, and signed to a URL."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.doubles.slack import Channel, Delivery, Person, Slack, Unanswered
from tests.doubles.slack.reading import Json
from tests.doubles.slack_apps import (
    HTTP,
    SOCKET,
    TRANSPORTS,
    Echo,
    by_http,
    by_socket,
    manifest,
    running,
)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack(manifest()) as slack:
        yield slack


@pytest.fixture
def channel(slack: Slack) -> Channel:
    return slack.channel("debates")


@pytest.fixture
def ann(slack: Slack, channel: Channel) -> Person:
    return slack.user("ann", channels=[channel])


@pytest.fixture(params=TRANSPORTS)
async def echo(slack: Slack, request: pytest.FixtureRequest) -> AsyncIterator[Echo]:
    async with running(slack, request.param, noting) as echo:
        yield echo


def noting(echo: Echo) -> None:
    """Writes down messages, with what says how often they were tried."""

    @echo.app.event("message")
    async def message(body: Json, request: Any) -> None:
        tries = {key: request.headers.get(f"x-slack-retry-{key}", [""])[0] for key in ("num", "reason")}
        echo.hear(body | {"retry": tries})


def failing(echo: Echo, times: int) -> None:
    """Fails so many times, and then writes down what comes."""
    left = [times]

    @echo.app.event("message")
    async def message(body: Json, request: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise ValueError("not now")
        echo.hear({"num": request.headers["x-slack-retry-num"][0]})


def texts(echo: Echo) -> list[str]:
    return [each["event"]["text"] for each in echo.heard]


# -- acknowledged, or again --------------------------------------------------------------------------------


async def test_what_is_acknowledged_comes_once(slack: Slack, echo: Echo, ann: Person) -> None:
    await ann.says(ann.place, "once")
    await slack.settled()
    assert texts(echo) == ["once"]
    [delivery] = slack.events
    assert delivery.acknowledged
    [attempt] = delivery.attempts
    assert attempt.number == 0
    assert slack.acks == [("events_api", attempt.seconds)]


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_failed_comes_again(slack: Slack, ann: Person, transport: str) -> None:
    slack.ack_window = (
        0.3 if transport == SOCKET else 60.0
    )  # over HTTP the app says that it failed: nothing is waited for
    slack.retry_delays = [0, 0, 0]
    async with running(slack, transport, lambda echo: failing(echo, 2)) as echo:
        await ann.says(ann.place, "hello")
        await slack.settled()
        assert echo.heard == [{"num": "2"}]
    [delivery] = slack.events
    assert [each.number for each in delivery.attempts] == [0, 1, 2]
    reason = "timeout" if transport == SOCKET else "http_error"
    assert [each.reason for each in delivery.attempts] == ["", reason, reason]
    if transport == SOCKET:
        assert len({each.envelope for each in delivery.attempts}) == 3


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_after_three_more_attempts_it_is_lost(slack: Slack, ann: Person, transport: str) -> None:
    slack.ack_window = 0.05
    async with running(slack, transport, lambda echo: failing(echo, 9)):
        await ann.says(ann.place, "hello")
        [delivery] = slack.events
        await slack.until(lambda: failures(delivery) == 2)  # the second comes at once
        slack.pass_time(60)
        await slack.until(lambda: failures(delivery) == 3)
        slack.pass_time(299)
        assert not delivery.over
        slack.pass_time(1)
        await slack.settled()
    assert not delivery.acknowledged
    assert failures(delivery) == 4


def failures(delivery: Delivery) -> int:
    return sum(bool(each.failed) for each in delivery.attempts)


async def test_one_event_twice(slack: Slack, echo: Echo, ann: Person) -> None:
    await ann.says(ann.place, "twice")
    await slack.settled()
    await slack.again()
    first, second = echo.heard
    assert first["event_id"] == second["event_id"]
    assert first["event"]["ts"] == second["event"]["ts"]
    assert (first["retry"]["num"], second["retry"]["num"]) in {("0", "0"), ("", "")}


async def test_a_share_of_all_comes_twice(slack: Slack, echo: Echo, ann: Person) -> None:
    slack.ack_window = (
        60.0  # what a busy machine acknowledges late comes again as well, and is not meant here
    )
    slack.duplicate = 0.2
    slack.seed(1)
    for n in range(100):
        await ann.says(ann.place, f"{n}")
    await slack.settled(60)
    counts = Counter(texts(echo))
    assert len(counts) == 100
    assert 10 <= sum(count == 2 for count in counts.values()) <= 30
    assert set(counts.values()) == {1, 2}


# -- sockets -----------------------------------------------------------------------------------------------


async def test_each_payload_goes_to_one_of_the_sockets(slack: Slack, ann: Person) -> None:
    echo = Echo(slack)
    noting(echo)
    async with by_socket(slack, echo), by_socket(slack, echo), by_socket(slack, echo):
        await slack.connected(sockets=3)
        for n in range(9):
            await ann.says(ann.place, f"{n}")
        await slack.settled()
    assert sorted(texts(echo)) == [f"{n}" for n in range(9)]


async def test_ten_sockets_and_no_more(slack: Slack) -> None:
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def connect() -> aiohttp.ClientWebSocketResponse:
            return await stack.enter_async_context(session.ws_connect(slack.sockets.ticket()))

        sockets = [await connect() for _ in range(10)]
        greetings = [await each.receive_json() for each in sockets]
        assert [each["num_connections"] for each in greetings] == list(range(1, 11))
        assert greetings[0]["type"] == "hello"
        eleventh = await connect()
        assert await eleventh.receive_json() == {"type": "disconnect", "reason": "too_many_websockets"}


async def test_a_ticket_is_good_once(slack: Slack) -> None:
    ticket = slack.sockets.ticket()
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(ticket) as socket:
            await socket.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(ticket)


async def test_envelopes_as_slack_writes_them(slack: Slack, ann: Person) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.ticket()) as socket:
        await socket.receive_json()
        await ann.says(ann.place, "hello")
        event = await socket.receive_json()
        assert set(event) == {
            "envelope_id", "payload", "type", "accepts_response_payload", "retry_attempt", "retry_reason",
        }  # fmt: skip
        assert (event["type"], event["accepts_response_payload"]) == ("events_api", False)
        await socket.send_json({"envelope_id": event["envelope_id"]})
        await slack.settled()
        using = asyncio.create_task(ann.command("/echo", "hi"))
        command = await socket.receive_json()
        assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)
        assert "retry_attempt" not in command
        await socket.send_json({"envelope_id": command["envelope_id"], "payload": {"text": "yes"}})
        assert (await using).text == "yes"
        await socket.ping(b"sdk-ping-pong:1.5")


async def test_an_acknowledgement_may_come_over_another_socket(slack: Slack, ann: Person) -> None:
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        first = await stack.enter_async_context(session.ws_connect(slack.sockets.ticket()))
        await first.receive_json()
        await ann.says(ann.place, "hello")
        envelope = await first.receive_json()
        second = await stack.enter_async_context(session.ws_connect(slack.sockets.ticket()))
        await second.send_json({"envelope_id": envelope["envelope_id"]})
        await slack.settled()
    assert slack.events[0].acknowledged


async def test_pings_are_answered(slack: Slack) -> None:
    echo = Echo(slack)
    async with by_socket(slack, echo) as handler:
        client = handler.client
        assert client is not None
        await asyncio.wait_for(_ponged(client), 5)


async def _ponged(client: Any) -> None:
    begun = time.time()
    while not (client.last_ping_pong_time and client.last_ping_pong_time > begun):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)


async def test_slack_asks_to_connect_anew(slack: Slack, ann: Person) -> None:
    async with running(slack, SOCKET, noting) as echo:
        for n in range(3):
            before = slack.sockets.opened
            await slack.sockets.refresh()
            await ann.says(ann.place, f"{n}")
            await echo.hears(n + 1)
            assert slack.sockets.opened > before
    assert texts(echo) == ["0", "1", "2"]


async def test_a_warning_alone_closes_nothing_by_itself(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.ticket()) as socket:
        await socket.receive_json()
        await slack.sockets.warn()
        assert (await socket.receive_json())["reason"] == "warning"
        assert slack.sockets.open


async def test_what_is_said_while_no_socket_is_open_comes_later(slack: Slack, ann: Person) -> None:
    await ann.says(ann.place, "early")
    async with running(slack, SOCKET, noting) as echo:
        [early] = await echo.hears(1)
    assert early["retry"] == {"num": "1", "reason": "timeout"}


@pytest.mark.parametrize(("minutes", "number"), [(0.5, "1"), (2, "2"), (5.9, "2"), (6.1, None)])
async def test_how_long_it_waits(slack: Slack, ann: Person, minutes: float, number: str | None) -> None:
    await ann.says(ann.place, "early")
    slack.pass_time(60.0 * minutes)
    if number is None:
        await slack.settled()
        assert not slack.events[0].acknowledged
        return
    async with running(slack, SOCKET, noting) as echo:
        [early] = await echo.hears(1)
    assert early["retry"]["num"] == number


async def test_sockets_are_cut_while_people_talk(slack: Slack, ann: Person) -> None:
    async with running(slack, SOCKET, noting) as echo:
        await ann.says(ann.place, "before")
        await slack.settled()
        await slack.sockets.drop()
        await ann.says(ann.place, "meanwhile")
        await echo.hears(2)
    assert texts(echo) == ["before", "meanwhile"]
    assert echo.heard[1]["retry"]["num"] == "1"


async def test_what_was_on_its_way_when_the_socket_was_cut_comes_again(slack: Slack, ann: Person) -> None:
    slack.ack_window = 60.0
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(slack.sockets.ticket()) as socket:
            await socket.receive_json()
            await ann.says(ann.place, "lost")
            first = await socket.receive_json()
            await slack.sockets.drop()
        async with session.ws_connect(slack.sockets.ticket()) as socket:
            await socket.receive_json()
            second = await socket.receive_json()
            assert second["payload"] == first["payload"]
            assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
            assert second["envelope_id"] != first["envelope_id"]


async def test_a_command_needs_a_socket(slack: Slack, ann: Person) -> None:
    with pytest.raises(Unanswered):
        await ann.command("/echo")


async def test_socket_mode_is_turned_off(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.ticket()) as socket:
        await socket.receive_json()
        await slack.sockets.disable()
        assert (await socket.receive_json())["reason"] == "link_disabled"
        assert (await socket.receive()).type == aiohttp.WSMsgType.CLOSE


# -- a URL -------------------------------------------------------------------------------------------------


async def test_the_url_answers_the_challenge(slack: Slack) -> None:
    async with by_http(slack, Echo(slack)) as url:
        assert await slack.verify_url()
        slack.deliver_by_http(url.replace("/slack/", "/other/"))
        assert not await slack.verify_url()
    assert not await slack.verify_url()


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({}, 200),
        ({"secret": "wrong"}, 401),
        ({"late": 301}, 401),
        ({"late": 200}, 200),
        ({"late": -400}, 401),
    ],
)
async def test_signatures(slack: Slack, ann: Person, how: Json, status: int) -> None:
    async with running(slack, HTTP, noting) as echo:
        await ann.says(ann.place, "hello")
        await slack.settled()
        signed = {"timestamp": time.time() - how["late"]} if "late" in how else how
        assert await slack.deliver_raw(slack.events[0].payload, **signed) == status
        assert len(echo.heard) == (2 if status == 200 else 1)


async def test_commands_and_presses_can_be_forged_no_better(slack: Slack, ann: Person) -> None:
    async with running(slack, HTTP, noting) as echo:

        @echo.app.command("/echo")
        async def command(ack: Any) -> None:
            await ack()

        await ann.command("/echo")
        payload = slack.events[-1].payload
        assert await slack.deliver_raw(payload) == 200
        assert await slack.deliver_raw(payload, secret="wrong") == 401
        press = {"type": "block_actions", "actions": [], "user": {"id": ann.id}, "team": {"id": slack.team}}
        assert await slack.deliver_raw(press, secret="wrong") == 401


async def test_what_the_url_does_not_take_comes_again(slack: Slack, ann: Person) -> None:
    slack.retry_delays = [0, 0, 0]
    seen: list[dict[str, str]] = []
    answers = iter([500, 302, 404, 200])

    async def hook(request: web.Request) -> web.Response:
        seen.append({key: value for key, value in request.headers.items() if "Retry" in key})
        return web.Response(status=next(answers))

    async with served(slack, hook):
        await ann.says(ann.place, "hello")
        await slack.settled()
    assert [each.get("X-Slack-Retry-Num") for each in seen] == [None, "1", "2", "3"]
    assert seen[1]["X-Slack-Retry-Reason"] == "http_error"
    assert slack.events[0].acknowledged


async def test_the_url_can_refuse_to_be_tried_again(slack: Slack, ann: Person) -> None:
    async def hook(_request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with served(slack, hook):
        await ann.says(ann.place, "hello")
        await slack.settled()
    assert len(slack.events[0].attempts) == 1


async def test_the_url_is_slow(slack: Slack, ann: Person) -> None:
    slack.ack_window = 0.3
    slack.retry_delays = [0, 0, 0]
    enough = asyncio.Event()

    async def hook(request: web.Request) -> web.Response:
        if "X-Slack-Retry-Num" not in request.headers:
            await enough.wait()
        return web.Response()

    async with served(slack, hook):
        await ann.says(ann.place, "hello")
        await slack.settled()
        enough.set()
    assert [each.reason for each in slack.events[0].attempts] == ["", "http_timeout"]


async def test_nobody_is_there(slack: Slack, ann: Person) -> None:
    slack.retry_delays = [0, 0, 0]
    slack.deliver_by_http("http://127.0.0.1:9/nobody")
    await ann.says(ann.place, "hello")
    await slack.settled()
    assert [each.reason for each in slack.events[0].attempts] == ["", *["connection_failed"] * 3]
    with pytest.raises(Unanswered, match="connection_failed"):
        await ann.command("/echo")


@contextlib.asynccontextmanager
async def served(slack: Slack, handler: Any) -> AsyncIterator[None]:
    """A URL with anything behind it."""
    app = web.Application()
    app.router.add_post("/", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        yield
    finally:
        await runner.cleanup()
