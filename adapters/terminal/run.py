"""What a prompt and a pipe share: the one door, signals, and the one place where errors end up.

Standard library only, because a prompt stands before the bot is loaded. This module must not know rules or SQL.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from adapters.installed import BrokenInstall
from adapters.output import OutputError
from adapters.status import FAILED, INTERRUPTED, PIPE_CLOSED, TERMINATED, store_failed
from bot.store.errors import StoreError

if TYPE_CHECKING:
    from bot.messages import Heard, Place, Reply, Request

log = logging.getLogger(__name__)

AGAIN = "Ctrl-C again to leave; your debate is saved."


class Door(Protocol):
    """What the terminal needs of ``bot.coach.Coach``."""

    async def hear(self, request: Request) -> Heard: ...

    async def answer(self, heard: Heard) -> Reply: ...

    def delivered(self, heard: Heard) -> None: ...

    async def unfinished(self) -> tuple[Heard, ...]: ...

    async def place(self, debate: int) -> Place | None: ...


Opening = Callable[[], AbstractAsyncContextManager[Door]]
"""Loads everything slow and opens the door; closes it again."""


class Signals:
    """Ctrl-C and SIGTERM while ``task`` runs.

    ``warn`` is called at the first of two Ctrl-C; without it the first one leaves.
    """

    def __init__(self, task: asyncio.Task[int]) -> None:
        self._task = task
        self._hits = 0
        self.code: int | None = None
        self.warn: Callable[[], None] | None = None

    def interrupt(self) -> None:
        """Ctrl-C was pressed."""
        self._hits += 1
        if self.warn is None or self._hits > 1:
            self.leave(INTERRUPTED)
        else:
            self.warn()

    def calm(self) -> None:
        """Something was typed: the next Ctrl-C is a first one again."""
        self._hits = 0

    def leave(self, code: int) -> None:
        """Stop what is under way, close, and leave with exit status ``code``."""
        self.code = code
        self._task.cancel()


Work = Callable[[Signals], Coroutine[None, None, int]]


def status(work: Work, tell: Callable[[str, str], None]) -> int:
    """Does ``work`` and returns the exit status; ``tell`` gets the kind and the words of an error that ended it."""
    try:
        with asyncio.Runner() as runner:
            return runner.run(_with_signals(work))
    except BrokenPipeError:
        quiet()
        return PIPE_CLOSED
    except StoreError as error:
        return store_failed(error, tell)
    except BrokenInstall as error:
        tell("broken", str(error))
        return FAILED
    except OutputError:
        raise  # ``main`` tells: here it would be written where nothing can be
    except Exception as error:
        log.exception("the terminal failed")
        tell(
            "failed",
            f"Something failed ({type(error).__name__}). What was said is saved; gadfly doctor may know.",
        )
        return FAILED


def no_debate(number: int) -> str:
    """That there is no debate of this number, and what may be the matter."""
    return f"There is no debate {number} in this data folder. gadfly doctor shows which folder it is."


def quiet() -> None:
    """Write no more to a standard output that nobody reads, not even when the interpreter leaves."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _with_signals(work: Work) -> int:
    task = asyncio.current_task()
    assert task is not None
    signals = Signals(task)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, signals.interrupt)
    loop.add_signal_handler(signal.SIGTERM, signals.leave, TERMINATED)
    try:
        return await work(signals)
    except asyncio.CancelledError:
        if signals.code is None:
            raise
        return signals.code
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        loop.remove_signal_handler(signal.SIGTERM)


class Talk:
    """Says things through the door and shows the answers; ``show`` gets each reply with the key of its message."""

    def __init__(self, door: Door, show: Callable[[Reply, str], None]) -> None:
        self._door = door
        self._show = show

    async def say(self, request: Request) -> Reply | None:
        """Hear, answer, show; None when the key was known: then it was shown before, or by ``settle``."""
        heard = await self._door.hear(request)
        return None if heard.again else await self._finish(heard)

    async def settle(self, place: Place) -> tuple[Reply, ...]:
        """Answer and show what was heard in ``place`` before a stop and never shown."""
        left = [heard for heard in await self._door.unfinished() if heard.request.place == place]
        return tuple([await self._finish(heard) for heard in left])

    async def _finish(self, heard: Heard) -> Reply:
        reply = await self._door.answer(heard)
        self._show(reply, heard.request.key)
        self._door.delivered(heard)
        return reply
