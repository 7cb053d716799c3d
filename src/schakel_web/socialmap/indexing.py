"""What provisions are found by: kept beside them, and renewed when they, or the days, go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from schakel_web.socialmap.models import Facet, Provision, Session
from schakel_web.socialmap.tasks import ends_of, facets

MOST = 60  # letters of a word
_INSERT = f"INSERT INTO {Facet._meta.db_table} (provision_id, kind, value) VALUES (%s, %s, %s)"


def index(provisions: Iterable[Provision], sessions: Mapping[int, Sequence[Session]] | None = None) -> None:
    """Put provisions in the index anew. Their sessions by number, where they are at hand, else best fetched beforehand.

    Fifty rows for each provision: as plain values, since to make them objects takes most of the time of an import.
    """
    every = list(provisions)
    Facet.objects.filter(provision__in=[p.pk for p in every]).delete()
    rows: list[tuple[int, str, str]] = []
    moved = []
    for p in every:
        times = list(p.sessions.all() if sessions is None else sessions.get(p.pk, ()))
        if (ends := ends_of(times)) != p.ends:
            p.ends = ends
            moved.append(p)
        found = facets(p, times)
        rows += [
            (p.pk, kind, value) for kind, value in sorted({(kind, value[:MOST]) for kind, value in found})
        ]
    Provision.objects.bulk_update(moved, ["ends"], batch_size=1000)
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def renew_days() -> None:
    """Take the days of times that ended yesterday out of the index."""
    yesterday = timezone.localdate() - timedelta(days=1)
    rows = Provision.objects.filter(sessions__until=yesterday).order_by("pk").distinct()
    index(rows.prefetch_related("sessions"))
