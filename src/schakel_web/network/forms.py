"""Forms of this room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import ROLES, Reach
from schakel_web.network.models import Area, Invitation, Organisation, Team
from schakel_web.network.presets import preset_of, presets


def whole(text: str | None) -> int | None:
    """A number as it stands in a request; None for anything that is no number of at most 18 digits."""
    given = (text or "").strip()
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


class _Named(forms.models.ModelChoiceIterator[Area]):
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        yield from self.queryset.values_list("pk", "name").iterator()


class AreaField(forms.ModelChoiceField[Area]):
    """One of the areas, of which only number and name are read: most pages have a list of all of them."""

    iterator = _Named


class InvitationForm(forms.ModelForm[Invitation]):
    """Whom to invite, as what, and where."""

    class Meta:
        model = Invitation
        fields = ("name", "email", "role", "team", "organisation")
        labels: ClassVar[dict[str, Any]] = {"team": _("Team"), "organisation": _("Organisatie")}
        help_texts: ClassVar[dict[str, Any]] = {
            "team": _("Alleen voor een teamlid, procestrekker of coördinator."),
            "organisation": _("Alleen voor een samenwerkingspartner."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [("", _("kies een rol")), *((key, kind.label) for key, kind in ROLES.items())]
        for name, empty, rows in (
            ("team", _("geen team"), Team.objects.filter(active=True)),
            ("organisation", _("geen organisatie"), Organisation.objects.filter(active=True)),
        ):
            place = self.fields[name]
            assert isinstance(place, forms.ModelChoiceField)
            place.empty_label, place.queryset = str(empty), rows

    def clean(self) -> dict[str, Any]:
        """A team for a role in a team, an organisation for a partner, neither for the others."""
        found: dict[str, Any] = super().clean() or {}
        role = found.get("role")
        if role:
            reach = ROLES[role].reach
            if (reach == Reach.TEAM) != bool(found.get("team")):
                needed = reach == Reach.TEAM
                self.add_error(
                    "team", _("Kies bij deze rol een team.") if needed else _("Bij deze rol hoort geen team.")
                )
            if (reach == Reach.ORGANISATION) != bool(found.get("organisation")):
                needed = reach == Reach.ORGANISATION
                self.add_error(
                    "organisation",
                    _("Kies bij deze rol een organisatie.")
                    if needed
                    else _("Bij deze rol hoort geen organisatie."),
                )
        return found


class AcceptForm(forms.Form):
    """Whoever was invited chooses a name and a password."""

    name = forms.CharField(label=_("Uw naam"), max_length=120, help_text=_("Zo zien collega's u."))
    password = forms.CharField(
        label=_("Kies een wachtwoord"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Minstens 12 tekens. Een paar losse woorden achter elkaar is sterk en te onthouden."),
    )

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["name"]
        if known or settings.SOCIALACCOUNT_ONLY:  # a password is there already, or kept by the organisation
            del self.fields["password"]

    def given(self) -> dict[str, Any]:
        """What `actions.accept` needs."""
        return {"name": self.cleaned_data.get("name", ""), "password": self.cleaned_data.get("password")}

    def clean_password(self) -> str:
        """Strong enough."""
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password)
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return password


class _WithAreas(forms.ModelForm[Any]):
    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), required=False, label=_("Gebieden"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Area.objects.neighbourhoods()
        if self.instance.pk:
            self.initial["areas"] = list(self.instance.areas.values_list("pk", flat=True))

    def chosen(self) -> list[int]:
        """Numbers of the areas."""
        return [area.pk for area in self.cleaned_data["areas"]]


class TeamForm(_WithAreas):
    """A team, its areas and its way of working."""

    preset = forms.ChoiceField(
        label=_("Werkwijze"), help_text=_("Bepaalt welke stappen en borden het team ziet.")
    )

    class Meta:
        model = Team
        fields: ClassVar[tuple[str, ...]] = ("name", "organisation", "preset", "contact", "active")
        labels: ClassVar[dict[str, Any]] = {"organisation": _("Organisatie")}
        widgets: ClassVar[dict[str, Any]] = {"contact": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = self.fields["organisation"]
        assert isinstance(organisation, forms.ModelChoiceField)
        organisation.empty_label = str(_("kies een organisatie"))
        field = self.fields["preset"]
        assert isinstance(field, forms.ChoiceField)
        newest = presets()
        field.choices = [(f"{p.key}:{p.version}", f"{p.name} ({p.place})") for p in newest.values()]
        now = preset_of(self.instance)
        self.initial["preset"] = f"{now.key}:{now.version}"
        if newest[now.key] != now:
            kept = _("%(name)s (%(place)s), zoals u nu werkt") % {"name": now.name, "place": now.place}
            field.choices = [(f"{now.key}:{now.version}", kept), *field.choices]

    def clean_preset(self) -> str:
        """The way of working, and which version of it: it stays until somebody chooses again."""
        key, _sep, version = self.cleaned_data["preset"].partition(":")
        self.instance.preset_version = int(version)
        return str(key)


class OrganisationForm(_WithAreas):
    """An organisation and what it can bring."""

    class Meta:
        model = Organisation
        fields: ClassVar[tuple[str, ...]] = ("name", "kind", "brings", "active")


class FileForm(forms.Form):
    """A file, and what to do with faulty rows."""

    file = forms.FileField(label=_("Bestand"))

    def next_is(self, what: str) -> None:
        """What is chosen when the form is shown again, beside all else that was.

        The file itself is not kept, as it may hold what has to be taken out first (R1, R4): it is chosen again.
        """
        assert isinstance(self.data, QueryDict)
        chosen = self.data.copy()
        chosen["what"] = what
        self.data = chosen


class AreasForm(FileForm):
    """GeoJSON of neighbourhoods."""

    year = forms.IntegerField(
        label=_("Indeling van het jaar"),
        min_value=2000,
        max_value=2100,
        help_text=_("Staat bij het bestand van het CBS."),
    )
    municipality = forms.RegexField(
        r"^GM\d{4}$", label=_("Alleen van gemeente"), required=False, strip=True,
        help_text=_("Staan er meer gemeenten in het bestand? Schrijf hier de code van de uwe, zoals GM0106."),
        error_messages={"invalid": _("Een code van een gemeente is GM met vier cijfers, zoals GM0106.")},
    )  # fmt: skip


class FiguresForm(FileForm):
    """Key figures of Statistics Netherlands."""

    year = forms.IntegerField(label=_("Cijfers over het jaar"), min_value=2000, max_value=2100)
    status = forms.ChoiceField(
        label=_("Zijn de cijfers definitief?"),
        choices=[("published", _("definitief")), ("provisional", _("voorlopig"))],
        initial="published",
    )
