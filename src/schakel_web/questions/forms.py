"""Forms of this room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.models import User
from schakel_web.network.models import Area, Membership, Organisation
from schakel_web.questions.models import QuestionState, SharedQuestion, SparKind
from schakel_web.questions.models.patterns import DismissalReason
from schakel_web.questions.models.shared import NEXT, CheckResult
from schakel_web.signals import tasks
from schakel_web.signals.forms import Sentence
from schakel_web.ui.forms import Day


def colleagues(team: int) -> QuerySet[User]:
    """Whoever belongs to a team today and can log in."""
    return Membership.objects.today().filter(team=team).people()


def _to_come(due: date) -> date:
    """Nobody promises something for a day that is over."""
    if due < timezone.localdate():
        raise ValidationError(_("Kies vandaag of een dag die nog komt."))
    return due


def _among(field: forms.Field, rows: QuerySet[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class Versioned(forms.Form):
    """Remembers which version of a record was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DismissForm(Versioned):
    """Why a pattern is put aside."""

    reason = forms.ChoiceField(label=_("Waarom?"), choices=DismissalReason.choices, widget=forms.RadioSelect)
    note = Sentence(label=_("Toelichting"), required=False, max_length=300, widget=forms.TextInput)


class QuestionForm(forms.Form):
    """The words, theme and areas of a shared question."""

    text = Sentence(
        label=_("De vraag, in woorden van bewoners"), max_length=300, widget=forms.TextInput,
        help_text=_("Bijvoorbeeld: ‘Wij willen ’s avonds niet steeds alleen eten.’"),
    )  # fmt: skip
    underlying = Sentence(label=_("Wat kan erachter zitten?"), required=False)
    theme = forms.ChoiceField(label=_("Thema"))
    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=_("Buurten"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, theme = self.fields["areas"], self.fields["theme"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        assert isinstance(theme, forms.ChoiceField)
        field.queryset = areas
        theme.choices = tasks.theme_choices()

    def given(self) -> dict[str, Any]:
        """What the actions need."""
        f = self.cleaned_data
        return {
            "text": f["text"], "underlying": f["underlying"], "theme": f["theme"],
            "areas": [area.pk for area in f["areas"]],
        }  # fmt: skip


class EditForm(QuestionForm, Versioned):
    """The same, of a question that is there; and, where that is the practice, which means there are (S051)."""

    available = Sentence(label=_("Welke partners en middelen zijn er?"), required=False)
    needed = Sentence(label=_("Wat is er nog nodig?"), required=False)

    def __init__(self, *args: Any, steps: Collection[str] = (), checked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if checked:
            self.fields["text"].help_text = _(
                "Bewoners herkenden dit. Verandert u de woorden, het thema of de buurten, dan vraagt u het opnieuw."
            )
        if "partner_check" not in steps:
            del self.fields["available"], self.fields["needed"]

    def given(self) -> dict[str, Any]:
        """What the action needs."""
        means = {name: self.cleaned_data[name] for name in ("available", "needed") if name in self.fields}
        return super().given() | means


class MoveForm(Versioned):
    """To another state, with a reason."""

    to = forms.ChoiceField(label=_("Naar welke stand?"), widget=forms.RadioSelect)
    why = Sentence(label=_("Waarom?"), max_length=500, widget=forms.TextInput)
    tell = Sentence(
        label=_("Wat zegt u terug aan iedereen die hierover iets doorgaf?"), required=False,
        help_text=_("De nieuwe stand zien zij vanzelf, met hun code. Hier kunt u er iets bij zeggen."),
    )  # fmt: skip

    def __init__(self, *args: Any, question: SharedQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(QuestionState.choices)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(state, labels[QuestionState(state)]) for state in NEXT[question.state]]


class CheckForm(forms.Form):
    """What residents said (R13)."""

    day = forms.DateField(label=_("Wanneer?"), widget=Day(), initial=timezone.localdate)
    how = Sentence(
        label=_("Hoe?"),
        max_length=200,
        widget=forms.TextInput,
        help_text=_("Bijvoorbeeld: aan de koffietafel in het buurthuis."),
    )
    people = forms.IntegerField(label=_("Met hoeveel bewoners?"), min_value=1, max_value=1000)
    said = Sentence(label=_("Wat zeiden zij?"))
    result = forms.ChoiceField(
        label=_("Herkennen zij de vraag?"), choices=CheckResult.choices, widget=forms.RadioSelect
    )

    def clean_day(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(
                _("%(day)s ligt in de toekomst. Kies vandaag of een eerdere dag."),
                params={"day": date_format(day, "j F Y")},
            )
        return day


class PromiseForm(forms.Form):
    """Who does what before when."""

    what = Sentence(label=_("Wat gaan wij doen?"), max_length=500, widget=forms.TextInput)
    who = forms.ModelChoiceField(User.objects.none(), label=_("Wie?"))
    due = forms.DateField(label=_("Voor wanneer?"), widget=Day())

    def __init__(self, *args: Any, team: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self.fields["who"], colleagues(team))

    def clean_due(self) -> date:
        """Still to come."""
        return _to_come(self.cleaned_data["due"])


class OwnerForm(Versioned):
    """Who takes the lead."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Wie trekt deze vraag?"))

    def __init__(self, *args: Any, team: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self.fields["owner"], colleagues(team))


class SayBackForm(forms.Form):
    """What everyone who signalled reads."""

    text = Sentence(
        label=_("Bericht aan iedereen die hierover iets doorgaf"),
        help_text=_("Wat doen wij ermee, en wanneer hoort u meer?"),
    )


class SparringForm(forms.Form):
    """Ask another organisation."""

    to = forms.ModelChoiceField(Organisation.objects.filter(active=True), label=_("Welke organisatie?"))
    kind = forms.ChoiceField(label=_("Wat vraagt u?"), choices=SparKind.choices, widget=forms.RadioSelect)
    asked = Sentence(label=_("Uw vraag"))

    def __init__(self, *args: Any, steps: Collection[str] = (), own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, to = self.fields["kind"], self.fields["to"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(to, forms.ModelChoiceField)
        kind.choices = [choice for choice in SparKind.choices if choice[0] in steps]
        to.queryset = Organisation.objects.filter(active=True).exclude(pk=own)


class AnswerForm(forms.Form):
    """Answer such a request."""

    text = Sentence(label=_("Uw antwoord"))
    accepted = forms.TypedChoiceField(
        label=_("Neemt u de vraag over?"), widget=forms.RadioSelect, empty_value=None,
        choices=[("yes", _("ja")), ("no", _("nee"))], coerce=lambda v: v == "yes",
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != SparKind.HANDOVER:
            del self.fields["accepted"]


class MergeForm(Versioned):
    """Which question this one becomes part of."""

    into = forms.ModelChoiceField(SharedQuestion.objects.none(), label=_("Bij welke vraag hoort deze?"))
    why = Sentence(label=_("Waarom?"), max_length=500, widget=forms.TextInput)

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self.fields["into"], others)


class SplitForm(QuestionForm, Versioned):
    """A part that becomes a question of its own."""

    def given(self) -> dict[str, Any]:
        """Without what a part does not have yet."""
        found = super().given()
        found.pop("underlying")
        return found


class DecisionForm(forms.Form):
    """What the meeting decided; and, when it is also a promise, who does it before when."""

    text = Sentence(label=_("Besluit"), max_length=500, widget=forms.TextInput)
    who = forms.ModelChoiceField(User.objects.none(), label=_("Wie?"), required=False)
    due = forms.DateField(label=_("Voor wanneer?"), required=False)

    def __init__(self, *args: Any, team: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self.fields["who"], colleagues(team))

    def clean_due(self) -> date | None:
        """Still to come."""
        due: date | None = self.cleaned_data["due"]
        return due and _to_come(due)

    def clean(self) -> dict[str, Any]:
        """A promise has a name and a day, or neither."""
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("who")) != bool(found.get("due")) and not self.errors:
            self.add_error("due", _("Kies bij een afspraak wie het doet en voor wanneer."))
        return found


class CloseForm(forms.Form):
    """The end of a meeting."""

    present = forms.IntegerField(
        label=_("Hoeveel mensen waren erbij?"), min_value=1, max_value=200, required=False
    )
    notes = Sentence(label=_("Nog iets voor het verslag?"), required=False, max_length=2000)
