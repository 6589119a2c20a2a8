"""A request through the door, and its answer shown: in order, once, or owed until it can be shown.

This module must not know what is said, nor which event it came from.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from adapters.chat.door import Door
from adapters.chat.lines import command_name
from bot.messages import Ballot, Choices, Heard, Person, Place, Reply, Request
from bot.store.errors import StoreError

log = logging.getLogger(__name__)

Id = TypeVar("Id")
"""What a platform calls a message by."""

Debtor = tuple[Person, Place]
"""To whom an answer is owed, and where."""


class Show(Protocol[Id]):
    """A way to show a reply; returns the ids of the messages that hold it."""

    async def send(self, key: str, reply: Reply, *, button: bool) -> list[Id]: ...


class Turns:
    """Hears and answers: in each place one after the other.

    ``not_shown``: what a ``Show`` raises where the platform keeps a reply from being shown; ``refused`` is told of it.
    """

    def __init__(
        self,
        door: Door,
        not_shown: tuple[type[Exception], ...],
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        self._door = door
        self._not_shown = not_shown
        self._refused = refused or _log
        self._hearing: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()
        self._showing: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()
        self._owed: defaultdict[Debtor, list[Heard]] = defaultdict(list)

    @contextlib.asynccontextmanager
    async def line(self, place: Place) -> AsyncIterator[None]:
        """One's turn to be heard in ``place``, in the order of asking."""
        lock = self._hearing.setdefault(place, asyncio.Lock())
        async with lock:
            yield

    async def take(self, request: Request) -> Heard | None:
        """Make the words durable; None where they were heard before: then they are answered, or will be."""
        heard = await self._door.hear(request)
        return None if heard.again else heard

    async def finish(self, heard: Heard, show: Show[Id]) -> tuple[Reply, list[Id]]:
        """Answer, and show the answer; one that cannot be shown now is owed."""
        lock = self._showing.setdefault(heard.request.place, asyncio.Lock())
        async with lock:
            waiting = [*self.owed(_whose(heard)), heard]
            while len(waiting) > 1:
                await self._first(waiting, show)
            return await self._first(waiting, show)

    async def _first(self, waiting: list[Heard], show: Show[Id]) -> tuple[Reply, list[Id]]:
        """Shows the first of ``waiting``; where the store fails, all of them are owed."""
        try:
            found = await self._show(waiting[0], show)
        except StoreError:
            for heard in waiting:
                self.owe(heard)
            raise
        waiting.pop(0)
        return found

    def owe(self, heard: Heard) -> None:
        """Keep an answer for the next time its person does something in its place."""
        owed = self._owed[_whose(heard)]
        if heard not in owed:
            owed.append(heard)

    def owed(self, debtor: Debtor) -> list[Heard]:
        """What is owed to somebody in a place; it is owed no more."""
        return self._owed.pop(debtor, [])

    def debtors(self) -> list[Debtor]:
        """To whom something is owed, and where."""
        return list(self._owed)

    async def _show(self, heard: Heard, show: Show[Id]) -> tuple[Reply, list[Id]]:
        reply = await self._door.answer(heard)
        try:
            sent = await show.send(heard.request.key, reply, button=wants_words(heard, reply))
        except self._not_shown as error:
            self._missed(heard, error)
            return reply, []
        self._door.delivered(heard)
        return reply, sent

    def _missed(self, heard: Heard, error: Exception) -> None:
        self._refused(error)
        if heard.refused is None:
            self.owe(heard)


def _log(error: Exception) -> None:
    # Nothing of what was said: only the platform's status and its code.
    status = getattr(error, "status", type(error).__name__)
    log.warning("an answer could not be shown (%s, %s)", status, getattr(error, "code", ""))


def wants_words(heard: Heard, reply: Reply) -> bool:
    """Whether the reply waits for a speech, so that it needs the button that opens the form."""
    if reply.debate is None or reply.private or not reply.blocks:
        return False
    return not reply.over or command_name(heard.request.text) == "redo"


def ended(reply: Reply) -> bool:
    """Whether a reply ends its debate: a ballot, and what can be done after it."""
    kinds = {type(block) for block in reply.blocks}
    return reply.over and reply.debate is not None and {Ballot, Choices} <= kinds


def _whose(heard: Heard) -> Debtor:
    return heard.request.person, heard.request.place
