"""All addresses. Dutch, because residents and professionals see them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from schakel_web.ui import errors, pages

urlpatterns = [
    path("", include("schakel_web.network.urls")),
    path("", include("schakel_web.signals.urls")),
    path("", include("schakel_web.arrangements.urls")),
    path("", include("schakel_web.socialmap.urls")),
    path("", include("schakel_web.questions.urls")),
    path("", include("schakel_web.public.urls")),
    path("beheer/", include("schakel_web.privacy.urls")),
    path("beheer/", include("schakel_web.audit.urls")),
    path("account/", include("schakel_web.accounts.urls")),
    path("taal/", login_not_required(set_language), name="set-language"),
    path("sw.js", pages.service_worker, name="service-worker"),
    path("app.webmanifest", pages.manifest, name="manifest"),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
