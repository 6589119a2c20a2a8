"""The museum: whole transcripts with recorded readings that must replay for ever, to the same flow and scores.

A transcript here is never changed. When the rules change, what they decide about new debates may change; what
was decided in these stands in their entries. ``deck.json`` is the frozen deck of all of them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.debate.debate import Debate, replay
from bot.debate.entries import Answered, Contested, Entry, dump, load
from bot.debate.judging import Rubric, Section, judge
from content.deck import Deck
from tests.debate.builders import RUBRIC_FILE, states, uncontested

MUSEUM = Path(__file__).parent / "museum"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MUSEUM / "expected.json").read_text(encoding="utf-8"))
DECK = Deck.model_validate_json((MUSEUM / "deck.json").read_text(encoding="utf-8"))


def lines(name: str) -> list[str]:
    return (MUSEUM / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()


def transcript(name: str) -> list[Entry]:
    return [load(line) for line in lines(name)]


def rubric_of(debate: Debate) -> Rubric:
    """The published rubric by which the debate began: it must be kept for ever, too."""
    published = [Rubric.from_json(path.read_bytes()) for path in sorted(RUBRIC_FILE.parent.glob("v*.json"))]
    return next(rubric for rubric in published if rubric.sha256 == debate.started.rubric_sha)


def score(debate: Debate) -> dict[str, float]:
    judgement = judge(debate, rubric_of(debate))
    return {"total": judgement.total, **{str(section): judgement.parts[section] for section in Section}}


def test_every_transcript_is_expected_and_there() -> None:
    assert {path.stem for path in MUSEUM.glob("*.jsonl")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_old_transcript_replays_to_its_flow_and_its_scores(name: str) -> None:
    debate, expected = replay(DECK, transcript(name)), EXPECTED[name]
    ranked = uncontested(debate)
    judgement = judge(debate, rubric_of(debate))

    assert states(debate) == {int(number): state for number, state in expected["states"].items()}
    assert states(ranked) == {int(number): state for number, state in expected["uncontested_states"].items()}
    assert (score(debate), score(ranked)) == (expected["score"], expected["uncontested_score"])
    assert (judgement.result, judgement.practise) == (expected["result"], expected["practise"])
    assert [[redone.turn, redone.before, redone.after] for redone in debate.redone] == expected["redone"]
    assert debate.ended is not None


@pytest.mark.parametrize("name", EXPECTED)
def test_an_old_line_is_written_as_it_was_read(name: str) -> None:
    assert [json.loads(dump(entry)) for entry in transcript(name)] == [
        json.loads(line) for line in lines(name)
    ]


def test_the_museum_shows_every_kind_of_entry_and_nearly_every_act() -> None:
    entries = [entry for name in EXPECTED for entry in transcript(name)]
    acts = {act.act for entry in entries if isinstance(entry, Answered) for act in entry.acts}

    assert len({entry.kind for entry in entries}) == 11
    assert acts >= {"counters", "extends", "presses", "questions", "cites", "explains", "asides", "asks"}
    assert acts >= {"names", "advises", "shows", "warns"}
    assert any(entry.acts for entry in entries if isinstance(entry, Contested))
