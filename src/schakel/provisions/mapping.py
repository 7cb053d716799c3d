"""Columns of somebody else's table to ours: a mapping that is saved once and used at every import.

A mapping is YAML: how a row gets its identifier, where each of our columns comes from, and what holds for all rows.
For one column of ours:

    from      columns of theirs; the first that is filled counts
    join      put them all together, with this between them
    values    their word → ours; a word that is not there is a fault, unless `other` says what it becomes
    split     what separates several values
    find      a regular expression; its first group, or the whole, is taken; nothing found is empty
    date      the form of a date, such as %m/%d/%y
    default   what an empty one becomes

Whatever is not mapped is kept beside the provision, so that a table comes in whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import resources
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import yaml

from schakel.provisions.columns import ALSO, COLUMNS, empty, list_text, read_row, write_row
from schakel.provisions.hsds.people import is_personal
from schakel.provisions.hsds.texts import cells_without_names, is_of_person, without_names
from schakel.provisions.provision import Provision
from schakel.records import Fault, SchakelError

_KEYS: Final = frozenset({"from", "join", "values", "other", "split", "find", "date", "default"})
_OURS: Final = COLUMNS | ALSO
#: Columns of others that hold a contact person.
_TELLING: Final = 200  # rows that tell in which language a file is
_OF_PERSON: Final = re.compile(
    r"contact|persoon|person\b|t\.?a\.?v\b|attention|co[oö]rdinator|voornaam|achternaam"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where one column of ours comes from."""

    columns: tuple[str, ...]
    join: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None
    split: str = ""
    find: str = ""
    date: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A mapping as read; `constants` hold for every row."""

    id: str
    nl: str
    identifier: tuple[str, ...]
    columns: Mapping[str, Source]
    constants: Mapping[str, str]

    @property
    def used(self) -> frozenset[str]:
        """Columns of theirs that the mapping reads."""
        return frozenset({*self.identifier, *(name for one in self.columns.values() for name in one.columns)})

    def said(self, names: Collection[str]) -> frozenset[str]:
        """Columns of ours that a table with columns of these names says something about."""
        return frozenset(name for name, one in self.columns.items() if not set(names).isdisjoint(one.columns))


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table gave. ``kept``: filled cells that are not mapped, by provision. Faulty rows are named, not read.

    ``people`` counts the cells of contact persons and personal addresses of others, which are not kept (R1). ``said``
    are the columns of ours that the file has, by provision; constants are not among them. ``there`` are the
    identifiers of all rows, also of faulty ones, and ``nameless`` is the number of rows that have none. ``lines`` is
    where each provision stands.
    """

    provisions: tuple[Provision, ...]
    kept: dict[str, dict[str, str]]
    faults: tuple[Fault, ...]
    rows: int
    people: int = 0
    redacted: tuple[str, ...] = ()
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)
    there: frozenset[str] = frozenset()
    nameless: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


OWN: Final = ColumnMapping(
    "schakel", "Eigen bestand", ("id",), {name: Source((name,)) for name in _OURS if name != "id"}, {}
)


def shipped_mappings() -> tuple[str, ...]:
    """Names of the mappings that come with the library."""
    folder = resources.files("schakel.provisions") / "data" / "mappings"
    return tuple(sorted(each.name.removesuffix(".yaml") for each in folder.iterdir()))


def shipped_mapping(name: str) -> ColumnMapping:
    """A mapping that comes with the library. SchakelError when there is none of this name."""
    if name not in shipped_mappings():
        raise SchakelError(f"There is no mapping '{name}'; expected one of {', '.join(shipped_mappings())}.")
    path = resources.files("schakel.provisions") / "data" / "mappings" / f"{name}.yaml"
    return parse_mapping(path.read_text(encoding="utf-8"), file=name)


def parse_mapping(text: str, *, file: str) -> ColumnMapping:
    """Read a mapping. SchakelError names the column and the key that is wrong."""
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: the 31st of February
        raise SchakelError(f"{file} is no valid YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict):
        raise SchakelError(f"{file}: expected 'columns', from our columns to theirs.")
    meta = content.get("meta") or {}
    columns = {name: _source(name, given, file) for name, given in content["columns"].items()}
    if "name" not in columns:
        raise SchakelError(f"{file}: expected a column for 'name'.")
    constants = {str(key): str(value) for key, value in (content.get("constants") or {}).items()}
    for name in (*columns, *constants):
        if name not in _OURS or name == "id":
            raise SchakelError(f"{file}: '{name}' is no column of ours; expected one of {', '.join(_OURS)}.")
    identifier = content.get("identifier") or []
    if not isinstance(identifier, list) or not identifier:
        raise SchakelError(f"{file}: expected 'identifier', a list of columns that tell rows apart.")
    return ColumnMapping(
        str(meta.get("id", file)),
        str(meta.get("nl", "")),
        tuple(str(name).lower() for name in identifier),
        columns,
        constants,
    )


def _source(name: str, given: Any, file: str) -> Source:
    if isinstance(given, str | list):
        given = {"from": given}
    if not isinstance(given, dict) or "from" not in given or set(given) - _KEYS:
        raise SchakelError(
            f"{file}, column '{name}': expected 'from' and, at most, {', '.join(sorted(_KEYS))}."
        )
    origin = given["from"]
    columns = tuple(str(each).lower() for each in (origin if isinstance(origin, list) else [origin]))
    try:
        re.compile(str(given.get("find", "")))
    except re.error as error:
        raise SchakelError(f"{file}, column '{name}': 'find' is no regular expression: {error}.") from error
    return Source(
        columns,
        join=given.get("join"),
        values={str(key).casefold(): _joined(value) for key, value in (given.get("values") or {}).items()},
        other=None if given.get("other") is None else str(given["other"]),
        split=str(given.get("split", "")),
        find=str(given.get("find", "")),
        date=str(given.get("date", "")),
        default=str(given.get("default", "")),
    )


def _joined(value: Any) -> str:
    return list_text(tuple(map(str, value))) if isinstance(value, list) else str(value)


def mapping_text(mapping: ColumnMapping) -> str:
    """A mapping as YAML, to save."""
    columns: dict[str, Any] = {}
    for name, one in mapping.columns.items():
        more = {key: getattr(one, key) for key in ("split", "find", "date", "default") if getattr(one, key)}
        more |= {"join": one.join} if one.join is not None else {}
        more |= {"values": dict(one.values)} if one.values else {}
        more |= {"other": one.other} if one.other is not None else {}
        columns[name] = {"from": list(one.columns), **more}
    content = {"meta": {"id": mapping.id, "nl": mapping.nl}, "identifier": list(mapping.identifier)}
    content |= {"columns": columns, "constants": dict(mapping.constants)}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def read_rows(
    rows: Iterable[tuple[int, Mapping[str, str | None]]],
    mapping: ColumnMapping = OWN,
    *,
    file: str = "",
    like: Provision | None = None,
    areas: Collection[str] = (),
) -> Rows:
    """Provisions of numbered rows, each a text by column name in small letters.

    `areas` are names of the municipality's own areas, which are nobody's name.
    """
    found: list[Provision] = []
    faults: list[Fault] = []
    kept: dict[str, dict[str, str]] = {}
    redacted: list[str] = []
    said: dict[str, frozenset[str]] = {}
    forms: dict[frozenset[str], frozenset[str]] = {}
    there: set[str] = set()
    lines: dict[str, int] = {}
    count = people = nameless = 0
    rows, used = list(rows), mapping.used
    around = " ".join(text for _line, row in rows[:_TELLING] for text in row.values() if text)
    for line, row in rows:
        count += 1
        flat, wrong = _flat(row, mapping)
        flat["id"] = _identifier(row, mapping)
        there.add(flat["id"])
        nameless += not flat["id"]
        one, unread = read_row(flat, like or empty())
        every = [*wrong, *((_theirs(mapping, name), value, expected) for name, value, expected in unread)]
        if not one.name:
            every.append((_theirs(mapping, "name"), "", "a name"))
        if not one.id:
            every.append((mapping.identifier[0], "", "an identifier"))
        elif one.id in kept:
            value = "; ".join(row.get(name) or "" for name in mapping.identifier)
            every.append((mapping.identifier[0], value[:80], "every identifier once"))
        if every:
            faults += [Fault(file, line, name, value, expected) for name, value, expected in every]
            continue
        of = f"{one.name} {one.organisation}"
        if mapping is not OWN and is_personal(one.email, of=of):
            one = replace(one, email="")
            people += 1
        if mapping is not OWN and any(
            is_of_person(one.phone, text or "", of=of, around=around) for text in row.values()
        ):
            one = replace(one, phone="")
            people += 1
        rest = {name: text for name, text in row.items() if text and name not in used}
        beside = {name: text for name, text in rest.items() if not _OF_PERSON.search(name)}
        people += len(rest) - len(beside)
        kept[one.id] = cells_without_names(beside, of=of, places=areas, around=around)
        description = without_names(one.description, of=of, places=areas, around=around)
        if description != one.description or kept[one.id] != beside:
            redacted.append(one.name)
        found.append(replace(one, description=description))
        lines[one.id] = line
        names = frozenset(row)
        said[one.id] = forms[names] if names in forms else forms.setdefault(names, mapping.said(names))
    beside_each = {key: rest for key, rest in kept.items() if rest}
    return Rows(
        tuple(found), beside_each, tuple(faults), count, people, tuple(redacted), said, frozenset(there - {""}),
        nameless, lines,
    )  # fmt: skip


def _identifier(row: Mapping[str, str | None], mapping: ColumnMapping) -> str:
    """One column as it is; several as one identifier that is always the same for the same texts."""
    texts = [(row.get(name) or "").strip() for name in mapping.identifier]
    if len(texts) == 1 or not any(texts):
        return texts[0]
    return str(uuid5(NAMESPACE_URL, "\n".join(("urn:schakel:row", mapping.id, *texts))))


def _theirs(mapping: ColumnMapping, name: str) -> str:
    """The column of theirs that one of ours comes from; where they would look for it."""
    source = mapping.columns.get(name)
    return source.columns[0] if source else name


def _flat(
    row: Mapping[str, str | None], mapping: ColumnMapping
) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    flat: dict[str, str] = dict(mapping.constants)
    wrong = []
    for name, source in mapping.columns.items():
        try:
            text = _taken(row, source)
        except _NotThereError as error:
            wrong.append((source.columns[0], error.value, error.expected))
            continue
        if text:
            flat[name] = text
    return flat, wrong


class _NotThereError(Exception):
    def __init__(self, value: str, expected: str) -> None:
        self.value, self.expected = value, expected


def _taken(row: Mapping[str, str | None], source: Source) -> str:
    texts = [text for text in ((row.get(name) or "").strip() for name in source.columns) if text]
    text = source.join.join(texts) if source.join is not None else (texts[0] if texts else "")
    if source.find:
        match = re.search(source.find, text)
        text = "" if match is None else match[1] if match.re.groups else match[0]
    if source.date and text:
        text = _as_day(text, source.date)
    if source.values and text:
        text = "; ".join(dict.fromkeys(filter(None, _valued(text, source))))
    elif source.split and text:
        text = list_text(tuple(part.strip() for part in text.split(source.split) if part.strip()))
    return text or source.default


def _valued(text: str, source: Source) -> Iterator[str]:
    for part in text.split(source.split) if source.split else [text]:
        word = part.strip().casefold()
        if not word:
            continue
        if word not in source.values and source.other is None:
            raise _NotThereError(part.strip(), f"one of {', '.join(source.values)}")
        yield source.values.get(word, source.other or "")


def _as_day(text: str, form: str) -> str:
    try:
        return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  a day has no time zone
    except ValueError:
        raise _NotThereError(text, f"a date as {form}") from None


def rows_of(provisions: Iterable[Provision]) -> list[dict[str, str]]:
    """Provisions as rows of texts, one column per attribute, for CSV and Excel."""
    return [write_row(one) for one in provisions]
