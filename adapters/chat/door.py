"""What a chat platform needs of the core, and the settings of a server or workspace that are kept there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.coach import MOTIONS, whole
from bot.messages import Heard, Person, Place, Reply, Request
from bot.store.values import Result, Seat, Summary
from content.deck import Deck, Side

STARTERS = "starters"
"""The setting of a server or workspace with those who may start debates, by ids of the platform; unset: everyone."""

PRIVATE = "private-threads"
"""The setting of a server or workspace that keeps debates from the eyes of others."""

HEARD_UNTIL = "heard-until"
"""The setting of a place with the id of the last message that was taken in there."""


class Door(Protocol):
    """What a chat platform needs of ``bot.coach.Coach``."""

    async def hear(self, request: Request) -> Heard: ...

    async def answer(self, heard: Heard) -> Reply: ...

    def delivered(self, heard: Heard) -> None: ...

    async def unfinished(self) -> tuple[Heard, ...]: ...

    async def seat(self, debate: int) -> Seat | None: ...

    async def seats_at(self, place: Place) -> tuple[Seat, ...]: ...

    async def open_seats(self, platform: str) -> tuple[Seat, ...]: ...

    async def debates(self, person: Person) -> tuple[Summary, ...]: ...

    async def results(self, person: Person, limit: int) -> tuple[Result, ...]: ...

    async def move(self, debate: int, place: Place) -> None: ...

    async def deck(self, debate: int) -> Deck: ...

    async def motions(self, place: Place) -> tuple[Deck, ...]: ...

    def all_motions(self) -> tuple[Deck, ...]: ...

    async def planned(self, place: Place, text: str) -> tuple[Deck, Side] | None: ...

    async def speech_of(self, key: str) -> int | None: ...

    async def erase(self, key: str) -> bool: ...

    async def setting(self, place: Place, name: str) -> str: ...

    async def set_setting(self, place: Place, name: str, value: str) -> None: ...

    def note_setting(self, place: Place, name: str, value: str) -> None: ...


Opening = Callable[[], AbstractAsyncContextManager[Door]]
"""Loads everything slow and opens the door; closes it again."""


@dataclass(frozen=True)
class Rules:
    """The settings of a server or workspace: ``starters`` as the platform keeps them, "" for everyone."""

    starters: str = ""
    private: bool = False


async def rules(door: Door, place: Place) -> Rules:
    """The settings of the server or workspace that ``place`` belongs to."""
    server = whole(place)
    return Rules(await door.setting(server, STARTERS), bool(await door.setting(server, PRIVATE)))


async def change(
    door: Door, place: Place, *, motions: str | None, starters: str | None, private: bool | None
) -> None:
    """Changes the settings that are given; "" takes one back."""
    server = whole(place)
    threads = None if private is None else ("1" if private else "")
    for name, value in ((MOTIONS, motions), (STARTERS, starters), (PRIVATE, threads)):
        if value is not None:
            await door.set_setting(server, name, value)
