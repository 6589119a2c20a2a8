"""The slash commands: the group ``/debate`` built from the command table, and ``/debate-settings``.

This module must not know what a command does.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Literal, Optional, Protocol

import discord
from discord import app_commands

from adapters.chat.text import clip
from adapters.discord import inbound, limits
from adapters.discord.inbound import Option
from bot.debate.commands import COMMANDS, LONGEST, CommandSpec

GROUP = "debate"
SETTINGS = "debate-settings"

Suggestions = Sequence[tuple[str, str]]
"""What is shown and what is meant."""


Suggest = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


class Commands(Protocol):
    """What the commands need of the client."""

    async def typed(self, interaction: discord.Interaction, text: str) -> None:
        """A slash command, as the line a person would have typed."""

    async def suggested(self, interaction: discord.Interaction, kind: str) -> Suggestions:
        """What can be chosen for an option of ``kind``: ``motion`` or ``card``."""

    async def set_up(
        self,
        interaction: discord.Interaction,
        motions: str | None,
        starters: discord.Role | None,
        private: bool | None,
    ) -> None:
        """The settings of a server, changed where something is given."""


def build(client: Commands) -> tuple[app_commands.Group, app_commands.Command[Any, ..., Any]]:
    """All slash commands."""
    group = app_commands.Group(
        name=GROUP,
        description="Practise debating",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )
    for spec in COMMANDS:
        group.add_command(_command(spec, client))
    return group, _settings(client)


def digest(commands: Sequence[dict[str, Any]], application: int | None) -> str:
    """The hash of the commands as they are sent to Discord: what was sent before need not be sent again."""
    text = json.dumps([application, commands], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def matching(found: Suggestions, current: str) -> list[app_commands.Choice[str]]:
    """The suggestions that hold what was typed so far, as many as Discord shows."""
    wanted = current.casefold().strip()
    fitting = [pair for pair in found if wanted in f"{pair[0]} {pair[1]}".casefold()][: limits.CHOICES]
    return [
        app_commands.Choice(name=clip(name, limits.CHOICE - limits.MARGIN), value=value[: limits.CHOICE])
        for name, value in fitting
    ]


# --- one command ---


def _command(spec: CommandSpec, client: Commands) -> app_commands.Command[Any, ..., Any]:
    options = inbound.options(spec)

    async def callback(interaction: discord.Interaction, **given: Any) -> None:
        await client.typed(interaction, inbound.typed(spec, given))

    # discord.py reads the options off the signature.
    callback.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_ONLY),
            *(_parameter(option) for option in options),
        ]
    )
    app_commands.describe(
        **{option.name: _ABOUT[option.name] for option in options if option.name in _ABOUT}
    )(callback)
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=spec.name, description=clip(spec.help, limits.DESCRIPTION - limits.MARGIN), callback=callback
    )
    for option in options:
        if option.kind in ("motion", "card"):
            made.autocomplete(option.name)(_suggesting(client, option.kind))
    return made


_ABOUT = {
    "motion": "what is debated",
    "side": "the side you argue",
    "level": "how hard the bot presses",
    "first": "you open the debate",
    "anew": "leave the debate that is open here",
    "words": "your speech",
    "point": "a point by its number on the flow",
    "card": "a card, like f07",
    "turn": "which of your speeches",
    "letter": "the reading you meant",
    "speech": "which of your speeches",
    "which": "one of these",
    "yes": "really delete it",
    "command": "the command to explain",
}
"""What the options are, by name."""


def _parameter(option: Option) -> inspect.Parameter:
    default = inspect.Parameter.empty if option.required else None
    given = _annotation(option) if option.required else Optional[_annotation(option)]  # noqa: UP045 - made at run time
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=given)


def _annotation(option: Option) -> Any:
    match option.kind:
        case "number":
            return app_commands.Range[int, 0, 9999]
        case "flag":
            return bool
        case "choice":
            return Literal[option.choices]
        case "text":
            return app_commands.Range[str, 1, LONGEST]
        case _:
            return app_commands.Range[str, 1, limits.CHOICE]


def _suggesting(client: Commands, kind: str) -> Suggest:
    async def suggest(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return matching(await client.suggested(interaction, kind), current)

    return suggest


def _settings(client: Commands) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name=SETTINGS, description="How Gadfly works on this server")
    @app_commands.describe(
        motions="the motions offered here, by name and separated by commas; “all” for all",
        starters="who may start debates: this role; @everyone for all",
        private="whether the threads of debates are private",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def settings(
        interaction: discord.Interaction,
        motions: str | None = None,
        starters: discord.Role | None = None,
        private: bool | None = None,
    ) -> None:
        await client.set_up(interaction, motions, starters, private)

    return settings
