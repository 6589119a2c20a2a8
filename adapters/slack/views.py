"""The forms, the App Home and the root of a debate's thread, as Slack's views and blocks; and what forms say. Pure.

What a form needs later, it carries along: no form is kept in memory, so each works after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat import words as shared
from adapters.chat.buttons import form_id
from adapters.chat.text import clean, clip
from adapters.slack import limits, words
from adapters.slack.inbound import Carried
from adapters.slack.render import Message
from adapters.slack.text import flat, line
from bot.debate.entries import Level
from bot.messages import number
from bot.store.values import Result, Summary
from content.deck import Deck, Side

Json = dict[str, Any]

START_FORM = "gadfly:start"
SETTINGS_FORM = "gadfly:settings"

MOTION, SIDE, LEVEL, MORE = "motion", "side", "level", "more"
FIRST, ANEW = "first", "anew"
SPEECH = "words"
MOTIONS, STARTERS, PRIVATE = "motions", "starters", "private"
"""The ids of the fields, and of what can be ticked."""

OPEN_START = "home:start"
OPEN_SETTINGS = "home:settings"
GO = "home:go"
"""The ids of the buttons that open a form, and of those that only lead somewhere."""


MOST_DEBATES = 10
"""The most open debates that are listed."""


# --- the form of a new debate ---


@dataclass(frozen=True)
class Chosen:
    """What stands in the form of a new debate; ``motion`` is the id of a deck."""

    motion: str
    side: str = ""
    level: str = Level.NOVICE
    more: frozenset[str] = frozenset()


def start_form(decks: Sequence[Deck], chosen: Chosen, where: Carried, *, busy: bool) -> Json:
    """The form of a new debate; ``busy``: the place has an open debate of the person's, which may be left for it."""
    deck = next((deck for deck in decks if deck.id == chosen.motion), decks[0])
    return _form(
        START_FORM,
        words.START_TITLE,
        words.START,
        where.to_text(),
        [
            _field(MOTION, words.MOTION, _select(decks, deck), dispatch_action=True),
            _about(deck),
            _field(SIDE, words.SIDE, _radio(SIDE, [(side, side, "") for side in Side], chosen.side)),
            _field(LEVEL, words.LEVEL, _radio(LEVEL, _levels(), chosen.level)),
            _field(MORE, words.MORE, _boxes(MORE, _more(busy), chosen.more), optional=True),
        ],
    )


def chosen(view: Mapping[str, Any]) -> Chosen:
    """What was chosen in the form of a new debate."""
    return Chosen(
        _one(view, MOTION), _one(view, SIDE), _one(view, LEVEL) or Level.NOVICE, frozenset(_many(view, MORE))
    )


def start_line(chosen: Chosen) -> str:
    """The line that a person would have typed instead of filling in the form."""
    more = [word for word in (FIRST, ANEW) if word in chosen.more]
    return " ".join(word for word in ("!start", chosen.motion, chosen.side, chosen.level, *more) if word)


def _about(deck: Deck) -> Json:
    """The motion in full, and what each side must show."""
    return _rich(
        _section(_bold(deck.motion)),
        _bullets([[_bold(f"{side}: "), _text(deck.label(side))] for side in Side]),
        block_id=f"about:{deck.id}",
    )


def _levels() -> list[tuple[str, str, str]]:
    return [(level, level, words.LEVELS[level]) for level in Level]


def _more(busy: bool) -> list[tuple[str, str, str]]:
    return [(FIRST, words.FIRST, ""), *([(ANEW, words.ANEW, "")] if busy else [])]


# --- the form of a speech ---


def speech_form(debate: int) -> Json:
    """The form in which a speech is written."""
    field = {
        "type": "plain_text_input",
        "action_id": SPEECH,
        "multiline": True,
        "min_length": 1,
        "max_length": limits.INPUT,
        "focus_on_load": True,
        "placeholder": _plain(shared.FORM_PLACEHOLDER),
    }
    return _form(
        form_id(debate), shared.FORM_TITLE, words.SEND, "", [_field(SPEECH, shared.FORM_LABEL, field)]
    )


def speech(view: Mapping[str, Any]) -> str:
    """The words written in the form."""
    return str(_state(view, SPEECH).get("value") or "")


# --- the settings of a workspace ---


@dataclass(frozen=True)
class Choice:
    """The settings of a workspace: ids of decks and of people, none of either for all."""

    motions: tuple[str, ...] = ()
    starters: tuple[str, ...] = ()
    private: bool = False


def settings_form(decks: Sequence[Deck], now: Choice) -> Json:
    """The form of the settings."""
    options = [_option(deck.id, deck.title) for deck in decks[: limits.OPTIONS]]
    motions: Json = {"type": "multi_static_select", "action_id": MOTIONS, "options": options}
    held = [option for option in options if option["value"] in now.motions]
    if held:
        motions["initial_options"] = held
    starters: Json = {"type": "multi_users_select", "action_id": STARTERS}
    if now.starters:
        starters["initial_users"] = list(now.starters)
    ticked = frozenset((PRIVATE,)) if now.private else frozenset[str]()
    private = _boxes(PRIVATE, [(PRIVATE, words.IN_MESSAGES, "")], ticked)
    return _form(
        SETTINGS_FORM,
        words.SETTINGS_TITLE,
        words.SAVE,
        "",
        [
            _field(MOTIONS, words.OFFERED, motions, optional=True),
            _field(STARTERS, words.STARTERS, starters, optional=True),
            _field(PRIVATE, words.PRIVATE, private, optional=True),
        ],
    )


def settings(view: Mapping[str, Any]) -> Choice:
    """What was chosen in the form of the settings."""
    people = _state(view, STARTERS).get("selected_users") or ()
    return Choice(tuple(_many(view, MOTIONS)), tuple(map(str, people)), PRIVATE in _many(view, PRIVATE))


# --- the App Home ---


@dataclass(frozen=True)
class OpenDebate:
    """A debate that goes on: ``link`` leads to it."""

    summary: Summary
    title: str
    link: str


def home(
    open_: Sequence[OpenDebate], results: Sequence[Result], decks: Sequence[Deck], *, admin: bool
) -> Json:
    """The App Home of somebody."""
    blocks = [
        _header(words.HOME_TITLE),
        _says(words.HOME_ABOUT),
        _header(words.HOME_OPEN),
        *_open(open_),
        _header(words.HOME_RESULTS),
        _results(results, decks),
        _header(words.HOME_MOTIONS),
        *(_motion(deck) for deck in decks),
    ]
    last = [_header(words.HOME_DATA), _says(words.HOME_STORED), _actions(_delete())]
    if admin:
        last += [_header(words.HOME_SETTINGS), _actions(_button(OPEN_SETTINGS, words.CHANGE))]
    return {"type": "home", "blocks": [*blocks[: limits.VIEW_BLOCKS - len(last)], *last]}


def _open(debates: Sequence[OpenDebate]) -> Iterator[Json]:
    if not debates:
        yield _says(words.HOME_NONE)
    for item in debates[:MOST_DEBATES]:
        about = f"{item.title}, {item.summary.side}, {item.summary.level}"
        button = _button(f"{GO}:{item.summary.id}", words.GO_THERE, url=item.link)
        yield {"type": "section", "text": _plain(clip(about, limits.SECTION)), "accessory": button}


def _results(results: Sequence[Result], decks: Sequence[Deck]) -> Json:
    if not results:
        return _says(words.HOME_NO_RESULTS)
    titles = {deck.id: deck.title for deck in decks}
    rows = []
    for item in results:
        ended = "" if item.complete else " (ended early)"
        about = f"{titles.get(item.deck_id, item.deck_id)}, {item.side}, {item.level}: "
        rows.append([_text(about), _bold(f"{number(item.score)} of 100"), *([_text(ended)] if ended else [])])
    return _rich(_bullets(rows))


def _motion(deck: Deck) -> Json:
    sides = "\n".join(f"{side}: {deck.label(side)}" for side in Side)
    button = _button(f"{OPEN_START}:{deck.id}", words.DEBATE_IT, value=deck.id)
    text = clip(clean(f"{deck.motion}\n{sides}"), limits.SECTION - limits.MARGIN)
    return {"type": "section", "text": _plain(text), "accessory": button}


def _delete() -> Json:
    sure = {
        "title": _plain(words.SURE),
        "text": _plain(words.SURE_ABOUT),
        "confirm": _plain(words.YES),
        "deny": _plain(words.NO),
        "style": "danger",
    }
    return _button("gf:0:!forget-me yes", words.DELETE, value="!forget-me yes", style="danger", confirm=sure)


# --- the root of a thread, and the choice among debates ---


def root(user: str, deck: Deck, side: Side) -> Message:
    """The message in a channel whose thread a debate goes on in."""
    label = deck.label(side)
    blocks = _rich(
        _section(
            {"type": "user", "user_id": user},
            _text(" argues "),
            _bold(str(side)),
            _text(": "),
            _text(deck.motion),
            _text(f" (“{label}”)"),
        )
    )
    return Message((blocks,), f"<@{user}> argues {side}: {line(deck.motion)} (“{line(label)}”)")


def which(debates: Sequence[tuple[OpenDebate, str]], prompt: str) -> Message:
    """Asks which of several debates a command is for: each with the id of a button that says it, "" where none can."""
    blocks: list[Json] = [_says(prompt)]
    for item, says in debates[:MOST_DEBATES]:
        about = f"{item.title}, {item.summary.side}"
        button = (
            _button(says, about, value=says)
            if says
            else _button(f"{GO}:{item.summary.id}", about, url=item.link)
        )
        blocks.append(_actions(button))
    return Message(tuple(blocks), line(prompt))


# --- small things ---


def _form(id: str, title: str, submit: str, carried: str, blocks: Sequence[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": id,
        "title": _plain(clip(title, limits.MODAL_TITLE)),
        "submit": _plain(submit),
        "close": _plain(words.CANCEL),
        "private_metadata": carried,
        "blocks": list(blocks),
    }


def _field(id: str, label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": id, "label": _plain(label), "element": element, **more}


def _select(decks: Sequence[Deck], first: Deck) -> Json:
    # The one that is shown first must be among those that can be chosen, however many there are.
    listed = decks if first in decks[: limits.OPTIONS] else [first, *decks]
    options = [_option(deck.id, deck.title) for deck in listed[: limits.OPTIONS]]
    return {
        "type": "static_select",
        "action_id": MOTION,
        "options": options,
        "initial_option": _option(first.id, first.title),
    }


def _radio(id: str, options: Iterable[tuple[str, str, str]], held: str) -> Json:
    made = [_option(*option) for option in options]
    found: Json = {"type": "radio_buttons", "action_id": id, "options": made}
    initial = next((option for option in made if option["value"] == held), None)
    return found | ({"initial_option": initial} if initial else {})


def _boxes(id: str, options: Iterable[tuple[str, str, str]], held: frozenset[str]) -> Json:
    made = [_option(*option) for option in options]
    found: Json = {"type": "checkboxes", "action_id": id, "options": made}
    initial = [option for option in made if option["value"] in held]
    return found | ({"initial_options": initial} if initial else {})


def _option(value: str, label: str, about: str = "") -> Json:
    shown = clip(flat(label) or str(value), limits.OPTION_LABEL - limits.MARGIN)
    made: Json = {"text": _plain(shown), "value": str(value)}
    return made | ({"description": _plain(about)} if about else {})


def _button(id: str, label: str, **more: Any) -> Json:
    text = _plain(clip(clean(label), limits.LABEL - limits.MARGIN))
    return {"type": "button", "action_id": id, "text": text, **more}


def _actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def _header(text: str) -> Json:
    return {"type": "header", "text": _plain(text)}


def _says(text: str) -> Json:
    return {"type": "section", "text": _plain(text)}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _rich(*elements: Json, **more: Any) -> Json:
    return {"type": "rich_text", "elements": list(elements), **more}


def _section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def _bullets(rows: Iterable[Sequence[Json]]) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": [_section(*row) for row in rows]}


def _text(text: str) -> Json:
    return {"type": "text", "text": clean(text)}


def _bold(text: str) -> Json:
    return _text(text) | {"style": {"bold": True}}


def _state(view: Mapping[str, Any], id: str) -> Mapping[str, Any]:
    """What stands in a field; the field's block has the same id."""
    values = (view.get("state") or {}).get("values") or {}
    found: Mapping[str, Any] = (values.get(id) or {}).get(id) or {}
    return found


def _one(view: Mapping[str, Any], id: str) -> str:
    return str((_state(view, id).get("selected_option") or {}).get("value") or "")


def _many(view: Mapping[str, Any], id: str) -> list[str]:
    return [str(option.get("value")) for option in _state(view, id).get("selected_options") or ()]
