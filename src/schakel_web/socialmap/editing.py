"""The form with every attribute of a provision, and its fixed times."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access as Allowed
from schakel_web.network.models import Area, Organisation
from schakel_web.signals.tasks import theme_choices
from schakel_web.socialmap import schedule, tasks
from schakel_web.socialmap.models import Provision, Session
from schakel_web.socialmap.models.choices import DAYS, LANGUAGES, Capital, Goal, LifePhase, Payer
from schakel_web.ui.forms import Day

_MOST_TIMES = 12


class Several(forms.MultipleChoiceField):
    """Check boxes; several may be chosen."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class Lines(forms.CharField):
    """A list, one to a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        """As lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """As a list."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


#: The parts of the form: title, fields, open from the start.
PARTS: tuple[tuple[Any, tuple[str, ...], bool], ...] = (
    (_("Wat is het?"), ("name", "description", "kind", "themes", "words", "run_by", "organisation"), True),
    (_("Waar is het?"), ("area", "place_name", "address", "reach_km", "serves", "x", "y"), True),
    (
        _("Voor wie, en hoe komt u binnen?"),
        ("access", "life_phases", "youngest", "oldest", "languages", "resident_cost", "capacity", "free",
         "group_from", "group_to", "wheelchair", "easy_read"),
        True,
    ),
    (_("Contact"), ("website", "email", "phone"), True),
    (
        _("Wat het is volgens de wet, en wie betaalt"),
        ("legal_type", "decision", "personal_budget", "law", "policy_link", "payers", "price_low", "price_high",
         "price_basis", "price_level", "price_note", "hours", "iwmo", "upl"),
        False,
    ),
    (_("Waar het aan werkt"), ("layer", "line", "prevention", "goals", "capital", "factors"), False),
    (_("Wie houdt het bij?"), ("keeper_email", "check_days"), False),
)  # fmt: skip


class ProvisionForm(forms.ModelForm[Provision]):
    """All attributes; each on its own, none follows from another (S037)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    themes = Several(label=_("Thema's"))
    payers = Several(label=_("Wie betaalt?"), choices=Payer.choices)
    goals = Several(label=_("Doelen van het team"), choices=Goal.choices)
    capital = Several(label=_("Sociaal kapitaal"), choices=Capital.choices)
    life_phases = Several(
        label=_("Levensfase"), choices=LifePhase.choices, help_text=_("Leeg is voor iedereen.")
    )
    languages = Several(label=_("Talen"), choices=LANGUAGES)
    serves = Several(label=_("Alleen voor deze buurten"), help_text=_("Leeg is voor iedereen."))
    words = Lines(
        label=_("Andere woorden ervoor"),
        required=False,
        help_text=_("Zoals mensen ernaar vragen. Eén per regel."),
    )
    website = forms.URLField(label=_("Website"), required=False, max_length=1000, assume_scheme="https")
    policy_link = forms.URLField(
        label=_("Waar het in het beleidsplan staat"), required=False, max_length=300, assume_scheme="https"
    )
    factors = Lines(label=_("Risico's en wat beschermt"), required=False, help_text=_("Eén per regel."))

    class Meta:
        model = Provision
        fields = tuple(name for _title, names, _open in PARTS for name in names)
        labels = {"x": _("x in het Rijksdriehoeksstelsel"), "y": _("y in het Rijksdriehoeksstelsel")}

    def __init__(self, *args: Any, access: Allowed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Area.objects.neighbourhoods()
        mine = access.areas(Permission.MAP_EDIT)
        area, organisation = self.fields["area"], self.fields["organisation"]
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(organisation, forms.ModelChoiceField)
        area.queryset = areas.filter(pk__in=mine) if mine else areas
        area.empty_label = str(_("geen vaste buurt"))
        theirs = access.organisations(Permission.MAP_EDIT)
        organisation.queryset = Organisation.objects.filter(active=True)
        if theirs and not mine:
            organisation.queryset = organisation.queryset.filter(pk__in=theirs)
            organisation.required = True
        for name, choices in (
            ("themes", [choice for _d, options in theme_choices() for choice in options]),
            ("serves", list(areas.values_list("code", "name"))),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """What belongs together: coordinates, prices, places, and a decision for what needs one by law."""
        found: dict[str, Any] = super().clean() or {}
        if "description" in self.changed_data and (text := found.get("description")):
            for piece in tasks.who_is_named(text, of=f"{found.get('name')} {found.get('run_by')}"):
                self.add_error(
                    "description",
                    _("‘%(piece)s’ zegt wie iemand is. Noem de organisatie.") % {"piece": piece},
                )
        for field, problem in tasks.problems(found):
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, problem)
        return found

    def parts(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """The form in parts; a part with an error is open."""
        return [
            (title, [self[name] for name in names], opened or any(name in self.errors for name in names))
            for title, names, opened in PARTS
        ]


class SessionForm(forms.Form):
    """One fixed time."""

    first = forms.DateField(
        label=_("Eerste keer"), widget=Day(),
        error_messages={"invalid": _("Dit is geen datum. Schrijf bijvoorbeeld 31-5-2026.")},
    )  # fmt: skip
    repeat = forms.ChoiceField(label=_("Hoe vaak?"), choices=schedule.REPEATS, initial=schedule.WEEKLY)
    days = Several(label=_("Op welke dagen?"), choices=DAYS)
    begin = forms.TimeField(label=_("Van"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Hoeveel minuten?"), min_value=5, max_value=1440, initial=120)
    until = forms.DateField(label=_("Tot en met"), required=False, widget=Day())
    rule = forms.CharField(
        label=_("Herhaalregel"), required=False, max_length=200,
        help_text=_("Alleen bij ‘anders’: een regel volgens RFC 5545, zoals FREQ=MONTHLY;BYDAY=1TU,3TU."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A rule that really occurs."""
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        if found["until"] and found["until"] < found["first"]:
            self.add_error("until", _("Deze dag ligt voor de eerste keer."))
            return found
        problem = tasks.session_problem(self.session())
        if problem:
            self.add_error("rule" if found["repeat"] == schedule.OWN else "first", problem)
        return found

    def session(self) -> Session:
        """The fixed time, of no provision yet."""
        f = self.cleaned_data
        own = f["repeat"] == schedule.OWN
        rule = f["rule"].strip().upper() if own else schedule.rule_of(f["repeat"], f["days"], f["first"])
        return Session(
            first=f["first"], rule=rule, start=f["begin"].hour * 60 + f["begin"].minute, minutes=f["minutes"],
            until=f["until"],
        )  # fmt: skip


Times = formset_factory(SessionForm, extra=1, max_num=_MOST_TIMES, validate_max=True, can_delete=True)


def sessions_in(times: BaseFormSet[SessionForm]) -> list[Session]:
    """What was filled in, and not taken away."""
    return [
        form.session()
        for form in times.forms
        if (form.has_changed() or form.initial) and form not in times.deleted_forms and form.is_valid()
    ]


def times_of(provision: Provision) -> list[dict[str, Any]]:
    """The fixed times of a provision, as the form begins with them."""
    rows = []
    for session in provision.sessions.all():
        repeat, days = schedule.parts_of(session.rule)
        rows.append(
            {
                "first": session.first, "repeat": repeat, "days": days, "minutes": session.minutes,
                "begin": f"{session.start // 60:02}:{session.start % 60:02}", "until": session.until,
                "rule": session.rule if repeat == schedule.OWN else "",
            }
        )  # fmt: skip
    return rows
