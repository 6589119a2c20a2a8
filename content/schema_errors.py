"""Turns what pydantic finds wrong with a deck into plain words: place, problem, line and the mend.

This module must not read files; :mod:`content.loading` calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from content.deck import (
    ATTACKS,
    Card,
    Counterpoint,
    Deck,
    EssayRef,
    Fact,
    Quote,
    Rejoinder,
    Scheme,
    Sides,
    Tension,
)
from content.errors import ContentError
from content.near import meant
from content.strict_yaml import Document, Place

Words = tuple[str, str]
"""What is wrong with a value, in words that follow its place, and the mend."""

_CARD_ID: Words = (
    "must be a card id",
    "Write f and two digits for the motion (f01), a and two digits against it (a01)",
)
_NAME: Words = (
    "must be small letters, digits and hyphens",
    "Write it like school-phones, at most 60 characters",
)

_CHOICES: dict[str, tuple[str, ...]] = {
    "scheme": tuple(scheme.value for scheme in Scheme),
    "move": tuple(move.value for move in ATTACKS),
    "turns": ("link", "impact"),
}

_PATTERNS: dict[str, Words] = {
    "on": _CARD_ID,
    "by": _CARD_ID,
    "date": ("must be a date", 'Write it like "2022", "2022-02" or "2022-02-24"'),
    "file": ("must be the name of a .txt file", "Use letters, digits, dots, hyphens and underscores only"),
}

_MODELS: dict[Place, type[BaseModel]] = {
    (): Deck,
    ("essay",): EssayRef,
    ("sides",): Sides,
    ("facts",): Fact,
    ("cards",): Card,
    ("cards", "quotes"): Quote,
    ("cards", "rejoinders"): Rejoinder,
    ("counterpoints",): Counterpoint,
    ("counterpoints", "rejoinders"): Rejoinder,
    ("tensions",): Tension,
}
"""The model of a mapping, by its place without numbers (and without the fact's name)."""


def in_plain_words(document: Document, errors: Iterable[ErrorDetails]) -> Iterator[ContentError]:
    """One fault for each of pydantic's ``errors``, at its line of ``document``."""
    for error in errors:
        place = tuple(step for step in error["loc"] if step != "[key]")
        problem, mend = _words(error, place)
        yield document.error(place, f"{place_words(place)} {problem}", mend)


def place_words(place: Place) -> str:
    """``cards[3].strength`` for ``("cards", 3, "strength")``; lists count from 0."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return words.removeprefix(".") or "the deck"


def _words(error: ErrorDetails, place: Place) -> Words:
    kind, value = error["type"], error["input"]
    if kind == "missing":
        return _missing(place)
    if kind == "extra_forbidden":
        return _unknown_key(place)
    if value in (None, "") and place[-1:] and place[-1] in _CHOICES:
        return "is empty", f"Take one of {', '.join(_CHOICES[str(place[-1])])}"
    if value is None or value == "":
        return "is empty", f"Fill it in: {_description(place)}"
    return _KINDS.get(kind, _other)(error, place)


def _missing(place: Place) -> Words:
    if place[-2:-1] == ("cards",) and isinstance(place[-1], int):
        return "is missing", "A tension names two cards"
    return "is missing", f"Add it: {_description(place)}"


def _unknown_key(place: Place) -> Words:
    known = [field.alias or name for name, field in _fields(place[:-1]).items()]
    known = [key for key in known if key != "text" or place[:-1]]
    return "is not a known key", meant(str(place[-1]), known) or f"Known are {', '.join(known)}"


def _fields(place: Place) -> dict[str, FieldInfo]:
    """The fields of the mapping at ``place``."""
    names = tuple(step for step in place if isinstance(step, str))
    model = _MODELS.get(("facts",) if place[:1] == ("facts",) else names, Deck)
    return model.model_fields


def _description(place: Place) -> str:
    """What an author should write at ``place``, in the words of the schema."""
    while place and isinstance(place[-1], int):
        place = place[:-1]
    fields = {field.alias or name: field for name, field in _fields(place[:-1]).items()} if place else {}
    field = fields.get(str(place[-1])) if place else None
    return ((field.description if field else None) or "one plain sentence").rstrip(".")


def _text_wanted(error: ErrorDetails, place: Place) -> Words:
    value = error["input"]
    if isinstance(value, dict):
        return (
            "must be one text",
            'Put it in double quotes: without them YAML takes what stands before ": " for a key',
        )
    if isinstance(value, list):
        return "must be one text", "Write one text in double quotes, not a list"
    return (
        "must be text",
        f'Put it in double quotes: "{str(value).lower() if isinstance(value, bool) else value}"',
    )


def _too_long(error: ErrorDetails, place: Place) -> Words:
    limit = error["ctx"]["max_length"]
    return f"is longer than {limit} characters", f"Shorten it; it has {len(error['input'])}"


def _pattern(error: ErrorDetails, place: Place) -> Words:
    if "\n" in error["input"]:
        return "must be one line", "Fold a long text with `>-`, without empty lines in it"
    if place[0] in ("cards", "tensions") and (place[-1] == "id" or place[-2] == "cards"):
        return _CARD_ID
    return _PATTERNS.get(str(place[-1]), _NAME)


def _number(error: ErrorDetails, place: Place) -> Words:
    if place[-1] == "strength":
        return "must be 1, 2 or 3", "Write 1 for weak, 2 for sound, 3 for strong"
    return "must be the number of a line", "Lines of the essay count from 1; `nl -ba ESSAY` shows them"


def _choice(error: ErrorDetails, place: Place) -> Words:
    choices = _CHOICES[str(place[-1])]
    return f"must be one of {', '.join(choices)}", meant(
        str(error["input"]), choices
    ) or "Take the one that fits best"


def _list(error: ErrorDetails, place: Place) -> Words:
    return (
        "must be a list",
        f"Write [..., ...], or each item on a line of its own after `- `: {_description(place)}",
    )


def _keys(error: ErrorDetails, place: Place) -> Words:
    return "must hold keys with values", f"Write `key: value` on the lines below it: {_description(place)}"


def _short_list(error: ErrorDetails, place: Place) -> Words:
    return "is empty", f"Fill it in: {_description(place)}"


def _long_list(error: ErrorDetails, place: Place) -> Words:
    return f"holds more than {error['ctx']['max_length']} items", _description(place)


def _other(error: ErrorDetails, place: Place) -> Words:
    return f"is wrong ({error['msg']})", _description(place)


_KINDS: dict[str, Callable[[ErrorDetails, Place], Words]] = {
    "string_type": _text_wanted,
    "string_too_short": _short_list,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _pattern,
    "int_type": _number,
    "greater_than_equal": _number,
    "less_than_equal": _number,
    "enum": _choice,
    "literal_error": _choice,
    "tuple_type": _list,
    "too_short": _short_list,
    "too_long": _long_list,
    "dict_type": _keys,
    "model_type": _keys,
    "model_attributes_type": _keys,
}
