"""Pages without an account: give a signal, and see with a code what was done with it (R13, R14)."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from schakel_web.arrangements import actions as arrangement_actions
from schakel_web.arrangements.models import Arrangement
from schakel_web.network.models import Area
from schakel_web.network.once import once
from schakel_web.public.limits import too_often
from schakel_web.questions.told import told_about
from schakel_web.signals import actions, tasks
from schakel_web.signals.forms import CorrectForm, OwnClarificationForm, SignalForm
from schakel_web.signals.intake import LONGEST, read_aloud, receipt_context
from schakel_web.signals.models import Kind, Signal, Source, State
from schakel_web.signals.receipts import hashes


class PublicForm(SignalForm):
    """The same form in the words of a resident; a field that only a machine fills in stays empty."""

    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Wie bent u?"),
        choices=[
            (Source.RESIDENT, gettext_lazy("bewoner")),
            (Source.PARTNER, gettext_lazy("van een organisatie")),
        ],
        initial=Source.RESIDENT,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["source"], self.fields["life_phase"]

    def given(self) -> dict[str, Any]:
        """What `actions.give` needs."""
        self.cleaned_data |= {"source": self.cleaned_data["who"], "life_phase": ""}
        return super().given()


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "public/too_often.html", status=429)


@login_not_required
def give(request: HttpRequest) -> HttpResponse:
    """Something lives in my neighbourhood."""
    here = (
        Area.objects.neighbourhoods().filter(code=request.GET.get("buurt", "")[:10].replace("\0", "")).first()
    )
    form = PublicForm(request.POST or None, areas=Area.objects.neighbourhoods(), initial={"area": here})
    status = 422 if form.is_bound else 200
    if request.method == "POST":
        if form.is_valid() and form.cleaned_data["website"]:
            return redirect("home")  # a machine; it is not told why
        if form.is_valid() and too_often(request, "public_signal"):
            form.add_error(
                None,
                _(
                    "Vanaf dit adres is net al veel doorgegeven. Uw tekst staat er nog. Probeer het over een uur."
                ),
            )
            status = 429
        if form.is_valid():
            signal, code = actions.give(**form.given(), by=None, wait=True)
            request.session["receipt"] = {"code": code, "signal": signal.pk}
            return redirect("public-thanks")
    reading = tasks.read(request.POST.get("text", "")[:LONGEST]) if form.is_bound else None
    context = {
        "form": form, "reading": reading, "chosen": request.POST.getlist("themes"),
        "reading_address": "/meld/lezen/",
    }  # fmt: skip
    return render(request, "public/give.html", context, status=status)


@login_not_required
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """While somebody types."""
    return HttpResponse(status=204) if too_often(request, "public_reading") else read_aloud(request)


@login_not_required
def thanks(request: HttpRequest) -> HttpResponse:
    """The receipt, once."""
    held = request.session.pop("receipt", None)
    if held is None:
        return redirect("public-signal")
    signal = Signal.objects.select_related("area").get(pk=held["signal"])
    return render(request, "signals/thanks.html", receipt_context(signal, held["code"]))


def _of(code: str) -> Signal | None:
    """Also one that was withdrawn."""
    return Signal.objects.filter(receipt__in=hashes(code)).select_related("area", "clarification").first()


def _found(code: str) -> Signal | None:
    signal = _of(code)
    return None if signal is None or signal.state == State.WITHDRAWN else signal


@login_not_required
def enter(request: HttpRequest) -> HttpResponse:
    """Type a code."""
    if request.method == "POST":
        return redirect(
            "receipt", code=(request.POST.get("code") or "-").strip()[:40].replace("/", "") or "-"
        )
    return render(request, "public/enter.html", {"code": ""})


@login_not_required
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What is kept under this code, what was done with it, and how to change it or take it back."""
    if too_often(request, "receipt"):
        return _too_often(request)
    signal = _found(code)
    if signal is None:
        return render(request, "public/no_receipt.html", {"code": code}, status=404)
    amends = "wish" in request.POST  # the second form of this page
    form = talk = None
    if not signal.text_removed:  # what went because it is old does not come back (R15)
        form = CorrectForm(request.POST if request.method == "POST" and not amends else None, instance=signal)
        talk = _talk(request, signal)
    changed = talk if amends else form
    if changed is not None and changed.is_bound and changed.is_valid():
        with suppress(actions.ChangedMeanwhileError):  # then the form says so
            return once(request, partial(_kept, request, signal, changed))
    context = {
        "talk": talk,
        "signal": signal,
        "code": code,
        "form": form,
        "plan": Arrangement.objects.going().filter(request=signal).first(),
        "told": told_about(signal),
    }
    wrong = changed is not None and changed.is_bound
    return render(request, "public/receipt.html", context, status=422 if wrong else 200)


def _kept(request: HttpRequest, signal: Signal, form: CorrectForm | OwnClarificationForm) -> str:
    if isinstance(form, OwnClarificationForm):
        form.keep(signal=signal, by=None)
    else:
        given = form.cleaned_data
        actions.correct(signal=signal, text=given["text"], people=given["people"], by=None)
    messages.success(request, _("Uw verbetering is bewaard."))
    return ""  # the address of this page, which has the code


def _talk(request: HttpRequest, signal: Signal) -> OwnClarificationForm | None:
    """The answers that belong to a help request, for the resident to read and to change; None for a signal."""
    if signal.kind != Kind.REQUEST:
        return None
    data = request.POST if "wish" in request.POST else None
    return OwnClarificationForm(data, instance=getattr(signal, "clarification", None))


@login_not_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take it back; whoever sends this twice reads the same again."""
    if too_often(request, "receipt"):
        return _too_often(request)
    signal = _of(code)
    if signal is None:
        return render(request, "public/no_receipt.html", {"code": code}, status=404)
    counted = bool(signal.counted)
    if signal.state != State.WITHDRAWN:
        for plan in Arrangement.objects.filter(request=signal):
            arrangement_actions.withdraw(arrangement=plan)
        actions.withdraw(signal=signal, by=None)
    return render(request, "public/withdrawn.html", {"counted": counted, "area": signal.area})
