"""``schakel redact`` and ``schakel themes``: sentences in, sentences or themes out."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from schakel.cli.screen import busy, say, show_table
from schakel.records import SchakelError

themes = typer.Typer(help="Themes of sentences.", rich_markup_mode=None)

Source = Annotated[str, typer.Argument(help="A text file with one sentence a line, or - for standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    """The lines of a file, or of standard input, as bytes."""
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115  closed below; only its opening is caught
    except OSError as error:
        raise SchakelError(
            f"{source} cannot be read: {error.strerror}; expected a text file, or -."
        ) from error
    with file:
        yield file


def _text(body: bytes) -> tuple[str, str]:
    """The text of a line, and the encoding that gives the same bytes back: UTF-8, or Latin-1 where it is not."""
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("latin-1"), "latin-1"


def _body(line: bytes) -> tuple[bytes, bytes]:
    """A line, and its end."""
    body = line.rstrip(b"\r\n")
    return body, line[len(body) :]


def redact(
    source: Source,
    areas: Annotated[
        Path | None, typer.Option(help="Own areas (table or GeoJSON): their names are no persons.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Print every line without personal data: one line out for each line in, other lines untouched."""
    from schakel.redaction import redact as redacted  # noqa: PLC0415

    own: frozenset[str] = frozenset()
    if areas:
        from schakel import io  # noqa: PLC0415

        own = frozenset(io.read_areas(areas).names)
    with _opened(source) as file:
        for line in file:
            body, end = _body(line)
            text, encoding = _text(body)
            result = redacted(text, areas=own)
            if json:
                spans = [{"start": s.start, "end": s.end, "kind": s.kind} for s in result.spans]
                out = (
                    jsonlib.dumps({"text": result.text, "spans": spans}, ensure_ascii=False).encode() + b"\n"
                )
            else:
                out = result.text.encode(encoding) + end
            sys.stdout.buffer.write(out)
        sys.stdout.buffer.flush()


@themes.command("suggest")
def suggest(source: Source, json: AsJson = False) -> None:
    """Suggest up to three themes for every sentence, with the words that led to them."""
    from schakel.themes import default_classifier  # noqa: PLC0415

    with _opened(source) as file:
        sentences = [_text(_body(line)[0])[0] for line in file]
    every = default_classifier().suggest_many(sentences)
    if json:
        print(
            jsonlib.dumps([[_suggestion(s) for s in found] for found in every], ensure_ascii=False, indent=1)
        )
        return
    for sentence, found in zip(sentences, every, strict=True):
        print(sentence)
        for s in found:
            print(f"  {s.probability:.2f}  {s.theme}  ({', '.join(s.because)})")
            if s.route:
                print(f"        {s.route}")


def _suggestion(suggestion: Any) -> dict[str, object]:
    plain: dict[str, object] = {
        "theme": suggestion.theme,
        "probability": round(float(suggestion.probability), 4),
        "because": list(suggestion.because),
    }
    return plain | ({"route": suggestion.route} if suggestion.route else {})


@themes.command("discover")
def discover(
    source: Source,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same themes.")] = 1,
    json: AsJson = False,
) -> None:
    """Find themes that nobody named yet, in sentences that the taxonomy fits poorly."""
    from schakel.redaction import redact as redacted  # noqa: PLC0415
    from schakel.themes import default_classifier  # noqa: PLC0415
    from schakel.themes import discover as discovered  # noqa: PLC0415
    from schakel.themes.discover import LEAST_PEOPLE  # noqa: PLC0415

    with _opened(source) as file:
        sentences = [redacted(_text(_body(line)[0])[0]).text for line in file]
    with busy("Looking for themes that nobody named yet"):
        found = discovered(sentences, people=[1] * len(sentences), classifier=default_classifier(), seed=seed)
    if json:
        print(jsonlib.dumps([proposed.as_dict() for proposed in found], ensure_ascii=False, indent=1))
        return
    if not found:
        say(
            f"No theme that nobody named yet in {len(sentences)} line(s); it takes at least {LEAST_PEOPLE} that share"
            " words and that no known theme fits."
        )
        return
    header = ("proposed theme", "signals", "people", "stability", "one of them")
    rows = [
        (t.name, str(len(t.signals)), str(t.people), f"{t.stability:.2f}", sentences[t.signals[0]])
        for t in found
    ]
    show_table([header, *rows], title=f"{len(found)} themes that nobody named yet")


@themes.command("evaluate")
def evaluate(json: AsJson = False) -> None:
    """Measure the classifier on the labelled sentences, by cross-validation."""
    from schakel.themes import evaluate as evaluated  # noqa: PLC0415

    with busy("Training and measuring on the labelled sentences: about half a minute"):
        figures = evaluated()
    if json:
        print(jsonlib.dumps(figures, ensure_ascii=False, indent=1))
        return
    rows = [
        (str(name), f"{value:.3f}" if isinstance(value, float) else str(value))
        for name, value in figures.items()
    ]
    show_table([("what", "value"), *rows], title="Themes, by cross-validation")
