"""A whole detection: what a team is shown, what it is not, and why; the same result every time (R5, R6, R10, R11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from schakel.detection import NothingCanBeShownWarning, detect
from schakel.detection.run import held_back
from schakel.detection.scan import NullCache
from schakel.detection.significance import q_values
from schakel.records import SIGNAL_COLUMNS, Areas, Detection, Pattern, SchakelError, Settings
from schakel.themes import load_taxonomy

N, WEEKS = 25, 120
LAST = date(2026, 6, 28)
FIRST = LAST - timedelta(weeks=WEEKS) + timedelta(days=1)
GRID = np.array([(x, y) for y in range(5) for x in range(5)], float) * 800
AREAS = Areas(
    codes=tuple(f"BU0001{i:04d}" for i in range(N)),
    coordinates=GRID,
    metric="plane",
    population=np.full(N, 1500.0),
    names=tuple(f"Buurt {i}" for i in range(N)),
    neighbours=tuple(tuple(j for j in range(N) if np.abs(GRID[i] - GRID[j]).sum() == 800) for i in range(N)),
)
SETTINGS = Settings(replicas=199, min_people=5)


def usual(*themes: str, seed: int = 1, per_week: float = 6.0) -> pl.DataFrame:
    """Signals as they usually come: anywhere, any day, by eight reporters of three kinds."""
    rng = np.random.default_rng(seed)
    size = int(per_week * WEEKS * len(themes))
    return frame(
        days=rng.integers(0, WEEKS * 7, size),
        areas=rng.integers(0, N, size),
        themes=np.array(themes)[rng.integers(0, len(themes), size)],
        reporters=rng.integers(0, 8, size),
    )


def frame(days: object, areas: object, themes: object, reporters: object, people: int = 1) -> pl.DataFrame:
    day, area, who = np.asarray(days), np.asarray(areas), np.asarray(reporters)
    rows = {
        "signal": np.arange(len(day)) + 1_000_000 * int(people > 1),
        "date": [FIRST + timedelta(days=int(d)) for d in day],
        "area": [AREAS.codes[a] for a in area],
        "theme": list(np.broadcast_to(np.asarray(themes), len(day))),
        "people": [people] * len(day),
        "source": [("case_contact", "street", "partner")[w % 3] for w in who],
        "reporter": [f"p{w}" for w in who],
        "text": [None] * len(day),
    }
    return pl.DataFrame(rows).select(pl.col(name).cast(kind) for name, kind in SIGNAL_COLUMNS.items())


def shared_question(
    theme: str = "rouw", *, reporters: int = 8, weeks: int = 3, size: int = 24
) -> pl.DataFrame:
    """Much of one theme in the corner areas 0, 1, 5 and 6 in the last weeks."""
    rng = np.random.default_rng(7)
    days = WEEKS * 7 - 1 - rng.integers(0, weeks * 7, size)
    return frame(days, rng.choice([0, 1, 5, 6], size), theme, rng.integers(0, reporters, size))


def found(*signals: pl.DataFrame, **changes: object) -> Detection:
    return detect(pl.concat(signals), AREAS, settings=replace(SETTINGS, **changes), sensitive=())  # type: ignore[arg-type]


def of(detection: Detection, theme: str) -> Pattern:
    return next(pattern for pattern in detection.patterns if pattern.theme == theme)


def test_a_shared_question_is_found_where_and_when_it_is() -> None:
    pattern = of(found(usual("rouw", "geld"), shared_question()), "rouw")
    assert {"BU00010000", "BU00010001", "BU00010005", "BU00010006"} <= set(pattern.areas)
    assert len(pattern.areas) <= 7
    assert pattern.end == LAST
    assert pattern.start >= LAST - timedelta(weeks=5)
    assert pattern.withheld == ()
    assert pattern.p_value == 1 / 200
    assert pattern.relative_risk == pytest.approx(pattern.observed / pattern.expected)


@pytest.mark.parametrize("method", ["expectation", "poisson", "permutation"])
@pytest.mark.parametrize("null", ["poisson", "nb1"])
def test_every_method_finds_it(method: str, null: str) -> None:
    pattern = of(found(usual("rouw", "geld"), shared_question(), method=method, null=null), "rouw")
    assert {"BU00010000", "BU00010006"} <= set(pattern.areas)
    assert pattern.withheld == ()


def test_a_retrospective_scan_finds_what_was_shared_long_ago() -> None:
    moved = shared_question().with_columns(pl.col("date") - pl.duration(weeks=40))
    pattern = of(
        found(usual("rouw", "geld"), moved, mode="retrospective", windows=(2, 3, 4), method="permutation"),
        "rouw",
    )
    assert pattern.withheld == ()
    assert abs((pattern.end - (LAST - timedelta(weeks=40))).days) <= 7


def test_a_connected_zone_follows_a_winding_street() -> None:
    rng = np.random.default_rng(5)
    street = [0, 1, 2, 7, 12]
    days = WEEKS * 7 - 1 - rng.integers(0, 21, 30)
    winding = frame(days, np.array(street)[np.arange(30) % 5], "rouw", rng.integers(0, 8, 30))
    circular = of(found(usual("rouw", "geld"), winding), "rouw")
    connected = of(found(usual("rouw", "geld"), winding, zones="connected"), "rouw")
    assert set(connected.areas) == {AREAS.codes[a] for a in street}
    assert connected.statistic >= circular.statistic


def test_quiet_themes_are_withheld_as_chance() -> None:
    quiet = found(usual("rouw", "geld", "eten")).patterns
    assert {pattern.theme for pattern in quiet} == {"rouw", "geld", "eten"}
    assert all("chance" in pattern.withheld for pattern in quiet)


def test_a_sensitive_theme_never_enters_r5() -> None:
    signals = pl.concat([usual("rouw", "veiligheid_thuis"), shared_question("veiligheid_thuis")])
    result = detect(signals, AREAS, settings=SETTINGS, sensitive={"veiligheid_thuis"})
    assert {pattern.theme for pattern in result.patterns} == {"rouw"}
    assert result.data["themes_left_out"] == ["veiligheid_thuis"]


@pytest.mark.parametrize(
    "spelled",
    [
        "Veiligheid_Thuis",
        "veiligheid thuis",
        "VEILIGHEID-THUIS",
        "veiligheid_\u200bthuis",
        "\uff56eiligheid_thuis",
    ],
)
def test_a_sensitive_theme_never_enters_however_it_is_spelled_r5(spelled: str) -> None:
    signals = pl.concat([usual("rouw", spelled), shared_question(spelled)])
    result = detect(signals, AREAS, settings=SETTINGS, sensitive={"veiligheid_thuis"})
    assert {pattern.theme for pattern in result.patterns} == {"rouw"}
    assert result.data["themes_left_out"] == [spelled]


@pytest.mark.parametrize(
    "spelled",
    [
        "zelfdoding", "suicide", "Suïcidaliteit", "dakloosheid", "Dak- en thuisloosheid", "huisuitzettingen",
        "huiselijk geweld en kindermishandeling", "partnergeweld", "ouderenmishandeling", "mensenhandel",
        "Onveilig thuis", "crisis", "verward gedrag", "ex-gedetineerden", "Nazorg detentie", "acute nood",
        "domestic violence",
    ],
)  # fmt: skip
def test_what_a_file_calls_a_sensitive_theme_in_other_words_never_enters_either_r5(spelled: str) -> None:
    signals = pl.concat([usual("rouw", spelled), shared_question(spelled)])
    result = detect(signals, AREAS, settings=SETTINGS, sensitive=load_taxonomy().sensitive_names)
    assert result.data["themes_left_out"] == [spelled]


def test_no_ordinary_theme_isheld_back_for_what_its_name_holds() -> None:
    taxonomy = load_taxonomy()
    ordinary = [t for t in taxonomy.themes if not t.sensitive]
    names = [name for theme in ordinary for name in (theme.id, theme.nl, theme.en)]
    assert held_back(names, taxonomy.sensitive_names) == []


def test_only_sensitive_themes_is_said_plainly_r5() -> None:
    with pytest.raises(SchakelError, match="never enters detection"):
        detect(usual("veiligheid_thuis"), AREAS, settings=SETTINGS, sensitive={"veiligheid_thuis"})


def test_one_source_is_not_shown_to_the_team_r6() -> None:
    pattern = of(found(usual("rouw", "geld"), shared_question(reporters=1, size=60)), "rouw")
    only = of(found(usual("geld"), shared_question(reporters=1, size=60)), "rouw")
    assert pattern.dominance > 0.6
    assert "sources" in only.withheld
    assert only.sources == 1


def test_one_professional_who_hears_it_in_two_places_is_one_source_r6() -> None:
    alone = shared_question().with_columns(reporter=pl.lit("p1"))
    assert alone["source"].n_unique() > 1
    both = of(found(usual("geld"), alone), "rouw")
    assert both.sources == 1
    assert "sources" in both.withheld


def test_where_nobody_is_named_the_kinds_of_sources_count_r6() -> None:
    unnamed = shared_question().with_columns(reporter=pl.lit(None, pl.String))
    assert of(found(usual("geld"), unnamed), "rouw").sources == 3


def test_one_date_is_not_shown_to_the_team_r6() -> None:
    once = frame([WEEKS * 7 - 2] * 20, [0, 1, 5, 6] * 5, "rouw", range(20))
    assert "dates" in of(found(usual("geld"), once), "rouw").withheld


def test_fewer_people_than_asked_is_not_shown_to_the_team_r6() -> None:
    assert "people" in of(found(usual("geld"), shared_question(), min_people=50), "rouw").withheld


def test_thresholds_cannot_go_below_the_floor_r22() -> None:
    with pytest.raises(SchakelError, match="at least 3"):
        found(usual("geld"), shared_question(), min_people=2)


def test_raw_applies_no_thresholds() -> None:
    raw = found(usual("rouw", "geld"), raw=True).patterns
    assert {pattern.theme for pattern in raw} == {"rouw", "geld"}
    assert all(pattern.withheld == () for pattern in raw)


def test_every_pattern_says_what_speaks_against_it_r10() -> None:
    quiet = found(usual("rouw", "geld"))
    assert all(pattern.against and pattern.against_en for pattern in quiet.patterns)
    assert all(pattern.explanation and pattern.explanation_en for pattern in quiet.patterns)


def test_the_same_input_gives_the_same_result_on_any_number_of_threads_r11() -> None:
    signals = (usual("rouw", "geld", "eten"), shared_question())
    assert found(*signals, threads=1).patterns == found(*signals, threads=5).patterns


def test_another_theme_beside_it_changes_no_statistic_and_no_p_value() -> None:
    alone, together = (
        found(usual("rouw"), shared_question()),
        found(usual("rouw"), usual("geld"), shared_question()),
    )
    assert of(alone, "rouw").statistic == of(together, "rouw").statistic
    assert of(alone, "rouw").p_value == of(together, "rouw").p_value


def test_replicas_are_reused_when_nothing_they_depend_on_has_changed() -> None:
    cache: NullCache = {}
    signals = pl.concat([usual("rouw", "geld"), shared_question()])
    first = detect(signals, AREAS, settings=SETTINGS, sensitive=(), cache=cache)
    kept = {key: value.copy() for key, value in cache.items()}
    assert detect(signals, AREAS, settings=SETTINGS, sensitive=(), cache=cache).patterns == first.patterns
    assert cache.keys() == kept.keys()


def test_a_pattern_a_week_later_continues_the_same_pattern() -> None:
    signals = pl.concat([usual("rouw", "geld"), shared_question()])
    before = detect(
        signals.filter(pl.col("date") <= LAST - timedelta(days=7)),
        AREAS,
        settings=replace(SETTINGS, end=LAST - timedelta(days=7)),
        sensitive=(),
    )
    after = detect(signals, AREAS, settings=SETTINGS, sensitive=(), previous=before.patterns)
    assert of(after, "rouw").continues == of(before, "rouw").identifier
    assert of(after, "rouw").identifier != of(before, "rouw").identifier


def test_two_shared_questions_of_one_theme_are_two_patterns() -> None:
    elsewhere = frame([WEEKS * 7 - 1 - k for k in range(20)], [18, 19, 23, 24] * 5, "rouw", range(20))
    shown = [p for p in found(usual("rouw", "geld"), shared_question(), elsewhere).patterns if not p.withheld]
    assert len(shown) == 2
    assert not set(shown[0].areas) & set(shown[1].areas)


def test_sequential_stopping_keeps_what_is_rare_and_ends_early_for_what_is_not() -> None:
    signals = (usual("rouw", "geld"), shared_question())
    full, stopped = found(*signals), found(*signals, stop_after=10)
    assert of(stopped, "rouw").p_value == of(full, "rouw").p_value
    assert of(stopped, "geld").p_value == pytest.approx(of(full, "geld").p_value, abs=0.25)


@pytest.mark.parametrize(
    ("source", "said"),
    [(None, "No signal names a source or a reporter"), ("balie", "at most 1 source")],
)
def test_whoever_calls_the_library_hears_before_the_work_that_no_pattern_can_have_two_sources(
    source: str | None, said: str
) -> None:
    """R6: else every pattern is withheld, and nobody knows that none could have been shown."""
    signals = usual("rouw").with_columns(pl.lit(source).alias("source"), pl.lit(None).alias("reporter"))
    order: list[str] = []
    with pytest.warns(NothingCanBeShownWarning, match=said) as told:
        result = detect(
            signals,
            AREAS,
            settings=SETTINGS,
            sensitive=(),
            progress=lambda *_: order.append(str(len(told))),
        )
    assert order == ["1"]
    assert told[0].filename == __file__
    assert result.data["nothing_can_be_shown"] is True
    detect(signals, AREAS, settings=replace(SETTINGS, raw=True), sensitive=())


@pytest.mark.parametrize(
    ("signals", "message"),
    [
        (usual("rouw").drop("reporter"), "signals has no column 'reporter'; expected signal, date, area"),
        (usual("rouw").cast({"date": pl.String}), "signals, column 'date': String; expected days"),
    ],
)
def test_a_frame_of_ones_own_that_misses_something_is_refused_in_one_sentence(
    signals: pl.DataFrame, message: str
) -> None:
    with pytest.raises(SchakelError, match=message):
        detect(signals, AREAS, settings=SETTINGS, sensitive=())


def test_signals_that_stay_out_are_counted_with_the_reason() -> None:
    """R5 and whole periods: no signal disappears without a word."""
    safety = usual("veiligheid_thuis", per_week=0.1)
    signals = pl.concat([usual("rouw"), safety.with_columns(pl.col("signal") + 5_000)])
    start = FIRST + timedelta(days=3)
    result = detect(signals, AREAS, settings=replace(SETTINGS, start=start), sensitive={"veiligheid_thuis"})
    said = {note["en"] for note in result.data["notes"]}  # type: ignore[attr-defined]
    outside = usual("rouw").filter(pl.col("date") < FIRST + timedelta(days=7)).height
    assert any(
        "(R5): veiligheid_thuis;" in note and f"{len(safety)} signal(s) have no other" in note
        for note in said
    )
    assert any(f"{outside} signal(s) are not in the whole weeks from" in note for note in said)
    assert found(usual("rouw"), start=FIRST, end=LAST).data["notes"] == []


def test_that_what_is_usual_is_learnt_from_less_than_a_year_is_said() -> None:
    result = found(usual("rouw"), start=LAST - timedelta(weeks=20) + timedelta(days=1))
    assert any("less than a year" in note["en"] for note in result.data["notes"])  # type: ignore[attr-defined]


def test_progress_counts_themes_and_may_cancel() -> None:
    seen: list[tuple[int, int]] = []
    detect(
        usual("a", "b", "c"),
        AREAS,
        settings=SETTINGS,
        sensitive=(),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        detect(usual("a", "b", "c"), AREAS, settings=SETTINGS, sensitive=(), progress=stop)


def test_a_theme_with_one_signal_and_signals_in_one_place_give_an_answer() -> None:
    one = frame([WEEKS * 7 - 3], [3], "zeldzaam", [0])
    same = frame(np.arange(200) * 4, [7] * 200, "plek", np.arange(200))
    result = found(usual("rouw"), one, same)
    assert all(
        "chance" in p.withheld or "people" in p.withheld for p in result.patterns if p.theme == "zeldzaam"
    )
    assert all(np.isfinite(p.statistic) for p in result.patterns)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start": LAST, "end": LAST}, "no whole week"),
        ({"start": LAST - timedelta(days=6)}, "expected at least 2"),
        ({"windows": (200,)}, "expected --windows"),
        ({"windows": (119,)}, "come before the first window"),
        ({"mode": "spatial"}, "nothing to compare with"),
        ({"start": date(2027, 1, 1), "end": date(2027, 3, 1)}, "No signal falls between"),
    ],
)
def test_data_that_cannot_carry_the_method_are_refused_in_one_sentence(
    changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SchakelError, match=sentence):
        found(usual("rouw"), **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"min_areas": N + 1}, "needs 26 areas and there are 25"),
        ({"neighbours": 1}, r"at most 1 area\(s\) and a pattern needs 2"),
        ({"max_radius_km": 0.5}, r"Within 0.5 km of any area lie at most 1 area\(s\)"),
    ],
)
def test_a_scan_that_can_find_nothing_is_refused_instead_of_reassuring(
    changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SchakelError, match=sentence):
        found(usual("rouw"), **changes)


def test_signals_from_one_place_only_are_said_to_show_no_pattern() -> None:
    result = found(frame(np.arange(200) * 4, [7] * 200, "plek", np.arange(200) % 8))
    assert result.patterns == ()
    assert result.data["nothing_can_be_found"] is True
    assert "Elk thema komt uit hoogstens 1 buurt." in result.data["notes"][0]["nl"]  # type: ignore[index]
    assert found(usual("rouw")).data["nothing_can_be_found"] is False


@pytest.mark.parametrize("changes", [{"min_count": 99_999}, {"min_people": 99_999}])
def test_asking_for_more_people_than_there_are_is_said_and_reassures_nobody(changes: dict[str, int]) -> None:
    result = found(usual("rouw"), **changes)
    assert result.data["nothing_can_be_found"] is True
    assert any("hoogstens" in note["nl"] for note in result.data["notes"])  # type: ignore[attr-defined]


def test_inhabitants_from_a_file_of_their_own_count_like_those_of_the_areas() -> None:
    """With the default method as well: they are what shares of areas lean to, and what zones are measured by."""
    people = np.r_[np.full(5, 8000.0), np.full(N - 5, 500.0)]
    unknown = replace(AREAS, population=np.full(N, np.nan))
    file = pl.DataFrame({"area": AREAS.codes, "year": [2025] * N, "population": people})
    file = file.with_columns(pl.col("year").cast(pl.Int64), pl.col("population").cast(pl.Float64))
    rng = np.random.default_rng(2)
    where = rng.choice(N, 900, p=people / people.sum())
    often = frame(rng.integers(0, WEEKS * 7, 900), where, "rouw", rng.integers(0, 8, 900))
    signals = pl.concat([often, shared_question()])
    given = detect(signals, unknown, settings=SETTINGS, sensitive=(), population=file)
    own = detect(signals, replace(AREAS, population=people), settings=SETTINGS, sensitive=())
    without = detect(signals, unknown, settings=SETTINGS, sensitive=())
    assert [p.expected for p in given.patterns] == pytest.approx([p.expected for p in own.patterns])
    assert [p.expected for p in given.patterns] != pytest.approx([p.expected for p in without.patterns])


def test_that_inhabitants_are_known_for_some_areas_only_is_said() -> None:
    some = replace(AREAS, population=np.r_[np.nan, np.full(N - 1, 900.0)])
    notes = detect(usual("rouw"), some, settings=SETTINGS, sensitive=()).data["notes"]
    assert any("1 of 25 areas have no population" in note["en"] for note in notes)  # type: ignore[attr-defined]


def test_one_area_is_refused() -> None:
    one = Areas(AREAS.codes[:1], GRID[:1], "plane", np.array([1.0]))
    with pytest.raises(SchakelError, match="expected at least 2"):
        detect(usual("rouw").filter(pl.col("area") == AREAS.codes[0]), one, settings=SETTINGS, sensitive=())


def test_no_population_is_refused_where_it_is_needed() -> None:
    unknown = replace(AREAS, population=np.full(N, np.nan))
    with pytest.raises(SchakelError, match="has no population"):
        detect(usual("rouw"), unknown, settings=replace(SETTINGS, method="poisson"), sensitive=())


def test_signals_where_nobody_lives_are_refused_by_the_population_method() -> None:
    empty = replace(AREAS, population=np.r_[0.0, np.full(N - 1, 900.0)])
    with pytest.raises(SchakelError, match="its population is 0 while"):
        detect(usual("rouw"), empty, settings=replace(SETTINGS, method="poisson"), sensitive=())


def test_the_strongest_pattern_of_each_theme_has_its_benjamini_hochberg_value() -> None:
    patterns = found(usual("rouw", "geld", "eten", "werk"), shared_question()).patterns
    strongest = {p.theme: p for p in reversed(patterns)}.values()
    p_values = np.array([7.0 / p.recurrence_days for p in strongest])
    assert [p.q_value for p in strongest] == pytest.approx(list(q_values(p_values)))


def test_when_everything_is_reported_more_one_theme_is_not_a_rise_of_its_own() -> None:
    many = [f"thema {k}" for k in range(12)]
    rng = np.random.default_rng(3)
    size = 1200  # a new team member hears everything, everywhere, in the last weeks
    wave = frame(
        WEEKS * 7 - 1 - rng.integers(0, 35, size),
        rng.integers(0, N, size),
        np.array(many)[rng.integers(0, 12, size)],
        rng.integers(0, 8, size),
    )
    quiet = usual(*many, per_week=4.0)
    plain, adjusted = found(quiet, wave), found(quiet, wave, adjust_reporting=True)
    shown, shown_adjusted = (sum(not p.withheld for p in run.patterns) for run in (plain, adjusted))
    assert shown >= 6
    assert shown_adjusted < shown / 2
