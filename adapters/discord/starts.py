"""How often the bot connected anew in the last day: Discord resets the token of one that does so 1,000 times."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Protocol

from adapters.discord.inbound import HOUSE
from bot.messages import Place

MOST = 1_000
DAY = timedelta(hours=24)
STARTS = "starts"
"""The setting with the count per hour."""


class Keeping(Protocol):
    """What keeps the count."""

    async def setting(self, place: Place, name: str) -> str: ...

    async def set_setting(self, place: Place, name: str, value: str) -> None: ...


class TooMany(Exception):
    """The bot must not connect; ``count`` is how often it did."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


class Starts:
    """Counts connections, across restarts."""

    def __init__(self, kept: Keeping) -> None:
        self._kept = kept

    async def count(self, now: datetime) -> None:
        """One more; raises ``TooMany`` instead where that would be too many."""
        hours = await self._hours(now)
        if sum(hours.values()) >= MOST:
            raise TooMany(sum(hours.values()))
        hour = now.strftime("%Y-%m-%dT%H:00:00+00:00")
        hours[hour] = hours.get(hour, 0) + 1
        await self._kept.set_setting(HOUSE, STARTS, json.dumps(hours))

    async def check(self, now: datetime) -> None:
        """Raises ``TooMany`` where no connection is left."""
        hours = await self._hours(now)
        if sum(hours.values()) >= MOST:
            raise TooMany(sum(hours.values()))

    async def _hours(self, now: datetime) -> dict[str, int]:
        """The count of each hour that reaches into the last day."""
        kept: dict[str, int] = json.loads(await self._kept.setting(HOUSE, STARTS) or "{}")
        oldest = now - DAY - timedelta(hours=1)
        return {hour: count for hour, count in kept.items() if datetime.fromisoformat(hour) > oldest}
