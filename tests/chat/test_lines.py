"""What a line will be heard as."""

from __future__ import annotations

import pytest

from adapters.chat import lines


@pytest.mark.parametrize(
    ("text", "name", "private", "anyone"),
    [
        ("My point.", "say", False, False),
        ("!flow", "flow", False, False),
        ("!score", "score", True, False),
        ("!help", "help", True, True),
        ("!start school", "start", False, True),
        ("!nothing", "", True, False),
        ("x" * 4_001, "", True, False),
    ],
)
def test_the_table_decides_who_may_and_for_whom(text: str, name: str, private: bool, anyone: bool) -> None:
    assert lines.command_name(text) == name
    assert lines.is_private(text) is private
    assert lines.for_anyone(text) is anyone


def test_words_of_a_form_are_a_speech_even_where_they_look_like_a_command() -> None:
    assert lines.command_name(lines.as_speech("!end")) == "say"


def test_debates_are_opened_by_two_commands() -> None:
    assert [text for text in ("!start", "!switch", "!flow", "words") if lines.opens(text)] == [
        "!start",
        "!switch",
    ]
