"""In which zone data are (R1), and who reads them: words for the data inventory."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import ROLES, Permission


class Zone(models.TextChoices):
    """Zone A and B of R1, and what is about neither residents nor the neighbourhood."""

    AREA = "area", _("de wijk (zone A): geen namen van bewoners")
    PARTICIPATION = "participation", _("deelname (zone B): contact met wie zelf meedoet")
    STAFF = "staff", _("wie met Schakel werkt")
    SOFTWARE = "software", _("de software zelf")


class Reader(models.TextChoices):
    """Who reads something without needing a role for it."""

    EVERYBODY = "everybody", _("iedereen, voor zover het openbaar is")
    CODE = "code", _("de bewoner met de code")
    THEMSELVES = "self", _("de medewerker zelf")
    NOBODY = "nobody", _("niemand: alleen de software gebruikt het")


ReadBy = Collection[Permission | Reader]


def readers(read_by: ReadBy) -> list[str]:
    """The roles with one of these permissions, and who needs no role, in words."""
    roles = [str(role.label) for role in ROLES.values() if role.permissions & frozenset(read_by)]
    return [label[:1].lower() + label[1:] for label in roles] + [
        str(reader.label) for reader in Reader if reader in read_by
    ]
