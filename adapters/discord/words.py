"""The sentences that only Discord needs: threads, permissions, presses, starting and stopping.

What is said about a debate is the bot's (``bot.voice``).
"""

from __future__ import annotations

from collections.abc import Sequence

BUSY = "That was too much at once for me. I come back to it, and to what follows it, by myself in a moment; you need not say it again."
NOT_ALLOWED = "On this server only some people may start debates. Somebody with “Manage Server” chooses who, by `/debate-settings`."
NOT_MANAGER = "Only somebody with the permission “Manage Server” can change the settings."
NO_TAG = (
    "This forum asks for a tag on every post, and has none that I may use. Somebody with “Manage Channels” can add one that is "
    "not for moderators only."
)
NO_THREADS = "I cannot open a thread in this kind of channel. Use `/debate start` in a text or forum channel, or write to me directly."

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


# --- the settings of a server ---


def settings(motions: Sequence[str], role: str, *, private: bool) -> str:
    """The settings in force."""
    return (
        f"Motions offered here: {', '.join(motions)}.\n"
        f"Who may start: {f'those with the role <@&{role}>, and server managers' if role else 'everyone'}.\n"
        f"Threads: {'private' if private else 'public'}."
    )


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
