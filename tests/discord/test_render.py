"""Replies as messages: every limit met by splitting or a marked cut, at the limit and one over; nothing of a person's
words is markdown. The limits are written here anew: the renderer's own are not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import render
from adapters.discord.render import Attachment, Button, Divider, Message, Row, Select, Style, Text
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
)
from content.deck import Move

SIGNS = ["x", "😀", "ش", "*", "👨‍👩‍👧‍👦", "e\u0301"]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(message: Message, kind: type) -> list:  # type: ignore[type-arg]
    return [part for part in message.parts if isinstance(part, kind)]


def buttons(found: tuple[Message, ...]) -> list[Button]:
    return [button for message in found for row in parts(message, Row) for button in row.buttons]


def selects(found: tuple[Message, ...]) -> list[Select]:
    return [select for message in found for select in parts(message, Select)]


def text(found: tuple[Message, ...]) -> str:
    return "\n".join(message.text for message in found)


def within(found: tuple[Message, ...]) -> None:
    """Every limit of Discord's."""
    assert len(found) <= 8
    for message in found:
        ids = list(_ids(message))
        assert message.parts
        assert len(set(ids)) == len(ids)
        assert all(0 < len(id) <= 100 for id in ids)
        assert sum(units(part.markdown) for part in parts(message, Text)) <= 4_000
        assert all(part.markdown.strip() for part in parts(message, Text))
        assert 1 + sum(map(_components, message.parts)) <= 40
        assert len(parts(message, Attachment)) <= 10
        for row in parts(message, Row):
            assert 1 <= len(row.buttons) <= 5
            assert all(0 < units(button.label) <= 80 for button in row.buttons)
        for select in parts(message, Select):
            assert 1 <= len(select.options) <= 25
            assert units(select.placeholder) <= 150
            assert all(0 < units(o.label) <= 100 and 0 < len(o.value) <= 100 for o in select.options)
            assert len({o.value for o in select.options}) == len(select.options)


def _ids(message: Message) -> Iterator[str]:
    for part in message.parts:
        if isinstance(part, Row):
            yield from (button.id for button in part.buttons)
        if isinstance(part, Select):
            yield part.id


def _components(part: object) -> int:
    if isinstance(part, Row):
        return 1 + len(part.buttons)
    return 2 if isinstance(part, Select) else 1


SCORE = Score(
    (
        ScoreLine("content", "claim", "*my* words", 4, 3, 3),
        ScoreLine("extra", "a warning", "", None, -4, 0, "Mend it"),
    ),
    (("content", 21.5, 40), ("engagement", 30, 40)),
    51.5,
)
BALLOT = Ballot(
    (("Clash", "You lead", "two dropped"),), "For wins.", SCORE, "Practise turns.", "Rubric v1", 60
)
TURN = Reply(
    (
        HeardSheet(
            2, (HeardLine(3, "my [words](http://x)", "A tag.", "f01", ((1, Move.TURN),), sure=False),)
        ),
        Paragraph("I say *this*.", "speech"),
        Quote("essay", "¶11", "means that"),
        Paragraph("Why?", "question"),
        Paragraph("Do better.", "feedback"),
        FlowSheet(
            (
                FlowLine(3, True, "my point", None, 1, "open"),
                FlowLine(1, False, "tag", "a01", None, "turned"),
            ),
            2,
        ),
        Choices((Choice("Hint", "!hint"), Choice("Flow", "!flow"), Choice("End", "!end"))),
    ),
    debate=7,
)


def test_a_turn_is_one_message_with_its_buttons() -> None:
    found = render.messages(TURN, reply_button=True)
    within(found)
    assert len(found) == 1
    assert [b.label for b in buttons(found)] == ["Reply", "Hint", "Flow", "End"]
    assert [b.id for b in buttons(found)] == ["gf:7:say", "gf:7:!hint", "gf:7:!flow", "gf:7:!end"]
    assert [b.style for b in buttons(found)] == [Style.FIRST, Style.PLAIN, Style.PLAIN, Style.LAST]
    assert len(parts(found[0], Divider)) == 3
    shown = text(found)
    assert "- #3 “my \\[words\\](http\\://x)”: A tag. \\[f01\\]; answers #1 (turn); *not sure*" in shown
    assert "I say \\*this\\*.\n> “essay” (¶11) \\[means that\\]\n**Question:** Why?" in shown
    assert "**Feedback:** Do better." in shown
    assert "- **#3 you:** my point (on #1) → *open*" in shown
    assert "-# and 2 more (!flow)" in shown


def test_a_ballot_has_its_score_in_a_table() -> None:
    found = render.messages(Reply((BALLOT,), debate=7, over=True))
    within(found)
    shown = text(found)
    assert (
        "```\ncontent      21.5 of   40\nengagement     30 of   40\ntotal        51.5 of   80\n```" in shown
    )
    assert "- 3 of 3, claim (#4): “\\*my\\* words”" in shown
    assert "- -4, a warning\n  - *Fix:* Mend it" in shown
    assert "**For wins.**" in shown
    assert "Total without what you contested (this one ranks): 60" in shown
    assert not buttons(found)


def test_the_other_blocks() -> None:
    blocks = (
        Heading("Motions\n@everyone"),
        Paragraph("One."),
        Paragraph("Two."),
        Notice("Note."),
        Ask("Say it"),
    )
    found = render.messages(Reply(blocks))
    within(found)
    assert text(found).startswith("### Motions @\u200beveryone\nOne.\nTwo.")
    assert "Note." in text(found)
    assert "**Say it**" in text(found)
    empty = render.messages(Reply((HeardSheet(1, ()), FlowSheet(()))))
    assert text(empty) == "**What I heard in your speech 1**\n- no argument\n**Flow:** no points yet"


def test_nothing_makes_no_message() -> None:
    assert render.messages(Reply(())) == ()
    assert render.messages(Reply((Paragraph(""), Choices(())))) == ()
    assert render.plain(Reply(())) == ()


# --- limits ---


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("long", [3_900, 3_991, 3_992, 3_993, 4_000, 4_001, 8_100])
def test_texts_at_the_limit_and_over(sign: str, long: int) -> None:
    said = (sign * long)[:long]
    found = render.messages(Reply((Paragraph(said),), debate=1), reply_button=True)
    within(found)
    assert text(found).replace("\n", "").replace("\\", "") == said
    assert [b.label for b in buttons(found)] == ["Reply"]


def test_a_text_is_split_one_over_and_not_before() -> None:
    room = 4_000 - 8
    assert len(render.messages(Reply((Paragraph("x" * room),)))) == 1
    assert len(render.messages(Reply((Paragraph("x" * (room + 1)),)))) == 2


def test_texts_of_several_blocks_count_together() -> None:
    two = (Paragraph("x" * 2_000, "speech"), Paragraph("y" * 1_992, "feedback"))
    assert len(render.messages(Reply(two[:1]))) == 1
    found = render.messages(Reply(two))
    within(found)
    assert len(found) == 2  # the label of the second makes it one too many
    assert not parts(found[1], Divider)


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_far_too_long_is_cut_with_a_mark_and_keeps_its_buttons(sign: str) -> None:
    found = render.messages(Reply((Paragraph(sign * 50_000),), debate=1), reply_button=True)
    within(found)
    assert len(found) == 8
    assert found[-1].text.startswith("…")
    assert [b.label for b in buttons(found)] == ["Reply"]


def test_a_table_split_over_messages_stays_a_table() -> None:
    rows = tuple((f"part {n}" + "x" * 60, n, 40) for n in range(60))
    found = render.messages(Reply((Score((), rows, 1),)))
    within(found)
    assert len(found) > 1
    assert all(message.text.count("```") % 2 == 0 for message in found)


@pytest.mark.parametrize("count", [1, 5, 6, 7, 25, 26, 60])
@pytest.mark.parametrize("label", ["x", "x" * 38, "x" * 39, "x" * 72, "x" * 81, "😀" * 60, "ش" * 101, ""])
def test_choices_at_the_limit_and_over(count: int, label: str) -> None:
    options = tuple(Choice(label, f"!why f{n:02}") for n in range(count))
    found = render.messages(Reply((Choices(options),), debate=3), reply_button=True)
    within(found)
    said = [b.id for b in buttons(found)[1:]] or [o.value for s in selects(found) for o in s.options]
    assert [id.removeprefix("gf:3:") for id in said] == [option.says for option in options]
    assert buttons(found)[0].label == "Reply"


def test_short_choices_are_buttons_long_ones_a_select() -> None:
    assert buttons(render.messages(Reply((Choices((Choice("x" * 38, "!a"),)),))))
    assert selects(render.messages(Reply((Choices((Choice("x" * 39, "!a"),)),))))


def test_readings_to_contest_are_a_select() -> None:
    options = tuple(Choice(f"{letter}) a reading", f"!contest 4 {letter}") for letter in "abc")
    found = render.messages(Reply((Choices(options, "Did you mean:"),), debate=3))
    (select,) = selects(found)
    assert select.placeholder == "Did you mean:"
    assert [o.value for o in select.options] == ["!contest 4 a", "!contest 4 b", "!contest 4 c"]
    assert not buttons(found)


def test_a_button_said_twice_is_shown_once() -> None:
    again = (Choices((Choice("Flow", "!flow"),)), Choices((Choice("Flow", "!flow"),)))
    assert len(buttons(render.messages(Reply(again)))) == 1


@pytest.mark.parametrize("count", [1, 10, 11, 45])
def test_files(count: int) -> None:
    files = tuple(File(f"{n}.md", "text/markdown", "text") for n in range(count))
    found = render.messages(Reply(files))
    within(found)
    assert sum(len(parts(message, Attachment)) for message in found) == count


def test_a_file_too_big_is_cut_with_a_mark() -> None:
    (message,) = render.messages(Reply((File("a.md", "text/markdown", "é" * (6 << 20)),)))
    (file,) = parts(message, Attachment)
    assert len(file.data) <= 8 << 20
    assert file.data.decode().endswith("…\n")


# --- without components ---


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("long", [1_991, 1_992, 1_993, 2_000, 2_001, 50_000])
def test_plain_text_at_the_limit_and_over(sign: str, long: int) -> None:
    found = render.plain(Reply((Paragraph((sign * long)[:long]),)))
    assert 1 <= len(found) <= 8
    assert all(0 < units(message.content) <= 2_000 for message in found)


def test_plain_text_tells_what_to_type() -> None:
    (message,) = render.plain(TURN)
    assert "- Hint (!hint)\n- Flow (!flow)\n- End (!end)" in message.content
    (message,) = render.plain(Reply((File("a.md", "text/markdown", "text"),)))
    assert message.files == (Attachment("a.md", b"text"),)


def test_a_notice_of_the_adapter_is_cut_too() -> None:
    within((render.notice("x" * 5_000),))


_ANY = st.text(max_size=3_000)
_BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, _ANY),
    st.builds(Paragraph, _ANY, st.sampled_from(["speech", "question", "feedback", "aside"])),
    st.builds(Quote, _ANY, _ANY, _ANY),
    st.builds(Notice, _ANY),
    st.builds(lambda words: HeardSheet(1, (HeardLine(1, words, words, words),)), _ANY),
    st.builds(lambda words: FlowSheet((FlowLine(1, True, words, words, 2, words),)), _ANY),
    st.builds(lambda words: Choices((Choice(words, "!flow"), Choice(words, "!end")), words), _ANY),
    st.builds(lambda words: File(words, words, words), _ANY),
    st.just(BALLOT),
)


@given(st.lists(_BLOCKS, max_size=8), st.booleans())
def test_it_never_fails_and_never_breaks_a_limit(blocks: list[Block], button: bool) -> None:
    reply = Reply(tuple(blocks), debate=1)
    found = render.messages(reply, reply_button=button)
    if found:
        within(found)
    assert all(units(message.content) <= 2_000 for message in render.plain(reply))
