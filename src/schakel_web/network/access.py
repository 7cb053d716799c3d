"""What one person may do, and where: the only place where memberships become permission (R17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import ROLES, Permission, Reach
from schakel_web.network.models import Area, Membership, Team

P = ParamSpec("P")


class AllowedRequest(HttpRequest):
    """A request of somebody who is logged in, with what that person may do."""

    access: Access
    user: User


@dataclass(frozen=True)
class Access:
    """The memberships of today, and what follows from them. Default: nothing."""

    user: User | None
    memberships: tuple[Membership, ...]

    @classmethod
    def of(cls, user: User | None) -> Access:
        """What this user may do now."""
        if user is None or not user.is_active:
            return cls(None, ())
        access = cls(user, tuple(user.memberships.today().select_related("team", "organisation")))
        user.acting = access.roles
        return access

    @cached_property
    def roles(self) -> str:
        """Codes of the roles, for the log."""
        return "+".join(sorted({membership.role for membership in self.memberships}))

    def _with(self, permission: Permission) -> list[Membership]:
        return [m for m in self.memberships if permission in ROLES[m.role].permissions]

    def may(self, permission: Permission) -> bool:
        """Whether there is anywhere that this is allowed."""
        return bool(self._with(permission))

    def teams(self, permission: Permission) -> frozenset[int]:
        """Numbers of the teams for which it is allowed."""
        return frozenset(m.team_id for m in self._with(permission) if m.team_id and m.team and m.team.active)

    def organisations(self, permission: Permission) -> frozenset[int]:
        """Numbers of the organisations for which it is allowed."""
        return frozenset(m.organisation_id for m in self._with(permission) if m.organisation_id)

    def everywhere(self, permission: Permission) -> bool:
        """Whether it is allowed for the whole municipality."""
        return any(ROLES[m.role].reach == Reach.MUNICIPALITY for m in self._with(permission))

    @cached_property
    def _areas(self) -> dict[int, frozenset[int]]:
        """Per team of this person the numbers of its neighbourhoods."""
        links = Area.teams.through.objects.filter(
            team_id__in={m.team_id for m in self.memberships if m.team_id},
            area__current=True,
            area__kind="BU",
        ).values_list("team_id", "area_id")
        found: dict[int, set[int]] = {}
        for team, area in links:
            found.setdefault(team, set()).add(area)
        return {team: frozenset(areas) for team, areas in found.items()}

    def areas(self, permission: Permission) -> frozenset[int]:
        """Numbers of the neighbourhoods in which it is allowed."""
        return frozenset().union(*(self._areas.get(team, frozenset()) for team in self.teams(permission)))

    @cached_property
    def team(self) -> Team | None:
        """The team whose pages this person looks at: the one that was chosen, or else the first."""
        teams = {m.team_id: m.team for m in self.memberships if m.team and m.team.active}
        choice = self.user.team_choice if self.user else None
        return teams.get(choice) or next((teams[k] for k in sorted(t for t in teams if t)), None)


def allowed(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[AllowedRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Open a view only to who has this permission somewhere; for which records is up to the querysets."""

    def wrapped(
        view: Callable[Concatenate[AllowedRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            theirs = cast(AllowedRequest, request)
            if not theirs.access.may(permission):
                raise PermissionDenied
            return view(theirs, *args, **kwargs)

        vars(guarded)["permission"] = permission  # read by the tests of every address
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)

    return wrapped
