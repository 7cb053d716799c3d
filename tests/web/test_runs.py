"""Detection in the background: whole or not at all, repeatable, and the same pattern from week to week (S036, R11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from schakel.records import Settings
from schakel_web.questions import results, runs, tasks
from schakel_web.questions.management.commands import worker
from schakel_web.questions.models import Pattern, PatternState, Run, RunState
from schakel_web.signals import actions
from schakel_web.signals.models import Signal, SignalTheme
from schakel_web.signals.receipts import hashed, new_code
from tests.factories.city import City

As = Callable[[str], Client]


@pytest.fixture
def busy_city(city: City) -> City:
    """A year of quiet, and in the last three weeks one theme in two neighbouring areas."""
    rng = np.random.default_rng(4)
    today = timezone.localdate()
    people = [city["member"], city["mate"], city["owner"], city["coordinator"]]

    def rows(number: int, theme: str, days: range, areas: list[Any]) -> None:
        made = Signal.objects.bulk_create(
            Signal(
                area=areas[int(rng.integers(len(areas)))],
                date=today - timedelta(days=int(rng.choice(days))),
                text="",
                people=1,
                source="street",
                reporter=people[k % 4],
                receipt=hashed(new_code()),
            )
            for k in range(number)
        )
        SignalTheme.objects.bulk_create(each for s in made for each in SignalTheme.of(s, [theme]))

    for theme in ("eenzaamheid", "schulden"):
        rows(150, theme, range(364), city.areas)
    rows(25, "eenzaamheid", range(20), city.areas[:2])
    return city


def parameters(**changes: Any) -> dict[str, Any]:
    return tasks.parameters_of(Settings(end=timezone.localdate(), replicas=199, **changes))


def done(**changes: Any) -> Run:
    """Ask for a run and do it here."""
    run = runs.ask(parameters=parameters(**changes), by=None)
    tasks.search.func(run.pk, run.attempt)
    run.refresh_from_db()
    return run


def done_again(first: Run) -> Run:
    """Do a stored run again, to compare."""
    again = runs.ask(parameters={}, by=None, again=first)
    tasks.search.func(again.pk, again.attempt)
    again.refresh_from_db()
    return again


def test_what_recurs_is_found_and_kept_with_everything_to_repeat_it_r11(busy_city: City, as_: As) -> None:
    run = done()
    assert run.state == RunState.DONE
    pattern = Pattern.objects.shown().get()
    assert pattern.theme == "eenzaamheid"
    assert {a.code for a in busy_city.areas[:2]} <= {a.code for a in pattern.areas.all()}
    assert run.parameters["seed"] == 1
    assert (run.version, run.data["signals_used"]) != ("", 0)
    page = as_("member").get(f"/zoektochten/{run.pk}/").content.decode()
    assert "Hoe vaak het toeval is nagebootst" in page
    assert "nothing_can_be_shown</code></dt><dd>nee" in page
    assert "&#x27;nl&#x27;" not in page
    page = as_("member").get(f"/patronen/{pattern.pk}/").content.decode()
    assert "<svg" in page
    assert "Wat ertegen spreekt" in page


def test_repeating_a_run_gives_the_same_to_the_bit_and_changes_nothing_r11(busy_city: City, as_: As) -> None:
    first = done()
    again = done_again(first)
    assert again.digest == first.digest != ""
    assert not again.sightings.exists()
    assert "precies hetzelfde" in as_("member").get(f"/zoektochten/{first.pk}/").content.decode()


def test_signals_given_after_the_cutoff_do_not_change_a_repeated_run_r11(busy_city: City) -> None:
    first = done()
    actions.give(
        area=busy_city.areas[0],
        text="",
        themes=["eenzaamheid"],
        people=9,
        source="street",
        by=busy_city["member"],
    )
    assert done_again(first).digest == first.digest


def test_next_week_it_is_the_same_pattern_grown_and_not_a_new_one(busy_city: City) -> None:
    done()
    before = Pattern.objects.shown().get()
    seen = before.latest.observed if before.latest else 0
    for _ in range(5):
        actions.give(
            area=busy_city.areas[0],
            text="",
            themes=["eenzaamheid"],
            people=1,
            source="street",
            by=busy_city["mate"],
        )
    done()
    pattern = Pattern.objects.shown().get()
    assert pattern.pk == before.pk
    assert pattern.sightings.count() == 2
    assert pattern.latest is not None
    assert pattern.latest.observed > seen


def test_a_pattern_that_is_no_longer_seen_has_ended(busy_city: City) -> None:
    done()
    Signal.objects.filter(
        themes__theme="eenzaamheid", date__gte=timezone.localdate() - timedelta(days=21)
    ).update(state="withdrawn")
    done()
    assert Pattern.objects.get(theme="eenzaamheid").state == PatternState.ENDED


def test_sensitive_waiting_and_withdrawn_signals_never_enter_r5(busy_city: City) -> None:
    Signal.objects.filter(themes__theme="eenzaamheid").update(sensitive=True)
    Signal.objects.filter(themes__theme="schulden", reporter=busy_city["mate"]).update(state="waiting")
    frame = tasks.frame(timezone.now(), tuple(a.code for a in busy_city.areas))
    assert set(frame["theme"]) == {"schulden"}
    assert f"u{busy_city['mate'].pk}" not in set(frame["reporter"])


def test_no_text_ever_reaches_detection(busy_city: City) -> None:
    frame = tasks.frame(timezone.now(), tuple(a.code for a in busy_city.areas))
    assert frame["text"].null_count() == len(frame)


def test_one_run_at_a_time(city: City) -> None:
    runs.ask(parameters=parameters(), by=None)
    with pytest.raises(runs.BusyError):
        runs.ask(parameters=parameters(), by=None)


def test_a_worker_that_was_killed_leaves_nothing_and_the_run_is_taken_up_again(
    busy_city: City, monkeypatch: Any
) -> None:
    run = runs.ask(parameters=parameters(), by=None)

    def die(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr("schakel_web.questions.tasks.detect", die)
        with pytest.raises(KeyboardInterrupt):
            tasks.search.func(run.pk, run.attempt)
    assert not Pattern.objects.exists()
    assert runs.rescue() == 0  # it may still be alive
    Run.objects.update(alive=timezone.now() - runs.SILENT * 2)
    assert runs.rescue() == 1
    run.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.WAITING, 2)
    tasks.search.func(run.pk, 2)
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_a_worker_that_comes_back_late_keeps_nothing(busy_city: City) -> None:
    run = runs.ask(parameters=parameters(), by=None)
    held = results.begin(number=run.pk, attempt=1)
    assert held is not None
    found, previous = tasks._detected(held)
    Run.objects.filter(pk=run.pk).update(attempt=2, state=RunState.RUNNING)
    results.keep(number=run.pk, attempt=1, detection=found, previous=previous)
    assert not Pattern.objects.exists()
    with pytest.raises(tasks.StoppedError):
        tasks._detected(held)


def test_after_three_attempts_a_run_has_failed(city: City) -> None:
    run = runs.ask(parameters=parameters(), by=None)
    Run.objects.filter(pk=run.pk).update(attempt=3, alive=timezone.now() - runs.SILENT * 2)
    assert runs.rescue() == 0
    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_stopping_keeps_nothing(busy_city: City, as_: As) -> None:
    run = runs.ask(parameters=parameters(), by=None)
    results.begin(number=run.pk, attempt=1)
    as_("member").post(f"/zoektochten/{run.pk}/stop/")
    assert not results.beat(number=run.pk, attempt=1, done=1, total=2)
    results.stopped(number=run.pk, attempt=1)
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert not Pattern.objects.exists()


def test_progress_is_shown_while_it_goes_on(city: City, as_: As) -> None:
    run = runs.ask(parameters=parameters(), by=None)
    results.begin(number=run.pk, attempt=1)
    results.beat(number=run.pk, attempt=1, done=7, total=60)
    page = as_("member").get("/patronen/voortgang/").content.decode()
    assert "7 van 60" in page
    results.stopped(number=run.pk, attempt=1)
    assert as_("member").get("/patronen/voortgang/")["HX-Refresh"] == "true"


def test_without_signals_it_is_said_what_is_missing(city: City) -> None:
    run = done()
    assert (run.state, run.message) == (RunState.FAILED, tasks.NO_SIGNALS)
    assert str(runs.said(run)) == "Er zijn nog geen signalen."


def test_every_night_once(city: City, settings: Any) -> None:
    settings.NIGHTLY = "00:00"
    worker.tick()
    worker.tick()
    assert Run.objects.count() == 1
    assert not worker.due(timezone.localtime())


def test_a_run_gives_the_same_again_when_signals_from_outside_began_to_count_since_r11(
    busy_city: City,
) -> None:
    outside = Signal.objects.create(
        area=busy_city.areas[0], text="Er is veel eenzaamheid.", source="resident", state="waiting",
        receipt=hashed(new_code()),
    )  # fmt: skip
    SignalTheme.objects.bulk_create(SignalTheme.of(outside, ["eenzaamheid"]))
    first = done()
    actions.moderate(
        signal=outside, accept=True, themes=[], seen=outside.wording, by=busy_city["coordinator"]
    )
    assert done_again(first).digest == first.digest
    outside.refresh_from_db()
    assert outside.counted is None
    done(seed=2)
    outside.refresh_from_db()
    assert outside.counted is not None
