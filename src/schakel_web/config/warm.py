"""What a web server reads before the first visitor: pages, word lists and models, each once in a process."""

from __future__ import annotations

from django.urls import resolve

from schakel_web.signals import search, tasks
from schakel_web.socialmap.tasks.words import words


def warm() -> None:
    """Do once what a visitor would otherwise wait for."""
    resolve("/")
    tasks.read("Veel mensen voelen zich hier alleen.")
    search.meant("eenzamheid")
    words.meant("eenzamheid")
