"""The one error of ``content``: a deck or an essay that cannot be used, with its place and the mend.

::

    ContentError(path, line, problem, mend, more)
    +- UnknownDeck(word, near)     nothing in the library answers to that name

They carry data; the words for a platform are made elsewhere.
"""

from __future__ import annotations

from pathlib import Path


class ContentError(Exception):
    """``path`` and ``line`` (from 1; 0: unknown) say where, ``problem`` what is wrong, ``mend`` what to do.

    ``more`` holds the further faults found in the same reading, in the order of their lines, so that an
    author can mend them all at once.
    """

    def __init__(
        self, path: Path | str, line: int, problem: str, mend: str, more: tuple[ContentError, ...] = ()
    ) -> None:
        super().__init__(f"{path}:{line}: {problem}. {mend}" if line else f"{path}: {problem}. {mend}")
        self.path = str(path)
        self.line = line
        self.problem = problem
        self.mend = mend
        self.more = more


class UnknownDeck(ContentError):
    """No single deck answers to ``word``; ``near`` are the ids that come closest, best first."""

    def __init__(self, word: str, near: tuple[str, ...], problem: str, mend: str) -> None:
        super().__init__(word or "deck", 0, problem, mend)
        self.word = word
        self.near = near
