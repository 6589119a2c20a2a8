"""Interactions: what a person does with a command, a button or a form, and how the bot may answer.

The first answer has to come within the window and only once; for fifteen minutes the token then lets the bot send
follow-ups and change the first answer. An ephemeral answer is seen by the one person and by nobody else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from . import messages, payloads, rules
from .messages import Origin, Uploads
from .permissions import in_guild, permitted, sees
from .refusals import Refused, at, bad, invalid, unknown
from .state import Channel, Flag, Json, Kind, Message, User, every_component
from .world import World

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
PONG, SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9

SCHEMAS = {
    PONG: "PongInteractionCallbackRequest",
    SAY: "CreateMessageInteractionCallbackRequest",
    DEFER: "CreateMessageInteractionCallbackRequest",
    DEFER_UPDATE: "UpdateMessageInteractionCallbackRequest",
    UPDATE: "UpdateMessageInteractionCallbackRequest",
    CHOICES: "ApplicationCommandAutocompleteCallbackRequest",
    MODAL: "ModalInteractionCallbackRequest",
}

FOLLOWUPS_WHERE_THE_BOT_IS_NOT = 5


@dataclass(eq=False)
class Modal:
    """A form as one person sees it."""

    custom_id: str
    title: str
    components: list[Json]
    interaction: Interaction
    submitted: bool = False

    @property
    def fields(self) -> dict[str, Json]:
        """What can be filled in, by custom_id."""
        parts = every_component(self.components)
        return {part["custom_id"]: part for part in parts if "custom_id" in part}


@dataclass(eq=False)
class Interaction:
    """One thing that a person did, and all that the bot answered. Drivers return it."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    data: Json
    at: float
    source: Message | None = None
    """The message whose component was used, be it to open a form."""
    opener: Interaction | None = None
    """What the form that was sent had answered."""
    answered: int | None = None
    """The type of the first answer."""
    expired: bool = False
    message: Message | None = None
    """The first answer, or the message that it changed."""
    modal: Modal | None = None
    choices: list[Json] | None = None
    followups: list[Message] = field(default_factory=list)

    @property
    def ephemeral(self) -> bool:
        """Whether only the person sees the first answer."""
        return self.message is not None and self.message.ephemeral

    @property
    def deferred(self) -> bool:
        """Whether the bot is still thinking."""
        return self.message is not None and self.message.loading

    @property
    def text(self) -> str:
        return self.message.text if self.message else ""

    @property
    def messages(self) -> list[Message]:
        """All that came of it: the first answer, then the follow-ups."""
        return [*([self.message] if self.message else []), *self.followups]

    def metadata(self) -> Json:
        found: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": payloads.user(self.user),
            "authorizing_integration_owners": {},
        }
        if self.kind == COMPONENT and self.source is not None:
            found["interacted_message_id"] = str(self.source.id)
        if self.opener is not None:
            found["triggering_interaction_metadata"] = self.opener.metadata()
        return found


def begin(
    world: World,
    kind: int,
    user: User,
    channel: Channel,
    data: Json,
    source: Message | None = None,
    opener: Interaction | None = None,
) -> Interaction:
    """Tells the bot of an interaction."""
    made = Interaction(
        id=world.state.ids.next(),
        token=secrets.token_urlsafe(48),
        kind=kind,
        user=user,
        channel=channel,
        data=data,
        at=world.now,
        source=source,
        opener=opener,
    )
    world.interactions[made.id] = world.tokens[made.token] = made
    world.gateway.dispatch("INTERACTION_CREATE", written(world, made), channel.guild)
    return made


def written(world: World, made: Interaction) -> Json:
    """The interaction as the gateway gives it."""
    app, guild, channel = world.state.application, made.channel.guild, made.channel
    here = app.bot if sees(channel, app.bot) else made.user
    found: Json = {
        "version": 1,
        "id": str(made.id),
        "application_id": str(app.id),
        "type": made.kind,
        "token": made.token,
        "data": made.data,
        "channel_id": str(channel.id),
        "channel": payloads.interaction_channel(channel, made.user),
        "locale": made.user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "app_permissions": str(int(permitted(channel, here))),
        "attachment_size_limit": 10 * 1024 * 1024,
        "authorizing_integration_owners": owners(world, made),
        "context": {Kind.DM: 1, Kind.GROUP_DM: 2}.get(channel.kind, 0),
    }
    if made.source is not None:
        found["message"] = payloads.message(made.source, app.bot)
    if guild is None:
        return found | {"user": payloads.user(made.user)}
    granted = str(int(permitted(channel, made.user)))
    return found | {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": guild.features},
        "guild_locale": guild.locale,
        "member": {**payloads.whole_member(guild.members[made.user.id]), "permissions": granted},
    }


def owners(world: World, made: Interaction) -> dict[str, str]:
    """Who installed the bot there: the guild (0), the person (1)."""
    app, guild = world.state.application, made.channel.guild
    found = {}
    if guild is not None and app.bot.id in guild.members:
        found["0"] = str(guild.id)
    if made.channel.kind == Kind.DM:
        found["0"] = "0"
    if made.user.id in app.installed_for:
        found["1"] = str(made.user.id)
    return found


# -- the first answer ------------------------------------------------------------------------------------


def answer(world: World, made: Interaction, body: Json, uploads: Uploads) -> Json:
    """The bot's first answer; what Discord says to it."""
    if made.expired:
        raise unknown("interaction")
    if made.answered is not None:
        raise bad(40060)
    kind = body.get("type")
    if kind not in SCHEMAS or not fits(made, kind):
        words = f"This interaction does not take an answer of type {kind}"
        raise invalid(at(["type"], "INTERACTION_TYPE_INVALID", words))
    data = body.get("data") or {}
    rules.check(SCHEMAS[kind], body)
    ANSWERS[kind](world, made, data, uploads)
    made.answered = kind
    world.signal()
    return told(made, kind)


def fits(made: Interaction, kind: int) -> bool:
    """Whether such an answer goes with such an interaction."""
    if (made.kind == AUTOCOMPLETE) != (kind == CHOICES):
        return False
    if kind in (DEFER_UPDATE, UPDATE):
        return made.source is not None
    return kind != PONG and (kind != MODAL or made.kind != SUBMIT)


def say(world: World, made: Interaction, data: Json, uploads: Uploads) -> None:
    rules.check_message(data, len(uploads))
    made.message = send(world, made, data, uploads)


def defer(world: World, made: Interaction, data: Json, _uploads: Uploads) -> None:
    made.message = send(world, made, {"flags": data.get("flags") or 0}, {}, Flag.LOADING)


def defer_update(_world: World, made: Interaction, _data: Json, _uploads: Uploads) -> None:
    made.message = made.source


def update(world: World, made: Interaction, data: Json, uploads: Uploads) -> None:
    assert made.source is not None
    rules.check_message(data, len(uploads), made.source)
    made.message = made.source
    messages.edit(world, made.source, data, uploads)


def choose(_world: World, made: Interaction, data: Json, _uploads: Uploads) -> None:
    rules.check_choices(data.get("choices") or [])
    made.choices = data.get("choices") or []


def ask(_world: World, made: Interaction, data: Json, _uploads: Uploads) -> None:
    rules.check_modal(data)
    messages.number(data["components"])
    made.modal = Modal(data["custom_id"], data["title"], data["components"], made)


ANSWERS: dict[int, Callable[[World, Interaction, Json, Uploads], None]] = {
    SAY: say,
    DEFER: defer,
    DEFER_UPDATE: defer_update,
    UPDATE: update,
    CHOICES: choose,
    MODAL: ask,
}


def send(world: World, made: Interaction, data: Json, uploads: Uploads, extra: int = 0) -> Message:
    """A message that answers an interaction: by the application's webhook, ephemeral if it says so."""
    app = world.state.application
    hidden = (data.get("flags") or 0) & Flag.EPHEMERAL
    origin = Origin(
        kind=20 if made.kind == COMMAND else 19 if made.source and not hidden else 0,
        flags=extra | hidden,
        reference=made.source if not hidden else None,
        interaction=made.metadata(),
        webhook_id=app.id,
        seen_by=made.user if hidden else None,
        uploads=uploads,
    )
    return messages.post(world, made.channel, app.bot, data, origin)


def told(made: Interaction, kind: int) -> Json:
    """Discord's answer to the first answer."""
    found: Json = {"interaction": {"id": str(made.id), "type": made.kind}}
    if made.message is None:
        return found
    found["interaction"] |= {
        "response_message_id": str(made.message.id),
        "response_message_loading": made.message.loading,
        "response_message_ephemeral": made.message.ephemeral,
    }
    if kind in (SAY, UPDATE):
        found["resource"] = {"type": kind, "message": payloads.message(made.message)}
    return found


# -- what comes later --------------------------------------------------------------------------------------


def by_token(world: World, token: str) -> Interaction:
    """The answered interaction that this token belongs to."""
    made = world.tokens.get(token)
    if made is None or made.answered is None:
        raise unknown("Webhook")
    if world.now - made.at > world.token_age:
        raise Refused(401, 50027, "Invalid Webhook Token")
    return made


def follow(world: World, made: Interaction, body: Json, uploads: Uploads) -> Message:
    """A follow-up; the first one after the bot was thinking takes the place of the thought."""
    rules.check("IncomingWebhookRequestPartial", body)
    rules.check_message(body, len(uploads))
    if made.message is not None and made.message.loading:
        complete(world, made.message, body, uploads)
        return made.message
    outside = made.channel.guild is not None and not in_guild(made.channel.guild, world.state.application.bot)
    if outside and len(made.followups) >= FOLLOWUPS_WHERE_THE_BOT_IS_NOT:
        raise bad(40094)
    made.followups.append(send(world, made, body, uploads))
    return made.followups[-1]


def complete(world: World, message: Message, body: Json, uploads: Uploads) -> None:
    """Fills a message that was only a promise. It stays as visible as it was promised."""
    message.flags = int(message.flags & ~Flag.LOADING)
    messages.edit(world, message, body, uploads)


def found_message(made: Interaction, name: str) -> Message:
    """A message that this interaction may touch: @original or one of its follow-ups."""
    named = (each for each in made.messages if str(each.id) == name)
    found = made.message if name == "@original" else next(named, None)
    if found is None or found.deleted:
        raise unknown("Message")
    return found


def change(world: World, made: Interaction, name: str, body: Json, uploads: Uploads) -> Message:
    rules.check("IncomingWebhookUpdateRequestPartial", body)
    message = found_message(made, name)
    rules.check_message(body, len(uploads), message)
    complete(world, message, body, uploads)
    return message
