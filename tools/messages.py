"""The Dutch sentences of the application and their English: ``make messages`` collects and compiles them.

``python -m tools.messages`` brings the catalogue up to date and keeps what was translated;
``--check`` changes nothing and fails when a sentence has no English, or when the compiled file is older.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src/schakel_web"
PO = SOURCES / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
_SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_TEXT = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_IN_TEMPLATE = re.compile(rf"\b(?:gettext|_)\(\s*{_TEXT}\s*\)")
_PLURAL_IN_TEMPLATE = re.compile(rf"\bngettext\(\s*{_TEXT},\s*{_TEXT}")

_NEVER = datetime(2026, 1, 1, tzinfo=UTC)

Found = tuple[str, str | None, str]  # sentence, plural, where


def _in_python(path: Path) -> Iterator[Found]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in _SINGLE and texts:
            yield texts[0], None, _place(path)
        elif name in _PLURAL and len(texts) >= 2:
            yield texts[0], texts[1], _place(path)


def _in_template(path: Path) -> Iterator[Found]:
    source = templatize(path.read_text(encoding="utf-8"))
    for match in _PLURAL_IN_TEMPLATE.finditer(source):
        yield ast.literal_eval(match[1]), ast.literal_eval(match[2]), _place(path)
    for match in _IN_TEMPLATE.finditer(source):
        yield ast.literal_eval(match[1]), None, _place(path)


def _in_presets(path: Path) -> Iterator[Found]:
    for preset in yaml.safe_load(path.read_text(encoding="utf-8"))["presets"]:
        yield preset["name"], None, _place(path)
        yield preset["about"], None, _place(path)


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def found() -> Catalog:
    """Every sentence that can be translated, with the files that it stands in."""
    catalogue = Catalog()
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix == ".py":
            sentences = _in_python(path)
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            sentences = _in_template(path)
        elif path.name == "presets.yaml":
            sentences = _in_presets(path)
        else:
            continue
        for text, plural, place in sentences:
            catalogue.add((text, plural) if plural else text, locations=[(place, None)])  # type: ignore[list-item]
    return catalogue


def catalogue_now() -> Catalog:
    """What was translated, with what is in the sources now; sentences that are gone are dropped."""
    kept = read_po(io.BytesIO(PO.read_bytes()), locale="en") if PO.exists() else Catalog(locale="en")
    fresh = Catalog(locale="en", project="Schakel", charset="utf-8", fuzzy=False)
    fresh.header_comment = (
        "# English of the application; the Dutch sentences are the source. See tools/messages.py."
    )
    for message in found():
        if not message.id:
            continue
        old = kept.get(message.id)
        same_form = old is not None and isinstance(old.id, tuple) == isinstance(message.id, tuple)
        fresh.add(
            message.id,
            old.string if old is not None and same_form else None,
            locations=sorted(set(message.locations)),
        )
    return fresh


def missing(catalogue: Catalog) -> list[Message]:
    """Sentences without English, or whose English names other values."""
    return [message for message in catalogue if message.id and not _complete(message)]


def _complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    values = set(re.findall(r"%\((\w+)\)", ids[-1]))
    return all(strings) and all(set(re.findall(r"%\((\w+)\)", str(text))) <= values for text in strings)


def _from_file() -> bytes:
    """The catalogue as Django reads it."""
    catalogue = read_po(io.BytesIO(PO.read_bytes()), locale="en")
    catalogue.creation_date = catalogue.revision_date = _NEVER  # or the file would differ every minute
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=0, omit_header=False, sort_output=True, include_lineno=False)
    dates = re.compile(
        rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-).*\n',
        re.M,
    )
    return dates.sub(b"", out.getvalue())


def main() -> int:
    """Bring up to date, or check; the exit code says whether all is well."""
    catalogue = catalogue_now()
    untranslated = missing(catalogue)
    for message in untranslated[:20]:
        print(f"No English, or with other values: {message.id!r}")
    if "--check" in sys.argv:
        stale = PO.read_bytes() != _written(catalogue) or MO.read_bytes() != _from_file()
        if stale:
            print("The catalogue is not what the sources say; run 'make messages'.")
        return int(bool(untranslated) or stale)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(_written(catalogue))
    MO.write_bytes(_from_file())
    print(f"{len(catalogue)} sentences, {len(untranslated)} without English.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
