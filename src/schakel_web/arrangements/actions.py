"""Every write of this room: in one transaction, with a line in the log without content. Words hold no personal data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.arrangements import tasks
from schakel_web.arrangements.models import Arrangement, Choice, Component, Kind, Remark, Scaling, State, What
from schakel_web.audit.chain import record
from schakel_web.network.models import Team
from schakel_web.network.versions import ConflictError, claim
from schakel_web.signals.actions import refuse_personal_data
from schakel_web.signals.models import Signal
from schakel_web.socialmap.models import Provision

_COLLECTIVE = 0.5  # from here on the scale something is done together


def begin(*, request: Signal, team: Team, by: User) -> Arrangement:
    """Start one for a help request, with its themes; the one that is going on goes on."""
    rows = Arrangement.objects.going().filter(request=request)
    if going := rows.first():
        return going
    try:
        return _begun(request=request, team=team, by=by)
    except IntegrityError:  # somebody else began at the same moment
        return rows.get()


def _begun(*, request: Signal, team: Team, by: User) -> Arrangement:
    clarified = getattr(request, "clarification", None)
    made = Arrangement(
        request=request,
        team=team,
        goal=(clarified.wish if clarified else "")[:500],
        needs=[{"theme": t.theme, "weight": 1, "must": False} for t in request.themes.all()],
        by=by,
    )
    try:
        with transaction.atomic():
            made.save()
            record(action="arrangements.begin", subject=made, by=by)
    except IntegrityError:  # somebody else began at the same moment
        return Arrangement.objects.going().get(request=request)
    return made


def set_frame(*, arrangement: Arrangement, version: int, by: User, **values: Any) -> None:
    """What the resident wants to reach, works on, wishes and cannot; until when, or without an end (S032)."""
    refuse_personal_data(values.get("goal", ""))
    with transaction.atomic():
        claim(arrangement, version)
        Arrangement.objects.filter(pk=arrangement.pk).update(**values, changed=timezone.now())
        _again(arrangement)
        record(action="arrangements.frame", subject=arrangement, by=by)


def _again(arrangement: Arrangement) -> None:
    """Whatever changes after the resident agreed, is for the resident to agree with again (S107).

    What runs goes on meanwhile: nobody loses support because something was added.
    """
    rows = Arrangement.objects.filter(pk=arrangement.pk)
    rows.filter(state=State.AGREED).update(state=State.DRAFT)
    rows.update(agreed=None, changed=timezone.now())


def _hold(arrangement: Arrangement) -> None:
    """Let nobody else change it until this is kept. ConflictError when the resident took it back (R14)."""
    rows = Arrangement.objects.select_for_update(no_key=True).exclude(state=State.WITHDRAWN)
    if not rows.filter(pk=arrangement.pk).exists():
        raise ConflictError


def suggest(*, arrangement: Arrangement, by: User) -> dict[str, Any]:
    """Let the library compose, and keep what it said with its version and question (R10, R11)."""
    found = tasks.compose_for(arrangement)
    with transaction.atomic():
        _hold(arrangement)
        Arrangement.objects.filter(pk=arrangement.pk).update(
            suggestion=found
            | {"needs": arrangement.needs, "wishes": arrangement.wishes, "weights": arrangement.weights}
        )
        record(action="arrangements.suggest", subject=arrangement, by=by, found=len(found["combinations"]))
    return found


def accept(
    *, arrangement: Arrangement, version: int, made: str, number: int, reason: str, by: User
) -> tuple[int, int]:
    """Take over a suggested combination as the starting point: how many parts were added, how many are gone meanwhile.

    ConflictError when the suggestion that somebody saw, by when it was `made`, is not the one that is kept, or when
    something else is asked since: nobody takes over what they did not see (R10).
    """
    refuse_personal_data(reason)
    with transaction.atomic():
        claim(arrangement, version)
        held = Arrangement.objects.get(pk=arrangement.pk)
        if held.suggestion.get("made") != made or held.suggestion_is_old:
            raise ConflictError
        parts = held.suggestion["combinations"][number]["parts"]
        rows = Provision.objects.there().filter(identifier__in=[part["id"] for part in parts])
        known = {p.identifier: p for p in rows}
        there = set(arrangement.components.filter(removed=None).values_list("provision", flat=True))
        added = 0
        for part in parts:
            provision = known.get(part["id"])
            if provision is None or provision.pk in there:
                continue
            _part_of(arrangement, provision, themes=part["themes"], suggested=True).save()
            _choice(arrangement, What.ACCEPT, title=part["name"], by=by, provision=provision, reason=reason)
            added += 1
        _again(arrangement)
        record(action="arrangements.accept", subject=arrangement, by=by, number=number, added=added)
    return added, len(parts) - len(known)


def reject(
    *, arrangement: Arrangement, provision: Provision | None, title: str, reason: str, by: User
) -> None:
    """Leave a suggested part, or all of it, with a reason (R10)."""
    refuse_personal_data(reason)
    with transaction.atomic():
        _hold(arrangement)
        _choice(arrangement, What.REJECT, title=title, by=by, provision=provision, reason=reason)
        record(action="arrangements.reject", subject=arrangement, by=by)


def _part_of(
    arrangement: Arrangement, provision: Provision, *, themes: list[str], suggested: bool
) -> Component:
    return Component(
        arrangement=arrangement,
        kind=Kind.COLLECTIVE if provision.approach >= _COLLECTIVE else Kind.PROVISION,
        provision=provision,
        title=provision.name,
        themes=themes,
        payer=provision.payers[0] if len(provision.payers) == 1 else "",
        suggested=suggested,
    )


def _choice(
    arrangement: Arrangement,
    what: What,
    *,
    title: str,
    by: User,
    provision: Provision | None,
    reason: str = "",
) -> None:
    Choice(
        arrangement=arrangement,
        what=what,
        title=title[:200],
        provision=provision,
        reason=reason.strip(),
        by=by,
    ).save()


def _noted(component: Component, what: What, reason: str, by: User) -> None:
    _choice(
        component.arrangement,
        what,
        title=component.title,
        by=by,
        provision=component.provision,
        reason=reason,
    )


def add_offer(*, arrangement: Arrangement, version: int, provision: Provision, by: User) -> Component:
    """Put something of the map in it. IntegrityError when it is in it already."""
    themes = [each["theme"] for each in arrangement.needs if each["theme"] in provision.themes]
    with transaction.atomic():
        claim(arrangement, version)
        made = _part_of(arrangement, provision, themes=themes, suggested=False)
        made.save()
        _choice(arrangement, What.ADD, title=made.title, by=by, provision=provision)
        _again(arrangement)
        record(action="arrangements.add", subject=arrangement, by=by, kind=made.kind)
    return made


def add_part(*, arrangement: Arrangement, version: int, by: User, **values: Any) -> Component:
    """Put in something that is on no map: support for one person, own network, own contribution (S018, S033)."""
    refuse_personal_data(values["title"], values.get("goal", ""), values.get("handover", ""))
    with transaction.atomic():
        claim(arrangement, version)
        made = Component(arrangement=arrangement, **values)
        made.save()
        _choice(arrangement, What.ADD, title=made.title, by=by, provision=None)
        _again(arrangement)
        record(action="arrangements.add", subject=arrangement, by=by, kind=made.kind)
    return made


def change_part(*, component: Component, version: int, by: User, reason: str = "", **values: Any) -> None:
    """Other words, times, hours or costs. A part that was suggested is then adapted, with a reason (R10)."""
    refuse_personal_data(values.get("title", ""), values.get("goal", ""), values.get("handover", ""), reason)
    with transaction.atomic():
        claim(component.arrangement, version)
        Component.objects.filter(pk=component.pk).update(**values)
        if component.suggested and reason:
            _noted(component, What.ADAPT, reason, by)
        _again(component.arrangement)
        record(action="arrangements.change", subject=component.arrangement, by=by, part=component.pk)


def remove_part(*, component: Component, version: int, reason: str, by: User) -> None:
    """Take a part out, with a reason; it stays visible as what was tried."""
    refuse_personal_data(reason)
    with transaction.atomic():
        claim(component.arrangement, version)
        Component.objects.filter(pk=component.pk).update(removed=timezone.now())
        _noted(component, What.REMOVE, reason, by)
        _again(component.arrangement)
        record(action="arrangements.remove", subject=component.arrangement, by=by, part=component.pk)


def follow_part(
    *, component: Component, outcome: str, outcome_text: str, handed: date | None, by: User
) -> None:
    """What a part brought this person, in their words (S011), and whether the hand-over was done."""
    refuse_personal_data(outcome_text)
    with transaction.atomic():
        _hold(component.arrangement)
        Component.objects.filter(pk=component.pk).update(
            outcome=outcome, outcome_text=outcome_text.strip(), handed=handed
        )
        record(action="arrangements.follow", subject=component.arrangement, by=by, part=component.pk)


def scale(*, arrangement: Arrangement, direction: str, reason: str, by: User) -> Scaling:
    """Up or down, with a reason; both ways are as normal (S034)."""
    refuse_personal_data(reason)
    with transaction.atomic():
        _hold(arrangement)
        made = Scaling(arrangement=arrangement, direction=direction, reason=reason.strip(), by=by)
        made.save()
        record(action="arrangements.scale", subject=arrangement, by=by, direction=direction)
    return made


def remark(*, arrangement: Arrangement, text: str, by: User | None) -> Remark:
    """Somebody says something about it; without an account it is the resident."""
    refuse_personal_data(text)
    with transaction.atomic():
        _hold(arrangement)
        made = Remark(arrangement=arrangement, text=text.strip(), by=by, resident=by is None)
        made.save()
        record(action="arrangements.remark", subject=arrangement, by=by)
    return made


def agree(*, arrangement: Arrangement, version: int) -> None:
    """The resident agrees with what was on the screen; only the resident can (S107). What runs goes on."""
    with transaction.atomic():
        claim(arrangement, version, state__in=[State.DRAFT, State.AGREED, State.RUNNING])
        rows = Arrangement.objects.filter(pk=arrangement.pk)
        rows.filter(state=State.DRAFT).update(state=State.AGREED)
        rows.update(agreed=timezone.now())
        record(action="arrangements.agree", subject=arrangement, by=None)


def move(*, arrangement: Arrangement, version: int, to: str, by: User) -> None:
    """It runs, or is over. It runs only when the resident agreed: ValueError. IntegrityError when another goes on."""
    rows = Arrangement.objects.filter(pk=arrangement.pk)
    with transaction.atomic():
        claim(arrangement, version)
        if to == State.RUNNING and not rows.exclude(agreed=None).exists():
            raise ValueError("The resident did not agree yet (S107).")
        rows.update(state=to, changed=timezone.now())
        record(action="arrangements.move", subject=arrangement, by=by, to=to)


def withdraw(*, arrangement: Arrangement) -> None:
    """The resident takes the plan back: all words of it go, also those that somebody writes just now (R14, S107)."""
    with transaction.atomic():
        Arrangement.objects.filter(pk=arrangement.pk).update(
            state=State.WITHDRAWN, goal="", needs=[], wishes={}, weights={}, suggestion={}, agreed=None,
            open_ended=False, ends=None, review=None, version=F("version") + 1,
        )  # fmt: skip
        Component.objects.filter(arrangement=arrangement).delete()
        Remark.objects.filter(arrangement=arrangement).delete()
        Choice.objects.filter(arrangement=arrangement).delete()
        Scaling.objects.filter(arrangement=arrangement).delete()
        record(action="arrangements.withdraw", subject=arrangement, by=None)
