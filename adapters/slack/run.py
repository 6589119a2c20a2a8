"""Starts the bot, stops it, and checks whether it could start. The one place where errors end up.

No token is ever shown: whatever is logged goes through a filter that knows them.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.door import Opening
from adapters.chat.service import Problem, Stop, log_without, status
from adapters.chat.words import bad_address
from adapters.slack import transport, words
from adapters.slack.client import Gadfly
from adapters.slack.manifest import scopes
from adapters.slack.pace import Pace
from adapters.slack.web import CHANNELS, NOT_SHOWN, OUTAGE, UNSURE, Client, Identity, Web, code
from adapters.status import FAILED, LATER, USAGE

log = logging.getLogger(__name__)

SECRETS = r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|ticket=[^\s&'\"]+"
"""What tokens and the tickets of sockets look like."""

PACE = 1.0
"""Seconds between two messages in a channel."""

RETRIES = 3
"""How often Slack is asked again that has asked to wait."""

TIMEOUT = 15
"""Seconds that Slack gets to answer."""


@dataclass(frozen=True)
class Access:
    """The tokens, and where Slack is ("": at home). ``http``: where to listen, HOST:PORT; "": Socket Mode."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api: str = ""
    http: str = ""

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Access(api={self.api!r}, http={self.http!r})"


@dataclass(frozen=True)
class Options:
    """What tests make quicker: seconds between messages in a channel, and between looks at the socket."""

    pace: float = PACE
    ping: float = 10.0


def serve(access: Access, opening: Opening, options: Options | None = None) -> int:
    """Runs the bot until it is told to stop; the exit status."""
    return _status(access, lambda: run(access, opening, options or Options()))


def check(access: Access, say: Callable[[str], None] = print) -> int:
    """Says what is right and wrong with tokens, scopes and the app."""
    return _status(access, lambda: _check(access, say))


def _status(access: Access, work: Callable[[], Coroutine[None, None, int]]) -> int:
    known = (access.bot_token, access.app_token, access.signing_secret)
    log_without(*known, news=__package__, like=SECRETS)
    return status(work)


# --- running ---


async def run(access: Access, opening: Opening, options: Options) -> int:
    """The bot: first who it is, then everything slow and the store, then Slack. Raises ``Problem`` and ``StoreError``."""
    _demand(access)
    stop = Stop()
    async with _client(access) as client, _troubles(access):
        me, _ = await _identity(client)
        async with opening() as door, stop.at_signals():
            web = Web(client, me, Pace(options.pace))
            secret = access.signing_secret.strip()
            bot = Gadfly(door, web, token=access.bot_token.strip(), secret=secret, fatal=stop.fatal)
            await bot.prepare()
            async with _listening(access, bot, client, options):
                log.info("ready in the workspace %s as %s", me.team_name, me.name)
                await stop.wait()
                await bot.wind_down()
    return stop.status()


@contextlib.asynccontextmanager
async def _listening(
    access: Access, bot: Gadfly, client: AsyncWebClient, options: Options
) -> AsyncIterator[None]:
    """Takes in what happens in Slack. Raises ``Problem`` where it cannot begin to."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            if access.http:
                await stack.enter_async_context(
                    transport.http(bot, access.signing_secret.strip(), *address(access.http))
                )
            else:
                token = access.app_token.strip()
                await stack.enter_async_context(transport.socket(bot, client, token, ping=options.ping))
        except SlackApiError as error:
            raise _no_good(error, words.BAD_APP_TOKEN) from error
        except OSError as error:
            if not access.http:
                raise
            reason = error.strerror or type(error).__name__
            raise Problem(words.PORT_TAKEN.format(address=access.http, error=reason)) from error
        yield


@contextlib.asynccontextmanager
async def _client(access: Access) -> AsyncIterator[AsyncWebClient]:
    """A client that waits where Slack asks it to, and sends nothing twice by itself."""
    # A session of one's own has a patience of its own: the client's is for sessions that it makes.
    patience = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=patience) as session:
        yield Client(
            token=access.bot_token.strip(),
            session=session,
            timeout=TIMEOUT,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=RETRIES)],
            base_url=f"{access.api.rstrip('/')}/" if access.api else AsyncWebClient.BASE_URL,
        )


async def _identity(client: AsyncWebClient) -> tuple[Identity, frozenset[str]]:
    """Who the bot is, and its scopes. Raises ``Problem``."""
    try:
        found = await client.auth_test()
    except SlackApiError as error:
        raise _no_good(error, words.BAD_BOT_TOKEN) from error
    held = str(found.headers.get("x-oauth-scopes") or found.headers.get("X-OAuth-Scopes") or "")
    me = Identity(
        team=str(found["team_id"]),
        user=str(found["user_id"]),
        url=str(found.get("url") or ""),
        name=str(found.get("user") or ""),
        team_name=str(found.get("team") or ""),
    )
    return me, frozenset(scope.strip() for scope in held.split(",") if scope.strip())


def _no_good(error: SlackApiError, told: str) -> Exception:
    """``told`` where Slack refused a token; the error itself where Slack is down or busy, which passes."""
    found = code(error)
    passes = found in UNSURE or found.startswith(OUTAGE) or found == "ratelimited"
    return error if passes else Problem(told.format(code=found))


def address(value: str) -> tuple[str, int]:
    """Host and port of HOST:PORT; raises ``Problem``."""
    host, _, port = value.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise Problem(words.BAD_HTTP.format(value=value), USAGE)
    return host, int(port)


def _demand(access: Access) -> None:
    """Raises ``Problem`` with the first thing that is missing."""
    for problem in _missing(access):
        raise Problem(problem, USAGE)


def _missing(access: Access) -> list[str]:
    """What is wrong with the settings by themselves, before Slack is asked."""
    found = [_wrong_token("SLACK_BOT_TOKEN", access.bot_token, "xoxb-", words.NO_BOT_TOKEN)]
    if access.http:
        address(access.http)
        found.append("" if access.signing_secret.strip() else words.NO_SECRET)
    else:
        found.append(_wrong_token("SLACK_APP_TOKEN", access.app_token, "xapp-", words.NO_APP_TOKEN))
    if access.api and not access.api.startswith(("http://", "https://")):
        found.append(bad_address("GADFLY_SLACK_API", access.api))
    return [problem for problem in found if problem]


def _wrong_token(name: str, token: str, begins: str, missing: str) -> str:
    """What is wrong with a token by its look; only its kind is shown, never more of it."""
    if not token.strip():
        return missing
    if token.strip().startswith(begins):
        return ""
    start = next(
        (kind for kind in ("xoxb-", "xoxp-", "xapp-", "xoxe") if token.strip().startswith(kind)),
        "something else",
    )
    return words.WRONG_KIND.format(name=name, start=start, wanted=words.WANTED[begins])


@contextlib.asynccontextmanager
async def _troubles(access: Access) -> AsyncIterator[None]:
    """What Slack refuses, as a ``Problem``."""
    try:
        yield
    except SlackApiError as error:
        raise Problem(words.REFUSED.format(what="a request", code=code(error)), LATER) from error
    except NOT_SHOWN as error:
        at = f" at {access.api} (GADFLY_SLACK_API)" if access.api else ""
        raise Problem(words.UNREACHABLE.format(at=at, error=type(error).__name__), LATER) from error


# --- checking ---


async def _check(access: Access, say: Callable[[str], None]) -> int:
    problems = _missing(access)
    for problem in problems:
        say(f"BAD  {problem}")
    if not access.bot_token.strip().startswith("xoxb-"):
        return FAILED
    good = not problems
    async with _client(access) as client, _troubles(access):
        try:
            me, held = await _identity(client)
        except Problem as problem:
            say(f"BAD  {problem}")
            return FAILED
        say(f"ok   bot token: {me.name} in the workspace {me.team_name}")
        good = _check_scopes(held, say) and good
        if not access.http and access.app_token.strip().startswith("xapp-"):
            good = await _check_app_token(client, access.app_token.strip(), say) and good
        if access.http and access.signing_secret.strip():
            say(f"ok   signing secret: set; Slack must reach {transport.PATH} at {access.http} from outside")
        await _check_places(client, say)
    say(f"note {words.NOT_TOLD}")
    return 0 if good else FAILED


def _check_scopes(held: frozenset[str], say: Callable[[str], None]) -> bool:
    missing = sorted(scopes() - held)
    if missing:
        say(f"BAD  scopes: {words.missing_scopes(missing)}")
        return False
    say("ok   scopes: all there")
    return True


async def _check_app_token(client: AsyncWebClient, token: str, say: Callable[[str], None]) -> bool:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        found = _no_good(error, words.BAD_APP_TOKEN)
        if found is error:
            raise
        say(f"BAD  {found}")
        return False
    say("ok   app-level token: a socket can be opened")
    return await _check_same_app(client, token, say)


async def _check_same_app(client: AsyncWebClient, token: str, say: Callable[[str], None]) -> bool:
    """Whether both tokens are of one app; an app-level token names its app."""
    parts = token.split("-")
    app = parts[2] if len(parts) > 2 else ""
    try:
        bot = (await client.auth_test()).get("bot_id")
        owner = str((await client.bots_info(bot=str(bot)))["bot"].get("app_id") or "")
    except SlackApiError as error:
        say(f"note app: whether both tokens are of one app is not told ({code(error)})")
        return True
    if app and owner and app != owner:
        say(f"BAD  {words.OTHER_APP.format(bot=owner, app=app)}")
        return False
    return True


async def _check_places(client: AsyncWebClient, say: Callable[[str], None]) -> None:
    try:
        found = await client.users_conversations(types=CHANNELS, limit=200)
    except SlackApiError as error:
        say(f"note channels: not told ({code(error)})")
        return
    count = len(found["channels"])
    say(f"ok   channels: in {count}" if count else f"note channels: {words.NO_CHANNEL}")
