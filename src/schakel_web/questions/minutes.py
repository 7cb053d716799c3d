"""The minutes as a PDF that a screen reader can read too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import formats
from django.utils.translation import gettext as _

from schakel_web.questions.models import Decision, Meeting, Promise
from schakel_web.signals.tasks import label

_TEMPLATE = Path(__file__).parent / "minutes.typ"


def pdf(*, meeting: Meeting, decisions: list[Decision], promises: list[Promise]) -> bytes:
    """The document; its words are data, so that nobody's text can be code."""
    data = {
        "title": _("Signalenoverleg %(team)s, %(date)s")
        % {"team": meeting.team.name, "date": formats.date_format(meeting.date, "j F Y")},
        "about": _("Aanwezig: %(present)s. %(notes)s")
        % {"present": meeting.present or _("niet geteld"), "notes": meeting.notes},
        "parts": [
            {
                "title": _("Besluiten"),
                "empty": _("Geen besluiten."),
                "rows": [_decided(d) for d in decisions],
            },
            {
                "title": _("Afspraken"),
                "empty": _("Geen nieuwe afspraken."),
                "rows": [_promised(p) for p in promises],
            },
        ],
    }
    said = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        made: Any = typst.compile(_TEMPLATE, sys_inputs=said, pdf_standards=["ua-1"])
    except (
        typst.TypstError
    ):  # a letter that no font here has: then without the promise that all can be read aloud
        made = typst.compile(_TEMPLATE, sys_inputs=said)
    return bytes(made)


def _decided(decision: Decision) -> str:
    about = ""
    if decision.question:
        about = f"{decision.question.text} – "
    elif decision.pattern:
        about = f"{label(decision.pattern.theme)} – "
    return f"{about}{decision.text}"


def _promised(promise: Promise) -> str:
    return f"{promise.what} ({promise.who or '-'}, {formats.date_format(promise.due, 'j F Y')})"
