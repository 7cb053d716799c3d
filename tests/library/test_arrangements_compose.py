"""What a suggested combination keeps to: preferences, wishes, order, and what it never decides (R9–R11, S010, S019)."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.arrangements import (
    Candidate,
    Demand,
    Kind,
    Need,
    NotFor,
    Slot,
    Weights,
    Wish,
    Wishes,
    assess,
    compose,
    explain,
)
from schakel.provisions import LegalType, Payer
from schakel.records import SchakelError
from tests.library.arrangement_cases import candidates, questions

TUESDAY = Slot.at(1, 10 * 60, 120)
Asked = tuple[list[Candidate], list[Need], Wishes, Weights]


def offer(name: str, theme: str = "eenzaamheid", degree: float = 1.0, **more: object) -> Candidate:
    known = Candidate(
        name, name.title(), ((theme, degree),), km=0.0, euros=0.0, group=(6, 12), languages=("nl",)
    )
    return replace(known, **more)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(asked=questions(), data=st.data())
def test_the_order_of_what_is_given_changes_nothing(asked: Asked, data: st.DataObject) -> None:
    offered, needed, wished, weighed = asked
    shuffled = data.draw(st.permutations(offered))
    found = compose(needed, offered, wishes=wished, weights=weighed)
    again = compose(data.draw(st.permutations(needed)), shuffled, wishes=wished, weights=weighed)
    assert again.clash == found.clash
    assert [one.ids for one in again.alternatives] == [one.ids for one in found.alternatives]
    assert (again.best and again.best.ids) == (found.best and found.best.ids)


@settings(max_examples=60, deadline=None)
@given(asked=questions(), extra=candidates(1))
def test_a_candidate_that_is_not_for_this_request_changes_nothing(
    asked: Asked, extra: list[Candidate]
) -> None:
    offered, needed, wished, weighed = asked
    more = [replace(one, id="z", not_for=(NotFor.REACH,)) for one in extra]
    found = compose(needed, offered, wishes=wished, weights=weighed)
    assert compose(needed, [*offered, *more], wishes=wished, weights=weighed) == found


@settings(max_examples=80, deadline=None)
@given(
    asked=questions(), name=st.sampled_from([one.name for one in fields(Weights)]), more=st.floats(0.1, 40)
)
def test_a_heavier_preference_never_gets_less_of_what_it_prefers(
    asked: Asked, name: str, more: float
) -> None:
    offered, needed, wished, weighed = asked
    heavier = replace(weighed, **{name: getattr(weighed, name) + round(more, 1)})
    before, after = (compose(needed, offered, wishes=wished, weights=one).best for one in (weighed, heavier))
    if before is None or after is None:
        assert before is after is None
        return
    only = Weights(**{one.name: 10.0 if one.name == name else 0.0 for one in fields(Weights)})

    def paid(ids: tuple[str, ...]) -> float:
        chosen = [one for one in offered if one.id in ids]
        return -assess(chosen, [], wished, only).score

    assert (
        paid(after.ids) <= paid(before.ids) + 0.011
    )  # a thousandth of a point per component is no preference


def test_a_group_goes_before_individual_support_where_it_serves_s019() -> None:
    group, person = offer("groep", approach=1.0), offer("persoon", approach=0.0)
    best = compose([Need("eenzaamheid")], [person, group]).best
    assert best is not None
    assert best.ids == ("groep",)


def test_individual_support_is_chosen_where_the_group_does_not_serve_s033() -> None:
    group, person = offer("groep", degree=0.5, approach=1.0), offer("persoon", approach=0.0)
    best = compose([Need("eenzaamheid")], [person, group]).best
    assert best is not None
    assert best.ids == ("persoon",)


def test_two_halves_make_a_smart_combination_s010() -> None:
    halves = [offer("eettafel", degree=0.5, approach=1.0), offer("maatje", degree=0.5, approach=0.2)]
    best = compose([Need("eenzaamheid", must=True)], halves).best
    assert best is not None
    assert best.ids == ("eettafel", "maatje")


def test_the_own_network_brings_no_new_face() -> None:
    sister = offer("zus", kind=Kind.NETWORK)
    best = compose([Need("eenzaamheid")], [sister], wishes=Wishes(max_faces=0)).best
    assert best is not None
    assert best.assessment.totals.faces == 0


def test_two_things_at_the_same_time_do_not_go_together() -> None:
    both = [offer("a", "eenzaamheid", times=(TUESDAY,)), offer("b", "rondkomen", times=(TUESDAY,))]
    best = compose([Need("eenzaamheid"), Need("rondkomen", weight=2)], both).best
    assert best is not None
    assert best.ids == ("b",)


def test_a_walk_in_gives_way_to_a_fixed_time() -> None:
    open_ = offer("inloop", "rondkomen", times=(TUESDAY, Slot.at(2, 600, 60)), pick=True)
    best = compose([Need("eenzaamheid"), Need("rondkomen")], [offer("a", times=(TUESDAY,)), open_]).best
    assert best is not None
    assert best.ids == ("a", "inloop")
    assert best.components[1].times == (Slot.at(2, 600, 60),)


def test_three_walk_ins_with_two_times_do_not_go_together() -> None:
    times = (TUESDAY, Slot.at(2, 600, 60))
    themes = ("eenzaamheid", "rondkomen", "bewegen")
    three = [offer(theme, theme, times=times, pick=True) for theme in themes]
    best = compose([Need(theme) for theme in themes], three).best
    assert best is not None
    assert len(best.components) == 2
    assert assess(three, [], Wishes()).overlaps[0].ids == tuple(sorted(themes))


def test_what_is_not_known_keeps_nothing_out_but_is_asked() -> None:
    unknown = offer("a", wheelchair=None)
    best = compose([Need("eenzaamheid")], [unknown], wishes=Wishes(wheelchair=True)).best
    assert best is not None
    assert best.assessment.check[0].demand == Demand(Wish.WHEELCHAIR)


def test_a_decision_of_the_municipality_is_only_pointed_to_s131() -> None:
    tailored = offer("dagbesteding", decision=True, legal_type=LegalType.TAILORED)
    found = explain(compose([Need("eenzaamheid")], [tailored]), [tailored])
    assert found.best is not None
    assert found.best.assessment.pointers == ("dagbesteding",)
    assert "Hierover beslist de gemeente" in found.best.components[0].why
    assert "pointer to its process" in found.best.components[0].why_en


def test_a_preceding_provision_names_its_payer_s135() -> None:
    nursing = offer("wijkverpleging", legal_type=LegalType.PRECEDING, payers=(Payer.HEALTH,))
    found = explain(compose([Need("eenzaamheid")], [nursing]), [nursing])
    assert found.best is not None
    assert found.best.assessment.preceding == (("wijkverpleging", (Payer.HEALTH,)),)
    assert (
        "Hier gaat een andere wet voor. Wie betaalt: Zorgverzekeraar (Zvw)." in found.best.components[0].why
    )


def test_alternatives_share_at_most_half_with_every_answer_before_them() -> None:
    offered = [offer(f"{theme}{i}", theme) for theme in ("eenzaamheid", "rondkomen") for i in range(3)]
    found = compose([Need("eenzaamheid"), Need("rondkomen")], offered)
    answers = [set(one.ids) for one in (found.best, *found.alternatives) if one is not None]
    assert len(answers) == 3
    assert all(len(one & other) <= 1 for one in answers for other in answers if one is not other)


def test_the_smallest_clash_is_said_in_plain_dutch() -> None:
    far = offer("a", km=3.0)
    found = explain(
        compose([Need("eenzaamheid", must=True)], [far], wishes=Wishes(max_km=2.5, no_referral=True)), [far]
    )
    assert found.best is None
    assert found.clash == (Demand(Wish.COVER, "eenzaamheid"), Demand(Wish.DISTANCE))
    assert found.clash_text == (
        "Dit gaat niet samen: hulp bij ‘Eenzaamheid’ moet erin zitten en niet verder dan 2,5 km. "
        "Kies wat los mag, of wat ruimer mag."
    )


def test_a_need_that_no_candidate_serves_is_named() -> None:
    found = explain(compose([Need("eenzaamheid")], []), [])
    assert found.best is not None
    assert found.uncovered[0].text == "Bij ‘Eenzaamheid’ helpt nog niets. Er is geen aanbod voor."


def test_a_must_that_no_candidate_serves_clashes_by_itself() -> None:
    found = explain(compose([Need("eenzaamheid", must=True)], []), [])
    assert found.clash_text == "Dit kan niet met wat er is: hulp bij ‘Eenzaamheid’ moet erin zitten."


def test_nothing_about_a_person_can_be_said_r9() -> None:
    said = {one.name for record in (Need, Wishes, Candidate, Weights) for one in fields(record)}
    assert not said & {
        "age",
        "gender",
        "nationality",
        "origin",
        "religion",
        "benefit",
        "income",
        "diagnosis",
        "bsn",
    }


@pytest.mark.parametrize(
    ("needed", "offered", "more", "expected"),
    [
        ([Need("a"), Need("a")], [], {}, "every theme once"),
        ([Need("a", weight=-1)], [], {}, "a weight from 0 to 100"),
        ([Need("a")], [offer("b"), offer("b")], {}, "every identifier once"),
        ([Need("a")], [offer("b", degree=1.5)], {}, "a number from 0 to 1"),
        ([Need("a")], [offer("b", euros=-1.0)], {}, "zero or more"),
        ([Need("a")], [offer("b", km=float("nan"))], {}, "zero or more"),
        ([Need("a")], [offer("b", times=(Slot(10, 5),))], {}, "ends later"),
        ([Need("a")], [], {"wishes": Wishes(keep=("c",))}, "is no candidate"),
        ([Need("a")], [], {"wishes": Wishes(max_km=-1)}, "wish 'max_km': -1"),
        ([Need("a")], [], {"wishes": Wishes(budget=1e308)}, "wish 'budget': 1e\\+308"),
        ([Need("a")], [offer("b", hours=(0.0, 1e308))], {}, "zero or more"),
        ([Need("a")], [], {"weights": Weights(near=float("inf"))}, "weight 'near': inf"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    needed: list[Need], offered: list[Candidate], more: dict[str, object], expected: str
) -> None:
    with pytest.raises(SchakelError, match=expected):
        compose(needed, offered, **more)  # type: ignore[arg-type]


def test_contradicting_wishes_are_a_clash_and_no_error() -> None:
    found = compose([], [offer("a")], wishes=Wishes(keep=("a",), without=("a",)))
    assert found.clash == (Demand(Wish.KEEP, "a"), Demand(Wish.WITHOUT, "a"))


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    compose([Need("eenzaamheid", 1.0)], [offer("eten"), offer("wandelen")])
    assert capfd.readouterr() == ("", "")


def test_a_wider_budget_is_named_also_where_dropping_it_would_forgive_what_is_not_known() -> None:
    unknown, priced = offer("a", euros=None), offer("b", euros=25.0, approach=1.0)
    offers, wishes = [unknown, priced], Wishes(budget=0.0)
    weights = Weights(collective=3.0, unknown=5.0, affordable=0.0)
    found = explain(compose([Need("eenzaamheid")], offers, wishes=wishes, weights=weights), offers)
    assert found.best is not None
    assert found.best.ids == ("a",)
    named = [c for c in found.changes if isinstance(c.what, Demand) and c.what.wish is Wish.BUDGET]
    wider = compose([Need("eenzaamheid")], offers, wishes=Wishes(budget=25.0), weights=weights).best
    assert wider is not None
    assert [c.at for c in named] == ([25.0] if wider.ids == ("b",) else [])
    assert wider.ids == ("b",)
