"""A city of five counties worked out by hand: every formula, from raw rows to the city's value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.engine import CITY, LEVEL, NEVER, area, compute, rows

COUNTIES = ["990101", "990102", "990103", "990104", "990105"]
MUNICIPAL = "990001"
AREAS = [area(c, order=n) for n, c in enumerate(COUNTIES, start=1)] + [area(MUNICIPAL, "市本级", 9)]
# Children in kindergartens, of whom in public ones, in recognised private ones; population aged 3-5.
CHILDREN = {"990101": (900, 500, 300), "990102": (450, 450, 0), "990103": (700, 100, 200), "990104": (80, 0, 80),
            "990105": (0, 0, 0)}
AGED_3_5 = {"990101": 1000, "990102": 500, "990103": 1000, "990104": 100, "990105": 50}
AGED_15_17 = {c: 1000 for c in COUNTIES}


def school(number, county, kind="111", **more):
    prefix = {"1": "11", "2": "21", "3": "31", "4": "34", "6": "36"}[kind[0] if kind[:2] != "36" else "6"]
    return {
        "school_id": f"{prefix}13{number:06d}",
        "school_year": 2023,
        "school_name": f"学校{number}",
        "school_type": kind,
        "founder_type": "教育部门",
        "is_public": True,
        "profit_status": "不适用",
        "county_code": county,
        "pays_budget_level": "县属",
        "status": "在办",
    } | more


def pupils(school_id, programme, grade, count, year=2023, **more):
    half = count // 2
    row = {"school_id": school_id, "school_year": year, "programme": programme, "grade": grade} | more
    return [row | {"sex": "男", "pupils": half}, row | {"sex": "女", "pupils": count - half}]


def people(county, age, count, year=2023, basis="常住普查"):
    return {
        "county_code": county, "ref_date": date(year, 12, 31), "basis": basis, "age": age, "sex": "男",
        "population": count, "period": year,
    }


@pytest.fixture(scope="module")
def city():
    register, children, recognised, enrolment, technical, population = [], [], [], [], [], []
    number = 0
    for county in COUNTIES:
        total, public, inclusive = CHILDREN[county]
        for count, is_public, is_recognised in (
            (public, True, False),
            (inclusive, False, True),
            (total - public - inclusive, False, False),
        ):
            number += 1
            s = school(number, county, is_public=is_public, founder_type="教育部门" if is_public else "民办")
            register.append(s)
            for age, part in ((3, count // 3), (4, count // 3), (5, count - 2 * (count // 3))):
                children.append(
                    {"school_id": s["school_id"], "school_year": 2023, "class_level": "混合班", "age": age,
                     "sex": "女", "children": part, "entrants": 0, "leavers": 0}
                )
            # the check total must never be added
            children.append(
                {"school_id": s["school_id"], "school_year": 2023, "children": count, "entrants": 0, "leavers": 0,
                 "is_total": True}
            )
            if is_recognised:
                recognised.append(
                    {"school_id": s["school_id"], "decision_no": "1", "period": 2023,
                     "recognised_from": date(2022, 9, 1), "recognised_to": date(2023, 9, 1)}
                )
        # three single ages make the group; age 2 and 6 must not count
        for age in (2, 6):
            population.append(people(county, age, 77))
        for age in (3, 4):
            population.append(people(county, age, AGED_3_5[county] // 3))
        population.append(people(county, 5, AGED_3_5[county] - 2 * (AGED_3_5[county] // 3)))
        population += [people(county, 15, 400), people(county, 16, 300), people(county, 17, 300)]
        # other bases for the same year must not be added: one the plan does not use, one it uses after the census
        population.append(people(county, 4, 999_999, basis="户籍"))
        population.append(people(county, 4, 888_888, basis="常住年报"))
    senior = school(501, "990101", "342")
    vocational = school(502, "990102", "361")
    register += [senior, vocational]
    enrolment += pupils(senior["school_id"], "普通高中", 10, 3000)
    enrolment += pupils(vocational["school_id"], "中专", 11, 1500)
    technical.append({"school_id": "3613999999", "school_year": 2023, "county_code": "990103", "grade": 10, "pupils": 250})
    return compute(
        {
            "school_register": register,
            "kindergarten_children": children,
            "inclusive_kindergarten_register": recognised,
            "enrolment_by_grade": enrolment,
            "technical_school_enrolment": technical,
            "population_by_age": population,
        },
        AREAS,
    )


def values(connection, indicator, variant):
    return {
        r["area_code"]: r
        for r in rows(connection, f"SELECT * FROM indicator.{indicator} WHERE variant = '{variant}'")
    }


def fraction(row):
    return Fraction(int(row["value_num"]), int(row["value_den"]))


def test_preschool_ger(city):
    got = values(city, "preschool_ger", "all")
    assert {c: (got[c]["numerator"], got[c]["denominator"]) for c in COUNTIES} == {
        c: (CHILDREN[c][0], AGED_3_5[c]) for c in COUNTIES
    }
    # 900+450+700+80+0 over 1000+500+1000+100+50; the mean of the five county rates would be 66.0
    assert fraction(got[CITY]) == Fraction(100 * 2130, 2650)


def test_inclusive_coverage(city):
    by_children = values(city, "inclusive_coverage", "by_children")
    assert fraction(by_children["990101"]) == Fraction(100 * 800, 900)
    assert fraction(by_children["990103"]) == Fraction(100 * 300, 700)
    assert fraction(by_children["990104"]) == 100
    # a recognition that ends on 1 September is still valid on 1 September
    assert fraction(by_children[CITY]) == Fraction(100 * (800 + 450 + 300 + 80), 2130)
    assert "990105" not in by_children  # no children, no share
    by_kindergartens = values(city, "inclusive_coverage", "by_kindergartens")
    # with children: 3 + 1 + 3 + 1 kindergartens, of them inclusive 2 + 1 + 2 + 1
    assert fraction(by_kindergartens[CITY]) == Fraction(100 * 6, 8)


def test_upper_secondary_with_and_without_technical_schools(city):
    without = values(city, "senior_secondary_ger", "without_technical")
    with_ = values(city, "senior_secondary_ger", "with_technical")
    assert fraction(without[CITY]) == Fraction(100 * 4500, 5000)
    assert fraction(with_[CITY]) == Fraction(100 * 4750, 5000)
    assert fraction(without["990101"]) == 300 and fraction(with_["990103"]) == 25
    assert {with_[CITY]["basis"], without[CITY]["basis"]} == {"含技工学校、常住人口", "不含技工学校、常住人口"}


def test_recognition_must_be_valid_on_1_september():
    s = school(1, "990101", is_public=False, founder_type="民办")
    child = {"school_id": s["school_id"], "school_year": 2023, "class_level": "大班", "age": 5, "sex": "男",
             "children": 10, "entrants": 0, "leavers": 0}

    def share(**recognition):
        decision = {"school_id": s["school_id"], "decision_no": "1", "period": 2023,
                    "recognised_from": date(2023, 9, 1), "recognised_to": date(2026, 8, 31)} | recognition
        connection = compute(
            {"school_register": [s], "kindergarten_children": [child], "enrolment_by_grade": [],
             "inclusive_kindergarten_register": [decision]},
            AREAS,
        )
        return fraction(values(connection, "inclusive_coverage", "by_children")["990101"])

    assert share() == 100
    assert share(recognised_from=date(2023, 9, 2)) == 0
    assert share(recognised_to=date(2023, 8, 31)) == 0
    assert share(withdrawn_on=date(2023, 9, 1)) == 0
    assert share(withdrawn_on=date(2023, 9, 2)) == 100
    assert share(period=2022) == 0


def test_retention_in_three_variants():
    """Grade 1 of 2015: 1,000 + 1,000; grade 9 of 2023: 940 + 1,010. 40 moved from the first county to the second,
    20 left the city from the first, 5 died in the second, 10 left a school of the second, which its county repeats."""
    first, second = COUNTIES[:2]
    primary, junior = school(601, second, "211", school_year=2014), school(602, second, "311")
    counts = [
        (first, 2015, "小学", 1, 1000), (second, 2015, "小学", 1, 1000),
        (first, 2023, "初中", 9, 930), (second, 2023, "初中", 9, 1020),
    ]
    enrolment = []
    for county, year, programme, grade, count in counts:
        enrolment += pupils(None, programme, grade, count, year, county_code=county)
    movement = []
    zero = dict.fromkeys(("in_county", "in_city", "in_other", "resumed", "other_in", "out_county", "out_city",
                          "out_other", "suspended", "withdrawn", "died", "other_out"), 0)
    for grade in range(1, 9):
        for county in (first, second):
            row = {"county_code": county, "school_year": 2015 + grade, "grade": grade, "opening": 0, "closing": 0} | zero
            if county == first and grade == 3:
                row |= {"out_city": 40, "out_other": 20, "in_county": 7, "out_county": 7}
            if county == second and grade == 3:
                row |= {"in_city": 40, "died": 5}
            if county == second and grade == 5:
                # ten left, handed in by the school and once more in the county's own total
                movement.append(row | {"county_code": None, "school_id": primary["school_id"], "out_other": 10})
                row |= {"out_other": 10}
            movement.append(row)
    graduates = [
        {"county_code": first, "school_year": 2014, "stage": "小学", "entrants": 1100, "graduates_prev_summer": 0},
        {"county_code": first, "school_year": 2023, "stage": "初中", "entrants": 0, "graduates_prev_summer": 1045},
        # a county's own total beside its school must not be added
        {"county_code": second, "school_year": 2014, "stage": "小学", "entrants": 999, "graduates_prev_summer": 0},
        {"school_id": primary["school_id"], "school_year": 2014, "stage": "小学", "entrants": 500, "graduates_prev_summer": 0},
        {"county_code": second, "school_year": 2023, "stage": "初中", "entrants": 0, "graduates_prev_summer": 888},
        {"school_id": junior["school_id"], "school_year": 2023, "stage": "初中", "entrants": 0, "graduates_prev_summer": 400},
    ]
    connection = compute(
        {
            "school_register": [primary, primary | {"school_year": 2020}, junior],
            "enrolment_by_grade": enrolment, "pupil_movement": movement, "entrants_graduates": graduates,
        },
        AREAS,
    )  # fmt: skip
    r1 = values(connection, "compulsory_retention", "grade9_over_grade1")
    assert (fraction(r1[first]), fraction(r1[second]), fraction(r1[CITY])) == (93, 102, Fraction(195, 2))
    r2 = values(connection, "compulsory_retention", "graduates_over_entrants")
    assert (fraction(r2[first]), fraction(r2[second]), fraction(r2[CITY])) == (95, 80, Fraction(100 * 1445, 1600))
    r3 = values(connection, "compulsory_retention", "adjusted")
    assert fraction(r3[first]) == Fraction(100 * 930, 1000 - 60)
    assert fraction(r3[second]) == Fraction(100 * 1020, 1000 + 40 - 5 - 10)
    # inside the city the forty cancel; thirty left it and five died
    assert fraction(r3[CITY]) == Fraction(100 * 1950, 2000 - 35)


def test_an_incomplete_movement_account_gives_no_adjusted_rate():
    enrolment = pupils(None, "小学", 1, 100, 2015, county_code=COUNTIES[0])
    enrolment += pupils(None, "初中", 9, 90, 2023, county_code=COUNTIES[0])
    account = dict.fromkeys(("in_county", "in_city", "in_other", "resumed", "other_in", "out_county", "out_city",
                             "out_other", "suspended", "withdrawn", "died", "other_out", "opening", "closing"), 0)
    seven = [
        account | {"county_code": COUNTIES[0], "school_year": 2015 + grade, "grade": grade} for grade in range(1, 8)
    ]
    connection = compute({"enrolment_by_grade": enrolment, "pupil_movement": seven}, AREAS)
    assert values(connection, "compulsory_retention", "adjusted") == {}
    assert fraction(values(connection, "compulsory_retention", "grade9_over_grade1")[CITY]) == 90


def test_per_pupil_spending_by_budget_level():
    """County: 12,000,000 yuan over (8 x 900 + 4 x 1,200) / 12 = 1,000 pupils = 12,000 yuan.
    Municipal school in the county's territory: 3,000,000 over 100 = 30,000. Together 15,000,000 over 1,100."""
    county = COUNTIES[0]
    registers, enrolment = [], []
    for year, count in ((2022, 900), (2023, 1200)):
        own = school(1, county, "211", school_year=year)
        municipal = school(2, county, "342", school_year=year, pays_budget_level="市直")
        private = school(3, county, "211", school_year=year, is_public=False, founder_type="民办")
        registers += [own, municipal, private]
        enrolment += pupils(own["school_id"], "小学", 1, count, year)
        enrolment += pupils(municipal["school_id"], "普通高中", 10, 100, year)
        enrolment += pupils(private["school_id"], "小学", 1, 5000, year)
    finance = [
        {"unit_code": unit, "fiscal_year": 2023, "item": item, "basis": basis, "amount_yuan": Decimal(amount),
         "unit_in": "元"}
        for unit, item, basis, amount in (
            (county, "教育支出", "决算", 12_000_000),
            (county, "一般公共预算支出", "决算", 99_000_000),
            (county, "教育支出", "预算", 77_000_000),
            (MUNICIPAL, "教育支出", "决算", 3_000_000),
        )
    ]
    connection = compute(
        {"school_register": registers, "enrolment_by_grade": enrolment, "county_finance": finance},
        AREAS,
        [NEVER | {"variant": "computed", "series": "budget_levels"}],
    )
    got = values(connection, "per_pupil_spending", "computed")
    assert {k: fraction(v) for k, v in got.items()} == {
        county: 12_000,
        MUNICIPAL: 30_000,
        CITY: Fraction(15_000_000, 1_100),
    }
    everyone = compute(
        {"school_register": registers, "enrolment_by_grade": enrolment, "county_finance": finance},
        AREAS,
        edition={"pupil_scope": "all"},
    )
    assert fraction(values(everyone, "per_pupil_spending", "computed")[county]) == 2_000


def test_old_codes_reach_the_present_unit_and_nobody_is_counted_twice():
    """A cohort filed under a unit that is gone counts for its successor; county counts give way to school returns."""
    import polars as pl

    from pipeline.programme import CODE_ROOT
    from pipeline.warehouse.sqlfiles import load_sql
    from pipeline.warehouse.store import write_frame, write_select

    s = school(1, COUNTIES[0], "312")
    enrolment = pupils(None, "小学", 1, 300, 2015, county_code="990199")
    enrolment += pupils(None, "小学", 1, 700, 2015, county_code=COUNTIES[0])
    enrolment += pupils(s["school_id"], "初中", 9, 970)
    enrolment += pupils(None, "初中", 9, 555, county_code=COUNTIES[0])
    connection = compute({"enrolment_by_grade": enrolment, "school_register": [s]}, AREAS)
    write_frame(
        connection,
        "raw.crosswalk",
        pl.DataFrame({"old_code": ["990199"], "new_code": [COUNTIES[0]], "valid_from": [date(2016, 1, 1)]}),
    )
    for file in load_sql(CODE_ROOT / "sql"):
        write_select(connection, file.table, file.text)
    got = values(connection, "compulsory_retention", "grade9_over_grade1")
    assert (got[COUNTIES[0]]["numerator"], got[COUNTIES[0]]["denominator"]) == (970, 1000)


def test_verdicts_come_with_every_ingredient(city):
    row = rows(city, "SELECT * FROM progress.verdict WHERE is_total AND commitment_id = 'c' AND is_reported")[0]
    assert row["rule_version"] == "1" and row["vintage_id"] == "v" * 12 and row["build_id"] == "b" * 12
    assert (row["numerator"], row["denominator"], row["class"], row["reason"]) == (2130, 2650, "no_judgement", "no_base")
    assert LEVEL["target_micro"] == int(row["target_num"])


def test_a_preliminary_return_makes_every_value_it_feeds_preliminary():
    s = school(1, COUNTIES[0], "211")
    rows_of = pupils(s["school_id"], "小学", 1, 900, 2022) + pupils(s["school_id"], "小学", 1, 900)
    finance = {"unit_code": COUNTIES[0], "fiscal_year": 2023, "item": "教育支出", "basis": "决算",
               "amount_yuan": Decimal(9_000_000), "unit_in": "元"}
    base = {"school_register": [s, s | {"school_year": 2022}], "enrolment_by_grade": rows_of, "county_finance": [finance]}

    def maturities(**changed):
        connection = compute(base | changed, AREAS)
        return {r["maturity"] for r in values(connection, "per_pupil_spending", "computed").values()}

    assert maturities() == {"final"}
    assert maturities(county_finance=[finance | {"maturity": "preliminary"}]) == {"preliminary"}
    assert maturities(school_register=[s | {"maturity": "preliminary"}, s | {"school_year": 2022}]) == {"preliminary"}
    assert maturities(enrolment_by_grade=[r | {"maturity": "preliminary"} for r in rows_of[:1]] + rows_of[1:]) == {
        "preliminary"
    }


def test_units_on_different_population_bases_make_a_mixed_city():
    s = school(1, COUNTIES[0])
    child = {"school_id": s["school_id"], "school_year": 2023, "class_level": "大班", "age": 5, "sex": "男",
             "children": 10, "entrants": 0, "leavers": 0}
    population = [people(COUNTIES[0], 4, 100), people(COUNTIES[1], 4, 100, basis="户籍")]
    connection = compute(
        {"school_register": [s], "kindergarten_children": [child], "population_by_age": population,
         "enrolment_by_grade": pupils(s["school_id"], "小学", 1, 2)},
        AREAS,
    )
    assert set(values(connection, "preschool_ger", "all")) == {COUNTIES[0], CITY}
    connection.execute("INSERT INTO raw.population_basis VALUES ('户籍', 3)").fetchall()
    from pipeline.programme import CODE_ROOT
    from pipeline.warehouse.sqlfiles import load_sql
    from pipeline.warehouse.store import write_select

    for file in load_sql(CODE_ROOT / "sql"):
        write_select(connection, file.table, file.text)
    got = {code: row["basis"] for code, row in values(connection, "preschool_ger", "all").items()}
    assert got == {COUNTIES[0]: "常住人口", COUNTIES[1]: "户籍", CITY: "混合口径"}


def test_a_unit_that_lost_its_grade_9_stays_in_the_city_s_denominator():
    first, second = COUNTIES[:2]
    enrolment = pupils(None, "小学", 1, 100, 2015, county_code=first) + pupils(None, "小学", 1, 50, 2015, county_code=second)
    enrolment += pupils(None, "初中", 9, 98, 2023, county_code=first) + pupils(None, "初中", 9, 0, 2023, county_code=second)
    connection = compute({"enrolment_by_grade": enrolment}, AREAS)
    assert fraction(values(connection, "compulsory_retention", "grade9_over_grade1")[CITY]) == Fraction(9800, 150)


def test_a_unit_that_ends_later_is_still_in_this_edition():
    """Valid on 1 September 2023 is what counts, not whether an end is known by now."""
    ending = [area(COUNTIES[0], valid_to=date(2026, 12, 31)), area(COUNTIES[1], order=2, valid_from=date(2025, 1, 1)),
              area(COUNTIES[2], order=3, valid_to=date(2023, 8, 31))]
    connection = compute({}, ending)
    current = {r["area_code"]: r["is_current"] for r in rows(connection, "SELECT * FROM core.area")}
    assert current == {CITY: True, COUNTIES[0]: True, COUNTIES[1]: False, COUNTIES[2]: False}
