"""Myopia judged on the stage shares of 2020, at the size of a large city: no number outgrows the warehouse."""

from __future__ import annotations

from fractions import Fraction

from tests.support.engine import CITY, LEVEL, area, compute, rows

COUNTY = "990101"
PROMISE = LEVEL | {
    "kind": "yearly_change", "indicator_id": "myopia_rate", "variant": "base_weights", "county_variant": None,
    "decided_by": None, "target_micro": None, "due_period": None, "due_basis": "recurring", "operator": "<=",
    "direction_sign": -1, "step_micro": -500_000, "unit": "percent", "small_units": "grey", "first_judged": 2021,
    "period_kind": "calendar_year", "reported_period": 2023, "counties": "none",
}  # fmt: skip
STAGES = {"小学": ("小学", "211", "2113000001"), "初中": ("初中", "311", "2113000002"), "高中": ("普通高中", "342", "2113000003")}
PUPILS_2020 = {"小学": 4_000_000, "初中": 2_000_000, "高中": 2_000_000}


def city(rates: dict[int, tuple[int, int, int]], pupils_2023, base=2020):
    """Myopic per thousand of a million screened in each stage, by year; other stage shares in 2023 than in 2020."""
    register, enrolment, screened = [], [], []
    for year, shares in ((base, PUPILS_2020), (2023, pupils_2023)):
        for (stage, (programme, kind, school)), thousandths in zip(STAGES.items(), rates[year], strict=True):
            register.append(
                {"school_id": school, "school_year": year, "school_name": stage, "school_type": kind,
                 "founder_type": "教育部门", "is_public": True, "profit_status": "不适用", "county_code": COUNTY,
                 "urban_rural_code": "111", "site_place_type": "城区", "pays_budget_level": "县属", "status": "在办"}
            )  # fmt: skip
            enrolment.append(
                {"school_id": school, "school_year": year, "programme": programme, "grade": 1, "sex": "男",
                 "pupils": shares[stage]}
            )  # fmt: skip
            screened.append(
                {"county_code": COUNTY, "calendar_year": year, "stage": stage, "screened": 1_000_000,
                 "myopic": 1000 * thousandths, "severe": 0, "method": "裸眼视力"}
            )  # fmt: skip
    return {"school_register": register, "enrolment_by_grade": enrolment, "vision_screening": screened}


def test_the_stage_shares_of_2020_decide_at_the_size_of_a_city_of_millions():
    """2020: (40 x 4 + 70 x 2 + 80 x 2) / 8 = 57.5 %; the path of 2023 is 56.0.

    2023: every stage is two points lower, so 55.5 %. Its own stage shares (1, 2, 5) would give 70.5 %: the mix alone.
    """
    returns = city({2020: (400, 700, 800), 2023: (380, 680, 780)}, {"小学": 1_000_000, "初中": 2_000_000, "高中": 5_000_000})
    connection = compute(returns, [area(COUNTY)], [PROMISE])
    (row,) = rows(connection, f"SELECT * FROM progress.verdict WHERE area_code = '{CITY}' AND is_reported")
    assert Fraction(int(row["value_num"]), int(row["value_den"])) == Fraction("55.5")
    assert Fraction(int(row["path_num"]), int(row["path_den"])) == 56
    assert row["class"] == "step_reached"
    (mixed,) = rows(
        connection,
        f"SELECT * FROM indicator.myopia_rate WHERE area_code = '{CITY}' AND variant = 'current_weights' AND period = 2023",
    )
    assert Fraction(int(mixed["value_num"]), int(mixed["value_den"])) == Fraction("70.5")


def test_the_base_year_is_the_plan_s():
    """The same city with its stage shares of 2021: a plan on 2021 takes those; one on 2020, where none are known, has none."""
    returns = city({2021: (400, 700, 800), 2023: (380, 680, 780)}, {"小学": 1_000_000, "初中": 2_000_000, "高中": 5_000_000}, 2021)
    query = f"SELECT period, value_num, value_den FROM indicator.myopia_rate WHERE area_code = '{CITY}' AND variant = 'base_weights'"
    for base, expected in ((2021, {2021: Fraction("57.5"), 2023: Fraction("55.5")}), (2020, {}), (None, {})):
        got = rows(compute(returns, [area(COUNTY)], [PROMISE | {"base_period": base, "kind": "directional"}]), query)
        assert {r["period"]: Fraction(int(r["value_num"]), int(r["value_den"])) for r in got} == expected


def test_a_promise_on_another_variant_has_no_say_in_the_stage_shares():
    """The weighted promise counts from 2021; one on the plain rate counts from 2020, where no shares are known."""
    returns = city({2021: (400, 700, 800), 2023: (380, 680, 780)}, {"小学": 1_000_000, "初中": 2_000_000, "高中": 5_000_000}, 2021)
    promises = [
        PROMISE | {"base_period": 2021, "kind": "directional"},
        PROMISE | {"id": "plain", "variant": "screened", "base_period": 2020, "kind": "directional"},
    ]
    query = f"SELECT period, value_num // value_den AS value FROM indicator.myopia_rate WHERE area_code = '{CITY}' AND variant = 'base_weights'"
    assert {r["period"] for r in rows(compute(returns, [area(COUNTY)], promises), query)} == {2021, 2023}
