"""One message a second in a channel: in order, each channel by itself; and as strict as Slack is, nothing is refused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import pace as pace_module
from adapters.slack import run
from adapters.slack.pace import Pace
from adapters.slack.run import Options
from tests.chat.whole import TALKS
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Channel, Person, Slack
from tests.doubles.slack import Pace as Strictness
from tests.slack.conftest import PING, Service
from tests.slack.play import HEARD, exchange, own, start


@dataclass
class Time:
    """A clock that only sleepers move; who sleeps wakes in the order of waking."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Notes how long somebody has to wait, and lets nothing pass."""
        self.slept.append(seconds)

    def pace(self, seconds: float = 1.0) -> Pace:
        return Pace(seconds, clock=self.clock, sleep=self.sleep)


async def waits(time: Time, pace: Pace, channel: str) -> float:
    """How long a message has to wait for its turn."""
    before = len(time.slept)
    await pace.turn(channel)
    return sum(time.slept[before:])


async def test_the_first_goes_at_once_and_each_after_it_a_second_later() -> None:
    time = Time()
    pace = time.pace()
    assert [await waits(time, pace, "C1") for _ in range(5)] == [0, 1, 2, 3, 4]


async def test_channels_do_not_wait_for_each_other() -> None:
    time = Time()
    pace = time.pace()
    assert [await waits(time, pace, channel) for channel in ("C1", "C2", "C1", "C3", "C2")] == [0, 0, 1, 0, 1]


async def test_time_that_has_passed_is_not_waited_for_again() -> None:
    time = Time()
    pace = time.pace()
    assert await waits(time, pace, "C1") == 0
    time.now += 0.25
    assert await waits(time, pace, "C1") == 0.75
    time.now += 10
    assert await waits(time, pace, "C1") == 0
    assert await waits(time, pace, "C1") == 1  # quiet time is not saved up


async def test_another_pace() -> None:
    time = Time()
    assert [await waits(time, slow, "C1") for slow in [time.pace(2.5)] for _ in range(3)] == [0, 2.5, 5]
    assert [await waits(time, none, "C1") for none in [time.pace(0)] for _ in range(3)] == [0, 0, 0]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=30))
def test_whoever_asks_and_whenever_no_two_go_within_a_second(asked: list[tuple[str, int]]) -> None:
    async def go() -> dict[str, list[float]]:
        time = Time()
        pace = time.pace()
        gone = dict[str, list[float]]()
        for channel, later in asked:
            time.now += later / 2
            gone.setdefault(channel, []).append(time.now + await waits(time, pace, channel))
        return gone

    for times in asyncio.run(go()).values():
        assert times == sorted(times)
        assert all(later - earlier >= 1 for earlier, later in pairwise(times))


async def test_who_asks_first_goes_first() -> None:
    pace, gone = Pace(0.01), list[int]()

    async def go(number: int) -> None:
        await pace.turn("C1")
        gone.append(number)

    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(go(number))
    assert gone == list(range(5))
    assert loop.time() - began >= 0.04


async def test_one_that_gives_up_leaves_its_turn_free_to_nobody_and_holds_nobody_up() -> None:
    pace = Pace(0.01)
    await pace.turn("C1")
    waiting = asyncio.create_task(pace.turn("C1"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5):
        await pace.turn("C1")


async def test_quiet_channels_are_forgotten_and_busy_ones_are_not() -> None:
    time = Time()
    pace = time.pace()
    for number in range(pace_module.MANY):
        await pace.turn(f"C{number}")
    time.now += 0.5
    await pace.turn("busy")
    assert len(pace._free) == pace_module.MANY + 1  # none of them is free yet
    time.now += 0.75
    await pace.turn("other")
    assert set(pace._free) == {"busy", "other"}
    assert await waits(time, pace, "busy") == 0.25
    assert await waits(time, pace, "C7") == 0


# --- through the double, which refuses as Slack does ---

QUICK = 0.25
STRICT = Strictness(burst=2, per_second=1 / QUICK)
"""As strict as Slack, only quicker; ``burst``: messages may arrive unevenly, though they were sent in time."""


async def crowded(double: Slack, service: Service, ann: Person, room: Channel) -> None:
    """Two debates in one channel whose answers come at the same time."""
    first, second = await start(ann, room), await start(ann, room)
    await asyncio.gather(
        *(exchange(ann, room, SPEECHES[0], root) for root in (first, second)),
        *(ann.says(room, "!flow", thread=root) for root in (first, second)),
    )
    for root in (first, second):
        await double.until(lambda root=root: len(own(ann, room, root)) >= 3, within=20)  # type: ignore[misc]
        assert sum(HEARD in message.words for message in own(ann, room, root)) == 1


async def test_answers_in_one_channel_keep_the_pace(
    double: Slack, ann: Person, room: Channel, folder: Path, transport: str
) -> None:
    double.pace = STRICT
    service = Service(double, folder, transport, options=Options(pace=QUICK, ping=PING))
    await service.start()
    await crowded(double, service, ann, room)
    await service.stop()
    assert double.refused_for_pace == []


async def test_without_it_slack_refuses_and_still_nothing_is_lost(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    double.pace = STRICT._replace(burst=1)
    await ann.command("/debate", f"start {TALKS} for", at=room)
    root = await ann.hears(room, "argues")
    await ann.hears(room, "You argue", thread=root, within=20)
    assert double.refused_for_pace


@pytest.mark.parametrize("transport", ["socket"], indirect=True)
async def test_by_itself_the_bot_is_as_slow_as_slack_wants_it(
    double: Slack, ann: Person, room: Channel, folder: Path, transport: str
) -> None:
    assert Options().pace == run.PACE == 1 / Strictness().per_second
    double.pace = Strictness(burst=2)
    service = Service(double, folder, transport, options=Options(ping=PING))
    await service.start()
    await exchange(ann, room, SPEECHES[0], await start(ann, room))
    await service.stop()
    assert double.refused_for_pace == []


async def test_other_channels_do_not_wait(double: Slack, folder: Path, transport: str) -> None:
    """With a pace at which one channel alone would take minutes."""
    people = [double.user(f"p{number}", channels=[double.channel(f"c{number}")]) for number in range(8)]
    service = Service(double, folder, transport, options=Options(pace=0.5, ping=PING))
    await service.start()
    async with asyncio.timeout(7):
        await asyncio.gather(*(start(person, person.place) for person in people))
    await service.stop()
    assert double.refused_for_pace == []
