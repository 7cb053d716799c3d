"""Signals from a file: every fault at once, then all rows or the good ones as the user chooses; never twice."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schakel.records import Fault, InputFaultsError, SchakelError
from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.faults import TooLargeError, in_dutch
from schakel_web.network.forms import FileForm
from schakel_web.network.models import Area, Team
from schakel_web.network.once import once
from schakel_web.signals import search, tasks
from schakel_web.signals.models import Batch, Kind, LifePhase, Signal, SignalTheme, Source
from schakel_web.signals.receipts import hashed, new_code
from schakel_web.signals.rows import OPTIONAL, REQUIRED, Row, parsed

_SHOWN = 200
_SHARE = 2000  # rows that are written at a time
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(FileForm):
    """A file, and what to do with it."""

    what = forms.ChoiceField(
        label=gettext_lazy("Wat wilt u doen?"),
        choices=[
            ("look", gettext_lazy("Eerst alleen kijken of het bestand klopt")),
            ("all", gettext_lazy("Inlezen als alles klopt")),
            ("good", gettext_lazy("De goede regels inlezen, de andere overslaan")),
            ("faults", gettext_lazy("Alle fouten als Excel-bestand krijgen")),
        ],
        initial="look",
        widget=forms.RadioSelect,
    )


def unknown_of(rows: list[Row]) -> list[Row]:
    """Those that were not read in before, whatever the file was called."""
    known: set[Any] = set()
    for start in range(0, len(rows), _SHARE):
        part = [row.once for row in rows[start : start + _SHARE]]
        known |= set(Signal.objects.filter(once__in=part).values_list("once", flat=True))
    return [row for row in rows if row.once not in known]


def keep_batch(*, rows: list[Row], left_out: int, team: Team | None, by: User) -> Batch:
    """Keep rows in one transaction. IntegrityError when one of them was read in at this very moment."""
    digest = hashlib.sha256("".join(sorted(row.once.hex for row in rows)).encode()).hexdigest()
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
            kind=row.kind,
            date=row.day,
            area_id=row.area,
            text=row.text,
            people=row.people,
            source=row.source,
            life_phase=row.life_phase,
            sensitive=tasks.any_sensitive(row.themes),
            team=team,
            batch=batch,
            once=row.once,
            receipt=hashed(new_code()),
        )
        for row in rows
    )
    SignalTheme.objects.bulk_create(
        theme for signal, row in zip(made, rows, strict=True) for theme in SignalTheme.of(signal, row.themes)
    )
    search.index(made)


@allowed(Permission.SIGNAL_IMPORT)
def upload(request: AllowedRequest) -> HttpResponse:
    """Look first, then read in."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "sources": Source.choices}
    if request.method != "POST" or not form.is_valid():
        return render(request, "signals/import.html", context, status=422 if form.is_bound else 200)
    try:
        rows, faults, hidden = _looked(request, form.cleaned_data["file"])
    except SchakelError as error:
        context["faults"] = [in_dutch(error)]
        return render(request, "signals/import.html", context, status=422)
    what = form.cleaned_data["what"]
    if what == "faults" and faults:
        return _sheet(
            _("fouten"), [(_("Regel"), _("Kolom"), _("Waarde"), _("Wat er mis is")), *map(_cells, faults)]
        )
    if rows and (what == "good" or (what == "all" and not faults)):
        return _done(request, rows, len({fault.line for fault in faults}))
    if not faults:
        form.next_is("all")
    context |= {
        "faults": [in_dutch(fault) for fault in faults[:_SHOWN]], "more": len(faults) - _SHOWN,
        "looked": not faults, "good": len(rows), "hidden": hidden, "known": len(rows) - len(unknown_of(rows)),
    }  # fmt: skip
    return render(request, "signals/import.html", context, status=422 if faults else 200)


def _by_code_or_name(areas: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """A neighbourhood by its code, and by its name in capitals where only one has that name."""
    rows = list(areas)
    often = Counter(name.upper() for _code, name, _pk in rows)
    names = {name.upper(): pk for _code, name, pk in rows if often[name.upper()] == 1}
    return names | {code: pk for code, _name, pk in rows}


def _looked(request: AllowedRequest, file: UploadedFile[Any]) -> tuple[list[Row], list[Fault], int]:
    if (file.size or 0) > settings.UPLOAD_MOST:
        raise TooLargeError
    mine = request.access.areas(Permission.SIGNAL_IMPORT)
    areas = _by_code_or_name(Area.objects.filter(pk__in=mine).values_list("code", "name", "pk"))
    team = request.access.team
    try:
        return parsed(file, areas=areas, team=team.pk if team else None)
    except InputFaultsError as error:
        return [], list(error.faults), 0


def _cells(fault: Fault) -> tuple[object, ...]:
    return fault.line or "", fault.field or "", fault.value or "", in_dutch(fault)


def _done(request: AllowedRequest, rows: list[Row], left_out: int) -> HttpResponse:
    def work() -> str:
        fresh = unknown_of(rows)
        if not fresh:
            raise IntegrityError
        keep_batch(rows=fresh, left_out=left_out, team=request.access.team, by=request.user)
        said = _("%(rows)s signalen zijn ingelezen; %(left)s regels zijn overgeslagen.")
        messages.success(request, said % {"rows": len(fresh), "left": left_out})
        if known := len(rows) - len(fresh):
            said = _("%(known)s regels stonden er al en zijn niet nog eens geteld.")
            messages.info(request, said % {"known": known})
        return reverse("signal-list")

    try:
        return once(request, work)
    except IntegrityError:
        messages.warning(request, _("Dit bestand is al eerder ingelezen. Er is niets toegevoegd."))
        return redirect("signal-import")


def _sheet(name: str, rows: list[Any], **more: list[Any]) -> HttpResponse:
    """An Excel file; every cell is text, so that nothing in it is a formula."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for title, lines in {name: rows, **more}.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for i, line in enumerate(lines):
                for j, cell in enumerate(line):
                    sheet.write_string(i, j, str(cell))
            sheet.autofit()
    response = HttpResponse(content.getvalue(), content_type=_EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@allowed(Permission.SIGNAL_IMPORT)
def example(request: AllowedRequest) -> HttpResponse:
    """A file to fill in, with the areas and words that it may hold on sheets of their own."""
    mine = request.access.areas(Permission.SIGNAL_IMPORT)
    area = Area.objects.filter(pk__in=mine).first()
    row = (
        timezone.localdate().isoformat(), area.code if area else "", "eenzaamheid", 5, Source.STREET.value, "", "",
        _("Veel ouderen eten elke avond alleen."), "1",
    )  # fmt: skip
    return _sheet(
        _("signalen"),
        [(*REQUIRED, *OPTIONAL), row],
        area=list(Area.objects.filter(pk__in=mine).values_list("code", "name")),
        theme=[(key, label) for _domain, some in tasks.theme_choices() for key, label in some],
        source=list(Source.choices), life_phase=list(LifePhase.choices), kind=list(Kind.choices),
    )  # fmt: skip
