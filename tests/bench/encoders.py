"""The encoders that benchmarks compare: the published one, frozen, and the one that ships."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bot.reading.encoder import Encoder, Floats, Seen
from bot.reading.likeness import Meanings, Wordwise
from bot.reading.regression import Texts
from bot.reading.words import plain

FROZEN = Path(__file__).parent / "frozen"
"""all-MiniLM-L6-v2 in int8, as it was before it was trained on arguments (see its encoder.json)."""


class Vectors:
    """The vectors of texts by one encoder, each text encoded once.

    The frozen encoder has never seen a context, and reads worse with one: it reads the text alone. Nor has it vectors of words:
    ``texts`` and ``said`` are by whole texts then.
    """

    def __init__(self, name: str, encoder: Encoder, ours: bool) -> None:
        self.name = name
        self.encoder = encoder
        self._ours = ours
        self._known: dict[tuple[str, str], Seen] = {}

    def __call__(self, text: str, context: str = "") -> Floats:
        return self._seen(text, context).vector

    def of(self, texts: Iterable[str], context: str = "") -> Floats:
        return np.stack([self(text, context) for text in texts])

    def texts(self, texts: Iterable[str], context: str = "") -> Texts[Any]:
        """Texts to learn from, as the reader compares them."""
        return (
            Wordwise([self._seen(t, context).told for t in texts]) if self._ours else Meanings(self.of(texts))
        )

    def said(self, text: str, context: str = "") -> Any:
        """A text as ``texts`` want it."""
        return self._seen(text, context).pieces if self._ours else self(text)

    def _seen(self, text: str, context: str) -> Seen:
        key = (plain(text), plain(context) if self._ours else "")
        if key not in self._known:
            self._known[key] = (
                self.encoder.see(*key) if self._ours else _whole(self.encoder.encode([key[0]])[0])
            )
        return self._known[key]


def _whole(vector: Floats) -> Seen:
    return Seen(vector, np.empty((0, 0), np.int8), np.empty(0, np.bool_))


def frozen() -> Vectors:
    return Vectors("frozen", Encoder(FROZEN), ours=False)


def ours(folder: Path | None = None) -> Vectors:
    return Vectors("ours", Encoder(folder) if folder else Encoder(), ours=True)


class Exact(Encoder):
    """The shipped encoder with every product of whole numbers summed exactly, in float64.

    So do processors with VNNI. Others sum pairs of products in 16 bits, which cut off what is larger: weights of 7 bits
    keep that from happening. Whether they do is what this encoder is for: it has the vectors that all processors should
    have, by operators that look at no processor's instructions for whole numbers.
    """

    def _graph(self) -> bytes:
        return _exact(self._checked("encoder.onnx").read_bytes())


def _exact(model: bytes) -> bytes:
    """``model`` with each ``MatMulInteger`` written out as a product of float64 numbers, which hold every such sum."""
    import onnx

    made = onnx.load_model_from_string(model)
    nodes = [part for node in made.graph.node for part in _written_out(node)]
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    out: bytes = made.SerializeToString()
    return out


def _written_out(node: Any) -> list[Any]:
    from onnx import TensorProto, helper

    if node.op_type != "MatMulInteger":
        return [node]
    left, right, zero, _ = node.input  # the last one, of the weights, is 0
    name = node.output[0]

    def wide(value: str) -> str:
        return f"{name}.{value}"

    return [
        *(helper.make_node("Cast", [x], [wide(x)], to=TensorProto.DOUBLE) for x in (left, right, zero)),
        helper.make_node("Sub", [wide(left), wide(zero)], [wide("moved")]),
        helper.make_node("MatMul", [wide("moved"), wide(right)], [wide("sum")]),
        helper.make_node("Cast", [wide("sum")], [name], to=TensorProto.INT32),
    ]
