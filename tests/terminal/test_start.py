"""The first screen, and what the first line means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal import start
from adapters.terminal.start import Begin, Change, Command, Plan
from adapters.terminal.text import columns
from bot.debate.commands import COMMANDS
from bot.debate.debate import SPEECHES
from bot.debate.entries import Level
from bot.store.peek import OpenDebate
from content.deck import Side
from content.index import Entry, read_entries

MOTIONS = read_entries()
PLAN = Plan("putin-trump-talks")


def test_the_words_are_those_of_the_bot() -> None:
    assert list(Level) == list(start.LEVELS)
    assert list(Side) == list(start.SIDES)
    assert SPEECHES == start.SPEECHES
    assert "start" in {spec.name for spec in COMMANDS}


def test_the_essay_of_the_seed_comes_first() -> None:
    assert [entry.id for entry in MOTIONS] == ["putin-trump-talks", "school-phones"]


@pytest.mark.parametrize("line", ["", "   ", "\t", "!start", "/debate start", " !START "])
def test_enter_begins(line: str) -> None:
    assert start.understand(line, PLAN, MOTIONS) == Begin(PLAN)


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("against", replace(PLAN, side="against")),
        ("Advanced", replace(PLAN, level="advanced")),
        ("school-phones", replace(PLAN, motion="school-phones")),
        ("against intermediate school-phones", Plan("school-phones", "against", "intermediate")),
        ("for", PLAN),
    ],
)
def test_known_words_change_the_plan(line: str, changed: Plan) -> None:
    assert start.understand(line, PLAN, MOTIONS) == Change(changed)


def test_first_begins_with_the_learner() -> None:
    assert start.understand("first", PLAN, MOTIONS) == Begin(replace(PLAN, first=True))
    assert start.understand("against first", PLAN, MOTIONS) == Begin(
        replace(PLAN, side="against", first=True)
    )


@pytest.mark.parametrize(
    "line", ["Talks fail, for trust is gone.", "against all odds", "! no", "/ 2", "wow!", "#"]
)
def test_anything_else_is_the_opening_speech(line: str) -> None:
    assert start.understand(line, PLAN, MOTIONS) == Begin(replace(PLAN, first=True), line)


@pytest.mark.parametrize("line", ["!help", "/motions", "!start school-phones against", "!nonsense"])
def test_commands_are_for_the_bot(line: str) -> None:
    assert start.understand(line, PLAN, MOTIONS) == Command(line)


@given(st.text(max_size=60))
def test_any_first_line_means_something(line: str) -> None:
    assert start.understand(line, PLAN, MOTIONS) is not None


def test_the_sentence_that_starts() -> None:
    assert PLAN.command() == "/debate start putin-trump-talks for novice"
    plan = Plan("x", "against", "advanced", True, 7, True)
    assert plan.command() == "/debate start x against advanced first anew seed=7"


def test_choosing_a_motion() -> None:
    assert start.chosen(MOTIONS, None) == MOTIONS[0]
    assert start.chosen(MOTIONS, "school") == start.chosen(MOTIONS, "School-Phones") == MOTIONS[1]
    assert start.chosen(MOTIONS, "x") is None
    assert start.chosen((), "") is None
    twins = (MOTIONS[0]._replace(id="ab"), MOTIONS[0]._replace(id="abc"))
    assert start.chosen(twins, "a") is None
    assert start.chosen(twins, "ab") == twins[0]


def test_the_first_screen_says_all_one_needs() -> None:
    text = "\n".join(start.first_lines(replace(PLAN, side="against"), MOTIONS, 80))
    entry = MOTIONS[0]
    for said in (
        entry.motion,
        entry.for_label,
        f"You argue against: {entry.against_label}",
        "Level: novice",
        "Enter",
    ):
        assert said in text
    assert "school-phones" in text
    assert "?" not in text


@pytest.mark.parametrize("width", [10, 20, 40, 80, 100])
def test_it_fits_any_window(width: int) -> None:
    long = MOTIONS[0]._replace(id="x" * 40, motion="motion " * 28, for_label="\x1b[2J" * 30)
    left = OpenDebate(3, "gone", "for", "novice", 2)
    screens = [
        start.banner("1.0", width, plain=False),
        start.banner("1.0", width, plain=True),
        start.first_lines(PLAN, (*MOTIONS, long), width),
        start.offer_lines(left, MOTIONS, width),
        start.offer_lines(replace(left, deck_id=long.id), (long,), width),
    ]
    for line in (line for screen in screens for line in screen):
        assert columns(line) <= max(width, 20)
        assert "\x1b" not in line


def test_the_offer_of_a_debate_left_open() -> None:
    text = "\n".join(start.offer_lines(OpenDebate(3, "school-phones", "for", "novice", 2), MOTIONS, 80))
    assert "debate 3" in text
    assert "ban mobile phones" in text
    assert "2 of 6 speeches" in text
    assert "!start" in text


def test_completion_words() -> None:
    entry: Entry = MOTIONS[0]
    assert {"first", "against", "advanced", entry.id} <= set(start.first_words(MOTIONS))
