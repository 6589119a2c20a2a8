"""An app on the real Bolt, and how it is pointed at the double, over sockets or by HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Slack
from tests.doubles.slack.reading import Json
from tests.doubles.slack.signal import Signal

SOCKET, HTTP = "socket", "http"
TRANSPORTS = (SOCKET, HTTP)

SCOPES = [
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "commands", "files:write",
    "groups:history", "groups:read", "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "mpim:write",
    "reactions:read", "reactions:write", "users:read",
]  # fmt: skip
EVENTS = [
    "app_home_opened", "app_mention", "channel_archive", "channel_left", "group_left", "member_joined_channel",
    "member_left_channel", "message.channels", "message.groups", "message.im", "message.mpim", "reaction_added",
    "tokens_revoked",
]  # fmt: skip


def manifest(scopes: list[str] | None = None, events: list[str] | None = None, **features: Any) -> Json:
    """A manifest of an app that may do a lot."""
    return {
        "display_information": {"name": "Echo"},
        "features": {
            "bot_user": {"display_name": "echo", "always_online": True},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [
                {"command": "/echo", "description": "Echoes", "should_escape": True},
                {"command": "/raw", "description": "Echoes as it is", "should_escape": False},
                {"command": "/unheard", "description": "Nobody listens to this"},
            ],
            **features,
        },
        "oauth_config": {"scopes": {"bot": SCOPES if scopes is None else scopes}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS if events is None else events},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


class Echo:
    """An app that writes down what it hears, and answers as a test tells it to."""

    def __init__(self, double: Slack, waits: bool = True) -> None:
        silent = logging.getLogger("tests.echo")
        silent.setLevel(logging.CRITICAL)
        self.client = AsyncWebClient(double.bot_token, base_url=double.api)
        self.app = AsyncApp(
            client=self.client,
            signing_secret=double.signing_secret,
            process_before_response=waits,
            logger=silent,
        )
        self.heard: list[Json] = []
        self.news = Signal()

    def hear(self, body: Json) -> None:
        self.heard.append(body)
        self.news()

    async def hears(self, count: int) -> list[Json]:
        """All that was written down, once there is so much."""
        await self.news.until(lambda: len(self.heard) >= count, 5.0)
        return self.heard

    def notes(self, *names: str) -> None:
        """Writes down these events, and nothing else is done about them."""

        async def note(body: Json) -> None:
            self.hear(body)

        for name in names:
            self.app.event(name)(note)


@contextlib.asynccontextmanager
async def by_socket(double: Slack, echo: Echo) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app with one socket open."""
    handler = AsyncSocketModeHandler(echo.app, double.app_token, ping_interval=0.05)
    before = double.sockets.opened
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await double.until(lambda: double.sockets.opened > before)
    try:
        yield handler
    finally:
        await closed(handler)


async def closed(handler: AsyncSocketModeHandler) -> None:
    """Closes a handler, not while it connects anew, and waits for what it leaves behind."""
    client = handler.client
    assert client is not None
    async with client.connect_operation_lock:
        await handler.close_async()  # type: ignore[no-untyped-call]
    tasks = [client.current_session_monitor, client.message_receiver, client.message_processor]
    for task in tasks:
        if task is not None:
            task.cancel()
    await asyncio.gather(*(each for each in tasks if each is not None), return_exceptions=True)


@contextlib.asynccontextmanager
async def by_http(double: Slack, echo: Echo) -> AsyncIterator[str]:
    """The app on a URL."""
    runner = web.AppRunner(echo.app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        double.deliver_by_http(url)
        await double.connected()
        yield url
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def running(
    double: Slack, transport: str, setup: Callable[[Echo], None] | None = None, waits: bool = True
) -> AsyncIterator[Echo]:
    """The app, reachable in one of the two ways."""
    echo = Echo(double, waits)
    if setup is not None:
        setup(echo)
    async with contextlib.AsyncExitStack() as stack:
        if transport == SOCKET:
            await stack.enter_async_context(by_socket(double, echo))
        else:
            await stack.enter_async_context(by_http(double, echo))
        yield echo
