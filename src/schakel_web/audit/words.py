"""What the codes in the log mean, in words. Every room says what it does itself, as `logged` of its AppConfig."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db.models import Exists
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schakel_web.accounts.roles import DESCRIBED, Permission
from schakel_web.audit.chain import CHAIN, REVIEW
from schakel_web.audit.models import Event, Head

_NO_MODEL: dict[str, str | Promise] = {
    "page": gettext_lazy("bladzijde"),
    CHAIN: gettext_lazy("het logboek als geheel"),
    REVIEW: gettext_lazy("een maand van het logboek"),
}
Choices = list[tuple[str, str]]


def action(code: str) -> str:
    """What somebody did; of a refusal, which page that person asked for. Lines outlive what Schakel can do."""
    return (
        str(_logged().get(code, "")) or _page(code) or _("iets dat Schakel niet meer kent: %(code)s") % {"code": code}
    )  # fmt: skip


def kind(record: str) -> str:
    """What sort of record a line is about."""
    if record in _NO_MODEL:
        return str(_NO_MODEL[record])
    try:
        model = apps.get_model(record)
    except (LookupError, ValueError):
        return _("iets dat Schakel niet meer kent: %(code)s") % {"code": record}
    return str(getattr(model, "called", model._meta.verbose_name))


def actions() -> list[tuple[str, Choices]]:
    """Everything that can be in the log, for a list to choose from: per room, by the alphabet."""
    return [
        (str(room.verbose_name), _by_words({code: str(said) for code, said in room.logged.items()}))
        for room in apps.get_app_configs()
        if hasattr(room, "logged")
    ]


def kinds() -> Choices:
    """The sorts of record that are in the log, for a list to choose from; in one query, each by its index."""
    known = [
        *_NO_MODEL,
        *(m._meta.label for m in apps.get_models() if m.__module__.startswith("schakel_web.")),
    ]
    there = [Exists(Event.objects.filter(record=label)) for label in known]
    found = Head.objects.filter(pk=1).values_list(*there).first() or ()
    return _by_words({label: kind(label) for label, here in zip(known, found, strict=False) if here})


def _by_words(said: dict[str, str]) -> Choices:
    return sorted(((code, capfirst(words)) for code, words in said.items()), key=lambda choice: choice[1])


@cache
def _logged() -> dict[str, str | Promise]:
    return {
        code: said for room in apps.get_app_configs() for code, said in getattr(room, "logged", {}).items()
    }


def _page(name: str) -> str:
    """A page by what one may do there, and by its address; empty for what is no page."""
    if name not in _pages():
        return ""
    address, permission = _pages()[name]
    if permission is None:
        return _("bladzijde gevraagd: %(address)s") % {"address": address}
    what = str(DESCRIBED[permission])
    return _("bladzijde gevraagd: %(what)s (%(address)s)") % {
        "what": what[:1].lower() + what[1:],
        "address": address,
    }


@cache
def _pages() -> dict[str, tuple[str, Permission | None]]:
    return {name: (address, permission) for name, address, permission in _addresses(get_resolver())}


def _addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str, Permission | None]]:
    """Every named address, with dots for a number or a code; the permission is what `network.allowed` notes."""
    for entry in resolver.url_patterns:
        route = str(entry.pattern) if isinstance(entry.pattern, RoutePattern) else "…"
        address = before + re.sub(r"<[^>]*>", "…", route)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, address)
        elif entry.name:
            yield entry.name, address, getattr(entry.callback, "permission", None)
