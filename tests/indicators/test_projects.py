"""Which projects of the ledger count is said by the plan, by number or by title: another city needs no code."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.engine import CITY, LEVEL, area, compute, rows

A, B = "990101", "990102"
LEDGER = [("QX-1", "一号", A), ("QX-2", "清水县寄宿制学校扩建", A), ("ZZ-1", "寄宿制学校附属工程扩建", A), ("ZZ-2", "二号", B)]


def counted(*names, year=2023):
    """How many projects of LEDGER count for the one indicator of the test, all finished in ``year``."""
    ledger = [
        {"project_id": number, "title": title, "county_code": county, "planned_end": date(2024, 1, 1), "stage": "已完成",
         "actual_end": date(year, 5, 1), "document_no": "1", "period": 2023}
        for number, title, county in LEDGER
    ]  # fmt: skip
    connection = compute(
        {"project_ledger": ledger},
        [area(A, order=1, name_zh="甲县", short_name_zh="甲"), area(B, order=2)],
        [LEVEL | {"indicator_id": "special_education_plan"}],
        names=[("special_education_plan", relation, pattern) for relation, pattern in names],
    )
    found = rows(
        connection, f"SELECT numerator FROM indicator.special_education_plan WHERE area_code = '{CITY}' AND period = 2023"
    )
    return found[0]["numerator"] if found else None


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([("project_code", "QX-%")], 2),
        ([("project", "%寄宿制学校%扩建%")], 2),
        ([("project", "%扩建%寄宿制学校%")], None),  # the words stand the other way round
        ([("project", "%寄宿制学校%扩建%"), ("not_project", "%附属%")], 1),
        ([("project_code", "QX-%"), ("project", "%寄宿制%")], 3),  # meant twice, counted once
        ([("project_code", "%"), ("only", "甲县")], 3),
        ([("project_code", "%"), ("only", "甲")], 3),  # by its short name
        ([("project_code", "QX-%"), ("since", "2023")], 2),
        ([], None),
    ],
)
def test_what_the_plan_means_is_counted(names, expected):
    assert counted(*names) == expected


def test_what_was_finished_before_the_year_named_does_not_count():
    assert counted(("project_code", "QX-%"), ("since", "2023"), year=2022) is None
