"""The two ends of a pipe: lines of bytes in, lines of text or JSON out.

This module must not know what a line means.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol, TextIO

from adapters.terminal import render
from adapters.terminal.inbound import LONGEST_LINE, Fault
from adapters.terminal.start import Plan
from bot.messages import Reply

_CHUNK = 1 << 16


def split(fd: int) -> Iterator[bytes]:
    """The lines of file descriptor ``fd`` without their line breaks; of a longer one ``LONGEST_LINE`` + 1 bytes.

    Reads with the system's call, not through ``sys.stdin``: its lock, held by a waiting thread, aborts the interpreter
    when it leaves.
    """
    line = bytearray()
    while chunk := os.read(fd, _CHUNK):
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            line += piece
            yield bytes(line[: LONGEST_LINE + 1])
            line.clear()
        line += rest
        del line[LONGEST_LINE + 1 :]
    if line:
        yield bytes(line)


async def lines(fd: int) -> AsyncIterator[bytes]:
    """``split`` without blocking the event loop: one line ahead at most."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[bytes | OSError | None] = asyncio.Queue()
    wanted = threading.Semaphore(1)

    def send(item: bytes | OSError | None) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, item)
        wanted.acquire()

    threading.Thread(target=_pump, args=(fd, send), name="gadfly-input", daemon=True).start()
    while (item := await queue.get()) is not None:
        if isinstance(item, OSError):
            raise item
        yield item
        wanted.release()


def _pump(fd: int, send: Any) -> None:
    try:
        try:
            for line in split(fd):
                send(line)
        except OSError as error:
            send(error)
        send(None)
    except RuntimeError:
        return  # the loop is closed: nobody reads any more


class Output(Protocol):
    """Where a pipe's answers go."""

    def started(self, debate: int, plan: Plan | None) -> None: ...

    def reply(self, reply: Reply, key: str) -> None: ...

    def error(self, fault: Fault) -> None: ...

    def note(self, code: str, text: str, line: int) -> None: ...

    def ended(self, debate: int | None, over: bool, skipped: int) -> None: ...

    def failed(self, code: str, text: str) -> None: ...


class Text:
    """Answers as text on ``out``; the debate's number and notes on ``err``, so that they are no part of it."""

    def __init__(self, out: TextIO, err: TextIO, style: render.Style) -> None:
        self._out, self._err, self._style = out, err, style
        self._any = False

    def started(self, debate: int, plan: Plan | None) -> None:
        print(f"Debate {debate}. To go on with it later: gadfly play --debate {debate}", file=self._err)

    def reply(self, reply: Reply, key: str) -> None:
        self._block(render.lines(reply, self._style))

    def error(self, fault: Fault) -> None:
        place = f"Line {fault.line}: " if fault.line else ""
        self._block(render.notice(place + fault.text, self._style))

    def note(self, code: str, text: str, line: int) -> None:
        print(f"Line {line}: {text}", file=self._err)

    def ended(self, debate: int | None, over: bool, skipped: int) -> None:
        if skipped:
            print(f"Lines heard before and left out: {skipped}.", file=self._err)
        if debate is not None and not over:
            print(f"Debate {debate} is saved. Go on: gadfly play --debate {debate}", file=self._err)

    def failed(self, code: str, text: str) -> None:
        print(f"gadfly: {text}", file=self._err)

    def _block(self, found: list[str]) -> None:
        """One answer, after a gap; flushed, since somebody may wait for it."""
        gap = [""] if self._any else []
        self._any = True
        print("\n".join(gap + found), file=self._out, flush=True)


class Json:
    """Answers as JSON, one object a line, in ASCII: whatever a text holds cannot command a terminal.

    ``{"type": "started", "debate", "motion", "side", "level", "first", "seed"}`` or ``{"type": "resumed", "debate"}``
    ``{"type": "reply", "key", "debate", "private", "over", "blocks": [{"block": "speech", ...}, ...]}``
    ``{"type": "error", "code", "text", "line", "key"}``  a line that was not heard, and what to do
    ``{"type": "note", "code", "text", "line"}``          a line that was heard, but not as it was sent
    ``{"type": "ended", "debate", "over", "skipped"}``    at the end; ``skipped`` lines were heard before, and a debate
                                                          that was forgotten is null
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def started(self, debate: int, plan: Plan | None) -> None:
        if plan is None:
            self._write({"type": "resumed", "debate": debate})
            return
        said = {"motion": plan.motion, "side": plan.side, "level": plan.level}
        self._write({"type": "started", "debate": debate, **said, "first": plan.first, "seed": plan.seed})

    def reply(self, reply: Reply, key: str) -> None:
        self._write(render.as_json(reply, key))

    def error(self, fault: Fault) -> None:
        self._write(
            {"type": "error", "code": fault.code, "text": fault.text, "line": fault.line, "key": fault.key}
        )

    def note(self, code: str, text: str, line: int) -> None:
        self._write({"type": "note", "code": code, "text": text, "line": line})

    def ended(self, debate: int | None, over: bool, skipped: int) -> None:
        self._write({"type": "ended", "debate": debate, "over": over, "skipped": skipped})

    def failed(self, code: str, text: str) -> None:
        self.error(Fault(code, text, 0))

    def _write(self, value: dict[str, Any]) -> None:
        print(json.dumps(value), file=self._out, flush=True)
