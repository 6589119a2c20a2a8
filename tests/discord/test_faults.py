"""What goes wrong: cut connections, refusals, events twice, restarts, absences, edits and deletions. Heard once, shown
once, nothing lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.discord import client
from bot.debate.entries import Spoke
from bot.store import writer
from bot.store.store import Store
from tests.chat.whole import SlowReader, in_the_terminal, recorded
from tests.coach.talk import SPEECHES
from tests.discord.conftest import Service
from tests.discord.play import (
    BALLOT,
    answered,
    exchange,
    own,
    play,
    pressable,
    start,
)
from tests.doubles.discord import Channel, Discord, Guild, Message, Person, Unanswered


def heard(thread: Channel) -> list[Message]:
    return [message for message in own(thread) if "What I heard" in message.text]


async def spoken(folder: Path, debate: int = 1) -> list[Spoke]:
    async with await Store.open(folder) as store:
        return [e for e in (await store.transcript(debate)).entries if isinstance(e, Spoke)]


# --- connections ---


@pytest.mark.parametrize("fault", ["drop", "reconnect", "forget", "invalidate"])
async def test_a_cut_connection_loses_nothing_and_doubles_nothing(
    double: Discord, service: Service, ann: Person, folder: Path, tmp_path: Path, fault: str
) -> None:
    thread = await start(double, ann)
    for at, speech in enumerate(SPEECHES):
        await ann.says(thread, speech)
        if at in (1, 3):
            getattr(double.sessions, fault)()
        if at in (1, 3) and fault == "forget":
            double.sessions.drop()
        await ann.hears(thread, "What I heard", within=20)
    assert len(heard(thread)) == len(SPEECHES)
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


@pytest.mark.parametrize(
    "fault",
    [(502,), (500, None, True), (429, 0.1), (0,), (0, None, True)],
    ids=["502", "500 after it was done", "429", "cut", "cut after it was done"],
)
async def test_a_failing_request_is_made_again_and_shows_once(
    double: Discord, service: Service, ann: Person, fault: tuple[object, ...]
) -> None:
    thread = await start(double, ann)
    double.fail.append((r"POST /channels/\d+/messages$", *fault))
    await ann.says(thread, SPEECHES[0])
    await ann.hears(thread, "What I heard", within=20)
    await exchange(ann, thread, SPEECHES[1])
    assert len(heard(thread)) == 2


async def test_an_event_that_comes_twice_is_answered_once(
    double: Discord, service: Service, ann: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    await ann.says(thread, SPEECHES[0])
    double.sessions.again("MESSAGE_CREATE")
    await ann.hears(thread, "What I heard")
    await exchange(ann, thread, SPEECHES[1])
    double.sessions.again("INTERACTION_CREATE")
    await exchange(ann, thread, SPEECHES[2])
    assert len(heard(thread)) == 3
    assert len(ann.threads()) == 1
    await service.stop()
    assert len(await spoken(folder)) == 3


async def test_a_refused_layout_is_sent_as_plain_text(double: Discord, service: Service, ann: Person) -> None:
    thread = await start(double, ann)
    double.fail.append((r"POST /channels/\d+/messages$", 400))
    await ann.says(thread, SPEECHES[0])
    shown = await ann.hears(thread, "What I heard")
    assert shown.content
    assert not shown.components
    assert "Flow (!flow)" in shown.text


async def test_an_answer_that_cannot_be_shown_is_shown_at_the_next_word(
    double: Discord, service: Service, ann: Person
) -> None:
    thread = await start(double, ann)
    double.fail.append((r"POST /channels/\d+/messages$", 403))
    await ann.says(thread, SPEECHES[0])
    await ann.slash("debate flow", thread)
    await ann.hears(thread, "your speech 1")
    await exchange(ann, thread, SPEECHES[1])


# --- stops ---


async def test_a_debate_goes_on_after_a_restart(
    double: Discord, service: Service, ann: Person, folder: Path, tmp_path: Path
) -> None:
    thread = await start(double, ann)
    shown = await play(ann, thread, SPEECHES[:2])
    await service.stop()
    await service.start()
    form = (await ann.press(shown, "Reply")).modal  # a button of before
    assert form is not None
    await service.stop()
    await service.start()
    await ann.submit(form, {"words": SPEECHES[2]})  # a form of before
    await ann.hears(thread, "What I heard")
    assert BALLOT in (await play(ann, thread, SPEECHES[3:])).text
    assert service.codes == [143, 143]
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_what_was_said_while_the_bot_was_away_is_heard_once(
    double: Discord, service: Service, ann: Person, bob: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    await exchange(ann, thread, SPEECHES[0])
    await service.stop()
    await ann.says(thread, SPEECHES[1])
    await bob.says(thread, "I say nothing that counts.")
    await service.start()
    await ann.hears(thread, "your speech 2")
    await service.stop()
    await service.start()
    await exchange(ann, thread, SPEECHES[2])
    assert len(heard(thread)) == 3
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:3])


async def test_however_much_was_said_while_the_bot_was_away_it_is_heard(
    double: Discord, service: Service, ann: Person, bob: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    await exchange(ann, thread, SPEECHES[0])
    await service.stop()
    await ann.says(thread, SPEECHES[1])
    chatter = [await bob.says(thread, f"I say nothing that counts, {number}.") for number in range(230)]
    await ann.says(thread, SPEECHES[2])
    before = len(double.asked(f"GET /channels/{thread.id}/messages"))
    await service.start()
    await ann.hears(thread, "your speech 2", within=20)
    assert len(double.asked(f"GET /channels/{thread.id}/messages")) >= before + 3
    await exchange(ann, thread, SPEECHES[3])
    await double.until(lambda: all(message.reactions for message in chatter), within=20)
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:4])
    assert len(heard(thread)) == 3


async def test_the_buttons_of_before_a_restart_are_closed_at_the_end(
    double: Discord, service: Service, ann: Person
) -> None:
    thread = await start(double, ann)
    await play(ann, thread, SPEECHES[:2])
    await service.stop()
    await service.start()
    ballot = await play(ann, thread, SPEECHES[2:])
    await double.until(lambda: pressable(thread) == list(ballot.buttons))
    assert pressable(thread)


async def test_a_speech_heard_before_a_stop_is_answered_after_it(
    double: Discord, guild: Guild, ann: Person, folder: Path
) -> None:
    reader = SlowReader()
    service = Service(double, folder, reader)
    await service.start()
    thread = await start(double, ann)
    await ann.says(thread, SPEECHES[0])
    await double.until(lambda: double.asked("/typing"))  # heard, and being read
    stopping = asyncio.create_task(service.stop())
    reader.go.set()
    await stopping
    await service.start()
    await ann.hears(thread, "your speech 1")
    await exchange(ann, thread, SPEECHES[1])
    assert len(heard(thread)) == 2
    await service.stop()


async def test_an_answer_shown_but_not_noted_is_not_shown_again(
    double: Discord, service: Service, ann: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    await exchange(ann, thread, SPEECHES[0])
    await service.stop()
    async with await Store.open(folder) as store:
        assert not await store.unfinished()
        message = next(m for m in thread.messages.values() if m.content == SPEECHES[0])
        await asyncio.to_thread(_unmark, folder, f"discord:m:{message.id}")
    double.pass_time(600)  # the nonce is forgotten by now
    await service.start()
    await exchange(ann, thread, SPEECHES[1])
    assert len(heard(thread)) == 2


def _unmark(folder: Path, key: str) -> None:
    import sqlite3

    with sqlite3.connect(folder / "gadfly.db") as connection:
        done = connection.execute("UPDATE inbox SET delivered_at = NULL WHERE key = ?", (key,))
        assert done.rowcount == 1
    connection.close()


async def test_a_private_answer_lost_in_a_stop_is_shown_at_the_next_press(
    double: Discord, service: Service, ann: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    shown = await exchange(ann, thread, SPEECHES[0])
    asked = await ann.press(shown, "Points")
    await answered(double, asked)
    await service.stop()
    await asyncio.to_thread(_unmark, folder, f"discord:i:{asked.id}")
    await service.start()
    pressed = await ann.press(shown, "Why")
    await double.until(lambda: len([m for m in pressed.messages if not m.loading]) == 2)
    assert "total" in pressed.messages[0].text
    assert all(message.ephemeral for message in pressed.messages)


async def test_late_acknowledgements_are_survived(double: Discord, service: Service, ann: Person) -> None:
    thread = await start(double, ann)
    shown = await exchange(ann, thread, SPEECHES[0])
    double.fail.append((r"POST /interactions/.*/callback", 404))
    double.ack_window = 0.3
    with pytest.raises(Unanswered):
        await ann.press(shown, "Flow")
    double.ack_window = 3.0
    await exchange(ann, thread, SPEECHES[1])


async def test_presses_during_a_stop_are_told_to_come_again(
    double: Discord, guild: Guild, ann: Person, folder: Path
) -> None:
    reader = SlowReader()
    service = Service(double, folder, reader)
    await service.start()
    thread = await start(double, ann)
    opening = own(thread)[-1]
    await ann.says(thread, SPEECHES[0])
    await double.until(lambda: double.asked("/typing"))
    stopping = asyncio.create_task(service.stop())
    for _ in range(20):  # turns of the loop, in which the signal arrives
        await asyncio.sleep(0)
    told = await ann.press(opening, "Why")
    reader.go.set()
    await stopping
    assert told.ephemeral
    assert "about to stop" in told.text


# --- too much at once ---


@pytest.fixture
def overload(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Makes the store refuse whatever is to be written, and take it again; nobody comes back by himself."""
    most = writer.LIMIT
    monkeypatch.setattr(client, "AGAIN", 3600)
    return lambda on: monkeypatch.setattr(writer, "LIMIT", 0 if on else most)


async def test_words_that_are_too_much_are_heard_before_the_next(
    double: Discord, service: Service, ann: Person, folder: Path, overload: Callable[[bool], None]
) -> None:
    thread = await start(double, ann)
    await exchange(ann, thread, SPEECHES[0])
    overload(True)
    await ann.says(thread, SPEECHES[1])
    assert "need not say it again" in (await ann.hears(thread, "too much at once")).text
    overload(False)
    await exchange(ann, thread, SPEECHES[2])
    await exchange(ann, thread, SPEECHES[3])
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:4])
    assert len(heard(thread)) == 3  # the first, those that came together, the last


async def test_a_form_that_is_too_much_is_given_back(
    double: Discord, service: Service, ann: Person, folder: Path, overload: Callable[[bool], None]
) -> None:
    thread = await start(double, ann)
    form = (await ann.press(own(thread)[-1], "Reply")).modal
    assert form is not None
    overload(True)
    told = await ann.submit(form, {"words": SPEECHES[0]})
    await double.until(lambda: any("I did not take it" in message.text for message in told.messages))
    assert any(SPEECHES[0][:30] in message.text for message in told.messages)
    overload(False)
    await service.stop()
    assert await spoken(folder) == []


async def test_words_that_are_too_much_are_heard_later_by_themselves(
    double: Discord,
    service: Service,
    ann: Person,
    folder: Path,
    overload: Callable[[bool], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread = await start(double, ann)
    overload(True)
    monkeypatch.setattr(client, "AGAIN", 0.01)
    await ann.says(thread, SPEECHES[0])
    await ann.hears(thread, "too much at once")
    overload(False)
    await ann.hears(thread, "your speech 1")
    await exchange(ann, thread, SPEECHES[1])
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:2])
    assert len([m for m in own(thread) if "too much at once" in m.text]) == 1


async def test_words_that_are_too_much_are_not_lost_in_a_restart(
    double: Discord,
    service: Service,
    ann: Person,
    bob: Person,
    folder: Path,
    overload: Callable[[bool], None],
) -> None:
    thread = await start(double, ann)
    overload(True)
    await ann.says(thread, SPEECHES[0])
    await ann.hears(thread, "too much at once")
    await bob.says(thread, "What I say is not written, and moves nothing on.")
    await ann.slash("debate help", thread)  # once this is acknowledged, the words of bob have come too
    await service.stop()
    overload(False)
    assert not heard(thread)
    await service.start()
    await ann.hears(thread, "your speech 1")
    await exchange(ann, thread, SPEECHES[1])
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:2])
    assert len(heard(thread)) == 2


async def test_an_answer_that_is_too_much_comes_later(
    double: Discord,
    guild: Guild,
    ann: Person,
    folder: Path,
    overload: Callable[[bool], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = SlowReader()
    service = Service(double, folder, reader)
    await service.start()
    thread = await start(double, ann)
    monkeypatch.setattr(client, "AGAIN", 0.01)
    await ann.says(thread, SPEECHES[0])
    await double.until(lambda: double.asked("/typing"))  # heard, and being read
    overload(True)
    reader.go.set()
    await ann.hears(thread, "too much at once")
    overload(False)
    await ann.hears(thread, "your speech 1")
    await exchange(ann, thread, SPEECHES[1])
    await service.stop()
    assert len(heard(thread)) == 2
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:2])


# --- second thoughts ---


async def test_an_edited_speech_keeps_its_score_and_says_how_to_redo(
    double: Discord, service: Service, ann: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    await exchange(ann, thread, SPEECHES[0])
    said = await ann.says(thread, SPEECHES[1])
    await ann.hears(thread, "What I heard")
    await ann.edits(said, "Something better.")
    assert "`!redo 2`" in (await ann.hears(thread, "You changed a speech")).text
    other = await ann.says(ann.place, "No speech.")
    await ann.edits(other, "Still none.")
    await exchange(ann, thread, SPEECHES[2])
    await service.stop()
    assert [s.text for s in await spoken(folder)] == list(SPEECHES[:3])


async def test_a_deleted_speech_loses_its_text_and_keeps_its_score(
    double: Discord, service: Service, ann: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    said = await ann.says(thread, SPEECHES[0])
    await ann.hears(thread, "What I heard")
    await ann.deletes(said)
    await exchange(ann, thread, SPEECHES[1])
    await service.stop()
    assert [(s.text, s.erased) for s in await spoken(folder)] == [("", True), (SPEECHES[1], False)]


async def test_speeches_that_are_deleted_at_once_lose_their_texts(
    double: Discord, service: Service, ann: Person, folder: Path
) -> None:
    thread = await start(double, ann)
    for speech in SPEECHES[:2]:
        await exchange(ann, thread, speech)
    double.purge(thread, [message for message in thread.messages.values() if message.author is ann.user])
    await exchange(ann, thread, SPEECHES[2])
    await service.stop()
    assert [(s.text, s.erased) for s in await spoken(folder)] == [
        ("", True),
        ("", True),
        (SPEECHES[2], False),
    ]


async def test_a_person_is_forgotten(double: Discord, service: Service, ann: Person, folder: Path) -> None:
    thread = await start(double, ann)
    await exchange(ann, thread, SPEECHES[0])
    asked = await answered(double, await ann.slash("debate forget-me", thread))
    gone = await answered(double, await ann.press(asked, "Delete everything"))
    assert "Deleted: 1 debate" in gone.text
    await service.stop()
    async with await Store.open(folder) as store:
        assert await store.seat(1) is None
