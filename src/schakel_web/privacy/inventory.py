"""The data inventory, made from the models themselves (R18): each declares what is personal, why, and how long.

Zone and readers are declared by the room (its `AppConfig`), and by a model that differs from the rest of its room.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from schakel_web.accounts.readers import Zone, readers
from schakel_web.privacy.packages import used


@dataclass(frozen=True)
class Declared:
    """What is declared about one model of ours, or about one table of a package."""

    room: str
    name: str
    purpose: str
    kept: str
    zone: Zone | None
    readers: list[str]
    fields: tuple[tuple[str, str, bool], ...]  # name, label, personal
    tables: tuple[str, ...]  # its own, and those that link it to others


def ours() -> list[type[models.Model]]:
    """All models of the application itself."""
    return [m for m in apps.get_models() if m.__module__.startswith("schakel_web.")]


def undeclared(model: type[models.Model]) -> set[str]:
    """Fields that a model holds, but does not call personal or not personal; empty when all are declared."""
    fields = {f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many) if not f.primary_key}
    said = set(getattr(model, "personal", ())) | set(getattr(model, "not_personal", ()))
    return fields ^ said


def _fields(model: type[models.Model], personal: set[str]) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (f.name, str(getattr(f, "verbose_name", f.name)), f.name in personal)
        for f in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if not f.primary_key or f.name in personal
    )


def _declared(model: type[models.Model]) -> Declared:
    room = model._meta.app_config
    links = tuple(str(f.m2m_db_table()) for f in model._meta.local_many_to_many)
    return Declared(
        str(room.verbose_name),
        str(getattr(model, "called", model._meta.verbose_name)),
        str(getattr(model, "purpose", "")),
        str(getattr(model, "kept", "")),
        getattr(model, "zone", getattr(room, "zone", None)),
        readers(getattr(model, "read_by", getattr(room, "read_by", ()))),
        _fields(model, getattr(model, "personal", set())),
        (model._meta.db_table, *links),
    )


def inventory() -> list[Declared]:
    """One entry per model of ours, by room."""
    return [_declared(model) for model in ours()]


def of_packages() -> list[Declared]:
    """One entry per table that a package makes: for logging in, sessions, background work."""
    known = {m._meta.db_table: m for m in apps.get_models(include_auto_created=True)}
    return [
        Declared(
            "", str(table.label), str(table.purpose), str(table.kept), table.zone, readers(table.read_by),
            _fields(known[table.name], set(table.personal)) if table.name in known
            else tuple((column, column, True) for column in table.personal),
            (table.name,),
        )
        for table in used()
    ]  # fmt: skip


def unknown(tables: list[str]) -> set[str]:
    """Tables of a database that nobody declared."""
    return set(tables) - {table for entry in (*inventory(), *of_packages()) for table in entry.tables}
