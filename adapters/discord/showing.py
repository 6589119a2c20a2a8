"""An answer into Discord: how it is shown, whether it stands there already, and what closes after the last one.

This module must not know what is said, nor which event it came from.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import aiohttp
import discord

from adapters.discord import inbound, layout, render
from bot.messages import Heard, Reply

log = logging.getLogger(__name__)

PLAIN = 50
"""Where the numbering of parts begins that are sent again without components."""

TRIES = 3
"""How often a message is sent whose connection is cut; its nonce keeps it from standing there twice."""

LOOK_BACK = 50
"""How many messages after a request are looked through for an answer that may have been shown."""


NOT_SHOWN = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What keeps a reply from being shown."""


class Posting:
    """Shows a reply by messages of the bot's own in ``channel``, each once even when it is sent twice."""

    def __init__(self, channel: discord.abc.Messageable) -> None:
        self.channel = channel

    async def send(self, key: str, reply: Reply, *, button: bool) -> list[int]:
        """Raises ``discord.HTTPException``."""
        sent = list[int]()
        try:
            for part, message in enumerate(render.messages(reply, reply_button=button)):
                sent.append(await self._post(message, inbound.nonce(key, part)))
        except discord.HTTPException as error:
            if error.status != 400 or sent:
                raise
            log.warning("components were refused (%s); sent as plain text", error.code)
            return await self._plain(key, reply)
        return sent

    async def _post(self, message: render.Message, nonce: str) -> int:
        files = [part for part in message.parts if isinstance(part, render.Attachment)]
        return await self._send(lambda: {"view": layout.view(message), "files": layout.files(files)}, nonce)

    async def _plain(self, key: str, reply: Reply) -> list[int]:
        return [
            await self._send(
                partial(_plain_payload, item),
                inbound.nonce(key, PLAIN + part),
            )
            for part, item in enumerate(render.plain(reply))
        ]

    async def _send(self, payload: Callable[[], dict[str, Any]], nonce: str) -> int:
        """Sends; again where the connection is cut, which discord.py does not do."""
        for attempt in range(1, TRIES):
            try:
                return (await self.channel.send(**payload(), nonce=nonce)).id
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(attempt)
        return (await self.channel.send(**payload(), nonce=nonce)).id


def _plain_payload(item: render.Plain) -> dict[str, Any]:
    return {"content": item.content, "files": layout.files(item.files)}


class Following:
    """Shows a reply as the answer to an interaction: the only way where the bot is no member, or to one person alone.

    ``private`` and ``thinking`` are how the interaction was acknowledged: for the person alone, with a note that the
    bot is thinking. A private reply is private in any case.
    """

    def __init__(self, interaction: discord.Interaction[Any], *, private: bool, thinking: bool) -> None:
        self._interaction = interaction
        self._private = private
        self._thinking = thinking

    async def send(self, key: str, reply: Reply, *, button: bool) -> list[int]:
        """Raises ``discord.HTTPException``."""
        sent = list[int]()
        private = self._private or reply.private
        try:
            for message in render.messages(reply, reply_button=button):
                sent.append(await self._follow(message, private))
        except discord.HTTPException as error:
            if error.status != 400 or sent:
                raise
            log.warning("components were refused (%s); sent as plain text", error.code)
            for item in render.plain(reply):
                made = await self._interaction.followup.send(
                    item.content, files=layout.files(item.files), ephemeral=private, wait=True
                )
                sent.append(made.id)
        if not sent:
            await self.clear()
        return sent

    async def clear(self) -> None:
        """Take away the note that the bot is thinking, where there is one."""
        if not self._thinking:
            return  # the original would be the message that was pressed
        with contextlib.suppress(discord.HTTPException):
            await self._interaction.delete_original_response()

    async def _follow(self, message: render.Message, private: bool) -> int:
        files = layout.files([part for part in message.parts if isinstance(part, render.Attachment)])
        sent = await self._interaction.followup.send(
            view=layout.view(message), files=files, ephemeral=private, wait=True
        )
        return sent.id


class Acting:
    """Shows a reply to an interaction where the bot is a member: public ones by the bot itself, private ones as answers."""

    def __init__(self, posting: Posting, following: Following) -> None:
        self._posting = posting
        self._following = following

    async def send(self, key: str, reply: Reply, *, button: bool) -> list[int]:
        """Raises ``discord.HTTPException``."""
        if reply.private:
            await self._following.send(key, reply, button=button)
            return []
        sent = await self._posting.send(key, reply, button=button)
        await self._following.clear()
        return sent


async def shown_before(
    channel: discord.abc.Messageable, heard: Heard, reply: Reply, me: int, *, button: bool
) -> bool:
    """Whether the answer stands in ``channel`` already: the bot may have stopped between showing and noting it."""
    wanted = [message.text for message in render.messages(reply, reply_button=button)]
    if not wanted:
        return True
    after = discord.Object(inbound.snowflake(heard.request.key))
    async for message in channel.history(after=after, limit=LOOK_BACK, oldest_first=True):
        if message.author.id == me and _text(message.components) == wanted[0]:
            return True
    return False


def _text(components: Any) -> str:
    """The texts of a message's components, as ``render.Message.text`` has them."""
    return "\n".join(
        text
        for component in components
        for text in (
            [component.content]
            if isinstance(component, discord.TextDisplay)
            else [_text(component.children)]
            if isinstance(component, discord.Container)
            else []
        )
    )


async def close_buttons(channel: discord.abc.Messageable, debate: int, keep: list[int]) -> None:
    """Disables what belongs to a finished debate, but not in the messages ``keep``."""
    try:
        async for message in channel.history(limit=100):
            changed = (
                layout.closed(message, debate) if message.components and message.id not in keep else None
            )
            if changed is not None:
                await message.edit(view=changed)
    except NOT_SHOWN as error:
        log.info("buttons of a finished debate stay open (%s): pressed, they say so", type(error).__name__)
