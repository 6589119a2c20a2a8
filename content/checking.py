"""Finds what makes a loaded deck unsafe to play (errors) or poor to debate with (warnings).

An error would leave the bot without an answer or make a reply too long; a deck without errors can be played.
What keeps a deck from being one at all is refused by :mod:`content.loading`. This module must not know a
debate, and does not judge what cannot be counted: fairness of wording, truth of facts, motives.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from content.deck import ATTACKS, Card, Counterpoint, Deck, Rejoinder, Side
from content.near import shorten
from content.strict_yaml import Lines, Place, line_of
from content.words import content_words, first_trigram, overlap, sentences, words

MIN_CARDS = 4
MIN_PHRASINGS = 6
MIN_QUESTIONS = 2
MIN_ATTACKS = 3
MIN_MOVES = 2
MIN_TARGETS = 2
MIN_QUOTE_WORDS = 6
CARDS_A_QUOTE = 2
WHOLE_DECK = 12
"""From so many cards a side on, a deck is held to what only a whole deck can have."""

LIMITS = {"tag": 18, "warrant": 34, "impact": 28, "question": 25, "say": 45}
"""The most words of what the bot says aloud: a reply has at most 110."""

_FAIR = 0.8
"""The smaller side has at least this share of the larger one."""

_SAME_SENTENCE = 4
"""Shorter sentences ("That is not so.") may come twice."""

_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_CARD_ID = re.compile(r"\b[fa][0-9]{2,3}\b")
_FRAME = re.compile(r"you (say|said|argue|argued|claim|claimed)\b|as an ai\b", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One thing to mend. ``card`` is the card concerned or empty, ``line`` that of the deck's file or 0."""

    level: Literal["error", "warning"]
    code: str
    card: str
    line: int
    problem: str
    mend: str


def check(deck: Deck, lines: Lines | None = None) -> tuple[Finding, ...]:
    """Everything to mend in ``deck``, errors first; ``lines`` (of the loader) adds the lines of its file."""
    found = list(_Checks(deck, lines or {}).all())
    return tuple(sorted(found, key=lambda finding: (finding.level, finding.line)))


@dataclass(frozen=True)
class _Text:
    """A text of the deck and its place."""

    place: Place
    card: str
    kind: str
    text: str


class _Checks:
    def __init__(self, deck: Deck, lines: Lines) -> None:
        self.deck = deck
        self.lines = lines
        self.attacks = {
            card.id: [deck.counterpoints[n] for n in deck.attacks_on[card.id]] for card in deck.cards
        }

    def all(self) -> Iterator[Finding]:
        for number, card in enumerate(self.deck.cards):
            place: Place = ("cards", number)
            yield from self.quotes(card, place)
            yield from self.phrasings(card, place)
            yield from self.questions(card, place)
            yield from self.answers(card, place)
        yield from self.sizes()
        yield from self.spoken()
        yield from self.repeated_sentences()
        yield from self.repeated_quotes()
        yield from self.glosses()
        yield from self.orphans()
        yield from self.moves()
        yield from self.balance()

    def error(self, place: Place, card: str, code: str, problem: str, mend: str) -> Finding:
        return Finding("error", code, card, self.line(place), problem, mend)

    def warning(self, place: Place, card: str, code: str, problem: str, mend: str) -> Finding:
        return Finding("warning", code, card, self.line(place), problem, mend)

    def line(self, place: Place) -> int:
        return line_of(self.lines, place)

    # One card.

    def quotes(self, card: Card, place: Place) -> Iterator[Finding]:
        for number, quote in enumerate(card.quotes):
            if (count := len(words(quote.text))) < MIN_QUOTE_WORDS:
                problem = f"A quote of {card.id} has only {count} words: {quote.text!r}"
                mend = f"Quote at least {MIN_QUOTE_WORDS} words"
                yield self.warning((*place, "quotes", number), card.id, "quote-short", problem, mend)

    def phrasings(self, card: Card, place: Place) -> Iterator[Finding]:
        place = (*place, "phrasings")
        if len(card.phrasings) < MIN_PHRASINGS:
            problem = f"{card.id} has {len(card.phrasings)} phrasings"
            mend = f"Write at least {MIN_PHRASINGS}, as different people would type them"
            yield self.warning(place, card.id, "phrasings-few", problem, mend)
        yield from self.same_starts(card, place)
        stems = [content_words(text) for text in card.phrasings]
        for one, other in combinations(range(len(stems)), 2):
            if overlap(stems[one], stems[other]) > 0.5:
                shared = ", ".join(sorted(stems[one] & stems[other]))
                problem = f"Two phrasings of {card.id} share over half of their words ({shared})"
                mend = f"Say one of them from another angle: {shorten(card.phrasings[other])!r}"
                yield self.warning((*place, other), card.id, "phrasings-alike", problem, mend)

    def same_starts(self, card: Card, place: Place) -> Iterator[Finding]:
        seen: set[tuple[str, ...]] = set()
        for number, text in enumerate(card.phrasings):
            start = first_trigram(text)
            if start in seen:
                problem = f"Two phrasings of {card.id} begin with {' '.join(start)!r}"
                mend = "Begin one of them in another way"
                yield self.warning((*place, number), card.id, "phrasings-start", problem, mend)
            seen.add(start)

    def questions(self, card: Card, place: Place) -> Iterator[Finding]:
        place = (*place, "questions")
        if not card.questions:
            mend = "Write 2 critical questions; without one the bot has nothing to ask"
            yield self.error(place, card.id, "questions-none", f"{card.id} has no question", mend)
        elif len(card.questions) < MIN_QUESTIONS:
            problem = f"{card.id} has {len(card.questions)} question"
            yield self.warning(place, card.id, "questions-few", problem, f"Write at least {MIN_QUESTIONS}")
        evidence = (
            *(quote.text for quote in card.quotes),
            *(self.deck.facts[fact].text for fact in card.facts),
        )
        named = content_words(" ".join((card.tag, card.warrant, card.impact, *evidence)))
        for number, question in enumerate(card.questions):
            if not content_words(question) & named:
                problem = f"A question of {card.id} names nothing in the card: {shorten(question)!r}"
                mend = "Name the thing in the tag, warrant or impact that it puts in doubt"
                yield self.warning((*place, number), card.id, "question-general", problem, mend)

    def answers(self, card: Card, place: Place) -> Iterator[Finding]:
        attacks = self.attacks[card.id]
        if not attacks:
            mend = f"Write {MIN_ATTACKS} counterpoints with `on: {card.id}`"
            yield self.error(place, card.id, "unanswerable", f"No counterpoint answers {card.id}", mend)
        elif len(attacks) < MIN_ATTACKS:
            problem = f"{card.id} is attacked by {len(attacks)} counterpoints"
            yield self.warning(place, card.id, "attacks-few", problem, f"Write at least {MIN_ATTACKS}")
        elif len({attack.move for attack in attacks}) < MIN_MOVES:
            problem = f"All counterpoints on {card.id} make the move {attacks[0].move}"
            yield self.warning(place, card.id, "attacks-one-move", problem, "Let one make another move")
        elif len({attack.by for attack in attacks}) < 2:
            problem = f"All counterpoints on {card.id} come from {attacks[0].by}"
            yield self.warning(
                place, card.id, "attacks-one-card", problem, "Attack it by another card as well"
            )
        targets = {attack.on for attack in self.deck.counterpoints if attack.by == card.id}
        if len(targets) < MIN_TARGETS:
            problem = f"{card.id} attacks {len(targets)} cards of the other side"
            mend = f"Use it in the `by` of counterpoints on at least {MIN_TARGETS} cards"
            yield self.warning(place, card.id, "idle", problem, mend)

    # All that is said.

    def texts(self) -> Iterator[_Text]:
        """Every text of our own making; quotes are the essay's."""
        for number, card in enumerate(self.deck.cards):
            place: Place = ("cards", number)
            for kind in ("tag", "warrant", "impact", "strength_reason"):
                yield _Text((*place, kind), card.id, kind, getattr(card, kind))
            for index, text in enumerate(card.questions):
                yield _Text((*place, "questions", index), card.id, "question", text)
            for index, text in enumerate(card.phrasings):
                yield _Text((*place, "phrasings", index), card.id, "phrasing", text)
            yield from self.rejoined(card, card.id, place)
        for number, counterpoint in enumerate(self.deck.counterpoints):
            place = ("counterpoints", number)
            yield _Text((*place, "say"), counterpoint.on, "say", counterpoint.say)
            yield from self.met(counterpoint, counterpoint.on, place)
            yield from self.rejoined(counterpoint, counterpoint.on, place)
        for number, tension in enumerate(self.deck.tensions):
            yield _Text(("tensions", number, "why"), tension.cards[0], "why", tension.why)

    def rejoined(self, one: Card | Counterpoint, card: str, place: Place) -> Iterator[_Text]:
        """The texts of the rejoinders to answers to a card or a counterpoint."""
        for index, rejoinder in enumerate(one.rejoinders):
            inner: Place = (*place, "rejoinders", index)
            yield _Text((*inner, "say"), card, "say", rejoinder.say)
            yield from self.met(rejoinder, card, inner)

    def met(self, attack: Rejoinder, card: str, place: Place) -> Iterator[_Text]:
        """The learners' words that an attack answers."""
        for index, text in enumerate(attack.meets):
            yield _Text((*place, "meets", index), card, "meets", text)

    def spoken(self) -> Iterator[Finding]:
        for text in self.texts():
            if text.kind in LIMITS:
                yield from self.too_long(text)
                yield from self.unspeakable(text)

    def too_long(self, text: _Text) -> Iterator[Finding]:
        limit, count = LIMITS[text.kind], len(text.text.split())
        if count > limit:
            problem = f"The {_name(text)} has {count} words"
            yield self.error(text.place, text.card, "too-long", problem, f"Shorten it to {limit}")

    def unspeakable(self, text: _Text) -> Iterator[Finding]:
        if found := _CARD_ID.search(text.text):
            problem, mend = (
                f"The {_name(text)} names the card {found[0]}",
                "Say what the card says; ids are added",
            )
            yield self.warning(text.place, text.card, "names-card", problem, mend)
        if found := _EMOJI.search(text.text):
            problem = f"The {_name(text)} holds an emoji"
            yield self.warning(text.place, text.card, "emoji", problem, "Say it in words")
        if found := _FRAME.match(text.text):
            problem = f"The {_name(text)} begins with {found[0]!r}"
            yield self.warning(text.place, text.card, "frame", problem, "Begin with the answer itself")
        if text.kind == "say" and text.text.endswith("?"):
            problem = f"The {_name(text)} ends in a question"
            yield self.warning(
                text.place,
                text.card,
                "ends-in-question",
                problem,
                "The bot asks its own; end with a statement",
            )

    def repeated_sentences(self) -> Iterator[Finding]:
        seen: dict[tuple[str, ...], _Text] = {}
        for text in self.texts():
            for sentence in sentences(text.text):
                said = tuple(words(sentence))
                first = seen.setdefault(said, text) if len(said) >= _SAME_SENTENCE else text
                if first is not text:
                    where = f"the {_name(first)}" + (
                        f", line {line}" if (line := self.line(first.place)) else ""
                    )
                    problem = f"A sentence comes twice: {shorten(sentence)!r} (first in {where})"
                    yield self.warning(
                        text.place, text.card, "sentence-twice", problem, "Say it in other words"
                    )

    # The deck as a whole.

    def sizes(self) -> Iterator[Finding]:
        for side in Side:
            if (count := len(self.deck.side_cards(side))) < MIN_CARDS:
                problem, mend = (
                    f"The side {side} has {count} cards",
                    f"Write at least {MIN_CARDS} cards a side",
                )
                yield self.error(("cards",), "", "cards-few", problem, mend)

    def repeated_quotes(self) -> Iterator[Finding]:
        users: dict[tuple[int, str], list[str]] = defaultdict(list)
        for number, card in enumerate(self.deck.cards):
            for index, quote in enumerate(card.quotes):
                users[quote.line, quote.text].append(card.id)
                if len(users[quote.line, quote.text]) == CARDS_A_QUOTE + 1:
                    problem = (
                        f"{', '.join(users[quote.line, quote.text])} share one quote: {shorten(quote.text)!r}"
                    )
                    mend = f"Let a quote serve at most {CARDS_A_QUOTE} cards"
                    place: Place = ("cards", number, "quotes", index)
                    yield self.warning(place, card.id, "quote-shared", problem, mend)

    def glosses(self) -> Iterator[Finding]:
        essay = "\n".join(self.deck.text.lines).lower()
        quoted = "\n".join(quote.text for card in self.deck.cards for quote in card.quotes).lower()
        for phrase in self.deck.essay.glosses:
            place: Place = ("essay", "glosses", phrase)
            if phrase.lower() not in essay:
                problem, mend = (
                    f"The essay does not hold the gloss {phrase!r}",
                    "Copy the phrase from the essay",
                )
                yield self.error(place, "", "gloss-unknown", problem, mend)
            elif phrase.lower() not in quoted:
                problem, mend = (
                    f"No quote holds the gloss {phrase!r}",
                    "Delete it, or quote a passage that holds it",
                )
                yield self.warning(place, "", "gloss-unused", problem, mend)

    def orphans(self) -> Iterator[Finding]:
        used_facts = {fact for card in self.deck.cards for fact in card.facts}
        for fact in [fact for fact in self.deck.facts if fact not in used_facts]:
            problem, mend = f"No card leans on the fact {fact}", "List it in a card's facts, or delete it"
            yield self.warning(("facts", fact), "", "fact-unused", problem, mend)
        for clash in self.deck.clashes:
            sides = {card.side for card in self.deck.cards if card.clash == clash}
            if len(sides) < 2:
                problem = f"The clash {clash} has cards " + (
                    f"{next(iter(sides))} only" if sides else "of neither side"
                )
                mend = "Give it cards of both sides, or merge it with another clash"
                yield self.warning(("clashes", clash), "", "clash-one-sided", problem, mend)
        used_lines = {line for card in self.deck.cards for line in card.lines}
        if unused := [line for line in self.deck.text.paragraphs if line not in used_lines]:
            problem = f"No card uses ¶{', ¶'.join(map(str, unused))} of the essay"
            mend = "Draw a card from it, or name it in the lines of a card that answers it"
            yield self.warning(("cards",), "", "paragraph-unused", problem, mend)

    def moves(self) -> Iterator[Finding]:
        for side in Side:
            used = {
                attack.move for attack in self.deck.counterpoints if self.deck.by_id[attack.by].side is side
            }
            if missing := [move.value for move in ATTACKS if move not in used]:
                problem = f"The side {side} never makes the move {', '.join(missing)}"
                yield self.warning(
                    ("counterpoints",), "", "moves-unused", problem, "Let every side use all five"
                )
            count = sum(self.deck.by_id[tension.cards[0]].side is side for tension in self.deck.tensions)
            if len(self.deck.side_cards(side)) >= WHOLE_DECK and not 2 <= count <= 5:
                problem, mend = (
                    f"The side {side} has {count} tensions",
                    "Name 2 to 5 pairs that do not go together",
                )
                yield self.warning(("tensions",), "", "tensions-count", problem, mend)

    def balance(self) -> Iterator[Finding]:
        for name, counts in self.measures().items():
            if min(counts.values()) < _FAIR * max(counts.values()):
                both = " and ".join(f"{count} {side}" for side, count in counts.items())
                problem, mend = f"The sides are uneven in {name}: {both}", "Strengthen the weaker side"
                yield self.warning(("cards",), "", "balance", problem, mend)

    def measures(self) -> Mapping[str, Mapping[Side, int]]:
        """What is compared between the sides."""
        cards = {side: self.deck.side_cards(side) for side in Side}
        attackers = Counter(self.deck.by_id[attack.by].side for attack in self.deck.counterpoints)
        after: tuple[Card | Counterpoint, ...] = (*self.deck.counterpoints, *self.deck.cards)
        rejoining = Counter(self.deck.by_id[r.by].side for one in after for r in one.rejoinders)
        return {
            "number of cards": {side: len(cards[side]) for side in Side},
            "summed strength": {side: sum(card.strength for card in cards[side]) for side in Side},
            "words of the cards": {side: sum(map(_length, cards[side])) for side in Side},
            "number of counterpoints": {side: attackers[side] for side in Side},
            "number of rejoinders": {side: rejoining[side] for side in Side},
        }


def _length(card: Card) -> int:
    return sum(len(text.split()) for text in (card.tag, card.warrant, card.impact))


def _name(text: _Text) -> str:
    if "rejoinders" in text.place and text.kind == "say":
        return f"rejoinder on {text.card}"
    return f"counterpoint on {text.card}" if text.kind == "say" else f"{text.kind} of {text.card}"
