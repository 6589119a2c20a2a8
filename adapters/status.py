"""The exit statuses of every command, and what is said where the store failed.

0 done or Ctrl-D, 1 something failed, 2 wrong use (a data folder that cannot be one, too), 74 the disk or the output
failed, 75 try again later (another process has the data folder, the disk is full), 130 Ctrl-C, 141 the reader of a pipe
has gone, 143 SIGTERM. Standard library only, because a prompt stands before the bot is loaded.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.store.errors import StoreError, Trouble

FAILED = 1
USAGE = 2
BROKEN = 74
LATER = 75
INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143

_STATUS = {
    Trouble.BUSY: LATER,
    Trouble.OVERLOADED: LATER,
    Trouble.FULL: LATER,
    Trouble.NEWER: FAILED,
    Trouble.CORRUPT: FAILED,
    Trouble.READONLY: FAILED,
    Trouble.FAILED: BROKEN,
}


def store_failed(error: StoreError, tell: Callable[[str, str], None]) -> int:
    """Tells what is wrong with the store; the exit status."""
    tell(str(error.kind), store_words(error))
    if error.misplaced:
        return USAGE
    return LATER if error.unknown else _STATUS[error.kind]


def store_words(error: StoreError) -> str:
    """What is wrong with the store and what to do."""
    if error.misplaced:
        return f"{error.path} cannot be used ({error.detail}). Name another place, or set GADFLY_HOME to another folder."
    from bot.voice.errors import store_error  # the words need the whole bot, which is slow to load

    reason = f" ({error.detail})" if error.kind is Trouble.FAILED and error.detail else ""
    return store_error(error) + reason
