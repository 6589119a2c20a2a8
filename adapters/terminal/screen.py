"""The prompt of a real terminal: lines in with history and completion, lines out.

Standard library and prompt_toolkit only: the prompt is on the screen before the bot is loaded. This module must not
know what a line means.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.shortcuts import CompleteStyle

from adapters.terminal.run import Signals
from adapters.terminal.text import window
from bot.debate.commands import COMMANDS


class Words(Completer):
    """Completes commands after ``!`` or ``/``, and the words that may stand first (``more``)."""

    def __init__(self) -> None:
        self.more: Sequence[str] = ()

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The completions of the one word typed so far."""
        text = document.text_before_cursor
        commands = [text[0] + spec.name for spec in COMMANDS] if text[:1] in ("!", "/") else []
        for word in (*commands, *self.more):
            if text and word.startswith(text):
                yield Completion(word, start_position=-len(text))


class Screen:
    """A terminal with a person at it."""

    def __init__(self, history: Path, *, plain: bool) -> None:
        self._history = history
        self._plain = plain
        self.words = Words()
        self._session = self._new_session()

    @property
    def width(self) -> int:
        """The columns to fill now: a window can change."""
        return window()

    def show(self, lines: Iterable[str]) -> None:
        """Lines on the screen."""
        print("\n".join(lines), flush=True)

    async def line(
        self, signals: Signals, *, once_shown: Callable[[], object] | None = None, default: str = ""
    ) -> str | None:
        """What the person types next, None at Ctrl-D; ``once_shown`` is called when the prompt stands there.

        Raises what ``fail`` was given.
        """
        while True:
            try:
                text = await self._prompt(once_shown, default)
            except KeyboardInterrupt:
                signals.interrupt()
                await asyncio.sleep(0)  # where ``signals`` had enough, it is cancelled here
            except EOFError:
                return None
            else:
                signals.calm()
                return text

    def fail(self, error: BaseException) -> None:
        """End a prompt that is open with ``error``: no answer could follow."""
        app = self._session.app
        if app.is_running and app.future is not None and not app.future.done():
            app.exit(exception=error)

    def forget(self) -> None:
        """Forget what was typed, on the disk too."""
        with contextlib.suppress(OSError):
            self._history.unlink(missing_ok=True)
        self._session = self._new_session()

    async def _prompt(self, once_shown: Callable[[], object] | None, default: str) -> str:
        app = self._session.app

        def shown(_: object) -> None:
            app.after_render -= shown
            if once_shown is not None:
                once_shown()

        app.after_render += shown
        try:
            # Its own handling of SIGINT would replace ours for good; Ctrl-C comes as a key anyway.
            return str(await self._session.prompt_async("> ", default=default, handle_sigint=False))
        finally:
            app.after_render -= shown

    def _new_session(self) -> PromptSession[str]:
        return PromptSession(
            history=_history(self._history),
            completer=self.words,
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE if self._plain else CompleteStyle.COLUMN,
            color_depth=ColorDepth.DEPTH_1_BIT if self._plain else None,
            enable_suspend=True,
        )


def _history(path: Path) -> History:
    """The history in file ``path``, for its owner only; in memory where the folder cannot be written."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        path.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return _KeptHistory(path)


class _KeptHistory(FileHistory):
    """A history in a file, for the arrow keys: where the disk is full it costs no speech and no word about it."""

    def store_string(self, string: str) -> None:
        """Appends ``string`` to the file, if that can be."""
        with contextlib.suppress(OSError):
            super().store_string(string)
