"""What comes from Slack, as requests: keys, persons, places, what a message, a change and a slash command say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.lines import command_name
from adapters.slack import inbound
from adapters.slack.inbound import Carried, Change, Origin, Said
from bot.debate.commands import COMMANDS, SAY
from bot.messages import Person, Place

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TEAM, ME, ANN = "T1", "U0BOT", "U1"
TS = "1700000000.000100"
ROOT = "1699999999.000100"


def message(**more: Any) -> dict[str, Any]:
    return {"type": "message", "user": ANN, "channel": "C1", "ts": TS, "text": "My point.", **more}


def heard(event: dict[str, Any], *, direct: bool = False) -> Said:
    found = inbound.said(event, TEAM, ME, direct=direct)
    assert found is not None
    return found


# --- requests and keys ---


def test_a_message_in_a_thread() -> None:
    said = heard(message(thread_ts=ROOT))
    made = inbound.request(said.key, said.origin, said.text, inbound.moment(said.ts))
    assert made.key == f"slack:T1:C1:{TS}"
    assert made.person == Person("slack", TEAM, ANN)
    assert made.place == Place("slack", TEAM, "C1", ROOT)
    assert (made.text, made.locale) == ("My point.", "en")
    assert made.at == datetime(2023, 11, 14, 22, 13, 20, 100, UTC)


def test_one_message_has_one_key_whichever_event_brings_it() -> None:
    plain = message(text=f"<@{ME}> My point.", client_msg_id="a", event_ts=TS, channel_type="channel")
    mention = {**plain, "type": "app_mention", "event_ts": "1700000009.000000"}
    history = {key: value for key, value in plain.items() if key not in ("event_ts", "channel_type")}
    assert len({heard(event).key for event in (plain, mention, history)}) == 1


def test_keys_of_different_things_differ() -> None:
    view = {"id": "V1", "hash": "1.a"}
    keys = [
        inbound.message_key(TEAM, "C1", TS),
        inbound.message_key(TEAM, "C2", TS),
        inbound.message_key("T2", "C1", TS),
        inbound.message_key(TEAM, "C1", ROOT),
        inbound.trigger_key("1.2.a"),
        inbound.trigger_key("1.2.b"),
        inbound.view_key(view),
        inbound.view_key({**view, "hash": "2.b"}),
        inbound.view_key({**view, "id": "V2"}),
        inbound.view_key({}),
    ]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("slack:") for key in keys)


def test_the_same_person_elsewhere() -> None:
    origin = Origin(TEAM, "C1", ROOT, ANN)
    there = Place("slack", TEAM, "D1", "")
    assert origin.at(there).place == there
    assert origin.at(there, thread=TS).place == Place("slack", TEAM, "D1", TS)
    assert origin.at(there).person == origin.person
    assert inbound.whole_team(TEAM) == Place("slack", TEAM, "")


# --- messages ---


def test_whose_words_count() -> None:
    for event in (
        message(user=ME),
        message(bot_id="B1"),
        message(user=None),
        message(user=""),
        message(channel=None),
        message(ts=None),
        {"type": "message"},
        message(subtype="channel_join"),
        message(subtype="bot_message"),
        message(subtype="message_changed"),
        message(subtype="tombstone"),
    ):
        assert inbound.said(event, TEAM, ME, direct=False) is None, event


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_words_beside_a_file_or_in_the_channel_as_well_count(subtype: str) -> None:
    assert heard(message(subtype=subtype)).text == "My point."


def test_a_message_without_text_says_nothing() -> None:
    assert heard(message(text=None)).text == ""
    assert heard({key: value for key, value in message().items() if key != "text"}).text == ""


def test_in_direct_messages_threads_are_not_told_apart() -> None:
    said = heard(message(channel="D1", thread_ts=ROOT), direct=True)
    assert said.origin.place == Place("slack", TEAM, "D1", "")
    assert said.direct
    assert said.to_us
    assert heard(message(thread_ts=ROOT)).origin.thread == ROOT


def test_what_may_be_meant_for_the_bot() -> None:
    assert not heard(message()).to_us
    assert heard(message(thread_ts=ROOT)).to_us
    assert heard(message(text=f"What do you say, <@{ME}>?")).to_us
    assert not heard(message(text="<@U9> What do you say?")).to_us


def test_words_are_taken_as_they_were_typed() -> None:
    said = heard(message(text=f"<@{ME}> a &lt; b &amp; <@U9|bob> says <https://x.org|x.org>"))
    assert said.text == "a < b & @bob says x.org"
    assert said.mentioned


def test_a_mention_that_was_typed_as_words_is_none() -> None:
    said = heard(message(text=f"&lt;@{ME}&gt; hello"))
    assert not said.mentioned
    assert said.text == f"<@{ME}> hello"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<@U7> talks help", "talks help"),
        ("<@U7>, talks help", "talks help"),
        ("<@U7|gadfly> talks help", "talks help"),
        ("<@U7>: talks help", "talks help"),
        ("  <@U7>\n!flow", "!flow"),
        ("talks help <@U7>", "talks help"),
        ("<@U7> talks help <@U7> ", "talks help"),
        ("<@U7>", ""),
        ("<@U8> talks help", "<@U8> talks help"),
        ("I ask <@U7> about talks", "I ask <@U7> about talks"),
        ("<@U77> talks help", "<@U77> talks help"),
    ],
)
def test_the_mention_that_calls_the_bot_is_no_part_of_what_is_said(text: str, said: str) -> None:
    assert inbound.spoken(text, "U7") == said


@given(st.text(), st.sampled_from(["U7", "U.*", "", "("]))
def test_any_words_are_taken(text: str, me: str) -> None:
    assert inbound.spoken(text, me) in text


# --- edits and deletions ---


def test_an_edit() -> None:
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C1",
        "ts": "1700000009.000000",
        "message": message(text="Other.", edited={"user": ANN, "ts": "1700000009.000000"}, thread_ts=ROOT),
        "previous_message": message(thread_ts=ROOT),
    }
    found = inbound.change(event, TEAM, ME)
    assert found == Change(Origin(TEAM, "C1", ROOT, ANN), TS, erased=False, edited="1700000009.000000")
    assert found.key == heard(message(thread_ts=ROOT)).key


def test_what_slack_changes_by_itself_is_no_edit() -> None:
    unfolded = {"subtype": "message_changed", "channel": "C1", "previous_message": message()}
    assert inbound.change({**unfolded, "message": message(attachments=[{}])}, TEAM, ME) is None
    same = message(edited={"user": ANN, "ts": TS})
    assert inbound.change({**unfolded, "message": same}, TEAM, ME) is None


def test_a_deletion() -> None:
    event = {"subtype": "message_deleted", "channel": "C1", "deleted_ts": TS, "previous_message": message()}
    assert inbound.change(event, TEAM, ME) == Change(Origin(TEAM, "C1", "", ANN), TS, erased=True)
    del event["deleted_ts"]
    assert inbound.change(event, TEAM, ME) == Change(Origin(TEAM, "C1", "", ANN), TS, erased=True)


def test_a_deletion_of_a_message_that_others_have_answered() -> None:
    stone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": TS, "thread_ts": TS}
    event = {
        "subtype": "message_changed",
        "channel": "C1",
        "message": stone,
        "previous_message": message(thread_ts=TS),
    }
    assert inbound.change(event, TEAM, ME) == Change(Origin(TEAM, "C1", TS, ANN), TS, erased=True)


def test_a_deletion_whose_message_is_not_told() -> None:
    event = {"subtype": "message_deleted", "channel": "C1", "deleted_ts": TS}
    found = inbound.change(event, TEAM, ME)
    assert found is not None
    assert found.key == inbound.message_key(TEAM, "C1", TS)


@pytest.mark.parametrize("mine", [{"user": ME}, {"bot_id": "B1"}])
@pytest.mark.parametrize("kind", inbound.CHANGES)
def test_what_the_bot_does_to_its_own_messages_is_nothing(mine: dict[str, str], kind: str) -> None:
    before = message(**mine)
    after = {**before, "text": "Other.", "edited": {"ts": TS}}
    event = {"subtype": kind, "channel": "C1", "message": after, "previous_message": before}
    assert inbound.change(event, TEAM, ME) is None


def test_another_kind_of_message_is_no_change() -> None:
    assert inbound.change(message(), TEAM, ME) is None


# --- anything that Slack may send ---

LEAVES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([ME, TS])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = {
    "type": JSON,
    "user": JSON,
    "bot_id": JSON,
    "channel": JSON,
    "ts": JSON,
    "deleted_ts": JSON,
    "thread_ts": JSON,
    "text": JSON,
    "subtype": st.sampled_from([*inbound.CHANGES, *inbound.SPOKEN, "tombstone"]) | JSON,
    "edited": JSON,
}
PLAIN = st.fixed_dictionaries({}, optional=FIELDS)
EVENTS = st.fixed_dictionaries({}, optional={**FIELDS, "message": PLAIN, "previous_message": PLAIN})
STRANGE = st.fixed_dictionaries({}, optional={**FIELDS, "message": JSON, "previous_message": JSON})


@given(EVENTS, st.booleans())
def test_no_event_is_too_strange(event: dict[str, Any], direct: bool) -> None:
    said = inbound.said(event, TEAM, ME, direct=direct)
    if said is not None:
        assert said.origin.user != ME
        assert said.origin.channel
        assert said.key.startswith("slack:T1:")
    change = inbound.change(event, TEAM, ME)
    if change is not None:
        assert event["subtype"] in inbound.CHANGES
        assert change.origin.user != ME


@given(STRANGE)
def test_not_even_one_whose_message_is_none(event: dict[str, Any]) -> None:
    inbound.said(event, TEAM, ME, direct=False)
    inbound.change(event, TEAM, ME)


# --- slash commands ---


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("flow", "!flow"),
        ("  Flow  ", "!flow"),
        ("!flow", "!flow"),
        ("/flow", "!flow"),
        ("start school-phones against first", "!start school-phones against first"),
        ("SAY  !hint is a word", "!say !hint is a word"),
        ("say a &lt; b &amp; <@U9|bob>", "!say a < b & @bob"),
        ("flwo", "!flwo"),
        ("Talks fail, because", "!talks"),
        ("say\nTalks fail,\nbecause", "!say Talks fail,\nbecause"),
        ("/debate flow", "!flow"),
        ("debate", "!debate"),
        ("x" * 100, "!" + "x" * 40),
        ("", "!"),
        ("concede #3", "!concede #3"),
    ],
)
def test_a_slash_command_is_the_line_a_person_would_type(text: str, line: str) -> None:
    assert inbound.typed(text) == line


@pytest.mark.parametrize("name", [spec.name for spec in COMMANDS])
def test_every_command_can_be_typed(name: str) -> None:
    assert inbound.typed(name) == f"!{name}"
    assert (command_name(inbound.typed(f"{name} words")) == SAY) == (name == SAY)


@given(st.text())
def test_whatever_is_typed_is_a_command(text: str) -> None:
    assert inbound.typed(text).startswith("!")
    assert command_name(inbound.typed(f"words that are none {text}")) != SAY


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("flow", "!flow"),
        ("!flow", "!flow"),
        ("Start phones against", "!start phones against"),
        ("!hlep", "!hlep"),
        ("say it", ""),
        ("!say it", "!say it"),
        ("what do you think?", ""),
        ("", ""),
    ],
)
def test_what_the_bot_is_called_with_is_a_command_or_nothing(text: str, line: str) -> None:
    assert inbound.called(text) == line


# --- what a form carries along ---


@given(st.text(), st.text())
def test_what_a_form_carries_comes_back(channel: str, thread: str) -> None:
    made = Carried(channel, thread)
    assert inbound.carried({"private_metadata": made.to_text()}) == made


@pytest.mark.parametrize(
    "held",
    ["", None, "words", "[", "[]", '["C1"]', '["C1", "", "x"]', "5", "null", "true", "{}", "1.5", "NaN"],
)
def test_what_another_form_carries_is_nothing(held: str | None) -> None:
    assert inbound.carried({"private_metadata": held}) == Carried("")
    assert inbound.carried({}) == Carried("")


@given(JSON | st.text())
def test_whatever_a_form_carries_is_taken(held: Any) -> None:
    assert isinstance(inbound.carried({"private_metadata": held}), Carried)


# --- moments ---


@pytest.mark.parametrize("ts", ["1700000000.000100", "1700000000.000000", "0.000000", "1893455999.999999"])
def test_a_moment_and_its_stamp(ts: str) -> None:
    assert inbound.stamp(inbound.moment(ts)) == ts
    assert inbound.moment(ts).tzinfo is UTC


@given(st.datetimes(datetime(2013, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_stamp_is_the_same_moment_again(at: datetime) -> None:
    assert abs(inbound.moment(inbound.stamp(at)) - at) < timedelta(microseconds=2)


def test_the_zone_of_a_moment_does_not_matter() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))
    assert inbound.stamp(elsewhere) == inbound.stamp(NOW) == "1795478400.000000"
