"""The command table, and the reading of a line as command or speech."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.debate import commands
from bot.debate.commands import BY_NAME, COMMANDS, LONGEST, Command, Who, nearest, parse, point_number
from bot.debate.errors import Code, Refusal, Unreadable

PRODUCT = "start say hint flow why contest concede score end redo switch motions cards leaderboard export forget-me help"


def test_the_table_holds_the_commands_of_the_product_in_its_order() -> None:
    assert [spec.name for spec in COMMANDS] == PRODUCT.split()


def test_a_stranger_may_do_what_needs_no_debate() -> None:
    anyone = {spec.name for spec in COMMANDS if spec.who is Who.ANYONE}
    assert anyone == {"start", "motions", "cards", "leaderboard", "forget-me", "help"}


def test_the_moves_of_the_debate_are_public_and_what_is_for_oneself_is_private() -> None:
    assert not any(
        BY_NAME[name].private for name in ("start", "say", "flow", "contest", "concede", "end", "redo")
    )
    assert all(BY_NAME[name].private for name in ("hint", "why", "score", "export", "forget-me"))


@pytest.mark.parametrize(
    "line", ["!why f07", "/why f07", " !WHY   f07 ", "/debate why f07", "!debate  why f07"]
)
def test_a_mark_and_a_command_word_are_the_command(line: str) -> None:
    assert parse(line) == Command("why", "f07")
    assert parse(line).words == ("f07",)


@pytest.mark.parametrize(
    "line",
    ["", "  ", "help me", "! why", "!!!", "#3 is wrong", "!no, that is so wrong", "/s buses are great", "!7"],
)
def test_anything_else_is_a_speech_word_for_word(line: str) -> None:
    assert parse(line) == Command("say", line)


def test_say_makes_a_speech_of_what_looks_like_a_command() -> None:
    assert parse("!say !hint is a word") == Command("say", "!hint is a word")
    assert parse("!say") == Command("say", "")


@pytest.mark.parametrize("line", ["!hnit", "!contst 4 b", "!xyzzyx"])
def test_a_mistyped_command_is_refused_with_the_nearest_one(line: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse(line)

    assert caught.value.code is Code.UNKNOWN_COMMAND
    assert caught.value.data["near"] == {"!hnit": "hint", "!contst 4 b": "contest"}.get(line, "")


def test_a_sentence_after_a_mark_is_a_speech_even_when_its_first_word_is_near_a_command() -> None:
    line = "!cars need far too much room here"
    assert nearest("cars") == "cards"
    assert parse(line) == Command("say", line)


def test_a_speech_may_have_four_thousand_code_points_and_no_more() -> None:
    assert parse("ä" * LONGEST).rest == "ä" * LONGEST
    with pytest.raises(Unreadable) as caught:
        parse("😀" * (LONGEST + 12))
    assert caught.value.over == 12


def test_the_longest_speech_goes_through_say_as_well() -> None:
    assert len(parse("!say " + "x" * LONGEST).rest) == LONGEST
    with pytest.raises(Unreadable):
        parse("!say " + "x" * (LONGEST + 1))


def test_the_argument_of_a_command_is_cut() -> None:
    assert len(parse("!why " + "f" * 9_000).rest) == LONGEST


@pytest.mark.parametrize(("word", "number"), [("#4", 4), ("4", 4), ("0012", 12)])
def test_a_point_is_named_with_or_without_its_mark(word: str, number: int) -> None:
    assert point_number(word) == number


@pytest.mark.parametrize("word", ["", "#", "four", "-1", "²", "٣", "12345", "1.5"])
def test_what_is_no_number_of_a_point_is_refused(word: str) -> None:
    with pytest.raises(Refusal) as caught:
        point_number(word)
    assert caught.value.code is Code.BAD_ARGUMENT


def test_a_longer_number_can_be_asked_for() -> None:
    assert point_number("123456789", digits=9) == 123456789


@given(st.text(max_size=60))
def test_every_line_is_a_command_a_speech_or_a_refusal(line: str) -> None:
    try:
        assert parse(line).name in BY_NAME
    except Refusal:
        assert line.strip()[0] in "!/"


def test_names_like_a_word_come_the_nearest_first() -> None:
    assert commands.nearest_names("flwo") == ["flow"]
    assert commands.nearest_names("concde")[0] == "concede"
    assert commands.nearest_names("zzz") == []


@pytest.mark.parametrize(
    ("line", "words"),
    [("!end now", "now"), ("!end", ""), ("!hint 3", ""), ("!say end now", ""), ("Well.", "")],
)
def test_words_after_a_command_that_takes_none_are_ignored(line: str, words: str) -> None:
    assert commands.ignored(commands.parse(line)) == words


@pytest.mark.parametrize(
    ("word", "is_one"), [("a", True), ("B", True), ("2", False), ("ab", False), ("é", False)]
)
def test_a_choice_has_one_letter(word: str, is_one: bool) -> None:
    assert commands.is_letter(word) is is_one
