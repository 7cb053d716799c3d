"""A page to log in on, and the addresses of OpenID Connect."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator


class Claims(OAuth2Validator):  # type: ignore[misc]
    """Tells the address of a user; whether it is confirmed, depends on the surname."""

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """For the token and for userinfo."""
        user = request.user
        return {
            "email": user.email,
            "email_verified": user.last_name != "unconfirmed",
            "name": user.first_name,
        }


def log_in(request: HttpRequest) -> HttpResponse:
    """Name and password, and back."""
    user = authenticate(username=request.POST.get("username"), password=request.POST.get("password"))
    if user is None:
        return HttpResponse("<form method=post>", status=200 if request.method == "GET" else 403)
    login(request, user)
    return HttpResponseRedirect(request.GET["next"])


urlpatterns = [path("login/", log_in), path("", include("oauth2_provider.urls", namespace="oauth2_provider"))]
