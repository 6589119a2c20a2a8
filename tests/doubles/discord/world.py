"""What all parts of the double work on together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from .gateway import Gateway
from .state import Channel, Message, State, User

if TYPE_CHECKING:
    from .interactions import Interaction

T = TypeVar("T")


@dataclass(eq=False)
class World:
    state: State
    gateway: Gateway
    signal: Signal
    files: str = ""
    """The address under which attachments are found."""
    interactions: dict[int, Interaction] = field(default_factory=dict)
    tokens: dict[str, Interaction] = field(default_factory=dict)
    typing: list[tuple[Channel, User]] = field(default_factory=list)
    """Who was seen typing where, in that order."""
    nonces: dict[tuple[int, str], Message] = field(default_factory=dict)
    ack_window: float = 3.0
    """Seconds in which an interaction has to be answered for the first time."""
    token_age: float = 15 * 60.0
    """Seconds for which the token of an interaction is good."""
    nonce_window: float = 180.0
    """Seconds in which the same nonce means the same message."""

    @property
    def now(self) -> float:
        return self.state.now()


@dataclass(eq=False)
class Signal:
    """Wakes whoever waits for something to change."""

    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def __call__(self) -> None:
        woken, self.waiting = self.waiting, []
        for future in woken:
            if not future.done():
                future.set_result(None)

    async def until(self, found: Callable[[], T], within: float) -> T:
        """The first truthy result, looked for again after each change; TimeoutError when none comes."""
        async with asyncio.timeout(within):
            while not (result := found()):
                future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self.waiting.append(future)
                await future
        return result
