"""How what happens in Slack comes to the bot: over a socket that the bot opens, or by signed requests to an address."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.slack import words
from adapters.slack.client import Gadfly

log = logging.getLogger(__name__)

PATH = "/slack/events"
"""Where Slack sends everything to."""

CLOSING = 2.0

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
    # Asked here, since the client would ask for ever with a token that is no good.
    try:
        opened = await client.apps_connections_open(app_token=app_token)
        handler.client.wss_uri = str(opened["url"])
        _once(handler.client)
        # Beside: the client tries until it succeeds, and the bot can be told to stop meanwhile.
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
    finally:
        await _close(handler)


async def _close(handler: AsyncSocketModeHandler) -> None:
    """Closes the socket; one that is being opened anew would be leaked, so that is waited for, a little."""
    handler.client.closed = True  # so that opening anew ends
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING):
            await handler.client.connect_operation_lock.acquire()
    await handler.close_async()  # type: ignore[no-untyped-call]
    await asyncio.sleep(0)  # what the client cancelled ends now


def _once(client: SocketModeClient) -> None:
    """Has ``client`` ask for a new ticket where one did not open a socket: it is good once, and would be tried for ever."""
    opening = client.aiohttp_client_session.ws_connect

    async def ws_connect(uri: str, **options: Any) -> Any:
        try:
            return await opening(uri, **options)
        except (aiohttp.ClientError, OSError):
            client.wss_uri = None
            log.warning(words.NO_SOCKET)
            raise

    object.__setattr__(client.aiohttp_client_session, "ws_connect", ws_connect)


@contextlib.asynccontextmanager
async def http(bot: Gadfly, secret: str, host: str, port: int) -> AsyncIterator[None]:
    """Signed requests to ``host`` and ``port``. Raises ``OSError`` where nothing can listen there."""
    config = uvicorn.Config(
        web_app(bot, secret),
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


def web_app(bot: Gadfly, secret: str) -> Starlette:
    """What listens: Slack's requests, signed with ``secret``, and whether the bot is there."""
    verifier = SignatureVerifier(secret)

    async def slack(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("gone", 400)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not _is_text(body):
            return PlainTextResponse("not text", 400)
        if not _signed(verifier, request, body):  # before anything is read in it
            return PlainTextResponse("not signed", 401)
        try:
            asked = to_async_bolt_request(request, body)
        except (ValueError, TypeError, AttributeError, RecursionError):
            return PlainTextResponse("not understood", 400)
        return to_starlette_response(await bot.app.async_dispatch(asked))

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(PATH, slack, methods=["POST"]), Route("/health", health)])


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _signed(verifier: SignatureVerifier, request: Request, body: bytes) -> bool:
    """Whether Slack signed the request in the last five minutes."""
    stamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    return stamp.isascii() and stamp.isdigit() and verifier.is_valid(body, stamp, signature)


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
