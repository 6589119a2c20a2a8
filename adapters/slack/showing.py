"""An answer into Slack: for all or for one person, each part once, and what closes after the last one.

This module must not know what is said, nor which event it came from.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from slack_sdk.errors import SlackApiError

from adapters.slack import render, words
from adapters.slack.render import Message
from adapters.slack.web import NOT_SHOWN, Mark, Web, code
from bot.messages import Person, Place, Reply

log = logging.getLogger(__name__)

REFUSED_BLOCKS = frozenset(
    ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_arguments")
)
"""Errors after which the same words are sent without blocks."""

NOT_FOR_ONE = frozenset(("user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived"))
"""Errors after which what is for one person alone goes to the direct messages."""

LOOK_BACK = 50
"""How many of the last messages of a debate are looked through for buttons when it ends."""

GONE = frozenset(("channel_not_found", "is_archived", "thread_not_found"))
"""Errors after which nothing can be shown in a debate's place any more."""

REMOVED = "not_in_channel"
"""The error after which something can be shown again once the bot is invited."""

House = Callable[[int, str, datetime, str], Awaitable[Place]]
"""Gives a debate that was begun in a channel, by the request of a key and a moment, its thread; the place of it.

The last word is the response URL by which the person is told where that fails.
"""


def is_room(place: Place) -> bool:
    """Whether a place is direct messages: nothing there is seen by others."""
    return place.channel.startswith("D")


class Showing:
    """Shows one person the answers in one place.

    ``url``: the response URL of a slash command, by which what is private is answered where it was typed.
    ``alone``: where else the person was when they said it, and is told what is private (None: in ``place``).
    ``again``: parts that stand there already are not sent once more: the bot may have stopped between.
    """

    def __init__(
        self,
        web: Web,
        person: Person,
        place: Place,
        house: House,
        at: datetime,
        key: str,
        *,
        url: str = "",
        alone: Place | None = None,
        again: bool = False,
    ) -> None:
        self._web = web
        self._person = person
        self._house = house
        self._at = at
        self._key = key
        self._url = url
        self._again = again
        self._alone = alone or place
        self.place = place
        self.lost = ""

    async def send(self, key: str, reply: Reply, *, button: bool) -> list[str]:
        """Raises what is in ``NOT_SHOWN``."""
        if reply.private and (self._url or not is_room(self._alone)):
            await self._privately(reply)
            return []
        if not is_room(self.place) and not self.place.thread and reply.debate is not None:
            self.place = await self._house(reply.debate, key, self._at, self._url)
        try:
            sent = await self._publicly(key, reply, button)
        except SlackApiError as error:
            if code(error) not in (*GONE, REMOVED):
                raise
            self.lost = code(error)
            if self.lost == REMOVED:
                raise
            log.info("a debate's place is gone (%s)", self.lost)
            return []
        await self._files(reply, self.place)
        return sent

    async def _publicly(self, key: str, reply: Reply, button: bool) -> list[str]:
        owed = self._again or key != self._key  # shown in part before, perhaps
        there = await self._web.posted(self.place, key, self._at) if owed else {}
        try:
            return await self._parts(key, render.messages(reply, reply_button=button), there)
        except SlackApiError as error:
            if code(error) not in REFUSED_BLOCKS:
                raise
            log.warning("blocks were refused (%s); sent as plain text", code(error))
            return await self._parts(key, render.plain(reply), there, "plain ")

    async def _parts(
        self, key: str, messages: tuple[Message, ...], there: dict[str, str], kind: str = ""
    ) -> list[str]:
        sent = list[str]()
        for number, message in enumerate(messages):
            mark = Mark(key, self._at, f"{kind}{number}")
            sent.append(there.get(mark.part) or await self._web.post(self.place, message, mark))
        return sent

    async def _privately(self, reply: Reply) -> None:
        try:
            for message in render.messages(reply):
                await self._one(message)
        except SlackApiError as error:
            if code(error) not in REFUSED_BLOCKS:
                raise
            log.warning("blocks were refused (%s); sent as plain text", code(error))
            for message in render.plain(reply):
                await self._one(message)
        if render.files(reply) and await self._files(reply, await self._web.room(self._person.id)):
            await self._one(render.notice(words.FILE_SENT))

    async def _one(self, message: Message) -> None:
        """To the person alone: where the command was typed, else where the debate is, else directly."""
        await tell(self._web, self._person.id, self._alone, message, url=self._url)

    async def _files(self, reply: Reply, place: Place) -> bool:
        """Sends the files of a reply; where that fails the person is told, since the words are shown already."""
        files = render.files(reply)
        if not files:
            return False
        try:
            await self._web.upload(place, files)
        except NOT_SHOWN as error:
            log.warning("a file could not be sent (%s)", code(error))
            await self._one(render.notice(words.FILE_NOT_SENT.format(code=code(error))))
            return False
        return True


async def tell(web: Web, user: str, place: Place, message: Message, *, url: str = "") -> None:
    """A message for one person alone: by the response URL, else in ``place``, else in direct messages."""
    if url:
        await web.respond(url, message)
        return
    try:
        if not is_room(place):
            await web.whisper(place, user, message)
            return
    except SlackApiError as error:
        if code(error) not in NOT_FOR_ONE:
            raise
    await web.say(await web.room(user), message)


async def close_buttons(web: Web, place: Place, debate: int, keep: list[str]) -> None:
    """Takes away what belongs to a finished debate, but not from the messages ``keep``."""
    try:
        for message in await web.newest(place, LOOK_BACK):
            mine = message.get("user") == web.me.user and message.get("ts") not in keep
            blocks = render.closed(message.get("blocks") or (), debate) if mine else None
            if blocks is not None:
                await web.change(place, message, blocks)
    except NOT_SHOWN as error:
        log.info("buttons of a finished debate stay open (%s): pressed, they say so", code(error))
