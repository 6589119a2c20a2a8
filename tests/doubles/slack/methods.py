"""The methods of the Web API that have to do with messages, views, people and files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import conversations, events, messages, payloads, views
from .messages import Origin
from .reading import Json
from .refusals import Refused
from .state import Channel, File, Message, User
from .webapi import Call, Method

WRITE = "chat:write"


# -- who is who ------------------------------------------------------------------------------------------


def auth_test(call: Call) -> Json:
    state = call.world.state
    return {
        "url": f"https://{state.domain}.slack.com/",
        "team": state.domain.title(),
        "user": state.bot.name,
        "team_id": state.team,
        "user_id": state.bot.id,
        "bot_id": state.bot.bot_id,
        "is_enterprise_install": False,
    }


def bots_info(call: Call) -> Json:
    bot = call.world.bot
    if call.args.get("bot") not in (None, bot.bot_id):
        raise Refused("bot_not_found")
    return {"bot": payloads.bot(bot, call.world.state.team)}


def users_info(call: Call) -> Json:
    [name] = call.needed("user")
    found = call.world.state.users.get(name)
    if found is None:
        raise Refused("user_not_found")
    return {"user": payloads.user(found, call.world.state.team, bool(call.args.get("include_locale")))}


# -- messages --------------------------------------------------------------------------------------------


def destination(call: Call, name: Any) -> Channel:
    """Where a message is to go: a channel that the app is in and that is open, or somebody's DM."""
    state = call.world.state
    user = state.users.get(str(name))
    if user is not None and not user.bot:
        return state.im(user)
    channel = call.conversation(name)
    if state.bot.id not in channel.members:
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    return channel


def checked(call: Call) -> messages.Content:
    """What the message says; problems are what Slack takes but nobody wants."""
    said = messages.content(call.args)
    if said.blocks and not said.text:
        call.world.problem(
            f"{call.request.method} has blocks but no text, so that screen readers have nothing"
        )
    return said


def thread_of(call: Call, channel: Channel) -> str | None:
    """The thread that a message goes to; it is named by its first message."""
    ts = call.args.get("thread_ts")
    if not ts:
        return None
    parent = channel.messages.get(str(ts))
    if parent is None or parent.ephemeral:
        raise Refused("thread_not_found")
    if parent.in_thread:
        call.world.problem(f"{call.request.method} names a thread by a reply, {ts}, not by its first message")
        return parent.thread_ts
    return parent.ts


def post_message(call: Call) -> Json:
    [name] = call.needed("channel")
    channel = public_destination(call, name)
    said = checked(call)
    origin = Origin(thread_of(call, channel), bool(call.args.get("reply_broadcast")))
    if origin.broadcast and origin.thread_ts:
        origin.subtype = "thread_broadcast"
    made = messages.post(call.world, channel, call.world.bot, said, origin)
    return {"channel": channel.id, "ts": made.ts, "message": payloads.message(call.world.state, made, True)}


def public_destination(call: Call, name: Any) -> Channel:
    """As `destination`, and public channels where the app is not, if it may write there."""
    channel = call.world.state.channels.get(str(name))
    anywhere = "chat:write.public" in call.world.manifest.scopes
    if anywhere and channel is not None and not channel.private and not channel.archived:
        return channel
    return destination(call, name)


def own(call: Call, channel: Channel, ts: Any, refusal: str) -> Message:
    """A message of the app's own."""
    found = channel.messages.get(str(ts))
    if found is None or found.ephemeral or found.subtype == "tombstone":
        raise Refused("message_not_found")
    if found.user is not call.world.bot:
        raise Refused(refusal)
    return found


def update(call: Call) -> Json:
    name, ts = call.needed("channel", "ts")
    channel = call.conversation(name)
    message = own(call, channel, ts, "cant_update_message")
    if channel.archived:
        raise Refused("is_archived")
    said = checked(call)
    keep = {key for key in ("text", "metadata") if key not in call.args}
    if "blocks" not in call.args and "text" not in call.args:  # a text alone takes the place of blocks
        keep.add("blocks")
    said.unfurls = message.unfurls
    messages.edit(call.world, message, said, call.world.bot, frozenset(keep))
    shown = payloads.message(call.world.state, message, True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Json:
    name, ts = call.needed("channel", "ts")
    channel = call.conversation(name)
    message = own(call, channel, ts, "cant_delete_message")
    messages.delete(call.world, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    name, user_id = call.needed("channel", "user")
    channel = destination(call, name)
    user = channel.members.get(str(user_id))
    if user is None:
        raise Refused("user_not_in_channel")
    said = checked(call)
    thread = thread_of(call, channel)
    if thread and all(message.ephemeral for message in channel.threads.get(thread, [])):
        call.world.problem(
            f"nobody sees what is for one person in a thread that nobody has answered, {thread}"
        )
    origin = Origin(thread_ts=thread, ephemeral_for=user)
    made = messages.post(call.world, channel, call.world.bot, said, origin)
    return {"message_ts": made.ts}


def permalink(call: Call) -> Json:
    name, ts = call.needed("channel", "message_ts")
    channel = call.conversation(name)
    if ts not in channel.messages or channel.messages[ts].ephemeral:
        raise Refused("message_not_found")
    address = f"https://{call.world.state.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    message = channel.messages[ts]
    if message.in_thread:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


def react(call: Call) -> Json | None:
    name, channel_id, ts = call.needed("name", "channel", "timestamp")
    channel = call.conversation(channel_id)
    message = channel.messages.get(str(ts))
    if message is None or message.ephemeral:
        raise Refused("message_not_found")
    users = message.reactions.setdefault(str(name), [])
    if call.world.bot in users:
        raise Refused("already_reacted")
    users.append(call.world.bot)
    events.reacted(call.world, message, call.world.bot, str(name))
    return None


# -- views -----------------------------------------------------------------------------------------------


def triggered(call: Call, kind: str = "modal") -> tuple[Any, Json]:
    """The trigger and the view of views.open and views.push. The view is looked at before the trigger is used up."""
    trigger_id, given = call.needed("trigger_id", "view")
    trigger = views.use(call.world, trigger_id)
    view = views.checked(given, kind)
    trigger.used = True
    return trigger, view


def views_open(call: Call) -> Json:
    trigger, given = triggered(call)
    made = views.open_root(call.world, trigger.interaction.user, given)
    trigger.interaction.modal = made
    return {"view": views.written(call.world, made)}


def views_push(call: Call) -> Json:
    trigger, given = triggered(call)
    below = trigger.interaction.view
    if below is None or not below.open or below.kind != "modal":
        raise Refused("not_found")
    made = views.push(call.world, trigger.interaction.user, given)
    trigger.interaction.modal = made
    return {"view": views.written(call.world, made)}


def views_update(call: Call) -> Json:
    [given] = call.needed("view")
    if not call.args.get("view_id") and not call.args.get("external_id"):
        call.needed("view_id")
    view = views.found(call.world, call.args)
    return {
        "view": views.written(call.world, views.update(call.world, view, views.checked(given, view.kind)))
    }


def views_publish(call: Call) -> Json:
    user_id, given = call.needed("user_id", "view")
    user: User | None = call.world.state.users.get(str(user_id))
    if user is None or user.bot:
        raise Refused("user_not_found")
    if not call.world.manifest.home_tab:
        raise Refused("not_enabled")
    made = views.publish(call.world, user, views.checked(given, "home"), call.args.get("hash"))
    return {"view": views.written(call.world, made)}


# -- files -----------------------------------------------------------------------------------------------


def upload_url(call: Call) -> Json:
    name, size = call.needed("filename", "length")
    if int(size) <= 0:
        raise Refused("invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"])
    state = call.world.state
    made = File(state.ids.next("F"), str(name), str(name), b"")
    made.url = f"{call.world.base}/files/{made.id}/{made.name}"
    state.files[made.id] = made
    return {"upload_url": f"{call.world.base}/upload/v1/{made.id}?length={int(size)}", "file_id": made.id}


def complete_upload(call: Call) -> Json:
    [listed] = call.needed("files")
    files = [uploaded(call, each) for each in listed]
    name = call.args.get("channel_id") or call.args.get("channels")
    if name:
        channel = destination(call, name)
        said = messages.Content(text=str(call.args.get("initial_comment") or ""))
        origin = Origin(thread_ts=thread_of(call, channel), subtype="file_share", files=files)
        messages.post(call.world, channel, call.world.bot, said, origin)
    return {"files": [payloads.file(each) for each in files]}


def uploaded(call: Call, given: Json) -> File:
    found = call.world.state.files.get(str(given.get("id")))
    if found is None or not found.data:
        raise Refused("file_not_found")
    found.title = str(given.get("title") or found.name)
    return found


# -- all of them -----------------------------------------------------------------------------------------


def method(handler: Any, args: str = "", scopes: Iterable[str] = (), app_level: bool = False) -> Method:
    # Bolt adds the team to every call.
    return Method(handler, frozenset([*args.split(), "team_id"]), tuple(scopes), app_level)


SAID = "text blocks attachments parse link_names markdown_text as_user"
FACE = "username icon_emoji icon_url mrkdwn"
PAGES = "cursor limit"
SPAN = f"{PAGES} oldest latest inclusive include_all_metadata"
ANY_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
ANY_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
ANY_WRITE = ("im:write", "mpim:write", "channels:manage", "groups:write")

METHODS: dict[str, Method] = {
    "auth.test": method(auth_test),
    "bots.info": method(bots_info, "bot team_id", ["users:read"]),
    "users.info": method(users_info, "user include_locale", ["users:read"]),
    "users.conversations": method(
        conversations.of_user, f"{PAGES} types user exclude_archived team_id", ANY_READ
    ),
    "chat.postMessage": method(
        post_message,
        f"channel thread_ts reply_broadcast metadata unfurl_links unfurl_media {SAID} {FACE}",
        [WRITE],
    ),
    "chat.update": method(update, f"channel ts metadata reply_broadcast file_ids {SAID}", [WRITE]),
    "chat.delete": method(delete, "channel ts as_user", [WRITE]),
    "chat.postEphemeral": method(post_ephemeral, f"channel user thread_ts {SAID} {FACE}", [WRITE]),
    "chat.getPermalink": method(permalink, "channel message_ts"),
    "reactions.add": method(react, "name channel timestamp", ["reactions:write"]),
    "views.open": method(views_open, "trigger_id interactivity_pointer view"),
    "views.push": method(views_push, "trigger_id interactivity_pointer view"),
    "views.update": method(views_update, "view view_id external_id hash"),
    "views.publish": method(views_publish, "user_id view hash"),
    "conversations.open": method(conversations.open_, "channel users return_im", ANY_WRITE),
    "conversations.info": method(conversations.info, "channel include_locale include_num_members", ANY_READ),
    "conversations.replies": method(conversations.replies, f"channel ts {SPAN}", ANY_HISTORY),
    "conversations.history": method(conversations.history, f"channel {SPAN}", ANY_HISTORY),
    "conversations.members": method(conversations.members, f"channel {PAGES}", ANY_READ),
    "conversations.join": method(conversations.join, "channel", ["channels:join"]),
    "files.getUploadURLExternal": method(upload_url, "filename length alt_txt snippet_type", ["files:write"]),
    "files.completeUploadExternal": method(
        complete_upload,
        "files channel_id channels initial_comment thread_ts blocks highlight_type",
        ["files:write"],
    ),
}
