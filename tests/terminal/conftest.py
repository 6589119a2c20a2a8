"""A data folder of its own for each test, and nothing of the caller's environment."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.__main__ import main


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GADFLY_")]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GADFLY_HOME", str(tmp_path / "home"))


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def gadfly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line in this process; gives exit status, output and complaints."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        source = tmp_path / "stdin"
        source.write_bytes(stdin)
        with source.open("rb") as raw, io.TextIOWrapper(raw) as text, pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", text)
            code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return command
