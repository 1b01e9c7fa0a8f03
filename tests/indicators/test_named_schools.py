"""A promise to named schools, or to schools of districts, counts schools and districts, not projects: once each.

Every case is a calendar year of one ledger, so that the SQL runs once.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.engine import CITY, LEVEL, area, compute, rows

A, B = "990101", "990102"
SCHOOLS = ("第一中学", "河东区第一中学", "沙河中学")
SPRING, AUTUMN = (4, 1), (10, 1)
SCHOOL, DISTRICT, KINDERGARTEN = "quality_high_schools", "district_high_schools", "kindergartens_built_2021"
TITLES = {SCHOOL: "优质高中:", DISTRICT: "区级普通高中建设", KINDERGARTEN: "幼儿园新建"}
NAMES = [
    *((SCHOOL, "project", f"%优质高中%{school}%") for school in SCHOOLS),
    *((SCHOOL, "school", school) for school in SCHOOLS),
    (DISTRICT, "project", "%区级普通高中%"),
    (DISTRICT, "since", "2011"),
    (KINDERGARTEN, "project", "%幼儿园%"),
    (KINDERGARTEN, "only", f"单位{A}"),
]

# what: (indicator, [(number, rest of the title, (month, day) when done or a date or None, county)],
#        value of the city, {project: what it brings}, {projects that leave somebody short})
CASES = {
    "the_earlier_one_makes_it_so": (
        SCHOOL, [("P1", "沙河中学二期", AUTUMN, A), ("P2", "沙河中学一期", SPRING, A)], 1, {"P1": 0, "P2": 1}, set()),
    "on_one_day_the_lower_number": (
        SCHOOL, [("P2", "沙河中学", SPRING, A), ("P1", "沙河中学", SPRING, A)], 1, {"P1": 1, "P2": 0}, set()),
    "one_done_and_one_going_on": (
        SCHOOL, [("P1", "沙河中学", None, A), ("P2", "沙河中学二期", SPRING, A)], 1, {"P1": 0, "P2": 1}, set()),
    "none_done": (SCHOOL, [("P1", "沙河中学", None, A), ("P2", "沙河中学", None, A)], 0, {"P1": 0, "P2": 0}, {"P1", "P2"}),
    "a_name_within_a_name": (
        SCHOOL, [("P1", "河东区第一中学", SPRING, A), ("P2", "第一中学", SPRING, A)], 2, {"P1": 1, "P2": 1}, set()),
    "the_longer_name_is_not_the_shorter": (
        SCHOOL, [("P1", "河东区第一中学", SPRING, A), ("P2", "第一中学", None, A)], 1, {"P1": 1, "P2": 0}, {"P2"}),
    "one_project_of_two_schools": (SCHOOL, [("P1", "沙河中学、河东区第一中学", AUTUMN, A)], 2, {"P1": 2}, set()),
    "of_which_one_was_done": (
        SCHOOL, [("P1", "沙河中学、河东区第一中学", AUTUMN, A), ("P2", "沙河中学", SPRING, A)], 2, {"P1": 1, "P2": 1}, set()),
    "a_district_once": (
        DISTRICT, [("P1", "一期", SPRING, A), ("P2", "二期", AUTUMN, A), ("P3", "", None, B)], 1,
        {"P1": 1, "P2": 0, "P3": 0}, {"P3"}),
    # what was finished before the year named does not count and takes no place
    "too_early": (DISTRICT, [("P1", "一期", date(2010, 5, 1), A), ("P2", "二期", SPRING, A)], 1, {"P2": 1}, set()),
    "kindergartens_are_counted_each": (
        KINDERGARTEN, [("P1", "一", SPRING, A), ("P2", "二", SPRING, A)], 2, {"P1": 1, "P2": 1}, set()),
}  # fmt: skip
YEARS = {case: 2011 + n for n, case in enumerate(CASES)}


@pytest.fixture(scope="module")
def counted():
    ledger = []
    for case, (indicator, projects, *_) in CASES.items():
        for number, rest, done, county in projects:
            end = done if done is None or isinstance(done, date) else date(YEARS[case], *done)
            ledger.append({
                "project_id": number, "title": TITLES[indicator] + rest, "county_code": county, "period": YEARS[case],
                "planned_end": date(2030, 12, 31), "actual_end": end, "document_no": end and f"文{number}",
                "stage": "已完成" if end else "推进中",
            })  # fmt: skip
    return compute({"project_ledger": ledger}, [area(A, order=1), area(B, order=2)], [LEVEL], names=NAMES)


@pytest.mark.parametrize("case", CASES)
def test_what_counts_once(counted, case):
    indicator, _, value, brought, short = CASES[case]
    of = f"indicator_id = '{indicator}' AND period = {YEARS[case]}"
    (city,) = rows(counted, f"SELECT numerator FROM indicator.{indicator} WHERE area_code = '{CITY}' AND {of}")
    parts = rows(counted, f"SELECT unit_id, numerator FROM core.project_result WHERE {of}")
    lacking = rows(counted, f"SELECT unit_id, lacking FROM core.exception WHERE {of}")
    assert city["numerator"] == value
    assert {r["unit_id"]: r["numerator"] for r in parts} == brought
    assert {r["unit_id"]: r["lacking"] for r in lacking} == {number: "not_done" for number in short}
