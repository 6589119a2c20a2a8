"""What the encoder is taught: examples from the corpus of learners' messages and from public data, split by motion.

A motion is held out by a hash of its words, so that the same motion is held out in every set, and no text of a
held-out motion, nor of the test data, is ever among the examples. Public data are read from a folder (see README.md).
This module must not know torch.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.reading.training.corpus import Motion
from bot.reading.training.corpus import motions as corpus_motions
from bot.reading.words import plain

HELD_OUT_OF = 5
"""One motion of so many is held out."""
MOVES = ("deny", "mitigate", "undercut", "turn", "outweigh", "concede", "dodge")
"""What the outputs of the head ``move`` stand for."""
HEADS = {"side": 1, "quality": 1, "move": len(MOVES)}
"""The heads of a trained encoder and how many outputs each has; they see the sentence vector."""
PAIRS = ("makes", "meets")
"""Heads of one output that are asked in training alone: whether a text makes the card, or is met by the counterpoint, that is its
context. They choose cards and counterpoints no better than nearness does; but to read the two beside each other for them
teaches the encoder to tell an answer from a dodge."""
TESTS = Path(__file__).parents[3] / "tests" / "reading" / "data"


@dataclass(frozen=True)
class Said:
    """A message on a motion: the places of the cards it makes, whether it speaks for the motion, its quality (0..1)."""

    text: str
    cards: tuple[int, ...] = ()
    is_for: bool | None = None
    quality: float | None = None


@dataclass(frozen=True)
class Topic:
    """A motion of one set: its cards (their texts), each card's side, and what was said on it."""

    motion: str
    cards: tuple[str, ...]
    for_cards: tuple[bool, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Reply:
    """A reply to a point, and its move; ``others`` are points of the same side that it does not answer."""

    points: tuple[str, ...]
    text: str
    move: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Countered:
    """The counterpoints of a motion, the place of the card that each attacks, whether they speak for the motion, and
    messages, each with the place of the counterpoint that meets it best."""

    motion: str
    counters: tuple[str, ...]
    attacked: tuple[int, ...]
    is_for: tuple[bool, ...]
    said: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Examples:
    """Everything to learn from (or, held out, to look at), by task."""

    corpus: tuple[Topic, ...]
    key_points: tuple[Topic, ...]
    stances: tuple[Topic, ...]
    replies: tuple[Reply, ...]
    countered: tuple[Countered, ...]


def is_held_out(motion: str) -> bool:
    """Whether ``motion`` is one of those never trained on."""
    digest = hashlib.sha256(plain(motion).lower().strip(" .").encode()).digest()
    return digest[0] % HELD_OUT_OF == 0


def test_texts() -> frozenset[str]:
    """Every text of the test data, whatever its key."""
    rows = (
        json.loads(line)
        for path in sorted(TESTS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    )
    return frozenset(_same(row["text"]) for row in rows if "text" in row)


def _same(text: str) -> str:
    """The form by which two texts are the same text."""
    return " ".join(plain(text).lower().split())


def examples(data: Path | None, *, held_out: bool) -> Examples:
    """The examples of the motions that are (not) held out; without ``data`` those of the corpus alone.

    Raises ``FileNotFoundError`` where a public file is missing from ``data``.
    """
    corpus = [m for m in corpus_motions() if is_held_out(m.head["motion"]) is held_out]
    topics = [_topic(motion) for motion in corpus]
    key_points = [] if data is None else [t for t in _key_points(data) if is_held_out(t.motion) is held_out]
    stances = [] if data is None else [t for t in _stances(data) if is_held_out(t.motion) is held_out]
    found = Examples(
        tuple(topics),
        tuple(key_points),
        tuple(stances),
        tuple(reply for motion in corpus for reply in _replies(motion)),
        tuple(_countered(motion) for motion in corpus if motion.counters),
    )
    return found if held_out else _without(found, _kept_apart(data))


def _kept_apart(data: Path | None) -> frozenset[str]:
    """The texts that stand in the test data or on a held-out motion of any set."""
    apart = examples(data, held_out=True)
    topics = (*apart.corpus, *apart.key_points, *apart.stances)
    return test_texts() | {_same(said.text) for topic in topics for said in topic.said}


def _without(found: Examples, apart: frozenset[str]) -> Examples:
    """``found`` without any text of ``apart``."""

    def cleaned(topics: Iterable[Topic]) -> tuple[Topic, ...]:
        return tuple(replace(t, said=tuple(s for s in t.said if _same(s.text) not in apart)) for t in topics)

    def countered(one: Countered) -> Countered:
        return replace(one, said=tuple(said for said in one.said if _same(said[0]) not in apart))

    return Examples(
        cleaned(found.corpus),
        cleaned(found.key_points),
        cleaned(found.stances),
        tuple(reply for reply in found.replies if _same(reply.text) not in apart),
        tuple(one for one in map(countered, found.countered) if one.said),
    )


# --- the corpus ---


def _whole(card: dict[str, Any]) -> str:
    return f"{card['tag']} {card['warrant']}"


def _topic(motion: Motion) -> Topic:
    ids = list(motion.cards)
    said = [
        Said(
            item["say"],
            tuple(ids.index(card) for card in item["cards"]),
            (item["cards"][0][0] == "f") if item["cards"] else item["side"] == "for",
        )
        for item in motion.messages
    ]
    said += [Said(motion.cards[card]["tag"], (place,), card[0] == "f") for place, card in enumerate(ids)]
    return Topic(
        motion.head["motion"],
        tuple(map(_whole, motion.cards.values())),
        tuple(card[0] == "f" for card in ids),
        tuple(said),
    )


def _replies(motion: Motion) -> Iterator[Reply]:
    said = defaultdict[str, list[str]](list)
    for item in motion.messages:
        if len(item["cards"]) == 1 and item["register"] not in ("mixed", "wrong-side"):
            said[item["cards"][0]].append(item["say"])
    for item in motion.replies:
        card = item["to"]
        if card in motion.counters:
            yield Reply(
                (motion.counters[card]["text"],), item["reply"], item["move"], _elsewhere(motion, card)
            )
            continue
        others = tuple(_whole(c) for id, c in motion.cards.items() if id[0] == card[0] and id != card)
        yield Reply((_whole(motion.cards[card]), *said[card]), item["reply"], item["move"], others)


def _elsewhere(motion: Motion, counter: str) -> tuple[str, ...]:
    """The counterpoints of the same side as ``counter`` that attack other cards."""
    on = motion.counters[counter]["to"]
    return tuple(c["text"] for c in motion.counters.values() if c["to"] != on and c["to"][0] == on[0])


def _countered(motion: Motion) -> Countered:
    ids, places = list(motion.cards), {id: at for at, id in enumerate(motion.counters)}
    counters = motion.counters.values()
    return Countered(
        motion.head["motion"],
        tuple(c["text"] for c in counters),
        tuple(ids.index(c["to"]) for c in counters),
        tuple(c["to"][0] == "a" for c in counters),
        tuple((item["say"], places[item["apt"]]) for item in motion.messages if "apt" in item),
    )


# --- public data ---


def read(data: Path, name: str) -> list[dict[str, Any]]:
    """The rows of one public file."""
    path = data / f"{name}.jsonl.gz"
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is missing; training/README.md names the public data and their sources"
        )
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _key_points(data: Path) -> list[Topic]:
    """ArgKP-2021: a key point is a card, an argument that matches it makes it."""
    points, arguments = read(data, "a_argkp2021_key_points"), read(data, "a_argkp2021_arguments")
    makes = defaultdict[str, list[str]](list)
    for row in read(data, "a_argkp2021_labels"):
        if row["label"] == 1:
            makes[row["arg_id"]].append(row["kp_id"])
    quality = {_same(row["text"]): float(row["wa"]) for row in read(data, "bd_argq30k")}
    out = []
    for motion in dict.fromkeys(row["topic"] for row in points):
        cards = [row for row in points if row["topic"] == motion]
        place = {row["id"]: at for at, row in enumerate(cards)}
        said = [
            Said(
                row["text"],
                tuple(place[id] for id in makes[row["id"]] if id in place),
                row["stance"] > 0,
                quality.get(_same(row["text"])),
            )
            for row in arguments
            if row["topic"] == motion
        ]
        out.append(
            Topic(
                motion,
                tuple(row["text"] for row in cards),
                tuple(row["stance"] > 0 for row in cards),
                tuple(said),
            )
        )
    return out


def _stances(data: Path) -> list[Topic]:
    """Texts for or against a claim; ArgQ-30k's carry the share of readers who found them good."""
    rows: list[tuple[str, str, bool, float | None]] = []
    for row in read(data, "bd_argq30k"):
        if row["stance"] != 0:
            rows.append((row["topic"], row["text"], row["stance"] > 0, float(row["wa"])))
    for row in read(data, "b_ibm_claim_stance"):
        rows.append((row["topic"], row["text"], row["stance"] == "PRO", None))
    for row in read(data, "b_explagraphs"):
        rows.append((row["belief"], row["argument"], row["stance"] == "support", None))
    for row in read(data, "ab_perspectrum"):
        if row["stance3"] in ("SUPPORT", "UNDERMINE"):
            rows.append((row["claim"], row["text"], row["stance3"] == "SUPPORT", None))
    by_motion = defaultdict[str, dict[str, Said]](dict)
    for motion, text, is_for, quality in rows:
        by_motion[motion].setdefault(_same(text), Said(text, (), is_for, quality))
    return [Topic(motion, (), (), tuple(said.values())) for motion, said in by_motion.items()]


# --- noise ---


def mistyped(chance: random.Random, word: str) -> str:
    """``word`` with a letter lost or doubled or two swapped, as in hurried typing; one of under four letters as it is."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
