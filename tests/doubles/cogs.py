"""A small bot of the usual parts, for the double's own tests: commands, buttons, lists, forms."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from tests.doubles.bots import Bot

MOTIONS = ("sanctions", "talks", "ceasefire")


class Speech(discord.ui.Modal, title="Your speech"):
    """A form of the new kind, with labels."""

    speech: discord.ui.Label[Any] = discord.ui.Label(
        text="What do you say?",
        component=discord.ui.TextInput(custom_id="speech", style=discord.TextStyle.paragraph, max_length=50),
    )
    level: discord.ui.Label[Any] = discord.ui.Label(
        text="How hard?",
        component=discord.ui.Select(
            custom_id="level",
            required=False,
            options=[
                discord.SelectOption(label="Easy", value="easy"),
                discord.SelectOption(label="Hard", value="hard"),
            ],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        said: Any = self.speech.component
        level: Any = self.level.component
        await interaction.response.send_message(f"heard {said.value!r} at {level.values}", ephemeral=True)


class Persistent(discord.ui.View):
    """Buttons that outlive the bot's process."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Hint", custom_id="hint")
    async def hint(self, interaction: discord.Interaction[Any], _button: Any) -> None:
        await interaction.response.send_message("a hint", ephemeral=True)

    @discord.ui.button(label="Reply", custom_id="reply", style=discord.ButtonStyle.primary)
    async def reply(self, interaction: discord.Interaction[Any], _button: Any) -> None:
        await interaction.response.send_modal(Speech())

    @discord.ui.button(label="Count", custom_id="count")
    async def count(self, interaction: discord.Interaction[Any], button: discord.ui.Button[Any]) -> None:
        button.label = "Counted"
        button.disabled = True
        await interaction.response.edit_message(content="counted", view=self)

    @discord.ui.select(
        custom_id="side",
        options=[
            discord.SelectOption(label="For", value="for"),
            discord.SelectOption(label="Against", value="against"),
        ],
    )
    async def side(self, interaction: discord.Interaction[Any], select: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"you are {select.values[0]}")


class Vote(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"debate:(?P<id>\d+):vote"):
    """A button whose custom_id says which debate it is of."""

    def __init__(self, debate: int) -> None:
        super().__init__(discord.ui.Button(label="Vote", custom_id=f"debate:{debate}:vote"))
        self.debate = debate

    @classmethod
    async def from_custom_id(cls, _interaction: Any, _item: Any, match: re.Match[str]) -> Self:
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"voted in {self.debate}", ephemeral=True)


class Hint(discord.ui.Button[Any]):
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("a hint", ephemeral=True)


class Layout(discord.ui.LayoutView):
    """A message of components of the second version."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(Hint(label="Hint", custom_id="layout hint"))
        parts: tuple[discord.ui.Item[Any], ...] = (
            discord.ui.TextDisplay("**What I heard**"),
            discord.ui.Separator(),
            row,
        )
        self.add_item(discord.ui.Container(*parts))


class Debates(commands.GroupCog, group_name="debate"):
    """The commands /debate start, slow, ..."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.go = asyncio.Event()
        self.refused: asyncio.Queue[discord.HTTPException] = asyncio.Queue()

    @app_commands.command()
    async def start(
        self, interaction: discord.Interaction[Any], motion: str, turns: app_commands.Range[int, 1, 9] = 3
    ) -> None:
        """Starts a debate"""
        await interaction.response.send_message(f"{motion} in {turns}", view=Persistent())

    @start.autocomplete("motion")
    async def motions(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=each.title(), value=each) for each in MOTIONS if current in each]

    @app_commands.command()
    async def slow(self, interaction: discord.Interaction[Any], private: bool = True) -> None:
        """Thinks before it answers"""
        await interaction.response.defer(thinking=True, ephemeral=private)
        await self.go.wait()
        await interaction.followup.send("first")
        await interaction.followup.send("second", ephemeral=True)
        await interaction.edit_original_response(content="first, mended")

    @app_commands.command()
    async def late(self, interaction: discord.Interaction[Any]) -> None:
        """Answers when it is let"""
        await self.go.wait()
        try:
            await interaction.response.send_message("late")
        except discord.HTTPException as error:
            self.refused.put_nowait(error)

    @app_commands.command()
    async def twice(self, interaction: discord.Interaction[Any]) -> None:
        """Answers two times"""
        await interaction.response.send_message("once")
        interaction.response._response_type = None
        try:
            await interaction.response.send_message("again")
        except discord.HTTPException as error:
            self.refused.put_nowait(error)

    @app_commands.command()
    async def layout(self, interaction: discord.Interaction[Any]) -> None:
        """Answers in components of the second version"""
        await interaction.response.send_message(view=Layout())

    @app_commands.command()
    async def vote(self, interaction: discord.Interaction[Any], debate: int) -> None:
        """Shows a dynamic button"""
        view = discord.ui.View(timeout=None)
        view.add_item(Vote(debate))
        await interaction.response.send_message("vote", view=view)

    @app_commands.command()
    async def where(self, interaction: discord.Interaction[Any]) -> None:
        """Says where it is"""
        place = type(interaction.channel).__name__
        await interaction.response.send_message(f"{place} {interaction.locale} {interaction.context}")


async def debating(bot: Bot) -> None:
    """Sets a bot up with all of this, and syncs its commands."""
    await bot.add_cog(Debates(bot))
    bot.add_view(Persistent())
    bot.add_dynamic_items(Vote)
    await bot.tree.sync()


def cog(bot: Bot) -> Debates:
    found = bot.get_cog("Debates")
    assert isinstance(found, Debates)
    return found
