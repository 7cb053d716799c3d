"""The data inventory, made from the models themselves (R18): each declares what is personal, why, and how long."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class Declared:
    """What one model declares."""

    room: str
    name: str
    purpose: str
    kept: str
    fields: tuple[tuple[str, str, bool], ...]  # name, label, personal


def ours() -> list[type[models.Model]]:
    """All models of the application itself."""
    return [m for m in apps.get_models() if m.__module__.startswith("schakel_web.")]


def undeclared(model: type[models.Model]) -> set[str]:
    """Fields that a model holds, but does not call personal or not personal; empty when all are declared."""
    fields = {f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many) if not f.primary_key}
    said = set(getattr(model, "personal", ())) | set(getattr(model, "not_personal", ()))
    return fields ^ said


def inventory() -> list[Declared]:
    """One entry per model, by room."""
    found = []
    for model in ours():
        personal: set[str] = getattr(model, "personal", set())
        fields = tuple(
            (f.name, str(getattr(f, "verbose_name", f.name)), f.name in personal)
            for f in (*model._meta.concrete_fields, *model._meta.many_to_many)
            if not f.primary_key
        )
        found.append(
            Declared(
                str(model._meta.app_config.verbose_name),
                str(model._meta.verbose_name),
                str(getattr(model, "purpose", "")),
                str(getattr(model, "kept", "")),
                fields,
            )
        )
    return found
