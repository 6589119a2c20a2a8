"""Messages: how one is checked, kept, changed and taken away, whoever does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from . import events, payloads, reading, rules
from .reading import Json
from .refusals import Refused
from .state import Channel, File, Message, User, complete
from .world import World


@dataclass
class Content:
    """What a message says, and how it is to be read."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    parse: str | None = None
    link_names: bool = False
    unfurls: bool = True


@dataclass
class Origin:
    """Where a message stands, and for whom."""

    thread_ts: str | None = None
    broadcast: bool = False
    ephemeral_for: User | None = None
    subtype: str = ""
    client_msg_id: str = ""
    files: Sequence[File] = ()
    response_url: str = ""


def content(args: Json) -> Content:
    """What an app gave, once it is checked."""
    blocks: Any = args.get("blocks") or []
    attachments: Any = args.get("attachments") or []
    text = args.get("text") or ""
    if not isinstance(text, str):
        raise Refused("invalid_arguments", ["[ERROR] must be a string [json-pointer:/text]"])
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    rules.check_message(text, blocks, attachments)
    metadata = args.get("metadata") or None
    if metadata is not None:
        rules.check_metadata(metadata)
    # Both have to be turned off, for links and media unfurl by rules of their own.
    unfurls = not (args.get("unfurl_links") is False and args.get("unfurl_media") is False)
    named = bool(args.get("link_names"))
    return Content(text, blocks, attachments, metadata, args.get("parse"), named, unfurls)


def post(world: World, channel: Channel, user: User, said: Content, origin: Origin | None = None) -> Message:
    """Puts a message into a channel or a thread, and tells the app."""
    origin = origin or Origin()
    made = Message(
        blocks=complete(world.state.ids, said.blocks),
        channel=channel,
        ts=world.state.ids.ts(),
        user=user,
        text=said.text,
        thread_ts=origin.thread_ts,
        subtype=origin.subtype,
        ephemeral_for=origin.ephemeral_for,
        metadata=said.metadata,
        files=list(origin.files),
        client_msg_id=origin.client_msg_id,
        attachments=said.attachments,
        broadcast=origin.broadcast,
        response_url=origin.response_url,
    )
    read(made, said)
    channel.add(made)
    parent = channel.messages.get(origin.thread_ts or "")
    if parent is not None and not made.ephemeral:
        parent.thread_ts = parent.ts
    if not made.ephemeral:
        events.posted(world, made)
    world.signal()
    return made


def read(message: Message, said: Content) -> None:
    """Notes whom it calls and what it links to."""
    message.pings = reading.pings(message.text, message.blocks)
    if said.parse == "full" or said.link_names:
        message.pings += reading.names(message.text)
    message.links = reading.links(message.text, message.blocks, said.parse)
    message.unfurls = said.unfurls


def edit(
    world: World, message: Message, said: Content, user: User, keep: frozenset[str] = frozenset()
) -> None:
    """Changes a message; what is in `keep` stays as it was."""
    before = payloads.message(world.state, message)
    message.versions.append(message.text)
    if "text" not in keep:
        message.text = said.text
    if "blocks" not in keep:
        message.blocks = complete(world.state.ids, said.blocks)
        message.chosen.clear()
    if "metadata" not in keep:
        message.metadata = said.metadata
    read(message, said)
    if message.ephemeral:
        world.signal()
        return
    if not (user.bot and said.blocks):  # Slack marks no message as edited where the app gives blocks
        message.edited = {"user": user.id, "ts": world.state.ids.ts()}
    events.changed(world, message, before)
    world.signal()


def delete(world: World, message: Message) -> None:
    """Takes a message away; where a thread hangs on it, a stone stays."""
    before = payloads.message(world.state, message)
    channel = message.channel
    message.deleted = True
    if not message.ephemeral and not message.in_thread and channel.replies(message.ts):
        message.subtype, message.text, message.blocks = "tombstone", "This message was deleted.", []
    else:
        channel.remove(message)
    channel.deleted.append(message)
    if not message.ephemeral:
        events.deleted(world, message, before)
    world.signal()
