"""kill -9, again and again: ``python -m tests.store.campaign FOLDER ROUNDS SEED`` prints what became of it, as JSON.

Each round forks a process (after the imports, so that it costs nothing), lets twenty learners speak and be
answered in it, every commit acknowledged through a pipe, and kills it at a random moment. The next round begins
by delivering again the last messages of the one before, acknowledged or not, as a platform would.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from bot.debate.entries import Answered, Spoke
from bot.messages import Person
from bot.store.store import Store
from tests.store.given import answer, speech, start

LEARNERS = 20


def person(number: int) -> Person:
    return Person("discord", "guild", f"learner{number}")


async def learner(store: Store, number: int, turn: str, again: list[str], pipe: int) -> None:
    """Deliver again what was sent last, then speak and be answered until killed."""
    who = person(number)
    debate = (await store.append(start(f"start-{number}", who))).debate
    assert debate is not None
    for key in again:
        await store.append(speech(key, f"words {key}", debate, who))
    for count in range(1_000_000):
        key = f"{turn}-{number}-{count}"
        os.write(pipe, f"sent {number} {key}\n".encode())
        written = await store.append(speech(key, f"words {key}", debate, who))
        assert written.last_seq is not None
        os.write(pipe, f"heard {number} {key}\n".encode())
        await store.append(answer(key, debate=debate, expects=written.last_seq + 1))
        os.write(pipe, f"answered {number} {key}\n".encode())
        store.delivered(key)


async def play(folder: Path, turn: str, again: dict[int, list[str]], pipe: int) -> None:
    async with await Store.open(folder, linger=0.02) as store:
        await asyncio.gather(*(learner(store, i, turn, again.get(i, []), pipe) for i in range(LEARNERS)))


def one_round(folder: Path, turn: str, again: dict[int, list[str]], life: float) -> list[list[str]]:
    """Play, kill after ``life`` seconds; the acknowledgements: what, who, key."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        asyncio.run(play(folder, turn, again, into))
    os.close(into)
    said = [os.read(out, 4096)]
    end = time.monotonic() + life
    while time.monotonic() < end and said[-1]:
        said.append(os.read(out, 65536))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while rest := os.read(out, 65536):
        said.append(rest)
    os.close(out)
    return [line.split() for line in b"".join(said).decode().splitlines()]


async def verdict(folder: Path, heard: set[str], answered: set[str]) -> dict[str, object]:
    """Lost, doubled, out of order; and what SQLite finds."""
    found: Counter[str] = Counter()
    replies = 0
    async with await Store.open(folder) as store:
        for number in range(LEARNERS):
            (summary,) = await store.debates(person(number))
            entries = (await store.transcript(summary.id)).entries
            found.update(entry.key for entry in entries if isinstance(entry, Spoke))
            replies += sum(isinstance(entry, Answered) for entry in entries)
        messages = [await store.heard(key) for key in found]
        health = await store.check()
    answers = {item.request.key for item in messages if item is not None and item.answered_at is not None}
    return {
        "heard": len(heard),
        "answered": len(answered),
        "lost": len(heard - set(found)),
        "unanswered": len(answered - answers),
        "doubled": sum(count > 1 for count in found.values()),
        "without inbox": sum(item is None for item in messages),
        "answers out of step": replies - len(answers),
        "kept but not acknowledged": len(set(found) - heard),
        "faults": health.faults,
    }


def main(folder: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    heard: set[str] = set()
    answered: set[str] = set()
    again: dict[int, list[str]] = {}
    for turn in range(rounds):
        lines = one_round(folder, f"r{turn}", again, chance.uniform(0.05, 0.5))
        again = {}
        for what, who, key in lines:
            if what == "sent":
                again[int(who)] = [*again.get(int(who), [])[-1:], key]
            (heard if what == "heard" else answered if what == "answered" else set()).add(key)
    print(json.dumps(asyncio.run(verdict(folder, heard, answered))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
