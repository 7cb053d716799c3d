"""The other mode of the quadrant chart: not what there is, but where arrangements really point to (S119, S120)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, FloatField
from django.db.models.functions import Cast, Round
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from schakel_web.accounts.roles import Permission
from schakel_web.arrangements.models import Arrangement, Component, Kind
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.socialmap import charts

_YEAR = timedelta(days=365)
_OWN = (Kind.OWN, Kind.NETWORK)


@allowed(Permission.ARRANGEMENT_WORK)
def chart(request: AllowedRequest) -> HttpResponse:
    """Where the parts of the past year lie on the two scales, for the own teams."""
    rows = Component.objects.filter(
        arrangement__in=Arrangement.objects.visible_to(request.access),
        removed=None,
        at__gte=timezone.now() - _YEAR,
    )
    cells = list(
        rows.filter(provision__isnull=False)
        .order_by()
        .annotate(
            a=Cast(Round("provision__approach", 1), FloatField()),
            f=Cast(Round("provision__formality", 1), FloatField()),
        )
        .values_list("a", "f")
        .annotate(n=Count("pk"))
        .order_by("a", "f")
    )
    context = {
        "chart": charts.FRAME | {"dots": charts.grouped(cells), "together": True},
        "mode": "verwezen",
        "quadrants": charts.quadrants(cells),
        "own": rows.filter(kind__in=_OWN).count(),
        "individual": rows.filter(kind=Kind.INDIVIDUAL).count(),
        "total": rows.count(),
    }
    return render(request, "arrangements/referrals.html", context)
