"""The official JSON schema of Open Referral HSDS, where the public data are."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

#: What we have of 3.1 is in files of their own.
_NEWER = {
    "capacity": "3.1-dev_service_capacity",
    "unit": "3.1-dev_unit",
    "url": "3.1-dev_url",
}


def validate(public_data: Path, package: list[dict[str, Any]]) -> None:
    """Raise when the official schema of a package of services, with capacity as in 3.1, does not accept it."""
    folder, plain = public_data / "hsds" / "schema", json.loads(json.dumps(package))
    _validator(folder / "compiled" / "service_package.json").validate(plain)
    for one in plain:
        for item in one.get("capacities") or ():
            _validator(folder / f"{_NEWER['capacity']}.json").validate(item)


def fields(public_data: Path, kind: str) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """The fields of an object, and those that are required."""
    schema = json.loads((public_data / "hsds" / "schema" / f"{_NEWER.get(kind, kind)}.json").read_bytes())
    return schema["properties"], set(schema.get("required", ()))


@cache
def _validator(path: Path) -> Draft202012Validator:
    schema = _plain(json.loads(path.read_bytes()))
    if path.parent.name != "compiled":  # without what refers to other files
        schema["properties"] = {k: v for k, v in schema["properties"].items() if "$ref" not in str(v)}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _plain(schema: Any) -> Any:
    """The schema without what is no JSON schema, such as a description of a table."""
    if isinstance(schema, dict):
        return {k: _plain(v) for k, v in schema.items() if k not in ("example", "constraints")}
    return [_plain(item) for item in schema] if isinstance(schema, list) else schema
