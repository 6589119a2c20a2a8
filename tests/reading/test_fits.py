"""Which prepared reply meets what was said."""

from __future__ import annotations

import numpy as np
import pytest

from bot.reading.fits import Shared, Texts, rarity, texts
from bot.reading.learned import Model
from bot.reading.reader import LocalReader
from bot.reading.words import content
from bot.readings import BotPoint, Situation
from content.deck import Counterpoint, Deck, Rejoinder


@pytest.fixture(scope="module")
def model(reader: LocalReader, putin: Deck) -> Model:
    return reader.model(putin)


def answered(deck: Deck) -> list[tuple[Counterpoint, int]]:
    """Some counterpoints, each with the place of its first rejoinder."""
    said = {c.say: c for c in deck.counterpoints}
    return [(said[word], at) for at, word in deck.follows.items() if word in said][::300]


def test_an_answer_to_a_counterpoint_is_met_by_its_rejoinder(model: Model, putin: Deck) -> None:
    for before, at in answered(putin):
        rejoinder = putin.attacks[at]
        found = model.fits(
            model.profile(rejoinder.meets[0]), rejoinder.meets[0], {before.on: 0.5}, [before.say]
        )
        assert max(found, key=lambda place: found[place]) == at
        alone = model.fits(model.profile(rejoinder.meets[0]), rejoinder.meets[0], {before.on: 0.5})
        assert alone[at] < found[at]


def test_an_answer_to_a_card_is_met_by_its_rejoinder(model: Model, putin: Deck) -> None:
    card, at = next((word, at) for at, word in putin.follows.items() if word in putin.by_id)
    side = "a" if card[0] == "f" else "f"
    met = putin.attacks[at].meets[1]
    found = model.fits(model.profile(met), met, {f"{side}01": 0.5}, [card])
    assert max(found, key=lambda place: found[place]) == at


def test_only_replies_to_the_side_that_speaks_are_looked_at(model: Model, putin: Deck) -> None:
    text = "Sanctions have been tried and they failed."
    found = model.fits(model.profile(text), text, {"f01": 0.5, "f02": 0.2})
    assert {putin.attacks[at].by[0] for at in found} == {"a"}
    counterpoints = set(found) - set(putin.follows)
    assert {putin.counterpoints[at].on for at in counterpoints} == {"f01", "f02"}
    assert all(0 < p < 1 for p in found.values())


def test_what_the_bot_has_said_is_not_offered_again(reader: LocalReader, putin: Deck) -> None:
    before, at = answered(putin)[0]
    text = putin.attacks[at].meets[1]
    side = putin.by_id[before.on].side

    def offered(*said: Rejoinder) -> set[int]:
        points = [BotPoint(number=n, card=one.by, said=one.say, latest=True) for n, one in enumerate(said, 1)]
        reading = reader.read(putin, text, Situation(side=side, points=tuple(points)))
        return {fit.counterpoint for unit in reading.units for fit in unit.fits}

    assert at in offered(before)
    assert at not in offered(before, putin.attacks[at])


def test_a_deck_whose_counterpoints_meet_nothing_in_particular(reader: LocalReader, putin: Deck) -> None:
    without = (c.model_copy(update={"meets": (), "rejoinders": ()}) for c in putin.counterpoints)
    cards = (card.model_copy(update={"rejoinders": ()}) for card in putin.cards)
    bare = putin.but(counterpoints=tuple(without), cards=tuple(cards))
    model = reader.model(putin)
    text = "They could have made peace in the first term and did not."
    fits = Model(bare, model.heads, model.tones, model.essay, model.known, model.passing).fits
    for found in (fits(model.profile(text), text, {"f01": 0.9}), fits.on("f01", model.profile(text), text)):
        assert set(found) == set(putin.attacks_on["f01"])
        assert len(set(found.values())) > 1


def test_a_text_that_is_no_reply_of_the_deck_can_be_weighed(model: Model) -> None:
    said = "He met Kim in Singapore and nothing changed, so why would this be different?"
    apt = "A summit that failed with one leader does not show that a summit with another must fail."
    off = "Library opening hours matter to those who study in the evening."
    profile = model.profile(said)
    weighed = [model.fits.of_text(profile, said, model.profile(text), text) for text in (apt, off)]
    assert weighed[0] > weighed[1]


def test_rare_words_that_are_shared_tell_more_than_usual_ones() -> None:
    says = ["Seatbelts save the driver.", "The driver owns a dog.", "The driver sees the road."]
    held = [set(content(say)) for say in says]
    shared = Shared(held, rarity(held), {"road"})
    found = shared("My driver had a seatbelt on that road.")
    assert found[0] > found[1] == found[2] >= 0
    assert shared.between("A seatbelt!", "No seatbelt, no dog.") == pytest.approx(
        rarity(held)[content("seatbelt")[0]]
    )
    assert shared.between("The road.", says[2]) == 0


def test_nearness_to_the_nearest_and_the_next_text() -> None:
    rows = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
    found = Texts(rows, np.array([[0, 2], [1, -1], [-1, -1]])).near(np.array([1, 0], np.float32))
    assert found[0] == pytest.approx([1.0, 0.6])
    assert found[1] == pytest.approx([0.0, 0.0])  # one text counts for both
    assert found[2] == pytest.approx([0.4, 0.33])  # no text: as near as most


def test_texts_without_a_vector_are_left_out(model: Model, putin: Deck) -> None:
    assert len(texts(putin, model.heads, {}).rows) == 0
    assert len(texts(putin, model.heads, model.known).rows) == sum(len(a.meets) for a in putin.attacks)
