"""Slack's Web API as the bot uses it: what it posts, asks and opens. The only place that calls it.

Raises what is in ``NOT_SHOWN``. Words of people are in what is sent, so errors are logged by their code alone.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import inbound
from adapters.slack.pace import Pace
from adapters.slack.render import Attachment, Message
from bot.messages import Place

NOT_SHOWN = (SlackClientError, aiohttp.ClientError, OSError)
"""What keeps a reply from being shown."""

TRIES = 3
"""How often a message is sent of which it is not known whether it arrived; Slack is asked first whether it did."""

REVOKED = frozenset(("token_revoked", "invalid_auth", "account_inactive", "not_authed", "token_expired"))
"""Errors after which only a new token helps."""

OUTAGE = "HTTP "
"""Begins the code of an error that Slack itself gave no name to: it came from a proxy, or Slack is down."""

UNSURE = frozenset(("internal_error", "fatal_error", "service_unavailable", "request_timeout"))
"""Errors after which a message may stand there all the same."""

EVENT = "gadfly_answer"
"""The type of the metadata by which the bot recognises its own answers."""

SKEW = timedelta(minutes=2)
"""How far our clock may be ahead of Slack's."""

PAGE = 200
KNOWN_FOR = 3600.0
"""Seconds for which the bot trusts that it is a member of a channel; where it no longer is, posting tells."""

CHANNELS = "public_channel,private_channel,mpim"


def code(error: Exception) -> str:
    """What Slack calls an error, else its HTTP status or our name for it; nothing that anybody said."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    data = getattr(error.response, "data", error.response)
    if isinstance(data, Mapping) and data.get("error"):
        return str(data["error"])
    status = getattr(error.response, "status_code", None)
    return f"{OUTAGE}{status}" if status else "unknown"


def digest(key: str) -> str:
    """A key as it stands in the metadata of an answer: ids of Slack's are for nobody else there."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Identity:
    """Who the bot is: ``team`` and ``user`` are ids, ``url`` is the workspace's address."""

    team: str
    user: str
    url: str
    name: str = ""
    team_name: str = ""


@dataclass(frozen=True)
class Mark:
    """By what a message is recognised as part ``part`` of the answer to ``key``, which was asked at ``at``."""

    key: str
    at: datetime
    part: str

    def metadata(self) -> dict[str, Any]:
        """As Slack keeps it beside the message."""
        return {"event_type": EVENT, "event_payload": {"answer": digest(self.key), "part": self.part}}


class Client(AsyncWebClient):
    """The client of Slack's, for which something else that answers in Slack's place is an error like others."""

    async def api_call(self, *args: Any, **kwargs: Any) -> Any:
        """Raises ``SlackClientError``."""
        try:
            return await super().api_call(*args, **kwargs)
        except AttributeError as error:  # it takes words for an object, where JSON was due
            raise SlackClientError("no answer of Slack's") from error


class Web:
    """The bot at Slack."""

    def __init__(self, client: AsyncWebClient, me: Identity, pace: Pace) -> None:
        self._client = client
        self._pace = pace
        self._rooms: dict[str, str] = {}
        self._member_until: dict[str, float] = {}
        self.me = me

    # --- showing ---

    async def post(self, place: Place, message: Message, mark: Mark) -> str:
        """A message of the bot's own, once, even when it is not known at first whether it arrived; its ts."""
        for attempt in range(1, TRIES):
            try:
                return await self._post(place, message, mark)
            except NOT_SHOWN as error:
                if not _unsure(error):
                    raise
                await asyncio.sleep(attempt)
                found = await self.posted(place, mark.key, mark.at)
                if mark.part in found:
                    return found[mark.part]
        return await self._post(place, message, mark)

    async def _post(self, place: Place, message: Message, mark: Mark) -> str:
        await self._pace.turn(place.channel)
        sent = await self._client.chat_postMessage(**_payload(place, message), metadata=mark.metadata())
        return str(sent["ts"])

    async def say(self, place: Place, message: Message) -> None:
        """A line of the adapter's own, which nothing is lost by if it is not shown."""
        await self._pace.turn(place.channel)
        await self._client.chat_postMessage(**_payload(place, message))

    async def posted(self, place: Place, key: str, at: datetime) -> dict[str, str]:
        """The parts of the answer to ``key``, asked at ``at``, that stand in ``place`` already, each with its ts."""
        found = dict[str, str]()
        async for message in self._messages(place, inbound.stamp(at - SKEW)):
            held = message.get("metadata") or {}
            payload = held.get("event_payload") or {}
            if held.get("event_type") == EVENT and payload.get("answer") == digest(key):
                found[str(payload.get("part"))] = str(message["ts"])
        return found

    async def whisper(self, place: Place, user: str, message: Message) -> None:
        """A message for one person alone, where others are too."""
        payload = _payload(place, message)
        del payload["unfurl_links"], payload["unfurl_media"]
        await self._client.chat_postEphemeral(**payload, user=user)

    async def respond(self, url: str, message: Message) -> None:
        """An answer for one person alone where a slash command was typed, whether the bot is there or not."""
        hook = AsyncWebhookClient(
            url, session=self._client.session, retry_handlers=self._client.retry_handlers
        )
        answer = await hook.send(
            text=message.text,
            blocks=[dict(block) for block in message.blocks] or None,
            response_type="ephemeral",
            replace_original=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        if answer.status_code != 200:
            raise SlackClientError(f"response_url {answer.status_code}")

    async def upload(self, place: Place, files: Sequence[Attachment]) -> None:
        """Files into ``place``."""
        await self._client.files_upload_v2(
            channel=place.channel,
            thread_ts=place.thread or None,
            file_uploads=[
                {"filename": item.name, "content": item.data, "title": item.name} for item in files
            ],
        )

    async def change(self, place: Place, message: Mapping[str, Any], blocks: Sequence[Any]) -> None:
        """Other blocks for a message of the bot's."""
        held = message.get("metadata")
        await self._client.chat_update(
            channel=place.channel,
            ts=str(message["ts"]),
            text=str(message.get("text") or ""),
            blocks=list(blocks),
            parse="none",
            link_names=False,
            **({"metadata": held} if held else {}),
        )

    async def react(self, place: Place, ts: str, name: str) -> None:
        """A sign on a message."""
        await self._client.reactions_add(channel=place.channel, timestamp=ts, name=name)

    def wait(self, channel: str) -> float:
        """Seconds that a message to ``channel`` has to wait for its turn."""
        return self._pace.wait(channel)

    # --- forms and the App Home ---

    async def open_form(self, trigger: str, view: dict[str, Any]) -> None:
        """Opens a form; a trigger works once, and for three seconds."""
        await self._client.views_open(trigger_id=trigger, view=view)

    async def change_form(self, id: str, hash: str, view: dict[str, Any]) -> None:
        """Other contents for a form that is open."""
        await self._client.views_update(view_id=id, hash=hash, view=view)

    async def show_home(self, user: str, view: dict[str, Any]) -> None:
        """The App Home of somebody."""
        await self._client.views_publish(user_id=user, view=view)

    # --- asking ---

    async def room(self, user: str) -> Place:
        """The direct messages with somebody."""
        if user not in self._rooms:
            opened = await self._client.conversations_open(users=user)
            self._rooms[user] = str(opened["channel"]["id"])
        return Place(inbound.PLATFORM, self.me.team, self._rooms[user])

    async def learn_channels(self) -> None:
        """Learns at once in which channels the bot is, so that it need not ask when a debate is begun there."""
        known_until, cursor = asyncio.get_running_loop().time() + KNOWN_FOR, ""
        while True:
            found = await self._client.users_conversations(types=CHANNELS, limit=PAGE, cursor=cursor)
            self._member_until |= {str(channel["id"]): known_until for channel in found["channels"]}
            cursor = str((found.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def is_member(self, channel: str) -> bool:
        """Whether the bot is in a channel; asked anew after a while."""
        now = asyncio.get_running_loop().time()
        if self._member_until.get(channel, 0.0) > now:
            return True
        try:
            found = (await self._client.conversations_info(channel=channel))["channel"]
        except SlackApiError as error:
            if code(error) in ("channel_not_found", "not_in_channel"):
                return False
            raise
        if found.get("is_member") or found.get("is_im"):
            self._member_until[channel] = now + KNOWN_FOR
            return True
        return False

    def forget_member(self, channel: str) -> None:
        """The bot turned out to be no member of a channel."""
        self._member_until.pop(channel, None)

    async def is_admin(self, user: str) -> bool:
        """Whether somebody is an admin or owner of the workspace."""
        found = (await self._client.users_info(user=user))["user"]
        return bool(found.get("is_admin") or found.get("is_owner"))

    async def since(self, place: Place, after: str) -> list[dict[str, Any]]:
        """The messages of a place after the one with the ts ``after``, oldest first; of direct messages also those in
        threads beneath the last ones.
        """
        found = [message async for message in self._messages(place, after)]
        if not place.thread:
            roots = [
                m async for m in self._messages(place, "0", pages=1) if _later(m.get("latest_reply"), after)
            ]
            for root in roots:
                beneath = replace(place, thread=str(root["ts"]))
                found += [message async for message in self._messages(beneath, after)]
        unique = {str(m["ts"]): m for m in found if _later(m["ts"], after)}
        return sorted(unique.values(), key=lambda message: float(message["ts"]))

    async def newest(self, place: Place, limit: int) -> list[dict[str, Any]]:
        """The last messages of a place, as far as one page has them."""
        found = [message async for message in self._messages(place, "0", pages=1 if not place.thread else 0)]
        return sorted(found, key=lambda message: float(message["ts"]))[-limit:]

    def link(self, place: Place) -> str:
        """The address of a thread."""
        stamp = place.thread.replace(".", "")
        return f"{self.me.url.rstrip('/')}/archives/{place.channel}" + (f"/p{stamp}" if stamp else "")

    async def _messages(self, place: Place, oldest: str, pages: int = 0) -> AsyncIterator[dict[str, Any]]:
        """The messages of a thread or of direct messages, page after page (``pages`` of them; 0: all)."""
        cursor, count = "", 0
        while True:
            answer = await self._page(place, oldest, cursor)
            for message in answer.get("messages") or ():
                yield message
            count += 1
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor or count == pages:
                return

    async def _page(self, place: Place, oldest: str, cursor: str) -> Any:
        ask: Callable[..., Awaitable[Any]] = self._client.conversations_history
        about: dict[str, Any] = {"channel": place.channel, "oldest": oldest, "limit": PAGE}
        if place.thread:
            ask = self._client.conversations_replies
            about["ts"] = place.thread
        if cursor:
            about["cursor"] = cursor
        return await ask(**about, include_all_metadata=True)


def _later(ts: Any, after: str) -> bool:
    return float(ts or 0) > float(after)


def _payload(place: Place, message: Message) -> dict[str, Any]:
    """A message for ``place`` in which no word calls, links or unfolds anything."""
    return {
        "channel": place.channel,
        "thread_ts": place.thread or None,
        "text": message.text,
        "blocks": list(message.blocks) or None,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _unsure(error: Exception) -> bool:
    """Whether the message may stand there although an error came back."""
    found = code(error)
    return not isinstance(error, SlackApiError) or found in UNSURE or found.startswith(OUTAGE)
