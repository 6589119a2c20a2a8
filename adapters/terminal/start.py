"""What a terminal shows and understands before the bot is loaded: the motion, the sides, the first line typed.

Everything here is pure but for the reading of two files; standard library, the deck index and ``bot.store.peek`` only,
so that the motion is on the screen at once. This module must not know how a debate is played.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.terminal.text import clean_line, wrap
from bot.store.peek import OpenDebate
from content.index import Entry

SIDES = ("for", "against")
LEVELS = ("novice", "intermediate", "advanced")
FIRST = "first"
ANEW = ("!start", "/start", "/debate start")

SPEECHES = 6
"""How many speeches a learner has in the default format (``spar``)."""

PERSON = ("terminal", "local", "me")
"""Whoever sits at this terminal, as in ``bot.messages.Person``."""

PLACE = ("terminal", "local", "tty", "")
"""The place of a person at this terminal, as in ``bot.messages.Place``."""


@dataclass(frozen=True)
class Plan:
    """The debate that the next line will start."""

    motion: str
    side: str = SIDES[0]
    level: str = LEVELS[0]
    first: bool = False
    seed: int | None = None
    anew: bool = False
    """A debate left open is ended."""

    def command(self) -> str:
        """The sentence that starts it, as a person could type it."""
        words = ["/debate start", self.motion, self.side, self.level]
        words += [FIRST] if self.first else []
        words += ["anew"] if self.anew else []
        words += [f"seed={self.seed}"] if self.seed is not None else []
        return " ".join(words)


@dataclass(frozen=True)
class Change:
    """The line changed the plan: show it again."""

    plan: Plan


@dataclass(frozen=True)
class Begin:
    """The line starts the debate; ``speech`` is the learner's opening speech, if the line was one."""

    plan: Plan
    speech: str = ""


@dataclass(frozen=True)
class Command:
    """The line is a command: the bot answers it, and the first prompt comes again."""

    text: str


def understand(line: str, plan: Plan, motions: Sequence[Entry]) -> Change | Begin | Command:
    """What the first line means: Enter begins, known words change the plan, anything else is the opening speech."""
    text = line.strip()
    if not text or text.lower() in ANEW:
        return Begin(plan)
    changed = _changed(text.lower().split(), plan, {entry.id for entry in motions})
    if changed is not None:
        return Begin(changed) if changed.first else Change(changed)
    if text[0] in "!/" and text[1:2].isalpha():
        return Command(text)
    return Begin(replace(plan, first=True), line)


def _changed(words: list[str], plan: Plan, motions: set[str]) -> Plan | None:
    """The plan after ``words``, or None where one of them is no word of a plan."""
    for word in words:
        if word in SIDES:
            plan = replace(plan, side=word)
        elif word in LEVELS:
            plan = replace(plan, level=word)
        elif word in motions:
            plan = replace(plan, motion=word)
        elif word == FIRST:
            plan = replace(plan, first=True)
        else:
            return None
    return plan


def first_words(motions: Sequence[Entry]) -> tuple[str, ...]:
    """The words that change the plan, for completion."""
    return (FIRST, *SIDES, *LEVELS, *(entry.id for entry in motions))


def banner(version: str, width: int, *, plain: bool) -> list[str]:
    """The first line on the screen."""
    line = f"Gadfly {version}. Argue with an essay."
    return wrap(line, width) if plain else ["", *wrap(line, width)]


def chosen(motions: Sequence[Entry], word: str | None) -> Entry | None:
    """The motion that ``word`` names: an id or the beginning of just one; the first motion without a word."""
    if not word:
        return motions[0] if motions else None
    found = [entry for entry in motions if entry.id == word.lower()]
    found = found or [entry for entry in motions if entry.id.startswith(word.lower())]
    return found[0] if len(found) == 1 else None


def first_lines(plan: Plan, motions: Sequence[Entry], width: int) -> list[str]:
    """The motion, the sides, yours, and what can be typed now."""
    entry = next(entry for entry in motions if entry.id == plan.motion)
    return [*motion_lines(entry, width), *plan_lines(plan, motions, width)]


def motion_lines(entry: Entry, width: int) -> list[str]:
    """The motion and what each side must show."""
    return [
        "",
        *wrap(f"Motion: {clean_line(entry.motion)}", width, rest="  "),
        *wrap(entry.for_label, width, "  for:     "),
        *wrap(entry.against_label, width, "  against: "),
    ]


def plan_lines(plan: Plan, motions: Sequence[Entry], width: int) -> list[str]:
    """Which side is yours, and what can be typed now."""
    entry = next(entry for entry in motions if entry.id == plan.motion)
    label = entry.for_label if plan.side == SIDES[0] else entry.against_label
    lines = ["", *wrap(f"You argue {plan.side}: {clean_line(label)}. Level: {plan.level}.", width), ""]
    hints = _hints(plan, motions)
    wide = min(max(len(keys) for keys, _ in hints), 20)
    for keys, help_ in hints:
        lines += wrap(help_, width, f"  {keys:<{wide}}  ")
    return [*lines, ""]


def _hints(plan: Plan, motions: Sequence[Entry]) -> list[tuple[str, str]]:
    other = SIDES[1] if plan.side == SIDES[0] else SIDES[0]
    near, far = (level for level in LEVELS if level != plan.level)
    rows = [
        ("Enter", "the bot opens"),
        ("any words", "you open, with these words (first: you open, then type)"),
        (other, "argue the other side"),
    ]
    rows += [(entry.id, f"debate: {entry.motion}") for entry in motions if entry.id != plan.motion]
    return [*rows, (far, f"another level (or {near})")]


def offer_lines(debate: OpenDebate, motions: Sequence[Entry], width: int) -> list[str]:
    """That a debate was left open, and how to go on with it."""
    entry = next((entry for entry in motions if entry.id == debate.deck_id), None)
    motion = clean_line(entry.motion) if entry else debate.deck_id
    done = f"{debate.speeches} of {SPEECHES} speeches made"
    return [
        "",
        *wrap(f"You left debate {debate.id} open: {motion}", width, rest="  "),
        *wrap(f"You argue {debate.side}, {debate.level}, {done}.", width),
        "",
        *wrap("go on where you were (or type your next speech)", width, f"  {'Enter':<13} "),
        *wrap("end it and begin anew", width, f"  {'!start':<13} "),
        "",
    ]
