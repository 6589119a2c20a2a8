"""The encoder and the cupboard of vectors."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.reading import files, vectors
from bot.reading.built import SHIPPED, Builder, stamp
from bot.reading.encoder import MODEL, Encoder, EncoderError
from bot.reading.reader import LocalReader
from bot.reading.vectors import Shelf, Vectors, key, load, save
from content.deck import Deck
from tests.reading.conftest import small_deck

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


@pytest.mark.parametrize("name", ["putin", "phones"])
def test_what_ships_is_fresh(name: str, request: pytest.FixtureRequest, reader: LocalReader) -> None:
    """Mend: ./gadfly deck build putin-trump-talks school-phones --out bot/reading/stored"""
    deck: Deck = request.getfixturevalue(name)
    assert Builder(reader.encoder).to_do(deck) == 0
    assert files.load(SHIPPED / f"{deck.id}.heads.npz", stamp(deck, reader.encoder))


def test_a_file_comes_back_as_it_went(tmp_path: Path) -> None:
    rows = {key(t): np.full(384, i, np.float16) for i, t in enumerate(TEXTS)}
    pieces = {key(t): np.full((i + 1, 4), i, np.int8) for i, t in enumerate(TEXTS[1:])}
    save(tmp_path / "sub" / "a.npz", "m", Shelf(rows, pieces))
    back = load(tmp_path / "sub" / "a.npz", "m")
    assert (back.vectors.keys(), back.pieces.keys()) == (rows.keys(), pieces.keys())
    assert all(np.array_equal(back.vectors[k], rows[k]) for k in rows)
    assert all(np.array_equal(back.pieces[k], pieces[k]) for k in pieces)
    assert [p.name for p in (tmp_path / "sub").iterdir()] == ["a.npz"]
    assert not load(tmp_path / "sub" / "a.npz", "another model").vectors


def test_a_file_of_texts_without_pieces_comes_back(tmp_path: Path) -> None:
    save(tmp_path / "a.npz", "m", Shelf({key("a"): np.ones(384, np.float16)}))
    back = load(tmp_path / "a.npz", "m")
    assert list(back.vectors) == [key("a")]
    assert not back.pieces


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    class Broken:
        def __array__(self, *_: object, **__: object) -> np.ndarray:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.save(tmp_path / "a.npz", "m", {"x": Broken()})  # type: ignore[dict-item]
    assert list(tmp_path.iterdir()) == []


def test_a_text_has_a_vector_of_its_own_in_every_context(reader: LocalReader) -> None:
    plain_, ours, theirs = (
        reader.encoder.encode(TEXTS[:1], about)[0] for about in ("", "Talks end wars", "Pay")
    )
    assert len({plain_.tobytes(), ours.tobytes(), theirs.tobytes()}) == 3
    assert len({key("a"), key("a", "b"), key("b", "a")}) == 3


def test_fixed_texts_are_encoded_once_and_a_broken_file_is_made_anew(
    reader: LocalReader, tmp_path: Path
) -> None:
    encoder = reader.encoder
    first = Vectors(encoder, cache=tmp_path).named("deck", TEXTS)
    before = encoder.passes
    again = Vectors(encoder, cache=tmp_path).named("deck", TEXTS)
    assert encoder.passes == before
    assert np.array_equal(first.rows(TEXTS), again.rows(TEXTS))
    (tmp_path / "deck.npz").write_bytes(b"PK\x03\x04 broken")
    assert Vectors(encoder, cache=tmp_path).missing("deck", TEXTS) == 3
    mended = Vectors(encoder, cache=tmp_path).named("deck", TEXTS)
    assert encoder.passes == before + 3
    assert np.array_equal(first.rows(TEXTS), mended.rows(TEXTS))


def test_pieces_are_encoded_where_they_are_asked_for_and_only_there(
    reader: LocalReader, tmp_path: Path
) -> None:
    encoder = reader.encoder
    Vectors(encoder, cache=tmp_path).named("deck", TEXTS)
    before = encoder.passes
    assert Vectors(encoder, cache=tmp_path).missing("deck", TEXTS, TEXTS[:1]) == 1
    first = Vectors(encoder, cache=tmp_path).named("deck", TEXTS, TEXTS[:1])
    again = Vectors(encoder, cache=tmp_path).named("deck", TEXTS, TEXTS[:1])
    assert encoder.passes == before + 1
    assert list(first.pieces) == list(again.pieces) == TEXTS[:1]
    assert np.array_equal(first.pieces[TEXTS[0]], encoder.see(TEXTS[0]).told)
    assert np.array_equal(first.pieces[TEXTS[0]], again.pieces[TEXTS[0]])


def test_a_piece_tells_something_unless_it_is_a_mark_or_holds_sentences_together(reader: LocalReader) -> None:
    said, dims = "It isn't the talks that fail, it's us.", reader.encoder.description["piece_dims"]
    seen = reader.encoder.see(said, "Talk")
    assert seen.pieces.shape == (11, dims)  # all but two marks, a comma and a stop
    assert seen.told.shape == (5, dims)  # isn, t, talks, fail, and the mark at the end
    assert reader.encoder.see("it is", "Talk").told.shape == (3, dims)
    assert np.array_equal(seen.vector, reader.encoder.encode([said], "Talk")[0])


def test_without_a_folder_or_with_a_bad_one_nothing_is_lost_but_time(
    reader: LocalReader, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    for cache in (None, blocked / "below"):
        assert Vectors(reader.encoder, cache=cache).named("deck", TEXTS).rows(TEXTS).shape == (3, 384)
        assert Builder(reader.encoder, cache, shipped=tmp_path).build(small_deck()).heads.ids


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


def test_a_built_deck_reads_as_it_did_when_it_was_learned(reader: LocalReader, tmp_path: Path) -> None:
    deck = small_deck()
    made = Builder(reader.encoder, tmp_path, shipped=tmp_path).build(deck)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["homework.heads.npz", "homework.npz"]
    passes = reader.encoder.passes
    taken = Builder(reader.encoder, tmp_path, shipped=tmp_path).kept(deck)
    assert taken is not None
    assert reader.encoder.passes == passes
    seen = reader.encoder.see("My sister never sleeps because of worksheets.", deck.motion)
    left, right = (each.heads.profile(seen.vector, seen.pieces) for each in (made, taken))
    assert np.allclose(left.cards, right.cards, atol=1e-6)
    assert np.allclose(left.attacks, right.attacks, atol=1e-6)
    assert (left.for_p, left.new_p, left.near) == pytest.approx((right.for_p, right.new_p, right.near))
    assert made.tones(seen.vector) == pytest.approx(taken.tones(seen.vector))


def test_a_changed_deck_is_built_anew_and_only_its_new_texts_are_encoded(
    reader: LocalReader, tmp_path: Path
) -> None:
    deck = small_deck()
    Builder(reader.encoder, tmp_path, shipped=tmp_path).build(deck)
    first = deck.cards[0]
    phrasings = (*first.phrasings, "we are so tired in class")
    cards = (first.model_copy(update={"phrasings": phrasings}), *deck.cards[1:])
    grown = small_deck().model_copy(update={"cards": cards})
    assert not files.load(tmp_path / "homework.heads.npz", stamp(grown, reader.encoder))
    passes = reader.encoder.passes
    Builder(reader.encoder, tmp_path, shipped=tmp_path).build(grown)
    assert reader.encoder.passes == passes + 1
    assert files.load(tmp_path / "homework.heads.npz", stamp(grown, reader.encoder))


def test_a_large_deck_is_played_at_once_and_built_in_the_background(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.reading.reader.AT_ONCE", 10)
    reader, deck = LocalReader(tmp_path), small_deck()
    quick = reader.model(deck)
    assert quick.heads.ids == [card.id for card in deck.cards]
    builders = [thread for thread in threading.enumerate() if thread.name == "build homework"]
    for thread in builders:
        thread.join(60)
    assert reader.model(deck) is not quick
    assert (tmp_path / "homework.heads.npz").exists()


def test_the_description_names_what_lies_there() -> None:
    found = json.loads((MODEL / "encoder.json").read_text())
    assert all((MODEL / name).stat().st_size == file["bytes"] for name, file in found["files"].items())
