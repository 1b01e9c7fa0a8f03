"""Schools of new estates: every year is judged on what fell due in it, and on what was still open when it began."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.engine import CITY, LEVEL, area, compute, rows

A = "990101"
# number: (planned, done)
PROJECTS = {
    "in_time": (date(2021, 8, 31), date(2021, 8, 31)),
    "late_within_the_year": (date(2021, 6, 30), date(2021, 12, 31)),
    "late_by_years": (date(2021, 8, 31), date(2023, 3, 1)),
    "never": (date(2022, 8, 31), None),
    "early": (date(2023, 8, 31), date(2022, 5, 1)),
    "on_new_years_day": (date(2022, 12, 31), date(2023, 1, 1)),
}
# year: (done in time, due), the projects that fell short
EXPECTED = {
    2020: None,
    2021: ((1, 3), {"late_within_the_year": "late", "late_by_years": "not_done"}),
    2022: ((0, 3), {"late_by_years": "not_done", "never": "not_done", "on_new_years_day": "not_done"}),
    2023: ((1, 4), {"late_by_years": "late", "never": "not_done", "on_new_years_day": "late"}),
    2024: ((0, 1), {"never": "not_done"}),
}


@pytest.fixture(scope="module")
def judged():
    ledger = [
        {"project_id": number, "title": number, "county_code": A, "planned_end": planned, "actual_end": done,
         "document_no": "1", "stage": "已完成" if done else "推进中", "period": year}
        for year in EXPECTED
        for number, (planned, done) in PROJECTS.items()
    ]  # fmt: skip
    names = [("new_estate_schools", "project_code", "%")]
    return compute({"project_ledger": ledger}, [area(A)], [LEVEL | {"indicator_id": "new_estate_schools"}], names=names)


@pytest.mark.parametrize("year", EXPECTED)
def test_a_year_is_judged_on_its_own_projects(judged, year):
    of = f"indicator_id = 'new_estate_schools' AND period = {year}"
    city = rows(judged, f"SELECT numerator, denominator FROM indicator.new_estate_schools WHERE area_code = '{CITY}' AND {of}")
    short = {r["unit_id"]: r["lacking"] for r in rows(judged, f"SELECT unit_id, lacking FROM core.exception WHERE {of}")}
    assert (tuple(city[0].values()), short) == EXPECTED[year] if city else EXPECTED[year] is None and not short
