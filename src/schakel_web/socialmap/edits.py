"""Putting something on the map, and changing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.once import once
from schakel_web.socialmap import actions, tasks
from schakel_web.socialmap.editing import ProvisionForm, Times, sessions_in, times_of
from schakel_web.socialmap.models import Provision


@allowed(Permission.MAP_EDIT)
def new(request: AllowedRequest) -> HttpResponse:
    """From a template or from nothing."""
    begun = tasks.from_template(request.GET.get("sjabloon", "")) or Provision(languages=["nl"])
    begun.keeper = request.user
    form = ProvisionForm(request.POST or None, instance=begun, access=request.access)
    times = Times(request.POST or None, prefix="tijd")
    if request.method == "POST" and form.is_valid() and times.is_valid():

        def work() -> str:
            made = actions.add(
                provision=form.save(commit=False),
                sessions=sessions_in(times),
                by=request.user,
            )
            messages.success(request, _("%(name)s staat op de kaart.") % {"name": made.name})
            return reverse("provision", args=[made.pk])

        return once(request, work)
    context = {"form": form, "times": times, "templates": tasks.template_choices(), "begun": begun}
    return render(request, "socialmap/edit.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.MAP_EDIT)
def edit(request: AllowedRequest, pk: int) -> HttpResponse:
    """Change what is there."""
    rows = Provision.objects.kept_by(request.access).prefetch_related("sessions")
    found = get_object_or_404(rows, pk=pk)
    form = ProvisionForm(request.POST or None, instance=found, access=request.access)
    times = Times(request.POST or None, prefix="tijd", initial=times_of(found))
    if request.method == "POST" and form.is_valid() and times.is_valid():
        version = form.cleaned_data["version"]

        def change() -> str:
            actions.edit(
                provision=form.save(commit=False),
                version=found.version if version is None else version,
                sessions=sessions_in(times),
                by=request.user,
            )
            messages.success(request, _("Bewaard en bevestigd."))
            return reverse("provision", args=[pk])

        return once(request, change, late=reverse("provision", args=[pk]))
    context = {"form": form, "times": times, "provision": found}
    return render(request, "socialmap/edit.html", context, status=422 if form.is_bound else 200)
