"""Messages, threads and forums over the HTTP API, as the real discord.py asks for them."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest

from tests.doubles.bots import Bot, running
from tests.doubles.discord import (
    ORDINARY,
    Channel,
    Discord,
    Flag,
    Guild,
    Kind,
    Limit,
    Permission,
    Person,
    Upload,
)


def room(bot: Bot, ann: Person) -> discord.TextChannel:
    """The channel where ann is, as the bot knows it."""
    found = bot.get_channel(ann.place.id)
    assert isinstance(found, discord.TextChannel)
    return found


async def refused(code: int, doing: Any) -> discord.HTTPException:
    """Asserts that a request is refused with this code of Discord's."""
    with pytest.raises(discord.HTTPException) as caught:
        await doing
    assert caught.value.code == code
    return caught.value


# -- sending -------------------------------------------------------------------------------------------------


async def test_a_message_is_sent_changed_and_deleted(bot: Bot, ann: Person) -> None:
    sent = await room(bot, ann).send("hello")
    heard = await ann.hears(ann.place, "hello")
    assert heard.author.bot
    await sent.edit(content="hello there")
    assert heard.text == "hello there"
    assert heard.edited_at is not None
    await sent.delete()
    assert heard.deleted
    assert ann.sees(ann.place) == []


async def test_a_reply_names_what_it_replies_to(bot: Bot, ann: Person) -> None:
    said = await ann.says(ann.place, "hello")
    await (await room(bot, ann).fetch_message(said.id)).reply("hello yourself")
    heard = await ann.hears(ann.place, "yourself")
    assert heard.reference is said
    assert heard.mentions == [ann.user]
    await ann.deletes(said)
    await refused(
        50035,
        room(bot, ann).send(
            "too late", reference=discord.MessageReference(message_id=said.id, channel_id=ann.place.id)
        ),
    )


async def test_a_file_is_sent_and_can_be_fetched(bot: Bot, ann: Person) -> None:
    sent = await room(bot, ann).send("the transcript", file=discord.File(io.BytesIO(b"[]"), "debate.json"))
    heard = await ann.hears(ann.place)
    assert heard.files == {"debate.json": b"[]"}
    assert await sent.attachments[0].read() == b"[]"


async def test_a_persons_file_can_be_read(double: Discord, bot: Bot, ann: Person) -> None:
    await ann.says(ann.place, "", files=[Upload("notes.txt", b"because", "text/plain")])
    await bot.hears(1)
    assert await bot.heard[0].attachments[0].read() == b"because"


@pytest.mark.parametrize("text", ["@everyone", "<@{ann}>", "<@&{role}>"])
async def test_mentions_call_only_whom_they_may(
    double: Discord, guild: Guild, ann: Person, text: str
) -> None:
    role = double.role(guild, "judges", Permission(0))
    double.install(guild, Permission.MENTION_EVERYONE)
    text = text.format(ann=ann.id, role=role.id)
    async with running(double) as bot:
        await room(bot, ann).send(text)
        await room(bot, ann).send(text, allowed_mentions=discord.AllowedMentions.none())
    loud, quiet = ann.sees(ann.place)
    assert [bool(each.mentions or each.mention_roles or each.mention_everyone) for each in (loud, quiet)] == [
        True,
        False,
    ]
    assert loud.text == quiet.text == text


async def test_mentions_in_components_of_the_second_version_call_too(bot: Bot, ann: Person) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay(f"well, {ann.mention}"))
    await room(bot, ann).send(view=view)
    heard = await ann.hears(ann.place)
    assert heard.mentions == [ann.user]
    assert heard.flags & Flag.IS_COMPONENTS_V2


async def test_the_same_nonce_sends_once(double: Discord, bot: Bot, ann: Person) -> None:
    first = await room(bot, ann).send("hello", nonce="t17")
    again = await room(bot, ann).send("hello", nonce="t17")
    assert first.id == again.id
    assert len(ann.sees(ann.place)) == 1
    double.pass_time(200)
    assert (await room(bot, ann).send("hello", nonce="t17")).id != first.id


async def test_typing_is_seen(double: Discord, bot: Bot, ann: Person) -> None:
    async with room(bot, ann).typing():
        pass
    assert double.world.typing == [(ann.place, double.bot)]


async def test_reactions_come_and_go(bot: Bot, ann: Person) -> None:
    said = await ann.says(ann.place, "hello")
    known = await room(bot, ann).fetch_message(said.id)
    await known.add_reaction("👂")
    assert list(said.reactions) == ["👂"]
    assert (await room(bot, ann).fetch_message(said.id)).reactions[0].me
    await known.remove_reaction("👂", discord.Object(bot.user.id))  # type: ignore[union-attr]
    assert said.reactions == {}
    await refused(10014, known.add_reaction("nonsense"))


async def test_a_direct_message(bot: Bot, ann: Person) -> None:
    person = await bot.fetch_user(ann.id)
    await person.send("psst")
    assert (await ann.hears(ann.dms)).text == "psst"
    ann.user.dms_open = False
    await refused(50007, person.send("psst"))


# -- history ---------------------------------------------------------------------------------------------------


async def test_what_was_said_while_the_bot_was_away_is_in_the_history(double: Discord, ann: Person) -> None:
    async with running(double):
        seen = await ann.says(ann.place, "before")
    for index in range(130):
        await ann.says(ann.place, f"line {index}")
    async with running(double) as bot:
        place = room(bot, ann)
        missed = [
            each.content
            async for each in place.history(limit=200, after=discord.Object(seen.id), oldest_first=True)
        ]
        assert missed == [f"line {index}" for index in range(130)]
        latest = [each.content async for each in place.history(limit=2)]
        assert latest == ["line 129", "line 128"]
        before = [each.content async for each in place.history(limit=5, before=discord.Object(seen.id))]
        assert before == []
        around = [each.content async for each in place.history(limit=3, around=discord.Object(seen.id))]
        assert around == ["line 1", "line 0", "before"] or around[-1] == "before"
        later = datetime.now(UTC) + timedelta(hours=1)
        assert [each async for each in place.history(after=later)] == []


async def test_what_only_one_sees_is_not_in_the_history(bot: Bot, ann: Person) -> None:
    shown = (await ann.slash("debate start", motion="talks")).message
    assert shown is not None
    hint = (await ann.press(shown, "Hint")).message
    assert hint is not None
    assert [each.id async for each in room(bot, ann).history()] == [shown.id]
    await refused(10008, room(bot, ann).fetch_message(hint.id))


# -- threads ---------------------------------------------------------------------------------------------------


async def test_a_thread_from_a_message(bot: Bot, ann: Person) -> None:
    sent = await room(bot, ann).send("a debate")
    thread = await sent.create_thread(name="sanctions")
    assert thread.id == sent.id
    [found] = ann.threads()
    assert (found.name, found.kind) == ("sanctions", Kind.PUBLIC_THREAD)
    await ann.says(found, "because")
    assert await bot.hears(1) == ["because"]
    await thread.send("I heard that")
    await ann.hears(found, "I heard")
    await refused(160004, sent.create_thread(name="again"))


async def test_a_private_thread_is_seen_by_its_members(
    double: Discord, guild: Guild, bot: Bot, ann: Person
) -> None:
    bob = double.user("bob", guild)
    thread = await room(bot, ann).create_thread(name="secret", invitable=False)
    assert ann.threads() == []
    await thread.add_user(discord.Object(ann.id))
    [found] = ann.threads()
    assert bob.threads() == []
    with pytest.raises(AssertionError, match="may not write"):
        await bob.says(found, "let me in")
    await thread.send(f"welcome {bob.mention}")
    assert bob.threads() == [found]
    await thread.remove_user(discord.Object(bob.id))
    assert bob.threads() == []
    assert sorted(each.id for each in await thread.fetch_members()) == sorted([ann.id, double.bot.id])


async def test_a_thread_is_archived_and_woken_by_a_word(bot: Bot, ann: Person) -> None:
    thread = await room(bot, ann).create_thread(name="t", type=discord.ChannelType.public_thread)
    [found] = ann.threads()
    assert (await thread.edit(archived=True)).archived
    await refused(50083, thread.edit(name="other"))
    woken = bot.wait_for("raw_thread_update", timeout=5)
    await ann.says(found, "not yet")
    assert not found.archived
    assert not (await woken).data["thread_metadata"]["archived"]


async def test_a_closed_thread_is_closed(double: Discord, guild: Guild, ann: Person) -> None:
    double.install(guild, Permission.MANAGE_THREADS)
    async with running(double) as bot:
        thread = await room(bot, ann).create_thread(name="t", type=discord.ChannelType.public_thread)
        message = await thread.send("the ballot")
        closed = await thread.edit(archived=True, locked=True)
        assert closed.locked
        [found] = ann.threads()
        with pytest.raises(AssertionError, match="locked"):
            await ann.says(found, "one more thing")
        await refused(50083, message.edit(content="another ballot"))
        await refused(50083, message.delete())
        await closed.edit(archived=False, locked=False)
        await ann.says(found, "thanks")
        archived = await thread.edit(archived=True)
        assert [each.id async for each in room(bot, ann).archived_threads()] == [archived.id]


async def test_locking_needs_a_permission(bot: Bot, ann: Person) -> None:
    thread = await room(bot, ann).create_thread(name="t", type=discord.ChannelType.public_thread)
    await refused(50013, thread.edit(archived=True, locked=True))
    await thread.edit(archived=True)


async def test_a_post_in_a_forum(double: Discord, guild: Guild, bot: Bot, ann: Person) -> None:
    made = double.channel(guild, "cases", Kind.FORUM, tags=["open", "closed"])
    forum = await bot.fetch_channel(made.id)
    assert isinstance(forum, discord.ForumChannel)
    post = await forum.create_thread(
        name="sanctions", content="a debate", applied_tags=[forum.available_tags[0]]
    )
    assert post.thread.id == post.message.id
    [found] = ann.threads()
    assert found.applied_tags == [forum.available_tags[0].id]
    assert [each.text for each in ann.sees(found)] == ["a debate"]
    await ann.says(found, "because")
    assert await bot.hears(1) == ["because"]
    with pytest.raises(AssertionError, match="takes no messages"):
        await ann.says(made, "here?")


async def test_a_forum_that_requires_a_tag(double: Discord, guild: Guild, bot: Bot, ann: Person) -> None:
    made = double.channel(guild, "cases", Kind.FORUM, tags=["official", "open"], requires_tag=True)
    made.tags[0]["moderated"] = True
    forum = await bot.fetch_channel(made.id)
    assert isinstance(forum, discord.ForumChannel)
    assert forum.flags.require_tag
    official, free = forum.available_tags
    await refused(40067, forum.create_thread(name="none", content="a debate"))
    await refused(50013, forum.create_thread(name="theirs", content="a debate", applied_tags=[official]))
    await forum.create_thread(name="ours", content="a debate", applied_tags=[free])
    assert [thread.name for thread in ann.threads()] == ["ours"]


async def test_threads_beside_announcements_are_of_their_own_kind(
    double: Discord, guild: Guild, bot: Bot, ann: Person
) -> None:
    news = await bot.fetch_channel(double.channel(guild, "news", Kind.ANNOUNCEMENT).id)
    assert isinstance(news, discord.TextChannel)
    assert news.is_news()
    await refused(50024, news.create_thread(name="t", type=discord.ChannelType.public_thread))
    await refused(50024, news.create_thread(name="t", type=discord.ChannelType.private_thread))
    await news.create_thread(name="t", type=discord.ChannelType.news_thread)
    await refused(50024, room(bot, ann).create_thread(name="t", type=discord.ChannelType.news_thread))
    assert [thread.kind for thread in ann.threads()] == [Kind.ANNOUNCEMENT_THREAD]


async def test_messages_deleted_at_once_come_as_one_event(double: Discord, guild: Guild, ann: Person) -> None:
    told = asyncio.Queue[discord.RawBulkMessageDeleteEvent]()

    async def setup(bot: Bot) -> None:
        bot.add_listener(told.put, "on_raw_bulk_message_delete")

    async with running(double, Bot(setup)):
        said = [await ann.says(ann.place, text) for text in ("one", "two", "three")]
        double.purge(ann.place, said[:2])
        event = await asyncio.wait_for(told.get(), 5)
        assert event.message_ids == {message.id for message in said[:2]}
        assert ann.sees(ann.place) == said[2:]


async def test_a_thread_can_be_deleted_and_left(double: Discord, guild: Guild, ann: Person) -> None:
    double.install(guild, Permission.MANAGE_THREADS)
    async with running(double) as bot:
        thread = await room(bot, ann).create_thread(name="t", type=discord.ChannelType.public_thread)
        await thread.leave()
        await thread.join()
        await thread.delete()
        assert ann.threads() == []
        await refused(10003, bot.fetch_channel(thread.id))


async def test_a_thread_that_a_person_opens(bot: Bot, ann: Person) -> None:
    opened = await ann.opens_thread(ann.place, "mine")
    await ann.says(opened, "hello")
    assert await bot.hears(2) == ["mine", "hello"]
    secret = await ann.opens_thread(ann.place, "secret", private=True)
    await ann.says(secret, "psst")
    await ann.says(secret, f"<@{bot.user.id}> come")  # type: ignore[union-attr]
    assert (await bot.hears(3))[-1].endswith("come")


# -- permissions -------------------------------------------------------------------------------------------------

DENIED = {
    "send": Permission.SEND_MESSAGES,
    "file": Permission.ATTACH_FILES,
    "embed": Permission.EMBED_LINKS,
    "public": Permission.CREATE_PUBLIC_THREADS,
    "private": Permission.CREATE_PRIVATE_THREADS,
    "react": Permission.ADD_REACTIONS,
    "delete": Permission.MANAGE_MESSAGES,
    "typing": Permission.SEND_MESSAGES,
}


@pytest.mark.parametrize("doing", list(DENIED))
async def test_what_the_bot_may_not_do(double: Discord, guild: Guild, ann: Person, doing: str) -> None:
    said = await ann.says(ann.place, "hello")
    double.permit(ann.place, double.bot, deny=DENIED[doing])
    async with running(double) as bot:
        place = room(bot, ann)
        known = await place.fetch_message(said.id)
        does: dict[str, Any] = {
            "send": lambda: place.send("hello"),
            "file": lambda: place.send(file=discord.File(io.BytesIO(b"x"), "x")),
            "embed": lambda: place.send(embed=discord.Embed(title="x")),
            "public": lambda: known.create_thread(name="x"),
            "private": lambda: place.create_thread(name="x"),
            "react": lambda: known.add_reaction("👂"),
            "delete": lambda: known.delete(),
            "typing": lambda: place.typing(),
        }
        assert (await refused(50013, does[doing]())).status == 403
        double.permit(ann.place, double.bot, allow=DENIED[doing])
        await does[doing]()


async def test_where_the_bot_may_not_look(double: Discord, guild: Guild, bot: Bot, ann: Person) -> None:
    place = room(bot, ann)
    double.permit(ann.place, guild.everyone, deny=Permission.READ_MESSAGE_HISTORY)
    await ann.says(ann.place, "hello")
    assert [each async for each in place.history()] == []
    double.permit(ann.place, guild.everyone, deny=Permission.VIEW_CHANNEL)
    await refused(50001, place.send("hello"))
    other = double.guild("other", bot=False)
    await refused(50001, bot.fetch_channel(other.general.id))
    await refused(50001, bot.fetch_guild(other.id))
    await refused(10003, bot.fetch_channel(17))
    await refused(10004, bot.fetch_guild(17))


async def test_roles_add_to_what_everyone_may(double: Discord) -> None:
    guild = double.guild("strict", everyone=ORDINARY & ~Permission.SEND_MESSAGES)
    judges = double.role(guild, "judges", Permission.SEND_MESSAGES)
    chiefs = double.role(guild, "chiefs", Permission.ADMINISTRATOR)
    ann, bob, cleo = (
        double.user("ann", guild),
        double.user("bob", guild, "en-US", judges),
        double.user("cleo", guild, "en-US", chiefs),
    )
    with pytest.raises(AssertionError, match="may not write"):
        await ann.says(guild.general, "hello")
    await bob.says(guild.general, "hello")
    await cleo.says(guild.general, "hello")


async def test_others_words_cannot_be_changed(bot: Bot, ann: Person) -> None:
    said = await ann.says(ann.place, "hello")
    known = await room(bot, ann).fetch_message(said.id)
    await refused(50005, known.edit(content="goodbye"))
    sent = await room(bot, ann).send("mine")
    [_, mine] = ann.sees(ann.place)
    assert mine.id == sent.id
    with pytest.raises(AssertionError, match="what others said"):
        await ann.edits(mine, "hers")


# -- where the bot is not ------------------------------------------------------------------------------------------


async def test_the_bot_goes_where_its_person_goes(double: Discord, ann: Person) -> None:
    async def setup(bot: Bot) -> None:
        @bot.tree.command(name="where")
        @discord.app_commands.allowed_installs(guilds=True, users=True)
        @discord.app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
        async def where(interaction: discord.Interaction[Any]) -> None:
            assert interaction.context is not None
            await interaction.response.send_message(f"private: {interaction.context.private_channel}")
            for index in range(6):
                await interaction.followup.send(f"and {index}")

        bot.tree.on_error = ignored  # type: ignore[method-assign]
        await bot.tree.sync()

    async def ignored(*_: Any) -> None:
        return

    other = double.guild("other", bot=False)
    bob = double.user("bob")
    double.join(other, ann.user)
    group = double.private_channel(ann, bob)
    async with running(double, Bot(setup)):
        for place in (other.general, group):
            with pytest.raises(AssertionError, match="not offered"):
                await ann.slash("where", at=place)
        double.install_for(ann)
        assert (await ann.slash("where", at=group)).text == "private: True"
        answer = await ann.slash("where", at=other.general)
        assert answer.text == "private: False"
        await double.until(lambda: double.requests[-1].status == 400)
        assert len(answer.followups) == 5
        assert double.requests[-1].answer["code"] == 40094


# -- tokens of interactions ------------------------------------------------------------------------------------------


async def test_a_token_is_good_for_a_quarter_of_an_hour(double: Discord, bot: Bot, ann: Person) -> None:
    answer = await ann.slash("debate start", motion="talks")
    where = f"{double.api}/webhooks/{double.bot.id}/{answer.token}"
    async with aiohttp.ClientSession() as http:
        double.pass_time(14 * 60 + 50)
        async with http.post(where, json={"content": "still"}) as response:
            assert response.status == 200
        double.pass_time(20)
        async with http.post(where, json={"content": "no more"}) as response:
            assert response.status == 401
            assert (await response.json())["code"] == 50027
        async with http.post(where + "x", json={"content": "who?"}) as response:
            assert (await response.json())["code"] == 10015


# -- faults ------------------------------------------------------------------------------------------------------------


async def test_too_many_requests_are_tried_again(double: Discord, bot: Bot, ann: Person) -> None:
    double.fail.append((r"POST /channels/\d+/messages$", 429, 0.05))
    await room(bot, ann).send("hello")
    assert [each.status for each in double.asked("/messages")] == [429, 200]
    assert len(ann.sees(ann.place)) == 1


async def test_a_bad_gateway_is_tried_again(double: Discord, bot: Bot, ann: Person) -> None:
    double.fail.append((r"POST /channels/\d+/messages$", 502, 0.0, True))
    await room(bot, ann).send("hello", nonce="t1")
    assert [each.status for each in double.asked("/messages")] == [502, 200]
    assert len(ann.sees(ann.place)) == 1


async def test_a_cut_request_is_the_callers_to_repeat(double: Discord, bot: Bot, ann: Person) -> None:
    for after in (False, True):
        double.fail.append((r"POST /channels/\d+/messages$", 0, 0.0, after))
        with pytest.raises((aiohttp.ClientError, OSError)):
            await room(bot, ann).send("hello", nonce="t2")
    assert len(ann.sees(ann.place)) == 1


async def test_a_rate_limit_is_kept_by_the_client(double: Discord, bot: Bot, ann: Person) -> None:
    double.limits.append(Limit(r"POST /channels/\d+/messages$", 2, 0.2))
    for index in range(5):
        await room(bot, ann).send(f"line {index}")
    assert 429 not in [each.status for each in double.asked("/messages")]
    double.limits[:] = [Limit(r"POST /channels/\d+/messages$", 1, 60.0)]
    where = f"/channels/{ann.place.id}/messages"
    assert (await asked(double, "POST", where, json={"content": "more"}))[0] == 200
    status, answer = await asked(double, "POST", where, json={"content": "still more"})
    assert (status, answer["message"]) == (429, "You are being rate limited.")
    assert 0 < answer["retry_after"] <= 60


async def asking(path: str, then: Exception | None = None) -> None:
    """Lives through one double, in which something is asked for."""
    async with Discord() as double:
        await asked(double, "GET", path)
        if then:
            raise then


async def test_what_discord_does_not_have_is_an_error_of_the_test() -> None:
    with pytest.raises(AssertionError, match="Discord documents no GET /debates"):
        await asking("/debates")
    with pytest.raises(AssertionError, match="the double does not know GET /voice/regions"):
        await asking("/voice/regions")
    with pytest.raises(ZeroDivisionError) as caught:
        await asking("/debates", ZeroDivisionError())
    assert "documents no GET /debates" in "".join(caught.value.__notes__)


async def asked(double: Discord, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """A request without discord.py."""
    headers = {"Authorization": f"Bot {double.token}"} | options.pop("headers", {})
    client = aiohttp.ClientSession(headers=headers)
    async with client, client.request(method, double.api + path, **options) as response:
        return response.status, await response.json() if response.status != 204 else None


async def test_who_has_no_token_is_turned_away(double: Discord, ann: Person) -> None:
    found = await asked(double, "GET", "/users/@me", headers={"Authorization": "Bot wrong"})
    assert found == (401, {"message": "401: Unauthorized", "code": 0})


async def test_a_form_that_is_no_json(double: Discord, ann: Person) -> None:
    where = f"/channels/{ann.place.id}/messages"
    json = {"Content-Type": "application/json"}
    assert (await asked(double, "POST", where, data="{", headers=json))[1]["code"] == 50109
    assert (await asked(double, "POST", where, data="{}", headers=json))[1]["code"] == 50006
    assert (await asked(double, "POST", where, data="content=x"))[1]["code"] == 50035


def test_a_channel_is_no_thread() -> None:
    assert not Channel(1, Kind.TEXT).is_thread
