"""How the time of a piece of work grows with its input: compared with itself, so that a slow machine cannot fail it."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 8


def is_linear(work: Callable[[int], object], length: int) -> bool:
    """Whether `work(8 * length)` takes at most 24 times as long as `work(length)`: a quadratic one takes 64.

    Each is timed thrice in this thread's CPU seconds and the best counts; under 5 ms nothing can be told apart.
    """
    work(length // TIMES)
    return _seconds(work, TIMES * length) < 3 * TIMES * max(_seconds(work, length), 0.005)


def _seconds(work: Callable[[int], object], length: int) -> float:
    times = []
    for _ in range(3):
        began = time.thread_time()
        work(length)
        times.append(time.thread_time() - began)
    return min(times)
