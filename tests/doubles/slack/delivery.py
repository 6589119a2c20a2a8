"""How payloads come to the app: over its sockets or to its URL, again when it does not answer, twice on demand.

An event that is not acknowledged within the window comes again, up to three times: at once, and then as `delays` say,
on Slack's clock. Commands and interactions come once. While no socket is open events wait for the next one, as an
attempt that failed; they are dropped when the time of their attempts is over.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from .reading import Json
from .signal import Clock, Signal

EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"
RETRIES = 3


class Unanswered(AssertionError):
    """The app did not acknowledge within the window; what Slack tells the person."""


class Ack(NamedTuple):
    """One payload that was acknowledged: its kind, and after how many seconds."""

    kind: str
    seconds: float


class Answer(NamedTuple):
    """What came back: the body of an acknowledgement, or why there is none."""

    good: bool
    body: Json | None = None
    reason: str = ""
    again: bool = True
    """Whether Slack may try again."""


@dataclass
class Attempt:
    """One time that a payload was sent."""

    number: int
    """0 at first."""
    reason: str
    """Why the one before failed."""
    at: float
    envelope: str = ""
    """Its envelope_id on a socket."""
    seconds: float | None = None
    """After how long it was acknowledged."""
    failed: str = ""
    """Why it was not."""


@dataclass(eq=False)
class Delivery:
    """A payload, and how often it was sent."""

    kind: str
    payload: Json
    at: float
    attempts: list[Attempt] = field(default_factory=list)
    acknowledged: bool = False
    over: bool = False
    """Whether it was acknowledged, or is not tried again."""

    @property
    def event(self) -> Json:
        """The event in it; empty for commands and interactions."""
        found: Json = self.payload.get("event") or {}
        return found

    @property
    def seconds(self) -> float | None:
        """After how long the app acknowledged the attempt that it did acknowledge."""
        return next((each.seconds for each in self.attempts if each.seconds is not None), None)

    def __repr__(self) -> str:
        return (
            f"<{self.kind} {self.event.get('type') or self.payload.get('type') or ''} x{len(self.attempts)}>"
        )


class Transport(Protocol):
    """A way to the app."""

    @property
    def open(self) -> bool:
        """Whether something can be sent at all."""

    async def send(self, delivery: Delivery, attempt: Attempt, within: float) -> Answer:
        """Sends it and waits for the answer."""


@dataclass(eq=False)
class Post:
    """Sends payloads the way that is set, and keeps book."""

    clock: Clock
    signal: Signal
    transport: Transport
    ack_window: float
    delays: list[float] = field(default_factory=lambda: [0.0, 60.0, 300.0])
    """Seconds before each of the attempts after the first."""
    duplicate: float = 0.0
    """The share of events that come twice."""
    random: random.Random = field(default_factory=lambda: random.Random(7))
    log: list[Delivery] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def event(self, payload: Json) -> Delivery:
        """Sends an event, without waiting for it to be acknowledged."""
        delivery = Delivery(EVENTS, payload, self.clock.now())
        self.log.append(delivery)
        self._begin(delivery)
        if self.duplicate and self.random.random() < self.duplicate:
            self.again(delivery)
        return delivery

    def again(self, delivery: Delivery) -> Delivery:
        """Sends an event once more, as if it had not been sent yet."""
        copy = Delivery(EVENTS, delivery.payload, self.clock.now())
        self.log.append(copy)
        self._begin(copy)
        return copy

    def _begin(self, delivery: Delivery) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(delivery))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def ask(self, kind: str, payload: Json) -> tuple[Json | None, float]:
        """Sends a command or an interaction; what the app answers, and after how long."""
        delivery = Delivery(kind, payload, self.clock.now())
        self.log.append(delivery)
        answer = await self._attempt(delivery, 0, "")
        delivery.over = True
        self.signal()
        if not answer.good:
            raise Unanswered(f"the app did not acknowledge {kind} {named(payload)}: {answer.reason}")
        return answer.body, delivery.attempts[-1].seconds or 0.0

    async def _deliver(self, delivery: Delivery) -> None:
        number, reason = await self._opened(delivery.at, 0, "")
        while number <= RETRIES:
            answer = await self._attempt(delivery, number, reason)
            if answer.good or not answer.again:
                break
            due = self.clock.now() + (self.delays[number] if number < RETRIES else 0.0)
            await self.clock.reach(due)
            number, reason = await self._opened(due, number + 1, answer.reason)
        delivery.over = True
        self.signal()

    async def _opened(self, due: float, number: int, reason: str) -> tuple[int, str]:
        """Waits for a way to the app for what was due then; the number of the attempt that it then is."""
        if self.transport.open or number > RETRIES:
            return number, reason
        ways = asyncio.ensure_future(self._until_open())
        late = asyncio.ensure_future(self.clock.reach(due + sum(self.delays[number:])))
        try:
            await asyncio.wait((ways, late), return_when=asyncio.FIRST_COMPLETED)
            opened = ways.done() and not late.done()
        finally:
            for each in (ways, late):
                each.cancel()
            await asyncio.gather(ways, late, return_exceptions=True)
        return (self._number(number, self.clock.now() - due) if opened else RETRIES + 1), "timeout"

    def _number(self, number: int, waited: float) -> int:
        """Which attempt it is after so much waiting: the first has failed, and each delay that went by is one more."""
        left = waited
        if number == 0:
            number, left = 1, left - self.delays[0]
        while number < RETRIES and left >= self.delays[number]:
            left -= self.delays[number]
            number += 1
        return number

    async def _until_open(self) -> None:
        while not self.transport.open:
            await self.signal.changed()

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> Answer:
        attempt = Attempt(number, reason, self.clock.now())
        delivery.attempts.append(attempt)
        began = time.perf_counter()
        answer = await self.transport.send(delivery, attempt, self.ack_window)
        if answer.good:
            attempt.seconds = time.perf_counter() - began
            delivery.acknowledged = True
            self.acks.append(Ack(delivery.kind, attempt.seconds))
        else:
            attempt.failed = answer.reason
        self.signal()
        return answer

    async def close(self) -> None:
        for task in (tasks := list(self.tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def named(payload: Json) -> str:
    return str(payload.get("command") or payload.get("type") or "")


def envelope(delivery: Delivery, attempt: Attempt) -> Json:
    """The payload as a socket carries it."""
    attempt.envelope = str(uuid.uuid4())
    found: Json = {
        "envelope_id": attempt.envelope,
        "payload": delivery.payload,
        "type": delivery.kind,
        "accepts_response_payload": delivery.kind != EVENTS,
    }
    if delivery.kind == EVENTS:
        found |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
    return found
