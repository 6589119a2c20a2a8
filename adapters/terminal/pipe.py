"""A debate through a pipe: each line in is heard once, each answer goes out as text or JSON.

The pipe starts a debate in a place of its own, or goes on with a known one, where lines heard before are left out.
This module must not know rules or SQL.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from adapters.status import USAGE
from adapters.terminal import inbound
from adapters.terminal.inbound import Fault, Said
from adapters.terminal.lines import Output, lines
from adapters.terminal.run import AGAIN, Door, Opening, Signals, Talk, no_debate
from adapters.terminal.start import Plan
from bot.messages import Place, Reply, Request


@dataclass(frozen=True)
class Options:
    """What a pipe does: ``plan`` a debate, or go on with ``debate``; ``json`` lines may be objects."""

    plan: Plan
    debate: int | None = None
    json: bool = False


class Pipe:
    """One run of a pipe."""

    def __init__(
        self,
        options: Options,
        out: Output,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        open_in: Callable[[Place], int | None] | None = None,
    ) -> None:
        """``open_in`` looks which debate is open in a place; without it a debate gone on with is taken for open."""
        self._options = options
        self._out = out
        self._now = now
        self._open_in = open_in or (lambda place: options.debate)
        self._session: int | None = options.debate
        self._current: int | None = options.debate
        self._over = False
        self._skipped = 0

    async def run(self, opening: Opening, fd: int, signals: Signals, *, patient: bool = False) -> int:
        """Hears every line of ``fd``; the exit status. ``patient``: a person types, who may press Ctrl-C once."""
        if patient:
            signals.warn = lambda: print(AGAIN, file=sys.stderr, flush=True)
        async with opening() as door:
            talk = Talk(door, self._show)
            place = _new_place() if self._options.debate is None else await door.place(self._options.debate)
            if not await self._begin(talk, place):
                return USAGE
            assert place is not None
            await self._hear_all(talk, place, fd, signals)
            await self._look_whether_forgotten(door)
        self._out.ended(self._current, self._over, self._skipped)
        return 0

    async def _begin(self, talk: Talk, place: Place | None) -> bool:
        """Starts the debate, or takes it up again; False where that cannot be."""
        if self._options.debate is None and place is not None:
            said = Said(self._options.plan.command(), 0, inbound.START)
            await talk.say(self._request(said, place))
            return self._session is not None
        assert self._options.debate is not None
        if place is None or place.platform != inbound.PLATFORM:
            self._out.error(Fault("unknown_debate", no_debate(self._options.debate), 0))
            return False
        self._out.started(self._options.debate, None)
        self._over = self._open_in(place) != self._options.debate
        await talk.settle(place)
        return True

    async def _hear_all(self, talk: Talk, place: Place, fd: int, signals: Signals) -> None:
        number = 0
        async for raw in lines(fd):
            number += 1
            signals.calm()
            said = inbound.read(raw, number, as_json=self._options.json)
            if isinstance(said, Fault):
                self._out.error(said)
                continue
            if said.removed:
                self._out.note("removed", f"{said.removed} invisible characters were taken out.", number)
            self._skipped += await talk.say(self._request(said, place)) is None

    def _request(self, said: Said, place: Place) -> Request:
        key = inbound.message_key(said, self._session, place)
        return inbound.request(self._seeded(said), key, place, self._now())

    def _seeded(self, said: Said) -> Said:
        """A debate begun in mid-stream has the pipe's seed too: the same script gives the same debates."""
        seed = self._options.plan.seed
        if seed is None or not inbound.begins(said.text):
            return said
        return replace(said, text=f"{said.text} seed={seed}")

    async def _look_whether_forgotten(self, door: Door) -> None:
        """A debate that its learner had forgotten is neither saved nor to be gone on with."""
        if self._current is not None and await door.place(self._current) is None:
            self._current, self._over = None, True

    def _show(self, reply: Reply, key: str) -> None:
        if reply.debate is not None and reply.debate != self._current:
            self._current, self._over = reply.debate, False
        if self._session is None and reply.debate is not None:
            self._session = reply.debate
            self._out.started(reply.debate, self._options.plan)
        self._over = self._over or reply.over
        over = self._over and reply.debate is not None
        self._out.reply(replace(reply, over=over), inbound.shown_key(key))


def _new_place() -> Place:
    """A place that no other pipe has: nothing said elsewhere tells on what is answered here."""
    return Place(inbound.PLATFORM, inbound.SCOPE, f"{inbound.PIPE}{uuid4().hex}")
