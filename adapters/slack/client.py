"""The events of Slack, and what is done with each: who may, where it goes on, and how it is answered.

A listener only hears: what it returns acknowledges, after the words are durable; answers are made and shown beside it.
Where the store fails, messages are not acknowledged, and Slack sends them again. Keeps nothing in memory that the store
does not know, except what is under way. This module must not know rules or SQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.chat import buttons, door, words
from adapters.chat.buttons import LONGEST_SAYS, Press, button_id
from adapters.chat.door import HEARD_UNTIL, Door, Rules
from adapters.chat.lines import as_speech, command_name, for_anyone, opens
from adapters.chat.turns import Debtor, Turns, ended
from adapters.slack import inbound, render, views
from adapters.slack import words as own
from adapters.slack.inbound import Carried, Origin, Said
from adapters.slack.showing import Showing, close_buttons, is_room, tell
from adapters.slack.text import escape
from adapters.slack.views import OpenDebate
from adapters.slack.web import NOT_SHOWN, Mark, Web, code
from bot.coach import MOTIONS
from bot.messages import Heard, Notice, Person, Place, Reply
from bot.store.errors import StoreError
from bot.store.errors import Trouble as StoreTrouble
from bot.store.values import Seat, Summary

log = logging.getLogger(__name__)

COMMAND = "/debate"

PATIENCE = 10.0
"""Seconds that answers under way get when the bot stops; the rest is answered at the next start."""

AT_ONCE = 8
"""Places that are looked through at once."""

SOON = 1.5
"""Seconds that Slack gets to answer what has to be known before words can be acknowledged."""

NO_HISTORY = frozenset(("missing_scope", "not_in_channel", "channel_not_found", "thread_not_found"))
"""Errors after which there is no history to look through, now or later."""

AGAIN = 5.0
"""Seconds after which what could not be shown is tried again; twice as long each time, up to ``SELDOM``."""

SELDOM = 300.0

RESULTS = 5
"""Results shown in the App Home."""

Acked = dict[str, Any]
"""What an acknowledgement carries."""


class Trouble(Exception):
    """What keeps the bot from doing something, in words for the person."""


class Several(Exception):
    """A command could be for any of these debates."""

    def __init__(self, debates: Sequence[Summary]) -> None:
        super().__init__(str(len(debates)))
        self.debates = debates


class Leaving(Exception):
    """The bot stops: what comes now is not acknowledged, and comes again."""


@dataclass(frozen=True)
class _Turn:
    """Words that were taken in, and how their answer is shown.

    ``url``: the response URL of the slash command that they came by; ``home``: they came from the App Home.
    """

    heard: Heard
    show: Showing
    url: str = ""
    why: str = ""
    home: bool = False


class Gadfly:
    """The bot. ``fatal`` is told of an error after which only a new start helps."""

    def __init__(
        self,
        core: Door,
        web: Web,
        *,
        token: str,
        secret: str = "",
        fatal: Callable[[Exception], None],
    ) -> None:
        self._door = core
        self._web = web
        self._fatal = fatal
        self._turns = Turns(core, NOT_SHOWN)
        self._stopping = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._behind: set[Place] = set()  # places where something may have been said that was not heard
        self._looking: dict[Place, asyncio.Task[None]] = {}
        self._told: set[int] = set()  # the debates of which it was said that no thread can be opened
        self._later: asyncio.Task[None] | None = None
        self.app = self._listening(token, secret)

    def _listening(self, token: str, secret: str) -> AsyncApp:
        me = self._web.me

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=me.team, bot_user_id=me.user, bot_token=token)

        app = AsyncApp(authorize=authorize, signing_secret=secret, process_before_response=True)
        anything = re.compile("")
        app.command(anything)(self.on_command)
        app.action(anything)(self.on_action)
        app.view(anything)(self.on_form)
        app.event(anything)(self.on_event)
        app.error(self.on_error)
        return app

    # --- starting and stopping ---

    async def prepare(self) -> None:
        """Before the first connection: what was left over is owed."""
        for heard in await self._door.unfinished():
            if heard.request.place.platform == inbound.PLATFORM:
                self._turns.owe(heard)

    def connected(self) -> None:
        """Connected, at first or anew: what was left over is shown, and what was said meanwhile is heard."""
        if not self._stopping:
            self._begin(self._catch_up())

    async def wind_down(self) -> None:
        """Take in nothing more, and finish what is under way."""
        self._stopping = True
        if self._later is not None:
            self._later.cancel()
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while self._tasks and loop.time() < end:  # what is under way may begin more
            await asyncio.wait(self._tasks, timeout=end - loop.time())
        for task in self._tasks:
            task.cancel()

    # --- listeners: what comes from Bolt ---

    async def on_command(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """A slash command."""
        text = str(body.get("text") or "")
        await ack(**await self._acked(self._command(body), lambda said: {"text": said}, text))

    async def on_action(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """A button, or an option that was chosen."""
        excuse = await self._acked(self._action(body), lambda said: {"text": said}, "")
        await ack()
        if excuse:
            origin = self._origin(body)
            self._begin(self._tell(origin.user, origin.place, excuse["text"]))

    async def on_form(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """A form that was sent in; where its words are not taken, it stays open with them."""
        field = next(iter((body["view"].get("state") or {}).get("values") or {}), views.SPEECH)
        await ack(**await self._acked(self._form(body), lambda said: _errors(field, said), ""))

    async def on_event(self, body: Mapping[str, Any]) -> None:
        """A message, or something else that happened. Raises what keeps it from being acknowledged."""
        if self._stopping:
            raise Leaving
        try:
            with self._under_way():
                await self._event(body["event"])
        except NOT_SHOWN as error:
            log.warning("Slack refused (%s)", code(error))  # nothing of it was durable: Slack sends it again
            raise

    async def on_error(self, error: Exception) -> None:
        """What kept an event from being acknowledged; the event itself is not logged: it holds words of people."""
        match error:
            case Leaving():
                log.info("not acknowledged: the bot stops")
            case StoreError():
                log.error("the store failed: %s", error.kind)
                self._fatal(error)
            case _ if isinstance(error, NOT_SHOWN):
                pass  # said above
            case _:
                log.error("an event failed", exc_info=error)

    async def _acked(
        self, work: Coroutine[Any, Any, Acked], excuse: Callable[[str], Acked], given: str
    ) -> Acked:
        """What ``work`` acknowledges with; an excuse where it fails, with the words ``given`` that were not taken."""
        if self._stopping:
            work.close()
            return excuse(words.LATER)
        try:
            with self._under_way():
                return await work
        except Trouble as trouble:
            return excuse(str(trouble))
        except NOT_SHOWN as error:
            log.warning("Slack refused (%s)", code(error))
        except StoreError as error:
            log.error("the store failed: %s", error.kind)
            self._fatal(error)
            if error.kind is StoreTrouble.OVERLOADED:
                return excuse(f"{words.NOT_TAKEN}\n{escape(given)}".strip())
        except Exception:
            log.exception("something failed")
        return excuse(words.FAILED)

    @contextlib.contextmanager
    def _under_way(self) -> Iterator[None]:
        """What a listener does is waited for, too, when the bot stops."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    # --- slash commands ---

    async def _command(self, body: Mapping[str, Any]) -> Acked:
        origin, trigger = self._origin(body), str(body.get("trigger_id") or "")
        if not str(body.get("text") or "").strip():
            self._begin(self._open_start(trigger, origin.user, Carried(origin.channel)))
            return {}
        text = inbound.typed(str(body["text"]))
        try:
            place, why = await self._place_of(origin, text)
        except Several as several:
            return await self._which(several.debates, text)
        # In direct messages everything stays; elsewhere what is private is shown where it was typed.
        url = "" if place == origin.place and is_room(place) else str(body.get("response_url") or "")
        heard = await self._hear(inbound.trigger_key(trigger), origin, place, text, datetime.now(UTC))
        if heard is not None:
            self._begin(self._finish(_Turn(heard, self._showing(heard, url=url), url, why)))
        return {}

    async def _place_of(self, origin: Origin, text: str) -> tuple[Place, str]:
        """Where a command is heard, and why there if not where it was typed. Raises ``Trouble`` and ``Several``."""
        if opens(text):
            await self._demand_start(origin.user)
        if command_name(text) == "start":
            return await self._start_at(origin)
        return await self._debate_of(origin, text), ""

    async def _debate_of(self, origin: Origin, text: str) -> Place:
        """Where the debate is that a command typed in a channel is for: there, else in direct messages."""
        mine = await self._door.debates(origin.person)
        here = [found for found in mine if found.place.channel == origin.channel]
        open_here = [found for found in here if found.ended_at is None]
        if len(open_here) > 1 and not for_anyone(text):
            raise Several(open_here)
        directly = [found for found in mine if is_room(found.place)]
        open_directly = [found for found in directly if found.ended_at is None]
        for found in (open_here, open_directly, here, directly):
            if found:
                return found[0].place
        return origin.place

    async def _start_at(self, origin: Origin) -> tuple[Place, str]:
        """Where a debate begun in a channel takes place, and why there if not in the channel."""
        if not origin.channel or is_room(origin.place):
            return await self._web.room(origin.user), ""
        if (await self._rules()).private:
            return await self._web.room(origin.user), own.ALWAYS_PRIVATE
        if not await self._is_member(origin.channel):
            return await self._web.room(origin.user), own.NO_MEMBER
        return Place(inbound.PLATFORM, self._web.me.team, origin.channel), ""

    async def _is_member(self, channel: str) -> bool:
        """Whether the bot is in a channel; presumed where Slack does not say so soon enough."""
        try:
            async with asyncio.timeout(SOON):
                return await self._web.is_member(channel)
        except NOT_SHOWN as error:
            log.info("a channel was not described (%s)", code(error))
            return True

    async def _demand_start(self, user: str) -> None:
        """Raises ``Trouble`` where somebody may not start debates."""
        starters = (await self._rules()).starters
        if starters and user not in starters.split(",") and not await self._web.is_admin(user):
            raise Trouble(own.NOT_ALLOWED)

    async def _which(self, debates: Sequence[Summary], text: str) -> Acked:
        fits = len(text) <= LONGEST_SAYS and text.isascii()
        rows = [
            (item, button_id(item.summary.id, text) if fits else "") for item in await self._opened(debates)
        ]
        message = views.which(rows, own.which(len(debates)))
        return {"text": message.text, "blocks": list(message.blocks)}

    # --- presses ---

    async def _action(self, body: Mapping[str, Any]) -> Acked:
        origin, trigger = self._origin(body), str(body.get("trigger_id") or "")
        action = body["actions"][0]
        id, view = str(action.get("action_id") or ""), body.get("view") or {}
        if id.startswith(views.OPEN_START):
            motion = str(action.get("value") or "")
            self._begin(self._open_start(trigger, origin.user, Carried(""), motion))
        elif id == views.OPEN_SETTINGS:
            self._begin(self._open_settings(trigger, origin.user))
        elif id == views.MOTION and view.get("callback_id") == views.START_FORM:
            self._begin(self._other_motion(view, origin.user))
        else:
            press = buttons.pressed(id, _values(action))
            if press is not None:
                await self._press(body, origin, press, trigger)
        return {}

    async def _press(self, body: Mapping[str, Any], origin: Origin, press: Press, trigger: str) -> None:
        place = origin.place if origin.channel else await self._web.room(origin.user)
        if press.debate:
            place = await self._pressable(press.debate, origin.person)
        if press.says == buttons.REPLY:
            self._begin(self._open_form(trigger, views.speech_form(press.debate)))
            return
        if (
            not press.debate
            and command_name(press.says) == "start"
            and not await self._sits(origin.person, place)
        ):
            place, _ = await self._place_of(origin, press.says)
        elif opens(press.says):
            await self._demand_start(origin.user)
        at = inbound.moment(str(body["actions"][0].get("action_ts") or datetime.now(UTC).timestamp()))
        heard = await self._hear(inbound.trigger_key(trigger), origin, place, press.says, at)
        if heard is not None:
            self._begin(self._finish(_Turn(heard, self._showing(heard), home=bool(body.get("view")))))

    async def _pressable(self, debate: int, person: Person) -> Place:
        """Where a debate is whose button was pressed. Raises ``Trouble`` where the person may not."""
        seat = await self._door.seat(debate)
        if seat is None:
            raise Trouble(words.OLD)
        if seat.person != person:
            raise Trouble(words.NOT_YOURS)
        seats = await self._door.seats_at(seat.place)
        newest = next((found.debate for found in seats if found.person == person), None)
        if newest != debate:
            raise Trouble(words.OLD)
        return seat.place

    async def _sits(self, person: Person, place: Place) -> bool:
        return any(seat.person == person for seat in await self._door.seats_at(place))

    # --- forms ---

    async def _form(self, body: Mapping[str, Any]) -> Acked:
        view, user = body["view"], str(body["user"]["id"])
        id = str(view.get("callback_id") or "")
        if id == views.START_FORM:
            return await self._started(view, user)
        if id == views.SETTINGS_FORM:
            return await self._set_up(views.settings(view), user)
        debate = buttons.form_debate(id)
        return await self._spoken(view, user, debate) if debate is not None else {}

    async def _started(self, view: Mapping[str, Any], user: str) -> Acked:
        origin = self._at(inbound.carried(view).channel, user)
        text = views.start_line(views.chosen(view))
        place, why = await self._place_of(origin, text)
        return await self._sent_in(view, views.MOTION, origin, place, text, why)

    async def _spoken(self, view: Mapping[str, Any], user: str, debate: int) -> Acked:
        origin = self._at("", user)
        try:
            place = await self._pressable(debate, origin.person)
        except Trouble:
            return _errors(views.SPEECH, own.NOT_HEARD_IN_FORM)
        return await self._sent_in(view, views.SPEECH, origin, place, as_speech(views.speech(view)))

    async def _sent_in(
        self, view: Mapping[str, Any], field: str, origin: Origin, place: Place, text: str, why: str = ""
    ) -> Acked:
        """What a form says is heard; a refusal is shown in the form, with the words still in it."""
        heard = await self._hear(inbound.view_key(view), origin, place, text, datetime.now(UTC))
        if heard is None:
            return {}
        if heard.refused is not None and heard.refused.blocks:
            return _errors(field, _plainly(heard.refused))
        self._begin(self._finish(_Turn(heard, self._showing(heard), why=why)))
        return {}

    async def _open_start(self, trigger: str, user: str, where: Carried, motion: str = "") -> None:
        decks = await self._door.motions(self._whole)
        chosen = views.Chosen(motion or decks[0].id)
        await self._open_form(
            trigger, views.start_form(decks, chosen, where, busy=await self._busy(where, user))
        )

    async def _busy(self, where: Carried, user: str) -> bool:
        """Whether a debate begun there would have to leave one: only where there are no threads."""
        if where.channel and not where.channel.startswith("D"):
            return False
        mine = await self._door.debates(self._at("", user).person)
        return any(is_room(found.place) and found.ended_at is None for found in mine)

    async def _other_motion(self, view: Mapping[str, Any], user: str) -> None:
        """Another motion was chosen: what its sides must show is shown."""
        where, chosen = inbound.carried(view), views.chosen(view)
        decks = await self._door.motions(self._whole)
        form = views.start_form(decks, chosen, where, busy=await self._busy(where, user))
        await self._web.change_form(str(view["id"]), str(view["hash"]), form)

    async def _open_settings(self, trigger: str, user: str) -> None:
        rules = await self._rules()
        chosen = await self._door.setting(self._whole, MOTIONS)
        now = views.Choice(_listed(chosen), _listed(rules.starters), rules.private)
        if await self._web.is_admin(user):
            await self._open_form(trigger, views.settings_form(self._door.all_motions(), now))

    async def _set_up(self, choice: views.Choice, user: str) -> Acked:
        if not await self._web.is_admin(user):
            return _errors(views.MOTIONS, own.NOT_MANAGER)
        await door.change(
            self._door,
            self._whole,
            motions=",".join(choice.motions),
            starters=",".join(choice.starters),
            private=choice.private,
        )
        self._begin(self._refresh_home(user))
        return {}

    async def _open_form(self, trigger: str, view: dict[str, Any]) -> None:
        await self._web.open_form(trigger, view)

    # --- messages ---

    async def _event(self, event: Mapping[str, Any]) -> None:
        kind, subtype = event.get("type"), event.get("subtype")
        if kind == "app_home_opened":
            if event.get("tab") == "home":
                self._begin(self._refresh_home(str(event["user"])))
        elif kind == "message" and subtype in inbound.CHANGES:
            await self._changed(event)
        elif kind in ("message", "app_mention"):
            said = self._said(event)
            turn = await self._taken(said) if said is not None else None
            if turn is not None:
                self._begin(self._finish(turn))

    def _said(self, event: Mapping[str, Any]) -> Said | None:
        direct = str(event.get("channel") or "").startswith("D")
        return inbound.said(event, self._web.me.team, self._web.me.user, direct=direct)

    async def _taken(self, said: Said) -> _Turn | None:
        """The message heard; None where it is not for the bot, or was heard before."""
        place = said.origin.place
        if not said.to_us:
            return None
        async with self._turns.line(place):
            if place in self._behind:
                # What was said before is heard before, but not at the price of being acknowledged too late.
                await asyncio.wait({self._look_through(place)}, timeout=SOON)
            try:
                return await self._hear_message(said)
            except StoreError:
                self._behind.add(place)  # what comes next must not overtake what comes again
                raise

    async def _hear_message(self, said: Said) -> _Turn | None:
        """Raises ``StoreError``."""
        origin = said.origin
        try:
            found = await self._words(said)
        except Trouble as trouble:
            self._begin(self._tell(origin.user, origin.place, str(trouble)))
            return None
        if found is None:
            return None
        place, text = found
        heard = await self._take(said.key, origin, place, text, inbound.moment(said.ts))
        if heard is not None and heard.debate is not None and place == origin.place:
            self._door.note_setting(place, HEARD_UNTIL, said.ts)
        return _Turn(heard, self._showing(heard)) if heard is not None else None

    async def _words(self, said: Said) -> tuple[Place, str] | None:
        """What the message says to the bot, and where that is heard; None where it says nothing to it."""
        origin = said.origin
        text = said.text or ("!help" if said.mentioned else "")
        if not text.strip():
            return None
        if said.direct:
            return origin.place, text
        if origin.thread:
            seats = await self._door.seats_at(origin.place)
            if any(seat.person == origin.person for seat in seats):
                return origin.place, text
            if seats:
                self._begin(self._react(origin.place, said.ts))
                return None
        return await self._mentioned(said, text) if said.mentioned else None

    async def _mentioned(self, said: Said, text: str) -> tuple[Place, str]:
        """Where words are heard by which somebody calls the bot outside a debate. Raises ``Trouble``."""
        beneath = said.origin.at(said.origin.place, thread=said.origin.thread or said.ts)
        if opens(text):
            place, _ = await self._place_of(said.origin, text)
            return (place if is_room(place) else beneath.place), text
        if said.origin.thread or for_anyone(text):
            return beneath.place, text
        try:
            place = await self._debate_of(said.origin, text)
        except Several as several:
            raise Trouble(own.which(len(several.debates))) from several
        return (place if place != said.origin.place else beneath.place), text

    async def _react(self, place: Place, ts: str) -> None:
        try:
            await self._web.react(place, ts, own.FOREIGN)
        except NOT_SHOWN as error:
            log.info("no reaction to words that are not heard (%s)", code(error))

    async def _changed(self, event: Mapping[str, Any]) -> None:
        """Somebody changed what they said: it was heard as it was; or took it back: its text goes."""
        change = inbound.change(event, self._web.me.team, self._web.me.user)
        if change is None:
            return
        if change.erased:
            await self._door.erase(change.key)
            return
        turn = await self._door.speech_of(change.key)
        if turn is not None:
            self._begin(self._tell(change.origin.user, change.origin.place, words.edited(turn)))

    # --- the App Home ---

    async def _refresh_home(self, user: str) -> None:
        person = self._at("", user).person
        open_ = [found for found in await self._door.debates(person) if found.ended_at is None]
        view = views.home(
            await self._opened(open_),
            await self._door.results(person, RESULTS),
            await self._door.motions(self._whole),
            admin=await self._web.is_admin(user),
        )
        await self._web.show_home(user, view)

    async def _opened(self, debates: Sequence[Summary]) -> list[OpenDebate]:
        return [
            OpenDebate(found, (await self._door.deck(found.id)).title, self._web.link(found.place))
            for found in debates
        ]

    # --- what all of them share ---

    async def _hear(self, key: str, origin: Origin, place: Place, text: str, at: datetime) -> Heard | None:
        async with self._turns.line(place):
            return await self._take(key, origin, place, text, at)

    async def _take(self, key: str, origin: Origin, place: Place, text: str, at: datetime) -> Heard | None:
        return await self._turns.take(inbound.request(key, origin.at(place), text, at))

    def _showing(self, heard: Heard, *, url: str = "", again: bool = False) -> Showing:
        request = heard.request
        return Showing(
            self._web,
            request.person,
            request.place,
            self._house,
            request.at,
            request.key,
            url=url,
            again=again,
        )

    async def _finish(self, turn: _Turn) -> None:
        try:
            reply, sent = await self._turns.finish(turn.heard, turn.show)
        finally:
            self._come_back()
        place = turn.show.place
        if turn.why and is_room(place) and not turn.url:
            await self._web.say(place, render.notice(own.GO_ON_HERE.format(why=turn.why)))
        if turn.url and sent and not reply.private:
            await self._web.respond(turn.url, render.notice(own.moved(self._web.link(place), turn.why)))
        if sent and ended(reply):
            assert reply.debate is not None
            await close_buttons(self._web, place, reply.debate, sent)
        if turn.home:
            await self._refresh_home(turn.heard.request.person.id)

    async def _house(self, debate: int, key: str, at: datetime, url: str) -> Place:
        """Opens the thread for a debate begun in a channel. Raises what is in ``NOT_SHOWN``."""
        seat = await self._door.seat(debate)
        assert seat is not None, "it was begun by what is answered now"
        if seat.place.thread:
            return seat.place
        mark = Mark(key, at, "root")
        try:
            there = await self._web.posted(seat.place, key, at)
            ts = there.get(mark.part) or await self._web.post(seat.place, await self._root(seat), mark)
        except NOT_SHOWN as error:
            await self._not_opened(seat, error, url)
            raise
        place = self._at(seat.place.channel, seat.person.id).at(seat.place, thread=ts).place
        await self._door.move(debate, place)
        if there:  # it was opened before a stop, and may have been spoken in
            self._behind.add(place)
            self._look_through(place)
        return place

    async def _not_opened(self, seat: Seat, error: Exception, url: str) -> None:
        """Tells somebody once that no thread can be opened for a debate."""
        self._web.forget_member(seat.place.channel)
        if seat.debate not in self._told:
            self._told.add(seat.debate)
            note = render.notice(own.NOT_OPENED.format(code=code(error)))
            await tell(self._web, seat.person.id, seat.place, note, url=url)

    async def _root(self, seat: Seat) -> render.Message:
        found = next(f for f in await self._door.debates(seat.person) if f.id == seat.debate)
        return views.root(seat.person.id, await self._door.deck(seat.debate), found.side)

    async def _tell(self, user: str, place: Place, text: str) -> None:
        """A line of the adapter's own for one person."""
        await tell(self._web, user, place, render.notice(text))

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Does ``work`` beside the listener, as something that stopping waits for."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """The one place where the errors of what is done beside the listeners end up."""
        try:
            await work
        except NOT_SHOWN as error:
            log.warning("Slack refused (%s)", code(error))
        except StoreError as error:
            log.error("the store failed: %s", error.kind)
            self._fatal(error)
        except Exception:
            log.exception("something failed")

    # --- catching up ---

    async def _catch_up(self) -> None:
        seats = [seat for seat in await self._door.open_seats(inbound.PLATFORM) if _has_history(seat)]
        self._behind.update(seat.place for seat in seats)
        self._begin(self._leftovers(self._turns.debtors()))
        room = asyncio.Semaphore(AT_ONCE)

        async def one(place: Place) -> None:
            async with room:
                if place in self._behind and not self._stopping:
                    await self._look_through(place)

        await asyncio.gather(*(one(place) for place in {seat.place for seat in seats}))

    def _look_through(self, place: Place) -> asyncio.Task[None]:
        """Looks through a place for what was not heard there; never given up half-way, since what is heard is answered."""
        task = self._looking.get(place)
        if task is None:
            task = self._looking[place] = self._begin(self._missed(place))
            task.add_done_callback(lambda _: self._looking.pop(place, None))
        return task

    async def _leftovers(self, debtors: Sequence[Debtor]) -> None:
        """What was heard and not shown is shown now; parts that stand there are not shown again."""
        owed = [heard for debtor in debtors for heard in self._turns.owed(debtor)]
        await asyncio.gather(*(self._guarded(self._leftover(heard)) for heard in owed))

    async def _leftover(self, heard: Heard) -> None:
        await self._finish(_Turn(heard, self._showing(heard, again=True)))

    def _come_back(self) -> None:
        """Sees to it that what could not be shown is shown later, if the person does nothing there before."""
        if self._later is None and not self._stopping and self._turns.debtors():
            self._later = asyncio.create_task(self._coming_back())

    async def _coming_back(self) -> None:
        pause = AGAIN
        try:
            while self._turns.debtors() and not self._stopping:
                await asyncio.sleep(pause)
                pause = min(2 * pause, SELDOM)
                await self._leftovers(self._turns.debtors())
        finally:
            self._later = None

    async def _missed(self, place: Place) -> None:
        """Takes in what was said in a place since the last message that was heard there. Raises ``StoreError``."""
        try:
            said = await self._web.since(place, await self._heard_until(place))
        except NOT_SHOWN as error:
            log.info("a place cannot be looked through (%s)", code(error))
            if code(error) in NO_HISTORY:
                self._behind.discard(place)
            return
        turns = list[_Turn]()
        try:
            for event in said:
                found = self._said({**event, "channel": place.channel})
                turn = await self._hear_message(found) if found is not None else None
                if turn is not None:
                    turns.append(turn)
            self._behind.discard(place)
        finally:
            # All are heard first, so that several messages are one speech, as they are to a bot that listens.
            for turn in turns:
                self._begin(self._finish(turn))

    async def _heard_until(self, place: Place) -> str:
        mark = await self._door.setting(place, HEARD_UNTIL)
        if mark:
            return mark
        seats = await self._door.seats_at(place)
        return inbound.stamp(seats[0].opened_at) if seats else inbound.stamp(datetime.now(UTC))

    # --- small things ---

    @property
    def _whole(self) -> Place:
        return inbound.whole_team(self._web.me.team)

    async def _rules(self) -> Rules:
        return await door.rules(self._door, self._whole)

    def _at(self, channel: str, user: str) -> Origin:
        return Origin(self._web.me.team, channel, "", user)

    def _origin(self, body: Mapping[str, Any]) -> Origin:
        """Where a command or a press comes from; in direct messages threads are not told apart."""
        channel = str(body.get("channel_id") or (body.get("channel") or {}).get("id") or "")
        user = str(body.get("user_id") or (body.get("user") or {}).get("id") or "")
        thread = str(
            (body.get("message") or {}).get("thread_ts")
            or (body.get("container") or {}).get("thread_ts")
            or ""
        )
        return Origin(self._web.me.team, channel, "" if channel.startswith("D") else thread, user)


def _has_history(seat: Seat) -> bool:
    """Whether Slack tells what was said in a debate's place: not where its thread is still to be opened."""
    return bool(seat.place.thread) or is_room(seat.place)


def _values(action: Mapping[str, Any]) -> list[str]:
    option = action.get("selected_option") or {}
    return [str(option["value"])] if "value" in option else []


def _listed(ids: str) -> tuple[str, ...]:
    return tuple(id for id in ids.split(",") if id)


def _errors(field: str, text: str) -> Acked:
    return {"response_action": "errors", "errors": {field: text}}


def _plainly(reply: Reply) -> str:
    """A refusal as a form shows it."""
    return " ".join(block.text for block in reply.blocks if isinstance(block, Notice)) or words.FAILED
