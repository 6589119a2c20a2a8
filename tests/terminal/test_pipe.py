"""A pipe in front of a small real door: what goes in, what comes out, and the exit status."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.terminal import lines, render, run
from adapters.terminal.inbound import LONGEST_LINE, Fault
from adapters.terminal.pipe import Options, Pipe
from adapters.terminal.run import Opening, Signals
from adapters.terminal.start import Plan
from bot.messages import Place
from bot.store.errors import StoreError, Trouble
from tests.terminal.fakes import FakeCoach, opening

PLAN = Plan("deck", seed=0)


def piped(
    script: bytes,
    coach: FakeCoach,
    options: Options | None = None,
    *,
    opened: Opening | None = None,
    tmp_path: Path,
    patient: bool = False,
) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the JSON lines of a pipe fed with ``script``."""
    source = tmp_path / "script"
    source.write_bytes(script)
    out = io.StringIO()
    output = lines.Json(out)
    pipe = Pipe(options or Options(PLAN, json=True), output)
    with source.open("rb") as file:
        code = run.status(
            lambda signals: pipe.run(opened or opening(coach), file.fileno(), signals, patient=patient),
            output.failed,
        )
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def said(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Key and text of the replies."""
    return [(item["key"], item["blocks"][0]["text"]) for item in found if item["type"] == "reply"]


def test_a_debate(tmp_path: Path) -> None:
    coach = FakeCoach()
    code, found = piped(b'first\n{"key": "a", "text": "second"}\nlast', coach, tmp_path=tmp_path)
    assert code == 0
    assert found[0] == {
        "type": "started",
        "debate": 1,
        "motion": "deck",
        "side": "for",
        "level": "novice",
        "first": False,
        "seed": 0,
    }
    start = "You said: /debate start deck for novice seed=0"
    assert said(found) == [
        ("start", start),
        ("1", "You said: first"),
        ("a", "You said: second"),
        ("3", "You said: last"),
    ]
    assert found[-1] == {"type": "ended", "debate": 1, "over": False, "skipped": 0}
    assert coach.undelivered == []
    assert coach.closed == 1
    place = coach.places[1]
    assert place.channel.startswith("pipe-")
    assert coach.messages["term:1:k:a"].request.person.id == place.channel


def test_every_pipe_is_a_place_and_a_person_of_its_own(tmp_path: Path) -> None:
    coach = FakeCoach()
    for _ in range(2):
        piped(b"x\n", coach, tmp_path=tmp_path)
    assert coach.places[1] != coach.places[2]
    assert len({heard.request.person for heard in coach.messages.values()}) == 2


def test_the_same_script_again_says_nothing_twice(tmp_path: Path) -> None:
    coach, script = FakeCoach(), b'one\n{"key": "a", "text": "two"}\n'
    piped(script, coach, tmp_path=tmp_path)
    code, found = piped(script + b"three\n", coach, Options(PLAN, debate=1, json=True), tmp_path=tmp_path)
    assert code == 0
    assert found[0] == {"type": "resumed", "debate": 1}
    assert said(found) == [("3", "You said: three")]
    assert found[-1] == {"type": "ended", "debate": 1, "over": False, "skipped": 2}


def test_another_script_into_the_same_debate_is_heard(tmp_path: Path) -> None:
    coach = FakeCoach()
    piped(b"one\n", coach, tmp_path=tmp_path)
    _, found = piped(b"other\n", coach, Options(PLAN, debate=1, json=True), tmp_path=tmp_path)
    assert said(found) == [("1", "You said: other")]


def test_what_was_heard_and_not_shown_comes_first(tmp_path: Path) -> None:
    coach, script = FakeCoach(), b"one\ntwo\n"
    piped(script, coach, tmp_path=tmp_path)
    place = coach.places[1]
    elsewhere = Place("terminal", "local", "tty")
    keys = list(coach.messages)
    coach.messages["other"] = run_elsewhere(coach, keys[1], elsewhere)
    coach.undelivered += [keys[2], "other"]
    _, found = piped(script, coach, Options(PLAN, debate=1, json=True), tmp_path=tmp_path)
    assert said(found) == [("2", "You said: two")]
    assert coach.undelivered == ["other"]
    assert place == coach.places[1]


def run_elsewhere(coach: FakeCoach, key: str, place: Place) -> Any:
    heard = coach.messages[key]
    return replace(heard, request=replace(heard.request, key="other", place=place))


def test_a_debate_at_the_prompt_can_be_gone_on_with(tmp_path: Path) -> None:
    coach = FakeCoach(places={1: Place("terminal", "local", "tty")})
    piped(b"x\n", coach, Options(PLAN, debate=1, json=True), tmp_path=tmp_path)
    assert [heard.request.person.id for heard in coach.messages.values()] == ["me"]


@pytest.mark.parametrize("places", [{}, {7: Place("discord", "g", "c")}])
def test_an_unknown_debate(tmp_path: Path, places: dict[int, Place]) -> None:
    code, found = piped(
        b"x\n", FakeCoach(places=places), Options(PLAN, debate=7, json=True), tmp_path=tmp_path
    )
    assert code == 2
    assert [(item["type"], item["code"]) for item in found] == [("error", "unknown_debate")]


def test_a_start_that_is_refused(tmp_path: Path) -> None:
    coach = FakeCoach()
    code, found = piped(b"x\n", coach, Options(Plan("nonsense")), tmp_path=tmp_path)
    assert code == 2
    assert [item["type"] for item in found] == ["reply"]
    assert coach.closed == 1


def test_bad_lines_are_answered_and_the_stream_goes_on(tmp_path: Path) -> None:
    script = (
        b"\n\xff\n" + b"y" * (LONGEST_LINE + 9) + b"\n\0\n{\n" + "o\u202ek\n".encode() + b"x" * 20_000 + b"\n"
    )
    coach = FakeCoach()
    code, found = piped(script, coach, tmp_path=tmp_path)
    assert code == 0
    assert [(item["line"], item["code"]) for item in found if item["type"] == "error"] == [
        (1, "empty"),
        (2, "not_utf8"),
        (3, "too_long"),
        (4, "control"),
        (5, "bad_json"),
    ]
    assert [item["line"] for item in found if item["type"] == "note"] == [6]
    assert coach.texts[1:] == ["ok", "x" * 20_000]


def test_the_end_of_a_debate_is_told(tmp_path: Path) -> None:
    _, found = piped(b"!end\n!flow\n", FakeCoach(), tmp_path=tmp_path)
    assert found[-1]["over"] is True


def test_another_debate_in_the_same_pipe_is_not_over(tmp_path: Path) -> None:
    _, found = piped(b"!end\n!start other\n", FakeCoach(), tmp_path=tmp_path)
    assert found[-1] == {"type": "ended", "debate": 2, "over": False, "skipped": 0}


def test_a_debate_begun_in_mid_stream_has_the_seed_of_the_pipe(tmp_path: Path) -> None:
    coach = FakeCoach()
    script = b"!end\n!start other against\n!start mine seed=3\n!hint\n"
    piped(script, coach, Options(replace(PLAN, seed=7), json=True), tmp_path=tmp_path)
    assert coach.texts[2:] == ["!start other against seed=7", "!start mine seed=3", "!hint"]
    coach = FakeCoach()
    piped(script, coach, Options(replace(PLAN, seed=None), json=True), tmp_path=tmp_path, patient=True)
    assert coach.texts[2] == "!start other against"


def test_a_debate_that_is_over_stays_so(tmp_path: Path) -> None:
    _, found = piped(b"!end\n!score\n", FakeCoach(), tmp_path=tmp_path)
    assert [item["over"] for item in found if item["type"] == "reply"] == [False, True, True]


@pytest.mark.parametrize(("open_here", "over"), [(1, False), (2, True), (None, True)])
def test_a_debate_gone_on_with_may_be_over(tmp_path: Path, open_here: int | None, over: bool) -> None:
    coach, out = FakeCoach(places={1: Place("terminal", "local", "tty")}), io.StringIO()
    (tmp_path / "script").write_bytes(b"")
    pipe = Pipe(Options(PLAN, debate=1, json=True), lines.Json(out), open_in=lambda place: open_here)
    with (tmp_path / "script").open("rb") as file:
        assert run.status(lambda signals: pipe.run(opening(coach), file.fileno(), signals), print) == 0
    assert json.loads(out.getvalue().splitlines()[-1])["over"] is over


def test_a_debate_that_was_forgotten_is_no_debate(tmp_path: Path) -> None:
    _, found = piped(b"one\n!forget-me yes\n", FakeCoach(), tmp_path=tmp_path)
    assert found[-1] == {"type": "ended", "debate": None, "over": True, "skipped": 0}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreError(Trouble.BUSY, Path("/d")), 75),
        (StoreError(Trouble.FULL, Path("/d")), 75),
        (StoreError(Trouble.NEWER, Path("/d")), 1),
        (StoreError(Trouble.READONLY, Path("/d")), 1),
        (StoreError(Trouble.CORRUPT, Path("/d")), 1),
        (StoreError(Trouble.FAILED, Path("/d")), 74),
        (StoreError(Trouble.FAILED, Path("/d"), unknown=True), 75),
        (StoreError(Trouble.FAILED, Path("/d"), errno=errno.ENOTDIR), 2),
    ],
)
def test_a_store_that_cannot_be_used(tmp_path: Path, error: StoreError, code: int) -> None:
    found = piped(b"x\n", FakeCoach(), opened=opening(FakeCoach(), error), tmp_path=tmp_path)
    assert found[0] == code
    assert (found[1][0]["type"], found[1][0]["code"]) == ("error", str(error.kind))
    assert "/d" in found[1][0]["text"]


def test_an_error_of_ours_is_told_and_not_hidden(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    code, found = piped(b"x\n", FakeCoach(fails=[ValueError("oh")]), tmp_path=tmp_path)
    assert code == 1
    assert found[0]["code"] == "failed"
    assert "ValueError" in caplog.text


def test_text_goes_to_two_ends() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = lines.Text(out, err, render.Style())
    output.started(4, None)
    output.note("removed", "Two characters were taken out.", 3)
    output.error(Fault("empty", "Nothing here.", 3))
    output.error(Fault("gone", "No such debate.", 0))
    output.failed("busy", "Another window.")
    output.ended(4, False, 2)
    output.ended(4, True, 0)
    output.ended(None, False, 0)
    assert out.getvalue() == "Line 3: Nothing here.\n\nNo such debate.\n"
    assert err.getvalue().splitlines() == [
        "Debate 4. To go on with it later: gadfly play --debate 4",
        "Line 3: Two characters were taken out.",
        "gadfly: Another window.",
        "Lines heard before and left out: 2.",
        "Debate 4 is saved. Go on: gadfly play --debate 4",
    ]


# --- signals and ends ---


class Waiting(FakeCoach):
    """Sends this process a signal each time it hears something, and waits."""

    def __init__(self, number: int, times: int = 1) -> None:
        super().__init__()
        self.number, self.times = number, times

    async def answer(self, heard: Any) -> Any:
        if heard.request.text.startswith("/debate start"):
            return await super().answer(heard)
        for _ in range(self.times):
            os.kill(os.getpid(), self.number)
            await asyncio.sleep(0.3)
        return await super().answer(heard)


@pytest.mark.parametrize(
    ("number", "times", "patient", "code"),
    [
        (signal.SIGTERM, 1, False, 143),
        (signal.SIGINT, 1, False, 130),
        (signal.SIGINT, 2, True, 130),
        (signal.SIGINT, 1, True, 0),
    ],
)
def test_signals(
    tmp_path: Path, number: int, times: int, patient: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    coach = Waiting(number, times)
    before = signal.getsignal(number)
    assert piped(b"x\n", coach, tmp_path=tmp_path, patient=patient)[0] == code
    assert coach.closed == 1
    assert signal.getsignal(number) == before
    assert ("again to leave" in capsys.readouterr().err) is patient


def test_a_cancel_of_somebody_elses_is_not_swallowed() -> None:
    async def cancelled(signals: Signals) -> int:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run.status(cancelled, lambda kind, text: None)


def test_lines_of_any_length() -> None:
    assert list(split(b"a\n\nbc\n", 1)) == [b"a", b"", b"bc"]
    assert list(split(b"", 1)) == []
    long = b"x" * (2 * LONGEST_LINE)
    assert [len(line) for line in split(long + b"\nyz", 4096)] == [LONGEST_LINE + 1, 2]


def split(data: bytes, step: int) -> Iterator[bytes]:
    read, write = os.pipe()

    def feed() -> None:
        for at in range(0, len(data), step):
            os.write(write, data[at : at + step])
        os.close(write)

    feeder = threading.Thread(target=feed)
    feeder.start()
    yield from lines.split(read)
    feeder.join()
    os.close(read)


async def test_an_input_that_fails(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(IsADirectoryError):
        _ = [line async for line in lines.lines(folder)]
    os.close(folder)


def test_leaving_before_the_end_of_the_input_stops_the_reader() -> None:
    read, write = os.pipe()
    os.write(write, b"a\nb\n")

    async def first() -> bytes:
        async for line in lines.lines(read):
            return line
        raise AssertionError

    assert asyncio.run(first()) == b"a"
    os.close(write)
    os.close(read)
