"""Text that cannot link, call or hide; cuts that tear no escape; and what a person typed, as they meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.text import clean, units
from adapters.slack.text import cut, escape, escaped_pieces, flat, line, unescape
from tests.growth import is_linear

FAMILY = "👨‍👩‍👧‍👦"

NASTY = [
    "&",
    "<",
    ">",
    "<!",
    "<@U",
    "*",
    "_",
    "`",
    "@",
    ":",
    ":a",
    "#a",
    "a.b",
    "\n>",
    "\n- ",
    "1.",
    "&amp",
    "<a|",
]

SIGNS = st.sampled_from(
    [*NASTY, "|", "a>", "!date^", "mailto:", "http://x", "&lt;", " ", "word", "😀", "\u200d"]
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, #4 and 5 %, 3.14", "plain words, #4 and 5 %, 3.14"),
        ("Q&A &amp; a<b>c", "Q&amp;A &amp;amp; a&lt;b&gt;c"),
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@\u200bU1&gt;"),
        ("<http://x|free>", "&lt;http:\u200b//x|free&gt;"),
        ("@here @channel #general", "@\u200bhere @\u200bchannel #\u200bgeneral"),
        ("https://evil.example and evil.example", "https:\u200b//evil.\u200bexample and evil.\u200bexample"),
        ("say :tada: at 12: now", "say :\u200btada: at 12: now"),
        ("*b* _i_ ~s~ `c`", "*\u200bb*\u200b _\u200bi_\u200b ~\u200bs~\u200b `\u200bc`\u200b"),
        ("> quote\n  > two\na > b", "\u200b&gt; quote\n  \u200b&gt; two\na &gt; b"),
        ("- item\n12. twelve\n3) three", "\u200b- item\n\u200b12. twelve\n\u200b3) three"),
        ("a\u202eb\u2066c\u200bd\ufeffe\u0000f\u3164g\udc00h", "abcdefgh"),
        (FAMILY, FAMILY),
    ],
)
def test_escaped(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_one_line() -> None:
    assert line(" a\n\n> b\t c ") == "a &gt; b c"
    assert flat(" a\n\n> b\t c ") == "a > b c"


@pytest.mark.parametrize("text", NASTY)
def test_it_takes_linear_time(text: str) -> None:
    def show(length: int) -> None:
        long = text * (length // len(text))
        unescape(long)
        assert all(units(piece) <= 3_900 for piece in escaped_pieces(long, 3_900))

    assert is_linear(show, 2_000)


@pytest.mark.parametrize("sign", ["&", "<", ">"])
def test_a_cut_never_ends_in_half_an_escape(sign: str) -> None:
    shown = escape(sign * 100)
    for limit in range(5, 60):
        found = cut(shown, limit)
        assert units(found) <= limit
        assert clean(unescape(found)).strip(sign) == "…"
    assert all(not clean(unescape(piece)).strip(sign) for piece in escaped_pieces(sign * 5_000, 3_900))


def test_a_cut_is_made_one_over_and_not_before() -> None:
    assert cut("x" * 100, 100) == "x" * 100
    assert cut("x" * 101, 100) == "x" * 99 + "…"
    assert cut("😀" * 50, 100) == "😀" * 50
    assert cut("😀" * 51, 100) == "😀" * 49 + "…"


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.lists(SIGNS).map("".join))
def test_what_is_escaped_is_the_same_words(text: str) -> None:
    shown = escape(text)
    assert "<" not in shown
    assert ">" not in shown
    assert clean(unescape(shown)) == clean(text)


@given(st.lists(SIGNS).map("".join), st.integers(40, 200))
def test_pieces_are_the_same_words(text: str, limit: int) -> None:
    found = list(escaped_pieces(text, limit))
    assert all(0 < units(piece) <= limit for piece in found)
    words = "".join(clean(unescape(piece)) for piece in found)
    assert "".join(words.split()) == "".join(clean(text).split())


# --- what a person typed ---


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("plain words", "plain words"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt; &quot; & &am", "&lt; &quot; & &am"),
        ("<@U123|name> and <@W9> and <@U1|>", "@name and @W9 and @U1"),
        ("<#C1|general> or <#C2> or <#C3|>", "#general or #C2 or #C3"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S1|@team> <!subteam^S2>", "@team @S2"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<https://x.org/a?b=1&amp;c=2>", "https://x.org/a?b=1&c=2"),
        ("<https://x.org|a label &amp; more>", "a label & more"),
        ("<http://x.org|x.org>", "x.org"),
        ("<mailto:a@b.org|a@b.org> <mailto:c@d.org> <tel:+1|+1>", "a@b.org c@d.org +1"),
        ("<<https://x.org>>", "<https://x.org>"),
        ("<@U1", "<@U1"),
        ("so :smile: stays", "so :smile: stays"),
    ],
)
def test_typed(typed: str, meant: str) -> None:
    assert unescape(typed) == meant


@pytest.mark.parametrize(
    "text", ["<>", "<no>", "<@>", "<!no>", "<!date^1^x>", "<|>", "< https://x", "<@U1\n>"]
)
def test_what_is_malformed_stays(text: str) -> None:
    assert unescape(text) == text


@given(st.text() | st.lists(SIGNS).map("".join))
def test_anything_typed_is_taken(text: str) -> None:
    assert len(unescape(text)) <= len(text) + text.count("<!")


@given(st.text(alphabet=st.characters(exclude_characters="&<>")))
def test_words_without_a_meaning_in_slack_stay(text: str) -> None:
    assert unescape(text) == text
