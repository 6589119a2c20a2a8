"""How what happens in Slack comes to the bot: over a socket that the bot opens, or by signed requests to an address."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.slack.client import Gadfly

log = logging.getLogger(__name__)

PATH = "/slack/events"
"""Where Slack sends everything to."""

LARGEST = 1 << 20
"""Bytes of a request; Slack's are smaller by far."""


@contextlib.asynccontextmanager
async def socket(
    bot: Gadfly, client: AsyncWebClient, app_token: str, *, ping: float = 10.0
) -> AsyncIterator[None]:
    """Socket Mode; ``ping``: seconds between looks whether the socket lives.

    Raises ``SlackApiError`` where the token is no good; later troubles are tried again until they pass.
    """
    handler = AsyncSocketModeHandler(bot.app, app_token, web_client=client, ping_interval=ping)

    async def heard(_: Any, message: dict[str, Any], raw: str | None = None) -> None:
        if message.get("type") == "hello":
            log.info("connected")
            bot.connected()

    handler.client.message_listeners.append(heard)
    try:
        # Asked here, since the client would ask for ever with a token that is no good.
        opened = await client.apps_connections_open(app_token=app_token)
        handler.client.wss_uri = str(opened["url"])
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
        await asyncio.sleep(0)  # what the client cancelled ends now


@contextlib.asynccontextmanager
async def http(bot: Gadfly, host: str, port: int) -> AsyncIterator[None]:
    """Signed requests to ``host`` and ``port``. Raises ``OSError`` where nothing can listen there."""
    config = uvicorn.Config(
        web_app(bot),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    server = _Server(config)
    sockets = [_bound(config)]
    running = asyncio.create_task(server.serve(sockets))
    log.info("listening at %s:%s%s", host, sockets[0].getsockname()[1], PATH)
    bot.connected()
    try:
        yield
    finally:
        server.should_exit = True
        await running
        for each in sockets:
            each.close()


def web_app(bot: Gadfly) -> Starlette:
    """What listens: Slack's requests, and whether the bot is there."""

    async def slack(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            asked = to_async_bolt_request(request, body)
        except UnicodeDecodeError:
            return PlainTextResponse("not text", 400)
        return to_starlette_response(await bot.app.async_dispatch(asked))

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(PATH, slack, methods=["POST"]), Route("/health", health)])


async def _body(request: Request) -> bytes | None:
    """The body, whole; None where it is too large, of which no more is read."""
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)


class _Server(uvicorn.Server):
    """Stops when it is told to; signals are the service's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bound(config: uvicorn.Config) -> Any:
    import socket as sockets

    family = sockets.AF_INET6 if ":" in config.host else sockets.AF_INET
    made = sockets.socket(family)
    try:
        made.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        made.bind((config.host, config.port))
    except OSError:
        made.close()
        raise
    return made
