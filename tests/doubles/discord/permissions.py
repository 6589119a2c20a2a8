"""Who may do what where: roles, overwrites, threads."""

from __future__ import annotations

from .state import Channel, Guild, Kind, Overwrite, Permission, User

ALL = Permission((1 << 53) - 1)
IN_A_DM = Permission(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.ADD_REACTIONS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)


def in_guild(guild: Guild, user: User) -> Permission:
    """What a member may do before any channel has its say; nothing for somebody who is no member."""
    member = guild.members.get(user.id)
    if member is None:
        return Permission(0)
    if guild.owner is user:
        return ALL
    granted = guild.everyone.permissions
    for role in member.roles:
        granted |= role.permissions
    return ALL if granted & Permission.ADMINISTRATOR else granted


def permitted(channel: Channel, user: User) -> Permission:
    """What a person may do in a channel; for a thread, what its parent gives."""
    if channel.guild is None:
        there = user.id in channel.members if channel.kind == Kind.GROUP_DM else dm_of(channel, user)
        return IN_A_DM if there else Permission(0)
    guild, place = channel.guild, channel.parent if channel.is_thread and channel.parent else channel
    granted = in_guild(guild, user)
    if granted == ALL or user.id not in guild.members:
        return granted
    granted = overwritten(granted, [place.overwrites.get(guild.id)])
    roles = guild.members[user.id].roles
    granted = overwritten(granted, [place.overwrites.get(role.id) for role in roles])
    granted = overwritten(granted, [place.overwrites.get(user.id)])
    return granted if granted & Permission.VIEW_CHANNEL else Permission(0)


def dm_of(channel: Channel, user: User) -> bool:
    return user.bot or channel.recipient is user


def overwritten(granted: Permission, overwrites: list[Overwrite | None]) -> Permission:
    """First what any of these denies goes, then what any of them allows comes."""
    found = [overwrite for overwrite in overwrites if overwrite]
    for overwrite in found:
        granted &= ~overwrite.deny
    for overwrite in found:
        granted |= overwrite.allow
    return granted


def sees(channel: Channel, user: User) -> bool:
    """Whether the channel is there at all for this person."""
    granted = permitted(channel, user)
    if not granted & Permission.VIEW_CHANNEL:
        return False
    if channel.kind != Kind.PRIVATE_THREAD:
        return True
    return user.id in channel.members or bool(granted & Permission.MANAGE_THREADS)


def may(channel: Channel, user: User, wanted: Permission) -> bool:
    return sees(channel, user) and permitted(channel, user) & wanted == wanted


def may_write(channel: Channel, user: User) -> bool:
    """Whether this person may send a message here, as far as permissions go."""
    sending = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    return may(channel, user, sending)
