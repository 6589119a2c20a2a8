"""One real reader for all tests here: the encoder is never replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading.reader import LocalReader
from content.deck import Deck
from content.loading import load_deck
from tests.reading.decks import bare_deck

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalReader:
    return LocalReader(tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="session")
def putin() -> Deck:
    return load_deck(ROOT / "content" / "decks" / "putin-trump-talks.yaml", (ROOT / "seeds",))


@pytest.fixture(scope="session")
def phones() -> Deck:
    return load_deck(ROOT / "content" / "decks" / "school-phones.yaml", (ROOT / "seeds",))


def small_deck(counterpoints: bool = True, phrasings: bool = True) -> Deck:
    """A stranger's deck: four cards a side at the very least, and nothing more than it must have."""
    tags = {
        "f01": "Homework steals sleep from tired pupils.",
        "f02": "Homework widens the gap between rich and poor families.",
        "f03": "Teachers waste hours marking homework.",
        "f04": "Children learn more from play than from worksheets.",
        "a01": "Homework trains memory by repetition.",
        "a02": "Parents see through homework what their child learns.",
        "a03": "Working alone at home teaches self-discipline.",
        "a04": "Exams demand practice that lessons have no time for.",
    }
    cards = [
        {
            "id": key,
            "tag": tag,
            "warrant": f"It has often been seen that this happens: {tag.lower()}",
            "impact": "That decides how good a school is.",
            "phrasings": [f"I really think so: {tag}", f"well {tag.lower()}"] if phrasings else [],
            "questions": [f"How do you know this: {tag.lower()}"] if phrasings else [],
        }
        for key, tag in tags.items()
    ]
    attacks = [
        {"on": on, "by": by, "move": "mitigate", "say": f"Only in part, since {tags[by].lower()}"}
        for on, by in (("f01", "a01"), ("f02", "a02"), ("a01", "f01"), ("a03", "f04"))
    ]
    sides = {"for": "homework does more harm than good", "against": "homework is worth its price"}
    return bare_deck(
        "homework", "Homework should be abolished", sides, cards, attacks if counterpoints else ()
    )
