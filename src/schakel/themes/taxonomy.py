"""What a signal can be about: domains and themes, the library's own and those of a municipality (S035, R5, R22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml

from schakel.records import SchakelError

COLLECTIVE: Final = ("high", "middle", "low")
DOMAIN_FIELDS: Final = frozenset({"id", "nl", "en", "zrm", "pg", "themes"})
SHIPPED: Final = "taxonomy.yaml"
WORDS: Final = "words.yaml"


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme; ``collective`` says how well an answer together suits it, ``route`` what to do now (R5)."""

    id: str
    nl: str
    en: str
    domain: str
    collective: str = "middle"
    sensitive: bool = False
    keywords: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # what else a file may call it; with * what such a name may contain
    route: str = ""
    words: tuple[
        str, ...
    ] = ()  # what else people say about it: the classifier learns from it, nobody reads it

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Keywords and words, each once."""
        return tuple(dict.fromkeys((*self.keywords, *self.words)))


THEME_FIELDS: Final = frozenset(field.name for field in fields(Theme)) - {"domain", "words"}


@dataclass(frozen=True, slots=True)
class Domain:
    """An area of life; ``zrm`` and ``pg`` are the names that other instruments give it (names only, R9)."""

    id: str
    nl: str
    en: str
    zrm: tuple[str, ...] = ()
    pg: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taxonomy:
    """Domains and themes in the order of the file."""

    version: str
    domains: tuple[Domain, ...]
    themes: tuple[Theme, ...]

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """Identifiers of the themes that never enter pattern detection (R5)."""
        return frozenset(theme.id for theme in self.themes if theme.sensitive)

    @cached_property
    def sensitive_names(self) -> frozenset[str]:
        """All that a file may call a sensitive theme: its identifier, labels, keywords and other names (R5)."""
        ordinary = {
            name for theme in self.themes if not theme.sensitive for name in (theme.id, theme.nl, theme.en)
        }
        sensitive = (theme for theme in self.themes if theme.sensitive)
        names = {
            name
            for theme in sensitive
            for name in (theme.id, theme.nl, theme.en, *theme.keywords, *theme.names)
        }
        return frozenset(names - ordinary) | self.sensitive

    @cached_property
    def labels(self) -> dict[str, tuple[str, str]]:
        """What each theme is called, in Dutch and in English."""
        return {theme.id: (theme.nl, theme.en) for theme in self.themes}

    @cached_property
    def _by_id(self) -> dict[str, Theme]:
        return {theme.id: theme for theme in self.themes}

    def theme(self, theme_id: str) -> Theme:
        """The theme with this identifier; `SchakelError` when there is none."""
        if theme_id not in self._by_id:
            raise SchakelError(f"The taxonomy has no theme '{theme_id}'.")
        return self._by_id[theme_id]


def load_taxonomy(*extra: Path) -> Taxonomy:
    """The library's taxonomy, with the additions of a municipality.

    Each extra file has the form of the library's own. A domain or theme with a known ``id`` may get other
    labels, more keywords or another route; any other is new. Nothing disappears, and a sensitive theme stays
    sensitive (R5, R22).

    Raises:
        SchakelError: naming the file, the domain or theme, and the field that is wrong.

    """
    return _with(_shipped(), extra) if extra else _shipped()


@cache
def _shipped() -> Taxonomy:
    data = resources.files("schakel.themes") / "data"
    text = (data / SHIPPED).read_text(encoding="utf-8")
    taxonomy = _merged(Taxonomy("", (), ()), _parsed(text, SHIPPED), SHIPPED)
    words = yaml.load((data / WORDS).read_text(encoding="utf-8"), yaml.CSafeLoader)
    themes = tuple(replace(theme, words=tuple(words[theme.id])) for theme in taxonomy.themes)
    return replace(taxonomy, themes=themes)


def _with(taxonomy: Taxonomy, extra: tuple[Path, ...]) -> Taxonomy:
    for path in extra:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SchakelError(f"{path} cannot be read: {error}; expected a YAML file in UTF-8.") from error
        taxonomy = _merged(taxonomy, _parsed(text, str(path)), str(path))
    return taxonomy


def _parsed(text: str, file: str) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SchakelError(f"{file} is no valid YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("domains"), list):
        raise SchakelError(f"{file}: expected a list 'domains'.")
    if unknown := sorted(map(str, content.keys() - {"meta", "domains"})):
        raise SchakelError(f"{file}: unknown field '{unknown[0]}'; expected 'meta' and 'domains'.")
    return content


def _merged(taxonomy: Taxonomy, content: Mapping[str, Any], file: str) -> Taxonomy:
    """The taxonomy with the domains and themes of one file."""
    domains = {domain.id: domain for domain in taxonomy.domains}
    themes = {theme.id: theme for theme in taxonomy.themes}
    seen: set[str] = set()
    for entry in content["domains"]:
        domain_id = _identifier(entry, f"{file}, domain", DOMAIN_FIELDS, seen)
        place = f"{file}, domain '{domain_id}'"
        domains[domain_id] = _domain(domains.get(domain_id), entry, place)
        for part in _listed(entry, "themes", place):
            theme_id = _identifier(part, f"{file}, theme", THEME_FIELDS, seen)
            place = f"{file}, theme '{theme_id}'"
            known = themes.get(theme_id)
            if known is not None and known.domain != domain_id:
                raise SchakelError(f"{place}, field 'id': already a theme of domain '{known.domain}'.")
            themes[theme_id] = _theme(known, domain_id, part, place)
    if clash := sorted(domains.keys() & themes.keys()):
        raise SchakelError(f"{file}, theme '{clash[0]}', field 'id': also the id of a domain.")
    version = taxonomy.version or str((content.get("meta") or {}).get("version", ""))
    return Taxonomy(version, tuple(domains.values()), tuple(themes.values()))


def _identifier(entry: object, place: str, allowed: frozenset[str], seen: set[str]) -> str:
    """The id of an entry whose fields are known, not given before in this file."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"].strip():
        raise SchakelError(f"{place}, field 'id': expected every entry to have one, as text.")
    identifier: str = entry["id"]
    if unknown := sorted(map(str, entry.keys() - allowed)):
        expected = ", ".join(sorted(allowed))
        raise SchakelError(f"{place} '{identifier}', field '{unknown[0]}': unknown; expected {expected}.")
    if identifier in seen:
        raise SchakelError(f"{place} '{identifier}', field 'id': given twice in this file.")
    seen.add(identifier)
    return identifier


def _domain(known: Domain | None, entry: Mapping[str, Any], place: str) -> Domain:
    if known is None:
        known = Domain(entry["id"], _label(entry, place), str(entry.get("en") or entry["nl"]))
    given = _texts(entry, ("nl", "en"), place)
    return replace(
        known, **given, zrm=_joined(known.zrm, entry, "zrm", place), pg=_joined(known.pg, entry, "pg", place)
    )


def _theme(known: Theme | None, domain: str, entry: Mapping[str, Any], place: str) -> Theme:
    if known is None:
        known = Theme(entry["id"], _label(entry, place), str(entry.get("en") or entry["nl"]), domain)
    given: dict[str, Any] = dict(_texts(entry, ("nl", "en", "route", "collective"), place))
    if given.get("collective", "high") not in COLLECTIVE:
        raise SchakelError(
            f"{place}, field 'collective': '{given['collective']}'; expected {', '.join(COLLECTIVE)}."
        )
    sensitive = entry.get("sensitive", known.sensitive)
    if not isinstance(sensitive, bool):
        raise SchakelError(f"{place}, field 'sensitive': '{sensitive}'; expected true or false.")
    if known.sensitive and not sensitive:
        raise SchakelError(
            f"{place}, field 'sensitive': a sensitive theme cannot become an ordinary one (R5, R22)."
        )
    theme = replace(
        known,
        **given,
        sensitive=sensitive,
        keywords=_joined(known.keywords, entry, "keywords", place),
        names=_joined(known.names, entry, "names", place),
    )
    if sensitive and not theme.route.strip():
        raise SchakelError(
            f"{place}, field 'route': a sensitive theme says what to do now (R5); expected a text."
        )
    return theme


def _label(entry: Mapping[str, Any], place: str) -> str:
    """The Dutch name, which everything new must have."""
    if "nl" not in entry:
        raise SchakelError(f"{place}, field 'nl': missing; expected the name on screen.")
    return _texts(entry, ("nl",), place)["nl"]


def _texts(entry: Mapping[str, Any], names: tuple[str, ...], place: str) -> dict[str, str]:
    given = {name: entry[name] for name in names if name in entry}
    for name, value in given.items():
        if not isinstance(value, str) or not value.strip():
            raise SchakelError(f"{place}, field '{name}': '{value}'; expected a text that is not empty.")
    return given


def _listed(entry: Mapping[str, Any], name: str, place: str) -> list[Any]:
    value = entry.get(name, [])
    if not isinstance(value, list):
        raise SchakelError(f"{place}, field '{name}': '{value}'; expected a list.")
    return value


def _joined(known: tuple[str, ...], entry: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    """The known texts, then the new ones, each once."""
    values = _listed(entry, name, place)
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise SchakelError(f"{place}, field '{name}': '{value}'; expected texts.")
    return tuple(dict.fromkeys((*known, *values)))
