"""What a turn costs: CPU per speech, the encoder's share of it, and memory: ``python -m tests.bench.bench_turn [DEBATES]``.

Scripted learners play whole debates through the coach on a real store. The bounds are those of the project:
under 40 ms of CPU a turn beyond the encoder's own passes, under 300 MB of memory.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot import scrimmage
from bot.coach import Coach, load_rubrics
from bot.debate.debate import replay
from bot.messages import Person, Place, Request
from bot.reading.reader import LocalReader
from bot.store.store import Store
from content.library import Library

NOW = datetime(2000, 1, 1, tzinfo=UTC)


class Meter:
    """CPU milliseconds of whole turns and, within them, of encoder passes."""

    def __init__(self, reader: LocalReader) -> None:
        self.reader = reader
        self.turns: list[float] = []
        self.encoder: list[float] = []
        self.passes: list[int] = []

    def start(self) -> None:
        self._cpu, self._enc = time.process_time(), self.reader.encoder.cpu_seconds
        self._passes = self.reader.encoder.passes

    def stop(self) -> None:
        self.turns.append(1000 * (time.process_time() - self._cpu))
        self.encoder.append(1000 * (self.reader.encoder.cpu_seconds - self._enc))
        self.passes.append(self.reader.encoder.passes - self._passes)


async def play(coach: Coach, store: Store, library: Library, meter: Meter, number: int) -> None:
    """One scripted debate, each speech metered from hearing to the delivered reply."""
    deck = library.decks[number % len(library.decks)]
    side = ("for", "against")[number % 2]
    level = ("novice", "intermediate", "advanced")[number % 3]
    person, place = Person("bench", "local", str(number)), Place("bench", "local", str(number))
    text, over, count = f"!start {deck.id} {side} {level} seed={number}", False, 0
    while not over and count <= scrimmage.MESSAGES:
        request = Request(f"{number}:{count}", person, place, text, "en", NOW)
        meter.start()
        heard = await coach.hear(request)
        reply = await coach.answer(heard)
        coach.delivered(heard)
        if count:
            meter.stop()
        over, count = reply.over, count + 1
        assert heard.debate is not None
        debate = replay(deck, (await store.transcript(heard.debate)).entries)
        text = "" if over else scrimmage.speech(debate, number)


async def main(debates: int) -> None:
    library, reader = Library.open(), LocalReader()
    for deck in library.decks:
        reader.prepare(deck)
    meter = Meter(reader)
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(Path(folder)) as store:
            coach = Coach(store, library, reader, load_rubrics())
            for number in range(debates):
                await play(coach, store, library, meter, number)
            await coach.close()
    rest = [turn - encoder for turn, encoder in zip(meter.turns, meter.encoder, strict=True)]
    share = sum(meter.encoder) / sum(meter.turns)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(meter.turns)} turns of {debates} debates on {len(library.decks)} decks")
    print(f"CPU a turn, median / p95:          {_two(meter.turns)} ms")
    print(
        f"  encoder ({statistics.median(meter.passes):g} passes), median / p95: {_two(meter.encoder)} ms, {share:.0%} of all"
    )
    print(f"  everything else, median / p95:   {_two(rest)} ms   (bound 40)")
    print(f"memory, peak:                      {megabytes:.0f} MB   (bound 300)")


def _two(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} / {statistics.quantiles(values, n=20)[-1]:.1f}"


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12))
