"""Small words used by all of the voice: how cards, points, places and stretches of text are named."""

from __future__ import annotations

import re

from content.deck import Card, Deck, Move, Side

BY_MOVE = {
    Move.DENY: "denying it",
    Move.MITIGATE: "making it smaller",
    Move.UNDERCUT: "undercutting its reason",
    Move.TURN: "turning it round",
    Move.OUTWEIGH: "outweighing it",
    Move.CONCEDE: "conceding it",
    Move.DODGE: "going round it",
}
"""Each move as a way of answering: "you answered #2 by ..."."""

EXPLAINED = {
    Move.DENY: "say why it is not so",
    Move.MITIGATE: "say why it is less than claimed",
    Move.UNDERCUT: "say why its reason does not carry its claim",
    Move.TURN: "show that it works the other way round",
    Move.OUTWEIGH: "grant it and show what matters more",
}
"""Each attack as a thing to do."""


def a(move: Move | str) -> str:
    """A move with its article: ``a turn``, ``an undercut``."""
    return f"{'an' if move[0] in 'aeiou' else 'a'} {move}"


def places(card: Card) -> str:
    """The lines of a card, e.g. ``¶3, ¶5``."""
    return ", ".join(f"¶{line}" for line in card.lines)


def named(card: Card) -> str:
    """How a card is shown: ``[f07 · ¶11]``."""
    return f"[{card.id} · {places(card)}]"


def side_named(deck: Deck, side: Side) -> str:
    """A side with its label: ``for ("such talks will fail ...")``."""
    return f"{side} (“{deck.label(side)}”)"


def clipped(text: str, limit: int = 90) -> str:
    """``text`` on one line, at most ``limit`` characters, cut at a word with a mark."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut) + "…"


_FLAGGED = re.compile(
    r"\b(?:(?:mother)?f+u+c+k\w*|(?:bull)?sh[i1]t\w*|b[i1]tch\w*|cunts?|ass-?holes?|arse-?holes?|bastards?|dick-?heads?|"
    r"wank(?:ers?|ing)?|twats?|whores?|sluts?|nigg\w*|fagg?(?:ot)?s?|retards?|retarded|idiots?|morons?|dumb-?ass(?:es)?|imbeciles?)\b",
    re.IGNORECASE,
)
"""Words that are never said back to anybody."""


def decent(text: str) -> str:
    """``text`` with stars for the words that are never said back."""
    return _FLAGGED.sub("***", text)


def echoed(text: str, limit: int = 90) -> str:
    """Words of a person as the bot says them back: decent, on one line, at most ``limit`` characters."""
    return clipped(decent(text), limit)


def listed(things: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} and {things[-1]}"


def points_named(numbers: list[int]) -> str:
    """``#1``, ``#1 and #3``."""
    return listed([f"#{number}" for number in numbers])
