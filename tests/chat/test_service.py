"""What a service logs and how it ends."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

import pytest

from adapters.chat import service
from adapters.chat.service import Problem, Stop
from adapters.status import LATER, TERMINATED
from bot.store.errors import StoreError, Trouble

HOME = Path("home")


def test_secrets_are_hidden_from_whatever_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    service.log_without("canary-one", "", "canary-two", news="adapters")
    try:
        raise ValueError("canary-one")
    except ValueError:
        logging.getLogger("anything").exception("with %s", "canary-two")
    told = capsys.readouterr().err
    assert "with [token]" in told
    assert "canary" not in told


def test_a_problem_is_told_with_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> int:
        raise Problem("no network", LATER)

    assert service.status(work) == LATER
    assert capsys.readouterr().err == "gadfly: no network\n"


async def test_a_signal_stops() -> None:
    stop = Stop()
    async with stop.at_signals():
        assert not stop
        signal.raise_signal(signal.SIGTERM)
        await stop.wait()
    assert stop
    assert stop.status() == TERMINATED


def test_an_error_that_was_not_mended_stops_but_a_busy_moment_does_not() -> None:
    stop = Stop()
    stop.fatal(StoreError(Trouble.OVERLOADED, HOME))
    assert not stop
    stop.fatal(StoreError(Trouble.FULL, HOME))
    assert stop
    with pytest.raises(StoreError):
        stop.status()
