"""The page on which somebody looks at a month of the log and signs it off (R16)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from schakel_web.accounts.models import User
from schakel_web.audit import chain, review
from schakel_web.audit.models import Kind, Outcome
from schakel_web.audit.views import guard

KEPT = 24  # months that the log goes back


def _asked(text: str) -> date:
    """The month that was asked for; the last one that is over when it cannot be."""
    newest = review.this_month()
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return review.month_before(newest)
    return month if review.month_before(newest, KEPT) <= month <= newest else review.month_before(newest)


def _sign(request: HttpRequest, month: date, by: User) -> HttpResponseRedirect:
    """Verify the chain now, or sign the month off."""
    if request.POST.get("do") == "verify":
        faults = chain.check(by=by)
        messages.success(request, _("Het logboek is heel.")) if not faults else messages.error(
            request, _("Het logboek is niet heel.")
        )
    else:
        try:
            review.sign_off(month=month, decision=review.Decision(request.POST.get("decision", "")), by=by)
            messages.success(request, _("Afgetekend. Dat staat nu zelf in het logboek."))
        except ValueError:
            messages.error(request, _("Kies wat u vond. Een maand kan worden afgetekend als zij voorbij is."))
    return redirect(f"{reverse('audit-review')}?maand={month:%Y-%m}")


def review_month(request: HttpRequest) -> HttpResponse:
    """Counts by kind and role beside the months before, what deserves a look, the chain, and who signed off."""
    user = guard(request)
    month = _asked(request.GET.get("maand", ""))
    if request.method == "POST":
        return _sign(request, month, user)
    counted, looks, reviews = review.counts(month), review.looks(month), list(review.reviews(month)[:20])
    accounts = {look.account for look in looks} | {each.actor for each in reviews}
    names = dict(User.objects.filter(pk__in=[a for a in accounts if a]).values_list("pk", "name"))
    newer = review.month_before(month, -1)
    context: dict[str, Any] = {
        "month": month,
        "counts": counted,
        "kinds": [(kind.label, counted.kinds[kind.value]) for kind in Kind],
        "roles": [(review.acting(role), list(numbers.values())) for role, numbers in counted.roles.items()],
        "labels": [kind.label for kind in Kind],
        "looks": [(look, names.get(look.account or 0, "")) for look in looks],
        "own": any(look.account == user.pk for look in looks),
        "reviews": [
            (each, names.get(each.actor or 0, ""), review.Decision(each.facts["decision"]))
            for each in reviews
        ],
        "decisions": review.Decision.choices,
        "over": month < review.this_month(),
        "check": review.last_check(),
        "older": review.month_before(month),
        "newer": newer if newer <= review.this_month() else None,
        "last": newer - timedelta(days=1),
        "reasons": review.reasons(),
        "hours": (review.OPENS, review.CLOSES),
    }
    chain.record(
        action="audit.read_month",
        subject="audit.Event",
        by=user,
        outcome=Outcome.READ,
        month=f"{month:%Y-%m}",
    )
    return render(request, "audit/review.html", context)
