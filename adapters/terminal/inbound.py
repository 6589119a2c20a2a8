"""A line typed or piped -> ``Request``. Pure.

What cannot be taken as words is a ``Fault`` that says what to do next; the stream goes on. This module must not know
what a line means: commands and speeches are the bot's.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.terminal.start import PERSON
from bot.debate import commands
from bot.debate.errors import Refusal, Unreadable
from bot.messages import Person, Place, Request

PLATFORM = "terminal"
SCOPE = "local"
LOCALE = "en"

LONGEST_LINE = 1 << 18
"""The most bytes of a line that are read; a speech is far shorter."""

LONGEST_KEY = 80

PIPE = "pipe-"
"""What the channel of a pipe's place begins with."""

START = "start"
"""The key of the message by which a pipe starts its debate."""

_KEPT = "\n\t"
_INVISIBLE = {
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0x200B,
    0x2060,
    0xFEFF,
    *range(0xE0000, 0xE0080),
}
"""Characters that turn text round or hide in it: embeddings, overrides, isolates, zero-width spaces, tags.

Not the joiners (U+200C, U+200D) and the two marks (U+200E, U+200F), which Persian, Hindi, Hebrew and emoji need.
"""


@dataclass(frozen=True)
class Said:
    """Words to be heard: ``key`` as the sender gave it, "" where the line number stands for it.

    ``removed`` counts the invisible characters taken out of the text.
    """

    text: str
    line: int
    key: str = ""
    removed: int = 0

    @property
    def name(self) -> str:
        """By which the answer is shown: the given key or the line number."""
        return self.key or str(self.line)


@dataclass(frozen=True)
class Fault:
    """A line that cannot be taken: ``code`` names the kind, ``text`` says what is wrong and what to do."""

    code: str
    text: str
    line: int
    key: str = ""


def read(raw: bytes, line: int, *, as_json: bool) -> Said | Fault:
    """The words in one line of input (without its line break)."""
    if len(raw) > LONGEST_LINE:
        return Fault("too_long", f"This line is longer than {LONGEST_LINE:,} bytes. {_SHORTER}", line)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"This line is not UTF-8 text (byte {raw[error.start]:#04x} at place {error.start + 1})."
        return Fault("not_utf8", f"{problem} Send it again as UTF-8.", line)
    text = text.removesuffix("\r").removeprefix("\ufeff")
    return _json(text, line) if as_json and text.lstrip().startswith("{") else words(text, line)


def words(text: str, line: int, key: str = "") -> Said | Fault:
    """``text`` as words to be heard, or why not."""
    kept = "".join(char for char in text if ord(char) not in _INVISIBLE)
    odd = next((char for char in kept if _is_control(char)), None)
    if odd is not None:
        problem = f"This line holds a character that is not text (U+{ord(odd):04X})."
        return Fault("control", f"{problem} Take it out and send the line again.", line, key)
    if not kept.strip():
        return Fault(
            "empty", "There is nothing in this line. Type a speech, or !help for what can be done.", line, key
        )
    return Said(kept, line, key, removed=len(text) - len(kept))


def request(said: Said, key: str, place: Place, at: datetime) -> Request:
    """The request that ``said`` is in ``place`` under the durable ``key``."""
    return Request(key, speaker(place), place, said.text, LOCALE, at)


def message_key(said: Said, debate: int | None, place: Place) -> str:
    """The durable key: the same line of the same script has the same one, so that it is heard once.

    ``term:<debate>:k:<key>``, or ``term:<debate>:n:<line>:<digest>``: with a digest of the words, so that another
    script piped into the same debate is not taken for lines already heard. Before the debate has a number, its
    place stands for it.
    """
    scope = str(debate) if debate is not None else place.channel
    if said.key:
        return f"term:{scope}:k:{said.key}"
    digest = hashlib.sha256(said.text.encode()).hexdigest()[:12]
    return f"term:{scope}:n:{said.line}:{digest}"


def shown_key(key: str) -> str:
    """The sender's key, or the line number, in a ``message_key``."""
    _, _, kind, name = (*key.split(":", 3), "", "", "")[:4]
    return name.partition(":")[0] if kind == "n" else name


def speaker(place: Place) -> Person:
    """Who speaks in ``place``: in each pipe somebody new, so that no earlier debate tells on a scripted one."""
    return Person(PLATFORM, SCOPE, place.channel) if place.channel.startswith(PIPE) else Person(*PERSON)


def forgets(text: str) -> bool:
    """Whether ``text`` tells the bot to forget its author, so that what was typed is to go too."""
    try:
        found = commands.parse(text)
    except (Refusal, Unreadable):
        return False
    return found.name == "forget-me" and found.rest.lower() == "yes"


def begins(text: str) -> bool:
    """Whether ``text`` is the command that starts a debate, and leaves its seed to chance."""
    try:
        found = commands.parse(text)
    except (Refusal, Unreadable):
        return False
    return found.name == "start" and not any(word.lower().startswith("seed=") for word in found.words)


def _json(text: str, line: int) -> Said | Fault:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Fault("bad_json", f"This line is not JSON ({_short(error)}). {_SHAPE}", line)
    said, key = found.get("text"), found.get("key", "")
    for name, value in (("key", key), ("text", said)):
        if not isinstance(value, str):
            problem = "must be a string" if name in found else "is missing"
            return Fault(
                "bad_json", f'"{name}" {problem}. {_SHAPE}', line, key if isinstance(key, str) else ""
            )
    if len(key) > LONGEST_KEY or not key.isprintable() or key == START:
        problem = f'"key" must be at most {LONGEST_KEY} printable characters and not "{START}".'
        return Fault("bad_key", f"{problem} Choose another and send the line again.", line)
    return words(said, line, key)


def _is_control(char: str) -> bool:
    return char not in _KEPT and unicodedata.category(char) in ("Cc", "Cs")


def _short(error: Exception) -> str:
    return "too deep" if isinstance(error, RecursionError) else str(error)[:100]


_SHORTER = "A speech is at most 4,000 characters: make it shorter and send it again."
_SHAPE = 'Send {"key": "1", "text": "what you say"}, or the text alone.'
