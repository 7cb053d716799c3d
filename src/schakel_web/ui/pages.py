"""Pages that belong to no room: the service worker and the description of the app for a phone."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control

_WORKER = Path(__file__).parent / "static/ui/sw.js"


@login_not_required
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """From the root, so that it may serve every page."""
    return HttpResponse(_WORKER.read_bytes(), content_type="text/javascript")


@login_not_required
@cache_control(max_age=86400, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """How Schakel looks on the home screen of a phone."""
    described = {
        "name": "Schakel",
        "short_name": "Schakel",
        "lang": "nl",
        "start_url": "/signaal/nieuw/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#14425b",
        "icons": [{"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(described, content_type="application/manifest+json")
