"""The command line, in this process, with everything real behind it."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters import VERSION, __main__, arguments
from bot.store.errors import StoreError, Trouble
from tests.terminal.conftest import Command

SPEECH = "Talks will fail because Putin wants to keep Crimea, and therefore no peace can last."


def objects(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


# --- arguments ---


def test_help_names_every_command(gadfly: Command) -> None:
    code, out, _ = gadfly("--help")
    assert code == 0
    for name in ("play", "inspect", "motions", "deck", "doctor", "export", "backup", "bench"):
        assert f"\n    {name} " in out
    assert gadfly("play", "--help")[0] == 0


def test_every_command_of_the_parser_is_there() -> None:
    for words in (["motions"], ["deck", "schema"], ["doctor"], ["export", "1"], ["backup", "x"], []):
        assert arguments.read(words).command in __main__._COMMANDS


def test_version(gadfly: Command) -> None:
    assert gadfly("--version") == (0, f"gadfly {VERSION}\n", "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plya"], "Did you mean play?"),
        (["deck", "chekc"], "Did you mean check?"),
        (["deck"], "required"),
        (["zzzzzz"], "gadfly --help lists all"),
        (["play", "--level", "novize"], "Did you mean novice?"),
        (["--nonsense"], "unrecognized"),
        (["play", "--seed", "x"], "from 0 to 999,999,999"),
        (["play", "--seed", "-1"], "from 0 to"),
        (["play", "--debate", "0"], "not the number of a debate"),
        (["play", "--debate", "1", "--new"], "give one of them"),
        (["export", "x"], "not the number of a debate"),
        (["--home"], "expected one argument"),
    ],
)
def test_wrong_use(gadfly: Command, words: list[str], says: str) -> None:
    code, out, err = gadfly(*words)
    assert (code, out) == (2, "")
    assert says in err


def test_flags_alone_play() -> None:
    args = arguments.read(["--json", "--seed", "7"])
    assert (args.command, args.json, args.seed) == ("play", True, 7)
    assert arguments.read([]).command == "play"


@pytest.mark.parametrize(
    ("words", "command", "home", "decks"),
    [
        (["--decks", "a", "motions"], "motions", None, "a"),
        (["--home=h", "--decks=a", "deck", "check"], "deck", "h", "a"),
        (["--home", "h"], "play", "h", None),
        (["--home", "h", "--json"], "play", "h", None),
        (["--home", "h", "doctor", "--home", "i"], "doctor", "i", None),
        (["motions", "--decks", "a"], "motions", None, "a"),
        (["--side", "for", "--decks", "a"], "play", None, "a"),
    ],
)
def test_options_of_all_commands_stand_before_and_after(
    words: list[str], command: str, home: str | None, decks: str | None
) -> None:
    args = arguments.read(words)
    assert (args.command, args.home, args.decks) == (command, home, decks)


def test_a_settings_file_that_cannot_be_used(gadfly: Command, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GADFLY_DECKS nonsense\n")
    code, _, err = gadfly("motions")
    assert code == 2
    assert ".env:1: This is no setting. Write GADFLY_DECKS=value" in err


def test_no_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert __main__.main(["play"]) == 2
    assert "no standard input" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["play"], ["inspect", "--motion", "putin"]])
def test_a_standard_input_that_was_closed(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert __main__.main(words) == 2
    assert "no standard input" in capsys.readouterr().err


def test_no_standard_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        assert __main__.main(["motions"]) == 2
    assert "no standard output" in capsys.readouterr().err


def test_ctrl_c_in_a_command(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(__main__._COMMANDS, "motions", interrupted)
    assert gadfly("motions")[0] == 130


# --- play through a pipe ---


def test_a_debate_as_json(gadfly: Command) -> None:
    code, out, err = gadfly("play", "--json", stdin=f"{SPEECH}\n!flow\n!end\n".encode())
    assert (code, err) == (0, "")
    found = objects(out)
    assert [item["type"] for item in found] == ["started", "reply", "reply", "reply", "reply", "ended"]
    assert found[0]["motion"] == "putin-trump-talks"
    assert found[0]["seed"] == 0
    names = [{block["block"] for block in item["blocks"]} for item in found[1:-1]]
    assert {"heading", "speech", "choices"} <= names[0]
    assert {"heard", "speech", "flow"} <= names[1]
    assert names[2] == {"flow"}
    assert "ballot" in names[3]
    assert found[-1] == {"type": "ended", "debate": 1, "over": True, "skipped": 0}


def test_the_same_script_gives_the_same_debate(gadfly: Command) -> None:
    script = f"{SPEECH}\n!score\n!end\n".encode()

    def played() -> list[dict[str, Any]]:
        found = objects(gadfly("play", "--json", "--side", "against", stdin=script)[1])
        return [{**item, "debate": 0} for item in found]

    first = played()
    assert played() == first
    assert played() == first


def test_a_script_that_was_cut_off_goes_on(gadfly: Command) -> None:
    script = f"{SPEECH}\n!flow\nSanctions must stay because only they push Russia.\n".encode()
    whole = objects(gadfly("play", "--json", stdin=script)[1])
    cut = objects(gadfly("play", "--json", stdin=script[: len(SPEECH) + 1])[1])
    number = str(cut[0]["debate"])
    rest = objects(gadfly("play", "--json", "--debate", number, stdin=script)[1])
    assert rest[-1]["skipped"] == 1
    answers = [item["blocks"] for item in cut + rest if item["type"] == "reply"]
    assert answers == [item["blocks"] for item in whole if item["type"] == "reply"]


def test_a_debate_as_text(gadfly: Command) -> None:
    code, out, err = gadfly("play", "--motion", "school", "--first", stdin=b"!nonsense\n")
    assert code == 0
    assert "Schools should ban mobile phones" in out
    assert "I know no command !nonsense" in out
    assert "\x1b" not in out
    assert "gadfly play --debate 1" in err
    assert "Gadfly 0" not in out


def test_colours_can_be_forced(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1m" in gadfly("play")[1]
    assert "\x1b" not in gadfly("play", "--plain")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in gadfly("play")[1]


def test_an_unknown_motion_in_a_pipe(gadfly: Command) -> None:
    code, out, _ = gadfly("play", "--motion", "nothing-like-it")
    assert code == 2
    assert "!motions" in out


def test_a_long_speech(gadfly: Command) -> None:
    _, out, _ = gadfly("play", "--json", stdin=b"x" * 20_000 + b"\n")
    notice = objects(out)[2]["blocks"][0]
    assert notice["refused"] is True
    assert "16,000" in notice["text"]


def test_a_second_window(gadfly: Command, tmp_path: Path) -> None:
    from bot.store.files import Lock, prepare

    prepare(tmp_path / "home")
    lock = Lock.take(tmp_path / "home")
    try:
        code, out, err = gadfly("play", stdin=b"x\n")
        assert (code, out) == (75, "")
        assert "already running" in err
        code, out, _ = gadfly("play", "--json")
        assert code == 75
        assert objects(out)[0]["code"] == "busy"
    finally:
        lock.release()


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_for_a_data_folder(gadfly: Command, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    code, out, err = gadfly("play", "--home", str(tmp_path / "file" / below))
    assert (code, out) == (2, "")
    assert f"{tmp_path / 'file' / below} cannot be used" in err
    assert "GADFLY_HOME" in err


@pytest.mark.parametrize(("unknown", "status"), [(False, 74), (True, 75)])
def test_a_disk_that_fails_is_told_with_its_reason(
    gadfly: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unknown: bool, status: int
) -> None:
    from bot.store.store import Store

    def broken(*_: object, **__: object) -> None:
        raise StoreError(Trouble.FAILED, tmp_path / "gadfly.db", "disk I/O error", unknown=unknown)

    monkeypatch.setattr(Store, "append", broken)
    code, _, err = gadfly("play")
    assert code == status
    assert f"{tmp_path / 'gadfly.db'} failed" in err
    assert "(disk I/O error)" in err


def test_a_newer_and_a_corrupt_database(gadfly: Command, tmp_path: Path) -> None:
    gadfly("play")
    database = tmp_path / "home" / "gadfly.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    code, _, err = gadfly("play")
    assert code == 1
    assert "newer Gadfly" in err
    assert gadfly("doctor")[0] == 1
    database.write_bytes(b"nonsense" * 1000)
    code, _, err = gadfly("play")
    assert code == 1
    assert "damaged" in err
    assert "database: corrupt" in gadfly("doctor")[1]


def test_a_broken_deck_is_named_and_left_out(gadfly: Command, tmp_path: Path) -> None:
    decks = tmp_path / "home" / "decks"
    decks.mkdir(parents=True)
    (decks / "mine.yaml").write_text("id: [\n")
    code, out, err = gadfly("play")
    assert code == 0
    assert "mine.yaml" in err
    assert "Gadfly: " in out
    code, out, err = gadfly("motions")
    assert "mine.yaml" in err
    assert "school-phones" in out
    code, out, _ = gadfly("doctor", "--quiet")
    assert code == 1
    assert out.startswith("BAD  deck: ")


def test_no_deck_on_offer(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = gadfly("motions", "--decks", "nothing")
    assert (code, out.strip()) == (1, "")
    assert "nothing" in err
    assert gadfly("play", "--decks", "nothing")[0] == 2
    monkeypatch.setenv("GADFLY_DECKS", "nothing")
    assert gadfly("doctor", "--quiet")[0] == 1


def test_a_broken_model_is_told(gadfly: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.reading import encoder
    from bot.reading.reader import LocalReader

    def broken(*_: object) -> None:
        raise encoder.EncoderError("the model's file encoder.onnx cannot be read")

    monkeypatch.setattr(LocalReader, "prepare", broken)
    monkeypatch.setattr(encoder.Encoder, "encode", broken)
    code, out, err = gadfly("play", stdin=b"hello\n")
    assert (code, out) == (1, "")
    assert "encoder.onnx" in err
    assert "gadfly doctor" in err
    code, out, _ = gadfly("doctor")
    assert code == 1
    assert "BAD  model" in out


# --- the first screen, as far as a test in this process goes ---


class Tty:
    """A standard input or output that says it is a terminal."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def isatty(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def sitting_down() -> Iterator[None]:
    """Makes this process believe that a person sits there, whose conversation ends at once."""
    from adapters.terminal import person, screen

    class Silent:
        def __init__(self, options: person.Options, *_: object) -> None:
            print(f"left={options.left and options.left.id} colour={options.colour} anew={options.anew}")

        async def run(self, opening: object) -> int:
            return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(person, "Conversation", Silent)
        patch.setattr(screen, "Screen", lambda *_, **__: None)
        patch.setattr(sys, "stdin", Tty(sys.stdin))
        patch.setattr(sys, "stdout", Tty(sys.stdout))
        yield


def test_the_first_screen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")

    def screen(*words: str) -> str:
        with sitting_down():
            assert __main__.main(words) == 0
        return capsys.readouterr().out

    out = screen()
    assert f"Gadfly {VERSION}" in out
    assert "Motion: Direct talks" in out
    assert "left=None colour=True anew=False" in out
    out = screen("--plain", "--motion", "school", "--new")
    assert "Motion: Schools should ban" in out
    assert "colour=False anew=True" in out
    assert "Motion" not in screen("--debate", "3")


def test_a_second_window_is_told_before_anything_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from bot.store.files import Lock, prepare

    prepare(tmp_path / "home")
    lock = Lock.take(tmp_path / "home")
    with sitting_down():
        assert __main__.main([]) == 75
    lock.release()
    told = capsys.readouterr()
    assert told.out == ""
    assert "already running" in told.err
    with sitting_down():
        assert __main__.main([]) == 0


def test_a_motion_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def complaint(*words: str) -> str:
        with sitting_down():
            assert __main__.main(words) == 2
        return capsys.readouterr().err

    assert "Did you mean school-phones?" in complaint("--motion", "skool-phones")
    assert "no deck to debate" in complaint("--decks", "nothing")
    decks = tmp_path / "home" / "decks"
    decks.mkdir(parents=True)
    (decks / "mine.yaml").write_text("id: [\n")
    assert "mine.yaml" in complaint("--motion", "mine")


# --- the ends of the process ---


def test_a_reader_that_goes_away() -> None:
    command = f"{sys.executable} -m adapters --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", f"sleep 0; {command}"], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 141)
    assert done.stderr == ""


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    for words in (["play", "--json"], ["play"], ["motions"], ["deck", "schema"]):
        done = subprocess.run(
            [sys.executable, "-m", "adapters", *words],
            stdout=write,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            env={**os.environ, "GADFLY_HOME": str(tmp_path)},
        )
        assert (done.returncode, "Traceback" in done.stderr) == (141, False), (words, done.stderr)
    os.close(write)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("words", [["--help"], ["deck", "schema"], ["doctor"], ["play"], ["play", "--json"]])
def test_an_output_that_is_full(words: list[str], tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "adapters", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            env={**os.environ, "GADFLY_HOME": str(tmp_path)},
        )
    assert done.returncode == 74
    assert done.stderr.splitlines()[-1].startswith("gadfly: The output cannot be written: No space left")
    assert "Traceback" not in done.stderr


def test_what_was_begun_in_mid_stream_is_the_same_again(gadfly: Command) -> None:
    script = f"!end\n!start school-phones against\n{SPEECH}\n".encode()
    first, second = (
        [{**item, "debate": 0} for item in objects(gadfly("play", "--json", stdin=script)[1])] for _ in "ab"
    )
    assert first == second


def test_a_debate_gone_on_with_is_over_or_not(gadfly: Command) -> None:
    gadfly("play", stdin=b"!flow\n")
    gadfly("play", stdin=b"!end\n")
    for number, over in ((1, False), (2, True)):
        found = objects(gadfly("play", "--json", "--debate", str(number), stdin=b"!score\n")[1])
        assert [found[1]["over"], found[2]["over"]] == [over, over]
    assert "is saved" in gadfly("play", "--debate", "1")[2]
    assert "is saved" not in gadfly("play", "--debate", "2")[2]


def test_a_debate_that_was_forgotten_is_not_saved(gadfly: Command) -> None:
    assert "is saved" not in gadfly("play", stdin=b"!forget-me yes\n")[2]
    found = objects(gadfly("play", "--json", stdin=b"!forget-me yes\n")[1])
    assert found[-1] == {"type": "ended", "debate": None, "over": True, "skipped": 0}


def test_an_exported_file_comes_out_of_a_pipe_whole(gadfly: Command) -> None:
    _, out, _ = gadfly("play", stdin=f"{SPEECH}\n!export json\n".encode())
    file = gadfly("export", "1", "--format", "json")[1]
    assert json.loads(file)
    assert file in out
    assert max(map(len, file.splitlines())) > 80


def test_a_full_disk_is_told(gadfly: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bot.store.store import Store

    def full(*_: object, **__: object) -> None:
        raise StoreError(Trouble.FULL, tmp_path, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Store, "append", full)
    code, _, err = gadfly("play")
    assert code == 75
    assert "no space left" in err


# --- slack ---


@pytest.fixture
def no_tokens(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None in the environment; and the log as it was, which a service sets up for itself."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    root, ours = logging.getLogger(), logging.getLogger("adapters.slack")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


def test_the_manifest_of_slack_is_printed(gadfly: Command) -> None:
    code, out, err = gadfly("slack", "manifest")
    assert (code, err) == (0, "")
    assert json.loads(out)["settings"]["socket_mode_enabled"] is True
    code, out, err = gadfly("slack", "manifest", "https://gadfly.example/slack/events")
    assert (code, err) == (0, "")
    assert json.loads(out)["settings"]["socket_mode_enabled"] is False
    assert out.count("https://gadfly.example/slack/events") == 3


@pytest.mark.parametrize("url", ["http://gadfly.example", "gadfly.example", "127.0.0.1:3000"])
def test_a_manifest_names_no_address_that_slack_would_not_take(gadfly: Command, url: str) -> None:
    code, out, err = gadfly("slack", "manifest", url)
    assert (code, out) == (2, "")
    assert f"begin with https:// only, not to {url!r}" in err


def test_the_manifest_needs_no_package(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("aiohttp", "slack_bolt", "slack_sdk", "starlette", "uvicorn"):
        monkeypatch.setitem(sys.modules, name, None)
    assert gadfly("slack", "manifest")[0] == 0


@pytest.mark.parametrize("name", ["aiohttp", "slack_bolt", "starlette", "uvicorn"])
@pytest.mark.parametrize("words", [[], ["--check"]])
def test_a_package_that_slack_needs_and_lacks_is_named(
    gadfly: Command, monkeypatch: pytest.MonkeyPatch, name: str, words: list[str]
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    code, out, err = gadfly("slack", *words)
    assert (code, out) == (1, "")
    assert f"are missing ({name})" in err
    assert "pip install aiohttp 'slack-bolt>=1.21' starlette uvicorn" in err


@pytest.mark.usefixtures("no_tokens")
def test_slack_without_tokens(gadfly: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, out, err = gadfly("slack")
    assert (code, out) == (2, "")
    assert err.startswith("gadfly: There is no bot token. Put SLACK_BOT_TOKEN=xoxb-")
    code, out, _ = gadfly("slack", "--check")
    assert code == 1
    assert [line[:29] for line in out.splitlines()] == [
        "BAD  There is no bot token. P",
        "BAD  There is no app-level to",
    ]
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-canary")
    code, _, err = gadfly("slack", "--http", "127.0.0.1:3000")
    assert code == 2
    assert "There is no signing secret" in err
    monkeypatch.setenv("GADFLY_SLACK_HTTP", "3000")
    code, _, err = gadfly("slack")
    assert code == 2
    assert "want HOST:PORT, like 127.0.0.1:3000, not '3000'" in err
    assert "canary" not in err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("words", [["https://gadfly.example"], ["manifesto"], ["--http"]])
def test_slack_used_wrongly(gadfly: Command, words: list[str]) -> None:
    code, out, err = gadfly("slack", *words)
    assert (code, out) == (2, "")
    assert "gadfly" in err
