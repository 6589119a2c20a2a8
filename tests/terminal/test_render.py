"""Replies as lines and as JSON: safe, fitting and complete, whatever they hold."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal import render
from adapters.terminal.render import Style
from adapters.terminal.text import NARROWEST, columns
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
from content.deck import Move

SGR = re.compile(r"\x1b\[[0-9;]*m")

texts = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["\x1b[2Jx", "\u202eabc", "字" * 90, "x" * 300, "a\nb\r\n", "\ud800", "e" + "\u0301" * 50]
    ),
)
numbers = st.integers(-10, 10**9)
amounts = st.floats(allow_nan=True, allow_infinity=True)
maybe = st.none() | numbers


def some(what: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(what, max_size=4).map(tuple)


score_lines = st.builds(
    ScoreLine, st.sampled_from(["content", "other"]) | texts, texts, texts, maybe, amounts, amounts, texts
)
scores = st.builds(
    Score, some(score_lines), some(st.tuples(st.just("content") | texts, amounts, amounts)), amounts
)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, texts, st.sampled_from(["speech", "question", "feedback", "aside", "?"])),
    st.builds(Quote, texts, texts, texts),
    st.builds(
        HeardSheet,
        numbers,
        some(
            st.builds(
                HeardLine,
                maybe,
                texts,
                texts,
                st.none() | texts,
                some(st.tuples(numbers, st.sampled_from(Move))),
                st.booleans(),
            )
        ),
    ),
    st.builds(
        FlowSheet,
        some(st.builds(FlowLine, numbers, st.booleans(), texts, st.none() | texts, maybe, texts)),
        st.integers(0, 9),
    ),
    scores,
    st.builds(Ballot, some(st.tuples(texts, texts, texts)), texts, scores, texts, texts, st.none() | amounts),
    st.builds(Choices, some(st.builds(Choice, texts, texts)), texts),
    st.builds(Ask, texts),
    st.builds(File, texts, texts, texts),
    st.builds(Notice, texts, st.booleans(), texts),
)
replies = st.builds(Reply, some(blocks), st.booleans(), maybe, st.booleans())
styles = st.builds(Style, st.integers(0, 120), st.booleans(), st.booleans())


@given(replies, styles)
def test_lines_fit_and_command_nothing(reply: Reply, style: Style) -> None:
    for line in render.lines(reply, style):
        bare = SGR.sub("", line)
        assert columns(bare) <= max(style.width, NARROWEST)
        assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in bare)
        if not style.colour or style.plain:
            assert bare == line


@given(replies, texts)
def test_json_holds_everything_and_no_control_byte(reply: Reply, key: str) -> None:
    line = json.dumps(render.as_json(reply, key))
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert len(found["blocks"]) == len(reply.blocks)
    assert found["type"] == "reply"


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\n\n  b" + "c" * 200 + "\n", "a\n\n", "\tx \n"])
def test_a_file_to_be_kept_is_kept(text: str) -> None:
    found = render.lines(Reply((File("a.md", "text/markdown", text),)), Style(20, verbatim=True))
    assert "\n".join(found) == f"File: a.md\n{text.removesuffix(chr(10))}"


@given(texts, styles)
def test_notices_fit(text: str, style: Style) -> None:
    assert all(
        columns(SGR.sub("", line)) <= max(style.width, NARROWEST) for line in render.notice(text, style)
    )


SCORE = Score(
    (
        ScoreLine("content", "claim", "talks fail", 2, 3, 3),
        ScoreLine("content", "evidence", "", 2, 0.5, 2, "quote the essay"),
        ScoreLine("strategy", "contradiction", "", None, -4, 0),
    ),
    (("content", 3.5, 40), ("engagement", 0, 40)),
    0,
)
EVERY: dict[type[Block], tuple[Block, str, str]] = {
    Heading: (Heading("Ballot"), "Ballot", "heading"),
    Paragraph: (Paragraph("Talks work.", "speech"), "Gadfly: Talks work.", "speech"),
    Quote: (
        Quote("each events agree", "¶3", "each events: parties"),
        "The essay: “each events agree” (¶3) [each events: parties]",
        "quote",
    ),
    HeardSheet: (
        HeardSheet(2, (HeardLine(4, "no", "Trust is gone", "f07", ((1, Move.DENY),), False),)),
        "What I heard in your speech 2:\n  - #4 “no”: Trust is gone [f07]; answers #1 (deny); not sure",
        "heard",
    ),
    FlowSheet: (
        FlowSheet(
            (
                FlowLine(1, False, "Talks work", "a01", None, "open"),
                FlowLine(2, True, "No", None, 1, "turned"),
            ),
            3,
        ),
        "Flow:\n  #1 bot: Talks work [a01] → open\n  #2 you: No (on #1) → turned\n  and 3 more (!flow)",
        "flow",
    ),
    Score: (
        SCORE,
        "content: 3.5 of 40\n  3 of 3, claim (#2): “talks fail”\n  0.5 of 2, evidence (#2)\n    Fix: quote the essay\n"
        "engagement: 0 of 40\n  -4, contradiction\nTotal: 0 of 80",
        "score",
    ),
    Ballot: (
        Ballot((("Trust?", "too close", "your #1 stands"),), "Too close.", SCORE, "Weigh.", "rubric 1", 7.0),
        "  - Trust? too close (your #1 stands)\nToo close.\ncontent",
        "ballot",
    ),
    Choices: (
        Choices((Choice("Hint", "!hint"), Choice("Why", "!why f07"))),
        "  Hint (!hint)   Why (!why f07)",
        "choices",
    ),
    Ask: (Ask("Say it again."), "Your turn: Say it again.", "ask"),
    File: (File("a.md", "text/markdown", "# A\nb"), "File: a.md\n# A\nb", "file"),
    Notice: (Notice("Too long.", True, "unreadable"), "Too long.", "notice"),
}


def test_every_block_is_shown() -> None:
    assert set(EVERY) == set(get_args(Block))
    for block, shown, name in EVERY.values():
        assert "\n".join(render.lines(Reply((block,)), Style(100))).startswith(shown)
        assert render.as_json(Reply((block,)), "k")["blocks"][0]["block"] == name


def test_a_reply_as_json() -> None:
    reply = Reply((Paragraph("x", "odd"), Choices((Choice("Hint", "!hint"),))), True, 3, True)
    assert render.as_json(reply, "k") == {
        "type": "reply",
        "key": "k",
        "debate": 3,
        "private": True,
        "over": True,
        "blocks": [
            {"block": "aside", "text": "x"},
            {"block": "choices", "options": ({"label": "Hint", "says": "!hint"},), "prompt": ""},
        ],
    }


def test_colour_is_set_and_reset_in_each_line() -> None:
    lines = render.lines(Reply((Paragraph("word " * 40, "speech"),)), Style(40, colour=True))
    assert len(lines) > 3
    assert all(line.startswith("\x1b[36m") and line.endswith("\x1b[0m") for line in lines)


def test_plain_is_linear_and_without_signs() -> None:
    reply = Reply(tuple(block for block, _, _ in EVERY.values()))
    text = "\n".join(render.lines(reply, Style(80, colour=True, plain=True)))
    assert "\x1b" not in text
    assert "→" not in text
    assert "  - Hint (!hint)\n  - Why (!why f07)" in text
    assert "#1 bot: Talks work [a01]: open" in text


def test_gaps_between_blocks_but_not_inside_lists() -> None:
    aside, speech, quote = Paragraph("a"), Paragraph("s", "speech"), Quote("q", "¶1")
    lines = render.lines(Reply((aside, aside, speech, quote, quote, Choices(()), aside)), Style())
    assert lines == ["a", "a", "", "Gadfly: s", "The essay: “q” (¶1)", "The essay: “q” (¶1)", "", "a"]


def test_many_choices_are_not_broken_over_lines() -> None:
    options = tuple(Choice(f"Choice {number}", f"!contest {number} a") for number in range(6))
    lines = render.lines(Reply((Choices(options),)), Style(60))
    assert [line.count("(") for line in lines] == [2, 2, 2]
    asked = render.lines(Reply((Choices(options, "Did you mean:"),)), Style(60))
    assert asked[:2] == ["Did you mean:", "  - Choice 0 (!contest 0 a)"]


@pytest.mark.parametrize(("value", "shown"), [(7.0, "7"), (7.5, "7.5"), (-0.25, "-0.2"), (100, "100")])
def test_numbers(value: float, shown: str) -> None:
    assert number(value) == shown


def test_an_empty_sheet() -> None:
    assert render.lines(Reply((FlowSheet(()),)), Style()) == ["Flow: no points yet"]
    assert render.lines(Reply((HeardSheet(1, ()),)), Style())[1] == "  - no argument"
