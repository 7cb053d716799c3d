"""A social map of any size in an empty database, quickly: the templates over the neighbourhoods, with their index."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from django.utils import timezone
from numpy.random import Generator

from benchmarks.web.columns import copy, written
from schakel_web.accounts.models import User
from schakel_web.arrangements import actions
from schakel_web.network.models import Area, Team
from schakel_web.signals.models import Kind, Signal, State
from schakel_web.socialmap.models import Facet, Provision, Session
from schakel_web.socialmap.tasks import facets, from_template, template_choices

PROVISIONS = 100_000  # on the map, however many signals there are
CAPACITY = 12
PLANS = 20  # help requests of every team that an arrangement is made for
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA")


def load(number: int, rng: Generator) -> None:
    """Put `number` provisions on the map, each with a name, a place, a time to meet, and a day it was confirmed."""
    every = [made for key, _name in template_choices() if (made := from_template(key)) is not None]
    areas = list(Area.objects.neighbourhoods().order_by("code"))
    today = timezone.localdate()
    chosen = pl.DataFrame(
        {
            "id": np.arange(1, number + 1),
            "kind_of": rng.integers(0, len(every), number),
            "place": rng.integers(0, len(areas), number),
            "day": rng.integers(0, len(_DAYS), number),
            "away_x": rng.normal(0, 150, number),
            "away_y": rng.normal(0, 150, number),
            "free": rng.integers(0, CAPACITY + 1, number),
            "ago": rng.integers(1, 150, number),
        }
    )
    where = pl.DataFrame(
        {
            "place": range(len(areas)),
            "area_id": [area.pk for area in areas],
            "area_name": [area.name for area in areas],
            "middle_x": [area.x or 0.0 for area in areas],
            "middle_y": [area.y or 0.0 for area in areas],
        }
    )
    rows = chosen.join(where, on="place").join(_templates(every), on="kind_of")
    checked = pl.lit(today) - pl.duration(days="ago")
    rows = rows.with_columns(
        identifier=pl.format("laadtest-{}", "id"),
        name=pl.format("{} {} {}", "name", "area_name", "id"),
        x=pl.col("middle_x") + pl.col("away_x"),
        y=pl.col("middle_y") + pl.col("away_y"),
        capacity=pl.lit(CAPACITY),
        checked=checked,
        due=checked + pl.duration(days="check_days"),
        created=timezone.now(),
        changed=timezone.now(),
    )
    copy(Provision, rows.select(_columns()))
    first = today - timedelta(weeks=20)
    times = [Session(first=first, rule=f"FREQ=WEEKLY;BYDAY={day}", start=14 * 60) for day in _DAYS]
    rule = pl.col("day").replace_strict(dict(enumerate(time.rule for time in times)))
    copy(Session, chosen.select(provision_id="id", first=pl.lit(first), rule=rule, start=pl.lit(14 * 60)))
    found = chosen.join(_index(every, times), on=["kind_of", "day"])
    copy(Facet, found.select("kind", "value", provision_id="id"))
    _plans()


def _columns() -> list[str]:
    return [str(field.column) for field in Provision._meta.concrete_fields]


def _templates(every: list[Provision]) -> pl.DataFrame:
    """What the templates say, as the database holds it; what differs between provisions is left out."""
    kept = [column for column in _columns() if column not in {"id", "area_id", "free"}]
    rows = [
        {"kind_of": n} | {column: written(getattr(offer, column)) for column in kept}
        for n, offer in enumerate(every)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _index(every: list[Provision], times: list[Session]) -> pl.DataFrame:
    """What each template can be found by, at each time: a row for each."""
    rows = [
        (kind_of, day, kind, value[:60])
        for kind_of, offer in enumerate(every)
        for day, time in enumerate(times)
        for kind, value in facets(offer, [time])
    ]
    return pl.DataFrame(rows, schema=["kind_of", "day", "kind", "value"], orient="row")


def _plans() -> None:
    """An arrangement of at most two offers for some of the newest signals of every team."""
    for team in Team.objects.prefetch_related("areas"):
        newest = Signal.objects.filter(area__in=team.areas.all(), state=State.ACCEPTED).order_by(
            "-date", "-pk"
        )
        numbers = list(newest.values_list("pk", flat=True)[:PLANS])
        Signal.objects.filter(pk__in=numbers).update(kind=Kind.REQUEST)
        by = User.objects.filter(memberships__team=team).earliest("pk")
        for request in (
            Signal.objects.filter(pk__in=numbers).select_related("area").prefetch_related("themes")
        ):
            plan = actions.begin(request=request, team=team, by=by)
            themes = [need["theme"] for need in plan.needs]
            near = Provision.objects.filter(area=request.area).having("theme", *themes).order_by("pk")[:2]
            for version, offer in enumerate(near):
                actions.add_offer(arrangement=plan, version=version, provision=offer, by=by)
