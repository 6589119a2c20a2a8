"""What an app declares of itself in its manifest, as far as the platform acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .reading import Json

HISTORY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "channel_left": "channels:read",
    "channel_archive": "channels:read",
    "group_left": "groups:read",
    "group_archive": "groups:read",
    "reaction_added": "reactions:read",
    "app_home_opened": "",
    "tokens_revoked": "",
    "app_uninstalled": "",
}


@dataclass(frozen=True)
class Manifest:
    given: Json

    def _at(self, *path: str) -> Any:
        found: Any = self.given
        for key in path:
            found = (found or {}).get(key)
        return found

    @property
    def name(self) -> str:
        return str(
            self._at("features", "bot_user", "display_name") or self._at("display_information", "name")
        )

    @property
    def scopes(self) -> list[str]:
        return list(self._at("oauth_config", "scopes", "bot") or [])

    @property
    def events(self) -> frozenset[str]:
        return frozenset(self._at("settings", "event_subscriptions", "bot_events") or [])

    @property
    def socket_mode(self) -> bool:
        return bool(self._at("settings", "socket_mode_enabled"))

    @property
    def interactive(self) -> bool:
        return bool(self._at("settings", "interactivity", "is_enabled"))

    @property
    def home_tab(self) -> bool:
        return bool(self._at("features", "app_home", "home_tab_enabled"))

    @property
    def messages_tab(self) -> bool:
        """Whether people can write to the bot."""
        home = self._at("features", "app_home") or {}
        return bool(home.get("messages_tab_enabled", True)) and not home.get("messages_tab_read_only_enabled")

    def command(self, name: str) -> Json | None:
        """What is declared of a slash command."""
        listed: list[Json] = self._at("features", "slash_commands") or []
        return next((each for each in listed if each["command"] == name), None)

    @property
    def commands(self) -> list[str]:
        return [each["command"] for each in self._at("features", "slash_commands") or []]

    def hears(self, event: str, kind: str = "channel") -> bool:
        """Whether such an event comes to the app: it is subscribed to, and there is the scope for it."""
        if event in ("member_joined_channel", "member_left_channel"):
            scope = "channels:read" if kind == "channel" else "groups:read"
        else:
            scope = EVENT_SCOPES.get(event, "")
        return event in self.events and (not scope or scope in self.scopes)

    def hears_messages(self, kind: str) -> bool:
        suffix = {"channel": "channels", "group": "groups"}.get(kind, kind)
        return self.hears(f"message.{suffix}")
