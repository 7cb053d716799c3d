"""Forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from schakel_web.arrangements import tasks
from schakel_web.arrangements.models import Arrangement, Component, Direction, Kind, Outcome, State
from schakel_web.signals.forms import Sentence
from schakel_web.signals.tasks import theme_choices
from schakel_web.socialmap.models.choices import DAYS, LANGUAGES, Payer
from schakel_web.ui.forms import Day

_MOST_NEEDS = 8
_DAY, _WEEK = 1440, 168  # minutes, hours
WEEKDAYS = [(number, name) for number, (_code, name) in enumerate(DAYS)]
_GROUPS = (("", _("maakt niet uit")), ("yes", _("liefst samen met anderen")), ("no", _("niet in een groep")))
_BELOW = {"min_value": _("Dit kan niet lager zijn dan 0.")}


def _day(value: Any) -> int:
    return int(value)


class Versioned(forms.Form):
    """Remembers which version was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class FrameForm(Versioned):
    """What the resident wants to reach, wishes and cannot."""

    goal = Sentence(
        label=_("Wat wil de bewoner bereiken?"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("In de woorden van de bewoner."),
    )  # fmt: skip
    days = forms.TypedMultipleChoiceField(
        label=_("Op welke dagen kan de bewoner?"), choices=WEEKDAYS, coerce=_day, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Leeg is: elke dag."),
    )  # fmt: skip
    max_km = forms.FloatField(
        label=_("Hoeveel kilometer is te doen?"),
        required=False,
        min_value=0,
        max_value=100,
        error_messages=_BELOW,
    )
    budget = forms.FloatField(
        label=_("Hoeveel euro per maand is te doen?"),
        required=False,
        min_value=0,
        max_value=10_000,
        error_messages=_BELOW,
    )
    languages = forms.MultipleChoiceField(
        label=_("In welke taal?"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Leeg is: maakt niet uit."),
    )  # fmt: skip
    groups = forms.ChoiceField(label=_("Samen of alleen?"), choices=_GROUPS, required=False)
    wheelchair = forms.BooleanField(label=_("De rolstoel moet naar binnen kunnen"), required=False)
    easy_read = forms.BooleanField(label=_("In eenvoudige taal"), required=False)
    no_waiting = forms.BooleanField(label=_("Er moet meteen plaats zijn"), required=False)
    open_ended = forms.BooleanField(
        label=_("Zonder einddatum"),
        required=False,
        help_text=_("Past als iets blijft, zoals een chronische ziekte."),
    )
    ends = forms.DateField(label=_("Tot"), required=False, widget=Day())
    review = forms.DateField(
        label=_("Wanneer kijken wij samen terug?"),
        required=False,
        widget=Day(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, usual in tasks.preferences():
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=label, min_value=0, max_value=100, required=False, initial=usual, error_messages=_BELOW
            )

    @property
    def first(self) -> list[forms.BoundField]:
        """Fields that are always on the screen, beside the goal and the days."""
        return [self[name] for name in ("max_km", "budget", "groups", "review")]

    @property
    def more(self) -> list[forms.BoundField]:
        """Fields that somebody opens."""
        names = ("languages", "wheelchair", "easy_read", "no_waiting", "open_ended", "ends")
        return [self[name] for name in names]

    @property
    def weights(self) -> list[forms.BoundField]:
        """The preferences."""
        return [field for field in self if field.name.startswith("weight_")]

    def clean(self) -> dict[str, Any]:
        """An end, or no end."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("open_ended") and found.get("ends"):
            self.add_error("ends", _("Kies een einddatum, of ‘zonder einddatum’. Niet allebei."))
        return found

    def values(self) -> dict[str, Any]:
        """As the record keeps it."""
        f = self.cleaned_data
        wishes: dict[str, Any] = {
            name: f[name]
            for name in ("days", "max_km", "budget", "languages", "wheelchair", "easy_read", "no_waiting")
        }
        wishes["groups"] = {"yes": True, "no": False}.get(f["groups"])
        weights = {
            name: f[f"weight_{name}"]
            for name, _label, usual in tasks.preferences()
            if f.get(f"weight_{name}") is not None and f[f"weight_{name}"] != usual
        }
        return {
            "goal": f["goal"].strip(), "wishes": wishes, "weights": weights, "open_ended": f["open_ended"],
            "ends": f["ends"], "review": f["review"],
        }  # fmt: skip


def frame_initial(arrangement: Arrangement) -> dict[str, Any]:
    """The frame of an arrangement as the form begins with it."""
    a = arrangement
    groups = {True: "yes", False: "no"}.get(a.wishes.get("groups"), "")
    return {
        "version": a.version, "goal": a.goal, "open_ended": a.open_ended, "ends": a.ends, "review": a.review,
        **{name: value for name, value in a.wishes.items() if name != "groups"}, "groups": groups,
        **{f"weight_{name}": a.weights.get(name, usual) for name, _label, usual in tasks.preferences()},
    }  # fmt: skip


class NeedForm(forms.Form):
    """One theme to work on."""

    theme = forms.ChoiceField(label=_("Thema"), required=False)
    weight = forms.TypedChoiceField(
        label=_("Hoe belangrijk?"), coerce=float, initial="1",
        choices=[("0.5", _("een beetje")), ("1", _("belangrijk")), ("2", _("het belangrijkst"))],
    )  # fmt: skip
    must = forms.BooleanField(label=_("Dit moet erin"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ChoiceField)
        theme.choices = [("", _("kies een thema")), *theme_choices()]


Needs = formset_factory(NeedForm, extra=1, max_num=_MOST_NEEDS, validate_max=True)


def needs_in(needs: BaseFormSet[NeedForm]) -> list[dict[str, Any]]:
    """The themes that were chosen, each once."""
    found = {
        f["theme"]: {"theme": f["theme"], "weight": f["weight"], "must": f["must"]}
        for form in needs.forms
        if (f := form.cleaned_data) and f.get("theme")
    }
    return list(found.values())


def needs_initial(arrangement: Arrangement) -> list[dict[str, Any]]:
    """As the formset begins with them."""
    return [each | {"weight": f"{each.get('weight', 1):g}"} for each in arrangement.needs]


_SUGGESTED = frozenset({"themes", "day", "begin_at", "minutes", "hours", "payer", "cost_month"})
_ORDER = ("version", "kind", "title", "goal", "themes", "day", "begin_at", "minutes")


class PartForm(forms.ModelForm[Component]):
    """One part: goal in the words of the resident, when, who pays, what it costs, hand-over, review."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = Sentence(label=_("Wat?"), max_length=200, widget=forms.TextInput)
    goal = Sentence(
        label=_("Wat wil de bewoner hiermee bereiken?"), required=False, max_length=500, widget=forms.TextInput,
        help_text=_("In de woorden van de bewoner."),
    )  # fmt: skip
    themes = forms.MultipleChoiceField(
        label=_("Waar werkt het aan?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    day = forms.TypedChoiceField(
        label=_("Dag"),
        required=False,
        coerce=_day,
        empty_value=None,
        choices=[("", _("geen vaste dag")), *WEEKDAYS],
    )
    begin_at = forms.TimeField(
        label=_("Van"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    payer = forms.ChoiceField(
        label=_("Wie betaalt?"), required=False, choices=[("", _("niet bekend, of niemand")), *Payer.choices]
    )
    handover = Sentence(
        label=_("Warme overdracht: wie gaat de eerste keer mee?"), required=False, max_length=200,
        widget=forms.TextInput,
        help_text=_("Geen naam: bijvoorbeeld ‘iemand van het wijkteam’ of ‘een buurvrouw’."),
    )  # fmt: skip

    class Meta:
        model = Component
        fields = (
            "title", "goal", "themes", "day", "minutes", "hours", "payer", "cost_month", "start", "review",
            "handover",
        )  # fmt: skip
        widgets = {name: Day() for name in ("start", "review")}

    def __init__(self, *args: Any, arrangement: Arrangement, labels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(_ORDER)
        themes = self.fields["themes"]
        assert isinstance(themes, forms.MultipleChoiceField)
        themes.choices = [(each["theme"], labels[each["theme"]]) for each in arrangement.needs]
        self.initial["version"] = arrangement.version
        if self.instance.provision_id:
            del self.fields["title"]  # what it is called stands on the map
        if self.instance.begin is not None:
            self.initial["begin_at"] = f"{self.instance.begin // 60:02}:{self.instance.begin % 60:02}"

    def clean(self) -> dict[str, Any]:
        """A time is whole; nothing is below zero; own people are no professionals."""
        found: dict[str, Any] = super().clean() or {}
        given = [
            found.get("day") is not None,
            found.get("begin_at") is not None,
            found.get("minutes") is not None,
        ]
        if any(given) and not all(given):
            self.add_error("day", _("Vul dag, tijd en duur alle drie in, of geen van drie."))
        for name in ("hours", "cost_month"):
            if found.get(name) is not None and found[name] < 0:
                self.add_error(name, _("Dit kan niet lager zijn dan 0."))
        if (found.get("hours") or 0) > _WEEK:
            self.add_error("hours", _("Een week heeft 168 uur."))
        if (minutes := found.get("minutes")) is not None and not 1 <= minutes <= _DAY:
            self.add_error("minutes", _("Kies een duur van 1 minuut tot een hele dag (1440 minuten)."))
        kind = found.get("kind") or self.instance.kind
        if kind in {Kind.NETWORK, Kind.OWN} and found.get("hours"):
            self.add_error("hours", _("Mensen uit de eigen kring zijn geen professionals. Laat dit leeg."))
        return found

    def _post_clean(self) -> None:
        """The record is kept by the actions, which check it again; what they need is in `values`."""

    def values(self) -> dict[str, Any]:
        """As the record keeps it."""
        f = self.cleaned_data
        names = (
            "title",
            "goal",
            "themes",
            "day",
            "minutes",
            "hours",
            "payer",
            "cost_month",
            "start",
            "review",
            "handover",
        )
        at = f["begin_at"]
        return {name: f[name] for name in names if name in f} | {
            "begin": None if at is None else at.hour * 60 + at.minute
        }


class NewPartForm(PartForm):
    """A part that is on no map."""

    kind = forms.ChoiceField(
        label=_("Wat voor onderdeel?"), widget=forms.RadioSelect,
        choices=[(k.value, k.label) for k in (Kind.OWN, Kind.NETWORK, Kind.INDIVIDUAL)],
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """With its kind."""
        return super().values() | {"kind": self.cleaned_data["kind"]}


class ChangePartForm(PartForm):
    """A part that is there; one that was suggested is adapted with a reason (R10)."""

    reason = Sentence(
        label=_("Waarom anders dan voorgesteld?"), required=False, max_length=300, widget=forms.TextInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.suggested:
            del self.fields["reason"]
        else:
            self.fields["reason"].help_text = _(
                "Nodig als u verandert waar het aan werkt, wanneer, of wat het kost."
            )
        if self.instance.kind in {Kind.NETWORK, Kind.OWN}:
            del self.fields["hours"]

    def clean(self) -> dict[str, Any]:
        """What was suggested is not changed without saying why; the words of the resident may always be added."""
        found = super().clean()
        if "reason" in self.fields and not found.get("reason") and _SUGGESTED & set(self.changed_data):
            self.add_error("reason", _("Schrijf waarom dit anders gaat dan voorgesteld."))
        return found


class AcceptForm(Versioned):
    """Which suggested combination is taken over, of the suggestion that was on the screen, and why (R10)."""

    made = forms.CharField(widget=forms.HiddenInput, max_length=40)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = Sentence(label=_("Waarom past dit?"), max_length=300, widget=forms.TextInput)


class ReasonForm(Versioned):
    """Why something is left out."""

    reason = Sentence(label=_("Waarom niet?"), max_length=300, widget=forms.TextInput)


class FollowForm(forms.Form):
    """What a part brought (S011)."""

    outcome = forms.ChoiceField(label=_("Is het gelukt?"), choices=Outcome.choices, required=False)
    outcome_text = Sentence(
        label=_("Wat zegt de bewoner erover?"), required=False, max_length=500, widget=forms.TextInput
    )
    handed = forms.DateField(label=_("Overgedragen op"), required=False, widget=Day())


class ScaleForm(forms.Form):
    """Up or down (S034)."""

    direction = forms.ChoiceField(
        label=_("Welke kant op?"), choices=Direction.choices, widget=forms.RadioSelect
    )
    reason = Sentence(label=_("Waarom?"), max_length=300, widget=forms.TextInput)


class RemarkForm(forms.Form):
    """Say something about it."""

    text = Sentence(
        label=_("Wat wilt u zeggen over dit plan?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class MoveForm(Versioned):
    """It runs, or is over."""

    to = forms.ChoiceField(
        label=_("Hoe staat het ervoor?"), widget=forms.RadioSelect,
        choices=[(s.value, s.label) for s in (State.DRAFT, State.RUNNING, State.ENDED)],
    )  # fmt: skip
