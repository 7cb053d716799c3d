"""Themes that nobody named: found when enough people share them, never with a rare word in their name (R1, R6)."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from schakel.records import SchakelError
from schakel.themes import ProposedTheme, default_classifier, discover
from schakel.themes.discover import cluster, stability

BEES = [
    f"{who} {what} {where}."
    for who, what, where in product(
        ("De imker ziet", "Wij zien", "Iedereen ziet"),
        ("een bijenzwerm", "bijenkasten", "dode bijen"),
        ("op het dak", "bij de vijver"),
    )
]
DRONES = [
    f"{who} {what} {where}."
    for who, what, where in product(
        ("Een drone", "Weer die drone", "Zo'n zoemende drone"),
        ("vliegt", "hangt stil", "filmt"),
        ("boven de flat", "achter het raam"),
    )
]


def proposals(
    sentences: list[str], *, people: int = 1, least_people: int = 5, seed: int = 1
) -> tuple[ProposedTheme, ...]:
    return discover(
        sentences,
        people=[people] * len(sentences),
        classifier=default_classifier(),
        seed=seed,
        least_people=least_people,
    )


def test_a_new_subject_is_proposed_with_its_own_words() -> None:
    sentences = BEES + DRONES
    found = proposals(sentences)
    words = {word for theme in found for word in theme.words}
    assert "drone" in words
    drone = next(theme for theme in found if "drone" in theme.words)
    about = [sentences[i] in DRONES for i in drone.signals]
    assert np.mean(about) > 0.8


def test_what_a_known_theme_fits_is_left_to_the_taxonomy() -> None:
    known = [f"Er komt een deurwaarder, ik heb schulden, al {n} maanden." for n in range(2, 30)]
    assert proposals(known) == ()


def test_every_proposal_is_about_five_people_is_stable_and_fits_the_taxonomy() -> None:
    found = proposals(BEES + DRONES)
    assert found
    for theme in found:
        assert theme.people >= 5
        assert 0.5 <= theme.stability <= 1
        proposal = theme.as_dict()
        assert {"id", "nl", "keywords", "people"} <= proposal.keys()
        assert proposal["id"].replace("_", "").isalnum()
    assert len({i for theme in found for i in theme.signals}) == sum(len(theme.signals) for theme in found)


def test_four_people_are_too_few() -> None:
    """R6."""
    assert proposals(DRONES[:4]) == ()


def test_a_word_that_fewer_than_five_people_use_is_in_no_name() -> None:
    """R1: a name that slipped through redaction does not become a theme."""
    found = proposals([*BEES, *DRONES[:14], *(f"{text} Zegt Wilhelmina." for text in DRONES[14:])])
    assert found
    assert not any("wilhelmina" in word for theme in found for word in theme.words)


def test_the_same_seed_gives_the_same_proposals() -> None:
    assert proposals(BEES + DRONES, seed=7) == proposals(BEES + DRONES, seed=7)


def test_nothing_in_gives_nothing_out() -> None:
    assert proposals([]) == ()
    assert proposals([DRONES[0]] * 20) == (), "one text twenty times is no theme"


def test_the_threshold_of_people_cannot_go_below_three() -> None:
    """R6, R22."""
    with pytest.raises(SchakelError, match="expected 3 or more"):
        proposals(DRONES, least_people=2)


def test_counts_and_sentences_must_match() -> None:
    with pytest.raises(SchakelError, match="1 counts of people for 18 sentences"):
        discover(DRONES, people=[1], classifier=default_classifier(), seed=1)


def test_separate_groups_are_found_and_stable_and_noise_is_less_stable() -> None:
    rng = np.random.default_rng(3)
    middles = np.eye(4)[np.repeat(np.arange(4), 25)]
    groups = middles + rng.normal(0, 0.05, middles.shape)
    labels = cluster(groups, np.random.default_rng(1))
    assert all(len(set(labels[25 * k : 25 * k + 25])) == 1 for k in range(4))
    assert stability(groups, labels, np.random.default_rng(1)).min() > 0.9
    noise = rng.normal(size=(100, 20))
    unclear = cluster(noise, np.random.default_rng(1), 4)
    assert stability(noise, unclear, np.random.default_rng(1)).mean() < 0.7
