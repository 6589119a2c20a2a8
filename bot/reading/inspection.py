"""The reading of single lines for ``gadfly inspect --json``: one JSON object in, one out, a stable interface.

In    {"id", "text", "answering"?: text, "options"?: [text, ...]}
Out   {"id", "kind", "language" (other_language only), "side", "side_p", "cards", "quality", "answers", "answers_p",
       "options_p", "counter"}, or {"id", "error"} for a bad line

``side`` is what the text argues by itself, ``side_p`` how sure that side is ("unclear": of the likelier one).
``options_p`` are independent of each other, each in 0..1. This module must not know streams, debates or stores.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from bot.reading.arguments import named_side
from bot.reading.context import answers_alone
from bot.reading.heads import Profile
from bot.reading.learned import Model
from bot.reading.moves import with_phrases
from bot.reading.reader import MOST_LETTERS, LocalReader, cleaned
from bot.readings import Kind, Reading, Situation
from content.deck import Deck, Move, Rejoinder, Side

MOST_CARDS = 5
MOST_OPTIONS = 50


class BadLine(Exception):
    """A line that cannot be read; ``args[0]`` says why in a few words."""


def inspect_line(reader: LocalReader, deck: Deck, raw: str | bytes) -> tuple[str, bool]:
    """The JSON line that answers ``raw``, and whether ``raw`` was good."""
    key: Any = None
    try:
        line = _object(raw)
        key = line.get("id")
        answer, good = _inspect(reader, deck, line), True
    except BadLine as bad:
        answer, good = {"id": key, "error": str(bad)}, False
    return json.dumps(answer, ensure_ascii=False), good


def _object(raw: str | bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        text.encode("utf-8")
        found = json.loads(text)
    except UnicodeError as error:
        raise BadLine("not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadLine("not JSON") from error
    if not isinstance(found, dict):
        raise BadLine("not a JSON object")
    if isinstance(found.get("id"), (dict, list)):
        found.pop("id")
        raise BadLine("id must be a string or a number")
    return found


def _text(line: dict[str, Any], name: str) -> str:
    if name not in line:
        raise BadLine(f"{name} is missing")
    return _checked(line[name], name)


def _checked(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise BadLine(f"{name} must be a string")
    if len(value) > MOST_LETTERS:
        raise BadLine(f"{name} has {len(value)} characters, at most {MOST_LETTERS} are read")
    try:
        value.encode("utf-8")
    except UnicodeError as error:
        raise BadLine(f"{name} holds half a character") from error
    return value


def _options(line: dict[str, Any]) -> list[str] | None:
    found = line.get("options")
    if found is None:
        return None
    if not isinstance(found, list):
        raise BadLine("options must be a list of strings")
    if len(found) > MOST_OPTIONS:
        raise BadLine(f"options has {len(found)} texts, at most {MOST_OPTIONS} are read")
    return [_checked(option, "options") for option in found]


def _inspect(reader: LocalReader, deck: Deck, line: dict[str, Any]) -> dict[str, Any]:
    text = cleaned(_text(line, "text"))
    answering = _text(line, "answering") if line.get("answering") is not None else None
    options = _options(line)
    model = reader.model(deck)
    reading = reader.read(deck, text, Situation(side=Side.FOR))
    profile = reader.profile(model, text) if text.strip() else None
    out: dict[str, Any] = {"id": line.get("id"), "kind": _kind(reading)}
    if reading.kind is Kind.OTHER_LANGUAGE:
        out["language"] = reading.language
    return (
        out
        | _side(profile)
        | _cards(model, reading, profile, text)
        | _related(reader, model, text, profile, reading.kind, answering, options)
    )


def _kind(reading: Reading) -> str:
    return reading.kind.value


def _side(profile: Profile | None) -> dict[str, Any]:
    side, p = named_side(profile.for_p if profile else 0.5)
    return {"side": side.value if side else "unclear", "side_p": p}


def _cards(model: Model, reading: Reading, profile: Profile | None, text: str) -> dict[str, Any]:
    if profile is None:
        return {"cards": [], "quality": reading.quality, "counter": None}
    order = np.argsort(-profile.cards, kind="stable")[:MOST_CARDS]
    cards = [
        {
            "id": card.id,
            "side": card.side.value,
            "p": round(float(profile.cards[place] * (1 - profile.new_p)), 4),
            "lines": list(card.lines),
        }
        for place in order
        for card in (model.deck.cards[place],)
    ]
    return {
        "cards": cards,
        "quality": reading.quality,
        "counter": _counter(model, profile, text, cards[0]["id"]),
    }


def _counter(model: Model, profile: Profile, text: str, card: str) -> dict[str, Any] | None:
    """The prepared attack on the best card that answers the text best."""
    places = model.deck.attacks_on[card]
    if not places:
        return None
    fits = model.fits.on(card, profile, text)
    return _told(model.deck, model.deck.attacks[max(places, key=lambda place: fits[place])])


def _told(deck: Deck, counterpoint: Rejoinder) -> dict[str, Any]:
    by = deck.by_id[counterpoint.by]
    return {"card": by.id, "move": counterpoint.move.value, "text": counterpoint.say, "lines": list(by.lines)}


def _related(
    reader: LocalReader,
    model: Model,
    text: str,
    profile: Profile | None,
    kind: Kind,
    answering: str | None,
    options: list[str] | None,
) -> dict[str, Any]:
    answers_p = None
    if answering is not None:
        answers_p = 0.0
        if profile is not None and answering.strip() and kind is not Kind.OFF_TOPIC:
            answers_p = _answers(reader, model, profile, text, answering)
    options_p = None
    if options is not None:
        options_p = [round(_apt(reader, model, profile, text, option), 4) for option in options]
    return {
        "answers": None if answers_p is None else answers_p >= 0.5,
        "answers_p": None if answers_p is None else round(answers_p, 4),
        "options_p": options_p,
    }


def _answers(reader: LocalReader, model: Model, profile: Profile, text: str, point: str) -> float:
    dodge = with_phrases(model.replies(text, point), text)[Move.DODGE]
    points = model.heads.together([reader.profile(model, point)])
    return answers_alone(float(model.heads.answers_each(profile, points)[0]), dodge)


def _apt(reader: LocalReader, model: Model, profile: Profile | None, text: str, option: str) -> float:
    if profile is None or not option.strip():
        return 0.0
    return model.fits.of_text(profile, text, reader.profile(model, option), option)
