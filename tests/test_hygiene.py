"""What a newcomer may count on: small rooms, reasons beside dependencies, pages that follow from the code."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from docs import generate

ROOT = Path(__file__).resolve().parents[1]


def sources() -> list[Path]:
    return sorted((ROOT / "src").rglob("*.py"))


def functions() -> Iterator[int]:
    """Lines of every function's statements, its docstring left out."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                yield node.end_lineno - body[0].lineno + 1


def test_nine_in_ten_files_have_at_most_250_lines() -> None:
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in sources()]
    assert np.quantile(lines, 0.9) <= 250


def test_nine_in_ten_functions_have_at_most_25_lines() -> None:
    assert np.quantile(list(functions()), 0.9) <= 25


def test_every_dependency_has_a_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^  "[a-z-]+[\[>=].*$', text, flags=re.MULTILINE)
    assert len(listed) > 20
    assert [line for line in listed if not re.search(r"#\s+\S+", line)] == []


def test_the_generated_pages_are_up_to_date() -> None:
    stale = [
        path.name for path, content in generate.pages().items() if path.read_text(encoding="utf-8") != content
    ]
    assert stale == [], "run 'make docs'"


def test_every_locked_version_is_held_to_its_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==\S+.*$", lock, flags=re.MULTILINE)
    assert len(pinned) > 50
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock


def test_every_command_of_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    assert set(re.findall(r"`make ([a-z]+)`", readme)) <= targets
    reference = (ROOT / "docs/how-to/command-line.md").read_text(encoding="utf-8")
    for command in re.findall(r"^\$? ?schakel ([a-z]+)", readme, flags=re.MULTILINE):
        assert f"## `schakel {command}" in reference
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", readme)):
        assert option in reference


def test_no_path_of_anybodys_machine_is_in_the_repository() -> None:
    try:
        tracked = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    found = []
    for name in tracked.splitlines():
        path = ROOT / name
        if path.suffix in {".npz", ".png", ".jsonl"} or not path.is_file() or path == Path(__file__):
            continue
        if re.search(r"/(home|root|Users|work)/\w", path.read_text(encoding="utf-8", errors="ignore")):
            found.append(name)
    assert found == []
