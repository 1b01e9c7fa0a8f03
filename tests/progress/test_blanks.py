"""Who left blank what is needed counts nowhere, is named, and keeps the others from being "all"."""

from __future__ import annotations

import pytest

from tests.progress.test_kinds import promise, rate
from tests.support.engine import CITY, area, judge, rows

A, B = "990101", "990102"
DUE = {"due_basis": "stated", "due_period": 2022}
SHARE = {"value_is": "share_complying"}

# kind, own keys, (members that comply, members that said anything), class with one blank, its reason, class without
CASES = {
    "covered": ("full_coverage", DUE, (500, 500), ("no_judgement", "some_blank"), ("covered", None)),
    "recurring": ("full_coverage", {}, (500, 500), ("no_judgement", "some_blank"), ("covered", None)),
    "mostly": ("full_coverage", DUE, (499, 500), ("mostly_covered", None), ("mostly_covered", None)),
    "not": ("full_coverage", DUE, (100, 500), ("not_covered", None), ("not_covered", None)),
    "before_due": ("full_coverage", DUE | {"due_period": 2025}, (500, 500), ("in_progress", None), ("covered", None)),
    "no_date": ("full_coverage", {"due_basis": "none"}, (500, 500), ("in_progress", None), ("covered", None)),
    "shown": ("full_coverage", {"operator": "report"}, (500, 500), ("monitored", None), ("monitored", None)),
    "all": ("floor", SHARE, (500, 500), ("no_judgement", "some_blank"), ("all_met", None)),
    "some": ("floor", SHARE, (499, 500), ("partly_met", None), ("partly_met", None)),
    "none": ("ceiling", SHARE | {"direction_sign": -1}, (0, 500), ("none_met", None), ("none_met", None)),
    "compared": ("comparative", {"compared_with": "own_ratio", "target_micro": 1_000_000}, (500, 500), ("no_judgement", "some_blank"), ("met", None)),
    "compared_early": ("comparative", {"compared_with": "own_ratio", "target_micro": 1_000_000, "due_period": 2025}, (500, 500), ("in_progress", None), ("met", None)),
    "compared_below": ("comparative", {"compared_with": "own_ratio", "target_micro": 101_000_000}, (500, 500), ("not_met", None), ("not_met", None)),
    # an amount is that of the unit, whatever a school left blank
    "amount": ("floor", {"target_micro": 90_000_000}, (500, 500), ("met", None), ("met", None)),
}


def blank(indicator, unit):
    return {"indicator_id": indicator, "area_code": unit, "segment": "all", "period_kind": "school_year", "period": 2023, "unit_id": "s",
            "numerator": None, "denominator": None}  # fmt: skip


@pytest.fixture(scope="module")
def judged():
    """Every case on two indicators: of the one a school of 990101 left it blank, of the other nobody did, but one fell short."""
    promises, values = [], []
    for case, (kind, own, (num, den), *_) in CASES.items():
        for indicator in ("preschool_full_coverage_urban_rural", "education_cloud_sharing"):
            name = f"{case} {indicator}"
            promises.append(promise(kind, **own, id=name, variant=case, indicator_id=indicator, counties="assessed"))
            values += [
                rate(2023, num, den, indicator_id=indicator, variant=case, area_code=unit) for unit in (CITY, A, B)
            ]
    return judge(
        values,
        promises,
        [area(A, order=1), area(B, order=2)],
        beside={
            "core.exception": [
                blank("preschool_full_coverage_urban_rural", A),
                blank("preschool_full_coverage_urban_rural", A) | {"period": 2022},
                blank("education_cloud_sharing", A) | {"numerator": 0, "denominator": 1},
                blank("education_cloud_sharing", A) | {"period": 2022},
            ]
        },
    )


def found(connection, case, indicator):
    query = f"SELECT area_code, class, reason FROM progress.verdict WHERE commitment_id = '{case} {indicator}' AND is_reported"
    return {r["area_code"]: (r["class"], r["reason"]) for r in rows(connection, query)}


@pytest.mark.parametrize("case", CASES)
def test_one_blank_keeps_the_others_from_being_all(judged, case):
    _, _, _, with_blank, without = CASES[case]
    got = found(judged, case, "preschool_full_coverage_urban_rural")
    assert got == {CITY: with_blank, A: with_blank, B: without}
    assert found(judged, case, "education_cloud_sharing") == {CITY: without, A: without, B: without}


def test_what_is_asked_is_the_return(judged):
    (row,) = rows(judged, "SELECT class, reason FROM progress.summary WHERE commitment_id = 'covered preschool_full_coverage_urban_rural'")
    assert row == {"class": "no_judgement", "reason": "some_blank"}
