"""What is called by a name here and is nobody's name, for whoever looks for personal data (R4)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache

from schakel_web.network.models import Area

_KEPT = 60.0  # seconds after which a process hears of another division
_OTHERS: list[Callable[[str], frozenset[str]]] = []


def also(names_in: Callable[[str], frozenset[str]]) -> None:
    """Other rooms have names too: `names_in` gives those that a text holds."""
    _OTHERS.append(names_in)


def names_in(text: str) -> frozenset[str]:
    """Names of areas, and of whatever other rooms know that the text names."""
    return area_names().union(*(each(text) for each in _OTHERS))


def area_names() -> frozenset[str]:
    """Names of municipality, districts and neighbourhoods; kept for a minute in each process."""
    return _in_use(int(time.monotonic() // _KEPT))


@lru_cache(maxsize=1)
def _in_use(_moment: int) -> frozenset[str]:
    return frozenset(Area.objects.filter(current=True).values_list("name", flat=True))
