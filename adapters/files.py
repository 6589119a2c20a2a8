"""Writing a file of a person's: a new one, whole or not at all. Standard library only."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_new(path: Path, text: str) -> None:
    """Writes ``text`` to ``path``, where nothing may be yet, and sees it to the disk.

    Raises ``FileExistsError``, and ``OSError`` where it cannot be written; then nothing of it is left there.
    """
    with path.open("x", encoding="utf-8", newline="") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            with contextlib.suppress(OSError):
                file.close()  # what could not be written is still waiting, and fails once more
            raise
