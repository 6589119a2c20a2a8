"""How far a second reader, who labelled a blind sample of the corpus, agrees with its writers.

    python -m bot.reading.training.agreement

The sample is `learners/second-reader.json`: of the first 60 motions 5 messages and 4 replies each, of hands K to M 3 and 3,
and of 45 motions with counterpoints 2 replies to them and 2 messages to choose a counterpoint for; all drawn with fixed seeds and
shown without labels. The labels in it were given before the writers' were seen and stay as given.
The second reader is a language model, and it read messages which were written to fit a label. So the figures say that the
labels are free of slips and follow the README; they do not say how far two people would agree on what learners write.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.reading.training.corpus import FOLDER, Motion, motions

T = TypeVar("T")

SAMPLE = FOLDER / "second-reader.json"


@dataclass(frozen=True)
class CardPair:
    """What the two readers accept for one message, the best first."""

    writer: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True)
class MovePair:
    """What the two readers take one reply for."""

    writer: str
    second: str


@dataclass(frozen=True)
class Pairs:
    """The labels of both readers, with the hand that wrote the file; which counterpoint both hold apt."""

    cards: tuple[tuple[str, CardPair], ...]
    moves: tuple[tuple[str, MovePair], ...]
    apt: tuple[tuple[str, str], ...] = ()


def pairs(sample: Path = SAMPLE, folder: Path = FOLDER) -> Pairs:
    """Raises ``ValueError`` where the sample has a text which the corpus no longer has."""
    given: dict[str, list[dict[str, Any]]] = json.loads(sample.read_text("utf-8"))
    files = {found.head["id"]: found for found in motions(folder)}
    cards, moves = [], []
    for item in given["messages"]:
        found = files[item["motion"]]
        line = _line(found, found.messages, "say", item)
        cards.append((found.head["hand"], CardPair(tuple(line["cards"]), tuple(item["cards"]))))
    for item in given["replies"]:
        found = files[item["motion"]]
        line = _line(found, found.replies, "reply", item)
        moves.append((found.head["hand"], MovePair(line["move"], item["move"])))
    apt = [
        (_line(files[item["motion"]], files[item["motion"]].messages, "say", item)["apt"], item["apt"])
        for item in given.get("apt", [])
    ]
    return Pairs(tuple(cards), tuple(moves), tuple(apt))


def _line(found: Motion, lines: Iterable[dict[str, Any]], key: str, item: dict[str, Any]) -> dict[str, Any]:
    for line in lines:
        if line[key] == item["text"] and line.get("to") == item.get("to"):
            return line
    raise ValueError(f"{found.head['id']}: no {item['text'][:40]!r}")


def same_first(pair: CardPair) -> bool:
    """Both put the same card first, or both say that there is none."""
    return pair.writer[:1] == pair.second[:1]


def second_accepted(pair: CardPair) -> bool:
    """The second reader's first card is among the writer's; for none, the writer has none either."""
    return not pair.writer if not pair.second else pair.second[0] in pair.writer


def writer_accepted(pair: CardPair) -> bool:
    """The writer's first card is among the second reader's; for none, it has none either."""
    return second_accepted(CardPair(pair.second, pair.writer))


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's: agreement beyond what the two readers' own shares of the labels would give by chance."""
    count = len(pairs)
    seen = sum(one == two for one, two in pairs) / count
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(ones[label] * twos[label] for label in ones) / count**2
    return 1.0 if chance == 1 else (seen - chance) / (1 - chance)


def agreement(found: Pairs | None = None) -> dict[str, float]:
    """The figures by name: shares of messages, shares of replies, and kappas."""
    both = found or pairs()
    cards = [pair for _, pair in both.cards]
    moves = [(pair.writer, pair.second) for _, pair in both.moves]
    dodges = [(_dodge(one), _dodge(two)) for one, two in moves]
    apt = {"counterpoints: same": _share(both.apt, _equal)} if both.apt else {}
    some = [(_some(pair.writer), _some(pair.second)) for pair in cards]
    return {
        "messages: same first card": _share(cards, same_first),
        "messages: second reader's first among the writer's": _share(cards, second_accepted),
        "messages: writer's first among the second reader's": _share(cards, writer_accepted),
        "messages: first card or none, kappa": kappa([(_first(p.writer), _first(p.second)) for p in cards]),
        "messages: on a card or on none, kappa": kappa(some),
        "replies: same move": _share(moves, _equal),
        "replies: moves, kappa": kappa(moves),
        "replies: same dodge or answer": _share(dodges, _equal),
        "replies: dodge or answer, kappa": kappa(dodges),
        **apt,
    }


def _share(items: Sequence[T], holds: Callable[[T], bool]) -> float:
    return sum(holds(item) for item in items) / len(items)


def _equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _first(cards: tuple[str, ...]) -> str:
    return cards[0] if cards else "none"


def _some(cards: tuple[str, ...]) -> str:
    return "some" if cards else "none"


def _dodge(move: str) -> str:
    return "dodge" if move == "dodge" else "answer"


def _by_move(moves: Sequence[MovePair]) -> str:
    """One line a move of the writers': what the second reader took it for, where that was something else."""
    lines = []
    for move in sorted({pair.writer for pair in moves}):
        taken = Counter(pair.second for pair in moves if pair.writer == move)
        others = ", ".join(f"{other} {count}" for other, count in taken.most_common() if other != move)
        lines.append(
            f"  {move:9} {taken[move]:3} of {taken.total():3}" + (f"   else {others}" if others else "")
        )
    return "\n".join(lines)


def _by_hand(both: Pairs) -> str:
    lines = []
    for hand in sorted({hand for hand, _ in both.cards}):
        cards = [pair for of, pair in both.cards if of == hand]
        moves = [(pair.writer, pair.second) for of, pair in both.moves if of == hand]
        lines.append(
            f"  {hand}: {len(cards)} messages, same first card {_share(cards, same_first):.3f}; "
            f"{len(moves)} replies, same move {_share(moves, _equal):.3f}, kappa {kappa(moves):.3f}"
        )
    return "\n".join(lines)


def main() -> int:
    both = pairs()
    print(
        f"{len(both.cards)} messages, {len(both.moves)} replies and {len(both.apt)} choices of a counterpoint, "
        "read by a second reader without the labels"
    )
    for name, figure in agreement(both).items():
        print(f"  {figure:.3f}  {name}")
    print("by hand (the writer of the file)", _by_hand(both), sep="\n")
    print("by the writers' move", _by_move([pair for _, pair in both.moves]), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
