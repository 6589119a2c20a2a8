"""A person at a prompt in front of a small real door; the keys come from a pipe."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.installed import BrokenInstall
from adapters.terminal import run, start
from adapters.terminal.person import Conversation, Options, saved
from adapters.terminal.run import Opening
from adapters.terminal.screen import Screen, Words
from adapters.terminal.start import Plan
from bot.messages import File, Notice, Paragraph, Place, Reply
from bot.store.errors import StoreError, Trouble
from bot.store.peek import OpenDebate
from content.index import read_entries
from tests.terminal.fakes import FakeCoach, opening

MOTIONS = read_entries()
OPTIONS = Options(Plan("putin-trump-talks"), MOTIONS)
TTY = Place(*start.PLACE)
LEFT = replace(OPTIONS, left=OpenDebate(1, "school-phones", "for", "novice", 2))

Typed = Callable[..., int]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types keys at a conversation; gives its exit status."""
    monkeypatch.chdir(tmp_path)

    def conversation(
        keys: str, coach: FakeCoach, options: Options = OPTIONS, opened: Opening | None = None
    ) -> int:
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            keyboard.send_text(keys)
            screen = Screen(tmp_path / "home" / "history", plain=options.plain)
            return run.status(
                lambda signals: Conversation(options, screen, signals).run(opened or opening(coach)), complain
            )

    return conversation


def complain(kind: str, text: str) -> None:
    print(f"complaint {kind}: {text}")


# --- the first prompt ---


def test_enter_starts_the_debate_and_ctrl_d_leaves(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    coach = FakeCoach()
    assert typed("\r\x04", coach) == 0
    assert coach.texts == ["/debate start putin-trump-talks for novice"]
    assert coach.places == {1: TTY}
    assert (coach.undelivered, coach.closed) == ([], 1)
    assert "Gadfly: You said: /debate start" in capsys.readouterr().out


def test_ctrl_d_at_the_first_prompt(typed: Typed) -> None:
    coach = FakeCoach()
    assert typed("\x04", coach) == 0
    assert coach.texts == []
    assert typed("\x04", coach, LEFT) == 0


def test_words_change_the_plan_first(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    coach = FakeCoach()
    assert typed("against\radvanced school-phones\r\r\x04", coach) == 0
    assert coach.texts == ["/debate start school-phones against advanced"]
    assert "You argue against" in capsys.readouterr().out


def test_a_speech_opens(typed: Typed) -> None:
    coach = FakeCoach()
    assert typed("Trust is gone.\r\x04", coach) == 0
    assert coach.texts == ["/debate start putin-trump-talks for novice first", "Trust is gone."]


def test_commands_before_the_debate(typed: Typed) -> None:
    coach = FakeCoach()
    assert typed("!help\r!start school-phones\rhello\r\x04", coach) == 0
    assert coach.texts == ["!help", "!start school-phones", "hello"]


def test_new_ends_what_was_left_open(typed: Typed) -> None:
    coach = FakeCoach()
    assert typed("\r\x04", coach, replace(LEFT, anew=True)) == 0
    assert coach.texts == ["/debate start putin-trump-talks for novice anew"]


# --- a debate left open ---


def test_enter_goes_on(typed: Typed) -> None:
    coach = FakeCoach(places={1: TTY})
    assert typed("\rmore\r\x04", coach, LEFT) == 0
    assert coach.texts == ["!flow", "more"]


def test_a_speech_goes_on_at_once(typed: Typed) -> None:
    coach = FakeCoach(places={1: TTY})
    assert typed("more\r\x04", coach, LEFT) == 0
    assert coach.texts == ["more"]


def test_start_begins_anew(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    coach = FakeCoach(places={1: TTY})
    assert typed("!start\r\r\x04", coach, LEFT) == 0
    assert coach.texts == ["/debate start putin-trump-talks for novice anew"]
    assert "You argue for" in capsys.readouterr().out


def test_what_was_heard_and_not_shown_comes_first(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    coach = FakeCoach()
    typed("\rone\r\x04", coach)
    coach.undelivered = [list(coach.messages)[1]]
    capsys.readouterr()
    assert typed("\r\x04", coach, LEFT) == 0
    assert "You said: one" in capsys.readouterr().out
    assert coach.texts[-1] == "one"
    assert coach.undelivered == []


def test_a_debate_by_its_number(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    coach = FakeCoach(places={5: Place("terminal", "local", "pipe-x")})
    assert typed("hi\r\x04", coach, replace(OPTIONS, debate=5)) == 0
    assert coach.texts == ["!flow", "hi"]
    assert {heard.request.person.id for heard in coach.messages.values()} == {"pipe-x"}
    assert typed("", coach, replace(OPTIONS, debate=6)) == 2
    assert "no debate 6" in capsys.readouterr().out


# --- in the debate ---


def test_bad_input_is_answered_at_the_prompt(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    coach = FakeCoach()
    assert typed("\r\r  \ra\u202eb\r" + f"\x1b[200~{'x' * 20_000}\x1b[201~\r\x04", coach) == 0
    said = capsys.readouterr().out
    assert said.count("There is nothing in this line.") == 2
    assert "1 invisible characters were taken out" in said
    assert coach.texts[1:] == ["ab", "x" * 20_000]


def test_files_are_saved(typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("\r!export\r!export json\r\x04", FakeCoach()) == 0
    assert (tmp_path / "debate-1.md").read_text() == "# The debate\n"
    assert (tmp_path / "debate-1-2.md").exists()
    assert "debate-1-2.md" in " ".join(capsys.readouterr().out.split())


def test_files_that_cannot_be_saved_are_shown(tmp_path: Path) -> None:
    reply = Reply((Paragraph("x"), File("../../a.md", "text/markdown", "A")))
    assert saved(reply, tmp_path / "missing") == reply
    assert isinstance(saved(reply, tmp_path).blocks[1], Notice)
    assert (tmp_path / "a.md").exists()
    for number in range(2, 100):
        (tmp_path / f"a-{number}.md").touch()
    assert saved(reply, tmp_path) == reply


def test_a_broken_install_ends_the_first_prompt(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    broken = BrokenInstall("The model that reads is broken")
    assert typed("", FakeCoach(), opened=opening(FakeCoach(), broken)) == 1
    assert "complaint broken: The model that reads is broken. Install gadfly again" in capsys.readouterr().out


def test_a_history_that_cannot_grow_costs_nothing(
    typed: Typed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from prompt_toolkit.history import FileHistory

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileHistory, "store_string", full)
    coach = FakeCoach()
    assert typed("\rhello\r\x04", coach) == 0
    assert coach.texts[-1] == "hello"
    assert "Traceback" not in capsys.readouterr().out


def test_words_that_could_not_be_kept_can_be_sent_again(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coach = FakeCoach()
    typed("\r\x04", coach)
    coach.fails = [StoreError(Trouble.FULL, tmp_path)]
    assert typed("\rhello\r\r\x04", coach, LEFT) == 0
    assert "no space left" in capsys.readouterr().out
    assert coach.texts[-1] == "hello"


def test_a_store_that_is_broken_ends_it(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coach = FakeCoach(places={1: TTY}, fails=[StoreError(Trouble.CORRUPT, tmp_path)])
    assert typed("\r", coach, LEFT) == 1
    assert "complaint corrupt" in capsys.readouterr().out


def test_another_window_ends_the_open_prompt(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    busy = opening(FakeCoach(), StoreError(Trouble.BUSY, tmp_path))
    assert typed("", FakeCoach(), opened=busy) == 75
    assert "complaint busy" in capsys.readouterr().out


def test_another_window_noticed_after_enter(typed: Typed, tmp_path: Path) -> None:
    busy = opening(FakeCoach(), StoreError(Trouble.BUSY, tmp_path))
    assert typed("", FakeCoach(), replace(OPTIONS, debate=1), busy) == 75


# --- Ctrl-C and SIGTERM ---


def test_ctrl_c_once_warns_and_twice_leaves(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    coach = FakeCoach()
    assert typed("\rhello\r\x03\x03", coach) == 130
    assert capsys.readouterr().out.count("Ctrl-C again to leave; your debate is saved.") == 1
    assert coach.closed == 1
    assert typed("\r\x03more\r\x03\x04", coach) == 0


def test_ctrl_c_at_the_first_prompt(typed: Typed) -> None:
    coach = FakeCoach()
    assert typed("\x03\x03", coach) == 130


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 0)])
def test_signals_during_an_answer(typed: Typed, number: int, code: int) -> None:
    class Slow(FakeCoach):
        async def hear(self, request: object) -> object:  # type: ignore[override]
            os.kill(os.getpid(), number)
            await asyncio.sleep(0.5)
            return await super().hear(request)  # type: ignore[arg-type]

    coach = Slow()
    assert typed("\r\x04", coach) == code
    assert coach.closed == 1


# --- history and completion ---


def test_the_history_is_for_its_owner_only(typed: Typed, tmp_path: Path) -> None:
    typed("\rA secret.\r\x04", FakeCoach())
    history = tmp_path / "home" / "history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    assert stat.S_IMODE(history.parent.stat().st_mode) == 0o700
    assert "A secret." in history.read_text()


def test_forget_me_means_the_history_too(typed: Typed, tmp_path: Path) -> None:
    typed("\rA secret.\r!forget-me\r!forget-me yes\rnew\r\x04", FakeCoach())
    text = (tmp_path / "home" / "history").read_text()
    assert "secret" not in text
    assert "new" in text


def test_a_history_that_cannot_be_written(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    coach = FakeCoach()
    assert typed("\rhello\r!forget-me yes\r\x04", coach, replace(OPTIONS, plain=True)) == 0
    assert coach.texts[1] == "hello"


def test_completion() -> None:
    words = Words()
    words.more = start.first_words(MOTIONS)

    def found(text: str) -> list[str]:
        return [item.text for item in words.get_completions(Document(text), CompleteEvent())]

    assert found("!fl") == ["!flow"]
    assert found("/le") == ["/leaderboard"]
    assert found("ag") == ["against"]
    assert found("") == []
    assert len(found("!")) > 10
    assert found("Sanctions bite") == []
