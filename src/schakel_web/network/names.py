"""Names of the areas in use, for whoever looks for personal data: a place that is named as a place is nobody's name."""

from __future__ import annotations

import time
from functools import lru_cache

from schakel_web.network.models import Area

_KEPT = 60.0  # seconds after which a process hears of another division


def area_names() -> frozenset[str]:
    """Names of municipality, districts and neighbourhoods; kept for a minute in each process."""
    return _in_use(int(time.monotonic() // _KEPT))


@lru_cache(maxsize=1)
def _in_use(_moment: int) -> frozenset[str]:
    return frozenset(Area.objects.filter(current=True).values_list("name", flat=True))
