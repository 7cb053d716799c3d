"""The social map: what there is, where, for whom, and whether it is still true."""

from schakel.provisions.advice import Advice, Choice, Option, advise
from schakel.provisions.checks import check, check_all, check_organisations, check_parents
from schakel.provisions.coverage import Coverage, coverage
from schakel.provisions.feed import calendar_feed
from schakel.provisions.find import Found, Hit, Index, Search
from schakel.provisions.freshness import Freshness, State, Task, Upkeep, freshness, upkeep
from schakel.provisions.gaps import (
    Gap,
    PublishedCoverage,
    SinglePoint,
    YouthGap,
    gaps,
    published,
    single_points,
    youth_gaps,
)
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
    "Advice",
    "Capital",
    "Choice",
    "Coverage",
    "Found",
    "Freshness",
    "Gap",
    "Goal",
    "Hit",
    "Index",
    "Layer",
    "LegalType",
    "Occurrence",
    "Option",
    "Organisation",
    "Payer",
    "Place",
    "Position",
    "Prevention",
    "PriceRange",
    "Provision",
    "PublishedCoverage",
    "Search",
    "Session",
    "SinglePoint",
    "State",
    "Status",
    "Task",
    "Template",
    "Upkeep",
    "YouthGap",
    "advise",
    "calendar_feed",
    "check",
    "check_all",
    "check_organisations",
    "check_parents",
    "coverage",
    "entries",
    "freshness",
    "gaps",
    "label",
    "legal_properties",
    "load_templates",
    "next_dates",
    "occurrences",
    "overlap",
    "published",
    "single_points",
    "template",
    "upkeep",
    "weekly",
    "youth_gaps",
]
