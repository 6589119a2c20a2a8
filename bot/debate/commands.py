"""The command table: every platform and every help text reads it. And the reading of a line as command or speech.

This module must not know what a command does (see ``rules`` and ``bot.coach``).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.debate.errors import Code, Refusal, Unreadable

LONGEST = 4_000
"""The most code points a speech may have, everywhere."""


class Who(StrEnum):
    """Who may give a command."""

    ANYONE = "anyone"
    DEBATER = "debater"


@dataclass(frozen=True)
class CommandSpec:
    """One row of the table. ``private`` answers are for the person alone where a platform can do that."""

    name: str
    arguments: str
    help: str
    who: Who = Who.DEBATER
    private: bool = False


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec("start", "[motion] [side] [level] [first] [anew]", "start a debate", Who.ANYONE),
    CommandSpec("say", "<words>", "say something, even if it looks like a command"),
    CommandSpec("hint", "[#n]", "at novice: words that would answer an open point", private=True),
    CommandSpec("flow", "", "every point and what became of it"),
    CommandSpec("why", "<card>", "the reason behind a card, and its quote from the essay", private=True),
    CommandSpec("contest", "[turn] [letter]", "that is not what I meant"),
    CommandSpec("concede", "#n", "grant a point of the bot's"),
    CommandSpec("score", "", "your score so far, line by line", private=True),
    CommandSpec("end", "", "end the debate now and see the ballot"),
    CommandSpec("redo", "[n]", "say speech n again, judged alone (at novice also at once, as a try)"),
    CommandSpec("switch", "", "the same motion from the other side"),
    CommandSpec("motions", "", "what can be debated here", Who.ANYONE, private=True),
    CommandSpec("cards", "[for|against]", "the cards of the motion", Who.ANYONE, private=True),
    CommandSpec(
        "leaderboard",
        "[all|join|leave]",
        "your last five debates; `all` for the board",
        Who.ANYONE,
        private=True,
    ),
    CommandSpec("export", "[markdown|json|argdown]", "the debate as a file", private=True),
    CommandSpec("forget-me", "[yes]", "delete everything stored about you", Who.ANYONE, private=True),
    CommandSpec("help", "[command]", "this list", Who.ANYONE, private=True),
)

BY_NAME = {spec.name: spec for spec in COMMANDS}

SAY = "say"

_COMMAND = re.compile(r"[!/](?:debate\s+)?([A-Za-z][A-Za-z-]*)(?:\s+(.*))?\Z", re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A line as understood: the command's name and its argument text (for ``say`` the speech itself)."""

    name: str
    rest: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.rest.split())


def parse(text: str) -> Command:
    """The command of a line: ``!`` or ``/`` and a command word; anything else is a speech.

    Raises ``Unreadable`` for a speech of over ``LONGEST`` code points, ``Refusal`` for a lone word after ``!`` or
    ``/`` that is no command.
    """
    line = text.strip()
    found = _COMMAND.match(line)
    if found is None:
        return _speech(text)
    name, rest = found.group(1).lower(), (found.group(2) or "").strip()
    if name in BY_NAME:
        return _speech(rest) if name == SAY else Command(name, rest[:LONGEST])
    near = nearest(name)
    if near is None and rest:
        return _speech(text)
    if near is not None and len(rest.split()) > 3:
        return _speech(text)
    raise Refusal(Code.UNKNOWN_COMMAND, word=name[:40], near=near or "")


def nearest(word: str) -> str | None:
    """The command name a mistyped ``word`` may have meant."""
    found = difflib.get_close_matches(word.lower(), BY_NAME, n=1, cutoff=0.6)
    return found[0] if found else None


def nearest_names(word: str) -> list[str]:
    """The command names that are like ``word``, the nearest first."""
    return difflib.get_close_matches(word.lower(), BY_NAME, n=3, cutoff=0.5)


def ignored(command: Command) -> str:
    """The words after a command that takes none."""
    return command.rest if command.name != SAY and not BY_NAME[command.name].arguments else ""


def _speech(text: str) -> Command:
    if len(text) > LONGEST:
        raise Unreadable(over=len(text) - LONGEST)
    return Command(SAY, text)


def is_letter(word: str) -> bool:
    """Whether ``word`` can be the letter of a choice."""
    return len(word) == 1 and word.isascii() and word.isalpha()


def point_number(word: str, digits: int = 4) -> int:
    """The number in ``#4`` or ``4``, of at most ``digits`` digits; raises ``Refusal`` on anything else."""
    number = word.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) <= digits):
        raise Refusal(Code.BAD_ARGUMENT, word=word[:40])
    return int(number)
