"""The report: one accessible HTML file that a team reads in a minute and a data scientist can check.

It loads nothing from elsewhere and runs no script; its own content security policy forbids both. Everything in
it follows from the detection, so the same result gives the same file, to the byte (R11).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from schakel.detection import wording
from schakel.detection.facts import Both, said
from schakel.detection.wording import Language
from schakel.records import Areas, Detection
from schakel.report import maps, timeline
from schakel.report.view import report_view

__all__ = ["fragment", "render"]


def render(
    detection: Detection,
    areas: Areas,
    *,
    theme_names: Mapping[str, str] | None = None,
    command: str | None = None,
) -> str:
    """The whole report as HTML, in Dutch.

    `areas` are those of the detection: their names, and polygons or points for the maps. `theme_names` gives the
    Dutch label of a theme; without one the theme's own identifier is shown. `command` is the command line that
    made the result. Raises SchakelError when a pattern names an area that is not in `areas`.
    """
    folder = files("schakel.report").joinpath("static")
    style = "".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("report.css", "figures.css")
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template("report.html.jinja")
    return page.render(
        view=report_view(detection, areas, theme_names=theme_names or {}, command=command),
        language="nl",
        style=Markup(style),  # our own file; the policy holds its hash
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'",
    )


def fragment(
    detection: Detection,
    areas: Areas,
    *,
    theme_names: Mapping[str, str] | None = None,
    language: Language = "nl",
) -> Markup:
    """The patterns of a detection as a part of another page, which brings ``figures.css`` and a heading with the theme.

    In Dutch or in English; `theme_names` are in the same language. Whatever was withheld is there too. For the pages
    of the application, which decide themselves who may see what (R6).
    """
    bare = replace(detection, patterns=tuple(replace(p, withheld=()) for p in detection.patterns))
    view = report_view(bare, areas, theme_names=theme_names or {}, command=None, language=language)
    page = _environment().get_template("fragment.html.jinja")
    return Markup(page.render(view=view, inside=True, language=language))


@cache
def _environment() -> Environment:
    """Its templates are read and compiled once."""
    environment = Environment(
        loader=PackageLoader("schakel.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=_spoken(wording.number),
        figure=_spoken(wording.figure),
        percentage=_spoken(wording.percentage),
        day=_spoken(wording.day),
    )
    environment.globals.update(
        base_width=maps.WIDTH, map_width=maps.VIEW, many=maps.MANY, chart=timeline, t=_either
    )
    return environment


@pass_context
def _either(context: Context, nl: str, en: str) -> str:
    """Words of a template in the language of the page."""
    return said(Both(nl, en), context["language"])


def _spoken(write: Callable[..., str]) -> Callable[..., str]:
    """A filter that writes in the language of the page."""

    @pass_context
    def written(context: Context, *what: Any) -> str:
        return write(*what, language=context["language"])

    return written
