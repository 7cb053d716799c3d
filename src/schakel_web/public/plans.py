"""The resident's own plan, with the receipt code of the help request: read, comment, agree, withdraw (S107, R14)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from schakel_web.arrangements import actions
from schakel_web.arrangements.forms import RemarkForm
from schakel_web.arrangements.models import Arrangement, State
from schakel_web.arrangements.views import plan_of
from schakel_web.network.forms import whole
from schakel_web.network.once import once
from schakel_web.network.versions import ConflictError
from schakel_web.public.limits import too_often
from schakel_web.signals.models import State as SignalState
from schakel_web.signals.receipts import hashes


def _of(code: str) -> QuerySet[Arrangement]:
    """Those of one help request, newest first; also what was withdrawn."""
    rows = Arrangement.objects.filter(request__receipt__in=hashes(code))
    rows = rows.exclude(request__state=SignalState.WITHDRAWN)
    return rows.select_related("request", "request__area").order_by("-pk")


@login_not_required
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """My plan. Nothing of it needs a login, and nothing says who I am."""
    if too_often(request, "receipt"):
        return render(request, "public/too_often.html", status=429)
    which = request.POST.get("do", "") if request.method == "POST" else ""
    if which == "withdraw":
        return _withdrawn(request, code)
    found = _of(code).exclude(state=State.WITHDRAWN).first()
    if found is None:
        return render(request, "public/no_receipt.html", {"code": code}, status=404)
    form = RemarkForm(request.POST if which == "remark" else None, prefix="opmerking")
    if which == "agree" or (which == "remark" and form.is_valid()):
        try:
            return once(request, lambda: _answered(request, found, form))
        except ConflictError:
            messages.warning(request, _("Het plan is net veranderd. Lees het nog een keer."))
            return redirect("receipt-plan", code=code)
    context = plan_of(found) | {"code": code, "form": form}
    return render(request, "public/plan.html", context, status=422 if form.is_bound else 200)


def _withdrawn(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever sends this twice reads the same again."""
    chosen = _of(code).filter(pk=whole(request.POST.get("plan")) or 0).first()
    if chosen is None:
        messages.warning(request, _("Uw plan is niet ingetrokken. Druk nog een keer op de knop."))
        return redirect("receipt-plan", code=code)
    if chosen.state != State.WITHDRAWN:
        actions.withdraw(arrangement=chosen)
    return render(request, "public/plan_withdrawn.html", {"code": code})


def _answered(request: HttpRequest, found: Arrangement, form: RemarkForm) -> str:
    if form.is_bound:
        actions.remark(arrangement=found, text=form.cleaned_data["text"], by=None)
        messages.success(request, _("Bedankt. Het wijkteam leest wat u schreef."))
    else:
        version = whole(request.POST.get("version"))
        actions.agree(arrangement=found, version=-1 if version is None else version)
        messages.success(request, _("Fijn. Het wijkteam ziet dat u het ermee eens bent."))
    return ""
