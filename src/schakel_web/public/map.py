"""Find something to do, say that something is not right, and confirm it with the link of a mail; without an account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from schakel_web.network.once import once
from schakel_web.public.limits import too_often
from schakel_web.socialmap import actions, mails
from schakel_web.socialmap.forms import DoubtForm, FindForm
from schakel_web.socialmap.models import How, Provision, ProvisionQuerySet
from schakel_web.socialmap.models.choices import State
from schakel_web.socialmap.views import described, shown


def _open() -> ProvisionQuerySet:
    """What residents can go to by themselves: nothing for which somebody decides first (S129, S130)."""
    return Provision.objects.there().filter(decision=False)


@login_not_required
def find(request: HttpRequest) -> HttpResponse:
    """What is there to do near me?"""
    form = FindForm(request.GET or None)
    return render(request, "public/map.html", shown(request, _open(), form) | {"public": True})


@login_not_required
def provision(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; what is gone says so, so that a kept link does not mislead."""
    rows = Provision.objects.filter(decision=False).select_related("area", "organisation")
    found = get_object_or_404(rows.prefetch_related("sessions"), pk=pk)
    return render(request, "public/provision.html", described(found) | {"public": True})


@login_not_required
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """Something is not right, says somebody who was there."""
    found = get_object_or_404(Provision.objects.filter(decision=False).exclude(state=State.CLOSED), pk=pk)
    form = DoubtForm(request.POST or None)
    if request.method == "POST":
        if too_often(request, "public_doubt"):
            return render(request, "public/too_often.html", status=429)
        if form.is_valid():

            def work() -> str:
                if not request.POST.get("website"):  # only a machine fills that in; it is not told
                    actions.doubt(provision=found, **form.cleaned_data, by=None)
                messages.success(request, _("Bedankt. Wie dit bijhoudt, kijkt ernaar."))
                return reverse("public-provision", args=[pk])

            return once(request, work)
    status = 422 if form.is_bound else 200
    context = {"form": form, "provision": found, "trap": True}
    return render(request, "socialmap/doubt.html", context, status=status)


@login_not_required
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail: one button. Only the button confirms: programs that check mail open links by themselves."""
    found = mails.provision_of(token)
    if found is None:
        return render(request, "public/mail_over.html", status=410)
    if request.method == "POST":
        if request.POST.get("klopt") == "ja":

            def work() -> str:
                actions.confirm(provision=found, how=How.MAIL, by=None)
                said = _("Bedankt. %(name)s staat weer als bevestigd op de kaart.")
                messages.success(request, said % {"name": found.name})
                return (
                    reverse("public-map") if found.decision else reverse("public-provision", args=[found.pk])
                )

            return once(request, work)
        return redirect("public-doubt", pk=found.pk)
    return render(request, "public/mail_ask.html", described(found) | {"public": True})
