"""Files in and out: Open Referral HSDS, CSV, Excel, and a calendar feed (DESIGN §4: only tasks call the library)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from schakel.io.provisions import csv_text, excel_bytes, read_provisions
from schakel.provisions import calendar_feed, check
from schakel.provisions.again import laid_over
from schakel.provisions.checks import EXPECTED
from schakel.provisions.columns import empty, read_row, write_row
from schakel.provisions.duplicates import Likely, Matches, match, twins
from schakel.provisions.hsds import write_hsds
from schakel.provisions.mapping import ColumnMapping, parse_mapping, shipped_mapping, shipped_mappings
from schakel.provisions.provision import LegalType
from schakel.provisions.provision import Provision as Record
from schakel.records import Fault
from schakel_web.network.models import Area
from schakel_web.network.names import area_names
from schakel_web.network.tasks import kept_for_a_moment
from schakel_web.signals.tasks import label, taxonomy
from schakel_web.socialmap.models import ColumnMap, DraftRow, Provision
from schakel_web.socialmap.models.choices import State
from schakel_web.socialmap.tasks import fields_of, to_record

__all__ = ["Read", "Record", "laid_over", "parse_mapping"]


@dataclass(frozen=True)
class Read:
    """A file as read: good provisions, all faults, what is kept beside each, and how many rows there were.

    ``people`` is how many contact persons and personal addresses were left out (R1), ``redacted`` names the provisions
    in whose texts somebody was named (R4). ``notes`` is about what is kept but not used here, such as fields that HSDS
    does not have. ``there`` are the identifiers of all rows, also of faulty ones, and ``nameless`` is how
    many have none.
    """

    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    kept: Mapping[str, Any]
    rows: int
    left_out: int
    people: int
    redacted: tuple[str, ...] = ()
    notes: tuple[Fault, ...] = ()
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)
    there: frozenset[str] = frozenset()
    nameless: int = 0

    def said_of(self, record: Record) -> frozenset[str]:
        """The columns that the file has about a provision."""
        return self.said[record.id]


def mapping_choices() -> list[tuple[str, str]]:
    """Mappings that were saved here, and those that come with Schakel."""
    saved = [(f"saved:{m.pk}", m.name) for m in ColumnMap.objects.all()]
    return saved + [(f"shipped:{name}", shipped_mapping(name).nl or name) for name in shipped_mappings()]


def mapping_called(key: str) -> ColumnMapping | None:
    """The mapping of a choice; None: the file has our own columns, or is HSDS. SchakelError when it cannot be read."""
    source, _sep, name = key.partition(":")
    if source == "saved":
        kept = ColumnMap.objects.get(pk=int(name))
        return parse_mapping(kept.text, file=kept.name)
    return shipped_mapping(name) if source == "shipped" else None


def read(upload: UploadedFile[Any], *, mapping: ColumnMapping | None) -> Read:
    """Read a file of any kind; every fault of every row. SchakelError when it is none that we know."""
    with kept_for_a_moment(upload) as path:
        found = read_provisions(path, mapping=mapping, areas=area_names())
    themes = {theme.id for theme in taxonomy().themes}
    good, faults, seen = [], list(found.faults), set[str]()
    today = timezone.localdate()
    for one in found.provisions:
        wrong = [*check(one, themes=themes, today=today, file=one.name)]
        wrong += _too_long(one, known={fault.field for fault in wrong})
        if one.id in seen:
            wrong.append(Fault(one.name, None, "id", one.id, EXPECTED["twice"]))
        wrong = [replace(fault, line=found.lines.get(one.id)) for fault in wrong]
        seen.add(one.id)
        faults += wrong
        if not wrong:
            tailored = one.legal_type == LegalType.TAILORED  # which is always decided on (S131)
            good.append(replace(one, decision=one.decision or tailored))
    rows = max(found.rows, len(found.provisions))
    return Read(
        tuple(good), tuple(faults), found.kept, rows, rows - len(good), found.people, found.redacted,
        tuple(found.notes), found.said, found.there, found.nameless,
    )  # fmt: skip


def _too_long(one: Record, *, known: Collection[str | None]) -> list[Fault]:
    """What does not fit in the database, before the database says so; but for fields whose fault is `known`."""
    made = Provision(**fields_of(one))
    try:
        made.clean_fields(exclude=["area", "organisation", "keeper"])
    except ValidationError as error:
        return [
            Fault(one.name, None, field, str(getattr(made, field))[:80], " ".join(map(str, messages)))
            for field, messages in error.message_dict.items()
            if field not in known
        ]
    return []


def matched(records: Sequence[Record], existing: Sequence[Record]) -> Matches:
    """Which are on the map by identifier, which are probably, and which are new."""
    return match(records, existing)


def twice(records: Sequence[Record]) -> dict[str, Likely]:
    """Which are probably the same as one before them in the same file."""
    return twins(records)


def row_of(record: Record) -> dict[str, str]:
    """A record as texts, to keep in a draft."""
    return write_row(record)


#: Columns that tell two apart, and the field of the model that has words for them.
_COMPARED = {
    "status": "state", "place": "place_name", "address": "address", "phone": "phone", "email": "email",
    "website": "website", "resident_cost": "resident_cost", "themes": "themes", "description": "description",
}  # fmt: skip


def differences(row: DraftRow) -> list[tuple[str, str, str]]:
    """What a row of a file says otherwise than what it is like on the map: about what, there, and here."""
    if row.match is None:
        return []
    new, words = record_of(row.values), {f.name: f.verbose_name for f in Provision._meta.fields}
    theirs = fields_of(new)
    found = []
    for column, name in _COMPARED.items():
        there, here = (_in_words(name, value) for value in (theirs[name], getattr(row.match, name)))
        if column in row.said and there != here:
            found.append((str(words[name]), there, here))
    return found


def _in_words(name: str, value: Any) -> str:
    if name == "state":
        return str(State(value).label)
    if name == "themes":
        return ", ".join(label(theme) for theme in value)
    if isinstance(value, float | Decimal):
        return f"{value:.2f}".replace(".", ",")
    return str(value or "")


def record_of(row: Mapping[str, str]) -> Record:
    """The record of such texts."""
    return read_row(row, empty())[0]


def everything() -> list[Record]:
    """All of the map as records."""
    rows = Provision.objects.select_related("area").prefetch_related("sessions").order_by("pk")
    return [to_record(p) for p in rows.iterator(chunk_size=2000)]


def values_of(record: Record, areas: Mapping[str, int]) -> dict[str, Any]:
    """The fields of the model for a record from a file; an area that we do not have is kept as what it serves."""
    values = fields_of(record)
    code = record.place.area
    values["area_id"] = areas.get(code) if code else None
    return values


def area_numbers() -> dict[str, int]:
    """Number of each neighbourhood by its code."""
    return dict(Area.objects.neighbourhoods().values_list("code", "pk"))


# --- out


def hsds(provisions: Iterable[Provision]) -> bytes:
    """A package of HSDS 3.0; what HSDS files said that we have no field for, is given back."""
    rows = list(provisions)
    kept = {p.identifier: p.kept_beside["hsds"] for p in rows if p.kept_beside.get("hsds")}
    package = write_hsds([to_record(p) for p in rows], kept=kept)
    return json.dumps(package, ensure_ascii=False, indent=1).encode()


def table(provisions: Iterable[Provision]) -> bytes:
    """CSV with a mark that says UTF-8, which a spreadsheet needs."""
    return b"\xef\xbb\xbf" + csv_text(to_record(p) for p in provisions).encode()


def workbook(provisions: Iterable[Provision]) -> bytes:
    """Excel."""
    return excel_bytes(to_record(p) for p in provisions)


def calendar(provisions: Iterable[Provision]) -> bytes:
    """A calendar to follow on a phone."""
    return calendar_feed(
        [to_record(p) for p in provisions], title=_("Te doen in de wijk"), now=timezone.now()
    )
