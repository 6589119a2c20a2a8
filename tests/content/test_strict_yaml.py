"""The YAML reader: 1.2 types, lines, and one kind of error whatever is fed to it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.errors import ContentError
from content.strict_yaml import MAX_BYTES, Value, parse_yaml, read_text, read_yaml

PATH = Path("x.yaml")


def refused(text: str) -> ContentError:
    with pytest.raises(ContentError) as caught:
        parse_yaml(text, PATH)
    return caught.value


def outcome(read: Callable[[], object]) -> ContentError | None:
    try:
        read()
    except ContentError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2022-02-24", "2022-02-24"),
        ("1_000", "1_000"),
        ("0123", 123),
        ("-5", -5),
        ("0x1F", 31),
        ("0o17", 15),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.INF", -math.inf),
        ("9" * 30, float("9" * 30)),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        (".", "."),
        ("<<", "<<"),
        ('"12"', "12"),
        ("'true'", "true"),
        (">-\n  folded\n  text", "folded text"),
        ("|\n  kept\n  lines\n", "kept\nlines\n"),
    ],
)
def test_a_value_has_its_yaml_1_2_type(text: str, value: Value) -> None:
    found = parse_yaml(f"key: {text}", PATH).value
    assert found == {"key": value}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(value)


def test_not_a_number_is_read_as_such() -> None:
    found = parse_yaml("[.nan]", PATH).value
    assert isinstance(found, list)
    assert isinstance(found[0], float)
    assert math.isnan(found[0])


def test_keys_are_text_as_written() -> None:
    assert parse_yaml("no: 1\n12: 2\nnull: 3\n", PATH).value == {"no": 1, "12": 2, "null": 3}


def test_every_value_has_its_line() -> None:
    document = parse_yaml("# note\na: 1\nb:\n  - x\n  -\n    c: >-\n      long\n      text\n", PATH)
    assert document.lines == {(): 2, ("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1): 6, ("b", 1, "c"): 6}
    assert document.line(("b", 1, "missing", "deep")) == 6
    assert document.line(("nowhere",)) == 2


@pytest.mark.parametrize(
    ("text", "line", "problem", "mend"),
    [
        ("a: 1\nb: 2\na: 3", 3, "'a' stands here twice (first in line 1)", "Delete one"),
        ("a:\n  b: 1\n  b: 2", 3, "'b' stands here twice (first in line 2)", "Delete one"),
        ("a: &x [1]\nb: *x", 2, "alias (*x)", "Write the value out"),
        ("a: !!python/name:os.system x", 1, "There is a tag", "Delete it"),
        ("a: !mine [1]", 1, "There is a tag (!mine)", "Delete it"),
        ("a: ! true", 1, "There is a tag (!)", "Delete it"),
        ("!t k: 1", 1, "There is a tag (!t)", "Delete it"),
        ("? [a]\n: 1", 1, "A key must be a plain word", "key: value"),
        ("\n" + "[" * 2000, 2, "nested more than 12 deep", "no such value"),
        ("- " * 2000, 1, "nested more than 12 deep", "no such value"),
        ("a: 1\n---\nb: 2", 2, "second document", "Delete the line `---`"),
        ("", 0, "The file is empty", "gadfly deck new"),
        ("# only a note\n", 0, "The file is empty", "gadfly deck new"),
        ("a: b: c", 1, "not valid YAML (mapping values", "double quotes"),
        ("a: 1\n\tb: 2", 2, "not valid YAML", "spaces, not tabs"),
        ("a: @x", 1, "not valid YAML", "double quotes"),
        ("a: 1\nb: 'open\nc: 2\n", 2, "unexpected end of stream", "Close the quote mark"),
        ("a: 1\nb: [1, 2\nc: 2\n", 2, "not valid YAML", "Close the bracket"),
        ("a:\n  - 1\n - 2", 3, "not valid YAML", "indentation"),
        ("]", 1, "not valid YAML", "Check the quote marks"),
        ('a: "\\z"', 1, "unknown escape character", "backslash"),
        ("%YAML 9.9\n---\na: 1", 1, "not valid YAML", "Check"),
        ("a: 1\nb: x\x00y", 2, "U+0000", "Delete it"),
        ("a: 1\nb: x\u202ey", 2, "U+202E", "Delete it"),
        ("a: 1\nb: x\u2028y", 2, "U+2028", "Delete it"),
        ('a: 1\nb: "x\\u202ey"', 2, "U+202E", "Delete it"),
        ('a: 1\n"\\0": 2', 2, "U+0000", "Delete it"),
        ("a: \ud800", 0, "not valid YAML", "Check"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_mend(
    text: str, line: int, problem: str, mend: str
) -> None:
    error = refused(text)
    assert (error.line, error.path) == (line, "x.yaml")
    assert problem in error.problem
    assert mend in error.mend


def test_an_alias_bomb_ends_at_the_first_alias() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert refused(bomb).line == 2


@given(st.one_of(st.text(), st.text(alphabet="ab:-?[]{},&*!|>'\"%@`# \n\t\\0.~")))
@example("*a : b")
@example("- &a")
@example('"\\ud800"')
@example("--- --- ---")
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    error = outcome(lambda: parse_yaml(text, PATH))
    assert error is None or (error.problem and error.mend)


PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**17), 10**17) | PLAIN,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
        max_leaves=12,
    )
)
@settings(deadline=None)
def test_json_is_read_as_json_reads_it(value: Value) -> None:
    assert parse_yaml(json.dumps({"value": value}), PATH).value == {"value": value}


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x.yaml"
    path.write_bytes(data)
    error = outcome(lambda: read_yaml(path))
    assert error is None or error.path == str(path)


def refused_file(path: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        read_text(path)
    return caught.value


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\nb: \xff\xfe\n")
    error = refused_file(path)
    assert (error.line, error.problem) == (2, "The file is not UTF-8 text")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "larger than 5 MB" in refused_file(path).problem


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert refused_file(tmp_path / "x.yaml").problem == "There is no such file"
    assert refused_file(tmp_path).problem == "This is not a file"
    assert "cannot be read" in refused_file(tmp_path / ("x" * 300)).problem
    assert "file" in refused_file(Path("a\0b")).problem


def test_the_byte_order_mark_and_windows_line_ends_are_harmless(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_yaml(path).value == {"a": 1, "b": 2}
    path.write_bytes(b"a: 1\rb: 2")
    assert "U+000D" in refused_file(path).problem
