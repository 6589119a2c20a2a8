"""How the blocks of a reply are laid out on every chat platform: what stands together, sums in columns, files. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from adapters.chat.buttons import are_readings
from adapters.chat.text import MARK, units
from bot.messages import Block, Choices, Heading, Paragraph, Quote, Score, number

LABELS = {"question": "Question:", "feedback": "Feedback:"}
"""What stands before a paragraph, by its role."""


def sort(block: Block) -> str:
    """What stands together: a heading (``head``) with what follows it, quotes and questions with the speech."""
    match block:
        case Heading():
            return "head"
        case Paragraph(role="speech" | "question") | Quote():
            return "speech"
        case Paragraph(role=role):
            return role
        case _:
            return type(block).__name__


def columns(score: Score, name: Callable[[str], str]) -> str:
    """The parts of a score and their sum, in columns; ``name`` makes a name safe to show."""
    of = sum(of for _, _, of in score.parts)
    rows = [(name(part), number(got), number(most)) for part, got, most in score.parts]
    rows.append(("total", number(score.total), number(of)))
    wide = max(len(part) for part, _, _ in rows)
    return "\n".join(f"{part:<{wide}}  {got:>5} of {most:>4}" for part, got, most in rows)


def reads_better_listed(choices: Choices, *, widest: int, most: int) -> bool:
    """Whether options are better chosen from a list: long ones (over ``widest`` units), many, or readings."""
    long = any(units(choice.label) > widest for choice in choices.options)
    return bool(choices.options) and (long or are_readings(choices) or len(choices.options) > most)


def file_name(name: str) -> str:
    """``name`` as every platform keeps it unchanged."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)[-60:].lstrip(".-") or "gadfly.txt"


def file_bytes(text: str, most: int) -> bytes:
    """A file's text in at most ``most`` bytes, cut with a mark."""
    data = text.encode("utf-8", "replace")
    if len(data) <= most:
        return data
    mark = f"\n{MARK}\n".encode()
    return data[: most - len(mark)].decode("utf-8", "ignore").encode() + mark
