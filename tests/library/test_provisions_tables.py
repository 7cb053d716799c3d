"""The social map in tables of ours and of others: whole, repeatable, with a person choosing what is the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.io.provisions import csv_text, mapping_of, read_provisions, write_provisions
from schakel.provisions import Place, Provision, State, template, upkeep
from schakel.provisions.columns import empty, read_row, write_row
from schakel.provisions.duplicates import brought_in, duplicates, groups, match, twins
from schakel.provisions.mapping import mapping_text, parse_mapping, shipped_mapping, shipped_mappings
from schakel.records import SchakelError
from tests.library.hsds_provisions import provisions

TODAY = date(2026, 11, 26)
WALK = replace(template("wandelgroep").made(id="w"), organisation="Welzijn Zuid", place=Place("BU03440101"))


@settings(max_examples=50)
@given(provisions())
def test_a_row_gives_the_provision_back(one: Provision) -> None:
    found, wrong = read_row(write_row(one), empty())
    assert wrong == ()
    assert found == one


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(provisions(), min_size=1, max_size=3, unique_by=lambda one: one.id.casefold()))
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_a_file_gives_the_map_back(tmp_path: Path, some: list[Provision], suffix: str) -> None:
    path = tmp_path / f"map{suffix}"
    write_provisions(path, some)
    read = read_provisions(path)
    assert read.faults == ()
    assert list(read.provisions) == some


def test_nothing_in_a_table_is_taken_for_a_formula_and_it_comes_back_as_it_was(tmp_path: Path) -> None:
    sly = replace(WALK, name="=HYPERLINK(1)", phone="+31201234567", description="@x")
    assert ",'=HYPERLINK(1)," in csv_text([sly])
    (tmp_path / "map.csv").write_text(csv_text([sly]), encoding="utf-8")
    assert read_provisions(tmp_path / "map.csv").provisions == (sly,)


def test_all_faults_of_a_table_come_at_once_with_their_line(tmp_path: Path) -> None:
    table = (
        "id,name,capacity,checked,legal_type\n1,Koffie,veel,2026-02-31,\n,Thee,3,,club\n1,Soep,3,,\n2,,,,\n"
        "3,Brood,4,01-02-2026,Bewonersinitiatief\n"
    )
    (tmp_path / "map.csv").write_text(table, encoding="utf-8")
    read = read_provisions(tmp_path / "map.csv")
    checked, name = (2, "checked", "2026-02-31"), (5, "name", "")
    other = {(2, "capacity", "veel"), (3, "legal_type", "club"), (3, "id", "")}
    assert {(f.line, f.field, f.value) for f in read.faults} == {checked, name, *other}
    assert [one.name for one in read.provisions] == ["Soep", "Brood"]
    assert read.provisions[1].checked == date(2026, 2, 1)


MAPPING = """
meta: {id: test, nl: Test}
identifier: [naam, wijk]
columns:
  name: naam
  description: {from: [tekst, meer], join: ' / '}
  status: {from: stand, values: {Actief: open, Weg: closed}}
  themes: {from: soort, split: ',', values: {eten: samen_eten, lopen: te_weinig_bewegen}}
  phone: {from: tekst, find: '0[0-9]{9}'}
  checked: {from: gezien, date: '%d.%m.%Y'}
constants: {legal_type: burgerinitiatief}
"""


def with_mapping(tmp_path: Path, rows: list[dict[str, Any]], mapping: str = MAPPING) -> Any:
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    (tmp_path / "t.json").write_text(json.dumps(rows), encoding="utf-8")
    return read_provisions(tmp_path / "t.json", mapping=mapping_of(str(tmp_path / "m.yaml")))


ROW = {
    "Naam": "Soep", "wijk": "Zuid", "tekst": "Bel 0201234567", "meer": "Gratis", "stand": "actief",
    "soort": "eten, Lopen", "gezien": "24.12.2025", "Kleur": "rood",
}  # fmt: skip


def test_a_mapping_brings_a_table_in_whole(tmp_path: Path) -> None:
    read = with_mapping(tmp_path, [ROW])
    (one,) = read.provisions
    assert (one.name, one.description, one.phone) == ("Soep", "Bel 0201234567 / Gratis", "0201234567")
    assert (one.themes, one.checked) == (("samen_eten", "te_weinig_bewegen"), date(2025, 12, 24))
    assert (one.legal_type, one.status) == ("burgerinitiatief", "open")
    assert read.kept == {one.id: {"kleur": "rood"}}


def test_columns_with_a_contact_person_are_counted_and_not_kept(tmp_path: Path) -> None:
    """R1."""
    read = with_mapping(tmp_path, [ROW | {"Contactpersoon": "Joke de Boer", "T.a.v.": "J. de Boer"}])
    assert (read.people, *read.kept.values()) == (2, {"kleur": "rood"})


def test_the_address_of_a_person_in_a_table_of_others_does_not_come_in(tmp_path: Path) -> None:
    """R1: the telephone and a general address do."""
    mapping = MAPPING.replace("  phone:", "  email: post\n  phone:")
    rows = [ROW | {"post": "fatima@wijk.nl"}, ROW | {"Naam": "Brood", "post": "info@wijk.nl"}]
    read = with_mapping(tmp_path, rows, mapping)
    assert [(one.email, one.phone) for one in read.provisions] == [
        ("", "0201234567"),
        ("info@wijk.nl", "0201234567"),
    ]
    assert read.people == 1


def test_the_telephone_beside_the_name_of_somebody_comes_in_nowhere(tmp_path: Path) -> None:
    """R1: not in its own column, not in a cell of a few words; the telephone of a desk does."""
    named = {"tekst": "Aanmelden via Jurre van de Kamp:\r0612345678", "bel ook": "Via Jurre: 0612345678"}
    desk = {"Naam": "Brood", "tekst": "Aanmelden bij de balie:\r0201234567", "bel ook": "Balie: 0201234567"}
    read = with_mapping(tmp_path, [ROW | named, ROW | desk])
    assert "0612345678" not in repr((read.provisions, read.kept))
    assert [one.phone for one in read.provisions] == ["", "0201234567"]
    assert read.kept[read.provisions[1].id]["bel ook"] == "Balie: 0201234567"
    assert (read.people, read.redacted) == (1, ("Soep",))


def test_a_cell_of_names_alone_is_in_the_language_of_its_file(tmp_path: Path) -> None:
    """R4: streets of San Francisco are no persons, and the volunteers of a Dutch group are."""
    names = "Contact: Jan de Boer, Bryant Jackson, Mieke Clement, 49 Van Ness"
    for text, kept in (
        ("A meal for the people of the street.", True),
        ("Een maaltijd voor de straat.", False),
    ):
        read = with_mapping(tmp_path, [ROW | {"tekst": text, "wie komt": names}])
        assert (read.kept[read.provisions[0].id]["wie komt"] == names) is kept
        assert bool(read.redacted) is not kept


def test_the_same_table_again_gives_the_same_identifiers(tmp_path: Path) -> None:
    once, again = (with_mapping(tmp_path, [ROW]).provisions for _ in range(2))
    found = match(again, once)
    assert (found.same, found.new, found.likely) == ((once[0].id,), (), {})


def test_a_word_that_the_mapping_does_not_know_is_a_fault(tmp_path: Path) -> None:
    bad = {**ROW, "wijk": "Noord", "soort": "zingen", "gezien": "2025-12-24", "stand": "half"}
    read = with_mapping(tmp_path, [ROW, bad, ROW])
    assert [(f.line, f.field, f.value) for f in read.faults] == [
        (2, "stand", "half"), (2, "soort", "zingen"), (2, "gezien", "2025-12-24"), (3, "naam", "Soep; Zuid"),
    ]  # fmt: skip
    assert len(read.provisions) == 1


def test_a_mapping_is_saved_and_read_again_the_same() -> None:
    for name in shipped_mappings():
        mapping = shipped_mapping(name)
        assert parse_mapping(mapping_text(mapping), file=name) == mapping


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: [", "no valid YAML"),
        ("a: 1", "expected 'columns'"),
        ("columns: {phone: tel}\nidentifier: [id]", "a column for 'name'"),
        ("columns: {name: naam}", "expected 'identifier'"),
        ("columns: {name: naam, kleur: k}\nidentifier: [id]", "'kleur' is no column of ours"),
        ("columns: {name: {van: naam}}\nidentifier: [id]", "column 'name': expected 'from'"),
        ("columns: {name: {from: naam, find: '('}}\nidentifier: [id]", "no regular expression"),
    ],
)
def test_a_mapping_that_cannot_be_says_why(text: str, said: str) -> None:
    with pytest.raises(SchakelError, match=said):
        parse_mapping(text, file="m.yaml")


def test_files_that_are_something_else_are_said(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    (tmp_path / "y.json").write_text('{"a": 1}', encoding="utf-8")
    (tmp_path / "z.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SchakelError, match="no JSON"):
        read_provisions(tmp_path / "x.json")
    assert len(read_provisions(tmp_path / "y.json").faults) == 1
    with pytest.raises(SchakelError, match="no column 'id'"):
        read_provisions(tmp_path / "z.csv")
    with pytest.raises(SchakelError, match="no list of objects"):
        read_provisions(tmp_path / "y.json", mapping=shipped_mapping("amsterdam_armoede"))
    with pytest.raises(SchakelError, match="unknown extension"):
        write_provisions(tmp_path / "x.doc", [])
    with pytest.raises(SchakelError, match="no mapping 'iets'"):
        mapping_of("iets")


def test_nearly_the_same_name_at_the_same_place_is_likely_the_same() -> None:
    typo = replace(WALK, id="v", name="Wandelgreop")
    other = replace(
        WALK, id="x", name="Wandelgroep", place=Place("BU99990101"), organisation="Heel iets anders"
    )
    (pair,) = duplicates([WALK, typo, other])
    assert (pair.first, pair.second) == ("w", "v")
    assert pair.because == ("bijna dezelfde naam", "op dezelfde plek", "dezelfde organisatie")


def test_branches_with_another_address_are_not_the_same() -> None:
    def branch(name: str, x: float) -> Provision:
        return replace(WALK, id=name, name=f"Bibliotheek {name}", place=Place(None, x, 456_000))

    assert duplicates([branch("Noord", 130_000), branch("Zuidoost", 136_000)]) == ()


def test_a_person_chooses_and_what_people_here_decided_stays() -> None:
    """S115, S118: the place on the two scales is local."""
    mine = replace(WALK, position=replace(WALK.position, approach=0.33, why="bij ons met een coach"))
    theirs = replace(WALK, id="other", phone="020", name="Wandelgroep")
    found = match([theirs], [mine])
    assert [pair.second for pair in found.likely["other"]] == ["w"]
    new, changed = brought_in([theirs], [mine], {"other": "w"})
    assert new == ()
    assert (changed[0].id, changed[0].phone, changed[0].position) == ("w", "020", mine.position)
    assert brought_in([theirs], [mine], {"other": None}) == ((theirs,), ())
    assert brought_in([mine], [mine], {}) == ((), ())


@given(st.lists(st.sampled_from(("Koffie", "Koffi", "Soep", "Soep Zuid", "")), max_size=7))
def test_every_pair_that_is_wholly_alike_ends_in_one_group(names: list[str]) -> None:
    some = [replace(WALK, id=f"{n}", name=name) for n, name in enumerate(names)]
    together = groups(duplicates(some))
    for name in {name for name in names if name}:
        same = {f"{n}" for n, each in enumerate(names) if each == name}
        assert len(same) == 1 or any(same <= set(group) for group in together)


def test_two_that_are_alike_and_resemble_one_that_is_there_are_both_asked_about() -> None:
    mine = replace(WALK, name="De wandelgroep", phone="030")
    twins = [replace(WALK, id=key, name="Wandelgroep", phone="030") for key in ("a", "b")]
    found = match(twins, [mine])
    assert {key: [pair.second for pair in pairs] for key, pairs in found.likely.items()} == {
        "a": ["w"],
        "b": ["w"],
    }
    assert (found.new, match(twins, []).new) == ((), ("a", "b"))


def test_what_is_twice_in_one_file_is_paired_with_what_stands_before_it() -> None:
    def branch(key: str, x: float) -> Provision:
        return replace(WALK, id=key, phone="030 1234567", place=Place(None, x, 456_000))

    first, elsewhere, copy = branch("1", 130_000), branch("2", 136_000), branch("3", 130_000)
    found = twins([first, replace(WALK, id="4", name="Schaakclub"), elsewhere, copy])
    assert {key: pair.first for key, pair in found.items()} == {"3": "1"}
    nothing = [replace(WALK, id=key, organisation="", place=Place(), phone="", email="") for key in "ab"]
    assert {key: pair.first for key, pair in twins(nothing).items()} == {"b": "a"}


def test_fifty_thousand_duplicates_are_one_group_and_few_comparisons() -> None:
    copies = [replace(WALK, id=str(n)) for n in range(50_000)]
    pairs = duplicates(copies)
    assert len(pairs) == 49_999
    assert len(groups(pairs)) == 1
    found = match(copies[:2000], [replace(WALK, id="there")])
    assert len(found.likely) == 2000


@pytest.mark.public_data
@pytest.mark.parametrize(
    ("file", "mapping", "rows"),
    [
        ("sf_211_2013.csv", "icarol_211", 2824),
        ("amsterdam_armoede_voorzieningen_2016.json", "amsterdam_armoede", 209),
    ],
)
def test_a_real_register_comes_in_whole_with_what_is_double_and_stale(
    public_data: Path, file: str, mapping: str, rows: int
) -> None:
    read = read_provisions(public_data / "provisions" / file, mapping=mapping_of(mapping))
    assert (read.rows, len(read.provisions), read.faults) == (rows, rows, ())
    assert len({one.id for one in read.provisions}) == rows
    twice = groups(duplicates(read.provisions))
    assert sum(len(group) - 1 for group in twice) > 10
    work = upkeep(read.provisions, today=TODAY)
    assert work.counts[State.STALE] + work.counts[State.GONE] == rows
    again = match(read.provisions, read.provisions)
    assert (len(again.same), again.new, again.likely) == (rows, (), {})


@pytest.mark.public_data
def test_whom_a_real_register_names_in_its_texts_does_not_come_in(public_data: Path) -> None:
    """R4: nineteen of 209 texts name somebody, or give the address of one person; the same cell of theirs as well."""
    path = public_data / "provisions" / "amsterdam_armoede_voorzieningen_2016.json"
    read = read_provisions(path, mapping=mapping_of("amsterdam_armoede"), areas=("Bos en Lommer",))
    assert 15 < len(read.redacted) < 25
    everything = repr((read.provisions, read.kept))
    for personal in ("Erik van der Meij", "Mireille van Gils", "06-28543278", "j.van.vlijmen@"):
        assert personal not in everything
    assert "Elandsgracht 70" in everything


@pytest.mark.public_data
def test_every_filled_cell_of_the_real_register_is_mapped_or_kept(public_data: Path) -> None:
    mapping = mapping_of("amsterdam_armoede")
    path = public_data / "provisions" / "amsterdam_armoede_voorzieningen_2016.json"
    read = read_provisions(path, mapping=mapping)
    objects = json.loads(path.read_bytes())
    for each, one in zip(objects, read.provisions, strict=True):
        for name in each:
            assert name.lower() in mapping.used or read.kept[one.id][name.lower()]
        assert one.name == each["naam"].strip()


def test_a_mapping_with_a_day_that_does_not_exist_is_refused_in_one_sentence() -> None:
    with pytest.raises(SchakelError, match="no valid YAML"):
        parse_mapping("columns: {name: 2026-02-31}", file="kolommen")
