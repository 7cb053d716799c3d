"""Whether a pattern grew, beside a week ago: what a weekly meeting asks, while detection looks every night."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from schakel_web.questions.models import Pattern, Sighting

WEEK = timedelta(days=7)


def lately(since: datetime) -> QuerySet[Sighting]:
    """Sightings of the past weeks without their evidence: detection looks every night."""
    rows = Sighting.objects.filter(run__cutoff__gte=since - WEEK)
    return rows.select_related("run").only("pattern", "observed", "run__cutoff").order_by("run__cutoff", "pk")


def growth(pattern: Pattern, since: datetime) -> str:
    """New, grown, shrunk or the same, beside a week ago: the last time before that it was seen, or the first after."""
    if pattern.created >= since:
        return "new"
    earlier = [s for s in pattern.sightings.all() if s.pk != pattern.latest_id]
    if not earlier or pattern.latest is None:
        return "same"
    before = next((s for s in reversed(earlier) if s.run.cutoff <= since), earlier[0])
    if pattern.latest.observed > before.observed:
        return "grown"
    return "shrunk" if pattern.latest.observed < before.observed else "same"
