"""A person at the door of a coach, for tests: says a line, gets a reply."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.coach import Coach, load_rubrics
from bot.messages import (
    Block,
    Choice,
    Choices,
    File,
    Heading,
    Heard,
    Notice,
    Paragraph,
    Person,
    Place,
    Quote,
    Reply,
    Request,
)
from bot.readings import Reader
from bot.store.store import Store
from content.library import Library
from tests.coach.readers import RuleReader

NOW = datetime(2026, 11, 23, 22, 55, 1, 250_000, tzinfo=UTC)
ANN = Person("discord", "guild", "ann")
BOB = Person("discord", "guild", "bob")
ROOM = Place("discord", "guild", "room", "thread")

RUBRICS = load_rubrics()
LIBRARY = Library.open()
"""The shipped decks."""

_KEYS = count()
_MINUTES = count()


def now() -> datetime:
    """A minute later at every look."""
    return NOW + timedelta(minutes=next(_MINUTES))


SPEECHES = (
    "Friendly relations in the first term changed nothing on the key issues, because interests decide, "
    "so talks will not bring peace.",
    "You say that exchanges build trust; a swap of prisoners is only a little step, so it settles nothing.",
    "Neither Putin nor his elite can accept a compromise, because they would look weak at home.",
    "A ceasefire would let both armies rearm, so the war comes back. For example Minsk failed.",
    "The allies hold the sanctions and the money, therefore no deal lasts without them.",
    "My point #2 outweighs your #1, because a channel cannot remove the root causes.",
)


def coach(store: Store, reader: Reader | None = None, library: Library = LIBRARY) -> Coach:
    return Coach(store, library, reader or RuleReader(), RUBRICS, clock=now, draw=lambda: 11)


async def opened(
    folder: Path, reader: Reader | None = None, library: Library = LIBRARY
) -> tuple[Store, Coach]:
    store = await Store.open(folder, linger=0.02)
    return store, coach(store, reader, library)


@dataclass
class Talk:
    """One person in one place; every line gets a key of its own."""

    coach: Coach
    person: Person = ANN
    place: Place = ROOM
    heard: list[Heard] = field(default_factory=list)

    def request(self, text: str, key: str = "") -> Request:
        key = key or f"discord:m:{next(_KEYS):018}"
        return Request(key, self.person, self.place, text, "en", now())

    async def hear(self, text: str, key: str = "") -> Heard:
        heard = await self.coach.hear(self.request(text, key))
        self.heard.append(heard)
        return heard

    async def say(self, text: str, key: str = "") -> Reply:
        heard = await self.hear(text, key)
        reply = await self.coach.answer(heard)
        self.coach.delivered(heard)
        return reply

    async def again(self) -> tuple[Heard, Reply]:
        """The last request, delivered once more by the platform."""
        heard = await self.coach.hear(self.heard[-1].request)
        return heard, await self.coach.answer(heard)

    async def start(self, options: str = "putin for novice seed=0") -> Reply:
        return await self.say(f"!start {options}")

    async def whole(self, options: str = "putin for novice seed=0") -> Reply:
        """A debate to its ballot; the last reply."""
        reply = await self.start(options)
        for speech in SPEECHES:
            reply = await self.say(speech)
        return reply

    def elsewhere(self, channel: str) -> Talk:
        return Talk(self.coach, self.person, replace(self.place, channel=channel))


def text_of(reply: Reply) -> str:
    """What a person reads of a reply, one block a line."""
    return "\n".join(_text(block) for block in reply.blocks)


def _text(block: Block) -> str:
    match block:
        case Heading() | Paragraph() | Quote() | Notice() | File():
            return block.text
        case _:
            return repr(block)


def code(reply: Reply) -> str:
    """The code of a refusal, "" for another reply."""
    return next((b.code for b in reply.blocks if isinstance(b, Notice) and b.refused), "")


def kinds(reply: Reply) -> tuple[str, ...]:
    return tuple(type(block).__name__ for block in reply.blocks)


def choices(reply: Reply) -> tuple[Choice, ...]:
    return tuple(choice for block in reply.blocks if isinstance(block, Choices) for choice in block.options)
