"""Where words are heard: which debate a command is for, where a new one takes place, and who may start it.

Asks Slack only what it answers soon. This module must not know how anything is answered.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from adapters.chat import door
from adapters.chat.door import Door, Rules
from adapters.chat.lines import command_name, for_anyone, opens
from adapters.slack import inbound, words
from adapters.slack.inbound import Origin
from adapters.slack.showing import is_room
from adapters.slack.views import OpenDebate
from adapters.slack.web import NOT_SHOWN, Web, code
from bot.messages import Place
from bot.store.values import Summary

log = logging.getLogger(__name__)

SOON = 1.5
"""Seconds that Slack gets to answer what has to be known before words can be acknowledged."""


class Trouble(Exception):
    """What keeps the bot from doing something, in words for the person."""


class Several(Exception):
    """A command could be for any of these debates."""

    def __init__(self, debates: Sequence[Summary]) -> None:
        super().__init__(str(len(debates)))
        self.debates = debates


class Venue:
    """Finds the place for what is said in a workspace."""

    def __init__(self, core: Door, web: Web) -> None:
        self._door = core
        self._web = web

    @property
    def whole(self) -> Place:
        """The whole workspace: where its settings are kept."""
        return inbound.whole_team(self._web.me.team)

    async def rules(self) -> Rules:
        """The settings of the workspace."""
        return await door.rules(self._door, self.whole)

    async def place_of(self, origin: Origin, text: str) -> tuple[Place, str]:
        """Where a command is heard, and why there if not where it was typed. Raises ``Trouble`` and ``Several``."""
        rules = await self.starting(origin.user) if opens(text) else None
        if rules is not None and command_name(text) == "start":
            return await self._start_at(origin, rules)
        return await self._debate_of(origin, text), ""

    async def starting(self, user: str) -> Rules:
        """The settings of the workspace, for somebody who starts a debate. Raises ``Trouble`` where they may not."""
        rules = await self.rules()
        starters = rules.starters.split(",")
        if rules.starters and user not in starters and not await self.is_admin(user):
            raise Trouble(words.NOT_ALLOWED)
        return rules

    async def called(self, origin: Origin, ts: str, text: str) -> Place:
        """Where a command is heard that somebody calls the bot with, by the message ``ts`` outside a debate of theirs.

        Raises ``Trouble``.
        """
        beneath = origin.at(origin.place, thread=origin.thread or ts).place
        if for_anyone(text) and command_name(text) != "start":
            return beneath
        try:
            place, _ = await self.place_of(origin, text)
        except Several as several:
            raise Trouble(words.which(len(several.debates))) from several
        return beneath if place in (origin.place, _channel(origin)) else place

    async def elsewhere(self, origin: Origin) -> str:
        """What somebody is told who speaks to the bot outside a debate: where their debates are."""
        mine = await self._door.debates(origin.person)
        open_ = await self.opened([found for found in mine if found.ended_at is None])
        return words.say_there([(item.title, item.link) for item in open_])

    async def opened(self, debates: Sequence[Summary]) -> list[OpenDebate]:
        """Debates with their titles and the ways to them."""
        return [
            OpenDebate(found, (await self._door.deck(found.id)).title, self._web.link(found.place))
            for found in debates
        ]

    async def room(self, user: str) -> Place:
        """The direct messages with somebody. Raises what is in ``NOT_SHOWN`` where Slack does not tell soon."""
        async with asyncio.timeout(SOON):
            return await self._web.room(user)

    async def is_admin(self, user: str) -> bool:
        """Whether somebody is an admin of the workspace. Raises what is in ``NOT_SHOWN``, soon."""
        async with asyncio.timeout(SOON):
            return await self._web.is_admin(user)

    async def _debate_of(self, origin: Origin, text: str) -> Place:
        """Where the debate is that a command typed in a channel is for: there, else in direct messages.

        Raises ``Trouble`` where there is none, for a command that is about one.
        """
        mine = await self._door.debates(origin.person)
        here = [found for found in mine if found.place.channel == origin.channel]
        open_here = [found for found in here if found.ended_at is None]
        about_one = command_name(text) not in ("", "start") and not for_anyone(text)
        if len(open_here) > 1 and about_one:
            raise Several(open_here)
        directly = [found for found in mine if is_room(found.place)]
        open_directly = [found for found in directly if found.ended_at is None]
        for found in (open_here, open_directly, here, directly):
            if found:
                return found[0].place
        if about_one:
            raise Trouble(await self.elsewhere(origin))
        return origin.place

    async def _start_at(self, origin: Origin, rules: Rules) -> tuple[Place, str]:
        """Where a debate begun in a channel takes place, and why there if not in the channel."""
        if not origin.channel or is_room(origin.place):
            return await self.room(origin.user), ""
        if rules.private:
            return await self.room(origin.user), words.ALWAYS_PRIVATE
        if not await self._is_member(origin.channel):
            return await self.room(origin.user), words.NO_MEMBER
        return _channel(origin), ""

    async def _is_member(self, channel: str) -> bool:
        """Whether the bot is in a channel; presumed where Slack does not say so soon enough."""
        try:
            async with asyncio.timeout(SOON):
                return await self._web.is_member(channel)
        except NOT_SHOWN as error:
            log.info("a channel was not described (%s)", code(error))
            return True


def _channel(origin: Origin) -> Place:
    return Place(inbound.PLATFORM, origin.team, origin.channel)
