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
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from adapters.chat import buttons, door, words
from adapters.chat.buttons import LONGEST_SAYS, Press, button_id
from adapters.chat.door import HEARD_UNTIL, Door
from adapters.chat.lines import as_speech, command_name, opens
from adapters.chat.service import Problem
from adapters.chat.turns import Debtor, Turns, ended
from adapters.slack import inbound, render, views
from adapters.slack import words as own
from adapters.slack.inbound import Carried, Change, Origin, Said
from adapters.slack.showing import REMOVED, Showing, close_buttons, is_room, tell
from adapters.slack.text import escape
from adapters.slack.venue import SOON, Several, Trouble, Venue
from adapters.slack.web import NOT_SHOWN, REVOKED, Mark, Web, code
from bot.coach import MOTIONS
from bot.debate.errors import Conflict
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

KEPT = timedelta(days=7)
"""How long a debate that nobody speaks in is looked through after every connection; later only when somebody does."""

RECENT = 4_096
"""How many keys are remembered of what was answered without being stored: refusals and the like."""

LONG = 3
"""Seconds that a thread may take to open before the person is told."""

NO_HISTORY = frozenset(("missing_scope", "not_in_channel", "channel_not_found", "thread_not_found"))
"""Errors after which there is no history to look through, now or later."""

NO_THREAD = frozenset(
    (
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "restricted_action",
        "restricted_action_thread_only_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    )
)
"""Errors after which no thread can be opened in a channel."""

AGAIN = 5.0
"""Seconds after which what could not be shown is tried again; twice as long each time, up to ``SELDOM``."""

SELDOM = 300.0

RESULTS = 5
"""Results shown in the App Home."""

Acked = dict[str, Any]
"""What an acknowledgement carries."""


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
        self._venue = Venue(core, web)
        self._turns = Turns(core, NOT_SHOWN, refused=self._not_shown)
        self._stopping = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._behind: set[Place] = set()  # places where something may have been said that was not heard
        self._looking: dict[Place, tuple[asyncio.Task[None], float]] = {}
        self._recent: OrderedDict[str, None] = OrderedDict()  # what was said and told once, and is not stored
        self._later: asyncio.Task[None] | None = None
        self.app = self._listening(token, secret)

    def _listening(self, token: str, secret: str) -> AsyncApp:
        me = self._web.me

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=me.team, bot_user_id=me.user, bot_token=token)

        # Bolt warns that it does not take the token from the environment, which is as it should be.
        quiet = logging.getLogger("slack_bolt.app")
        quiet.setLevel(logging.ERROR)
        app = AsyncApp(authorize=authorize, signing_secret=secret, process_before_response=True, logger=quiet)
        anything = re.compile("")
        app.command(anything)(self.on_command)
        app.action(anything)(self.on_action)
        app.view(anything)(self.on_form)
        app.event(anything)(self.on_event)
        app.error(self.on_error)
        return app

    # --- starting and stopping ---

    async def prepare(self) -> None:
        """Before the first connection: where the bot is, and what was left over, which is owed."""
        try:
            await self._web.learn_channels()
        except NOT_SHOWN as error:
            log.info("the bot's channels are not told (%s)", code(error))
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
            self._refused(error)  # nothing of it was durable: Slack sends it again
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
            self._refused(error)
            return excuse(f"{own.SLOW}\n{escape(given)}".strip())
        except StoreError as error:
            log.error("the store failed: %s", error.kind)
            self._fatal(error)
            told = words.NOT_TAKEN if error.kind is StoreTrouble.OVERLOADED else own.NOT_TAKEN
            return excuse(f"{told}\n{escape(given)}".strip())
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
            place, why = await self._venue.place_of(origin, text)
        except Several as several:
            return await self._which(several.debates, text)
        # In direct messages everything stays; elsewhere what is private is shown where it was typed.
        url = "" if place == origin.place and is_room(place) else str(body.get("response_url") or "")
        heard = await self._hear(inbound.trigger_key(trigger), origin, place, text, datetime.now(UTC))
        if heard is None:
            return {}
        wait = round(self._web.wait(place.channel)) if opens(text) and url and not is_room(place) else 0
        self._begin(self._finish(_Turn(heard, self._showing(heard, url=url), url, why)))
        return {"text": own.soon(wait)} if wait >= LONG and heard.refused is None else {}

    async def _which(self, debates: Sequence[Summary], text: str) -> Acked:
        """Asks which debate a command is for; where no button can say it, the words are given back."""
        fits = len(text) <= LONGEST_SAYS and text.isascii()
        rows = [
            (item, button_id(item.summary.id, text) if fits else "")
            for item in await self._venue.opened(debates)
        ]
        prompt = own.which(len(debates))
        message = views.which(rows, prompt if fits else f"{prompt}\n{text.removeprefix('!say ')}")
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
        place = origin.place if origin.channel else await self._venue.room(origin.user)
        if press.debate:
            place = await self._pressable(press.debate, origin.person)
        if press.says == buttons.REPLY:
            self._begin(self._web.open_form(trigger, views.speech_form(press.debate)))
            return
        if (
            not press.debate
            and command_name(press.says) == "start"
            and not await self._sits(origin.person, place)
        ):
            place, _ = await self._venue.place_of(origin, press.says)
        elif opens(press.says):
            await self._venue.starting(origin.user)
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
        place, why = await self._venue.place_of(origin, text)
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
        decks = await self._door.motions(self._venue.whole)
        chosen = views.Chosen(motion or decks[0].id)
        await self._web.open_form(
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
        decks = await self._door.motions(self._venue.whole)
        form = views.start_form(decks, chosen, where, busy=await self._busy(where, user))
        await self._web.change_form(str(view["id"]), str(view["hash"]), form)

    async def _open_settings(self, trigger: str, user: str) -> None:
        rules = await self._venue.rules()
        chosen = await self._door.setting(self._venue.whole, MOTIONS)
        now = views.Choice(_listed(chosen), _listed(rules.starters), rules.private)
        if await self._venue.is_admin(user):
            await self._web.open_form(trigger, views.settings_form(self._door.all_motions(), now))

    async def _set_up(self, choice: views.Choice, user: str) -> Acked:
        if not await self._venue.is_admin(user):
            return _errors(views.MOTIONS, own.NOT_MANAGER)
        await door.change(
            self._door,
            self._venue.whole,
            motions=",".join(choice.motions),
            starters=",".join(choice.starters),
            private=choice.private,
        )
        self._begin(self._refresh_home(user))
        return {}

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
            await self._caught_up(place)
            try:
                return await self._hear_message(said)
            except StoreError:
                self._behind.add(place)  # what comes next must not overtake what comes again
                raise

    async def _caught_up(self, place: Place) -> None:
        """What was said in a place before is heard before, but not at the price of being acknowledged too late."""
        if place in self._behind:
            task, since = self._look_through(place)
            left = since + SOON - asyncio.get_running_loop().time()
            if left > 0:
                await asyncio.wait({task}, timeout=left)

    async def _hear_message(self, said: Said) -> _Turn | None:
        """Raises ``StoreError``."""
        place = said.origin.place
        seats = await self._door.seats_at(place) if said.origin.thread else ()
        turn = await self._hear_words(said, seats)
        if (said.direct or seats) and place not in self._behind:
            self._door.note_setting(place, HEARD_UNTIL, said.ts)
        return turn

    async def _hear_words(self, said: Said, seats: Sequence[Seat]) -> _Turn | None:
        origin = said.origin
        try:
            found = await self._words(said, seats)
        except Trouble as trouble:
            if self._first(said.key):
                self._begin(self._tell(origin.user, origin.place, str(trouble)))
            return None
        if found is None:
            return None
        place, text = found
        heard = await self._take(said.key, origin, place, text, inbound.moment(said.ts))
        if heard is None:
            return None
        return _Turn(heard, self._showing(heard, alone=origin.place, beneath=said.beneath))

    async def _words(self, said: Said, seats: Sequence[Seat]) -> tuple[Place, str] | None:
        """What the message says to the bot, and where that is heard; None where it says nothing to it.

        ``seats``: the debates of the thread. Raises ``Trouble``.
        """
        origin = said.origin
        text = said.text or ("!help" if said.mentioned else "")
        mine = said.direct or any(seat.person == origin.person for seat in seats)
        if said.wordless and mine:
            raise Trouble(own.ONLY_WORDS)
        if not text.strip():
            return None
        if mine:
            return origin.place, text
        if seats:
            self._foreign(said, text)
            return None
        return await self._called(said, text) if said.mentioned else None

    def _foreign(self, said: Said, text: str) -> None:
        """Words of somebody whose debate it is not: one sign for all of them, an answer where they ask for one."""
        origin = said.origin
        if said.mentioned or (inbound.called(text) and text.startswith("!")):
            raise Trouble(words.NOT_YOURS)
        if self._first(f"{own.FOREIGN}:{origin.user}:{origin.place}"):
            self._begin(self._react(origin.place, said.ts))

    async def _called(self, said: Said, text: str) -> tuple[Place, str]:
        """What somebody calls the bot with outside a debate of theirs: a command, never a speech. Raises ``Trouble``."""
        line = inbound.called(text)
        if not line:
            raise Trouble(await self._venue.elsewhere(said.origin))
        return await self._venue.called(said.origin, said.ts, line), line

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
        # A reading under way is waited for, but not at the price of being acknowledged too late.
        await asyncio.wait({self._begin(self._taken_back(change))}, timeout=SOON)

    async def _taken_back(self, change: Change) -> None:
        if change.erased:
            await self._door.erase(change.key)
            return
        turn = await self._door.speech_of(change.key)
        if turn is not None and self._first(f"{change.key}:e:{change.edited}"):
            await self._tell(change.origin.user, change.origin.place, words.edited(turn))

    # --- the App Home ---

    async def _refresh_home(self, user: str) -> None:
        person = self._at("", user).person
        open_ = [found for found in await self._door.debates(person) if found.ended_at is None]
        view = views.home(
            await self._venue.opened(open_),
            await self._door.results(person, RESULTS),
            await self._door.motions(self._venue.whole),
            admin=await self._venue.is_admin(user),
        )
        await self._web.show_home(user, view)

    # --- what all of them share ---

    async def _hear(self, key: str, origin: Origin, place: Place, text: str, at: datetime) -> Heard | None:
        async with self._turns.line(place):
            return await self._take(key, origin, place, text, at)

    async def _take(self, key: str, origin: Origin, place: Place, text: str, at: datetime) -> Heard | None:
        heard = await self._turns.take(inbound.request(key, origin.at(place), text, at))
        if heard is not None and heard.refused is not None and not self._first(key):
            return None
        return heard

    def _first(self, key: str) -> bool:
        """Whether ``key`` comes for the first time: of what is not stored, because nothing comes of it."""
        if key in self._recent:
            return False
        self._recent[key] = None
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return True

    def _showing(
        self,
        heard: Heard,
        *,
        url: str = "",
        alone: Place | None = None,
        beneath: str = "",
        again: bool = False,
    ) -> Showing:
        """``beneath``: the thread in direct messages in which it was said, so that it is answered there."""
        asked = heard.request
        place = replace(asked.place, thread=beneath) if beneath else asked.place
        return Showing(
            self._web,
            asked.person,
            place,
            self._house,
            asked.at,
            asked.key,
            url=url,
            alone=alone,
            again=again,
        )

    async def _finish(self, turn: _Turn) -> None:
        try:
            reply, sent = await self._turns.finish(turn.heard, turn.show)
        finally:
            self._come_back()
        place = turn.show.place
        if turn.show.lost and self._first(f"lost:{place}:{turn.show.lost}"):
            await self._lost(turn)
        if turn.why and is_room(place) and not turn.url:
            await self._web.say(place, render.notice(own.GO_ON_HERE.format(why=turn.why)))
        if turn.url and sent and not reply.private:
            await self._web.respond(turn.url, render.notice(own.moved(self._web.link(place), turn.why)))
        if sent and ended(reply):
            assert reply.debate is not None
            await close_buttons(self._web, place, reply.debate, sent)
        if turn.home:
            await self._refresh_home(turn.heard.request.person.id)

    async def _lost(self, turn: _Turn) -> None:
        """Tells somebody that nothing can be shown where their debate is."""
        self._web.forget_member(turn.show.place.channel)
        note = render.notice(own.REMOVED if turn.show.lost == REMOVED else own.GONE)
        user = turn.heard.request.person.id
        await tell(self._web, user, await self._web.room(user), note, url=turn.url)

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
        except SlackApiError as error:
            return await self._directly(seat, error, url)
        place = replace(seat.place, thread=ts)
        await self._door.move(debate, place)
        if there:  # it was opened before a stop, and may have been spoken in
            self._behind.add(place)
            self._look_through(place)
        return place

    async def _directly(self, seat: Seat, error: SlackApiError, url: str) -> Place:
        """Where no thread can be opened, a debate goes on in direct messages; raises ``error`` where it cannot."""
        self._web.forget_member(seat.place.channel)
        if code(error) not in NO_THREAD:
            raise error
        user = seat.person.id
        room = await self._web.room(user)
        try:
            await self._door.move(seat.debate, room)
        except Conflict:
            if self._first(f"busy:{seat.debate}"):
                note = render.notice(own.NOT_OPENED.format(code=code(error)))
                await tell(self._web, user, seat.place, note, url=url)
            raise error from None
        return room

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
            self._refused(error)
        except StoreError as error:
            log.error("the store failed: %s", error.kind)
            self._fatal(error)
        except Exception:
            log.exception("something failed")

    def _not_shown(self, error: Exception) -> None:
        log.warning("an answer could not be shown (%s)", code(error))
        self._ended_by(error)

    def _refused(self, error: Exception) -> None:
        log.warning("Slack refused (%s)", code(error))
        self._ended_by(error)

    def _ended_by(self, error: Exception) -> None:
        """Without a good token Slack never does what it is asked."""
        if code(error) in REVOKED:
            self._fatal(Problem(own.BAD_BOT_TOKEN.format(code=code(error))))

    # --- catching up ---

    async def _catch_up(self) -> None:
        seats = [seat for seat in await self._door.open_seats(inbound.PLATFORM) if _has_history(seat)]
        self._behind.update(seat.place for seat in seats)
        old = (datetime.now(UTC) - KEPT).timestamp()
        self._begin(self._leftovers(self._turns.debtors()))
        room = asyncio.Semaphore(AT_ONCE)

        async def one(place: Place) -> None:
            async with room:
                if (
                    place in self._behind
                    and not self._stopping
                    and float(await self._heard_until(place)) > old
                ):
                    await asyncio.wait({self._look_through(place)[0]})

        await asyncio.gather(*(one(place) for place in {seat.place for seat in seats}))

    def _look_through(self, place: Place) -> tuple[asyncio.Task[None], float]:
        """Looks through a place for what was not heard there, and since when.

        Never given up half-way, since what is heard is answered.
        """
        found = self._looking.get(place)
        if found is None:
            task = self._begin(self._missed(place))
            task.add_done_callback(lambda _: self._looking.pop(place, None))
            found = self._looking[place] = task, asyncio.get_running_loop().time()
        return found

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
            if said:
                self._door.note_setting(place, HEARD_UNTIL, str(said[-1]["ts"]))
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
