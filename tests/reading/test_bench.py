"""The floors under the reader's figures on messages nobody trained or tuned on."""

from __future__ import annotations

import pytest

from bot.reading.reader import LocalReader
from content.deck import Deck
from tests.bench import bench_heard, bench_reading


def test_floors(reader: LocalReader, putin: Deck, capsys: pytest.CaptureFixture[str]) -> None:
    model = reader.model(putin)
    found = bench_reading.cards(reader, model)
    found |= bench_reading.kinds(reader, putin) | bench_reading.moves(reader, putin)
    bench_reading.sides(reader, model)
    assert found["first"] >= 0.55
    assert found["three"] >= 0.75
    assert found["first_alone"] >= 0.55
    assert found["three_alone"] >= 0.75
    assert found["kinds"] >= 0.75
    assert found["alarms"] <= 0.1
    assert found["moves"] >= 0.5
    assert "tf-idf" in capsys.readouterr().out


def test_the_cost_is_told(reader: LocalReader, putin: Deck, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_reading.cost(reader, putin)["rest_ms"] > 0
    assert "encoder" in capsys.readouterr().out


def test_no_share_of_nothing() -> None:
    assert bench_reading.share([]) == "-"


def test_floor_of_turns(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_heard.run(verbose=True)["turns"] >= 0.7
    assert "baseline" in capsys.readouterr().out
