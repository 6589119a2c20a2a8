"""What a read asks. Each function takes a reading connection first and answers with values, not rows."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, desc, func, select
from sqlalchemy.sql.elements import ColumnElement

from bot.debate.entries import Level, load
from bot.messages import Person, Place, Request
from bot.store.errors import Gone
from bot.store.files import person_scope
from bot.store.tables import PERSON, PLACE, board, debate, deck, entry, inbox, result, setting
from bot.store.values import Inbox, Rank, Result, Seat, Summary, Transcript
from content.deck import Side

# --- persons and places as columns ---


def person_values(person: Person) -> dict[str, str]:
    return {"person_platform": person.platform, "person_scope": person.scope, "person_id": person.id}


def place_values(place: Place) -> dict[str, str]:
    return {
        "place_platform": place.platform,
        "place_scope": place.scope,
        "place_channel": place.channel,
        "place_thread": place.thread,
    }


def of_person(table: Table, person: Person) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in person_values(person).items()))


def _bound(table: Table, names: tuple[str, ...]) -> ColumnElement[bool]:
    """That the columns ``names`` have the values given under their names: for a statement that is built once."""
    return and_(*(table.c[name] == bindparam(name) for name in names))


def _person(row: Row[Any]) -> Person:
    return Person(row.person_platform, row.person_scope, row.person_id)


def _place(row: Row[Any]) -> Place:
    return Place(row.place_platform, row.place_scope, row.place_channel, row.place_thread)


# --- debates ---

_HERE = (_bound(debate, PERSON), _bound(debate, PLACE))
_OPEN = select(debate.c.id).where(*_HERE, debate.c.ended_at.is_(None))
_LAST = select(func.max(debate.c.id)).where(*_HERE)
_SEATS = select(debate).where(_bound(debate, PLACE)).order_by(debate.c.id.desc())
_DEBATE = select(debate).where(_bound(debate, ("id",)))
_SAID = select(entry.c.body).where(entry.c.debate_id == bindparam("id")).order_by(entry.c.seq)
_LENGTH = select(func.count()).where(entry.c.debate_id == debate.c.id).scalar_subquery().label("length")
_OF_PERSON = select(debate, _LENGTH).where(_bound(debate, PERSON)).order_by(debate.c.id.desc())
_RESULTS = (
    select(result)
    .join(debate, debate.c.id == result.c.debate_id)
    .where(_bound(debate, PERSON))
    .order_by(result.c.at.desc(), result.c.debate_id.desc())
    .limit(bindparam("most"))
)
_HEARD = select(inbox).where(_bound(inbox, ("key",)))
_SETTING = select(setting.c.value).where(_bound(setting, ("scope", "name")))
"""What is asked again and again, built once: to build a statement costs more than to ask it."""


def transcript(connection: Connection, number: int) -> Transcript:
    """Raises ``Gone``."""
    row = connection.execute(_DEBATE, {"id": number}).first()
    if row is None:
        raise Gone(number)
    entries = tuple(load(body) for body in connection.execute(_SAID, {"id": number}).scalars())
    return Transcript(
        row.id,
        row.deck_id,
        row.deck_sha,
        _person(row),
        _place(row),
        Side(row.side),
        Level(row.level),
        row.opened_at,
        row.ended_at,
        entries,
    )


def deck_json(connection: Connection, sha: str) -> str | None:
    return connection.execute(select(deck.c.json).where(deck.c.sha == sha)).scalar()


def open_debate(connection: Connection, person: Person, place: Place) -> int | None:
    return connection.execute(_OPEN, person_values(person) | place_values(place)).scalar()


def last_debate(connection: Connection, person: Person, place: Place) -> int | None:
    return connection.execute(_LAST, person_values(person) | place_values(place)).scalar()


def debates(connection: Connection, person: Person) -> tuple[Summary, ...]:
    """Newest first."""
    done = {item.debate: item for item in results(connection, person, -1)}
    rows = connection.execute(_OF_PERSON, person_values(person))
    return tuple(_summary(row, done.get(row.id)) for row in rows)


def _summary(row: Row[Any], result: Result | None) -> Summary:
    return Summary(
        row.id,
        row.deck_id,
        row.deck_sha,
        _place(row),
        Side(row.side),
        Level(row.level),
        row.opened_at,
        row.ended_at,
        row.length,
        result,
    )


def seat(connection: Connection, number: int) -> Seat | None:
    row = connection.execute(_DEBATE, {"id": number}).first()
    return None if row is None else _seat(row)


def seats_at(connection: Connection, place: Place) -> tuple[Seat, ...]:
    """Newest first."""
    return tuple(_seat(row) for row in connection.execute(_SEATS, place_values(place)))


def open_seats(connection: Connection, platform: str) -> tuple[Seat, ...]:
    """Oldest first."""
    where = (debate.c.ended_at.is_(None), debate.c.place_platform == platform)
    return tuple(_seat(row) for row in connection.execute(select(debate).where(*where).order_by(debate.c.id)))


def _seat(row: Row[Any]) -> Seat:
    return Seat(row.id, _person(row), _place(row), row.opened_at, row.ended_at)


# --- messages ---


def heard(connection: Connection, key: str) -> Inbox | None:
    row = connection.execute(_HEARD, {"key": key}).first()
    return None if row is None else _message(row)


def unfinished(connection: Connection) -> tuple[Inbox, ...]:
    """In order of arrival. What was not answered was not delivered either."""
    rows = select(inbox).where(inbox.c.delivered_at.is_(None)).order_by(inbox.c.number)
    return tuple(_message(row) for row in connection.execute(rows))


def _message(row: Row[Any]) -> Inbox:
    request = Request(row.key, _person(row), _place(row), row.text, row.locale, row.at)
    return Inbox(
        request,
        row.kind == "speech",
        row.debate_id,
        row.first_seq,
        row.last_seq,
        row.answered_at,
        row.delivered_at,
        row.erased,
    )


# --- results and leaderboard ---


def results(connection: Connection, person: Person, limit: int) -> tuple[Result, ...]:
    """Newest first; ``limit`` below 0: all."""
    rows = connection.execute(_RESULTS, person_values(person) | {"most": limit})
    return tuple(_result(row) for row in rows)


def _result(row: Row[Any]) -> Result:
    return Result(
        row.deck_id,
        Side(row.side),
        Level(row.level),
        row.score,
        row.contested,
        row.complete,
        row.at,
        row.debate_id,
    )


def leaderboard(connection: Connection, platform: str, scope: str) -> tuple[Rank, ...]:
    """The best of each person who joined, per deck, side and level; of equal scores the earlier."""
    ranked = _ranked(platform, scope).subquery()
    first = select(ranked).where(ranked.c.place == 1)
    order = (ranked.c.deck_id, ranked.c.side, ranked.c.level, ranked.c.score.desc(), ranked.c.at)
    return tuple(_rank(row) for row in connection.execute(first.order_by(*order)))


def _ranked(platform: str, scope: str) -> Select[Any]:
    """Every complete result of those who joined, with its place among that person's own of the kind."""
    mine = [debate.c[column.name] == column for column in board.primary_key.columns]
    kind = (*board.primary_key.columns, result.c.deck_id, result.c.side, result.c.level)
    place = func.row_number().over(partition_by=kind, order_by=(desc(result.c.score), result.c.at))
    return (
        select(board, result, place.label("place"))
        .join(debate, and_(*mine))
        .join(result, result.c.debate_id == debate.c.id)
        .where(board.c.person_platform == platform, board.c.person_scope == scope, result.c.complete)
    )


def _rank(row: Row[Any]) -> Rank:
    return Rank(_person(row), row.name, row.deck_id, Side(row.side), Level(row.level), row.score, row.at)


# --- settings, and everything about a person ---


def get_setting(connection: Connection, scope: str, name: str) -> str | None:
    return connection.execute(_SETTING, {"scope": scope, "name": name}).scalar()


def export(connection: Connection, person: Person) -> dict[str, Any]:
    """Every row about a person as plain values (text, numbers, lists, dicts), ready for JSON."""
    scope = person_scope(person.platform, person.scope, person.id)
    mine = select(debate.c.id).where(of_person(debate, person)).scalar_subquery()
    messages = select(inbox).where(of_person(inbox, person) | inbox.c.debate_id.in_(mine))
    return {
        "person": person_values(person),
        "debates": [
            _plain(row) | {"entries": _entries(connection, row.id)}
            for row in connection.execute(select(debate).where(of_person(debate, person)))
        ],
        "results": _rows(connection, select(result).where(result.c.debate_id.in_(mine))),
        "messages": _rows(connection, messages.order_by(inbox.c.number)),
        "leaderboard": _rows(connection, select(board).where(of_person(board, person))),
        "settings": _rows(connection, select(setting).where(setting.c.scope == scope)),
    }


def _entries(connection: Connection, number: int) -> list[dict[str, Any]]:
    rows = select(entry).where(entry.c.debate_id == number).order_by(entry.c.seq)
    return [_plain(row) | {"body": json.loads(row.body)} for row in connection.execute(rows)]


def _rows(connection: Connection, rows: Select[Any]) -> list[dict[str, Any]]:
    return [_plain(row) for row in connection.execute(rows)]


def _plain(row: Row[Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row._mapping.items()
    }
