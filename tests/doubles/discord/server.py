"""A Discord of one's own, on one port of loopback: HTTP API, gateway, and the people who use it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from . import payloads, routes
from .channels import tell
from .gateway import Gateway
from .interactions import Interaction
from .messages import delete_many
from .people import Person
from .rest import BASE, Limit, Request, Rest
from .state import (
    NOTHING,
    ORDINARY,
    REQUIRES_TAG,
    Application,
    Channel,
    Guild,
    Ids,
    Json,
    Kind,
    Member,
    Message,
    Overwrite,
    Permission,
    Role,
    State,
    User,
)
from .world import Signal, World

T = TypeVar("T")
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gadfly.a-token-that-opens-nothing"


class Discord:
    """See the package for how it is used."""

    def __init__(self, privileged: Iterable[str] = ("message_content",), ack_window: float = 3.0) -> None:
        self._ahead = 0.0
        self.state = State(self.now, Ids(self.now), None)  # type: ignore[arg-type]
        owner = self._new_user("owner")
        bot = self._new_user("gadfly", bot=True)
        app = Application(bot.id, "gadfly", TOKEN, bot, owner, frozenset(privileged))
        self.state.application = app
        signal = Signal()
        self.sessions = Gateway(self.state, signal)
        self.world = World(self.state, self.sessions, signal, ack_window=ack_window)
        self.rest = Rest(self.world, routes.ROUTES)
        self.port = 0
        self._runner: web.AppRunner | None = None

    # -- its life ----------------------------------------------------------------------------------------

    async def __aenter__(self) -> Discord:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_get("/gateway/", self.sessions.serve)
        app.router.add_get("/attachments/{channel}/{attachment}/{name}", self._attachment)
        app.router.add_route("*", "/{path:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.sessions.url = self.gateway
        self.world.files = f"http://127.0.0.1:{self.port}/attachments"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        self.sessions.close(1001)
        await self._runner.cleanup()
        problems = [str(each) for each in self.rest.problems]
        if problems and error is not None:
            error.add_note("\n".join(["the double of Discord also saw:", *problems]))
        elif problems:
            raise AssertionError("\n".join(problems)) from self.rest.problems[0]

    async def _attachment(self, request: web.Request) -> web.Response:
        """A file that was sent, as the CDN gives it."""
        channel = self.state.channels.get(int(request.match_info["channel"]))
        name = request.match_info["name"]
        for message in channel.messages.values() if channel else []:
            if name in message.files:
                return web.Response(body=message.files[name], content_type="application/octet-stream")
        return web.Response(status=404)

    # -- addresses and settings --------------------------------------------------------------------------

    @property
    def api(self) -> str:
        """The base of the HTTP API."""
        return f"http://127.0.0.1:{self.port}{BASE}"

    @property
    def gateway(self) -> str:
        """The address of the gateway."""
        return f"ws://127.0.0.1:{self.port}/gateway/"

    @property
    def token(self) -> str:
        return self.state.application.token

    @property
    def bot(self) -> User:
        return self.state.application.bot

    @property
    def requests(self) -> list[Request]:
        """Every request so far."""
        return self.rest.requests

    @property
    def fail(self) -> list[tuple[Any, ...]]:
        """What goes wrong next: (pattern of "METHOD path", status, seconds to retry after, after its effect)."""
        return self.rest.fail

    @property
    def limits(self) -> list[Limit]:
        """Rate limits that hold: Limit(pattern, count, seconds)."""
        return self.rest.limits

    @property
    def problems(self) -> list[AssertionError]:
        """What the bot asked for that Discord does not have; raised when the double is left."""
        return self.rest.problems

    @property
    def interactions(self) -> list[Interaction]:
        return list(self.world.interactions.values())

    @property
    def ack_window(self) -> float:
        return self.world.ack_window

    @ack_window.setter
    def ack_window(self, seconds: float) -> None:
        self.world.ack_window = seconds

    def now(self) -> float:
        """Discord's clock, in seconds since 1970."""
        return time.time() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Lets that much time go by on Discord's clock alone."""
        self._ahead += seconds

    async def until(self, found: Callable[[], T], within: float = 5.0) -> T:
        """Waits until something is so; looks again at every request, event and connection."""
        return await self.world.signal.until(found, within)

    async def connected(self, shards: int = 1, within: float = 5.0) -> None:
        """Waits until so many sessions have a client."""
        await self.until(lambda: len(self.sessions.live) >= shards, within)

    def asked(self, pattern: str) -> list[Request]:
        """The requests so far whose "METHOD path" has this in it."""
        return [each for each in self.requests if pattern in str(each)]

    # -- places and people -------------------------------------------------------------------------------

    def _new_user(self, name: str, bot: bool = False) -> User:
        user = User(self.state.ids.next(), name, bot)
        self.state.users[user.id] = user
        return user

    def guild(
        self,
        name: str = "club",
        bot: bool = True,
        permissions: Permission = NOTHING,
        everyone: Permission = ORDINARY,
        locale: str = "en-US",
    ) -> Guild:
        """A guild with a text channel "general", an owner, and the bot with a role that has `permissions`."""
        owner = self._new_user(f"owner of {name}")
        guild = Guild(self.state.ids.guild(), name, owner, locale)
        guild.roles[guild.id] = Role(guild.id, "@everyone", everyone)
        guild.members[owner.id] = Member(owner)
        self.state.guilds[guild.id] = guild
        self.channel(guild, "general")
        if bot:
            self.install(guild, permissions)
        return guild

    def install(self, guild: Guild, permissions: Permission = NOTHING) -> Role:
        """Adds the bot to a guild; the role that Discord makes for it."""
        role = Role(self.state.ids.next(), self.state.application.name, permissions, managed=True)
        guild.roles[role.id] = role
        guild.members[self.bot.id] = Member(self.bot, [role])
        self.sessions.dispatch("GUILD_CREATE", payloads.guild(guild, self.bot, False), guild)
        return role

    def kick(self, guild: Guild) -> None:
        """Takes the bot out of a guild."""
        del guild.members[self.bot.id]
        self.sessions.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild)

    def install_for(self, person: Person) -> None:
        """Installs the bot for one person, wherever he goes."""
        self.state.application.installed_for.add(person.id)

    def channel(
        self,
        guild: Guild,
        name: str,
        kind: Kind = Kind.TEXT,
        tags: Iterable[str] = (),
        requires_tag: bool = False,
    ) -> Channel:
        """A channel of any kind that has messages or threads; `requires_tag`: a forum that takes no post without one."""
        made: list[Json] = [
            {
                "id": str(self.state.ids.next()),
                "name": tag,
                "moderated": False,
                "emoji_id": None,
                "emoji_name": None,
            }
            for tag in tags
        ]
        flags = REQUIRES_TAG if requires_tag else 0
        channel = Channel(self.state.ids.next(), kind, name, guild, tags=made, flags=flags)
        guild.channels[channel.id] = self.state.channels[channel.id] = channel
        if self.bot.id in guild.members:
            tell(self.world, "CHANNEL_CREATE", channel)
        return channel

    def user(self, name: str, guild: Guild | None = None, locale: str = "en-US", *roles: Role) -> Person:
        """Somebody, who is a member of `guild` and looks at its first channel (without one: at the bot's DM)."""
        user = self._new_user(name)
        user.locale = locale
        if guild is None:
            return Person(self.world, user, self.state.dm(user))
        self.join(guild, user, *roles)
        return Person(self.world, user, guild.general)

    def join(self, guild: Guild, user: User, *roles: Role) -> None:
        """Makes somebody a member."""
        guild.members[user.id] = member = Member(user, list(roles))
        told = {**payloads.whole_member(member), "guild_id": str(guild.id)}
        self.sessions.dispatch("GUILD_MEMBER_ADD", told, guild)

    def leave(self, guild: Guild, user: User) -> None:
        """Lets somebody leave a guild."""
        del guild.members[user.id]
        told = {"user": payloads.user(user), "guild_id": str(guild.id)}
        self.sessions.dispatch("GUILD_MEMBER_REMOVE", told, guild)

    def role(self, guild: Guild, name: str, permissions: Permission) -> Role:
        role = Role(self.state.ids.next(), name, permissions)
        guild.roles[role.id] = role
        told = {"guild_id": str(guild.id), "role": payloads.role(role, len(guild.roles))}
        self.sessions.dispatch("GUILD_ROLE_CREATE", told, guild)
        return role

    def purge(self, channel: Channel, messages: Iterable[Message]) -> None:
        """Deletes many messages at once, as another bot does it, or a ban."""
        delete_many(self.world, channel, messages)

    def private_channel(self, *people: Person) -> Channel:
        """A conversation among people, where the bot is not."""
        members = {each.id: each.user for each in people}
        channel = Channel(self.state.ids.next(), Kind.GROUP_DM, "group", members=members)
        self.state.channels[channel.id] = channel
        return channel

    def permit(
        self,
        channel: Channel,
        who: Person | Role | User,
        allow: Permission = NOTHING,
        deny: Permission = NOTHING,
    ) -> None:
        """Sets what a role or a person may do in one channel."""
        channel.overwrites[who.id] = Overwrite(who.id, isinstance(who, Role), allow, deny)
        tell(self.world, "CHANNEL_UPDATE", channel)
