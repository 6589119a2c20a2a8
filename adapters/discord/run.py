"""Starts the bot, stops it, and checks whether it could start. The one place where errors end up.

The token is never shown: whatever is logged goes through a filter that knows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord
import discord.gateway
import discord.http
import yarl

from adapters.chat.door import Opening
from adapters.chat.service import Problem, Stop, log_without, status
from adapters.chat.words import bad_address
from adapters.discord import venue, words
from adapters.discord.client import Gadfly
from adapters.discord.starts import Starts, TooMany
from adapters.status import FAILED, LATER, USAGE

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


def serve(access: Access, opening: Opening, **options: Any) -> int:
    """Runs the bot until it is told to stop; the exit status."""
    return _status(access, lambda: run(access, opening, **options))


def check(access: Access, say: Callable[[str], None] = print) -> int:
    """Says what is right and wrong with token, intents and permissions, and how the bot is invited."""
    return _status(access, lambda: _check(access, say))


def _status(access: Access, work: Callable[[], Coroutine[None, None, int]]) -> int:
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    log_without(access.token, news=__package__)
    return status(work)


# --- running ---


async def run(access: Access, opening: Opening, make: type[Gadfly] = Gadfly, **options: Any) -> int:
    """The bot: first everything slow and the store, then Discord. Raises ``Problem`` and ``StoreError``."""
    _demand(access)
    stop = Stop()
    with _at(access):
        async with opening() as door, _troubles(), stop.at_signals():
            starts = Starts(door)
            await starts.check(datetime.now(UTC))
            content = await _content(access)
            bot = make(door, starts, content=content, fatal=stop.fatal, gateway=access.gateway, **options)
            await _until(bot, access.token, stop)
    return stop.status()


async def _until(bot: Gadfly, token: str, stop: Stop) -> None:
    """Runs ``bot`` until it is told to stop or fails."""
    running = asyncio.create_task(bot.start(token))
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([running, told], return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        await bot.wind_down()
        # A connection under way ends with the client; what it still raises is what ended the bot.
        with contextlib.suppress(asyncio.CancelledError):
            if stop:
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
    for name, value, scheme in (
        ("GADFLY_DISCORD_API", access.api, "http"),
        ("GADFLY_DISCORD_GATEWAY", access.gateway, "ws"),
    ):
        if value and not value.startswith((f"{scheme}://", f"{scheme}s://")):
            raise Problem(bad_address(name, value, scheme), USAGE)


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
