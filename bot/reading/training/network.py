"""The encoder in torch: one transformer, a sentence vector and small heads, all from one pass.

``[CLS] context [SEP] text [SEP]`` goes through MiniLM; the mean over the text's tokens is the sentence vector, and
what the heads see. The context is the motion (side, quality, match) or the point a text replies to (move).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from bot.reading.training.build_encoder import MINILM
from bot.reading.training.examples import HEADS, PAIRS

SPREAD = MINILM.width**0.5
LONGEST = 128
"""Word pieces of context and text together; training cuts what is longer."""


@dataclass(frozen=True)
class Batch:
    """Word pieces [n, longest], which of them are there, and which are the text's."""

    ids: Tensor
    present: Tensor
    text: Tensor


def tokenizer(json_: bytes) -> Tokenizer:
    """The model's tokenizer without padding, cut at ``LONGEST``."""
    made = Tokenizer.from_str(json_.decode())
    made.enable_truncation(LONGEST)
    made.no_padding()
    return made


def batch(tokens: Tokenizer, pairs: Sequence[tuple[str, str]], device: str) -> Batch:
    """(context, text) pairs, padded to the longest of them."""
    found = [tokens.encode(context, text) if context else tokens.encode(text) for context, text in pairs]
    shape = (len(found), max(len(one.ids) for one in found))
    ids, present, said = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for row, one in enumerate(found):
        length = len(one.ids)
        ids[row, :length] = torch.tensor(one.ids)
        present[row, :length] = 1
        said[row, :length] = torch.tensor(one.type_ids) if any(one.type_ids) else 1
    return Batch(ids.to(device), present.to(device), said.to(device))


class Network(nn.Module):
    """MiniLM with heads; ``forward`` gives the sentence vectors [n, width], of length one."""

    def __init__(self, weights: dict[str, NDArray[np.float32]], frozen_layers: int) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=len(weights["embeddings.word_embeddings.weight"]),
            hidden_size=MINILM.width,
            num_hidden_layers=MINILM.layers,
            num_attention_heads=MINILM.heads,
            intermediate_size=len(weights["encoder.layer.0.intermediate.dense.bias"]),
            layer_norm_eps=MINILM.epsilon,
            attention_probs_dropout_prob=0.0,
            hidden_dropout_prob=0.05,
        )
        self.bert = BertModel(config, add_pooling_layer=False)
        known = {
            name: torch.from_numpy(value.copy())
            for name, value in weights.items()
            if not name.startswith("heads.")
        }
        missing = self.bert.load_state_dict(known, strict=False).missing_keys
        if missing:
            raise ValueError(f"the base weights lack {missing}")
        sizes = HEADS | dict.fromkeys(PAIRS, 1)
        self.heads = nn.ModuleDict({name: nn.Linear(MINILM.width, size) for name, size in sizes.items()})
        self._take_heads(weights)
        for part in (self.bert.embeddings, *self.bert.encoder.layer[:frozen_layers]):
            part.requires_grad_(False)

    def _take_heads(self, weights: dict[str, NDArray[np.float32]]) -> None:
        """Begin with the heads of an earlier run, where ``weights`` are those of one."""
        for name in HEADS:
            if (found := weights.get(f"heads.{name}.weight")) is not None:
                self.heads[name].weight.data = torch.from_numpy(found / SPREAD)
                self.heads[name].bias.data = torch.from_numpy(weights[f"heads.{name}.bias"].copy())

    def forward(self, read: Batch) -> Tensor:
        tokens = self.bert(input_ids=read.ids, attention_mask=read.present).last_hidden_state
        weight = read.text.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weight).sum(1) / weight.sum(1)
        return functional.normalize(mean, dim=-1)

    def head(self, name: str, vectors: Tensor) -> Tensor:
        """The logits of a head [n, outputs]."""
        # A vector of length one has small entries: multiplied, the heads learn at the pace of the rest.
        return self.heads[name](vectors * SPREAD)  # type: ignore[no-any-return]

    def exported(self) -> dict[str, NDArray[np.float32]]:
        """All weights but those of the heads for training alone, by transformers' names, the heads' as ``heads.NAME.weight``."""
        found = {name: value for name, value in self.bert.state_dict().items() if "position_ids" not in name}
        for name in HEADS:
            head = self.heads[name]
            found |= {f"heads.{name}.weight": head.weight * SPREAD, f"heads.{name}.bias": head.bias}
        return {name: value.detach().cpu().numpy().astype(np.float32) for name, value in found.items()}
