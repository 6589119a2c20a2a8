"""The corpus of learners' messages: loading it, and what is wrong with a file of it.

python -m bot.reading.training.corpus [FILE ...]    checks; prints faults and counts
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

FOLDER = Path(__file__).parent / "learners"

KINDS = frozenset(
    [
        "school",
        "technology",
        "ethics",
        "law",
        "health",
        "sport",
        "politics",
        "environment",
        "economy",
        "culture",
    ]
)
FORMS = frozenset(["plain", "negated", "comparative"])
SIDES = frozenset(("for", "against"))
MOVES = frozenset(["deny", "mitigate", "undercut", "turn", "outweigh", "concede", "dodge"])
DODGES = frozenset(["other-point", "question", "off-topic", "repeat-own", "attack-person", "assertion"])
REGISTERS = frozenset(
    [
        "plain",
        "typos",
        "slang",
        "second-language",
        "several",
        "indirect",
        "concession",
        "ironic",
        "story",
        "question",
        "formal",
        "wrong-side",
        "mixed",
    ]
)

CARDS_A_SIDE = 6
MESSAGES_A_CARD = 5
MESSAGES_A_COUNTER = 2
REPLIES = 30
NEAR = 88
"""Two texts of a file that are this alike (of 100, word order aside) are near duplicates."""


@dataclass(frozen=True)
class Motion:
    """A file: the motion's line, its cards and counterpoints by id, messages and replies as they stand in it."""

    head: dict[str, Any]
    cards: dict[str, dict[str, Any]]
    counters: dict[str, dict[str, Any]]
    messages: tuple[dict[str, Any], ...]
    replies: tuple[dict[str, Any], ...]


def load(path: Path) -> Motion:
    """Raises ``ValueError`` with the line where a line is no JSON object."""
    heads, cards, counters, messages, replies = [], {}, {}, [], []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise ValueError(f"{path.name}:{number}: {error}") from None
        if "motion" in item:
            heads.append(item)
        elif "card" in item:
            cards[item["card"]] = item
        elif "counter" in item:
            counters[item["counter"]] = item
        elif "say" in item:
            messages.append(item)
        elif "reply" in item:
            replies.append(item)
        else:
            raise ValueError(f"{path.name}:{number}: neither motion, card, counter, say nor reply")
    if len(heads) != 1:
        raise ValueError(f"{path.name}: {len(heads)} lines with a motion; one is needed")
    return Motion(heads[0], cards, counters, tuple(messages), tuple(replies))


def motions(folder: Path = FOLDER) -> tuple[Motion, ...]:
    """All files, by name."""
    return tuple(load(path) for path in sorted(folder.glob("*.jsonl")))


def faults(path: Path) -> Iterator[str]:
    """What is wrong with a file, in words."""
    try:
        found = load(path)
    except ValueError as error:
        yield str(error)
        return
    yield from _of_head(path, found.head)
    yield from _of_cards(found)
    yield from _of_counters(found)
    yield from _of_messages(found)
    yield from _of_replies(found)
    yield from _near(found)


def _of_head(path: Path, head: dict[str, Any]) -> Iterator[str]:
    if head.get("id") != path.stem:
        yield f"id {head.get('id')!r} is not the file's name"
    for key, known in (("kind", KINDS), ("form", FORMS)):
        if head.get(key) not in known:
            yield f"{key} {head.get(key)!r} is none of {sorted(known)}"
    yield from (f"no {key!r} in the motion's line" for key in ("for", "against", "hand") if not head.get(key))


def _of_cards(found: Motion) -> Iterator[str]:
    for letter in "fa":
        count = sum(id.startswith(letter) for id in found.cards)
        if count < CARDS_A_SIDE:
            yield f"{count} cards {letter}*, {CARDS_A_SIDE} are needed"
    for id, card in found.cards.items():
        yield from (f"card {id}: no {key!r}" for key in ("tag", "warrant") if not card.get(key))


def _of_counters(found: Motion) -> Iterator[str]:
    met = Counter(item["apt"] for item in found.messages if "apt" in item)
    for id, counter in found.counters.items():
        if counter.get("to") not in found.cards or id.partition(".")[0] != counter["to"]:
            yield f"counterpoint {id}: to {counter.get('to')!r}"
        if not counter.get("text") or met[id] < MESSAGES_A_COUNTER:
            yield f"counterpoint {id}: no text, or under {MESSAGES_A_COUNTER} messages that it meets best"


def _of_messages(found: Motion) -> Iterator[str]:
    count: Counter[str] = Counter()
    for item in found.messages:
        text = item["say"][:40]
        cards, side = item.get("cards"), item.get("side")
        if not isinstance(cards, list) or any(id not in found.cards for id in cards):
            yield f"{text!r}: cards {cards!r} are not all cards of the file"
            continue
        if side not in SIDES or item.get("register") not in REGISTERS:
            yield f"{text!r}: side {side!r} or register {item.get('register')!r} is none"
            continue
        if "apt" in item and found.counters.get(item["apt"], {}).get("to") not in cards:
            yield f"{text!r}: apt {item['apt']!r} is no counterpoint to its card"
        count.update(cards[:1])
        own = {"for": "f", "against": "a"}[side]
        if cards and (cards[0][0] == own) == (item["register"] == "wrong-side"):
            yield f"{text!r}: {side} with {cards[0]}, register {item['register']}"
    for id in found.cards:
        if count[id] < MESSAGES_A_CARD:
            yield f"card {id}: {count[id]} messages, {MESSAGES_A_CARD} are needed"


def _of_replies(found: Motion) -> Iterator[str]:
    if len(found.replies) < REPLIES:
        yield f"{len(found.replies)} replies, {REPLIES} are needed"
    for item in found.replies:
        text = item["reply"][:40]
        if (
            item.get("to") not in {**found.cards, **found.counters}
            or item.get("side") not in SIDES
            or item.get("move") not in MOVES
        ):
            yield f"{text!r}: to, side or move is none"
        elif item["to"].startswith(item["side"][0]) != (item["to"] in found.counters):
            yield f"{text!r}: answers its own side"
        if (item.get("move") == "dodge") != (item.get("dodge") in DODGES):
            yield f"{text!r}: a dodge, and only a dodge, says of which kind"


def _near(found: Motion) -> Iterator[str]:
    texts = [item["say"] for item in found.messages] + [item["reply"] for item in found.replies]
    for at, text in enumerate(texts):
        for other in texts[:at]:
            if fuzz.token_sort_ratio(text.lower(), other.lower()) >= NEAR:
                yield f"near duplicates: {other[:50]!r} and {text[:50]!r}"


def main(arguments: list[str]) -> int:
    paths = [Path(argument) for argument in arguments] or sorted(FOLDER.glob("*.jsonl"))
    bad = 0
    for path in paths:
        for fault in faults(path):
            bad += 1
            print(f"{path.name}: {fault}")
    good = [found for path in paths if not any(True for _ in faults(path)) for found in [load(path)]]
    messages, replies = sum(len(m.messages) for m in good), sum(len(m.replies) for m in good)
    print(
        f"{len(paths)} files, {bad} faults; {len(good)} sound motions, {messages} messages, {replies} replies"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
