"""The JSON Schema of a deck file, for editors: the models' own, without what the loader adds.

``content/deck.schema.json`` is committed; ``python -m content.schema`` writes it, and the index of the
shipped decks, anew. This module must not know how a deck is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from content.deck import Deck
from content.index import INDEX
from content.library import shipped_index

SCHEMA = Path(__file__).parent / "deck.schema.json"
"""The published schema."""


_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def deck_schema() -> dict[str, Any]:
    """The schema of a deck file (JSON Schema 2020-12)."""
    schema = Deck.model_json_schema(by_alias=True)
    del schema["properties"]["text"], schema["$defs"]["Essay"]
    schema["required"].remove("text")
    schema["description"] = "A motion with its cards and counterpoints, drawn from one essay."
    return {"$schema": _DIALECT, "title": "A Gadfly deck", **_for_editors(schema)}


def schema_text() -> str:
    """What ``content/deck.schema.json`` must hold."""
    return json.dumps(deck_schema(), ensure_ascii=False, indent=2) + "\n"


def publish() -> None:
    """Writes the schema and the index of the shipped decks."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    INDEX.write_text(shipped_index(), encoding="utf-8")


def _for_editors(schema: Any, names: bool = False) -> Any:
    """``schema`` without made-up titles and with docstrings as plain text; ``names``: its keys are names."""
    if isinstance(schema, list):
        return [_for_editors(item) for item in schema]
    if isinstance(schema, str):
        return schema.replace("``", "`")
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if names or key != "title"}
    return {key: _for_editors(value, not names and key in _NAMING) for key, value in kept.items()}


_NAMING = ("properties", "$defs")


if __name__ == "__main__":  # pragma: no cover
    publish()
