"""What a web server reads before the first visitor: pages, word lists and models, each once in a process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from django.template.loader import get_template
from django.urls import reverse

import schakel_web
from schakel_web.signals import search, tasks
from schakel_web.socialmap.tasks.words import words


def warm() -> None:
    """Do once what a visitor would otherwise wait for; and what stays for good is never searched for waste again.

    That search takes a tenth of a second, and some visitor waits for it. Processes that are forked from this one
    also go on sharing what nothing writes to.
    """
    reverse("today")
    for name in _templates():
        get_template(name)
    tasks.read("Veel mensen voelen zich hier alleen.")
    search.meant("eenzamheid")
    words.meant("eenzamheid")
    gc.collect()
    gc.freeze()


def _templates() -> Iterator[str]:
    """The names of our own templates; a process keeps each as it was compiled."""
    ours = Path(schakel_web.__file__).parent
    for folder in map(Path, engines["django"].template_dirs):
        if folder.is_relative_to(ours):
            yield from (str(file.relative_to(folder)) for file in folder.rglob("*.html"))
