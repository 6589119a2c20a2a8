"""A small real ``Door``: it keeps what it hears in memory and answers every message with its own words."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from adapters.terminal.run import Opening
from bot.messages import Block, File, Heard, Notice, Paragraph, Place, Reply, Request


@dataclass
class FakeCoach:
    """Hears once, answers always. ``!start`` and ``/debate start`` begin a debate, ``!end`` ends it."""

    messages: dict[str, Heard] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    undelivered: list[str] = field(default_factory=list)
    answers: int = 0
    closed: int = 0
    fails: list[Exception] = field(default_factory=list)

    async def hear(self, request: Request) -> Heard:
        if self.fails:
            raise self.fails.pop(0)
        known = self.messages.get(request.key)
        if known is not None:
            return replace(known, again=True)
        starts = request.text.startswith(("/debate start", "!start"))
        if starts and "nonsense" not in request.text:
            self.places[len(self.places) + 1] = request.place
        heard = Heard(request, self._debate(request.place))
        if request.text == "!forget-me yes":
            self.places = {number: at for number, at in self.places.items() if at != request.place}
        self.messages[request.key] = heard
        self.undelivered.append(request.key)
        return heard

    async def answer(self, heard: Heard) -> Reply:
        self.answers += 1
        text = heard.request.text
        blocks: tuple[Block, ...] = (Paragraph(f"You said: {text}", "speech"),)
        if "nonsense" in text:
            blocks = (Notice("There is no such motion.", refused=True, code="unknown_motion"),)
        if text.startswith("!export"):
            blocks = (File("debate-1.md", "text/markdown", "# The debate\n"),)
        return Reply(blocks, debate=heard.debate, over=text == "!end")

    def delivered(self, heard: Heard) -> None:
        if heard.request.key in self.undelivered:
            self.undelivered.remove(heard.request.key)

    async def unfinished(self) -> tuple[Heard, ...]:
        return tuple(self.messages[key] for key in self.undelivered)

    async def place(self, debate: int) -> Place | None:
        return self.places.get(debate)

    def _debate(self, place: Place) -> int | None:
        return max((number for number, at in self.places.items() if at == place), default=None)

    @property
    def texts(self) -> list[str]:
        """What was heard, in order."""
        return [heard.request.text for heard in self.messages.values()]


def opening(coach: FakeCoach, error: Exception | None = None) -> Opening:
    """Opens ``coach``, or fails with ``error``."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[FakeCoach]:
        if error is not None:
            raise error
        try:
            yield coach
        finally:
            coach.closed += 1

    return opened
