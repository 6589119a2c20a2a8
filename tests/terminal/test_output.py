"""Standard output that fails."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from adapters.__main__ import main
from adapters.output import Notes, Output, OutputError

ROOT = Path(__file__).parents[2]


class Failing(io.StringIO):
    """A stream that fails with ``error`` at the first write."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        raise self._error

    def flush(self) -> None:
        raise self._error


@pytest.mark.parametrize("text", ["x", None])
def test_a_failure_has_a_name_of_its_own(text: str | None) -> None:
    out = Output(Failing(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(OutputError, match=r"^No space left on device$"):
        out.flush() if text is None else out.write(text)
    with pytest.raises(BrokenPipeError):
        Output(Failing(BrokenPipeError())).write("x")


def test_the_rest_is_the_stream() -> None:
    stream: TextIO = io.StringIO()
    out = Output(stream)
    out.write("a")
    out.flush()
    assert out.getvalue() == "a"
    assert out.isatty() is False


def test_nothing_hangs_on_notes() -> None:
    for stream in (Failing(OSError(errno.ENOSPC, "full")), Failing(BrokenPipeError()), None):
        notes = Notes(stream)
        assert notes.write("xyz") == 3
        notes.flush()
        assert notes.isatty() is False


@pytest.mark.parametrize("error", ["2>/dev/full", "2>&-"])
def test_a_debate_goes_on_without_its_notes(error: str, tmp_path: Path) -> None:
    command = f"echo '!end' | {sys.executable} -m adapters play {error}"
    done = subprocess.run(
        ["sh", "-c", command],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "", "GADFLY_HOME": str(tmp_path / "home")},
        cwd=ROOT,
    )
    assert done.stdout.startswith("Direct talks")
    assert "Total: " in done.stdout


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [(OSError(errno.EIO, "Input/output error"), 74, "Input/output error"), (BrokenPipeError(), 141, "")],
)
def test_the_end_of_a_command_whose_output_fails(
    error: OSError,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from adapters.terminal import run

    quiet: list[bool] = []
    monkeypatch.setattr(run, "quiet", lambda: quiet.append(True))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Failing(error))
        assert main(["deck", "schema"]) == code
    assert quiet == [True], "or the interpreter would fail once more at its end"
    assert says in capsys.readouterr().err
