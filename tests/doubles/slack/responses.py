"""What an app sends to a response_url: new messages, and changes of the one in which something was pressed."""

from __future__ import annotations

from typing import Any

from . import messages
from .messages import Origin
from .reading import Json
from .refusals import Refused
from .state import Message
from .world import ResponseUrl, World

KNOWN = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts",
    "unfurl_links", "unfurl_media", "mrkdwn", "metadata", "parse", "link_names",
}  # fmt: skip


def used(world: World, key: str) -> ResponseUrl:
    """The address, if it is still good; this is one use of it."""
    found = world.response_urls.get(key)
    if found is None:
        raise Refused("invalid_url")
    if world.now - found.at > world.response_age:
        raise Refused("expired_url")
    if found.uses >= world.responses:
        raise Refused("used_url")
    found.uses += 1
    return found


def respond(world: World, key: str, body: Json) -> None:
    """One answer to one interaction."""
    strange = set(body) - KNOWN
    if strange:
        world.problem(f"a response_url was sent {sorted(strange)}")
    url = used(world, key)
    if true(body.get("delete_original")):
        messages.delete(world, original(url))
        return
    said = messages.content(body)
    if said.blocks and not said.text:
        world.problem(
            "a response_url was sent blocks without text, so that screen readers have nothing to read"
        )
    if true(body.get("replace_original")):
        changed = original(url)
        keep = frozenset({"metadata"})
        messages.edit(world, changed, said, world.bot, keep)
        made = changed
    else:
        if url.source is not None and "replace_original" not in body:
            world.problem(
                "an answer to a press does not say replace_original, and what Slack then does is unclear"
            )
        made = new(world, url, body, said)
    if made not in url.interaction.messages:
        url.interaction.messages.append(made)
    world.signal()


def new(world: World, url: ResponseUrl, body: Json, said: messages.Content) -> Message:
    """A new message: for the one person, or for all in the channel."""
    hidden = body.get("response_type") != "in_channel"
    thread = body.get("thread_ts")
    person = url.interaction.user if hidden else None
    return messages.post(world, url.channel, world.bot, said, Origin(thread_ts=thread, ephemeral_for=person))


def original(url: ResponseUrl) -> Message:
    """The message that can be replaced: the one pressed in, or the last one that this address made."""
    found = url.source or (url.interaction.messages[-1] if url.interaction.messages else None)
    if found is None or found.ts not in found.channel.messages:
        raise Refused("message_not_found")
    return found


def true(given: Any) -> bool:
    return given in (True, "true", "1", 1)
