"""What templates may use everywhere."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest, QueryDict

register = template.Library()


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: object) -> str:
    """The query string of this page with some values changed; None leaves one out."""
    request: HttpRequest = context["request"]
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in {None, ""}:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key, or nothing."""
    return mapping.get(key, "")
