"""More of everything: so that a page with ten rows can be compared with one of a hundred."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from schakel_web.arrangements.models import Arrangement, Choice, Component, Remark, Scaling
from schakel_web.audit.chain import record
from schakel_web.network.models import Area, Invitation, Membership, Organisation, Team
from schakel_web.privacy.models import Removal
from schakel_web.questions.models import (
    Check,
    Decision,
    Dismissal,
    Look,
    Meeting,
    Promise,
    QuestionSignal,
    Run,
    RunState,
    SharedQuestion,
    Sighting,
    Sparring,
    Step,
)
from schakel_web.signals.models import Clarification, Reply, Signal, Weighing
from schakel_web.socialmap import actions as map_actions
from schakel_web.socialmap.models import (
    Confirmation,
    Doubt,
    Draft,
    DraftRow,
    MapEvent,
    PathTask,
    PositionChange,
    Provision,
    Session,
)
from schakel_web.socialmap.tasks import exchange, to_record
from tests.factories import city as make
from tests.factories.city import City


def more(city: City, number: int) -> None:
    """`number` more of whatever a page of team 0, its partner or the administrator can list, linked to each other."""
    begin = Signal.objects.count()
    for n in range(begin, begin + number):
        area = city.areas[n % 3]
        signal = make.signal(
            area, text=f"De lift in flat {n} is kapot.", reporter=city["coordinator"],
            organisation=city.organisations["School"],
        )  # fmt: skip
        make.waiting(area)
        _about(city, make.signal(area, kind="request"), signal)
        question = make.question(city.teams[0], [area], city["member"], text=f"Vraag {n}")
        _around(city, question, signal, n)
        make.question(city.teams[0], [area], city["member"], state="answered")
        for shown in (True, False):
            found = make.pattern([area, city.areas[(n + 1) % 3]], shown=shown)
            _seen_before(found)
            Dismissal.objects.create(pattern=found, reason="known", by=city["mate"])
        _meeting(city, question, n)
        _network(city, n)
        _map(city, n)
        _plan(city, n)
        Removal.objects.create(rule="signal_text", before=timezone.now(), number=n + 1)
        record(action="signals.read", subject=signal, by=city["member"])


def _about(city: City, *signals: Signal) -> None:
    for signal in signals:
        Clarification.objects.create(signal=signal, wish="Vaker samen eten.")
        Weighing.objects.create(signal=signal, route="combination", collective_first=True, by=city["mate"])
        Reply.objects.create(signal=signal, text=f"Wij kijken ernaar, {signal.pk}.", by=city["member"])


def _around(city: City, question: SharedQuestion, signal: Signal, n: int) -> None:
    """What hangs on a question; the first one gets some of everything each time."""
    first = SharedQuestion.objects.earliest("pk")
    for about in (question, first):
        Step.objects.create(question=about, after="explored", by=city["mate"])
        Check.objects.create(
            question=about, date="2026-01-05", how="samen gegeten", people=4, said="ja", result="recognised",
            by=city["member"],
        )  # fmt: skip
        Promise.objects.create(
            question=about, what=f"Bellen {n}", who=city["coordinator"], due=timezone.localdate()
        )
        Sparring.objects.create(
            question=about, to=city.organisations["School"], kind="sparring", asked="Denkt u mee?",
            by=city["member"],
        )  # fmt: skip
    for number in {question.pk, first.pk}:
        QuestionSignal.objects.create(question_id=number, signal=signal)
    oldest = Signal.objects.earliest("pk")
    QuestionSignal.objects.get_or_create(question=question, signal=oldest)
    Reply.objects.create(signal=oldest, text=f"Wij gaan erover praten, {n}.", by=city["mate"])


def _seen_before(pattern: Any) -> None:
    run = Run.objects.create(state=RunState.DONE, cutoff=timezone.now(), parameters={}, version="0")
    Run.objects.create(state=RunState.DONE, cutoff=timezone.now(), again=run, digest="a")
    latest = pattern.latest
    earlier = Sighting.objects.get(pk=latest.pk)
    earlier.pk, earlier.run, earlier.observed = None, run, 3
    earlier.save()


def _meeting(city: City, question: SharedQuestion, n: int) -> None:
    """A meeting of before; and a decision in the one that is on and in the first of all."""
    before = timezone.now() - timedelta(days=7)
    meeting = Meeting.objects.create(team=city.teams[0], date="2026-01-05", closed=before)
    on, _new = Meeting.objects.get_or_create(team=city.teams[0], closed=None, defaults={"date": "2026-01-12"})
    for each in {meeting, on, Meeting.objects.earliest("pk")}:
        Decision.objects.create(meeting=each, question=question, text=f"Besluit {n}", by=city["mate"])
        Decision.objects.create(
            meeting=each, pattern=make.pattern([city.areas[0]]), text="Doen", by=city["mate"]
        )


def _network(city: City, n: int) -> None:
    somebody = make.user(f"collega{n}", "team_member", team=city.teams[0])
    organisation = Organisation.objects.create(name=f"Club {n}", kind="club")
    organisation.areas.add(city.areas[0])
    team = Team.objects.create(name=f"Team erbij {n}", organisation=organisation)
    area = Area.objects.create(
        code=f"BU9002{n:04d}", year=2026, kind="BU", name=f"Buurt {n}", parent=city.areas[0].parent
    )
    team.areas.add(area)
    Membership.objects.create(user=somebody, role="coordinator", team=team)
    city.teams[0].areas.add(area)
    for indicator in ("inwoners", f"kenmerk {n}"):
        city.areas[0].figures.update_or_create(
            year=2020 + n % 7,
            indicator=indicator,
            defaults={"value": 5.0, "status": "published", "source": "CBS"},
        )
    Invitation.objects.create(
        email=f"nieuw{n}@stad.nl", name="Nieuw", role="coordinator", team=team, key=f"{n:064d}",
        by=city["administrator"], expires=timezone.now() + timedelta(days=3),
    )  # fmt: skip


def _map(city: City, n: int) -> None:
    """Provisions that are there, stale, lost; the first one gets some of everything each time."""
    tuesday = Session(first=timezone.localdate(), rule="FREQ=WEEKLY;BYDAY=TU", start=840)
    area, school = city.areas[n % 3], city.organisations["School"]
    made = make.provision(
        area, name=f"Groep {n:03d}", organisation=school, sessions=[tuesday], keeper=city["member"]
    )
    lost = make.provision(area, name=f"Weg {n}", kind="place")
    map_actions.change_state(provision=lost, version=0, to="closed", why="dicht", by=city["mate"])
    old = make.provision(area, name=f"Oud {n}", checked=timezone.localdate() - timedelta(days=200))
    draft, _new = Draft.objects.get_or_create(name="gids.csv", by=city["coordinator"])
    DraftRow.objects.create(draft=draft, what="likely", match=made, values=exchange.row_of(to_record(made)))
    Look.objects.create(
        question=SharedQuestion.objects.earliest("pk"), result="build", reason=f"nog niets {n}"
    )
    for about in {made, old, Provision.objects.earliest("pk")}:
        Doubt.objects.create(provision=about, what="times")
        PathTask.objects.create(provision=about, what=f"Praten {n}", who=city["mate"], due="2026-12-01")
        PositionChange.objects.create(
            provision=about, approach=0.5, formality=0.5, spread=0.1, why=f"zo {n}", by=city["mate"]
        )
        Confirmation.objects.create(provision=about, how="screen", by=city["mate"])
        MapEvent.objects.create(provision=about, what="paused", kind="group", by=city["mate"])


def _plan(city: City, n: int) -> None:
    """Arrangements; the first one gets some of everything each time."""
    plan = make.arrangement(make.signal(city.areas[n % 3], kind="request"), city.teams[0], city["mate"])
    offer = Provision.objects.latest("pk")
    for about in {plan, Arrangement.objects.earliest("pk")}:
        Component.objects.create(
            arrangement=about,
            kind="collectief_aanbod",
            provision=offer,
            title=offer.name,
            themes=["eenzaamheid"],
        )
        Component.objects.create(arrangement=about, kind="eigen_inzet", title=f"Wandelen {n}")
        Choice.objects.create(arrangement=about, what="add", title=f"Wandelen {n}", by=city["mate"])
        Scaling.objects.create(
            arrangement=about, direction="down", reason=f"het gaat beter {n}", by=city["mate"]
        )
        Remark.objects.create(arrangement=about, text=f"Fijn {n}", resident=True)
