"""What people do in a debate in Discord, and what is recorded of it."""

from __future__ import annotations

from tests.chat.whole import TALKS
from tests.coach.talk import SPEECHES
from tests.doubles.discord import Channel, Discord, Interaction, Message, Person

BALLOT = "### Ballot"


async def start(double: Discord, person: Person, at: Channel | None = None, **options: object) -> Channel:
    """A debate begun by slash command; its thread, once the bot has opened there."""
    before = len(person.threads())
    chosen = {"motion": TALKS, "side": "for", "level": "novice"} | options
    await person.slash("debate start", at, **chosen)
    await double.until(lambda: len(person.threads()) > before)
    thread = person.threads()[-1]
    await person.hears(thread, "You argue")
    return thread


async def exchange(person: Person, thread: Channel, speech: str) -> Message:
    """A speech in a message, and the bot's answer."""
    await person.says(thread, speech)
    return await person.hears(thread, "What I heard")


async def play(person: Person, thread: Channel, speeches: tuple[str, ...] = SPEECHES) -> Message:
    """Speeches in messages; the bot's answer to the last."""
    for speech in speeches:
        said = await exchange(person, thread, speech)
    return said


async def answered(double: Discord, interaction: Interaction, text: str = "") -> Message:
    """The answer to an interaction, once it stands there."""

    def found() -> Message | None:
        there = [m for m in interaction.messages if not m.loading and not m.deleted and text in m.text]
        return there[-1] if there else None

    message = await double.until(found)
    assert message is not None
    return message


def own(channel: Channel) -> list[Message]:
    """What the bot said in a channel, for all."""
    return [m for m in channel.messages.values() if m.author.bot and not m.ephemeral and not m.deleted]


def pressable(channel: Channel) -> list[str]:
    """The labels of all buttons in a channel that are not closed."""
    return [label for message in own(channel) for label in message.buttons]
