"""Commands, buttons, lists and forms go from a person to the real discord.py and back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.doubles.bots import Bot, running
from tests.doubles.cogs import Debates, debating
from tests.doubles.discord import Discord, Guild, Person, Unanswered


async def test_commands_are_synced_and_used(bot: Bot, ann: Person) -> None:
    answer = await ann.slash("debate start", motion="talks", turns=4)
    assert answer.text == "talks in 4"
    assert not answer.ephemeral
    assert answer.message in ann.place.messages.values()


async def test_a_list_of_choices_follows_what_is_typed(bot: Bot, ann: Person) -> None:
    assert await ann.autocomplete("debate start", "motion", motion="cease") == [
        {"name": "Ceasefire", "value": "ceasefire"}
    ]
    assert len(await ann.autocomplete("debate start", "motion")) == 3


async def test_a_button_answers_the_presser_alone(
    double: Discord, guild: Guild, bot: Bot, ann: Person
) -> None:
    shown = (await ann.slash("debate start", motion="talks")).message
    bob = double.user("bob", guild)
    assert shown is not None
    hint = await bob.press(shown, "Hint")
    assert (hint.text, hint.ephemeral) == ("a hint", True)
    assert hint.message in bob.sees(bob.place)
    assert hint.message not in ann.sees(ann.place)


async def test_a_button_changes_its_message_and_is_closed(bot: Bot, ann: Person) -> None:
    shown = (await ann.slash("debate start", motion="talks")).message
    assert shown is not None
    answer = await ann.press(shown, "Count")
    assert answer.message is shown
    assert shown.text == "counted"
    with pytest.raises(AssertionError, match="disabled"):
        await ann.press(shown, "count")


async def test_one_is_chosen_from_a_list(bot: Bot, ann: Person) -> None:
    shown = (await ann.slash("debate start", motion="talks")).message
    assert shown is not None
    assert (await ann.select(shown, "side", "against")).text == "you are against"
    with pytest.raises(AssertionError, match="offers"):
        await ann.select(shown, "side", "neither")


async def test_a_form_is_filled_in(bot: Bot, ann: Person) -> None:
    shown = (await ann.slash("debate start", motion="talks")).message
    assert shown is not None
    modal = (await ann.press(shown, "Reply")).modal
    assert modal is not None
    with pytest.raises(AssertionError, match="0 to 50"):
        await ann.submit(modal, {"speech": "x" * 51})
    answer = await ann.submit(modal, {"speech": "because", "level": ["hard"]})
    assert answer.text == "heard 'because' at ['hard']"
    with pytest.raises(AssertionError, match="closed"):
        await ann.submit(modal, {"speech": "again"})


async def test_components_of_the_second_version(bot: Bot, ann: Person) -> None:
    answer = await ann.slash("debate layout")
    assert answer.message is not None
    assert answer.text == "**What I heard**"
    assert (await ann.press(answer.message, "Hint")).text == "a hint"


@pytest.mark.parametrize("private", [True, False])
async def test_the_first_follow_up_fills_the_thought(
    double: Discord, debates: Debates, ann: Person, private: bool
) -> None:
    answer = await ann.slash("debate slow", private=private)
    assert answer.deferred
    debates.go.set()
    await double.until(lambda: answer.text == "first, mended")
    assert [each.text for each in answer.messages] == ["first, mended", "second"]
    assert [each.ephemeral for each in answer.messages] == [private, True]
    bob = double.user("bob", ann.place.guild)
    assert len(bob.sees(bob.place)) == (0 if private else 1)


async def test_too_late_an_answer_is_refused(double: Discord, debates: Debates, ann: Person) -> None:
    double.ack_window = 0.05
    with pytest.raises(Unanswered):
        await ann.slash("debate late")
    debates.go.set()
    error = await asyncio.wait_for(debates.refused.get(), 5)
    assert (error.status, error.code) == (404, 10062)


async def test_a_second_answer_is_refused(debates: Debates, ann: Person) -> None:
    assert (await ann.slash("debate twice")).text == "once"
    assert (await asyncio.wait_for(debates.refused.get(), 5)).code == 40060


async def test_a_command_in_a_dm(double: Discord, bot: Bot) -> None:
    carl = double.user("carl")
    carl.user.locale = "fr"
    assert "DMChannel fr" in (await carl.slash("debate where")).text


async def test_views_and_dynamic_buttons_outlive_a_restart(
    double: Discord, guild: Guild, ann: Person
) -> None:
    async with running(double, Bot(debating)):
        shown = (await ann.slash("debate start", motion="talks")).message
        vote = (await ann.slash("debate vote", debate=17)).message
    assert shown is not None
    assert vote is not None
    async with running(double, Bot(debating)):
        assert (await ann.press(shown, "Hint")).text == "a hint"
        assert (await ann.press(vote, "Vote")).text == "voted in 17"


async def test_nobody_can_do_what_the_client_does_not_let_him(bot: Bot, ann: Person) -> None:
    impossible: list[tuple[str, dict[str, Any]]] = [
        ("debate start", {}),
        ("debate start", {"motion": 1}),
        ("debate start", {"motion": "talks", "turns": 10}),
        ("debate start", {"motion": "talks", "colour": "red"}),
        ("debate", {}),
        ("debate stop", {}),
        ("argue", {}),
    ]
    for path, options in impossible:
        with pytest.raises(AssertionError):
            await ann.slash(path, **options)
