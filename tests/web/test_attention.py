"""Whether attention is concentrated in neighbourhoods with low incomes, and what is said about that (R7, R9, R12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import schakel
import schakel_web
from schakel_web.audit.models import Event, Outcome
from schakel_web.network.models import Figure
from schakel_web.questions import tasks
from schakel_web.questions.attention import bar
from schakel_web.questions.concentration import grouped
from schakel_web.questions.models import Publication, QuestionSignal
from schakel_web.questions.publishing import publish
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
PAGE = "/cijfers/aandacht/"
#: What no page may call a neighbourhood or who lives there.
STIGMA = re.compile(r"probleem|achterstand|arme?\b|kwetsba|zwakke?\b|krachtwijk|risico", re.IGNORECASE)


@pytest.fixture
def incomes(city: City) -> City:
    """Two neighbourhoods with lower, two with middle and two with higher incomes; 1,500 people in each."""
    for area, income in zip(city.areas, (20.0, 22.0, 28.0, 30.0, 40.0, 44.0), strict=True):
        Figure.objects.create(
            area=area, year=2024, indicator="income", value=income, status="published", source="CBS"
        )
    return city


def people(city: City, *numbers: int, **fields: Any) -> None:
    """So many people in each neighbourhood, in signals of twenty."""
    for area, number in zip(city.areas, numbers, strict=False):
        for start in range(0, number, 20):
            make.signal(area, people=min(20, number - start), reporter=city["member"], **fields)


def kept() -> dict[str, Any]:
    """What is kept next month, over the months that are over then."""
    Publication.objects.all().delete()
    publish(by=None, on=(timezone.localdate().replace(day=1) + timedelta(days=32)))
    found: dict[str, Any] = Publication.objects.latest("pk").attention
    return found


def test_attention_is_compared_with_where_people_live_by_income_r12(incomes: City) -> None:
    people(incomes, 120, 120, 60, 40, 40, 20)
    found = kept()
    assert found["groups"] == ["lower", "middle", "higher"]
    assert found["live"] == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert found["measures"]["signals"] == {
        "numbers": [240, 100, 60], "total": 400, "shares": [0.6, 0.25, 0.15], "times": [1.8, 0.75, 0.45],
    }  # fmt: skip


def test_patterns_questions_and_offers_are_counted_where_their_people_are_r12(incomes: City) -> None:
    people(incomes, 60, 60, 0, 0, 60, 60)
    make.pattern(incomes.areas[:2])
    make.pattern(incomes.areas[4:], shown=False)
    question = make.question(incomes.teams[0], incomes.areas[:1], incomes["member"])
    for signal in incomes.areas[0].signals.all():
        QuestionSignal.objects.create(question=question, signal=signal)
    for n in range(12):
        make.provision(incomes.areas[5], name=f"Groep {n}")
    found = kept()["measures"]
    assert found["patterns"]["numbers"] == [120, None, None]
    assert found["questions"]["numbers"] == [60, None, None]
    assert found["offers"]["numbers"] == [0, 0, 12]  # the map is public: an offer is no person


def test_what_is_sensitive_waiting_withdrawn_or_old_is_no_attention_r5(incomes: City) -> None:
    people(incomes, 200, 0, 200, 0, 200, 0)
    before = kept()["measures"]["signals"]["total"]
    people(incomes, 200, sensitive=True)
    people(incomes, 200, state="waiting")
    people(incomes, 200, date=timezone.localdate() - timedelta(days=400))
    assert kept()["measures"]["signals"]["total"] == before == 600


def test_the_first_day_and_the_last_day_of_the_year_count(incomes: City) -> None:
    people(incomes, 200, 0, 200, 0, 200, 0)
    assert kept()["measures"]["signals"]["total"] == 600
    made = Publication.objects.latest("pk")
    people(incomes, 100, date=made.since)
    people(incomes, 100, date=made.until)
    people(incomes, 100, date=made.since - timedelta(days=1))
    people(incomes, 100, date=made.until + timedelta(days=1))
    made.delete()
    assert kept()["measures"]["signals"]["total"] == 800


def test_small_numbers_are_hidden_and_the_rest_rounded_r7(incomes: City) -> None:
    people(incomes, 100, 100, 9, 0, 58, 0)
    found = kept()["measures"]["signals"]
    assert found["numbers"][1] is None
    assert all(n is None or (n >= 10 and n % 5 == 0) for n in [*found["numbers"], found["total"]])
    hidden = [n is None for n in found["numbers"]]
    assert sum(hidden) > 1 or found["total"] is None, "one hidden number follows from the total"
    assert all(share is None for share, gone in zip(found["shares"], hidden, strict=True) if gone)


def test_fewer_than_a_hundred_are_not_compared_r7(incomes: City) -> None:
    people(incomes, 30, 30, 10, 10, 10, 0)
    found = kept()["measures"]["signals"]
    assert found["shares"] == found["times"] == [None, None, None]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=4), st.data())
def test_no_number_of_any_table_is_small_and_no_share_is_of_few_r7(
    numbers: list[int], data: st.DataObject
) -> None:
    live = data.draw(st.lists(st.integers(0, 5000), min_size=len(numbers), max_size=len(numbers)))
    found = tasks.concentration({"signals": numbers}, live)["measures"]["signals"]
    assert all(n is None or (n >= 10 and n % 5 == 0) for n in [*found["numbers"], found["total"]])
    if sum(numbers) < 90:
        assert found["shares"] == [None] * len(numbers)
    for lives, times in zip(live, found["times"], strict=True):
        assert times is None or lives >= 100


@given(st.lists(st.tuples(st.floats(1, 5000), st.none() | st.floats(10, 90)), min_size=1, max_size=40))
def test_groups_follow_income_and_leave_out_nobody(areas: list[tuple[float, float | None]]) -> None:
    inhabitants = {i: people for i, (people, _) in enumerate(areas)}
    income = {i: value for i, (_, value) in enumerate(areas) if value is not None}
    found = grouped(inhabitants, income)
    assert set(found) == set(inhabitants)
    order = ("lower", "middle", "higher")
    ranks = [order.index(found[i]) for i in sorted(income, key=lambda i: income[i])]
    assert ranks == sorted(ranks)
    assert all(found[i] == "unknown" for i in inhabitants if i not in income)
    same: dict[float, set[str]] = {}
    for i, value in income.items():
        same.setdefault(value, set()).add(found[i])
    assert all(len(groups) == 1 for groups in same.values())


def test_the_page_says_in_words_what_it_does_and_does_not_mean_r12(incomes: City, as_: As) -> None:
    people(incomes, 120, 120, 60, 40, 40, 20)
    kept()
    page = as_("policy").get(PAGE).content.decode()
    assert "Signalen: naar buurten met een lager inkomen gaat 1,8 keer zo veel als naar verhouding." in page
    assert "Aanbod op de sociale kaart: te weinig om te vergelijken." in page
    for said in (
        "niet over de mensen in een buurt",
        "Minder aandacht betekent niet",
        "niets over een bewoner",
    ):
        assert said in page
    content = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    assert not STIGMA.search(content), STIGMA.search(content)
    assert not any(area.name in page for area in incomes.areas), "no neighbourhood is pointed at"


def test_the_chart_says_the_same_as_the_table_and_nothing_where_a_number_is_hidden_r7(
    incomes: City, as_: As
) -> None:
    people(incomes, 100, 100, 9, 0, 58, 0)
    kept()
    page = as_("coordinator").get(PAGE)
    assert len(page.context["bars"][0][1]) == 3
    assert "Niet apart te tonen" in page.content.decode()


@pytest.mark.parametrize(
    ("shares", "widths"),
    [
        ([0.25, 0.75], [150, 450]), ([0.5, None, None], [300, 300]), ([None, None], []),
        ([0.3, 0.3, 0.4], [180, 180, 240]), ([None, 0.25, 0.25], [150, 150, 300]),
    ],
)  # fmt: skip
def test_a_bar_puts_what_is_hidden_together_r7(shares: list[float | None], widths: list[int]) -> None:
    assert [part.width for part in bar(shares)] == widths
    assert [part.x for part in bar(shares)] == [sum(widths[:i]) for i in range(len(widths))]


def test_without_figures_or_incomes_the_page_says_what_is_needed(city: City, as_: As) -> None:
    client = as_("policy")
    assert "Zij worden één keer per maand gemaakt" in client.get(PAGE).content.decode()
    publish(by=None)
    assert "kerncijfers van het CBS inlezen" in client.get(PAGE).content.decode()


def test_incomes_that_are_read_in_later_are_used_the_next_night(incomes: City) -> None:
    hidden = Figure.objects.filter(indicator="income")
    hidden.update(indicator="later")
    assert kept() == {}
    Figure.objects.filter(indicator="later").update(indicator="income")
    publish(by=None)
    assert Publication.objects.get().attention["groups"] == ["lower", "middle", "higher"]


def test_an_area_without_an_income_is_a_group_of_its_own(incomes: City) -> None:
    Figure.objects.filter(area=incomes.areas[5], indicator="income").update(value=None, status="missing")
    people(incomes, 40, 40, 40, 40, 40, 40)
    found = kept()
    assert (found["groups"][-1], found["areas"][-1]) == ("unknown", 1)


def test_only_policy_and_coordination_look_and_looking_is_logged(incomes: City, as_: As) -> None:
    for person in ("member", "owner", "researcher", "partner", "administrator", "nobody"):
        assert as_(person).get(PAGE).status_code == 403, person
    for person in ("policy", "coordinator"):
        assert as_(person).get(PAGE).status_code == 200, person
    assert Event.objects.filter(action="questions.read_attention", outcome=Outcome.READ).count() == 2


def test_income_is_used_for_this_and_nothing_else_r9() -> None:
    """Where the name of the figure stands: where it is read in, where it is grouped, and where the demo makes it up."""
    folders = [Path(str(package.__file__)).parent for package in (schakel, schakel_web)]
    using = {
        path.relative_to(folder.parent).as_posix()
        for folder in folders
        for path in folder.rglob("*.py")
        if re.search(r"""["']income["']""", path.read_text(encoding="utf-8"))
    }
    assert using == {
        "schakel_web/network/tasks.py", "schakel_web/questions/concentration.py", "schakel_web/questions/meetings.py",
        "schakel_web/demo/municipality.py",
    }  # fmt: skip


def test_the_income_of_a_neighbourhood_is_on_no_page_about_that_neighbourhood_r9(
    incomes: City, as_: As
) -> None:
    page = as_("coordinator").get(f"/wijk/{incomes.areas[0].pk}/").content.decode()
    assert "Inwoners" in page
    assert "inkomen" not in page
