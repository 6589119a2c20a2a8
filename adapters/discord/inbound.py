"""A message, slash command, press or form of Discord -> ``Request``. Pure; knows no discord.py.

A button's id holds the debate's number and the sentence it stands for, nothing else: ``gf:12:!contest 4 b``. This
module must not know what a sentence means: commands and speeches are the bot's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.debate import commands
from bot.debate.commands import SAY, CommandSpec
from bot.debate.entries import Level
from bot.debate.errors import Refusal, Unreadable
from bot.messages import Person, Place, Request
from content.deck import Side

PLATFORM = "discord"
DM = "dm"
"""The scope of what is said outside any server."""

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


# --- the text of a message ---


def spoken(text: str, me: int) -> str:
    """``text`` without the mention of the bot, ``me``, that it begins or ends with."""
    mention = rf"<@!?{me}>"
    return re.sub(rf"\A\s*{mention}[\s,:]*|\s*{mention}\s*\Z", "", text)


def command_name(text: str) -> str:
    """The command that ``text`` will be heard as: ``say`` for a speech, "" for what will be refused."""
    try:
        return commands.parse(text).name
    except (Refusal, Unreadable):
        return ""


def is_private(text: str) -> bool:
    """Whether the answer to ``text`` is for the person alone, by the command table; a refusal is."""
    name = command_name(text)
    return not name or commands.BY_NAME[name].private


def for_anyone(text: str) -> bool:
    """Whether somebody who debates nothing here may say ``text``."""
    name = command_name(text)
    return bool(name) and commands.BY_NAME[name].who is commands.Who.ANYONE


# --- buttons, selects and forms ---

BUTTON = r"gf:(?P<debate>\d{1,12}):(?P<says>[\s\S]{1,80})"
"""The id of a button; debate 0: of no debate."""

SELECT = r"gs:(?P<debate>\d{1,12}):(?P<number>\d{1,2})"
"""The id of a select; its value is what is said."""

FORM = r"gm:(?P<debate>\d{1,12})"
"""The id of the form in which a speech is written."""

REPLY = "say"
"""What the button that opens the form says: no sentence, since the words are still to come."""

LONGEST_SAYS = 80


@dataclass(frozen=True)
class Press:
    """A button or an option that was chosen: the sentence it stands for and the debate it belongs to (0: none)."""

    debate: int
    says: str


def button_id(debate: int | None, says: str) -> str:
    """The id of the button that says ``says``."""
    return f"gf:{debate or 0}:{says[:LONGEST_SAYS]}"


def select_id(debate: int | None, number: int) -> str:
    """The id of select ``number`` of a message."""
    return f"gs:{debate or 0}:{number}"


def form_id(debate: int) -> str:
    """The id of the form for a speech."""
    return f"gm:{debate}"


def pressed(custom_id: str, values: Sequence[str] = ()) -> Press | None:
    """What a press means; None for an id that is not ours."""
    if found := re.fullmatch(BUTTON, custom_id):
        return Press(int(found["debate"]), found["says"])
    if (found := re.fullmatch(SELECT, custom_id)) and values:
        return Press(int(found["debate"]), values[0][:LONGEST_SAYS])
    return None


def form_debate(custom_id: str) -> int | None:
    """The debate of a form; None for an id that is not ours."""
    found = re.fullmatch(FORM, custom_id)
    return int(found["debate"]) if found else None


def form_words(components: Sequence[Mapping[str, Any]]) -> str:
    """The words written in a form, however deep Discord has wrapped them."""
    return next(_values(components), "")


def _values(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for component in components:
        if isinstance(component.get("value"), str):
            yield component["value"]
        inner = component.get("component")
        yield from _values([inner] if inner else component.get("components", ()))


def as_speech(words: str) -> str:
    """``words`` of a form as they are typed: always a speech, also where they look like a command."""
    return f"!{SAY} {words}"


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
