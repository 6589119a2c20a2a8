"""The errors of the core, as one tree. They carry data; ``bot.voice`` owns the words.

GadflyError
+- Unreadable        words that cannot be taken as a message at all (too long, control characters only)
+- Refusal           a command that cannot be done now; ``code`` says which kind
+- Conflict          the transcript grew while an answer was prepared: read again, answer again
+- content.errors.ContentError(path, line)   a deck or essay that cannot be used (raised by ``content``)
"""

from __future__ import annotations

from enum import StrEnum


class GadflyError(Exception):
    """Everything the core raises on purpose."""


class Unreadable(GadflyError):
    """Words that cannot be taken as a message; ``over`` says by how many code points they are too long."""

    def __init__(self, over: int = 0) -> None:
        super().__init__(f"unreadable (over by {over})" if over else "unreadable")
        self.over = over


class Code(StrEnum):
    """The kinds of refusal."""

    NO_DEBATE = "no_debate"
    DEBATE_OPEN = "debate_open"
    DEBATE_OVER = "debate_over"
    NOT_OVER = "not_over"
    NOTHING_SAID = "nothing_said"
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_MOTION = "unknown_motion"
    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_POINT = "unknown_point"
    UNKNOWN_CHOICE = "unknown_choice"
    BAD_ARGUMENT = "bad_argument"
    POINT_DECIDED = "point_decided"
    NO_CONTESTS_LEFT = "no_contests_left"
    NO_HINT = "no_hint"
    HINTS_OFF = "hints_off"
    LATE = "late"


class Refusal(GadflyError):
    """A command that cannot be done now; ``data`` holds what the words need (the command, the number, the nearest word)."""

    def __init__(self, code: Code, **data: str | int) -> None:
        super().__init__(f"{code}: {data}" if data else str(code))
        self.code = code
        self.data = data


class Conflict(GadflyError):
    """The transcript is longer than the caller thought: entries were appended meanwhile."""
