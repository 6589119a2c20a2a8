"""Commands, presses and forms: what the app is told, and what its acknowledgement does.

A trigger is good for three seconds, once; a response_url for thirty minutes, five times. The acknowledgement of a
command may hold a message, that of a form says what becomes of it; that of a press holds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import fields, messages, payloads, typed, views
from .delivery import COMMANDS, INTERACTIVE
from .messages import Origin
from .reading import Json, elements
from .refusals import Refused
from .state import Channel, Message, Surface, User, View
from .world import ResponseUrl, Trigger, World


@dataclass(eq=False)
class Interaction:
    """One thing that a person did, and all that the app answered. Drivers return it; it stays up to date."""

    kind: str
    """command, block_actions, view_submission or view_closed"""
    user: User
    payload: Json
    channel: Channel | None = None
    source: Message | None = None
    view: View | None = None
    """The view in which it was done."""
    acknowledged: float | None = None
    """After how many seconds."""
    acked: Json | None = None
    """What stood in the acknowledgement."""
    text: str = ""
    """The text of the ephemeral message that the acknowledgement held."""
    messages: list[Message] = field(default_factory=list)
    """What the acknowledgement and the response_url made or changed, in that order."""
    modal: View | None = None
    """The form that was opened, pushed or updated in answer."""
    errors: dict[str, str] = field(default_factory=dict)
    """What the app has against what was filled in, by block_id."""
    error: str | None = None
    """What Slack shows instead, where the acknowledgement was of no use."""

    @property
    def message(self) -> Message | None:
        """The last message that came of it."""
        return self.messages[-1] if self.messages else None

    @property
    def response_url(self) -> str:
        return str(self.payload.get("response_url") or "")

    @property
    def trigger_id(self) -> str:
        return str(self.payload.get("trigger_id") or "")


def who(world: World, user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": world.state.team}


def trigger(world: World, made: Interaction) -> str:
    """A trigger_id for one interaction."""
    name = f"{int(world.now)}.{world.state.ids.hexadecimal(6)}.{world.state.ids.hexadecimal()}"
    world.triggers[name] = Trigger(made, world.now)
    return name


def response_url(world: World, made: Interaction, channel: Channel, source: Message | None = None) -> str:
    kind = "commands" if made.kind == "command" else "actions"
    key = world.state.ids.secret()
    world.response_urls[key] = ResponseUrl(made, channel, source, world.now)
    return f"{world.base}/response/{kind}/{world.state.team}/{key}"


async def ask(world: World, made: Interaction, kind: str) -> None:
    """Sends it, and waits until the app acknowledged."""
    world.interactions.append(made)
    made.acked, made.acknowledged = await world.post.ask(kind, made.payload)


# -- commands --------------------------------------------------------------------------------------------


async def command(world: World, user: User, name: str, text: str, channel: Channel) -> Interaction:
    """A slash command, used in a channel."""
    declared = world.manifest.command(name)
    assert declared is not None, f"there is no {name}, only {world.manifest.commands}"
    made = Interaction("command", user, {}, channel)
    named = "directmessage" if channel.kind == "im" else channel.name
    escapes = declared.get("should_escape")
    parts = typed.pieces(world.state, text) if escapes else [{"type": "text", "text": text}]
    made.payload = {
        "token": "verification-token",
        "team_id": world.state.team,
        "team_domain": world.state.domain,
        "channel_id": channel.id,
        "channel_name": "privategroup" if channel.kind == "group" else named,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": typed.text_of(world.state, parts, named=True).strip(),
        "api_app_id": world.bot.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(world, made, channel),
        "trigger_id": trigger(world, made),
    }
    await ask(world, made, COMMANDS)
    if made.acked:
        answer_command(world, made, made.acked)
    return made


KNOWN_ACK = {"text", "blocks", "response_type", "attachments", "unfurl_links", "unfurl_media", "mrkdwn"}


def answer_command(world: World, made: Interaction, body: Json) -> None:
    """The message in the acknowledgement of a command."""
    strange = set(body) - KNOWN_ACK
    if strange:
        world.problem(f"the acknowledgement of {made.payload['command']} has {sorted(strange)} in it")
    try:
        said = messages.content(body)
    except Refused as refused:
        made.error = refused.error
        world.problem(f"the acknowledgement of {made.payload['command']} was refused: {refused}")
        return
    assert made.channel is not None
    hidden = body.get("response_type") != "in_channel"
    origin = Origin(ephemeral_for=made.user if hidden else None, response_url=made.response_url)
    made.messages.append(messages.post(world, made.channel, world.bot, said, origin))
    if hidden:
        made.text = said.text


# -- presses ---------------------------------------------------------------------------------------------


async def act(
    world: World, user: User, surface: Surface, block: Json, part: Json, action: Json
) -> Interaction:
    """Something was pressed or chosen, in a message or a view."""
    assert world.manifest.interactive, "the manifest has no interactivity"
    made = Interaction("block_actions", user, {})
    payload = {
        "type": "block_actions",
        "user": who(world, user),
        **envelope(world),
        "trigger_id": trigger(world, made),
        "actions": [action_of(world, block, part, action)],
    }
    if isinstance(surface, Message):
        payload |= in_message(world, made, surface)
    else:
        assert isinstance(surface, View)
        made.view = surface
        payload |= {
            "container": {"type": "view", "view_id": surface.id},
            "view": payloads.view(surface, world.state),
        }
    made.payload = payload
    await ask(world, made, INTERACTIVE)
    if made.acked:
        world.problem(
            f"the acknowledgement of a press has {sorted(made.acked)} in it, and Slack reads none of it"
        )
    return made


def envelope(world: World) -> Json:
    """What all payloads of interactions have."""
    return {
        "api_app_id": world.bot.app_id,
        "token": "verification-token",
        "team": {"id": world.state.team, "domain": world.state.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def action_of(world: World, block: Json, part: Json, action: Json) -> Json:
    found = {
        "action_id": part["action_id"],
        "block_id": block["block_id"],
        **action,
        "type": part["type"],
        "action_ts": world.state.ids.ts(),
    }
    if part["type"] == "button":
        found["text"] = part["text"]
        found |= {key: part[key] for key in ("value", "url", "style") if part.get(key) is not None}
    return found


def in_message(world: World, made: Interaction, message: Message) -> Json:
    """What a payload says of the message in which something was pressed."""
    made.channel, made.source = message.channel, message
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel.id,
        "is_ephemeral": message.ephemeral,
        **thread,
    }
    named = "directmessage" if message.channel.kind == "im" else message.channel.name
    found: Json = {
        "container": container,
        "channel": {"id": message.channel.id, "name": named},
        "state": {"values": state_of(message, made.user)},
        "response_url": response_url(world, made, message.channel, message),
    }
    if not message.ephemeral:  # nobody but its reader has an ephemeral message
        found["message"] = payloads.message(world.state, message)
    return found


def state_of(message: Message, user: User) -> Json:
    """What somebody has chosen in a message."""
    values: Json = {}
    for block, part in elements(message.blocks):
        if fields.key_of(part):
            chosen = message.chosen.get((user.id, block["block_id"], part["action_id"]))
            values.setdefault(block["block_id"], {})[part["action_id"]] = chosen or fields.empty(part)
    return values


# -- forms -----------------------------------------------------------------------------------------------


async def submit(world: World, user: User, view: View) -> Interaction:
    """A form is sent, as it is filled in."""
    assert world.manifest.interactive, "the manifest has no interactivity"
    made = Interaction("view_submission", user, {}, view=view)
    made.payload = {
        "type": "view_submission",
        "user": who(world, user),
        **envelope(world),
        "trigger_id": trigger(world, made),
        "view": payloads.view(view, world.state),
        "response_urls": [],
    }
    await ask(world, made, INTERACTIVE)
    answer_form(world, made, view, made.acked or {})
    return made


def answer_form(world: World, made: Interaction, view: View, body: Json) -> None:
    """What the acknowledgement makes of a form."""
    action = body.get("response_action")
    if not view.open:
        return
    try:
        if not body:
            views.close(world, view)
        elif action == "clear":
            views.close(world, view, all_=True)
        elif action == "errors":
            made.errors = view.errors = errors(view, body.get("errors"))
        elif action == "update":
            made.modal = views.update(world, view, views.checked(body.get("view"), "modal"))
        elif action == "push":
            made.modal = views.push(world, made.user, views.checked(body.get("view"), "modal"))
        else:
            raise Refused(f"an unknown response_action: {sorted(body)}")
    except Refused as refused:
        made.error = "We had some trouble connecting. Try again?"
        world.problem(f"the acknowledgement of {view} was refused: {refused}")
    world.signal()


def errors(view: View, given: Any) -> dict[str, str]:
    """Errors stand at input blocks; where there is no such block Slack shows only that something is wrong."""
    inputs = {each["block_id"] for each in view.blocks if each["type"] == "input"}
    if not isinstance(given, dict) or not given or not set(given) <= inputs:
        raise Refused(f"errors at {given!r}, where the inputs are {sorted(inputs)}")
    return dict(given)


async def close(world: World, user: User, view: View, all_: bool = False) -> Interaction | None:
    """A form is closed without being sent; the app hears of it only if it asked to."""
    closed = views.close(world, view, all_)
    told = None
    for each in reversed(closed):
        if each.notify_on_close:
            told = Interaction("view_closed", user, {}, view=each)
            told.payload = {
                "type": "view_closed",
                "user": who(world, user),
                **envelope(world),
                "view": payloads.view(each, world.state),
                "is_cleared": all_,
            }
            await ask(world, told, INTERACTIVE)
    return told
