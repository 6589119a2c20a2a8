"""How benchmarks of the reader print a figure: a share or a mean, with its 95 % bootstrap interval."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

FEWEST_GROUPS = 10
"""With fewer motions than this the interval is over messages."""
DRAWS = 1_000

Groups = Sequence[Sequence[float]]


def mean(groups: Groups) -> float:
    """The mean over all values of all groups."""
    return sum(map(sum, groups)) / max(1, sum(map(len, groups)))


def figure(groups: Groups, of: Callable[[Groups], float] = mean) -> str:
    """``of`` the groups (one a motion) and its interval: over groups where there are ten, else over values."""
    groups = [group for group in groups if group]
    if not groups:
        return "-"
    units = groups if len(groups) >= FEWEST_GROUPS else [[value] for group in groups for value in group]
    chance = random.Random(0)
    drawn = sorted(of(chance.choices(units, k=len(units))) for _ in range(DRAWS))
    return f"{of(groups):.2f} [{drawn[int(0.025 * DRAWS)]:.2f} {drawn[int(0.975 * DRAWS) - 1]:.2f}]"


def line(name: str, **found: str) -> None:
    """One row of a table, indented: its name and its figures."""
    print(f"  {name:30s} " + "   ".join(f"{what.replace('_', ' ')} {value}" for what, value in found.items()))
