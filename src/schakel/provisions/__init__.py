"""The social map: what there is, where, for whom, and whether it is still true."""

from schakel.provisions.checks import check, check_all, check_organisations, check_parents
from schakel.provisions.feed import calendar_feed
from schakel.provisions.freshness import Freshness, State, Task, Upkeep, freshness, upkeep
from schakel.provisions.provision import (
    Access,
    Capital,
    Goal,
    Layer,
    LegalType,
    Organisation,
    Payer,
    Place,
    Position,
    Prevention,
    PriceRange,
    Provision,
    Session,
    Status,
)
from schakel.provisions.schedule import Occurrence, next_dates, occurrences, overlap, weekly
from schakel.provisions.templates import Template, load_templates, template
from schakel.provisions.vocabulary import entries, label, legal_properties

__all__ = [
    "Access",
    "Capital",
    "Freshness",
    "Goal",
    "Layer",
    "LegalType",
    "Occurrence",
    "Organisation",
    "Payer",
    "Place",
    "Position",
    "Prevention",
    "PriceRange",
    "Provision",
    "Session",
    "State",
    "Status",
    "Task",
    "Template",
    "Upkeep",
    "calendar_feed",
    "check",
    "check_all",
    "check_organisations",
    "check_parents",
    "entries",
    "freshness",
    "label",
    "legal_properties",
    "load_templates",
    "next_dates",
    "occurrences",
    "overlap",
    "template",
    "upkeep",
    "weekly",
]
