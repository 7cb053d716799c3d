"""A made-up municipality of any size in an empty database, quickly: teams, signals, questions, offers, the log."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import numpy as np
import polars as pl
from django.db import transaction
from django.utils import timezone
from numpy.random import Generator

from benchmarks.web import offers
from benchmarks.web.columns import copy
from schakel.synthetic import Plan, municipality
from schakel.synthetic.municipality import Municipality
from schakel_web.accounts.models import User
from schakel_web.audit.models import Event, Head
from schakel_web.demo.municipality import clean
from schakel_web.network.divisions import keep_division
from schakel_web.network.models import Area, Figure, Membership, Organisation, Team
from schakel_web.questions.models import Promise, QuestionSignal, SharedQuestion
from schakel_web.signals.models import Reply, Signal, SignalTheme, SignalWord, State, Word
from schakel_web.signals.receipts import hashed
from schakel_web.signals.tasks import taxonomy, words

AREAS, TEAMS, WEEKS = 300, 30, 260
TEXTS = 6000  # different sentences; a signal says one of those of its theme
SLIPS = 0.04  # share of signals with a typing error in it
CODES = 200  # signals with a receipt code that the load knows
ROLES = ("team_member", "team_member", "team_member", "process_owner", "coordinator")
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


@dataclass(frozen=True)
class Texts:
    """What signals say: sentences, the theme of each, and the words that it can be found by."""

    sentences: list[str]
    themes: list[str]
    words: list[frozenset[str]]


def code_of(number: int) -> str:
    """The receipt code of one of the first signals."""
    return f"LAADTEST{number:04d}"


def load(signals: int, *, texts: Texts | None = None, seed: int = 5) -> None:
    """Fill an empty, migrated database."""
    rng = np.random.default_rng(seed)
    made = _made_up(signals, seed=seed)
    said = texts or sentences(seed)
    names = {**made.districts, f"GM{made.plan.number}": made.plan.name}
    with transaction.atomic():
        keep_division(areas=made.areas, year=timezone.localdate().year, by=None, names=names)
        _figures(made)
        _people()
        _signals(made, said, rng)
        _questions(rng)
        offers.load(offers.PROVISIONS, rng)
        _log(signals, rng)


def _made_up(signals: int, *, seed: int, text: bool = False) -> Municipality:
    start = timezone.localdate() - timedelta(weeks=WEEKS)
    plan = Plan(
        areas=AREAS, districts=TEAMS, signals=float(signals), weeks=WEEKS, start=start, planted=12, risk_ratio=6.0,
        planted_minimum=20.0, seed=seed, text=text,
    )  # fmt: skip
    return municipality(plan)


def sentences(seed: int = 5) -> Texts:
    """Redacted sentences of a small municipality of the same kind (R4)."""
    made = _made_up(TEXTS, seed=seed + 1, text=True)
    rows = made.signals.filter(pl.col("text").is_not_null())
    with ProcessPoolExecutor() as pool:
        clear = list(pool.map(partial(clean, areas=frozenset(made.areas.names)), rows["text"], chunksize=200))
        found = list(pool.map(words, clear, chunksize=200))
    return Texts(clear, rows["theme"].to_list(), [frozenset(each) for each in found])


def _figures(made: Municipality) -> None:
    areas = dict(Area.objects.neighbourhoods().values_list("code", "pk"))
    Figure.objects.bulk_create(
        Figure(area_id=areas[code], year=2024, indicator="inwoners", value=float(people), status="made up", source="-")
        for code, people in zip(made.areas.codes, made.areas.population, strict=True)
    )  # fmt: skip


def _people() -> None:
    """A team in every district with five people who log in, and one person for each role without a team."""
    welfare = Organisation.objects.create(name="Welzijn Voorbeeldstad", kind="welfare")
    school = Organisation.objects.create(name="Basisschool De Brug", kind="education")
    school.areas.set(Area.objects.neighbourhoods())
    for number, district in enumerate(Area.objects.filter(kind="WK", current=True).order_by("code")):
        team = Team.objects.create(name=f"Wijkteam {district.name} {number}", organisation=welfare)
        team.areas.set(district.children.filter(current=True))
        for place, role in enumerate(ROLES):
            user = User(email=f"{role}{place}@team{number}.example", name=f"{role} {place}", password="!")
            user.save()
            Membership.objects.create(user=user, role=role, team=team)
    for role in ("policy_officer", "researcher", "administrator", "partner"):
        user = User(email=f"{role}@example.example", name=role, password="!")
        user.save()
        Membership.objects.create(user=user, role=role, organisation=school if role == "partner" else None)


def _signals(made: Municipality, said: Texts, rng: Generator) -> None:
    areas = {code: pk for code, pk in Area.objects.neighbourhoods().values_list("code", "pk")}
    rows = made.signals.filter(pl.col("date") <= timezone.localdate()).sort("date", "signal")
    rows = rows.with_columns(number=pl.col("signal").rank("dense").cast(pl.Int64))
    whole = rows.group_by("number", maintain_order=True).agg(
        pl.col("date", "area", "people", "source", "reporter").first(), pl.col("theme")
    )
    whole = whole.sort("date").with_row_index("id", 1).with_columns(pl.col("id").cast(pl.Int64))
    chosen = _chosen(whole["theme"].list.first(), said, rng)
    text, found = _with_slips(chosen, said, rng)
    sensitive, place = list(taxonomy().sensitive), pl.col("area").replace_strict(areas)
    copy(
        Signal,
        whole.select(
            "id", "date", "people", "source",
            area_id=place,
            text=text,
            state=_states(whole.height, rng),
            sensitive=pl.col("theme").list.eval(pl.element().is_in(sensitive)).list.any(),
            reporter_id=_reporters(whole.select(place).to_series(), rng),
            receipt=pl.Series(_receipts(whole.height)),
            created=pl.col("date").cast(pl.Datetime("us", "UTC")) + pl.duration(hours=11),
            organisation_id=_partners(whole.height, rng),
            team_id=pl.lit(None, pl.Int64),
        ).with_columns(counted=pl.col("created"), since=pl.col("created")),
    )  # fmt: skip
    copy(
        SignalTheme,
        whole.select(signal_id="id", theme="theme", area_id=place)
        .explode("theme")
        .unique(maintain_order=True),
    )
    vocabulary = sorted(set().union(*found))
    numbers = {word: place for place, word in enumerate(vocabulary, 1)}
    copy(Word, pl.DataFrame({"id": range(1, len(vocabulary) + 1), "word": vocabulary}))
    index = pl.Series("word_id", [sorted(numbers[w] for w in each) for each in found], pl.List(pl.Int64))
    copy(
        SignalWord, whole.select(signal_id="id", word_id=index, area_id=place).explode("word_id").drop_nulls()
    )
    _replies(whole, rng)


def _chosen(themes: pl.Series, said: Texts, rng: Generator) -> list[int]:
    """For every signal the number of a sentence of its theme."""
    of: dict[str, list[int]] = {}
    for number, theme in enumerate(said.themes):
        of.setdefault(theme, []).append(number)
    every = list(range(len(said.themes)))
    draws = rng.random(len(themes))
    return [
        (own := of.get(theme, every))[int(draw * len(own))]
        for theme, draw in zip(themes.to_list(), draws, strict=True)
    ]


def _with_slips(chosen: list[int], said: Texts, rng: Generator) -> tuple[pl.Series, list[frozenset[str]]]:
    """The text of every signal and its words; in some one letter is another one, as people type."""
    texts, found = [said.sentences[n] for n in chosen], [said.words[n] for n in chosen]
    for place in np.flatnonzero(rng.random(len(chosen)) < SLIPS):
        letters = list(texts[place])
        spot = int(rng.integers(len(letters)))
        if letters[spot].isalpha():
            letters[spot] = str(rng.choice(_LETTERS))
            texts[place] = "".join(letters)
            found[place] = frozenset(words(texts[place]))
    return pl.Series(texts), found


def _states(number: int, rng: Generator) -> pl.Series:
    """Nearly all count; some of the newest wait, some were withdrawn."""
    states = np.full(number, str(State.ACCEPTED), dtype=object)
    states[rng.random(number) < 0.01] = str(State.WITHDRAWN)
    newest = np.arange(number) >= number - 600
    states[newest & (rng.random(number) < 0.2)] = str(State.WAITING)
    states[:CODES] = str(State.ACCEPTED)
    return pl.Series(states.tolist())


def _reporters(areas: pl.Series, rng: Generator) -> pl.Series:
    """One of the people of the team of the area."""
    people: dict[int, list[int]] = {}
    for user, team in Membership.objects.exclude(team=None).values_list("user", "team"):
        people.setdefault(int(team or 0), []).append(user)
    team_of = dict(Area.teams.through.objects.values_list("area", "team"))
    places = rng.integers(0, len(ROLES), len(areas))
    return pl.Series(
        [people[team_of[a]][p] for a, p in zip(areas.to_list(), places, strict=True)], dtype=pl.Int64
    )


def _partners(number: int, rng: Generator) -> pl.Series:
    school = Organisation.objects.get(kind="education").pk
    return pl.Series([school if draw < 0.02 else None for draw in rng.random(number)], dtype=pl.Int64)


def _receipts(number: int) -> list[str]:
    known = [hashed(code_of(n)) for n in range(min(CODES, number))]
    return known + [hashlib.sha256(str(n).encode()).hexdigest() for n in range(len(known), number)]


def _replies(whole: pl.DataFrame, rng: Generator) -> None:
    """One in twenty signals was answered, two weeks later; many with the same sentence."""
    answered = whole.filter(pl.Series(rng.random(whole.height) < 0.05))
    sentences = [f"Wij bespraken dit in het overleg, en doen er dit aan ({n})." for n in range(400)]
    drawn = rng.integers(0, len(sentences), answered.height)
    copy(
        Reply,
        answered.select(
            signal_id="id",
            text=pl.Series([sentences[n] for n in drawn]),
            by_id=pl.lit(None, pl.Int64),
            at=pl.col("date").cast(pl.Datetime("us", "UTC")) + pl.duration(days=3),
        ),
    )


def _questions(rng: Generator) -> None:
    """Ten shared questions a team, each with an action and thirty signals."""
    themes = [theme.id for theme in taxonomy().themes if not theme.sensitive]
    states = ("suspected", "explored", "confirmed", "taken_up", "answered", "parked")
    for team in Team.objects.prefetch_related("areas"):
        members = list(Membership.objects.filter(team=team).values_list("user", flat=True))
        numbers = list(
            Signal.objects.filter(area__in=team.areas.all())
            .order_by("-pk")
            .values_list("pk", flat=True)[:300]
        )
        for n in range(10):
            question = SharedQuestion.objects.create(
                text=f"Wij willen elkaar hier vaker ontmoeten ({n}).", theme=str(rng.choice(themes)),
                state=states[n % len(states)], team=team, owner_id=members[n % len(members)],
                checked=timezone.localdate(),
            )  # fmt: skip
            question.areas.set(list(team.areas.all())[:3])
            Promise.objects.create(
                question=question, what="Een kop koffie drinken met de bewoners", who_id=members[n % len(members)],
                due=timezone.localdate() + timedelta(days=n - 3),
            )  # fmt: skip
            QuestionSignal.objects.bulk_create(
                QuestionSignal(question=question, signal_id=pk) for pk in numbers[n * 30 : n * 30 + 30]
            )


def _log(number: int, rng: Generator) -> None:
    """As many lines in the log as there are signals; a seal of its own for each, as nobody verifies them here."""
    begin = timezone.now() - timedelta(days=700)
    seconds = np.sort(rng.integers(0, 700 * 86_400, number))
    actions = ("signals.read", "signals.search", "signals.give", "questions.read")
    copy(
        Event,
        pl.DataFrame(
            {
                "at": pl.Series([begin.replace(tzinfo=None)] * 1).repeat_by(number).explode()
                + pl.Series(seconds * 1_000_000).cast(pl.Duration("us")),
                "actor": rng.integers(1, 150, number),
                "action": pl.Series(actions).gather(pl.Series(rng.integers(0, len(actions), number))),
                "record": "signals.Signal",
                "number": pl.Series(rng.integers(1, number + 1, number)).cast(pl.String),
                "outcome": "read", "role": "user", "facts": "{}",
                "seal": "0" * 64,
            }
        ),
    )  # fmt: skip
    Head.objects.update_or_create(pk=1, defaults={"first": "0" * 64, "last": "0" * 64, "length": number})
