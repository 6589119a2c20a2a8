"""How those who wait for something learn that it may have come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class Signal:
    """Wakes whoever waits for something to change."""

    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def __call__(self) -> None:
        woken, self.waiting = self.waiting, []
        for future in woken:
            if not future.done():
                future.set_result(None)

    async def changed(self) -> None:
        """Waits for the next change."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        await future

    async def until(self, found: Callable[[], T], within: float) -> T:
        """The first truthy result, looked for again after each change; TimeoutError when none comes."""
        async with asyncio.timeout(within):
            while not (result := found()):
                await self.changed()
        return result


@dataclass(eq=False)
class Clock:
    """Slack's clock, which a test may put forward."""

    read: Callable[[], float]
    ahead: float = 0.0
    moved: Signal = field(default_factory=Signal)

    def now(self) -> float:
        """Seconds since 1970."""
        return self.read() + self.ahead

    def pass_time(self, seconds: float) -> None:
        self.ahead += seconds
        self.moved()

    async def reach(self, moment: float) -> None:
        """Waits until it is so late on this clock, be it that it was put forward."""
        while (left := moment - self.now()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self.moved.changed()
            except TimeoutError:
                continue
