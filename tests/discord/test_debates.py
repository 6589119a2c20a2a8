"""Whole debates through the double of Discord: by messages, forms, commands, mentions and buttons, the same each way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.whole import in_the_terminal, recorded
from tests.coach.talk import SPEECHES
from tests.discord.conftest import RIGHTS, Service
from tests.discord.play import (
    BALLOT,
    answered,
    exchange,
    own,
    play,
    pressable,
    start,
)
from tests.doubles.discord import Discord, Guild, Person


async def test_by_messages(
    double: Discord, service: Service, ann: Person, folder: Path, tmp_path: Path
) -> None:
    thread = await start(double, ann)
    assert thread.name == "Putin-Trump talks (for)"
    opening = own(thread)[-1]
    assert list(opening.buttons) == ["Reply", "Hint", "Why", "End"]
    assert "I store your words" in opening.text
    ballot = await play(ann, thread)
    assert BALLOT in ballot.text
    assert "```" in ballot.text
    await double.until(lambda: len(pressable(thread)) == len(ballot.buttons))
    assert list(ballot.buttons) == ["Redo speech 6", "Switch sides", "Export", "New debate"]
    await service.stop()
    assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_by_forms_without_the_words_of_messages(guild: Guild, folder: Path, tmp_path: Path) -> None:
    async with Discord(privileged=()) as double:
        club = double.guild("club", permissions=RIGHTS)
        ann = double.user("ann", club)
        service = Service(double, folder)
        await service.start()
        thread = await start(double, ann)
        shown = own(thread)[-1]
        await ann.says(thread, "The bot does not see this.")
        for speech in SPEECHES:
            form = (await ann.press(shown, "Reply")).modal
            assert form is not None
            (field,) = form.fields
            await ann.submit(form, {field: speech})
            shown = await ann.hears(thread, "What I heard")
        assert BALLOT in shown.text
        await service.stop()
        assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


@pytest.mark.parametrize("how", ["say", "mention"])
async def test_by_commands_and_mentions(how: str, folder: Path, tmp_path: Path) -> None:
    async with Discord(privileged=()) as double:
        club = double.guild("club", permissions=RIGHTS)
        ann = double.user("ann", club)
        service = Service(double, folder)
        await service.start()
        thread = await start(double, ann)
        for speech in SPEECHES:
            if how == "say":
                await ann.slash("debate say", thread, words=speech)
            else:
                await ann.says(thread, f"<@{double.bot.id}> {speech}")
            shown = await ann.hears(thread, "What I heard")
        assert BALLOT in shown.text
        await service.stop()
        assert await recorded(folder) == await in_the_terminal(tmp_path / "terminal")


async def test_by_buttons(double: Discord, service: Service, ann: Person) -> None:
    thread = await start(double, ann)
    shown = await exchange(ann, thread, SPEECHES[0])
    assert list(shown.buttons) == ["Reply", "Hint", "Why", "Not what I meant", "Flow", "Points", "End"]
    for label in ("Hint", "Why", "Points"):
        pressed = await ann.press(shown, label)
        assert (await answered(double, pressed)).ephemeral
    await ann.press(shown, "Flow")
    flow = await ann.hears(thread, "**Flow**")
    assert not flow.ephemeral
    await ann.press(shown, "End")
    ballot = await ann.hears(thread, BALLOT)
    export = await answered(double, await ann.press(ballot, "Export"))
    assert export.ephemeral
    (name,) = export.files
    assert SPEECHES[0].encode() in export.files[name]
    await ann.press(ballot, "Redo speech 1")
    again = await ann.hears(thread, "Say speech 1 again")
    assert "Reply" in again.buttons
    await ann.says(thread, SPEECHES[1])
    await ann.hears(thread, "")
    await ann.press(ballot, "Switch sides")
    assert "You argue against" in (await ann.hears(thread, "You argue")).text
    assert len(ann.threads()) == 1


async def test_a_reading_is_contested_by_a_list(double: Discord, service: Service, ann: Person) -> None:
    thread = await start(double, ann)
    shown = await exchange(ann, thread, SPEECHES[0])
    await ann.press(shown, "Not what I meant")
    asked = await ann.hears(thread, "What did you mean")
    assert asked.component("gs:1:0") is not None
    await ann.select(asked, "gs:1:0", "!contest 1 a")
    assert "Understood" in (await ann.hears(thread, "Understood")).text


@pytest.mark.parametrize(
    ("command", "options", "text"),
    [
        ("help", {}, "What you can type"),
        ("help", {"command": "why"}, "!why"),
        ("motions", {}, "Motions"),
        ("cards", {"which": "for"}, "f01"),
        ("why", {"card": "a04"}, "a04"),
        ("hint", {"point": 1}, "for #1"),
        ("score", {}, "total"),
        ("flow", {}, "Flow"),
        ("contest", {"turn": 1}, "What did you mean"),
        ("concede", {"point": 1}, "You grant me #1"),
        ("redo", {"speech": 1}, "speech 1"),
        ("leaderboard", {"which": "all"}, "Leaderboard"),
        ("export", {"which": "json"}, ""),
        ("forget-me", {}, "This deletes"),
        ("switch", {}, "debate open"),
        ("end", {}, "Ballot"),
    ],
)
async def test_every_command(
    double: Discord, service: Service, ann: Person, command: str, options: dict[str, object], text: str
) -> None:
    thread = await start(double, ann)
    await exchange(ann, thread, SPEECHES[0])
    asked = await ann.slash(f"debate {command}", thread, **options)

    def shown() -> bool:
        private = [m for m in asked.messages if m.ephemeral and not m.loading and not m.deleted]
        return any(text in message.text for message in [*private, *own(thread)[2:]])

    await double.until(shown)
    await double.until(lambda: not asked.deferred or asked.message is None or asked.message.deleted)


async def test_a_private_answer_is_seen_by_nobody_else(
    double: Discord, service: Service, ann: Person, bob: Person
) -> None:
    thread = await start(double, ann)
    score = await answered(double, await ann.slash("debate score", thread))
    assert score in ann.sees(thread)
    assert score not in bob.sees(thread)


async def test_motions_and_cards_are_suggested(double: Discord, service: Service, ann: Person) -> None:
    found = await ann.autocomplete("debate start", "motion", motion="phone")
    assert [choice["value"] for choice in found] == ["school-phones"]
    thread = await start(double, ann)
    cards = await ann.autocomplete("debate why", "card", thread, card="f0")
    assert 0 < len(cards) <= 25
    assert all(choice["value"].startswith("f0") for choice in cards)
    assert await ann.autocomplete("debate why", "card", card="no such card") == []


async def test_words_of_people_format_and_call_nobody(double: Discord, service: Service, ann: Person) -> None:
    thread = await start(double, ann)
    words = "Because @everyone knows **this** [free](https://evil.example) <@1>, talks fail."
    shown = await exchange(ann, thread, words)
    assert "\\*\\*this\\*\\*" in shown.text
    assert "](https://" not in shown.text.replace("\\]", "")
    assert not shown.mention_everyone
    assert not shown.mentions
    sent = [request.body for request in double.asked("POST") if request.path.endswith("/messages")]
    assert sent
    assert all(body["allowed_mentions"] == {"parse": []} for body in sent)
