"""Loading a deck: what is read, and every kind of fault with its line and mend."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from content.deck import Deck, Move, Side
from content.errors import ContentError
from content.essay import Essay
from content.loading import load_deck, load_with_lines, read_essay
from content.near import nearest, nearest_words, shorten
from content.schema_errors import in_plain_words
from content.strict_yaml import Document
from tests.content.decks import DECK, ESSAY, tiny_data, tiny_deck, write_tiny


def refused(path: Path, *seeds: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_deck(path, seeds)
    return caught.value


def test_a_deck_is_read_with_its_essay(tmp_path: Path) -> None:
    deck = load_deck(write_tiny(tmp_path))
    assert deck == tiny_deck()
    assert deck.text.lines[0] == "Ride for Nothing"
    assert [card.id for card in deck.side_cards(Side.AGAINST)] == ["a01", "a02", "a03", "a04"]
    assert deck.label(Side.FOR.other) == deck.sides.against
    assert deck.by_id["f04"].facts == ("tallinn",)
    assert [deck.counterpoints[n].by for n in deck.attacks_on["f01"]] == ["a01", "a03", "a04"]
    assert deck.counterpoints[3].move is Move.TURN


REJOINDER = """\
  - on: f01
    by: a01
    move: mitigate
    say: "Moving one more passenger is cheap, but the lost fares are real money."
    meets: ["the bus runs anyway so where is the cost"]
    rejoinders:
      - by: a02
        move: undercut
        meets: ["the council can find the money elsewhere", "money was never the problem with them"]
        say: "What is found elsewhere is missed elsewhere."
  - {on: f01, by: a03,"""
"""A counterpoint with all it may have, before the next one of the tiny deck."""


def with_rejoinder(old: str = "", new: str = "") -> str:
    assert old in REJOINDER
    first = next(line for line in DECK.splitlines(True) if line.startswith("  - {on: f01, by: a01"))
    return DECK.replace(first, "").replace("  - {on: f01, by: a03,", REJOINDER.replace(old, new, 1), 1)


def test_a_rejoinder_is_an_attack_that_follows_its_counterpoint(tmp_path: Path) -> None:
    deck = load_deck(write_tiny(tmp_path, with_rejoinder()))
    count = len(deck.counterpoints)
    assert deck.counterpoints[0].meets == ("the bus runs anyway so where is the cost",)
    (rejoinder,) = deck.attacks[count:]
    assert (rejoinder.by, rejoinder.move) == ("a02", Move.UNDERCUT)
    assert rejoinder.meets == (
        "the council can find the money elsewhere",
        "money was never the problem with them",
    )
    assert deck.follows == {count: deck.counterpoints[0].say}
    assert count not in deck.attacks_on["f01"]
    assert Deck.model_validate_json(deck.as_json) == deck


def test_a_card_may_have_rejoinders_too(tmp_path: Path) -> None:
    rejoinder = (
        "    rejoinders: [{by: BY, move: deny, meets: [it may well cost more], say: It costs the same.}]\n"
    )
    text = DECK.replace("  - id: f02\n", rejoinder + "  - id: f02\n")
    deck = load_deck(write_tiny(tmp_path, text.replace("BY", "f01")))
    assert deck.attacks[-1].say == "It costs the same."
    assert deck.follows == {len(deck.counterpoints): "f01"}
    error = refused(write_tiny(tmp_path, text.replace("BY", "a01")))
    assert error.problem == "a01 cannot stand up for f01: they argue on two sides"


def test_a_deck_without_rejoinders_is_the_deck_it_was_before_there_were_any() -> None:
    assert "rejoinders" not in tiny_deck().as_json
    assert "meets" not in tiny_deck().as_json


@pytest.mark.parametrize(
    ("old", "new", "problem", "mend"),
    [
        ("by: a02", "by: f02", "f02 cannot stand up for a01: they argue on two sides", "a card of its side"),
        ("by: a02", "by: a09", "There is no card 'a09'", "'a0"),
        ("undercut", "turn", "A turn must say what it turns", "`turns: link`"),
        ("undercut", "undercuts", "counterpoints[0].rejoinders[0].move must be one of", "'undercut'"),
        ('["the council', '[] # ["the council', "rejoinders[0].meets is empty", "different people"),
        ("        say:", "        says:", "rejoinders[0].says is not a known key", "'say'"),
    ],
)
def test_a_fault_of_a_rejoinder_is_said(tmp_path: Path, old: str, new: str, problem: str, mend: str) -> None:
    first = refused(write_tiny(tmp_path, with_rejoinder(old, new)))
    error = next(error for error in (first, *first.more) if problem in error.problem)
    assert mend in error.mend
    assert error.line > DECK[: DECK.index("counterpoints:")].count("\n")


def test_the_lines_of_a_deck_come_with_it(tmp_path: Path) -> None:
    _, lines = load_with_lines(write_tiny(tmp_path))
    text = DECK.splitlines()
    assert text[lines["cards", 1, "id"] - 1] == "  - id: f02"
    assert "Would tickets bought" in text[lines["cards", 1, "questions", 0] - 1]


def test_a_deck_survives_its_own_json_with_the_same_hash() -> None:
    deck = tiny_deck()
    again = Deck.model_validate_json(deck.model_dump_json(by_alias=True))
    assert again == deck
    assert again.sha256 == deck.sha256
    other = Deck.model_validate({**tiny_data(), "title": "Buses", "text": deck.text})
    assert other.sha256 != deck.sha256


def test_a_deck_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(tiny_deck(), "title", "x")  # noqa: B010


def test_glosses_are_found_in_a_quote_in_order() -> None:
    deck = Deck.model_validate({**tiny_data(), "text": Essay.from_text(ESSAY)})
    assert deck.glosses_in("Those who Count every coin walk") == (("count every coin", "have little money"),)
    assert deck.glosses_in("a full one") == ()


def test_the_essay_may_stand_in_a_folder_of_seeds(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "decks")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "decks" / "free-buses.txt").rename(tmp_path / "seeds" / "free-buses.txt")
    assert load_deck(path, (tmp_path / "none", tmp_path / "seeds")).text == tiny_deck().text
    error = refused(path, tmp_path / "none")
    assert "The essay 'free-buses.txt' is not in" in error.problem
    assert DECK.splitlines()[error.line - 1] == "  file: free-buses.txt"
    assert error.mend == "Put it beside the deck"


def test_an_essay_with_a_name_close_by_is_offered(tmp_path: Path) -> None:
    path = write_tiny(tmp_path, DECK.replace("file: free-buses.txt", "file: freebuses.txt"))
    assert refused(path).mend == "Did you mean 'free-buses.txt'?"


def test_an_essay_with_an_impossible_name_is_not_there(tmp_path: Path) -> None:
    path = write_tiny(tmp_path, DECK.replace("file: free-buses.txt", f"file: {'x' * 300}.txt"))
    assert "is not in" in refused(path).problem


def fault(*changes: tuple[str, str], line: str, problem: str, mend: str) -> object:
    return pytest.param(changes, line, problem, mend, id=problem[:40])


FAULTS = [
    # What pydantic finds.
    fault(
        ("    strength: 3\n", "    strength: 5\n"),
        line="    strength: 5",
        problem="cards[0].strength must be 1, 2 or 3",
        mend="1 for weak",
    ),
    fault(
        ("    strength: 3\n", '    strength: "2"\n'),
        line='    strength: "2"',
        problem="cards[0].strength must be 1, 2 or 3",
        mend="1 for weak",
    ),
    fault(
        ("    strength: 3\n", "    strength: true\n"),
        line="    strength: true",
        problem="cards[0].strength must be 1, 2 or 3",
        mend="1 for weak",
    ),
    fault(
        ("    strength: 3\n", "    strength:\n"),
        line="    strength:",
        problem="cards[0].strength is empty",
        mend="1 weak, 2 sound, 3 strong",
    ),
    fault(
        ("    tag: An empty", "    tagg: An empty"),
        line="    tagg: An empty",
        problem="cards[0].tagg is not a known key",
        mend="Did you mean 'tag'?",
    ),
    fault(
        ("    tag: An empty", "    xyzzy: An empty"),
        line="    xyzzy:",
        problem="cards[0].xyzzy is not a known key",
        mend="Known are id, tag, warrant",
    ),
    fault(("title: Free", "titel: Free"), line="titel:", problem="titel is not a known key", mend="'title'"),
    fault(
        ("  for: free", "  fro: free"), line="  fro:", problem="sides.fro is not a known key", mend="'for'"
    ),
    fault(("    source:", "    sauce:"), line="    sauce:", problem="facts.tallinn.sauce", mend="'source'"),
    fault(("  - {line: 2,", "  - {lime: 2,"), line="- {lime: 2", problem="quotes[0].lime", mend="'line'"),
    fault(("  glosses:", "  gloses:"), line="  gloses:", problem="essay.gloses", mend="'glosses'"),
    fault(
        ("title:", "text: x\ntitle:"), line="text: x", problem="text is no key of a deck", mend="essay.file"
    ),
    fault(
        ("    impact: The town can give", "    # The town can give"),
        line="  - id: f01",
        problem="cards[0].impact is missing",
        mend="Why it matters",
    ),
    fault(
        ("motion: Our", "# Our"), line="id: free-buses", problem="motion is missing", mend="statement debated"
    ),
    fault(
        ("motion: Our town should make its buses free", 'motion: ""'),
        line="motion:",
        problem="motion is empty",
        mend="Fill it in: The statement debated",
    ),
    fault(
        ("motion: Our town should make its buses free", 'motion: "  "'),
        line="motion:",
        problem="motion is empty",
        mend="Fill it in",
    ),
    fault(
        ("motion: Our town should make its buses free", "motion: 2024"),
        line="motion:",
        problem="motion must be text",
        mend='"2024"',
    ),
    fault(
        ("motion: Our town should make its buses free", "motion: true"),
        line="motion:",
        problem="motion must be text",
        mend='"true"',
    ),
    fault(
        ("motion: Our town should make its buses free", "motion: [a, b]"),
        line="motion:",
        problem="motion must be one text",
        mend="not a list",
    ),
    fault(
        ("      - diesel's burnt", "      - diesel: burnt"),
        line="      - diesel:",
        problem="cards[0].phrasings[4] must be one text",
        mend="double quotes",
    ),
    fault(
        ("motion: Our town should make its buses free", "motion: |\n  Our town\n  should"),
        line="motion: |",
        problem="motion must be one line",
        mend="`>-`",
    ),
    fault(
        ("title: Free buses", "title: " + "Free buses " * 10),
        line="title:",
        problem="title is longer than 80 characters",
        mend="it has 109",
    ),
    fault(
        ("scheme: precedent", "scheme: precedents"),
        line="scheme: precedents",
        problem="cards[3].scheme must be one of",
        mend="Did you mean 'precedent'?",
    ),
    fault(
        ("scheme: precedent", 'scheme: ""'),
        line='scheme: ""',
        problem="cards[3].scheme is empty",
        mend="Take one of alternatives",
    ),
    fault(
        ('move: mitigate, say: "Moving', 'move: concede, say: "Moving'),
        line="move: concede",
        problem="counterpoints[0].move must be one of deny, mitigate, undercut, turn, outweigh",
        mend="fits best",
    ),
    fault(
        ('turns: link, say: "Free', 'turns: links, say: "Free'),
        line="turns: links",
        problem="counterpoints[10].turns must be one of link, impact",
        mend="'link'",
    ),
    fault(
        ("  - id: f01", "  - id: x1"), line="  - id: x1", problem="cards[0].id must be a card id", mend="f01"
    ),
    fault(
        ("{on: f01, by: a01", "{on: F1, by: a01"),
        line="on: F1",
        problem="[0].on must be a card id",
        mend="f01",
    ),
    fault(
        ("[f01, f04]", "[f01, 4f]"),
        line="[f01, 4f]",
        problem="tensions[0].cards[1] must be a card id",
        mend="f",
    ),
    fault(("[f01, f04]", "[f01]"), line="[f01]", problem="tensions[0].cards[1] is missing", mend="two cards"),
    fault(
        ("[f01, f04]", "[f01, f02, f04]"),
        line="f02, f04]",
        problem="holds more than 2 items",
        mend="Two cards",
    ),
    fault(
        ("id: free-buses", "id: Free Buses"),
        line="id: Free",
        problem="id must be small letters",
        mend="school-",
    ),
    fault(
        ("  money: Can", "  Mo ney: Can"),
        line="Mo ney",
        problem="clashes.Mo ney must be small",
        mend="school-",
    ),
    fault(('date: "2013-01-01"', "date: 2013"), line="date:", problem="date must be text", mend='"2013"'),
    fault(
        ('date: "2013-01-01"', "date: 1.1.2013"), line="date:", problem="must be a date", mend='"2022-02-24"'
    ),
    fault(
        ("file: free-buses.txt", "file: ../x.txt"),
        line="file:",
        problem="name of a .txt file",
        mend="letters",
    ),
    fault(
        ("file: free-buses.txt", "file: x.doc"), line="file:", problem="name of a .txt file", mend="letters"
    ),
    fault(
        ("    lines: [2]", "    lines: 2"),
        line="lines: 2",
        problem="cards[0].lines must be a list",
        mend="[...",
    ),
    fault(
        ("    lines: [2]", "    lines: []"),
        line="lines: []",
        problem="cards[0].lines is empty",
        mend="drawn from",
    ),
    fault(
        ("    lines: [2]", "    lines: [0]"),
        line="lines: [0]",
        problem="must be the number of a line",
        mend="nl",
    ),
    fault(
        ("    lines: [2]", "    lines: [a]"),
        line="lines: [a]",
        problem="must be the number of a line",
        mend="nl",
    ),
    fault(
        ("    lines: [2]", "    lines: [2.5]"),
        line="lines: [2.5",
        problem="lines[0] must be the number",
        mend="nl",
    ),
    fault(
        ("    facts: [tallinn]", "    facts:"), line="    facts:", problem="facts is empty", mend="leans on"
    ),
    # What does not fit together.
    fault(
        ("  - id: f02", "  - id: f01"),
        line="  - id: f01",
        problem="The card id f01 is taken (line 22)",
        mend="such as f02",
    ),
    fault(
        ("    clash: money\n    lines: [2]", "    clash: mony\n    lines: [2]"),
        line="clash: mony",
        problem="There is no clash 'mony'",
        mend="Did you mean 'money'?",
    ),
    fault(
        ("    clash: money\n    lines: [2]", "    clash: weather\n    lines: [2]"),
        line="clash: weather",
        problem="There is no clash 'weather'",
        mend="Take one of money, people",
    ),
    fault(
        ("facts: [tallinn]", "facts: [tallin]"), line="[tallin]", problem="no fact 'tallin'", mend="'tallinn'"
    ),
    fault(
        ("facts:\n  tallinn:", "facts: {}\nx:\n  tallinn:"),
        line="x:",
        problem="x is not a known key",
        mend="Known are",
    ),
    fault(
        ("    lines: [2]", "    lines: [2, 99]"), line="99]", problem="has no line 99", mend="It has 9 lines"
    ),
    fault(
        ("    lines: [2]", "    lines: [4]"),
        line="quotes",
        problem="from line 2, which is not among the lines of card f01",
        mend="Add 2",
    ),
    fault(
        ("{line: 2,", "{line: 4,"),
        line='{line: 4, text: "an',
        problem="Line 4 of the essay does not hold these words: 'an empty seat costs as much",
        mend="They stand in line 2",
    ),
    fault(
        ("an empty seat costs as much", "an empty chair costs as much"),
        line="an empty chair",
        problem="does not hold these words",
        mend="Nearest is, in line 2: “an empty seat costs as much to move as a full one.”",
    ),
    fault(
        (
            'an empty seat costs as much to move as a full one"',
            'Quite another matter: zebras, xylophones, quiz"',
        ),
        line="zebras",
        problem="does not hold these words",
        mend="Nothing in the essay comes near",
    ),
    fault(
        ("{on: f01, by: a01", "{on: f01, by: a09"),
        line="a09",
        problem="There is no card 'a09'",
        mend="Did you mean 'a0",
    ),
    fault(
        ("{on: f01, by: a01", "{on: f01, by: f02"),
        line="by: f02",
        problem="f02 cannot attack f01: both argue on one side",
        mend="a card of the other side",
    ),
    fault(
        ('move: turn, turns: link, say: "Free', 'move: turn, say: "Free'),
        line='say: "Free rides pull',
        problem="A turn must say what it turns",
        mend="`turns: link`",
    ),
    fault(
        ('move: mitigate, say: "Moving', 'move: mitigate, turns: link, say: "Moving'),
        line="move: mitigate, turns: link",
        problem="turns belongs to the move turn, and this move is mitigate",
        mend="Delete it",
    ),
    fault(("[f01, f04]", "[f01, f44]"), line="f44]", problem="There is no card 'f44'", mend="'f04'"),
    fault(("[f01, f04]", "[f01, a04]"), line="a04]", problem="two cards of one side", mend="different cards"),
    fault(("[f01, f04]", "[f01, f01]"), line="f01]", problem="two cards of one side", mend="different cards"),
]


@pytest.mark.parametrize(("changes", "line", "problem", "mend"), FAULTS)
def test_a_fault_is_said_with_its_line_and_the_mend(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], line: str, problem: str, mend: str
) -> None:
    text = DECK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    first = refused(write_tiny(tmp_path, text))
    error = next(error for error in (first, *first.more) if problem in error.problem)
    assert mend in error.mend
    assert not error.mend.endswith(".")
    place = text.splitlines()[error.line - 1]
    if line == "quotes":
        assert place.lstrip().startswith("- {line: 2")
    else:
        assert line in place
    assert str(error).startswith(f"{tmp_path}/free-buses.yaml:{error.line}: ")


def test_all_faults_come_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = DECK.replace("clash: people", "clash: nobody").replace("line: 9", "line: 5")
    error = refused(write_tiny(tmp_path, text))
    lines = [fault.line for fault in (error, *error.more)]
    assert len(lines) == 6
    assert lines == sorted(lines)


def test_unknown_ids_without_anything_near(tmp_path: Path) -> None:
    facts = re.sub(r"facts:\n  tallinn:.*?\ncards:", "facts: {}\ncards:", DECK, flags=re.DOTALL)
    error = refused(write_tiny(tmp_path, facts))
    assert (error.problem, error.mend) == ("There is no fact 'tallinn'", "Add the fact, or drop its id")


@pytest.mark.parametrize("value", ["- a\n- b", "just words", "12"])
def test_a_file_that_is_no_mapping_is_no_deck(tmp_path: Path, value: str) -> None:
    error = refused(write_tiny(tmp_path, value))
    assert (error.line, error.problem) == (1, "The file is not a deck")


@pytest.mark.parametrize(
    "essay", ["essay: x", "essay: {}", "essay: {file: 3}", "essay:", "essay: {file: a/b.txt}"]
)
def test_an_essay_that_is_not_named_is_a_schema_error(tmp_path: Path, essay: str) -> None:
    text = re.sub(r"essay:\n.*?\nsides:", f"{essay}\nsides:", DECK, flags=re.DOTALL)
    error = refused(write_tiny(tmp_path, text))
    assert error.problem.startswith("essay")
    assert error.line == text.splitlines().index(essay) + 1


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"", 0, "The essay is empty"),
        (b" \n\n", 0, "The essay is empty"),
        (b"One.\nTw\xff.\n", 2, "The file is not UTF-8 text"),
        (b"One.\nTw\x07.\n", 2, "There is an invisible or control character (U+0007)"),
    ],
)
def test_an_essay_must_be_plain_text(tmp_path: Path, data: bytes, line: int, problem: str) -> None:
    path = write_tiny(tmp_path)
    (tmp_path / "free-buses.txt").write_bytes(data)
    error = refused(path)
    assert (error.path, error.line, error.problem) == (str(tmp_path / "free-buses.txt"), line, problem)


def test_an_empty_line_of_the_essay_carries_no_card(tmp_path: Path) -> None:
    path = write_tiny(tmp_path, DECK.replace("lines: [4, 7]", "lines: [4, 7, 10]"))
    (tmp_path / "free-buses.txt").write_text(ESSAY + "\nAnd more.\n", encoding="utf-8")
    assert refused(path).problem == "Line 10 of the essay is empty"


def test_essay_lines_are_counted_as_nl_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "e.txt"
    path.write_bytes("Title\r\n\r\nOne\u00a0two.\tThree.\r\nEnd”\r\n".encode())
    essay = read_essay(path)
    assert essay.lines == ("Title", "", "One\u00a0two.\tThree.", "End”")
    assert essay.paragraphs == (3,)
    assert essay.holds("two.\tThree", 3)
    assert not essay.holds("two", 0)
    assert not essay.holds("two", 5)
    assert essay.places("E") == (4,)
    assert essay.places("zebra") == ()


def test_a_quote_that_is_nearly_there_is_found_with_whole_words() -> None:
    essay = Essay.from_text("One.\nThe leaders didn’t meet again, they said")
    assert nearest_words(essay, "leaders didn't meet") == (2, "leaders didn’t meet")
    assert nearest_words(essay, "again, they sed") == (2, "again, they said")
    assert nearest_words(essay, "zzzz qqqq") == (0, "")


def test_words_close_by_are_found_best_first() -> None:
    assert nearest("monye", ["people", "money", "honey"], limit=3)[0] == "money"
    assert nearest("xyz", ["people"]) == ()
    assert shorten("short") == "short"
    assert shorten("one two three", 9) == "one two …"


KEYS = ("id", "motion", "essay", "sides", "clashes", "facts", "cards", "counterpoints", "tensions", "as_of")
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["f01", "money", "deny"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def test_a_fault_of_a_kind_unheard_of_is_still_said(tmp_path: Path) -> None:
    details = ErrorDetails(type="tea_cold", loc=("cards", 0, "tag"), msg="Tea is cold", input="x")
    (error,) = in_plain_words(Document(tmp_path, {}, {}), [details])
    assert (error.line, error.problem) == (1, "cards[0].tag is wrong (Tea is cold)")
    assert error.mend.startswith("The claim in one plain sentence")


def outcome(folder: Path, text: str) -> ContentError | None:
    try:
        load_deck(write_tiny(folder, text))
    except ContentError as error:
        return error
    return None


@given(st.sampled_from(KEYS), JUNK)
@settings(deadline=None, max_examples=300)
def test_any_value_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, key: str, junk: object
) -> None:
    error = outcome(tmp_path_factory.mktemp("junk"), json.dumps({**tiny_data(), key: junk}))
    assert error is None or (error.problem and error.mend)


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_any_value_inside_a_card_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    deck = tiny_data()
    item = deck[data.draw(st.sampled_from(["cards", "counterpoints", "tensions"]))][0]
    item[data.draw(st.sampled_from(sorted(item)))] = data.draw(JUNK)
    error = outcome(tmp_path_factory.mktemp("junk"), json.dumps(deck))
    assert error is None or (error.problem and error.mend)


def test_a_repeated_id_is_the_only_fault_that_is_told_of_it(tmp_path: Path) -> None:
    """The card that is missed then may be the one that bears the id of another."""
    data = tiny_data()
    next(card for card in data["cards"] if card["id"] == "f02")["id"] = "f01"
    with pytest.raises(ContentError, match="The card id f01 is taken") as caught:
        load_deck(write_tiny(tmp_path, json.dumps(data)))
    assert caught.value.more == ()
