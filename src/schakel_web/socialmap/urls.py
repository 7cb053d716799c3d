"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.socialmap import edits, upkeep, views

urlpatterns = [
    path("kaart/", views.find, name="map"),
    path("kaart/nieuw/", edits.new, name="provision-new"),
    path("kaart/bijhouden/", upkeep.worklist, name="map-upkeep"),
    path("kaart/geschiedenis/", upkeep.history, name="map-history"),
    path("kaart/meldingen/<int:pk>/", views.settle, name="doubt-settle"),
    path("kaart/taken/<int:pk>/", views.finish, name="path-task-done"),
    path("kaart/verlies/<int:pk>/", views.answer_loss, name="loss-answer"),
    path("kaart/<int:pk>/", views.provision, name="provision"),
    path("kaart/<int:pk>/bewerken/", edits.edit, name="provision-edit"),
    path("kaart/<int:pk>/klopt-nog/", views.confirm, name="provision-confirm"),
    path("kaart/<int:pk>/klopt-niet/", views.doubt, name="provision-doubt"),
]
