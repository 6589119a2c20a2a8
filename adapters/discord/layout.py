"""Rendered messages as discord.py's views, and the form for a speech: the one place that builds them.

No input or output. Buttons and selects are dynamic items: their ids tell all, so that they work after a restart.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Protocol, assert_never, cast

import discord
from discord import ui

from adapters.chat import buttons, words
from adapters.chat.buttons import Press
from adapters.discord import limits
from adapters.discord.render import Attachment, Divider, Message, Part, Row, Select, Style, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = "words"
"""The id of the one field of the form."""


class Pressable(Protocol):
    """What a press needs of the client."""

    async def pressed(self, interaction: discord.Interaction, press: Press) -> None: ...


class SayButton(ui.DynamicItem[ui.Button[Any]], template=buttons.BUTTON):
    """A button that says a sentence."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> SayButton:
        return cls(cast("ui.Button[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """It was pressed."""
        await _pressed(interaction, self.item.custom_id or "", ())


class SaySelect(ui.DynamicItem[ui.Select[Any]], template=buttons.SELECT):
    """A select whose options each say a sentence."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> SaySelect:
        return cls(cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Something was chosen."""
        await _pressed(interaction, self.item.custom_id, self.item.values)


async def _pressed(interaction: discord.Interaction[Any], id: str, values: Sequence[str]) -> None:
    press = buttons.pressed(id, values)
    if press is not None:
        await cast(Pressable, interaction.client).pressed(interaction, press)


def view(message: Message) -> ui.LayoutView:
    """The message as a view that never times out."""
    made = ui.LayoutView(timeout=None)
    made.add_item(ui.Container(*(_item(part) for part in message.parts)))
    return made


def files(attachments: Sequence[Attachment]) -> list[discord.File]:
    """Files to send, each once."""
    return [discord.File(io.BytesIO(item.data), filename=item.name) for item in attachments]


def form(debate: int) -> ui.Modal:
    """The form in which a speech is written. What is sent in comes as an event of its own, also after a restart."""
    made = ui.Modal(title=words.FORM_TITLE, custom_id=buttons.form_id(debate), timeout=None)
    field: ui.TextInput[Any] = ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id=WORDS,
        placeholder=words.FORM_PLACEHOLDER,
        min_length=1,
        max_length=limits.INPUT,
    )
    made.add_item(ui.Label(text=words.FORM_LABEL, component=field))
    made.stop()  # nothing is kept of it in memory
    return made


def closed(message: discord.Message, debate: int) -> ui.LayoutView | None:
    """The message with what belongs to ``debate`` disabled; None where nothing in it can be pressed any more."""
    made = ui.LayoutView.from_message(message, timeout=None)
    changed = False
    for item in made.walk_children():
        if (
            isinstance(item, ui.Button | ui.Select)
            and not item.disabled
            and buttons.belongs(item.custom_id, debate)
        ):
            item.disabled = changed = True
    made.stop()
    return made if changed else None


def _item(part: Part) -> ui.Item[Any]:
    match part:
        case Text(markdown=markdown):
            return ui.TextDisplay(markdown)
        case Divider():
            return ui.Separator()
        case Row(buttons=buttons):
            shown = [ui.Button[Any](label=b.label, custom_id=b.id, style=_STYLES[b.style]) for b in buttons]
            return ui.ActionRow(*(SayButton(button) for button in shown))
        case Select():
            return ui.ActionRow(SaySelect(_select(part)))
        case Attachment(name=name):
            return ui.File(f"attachment://{name}")
        case _:
            assert_never(part)


_STYLES = {
    Style.FIRST: discord.ButtonStyle.primary,
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.LAST: discord.ButtonStyle.danger,
}


def _select(part: Select) -> ui.Select[Any]:
    options = [discord.SelectOption(label=option.label, value=option.value) for option in part.options]
    return ui.Select(custom_id=part.id, placeholder=part.placeholder, options=options)
