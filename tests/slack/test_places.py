"""Where debates take place and who may do what there: channels, threads, direct messages, the App Home, settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack import words as own_words
from bot.store.store import Store
from tests.chat.whole import TALKS, SlowReader
from tests.coach.talk import SPEECHES
from tests.doubles.slack import Channel, Interaction, Message, Person, Slack
from tests.slack.conftest import Service
from tests.slack.play import (
    BALLOT,
    HEARD,
    begin_directly,
    exchange,
    opened,
    own,
    play,
    start,
)


async def told(double: Slack, done: Interaction, text: str) -> Message:
    """What somebody alone is told in answer to a command, once it is there."""

    def found() -> Message | None:
        return next((message for message in done.messages if text in message.words), None)

    message = await double.until(found)
    assert message is not None
    assert message.ephemeral
    return message


# --- where a debate goes on ---


async def test_where_the_bot_is_no_member_it_goes_on_directly(
    double: Slack, service: Service, ann: Person, lobby: Channel
) -> None:
    done = await ann.command("/debate", f"start {TALKS} for", at=lobby)
    await ann.hears(ann.dm, "You argue")
    link = await told(double, done, "Your debate is here")
    assert own_words.NO_MEMBER in link.words
    assert f"/archives/{ann.dm.id}" in link.words
    await exchange(ann, ann.dm, SPEECHES[0])
    assert own(ann, lobby) == []
    await ann.command("/debate", "flow", at=lobby)
    await ann.hears(ann.dm, "Flow")
    await told(double, await ann.command("/debate", "score", at=lobby), "total")


async def test_a_private_channel_without_the_bot_is_no_member_either(
    double: Slack, service: Service, ann: Person
) -> None:
    secret = double.channel("secret", member=False, private=True)
    eve = double.user("eve", channels=[secret])
    await eve.command("/debate", f"start {TALKS} for", at=secret)
    await eve.hears(eve.dm, "You argue")


async def test_a_form_from_such_a_channel_says_why_it_goes_on_directly(
    double: Slack, service: Service, ann: Person, lobby: Channel
) -> None:
    form = await opened(double, ann.command("/debate", at=lobby))
    await ann.submits(form, {"side": "against"})
    assert "You argue against" in (await ann.hears(ann.dm, "You argue")).words
    await ann.hears(ann.dm, own_words.NO_MEMBER)


async def test_a_thread_for_each_debate(service: Service, ann: Person, bob: Person, room: Channel) -> None:
    first, second, third = await start(ann, room), await start(ann, room), await start(bob, room)
    assert len({first.ts, second.ts, third.ts}) == 3
    await exchange(ann, room, SPEECHES[0], second)
    await exchange(ann, room, SPEECHES[0], first)
    await exchange(bob, room, SPEECHES[0], third)


async def test_of_several_debates_the_person_chooses(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    first = await start(ann, room)
    second = await start(ann, room, "start phones against")
    done = await ann.command("/debate", "flow", at=room)
    asked = done.messages[0]
    assert own_words.which(2) in asked.words
    assert list(asked.buttons) == ["Phones in school, against", "Putin-Trump talks, for"]
    await ann.clicks(asked, "Putin-Trump talks, for")
    await ann.hears(room, "Flow", thread=first)
    asked = (await ann.command("/debate", f"say {SPEECHES[0]}", at=room)).messages[0]
    assert SPEECHES[0] in asked.words  # nothing of it is kept, so it is given back
    assert not any("say" in id for id in asked.buttons.values())  # too long for a button: a way there instead
    await ann.clicks(asked, "Phones in school, against")
    assert [HEARD in message.words for message in own(ann, room, second)] == [False]
    await ann.says(room, "@Gadfly !flow")
    await ann.hears(room, own_words.which(2))
    await told(double, await ann.command("/debate", "motions", at=room), "Motions")  # for anybody: not asked


async def test_a_debate_that_is_over_is_found_too(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    await play(ann, room, root)
    await told(double, await ann.command("/debate", "score", at=room), "total")
    await ann.command("/debate", "switch", at=room)
    assert "You argue against" in (await ann.hears(room, "You argue", thread=root)).words


async def test_a_mention_opens_a_thread_beneath_itself(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    asked = await ann.says(room, f"@Gadfly !start {TALKS} for")
    shown = await ann.hears(room, "You argue", thread=asked)
    assert "Reply" in shown.buttons
    await exchange(ann, room, SPEECHES[0], asked)
    assert own(ann, room) == []


async def test_who_calls_the_bot_outside_a_debate_is_answered_where_they_are(
    double: Slack, service: Service, ann: Person, bob: Person, room: Channel
) -> None:
    await ann.says(room, "@Gadfly")
    helped = await ann.hears(room, "What you can type")
    assert helped.ephemeral_for is ann.user
    assert not helped.thread_ts  # nobody would see it in a thread that nobody has answered
    await ann.says(room, "@Gadfly motions")
    await ann.hears(room, "Motions")
    await ann.says(room, "@Gadfly !hlep")
    await ann.hears(room, "Did you mean")
    await ann.says(room, "@Gadfly score")
    await ann.hears(room, own_words.NO_DEBATE)
    asked = await ann.says(room, "@Gadfly start phones against")
    await ann.hears(room, "You argue against", thread=asked)
    lunch = await ann.says(room, "Lunch?")
    await ann.says(room, "@Gadfly what do you think?", thread=lunch)
    told = await ann.hears(room, "in your debate's own thread", thread=lunch)
    assert asked.ts.replace(".", "") in str(told.blocks)
    await ann.says(room, "@Gadfly flow")
    await ann.hears(room, "Flow", thread=asked)
    await double.settled()
    assert not any(HEARD in message.words for message in own(ann, room, asked))


async def test_a_debate_that_is_over_is_switched_by_a_mention(
    service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    await ann.says(room, "!end", thread=root)
    await ann.hears(room, BALLOT, thread=root)
    await ann.says(room, "@Gadfly switch")
    await ann.hears(room, "You argue against", thread=root)


async def test_words_behind_a_command_keep_their_lines(service: Service, ann: Person, room: Channel) -> None:
    root = await start(ann, room)
    await ann.command("/debate", "say\nTalks fail,\nbecause interests decide.", at=room)
    assert "because interests decide" in (await ann.hears(room, HEARD, thread=root)).words
    await ann.command("/debate", "/debate flow", at=room)
    await ann.hears(room, "Flow", thread=root)


async def test_in_a_group_conversation(double: Slack, service: Service, ann: Person, bob: Person) -> None:
    group = double.group_dm(ann, bob)
    root = await start(ann, group)
    await exchange(ann, group, SPEECHES[0], root)


async def test_messages_that_nobody_meant_for_the_bot_stay_unanswered(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    said = await ann.says(room, "Lunch at one?")
    await ann.says(room, "!help", thread=said)
    await double.settled()
    assert own(ann, room) == []
    assert own(ann, room, said) == []


async def test_direct_messages_hold_one_debate(double: Slack, service: Service, ann: Person) -> None:
    await ann.tells("hello there")
    await ann.hears(ann.dm, "no debate")
    await begin_directly(ann)
    await told_in_form(double, ann)
    await exchange(ann, ann.dm, SPEECHES[0])
    beneath = ann.sees(ann.dm)[-1]
    await exchange(ann, ann.dm, SPEECHES[1], beneath)  # answered where it was said
    await exchange(ann, ann.dm, SPEECHES[2])


async def told_in_form(double: Slack, ann: Person) -> None:
    """A second debate in direct messages: refused in the form, or begun where the first may be left."""
    form = await opened(double, ann.command("/debate", at=ann.dm))
    refused = await ann.submits(form, {"side": "for"})
    assert "open" in refused.errors["motion"]
    await ann.submits(form, {"side": "against", "more": ["anew"]})
    assert "You argue against" in (await ann.hears(ann.dm, "You argue against")).words


# --- whose words count ---


async def test_only_the_debater_speaks_and_presses(
    double: Slack, service: Service, ann: Person, bob: Person, room: Channel
) -> None:
    root = await start(ann, room)
    shown = own(ann, room, root)[-1]
    said = await bob.says(room, SPEECHES[0], thread=root)
    await double.until(lambda: "mute" in said.reactions)
    again = await bob.says(room, SPEECHES[1], thread=root)
    await bob.says(room, "!help", thread=root)
    await bob.hears(room, "somebody else's debate", thread=root)
    assert not again.reactions  # one sign is enough
    await bob.clicks(shown, "End")
    await bob.hears(room, "somebody else's debate", thread=root)
    await exchange(ann, room, SPEECHES[0], root)


async def test_what_is_for_one_person_is_seen_by_nobody_else(
    service: Service, ann: Person, bob: Person, room: Channel
) -> None:
    root = await start(ann, room)
    await ann.says(room, "!score", thread=root)
    score = await ann.hears(room, "total", thread=root)
    assert score not in bob.sees(room, root)


async def test_an_old_button_says_so(double: Slack, service: Service, ann: Person, room: Channel) -> None:
    root = await start(ann, room)
    first = own(ann, room, root)[-1]
    form = await opened(double, ann.clicks(first, "Reply"))
    await ann.says(room, "!end", thread=root)
    ballot = await ann.hears(room, BALLOT, thread=root)
    await ann.clicks(ballot, "Switch sides")
    await ann.hears(room, "You argue against", thread=root)
    await ann.clicks(ballot, "Export")
    assert "earlier debate" in (await ann.hears(room, "", thread=root)).words
    late = await ann.submits(form, {"words": SPEECHES[0]})
    assert late.errors == {"words": own_words.NOT_HEARD_IN_FORM}


async def test_an_edit_keeps_the_score_and_says_how_to_redo(
    service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    said = await ann.says(room, SPEECHES[0], thread=root)
    await ann.hears(room, HEARD, thread=root)
    await ann.edits(said, "Something else, because of that.")
    note = await ann.hears(room, "You changed a speech", thread=root)
    assert note.ephemeral_for is ann.user
    assert "!redo 1" in note.words


@pytest.mark.parametrize("direct", [False, True])
async def test_a_deleted_message_loses_its_text_and_keeps_its_score(
    double: Slack, service: Service, ann: Person, room: Channel, folder: Path, direct: bool
) -> None:
    if direct:
        await begin_directly(ann)
        said = await ann.tells(SPEECHES[0])
        await ann.hears(ann.dm, HEARD)
    else:
        root = await start(ann, room)
        said = await ann.says(room, SPEECHES[0], thread=root)
        await ann.hears(room, HEARD, thread=root)
    await ann.deletes(said)
    await double.settled()
    await service.stop()
    async with await Store.open(folder) as store:
        spoke = next(e for e in (await store.transcript(1)).entries if e.kind == "spoke")
    assert (spoke.text, spoke.erased) == ("", True)


async def test_an_edit_of_words_that_were_no_speech_says_nothing(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    said = await ann.says(room, "Lunch?")
    await ann.edits(said, "Dinner?")
    await ann.deletes(said)
    await double.settled()
    assert ann.sees(room) == []


# --- the App Home and the settings ---


async def test_the_app_home_shows_debates_results_and_motions(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    await play(ann, room, root)
    second = await start(ann, room, "start phones against advanced")
    home = await ann.opens_home()
    assert home is not None
    shown = home.text_shown
    assert "Phones in school, against, advanced" in shown
    assert "Putin-Trump talks, for, novice: " in shown
    assert "Schools should ban mobile phones" in shown
    assert own_words.CHANGE not in home.buttons
    await ann.clicks(home, "home:go:2")
    assert second.ts.replace(".", "") in str(home.blocks)


async def test_data_is_deleted_from_the_app_home(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    await exchange(ann, room, SPEECHES[0], root)
    home = await ann.opens_home()
    assert home is not None
    await ann.clicks(home, own_words.DELETE)
    await ann.hears(ann.dm, "Deleted: 1 debate")
    await double.until(lambda: ann.home is not None and own_words.HOME_NONE in ann.home.text_shown)
    await ann.says(room, SPEECHES[1], thread=root)
    await double.settled()
    assert len(own(ann, room, root)) == 2


async def test_an_admin_sets_the_workspace_up(double: Slack, service: Service, room: Channel) -> None:
    boss = double.user("boss", admin=True, channels=[room])
    cleo = double.user("cleo", channels=[room])
    home = await boss.opens_home()
    assert home is not None
    form = await opened(double, boss.clicks(home, own_words.CHANGE))
    await boss.submits(form, {"motions": ["school-phones"], "starters": [cleo.id], "private": ["private"]})
    ann = double.user("ann", channels=[room])
    await told(double, await ann.command("/debate", "start phones", at=room), own_words.NOT_ALLOWED)
    await told(double, await cleo.command("/debate", f"start {TALKS}", at=room), "putin")
    done = await cleo.command("/debate", "start phones", at=room)
    await cleo.hears(cleo.dm, "You argue")
    assert own_words.ALWAYS_PRIVATE in (await told(double, done, "Your debate is here")).words
    await boss.command("/debate", "start phones", at=room)
    await boss.hears(boss.dm, "You argue")
    form = await opened(double, boss.clicks(home, own_words.CHANGE))
    await boss.submits(form, {"motions": [], "starters": [], "private": []})
    await start(ann, room)


async def test_only_admins_set_up(double: Slack, service: Service, room: Channel) -> None:
    boss = double.user("boss", admin=True, channels=[room])
    home = await boss.opens_home()
    assert home is not None
    form = await opened(double, boss.clicks(home, own_words.CHANGE))
    boss.user.admin = False
    refused = await boss.submits(form, {"motions": ["school-phones"]})
    assert refused.errors == {"motions": own_words.NOT_MANAGER}


async def test_the_form_shows_what_the_sides_of_another_motion_must_show(
    double: Slack, service: Service, ann: Person, room: Channel
) -> None:
    form = await opened(double, ann.command("/debate", at=room))
    assert "such talks will fail" in form.text_shown
    await ann.selects(form, "motion", "school-phones")
    await double.until(lambda: "whole-day ban" in form.text_shown)
    await ann.submits(form, {"side": "against", "level": "advanced", "more": ["first"]})
    root = await ann.hears(room, "argues")
    assert "a whole-day ban" in root.words or "whole day" in root.words
    assert "advanced" in (await ann.hears(room, "You argue against", thread=root)).words


async def test_a_speech_that_is_too_long_is_refused_with_the_overshoot(
    service: Service, ann: Person, room: Channel
) -> None:
    root = await start(ann, room)
    await ann.says(room, "x" * 4_001, thread=root)
    note = await ann.hears(room, "1", thread=root)
    assert note.ephemeral_for is ann.user
    await exchange(ann, room, "Talks fail, because " + "y" * 3_900, root)


async def test_several_messages_before_the_answer_are_one_speech(
    double: Slack, room: Channel, ann: Person, folder: Path, transport: str
) -> None:
    reader = SlowReader()
    service = Service(double, folder, transport, reader)
    await service.start()
    root = await start(ann, room)
    await ann.says(room, "Talks fail.", thread=root)
    await ann.says(room, "That is because interests decide.", thread=root)
    await double.settled()
    reader.go.set()
    shown = await ann.hears(room, HEARD, thread=root)
    assert "Talks fail" in shown.words
    await double.settled()
    await service.stop()
    assert sum(HEARD in message.words for message in own(ann, room, root)) == 1
