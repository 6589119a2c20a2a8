"""Where settings come from, and that every list of their names is the same."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import platformdirs
import pytest

from adapters import VERSION
from adapters.settings import SETTINGS, Settings, SettingsError, default_home, load

ROOT = Path(__file__).parents[2]


def loaded(tmp_path: Path, environ: dict[str, str] | None = None, **flags: str | None) -> Settings:
    return load(flags, {"GADFLY_HOME": str(tmp_path), **(environ or {})}, tmp_path)


def test_defaults(tmp_path: Path) -> None:
    settings = load({}, {"XDG_DATA_HOME": str(tmp_path)}, tmp_path)
    assert settings.decks == ""
    assert settings.colour is None
    assert settings.origin == {}
    assert settings.home == default_home({"XDG_DATA_HOME": str(tmp_path)})
    assert settings.own_decks == settings.home / "decks"
    assert settings.vectors == settings.home / "vectors"


@pytest.mark.parametrize("data", ["/somewhere/else", " ", ""])
def test_the_default_folder_is_that_of_platformdirs(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", data)
    assert default_home({"XDG_DATA_HOME": data}) == Path(platformdirs.user_data_dir("gadfly", False))
    assert sys.platform == "linux"


def test_the_default_folder_elsewhere() -> None:
    assert default_home({}, "darwin") == Path.home() / "Library" / "Application Support" / "gadfly"
    assert default_home({}, "win32") == Path.home() / "AppData" / "Local" / "gadfly"
    assert default_home({"LOCALAPPDATA": "/local"}, "win32") == Path("/local/gadfly")


def test_flags_then_environment_then_dotenv_then_toml(tmp_path: Path) -> None:
    (tmp_path / "gadfly.toml").write_text('decks = ["toml", "b"]\nno_color = true\nforce_color = false\n')
    assert loaded(tmp_path).decks == "toml,b"
    assert loaded(tmp_path).origin["GADFLY_DECKS"] == "gadfly.toml"
    assert loaded(tmp_path).colour is False
    (tmp_path / ".env").write_text("# a comment\n\nexport GADFLY_DECKS='dotenv' # after\n")
    assert loaded(tmp_path).decks == "dotenv"
    assert loaded(tmp_path, {"GADFLY_DECKS": "environ"}).decks == "environ"
    settings = loaded(tmp_path, {"GADFLY_DECKS": "environ"}, GADFLY_DECKS="flag")
    assert settings.decks == "flag"
    assert settings.origin == {
        "GADFLY_HOME": "environment",
        "GADFLY_DECKS": "flag",
        "NO_COLOR": "gadfly.toml",
    }


def test_an_empty_value_is_none(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GADFLY_DECKS=dotenv\n")
    assert loaded(tmp_path, {"GADFLY_DECKS": ""}).decks == "dotenv"


def test_home_from_dotenv_is_relative_to_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GADFLY_HOME=data\n")
    assert load({}, {}, tmp_path).home == tmp_path / "data"
    assert load({}, {"GADFLY_HOME": "~/g"}, tmp_path).home == Path.home() / "g"


def test_load_reads_the_process_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GADFLY_HOME", str(tmp_path / "h"))
    assert load().home == tmp_path / "h"


def test_colours(tmp_path: Path) -> None:
    assert loaded(tmp_path, {"FORCE_COLOR": "1"}).colour is True
    assert loaded(tmp_path, {"FORCE_COLOR": "1", "NO_COLOR": "1"}).colour is False


def test_unknown_names_are_kept_for_doctor(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GADFLY_DEKS=x\nOTHER=1\n")
    assert loaded(tmp_path, {"GADFLY_HOMES": "y"}).unknown == ("GADFLY_DEKS", "GADFLY_HOMES")


@pytest.mark.parametrize(
    ("line", "value"),
    [("A=b", "b"), ('A="b # c"', "b # c"), ("A=b # c", "b"), ("A='b", "'b"), ("A=", ""), ("A=b#c", "b#c")],
)
def test_values_of_dotenv(tmp_path: Path, line: str, value: str) -> None:
    (tmp_path / ".env").write_text(line.replace("A=", "GADFLY_DECKS="))
    assert loaded(tmp_path).decks == value


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        (".env", b"no equals here\n", "Line 1 is no setting"),
        (".env", b"=x\n", "Line 1 is no setting"),
        (".env", b"A=\xff\n", "cannot be read"),
        ("gadfly.toml", b"decks = \n", "not TOML"),
        ("gadfly.toml", b"home = 'x'\n", "no setting 'home'"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, file: str, text: bytes, problem: str) -> None:
    (tmp_path / file).write_bytes(text)
    with pytest.raises(SettingsError, match=problem) as caught:
        loaded(tmp_path)
    assert caught.value.path == tmp_path / file
    assert caught.value.mend


def test_numbers_in_toml_are_words(tmp_path: Path) -> None:
    (tmp_path / "gadfly.toml").write_text("decks = 7\n")
    assert loaded(tmp_path).decks == "7"


def test_the_example_names_every_setting_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    named = [line[2:].partition("=") for line in text.splitlines() if line.startswith("# ") and "=" in line]
    assert {name: example for name, _, example in named} == {row.name: row.example for row in SETTINGS}


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION
