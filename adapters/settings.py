"""The settings: one table of names, and where their values come from. Standard library only.

Flags come first, then the environment, then ``.env`` in the working folder, then ``$GADFLY_HOME/gadfly.toml``, then the
default. Nothing is read at import. This module must not know what a setting does.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOME = "GADFLY_HOME"
DECKS = "GADFLY_DECKS"
NO_COLOR = "NO_COLOR"
FORCE_COLOR = "FORCE_COLOR"
DISCORD_TOKEN = "DISCORD_TOKEN"
DISCORD_API = "GADFLY_DISCORD_API"
DISCORD_GATEWAY = "GADFLY_DISCORD_GATEWAY"
SLACK_BOT_TOKEN = "SLACK_BOT_TOKEN"
SLACK_APP_TOKEN = "SLACK_APP_TOKEN"
SLACK_SIGNING_SECRET = "SLACK_SIGNING_SECRET"
SLACK_HTTP = "GADFLY_SLACK_HTTP"
SLACK_API = "GADFLY_SLACK_API"

DOTENV = ".env"
TOML = "gadfly.toml"


@dataclass(frozen=True)
class Setting:
    """A row of the table. ``key`` is the name in ``gadfly.toml`` ("" : not there); a ``secret`` is never shown."""

    name: str
    help: str
    example: str
    key: str = ""
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        HOME,
        "The folder for debates, your own decks, the history and gadfly.toml. Default: your user data folder.",
        "~/.local/share/gadfly",
    ),
    Setting(
        DECKS,
        "Which decks are offered, in this order, by id and separated by commas. Default: all of them.",
        "putin-trump-talks,school-phones",
        key="decks",
    ),
    Setting(NO_COLOR, "Set to anything: no colours.", "1", key="no_color"),
    Setting(
        FORCE_COLOR, "Set to anything: colours even where the output is no terminal.", "1", key="force_color"
    ),
    Setting(
        DISCORD_TOKEN,
        "The token of your bot for gadfly discord. Keep it to yourself: who has it is the bot.",
        "paste-it-here",
        secret=True,
    ),
    Setting(
        DISCORD_API,
        "Another server in place of Discord's, for tests: its REST address. Default: Discord.",
        "http://127.0.0.1:8080/api/v10",
        key="discord_api",
    ),
    Setting(
        DISCORD_GATEWAY,
        "And its gateway. Default: the one that the REST address names.",
        "ws://127.0.0.1:8080/gateway/",
        key="discord_gateway",
    ),
    Setting(
        SLACK_BOT_TOKEN,
        "The bot token of your app for gadfly slack. Keep it to yourself: who has it is the bot.",
        "xoxb-paste-it-here",
        secret=True,
    ),
    Setting(
        SLACK_APP_TOKEN,
        "The app-level token of your app, with the scope connections:write, for Socket Mode.",
        "xapp-paste-it-here",
        secret=True,
    ),
    Setting(
        SLACK_SIGNING_SECRET,
        "Without Socket Mode: the signing secret of your app, by which Slack's requests are told from forged ones.",
        "paste-it-here",
        secret=True,
    ),
    Setting(
        SLACK_HTTP,
        "Without Socket Mode: where gadfly slack listens for Slack's requests. Default: Socket Mode.",
        "127.0.0.1:3000",
        key="slack_http",
    ),
    Setting(
        SLACK_API,
        "Another server in place of Slack's, for tests: the address of its Web API. Default: Slack.",
        "http://127.0.0.1:8080/api/",
        key="slack_api",
    ),
)

BY_NAME = {row.name: row for row in SETTINGS}
_BY_KEY = {row.key: row for row in SETTINGS if row.key}


class SettingsError(Exception):
    """A setting that cannot be used: its file (and line, from 1; 0: none) or its name, what is wrong, and the mend."""

    def __init__(self, path: Path | str, problem: str, mend: str, line: int = 0) -> None:
        super().__init__(f"{path}:{line}: {problem}. {mend}" if line else f"{path}: {problem}. {mend}")
        self.path = path
        self.line = line
        self.problem = problem
        self.mend = mend


@dataclass(frozen=True)
class Settings:
    """The settings in force.

    ``colour`` is None where the terminal decides. ``origin`` says per name where the value came from (``flag``,
    ``environment``, ``.env``, ``gadfly.toml``; absent: the default). ``unknown`` are names like ours that are none.
    """

    home: Path
    decks: str = ""
    colour: bool | None = None
    discord_token: str = field(default="", repr=False)
    discord_api: str = ""
    discord_gateway: str = ""
    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_http: str = ""
    slack_api: str = ""
    origin: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def own_decks(self) -> Path:
        """Where a person's own decks live."""
        return self.home / "decks"

    @property
    def index(self) -> Path:
        """The index of a person's own decks, for the next start."""
        return self.home / "decks.json"

    @property
    def vectors(self) -> Path:
        """What was computed from a person's own decks."""
        return self.home / "vectors"

    @property
    def history(self) -> Path:
        """What was typed at the prompt, for the arrow keys."""
        return self.home / "history"


@dataclass(frozen=True)
class _Source:
    """One place that values come from, by the names of the table."""

    origin: str
    values: Mapping[str, str]


def load(
    flags: Mapping[str, str | None] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """The settings; ``environ`` and ``folder`` default to the process's own.

    Raises ``SettingsError`` for a file of ours that cannot be used, and a home that cannot be found. A ``.env`` may be
    somebody else's: only lines that name a setting of ours can be wrong.
    """
    environ = os.environ if environ is None else environ
    folder = _working_folder() if folder is None else folder
    above = (
        _Source("flag", {name: value for name, value in (flags or {}).items() if value}),
        _Source("environment", environ),
        _Source(DOTENV, _dotenv(folder / DOTENV)),
    )
    home = _home(_first(above, HOME)[0], environ, folder)
    sources = (*above, _Source(TOML, _toml(home / TOML)))
    found = {row.name: _first(sources, row.name) for row in SETTINGS}
    return Settings(
        home=home,
        decks=found[DECKS][0],
        colour=_colour(found[NO_COLOR][0], found[FORCE_COLOR][0]),
        discord_token=found[DISCORD_TOKEN][0],
        discord_api=found[DISCORD_API][0],
        discord_gateway=found[DISCORD_GATEWAY][0],
        slack_bot_token=found[SLACK_BOT_TOKEN][0],
        slack_app_token=found[SLACK_APP_TOKEN][0],
        slack_signing_secret=found[SLACK_SIGNING_SECRET][0],
        slack_http=found[SLACK_HTTP][0],
        slack_api=found[SLACK_API][0],
        origin={name: origin for name, (value, origin) in found.items() if value},
        unknown=_unknown(sources),
    )


def default_home(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The user data folder, as platformdirs has it (which costs 25 ms to import; a test compares the two)."""
    user = Path.home()
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "").strip()
        return (Path(local) if local else user / "AppData" / "Local") / "gadfly"
    if platform == "darwin":
        return user / "Library" / "Application Support" / "gadfly"
    data = environ.get("XDG_DATA_HOME", "").strip()
    return (Path(data) if data else user / ".local" / "share") / "gadfly"


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise SettingsError("The working folder", "It is gone", "Go to one that is there: cd") from error


def _first(sources: tuple[_Source, ...], name: str) -> tuple[str, str]:
    for source in sources:
        if source.values.get(name):
            return source.values[name], source.origin
    return "", ""


def _home(value: str, environ: Mapping[str, str], folder: Path) -> Path:
    try:
        return folder / Path(value).expanduser() if value else default_home(environ)
    except RuntimeError as error:  # ~ or ~somebody, and nobody knows their folder
        raise SettingsError(
            HOME, f"{error}".rstrip("."), "Name the data folder in full: /a/folder"
        ) from error


def _colour(no: str, force: str) -> bool | None:
    if no:
        return False
    return True if force else None


def _unknown(sources: tuple[_Source, ...]) -> tuple[str, ...]:
    names = {name for source in sources for name in source.values if name.startswith("GADFLY_")}
    return tuple(sorted(names - BY_NAME.keys()))


def _dotenv(path: Path) -> dict[str, str]:
    """The names and values of a ``.env`` file. A value in quotes may run over lines, as other programs write keys."""
    found: dict[str, str] = {}
    lines = _text(path, "surrogateescape").splitlines()  # what is not UTF-8 may be somebody else's
    at = 0
    while at < len(lines):
        line = lines[at].strip().removeprefix("export ").strip()
        name, equals, value = (part.strip() for part in line.partition("="))
        if equals and not name.startswith("#"):
            later = _lines_of(value, lines[at + 1 :])
            found[name] = _readable("\n".join([value, *later]), path, name, at + 1)
            at += len(later)
        elif _is_ours(line):
            mend = f"Write {line.split()[0]}=value, or # before a comment"
            raise SettingsError(path, "This is no setting", mend, at + 1)
        at += 1
    return {name: _unquoted(value) for name, value in found.items()}


def _lines_of(value: str, following: list[str]) -> list[str]:
    """Those of the ``following`` lines that belong to ``value``: up to its closing quote, none where there is none."""
    mark = value[:1]
    if mark not in ("'", '"') or mark in value[1:]:
        return []
    end = next((number for number, line in enumerate(following) if mark in line), None)
    return [] if end is None else following[: end + 1]


def _is_ours(line: str) -> bool:
    word = (line.split() or [""])[0]
    return word.startswith("GADFLY_") or word in BY_NAME


def _readable(value: str, path: Path, name: str, line: int) -> str:
    """``value``, if it is text or nothing of ours."""
    if _is_ours(name) and any("\udc80" <= char <= "\udcff" for char in value):
        raise SettingsError(path, f"{name} is not UTF-8 text", "Save the file with the encoding UTF-8", line)
    return value


def _unquoted(value: str) -> str:
    for mark in "'\"":
        if value.startswith(mark):
            end = value.find(mark, 1)
            return value[1:end] if end > 0 else value
    return value.partition(" #")[0].rstrip()


def _toml(path: Path) -> dict[str, str]:
    text = _text(path)
    if not text.strip():
        return {}
    import tomllib  # 20 ms that a start without the file need not pay

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        problem = f"It is not TOML ({str(error).partition(' (at ')[0]})"
        raise SettingsError(path, problem, "Mend the line named, or delete it", line) from error
    return {_toml_name(key, path, text): _plain(key, value, path, text) for key, value in table.items()}


def _toml_name(key: str, path: Path, text: str) -> str:
    row = _BY_KEY.get(key)
    if row is None:
        known = f"Known: {', '.join(sorted(_BY_KEY))}"
        raise SettingsError(path, f"There is no setting {key!r} here", known, _line_of(key, text))
    return row.name


def _plain(key: str, value: object, path: Path, text: str) -> str:
    """A value as the environment would hold it: yes or no, a word, or a list of words with commas."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ",".join(str(item) for item in value)
    if isinstance(value, str | int | float):
        return str(value)
    mend = f'Write {key} = "words", {key} = ["a", "list"], or {key} = true'
    raise SettingsError(path, f"{key} has a value of a kind that no setting has", mend, _line_of(key, text))


def _line_of(key: str, text: str) -> int:
    """The line of a TOML file where ``key`` stands, from 1; 0 where it is written in a way of its own."""
    found = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if found.match(line)), 0)


def _text(path: Path, errors: str = "strict") -> str:
    """The file's text without a byte order mark, or nothing where there is no such file; ``errors`` as for ``open``."""
    try:
        return path.read_text("utf-8-sig", errors) if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            path, f"It cannot be read ({reason})", "Make it a readable UTF-8 text file"
        ) from error
