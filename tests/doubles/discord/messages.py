"""Sending, editing and deleting messages, whoever does it and by whichever way."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import payloads
from .permissions import permitted, sees
from .state import Channel, Flag, Json, Message, Permission, User, every_component, iso
from .world import World

EDITABLE_FLAGS = Flag.SUPPRESS_EMBEDS | Flag.IS_COMPONENTS_V2
SENT_FLAGS = EDITABLE_FLAGS | Flag.SUPPRESS_NOTIFICATIONS


@dataclass
class Upload:
    """A file that came along with a request, or that a person attaches."""

    name: str
    data: bytes
    content_type: str = "application/octet-stream"


Uploads = dict[int, Upload]
"""Files by the n of files[n]."""


@dataclass
class Origin:
    """Where a message comes from, besides its author."""

    kind: int = 0
    id: int | None = None
    flags: int = 0
    reference: Message | None = None
    interaction: Json | None = None
    webhook_id: int | None = None
    seen_by: User | None = None
    uploads: Uploads = field(default_factory=dict)


def post(world: World, channel: Channel, author: User, body: Json, origin: Origin | None = None) -> Message:
    """Adds a message to a channel, wakes its thread and tells the gateway."""
    origin = origin or Origin()
    message = Message(
        id=world.state.ids.next() if origin.id is None else origin.id,
        channel=channel,
        author=author,
        at=world.now,
        kind=origin.kind,
        reference=origin.reference,
        interaction=origin.interaction,
        webhook_id=origin.webhook_id,
        seen_by=origin.seen_by,
        flags=int((body.get("flags") or 0) & SENT_FLAGS) | origin.flags,
        nonce=body.get("nonce"),
    )
    fill(world, message, body, origin.uploads)
    if not message.ephemeral:
        enter(world, message)
    world.state.add(message)
    if not message.ephemeral:
        world.gateway.dispatch_message("MESSAGE_CREATE", message)
    world.signal()
    return message


def fill(world: World, message: Message, body: Json, uploads: Uploads) -> None:
    """Writes what a body says into a message; what the body does not name stays."""
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body:
        message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
    if body.get("poll"):
        message.poll = opened(body["poll"], message.at)
    if "attachments" in body or uploads:
        attach(world, message, body, uploads)
    if "components" in body:
        message.components = copy.deepcopy(body["components"] or [])
        number(message.components)
        resolve_media(message)
    mention(message, body)


def opened(poll: Json, at: float) -> Json:
    """A poll in which nobody has voted yet."""
    answers = [{**answer, "answer_id": n} for n, answer in enumerate(poll["answers"], 1)]
    ends = iso(at + 3600 * (poll.get("duration") or 24))
    return {
        "question": poll["question"],
        "answers": answers,
        "expiry": ends,
        "allow_multiselect": bool(poll.get("allow_multiselect")),
        "layout_type": poll.get("layout_type") or 1,
        "results": {"answer_counts": [], "is_finalized": False},
    }


def number(components: list[Json]) -> None:
    """Gives every component that has none an id of its own."""
    taken = {part["id"] for part in every_component(components) if part.get("id")}
    free = (n for n in range(1, 10_000) if n not in taken)
    for part in every_component(components):
        if not part.get("id"):
            part["id"] = next(free)


def attach(world: World, message: Message, body: Json, uploads: Uploads) -> None:
    """The attachments that stay, and those that came with the request."""
    described = {int(each["id"]): each for each in body.get("attachments") or []}
    if "attachments" in body:
        message.attachments = [each for each in message.attachments if int(each["id"]) in described]
    for index, upload in sorted(uploads.items()):
        told = described.get(index, {})
        name = told.get("filename") or upload.name
        file_id = world.state.ids.next()
        message.files[name] = upload.data
        message.attachments.append(
            {
                "id": str(file_id),
                "filename": name,
                **{key: told[key] for key in ("title", "description") if told.get(key)},
                "size": len(upload.data),
                "content_type": upload.content_type,
                "url": f"{world.files}/{message.channel.id}/{file_id}/{name}",
                "proxy_url": f"{world.files}/{message.channel.id}/{file_id}/{name}",
                "flags": 0,
            }
        )


def resolve_media(message: Message) -> None:
    """Replaces attachment://NAME in components by where the file is."""
    places = {each["filename"]: each for each in message.attachments}
    for part in every_component(message.components):
        for each in part.get("items") or []:
            each.setdefault("description", None)
        items = [part.get("file"), part.get("media"), *(each["media"] for each in part.get("items") or [])]
        for item in items:
            if isinstance(item, dict) and "url" in item:
                found = places.get(item["url"].removeprefix("attachment://"))
                url = found["url"] if found else item["url"]
                item |= {"id": found["id"] if found else "0", "url": url, "proxy_url": url}
                item |= {"height": None, "width": None, "flags": 0}
                item |= {"attachment_id": found["id"]} if found else {}
                if found and part["type"] == 13:
                    part |= {"name": found["filename"], "size": found["size"]}


def mention(message: Message, body: Json) -> None:
    """Finds whom a message calls, within allowed_mentions and what the author may."""
    guild = message.channel.guild
    allowed = body.get("allowed_mentions")
    text = "\n".join(
        [message.content, *(p["content"] for p in every_component(message.components) if p["type"] == 10)]
    )
    people = {int(found) for found in re.findall(r"<@!?(\d+)>", text)}
    roles = {int(found) for found in re.findall(r"<@&(\d+)>", text)}
    known: dict[int, User] = {each.id: each for each in message.channel.members.values()}
    if message.channel.recipient:
        known[message.channel.recipient.id] = message.channel.recipient
    if guild:
        known |= {key: each.user for key, each in guild.members.items()}
    message.mentions = [known[key] for key in sorted(people & set(known)) if calls(allowed, "users", key)]
    if message.reference and (allowed or {}).get("replied_user", allowed is None):
        author = message.reference.author
        message.mentions += [author] if author not in message.mentions else []
    if guild is None:
        return
    message.mention_roles = [
        guild.roles[key] for key in sorted(roles & set(guild.roles)) if calls(allowed, "roles", key)
    ]
    everyone = bool(re.search(r"@(everyone|here)\b", text)) and calls(allowed, "everyone", 0)
    may = permitted(message.channel, message.author) & Permission.MENTION_EVERYONE
    message.mention_everyone = everyone and bool(may)


def calls(allowed: Json | None, what: str, key: int) -> bool:
    """Whether allowed_mentions lets this one be called."""
    if allowed is None or what in (allowed.get("parse") or []):
        return True
    return str(key) in map(str, allowed.get(what) or [])


def enter(world: World, message: Message) -> None:
    """What a new message does to its thread: it wakes, and author and mentioned people are members then."""
    thread = message.channel
    if not thread.is_thread:
        return
    if thread.archived:
        thread.archived = False
        thread.archived_at = world.now
        world.gateway.dispatch(
            "THREAD_UPDATE", payloads.thread(thread, world.state.application.bot), thread.guild
        )
    for each in [message.author, *message.mentions]:
        if message.kind == 0:
            join(world, thread, each)


def join(world: World, thread: Channel, user: User) -> None:
    """Makes somebody a member of a thread, if he is none yet."""
    bot = world.state.application.bot
    if user.id in thread.members or thread.guild is None or user.id not in thread.guild.members:
        return
    thread.members[user.id] = user
    if user is bot:
        world.gateway.dispatch("THREAD_CREATE", payloads.thread(thread, bot), thread.guild)
    if not sees(thread, bot):
        return
    world.gateway.dispatch(
        "THREAD_MEMBERS_UPDATE",
        {
            "id": str(thread.id),
            "guild_id": str(thread.guild.id),
            "member_count": len(thread.members),
            "added_members": [
                {
                    **payloads.thread_member(thread, user),
                    "member": payloads.whole_member(thread.guild.members[user.id]),
                    "presence": None,
                }
            ],
        },
        thread.guild,
    )


def leave(world: World, thread: Channel, user: User) -> None:
    if thread.members.pop(user.id, None) is None or thread.guild is None:
        return
    told: dict[str, Any] = {
        "id": str(thread.id),
        "guild_id": str(thread.guild.id),
        "member_count": len(thread.members),
        "removed_member_ids": [str(user.id)],
    }
    world.gateway.dispatch("THREAD_MEMBERS_UPDATE", told, thread.guild)


def edit(world: World, message: Message, body: Json, uploads: Uploads | None = None) -> None:
    """Changes a message and tells the gateway."""
    fill(world, message, body, uploads or {})
    if body.get("flags") is not None:
        kept = message.flags & ~Flag.SUPPRESS_EMBEDS
        message.flags = int(kept | (body["flags"] & EDITABLE_FLAGS))
    message.edited_at = world.now
    updated(world, message)


def updated(world: World, message: Message) -> None:
    if not message.ephemeral:
        world.gateway.dispatch_message("MESSAGE_UPDATE", message)
    world.signal()


def delete(world: World, message: Message) -> None:
    """Takes a message away and tells the gateway."""
    message.deleted = True
    message.channel.messages.pop(message.id, None)
    if message.ephemeral or not sees(message.channel, world.state.application.bot):
        world.signal()
        return
    guild = message.channel.guild
    told = {"id": str(message.id), "channel_id": str(message.channel.id)}
    told |= {"guild_id": str(guild.id)} if guild else {}
    world.gateway.dispatch("MESSAGE_DELETE", told, guild)


def delete_many(world: World, channel: Channel, messages: Iterable[Message]) -> None:
    """Takes messages of one channel away at once, which the gateway tells in one event."""
    gone = list(messages)
    for message in gone:
        message.deleted = True
        channel.messages.pop(message.id, None)
    if sees(channel, world.state.application.bot):
        told: Json = {"ids": [str(message.id) for message in gone], "channel_id": str(channel.id)}
        told |= {"guild_id": str(channel.guild.id)} if channel.guild else {}
        world.gateway.dispatch("MESSAGE_DELETE_BULK", told, channel.guild)
    world.signal()
