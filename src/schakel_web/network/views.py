"""Pages of this room: who may join, areas, teams, partners, and who may do what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import DESCRIBED, ROLES, Permission
from schakel_web.network import actions
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.forms import AcceptForm, InvitationForm, OrganisationForm, TeamForm, whole
from schakel_web.network.models import Area, Invitation, Membership, Organisation, Team
from schakel_web.network.once import once
from schakel_web.network.versions import ConflictError, conflict


@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    """What Schakel does, and what somebody may expect of it."""
    return render(request, "network/about.html")


def home(request: AllowedRequest) -> HttpResponse:
    """To the page that fits the role."""
    for permission, name in (
        (Permission.MEETING_HOLD, "today"),
        (Permission.SIGNAL_GIVE, "signal-new"),
        (Permission.FIGURES_READ, "figures"),
        (Permission.RELEASED_READ, "released"),
        (Permission.NETWORK_MANAGE, "manage"),
    ):
        if request.access.may(permission):
            return redirect(name)
    return redirect("profile")


def matrix(request: HttpRequest) -> HttpResponse:
    """Every role and every permission on one page (R17)."""
    rows = [
        (DESCRIBED[permission], [permission in role.permissions for role in ROLES.values()])
        for permission in Permission
    ]
    return render(request, "network/matrix.html", {"roles": ROLES.values(), "rows": rows})


@allowed(Permission.NETWORK_MANAGE)
def manage(request: AllowedRequest) -> HttpResponse:
    """What there is to manage."""
    context = {
        "teams": Team.objects.annotate(number=Count("areas")).select_related("organisation").order_by("name"),
        "organisations": Organisation.objects.all(),
        "areas": Area.objects.neighbourhoods().count(),
        "unserved": Area.objects.neighbourhoods().exclude(teams__active=True).count(),
    }
    return render(request, "network/manage.html", context)


@allowed(Permission.USERS_MANAGE)
def people(request: AllowedRequest) -> HttpResponse:
    """Users with their roles, and open invitations; a form to invite somebody."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _invite(request, form.cleaned_data)
    memberships = (
        Membership.objects.today().select_related("user", "team", "organisation").order_by("user__name")
    )
    context = {
        "form": form,
        "memberships": memberships,
        "invitations": Invitation.objects.open().select_related("team", "organisation", "by"),
        "labels": {key: role.label for key, role in ROLES.items()},
    }
    return render(request, "network/people.html", context)


def _invite(request: AllowedRequest, given: dict[str, Any]) -> HttpResponse:
    """Send it; the same again is no second mail."""
    try:
        invitation = actions.invite(**given, by=request.user)
    except actions.AlreadyInvitedError:
        said = _("Voor %(email)s staat deze uitnodiging al open. Hieronder kunt u de mail opnieuw sturen.")
        messages.info(request, said % {"email": given["email"]})
    except actions.UnsentError:
        messages.error(request, _unsent())
    else:
        messages.success(
            request, _("De uitnodiging is gestuurd naar %(email)s.") % {"email": invitation.email}
        )
    return redirect(reverse("people") + "#uitnodigingen")


def _unsent() -> str:
    return _("De uitnodiging staat klaar, maar de mail kon niet weg. Probeer het straks opnieuw.")


@require_POST
@allowed(Permission.USERS_MANAGE)
def invite_again(request: AllowedRequest, pk: int) -> HttpResponse:
    """Send a new link; the one before works no more."""
    found = get_object_or_404(Invitation, pk=pk)
    try:
        actions.invite_again(invitation=found, sent=_moment(request.POST.get("sent", "")), by=request.user)
        said = _("Er is een nieuwe mail gestuurd naar %(email)s. De vorige link werkt niet meer.")
        messages.success(request, said % {"email": found.email})
    except ConflictError:
        messages.info(
            request, _("Deze uitnodiging is intussen al opnieuw gestuurd, ingetrokken of aangenomen.")
        )
    except actions.UnsentError:
        messages.error(request, _unsent())
    return redirect(reverse("people") + "#uitnodigingen")


def _moment(text: str) -> datetime:
    """A moment as a form remembers it; ConflictError for what is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ConflictError
    return found


@require_POST
@allowed(Permission.USERS_MANAGE)
def withdraw_invitation(request: AllowedRequest, pk: int) -> HttpResponse:
    """Its link works no more."""
    found = get_object_or_404(Invitation, pk=pk)
    to = reverse("people") + "#uitnodigingen"

    def work() -> str:
        actions.withdraw_invitation(invitation=found, by=request.user)
        said = _("De uitnodiging voor %(email)s is ingetrokken. De link werkt niet meer.")
        messages.success(request, said % {"email": found.email})
        return to

    try:
        return once(request, work)
    except ConflictError:
        messages.info(request, _("Deze uitnodiging is intussen al ingetrokken of aangenomen."))
    return redirect(to)


@require_POST
@allowed(Permission.USERS_MANAGE)
def end_membership(request: AllowedRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    found = get_object_or_404(Membership.objects.today(), pk=pk)

    def work() -> str:
        actions.end_membership(membership=found, by=request.user)
        messages.success(request, _("De rol is beëindigd."))
        return reverse("people")

    try:
        return once(request, work)
    except ValueError:
        messages.error(request, _("Dit is de laatste beheerder. Geef eerst iemand anders die rol."))
    return redirect("people")


@require_POST
@allowed(Permission.USERS_MANAGE)
def switch_user(request: AllowedRequest, pk: int) -> HttpResponse:
    """Let somebody log in, or not."""
    user = get_object_or_404(User, pk=pk)

    def work() -> str:
        actions.switch_user(user=user, active=not user.is_active, by=request.user)
        return reverse("people")

    try:
        return once(request, work)
    except ValueError:
        messages.error(request, _("U kunt uzelf niet uitschakelen. Vraag een andere beheerder."))
    return redirect("people")


@login_not_required
def invitation(request: HttpRequest, key: str) -> HttpResponseBase:
    """The link of an invitation: choose a name and a password. Who has an account logs in with it, and confirms."""
    found = actions.invitation_of(key)
    if found is None or actions.over(found, key):
        return _over(request, found, key)
    known = User.objects.filter(email=found.email).first()
    if known is not None and known != request.user:
        return redirect_to_login(request.path)
    initial = {"name": known.name if known else found.name}
    form = AcceptForm(
        request.POST if request.method == "POST" else None, initial=initial, known=known is not None
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "network/invitation.html", {"form": form, "invitation": found})
    try:
        user = actions.accept(invitation=found, **form.given())
    except actions.OverError:
        return _over(request, actions.invitation_of(key), key)
    messages.success(request, _("Welkom bij Schakel, %(name)s.") % {"name": user.name})
    return _welcome(request, user)


def _over(request: HttpRequest, found: Invitation | None, key: str) -> HttpResponse:
    """Why the link opens nothing any more, and what to do."""
    why = actions.over(found, key) if found else "unknown"
    context = {"why": why, "support": settings.SUPPORT}
    return render(request, "network/invitation_over.html", context, status=410)


def _welcome(request: HttpRequest, user: User) -> HttpResponseBase:
    """To the own page, by way of logging in where that is still to be done."""
    if request.user == user or settings.SOCIALACCOUNT_ONLY:
        return redirect("profile")
    login = Login(user=user, redirect_url=reverse("profile"))
    return cast(HttpResponseBase, perform_password_login(request, {"email": user.email}, login))


@allowed(Permission.NETWORK_MANAGE)
def team(request: AllowedRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a team."""
    return _edit(request, TeamForm, Team, pk, title=_("Team") if pk else _("Nieuw team"))


@allowed(Permission.NETWORK_MANAGE)
def organisation(request: AllowedRequest, pk: int | None = None) -> HttpResponse:
    """Make or change an organisation."""
    return _edit(
        request, OrganisationForm, Organisation, pk, title=_("Organisatie") if pk else _("Nieuwe organisatie")
    )


def _edit(request: AllowedRequest, kind: Any, model: Any, pk: int | None, *, title: str) -> HttpResponse:
    instance = get_object_or_404(model, pk=pk) if pk else model()
    seen = request.POST.get("seen") if request.method == "POST" else actions.standing(instance)
    form = kind(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        thing = form.save(commit=False)

        def work() -> str:
            if model is Team:
                actions.save_team(team=thing, areas=form.chosen(), by=request.user, seen=seen)
            else:
                actions.save_organisation(organisation=thing, areas=form.chosen(), by=request.user, seen=seen)
            messages.success(request, _("Bewaard: %(name)s.") % {"name": thing.name})
            return reverse("manage")

        try:
            return once(request, work)
        except ConflictError:
            form.add_error(None, conflict())
    return render(request, "network/edit.html", {"form": form, "title": title, "seen": seen})


@require_POST
def choose_team(request: AllowedRequest) -> HttpResponse:
    """Look at the pages of another of one's own teams."""
    theirs = {m.team_id: m.team for m in request.access.memberships if m.team}
    chosen = theirs.get(whole(request.POST.get("team")))
    if chosen is None:
        raise Http404
    actions.choose_team(user=request.user, team=chosen)
    return redirect("home")


def profile(request: AllowedRequest) -> HttpResponse:
    """Who I am here, what I may do, and how I log in."""
    allowed_things = [DESCRIBED[p] for p in Permission if request.access.may(p)]
    labels = {key: role for key, role in ROLES.items()}
    context = {"allowed": allowed_things, "roles": labels, "elsewhere": settings.SOCIALACCOUNT_ONLY}
    return render(request, "network/profile.html", context)
