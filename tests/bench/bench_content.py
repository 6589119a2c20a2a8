"""How long decks take to load, to check and to list: ``python -m tests.bench.bench_content`` prints CPU time.

The bound of the issue: all shipped decks in less than 150 ms beyond the imports.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from content.checking import check
from content.index import SHIPPED, read_entries
from content.library import SEEDS, Library
from content.loading import load_deck
from content.strict_yaml import read_yaml

ROUNDS = 15


def main() -> None:
    """Prints one line for each measurement: the first run, the median and the worst, in milliseconds."""
    for name, work in measurements():
        times = sorted(times_of(work))
        print(f"{name:<44} median {times[ROUNDS // 2]:6.1f} ms   worst {times[-1]:6.1f} ms")
    print(f"{'first load in a new process':<44} median {first_load():6.1f} ms")


def measurements() -> list[tuple[str, Callable[[], object]]]:
    """What is measured, with its name."""
    decks = sorted(SHIPPED.glob("*.yaml"))
    loaded = {path: load_deck(path, (SEEDS,)) for path in decks}
    return [
        *((f"YAML of {path.name}", lambda path=path: read_yaml(path)) for path in decks),
        *((f"load {path.name}", lambda path=path: load_deck(path, (SEEDS,))) for path in decks),
        *((f"check {path.name}", lambda path=path: check(loaded[path])) for path in decks),
        ("the library with all shipped decks", Library.open),
        ("the index that a start reads", read_entries),
    ]


def times_of(work: Callable[[], object]) -> list[float]:
    """The CPU time of each of ``ROUNDS`` runs of ``work``, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begin = process_time()
        work()
        times.append(1000 * (process_time() - begin))
    return times


def first_load() -> float:
    """The library opened once in a fresh process, after the imports: the median of five, in milliseconds."""
    program = (
        "from content.library import Library; from time import process_time as t; a = t(); Library.open();"
        "print(1000 * (t() - a))"
    )
    root = Path(__file__).parents[2]
    runs = (
        subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=True)
        for _ in range(5)
    )
    return sorted(float(run.stdout) for run in runs)[2]


if __name__ == "__main__":
    main()
