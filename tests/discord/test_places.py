"""Where a debate goes on and who may: threads of every kind, direct messages, places where the bot is no member."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.chat.whole import TALKS, SlowReader
from tests.coach.talk import SPEECHES
from tests.discord.conftest import Service
from tests.discord.play import answered, exchange, own, start
from tests.doubles.discord import Channel, Discord, Guild, Kind, Permission, Person


async def settings(double: Discord, guild: Guild, **options: Any) -> str:
    """Sets the server up, as somebody who may; what the bot says to it."""
    managing = double.role(guild, "managers", Permission.MANAGE_GUILD)
    manager = double.user("mia", guild, "en-US", managing)
    return (await answered(double, await manager.slash("debate-settings", **options))).text


# --- threads ---


async def test_a_thread_is_public_and_has_its_debater(double: Discord, service: Service, ann: Person) -> None:
    begun = await ann.slash("debate start", motion=TALKS)
    await double.until(lambda: ann.threads())
    (thread,) = ann.threads()
    told = await answered(double, begun, f"<#{thread.id}>")
    assert told.ephemeral
    assert thread.kind == Kind.PUBLIC_THREAD
    assert ann.id in thread.members


async def test_a_thread_is_private_where_the_server_wants_that(
    double: Discord, guild: Guild, service: Service, ann: Person, bob: Person
) -> None:
    assert "Threads: private" in await settings(double, guild, private=True)
    thread = await start(double, ann)
    assert thread.kind == Kind.PRIVATE_THREAD
    assert thread in ann.threads()
    assert thread not in bob.threads()
    await exchange(ann, thread, SPEECHES[0])


async def test_in_a_forum_a_debate_is_a_post(
    double: Discord, guild: Guild, service: Service, ann: Person
) -> None:
    forum = double.channel(guild, "debates", Kind.FORUM, tags=["practice"])
    post = await ann.opens_thread(forum, "Who debates?")
    thread = await start(double, ann, post)
    assert thread.parent is forum
    assert thread is not post
    await exchange(ann, thread, SPEECHES[0])


async def test_a_forum_that_asks_for_a_tag_gets_one(
    double: Discord, guild: Guild, service: Service, ann: Person
) -> None:
    forum = double.channel(guild, "debates", Kind.FORUM, ["official", "practice"], requires_tag=True)
    official, practice = forum.tags
    official["moderated"] = True
    double.permit(forum, double.bot)  # tells the bot of the channel anew
    thread = await start(double, ann, await ann.opens_thread(forum, "Who debates?"))
    assert thread.applied_tags == [int(practice["id"])]
    practice["moderated"] = True
    double.permit(forum, double.bot)
    post = await ann.opens_thread(forum, "Who else?")
    before = ann.threads()
    told = await answered(double, await ann.slash("debate start", post, motion=TALKS))
    assert "none that I may use" in told.text
    assert ann.threads() == before


@pytest.mark.parametrize("private", [False, True])
async def test_beside_announcements_a_thread_is_always_public(
    double: Discord, guild: Guild, service: Service, ann: Person, private: bool
) -> None:
    await settings(double, guild, private=private)
    ann.place = double.channel(guild, "news", Kind.ANNOUNCEMENT)
    thread = await start(double, ann)
    assert thread.kind == Kind.ANNOUNCEMENT_THREAD
    await exchange(ann, thread, SPEECHES[0])


async def test_a_thread_that_discord_does_not_open_is_told(
    double: Discord, service: Service, ann: Person
) -> None:
    double.fail.append((r"POST /channels/\d+/threads$", 400))
    told = await answered(double, await ann.slash("debate start", motion=TALKS))
    assert "Something failed" in told.text
    await start(double, ann)


async def test_a_second_debate_gets_a_second_thread_and_both_go_on(
    double: Discord, service: Service, ann: Person
) -> None:
    first = await start(double, ann)
    second = await start(double, ann)
    assert first is not second
    await exchange(ann, second, SPEECHES[0])
    await exchange(ann, first, SPEECHES[0])


async def test_a_new_debate_in_ones_own_thread_stays_there(
    double: Discord, service: Service, ann: Person
) -> None:
    thread = await start(double, ann)
    await ann.says(thread, "!end")
    await ann.hears(thread, "Ballot")
    await ann.says(thread, "!start school against")
    assert "You argue against" in (await ann.hears(thread, "You argue")).text
    assert ann.threads() == [thread]


async def test_a_debate_can_be_begun_by_mention(double: Discord, service: Service, ann: Person) -> None:
    await ann.says(ann.place, f"<@{double.bot.id}> !start {TALKS} against")
    await double.until(lambda: ann.threads())
    assert "You argue against" in (await ann.hears(ann.threads()[0], "You argue")).text
    await ann.says(ann.place, f"<@{double.bot.id}>")
    await ann.hears(ann.place, "What you can type")


async def test_an_unknown_motion_opens_no_thread(double: Discord, service: Service, ann: Person) -> None:
    said = await answered(double, await ann.slash("debate start", motion="nothing like it"))
    assert "I have no motion" in said.text
    assert said.ephemeral
    assert not ann.threads()


# --- in place ---


async def test_direct_messages(double: Discord, service: Service, ann: Person) -> None:
    await ann.slash("debate start", ann.dms, motion=TALKS)
    await ann.hears(ann.dms, "You argue for")
    await ann.dm(SPEECHES[0])
    shown = await ann.hears(ann.dms, "What I heard")
    form = (await ann.press(shown, "Reply")).modal
    assert form is not None
    await ann.submit(form, {"words": SPEECHES[1]})
    await ann.hears(ann.dms, "What I heard")


async def test_where_the_bot_is_no_member_it_answers_what_was_pressed(
    double: Discord, service: Service, ann: Person, bob: Person
) -> None:
    group = double.private_channel(ann, bob)
    double.install_for(ann)
    opening = await answered(double, await ann.slash("debate start", group, motion=TALKS))
    assert "You argue for" in opening.text
    assert not opening.ephemeral
    shown = opening
    for speech in SPEECHES:
        form = (await ann.press(shown, "Reply")).modal
        assert form is not None
        shown = await answered(double, await ann.submit(form, {"words": speech}))
        assert "What I heard" in shown.text
    assert "Ballot" in shown.text
    refused = await answered(double, await bob.press(opening, "Hint"))
    assert "somebody else's" in refused.text


async def test_where_the_bot_is_no_member_a_late_answer_is_shown_at_the_next_press(
    double: Discord, guild: Guild, ann: Person, bob: Person, folder: Path
) -> None:
    reader = SlowReader()
    service = Service(double, folder, reader)
    await service.start()
    group = double.private_channel(ann, bob)
    double.install_for(ann)
    opening = await answered(double, await ann.slash("debate start", group, motion=TALKS))
    form = (await ann.press(opening, "Reply")).modal
    assert form is not None
    late = await ann.submit(form, {"words": SPEECHES[0]})
    double.pass_time(16 * 60)  # the token is dead
    asked = len(double.requests)
    reader.go.set()
    await double.until(lambda: double.requests[asked:])
    assert not any("What I heard" in message.text for message in late.messages)
    pressed = await ann.press(opening, "Why")
    await double.until(lambda: len([m for m in pressed.messages if not m.loading]) == 2)
    assert "your speech 1" in pressed.messages[0].text
    await service.stop()


# --- who may ---


async def test_words_of_others_get_one_reaction_and_no_answer(
    double: Discord, service: Service, ann: Person, bob: Person
) -> None:
    thread = await start(double, ann)
    said = len(own(thread))
    words = await bob.says(thread, "I think so too.")
    await double.until(lambda: words.reactions)
    assert list(words.reactions) == ["🔇"]
    await exchange(ann, thread, SPEECHES[0])
    assert len(own(thread)) == said + 1


async def test_presses_and_commands_of_others_get_a_private_line(
    double: Discord, service: Service, ann: Person, bob: Person
) -> None:
    thread = await start(double, ann)
    shown = await exchange(ann, thread, SPEECHES[0])
    for label in ("Reply", "Hint", "End"):
        pressed = await bob.press(shown, label)
        assert pressed.ephemeral
        assert "somebody else's debate" in pressed.text
    asked = await bob.slash("debate flow", thread)
    assert asked.ephemeral
    assert "somebody else's debate" in asked.text
    assert "What you can type" in (await answered(double, await bob.slash("debate help", thread))).text


async def test_another_person_starts_in_a_thread_beside(
    double: Discord, service: Service, ann: Person, bob: Person
) -> None:
    thread = await start(double, ann)
    other = await start(double, bob, thread)
    assert other is not thread
    assert other.parent is thread.parent


async def test_a_button_of_an_earlier_debate_says_so(double: Discord, service: Service, ann: Person) -> None:
    thread = await start(double, ann)
    await ann.says(thread, "!end")
    ballot = await ann.hears(thread, "Ballot")
    await ann.says(thread, "!start anew")
    await ann.hears(thread, "You argue")
    assert "earlier debate" in (await ann.press(ballot, "Export")).text


async def test_the_server_decides_who_may_start(
    double: Discord, guild: Guild, service: Service, ann: Person
) -> None:
    debaters = double.role(guild, "debaters", Permission(0))
    assert f"<@&{debaters.id}>" in await settings(double, guild, starters=debaters)
    refused = await answered(double, await ann.slash("debate start", motion=TALKS))
    assert "only some people" in refused.text
    assert not ann.threads()
    cleo = double.user("cleo", guild, "en-US", debaters)
    await start(double, cleo)


async def test_the_server_chooses_its_motions(
    double: Discord, guild: Guild, service: Service, ann: Person
) -> None:
    assert "offered here: school-phones." in await settings(double, guild, motions="school-phones")
    found = await ann.autocomplete("debate start", "motion")
    assert [choice["value"] for choice in found] == ["school-phones"]
    assert "I have no motion" in (await answered(double, await ann.slash("debate start", motion=TALKS))).text
    assert "no motion “no\\_such”" in await settings(double, guild, motions="no_such")
    assert TALKS in await settings(double, guild, motions="all")


async def test_only_managers_change_settings(
    double: Discord, guild: Guild, service: Service, ann: Person
) -> None:
    with pytest.raises(AssertionError, match="not offered"):
        await ann.slash("debate-settings", private=True)


# --- what the bot may not ---


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        (Permission.CREATE_PUBLIC_THREADS, "Create Public Threads"),
        (Permission.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
    ],
)
async def test_a_missing_permission_is_named_with_its_mend(
    double: Discord, guild: Guild, service: Service, ann: Person, lacking: Permission, named: str
) -> None:
    double.permit(guild.general, double.bot, deny=lacking)
    said = await answered(double, await ann.slash("debate start", motion=TALKS))
    assert f"“{named}”" in said.text
    assert "Permissions" in said.text
    assert not ann.threads()


async def test_words_that_cannot_be_answered_in_a_thread_are_answered_directly(
    double: Discord, guild: Guild, service: Service, ann: Person
) -> None:
    thread: Channel = await start(double, ann)
    double.permit(guild.general, double.bot, deny=Permission.SEND_MESSAGES_IN_THREADS)
    await ann.says(thread, SPEECHES[0])
    assert "Send Messages in Threads" in (await ann.hears(ann.dms, "permission")).text
