"""A double of Discord that the real, unpatched discord.py logs in to over loopback.

It speaks what platforms speak: the gateway (HELLO, IDENTIFY, READY, heartbeats, RESUME, INVALID_SESSION, RECONNECT,
shards, intents, zlib-stream) and the HTTP API, checks every request against Discord's published schema and the
documented rules that the schema lacks, and gives a driver for the people on the other side. It knows nothing of any
bot, and shares no number with one.

    async with Discord(ack_window=1.0) as discord:
        guild = discord.guild("club", permissions=Permission.MANAGE_THREADS)
        ann = discord.user("ann", guild)                 # looks at guild.general
        # point the client at discord.api and discord.gateway, log in with discord.token
        await discord.connected()
        answer = await ann.slash("debate start", motion="sanctions", side="for")
        answer.message, answer.ephemeral, answer.text, answer.deferred, answer.followups, answer.modal
        [thread] = ann.threads()
        await ann.says(thread, "Sanctions work, because ...")
        reply = await ann.hears(thread, "What I heard")  # the bot's next message there with this in it
        form = (await ann.press(reply, "Reply")).modal   # by label or custom_id
        await ann.submit(form, {"speech": "..."})

Places and people (made before or while a client is connected; events go out):
    discord.guild(name, bot=True, permissions=, everyone=, locale=)   .channel(guild, name, Kind.FORUM, tags=, requires_tag=)
    discord.user(name, guild=None, locale, *roles) -> Person          .role(guild, name, permissions)
    discord.private_channel(ann, bob)   .install(guild)  .kick(guild)  .install_for(person)
    discord.permit(channel, who, allow=, deny=)   .join(guild, user)  .leave(guild, user)  .purge(channel, messages)

What a person does; each is awaited, and AssertionError is raised where Discord's client would not let him:
    slash(path, at=None, **options)   autocomplete(path, focus, at=None, **options) -> choices   menu(name, target)
    press(message, label_or_custom_id)   select(message, custom_id, values)   submit(modal, {custom_id: value})
    says(channel, text, reply_to=None, files=())   dm(text)   edits(message, text)   deletes(message)
    reacts(message, emoji)   types(channel)   opens_thread(channel, name, private=False)   joins(thread)
    hears(channel, text="", within=5.0) -> Message      and at once: sees(channel), threads(), place, dms
Interactions wait for the first answer, and raise `Unanswered` when none comes within `discord.ack_window` seconds; a
later answer gets 10062. They return an `Interaction`, whose messages are live: edits show in them.

Time and waiting: `discord.pass_time(seconds)` moves Discord's clock (tokens die after 15 minutes, nonces are
forgotten after 3); `await discord.until(lambda: ..., within=5.0)` looks again at every change; no test has to sleep.

Faults:
    discord.fail.append((r"POST /channels/\\d+/messages$", 502))         once; 429 with a third item retry_after;
                                                                        0 cuts the connection; a fourth item True
                                                                        lets the request have its effect first
    discord.limits.append(Limit(r"POST /channels/\\d+/messages$", 5, 5.0))
    discord.sessions.reconnect() .invalidate(resumable=False) .forget() .drop() .close(code) .ask_heartbeat()
    discord.sessions.again("MESSAGE_CREATE")                            delivers the latest one twice
    discord.sessions.acknowledges = False, .heartbeat = seconds, .shards = 2 (for /gateway/bot)
Everything asked is in `discord.requests` (`discord.asked("POST /channels")`), everything sent to the gateway in
`discord.sessions.received`. A path or a key that Discord does not have is raised as AssertionError when the double is
left. Lengths are counted in UTF-16 units, the stricter of the two ways that Discord may count.
"""

from .interactions import Interaction, Modal
from .messages import Upload
from .people import Person, Unanswered
from .rest import Limit, Request
from .server import Discord
from .state import ORDINARY, Channel, Flag, Guild, Kind, Message, Permission, Role, User

__all__ = [
    "ORDINARY",
    "Channel",
    "Discord",
    "Flag",
    "Guild",
    "Interaction",
    "Kind",
    "Limit",
    "Message",
    "Modal",
    "Permission",
    "Person",
    "Request",
    "Role",
    "Unanswered",
    "Upload",
    "User",
]
