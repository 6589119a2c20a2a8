"""The side of the people: what somebody can do in Slack's client, and sees of what the app does.

A person can only do what Slack would let him: use a command that is declared, press a button that stands in a message
he sees, fill in a form that is open, speak where he is a member. Anything else is an AssertionError.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import events, fields, interactions, messages, reading, typed, views
from .delivery import Unanswered
from .interactions import Interaction
from .messages import Content, Origin
from .reading import Json
from .shapes import length
from .state import Channel, Message, Surface, User, View
from .world import World

__all__ = ["Person", "Unanswered"]

LONGEST = 12_000
Thread = Message | str | None


@dataclass(eq=False)
class Person:
    world: World
    user: User
    place: Channel
    """Where he is looking: his first channel, else the DM with the app."""
    heard: dict[tuple[str, str], str] = field(default_factory=dict)
    """The ts of the last message heard, by channel and thread."""

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def mention(self) -> str:
        """How a text names him."""
        return self.user.mention

    @property
    def dm(self) -> Channel:
        """The conversation with the app."""
        return self.world.state.im(self.user)

    # -- looking and listening ---------------------------------------------------------------------------

    def sees(self, channel: Channel, thread: Thread = None) -> list[Message]:
        """What stands there for this person, oldest first; a thread begins with its first message."""
        if self.id not in channel.members and channel.private:
            return []
        if thread is None:
            return [each for each in channel.top if self._may_see(each)]
        ts = ts_of(thread)
        first = channel.messages.get(ts)
        found = [*([first] if first else []), *channel.threads.get(ts, [])]
        return [each for each in found if self._may_see(each)]

    def _may_see(self, message: Message) -> bool:
        return message.ephemeral_for in (None, self.user)

    async def hears(
        self,
        channel: Channel,
        text: str = "",
        thread: Thread = None,
        within: float = 5.0,
        seen: Callable[[Message], bool] | None = None,
    ) -> Message:
        """The app's next message there, after the last one heard, that has this in its text or blocks."""
        assert self.id in channel.members, f"{self.name} is not in {channel.name}"
        ts = ts_of(thread)
        key = channel.id, ts

        def found() -> Message | None:
            there = channel.threads.get(ts, []) if ts else channel.top
            last = self.heard.get(key, "")
            fresh: Message | None = None
            for each in reversed(there):
                if each.ts <= last:
                    break
                wanted = each.by_bot and self._may_see(each) and each.subtype != "tombstone"
                if wanted and text in each.words and (seen is None or seen(each)):
                    fresh = each
            return fresh

        try:
            message = await self.world.signal.until(found, within)
        except TimeoutError:
            there = [f"{each.user.name}: {each.words}" for each in self.sees(channel, thread)][-5:]
            raise AssertionError(f"{self.name} heard nothing with {text!r} in it; there is {there}") from None
        assert message is not None
        self.heard[key] = message.ts
        return message

    # -- messages ----------------------------------------------------------------------------------------

    async def says(
        self, channel: Channel, text: str, thread: Thread = None, broadcast: bool = False
    ) -> Message:
        """Sends a message: into the channel, or as an answer in a thread."""
        assert self.id in channel.members, f"{self.name} is not in {channel.name}"
        assert not channel.archived, f"{channel.name} is archived"
        assert text.strip(), "nobody can send nothing"
        assert length(text) <= LONGEST, f"nobody can type {length(text)} characters"
        assert channel.kind != "im" or self.world.manifest.messages_tab, "nobody can write to this app"
        origin = Origin(client_msg_id=str(uuid.uuid4()))
        if thread is not None:
            first = channel.messages.get(ts_of(thread))
            assert first is not None, "there is no such message to answer"
            assert not first.ephemeral, "a message that only one person sees has no thread"
            origin.thread_ts = first.thread_ts or first.ts
            origin.broadcast = broadcast
            origin.subtype = "thread_broadcast" if broadcast else ""
        return messages.post(self.world, channel, self.user, self._typed(text), origin)

    def _typed(self, text: str) -> Content:
        state = self.world.state
        blocks = typed.rich_text(state, text)
        return Content(typed.text_of(state, blocks[0]["elements"][0]["elements"]), blocks)

    async def tells(self, text: str, thread: Thread = None) -> Message:
        """Writes to the app alone."""
        return await self.says(self.dm, text, thread)

    async def edits(self, message: Message, text: str) -> Message:
        """Changes a message of his own."""
        self._own(message)
        keep = frozenset({"metadata"})
        messages.edit(self.world, message, self._typed(text), self.user, keep)
        return message

    async def deletes(self, message: Message) -> None:
        """Takes a message of his own away."""
        self._own(message)
        messages.delete(self.world, message)

    def _own(self, message: Message) -> None:
        assert not message.deleted, "it is not there any more"
        assert message.user is self.user, f"it is {message.user.name}'s, not {self.name}'s"

    async def reacts(self, message: Message, name: str) -> None:
        """Puts an emoji on a message."""
        self._there(message)
        message.reactions.setdefault(name, []).append(self.user)
        events.reacted(self.world, message, self.user, name)

    # -- channels ----------------------------------------------------------------------------------------

    async def joins(self, channel: Channel) -> None:
        assert not channel.archived, f"{channel.name} is archived"
        assert self.id not in channel.members, f"{self.name} is in {channel.name}"
        channel.members[self.id] = self.user
        events.member(self.world, "member_joined_channel", channel, self.user)
        self._notes(channel, "channel_join", "joined")

    async def leaves(self, channel: Channel) -> None:
        assert self.id in channel.members, f"{self.name} is not in {channel.name}"
        del channel.members[self.id]
        events.member(self.world, "member_left_channel", channel, self.user)
        self._notes(channel, "channel_leave", "left")

    def _notes(self, channel: Channel, subtype: str, word: str) -> None:
        said = Content(f"{self.mention} has {word} the channel")
        messages.post(self.world, channel, self.user, said, Origin(subtype=subtype))

    # -- commands ----------------------------------------------------------------------------------------

    async def command(self, name: str, text: str = "", at: Channel | None = None) -> Interaction:
        """Uses a slash command, and waits until the app acknowledged it."""
        channel = at or self.place
        assert isinstance(channel, Channel), "Slack has no slash commands in threads"
        assert self.id in channel.members, f"{self.name} is not in {channel.name}"
        assert not channel.archived, f"{channel.name} is archived"
        return await interactions.command(self.world, self.user, name, text, channel)

    # -- buttons and lists -------------------------------------------------------------------------------

    async def clicks(self, surface: Surface, what: str, block: str | None = None) -> Interaction:
        """Presses a button, named by what is written on it or by its action_id; questions are answered with yes."""
        held, part = self._part(surface, what, block, ("button",))
        return await interactions.act(self.world, self.user, surface, held, part, {})

    async def selects(self, surface: Surface, what: str, value: Any, block: str | None = None) -> Interaction:
        """Chooses in a list: an option by its value or words, somebody by himself or his id."""
        held, part = self._part(surface, what, block, ())
        assert held["type"] != "input" or held.get("dispatch_action"), (
            f"{what} is only sent with its form: use submits"
        )
        value = named(value)
        if part["type"] == "overflow":
            action = {"selected_option": fields.picked(part, value)}
        else:
            chosen = fields.filled(part, value)
            self._keep(surface, held, part, chosen)
            action = {key: each for key, each in chosen.items() if key != "type"}
        return await interactions.act(self.world, self.user, surface, held, part, action)

    def _keep(self, surface: Surface, block: Json, part: Json, chosen: Json) -> None:
        place = block["block_id"], part["action_id"]
        if isinstance(surface, Message):
            surface.chosen[self.id, *place] = chosen
        elif isinstance(surface, View):
            surface.chosen[place] = chosen

    def _part(
        self, surface: Surface, what: str, block: str | None, kinds: tuple[str, ...]
    ) -> tuple[Json, Json]:
        """The element that is meant, where this person can use it."""
        self._there(surface)
        found = []
        for held, part in reading.elements(surface.blocks):
            label = part["text"]["text"] if part["type"] == "button" else None
            right = block in (None, held["block_id"]) and (not kinds or part["type"] in kinds)
            if right and what in (label, part["action_id"]):
                found.append((held, part))
        there = [part["action_id"] for _, part in reading.elements(surface.blocks)]
        assert found, f"there is no {what!r} in {surface!r}, only {there} and {list(surface.buttons)}"
        assert len(found) == 1, f"there are {len(found)} of {what!r}: say in which block"
        return found[0]

    def _there(self, surface: Surface) -> None:
        """Whether he sees that, and could reach it."""
        if isinstance(surface, View):
            assert surface.user is self.user, f"it is {surface.user.name}'s view"
            if surface.kind == "home":
                assert self.world.state.homes.get(self.id) is surface
                return
            open_ = views.stack(self.world.state, self.user)
            assert open_[-1:] == [surface], f"{surface!r} is closed, or something stands on it"
        else:
            assert isinstance(surface, Message)
            assert not surface.deleted, f"{surface!r} is not there any more"
            assert self.id in surface.channel.members, f"{self.name} is not in {surface.channel.name}"
            assert self._may_see(surface), f"{self.name} does not see {surface!r}"

    # -- forms -------------------------------------------------------------------------------------------

    async def submits(self, view: View, values: Json | None = None) -> Interaction:
        """Fills in a form, by action_id or block_id, and sends it."""
        self._there(view)
        assert view.kind == "modal", "nothing is sent in a home"
        assert view.submit, f"{view!r} has no button to send it"
        for name, value in (values or {}).items():
            block, part = self._field(view, name)
            view.chosen[block["block_id"], part["action_id"]] = fields.filled(part, named(value))
        lacking = fields.missing(view)
        assert not lacking, f"{lacking} has to be filled in"
        self._within(view)
        view.errors = {}
        return await interactions.submit(self.world, self.user, view)

    def _field(self, view: View, name: str) -> tuple[Json, Json]:
        there = [
            (block, part)
            for block, part in reading.elements(view.blocks)
            if name in (part["action_id"], block["block_id"]) and fields.key_of(part)
        ]
        assert there, f"there is no {name!r} to fill in, only {list(view.inputs)}"
        assert len(there) == 1, f"there are {len(there)} of {name!r}: name it by its block_id"
        return there[0]

    def _within(self, view: View) -> None:
        """Texts that stood there from the beginning have to fit as well."""
        for name, block in view.inputs.items():
            if block["element"]["type"] in fields.TYPED:
                fields.typed(block["element"], view.chosen[block["block_id"], name]["value"])

    async def closes(self, view: View, everything: bool = False) -> Interaction | None:
        """Closes a form without sending it, or with `everything` the whole stack."""
        self._there(view)
        return await interactions.close(self.world, self.user, view, everything)

    # -- the app's own tabs ------------------------------------------------------------------------------

    @property
    def home(self) -> View | None:
        """The App Home as it was last published for him."""
        return self.world.state.homes.get(self.id)

    @property
    def modal(self) -> View | None:
        """The form that he has open, the uppermost."""
        open_ = views.stack(self.world.state, self.user)
        return open_[-1] if open_ else None

    async def opens_home(self, within: float = 5.0, patience: float = 1.0) -> View | None:
        """Opens the App Home; what is published there, with `patience` for an app that publishes it now."""
        assert self.world.manifest.home_tab, "the app has no home"
        before = self.home.hash if self.home else ""
        told = events.home_opened(self.world, self.user, "home")
        if told is not None:
            await self.world.signal.until(lambda: told.over, within)
            try:
                await self.world.signal.until(lambda: self.home and self.home.hash != before, patience)
            except TimeoutError:
                return self.home
        return self.home

    async def opens_messages_tab(self, within: float = 5.0) -> None:
        """Opens the messages tab, and waits until the app knows."""
        told = events.home_opened(self.world, self.user, "messages")
        if told is not None:
            await self.world.signal.until(lambda: told.over, within)


def ts_of(thread: Thread) -> str:
    """The ts of the first message of a thread, "" for none."""
    if isinstance(thread, Message):
        return thread.thread_ts or thread.ts
    return thread or ""


def named(value: Any) -> Any:
    """What is put in, people as users."""
    if isinstance(value, Person):
        return value.user
    if isinstance(value, list | tuple | set):
        return [named(each) for each in value]
    return value
