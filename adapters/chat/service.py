"""A process that serves a platform until it is told to stop: its troubles, its signals, its log. Standard library only."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

from adapters.installed import BrokenInstall
from adapters.status import FAILED, INTERRUPTED, TERMINATED, store_failed
from bot.store.errors import StoreError, Trouble

log = logging.getLogger(__name__)


class Problem(Exception):
    """What keeps the service from running, in words; ``code`` is the exit status."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def status(work: Callable[[], Coroutine[None, None, int]]) -> int:
    """Runs ``work``; the exit status, with what failed on standard error. The one place where errors end up."""
    try:
        with asyncio.Runner() as runner:
            return runner.run(work())
    except Problem as problem:
        print(f"gadfly: {problem}", file=sys.stderr)
        return problem.code
    except StoreError as error:
        return store_failed(error, lambda _, text: print(f"gadfly: {text}", file=sys.stderr))
    except BrokenInstall:
        raise  # ``main`` tells, as of every command
    except Exception:
        log.exception("the bot failed")
        return FAILED


class Stop:
    """When to stop, and why: a signal, or an error after which only a new start helps."""

    def __init__(self) -> None:
        self._told = asyncio.Event()
        self._codes: list[int] = []
        self._failures: list[Exception] = []

    def __bool__(self) -> bool:
        return self._told.is_set()

    async def wait(self) -> None:
        """Until it is time to stop."""
        await self._told.wait()

    def fatal(self, error: Exception) -> None:
        """An error that was not mended; one of a busy moment is no reason to stop."""
        if isinstance(error, StoreError) and error.kind is Trouble.OVERLOADED:
            return
        self._failures.append(error)
        self._told.set()

    def status(self) -> int:
        """The exit status; raises what was fatal."""
        if self._failures:
            raise self._failures[0]
        return self._codes[0] if self._codes else 0

    @contextlib.asynccontextmanager
    async def at_signals(self) -> AsyncIterator[None]:
        """SIGINT and SIGTERM tell to stop."""
        loop = asyncio.get_running_loop()
        codes = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
        for number, code in codes.items():
            loop.add_signal_handler(number, self._stop, code)
        try:
            yield
        finally:
            for number in codes:
                loop.remove_signal_handler(number)

    def _stop(self, code: int) -> None:
        self._codes.append(code)
        self._told.set()


# --- the log ---


class _Hiding(logging.Filter):
    """Takes secrets out of whatever is logged: those known, and whatever looks ``like`` one (a pattern; "": nothing)."""

    def __init__(self, secrets: Sequence[str], like: str = "") -> None:
        super().__init__()
        self._secrets = secrets
        self._like = re.compile(like) if like else None

    def filter(self, record: logging.LogRecord) -> bool:
        """Never keeps a record back; changes one that holds a secret."""
        text = shown = logging.Formatter().format(record)
        for secret in self._secrets:
            shown = shown.replace(secret, "[token]")
        if self._like is not None:
            shown = self._like.sub("[token]", shown)
        if shown != text:
            record.msg, record.args = shown, None
            record.exc_info = record.exc_text = record.stack_info = None
        return True


def log_without(*secrets: str, news: str, like: str = "") -> None:
    """Logs to standard error, warnings and the news of the package ``news``; never one of ``secrets``, nor what is ``like`` one."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_Hiding([secret.strip() for secret in secrets if secret.strip()], like))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(news).setLevel(logging.INFO)
