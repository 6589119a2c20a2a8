"""What goes wrong: lost sockets, refusals, events twice, restarts, absences, too much at once. Heard once, shown once,
nothing lost.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.chat.service import Problem
from adapters.slack import client
from adapters.slack import words as own_words
from bot.debate.entries import Spoke
from bot.store import writer
from bot.store.store import Store
from tests.chat.whole import TALKS, SlowReader, in_the_terminal, recorded
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Channel, Message, Person, Slack, Unanswered
from tests.slack.conftest import HTTP, SOCKET, Service
from tests.slack.play import BALLOT, HEARD, begin_directly, exchange, opened, own, play, pressable, start


def heard(person: Person, at: Channel, thread: Message | None = None) -> list[Message]:
    return [message for message in own(person, at, thread) if HEARD in message.words]


async def spoken(folder: Path, debate: int = 1) -> list[Spoke]:
    async with await Store.open(folder) as store:
        return [e for e in (await store.transcript(debate)).entries if isinstance(e, Spoke)]


# --- delivery ---


@pytest.mark.parametrize("transport", [SOCKET], indirect=True)
@pytest.mark.parametrize("fault", ["refresh", "drop", "warn"])
async def test_a_lost_socket_loses_nothing_and_doubles_nothing(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path, tmp_path: Path, fault: str
) -> None:
    root = await start(ann, room)
    for at, speech in enumerate(SPEECHES):
        await ann.says(room, speech, thread=root)
        if at in (1, 3):
            await getattr(double.sockets, fault)()
        await ann.hears(room, HEARD, thread=root, within=20)
    assert len(heard(ann, room, root)) == len(SPEECHES)
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_what_comes_twice_is_answered_once(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path, tmp_path: Path
) -> None:
    double.duplicate = 1.0
    root = await start(ann, room)
    assert BALLOT in (await play(ann, room, root)).words
    await double.settled()
    assert len(heard(ann, room, root)) == len(SPEECHES)
    assert len(own(ann, room)) == 1
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_one_message_as_two_events_is_one_speech(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path
) -> None:
    root = await start(ann, room)
    await ann.says(room, f"@Gadfly {SPEECHES[0]}", thread=root)
    await ann.hears(room, HEARD, thread=root)
    await double.settled()
    await exchange(ann, room, SPEECHES[1], root)
    kinds = {event.event["type"] for event in double.events if event.event}
    assert {"message", "app_mention"} <= kinds
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:2])


@pytest.mark.parametrize("transport", [HTTP], indirect=True)
async def test_a_forged_or_old_request_is_refused(
    double: Slack, service: Service, ann: Person, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await begin_directly(ann)
    await ann.tells(SPEECHES[0])
    await ann.hears(ann.dm, HEARD)
    payload = next(e.payload for e in double.events if e.event and e.event.get("user") == ann.id)
    said = {**payload["event"], "ts": f"{double.now():.6f}"}
    forged = {**payload, "event": {**said, "text": "forged words"}}
    assert await double.deliver_raw(forged, secret="wrong") == 401
    assert await double.deliver_raw(forged, timestamp=int(double.now()) - 301) == 401
    assert await double.deliver_raw({**payload, "event": {**said, "text": "signed words"}}) == 200
    await service.stop()
    assert [said.text for said in await spoken(folder)] == [SPEECHES[0], "signed words"]
    assert "forged words" not in caplog.text


@pytest.mark.parametrize("transport", [SOCKET], indirect=True)
async def test_what_is_refused_is_told_once(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    double.duplicate = 1.0
    await ann.says(room, "!hlep", thread=root)
    await ann.says(room, "@Gadfly !hlep", thread=root)
    said = await ann.says(room, SPEECHES[0], thread=root)
    await ann.hears(room, HEARD, thread=root)
    await ann.edits(said, "Something else.")
    await ann.hears(room, "You changed a speech", thread=root)
    for _ in range(2):
        await double.sockets.refresh()
        await double.connected()
    await double.settled()
    await service.stop()
    await service.start()
    await exchange(ann, room, SPEECHES[1], root)
    told = [message.words for message in ann.sees(room, root) if message.ephemeral]
    assert sum("Did you mean" in text for text in told) == 2
    assert sum("You changed a speech" in text for text in told) == 1


# --- showing ---


@pytest.mark.parametrize(
    "fault",
    [
        ("internal_error", None),
        (500, None, True),
        (429, 1),
        (0,),
        (0, None, True),
        ("internal_error", None, True),
    ],
    ids=["error", "500 after it was done", "429", "cut", "cut after it was done", "error after it was done"],
)
async def test_a_failing_request_is_made_again_and_shows_once(
    double: Slack, service: Service, ann: Person, room: Channel, fault: tuple[object, ...]
) -> None:
    root = await start(ann, room)
    double.fail.append(("chat.postMessage", *fault))
    await ann.says(room, SPEECHES[0], thread=root)
    await ann.hears(room, HEARD, thread=root, within=20)
    await exchange(ann, room, SPEECHES[1], root)
    assert len(heard(ann, room, root)) == 2


async def test_refused_blocks_are_sent_as_plain_text(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    double.fail.append(("chat.postMessage", "invalid_blocks"))
    await ann.says(room, SPEECHES[0], thread=root)
    shown = await ann.hears(room, HEARD, thread=root)
    assert not shown.blocks or not shown.buttons
    assert "!flow" in shown.words
    double.fail.append(("chat.postEphemeral", "invalid_blocks"))
    await ann.says(room, "!score", thread=root)
    assert not (await ann.hears(room, "total", thread=root)).buttons


async def test_an_answer_that_cannot_be_shown_is_shown_at_the_next_word(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    double.fail.append(("chat.postMessage", "restricted_action"))
    await ann.says(room, SPEECHES[0], thread=root)
    await double.settled()
    await ann.says(room, "!flow", thread=root)
    await ann.hears(room, "your speech 1", thread=root)
    await exchange(ann, room, SPEECHES[1], root)
    assert len(heard(ann, room, root)) == 2


async def test_it_is_shown_later_by_itself(
    double: Slack, service: Service, ann: Person, room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "AGAIN", 0.01)
    root = await start(ann, room)
    double.fail.extend([("chat.postMessage", "restricted_action")] * 2)
    await ann.says(room, SPEECHES[0], thread=root)
    await ann.hears(room, "your speech 1", thread=root)
    assert len(heard(ann, room, root)) == 1


@pytest.mark.parametrize("why", ["not_in_channel", "restricted_action_read_only_channel"])
async def test_where_no_thread_can_be_opened_the_debate_goes_on_directly(
    double: Slack, service: Service, ann: Person, room: Channel, why: str
) -> None:
    double.fail.append(("chat.postMessage", why))
    done = await ann.command("/debate", f"start {TALKS} against", at=room)
    await ann.hears(ann.dm, "You argue against")
    await double.until(lambda: any("Your debate is here" in message.words for message in done.messages))
    await exchange(ann, ann.dm, SPEECHES[0])


async def test_where_it_cannot_go_on_directly_either_it_waits(
    double: Slack, service: Service, ann: Person, room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "AGAIN", 0.01)
    await begin_directly(ann)
    double.kick(room)
    done = await ann.command("/debate", f"start {TALKS} against", at=room)
    await double.until(lambda: any("could not open a thread" in message.words for message in done.messages))
    double.invite(room)
    root = await ann.hears(room, "argues against")
    await ann.hears(room, "You argue against", thread=root)
    assert sum("could not open a thread" in message.words for message in done.messages) == 1


async def test_a_bot_that_was_removed_says_so_once_and_owes_its_answer(
    double: Slack, service: Service, ann: Person, room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "AGAIN", 0.01)
    root = await start(ann, room)
    double.kick(room)
    await ann.command("/debate", f"say {SPEECHES[0]}", at=room)
    await ann.hears(room, "no member of the channel")
    double.invite(room)
    await ann.hears(room, "your speech 1", thread=root)
    assert sum("no member" in message.words for message in ann.sees(room)) == 1


async def test_a_debate_whose_channel_is_gone_is_told_of_and_holds_nothing_up(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    double.fail.append(("chat.postMessage", "channel_not_found"))
    await ann.says(room, SPEECHES[0], thread=root)
    await ann.hears(ann.dm, "is gone")
    await begin_directly(ann)


async def test_a_token_that_is_revoked_ends_the_bot(
    double: Slack, room: Channel, ann: Person, folder: Path, transport: str
) -> None:
    service = Service(double, folder, transport)
    await service.start()
    root = await start(ann, room)
    double.fail.append(("chat.postMessage", "token_revoked"))
    await ann.says(room, SPEECHES[0], thread=root)
    with pytest.raises(Problem, match="token_revoked"):
        await service.ended()


async def test_a_file_that_cannot_be_sent_is_told_of(double: Slack, service: Service, ann: Person) -> None:
    await begin_directly(ann)
    double.fail.append(("files.getUploadURLExternal", "internal_error"))
    await ann.tells("!export")
    await ann.hears(ann.dm, "could not be sent")
    await ann.tells("!export json")
    await double.until(lambda: any(message.files for message in ann.sees(ann.dm)))


async def test_what_slack_refuses_before_words_are_durable_is_said(
    double: Slack, service: Service, ann: Person, lobby: Channel
) -> None:
    double.fail.append(("conversations.open", "internal_error"))
    done = await ann.command("/debate", f"start {TALKS}", at=lobby)
    assert own_words.SLOW in done.text
    await begin_directly(ann)


# --- stops ---


async def test_a_debate_goes_on_after_a_restart(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path, tmp_path: Path
) -> None:
    root = await start(ann, room)
    shown = await play(ann, room, root, SPEECHES[:2])
    await service.stop()
    await service.start()
    form = await opened(double, ann.clicks(shown, "Reply"))  # a button of before
    await service.stop()
    await service.start()
    await ann.submits(form, {"words": SPEECHES[2]})  # a form of before
    await ann.hears(room, HEARD, thread=root)
    ballot = await play(ann, room, root, SPEECHES[3:])
    assert BALLOT in ballot.words
    await double.until(lambda: pressable(ann, room, root) == list(ballot.buttons))
    assert service.codes == [143, 143]
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


@pytest.mark.parametrize("direct", [False, True])
async def test_what_was_said_while_the_bot_was_away_is_heard_once(
    double: Slack,
    service: Service,
    ann: Person,
    bob: Person,
    room: Channel,
    folder: Path,
    direct: bool,
) -> None:
    double.retry_delays = (0, 0, 0)  # Slack gives up before the bot returns
    root = None if direct else await start(ann, room)
    at = ann.dm if direct else room
    if direct:
        await begin_directly(ann)
    await exchange(ann, at, SPEECHES[0], root)
    await service.stop()
    await ann.says(at, SPEECHES[1], thread=root)
    if root is not None:
        await bob.says(room, "I say nothing that counts.", thread=root)
    double.pass_time(3600)
    await service.start()
    await ann.hears(at, "your speech 2", thread=root)
    await service.stop()
    await service.start()
    await exchange(ann, at, SPEECHES[2], root)
    assert len(heard(ann, at, root)) == 3
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:3])


async def test_however_much_was_said_while_the_bot_was_away_it_is_heard(
    double: Slack, service: Service, ann: Person, bob: Person, room: Channel, folder: Path
) -> None:
    double.retry_delays = (0, 0, 0)
    root = await start(ann, room)
    await exchange(ann, room, SPEECHES[0], root)
    await service.stop()
    await ann.says(room, SPEECHES[1], thread=root)
    for number in range(230):
        await bob.says(room, f"I say nothing that counts, {number}.", thread=root)
    await ann.says(room, SPEECHES[2], thread=root)
    double.pass_time(3600)
    await service.start()
    await ann.hears(room, "your speech 2", thread=root, within=20)
    await exchange(ann, room, SPEECHES[3], root)
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:4])
    assert len(heard(ann, room, root)) == 3


async def test_what_was_said_before_is_heard_before_what_is_said_now(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path
) -> None:
    double.retry_delays = (0, 0, 0)
    root = await start(ann, room)
    await exchange(ann, room, SPEECHES[0], root)
    await service.stop()
    await ann.says(room, SPEECHES[1], thread=root)
    double.pass_time(3600)
    double.fail.extend([("conversations.replies", 500)] * 2)  # the history is looked through only later
    await service.start()
    await double.until(lambda: len(double.asked("conversations.replies")) >= 1)
    await ann.says(room, SPEECHES[2], thread=root)
    await ann.hears(room, HEARD, thread=root)
    await service.stop()
    assert {said.text for said in await spoken(folder)} >= {SPEECHES[0], SPEECHES[2]}


async def test_a_speech_heard_before_a_stop_is_answered_after_it(
    double: Slack, room: Channel, ann: Person, folder: Path, transport: str
) -> None:
    reader = SlowReader()
    service = Service(double, folder, transport, reader)
    await service.start()
    root = await start(ann, room)
    await ann.says(room, SPEECHES[0], thread=root)
    await double.settled()  # heard, and being read
    stopping = asyncio.create_task(service.stop())
    reader.go.set()
    await stopping
    await service.start()
    await ann.hears(room, "your speech 1", thread=root)
    await exchange(ann, room, SPEECHES[1], root)
    assert len(heard(ann, room, root)) == 2
    await service.stop()


@pytest.mark.parametrize("direct", [False, True])
async def test_an_answer_shown_but_not_noted_is_not_shown_again(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path, direct: bool
) -> None:
    root = None if direct else await start(ann, room)
    at = ann.dm if direct else room
    if direct:
        await begin_directly(ann)
    said = await ann.says(at, SPEECHES[0], thread=root)
    await ann.hears(at, HEARD, thread=root)
    await service.stop()
    await asyncio.to_thread(_unmark, folder, f"slack:{double.team}:{at.id}:{said.ts}")
    await service.start()
    await exchange(ann, at, SPEECHES[1], root)
    assert len(heard(ann, at, root)) == 2


async def test_a_thread_opened_but_not_noted_is_not_opened_again(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path
) -> None:
    root = await start(ann, room)
    await service.stop()
    await asyncio.to_thread(_unhouse, folder, room.id)
    await service.start()
    await double.until(lambda: double.asked("conversations.history"))
    await exchange(ann, room, SPEECHES[0], root)
    assert len(own(ann, room)) == 1
    assert sum("You argue" in message.words for message in own(ann, room, root)) == 1


def _unmark(folder: Path, key: str) -> None:
    with sqlite3.connect(folder / "gadfly.db") as connection:
        done = connection.execute("UPDATE inbox SET delivered_at = NULL WHERE key = ?", (key,))
        assert done.rowcount == 1
    connection.close()


def _unhouse(folder: Path, channel: str) -> None:
    """As after a stop between the opening of a thread and the note of it."""
    with sqlite3.connect(folder / "gadfly.db") as connection:
        connection.execute("UPDATE inbox SET delivered_at = NULL, place_thread = ''")
        done = connection.execute("UPDATE debate SET place_thread = '' WHERE place_channel = ?", (channel,))
        assert done.rowcount == 1
    connection.close()


async def test_presses_during_a_stop_are_told_to_come_again(
    double: Slack, room: Channel, ann: Person, folder: Path, transport: str
) -> None:
    reader = SlowReader()
    service = Service(double, folder, transport, reader)
    await service.start()
    root = await start(ann, room)
    await ann.says(room, SPEECHES[0], thread=root)
    await double.settled()
    stopping = asyncio.create_task(service.stop())
    for _ in range(20):  # turns of the loop, in which the signal arrives
        await asyncio.sleep(0)
    told = await ann.command("/debate", "flow", at=room)
    reader.go.set()
    await stopping
    assert "about to stop" in told.text


# --- too much at once ---


@pytest.fixture
def overload(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Makes the store refuse whatever is to be written, and take it again."""
    most = writer.LIMIT
    return lambda on: monkeypatch.setattr(writer, "LIMIT", 0 if on else most)


async def test_words_that_are_too_much_come_again(
    double: Slack,
    service: Service,
    ann: Person,
    room: Channel,
    folder: Path,
    overload: Callable[[bool], None],
) -> None:
    double.ack_window = 0.3
    double.retry_delays = (60, 300, 300)
    root = await start(ann, room)
    await exchange(ann, room, SPEECHES[0], root)
    overload(True)
    await ann.says(room, SPEECHES[1], thread=root)
    await double.until(lambda: any(not event.acknowledged for event in double.events))
    overload(False)
    await ann.says(room, SPEECHES[2], thread=root)  # overtakes what is still to come again
    await ann.hears(room, HEARD, thread=root)
    double.pass_time(61)
    await double.settled(within=20)
    await exchange(ann, room, SPEECHES[3], root)
    await service.stop()
    assert [said.text for said in await spoken(folder)] == list(SPEECHES[:4])


async def test_a_form_that_is_too_much_stays_open_with_its_words(
    double: Slack,
    service: Service,
    ann: Person,
    room: Channel,
    folder: Path,
    overload: Callable[[bool], None],
) -> None:
    root = await start(ann, room)
    form = await opened(double, ann.clicks(own(ann, room, root)[-1], "Reply"))
    overload(True)
    told = await ann.submits(form, {"words": SPEECHES[0]})
    assert "I did not take it" in told.errors["words"]
    command = await ann.command("/debate", f"say {SPEECHES[0]}", at=room)
    assert SPEECHES[0][:30] in command.text
    overload(False)
    assert not (await ann.submits(form, {"words": SPEECHES[0]})).errors
    await ann.hears(room, "your speech 1", thread=root)
    await service.stop()
    assert len(await spoken(folder)) == 1


async def test_an_answer_that_is_too_much_comes_later(
    double: Slack,
    room: Channel,
    ann: Person,
    folder: Path,
    transport: str,
    overload: Callable[[bool], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = SlowReader()
    service = Service(double, folder, transport, reader)
    await service.start()
    root = await start(ann, room)
    monkeypatch.setattr(client, "AGAIN", 0.01)
    await ann.says(room, SPEECHES[0], thread=root)
    await double.settled()  # heard, and being read
    overload(True)
    reader.go.set()
    await asyncio.sleep(0.05)
    overload(False)
    await ann.hears(room, "your speech 1", thread=root)
    await exchange(ann, room, SPEECHES[1], root)
    await service.stop()
    assert len(heard(ann, room, root)) == 2


@pytest.mark.parametrize("transport", [SOCKET], indirect=True)
async def test_words_are_acknowledged_only_when_they_are_durable(
    double: Slack, service: Service, ann: Person, overload: Callable[[bool], None]
) -> None:
    await begin_directly(ann)
    double.ack_window = 0.3
    overload(True)
    await ann.tells(SPEECHES[0])
    await double.until(lambda: len(double.events[-1].attempts) > 1)
    assert not double.events[-1].acknowledged
    overload(False)
    await ann.hears(ann.dm, HEARD, within=20)


def test_unanswered_is_what_a_person_sees() -> None:
    assert issubclass(Unanswered, AssertionError)


async def test_a_person_is_forgotten(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path
) -> None:
    root = await start(ann, room)
    await exchange(ann, room, SPEECHES[0], root)
    await ann.says(room, "!forget-me", thread=root)
    asked = await ann.hears(room, "This deletes", thread=root)
    await ann.clicks(asked, "Delete everything")
    await ann.hears(room, "Deleted: 1 debate", thread=root)
    await service.stop()
    async with await Store.open(folder) as store:
        assert await store.seat(1) is None


@pytest.mark.parametrize("transport", [HTTP], indirect=True)
async def test_a_picture_without_words_is_answered_once(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    await begin_directly(ann)
    await ann.tells(SPEECHES[0])
    await ann.hears(ann.dm, HEARD)
    payload = next(e.payload for e in double.events if e.event and e.event.get("user") == ann.id)
    picture = {"subtype": "file_share", "text": "", "files": [{"id": "F1"}], "ts": f"{double.now():.6f}"}
    sent = {**payload, "event": {**payload["event"], **picture}}
    assert await double.deliver_raw(sent) == 200
    assert await double.deliver_raw(sent) == 200
    await ann.hears(ann.dm, own_words.ONLY_WORDS)
    await exchange(ann, ann.dm, SPEECHES[1])
    assert sum(own_words.ONLY_WORDS in message.words for message in ann.sees(ann.dm)) == 1
