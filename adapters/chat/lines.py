"""What a line that somebody typed or pressed will be heard as, by the command table. Pure."""

from __future__ import annotations

from bot.debate import commands
from bot.debate.commands import SAY
from bot.debate.errors import Refusal, Unreadable


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


def opens(text: str) -> bool:
    """Whether ``text`` begins a debate."""
    return command_name(text) in ("start", "switch")


def as_speech(words: str) -> str:
    """``words`` of a form as they are typed: always a speech, also where they look like a command."""
    return f"!{SAY} {words}"
