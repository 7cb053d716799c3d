"""A form that is sent twice is kept once: a double click, the button again on a slow network, going back and sending.

Every page gives each of its forms a number (`{% once %}`); the same number with the same in it is the same form. With
something else in it, it is another: whoever goes back and writes something else loses nothing. Without JavaScript.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from schakel_web.network.models import LONGEST_ADDRESS, Sent
from schakel_web.network.versions import ConflictError, conflict


def once(request: HttpRequest, work: Callable[[], str], *, late: str = "") -> HttpResponseRedirect:
    """Do the work of a form and go on to the address that it returns; sent again, only go on to the same address.

    An empty address is that of the form itself, and is not kept: it may hold the code of a resident.

    All in one transaction: what the work raises passes through and leaves nothing. Who sends while the first is still
    being kept, waits for it. Without a number, from a script, the work is done. When somebody else was first
    (ConflictError), one is told so and goes to `late`, where that is given.
    """
    try:
        return _once(request, work)
    except ConflictError:
        if not late:
            raise
        messages.warning(request, conflict())
        return HttpResponseRedirect(late)


def _once(request: HttpRequest, work: Callable[[], str]) -> HttpResponseRedirect:
    key = _key(request)
    if key is None:
        return HttpResponseRedirect(work())
    with transaction.atomic():
        sent, new = Sent.objects.get_or_create(key=key)
        if new:
            to = work()
            sent.to = to if len(to) <= LONGEST_ADDRESS else ""  # a long filter is not kept
            sent.save(update_fields=["to"])
    return HttpResponseRedirect(to or request.path) if new else _again(request, sent)


class OnceMiddleware:
    """A form that was kept a while ago goes on to where it went then.

    Before the page looks at it: after a step was taken, the same step is no choice on the page any more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response; see `process_view`."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseRedirect | None:
        """Nothing, or where the same form went before."""
        key = _key(request) if request.method == "POST" else None
        sent = Sent.objects.filter(key=key).first() if key else None
        return _again(request, sent) if sent else None


def _again(request: HttpRequest, sent: Sent) -> HttpResponseRedirect:
    messages.info(request, _("Dit was al bewaard. U verstuurde het twee keer, maar het staat er één keer."))
    return HttpResponseRedirect(sent.to or request.path)


def _key(request: HttpRequest) -> UUID | None:
    """Of the form, of who sends it and of everything in it; None without a number."""
    try:
        number = UUID(request.POST.get("once", ""))
    except ValueError:
        return None
    given = [(name, each) for name, each in request.POST.lists() if name != "csrfmiddlewaretoken"]
    given += [(name, [_digest(file) for file in files]) for name, files in request.FILES.lists()]
    return uuid5(number, f"{request.user.pk} {request.path} {urlencode(sorted(given), doseq=True)}")


def _digest(file: UploadedFile[Any]) -> str:
    """Of what is in a file: another file in the same form is another form."""
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()
