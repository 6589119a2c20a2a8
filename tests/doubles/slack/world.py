"""What all parts of the double work on together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .manifest import Manifest
from .reading import Json
from .signal import Clock, Signal
from .state import Bot, Channel, Message, State

if TYPE_CHECKING:
    from .delivery import Post
    from .interactions import Interaction


class Pace(NamedTuple):
    """How many messages a channel takes at once, and how many a second after that."""

    burst: int = 8
    per_second: float = 1.0


@dataclass(eq=False)
class Trigger:
    interaction: Interaction
    at: float
    used: bool = False


@dataclass(eq=False)
class ResponseUrl:
    """An address to which the answers to one interaction can be sent."""

    interaction: Interaction
    channel: Channel
    source: Message | None
    at: float
    uses: int = 0


@dataclass(eq=False)
class World:
    state: State
    manifest: Manifest
    post: Post
    clock: Clock
    signal: Signal
    base: str = ""
    """http://127.0.0.1:PORT"""
    pace: Pace | None = field(default_factory=Pace)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    interactions: list[Interaction] = field(default_factory=list)
    problems: list[AssertionError] = field(default_factory=list)
    """What the app did that Slack does not have; raised when the double is left."""
    trigger_age: float = 3.0
    """Seconds for which a trigger is good, once."""
    response_age: float = 30 * 60.0
    """Seconds for which a response_url is good."""
    responses: int = 5
    """How often a response_url can be used."""
    stack: int = 3
    """How many views can stand one on the other."""

    @property
    def now(self) -> float:
        return self.clock.now()

    @property
    def bot(self) -> Bot:
        return self.state.bot

    def problem(self, words: str) -> None:
        self.problems.append(AssertionError(words))

    def app(self) -> Json:
        """What says, in payloads, which app it is and where."""
        return {"team_id": self.state.team, "api_app_id": self.bot.app_id}
