"""Text that cannot format, link, call or hide; and cuts that tear no escape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.text import MARK, clip, pieces, units
from adapters.discord.text import code, escape, line
from tests.growth import is_linear

FAMILY = "👨‍👩‍👧‍👦"


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
    def show(length: int) -> None:
        assert all(units(piece) <= 4_000 for piece in pieces(escape(text * (length // len(text))), 4_000))

    assert is_linear(show, 2_000)


def test_a_cut_never_ends_in_half_an_escape() -> None:
    text = escape("*" * 100)
    for limit in range(5, 40):
        assert all(len(piece) % 2 == 0 for piece in pieces(text, limit))
        assert clip(text, limit).removesuffix(MARK).count("\\") == clip(text, limit).count("*")


@given(st.text(), st.integers(3, 60))
def test_anything_can_be_cut(text: str, limit: int) -> None:
    shown = escape(text)
    assert units(clip(shown, limit)) <= limit
    found = list(pieces(shown, limit))
    assert all(0 < units(piece) <= limit for piece in found)
    assert "".join("".join(found).split()) == "".join(shown.split())
