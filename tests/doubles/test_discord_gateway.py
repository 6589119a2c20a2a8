"""The gateway as the real discord.py meets it: logging in, being cut off, coming back, shards, intents."""

from __future__ import annotations

import json

import aiohttp
import discord
import pytest

from tests.doubles.bots import Bot, ShardedBot, running, with_content, without_content
from tests.doubles.cogs import Debates
from tests.doubles.discord import Discord, Guild, Kind, Permission, Person
from tests.doubles.discord.gateway import FRAMES_A_MINUTE, LONGEST_FRAME


async def test_a_bot_logs_in_and_knows_its_guilds(double: Discord, guild: Guild, ann: Person) -> None:
    role = double.role(guild, "judges", Permission.MANAGE_THREADS)
    forum = double.channel(guild, "cases", kind=Kind.FORUM, tags=["open"])
    async with running(double) as bot:
        known = bot.get_guild(guild.id)
        assert known is not None
        assert known.name == "club"
        assert known.get_role(role.id).permissions.manage_threads
        assert [tag.name for tag in known.get_channel(forum.id).available_tags] == ["open"]
        assert known.me.id == bot.user.id
        assert known.get_member(ann.id) is None
        assert double.sessions.received[0]["op"] == 1


async def test_a_wrong_token_is_refused(double: Discord) -> None:
    with pytest.raises(discord.LoginFailure):
        async with running(double, token="wrong"):
            pass


async def test_intents_that_are_not_switched_on_are_refused() -> None:
    async with Discord(privileged=()) as double:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(double, Bot(intents=with_content())):
                pass


async def test_with_the_members_intent_all_members_are_known() -> None:
    async with Discord(privileged=("members",)) as double:
        guild = double.guild("club")
        ann = double.user("ann", guild)
        intents = without_content()
        intents.members = True
        async with running(double, Bot(intents=intents)) as bot:
            assert bot.get_guild(guild.id).get_member(ann.id).name == "ann"
            joined = bot.wait_for("member_join", timeout=5)
            bob = double.user("bob", guild)
            assert (await joined).id == bob.id


async def test_what_people_say_is_heard(double: Discord, ann: Person) -> None:
    async with running(double) as bot:
        await ann.says(ann.place, "hello")
        await ann.dm("secret")
        assert await bot.hears(2) == ["hello", "secret"]
        assert bot.heard[0].author.display_name == "ann"
        assert isinstance(bot.heard[1].channel, discord.DMChannel)


async def test_without_the_intent_only_what_is_meant_for_the_bot_is_read(
    double: Discord, ann: Person
) -> None:
    async with running(double, Bot(intents=without_content())) as bot:
        await ann.says(ann.place, "among us")
        await ann.says(ann.place, f"<@{double.bot.id}> hello")
        await ann.dm("secret")
        assert await bot.hears(3) == ["", f"<@{double.bot.id}> hello", "secret"]


async def test_without_the_switch_history_is_empty_as_well() -> None:
    async with Discord(privileged=()) as double:
        ann = double.user("ann", double.guild("club"))
        await ann.says(ann.place, "among us")
        await ann.says(ann.place, f"<@{double.bot.id}> hello")
        async with running(double, Bot(intents=without_content())) as bot:
            place = bot.get_channel(ann.place.id)
            said = [each.content async for each in place.history(oldest_first=True)]
            assert said == ["", f"<@{double.bot.id}> hello"]


async def test_an_edit_and_a_deletion_are_told(double: Discord, ann: Person) -> None:
    async with running(double) as bot:
        said = await ann.says(ann.place, "hello")
        await bot.hears(1)
        edited = bot.wait_for("message_edit", timeout=5)
        deleted = bot.wait_for("raw_message_delete", timeout=5)
        await ann.edits(said, "hello there")
        assert (await edited)[1].content == "hello there"
        await ann.deletes(said)
        assert (await deleted).message_id == said.id
        assert ann.sees(ann.place) == []


@pytest.mark.parametrize("fault", ["reconnect", "resumable", "close"])
async def test_a_session_is_resumed_and_nothing_is_missed(double: Discord, ann: Person, fault: str) -> None:
    async with running(double) as bot:
        await bot.wakes("ready")
        if fault == "reconnect":
            double.sessions.reconnect()
        elif fault == "resumable":
            double.sessions.invalidate(resumable=True)
        else:
            double.sessions.close(4000)
        await double.until(lambda: not double.sessions.live)
        await ann.says(ann.place, "while you were away")
        await bot.wakes("ready", "resumed")
        await ann.says(ann.place, "and now")
        assert await bot.hears(2) == ["while you were away", "and now"]
        assert [each["op"] for each in double.sessions.received].count(2) == 1


async def test_a_cut_connection_is_resumed(double: Discord, ann: Person) -> None:
    async with running(double) as bot:
        await bot.wakes("ready")
        double.sessions.drop()
        await double.until(lambda: not double.sessions.live)
        await ann.says(ann.place, "while you were away")
        assert await bot.hears(1) == ["while you were away"]


async def test_a_session_that_is_forgotten_begins_anew(double: Discord, ann: Person) -> None:
    async with running(double) as bot:
        await bot.wakes("ready")
        double.sessions.forget()
        double.sessions.reconnect()
        await bot.wakes("ready", "ready")
        assert [each["op"] for each in double.sessions.received if each["op"] != 1] == [2, 6, 2]
        await ann.says(ann.place, "hello again")
        assert await bot.hears(1) == ["hello again"]


async def test_an_invalid_session_begins_anew(double: Discord) -> None:
    async with running(double) as bot:
        await bot.wakes("ready")
        double.sessions.invalidate()
        await bot.wakes("ready", "ready")


async def test_an_event_can_come_twice(double: Discord, ann: Person) -> None:
    async with running(double) as bot:
        await ann.says(ann.place, "hello")
        double.sessions.again("MESSAGE_CREATE")
        assert await bot.hears(2) == ["hello", "hello"]
        assert bot.heard[0].id == bot.heard[1].id


async def test_two_shards_share_the_guilds(double: Discord) -> None:
    double.sessions.shards = 2
    people = [double.user(name, double.guild(name)) for name in ("ann", "bob", "cleo")]
    async with running(double, ShardedBot()) as bot:
        assert bot.shard_count == 2
        assert len(bot.guilds) == 3
        assert {guild.shard_id for guild in bot.guilds} == {0, 1}
        for each in people:
            said = bot.wait_for("message", timeout=5)
            await each.says(each.place, "hello")
            assert (await said).guild.shard_id == (each.place.guild.id >> 22) % 2  # type: ignore[union-attr]


async def test_a_guild_comes_and_goes(double: Discord, bot: Bot) -> None:
    joined = bot.wait_for("guild_join", timeout=5)
    left = bot.wait_for("guild_remove", timeout=5)
    other = double.guild("other")
    assert (await joined).id == other.id
    double.kick(other)
    assert (await left).id == other.id


async def test_a_hidden_channel_is_not_there_for_the_bot(double: Discord, guild: Guild, ann: Person) -> None:
    hidden = double.channel(guild, "hidden")
    double.permit(hidden, guild.everyone, deny=Permission.VIEW_CHANNEL)
    double.permit(hidden, ann, allow=Permission.VIEW_CHANNEL)
    async with running(double) as bot:
        assert bot.get_channel(hidden.id) is None
        await ann.says(hidden, "psst")
        await ann.says(ann.place, "hello")
        assert await bot.hears(1) == ["hello"]


async def test_typing_and_reactions_are_told(double: Discord, bot: Bot, ann: Person) -> None:
    said = await ann.says(ann.place, "hello")
    typed = bot.wait_for("raw_typing", timeout=5)
    reacted = bot.wait_for("raw_reaction_add", timeout=5)
    await ann.types(ann.place)
    await ann.reacts(said, "👍")
    assert (await typed).user_id == ann.id
    assert (await reacted).emoji.name == "👍"


async def test_heartbeats_are_acknowledged_or_not(double: Discord) -> None:
    double.sessions.heartbeat = 0.05
    double.sessions.acknowledges = False
    async with aiohttp.ClientSession() as http, http.ws_connect(double.gateway) as socket:
        assert (await socket.receive_json())["d"]["heartbeat_interval"] == 50
        await socket.send_json({"op": 1, "d": None})
        double.sessions.acknowledges = True
        await double.until(lambda: double.sessions.received)
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("not json", 4002),
        ("{}", 4002),
        ('{"op": 2}', 4002),
        ('{"op": 77}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 2, "d": {"token": "wrong"}}', 4004),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 1, "shard": [2, 2]}}', 4010),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 268435456}}', 4013),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 2}}', 4014),
        ('{"op": 6, "d": {"token": "wrong", "session_id": "", "seq": 0}}', 4004),
    ],
)
async def test_what_the_gateway_closes_for(double: Discord, payload: str, code: int) -> None:
    assert await closing(double, payload.replace("TOKEN", double.token)) == code


async def test_nobody_resumes_what_was_not_sent(double: Discord) -> None:
    async with running(double):
        [session] = double.sessions.live
        about = {"token": double.token, "session_id": session.id, "seq": len(session.sent) + 1}
        assert await closing(double, json.dumps({"op": 6, "d": about})) == 4007


async def test_a_second_identify_is_refused(double: Discord) -> None:
    text = json.dumps({"op": 2, "d": {"token": double.token, "intents": 1}})
    async with aiohttp.ClientSession() as http, http.ws_connect(double.gateway) as socket:
        await socket.send_str(text)
        await socket.send_str(text)
        async for _ in socket:
            pass
        assert socket.close_code == 4005


async def closing(double: Discord, text: str) -> int | None:
    """The code with which the gateway closes after this; None when it does not."""
    async with aiohttp.ClientSession() as http, http.ws_connect(double.gateway) as socket:
        await socket.send_str(text)
        async for frame in socket:
            if frame.json()["op"] == 11:
                return None
        return socket.close_code


async def test_a_frame_has_4096_bytes_at_most(double: Discord) -> None:
    heart = json.dumps({"op": 1, "d": None})
    assert await closing(double, heart.ljust(LONGEST_FRAME)) is None
    assert await closing(double, heart.ljust(LONGEST_FRAME + 1)) == 4002


async def test_a_client_may_send_120_frames_a_minute(double: Discord) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(double.gateway) as socket:
        for _ in range(FRAMES_A_MINUTE):
            await socket.send_json({"op": 1, "d": None})
        await double.until(lambda: len(double.sessions.received) == FRAMES_A_MINUTE)
        double.pass_time(60)
        for _ in range(FRAMES_A_MINUTE + 1):
            await socket.send_json({"op": 1, "d": None})
        async for _ in socket:
            pass
        assert socket.close_code == 4008
    assert len(double.sessions.received) == 2 * FRAMES_A_MINUTE


async def test_the_commands_survive_a_reconnect(double: Discord, debates: Debates, ann: Person) -> None:
    double.sessions.reconnect()
    await double.until(lambda: not double.sessions.live)
    assert (await ann.slash("debate start", motion="talks")).text == "talks in 3"
