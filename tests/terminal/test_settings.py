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
        (".env", b"A=1\nGADFLY_DECKS putin\n", ".env:2: This is no setting"),
        (".env", b"\nexport NO_COLOR\n", ".env:2: This is no setting"),
        (".env", b"A=\xff\nGADFLY_DECKS=\xff\n", ".env:2: GADFLY_DECKS is not UTF-8"),
        ("gadfly.toml", b"no_color = true\ndecks = \n", "gadfly.toml:2: It is not TOML"),
        ("gadfly.toml", b"decks = [", "gadfly.toml:1: It is not TOML"),
        ("gadfly.toml", b"# \n\nhome = 'x'\n", "gadfly.toml:3: There is no setting 'home'"),
        ("gadfly.toml", b"decks = '\xff'\n", "cannot be read"),
        ("gadfly.toml", b"no_color = true\ndecks = {a = 1}\n", "gadfly.toml:2: decks has a value of a kind"),
        ("gadfly.toml", b"[decks]\na = 1\n", "gadfly.toml:1: decks has a value of a kind"),
        ("gadfly.toml", b"no_color = [true, [1]]\n", "gadfly.toml:1: no_color has a value of a kind"),
        ("gadfly.toml", b"decks = 2024-01-01\n", "gadfly.toml:1: decks has a value of a kind"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, file: str, text: bytes, problem: str) -> None:
    (tmp_path / file).write_bytes(text)
    with pytest.raises(SettingsError, match=problem) as caught:
        loaded(tmp_path)
    assert caught.value.path == tmp_path / file
    assert caught.value.mend


FOREIGN = b"""\xef\xbb\xbfGADFLY_DECKS=putin-trump-talks
# d\xe9j\xe0 vu
PRIVATE_KEY="-----BEGIN PRIVATE KEY-----
MIIEvQ=
GADFLY_HOME=/not/ours
-----END PRIVATE KEY-----"
export FLAG
=x
no equals here
LATIN=\xff
TIS='twas
FORCE_COLOR=1
"""


def test_a_dotenv_of_another_project_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(FOREIGN)
    settings = load({}, {"XDG_DATA_HOME": str(tmp_path)}, tmp_path)
    assert settings.origin == {"GADFLY_DECKS": ".env", "FORCE_COLOR": ".env"}
    assert settings.decks == "putin-trump-talks"


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "gadfly.toml").write_bytes(b"\xef\xbb\xbfdecks = 'a'\n")
    assert loaded(tmp_path).decks == "a"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    (tmp_path / ".env").touch()
    monkeypatch.setattr(Path, "read_text", closed)
    with pytest.raises(SettingsError, match=r"It cannot be read \(Permission denied\)"):
        loaded(tmp_path)


@pytest.mark.parametrize("home", ["~nobody-of-this-name/x", "~"])
def test_a_home_that_nobody_knows(home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(self: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    with pytest.raises(SettingsError, match=r"GADFLY_HOME: Could not .* directory\. Name the data folder"):
        loaded(tmp_path, {"GADFLY_HOME": home})


def test_a_working_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SettingsError, match="It is gone"):
        load()
    monkeypatch.chdir(tmp_path)


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
