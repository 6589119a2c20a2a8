"""The error answers of Discord's API, by what it says."""

from __future__ import annotations

from .state import Json


class Refused(Exception):
    """An answer that is an error: HTTP status, Discord's own code, its words, and where in the form it is."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}".strip())
        self.status = status
        self.body: Json = {"message": message, "code": code} | ({"errors": errors} if errors else {})


def unauthorized() -> Refused:
    return Refused(401, 0, "401: Unauthorized")


def not_found() -> Refused:
    return Refused(404, 0, "404: Not Found")


def unknown(what: str) -> Refused:
    """One of the "Unknown ..." errors."""
    codes = {
        "Application": 10002,
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Message": 10008,
        "User": 10013,
        "Emoji": 10014,
        "Webhook": 10015,
        "interaction": 10062,
    }
    return Refused(404, codes[what], f"Unknown {what}")


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def forbidden(code: int) -> Refused:
    words = {
        50005: "Cannot edit a message authored by another user",
        50007: "Cannot send messages to this user",
        50021: "Cannot execute action on a system message",
        160002: "Cannot reply without permission to read message history",
    }
    return Refused(403, code, words[code])


def bad(code: int) -> Refused:
    words = {
        40067: "A tag is required to create a forum post in this channel",
        40060: "Interaction has already been acknowledged.",
        40094: "This interaction has reached the maximum number of follow-up messages",
        50006: "Cannot send an empty message",
        50008: "Cannot send messages in a non-text channel",
        50024: "Cannot execute action on this channel type",
        50083: "Thread is archived",
        50109: "The request body contains invalid JSON.",
        160004: "A thread has already been created for this message",
        160005: "Thread is locked",
    }
    return Refused(400, code, words[code])


def invalid(errors: Json) -> Refused:
    """A form that breaks a rule; `errors` is nested as the form is."""
    return Refused(400, 50035, "Invalid Form Body", errors)


def at(path: list[str | int], code: str, message: str) -> Json:
    """The nested errors for one mistake at one place."""
    found: Json = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(path):
        found = {str(key): found}
    return found


def merged(first: Json, second: Json) -> Json:
    """Nested errors, put together."""
    both = dict(first)
    for key, value in second.items():
        if key not in both:
            both[key] = value
        elif key == "_errors":
            both[key] = [*both[key], *value]
        else:
            both[key] = merged(both[key], value)
    return both
