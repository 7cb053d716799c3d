"""Every write of this room: in one transaction, by somebody with a name, with a line in the log."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Administrator
from schakel_web.audit.chain import record
from schakel_web.network.models import Invitation, Membership, Organisation, Team
from schakel_web.network.versions import ConflictError

INVITATION_DAYS = 14


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class AlreadyInvitedError(Exception):
    """The same person was invited for the same already, and did not answer yet."""


class UnsentError(Exception):
    """The mail server did not take a mail."""


class OverError(ValueError):
    """A link that opens nothing any more: used, withdrawn, too old, or replaced by a newer mail."""


def invite(
    *, email: str, name: str, role: str, team: Team | None, organisation: Organisation | None, by: User | None
) -> Invitation:
    """Mail somebody a link with which an account can be made, once, within two weeks.

    By nobody: by whoever installs Schakel, for the first administrator. AlreadyInvitedError while there is an open one
    for the same role in the same place, so that a form that is sent twice is one mail; see `invite_again`.
    """
    key = secrets.token_urlsafe(24)
    invitation = Invitation(
        email=email.strip().lower(), name=name.strip(), role=role, team=team, organisation=organisation,
        key=_hash(key), by=by, expires=timezone.now() + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    with transaction.atomic():
        same = Invitation.objects.open().filter(
            email=invitation.email, role=role, team=team, organisation=organisation
        )
        try:
            with transaction.atomic():
                invitation.save()
        except IntegrityError:
            if same.exists():
                raise AlreadyInvitedError from None
            raise
        record(action="network.invite", subject=invitation, by=by, role="" if by else "system", given=role)
    _send(invitation, key)
    return invitation


def open_invitation(
    *, email: str, role: str, team: Team | None, organisation: Organisation | None
) -> Invitation:
    """The one that stands in the way of the same again."""
    rows = Invitation.objects.open()
    return rows.get(email=email.strip().lower(), role=role, team=team, organisation=organisation)


def invite_again(*, invitation: Invitation, sent: datetime, by: User | None) -> Invitation:
    """Mail a new link, good for two weeks from now; the link before opens nothing any more.

    `sent` is when the mail went that is on the screen: ConflictError when a newer one went since, or when there is
    nothing to send again.
    """
    key, now = secrets.token_urlsafe(24), timezone.now()
    with transaction.atomic():
        held = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if held.accepted or held.withdrawn or held.sent != sent:
            raise ConflictError
        held.former = f"{held.former} {held.key}".strip()
        held.key, held.sent, held.by = _hash(key), now, by
        held.expires = now + timedelta(days=INVITATION_DAYS)
        held.save(update_fields=["former", "key", "sent", "by", "expires"])
        record(
            action="network.invite_again", subject=held, by=by, role="" if by else "system", given=held.role
        )
    _send(held, key)
    return held


def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Its link opens nothing any more. ConflictError when it was used a moment before, or withdrawn already."""
    with transaction.atomic():
        held = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if held.accepted or held.withdrawn:
            raise ConflictError
        held.withdrawn = timezone.now()
        held.expires = min(held.expires, held.withdrawn)  # it goes a month from now (R15)
        held.save(update_fields=["withdrawn", "expires"])
        record(action="network.withdraw_invitation", subject=held, by=by, taken=held.role)


def _send(invitation: Invitation, key: str) -> None:
    """UnsentError when the mail server does not take it: the invitation is there, and can be sent again."""
    address = settings.ADDRESS + reverse("invitation", args=[key])
    text = render_to_string("network/invitation.txt", {"invitation": invitation, "address": address})
    try:
        send_mail(_("Uitnodiging voor Schakel"), text, None, [invitation.email])
    except OSError as error:  # what smtplib raises as well
        raise UnsentError from error


def invitation_of(key: str) -> Invitation | None:
    """The invitation of which this is, or was, the link; see `over` for whether it still opens something."""
    return Invitation.objects.of_link(_hash(key)).select_related("by").first()


def over(invitation: Invitation, key: str) -> str:
    """Why a link opens nothing any more: "used", "withdrawn", "old" or "replaced"; empty when it still works."""
    if invitation.accepted:
        return "used"
    if invitation.withdrawn:
        return "withdrawn"
    if invitation.expired:
        return "old"
    return "replaced" if invitation.key != _hash(key) else ""


def accept(*, invitation: Invitation, name: str, password: str | None) -> User:
    """Make the account and give it its role; an account that is there gets the role besides, and keeps its password.

    Without a password one logs in at the provider of the organisation. A second click on the same link, and a link that
    was withdrawn or replaced a moment before, change nothing: OverError.
    """
    with transaction.atomic():
        held = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if held.accepted or held.withdrawn or held.expired or held.key != invitation.key:
            raise OverError
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
    """From today somebody has this role no more. ValueError for the last administrator: nobody could undo it."""
    with transaction.atomic():
        left = Membership.objects.select_for_update(no_key=True).today().filter(role=Administrator.key)
        others = [
            m
            for m in left.order_by("pk").select_related("user")
            if m.pk != membership.pk and m.user.is_active
        ]
        if membership.role == Administrator.key and not others:
            raise ValueError("This is the last administrator; expected another one before.")
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


def standing(place: Team | Organisation) -> str:
    """Tells whether a team or organisation, with its areas, is as it was; empty when it is new."""
    if place._state.adding:
        return ""
    said = [*model_to_dict(place).items(), sorted(place.areas.values_list("pk", flat=True))]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _unchanged(place: Team | Organisation, seen: str | None) -> None:
    """ConflictError when it is no longer what was on the screen."""
    if seen is not None and not place._state.adding:
        kept = type(place)._default_manager.select_for_update(no_key=True).get(pk=place.pk)
        if standing(kept) != seen:
            raise ConflictError


def save_team(*, team: Team, areas: list[int], by: User, seen: str | None = None) -> Team:
    """Keep a team and the areas it works in; ConflictError when it is no longer as it was `seen`."""
    with transaction.atomic():
        _unchanged(team, seen)
        team.save()
        team.areas.set(areas)
        record(action="network.save_team", subject=team, by=by, areas=len(areas), preset=team.preset)
    return team


def save_organisation(
    *, organisation: Organisation, areas: list[int], by: User, seen: str | None = None
) -> Organisation:
    """Keep an organisation, and where it works; ConflictError when it is no longer as it was `seen`."""
    with transaction.atomic():
        _unchanged(organisation, seen)
        organisation.save()
        organisation.areas.set(areas)
        record(action="network.save_organisation", subject=organisation, by=by, areas=len(areas))
    return organisation


def choose_team(*, user: User, team: Team) -> None:
    """From now on look at the pages of this team."""
    user.team_choice = team.pk
    user.save(update_fields=["team_choice"])
