"""The methods of the Web API that have to do with channels: what they are, who is there, what was said."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from . import events, payloads
from .reading import Json
from .refusals import Refused
from .state import Channel, Message
from .webapi import PREFIX, Call

T = TypeVar("T")
MOST = 1000
USUAL = 100


# -- pages -----------------------------------------------------------------------------------------------


def page(call: Call, items: Sequence[T], usual: int = USUAL) -> tuple[list[T], Json]:
    """One page of something, and what says how to get the next."""
    begin = position(call.args.get("cursor"))
    try:
        limit = int(call.args.get("limit") or usual)
    except ValueError:
        raise Refused("invalid_limit") from None
    if not 1 <= limit <= MOST:
        raise Refused("invalid_limit")
    ends = begin + limit
    cursor = base64.b64encode(f"next:{ends}".encode()).decode() if ends < len(items) else ""
    return list(items[begin:ends]), {"response_metadata": {"next_cursor": cursor}}


def position(cursor: Any) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(str(cursor)).decode().partition(":")
        assert word == "next"
        return int(number)
    except (ValueError, AssertionError):
        raise Refused("invalid_cursor") from None


def between(call: Call, found: Sequence[Message]) -> list[Message]:
    """What lies between `oldest` and `latest`, which belong to it only with `inclusive`."""
    oldest = float(call.args.get("oldest") or 0)
    latest = float(call.args.get("latest") or "inf")
    inclusive = call.args.get("inclusive")
    return [
        each
        for each in found
        if oldest < float(each.ts) < latest or (inclusive and float(each.ts) in (oldest, latest))
    ]


# -- channels --------------------------------------------------------------------------------------------


def known(call: Call, what: str) -> Channel:
    """The channel that is asked about, if the scope for its type is there: read or history."""
    [name] = call.needed("channel")
    channel = call.conversation(name)
    call.scope(f"{PREFIX[channel.kind]}:{what}")
    return channel


def inside(call: Call) -> Channel:
    """A channel whose messages the app may read."""
    channel = known(call, "history")
    if call.world.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def info(call: Call) -> Json:
    channel = known(call, "read")
    counts = bool(call.args.get("include_num_members"))
    return {"channel": payloads.channel(channel, call.world.state, counts)}


def members(call: Call) -> Json:
    channel = known(call, "read")
    found, more = page(call, list(channel.members))
    return {"members": found, **more}


def of_user(call: Call) -> Json:
    """The conversations that somebody is in, the app itself where nobody is named."""
    state = call.world.state
    user_id = str(call.args.get("user") or state.bot.id)
    if user_id not in state.users:
        raise Refused("user_not_found")
    types = str(call.args.get("types") or "public_channel").replace(" ", "").split(",")
    kinds = {KINDS[each] for each in types if each in KINDS}
    for kind in kinds:
        call.scope(f"{PREFIX[kind]}:read")
    found = [
        each
        for each in state.channels.values()
        if user_id in each.members
        and each.kind in kinds
        and (not each.private or state.bot.id in each.members)
        and not (each.archived and call.args.get("exclude_archived"))
    ]
    shown, more = page(call, found)
    return {"channels": [payloads.channel(each, state) for each in shown], **more}


KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def open_(call: Call) -> Json:
    """The DM with somebody, or a conversation with several."""
    state = call.world.state
    if call.args.get("channel"):
        channel = call.conversation(call.args["channel"])
    else:
        [named] = call.needed("users")
        names = named.split(",") if isinstance(named, str) else list(named)
        channel = with_users(call, [each.strip() for each in names])
    whole = bool(call.args.get("return_im"))
    shown = payloads.channel(channel, state) if whole else {"id": channel.id}
    return {"channel": shown, "no_op": False, "already_open": False}


def with_users(call: Call, names: list[str]) -> Channel:
    state = call.world.state
    users = [state.users.get(each) for each in names]
    if any(each is None for each in users):
        raise Refused("user_not_found")
    if any(each is not None and each.bot for each in users):
        raise Refused("cannot_dm_bot")
    call.scope("im:write" if len(users) == 1 else "mpim:write")
    there = {each.id: each for each in users if each is not None}
    if len(there) == 1:
        return state.im(next(iter(there.values())))
    there[state.bot.id] = state.bot
    for channel in state.channels.values():
        if channel.kind == "mpim" and channel.members.keys() == there.keys():
            return channel
    name = "mpdm-" + "--".join(each.name for each in there.values()) + "-1"
    made = Channel(state.ids.next("G"), name, "mpim", there)
    state.channels[made.id] = made
    return made


def join(call: Call) -> Json:
    [name] = call.needed("channel")
    channel = call.conversation(name)
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    bot = call.world.bot
    if bot.id not in channel.members:
        channel.members[bot.id] = bot
        events.member(call.world, "member_joined_channel", channel, bot)
    return {"channel": payloads.channel(channel, call.world.state)}


# -- what was said ---------------------------------------------------------------------------------------


def shown(call: Call, found: Sequence[Message]) -> list[Json]:
    whole = bool(call.args.get("include_all_metadata"))
    state = call.world.state
    return [
        payloads.tombstone(each) if each.subtype == "tombstone" else payloads.message(state, each, whole)
        for each in found
    ]


def history(call: Call) -> Json:
    """What stands in a channel itself, the newest first."""
    channel = inside(call)
    top = [each for each in channel.top if not each.ephemeral]
    found, more = page(call, between(call, top[::-1]))
    later = bool(more["response_metadata"]["next_cursor"])
    return {"messages": shown(call, found), "has_more": later, "pin_count": 0, **more}


def replies(call: Call) -> Json:
    """A thread: its first message, on every page, and what answers it, the oldest first."""
    channel = inside(call)
    [ts] = call.needed("ts")
    parent = channel.messages.get(str(ts))
    if parent is None or parent.ephemeral:
        raise Refused("thread_not_found")
    if parent.in_thread:
        return {"messages": shown(call, [parent]), "has_more": False}
    found, more = page(call, between(call, channel.replies(parent.ts)), MOST)
    later = bool(more["response_metadata"]["next_cursor"])
    return {"messages": shown(call, [parent, *found]), "has_more": later, **more}
