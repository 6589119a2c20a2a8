"""What goes into the store and what comes out: frozen values, never table rows.

Moments are aware datetimes. A debate's entries are numbered from 0, so a number is a place in
``Transcript.entries`` and the present length is the next number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.debate.entries import Entry, Level
from bot.messages import Person, Place, Request
from bot.store.files import State
from content.deck import Side


@dataclass(frozen=True)
class NewDebate:
    """A debate to open; ``deck_json`` is the whole deck, kept once by ``deck_sha``."""

    deck_id: str
    deck_sha: str
    deck_json: str
    person: Person
    place: Place
    side: Side
    level: Level
    at: datetime


@dataclass(frozen=True)
class Result:
    """What a debate came to: ``score`` uncontested, ``contested`` where contests changed it.

    ``debate`` is set in what comes out, and ignored in what goes in.
    """

    deck_id: str
    side: Side
    level: Level
    score: float
    contested: float | None
    complete: bool
    at: datetime
    debate: int | None = None


@dataclass(frozen=True)
class Setting:
    """One value of a setting; ``scope`` is ``place_scope(...)``, ``person_scope(...)`` or a word of the caller's."""

    scope: str
    name: str
    value: str


@dataclass(frozen=True)
class Write:
    """Everything one transaction does, or nothing of it.

    request: the message it comes from; its key is taken, once for ever. ``speech``: it is a speech, not a command.
    debate: the debate to append to; opens: or a new one (not both).
    entries: appended in order. ``Ended`` ends the debate.
    expects: the length the transcript must have.
    closes: the result (a later one replaces it); it ends the debate too.
    answers: keys of messages which this write answers (a command's own key, for one).
    settings: set along the way.
    """

    request: Request | None = None
    speech: bool = False
    debate: int | None = None
    opens: NewDebate | None = None
    entries: tuple[Entry, ...] = ()
    expects: int | None = None
    closes: Result | None = None
    answers: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True)
class Written:
    """Where a write went: its debate and the numbers of its first and last entry (None: no entries).

    ``again``: the key was known and nothing was done; the numbers are those of the first time (``last_seq`` is the
    last entry of its answer, None while unanswered), and all None for a key that was forgotten.
    """

    debate: int | None
    first_seq: int | None
    last_seq: int | None
    again: bool = False


@dataclass(frozen=True)
class Transcript:
    """A debate as it was recorded."""

    id: int
    deck_id: str
    deck_sha: str
    person: Person
    place: Place
    side: Side
    level: Level
    opened_at: datetime
    ended_at: datetime | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Summary:
    """A debate in one line; ``length`` is its number of entries, ``result`` what it came to, if it did."""

    id: int
    deck_id: str
    deck_sha: str
    place: Place
    side: Side
    level: Level
    opened_at: datetime
    ended_at: datetime | None
    length: int
    result: Result | None


@dataclass(frozen=True)
class Seat:
    """A debate as a platform knows it: whose it is and where; ``ended_at`` is None while it is open."""

    debate: int
    person: Person
    place: Place
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Inbox:
    """A message heard. ``first_seq`` is its own entry, ``last_seq`` the last entry of its answer (None: none)."""

    request: Request
    speech: bool
    debate: int | None
    first_seq: int | None
    last_seq: int | None
    answered_at: datetime | None
    delivered_at: datetime | None
    erased: bool


@dataclass(frozen=True)
class Rank:
    """A line of a leaderboard: somebody's best on a deck, side and level; ``name`` is the one they chose."""

    person: Person
    name: str
    deck_id: str
    side: Side
    level: Level
    score: float
    at: datetime


@dataclass(frozen=True)
class Forgotten:
    """What ``forget`` removed."""

    debates: int
    messages: int


@dataclass(frozen=True)
class Backup:
    """A copy made: where, how many debates and entries it holds, and the SHA-256 of the file."""

    path: Path
    debates: int
    entries: int
    sha256: str


@dataclass(frozen=True)
class Health:
    """What ``gadfly doctor`` asks. ``faults`` is empty when the file is sound; ``bytes`` counts file and log.

    ``wal_reset_bug``: this SQLite can lose pages when two connections write (3.7.0 to 3.51.2, but 3.44.6 and
    3.50.7 on); Gadfly writes with one, so it warns of other programs only.
    ``private``: only the owner can read folder and file.
    """

    path: Path
    state: State
    revision: str | None
    sqlite: str
    wal_reset_bug: bool
    journal_mode: str
    faults: tuple[str, ...]
    bytes: int
    private: bool
