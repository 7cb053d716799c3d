"""A made-up municipality in the database: areas, people with every role, two years of signals, one detection."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from schakel.redaction import redact
from schakel.synthetic import Plan, municipality
from schakel.synthetic.municipality import Municipality
from schakel_web.accounts.models import User
from schakel_web.demo import places, story
from schakel_web.network.divisions import keep_division
from schakel_web.network.models import Area, Figure, Membership, Organisation, Team
from schakel_web.network.names import area_names
from schakel_web.questions import publishing, runs, tasks
from schakel_web.questions.patterns import parameters
from schakel_web.signals import search
from schakel_web.signals.models import Signal, SignalTheme, State
from schakel_web.signals.receipts import hashed, new_code
from schakel_web.signals.tasks import taxonomy

PASSWORD = "schakel-demo-2026"
WEEKS = 104
_SHARE = 2000

#: Who can log in: address before the @, name, role, and the number of a team or the name of an organisation.
PEOPLE: tuple[tuple[str, str, str, int | str | None], ...] = (
    ("teamlid", "Sam Teamlid", "team_member", 0),
    ("teamlid2", "Noor Teamlid", "team_member", 1),
    ("procestrekker", "Ali Procestrekker", "process_owner", 0),
    ("coordinator", "Eva Coördinator", "coordinator", 0),
    ("coordinator2", "Bas Coördinator", "coordinator", 1),
    ("coordinator3", "Mia Coördinator", "coordinator", 2),
    ("beleid", "Kim Beleid", "policy_officer", None),
    ("onderzoek", "Jip Onderzoek", "researcher", None),
    ("partner", "Lou Partner", "partner", "Basisschool De Brug"),
    ("beheer", "Toon Beheer", "administrator", None),
)
_ORGANISATIONS = (
    ("Gemeente Voorbeeldstad", "municipality", "Ruimte voor budget, vergunningen en plekken in de wijk."),
    ("Welzijn Voorbeeldstad", "welfare", "Opbouwwerkers, vrijwilligers en buurthuizen."),
    ("Basisschool De Brug", "education", "Een lokaal in de avond, en contact met ouders."),
    ("Huisartsen Noord", "health", "Welzijn op Recept."),
    ("Wonen Samen", "housing", "Een huiskamer in de flat, en wijkbeheerders."),
    ("Buurtmoestuin De Kas", "residents", "Grond, gereedschap en koffie."),
)


def made_up(*, areas: int = 24, signals: float = 20_000.0, seed: int = 8, text: bool = True) -> Municipality:
    """The municipality, ending yesterday."""
    start = timezone.localdate() - timedelta(weeks=WEEKS)
    return municipality(
        Plan(
            areas=areas, districts=3, signals=signals, weeks=WEEKS, start=start, planted=3, risk_ratio=7.0,
            planted_minimum=25.0, seed=seed, text=text,
        )
    )  # fmt: skip


def load(made: Municipality, *, say: Callable[[str], None] = lambda _text: None) -> dict[str, Any]:
    """Put it in an empty database and look for patterns; returns what was planted and found.

    ``say`` hears in one sentence what is being done.
    """
    names = {**made.districts, f"GM{made.plan.number}": made.plan.name}
    with transaction.atomic():
        keep_division(areas=made.areas, year=timezone.localdate().year, by=None, names=names)
        _figures(made)
        teams = _people()
    _signals(made, teams, say)
    say("Looking for patterns …")
    run = runs.ask(parameters=parameters(), by=None)
    tasks.search.func(run.pk, run.attempt)
    run.refresh_from_db()
    story.tell(teams)
    say("Filling the social map …")
    places.load_map(teams=teams, seed=made.plan.seed)
    publishing.publish(by=None)
    places.work_out()
    return {
        "planted": len(made.truth),
        "patterns": run.sightings.filter(withheld=[]).count(),
        "state": run.state,
    }


def _figures(made: Municipality) -> None:
    """Inhabitants, and an income that has nothing to do with the signals; of one neighbourhood it is not known."""
    areas = dict(Area.objects.neighbourhoods().values_list("code", "pk"))
    incomes = np.random.default_rng(made.plan.seed).normal(30.0, 6.0, len(made.areas.codes)).round(1)
    year = timezone.localdate().year
    known = [
        (code, indicator, float(value))
        for i, code in enumerate(made.areas.codes)
        for indicator, value in (("inwoners", made.areas.population[i]), ("income", incomes[i]))
        if indicator == "inwoners" or i != len(areas) - 1
    ]
    Figure.objects.bulk_create(
        Figure(
            area_id=areas[code], year=year, indicator=indicator, value=value, status="made up", source="verzonnen"
        )
        for code, indicator, value in known
    )  # fmt: skip


def _people() -> list[Team]:
    organisations = {
        name: Organisation.objects.create(name=name, kind=kind, brings=brings)
        for name, kind, brings in _ORGANISATIONS
    }
    for organisation in organisations.values():
        organisation.areas.set(Area.objects.neighbourhoods())
    teams = []
    presets = ("one_team", "area_agenda", "separate_teams")
    districts = Area.objects.filter(kind="WK", current=True).order_by("code")
    for district, preset in zip(districts, presets, strict=True):
        team = Team.objects.create(
            name=f"Wijkteam {district.name}",
            organisation=organisations["Welzijn Voorbeeldstad"],
            preset=preset,
        )
        team.areas.set(district.children.filter(current=True))
        teams.append(team)
    for local, name, role, place in PEOPLE:
        user = User.objects.create_user(f"{local}@voorbeeldstad.nl", PASSWORD, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Membership.objects.create(
            user=user,
            role=role,
            team=teams[place] if isinstance(place, int) else None,
            organisation=organisations[place] if isinstance(place, str) else None,
        )
    return teams


def clean(text: str, *, areas: frozenset[str]) -> str:
    """The text without personal data (R4), in a process of its own."""
    return redact(text, areas=areas).text


def _signals(made: Municipality, teams: list[Team], say: Callable[[str], None]) -> None:
    """All signals, as if they had come in day by day from the members of the teams and others."""
    areas = dict(Area.objects.neighbourhoods().values_list("code", "pk"))
    team_of = {area: team for team in teams for area in team.areas.values_list("pk", flat=True)}
    whole = made.signals.group_by("signal", maintain_order=True).agg(
        pl.col("date", "area", "people", "source", "reporter", "text").first(), pl.col("theme")
    )
    today = timezone.localdate()
    rows = list(whole.filter(pl.col("date") <= today).sort("date").iter_rows(named=True))
    say(f"Reading {len(rows):,} signals without personal data …")
    with ProcessPoolExecutor() as pool:
        texts = list(
            pool.map(partial(clean, areas=area_names()), (row["text"] or "" for row in rows), chunksize=500)
        )
    reporters = _reporters({row["reporter"] for row in rows if row["reporter"]})
    for start in range(0, len(rows), _SHARE):
        part = rows[start : start + _SHARE]
        say(f"Keeping signals {start + 1:,} to {start + len(part):,} of {len(rows):,} …")
        with transaction.atomic():
            _keep(part, texts[start : start + _SHARE], areas, team_of, reporters)
    with transaction.atomic():
        for day in {row["date"] for row in rows}:
            Signal.objects.filter(date=day).update(created=_noon(day), since=_noon(day))


def _reporters(labels: set[str]) -> dict[str, User]:
    """A colleague for each opaque label of the generator; none of them can log in."""
    users = [
        User(email=f"{label.lower()}@collega.invalid", name=f"Collega {label}", is_active=False, password="!")
        for label in sorted(labels)
    ]
    made = User.objects.bulk_create(users)
    return {label: user for label, user in zip(sorted(labels), made, strict=True)}


def _keep(
    rows: list[dict[str, Any]],
    texts: list[str],
    areas: dict[str, int],
    team_of: dict[int, Team],
    reporters: dict[str, User],
) -> None:
    sensitive = taxonomy().sensitive
    made = Signal.objects.bulk_create(
        Signal(
            date=row["date"],
            area_id=areas[row["area"]],
            text=text,
            people=row["people"],
            source=row["source"],
            state=State.ACCEPTED,
            sensitive=bool(sensitive & set(row["theme"])),
            reporter=reporters.get(row["reporter"]),
            team=team_of.get(areas[row["area"]]),
            receipt=hashed(new_code()),
        )
        for row, text in zip(rows, texts, strict=True)
    )
    SignalTheme.objects.bulk_create(
        theme
        for signal, row in zip(made, rows, strict=True)
        for theme in SignalTheme.of(signal, row["theme"])
    )
    search.index(made)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
