"""Where a debate goes on: a thread of its own, or the place it was begun in; and what the bot may do there."""

from __future__ import annotations

from typing import Any

import discord

from adapters.chat.text import clean, clip
from adapters.discord import limits, words
from adapters.discord.inbound import Origin
from adapters.discord.text import escape
from content.deck import Deck, Side

Starter = discord.Member | discord.User


class Trouble(Exception):
    """What keeps the bot from doing something, in words for the person."""


SPEAKING = ("view_channel", "send_messages")
SPEAKING_IN_THREADS = ("view_channel", "send_messages_in_threads")

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    create_public_threads=True,
    create_private_threads=True,
    send_messages_in_threads=True,
    read_message_history=True,
    add_reactions=True,
    attach_files=True,
)
"""What the bot asks for when it is invited."""


def lacking(permissions: discord.Permissions, names: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the permissions ``names`` are not there."""
    return tuple(name for name in names if not getattr(permissions, name))


def check(permissions: discord.Permissions, names: tuple[str, ...]) -> None:
    """Raises ``Trouble`` with the mend where one of ``names`` is not there."""
    missing = lacking(permissions, names)
    if missing:
        raise Trouble(words.missing(missing))


def origin(guild: int | None, channel: Any, channel_id: int, user: int) -> Origin:
    """Where an event comes from; a thread is told from its channel."""
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    if parent is None:
        return Origin(str(guild or ""), str(channel_id), "", str(user))
    return Origin(str(guild or ""), str(parent), str(channel_id), str(user))


def speaking(channel: Any) -> tuple[str, ...]:
    """The permissions it takes to answer in ``channel``."""
    return SPEAKING_IN_THREADS if isinstance(channel, discord.Thread) else SPEAKING


async def open_thread(
    channel: Any, person: Starter, deck: Deck, side: Side, *, private: bool
) -> discord.Thread:
    """A new thread for a debate, beside the thread or in the channel it is begun in, with the person in it.

    Raises ``Trouble`` where that is not possible.
    """
    home = channel.parent if isinstance(channel, discord.Thread) else channel
    if not isinstance(home, discord.TextChannel | discord.ForumChannel):
        raise Trouble(words.NO_THREADS)
    name = clip(clean(words.thread_name(deck.title, side)), limits.THREAD_NAME - limits.MARGIN)
    if isinstance(home, discord.ForumChannel):
        return await _post(home, person, name, deck)
    return await _thread(home, person, name, private=private and not home.is_news())


async def _thread(home: discord.TextChannel, person: Starter, name: str, *, private: bool) -> discord.Thread:
    make = "create_private_threads" if private else "create_public_threads"
    check(home.permissions_for(home.guild.me), ("view_channel", make, "send_messages_in_threads"))
    thread = await home.create_thread(name=name, type=_kind(home, private=private), invitable=False)
    await thread.add_user(person)
    return thread


def _kind(home: discord.TextChannel, *, private: bool) -> Any:
    if home.is_news():
        return discord.ChannelType.news_thread
    return discord.ChannelType.private_thread if private else discord.ChannelType.public_thread


async def _post(home: discord.ForumChannel, person: Starter, name: str, deck: Deck) -> discord.Thread:
    """A post in a forum: thread and first message at once; with a tag where the forum insists on one."""
    granted = home.permissions_for(home.guild.me)
    check(granted, ("view_channel", "send_messages", "send_messages_in_threads"))
    free = [tag for tag in home.available_tags if granted.manage_threads or not tag.moderated]
    tags = free[:1] if home.flags.require_tag else []
    if home.flags.require_tag and not tags:
        raise Trouble(words.NO_TAG)
    made = await home.create_thread(
        name=name, content=clip(escape(deck.motion), limits.CONTENT), applied_tags=tags
    )
    await made.thread.add_user(person)
    return made.thread


def may_start(person: Starter, role: str) -> bool:
    """Whether a person may start debates where ``role`` (an id; "": everyone) is what it takes."""
    if not role or not isinstance(person, discord.Member):
        return True
    return any(str(found.id) == role for found in person.roles) or manages(person)


def manages(person: Starter) -> bool:
    """Whether a person may change the settings of the server."""
    return isinstance(person, discord.Member) and person.guild_permissions.manage_guild
