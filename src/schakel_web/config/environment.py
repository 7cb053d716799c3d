"""What may be set from outside. Every name is documented in ``docs/how-to/run-in-production.md``."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_YES, _NO = {"1", "yes", "true", "on"}, {"", "0", "no", "false", "off"}


def text(name: str, default: str = "") -> str:
    """A setting, without the spaces around it."""
    return os.environ.get(f"SCHAKEL_{name}", default).strip()


def yes(name: str, *, default: bool = False) -> bool:
    """A setting that is yes or no; ImproperlyConfigured for anything else."""
    value = text(name, "yes" if default else "no").lower()
    if value in _YES | _NO:
        return value in _YES
    raise ImproperlyConfigured(f"SCHAKEL_{name} is '{value}'; expected yes or no.")


def number(name: str, default: int) -> int:
    """A whole number above zero; ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    if value.isdigit() and int(value) > 0:
        return int(value)
    raise ImproperlyConfigured(f"SCHAKEL_{name} is '{value}'; expected a whole number above 0.")


def listed(name: str) -> list[str]:
    """Values with commas between them."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def folder(name: str, default: str) -> Path:
    """A folder, made when it is not there yet."""
    place = Path(text(name, default)).expanduser().resolve()
    place.mkdir(parents=True, exist_ok=True)
    return place
