"""The events of Discord, and what is done with each: who may, where it goes on, and how it is answered.

Keeps nothing in memory that the store does not know, except what is under way. This module must not know rules or SQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord
from discord.ext import commands

from adapters.chat import buttons, door, words
from adapters.chat.buttons import Press
from adapters.chat.door import HEARD_UNTIL, Door
from adapters.chat.lines import as_speech, command_name, for_anyone, is_private, opens
from adapters.chat.turns import Show, Turns, ended, wants_words
from adapters.discord import inbound, layout, render, tree, venue
from adapters.discord import words as own
from adapters.discord.inbound import HOUSE, Origin
from adapters.discord.showing import NOT_SHOWN, Acting, Following, Posting, close_buttons, shown_before
from adapters.discord.starts import Starts
from adapters.discord.text import escape, line
from adapters.discord.venue import Trouble
from bot.messages import Heard, Place
from bot.store.errors import StoreError
from bot.store.errors import Trouble as StoreTrouble
from bot.store.values import Seat

log = logging.getLogger(__name__)

SYNCED = "commands"
"""The setting with the hash of the commands that Discord knows."""

FOREIGN = "🔇"
"""The reaction to words that are not heard: the debate is somebody else's."""

AGAIN = 5.0
"""Seconds after which words are taken in that were too much for the store."""

AT_ONCE = 8
"""Places that are looked through at once."""

PATIENCE = 10.0
"""Seconds that answers under way get when the bot stops; the rest is answered at the next start."""

Interaction = discord.Interaction[Any]


def intents(*, content: bool) -> discord.Intents:
    """What the bot wants to be told; ``content``: also the words of messages that do not mention it."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=content)


@dataclass(frozen=True)
class _Turn:
    """Words that were taken in, and how their answer is shown."""

    heard: Heard
    show: Show[int]
    channel: Any


class Gadfly(commands.AutoShardedBot):
    """The bot. ``fatal`` is told of an error after which only a new start helps.

    ``gateway``: where to connect; "": where Discord says.
    """

    def __init__(
        self,
        core: Door,
        starts: Starts,
        *,
        content: bool,
        fatal: Callable[[Exception], None],
        gateway: str = "",
        **options: Any,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(content=content),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            **options,
        )
        if gateway:
            _connect_to(self.http, gateway)
        self._door = core
        self._starts = starts
        self._fatal = fatal
        self._turns = Turns(core, NOT_SHOWN)
        self._content = content
        self._caught_up = asyncio.Event()
        self._catching_up = asyncio.Lock()
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._behind: dict[Place, int] = {}  # the first message of a place that the store did not take
        self._later: dict[Place, asyncio.Task[None]] = {}
        self._overtaking = asyncio.Lock()

    # --- starting and stopping ---

    async def setup_hook(self) -> None:
        """Before the first connection: what was left over, what can be pressed, the commands where they changed."""
        for heard in await self._door.unfinished():
            if heard.request.place.platform == inbound.PLATFORM:
                self._turns.owe(heard)
        self.add_dynamic_items(layout.SayButton, layout.SaySelect)
        for command in tree.build(self):
            self.tree.add_command(command)
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = tree.digest(payload, self.application_id)
        if await self._door.setting(HOUSE, SYNCED) != digest:
            await self.tree.sync()
            await self._door.set_setting(HOUSE, SYNCED, digest)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Counts the connection: Discord takes the token away from a bot that makes too many."""
        await self._starts.count(datetime.now(UTC))
        await super().before_identify_hook(shard_id, initial=initial)

    async def on_ready(self) -> None:
        """Connected anew: first what was left over, then what was said meanwhile, then what is said now."""
        self._caught_up.clear()
        await self._catch_up()
        log.info("ready in %s servers", len(self.guilds))

    async def on_resumed(self) -> None:
        """Connected again: Discord sends what it kept, and the history has the rest."""
        await self._catch_up()

    async def wind_down(self) -> None:
        """Take in nothing more, finish what is under way, and leave."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PATIENCE)
        for waiting in self._later.values():
            waiting.cancel()
        await self.close()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """The event itself is not logged: it holds words of people."""
        log.exception("an event failed: %s", event_method)

    # --- messages ---

    async def on_message(self, message: discord.Message, /) -> None:
        """Somebody said something."""
        if self._to_us(message):
            await self._caught_up.wait()
            await self._run(self._message(message))

    def _to_us(self, message: discord.Message) -> bool:
        """Whether a message may be meant for the bot; cheap, because every message comes through here."""
        if message.author.bot or message.webhook_id or message.is_system():
            return False
        return message.guild is None or self._mentioned(message) or self._own_thread(message.channel)

    def _mentioned(self, message: discord.Message) -> bool:
        return any(user.id == self._me for user in message.mentions)

    def _own_thread(self, channel: Any) -> bool:
        return isinstance(channel, discord.Thread) and channel.owner_id == self._me

    async def _message(self, message: discord.Message) -> None:
        place = _said_by(message).place
        try:
            if place in self._behind:
                await self._overtake(place)
            turn = await self._taken(message)
            if turn is not None:
                await self._finish(turn)
        except StoreError as error:
            if error.kind is StoreTrouble.OVERLOADED:
                await self._too_much(place, message.id)
            raise

    async def _taken(self, message: discord.Message) -> _Turn | None:
        """The message heard; None where it is not for the bot, or was heard before.

        How far a place was heard is kept, but never past a message that the store did not take.
        """
        origin = _said_by(message)
        async with self._turns.line(origin.place):
            try:
                text = await self._words(message, origin)
                turn = await self._hear_message(message, origin, text) if text is not None else None
            except StoreError:
                self._behind.setdefault(origin.place, message.id)
                raise
            if origin.place not in self._behind:
                self._door.note_setting(origin.place, HEARD_UNTIL, str(message.id))
            return turn

    async def _words(self, message: discord.Message, origin: Origin) -> str | None:
        """What the message says to the bot; None where it says nothing to it."""
        mentioned = self._mentioned(message)
        text = inbound.spoken(message.content, self._me) if mentioned else message.content
        if message.guild is None:
            return text
        if mentioned:
            text = text or "!help"
        elif not self._content:
            return None  # Discord sent no words
        seats = await self._door.seats_at(origin.place)
        if any(seat.person == origin.person for seat in seats):
            return text
        if seats:
            self._begin(self._react(message))  # not waited for: after an absence there may be many
            return None
        return text if mentioned else None

    async def _react(self, message: discord.Message) -> None:
        try:
            await message.add_reaction(FOREIGN)
        except discord.HTTPException as error:
            log.info("no reaction to words that are not heard (%s)", error.code)

    async def _hear_message(self, message: discord.Message, origin: Origin, text: str) -> _Turn | None:
        channel: Any = message.channel
        try:
            if message.guild is not None:
                venue.check(channel.permissions_for(message.guild.me), venue.speaking(channel))
            origin, channel = await self._venue(channel, origin, message.author, text)
        except Trouble as trouble:
            await self._complain(message, str(trouble))
            return None
        key = inbound.message_key(message.id)
        heard = await self._turns.take(inbound.request(key, origin, text, message.created_at))
        return None if heard is None else _Turn(heard, Posting(channel), channel)

    async def _complain(self, message: discord.Message, text: str) -> None:
        """Tell what is wrong where the bot was asked, else directly."""
        try:
            await message.channel.send(view=layout.view(render.notice(text)), nonce=f"c{message.id}")
        except discord.Forbidden:
            with contextlib.suppress(discord.HTTPException):
                await message.author.send(view=layout.view(render.notice(text)), nonce=f"c{message.id}")

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Somebody changed what they said: it was heard as it was."""
        changed = payload.data.get("edited_timestamp") and "content" in payload.data
        if not changed or payload.message.author.id == self._me:
            return
        await self._run(self._edited(payload))

    async def _edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        turn = await self._door.speech_of(inbound.message_key(payload.message_id))
        if turn is not None:
            channel = await self._channel(payload.channel_id)
            notice = layout.view(render.notice(words.edited(turn)))
            await channel.send(view=notice, nonce=f"e{payload.message_id}")

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Somebody took back what they said: its text goes."""
        await self._run(self._erase(payload.message_id))

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were taken away at once."""
        for message in payload.message_ids:
            await self._run(self._erase(message))

    async def _erase(self, message: int) -> None:
        await self._door.erase(inbound.message_key(message))

    # --- slash commands, presses, forms ---

    async def typed(self, interaction: Interaction, text: str) -> None:
        """A slash command."""
        await self._interact(interaction, self._command(interaction, text))

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """A button or an option of a select."""
        await self._interact(interaction, self._press(interaction, press))

    async def on_interaction(self, interaction: Interaction) -> None:
        """Forms: discord.py knows only those that were opened since its start."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Any = interaction.data or {}
        debate = buttons.form_debate(str(data.get("custom_id", "")))
        if debate is not None:
            text = as_speech(inbound.form_words(data.get("components", ())))
            await self._interact(interaction, self._press(interaction, Press(debate, text)))

    async def _interact(self, interaction: Interaction, work: Coroutine[Any, Any, None]) -> None:
        if self._stopping:
            with contextlib.suppress(*NOT_SHOWN):
                await _whisper(interaction, words.LATER)
        await self._run(work)

    async def _command(self, interaction: Interaction, text: str) -> None:
        origin = self._origin(interaction)
        if not for_anyone(text) and command_name(text):
            seats = await self._door.seats_at(origin.place)
            if seats and all(seat.person != origin.person for seat in seats):
                await _whisper(interaction, words.NOT_YOURS)
                return
        await self._act(interaction, origin, text)

    async def _press(self, interaction: Interaction, press: Press) -> None:
        origin = self._origin(interaction)
        refusal = await self._refusal(press.debate, origin)
        if refusal:
            await _whisper(interaction, refusal)
        elif press.says == buttons.REPLY:
            await interaction.response.send_modal(layout.form(press.debate))
        else:
            await self._act(interaction, origin, press.says)

    async def _refusal(self, debate: int, origin: Origin) -> str:
        """Why somebody may not press what belongs to a debate; "" where they may."""
        if not debate:
            return ""
        seat = await self._door.seat(debate)
        if seat is not None and seat.person != origin.person:
            return words.NOT_YOURS
        seats = await self._door.seats_at(origin.place)
        newest = next((found.debate for found in seats if found.person == origin.person), None)
        return "" if newest == debate else words.OLD

    async def _act(self, interaction: Interaction, origin: Origin, text: str) -> None:
        """Acknowledge, hear, answer. Whether the answer is private is decided by the table, before."""
        try:
            if self._member(interaction) and interaction.guild_id is not None:
                venue.check(interaction.app_permissions, venue.speaking(interaction.channel))
        except Trouble as trouble:
            await _whisper(interaction, str(trouble))
            return
        show = await self._acknowledged(interaction, text)
        try:
            await self._acted(interaction, origin, text, show)
        except Trouble as trouble:
            await _follow(interaction, str(trouble))
        except (StoreError, *NOT_SHOWN) as error:
            with contextlib.suppress(*NOT_SHOWN):
                await _follow(interaction, _excuse(error, text))
            raise

    async def _acknowledged(self, interaction: Interaction, text: str) -> Show[int]:
        """Defers: visibly for slash commands; privately unless the answer has to stand in place of the note."""
        private, member = is_private(text), self._member(interaction)
        thinking = private or not member or interaction.type is discord.InteractionType.application_command
        hidden = private or member
        await interaction.response.defer(ephemeral=hidden and thinking, thinking=thinking)
        following = Following(interaction, private=private, thinking=thinking)
        return Acting(Posting(_messageable(interaction)), following) if member else following

    async def _acted(self, interaction: Interaction, origin: Origin, text: str, show: Show[int]) -> None:
        channel: Any = interaction.channel
        async with self._turns.line(origin.place):
            if self._member(interaction):
                origin, channel = await self._venue(channel, origin, interaction.user, text)
            elsewhere = channel is not interaction.channel
            if elsewhere:
                show = Posting(channel)
                await _follow(interaction, own.started(channel.id))
            key = inbound.interaction_key(interaction.id)
            request = inbound.request(key, origin, text, interaction.created_at, str(interaction.locale))
            heard = await self._turns.take(request)
        if heard is not None:
            await self._finish(_Turn(heard, show, channel))

    # --- suggestions and settings ---

    async def suggested(self, interaction: Interaction, kind: str) -> tree.Suggestions:
        """The motions on offer, or the cards of the debate here."""
        origin = self._origin(interaction)
        motions = await self._door.motions(origin.place)
        if kind == "motion":
            return [(deck.title, deck.id) for deck in motions]
        seats = await self._door.seats_at(origin.place)
        debate = next((seat.debate for seat in seats if seat.person == origin.person), None)
        deck = await self._door.deck(debate) if debate is not None else motions[0] if motions else None
        return [(f"{card.id}: {card.tag}", card.id) for card in deck.cards] if deck is not None else []

    async def set_up(
        self,
        interaction: Interaction,
        motions: str | None,
        starters: discord.Role | None,
        private: bool | None,
    ) -> None:
        """Changes and shows the settings of a server."""
        await self._interact(interaction, self._set_up(interaction, motions, starters, private))

    async def _set_up(
        self,
        interaction: Interaction,
        motions: str | None,
        starters: discord.Role | None,
        private: bool | None,
    ) -> None:
        if not interaction.permissions.manage_guild:
            await _whisper(interaction, own.NOT_MANAGER)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        place = self._origin(interaction).place
        known = {deck.id: deck for deck in self._door.all_motions()}
        chosen = [] if motions in (None, "all") else [word.strip() for word in str(motions).split(",")]
        wrong = next((word for word in chosen if word not in known), None)
        if wrong is not None:
            await _follow(interaction, words.unknown_motion(line(wrong), list(known)))
            return
        role = None if starters is None else "" if starters.is_default() else str(starters.id)
        offered = None if motions is None else ",".join(chosen)
        await door.change(self._door, place, motions=offered, starters=role, private=private)
        rules = await door.rules(self._door, place)
        now = [deck.id for deck in await self._door.motions(place)]
        await _follow(interaction, own.settings(now, rules.starters, private=rules.private))

    # --- what all of them share ---

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """Does ``work`` as something that stopping waits for; the one place where errors end up."""
        if self._stopping:
            work.close()
            return
        await self._begin(work)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except NOT_SHOWN as error:
            # A late or second acknowledgement, a channel that is gone: there is nobody to tell.
            log.warning("Discord refused: %s, code %s", type(error).__name__, getattr(error, "code", ""))
        except StoreError as error:
            log.error("the store failed: %s", error.kind)
            self._fatal(error)
        except Exception:
            log.exception("something failed")

    async def _venue(
        self, channel: Any, origin: Origin, person: venue.Starter, text: str
    ) -> tuple[Origin, Any]:
        """Where words are heard: a start in a server opens a thread, anything else goes on where it is.

        Raises ``Trouble``.
        """
        if not opens(text) or not origin.guild:
            return origin, channel
        rules = await door.rules(self._door, origin.place)
        if not venue.may_start(person, rules.starters):
            raise Trouble(own.NOT_ALLOWED)
        seats = await self._door.seats_at(origin.place)
        planned = await self._door.planned(origin.place, text)
        if planned is None or any(seat.person == origin.person for seat in seats):
            return origin, channel  # refused there, or the next debate in one's own thread
        thread = await venue.open_thread(channel, person, *planned, private=rules.private)
        return venue.origin(int(origin.guild), thread, thread.id, int(origin.user)), thread

    async def _finish(self, turn: _Turn) -> None:
        async with self._typing(turn):
            reply, sent = await self._turns.finish(turn.heard, turn.show)
        if sent and ended(reply):
            assert reply.debate is not None
            await close_buttons(turn.channel, reply.debate, sent)

    @contextlib.asynccontextmanager
    async def _typing(self, turn: _Turn) -> AsyncIterator[None]:
        """Shows that the bot is typing where it answers a speech in a message, without waiting for it to be shown."""
        if not isinstance(turn.show, Posting) or command_name(turn.heard.request.text) != buttons.REPLY:
            yield
            return
        task = asyncio.create_task(_type(turn.channel))
        try:
            yield
        finally:
            task.cancel()

    # --- what was too much at once ---

    async def _too_much(self, place: Place, message: int) -> None:
        """The store does not take ``message``: its people are told, once, and need not say it again."""
        if self._put_off(place, message):
            with contextlib.suppress(*NOT_SHOWN):
                channel = await self._channel(int(place.thread or place.channel))
                await channel.send(view=layout.view(render.notice(own.BUSY)), nonce=f"l{message}")

    def _put_off(self, place: Place, message: int) -> bool:
        """Come back to a place by oneself: to ``message``, and to all after it; whether that is new."""
        self._behind.setdefault(place, message)
        if place in self._later or self._stopping:
            return False
        self._later[place] = asyncio.create_task(self._come_back(place))
        return True

    async def _come_back(self, place: Place) -> None:
        try:
            while place in self._behind and not self._stopping:
                await asyncio.sleep(AGAIN)
                await self._run(self._overtake(place))
        finally:
            del self._later[place]

    async def _overtake(self, place: Place) -> None:
        """Take in, in order, what was put off in a place and what came after. Raises ``StoreError``."""
        async with self._overtaking:
            first = self._behind.get(place)
            if first is None:
                return
            await self._leftovers(place)
            last = await self._missed(place, first - 1)
            if last is None:
                return
            del self._behind[place]
            self._door.note_setting(place, HEARD_UNTIL, str(max(first, last)))

    # --- catching up ---

    async def _catch_up(self) -> None:
        async with self._catching_up:
            try:
                await self._run(self._leftovers())
                await self._run(self._backfill())
            finally:
                self._caught_up.set()

    async def _leftovers(self, place: Place | None = None) -> None:
        """What was heard before a stop is answered now; what can only be shown to its person is owed.

        ``place``: only there. Raises the last ``StoreError``.
        """
        failed: StoreError | None = None
        for debtor in self._turns.debtors():
            if place not in (None, debtor[1]):
                continue
            for heard in self._turns.owed(debtor):
                try:
                    await self._leftover(heard)
                except discord.NotFound:
                    self._door.delivered(heard)  # the place is gone, and its reader with it
                except NOT_SHOWN:
                    self._turns.owe(heard)
                except StoreError as error:
                    self._turns.owe(heard)
                    failed = error
        if failed is not None:
            raise failed

    async def _leftover(self, heard: Heard) -> None:
        if heard.request.key.startswith("discord:i:") and is_private(heard.request.text):
            self._turns.owe(heard)
            return
        reply = await self._door.answer(heard)
        place = heard.request.place
        channel = await self._channel(int(place.thread or place.channel))
        button = wants_words(heard, reply)
        if await shown_before(channel, heard, reply, self._me, button=button):
            self._door.delivered(heard)
        else:
            await self._finish(_Turn(heard, Posting(channel), channel))

    async def _backfill(self) -> None:
        """What was said in open debates while nobody listened, under the same keys as if it had come then."""
        seats = {seat.place: seat for seat in await self._door.open_seats(inbound.PLATFORM)}
        room = asyncio.Semaphore(AT_ONCE)

        async def one(seat: Seat) -> None:
            async with room:
                mark = await self._door.setting(seat.place, HEARD_UNTIL)
                after = int(mark) if mark else discord.utils.time_snowflake(seat.opened_at)
                try:
                    if await self._missed(seat.place, after) is None:
                        self._put_off(seat.place, after + 1)
                except StoreError as error:
                    if error.kind is not StoreTrouble.OVERLOADED:
                        raise
                    await self._too_much(seat.place, after + 1)

        await asyncio.gather(*(one(seat) for seat in seats.values()))

    async def _missed(self, place: Place, after: int) -> int | None:
        """Takes in what was said in a place after a message; the id of the last one, None where Discord fails.

        Raises ``StoreError``.
        """
        turns, failed = list[_Turn](), list[StoreError]()
        last: int | None = after
        try:
            channel = await self._channel(int(place.thread or place.channel))
            async for message in channel.history(after=discord.Object(after), limit=None, oldest_first=True):
                turn = await self._taken(message) if self._to_us(message) else None
                if turn is not None:
                    turns.append(turn)
                last = message.id
        except (discord.NotFound, discord.Forbidden) as error:
            log.info("a place cannot be looked through (%s)", type(error).__name__)
        except NOT_SHOWN as error:
            log.info("a place cannot be looked through now (%s)", type(error).__name__)
            last = None
        except StoreError as error:
            failed.append(error)
        # All are heard first, so that several messages are one speech, as they are to a bot that listens.
        for turn in turns:
            try:
                await self._finish(turn)
            except StoreError as error:
                failed.append(error)
        if failed:
            raise failed[0]
        return last

    # --- small things ---

    @property
    def _me(self) -> int:
        assert self.user is not None
        return self.user.id

    def _origin(self, interaction: Interaction) -> Origin:
        channel = interaction.channel
        return venue.origin(interaction.guild_id, channel, interaction.channel_id or 0, interaction.user.id)

    def _member(self, interaction: Interaction) -> bool:
        """Whether the bot can post where the interaction comes from, and not only answer it."""
        if interaction.guild_id is None:
            return interaction.context.dm_channel
        return self.get_guild(interaction.guild_id) is not None

    async def _channel(self, id: int) -> Any:
        """Raises ``discord.HTTPException``."""
        return self.get_channel(id) or await self.fetch_channel(id)


def _connect_to(http: Any, gateway: str) -> None:
    """Has ``gateway`` named in place of what Discord names, which a sharded client asks for."""
    ask = http.get_bot_gateway

    async def asked() -> tuple[int, str, Any]:
        shards, _, limit = await ask()
        return shards, gateway, limit

    http.get_bot_gateway = asked


def _said_by(message: discord.Message) -> Origin:
    guild = None if message.guild is None else message.guild.id
    return venue.origin(guild, message.channel, message.channel.id, message.author.id)


def _messageable(interaction: Interaction) -> Any:
    return interaction.channel


async def _type(channel: Any) -> None:
    with contextlib.suppress(*NOT_SHOWN):
        async with channel.typing():
            await asyncio.Event().wait()


def _excuse(error: Exception, text: str) -> str:
    """What is said where words could not be answered: those that were not taken are given back, to be sent again."""
    if isinstance(error, StoreError) and error.kind is StoreTrouble.OVERLOADED:
        return f"{words.NOT_TAKEN}\n{escape(text.removeprefix('!say '))}"
    return words.FAILED


async def _whisper(interaction: Interaction, text: str) -> None:
    """Acknowledge with a line for the person alone."""
    await interaction.response.send_message(view=layout.view(render.notice(text)), ephemeral=True)


async def _follow(interaction: Interaction, text: str) -> None:
    """A line for the person alone, after the acknowledgement."""
    await interaction.followup.send(view=layout.view(render.notice(text)), ephemeral=True)
