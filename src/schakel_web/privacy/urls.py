"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.privacy import views

urlpatterns = [
    path("gegevens/", views.inventory, name="inventory"),
    path("bewaren/", views.retention, name="retention"),
]
