"""Templates and words of the social map: where they come from, and that attributes stand on their own (S037)."""

from __future__ import annotations

import pytest

from schakel.provisions import (
    Layer,
    LegalType,
    Payer,
    entries,
    label,
    legal_properties,
    load_templates,
    template,
)
from schakel.provisions.provision import Access, Capital, Goal, Prevention, Status
from schakel.provisions.vocabulary import youth_phases
from schakel.records import SchakelError

ALL = {each.provision.id: each for each in load_templates()}


def test_the_six_examples_of_the_publication_are_templates() -> None:
    """S044–S049."""
    examples = {each.example: each.provision.id for each in load_templates() if each.example}
    assert examples == {
        "S044": "ervaringsdeskundigen",
        "S045": "wijkaanpak_drugs",
        "S046": "buurtmoestuin",
        "S047": "budgetcursus",
        "S048": "wijkrestaurant",
        "S049": "inloop_ggz",
    }
    assert all(ALL[name].provision.in_publication for name in examples.values())


def test_every_estimate_is_marked_and_every_other_price_says_its_source() -> None:
    for each in load_templates():
        price = each.provision.price
        assert price is not None
        assert each.estimate == (price.basis == "C")
        assert each.estimate or "Meerinzicht" in price.note
    assert label("basis", "C") == "schatting"


def test_positions_say_where_they_come_from() -> None:
    """S110–S118: only two are explicit in the prose of the publication."""
    by_origin: dict[str, set[str]] = {}
    for each in load_templates():
        by_origin.setdefault(each.provision.position.provenance, set()).add(each.provision.id)
        assert each.provision.position.why
    assert by_origin["figuur3"] == {"buurthuis_zelfbeheer", "maatjesproject"}
    assert set(by_origin) == {"figuur3", "figuur3_afgeleid", "eigen"}


def test_approach_does_not_follow_from_the_legal_type() -> None:
    """S037: of one legal type there are individual and collective ones."""
    for kind in (LegalType.GENERAL, LegalType.TAILORED, LegalType.PRECEDING, LegalType.INITIATIVE):
        approach = [e.provision.position.approach for e in load_templates() if e.provision.legal_type is kind]
        assert min(approach) < 0.5 <= max(approach)


def test_the_legal_properties_are_those_of_the_publication() -> None:
    """S129–S135."""
    assert legal_properties(LegalType.TAILORED).decision == "yes"
    assert legal_properties(LegalType.TAILORED).personal_budget == "yes"
    assert "individuele voorziening" in legal_properties(LegalType.TAILORED).also  # S132
    assert legal_properties(LegalType.GENERAL).decision == "no"
    assert legal_properties(LegalType.OUTSIDE).free_access == "yes"
    assert legal_properties(LegalType.OUTSIDE).check_days < legal_properties(LegalType.TAILORED).check_days
    assert [legal_properties(kind).source for kind in LegalType] == [
        "S130", "S131", "S133", "S122", "S135", "S129", "S113",
    ]  # fmt: skip


def test_a_tailored_provision_needs_a_decision_and_no_general_one_does() -> None:
    for each in load_templates():
        if each.provision.legal_type is LegalType.TAILORED:
            assert each.provision.decision
            assert each.provision.access is Access.DECISION
        if each.provision.legal_type is LegalType.GENERAL:
            assert not each.provision.decision


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("legal_type", LegalType), ("layer", Layer), ("payer", Payer), ("access", Access), ("prevention", Prevention),
        ("goal", Goal), ("capital", Capital), ("status", Status),
    ],
)  # fmt: skip
def test_every_value_has_a_dutch_label(kind: str, values: type[Layer]) -> None:
    assert {entry.id for entry in entries(kind)} == {each.value for each in values}
    assert all(label(kind, each) != each.value or kind == "payer" for each in values if len(each.value) > 3)


def test_the_young_are_those_under_23() -> None:
    """S073."""
    assert youth_phases() == {"jong_kind", "kind", "jongere"}


def test_a_provision_made_from_a_template_remembers_it() -> None:
    made = template("buurtmoestuin").made(id="7", name="Tuin aan de Vaart")
    assert (made.id, made.name, made.template) == ("7", "Tuin aan de Vaart", "buurtmoestuin")
    assert made.checked is None


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(SchakelError, match="no template 'zwembad'"):
        template("zwembad")
    with pytest.raises(SchakelError, match="no 'kleur'"):
        entries("kleur")
