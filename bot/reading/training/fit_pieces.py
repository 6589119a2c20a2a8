"""Give an encoder its second output, a vector of each word piece: ``python -m bot.reading.training.fit_pieces FOLDER``.

Adds to ``encoder.onnx`` of ``FOLDER``, and to what ``encoder.json`` there says of it, the output ``pieces``: float32 [batch,
seq, ``AXES``], the states of the last layer without what all of them share, along the axes on which those of the corpus'
training motions differ most (principal components; nothing is trained), each of length one.  The vectors of whole texts do
not change by a bit.  A minute on one core.  The same input gives the same bytes on the same machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from bot.reading.training.corpus import Motion, motions
from bot.reading.training.examples import is_held_out
from bot.reading.words import plain

Floats = NDArray[np.float32]

OUTPUT = "pieces"
STATES, WIDTH = "encoder.layer.5.output", 384
"""What the graph that ``build_encoder`` writes calls the states of its last layer, and how many numbers each has."""
AXES = 192
"""They hold 87 % of the variance of all 384. (By 128, cards on unseen motions come first one time in a hundred less often.)"""
EVERY = 3
"""One message in so many is looked at: a hundred thousand states."""


def texts(found: Sequence[Motion]) -> Iterator[tuple[str, str]]:
    """Messages with their motions."""
    for motion in found:
        for item in motion.messages[::EVERY]:
            yield plain(item["say"]), plain(motion.head["motion"])


def states(model: onnx.ModelProto, tokenizer: Tokenizer, found: Sequence[tuple[str, str]]) -> Floats:
    """The states of all pieces of texts in their contexts, [pieces, width]."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    shown.graph.output.append(
        helper.make_tensor_value_info(STATES, TensorProto.FLOAT, ["batch", "seq", WIDTH])
    )
    session = ort.InferenceSession(shown.SerializeToString(), providers=["CPUExecutionProvider"])
    out = []
    for text, context in found:
        read = tokenizer.encode(context, text)
        ids, said = np.array([read.ids]), np.array([read.type_ids])
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "text_mask": said}
        out.append(session.run([STATES], feed)[0][0][said[0] == 1])
    return np.concatenate(out)


def axes(found: Floats, count: int = AXES) -> tuple[Floats, Floats]:
    """The mean of states, [width], and the axes on which they differ most, [width, count]."""
    mean = found.mean(0, dtype=np.float64)
    _, directions = np.linalg.eigh(np.cov((found - mean).T))
    return mean.astype(np.float32), directions[:, ::-1][:, :count].astype(np.float32)


def with_pieces(model: onnx.ModelProto, mean: Floats, directions: Floats) -> onnx.ModelProto:
    """``model`` with the output, in place of one that it has."""
    out = without_pieces(model)
    graph = out.graph
    constants = {
        "mean": mean,
        "axes": directions,
        "least": np.array(1e-12, np.float32),
        "last": np.array([-1], np.int64),
    }
    graph.initializer.extend(
        numpy_helper.from_array(np.ascontiguousarray(value), f"{OUTPUT}.{name}")
        for name, value in constants.items()
    )
    steps = (
        ("Sub", (STATES, "mean"), "moved"),
        ("MatMul", ("moved", "axes"), "along"),
        ("ReduceL2", ("along", "last"), "length"),
        ("Max", ("length", "least"), "positive"),
        ("Div", ("along", "positive"), ""),
    )
    for kind, inputs, name in steps:
        made = f"{OUTPUT}.{name}" if name else OUTPUT
        taken = [each if each == STATES else f"{OUTPUT}.{each}" for each in inputs]
        graph.node.append(helper.make_node(kind, taken, [made], name=made))
    shape = ["batch", "seq", directions.shape[1]]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape))
    onnx.checker.check_model(out, full_check=True)
    return out


def without_pieces(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model`` without the output."""
    out = onnx.ModelProto()
    out.CopyFrom(model)
    for part in (out.graph.node, out.graph.output, out.graph.initializer):
        kept = [each for each in part if each.name.partition(".")[0] != OUTPUT]
        del part[:]  # type: ignore[arg-type]
        part.extend(kept)  # type: ignore[arg-type]
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Give an encoder a vector of each word piece.")
    parser.add_argument("folder", type=Path, help="where build_encoder wrote the encoder")
    folder = parser.parse_args(arguments).folder
    model = without_pieces(onnx.load(folder / "encoder.onnx"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    learned = [motion for motion in motions() if not is_held_out(motion.head["motion"])]
    found = states(model, tokenizer, list(texts(learned)))
    data = with_pieces(model, *axes(found)).SerializeToString(deterministic=True)
    description = json.loads((folder / "encoder.json").read_text("utf-8"))
    description["files"]["encoder.onnx"] = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
    }
    description |= {"outputs": ["sentence", OUTPUT], "piece_dims": AXES}
    (folder / "encoder.onnx").write_bytes(data)
    (folder / "encoder.json").write_text(json.dumps(description, indent=2) + "\n", "utf-8")
    print(f"{len(found):,} states; {description['files']['encoder.onnx']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
