"""Forms of this room. Nothing is asked that is not needed: area, theme, one sentence, for about how many, source."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.models import User
from schakel_web.network.forms import AreaField
from schakel_web.network.models import Area
from schakel_web.signals import tasks
from schakel_web.signals.actions import ChangedMeanwhileError, clarify, seen_of
from schakel_web.signals.models import (
    MOST_PEOPLE,
    MOST_TEXT,
    Clarification,
    Kind,
    Layer,
    LifePhase,
    OwnSearch,
    Route,
    Signal,
    Source,
    State,
)
from schakel_web.ui.forms import Chips, Day, unreadable

PEOPLE = [
    (1, _("1 of één gezin")),
    (2, "2"),
    (3, "3"),
    (5, "5"),
    (10, "10"),
    (20, _("20 of meer")),
]
_OLDEST = timedelta(days=366)
_MOST_THEMES = 3


def no_control_characters(text: str) -> None:
    """Only what somebody can type."""
    place = unreadable(text)
    if place is not None:
        raise ValidationError(
            _(
                "Op plek %(place)s staat een onzichtbaar teken (%(sign)s). Haal het weg, of typ de tekst opnieuw."
            ),
            params={"place": place + 1, "sign": f"U+{ord(text[place]):04X}"},
        )


def without_personal_data(text: str) -> None:
    """The text says nothing about who somebody is (R4, R21)."""
    advice = tasks.read(text).advice if text else []
    if advice:
        raise ValidationError([f"‘{piece}’: {what}" for piece, what in advice])


class Sentence(forms.CharField):
    """A text that may hold no personal data, with what to write instead when it does."""

    def __init__(self, *, max_length: int = MOST_TEXT, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        kwargs.setdefault("error_messages", {"required": _("Dit is nog leeg.")})
        super().__init__(**kwargs)
        self.most = max_length

    def run_validators(self, value: str) -> None:
        """Its length first: a text that is too long is not read."""
        if len(value) > self.most:
            raise ValidationError(
                _("Deze tekst is te lang: hoogstens %(most)s tekens, het zijn er nu %(now)s."),
                params={"most": self.most, "now": len(value)},
            )
        no_control_characters(value)
        super().run_validators(value)
        without_personal_data(value)


class SignalForm(forms.Form):
    """What is going on here? Area, theme, for about how many, and where it was noticed."""

    text = Sentence(
        label=_("Wat speelt hier?"),
        help_text=_("Eén of twee zinnen over wat er in de wijk speelt. Schrijf niet over wie het gaat."),
    )
    themes = forms.MultipleChoiceField(
        label=_("Waar gaat het over?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Dit thema kennen wij niet. Kies een thema uit de lijst.")},
    )
    other_theme = forms.ChoiceField(label=_("Kies zelf een thema"), required=False)
    area = AreaField(
        Area.objects.none(),
        label=_("In welke buurt?"),
        empty_label=_("Kies een buurt"),
        error_messages={"invalid_choice": _("Deze buurt kennen wij niet. Kies een buurt uit de lijst.")},
    )
    people = forms.TypedChoiceField(
        label=_("Voor ongeveer hoeveel mensen?"), choices=PEOPLE, coerce=int, initial=1, widget=Chips
    )
    source = forms.ChoiceField(
        label=_("Hoe weet u dit?"), choices=Source.choices, initial=Source.CASE_CONTACT
    )
    life_phase = forms.ChoiceField(
        label=_("Levensfase"), choices=[("", _("niet van belang")), *LifePhase.choices], required=False
    )
    date = forms.DateField(
        label=_("Wanneer?"), required=False, widget=Day(),
        help_text=_("Leeg is vandaag."),
        error_messages={"invalid": _("Dit is geen datum. Schrijf bijvoorbeeld 31-5-2026.")},
    )  # fmt: skip
    once = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, areas: Any, partner: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partner:  # what they know of is theirs, however they heard it
            del self.fields["source"]
        area, themes, other = self.fields["area"], self.fields["themes"], self.fields["other_theme"]
        assert isinstance(area, AreaField)
        assert isinstance(themes, forms.MultipleChoiceField)
        assert isinstance(other, forms.ChoiceField)
        area.queryset = areas
        grouped = tasks.theme_choices()
        themes.choices = [choice for _domain, choices in grouped for choice in choices]
        other.choices = [("", _("kies een thema")), *grouped]

    def clean_date(self) -> Any:
        """Not in the future, and not so long ago that it is history."""
        day = self.cleaned_data["date"]
        today = timezone.localdate()
        if day and day > today:
            raise ValidationError(
                _("%(day)s ligt in de toekomst. Kies vandaag of een eerdere dag."),
                params={"day": date_format(day, "j F Y")},
            )
        if day and day < today - _OLDEST:
            raise ValidationError(
                _("%(day)s is meer dan een jaar geleden. Geef alleen door wat nu speelt."),
                params={"day": date_format(day, "j F Y")},
            )
        return day

    def clean(self) -> dict[str, Any]:
        """At least one theme, at most three; when none was chosen, those that the text suggests are put forward."""
        found: dict[str, Any] = super().clean() or {}
        chosen = [*found.get("themes", []), *([found["other_theme"]] if found.get("other_theme") else [])]
        chosen = list(dict.fromkeys(chosen))
        if len(chosen) > _MOST_THEMES:
            self.add_error("themes", _("Kies hoogstens drie thema's."))
        if not chosen and found.get("text"):
            self.add_error("themes", _("Kies een thema, of laat ons weten welk thema het beste past."))
        found["chosen"] = chosen
        return found

    def given(self) -> dict[str, Any]:
        """What `actions.give` needs."""
        f = self.cleaned_data
        once: UUID | None = f["once"]
        return {
            "area": f["area"], "text": f["text"], "themes": f["chosen"], "people": f["people"],
            "source": f.get("source", Source.PARTNER), "life_phase": f["life_phase"], "day": f["date"], "once": once,
        }  # fmt: skip


class RequestForm(SignalForm):
    """A question that a resident brings (hulpvraag); the same, in other words."""

    text = Sentence(
        label=_("Wat vraagt de bewoner?"),
        help_text=_("In de woorden van de bewoner. Schrijf niet wie het is."),
    )
    case_reference = Sentence(
        label=_("Kenmerk in het systeem van de gemeente"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[
            RegexValidator(r"^[A-Za-z0-9./-]+$", _("Een kenmerk heeft alleen letters, cijfers en streepjes."))
        ],
        help_text=_("Alleen het nummer waaronder de gemeente de vraag kent. Nooit een BSN of een naam."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.CASE_REFERENCE:
            del self.fields["case_reference"]  # off unless the municipality switched it on (R2)


class CorrectForm(forms.ModelForm[Signal]):
    """What whoever gave it may change."""

    text = Sentence(label=_("Wat speelt hier?"))
    people = forms.IntegerField(label=_("Voor ongeveer hoeveel mensen?"), min_value=1, max_value=MOST_PEOPLE)

    class Meta:
        model = Signal
        fields = ("text", "people")


class ClarificationForm(forms.ModelForm[Clarification]):
    """The questions of S075, in their order; none is obliged. Remembers what was on the screen."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = seen_of(self.instance if self.instance.pk else None)

    def keep(self, *, signal: Signal, by: User | None) -> None:
        """Keep the answers. ChangedMeanwhileError when somebody else changed them; the form says so as well."""
        given = self.cleaned_data
        answers = {name: given[name] for name in self._meta.fields or ()}
        try:
            clarify(signal=signal, answers=answers, by=by, seen=given["seen"])
        except ChangedMeanwhileError:
            self.add_error(
                None,
                _(
                    "Iemand anders heeft dit net veranderd. Open de pagina opnieuw, kijk wat er nu staat en vul aan."
                ),
            )
            raise

    class Meta:
        model = Clarification
        fields = ("wish", "strength", "network", "tried", "underlying")
        field_classes = dict.fromkeys(fields, Sentence)
        help_texts = {
            "wish": _("In de woorden van de bewoner."),
            "strength": _("Ook: wat kan de bewoner voor een ander betekenen?"),
            "network": _("Familie, vrienden, buren, een club. Geen namen."),
            "underlying": _("Wat zou er anders zijn als dit is opgelost?"),
        }


class OwnClarificationForm(ClarificationForm):
    """The same in the words of the resident, who reads and changes it with the receipt code."""

    class Meta(ClarificationForm.Meta):
        labels = {
            "wish": _("Wat wilt u bereiken?"),
            "strength": _("Wat kunt u zelf, en wat brengt u mee?"),
            "network": _("Wie zijn er om u heen?"),
            "tried": _("Wat heeft u al geprobeerd?"),
            "underlying": _("Wat zit er eigenlijk achter uw vraag?"),
        }
        help_texts = {
            "strength": _("Ook: wat kunt u voor een ander betekenen?"),
            "network": _("Familie, vrienden, buren, een club. Schrijf geen namen."),
            "underlying": _("Wat zou er anders zijn als dit is opgelost?"),
        }


class WeighingForm(forms.Form):
    """Collective, a combination, individual or specialist: four ways that are each right somewhere (S006, S033)."""

    seen = forms.CharField(
        required=False, max_length=20, widget=forms.HiddenInput
    )  # the last one on the screen
    route = forms.ChoiceField(label=_("Wat past het best?"), choices=Route.choices, widget=forms.RadioSelect)
    collective_first = forms.BooleanField(
        label=_("Ik heb gekeken of er iets gezamenlijks is of kan komen"), required=False
    )
    reason = Sentence(
        label=_("Als u niet keek: waarom?"), required=False, max_length=300, widget=forms.TextInput,
        help_text=_("Bijvoorbeeld: het moest vandaag geregeld zijn."),
    )  # fmt: skip
    own_search = forms.ChoiceField(
        label=_("Heeft de bewoner eerst zelf gezocht?"), choices=OwnSearch.choices, widget=forms.RadioSelect
    )
    layer = forms.ChoiceField(
        label=_("Waar komt het antwoord vandaan?"), choices=Layer.choices, widget=forms.RadioSelect,
        help_text=_("Van onder naar boven: begin bij de eigen kring en de buurt."),
    )  # fmt: skip
    field_order = ("own_search", "layer", "route")

    def __init__(self, *args: Any, steps: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, step in (("own_search", "own_search_first"), ("layer", "layers")):
            if step not in steps:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Looking for something collective first may be skipped, with a reason (S027)."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("collective_first") and not found.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Schrijf kort waarom u dit oversloeg. Elke reden is goed."))
        return found


class ListForm(forms.Form):
    """What to show in the list, on the map and in the file: the same filters everywhere."""

    q = forms.CharField(label=_("Zoek op woorden"), required=False, max_length=100)
    area = AreaField(Area.objects.none(), label=_("Buurt"), required=False, empty_label=_("alle"))
    theme = forms.ChoiceField(label=_("Thema"), required=False)
    source = forms.ChoiceField(label=_("Bron"), required=False, choices=[("", _("alle")), *Source.choices])
    life_phase = forms.ChoiceField(
        label=_("Levensfase"), required=False, choices=[("", _("alle")), *LifePhase.choices]
    )
    kind = forms.ChoiceField(label=_("Soort"), required=False, choices=[("", _("alle")), *Kind.choices])
    state = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[(state.value, state.label) for state in (State.ACCEPTED, State.WAITING, State.REFUSED)],
    )
    since = forms.DateField(label=_("Vanaf"), required=False, widget=Day())
    until = forms.DateField(label=_("Tot en met"), required=False, widget=Day())

    def __init__(self, *args: Any, areas: Any, moderates: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, theme = self.fields["area"], self.fields["theme"]
        assert isinstance(area, AreaField)
        assert isinstance(theme, forms.ChoiceField)
        area.queryset = areas
        theme.choices = [("", _("alle")), *tasks.theme_choices()]
        if not moderates:
            del self.fields["state"]  # others only ever see what counts

    def clean(self) -> dict[str, Any]:
        """A period runs forward."""
        found: dict[str, Any] = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("Deze dag ligt voor 'vanaf'."))
        return found
