"""What happens in the workspace, as the app hears of it: only what it subscribed to, may read and is there for."""

from __future__ import annotations

from . import payloads
from .delivery import Delivery
from .reading import Json
from .state import Channel, Message, User
from .world import World


def tell(world: World, event: Json) -> Delivery:
    """Sends one event to the app, in the wrapping that all events have."""
    ids, state, bot = world.state.ids, world.state, world.bot
    payload = {
        "token": "verification-token",
        "team_id": state.team,
        "context_team_id": state.team,
        "context_enterprise_id": None,
        "api_app_id": bot.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": ids.next("Ev"),
        "event_time": int(float(event["event_ts"])),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": state.team,
                "user_id": bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{ids.secret(20)}",
    }
    return world.post.event(payload)


def heard(world: World, channel: Channel) -> bool:
    """Whether the app hears of the messages of a channel."""
    there = world.bot.id in channel.members
    return there and world.state.installed and world.manifest.hears_messages(channel.kind)


def posted(world: World, message: Message) -> None:
    """A new message; where it calls the bot, that is a second event."""
    channel = message.channel
    said = payloads.message(world.state, message)
    where = {"channel": channel.id, "event_ts": message.ts}
    if heard(world, channel):
        tell(world, said | where | {"channel_type": channel.kind})
    calls = world.bot.mention in message.text and message.user is not world.bot and channel.kind != "im"
    there = world.bot.id in channel.members and world.state.installed
    if calls and there and world.manifest.hears("app_mention"):
        tell(world, said | where | {"type": "app_mention"})


def changed(world: World, message: Message, before: Json) -> None:
    if heard(world, message.channel):
        ts = world.state.ids.ts()
        now = payloads.message(world.state, message)
        tell(
            world,
            hidden("message_changed", message.channel, ts) | {"message": now, "previous_message": before},
        )


def deleted(world: World, message: Message, before: Json) -> None:
    """A message is gone, or a stone stands in its place, because a thread hangs on it."""
    if not heard(world, message.channel):
        return
    ts = world.state.ids.ts()
    if message.subtype == "tombstone":
        event = hidden("message_changed", message.channel, ts) | {"message": payloads.tombstone(message)}
    else:
        event = hidden("message_deleted", message.channel, ts) | {"deleted_ts": message.ts}
    tell(world, event | {"previous_message": before})


def hidden(subtype: str, channel: Channel, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
    }


def member(world: World, kind: str, channel: Channel, user: User) -> None:
    """Somebody joined or left (member_joined_channel, member_left_channel)."""
    if world.bot.id not in channel.members or not world.state.installed:
        return
    if world.manifest.hears(kind, channel.kind):
        letter = "C" if channel.kind == "channel" else "G"
        tell(
            world,
            {
                "type": kind,
                "user": user.id,
                "channel": channel.id,
                "channel_type": letter,
                "team": world.state.team,
                "event_ts": world.state.ids.ts(),
            },
        )


def of_channel(world: World, what: str, channel: Channel) -> None:
    """The app left a channel, or it was archived: what is left or archive."""
    kind = f"{'channel' if channel.kind == 'channel' else 'group'}_{what}"
    if world.state.installed and world.manifest.hears(kind):
        event = {"type": kind, "channel": channel.id, "event_ts": world.state.ids.ts()}
        tell(world, event | {"actor_id": "USLACKBOT"})


def home_opened(world: World, user: User, tab: str) -> Delivery | None:
    """Somebody looks at one of the app's own tabs."""
    if not (world.state.installed and world.manifest.hears("app_home_opened")):
        return None
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": world.state.im(user).id,
        "tab": tab,
        "event_ts": world.state.ids.ts(),
    }
    if tab == "home" and user.id in world.state.homes:
        event["view"] = payloads.view(world.state.homes[user.id], world.state)
    return tell(world, event)


def reacted(world: World, message: Message, user: User, name: str) -> None:
    if world.bot.id in message.channel.members and world.manifest.hears("reaction_added"):
        item = {"type": "message", "channel": message.channel.id, "ts": message.ts}
        tell(
            world,
            {
                "type": "reaction_added",
                "user": user.id,
                "reaction": name,
                "item": item,
                "item_user": message.user.id,
                "event_ts": world.state.ids.ts(),
            },
        )


def revoked(world: World) -> None:
    """The token is no longer good."""
    if world.manifest.hears("tokens_revoked"):
        tokens = {"oauth": [], "bot": [world.bot.id]}
        tell(world, {"type": "tokens_revoked", "tokens": tokens, "event_ts": world.state.ids.ts()})
