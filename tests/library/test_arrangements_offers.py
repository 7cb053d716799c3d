"""Provisions of the social map become candidates without anything being guessed (S037, S066, S131)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from schakel.arrangements import Candidate, Home, Need, NotFor, Slot, candidates, compose, explain
from schakel.provisions import (
    Access,
    LegalType,
    Place,
    Position,
    PriceRange,
    Provision,
    Session,
    Status,
)
from schakel.provisions.templates import load_templates

TODAY = date(2026, 11, 26)
HOME = Home("BU03440111", x=136_000.0, y=456_000.0, life_phase="oudere")
WEEKLY = Session(date(2026, 1, 6), "FREQ=WEEKLY;BYDAY=TU", start=10 * 60, minutes=120)
PLAIN = Provision("p", "Wandelgroep", Position(0.9, 0.3), LegalType.GENERAL, themes=("eenzaamheid",))


def made(**more: object) -> Candidate:
    one = replace(PLAIN, **more)  # type: ignore[arg-type]
    return candidates([one], home=HOME, on=TODAY, points={"BU03440112": (139_000.0, 460_000.0)})[0]


def test_distance_is_from_the_neighbourhood_as_the_crow_flies() -> None:
    assert made(place=Place(x=136_000.0, y=459_000.0)).km == 3.0
    assert made(place=Place(area="BU03440112")).km == 5.0
    assert made(place=Place(area="BU03440199")).km is None


def test_what_is_not_known_stays_not_known() -> None:
    one = made()
    assert (one.km, one.euros, one.hours, one.cost, one.free, one.wheelchair) == (None,) * 6


def test_a_resident_pays_as_often_as_it_is_on() -> None:
    assert made(resident_cost=3.0, sessions=(WEEKLY,)).euros == 13.0
    assert made(
        resident_cost=3.0, sessions=(replace(WEEKLY, rule="FREQ=WEEKLY;INTERVAL=2"),)
    ).euros == pytest.approx(6.5, abs=0.7)
    assert made(resident_cost=3.0).euros is None
    assert made(resident_cost=0.0).euros == 0.0


def test_something_once_is_paid_once() -> None:
    assert made(resident_cost=8.0, sessions=(Session(date(2026, 12, 5), start=600),)).euros == 8.0


def test_a_walk_in_is_visited_at_most_once_a_week_at_one_of_its_hours() -> None:
    twice = replace(WEEKLY, rule="FREQ=WEEKLY;BYDAY=TU,FR")
    one = made(access=Access.WALK_IN, resident_cost=3.0, sessions=(twice,))
    assert one.pick
    assert one.euros == pytest.approx(13.0)
    assert one.times == tuple(Slot.at(day, hour * 60, 60) for day in (1, 4) for hour in (10, 11))


def test_a_walk_in_can_be_visited_until_it_closes_and_is_explained_by_when_it_is_open() -> None:
    longer = replace(WEEKLY, minutes=150)
    one = made(access=Access.WALK_IN, sessions=(longer, replace(WEEKLY, rule="FREQ=WEEKLY;BYDAY=FR")))
    assert [(slot.start, slot.end) for slot in one.times if slot.day == 1] == [
        (1440 + start, 1440 + start + 60) for start in (600, 660, 690)
    ]
    best = explain(compose([Need("eenzaamheid")], [one]), [one]).best
    assert best is not None
    assert len(best.components[0].times) == 1
    assert "Binnenlopen kan op dinsdag 10.00–12.30 uur en vrijdag 10.00–12.00 uur." in best.components[0].why
    assert "One can walk in on Tuesday 10:00–12:30 and Friday 10:00–12:00." in best.components[0].why_en


def test_hours_are_shared_by_who_is_there() -> None:
    assert made(hours=4.0, group=(8, 16)).hours == (0.25, 0.5)


def test_an_estimated_price_stays_an_estimate() -> None:
    assert made(price=PriceRange(100.0, 300.0, basis="C")).estimate
    assert not made(price=PriceRange(100.0, 300.0, basis="A")).estimate


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"serves": ("BU03440112",)}, NotFor.AREA),
        ({"reach_km": 2.0, "place": Place(x=136_000.0, y=459_000.0)}, NotFor.REACH),
        ({"life_phases": ("jongere",)}, NotFor.PHASE),
        ({"status": Status.PAUSED}, NotFor.CLOSED),
        ({"sessions": (replace(WEEKLY, until=date(2026, 11, 1)),)}, NotFor.CLOSED),
    ],
)
def test_what_is_not_for_this_request_says_why(more: dict[str, object], reason: NotFor) -> None:
    assert made(**more).not_for == (reason,)


def test_what_serves_the_district_or_the_municipality_serves_the_neighbourhood() -> None:
    assert made(serves=("WK034401",)).not_for == made(serves=("GM0344",)).not_for == ()


def test_every_tailored_provision_needs_a_decision_s131() -> None:
    assert made(legal_type=LegalType.TAILORED).decision


def test_the_templates_compose() -> None:
    provisions = [one.provision for one in load_templates()]
    found = compose(
        [Need("eenzaamheid", must=True), Need("schulden")], candidates(provisions, home=HOME, on=TODAY)
    )
    assert found.best is not None
    assert all(one.enough for one in found.best.assessment.coverage)
    assert len(found.alternatives) == 2


@pytest.mark.parametrize(
    "ended",
    [
        Session(date(2025, 1, 6), "FREQ=WEEKLY;BYDAY=MO;COUNT=6", start=600),
        Session(date(2025, 1, 6), "FREQ=WEEKLY;BYDAY=MO", start=600, until=date(2026, 1, 5)),
        Session(date(2026, 11, 25), start=600),
    ],
)
def test_what_is_over_is_for_nobody_and_takes_no_time_of_the_week(ended: Session) -> None:
    assert NotFor.CLOSED in made(sessions=(ended,)).not_for
    going_on = made(sessions=(ended, WEEKLY))
    assert going_on.not_for == ()
    assert going_on.times == (Slot.at(1, 600, 120),)
