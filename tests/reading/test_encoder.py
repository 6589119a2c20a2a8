"""The encoder and the cupboard of vectors."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.reading import anchors, vectors
from bot.reading.encoder import MODEL, Encoder, EncoderError
from bot.reading.heads import texts_of
from bot.reading.reader import LocalReader
from bot.reading.vectors import SHIPPED, Vectors, key, load, rounded, save, ship
from content.deck import Deck

TEXTS = ["Talks will fail.", "A ceasefire saves lives, even a short one.", "x"]


def test_vectors_have_length_one_and_do_not_depend_on_company(reader: LocalReader) -> None:
    together = reader.encoder.encode(TEXTS)
    alone = np.concatenate([reader.encoder.encode([text]) for text in TEXTS])
    assert together.shape == (3, 384)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    assert np.array_equal(together, alone)


def test_threads_read_what_one_thread_reads_and_every_pass_is_counted() -> None:
    encoder = Encoder()
    alone = encoder.encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: encoder.encode([text])[0], TEXTS * 4))
    assert np.array_equal(np.stack(found[:3]), alone)
    assert encoder.passes == 3 + 12
    assert encoder.cpu_seconds > 0


def test_a_changed_or_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no description"):
        Encoder(tmp_path).encode(["a"])
    (tmp_path / "encoder.json").write_text("[]", "utf-8")
    with pytest.raises(EncoderError, match="does not describe"):
        _ = Encoder(tmp_path).dims
    shutil.copy(MODEL / "encoder.json", tmp_path)
    with pytest.raises(EncoderError, match="cannot be read"):
        Encoder(tmp_path).encode(["a"])
    (tmp_path / "encoder.onnx").write_bytes(b"something else")
    with pytest.raises(EncoderError, match="not the one"):
        Encoder(tmp_path).encode(["a"])


def test_the_model_is_not_loaded_by_an_import() -> None:
    code = "import sys, bot.reading.reader; print({'onnxruntime', 'tokenizers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_what_ships_is_fresh(putin: Deck, phones: Deck) -> None:
    """Mend: python -m bot.reading.vectors content/decks/*.yaml"""
    model = Encoder().sha256
    for name, texts in (
        (anchors.NAME, anchors.texts()),
        (putin.id, texts_of(putin)),
        (phones.id, texts_of(phones)),
    ):
        assert {key(t) for t in texts} == load(SHIPPED / f"{name}.npz", model).keys(), name


def test_a_file_comes_back_as_it_went(tmp_path: Path) -> None:
    rows = {key(t): rounded(np.full(384, i, np.float32)) for i, t in enumerate(TEXTS)}
    save(tmp_path / "sub" / "a.npz", "m", rows)
    back = load(tmp_path / "sub" / "a.npz", "m")
    assert back.keys() == rows.keys()
    assert all(np.array_equal(back[k], rows[k]) for k in rows)
    assert [p.name for p in (tmp_path / "sub").iterdir()] == ["a.npz"]
    assert load(tmp_path / "sub" / "a.npz", "another model") == {}


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="need at least one array"):
        save(tmp_path / "a.npz", "m", {})
    assert list(tmp_path.iterdir()) == []


def test_fixed_texts_are_encoded_once_and_a_broken_file_is_made_anew(
    reader: LocalReader, tmp_path: Path
) -> None:
    encoder = reader.encoder
    first = Vectors(encoder, tmp_path, shipped=tmp_path / "none").named("deck", TEXTS)
    before = encoder.passes
    again = Vectors(encoder, tmp_path, shipped=tmp_path / "none").named("deck", TEXTS)
    assert encoder.passes == before
    assert np.array_equal(first, again)
    (tmp_path / "deck.npz").write_bytes(b"PK\x03\x04 broken")
    mended = Vectors(encoder, tmp_path, shipped=tmp_path / "none").named("deck", TEXTS)
    assert encoder.passes == before + 3
    assert np.array_equal(first, mended)


def test_without_a_folder_or_with_a_bad_one_nothing_is_lost_but_time(
    reader: LocalReader, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    for cache in (None, blocked / "below"):
        assert Vectors(reader.encoder, cache, shipped=tmp_path).named("deck", TEXTS).shape == (3, 384)


def test_passing_texts_are_remembered_and_forgotten(
    reader: LocalReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "RECENT", 2)
    cupboard = Vectors(reader.encoder)
    cupboard.of(TEXTS)
    before = reader.encoder.passes
    cupboard.of(TEXTS[1:])
    assert reader.encoder.passes == before
    cupboard.of(TEXTS[:1])
    assert reader.encoder.passes == before + 1


def test_shipping_writes_what_is_asked(reader: LocalReader, tmp_path: Path) -> None:
    path = ship("deck", [*TEXTS, TEXTS[0]], reader.encoder, tmp_path)
    assert load(path, reader.encoder.sha256).keys() == {key(t) for t in TEXTS}


def test_the_command_ships_the_decks_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in SHIPPED.glob("*.npz"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(vectors, "SHIPPED", tmp_path)
    monkeypatch.setattr(vectors.ship, "__defaults__", (tmp_path,))
    assert vectors.main([str(vectors.SEEDS.parent / "content" / "decks" / "school-phones.yaml")]) == 0
    assert "school-phones.npz" in capsys.readouterr().out


def test_the_description_names_what_lies_there() -> None:
    found = json.loads((MODEL / "encoder.json").read_text())
    assert all((MODEL / name).stat().st_size == file["bytes"] for name, file in found["files"].items())
