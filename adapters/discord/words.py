"""The sentences that only Discord needs: threads, permissions, presses, starting and stopping.

What is said about a debate is the bot's (``bot.voice``).
"""

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
BUSY = "That was too much at once for me. I come back to it, and to what follows it, by myself in a moment; you need not say it again."
NOT_TAKEN = "That was too much at once for me, and I did not take it. Send it again in a moment:"
NOT_ALLOWED = "On this server only some people may start debates. Somebody with “Manage Server” chooses who, by `/debate-settings`."
NOT_MANAGER = "Only somebody with the permission “Manage Server” can change the settings."
NO_TAG = (
    "This forum asks for a tag on every post, and has none that I may use. Somebody with “Manage Channels” can add one that is "
    "not for moderators only."
)
NO_THREADS = "I cannot open a thread in this kind of channel. Use `/debate start` in a text or forum channel, or write to me directly."

EDITED = (
    "You changed a speech I had already answered. The words I heard count, and so does their score. "
    "`!redo {turn}` says speech {turn} again, judged alone."
)

MENDS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "create_public_threads": "Create Public Threads",
    "create_private_threads": "Create Private Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "manage_threads": "Manage Threads",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
    "attach_files": "Attach Files",
}
"""Permissions by the names that Discord shows."""


def thread_name(motion: str, side: str) -> str:
    """What a debate's thread is called."""
    return f"{motion} ({side})" if side else motion


def started(thread: int) -> str:
    """That a debate goes on in its thread."""
    return f"Your debate is in <#{thread}>."


def missing(permissions: Sequence[str]) -> str:
    """Which permissions the bot lacks, and what to do."""
    named = ", ".join(f"“{MENDS.get(name, name)}”" for name in permissions)
    return (
        f"I lack the permission {named} here. Somebody with “Manage Channels” can give it to my role in this channel's "
        "settings, under Permissions."
    )


def edited(turn: int) -> str:
    """What an edit changes: nothing, and how to say it anew."""
    return EDITED.format(turn=turn)


# --- the settings of a server ---


def settings(motions: Sequence[str], role: str, *, private: bool) -> str:
    """The settings in force."""
    return (
        f"Motions offered here: {', '.join(motions)}.\n"
        f"Who may start: {f'those with the role <@&{role}>, and server managers' if role else 'everyone'}.\n"
        f"Threads: {'private' if private else 'public'}."
    )


def unknown_motion(word: str, known: Sequence[str]) -> str:
    """That a motion is none."""
    return f"There is no motion “{word}”. There are: {', '.join(known)}. Nothing was changed."


# --- on the console ---

NO_TOKEN = "There is no token. Put DISCORD_TOKEN=... into the environment or into .env; README.md, “Discord”, says where to get one."
BAD_TOKEN = (
    "Discord does not accept the token. Copy it again, whole: https://discord.com/developers/applications, your application, "
    "Bot, Reset Token; then put it into DISCORD_TOKEN."
)
NO_INTENT = (
    "The message content intent is off: people speak by mention, /debate say and the Reply button. To let them simply type: "
    "https://discord.com/developers/applications, your application, Bot, Message Content Intent."
)
REFUSED_INTENTS = (
    "Discord refused the intents. Switch Message Content Intent on (or off and on): "
    "https://discord.com/developers/applications, your application, Bot."
)
ENDPOINT = (
    "The application has an interactions endpoint URL, so Discord sends no commands to this bot. Empty that field: "
    "https://discord.com/developers/applications, your application, General Information."
)
UNREACHABLE = "Discord cannot be reached ({error}). Is there a network? Gadfly keeps nothing back: start it again later."


def too_many(count: int) -> str:
    """That the bot has started too often today."""
    return (
        f"This bot has connected anew {count} times in the last 24 hours, and Discord resets the token of a bot that does so "
        "1,000 times. Something stops it again and again: see its log, and start it later by hand."
    )


def bad_address(name: str, value: str) -> str:
    """That an address in a setting is none."""
    return f"{name} must be an address like {'ws' if 'GATEWAY' in name else 'http'}://127.0.0.1:8080/..., not {value!r}."
