"""Keeping a division and its figures: each in one transaction, safe to repeat."""

from __future__ import annotations

from django.db import transaction

from schakel.records import Areas
from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.network.models import Area, AreaKind, Border, Figure, Team
from schakel_web.network.tasks import FiguresFile, municipalities, outline, same_land

_SOURCE = "CBS, Kerncijfers wijken en buurten"


def keep_division(
    *, areas: Areas, year: int, by: User | None, names: dict[str, str] | None = None
) -> tuple[int, list[str]]:
    """Keep neighbourhoods, and the districts and municipality above them.

    A neighbourhood that is the same land under the same code goes on as it is, with all that was seen in it. Others of
    another year stay, out of use; teams move along where a code stays. `names` names districts and municipalities.
    Returns the number of areas, and the names of those that went out of use.
    """
    names = names or {}
    with transaction.atomic():
        _carry_over(areas, year)
        towns = {
            code: _area(code, year, AreaKind.MUNICIPALITY, names.get(code, code), None)
            for code in municipalities(areas)
        }
        districts: dict[str, Area] = {}
        parents = areas.parents or ("",) * len(areas)
        for code, parent in zip(areas.codes, parents, strict=True):
            key = parent or f"WK{code[2:8]}"
            if key not in districts:
                districts[key] = _area(
                    key, year, AreaKind.DISTRICT, names.get(key, key), towns[f"GM{code[2:6]}"]
                )
        shown = areas.names or areas.codes
        kept = []
        for i, code in enumerate(areas.codes):
            area = _area(
                code, year, AreaKind.NEIGHBOURHOOD, shown[i], districts[parents[i] or f"WK{code[2:8]}"]
            )
            area.x, area.y = (round(float(v), 1) for v in areas.coordinates[i])
            kept.append(area)
        Area.objects.bulk_update(kept, ["x", "y"], batch_size=500)
        _borders(areas, kept)
        _neighbours(areas, kept)
        gone = _retire(kept, year)
        _move_teams(kept)
        record(
            action="network.keep_division",
            subject="network.Area",
            by=by,
            role="" if by else "system",
            areas=len(kept),
            year=year,
        )
    return len(kept), gone


def _carry_over(areas: Areas, year: int) -> None:
    """Neighbourhoods in use that did not change get the year of the new division; their number stays what it was."""
    there = set(Area.objects.filter(code__in=areas.codes, year=year).values_list("code", flat=True))
    known = Area.objects.neighbourhoods().filter(code__in=areas.codes).exclude(code__in=there).with_borders()
    old = {area.code: area for area in known}
    same = [
        old[code].pk
        for i, code in enumerate(areas.codes)
        if code in old
        and same_land(
            old[code],
            x=float(areas.coordinates[i][0]),
            y=float(areas.coordinates[i][1]),
            polygon=areas.polygons[i] if areas.polygons else None,
        )
    ]
    Area.objects.filter(pk__in=same).update(year=year)


def _area(code: str, year: int, kind: AreaKind, name: str, parent: Area | None) -> Area:
    return Area.objects.update_or_create(
        code=code, year=year, defaults={"kind": kind, "name": name[:120], "parent": parent, "current": True}
    )[0]


def _borders(areas: Areas, kept: list[Area]) -> None:
    Border.objects.filter(area__in=kept).delete()
    Border.objects.bulk_create(
        (
            Border(area=area, rings=outline(polygon))
            for area, polygon in zip(kept, areas.polygons, strict=False)  # a file has all borders, or none
        ),
        batch_size=500,
    )


def _neighbours(areas: Areas, kept: list[Area]) -> None:
    through = Area.neighbours.through
    through.objects.filter(from_area__in=kept).delete()
    through.objects.filter(to_area__in=kept).delete()
    through.objects.bulk_create(
        (
            through(from_area_id=kept[i].pk, to_area_id=kept[j].pk)
            for i, others in enumerate(areas.neighbours)
            for j in others
        ),
        batch_size=2000,
    )


def _retire(kept: list[Area], year: int) -> list[str]:
    """Areas of other years of the same municipalities are out of use; and what is no longer in this year's file.

    Returns the names of the neighbourhoods that were in use until now.
    """
    gone: list[str] = []
    towns = {area.code[2:6] for area in kept}
    codes = {area.code for area in kept}
    for town in towns:
        same = Area.objects.filter(code__regex=rf"^..{town}")
        ending = same.neighbourhoods().exclude(pk__in=[area.pk for area in kept])
        gone += ending.values_list("name", flat=True)
        same.exclude(year=year).update(current=False)
        same.filter(year=year, kind=AreaKind.NEIGHBOURHOOD).exclude(code__in=codes).update(current=False)
    return gone


def _move_teams(kept: list[Area]) -> None:
    """A team that worked in a neighbourhood works in the one with the same code of the new division."""
    by_code = {area.code: area for area in kept}
    for team in Team.objects.all():
        old = team.areas.filter(current=False, code__in=by_code)
        team.areas.add(*(by_code[area.code] for area in old))
        team.areas.remove(*old)


def keep_figures(
    *, file: FiguresFile, year: int, by: User | None, status: str = "published"
) -> tuple[int, int]:
    """Keep figures of areas that are known, and names of those that had none; returns how many, and how many areas of
    the file are not known."""
    rows = file.rows
    codes = {row.code for row in rows}
    areas = {
        a.code: a for a in Area.objects.filter(code__in=codes).order_by("year")
    }  # the newest division wins
    with transaction.atomic():
        Figure.objects.filter(area__in=areas.values(), year=year).delete()
        figures = [
            Figure(
                area=areas[row.code],
                year=year,
                indicator=row.indicator,
                value=row.value,
                status="missing" if row.value is None else status,
                source=_SOURCE,
            )
            for row in rows
            if row.code in areas
        ]
        Figure.objects.bulk_create(figures, batch_size=2000)
        for area in areas.values():
            if area.name == area.code and area.code in file.names:
                Area.objects.filter(code=area.code, name=area.code).update(name=file.names[area.code][:120])
        record(
            action="network.keep_figures",
            subject="network.Figure",
            by=by,
            role="" if by else "system",
            figures=len(figures),
            year=year,
        )
    return len(figures), len(codes - set(areas))
