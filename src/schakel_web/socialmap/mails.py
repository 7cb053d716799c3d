"""Asking who keeps a provision whether it is still true: one mail for each keeper, with a signed link that expires."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schakel_web.audit.chain import record
from schakel_web.socialmap.models import Provision
from schakel_web.socialmap.models.choices import State

DAYS = 30  # that a link works, and before somebody is asked again
_SALT = "socialmap.confirm"
_AT_ONCE = 40  # provisions in one mail


def token_of(provision: Provision) -> str:
    """What the link holds: which provision, and which confirmation ran out; after a new one it works no more."""
    return signing.dumps({"p": provision.pk, "d": provision.due.isoformat()}, salt=_SALT, compress=True)


def provision_of(token: str) -> Provision | None:
    """The provision of a link that still works."""
    try:
        held = signing.loads(token, salt=_SALT, max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        return None
    rows = Provision.objects.exclude(state=State.CLOSED).select_related("area")
    found = rows.filter(pk=held["p"]).first()
    return found if found and found.due.isoformat() == held["d"] else None


def address_of(provision: Provision) -> str:
    """Who is asked: the address that was given for it, or else that of the user who keeps it."""
    if provision.keeper_email:
        return provision.keeper_email.lower()
    return provision.keeper.email if provision.keeper and provision.keeper.is_active else ""


def ask_keepers() -> int:
    """Mail every keeper of what ran out and was not asked about in a month; returns how many mails went."""
    before = timezone.now() - timedelta(days=DAYS)
    rows = (
        Provision.objects.stale().filter(Q(asked=None) | Q(asked__lt=before)).select_related("keeper", "area")
    )
    found = sorted(
        ((address, p.pk, p) for p in rows.order_by("due", "pk") if (address := address_of(p))),
        key=lambda each: each[:2],
    )
    number = 0
    for address, group in groupby(found, key=lambda each: each[0]):
        _ask(address, [p for _address, _pk, p in group][:_AT_ONCE])
        number += 1
    return number


def _ask(address: str, provisions: list[Provision]) -> None:
    links = [(p, settings.ADDRESS + reverse("provision-mail", args=[token_of(p)])) for p in provisions]
    text = render_to_string("socialmap/ask.txt", {"links": links, "days": DAYS})
    with transaction.atomic():
        Provision.objects.filter(pk__in=[p.pk for p in provisions]).update(asked=timezone.now())
        record(
            action="socialmap.ask",
            subject="socialmap.Provision",
            by=None,
            role="system",
            number=len(provisions),
        )
        send_mail(_("Klopt dit nog op de sociale kaart?"), text, None, [address])
