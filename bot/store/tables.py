"""The schema, as SQLModel tables. Rows never leave ``bot.store``: a table row is not validated.

A moment is UTC in ISO 8601 with microseconds, as text, so that order of text is order of time.
A schema change is a new file in ``migrations/versions``, and a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import Column, Dialect, ForeignKey, Index, Integer, MetaData, String, Table, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC text; a naive one raises ``ValueError``."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Row(SQLModel):
    """What the tables share: names for constraints, without which a batch migration cannot speak of them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


PERSON = ("person_platform", "person_scope", "person_id")
PLACE = ("place_platform", "place_scope", "place_channel", "place_thread")


class DeckRow(Row, table=True):
    """A deck ever played, once, whole, by its hash."""

    __tablename__: ClassVar[Any] = "deck"
    sha: str = Field(primary_key=True)
    id: str
    json_: str = Field(sa_column=Column("json", String, nullable=False))


class DebateRow(Row, table=True):
    """A debate; one open per person and place. Numbers are never given twice, even after ``forget``."""

    __tablename__: ClassVar[Any] = "debate"
    __table_args__: ClassVar[Any] = (
        Index("uq_debate_open", *PERSON, *PLACE, unique=True, sqlite_where=text("ended_at IS NULL")),
        Index("ix_debate_person", *PERSON),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True)
    deck_id: str
    deck_sha: str = Field(foreign_key="deck.sha")
    person_platform: str
    person_scope: str
    person_id: str
    place_platform: str
    place_scope: str
    place_channel: str
    place_thread: str
    side: str
    level: str
    opened_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime | None = Field(sa_column=Column(Moment))


def _debate(**more: Any) -> Any:
    """A column that names its debate and goes with it."""
    return Column(Integer, ForeignKey("debate.id", ondelete="CASCADE"), **more)


class EntryRow(Row, table=True):
    """One entry of a transcript; ``seq`` is its place, from 0."""

    __tablename__: ClassVar[Any] = "entry"
    debate_id: int = Field(sa_column=_debate(primary_key=True))
    seq: int = Field(primary_key=True)
    kind: str
    body: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class InboxRow(Row, table=True):
    """A message heard, once by its key; ``number`` is the order of arrival, which keys do not tell."""

    __tablename__: ClassVar[Any] = "inbox"
    __table_args__: ClassVar[Any] = (
        Index("ix_inbox_unfinished", "number", sqlite_where=text("delivered_at IS NULL")),
        Index("ix_inbox_person", *PERSON),
    )
    number: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    debate_id: int | None = Field(sa_column=_debate(index=True))
    first_seq: int | None
    last_seq: int | None
    text: str
    erased: bool
    person_platform: str
    person_scope: str
    person_id: str
    place_platform: str
    place_scope: str
    place_channel: str
    place_thread: str
    locale: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answered_at: datetime | None = Field(sa_column=Column(Moment))
    delivered_at: datetime | None = Field(sa_column=Column(Moment))


class ResultRow(Row, table=True):
    """What a debate came to; ``score`` is the uncontested one."""

    __tablename__: ClassVar[Any] = "result"
    debate_id: int = Field(sa_column=_debate(primary_key=True))
    deck_id: str
    side: str
    level: str
    score: float
    contested: float | None
    complete: bool
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class BoardRow(Row, table=True):
    """A person who wants to be on the leaderboard of their scope, and the name shown there."""

    __tablename__: ClassVar[Any] = "board"
    person_platform: str = Field(primary_key=True)
    person_scope: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    name: str


class SettingRow(Row, table=True):
    """A setting of a place, a person, or the store itself (scope ``store``)."""

    __tablename__: ClassVar[Any] = "setting"
    scope: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class TombstoneRow(Row, table=True):
    """The HMAC of a forgotten key: a platform that delivers it again is heard and ignored."""

    __tablename__: ClassVar[Any] = "tombstone"
    hmac: str = Field(primary_key=True)


metadata = Row.metadata


def _table(row: type[Row]) -> Table:
    return cast(Table, row.__table__)  # type: ignore[attr-defined]


deck = _table(DeckRow)
debate = _table(DebateRow)
entry = _table(EntryRow)
inbox = _table(InboxRow)
result = _table(ResultRow)
board = _table(BoardRow)
setting = _table(SettingRow)
tombstone = _table(TombstoneRow)
