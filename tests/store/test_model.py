"""Any order of starting, speaking, answering, erasing, forgetting, restarting and delivering again, against a
model made of dictionaries."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.debate.entries import Spoke
from bot.debate.errors import Conflict
from bot.messages import Person
from bot.store.errors import Gone
from bot.store.store import Store
from tests.store.given import ROOM, answer, files_with, finish, result, speech, start

T = TypeVar("T")

PEOPLE = [Person("discord", "guild", name) for name in ("ann", "bob")]
people = st.sampled_from(PEOPLE)
keys = st.integers(0, 9).map("key-{}".format)


class Debate:
    """What the model knows of a debate: the keys (or None) of its entries in order."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.entries: list[str | None] = [None, None]
        self.open = True


class StoreModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.debates: dict[int, Debate] = {}
        self.texts: dict[str, str] = {}
        self.heard: dict[str, tuple[Person, int]] = {}
        self.buried: set[str] = set()
        self.answered: set[str] = set()
        self.count = 0

    def do(self, what: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(what)

    @initialize()
    def begin(self) -> None:
        self.store = self.do(Store.open(self.folder))

    def teardown(self) -> None:
        self.do(self.store.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)

    def current(self, person: Person) -> int | None:
        return next((n for n, item in self.debates.items() if item.person == person and item.open), None)

    @rule(person=people, key=keys)
    def starts(self, person: Person, key: str) -> None:
        try:
            written = self.do(self.store.append(start(key, person)))
        except Conflict:
            assert self.current(person) is not None
            assert key not in self.heard
            return
        assert written.again == (key in self.heard or key in self.buried)
        if not written.again:
            assert written.debate is not None
            assert self.current(person) is None
            self.debates[written.debate] = Debate(person)
            self.heard[key] = person, written.debate
            self.texts[key] = "!start"
            self.answered.add(key)

    @rule(person=people, key=keys)
    def speaks(self, person: Person, key: str) -> None:
        debate = self.current(person) or 999
        self.count += 1
        text = f"SECRET-{self.count}."
        try:
            written = self.do(self.store.append(speech(key, text, debate, person)))
        except Gone:
            assert debate == 999
            assert key not in self.heard
            return
        assert written.again == (key in self.heard or key in self.buried)
        if not written.again:
            self.debates[debate].entries.append(key)
            self.heard[key] = person, debate
            self.texts[key] = text
            assert written.first_seq == len(self.debates[debate].entries) - 1

    @rule(person=people, key=keys, off=st.sampled_from([0, 0, 0, -1, 1]))
    def answers(self, person: Person, key: str, off: int) -> None:
        debate = self.current(person)
        if debate is None:
            return
        entries = self.debates[debate].entries
        try:
            self.do(self.store.append(answer(key, debate=debate, expects=len(entries) + off)))
        except Conflict:
            assert off
            return
        assert not off
        entries.append(None)
        self.answered |= {key} & set(self.heard)

    @rule(person=people, key=keys)
    def ends(self, person: Person, key: str) -> None:
        debate = self.current(person)
        if debate is None:
            return
        written = self.do(self.store.append(finish(key, debate, result(), person)))
        if not written.again:
            self.debates[debate].entries.append(None)
            self.debates[debate].open = False
            self.heard[key] = person, debate
            self.texts[key] = "!end"
            self.answered.add(key)

    @rule(key=keys)
    def deletes(self, key: str) -> None:
        known = self.heard.get(key)
        assert self.do(self.store.erase(known[1] if known else None, key)) == (known is not None)
        if known:
            lost, self.texts[key] = self.texts[key], ""
            assert not lost.startswith("SECRET") or files_with(self.folder, lost) == []

    @rule(person=people)
    def forgets(self, person: Person) -> None:
        mine = {key for key, (who, _) in self.heard.items() if who == person}
        lost = [self.texts.pop(key) for key in mine]
        forgotten = self.do(self.store.forget(person))
        assert forgotten.messages == len(mine)
        assert forgotten.debates == sum(item.person == person for item in self.debates.values())
        self.buried |= mine
        self.answered -= mine
        self.heard = {key: value for key, value in self.heard.items() if key not in mine}
        self.debates = {n: item for n, item in self.debates.items() if item.person != person}
        assert not any(files_with(self.folder, text) for text in lost if text.startswith("SECRET"))

    @rule()
    @precondition(lambda self: self.debates)
    def restarts(self) -> None:
        self.do(self.store.close())
        self.store = self.do(Store.open(self.folder))

    @invariant()
    def the_store_is_as_the_model(self) -> None:
        if not hasattr(self, "store"):
            return
        for number, item in self.debates.items():
            transcript = self.do(self.store.transcript(number))
            found = [entry.key if isinstance(entry, Spoke) else None for entry in transcript.entries]
            assert found == item.entries
            assert (transcript.ended_at is None) == item.open
            for entry in transcript.entries:
                if isinstance(entry, Spoke):
                    assert (entry.text, entry.erased) == (self.texts[entry.key], not self.texts[entry.key])
        waiting = self.do(self.store.unfinished())
        assert {message.request.key: message.request.text for message in waiting} == self.texts
        assert {message.request.key for message in waiting if message.answered_at} == self.answered
        for person in PEOPLE:
            assert self.do(self.store.open_debate(person, ROOM)) == self.current(person)


TestStoreModel = StoreModel.TestCase
TestStoreModel.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
