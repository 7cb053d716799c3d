"""Start it: with five people, and one client."""

from __future__ import annotations

import os
import sys

import django

CLIENT, SECRET, PASSWORD = "schakel", "a secret between provider and Schakel", "wachtwoord van de gemeente"
#: address, whether the provider vouches for it
PEOPLE = (
    ("member@stad.nl", "confirmed"),
    ("mate@stad.nl", "unconfirmed"),
    ("outsider@stad.nl", "confirmed"),
    ("eva@wijkteam.nl", "unconfirmed"),
    ("nieuw@stad.nl", "confirmed"),
)


def main() -> None:
    """Serve until it is ended."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.provider.settings"
    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415  after Django
    from django.core.management import call_command  # noqa: PLC0415
    from oauth2_provider.models import Application  # noqa: PLC0415

    port, callback = sys.argv[1:]
    call_command("migrate", verbosity=0)
    for address, surname in PEOPLE:
        User.objects.create_user(address, address, PASSWORD, first_name="Iemand", last_name=surname)
    Application.objects.create(
        client_id=CLIENT, client_secret=SECRET, client_type="confidential", algorithm="RS256", redirect_uris=callback,
        authorization_grant_type="authorization-code", skip_authorization=True, name="Schakel",
    )  # fmt: skip
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True)


if __name__ == "__main__":
    main()
