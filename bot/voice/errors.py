"""Refusals and errors in plain words: what is wrong and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.debate.commands import BY_NAME, LONGEST
from bot.debate.errors import Code, Refusal, Unreadable
from bot.messages import Notice
from bot.store.errors import StoreError, Trouble
from bot.voice.common import decent
from content.errors import ContentError

Data = Mapping[str, str | int]


def _unknown_command(data: Data) -> str:
    near = f" Did you mean !{data['near']}?" if data.get("near") else ""
    return f"I know no command !{data['word']}.{near} !help lists them; to say it as a speech, use !say."


def _unknown_motion(data: Data) -> str:
    near = f" Did you mean {data['near']}?" if data.get("near") else ""
    return f"I have no motion “{data['word']}”.{near} !motions lists them."


def _unknown_card(data: Data) -> str:
    return f"There is no card {data['word']} in this deck. !cards lists them; a card is named like f07."


def _bad_argument(data: Data) -> str:
    spec = BY_NAME.get(str(data.get("command", "")))
    usage = f" Type it as: !{spec.name} {spec.arguments}".rstrip() + "." if spec is not None else ""
    if "last" in data:
        usage = (
            " You have made one speech so far."
            if data["last"] == 1
            else f" Choose a speech from 1 to {data['last']}."
        )
    if not data["word"]:
        return f"Which one? That command needs a number.{usage}"
    return f"I cannot use “{data['word']}” here.{usage}"


_WORDS: dict[Code, str | Callable[[Data], str]] = {
    Code.NO_DEBATE: "There is no debate here yet. !start begins one; !motions shows what about.",
    Code.DEBATE_OPEN: "You have a debate open here. Go on with it, or !end it first; !start anew leaves it for a new one.",
    Code.DEBATE_OVER: "This debate is over. !redo n says a speech again, !switch takes the other side, !start begins anew.",
    Code.NOT_OVER: "That comes after the ballot. At novice !redo tries your last speech again at once.",
    Code.NOTHING_SAID: "You have not made a speech yet. Make your first point and it works.",
    Code.UNKNOWN_COMMAND: _unknown_command,
    Code.UNKNOWN_MOTION: _unknown_motion,
    Code.UNKNOWN_CARD: _unknown_card,
    Code.UNKNOWN_POINT: "There is no such point of mine: #{point}. !flow shows them with their numbers.",
    Code.UNKNOWN_CHOICE: "There is no choice “{word}” for speech {turn}. !contest {turn} lists them.",
    Code.BAD_ARGUMENT: _bad_argument,
    Code.POINT_DECIDED: "#{point} is {state} already; that is final.",
    Code.NO_CONTESTS_LEFT: "You have used your {limit} contests in this debate.",
    Code.NO_HINT: "I have no more words to lend you against my points. You know as much as I do.",
    Code.HINTS_OFF: "Hints are for novice; at {level} the stronger moves stand on the ballot.",
    Code.LATE: "That was turn {turn}; the debate has moved on. !flow shows where it stands.",
}


def refusal(error: Refusal, command: str = "") -> Notice:
    """A refusal in words; ``command`` is the name of what was typed, for its usage."""
    words = _WORDS[error.code]
    data = {"command": command, **error.data}
    text = words(data) if callable(words) else words.format(**data)
    return Notice(decent(text), refused=True, code=str(error.code))


def unreadable(error: Unreadable) -> Notice:
    """A message that is too long."""
    over = "1 character" if error.over == 1 else f"{error.over:,} characters"
    text = f"That is {over} over the {LONGEST:,} a speech may have. Shorten it and send it again; nothing was counted."
    return Notice(text, refused=True, code="unreadable")


def content_error(error: ContentError) -> str:
    """A deck or essay that cannot be used: place, problem, mend."""
    return str(error)


_STORE: dict[Trouble, str] = {
    Trouble.BUSY: "Gadfly is already running on {path}. Close the other window, or give this one a folder of its own (GADFLY_HOME).",
    Trouble.OVERLOADED: "Too much at once. Wait a moment and send it again.",
    Trouble.NEWER: "{path} was written by a newer Gadfly. Update Gadfly, or use another folder (GADFLY_HOME). Nothing was changed.",
    Trouble.CORRUPT: "{path} is damaged or is not a Gadfly database. Move it aside and start again, or put a backup in its place.",
    Trouble.READONLY: "I may not write in {path}. Give me write access, or another folder (GADFLY_HOME).",
    Trouble.FULL: "There is no space left for {path}. Free some and send it again; what was said before is safe.",
    Trouble.FAILED: "The database {path} failed. gadfly doctor tells more; what was said before is safe.",
}


def store_error(error: StoreError) -> str:
    """A store that cannot be used: what is wrong and what to do."""
    return _STORE[error.kind].format(path=error.path)
