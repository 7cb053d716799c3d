"""Join or build (S005, S012, S087): what exists for a shared question, and what people choose after looking at it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.once import once
from schakel_web.questions.models import SharedQuestion, Step
from schakel_web.questions.models.looks import Look, LookResult
from schakel_web.signals.actions import refuse_personal_data
from schakel_web.signals.forms import Sentence
from schakel_web.signals.tasks import label
from schakel_web.socialmap.models import Provision
from schakel_web.socialmap.tasks.advice import Advised, advised


class LookForm(forms.Form):
    """What people choose after looking."""

    result = forms.ChoiceField(
        label=gettext_lazy("Wat kiest u?"), choices=LookResult.choices, widget=forms.RadioSelect
    )
    provision = forms.ModelChoiceField(
        Provision.objects.none(), label=gettext_lazy("Bij welk aanbod?"), required=False,
        empty_label=gettext_lazy("geen van deze"),
    )  # fmt: skip
    reason = Sentence(
        label=gettext_lazy("Waarom?"), max_length=500, widget=forms.TextInput,
        help_text=gettext_lazy("Bijvoorbeeld: de eettafel heeft nog zes plaatsen en kent de buurt."),
    )  # fmt: skip

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provision = self.fields["provision"]
        assert isinstance(provision, forms.ModelChoiceField)
        provision.queryset = Provision.objects.filter(pk__in=numbers)

    def clean(self) -> dict[str, Any]:
        """Joining and growing is with something."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("result") in {LookResult.JOIN, LookResult.GROW} and not found.get("provision"):
            self.add_error("provision", _("Kies waar u bij wilt aansluiten, of wat kan groeien."))
        return found


def look(
    *, question: SharedQuestion, result: str, provision: Provision | None, reason: str, advice: str, by: User
) -> Look:
    """Record that existing ties were looked at, and what was chosen."""
    refuse_personal_data(reason)
    with transaction.atomic():
        made = Look(
            question=question,
            result=result,
            provision=provision,
            reason=reason.strip(),
            advised=advice,
            by=by,
        )
        made.save()
        Step(question=question, what="looked", after=question.state, why=reason.strip()[:500], by=by).save()
        record(action="questions.look", subject=question, by=by, result=result, advised=advice)
    return made


def advice_for(question: SharedQuestion) -> Advised | None:
    """The advice of the library for a question."""
    people = question.signals.aggregate(n=Sum("people"))["n"]
    return advised(areas=list(question.areas.all()), theme=question.theme, people=people)


@allowed(Permission.QUESTION_WORK)
def offers(request: AllowedRequest, pk: int) -> HttpResponse:
    """What there is, what could grow, what is missing; and the choice, with its reason."""
    rows = SharedQuestion.objects.visible_to(request.access, Permission.QUESTION_WORK)
    question = get_object_or_404(rows.select_related("team"), pk=pk)
    found = advice_for(question)
    numbers = found.numbers if found else {}
    options = [*found.advice.join, *found.advice.grow] if found else []
    form = LookForm(request.POST or None, numbers=[numbers[one.id] for one in options])
    if request.method == "POST" and form.is_valid():

        def work() -> str:
            advice = str(found.advice.choice) if found else ""
            look(question=question, **form.cleaned_data, advice=advice, by=request.user)
            messages.success(request, _("Bewaard. U heeft vastgelegd dat u eerst keek naar wat er al is."))
            return reverse("question", args=[pk])

        return once(request, work)
    context = {
        "question": question, "advice": found.advice if found else None, "form": form,
        "options": [(one, numbers[one.id]) for one in options], "label": label(question.theme),
        "missing": [label(theme) for theme in found.advice.missing] if found else [],
        "looks": question.looks.select_related("provision", "by"),
    }  # fmt: skip
    return render(request, "questions/offers.html", context, status=422 if form.is_bound else 200)
