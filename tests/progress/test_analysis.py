"""What the figures mean: gaps, pace, splits, ranks, tasks, change since last year; worked out by hand."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.programme import CODE_ROOT
from pipeline.report.numbers import round_exact
from pipeline.report.words import CLASS_ORDER, status
from tests.progress.test_kinds import promise
from tests.support.engine import CITY, LEVEL, NEVER, area, rows, value
from tests.support.engine import judge as judged

COUNTIES = ["990101", "990102", "990103", "990104", "990105", "990106"]
AREAS = [area(code, order=n) for n, code in enumerate(COUNTIES, start=1)]
CITY_ONLY = [LEVEL | {"counties": "none", "county_variant": None}]


judge = partial(judged, analysis=True)


def part(row, name):
    """A fraction of a row: ``name_num / name_den``; None where it is empty."""
    return None if row[f"{name}_num"] is None else Fraction(int(row[f"{name}_num"]), int(row[f"{name}_den"]))


def county(period, num, den, code=COUNTIES[0], **more):
    return value(period, num, den, area_code=code) | more


# ---------------------------------------------------------------- the two effects


def test_the_worked_decomposition_to_the_last_digit_printed():
    """100,800/114,000 -> 78,400/84,800: +4.03 = -23.03 + 27.06; 68.8 % with the old population, 118.9 % with the new."""
    connection = judge([value(2020, 100_800, 114_000), value(2023, 78_400, 84_800)], CITY_ONLY)
    (row,) = rows(connection, "SELECT * FROM progress.decomposition")
    printed = {name: str(round_exact(part(row, name), 2)) for name in ("change", "numerator_effect", "denominator_effect")}
    assert printed == {"change": "4.03", "numerator_effect": "-23.03", "denominator_effect": "27.06"}
    assert str(round_exact(Fraction(100 * row["to_numerator"], row["from_denominator"]), 1)) == "68.8"
    assert str(round_exact(Fraction(100 * row["from_numerator"], row["to_denominator"]), 1)) == "118.9"
    assert row["denominator_driven"]
    (flag,) = rows(connection, "SELECT flag_denominator_driven FROM progress.verdict WHERE is_reported")
    assert flag == {"flag_denominator_driven": True}


def test_every_rate_is_split_and_a_number_is_not():
    """A full coverage from 40/50 to 39/40: the rate rose while fewer are served. A count has no denominator."""
    share = promise("full_coverage", id="share", variant="share", base_period=2020, due_period=2025, due_basis="stated")
    number = promise("count_by_year", id="number", variant="number", unit="count", target_micro=5_000_000)
    values = [value(y, n, d, variant="share") for y, n, d in ((2020, 40, 50), (2022, 39, 40), (2023, 39, 40))]
    values += [value(2022, 3, 1, variant="number", value_num=3, denominator=None)]
    values += [value(2023, 4, 1, variant="number", value_num=4, denominator=None)]
    connection = judge(values, [share, number])
    got = rows(connection, "SELECT * FROM progress.decomposition ORDER BY from_period")
    assert [(r["commitment_id"], r["from_period"], r["denominator_driven"]) for r in got] == [
        ("share", 2020, True),
        ("share", 2022, False),
    ]
    # 39/40 - 40/50 = 17.5; numerator: -1 x (1/50 + 1/40)/2 = -2.25; denominator: 79/2 x (1/40 - 1/50) = 19.75
    assert [part(got[0], n) for n in ("change", "numerator_effect", "denominator_effect")] == [
        Fraction(35, 2),
        Fraction(-9, 4),
        Fraction(79, 4),
    ]
    flags = rows(connection, "SELECT flag_denominator_driven AS f FROM progress.verdict WHERE commitment_id = 'share' AND is_reported")
    assert flags == [{"f": True}]


def test_a_rate_that_has_to_fall_is_mirrored():
    """From 50/100 to 66/150: it fell, which is right, while more have it: only the denominator did it."""
    down = [CITY_ONLY[0] | {"direction_sign": -1, "target_micro": 40_000_000}]
    (row,) = rows(judge([value(2020, 50, 100), value(2023, 66, 150)], down), "SELECT * FROM progress.decomposition")
    assert row["denominator_driven"]


# ---------------------------------------------------------------- counties


def between_of(row: dict) -> Fraction:
    return (part(row, "mean_rate") - part(row, "mean_rate_together")) * part(row, "share_change")


def test_the_budgets_of_a_nation_are_split_exactly():
    """Shares of amounts in hundredths of a yuan, some 4 trillion yuan a year: whole numbers within 38 digits."""
    last = 400_000_000_000_001
    values = [county(2020, 200_000_000_000_001, last, COUNTIES[0]), county(2023, 300_000_000_000_007, last + 2, COUNTIES[0])]
    values += [county(2020, 1, 3, COUNTIES[1]), county(2023, 2, 5, COUNTIES[1])]
    values += [value(2020, 200_000_000_000_002, last + 3), value(2023, 300_000_000_000_009, last + 7)]
    own = promise("directional", counties="assessed")
    got = rows(judge(values, [own], AREAS), "SELECT * FROM progress.change_split ORDER BY area_code")
    change = 100 * (Fraction(300_000_000_000_009, last + 7) - Fraction(200_000_000_000_002, last + 3))
    assert sum(part(r, "mean_share") * part(r, "rate_change") + between_of(r) for r in got) == change == part(got[0], "change")


def test_within_and_between_by_hand():
    """A: 60/100 -> 70/100, B: 90/100 -> 285/300; together 75 -> 88.75."""
    values = [value(2020, 150, 200), value(2023, 355, 400)]
    values += [county(2020, 60, 100), county(2023, 70, 100)]
    values += [county(2020, 90, 100, COUNTIES[1]), county(2023, 285, 300, COUNTIES[1])]
    got = rows(judge(values, areas=AREAS), "SELECT * FROM progress.change_split ORDER BY area_code")
    within = [part(r, "mean_share") * part(r, "rate_change") for r in got]
    between = [between_of(r) for r in got]
    assert within == [Fraction("3.75"), Fraction("3.125")]
    assert between == [Fraction("4.21875"), Fraction("2.65625")]
    assert sum(within + between) == part(got[0], "change") == Fraction("13.75")
    assert [r["covers_whole"] for r in got] == [True, True]


def test_a_unit_without_one_of_the_years_is_not_in_the_split():
    values = [value(2020, 150, 200), value(2023, 355, 400), county(2020, 60, 100), county(2023, 70, 100)]
    values += [county(2023, 285, 300, COUNTIES[1])]
    (row,) = rows(judge(values, areas=AREAS), "SELECT * FROM progress.change_split")
    assert (row["area_code"], row["covers_whole"], part(row, "change")) == (COUNTIES[0], False, 10)


pairs = st.tuples(*[st.tuples(st.integers(0, 10_000_000), st.integers(1, 9_000_000))] * 2)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(pairs, min_size=1, max_size=len(COUNTIES)))
def test_what_has_to_add_up_adds_up(counties):
    """Effects to the change, within and between to the change, shortfalls of the counties to that of the city."""
    values = []
    for code, years in zip(COUNTIES, counties, strict=False):
        values += [county(year, *pair, code) for year, pair in zip((2020, 2023), years, strict=True)]
    whole = [tuple(map(sum, zip(*(years[n] for years in counties), strict=True))) for n in (0, 1)]
    values += [value(year, *pair) for year, pair in zip((2020, 2023), whole, strict=True)]
    connection = judge(values, areas=AREAS)
    change = 100 * (Fraction(*whole[1]) - Fraction(*whole[0]))
    for row in rows(connection, "SELECT * FROM progress.decomposition"):
        assert part(row, "numerator_effect") + part(row, "denominator_effect") == part(row, "change")
    split = rows(connection, "SELECT * FROM progress.change_split")
    assert len(split) == len(counties) and all(r["covers_whole"] for r in split)
    assert change == sum(
        part(r, "mean_share") * part(r, "rate_change") + between_of(r) for r in split
    )
    short = rows(connection, "SELECT * FROM progress.contribution")
    assert sum(part(r, "exact_gap") for r in short) == Fraction(92, 100) * whole[1][1] - whole[1][0]
    for row in short:
        exact = part(row, "exact_gap")
        assert row["gap_persons"] == (-(-exact // 1) if exact > 0 else -(-exact // 1) if exact < 0 else 0)


def test_met_as_a_whole_and_not_by_every_county_is_said_of_the_other_kinds_too():
    """Myopia: 48 % in 2020, 46.5 % at most in 2023. The city has 45 %, one county 55 % of 2,000."""
    own = promise("yearly_change", counties="assessed", base_period=2020, step_micro=-500_000, direction_sign=-1)
    values = [value(2020, 4800, 10_000), value(2023, 4500, 10_000)]
    values += [county(2020, 960, 2000), county(2023, 1100, 2000)]
    values += [county(2020, 960, 2000, COUNTIES[1]), county(2023, 800, 2000, COUNTIES[1])]
    (row,) = rows(judge(values, [own], areas=AREAS[:2]), "SELECT class, achieved_but_uneven FROM progress.summary")
    assert row == {"class": "step_reached", "achieved_but_uneven": True}


# ---------------------------------------------------------------- gap and pace


def people(code, ages, year=2023, basis="常住年报"):
    return [
        {"area_code": code, "ref_date": date(year, 11, 1), "basis": basis, "age": age, "population": number}
        for age, number in ages.items()
    ]


def test_the_gap_at_the_denominator_of_the_due_year():
    """2023 to 2025: those aged 1 to 3 now. 92 % of 700 is 644, of the 1,001 now 920.92; 900 are enrolled."""
    values = [value(2020, 850, 1000), value(2023, 900, 1001), county(2020, 850, 1000), county(2023, 900, 1001)]
    ages = {0: 99, 1: 200, 2: 240, 3: 260, 4: 330, 5: 411}
    beside = {"staging.population_by_age": people(COUNTIES[0], ages) + people(COUNTIES[0], {1: 9}, basis="户籍")}
    got = rows(judge(values, areas=AREAS[:1], beside=beside), "SELECT * FROM progress.gap ORDER BY area_code")
    assert [r["area_code"] for r in got] == [CITY, COUNTIES[0]] or [r["area_code"] for r in got] == [COUNTIES[0], CITY]
    for row in got:
        assert (row["gap_persons"], row["denominator"], row["due_denominator"], row["due_known_from"]) == (
            21, 1001, 700, "population_by_age",
        )  # fmt: skip
        assert (row["due_gap_persons"], row["due_surplus_persons"]) == (0, 256)


def test_the_city_has_no_due_denominator_while_a_county_lacks_one():
    values = [value(2020, 850, 2000), value(2023, 900, 2002)]
    for code in COUNTIES[:2]:
        values += [county(2020, 850, 1000, code), county(2023, 900, 1001, code)]
    beside = {"staging.population_by_age": people(COUNTIES[0], {1: 200, 2: 240, 3: 260})}
    got = rows(judge(values, areas=AREAS[:2], beside=beside), "SELECT area_code, due_denominator FROM progress.gap ORDER BY area_code")
    assert {r["area_code"]: r["due_denominator"] for r in got} == {CITY: None, COUNTIES[0]: 700, COUNTIES[1]: None}


def test_the_class_of_the_due_year_is_its_own_first_grade():
    own = LEVEL | {"indicator_id": "compulsory_retention", "variant": "grade9_over_grade1", "county_variant": "adjusted"}
    kind = {"indicator_id": "compulsory_retention", "variant": "grade9_over_grade1"}
    values = [value(2020, 900, 1000, **kind), value(2023, 900, 1000, **kind)]
    values += [county(2023, 900, 1000, **kind)]
    cohort = [{"area_code": COUNTIES[0], "school_year": 2017, "grade1_pupils": 800, "grade9_pupils": 1}]
    got = rows(judge(values, [own], AREAS[:1], beside={"core.cohort": cohort}), "SELECT * FROM progress.gap WHERE is_total")
    # 92 % of 1,000 is 920; of the 800 who entered in 2017, 736: 900 are more than enough
    assert [(r["gap_persons"], r["due_denominator"], r["due_gap_persons"], r["due_surplus_persons"]) for r in got] == [
        (20, 800, 0, 164)
    ]


def test_money_missing_is_told_as_the_rise_that_is_needed():
    """Pay of 9 to 10 of the benchmark: to rise by a ninth; 900 yuan in all, so 100 are missing."""
    own = promise("comparative", unit="ratio", compared_with="benchmark", target_micro=1_000_000)
    values = [value(2023, 900, 100, value_num=9, value_den=1), value(2023, 1000, 100, value_num=10, value_den=1, variant="benchmark")]
    (row,) = rows(judge(values, [own]), "SELECT * FROM progress.gap")
    assert part(row, "raise") == Fraction(1, 9) and row["numerator"] * part(row, "raise") == 100


def test_a_number_asked_of_the_city_is_no_gap_of_a_county():
    own = promise("count_by_year", counties="assessed", unit="count", target_micro=10_000_000, due_period=2025, base_period=2020)
    values = [value(2023, 4, 1, value_num=4, denominator=None), county(2023, 1, 1, value_num=1, denominator=None)]
    connection = judge(values, [own], AREAS[:1])
    got = rows(connection, "SELECT area_code, gap_persons FROM progress.gap ORDER BY area_code")
    assert {r["area_code"]: r["gap_persons"] for r in got} == {CITY: 6, COUNTIES[0]: None}
    assert [r["area_code"] for r in rows(connection, "SELECT area_code FROM progress.pace")] == [CITY]


@pytest.mark.parametrize(
    ("series", "years", "observed", "pace"),
    [
        # needed from 90.47 to 92 in two years: 0.765 a year
        ({2020: 8840, 2021: 8889, 2022: 9010, 2023: 9047}, 3, Fraction(207, 300), "too_slow"),
        ({2021: 8800, 2022: 9010, 2023: 9047}, 2, Fraction(247, 200), "enough"),
        ({2022: 9010, 2023: 9047}, None, None, "unknown"),
        ({2020: 8840, 2022: 9010, 2023: 9047}, None, None, "unknown"),
    ],
)
def test_needed_and_achieved_pace(series, years, observed, pace):
    values = [value(year, number, 10_000) for year, number in series.items()]
    (row,) = rows(judge(values, CITY_ONLY), "SELECT * FROM progress.pace")
    assert part(row, "needed_pace") == Fraction(153, 200) and row["years_left"] == 2
    assert (row["observed_years"], part(row, "observed_pace"), row["pace"]) == (years, observed, pace)


def test_pace_breaks_with_the_basis_and_ends_when_reached():
    values = [value(2021, 88, 100, basis="old"), value(2022, 92, 100), value(2023, 93, 100)]
    (row,) = rows(judge(values, CITY_ONLY), "SELECT observed_years, pace FROM progress.pace")
    assert row == {"observed_years": None, "pace": "reached"}


# ---------------------------------------------------------------- money

SPENDING = {
    2022: {"小学": (600_000_000, 75_000), "普通高中": (411_400_000, 25_000), "其他": (5_000_000, None)},
    2023: {"小学": (656_000_000, 80_000), "普通高中": (345_300_000, 20_000), "其他": (9_000_000, None)},
}
"""Yuan and average pupils by stage; what belongs to no stage has no pupils."""


def test_every_stage_rises_and_the_total_falls():
    """10,114 -> 10,013 yuan: primary 8,000 -> 8,200, senior 16,456 -> 17,265, but fewer senior pupils."""
    own = NEVER | {"variant": "computed", "series": "budget_levels", "base_period": 2022}
    received = [
        {"area_code": COUNTIES[0], "fiscal_year": year, "stage": stage, "basis": "决算"}
        | {"spending_yuan": Decimal(yuan), "avg_pupils": pupils and Decimal(pupils)}
        for year, stages in SPENDING.items()
        for stage, (yuan, pupils) in stages.items()
    ]
    connection = judge([], [own], AREAS[:1], beside={"staging.finance_by_stage": received})
    got = {r["stage"]: r for r in rows(connection, f"SELECT * FROM progress.spending_composition WHERE area_code = '{CITY}'")}
    level = {stage: part(r, "mean_share") * part(r, "stage_change") for stage, r in got.items()}
    mix = {stage: part(r, "stage_mean") * part(r, "share_change") for stage, r in got.items()}
    assert level == {"小学": 155, "普通高中": Fraction("182.025")}
    assert mix == {"小学": 405, "普通高中": Fraction("-843.025")}
    one = got["小学"]
    assert (part(one, "total_from"), part(one, "total_to"), part(one, "change")) == (10_114, 10_013, -101)
    assert sum(level.values()) + sum(mix.values()) == -101
    assert [part(one, "from_value"), part(one, "to_value")] == [8000, 8200]
    county_rows = rows(connection, f"SELECT stage FROM progress.spending_composition WHERE area_code = '{COUNTIES[0]}'")
    assert len(county_rows) == 2


def test_the_split_compares_the_same_units_and_stages_and_names_what_it_leaves_out():
    """A county whose cheap senior stage came in 2023 only would look like a fall of 3,000 yuan that nobody had.

    County 0 alone has both years: 8,000 -> 8,200 yuan for 100 pupils. County 1 files from 2023 on, county 0's senior stage
    ended in 2022, and what has no pupils belongs to no stage.
    """
    own = NEVER | {"variant": "computed", "series": "budget_levels", "base_period": 2020}
    received = [
        {"area_code": code, "fiscal_year": year, "stage": stage, "basis": "决算", "spending_yuan": Decimal(yuan), "avg_pupils": pupils}
        for code, year, stage, yuan, pupils in (
            (COUNTIES[0], 2022, "小学", 800_000, Decimal(100)), (COUNTIES[0], 2023, "小学", 820_000, Decimal(100)),
            (COUNTIES[0], 2022, "普通高中", 900_000, Decimal(50)), (COUNTIES[0], 2023, "其他", 1, None),
            (COUNTIES[1], 2023, "小学", 200_000, Decimal(100)),
        )
    ]  # fmt: skip
    connection = judge([], [own], AREAS[:2], beside={"staging.finance_by_stage": received})
    (whole,) = rows(connection, f"SELECT * FROM progress.spending_composition WHERE area_code = '{CITY}'")
    assert (whole["stage"], part(whole, "total_from"), part(whole, "total_to"), part(whole, "change")) == ("小学", 8000, 8200, 200)
    left = rows(connection, "SELECT area_code, stage, from_period, to_period, only_in FROM progress.spending_left_out ORDER BY 1, 2")
    assert [tuple(r.values()) for r in left] == [
        (COUNTIES[0], "普通高中", 2022, 2023, 2022),
        (COUNTIES[1], "小学", 2022, 2023, 2023),
    ]


def test_every_promise_is_compared_with_its_own_base_year():
    """Two promises on the figure, from 2020 and from 2021: 2023 is set against both, and against 2022, once each."""
    own = NEVER | {"variant": "computed", "series": "budget_levels", "base_period": 2020}
    received = [
        {"area_code": COUNTIES[0], "fiscal_year": year, "stage": "小学", "basis": "决算", "spending_yuan": Decimal(1000 + year),
         "avg_pupils": Decimal(10)}
        for year in (2020, 2021, 2022, 2023)
    ]  # fmt: skip
    connection = judge([], [own, own | {"id": "d", "base_period": 2021}], AREAS[:1], beside={"staging.finance_by_stage": received})
    query = f"SELECT from_period, to_period FROM progress.spending_composition WHERE area_code = '{CITY}' ORDER BY from_period"
    assert [tuple(r.values()) for r in rows(connection, query)] == [(2020, 2023), (2021, 2023), (2022, 2023)]


@pytest.mark.parametrize(
    ("now", "cpi", "nominal", "real", "fall"),
    [
        (10_188, "101.00", "1.88", "0.87", False),  # 名义增长1.88%,剔除价格因素增长0.87%
        (10_050, "101.00", "0.50", "-0.50", True),  # more money, less for it: still no fall of the promise
        (9_900, "101.00", "-1.00", "-1.98", False),  # a fall in money is one already
        (10_100, None, "1.00", None, False),
    ],
)
def test_nominal_and_real_change(now, cpi, nominal, real, fall):
    own = NEVER | {"variant": "computed", "series": "budget_levels"}
    kind = {"indicator_id": "per_pupil_spending", "period_kind": "fiscal_year", "variant": "computed", "value_den": 1}
    values = [value(2022, 1, 1, value_num=10_000, **kind), value(2023, 1, 1, value_num=now, **kind)]
    prices = [{"area_code": CITY, "calendar_year": 2023, "cpi_prev_year_100": Decimal(cpi)}] if cpi else []
    prices += [{"area_code": CITY, "calendar_year": 2022, "cpi_prev_year_100": Decimal(150)}]
    connection = judge(values, [own], beside={"staging.price_index": prices})
    (row,) = rows(connection, "SELECT * FROM progress.price_effect")
    assert str(round_exact(part(row, "nominal_change"), 2)) == nominal
    assert (None if row["real_change_num"] is None else str(round_exact(part(row, "real_change"), 2))) == real
    assert row["real_fall"] == fall
    (verdict,) = rows(connection, "SELECT class FROM progress.verdict WHERE is_reported AND area_code = '990000'")
    assert verdict["class"] == ("kept" if now > 10_000 else "broken")


# ---------------------------------------------------------------- ranks


def ranks(values, own, areas=AREAS):
    got = rows(judge(values, [own], areas), "SELECT * FROM progress.rank ORDER BY area_code")
    return {r["area_code"]: r for r in got}


def test_ties_share_a_rank_and_small_counties_enter_with_three_years():
    """90, 95, 90 (as 450/500), pooled (80 + 90 + 100)/300 = 90, then D = 99, and D = 400 with two years only."""
    values = [county(2023, 900, 1000), county(2023, 950, 1000, COUNTIES[1]), county(2023, 450, 500, COUNTIES[2])]
    values += [county(2021 + n, 80 + 10 * n, 100, COUNTIES[3]) for n in range(3)]
    values += [county(2021 + n, 99, 99, COUNTIES[4]) for n in range(3)]
    values += [county(2022 + n, 400, 400, COUNTIES[5]) for n in range(2)]
    got = ranks(values, LEVEL | {"ranked_by": "value"})
    assert [got[c]["rank"] for c in COUNTIES] == [2, 1, 2, 2, None, None]
    assert [got[c]["unranked_reason"] for c in COUNTIES[4:]] == ["smallest_denominator", "no_three_years"]
    assert (got[COUNTIES[3]]["pooled"], part(got[COUNTIES[3]], "ranked")) == (True, 90)
    assert {got[c]["units_ranked"] for c in COUNTIES[:4]} == {4}


def test_only_what_the_plan_names_is_ranked_and_only_assessed_counties():
    values = [county(2023, 900, 1000), county(2023, 950, 1000, COUNTIES[1])]
    assert ranks(values, LEVEL) == {}
    some = [AREAS[0], area(COUNTIES[1], assessed=False, order=2)]
    assert list(ranks(values, LEVEL | {"ranked_by": "value"}, some)) == [COUNTIES[0]]


def test_where_less_is_better_the_lowest_leads():
    values = [county(2023, 900, 1000), county(2023, 950, 1000, COUNTIES[1])]
    got = ranks(values, LEVEL | {"ranked_by": "value", "direction_sign": -1})
    assert [got[c]["rank"] for c in COUNTIES[:2]] == [1, 2]


def test_per_pupil_money_is_ranked_by_its_change():
    """10,000 -> 10,500 is 5 %, 20,000 -> 20,800 is 4 %; a county of 400 pupils, and one without last year, have none."""
    own = NEVER | {"variant": "computed", "series": "budget_levels", "counties": "assessed", "ranked_by": "change"}
    kind = {"indicator_id": "per_pupil_spending", "period_kind": "fiscal_year", "variant": "computed", "value_den": 1}
    yuan = {COUNTIES[0]: (20_000, 20_800, 900), COUNTIES[1]: (10_000, 10_500, 900), COUNTIES[2]: (1, 9, 400)}
    values = [
        county(2022 + n, 1, pupils, code, value_num=pair[n], **kind)
        for code, (*pair, pupils) in yuan.items()
        for n in (0, 1)
    ]
    values += [county(2023, 1, 900, COUNTIES[3], value_num=5, **kind)]
    got = ranks(values, own)
    assert [got[c]["rank"] for c in COUNTIES[:4]] == [2, 1, None, None]
    assert [part(got[c], "ranked") for c in COUNTIES[:2]] == [4, 5]
    assert [got[c]["unranked_reason"] for c in COUNTIES[2:4]] == ["small_denominator", "no_previous"]


def test_pay_is_ranked_by_its_ratio_to_the_benchmark_of_the_county():
    """9 of 10 is less than 8 of 8, though it is more money."""
    own = promise("comparative", unit="ratio", compared_with="benchmark", target_micro=1_000_000, counties="assessed", ranked_by="value")
    values = []
    for code, pay, other in ((COUNTIES[0], 9, 10), (COUNTIES[1], 8, 8)):
        values += [county(2023, 1, 900, code, value_num=pay, value_den=1)]
        values += [county(2023, 1, 900, code, value_num=other, value_den=1, variant="benchmark")]
    values += [county(2023, 1, 900, COUNTIES[2], value_num=9, value_den=1)]
    got = ranks(values, own)
    assert [got[c]["rank"] for c in COUNTIES[:3]] == [2, 1, None]
    assert got[COUNTIES[2]]["unranked_reason"] == "no_benchmark"


# ---------------------------------------------------------------- bodies, colours


def test_each_body_has_its_tasks_in_the_city_and_in_every_county():
    bodies = [
        {"commitment_id": "c", "role": role, "position": n, "body_zh": name, "body_en": name}
        for n, (role, name) in enumerate([("lead", "教育局"), ("support", "财政局")])
    ]
    values = [value(2020, 884, 1000), value(2023, 925, 1000), county(2020, 884, 1000), county(2023, 880, 1000)]
    connection = judge(values, areas=AREAS[:1], beside={"raw.body": bodies})
    got = rows(connection, "SELECT body_zh, role, area_code, class, gap_persons, gross_shortfall, asked FROM progress.body_task")
    assert sorted((r["body_zh"], r["role"], r["area_code"], r["class"], r["gap_persons"], r["gross_shortfall"], r["asked"]) for r in got) == [
        ("教育局", "lead", CITY, "achieved_early", 0, 40, "hold"),
        ("教育局", "lead", COUNTIES[0], "falling_back", 40, None, "close_gap"),
        ("财政局", "support", CITY, "achieved_early", 0, 40, "hold"),
        ("财政局", "support", COUNTIES[0], "falling_back", 40, None, "close_gap"),
    ]  # fmt: skip


def test_a_commitment_without_a_figure_asks_for_data():
    body = [{"commitment_id": "c", "role": "lead", "position": 0, "body_zh": "局", "body_en": "b"}]
    got = rows(judge([], [LEVEL | {"indicator_id": None}], beside={"raw.body": body}), "SELECT asked FROM progress.body_task")
    assert got == [{"asked": "supply_data"}]


def test_colours_are_those_of_the_report():
    got = rows(judge([], CITY_ONLY), "SELECT class, colour, severity FROM progress.class_colour")
    assert {r["class"]: r["colour"] for r in got} == {code: status(code).tone for code in CLASS_ORDER}
    grave = {"yellow": 1, "orange": 2, "red": 3}
    assert all(r["severity"] == grave.get(r["colour"], 0) for r in got)


def test_the_manual_counts_the_tables_that_it_lists() -> None:
    text = (CODE_ROOT / "docs" / "analysis.md").read_text("utf-8")
    listed = re.findall(r"^\| `progress\.(\w+)` \|", text, re.MULTILINE)
    assert all((CODE_ROOT / "sql" / "progress" / f"{name}.sql").is_file() for name in listed)
    zh, en = re.search(r"再算(\w+)张分析表", text)[1], re.search(r"holds (\w+) tables of analysis", text)[1]
    assert (zh, en) == {11: ("十一", "eleven"), 12: ("十二", "twelve"), 13: ("十三", "thirteen")}[len(listed)]
