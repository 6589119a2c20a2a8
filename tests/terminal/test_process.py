"""The program as a process: a real terminal, signals, kill -9, what is imported when, and what it costs.

CPU times are printed and not asserted: run with ``-s`` to see them. The bounds of the issue are in ``BOUNDS``.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "yaml",
    "alembic",
    "platformdirs",
)
BOUNDS = {"help": 0.2, "banner": 0.4, "prompt": 1.0}
PROMPT = r"\x1b\[0m> ?\x08?"
SPEECH = "Talks will fail because Putin wants to keep Crimea, and therefore no peace can last."

Spawn = Callable[..., "pexpect.spawn[str]"]


def environment(home: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "GADFLY_HOME": str(home),
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "TERM": "xterm",
        "PYTHONPATH": str(ROOT),
        **more,
    }


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Spawn]:
    """Starts ``gadfly`` in a terminal of 45 rows and 90 columns."""
    started: list[pexpect.spawn[str]] = []

    def start(*words: str, program: tuple[str, ...] = ("-m", "adapters"), **more: str) -> pexpect.spawn[str]:
        child = pexpect.spawn(
            sys.executable,
            [*program, *words],
            env=environment(tmp_path / "home", **more),
            cwd=str(tmp_path),
            encoding="utf-8",
            dimensions=(45, 90),
            timeout=60,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


def left(child: pexpect.spawn[str]) -> int:
    """The exit status of ``child``, which is about to leave."""
    child.expect(pexpect.EOF)
    child.wait() if child.isalive() else None
    child.close()
    return child.exitstatus if child.exitstatus is not None else -int(child.signalstatus or 0)


def cpu(pid: int | None) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- a person ---


def test_a_debate_begins_at_once_and_is_gone_on_with(spawn: Spawn) -> None:
    child = spawn()
    child.expect("Motion: Direct talks")
    child.expect("You argue for")
    child.expect(PROMPT)
    child.send("\r")
    child.expect("Gadfly: #1")
    child.expect(PROMPT)
    child.send(SPEECH + "\r")
    child.expect("What I heard in your speech 1")
    child.expect(PROMPT)
    child.sendcontrol("d")
    assert left(child) == 0

    child = spawn()
    child.expect("You left debate 1 open")
    child.expect("1 of 6 speeches made")
    child.expect(PROMPT)
    child.send("\r")
    child.expect("Flow:")
    child.expect(PROMPT)
    child.send("!end\r")
    child.expect("Total: ")
    child.expect(PROMPT)
    child.sendcontrol("d")
    assert left(child) == 0

    child = spawn("--plain")
    child.expect("You argue for")
    child.expect(PROMPT)
    child.sendcontrol("d")
    assert left(child) == 0


def test_ctrl_c_once_and_twice(spawn: Spawn) -> None:
    child = spawn()
    child.expect(PROMPT)
    child.send("half a thou")
    child.sendcontrol("c")
    child.expect("Ctrl-C again to leave; your debate is saved.")
    child.expect(PROMPT)
    child.sendcontrol("c")
    assert left(child) == 130


def test_sigterm_at_the_prompt(spawn: Spawn) -> None:
    child = spawn()
    child.expect(PROMPT)
    child.send("\r")
    child.expect("Gadfly: #1")
    child.expect(PROMPT)
    child.kill(signal.SIGTERM)
    assert left(child) == 143


def test_two_windows(spawn: Spawn) -> None:
    first = spawn()
    first.expect(PROMPT)
    first.send("\r")
    first.expect("Gadfly: #1")
    second = spawn()
    second.expect(["already running", "already\r\nrunning"])
    assert "Motion" not in (second.before or "")
    assert left(second) == 75
    first.expect(PROMPT)
    first.sendcontrol("d")
    assert left(first) == 0


def test_a_terminal_that_can_do_nothing(spawn: Spawn) -> None:
    child = spawn(TERM="dumb")
    child.expect("Gadfly: #1")
    child.expect("I store your words")
    child.send("!flow\r")
    child.expect("Flow:")
    child.sendcontrol("c")
    child.expect("again to leave")
    child.sendcontrol("d")
    assert left(child) == 0
    assert "\x1b" not in (child.before or "")


def test_a_terminal_in_and_a_pipe_out(spawn: Spawn) -> None:
    program = f'{sys.executable} -m adapters | (trap "" INT; cat); exit ${{PIPESTATUS[0]}}'
    child = spawn(program=("-c", f"import os; os.execvp('bash', ['bash', '-c', {program!r}])"))
    child.expect("Gadfly: #1")
    child.sendcontrol("c")
    child.expect("again to leave")
    child.send("!flow\r")
    child.expect("Flow:")
    child.sendcontrol("d")
    assert left(child) == 0


# --- a pipe ---


def play(home: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "adapters", "play", "--json", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(home),
        cwd=ROOT,
    )


def answer(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def say(process: subprocess.Popen[bytes], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text.encode() + b"\n")
    process.stdin.flush()


SCRIPT = [
    SPEECH,
    '{"key": "two", "text": "Sanctions must stay because only they push Russia, so a deal would be weak."}',
    "#1 does not follow, because prisoner exchanges never led to a peace.",
    "!end",
]


def answers(found: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(item["key"], item["blocks"]) for item in found if item["type"] == "reply"]


@pytest.mark.parametrize("delay", [None, 0.02])
def test_kill_9_loses_nothing_and_doubles_nothing(tmp_path: Path, delay: float | None) -> None:
    whole, _ = play(tmp_path / "whole").communicate("\n".join(SCRIPT).encode())
    expected = answers([json.loads(line) for line in whole.splitlines()])

    process = play(tmp_path / "home")
    found = [answer(process), answer(process)]
    say(process, SCRIPT[0])
    found.append(answer(process))
    if delay is not None:  # in the middle of an answer
        say(process, SCRIPT[1])
        time.sleep(delay)
    process.kill()
    rest, _ = process.communicate()
    found += [json.loads(line) for line in rest.splitlines() if line.endswith(b"}")]

    again = play(tmp_path / "home", "--debate", str(found[0]["debate"]))
    more, _ = again.communicate("\n".join(SCRIPT).encode())
    assert again.returncode == 0
    seen = answers(found + [json.loads(line) for line in more.splitlines()])
    # An answer that was printed but not yet noted as delivered may be printed once more, and nothing else.
    assert dict(seen) == dict(expected)
    assert [key for key, _ in seen if key not in ("1", "two")] == ["start", "3", "4"]


def test_sigterm_in_a_pipe_saves_and_leaves(tmp_path: Path) -> None:
    process = play(tmp_path)
    number = answer(process)["debate"]
    answer(process)
    process.terminate()
    process.communicate()
    assert process.returncode == 143
    again = play(tmp_path, "--debate", str(number))
    out, _ = again.communicate(b"!flow\n")
    assert again.returncode == 0
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["resumed", "reply", "ended"]


def test_ctrl_c_in_a_pipe(tmp_path: Path) -> None:
    process = play(tmp_path)
    answer(process)
    answer(process)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130


# --- what is imported when, and what it costs ---

GUARD = """
import json, sys
from adapters import __main__

def parts(settings):
    with open(sys.argv[1], "w") as file:
        json.dump(sorted(sys.modules), file)
    raise SystemExit

__main__._parts = parts
sys.exit(__main__.main(["play", "--home", sys.argv[2]]))
"""


def test_nothing_heavy_is_imported_before_the_first_prompt(spawn: Spawn, tmp_path: Path) -> None:
    """``_parts`` runs once the prompt is on the screen; a debate left open makes the start look into the database."""
    subprocess.run(
        [sys.executable, "-m", "adapters", "play", "--json"],
        env=environment(tmp_path / "home"),
        cwd=ROOT,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    listed = tmp_path / "modules"
    child = spawn(str(listed), str(tmp_path / "home"), program=("-c", GUARD))
    child.expect(PROMPT)
    with contextlib.suppress(pexpect.EOF):
        child.expect(pexpect.EOF)
    modules = set(json.loads(listed.read_text()))
    assert "prompt_toolkit" in modules
    assert not {name for name in modules if name.partition(".")[0] in HEAVY}


def test_help_imports_next_to_nothing() -> None:
    program = "import sys; from adapters.__main__ import main; main(['--help']); print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    modules = set(done.stderr.split())
    assert not {
        name for name in modules if name.partition(".")[0] in (*HEAVY, "prompt_toolkit", "asyncio", "sqlite3")
    }


def test_nothing_is_left_or_sent_by_the_runtime_of_the_model(tmp_path: Path) -> None:
    """onnxruntime keeps a device id and an upload queue in the home folder, unless it is told before its import."""
    home = tmp_path / "user"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "adapters", "play"],
        env={**environment(tmp_path / "home"), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")},
        cwd=ROOT,
        check=True,
        input=SPEECH.encode(),
        capture_output=True,
    )
    assert b"What I heard" in done.stdout
    assert list(home.iterdir()) == []


def test_what_the_start_costs(spawn: Spawn, tmp_path: Path) -> None:
    before = os.times()
    subprocess.run([sys.executable, "-m", "adapters", "--help"], capture_output=True, check=True, cwd=ROOT)
    after = os.times()
    spent = {
        "help": after.children_user + after.children_system - before.children_user - before.children_system
    }
    child = spawn()
    child.expect("You argue for")
    spent["banner"] = cpu(child.pid)
    child.expect(PROMPT)
    spent["prompt"] = cpu(child.pid)
    child.sendcontrol("d")
    left(child)
    print("\nCPU seconds:", {name: f"{seconds:.2f} of {BOUNDS[name]}" for name, seconds in spent.items()})
    assert re.fullmatch(r"help, banner, prompt", ", ".join(spent))
