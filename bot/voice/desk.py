"""Answers to the commands that are no speech: help, motions, cards, why, contest, leaderboard, forget-me.

This module must not know where the values come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.debate.commands import BY_NAME, COMMANDS, CommandSpec, nearest_names
from bot.debate.debate import Debate
from bot.debate.rules import CONTESTS, Option
from bot.messages import Block, Choice, Choices, Heading, Notice, Paragraph, Quote
from bot.voice.common import BY_MOVE, clipped, decent, echoed, named, side_named
from bot.voice.telling import quote
from content.deck import Card, Deck, Side

STORED = "I store your words and scores here to run the debate, until you type !forget-me; nothing is sent anywhere else."
"""Shown once, at the first start in a place."""


@dataclass(frozen=True)
class Line:
    """A finished debate of somebody, for the leaderboard or one's own list."""

    who: str
    deck: str
    side: str
    level: str
    score: float
    complete: bool = True


def help_text(name: str = "") -> Iterable[Block]:
    """The command table, or one command."""
    spec = BY_NAME.get(name.lstrip("!/").lower())
    if spec is not None:
        yield Paragraph(_usage(spec))
        return
    near = [BY_NAME[found] for found in nearest_names(name.lstrip("!/"))] if name else []
    if name:
        yield Notice(f"There is no command “{echoed(name, 40)}”." + (" The nearest:" if near else ""))
    for row in near:
        yield Paragraph(_usage(row))
    if near:
        return
    yield Heading("What you can type")
    for row in COMMANDS:
        yield Paragraph(_usage(row))
    yield Paragraph(
        "Begin with ! or /. Anything else is your speech: at most 4,000 characters, grammar costs nothing."
    )


def _usage(spec: CommandSpec) -> str:
    return f"!{spec.name}{' ' + spec.arguments if spec.arguments else ''}: {spec.help}"


def ignored(command: str, extra: str) -> Notice:
    """That a command takes no words, and which were ignored."""
    return Notice(f"!{command} takes nothing after it; I ignored “{echoed(extra, 40)}”.")


def motions(decks: Sequence[Deck]) -> Iterable[Block]:
    """What can be debated here."""
    yield Heading("Motions")
    for deck in decks:
        sides = "; ".join(side_named(deck, side) for side in Side)
        yield Paragraph(f"{deck.id}: {deck.motion}. {sides}.")
    yield Choices(tuple(Choice(clipped(deck.title, 60), f"!start {deck.id}"[:80]) for deck in decks[:5]))


def cards(deck: Deck, side: Side | None) -> Iterable[Block]:
    """The cards of a motion, by side."""
    for wanted in (side,) if side else tuple(Side):
        yield Heading(side_named(deck, wanted))
        for card in deck.side_cards(wanted):
            yield Paragraph(f"{named(card)} {card.tag}")


def why(deck: Deck, card: Card, debate: Debate | None) -> Iterable[Block]:
    """A card's warrant, and its quotes with their places; or that it rests on no passage."""
    yield Heading(f"{named(card)} {card.tag}")
    yield Paragraph(card.warrant)
    yield Paragraph(f"{card.impact} Strength {card.strength} of 3: {card.strength_reason}")
    for at, chosen in enumerate(card.quotes):
        gloss = "; ".join(f"“{phrase}”: {meaning}" for phrase, meaning in deck.glosses_in(chosen.text))
        yield quote(card, at, debate) if debate is not None else Quote(chosen.text, f"¶{chosen.line}", gloss)
    if not card.quotes:
        answers = ", ".join(f"¶{line}" for line in card.lines)
        yield Paragraph(f"This card rests on no passage of the essay; it answers {answers}.")
    for fact in (deck.facts[id] for id in card.facts):
        yield Paragraph(f"Fact: {fact.text} ({fact.source}, {fact.date})")


def contest_choices(debate: Debate, turn: int, found: Sequence[Option]) -> Iterable[Block]:
    """Which other readings of a speech can be chosen."""
    left = CONTESTS - len(debate.contests)
    if not found:
        yield Notice(f"I held no other reading of speech {turn} possible.")
        return
    yield Notice(f"You have {left} of {CONTESTS} contests left in this debate.")
    for unit in dict.fromkeys(option.unit for option in found):
        same = [option for option in found if option.unit == unit]
        yield Choices(
            tuple(
                Choice(f"{o.letter}) {_meaning(debate, o, 70)}", f"!contest {turn} {o.letter}") for o in same
            ),
            f"What did you mean in speech {turn} by “{echoed(same[0].words, 60)}”?",
        )


def _meaning(debate: Debate, option: Option, limit: int) -> str:
    if option.what == "card":
        card = debate.deck.by_id.get(option.card or "")
        return clipped(f"{card.tag.rstrip('.')} [{card.id}]", limit) if card else "a new point of my own"
    if option.move is None:
        return f"no answer to #{option.point}"
    return f"answers #{option.point} by {BY_MOVE[option.move]}"


def own_results(lines: Sequence[Line], joined: bool) -> Iterable[Block]:
    """One's own last debates: the default view of the leaderboard."""
    if not lines:
        yield Notice("No finished debates yet. Finish one and it stands here.")
    for line in lines:
        partial = "" if line.complete else ", left early"
        yield Paragraph(f"{line.score:g} of 100: {line.deck}, {line.side}, {line.level}{partial}")
    yield Notice(
        "You are on the board; !leaderboard leave takes you off."
        if joined
        else "!leaderboard join shows your best complete debates to others here; !leaderboard all shows the board."
    )


def board(lines: Sequence[Line]) -> Iterable[Block]:
    """The leaderboard of a place: best per deck, side and level of those who joined."""
    yield Heading("Leaderboard")
    for line in lines:
        yield Paragraph(f"{line.score:g} of 100: {decent(line.who)}; {line.deck}, {line.side}, {line.level}")
    if not lines:
        yield Notice(
            "Nobody here has joined with a complete debate yet. !leaderboard join puts you on the board."
        )


def forget_question(debates: int) -> Iterable[Block]:
    """Asks before everything goes."""
    yield Notice(
        f"This deletes {_count(debates, 'debate')} of yours: words, scores, ranks, for good. Type !forget-me yes to do it."
    )
    yield Choices((Choice("Delete everything", "!forget-me yes"),))


def forgotten(debates: int, messages: int) -> Notice:
    """What was deleted."""
    return Notice(
        f"Deleted: {_count(debates, 'debate')}, {_count(messages, 'message')}. Nothing of yours is stored here now."
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
