"""The sentences that every chat platform needs. What is said about a debate is the bot's (``bot.voice``)."""

from __future__ import annotations

from collections.abc import Sequence

REPLY = "Reply"
FORM_TITLE = "Your speech"
FORM_LABEL = "What do you say?"
FORM_PLACEHOLDER = "Say which point you answer, and why."
CHOOSE = "Choose one"
CUT = "… (cut here; `!export` has all of it)"

NOT_YOURS = "This is somebody else's debate: only they can press and speak here. `/debate start` begins one of your own."
OLD = "This button belongs to an earlier debate here. The newest message has the ones that work."
FAILED = "Something failed on my side. What was said is saved; try again in a moment."
LATER = "I am about to stop. Say it again in a minute; what was said before is saved."
NOT_TAKEN = "That was too much at once for me, and I did not take it. Send it again in a moment:"

EDITED = (
    "You changed a speech I had already answered. The words I heard count, and so does their score. "
    "`!redo {turn}` says speech {turn} again, judged alone."
)


def edited(turn: int) -> str:
    """What an edit changes: nothing, and how to say it anew."""
    return EDITED.format(turn=turn)


def unknown_motion(word: str, known: Sequence[str]) -> str:
    """That a motion is none."""
    return f"There is no motion “{word}”. There are: {', '.join(known)}. Nothing was changed."


def bad_address(name: str, value: str, scheme: str = "http") -> str:
    """That an address in a setting is none."""
    return f"{name} must be an address like {scheme}://127.0.0.1:8080/..., not {value!r}."
