"""The two outputs of a process: one whose failures end a command, one that nothing hangs on. Standard library only."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from typing import Any, TextIO


class OutputError(Exception):
    """What was printed cannot be written; the message is the system's reason. No ``OSError``: argparse hides those."""


class Output:
    """A text stream like ``stream``, whose failures are ``OutputError``, but for a reader that has gone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Raises ``OutputError``, and ``BrokenPipeError``."""
        with _named():
            return self._stream.write(text)

    def flush(self) -> None:
        """Raises ``OutputError``, and ``BrokenPipeError``."""
        with _named():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Notes:
    """A text stream like ``stream`` for what is said beside the output: where it cannot be written it is left unsaid.

    Without a stream (a standard error that was closed) nothing is written: ``print`` would take standard output for it.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream or io.StringIO()

    def write(self, text: str) -> int:
        """Never fails; the number of characters taken."""
        try:
            self._stream.write(text)
        except OSError:
            self._drop()
        return len(text)

    def flush(self) -> None:
        """Never fails."""
        try:
            self._stream.flush()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        """Send what is left, and what comes, nowhere: the interpreter tries once more when it leaves, and would fail."""
        with contextlib.suppress(OSError, ValueError):  # a stream without a file has nothing to redirect
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or str(error)) from error
