"""The manifest: what the bot is to Slack, pasted there when the app is made. Standard library only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("manifest.json")
"""The manifest for Socket Mode."""


def manifest(url: str = "") -> dict[str, Any]:
    """The manifest; ``url``: where Slack sends requests to, without Socket Mode."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    if url:
        settings = found["settings"]
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"]["request_url"] = url
        settings["interactivity"]["request_url"] = url
        for command in found["features"]["slash_commands"]:
            command["url"] = url
    return found


def text(url: str = "") -> str:
    """The manifest as it is pasted."""
    return json.dumps(manifest(url), indent=2)


def scopes() -> frozenset[str]:
    """What the bot may do, by Slack's names."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])
