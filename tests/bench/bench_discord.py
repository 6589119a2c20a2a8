"""How soon Discord gets its first answers while many debate: ``python -m tests.bench.bench_discord [PEOPLE]``.

``gadfly discord`` runs as a process of its own against the double of Discord, which stands here and takes CPU as well.
Everybody plays one whole debate, all at once, by a command, forms and messages. Discord gives up after 3 seconds; the
bound of the project for 50 debates on two cores is a p99 under 1 second.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.discord.conftest import RIGHTS
from tests.discord.crowd import PATIENCE, Clock, crowd, debate, process
from tests.doubles.discord import Discord

LIMIT = 3.0
"""Seconds that Discord waits for the first answer."""


async def main(count: int) -> None:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        async with Discord(ack_window=PATIENCE) as double:
            people = crowd(double, double.guild("club", permissions=RIGHTS), count)
            async with process(double, Path(folder) / "home"):
                began = time.perf_counter()
                await asyncio.gather(*(debate(double, person, clock) for person in people))
                took = time.perf_counter() - began
    times = sorted(clock.times)
    late = sum(seconds > LIMIT for seconds in times)
    print(f"{count} debates at once in {took:.1f} s: {count / took:.1f} debates a second")
    print(f"first answers, {len(times)} of them:")
    for name, seconds in (("p50", _at(times, 0.5)), ("p99", _at(times, 0.99)), ("max", times[-1])):
        print(f"  {name}  {1000 * seconds:7.0f} ms   (limit of Discord {1000 * LIMIT:.0f} ms)")
    print(f"  later than Discord waits: {late}")


def _at(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
