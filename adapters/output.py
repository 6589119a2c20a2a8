"""Standard output, with failures of its own: a full device is told from every other trouble. Standard library only."""

from __future__ import annotations

import contextlib
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


@contextlib.contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or str(error)) from error
