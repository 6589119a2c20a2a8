"""What chat platforms lay out alike."""

from __future__ import annotations

import pytest

from adapters.chat import sheets
from bot.messages import Choice, Choices, FlowSheet, Heading, Notice, Paragraph, Quote, Score

LONG = "x" * 31


def test_what_stands_together() -> None:
    blocks = (Heading("a"), Paragraph("b", "speech"), Quote("c", "¶1"), Paragraph("d", "question"))
    assert [sheets.sort(block) for block in blocks] == ["head", "speech", "speech", "speech"]
    others = (Paragraph("e", "feedback"), FlowSheet(()), Notice("f"))
    assert [sheets.sort(block) for block in others] == ["feedback", "FlowSheet", "Notice"]


def test_sums_stand_in_columns() -> None:
    score = Score((), (("content", 21, 40), ("strategy", 7.5, 20)), 28.5)
    assert sheets.columns(score, str.upper).splitlines() == [
        "CONTENT      21 of   40",
        "STRATEGY    7.5 of   20",
        "total      28.5 of   60",
    ]


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        ((), False),
        ((Choice("Flow", "!flow"),), False),
        ((Choice("x" * 30, "!flow"),), False),
        ((Choice(LONG, "!flow"),), True),
        ((Choice("a) this", "!contest 1 a"), Choice("b) that", "!contest 1 b")), True),
        (tuple(Choice(str(n), f"!why f{n}") for n in range(6)), True),
    ],
)
def test_what_is_long_or_many_or_a_reading_is_listed(options: tuple[Choice, ...], listed: bool) -> None:
    assert sheets.reads_better_listed(Choices(options), widest=30, most=5) is listed


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("gadfly 7 ünï.md", "gadfly-7-n-.md"),
        ("../../etc/passwd", "etc-passwd"),
        ("😀", "gadfly.txt"),
        ("x" * 90, "x" * 60),
    ],
)
def test_a_file_name_is_no_more_than_a_name(name: str, kept: str) -> None:
    assert sheets.file_name(name) == kept


def test_a_file_that_is_too_large_is_cut_with_a_mark() -> None:
    assert sheets.file_bytes("ü" * 10, 20) == "ü".encode() * 10
    cut = sheets.file_bytes("ü" * 11, 20)
    assert len(cut) <= 20
    assert cut.decode().endswith("…\n")
