"""What there is in a workspace: people, channels, messages, views. Nothing here knows how they are spoken of."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field

from . import reading
from .reading import Json

IDS = string.ascii_uppercase + string.digits


class Ids:
    """Slack's kinds of ids, and times that no two messages share."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._random = random.Random(20261127)
        self._last = 0

    def next(self, kind: str) -> str:
        """An id such as C0A1B2C3D4."""
        return f"{kind}0" + "".join(self._random.choices(IDS, k=9))

    def secret(self, size: int = 24) -> str:
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=size))

    def hexadecimal(self, size: int = 32) -> str:
        return "".join(self._random.choices("0123456789abcdef", k=size))

    def ts(self) -> str:
        """The time of something, as Slack writes it and later than any before."""
        self._last = max(self._last + 1, int(self._now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


@dataclass(eq=False)
class User:
    id: str
    name: str
    admin: bool = False
    owner: bool = False
    bot: bool = False
    tz: str = "Europe/Vienna"

    @property
    def mention(self) -> str:
        """How a text names this one."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Bot(User):
    bot_id: str = ""
    app_id: str = ""


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    kind: str
    """channel (public), group (private), im or mpim: what events call channel_type."""
    members: dict[str, User] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    """All of it by ts: what stands in the channel, in its threads, and what one person alone sees."""
    top: list[Message] = field(default_factory=list)
    """What stands in the channel itself."""
    threads: dict[str, list[Message]] = field(default_factory=dict)
    """What stands in each thread, by the ts of its first message, which is not among it."""
    archived: bool = False
    deleted: list[Message] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return self.kind != "channel"

    def add(self, message: Message) -> None:
        self.messages[message.ts] = message
        if message.in_thread:
            self.threads.setdefault(str(message.thread_ts), []).append(message)
        if not message.in_thread or message.broadcast:
            self.top.append(message)

    def remove(self, message: Message) -> None:
        del self.messages[message.ts]
        for each in (self.top, self.threads.get(message.thread_ts or "", [])):
            if message in each:
                each.remove(message)

    def replies(self, ts: str) -> list[Message]:
        """What stands in a thread, without its first message and what only one person sees."""
        return [each for each in self.threads.get(ts, []) if each.ephemeral_for is None]


@dataclass(eq=False)
class File:
    id: str
    name: str
    title: str
    data: bytes
    url: str = ""

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass(eq=False)
class Surface:
    """What has blocks that somebody can read and use: a message or a view."""

    blocks: list[Json]

    @property
    def text_shown(self) -> str:
        """All that a reader sees in the blocks, line by line; not the words on buttons and in lists."""
        return "\n".join(reading.shown(self.blocks))

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons there are: what is written on each, and its action_id."""
        return {
            part["text"]["text"]: part["action_id"]
            for part in self.parts.values()
            if part["type"] == "button"
        }

    @property
    def selects(self) -> dict[str, Json]:
        """Everything in which something can be chosen, by action_id."""
        return {each["action_id"]: each for each in self.parts.values() if reading.chooses(each)}

    @property
    def parts(self) -> dict[tuple[str, str], Json]:
        """Everything that can be used, by block_id and action_id."""
        return {(block["block_id"], part["action_id"]): part for block, part in reading.elements(self.blocks)}


@dataclass(eq=False)
class Message(Surface):
    channel: Channel
    ts: str
    user: User
    text: str
    """As it was sent: the whole where there are no blocks, else what notifications and screen readers get."""
    thread_ts: str | None = None
    """The ts of the first message of its thread; that message has its own once it is answered."""
    subtype: str = ""
    ephemeral_for: User | None = None
    metadata: Json | None = None
    files: list[File] = field(default_factory=list)
    client_msg_id: str = ""
    attachments: list[Json] = field(default_factory=list)
    broadcast: bool = False
    """Whether this reply stands in the channel as well."""
    edited: Json | None = None
    deleted: bool = False
    unfurls: bool = False
    """Whether Slack may show what stands behind its links."""
    pings: list[str] = field(default_factory=list)
    """Whom it called, as a text would: <@U..>, <!channel>, <!here>, <!everyone>, <!subteam^S..>."""
    links: list[str] = field(default_factory=list)
    """The addresses that it makes links of."""
    reactions: dict[str, list[User]] = field(default_factory=dict)
    chosen: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    """What was chosen in it, by user, block_id and action_id."""
    response_url: str = ""
    versions: list[str] = field(default_factory=list)
    """The texts that it had before."""

    @property
    def ephemeral(self) -> bool:
        return self.ephemeral_for is not None

    @property
    def by_bot(self) -> bool:
        return self.user.bot and self.subtype not in ("channel_join", "channel_leave")

    @property
    def in_thread(self) -> bool:
        """Whether it is a reply, and no first message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def words(self) -> str:
        """The text, and what the blocks show."""
        return f"{self.text}\n{self.text_shown}" if self.blocks else self.text

    def __repr__(self) -> str:
        return f"<{self.user.name} {self.ts}: {self.text[:60]!r}>"


@dataclass(eq=False)
class View(Surface):
    """A form, or somebody's App Home."""

    id: str
    kind: str
    """modal or home"""
    user: User
    given: Json
    """As the app gave it."""
    hash: str
    root: str = ""
    previous: View | None = None
    open: bool = True
    chosen: dict[tuple[str, str], Json] = field(default_factory=dict)
    revision: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def callback_id(self) -> str:
        return str(self.given.get("callback_id") or "")

    @property
    def private_metadata(self) -> str:
        return str(self.given.get("private_metadata") or "")

    @property
    def external_id(self) -> str:
        return str(self.given.get("external_id") or "")

    @property
    def title(self) -> str:
        return str((self.given.get("title") or {}).get("text") or "")

    @property
    def submit(self) -> str:
        """What is written on the button that sends it, "" without one."""
        return str((self.given.get("submit") or {}).get("text") or "")

    @property
    def notify_on_close(self) -> bool:
        return bool(self.given.get("notify_on_close"))

    @property
    def inputs(self) -> dict[str, Json]:
        """The input blocks, by the action_id of their element."""
        return {each["element"]["action_id"]: each for each in self.blocks if each["type"] == "input"}

    def __repr__(self) -> str:
        return f"<{self.kind} {self.id} {self.title!r}>"


@dataclass(eq=False)
class State:
    """One workspace, and the one app in it."""

    now: Callable[[], float]
    ids: Ids
    team: str
    domain: str
    bot: Bot
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    """All forms that ever were open, by id."""
    stacks: dict[str, list[View]] = field(default_factory=dict)
    """The forms that somebody has open, the uppermost last."""
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    ims: dict[str, Channel] = field(default_factory=dict)
    installed: bool = True
    """Whether the app's token is still good."""

    def im(self, user: User) -> Channel:
        """The conversation of the bot and one person."""
        if user.id not in self.ims:
            members = {user.id: user, self.bot.id: self.bot}
            self.ims[user.id] = made = Channel(self.ids.next("D"), f"dm of {user.name}", "im", members)
            self.channels[made.id] = made
        return self.ims[user.id]

    def mentions(self) -> dict[str, User]:
        """Whom one can call, by name."""
        return {each.name: each for each in self.users.values()}


def complete(ids: Ids, blocks: list[Json]) -> list[Json]:
    """Blocks as Slack keeps them: each with a block_id, each element with an action_id."""
    kept = [{**each, "block_id": each.get("block_id") or ids.secret(5)} for each in blocks]
    return [_with_actions(ids, each) for each in kept]


def _with_actions(ids: Ids, block: Json) -> Json:
    found = dict(block)
    if found["type"] in ("actions", "context_actions"):
        found["elements"] = [_named(ids, each) for each in found["elements"]]
    for key in ("accessory", "element"):
        if isinstance(found.get(key), dict) and found[key].get("type") != "image":
            found[key] = _named(ids, found[key])
    return found


def _named(ids: Ids, element: Json) -> Json:
    return {**element, "action_id": element.get("action_id") or ids.secret(5)}
