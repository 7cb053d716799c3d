"""What templates about arrangements may use."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from schakel_web.socialmap import schedule
from schakel_web.socialmap.models.choices import DAYS, Payer

register = template.Library()


@register.filter
def weekday(number: int) -> str:
    """'dinsdag' for 1."""
    return str(DAYS[number][1])


@register.filter
def clock(minutes: int) -> str:
    """14.00 for 840."""
    return schedule.clock(minutes)


@register.filter
def payer(value: str) -> str:
    """Who pays, in words."""
    return str(Payer(value).label)


@register.filter
def payers(values: Iterable[str]) -> str:
    """The same of several."""
    return ", ".join(str(Payer(value).label) for value in values)
