"""The README shows what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from bot.coach import load_rubrics
from bot.debate.commands import BY_NAME
from bot.debate.entries import Answered
from bot.debate.judging import judge
from tests.readme import README, ROOT, WHOLE, ended, readme, recorded, whole_debate

TEXT = README.read_text("utf-8")
MEND = "run `python -m tests.readme` and read what it changed"


def test_the_debate_and_the_diagram_are_what_a_replay_shows() -> None:
    assert readme(TEXT) == TEXT, MEND
    assert WHOLE.read_text("utf-8") == whole_debate(), MEND


def test_the_debate_is_whole_and_scored() -> None:
    debate = recorded()
    assert ended(debate)
    assert sum(entry.counts for entry in debate.entries if isinstance(entry, Answered)) == 6
    assert judge(debate, load_rubrics()[-1]).total > 30


def test_every_command_named_exists() -> None:
    for word in re.findall(r"`!([a-z-]+)", TEXT):
        assert word in BY_NAME


def test_every_file_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (ROOT / Path(target)).exists(), target
