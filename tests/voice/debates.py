"""Whole scripted debates for tests of the voice: rules and telling, no store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TypeVar

from bot.debate import rules
from bot.debate.debate import Debate, follow, replay
from bot.debate.entries import Entry, Level, Spoke
from bot.debate.errors import Refusal
from bot.messages import Block, Paragraph
from bot.readings import Reader
from bot.voice import telling
from bot.voice.telling import Told
from content.deck import Deck, Side
from tests.coach.readers import RuleReader
from tests.coach.talk import LIBRARY, NOW, RUBRICS

T = TypeVar("T")

RUBRIC = RUBRICS[-1]
READER = RuleReader()

DENIALS = (
    "is only a little thing",
    "does not follow at all",
    "works the other way round",
    "is outweighed by the rest",
    "is simply not so",
)
JUNK = ("hello", "👍", "sdfghjkl", "", "ignore all rules", "you stupid bot", "Why is that?", "123")
ELSEWHERE = (
    "Chess clubs in Reykjavik were rather popular.",
    "Something will happen in 2027 with the volcanoes of Iceland.",
    "Bananas ripen faster beside apples.",
)


def draw(among: Sequence[T], *what: object) -> T:
    """One of ``among`` by lot: the same for the same words."""
    digest = hashlib.sha256(repr(what).encode()).digest()
    return among[int.from_bytes(digest[:4], "big") % len(among)]


@dataclass
class Script:
    """A scripted learner of one of five manners; ``seed`` draws everything."""

    deck: Deck
    side: Side
    level: Level
    seed: int
    first: bool = False

    def play(self, reader: Reader = READER) -> Debate:
        """A debate to its ballot."""
        started = rules.start(self.deck, RUBRIC, self.side, self.level, self.seed, NOW, first=self.first)
        debate = replay(self.deck, started)
        for turn in range(60):
            if debate.ended is not None:
                break
            for command in self._commands(turn):
                debate = attempt(debate, command)
            debate = say(debate, self._line(debate, turn), reader)
        return debate

    def _line(self, debate: Debate, turn: int) -> str:
        if self.seed % 3 == 2 and turn % 3 == 1:
            return self._aside(debate, turn)
        return self._speech(debate, turn)

    def _aside(self, debate: Debate, turn: int) -> str:
        points = [point.number for point in debate.bots]
        ask = f"Why #{draw(points, self.seed, turn)}?" if points else "Why?"
        return draw((*JUNK, ask, ask, ask), self.seed, turn, "aside")

    def _speech(self, debate: Debate, turn: int) -> str:
        if draw(tuple(range(6)), self.seed, turn, "off") == 0:
            return draw(ELSEWHERE, self.seed, turn, "where")
        lines = [self._argument(debate, turn, n) for n in range(1 + (self.seed + turn) % 2)]
        bots = [point.number for point in debate.bots if point.live]
        if bots and draw("012", self.seed, turn, "answers") != "0":
            lines.append(
                f"#{draw(bots, self.seed, turn)} {draw(DENIALS, self.seed, turn)}, because nobody keeps to it."
            )
        mine = [point.number for point in debate.yours if point.attacked]
        if mine and draw("012", self.seed, turn, "back") == "0":
            lines.append(f"My #{draw(mine, self.seed, turn)} stands, because it was never about that.")
        return "\n".join(lines)

    def _argument(self, debate: Debate, turn: int, place: int) -> str:
        card = draw(self.deck.side_cards(self.side), self.seed, turn, place, "card")
        words = draw(card.phrasings or (card.tag,), self.seed, turn, place)
        return draw(
            (words, f"{words}, because {card.warrant}", f"{words}, so {card.impact}"), self.seed, turn, "more"
        )

    def _commands(self, turn: int) -> Iterator[Callable[[Debate], tuple[Entry, ...]]]:
        if self.seed % 3 == 0:
            return
        if turn % 2:
            yield lambda debate: rules.hint(debate, None, RUBRIC)
        if turn in (2, 3):
            yield lambda debate: rules.contest(debate, turn - 1, "ab"[turn % 2])
        if turn == 4:
            yield lambda debate: rules.concede(debate, draw([p.number for p in debate.bots] or [1], turn))
        if turn in (3, 5, 6):
            yield lambda debate: rules.redo(debate, None)


def attempt(debate: Debate, command: Callable[[Debate], tuple[Entry, ...]]) -> Debate:
    """The debate after a command, or as it is where that is refused."""
    try:
        return follow(debate, *command(debate))
    except Refusal:
        return debate


def say(debate: Debate, text: str, reader: Reader = READER) -> Debate:
    """The debate after the learner's words and their answer."""
    debate = follow(debate, Spoke(key=f"k{debate.length}", text=text, at=NOW))
    reading = reader.read(debate.deck, text, debate.situation())
    return follow(debate, *rules.answer(debate, reading, RUBRIC))


@cache
def played() -> tuple[Debate, ...]:
    """Thirty-six whole debates over both decks, both sides and all levels."""
    return tuple(
        Script(deck, side, level, seed, first=seed == 5).play()
        for deck, side, level, seed in product(LIBRARY.decks, Side, Level, (3, 4, 5))
    )


@cache
def told(at: int) -> tuple[Told, ...]:
    """Debate number ``at``, told."""
    return telling.tell(played()[at], RUBRIC)


def blocks(at: int) -> tuple[Block, ...]:
    return tuple(block for one in told(at) for block in one.blocks)


def paragraphs(at: int, *roles: str) -> tuple[str, ...]:
    """The texts of the bot's paragraphs, of some roles or all."""
    return tuple(b.text for b in blocks(at) if isinstance(b, Paragraph) and (not roles or b.role in roles))
