"""Signals from a file: every fault at once, then all rows or the good ones as the user chooses; never twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schakel.io.tables import check_columns, read_table
from schakel.records import Fault, InputFaultsError, SchakelError
from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.faults import in_dutch, too_large
from schakel_web.network.forms import FileForm
from schakel_web.network.models import Area, Team
from schakel_web.network.tasks import kept_for_a_moment
from schakel_web.signals import search, tasks
from schakel_web.signals.models import MOST_PEOPLE, MOST_TEXT, Batch, Signal, SignalTheme, Source
from schakel_web.signals.receipts import hashed, new_code

_SHOWN = 200
_SHARE = 2000  # rows that are written at a time


class ImportForm(FileForm):
    """A file, and what to do with it."""

    what = forms.ChoiceField(
        label=gettext_lazy("Wat wilt u doen?"),
        choices=[
            ("look", gettext_lazy("Eerst alleen kijken of het bestand klopt")),
            ("all", gettext_lazy("Inlezen als alles klopt")),
            ("good", gettext_lazy("De goede regels inlezen, de andere overslaan")),
        ],
        initial="look",
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True)
class Row:
    """One good row of a file; its text was redacted."""

    day: date
    area: int
    themes: list[str]
    people: int
    source: str
    text: str


def parsed(upload: UploadedFile[Any], *, areas: dict[str, int]) -> tuple[list[Row], list[Fault], int]:
    """Good rows, all faults, and in how many rows personal data were taken out. SchakelError when it is no table."""
    with kept_for_a_moment(upload) as path:
        table = read_table(path)
    check_columns(table, required=("date", "area", "theme"), optional=("people", "source", "text"))
    names = {label.casefold(): key for _d, choices in tasks.theme_choices() for key, label in choices}
    names |= {key: key for key in names.values()}
    sources = {str(label).casefold(): key for key, label in Source.choices} | {
        key: key for key, _l in Source.choices
    }
    good, faults, hidden = [], [], 0
    for line, row in zip(table.lines, table.frame.iter_rows(named=True), strict=True):
        wrong: list[Fault] = []

        def fault(
            field: str, expected: str, row: Any = row, line: Any = line, wrong: list[Fault] = wrong
        ) -> None:
            value = str(row.get(field) or "")[:80]
            wrong.append(Fault(str(upload.name), int(line), field, value, expected))

        day = _day(row["date"])
        if day is None:
            fault("date", "a date such as 2024-05-31")
        elif day > timezone.localdate():
            fault("date", "a day not after today")
        area = areas.get(str(row["area"] or "").strip().upper())
        if area is None:
            fault("area", "a known area")
        themes = [names.get(part.strip().casefold(), "") for part in str(row["theme"] or "").split(";")]
        if not all(themes):
            fault("theme", "a theme of the list")
        people = _people(row.get("people"))
        if people is None:
            fault("people", f"a whole number from 1 to {MOST_PEOPLE}")
        source = sources.get(str(row.get("source") or Source.DATA).strip().casefold())
        if source is None:
            fault("source", "a known source")
        text = str(row.get("text") or "").strip()
        if len(text) > MOST_TEXT or any(ord(letter) < 32 and letter not in "\n\r\t" for letter in text):
            fault("text", f"at most {MOST_TEXT} readable characters")
        faults += wrong
        if not wrong and day and area and people and source:
            clean = tasks.clean(text)
            hidden += clean != text
            good.append(Row(day, area, list(dict.fromkeys(themes)), people, source, clean[:MOST_TEXT]))
    return good, faults, hidden


def _day(given: Any) -> date | None:
    text = str(given or "").strip()[:10]
    for candidate in (text, "-".join(reversed(text.replace("/", "-").split("-")))):
        try:
            return date.fromisoformat(candidate)
        except ValueError:
            continue
    return None


def _people(given: Any) -> int | None:
    text = str(given if given is not None else "1").strip() or "1"
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_PEOPLE else None


def keep_batch(*, rows: list[Row], left_out: int, digest: str, team: Team | None, by: User) -> Batch:
    """Keep rows in one transaction. IntegrityError when this file was read in before."""
    with transaction.atomic():
        batch = Batch(digest=digest, by=by, rows=len(rows), left_out=left_out)
        batch.save()
        for start in range(0, len(rows), _SHARE):
            _keep(rows[start : start + _SHARE], batch=batch, team=team)
        record(action="signals.import", subject=batch, by=by, rows=len(rows), left_out=left_out)
    return batch


def _keep(rows: list[Row], *, batch: Batch, team: Team | None) -> None:
    made = Signal.objects.bulk_create(
        Signal(
            date=row.day,
            area_id=row.area,
            text=row.text,
            people=row.people,
            source=row.source,
            sensitive=tasks.any_sensitive(row.themes),
            team=team,
            batch=batch,
            receipt=hashed(new_code()),
        )
        for row in rows
    )
    SignalTheme.objects.bulk_create(
        SignalTheme(signal=signal, theme=theme)
        for signal, row in zip(made, rows, strict=True)
        for theme in row.themes
    )
    search.index(made)


@allowed(Permission.SIGNAL_IMPORT)
def upload(request: AllowedRequest) -> HttpResponse:
    """Look first, then read in."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "sources": Source.choices}
    status = 200
    if request.method == "POST" and form.is_valid():
        file: UploadedFile[Any] = form.cleaned_data["file"]
        mine = request.access.areas(Permission.SIGNAL_IMPORT)
        areas = dict(Area.objects.filter(pk__in=mine).values_list("code", "pk"))
        try:
            if (file.size or 0) > settings.UPLOAD_MOST:
                raise SchakelError(too_large())
            rows, faults, hidden = parsed(file, areas=areas)
        except InputFaultsError as error:
            rows, faults, hidden = [], list(error.faults), 0
        except SchakelError as error:
            context["faults"] = [in_dutch(error)]
            return render(request, "signals/import.html", context, status=422)
        what = form.cleaned_data["what"]
        if rows and (what == "good" or (what == "all" and not faults)):
            return _done(request, file, rows, len({fault.line for fault in faults}))
        status = 422 if faults else 200
        context |= {
            "faults": [in_dutch(fault) for fault in faults[:_SHOWN]],
            "more": len(faults) - _SHOWN,
            "looked": not faults, "good": len(rows), "hidden": hidden,
        }  # fmt: skip
    return render(request, "signals/import.html", context, status=status)


def _done(request: AllowedRequest, file: UploadedFile[Any], rows: list[Row], left_out: int) -> HttpResponse:
    file.seek(0)
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
    try:
        batch = keep_batch(
            rows=rows, left_out=left_out, digest=digest, team=request.access.team, by=request.user
        )
    except IntegrityError:
        messages.warning(request, _("Dit bestand is al eerder ingelezen. Er is niets toegevoegd."))
        return redirect("signal-import")
    messages.success(
        request,
        _("%(rows)s signalen zijn ingelezen; %(left)s regels zijn overgeslagen.")
        % {"rows": batch.rows, "left": left_out},
    )
    return redirect("signal-list")
