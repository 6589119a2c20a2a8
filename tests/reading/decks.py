"""Decks with no more than a deck must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from content.deck import Deck

TITLE = 80
"""Letters that a title may have."""


def bare_deck(
    id: str,
    motion: str,
    sides: Mapping[str, str],
    cards: Sequence[Mapping[str, Any]],
    counterpoints: Sequence[Mapping[str, str]] = (),
) -> Deck:
    """A deck without an essay of its own; a card needs an id, a tag, a warrant, an impact and phrasings."""
    common = {
        "scheme": "consequences",
        "strength": 2,
        "strength_reason": "It is plausible.",
        "clash": "all",
        "lines": [1],
        "questions": [],
    }
    return Deck.model_validate(
        {
            "id": id,
            "title": motion[:TITLE],
            "motion": motion,
            "as_of": "The essay is undated.",
            "essay": {"file": f"{id}.txt"},
            "sides": sides,
            "clashes": {"all": "Which side is right?"},
            "cards": [common | dict(card) for card in cards],
            "counterpoints": list(counterpoints),
            "text": {"lines": [motion]},
        }
    )
