"""A message, slash command, press or form of Slack -> ``Request``. Pure; knows no Bolt.

This module must not know what a sentence means: commands and speeches are the bot's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.slack.text import unescape
from bot.debate.commands import BY_NAME, SAY
from bot.messages import Person, Place, Request

PLATFORM = "slack"

LOCALE = "en"

CHANGES = ("message_changed", "message_deleted")
"""The subtypes of messages that tell of another message."""

SPOKEN = ("", "file_share", "thread_broadcast", "me_message")
"""The subtypes of messages that hold a person's words."""


@dataclass(frozen=True)
class Origin:
    """Where an event comes from: Slack's ids; ``thread`` is the first message of the thread, "" outside threads."""

    team: str
    channel: str
    thread: str
    user: str

    @property
    def person(self) -> Person:
        """Who it comes from."""
        return Person(PLATFORM, self.team, self.user)

    @property
    def place(self) -> Place:
        """Where it was said."""
        return Place(PLATFORM, self.team, self.channel, self.thread)

    def at(self, place: Place, *, thread: str = "") -> Origin:
        """The same person in ``place``, or in another thread there."""
        return replace(self, channel=place.channel, thread=thread or place.thread)


def whole_team(team: str) -> Place:
    """Where the adapter keeps what belongs to the whole workspace."""
    return Place(PLATFORM, team, "")


# --- keys: what comes twice has the same one twice ---


def message_key(team: str, channel: str, ts: str) -> str:
    """The durable key of a message; one message may come as several events, each under an id of its own."""
    return f"{PLATFORM}:{team}:{channel}:{ts}"


def trigger_key(trigger: str) -> str:
    """The durable key of a slash command or press."""
    return f"{PLATFORM}:x:{trigger}"


def view_key(view: Mapping[str, Any]) -> str:
    """The durable key of a form that was sent in."""
    return f"{PLATFORM}:v:{view.get('id', '')}:{view.get('hash', '')}"


def request(key: str, origin: Origin, text: str, at: datetime) -> Request:
    """The request that ``text`` is."""
    return Request(key, origin.person, origin.place, text, LOCALE, at)


def moment(ts: str) -> datetime:
    """When a message was said."""
    return datetime.fromtimestamp(float(ts), UTC)


def stamp(at: datetime) -> str:
    """A moment as Slack writes it."""
    return f"{at.timestamp():.6f}"


# --- messages ---


@dataclass(frozen=True)
class Said:
    """Words of a person: ``mentioned`` where they call the bot; ``beneath``: the thread in direct messages, "" outside.

    ``wordless``: something was sent, but no words: a picture, say.
    """

    origin: Origin
    ts: str
    text: str
    mentioned: bool
    direct: bool
    beneath: str = ""
    wordless: bool = False

    @property
    def key(self) -> str:
        """Its durable key."""
        return message_key(self.origin.team, self.origin.channel, self.ts)

    @property
    def to_us(self) -> bool:
        """Whether it may be meant for the bot; cheap, because every message comes through here."""
        return self.direct or self.mentioned or bool(self.origin.thread)


def said(event: Mapping[str, Any], team: str, me: str, *, direct: bool) -> Said | None:
    """The words in a message (an event or one of a history); None where they are nobody's, or the bot's own.

    In direct messages threads are not told apart: there is one debate at a time. It is answered where it was said.
    """
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    if not (user and channel and ts) or user == me or event.get("bot_id"):
        return None
    if (event.get("subtype") or "") not in SPOKEN:
        return None
    raw = str(event.get("text") or "")
    beneath = str(event.get("thread_ts") or "")
    thread = "" if direct else beneath
    mentioned = re.search(_mention(me), raw) is not None
    words = unescape(spoken(raw, me))
    origin = Origin(team, str(channel), thread, str(user))
    wordless = bool(event.get("files")) and not words.strip()
    return Said(origin, str(ts), words, mentioned, direct, beneath if direct else "", wordless)


def spoken(text: str, me: str) -> str:
    """``text`` without the mention of the bot, ``me``, that it begins or ends with."""
    found = _mention(me)
    return re.sub(rf"\A\s*{found}[\s,:]*|\s*{found}\s*\Z", "", text)


def _mention(me: str) -> str:
    return rf"<@{re.escape(me)}(?:\|[^<>]*)?>"


@dataclass(frozen=True)
class Change:
    """A message that was edited (``erased`` false) at ``edited``, or taken away: whose it was, where, and which."""

    origin: Origin
    ts: str
    erased: bool
    edited: str = ""

    @property
    def key(self) -> str:
        """The durable key of the message."""
        return message_key(self.origin.team, self.origin.channel, self.ts)


def change(event: Mapping[str, Any], team: str, me: str) -> Change | None:
    """What was done to a message of a person; None where its words stay as they are."""
    subtype = event.get("subtype")
    before, now = _object(event, "previous_message"), _object(event, "message")
    user = str(before.get("user") or now.get("user") or "")
    if user == me or before.get("bot_id") or now.get("bot_id"):
        return None
    origin = Origin(team, str(event.get("channel") or ""), str(before.get("thread_ts") or ""), user)
    if subtype == "message_deleted":
        return Change(origin, str(event.get("deleted_ts") or before.get("ts") or ""), erased=True)
    if subtype != "message_changed":
        return None
    ts = str(now.get("ts") or before.get("ts") or "")
    if now.get("subtype") == "tombstone":  # taken away, but others have answered it
        return Change(origin, ts, erased=True)
    edited = _object(now, "edited")
    if not edited or now.get("text") == before.get("text"):
        return None
    return Change(origin, ts, erased=False, edited=str(edited.get("ts") or ""))


def _object(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = event.get(name)
    return found if isinstance(found, Mapping) else {}


# --- slash commands ---


def typed(text: str) -> str:
    """The line that ``/debate <text>`` is: ``!flow``, and ``!words`` for words that are no command."""
    name, rest = _first(unescape(text))
    if name == "debate" and rest:  # typed twice
        name, rest = _first(rest)
    return f"!{name} {rest}".rstrip() if name in BY_NAME else f"!{name[:40]}"


def called(text: str) -> str:
    """The line that somebody calls the bot with outside a debate: a command, also without its ``!``; "" for other words."""
    name, rest = _first(text)
    if name in BY_NAME and name != SAY:
        return f"!{name} {rest}".rstrip()
    return text.strip() if text.strip().startswith(("!", "/")) else ""


def _first(text: str) -> tuple[str, str]:
    """The first word, in small letters and without its ``!`` or ``/``, and the rest."""
    name, *rest = text.strip().split(None, 1) or [""]
    return name.removeprefix("!").removeprefix("/").lower(), rest[0] if rest else ""


# --- what a form carries along ---


@dataclass(frozen=True)
class Carried:
    """Where a form was opened: the channel and thread that it acts on."""

    channel: str
    thread: str = ""

    def to_text(self) -> str:
        """As a form carries it."""
        return json.dumps([self.channel, self.thread])


def carried(view: Mapping[str, Any]) -> Carried:
    """What a form carried along; nothing where it is not ours."""
    try:
        channel, thread = json.loads(str(view.get("private_metadata") or ""))
    except (ValueError, TypeError):
        return Carried("")
    return Carried(str(channel), str(thread))
