"""Login, passwords, TOTP, passkeys, sessions and OpenID Connect: all of it from django-allauth."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
