"""``schakel-web invite_administrator``: the first account; all others are invited from the page of people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from schakel_web.accounts.roles import Administrator
from schakel_web.network.actions import (
    INVITATION_DAYS,
    AlreadyInvitedError,
    UnsentError,
    invite,
    invite_again,
    open_invitation,
)


class Command(BaseCommand):
    """Sends a mail with a link that works once."""

    help = "Invites an administrator by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom."""
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send it, and say where it went."""
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(
                f"'{options['email']}' is no address; expected one such as eva@gemeente.nl."
            ) from None
        try:
            self._send(options["email"], options["name"])
        except UnsentError as error:
            raise CommandError(
                f"The mail server did not take the mail ({error.__cause__}); run this again when it does."
            ) from error
        where = (
            settings.EMAIL_HOST
            or f"a file in {settings.EMAIL_FILE_PATH}, because SCHAKEL_MAIL_HOST is not set"
        )
        self.stdout.write(
            f"Invited {options['email']}: the link works once, for {INVITATION_DAYS} days ({where})."
        )

    def _send(self, email: str, name: str) -> None:
        """The invitation; once more when it is there already, because the mail was lost or is too old."""
        what: dict[str, Any] = {"email": email, "role": Administrator.key, "team": None, "organisation": None}
        try:
            invite(**what, name=name, by=None)
        except AlreadyInvitedError:
            found = open_invitation(**what)
            invite_again(invitation=found, sent=found.sent, by=None)
