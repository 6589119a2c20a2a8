"""What can go wrong with the store. Standard library only; ``bot.voice`` owns the words.

GadflyError
+- StoreError(kind, path)   the file or the folder: ``kind`` says what
+- Gone(debate)             the debate does not exist, or was forgotten meanwhile
+- Conflict                 (bot.debate.errors) somebody wrote first
"""

from __future__ import annotations

import errno
import os
import sqlite3
from enum import StrEnum
from pathlib import Path

from bot.debate.errors import GadflyError


class Trouble(StrEnum):
    """The kinds of ``StoreError``."""

    BUSY = "busy"
    """Another process holds the data folder."""
    OVERLOADED = "overloaded"
    """More writes wait than the queue holds: refuse, do not acknowledge."""
    NEWER = "newer"
    """A later version of Gadfly wrote this database."""
    CORRUPT = "corrupt"
    """The file is damaged, or is not a database of ours."""
    READONLY = "readonly"
    FULL = "full"
    FAILED = "failed"
    """Anything else; the cause is chained."""


class StoreError(GadflyError):
    """The store cannot do it; nothing of the write was kept, except where ``unknown`` is set.

    ``unknown``: the disk failed while committing and could not be asked again, so the write may be there or
    not. Offer it again under the same key, never under a new one.
    ``errno``: the system's number of the reason where it gave one, else 0.
    """

    def __init__(
        self, kind: Trouble, path: Path, detail: str = "", *, unknown: bool = False, errno: int = 0
    ) -> None:
        super().__init__(f"{kind}: {path}" + (f" ({detail})" if detail else ""))
        self.kind = kind
        self.path = path
        self.detail = detail
        self.unknown = unknown
        self.errno = errno

    @property
    def misplaced(self) -> bool:
        """Whether ``path`` cannot be what it should, whoever asks: a file for a folder, a name that leads nowhere."""
        return self.errno in _MISPLACED


class Gone(GadflyError):
    """There is no debate of this number: it never was, or its learner had it forgotten."""

    def __init__(self, debate: int) -> None:
        super().__init__(f"debate {debate}")
        self.debate = debate


_BY_CODE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READONLY,
    sqlite3.SQLITE_PERM: Trouble.READONLY,
    sqlite3.SQLITE_CORRUPT: Trouble.CORRUPT,
    sqlite3.SQLITE_NOTADB: Trouble.CORRUPT,
}

_BY_ERRNO = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EROFS: Trouble.READONLY,
    errno.EACCES: Trouble.READONLY,
    errno.EPERM: Trouble.READONLY,
}

_MISPLACED = frozenset(
    (errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG)
)


def trouble(error: BaseException, path: Path) -> StoreError:
    """What ``error`` (the system's, sqlite3's, or a wrapper's with ``orig``) means for the file or folder ``path``."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError):
        return _by_system(cause, path, cause.strerror or str(cause))
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        reason = probe(path.parent)
        return (
            StoreError(Trouble.FAILED, path, str(cause))
            if reason is None
            else _by_system(reason, path, str(cause))
        )
    return StoreError(_BY_CODE.get(code, Trouble.FAILED), path, str(cause))


def _by_system(error: OSError, path: Path, detail: str) -> StoreError:
    number = error.errno or 0
    return StoreError(_BY_ERRNO.get(number, Trouble.FAILED), path, detail, errno=number)


def probe(folder: Path) -> OSError | None:
    """What keeps a file from being written and made durable in ``folder``; None where nothing does. Leaves no file.

    SQLite keeps the system's reason (quota, rights, a full disk) to itself; this asks for it.
    """
    import tempfile  # 10 ms that no start should pay

    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_PROBE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None


_PROBE = 65536
"""Bytes written to see whether more can be."""
