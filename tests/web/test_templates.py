"""Templates: every one is used, and a part that is swapped in is the same as in the whole page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.utils import timezone

from schakel_web.questions.models import Run, RunState
from tests.factories.city import City
from tests.web.strict import UndefinedError

As = Callable[[str], Client]
ROOT = Path(__file__).resolve().parents[2] / "src/schakel_web"
LIBRARY = Path(allauth.__file__).parent / "templates"
NAMED_BY_DJANGO = {"django/forms/widgets/select.html"}


def test_every_template_is_used() -> None:
    """By a view, another template, or the login library and Django, whose templates ours stand in for."""
    sources = [path for kind in ("py", "html") for path in ROOT.rglob(f"*.{kind}")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    names = {
        str(path.relative_to(folder)) for folder in ROOT.glob("*/templates") for path in folder.rglob("*.*")
    }
    assert len(names) > 60
    unused = {name for name in names if f'"{name}"' not in text and not (LIBRARY / name).exists()}
    assert unused - NAMED_BY_DJANGO == set()


def part(html: str, start: str, end: str) -> str:
    """From one piece of a page up to another, without tokens, what JavaScript adds, and empty space."""
    inside = html.split(start, 1)[1].split(end, 1)[0]
    return " ".join(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", inside).split())


def test_what_is_read_while_typing_is_what_the_whole_page_shows(city: City, as_: As) -> None:
    given = {"text": "Veel ouderen zijn eenzaam. Mevrouw Jansen ook.", "area": city.areas[0].pk}
    client = as_("member")
    swapped = client.post("/signaal/lezen/", given).content.decode()
    whole = client.post("/signaal/nieuw/", given).content.decode()
    assert "eenzaamheid" in swapped
    assert "<mark>" in swapped
    start = '<div id="gelezen" aria-live="polite">'
    end = '</div>\n<div class="field utrecht-form-field'
    assert part(start + swapped + end, start, end) == part(whole, start, end)


def test_the_progress_of_a_run_is_what_the_whole_page_shows(city: City, as_: As) -> None:
    Run.objects.create(
        state=RunState.RUNNING, parameters={}, version="0", cutoff=timezone.now(), done=3, total=9
    )
    client = as_("member")
    swapped = client.get("/patronen/voortgang/").content.decode()
    whole = client.get("/patronen/").content.decode()
    start = '<div id="voortgang">'
    assert "3 van 9" in swapped
    assert part(start + swapped + "</div>\n<h2>", start, "</div>\n<h2>") == part(whole, start, "</div>\n<h2>")


def test_a_name_that_a_view_forgot_fails_a_test(city: City) -> None:
    """STYLE 15: and what may be absent is asked for with ``if``."""
    page = get_template("questions/growth.html")
    assert page.render({}).strip() == ""
    with pytest.raises(UndefinedError, match="title is not there"):
        render_to_string("ui/error.html", {})
