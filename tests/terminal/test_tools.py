"""The commands for authors and keepers, in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from content.index import SHIPPED
from tests.terminal.conftest import Command

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
    assert code == 1
    assert "no debate 9" in err
    code, out, _ = gadfly("backup", "copy.db")
    assert code == 0
    assert "1 debates" in out
    assert (tmp_path / "copy.db").stat().st_size
    code, _, err = gadfly("backup", "no/folder/copy.db")
    assert code != 0
    assert err


def test_an_export_that_is_refused(gadfly: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.coach import Coach
    from bot.messages import Notice, Reply

    async def refused(*_: object) -> Reply:
        return Reply((Notice("No.", refused=True),))

    gadfly("play")
    monkeypatch.setattr(Coach, "answer", refused)
    assert gadfly("export", "1")[:2] == (1, "No.\n")


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
    assert "cannot be written" in out


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
