"""Their answers and ours (DESIGN §6, S036): the public data sets, and how two answers are compared."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from schakel.records import EXPECTED_COLUMNS, SIGNAL_COLUMNS, Pattern, SchakelError
from schakel.validation import ANSWERS, Answer, Comparison, Validation, answers, compare, problems, run

OURS = Pattern(
    theme="t", areas=("b", "a"), start=date(2020, 1, 1), end=date(2020, 12, 31), observed=12, expected=4.0,
    relative_risk=3.25, statistic=5.123456, p_value=0.01, p_value_gumbel=0.008, q_value=0.01,
    recurrence_days=36525, people=12, sources=3, dates=4, dominance=0.3, explanation="", against=(),
)  # fmt: skip


@pytest.fixture(scope="module")
def validation(public_data: Path) -> Validation:
    return run(public_data, replicas=999, seed=1)


@pytest.mark.public_data
def test_every_published_cluster_period_and_number_is_reproduced_to_the_last_digit(
    validation: Validation,
) -> None:
    wrong = [row for row in validation.rows if row.agrees is False and not row.what.endswith("p-value")]
    assert not wrong


@pytest.mark.public_data
def test_every_published_p_value_is_reproduced_within_chance(validation: Validation) -> None:
    assert not [row for row in validation.rows if row.agrees is False]


@pytest.mark.public_data
def test_a_reference_that_stopped_early_is_compared_by_the_replicas_that_it_drew(public_data: Path) -> None:
    """SaTScan stopped after 207 in New York (50/207 = 0.242); with all 999 it gives 0.216, 0.506 and 0.948."""
    known = json.loads((public_data / "detection" / ANSWERS).read_bytes())
    for name, reader, replicas in (
        ("satscan_nycfever_stp", answers.new_york, 207),
        ("satscan_nm_retrospective_poisson", answers.new_mexico_standardised, 999),
    ):
        ((case,), _outside) = reader(known[name])
        assert {drawn for answer in case.answers for _p, drawn in answer.chances} == {replicas}


@pytest.mark.public_data
def test_all_five_data_sets_are_compared(validation: Validation) -> None:
    counts = pl.Series([row.dataset for row in validation.rows if row.agrees is not None]).value_counts()
    assert dict(counts.iter_rows()) == {
        "nm_ebp_1986_1989": 39,
        "satscan_nm_retrospective_poisson": 21,
        "satscan_nycfever_stp": 18,
        "pennLC": 18,
        "salmNewport": 5,
    }


@pytest.mark.public_data
def test_what_lies_outside_our_methods_says_why(validation: Validation) -> None:
    others = [row for row in validation.rows if row.agrees is None]
    assert {row.dataset for row in others} >= {"nm_ebp_1986_1989", "pennLC", "salmNewport"}
    assert all(row.note.startswith("outside our methods: ") for row in others)


@pytest.mark.public_data
def test_a_data_set_that_is_not_there_is_named(public_data: Path, tmp_path: Path) -> None:
    shutil.copy(public_data / "detection" / ANSWERS, tmp_path / ANSWERS)
    with pytest.raises(SchakelError, match=r"'nm_ebp_baselines_1986_1989.csv' is not in"):
        run(tmp_path, replicas=9)


@pytest.mark.public_data
@pytest.mark.parametrize(
    "problem",
    [problems.new_mexico, problems.new_mexico_standardised, problems.new_york, problems.pennsylvania],
)
def test_the_public_data_become_frames_as_the_command_line_reads_them(
    public_data: Path, problem: problems.Builder
) -> None:
    built = problem(public_data / "detection")
    assert dict(built.signals.schema) == SIGNAL_COLUMNS
    assert built.expected is None or dict(built.expected.schema) == EXPECTED_COLUMNS
    assert set(built.signals["area"]) <= set(built.areas.codes)


@pytest.mark.public_data
def test_indirect_standardisation_expects_as_many_as_there_were(public_data: Path) -> None:
    problem = problems.new_mexico_standardised(public_data / "detection")
    assert problem.expected is not None
    assert problem.expected["expected"].sum() == pytest.approx(1175)


@pytest.mark.public_data
def test_our_standardisation_equals_the_published_column(public_data: Path) -> None:
    folder = public_data / "detection"
    published = problems.read(folder, "pennLC_county.csv")
    ours = problems.standardised_lung_cancer(folder)
    assert ours["area"].to_list() == published["county"].to_list()
    assert ours["expected"].to_list() == pytest.approx(published["expected"].to_list(), abs=1e-9)


def test_a_folder_without_answers_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SchakelError, match=r"no 'expected_answers.json' in .*expected the folder of public"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "cannot be read"),
        ("[]", "expected a JSON object"),
        ('{"pennLC": {}}', "answers to 'pennLC' .* are incomplete"),
    ],
)
def test_answers_that_cannot_be_used_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / ANSWERS).write_text(text, encoding="utf-8")
    with pytest.raises(SchakelError, match=says):
        run(tmp_path)


def test_an_unknown_data_set_is_listed_and_not_judged(tmp_path: Path) -> None:
    (tmp_path / ANSWERS).write_text(json.dumps({"_note": "x", "new": {}}), encoding="utf-8")
    result = run(tmp_path)
    assert [(row.dataset, row.agrees) for row in result.rows] == [("new", None)]
    assert result.agrees
    assert result.table()[1][5] == "outside"


def one(answer: Answer, pattern: Pattern | None = OURS) -> Comparison:
    rows = compare("d", answer, pattern, replicas=999)
    assert len(rows) == 1
    return rows[0]


def test_the_order_of_areas_does_not_matter() -> None:
    assert one(Answer("x", areas=frozenset({"a", "b"}))).agrees
    assert not one(Answer("x", areas=frozenset({"a"}))).agrees


def test_a_period_is_compared_by_both_ends() -> None:
    period = Answer("x", start=OURS.start, end=OURS.end)
    assert one(period).agrees
    assert not one(replace(period, end=date(2020, 12, 30))).agrees


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [("5.123456", True), ("5.1235", True), ("5.12", True), ("5.123457", False), ("5.13", False)],
)
def test_a_number_agrees_to_the_last_printed_digit(printed: str, agrees: bool) -> None:
    assert one(Answer("x", statistic=Decimal(printed))).agrees is agrees


@pytest.mark.parametrize(
    ("theirs", "agrees"), [("0.010", True), ("0.020", True), ("0.040", False), ("0.001", True)]
)
def test_p_values_agree_within_monte_carlo_error_of_both(theirs: str, agrees: bool) -> None:
    assert one(Answer("x", chances=((Decimal(theirs), 999),))).agrees is agrees


@pytest.mark.parametrize(
    ("theirs", "agrees"), [("0.008", True), ("0.012", True), ("0.1", False), ("0.0001", False)]
)
def test_gumbel_tails_agree_within_the_uncertainty_of_their_fit(theirs: str, agrees: bool) -> None:
    assert one(Answer("x", gumbel=(Decimal(theirs),))).agrees is agrees


def test_observed_over_expected_is_not_the_relative_risk() -> None:
    assert one(Answer("x", smr=Decimal("3.00"))).agrees
    assert one(Answer("x", risk=Decimal("3.25"))).agrees


def test_a_cluster_that_we_do_not_find_is_a_disagreement() -> None:
    row = one(Answer("x", areas=frozenset({"a"}), statistic=Decimal("5.1")), None)
    assert row.agrees is False
    assert row.ours == "no such pattern"


def test_one_disagreement_spoils_the_whole() -> None:
    rows = (one(Answer("x", risk=Decimal("3.25"))), one(Answer("x", risk=Decimal("3.26"))))
    assert Validation(rows[:1], 999, 1, "0").agrees
    assert not Validation(rows, 999, 1, "0").agrees
    assert [line[5] for line in Validation(rows, 999, 1, "0").table()] == ["agrees", "yes", "NO"]
