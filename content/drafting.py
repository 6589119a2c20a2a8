"""Drafts a deck for an essay: a YAML skeleton with the essay's numbered lines beside what is to be written.

The skeleton is YAML, not yet a deck: what is empty in it is what the loader asks for, line by line.
This module must not read or write files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from content.checking import LIMITS, MIN_ATTACKS, MIN_CARDS, MIN_PHRASINGS, MIN_QUESTIONS, MIN_QUOTE_WORDS
from content.deck import ATTACKS, Move, Scheme, Side
from content.errors import ContentError
from content.essay import Essay
from content.strict_yaml import refuse_hidden

_HEAD = """\
# A deck for Gadfly, drawn from {file}. Keep both files in one folder.
# Fill in what is empty, then run `gadfly deck check` on this file: it says what is missing, and where.
# Put texts in double quotes; a quote mark inside is written \\". Lines that begin with # are notes.
"""

_DECK = """
id: "{id}"
title: ""
motion: ""          # the statement debated, one sentence that one can be for or against
background: ""      # one or two plain sentences for a newcomer
as_of: ""           # what the essay cannot know: when was it written?
essay:
  file: "{file}"
  glosses: {{}}       # a phrase of the essay that is hard to understand -> its plain meaning
sides:              # what each side must show; the words follow "that"
  for: ""
  against: ""
clashes:            # the 3 to 8 questions on which the debate turns; every card belongs to one
  main: ""
facts: {{}}           # name: {{text: "...", date: "2022-02-24", source: "..."}}

# {cards} cards a side are enough to play. For each card:
#   tag              the claim in one plain sentence, at most {tag} words
#   warrant          why it is so, at most {warrant} words
#   impact           why it matters for the motion, at most {impact} words
#   scheme           one of {schemes}
#   strength         1 weak, 2 sound, 3 strong, and the reason
#   lines            the lines of the essay that it is drawn from, or answers
#   quotes           - {{line: 3, text: "..."}}, copied letter by letter, at least {quote} words; or none
#   phrasings        at least {phrasings}, as different people would type this argument; no two alike
#   questions        at least {questions}, each about something in the card, at most {question} words
cards:
"""

_CARD = """\
  - id: {id}
    tag: ""
    warrant: ""
    impact: ""
    scheme: ""
    strength:
    strength_reason: ""
    clash: main
    lines: []
    quotes: []
    facts: []
    phrasings: []
    questions: []
"""

_COUNTERPOINTS = """
# What the bot says to somebody who just argued card `on`, drawing on card `by`; at most {say} words, no
# question. deny: not so. mitigate: less than you say. undercut: the reason does not carry the claim.
# outweigh: even so, this matters more. turn: the other way round (turns: link, it leads to the opposite;
# turns: impact, the result is good). Once these stand, give each what it meets and what comes after it:
#   meets: ["somebody argues the card in a way that this answers best", "somebody else does"]
#   rejoinders:
#     - by: a01
#       move: mitigate
#       meets: ["what people answer to this counterpoint", "how somebody else would put that answer"]
#       say: "What the bot says then."
counterpoints:
"""

_TENSIONS = """
# Two cards of one side that nobody should hold together: - {cards: [f01, f02], why: "..."}
tensions: []
"""


def draft(essay_text: str, file_name: str) -> str:
    """The skeleton of a deck for the essay ``essay_text``, which stands in the file ``file_name``.

    Raises :class:`ContentError` for a name that a deck cannot hold, and for an essay that is not plain text.
    """
    essay_text = essay_text.replace("\r\n", "\n")
    refuse_hidden(Path(file_name), essay_text)
    if not re.fullmatch(r"[A-Za-z0-9._-]+\.txt", file_name):
        mend = "Rename it to letters, digits, dots, hyphens and underscores, ending in .txt"
        raise ContentError(file_name, 0, "A deck cannot name this file", mend)
    if not essay_text.strip():
        raise ContentError(
            file_name, 0, "The essay is empty", "Put the text into this file, one paragraph a line"
        )
    return "".join(_parts(Essay.from_text(essay_text), file_name))


def _parts(essay: Essay, file_name: str) -> Iterator[str]:
    limits = {"quote": MIN_QUOTE_WORDS, "phrasings": MIN_PHRASINGS, "questions": MIN_QUESTIONS, **LIMITS}
    schemes = _folded(", ".join(Scheme), "#                    ")
    yield _HEAD.format(file=file_name)
    yield "#\n# The essay by its lines:\n"
    yield from (f"# {number:>4}  {line}".rstrip() + "\n" for number, line in enumerate(essay.lines, 1))
    yield _DECK.format(id=_deck_id(file_name), file=file_name, cards=MIN_CARDS, schemes=schemes, **limits)
    yield from (_CARD.format(id=card) for side in Side for card in _ids(side))
    yield _COUNTERPOINTS.format(**limits)
    yield from _counterpoints()
    yield _TENSIONS


def _folded(text: str, indent: str) -> str:
    """``text`` in lines of at most 80 characters, later ones after ``indent``."""
    lines = re.findall(r"(?:\S.{0,78}\S|\S)(?=\s|$)", text)
    return f"\n{indent}".join(lines)


def _deck_id(file_name: str) -> str:
    words = re.findall(r"[a-z0-9]+", file_name.removesuffix(".txt").lower())
    return "-".join(words)[:40].strip("-") or "my-deck"


def _ids(side: Side) -> list[str]:
    return [f"{side[0]}{number:02}" for number in range(1, MIN_CARDS + 1)]


def _counterpoints() -> Iterator[str]:
    """Empty counterpoints, spread so that moves and attacking cards vary."""
    for side in Side:
        attackers = _ids(side.other)
        for number, card in enumerate(_ids(side)):
            for turn in range(MIN_ATTACKS):
                move = ATTACKS[(number + 2 * turn) % len(ATTACKS)]
                turns = ", turns: link" if move is Move.TURN else ""
                by = attackers[(number + turn) % len(attackers)]
                yield f'  - {{on: {card}, by: {by}, move: {move}{turns}, say: ""}}\n'
