"""From which year on something counts is said by the plan (base_period), so that another city needs no code."""

from __future__ import annotations

import pytest

from tests.support.engine import CITY, LEVEL, area, compute, rows

A = "990101"
KINDERGARTENS = {"1113000001": (2020, 2021, 2022, 2023), "1113000002": (2022, 2023), "1113000003": (2023,)}
"""School -> the years in which it is a public kindergarten with children."""


def kindergartens():
    register = [
        {"school_id": code, "school_year": year, "school_name": code, "school_type": "111", "is_public": True,
         "county_code": A, "urban_rural_code": "111", "pays_budget_level": "县属", "status": "在办", "period": year}
        for code, years in KINDERGARTENS.items() for year in years
    ]  # fmt: skip
    children = [
        {"school_id": r["school_id"], "school_year": r["school_year"], "class_level": "小班", "age": 3, "sex": "女",
         "children": 10, "period": r["school_year"]}
        for r in register
    ]  # fmt: skip
    return {"school_register": register, "kindergarten_children": children}


def recruits():
    return {
        "teacher_exchange": [
            {"county_code": A, "school_year": year, "stage": "小学", "recruit_cohort": cohort, "rural_recruits": 10,
             "placed_one_year": 4, "period": year}
            for year, cohort in ((2027, 2022), (2028, 2023))
        ]
    }  # fmt: skip


def values(returns, indicator, variant, base, year):
    """Value and basis of the whole area by period, for a plan whose promise has ``base`` for its base year."""
    commitments = [LEVEL | {"indicator_id": indicator, "base_period": base}]
    connection = compute(returns, [area(A, order=1)], commitments, {"year": year})
    found = rows(
        connection,
        f"SELECT period, numerator, denominator, basis FROM indicator.{indicator} "
        f"WHERE area_code = '{CITY}' AND variant = '{variant}' ORDER BY period",
    )
    return {r["period"]: (r["numerator"], r["denominator"], r["basis"]) for r in found}


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (2020, {2020: 0, 2021: 0, 2022: 1, 2023: 2}),
        (2022, {2022: 0, 2023: 1}),  # the second was there in the base year already
    ],
)
def test_kindergartens_are_added_since_the_base_year_of_the_promise(base, expected):
    for variant, words in (("gross", f"{base}年以来新增,不减注销"), ("net", f"较{base}年净增")):
        found = values(kindergartens(), "inclusive_kindergartens_added", variant, base, 2023)
        assert found == {period: (number, None, words) for period, number in expected.items()}


def test_recruits_count_from_the_first_cohort_that_the_plan_binds():
    """Bound from 2023 on: in 2027 nobody's five years are over, and the cohort of 2022 was never bound."""
    assert sorted(values(recruits(), "new_rural_teacher_training_year", "due_cohort", 2021, 2028)) == [2027, 2028]
    assert sorted(values(recruits(), "new_rural_teacher_training_year", "due_cohort", 2023, 2028)) == [2028]
    commitments = [LEVEL | {"indicator_id": "new_rural_teacher_training_year", "base_period": 2023}]
    connection = compute(recruits(), [area(A, order=1)], commitments, {"year": 2028})
    absent = rows(
        connection,
        "SELECT DISTINCT period, reason FROM core.not_applicable WHERE indicator_id = 'new_rural_teacher_training_year'",
    )
    assert [(r["period"], r["reason"]) for r in absent] == [(2027, "none_due")]
