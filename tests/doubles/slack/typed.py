"""What becomes of what somebody types: the text as Slack escapes it, and the rich text that it makes of it."""

from __future__ import annotations

import re

from .reading import Json
from .state import State

RANGES = ("channel", "here", "everyone")
URL = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?)\"']")
EMOJI = re.compile(r":[a-z][a-z0-9_+'-]*:")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def pieces(state: State, text: str) -> list[Json]:
    """Text in the pieces of a rich text: words, people, channels, links, emoji."""
    found: list[Json] = []
    begin = 0
    for match in _pattern(state).finditer(text):
        if match.start() > begin:
            found.append({"type": "text", "text": text[begin : match.start()]})
        found.append(_piece(state, match[0]))
        begin = match.end()
    if begin < len(text):
        found.append({"type": "text", "text": text[begin:]})
    return found


def _pattern(state: State) -> re.Pattern[str]:
    people = sorted((*state.mentions(), *RANGES), key=len, reverse=True)
    named = "|".join(re.escape(each) for each in people)
    rooms = "|".join(re.escape(each.name) for each in state.channels.values() if each.kind == "channel")
    room = rf"|(?<!\w)#(?:{rooms})\b" if rooms else ""
    return re.compile(rf"(?<!\w)@(?:{named})\b{room}|{URL.pattern}|{EMOJI.pattern}")


def _piece(state: State, word: str) -> Json:
    if word.startswith("@"):
        name = word[1:]
        if name in RANGES:
            return {"type": "broadcast", "range": name}
        return {"type": "user", "user_id": state.mentions()[name].id}
    if word.startswith("#"):
        [room] = [each for each in state.channels.values() if each.name == word[1:]][:1]
        return {"type": "channel", "channel_id": room.id}
    if word.startswith(":"):
        return {"type": "emoji", "name": word.strip(":")}
    return {"type": "link", "url": word}


def text_of(state: State, parts: list[Json], named: bool = False) -> str:
    """The pieces as a message's text; `named`: with the names that slash commands get."""
    return "".join(_written(state, each, named) for each in parts)


def _written(state: State, part: Json, named: bool) -> str:
    match part["type"]:
        case "user":
            name = f"|{state.users[part['user_id']].name}" if named else ""
            return f"<@{part['user_id']}{name}>"
        case "broadcast":
            return f"<!{part['range']}>"
        case "channel":
            return f"<#{part['channel_id']}|{state.channels[part['channel_id']].name}>"
        case "link":
            return f"<{part['url']}>"
        case "emoji":
            return f":{part['name']}:"
    return escaped(part["text"])


def rich_text(state: State, text: str) -> list[Json]:
    """The blocks that Slack's client sends along with what is typed."""
    parts = pieces(state, text)
    section = {"type": "rich_text_section", "elements": parts}
    return [{"type": "rich_text", "block_id": state.ids.secret(5), "elements": [section]}] if parts else []
