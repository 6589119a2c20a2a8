"""The checks: a deck with nothing to mend, and each thing that can be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from content.checking import LIMITS, Finding, check
from content.deck import Deck
from content.essay import Essay
from content.loading import load_with_lines
from content.words import content_words, first_trigram, overlap, sentences, stem, words
from tests.content.decks import DECK, ESSAY, tiny_data, tiny_deck, write_tiny

Change = Callable[[dict[str, Any]], object]


def findings(change: Change, essay: str = ESSAY) -> dict[str, Finding]:
    """What is found in the small deck after ``change``, by code."""
    data = tiny_data()
    change(data)
    return {
        finding.code: finding
        for finding in check(Deck.model_validate({**data, "text": Essay.from_text(essay)}))
    }


def card(data: dict[str, Any], word: str) -> dict[str, Any]:
    found: dict[str, Any] = next(card for card in data["cards"] if card["id"] == word)
    return found


def drop_attacks(data: dict[str, Any], on: str, keep: int = 0) -> None:
    attacks = [item for item in data["counterpoints"] if item["on"] == on]
    for item in attacks[keep:]:
        data["counterpoints"].remove(item)


def drop_card(data: dict[str, Any], word: str) -> None:
    data["cards"].remove(card(data, word))
    data["counterpoints"] = [item for item in data["counterpoints"] if word not in (item["on"], item["by"])]
    data["tensions"] = [item for item in data["tensions"] if word not in item["cards"]]


def grow(data: dict[str, Any]) -> None:
    """Twelve cards for the motion."""
    data["cards"] += [{**card(data, "f01"), "id": f"f{number:02}"} for number in range(5, 13)]


def test_a_good_deck_has_no_findings() -> None:
    assert check(tiny_deck()) == ()


def many_words(count: int) -> str:
    return " ".join(f"seat{number}" for number in range(count))


WARNINGS: list[tuple[str, Change, str, str]] = [
    (
        "quote-short",
        lambda data: card(data, "f01")["quotes"].append({"line": 2, "text": "Half the seats are empty"}),
        "A quote of f01 has only 5 words",
        "at least 6 words",
    ),
    (
        "quote-shared",
        lambda data: [
            card(data, word).update(lines=[2, 4, 7], quotes=card(data, "f01")["quotes"])
            for word in ("f02", "a02")
        ],
        "f01, f02, a02 share one quote",
        "at most 2 cards",
    ),
    ("phrasings-few", lambda data: card(data, "f01")["phrasings"].pop(), "f01 has 5 phrasings", "at least 6"),
    (
        "phrasings-start",
        lambda data: card(data, "f01")["phrasings"].append("The bus, runs on water"),
        "begin with 'the bus runs'",
        "another way",
    ),
    (
        "phrasings-alike",
        lambda data: card(data, "f01")["phrasings"].append("Either way the diesel is burnt and gone"),
        "Two phrasings of f01 share over half of their words (burnt, diesel)",
        "another angle",
    ),
    ("questions-few", lambda data: card(data, "f01")["questions"].pop(), "f01 has 1 question", "at least 2"),
    (
        "question-general",
        lambda data: card(data, "f01")["questions"].append("Are you quite sure about that?"),
        "A question of f01 names nothing in the card",
        "Name the thing",
    ),
    (
        "attacks-few",
        lambda data: drop_attacks(data, "f01", 2),
        "f01 is attacked by 2 counterpoints",
        "at least 3",
    ),
    (
        "attacks-one-move",
        lambda data: [item.update(move="deny") for item in data["counterpoints"][:3]],
        "All counterpoints on f01 make the move deny",
        "another move",
    ),
    (
        "attacks-one-card",
        lambda data: [item.update(by="a01") for item in data["counterpoints"][:3]],
        "All counterpoints on f01 come from a01",
        "another card",
    ),
    (
        "idle",
        lambda data: [item.update(by="a04") for item in data["counterpoints"] if item["by"] == "a02"],
        "a02 attacks 0 cards of the other side",
        "at least 2 cards",
    ),
    (
        "names-card",
        lambda data: data["counterpoints"][0].update(say="What a01 says about the library counts more."),
        "The counterpoint on f01 names the card a01",
        "ids are added",
    ),
    (
        "emoji",
        lambda data: card(data, "f01").update(tag="Seats are empty 🚌."),
        "The tag of f01 holds",
        "in words",
    ),
    (
        "frame",
        lambda data: data["counterpoints"][0].update(
            say="You say that seats are empty, and the library pays."
        ),
        "begins with 'You say'",
        "the answer itself",
    ),
    (
        "frame",
        lambda data: card(data, "f01").update(impact="As an AI I like free seats in the town."),
        "begins with 'As an AI'",
        "the answer itself",
    ),
    (
        "ends-in-question",
        lambda data: data["counterpoints"][0].update(say="The library pays for it, or does it not?"),
        "ends in a question",
        "end with a statement",
    ),
    (
        "sentence-twice",
        lambda data: data["counterpoints"][1].update(
            say="Nobody minds. An empty seat, costs as much to move as a full one!"
        ),
        "(first in the tag of f01)",
        "other words",
    ),
    (
        "gloss-unused",
        lambda data: data["essay"]["glosses"].update({"eats part of that": "costs"}),
        "No quote holds the gloss",
        "Delete it",
    ),
    (
        "fact-unused",
        lambda data: card(data, "f04").update(facts=[]),
        "No card leans on the fact tallinn",
        "delete it",
    ),
    (
        "clash-one-sided",
        lambda data: data["clashes"].update(weather="Will it rain?"),
        "The clash weather has cards of neither side",
        "merge it",
    ),
    (
        "clash-one-sided",
        lambda data: [card(data, word).update(clash="people") for word in ("a01", "a02")],
        "The clash money has cards for only",
        "merge it",
    ),
    (
        "paragraph-unused",
        lambda data: card(data, "f03").update(lines=[4], quotes=[]),
        "No card uses ¶5 of the essay",
        "Draw a card from it",
    ),
    (
        "moves-unused",
        lambda data: [
            item.update(move="deny", turns=None) for item in data["counterpoints"] if item["move"] == "turn"
        ],
        "never makes the move turn",
        "all five",
    ),
    ("tensions-count", grow, "The side for has 1 tensions", "Name 2 to 5 pairs"),
    (
        "balance",
        lambda data: [card(data, word).update(strength=1) for word in ("a01", "a02", "a03", "a04")],
        "uneven in summed strength: 8 for and 4 against",
        "weaker side",
    ),
]


def rejoining(**parts: Any) -> Change:
    """The first counterpoint with a rejoinder, which ``parts`` make poor."""

    def change(data: dict[str, Any]) -> None:
        rejoinder = {"by": "a02", "move": "deny", "meets": ["why so", "who says that"], "say": "It did not."}
        data["counterpoints"][0]["rejoinders"] = [{**rejoinder, **parts}]

    return change


WARNINGS += [
    ("balance", rejoining(), "uneven in number of rejoinders: 0 for and 1 against", "weaker side"),
    ("names-card", rejoining(say="As a02 says."), "The rejoinder on f01 names the card a02", "ids are added"),
    (
        "sentence-twice",
        rejoining(meets=["Nobody minds. An empty seat costs as much to move as a full one.", "why"]),
        "(first in the tag of f01)",
        "other words",
    ),
]


@pytest.mark.parametrize(("code", "change", "problem", "mend"), WARNINGS)
def test_a_poor_deck_gets_a_warning(code: str, change: Change, problem: str, mend: str) -> None:
    found = findings(change)
    assert found[code].level == "warning"
    assert problem in found[code].problem
    assert mend in found[code].mend


ERRORS: list[tuple[str, Change, str, str]] = [
    (
        "cards-few",
        lambda data: drop_card(data, "a04"),
        "The side against has 3 cards",
        "at least 4 cards a side",
    ),
    ("too-long", rejoining(say=many_words(46)), "The rejoinder on f01 has 46 words", "Shorten it to 45"),
    ("unanswerable", lambda data: drop_attacks(data, "f01"), "No counterpoint answers f01", "`on: f01`"),
    (
        "questions-none",
        lambda data: card(data, "f01").update(questions=[]),
        "f01 has no question",
        "nothing to ask",
    ),
    (
        "gloss-unknown",
        lambda data: data["essay"].update(glosses={"zebra crossing": "path"}),
        "The essay does not hold the gloss 'zebra crossing'",
        "Copy the phrase",
    ),
]


@pytest.mark.parametrize(("code", "change", "problem", "mend"), ERRORS)
def test_a_deck_that_cannot_be_played_gets_an_error(
    code: str, change: Change, problem: str, mend: str
) -> None:
    found = findings(change)
    assert found[code].level == "error"
    assert problem in found[code].problem
    assert mend in found[code].mend


@pytest.mark.parametrize("kind", LIMITS)
def test_what_is_said_aloud_has_a_limit(kind: str) -> None:
    def say(count: int) -> Change:
        def change(data: dict[str, Any]) -> None:
            if kind == "say":
                data["counterpoints"][0]["say"] = many_words(count)
            elif kind == "question":
                card(data, "f01")["questions"][0] = "empty " + many_words(count - 1)
            else:
                card(data, "f01")[kind] = many_words(count)

        return change

    limit = LIMITS[kind]
    assert "too-long" not in findings(say(limit))
    error = findings(say(limit + 1))["too-long"]
    assert (error.level, error.card, error.mend) == ("error", "f01", f"Shorten it to {limit}")
    assert f"has {limit + 1} words" in error.problem


def test_a_side_without_cards_is_found_and_breaks_nothing() -> None:
    def change(data: dict[str, Any]) -> None:
        for word in ("a01", "a02", "a03", "a04"):
            drop_card(data, word)

    assert findings(change)["cards-few"].problem == "The side against has 0 cards"


def test_findings_name_their_line_errors_first(tmp_path: Path) -> None:
    text = DECK.replace('say: "Moving', 'say: "' + many_words(46) + " Moving").replace(
        "- Who pays when", "- Is this so, really, when all is said? Who knows! #"
    )
    deck, lines = load_with_lines(write_tiny(tmp_path, text))
    found = check(deck, lines)
    assert [finding.level for finding in found] == sorted(finding.level for finding in found)
    by_code = {finding.code: finding for finding in found}
    numbered = text.splitlines()
    assert "seat45 Moving" in numbered[by_code["too-long"].line - 1]
    assert "Is this so" in numbered[by_code["question-general"].line - 1]


def test_the_line_of_a_repeated_sentence_is_named(tmp_path: Path) -> None:
    text = DECK.replace(
        "Free rides pull in cyclists before motorists.", "The far estate gains few new riders."
    )
    deck, lines = load_with_lines(write_tiny(tmp_path, text))
    (finding,) = check(deck, lines)
    first = next(number for number, line in enumerate(text.splitlines(), 1) if "The far estate" in line)
    assert finding.problem.endswith(f"(first in the counterpoint on f03, line {first})")
    assert finding.line == first + 2


def test_short_sentences_and_quotes_may_come_twice() -> None:
    def change(data: dict[str, Any]) -> None:
        for number in (0, 5):
            data["counterpoints"][number]["say"] += " That is so."
        card(data, "f02").update(lines=[2, 4], quotes=card(data, "f01")["quotes"])

    assert findings(change) == {}


def test_tensions_of_a_whole_deck_are_counted_by_side() -> None:
    def change(data: dict[str, Any]) -> None:
        grow(data)
        data["tensions"].append({"cards": ["f02", "f03"], "why": "Money saved twice is counted once."})

    assert "tensions-count" not in findings(change)


def test_words_and_sentences() -> None:
    assert words("Don’t half-close it, ok?") == ["don’t", "half-close", "it", "ok"]
    assert content_words("The sanctions weren't lifted") == content_words("lifting a sanction")
    assert [stem(word) for word in ("armies", "army", "talks", "was", "trading")] == [
        "army",
        "army",
        "talk",
        "was",
        "trad",
    ]
    assert sentences("One is. Two are! “Three?” Four") == ["One is.", "Two are!", "“Three?", "Four"]
    assert sentences(" ") == []
    assert first_trigram("a b") == ("a", "b")
    assert overlap(frozenset(), frozenset({"a"})) == 0
    assert overlap(frozenset({"a", "b"}), frozenset({"b", "c", "d"})) == 0.5
