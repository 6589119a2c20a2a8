"""Holds the double to Discord's published description of the answers, as it holds bots to that of the requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.doubles.discord import Request, rules
from tests.doubles.discord.refusals import Refused

# What each route answers with; in brackets: a list of that.
ANSWERS = {
    "GET /users/@me": "UserPIIResponse",
    "GET /users/@me/guilds": "[MyGuildResponse]",
    "GET /users/{}": "UserResponse",
    "POST /users/@me/channels": "PrivateChannelResponse",
    "GET /oauth2/applications/@me": "PrivateApplicationResponse",
    "GET /applications/@me": "PrivateApplicationResponse",
    "GET /gateway/bot": "GatewayBotResponse",
    "GET /applications/{}/commands": "[ApplicationCommandResponse]",
    "PUT /applications/{}/commands": "[ApplicationCommandResponse]",
    "GET /applications/{}/guilds/{}/commands": "[ApplicationCommandResponse]",
    "PUT /applications/{}/guilds/{}/commands": "[ApplicationCommandResponse]",
    "GET /guilds/{}": "GuildWithCountsResponse",
    "GET /guilds/{}/roles": "[GuildRoleResponse]",
    "GET /guilds/{}/members": "[GuildMemberResponse]",
    "GET /guilds/{}/members/search": "[GuildMemberResponse]",
    "GET /guilds/{}/members/{}": "GuildMemberResponse",
    "GET /guilds/{}/threads/active": "ThreadsResponse",
    "GET /channels/{}/threads/archived/{}": "ThreadsResponse",
    "GET /channels/{}/thread-members": "[ThreadMemberResponse]",
    "POST /channels/{}/messages/{}/threads": "CreatedThreadResponse",
    "POST /channels/{}/threads": "CreatedThreadResponse",
    "GET /channels/{}/messages": "[MessageResponse]",
    "POST /channels/{}/messages": "MessageResponse",
    "GET /channels/{}/messages/{}": "MessageResponse",
    "PATCH /channels/{}/messages/{}": "MessageResponse",
    "POST /interactions/{}/{}/callback": "InteractionCallbackResponse",
    "POST /webhooks/{}/{}": "MessageResponse",
    "GET /webhooks/{}/{}/messages/{}": "MessageResponse",
    "PATCH /webhooks/{}/{}/messages/{}": "MessageResponse",
}
CHANNELS = {
    0: "GuildChannelResponse",
    1: "PrivateChannelResponse",
    5: "GuildChannelResponse",
    10: "ThreadResponse",
    11: "ThreadResponse",
    12: "ThreadResponse",
}
CHANNELS[15] = "GuildChannelResponse"


def schema_of(request: Request) -> str | None:
    """The published schema of this request's answer, if there is one."""
    if re.fullmatch(r"(GET|PATCH) /channels/\d+", str(request)):
        return CHANNELS[request.answer["type"]]
    for route, name in ANSWERS.items():
        if re.fullmatch(route.replace("{}", "[^/]+"), str(request)):
            return name
    return None


def deviations(requests: list[Request]) -> Iterator[str]:
    """The answers that are not as published."""
    for request in requests:
        name = schema_of(request) if request.status == 200 else None
        if name is None:
            continue
        answers: list[Any] = request.answer if name.startswith("[") else [request.answer]
        for each in answers:
            try:
                rules.check(name.strip("[]"), each)
            except Refused as refused:
                yield f"{request}: {refused}"
