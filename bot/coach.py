"""The one door of the core: hear, answer, delivered, unfinished.

    hear(Request) -> Heard     the words are durable: the platform may acknowledge
    answer(Heard) -> Reply     read, decide, append, present
    delivered(Heard)           the reply was shown
    unfinished()               at start: what is unanswered or undelivered

A speech costs two commits, anything else one. This module must not know platforms, SQL or words.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from bot import exporting
from bot.debate import commands, rules
from bot.debate.commands import SAY, Command
from bot.debate.debate import Debate, follow, replay
from bot.debate.entries import Answered, Contested, Ended, Entry, Level, Read, Spoke, Why
from bot.debate.errors import Code, Conflict, Refusal, Unreadable
from bot.debate.judging import Rubric, judge
from bot.messages import Block, File, Heard, Notice, Person, Place, Reply, Request
from bot.readings import Kind, Reader, Reading
from bot.store.errors import Gone
from bot.store.files import place_scope
from bot.store.store import Store
from bot.store.values import Inbox, NewDebate, Result, Seat, Setting, Summary, Write
from bot.text import clean
from bot.voice import ballot, desk, telling
from bot.voice import errors as words
from bot.voice.common import clipped
from content.deck import Deck, Side
from content.errors import UnknownDeck
from content.library import Library

log = logging.getLogger(__name__)

RUBRICS = Path(__file__).parent / "rubrics"
"""The published rubrics, oldest first; a debate is judged by the one it began with."""

READERS = 2
"""Threads that read messages; more only wait for each other."""


ANSWERS = 2 * READERS
"""Answers under way at once: more would not be sooner, and what is to be heard would wait behind them."""

MOTIONS = "motions"
"""The setting of a guild or team with the ids of the decks on offer there, by commas; unset: all."""


def whole(place: Place) -> Place:
    """The whole guild or team of a place: where its settings are kept."""
    return Place(place.platform, place.scope, "")


def load_rubrics(folder: Path = RUBRICS) -> tuple[Rubric, ...]:
    """The published rubrics, oldest first."""
    return tuple(Rubric.from_json(path.read_bytes()) for path in sorted(folder.glob("v*.json")))


class Coach:
    """Runs debates: the only thing an adapter talks to."""

    def __init__(
        self,
        store: Store,
        library: Library,
        reader: Reader,
        rubrics: tuple[Rubric, ...],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        draw: Callable[[], int] = lambda: secrets.randbelow(2**31),
    ) -> None:
        self._store = store
        self._library = library
        self._reader = reader
        self._rubrics = {rubric.sha256: rubric for rubric in rubrics}
        self._rubric = rubrics[-1]
        self._clock = clock
        self._draw = draw
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._answering = asyncio.Semaphore(ANSWERS)
        self._decks = {deck.sha256: deck for deck in library.decks}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._doors: WeakValueDictionary[tuple[Person, Place], asyncio.Lock] = WeakValueDictionary()

    async def close(self) -> None:
        """Wait for readings under way; the store is the caller's."""
        await asyncio.to_thread(self._pool.shutdown)

    # --- the door ---

    async def hear(self, request: Request) -> Heard:
        """Make the request durable; a command takes effect here, a speech is answered by ``answer``.

        Raises ``StoreError`` when it cannot be made durable: then do not acknowledge.
        """
        request = replace(request, text=clean(request.text))
        # One after the other from one person in one place: a key that comes twice at once is heard once.
        door = self._doors.setdefault((request.person, request.place), asyncio.Lock())
        command = None
        try:
            command = commands.parse(request.text)
            async with door:
                return await self._hear(request, command)
        except (Refusal, Unreadable) as error:
            return Heard(request, refused=_refused(error, command))
        except Gone:
            return Heard(request, refused=_refused(Refusal(Code.NO_DEBATE)))

    async def answer(self, heard: Heard) -> Reply:
        """The reply; the same one whenever it is asked for."""
        if heard.refused is not None:
            return heard.refused
        command = None
        try:
            command = commands.parse(heard.request.text)
            async with self._answering:
                if command.name == SAY:
                    return await self._answer_speech(heard)
                return await self._answer_command(heard, command)
        except (Refusal, Unreadable) as error:
            return _refused(error, command)
        except Gone:
            return Reply(())  # forgotten meanwhile: there is nobody to answer

    def delivered(self, heard: Heard) -> None:
        """The reply was shown; noted with the next commit."""
        if heard.refused is None:
            self._store.delivered(heard.request.key)

    async def unfinished(self) -> tuple[Heard, ...]:
        """What was heard before a stop and not yet answered or shown, oldest first."""
        return tuple(_heard(inbox) for inbox in await self._store.unfinished())

    async def place(self, debate: int) -> Place | None:
        """Where a debate takes place; None when there is no such debate."""
        try:
            return (await self._store.transcript(debate)).place
        except Gone:
            return None

    # --- beside the door: what a platform asks ---

    async def seat(self, debate: int) -> Seat | None:
        """Whose debate it is and where; None when there is no such debate."""
        return await self._store.seat(debate)

    async def seats_at(self, place: Place) -> tuple[Seat, ...]:
        """The debates of a place, newest first."""
        return await self._store.seats_at(place)

    async def open_seats(self, platform: str) -> tuple[Seat, ...]:
        """The open debates of a platform, oldest first."""
        return await self._store.open_seats(platform)

    async def debates(self, person: Person) -> tuple[Summary, ...]:
        """All debates of somebody, newest first."""
        return await self._store.debates(person)

    async def results(self, person: Person, limit: int) -> tuple[Result, ...]:
        """The last ``limit`` results of somebody, newest first."""
        return await self._store.results(person, limit)

    async def move(self, debate: int, place: Place) -> None:
        """Let a debate go on in another place, as in the thread opened for it. Raises ``Conflict`` and ``Gone``."""
        await self._store.move(debate, place)

    async def deck(self, debate: int) -> Deck:
        """The deck a debate is played with; raises ``Gone``."""
        return (await self._load(debate))[0].deck

    async def motions(self, place: Place) -> tuple[Deck, ...]:
        """The decks on offer in a place: all, or those that its guild or team chose."""
        chosen = (await self.setting(whole(place), MOTIONS)).split(",")
        found = tuple(deck for id in chosen for deck in self._library.decks if deck.id == id)
        return found or self._library.decks

    def all_motions(self) -> tuple[Deck, ...]:
        """All decks, also those that a guild or team does not offer."""
        return self._library.decks

    async def planned(self, place: Place, text: str) -> tuple[Deck, Side] | None:
        """Deck and side of the debate that the start command ``text`` would begin; None where it begins none."""
        try:
            command = commands.parse(clean(text))
            options = _start_options(command, await self._offer(place))
        except (Refusal, Unreadable):
            return None
        return (options.deck, options.side) if command.name == "start" else None

    async def speech_of(self, key: str) -> int | None:
        """The number of the speech that the message of ``key`` belongs to; None where it is no speech."""
        inbox = await self._store.heard(key)
        if inbox is None or inbox.debate is None or not inbox.speech:
            return None
        debate, _ = await self._settled(inbox.debate)
        return _speech_number(debate, inbox.first_seq)

    async def erase(self, key: str) -> bool:
        """Erase the text of a message that its author deleted, once it is answered: what it scored stays."""
        inbox = await self._store.heard(key)
        if inbox is None:
            return False
        if inbox.debate is not None:
            await self._settled(inbox.debate)
        return await self._store.erase(inbox.debate, key)

    async def setting(self, place: Place, name: str) -> str:
        """What a platform keeps about a place; "" where nothing is kept."""
        return await self._store.setting(_scope(place), name) or ""

    async def set_setting(self, place: Place, name: str, value: str) -> None:
        """Keep it; on the disk when this returns."""
        await self._store.set_setting(_scope(place), name, value)

    def note_setting(self, place: Place, name: str, value: str) -> None:
        """Keep it with the next commit: for what may be lost in a crash."""
        self._store.note_setting(_scope(place), name, value)

    # --- hearing ---

    async def _hear(self, request: Request, command: Command) -> Heard:
        known = await self._store.heard(request.key)
        if known is not None:
            return replace(_heard(known), again=True)
        match command.name:
            case "say":
                return await self._hear_speech(request, command)
            case "start":
                return await self._hear_start(request, command)
            case "switch":
                return await self._hear_switch(request)
            case "contest" if len(command.words) == 2:
                turn, letter = commands.point_number(command.words[0]), command.words[1]
                return await self._act(request, lambda debate: rules.contest(debate, turn, letter))
            case "contest" if commands.is_letter(command.rest):
                return await self._act(
                    request, lambda debate: rules.contest(debate, len(debate.speeches), command.rest)
                )
            case "concede":
                number = commands.point_number(command.rest)
                return await self._act(request, lambda debate: rules.concede(debate, number))
            case "hint":
                number_or_none = commands.point_number(command.rest) if command.rest else None
                return await self._act(
                    request, lambda debate: rules.hint(debate, number_or_none, self._rubric)
                )
            case "end":
                return await self._act(request, rules.end)
            case "redo":
                turn_or_none = commands.point_number(command.rest) if command.rest else None
                return await self._act(request, lambda debate: rules.redo(debate, turn_or_none))
            case _:
                return await self._note(request)

    async def _hear_speech(self, request: Request, command: Command) -> Heard:
        id = await self._here(request)
        if await self._store.open_debate(request.person, request.place) != id:
            debate = (await self._load(id))[0]
            if debate.redoing is None:
                raise Refusal(Code.DEBATE_OVER)
        spoke = Spoke(key=request.key, text=command.rest, at=request.at)
        return await self._append(request, Write(request=request, speech=True, debate=id, entries=(spoke,)))

    async def _hear_start(self, request: Request, command: Command) -> Heard:
        options = _start_options(command, await self._offer(request.place))
        running = await self._store.open_debate(request.person, request.place)
        if running is not None:
            await self._leave(running, options.anew)
        seed = await self._seed(request) if options.seed is None else options.seed
        return await self._open(request, options.deck, options.side, options.level, seed, options.first)

    async def _seed(self, request: Request) -> int:
        """The chance of a new debate: drawn for the first one here, derived from the last one's after it."""
        last = await self._store.last_debate(request.person, request.place)
        if last is None:
            return self._draw()
        return rules.next_seed((await self._load(last))[0].started.seed, "start")

    async def _hear_switch(self, request: Request) -> Heard:
        id = await self._here(request)
        debate = (await self._settled(id))[0]
        if debate.ended is None:
            raise Refusal(Code.DEBATE_OPEN)
        seed = rules.next_seed(debate.started.seed, "switch")
        return await self._open(request, debate.deck, debate.side.other, debate.started.level, seed, False)

    async def _open(
        self, request: Request, deck: Deck, side: Side, level: Level, seed: int, first: bool
    ) -> Heard:
        entries = rules.start(
            deck,
            self._rubric,
            side,
            level,
            seed,
            request.at,
            first=first,
            practise=await self._practise(request.person),
        )
        new = NewDebate(
            deck_id=deck.id,
            deck_sha=deck.sha256,
            deck_json=deck.as_json,
            person=request.person,
            place=request.place,
            side=side,
            level=level,
            at=request.at,
        )
        self._decks.setdefault(deck.sha256, deck)
        return await self._append(
            request,
            Write(
                request=request,
                opens=new,
                entries=entries,
                answers=(request.key,),
                settings=await self._first_time(request),
            ),
        )

    async def _offer(self, place: Place) -> Library:
        return replace(self._library, decks=await self.motions(place))

    async def _first_time(self, request: Request) -> tuple[Setting, ...]:
        """The note that this start is the first in its place: the person is told what is stored."""
        scope = _channel(request.place)
        if await self._store.setting(scope, _TOLD) is not None:
            return ()
        return (Setting(scope=scope, name=_TOLD, value=_moment(request)),)

    async def _practise(self, person: Person) -> str:
        """The one thing to practise from the person's last finished debate."""
        ended = [summary for summary in await self._store.debates(person) if summary.ended_at is not None]
        if not ended:
            return ""
        latest = max(ended, key=lambda summary: (summary.ended_at or summary.opened_at, summary.id))
        debate = (await self._load(latest.id))[0]
        return str(judge(debate, self._judged_by(debate)).practise) if debate.speeches else ""

    async def _act(self, request: Request, decide: Callable[[Debate], tuple[Entry, ...]]) -> Heard:
        """Append what a command decides; what was said before it is answered first."""
        id = await self._here(request)
        while True:
            debate, ended_at = await self._settled(id)
            entries = decide(debate)
            write = Write(
                request=request,
                debate=id,
                entries=entries,
                expects=debate.length,
                closes=self._result(debate, entries, ended_at or request.at),
                answers=(request.key,),
            )
            try:
                return await self._append(request, write)
            except Conflict:
                continue

    async def _note(self, request: Request) -> Heard:
        """A command that changes nothing: only its key is taken."""
        debate = await self._store.last_debate(request.person, request.place)
        return await self._append(request, Write(request=request, debate=debate, answers=(request.key,)))

    async def _append(self, request: Request, write: Write) -> Heard:
        written = await self._store.append(write)
        if written.again:  # a known message was answered before: this key belongs to somebody forgotten
            return Heard(request, again=True, refused=Reply(()))
        return Heard(request, written.debate, False, written.first_seq, written.last_seq)

    async def _here(self, request: Request) -> int:
        """The debate a request is about: the open one here, else the last one."""
        id = await self._store.open_debate(request.person, request.place)
        id = id if id is not None else await self._store.last_debate(request.person, request.place)
        if id is None:
            raise Refusal(Code.NO_DEBATE)
        return id

    async def _leave(self, id: int, wanted: bool) -> None:
        """End the open debate if that is wanted; it may have ended by the words still unanswered in it."""
        debate, _ = await self._settled(id)
        if debate.ended is not None:
            return
        if not wanted:
            raise Refusal(Code.DEBATE_OPEN)
        entries = rules.end(debate)
        closes = self._result(debate, entries, self._clock())
        await self._store.append(Write(debate=id, entries=entries, expects=debate.length, closes=closes))

    # --- answering ---

    async def _answer_speech(self, heard: Heard) -> Reply:
        if heard.debate is None or heard.first is None:
            return Reply(())
        debate, _ = await self._settled(heard.debate)
        at = _answer_place(debate.entries, heard.first)
        if at is None:
            return Reply((), debate=heard.debate)
        return self._told(heard.debate, debate, at)

    async def _settled(self, id: int) -> tuple[Debate, datetime | None]:
        """The debate with everything heard in it answered, and when it ended."""
        lock = self._locks.setdefault(id, asyncio.Lock())
        async with lock:
            while True:
                debate, ended_at = await self._load(id)
                if not debate.pending:
                    return debate, ended_at
                settled = await self._settle(id, debate)
                if settled is not None:
                    return settled, ended_at

    async def _settle(self, id: int, debate: Debate) -> Debate | None:
        """Read and answer the words heard; None if more were heard meanwhile, which the next look takes in."""
        entries = rules.answer(debate, await self._read(debate), self._judged_by(debate))
        now = self._clock()
        write = Write(
            debate=id,
            entries=entries,
            expects=debate.length,
            closes=self._result(debate, entries, now),
            answers=tuple(spoke.key for _, spoke in debate.pending),
        )
        try:
            await self._store.append(write)
        except Conflict:
            log.info("debate %s grew while it was read", id)
            return None
        return follow(debate, *entries)

    async def _read(self, debate: Debate) -> Reading:
        text = "\n".join(spoke.text for _, spoke in debate.pending)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._pool, self._reader.read, debate.deck, text, debate.situation()
            )
        except Exception:  # noqa: BLE001 - a message that breaks the reader must not block its debate for ever
            log.error("the reader failed on a message of debate entry %s", debate.pending[0][0])
            return Reading(kind=Kind.GIBBERISH, kind_p=0.0)

    def _result(self, debate: Debate, entries: Iterable[Entry], now: datetime) -> Result | None:
        """The result of a debate that ``entries`` end, or that they change after its end."""
        added = tuple(entries)
        late = debate.ended is not None and any(isinstance(entry, Contested) for entry in added)
        if not late and not any(isinstance(entry, Ended) for entry in added):
            return None
        whole = (*debate.entries, *added)
        rubric = self._judged_by(debate)
        ranked = judge(replay(debate.deck, whole, contests=False), rubric)
        shown = judge(replay(debate.deck, whole), rubric)
        return Result(
            deck_id=debate.deck.id,
            side=debate.side,
            level=debate.started.level,
            score=ranked.total,
            contested=shown.total if shown.total != ranked.total else None,
            complete=ranked.complete,
            at=now,
        )

    def _judged_by(self, debate: Debate) -> Rubric:
        return self._rubrics.get(debate.started.rubric_sha, self._rubric)

    async def _load(self, id: int) -> tuple[Debate, datetime | None]:
        transcript = await self._store.transcript(id)
        deck = self._decks.get(transcript.deck_sha)
        if deck is None:
            stored = await self._store.deck(transcript.deck_sha)
            assert stored is not None, "a debate's deck is stored with it"
            deck = self._decks.setdefault(transcript.deck_sha, Deck.model_validate_json(stored))
        return replay(deck, transcript.entries), transcript.ended_at

    def _told(self, id: int, debate: Debate, first: int, last: int | None = None) -> Reply:
        """What the bot shows for the entries from ``first`` to ``last`` (None: and what came with it)."""
        end = _with_ending(debate.entries, first) if last is None else last
        told = telling.tell(debate, self._judged_by(debate))
        blocks = [block for t in told if first <= t.at <= end for block in t.blocks]
        over = any(isinstance(entry, Ended) for entry in debate.entries[: end + 1])
        return Reply(tuple(blocks), debate=id, over=over)

    async def _answer_command(self, heard: Heard, command: Command) -> Reply:
        private = commands.BY_NAME[command.name].private
        ignored = commands.ignored(command)
        noted: tuple[Block, ...] = (desk.ignored(command.name, ignored),) if ignored else ()
        if heard.debate is not None and heard.first is not None:
            debate, _ = await self._load(heard.debate)
            reply = self._told(heard.debate, debate, heard.first, heard.last)
            told = await self._store.setting(_channel(heard.request.place), _TOLD)
            first_time = heard.first == 0 and told == _moment(heard.request)
            extra: tuple[Block, ...] = (Notice(desk.STORED),) if first_time else ()
            return replace(reply, blocks=noted + reply.blocks + extra, private=private)
        return Reply((*noted, *await self._desk(heard, command)), private, heard.debate)

    async def _desk(self, heard: Heard, command: Command) -> Iterable[Block]:
        """The blocks of a command that changes no debate."""
        match command.name:
            case "help":
                return desk.help_text(command.rest)
            case "motions":
                return desk.motions(await self.motions(heard.request.place))
            case "leaderboard":
                return await self._leaderboard(heard.request, command)
            case "forget-me":
                return await self._forget(heard.request, command)
            case _:
                return await self._about_debate(heard, command)

    async def _about_debate(self, heard: Heard, command: Command) -> Iterable[Block]:
        if command.name == "cards" and heard.debate is None:
            offer = await self._offer(heard.request.place)
            return desk.cards(_deck(offer, ""), _side(command.rest))
        if heard.debate is None:
            raise Refusal(Code.NO_DEBATE)
        debate, _ = await self._settled(heard.debate)
        match command.name:
            case "flow":
                return (telling.flow(debate),)
            case "score":
                return ballot.score_so_far(debate, self._judged_by(debate))
            case "cards":
                return desk.cards(debate.deck, _side(command.rest))
            case "why":
                return _why(debate, command)
            case "contest":
                turn = commands.point_number(command.rest) if command.rest else len(debate.speeches)
                return desk.contest_choices(debate, turn, rules.options(debate, turn))
            case _:
                return (self._exported(heard.debate, debate, command),)

    def _exported(self, id: int, debate: Debate, command: Command) -> File:
        form = command.rest.lower() or "markdown"
        if form not in exporting.FORMATS:
            raise Refusal(Code.BAD_ARGUMENT, word=form[:20])
        return exporting.export(id, debate, self._judged_by(debate), form)

    async def _leaderboard(self, request: Request, command: Command) -> Iterable[Block]:
        person, (word, *rest) = request.person, (*command.words, "")
        match word.lower():
            case "join":
                await self._store.join_board(person, " ".join(rest).strip()[:40] or "somebody")
            case "leave":
                await self._store.leave_board(person)
            case "all":
                ranks = await self._store.leaderboard(person.platform, person.scope)
                return desk.board([desk.Line(r.name, r.deck_id, r.side, r.level, r.score) for r in ranks])
            case "":
                pass
            case _:
                raise Refusal(Code.BAD_ARGUMENT, word=word[:20])
        results = await self._store.results(person, 5)
        joined = any(
            rank.person == person for rank in await self._store.leaderboard(person.platform, person.scope)
        )
        lines = [desk.Line("", r.deck_id, r.side, r.level, r.score, r.complete) for r in results]
        return desk.own_results(lines, joined or word.lower() == "join")

    async def _forget(self, request: Request, command: Command) -> Iterable[Block]:
        if command.rest.lower() != "yes":
            return desk.forget_question(len(await self._store.debates(request.person)))
        gone = await self._store.forget(request.person)
        return (desk.forgotten(gone.debates, gone.messages),)


_TOLD = "told-what-is-stored"
"""The setting of a place that holds the moment of the start at which the person was told: nothing that names anybody."""


def _moment(request: Request) -> str:
    return request.at.astimezone(UTC).isoformat()


def _refused(error: Refusal | Unreadable, command: Command | None = None) -> Reply:
    name = command.name if command is not None else ""
    notice = words.refusal(error, name) if isinstance(error, Refusal) else words.unreadable(error)
    return Reply((notice,), private=True)


def _heard(inbox: Inbox) -> Heard:
    return Heard(inbox.request, inbox.debate, False, inbox.first_seq, inbox.last_seq)


def _answer_place(entries: tuple[Entry, ...], spoke: int) -> int | None:
    """Where the answer to the words at place ``spoke`` stands; None when it is shown with later words of the same speech."""
    for at, entry in enumerate(entries):
        if isinstance(entry, Read) and spoke in entry.of:
            return at + 1 if spoke == max(entry.of) else None
    return None


def _with_ending(entries: tuple[Entry, ...], at: int) -> int:
    """The place of the entry ``at``, or of the end of the debate that came with it."""
    following = entries[at + 1] if at + 1 < len(entries) else None
    closed = isinstance(following, Ended) and following.why is Why.CLOSING
    return at + 1 if isinstance(entries[at], Answered) and closed else at


def _side(word: str) -> Side | None:
    if not word:
        return None
    if word.lower() not in set(Side):
        raise Refusal(Code.BAD_ARGUMENT, word=word[:20])
    return Side(word.lower())


def _why(debate: Debate, command: Command) -> Iterable[Block]:
    """The card named as ``f07``, as it is shown (``[f07 · ¶11]``) or by a point (``#3``); unnamed, the bot's last."""
    word = command.rest.strip("[]?!. ").lower()
    id = word.split()[0] if word else ""
    if id.startswith("#"):
        point = debate.by_number.get(commands.point_number(id))
        id = (point.card or "") if point is not None else ""
    elif not id:
        id = next((point.card for point in reversed(debate.bots) if point.card), "")
    card = debate.deck.by_id.get(id)
    if card is None:
        raise Refusal(Code.UNKNOWN_CARD, word=clipped(word, 20) or "?")
    return desk.why(debate.deck, card, debate)


def _speech_number(debate: Debate, spoke: int | None) -> int | None:
    """The number of the counted speech that the words at place ``spoke`` became, if they did."""
    number = 0
    for read, entry in zip(debate.entries, debate.entries[1:], strict=False):
        if isinstance(entry, Answered) and entry.counts and isinstance(read, Read):
            number += 1
            if spoke in read.of:
                return number
    return None


def _scope(place: Place) -> str:
    return place_scope(place.platform, place.scope, place.channel, place.thread)


def _channel(place: Place) -> str:
    """The scope of settings that a place shares with its threads."""
    return place_scope(place.platform, place.scope, place.channel)


@dataclass(frozen=True)
class _Start:
    deck: Deck
    side: Side
    level: Level
    first: bool
    seed: int | None
    anew: bool


def _start_options(command: Command, library: Library) -> _Start:
    """The options of ``start`` in any order: a side, a level, ``first``, ``anew``, ``seed=N``; the rest names the motion."""
    side, level, first, anew, seed, motion = Side.FOR, Level.NOVICE, False, False, None, list[str]()
    for word in command.words:
        low = word.lower()
        if low in set(Side):
            side = Side(low)
        elif low in set(Level):
            level = Level(low)
        elif low == "first":
            first = True
        elif low == "anew":
            anew = True
        elif low.startswith("seed="):
            seed = commands.point_number(low.removeprefix("seed="), digits=9)
        else:
            motion.append(word)
    return _Start(_deck(library, " ".join(motion)), side, level, first, seed, anew)


def _deck(library: Library, motion: str) -> Deck:
    if not library.decks:
        raise Refusal(Code.UNKNOWN_MOTION, word=motion[:60] or "?")
    try:
        return library.find(motion) if motion else library.decks[0]
    except UnknownDeck as error:
        near = error.near[0] if error.near else ""
        raise Refusal(Code.UNKNOWN_MOTION, word=motion[:60], near=near) from None
