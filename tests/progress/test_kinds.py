"""The other nine kinds: for each a table of cases worked out by hand, with every boundary.

A case is a commitment of its own (its name is its variant), so that one run of the SQL judges a whole table.
Rates are given as (members that comply, members); amounts as whole numbers.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.support.engine import CITY, LEVEL, area, judge, rows, value

COUNTY = "990101"


def promise(kind, **own):
    """A commitment of one kind as the plan's table holds it; base 2020, judged in 2023, recurring, tested everywhere."""
    return (
        LEVEL
        | {
            "kind": kind,
            "county_variant": None,
            "decided_by": None,
            "counties": "none",
            "target_micro": None,
            "due_period": None,
            "due_basis": "recurring",
            "operator": ">=",
            "unit": "percent",
            "value_is": "amount",
            "small_units": "judged",
            "first_judged": 2021,
        }
        | own
    )


def rate(period, num, den, **more):
    return value(period, num, den) | more


def amount(period, number, **more):
    return value(period, number, 1) | {"value_num": number, "denominator": None} | more


def classes(kind, cases, **common):
    """{case: (class, reason)} of the whole area in the reported period."""
    promises, values = [], []
    for name, (own, points) in cases.items():
        promises.append(promise(kind, **(common | own | {"id": name, "variant": name})))
        values += [v | {"variant": name} for v in points]
    found = rows(
        judge(values, promises), "SELECT commitment_id, class, reason FROM progress.summary ORDER BY commitment_id"
    )
    return {r["commitment_id"]: (r["class"], r["reason"]) for r in found}


def check(kind, table, **common):
    """``table``: {case: (own keys, values, class[, reason])}."""
    got = classes(kind, {name: (row[0], row[1]) for name, row in table.items()}, **common)
    assert got == {name: (row[2], row[3] if len(row) > 3 else None) for name, row in table.items()}


LATE = {"maturity": "preliminary"}
NEAREST = {"target_micro": 999_999, "unit": "ratio"}
"""0.999999: by cross-multiplication 999,998 / 999,999 is one millionth of the smallest part below it, 1 that much above."""


def test_floor():
    share = {"value_is": "share_complying"}
    ten = {"target_micro": 10_000_000}
    ratio = {"target_micro": 1_100_000, "unit": "ratio"}
    check(
        "floor",
        {
            "all_of_them": (share, [rate(2023, 500, 500)], "all_met"),
            "one_missing": (share, [rate(2023, 499, 500)], "partly_met"),
            "prints_as_100": (share, [rate(2023, 99_999, 100_000)], "partly_met"),
            "one_only": (share, [rate(2023, 1, 500)], "partly_met"),
            "none": (share, [rate(2023, 0, 500)], "none_met"),
            "exactly_at_it": (ten, [rate(2023, 10, 100)], "met"),
            "a_hair_under": (ten, [rate(2023, 999_999, 10_000_000)], "not_met"),
            "ratio_at_it": (ratio, [amount(2023, 11, value_den=10)], "met"),
            "ratio_under": (ratio, [amount(2023, 109, value_den=100)], "not_met"),
            "nearest_miss": (NEAREST, [amount(2023, 999_998, value_den=999_999)], "not_met"),
            "all_preliminary": (share, [rate(2023, 500, 500, **LATE)], "no_judgement", "preliminary"),
            "no_value": (ten, [rate(2022, 10, 100)], "no_judgement", "no_value"),
            "preliminary": (ten, [rate(2023, 20, 100, **LATE)], "no_judgement", "preliminary"),
            "no_pass_mark": (ten | {"operator": "report"}, [rate(2023, 1, 100)], "monitored"),
        },
    )


def test_ceiling_is_mirrored():
    sixty = {"target_micro": 60_000_000, "unit": "minutes"}
    nothing = {"target_micro": 0, "unit": "count"}
    check(
        "ceiling",
        {
            "exactly_at_it": (sixty, [amount(2023, 60)], "met"),
            "a_hair_over": (sixty, [amount(2023, 600_001, value_den=10_000)], "not_met"),
            "target_zero_kept": (nothing, [amount(2023, 0)], "met"),
            "target_zero_broken": (nothing, [amount(2023, 1)], "not_met"),
            "no_value": (sixty, [amount(2022, 50)], "no_judgement", "no_value"),
            "preliminary_kept": (sixty, [amount(2023, 50, **LATE)], "no_judgement", "preliminary"),
            "preliminary_broken": (sixty, [amount(2023, 70, **LATE)], "no_judgement", "preliminary"),
            "no_pass_mark": (sixty | {"operator": "report"}, [amount(2023, 70)], "monitored"),
            "all_comply": ({"value_is": "share_complying"}, [rate(2023, 12, 12)], "all_met"),
            "one_does_not": ({"value_is": "share_complying"}, [rate(2023, 11, 12)], "partly_met"),
            "none_does": ({"value_is": "share_complying", "target_micro": 60_000_000}, [rate(2023, 0, 12)], "none_met"),
            "nearest_miss": (NEAREST, [amount(2023, 1)], "not_met"),
        },
        direction_sign=-1,
        operator="<=",
    )


TWO_COUNTIES = [area(COUNTY), area("990102", order=2)]


def test_a_floor_binds_every_unit_not_the_sum():
    """Two counties against 10 %; the whole area has 20 % throughout and does not decide."""
    table = {
        "both": ((60, 600), (60, 600), "all_met", None),
        "one": ((60, 600), (59, 600), "partly_met", None),
        "none": ((59, 600), (59, 600), "none_met", None),
        "one_return_missing": ((60, 600), None, "no_judgement", "no_value"),  # not "all"
        "one_return_missing_one_short": ((59, 600), None, "none_met", None),
        "one_too_small": ((60, 600), (1, 499), "all_met", None),  # to be judged; it does not count
        "all_too_small": ((1, 499), (1, 499), "met", None),  # the whole area decides
    }
    promises, values = [], []
    for name, (first, second, *_) in table.items():
        own = {"counties": "assessed", "target_micro": 10_000_000, "small_units": "grey"}
        promises.append(promise("floor", **own, id=name, variant=name))
        values.append(rate(2023, 200, 1000, variant=name))
        for code, pair in ((COUNTY, first), ("990102", second)):
            if pair is not None:
                values.append(rate(2023, *pair, area_code=code, variant=name))
    found = rows(judge(values, promises, areas=TWO_COUNTIES), "SELECT commitment_id, class, reason FROM progress.summary")
    assert {r["commitment_id"]: (r["class"], r["reason"]) for r in found} == {name: row[2:] for name, row in table.items()}


def test_a_small_unit_is_pooled_over_three_years_of_one_basis():
    """30 + 40 + 50 of 200 + 200 + 200 = 120 of 600 = 20 %; the year alone is 25 %. Two years on one basis are 400: too few."""
    own = promise("floor", counties="assessed", target_micro=20_000_001, small_units="pooled")
    points = [rate(2021, 30, 200, area_code=COUNTY), rate(2022, 40, 200, area_code=COUNTY), rate(2023, 50, 200, area_code=COUNTY)]
    query = "SELECT class, reason, value_num, value_den, pooled, denominator FROM progress.verdict WHERE area_code = '990101' AND is_reported"
    (pooled,) = rows(judge(points, [own], areas=[area(COUNTY)]), query)
    assert Fraction(int(pooled["value_num"]), int(pooled["value_den"])) == 20
    assert (pooled["class"], pooled["pooled"], pooled["denominator"]) == ("not_met", True, 600)
    (exact,) = rows(judge(points, [own | {"target_micro": 20_000_000}], areas=[area(COUNTY)]), query)
    assert exact["class"] == "met"
    broken = [points[0] | {"basis": "other"}, *points[1:]]
    (grey,) = rows(judge(broken, [own], areas=[area(COUNTY)]), query)
    assert (grey["class"], grey["reason"]) == ("no_judgement", "small_denominator")


def test_fewer_than_three_years_are_no_three_year_value():
    """400 a year: two years alone are 800, more than 500; with a gap, or with the year before the three, just as little."""
    promises, values = [], []
    for years in ((2022, 2023), (2021, 2023), (2020, 2022, 2023)):
        own = {"counties": "assessed", "target_micro": 20_000_000, "small_units": "pooled"}
        promises.append(promise("floor", **own, id=str(years), variant=str(years)))
        values += [rate(year, 100, 400, area_code=COUNTY, variant=str(years)) for year in years]
    found = rows(
        judge(values, promises, areas=[area(COUNTY)]),
        "SELECT class, reason, pooled, numerator, denominator FROM progress.verdict WHERE area_code = '990101' AND is_reported",
    )
    assert [tuple(row.values()) for row in found] == [("no_judgement", "small_denominator", False, 100, 400)] * 3


def test_full_coverage():
    by_2023 = {"due_period": 2023, "due_basis": "stated"}
    by_2025 = {"due_period": 2025, "due_basis": "stated"}
    undated = {"due_basis": "none"}
    check(
        "full_coverage",
        {
            "all": ({}, [rate(2023, 1000, 1000)], "covered"),
            "one_missing": ({}, [rate(2023, 999, 1000)], "mostly_covered"),
            "prints_as_100": ({}, [rate(2023, 999_999, 1_000_000)], "mostly_covered"),
            "exactly_95": ({}, [rate(2023, 950, 1000)], "mostly_covered"),
            "under_95": ({}, [rate(2023, 949, 1000)], "not_covered"),
            "a_hair_under_95": ({}, [rate(2023, 9_499_999, 10_000_000)], "not_covered"),
            "none": ({}, [rate(2023, 0, 1000)], "not_covered"),
            "due_year": (by_2023, [rate(2023, 949, 1000)], "not_covered"),
            "before_due": (by_2025, [rate(2023, 949, 1000)], "in_progress"),
            "before_due_nearly_all": (by_2025, [rate(2023, 999, 1000)], "in_progress"),
            "undated_nearly_all": (undated, [rate(2023, 999, 1000)], "in_progress"),
            "before_due_all": (by_2025, [rate(2023, 1000, 1000)], "covered"),
            "undated": (undated, [rate(2023, 1, 1000)], "in_progress"),
            "undated_all": (undated, [rate(2023, 1000, 1000)], "covered"),
            "preliminary_due": (by_2023, [rate(2023, 1000, 1000, **LATE)], "no_judgement", "preliminary"),
            "preliminary_before": (by_2025, [rate(2023, 1000, 1000, **LATE)], "in_progress"),
            "no_value": ({}, [], "no_judgement", "no_value"),
            "no_pass_mark": ({"operator": "report"}, [rate(2023, 1, 1000)], "monitored"),
        },
        operator="=",
    )


def test_full_coverage_tells_how_many_are_missing():
    (row,) = rows(judge([rate(2023, 993, 1000)], [promise("full_coverage", operator="=")]), "SELECT * FROM progress.verdict")
    assert (row["gap_persons"], row["surplus_persons"]) == (7, 0)
    assert Fraction(int(row["gap_num"]), int(row["gap_den"])) == Fraction(7, 10)


def test_count_by_year():
    """100 from 2020 on. Due 2025: in 2023 three fifths of the time are gone, the cuts are at 57 and 36."""
    by_2025 = {"due_period": 2025}
    by_2022 = {"due_period": 2022}
    by_2023 = {"due_period": 2023}
    check(
        "count_by_year",
        {
            "at_0_95": (by_2025, [amount(2023, 57)], "on_schedule"),
            "under_0_95": (by_2025, [amount(2023, 56)], "slightly_behind"),
            "at_0_60": (by_2025, [amount(2023, 36)], "slightly_behind"),
            "under_0_60": (by_2025, [amount(2023, 35)], "behind"),
            "none_yet": (by_2025, [amount(2023, 0)], "behind"),
            "early": (by_2025, [amount(2023, 100)], "completed"),
            "due_exactly": (by_2023, [amount(2023, 100)], "completed"),
            "due_one_short": (by_2023, [amount(2023, 99)], "overdue"),
            "due_preliminary_met": (by_2023, [amount(2023, 100, **LATE)], "on_schedule"),
            "due_preliminary_short": (by_2023, [amount(2023, 94, **LATE)], "slightly_behind"),
            "in_time": (by_2022, [amount(2022, 100), amount(2023, 100)], "completed"),
            "in_time_then_fewer": (by_2022, [amount(2022, 100), amount(2023, 90)], "completed"),
            "in_time_no_return_since": (by_2022, [amount(2022, 100)], "completed"),
            "late": (by_2022, [amount(2022, 99), amount(2023, 100)], "completed_late"),
            "still_short": (by_2022, [amount(2022, 98), amount(2023, 99)], "overdue"),
            "due_year_missing": (by_2022, [amount(2023, 100)], "no_judgement", "no_due_value"),
            "due_year_preliminary": (by_2022, [amount(2022, 100, **LATE), amount(2023, 100)], "no_judgement", "preliminary"),
            "no_value": (by_2025, [amount(2022, 60)], "no_judgement", "no_value"),
            "base_missing_all_the_same": (by_2025, [amount(2023, 57)], "on_schedule"),  # the time runs from 2020, no count does
            "grew_then_fell": (by_2025, [amount(2022, 90), amount(2023, 35)], "behind"),
            "another_basis": (by_2023, [amount(2020, 10, basis="other"), amount(2023, 100)], "completed"),
            "target_zero": (by_2023 | {"target_micro": 0}, [amount(2023, 0)], "completed"),
            "a_hair_under_0_95": (by_2025, [amount(2023, 5_699_999, value_den=100_000)], "slightly_behind"),
            "a_hair_under_0_60": (by_2025, [amount(2023, 3_599_999, value_den=100_000)], "behind"),
            "nearest_miss": (by_2023 | NEAREST, [amount(2023, 999_998, value_den=999_999)], "overdue"),
            "nearest_miss_when_due": (by_2022 | NEAREST, [amount(2022, 999_998, value_den=999_999), amount(2023, 1)], "completed_late"),
            "at_most_kept": (by_2023 | {"direction_sign": -1, "operator": "<="}, [amount(2023, 100)], "completed"),
            "at_most_broken": (by_2023 | {"direction_sign": -1, "operator": "<="}, [amount(2023, 101)], "overdue"),
            "far_after_it_was_due": ({"due_period": 2021}, [amount(2021, 99), amount(2023, 99)], "overdue"),
        },
        target_micro=100_000_000,
        unit="count",
        due_basis="stated",
    )


def test_count_in_every_period_and_without_a_date():
    each = {"due_basis": "recurring", "value_is": "share_complying"}
    check(
        "count_by_year",
        {
            "each_kept": (each, [rate(2023, 40, 40)], "completed"),
            "each_broken": (each, [rate(2023, 39, 40)], "overdue"),
            "undated_short": ({"due_basis": "none"}, [amount(2023, 0)], "in_progress"),
            "undated_there": ({"due_basis": "none"}, [amount(2023, 1)], "completed"),
        },
        target_micro=1_000_000,
        unit="count",
        base_period=None,
    )


def test_a_stock_that_falls_after_it_was_complete_is_flagged():
    own = promise("count_by_year", target_micro=100_000_000, unit="count", due_period=2022, due_basis="stated")
    connection = judge([amount(2022, 100), amount(2023, 90)], [own])
    (row,) = rows(connection, "SELECT class, flag_met_but_fell, gap_persons, rho_num, rho_den FROM progress.verdict WHERE is_reported")
    assert (row["class"], row["flag_met_but_fell"], row["gap_persons"]) == ("completed", True, 10)
    for points in ([amount(2022, 100), amount(2023, 100)], [amount(2022, 90), amount(2023, 89)], []):  # kept, never there, unknown
        (row,) = rows(judge(points, [own]), "SELECT flag_met_but_fell FROM progress.verdict WHERE is_reported")
        assert row["flag_met_but_fell"] is False
    row = rows(connection, "SELECT rho_num, rho_den FROM progress.verdict WHERE is_reported")[0]
    assert Fraction(int(row["rho_num"]), int(row["rho_den"])) == Fraction(9, 10)


def test_a_county_s_part_of_the_number_is_shown_and_its_share_is_judged():
    """100 schools are the city's promise; a county's 7 of them meet no target of their own. "Each of them" binds everywhere."""
    own = promise("count_by_year", target_micro=100_000_000, unit="count", due_period=2022, due_basis="stated", counties="assessed")
    each = own | {"id": "each", "variant": "each", "value_is": "share_complying", "small_units": "grey"}
    third, fourth = "990103", "990104"
    values = [amount(2022, 100), amount(2023, 100), amount(2022, 100, area_code=COUNTY), amount(2023, 7, area_code=COUNTY)]
    values += [rate(y, 500, 500, area_code=COUNTY, variant="each") for y in (2022, 2023)]
    values += [rate(y, 499, 500, area_code="990102", variant="each") for y in (2022, 2023)]
    values += [rate(y, 499, 499, area_code=third, variant="each") for y in (2022, 2023)]
    values += [rate(2022, 1, 499, area_code=fourth, variant="each"), rate(2023, 499, 499, area_code=fourth, variant="each")]
    areas = [area(COUNTY), area("990102", order=2), area(third, order=3), area(fourth, order=4)]
    query = "SELECT commitment_id, area_code, class, reason FROM progress.verdict WHERE is_reported ORDER BY 1, 2"
    assert [tuple(r.values()) for r in rows(judge(values, [own, each], areas=areas), query)] == [
        ("c", CITY, "completed", None),
        ("c", COUNTY, "monitored", None),
        ("c", "990102", "no_judgement", "no_value"),
        ("c", third, "no_judgement", "no_value"),
        ("c", fourth, "no_judgement", "no_value"),
        ("each", CITY, "no_judgement", "no_value"),
        ("each", COUNTY, "completed", None),
        ("each", "990102", "overdue", None),
        ("each", third, "completed", None),  # complete when it was due: that stands, few as they are
        ("each", fourth, "no_judgement", "small_denominator"),
    ]


def test_yearly_change():
    """2020: 50 %; half a point a year less, so 48.5 % in 2023.

    Wilson at the path: half-width squared = 3.8416 x 48.5 x 51.5 / n. With n = 10,000 it is 0.95954: a distance of
    0.97 points (49.47 %) squared is 0.9409, within; 0.98 (49.48 %) squared is 0.9604, outside.
    """
    start = rate(2020, 5000, 10_000)
    check(
        "yearly_change",
        {
            "exactly_on_the_path": ({}, [start, rate(2023, 4850, 10_000)], "step_reached"),
            "under_the_path": ({}, [start, rate(2023, 4800, 10_000)], "step_reached"),
            "within": ({}, [start, rate(2023, 4947, 10_000)], "within_error"),
            "outside": ({}, [start, rate(2023, 4948, 10_000)], "step_missed"),
            "fewer_asked_more_error": ({}, [start, rate(2023, 49, 99)], "within_error"),
            # 51.5 % less 1.5: at 50 % the half-width is exactly 0.98 points with 10,000
            "exactly_at_the_error": ({}, [rate(2020, 5150, 10_000), rate(2023, 5098, 10_000)], "within_error"),
            "one_more_than_the_error": ({}, [rate(2020, 5150, 10_000), rate(2023, 5099, 10_000)], "step_missed"),
            "base_missing": ({}, [rate(2023, 4850, 10_000)], "no_judgement", "no_base"),
            "no_value": ({}, [start], "no_judgement", "no_value"),
            "break": ({}, [start, rate(2023, 4850, 10_000, basis="other")], "no_judgement", "basis_break"),
            "preliminary": ({}, [start, rate(2023, 4850, 10_000, **LATE)], "no_judgement", "preliminary"),
            "base_year_itself": ({"reported_period": 2020}, [start], "no_judgement", "base_year"),
            # 1 % less three half points would be under nothing: the path ends at 0
            "path_ends_at_0": ({}, [rate(2020, 1, 100), rate(2023, 0, 100)], "step_reached"),
            "path_ends_at_0_missed": ({}, [rate(2020, 1, 100), rate(2023, 1, 100)], "step_missed"),
            "rose_then_fell_to_the_path": ({}, [start, rate(2022, 6000, 10_000), rate(2023, 4850, 10_000)], "step_reached"),
            "fell_far_then_rose_over_it": ({}, [start, rate(2022, 3000, 10_000), rate(2023, 4948, 10_000)], "step_missed"),
            "no_pass_mark": ({"operator": "report"}, [start, rate(2023, 6000, 10_000)], "monitored"),
        },
        direction_sign=-1,
        operator="<=",
        step_micro=-500_000,
    )


def test_a_path_upwards_ends_at_100():
    """99 % and two points more a year would be 105 % in 2023."""
    start = rate(2020, 99, 100)
    table = {
        "all": ({}, [start, rate(2023, 100, 100)], "step_reached"),
        "nearly": ({}, [start, rate(2023, 99_999, 100_000)], "step_missed"),
    }
    check("yearly_change", table, step_micro=2_000_000)


@pytest.mark.parametrize(("now", "met"), [(4850, True), (4851, False)])
def test_the_step_of_the_year_is_met_exactly(now, met):
    """From 49.00 % in 2022 half a point less is 48.50 %."""
    own = promise("yearly_change", step_micro=-500_000, direction_sign=-1, operator="<=")
    points = [rate(2020, 5000, 10_000), rate(2022, 4900, 10_000), rate(2023, now, 10_000)]
    (row,) = rows(judge(points, [own]), "SELECT year_met FROM progress.yearly_change_verdict WHERE period = 2023")
    assert row["year_met"] is met


def test_yearly_change_upwards_and_its_ingredients():
    own = promise("yearly_change", step_micro=2_000_000)
    points = [rate(2020, 4000, 10_000), rate(2022, 4600, 10_000), rate(2023, 4700, 10_000)]
    (row,) = rows(judge(points, [own]), "SELECT * FROM progress.verdict WHERE is_reported")
    assert row["class"] == "step_reached"  # 46 % was asked
    assert Fraction(int(row["path_num"]), int(row["path_den"])) == 46
    assert Fraction(int(row["distance_num"]), int(row["distance_den"])) == 1
    assert row["year_met"] is False  # only one point in the last year
    # 1 squared x 10,000 over 3.8416 x 46 x 54
    assert Fraction(int(row["error_num"]), int(row["error_den"])) == Fraction(10_000 * 10**4, 38416 * 46 * 54)


def test_comparative():
    own = {"compared_with": "own_ratio", "target_micro": 1_000_000, "unit": "ratio"}
    due = {"due_period": 2025, "due_basis": "stated"}
    check(
        "comparative",
        {
            "equal": (own, [amount(2023, 7, value_den=7)], "met"),
            "a_hair_under": (own, [amount(2023, 999_999, value_den=1_000_000)], "not_met"),
            "before_due_met": (own | due, [amount(2023, 2)], "met"),
            "before_due": (own | due, [amount(2023, 9, value_den=10)], "in_progress"),
            "due": (own | {"due_period": 2023}, [amount(2023, 9, value_den=10)], "not_met"),
            "preliminary": (own, [amount(2023, 2, **LATE)], "no_judgement", "preliminary"),
            "permission": (own | {"operator": "report"}, [amount(2023, 1, value_den=2)], "monitored"),
            "no_value": (own, [amount(2022, 2)], "no_judgement", "no_value"),
            "one_and_a_half_times": (own | {"target_micro": 1_500_000}, [amount(2023, 3, value_den=2)], "met"),
            "not_quite": (own | {"target_micro": 1_500_001}, [amount(2023, 3, value_den=2)], "not_met"),
            "target_zero": (own | {"target_micro": 0}, [amount(2023, 0)], "met"),
            "no_more_than": (own | {"direction_sign": -1, "operator": "<="}, [amount(2023, 1)], "met"),
            "more_than": (own | {"direction_sign": -1, "operator": "<="}, [amount(2023, 101, value_den=100)], "not_met"),
            "preliminary_before_due": (own | due, [amount(2023, 2, **LATE)], "no_judgement", "preliminary"),
        },
    )


@pytest.mark.parametrize(
    ("benchmark", "expected", "reason"),
    [
        ({"value_num": 100}, "met", None),
        ({"value_num": 101}, "not_met", None),
        ({"period": 2022}, "no_judgement", "no_benchmark"),  # the same year, not the last known one
        (None, "no_judgement", "no_benchmark"),
    ],
)
def test_comparative_takes_the_benchmark_of_the_same_year(benchmark, expected, reason):
    own = promise("comparative", compared_with="benchmark", target_micro=1_000_000, unit="yuan")
    values = [amount(2023, 100)]
    if benchmark is not None:
        values.append(amount(2023, 100, variant="benchmark") | benchmark)
    (summary,) = rows(judge(values, [own]), "SELECT class, reason FROM progress.summary")
    assert (summary["class"], summary["reason"]) == (expected, reason)


def test_comparative_binds_every_county_whatever_the_mean_says():
    table = {
        "both": (100, 100, "all_units_met"),
        "one": (100, 99, "some_units_not_met"),
        "one_missing": (100, None, "no_judgement"),
        "one_missing_one_short": (99, None, "some_units_not_met"),
    }
    own = {"compared_with": "own_ratio", "target_micro": 1_000_000, "unit": "ratio", "counties": "assessed"}
    promises = [promise("comparative", **own, id=name, variant=name) for name in table]
    values = []
    for name, (first, second, _) in table.items():
        values.append(amount(2023, 2, variant=name))
        for code, number in ((COUNTY, first), ("990102", second)):
            if number is not None:
                values.append(amount(2023, number, value_den=100, area_code=code, variant=name))
    found = rows(judge(values, promises, areas=TWO_COUNTIES), "SELECT commitment_id, class FROM progress.summary")
    assert {r["commitment_id"]: r["class"] for r in found} == {name: row[2] for name, row in table.items()}


def test_comparative_by_segment_binds_every_segment():
    own = promise("comparative", compared_with="own_ratio", target_micro=1_000_000, unit="ratio")
    values = [amount(2023, 2, segment="primary"), amount(2023, 1, value_den=2, segment="junior")]
    assert [r["class"] for r in rows(judge(values, [own]), "SELECT class FROM progress.summary")] == ["not_met"]
    values[1]["value_num"] = 2
    assert [r["class"] for r in rows(judge(values, [own]), "SELECT class FROM progress.summary")] == ["met"]


@pytest.mark.parametrize(
    ("land", "books", "expected", "reason"),
    [
        ({}, {}, "met", None),
        ({}, {"value_num": 99}, "in_progress", None),  # due 2025
        ({}, {"variant": "elsewhere"}, "no_judgement", "no_benchmark"),
        ({"value_num": 99}, {"variant": "elsewhere"}, "no_judgement", "no_benchmark"),
        (None, {}, "no_judgement", "no_value"),  # reported a year before, not now
    ],
)
def test_a_figure_known_by_segment_only_waits_for_no_whole(land, books, expected, reason):
    """Land and books a pupil against 100 each; ``variant`` elsewhere is a benchmark that is not there."""
    own = promise("comparative", compared_with="benchmark", target_micro=1_000_000, unit="ratio", due_period=2025, due_basis="stated")
    bench = [amount(2023, 100, variant="benchmark", segment=s) for s in ("land", "books")]
    if books.get("variant"):
        bench, books = bench[:1], {}
    values = [amount(2022, 100, segment="land"), amount(2023, 100, segment="books") | books, *bench]
    if land is not None:
        values.append(amount(2023, 100, segment="land") | land)
    connection = judge(values, [own])
    assert rows(connection, "SELECT class, reason FROM progress.summary") == [{"class": expected, "reason": reason}]
    found = rows(connection, "SELECT DISTINCT segment FROM progress.verdict WHERE is_reported ORDER BY segment")
    assert [r["segment"] for r in found] == ["books", "land"]


def test_shown_by_segment_is_shown_as_a_whole():
    own = promise("comparative", compared_with="own_ratio", target_micro=1_000_000, unit="ratio", operator="report")
    values = [amount(2023, 1, value_den=2, segment=s) for s in ("primary", "junior")]
    assert [r["class"] for r in rows(judge(values, [own]), "SELECT class FROM progress.summary")] == ["monitored"]


def test_recurring_event():
    """Windows of two years from 2021: 2021-22, 2023-24, 2025-26."""
    two, three, asked = {"window_years": 2}, {"window_years": 3}, {"target_micro": 3_000_000}
    check(
        "recurring_event",
        {
            "open": (two, [amount(2021, 1), amount(2022, 0), amount(2023, 0)], "window_open"),
            "open_without_a_return": (two, [amount(2021, 1), amount(2022, 0)], "window_open"),
            "open_and_held": (two, [amount(2023, 1)], "on_time"),
            "open_held_preliminary": (two, [amount(2023, 1, **LATE)], "window_open"),
            "closed_held_first_year": (two | {"reported_period": 2022}, [amount(2021, 1), amount(2022, 0)], "on_time"),
            "closed_held_last_year": (two | {"reported_period": 2022}, [amount(2021, 0), amount(2022, 1)], "on_time"),
            "closed_missed": (two | {"reported_period": 2022}, [amount(2021, 0), amount(2022, 0)], "window_missed"),
            "closed_held_before_it": (two | {"reported_period": 2022}, [amount(2020, 1), amount(2021, 0), amount(2022, 0)], "window_missed"),
            "closed_a_year_unknown": (two | {"reported_period": 2022}, [amount(2022, 0)], "no_judgement", "no_value"),
            "closed_preliminary": (two | {"reported_period": 2022}, [amount(2021, 0), amount(2022, 0, **LATE)], "no_judgement", "preliminary"),
            "each_year_kept": ({}, [amount(2023, 1)], "on_time"),
            "each_year_missed": ({}, [amount(2023, 0)], "window_missed"),
            "each_year_no_value": ({}, [amount(2022, 1)], "no_judgement", "no_value"),
            "ten_exactly": ({"target_micro": 10_000_000}, [amount(2023, 10)], "on_time"),
            "ten_one_short": ({"target_micro": 10_000_000}, [amount(2023, 9)], "window_missed"),
            "more_than_nothing": ({"target_micro": 0, "operator": ">"}, [amount(2023, 1)], "on_time"),
            "nothing_is_not_more": ({"target_micro": 0, "operator": ">"}, [amount(2023, 0)], "window_missed"),
            "three_years_held_in_the_last": (three, [amount(2021, 0), amount(2022, 0), amount(2023, 1)], "on_time"),
            "three_years_never": (three, [amount(2021, 0), amount(2022, 0), amount(2023, 0)], "window_missed"),
            "three_years_one_unknown": (three, [amount(2021, 0), amount(2023, 0)], "no_judgement", "no_value"),
            "three_years_one_unknown_held": (three, [amount(2021, 1), amount(2023, 0)], "on_time"),
            "three_years_open": (three | {"reported_period": 2022}, [amount(2021, 0), amount(2022, 0)], "window_open"),
            # 1 + 200/100 = 3, whatever the years are written in
            "other_denominators": (three | asked, [amount(2021, 0), amount(2022, 200, value_den=100), amount(2023, 1)], "on_time"),
            "other_denominators_short": (three | asked, [amount(2021, 0), amount(2022, 199, value_den=100), amount(2023, 1)], "window_missed"),
            # a third and a seventh are no parts of one another: nothing is added, nothing is judged, whatever else is lacking
            "no_common_denominator": (three | asked, [amount(2021, 0), amount(2022, 7, value_den=3), amount(2023, 7, value_den=7)], "no_judgement", "not_addable"),
            "no_common_denominator_reached": (three, [amount(2021, 9), amount(2022, 7, value_den=3), amount(2023, 7, value_den=7)], "no_judgement", "not_addable"),
            "no_common_denominator_open": (three | {"reported_period": 2022}, [amount(2021, 7, value_den=7), amount(2022, 7, value_den=3)], "window_open"),
            "no_common_denominator_a_year_unknown": (three, [amount(2022, 7, value_den=3), amount(2023, 7, value_den=7)], "no_judgement", "not_addable"),
            "no_common_denominator_late": (three, [amount(2021, 0), amount(2022, 7, value_den=3, **LATE), amount(2023, 7, value_den=7)], "no_judgement", "not_addable"),
            "every_school": ({"value_is": "share_complying"}, [rate(2023, 300, 300)], "on_time"),
            "a_school_without": ({"value_is": "share_complying"}, [rate(2023, 299, 300)], "window_missed"),
        },
        target_micro=1_000_000,
        unit="count",
        window_years=1,
        first_window=2021,
    )


def test_what_cannot_be_added_is_not_shown_as_a_sum():
    own = promise("recurring_event", target_micro=1_000_000, unit="count", window_years=2, first_window=2022)
    connection = judge([amount(2022, 7, value_den=3), amount(2023, 7, value_den=7)], [own])
    got = rows(connection, "SELECT done_num, done_den FROM progress.event_verdict WHERE period = 2023")
    assert got == [{"done_num": None, "done_den": None}]


def test_a_missed_window_is_counted_on():
    own = promise("recurring_event", target_micro=1_000_000, unit="count", window_years=2, first_window=2021)
    connection = judge([amount(2021, 0), amount(2022, 0), amount(2023, 0)], [own])
    got = rows(connection, "SELECT period, window_from, window_to, class, windows_missed FROM progress.verdict ORDER BY period")
    assert [tuple(r.values()) for r in got] == [
        (2021, 2021, 2022, "window_open", 0),
        (2022, 2021, 2022, "window_missed", 1),
        (2023, 2023, 2024, "window_open", 1),
    ]


def test_a_year_does_not_know_what_the_next_one_brings():
    """Nothing in 2021, the event in 2022: at the end of 2021 the window was open."""
    own = promise("recurring_event", target_micro=1_000_000, unit="count", window_years=2, first_window=2021)
    connection = judge([amount(2021, 0), amount(2022, 1)], [own | {"reported_period": 2022}])
    got = rows(connection, "SELECT period, class FROM progress.verdict ORDER BY period")
    assert [tuple(r.values()) for r in got] == [(2021, "window_open"), (2022, "on_time")]


def test_milestone():
    by_2023 = {"due_period": 2023, "due_basis": "stated"}
    by_2024 = {"due_period": 2024, "due_basis": "stated"}
    check(
        "milestone",
        {
            "done": ({}, [amount(2023, 1)], "done"),
            "undated": ({}, [amount(2023, 0)], "in_progress"),
            "before_due": (by_2024, [amount(2023, 0)], "in_progress"),
            "due": (by_2023, [amount(2023, 0)], "milestone_overdue"),
            "due_preliminary": (by_2023, [amount(2023, 1, **LATE)], "no_judgement", "preliminary"),
            "before_due_preliminary": (by_2024, [amount(2023, 1, **LATE)], "in_progress"),
            "three_of_four": ({"target_micro": 4_000_000}, [amount(2023, 3)], "in_progress"),
            "four_of_four": ({"target_micro": 4_000_000}, [amount(2023, 4)], "done"),
            "every_county": ({"value_is": "share_complying"}, [rate(2023, 19, 19)], "done"),
            "a_county_without": ({"value_is": "share_complying"}, [rate(2023, 18, 19)], "in_progress"),
            "no_value": ({}, [], "no_judgement", "no_value"),
            "done_after_it_was_due": ({"due_period": 2022, "due_basis": "stated"}, [amount(2022, 0), amount(2023, 1)], "done"),
            "undone_again": ({"due_period": 2022, "due_basis": "stated"}, [amount(2022, 1), amount(2023, 0)], "milestone_overdue"),
            "due_not_done_preliminary": (by_2023, [amount(2023, 0, **LATE)], "no_judgement", "preliminary"),
            "no_pass_mark": (by_2023 | {"operator": "report"}, [amount(2023, 0)], "monitored"),
        },
        target_micro=1_000_000,
        unit="count",
        due_basis="none",
    )


def test_directional_is_never_judged():
    check(
        "directional",
        {
            "value": ({}, [rate(2023, 1, 100)], "monitored"),
            "preliminary": ({}, [rate(2023, 1, 100, **LATE)], "monitored"),
            "no_value": ({}, [], "no_judgement", "no_value"),
        },
        operator="report",
    )


def test_a_commitment_without_a_figure_is_listed_as_such():
    own = promise("floor", indicator_id=None, variant=None)
    connection = judge([], [own])
    assert rows(connection, "SELECT class, reason FROM progress.summary") == [{"class": "no_judgement", "reason": "no_figure"}]
    assert rows(connection, "SELECT * FROM progress.verdict") == []


def test_never_decrease_without_a_pass_mark_is_shown():
    own = promise("never_decrease", operator="report", series="budget_levels", unit="yuan")
    connection = judge([amount(2022, 5, variant="all"), amount(2023, 4, variant="all")], [own])
    assert [r["class"] for r in rows(connection, "SELECT class FROM progress.summary")] == ["monitored"]


OF_EACH_KIND = {
    "floor": {"target_micro": 10_000_000},
    "ceiling": {"target_micro": 10_000_000, "direction_sign": -1},
    "full_coverage": {"due_period": 2023, "due_basis": "stated"},
    "milestone": {"target_micro": 1_000_000, "unit": "count", "due_period": 2023, "due_basis": "stated"},
    "comparative": {"target_micro": 1_000_000, "unit": "ratio", "compared_with": "own_ratio"},
    "yearly_change": {"step_micro": 1_000_000},
    "count_by_year": {"target_micro": 1_000_000, "unit": "count", "due_period": 2022, "due_basis": "stated"},
    "recurring_event": {"target_micro": 1_000_000, "unit": "count", "window_years": 1, "first_window": 2021},
    "never_decrease": {"series": "budget_levels"},
}


def test_shown_or_missing_is_the_same_in_every_kind():
    """A missing figure goes before "shown", and "shown" before "preliminary"."""
    shown = {"operator": "report"}
    table = {
        "missing": ({}, [], ("no_judgement", "no_value", False)),
        "shown_missing": (shown, [], ("no_judgement", "no_value", False)),
        "shown_late": (shown, [rate(2022, 50, 100), rate(2023, 1, 100, **LATE)], ("monitored", None, True)),
        "shown": (shown, [rate(2022, 50, 100), rate(2023, 1, 100)], ("monitored", None, False)),
    }
    promises, values = [], []
    for case, (own, points, _) in table.items():
        for kind, keys in OF_EACH_KIND.items():
            name = f"{case} {kind}"
            promises.append(promise(kind, **keys | own) | {"id": name, "variant": name})
            base = [] if not points else [rate(2020, 50, 100)]
            values += [v | {"variant": name} for v in base + points]
    got = rows(judge(values, promises), "SELECT commitment_id, class, reason, flag_preliminary FROM progress.verdict WHERE is_reported")
    assert {r.pop("commitment_id"): tuple(r.values()) for r in got} == {
        f"{case} {kind}": expected for case, (_, _, expected) in table.items() for kind in OF_EACH_KIND
    }


def test_a_unit_that_is_not_assessed_says_so_before_anything_else():
    promises = [promise(kind, counties="shown", **keys) | {"id": kind, "variant": kind} for kind, keys in OF_EACH_KIND.items()]
    judged_everywhere = {"never_decrease"}  # every budget level binds
    values = [rate(2023, 1, 100, area_code=COUNTY, variant=kind, **LATE) for kind in OF_EACH_KIND]
    query = "SELECT kind, class, reason FROM progress.verdict WHERE is_reported AND NOT is_total"
    got = {r["kind"]: (r["class"], r["reason"]) for r in rows(judge(values, promises, areas=[area(COUNTY)]), query)}
    expected = dict.fromkeys(OF_EACH_KIND, ("no_judgement", "not_assessed"))
    assert {k: v for k, v in got.items() if k not in judged_everywhere} == {
        k: v for k, v in expected.items() if k not in judged_everywhere
    }


def test_no_kind_classes_a_year_before_the_plan():
    """Years up to 2020 are there to compare with, and for the reader; the reported year always says something."""
    promises = [promise(kind, **keys) | {"id": kind, "variant": kind} for kind, keys in OF_EACH_KIND.items()]
    values = [rate(y, 50, 100, variant=kind) for kind in OF_EACH_KIND for y in (2019, 2020, 2021, 2023)]
    found = rows(judge(values, promises), "SELECT kind, period, class, reason FROM progress.verdict ORDER BY period")
    for kind in OF_EACH_KIND:
        classed = {r["period"]: r["class"] is not None for r in found if r["kind"] == kind}
        assert classed == {2019: False, 2020: False, 2021: True, 2023: True}
        assert {r["reason"] for r in found if r["kind"] == kind and r["period"] <= 2020} == {None}


def test_years_before_the_plan_carry_no_class():
    own = promise("full_coverage", operator="=", base_period=None)
    connection = judge([rate(2019, 1, 10), rate(2021, 1, 10), rate(2023, 10, 10)], [own])
    got = rows(connection, "SELECT period, class FROM progress.verdict ORDER BY period")
    assert [tuple(r.values()) for r in got] == [(2019, None), (2021, "not_covered"), (2023, "covered")]


def test_a_surplus_of_one_unit_does_not_cover_the_lack_of_another():
    """12 of 10 and 9 of 10 are 21 of 20 together; one is missing all the same."""
    table = {
        "full_coverage": ({"operator": "="}, "mostly_covered"),
        "floor": ({"value_is": "share_complying"}, "partly_met"),
        "recurring_event": ({"value_is": "share_complying", "window_years": 1, "first_window": 2021}, "window_missed"),
        "count_by_year": ({"value_is": "share_complying", "unit": "count"}, "overdue"),
    }
    promises, values = [], []
    for kind, (own, _) in table.items():
        promises.append(promise(kind, counties="assessed", target_micro=1_000_000, **own, id=kind, variant=kind))
        for code, num, den in ((CITY, 21, 20), (COUNTY, 12, 10), ("990102", 9, 10)):
            values.append(rate(2023, num, den, area_code=code, variant=kind))
    found = rows(judge(values, promises, areas=TWO_COUNTIES), "SELECT commitment_id, class FROM progress.summary")
    assert {r["commitment_id"]: r["class"] for r in found} == {kind: row[1] for kind, row in table.items()}


def test_units_get_their_own_verdict_and_the_city_level_is_no_unit():
    own = promise("full_coverage", operator="=", counties="assessed")
    values = [rate(2023, 19, 20), rate(2023, 9, 10, area_code=COUNTY)]
    connection = judge(values, [own], areas=[area(COUNTY), area("990001", unit_type="市本级", order=9)])
    got = rows(connection, "SELECT area_code, class, gap_persons FROM progress.verdict ORDER BY area_code")
    assert [tuple(r.values()) for r in got] == [(CITY, "mostly_covered", 1), (COUNTY, "not_covered", 1)]
    (summary,) = rows(connection, "SELECT units_tested, units_behind, gross_shortfall, counties_short FROM progress.summary")
    assert tuple(summary.values()) == (1, 1, 1, 1)
