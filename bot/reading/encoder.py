"""The encoder: a text in its context goes in, its vector and what the heads make of it come out, without torch.

The context is the motion (for vector, side and quality) or the point that a text replies to (for the move). One
thread, one pass a text. The model is a file of this package; ``encoder.json`` beside it says what it must hash to. onnxruntime and the
tokenizer are imported at first use, because they are the slowest imports of the whole program.
This module must not know decks, debates or what the vectors are for.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MODEL = Path(__file__).parent / "model"


class EncoderError(Exception):
    """The model's files are missing or are not the ones that ``encoder.json`` names."""


class Encoder:
    """Turns texts into vectors; loads on first use and may be used from several threads.

    ``threads`` is for benchmarks: the results must not depend on it.
    ``passes`` and ``cpu_seconds`` count what the model itself has cost so far (for benchmarks).
    """

    def __init__(self, folder: Path = MODEL, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = Lock()
        self._running: tuple[Any, Any] | None = None
        self.passes = 0
        self.cpu_seconds = 0.0

    @cached_property
    def description(self) -> dict[str, Any]:
        """What ``encoder.json`` says of the model."""
        try:
            found: dict[str, Any] = json.loads((self._folder / "encoder.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise EncoderError(f"no description of the model in {self._folder}: {error}") from error
        if not isinstance(found, dict) or not {"dims", "files"} <= found.keys():
            raise EncoderError(f"encoder.json in {self._folder} does not describe a model")
        return found

    @property
    def sha256(self) -> str:
        """The identity of the model; vectors of another model must not be mixed with its own."""
        return str(self.description["files"]["encoder.onnx"]["sha256"])

    @property
    def dims(self) -> int:
        return int(self.description["dims"])

    def encode(self, texts: Sequence[str], context: str = "") -> Floats:
        """The vectors of ``texts``, float32 [n, dims], each of length one.

        One pass a text: in an int8 model the activations' scale is taken over the whole batch, so that
        a text would read differently in other company.
        """
        out = np.empty((len(texts), self.dims), np.float32)
        for row, text in enumerate(texts):
            out[row] = self._pass(text, context)
        return out

    def for_p(self, vectors: Floats) -> Floats:
        """How likely texts with these vectors [n, dims] speak for their context, [n] of 0..1."""
        return _sigmoid(self._head("side", vectors)[:, 0])

    def quality(self, vectors: Floats) -> Floats:
        """The share of readers that would find texts with these vectors good, [n] of 0..1."""
        return _sigmoid(self._head("quality", vectors)[:, 0])

    def moves(self, vectors: Floats) -> Floats:
        """By which move texts reply to their context: [n, 7] probabilities, in the order of ``Move``."""
        scores = self._head("move", vectors)
        shares = np.exp(scores - scores.max(1, keepdims=True))
        out: Floats = shares / shares.sum(1, keepdims=True)
        return out

    def _head(self, name: str, vectors: Floats) -> Floats:
        weight, bias = self._heads[f"{name}.weight"], self._heads[f"{name}.bias"]
        out: Floats = np.einsum("ij,kj->ik", vectors, weight) + bias
        return out

    @cached_property
    def _heads(self) -> dict[str, Floats]:
        with np.load(io.BytesIO(self._checked("heads.npz")), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    def pieces(self, text: str) -> int:
        """How many word pieces ``text`` falls into (no pass): few for known words, many for noise."""
        return len(self._loaded()[1].encode(text).ids) - 2

    def _pass(self, text: str, context: str) -> Floats:
        session, tokenizer = self._loaded()
        started = time.thread_time()
        found = tokenizer.encode(context, text) if context else tokenizer.encode(text)
        ids = np.array([found.ids], np.int64)
        said = np.array([found.type_ids], np.int64) if context else np.ones_like(ids)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "text_mask": said}
        asked = {name: feed[name] for name in self.description["inputs"]}
        vector: Floats = session.run(["sentence"], asked)[0][0]
        spent = time.thread_time() - started
        with self._lock:
            self.passes += 1
            self.cpu_seconds += spent
        return vector

    def _loaded(self) -> tuple[Any, Any]:
        with self._lock:
            if self._running is None:
                self._running = self._load()
            return self._running

    def _load(self) -> tuple[Any, Any]:
        # onnxruntime (1.32) puts a device id into the home folder and queues events; only this, before its import, stops it.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        options.log_severity_level = 3
        model = self._checked("encoder.onnx")
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return session, Tokenizer.from_str(self._checked("tokenizer.json").decode())

    def _checked(self, name: str) -> bytes:
        try:
            data = (self._folder / name).read_bytes()
        except OSError as error:
            raise EncoderError(f"the model's file {name} cannot be read: {error}") from error
        if hashlib.sha256(data).hexdigest() != self.description["files"][name]["sha256"]:
            raise EncoderError(f"the model's file {name} is not the one that encoder.json names")
        return data


def _sigmoid(values: Floats) -> Floats:
    out: Floats = (1 / (1 + np.exp(-values))).astype(np.float32)
    return out
