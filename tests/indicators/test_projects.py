"""Which projects of the ledger count is said by the plan, by number or by title: another city needs no code."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.engine import CITY, LEVEL, area, compute, rows

A, B = "990101", "990102"
GONE = [area("990103", order=3, name_zh="丙县", short_name_zh="丙", valid_to=date(2022, 12, 31))]
LEDGER = [("QX-1", "一号", A), ("QX-2", "清水县寄宿制学校扩建", A), ("ZZ-1", "寄宿制学校附属工程扩建", A), ("ZZ-2", "二号", B)]


def counted(*names, year=2023, indicator="special_education_plan", merged=None):
    """(numerator, denominator) of the projects of LEDGER that count for an indicator, all finished in ``year``."""
    ledger = [
        {"project_id": number, "title": title, "county_code": county, "planned_end": date(2023, 12, 31), "stage": "已完成",
         "actual_end": date(year, 5, 1), "document_no": "1", "period": 2023}
        for number, title, county in LEDGER
    ]  # fmt: skip
    connection = compute(
        {"project_ledger": ledger},
        [area(A, order=1, name_zh="甲县", short_name_zh="甲"), area(B, order=2), *GONE],
        [LEVEL | {"indicator_id": indicator}],
        names=[(indicator, relation, pattern) for relation, pattern in names],
        merged=merged,
    )
    query = f"SELECT numerator, denominator FROM indicator.{indicator} WHERE area_code = '{CITY}' AND period = 2023"
    found = rows(connection, query)
    return (found[0]["numerator"], found[0]["denominator"]) if found else None


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
    assert counted(*names) == (expected and (expected, None))


@pytest.mark.parametrize(
    ("indicator", "all_units", "named"),
    [
        ("special_education_plan", (4, None), (1, None)),
        ("new_estate_schools", (4, 4), (1, 1)),
        ("county_labour_bases", (2, 2), (1, 1)),
    ],
)
def test_a_named_unit_that_was_merged_is_its_successor(indicator, all_units, named):
    """丙县 is part of 990102 today: that unit alone is bound, once, under either name, whatever is counted."""
    assert counted(("project_code", "%"), indicator=indicator) == all_units
    names = [("project_code", "%"), ("only", "丙"), ("only", f"单位{B}")]
    assert counted(*names, indicator=indicator, merged={"990103": B}) == named


def test_what_was_finished_before_the_year_named_does_not_count():
    assert counted(("project_code", "QX-%"), ("since", "2023"), year=2022) is None


STEPS = {
    "modern_vocational_college": ("张家口现代职业技术学院筹建", ["张家口现代职业技术学院筹建可行性研究",
                                  "张家口现代职业技术学院筹建一期工程", "张家口现代职业技术学院实训楼装修"]),
    "quality_high_schools": ("优质高中建设：沙城中学", ["优质高中建设前期论证：沙城中学"]),
    "feature_high_schools": ("特色高中建设：市第六中学(外语)", ["特色高中建设立项：市第六中学(外语)"]),
    "special_education_plan": ("张家口市“十四五”特殊教育提升计划", ["张家口市“十四五”特殊教育提升计划编制论证"]),
    "district_high_schools": ("桥东区区级普通高中建设", ["桥东区区级普通高中建设选址"]),
    "one_three_five_layout": ("“一本三专五联盟”：职业本科院校筹建", ["“一本三专五联盟”：职业本科院校筹建可行性研究"]),
}  # fmt: skip
"""Figure -> what is promised, and finished steps towards it or beside it."""


@pytest.mark.parametrize("finished", [0, 1])
def test_a_finished_preliminary_step_is_not_the_thing_promised(finished):
    """By the plan of Zhangjiakou: the steps are done with a document, what is promised is under way or done as well."""
    common = {"county_code": A, "planned_end": date(2023, 12, 31), "period": 2023}
    done = {"stage": "已完成", "actual_end": date(2023, 5, 1), "document_no": "1"}
    open_ = {"stage": "推进中", "actual_end": None, "document_no": None}
    titles = [(whole, finished) for whole, _ in STEPS.values()] + [(t, 1) for _, parts in STEPS.values() for t in parts]
    ledger = [
        common | (done if ended else open_) | {"project_id": f"X-{n}", "title": title} for n, (title, ended) in enumerate(titles)
    ]
    areas = [area(A, order=1, name_zh="桥东区", short_name_zh="桥东区")]
    connection = compute({"project_ledger": ledger}, areas, [LEVEL | {"indicator_id": i, "id": i} for i in STEPS])
    query = "SELECT numerator FROM indicator.{} WHERE area_code = '{}' AND period = 2023"
    assert {i: rows(connection, query.format(i, CITY)) for i in STEPS} == {i: [{"numerator": finished}] for i in STEPS}
