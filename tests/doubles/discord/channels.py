"""Threads and channels: making them, changing them, closing them."""

from __future__ import annotations

from . import payloads
from .messages import Origin, Uploads, post, updated
from .permissions import may, sees
from .refusals import missing_permissions
from .state import Channel, Flag, Guild, Json, Kind, Message, Permission, User
from .world import World


def tell(world: World, event: str, channel: Channel, **more: object) -> None:
    """An event about a channel or thread, for the bot if it sees it."""
    bot = world.state.application.bot
    if channel.guild is not None and sees(channel, bot):
        world.gateway.dispatch(event, {**payloads.channel(channel, bot), **more}, channel.guild)
    world.signal()


def new_thread(
    world: World,
    parent: Channel,
    owner: User,
    body: Json,
    kind: Kind,
    id: int | None = None,
) -> Channel:
    """A thread with its owner in it, told to the gateway."""
    guild = parent.guild
    assert guild is not None
    thread = Channel(
        id=world.state.ids.next() if id is None else id,
        kind=kind,
        name=body["name"],
        guild=guild,
        parent=parent,
        owner=owner,
        auto_archive=body.get("auto_archive_duration") or 4320,
        slowmode=body.get("rate_limit_per_user") or 0,
        invitable=body.get("invitable") is not False,
        archived_at=world.now,
        applied_tags=[int(tag) for tag in body.get("applied_tags") or []],
    )
    guild.threads[thread.id] = thread
    world.state.channels[thread.id] = thread
    thread.members[owner.id] = owner
    tell(world, "THREAD_CREATE", thread, newly_created=True)
    return thread


def thread_from(world: World, message: Message, owner: User, body: Json) -> Channel:
    """A thread that begins with a message and has its id."""
    announced = message.channel.kind == Kind.ANNOUNCEMENT
    kind = Kind.ANNOUNCEMENT_THREAD if announced else Kind.PUBLIC_THREAD
    thread = new_thread(world, message.channel, owner, body, kind, message.id)
    message.thread = thread
    message.flags |= Flag.HAS_THREAD
    updated(world, message)
    post(world, thread, message.author, {}, Origin(kind=21, reference=message))
    return thread


def thread_alone(world: World, parent: Channel, owner: User, body: Json, kind: Kind) -> Channel:
    """A thread without a first message; a public one leaves a line in its channel."""
    thread = new_thread(world, parent, owner, body, kind)
    if kind != Kind.PRIVATE_THREAD:
        line = post(world, parent, owner, {"content": thread.name}, Origin(kind=18))
        line.thread = thread
    return thread


def forum_post(world: World, forum: Channel, owner: User, body: Json, uploads: Uploads) -> Channel:
    """A thread and its first message in one, with one id."""
    thread = new_thread(world, forum, owner, body, Kind.PUBLIC_THREAD)
    post(world, thread, owner, body["message"], Origin(id=thread.id, uploads=uploads))
    return thread


def may_change_thread(thread: Channel, user: User, body: Json) -> None:
    """Moderators may all; the owner may rename, archive, and open again what is not locked."""
    if may(thread, user, Permission.MANAGE_THREADS):
        return
    theirs = thread.owner is user and not thread.locked and not body.get("locked")
    if theirs and set(body) <= {
        "name",
        "archived",
        "auto_archive_duration",
        "applied_tags",
        "locked",
        "flags",
    }:
        return
    opens = body == {"archived": False} and not thread.locked and sees(thread, user)
    if not opens:
        raise missing_permissions()


def change_thread(world: World, thread: Channel, body: Json) -> None:
    """Writes an update into a thread and tells the gateway."""
    names = {"name": "name", "locked": "locked", "invitable": "invitable"}
    names |= {"auto_archive_duration": "auto_archive", "rate_limit_per_user": "slowmode", "flags": "flags"}
    for key, attribute in names.items():
        if body.get(key) is not None:
            setattr(thread, attribute, body[key])
    if body.get("archived") is not None and body["archived"] != thread.archived:
        thread.archived = body["archived"]
        thread.archived_at = world.now
    if "applied_tags" in body:
        thread.applied_tags = [int(tag) for tag in body["applied_tags"] or []]
    tell(world, "THREAD_UPDATE", thread)


def change_channel(world: World, channel: Channel, body: Json) -> None:
    for key, attribute in {"name": "name", "topic": "topic", "rate_limit_per_user": "slowmode"}.items():
        if key in body:
            setattr(channel, attribute, body[key])
    tell(world, "CHANNEL_UPDATE", channel)


def remove(world: World, channel: Channel) -> None:
    """Deletes a channel or a thread, with what hangs on it."""
    channel.deleted = True
    world.state.channels.pop(channel.id, None)
    guild = channel.guild
    if guild is None:
        return
    if channel.is_thread:
        told = {"id": str(channel.id), "guild_id": str(guild.id), "type": int(channel.kind)}
        told["parent_id"] = str(channel.parent.id) if channel.parent else "0"
        if sees(channel, world.state.application.bot):
            world.gateway.dispatch("THREAD_DELETE", told, guild)
        guild.threads.pop(channel.id, None)
    else:
        tell(world, "CHANNEL_DELETE", channel)
        guild.channels.pop(channel.id, None)
        for thread in [each for each in guild.threads.values() if each.parent is channel]:
            guild.threads.pop(thread.id)
            world.state.channels.pop(thread.id, None)
            thread.deleted = True
    world.signal()


def active(guild: Guild, user: User) -> list[Channel]:
    return [each for each in guild.threads.values() if not each.archived and sees(each, user)]


def archived(parent: Channel, user: User, kind: Kind, joined: bool = False) -> list[Channel]:
    """The archived threads of a channel, the latest first."""
    assert parent.guild is not None
    found = [
        each
        for each in parent.guild.threads.values()
        if each.parent is parent and each.archived and each.kind == kind and sees(each, user)
    ]
    found = [each for each in found if not joined or user.id in each.members]
    return sorted(found, key=lambda each: each.archived_at, reverse=True)
