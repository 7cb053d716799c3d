"""``schakel provisions check``: what is wrong with a social map, what stands there twice, and what is stale."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schakel.cli.screen import say, show_table, today
from schakel.records import Fault, InputFaultsError

provisions = typer.Typer(help="The social map.", rich_markup_mode=None)
_SHOWN = 20


@provisions.callback()
def group() -> None:
    """The social map."""


@provisions.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="HSDS or a list of objects (.json), .csv, .xlsx or .parquet.")],
    mapping: Annotated[
        str | None, typer.Option(help="A mapping of columns: a YAML file, or one that comes with Schakel.")
    ] = None,
) -> None:
    """Report every fault, what stands there twice, and how much is stale. Exit code 3 when there are faults."""
    from schakel.io.provisions import mapping_of, read_provisions  # noqa: PLC0415
    from schakel.provisions import check_all, check_organisations, upkeep  # noqa: PLC0415
    from schakel.provisions.duplicates import duplicates, groups  # noqa: PLC0415
    from schakel.themes import load_taxonomy  # noqa: PLC0415

    read = read_provisions(file, mapping=mapping_of(mapping) if mapping else None)
    known = {theme.id for theme in load_taxonomy().themes}
    faults: list[Fault] = [*read.faults, *check_all(read.provisions, themes=known, today=today())]
    faults += check_organisations(read.organisations.values())
    for note in read.notes[:_SHOWN]:
        say(f"Kept, not used: {note}")
    work = upkeep(read.provisions, today=today())
    twice = groups(duplicates(read.provisions))
    rows = [
        ("provisions", str(len(read.provisions))),
        ("faults", str(len(faults))),
        ("persons left out (R1)", str(read.people)),
        ("texts that named somebody (R4)", str(len(read.redacted))),
        ("likely the same", str(sum(len(group) - 1 for group in twice))),
        *((f"{state}", str(count)) for state, count in work.counts.items()),
        ("minutes to check what is due", f"{work.minutes:.0f}"),
    ]
    show_table([("what", "number"), *rows], title=file.name)
    if twice:
        names = {one.id: one.name for one in read.provisions}
        shown = [(", ".join(group[:5]), names[group[0]]) for group in twice[:_SHOWN]]
        show_table([("identifiers", "name"), *shown], title="Likely the same")
    if faults:
        raise InputFaultsError(tuple(faults))
