"""Fetch the styles and scripts of others, at fixed versions, into ``src/schakel_web/ui/static/vendor``.

``python tools/vendor.py``. The result is committed, so neither users nor tests need the network. A municipality
that has a house style replaces ``theme.css`` by its own design tokens (NL Design System) and touches nothing else.
"""

from __future__ import annotations

import io
import json
import tarfile
import urllib.request
from pathlib import Path

REGISTRY = "https://registry.npmjs.org"
PLACE = Path(__file__).resolve().parents[1] / "src/schakel_web/ui/static/vendor"

THEME = ("@nl-design-system-unstable/voorbeeld-design-tokens", "7.4.1")
HTMX = ("htmx.org", "2.0.11")
#: CSS components of NL Design System as kept by the municipality of Utrecht (EUPL-1.2).
COMPONENTS = {
    "root": "4.1.1",
    "body": "3.0.0",
    "page-layout": "2.0.1",
    "page-body": "1.0.1",
    "page-content": "3.0.1",
    "page-header": "3.0.2",
    "page-footer": "4.0.2",
    "skip-link": "3.0.1",
    "nav-bar": "3.2.1",
    "breadcrumb-nav": "3.0.1",
    "heading-1": "3.0.1",
    "heading-2": "3.0.1",
    "heading-3": "3.0.1",
    "heading-4": "3.0.1",
    "paragraph": "4.0.1",
    "link": "3.0.1",
    "unordered-list": "3.1.1",
    "ordered-list": "4.0.1",
    "data-list": "3.0.1",
    "table": "3.0.1",
    "blockquote": "3.0.1",
    "figure": "3.0.1",
    "separator": "3.0.1",
    "alert": "4.0.2",
    "data-badge": "3.0.1",
    "badge-list": "4.0.1",
    "badge-status": "2.0.1",
    "pagination": "3.0.1",
    "button": "4.0.1",
    "action-group": "4.0.1",
    "form-fieldset": "3.0.1",
    "form-field": "3.0.1",
    "form-label": "3.0.1",
    "form-field-description": "3.0.1",
    "form-field-error-message": "3.0.1",
    "textbox": "4.0.1",
    "textarea": "4.0.1",
    "select": "3.0.1",
    "checkbox": "3.0.1",
    "radio-button": "3.0.1",
}


def package(name: str, version: str) -> dict[str, bytes]:
    """The files of one published package."""
    with urllib.request.urlopen(f"{REGISTRY}/{name}/{version}") as answer:
        address = json.load(answer)["dist"]["tarball"]
    with urllib.request.urlopen(address) as answer, tarfile.open(fileobj=io.BytesIO(answer.read())) as bundle:
        return {
            member.name.removeprefix("package/"): file.read()
            for member in bundle
            if (file := bundle.extractfile(member))
        }


def main() -> None:
    """Write the theme, the components, the script and the licences."""
    PLACE.mkdir(parents=True, exist_ok=True)
    parts = [
        f"/* @utrecht/{name}-css {version} */\n".encode()
        + package(f"@utrecht/{name}-css", version)["dist/index.css"]
        for name, version in COMPONENTS.items()
    ]
    (PLACE / "components.css").write_bytes(b"\n".join(parts))
    theme = package(*THEME)
    (PLACE / "theme.css").write_bytes(theme["dist/theme.css"])
    (PLACE / "LICENSE-nl-design-system.md").write_bytes(theme["LICENSE.md"])
    htmx = package(*HTMX)
    (PLACE / "htmx.min.js").write_bytes(htmx["dist/htmx.min.js"])
    (PLACE / "LICENSE-htmx").write_bytes(htmx["LICENSE"])


if __name__ == "__main__":
    main()
