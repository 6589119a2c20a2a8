"""What comes from Discord, as requests: keys, persons, places, what a press, a form and a slash command say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.discord import inbound
from adapters.discord.inbound import Option, Origin
from bot.debate.commands import BY_NAME, COMMANDS
from bot.messages import Person, Place

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_a_message_in_a_thread() -> None:
    origin = Origin("10", "20", "30", "40")
    made = inbound.request(inbound.message_key(50), origin, "My point.", NOW)
    assert made.key == "discord:m:50"
    assert made.person == Person("discord", "10", "40")
    assert made.place == Place("discord", "10", "20", "30")
    assert (made.text, made.locale, made.at) == ("My point.", "en", NOW)


def test_a_press_in_direct_messages() -> None:
    made = inbound.request(inbound.interaction_key(5), Origin("", "20", "", "40"), "!flow", NOW, "fr")
    assert made.key == "discord:i:5"
    assert made.person == Person("discord", "dm", "40")
    assert made.place == Place("discord", "dm", "20", "")
    assert made.locale == "fr"


def test_a_nonce_fits_and_is_the_same_again() -> None:
    key = inbound.message_key(2**63)
    assert inbound.nonce(key, 1) == "m9223372036854775808.1"
    assert len(inbound.nonce(inbound.interaction_key(2**64 - 1), 99)) <= 25
    assert inbound.nonce(key, 1) != inbound.nonce(key, 2)
    assert inbound.snowflake(key) == 2**63


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<@7> talks help", "talks help"),
        ("<@!7>, talks help", "talks help"),
        ("talks help <@7>", "talks help"),
        ("<@7>", ""),
        ("<@8> talks help", "<@8> talks help"),
        ("I ask <@7> about talks", "I ask <@7> about talks"),
    ],
)
def test_the_mention_that_calls_the_bot_is_no_part_of_what_is_said(text: str, said: str) -> None:
    assert inbound.spoken(text, 7) == said


def test_a_form_gives_its_words_however_they_are_wrapped() -> None:
    label = [{"type": 18, "component": {"type": 4, "custom_id": "words", "value": "My point."}}]
    row = [{"type": 1, "components": [{"type": 4, "custom_id": "words", "value": "My point."}]}]
    assert inbound.form_words(label) == "My point."
    assert inbound.form_words(row) == "My point."
    assert inbound.form_words([]) == ""


# --- slash commands ---


def named(name: str) -> dict[str, Option]:
    return {option.name: option for option in inbound.options(BY_NAME[name])}


def test_options_come_from_the_command_table() -> None:
    start = named("start")
    assert [option.kind for option in start.values()] == ["motion", "choice", "choice", "flag", "flag"]
    assert start["side"].choices == ("for", "against")
    assert not any(option.required for option in start.values())
    assert named("say")["words"].required
    assert named("why")["card"].kind == "card"
    assert named("concede")["point"].required
    assert not named("hint")["point"].required
    assert named("export")["which"].choices == ("markdown", "json", "argdown")
    assert named("redo")["speech"].kind == "number"


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
def test_every_command_fits_a_slash_command(spec: object) -> None:
    found = inbound.options(spec)  # type: ignore[arg-type]
    assert len(found) <= 25
    assert [o.required for o in found] == sorted((o.required for o in found), reverse=True)
    for option in found:
        assert option.name.islower()
        assert len(option.name) <= 32
        assert len(option.choices) <= 25


@pytest.mark.parametrize(
    ("name", "given", "line"),
    [
        ("start", {"motion": "school-phones", "side": "against", "first": True}, "!start school-phones against first"),
        ("start", {"motion": None, "anew": False}, "!start"),
        ("say", {"words": "!hint is a word"}, "!say !hint is a word"),
        ("contest", {"turn": 4, "letter": "b"}, "!contest 4 b"),
        ("concede", {"point": 3}, "!concede #3"),
        ("redo", {"speech": 2}, "!redo 2"),
        ("why", {"card": "f07"}, "!why f07"),
        ("leaderboard", {"which": "all"}, "!leaderboard all"),
        ("forget-me", {"yes": True}, "!forget-me yes"),
        ("flow", {}, "!flow"),
    ],
)  # fmt: skip
def test_a_slash_command_is_the_line_a_person_would_type(
    name: str, given: dict[str, str | int | bool | None], line: str
) -> None:
    assert inbound.typed(BY_NAME[name], given) == line
