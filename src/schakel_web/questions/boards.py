"""The boards that belong to one practice: on the street (S053), connecting (S054), and the pyramid (S055)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.models import Area
from schakel_web.signals.find import seen
from schakel_web.signals.models import Kind, Layer, Route, Signal, Source, State, Weighing
from schakel_web.signals.tasks import label

_MONTH, _HALF_YEAR, _YEAR = timedelta(days=30), timedelta(days=182), timedelta(days=365)
_GROUPS = 30
_EXAMPLES = 5


@allowed(Permission.SIGNAL_READ)
def outreach(request: AllowedRequest) -> HttpResponse:
    """Where the team was on the street lately, and where not: those come first (S053)."""
    mine = request.access.areas(Permission.SIGNAL_READ)
    since = timezone.localdate() - _MONTH
    heard = (
        Signal.objects.visible_to(request.access)
        .filter(source=Source.STREET, state=State.ACCEPTED)
        .order_by()
        .values_list("area")
        .annotate(last=Max("date"), n=Count("pk", filter=Q(date__gte=since)))
    )
    by_area = {area: (last, number) for area, last, number in heard}
    rows = [(area, *by_area.get(area.pk, (None, 0))) for area in Area.objects.filter(pk__in=mine)]
    rows.sort(key=lambda row: (row[1] is not None, row[1] or since, row[0].name))
    return render(request, "questions/outreach.html", {"rows": rows})


@allowed(Permission.SIGNAL_CLARIFY)
def matching(request: AllowedRequest) -> HttpResponse:
    """Questions of residents that are alike, near each other: whom could one ask whether they want to meet? (S054)

    Schakel does not know who they are; whoever spoke with them asks, and nothing is kept about it.
    """
    requests = (
        Signal.objects.visible_to(request.access, Permission.SIGNAL_CLARIFY)
        .filter(kind=Kind.REQUEST, state=State.ACCEPTED, sensitive=False)
        .filter(date__gte=timezone.localdate() - _HALF_YEAR)
    )
    alike = (
        requests.order_by()
        .values_list("area__parent", "area__parent__name", "themes__theme")
        .annotate(n=Count("pk"))
        .filter(n__gte=2, themes__theme__isnull=False)
        .order_by("-n", "themes__theme")[:_GROUPS]
    )
    groups = list(alike)
    members = _members(requests, {(district, theme) for district, _name, theme, _n in groups})
    seen(request, sum(len(some) for some in members.values()))
    context = {
        "groups": [
            {"district": name, "theme": label(theme), "number": n, "some": members.get((district, theme), [])}
            for district, name, theme, n in groups
        ]
    }
    return render(request, "questions/matching.html", context)


def _members(
    requests: Any, wanted: set[tuple[int | None, str]]
) -> dict[tuple[int | None, str], list[Signal]]:
    """The newest requests of each group, with what the resident can bring."""
    rows = (
        requests.filter(themes__theme__in={theme for _district, theme in wanted})
        .select_related("area", "clarification")
        .prefetch_related("themes")
        .distinct()
        .order_by("-date", "-pk")[: _GROUPS * _EXAMPLES * 4]
    )
    found: dict[tuple[int | None, str], list[Signal]] = {}
    for signal in rows:
        for each in signal.themes.all():
            group = found.setdefault((signal.area.parent_id, each.theme), [])
            if len(group) < _EXAMPLES:
                group.append(signal)
    return {key: group for key, group in found.items() if key in wanted}


@allowed(Permission.SIGNAL_CLARIFY)
def pyramid(request: AllowedRequest) -> HttpResponse:
    """From which layer the answers of the past year came, and by which route; never a target (S007, S014, S055)."""
    requests = Signal.objects.visible_to(request.access, Permission.SIGNAL_CLARIFY).filter(
        kind=Kind.REQUEST, date__gte=timezone.localdate() - _YEAR
    )
    last = Weighing.objects.filter(signal=OuterRef("signal")).order_by("-at", "-pk").values("pk")[:1]
    now = Weighing.objects.filter(signal__in=requests.values("pk"), pk=Subquery(last))
    layers = dict(now.order_by().values_list("layer").annotate(n=Count("pk")))
    routes = dict(now.order_by().values_list("route").annotate(n=Count("pk")))
    context = {
        "layers": [(layer.label, layers.get(layer.value, 0)) for layer in reversed(Layer)],
        "unknown": layers.get("", 0),
        "routes": [(route.label, routes.get(route.value, 0)) for route in Route],
        "most": max(layers.values(), default=0),
    }
    return render(request, "questions/pyramid.html", context)
