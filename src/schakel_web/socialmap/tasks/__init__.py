"""What the library says about provisions (DESIGN §4: only tasks call it)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from schakel.provisions import land
from schakel.provisions.hsds.texts import people_in
from schakel.provisions.provision import (
    Access,
    Capital,
    Goal,
    Layer,
    LegalType,
    Payer,
    Place,
    Position,
    Prevention,
    PriceRange,
    Status,
)
from schakel.provisions.provision import Provision as Record
from schakel.provisions.provision import Session as Times
from schakel.provisions.schedule import Occurrence, last_day, over, rule_problem
from schakel.provisions.schedule import next_dates as coming
from schakel.provisions.templates import load_templates
from schakel.provisions.vocabulary import legal_properties
from schakel_web.network.names import area_names
from schakel_web.signals.tasks import label
from schakel_web.socialmap.models import Provision, Session
from schakel_web.socialmap.models.choices import State
from schakel_web.socialmap.models.provisions import new_identifier
from schakel_web.socialmap.tasks.words import word_facets

#: End of each part of the day, in minutes after midnight.
_PARTS = ((6 * 60, "nacht"), (12 * 60, "ochtend"), (18 * 60, "middag"), (24 * 60, "avond"))
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def who_is_named(text: str, *, of: str) -> list[str]:
    """What in a text about a provision tells who somebody is (R4); where people can turn to may be in it."""
    return list(dict.fromkeys(span.text for span in people_in(text, of=of, places=area_names())))


def times_of(session: Session) -> Times:
    """A fixed time as the library has it."""
    return Times(
        first=session.first,
        rule=session.rule,
        start=session.start,
        minutes=session.minutes,
        until=session.until,
        except_on=tuple(date.fromisoformat(day) for day in session.except_on),
    )


def to_record(provision: Provision) -> Record:
    """A provision as the library has it; `sessions` and `area` are best fetched beforehand."""
    p = provision
    price = None
    if p.price_low is not None and p.price_high is not None:
        price = PriceRange(p.price_low, p.price_high, p.price_basis, p.price_level, p.price_note)
    return Record(
        id=p.identifier,
        name=p.name,
        position=Position(p.approach, p.formality, p.spread, p.why_here, p.provenance),
        legal_type=LegalType(p.legal_type),
        organisation=p.run_by,
        description=p.description,
        themes=tuple(p.themes),
        layer=Layer(p.layer),
        payers=tuple(Payer(v) for v in p.payers),
        access=Access(p.access),
        decision=p.decision,
        personal_budget=p.personal_budget,
        law=p.law,
        prevention=Prevention(p.prevention),
        factors=tuple(p.factors),
        goals=tuple(Goal(v) for v in p.goals),
        capital=tuple(Capital(v) for v in p.capital),
        life_phases=tuple(p.life_phases),
        place=Place(p.area.code if p.area else None, p.x, p.y, p.place_name, p.address),
        reach_km=p.reach_km,
        serves=tuple(p.serves),
        sessions=tuple(times_of(s) for s in p.sessions.all()),
        group=(p.group_from, p.group_to),
        capacity=p.capacity,
        free=p.free,
        hours=p.hours,
        price=price,
        resident_cost=None if p.resident_cost is None else float(p.resident_cost),
        languages=tuple(p.languages),
        wheelchair=p.wheelchair,
        easy_read=p.easy_read,
        barriers=tuple(p.barriers),
        agreements=tuple(p.agreements),
        iwmo=p.iwmo,
        upl=p.upl,
        website=p.website,
        email=p.email,
        phone=p.phone,
        checked=p.checked,
        check_days=p.check_days,
        template=p.template,
        in_publication=p.in_publication,
        line=p.line,
        words=tuple(p.words),
        organisation_id=p.run_by_code or str(p.organisation_id or ""),
        owner_email=p.keeper_email,
        youngest=p.youngest,
        oldest=p.oldest,
        status=Status(p.state),
    )


def fields_of(record: Record) -> dict[str, Any]:
    """The fields of the model for a record; its area is still a code, its sessions apart (`sessions_of`)."""
    r, position, price, place = record, record.position, record.price, record.place
    return {
        "identifier": r.id, "name": r.name, "description": r.description, "run_by": r.organisation,
        "run_by_code": r.organisation_id,
        "approach": position.approach, "formality": position.formality, "spread": position.spread,
        "why_here": position.why, "provenance": position.provenance,
        "legal_type": r.legal_type.value, "access": r.access.value, "decision": r.decision,
        "personal_budget": r.personal_budget, "law": r.law, "payers": [v.value for v in r.payers],
        "themes": list(r.themes), "layer": r.layer.value, "prevention": r.prevention.value,
        "factors": list(r.factors), "goals": [v.value for v in r.goals], "capital": [v.value for v in r.capital],
        "life_phases": list(r.life_phases), "x": place.x, "y": place.y, "place_name": place.name,
        "address": place.address, "reach_km": r.reach_km, "serves": list(r.serves),
        "group_from": r.group[0], "group_to": r.group[1], "capacity": r.capacity, "free": r.free, "hours": r.hours,
        "price_low": price.low if price else None, "price_high": price.high if price else None,
        "price_basis": price.basis if price else "C", "price_level": price.price_level if price else 2024,
        "price_note": price.note if price else "", "resident_cost": r.resident_cost,
        "languages": list(r.languages), "wheelchair": r.wheelchair, "easy_read": r.easy_read,
        "barriers": list(r.barriers), "agreements": list(r.agreements), "iwmo": r.iwmo, "upl": r.upl,
        "website": r.website, "email": r.email, "phone": r.phone, "checked": r.checked,
        "check_days": r.check_days, "template": r.template, "in_publication": r.in_publication,
        "line": r.line, "words": list(r.words), "keeper_email": r.owner_email, "youngest": r.youngest,
        "oldest": r.oldest, "state": r.status.value,
    }  # fmt: skip


def sessions_of(record: Record, provision: Provision) -> list[Session]:
    """The fixed times of a record, not yet kept."""
    return [
        Session(
            provision=provision,
            first=s.first,
            rule=s.rule,
            start=s.start,
            minutes=s.minutes,
            until=s.until,
            except_on=[day.isoformat() for day in s.except_on],
        )
        for s in record.sessions
    ]


def ends_of(sessions: Iterable[Session]) -> date | None:
    """The last day of its times; None when it goes on, or no times are known."""
    return last_day([times_of(session) for session in sessions])


def days_of(session: Session) -> list[str]:
    """Days of the week on which something is, as in a recurrence rule: 'MO', 'TU' …"""
    parts = dict(part.split("=", 1) for part in session.rule.split(";") if "=" in part)
    if parts.get("BYDAY"):
        named = [day.strip()[-2:] for day in parts["BYDAY"].split(",")]
        return [day for day in _DAYS if day in named]
    if parts.get("FREQ") == "DAILY":
        return list(_DAYS)
    return [_DAYS[session.first.weekday()]]


def part_of_day(start: int) -> str:
    """Morning, afternoon, evening or night, by minutes after midnight."""
    return next(name for end, name in _PARTS if start < end)


def facets(provision: Provision, sessions: Iterable[Session]) -> set[tuple[str, str]]:
    """Everything a provision can be found by: (kind, value)."""
    found = {("theme", theme) for theme in provision.themes}
    found |= {("language", code) for code in provision.languages}
    found |= {("payer", payer) for payer in provision.payers}
    found |= {("phase", phase) for phase in provision.life_phases}
    for session in (s for s in sessions if not over([times_of(s)], timezone.localdate())):
        part = part_of_day(session.start)
        found |= {("day", day) for day in days_of(session)}
        found |= {("part", part), *(("part", f"{day}-{part}") for day in days_of(session))}
    names = [provision.name, *provision.words]
    texts = [provision.description, provision.run_by, provision.place_name, *map(label, provision.themes)]
    return found | word_facets(" . ".join(names), " . ".join(texts))


#: What the library expects of a recurrence rule, in Dutch.
_RULES = (
    (
        r".*gives at least one day",
        _l("Op deze manier is er geen enkele keer. Kies een andere dag of herhaling."),
    ),
    (r".*last day.*", _l("De laatste dag ligt voor de eerste.")),
    (r".*start between.*|.*a length.*", _l("Deze tijd kan niet.")),
    (r".*", _l("Deze herhaalregel kunnen wij niet lezen. Schrijf bijvoorbeeld FREQ=WEEKLY;BYDAY=TU.")),
)


#: What is wrong with a point, in Dutch.
_PLACES = {
    "swapped": _l("De coördinaten lijken omgewisseld: in Nederland is x kleiner dan y."),
    "degrees": _l("Dit lijken graden. Wij verwachten meters in het Rijksdriehoeksstelsel."),
    "outside": _l("Deze plek ligt in zee of in het buitenland."),
}


def session_problem(session: Session) -> str:
    """What is wrong with a fixed time, in Dutch; empty when nothing is."""
    expected = rule_problem(times_of(session))
    if not expected:
        return ""
    return str(next(dutch for pattern, dutch in _RULES if re.fullmatch(pattern, expected)))


def next_dates(provision: Provision) -> tuple[Occurrence, ...]:
    """The next three times of something that is there."""
    if provision.state != State.OPEN:
        return ()
    return coming(to_record(provision), after=timezone.localdate())


def legal_hint(provision: Provision) -> str:
    """What to think of with this legal type; never who has a right to it (S131, S135)."""
    if provision.legal_type not in {LegalType.TAILORED, LegalType.PRECEDING}:
        return ""
    return legal_properties(LegalType(provision.legal_type)).hint


@cache
def template_choices() -> list[tuple[str, str]]:
    """Usual provisions to begin with (S044–S049)."""
    return sorted(((t.provision.id, t.provision.name) for t in load_templates()), key=lambda each: each[1])


def from_template(key: str) -> Provision | None:
    """A new provision after a template; what is only known locally is left open."""
    found = next((t.provision for t in load_templates() if t.provision.id == key), None)
    if found is None:
        return None
    values = fields_of(found) | {"template": key, "identifier": new_identifier(), "checked": None}
    return Provision(**values)


def problems(values: dict[str, Any]) -> list[tuple[str, str]]:
    """What does not belong together in the attributes of a provision: (field, problem in Dutch)."""
    found: list[tuple[str, str]] = []
    get = values.get
    if get("decision") is False and get("legal_type") == LegalType.TAILORED.value:
        found.append(("decision", _("Bij een maatwerkvoorziening beslist de gemeente. Zet dit aan.")))
    for low, high, problem in (
        ("price_low", "price_high", _("Dit is lager dan het laagste bedrag.")),
        ("group_from", "group_to", _("Dit is kleiner dan de kleinste groep.")),
        ("youngest", "oldest", _("Dit is jonger dan de jongste leeftijd.")),
        ("free", "capacity", _("Er kunnen niet meer plaatsen vrij zijn dan er zijn.")),
    ):
        least, most = get(low), get(high)
        if least is not None and most is not None and most < least:
            found.append((high, problem))
    if (get("price_low") is None) != (get("price_high") is None):
        found.append(("price_high", _("Vul beide bedragen in, of geen van beide.")))
    for name in ("price_low", "price_high", "resident_cost", "hours", "reach_km"):
        value = get(name)
        if value is not None and value < 0:
            found.append((name, _("Dit kan niet lager zijn dan 0.")))
    if (get("x") is None) != (get("y") is None):
        found.append(("y", _("Vul x en y allebei in, of geen van beide.")))
    elif get("x") is not None and (wrong := land.wrong(values["x"], values["y"])):
        found.append(("x", str(_PLACES[wrong])))
    return found
