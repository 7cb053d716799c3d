"""What the reference programs found, read from the file of published answers, data set by data set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from schakel.validation import problems
from schakel.validation.comparison import Answer


@dataclass(frozen=True, slots=True)
class Case:
    """One detection to run, and what should come out of it."""

    problem: problems.Builder
    answers: tuple[Answer, ...]


_STOP = 50  # exceedances after which SaTScan stops, of 999 replicas
Outside = tuple[str, str, str]  # what, what they found, and why our methods do not give it
Reading = tuple[tuple[Case, ...], tuple[Outside, ...]]


def new_mexico(known: dict[str, Any]) -> Reading:
    """The expectation-based and the population-based Poisson scan of scanstatistics; what is not ours."""
    peer, published, based = known["peer"], known["published"], known["peer_population_based"]
    last = Answer(name="", end=date(1989, 12, 31))
    first = last.but(
        name="published cluster",
        areas=frozenset(published["mlc"]),
        start=date(1990 - published["duration"], 1, 1),
        statistic=peer["score"],
        risk=peer["relrisk"],
        chances=(
            (published["mc_p_999"], 999),
            (peer["mc_p_999_seed1"], 999),
            (peer["mc_p_9999"], 9999),
        ),
        gumbel=(published["gumbel_p"], peer["gumbel_p_999"]),
    )
    clusters = tuple(
        last.but(
            name=f"cluster {k + 1}",
            rank=k,
            areas=frozenset(areas.split("+")),
            start=date(1990 - duration, 1, 1),
            statistic=statistic,
            risk=risk,
            chances=((p, 999),),
        )
        for k, (areas, duration, statistic, risk, p) in enumerate(peer["top5_nonoverlap"])
    )
    population = last.but(
        name="population-based",
        area_count=based["n_counties"],
        start=date(1990 - based["duration"], 1, 1),
        statistic=based["score"],
        smr=based["relrisk_in"],
        chances=((based["mc_p_999"], 999),),
    )
    cases = (
        Case(problems.new_mexico, (first, *clusters)),
        Case(problems.new_mexico_population, (population,)),
    )
    return cases, _not_ours_in_new_mexico(known)


def _not_ours_in_new_mexico(known: dict[str, Any]) -> tuple[Outside, ...]:
    reasons = {
        "peer_negbin_theta100_hotspot": "a score test with variance μ + μ²/θ; ours is a likelihood ratio",
        "peer_permutation": "it compares with the population; ours compares with the margins of the cases",
    }
    return tuple((f"{what}: score", str(known[what]["score"]), why) for what, why in reasons.items())


def _satscan(clusters: list[dict[str, Any]], *, last_day: Callable[[date], date]) -> tuple[Answer, ...]:
    """The clusters of a SaTScan result, whose periods are named by year or by day.

    By default SaTScan stops at the 50th of 999 replicas that exceeds the strongest cluster (Besag and Clifford 1991,
    doi:10.1093/biomet/78.2.301), after which its p is 50 by the number of replicas: so that number follows from p.
    """
    p = float(clusters[0]["p"])
    replicas = round(_STOP / p) if p > _STOP / 1000 else 999
    return tuple(
        Answer(
            name=f"cluster {k + 1}",
            rank=k,
            areas=frozenset(one["ids"]),
            start=_first_day(one["from"]),
            end=last_day(_first_day(one["to"])),
            observed=Decimal(one["cases"]),
            expected=one["expected"],
            statistic=one.get("llr", one.get("stat")),
            risk=one.get("rr"),
            chances=((one["p"], replicas),),
        )
        for k, one in enumerate(clusters)
    )


def _first_day(text: str) -> date:
    return date(int(text), 1, 1) if len(text) == 4 else date.fromisoformat(text)


def new_mexico_standardised(known: dict[str, Any]) -> Reading:
    """SaTScan's retrospective space-time Poisson scan, by age and sex."""
    clusters = _satscan(known["peer"]["clusters"], last_day=lambda day: date(day.year, 12, 31))
    claim = (
        "published claim",
        known["published"]["claim"],
        "a statement about one county, without a figure",
    )
    return (Case(problems.new_mexico_standardised, clusters),), (claim,)


def new_york(known: dict[str, Any]) -> Reading:
    """SaTScan's prospective space-time permutation scan."""
    clusters = _satscan(known["peer"]["clusters"], last_day=lambda day: day)
    return (Case(problems.new_york, clusters),), ()


def pennsylvania(known: dict[str, Any]) -> Reading:
    """The purely spatial Poisson scan of SpatialEpi and of SaTScan."""
    answers = [Answer(name="recomputed", statistic=known["recomputed_llr"])]
    rows = []
    for program, one in known["peer"].items():
        if program.endswith("binomial"):
            rows.append((f"{program}: statistic", str(one["llr"]), "cases among a population"))
            continue
        second = one["secondary"]
        answers += [
            Answer(
                name=program,
                areas=frozenset(one["mlc"]),
                observed=Decimal(one["cases"]),
                expected=one["expected"],
                statistic=one["llr"],
                risk=one.get("rr"),
                smr=one.get("smr"),
                chances=((one["p"], 999),) if "p" in one else (),
                gumbel=(one["p_gumbel"],) if "p_gumbel" in one else (),
            ),
            Answer(
                name=f"{program}, second",
                rank=1,
                areas=frozenset(second["mlc"]) if "mlc" in second else None,
                statistic=second["llr"],
                chances=((second["p"], 999),),
            ),
        ]
    return (Case(problems.pennsylvania, tuple(answers)),), tuple(rows)


def salmonella(known: dict[str, Any]) -> Reading:
    """Farrington's alarms, which are not ours; and their outbreak, which should be seen."""
    why = "a regression per week of one series (Farrington), no scan"
    alarms = tuple((f"{what}: alarms", _count(one), why) for what, one in known["peer"].items())
    weeks = [date.fromisoformat(monday) for monday in known["peer"]["flexible_alpha0.01"]]
    seen = tuple(
        Case(
            partial(problems.salmonella, last=monday + timedelta(days=6)),
            (Answer(name=f"outbreak, week of {monday}", rare=Decimal("0.05")),),
        )
        for monday in weeks
    )
    return seen, alarms


def _count(one: object) -> str:
    return str(len(one)) if isinstance(one, list) else str(one["n_alarms"])  # type: ignore[index]


READERS: dict[str, Callable[[dict[str, Any]], Reading]] = {
    "nm_ebp_1986_1989": new_mexico,
    "satscan_nm_retrospective_poisson": new_mexico_standardised,
    "satscan_nycfever_stp": new_york,
    "pennLC": pennsylvania,
    "salmNewport": salmonella,
}
