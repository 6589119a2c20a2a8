"""A message, slash command, press or form of Discord -> ``Request``. Pure; knows no discord.py.

This module must not know what a sentence means: commands and speeches are the bot's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.debate import commands
from bot.debate.commands import CommandSpec
from bot.debate.entries import Level
from bot.messages import Person, Place, Request
from content.deck import Side

PLATFORM = "discord"
DM = "dm"
"""The scope of what is said outside any server."""

HOUSE = Place(PLATFORM, "", "")
"""Where the adapter keeps what belongs to no server."""

LOCALE = "en"


@dataclass(frozen=True)
class Origin:
    """Where an event comes from: Discord's ids as text; ``guild`` is "" in direct messages, ``thread`` outside threads."""

    guild: str
    channel: str
    thread: str
    user: str

    @property
    def person(self) -> Person:
        """Who it comes from."""
        return Person(PLATFORM, self.guild or DM, self.user)

    @property
    def place(self) -> Place:
        """Where it was said."""
        return Place(PLATFORM, self.guild or DM, self.channel, self.thread)


def message_key(message: int) -> str:
    """The durable key of a message."""
    return f"discord:m:{message}"


def interaction_key(interaction: int) -> str:
    """The durable key of a slash command, press or form."""
    return f"discord:i:{interaction}"


def request(key: str, origin: Origin, text: str, at: datetime, locale: str = LOCALE) -> Request:
    """The request that ``text`` is."""
    return Request(key, origin.person, origin.place, text, locale, at)


def nonce(key: str, part: int) -> str:
    """The nonce of part ``part`` of the answer to ``key``: the same at every attempt, at most 25 characters."""
    _, kind, id = key.split(":", 2)
    return f"{kind}{id}.{part}"[:25]


def snowflake(key: str) -> int:
    """The id of Discord's in a key."""
    return int(key.rsplit(":", 1)[1])


# --- words in messages and forms ---


def spoken(text: str, me: int) -> str:
    """``text`` without the mention of the bot, ``me``, that it begins or ends with."""
    mention = rf"<@!?{me}>"
    return re.sub(rf"\A\s*{mention}[\s,:]*|\s*{mention}\s*\Z", "", text)


def form_words(components: Sequence[Mapping[str, Any]]) -> str:
    """The words written in a form, however deep Discord has wrapped them."""
    return next(_values(components), "")


def _values(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for component in components:
        if isinstance(component.get("value"), str):
            yield component["value"]
        inner = component.get("component")
        yield from _values([inner] if inner else component.get("components", ()))


# --- slash commands, from the command table ---


@dataclass(frozen=True)
class Option:
    """An option of a slash command.

    ``kind``: ``text``, ``number``, ``flag`` (says its own name), ``choice`` (one of ``choices``), ``motion``, ``card``.
    """

    name: str
    required: bool
    kind: str = "text"
    choices: tuple[str, ...] = ()
    prefix: str = ""


_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "motion": ("motion", ()),
    "card": ("card", ()),
    "side": ("choice", tuple(map(str, Side))),
    "level": ("choice", tuple(map(str, Level))),
    "first": ("flag", ()),
    "anew": ("flag", ()),
    "yes": ("flag", ()),
    "turn": ("number", ()),
    "n": ("number", ()),
    "command": ("choice", tuple(spec.name for spec in commands.COMMANDS)),
}
"""What stands in the argument column of the command table, as options of Discord; anything else is text."""

_ARGUMENT = re.compile(r"\[([^]]+)\]|<([^>]+)>|(\S+)")


def options(spec: CommandSpec) -> tuple[Option, ...]:
    """The options of a command, read from its arguments: ``[optional]``, ``<needed>``, ``[one|of|these]``, ``#n``."""
    found = []
    for match in _ARGUMENT.finditer(spec.arguments):
        word = next(group for group in match.groups() if group)
        found.append(_option(word, required=match.group(1) is None))
    return tuple(sorted(found, key=lambda option: not option.required))


def _option(word: str, *, required: bool) -> Option:
    if "|" in word:
        return Option("which", required, "choice", tuple(word.split("|")))
    if word.startswith("#"):
        return Option("point", required, "number", prefix="#")
    kind, choices = _KINDS.get(word, ("text", ()))
    name = "speech" if word == "n" else word
    return Option(name, required, kind, choices)


def typed(spec: CommandSpec, given: Mapping[str, str | int | bool | None]) -> str:
    """The line a person would have typed for a slash command: ``!contest 4 b``."""
    words = [_typed(option, given.get(option.name)) for option in options(spec)]
    return " ".join([f"!{spec.name}", *(word for word in words if word)])


def _typed(option: Option, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    return option.name if value is True else f"{option.prefix}{value}"
