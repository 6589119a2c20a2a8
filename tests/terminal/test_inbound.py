"""A line becomes words, or a fault that says what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal import inbound
from adapters.terminal.inbound import Fault, Said, message_key, shown_key
from bot.messages import Person, Place

AT = datetime(2026, 1, 1, tzinfo=UTC)
PIPE = Place("terminal", "local", "pipe-1f")
TTY = Place("terminal", "local", "tty")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"hello", "hello"),
        (b"hello\r", "hello"),
        ("\ufeffhello".encode(), "hello"),
        ("  Grüße, 漢字 👩‍👩‍👧 ".encode(), "  Grüße, 漢字 👩‍👩‍👧 "),
        (b"a\tb", "a\tb"),
        (b'"quoted"', '"quoted"'),
    ],
)
def test_words(raw: bytes, text: str) -> None:
    assert inbound.read(raw, 3, as_json=True) == Said(text, 3)
    assert inbound.read(raw, 3, as_json=False) == Said(text, 3)


@pytest.mark.parametrize(
    ("raw", "code", "says"),
    [
        (b"", "empty", "!help"),
        (b" \t\r", "empty", "!help"),
        ("\u200b\u202e".encode(), "empty", "!help"),
        (b"ab\xffcd", "not_utf8", "0xff at place 3"),
        (bytes(range(256)), "not_utf8", "0x80"),
        (b"a\0b", "control", "U+0000"),
        (b"\x1b[2Jboo", "control", "U+001B"),
        ("a\x85b".encode(), "control", "U+0085"),
        (b"x" * (inbound.LONGEST_LINE + 1), "too_long", "4,000"),
        (b"{", "bad_json", "not JSON"),
        (b"{" * 100_000, "bad_json", "not JSON"),
        (b'{"text": ' + b"[" * 100_000, "bad_json", "too deep"),
        (b"{}", "bad_json", '"text" is missing'),
        (b'{"text": 5}', "bad_json", '"text" must be a string'),
        (b'{"text": "a", "key": true}', "bad_json", '"key" must be a string'),
        (b'{"text": "a", "key": 5}', "bad_json", '"key" must be a string'),
        (b'{"key": 5}', "bad_json", '"key" must be a string'),
        (b'{"key": "k"}', "bad_json", '"text" is missing'),
        (b'{"text": "a", "key": [1]}', "bad_json", '"key" must be a string'),
        (b'{"text": "a", "key": "start"}', "bad_key", "printable"),
        (b'{"text": "a", "key": "a\\u0000"}', "bad_key", "printable"),
        (b'{"text": "a", "key": "' + b"k" * 81 + b'"}', "bad_key", "80"),
        (b'{"text": "\\ud800"}', "control", "U+D800"),
        (b'{"text": " "}', "empty", "!help"),
    ],
)
def test_faults(raw: bytes, code: str, says: str) -> None:
    found = inbound.read(raw, 7, as_json=True)
    assert isinstance(found, Fault)
    assert (found.code, found.line) == (code, 7)
    assert says in found.text


def test_a_line_of_json_without_the_flag_is_words() -> None:
    assert inbound.read(b'{"text": "x"}', 1, as_json=False) == Said('{"text": "x"}', 1)


def test_json_lines() -> None:
    assert inbound.read(b'{"key": "a:1", "text": "x\\ny"}', 1, as_json=True) == Said("x\ny", 1, "a:1")
    assert inbound.read(b' {"key": "7", "text": "x", "more": []}', 2, as_json=True) == Said("x", 2, "7")
    fault = inbound.read(b'{"key": "k", "text": ""}', 2, as_json=True)
    assert isinstance(fault, Fault)
    assert fault.key == "k"


def test_invisible_characters_are_taken_out_and_counted() -> None:
    found = inbound.words("ab\u202ecd\u200b\u2066", 1)
    assert found == Said("abcd", 1, removed=3)


def test_a_long_speech_is_for_the_bot_to_refuse() -> None:
    assert isinstance(inbound.read(b"x" * 20_000, 1, as_json=False), Said)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_words_or_a_fault(raw: bytes, as_json: bool) -> None:
    found = inbound.read(raw, 1, as_json=as_json)
    assert found.line == 1
    if isinstance(found, Said):
        assert found.text.encode()
        request = inbound.request(found, message_key(found, 1, PIPE), PIPE, AT)
        assert request.text == found.text


def test_keys() -> None:
    line, keyed = Said("x", 3), Said("x", 3, "a:b:c")
    assert message_key(line, 12, PIPE).startswith("term:12:n:3:")
    assert message_key(line, 12, PIPE) == message_key(Said("x", 3), 12, TTY)
    assert message_key(line, 12, PIPE) != message_key(Said("y", 3), 12, PIPE)
    assert message_key(line, 12, PIPE) != message_key(Said("x", 4), 12, PIPE)
    assert message_key(keyed, 12, PIPE) == message_key(Said("y", 9, "a:b:c"), 12, PIPE) == "term:12:k:a:b:c"
    assert message_key(Said("x", 0, "start"), None, PIPE) == "term:pipe-1f:k:start"
    assert shown_key(message_key(line, 12, PIPE)) == line.name == "3"
    assert shown_key(message_key(keyed, 12, PIPE)) == keyed.name == "a:b:c"
    assert shown_key("term:abc:5") == ""


@given(st.text(max_size=80), st.integers(1, 10**6))
def test_given_keys_come_back(key: str, line: int) -> None:
    said = Said("x", line, key)
    assert shown_key(message_key(said, 1, PIPE)) == said.name


def test_who_speaks() -> None:
    assert inbound.speaker(TTY) == Person("terminal", "local", "me")
    assert inbound.speaker(PIPE) == Person("terminal", "local", "pipe-1f")
    request = inbound.request(Said("x", 1), "k", PIPE, AT)
    assert (request.key, request.person, request.place, request.at) == ("k", inbound.speaker(PIPE), PIPE, AT)


@pytest.mark.parametrize(
    ("text", "forgets"),
    [
        ("!forget-me yes", True),
        ("/debate forget-me YES", True),
        ("!forget-me", False),
        ("!nonsense", False),
        ("yes", False),
        ("x" * 5000, False),
    ],
)
def test_forgetting(text: str, forgets: bool) -> None:
    assert inbound.forgets(text) is forgets


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("!start", True),
        ("/debate start putin against", True),
        ("!start putin seed=7", False),
        ("!switch", False),
        ("!statr", False),
        ("start", False),
        ("x" * 5000, False),
    ],
)
def test_beginning(text: str, begins: bool) -> None:
    assert inbound.begins(text) is begins
