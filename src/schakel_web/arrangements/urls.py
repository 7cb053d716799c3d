"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.arrangements import referrals, views

urlpatterns = [
    path("arrangementen/", views.arrangements, name="arrangement-list"),
    path("arrangementen/nieuw/<int:pk>/", views.begin, name="arrangement-new"),
    path("arrangementen/<int:pk>/", views.arrangement, name="arrangement"),
    path("arrangementen/<int:pk>/gevolgen/", views.effects, name="arrangement-effects"),
    path("arrangementen/<int:pk>/suggestie/", views.suggest, name="arrangement-suggest"),
    path("arrangementen/<int:pk>/overnemen/", views.accept, name="arrangement-accept"),
    path("arrangementen/<int:pk>/niet-overnemen/", views.reject, name="arrangement-reject"),
    path("arrangementen/<int:pk>/aanbod/", views.add, name="arrangement-add"),
    path("arrangementen/<int:pk>/afdrukken/", views.printed, name="arrangement-print"),
    path("arrangementen/onderdelen/<int:pk>/", views.part, name="arrangement-part"),
    path("kaart/verwezen/", referrals.chart, name="referrals"),
]
