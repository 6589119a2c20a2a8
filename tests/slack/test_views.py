"""The forms, the App Home and the root of a thread: taken by Slack whatever the decks say, and what forms say is read
back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View as SlackView

from adapters.chat.buttons import LONGEST_SAYS, button_id, form_debate, pressed
from adapters.slack import views, words
from adapters.slack.inbound import Carried, carried
from adapters.slack.render import Message
from adapters.slack.views import Choice, Chosen, OpenDebate
from bot.debate.commands import parse
from bot.debate.entries import Level
from bot.messages import Place
from bot.store.values import Result, Summary
from content.deck import Deck, Side, Sides
from tests.coach.talk import LIBRARY
from tests.doubles.slack import User, View, fields, payloads, reading, rules
from tests.doubles.slack.state import Bot, Ids, State, complete

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
DECKS = LIBRARY.decks
HERE = Carried("C0123456789", "")
NASTY = "<!channel> <@U1> *b* _i_ `c` :tada: https://x.org &amp; "
SIGNS = ["x", "😀", "ش", "*", "&", "👨‍👩‍👧‍👦", "e\u0301", "<@U1>"]

Json = Mapping[str, Any]


def named(place: int, sign: str = "x") -> Deck:
    """A deck whose every text is as long as one may be."""
    texts = {
        "id": f"{place:04}".ljust(40, "d"),
        "title": (f"{place} " + sign * 80)[:80],
        "motion": (sign * 200)[:200],
        "sides": Sides.model_validate({"for": (sign * 150)[:150], "against": (f"no {sign}" * 150)[:150]}),
    }
    return DECKS[0].model_copy(update=texts)


def summary(number: int, place: Place | None = None, deck: Deck = DECKS[0], side: Side = Side.FOR) -> Summary:
    at = place or Place("slack", "T1", "C1", "1700000000.000100")
    return Summary(number, deck.id, deck.sha256, at, side, Level.ADVANCED, NOW, None, 4, None)


def open_debate(number: int, title: str = "A title", side: Side = Side.FOR) -> OpenDebate:
    link = "https://a-workspace-with-a-long-name.slack.com/archives/C0123456789/p1700000000000100"
    return OpenDebate(summary(number, side=side), title, link)


def result(deck: str, score: float = 61.5, *, complete: bool = True) -> Result:
    return Result(deck, Side.AGAINST, Level.NOVICE, score, None, complete, NOW, 3)


def taken(view: Json) -> None:
    """By the rules that Slack documents, and by its own models."""
    rules.check_view(json.loads(json.dumps(view)))
    made = SlackView(**json.loads(json.dumps(view)))
    assert made.to_dict()["type"] == view["type"]
    assert len(made.blocks or ()) == len(view["blocks"])


def shown(message: Message) -> None:
    blocks = json.loads(json.dumps(list(message.blocks)))
    rules.check_message(message.text, blocks)
    assert all(Block.parse(block) is not None for block in blocks)
    assert message.text.strip()


def walk(value: Any) -> Iterator[Json]:
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from walk(item)


def markup(view: Json) -> list[Json]:
    """What would format, link or call."""
    kinds = {"mrkdwn", "link", "user", "channel", "usergroup", "broadcast", "emoji", "markdown"}
    emoji = [item for item in walk(view) if item.get("type") == "plain_text" and item["emoji"] is not False]
    return [item for item in walk(view) if item.get("type") in kinds] + emoji


def texts(view: Json) -> str:
    return "\n".join(reading.shown(list(view["blocks"])))


def sent(view: Json, filled: Mapping[str, Any] | None = None) -> Json:
    """A form as Slack sends it in, when somebody has filled in some of its fields."""
    ids = Ids(lambda: 1_700_000_000.0)
    bot = Bot("U0", "gadfly", bot=True, bot_id="B0", app_id="A0")
    state = State(lambda: 1_700_000_000.0, ids, "T1", "club", bot)
    user = User("U1", "ann")
    state.users[user.id] = user
    form = View(complete(ids, list(view["blocks"])), "V1", "modal", user, dict(view), "1.a")
    fields.begin(form)
    for name, value in (filled or {}).items():
        part = form.inputs[name]["element"]
        form.chosen[name, name] = fields.filled(part, value)
    found: Json = json.loads(json.dumps(payloads.view(form, state)))
    return found


def field(view: Json, name: str) -> Json:
    block = next(block for block in view["blocks"] if block.get("block_id") == name)
    found: Json = block["element"]
    return found


# --- the form of a new debate ---


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("side", ["", *Side])
@pytest.mark.parametrize("level", Level)
def test_the_form_of_a_new_debate(busy: bool, side: str, level: Level) -> None:
    more = frozenset((views.FIRST, views.ANEW))
    form = views.start_form(DECKS, Chosen(DECKS[1].id, side, level, more), HERE, busy=busy)
    taken(form)
    assert not markup(form)
    assert DECKS[1].motion in texts(form)
    assert all(DECKS[1].label(each) in texts(form) for each in Side)
    read = views.chosen(sent(form))
    assert read == Chosen(DECKS[1].id, side, level, more if busy else frozenset((views.FIRST,)))
    assert carried(sent(form)) == HERE


def test_what_is_chosen_there_is_the_line_a_person_would_type() -> None:
    form = views.start_form(DECKS, Chosen(DECKS[0].id), HERE, busy=True)
    filled = {
        views.MOTION: DECKS[1].id,
        views.SIDE: "against",
        views.LEVEL: "advanced",
        views.MORE: ["anew", "first"],
    }
    line = views.start_line(views.chosen(sent(form, filled)))
    assert line == f"!start {DECKS[1].id} against advanced first anew"
    assert parse(line).name == "start"


def test_a_form_sent_in_as_it_was_opened() -> None:
    form = views.start_form(DECKS, Chosen(DECKS[0].id), HERE, busy=False)
    assert (
        views.start_line(views.chosen(sent(form, {views.SIDE: "for"}))) == f"!start {DECKS[0].id} for novice"
    )


@pytest.mark.parametrize(
    "view", [{}, {"state": None}, {"state": {"values": None}}, {"state": {"values": {}}}]
)
def test_a_form_that_says_nothing(view: Json) -> None:
    assert views.chosen(view) == Chosen("")
    assert views.start_line(views.chosen(view)) == "!start novice"
    assert views.speech(view) == ""
    assert views.settings(view) == Choice()


def test_fields_that_hold_nothing() -> None:
    held = {
        name: {name: {"type": "x", "selected_option": None, "selected_options": None, "value": None}}
        for name in (views.MOTION, views.SIDE, views.LEVEL, views.MORE, views.SPEECH, views.MOTIONS)
    }
    view = {"state": {"values": held | {views.STARTERS: {views.STARTERS: {"selected_users": None}}}}}
    assert views.chosen(view) == Chosen("")
    assert views.speech(view) == ""
    assert views.settings(view) == Choice()


def test_a_motion_that_is_no_more_shows_the_first() -> None:
    form = views.start_form(DECKS, Chosen("gone"), HERE, busy=False)
    taken(form)
    assert views.chosen(sent(form)).motion == DECKS[0].id


def test_another_motion_has_another_block_so_that_slack_draws_it_anew() -> None:
    about = [
        next(
            block["block_id"]
            for block in views.start_form(DECKS, Chosen(deck.id), HERE, busy=False)["blocks"]
            if block["type"] == "rich_text"
        )
        for deck in DECKS
    ]
    assert len(set(about)) == len(DECKS)


@pytest.mark.parametrize("sign", SIGNS)
def test_the_longest_decks_fit_every_form(sign: str) -> None:
    decks = [named(place, sign) for place in range(10)]
    where = Carried("C" * 30, "1700000000.000100")
    for deck in decks:
        form = views.start_form(decks, Chosen(deck.id, "for"), where, busy=True)
        taken(form)
        assert views.chosen(sent(form)).motion == deck.id
        assert carried(sent(form)) == where
        line = views.start_line(Chosen(deck.id, "against", "intermediate", frozenset(("first", "anew"))))
        assert pressed(button_id(None, line)) is not None
    taken(views.settings_form(decks, Choice(tuple(deck.id for deck in decks))))
    taken(views.home([], [result(deck.id) for deck in decks], decks, admin=True))
    shown(views.root("U1", decks[0], Side.FOR))


@pytest.mark.parametrize("count", [100, 101, 250])
def test_more_motions_than_a_list_holds(count: int) -> None:
    decks = [named(place) for place in range(count)]
    form = views.start_form(decks, Chosen(decks[99].id), HERE, busy=False)
    taken(form)
    assert len(field(form, views.MOTION)["options"]) == 100
    assert views.chosen(sent(form)).motion == decks[99].id


def test_a_motion_behind_the_hundredth_can_be_chosen_by_who_was_led_to_it() -> None:
    """As by a button of an App Home that was drawn when there were fewer motions before it."""
    decks = [named(place) for place in range(120)]
    form = views.start_form(decks, Chosen(decks[110].id), HERE, busy=False)
    taken(form)
    assert views.chosen(sent(form)).motion == decks[110].id


# --- the form of a speech ---


def test_the_form_of_a_speech() -> None:
    form = views.speech_form(12)
    taken(form)
    assert not markup(form)
    assert form_debate(form["callback_id"]) == 12
    assert views.speech(sent(form)) == ""
    said = "My point: it fails.\nBecause <!channel> & so on. 😀"
    assert views.speech(sent(form, {views.SPEECH: said})) == said
    assert views.speech(sent(form, {views.SPEECH: "x" * 3_000})) == "x" * 3_000


def test_of_any_debate_there_is() -> None:
    form = views.speech_form(999_999_999_999)
    taken(form)
    assert form_debate(form["callback_id"]) == 999_999_999_999


# --- the settings ---


@pytest.mark.parametrize(
    "now",
    [
        Choice(),
        Choice((DECKS[0].id,), ("U1",), True),
        Choice(tuple(deck.id for deck in DECKS), tuple(f"U{n:09}" for n in range(200)), False),
        Choice(private=True),
    ],
)
def test_the_settings_are_read_back(now: Choice) -> None:
    form = views.settings_form(DECKS, now)
    taken(form)
    assert not markup(form)
    assert views.settings(sent(form)) == now


def test_the_settings_are_changed() -> None:
    form = views.settings_form(DECKS, Choice((DECKS[0].id,), ("U1",), True))
    filled = {
        views.MOTIONS: [DECKS[1].id],
        views.STARTERS: [User("U2", "bob"), User("U3", "cy")],
        views.PRIVATE: [],
    }
    assert views.settings(sent(form, filled)) == Choice((DECKS[1].id,), ("U2", "U3"), False)
    assert views.settings(sent(form, {name: [] for name in filled})) == Choice()


def test_a_chosen_motion_that_is_no_more_is_left_out() -> None:
    form = views.settings_form(DECKS, Choice(("gone", DECKS[0].id)))
    taken(form)
    assert views.settings(sent(form)).motions == (DECKS[0].id,)
    assert "initial_options" not in field(views.settings_form(DECKS, Choice(("gone",))), views.MOTIONS)


def test_the_settings_with_more_motions_than_a_list_holds() -> None:
    decks = [named(place) for place in range(250)]
    form = views.settings_form(decks, Choice((decks[3].id, decks[200].id)))
    taken(form)
    assert decks[3].id in views.settings(sent(form)).motions


# --- the App Home ---


@pytest.mark.parametrize("admin", [False, True])
def test_the_app_home_of_somebody_new(admin: bool) -> None:
    home = views.home([], [], DECKS, admin=admin)
    taken(home)
    assert not markup(home)
    assert words.HOME_NONE in texts(home)
    assert words.HOME_NO_RESULTS in texts(home)
    assert all(deck.motion in texts(home) for deck in DECKS)
    assert (words.HOME_SETTINGS in texts(home)) == admin
    assert (views.OPEN_SETTINGS in ids(home)) == admin


def ids(view: Json) -> list[str]:
    return [str(item["action_id"]) for item in walk(view) if "action_id" in item]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 500])
@pytest.mark.parametrize("motions", [1, 100, 300])
def test_the_app_home_of_somebody_with_many_debates_and_motions(count: int, motions: int) -> None:
    decks = [named(place) for place in range(motions)]
    open_ = [open_debate(number, "t" * 80) for number in range(1, count + 1)]
    results = [result(deck.id, 100, complete=False) for deck in decks[:5]]
    home = views.home(open_, results, decks, admin=True)
    taken(home)
    assert len(set(ids(home))) == len(ids(home))
    assert words.HOME_DATA in texts(home)
    assert views.OPEN_SETTINGS in ids(home)
    assert sum(id.startswith(views.GO) for id in ids(home)) == min(count, views.MOST_DEBATES)
    assert any(id == f"{views.OPEN_START}:{decks[0].id}" for id in ids(home))


def test_an_open_debate_leads_to_its_place_and_a_result_says_what_it_came_to() -> None:
    results = [result(DECKS[0].id), result("a-deck-that-is-gone", 12, complete=False)]
    home = views.home([open_debate(7, "A title", Side.AGAINST)], results, DECKS, admin=False)
    taken(home)
    assert "A title, against, advanced" in texts(home)
    assert f"{DECKS[0].title}, against, novice: 61.5 of 100" in texts(home)
    assert "a-deck-that-is-gone, against, novice: 12 of 100 (ended early)" in texts(home)
    button = next(item for item in walk(home) if item.get("action_id") == "home:go:7")
    assert button["url"] == open_debate(7).link


def test_the_button_that_deletes_asks_first_and_says_what_is_typed() -> None:
    home = views.home([], [], DECKS, admin=False)
    button = next(item for item in walk(home) if item.get("style") == "danger" and "action_id" in item)
    press = pressed(button["action_id"])
    assert press is not None
    assert (press.debate, press.says) == (0, "!forget-me yes")
    assert button["confirm"]["text"]["text"] == words.SURE_ABOUT


@pytest.mark.parametrize("text", [NASTY, "a\u202eb", "t" * 500])
def test_words_of_decks_format_and_call_nobody(text: str) -> None:
    sides = Sides.model_validate({"for": text[:150], "against": text[:150]})
    deck = DECKS[0].model_copy(update={"title": text[:80], "motion": text[:200], "sides": sides})
    home = views.home([open_debate(1, deck.title)], [result(deck.id)], [deck], admin=True)
    form = views.start_form([deck], Chosen(deck.id), HERE, busy=True)
    for view in (home, form, views.settings_form([deck], Choice((deck.id,)))):
        taken(view)
        assert not markup(view)


# --- the root of a thread, and the choice among debates ---


@pytest.mark.parametrize("side", Side)
def test_the_root_of_a_thread_names_the_person_and_the_motion(side: Side) -> None:
    message = views.root("U123", DECKS[0], side)
    shown(message)
    assert reading.pings(message.text, list(map(dict, message.blocks))) == ["<@U123>"]
    said = "\n".join(reading.shown(list(map(dict, message.blocks))))
    assert f"<@U123> argues {side}: {DECKS[0].motion} (“{DECKS[0].label(side)}”)" in said


def test_the_root_calls_nobody_but_the_person() -> None:
    sides = Sides.model_validate({"for": NASTY, "against": NASTY})
    deck = DECKS[0].model_copy(update={"motion": NASTY * 3, "sides": sides})
    message = views.root("U123", deck, Side.FOR)
    shown(message)
    blocks = list(map(dict, message.blocks))
    assert reading.pings(message.text, blocks) == ["<@U123>"]
    assert reading.links(message.text, blocks) == []
    assert reading.links(message.text, [], "none") == []


def chosen_among(message: Message) -> list[Json]:
    return [item for item in walk(message.blocks) if item.get("type") == "button"]


def test_several_debates_to_choose_among() -> None:
    rows = [
        (open_debate(1, "First"), button_id(1, "!flow")),
        (open_debate(2, "Second", Side.AGAINST), button_id(2, "!flow")),
    ]
    message = views.which(rows, words.which(2))
    shown(message)
    buttons = chosen_among(message)
    assert [button["text"]["text"] for button in buttons] == ["First, for", "Second, against"]
    presses = [pressed(button["action_id"]) for button in buttons]
    assert [(press.debate, press.says) for press in presses if press] == [(1, "!flow"), (2, "!flow")]


def test_where_no_button_can_say_it_it_leads_there() -> None:
    message = views.which([(open_debate(1), "")], words.which(1))
    shown(message)
    (button,) = chosen_among(message)
    assert button["url"] == open_debate(1).link
    assert pressed(button["action_id"]) is None


@pytest.mark.parametrize("count", [2, 10, 11, 300])
@pytest.mark.parametrize("sign", SIGNS)
def test_however_many_debates_and_however_long_their_names(count: int, sign: str) -> None:
    says = "!" + "x" * (LONGEST_SAYS - 1)
    rows = [
        (open_debate(number, (sign * 80)[:80]), button_id(10**11 + number, says)) for number in range(count)
    ]
    message = views.which(rows, words.which(count))
    shown(message)
    buttons = chosen_among(message)
    assert len(buttons) == min(count, views.MOST_DEBATES)
    assert len({button["action_id"] for button in buttons}) == len(buttons)


# --- any deck ---

# A line of a deck shows something: it is not empty, and hidden characters are refused when it is loaded.
LINES = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1).map(
    lambda text: f"x{text}"
)


@st.composite
def any_decks(draw: st.DrawFn) -> Sequence[Deck]:
    count = draw(st.integers(1, 4))
    return [
        DECKS[0].model_copy(
            update={
                "id": f"deck-{place}",
                "title": draw(LINES)[:80],
                "motion": draw(LINES)[:200],
                "sides": Sides.model_construct(for_=draw(LINES)[:150], against=draw(LINES)[:150]),
            }
        )
        for place in range(count)
    ]


@given(any_decks(), st.booleans())
def test_any_decks_fit(decks: Sequence[Deck], busy: bool) -> None:
    form = views.start_form(decks, Chosen(decks[-1].id), HERE, busy=busy)
    taken(form)
    assert views.chosen(sent(form)).motion == decks[-1].id
    taken(views.settings_form(decks, Choice((decks[0].id,))))
    open_ = [open_debate(1, decks[0].title)]
    taken(views.home(open_, [result(deck.id) for deck in decks], decks, admin=busy))
    for deck in decks:
        for side in Side:
            shown(views.root("U1", deck, side))
    shown(views.which([(open_[0], button_id(1, "!flow"))], words.which(2)))
