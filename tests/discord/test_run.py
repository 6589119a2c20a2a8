"""Starting, checking and stopping: what is wrong is named with its mend, and the token stands in no log."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.chat.service import Problem
from adapters.discord import run, starts
from adapters.discord.inbound import HOUSE
from adapters.discord.run import Access
from adapters.discord.starts import Starts, TooMany
from bot.coach import Coach
from bot.messages import Place
from bot.store.errors import StoreError, Trouble
from bot.store.store import Store
from tests.chat.whole import opening
from tests.discord.conftest import RIGHTS, Quick, Service
from tests.discord.play import start
from tests.doubles.discord import Discord, Guild, Permission, Person

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def unchanged_log() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("adapters.discord")
    before = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


def access(double: Discord, token: str = "") -> Access:
    return Access(token or double.token, double.api, double.gateway)


# --- checking ---


async def checked(given: Access) -> tuple[int, str]:
    """The exit status and the words of ``gadfly discord --check``; in a thread, for it has a loop of its own."""
    said = list[str]()
    code = await asyncio.to_thread(run.check, given, said.append)
    return code, "\n".join(said)


async def test_a_check_finds_all_well(double: Discord, guild: Guild) -> None:
    code, said = await checked(access(double))
    assert code == 0, said
    assert "ok   token: it is that of gadfly" in said
    assert "ok   intents: message content is on" in said
    assert "ok   connections: " in said
    assert "ok   servers: in 1, with every permission" in said
    assert f"invite: https://discord.com/oauth2/authorize?client_id={double.bot.id}" in said
    assert "permissions=" in said
    assert double.token not in said


async def test_a_check_names_what_is_wrong() -> None:
    async with Discord(privileged=()) as double:
        double.guild("club", permissions=Permission.VIEW_CHANNEL, everyone=Permission(0))
        code, said = await checked(access(double))
    assert code == 1
    assert "note intents: The message content intent is off" in said
    assert "BAD  server 'club'" in said
    assert "“Send Messages in Threads”" in said


async def test_a_check_before_the_first_invitation(double: Discord) -> None:
    code, said = await checked(access(double))
    assert code == 0
    assert "in none yet" in said


async def test_a_wrong_token_is_named(double: Discord, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = await checked(access(double, "wrong.token.here"))
    assert code == 1
    told = capsys.readouterr().err
    assert "does not accept the token" in told
    assert "wrong.token.here" not in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Access(""), "There is no token"),
        (Access("  "), "There is no token"),
        (Access("a", api="127.0.0.1:80"), "GADFLY_DISCORD_API must be an address"),
        (Access("a", gateway="http://127.0.0.1"), "GADFLY_DISCORD_GATEWAY must be an address like ws://"),
    ],
)
def test_wrong_use(given: Access, told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run.check(given) == 2
    assert run.serve(given, opening(tmp_path)) == 2
    assert capsys.readouterr().err.count(told) == 2


def test_nobody_is_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run.check(Access("a", "http://127.0.0.1:9/api/v10")) == 75
    assert "cannot be reached" in capsys.readouterr().err


# --- starting ---


async def test_a_wrong_token_ends_the_start(double: Discord, folder: Path) -> None:
    with pytest.raises(Problem, match="does not accept the token"):
        await run.run(access(double, "wrong.token.here"), opening(folder), Quick)


async def test_refused_intents_are_named(double: Discord, guild: Guild, folder: Path) -> None:
    class Stubborn(Quick):
        """Asks for more than it was given."""

        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **{**options, "content": True})  # type: ignore[arg-type]

    async with Discord(privileged=()) as strict:
        with pytest.raises(Problem, match="refused the intents"):
            await run.run(access(strict), opening(folder), Stubborn)


async def test_a_second_bot_on_the_same_data_is_refused(
    double: Discord, service: Service, folder: Path
) -> None:
    with pytest.raises(StoreError):
        await run.run(access(double), opening(folder), Quick)


async def test_commands_are_sent_only_when_they_changed(double: Discord, service: Service) -> None:
    await service.stop()
    await service.start()
    assert len([r for r in double.requests if r.method == "PUT" and r.path.endswith("/commands")]) == 1


async def test_sigterm_ends_it_well(double: Discord, service: Service, ann: Person) -> None:
    await start(double, ann)
    await service.stop()
    assert service.codes == [143]


async def test_ctrl_c_too(double: Discord, guild: Guild, folder: Path) -> None:
    task = asyncio.create_task(run.run(access(double), opening(folder), Quick, guild_ready_timeout=0.05))
    await double.connected()
    signal.raise_signal(signal.SIGINT)
    assert await task == 130


async def test_the_token_stands_in_no_log(
    double: Discord, service: Service, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await service.stop()
        await service.start()
        await start(double, ann)
    assert double.token not in repr(access(double))
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("adapters")]
    assert ours
    assert not any(double.token in text for text in ours)


async def test_shards(guild: Guild, folder: Path) -> None:
    async with Discord() as double:
        double.sessions.shards = 2
        clubs = [double.guild(f"club {number}", permissions=RIGHTS) for number in range(3)]
        service = Service(double, folder)
        await service.start()
        await double.connected(2)
        for number, club in enumerate(clubs):
            await start(double, double.user(f"person {number}", club))
        await service.stop()


async def test_the_gateway_of_the_setting_is_taken_whatever_discord_names(
    double: Discord, guild: Guild, ann: Person, folder: Path
) -> None:
    double.sessions.url = "ws://127.0.0.1:9/"
    service = Service(double, folder)
    await service.start()
    await start(double, ann)
    await service.stop()
    assert service.codes == [143]


# --- the count of connections ---


class Kept:
    def __init__(self) -> None:
        self.values: dict[tuple[Place, str], str] = {}

    async def setting(self, place: Place, name: str) -> str:
        return self.values.get((place, name), "")

    async def set_setting(self, place: Place, name: str, value: str) -> None:
        self.values[place, name] = value


async def test_the_thousandth_connection_of_a_day_is_the_last() -> None:
    counted = Starts(Kept())
    for minute in range(1_000):
        await counted.count(NOW + timedelta(minutes=minute))
    with pytest.raises(TooMany) as told:
        await counted.check(NOW + timedelta(minutes=1_000))
    assert told.value.count == 1_000
    with pytest.raises(TooMany):
        await counted.count(NOW + timedelta(minutes=1_000))
    await counted.count(NOW + timedelta(hours=26))


async def test_a_bot_that_connected_too_often_does_not_start(double: Discord, folder: Path) -> None:
    async with opening(folder)() as door:
        assert isinstance(door, Coach)
        hour = datetime.now(UTC).strftime("%Y-%m-%dT%H:00:00+00:00")
        await door.set_setting(HOUSE, starts.STARTS, f'{{"{hour}": 1000}}')
    with pytest.raises(Problem, match="1,000 times") as told:
        await run.run(access(double), opening(folder), Quick)
    assert told.value.code == 75
    assert not double.requests


async def test_each_connection_is_counted(double: Discord, service: Service, folder: Path) -> None:
    await service.stop()
    await service.start()
    await service.stop()
    async with await Store.open(folder) as store:
        kept = Coach.__new__(Coach)
        kept._store = store
        text = await kept.setting(HOUSE, starts.STARTS)
    assert text.endswith(": 2}")


def test_a_store_that_cannot_be_used_ends_as_in_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    @asynccontextmanager
    async def broken(error: Exception) -> AsyncIterator[Any]:
        if error:
            raise error
        yield

    trouble = StoreError(Trouble.FAILED, tmp_path, "Not a directory", errno=errno.ENOTDIR)
    assert run.serve(Access("a"), lambda: broken(trouble)) == 2
    assert "cannot be used" in capsys.readouterr().err
