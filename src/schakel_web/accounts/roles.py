"""Who may do what (R17): every permission, and every role as a class with words that a privacy officer can read.

Nothing is allowed that is not named here. Where a role holds is decided by a membership (see `network`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that can be allowed."""

    SIGNAL_GIVE = "signal_give"
    SIGNAL_READ = "signal_read"
    SIGNAL_CLARIFY = "signal_clarify"
    SIGNAL_MODERATE = "signal_moderate"
    SIGNAL_IMPORT = "signal_import"
    PATTERN_READ = "pattern_read"
    PATTERN_JUDGE = "pattern_judge"
    DETECTION_RUN = "detection_run"
    QUESTION_READ = "question_read"
    QUESTION_WORK = "question_work"
    QUESTION_DECIDE = "question_decide"
    QUESTION_SPAR = "question_spar"
    MEETING_HOLD = "meeting_hold"
    MAP_READ = "map_read"
    MAP_EDIT = "map_edit"
    MAP_IMPORT = "map_import"
    COVERAGE_READ = "coverage_read"
    ARRANGEMENT_WORK = "arrangement_work"
    OWN_FEEDBACK = "own_feedback"
    FIGURES_READ = "figures_read"
    RELEASED_READ = "released_read"
    NETWORK_MANAGE = "network_manage"
    USERS_MANAGE = "users_manage"
    RETENTION_MANAGE = "retention_manage"
    AUDIT_READ = "audit_read"


#: What a permission allows, in words for the permission matrix.
DESCRIBED: dict[Permission, str | Promise] = {
    Permission.SIGNAL_GIVE: _("Een wijksignaal of hulpvraag doorgeven"),
    Permission.SIGNAL_READ: _("Signalen en hulpvragen lezen en zoeken"),
    Permission.SIGNAL_CLARIFY: _("Een hulpvraag verhelderen en de afweging maken"),
    Permission.SIGNAL_MODERATE: _("Signalen van bewoners en partners bekijken voordat ze meetellen"),
    Permission.SIGNAL_IMPORT: _("Signalen inlezen uit een bestand"),
    Permission.PATTERN_READ: _("Terugkerende patronen bekijken"),
    Permission.PATTERN_JUDGE: _("Een patroon terzijde leggen, met een reden"),
    Permission.DETECTION_RUN: _("Nu naar patronen laten zoeken"),
    Permission.QUESTION_READ: _("Breder levende vragen lezen"),
    Permission.QUESTION_WORK: _("Een breder levende vraag openen en bijwerken"),
    Permission.QUESTION_DECIDE: _("Breder levende vragen samenvoegen, splitsen en overdragen"),
    Permission.QUESTION_SPAR: _("Meedenken over een vraag die met de organisatie is gedeeld"),
    Permission.MEETING_HOLD: _("Het signalenoverleg voeren en vastleggen"),
    Permission.MAP_READ: _("De sociale kaart gebruiken"),
    Permission.MAP_EDIT: _("Aanbod op de sociale kaart toevoegen, verbeteren en bevestigen"),
    Permission.MAP_IMPORT: _("Aanbod inlezen uit een bestand"),
    Permission.COVERAGE_READ: _("Zien waar aanbod ontbreekt"),
    Permission.ARRANGEMENT_WORK: _("Met een bewoner een arrangement samenstellen"),
    Permission.OWN_FEEDBACK: _("Zien wat er met eigen signalen is gedaan"),
    Permission.FIGURES_READ: _("Cijfers zien, afgerond en zonder kleine aantallen"),
    Permission.RELEASED_READ: _("Vrijgegeven cijfers en casussen lezen"),
    Permission.NETWORK_MANAGE: _("Gebieden, teams, partners en werkwijzen beheren"),
    Permission.USERS_MANAGE: _("Mensen uitnodigen en rollen geven"),
    Permission.RETENTION_MANAGE: _("Bewaartermijnen uitvoeren en het register lezen"),
    Permission.AUDIT_READ: _("Het logboek lezen en elke maand aftekenen"),
}


class Reach(StrEnum):
    """Where a role holds."""

    TEAM = "team"  # in the areas of one team
    ORGANISATION = "organisation"  # in what one organisation brought itself
    MUNICIPALITY = "municipality"  # everywhere, and never content


class Role:
    """A set of permissions with a name. Subclasses are the roles there are."""

    key: ClassVar[str]
    label: ClassVar[str | Promise]
    about: ClassVar[str | Promise]
    reach: ClassVar[Reach]
    permissions: ClassVar[frozenset[Permission]]


class TeamMember(Role):
    """Meets residents, gives signals, sees what lives in the areas of the own team."""

    key, reach = "team_member", Reach.TEAM
    label = _("Teamlid")
    about = _(
        "Werkt in de wijk. Geeft signalen door en ziet wat er speelt in de gebieden van het eigen team."
    )
    permissions = frozenset(
        {
            Permission.SIGNAL_GIVE,
            Permission.SIGNAL_READ,
            Permission.SIGNAL_CLARIFY,
            Permission.PATTERN_READ,
            Permission.PATTERN_JUDGE,
            Permission.DETECTION_RUN,
            Permission.QUESTION_READ,
            Permission.QUESTION_WORK,
            Permission.QUESTION_SPAR,
            Permission.MEETING_HOLD,
            Permission.MAP_READ,
            Permission.MAP_EDIT,
            Permission.COVERAGE_READ,
            Permission.ARRANGEMENT_WORK,
            Permission.OWN_FEEDBACK,
        }
    )


class ProcessOwner(Role):
    """Brings a shared question to an offer (S095, S124)."""

    key, reach = "process_owner", Reach.TEAM
    label = _("Procestrekker")
    about = _("Opbouwwerker of sociaal makelaar. Brengt een breder levende vraag verder, samen met bewoners.")
    permissions = TeamMember.permissions | {Permission.QUESTION_DECIDE}


class Coordinator(Role):
    """Keeps the weekly meeting going and looks at what comes from outside."""

    key, reach = "coordinator", Reach.TEAM
    label = _("Coördinator")
    about = _("Leidt het signalenoverleg, bekijkt signalen van buiten en leest bestanden in.")
    permissions = ProcessOwner.permissions | {
        Permission.SIGNAL_MODERATE,
        Permission.SIGNAL_IMPORT,
        Permission.MAP_IMPORT,
        Permission.FIGURES_READ,
    }


class PolicyOfficer(Role):
    """Sees figures only (R7, R17)."""

    key, reach = "policy_officer", Reach.MUNICIPALITY
    label = _("Beleidsmedewerker")
    about = _("Ziet alleen cijfers van gebieden. Kleine aantallen zijn weggelaten en de rest is afgerond.")
    permissions = frozenset({Permission.FIGURES_READ, Permission.COVERAGE_READ})


class Researcher(Role):
    """Sees released sets only (R17)."""

    key, reach = "researcher", Reach.MUNICIPALITY
    label = _("Onderzoeker")
    about = _("Ziet alleen wat voor onderzoek is vrijgegeven.")
    permissions = frozenset({Permission.RELEASED_READ})


class Partner(Role):
    """A school, a general practice, the police, a housing corporation, a club (S004, S067)."""

    key, reach = "partner", Reach.ORGANISATION
    label = _("Samenwerkingspartner")
    about = _("Geeft signalen door, denkt mee over gedeelde vragen en houdt het eigen aanbod bij.")
    permissions = frozenset(
        {
            Permission.SIGNAL_GIVE,
            Permission.OWN_FEEDBACK,
            Permission.QUESTION_SPAR,
            Permission.MAP_READ,
            Permission.MAP_EDIT,
        }
    )


class Administrator(Role):
    """Manages, and reads no content (R17)."""

    key, reach = "administrator", Reach.MUNICIPALITY
    label = _("Beheerder")
    about = _("Beheert gebieden, teams, gebruikers en bewaartermijnen. Leest geen signalen of vragen.")
    permissions = frozenset(
        {
            Permission.NETWORK_MANAGE,
            Permission.USERS_MANAGE,
            Permission.RETENTION_MANAGE,
            Permission.AUDIT_READ,
        }
    )


ROLES: dict[str, type[Role]] = {
    role.key: role
    for role in (TeamMember, ProcessOwner, Coordinator, PolicyOfficer, Researcher, Partner, Administrator)
}


def second_factor_for(chosen: str) -> frozenset[str]:
    """Keys of the roles that must log in in two steps: "everyone", "nobody", or roles with commas between them.

    ImproperlyConfigured for a role that does not exist.
    """
    if chosen in {"everyone", "nobody"}:
        return frozenset(ROLES) if chosen == "everyone" else frozenset()
    keys = [part.strip() for part in chosen.split(",")]
    if unknown := [key for key in keys if key not in ROLES]:
        raise ImproperlyConfigured(
            f"SCHAKEL_SECOND_FACTOR names '{unknown[0]}'; expected everyone, nobody, or some of {', '.join(ROLES)}."
        )
    return frozenset(keys)
