"""Every documented limit: what is just within is taken, one more is refused, and where is said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.doubles.bots import Bot, running
from tests.doubles.discord import Discord, Flag, Guild, Kind, Person, rules
from tests.doubles.discord.refusals import Refused
from tests.doubles.discord.routes import ROUTES
from tests.doubles.discord.state import Json

V2 = int(Flag.IS_COMPONENTS_V2)


# -- the pieces of which bodies are made ---------------------------------------------------------------------------


def button(n: int = 0, **more: Any) -> Json:
    return {"type": 2, "style": 2, "label": "x", "custom_id": f"b{n}"} | more


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def rows(count: int) -> list[Json]:
    return [row(button(n)) for n in range(count)]


def select(options: int = 1, **more: Any) -> Json:
    made = [{"label": f"o{n}", "value": f"o{n}"} for n in range(options)]
    return {"type": 3, "custom_id": "s", "options": made} | more


def option(**more: Any) -> Json:
    return select() | {"options": [{"label": "x", "value": "x"} | more]}


def text(size: int) -> Json:
    return {"type": 10, "content": "x" * size}


def container(*parts: Json) -> Json:
    return {"type": 17, "components": list(parts)}


def embed(**more: Any) -> Json:
    return {"embeds": [{"title": "x"} | more]}


def fields(count: int, name: int = 1, value: int = 1) -> Json:
    return embed(fields=[{"name": "n" * name, "value": "v" * value}] * count)


def with_parts(*parts: Json, flags: int = 0) -> Json:
    return {"components": list(parts), "flags": flags}


def section(count: int) -> Json:
    return {"type": 9, "components": [text(1)] * count, "accessory": button(99)}


def gallery(count: int) -> Json:
    return {"type": 12, "items": [{"media": {"url": "https://example.com/x.png"}}] * count}


def together(size: int) -> Json:
    """Embeds of so many characters, none of them too long by itself."""
    return {"embeds": [{"description": "x" * 4096}, {"description": "x" * (size - 4096)}]}


def shared(size: int) -> Json:
    """Two text displays of so many characters."""
    return with_parts(text(3000), container(text(size - 3000)), flags=V2)


Case = tuple[str, Callable[[int], Json], int]

MESSAGES: list[Case] = [
    ("content", lambda n: {"content": "x" * n}, 2000),
    ("nonce", lambda n: {"content": "x", "nonce": "n" * n}, 25),
    ("embeds", lambda n: {"embeds": [{"title": "x"}] * n}, 10),
    ("title of an embed", lambda n: embed(title="x" * n), 256),
    ("description of an embed", lambda n: embed(description="x" * n), 4096),
    ("fields", lambda n: fields(n), 25),
    ("name of a field", lambda n: fields(1, name=n), 256),
    ("value of a field", lambda n: fields(1, value=n), 1024),
    ("footer", lambda n: embed(footer={"text": "x" * n}), 2048),
    ("author", lambda n: embed(author={"name": "x" * n}), 256),
    ("embeds together", together, 6000),
    ("rows", lambda n: with_parts(*rows(n)), 5),
    ("buttons in a row", lambda n: with_parts(row(*map(button, range(n)))), 5),
    ("label of a button", lambda n: with_parts(row(button(label="x" * n))), 80),
    ("custom_id", lambda n: with_parts(row(button(custom_id="x" * n))), 100),
    ("url", lambda n: with_parts(row(link("https://x.y/".ljust(n, "x")))), 512),
    ("options of a select", lambda n: with_parts(row(select(n))), 25),
    ("placeholder", lambda n: with_parts(row(select(placeholder="x" * n))), 150),
    ("label of an option", lambda n: with_parts(row(option(label="x" * n))), 100),
    ("value of an option", lambda n: with_parts(row(option(value="x" * n))), 100),
    ("description of an option", lambda n: with_parts(row(option(description="x" * n))), 100),
    ("components", lambda n: with_parts(container(*[text(1)] * (n - 1)), flags=V2), 40),
    ("text display", lambda n: with_parts(text(n), flags=V2), 4000),
    ("text displays together", shared, 4000),
    ("texts of a section", lambda n: with_parts(section(n), flags=V2), 3),
    ("items of a gallery", lambda n: with_parts(gallery(n), flags=V2), 10),
    ("attachments", lambda n: {"attachments": [{"id": k, "filename": "x"} for k in range(n)]}, 10),
]


def link(url: str) -> Json:
    return {"type": 2, "style": 5, "label": "x", "url": url}


def message(body: Json) -> None:
    rules.check("MessageCreateRequest", body)
    rules.check_message(body)


def modal(data: Json) -> None:
    rules.check("ModalInteractionCallbackRequest", {"type": 9, "data": data})
    rules.check_modal(data)


def form(*parts: Json, **more: Any) -> Json:
    return {"custom_id": "m", "title": "t", "components": list(parts)} | more


def label(n: int = 0, component: Json | None = None, **more: Any) -> Json:
    return {"type": 18, "label": "x", "component": component or entry(n)} | more


def entry(n: int = 0, **more: Any) -> Json:
    return {"type": 4, "style": 1, "custom_id": f"e{n}"} | more


MODALS: list[Case] = [
    ("title of a form", lambda n: form(label(), title="x" * n), 45),
    ("custom_id of a form", lambda n: form(label(), custom_id="x" * n), 100),
    ("components of a form", lambda n: form(*map(label, range(n))), 5),
    ("label", lambda n: form(label(label="x" * n)), 45),
    ("description of a label", lambda n: form(label(description="x" * n)), 100),
    ("max_length of an entry", lambda n: form(label(component=entry(max_length=n))), 4000),
    ("value of an entry", lambda n: form(label(component=entry(value="x" * n))), 4000),
    ("placeholder of an entry", lambda n: form(label(component=entry(placeholder="x" * n))), 100),
]


def commands(synced: list[Json]) -> None:
    for each in synced:
        rules.check("ApplicationCommandUpdateRequest", each)
    rules.check_commands(synced)


def command(name: str = "c", *options: Json, **more: Any) -> Json:
    return {"name": name, "description": "d", "type": 1, "options": list(options)} | more


def argument(name: str = "o", **more: Any) -> Json:
    return {"type": 3, "name": name, "description": "d"} | more


def choices(count: int = 1, **more: Any) -> Json:
    return argument(choices=[{"name": f"n{k}", "value": "v"} | more for k in range(count)])


def many(count: int, kind: int) -> list[Json]:
    if kind == 1:
        return [command(f"c{n}") for n in range(count)]
    return [{"name": f"c{n}", "type": kind} for n in range(count)]


def long(size: int) -> Json:
    """A command of so many characters, none of its parts too long by itself."""
    first = [argument(f"o{n:02}", description="x" * 97) for n in range(25)]
    subs = [{"type": 1, "name": f"s{n}", "description": "x" * 98, "options": first} for n in range(3)]
    left = size - rules.command_text(command("c", *subs))
    rest = [argument(f"r{n}", description="x" * 98) for n in range((left - 4) // 100)]
    last = {"type": 1, "name": "t", "description": "d", "options": rest}
    left = size - rules.command_text(command("c", *subs, last))
    return command("c", *subs, last | {"description": "d" * (1 + left)})


COMMANDS: list[tuple[str, Callable[[int], list[Json]], int]] = [
    ("name of a command", lambda n: [command("x" * n)], 32),
    ("description of a command", lambda n: [command(description="x" * n)], 100),
    ("options", lambda n: [command("c", *[argument(f"o{k}") for k in range(n)])], 25),
    ("name of an option", lambda n: [command("c", argument("x" * n))], 32),
    ("description of an option of a command", lambda n: [command("c", argument(description="x" * n))], 100),
    ("choices", lambda n: [command("c", choices(n))], 25),
    ("name of a choice", lambda n: [command("c", choices(name="x" * n))], 100),
    ("value of a choice", lambda n: [command("c", choices(value="x" * n))], 100),
    ("slash commands", lambda n: many(n, 1), 100),
    ("commands on people", lambda n: many(n, 2), 15),
    ("commands on messages", lambda n: many(n, 3), 15),
    ("text of a command", lambda n: [long(n)], 8000),
]


def completions(made: list[Json]) -> None:
    rules.check("ApplicationCommandAutocompleteCallbackRequest", {"type": 8, "data": {"choices": made}})
    rules.check_choices(made)


def named(schema: str) -> Callable[[Any], None]:
    return lambda body: rules.check(schema, body)


ALL: list[tuple[str, Callable[[Any], None], Callable[[int], Any], int]] = [
    *((name, message, make, limit) for name, make, limit in MESSAGES),
    *((name, modal, make, limit) for name, make, limit in MODALS),
    *((name, commands, make, limit) for name, make, limit in COMMANDS),
    ("name of a thread", named("CreateTextThreadWithMessageRequest"), lambda n: {"name": "x" * n}, 100),
    (
        "name of a thread alone",
        named("CreateTextThreadWithoutMessageRequest"),
        lambda n: {"name": "x" * n},
        100,
    ),
    (
        "name of a post",
        named("CreateForumThreadRequest"),
        lambda n: {"name": "x" * n, "message": {"content": "x"}},
        100,
    ),
    ("completions", completions, lambda n: [{"name": "x", "value": "x"}] * n, 25),
    ("name of a completion", completions, lambda n: [{"name": "x" * n, "value": "x"}], 100),
    ("value of a completion", completions, lambda n: [{"name": "x", "value": "x" * n}], 100),
]


@pytest.mark.parametrize(
    ("check", "make", "limit"), [each[1:] for each in ALL], ids=[each[0] for each in ALL]
)
def test_a_limit_holds_exactly(check: Callable[[Any], None], make: Callable[[int], Any], limit: int) -> None:
    check(make(limit))
    with pytest.raises(Refused) as caught:
        check(make(limit + 1))
    assert caught.value.status == 400
    assert caught.value.body["code"] == 50035
    assert '"_errors"' in json.dumps(caught.value.body["errors"])


@pytest.mark.parametrize(
    ("check", "make", "limit"),
    [each[1:] for each in ALL if each[0] in ("content", "label", "description of an embed")],
)
def test_a_letter_of_two_units_counts_twice(
    check: Callable[[Any], None], make: Callable[[int], Any], limit: int
) -> None:
    def emoji(units: int) -> Any:
        body = json.dumps(make(units)).replace("x" * (units // 2 * 2), "🙂" * (units // 2))
        return json.loads(body)

    even = limit // 2 * 2
    check(emoji(even))
    with pytest.raises(Refused):
        check(emoji(even + 2))


WRONG: list[tuple[str, Callable[[Any], None], Any, str]] = [
    (
        "twice the same custom_id",
        message,
        with_parts(row(button(1), button(1))),
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    (
        "two selects in a row",
        message,
        with_parts(row(select(), button(1))),
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    (
        "content with version two",
        message,
        {"content": "x"} | with_parts(text(1), flags=V2),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        "embeds with version two",
        message,
        embed() | with_parts(text(1), flags=V2),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    ("version two without its flag", message, with_parts(text(1)), "UNION_TYPE_CHOICES"),
    (
        "section without accessory",
        message,
        with_parts({"type": 9, "components": [text(1)]}, flags=V2),
        "BASE_TYPE_REQUIRED",
    ),
    (
        "button without custom_id",
        message,
        with_parts(row({"type": 2, "style": 1, "label": "x"})),
        "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
    ),
    (
        "link with custom_id",
        message,
        with_parts(row(link("https://x.y") | {"custom_id": "x"})),
        "BUTTON_COMPONENT_INVALID_URL",
    ),
    (
        "button with nothing on it",
        message,
        with_parts(row({"type": 2, "style": 1, "custom_id": "x"})),
        "BUTTON_COMPONENT_INVALID_LABEL",
    ),
    (
        "more values than options",
        message,
        with_parts(row(select(1, max_values=2))),
        "SELECT_COMPONENT_MAX_VALUES",
    ),
    (
        "fewest more than most",
        message,
        with_parts(row(select(3, min_values=2, max_values=1))),
        "SELECT_COMPONENT_MIN_VALUES",
    ),
    (
        "two options of one value",
        message,
        with_parts(row(select() | {"options": [{"label": "a", "value": "a"}] * 2})),
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    (
        "a file that did not come",
        message,
        with_parts({"type": 13, "file": {"url": "attachment://x"}}, flags=V2),
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    ("a type that there is not", message, with_parts({"type": 99}), "BASE_TYPE_CHOICES"),
    ("a button in a form", modal, form(row(button())), "BASE_TYPE_CHOICES"),
    ("an empty form", modal, form(), "BASE_TYPE_MIN_LENGTH"),
    ("entries of one custom_id", modal, form(label(1), label(1)), "COMPONENT_CUSTOM_ID_DUPLICATED"),
    ("upper case", commands, [command("Debate")], "APPLICATION_COMMAND_INVALID_NAME"),
    ("a blank in a name", commands, [command("a b")], "APPLICATION_COMMAND_INVALID_NAME"),
    ("upper case in an option", commands, [command("c", argument("O"))], "APPLICATION_COMMAND_INVALID_NAME"),
    ("no description", commands, [{"name": "c", "type": 1}], "BASE_TYPE_REQUIRED"),
    (
        "required after optional",
        commands,
        [command("c", argument("a"), argument("b", required=True))],
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    (
        "choices and completion",
        commands,
        [command("c", choices() | {"autocomplete": True})],
        "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
    ),
    (
        "choices of one name",
        commands,
        [command("c", choices(2, name="x"))],
        "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS",
    ),
    (
        "options of one name",
        commands,
        [command("c", argument(), argument())],
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    ),
    ("commands of one name", commands, [command(), command()], "APPLICATION_COMMANDS_DUPLICATE_NAME"),
    (
        "a menu with a description",
        commands,
        [{"name": "c", "type": 3, "description": "d"}],
        "APPLICATION_COMMAND_CONTEXT_MENU",
    ),
    (
        "subcommands beside options",
        commands,
        [command("c", {"type": 1, "name": "s", "description": "d"}, argument())],
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
]


@pytest.mark.parametrize(
    ("check", "body", "code"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG]
)
def test_what_the_rules_forbid(check: Callable[[Any], None], body: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        check(body)
    assert f'"{code}"' in json.dumps(caught.value.body)


def test_a_mistake_is_named_where_it_is() -> None:
    with pytest.raises(Refused) as caught:
        message(
            {"embeds": [{"title": "x"}, {"description": "x" * 4097}]}
            | with_parts(row(button(), button(1, label="x" * 81)))
        )
    errors = caught.value.body["errors"]
    words = "Must be 4096 or fewer in length."
    assert errors["embeds"]["1"]["description"]["_errors"] == [
        {"code": "BASE_TYPE_MAX_LENGTH", "message": words}
    ]
    assert (
        errors["components"]["0"]["components"]["1"]["label"]["_errors"][0]["message"]
        == "Must be 80 or fewer in length."
    )


def test_an_id_may_be_a_number() -> None:
    rules.check("CreatePrivateChannelRequest", {"recipient_id": 17})
    rules.check("CreatePrivateChannelRequest", {"recipient_id": "17"})
    with pytest.raises(Refused):
        rules.check("CreatePrivateChannelRequest", {"recipient_id": "ann"})


def test_names_in_other_scripts_are_names() -> None:
    for name in ("débat", "дебаты", "बहस", "討論", "it's", "a-b_c"):
        assert rules.named_well(name), name
    for name in ("", "Débat", "a b", "a.b", "x" * 33):
        assert not rules.named_well(name), name


def test_a_key_that_discord_does_not_know_is_an_error_of_the_test() -> None:
    message({"content": "x", "tts": False})
    with pytest.raises(AssertionError, match=r"no key \['contents'\] at \[\]"):
        message({"content": "x", "contents": "y"})
    with pytest.raises(AssertionError, match=r"no key \['colour'\] at \['components', 0, 'components', 0\]"):
        message(with_parts(row(button(colour="red"))))


def test_what_would_show_nothing_is_refused() -> None:
    bodies: list[Json] = [{}, {"content": ""}, {"content": "  \n"}, {"embeds": []}, {"components": []}]
    for body in bodies:
        with pytest.raises(Refused) as caught:
            message(body)
        assert caught.value.body["code"] == 50006


def test_the_published_paths_are_known() -> None:
    assert rules.known_path("POST", "/channels/1/messages")
    assert rules.known_path("PATCH", "/webhooks/1/token/messages/@original")
    assert not rules.known_path("POST", "/channels/1/debates")
    assert not rules.known_path("PUT", "/channels/1/messages")


# -- the same through the real client, which checks none of them itself --------------------------------------------------


def too_long() -> list[tuple[str, dict[str, Any]]]:
    """What a bot may come to send, and the key that is named then."""
    buttons = discord.ui.View()
    buttons.add_item(discord.ui.Button(label="x" * 81, custom_id="x"))
    layout = discord.ui.LayoutView()
    layout.add_item(discord.ui.TextDisplay("x" * 4001))
    return [
        ("content", {"content": "x" * 2001}),
        ("embeds", {"embed": discord.Embed(description="x" * 4097)}),
        ("components", {"view": buttons}),
        ("components", {"view": layout}),
    ]


@pytest.mark.parametrize("way", ["channel", "answer", "follow-up", "edit", "forum"])
async def test_the_client_meets_the_limits_whichever_way_it_sends(
    double: Discord, guild: Guild, ann: Person, way: str
) -> None:
    forum = double.channel(guild, "cases", Kind.FORUM)
    seen: list[discord.HTTPException] = []

    async def sends(interaction: discord.Interaction[Any], options: dict[str, Any]) -> None:
        if way == "channel":
            assert isinstance(interaction.channel, discord.TextChannel)
            await interaction.channel.send(**options)
        elif way == "forum":
            place = await interaction.client.fetch_channel(forum.id)
            assert isinstance(place, discord.ForumChannel)
            await place.create_thread(name="x", **options)
        elif way == "answer":
            await interaction.response.send_message(**options)
        elif way == "follow-up":
            await interaction.followup.send(**options)
        else:
            await interaction.edit_original_response(**options)

    async def setup(bot: Bot) -> None:
        @bot.tree.command(name="go")
        async def go(interaction: discord.Interaction[Any]) -> None:
            """Sends what is too long, then what is not"""
            if way != "answer":
                await interaction.response.defer(ephemeral=True)
            for _, options in too_long():
                try:
                    await sends(interaction, options)
                except discord.HTTPException as error:
                    seen.append(error)
            await sends(interaction, {"content": "short"})

        await bot.tree.sync()

    async with running(double, Bot(setup)):
        await ann.slash("go")
        await double.until(lambda: "short" in str(double.requests[-1].body))
        assert [error.code for error in seen] == [50035] * 4
        for (key, _), error in zip(too_long(), seen, strict=True):
            assert key in str(error)


async def test_the_client_meets_the_limits_of_commands_and_choices(double: Discord, ann: Person) -> None:
    async def setup(bot: Bot) -> None:
        @bot.tree.command(name="pick")
        async def pick(interaction: discord.Interaction[Any], card: str) -> None:
            """Picks a card"""

        @pick.autocomplete("card")
        async def cards(_: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name="x" * int(current), value="x")]

        await bot.tree.sync()
        pick.description = "x" * 101
        with pytest.raises(app_commands.CommandSyncFailure, match="100 or fewer"):
            await bot.tree.sync()

    async with running(double, Bot(setup)):
        assert len(await ann.autocomplete("pick", "card", card="100")) == 1
        double.ack_window = 0.3
        with pytest.raises(AssertionError, match="nothing came"):
            await ann.autocomplete("pick", "card", card="101")
        assert double.requests[-1].status == 400


async def test_the_flag_of_version_two_stays(double: Discord, bot: Bot, ann: Person) -> None:
    layout = discord.ui.LayoutView()
    layout.add_item(discord.ui.TextDisplay("x"))
    place = bot.get_channel(ann.place.id)
    assert isinstance(place, discord.TextChannel)
    sent = await place.send(view=layout)
    with pytest.raises(discord.HTTPException, match="IS_COMPONENTS_V2"):
        await sent.edit(content="words")
    await sent.edit(view=layout)


def test_every_route_of_the_double_is_documented() -> None:
    for route in ROUTES:
        path = re.sub(r"\(\?P<\w+>\[\^/\]\+\)", "1", route.pattern.pattern)
        path = path.replace("archived/1", "archived/public")
        assert rules.known_path(route.method, path), f"{route.method} {path}"
