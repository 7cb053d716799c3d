"""The command line. Exit codes: 0 done; 1 nobody reads on; 2 wrong use; 3 the input, or what is asked of it,
cannot be used; 130 interrupted. Errors are one sentence on standard error, never a traceback.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated

import typer

from schakel.cli import detect, nation, provisions, text
from schakel.cli.screen import say_error
from schakel.records import SchakelError

#: What typer raises for wrong use, whichever click it is built on.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]

_TOO_LARGE = SchakelError("This does not fit in memory; expected fewer people, replicas or neighbours.")

app = typer.Typer(
    name="schakel",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        print(version("schakel"))
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Shows which individual questions in a neighbourhood are really shared, with evidence."""


app.command("detect")(detect.detect)
app.command("redact")(text.redact)
app.add_typer(text.themes, name="themes")
app.add_typer(provisions.provisions, name="provisions")
app.command("synthetic")(nation.synthetic)
app.command("national")(nation.national)
app.command("validate")(nation.validate)


def main() -> None:
    """Run the command line and exit with its code; a sign that the screen has not is shown as its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line; return the exit code."""
    try:
        return app(args=arguments or ["--help"], standalone_mode=False) or 0
    except (SchakelError, MemoryError) as error:
        say_error(error if isinstance(error, SchakelError) else _TOO_LARGE)
        return 3
    except typer.Exit as done:
        return done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        say_error(SchakelError("Interrupted; nothing was written."))
        return 130
    except _UsageError as error:
        said: str = getattr(error, "format_message", error.__str__)()
        said = said.replace("Value error, ", "").rstrip(".")
        say_error(SchakelError(f"{said}{'' if said.endswith('?') else '.'} Try 'schakel --help'."))
        return 2
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how Polars says that there is no memory
            raise
        say_error(_TOO_LARGE)
        return 3
