"""Every write of this room: in one transaction, by somebody with a name, with a line in the log."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.network.models import Invitation, Membership, Organisation, Team

INVITATION_DAYS = 14


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def invite(
    *, email: str, name: str, role: str, team: Team | None, organisation: Organisation | None, by: User | None
) -> Invitation:
    """Mail somebody a link with which an account can be made, once, within two weeks.

    By nobody: by whoever installs Schakel, for the first administrator.
    """
    key = secrets.token_urlsafe(24)
    with transaction.atomic():
        invitation = Invitation(
            email=email.strip().lower(),
            name=name.strip(),
            role=role,
            team=team,
            organisation=organisation,
            key=_hash(key),
            by=by,
            expires=timezone.now() + timedelta(days=INVITATION_DAYS),
        )
        invitation.save()
        record(action="network.invite", subject=invitation, by=by, role="" if by else "system", given=role)
    address = settings.ADDRESS + reverse("invitation", args=[key])
    text = render_to_string("network/invitation.txt", {"invitation": invitation, "address": address})
    send_mail(_("Uitnodiging voor Schakel"), text, None, [invitation.email])
    return invitation


def invitation_of(key: str) -> Invitation | None:
    """The invitation of a link that still works."""
    return Invitation.objects.filter(key=_hash(key), accepted=None, expires__gt=timezone.now()).first()


def accept(*, invitation: Invitation, name: str, password: str | None) -> User:
    """Make the account and give it its role; an account that is there gets the role besides, and keeps its password.

    Without a password one logs in at the provider of the organisation. A second click on the same link changes nothing:
    ValueError.
    """
    with transaction.atomic():
        held = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if held.accepted:
            raise ValueError("This invitation was used already.")
        user = User.objects.filter(email=held.email).first()
        if user is None:
            user = User.objects.create_user(held.email, password, name=name)
        EmailAddress.objects.get_or_create(
            user=user, email=held.email, defaults={"verified": True, "primary": True}
        )
        held.accepted = timezone.now()
        held.save(update_fields=["accepted"])
        _give(user=user, role=held.role, team=held.team, organisation=held.organisation)
        record(action="network.accept", subject=held, by=user, given=held.role)
    return user


def _give(*, user: User, role: str, team: Team | None, organisation: Organisation | None) -> Membership:
    found, _new = Membership.objects.get_or_create(user=user, role=role, team=team, organisation=organisation)
    if found.until:
        found.until = None
        found.save(update_fields=["until"])
    return found


def end_membership(*, membership: Membership, by: User) -> None:
    """From today somebody has this role no more."""
    with transaction.atomic():
        membership.until = timezone.localdate()
        membership.save(update_fields=["until"])
        record(action="network.end_membership", subject=membership, by=by, taken=membership.role)


def switch_user(*, user: User, active: bool, by: User) -> None:
    """Somebody may, or may no longer, log in. ValueError for oneself: else nobody may be left to undo it."""
    if user == by:
        raise ValueError("You cannot switch off yourself.")
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        record(action="network.switch_user", subject=user, by=by, active=active)


def save_team(*, team: Team, areas: list[int], by: User) -> Team:
    """Keep a team and the areas it works in."""
    with transaction.atomic():
        team.save()
        team.areas.set(areas)
        record(action="network.save_team", subject=team, by=by, areas=len(areas), preset=team.preset)
    return team


def save_organisation(*, organisation: Organisation, areas: list[int], by: User) -> Organisation:
    """Keep an organisation, and where it works."""
    with transaction.atomic():
        organisation.save()
        organisation.areas.set(areas)
        record(action="network.save_organisation", subject=organisation, by=by, areas=len(areas))
    return organisation


def choose_team(*, user: User, team: Team) -> None:
    """From now on look at the pages of this team."""
    user.team_choice = team.pk
    user.save(update_fields=["team_choice"])
