"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.public import areas, plans, views
from schakel_web.public import map as places

urlpatterns = [
    path("buurt/", areas.areas, name="public-areas"),
    path("buurt/<str:code>/", areas.area, name="public-area"),
    path("ontdek/", places.find, name="public-map"),
    path("ontdek/<int:pk>/", places.provision, name="public-provision"),
    path("ontdek/<int:pk>/klopt-niet/", places.doubt, name="public-doubt"),
    path("klopt-nog/<str:token>/", places.by_mail, name="provision-mail"),
    path("meld/", views.give, name="public-signal"),
    path("meld/lezen/", views.reading, name="public-reading"),
    path("meld/bedankt/", views.thanks, name="public-thanks"),
    path("mijn-signaal/", views.enter, name="receipt-enter"),
    path("mijn-signaal/<str:code>/", views.receipt, name="receipt"),
    path("mijn-signaal/<str:code>/plan/", plans.plan, name="receipt-plan"),
    path("mijn-signaal/<str:code>/intrekken/", views.withdraw, name="receipt-withdraw"),
]
