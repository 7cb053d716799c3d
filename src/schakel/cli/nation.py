"""``schakel synthetic``, ``schakel national`` and ``schakel validate``."""

from __future__ import annotations

import json as jsonlib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from schakel.cli.detect import TaxonomyFiles, check, lengths_of
from schakel.cli.screen import busy, progress, say, show_table, today
from schakel.records import InputFaultsError, Method, Mode, Null, Period, SchakelError, Settings

_LAST_DAY = date(2026, 8, 30)  # of what is made up, whenever that is: the same seed gives the same files


def synthetic(
    folder: Annotated[Path, typer.Argument(help="Folder to write to.")],
    areas: Annotated[int | None, typer.Option(help="Number of neighbourhoods (default 100).")] = None,
    signals: Annotated[float, typer.Option(help="Expected number of signals.")] = 20_000.0,
    weeks: Annotated[int, typer.Option(min=1, max=5000, help="Number of weeks.")] = 104,
    start: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help=f"First day (default: such that the last week ends on {_LAST_DAY})."
        ),
    ] = None,
    overdispersion: Annotated[float, typer.Option(help="Variance/mean of counts; 1 is none.")] = 1.3,
    planted: Annotated[int, typer.Option(help="Shared questions to hide in the last weeks.")] = 3,
    risk_ratio: Annotated[float, typer.Option(help="How much more often than usual those are.")] = 7.0,
    planted_minimum: Annotated[float, typer.Option(help="People that each of them adds at least.")] = 12.0,
    text: Annotated[bool, typer.Option(help="With Dutch sentences.")] = True,
    country: Annotated[
        bool, typer.Option("--country", help="A whole country, as Parquet by municipality.")
    ] = False,
    on: Annotated[Path | None, typer.Option(help="With --country: real areas (table or GeoJSON).")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 1,
) -> None:
    """Make up a municipality, or a country, with known truth."""
    from schakel import io  # noqa: PLC0415
    from schakel.synthetic import Plan, municipality, write, write_country  # noqa: PLC0415
    from schakel.synthetic import country as made_country  # noqa: PLC0415

    if country and areas is not None:
        raise SchakelError(
            f"--areas {areas}: a country has its own number; expected no --areas with --country."
        )
    if on and not country:
        raise SchakelError(f"--on {on}: expected --country with it, as only a country is made on real areas.")
    size = 100 if areas is None else areas
    usual = Plan()
    plan = Plan(
        areas=size,
        signals=signals,
        weeks=weeks,
        start=_first_day(start, weeks),
        planted_areas=max(1, min(usual.planted_areas, size)),
        planted_weeks=min(usual.planted_weeks, weeks),
        overdispersion=overdispersion,
        planted=planted,
        risk_ratio=risk_ratio,
        planted_minimum=planted_minimum,
        text=text and not country,
        seed=seed,
    )
    if folder.exists() and not folder.is_dir():
        raise SchakelError(f"{folder} is a file; expected a folder.")
    if country:
        ground = io.read_areas(on) if on else None
        with busy("Making up a country"):
            made = write_country(made_country(plan, on=ground), folder)
        print(
            f"{made.municipalities} municipalities, {made.areas} areas, {made.signals} signals in {made.folder}"
        )
        return
    whole = municipality(plan)
    if len(whole.truth) < planted:
        say(f"Only {len(whole.truth)} of {planted} shared questions are planted; there is no room for more.")
    for path in write(whole, folder):
        print(path)


def _first_day(given: datetime | None, weeks: int) -> date:
    """The first day, so that no signal lies in the future: every other command would refuse it."""
    if given is None:
        return _LAST_DAY - timedelta(days=7 * weeks - 1)
    start = given.date()
    last = start.toordinal() + 7 * weeks - 1
    if last > today().toordinal():
        raise SchakelError(
            f"--start {start} and --weeks {weeks} end after today ({today()}); expected an earlier start or fewer"
            " weeks, as signals cannot lie in the future."
        )
    return start


def national(
    folder: Annotated[Path, typer.Argument(help="Signals as Parquet in folders municipality=GM….")],
    areas: Annotated[Path, typer.Option(help="Areas of the whole country.")],
    out: Annotated[Path, typer.Option(help="Folder for the results; a run that was stopped goes on there.")],
    method: Annotated[Method, typer.Option(help="What signals are compared with.")] = "expectation",
    null: Annotated[Null, typer.Option(help="Chance: nb1 (signals come in clusters) or poisson.")] = "nb1",
    mode: Annotated[Mode, typer.Option(help="Now, or any time in the study.")] = "prospective",
    period: Annotated[Period, typer.Option(help="Length of one step in time.")] = "week",
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = None,
    end: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.")] = None,
    windows: Annotated[str, typer.Option(help="Lengths of windows in periods, such as 1,2,3.")] = "",
    taxonomy: TaxonomyFiles = None,
    neighbours: Annotated[int, typer.Option(min=1, help="Most areas in a zone, the centre included.")] = 50,
    replicas: Annotated[int, typer.Option(min=1, help="Number of replicas.")] = 999,
    stop_after: Annotated[
        int, typer.Option(min=0, help="Stop when so many replicas are as strong; 0: never.")
    ] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")] = 1,
    workers: Annotated[int, typer.Option(min=0, help="0: as many as there are cores.")] = 0,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, instead of this machine.")
    ] = None,
) -> None:
    """Detect in every municipality, on all cores or on a cluster."""
    from schakel import io  # noqa: PLC0415
    from schakel import national as nation  # noqa: PLC0415
    from schakel.themes import load_taxonomy  # noqa: PLC0415

    places = io.read_areas(areas)
    settings = Settings(
        method=method,
        null=null,
        mode=mode,
        period=period,
        start=start and start.date(),
        end=end and end.date(),
        windows=lengths_of(windows),
        neighbours=neighbours,
        replicas=replicas,
        stop_after=stop_after,
        seed=seed,
        threads=1,
    )
    check(settings, today())
    known = load_taxonomy(*(taxonomy or ()))
    with progress("Municipalities") as bar:
        done = nation.run(
            folder,
            places,
            out=out,
            settings=settings,
            today=today(),
            sensitive=known.sensitive_names,
            labels=known.labels,
            workers=workers,
            scheduler=scheduler,
            progress=bar,
        )
    say(f"{done.municipalities} municipalities ({done.resumed} were done before), {done.seconds:.1f} s")
    if len(done.not_computed) == done.municipalities:
        raise SchakelError(f"No municipality can be computed; the first: {done.not_computed[0]}")
    if done.not_computed:
        say(f"Note: {len(done.not_computed)} not computed; why stands in {done.summary}")
    if done.nothing_can_be_shown:
        say(
            f"Note: in {len(done.nothing_can_be_shown)} municipalities no pattern can be shown to a team, as no theme "
            "has signals of two sources or reporters (R6); give the columns 'source' and 'reporter'."
        )
    print(done.summary)
    if done.faults:
        raise InputFaultsError(done.faults)


def validate(
    folder: Annotated[Path, typer.Argument(help="Folder of public data sets with published answers.")],
    replicas: Annotated[int, typer.Option(min=1, help="Number of replicas.")] = 999,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")] = 1,
    threads: Annotated[int, typer.Option(min=0, help="0: all cores.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run the public data sets; print the published answers, ours and the difference."""
    from schakel import validation  # noqa: PLC0415

    with busy("Running the public data sets"):
        result = validation.run(folder, replicas=replicas, seed=seed, threads=threads)
    table = result.table()
    if json:
        rows = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
        print(jsonlib.dumps({"agrees": result.agrees, "rows": rows}, ensure_ascii=False, indent=1))
    else:
        show_table(table, title="Published answers, and ours")
    differ = sum(row.agrees is False for row in result.rows)
    judged = sum(row.agrees is not None for row in result.rows)
    say(f"{judged - differ} of {judged} answers within the methods agree.")
