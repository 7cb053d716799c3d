"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.socialmap import edits, exports, gaps, imports, upkeep, views

urlpatterns = [
    path("kaart/", views.find, name="map"),
    path("kaart/nieuw/", edits.new, name="provision-new"),
    path("kaart/bijhouden/", upkeep.worklist, name="map-upkeep"),
    path("kaart/geschiedenis/", upkeep.history, name="map-history"),
    path("kaart/inlezen/", imports.upload, name="map-import"),
    path("kaart/inlezen/kolommen/", imports.mappings, name="map-columns"),
    path("kaart/inlezen/<int:pk>/", imports.draft, name="map-draft"),
    path("kaart/uitvoer.<str:kind>", exports.export, name="map-export"),
    path("ontdek/agenda.ics", exports.feed, name="public-feed"),
    path("vraag-en-aanbod/", gaps.coverage, name="coverage"),
    path("vraag-en-aanbod/opnieuw/", gaps.again, name="coverage-again"),
    path("kaart/meldingen/<int:pk>/", views.settle, name="doubt-settle"),
    path("kaart/taken/<int:pk>/", views.finish, name="path-task-done"),
    path("kaart/verlies/<int:pk>/", views.answer_loss, name="loss-answer"),
    path("kaart/<int:pk>/", views.provision, name="provision"),
    path("kaart/<int:pk>/bewerken/", edits.edit, name="provision-edit"),
    path("kaart/<int:pk>/klopt-nog/", views.confirm, name="provision-confirm"),
    path("kaart/<int:pk>/klopt-niet/", views.doubt, name="provision-doubt"),
]
