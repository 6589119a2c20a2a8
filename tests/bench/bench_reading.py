"""The whole table of what the reader can do: ``gadfly bench reading [--data DIR]``.

Own decks, whole debates, a deck and motions that nothing was taught, public data where ``DIR`` holds it, and the cost; every figure
beside lexical and frozen baselines of the same run, with its 95 % bootstrap interval.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.reading.reader import LocalReader
from tests.bench import bench_corpus, bench_cost, bench_debates, bench_own, bench_public, bench_stranger


def run(data: Path | None) -> None:
    reader = LocalReader()
    print("== our decks")
    bench_own.run(reader)
    print("== speeches of whole debates")
    bench_debates.run(reader)
    print("== a deck written after the code was frozen")
    bench_stranger.run(reader)
    print("== our corpus, unseen motions")
    bench_corpus.main()
    print("== public data, unseen motions")
    if data is None:
        print(
            "  not measured: give the folder of public data with --data DIR (bot/reading/training/README.md names them)"
        )
    else:
        bench_public.run(data)
    print("== cost")
    bench_cost.run(reader)


if __name__ == "__main__":
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
