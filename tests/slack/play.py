"""What people do in a debate in Slack."""

from __future__ import annotations

from collections.abc import Awaitable

from tests.chat.whole import TALKS
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Channel, Interaction, Message, Person, Slack, View

BALLOT = "Ballot"
HEARD = "What I heard"


async def start(person: Person, at: Channel, text: str = f"start {TALKS} for novice") -> Message:
    """A debate begun by slash command in a channel; the root of its thread, once the bot has opened there."""
    before = {message.ts for message in person.sees(at) if message.by_bot}
    await person.command("/debate", text, at=at)
    root = await person.hears(at, "argues", seen=lambda message: message.ts not in before)
    await person.hears(at, "You argue", thread=root)
    return root


async def opened(double: Slack, doing: Awaitable[Interaction]) -> View:
    """The form that a command or a press opens, once it is there."""
    done = await doing
    view = await double.until(lambda: done.modal)
    assert view is not None
    return view


async def begin_directly(person: Person) -> Message:
    """A debate begun in direct messages; the bot's opening."""
    await person.command("/debate", f"start {TALKS} for novice", at=person.dm)
    return await person.hears(person.dm, "You argue")


async def exchange(person: Person, at: Channel, speech: str, thread: Message | None = None) -> Message:
    """A speech in a message, and the bot's answer."""
    await person.says(at, speech, thread=thread)
    return await person.hears(at, HEARD, thread=thread)


async def play(
    person: Person, at: Channel, thread: Message | None = None, speeches: tuple[str, ...] = SPEECHES
) -> Message:
    """Speeches in messages; the bot's answer to the last."""
    for speech in speeches:
        said = await exchange(person, at, speech, thread)
    return said


def own(person: Person, at: Channel, thread: Message | None = None) -> list[Message]:
    """What the bot said there for all."""
    return [m for m in person.sees(at, thread) if m.by_bot and not m.ephemeral and m is not thread]


def pressable(person: Person, at: Channel, thread: Message | None = None) -> list[str]:
    """The labels of all buttons there."""
    return [label for message in own(person, at, thread) for label in message.buttons]
