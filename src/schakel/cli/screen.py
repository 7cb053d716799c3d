"""What the command line shows: errors, progress and tables, on standard error where they are not the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from schakel.records import InputFaultsError, SchakelError

_SHOWN = 20  # faults


def say_error(error: SchakelError) -> None:
    """One sentence; further faults of a file one a line, and how many more there are."""
    print(f"Error: {error}", file=sys.stderr)
    if isinstance(error, InputFaultsError):
        for fault in error.faults[1:_SHOWN]:
            print(f"  {fault}", file=sys.stderr)
        if len(error.faults) > _SHOWN:
            print(f"  and {len(error.faults) - _SHOWN} more.", file=sys.stderr)


def say(sentence: str) -> None:
    """Something worth knowing beside the result."""
    print(sentence, file=sys.stderr)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while somebody watches; gives the function that moves it."""
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def busy(what: str) -> AbstractContextManager[object]:
    """That something is being worked on, on standard error while somebody watches."""
    console = Console(stderr=True)
    return console.status(what) if console.is_terminal else nullcontext()


def show_table(rows: Sequence[Sequence[str]], *, title: str) -> None:
    """A table on standard output; the first row is its header. As wide as it must be when nobody watches."""
    console = Console(width=None if sys.stdout.isatty() else 220)
    table = Table(title=title, title_justify="left", show_lines=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows[1:]:
        table.add_row(*row)
    console.print(table, markup=False)


def today() -> date:
    """Today in the Netherlands."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()
