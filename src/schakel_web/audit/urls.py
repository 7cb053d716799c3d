"""Addresses of the log. Who may open them is set in `network`, which knows roles."""

from __future__ import annotations

from django.urls import path

from schakel_web.audit import monthly, views

urlpatterns = [
    path("logboek/", views.events, name="audit-list"),
    path("logboek/maand/", monthly.review_month, name="audit-review"),
    path("logboek/uitvoer/", views.export, name="audit-export"),
]
