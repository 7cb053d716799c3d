"""Writing and reading the result of a detection (the file contract in ``docs/how-to/files.md``)."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from schakel.records import Detection, Pattern, SchakelError, Settings, Timeline

#: The fields of a pattern in a result, in this order; the others follow.
CONTRACT = (
    "theme", "areas", "start", "end", "observed", "expected", "relative_risk", "statistic", "p_value",
    "p_value_gumbel", "q_value", "recurrence_days", "people", "sources", "dates", "dominance", "explanation", "against",
)  # fmt: skip

_OTHERS = tuple(field.name for field in fields(Pattern) if field.name not in CONTRACT)
_AS_IT_IS = frozenset({str, int, bool, type(None)})


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a whole file or nothing: a reader never sees half of it. Raises SchakelError when it cannot be written."""
    write_together({path: content})


def write_together(contents: Mapping[Path, str | bytes]) -> None:
    """Write several whole files, or none when one of them cannot be written. Raises SchakelError.

    A symbolic link stays one; what is no ordinary file, such as /dev/stdout, is written to and not replaced.
    """
    ready: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            target = path.resolve()
            if path.exists() and not path.is_file():
                path.write_bytes(data)
                continue
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            ready.append((Path(name), target))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
        for temporary, path in ready:
            temporary.replace(path)
    except OSError as error:
        raise SchakelError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)


def to_json(detection: Detection) -> str:
    """The result as JSON, a line for each pattern: ISO dates, null where a number is not finite."""
    patterns = ",\n  ".join(_line(plain_pattern(pattern)) for pattern in detection.patterns)
    between = "\n  " if patterns else ""
    return (
        "{\n"
        f' "schakel": {_line(detection.version)},\n'
        f' "parameters": {_line(_plain(asdict(detection.settings)))},\n'
        f' "data": {_line(_plain(detection.data))},\n'
        f' "patterns": [{between}{patterns}],\n'
        f' "seconds": {_line(_plain(detection.seconds))}\n'
        "}\n"
    )


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def plain_pattern(pattern: Pattern) -> dict[str, Any]:
    """A pattern as it stands in a result: plain values that JSON knows."""
    every = {name: getattr(pattern, name) for name in (*CONTRACT, *_OTHERS)}
    plain: dict[str, Any] = _plain(every | {"timeline": pattern.timeline and asdict(pattern.timeline)})
    return plain


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def read_result(path: Path) -> Detection:
    """Read back what `to_json` wrote. Raises SchakelError when it is something else."""
    try:
        data = json.loads(path.read_bytes())
        settings = data["parameters"]
        known = {field.name for field in fields(Settings)}
        for name in ("start", "end"):
            settings[name] = settings[name] and date.fromisoformat(settings[name])
        settings["windows"] = tuple(settings["windows"])
        return Detection(
            Settings(**{name: value for name, value in settings.items() if name in known}),
            data["data"],
            tuple(pattern_of(pattern) for pattern in data["patterns"]),
            data["schakel"],
            data.get("seconds", {}),
        )
    except OSError as error:
        raise SchakelError(f"{path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SchakelError(
            f"{path} is not a result of 'schakel detect --json'; expected such a file."
        ) from error


def pattern_of(data: Mapping[str, Any]) -> Pattern:
    """The pattern that `plain_pattern` wrote."""
    known = {field.name for field in fields(Pattern)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name in known
    }
    values |= {name: date.fromisoformat(data[name]) for name in ("start", "end")}
    if line := data.get("timeline"):
        values["timeline"] = Timeline(
            tuple(date.fromisoformat(day) for day in line["dates"]),
            *(tuple(line[name]) for name in ("observed", "expected", "low", "high")),
        )
    return Pattern(**values)
