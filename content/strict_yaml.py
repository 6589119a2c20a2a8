"""YAML as decks use it: the 1.2 core types, no surprises, and the line of every value.

Stock PyYAML follows YAML 1.1 (``no`` is false, ``12:30`` is 750), keeps the last of two equal keys and
expands aliases without limit. This reader builds the values itself from libyaml's events, so that none of it
happens: keys are always text, equal keys, aliases, tags and deep nesting are refused, and whatever is wrong
with a file ends in one :class:`ContentError`. This module must not know what a deck is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from content.errors import ContentError

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
"""What a YAML node becomes."""

Place: TypeAlias = tuple[str | int, ...]
"""Where a value stands in its document: ``("cards", 3, "tag")``; the whole document is ``()``."""

Lines: TypeAlias = Mapping[Place, int]
"""The line of every value, from 1; for the value of a key it is the line of the key."""


def line_of(lines: Lines, place: Place) -> int:
    """The line of ``place``, or of the nearest thing around it (for a key that is missing); 0 if unknown."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 0)


MAX_BYTES = 5_000_000
MAX_DEPTH = 12
"""Decks nest five deep; the margin is for files that are something else."""

# Control characters, marks that reorder text, and characters that nobody can see. U+0085, U+2028 and U+2029
# end a line for YAML but not for ``nl``, which would shift every line number after them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    "\ufff9-\ufffb\ufffe\uffff]"
)

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,14}")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS = frozenset("+-.0123456789")

# What libyaml says, and what an author can do about it.
_MENDS = (
    ("a tab character", "Indent with spaces, not tabs"),
    ("mapping values are not allowed", 'Put the text in double quotes: it holds ": "'),
    ("expected <block end>", "Line this up with the lines above it: the indentation does not fit"),
    (
        "could not find expected ':'",
        "Write `key: value`, or put a text that goes over several lines in double quotes",
    ),
    (
        "did not find expected key",
        'Check the indentation; a quote mark inside a text in double quotes is written \\"',
    ),
    ("unexpected end of stream", "Close the quote mark or bracket that is opened here"),
    ("did not find expected ',' or", "Close the bracket, or put a comma between the items"),
    (
        "that cannot start any token",
        "Put a text that begins with a special character in double quotes; indent with spaces, not tabs",
    ),
    ("unknown escape character", "Write a backslash inside double quotes as \\\\"),
)
_ANY_MEND = "Check the quote marks, colons and indentation here and in the line above"


@dataclass(frozen=True)
class Document:
    """A YAML file as plain values, with the line of each."""

    path: Path
    value: Value
    lines: Lines

    def line(self, place: Place) -> int:
        """The line of ``place``, by :func:`line_of`; an empty document has a first line as well."""
        return line_of(self.lines, place) or 1

    def error(self, place: Place, problem: str, mend: str) -> ContentError:
        """A fault at ``place`` of this document."""
        return ContentError(self.path, self.line(place), problem, mend)


def read_text(path: Path) -> str:
    """The text of a deck or essay file, lines ended by ``\\n``; refuses what is not plain, visible UTF-8."""
    data = _read_bytes(path)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError(
            path, line, "The file is not UTF-8 text", "Save it with the encoding UTF-8"
        ) from None
    refuse_hidden(path, text)
    return text


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            problem = "This is not a file" if path.exists() else "There is no such file"
            raise ContentError(path, 0, problem, "Check the name and the folder")
        if path.stat().st_size > MAX_BYTES:
            raise ContentError(
                path, 0, "The file is larger than 5 MB", "Shorten it; a deck needs about 0.2 MB"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = (error.strerror if isinstance(error, OSError) else None) or "bad name"
        raise ContentError(path, 0, f"The file cannot be read ({reason})", "Check its permissions") from None


def refuse_hidden(path: Path, text: str) -> None:
    """Raises :class:`ContentError` at the first control, invisible or reordering character of ``text``."""
    if found := _FORBIDDEN.search(text):
        raise _hidden(path, text.count("\n", 0, found.start()) + 1, found[0])


def _hidden(path: Path, line: int, character: str) -> ContentError:
    problem = f"There is an invisible or control character (U+{ord(character):04X})"
    return ContentError(path, line, problem, "Delete it; retyping the words around it helps")


def read_yaml(path: Path) -> Document:
    """Reads a YAML file; every fault is a :class:`ContentError` with its line."""
    return parse_yaml(read_text(path), path)


def parse_yaml(text: str, path: Path) -> Document:
    """Reads YAML ``text``; ``path`` is used in errors only."""
    refuse_hidden(path, text)
    try:
        return _Reading(path, yaml.parse(text, Loader=yaml.CSafeLoader)).document()
    except yaml.MarkedYAMLError as error:
        raise _malformed(path, _line_of(error), error.problem or "bad syntax") from None
    except (yaml.YAMLError, UnicodeError) as error:  # a reader's error has no place
        raise _malformed(path, 0, str(error).partition("\n")[0]) from None


def _line_of(error: yaml.MarkedYAMLError) -> int:
    """Where to look: for what is never closed the place where it opens, not the end of the file."""
    unclosed = "end of stream" in (error.problem or "") or "expected ','" in (error.problem or "")
    marks = (error.problem_mark, error.context_mark)
    mark = next(filter(None, reversed(marks) if unclosed else marks), None)
    return mark.line + 1 if mark else 0


def _malformed(path: Path, line: int, problem: str) -> ContentError:
    mend = next((mend for words, mend in _MENDS if words in problem), _ANY_MEND)
    return ContentError(path, line, f"This is not valid YAML ({problem})", mend)


@dataclass
class _Reading:
    """One pass over the events of one document."""

    path: Path
    events: Iterator[Event]
    lines: dict[Place, int] = field(default_factory=dict)

    def document(self) -> Document:
        documents = (event for event in self.events if isinstance(event, DocumentStartEvent))
        if next(documents, None) is None:
            raise ContentError(self.path, 0, "The file is empty", "Start one with `gadfly deck new ESSAY`")
        value = self.value(next(self.events), ())
        if second := next(documents, None):
            raise self.fault(
                second, "The file holds a second document", "Delete the line `---` and what follows it"
            )
        return Document(self.path, value, self.lines)

    def fault(self, event: Event, problem: str, mend: str) -> ContentError:
        return ContentError(self.path, _line(event), problem, mend)

    def value(self, event: Event, place: Place) -> Value:
        self.lines.setdefault(place, _line(event))
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if isinstance(event, AliasEvent):
            raise self.fault(event, f"There is an alias (*{event.anchor})", "Write the value out")
        assert isinstance(event, CollectionStartEvent)
        if len(place) >= MAX_DEPTH:
            raise self.fault(
                event, f"Values are nested more than {MAX_DEPTH} deep", "A deck has no such value"
            )
        self.refuse_tag(event)
        build: Callable[[Place], Value] = (
            self.mapping if isinstance(event, MappingStartEvent) else self.sequence
        )
        return build(place)

    def refuse_tag(self, event: ScalarEvent | CollectionStartEvent) -> None:
        if event.tag is not None:
            raise self.fault(event, f"There is a tag ({event.tag})", "Delete it; text goes in double quotes")

    def sequence(self, place: Place) -> list[Value]:
        values: list[Value] = []
        while not isinstance(event := next(self.events), CollectionEndEvent):
            values.append(self.value(event, (*place, len(values))))
        return values

    def mapping(self, place: Place) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := next(self.events), CollectionEndEvent):
            key = self.key(event)
            inner = (*place, key)
            if key in values:
                first = self.lines[inner]
                raise self.fault(
                    event, f"The key {key!r} stands here twice (first in line {first})", "Delete one"
                )
            self.lines[inner] = _line(event)
            values[key] = self.value(next(self.events), inner)
        return values

    def key(self, event: Event) -> str:
        """A key is text as written: a deck names things, it does not count with them."""
        if not isinstance(event, ScalarEvent):
            raise self.fault(event, "A key must be a plain word", "Write `key: value`")
        self.refuse_tag(event)
        return self.visible(event)

    def visible(self, event: ScalarEvent) -> str:
        """The text of ``event``; escapes can smuggle in what the file itself may not hold."""
        text: str = event.value
        if found := _FORBIDDEN.search(text):
            raise _hidden(self.path, _line(event), found[0])
        return text

    def scalar(self, event: ScalarEvent) -> Value:
        self.refuse_tag(event)
        text = self.visible(event)
        return _core_value(text) if event.implicit[0] else text


def _line(event: Event) -> int:
    assert event.start_mark is not None  # libyaml marks every event
    return event.start_mark.line + 1


def _core_value(text: str) -> Value:
    """A plain scalar by the YAML 1.2 core schema; an integer of over 18 digits is a float."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(
            text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").replace(".n", "n")
        )
    return text
