"""The source text of a deck, kept verbatim; a place in it is a physical line, counted from 1.

This module must not know files or decks.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Essay(BaseModel):
    """An essay by its physical lines, exactly as they stand in its file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: tuple[str, ...]

    @classmethod
    def from_text(cls, text: str) -> Essay:
        """The essay of ``text``; only ``\\n`` ends a line, so that numbers agree with ``nl -ba``."""
        return cls(lines=tuple(text.removesuffix("\n").split("\n")))

    def holds(self, quote: str, line: int) -> bool:
        """Whether ``quote`` stands word for word in line ``line``."""
        return 1 <= line <= len(self.lines) and quote in self.lines[line - 1]

    def places(self, quote: str) -> tuple[int, ...]:
        """The numbers of all lines that hold ``quote`` word for word."""
        return tuple(number for number, text in enumerate(self.lines, 1) if quote in text)

    @property
    def paragraphs(self) -> tuple[int, ...]:
        """The numbers of the lines that are prose: a heading has no full stop."""
        return tuple(number for number, text in enumerate(self.lines, 1) if _is_prose(text))


def _is_prose(line: str) -> bool:
    return line.rstrip(" *_\"'”’)»").endswith((".", "!", "?", "…", ":", ";"))
