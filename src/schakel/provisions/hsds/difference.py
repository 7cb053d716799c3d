"""What a document of others has that ours has not, as changes that can be kept and applied again.

Whatever Schakel does not hold (a fax number, a licence, an unknown field) stays with the provision as changes on top of
our own export, so that nothing is lost. A change remembers what we would have written: when that is no longer the
same, because somebody changed it here, ours wins and the change lapses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

Json = Any  # what json.loads gives


class Change(TypedDict, total=False):
    """At a path: what we write there and what they had; without the key it was not there. ``order`` is of a list.

    A path is keys of objects, and ``id:…`` for an item of a list.
    """

    at: list[str]
    ours: Json
    theirs: Json
    order: list[str]


def difference(ours: Json, theirs: Json) -> list[Change]:
    """The changes that make their document of ours: ``applied(ours, difference(ours, theirs)) == theirs``.

    Items of lists are the same when they have the same identifier, or when theirs says all that ours says: then it
    keeps its identifier, also after a change here.
    """
    changes = _difference(ours, theirs, [])
    return sorted(changes, key=_turn)


def _turn(change: Change) -> tuple[int, int, list[str]]:
    """Values first, then the order of lists, then identifiers from the inside out: paths are by our identifiers."""
    at = change["at"]
    kind = 1 if "order" in change else 2 if at and at[-1] == "id" else 0
    return kind, -len(at) if kind == 2 else len(at), at


def _difference(ours: Json, theirs: Json, at: list[str]) -> list[Change]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _of_parts(ours, theirs, at)
    if (mine := _by_id(ours)) is not None and (other := _by_id(theirs)) is not None:
        other = _under_our_names(mine, other)
        merged = [*(key for key in mine if key in other), *sorted(key for key in other if key not in mine)]
        changes = _of_parts(mine, other, at)
        return changes if merged == list(other) else [*changes, {"at": at, "order": list(other)}]
    return [] if same(ours, theirs) else [{"at": at, "ours": ours, "theirs": theirs}]


def _of_parts(ours: dict[str, Json], theirs: dict[str, Json], at: list[str]) -> list[Change]:
    changes: list[Change] = []
    for key in ours.keys() | theirs.keys():
        here = [*at, key]
        if key not in theirs:
            changes.append({"at": here, "ours": ours[key]})
        elif key not in ours:
            changes.append({"at": here, "theirs": theirs[key]})
        else:
            changes += _difference(ours[key], theirs[key], here)
    return changes


def _under_our_names(mine: dict[str, Json], other: dict[str, Json]) -> dict[str, Json]:
    """Their items under our identifiers, where they say all that ours say."""
    free = {key: item for key, item in mine.items() if key not in other}
    named: dict[str, Json] = {}
    for key, item in other.items():
        name = key
        if key not in mine:
            name = next((ours for ours, each in free.items() if _says(item, each)), key)
            free.pop(name, None)
        named[name] = item
    return named


def _says(theirs: dict[str, Json], ours: dict[str, Json]) -> bool:
    plain = {key: value for key, value in ours.items() if _plain(key, value)}
    return bool(plain) and all(key in theirs and same(theirs[key], value) for key, value in plain.items())


def _plain(key: str, value: Json) -> bool:
    return key != "id" and not key.endswith("_id") and not isinstance(value, dict | list)


def _by_id(value: Json) -> dict[str, Json] | None:
    """Items of a list by their identifier; None when it is no list in which every item has its own."""
    if not isinstance(value, list) or not all(isinstance(item, dict) and "id" in item for item in value):
        return None
    found = {f"id:{item['id']}": item for item in value}
    return found if len(found) == len(value) else None


def same(one: Json, two: Json) -> bool:
    """Whether two documents are alike; true is not 1."""
    if isinstance(one, bool) != isinstance(two, bool):
        return False
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    return bool(one == two)


def applied(ours: Json, changes: Sequence[Change]) -> Json:
    """Our document with their changes, where we still write what we wrote then."""
    for change in changes:
        ours = _applied(ours, change, change["at"])
    return ours


def _applied(ours: Json, change: Change, at: Sequence[str]) -> Json:
    if not at:
        return _ordered(ours, change["order"]) if "order" in change else _chosen(ours, change)
    listed = _by_id(ours)
    parts = dict(ours) if isinstance(ours, dict) else listed
    if parts is None or (listed is not None and not at[0].startswith("id:")):
        return ours
    key, rest = at[0], at[1:]
    if rest or "order" in change:
        if key in parts:
            parts[key] = _applied(parts[key], change, rest)
    elif "theirs" not in change:
        if key in parts and same(parts[key], change["ours"]):
            del parts[key]
    elif "ours" not in change:
        parts.setdefault(key, change["theirs"])
    elif key in parts:
        parts[key] = _chosen(parts[key], change)
    return parts if listed is None else list(parts.values())


def _chosen(ours: Json, change: Change) -> Json:
    return change["theirs"] if same(ours, change["ours"]) else ours


def _ordered(items: Json, order: Sequence[str]) -> Json:
    listed = _by_id(items)
    if listed is None:
        return items
    place = {key: number for number, key in enumerate(order)}
    return [item for _, item in sorted(listed.items(), key=lambda pair: place.get(pair[0], len(place)))]
