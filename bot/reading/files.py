"""Files of named arrays with a stamp that says what they were made of; a file with another stamp is as good as none.

This module must not know what the arrays hold.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STAMP = "stamp"


def load(path: Path, stamp: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file by name; none when it is missing, broken or made of something else."""
    try:
        with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
            if str(file[_STAMP]) != stamp:
                return {}
            return {name: file[name] for name in file.files if name != _STAMP}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def save(path: Path, stamp: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write ``arrays`` to ``path`` all at once, so that no reader ever sees half a file. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **{_STAMP: np.array(stamp)}, **arrays)  # type: ignore[arg-type]
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
