"""Reads a deck from its YAML file and its essay from beside it, or says in plain words why it cannot.

What makes a deck unusable is refused here, with file, line and the mend: YAML and schema errors, ids that
name nothing, quotes that are not in the essay. What makes it poor is found by :mod:`content.checking`.
This module must not know where decks live (:mod:`content.library`) or how they are played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from content.deck import Card, Counterpoint, Deck, Move, Quote, Rejoinder, Tension
from content.errors import ContentError
from content.essay import Essay
from content.near import meant, nearest_words, shorten
from content.schema_errors import in_plain_words
from content.strict_yaml import Document, Lines, Place, read_text, read_yaml


def load_deck(path: Path, seeds: tuple[Path, ...] = ()) -> Deck:
    """The deck in file ``path``; its essay is looked up beside it, then in the folders ``seeds``.

    Raises :class:`ContentError` for the first fault in the file; its ``more`` holds the others.
    """
    return load_with_lines(path, seeds)[0]


def load_with_lines(path: Path, seeds: tuple[Path, ...] = ()) -> tuple[Deck, Lines]:
    """Like :func:`load_deck`, with the line of everything in the file, for :func:`content.checking.check`."""
    document = read_yaml(path)
    deck = _deck(document, seeds)
    if faults := list(_Links(document, deck).faults()):
        raise _joined(faults)
    return deck, document.lines


def read_essay(path: Path) -> Essay:
    """The essay in file ``path``; raises :class:`ContentError` where it is not plain text or is empty."""
    text = read_text(path)
    if not text.strip():
        raise ContentError(path, 0, "The essay is empty", "Put the text into this file, one paragraph a line")
    return Essay.from_text(text)


def _joined(faults: Iterable[ContentError]) -> ContentError:
    """The first of ``faults``, of which there is one at least, with the others in its ``more``."""
    first, *more = sorted(faults, key=lambda fault: fault.line)
    return ContentError(first.path, first.line, first.problem, first.mend, tuple(more))


def _deck(document: Document, seeds: tuple[Path, ...]) -> Deck:
    if not isinstance(document.value, dict):
        raise document.error(
            (), "The file is not a deck", "Begin with `id: ...`; `gadfly deck new ESSAY` writes one"
        )
    if "text" in document.value:
        raise document.error(("text",), "text is no key of a deck", "Delete it; essay.file names the essay")
    essay = _essay(document, seeds)
    try:
        return Deck.model_validate({**document.value, "text": essay or Essay(lines=())})
    except ValidationError as error:
        raise _joined(in_plain_words(document, error.errors(include_url=False))) from None


def _essay(document: Document, seeds: tuple[Path, ...]) -> Essay | None:
    """The essay, or None where the key that names it is wrong in itself, which the schema will say."""
    assert isinstance(document.value, dict)
    reference = document.value.get("essay")
    name = reference.get("file") if isinstance(reference, dict) else None
    if not isinstance(name, str) or Path(name).name != name or not name.endswith(".txt"):
        return None
    for folder in (document.path.parent, *seeds):
        if _is_there(folder / name):
            return read_essay(folder / name)
    raise _no_essay(document, name, seeds)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, or a folder that is closed to us
        return False


def _no_essay(document: Document, name: str, seeds: tuple[Path, ...]) -> ContentError:
    folders = (document.path.parent, *seeds)
    known = sorted({path.name for folder in folders for path in folder.glob("*.txt")})
    where = " or ".join(str(folder) for folder in folders)
    mend = meant(name, known) or "Put it beside the deck"
    return document.error(("essay", "file"), f"The essay {name!r} is not in {where}", mend)


class _Links:
    """Whether everything that a deck names is there: ids, lines and the words of the essay."""

    def __init__(self, document: Document, deck: Deck) -> None:
        self.document = document
        self.deck = deck
        self.ids = [card.id for card in deck.cards]
        self.repeated = len(self.ids) > len(set(self.ids))

    def faults(self) -> Iterator[ContentError]:
        yield from self.repeated_ids()
        for number, card in enumerate(self.deck.cards):
            yield from self.card_faults(card, ("cards", number))
        for number, counterpoint in enumerate(self.deck.counterpoints):
            yield from self.counterpoint_faults(counterpoint, ("counterpoints", number))
        for number, tension in enumerate(self.deck.tensions):
            yield from self.tension_faults(tension, ("tensions", number))

    def unknown(self, place: Place, kind: str, word: str, known: Collection[str]) -> Iterator[ContentError]:
        if word not in known:
            listed = ", ".join(known) if 0 < len(known) <= 12 else ""
            mend = meant(word, known) or (
                f"Take one of {listed}" if listed else f"Add the {kind}, or drop its id"
            )
            yield self.document.error(place, f"There is no {kind} {word!r}", mend)

    def unknown_card(self, place: Place, word: str) -> Iterator[ContentError]:
        """Nothing where ids repeat: the card that is missed may be the one that bears the id of another."""
        if not self.repeated:
            yield from self.unknown(place, "card", word, self.ids)

    def repeated_ids(self) -> Iterator[ContentError]:
        counts = Counter(self.ids)
        for number, word in enumerate(self.ids):
            if counts[word] > 1 and self.ids.index(word) < number:
                place: Place = ("cards", number, "id")
                first = self.document.line(("cards", self.ids.index(word), "id"))
                yield self.document.error(
                    place,
                    f"The card id {word} is taken (line {first})",
                    f"Take a free one, such as {self.free(word)}",
                )

    def free(self, taken: str) -> str:
        numbers = (f"{taken[0]}{number:02}" for number in range(1, 1000))
        return next((word for word in numbers if word not in self.ids), "a new one")

    def card_faults(self, card: Card, place: Place) -> Iterator[ContentError]:
        yield from self.unknown((*place, "clash"), "clash", card.clash, self.deck.clashes)
        for number, fact in enumerate(card.facts):
            yield from self.unknown((*place, "facts", number), "fact", fact, self.deck.facts)
        for number, line in enumerate(card.lines):
            yield from self.line_faults(line, (*place, "lines", number))
        for number, quote in enumerate(card.quotes):
            yield from self.quote_faults(card, quote, (*place, "quotes", number))
        yield from self.rejoinder_faults(card.rejoinders, card.id, place)

    def line_faults(self, line: int, place: Place) -> Iterator[ContentError]:
        lines = self.deck.text.lines
        if line > len(lines):
            yield self.document.error(place, f"The essay has no line {line}", f"It has {len(lines)} lines")
        elif not lines[line - 1].strip():
            yield self.document.error(
                place, f"Line {line} of the essay is empty", "Name a line that holds text"
            )

    def quote_faults(self, card: Card, quote: Quote, place: Place) -> Iterator[ContentError]:
        if not self.deck.text.holds(quote.text, quote.line):
            problem = f"Line {quote.line} of the essay does not hold these words: {shorten(quote.text)!r}"
            yield self.document.error(place, problem, self.quote_mend(quote))
        elif quote.line not in card.lines:
            problem = f"The quote is from line {quote.line}, which is not among the lines of card {card.id}"
            yield self.document.error(place, problem, f"Add {quote.line} to its lines")

    def quote_mend(self, quote: Quote) -> str:
        if places := self.deck.text.places(quote.text):
            return f"They stand in line {' and '.join(map(str, places))}"
        line, words = nearest_words(self.deck.text, quote.text)
        if not words:
            return "Nothing in the essay comes near; copy a quote from it, or drop this one"
        return f"Nearest is, in line {line}: “{words}”; copy it character for character"

    def counterpoint_faults(self, counterpoint: Counterpoint, place: Place) -> Iterator[ContentError]:
        yield from self.unknown_card((*place, "on"), counterpoint.on)
        if counterpoint.on[0] == counterpoint.by[0]:
            problem = f"{counterpoint.by} cannot attack {counterpoint.on}: both argue on one side"
            yield self.document.error((*place, "by"), problem, "Attack by a card of the other side")
        yield from self.attack_faults(counterpoint, place)
        yield from self.rejoinder_faults(counterpoint.rejoinders, counterpoint.by, place)

    def rejoinder_faults(
        self, rejoinders: Sequence[Rejoinder], by: str, place: Place
    ) -> Iterator[ContentError]:
        """What is wrong with rejoinders to answers to the card ``by``, or to a counterpoint drawn from it."""
        for number, rejoinder in enumerate(rejoinders):
            inner: Place = (*place, "rejoinders", number)
            if rejoinder.by[0] != by[0]:
                problem = f"{rejoinder.by} cannot stand up for {by}: they argue on two sides"
                yield self.document.error((*inner, "by"), problem, "Draw on a card of its side")
            yield from self.attack_faults(rejoinder, inner)

    def attack_faults(self, attack: Rejoinder, place: Place) -> Iterator[ContentError]:
        """What is wrong with a counterpoint or a rejoinder in itself."""
        yield from self.unknown_card((*place, "by"), attack.by)
        if attack.move is Move.TURN and attack.turns is None:
            mend = "Write `turns: link` (it leads to the opposite) or `turns: impact` (the result is good)"
            yield self.document.error((*place, "move"), "A turn must say what it turns", mend)
        if attack.move is not Move.TURN and attack.turns is not None:
            problem = f"turns belongs to the move turn, and this move is {attack.move}"
            yield self.document.error((*place, "turns"), problem, "Delete it, or write `move: turn`")

    def tension_faults(self, tension: Tension, place: Place) -> Iterator[ContentError]:
        first, second = tension.cards
        for number, word in enumerate(tension.cards):
            yield from self.unknown_card((*place, "cards", number), word)
        if first == second or first[0] != second[0]:
            problem = f"A tension is between two cards of one side, not {first} and {second}"
            yield self.document.error(place, problem, "Name two different cards of the same side")
