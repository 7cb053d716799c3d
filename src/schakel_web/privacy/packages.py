"""Tables that packages make: what they are for, how long they are kept, and who reads them. See `inventory`.

What is not ours cannot declare itself; a test compares this list with the tables of a migrated database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import ReadBy, Reader, Zone


@dataclass(frozen=True)
class Table:
    """One table of a package; `personal` are the columns that are about a person."""

    name: str
    label: str | Promise
    purpose: str | Promise
    kept: str | Promise
    zone: Zone
    read_by: ReadBy
    personal: Collection[str] = ()


_ACCOUNT = _("zolang iemand meewerkt, en tot 24 maanden nadat iemand voor het laatst inlogde")
_EMPTY = _("niet: Schakel gebruikt deze tabel niet, zij is leeg")
_INSTALLED = _("zolang Schakel is geïnstalleerd; er staat niets over personen in")
_SELF, _NOBODY = (Reader.THEMSELVES,), (Reader.NOBODY,)

TABLES = (
    Table(
        "account_emailaddress", _("e-mailadres om mee in te loggen"), _("Inloggen, en een wachtwoord herstellen."),
        _ACCOUNT, Zone.STAFF, _SELF, ("user", "email"),
    ),
    Table(
        "account_emailconfirmation", _("bevestiging van een e-mailadres"),
        _("Nagaan of een e-mailadres van iemand is; Schakel doet dat met de uitnodiging."),
        _EMPTY, Zone.STAFF, _NOBODY, ("email_address", "key"),
    ),
    Table(
        "mfa_authenticator", _("tweede stap bij het inloggen"),
        _("Met een app of passkey laten zien dat u het bent. Wat geheim is, is versleuteld."),
        _ACCOUNT, Zone.STAFF, _SELF, ("user", "data", "created_at", "last_used_at"),
    ),
    Table(
        "socialaccount_socialaccount", _("inloggen via de eigen organisatie"),
        _("Weten welk account van de organisatie bij wie hoort."),
        _ACCOUNT, Zone.STAFF, _SELF, ("user", "uid", "last_login", "date_joined", "extra_data"),
    ),
    Table(
        "socialaccount_socialapp", _("aanbieder van het inloggen"),
        _("De aanbieder van het inloggen instellen; Schakel leest dat uit de omgeving."),
        _EMPTY, Zone.SOFTWARE, _NOBODY,
    ),
    Table(
        "socialaccount_socialtoken", _("sleutel van de aanbieder van het inloggen"),
        _("Bij de aanbieder gegevens ophalen; Schakel doet dat niet."),
        _EMPTY, Zone.STAFF, _NOBODY, ("account", "token", "token_secret"),
    ),
    Table(
        "usersessions_usersession", _("waar iemand is ingelogd"),
        _("Zelf zien op welke apparaten u bent ingelogd, en daar uitloggen."),
        _("tot het uitloggen, of de nacht nadat de sessie voorbij is"),
        Zone.STAFF, _SELF, ("user", "ip", "user_agent", "session_key", "created_at", "last_seen_at", "data"),
    ),
    Table(
        "django_session", _("sessie"), _("Ingelogd blijven van de ene bladzijde naar de andere."),
        _("tot het uitloggen, of de nacht nadat de sessie voorbij is"), Zone.STAFF, _NOBODY,
        ("session_key", "session_data"),
    ),
    Table(
        "cache", _("tijdelijk geheugen"),
        _("Misbruik tegenhouden (hoe vaak één IP-adres iets probeert) en sneller zijn."),
        _("minuten tot uren; wat over de tijd is, wordt elke nacht verwijderd"),
        Zone.SOFTWARE, _NOBODY, ("cache_key",),
    ),
    Table(
        "django_tasks_database_dbtaskresult", _("achtergrondwerk"),
        _("Werk dat even duurt buiten de bladzijde om doen, zoals zoeken naar patronen. Er staan alleen nummers in."),
        _("30 dagen nadat het klaar is"), Zone.SOFTWARE, _NOBODY,
    ),
    Table(
        "django_migrations", _("stand van de database"),
        _("Weten welke veranderingen aan de database zijn gedaan."), _INSTALLED, Zone.SOFTWARE, _NOBODY,
    ),
    Table(
        "django_content_type", _("lijst van soorten gegevens"), _("Hoort bij Django; alleen namen van tabellen."),
        _INSTALLED, Zone.SOFTWARE, _NOBODY,
    ),
    *(
        Table(
            f"auth_{name}", label, _("Hoort bij Django. De rollen van Schakel staan in de software zelf."),
            _INSTALLED, Zone.SOFTWARE, _NOBODY,
        )
        for name, label in (
            ("permission", _("rechten van Django")), ("group", _("groepen van Django")),
            ("group_permissions", _("rechten van groepen van Django")),
        )
    ),
)  # fmt: skip


def used() -> list[Table]:
    """Those of the packages that are installed: without local login there is no second step."""
    absent = "" if "allauth.mfa" in settings.INSTALLED_APPS else "mfa_authenticator"
    return [table for table in TABLES if table.name != absent]
