"""The pace of what is said in a channel: Slack takes about one message a second. Standard library only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

MANY = 1_000
"""Channels after which those that were quiet are forgotten."""


class Pace:
    """Lets messages into each channel one every ``seconds``; channels do not wait for each other."""

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._free: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Returns when the next message may go to ``channel``; who asks first goes first."""
        now = self._now()
        at = max(now, self._free.get(channel, now))
        self._free[channel] = at + self._seconds
        if len(self._free) > MANY:
            self._free = {name: free for name, free in self._free.items() if free > now}
        if at > now:
            await self._sleep(at - now)

    def wait(self, channel: str) -> float:
        """Seconds until a message that is asked for now may go to ``channel``."""
        return max(0.0, self._free.get(channel, 0.0) - self._now())

    def _now(self) -> float:
        return asyncio.get_running_loop().time() if self._clock is None else self._clock()
