"""The manifest against the code: every scope is needed by something the bot does, and nothing it does lacks one.

The oracle for scopes is the double, which refuses what Slack refuses: each thing that the bot does at Slack is done here
with the manifest as it is, and again with one scope less.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import client, manifest, run, transport, web
from adapters.slack.pace import Pace
from adapters.slack.render import Attachment, notice
from adapters.slack.transport import PATH
from adapters.slack.web import Identity, Mark, Web, code
from bot.debate.commands import BY_NAME
from bot.messages import Place
from tests.doubles.slack import Channel, Interaction, Message, Person, Slack, interactions, messages, methods
from tests.doubles.slack.manifest import EVENT_SCOPES, Manifest
from tests.doubles.slack.shapes import length

URL = f"https://gadfly.example{PATH}"
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Words."}}],
}
HOME = {"type": "home", "blocks": FORM["blocks"]}


def without(scope: str) -> dict[str, Any]:
    """The manifest with a scope less."""
    found = manifest.manifest()
    found["oauth_config"]["scopes"]["bot"].remove(scope)
    return found


# --- what the bot does at Slack ---


@dataclass(frozen=True)
class Visit:
    """The bot in a workspace: in a channel, a private channel and a group, each with a thread."""

    double: Slack
    web: Web
    client: AsyncWebClient
    ann: Person
    places: dict[str, Channel]
    roots: dict[str, Message]

    def place(self, kind: str, *, thread: bool = False) -> Place:
        return Place("slack", self.double.team, self.places[kind].id, self.roots[kind].ts if thread else "")

    async def shows_forms(self) -> None:
        """A form after a slash command, and other contents for it."""
        done = Interaction("command", self.ann.user, {})
        await self.web.open_form(interactions.trigger(self.double.world, done), FORM)
        assert done.modal is not None
        await self.web.change_form(done.modal.id, done.modal.hash, FORM)


MARK = Mark("slack:T:C:1.0", datetime(2026, 11, 24, tzinfo=UTC), "0")
FILE = Attachment("a.txt", b"words", "text/plain")
KINDS = ("channel", "group", "mpim")

Doing = Callable[[Visit], Awaitable[Any]]

DOINGS: dict[str, Doing] = {
    "who it is": lambda at: at.client.auth_test(),
    "of which app it is": lambda at: at.client.bots_info(bot=at.double.bot.bot_id),
    "an answer": lambda at: at.web.post(at.place("channel", thread=True), notice("Words."), MARK),
    "an answer in direct messages": lambda at: at.web.say(at.place("im"), notice("Words.")),
    "an answer for one": lambda at: at.web.whisper(
        at.place("channel", thread=True), at.ann.id, notice("Words.")
    ),
    "a file": lambda at: at.web.upload(at.place("im"), [FILE]),
    "a reaction": lambda at: at.web.react(at.place("channel"), at.roots["channel"].ts, "mute"),
    "other blocks": lambda at: at.web.change(
        at.place("channel"), {"ts": at.roots["channel"].ts, "text": "Words."}, notice("Words.").blocks
    ),
    "direct messages": lambda at: at.web.room(at.ann.id),
    "who is an admin": lambda at: at.web.is_admin(at.ann.id),
    "a form": lambda at: at.shows_forms(),
    "an App Home": lambda at: at.web.show_home(at.ann.id, HOME),
    "what was said in direct messages": lambda at: at.web.since(at.place("im"), "0"),
    **{f"whether it is in a {kind}": lambda at, kind=kind: at.web.is_member(at.places[kind].id) for kind in KINDS},  # type: ignore[misc]
    **{f"what was said in a {kind}": lambda at, kind=kind: at.web.posted(at.place(kind), "k", MARK.at) for kind in KINDS},  # type: ignore[misc]
    **{
        f"what was said in a thread of a {kind}": lambda at, kind=kind: at.web.since(  # type: ignore[misc]
            at.place(kind, thread=True), "0"
        )
        for kind in KINDS
    },
    "in which channels it is": lambda at: at.web.learn_channels(),
}  # fmt: skip


async def refused(given: dict[str, Any]) -> tuple[dict[str, str], set[str]]:
    """What of all that the bot does is refused under a manifest, with Slack's code; and all methods it asked."""
    async with Slack(given) as double, aiohttp.ClientSession() as session:
        ann = double.user("ann", channels=[double.channel("debates")])
        secret = double.channel("secret", private=True)
        places = {"channel": ann.place, "group": secret, "mpim": double.group_dm(ann), "im": ann.dm}
        roots = {kind: _own(double, place) for kind, place in places.items()}
        sdk = AsyncWebClient(double.bot_token, base_url=double.api, session=session)
        bot = Web(sdk, Identity(double.team, double.bot.id, ""), Pace(0))
        visit = Visit(double, bot, sdk, ann, places, roots)
        found = dict[str, str]()
        for name, do in DOINGS.items():
            try:
                await do(visit)
            except SlackApiError as error:
                found[name] = code(error)
        return found, {request.method for request in double.requests}


def _own(double: Slack, place: Channel) -> Message:
    """A message of the bot's, without asking for it."""
    said = messages.Content("Words.")
    return messages.post(double.world, place, double.bot, said, messages.Origin())


async def test_nothing_that_the_bot_does_lacks_a_scope() -> None:
    assert (await refused(manifest.manifest()))[0] == {}
    assert (await refused(manifest.manifest(URL)))[0] == {}


def deaf(given: dict[str, Any]) -> set[str]:
    """What a manifest subscribes to and does not get, for want of a scope."""
    declared = Manifest(given)
    return {event for event in declared.events if not declared.hears(event)}


@pytest.mark.parametrize("scope", sorted(manifest.scopes()))
async def test_no_scope_is_superfluous(scope: str) -> None:
    found, _ = await refused(without(scope))
    assert set(found.values()) <= {"missing_scope"}
    needed_by_the_command = scope == "commands" and manifest.manifest()["features"]["slash_commands"]
    assert found or deaf(without(scope)) or needed_by_the_command


def test_every_event_that_is_subscribed_to_comes() -> None:
    assert deaf(manifest.manifest()) == set()
    assert set(manifest.manifest()["settings"]["event_subscriptions"]["bot_events"]) <= set(EVENT_SCOPES)


def test_a_scope_stands_there_once_and_in_order() -> None:
    listed = manifest.manifest()["oauth_config"]["scopes"]["bot"]
    assert listed == sorted(set(listed))
    assert manifest.scopes() == frozenset(listed)


FILES = {"files.getUploadURLExternal", "upload", "files.completeUploadExternal"}
"""What slack_sdk makes of ``files_upload_v2``."""


async def test_all_that_the_code_asks_of_slack_was_tried_above() -> None:
    _, tried = await refused(manifest.manifest())
    asked = {name.replace("_", ".") for name in _of_the_client()}
    assert asked >= {"files.upload.v2", "apps.connections.open"}
    assert tried == asked - {"files.upload.v2", "apps.connections.open", "api.call"} | FILES
    assert tried - {"upload"} <= set(methods.METHODS)


def _of_the_client() -> set[str]:
    """What modules of the adapter take from slack_sdk's client by which Slack is asked something."""
    names = set[str]()
    for module in (web, run, transport):
        names |= set(re.findall(r"\.(\w+)", inspect.getsource(module)))
    found = {name for name in names if inspect.iscoroutinefunction(getattr(AsyncWebClient, name, None))}
    return found - {"api_call"}  # what all of them go through


# --- events, the command, and where everything goes ---


def _kinds_heard() -> set[str]:
    """The types of events that the client does something about."""
    source = inspect.getsource(client.Gadfly._event)
    compared = re.findall(r'kind (?:==|in) (\(?"[^:]*?\)?)(?: and|:)', source)
    return {word for part in compared for word in re.findall(r'"(\w+)"', part)}


def test_each_event_is_heard_and_nothing_else_comes() -> None:
    events = manifest.manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in events} == _kinds_heard()
    assert events == sorted(set(events))


def test_messages_come_from_everywhere_that_the_bot_can_be() -> None:
    declared = Manifest(manifest.manifest())
    assert all(declared.hears_messages(kind) for kind in ("channel", "group", "im", "mpim"))
    assert declared.home_tab
    assert declared.messages_tab
    assert declared.interactive


def test_the_command_is_the_one_that_the_bot_speaks_of() -> None:
    (command,) = manifest.manifest()["features"]["slash_commands"]
    assert command["command"] == client.COMMAND
    assert command["should_escape"] is True  # what is typed is unescaped
    assert "url" not in command


def test_the_hint_names_commands_that_there_are() -> None:
    (command,) = manifest.manifest()["features"]["slash_commands"]
    assert set(re.findall(r"[a-z-]+", command["usage_hint"])) <= set(BY_NAME)


# --- Slack's limits of a manifest ---


@pytest.mark.parametrize("url", ["", URL])
def test_every_limit_is_kept(url: str) -> None:
    made = manifest.manifest(url)
    shown, features = made["display_information"], made["features"]
    assert 0 < length(shown["name"]) <= 35
    assert 0 < length(shown["description"]) <= 140
    assert re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", shown["background_color"])
    assert 0 < length(features["bot_user"]["display_name"]) <= 80
    assert len(features["slash_commands"]) <= 50
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert 0 < length(command["description"]) <= 2_000
        assert 0 < length(command["usage_hint"]) <= 1_000
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert len(made["oauth_config"]["scopes"]["bot"]) <= 255


# --- both ways that events come ---


def _urls(value: Any) -> list[str]:
    if isinstance(value, dict):
        here = [value[key] for key in ("url", "request_url") if key in value]
        return here + [url for inner in value.values() for url in _urls(inner)]
    return [url for inner in value for url in _urls(inner)] if isinstance(value, list) else []


def test_without_an_address_everything_comes_by_socket() -> None:
    made = manifest.manifest()
    assert Manifest(made).socket_mode
    assert _urls(made) == []
    assert made == json.loads(manifest.FILE.read_text("utf-8"))


def test_with_an_address_everything_goes_there() -> None:
    made = manifest.manifest(URL)
    assert not Manifest(made).socket_mode
    assert _urls(made) == [URL] * 3
    assert made["settings"]["interactivity"] == {"is_enabled": True, "request_url": URL}
    assert [command["url"] for command in made["features"]["slash_commands"]] == [URL]
    assert made["settings"]["event_subscriptions"]["request_url"] == URL


def test_nothing_else_differs() -> None:
    by_http, by_socket = manifest.manifest(URL), manifest.manifest()
    by_http["settings"]["socket_mode_enabled"] = True
    del by_http["settings"]["event_subscriptions"]["request_url"]
    del by_http["settings"]["interactivity"]["request_url"]
    del by_http["features"]["slash_commands"][0]["url"]
    assert by_http == by_socket == manifest.manifest()


@pytest.mark.parametrize("url", ["", URL])
def test_what_is_pasted_is_the_manifest(url: str) -> None:
    assert json.loads(manifest.text(url)) == manifest.manifest(url)
    assert manifest.text(url).isascii()
