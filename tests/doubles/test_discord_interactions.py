"""Commands, buttons, lists and forms go from a person to the real discord.py and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.doubles.bots import Bot, running, without_content
from tests.doubles.cogs import Debates, debating
from tests.doubles.discord import Discord, Guild, Permission, Person, Unanswered


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


# -- the other ways to answer, each with a command of its own -------------------------------------------------------


Does = Callable[[discord.Interaction[Any]], Awaitable[None]]


@asynccontextmanager
async def doing(double: Discord, does: Does, **options: Any) -> AsyncIterator[Bot]:
    """A bot whose one command /go does this."""

    async def setup(bot: Bot) -> None:
        @bot.tree.command(name="go", **options)
        async def go(interaction: discord.Interaction[Any]) -> None:
            """Goes"""
            await does(interaction)

        await bot.tree.sync()

    async with running(double, Bot(setup)) as bot:
        yield bot


class Once(discord.ui.View):
    """One button, which does what a test wants."""

    def __init__(self, does: Does) -> None:
        super().__init__(timeout=None)
        self.does = does

    @discord.ui.button(label="Press", custom_id="press")
    async def press(self, interaction: discord.Interaction[Any], _button: Any) -> None:
        await self.does(interaction)


async def test_the_first_answer_can_be_read_changed_and_taken_back(double: Discord, ann: Person) -> None:
    async def does(interaction: discord.Interaction[Any]) -> None:
        sent = await interaction.response.send_message("one", ephemeral=True)
        assert isinstance(sent.resource, discord.InteractionMessage)
        assert (await interaction.original_response()).content == "one"
        extra = await interaction.followup.send("two", ephemeral=True, wait=True)
        await extra.edit(content="three")
        assert (await interaction.followup.fetch_message(extra.id)).content == "three"
        await interaction.delete_original_response()

    async with doing(double, does):
        answer = await ann.slash("go")
        await double.until(lambda: double.asked("DELETE"))
        assert [each.text for each in ann.sees(ann.place)] == ["three"]
        assert answer.message is not None
        assert answer.message.deleted


async def test_a_quiet_defer_leaves_the_message_to_be_changed(double: Discord, ann: Person) -> None:
    async def pressed(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="changed")
        await interaction.followup.send("new")

    async def does(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("first", view=Once(pressed))

    async with doing(double, does):
        shown = (await ann.slash("go")).message
        assert shown is not None
        answer = await ann.press(shown, "Press")
        await double.until(lambda: answer.followups)
        assert shown.text == "changed"
        assert [each.text for each in answer.followups] == ["new"]


async def test_a_form_of_the_old_kind_changes_the_message_beneath_it(double: Discord, ann: Person) -> None:
    class Old(discord.ui.Modal, title="Old"):
        words: discord.ui.TextInput[Any] = discord.ui.TextInput(
            label="Words", custom_id="words", min_length=2
        )

        async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
            await interaction.response.edit_message(content=self.words.value)

    async def pressed(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Old())

    async def does(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("first", view=Once(pressed))

    async with doing(double, does):
        shown = (await ann.slash("go")).message
        assert shown is not None
        modal = (await ann.press(shown, "Press")).modal
        assert modal is not None
        with pytest.raises(AssertionError, match="has to be filled in"):
            await ann.submit(modal, {})
        with pytest.raises(AssertionError, match="2 to 4000"):
            await ann.submit(modal, {"words": "x"})
        with pytest.raises(AssertionError, match="has no"):
            await ann.submit(modal, {"word": "xx"})
        bob = double.user("bob", ann.place.guild)
        with pytest.raises(AssertionError, match="does not see this form"):
            await bob.submit(modal, {"words": "xx"})
        assert (await ann.submit(modal, {"words": "because"})).message is shown
        assert shown.text == "because"


async def test_a_form_answers_no_form(double: Discord, ann: Person) -> None:
    refused: asyncio.Queue[discord.HTTPException] = asyncio.Queue()

    class Endless(discord.ui.Modal, title="Endless"):
        words: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Words", custom_id="words")

        async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
            try:
                await interaction.response.send_modal(Endless())
            except discord.HTTPException as error:
                refused.put_nowait(error)
                await interaction.response.send_message("well then")

    async def does(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Endless())

    async with doing(double, does):
        modal = (await ann.slash("go")).modal
        assert modal is not None
        assert (await ann.submit(modal, {"words": "x"})).text == "well then"
        assert (await refused.get()).code == 50035


async def test_people_and_channels_are_chosen_from_lists(double: Discord, guild: Guild, ann: Person) -> None:
    bob = double.user("bob", guild)
    judges = double.role(guild, "judges", Permission(0))

    class Lists(discord.ui.View):
        @discord.ui.select(cls=discord.ui.UserSelect, custom_id="user", max_values=2)
        async def user(self, interaction: discord.Interaction[Any], select: Any) -> None:
            await interaction.response.send_message(" ".join(each.name for each in select.values))

        @discord.ui.select(cls=discord.ui.ChannelSelect, custom_id="channel")
        async def channel(self, interaction: discord.Interaction[Any], select: Any) -> None:
            await interaction.response.send_message(select.values[0].name)

        @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="role")
        async def role(self, interaction: discord.Interaction[Any], select: Any) -> None:
            await interaction.response.send_message(select.values[0].name)

    async def does(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(view=Lists())

    async with doing(double, does):
        shown = (await ann.slash("go")).message
        assert shown is not None
        assert (await ann.select(shown, "user", [ann, bob])).text == "ann bob"
        assert (await ann.select(shown, "channel", guild.general)).text == "general"
        assert (await ann.select(shown, "role", judges)).text == "judges"
        with pytest.raises(AssertionError, match="takes 1 to 2"):
            await ann.select(shown, "user", [])


async def test_menus_of_messages_and_people(double: Discord, guild: Guild, ann: Person) -> None:
    async def setup(bot: Bot) -> None:
        @bot.tree.context_menu(name="Read this")
        async def read(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            await interaction.response.send_message(f"read {message.content}", ephemeral=True)

        @bot.tree.context_menu(name="Greet")
        async def greet(interaction: discord.Interaction[Any], user: discord.User) -> None:
            await interaction.response.send_message(f"hello {user.name}")

        await bot.tree.sync()

    said = await ann.says(ann.place, "among us")
    async with running(double, Bot(setup, intents=without_content())):
        assert (await ann.menu("Read this", said)).text == "read among us"
        assert (await ann.menu("Greet", double.user("bob", guild))).text == "hello bob"


async def test_a_command_is_offered_to_whom_it_is_meant_for(
    double: Discord, guild: Guild, ann: Person
) -> None:
    async def does(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("gone")

    chief = double.user("chief", guild, "en-US", double.role(guild, "chiefs", Permission.MANAGE_GUILD))
    async with doing(double, does) as bot:
        command = bot.tree.get_command("go")
        assert isinstance(command, app_commands.Command)
        command.default_permissions = discord.Permissions(manage_guild=True)
        command.guild_only = True
        await bot.tree.sync()
        with pytest.raises(AssertionError, match="not offered to ann"):
            await ann.slash("go")
        assert (await chief.slash("go")).text == "gone"
        with pytest.raises(AssertionError, match="not offered to chief"):
            await chief.slash("go", at=chief.dms)


async def test_a_guild_can_have_commands_of_its_own(double: Discord, guild: Guild, ann: Person) -> None:
    async def setup(bot: Bot) -> None:
        home = discord.Object(guild.id)

        @bot.tree.command(name="here", guild=home)
        async def here(
            interaction: discord.Interaction[Any], who: discord.Member, loud: bool, how: float
        ) -> None:
            """Here"""
            await interaction.response.send_message(f"{who.display_name} {loud} {how}")

        first = await bot.tree.sync(guild=home)
        again = await bot.tree.sync(guild=home)
        assert [each.id for each in first] == [each.id for each in again]
        assert [each.name for each in await bot.tree.fetch_commands(guild=home)] == ["here"]

    async with running(double, Bot(setup)):
        assert (await ann.slash("here", who=ann, loud=True, how=0.5)).text == "ann True 0.5"
        with pytest.raises(AssertionError, match="no command"):
            await ann.slash("here", at=ann.dms)


async def test_in_a_private_thread(double: Discord, guild: Guild, debates: Debates, ann: Person) -> None:
    thread = await ann.opens_thread(ann.place, "secret", private=True)
    with pytest.raises(AssertionError, match="not offered"):
        await double.user("bob", guild).slash("debate where", at=thread)
    answer = await ann.slash("debate start", at=thread, motion="talks")
    assert answer.message is not None
    assert answer.message.channel is thread
    with pytest.raises(AssertionError, match="does not see"):
        await double.user("cleo", guild).press(answer.message, "Hint")


async def test_an_interaction_that_comes_twice_is_answered_once(
    double: Discord, bot: Bot, ann: Person
) -> None:
    answer = await ann.slash("debate start", motion="talks")
    bot.tree.on_error = ignored  # type: ignore[method-assign]
    double.sessions.again("INTERACTION_CREATE")
    await double.until(lambda: len(double.asked("/callback")) == 2)
    await double.until(lambda: double.asked("/callback")[-1].status == 400)
    assert double.asked("/callback")[-1].answer["code"] == 40060
    assert ann.sees(ann.place) == [answer.message]


async def ignored(*_: Any) -> None:
    return


async def test_what_is_gone_cannot_be_pressed(bot: Bot, ann: Person) -> None:
    shown = (await ann.slash("debate start", motion="talks")).message
    assert shown is not None
    place = bot.get_channel(ann.place.id)
    assert isinstance(place, discord.TextChannel)
    await place.get_partial_message(shown.id).delete()
    with pytest.raises(AssertionError, match="gone"):
        await ann.press(shown, "Hint")
    with pytest.raises(AssertionError, match="heard nothing"):
        await ann.hears(ann.place, "talks", within=0.01)
