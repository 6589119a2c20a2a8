"""Starts the bot, stops it, and checks whether it could start. The one place where errors end up.

The token is never shown: whatever is logged goes through a filter that knows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord
import discord.gateway
import discord.http
import yarl

from adapters.discord import venue, words
from adapters.discord.client import Gadfly
from adapters.discord.door import Opening
from adapters.discord.starts import Starts, TooMany
from adapters.installed import BrokenInstall
from adapters.status import FAILED, INTERRUPTED, LATER, TERMINATED, USAGE, store_failed
from bot.store.errors import StoreError, Trouble

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Access:
    """The token, and where Discord is ("": at home)."""

    token: str
    api: str = ""
    gateway: str = ""

    def __repr__(self) -> str:
        """Without the token."""
        return f"Access(api={self.api!r}, gateway={self.gateway!r})"


class Problem(Exception):
    """What keeps the bot from running, in words; ``code`` is the exit status."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def serve(access: Access, opening: Opening, **options: Any) -> int:
    """Runs the bot until it is told to stop; the exit status."""
    return _status(access, lambda: run(access, opening, **options))


def check(access: Access, say: Callable[[str], None] = print) -> int:
    """Says what is right and wrong with token, intents and permissions, and how the bot is invited."""
    return _status(access, lambda: _check(access, say))


def _status(access: Access, work: Callable[[], Coroutine[None, None, int]]) -> int:
    try:
        _watch(access)
        with asyncio.Runner() as runner:
            return runner.run(work())
    except Problem as problem:
        print(f"gadfly: {problem}", file=sys.stderr)
        return problem.code
    except StoreError as error:
        return store_failed(error, lambda _, text: print(f"gadfly: {text}", file=sys.stderr))
    except BrokenInstall:
        raise  # ``main`` tells, as of every command
    except Exception:
        log.exception("the bot failed")
        return FAILED


# --- running ---


async def run(access: Access, opening: Opening, make: type[Gadfly] = Gadfly, **options: Any) -> int:
    """The bot: first everything slow and the store, then Discord. Raises ``Problem`` and ``StoreError``."""
    _demand(access)
    stopping = asyncio.Event()
    failures, codes = list[Exception](), list[int]()

    def stop(code: int) -> None:
        codes.append(code)
        stopping.set()

    def fatal(error: Exception) -> None:
        if isinstance(error, StoreError) and error.kind is Trouble.OVERLOADED:
            return
        failures.append(error)
        stopping.set()

    with _at(access):
        async with opening() as door, _troubles(), _signals(stop):
            starts = Starts(door)
            await starts.check(datetime.now(UTC))
            content = await _content(access)
            bot = make(door, starts, content=content, fatal=fatal, gateway=access.gateway, **options)
            await _until(bot, access.token, stopping)
    if failures:
        raise failures[0]
    return codes[0] if codes else 0


async def _until(bot: Gadfly, token: str, stopping: asyncio.Event) -> None:
    """Runs ``bot`` until it is told to stop or fails."""
    running = asyncio.create_task(bot.start(token))
    told = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait([running, told], return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        await bot.wind_down()
        # A connection under way ends with the client; what it still raises is what ended the bot.
        with contextlib.suppress(asyncio.CancelledError):
            if stopping.is_set():
                running.cancel()
            await running


async def _content(access: Access) -> bool:
    """Whether Discord gives the bot the words of messages; asked first, since asking for too much ends the connection."""
    async with _logged_in(access) as client:
        application = await client.application_info()
        if application.interactions_endpoint_url:
            raise Problem(words.ENDPOINT)
        content = _has_content(application.flags)
        if not content:
            log.warning(words.NO_INTENT)
        return content


def _has_content(flags: discord.ApplicationFlags) -> bool:
    return flags.gateway_message_content or flags.gateway_message_content_limited


@contextlib.asynccontextmanager
async def _logged_in(access: Access) -> AsyncIterator[discord.Client]:
    """A client that asks by HTTP alone."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(access.token)
        yield client


def _demand(access: Access) -> None:
    if not access.token.strip():
        raise Problem(words.NO_TOKEN, USAGE)
    for name, value, schemes in (
        ("GADFLY_DISCORD_API", access.api, ("http", "https")),
        ("GADFLY_DISCORD_GATEWAY", access.gateway, ("ws", "wss")),
    ):
        if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise Problem(words.bad_address(name, value), USAGE)


@contextlib.contextmanager
def _at(access: Access) -> Iterator[None]:
    """Points discord.py, which knows addresses only process-wide, at another server where one is set."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    if access.api:
        discord.http.Route.BASE = access.api.rstrip("/")
    if access.gateway:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(access.gateway)
    try:
        yield
    finally:
        discord.http.Route.BASE = base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


@contextlib.asynccontextmanager
async def _troubles() -> AsyncIterator[None]:
    """What Discord refuses, as a ``Problem`` with its mend."""
    try:
        yield
    except discord.LoginFailure as error:
        raise Problem(words.BAD_TOKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise Problem(words.REFUSED_INTENTS) from error
    except TooMany as error:
        raise Problem(words.too_many(error.count), LATER) from error
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        raise Problem(words.UNREACHABLE.format(error=type(error).__name__), LATER) from error


@contextlib.asynccontextmanager
async def _signals(stop: Callable[[int], None]) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    codes = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
    for number, code in codes.items():
        loop.add_signal_handler(number, stop, code)
    try:
        yield
    finally:
        for number in codes:
            loop.remove_signal_handler(number)


# --- checking ---


async def _check(access: Access, say: Callable[[str], None]) -> int:
    _demand(access)
    with _at(access):
        async with _troubles(), _logged_in(access) as client:
            application = await client.application_info()
            say(f"ok   token: it is that of {client.user}")
            good = _check_application(application, say)
            good = await _check_gateway(client, say) and good
            good = await _check_servers(client, say) and good
            say(f"invite: {invitation(application.id)}")
    return 0 if good else FAILED


def invitation(application: int) -> str:
    """The address at which somebody adds the bot to a server."""
    return discord.utils.oauth_url(
        application, permissions=venue.NEEDED, scopes=("bot", "applications.commands")
    )


def _check_application(application: discord.AppInfo, say: Callable[[str], None]) -> bool:
    if _has_content(application.flags):
        say("ok   intents: message content is on")
    else:
        say(f"note intents: {words.NO_INTENT}")
    if application.interactions_endpoint_url:
        say(f"BAD  commands: {words.ENDPOINT}")
        return False
    return True


async def _check_gateway(client: discord.Client, say: Callable[[str], None]) -> bool:
    shards, _, limit = await client.http.get_bot_gateway()
    left = limit["remaining"]
    good = left >= shards
    say(f"{'ok  ' if good else 'BAD '} connections: {left} of {limit['total']} left today, {shards} needed")
    return good


async def _check_servers(client: discord.Client, say: Callable[[str], None]) -> bool:
    """The permissions of the bot in each server; channels may still differ."""
    good, count = True, 0
    needed = tuple(name for name, wanted in venue.NEEDED if wanted)
    for server in await client.http.get_guilds(200):
        count += 1
        held = discord.Permissions(int(server["permissions"]))
        missing = () if held.administrator else venue.lacking(held, needed)
        if missing:
            good = False
            say(f"BAD  server {server['name']!r}: {words.missing(missing)}")
    if not count:
        say("note servers: the bot is in none yet; open the address below")
    elif good:
        say(f"ok   servers: in {count}, with every permission")
    return good


# --- the log ---


class _Hiding(logging.Filter):
    """Takes the token out of whatever is logged."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        """Never keeps a record back; changes one that holds the token."""
        text = logging.Formatter().format(record)
        if self._token in text:
            record.msg, record.args = text.replace(self._token, "[token]"), None
            record.exc_info = record.exc_text = record.stack_info = None
        return True


def _watch(access: Access) -> None:
    """Logs to standard error, warnings and this adapter's own news."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    if access.token.strip():
        handler.addFilter(_Hiding(access.token.strip()))
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("adapters.discord").setLevel(logging.INFO)
