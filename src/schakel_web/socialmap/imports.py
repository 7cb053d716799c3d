"""Provisions from a file: every fault at once; then a draft in which a person chooses what is the same; repeatable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from schakel.records import SchakelError
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.faults import in_dutch, too_large
from schakel_web.network.forms import FileForm, whole
from schakel_web.network.imports import named
from schakel_web.network.once import once
from schakel_web.socialmap import bringing, drafts, registers
from schakel_web.socialmap.forms import CheckedForm
from schakel_web.socialmap.models import ColumnMap, Draft, DraftRow, Provision, Register, RegisterEntry
from schakel_web.socialmap.models.choices import State
from schakel_web.socialmap.models.exchange import ASKED, What
from schakel_web.socialmap.tasks import exchange

_SHOWN = 200
PAGE = 25
_GONE = 100  # of what is not in the file any more, on one page


class ImportForm(FileForm):
    """A file, which columns are which, and what to do with it."""

    mapping = forms.ChoiceField(
        label=gettext_lazy("Welke kolommen heeft het bestand?"), required=False,
        help_text=gettext_lazy("Kies ‘onze eigen kolommen’ ook voor Open Referral (HSDS, .json)."),
    )  # fmt: skip
    register = forms.ModelChoiceField(
        Register.objects.all(), label=gettext_lazy("Uit welke bron komt het bestand?"), required=False,
        empty_label=gettext_lazy("een nieuwe bron, of een bestand dat maar één keer komt"),
        help_text=gettext_lazy("Kies dezelfde bron als de vorige keer. U ziet dan wat niet meer in het bestand staat."),
    )  # fmt: skip
    new_register = forms.CharField(
        label=gettext_lazy("Naam van een nieuwe bron"), required=False, max_length=120, widget=forms.TextInput,
        help_text=gettext_lazy(
            "Bijvoorbeeld: Sociale gids van de gemeente. Laat dit leeg bij een bestand dat maar één keer komt."
        ),
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

    def clean(self) -> dict[str, Any]:
        """One register at most."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("register") and found.get("new_register"):
            self.add_error(
                "new_register", _("Kies een bron, of schrijf de naam van een nieuwe. Niet allebei.")
            )
        return found

    def source(self, *, make: bool) -> Register | None:
        """The register that was chosen or named; a new one is kept when `make` says so."""
        name = self.cleaned_data.get("new_register") or ""
        if not name:
            chosen: Register | None = self.cleaned_data["register"]
            return chosen
        found = Register.objects.filter(name__iexact=name).first()
        return found or (Register.objects.create(name=name) if make else None)


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


@allowed(Permission.MAP_IMPORT)
def upload(request: AllowedRequest) -> HttpResponse:
    """Look first; then put ready; then choose."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form,
        "gone": 0,
        "nameless": 0,
        "drafts": Draft.objects.visible_to(request.access)
        .filter(applied=None)
        .select_related("register")[:10],
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

            def work() -> str:
                draft = drafts.prepare(
                    found=found, name=str(file.name), by=request.user, register=form.source(make=True)
                )
                return reverse("map-draft", args=[draft.pk])

            return once(request, work)
        if not found.faults:
            form.next_is("all")
        status = 422 if found.faults else 200
        context |= {
            "faults": [in_dutch(fault) for fault in found.faults[:_SHOWN]], "more": len(found.faults) - _SHOWN,
            "looked": not found.faults, "good": len(found.records),
        }  # fmt: skip
        if register := form.source(make=False):
            gone = registers.known(register, found.there).gone
            context |= {"register": register, "gone": len(gone), "nameless": found.nameless}
            context["gone_names"] = Provision.objects.filter(pk__in=gone[:PAGE]).select_related("area")
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
    ) % {"n": len(names), "which": named(names)}


def _kept_only(found: exchange.Read) -> str:
    names = sorted({note.field for note in found.notes if note.field})
    return _(
        "Dit gebruikt Schakel niet, maar het blijft bewaard en gaat weer mee naar buiten: %(fields)s."
    ) % {"fields": named(names)}


@allowed(Permission.MAP_IMPORT)
def draft(request: AllowedRequest, pk: int) -> HttpResponse:
    """What the file brings; where something is like what is there, a person chooses."""
    found = get_object_or_404(Draft.objects.visible_to(request.access), pk=pk)
    earlier = Draft.objects.filter(register=found.register_id).exclude(register=None).exclude(checked_by="")
    keeper = earlier.order_by("-at").values_list("checked_by", flat=True).first()
    checked = CheckedForm(request.POST if "do" in request.POST else None, keeper=keeper or "")
    if request.method == "POST" and (request.POST.keys() & {"row", "rest", "discard"} or checked.is_valid()):
        return _chosen(request, found, checked)
    open_rows = found.rows.filter(done=False)
    asked = found.waiting().select_related("match", "match__area")
    likely = list(asked[:PAGE])
    waiting = asked.aggregate(number=Count("pk"), edited=Count("pk", filter=Q(what=What.EDITED)))
    by_what = open_rows.exclude(what__in=ASKED).order_by().values_list("what").annotate(n=Count("pk"))
    numbers = {"new": 0, "same": 0, "kept": 0, "gone": 0, "twin": 0} | dict(by_what)
    context: dict[str, Any] = numbers | {
        "draft": found, "checked": checked, "undated": found.undated and found.whole is None,
        "likely": [(row, exchange.differences(row)) for row in likely], "waiting": waiting["number"],
        "edited": waiting["edited"], "shown": len(likely),
        "chosen": open_rows.filter(what__in=ASKED).exclude(choice="").count(),
    }  # fmt: skip
    gone = open_rows.filter(what=What.GONE).select_related("match", "match__area").order_by("pk")
    after = whole(request.GET.get("na"))
    shown = list((gone.filter(pk__gt=after) if after else gone)[: _GONE + 1])
    context |= {
        "gone_rows": shown[:_GONE],
        "gone_after": shown[_GONE - 1].pk if len(shown) > _GONE else 0,
        "returned": _returned(found)[:PAGE],
    }  # fmt: skip
    return render(request, "socialmap/draft.html", context, status=422 if checked.is_bound else 200)


def _returned(found: Draft) -> QuerySet[DraftRow]:
    """What was closed here after an earlier file did not have it, and is in this one."""
    missed = RegisterEntry.objects.filter(register=found.register_id).exclude(missing=None)
    rows = found.rows.filter(
        done=False, what__in=(What.KEPT, What.SAME), match__in=missed.values("provision")
    )
    return rows.filter(match__state=State.CLOSED).select_related("match")


def _chosen(request: AllowedRequest, found: Draft, checked: CheckedForm) -> HttpResponse:
    if "discard" in request.POST:
        drafts.discard(draft=found, by=request.user)
        messages.success(request, _("Weggegooid. Wat al op de kaart stond, staat er nog."))
        return redirect("map-import")
    if "rest" in request.POST:
        if (rest := request.POST["rest"]) in drafts.ABOUT_ALL:
            seen = whole(request.POST.get("seen"))
            if not drafts.choose_rest(draft=found, choice=rest, seen=seen, by=request.user):
                messages.warning(request, _("Er is intussen iets veranderd. Kijk nog een keer."))
        return redirect("map-draft", pk=found.pk)
    if "row" in request.POST:
        row = get_object_or_404(found.rows, pk=whole(request.POST["row"]))
        if (choice := request.POST.get("choice", "")) in drafts.choices_of(row):
            version = whole(request.POST.get("version"))
            drafts.choose(row=row, choice=choice, version=version, by=request.user)
        return redirect("map-draft", pk=found.pk)
    return once(request, lambda: _brought(request, found, checked))


def _brought(request: AllowedRequest, found: Draft, checked: CheckedForm) -> str:
    whole_file = request.POST.get("whole") == "yes"
    came = bringing.apply(draft=found, by=request.user, whole=whole_file, **checked.cleaned_data)
    said = [
        _("%(made)s nieuw op de kaart, %(changed)s veranderd.") % {"made": came.made, "changed": came.changed}
    ]
    if came.gone:
        said.append(
            ngettext(
                "Bij %(n)s aanbod staat nu dat het niet meer in het bestand staat.",
                "Bij %(n)s keer aanbod staat nu dat het niet meer in het bestand staat.",
                came.gone,
            )
            % {"n": came.gone}
        )
    if came.back:
        said.append(
            ngettext(
                "%(n)s aanbod staat weer in het bestand.",
                "%(n)s keer aanbod staat weer in het bestand.",
                came.back,
            )
            % {"n": came.back}
        )
    if came.kept:
        said.append(
            ngettext(
                "%(n)s aanbod stond er al precies zo.", "%(n)s keer aanbod stond er al precies zo.", came.kept
            )
            % {"n": came.kept}
        )
    messages.success(request, " ".join(said))
    if came.edited:
        messages.warning(request, _edited(came.edited))
    if came.left:
        messages.info(request, _("Er wachten nog %(n)s regels. Ga verder wanneer u wilt.") % {"n": came.left})
    return reverse("map-draft", args=[found.pk])


def _edited(number: int) -> str:
    return ngettext(
        "%(n)s aanbod is op de kaart veranderd nadat u het bestand klaarzette. Dat bleef zoals het is. Kies hieronder "
        "wat goed is.",
        "%(n)s keer aanbod is op de kaart veranderd nadat u het bestand klaarzette. Dat bleef zoals het is. Kies "
        "hieronder wat goed is.",
        number,
    ) % {"n": number}


@allowed(Permission.MAP_IMPORT)
def mappings(request: AllowedRequest) -> HttpResponseBase:
    """Save which columns are which, for the next time."""
    form = MapForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)

        def work() -> str:
            with transaction.atomic():
                made.by = request.user
                made.save()
                record(action="socialmap.mapping", subject=made, by=request.user)
            messages.success(request, _("Bewaard."))
            return reverse("map-import")

        return once(request, work)
    context = {"form": form, "saved": ColumnMap.objects.all()}
    return render(request, "socialmap/mappings.html", context, status=422 if form.is_bound else 200)
