"""How Discord writes what it knows: one function an object, from the state to JSON."""

from __future__ import annotations

from dataclasses import replace

from .permissions import permitted, sees
from .state import PRIVATE, Application, Channel, Guild, Json, Kind, Member, Message, Role, State, User, iso

JOINED = "2026-01-01T00:00:00.000000+00:00"
FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
"""The application's flags for the privileged intents, limited kind."""


def user(who: User) -> Json:
    return {
        "id": str(who.id),
        "username": who.name,
        "global_name": None if who.bot else who.name,
        "discriminator": "0000" if who.bot else "0",
        "avatar": None,
        "bot": who.bot,
        "system": False,
        "flags": 0,
        "public_flags": 0,
        "avatar_decoration_data": None,
        "primary_guild": None,
    }


def myself(bot: User) -> Json:
    return {**user(bot), "verified": True, "mfa_enabled": True, "email": None, "locale": bot.locale}


def member(who: Member) -> Json:
    return {
        "roles": [str(each.id) for each in who.roles],
        "nick": who.nick,
        "avatar": None,
        "banner": None,
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "communication_disabled_until": None,
        "flags": 0,
    }


def whole_member(who: Member) -> Json:
    return {**member(who), "user": user(who.user)}


def role(each: Role, position: int) -> Json:
    return {
        "id": str(each.id),
        "name": each.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(int(each.permissions)),
        "managed": each.managed,
        "mentionable": False,
        "flags": 0,
    }


def channel(place: Channel, bot: User | None = None) -> Json:
    """A channel; a thread with the membership of `bot` in it."""
    if place.kind in PRIVATE:
        return dm(place)
    if place.is_thread:
        return thread(place, bot)
    assert place.guild is not None
    return {
        "id": str(place.id),
        "type": int(place.kind),
        "guild_id": str(place.guild.id),
        "name": place.name,
        "position": list(place.guild.channels).index(place.id) if place.id in place.guild.channels else 0,
        "permission_overwrites": [
            {
                "id": str(each.id),
                "type": 0 if each.role else 1,
                "allow": str(int(each.allow)),
                "deny": str(int(each.deny)),
            }
            for each in place.overwrites.values()
        ],
        "parent_id": str(place.parent.id) if place.parent else None,
        "topic": place.topic,
        "nsfw": False,
        "rate_limit_per_user": place.slowmode,
        "last_message_id": last(place),
        "flags": place.flags,
        **({"available_tags": place.tags, "default_forum_layout": 0} if place.kind == Kind.FORUM else {}),
    }


def last(place: Channel) -> str | None:
    seen = place.visible_messages()
    return str(seen[-1].id) if seen else None


def dm(place: Channel) -> Json:
    recipients = [user(each) for each in [place.recipient, *place.members.values()] if each]
    group = {"name": place.name, "owner_id": recipients[0]["id"], "icon": None}
    return {
        "id": str(place.id),
        "type": int(place.kind),
        **(group if place.kind == Kind.GROUP_DM else {}),
        "recipients": recipients,
        "last_message_id": last(place),
        "flags": 0,
    }


def thread(place: Channel, bot: User | None = None) -> Json:
    assert place.guild is not None
    assert place.parent is not None
    assert place.owner is not None
    count = sum(1 for each in place.visible_messages() if each.kind == 0)
    return {
        "id": str(place.id),
        "type": int(place.kind),
        "guild_id": str(place.guild.id),
        "parent_id": str(place.parent.id),
        "name": place.name,
        "owner_id": str(place.owner.id),
        "rate_limit_per_user": place.slowmode,
        "last_message_id": last(place),
        "message_count": count,
        "total_message_sent": count,
        "member_count": min(len(place.members), 50),
        "flags": place.flags,
        "applied_tags": [str(tag) for tag in place.applied_tags],
        "thread_metadata": {
            "archived": place.archived,
            "locked": place.locked,
            "auto_archive_duration": place.auto_archive,
            "archive_timestamp": iso(place.archived_at),
            "create_timestamp": iso(place.archived_at),
            **({"invitable": place.invitable} if place.kind == Kind.PRIVATE_THREAD else {}),
        },
        **({"member": thread_member(place, bot)} if bot and bot.id in place.members else {}),
    }


def thread_member(place: Channel, who: User) -> Json:
    return {
        "id": str(place.id),
        "user_id": str(who.id),
        "join_timestamp": iso(place.archived_at),
        "flags": 0,
    }


def guild(place: Guild, bot: User, whole: bool) -> Json:
    """A guild as GUILD_CREATE gives it: with all its members when `whole`, else with the bot alone."""
    listed = list(place.members.values()) if whole else [place.members[bot.id]]
    return {
        **guild_alone(place),
        "joined_at": JOINED,
        "large": False,
        "member_count": len(place.members),
        "members": [whole_member(each) for each in listed],
        "channels": [channel(each) for each in place.channels.values() if sees(each, bot)],
        "threads": [
            thread(each, bot) for each in place.threads.values() if not each.archived and sees(each, bot)
        ],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def guild_alone(place: Guild) -> Json:
    return {
        "id": str(place.id),
        "name": place.name,
        "owner_id": str(place.owner.id),
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "banner": None,
        "features": place.features,
        "preferred_locale": place.locale,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "application_id": None,
        "premium_progress_bar_enabled": False,
        "roles": [role(each, index) for index, each in enumerate(place.roles.values())],
        "emojis": [],
        "stickers": [],
    }


def message(said: Message, reader: User | None = None) -> Json:
    """A message as the API gives it, reactions seen by `reader`."""
    found: Json = {
        "id": str(said.id),
        "type": said.kind,
        "channel_id": str(said.channel.id),
        "author": user(said.author),
        "content": said.content,
        "embeds": said.embeds,
        "components": said.components,
        "attachments": said.attachments,
        "timestamp": iso(said.at),
        "edited_timestamp": None if said.edited_at is None else iso(said.edited_at),
        "tts": False,
        "mention_everyone": said.mention_everyone,
        "mentions": [user(each) for each in said.mentions],
        "mention_roles": [str(each.id) for each in said.mention_roles],
        "pinned": False,
        "flags": int(said.flags),
    }
    if said.reactions:
        found["reactions"] = [reaction(emoji, who, reader) for emoji, who in said.reactions.items()]
    if said.nonce is not None:
        found["nonce"] = said.nonce
    if said.poll is not None:
        found["poll"] = said.poll
    if said.webhook_id is not None:
        found["webhook_id"] = found["application_id"] = str(said.webhook_id)
    if said.interaction is not None:
        found["interaction_metadata"] = said.interaction
    if said.thread is not None:
        found["thread"] = thread(said.thread)
    if said.reference is not None:
        found |= referring(said.reference)
    return found


def reaction(emoji: str, who: list[User], reader: User | None) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(who),
        "count_details": {"burst": 0, "normal": len(who)},
        "me": reader in who,
        "me_burst": False,
        "burst_colors": [],
    }


def referring(to: Message) -> Json:
    reference: Json = {"type": 0, "message_id": str(to.id), "channel_id": str(to.channel.id)}
    if to.channel.guild:
        reference["guild_id"] = str(to.channel.guild.id)
    return {
        "message_reference": reference,
        "referenced_message": None if to.deleted else message(replace(to, reference=None)),
    }


def without_content(found: Json) -> Json:
    """A message as an application sees it that may not read messages."""
    cleared = {**found, "content": "", "embeds": [], "attachments": [], "components": []}
    cleared.pop("poll", None)
    if isinstance(cleared.get("referenced_message"), dict):
        cleared["referenced_message"] = without_content(cleared["referenced_message"])
    return cleared


def may_read(said: Message, bot: User) -> bool:
    """Whether the application sees what a message says even without the intent: DMs, own ones, mentions."""
    return said.channel.guild is None or said.author is bot or bot in said.mentions


def dispatched(said: Message) -> Json:
    """A message as the gateway gives it: with the member who wrote it."""
    found = message(said)
    guild = said.channel.guild
    if guild is None:
        return {**found, "channel_type": int(said.channel.kind)}
    found["guild_id"] = str(guild.id)
    found["channel_type"] = int(said.channel.kind)
    if said.author.id in guild.members and said.webhook_id is None:
        found["member"] = member(guild.members[said.author.id])
    found["mentions"] = [
        {**user(each), "member": member(guild.members[each.id])} if each.id in guild.members else user(each)
        for each in said.mentions
    ]
    return found


def application(app: Application, guilds: int) -> Json:
    return {
        "id": str(app.id),
        "name": app.name,
        "icon": None,
        "description": "",
        "bot": user(app.bot),
        "bot_public": app.public,
        "bot_require_code_grant": False,
        "flags": app_flags(app),
        "flags_new": str(app_flags(app)),
        "approximate_user_authorization_count": 0,
        "eligible_oauth2_scopes": [],
        "owner": user(app.owner),
        "team": None,
        "rpc_origins": [],
        "summary": "",
        "verify_key": "0" * 64,
        "hook": True,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "type": None,
        "verification_state": 1,
        "store_application_state": 1,
        "rpc_application_state": 0,
        "creator_monetization_state": 1,
        "is_verified": False,
        "is_discoverable": False,
        "integration_public": app.public,
        "integration_require_code_grant": False,
        "explicit_content_filter": 0,
        "max_participants": None,
        "integration_types_config": {"0": {}, "1": {}},
        "tags": [],
    }


def app_flags(app: Application) -> int:
    return sum(FLAGS[each] for each in app.privileged)


def interaction_channel(place: Channel, who: User) -> Json:
    """The partial channel of an interaction, with what the person may do there."""
    return {**channel(place), "permissions": str(int(permitted(place, who)))}


def unavailable(place: Guild) -> Json:
    return {"id": str(place.id), "unavailable": True}


def members_chunk(state: State, place: Guild, wanted: Json) -> Json:
    """The answer to REQUEST_GUILD_MEMBERS."""
    listed = list(place.members.values())
    if "user_ids" in wanted:
        asked = wanted["user_ids"] if isinstance(wanted["user_ids"], list) else [wanted["user_ids"]]
        listed = [each for each in listed if each.user.id in {int(one) for one in asked}]
    elif query := wanted.get("query"):
        listed = [each for each in listed if each.user.name.startswith(query)]
    if wanted.get("limit"):
        listed = listed[: wanted["limit"]]
    found: Json = {
        "guild_id": str(place.id),
        "members": [whole_member(each) for each in listed],
        "chunk_index": 0,
        "chunk_count": 1,
        "not_found": [],
    }
    return found | ({"nonce": wanted["nonce"]} if wanted.get("nonce") else {})
