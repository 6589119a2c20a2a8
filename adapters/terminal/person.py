"""A person at a prompt: the first line, before the bot is loaded, and then the debate.

Imports nothing slow until the prompt is on the screen. This module must not know rules or SQL.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from adapters.status import USAGE, store_words
from adapters.terminal import start
from adapters.terminal.run import AGAIN, Door, Opening, Signals, Talk, no_debate
from adapters.terminal.screen import Screen
from adapters.terminal.start import Begin, Change, Command, Plan
from bot.store.errors import StoreError, Trouble
from bot.store.peek import OpenDebate
from content.index import Entry

if TYPE_CHECKING:
    from bot.messages import Block, File, Place, Reply

WAIT = "One moment: loading."
GO_ON = "!flow"
"""What is said for a person who goes on with a debate and has no answer left to read."""

_PASSING = (Trouble.OVERLOADED, Trouble.FULL, Trouble.FAILED)
"""Troubles after which the person can send the same words again."""


@dataclass(frozen=True)
class Options:
    """What a prompt begins with: ``plan``, ``left`` open debates to offer, ``debate`` to go on with at once."""

    plan: Plan
    motions: tuple[Entry, ...]
    left: OpenDebate | None = None
    debate: int | None = None
    anew: bool = False
    colour: bool = False
    plain: bool = False


class Loading:
    """The door, opened in the background once the prompt is on the screen."""

    def __init__(self, opening: Opening, failed: Callable[[BaseException], None]) -> None:
        self._context = opening()
        self._failed = failed
        self._task: asyncio.Task[Door] | None = None

    def begin(self) -> asyncio.Task[Door]:
        """Load from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._context.__aenter__())
            self._task.add_done_callback(self._done)
        return self._task

    async def door(self) -> Door:
        """The open door; raises what kept it from opening."""
        return await asyncio.shield(self.begin())

    @property
    def ready(self) -> bool:
        """Whether ``door`` returns at once."""
        return self._task is not None and self._task.done()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is None:
            return
        await asyncio.wait([self._task])  # a thread cannot be stopped in the middle of an import
        if self._task.exception() is None:
            await self._context.__aexit__(kind, error, trace)

    def _done(self, task: asyncio.Task[Door]) -> None:
        error = task.exception()
        if error is not None:
            self._failed(error)


class Conversation:
    """One person's time at the prompt."""

    def __init__(self, options: Options, screen: Screen, signals: Signals) -> None:
        self._options = options
        self._screen = screen
        self._signals = signals
        self._session = uuid4().hex
        self._count = 0
        self._folder = Path.cwd()
        self._debate: int | None = None

    async def run(self, opening: Opening) -> int:
        """The whole conversation; the exit status."""
        self._signals.warn = lambda: self._screen.show([AGAIN])
        async with Loading(opening, self._screen.fail) as loading:
            if self._options.debate is not None:
                return await self._go_on(await self._ready(loading), self._options.debate, "")
            if self._options.left is not None and not self._options.anew:
                return await self._offered(loading, self._options.left)
            return await self._begun(loading, self._options.plan, anew=self._options.anew)

    # --- before the debate ---

    async def _offered(self, loading: Loading, left: OpenDebate) -> int:
        """A debate was left open: go on with it, or begin anew."""
        line = await self._line(loading)
        if line is None:
            return 0
        if line.strip().lower() in start.ANEW:
            plan = self._options.plan
            self._screen.show(start.first_lines(plan, self._options.motions, self._screen.width))
            return await self._begun(loading, plan, anew=True)
        return await self._go_on(await self._ready(loading), left.id, line)

    async def _begun(self, loading: Loading, plan: Plan, *, anew: bool) -> int:
        """The first prompt, until a line starts the debate."""
        self._screen.words.more = start.first_words(self._options.motions)
        while True:
            line = await self._line(loading)
            if line is None:
                return 0
            match start.understand(line, plan, self._options.motions):
                case Change(changed):
                    plan = changed
                    self._show_plan(plan)
                case Command(text):
                    talk = await self._talk(loading)
                    await self._say(talk, self._here(), text)
                    if self._debate is not None:
                        return await self._converse(talk, self._here())
                case Begin(plan, speech):
                    return await self._start(await self._talk(loading), replace(plan, anew=anew), speech)

    async def _start(self, talk: Talk, plan: Plan, speech: str) -> int:
        place = self._here()
        await self._say(talk, place, plan.command())
        if speech:
            await self._say(talk, place, speech)
        return await self._converse(talk, place)

    async def _go_on(self, door: Door, debate: int, line: str) -> int:
        """Takes a debate up again: first what was heard and never shown, then what the person typed."""
        place = await door.place(debate)
        if place is None or place.platform != start.PLACE[0]:
            self._notice(no_debate(debate))
            return USAGE
        talk = Talk(door, self._show)
        shown = await talk.settle(place)
        if line.strip():
            await self._say(talk, place, line)
        elif not shown:
            await self._say(talk, place, GO_ON)
        return await self._converse(talk, place)

    # --- the debate ---

    async def _converse(self, talk: Talk, place: Place) -> int:
        self._screen.words.more = ()
        unsent = ""
        while True:
            line = await self._screen.line(self._signals, default=unsent)
            if line is None:
                return 0
            unsent = await self._say(talk, place, line)

    async def _say(self, talk: Talk, place: Place, line: str) -> str:
        """Says ``line``; returns it where it could not be kept, so that it can be sent again."""
        from adapters.terminal import inbound

        self._count += 1
        said = inbound.words(line, self._count)
        if isinstance(said, inbound.Fault):
            self._notice(said.text)
            return ""
        if said.removed:
            self._notice(f"{said.removed} invisible characters were taken out.")
        key = f"term:{self._session}:{self._count}"
        request = inbound.request(said, key, place, datetime.now(UTC))
        try:
            reply = await talk.say(request)
        except StoreError as error:
            if error.kind not in _PASSING:
                raise
            self._notice(store_words(error))
            return line
        if reply is not None and inbound.forgets(said.text):
            self._screen.forget()  # what was typed is stored as well
        return ""

    # --- the screen ---

    def _show(self, reply: Reply, key: str) -> None:
        from adapters.terminal import render

        if reply.debate is not None:
            self._debate = reply.debate
        style = render.Style(self._screen.width, self._options.colour, self._options.plain)
        self._screen.show(["", *render.lines(saved(reply, self._folder), style), ""])

    def _notice(self, text: str) -> None:
        from adapters.terminal import render

        style = render.Style(self._screen.width, self._options.colour, self._options.plain)
        self._screen.show(render.notice(text, style))

    def _show_plan(self, plan: Plan) -> None:
        self._screen.show(start.first_lines(plan, self._options.motions, self._screen.width))

    async def _line(self, loading: Loading) -> str | None:
        return await self._screen.line(self._signals, once_shown=loading.begin)

    async def _talk(self, loading: Loading) -> Talk:
        return Talk(await self._ready(loading), self._show)

    async def _ready(self, loading: Loading) -> Door:
        if not loading.ready:
            self._screen.show([WAIT])
        return await loading.door()

    def _here(self) -> Place:
        from bot.messages import Place

        return Place(*start.PLACE)


def saved(reply: Reply, folder: Path) -> Reply:
    """``reply`` with its files written into ``folder`` and named; one that cannot be written is shown."""
    from bot.messages import File

    return replace(
        reply,
        blocks=tuple(_saved(block, folder) if isinstance(block, File) else block for block in reply.blocks),
    )


def _saved(file: File, folder: Path) -> Block:
    from adapters.files import write_new
    from bot.messages import Notice

    name = Path(file.name).name
    for number in range(1, 100):
        path = folder / (name if number == 1 else f"{Path(name).stem}-{number}{Path(name).suffix}")
        try:
            write_new(path, file.text)
        except FileExistsError:
            continue
        except OSError:
            return file
        return Notice(f"Saved as {path}.")
    return file
