"""A whole made-up municipality: areas with shapes, people, signals and the truth about what was planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from schakel.records import Areas, Floats, SchakelError

from .content import Rate, rates
from .districts import Labels, label
from .grammar import tell
from .people import composition_table, exposure, inhabitants, people, population_table
from .plan import Plan, Planted
from .points import ground
from .polygons import Shapes, shapes
from .signals import Setting, frame, mention


@dataclass(frozen=True, slots=True, eq=False)
class Municipality:
    """What a plan makes up.

    ``areas``: `Areas` with names, parents (districts), polygons and neighbours, in metres; ``districts``: the
    name of each district by code. ``population``: `POPULATION_COLUMNS`; ``composition``: number per area,
    dimension (age, household) and group. ``signals``: `SIGNAL_COLUMNS`, the texts not yet redacted.
    ``personal``: what should be redacted from them (signal, kind, value). ``truth``: what was planted.
    """

    plan: Plan
    areas: Areas
    districts: dict[str, str]
    population: pl.DataFrame
    composition: pl.DataFrame
    signals: pl.DataFrame
    personal: pl.DataFrame
    truth: tuple[Planted, ...]


def municipality(plan: Plan) -> Municipality:
    """Make up one municipality; the same plan gives the same one.

    Raises `SchakelError` for a theme that the taxonomy does not have, or more areas than fit in districts.
    """
    land = ground(plan)
    cut = shapes(plan.stream("borders"), land)
    labels = label(plan.stream("labels"), plan, points=land.points, neighbours=cut.neighbours)
    population, diligence = (values[labels.order] for values in inhabitants(plan))
    areas = _areas(cut, labels, population)
    return inhabit(plan, areas, diligence=diligence, districts=labels.district_names)


def inhabit(plan: Plan, areas: Areas, *, diligence: Floats, districts: dict[str, str]) -> Municipality:
    """Let people live and signals arise in given areas; nothing is heard where the population is unknown.

    ``diligence`` (areas,) says how much of what happens is reported.
    """
    themes = chosen_themes(plan)
    make_up = plan.stream("make-up")
    who = people(make_up, np.nan_to_num(areas.population))
    setting = _setting(areas, themes, exposure(who, themes) * diligence)
    said, truth = mention(plan, setting)
    signals, personal = _with_text(plan, areas, frame(plan, setting, said))
    return Municipality(
        plan=plan,
        areas=areas,
        districts=districts,
        population=population_table(make_up, plan, codes=areas.codes, population=areas.population),
        composition=composition_table(areas.codes, who),
        signals=signals,
        personal=personal,
        truth=truth,
    )


def chosen_themes(plan: Plan) -> tuple[Rate, ...]:
    """The rates of the plan's themes, or of all; raises `SchakelError` for an unknown one."""
    known = {rate.theme: rate for rate in rates()}
    unknown = [theme for theme in plan.themes if theme not in known]
    if unknown:
        raise SchakelError(f"plan, themes: {unknown[0]!r}; expected a theme of the taxonomy")
    return tuple(known[theme] for theme in plan.themes or known)


def _areas(cut: Shapes, labels: Labels, population: Floats) -> Areas:
    """The areas in the order of their codes."""
    place = np.argsort(labels.order).tolist()
    polygons = tuple(cut.polygons[index] for index in labels.order)
    return Areas(
        codes=labels.codes,
        coordinates=np.array([[shape.centroid.x, shape.centroid.y] for shape in polygons]).round(1),
        metric="plane",
        population=population,
        names=labels.names,
        parents=labels.parents,
        polygons=polygons,
        neighbours=tuple(tuple(sorted(place[j] for j in cut.neighbours[i])) for i in labels.order),
    )


def _setting(areas: Areas, themes: tuple[Rate, ...], weights: Floats) -> Setting:
    districts = np.unique(areas.parents, return_inverse=True)[1].astype(np.int64)
    shares = weights / max(float(weights.sum()), np.finfo(float).tiny)
    return Setting(areas.codes, areas.coordinates, areas.neighbours, districts, themes, shares)


def _with_text(plan: Plan, areas: Areas, signals: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The signals with a sentence each, the same on both rows of a signal with two themes."""
    schema = {"signal": pl.Int64(), "kind": pl.String(), "value": pl.String()}
    if not plan.text or signals.is_empty():
        return signals, pl.DataFrame(schema=schema)
    names = pl.DataFrame({"area": areas.codes, "name": areas.names})
    records = signals.group_by("signal", maintain_order=True).agg(
        pl.col("theme"), pl.col("area", "source", "people").first()
    )
    records = records.join(names, on="area", how="left", maintain_order="left")
    told = tell(
        plan.stream("text"),
        themes=records["theme"].to_list(),
        sources=records["source"].to_list(),
        places=records["name"].to_list(),
        personal=plan.personal_data,
    )
    texts = pl.Series("text", [text.text for text in told])
    found = [
        (number, kind, value)
        for number, text in zip(records["signal"], told, strict=True)
        for kind, value in text.personal
    ]
    return signals.with_columns(texts.gather(signals["signal"])), pl.DataFrame(found, schema, orient="row")
