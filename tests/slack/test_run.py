"""Starting, checking and stopping: what is wrong is named with its mend, and no token or ticket stands in a log."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import hmac
import io
import itertools
import logging
import os
import re
import signal
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web as server

from adapters import settings
from adapters.chat.service import Problem, log_without
from adapters.slack import run, words
from adapters.slack.manifest import manifest
from adapters.slack.run import Access
from adapters.slack.transport import LARGEST, PATH
from bot.store.errors import StoreError, Trouble
from tests.chat.whole import opening
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Channel, Person, Slack
from tests.slack.conftest import HTTP, QUICK, SOCKET, Service
from tests.slack.crowd import process
from tests.slack.play import HEARD, begin_directly, exchange, start

BOT, APP = "xoxb-1-canary", "xapp-1-A1-canary"

NOBODY = "http://127.0.0.1:9/api/"

LOGGERS = ("", "adapters", "adapters.slack", "slack_bolt", "slack_sdk")


@pytest.fixture(autouse=True)
def unchanged_log() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:]
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    yield
    root.handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def transport() -> str:
    """Sockets, but for what is of HTTP alone."""
    return SOCKET


def access(double: Slack, **more: str) -> Access:
    given = {
        "bot_token": double.bot_token,
        "app_token": double.app_token,
        "signing_secret": double.signing_secret,
        "api": double.api,
    }
    return Access(**(given | more))


def other_app(double: Slack) -> str:
    """Makes the app-level token that of another app."""
    double.web.app_token = double.app_token = "xapp-1-A0OTHER-canary"
    return double.app_token


# --- checking ---


async def checked(given: Access) -> tuple[int, str]:
    """The exit status and the words of ``gadfly slack --check``; in a thread, for it has a loop of its own."""
    said = list[str]()
    code = await asyncio.to_thread(run.check, given, said.append)
    return code, "\n".join(said)


def secretive(text: str, *secrets: str) -> None:
    for secret in secrets:
        assert secret not in text
        assert secret[-8:] not in text


async def test_a_check_finds_all_well(double: Slack, room: Channel) -> None:
    code, said = await checked(access(double))
    assert code == 0, said
    assert "ok   bot token: Gadfly in the workspace Club" in said
    assert "ok   scopes: all there" in said
    assert "ok   app-level token: a socket can be opened" in said
    assert "ok   channels: in 1" in said
    assert f"note {words.NOT_TOLD}" in said
    assert "BAD" not in said
    assert len(double.sockets.live) == 0
    secretive(said, double.bot_token, double.app_token, double.signing_secret)


async def test_a_check_for_signed_requests(double: Slack, room: Channel) -> None:
    code, said = await checked(access(double, http="127.0.0.1:3000", app_token=""))
    assert code == 0, said
    assert f"ok   signing secret: set; Slack must reach {PATH} at 127.0.0.1:3000" in said
    assert not double.asked("apps.connections.open")
    secretive(said, double.bot_token, double.signing_secret)


async def test_a_check_before_the_first_invitation(double: Slack) -> None:
    code, said = await checked(access(double))
    assert code == 0, said
    assert "note channels: the bot is in none yet" in said


async def test_an_address_of_slack_with_and_without_its_last_slash(double: Slack) -> None:
    for api in (double.api, double.api.rstrip("/")):
        assert (await checked(access(double, api=api)))[0] == 0


async def test_missing_scopes_are_named() -> None:
    lacking = manifest()
    for scope in ("users:read", "reactions:write", "channels:read"):
        lacking["oauth_config"]["scopes"]["bot"].remove(scope)
    async with Slack(lacking) as double:
        code, said = await checked(access(double))
    assert code == 1
    assert "BAD  scopes: the bot lacks channels:read, reactions:write, users:read." in said
    assert "gadfly slack manifest" in said
    assert "note app: whether both tokens are of one app is not told (missing_scope)" in said
    assert "note channels: not told (missing_scope)" in said
    assert "ok   app-level token" in said


async def test_tokens_of_two_apps_are_named(double: Slack) -> None:
    token = other_app(double)
    code, said = await checked(access(double))
    assert code == 1
    assert f"BAD  The two tokens belong to different apps ({double.bot.app_id} and A0OTHER)." in said
    secretive(said, token, double.bot_token)


async def test_an_app_level_token_that_names_no_app_is_not_blamed(double: Slack) -> None:
    double.web.app_token = double.app_token = "xapp-canary"
    assert (await checked(access(double)))[0] == 0


@pytest.mark.parametrize("token", ["wrong", "revoked"])
async def test_a_bot_token_that_slack_refuses_is_named(double: Slack, token: str) -> None:
    given = access(double, **({"bot_token": BOT} if token == "wrong" else {}))
    if token == "revoked":
        double.revoke_token()
    code, said = await checked(given)
    assert code == 1
    assert "BAD  Slack does not accept the bot token" in said
    assert ("invalid_auth" if token == "wrong" else "token_revoked") in said
    assert "OAuth & Permissions" in said
    secretive(said, given.bot_token)


async def test_an_app_level_token_that_slack_refuses_is_named(double: Slack, room: Channel) -> None:
    code, said = await checked(access(double, app_token=APP))
    assert code == 1
    assert "ok   bot token" in said
    assert "BAD  Slack does not accept the app-level token (invalid_auth)" in said
    assert "connections:write" in said
    assert "ok   channels: in 1" in said
    secretive(said, APP)


def test_a_check_names_all_that_is_missing() -> None:
    said = list[str]()
    assert run.check(Access(""), said.append) == 1
    assert said == [f"BAD  {words.NO_BOT_TOKEN}", f"BAD  {words.NO_APP_TOKEN}"]


async def test_a_check_goes_on_where_one_token_is_missing(double: Slack, room: Channel) -> None:
    code, said = await checked(access(double, app_token=""))
    assert code == 1
    assert f"BAD  {words.NO_APP_TOKEN}" in said
    assert "ok   scopes: all there" in said
    code, said = await checked(access(double, http="127.0.0.1:3000", signing_secret=" "))
    assert code == 1
    assert f"BAD  {words.NO_SECRET}" in said
    assert "ok   signing secret" not in said


async def test_swapped_tokens_are_named(double: Slack) -> None:
    code, said = await checked(access(double, bot_token=double.app_token, app_token=double.bot_token))
    assert code == 1
    assert "BAD  SLACK_BOT_TOKEN begins with xapp-, but must be the bot token" in said
    assert "BAD  SLACK_APP_TOKEN begins with xoxb-, but must be the app-level token" in said
    assert double.requests == []
    secretive(said, double.app_token, double.bot_token)


# --- wrong use: told before Slack is asked anything ---


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Access(""), words.NO_BOT_TOKEN),
        (Access("  ", APP), words.NO_BOT_TOKEN),
        (Access(BOT), words.NO_APP_TOKEN),
        (Access(APP, BOT), "SLACK_BOT_TOKEN begins with xapp-, but must be the bot token"),
        (Access("xoxp-1-canary", APP), "SLACK_BOT_TOKEN begins with xoxp-"),
        (Access("xoxe.xoxb-1-canary", APP), "SLACK_BOT_TOKEN begins with xoxe"),
        (Access("canary", APP), "SLACK_BOT_TOKEN begins with something else"),
        (Access(BOT, BOT), "SLACK_APP_TOKEN begins with xoxb-, but must be the app-level token"),
        (Access(BOT, "canary"), "SLACK_APP_TOKEN begins with something else"),
        (Access(BOT, http="127.0.0.1:3000"), words.NO_SECRET),
        (Access(BOT, APP, " ", http="127.0.0.1:3000"), words.NO_SECRET),
        (Access(BOT, APP, api="127.0.0.1:80"), "GADFLY_SLACK_API must be an address like http://"),
    ],
)
def test_wrong_use(given: Access, told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run.serve(given, opening(tmp_path)) == 2
    err = capsys.readouterr().err
    assert told in err
    assert "canary" not in err
    said = list[str]()
    assert run.check(Access(**{**vars(given), "api": given.api or NOBODY}), said.append) in (1, 75)
    assert f"BAD  {told}" in "\n".join(said)
    assert "canary" not in "\n".join(said)


@pytest.mark.parametrize(
    "http", ["3000", ":3000", "localhost", "localhost:", "localhost:x", "a:65536", "a:-1", "a:²", "[]:3"]
)
def test_a_bad_address_to_listen_at(http: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = Access(BOT, signing_secret="canary", http=http)
    assert run.serve(given, opening(tmp_path)) == 2
    assert run.check(given) == 2
    err = capsys.readouterr().err
    assert err.count("want HOST:PORT, like 127.0.0.1:3000") == 2
    assert err.count(repr(http)) == 2
    assert "canary" not in err


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("127.0.0.1:3000", ("127.0.0.1", 3000)),
        (" localhost:0 ", ("localhost", 0)),
        ("[::1]:3000", ("::1", 3000)),
        ("gadfly.example:65535", ("gadfly.example", 65_535)),
    ],
)
def test_an_address_to_listen_at(value: str, found: tuple[str, int]) -> None:
    assert run.address(value) == found


def test_secrets_are_in_no_repr(tmp_path: Path) -> None:
    assert "canary" not in repr(Access(BOT, APP, "canary", NOBODY, "127.0.0.1:3000"))
    found = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": "canary"}
    assert "canary" not in repr(settings.load(environ=found, folder=tmp_path))


# --- Slack that is not there, or not well ---


def test_nobody_is_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = Access(BOT, APP, api=NOBODY)
    assert run.check(given) == 75
    assert run.serve(given, opening(tmp_path)) == 75
    assert capsys.readouterr().err.count("Slack cannot be reached") == 2


@pytest.mark.parametrize("fault", [500, "internal_error", "ratelimited"])
async def test_an_outage_is_not_blamed_on_the_bot_token(
    double: Slack, folder: Path, fault: int | str
) -> None:
    double.fail.append(("auth.test", fault))
    with pytest.raises(Problem) as told:
        await run.run(access(double), opening(folder), QUICK)
    assert "does not accept" not in str(told.value)
    assert told.value.code == 75


@pytest.mark.parametrize("fault", [500, "internal_error", "ratelimited"])
async def test_an_outage_is_not_blamed_on_the_app_level_token(
    double: Slack, folder: Path, fault: int | str
) -> None:
    double.fail.append(("apps.connections.open", fault))
    with pytest.raises(Problem) as told:
        await run.run(access(double), opening(folder), QUICK)
    assert "does not accept" not in str(told.value)
    assert told.value.code == 75


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize("fault", [500, "internal_error"])
async def test_neither_does_a_check_blame_a_token_for_it(
    double: Slack, method: str, fault: int | str, capsys: pytest.CaptureFixture[str]
) -> None:
    double.fail.append((method, fault))
    code, said = await checked(access(double))
    assert code == 75
    assert "does not accept" not in said + capsys.readouterr().err


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_a_cut_connection_at_the_start_is_told(double: Slack, folder: Path, method: str) -> None:
    double.fail.append((method, 0))
    with pytest.raises(Problem, match="cannot be reached") as told:
        await run.run(access(double), opening(folder), QUICK)
    assert told.value.code == 75


async def test_slack_that_goes_away_during_the_start_is_told(folder: Path) -> None:
    double = Slack(manifest())
    await double.__aenter__()

    @asynccontextmanager
    async def going() -> AsyncIterator[Any]:
        async with opening(folder)() as door:
            await double.__aexit__(None, None, None)
            yield door

    with pytest.raises(Problem, match="cannot be reached") as told:
        await run.run(access(double), going, QUICK)
    assert told.value.code == 75


@asynccontextmanager
async def somebody(answer: Callable[[server.Request], Any]) -> AsyncIterator[str]:
    """A server in Slack's place that answers everything alike; the address of its Web API."""
    app = server.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = server.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await server.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


async def test_slack_that_never_answers_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "TIMEOUT", 0.2)
    over = asyncio.Event()

    async def silent(_: server.Request) -> server.Response:
        await over.wait()
        return server.json_response({"ok": False, "error": "too late"})

    async with somebody(silent) as api:
        asyncio.get_running_loop().call_later(3, over.set)
        code, said = await checked(Access(BOT, APP, api=api))
    assert (code, said) == (75, "")
    assert "(TimeoutError)" in capsys.readouterr().err
    assert not over.is_set()


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        (503, "text/plain", "upstream connect error"),
        (502, "text/html", "<html>bad gateway</html>"),
        (503, "application/json", "not JSON"),
        (200, "text/plain", "hello, I am a portal of this hotel"),
        (200, "text/html", "<html>log in</html>"),
        (200, "application/json", "[]"),
        (200, "application/json", "{}"),
    ],
)
async def test_whatever_answers_in_slacks_place_is_told(
    status: int, kind: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def answer(_: server.Request) -> server.Response:
        return server.Response(status=status, text=text, content_type=kind)

    async with somebody(answer) as api:
        code, said = await checked(Access(BOT, APP, api=api))
    err = capsys.readouterr().err
    assert code in (1, 75)
    assert "BAD  " in said or "gadfly: Slack" in err
    assert "Traceback" not in err


# --- starting ---


async def test_a_wrong_token_ends_the_start(double: Slack, folder: Path) -> None:
    with pytest.raises(Problem, match="does not accept the bot token") as told:
        await run.run(access(double, bot_token=BOT), opening(folder), QUICK)
    assert told.value.code == 1
    with pytest.raises(Problem, match="does not accept the app-level token") as told:
        await run.run(access(double, app_token=APP), opening(folder), QUICK)
    assert told.value.code == 1


async def test_a_second_bot_on_the_same_data_is_refused(
    double: Slack, service: Service, ann: Person, folder: Path
) -> None:
    with pytest.raises(StoreError):
        await run.run(access(double), opening(folder), QUICK)
    await begin_directly(ann)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
async def test_a_port_that_is_taken_is_named(double: Slack, folder: Path, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as taken:
        taken.bind((host.strip("[]"), 0))
        taken.listen()
        where = f"{host}:{taken.getsockname()[1]}"
        with pytest.raises(Problem) as told:
            await run.run(access(double, http=where), opening(folder), QUICK)
    assert f"Nothing can listen at {where} ({os.strerror(errno.EADDRINUSE)})" in str(told.value)
    assert told.value.code == 1


async def test_a_host_that_is_nobodys_is_named(double: Slack, folder: Path) -> None:
    with pytest.raises(Problem, match=r"Nothing can listen at gadfly\.invalid:3000"):
        await run.run(access(double, http="gadfly.invalid:3000"), opening(folder), QUICK)


def test_a_store_that_cannot_be_used_ends_as_in_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    @asynccontextmanager
    async def broken(error: Exception) -> AsyncIterator[Any]:
        if error:
            raise error
        yield

    trouble = StoreError(Trouble.FAILED, tmp_path, "Not a directory", errno=errno.ENOTDIR)

    async def serve() -> int:
        async with Slack(manifest()) as double:
            return await asyncio.to_thread(run.serve, access(double), lambda: broken(trouble))

    assert asyncio.run(serve()) == 2
    assert "cannot be used" in capsys.readouterr().err


# --- sockets that cannot be opened ---


def bad_tickets(double: Slack, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The next tickets are too old when the bot comes with them."""
    good, left = double.sockets.ticket, itertools.count()

    def ticket() -> str:
        address = good()
        if next(left) < count:
            double.sockets.tickets.clear()
        return address

    monkeypatch.setattr(double.sockets, "ticket", ticket)


async def test_a_ticket_that_has_become_too_old_is_asked_for_anew(
    double: Slack, folder: Path, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad_tickets(double, monkeypatch, 1)
    service = Service(double, folder)
    try:
        await service.start()
        await begin_directly(ann)
    finally:
        await _end(service)


async def test_a_ticket_that_has_become_too_old_is_asked_for_anew_later_as_well(
    double: Slack, service: Service, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad_tickets(double, monkeypatch, 1)
    await double.sockets.drop()
    await double.connected(within=10)
    await begin_directly(ann)


async def test_a_bot_that_cannot_connect_can_be_stopped(
    double: Slack, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad_tickets(double, monkeypatch, 1_000)
    task = asyncio.create_task(run.run(access(double), opening(folder), QUICK))
    try:
        await double.until(lambda: double.asked("apps.connections.open"))
        signal.raise_signal(signal.SIGTERM)
        done, _ = await asyncio.wait([task], timeout=5)
        assert done
        assert task.result() == 143
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _end(service: Service) -> None:
    """Ends a bot, also one that hears no signal yet."""
    task = service._task
    if task is not None and not task.done():
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait([task], timeout=2)
        task.cancel()
    await asyncio.gather(*([task] if task else []), return_exceptions=True)
    service._task = None


# --- stopping ---


@pytest.mark.parametrize("way", [SOCKET, HTTP])
async def test_sigterm_ends_it_well(
    double: Slack, room: Channel, ann: Person, folder: Path, way: str
) -> None:
    service = Service(double, folder, way)
    await service.start()
    await start(ann, room)
    await service.stop()
    assert service.codes == [143]


@pytest.mark.parametrize("http", ["", "127.0.0.1:0", "[::1]:0"])
async def test_ctrl_c_too(double: Slack, folder: Path, http: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "adapters"):
        task = asyncio.create_task(run.run(access(double, http=http), opening(folder), QUICK))
        while "ready in the workspace" not in caplog.text:
            assert not task.done()
            await asyncio.sleep(0.01)
        signal.raise_signal(signal.SIGINT)
        assert await task == 130


async def test_a_store_that_fails_for_good_ends_the_bot(
    double: Slack, service: Service, ann: Person, folder: Path
) -> None:
    await begin_directly(ann)
    assert service._task is not None
    await asyncio.to_thread(_break, folder)
    await ann.tells(SPEECHES[0])
    with pytest.raises(StoreError):
        async with asyncio.timeout(10):
            await service._task
    service._task = None


def _break(folder: Path) -> None:
    """As a disk does it: the file of the store is no database any more."""
    with sqlite3.connect(folder / "gadfly.db") as connection:
        connection.execute("DROP TABLE inbox")
    connection.close()


# --- the log ---


def tickets(double: Slack) -> list[str]:
    urls = [str(request.answer.get("url")) for request in double.asked("apps.connections.open")]
    return [found[1] for url in urls if (found := re.search("ticket=([^&]+)", url))]


async def test_tokens_and_tickets_stand_in_no_log_of_ours_at_any_level(
    double: Slack, service: Service, ann: Person, room: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "adapters"):
        await service.stop()
        await service.start()
        root = await start(ann, room)
        await exchange(ann, room, SPEECHES[0], root)
        double.fail.append(("chat.postMessage", "restricted_action"))
        await ann.says(room, SPEECHES[1], thread=root)
        await double.settled()
        await service.stop()
    ours = "\n".join(
        logging.Formatter().format(each) for each in caplog.records if each.name.startswith("adapters")
    )
    assert "ready in the workspace Club as Gadfly" in ours
    assert "restricted_action" in ours
    assert tickets(double)
    secretive(ours, double.bot_token, double.app_token, double.signing_secret, *tickets(double))
    assert SPEECHES[0] not in ours
    assert SPEECHES[1] not in ours


async def test_after_the_start_they_are_written_nowhere(
    double: Slack, folder: Path, room: Channel, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    given = access(double)
    log_without(
        given.bot_token, given.app_token, given.signing_secret, news="adapters.slack", like=run.SECRETS
    )
    logging.getLogger().setLevel(logging.DEBUG)  # as nobody runs it: slack_sdk writes down all that it sends
    service = Service(double, folder)
    await service.start()
    await exchange(ann, room, SPEECHES[0], await start(ann, room))
    await double.sockets.refresh()
    await double.until(lambda: double.sockets.opened == 2)
    logging.getLogger("slack_sdk").error("Failed to connect (error: %s)", double.sockets.ticket())
    logging.getLogger("slack_bolt").error("somebody else's token is xoxp-12-ab and xoxe.xoxb-34-cd")
    try:
        raise ValueError(given.bot_token)
    except ValueError:
        logging.getLogger("adapters").exception("no token of %s", given.signing_secret)
    await service.stop()
    told = capsys.readouterr()
    assert "Sending a request" in told.err
    assert "apps.connections.open" in told.err
    assert told.err.count("[token]") > 5
    assert "xoxp-12" not in told.err
    assert "xoxb-34" not in told.err
    secrets = [given.bot_token, given.app_token, given.signing_secret, *tickets(double)]
    assert len(secrets) >= 5
    secretive(told.err + told.out, *secrets)


@pytest.mark.parametrize("way", [SOCKET, HTTP])
async def test_neither_are_words_of_people(
    double: Slack, folder: Path, room: Channel, ann: Person, way: str
) -> None:
    async with process(double, folder, way) as bot:
        root = await start(ann, room)
        await exchange(ann, room, SPEECHES[0], root)
        double.fail.append(("chat.postMessage", "restricted_action"))
        await ann.says(room, SPEECHES[1], thread=root)
        await ann.command("/debate", f"say {SPEECHES[2]}", at=room)
        if way == HTTP:
            payload = next(each.payload for each in double.events if each.event)
            forged = {**payload, "event": {**payload["event"], "text": "forged words"}}
            assert await double.deliver_raw(forged, secret="wrong") == 401
            assert await double.deliver_raw({"command": "/debate", "text": "forged words"}, secret="x") == 401
        await double.settled()
        bot.terminate()
        assert await bot.wait() == 143
    log = await asyncio.to_thread(folder.with_suffix(".log").read_text, "utf-8")
    assert "ready in the workspace Club as Gadfly" in log
    assert "restricted_action" in log
    assert "Traceback" not in log
    assert not any(speech[:30] in log for speech in (*SPEECHES, "forged words"))
    secretive(log, double.bot_token, double.app_token, double.signing_secret, *tickets(double))


async def test_why_an_answer_could_not_be_shown_is_logged(
    double: Slack, service: Service, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await begin_directly(ann)
    double.fail.append(("chat.postMessage", "restricted_action"))
    await ann.tells(SPEECHES[0])
    await double.until(lambda: double.fail == [])
    await ann.tells("!flow")
    await ann.hears(ann.dm, HEARD)
    (line,) = [
        each.getMessage()
        for each in caplog.records
        if each.name == "adapters.slack.client" and each.levelno > 20
    ]
    assert "restricted_action" in line


async def test_where_all_is_well_the_log_warns_of_nothing(double: Slack, folder: Path, ann: Person) -> None:
    async with process(double, folder, SOCKET):
        await begin_directly(ann)
    log = await asyncio.to_thread(folder.with_suffix(".log").read_text, "utf-8")
    assert [line for line in log.splitlines() if " INFO " not in line] == []


# --- what is sent to the address ---


@pytest.fixture
async def listening(double: Slack, folder: Path) -> AsyncIterator[str]:
    """The address of a bot that listens for signed requests."""
    service = Service(double, folder, HTTP)
    await service.start()
    yield f"http://127.0.0.1:{service.port}"
    await service.stop()
    assert service.codes == [143]


async def asked(
    address: str, body: bytes | None = None, kind: str = "text/plain", secret: str = ""
) -> tuple[int, str]:
    """Status and words of the answer; ``secret``: the body is signed with it."""
    at = str(int(time.time()))
    signed = hmac.new(secret.encode(), f"v0:{at}:".encode() + (body or b""), hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind} if body else {}
    headers |= {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signed}"} if secret else {}
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            "GET" if body is None else "POST", address, data=body and io.BytesIO(body), headers=headers
        ) as answer,
    ):
        return answer.status, await answer.text()


async def test_whether_it_is_there_is_told_to_whoever_asks(listening: str) -> None:
    assert await asked(f"{listening}/health") == (200, "ok")


async def test_other_addresses_and_ways_are_refused(listening: str) -> None:
    assert (await asked(f"{listening}/"))[0] == 404
    assert (await asked(f"{listening}{PATH}"))[0] == 405


async def test_a_body_that_is_too_large_is_refused(listening: str) -> None:
    assert await asked(f"{listening}{PATH}", b"x" * (LARGEST + 1)) == (413, "too large")
    assert (await asked(f"{listening}{PATH}", b"x" * LARGEST))[0] == 401
    assert LARGEST == 2**20


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
async def test_a_body_that_is_no_text_is_refused(double: Slack, listening: str, kind: str) -> None:
    body = b"\xff\xfe"
    assert (await asked(f"{listening}{PATH}", body, kind, double.signing_secret))[0] == 400
    assert (await asked(f"{listening}{PATH}", body, kind, "another secret"))[0] in (400, 401)
    assert (await asked(f"{listening}{PATH}", body, kind))[0] in (400, 401)


async def test_a_request_without_a_signature_is_refused(
    listening: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "adapters"):
        status, text = await asked(f"{listening}{PATH}", b"command=%2Fdebate&text=forged words")
    assert status == 401
    assert "forged" not in text
    assert "forged words" not in caplog.text


async def test_the_address_answers_slacks_challenge(double: Slack, listening: str) -> None:
    assert await double.verify_url()


JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON_TYPE, b"{"),
        (JSON_TYPE, b"[]"),
        (JSON_TYPE, b"5"),
        (JSON_TYPE, b"null"),
        (JSON_TYPE, b"{}"),
        (JSON_TYPE, b'{"event": 5, "type": []}'),
        (JSON_TYPE, b"[" * 100_000),
        (FORM_TYPE, b"{"),
        (FORM_TYPE, b"payload=%7B"),
        (FORM_TYPE, b"payload=[]"),
        (FORM_TYPE, b"payload=5"),
        (FORM_TYPE, b"payload=%7B%22team%22:5%7D"),
        (FORM_TYPE, b"%ff=%fe&&=;"),
        ("nothing", b"\x00"),
    ],
)
async def test_nonsense_is_refused_and_fills_no_log(
    double: Slack, listening: str, kind: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await asked(f"{listening}{PATH}", body, kind))[0] == 401
    assert (await asked(f"{listening}{PATH}", body, kind, "another secret"))[0] == 401
    assert "Traceback" not in caplog.text
    assert (await asked(f"{listening}{PATH}", body, kind, double.signing_secret))[0] >= 400


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1", "9" * 30, "²"])
async def test_a_strange_moment_is_refused(listening: str, stamp: str) -> None:
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=0"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{listening}{PATH}", data=b"text=words", headers=headers) as answer,
    ):
        assert answer.status == 401


async def test_after_refusals_it_still_hears(double: Slack, listening: str, ann: Person) -> None:
    for body in (b"x", b"\xff", b"x" * (LARGEST + 1)):
        assert (await asked(f"{listening}{PATH}", body))[0] in (400, 401, 413)
    await begin_directly(ann)
    await exchange(ann, ann.dm, SPEECHES[0])


async def test_one_that_goes_away_in_the_middle_is_let_go(
    double: Slack, listening: str, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(listening.rpartition(":")[2]))
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await reader.read() == b""
    await begin_directly(ann)
    assert "Traceback" not in caplog.text


async def test_a_body_whose_length_is_not_told_is_cut_off_too(listening: str) -> None:
    async def long() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536

    async with aiohttp.ClientSession() as session, session.post(f"{listening}{PATH}", data=long()) as answer:
        assert answer.status == 413
