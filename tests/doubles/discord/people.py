"""The side of the people: what somebody can do in Discord's client, and sees of what the bot does.

A person can only do what Discord would let him: use a command that was synced and is offered to him there, press a
button that stands in a message he sees and is enabled, fill in a form that is open. Anything else is an AssertionError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import channels, interactions, messages, payloads, routes
from .interactions import Interaction, Modal
from .messages import Origin, Upload
from .permissions import ALL, in_guild, may, may_write, permitted, sees
from .rules import length
from .state import Channel, Json, Kind, Message, Permission, Role, User
from .world import World

LONGEST = 2000
"""What a person can type into a message."""

TYPES: dict[int, type | tuple[type, ...]] = {3: str, 4: int, 5: bool, 10: (int, float)}
SUBCOMMANDS = (1, 2)


class Unanswered(AssertionError):
    """The bot did not answer within the window: the person sees "The application did not respond"."""


@dataclass(eq=False)
class Person:
    """Somebody at Discord's client. `place` is the channel that is open there."""

    world: World
    user: User
    place: Channel
    heard: dict[int, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    @property
    def dms(self) -> Channel:
        """The DM with the bot."""
        return self.world.state.dm(self.user)

    # -- seeing ------------------------------------------------------------------------------------------

    def sees(self, channel: Channel) -> list[Message]:
        """All messages in a channel that are there for this person, oldest first."""
        if not sees(channel, self.user):
            return []
        return [each for each in channel.messages.values() if each.seen_by in (None, self.user)]

    def threads(self) -> list[Channel]:
        """The threads that this person sees, in all guilds, oldest first."""
        guilds = self.world.state.guilds.values()
        return [each for guild in guilds for each in guild.threads.values() if sees(each, self.user)]

    async def hears(
        self,
        channel: Channel,
        text: str = "",
        within: float = 5.0,
        seen: Callable[[Message], bool] | None = None,
    ) -> Message:
        """The next finished message of the bot here, after the last one heard, that has this text in it."""

        def found() -> Message | None:
            for each in self.sees(channel):
                new = each.id > self.heard.get(channel.id, 0) and each.author.bot and not each.loading
                if new and text in each.text and (seen is None or seen(each)):
                    return each
            return None

        try:
            message = await self.world.signal.until(found, within)
        except TimeoutError:
            there = [f"{each.author.name}: {each.text}" for each in self.sees(channel)][-5:]
            raise AssertionError(
                f"{self.user.name} heard nothing with {text!r} in it; there is {there}"
            ) from None
        assert message is not None
        self.heard[channel.id] = message.id
        return message

    # -- messages ----------------------------------------------------------------------------------------

    async def says(
        self, channel: Channel, text: str, reply_to: Message | None = None, files: Sequence[Upload] = ()
    ) -> Message:
        """Sends a message."""
        assert channel.kind not in (Kind.FORUM, Kind.CATEGORY), f"{channel.name} takes no messages"
        assert may_write(channel, self.user), f"{self.user.name} may not write in {channel.name}"
        assert not channel.locked or may(channel, self.user, Permission.MANAGE_THREADS), (
            f"{channel.name} is locked"
        )
        assert length(text) <= LONGEST, f"nobody can type {length(text)} characters"
        assert text.strip() or files, "nobody can send nothing"
        origin = Origin(reference=reply_to, kind=19 if reply_to else 0, uploads=dict(enumerate(files)))
        return messages.post(self.world, channel, self.user, {"content": text}, origin)

    async def dm(self, text: str) -> Message:
        """Sends a message to the bot alone."""
        return await self.says(self.dms, text)

    async def edits(self, message: Message, text: str) -> None:
        assert message.author is self.user, "nobody can edit what others said"
        messages.edit(self.world, message, {"content": text})

    async def deletes(self, message: Message) -> None:
        allowed = message.author is self.user or may(message.channel, self.user, Permission.MANAGE_MESSAGES)
        assert allowed, f"{self.user.name} may not delete this"
        messages.delete(self.world, message)

    async def reacts(self, message: Message, emoji: str) -> None:
        routes.reacted(self.world, message, emoji, self.user)

    async def types(self, channel: Channel) -> None:
        """Is seen typing."""
        told: Json = {
            "channel_id": str(channel.id),
            "user_id": str(self.id),
            "timestamp": int(self.world.now),
        }
        if channel.guild is not None:
            member = payloads.whole_member(channel.guild.members[self.id])
            told |= {"guild_id": str(channel.guild.id), "member": member}
        self.world.gateway.dispatch("TYPING_START", told, channel.guild)

    async def opens_thread(self, parent: Channel, name: str, private: bool = False) -> Channel:
        """Makes a thread in a channel."""
        wanted = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        assert may(parent, self.user, wanted), f"{self.user.name} may make no thread in {parent.name}"
        kind = Kind.PRIVATE_THREAD if private else Kind.PUBLIC_THREAD
        return channels.thread_alone(self.world, parent, self.user, {"name": name}, kind)

    async def joins(self, thread: Channel) -> None:
        assert sees(thread, self.user), f"{self.user.name} does not see {thread.name}"
        messages.join(self.world, thread, self.user)

    # -- commands ----------------------------------------------------------------------------------------

    async def slash(self, path: str, at: Channel | None = None, **options: Any) -> Interaction:
        """Uses a command: `slash("debate start", motion="...")`, here or `at` a channel."""
        data, wanted = self._command(path, at or self.place)
        given = [encoded(data, one, options[one["name"]]) for one in wanted if one["name"] in options]
        unknown = set(options) - {one["name"] for one in wanted}
        assert not unknown, f"/{path} has no option {sorted(unknown)}"
        lacking = [one["name"] for one in wanted if one.get("required") and one["name"] not in options]
        assert not lacking, f"/{path} needs {lacking}"
        innermost(data)["options"] = given
        return await self._does(interactions.COMMAND, at or self.place, data)

    async def autocomplete(
        self, path: str, focus: str, at: Channel | None = None, **options: Any
    ) -> list[Json]:
        """Types into one option of a command; the choices (name, value) that are offered then."""
        data, wanted = self._command(path, at or self.place)
        named = {one["name"]: one for one in wanted}
        assert focus in named, f"/{path} has no option {focus}"
        assert named[focus].get("autocomplete"), f"{focus} of /{path} is not completed"
        options.setdefault(focus, "")
        given = [
            {
                "name": key,
                "type": named[key]["type"],
                "value": value,
                **({"focused": True} if key == focus else {}),
            }
            for key, value in options.items()
        ]
        innermost(data)["options"] = given
        made = await self._does(interactions.AUTOCOMPLETE, at or self.place, data)
        assert made.choices is not None
        return made.choices

    async def menu(self, name: str, target: Message | Person) -> Interaction:
        """Uses a command of the context menu of a message or a person."""
        kind = 3 if isinstance(target, Message) else 2
        place = target.channel if isinstance(target, Message) else self.place
        command = self._offered(name, kind, place)
        key = str(target.id)
        resolved = (
            {"messages": {key: payloads.message(target)}}
            if isinstance(target, Message)
            else {"users": {key: payloads.user(target.user)}}
        )
        data = {**head(command), "target_id": key, "resolved": resolved}
        return await self._does(interactions.COMMAND, place, data)

    def _command(self, path: str, place: Channel) -> tuple[Json, list[Json]]:
        """The data of a command, and the options that its innermost part takes."""
        name, *rest = path.split()
        command = self._offered(name, 1, place)
        data, inner = head(command), command
        told = data
        for word in rest:
            parts = [one for one in inner.get("options", []) if one["type"] in SUBCOMMANDS]
            inner = next((one for one in parts if one["name"] == word), {})
            assert inner, f"there is no /{path}"
            told["options"] = [{"name": word, "type": inner["type"]}]
            told = told["options"][0]
        wanted = inner.get("options", [])
        assert not any(one["type"] in SUBCOMMANDS for one in wanted), f"/{path} is a group"
        return data, wanted

    def _offered(self, name: str, kind: int, place: Channel) -> Json:
        """The synced command of this name that the client offers here."""
        app = self.world.state.application
        scopes = [place.guild.id, None] if place.guild else [None]
        synced = [each for scope in scopes for each in app.commands.get(scope, [])]
        found = [each for each in synced if each["name"] == name and each["type"] == kind]
        assert found, f"no command {name!r} was synced; there are {[each['name'] for each in synced]}"
        offered = [each for each in found if self._offers(each, place)]
        assert offered, f"{name!r} is not offered to {self.user.name} here"
        return offered[0]

    def _offers(self, command: Json, place: Channel) -> bool:
        """Whether installation, context and permissions allow the command."""
        app, guild = self.world.state.application, place.guild
        if not sees(place, self.user):
            return False
        here = {Kind.DM: 1, Kind.GROUP_DM: 2}.get(place.kind, 0)
        contexts = command["contexts"]
        if contexts is not None and here not in contexts:
            return False
        by_guild = 0 in command["integration_types"] and (
            place.kind == Kind.DM or (guild is not None and app.bot.id in guild.members)
        )
        by_person = 1 in command["integration_types"] and self.id in app.installed_for
        if not by_guild and not by_person:
            return False
        if guild is None:
            return True
        granted = in_guild(guild, self.user)
        wanted = command["default_member_permissions"]
        usable = permitted(place, self.user) & Permission.USE_APPLICATION_COMMANDS
        if wanted is None or granted == ALL:
            return bool(usable)
        return bool(usable) and int(wanted) != 0 and granted & int(wanted) == int(wanted)

    # -- components --------------------------------------------------------------------------------------

    async def press(self, message: Message, button: str) -> Interaction:
        """Presses a button, by its custom_id or its label."""
        part = self._usable(message, message.buttons.get(button, button))
        assert part["type"] == 2, f"{button} is no button"
        data = {"component_type": 2, "custom_id": part["custom_id"], "id": part["id"]}
        return await self._does(interactions.COMPONENT, message.channel, data, message)

    async def select(self, message: Message, custom_id: str, values: Sequence[Any] | Any) -> Interaction:
        """Chooses from a list: strings, or people, roles and channels."""
        part = self._usable(message, custom_id)
        values = [values] if isinstance(values, str | Person | Role | Channel) else list(values)
        data = {"component_type": part["type"], "custom_id": custom_id, "id": part["id"]}
        return await self._does(
            interactions.COMPONENT, message.channel, data | selected(part, values), message
        )

    def _usable(self, message: Message, custom_id: str) -> Json:
        """A component that this person can use."""
        assert not message.deleted, "the message is gone"
        assert message in self.sees(message.channel), f"{self.user.name} does not see this message"
        part = message.component(custom_id)
        assert part is not None, f"there is no {custom_id!r} in this message, only {message.buttons}"
        assert not part.get("disabled"), f"{custom_id!r} is disabled"
        return part

    async def submit(self, modal: Modal, values: dict[str, Any]) -> Interaction:
        """Fills in a form and sends it."""
        assert modal.interaction.user is self.user, f"{self.user.name} does not see this form"
        assert not modal.submitted, "the form is closed"
        unknown = set(values) - set(modal.fields)
        assert not unknown, f"the form has no {sorted(unknown)}, only {sorted(modal.fields)}"
        resolved: Json = {}
        parts = [filled(part, values, resolved) for part in modal.components]
        data = {"custom_id": modal.custom_id, "components": parts, "resolved": resolved}
        modal.submitted = True
        opener = modal.interaction
        return await self._does(interactions.SUBMIT, opener.channel, data, opener.source, opener)

    # -- waiting -----------------------------------------------------------------------------------------

    async def _does(
        self,
        kind: int,
        place: Channel,
        data: Json,
        source: Message | None = None,
        opener: Interaction | None = None,
    ) -> Interaction:
        """Begins an interaction and waits for its first answer."""
        assert sees(place, self.user), f"{self.user.name} does not see {place.name}"
        made = interactions.begin(self.world, kind, self.user, place, data, source, opener)
        try:
            await self.world.signal.until(lambda: made.answered is not None, self.world.ack_window)
        except TimeoutError:
            made.expired = True
            told = data.get("custom_id") or data.get("name")
            raise Unanswered(f"nothing came to {told!r} within {self.world.ack_window} s") from None
        return made


def head(command: Json) -> Json:
    """How an interaction names its command."""
    guild = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return {"id": command["id"], "name": command["name"], "type": command["type"], **guild}


def innermost(data: Json) -> Json:
    """The command itself, or the subcommand of it that is used."""
    while data.get("options"):
        data = data["options"][0]
    return data


def encoded(data: Json, option: Json, value: Any) -> Json:
    """One option as Discord sends it, once it is what the client lets through."""
    name, kind = option["name"], option["type"]
    if kind in TYPES:
        assert isinstance(value, TYPES[kind]), f"{name} is not {value!r}"
        assert not isinstance(value, bool) or kind == 5, f"{name} is not {value!r}"
        fitting(option, value)
    else:
        value = resolve(data.setdefault("resolved", {}), value)
    return {"name": name, "type": kind, "value": value}


def fitting(option: Json, value: Any) -> None:
    """Asserts that the client lets a value through."""
    name, size = option["name"], length(value) if isinstance(value, str) else value
    choices = [choice["value"] for choice in option.get("choices") or []]
    assert not choices or value in choices, f"{name} is one of {choices}, not {value!r}"
    kind = "length" if isinstance(value, str) else "value"
    least, most = option.get(f"min_{kind}"), option.get(f"max_{kind}")
    assert least is None or size >= least, f"{name} is less than {least}"
    assert most is None or size <= most, f"{name} is more than {most}"


def resolve(resolved: Json, value: Any) -> str:
    """Puts a person, role or channel among what an interaction resolves; its id."""
    key = str(value.id)
    if isinstance(value, Person | User):
        who = value.user if isinstance(value, Person) else value
        resolved.setdefault("users", {})[key] = payloads.user(who)
        if isinstance(value, Person) and value.place.guild:
            member = value.place.guild.members[value.id]
            granted = str(int(permitted(value.place, who)))
            resolved.setdefault("members", {})[key] = {**payloads.member(member), "permissions": granted}
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[key] = payloads.role(value, 0)
    else:
        assert isinstance(value, Channel), f"{value!r} is nothing that can be chosen"
        resolved.setdefault("channels", {})[key] = {**payloads.channel(value), "permissions": "0"}
    return key


def selected(part: Json, values: list[Any]) -> Json:
    """What is chosen in a select, as Discord sends it."""
    least, most = part.get("min_values"), part.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    assert least <= len(values) <= most, f"{part['custom_id']} takes {least} to {most} values"
    if part["type"] == 3:
        offered = [option["value"] for option in part["options"]]
        assert set(values) <= set(offered), f"{part['custom_id']} offers {offered}, not {values}"
        return {"values": values}
    resolved: Json = {}
    return {"values": [resolve(resolved, each) for each in values], "resolved": resolved}


def filled(part: Json, values: dict[str, Any], resolved: Json) -> Json:
    """A component of a form with what was filled in; whom that names goes into `resolved`."""
    found: Json = {"type": part["type"], "id": part["id"]}
    if "component" in part:
        return found | {"component": filled(part["component"], values, resolved)}
    if "components" in part:
        return found | {"components": [filled(each, values, resolved) for each in part["components"]]}
    if "custom_id" not in part:
        return found
    found["custom_id"] = name = part["custom_id"]
    value = values.get(name)
    required = part.get("required") is not False
    match part["type"]:
        case 4:
            text = value if value is not None else part.get("value") or ""
            assert text or not required, f"{name} has to be filled in"
            least, most = part.get("min_length") or 0, part.get("max_length") or 4000
            assert not text or least <= length(text) <= most, f"{name} takes {least} to {most} characters"
            return found | {"value": text}
        case 23:
            return found | {"value": bool(value)}
        case 21:
            offered = [option["value"] for option in part["options"]]
            assert value in offered or (value is None and not required), f"{name} offers {offered}"
            return found | {"value": value}
        case 22:
            return found | {"values": list(value or [])}
    assert value is not None or not required, f"{name} has to be chosen"
    chosen = selected(part, list(value)) if value else {"values": []}
    for kind, named in chosen.pop("resolved", {}).items():
        resolved.setdefault(kind, {}).update(named)
    return found | chosen
