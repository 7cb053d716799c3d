"""Provisions made at random, of all kinds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from schakel.provisions import (
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
    Provision,
    Session,
    Status,
)  # fmt: skip
from schakel.redaction import redact

#: Words that name nobody: whoever is named in a text does not come in (R4).
WORDS = (
    st.text("abcdefghijklmnopqrstuvwxyzéÀ &;,'\"", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text and not redact(text).spans)
)
UNIT = st.floats(0, 1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
RULES = st.sampled_from(
    (
        "",
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
        "FREQ=MONTHLY;BYDAY=2WE",
        "FREQ=DAILY",
        "BYDAY=TU;FREQ=WEEKLY",
        "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=4",
        "FREQ=WEEKLY;COUNT=8",
    )
)


def some(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=3).map(tuple)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    first = draw(DAYS)
    until = draw(st.none() | st.integers(400, 900).map(lambda days: first + timedelta(days=days)))
    free = draw(st.lists(st.integers(500, 600), unique=True, max_size=2))
    return Session(
        first=first,
        rule=draw(RULES),
        start=draw(st.integers(0, 1439)),
        minutes=draw(st.integers(1, 1440)),
        until=until,
        except_on=tuple(first + timedelta(days=days) for days in free),
    )


@st.composite
def places(draw: st.DrawFn) -> Place:
    known = draw(st.booleans())
    return Place(
        area=draw(st.sampled_from((None, "BU03440101"))),
        x=draw(st.floats(130_000, 140_000)) if known else None,
        y=draw(st.floats(450_000, 460_000)) if known else None,
        name=draw(WORDS | st.just("")),
        address=draw(WORDS | st.sampled_from(("", "Kerkstraat 1, 1234 AB Dorp", "Kerkstraat 1, Dorp"))),
    )


@st.composite
def provisions(draw: st.DrawFn) -> Provision:
    low = draw(st.floats(0, 500))
    return Provision(
        id=draw(st.uuids().map(str) | WORDS),
        name=draw(WORDS),
        position=Position(draw(UNIT), draw(UNIT), draw(UNIT), draw(WORDS), draw(WORDS)),
        legal_type=draw(st.sampled_from(LegalType)),
        organisation=draw(WORDS | st.just("")),
        description=draw(WORDS | st.just("")),
        themes=draw(some(("eenzaamheid", "samen_eten", "vallen", "eigen_thema"))),
        layer=draw(st.sampled_from(Layer)),
        payers=draw(some(Payer)),
        access=draw(st.sampled_from(Access)),
        decision=draw(st.booleans()),
        personal_budget=draw(st.booleans()),
        law=draw(WORDS | st.just("")),
        prevention=draw(st.sampled_from(Prevention)),
        factors=draw(st.lists(WORDS, max_size=2, unique=True).map(tuple)),
        goals=draw(some(Goal)),
        capital=draw(some(Capital)),
        life_phases=draw(some(("kind", "jongere"))),
        place=draw(places()),
        reach_km=draw(st.none() | st.floats(0.1, 50)),
        serves=draw(some(("GM0344", "WK034401", "BU03440101"))),
        sessions=tuple(draw(st.lists(sessions(), max_size=3))),
        group=draw(st.sampled_from(((1, 1), (4, 12)))),
        capacity=draw(st.none() | st.integers(0, 100)),
        free=draw(st.none() | st.integers(0, 100)),
        hours=draw(st.none() | st.floats(0, 40)),
        price=draw(st.none() | st.just(PriceRange(low, low + 5, "B", 2024, "bron"))),
        resident_cost=draw(st.none() | st.floats(0, 90)),
        languages=draw(st.sampled_from((("nl",), ("nl", "ar"), ("tr",)))),
        wheelchair=draw(st.none() | st.booleans()),
        easy_read=draw(st.none() | st.booleans()),
        barriers=draw(some(("geld", "trap"))),
        agreements=draw(st.lists(WORDS, max_size=2, unique=True).map(tuple)),
        iwmo=draw(st.sampled_from(("", "02"))),
        upl=draw(st.sampled_from(("", "http://standaarden.overheid.nl/owms/terms/dagopvang"))),
        website=draw(st.sampled_from(("", "https://voorbeeld.nl"))),
        email=draw(st.sampled_from(("", "groep@voorbeeld.nl"))),
        phone=draw(st.sampled_from(("", "0851234567"))),
        checked=draw(st.none() | DAYS),
        check_days=draw(st.integers(1, 400)),
        template=draw(st.sampled_from(("", "wandelgroep"))),
        in_publication=draw(st.booleans()),
        line=draw(st.sampled_from((None, 0, 1, 2))),
        words=draw(st.lists(WORDS, max_size=2, unique=True).map(tuple)),
        organisation_id="",
        owner_email=draw(st.sampled_from(("", "beheer@voorbeeld.nl"))),
        youngest=draw(st.none() | st.integers(0, 20)),
        oldest=draw(st.none() | st.integers(20, 99)),
        status=draw(st.sampled_from(Status)),
    )
