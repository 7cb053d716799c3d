"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.signals import find, imports, intake, views

urlpatterns = [
    path("signaal/nieuw/", intake.new_signal, name="signal-new"),
    path("signaal/lezen/", intake.reading, name="signal-reading"),
    path("signaal/bedankt/", intake.thanks, name="signal-thanks"),
    path("hulpvraag/nieuw/", intake.new_request, name="request-new"),
    path("signalen/", find.signals, name="signal-list"),
    path("signalen/kaart/", find.on_map, name="signal-map"),
    path("signalen/bestand/", find.export, name="signal-export"),
    path("signalen/<int:pk>/", views.signal, name="signal"),
    path("signalen/<int:pk>/verhelderen/", intake.clarify, name="signal-clarify"),
    path("signalen/<int:pk>/afwegen/", intake.weigh, name="signal-weigh"),
    path("signalen/van-buiten/", views.waiting, name="signal-waiting"),
    path("signalen/van-buiten/<int:pk>/", views.moderate, name="signal-moderate"),
    path("signalen/inlezen/", imports.upload, name="signal-import"),
    path("signalen/inlezen/voorbeeld/", imports.example, name="signal-import-example"),
    path("mijn-signalen/", views.mine, name="signal-mine"),
]
