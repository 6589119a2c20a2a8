"""The library: shipped and own decks, their order, their names, and the index that a start reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import content.index
from content.checking import check
from content.deck import Side
from content.errors import ContentError, UnknownDeck
from content.index import INDEX, SHIPPED, Entry, as_json, chosen, read_entries, wanted
from content.library import SEEDS, Library, shipped_index
from content.loading import load_with_lines
from tests.content.decks import DECK, write_tiny

SHIPPED_IDS = ("putin-trump-talks", "school-phones")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with three decks that can be played."""
    folder = tmp_path / "decks"
    write_tiny(folder)
    other = DECK.replace("id: free-buses", "id: ferry").replace("title: Free buses", "title: The ferry")
    write_tiny(
        folder, other.replace("Our town should make its buses free", "The ferry must stay"), "ferry.yml"
    )
    third = DECK.replace("id: free-buses", "id: free-trams").replace("title: Free buses", "title: Trams")
    write_tiny(folder, third, "trams.yaml")
    return folder


@pytest.fixture
def library(own: Path, tmp_path: Path) -> Library:
    """Only the decks of ``own``."""
    return Library.open(own, shipped=tmp_path / "none")


def test_the_shipped_decks_come_first() -> None:
    library = Library.open()
    assert library.problems == ()
    assert library.ids == SHIPPED_IDS
    assert [entry.id for entry in library.entries] == list(SHIPPED_IDS)


@pytest.mark.parametrize("word", SHIPPED_IDS)
def test_a_shipped_deck_can_be_played_from_either_side(word: str) -> None:
    deck, lines = load_with_lines(SHIPPED / f"{word}.yaml", (SEEDS,))
    assert deck.id == word
    assert [finding for finding in check(deck, lines) if finding.level == "error"] == []
    assert all(len(deck.side_cards(side)) >= 12 for side in Side)


def test_own_decks_follow_in_the_order_of_their_files(own: Path) -> None:
    assert Library.open(own).ids == (*SHIPPED_IDS, "ferry", "free-buses", "free-trams")


def test_the_setting_limits_and_orders(own: Path) -> None:
    library = Library.open(own, only=" school-phones, FERRY,,ferry")
    assert library.ids == ("school-phones", "ferry")
    assert library.problems == ()
    assert library["ferry"].title == "The ferry"
    with pytest.raises(KeyError):
        library["free-buses"]


def test_an_unknown_id_in_the_setting_is_reported(own: Path) -> None:
    library = Library.open(own, only="school-phone,zzz,ferry")
    assert library.ids == ("ferry",)
    near, far = library.problems
    assert (near.path, near.problem) == ("GADFLY_DECKS", "There is no deck 'school-phone'")
    assert near.mend == "Did you mean school-phones?"
    assert far.mend.startswith("There are putin-trump-talks, school-phones")


def test_a_broken_deck_is_reported_and_hides_nothing(own: Path) -> None:
    write_tiny(own, DECK.replace("strength: 3", "strength: 9", 1), "aaa.yaml")
    (own / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (own / ".hidden.yaml").write_text("x")
    (own / "notes.md").write_text("x")
    (own / "folder.yaml").mkdir()
    library = Library.open(own)
    assert library.ids == (*SHIPPED_IDS, "ferry", "free-buses", "free-trams")
    assert [Path(error.path).name for error in library.problems] == ["aaa.yaml", "binary.yaml", "folder.yaml"]


def test_a_deck_that_cannot_be_played_is_not_offered(own: Path) -> None:
    deck = "\n".join(line for line in DECK.splitlines() if "on: f01" not in line and "on: f02" not in line)
    write_tiny(own, deck)
    library = Library.open(own)
    assert "free-buses" not in library.ids
    (error,) = library.problems
    assert error.problem == "No counterpoint answers f01"
    assert [more.problem for more in error.more] == ["No counterpoint answers f02"]
    assert "id: f01" in deck.splitlines()[error.line - 1]


def test_an_id_belongs_to_the_deck_that_came_first(own: Path) -> None:
    write_tiny(own, DECK.replace("id: free-buses", "id: school-phones"), "z.yaml")
    library = Library.open(own)
    (error,) = library.problems
    assert (error.line, error.problem) == (1, "The deck id school-phones is taken by school-phones.yaml")
    assert library["school-phones"].title != "Free buses"


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("ferry", "ferry"),
        ("FREE-BUSES", "free-buses"),
        (" free-b ", "free-buses"),
        ("the ferry", "ferry"),
        ("must stay", "ferry"),
        ("trams", "free-trams"),
        ("fer", "ferry"),
    ],
)
def test_a_deck_is_found_by_id_beginning_or_words(library: Library, word: str, found: str) -> None:
    assert library.find(word).id == found


@pytest.mark.parametrize(
    ("word", "near", "mend"),
    [
        ("free", ("free-buses", "free-trams"), "Did you mean free-buses or free-trams?"),
        ("town", ("free-buses", "free-trams"), "Did you mean free-buses or free-trams?"),
        ("fery", ("ferry",), "Did you mean ferry?"),
        ("zzzzzzzz", (), "There are ferry, free-buses, free-trams"),
        ("", (), "There are ferry, free-buses, free-trams"),
        ("?!", (), "There are ferry, free-buses, free-trams"),
    ],
)
def test_what_is_not_found_is_answered_with_what_is_near(
    library: Library, word: str, near: tuple[str, ...], mend: str
) -> None:
    with pytest.raises(UnknownDeck) as caught:
        library.find(word)
    assert (caught.value.word, caught.value.near, caught.value.mend) == (word, near, mend)


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "missing", shipped=tmp_path / "none")
    assert library.ids == ()
    with pytest.raises(UnknownDeck) as caught:
        library.find("x")
    assert caught.value.mend == "There are none"


# The index.


def test_the_shipped_index_is_fresh() -> None:
    assert INDEX.read_text(encoding="utf-8") == shipped_index(), "run `python -m content.schema`"
    assert [entry.id for entry in read_entries()] == list(SHIPPED_IDS)


def test_a_broken_shipped_deck_cannot_be_indexed(tmp_path: Path) -> None:
    write_tiny(tmp_path, "x: y")
    with pytest.raises(ContentError, match="id is missing"):
        shipped_index(tmp_path)


def test_a_start_sees_own_decks_from_the_index(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "index.json"
    library = Library.open(own)
    assert library.write_index(cache)
    entries = read_entries(own, cache)
    assert entries == library.entries
    assert entries[2].motion == "The ferry must stay"
    assert entries[2].cards == 8
    assert [entry.id for entry in read_entries(own, cache, "ferry,school-phones")] == [
        "ferry",
        "school-phones",
    ]


def test_a_changed_or_deleted_deck_is_left_out_of_the_index(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "index.json"
    assert Library.open(own).write_index(cache)
    (own / "trams.yaml").unlink()
    os.utime(own / "ferry.yml", ns=(1, 1))
    assert [entry.id for entry in read_entries(own, cache)] == [*SHIPPED_IDS, "free-buses"]


def test_an_index_is_written_anew_only_when_it_changed(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "index.json"
    Library.open(own).write_index(cache)
    os.utime(cache, ns=(1, 1))
    Library.open(own).write_index(cache)
    assert cache.stat().st_mtime_ns == 1
    (own / "ferry.yml").unlink()
    Library.open(own).write_index(cache)
    assert cache.stat().st_mtime_ns != 1
    assert list(tmp_path.glob("index.json.*")) == []


def test_an_index_that_cannot_be_written_is_done_without(own: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert not Library.open(own).write_index(tmp_path / "file" / "index.json")


ENTRY = Entry("free-buses", "t", "m", "f", "a", "b", "o", 8, "free-buses.yaml", 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"3",
        b"null",
        b"[1]",
        b'[{"id": "x"}]',
        b'{"id": "x"}',
        b"[" * 100_000,
        as_json([ENTRY._replace(cards="8")]).encode(),  # type: ignore[arg-type]
        as_json([ENTRY._replace(file="a\0b")]).encode(),
        as_json([ENTRY]).encode(),
    ],
)
def test_a_damaged_index_is_done_without(own: Path, tmp_path: Path, text: bytes) -> None:
    cache = tmp_path / "index.json"
    cache.write_bytes(text)
    assert [entry.id for entry in read_entries(own, cache)] == list(SHIPPED_IDS)


def test_a_missing_shipped_index_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content.index, "INDEX", tmp_path / "none.json")
    assert read_entries() == ()


def test_choices_are_read_from_the_setting() -> None:
    assert wanted("") == ()
    assert wanted(" B ,a,,b") == ("b", "a")
    assert chosen(("a", "b", "c"), "") == ("a", "b", "c")
    assert chosen(("a", "b", "c"), "c,x,a") == ("c", "a")


def test_the_index_is_read_with_the_standard_library_alone() -> None:
    program = (
        "import sys; from content.index import read_entries; assert read_entries();"
        "print([m for m in sys.modules if m.partition('.')[0] in ('pydantic', 'yaml', 'rapidfuzz', 'dataclasses')"
        " or m.startswith('content.')])"
    )
    root = Path(content.index.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.replace("'", '"')) == ["content.index"]
