"""What templates about provisions may use."""

from __future__ import annotations

from django import template

from schakel_web.socialmap import charts, schedule
from schakel_web.socialmap.models import Session

register = template.Library()


@register.filter
def in_words(session: Session) -> str:
    """A fixed time in words."""
    return schedule.in_words(session)


@register.filter
def across(value: float) -> float:
    """A place in the quadrant chart, left to right."""
    return charts.across(value)


@register.filter
def upward(value: float) -> float:
    """A place in the quadrant chart, from below."""
    return charts.upward(value)


@register.filter
def wide(value: float) -> float:
    """A spread in the units of the chart."""
    return round(value * (charts.SIDE - 2 * charts.EDGE), 1)


@register.filter
def kilometres(square: float) -> str:
    """A squared distance in metres, as kilometres."""
    return f"{square**0.5 / 1000:.1f} km".replace(".", ",")
