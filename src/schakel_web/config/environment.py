"""What may be set from outside. Every name is documented in ``docs/how-to/run-in-production.md``."""

from __future__ import annotations

import os
from datetime import time
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


def one_of(name: str, default: str, *allowed: str) -> str:
    """One of some words, in capitals or not; ImproperlyConfigured for anything else."""
    value = text(name, default)
    found = next((word for word in allowed if word.lower() == value.lower()), None)
    if found is None:
        raise ImproperlyConfigured(f"SCHAKEL_{name} is '{value}'; expected one of {', '.join(allowed)}.")
    return found


def clock(name: str, default: str) -> str:
    """A time of day such as 02:30; ImproperlyConfigured for anything else."""
    value = text(name, default)
    try:
        time.fromisoformat(value)
    except ValueError:
        raise ImproperlyConfigured(f"SCHAKEL_{name} is '{value}'; expected a time such as 02:30.") from None
    return value


def folder(name: str, default: str) -> Path:
    """A folder, made when it is not there yet."""
    place = Path(text(name, default)).expanduser().resolve()
    place.mkdir(parents=True, exist_ok=True)
    return place
