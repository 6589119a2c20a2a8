"""Whole debates through the double of Slack: in a thread, in direct messages, by forms; the same each way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.whole import TALKS, in_the_terminal, recorded
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Channel, Person, Slack
from tests.slack.conftest import Service
from tests.slack.play import BALLOT, HEARD, begin_directly, exchange, opened, own, play, pressable, start


async def test_in_a_thread(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path, tmp_path: Path
) -> None:
    root = await start(ann, room)
    assert root.pings == [f"<@{ann.id}>"]
    opening = own(ann, room, root)[-1]
    assert list(opening.buttons) == ["Reply", "Hint", "Why", "End"]
    assert "I store your words" in opening.words
    ballot = await play(ann, room, root)
    assert BALLOT in ballot.words
    await double.until(lambda: len(pressable(ann, room, root)) == len(ballot.buttons))
    assert list(ballot.buttons) == ["Redo speech 6", "Switch sides", "Export", "New debate"]
    assert len(own(ann, room)) == 1  # the channel has the root alone
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_in_direct_messages(service: Service, ann: Person, folder: Path, tmp_path: Path) -> None:
    await begin_directly(ann)
    assert BALLOT in (await play(ann, ann.dm)).words
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_by_forms(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path, tmp_path: Path
) -> None:
    form = await opened(double, ann.command("/debate", at=room))
    await ann.submits(form, {"motion": TALKS, "side": "for", "level": "novice"})
    root = await ann.hears(room, "argues")
    shown = await ann.hears(room, "You argue", thread=root)
    for speech in SPEECHES:
        form = await opened(double, ann.clicks(shown, "Reply"))
        assert not (await ann.submits(form, {"words": speech})).errors
        shown = await ann.hears(room, HEARD, thread=root)
    assert BALLOT in shown.words
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_from_the_app_home(
    double: Slack, service: Service, ann: Person, folder: Path, tmp_path: Path
) -> None:
    home = await ann.opens_home()
    assert home is not None
    form = await opened(double, ann.clicks(home, f"home:start:{TALKS}"))
    await ann.submits(form, {"side": "for"})
    await ann.hears(ann.dm, "You argue")
    assert BALLOT in (await play(ann, ann.dm)).words
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_by_slash_command_and_by_mention(
    service: Service, ann: Person, room: Channel, folder: Path, tmp_path: Path
) -> None:
    root = await start(ann, room)
    for number, speech in enumerate(SPEECHES):
        if number % 2:
            await ann.command("/debate", f"say {speech}", at=room)
        else:
            await ann.says(room, f"@Gadfly {speech}", thread=root)
        shown = await ann.hears(room, HEARD, thread=root)
    assert BALLOT in shown.words
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_by_buttons(double: Slack, service: Service, ann: Person, room: Channel) -> None:
    root = await start(ann, room)
    shown = await exchange(ann, room, SPEECHES[0], root)
    assert list(shown.buttons) == ["Reply", "Hint", "Why", "Not what I meant", "Flow", "Points", "End"]
    for label, text in (("Hint", "for #"), ("Why", "Strength"), ("Points", "total")):
        await ann.clicks(shown, label)
        assert (await ann.hears(room, text, thread=root)).ephemeral_for is not None
    await ann.clicks(shown, "Flow")
    assert not (await ann.hears(room, "state", thread=root)).ephemeral
    await ann.clicks(shown, "End")
    ballot = await ann.hears(room, BALLOT, thread=root)
    await ann.clicks(ballot, "Export")
    await ann.hears(room, "The file is in our direct messages", thread=root)
    (file,) = [file for message in ann.sees(ann.dm) for file in message.files]
    assert SPEECHES[0].encode() in file.data
    await ann.clicks(ballot, "Redo speech 1")
    again = await ann.hears(room, "Say speech 1 again", thread=root)
    assert "Reply" in again.buttons
    await ann.says(room, SPEECHES[1], thread=root)
    await ann.hears(room, "", thread=root)
    await ann.clicks(ballot, "Switch sides")
    assert "You argue against" in (await ann.hears(room, "You argue", thread=root)).words
    assert len(own(ann, room)) == 1


async def test_a_reading_is_contested_by_a_list(service: Service, ann: Person, room: Channel) -> None:
    root = await start(ann, room)
    shown = await exchange(ann, room, SPEECHES[0], root)
    await ann.clicks(shown, "Not what I meant")
    asked = await ann.hears(room, "What did you mean", thread=root)
    await ann.selects(asked, "gs:1:0", "!contest 1 a")
    await ann.hears(room, "Understood", thread=root)


@pytest.mark.parametrize(
    ("command", "text", "alone"),
    [
        ("help", "What you can type", True),
        ("help why", "!why", True),
        ("motions", "Motions", True),
        ("cards for", "f01", True),
        ("why a04", "a04", True),
        ("hint #1", "for #1", True),
        ("score", "total", True),
        ("flow", "state", False),
        ("contest 1", "What did you mean", False),
        ("concede #1", "You grant me #1", False),
        ("redo 1", "speech 1", False),
        ("leaderboard all", "Leaderboard", True),
        ("forget-me", "This deletes", True),
        ("switch", "debate open", True),
        ("end", "Ballot", False),
        ("flwo", "Did you mean", True),
    ],
)
async def test_every_command(
    service: Service, ann: Person, room: Channel, command: str, text: str, alone: bool
) -> None:
    root = await start(ann, room)
    await exchange(ann, room, SPEECHES[0], root)
    if alone:
        done = await ann.command("/debate", command, at=room)
        await ann.world.signal.until(lambda: any(text in m.words for m in done.messages), 5)
        assert all(message.ephemeral for message in done.messages)
    else:
        await ann.command("/debate", command, at=room)
        await ann.hears(room, text, thread=root)
    await ann.says(room, f"!{command}", thread=root)
    await ann.hears(room, "", thread=root)


async def test_words_of_people_format_and_call_nobody(service: Service, ann: Person, room: Channel) -> None:
    root = await start(ann, room)
    words = "Because <!channel> & <@U1> and @here know *this* <https://evil.example|free> `x` :smile: @here, talks fail."
    shown = await exchange(ann, room, words, root)
    assert "*this*" in shown.words
    for message in own(ann, room, root):
        assert message.pings == []
        assert message.links == []
        assert not message.unfurls
