"""The error answers of Slack's Web API."""

from __future__ import annotations

from .reading import Json


class Refused(Exception):
    """An answer that is an error, by Slack's code, with what else stands beside it."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: object) -> None:
        super().__init__(f"{error} {messages or ''}".strip())
        self.error = error
        self.messages = messages or []
        self.more = more

    @property
    def body(self) -> Json:
        found: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            found["errors"] = [each.removeprefix("[ERROR] ") for each in self.messages]
            found["response_metadata"] = {"messages": self.messages}
        return found
