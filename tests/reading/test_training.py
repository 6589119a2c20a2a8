"""What the encoder was trained on and measured by is kept apart, and the file that ships is the one that its card describes."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from tokenizers import Tokenizer

from bot.reading.encoder import MODEL, Encoder
from bot.reading.training import examples as recipe
from bot.reading.training import fit_pieces
from bot.reading.training.corpus import motions
from bot.reading.training.examples import HEADS, MOVES, examples, is_held_out
from content.deck import Move

ARGUMENTS = [
    {"id": "a1", "topic": "Cats should vote", "stance": 1, "text": "They are wise."},
    {"id": "a2", "topic": "Cats should vote", "stance": -1, "text": "They cannot read."},
]
POINTS = [{"id": "k1", "topic": "Cats should vote", "stance": 1, "text": "Cats are clever"}]
LABELS = [{"arg_id": "a1", "kp_id": "k1", "label": 1}, {"arg_id": "a2", "kp_id": "k1", "label": 0}]
GRADED = [
    {"topic": "Cats should vote", "text": "They are wise.", "stance": 1, "wa": 0.8},
    {"topic": "Dogs should vote", "text": "  THEY are wise. ", "stance": 1, "wa": 0.8},
    {"topic": "Dogs should vote", "text": "They bark at lies.", "stance": -1, "wa": 0.4},
    {"topic": "Dogs should vote", "text": "No side.", "stance": 0, "wa": 0.4},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of public data as small as can be."""
    files: dict[str, list[dict[str, Any]]] = {
        "a_argkp2021_arguments": ARGUMENTS,
        "a_argkp2021_key_points": POINTS,
        "a_argkp2021_labels": LABELS,
        "bd_argq30k": GRADED,
        "b_ibm_claim_stance": [{"topic": "Fish vote", "text": "They drown.", "stance": "CON"}],
        "b_explagraphs": [{"belief": "Birds vote", "argument": "They fly.", "stance": "support"}],
        "ab_perspectrum": [{"claim": "Ants vote", "text": "They are many.", "stance3": "SUPPORT"}],
    }
    for name, rows in files.items():
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.write("\n".join(map(json.dumps, rows)))
    return tmp_path


def both(data: Path | None) -> tuple[recipe.Examples, recipe.Examples]:
    return examples(data, held_out=False), examples(data, held_out=True)


def test_no_text_of_a_held_out_motion_or_of_the_tests_is_trained_on() -> None:
    train, apart = both(None)
    known = {recipe._same(said.text) for topic in train.corpus for said in topic.said}
    known |= {recipe._same(reply.text) for reply in train.replies}
    assert not known & recipe.test_texts()
    assert not known & {recipe._same(said.text) for topic in apart.corpus for said in topic.said}
    assert not {topic.motion for topic in train.corpus} & {topic.motion for topic in apart.corpus}
    assert len(apart.corpus) >= 12
    assert len(train.corpus) + len(apart.corpus) >= 60


def test_a_motion_is_held_out_in_every_set_whatever_its_stops_and_capitals() -> None:
    for motion in ("Cats should vote", "Dogs should vote", "Boxing should be banned"):
        assert is_held_out(motion) is is_held_out(f" {motion.upper()}. ")


def test_public_data_become_topics_and_stances(data: Path) -> None:
    train, apart = both(data)
    (topic,) = (*train.key_points, *apart.key_points)
    assert topic.cards == ("Cats are clever",)
    assert [(said.cards, said.is_for, said.quality) for said in topic.said] == [
        ((0,), True, 0.8),
        ((), False, None),
    ]
    stances = {t.motion: t.said for t in (*train.stances, *apart.stances)}
    assert {
        motion: [said.is_for for said in found] for motion, found in stances.items() if motion[0] in "FBA"
    } == {
        "Fish vote": [False],
        "Birds vote": [True],
        "Ants vote": [True],
    }
    assert all(said.text != "No side." for found in stances.values() for said in found)


def test_a_text_that_stands_on_a_held_out_motion_too_is_left_out(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "is_held_out", lambda motion: motion.startswith("Cats"))
    train = examples(data, held_out=False)
    dogs = next(topic for topic in train.stances if topic.motion.startswith("Dogs"))
    assert [said.text for said in dogs.said] == ["They bark at lies."]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"a_argkp2021_key_points\.jsonl\.gz is missing"):
        examples(tmp_path, held_out=False)


def test_a_reply_knows_the_points_it_does_not_answer() -> None:
    train, _ = both(None)
    for reply in train.replies[:200]:
        assert reply.points[0] not in reply.others
        assert reply.move in MOVES
        assert reply.others


def test_the_heads_speak_of_the_moves_in_order() -> None:
    assert tuple(map(str, Move)) == MOVES
    encoder = Encoder()
    vectors = encoder.encode(["That is not so."], "Cats sleep all day.")
    assert encoder.moves(vectors).shape == (1, HEADS["move"])
    assert encoder.moves(vectors).sum() == pytest.approx(1, abs=1e-5)
    assert 0 <= encoder.for_p(vectors)[0] <= 1
    assert 0 <= encoder.quality(vectors)[0] <= 1


def test_the_file_is_the_one_that_the_card_describes() -> None:
    card = (MODEL / "MODEL_CARD.md").read_text("utf-8")
    found = json.loads((MODEL / "encoder.json").read_text("utf-8"))
    for name in ("encoder.onnx", "heads.npz"):
        sha = hashlib.sha256((MODEL / name).read_bytes()).hexdigest()
        assert found["files"][name]["sha256"] == sha
        assert sha in card
    assert found["licence"] == "CC-BY-SA-4.0"
    for figure in (found["training"]["recipe"]["steps"], *found["training"]["examples"].values()):
        assert f"{figure:,}" in card


def test_a_counterpoint_knows_its_card_its_side_and_the_messages_it_meets() -> None:
    train, apart = both(None)
    assert len(train.countered) >= 40
    assert apart.countered
    cards = {topic.motion: topic.for_cards for topic in train.corpus}
    for one in train.countered:
        for attacked, is_for in zip(one.attacked, one.is_for, strict=True):
            assert cards[one.motion][attacked] is not is_for, (
                "a counterpoint speaks against the card it is on"
            )
        assert {meets for _, meets in one.said} == set(range(len(one.counters)))


def test_an_encoder_is_given_the_vectors_of_pieces_and_its_own_do_not_change(tmp_path: Path) -> None:
    bare = tmp_path / "model"
    shutil.copytree(MODEL, bare)
    onnx.save(fit_pieces.without_pieces(onnx.load(MODEL / "encoder.onnx")), bare / "encoder.onnx")
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    model = onnx.load(bare / "encoder.onnx")
    assert [output.name for output in model.graph.output] == ["sentence"]

    said = [("Talks will fail.", "Trump should talk"), ("They always have.", "Trump should talk")]
    found = fit_pieces.states(model, tokenizer, said)
    mean, directions = fit_pieces.axes(found, 5)
    assert found.shape == (10, 384)  # four words or marks of each, and the mark at its end
    assert directions.T @ directions == pytest.approx(np.eye(5), abs=1e-5)

    made = fit_pieces.with_pieces(model, mean, directions)
    again = fit_pieces.with_pieces(made, mean, directions)
    assert made.SerializeToString(deterministic=True) == again.SerializeToString(deterministic=True)
    sessions = [ort.InferenceSession(each.SerializeToString()) for each in (model, made)]
    read = tokenizer.encode("Trump should talk", "Talks will fail.")
    feed = {"input_ids": [read.ids], "attention_mask": [[1] * len(read.ids)], "text_mask": [read.type_ids]}
    before, after = (session.run(["sentence"], feed)[0] for session in sessions)
    assert np.array_equal(before, after)
    along = (found[:5] - mean) @ directions
    pieces = sessions[1].run(["pieces"], feed)[0][0][-5:]
    assert pieces == pytest.approx(along / np.linalg.norm(along, axis=1, keepdims=True), abs=1e-4)


def test_the_axes_are_those_of_motions_that_may_be_trained_on() -> None:
    description = Encoder().description
    assert description["outputs"] == ["sentence", fit_pieces.OUTPUT]
    assert description["piece_dims"] == fit_pieces.AXES
    learned = [motion for motion in motions() if not is_held_out(motion.head["motion"])]
    assert not any(is_held_out(motion) for _, motion in fit_pieces.texts(learned))
