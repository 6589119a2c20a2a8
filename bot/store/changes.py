"""What a write does, inside the writer's transaction.

Core statements, built once: ORM objects cost several times that. Each function takes the writing connection
first. Must not begin or end transactions, and must not know threads.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from bot.debate.entries import Ended, Entry, Spoke, dump, load
from bot.debate.errors import Conflict
from bot.messages import Person, Place, Request
from bot.store.errors import Gone
from bot.store.files import person_scope
from bot.store.queries import of_person, person_values, place_values
from bot.store.tables import board, debate, deck, entry, inbox, result, setting, tombstone
from bot.store.values import Forgotten, NewDebate, Result, Setting, Write, Written

SECRET = ("store", "secret")
"""Scope and name of the key of the tombstones."""


@dataclass(frozen=True)
class Prepared:
    """A write made ready by the caller, outside the transaction: entries dumped, the moment known."""

    write: Write
    rows: tuple[dict[str, Any], ...]
    tomb: str | None
    at: datetime


def prepare(write: Write, secret: bytes) -> Prepared:
    """Raises ``ValueError`` where a write contradicts itself or a moment has no time zone."""
    if write.opens is not None and write.debate is not None:
        raise ValueError("a write opens a debate or appends to one")
    if write.opens is None and write.debate is None and (write.entries or write.closes):
        raise ValueError("entries and a result need a debate")
    at = _moment(write)
    rows = tuple(_row(item, at) for item in write.entries)
    moments = [at, *(row["at"] for row in rows), *(part.at for part in (write.opens, write.closes) if part)]
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("a moment needs a time zone")
    return Prepared(write, rows, _tomb(write.request.key, secret) if write.request else None, at)


def _moment(write: Write) -> datetime:
    """When it happened: an answer has no moment of its own, so the clock's."""
    for source in (write.request, write.opens, write.closes):
        if source is not None:
            return source.at
    return datetime.now(UTC)


def _row(item: Entry, at: datetime) -> dict[str, Any]:
    return {"kind": item.kind, "body": dump(item), "at": getattr(item, "at", at)}


def _tomb(key: str, secret: bytes) -> str:
    return hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()


# --- append ---

_KNOWN = select(inbox.c.debate_id, inbox.c.first_seq, inbox.c.last_seq).where(inbox.c.key == bindparam("k"))
_BURIED = select(literal(1)).where(exists().where(tombstone.c.hmac == bindparam("h")))
_LAST = (
    select(func.coalesce(func.max(entry.c.seq), -1)).where(entry.c.debate_id == debate.c.id).scalar_subquery()
)
_LENGTH = select(_LAST + 1).where(debate.c.id == bindparam("d"))
_DECK = upsert(deck).on_conflict_do_nothing()
_DEBATE = insert(debate)
_ENTRY = insert(entry)
_HEARD = insert(inbox)
_ANSWERED = (
    update(inbox)
    .where(inbox.c.key == bindparam("k"), inbox.c.answered_at.is_(None))
    .values(answered_at=bindparam("t"), last_seq=func.coalesce(bindparam("s"), inbox.c.last_seq))
)
_ENDED = (
    update(debate)
    .where(debate.c.id == bindparam("d"), debate.c.ended_at.is_(None))
    .values(ended_at=bindparam("t"))
)


def _replacing(table: Table, *values: str) -> Any:
    statement = upsert(table)
    return statement.on_conflict_do_update(set_={name: statement.excluded[name] for name in values})


_RESULT = _replacing(result, "score", "contested", "complete", "at")
_SETTING = _replacing(setting, "value")
_BOARD = _replacing(board, "name")


def append(connection: Connection, prepared: Prepared) -> Written:
    """Do the write; raises ``Conflict`` or ``Gone``, and the caller undoes what was done so far."""
    write = prepared.write
    if write.request is not None:
        known = _known(connection, write.request.key, prepared.tomb)
        if known is not None:
            return known
    number = _open(connection, write.opens) if write.opens else write.debate
    first, last = _extend(connection, number, prepared)
    if write.request is not None:
        _hear(connection, write.request, write.speech, number, first)
    _mark_answered(connection, write.answers, last, prepared.at)
    if number is not None:
        _close(connection, number, prepared)
    set_settings(connection, write.settings)
    return Written(number, first, last)


def _known(connection: Connection, key: str, tomb: str | None) -> Written | None:
    row = connection.execute(_KNOWN, {"k": key}).first()
    if row is not None:
        return Written(row.debate_id, row.first_seq, row.last_seq, again=True)
    buried = connection.execute(_BURIED, {"h": tomb}).first()
    return Written(None, None, None, again=True) if buried else None


def _open(connection: Connection, new: NewDebate) -> int:
    connection.execute(_DECK, {"sha": new.deck_sha, "id": new.deck_id, "json": new.deck_json})
    values: dict[str, Any] = person_values(new.person) | place_values(new.place)
    values |= {"deck_id": new.deck_id, "deck_sha": new.deck_sha, "opened_at": new.at}
    values |= {"side": str(new.side), "level": str(new.level)}
    try:
        made = connection.execute(_DEBATE, values).inserted_primary_key
    except IntegrityError as error:
        raise Conflict("a debate is open here") from error
    assert made is not None
    return int(made[0])


def _extend(connection: Connection, number: int | None, prepared: Prepared) -> tuple[int | None, int | None]:
    """Append the entries; the numbers of the first and the last."""
    if number is None:
        return None, None
    length = connection.execute(_LENGTH, {"d": number}).scalar()
    if length is None:
        raise Gone(number)
    if prepared.write.expects not in (None, length):
        raise Conflict(f"debate {number} has {length} entries, not {prepared.write.expects}")
    if not prepared.rows:
        return None, None
    rows = [{"debate_id": number, "seq": length + i} | row for i, row in enumerate(prepared.rows)]
    connection.execute(_ENTRY, rows)
    return length, length + len(rows) - 1


def _hear(
    connection: Connection, request: Request, speech: bool, number: int | None, first: int | None
) -> None:
    values: dict[str, Any] = person_values(request.person) | place_values(request.place)
    values |= {"key": request.key, "kind": "speech" if speech else "command", "text": request.text}
    values |= {"debate_id": number, "first_seq": first, "erased": False}
    connection.execute(_HEARD, values | {"locale": request.locale, "at": request.at})


def _mark_answered(connection: Connection, keys: tuple[str, ...], last: int | None, at: datetime) -> None:
    if keys:
        connection.execute(_ANSWERED, [{"k": key, "s": last, "t": at} for key in keys])


def _close(connection: Connection, number: int, prepared: Prepared) -> None:
    closes = prepared.write.closes
    if closes is not None:
        connection.execute(_RESULT, _result(number, closes))
    if closes is not None or any(isinstance(item, Ended) for item in prepared.write.entries):
        connection.execute(_ENDED, {"d": number, "t": prepared.at})


def _result(number: int, closes: Result) -> dict[str, Any]:
    values: dict[str, Any] = {"debate_id": number, "deck_id": closes.deck_id, "side": str(closes.side)}
    values |= {"level": str(closes.level), "score": closes.score, "contested": closes.contested}
    return values | {"complete": closes.complete, "at": closes.at}


# --- the smaller writes ---

_DELIVERED = (
    update(inbox)
    .where(inbox.c.key == bindparam("k"), inbox.c.delivered_at.is_(None))
    .values(delivered_at=bindparam("t"))
)


def set_settings(connection: Connection, settings: tuple[Setting, ...]) -> None:
    """Set each, replacing what was there."""
    for item in settings:
        connection.execute(_SETTING, {"scope": item.scope, "name": item.name, "value": item.value})


def mark_delivered(connection: Connection, marks: Iterable[tuple[str, datetime]]) -> None:
    """Note when the answer to each key reached its reader; a key marked before keeps its moment."""
    connection.execute(_DELIVERED, [{"k": key, "t": at} for key, at in marks])


def move(connection: Connection, number: int, place: Place) -> None:
    """Let a debate, and what was heard in it, be somewhere else; raises ``Conflict`` or ``Gone``."""
    try:
        found = connection.execute(update(debate).where(debate.c.id == number).values(**place_values(place)))
    except IntegrityError as error:
        raise Conflict("a debate is open there") from error
    if not found.rowcount:
        raise Gone(number)
    connection.execute(update(inbox).where(inbox.c.debate_id == number).values(**place_values(place)))


def join(connection: Connection, person: Person, name: str) -> None:
    """Put a person on the leaderboard of their scope, or change the name there."""
    connection.execute(_BOARD, person_values(person) | {"name": name})


def leave(connection: Connection, person: Person) -> bool:
    """Take a person off; whether they were on it."""
    return bool(connection.execute(delete(board).where(of_person(board, person))).rowcount)


# --- erasing ---


def erase(connection: Connection, number: int | None, key: str) -> bool:
    """Blank the text of one message, in the inbox and in its entry; whether it was there."""
    where = (inbox.c.key == key, inbox.c.debate_id.is_not_distinct_from(number))
    found = connection.execute(update(inbox).where(*where).values(text="", erased=True)).rowcount
    spoken = select(entry.c.seq, entry.c.body).where(entry.c.debate_id == number, entry.c.kind == "spoke")
    for seq, body in connection.execute(spoken).all():
        found += _erase_entry(connection, number, seq, load(body), key)
    return bool(found)


def _erase_entry(connection: Connection, number: int | None, seq: int, item: Entry, key: str) -> bool:
    if not isinstance(item, Spoke) or item.key != key:
        return False
    body = dump(item.model_copy(update={"text": "", "erased": True}))
    where = (entry.c.debate_id == number, entry.c.seq == seq)
    connection.execute(update(entry).where(*where).values(body=body))
    return True


def forget(connection: Connection, person: Person, secret: bytes) -> Forgotten:
    """Remove everything about a person; only the HMAC of each key stays."""
    mine = select(debate.c.id).where(of_person(debate, person)).scalar_subquery()
    messages = or_(of_person(inbox, person), inbox.c.debate_id.in_(mine))
    keys = connection.execute(select(inbox.c.key).where(messages)).scalars().all()
    if keys:
        rows = [{"hmac": _tomb(key, secret)} for key in keys]
        connection.execute(upsert(tombstone).on_conflict_do_nothing(), rows)
    connection.execute(delete(inbox).where(messages))
    # Entries and result go with their debate: ON DELETE CASCADE.
    debates = connection.execute(delete(debate).where(of_person(debate, person))).rowcount
    leave(connection, person)
    connection.execute(
        delete(setting).where(setting.c.scope == person_scope(*person_values(person).values()))
    )
    return Forgotten(debates, len(keys))
