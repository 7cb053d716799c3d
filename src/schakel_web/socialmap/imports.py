"""Provisions from a file: every fault at once; then a draft in which a person chooses what is the same; repeatable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from schakel.records import SchakelError
from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.faults import in_dutch, too_large
from schakel_web.network.forms import FileForm, whole
from schakel_web.socialmap import actions, search
from schakel_web.socialmap.models import (
    ColumnMap,
    Confirmation,
    Draft,
    DraftRow,
    How,
    MapEvent,
    Provision,
    Session,
)
from schakel_web.socialmap.models.exchange import What
from schakel_web.socialmap.models.upkeep import Change
from schakel_web.socialmap.tasks import exchange, sessions_of

_SHOWN = 200
_SHARE = 500
_NAMED = 10  # fields that are called by name
PAGE = 25


class ImportForm(FileForm):
    """A file, which columns are which, and what to do with it."""

    mapping = forms.ChoiceField(
        label=gettext_lazy("Welke kolommen heeft het bestand?"), required=False,
        help_text=gettext_lazy("Kies ‘onze eigen kolommen’ ook voor Open Referral (HSDS, .json)."),
    )  # fmt: skip
    what = forms.ChoiceField(
        label=gettext_lazy("Wat wilt u doen?"),
        choices=[
            ("look", gettext_lazy("Eerst alleen kijken of het bestand klopt")),
            ("all", gettext_lazy("Klaarzetten als alles klopt")),
            ("good", gettext_lazy("De goede regels klaarzetten, de andere overslaan")),
        ],
        initial="look",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mapping = self.fields["mapping"]
        assert isinstance(mapping, forms.ChoiceField)
        mapping.choices = [("", _("onze eigen kolommen")), *exchange.mapping_choices()]


class MapForm(forms.ModelForm[ColumnMap]):
    """A mapping to save."""

    class Meta:
        model = ColumnMap
        fields = ("name", "text")

    def clean_text(self) -> str:
        """One that can be read."""
        text: str = self.cleaned_data["text"]
        try:
            exchange.parse_mapping(text, file=self.cleaned_data.get("name") or "-")
        except SchakelError as error:
            raise forms.ValidationError(in_dutch(error)) from error
        return text


def prepare(*, found: exchange.Read, name: str, by: User) -> Draft:
    """Put a file ready: what is new, what changes something by its identifier, what is like something that is there."""
    existing = exchange.everything()
    numbers = dict(Provision.objects.values_list("identifier", "pk"))
    matches = exchange.matched(found.records, existing)
    there = {one.id: one for one in existing}
    with transaction.atomic():
        draft = Draft(name=name[:200], left_out=found.left_out, by=by)
        draft.save()
        rows = []
        for one in found.records:
            likely = matches.likely.get(one.id, ())
            if one.id in there and not exchange.brought_in([one], [there[one.id]], {})[1]:
                draft.unchanged += 1
                continue
            what = What.SAME if one.id in there else What.LIKELY if likely else What.NEW
            target = one.id if one.id in there else likely[0].second if likely else ""
            rows.append(
                DraftRow(
                    draft=draft, values=exchange.row_of(one), kept_beside=_beside(found.kept.get(one.id)), what=what,
                    match_id=numbers.get(target), because=list(likely[0].because) if likely else [],
                )
            )  # fmt: skip
        DraftRow.objects.bulk_create(rows, batch_size=_SHARE)
        draft.save()
        record(action="socialmap.prepare", subject=draft, by=by, rows=len(rows), left_out=found.left_out)
    return draft


def _beside(kept: Any) -> dict[str, Any]:
    if not kept:
        return {}
    return {"hsds": kept} if isinstance(kept, list) else {"columns": dict(kept)}


def choose(*, row: DraftRow, choice: str, by: User) -> None:
    """A person says whether two are the same."""
    with transaction.atomic():
        DraftRow.objects.filter(pk=row.pk, done=False).update(choice=choice)
        record(action="socialmap.choose", subject=row, by=by, choice=choice)


def apply(*, draft: Draft, by: User) -> tuple[int, int]:
    """Bring in what is clear or was chosen; returns how many are new and how many were changed. Safe to repeat."""
    areas = exchange.area_numbers()
    made = changed = 0
    with transaction.atomic():
        Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)  # who clicks twice brings it in once
        rows = list(
            draft.rows.filter(done=False).exclude(what=What.LIKELY, choice="").select_related("match")
        )
        for start in range(0, len(rows), _SHARE):
            part = rows[start : start + _SHARE]
            fresh = [r for r in part if r.choice == "new" or (r.what == What.NEW and r.choice != "skip")]
            same = [r for r in part if r not in fresh and r.choice != "skip" and r.match]
            made += _add(fresh, areas, by)
            changed += _change(same, areas, by)
            DraftRow.objects.filter(pk__in=[r.pk for r in part]).update(done=True)
        if not draft.rows.filter(done=False).exists():
            Draft.objects.filter(pk=draft.pk).update(applied=timezone.now())
        record(action="socialmap.import", subject=draft, by=by, made=made, changed=changed)
    return made, changed


def _add(rows: list[DraftRow], areas: dict[str, int], by: User) -> int:
    records = [exchange.record_of(row.values) for row in rows]
    provisions = [
        Provision(**exchange.values_of(one, areas), kept_beside=row.kept_beside)
        for one, row in zip(records, rows, strict=True)
    ]
    for provision in provisions:
        provision.follow_due()
    Provision.objects.bulk_create(provisions)
    _finish(provisions, records)
    MapEvent.objects.bulk_create(
        MapEvent(provision=p, what=Change.GAINED, area_id=p.area_id, kind=p.kind, by=by) for p in provisions
    )
    return len(provisions)


def _change(rows: list[DraftRow], areas: dict[str, int], by: User) -> int:
    """What is there keeps its identifier and its place on the scales, which people here gave it (S115, S118)."""
    kept = {"identifier", "approach", "formality", "spread", "why_here", "provenance"}
    provisions, records, turned = [], [], []
    for row in rows:
        if row.match is None:
            continue
        before = row.match.state
        one = exchange.record_of(row.values)
        for name, value in exchange.values_of(one, areas).items():
            if name not in kept:
                setattr(row.match, name, value)
        row.match.kept_beside = row.kept_beside or row.match.kept_beside
        row.match.version += 1
        row.match.save()
        if row.match.state != before:
            turned.append(row.match)
        provisions.append(row.match)
        records.append(one)
    Session.objects.filter(provision__in=provisions).delete()
    _finish(provisions, records)
    Confirmation.objects.bulk_create(Confirmation(provision=p, how=How.IMPORT, by=by) for p in provisions)
    for provision in turned:  # a place that a file says is gone, is lost as well (S083)
        actions.keep_event(provision=provision, why="", by=by)
    return len(provisions)


def _finish(provisions: list[Provision], records: list[Any]) -> None:
    Session.objects.bulk_create(
        session for p, one in zip(provisions, records, strict=True) for session in sessions_of(one, p)
    )
    numbers = [p.pk for p in provisions]
    search.index(Provision.objects.filter(pk__in=numbers).prefetch_related("sessions"))


@allowed(Permission.MAP_IMPORT)
def upload(request: AllowedRequest) -> HttpResponse:
    """Look first; then put ready; then choose."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form,
        "drafts": Draft.objects.visible_to(request.access).filter(applied=None)[:10],
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        file: UploadedFile[Any] = form.cleaned_data["file"]
        try:
            if (file.size or 0) > settings.UPLOAD_MOST:
                raise SchakelError(too_large())
            found = exchange.read(file, mapping=exchange.mapping_called(form.cleaned_data["mapping"]))
        except SchakelError as error:
            context["faults"] = [in_dutch(error)]
            return render(request, "socialmap/import.html", context, status=422)
        if found.people:
            messages.info(request, _left_out(found.people))
        if found.redacted:
            messages.info(request, _redacted(found.redacted))
        if found.notes:
            messages.info(request, _kept_only(found))
        what = form.cleaned_data["what"]
        if found.records and (what == "good" or (what == "all" and not found.faults)):
            draft = prepare(found=found, name=str(file.name), by=request.user)
            return redirect("map-draft", pk=draft.pk)
        status = 422 if found.faults else 200
        context |= {
            "faults": [in_dutch(fault) for fault in found.faults[:_SHOWN]], "more": len(found.faults) - _SHOWN,
            "looked": not found.faults, "good": len(found.records),
        }  # fmt: skip
    return render(request, "socialmap/import.html", context, status=status)


def _left_out(people: int) -> str:
    return ngettext(
        "In het bestand stond de naam of het persoonlijke adres van een contactpersoon (%(n)s keer). Schakel neemt die "
        "niet over. De telefoon en e-mail van de organisatie wel.",
        "In het bestand stonden namen of persoonlijke adressen van contactpersonen (%(n)s keer). Schakel neemt die "
        "niet over. De telefoon en e-mail van de organisatie wel.",
        people,
    ) % {"n": people}


def _redacted(names: tuple[str, ...]) -> str:
    return ngettext(
        "In %(n)s tekst stond wie iemand is, zoals een naam. Dat is eruit gehaald: er staat nu bijvoorbeeld [naam]. "
        "Lees de tekst na van %(which)s.",
        "In %(n)s teksten stond wie iemand is, zoals een naam. Dat is eruit gehaald: er staat nu bijvoorbeeld [naam]. "
        "Lees de teksten na van %(which)s.",
        len(names),
    ) % {"n": len(names), "which": ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")}


def _kept_only(found: exchange.Read) -> str:
    names = sorted({note.field for note in found.notes if note.field})
    return _(
        "Dit gebruikt Schakel niet, maar het blijft bewaard en gaat weer mee naar buiten: %(fields)s."
    ) % {"fields": ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")}


@allowed(Permission.MAP_IMPORT)
def draft(request: AllowedRequest, pk: int) -> HttpResponse:
    """What the file brings; where something is like what is there, a person chooses."""
    found = get_object_or_404(Draft.objects.visible_to(request.access), pk=pk)
    if request.method == "POST":
        return _chosen(request, found)
    open_rows = found.rows.filter(done=False)
    likely = open_rows.filter(what=What.LIKELY, choice="").select_related("match", "match__area")
    context = {
        "draft": found, "likely": likely[:PAGE], "waiting": likely.count(),
        "new": open_rows.filter(what=What.NEW).count(), "same": open_rows.filter(what=What.SAME).count(),
        "chosen": open_rows.filter(what=What.LIKELY).exclude(choice="").count(),
    }  # fmt: skip
    return render(request, "socialmap/draft.html", context)


def _chosen(request: AllowedRequest, found: Draft) -> HttpResponse:
    if "row" in request.POST:
        row = get_object_or_404(found.rows, pk=whole(request.POST["row"]))
        if (choice := request.POST.get("choice", "")) in {"new", "same", "skip"}:
            choose(row=row, choice=choice, by=request.user)
        return redirect("map-draft", pk=found.pk)
    made, changed = apply(draft=found, by=request.user)
    messages.success(
        request, _("%(made)s nieuw op de kaart, %(changed)s veranderd.") % {"made": made, "changed": changed}
    )
    return redirect("map-draft", pk=found.pk)


@allowed(Permission.MAP_IMPORT)
def mappings(request: AllowedRequest) -> HttpResponseBase:
    """Save which columns are which, for the next time."""
    form = MapForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        with transaction.atomic():
            made.by = request.user
            made.save()
            record(action="socialmap.mapping", subject=made, by=request.user)
        messages.success(request, _("Bewaard."))
        return redirect("map-import")
    context = {"form": form, "saved": ColumnMap.objects.all()}
    return render(request, "socialmap/mappings.html", context, status=422 if form.is_bound else 200)
