"""The skeleton of a deck, and the schema that editors read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from content.checking import check
from content.drafting import draft
from content.errors import ContentError
from content.index import INDEX, SHIPPED
from content.loading import load_deck
from content.schema import SCHEMA, deck_schema, publish, schema_text
from content.strict_yaml import parse_yaml, read_yaml
from tests.content.decks import ESSAY, tiny_data, write_tiny

PATH = Path("x.yaml")


def test_a_draft_numbers_the_essay_and_has_four_empty_cards_a_side() -> None:
    text = draft(ESSAY, "free-buses.txt")
    assert "#    1  Ride for Nothing\n" in text
    assert "#    9  Where the bus is free" in text
    assert "\n# Two cards of one side" in text
    assert max(len(line) for line in text.splitlines() if not re.match(r"# +\d", line)) <= 110
    data = parse_yaml(text, PATH).value
    assert isinstance(data, dict)
    assert data["id"] == "free-buses"
    cards: Any = data["cards"]
    assert [card["id"] for card in cards] == ["f01", "f02", "f03", "f04", "a01", "a02", "a03", "a04"]


def test_the_loader_leads_through_the_draft(tmp_path: Path) -> None:
    path = write_tiny(tmp_path, draft(ESSAY, "free-buses.txt"))
    with pytest.raises(ContentError) as caught:
        load_deck(path)
    faults = (caught.value, *caught.value.more)
    assert all("is empty" in fault.problem for fault in faults)
    lines = path.read_text().splitlines()
    assert all(re.search(r'(""[}]?|: \[\]|:) *(#.*)?$', lines[fault.line - 1]) for fault in faults)


def filled(data: dict[str, Any]) -> dict[str, Any]:
    """The draft with its blanks filled from the small deck."""
    model = tiny_data()
    kept = {key: data[key] for key in ("id", "essay", "tensions")}
    says = [item["say"] for item in model["counterpoints"]]
    counterpoints = [{**item, "say": say} for item, say in zip(data["counterpoints"], says, strict=True)]
    return {**model, **kept, "counterpoints": counterpoints}


def test_a_filled_draft_is_a_deck_that_can_be_played(tmp_path: Path) -> None:
    data: Any = parse_yaml(draft(ESSAY, "free-buses.txt"), PATH).value
    deck = load_deck(write_tiny(tmp_path, json.dumps(filled(data))))
    assert {finding.code for finding in check(deck)} <= {"gloss-unused"}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("2024.txt", "2024"),
        ("null.txt", "null"),
        ("My_Essay.txt", "my-essay"),
        ("---.txt", "my-deck"),
        ("a" * 60 + ".txt", "a" * 40),
    ],
)
def test_the_id_comes_from_the_name(name: str, word: str) -> None:
    data: Any = parse_yaml(draft("One.\r\nTwo.\n", name), PATH).value
    assert (data["id"], data["essay"]["file"]) == (word, name)


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [
        ("One.", "my essay.txt", "A deck cannot name this file"),
        ("One.", "essay.md", "A deck cannot name this file"),
        (" \n", "essay.txt", "The essay is empty"),
        ("One.\nT\x00wo", "essay.txt", "control character (U+0000)"),
    ],
)
def test_an_essay_that_no_deck_can_hold_is_refused(text: str, name: str, problem: str) -> None:
    with pytest.raises(ContentError, match=re.escape(problem)):
        draft(text, name)


@given(st.text(min_size=1, max_size=200))
@settings(deadline=None)
def test_a_draft_of_any_essay_is_yaml(text: str) -> None:
    try:
        skeleton = draft(text, "e.txt")
    except ContentError:
        return
    assert isinstance(parse_yaml(skeleton, PATH).value, dict)


# The schema.


def faults(value: object) -> list[str]:
    return [error.json_path for error in Draft202012Validator(deck_schema()).iter_errors(value)]


def test_the_published_schema_is_fresh_and_valid() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run `python -m content.schema`"
    Draft202012Validator.check_schema(deck_schema())


def test_publishing_writes_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.schema.SCHEMA", tmp_path / "schema.json")
    monkeypatch.setattr("content.schema.INDEX", tmp_path / "index.json")
    publish()
    assert (tmp_path / "schema.json").read_bytes() == SCHEMA.read_bytes()
    assert (tmp_path / "index.json").read_bytes() == INDEX.read_bytes()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_deck_fits_the_schema(path: Path) -> None:
    assert faults(read_yaml(path).value) == []


def test_the_schema_asks_of_a_draft_only_to_be_filled() -> None:
    data: Any = parse_yaml(draft(ESSAY, "free-buses.txt"), PATH).value
    assert faults(filled(data)) == []
    empty = {
        error.instance
        for error in Draft202012Validator(deck_schema()).iter_errors(data)
        if error.instance != []
    }
    assert empty == {"", None}


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    assert faults({**tiny_data(), "text": "x"}) == ["$"]
    assert faults({**tiny_data(), "id": "Free Buses"}) == ["$.id"]
    assert faults({**tiny_data(), "sides": {"for_": "x", "against": "y"}}) != []
    data = tiny_data()
    data["cards"][3]["strength"] = 5
    assert faults(data) == ["$.cards[3].strength"]


def test_every_key_is_described_for_editors() -> None:
    schema = deck_schema()
    objects = [schema, *(part for part in schema["$defs"].values() if "properties" in part)]
    assert len(objects) == 9
    for part in objects:
        assert part["additionalProperties"] is False
        assert all(value.get("description") for value in part["properties"].values())
    assert "text" not in schema["properties"]
    assert "``" not in schema_text()
