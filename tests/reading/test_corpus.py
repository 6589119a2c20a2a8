"""The corpus of learners' messages is sound, and what stands beside it is true."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.reading.training import agreement, corpus

PATHS = sorted(corpus.FOLDER.glob("*.jsonl"))
FILES = corpus.motions()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_file_has_no_fault(path: Path) -> None:
    assert list(corpus.faults(path)) == []


def test_there_is_enough_of_every_kind() -> None:
    assert len(FILES) >= 60
    assert {motion.head["kind"] for motion in FILES} == corpus.KINDS
    assert {motion.head["form"] for motion in FILES} == corpus.FORMS
    assert {item["register"] for motion in FILES for item in motion.messages} == corpus.REGISTERS
    assert len({motion.head["hand"] for motion in FILES}) >= 5


def test_the_readme_counts_right() -> None:
    text = " ".join((corpus.FOLDER / "README.md").read_text("utf-8").split())
    cards = sum(len(motion.cards) for motion in FILES)
    messages, replies = (sum(len(getattr(m, name)) for m in FILES) for name in ("messages", "replies"))
    assert f"{len(FILES)} motions, {cards:,} cards, {messages:,} messages, {replies:,} replies" in text
    told = [len(motion.counters) for motion in FILES if motion.counters]
    assert f"{sum(told):,} counterpoints on {len(told)} motions" in text


def test_nothing_of_it_is_held_out_elsewhere() -> None:
    """What measures the reader must not stand where it is taught."""
    data = Path(__file__).parent / "data"
    held = {
        json.loads(line)["text"]
        for path in data.glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
        if line
    }
    said = {item["say"] for motion in FILES for item in motion.messages}
    said |= {item["reply"] for motion in FILES for item in motion.replies}
    assert not said & held


def test_a_second_reader_agrees() -> None:
    found = agreement.agreement()
    assert found["messages: same first card"] > 0.95
    assert found["replies: moves, kappa"] > 0.9
    assert found["counterpoints: same"] > 0.9


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    lines = PATHS[0].read_text("utf-8").splitlines()
    path = tmp_path / PATHS[0].name
    path.write_text("\n".join([*lines, lines[-1]]), "utf-8")
    assert any("near duplicates" in fault for fault in corpus.faults(path))
    path.write_text("\n".join(line for line in lines if '"f1"' not in line), "utf-8")
    assert any("cards f*" in fault for fault in corpus.faults(path))
    path.write_text("no JSON", "utf-8")
    assert [fault for fault in corpus.faults(path) if ":1:" in fault]


def test_kappa_is_that_of_the_textbook() -> None:
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert agreement.kappa(pairs) == pytest.approx(0.4)
    assert Counter(pairs)["a", "a"] == 20
