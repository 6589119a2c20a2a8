"""``gadfly inspect --json``, line by line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.reading.inspection import inspect_line
from bot.reading.reader import LocalReader
from content.deck import Deck
from tests.reading.conftest import small_deck


def ask(reader: LocalReader, deck: Deck, **line: Any) -> dict[str, Any]:
    answer, good = inspect_line(reader, deck, json.dumps(line))
    assert good
    found: dict[str, Any] = json.loads(answer)
    return found


def test_an_argument(reader: LocalReader, putin: Deck) -> None:
    found = ask(
        reader, putin, id=1, text="A truce would be fragile: both armies rest, rearm and attack again."
    )
    assert list(found) == [
        "id", "kind", "side", "side_p", "cards", "quality", "counter", "answers", "answers_p", "options_p",
    ]  # fmt: skip
    assert (found["id"], found["kind"], found["side"]) == (1, "argument", "for")
    assert found["side_p"] > 0.5
    best = found["cards"][0]
    assert (best["id"], best["side"], best["lines"]) == ("f21", "for", list(putin.by_id["f21"].lines))
    assert [c["p"] for c in found["cards"]] == sorted((c["p"] for c in found["cards"]), reverse=True)
    counter = found["counter"]
    assert counter["text"] in [
        c.say for c in putin.counterpoints if c.on == "f21" and c.by == counter["card"]
    ]
    assert (found["answers"], found["answers_p"], found["options_p"]) == (None, None, None)


def test_answers_and_options(reader: LocalReader, putin: Deck) -> None:
    text = putin.by_id["a19"].tag
    apt = next(c.say for c in putin.counterpoints if c.on == "a19")
    strange = "Pineapple does not belong on a pizza."
    found = ask(reader, putin, id="x", text=text, options=[apt, strange, " "])
    assert found["options_p"][0] > found["options_p"][1] > found["options_p"][2] == 0
    assert ask(reader, putin, id="y", text=apt, answering=text)["answers"] is True
    assert ask(reader, putin, id="y", text=strange, answering=text)["answers"] is False
    assert ask(reader, putin, id="y", text=strange, answering=text)["answers_p"] == 0
    assert ask(reader, putin, id="y", text="", answering=text)["answers_p"] == 0


def test_nothing_said(reader: LocalReader, putin: Deck) -> None:
    found = ask(reader, putin, id=None, text=" ", options=["a"])
    assert (found["kind"], found["side"], found["cards"], found["counter"]) == ("empty", "unclear", [], None)


def test_another_language_is_named(reader: LocalReader, putin: Deck) -> None:
    found = ask(reader, putin, id=2, text="Je pense que les négociations vont échouer")
    assert (found["kind"], found["language"]) == ("other_language", "fr")


def test_a_deck_without_attacks_has_no_counter(reader: LocalReader) -> None:
    found = ask(
        reader, small_deck(counterpoints=False), id=3, text="Homework ruins our sleep.", answering="No."
    )
    assert found["counter"] is None


BAD: list[tuple[str | bytes, Any, str]] = [
    ("{", None, "not JSON"),
    ("[" * 100_000, None, "not JSON"),
    ("[]", None, "not a JSON object"),
    (b'{"id": 1, "text": "\xff"}', None, "not UTF-8"),
    ('{"id": 1, "text": "\udcff"}', None, "not UTF-8"),
    ('{"id": [1], "text": "a"}', None, "id must be a string or a number"),
    ('{"id": 1}', 1, "text is missing"),
    ('{"id": 1, "text": 5}', 1, "text must be a string"),
    ('{"id": 1, "text": "\\ud800"}', 1, "text holds half a character"),
    (json.dumps({"id": 1, "text": "x" * 4001}), 1, "text has 4001 characters, at most 4000 are read"),
    ('{"id": 1, "text": "a", "answering": 5}', 1, "answering must be a string"),
    ('{"id": 1, "text": "a", "options": "b"}', 1, "options must be a list of strings"),
    ('{"id": 1, "text": "a", "options": [1]}', 1, "options must be a string"),
    (
        json.dumps({"id": 1, "text": "a", "options": ["b"] * 51}),
        1,
        "options has 51 texts, at most 50 are read",
    ),
]


@pytest.mark.parametrize(("raw", "key", "error"), BAD)
def test_bad_lines(reader: LocalReader, putin: Deck, raw: str | bytes, key: Any, error: str) -> None:
    answer, good = inspect_line(reader, putin, raw)
    assert not good
    assert json.loads(answer) == {"id": key, "error": error}


def test_bytes_are_read_too(reader: LocalReader, putin: Deck) -> None:
    assert inspect_line(reader, putin, b'{"id": "a", "text": "hi"}')[1]
