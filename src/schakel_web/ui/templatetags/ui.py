"""What templates may use everywhere: two filters, two tags, and the parts that pages are made of.

Parts with a template: ``{{ form }}`` and ``{{ field.as_field_group }}`` (labels, help, errors beside fields, and a
list of errors above), ``ui/faults.html`` (faults of a file), ``ui/forms.Chips`` (a few choices of one tap each).

Parts that are classes of ``ui/static/ui/schakel.css``; their names stay:

* the page: ``narrow`` (a column to read or fill in), ``two`` and ``aside`` (columns that stack on a phone),
  ``crumb`` (where this page belongs, above the h1);
* boxes: ``panel`` (a form or section; ``panel--next`` for the next step), ``cards`` > ``card`` (``card--new``),
  ``rows`` (a list with lines; ``row__about`` under a row, ``row__split`` with a button beside it), ``stats`` (a dl of
  large figures), ``facts`` (a dl), ``steps`` (an ol of states; ``aria-current="step"``), ``history`` (an ol of what
  happened), ``empty`` (nothing to show, and what then);
* words: ``lead``, ``quiet``, ``small``, ``numbers``, ``optional``, ``badge`` (``--good``, ``--warn``, ``--bad``),
  ``notice``, ``utrecht-alert`` (``--info``, ``--ok``, ``--warning``, ``--error``; with ``utrecht-alert__content``),
  ``receipt-code``;
* doing: ``buttons`` around ``button`` (``button--main`` once a page, ``button--bad`` for what cannot be undone,
  ``button--small``), ``filters`` (a form above a list), ``field`` (``field--wide``, ``field--many``), ``chips``;
* tables: ``scroll`` around a wide table (with ``tabindex="0" role="region"`` and a name), or ``stack`` on a table
  whose cells carry ``data-label``, so that it becomes a list on a phone; ``no-print`` and ``visually-hidden``.
"""

from __future__ import annotations

from typing import Any, Protocol
from uuid import uuid4

from django import template
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class Access(Protocol):
    """What a request knows of its user's permissions."""

    def may(self, permission: Any) -> bool:
        """Whether it is allowed anywhere."""


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


@register.simple_tag
def once() -> SafeString:
    """The number of this form, so that it is kept once when it is sent twice (see `network.once`)."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4())


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key, or nothing."""
    return mapping.get(key, "")


@register.filter
def may(access: Access, permission: str) -> bool:
    """Whether this person has a permission: for links to pages that would otherwise refuse."""
    return access.may(permission)
