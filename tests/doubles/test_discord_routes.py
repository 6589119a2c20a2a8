"""The remaining routes and events, as the real discord.py uses them."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from tests.doubles.bots import Bot, running, without_content
from tests.doubles.discord import Discord, Guild, Kind, Permission, Person


def room(bot: Bot, ann: Person) -> discord.TextChannel:
    """The channel where ann is, as the bot knows it."""
    found = bot.get_channel(ann.place.id)
    assert isinstance(found, discord.TextChannel)
    return found


async def refused(code: int, doing: Any) -> None:
    """Asserts that a request is refused with this code of Discord's."""
    with pytest.raises(discord.HTTPException) as caught:
        await doing
    assert caught.value.code == code


async def asked(double: Discord, method: str, path: str, **options: Any) -> Any:
    """The answer to a request without discord.py."""
    client = aiohttp.ClientSession(headers={"Authorization": f"Bot {double.token}"})
    async with client, client.request(method, double.api + path, **options) as response:
        return await response.json()


async def test_a_guild_and_who_is_in_it(guild: Guild) -> None:
    async with Discord(privileged=("members",)) as double:
        guild = double.guild("club", permissions=Permission.MANAGE_GUILD)
        ann, bob = double.user("ann", guild), double.user("bob", guild)
        double.role(guild, "judges", Permission.MANAGE_THREADS)
        intents = without_content()
        intents.members = True
        async with running(double, Bot(intents=intents)) as bot:
            found = await bot.fetch_guild(guild.id)
            assert found.approximate_member_count == 4
            assert [each.name for each in await found.fetch_channels()] == ["general"]
            assert [each.name for each in await found.fetch_roles()] == ["@everyone", "gadfly", "judges"]
            assert {each.name async for each in found.fetch_members()} >= {"ann", "bob"}
            assert (await found.fetch_member(ann.id)).name == "ann"
            assert [each.name async for each in bot.fetch_guilds()] == ["club"]
            known = bot.get_guild(guild.id)
            assert [each.id for each in await known.query_members("bo")] == [bob.id]
            assert [each.id for each in await known.query_members(user_ids=[ann.id])] == [ann.id]
            left = bot.wait_for("raw_member_remove", timeout=5)
            double.leave(guild, ann.user)
            assert (await left).user.id == ann.id
            await refused(10007, found.fetch_member(ann.id))
            await refused(10013, bot.fetch_user(17))


async def test_the_list_of_members_needs_its_intent(double: Discord, guild: Guild, bot: Bot) -> None:
    where = f"/guilds/{guild.id}/members"
    assert (await asked(double, "GET", where))["code"] == 50001
    [found] = await asked(double, "GET", f"{where}/search", params={"query": "owner", "limit": "5"})
    assert found["user"]["username"] == "owner of club"


async def test_the_application_says_which_intents_it_may_have(double: Discord, bot: Bot) -> None:
    about = await bot.application_info()
    assert about.flags.gateway_message_content_limited
    assert not about.flags.gateway_guild_members_limited
    assert (await asked(double, "GET", "/applications/@me"))["id"] == str(double.bot.id)
    assert (await asked(double, "GET", "/gateway"))["url"] == double.gateway
    starts = (await asked(double, "GET", "/gateway/bot"))["session_start_limit"]
    assert starts["remaining"] == 999


async def test_active_and_archived_threads_are_listed(double: Discord, guild: Guild, ann: Person) -> None:
    double.install(guild, Permission.MANAGE_THREADS)
    async with running(double) as bot:
        place = room(bot, ann)
        public = await place.create_thread(name="public", type=discord.ChannelType.public_thread)
        private = await place.create_thread(name="private")
        assert [each.name for each in await place.guild.active_threads()] == ["public", "private"]
        await public.edit(archived=True)
        await private.edit(archived=True)
        assert [each.name async for each in place.archived_threads()] == ["public"]
        assert [each.name async for each in place.archived_threads(private=True)] == ["private"]
        assert [each.name async for each in place.archived_threads(private=True, joined=True)] == ["private"]
        await refused(50083, private.add_user(discord.Object(ann.id)))
        await refused(50083, private.leave())


async def test_members_of_a_thread(double: Discord, guild: Guild, bot: Bot, ann: Person) -> None:
    thread = await room(bot, ann).create_thread(name="t")
    bob = double.user("bob")
    await refused(10007, thread.add_user(discord.Object(bob.id)))
    await refused(10007, thread.fetch_member(ann.id))
    joined = bot.wait_for("thread_member_join", timeout=5)
    await thread.add_user(discord.Object(ann.id))
    assert (await joined).id == ann.id
    assert (await thread.fetch_member(ann.id)).id == ann.id


async def test_channels_are_changed_and_deleted_by_whom_may(
    double: Discord, guild: Guild, ann: Person
) -> None:
    extra = double.channel(guild, "extra")
    async with running(double) as bot:
        thread = await room(bot, ann).create_thread(name="t", type=discord.ChannelType.public_thread)
        await refused(50013, room(bot, ann).edit(topic="debates"))
        await refused(50013, bot.get_channel(extra.id).delete())
        await refused(50013, thread.delete())
    double.install(guild, Permission.MANAGE_CHANNELS)
    async with running(double) as bot:
        await room(bot, ann).edit(topic="debates", slowmode_delay=5)
        assert (ann.place.topic, ann.place.slowmode) == ("debates", 5)
        gone = bot.wait_for("guild_channel_delete", timeout=5)
        await bot.get_channel(extra.id).delete()
        assert (await gone).id == extra.id
        made = bot.wait_for("guild_channel_create", timeout=5)
        double.channel(guild, "new")
        assert (await made).name == "new"
        await room(bot, ann).delete()
        assert ann.threads() == []


async def test_what_goes_with_no_such_channel(double: Discord, guild: Guild, bot: Bot, ann: Person) -> None:
    forum = double.channel(guild, "cases", Kind.FORUM, tags=["open"])
    json: dict[str, Any] = {"content": "x"}
    assert (await asked(double, "POST", f"/channels/{forum.id}/messages", json=json))["code"] == 50008
    json = {"name": "x", "message": {"content": "x"}, "applied_tags": ["17"]}
    assert (await asked(double, "POST", f"/channels/{forum.id}/threads", json=json))["code"] == 50035
    said = await ann.dm("hello")
    where = f"/channels/{ann.dms.id}"
    assert (await asked(double, "PATCH", where, json={"name": "x"}))["code"] == 50024
    assert (await asked(double, "POST", f"{where}/threads", json={"name": "x"}))["code"] == 50024
    path = f"{where}/messages/{said.id}/threads"
    assert (await asked(double, "POST", path, json={"name": "x"}))["code"] == 50024
    assert (await asked(double, "PUT", f"{where}/thread-members/@me"))["code"] == 50024
    assert (await asked(double, "GET", "/channels/ann"))["code"] == 50035
    assert (await asked(double, "GET", f"{where}/messages?limit=101"))["code"] == 50035
    assert (await asked(double, "GET", "/applications/17/commands"))["code"] == 10002
    assert (await asked(double, "POST", "/users/@me/channels", json={"recipient_id": "17"}))["code"] == 10013
    me = {"recipient_id": str(double.bot.id)}
    assert (await asked(double, "POST", "/users/@me/channels", json=me))["code"] == 50007
    answer = {"type": 4, "data": {"content": "x"}}
    assert (await asked(double, "POST", "/interactions/17/token/callback", json=answer))["code"] == 10062


async def test_a_line_about_a_thread_cannot_be_edited(double: Discord, bot: Bot, ann: Person) -> None:
    await room(bot, ann).create_thread(name="t", type=discord.ChannelType.public_thread)
    [line] = ann.sees(ann.place)
    path = f"/channels/{ann.place.id}/messages/{line.id}"
    assert (await asked(double, "PATCH", path, json={"content": "x"}))["code"] == 50021


async def test_a_thread_cannot_lose_its_name(double: Discord, bot: Bot, ann: Person) -> None:
    thread = await room(bot, ann).create_thread(name="t", type=discord.ChannelType.public_thread)
    await refused(50035, thread.edit(name=""))
    await thread.edit(name="sanctions")
    assert ann.threads()[0].name == "sanctions"


async def test_a_poll_and_who_reacted(bot: Bot, ann: Person) -> None:
    poll = discord.Poll("Who won?", duration=timedelta(hours=1))
    poll.add_answer(text="For")
    sent = await room(bot, ann).send(poll=poll)
    shown = await ann.hears(ann.place)
    assert shown.poll is not None
    await ann.reacts(shown, "👍")
    known = await room(bot, ann).fetch_message(sent.id)
    assert [each.id async for each in known.reactions[0].users()] == [ann.id]
    assert not known.reactions[0].me


async def test_files_in_components_of_the_second_version(bot: Bot, ann: Person) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.File("attachment://debate.json"))
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://flow.png")))
    files = [discord.File(io.BytesIO(b"{}"), "debate.json"), discord.File(io.BytesIO(b"png"), "flow.png")]
    sent = await room(bot, ann).send(view=view, files=files)
    shown = await ann.hears(ann.place)
    assert shown.files == {"debate.json": b"{}", "flow.png": b"png"}
    part = sent.components[0]
    assert isinstance(part, discord.FileComponent)
    assert part.media.url.endswith("/debate.json")


async def test_an_edit_keeps_the_files_that_it_names(bot: Bot, ann: Person) -> None:
    files = [discord.File(io.BytesIO(b"a"), "a.txt"), discord.File(io.BytesIO(b"b"), "b.txt")]
    sent = await room(bot, ann).send(files=files)
    shown = await ann.hears(ann.place)
    new = discord.File(io.BytesIO(b"c"), "c.txt")
    await sent.edit(attachments=[sent.attachments[0], new])
    assert [each["filename"] for each in shown.attachments] == ["a.txt", "c.txt"]


async def test_too_large_a_file_is_refused(double: Discord, bot: Bot, ann: Person) -> None:
    most = 10 * 1024 * 1024
    await room(bot, ann).send(file=discord.File(io.BytesIO(bytes(most)), "x"))
    await refused(40005, room(bot, ann).send(file=discord.File(io.BytesIO(bytes(most + 1)), "x")))


async def test_all_that_a_form_may_ask(double: Discord, ann: Person) -> None:
    def label(component: Any) -> discord.ui.Label[Any]:
        return discord.ui.Label(text="x", component=component)

    class Form(discord.ui.Modal, title="Form"):
        about: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay("Tell me")
        side = label(
            discord.ui.RadioGroup(
                custom_id="side", options=[discord.RadioGroupOption(label=each, value=each) for each in "ab"]
            )
        )
        cards = label(
            discord.ui.CheckboxGroup(
                custom_id="cards",
                options=[discord.CheckboxGroupOption(label=each, value=each) for each in "xyz"],
            )
        )
        sure = label(discord.ui.Checkbox(custom_id="sure"))
        judge = label(discord.ui.UserSelect(custom_id="judge", required=False))

        async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
            side: Any = self.side.component
            cards: Any = self.cards.component
            sure: Any = self.sure.component
            judge: Any = self.judge.component
            who = [each.name for each in judge.values]
            await interaction.response.send_message(f"{side.value} {cards.values} {sure.value} {who}")

    async def setup(bot: Bot) -> None:
        @bot.tree.command(name="go")
        async def go(interaction: discord.Interaction[Any]) -> None:
            """Goes"""
            await interaction.response.send_modal(Form())

        await bot.tree.sync()

    async with running(double, Bot(setup)):
        for judge, named in (([ann], "['ann']"), ([], "[]")):
            modal = (await ann.slash("go")).modal
            assert modal is not None
            filled = {"side": "a", "cards": ["x", "z"], "sure": True, "judge": judge}
            assert (await ann.submit(modal, filled)).text == f"a ['x', 'z'] True {named}"
        modal = (await ann.slash("go")).modal
        assert modal is not None
        with pytest.raises(AssertionError, match="offers"):
            await ann.submit(modal, {"side": "c"})
