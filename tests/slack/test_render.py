"""Replies as Slack's blocks: every limit met by splitting or a marked cut, at the limit and one over; nothing of a
person's words is markup. The limits are written here anew: the renderer's own are not asked.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock

from adapters.chat.buttons import pressed
from adapters.chat.text import clean
from adapters.discord import render as discord
from adapters.slack import render
from adapters.slack.render import Attachment, Message
from adapters.slack.text import unescape
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
from tests.voice import debates

SIGNS = ["x", "😀", "ش", "*", "&", "👨‍👩‍👧‍👦", "e\u0301"]

NASTY = "<!channel> <@U1> <http://x.org|free> @here :tada: https://x.org *b* _i_ `c` ~s~ &amp; #general"

KINDS = {"header", "rich_text", "context", "divider", "table", "actions"}

HEAD_OF_FLOW = {"who", "point", "card", "on", "state"}

Json = Mapping[str, Any]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def walk(value: Any) -> Iterator[Json]:
    """Every object in Slack's blocks."""
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from walk(item)


def of(message: Message, kind: str) -> list[Json]:
    return [block for block in message.blocks if block["type"] == kind]


def elements(found: tuple[Message, ...], kind: str) -> list[Json]:
    return [
        item
        for message in found
        for block in of(message, "actions")
        for item in walk(block)
        if item.get("type") == kind
    ]


def buttons(found: tuple[Message, ...]) -> list[Json]:
    return elements(found, "button")


def selects(found: tuple[Message, ...]) -> list[Json]:
    return elements(found, "static_select")


def labels(found: tuple[Message, ...]) -> list[str]:
    return [button["text"]["text"] for button in buttons(found)]


def shown(found: tuple[Message, ...]) -> str:
    """All words of the blocks but those of buttons and selects, as a person reads them."""
    return "\n".join(
        _words(block)
        for message in found
        for block in message.blocks
        if block["type"] not in ("actions", "divider")
    )


def _words(block: Json) -> str:
    """The words of a block: a row of a table, a paragraph and an item of a list have a line each."""
    if block["type"] == "table":
        return "\n".join(" ".join(cell["text"] for cell in row) for row in block["rows"])
    lines = [item["elements"] for item in walk(block) if _holds_texts(item)]
    return "\n".join("".join(leaf["text"] for leaf in line) for line in lines) or block["text"]["text"]


def _holds_texts(item: Json) -> bool:
    return any(leaf.get("type") in ("text", "plain_text") for leaf in item.get("elements", ()))


def within(found: tuple[Message, ...]) -> None:
    """Every limit of Slack's."""
    assert len(found) <= 8
    for message in found:
        assert 0 < units(message.text) <= 4_000
        assert message.text.strip()
        assert 1 <= len(message.blocks) <= 50
        assert message.blocks[0]["type"] != "divider"
        assert message.blocks[-1]["type"] != "divider"
        assert sum(units(str(item["text"])) for block in message.blocks for item in _leaves(block)) <= 11_000
        ids = [item["action_id"] for item in walk(message.blocks) if "action_id" in item]
        assert len(set(ids)) == len(ids)
        assert all(0 < len(id) <= 255 and pressed(id, ("x",)) for id in ids)
        assert len(of(message, "table")) <= 1
        for block in message.blocks:
            _block_within(block)


def _leaves(block: Json) -> list[Json]:
    if block["type"] == "actions":
        return []
    return [item for item in walk(block) if isinstance(item.get("text"), str)]


def _block_within(block: Json) -> None:
    parsed = SlackBlock.parse(json.loads(json.dumps(block)))
    assert parsed is not None
    assert parsed.to_dict() == block
    if block["type"] == "section":
        assert block["text"]["text"].startswith("…")  # the adapter's own words: the mark of a cut
        return
    assert block["type"] in KINDS
    types = {str(item.get("type", "")) for item in walk(block)}
    assert not types & {"mrkdwn", "link", "user", "usergroup", "channel", "broadcast", "emoji", "markdown"}
    assert all(item["text"] for item in walk(block) if "text" in item)
    assert all(item["emoji"] is False for item in walk(block) if item.get("type") == "plain_text")
    assert all(item["elements"] for item in walk(block) if "elements" in item)
    if check := _CHECKS.get(block["type"]):
        check(block)


def _header(block: Json) -> None:
    assert units(block["text"]["text"]) <= 150


def _rich(block: Json) -> None:
    assert sum(units(item["text"]) for item in walk(block) if item.get("type") == "text") <= 3_000


def _context(block: Json) -> None:
    assert len(block["elements"]) <= 10
    assert all(units(item["text"]) <= 3_000 for item in block["elements"])


def _table(block: Json) -> None:
    rows = block["rows"]
    assert 2 <= len(rows) <= 100
    assert {len(row) for row in rows} == {6}
    assert len(block["column_settings"]) == 6
    assert sum(units(cell["text"]) for row in rows for cell in row) <= 10_000


def _actions(block: Json) -> None:
    assert 1 <= len(block["elements"]) <= 25
    for item in block["elements"]:
        if item["type"] == "button":
            _button(item)
        else:
            _select(item)


def _button(button: Json) -> None:
    assert units(button["text"]["text"]) <= 75
    assert 0 < len(button["value"]) <= 2_000
    if confirm := button.get("confirm"):
        assert units(confirm["title"]["text"]) <= 100
        assert units(confirm["text"]["text"]) <= 300
        assert units(confirm["confirm"]["text"]) <= 30
        assert units(confirm["deny"]["text"]) <= 30


def _select(select: Json) -> None:
    options = select["options"]
    assert 1 <= len(options) <= 100
    assert units(select["placeholder"]["text"]) <= 150
    assert len({option["value"] for option in options}) == len(options)
    for option in options:
        assert units(option["text"]["text"]) <= 75
        assert 0 < len(option["value"]) <= 150
        assert units(option.get("description", {}).get("text", "")) <= 75


_CHECKS = {"header": _header, "rich_text": _rich, "context": _context, "table": _table, "actions": _actions}

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


def _plain_run(text: str) -> Json:
    return {"type": "text", "text": text}


def _bold(text: str) -> Json:
    return {"type": "text", "text": text, "style": {"bold": True}}


def test_a_turn_is_one_message_with_its_buttons() -> None:
    found = render.messages(TURN, reply_button=True)
    within(found)
    (message,) = found
    assert [block["type"] for block in message.blocks] == [
        *("rich_text", "divider", "rich_text", "divider", "rich_text", "divider"),
        *("rich_text", "table", "context", "actions"),
    ]
    assert labels(found) == ["Reply", "Hint", "Flow", "End"]
    assert [b["action_id"] for b in buttons(found)] == ["gf:7:say", "gf:7:!hint", "gf:7:!flow", "gf:7:!end"]
    assert [b["value"] for b in buttons(found)] == ["say", "!hint", "!flow", "!end"]
    assert [b.get("style") for b in buttons(found)] == ["primary", None, None, "danger"]
    assert [b.get("confirm", {}).get("confirm", {}).get("text") for b in buttons(found)] == [
        None,
        None,
        None,
        "End",
    ]
    heard, _, speech, *_ = message.blocks
    item = {
        "type": "rich_text_section",
        "elements": [
            _plain_run("#3 “my [words](http://x)”: A tag. [f01]; answers #1 (turn); "),
            {"type": "text", "text": "not sure", "style": {"italic": True}},
        ],
    }
    assert heard["elements"] == [
        {"type": "rich_text_section", "elements": [_bold("What I heard in your speech 2")]},
        {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": [item]},
    ]
    assert speech["elements"] == [
        {"type": "rich_text_section", "elements": [_plain_run("I say *this*.")]},
        {"type": "rich_text_quote", "elements": [_plain_run("“essay” (¶11) [means that]")]},
        {"type": "rich_text_section", "elements": [_bold("Question: "), _plain_run("Why?")]},
    ]


def test_the_flow_is_a_table() -> None:
    (message,) = render.messages(TURN)
    (table,) = of(message, "table")
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["#", "who", "point", "card", "on", "state"],
        ["#3", "you", "my point", "–", "#1", "open"],
        ["#1", "bot", "tag", "a01", "–", "turned"],
    ]
    assert [column["is_wrapped"] for column in table["column_settings"]] == [
        False,
        False,
        True,
        False,
        False,
        False,
    ]
    assert "• #3 you: my point (on #1) → open" in message.text
    assert "and 2 more (!flow)" in shown((message,))


def test_a_second_flow_and_one_too_big_are_lists() -> None:
    lines = tuple(FlowLine(n, n % 2 == 0, f"point {n}", None, None, "open") for n in range(1, 101))
    found = render.messages(Reply((FlowSheet(lines[:99]), FlowSheet(lines[:1]))))
    within(found)
    assert len(of(found[0], "table")[0]["rows"]) == 100
    assert "#1 bot: point 1 → open" in shown(found)
    for sheet in (FlowSheet(lines), FlowSheet((FlowLine(1, True, "x" * 1_001, None, None, "open"),))):
        found = render.messages(Reply((sheet,)))
        within(found)
        assert not of(found[0], "table")
        assert "rich_text_list" in json.dumps(found[0].blocks)


def test_a_ballot_has_its_score_in_columns() -> None:
    found = render.messages(Reply((BALLOT,), debate=7, over=True))
    within(found)
    (message,) = found
    (columns,) = (item for item in walk(message.blocks) if item.get("type") == "rich_text_preformatted")
    text = "content      21.5 of   40\nengagement     30 of   40\ntotal        51.5 of   80"
    assert columns["elements"] == [_plain_run(text)]
    assert "3 of 3, claim (#4): “*my* words”" in shown(found)
    (fix,) = (item for item in walk(message.blocks) if item.get("indent") == 1)
    assert [leaf["text"] for leaf in walk(fix) if leaf.get("type") == "text"] == ["Fix:", " Mend it"]
    assert _bold("For wins.") in list(walk(message.blocks))
    assert "Total without what you contested (this one ranks): 60" in shown(found)
    assert _words(of(message, "context")[0]) == "Rubric v1"
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
    assert found[0].blocks[0]["text"]["text"] == "Motions @everyone"
    assert _words(found[0].blocks[1]) == "One.\nTwo."
    assert _bold("Say it") in list(walk(found[0].blocks))
    assert found[0].text == "Motions @\u200beveryone\nOne.\nTwo.\nNote.\nSay it"
    empty = render.messages(Reply((HeardSheet(1, ()), FlowSheet(()))))
    within(empty)
    assert empty[0].text == "What I heard in your speech 1\n• no argument\nFlow: no points yet"


def test_nothing_makes_no_message() -> None:
    for blocks in ((), (Paragraph(" \u200b\n"), Heading(""), Ask("\n"), Choices(()))):
        assert render.messages(Reply(blocks)) == ()
        assert render.plain(Reply(blocks)) == ()


def test_choices_alone_have_a_text_too() -> None:
    found = render.messages(Reply((Choices((Choice("Hint", "!hint"), Choice("End", "!end"))),), debate=1))
    within(found)
    assert found[0].text == "Hint, End"


# --- no word of anybody's means anything to Slack ---


def _everywhere(words: str) -> Reply:
    """A reply with ``words`` wherever there are some."""
    score = Score((ScoreLine(words, words, words, 1, 1, 2, words),), ((words, 1, 2),), 1)
    blocks: tuple[Block, ...] = (
        Heading(words),
        HeardSheet(1, (HeardLine(1, words, words, words),)),
        Paragraph(words, "speech"),
        Quote(words, words, words),
        Paragraph(words, "question"),
        FlowSheet((FlowLine(1, True, words, words, 2, words),)),
        Ballot(((words, words, words),), words, score, words, words),
        Notice(words),
        Ask(words),
        Choices((Choice(words, "!flow"), Choice("Hint", "!hint")), words),
        Choices((Choice("End", "!end"),)),
    )
    return Reply(blocks, debate=2)


def test_nasty_words_are_shown_as_they_are() -> None:
    found = render.messages(_everywhere(NASTY))
    within(found)
    assert shown(found).count(NASTY) >= 18
    for message in (*found, *render.plain(_everywhere(NASTY))):
        assert not re.search(r"[<>]|@\w|://|:tada|#[a-z]|&(?!amp;|lt;|gt;)", message.text)
    assert clean(unescape("\n".join(message.text for message in found))).count(NASTY) >= 15


@pytest.mark.parametrize("at", range(0, 36, 5))
def test_whole_debates_show_every_word_and_in_few_blocks(at: int) -> None:
    for told in debates.told(at):
        reply = Reply(tuple(told.blocks), debate=at)
        found = render.messages(reply, reply_button=True)
        within(found)
        assert sum(len(message.blocks) for message in found) <= 16
        there = "\n".join(message.text for message in discord.messages(reply))
        assert _split(there) <= _split(shown(found)) <= _split(there) | HEAD_OF_FLOW
        assert _split(there) <= _split("\n".join(message.text for message in render.plain(reply)))


def _split(text: str) -> set[str]:
    """The words of a text, whatever stands around them."""
    return set(re.findall(r"\w+", clean(unescape(text)).replace("\\", "")))


# --- limits ---


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("long", [2_990, 2_999, 3_000, 3_001, 9_000, 16_100])
def test_texts_at_the_limit_and_over(sign: str, long: int) -> None:
    said = (sign * long)[:long]
    found = render.messages(Reply((Paragraph(said),), debate=1), reply_button=True)
    within(found)
    assert shown(found).replace("\n", "") == said
    assert labels(found) == ["Reply"]
    assert labels(found[-1:]) == ["Reply"]


def test_a_text_is_split_one_over_and_not_before() -> None:
    assert len(render.messages(Reply((Paragraph("x" * 2_999),)))[0].blocks) == 1
    assert len(render.messages(Reply((Paragraph("x" * 3_000),)))[0].blocks) == 2


def test_a_label_stands_before_the_first_piece_and_no_words_are_joined() -> None:
    words = [f"w{n}" for n in range(1_500)]
    for gap in (" ", "\n"):
        found = render.messages(Reply((Paragraph(gap.join(words), "question"),)))
        within(found)
        assert shown(found).split() == ["Question:", *words]
        assert _words(found[0].blocks[0]).startswith("Question: w0")


@pytest.mark.parametrize("long", [2_700, 2_860, 2_900, 2_960, 2_980, 2_992, 3_100])
def test_no_style_is_lost_where_words_are_split(long: int) -> None:
    state = " ".join(f"s{n}" for n in range(900))
    found = render.messages(Reply((FlowSheet((FlowLine(1, True, "x" * long, "f01", 2, state),)),)))
    within(found)
    leaves = [leaf for message in found for leaf in walk(message.blocks) if leaf.get("type") == "text"]
    assert "".join(leaf["text"] for leaf in leaves if "style" not in leaf).count("x") == long
    italic = [leaf["text"] for leaf in leaves if leaf.get("style") == {"italic": True}]
    assert " ".join(italic) == state


def test_texts_of_several_blocks_count_together() -> None:
    three = tuple(Paragraph("x" * 2_990, role) for role in ("speech", "feedback", "aside"))
    assert len(render.messages(Reply(three))) == 1
    found = render.messages(Reply((*three, Notice("x" * 100))))
    within(found)
    assert len(found) == 2


@pytest.mark.parametrize("count", [24, 25, 26, 51, 120])
def test_blocks_at_the_limit_and_over(count: int) -> None:
    blocks = tuple(block for n in range(count) for block in (Heading(f"Head {n}"), Paragraph(f"Text {n}")))
    found = render.messages(Reply(blocks, debate=1), reply_button=True)
    within(found)
    assert all(f"Text {n}" in shown(found) for n in range(count))
    assert labels(found[-1:]) == ["Reply"]


@pytest.mark.parametrize("long", [141, 142, 143, 150, 151, 4_000])
@pytest.mark.parametrize("sign", ["x", "😀"])
def test_a_long_heading_is_bold_text(long: int, sign: str) -> None:
    title = sign * (long // units(sign))
    found = render.messages(Reply((Heading(title),)))
    within(found)
    assert shown(found).replace("\n", "") == title
    assert bool(of(found[0], "header")) == (units(title) <= 142)


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_far_too_long_is_cut_with_a_mark_and_keeps_its_buttons(sign: str) -> None:
    found = render.messages(Reply((Paragraph(sign * 80_000),), debate=1), reply_button=True)
    within(found)
    assert len(found) == 8
    assert found[-1].text.startswith("…")
    assert labels(found) == ["Reply"]


def test_long_lists_and_columns_are_split() -> None:
    rows = tuple((f"part {n}" + "x" * 60, n, 40) for n in range(90))
    lines = tuple(HeardLine(n, "words " * 900, "tag", None) for n in range(3))
    found = render.messages(Reply((Score((), rows, 1), HeardSheet(1, lines), Quote("words " * 900, "¶1"))))
    within(found)
    assert all(f"part {n}x" in shown(found) for n in range(90))
    assert shown(found).count("words") == 4 * 900


@pytest.mark.parametrize("count", [1, 5, 24, 25, 26, 60, 101])
@pytest.mark.parametrize("label", ["x", "x" * 30, "x" * 31, "x" * 72, "y " * 70, "😀" * 60, "ش" * 201, ""])
def test_choices_at_the_limit_and_over(count: int, label: str) -> None:
    options = tuple(Choice(label, f"!why f{n:02}") for n in range(count))
    found = render.messages(Reply((Choices(options),), debate=3), reply_button=True)
    within(found)
    said = [b["value"] for b in buttons(found)[1:]] or [
        o["value"] for s in selects(found) for o in s["options"]
    ]
    assert said == [option.says for option in options]
    assert labels(found)[0] == "Reply"


def test_short_choices_are_buttons_long_ones_a_select() -> None:
    assert buttons(render.messages(Reply((Choices((Choice("x" * 30, "!a"),)),))))
    assert selects(render.messages(Reply((Choices((Choice("x" * 31, "!a"),)),))))


def test_readings_to_contest_are_a_select() -> None:
    long = "c) a reading that goes on and on, past what Slack shows in one line of a list"
    texts = ("a) a reading", "b) a reading", long)
    options = tuple(Choice(text, f"!contest 4 {text[0]}") for text in texts)
    found = render.messages(Reply((Choices(options, "Did you mean:"),), debate=3))
    within(found)
    (select,) = selects(found)
    assert select["action_id"] == "gs:3:0"
    assert select["placeholder"]["text"] == "Did you mean:"
    assert shown(found) == "Did you mean:"
    assert [o["value"] for o in select["options"]] == ["!contest 4 a", "!contest 4 b", "!contest 4 c"]
    last = select["options"][-1]
    assert f"{last['text']['text']} {last['description']['text']}" == long
    assert not buttons(found)


def test_a_button_said_twice_is_shown_once() -> None:
    again = (Choices((Choice("Flow", "!flow"),)), Choices((Choice("Flow", "!flow"),)))
    assert len(buttons(render.messages(Reply(again)))) == 1


# --- files ---


def test_files_stand_apart_from_messages() -> None:
    reply = Reply((File("gadfly 7 ünï.md", "text/markdown", "text é"), File("b.csv", "text/csv", "")))
    assert render.files(reply) == (
        Attachment("gadfly-7-n-.md", "text é".encode(), "text/markdown"),
        Attachment("b.csv", b"", "text/csv"),
    )
    assert render.messages(reply) == ()
    assert render.plain(reply) == ()


def test_a_file_too_big_is_cut_with_a_mark() -> None:
    (file,) = render.files(Reply((File("a.md", "text/markdown", "é" * (6 << 20)),)))
    assert len(file.data) <= 8 << 20
    assert file.data.decode().endswith("…\n")


# --- without blocks ---


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("long", [3_899, 3_900, 3_901, 4_000, 50_000])
def test_plain_text_at_the_limit_and_over(sign: str, long: int) -> None:
    found = render.plain(Reply((Paragraph((sign * long)[:long]),)))
    assert 1 <= len(found) <= 8
    assert all(0 < units(message.text) <= 4_000 and not message.blocks for message in found)


def test_plain_text_tells_what_to_type() -> None:
    (message,) = render.plain(TURN)
    assert message.text.endswith("• Hint (!hint)\n• Flow (!flow)\n• End (!end)")
    assert "Question: Why?" in message.text


@pytest.mark.parametrize("text", ["x" * 5_000, "&amp;" * 1_000])
def test_a_notice_of_the_adapter_is_cut_too(text: str) -> None:
    message = render.notice(text)
    (section,) = message.blocks
    assert section["text"]["type"] == "mrkdwn"
    assert units(section["text"]["text"]) <= 3_000
    assert re.fullmatch(r"(x|&amp;)+…", section["text"]["text"])
    assert units(message.text) <= 4_000
    assert render.notice("*bold*").blocks == (
        {"type": "section", "text": {"type": "mrkdwn", "text": "*bold*"}},
    )


# --- buttons of a debate that is over ---


def as_slack_returns(message: Message) -> list[Json]:
    """Blocks as Slack has them in a message: each with an id."""
    return [{**json.loads(json.dumps(block)), "block_id": f"b{n}"} for n, block in enumerate(message.blocks)]


def test_buttons_of_a_debate_close() -> None:
    (message,) = render.messages(TURN, reply_button=True)
    blocks = as_slack_returns(message)
    assert render.closed(blocks, 7) == blocks[:-1]
    assert render.closed(blocks, 8) is None
    assert render.closed(blocks, 77) is None
    assert render.closed(blocks[:-1], 7) is None
    assert render.closed([], 7) is None


def test_buttons_of_others_stay_open() -> None:
    ours, theirs = (render.messages(Reply(TURN.blocks, debate=n))[0].blocks[-1]["elements"] for n in (7, 8))
    row = {"type": "actions", "block_id": "b", "elements": [*ours, *theirs, {"type": "button", "value": "x"}]}
    assert render.closed([row], 7) == [{**row, "elements": [*theirs, {"type": "button", "value": "x"}]}]


def test_a_message_of_buttons_keeps_something() -> None:
    choices = Choices((Choice("a) a reading", "!contest 4 a"),))
    (message,) = render.messages(Reply((choices,), debate=7))
    left = render.closed(as_slack_returns(message), 7)
    assert left is not None
    within((Message(tuple(left), "…"),))
    assert "actions" not in {block["type"] for block in left}


# --- anything ---

_ANY = st.text(max_size=3_000) | st.lists(st.sampled_from([NASTY, *SIGNS, " ", "\n"]), max_size=200).map(
    "".join
)
_BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, _ANY),
    st.builds(Paragraph, _ANY, st.sampled_from(["speech", "question", "feedback", "aside"])),
    st.builds(Quote, _ANY, _ANY, _ANY),
    st.builds(Notice, _ANY),
    st.builds(Ask, _ANY),
    st.builds(lambda words: HeardSheet(1, (HeardLine(1, words, words, words),)), _ANY),
    st.builds(lambda words: FlowSheet((FlowLine(1, True, words, words, 2, words),), 1), _ANY),
    st.builds(lambda words: Choices((Choice(words, "!flow"), Choice(words, "!end")), words), _ANY),
    st.builds(lambda words: File(words, words, words), _ANY),
    st.builds(lambda words: _everywhere(words).blocks[6], _ANY),
    st.just(BALLOT),
)


@given(st.lists(_BLOCKS, max_size=8), st.booleans())
def test_it_never_fails_and_never_breaks_a_limit(blocks: list[Block], button: bool) -> None:
    reply = Reply(tuple(blocks), debate=1)
    within(render.messages(reply, reply_button=button))
    assert all(0 < units(message.text) <= 4_000 for message in render.plain(reply))
    assert all(file.name for file in render.files(reply))


def test_slacks_own_models_know_every_key(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        within(render.messages(_everywhere(NASTY)))
    assert not caplog.records
