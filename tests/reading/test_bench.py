"""The floors under the reader's figures on messages nobody trained or tuned on."""

from __future__ import annotations

import numpy as np
import pytest

from bot.reading.encoder import Encoder
from bot.reading.reader import LocalReader
from tests.bench import bench_cost, bench_debates, bench_heard, bench_own, encoders, figures, fit_answers


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fifth message only: all of them are for who runs the bench."""
    every = bench_own.rows
    for bench in (bench_own, bench_debates, bench_cost):
        monkeypatch.setattr(bench, "rows", lambda name: every(name)[::5])


@pytest.mark.usefixtures("few")
def test_floors(reader: LocalReader, capsys: pytest.CaptureFixture[str]) -> None:
    found = bench_own.cards(reader) | bench_own.sides(reader) | bench_own.calibration(reader)
    found |= (
        bench_own.kinds(reader) | bench_own.moves(reader) | bench_own.dodges(reader) | bench_own.apt(reader)
    )
    assert found["first"] >= 0.75
    assert found["three"] >= 0.85
    assert found["first_alone"] >= 0.65
    assert found["three_alone"] >= 0.85
    assert found["side"] >= 0.75
    assert found["kinds"] >= 0.75
    assert found["alarms"] <= 0.06
    assert found["moves"] >= 0.65
    assert found["dodge"] >= 0.75
    assert found["apt"] >= 0.7
    assert "tf-idf" in capsys.readouterr().out


@pytest.mark.usefixtures("few")
def test_floors_of_debates(reader: LocalReader, capsys: pytest.CaptureFixture[str]) -> None:
    found = bench_debates.run(reader)
    assert found["answered"] >= 0.65
    assert found["cards"] >= 0.75
    assert found["plain"] >= 0.6
    assert found["passes"] >= 0.8
    assert "two readers agree" in capsys.readouterr().out


@pytest.mark.usefixtures("few")
def test_the_cost_is_told(reader: LocalReader, capsys: pytest.CaptureFixture[str]) -> None:
    found = bench_cost.cost(reader)
    assert found["read_ms"] > found["pass_ms"] > 0
    assert "one pass" in capsys.readouterr().out


def test_the_odds_of_an_answer_can_be_fitted_again(reader: LocalReader) -> None:
    found = [(turn, fit_answers.pairs(reader, turn)) for turn in bench_debates.turns()[::5]]
    weights = fit_answers.fit(found, np.ones(len(fit_answers.FEATURES)))
    assert (weights[1:] > 0).all(), "the heads, the debate and the words all speak for an answer"


def test_sums_of_whole_numbers_never_overflow() -> None:
    text, motion = "Talks would only buy him time, and WE pay 4 it!", "Trump should talk to Putin"
    exact = encoders.Exact()
    assert (exact.encode([text], motion) == Encoder().encode([text], motion)).all()
    assert b"MatMulInteger" not in exact._graph()


def test_a_share_has_an_interval_over_motions_or_over_messages() -> None:
    assert figures.figure([]) == "-"
    assert figures.figure([[1.0], []]) == "1.00 [1.00 1.00]"
    split = [[float(at % 2)] * 50 for at in range(10)]
    assert figures.figure(split) != figures.figure([[value for group in split for value in group]])


def test_floor_of_turns(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_heard.run(verbose=True)["turns"] >= 0.7
    assert "baseline" in capsys.readouterr().out
