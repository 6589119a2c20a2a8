"""How the time of a piece of work grows with its input: compared with itself, so that a slow machine cannot fail it."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 16
TRIES = 6


def is_linear(work: Callable[[int], object], length: int) -> bool:
    """Whether `work(16 * length)` takes at most 64 times as long as `work(length)`: a quadratic one takes 256.

    Both are timed one after the other in this thread's CPU seconds, and anew where the machine was busy with others:
    no noise makes quadratic work look linear. Under 5 ms nothing can be told apart.
    """
    work(length // TIMES)
    return any(_once(work, length) for _ in range(TRIES))


def _once(work: Callable[[int], object], length: int) -> bool:
    few = _seconds(work, length)
    return _seconds(work, TIMES * length) < 4 * TIMES * max(few, 0.005)


def _seconds(work: Callable[[int], object], length: int) -> float:
    began = time.thread_time()
    work(length)
    return time.thread_time() - began
