"""Forms of this room: finding, changing, placing, doubting."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.models import User
from schakel_web.network.forms import AreaField, whole
from schakel_web.network.models import Area
from schakel_web.signals.forms import Sentence
from schakel_web.signals.tasks import theme_choices
from schakel_web.socialmap.models import Settled, Wrong
from schakel_web.socialmap.models.choices import DAYS, LANGUAGES, Access, Barrier, State
from schakel_web.ui.forms import Day

_ANY = ("", _("maakt niet uit"))
PARTS = (("ochtend", _("ochtend")), ("middag", _("middag")), ("avond", _("avond")), ("nacht", _("nacht")))
DISTANCES = (
    (1, _("hoogstens 1 km")), (2, _("hoogstens 2 km")), (5, _("hoogstens 5 km")), (10, _("hoogstens 10 km")),
)  # fmt: skip
COSTS = ((0, _("gratis")), (2.5, _("tot € 2,50")), (5, _("tot € 5")), (10, _("tot € 10")))


def _number(value: Any) -> float | None:
    return None if value in {"", None} else float(value)


class FindForm(forms.Form):
    """What somebody looks for. Everything may stay empty."""

    q = forms.CharField(label=_("Zoek op woorden"), required=False, max_length=100)
    theme = forms.ChoiceField(label=_("Thema"), required=False)
    area = AreaField(Area.objects.none(), label=_("In de buurt van"), required=False, empty_label=_("overal"))
    km = forms.TypedChoiceField(
        label=_("Afstand"), required=False, coerce=_number, empty_value=None, choices=[_ANY, *DISTANCES]
    )
    day = forms.ChoiceField(label=_("Dag"), required=False, choices=[_ANY, *DAYS])
    part = forms.ChoiceField(label=_("Deel van de dag"), required=False, choices=[_ANY, *PARTS])
    cost = forms.TypedChoiceField(
        label=_("Kosten per keer"), required=False, coerce=_number, empty_value=None, choices=[_ANY, *COSTS]
    )
    language = forms.ChoiceField(label=_("Taal"), required=False, choices=[_ANY, *LANGUAGES])
    access = forms.ChoiceField(label=_("Hoe komt u binnen"), required=False, choices=[_ANY, *Access.choices])
    free = forms.BooleanField(label=_("Er is plaats"), required=False)
    wheelchair = forms.BooleanField(label=_("Rolstoel kan naar binnen"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, theme = self.fields["area"], self.fields["theme"]
        assert isinstance(area, AreaField)
        assert isinstance(theme, forms.ChoiceField)
        area.queryset = Area.objects.neighbourhoods()
        theme.choices = [_ANY, *theme_choices()]

    @property
    def changed_more(self) -> bool:
        """Whether something was chosen among the choices that are folded away."""
        return not {"q", "theme", "area", "km"}.issuperset(self.changed_data)

    def asked(self) -> dict[str, Any]:
        """What was asked and understood; a value that cannot be is left out, and its error stays on the form."""
        self.is_valid()
        return self.cleaned_data if self.is_bound else {}


class PlaceForm(forms.Form):
    """A place on the two scales, by number; dragging and arrow keys fill in the same numbers."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    approach = forms.FloatField(
        label=_("Individueel – collectief"), min_value=0, max_value=1,
        help_text=_("0 is helemaal individueel, 1 helemaal collectief."),
    )  # fmt: skip
    formality = forms.FloatField(
        label=_("Informeel – formeel"), min_value=0, max_value=1,
        help_text=_("0 is informeel, 1 is formeel: vooral professionals."),
    )  # fmt: skip
    spread = forms.FloatField(
        label=_("Spreiding"), min_value=0, max_value=0.5,
        help_text=_("Hoe verschillend het in de praktijk is, naar beide kanten."),
    )  # fmt: skip
    why = Sentence(
        label=_("Waarom hier?"), max_length=500, widget=forms.TextInput,
        help_text=_("Bijvoorbeeld: vrijwilligers doen alles zelf, een opbouwwerker kijkt maandelijks mee."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("approach", "formality", "spread"):
            field = self.fields[name]
            field.widget.attrs |= {"step": "0.01"}
            field.error_messages |= {
                "min_value": _("Kies een getal van 0 tot %(limit)s.") % {"limit": 1 if name != "spread" else "0,5"},
                "max_value": _("Kies een getal van 0 tot %(limit)s.") % {"limit": 1 if name != "spread" else "0,5"},
            }  # fmt: skip


_BY_PEOPLE = [each for each in Wrong.choices if each[0] != Wrong.MISSING]


class DoubtForm(forms.Form):
    """What is not right; open to everybody."""

    what = forms.ChoiceField(label=_("Wat klopt er niet?"), choices=_BY_PEOPLE, widget=forms.RadioSelect)
    note = Sentence(
        label=_("Wilt u er iets bij zeggen?"), required=False, max_length=500, widget=forms.TextInput,
        help_text=_("Schrijf geen namen of telefoonnummers van mensen."),
    )  # fmt: skip


class SettleForm(forms.Form):
    """What was done with a doubt."""

    how = forms.ChoiceField(choices=[each for each in Settled.choices if each[0] != Settled.BACK])


class TogetherForm(forms.Form):
    """Several are still right, according to somebody who knows."""

    said_by = Sentence(
        label=_("Wie zei dat dit klopt?"), max_length=120, widget=forms.TextInput,
        help_text=_("Bijvoorbeeld: de balie van Welzijn Oost. Schrijf geen naam van een persoon."),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        every = data is not None and data.get("welke") == "alles"
        given = data.getlist("staat-er" if every else "gekozen") if data is not None else []
        self.chosen = {number for each in given if (number := whole(each)) is not None}

    def clean(self) -> dict[str, Any]:
        """Something was chosen."""
        if not self.chosen:
            raise forms.ValidationError(_("Kies eerst welk aanbod nog klopt."))
        return super().clean() or {}


class CheckedForm(forms.Form):
    """Who checked a file, and when; or neither."""

    checked_by = Sentence(
        label=_("Wie heeft het nagekeken?"), required=False, max_length=120, widget=forms.TextInput,
        help_text=_("Wie de bron bijhoudt, zoals: de redactie van de sociale gids. Geen naam van een persoon."),
    )  # fmt: skip
    checked_on = forms.DateField(
        label=_("Op welke dag?"), required=False, widget=Day(),
        help_text=_("Vanaf die dag telt Schakel tot wanneer het aanbod klopt."),
        error_messages={"invalid": _("Dit is geen datum. Schrijf bijvoorbeeld 31-5-2026.")},
    )  # fmt: skip

    def __init__(self, *args: Any, keeper: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if keeper:
            who = self.fields["checked_by"]
            who.help_text = format_lazy(_("{help} Vorige keer: {keeper}."), help=who.help_text, keeper=keeper)

    def clean(self) -> dict[str, Any]:
        """Both or neither; nobody checked it tomorrow."""
        found: dict[str, Any] = super().clean() or {}
        day, who = found.get("checked_on"), found.get("checked_by")
        if day and day > timezone.localdate():
            self.add_error("checked_on", _("Deze dag moet nog komen."))
        if day and not who and "checked_by" not in self.errors:
            self.add_error("checked_by", _("Schrijf ook wie het heeft nagekeken."))
        if who and not day and "checked_on" not in self.errors:
            self.add_error("checked_on", _("Schrijf ook op welke dag dat was."))
        return found


class StateForm(forms.Form):
    """It rests, is gone, or is back."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    to = forms.ChoiceField(label=_("Hoe staat het ervoor?"), choices=State.choices, widget=forms.RadioSelect)
    why = Sentence(
        label=_("Waardoor?"), required=False, max_length=500, widget=forms.TextInput,
        help_text=_("Bijvoorbeeld: het buurthuis is gesloten."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What is lost has a reason, so that one can see later how a neighbourhood lost its places (S083)."""
        found: dict[str, Any] = super().clean() or {}
        if (
            found.get("to") in {State.CLOSED, State.PAUSED}
            and not found.get("why")
            and "why" not in self.errors
        ):
            self.add_error("why", _("Schrijf kort waardoor. Zo ziet u later wat een wijk kwijtraakte."))
        return found


class InclusionForm(forms.Form):
    """Who does not come now, and what was agreed about it (S098)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    barriers = forms.MultipleChoiceField(
        label=_("Wat houdt mensen tegen?"),
        choices=Barrier.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agreements = Sentence(
        label=_("Wat is afgesproken?"), required=False, help_text=_("Eén afspraak per regel.")
    )

    def clean_agreements(self) -> list[str]:
        """One to a line."""
        return [line.strip() for line in self.cleaned_data["agreements"].splitlines() if line.strip()]


class TaskForm(forms.Form):
    """Who goes and talks with them (S099)."""

    what = Sentence(
        label=_("Wat gaan wij doen?"), max_length=300, widget=forms.TextInput,
        help_text=_("Bijvoorbeeld: met de trainers praten over wie er extra uitleg nodig heeft."),
    )  # fmt: skip
    who = forms.ModelChoiceField(User.objects.none(), label=_("Wie?"))
    due = forms.DateField(label=_("Voor wanneer?"), widget=Day())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.ModelChoiceField)
        who.queryset = people

    def clean_due(self) -> date:
        """Nobody promises something for a day that is over."""
        due: date = self.cleaned_data["due"]
        if due < timezone.localdate():
            raise forms.ValidationError(_("Kies vandaag of een dag die nog komt."))
        return due


class FinishForm(forms.Form):
    """What it brought."""

    result = Sentence(label=_("Wat leverde het op?"), max_length=300, widget=forms.TextInput)


class AnswerForm(forms.Form):
    """What is done about a loss."""

    answer = Sentence(label=_("Wat doen wij eraan?"), max_length=300, widget=forms.TextInput)
