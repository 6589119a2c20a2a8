"""Messages, channels, people and views as Slack writes them."""

from __future__ import annotations

from .reading import Json
from .state import Bot, Channel, File, Message, State, User, View


def message(state: State, given: Message, metadata: bool = False) -> Json:
    """A message as it stands in answers and payloads; what others add to it comes with it."""
    found: Json = {"type": "message", "user": given.user.id, "text": given.text, "ts": given.ts}
    found["team"] = state.team
    if given.subtype:
        found["subtype"] = given.subtype
    if given.client_msg_id:
        found["client_msg_id"] = given.client_msg_id
    if isinstance(given.user, Bot) and given.by_bot:
        found |= {"bot_id": given.user.bot_id, "app_id": given.user.app_id}
        found["bot_profile"] = bot(given.user, state.team)
    if given.blocks:
        found["blocks"] = given.blocks
    if given.attachments:
        found["attachments"] = given.attachments
    if given.files:
        found |= {"files": [file(each) for each in given.files], "upload": True}
    if given.edited:
        found["edited"] = given.edited
    if metadata and given.metadata:
        found["metadata"] = given.metadata
    if given.reactions:
        found["reactions"] = [
            {"name": name, "users": [each.id for each in users], "count": len(users)}
            for name, users in given.reactions.items()
        ]
    return found | threaded(given)


def threaded(given: Message) -> Json:
    """What says where in a thread a message is."""
    if given.thread_ts is None:
        return {}
    parent = given.channel.messages.get(given.thread_ts)
    if given.in_thread:
        author = {"parent_user_id": parent.user.id} if parent else {}
        return {"thread_ts": given.thread_ts, **author}
    replies = given.channel.replies(given.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(each.user.id for each in replies))
    return {
        "thread_ts": given.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": False,
    }


def tombstone(given: Message) -> Json:
    """What stays of the first message of a thread that was deleted."""
    found: Json = {
        "type": "message",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
        "ts": given.ts,
    }
    return found | threaded(given)


def bot(given: Bot, team: str) -> Json:
    return {
        "id": given.bot_id,
        "deleted": False,
        "name": given.name,
        "updated": 1700000000,
        "app_id": given.app_id,
        "user_id": given.id,
        "icons": {"image_36": "https://example.com/36.png"},
        "team_id": team,
    }


def file(given: File) -> Json:
    return {
        "id": given.id,
        "name": given.name,
        "title": given.title,
        "mimetype": "text/plain",
        "filetype": given.name.rpartition(".")[2],
        "size": len(given.data),
        "mode": "hosted",
        "url_private": given.url,
        "url_private_download": given.url,
    }


def channel(given: Channel, state: State, members: bool = False) -> Json:
    found: Json = {
        "id": given.id,
        "created": 1700000000,
        "is_archived": given.archived,
        "is_im": given.kind == "im",
        "is_org_shared": False,
        "context_team_id": state.team,
    }
    if given.kind == "im":
        [other] = [each for each in given.members.values() if not each.bot]
        return found | {"user": other.id, "is_open": True}
    found |= {
        "name": given.name,
        "name_normalized": given.name,
        "is_channel": given.kind == "channel",
        "is_group": given.kind == "group",
        "is_mpim": given.kind == "mpim",
        "is_private": given.private,
        "is_member": state.bot.id in given.members,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
    return found | ({"num_members": len(given.members)} if members else {})


def user(given: User, team: str, locale: bool = False) -> Json:
    found: Json = {
        "id": given.id,
        "team_id": team,
        "name": given.name,
        "deleted": False,
        "real_name": given.name.title(),
        "tz": given.tz,
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": {
            "display_name": given.name,
            "display_name_normalized": given.name,
            "real_name": given.name.title(),
            "real_name_normalized": given.name.title(),
            "team": team,
        },
        "is_admin": given.admin or given.owner,
        "is_owner": given.owner,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": given.bot,
        "is_app_user": False,
        "updated": 1700000000,
    }
    return found | ({"locale": "en-US"} if locale else {})


def view(given: View, state: State) -> Json:
    values: Json = {}
    for (block_id, action_id), chosen in given.chosen.items():
        values.setdefault(block_id, {})[action_id] = chosen
    found: Json = {
        "id": given.id,
        "team_id": state.team,
        "type": given.kind,
        "blocks": given.blocks,
        "private_metadata": given.private_metadata,
        "callback_id": given.callback_id,
        "state": {"values": values},
        "hash": given.hash,
        "title": given.given.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(given.given.get("clear_on_close")),
        "notify_on_close": given.notify_on_close,
        "close": given.given.get("close"),
        "submit": given.given.get("submit"),
        "previous_view_id": given.previous.id if given.previous else None,
        "root_view_id": given.root or given.id,
        "app_id": state.bot.app_id,
        "external_id": given.external_id,
        "app_installed_team_id": state.team,
        "bot_id": state.bot.bot_id,
    }
    return found
