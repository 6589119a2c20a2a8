"""How soon Slack gets its acknowledgements while many debate: ``python -m tests.bench.bench_slack [PEOPLE]``.

``gadfly slack`` runs as a process of its own against the double of Slack, which stands here and takes CPU as well.
Everybody plays one whole debate, all at once, by a command, forms and messages, and a fifth of the events come twice.
Slack gives up after 3 seconds; the bound of the project for 50 debates on two cores is a p99 under 1 second.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from adapters.slack.manifest import manifest
from tests.doubles.slack import Slack
from tests.slack.conftest import HTTP, SOCKET
from tests.slack.crowd import PATIENCE, answers, crowd, debate, process, twice

LIMIT = 3.0
"""Seconds that Slack waits for an acknowledgement."""

TWICE = 0.2


async def main(count: int) -> None:
    for transport in (SOCKET, HTTP):
        await measure(transport, count)


async def measure(transport: str, count: int) -> None:
    app = manifest("https://gadfly.example/slack/events" if transport == HTTP else "")
    with tempfile.TemporaryDirectory() as folder:
        async with Slack(app, ack_window=PATIENCE) as double:
            double.duplicate = TWICE
            people = crowd(double, count)
            async with process(double, Path(folder) / "home", transport):
                began = time.perf_counter()
                roots = await asyncio.gather(*(debate(double, person) for person in people))
                took = time.perf_counter() - began
                await double.settled(within=PATIENCE)
            times = sorted(ack.seconds for ack in double.acks)
            said = [answers(person, root) for person, root in zip(people, roots, strict=True)]
            doubled = twice(double)
    print(f"{transport}: {count} debates at once in {took:.1f} s: {count / took:.1f} debates a second")
    print(f"  acknowledgements, {len(times)} of them ({doubled} events came twice):")
    for name, seconds in (("p50", _at(times, 0.5)), ("p99", _at(times, 0.99)), ("max", times[-1])):
        print(f"    {name}  {1000 * seconds:7.0f} ms   (limit of Slack {1000 * LIMIT:.0f} ms)")
    print(f"    later than Slack waits: {sum(seconds > LIMIT for seconds in times)}")
    print(f"  speeches answered exactly once: {sum(n == 1 for each in said for n in each)} of {6 * count}")


def _at(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
