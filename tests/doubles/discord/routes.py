"""Every route of the API that the double answers: what is asked, whether it may be, what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import channels, interactions, messages, payloads, rules
from .messages import Origin
from .permissions import in_guild, may, may_write, permitted, sees
from .refusals import at, bad, forbidden, invalid, missing_access, missing_permissions, unknown
from .rest import Call, Handler, Route
from .state import POSTED_IN, PRIVATE, REQUIRES_TAG, Channel, Guild, Json, Kind, Message, Permission, User
from .world import World

ROUTES: list[Route] = []

SYSTEM = frozenset({1, 2, 18, 21})
"""Types of messages that nobody may edit."""


def route(method: str, template: str, open: bool = False) -> Callable[[Handler], Handler]:
    """Makes a function the answer to a path such as /channels/{channel}/messages."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))

    def registered(handler: Handler) -> Handler:
        ROUTES.append(Route(method, pattern, handler, open))
        return handler

    return registered


# -- what a path names ---------------------------------------------------------------------------------------


def bot(call: Call) -> User:
    return call.world.state.application.bot


def guild_of(call: Call) -> Guild:
    found = call.world.state.guilds.get(number(call.parts["guild"]))
    if found is None:
        raise unknown("Guild")
    if bot(call).id not in found.members:
        raise missing_access()
    return found


def number(text: str) -> int:
    if not text.isdigit():
        raise invalid(at(["id"], "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.'))
    return int(text)


def channel_of(call: Call) -> Channel:
    """A channel that the bot sees."""
    found = call.world.state.channels.get(number(call.parts["channel"]))
    if found is None:
        raise unknown("Channel")
    if not sees(found, bot(call)):
        raise missing_access()
    return found


def message_of(call: Call) -> Message:
    """A message of a channel; an ephemeral one is not there for the bot's token."""
    found = channel_of(call).messages.get(number(call.parts["message"]))
    if found is None or found.ephemeral:
        raise unknown("Message")
    return found


def person_of(call: Call) -> User:
    found = call.world.state.users.get(number(call.parts["user"]))
    if found is None:
        raise unknown("User")
    return found


def require(call: Call, place: Channel, wanted: Permission) -> None:
    if not may(place, bot(call), wanted):
        raise missing_permissions()


def shown(call: Call, found: Message) -> Json:
    """A message as the API gives it to this application."""
    app = call.world.state.application
    body = payloads.message(found, app.bot)
    readable = "message_content" in app.privileged or payloads.may_read(found, app.bot)
    return body if readable else payloads.without_content(body)


# -- the application -----------------------------------------------------------------------------------------


@route("GET", "/users/@me")
def me(call: Call) -> Any:
    return payloads.myself(bot(call))


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def application(call: Call) -> Any:
    state = call.world.state
    present = [guild for guild in state.guilds.values() if state.application.bot.id in guild.members]
    return payloads.application(state.application, len(present))


@route("GET", "/gateway", open=True)
def gateway(call: Call) -> Any:
    return {"url": call.world.gateway.url}


@route("GET", "/gateway/bot")
def gateway_bot(call: Call) -> Any:
    found = call.world.gateway
    limit = {"total": 1000, "remaining": found.identifies_left, "reset_after": 14_400_000}
    return {
        "url": found.url,
        "shards": found.shards,
        "session_start_limit": {**limit, "max_concurrency": 1},
    }


@route("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> Any:
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "owner": guild.owner is bot(call),
            "permissions": str(int(in_guild(guild, bot(call)))),
            "features": guild.features,
        }
        for guild in call.world.state.guilds.values()
        if bot(call).id in guild.members
    ]


@route("GET", "/users/{user}")
def person(call: Call) -> Any:
    return payloads.user(person_of(call))


@route("GET", "/applications/{application}/commands")
@route("GET", "/applications/{application}/guilds/{guild}/commands")
def commands(call: Call) -> Any:
    return call.world.state.application.commands.get(command_scope(call), [])


@route("PUT", "/applications/{application}/commands")
@route("PUT", "/applications/{application}/guilds/{guild}/commands")
def sync(call: Call) -> Any:
    scope, app = command_scope(call), call.world.state.application
    for index, each in enumerate(call.body):
        rules.check("ApplicationCommandUpdateRequest", each, index)
    rules.check_commands(call.body)
    known = {(each["type"], each["name"]): each["id"] for each in app.commands.get(scope, [])}
    version = str(call.world.state.ids.next())
    app.commands[scope] = [
        {
            **synced(each),
            "id": known.get((each.get("type") or 1, each["name"])) or str(call.world.state.ids.next()),
            "application_id": str(app.id),
            "version": version,
            **({"guild_id": str(scope)} if scope else {}),
        }
        for each in call.body
    ]
    return app.commands[scope]


def synced(command: Json) -> Json:
    """A command with what Discord adds to what it was told."""
    wanted = command.get("default_member_permissions")
    return {
        "type": 1,
        "description": "",
        "nsfw": False,
        "integration_types": [0],
        "contexts": [0] if command.get("dm_permission") is False else None,
        **{key: value for key, value in command.items() if value is not None},
        "default_member_permissions": None if wanted is None else str(wanted),
    }


def command_scope(call: Call) -> int | None:
    if number(call.parts["application"]) != call.world.state.application.id:
        raise unknown("Application")
    return guild_of(call).id if "guild" in call.parts else None


@route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Any:
    rules.check("CreatePrivateChannelRequest", call.body)
    found = call.world.state.users.get(int(call.body["recipient_id"]))
    if found is None:
        raise unknown("User")
    if found.bot:
        raise forbidden(50007)
    return payloads.channel(call.world.state.dm(found))


# -- guilds --------------------------------------------------------------------------------------------------


@route("GET", "/guilds/{guild}")
def guild(call: Call) -> Any:
    found = guild_of(call)
    counts = {
        "approximate_member_count": len(found.members),
        "approximate_presence_count": len(found.members),
    }
    return payloads.guild_alone(found) | (counts if call.query.get("with_counts") in ("1", "true") else {})


@route("GET", "/guilds/{guild}/channels")
def guild_channels(call: Call) -> Any:
    return [payloads.channel(each) for each in guild_of(call).channels.values() if sees(each, bot(call))]


@route("GET", "/guilds/{guild}/roles")
def guild_roles(call: Call) -> Any:
    return [payloads.role(each, index) for index, each in enumerate(guild_of(call).roles.values())]


@route("GET", "/guilds/{guild}/members")
def members(call: Call) -> Any:
    if "members" not in call.world.state.application.privileged:
        raise missing_access()
    after, limit = int(call.query.get("after", 0)), bounded(call, 1, 1000)
    found = sorted(guild_of(call).members.items())
    return [payloads.whole_member(each) for key, each in found if key > after][:limit]


@route("GET", "/guilds/{guild}/members/search")
def search_members(call: Call) -> Any:
    found = guild_of(call).members.values()
    named = [each for each in found if each.user.name.startswith(call.query.get("query", ""))]
    return [payloads.whole_member(each) for each in named][: bounded(call, 1, 1000)]


@route("GET", "/guilds/{guild}/members/{user}")
def member(call: Call) -> Any:
    found = guild_of(call).members.get(number(call.parts["user"]))
    if found is None:
        raise unknown("Member")
    return payloads.whole_member(found)


@route("GET", "/guilds/{guild}/threads/active")
def active_threads(call: Call) -> Any:
    return listed(call, channels.active(guild_of(call), bot(call)))


def listed(call: Call, threads: list[Channel]) -> Json:
    mine = [each for each in threads if bot(call).id in each.members]
    return {
        "threads": [payloads.thread(each, bot(call)) for each in threads],
        "members": [payloads.thread_member(each, bot(call)) for each in mine],
        "has_more": False,
    }


def bounded(call: Call, least: int, most: int, default: int = 1) -> int:
    limit = int(call.query.get("limit", default))
    if not least <= limit <= most:
        words = f"int value should be between {least} and {most}."
        raise invalid(at(["limit"], "NUMBER_TYPE_MAX" if limit > most else "NUMBER_TYPE_MIN", words))
    return limit


# -- channels and threads ------------------------------------------------------------------------------------


@route("GET", "/channels/{channel}")
def channel(call: Call) -> Any:
    return payloads.channel(channel_of(call), bot(call))


@route("PATCH", "/channels/{channel}")
def change_channel(call: Call) -> Any:
    place = channel_of(call)
    if place.kind in PRIVATE:
        raise bad(50024)
    if place.is_thread:
        change_thread(call, place)
    else:
        rules.check("UpdateGuildChannelRequestPartial", call.body)
        require(call, place, Permission.MANAGE_CHANNELS)
        channels.change_channel(call.world, place, call.body)
    return payloads.channel(place, bot(call))


def change_thread(call: Call, thread: Channel) -> None:
    rules.check("UpdateThreadRequestPartial", call.body)
    if call.body.get("name") == "":
        raise invalid(at(["name"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."))
    channels.may_change_thread(thread, bot(call), call.body)
    if thread.archived and call.body.get("archived") is not False:
        raise bad(50083)
    channels.change_thread(call.world, thread, call.body)


@route("DELETE", "/channels/{channel}")
def delete_channel(call: Call) -> Any:
    place = channel_of(call)
    if place.kind not in PRIVATE:
        wanted = Permission.MANAGE_THREADS if place.is_thread else Permission.MANAGE_CHANNELS
        require(call, place, wanted)
        channels.remove(call.world, place)
    return payloads.channel(place)


@route("POST", "/channels/{channel}/typing")
def typing(call: Call) -> Any:
    place = channel_of(call)
    if not may_write(place, bot(call)):
        raise missing_permissions()
    call.world.typing.append((place, bot(call)))


@route("POST", "/channels/{channel}/messages/{message}/threads")
def thread_from(call: Call) -> Any:
    rules.check("CreateTextThreadWithMessageRequest", call.body)
    found = message_of(call)
    if found.channel.kind not in POSTED_IN:
        raise bad(50024)
    require(call, found.channel, Permission.CREATE_PUBLIC_THREADS)
    if found.thread is not None:
        raise bad(160004)
    return payloads.thread(channels.thread_from(call.world, found, bot(call), call.body), bot(call))


@route("POST", "/channels/{channel}/threads")
def new_thread(call: Call) -> Any:
    place = channel_of(call)
    if place.kind == Kind.FORUM:
        return forum_post(call, place)
    rules.check("CreateTextThreadWithoutMessageRequest", call.body)
    if place.kind not in POSTED_IN:
        raise bad(50024)
    kind = Kind(call.body.get("type") or Kind.PRIVATE_THREAD)
    if (kind == Kind.ANNOUNCEMENT_THREAD) != (place.kind == Kind.ANNOUNCEMENT):
        raise bad(50024)
    private = kind == Kind.PRIVATE_THREAD
    require(call, place, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    return payloads.thread(channels.thread_alone(call.world, place, bot(call), call.body, kind), bot(call))


def forum_post(call: Call, forum: Channel) -> Json:
    rules.check("CreateForumThreadRequest", call.body)
    said = call.body["message"]
    rules.check_message(said, len(call.files))
    require(call, forum, Permission.SEND_MESSAGES)
    tags = call.body.get("applied_tags") or []
    if any(int(tag) not in {int(each["id"]) for each in forum.tags} for tag in tags):
        raise invalid(at(["applied_tags"], "INVALID_TAG", "Unknown tag"))
    if forum.flags & REQUIRES_TAG and not tags:
        raise bad(40067)
    if any(each["moderated"] and int(each["id"]) in map(int, tags) for each in forum.tags):
        require(call, forum, Permission.MANAGE_THREADS)
    thread = channels.forum_post(call.world, forum, bot(call), call.body, call.files)
    return {**payloads.thread(thread, bot(call)), "message": shown(call, thread.messages[thread.id])}


@route("GET", "/channels/{channel}/threads/archived/{kind}")
def archived_threads(call: Call) -> Any:
    place = channel_of(call)
    require(call, place, Permission.READ_MESSAGE_HISTORY)
    private = call.parts["kind"] == "private"
    if private:
        require(call, place, Permission.MANAGE_THREADS)
    kind = Kind.PRIVATE_THREAD if private else Kind.PUBLIC_THREAD
    return listed(call, channels.archived(place, bot(call), kind))


@route("GET", "/channels/{channel}/users/@me/threads/archived/private")
def my_archived_threads(call: Call) -> Any:
    return listed(call, channels.archived(channel_of(call), bot(call), Kind.PRIVATE_THREAD, joined=True))


@route("GET", "/channels/{channel}/thread-members")
def thread_members(call: Call) -> Any:
    place = channel_of(call)
    return [payloads.thread_member(place, each) for each in place.members.values()]


@route("GET", "/channels/{channel}/thread-members/{user}")
def thread_member(call: Call) -> Any:
    place = channel_of(call)
    found = place.members.get(number(call.parts["user"]))
    if found is None:
        raise unknown("Member")
    return payloads.thread_member(place, found)


@route("PUT", "/channels/{channel}/thread-members/@me")
def join(call: Call) -> Any:
    messages.join(call.world, unarchived(channel_of(call)), bot(call))


@route("DELETE", "/channels/{channel}/thread-members/@me")
def leave(call: Call) -> Any:
    messages.leave(call.world, unarchived(channel_of(call)), bot(call))


@route("PUT", "/channels/{channel}/thread-members/{user}")
def add_to_thread(call: Call) -> Any:
    place, who = unarchived(channel_of(call)), person_of(call)
    assert place.guild is not None
    if not may_write(place, bot(call)):
        raise missing_permissions()
    if who.id not in place.guild.members:
        raise unknown("Member")
    messages.join(call.world, place, who)


@route("DELETE", "/channels/{channel}/thread-members/{user}")
def remove_from_thread(call: Call) -> Any:
    place = unarchived(channel_of(call))
    if not (place.kind == Kind.PRIVATE_THREAD and place.owner is bot(call)):
        require(call, place, Permission.MANAGE_THREADS)
    messages.leave(call.world, place, person_of(call))


def unarchived(place: Channel) -> Channel:
    if not place.is_thread:
        raise bad(50024)
    if place.archived:
        raise bad(50083)
    return place


# -- messages ------------------------------------------------------------------------------------------------


@route("GET", "/channels/{channel}/messages")
def history(call: Call) -> Any:
    place = channel_of(call)
    limit = bounded(call, 1, 100, 50)
    if not may(place, bot(call), Permission.READ_MESSAGE_HISTORY):
        return []
    found = sorted(place.visible_messages(), key=lambda each: each.id)
    return [shown(call, each) for each in reversed(window(found, call.query, limit))]


def window(found: list[Message], query: dict[str, str], limit: int) -> list[Message]:
    """The part of a history that is asked for, oldest first."""
    if "after" in query:
        return [each for each in found if each.id > int(query["after"])][:limit]
    if "around" in query:
        middle = int(query["around"])
        before = [each for each in found if each.id < middle][-(limit // 2) :]
        return (before + [each for each in found if each.id >= middle])[:limit]
    if "before" in query:
        found = [each for each in found if each.id < int(query["before"])]
    return found[-limit:]


@route("GET", "/channels/{channel}/messages/{message}")
def message(call: Call) -> Any:
    require(call, channel_of(call), Permission.READ_MESSAGE_HISTORY)
    return shown(call, message_of(call))


@route("POST", "/channels/{channel}/messages")
def post(call: Call) -> Any:
    place, body = channel_of(call), call.body or {}
    rules.check("MessageCreateRequest", body)
    rules.check_message(body, len(call.files))
    if place.kind not in PRIVATE | POSTED_IN and not place.is_thread:
        raise bad(50008)
    may_post(call, place, body)
    reference = referred(call, place, body)
    if known := by_nonce(call, body):
        return shown(call, known)
    found = messages.post(
        call.world,
        place,
        bot(call),
        body,
        Origin(reference=reference, uploads=call.files, kind=19 if reference else 0),
    )
    if found.nonce is not None:
        call.world.nonces[bot(call).id, str(found.nonce)] = found
    return shown(call, found)


def may_post(call: Call, place: Channel, body: Json) -> None:
    if not may_write(place, bot(call)):
        raise missing_permissions()
    if call.files:
        require(call, place, Permission.ATTACH_FILES)
    if body.get("embeds"):
        require(call, place, Permission.EMBED_LINKS)
    if place.locked and not may(place, bot(call), Permission.MANAGE_THREADS):
        raise bad(50083 if place.archived else 160005)
    if place.recipient is not None and not place.recipient.dms_open:
        raise forbidden(50007)


def by_nonce(call: Call, body: Json) -> Message | None:
    """What was sent with the same nonce a little while ago, if that was to be enforced."""
    if not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    found = call.world.nonces.get((bot(call).id, str(body["nonce"])))
    if found is None or call.world.now - found.at > call.world.nonce_window:
        return None
    return found


def referred(call: Call, place: Channel, body: Json) -> Message | None:
    """The message that this one replies to."""
    told = body.get("message_reference")
    if not told:
        return None
    if not permitted(place, bot(call)) & Permission.READ_MESSAGE_HISTORY:
        raise forbidden(160002)
    found = place.messages.get(int(told["message_id"]))
    if (found is None or found.ephemeral) and told.get("fail_if_not_exists", True):
        words = "Unknown message"
        raise invalid(at(["message_reference"], "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", words))
    return found


@route("PATCH", "/channels/{channel}/messages/{message}")
def edit(call: Call) -> Any:
    found, body = message_of(call), call.body or {}
    rules.check("MessageEditRequestPartial", body)
    if found.author is not bot(call):
        raise forbidden(50005)
    if found.kind in SYSTEM:
        raise forbidden(50021)
    if found.channel.archived:
        raise bad(50083)
    rules.check_message(body, len(call.files), found)
    messages.edit(call.world, found, body, call.files)
    return shown(call, found)


@route("DELETE", "/channels/{channel}/messages/{message}")
def delete(call: Call) -> Any:
    found = message_of(call)
    if found.author is not bot(call):
        require(call, found.channel, Permission.MANAGE_MESSAGES)
    if found.channel.archived:
        raise bad(50083)
    messages.delete(call.world, found)


@route("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
def react(call: Call) -> Any:
    found, emoji = message_of(call), emoji_of(call)
    require(call, found.channel, Permission.READ_MESSAGE_HISTORY)
    if emoji not in found.reactions:
        require(call, found.channel, Permission.ADD_REACTIONS)
    if found.channel.archived:
        raise bad(50083)
    reacted(call.world, found, emoji, bot(call))


@route("DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
def unreact(call: Call) -> Any:
    unreacted(call.world, message_of(call), emoji_of(call), bot(call))


@route("GET", "/channels/{channel}/messages/{message}/reactions/{emoji}")
def reactions(call: Call) -> Any:
    return [payloads.user(each) for each in message_of(call).reactions.get(emoji_of(call), [])]


def emoji_of(call: Call) -> str:
    emoji = call.parts["emoji"]
    if emoji.isascii():
        raise unknown("Emoji")
    return emoji


def reacted(world: World, found: Message, emoji: str, who: User) -> None:
    people = found.reactions.setdefault(emoji, [])
    if who not in people:
        people.append(who)
        tell_reaction(world, "MESSAGE_REACTION_ADD", found, emoji, who)


def unreacted(world: World, found: Message, emoji: str, who: User) -> None:
    people = found.reactions.get(emoji, [])
    if who in people:
        people.remove(who)
        tell_reaction(world, "MESSAGE_REACTION_REMOVE", found, emoji, who)
    if not people:
        found.reactions.pop(emoji, None)


def tell_reaction(world: World, event: str, found: Message, emoji: str, who: User) -> None:
    guild = found.channel.guild
    told: Json = {
        "user_id": str(who.id),
        "channel_id": str(found.channel.id),
        "message_id": str(found.id),
        "message_author_id": str(found.author.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if guild is not None:
        told |= {"guild_id": str(guild.id), "member": payloads.whole_member(guild.members[who.id])}
    if sees(found.channel, world.state.application.bot):
        world.gateway.dispatch(event, told, guild)


# -- interactions --------------------------------------------------------------------------------------------


@route("POST", "/interactions/{interaction}/{token}/callback", open=True)
def callback(call: Call) -> Any:
    made = call.world.interactions.get(number(call.parts["interaction"]))
    if made is None or made.token != call.parts["token"]:
        raise unknown("interaction")
    found = interactions.answer(call.world, made, call.body, call.files)
    return found if call.query.get("with_response") in ("1", "true", "True") else None


def by_token(call: Call) -> interactions.Interaction:
    if number(call.parts["application"]) != call.world.state.application.id:
        raise unknown("Webhook")
    return interactions.by_token(call.world, call.parts["token"])


@route("POST", "/webhooks/{application}/{token}", open=True)
def follow_up(call: Call) -> Any:
    return payloads.message(interactions.follow(call.world, by_token(call), call.body, call.files))


@route("GET", "/webhooks/{application}/{token}/messages/{message}", open=True)
def answer(call: Call) -> Any:
    return payloads.message(interactions.found_message(by_token(call), call.parts["message"]))


@route("PATCH", "/webhooks/{application}/{token}/messages/{message}", open=True)
def change_answer(call: Call) -> Any:
    made, name = by_token(call), call.parts["message"]
    return payloads.message(interactions.change(call.world, made, name, call.body, call.files))


@route("DELETE", "/webhooks/{application}/{token}/messages/{message}", open=True)
def delete_answer(call: Call) -> Any:
    messages.delete(call.world, interactions.found_message(by_token(call), call.parts["message"]))
