"""A debate as a file: Markdown to read, JSON to keep, Argdown to draw.

Pure. This module must not know platforms or where the debate is stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from bot.debate.debate import Debate, Point
from bot.debate.entries import Answered, Started, dump
from bot.debate.flow import State
from bot.debate.judging import Judgement, Rubric, judge
from bot.messages import File, Paragraph, Quote
from bot.voice import telling
from bot.voice.ballot import NOT_JUDGED, score, uncontested
from bot.voice.common import clipped, side_named
from content.deck import Side


def export(id: int, debate: Debate, rubric: Rubric, form: str) -> File:
    """The debate numbered ``id`` as a file; ``form`` is one of ``FORMATS``."""
    media, ending, make = FORMATS[form]
    return File(f"gadfly-{id}.{ending}", media, make(debate, rubric))


# --- Markdown ---


def _markdown(debate: Debate, rubric: Rubric) -> str:
    deck, started = debate.deck, debate.started
    lines = [
        f"# {deck.motion}",
        "",
        f"Learner: {side_named(deck, debate.side)}. Gadfly: {side_named(deck, debate.side.other)}. "
        f"Level: {started.level}. {started.at:%Y-%m-%d}.",
        "",
        *_speeches(debate, rubric),
        "## Flow",
        "",
        *(_flow_row(point) for point in debate.points),
        "",
        "## Score",
        "",
        *_score(judge(debate, rubric), uncontested(debate, rubric)),
    ]
    return "\n".join(lines) + "\n"


def _speeches(debate: Debate, rubric: Rubric) -> Iterable[str]:
    for told in telling.tell(debate, rubric):
        if isinstance(told.entry, Answered) and told.entry.counts:
            speech = told.debate.speeches[-1]
            yield from (f"## Speech {speech.number}", "", f"**Learner:** {_quiet(speech.text)}", "")
        texts = [_block(block) for block in told.blocks if isinstance(block, Paragraph | Quote)]
        if texts:
            yield from ("**Gadfly:**", "", *(line for text in texts for line in (text, "")))


def _block(block: Paragraph | Quote) -> str:
    if isinstance(block, Paragraph):
        return _quiet(block.text)
    gloss = f" [{block.gloss}]" if block.gloss else ""
    return f"> {_quiet(block.text)} ({block.place}){_quiet(gloss)}"


_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~!$&@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_HEAD = re.compile(r"([0-9]*)([-+=.)])")
"""What makes a list, a number or an underline of a line that begins with it."""


def _quiet(text: str) -> str:
    """Text of people inside Markdown: nothing in it formats, links or heads."""
    lines = (_MARKS.sub(r"\\\g<0>", line.strip()) for line in text.split("\n"))
    return "  \n".join(_HEAD.sub(r"\1\\\2", line, count=1) if _HEAD.match(line) else line for line in lines)


def _flow_row(point: Point) -> str:
    who = "Learner" if point.yours else "Gadfly"
    card = f" ({point.card})" if point.card else ""
    target = f", {point.move} #{point.answers}" if point.answers is not None else ""
    state = "helps the other side" if point.helps_other else str(point.state)
    return f"- \\#{point.number} {who}{card}{target}: {_quiet(clipped(point.words, 200))} — {state}"


def _score(judgement: Judgement, ranked: float | None) -> Iterable[str]:
    shown = score(judgement)
    yield from (f"**{shown.total:g} of 100** ({'complete' if judgement.complete else 'partial'})", "")
    if ranked is not None:
        yield from (f"Without what was contested (this one ranks): {ranked:g} of 100", "")
    yield from ("| part | rule | point | words | points |", "|---|---|---|---|---|")
    for line in shown.lines:
        point = f"#{line.point}" if line.point else ""
        earned = f"{line.got:g} of {line.of:g}" if line.of else f"{line.got:g}"
        yield f"| {line.part} | {line.rule} | {point} | {_quiet(line.words)} | {earned} |"
    yield from ("", NOT_JUDGED, "", f"Rubric {judgement.rubric}")


# --- JSON ---


def _json(debate: Debate, rubric: Rubric) -> str:
    judgement = judge(debate, rubric)
    document: dict[str, Any] = {
        "format": "gadfly-debate",
        "version": 1,
        "motion": debate.deck.motion,
        "deck": debate.deck.id,
        "deck_sha256": debate.started.deck_sha,
        "rubric_sha256": judgement.rubric,
        "score": {"total": judgement.total, **{str(k): v for k, v in judgement.parts.items()}},
        "uncontested": uncontested(debate, rubric),
        "complete": judgement.complete,
        "points": [_point(point) for point in debate.points],
        "transcript": [json.loads(dump(entry)) for entry in debate.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _point(point: Point) -> dict[str, Any]:
    return {
        "number": point.number,
        "by": "learner" if point.yours else "gadfly",
        "card": point.card,
        "words": point.words,
        "answers": point.answers,
        "move": str(point.move) if point.move else None,
        "state": str(point.state),
    }


# --- Argdown ---


def _argdown(debate: Debate, rubric: Rubric) -> str:
    """Points as Argdown: support of the motion by ``+``, attacks by ``-``, an undercut by ``_``."""
    started: Started = debate.started
    lines = ["===", f"title: {json.dumps(debate.deck.motion, ensure_ascii=False)}", "===", ""]
    lines += [f"[Motion]: {_plain(debate.deck.motion)}"]
    for point in debate.points:
        if point.answers is None:
            lines.append(f"  {'+' if _side(started, point) is Side.FOR else '-'} <{_name(point)}>")
    lines.append("")
    for point in debate.points:
        lines.append(f"<{_name(point)}>: {_plain(point.words)}")
        lines += [
            f"  {'_' if p.move == 'undercut' else '-'} <{_name(p)}>"
            for p in debate.points
            if p.answers == point.number
        ]
        lines.append("")
    return "\n".join(lines)


def _side(started: Started, point: Point) -> Side:
    """The side that a point argues for."""
    return started.side if point.yours is not point.helps_other else started.side.other


def _name(point: Point) -> str:
    state = "" if point.state is State.OPEN else f" ({point.state})"
    return f"{point.number} {'Learner' if point.yours else 'Gadfly'}{state}"


def _plain(text: str) -> str:
    """Text of people inside Argdown: on one line, without its marks."""
    bare = "".join(c for c in text if c not in "[]<>{}#@*_|\\")
    return clipped(re.sub("//+", "/", bare), 400)


FORMATS: dict[str, tuple[str, str, Callable[[Debate, Rubric], str]]] = {
    "markdown": ("text/markdown", "md", _markdown),
    "json": ("application/json", "json", _json),
    "argdown": ("text/plain", "argdown", _argdown),
}
