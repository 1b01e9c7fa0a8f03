"""The derived returns on small base returns: sums that must hold, counties that do not meet, chance that is exact.

Belongs here: tests of ``pipeline.demo.forms``. Does not belong here: the files of Zhangjiakou
(``test_demo``), the rules (``tests/quality``).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.demo.forms import base, chance, counties, process, schools, staff
from pipeline.demo.forms.base import Base
from pipeline.intake.contract import PROVENANCE, load_contracts

SEED = 5
COUNTIES = ("130722", "130726")
Form = Callable[[Base, Base], pl.DataFrame]


def school(number: int, county: str, kind: str, **more: object) -> dict[str, object]:
    """A school of a county seat unless said otherwise."""
    prefix = {"111": "11", "211": "21", "311": "31", "342": "34", "511": "51"}[kind]
    return {
        "school_id": f"{prefix}13{number:06d}",
        "school_name": f"学校{number}",
        "school_type": kind,
        "founder_type": "教育部门",
        "is_public": True,
        "profit_status": "不适用",
        "county_code": county,
        "site_code12": f"{county}100{number % 1000:03d}",
        "urban_rural_code": "121",
        "site_place_type": "县城",
        "pays_budget_level": "县属",
        "is_quality_school": True,
        "is_boarding": kind in ("311", "342", "511"),
        "status": "在办",
    } | more


def base_of(year: int, areas: tuple[str, ...] = COUNTIES) -> Base:
    """Two like counties: a kindergarten, a town and a rural primary, a junior, a senior and a special school."""
    register, children, pupils, people, money = [], [], [], [], []
    for county in areas:
        at = COUNTIES.index(county)
        first = 100 * at + 1
        units = [
            school(first, county, "111"),
            school(first + 1, county, "211"),
            school(first + 2, county, "211", urban_rural_code="220", site_place_type="乡村"),
            school(first + 3, county, "311"),
            school(first + 4, county, "342"),
            school(first + 5, county, "511"),
            school(first + 6, county, "211", is_public=False, founder_type="民办"),
        ]
        register += [unit | {"school_year": year} for unit in units]
        for level, age, number in (("小班", 3, 50), ("中班", 4, 61), ("大班", 5, 34)):
            for sex, count in (("男", number // 2), ("女", number - number // 2)):
                children.append([units[0]["school_id"], year, level, age, sex, count, 0, 0])
        for unit, grades, size in ((1, range(1, 7), 131), (2, range(1, 7), 17), (3, range(7, 10), 180)):
            pupils += _pupils(units[unit], year, grades, size + at)
        pupils += _pupils(units[4], year, range(10, 13), 420)
        pupils += _pupils(units[5], year, range(1, 10), 7)
        pupils += _pupils(units[6], year, range(1, 7), 60)
        people += [[county, age, sex, 300] for age in range(20) for sex in ("男", "女")]
        money += [
            [county, item, amount]
            for item, amount in (("教育支出", 60_000_000), ("一般公共预算支出", 400_000_000))
        ]
    enrolled = pl.DataFrame(
        pupils, schema=["school_id", "school_year", "programme", "grade", "sex", "pupils"], orient="row"
    )
    cared = pl.DataFrame(
        children,
        schema=["school_id", "school_year", "class_level", "age", "sex", "children", "entrants", "leavers"],
        orient="row",
    )
    population = pl.DataFrame(people, schema=["county_code", "age", "sex", "population"], orient="row")
    finance = pl.DataFrame(money, schema=["unit_code", "item", "amount_yuan"], orient="row")
    return Base(
        year,
        base.of("school_register", pl.DataFrame(register)),
        base.of("kindergarten_children", cared),
        base.of("enrolment_by_grade", enrolled),
        base.of(
            "population_by_age",
            population.with_columns(ref_date=pl.date(year, 12, 31), basis=pl.lit("常住年报")),
        ),
        base.of(
            "county_finance",
            finance.with_columns(fiscal_year=pl.lit(year), basis=pl.lit("决算"), unit_in=pl.lit("元")),
        ),
    )


def _pupils(unit: dict[str, object], year: int, grades: range, size: int) -> list[list[object]]:
    programmes = {1: "小学", 7: "初中", 10: "普通高中"}
    return [
        [unit["school_id"], year, programmes[1 if grade < 7 else 7 if grade < 10 else 10], grade, sex, count]
        for grade in grades
        for sex, count in (("男", size // 2), ("女", size - size // 2))
    ]


def groups(now: Base) -> pl.DataFrame:
    return schools.special_groups(now, SEED)


def taught(now: Base, before: Base) -> pl.DataFrame:
    return staff.staff(now, schools.classes(now, SEED), SEED, before)


FORMS: dict[str, Form] = {
    "classes": lambda now, before: schools.classes(now, SEED),
    "enrolment_by_age": lambda now, before: schools.enrolment_by_age(now, SEED),
    "special_groups": lambda now, before: groups(now),
    "facilities": lambda now, before: schools.facilities(
        now, groups(now), SEED, schools.facilities(before, groups(before), SEED)
    ),
    "after_school_service": lambda now, before: schools.after_school_service(now, SEED),
    "staff": taught,
    "births": lambda now, before: counties.births(now),
    "county_totals": lambda now, before: counties.county_totals(now, groups(now)),
    "teacher_exchange": lambda now, before: counties.teacher_exchange(now, taught(now, before), SEED),
    "pay_comparison": lambda now, before: counties.pay_comparison(now, taught(now, before), SEED),
    "vision_screening": lambda now, before: counties.vision_screening(now, SEED),
    "disabled_children_ledger": lambda now, before: counties.disabled_children_ledger(now, groups(now), SEED),
    "finance_by_stage": lambda now, before: counties.finance_by_stage(
        now, before, SEED, city_budget_code="130701"
    ),
    "elderly_education": lambda now, before: counties.elderly_education(now, SEED),
    "feature_school_register": lambda now, before: process.feature_schools(now, SEED),
    "pairing_register": lambda now, before: process.pairing(now, SEED),
    "preschool_service_area": lambda now, before: process.service_areas(now, SEED),
    "event_log": lambda now, before: process.events(now, SEED),
    "compliance_survey": lambda now, before: process.compliance_survey(now, SEED),
    "project_ledger": lambda now, before: process.county_projects(now, SEED),
}


def made(table: str, areas: tuple[str, ...] = COUNTIES, year: int = 2022) -> pl.DataFrame:
    return FORMS[table](base_of(year, areas), base_of(year - 1, areas))


@pytest.mark.parametrize("table", FORMS)
def test_a_form_has_the_rows_of_its_contract(table: str) -> None:
    contract = load_contracts()[table]
    frame = made(table)
    assert dict(frame.schema) == {n: t for n, t in contract.raw_schema().items() if n not in PROVENANCE}
    blank = [f.name for f in contract.fields if f.required and frame[f.name].null_count()]
    assert blank == []
    key = [name for name in contract.key if name != "period"]
    assert frame.select(key).is_duplicated().sum() == 0


@pytest.mark.parametrize("table", FORMS)
def test_counties_may_be_worked_out_one_by_one_and_in_any_order(table: str) -> None:
    whole = made(table)
    parts = pl.concat([made(table, (county,)) for county in reversed(COUNTIES)])
    assert_frame_equal(whole, parts, check_row_order=False)


def test_chance_is_plain_whole_number_arithmetic() -> None:
    prime, keys = 2_147_483_647, (2_113_100_001, 2022)
    state = (zlib.crc32("排序".encode()) ^ SEED) % prime
    for key in keys:
        state += key
        for factor, step in ((1_103_515_245, 12_345), (1_664_525, 1_013_904_223)):
            state = pow((state % prime * factor + step) % prime, 2, prime)
    frame = pl.DataFrame({"code": ["2113100001"]})
    found = frame.select(
        chance.mixed(SEED, "排序", chance.number("code"), pl.lit(2022)).alias("mixed"),
        chance.draw(SEED, "排序", 10, 19, chance.number("code"), pl.lit(2022)).alias("drawn"),
    ).row(0)
    assert found == (state, 10 + state * 10 // prime)


def test_shares_stay_within_the_count_and_add_up_to_their_part() -> None:
    frame = pl.DataFrame({"n": [3] * 4000, "code": list(range(4000))})
    parts = frame.select(chance.share(pl.col("n"), 100, SEED, "part", pl.col("code")))["n"]
    assert parts.min() == 0 and parts.max() == 1
    assert 1100 < parts.sum() < 1300
    assert frame.select(chance.share(pl.col("n"), 1000, SEED, "all", pl.col("code")))[
        "n"
    ].unique().to_list() == [3]


def test_pupils_by_age_and_in_classes_are_the_pupils_by_grade() -> None:
    now = base_of(2022)
    pupils = base.pupils_by_grade(now)
    ages = schools.enrolment_by_age(now, SEED)
    assert (
        ages["pupils"].sum()
        == pupils["pupils"].sum()
        == 2 * (6 * 131 + 6 * 17 + 3 * 180 + 3 * 420 + 9 * 7 + 6 * 60) + 15
    )
    rooms = (
        schools.classes(now, SEED)
        .filter(pl.col("stage") != "学前")
        .join(pupils, on=["school_id", "stage", "grade"])
    )
    bands = ["size_band_le35", "size_band_36_45", "size_band_46_55", "size_band_ge56"]
    assert (rooms.select(pl.sum_horizontal(bands))["size_band_le35"] == rooms["classes"]).all()
    least = (
        rooms["size_band_le35"]
        + 36 * rooms["size_band_36_45"]
        + 46 * rooms["size_band_46_55"]
        + 56 * rooms["size_band_ge56"]
    )
    assert (least <= rooms["pupils"]).all()
    # 131 pupils in classes of at most 46 need three: two of 44 and one of 43.
    usual = rooms.filter(pl.col("pupils") == 131, pl.col("size_band_ge56") == 0)
    assert set(usual.select("classes", "size_band_36_45").iter_rows()) <= {(3, 3), (4, 0)}


def test_beds_follow_the_boarders_and_a_school_does_not_shrink() -> None:
    now = base_of(2022)
    told = groups(now)
    first = schools.facilities(now, told, SEED)
    boarders = told.group_by("school_id").agg(pl.col("boarders").sum())
    both = first.join(boarders, on="school_id").filter(pl.col("boarders") > 0)
    assert both.height >= 4
    assert ((both["beds"] >= both["boarders"]) & (both["dorm_m2"] > 0)).all()
    fewer = Base(
        **{**now.__dict__, "enrolment_by_grade": now.enrolment_by_grade.with_columns(pl.col("pupils") // 2)}
    )
    later = schools.facilities(fewer, schools.special_groups(fewer, SEED), SEED, first)
    large = [f"2113{number:06d}" for number in (2, 102)]
    for name in ("land_m2", "floor_m2", "books"):
        was, now_is = (f.filter(pl.col("school_id").is_in(large))[name].to_list() for f in (first, later))
        assert was == now_is


def test_special_pupils_stand_in_the_ledger_and_migrant_children_in_no_village() -> None:
    now = base_of(2022)
    told = groups(now)
    special = told.filter(pl.col("stage") == "特殊教育")
    assert special["disabled_special_school"].to_list() == [7] * 18
    ledger = counties.disabled_children_ledger(now, told, SEED)
    assert (ledger["ledger"] - ledger["enrolled"] == ledger["not_enrolled"]).all()
    assert ledger["enrolled"].sum() == told.filter(pl.col("stage") != "高中")["disabled_total"].sum()
    rural = [f"2113{number:06d}" for number in (3, 103)]
    assert told.filter(pl.col("school_id").is_in(rural))["migrant_total"].sum() == 0
    assert told["migrant_total"].sum() > 0


def test_stages_add_up_to_education_spending_and_grow_with_it() -> None:
    first = counties.finance_by_stage(base_of(2021), base_of(2020), SEED, city_budget_code="130701")
    richer = base_of(2022)
    richer = Base(
        **{
            **richer.__dict__,
            "county_finance": richer.county_finance.with_columns(pl.col("amount_yuan") * 11 / 10),
        }
    )
    second = counties.finance_by_stage(richer, base_of(2021), SEED, city_budget_code="130701", last=first)
    for frame, total in ((first, 60_000_000), (second, 66_000_000)):
        assert (
            frame.group_by("unit_code").agg(pl.col("spending_yuan").sum())["spending_yuan"].to_list()
            == [total] * 2
        )
    grown = second.join(first, on=["unit_code", "stage"]).filter(pl.col("stage") != "其他")
    assert (grown["per_pupil_yuan"] > grown["per_pupil_yuan_right"]).all()
    assert (grown["same_basis_prev"] == grown["per_pupil_yuan_right"]).all()
    # Public junior pupils of Zhangbei, 180 in each of three grades, 7 in each of three of the special school.
    junior = first.filter(pl.col("unit_code") == "130722", pl.col("stage") == "初中")
    assert junior["avg_pupils"].to_list() == [pl.Series([3 * 180 + 3 * 7]).cast(pl.Decimal(18, 2))[0]]


def test_what_is_recognised_stays_so_until_it_ends() -> None:
    lists = {
        year: process.feature_schools(base_of(year), SEED).select(
            "school_id", "label", "level", "date_from", "date_to"
        )
        for year in range(2020, 2025)
    }
    key = ["school_id", "label", "level", "date_from"]
    assert lists[2024].height > lists[2020].height
    for year in range(2020, 2024):
        running = lists[year].filter(pl.col("date_to").is_null())
        assert running.join(lists[year + 1], on=key, how="anti").height == 0
        assert (lists[year]["date_from"].dt.year() <= year).all()


def test_nothing_in_a_ledger_is_known_before_it_happened() -> None:
    for year in range(2020, 2025):
        ledger = process.county_projects(base_of(year), SEED)
        done = ledger["stage"] == "已完成"
        assert (ledger["actual_end"].is_not_null() == done).all()
        assert (ledger.filter(done)["actual_end"].dt.year() <= year).all()
