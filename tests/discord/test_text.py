"""Text that cannot format, link, call or hide; and cuts that tear nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.text import MARK, clean, clip, code, escape, line, pieces, units

FAMILY = "👨‍👩‍👧‍👦"
ARABIC = "السلام عليكم يا صديقي "


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, #4 and 5 %", "plain words, #4 and 5 %"),
        ("**bold** _it_ ~~no~~ `x` ||s||", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`x\\` \\|\\|s\\|\\|"),
        ("[free](https://evil.example)", "\\[free\\](https\\://evil.example)"),
        ("@everyone <@1> <#2> <t:3> </a:4>", "@\u200beveryone \\<@\u200b1\\> \\<#2\\> \\<t:3\\> \\</a:4\\>"),
        (
            "# Title\n## Two\n  - item\n+ more\n12. twelve",
            "\\# Title\n\\## Two\n  \\- item\n\\+ more\n12\\. twelve",
        ),
        ("> quote\n-# small", "\\> quote\n\\-# small"),
        ("back\\slash", "back\\\\slash"),
        ("a\u202eb\u2066c\u200bd\ufeffe\u0000f\u3164g\udc00h", "abcdefgh"),
        ("a\r\nb\u2028c", "a\n\nb\nc"),
        (FAMILY, FAMILY),
    ],
)
def test_escaped(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_one_line() -> None:
    assert line(" a\n\n# b\t c ") == "a # b c"


def test_a_code_block_cannot_be_ended() -> None:
    assert "```" not in code("a ```\n b")


@pytest.mark.parametrize("text", ["[a](", "\\", "**", "<@", "@", "\n# ", "1.", "\u0301", "😀", "\u200d"])
def test_escaping_and_cutting_take_linear_time(text: str) -> None:
    long = text * (100_000 // len(text))
    began = time.perf_counter()
    for piece in pieces(escape(long), 4_000):
        assert units(piece) <= 4_000
    assert time.perf_counter() - began < 5  # a quadratic one takes minutes


@pytest.mark.parametrize("sign", ["x", "😀", "ع", FAMILY, "👍🏽", "🇩🇪", "e\u0301"])
@pytest.mark.parametrize("limit", [30, 31, 32, 33, 34, 35, 36])
def test_a_cut_is_within_the_limit_and_tears_no_sign(sign: str, limit: int) -> None:
    cut = clip(sign * 100, limit)
    assert units(cut) <= limit
    assert cut.endswith(MARK)
    assert cut.removesuffix(MARK).replace(sign, "") == ""
    for piece in pieces(sign * 100, limit):
        assert units(piece) <= limit
        assert piece.replace(sign, "") == ""


def test_what_fits_is_not_cut() -> None:
    assert clip("😀" * 10, 20) == "😀" * 10
    assert clip("😀" * 10 + "x", 20) == "😀" * 9 + MARK
    assert list(pieces("x" * 20, 20)) == ["x" * 20]
    assert list(pieces("x" * 21, 20)) == ["x" * 20, "x"]


def test_a_cut_never_ends_in_half_an_escape() -> None:
    text = escape("*" * 100)
    for limit in range(5, 40):
        assert all(len(piece) % 2 == 0 for piece in pieces(text, limit))
        assert clip(text, limit).removesuffix(MARK).count("\\") == clip(text, limit).count("*")


def test_pieces_end_at_lines_else_at_words() -> None:
    assert list(pieces("one two\nthree four five", 12)) == ["one two", "three four", "five"]
    assert "".join("".join(pieces(ARABIC * 20, 50)).split()) == "".join((ARABIC * 20).split())


@given(st.text(), st.integers(3, 60))
def test_anything_can_be_cut(text: str, limit: int) -> None:
    shown = escape(text)
    assert units(clip(shown, limit)) <= limit
    found = list(pieces(shown, limit))
    assert all(0 < units(piece) <= limit for piece in found)
    assert "".join("".join(found).split()) == "".join(shown.split())


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
