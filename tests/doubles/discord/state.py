"""What Discord knows: applications, people, guilds, channels, threads, messages. Plain values, no I/O."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, IntFlag
from typing import Any

Json = dict[str, Any]
"""One JSON object as it goes over the wire."""

EPOCH = 1_420_070_400_000
"""The first millisecond of 2015, where Discord's ids begin to count."""


class Kind(IntEnum):
    """The types of channels that the double has."""

    TEXT = 0
    DM = 1
    GROUP_DM = 3
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


PRIVATE = frozenset({Kind.DM, Kind.GROUP_DM})
THREADS = frozenset({Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD, Kind.ANNOUNCEMENT_THREAD})
POSTED_IN = frozenset({Kind.TEXT, Kind.ANNOUNCEMENT})
"""Channels of a guild that take messages and have threads beside them."""

REQUIRES_TAG = 1 << 4
"""The flag of a forum whose posts need a tag."""


class Permission(IntFlag):
    """The permissions that a rule of the double asks for."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


NOTHING = Permission(0)


class Flag(IntFlag):
    """The flags of a message."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_COMPONENTS_V2 = 1 << 15


ORDINARY = ~Permission.ADMINISTRATOR & (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.ADD_REACTIONS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What @everyone may do in a new guild."""


@dataclass
class Ids:
    """Snowflakes: always growing, and as old as they say."""

    now: Callable[[], float]
    _last: int = 0
    _guilds: Iterator[int] = field(default_factory=itertools.count)

    def next(self) -> int:
        self._last = max(self._last + 1, (int(self.now() * 1000) - EPOCH) << 22)
        return self._last

    def guild(self) -> int:
        """Ids of guilds made one after the other fall on one shard after the other."""
        return (1_000_000_000_000 + next(self._guilds)) << 22


@dataclass(eq=False)
class User:
    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    dms_open: bool = True


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: Permission
    managed: bool = False


@dataclass(eq=False)
class Member:
    user: User
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None


@dataclass(eq=False)
class Overwrite:
    """What a role or a member is allowed and denied in one channel."""

    id: int
    role: bool
    allow: Permission = NOTHING
    deny: Permission = NOTHING


@dataclass(eq=False)
class Channel:
    id: int
    kind: Kind
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    topic: str | None = None
    tags: list[Json] = field(default_factory=list)
    slowmode: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    # of threads alone:
    owner: User | None = None
    members: dict[int, User] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 4320
    archived_at: float = 0.0
    applied_tags: list[int] = field(default_factory=list)
    flags: int = 0
    deleted: bool = False

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    def visible_messages(self) -> list[Message]:
        """What everybody in the channel sees, oldest first."""
        return [message for message in self.messages.values() if not message.ephemeral]


@dataclass(eq=False)
class Message:
    id: int
    channel: Channel
    author: User
    content: str = ""
    kind: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """The bytes of each attachment, by file name."""
    poll: Json | None = None
    flags: int = 0
    at: float = 0.0
    edited_at: float | None = None
    nonce: str | int | None = None
    reference: Message | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[Role] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[User]] = field(default_factory=dict)
    interaction: Json | None = None
    webhook_id: int | None = None
    thread: Channel | None = None
    seen_by: User | None = None
    """The only person who sees an ephemeral message."""
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & Flag.EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & Flag.LOADING)

    @property
    def text(self) -> str:
        """All that stands in it: content, then text displays and embeds, in their order."""
        shown = [part["content"] for part in every_component(self.components) if part["type"] == 10]
        embedded = [line for embed in self.embeds for line in embed_texts(embed)]
        return "\n".join(part for part in [self.content, *shown, *embedded] if part)

    @property
    def buttons(self) -> dict[str, str]:
        """The custom_id of every button that can be pressed, by its label (or emoji)."""
        return {
            part.get("label") or (part.get("emoji") or {}).get("name") or part["custom_id"]: part["custom_id"]
            for part in every_component(self.components)
            if part["type"] == 2 and "custom_id" in part and not part.get("disabled")
        }

    def component(self, custom_id: str) -> Json | None:
        parts = every_component(self.components)
        return next((part for part in parts if part.get("custom_id") == custom_id), None)


def every_component(components: list[Json]) -> Iterator[Json]:
    """Components and all that they hold, in the order in which they are read."""
    for part in components:
        yield part
        yield from every_component(part.get("components") or [])
        for inner in ("component", "accessory"):
            if isinstance(part.get(inner), dict):
                yield from every_component([part[inner]])


def embed_texts(embed: Json) -> list[str]:
    """All the text of an embed, which together has a limit."""
    fields = [text for pair in embed.get("fields") or [] for text in (pair.get("name"), pair.get("value"))]
    footer = (embed.get("footer") or {}).get("text")
    author = (embed.get("author") or {}).get("name")
    found = [author, embed.get("title"), embed.get("description"), *fields, footer]
    return [text for text in found if text]


@dataclass(eq=False)
class Guild:
    id: int
    name: str
    owner: User
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    features: list[str] = field(default_factory=list)

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    @property
    def general(self) -> Channel:
        """The first text channel."""
        return next(channel for channel in self.channels.values() if channel.kind == Kind.TEXT)


@dataclass(eq=False)
class Application:
    """The bot as its owner set it up on Discord's side."""

    id: int
    name: str
    token: str
    bot: User
    owner: User
    privileged: frozenset[str]
    """The privileged intents that are switched on: members, presences, message_content."""
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    """What was synced, by guild; under None what holds everywhere."""
    installed_for: set[int] = field(default_factory=set)
    """The people who installed the bot for themselves."""
    public: bool = True


@dataclass(eq=False)
class State:
    """All of it. `now` gives seconds since 1970."""

    now: Callable[[], float]
    ids: Ids
    application: Application
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    """Every channel, thread and DM."""
    dms: dict[int, Channel] = field(default_factory=dict)
    """The DMs with the bot, by the person."""
    users: dict[int, User] = field(default_factory=dict)

    def dm(self, user: User) -> Channel:
        """The one DM between the bot and this person."""
        if user.id not in self.dms:
            channel = Channel(self.ids.next(), Kind.DM, recipient=user)
            self.dms[user.id] = self.channels[channel.id] = channel
        return self.dms[user.id]

    def add(self, message: Message) -> Message:
        message.channel.messages[message.id] = message
        return message


def iso(seconds: float) -> str:
    """A moment as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def created(snowflake: int) -> float:
    """When an id was given out, in seconds since 1970."""
    return ((snowflake >> 22) + EPOCH) / 1000
