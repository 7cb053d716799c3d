"""What data there are, how long they are kept, and what was removed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.privacy import retention as keeping
from schakel_web.privacy.inventory import inventory as declared
from schakel_web.privacy.inventory import of_packages
from schakel_web.privacy.models import Removal


def _guard(request: HttpRequest) -> User:
    if not vars(request)["access"].may(Permission.RETENTION_MANAGE):  # set by the middleware of `network`
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user


def inventory(request: HttpRequest) -> HttpResponse:
    """Everything that is kept, from the models themselves: what is ours, and what packages keep."""
    _guard(request)
    ours = _("Wat Schakel zelf bewaart"), _("Signalen, vragen, aanbod en afspraken, en wie ermee werkt.")
    others = (
        _("Wat nodig is om in te loggen en de software te laten werken"),
        _("Hiervoor gebruikt Schakel software van anderen. Die bewaart dit in dezelfde database."),
    )
    groups = [(*ours, declared()), (*others, of_packages())]
    return render(request, "privacy/inventory.html", {"groups": groups})


def retention(request: HttpRequest) -> HttpResponse:
    """What would be removed now, the register, and a button that does it."""
    user = _guard(request)
    if request.method == "POST":
        number = sum(removal.number for removal in keeping.run(by=user))
        said = _("Verwijderd: %(number)s.") % {"number": number}
        messages.success(request, said if number else _("Er is niets meer dat nu weg moet."))
        return redirect("retention")
    labels = {key: rule.about for key, rule in keeping.RULES.items()}
    context = {"due": keeping.due(), "register": Removal.objects.all()[:100], "labels": labels}
    return render(request, "privacy/retention.html", context)
