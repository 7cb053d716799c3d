"""The main menu: what this person may open, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.network.presets import preset_of

#: Label, address, who may open it, and the board or step of a practice that it is: a team without it does not see it
#: (with a minus: only a team without it does). Only the menu: what somebody may open is a matter of permissions.
_MENU: tuple[tuple[str | Promise, str, Permission, str], ...] = (
    (_("Vandaag"), "today", Permission.MEETING_HOLD, ""),
    (_("Signalen"), "signal-list", Permission.SIGNAL_READ, ""),
    (_("Patronen"), "pattern-list", Permission.PATTERN_READ, ""),
    (_("Vragen"), "question-list", Permission.QUESTION_READ, ""),
    (_("Overleg"), "meeting-board", Permission.MEETING_HOLD, "meeting"),
    (_("Sociale kaart"), "map", Permission.MAP_READ, ""),
    (_("Vraag en aanbod"), "coverage", Permission.COVERAGE_READ, ""),
    (_("Arrangementen"), "arrangement-list", Permission.ARRANGEMENT_WORK, ""),
    (_("Wijkagenda"), "area-list", Permission.SIGNAL_READ, "agenda"),
    (_("De wijk"), "area-list", Permission.SIGNAL_READ, "-agenda"),
    (_("Op straat"), "outreach", Permission.SIGNAL_READ, "outreach"),
    (_("Verbinden"), "matching", Permission.SIGNAL_CLARIFY, "matching"),
    (_("Piramide"), "pyramid", Permission.SIGNAL_CLARIFY, "pyramid"),
    (_("Mijn signalen"), "signal-mine", Permission.OWN_FEEDBACK, ""),
    (_("Meedenken"), "sparring-list", Permission.QUESTION_SPAR, "sparring"),
    (_("Cijfers"), "figures", Permission.FIGURES_READ, ""),
    (_("Beheer"), "manage", Permission.NETWORK_MANAGE, ""),
    (_("Vrijgegeven"), "released", Permission.RELEASED_READ, ""),
    (_("Logboek"), "audit-list", Permission.AUDIT_READ, ""),
)


#: The same for who has no account.
_PUBLIC: tuple[tuple[str | Promise, str], ...] = (
    (_("Iets doorgeven"), "public-signal"),
    (_("Mijn buurt"), "public-areas"),
    (_("Wat is er te doen?"), "public-map"),
    (_("Ik heb een code"), "receipt-enter"),
)

#: What the script says about signals that wait on the device.
OFFLINE = {
    "theme": _(
        "Er is geen verbinding. Kies zelf een thema, dan bewaren wij het hier tot er weer verbinding is."
    ),
    "offline": _("Er is geen verbinding. U kunt hier wel een signaal geven: dat bewaren wij op dit toestel."),
    "waiting": _("Nog niet verstuurd: %. Dat gebeurt vanzelf, zodra er weer verbinding is."),
    "login": _(
        "U bent uitgelogd. Log opnieuw in, dan wordt het verstuurd. Tot dan bewaren wij het op dit toestel."
    ),
    "sent": _("Uw signaal is alsnog verstuurd. De code is:"),
    "refused": _("Eén signaal kon niet weg: kijk het nog even na."),
    "change": _("Nakijken"),
    "forget": _("Van dit toestel wissen"),
    "sure": _("Wilt u alles wissen wat nog niet is verstuurd?"),
}


@dataclass(frozen=True)
class Item:
    """One entry of the menu."""

    label: str | Promise
    address: str
    here: bool


def _on(board: str, access: Access) -> bool:
    """Whether the practice of this team has a board; with a minus: whether it lacks it. Others have no practice."""
    if not board or access.team is None:
        return True
    return preset_of(access.team).shows(board.removeprefix("-")) != board.startswith("-")


def _items(path: str, entries: Iterable[tuple[str | Promise, str]]) -> list[Item]:
    """The entries, of which the one with the longest address that this path begins with is here."""
    every = list(entries)
    here = max((address for _label, address in every if path.startswith(address)), key=len, default=None)
    return [Item(label, address, address == here) for label, address in every]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation.items`, the team whose pages these are, and whether this person gives signals."""
    access: Access | None = getattr(request, "access", None)
    if access is None or access.user is None:
        public = ((label, reverse(name)) for label, name in _PUBLIC)
        items = _items(request.path, public)
        return {"navigation": {"items": items, "team": None, "gives": False}, "offline_words": OFFLINE}
    own = (
        (label, reverse(name))
        for label, name, permission, board in _MENU
        if access.may(permission) and _on(board, access)
    )
    found = {
        "items": _items(request.path, own),
        "team": access.team,
        "access": access,
        "gives": access.may(Permission.SIGNAL_GIVE),
    }
    return {"navigation": found, "offline_words": OFFLINE}
