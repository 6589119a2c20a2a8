"""Appends a second and commits, grouped and one by one: ``python -m tests.bench.bench_store [SECONDS]``.

Each client speaks, waits for the disk, and speaks again; all in one process on one real file.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.messages import Person
from bot.store.store import Store
from tests.store.given import speech, start

WORDS = "Talks change nothing, because neither side can give way without losing at home. " * 5


async def client(store: Store, number: int, end: float, waits: list[float]) -> None:
    person = Person("discord", "guild", f"learner{number}")
    debate = (await store.append(start(f"start-{number}", person))).debate
    assert debate is not None
    count = 0
    while (began := time.perf_counter()) < end:
        await store.append(speech(f"{number}-{count}", WORDS, debate, person))
        waits.append(time.perf_counter() - began)
        count += 1


async def measure(clients: int, group: int, seconds: float) -> tuple[float, str]:
    """Appends a second, and the line that says it."""
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(Path(folder)) as store:
            store._writer._group = group
            began, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*(client(store, i, began + seconds, waits) for i in range(clients)))
            rate = len(waits) / (time.perf_counter() - began)
            cost = (time.process_time() - cpu) / len(waits) * 1e3
            commits = store.commits
    waits.sort()
    middle, worst = waits[len(waits) // 2] * 1e3, waits[int(len(waits) * 0.99)] * 1e3
    return (
        rate,
        f"{rate:8.0f}/s  {commits:6d} commits  p50 {middle:7.1f} ms  p99 {worst:7.1f} ms  {cost:.2f} ms CPU",
    )


async def main(seconds: float) -> None:
    for clients in (1, 50, 500):
        rates = dict(await each(clients, seconds))
        print(f"{clients:4d} clients: grouped is {rates['grouped'] / rates['one by one']:.1f} x one by one\n")


async def each(clients: int, seconds: float) -> Iterator[tuple[str, float]]:
    found = []
    for name, group in (("grouped", 256), ("one by one", 1)):
        rate, line = await measure(clients, group, seconds)
        print(f"{clients:4d} clients, {name:10s} {line}")
        found.append((name, rate))
    return iter(found)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0))
