"""What reading costs, and whether it depends on the machine: ``python -m tests.bench.bench_cost``.

CPU milliseconds of one pass and of a whole message of 60 words in the middle of a debate, peak memory of a process with
both decks, the time to learn a deck, and the share of messages that one and two threads read differently, or this
processor and one that sums products of whole numbers exactly.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bot.reading.built import Builder
from bot.reading.encoder import Encoder
from bot.reading.reader import LocalReader
from bot.readings import BotPoint, Reading, Situation
from content.deck import Side
from tests.bench.bench_own import decks, rows
from tests.bench.encoders import Exact
from tests.bench.figures import figure, line

WORDS = 60
POINTS = 6
TOLERANCE = 0.02
"""Readings whose probabilities are this near are the same."""


def messages() -> list[str]:
    """Messages of about 60 words, put together from held-out ones."""
    texts = [row["text"] for row in rows("heldout.jsonl")]
    out, found = [], list[str]()
    for text in texts:
        found += text.split()
        if len(found) >= WORDS:
            out.append(" ".join(found[:WORDS]))
            found = []
    return out


def situation() -> Situation:
    deck = decks()["putin-trump-talks"]
    cards = [card for card in deck.cards if card.side is Side.AGAINST][:POINTS]
    points = tuple(
        BotPoint(number=n, card=card.id, said=f"{card.tag} {card.warrant}", latest=n > POINTS // 2)
        for n, card in enumerate(cards, 1)
    )
    return Situation(side=Side.FOR, points=points, said=tuple(messages()[:3]))


def cost(reader: LocalReader) -> dict[str, float]:
    deck, asked = decks()["putin-trump-talks"], situation()
    reader.prepare(deck)
    texts = messages()
    alone = [_cpu(lambda text=text: reader.encoder.encode([text], deck.motion)) for text in texts]
    passes = reader.encoder.passes
    read = [_cpu(lambda text=text: reader.read(deck, text, asked)) for text in texts]
    many = (reader.encoder.passes - passes) / len(texts)
    print(
        f"cost of a message of {WORDS} words, {POINTS} points of the bot, one thread ({len(texts)} messages, CPU ms)"
    )
    line(
        "one pass", p50=f"{statistics.median(alone):.1f}", p95=f"{statistics.quantiles(alone, n=20)[-1]:.1f}"
    )
    line(
        f"read in a debate ({many:.1f} passes)",
        p50=f"{statistics.median(read):.1f}",
        p95=f"{statistics.quantiles(read, n=20)[-1]:.1f}",
    )
    return {"pass_ms": statistics.median(alone), "read_ms": statistics.median(read)}


def _cpu(what: object) -> float:
    started = time.process_time()
    what()  # type: ignore[operator]
    return 1000 * (time.process_time() - started)


def memory() -> float:
    """Peak megabytes of a process of its own that reads a message on each deck."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_cost", "--memory"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = float(done.stdout)
    line("memory with both decks", peak=f"{found:.0f} MB")
    return found


def peak() -> float:
    """Peak megabytes of this process. What the system says of usage counts the process it was forked from, too."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def learning() -> None:
    """CPU seconds to learn a deck whose vectors are there."""
    builder = Builder(Encoder())
    for deck in decks().values():
        started = time.process_time()
        builder.build(deck)
        line(f"learn {deck.id}", cards=str(len(deck.cards)), seconds=f"{time.process_time() - started:.2f}")


def machines() -> dict[str, float]:
    """The shares of held-out messages that are read otherwise with two threads, and with exact sums of whole numbers."""
    held = rows("heldout.jsonl")

    def read(encoder: Encoder) -> list[Reading]:
        reader = LocalReader(encoder=encoder)
        return [reader.read(decks()[r["deck"]], r["text"], Situation(side=Side(r["side"]))) for r in held]

    one = read(Encoder())
    out = {}
    others: dict[str, Encoder] = {"two threads": Encoder(threads=2)}
    if find_spec("onnx"):
        others["exact sums"] = Exact()
    else:
        print("  exact sums: not measured: they need onnx, which ./gadfly test installs")
    for name, encoder in others.items():
        differ = [float(not same(left, right)) for left, right in zip(one, read(encoder), strict=True)]
        line(f"{', '.join(instructions())} and {name}", differ=figure([differ]))
        out[name] = sum(differ) / len(differ)
    return out


def same(left: Reading, right: Reading) -> bool:
    """Whether two readings hear the same: kind, arguments, cards and answers, their probabilities nearly."""

    def heard(reading: Reading) -> list[object]:
        return [
            reading.kind,
            reading.side,
            *((u.words, u.card, [(a.point, a.move) for a in u.answers]) for u in reading.units),
        ]

    close = all(abs(a.p - b.p) <= TOLERANCE for a, b in zip(left.units, right.units, strict=False))
    return heard(left) == heard(right) and close


def instructions() -> Sequence[str]:
    """The widest vector instructions of this processor, where the system tells."""
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return ("unknown processor",)
    known = ("avx512_vnni", "avx_vnni", "avx512f", "avx2")
    return [name for name in known if name in flags][:2] or ("no avx2",)


def run(reader: LocalReader) -> dict[str, float]:
    out = cost(reader)
    memory()
    learning()
    return out | machines()


if __name__ == "__main__":
    if "--memory" in sys.argv:
        alone = LocalReader()
        for one in decks().values():
            alone.read(
                one, "Talks and rules can fail, and this is why I doubt them.", Situation(side=Side.FOR)
            )
        print(peak())
    else:
        run(LocalReader())
