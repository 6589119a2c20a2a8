"""``Reply`` -> lines of text for a terminal, or one JSON object. Pure; never fails.

Owns the terminal's limits: width, control sequences, bidi and zero-width controls, wide characters. Everything is
linear, so that a screen reader reads it in order; ``plain`` leaves out colours and signs too. This module must not know
how a reply comes about, and adds no words of its own but labels.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from adapters.terminal.text import clean_line, columns, wrap
from bot.messages import (
    Ask,
    Ballot,
    Block,
    Choice,
    Choices,
    File,
    FlowLine,
    FlowSheet,
    Heading,
    HeardLine,
    HeardSheet,
    Notice,
    Paragraph,
    Quote,
    Reply,
    Score,
    ScoreLine,
    number,
)

RESET = "\x1b[0m"
BOLD = "\x1b[1m"
DIM = "\x1b[2m"
CYAN = "\x1b[36m"
GREEN = "\x1b[32m"
YELLOW = "\x1b[33m"

_ROLES = {"speech": "Gadfly: ", "question": "Question: ", "feedback": "Feedback: "}
_COLOURS = {"speech": CYAN, "question": CYAN + BOLD, "feedback": YELLOW}


@dataclass(frozen=True)
class Style:
    """How to show: ``width`` in columns; ``colour`` with SGR sequences; ``plain`` for a screen reader.

    ``verbatim``: files come out as they are, to be kept; on a screen they are cleaned and wrapped like all text.
    """

    width: int = 80
    colour: bool = False
    plain: bool = False
    verbatim: bool = False


@dataclass(frozen=True)
class _Line:
    """A logical line: its text after a ``lead``, later lines of it indented; ``colour`` is an SGR sequence.

    A ``whole`` one is never wrapped.
    """

    text: str
    lead: str = ""
    colour: str = ""
    whole: bool = False


def lines(reply: Reply, style: Style) -> list[str]:
    """The reply as lines of at most ``style.width`` columns (and never under ``NARROWEST``), blocks apart by a gap.

    Where files come out ``verbatim`` theirs are as long as they are: one break more would make another file of it.
    """
    out: list[str] = []
    for before, block in zip((None, *reply.blocks), reply.blocks, strict=False):
        shown = [text for line in _block(block, style) for text in _shown(line, style)]
        out += ([""] if out and shown and not _together(before, block) else []) + shown
    return out


def notice(text: str, style: Style) -> list[str]:
    """A line of the terminal's own."""
    return _shown(_Line(text, colour=YELLOW), style)


def as_json(reply: Reply, key: str) -> dict[str, Any]:
    """The reply as plain values, ready for JSON.

    A block has the fields of its class in ``bot.messages`` and its name in ``block``: heading, quote, heard, flow, score,
    ballot, choices, ask, file, notice; a paragraph has its role for a name: speech, question, feedback, aside.
    """
    return {
        "type": "reply",
        "key": key,
        "debate": reply.debate,
        "private": reply.private,
        "over": reply.over,
        "blocks": [_json_block(block) for block in reply.blocks],
    }


def _shown(line: _Line, style: Style) -> list[str]:
    if line.whole:
        return line.text.removesuffix("\n").split("\n")
    wrapped = wrap(line.text, style.width, line.lead)
    if not (style.colour and line.colour) or style.plain:
        return wrapped
    return [f"{line.colour}{text}{RESET}" if text else text for text in wrapped]


def _block(block: Block, style: Style) -> Iterator[_Line]:
    match block:
        case Heading(text=text):
            yield _Line(clean_line(text), colour=BOLD)
        case Paragraph(text=text, role=role):
            yield _Line(text, _ROLES.get(role, ""), _COLOURS.get(role, ""))
        case Quote():
            yield _quote(block)
        case HeardSheet():
            yield from _heard(block)
        case FlowSheet():
            yield from _flow(block, style)
        case Score():
            yield from _score(block)
        case Ballot():
            yield from _ballot(block)
        case Choices():
            yield from _choices(block, style)
        case Ask(prompt=prompt):
            yield _Line(prompt, "Your turn: ", BOLD)
        case File(name=name, text=text):
            yield _Line(clean_line(name), "File: ", BOLD)
            yield _Line(text, whole=style.verbatim)
        case Notice(text=text, refused=refused):
            yield _Line(text, colour=YELLOW if refused else "")
        case _:
            assert_never(block)


def _together(before: Block | None, block: Block) -> bool:
    """Whether two blocks stand without a gap: the rows of a list, the quotes of one speech."""
    match before, block:
        case Paragraph(role="aside"), Paragraph(role="aside"):
            return True
        case ((Paragraph() | Quote()), Quote()):
            return True
        case _:
            return False


def _quote(quote: Quote) -> _Line:
    gloss = f" [{clean_line(quote.gloss)}]" if quote.gloss else ""
    return _Line(f"“{clean_line(quote.text)}” ({clean_line(quote.place)}){gloss}", "The essay: ", DIM)


def _heard(sheet: HeardSheet) -> Iterator[_Line]:
    yield _Line(f"What I heard in your speech {sheet.turn}:", colour=BOLD)
    for line in sheet.lines:
        yield _Line(_heard_line(line), "  - ")
    if not sheet.lines:
        yield _Line("no argument", "  - ")


def _heard_line(line: HeardLine) -> str:
    point = f"#{line.number} " if line.number is not None else ""
    card = f" [{clean_line(line.card)}]" if line.card else ""
    answers = ", ".join(f"#{number} ({move})" for number, move in line.answers)
    parts = [f"{point}“{clean_line(line.words)}”: {clean_line(line.tag)}{card}"]
    parts += [f"answers {answers}"] if answers else []
    parts += ["not sure"] if not line.sure else []
    return "; ".join(parts)


def _flow(sheet: FlowSheet, style: Style) -> Iterator[_Line]:
    yield _Line("Flow:" if sheet.lines else "Flow: no points yet", colour=BOLD)
    for line in sheet.lines:
        yield _flow_line(line, style)
    if sheet.more:
        yield _Line(f"and {sheet.more} more (!flow)", "  ", DIM)


def _flow_line(line: FlowLine, style: Style) -> _Line:
    who = "you" if line.yours else "bot"
    card = f" [{clean_line(line.card)}]" if line.card else ""
    answers = f" (on #{line.answers})" if line.answers is not None else ""
    sign = ":" if style.plain else " →"
    return _Line(
        f"{clean_line(line.text)}{card}{answers}{sign} {clean_line(line.state)}",
        f"  #{line.number} {who}: ",
        GREEN if line.yours else CYAN,
    )


def _score(score: Score) -> Iterator[_Line]:
    for part, got, of in score.parts:
        yield _Line(f"{clean_line(part)}: {number(got)} of {number(of)}", colour=BOLD)
        for line in score.lines:
            if line.part == part:
                yield from _score_line(line)
    known = {part for part, _, _ in score.parts}
    for line in score.lines:
        if line.part not in known:
            yield from _score_line(line)
    yield _Line(f"Total: {number(score.total)} of {number(sum(of for _, _, of in score.parts))}", colour=BOLD)


def _score_line(line: ScoreLine) -> Iterator[_Line]:
    point = f" (#{line.point})" if line.point is not None else ""
    words = f": “{clean_line(line.words)}”" if line.words else ""
    earned = f"{number(line.got)} of {number(line.of)}" if line.of else number(line.got)
    yield _Line(f"{earned}, {clean_line(line.rule)}{point}{words}", "  ")
    if line.fix:
        yield _Line(clean_line(line.fix), "    Fix: ", YELLOW)


def _ballot(ballot: Ballot) -> Iterator[_Line]:
    for title, ahead, why in ballot.clashes:
        reason = f" ({clean_line(why)})" if why else ""
        yield _Line(f"{clean_line(title)} {clean_line(ahead)}{reason}", "  - ")
    yield _Line(ballot.result, colour=BOLD)
    yield from _score(ballot.score)
    if ballot.uncontested is not None:
        yield _Line(f"Total without what you contested (this one ranks): {number(ballot.uncontested)}")
    if ballot.practise:
        yield _Line(ballot.practise, colour=YELLOW)
    yield _Line(clean_line(ballot.rubric), colour=DIM)


def _choices(choices: Choices, style: Style) -> Iterator[_Line]:
    if choices.prompt:
        yield _Line(choices.prompt)
    named = [_choice(choice) for choice in choices.options]
    if style.plain or choices.prompt:
        yield from (_Line(text, "  - ") for text in named)
    else:
        yield from (_Line(text, "  ", DIM) for text in _packed(named, style.width - 2))


def _packed(named: list[str], width: int) -> Iterator[str]:
    """As many of ``named`` in each line as fit, none of them broken over two."""
    line = ""
    for text in named:
        if line and columns(line) + 3 + columns(text) > width:
            yield line
            line = text
        else:
            line = f"{line}   {text}" if line else text
    if line:
        yield line


def _choice(choice: Choice) -> str:
    return f"{clean_line(choice.label)} ({clean_line(choice.says)})"


def _json_block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text=text, role=role):
            return {"block": role if role in _ROLES else "aside", "text": text}
        case HeardSheet(turn=turn, lines=found):
            return {"block": "heard", "turn": turn, "lines": _values(found)}
        case FlowSheet(lines=found, more=more):
            return {"block": "flow", "lines": _values(found), "more": more}
        case Heading() | Quote() | Score() | Ballot() | Choices() | Ask() | File() | Notice():
            return {"block": type(block).__name__.lower(), **dataclasses.asdict(block)}
        case _:
            assert_never(block)


def _values(found: Iterable[HeardLine | FlowLine]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(item) for item in found]
