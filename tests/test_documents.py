"""The documents at the root say what is so: rules, decisions, links, and the description for catalogues."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/adr/[0-9]*.md"))
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#]+)")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    lost = [to for to in LINK.findall(document.read_text()) if not (document.parent / to).exists()]
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_command_that_is_named_exists(document: Path) -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"(?:^|`)make (\w+)", document.read_text(), re.MULTILINE)
    assert sorted(set(named) - set(targets)) == []


def test_the_index_of_decisions_lists_each_of_them_under_its_own_title() -> None:
    """Records are numbered without gaps, and carry their number in their title."""
    index = (ROOT / "docs/adr/README.md").read_text()
    for number, record in enumerate(DECISIONS, start=1):
        title = record.read_text().splitlines()[0].removeprefix("# ")
        assert record.name.startswith(f"{number:04}-")
        assert f"| [{number:04}]({record.name}) | {title.removeprefix(f'{number:04} ')} |" in index


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_its_status_context_and_consequences(record: Path) -> None:
    text = record.read_text()
    places = [text.index(part) for part in ("Status: ", "## Context", "## Decision", "## Consequences")]
    assert places == sorted(places)


RULES = re.findall(r"^\| (R\d+) \| .+ \| .+ \| (.+) \|$", (ROOT / "SECURITY.md").read_text(), re.MULTILINE)


def body(test: str) -> str:
    """The source of a test, as ``folder/file.py::name``; empty when it is not there."""
    file, _, name = test.partition("::")
    path = ROOT / "tests" / file
    source = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == name]
    return ast.get_source_segment(source, found[0]) or "" if found else ""


def test_every_rule_on_privacy_has_its_place_in_the_security_document() -> None:
    """R1–R22, once each, with what holds it and what would fail."""
    assert [rule for rule, _ in RULES] == [f"R{number}" for number in range(1, 23)]


@pytest.mark.parametrize(("rule", "tests"), RULES)
def test_every_test_that_is_named_beside_a_rule_exists_and_one_says_which_rule(rule: str, tests: str) -> None:
    named = re.findall(r"`([\w/]+\.py::test_\w+)`", tests)
    assert named, f"{rule} names no test"
    assert [test for test in named if not body(test)] == []
    says = re.compile(rf"(?<![a-z0-9]){rule}(?![0-9])", re.IGNORECASE)
    assert any(says.search(body(test).replace("_", " ")) for test in named), f"none of them names {rule}"


def test_no_word_of_the_glossary_has_two_meanings() -> None:
    rows = re.findall(r"^\| `([^`]+)`", (ROOT / "GLOSSARY.md").read_text(), re.MULTILINE)
    assert len(rows) > 90
    assert sorted(rows) == sorted(set(rows))


def test_the_catalogue_is_told_the_version_and_licence_of_the_package(
    publiccode: dict[str, Any], project: dict[str, Any]
) -> None:
    assert publiccode["publiccodeYmlVersion"] == "0.7"
    assert publiccode["softwareVersion"] == project["version"]
    assert publiccode["legal"]["license"] == project["license"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_catalogue_gets_descriptions_of_the_length_it_takes(
    publiccode: dict[str, Any], language: str
) -> None:
    """publiccode.yml 0.7: at most 150 characters in short, 150 to 10,000 at length, and features."""
    description = publiccode["description"][language]
    assert 0 < len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert len(description["features"]) == len(publiccode["description"]["en"]["features"])


def test_the_licence_is_there_in_full(project: dict[str, Any]) -> None:
    text = (ROOT / "LICENSE").read_text()
    assert project["license"] == "EUPL-1.2"
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(f"\n{article}." in text for article in range(1, 16))
    assert "Appendix" in text
