"""The commands for authors and keepers, in this process."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.reading.built import Builder
from bot.reading.encoder import Encoder
from content.index import SHIPPED
from content.loading import load_deck
from tests.content import decks
from tests.terminal.conftest import Command

ROOT = Path(__file__).parents[2]
ESSAY = "Title\n\nPhones are loud in every classroom of every school. That is bad.\n"


# --- decks ---


def test_motions(gadfly: Command) -> None:
    code, out, err = gadfly("motions")
    assert (code, err) == (0, "")
    assert out.startswith("putin-trump-talks: Direct talks")
    assert "for (“such talks will fail" in " ".join(out.split())


def test_the_shipped_decks_are_sound(gadfly: Command) -> None:
    code, out, err = gadfly("deck", "check")
    assert (code, err) == (0, "")
    assert out.count("0 errors") == 2


@pytest.mark.parametrize("word", ["school-phones", "school", str(SHIPPED / "school-phones.yaml")])
def test_a_deck_by_name_or_file(gadfly: Command, word: str) -> None:
    code, out, _ = gadfly("deck", "check", word)
    assert code == 0
    assert out.count("school-phones:") == 1


def free_buses(folder: Path) -> None:
    """A deck of one's own with its essay."""
    folder.mkdir(parents=True)
    (folder / "free-buses.yaml").write_text(decks.DECK, "utf-8")
    (folder / "free-buses.txt").write_text(decks.ESSAY, "utf-8")


def test_decks_of_ones_own_are_taught_to_the_reader_and_then_known(gadfly: Command, tmp_path: Path) -> None:
    free_buses(tmp_path / "home" / "decks")
    code, out, err = gadfly("deck", "build")
    assert (code, err) == (0, "")
    assert re.search(r"free-buses\.yaml: free-buses: \d+ cards, [\d.]+ s, [\d.]+ MB in ", out)
    deck = load_deck(tmp_path / "home" / "decks" / "free-buses.yaml", ())
    folder = Path(out.split(" MB in ")[1].strip())
    assert Builder(Encoder(), folder).kept(deck) is not None
    assert gadfly("deck", "build", "free-buses", "--out", str(tmp_path / "there"))[0] == 0
    assert {path.name for path in (tmp_path / "there").iterdir()} == {
        "free-buses.npz",
        "free-buses.heads.npz",
    }


def test_what_cannot_be_built_is_said(gadfly: Command, tmp_path: Path) -> None:
    code, _, err = gadfly("deck", "build")
    assert (code, "Decks that ship are built already" in err) == (0, True)
    code, _, err = gadfly("deck", "build", "nothing")
    assert (code, "No deck has this name" in err) == (2, True)
    (tmp_path / "broken.yaml").write_text("id: x\n")
    code, _, err = gadfly("deck", "build", str(tmp_path / "broken.yaml"))
    assert (code, "broken.yaml" in err) == (1, True)
    free_buses(tmp_path / "mine")
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    code, _, err = gadfly(
        "deck", "build", str(tmp_path / "mine" / "free-buses.yaml"), "--out", str(blocked / "below")
    )
    assert (code, "cannot be written" in err) == (1, True)


def test_the_benchmark_needs_a_checkout_and_a_folder(
    gadfly: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, _, err = gadfly("bench", "reading", "--data", str(tmp_path / "nowhere"))
    assert (code, "is no folder" in err) == (2, True)
    asked: list[Path | None] = []
    monkeypatch.setattr("tests.bench.bench_reading.run", asked.append)
    assert gadfly("bench", "reading")[0] == 0
    assert gadfly("bench", "reading", "--data", str(tmp_path))[0] == 0
    assert asked == [None, tmp_path]
    monkeypatch.setitem(sys.modules, "tests.bench", None)
    code, _, err = gadfly("bench", "reading")
    assert (code, "in a checkout" in err) == (2, True)


LOCATED = re.compile(r"\S+\.yaml(:\d+)?: (error|warning): .+\. .+")


def test_every_fault_of_a_deck_has_one_form(gadfly: Command, tmp_path: Path) -> None:
    """From the loader, from the checks, or from the library: file, line, level, what and the mend."""
    text = (SHIPPED / "school-phones.yaml").read_text("utf-8")
    decks = tmp_path / "home" / "decks"
    decks.mkdir(parents=True)
    (decks / "mine.yaml").write_text(text.replace("id: f02", "id: f01", 1))
    (decks / "taken.yaml").write_text(text)
    long = text.replace("tag: ", f"tag: {'long ' * 20}", 1).replace("id: school-phones", "id: other", 1)
    (decks / "long.yaml").write_text(long)
    code, out, err = gadfly("deck", "check", "mine", "taken", "long", "nowhere.yaml")
    assert (code, err) == (1, "")
    faults = [line for line in out.splitlines() if " errors, " not in line]
    assert [line for line in faults if not LOCATED.fullmatch(line)] == []
    assert len([line for line in faults if "mine.yaml:" in line]) == 1, "no fault that follows from another"
    (taken,) = [line for line in faults if "taken.yaml:" in line]
    assert "error: The deck id school-phones is taken by" in taken
    assert re.search(r"taken\.yaml:\d+:", taken)
    assert any("long.yaml:" in line and "error: f01: The tag of f01 has" in line for line in faults)
    assert "nowhere.yaml: error: There is no such file" in out


def test_an_id_is_taken_by_another_deck_of_ones_own_and_not_by_a_draft(
    gadfly: Command, tmp_path: Path
) -> None:
    text = (SHIPPED / "school-phones.yaml").read_text("utf-8").replace("id: school-phones", "id: mine", 1)
    decks = tmp_path / "home" / "decks"
    decks.mkdir(parents=True)
    for path in (decks / "a.yaml", decks / "b.yaml", tmp_path / "draft.yaml"):
        path.write_text(text)
    assert gadfly("deck", "check", "a")[0] == 0
    assert gadfly("deck", "check", "draft.yaml")[0] == 0
    code, out, _ = gadfly("deck", "check", "b")
    assert code == 1
    assert f"The deck id mine is taken by {decks / 'a.yaml'}" in out


def test_decks_that_are_not_there(gadfly: Command) -> None:
    code, _, err = gadfly("deck", "check", "skool-phones")
    assert code == 2
    assert "Did you mean school-phones" in err
    code, out, _ = gadfly("deck", "check", "nowhere/x.yaml")
    assert code == 1
    assert "nowhere/x.yaml" in out
    assert gadfly("deck", "show", "skool-phones")[0] == 2


def test_a_new_deck(gadfly: Command, tmp_path: Path) -> None:
    (tmp_path / "phones.txt").write_text(ESSAY)
    code, out, _ = gadfly("deck", "new", "phones.txt")
    assert code == 0
    assert "Phones are loud" in out
    decks = tmp_path / "home" / "decks"
    decks.mkdir(parents=True)
    code, out, err = gadfly("deck", "new", "phones.txt", "-o", str(decks / "phones.yaml"))
    assert (code, out) == (0, "")
    assert "gadfly deck check" in err
    code, _, err = gadfly("deck", "new", "phones.txt", "-o", str(decks / "phones.yaml"))
    assert code == 1
    assert "there already" in err
    code, out, _ = gadfly("deck", "check")
    assert code == 1
    assert "phones.yaml:" in out
    code, _, err = gadfly("deck", "show", "nothing")
    assert code == 2
    assert "phones.yaml" in err


def test_a_new_deck_that_cannot_be(gadfly: Command, tmp_path: Path) -> None:
    assert gadfly("deck", "new", "missing.txt")[0] == 1
    (tmp_path / "phones.txt").write_text(ESSAY)
    code, _, err = gadfly("deck", "new", "phones.txt", "-o", "no/folder/x.yaml")
    assert code == 1
    assert "cannot be written" in err


def test_a_new_deck_on_a_full_disk_leaves_nothing(
    gadfly: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "phones.txt").write_text(ESSAY)
    monkeypatch.setattr(os, "fsync", full)
    code, _, err = gadfly("deck", "new", "phones.txt", "-o", "x.yaml")
    assert code == 1
    assert "No space left" in err
    assert not (tmp_path / "x.yaml").exists()


def test_showing_a_deck(gadfly: Command) -> None:
    code, out, _ = gadfly("deck", "show", "putin")
    assert code == 0
    assert "[f01 · " in out
    assert "[a24 · " in out
    code, out, _ = gadfly("deck", "show", "putin", "[F07]")
    assert code == 0
    for heading in ("As people say it", "Critical questions", "Attacks on it"):
        assert heading in out
    code, _, err = gadfly("deck", "show", "putin", "f99")
    assert code == 2
    assert "no card 'f99'" in err


def test_the_schema(gadfly: Command) -> None:
    code, out, _ = gadfly("deck", "schema")
    assert code == 0
    assert json.loads(out)["title"] == "A Gadfly deck"


def test_scripted_learners(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import scrimmage
    from content.deck import Side

    def play(*_: object) -> scrimmage.Scrimmage:
        return scrimmage.Scrimmage({Side.FOR: (50.0, 52.0), Side.AGAINST: (51.0, against)})

    monkeypatch.setattr(scrimmage, "play", play)
    against = 51.0
    code, out, _ = gadfly("deck", "check", "school-phones", "--play")
    assert code == 0
    assert "for 51 in 2 debates, against 51 in 2 debates; difference +0 (fair)" in out
    against = 21.0
    code, out, _ = gadfly("deck", "check", "school-phones", "--play")
    assert code == 1
    assert "difference +15 (not fair: more than 3 points apart)" in out


# --- reading ---


def test_inspect(gadfly: Command) -> None:
    lines = [{"id": "1", "text": "Putin wants to keep Crimea."}, {"id": "2", "text": ""}]
    stdin = "\n".join(map(json.dumps, lines)).encode()
    code, out, _ = gadfly("inspect", "--motion", "putin", "--json", stdin=stdin)
    assert code == 0
    found = [json.loads(line) for line in out.splitlines()]
    assert [item["id"] for item in found] == ["1", "2"]
    assert found[0]["kind"] == "argument"
    code, out, _ = gadfly(
        "inspect", "--motion", "putin", "--json", stdin=b'{"id": 1}\n{"id": 2, "text": "x"}\n'
    )
    assert code == 1
    assert "error" in json.loads(out.splitlines()[0])
    assert "error" not in json.loads(out.splitlines()[1])
    assert gadfly("inspect", "--motion", "nothing")[0] == 2


@pytest.mark.parametrize(
    "words", [["inspect", "--motion", "putin"], ["deck", "check", "school-phones", "--play"]]
)
def test_reading_with_a_broken_model(
    gadfly: Command, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    from bot.reading.encoder import Encoder

    def broken(*_: object) -> None:
        raise KeyError("dims")

    monkeypatch.setattr(Encoder, "encode", broken)
    code, _, err = gadfly(*words, stdin=b'{"text": "x"}\n')
    assert code == 1
    assert err.startswith("gadfly: The model that reads is broken (KeyError: 'dims'")
    assert "Install gadfly again" in err
    assert "BAD  model" in gadfly("doctor", "--quiet")[1]


def test_broken_rubrics(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import coach
    from bot.debate.judging import Rubric

    assert "rubrics: v1 " in gadfly("doctor")[1]
    with monkeypatch.context() as patch:
        patch.setattr(coach, "load_rubrics", lambda: ())
        code, _, err = gadfly("play")
        assert code == 1
        assert "There is no rubric" in err
    monkeypatch.setattr(coach, "load_rubrics", lambda: Rubric.from_json(b"{"))
    assert "BAD  rubrics: A rubric in" in gadfly("doctor", "--quiet")[1]


# --- data ---


def test_export_and_backup(gadfly: Command, tmp_path: Path) -> None:
    assert gadfly("backup", "copy.db")[0] == 1
    gadfly("play", stdin=b"!end\n")
    for form, begins in (("markdown", "#"), ("json", "{"), ("argdown", "")):
        code, out, err = gadfly("export", "1", "--format", form)
        assert (code, err) == (0, "")
        assert out.startswith(begins)
        assert "Direct talks" in out
    code, _, err = gadfly("export", "9")
    assert code == gadfly("play", "--debate", "9")[0] == 2
    assert "no debate 9" in err
    code, out, _ = gadfly("backup", "copy.db")
    assert code == 0
    assert "1 debates" in out
    assert (tmp_path / "copy.db").stat().st_size
    code, _, err = gadfly("backup", "no/folder/copy.db")
    assert code == 2
    assert "no/folder/copy.db cannot be used (No such file or directory)" in err
    assert ".part" not in err
    (tmp_path / "home" / "gadfly.db").write_bytes(b"")
    assert "nothing to copy" in gadfly("backup", "copy.db")[2]


def test_an_export_beside_a_running_window(gadfly: Command, tmp_path: Path) -> None:
    from bot.store.files import Lock

    gadfly("play", stdin=b"!end\n")
    alone = gadfly("export", "1", "--format", "json")
    lock = Lock.take(tmp_path / "home")
    try:
        assert gadfly("export", "1", "--format", "json") == alone
    finally:
        lock.release()
    assert json.loads(alone[1])["complete"] is False


def test_an_export_is_that_of_the_debate(gadfly: Command) -> None:
    _, out, _ = gadfly(
        "play", "--json", stdin=b"Talks fail because Putin wants Crimea.\n!end\n!export json\n"
    )
    files = [block for line in out.splitlines() for block in json.loads(line).get("blocks", [])]
    (file,) = [block["text"] for block in files if block["block"] == "file"]
    assert gadfly("export", "1", "--format", "json")[1] == file


@pytest.mark.parametrize(
    "words", [["export", "1"], ["deck", "new", "essay.txt"], ["inspect", "--motion", "putin"]]
)
def test_files_and_programs_get_utf8(gadfly: Command, tmp_path: Path, words: list[str]) -> None:
    gadfly("play")
    (tmp_path / "essay.txt").write_text("Naïve “talks” fail.\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "adapters", *words],
        input='{"id": "“é”", "text": "x"}\n'.encode(),
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)},
    )
    assert "“" in done.stdout.decode("utf-8")


def test_an_export_of_a_database_that_cannot_be_read(gadfly: Command, tmp_path: Path) -> None:
    gadfly("play")
    (tmp_path / "home" / "gadfly.db").write_bytes(b"nonsense" * 1000)
    code, out, err = gadfly("export", "1")
    assert (code, out) == (1, "")
    assert "gadfly.db is damaged" in err


# --- doctor ---


def test_doctor_when_all_is_well(gadfly: Command) -> None:
    code, out, _ = gadfly("doctor")
    assert code == 0
    assert "none yet" in out
    assert "hash as published" in out
    assert "GADFLY_HOME (environment)" in out
    gadfly("play")
    code, out, _ = gadfly("doctor")
    assert code == 0
    assert "database: sound" in out
    assert gadfly("doctor", "--quiet") == (0, "", "")


def test_doctor_never_shows_values(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "canary-7f3")
    out = gadfly("doctor")[1]
    assert "FORCE_COLOR (environment)" in out
    assert "canary" not in out


def test_doctor_says_which_secrets_of_slack_there_are(
    gadfly: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    assert "ok   slack: no token is set" in gadfly("doctor")[1]
    monkeypatch.setenv("SLACK_BOT_TOKEN", "canary-7f3")
    monkeypatch.setenv("SLACK_APP_TOKEN", "canary-7f4")
    out = gadfly("doctor")[1]
    assert "ok   slack: set: the bot token, the app-level token" in out
    assert "`gadfly slack --check`" in out
    assert "canary" not in out


def test_doctor_says_whether_there_is_a_token(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    out = gadfly("doctor")[1]
    assert "ok   discord: no token is set" in out
    assert "`gadfly discord --check`" in out
    monkeypatch.setenv("DISCORD_TOKEN", "canary-7f3")
    out = gadfly("doctor")[1]
    assert "ok   discord: a token is set" in out
    assert "`gadfly discord --check`" in out
    assert "canary" not in out


def test_doctor_names_what_is_wrong(gadfly: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters import doctor

    monkeypatch.setenv("GADFLY_DEKS", "x")
    gadfly("play")
    (tmp_path / "home").chmod(0o755)
    code, out, _ = gadfly("doctor", "--quiet")
    assert code == 1
    assert "GADFLY_DEKS is no setting" in out
    assert "chmod -R go=" in gadfly("doctor")[1]
    monkeypatch.setattr(doctor, "OLDEST", (4, 0))
    monkeypatch.setattr(doctor, "NEEDED", ("numpy", "not_there_at_all"))
    code, out, _ = gadfly("doctor")
    assert code == 1
    assert "missing: not_there_at_all" in out
    assert "BAD  python" in out
    assert "model" not in out


def test_doctor_on_a_folder_that_cannot_be_written(gadfly: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, out, _ = gadfly("doctor", "--home", str(tmp_path / "file" / "home"))
    assert code == 1
    assert "cannot be written (Not a directory)" in out
    assert "It is no folder" in out


@pytest.mark.parametrize(
    ("number", "mend"), [(errno.ENOSPC, "Free some space"), (errno.EROFS, "Give yourself write access")]
)
def test_doctor_tries_to_write(
    gadfly: Command, monkeypatch: pytest.MonkeyPatch, number: int, mend: str
) -> None:
    assert re.search(r"data folder: \S+ \(made at the first debate\), [\d,]+ MB free", gadfly("doctor")[1])

    def fail(handle: int) -> None:
        raise OSError(number, "said the system")

    monkeypatch.setattr(os, "fsync", fail)
    code, out, _ = gadfly("doctor", "--quiet")
    assert code == 1
    assert "cannot be written (said the system)" in out
    assert mend in out


def test_doctor_on_a_disk_that_is_nearly_full(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters import doctor

    monkeypatch.setattr(doctor, "LITTLE", 1 << 60)
    code, out, _ = gadfly("doctor")
    assert code == 0
    assert "That is little" in out


def test_doctor_on_files_that_cannot_be_written(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    gadfly("play")
    monkeypatch.setattr(os, "access", lambda *_: False)
    code, out, _ = gadfly("doctor", "--quiet")
    assert code == 1
    assert out.count("chmod u+rw") == 2


def test_an_empty_database_is_told(gadfly: Command, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    database = tmp_path / "home" / "gadfly.db"
    database.touch()
    code, out, _ = gadfly("doctor")
    assert code == 0
    assert f"{database} is empty" in out
    code, _, err = gadfly("play")
    assert code == 0
    assert f"{database} was empty" in err
    assert "was empty" not in gadfly("play")[2]


def test_doctor_on_a_database_to_be_upgraded_or_damaged(
    gadfly: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from bot.store import care
    from bot.store.files import State

    gadfly("play")
    sound = care.health(tmp_path / "home")
    monkeypatch.setattr(care, "health", lambda home: replace(sound, state=State.OLDER))
    assert "upgraded at the next start" in gadfly("doctor")[1]
    monkeypatch.setattr(care, "health", lambda home: replace(sound, faults=("row 1 is missing",)))
    code, out, _ = gadfly("doctor")
    assert code == 1
    assert "row 1 is missing" in out
    monkeypatch.setattr(care, "health", lambda home: replace(sound, wal_reset_bug=not sound.wal_reset_bug))
    assert gadfly("doctor")[0] == 0
