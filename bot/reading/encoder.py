"""The encoder: a text in its context goes in, its vector, those of its words, and what the heads make of it come out, without torch.

The context is the motion (for vector, side and quality) or the point that a text replies to (for the move). One
thread, one pass a text. The model is a file of this package; ``encoder.json`` beside it says what it must hash to. onnxruntime and the
tokenizer are imported at first use, because they are the slowest imports of the whole program.
This module must not know decks, debates or what the vectors are for.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.reading.words import word_set

Floats = NDArray[np.float32]
Pieces = NDArray[np.int8]
"""Vectors of word pieces, [pieces, piece_dims]: only where they point is of meaning."""

MODEL = Path(__file__).parent / "model"
_LITTLE = word_set("""a an the this that these those it of to in on at by for with from into and or as i you he she we they me him
    her us them my your its our their is are was were be been being am s re ve ll d m""")
"""Words, and what the tokenizer leaves of short ones, that tell nothing apart; "not", "more" and "should" do."""
_FEW = 3
"""Of a text with fewer pieces that tell something, all count."""


@dataclass(frozen=True)
class Seen:
    """A text as the encoder sees it: its vector, those of its pieces but for punctuation (the last is the mark at its end, which
    stands for all of it), and which of these tell something."""

    vector: Floats
    pieces: Pieces
    telling: NDArray[np.bool_]

    @property
    def told(self) -> Pieces:
        """The pieces that tell something: all that is kept of a text that others are compared with."""
        return self.pieces[self.telling]


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
            out[row] = self._pass(text, context, "sentence")[0][0]
        return out

    def see(self, text: str, context: str = "") -> Seen:
        """``text`` with its pieces, in one pass."""
        vector, rows, found, said = self._pass(text, context, "sentence", "pieces")
        kept = [at for at, piece in enumerate(found.tokens) if said[0, at] and not _is_punctuation(piece)]
        telling = _telling([found.tokens[at] for at in kept])
        return Seen(vector[0], in_bytes(rows[0, kept]), telling)

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
        with np.load(self._checked("heads.npz"), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    def pieces(self, text: str) -> int:
        """How many word pieces ``text`` falls into (no pass): few for known words, many for noise."""
        return len(self._loaded()[1].encode(text).ids) - 2

    def _pass(self, text: str, context: str, *outputs: str) -> list[Any]:
        """What the model makes of ``text``, then its pieces as the tokenizer cut them, and which of those are its own (1)."""
        session, tokenizer = self._loaded()
        started = time.thread_time()
        found = tokenizer.encode(context, text) if context else tokenizer.encode(text)
        ids = np.array([found.ids], np.int64)
        said = np.array([found.type_ids], np.int64) if context else np.ones_like(ids)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "text_mask": said}
        asked = {name: feed[name] for name in self.description["inputs"]}
        made = session.run(list(outputs), asked)
        spent = time.thread_time() - started
        with self._lock:
            self.passes += 1
            self.cpu_seconds += spent
        return [*made, found, said]

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
        session = onnxruntime.InferenceSession(self._graph(), options, providers=["CPUExecutionProvider"])
        return session, Tokenizer.from_file(str(self._checked("tokenizer.json")))

    def _graph(self) -> str | bytes:
        """The path of the model, or its bytes: a path costs half the memory."""
        return str(self._checked("encoder.onnx"))

    def _checked(self, name: str) -> Path:
        """The path of a file that is the one that ``encoder.json`` names."""
        path = self._folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise EncoderError(f"the model's file {name} cannot be read: {error}") from error
        if found != self.description["files"][name]["sha256"]:
            raise EncoderError(f"the model's file {name} is not the one that encoder.json names")
        return path


def _sigmoid(values: Floats) -> Floats:
    out: Floats = (1 / (1 + np.exp(-values))).astype(np.float32)
    return out


def in_bytes(rows: Floats) -> Pieces:
    """Vectors, a row each, as whole numbers of one byte that point the same way."""
    out: Pieces = np.rint(rows * (127 / np.abs(rows).max(1, keepdims=True))).astype(np.int8)
    return out


def _telling(pieces: Sequence[str]) -> NDArray[np.bool_]:
    """Which pieces are no words that tell nothing; all where the others are few."""
    ends = [not piece.startswith("##") for piece in pieces[1:]] + [True]
    out = np.array([not end or piece not in _LITTLE for piece, end in zip(pieces, ends, strict=True)])
    return out if out.sum() >= _FEW else np.ones(len(pieces), np.bool_)


def _is_punctuation(piece: str) -> bool:
    return len(piece) == 1 and not piece.isalnum()
