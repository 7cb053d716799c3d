"""A small made-up city in the database, with a fixed cast: member, team-mate, outsider, and every other role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.arrangements import actions as arrangement_actions
from schakel_web.arrangements.models import Arrangement
from schakel_web.network.models import Area, Border, Figure, Membership, Organisation, Team
from schakel_web.questions.models import Pattern, PatternState, Run, RunState, SharedQuestion, Sighting
from schakel_web.questions.models.shared import NEEDS_CHECK
from schakel_web.signals import search
from schakel_web.signals.models import Signal, SignalTheme, State
from schakel_web.signals.receipts import hashed, new_code
from schakel_web.socialmap import actions as map_actions
from schakel_web.socialmap.models import Provision

PASSWORD = "een lang wachtwoord"


@dataclass
class City:
    """Two teams with three neighbourhoods each, and people."""

    areas: list[Area] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def practise(self, preset: str, team: int = 0) -> None:
        """Let a team work by another preset."""
        Team.objects.filter(pk=self.teams[team].pk).update(preset=preset)
        self.teams[team].refresh_from_db()


def user(name: str, role: str | None = None, **place: Any) -> User:
    """Somebody who can log in; with a role somewhere."""
    made = User.objects.create_user(f"{name}@stad.nl", PASSWORD, name=name.capitalize())
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    if role:
        Membership.objects.create(user=made, role=role, **place)
    return made


def city() -> City:
    """The whole of it."""
    made = City()
    town = Area.objects.create(code="GM9001", year=2026, kind="GM", name="Stad")
    for w in range(2):
        district = Area.objects.create(
            code=f"WK90010{w}", year=2026, kind="WK", name=f"Wijk {w}", parent=town
        )
        for b in range(3):
            x, y = 1000.0 * b, 1000.0 * w
            ring = [[x, y], [x + 1000, y], [x + 1000, y + 1000], [x, y + 1000], [x, y]]
            area = Area.objects.create(
                code=f"BU90010{w}0{b}", year=2026, kind="BU", name=f"Buurt {w}{b}", parent=district,
                x=x + 500, y=y + 500,
            )  # fmt: skip
            Border.objects.create(area=area, rings=[ring])
            Figure.objects.create(
                area=area, year=2026, indicator="inwoners", value=1500, status="published", source="CBS"
            )
            made.areas.append(area)
    for i, area in enumerate(made.areas):
        area.neighbours.set(
            [a for j, a in enumerate(made.areas) if abs(i % 3 - j % 3) + abs(i // 3 - j // 3) == 1]
        )
    for name, kind in (("Welzijn", "welfare"), ("School", "education"), ("Zorg", "care")):
        made.organisations[name] = Organisation.objects.create(name=name, kind=kind)
    for w in range(2):
        team = Team.objects.create(name=f"Team {w}", organisation=made.organisations["Welzijn"])
        team.areas.set(made.areas[3 * w : 3 * w + 3])
        made.teams.append(team)
    one, other = made.teams
    made.people = {
        "member": user("member", "team_member", team=one),
        "mate": user("mate", "team_member", team=one),
        "outsider": user("outsider", "team_member", team=other),
        "owner": user("owner", "process_owner", team=one),
        "coordinator": user("coordinator", "coordinator", team=one),
        "policy": user("policy", "policy_officer"),
        "researcher": user("researcher", "researcher"),
        "partner": user("partner", "partner", organisation=made.organisations["School"]),
        "other_partner": user("other_partner", "partner", organisation=made.organisations["Zorg"]),
        "administrator": user("administrator", "administrator"),
        "nobody": user("nobody"),
    }
    return made


def signal(
    area: Area,
    *,
    text: str = "Veel mensen voelen zich hier alleen.",
    theme: str = "eenzaamheid",
    **fields: Any,
) -> Signal:
    """A signal with one theme, in the index."""
    fields.setdefault("date", timezone.localdate())
    fields.setdefault("source", "case_contact")
    code = fields.pop("code", None) or new_code()
    made = Signal.objects.create(area=area, text=text, receipt=hashed(code), **fields)
    SignalTheme.objects.bulk_create(SignalTheme.of(made, [theme]))
    search.index([made])
    return made


def pattern(areas: list[Area], *, shown: bool = True, theme: str = "eenzaamheid", **fields: Any) -> Pattern:
    """A pattern that a finished run saw."""
    today: date = timezone.localdate()
    run = Run.objects.create(state=RunState.DONE, cutoff=timezone.now(), parameters={}, version="0")
    made = Pattern.objects.create(
        theme=theme,
        shown=shown,
        first=today - timedelta(days=13),
        last=today,
        state=PatternState.OPEN,
        **fields,
    )
    made.areas.set(areas)
    sighting = Sighting.objects.create(
        pattern=made, run=run, start=today - timedelta(days=13), end=today, observed=12, expected=2.5, statistic=9.0,
        p_value=0.001, q_value=0.01, people=12, sources=3, dates=5, dominance=0.3,
        withheld=[] if shown else ["people"],
        evidence={
            "theme": theme, "areas": [a.code for a in areas], "start": (today - timedelta(days=13)).isoformat(),
            "end": today.isoformat(), "observed": 12, "expected": 2.5, "relative_risk": 4.8, "statistic": 9.0,
            "p_value": 0.001, "p_value_gumbel": 0.001, "q_value": 0.01, "recurrence_days": 7000.0, "people": 12,
            "sources": 3, "dates": 5, "dominance": 0.3, "explanation": "Er is meer dan normaal.",
            "explanation_en": "There is more than usual.", "against": ["Het zijn er weinig."],
            "against_en": ["They are few."], "identifier": "abc",
        },
    )  # fmt: skip
    sighting.areas.set(areas)
    made.latest = sighting
    made.save()
    return made


def question(team: Team, areas: list[Area], by: User, **fields: Any) -> SharedQuestion:
    """A shared question of a team."""
    fields.setdefault("text", "Wij willen niet steeds alleen eten.")
    if fields.get("state") in NEEDS_CHECK:
        fields.setdefault("checked", timezone.localdate())
    made = SharedQuestion.objects.create(team=team, theme="eenzaamheid", owner=by, **fields)
    made.areas.set(areas)
    return made


def provision(area: Area | None, **fields: Any) -> Provision:
    """Something on the social map, confirmed today, in the index."""
    times = fields.pop("sessions", [])
    fields.setdefault("name", "Eettafel De Brug")
    fields.setdefault("themes", ["samen_eten", "eenzaamheid"])
    fields.setdefault("languages", ["nl"])
    made = Provision(area=area, **fields)
    return map_actions.add(provision=made, sessions=times, by=None)


def arrangement(request: Signal, team: Team, by: User) -> Arrangement:
    """An arrangement for a help request, with its themes as needs."""
    return arrangement_actions.begin(request=request, team=team, by=by)


def waiting(area: Area) -> Signal:
    """A signal from a resident that nobody looked at."""
    return signal(area, state=State.WAITING, source="resident")
