"""Preliminary data never give a final verdict, wherever in a verdict they stand: value, base, year before, benchmark.

For each kind a table worked out by hand: (what is preliminary, class, reason, flag "rests on preliminary data").
"""

from __future__ import annotations

import pytest

from tests.progress.test_kinds import COUNTY, LATE, amount, promise, rate
from tests.support.engine import CITY, LEVEL, NEVER, area, judge, rows, value


def judged(cases, common):
    """{case: (class, reason, flag)} of the whole area in the reported period; a case is a variant of its own."""
    promises, values = [], []
    for name, (own, points, *_) in cases.items():
        promises.append(common | own | {"id": name, "variant": name})
        values += [point | {"variant": name} for point in points]
    query = f"SELECT commitment_id, class, reason, flag_preliminary FROM progress.verdict WHERE is_reported AND area_code = '{CITY}'"
    return {r["commitment_id"]: (r["class"], r["reason"], r["flag_preliminary"]) for r in rows(judge(values, promises), query)}


def check(common, cases):
    assert judged(cases, common) == {name: case[2:] for name, case in cases.items()}


def test_level_by_year():
    """80 % in 2020, 90 % by 2023 (or 2025, path 86): the path hangs on the base, so nothing is final before the base is."""
    due = {"due_period": 2023}
    base, late_base = rate(2020, 80, 100), rate(2020, 80, 100, **LATE)
    check(
        LEVEL | {"target_micro": 90_000_000, "decided_by": "computed", "counties": "none", "county_variant": None},
        {
            "all_final_met": (due, [base, rate(2023, 90, 100)], "achieved", None, False),
            "all_final_missed": (due, [base, rate(2023, 89, 100)], "missed", None, False),
            "base_met": (due, [late_base, rate(2023, 90, 100)], "on_schedule", None, True),
            "base_not_met": (due, [late_base, rate(2023, 89, 100)], "slightly_behind", None, True),
            "value_met": (due, [base, rate(2023, 90, 100, **LATE)], "on_schedule", None, True),
            "value_not_met": (due, [base, rate(2023, 85, 100, **LATE)], "behind", None, True),
            "both": (due, [late_base, rate(2023, 90, 100, **LATE)], "on_schedule", None, True),
            "base_before_due": ({}, [late_base, rate(2023, 86, 100)], "on_schedule", None, True),
            "base_under_it": ({}, [late_base, rate(2023, 79, 100)], "falling_back", None, True),
            "base_early": ({}, [late_base, rate(2023, 90, 100)], "achieved_early", None, True),
            # the year before decides no class
            "year_before": (due, [base, rate(2022, 85, 100, **LATE), rate(2023, 90, 100)], "achieved", None, False),
        },
    )


def test_never_decrease():
    base = amount(2020, 5)
    check(
        NEVER | {"indicator_id": "preschool_ger", "period_kind": "school_year"},
        {
            "all_final": ({}, [base, amount(2022, 5), amount(2023, 4)], "broken", None, False),
            "value": ({}, [base, amount(2022, 5), amount(2023, 4, **LATE)], "no_judgement", "preliminary", True),
            "year_before": ({}, [base, amount(2022, 5, **LATE), amount(2023, 4)], "no_judgement", "preliminary", True),
            "year_before_on_another_basis": (
                {}, [base, amount(2022, 5, basis="other", **LATE), amount(2023, 4)], "no_judgement", "basis_break", False,
            ),
            "base_not_asked": ({}, [amount(2020, 5, **LATE), amount(2022, 5), amount(2023, 6)], "kept", None, False),
            "base_asked": ({"rise_by": 2023}, [amount(2020, 5, **LATE), amount(2022, 5), amount(2023, 6)], "no_judgement", "preliminary", True),
            "base_asked_not_raised": ({"rise_by": 2023}, [amount(2020, 5, **LATE), amount(2022, 5), amount(2023, 5)], "no_judgement", "preliminary", True),
            "base_asked_later": ({"rise_by": 2024}, [amount(2020, 5, **LATE), amount(2022, 5), amount(2023, 6)], "kept", None, False),
            # a fall between two final years is one, whatever the base will be
            "base_asked_but_fell": ({"rise_by": 2023}, [amount(2020, 5, **LATE), amount(2022, 7), amount(2023, 6)], "broken", None, False),
            "base_asked_fell_and_not_raised": ({"rise_by": 2023}, [amount(2020, 5, **LATE), amount(2022, 5), amount(2023, 4)], "broken", None, False),
            "base_asked_equal": ({"rise_by": 2023}, [amount(2020, 5, **LATE), amount(2022, 7), amount(2023, 7)], "no_judgement", "preliminary", True),
            "base_asked_fell_from_late": ({"rise_by": 2023}, [amount(2020, 5, **LATE), amount(2022, 7, **LATE), amount(2023, 6)], "no_judgement", "preliminary", True),
            # the base year is the year before: then it is what the amount fell from
            "base_is_year_before": ({"rise_by": 2023, "base_period": 2022}, [amount(2022, 7, **LATE), amount(2023, 6)], "no_judgement", "preliminary", True),
            # what says nothing about the base does not rest on it
            "base_asked_across_a_break": (
                {"rise_by": 2023}, [amount(2020, 5, **LATE), amount(2022, 5, basis="other"), amount(2023, 4)], "no_judgement", "basis_break", False,
            ),
            "base_on_another_basis": (
                {"rise_by": 2023}, [amount(2020, 5, basis="other", **LATE), amount(2022, 5), amount(2023, 6)], "kept", None, False,
            ),
            "base_asked_shown": (
                {"rise_by": 2023, "operator": "report"}, [amount(2020, 5, **LATE), amount(2022, 5), amount(2023, 6)], "monitored", None, False,
            ),
            "shown": ({"operator": "report"}, [base, amount(2022, 5, **LATE), amount(2023, 4)], "monitored", None, True),
        },
    )  # fmt: skip


def test_a_year_after_a_preliminary_one_waits_and_counts_no_fall():
    """5, 9 (preliminary), 4, 4: the fall from 9 is none yet; 2023 against a final 2022 is judged again."""
    points = [amount(2020, 5), amount(2021, 9, **LATE), amount(2022, 4), amount(2023, 4)]
    connection = judge(points, [NEVER | {"indicator_id": "preschool_ger", "period_kind": "school_year", "variant": "all"}])
    got = rows(connection, "SELECT period, class, reason, falls_since_base FROM progress.verdict WHERE period > 2020 ORDER BY period")
    assert [tuple(r.values()) for r in got] == [
        (2021, "no_judgement", "preliminary", 0),
        (2022, "no_judgement", "preliminary", 0),
        (2023, "unchanged", None, 0),
    ]


def test_the_release_s_own_growth_does_not_rest_on_last_year_s_release():
    """A release that gives its own previous value, or its own growth, is as final as itself."""
    money = {"indicator_id": "per_pupil_spending", "period_kind": "fiscal_year"}
    points = [value(2022, 5_000_000, None, **money, **LATE), value(2023, 6_000_000, None, **money)]
    release = {
        "indicator_id": "per_pupil_spending", "area_code": CITY, "segment": "all", "period_kind": "fiscal_year", "period": 2023,
        "same_basis_previous_micro": 6_000_001, "same_basis_change_micro": None,
    }  # fmt: skip
    query = "SELECT class, reason, flag_preliminary FROM progress.verdict WHERE is_reported"
    assert rows(judge(points, [NEVER], certified=[release]), query) == [
        {"class": "broken", "reason": None, "flag_preliminary": False}
    ]
    for basis, change in (("other", 1), (points[0]["basis"], 1), (points[0]["basis"], 20_000_000)):
        points[0]["basis"] = basis
        growth = release | {"same_basis_previous_micro": None, "same_basis_change_micro": change}
        assert rows(judge(points, [NEVER], certified=[growth]), query) == [
            {"class": "kept", "reason": None, "flag_preliminary": False}
        ]


def test_yearly_change():
    """50 % in 2020, half a point less a year: 48.5 % in 2023."""
    fell = rate(2023, 4000, 10_000)
    check(
        promise("yearly_change", direction_sign=-1, operator="<=", step_micro=-500_000),
        {
            "all_final": ({}, [rate(2020, 5000, 10_000), fell], "step_reached", None, False),
            "value": ({}, [rate(2020, 5000, 10_000), fell | LATE], "no_judgement", "preliminary", True),
            "base": ({}, [rate(2020, 5000, 10_000, **LATE), fell], "no_judgement", "preliminary", True),
            "year_before": ({}, [rate(2020, 5000, 10_000), rate(2022, 5000, 10_000, **LATE), fell], "step_reached", None, False),
            "shown": ({"operator": "report"}, [rate(2020, 5000, 10_000, **LATE), fell], "monitored", None, True),
        },
    )


def test_count_by_year():
    """100 by 2022 or 2023. Once the due year is over, what is not final says neither late nor still short."""
    by_2022, by_2023 = {"due_period": 2022}, {"due_period": 2023}
    there, short = amount(2023, 100), amount(2023, 99)
    check(
        promise("count_by_year", target_micro=100_000_000, unit="count", due_basis="stated"),
        {
            "due_year": (by_2023, [there | LATE], "on_schedule", None, True),
            "late": (by_2022, [amount(2022, 99), there | LATE], "no_judgement", "preliminary", True),
            "still_short": (by_2022, [amount(2022, 99), short | LATE], "no_judgement", "preliminary", True),
            "in_time": (by_2022, [amount(2022, 100), short | LATE], "completed", None, True),
            "due_number_there_and_there": (by_2022, [amount(2022, 100, **LATE), there], "no_judgement", "preliminary", True),
            "due_number_there_now_short": (by_2022, [amount(2022, 100, **LATE), short], "no_judgement", "preliminary", True),
            "due_number_short_now_there": (by_2022, [amount(2022, 99, **LATE), there], "no_judgement", "preliminary", True),
            # short then by preliminary data, short now by final data: short
            "due_number_short_now_short": (by_2022, [amount(2022, 99, **LATE), short], "overdue", None, True),
            "due_number_unknown_now_there": (by_2022, [there], "no_judgement", "no_due_value", False),
            "due_number_unknown_now_short": (by_2022, [short], "overdue", None, False),
            "base": (by_2023, [amount(2020, 1, **LATE), there], "completed", None, False),
            "each_year": ({"due_period": None, "due_basis": "recurring"}, [there | LATE], "no_judgement", "preliminary", True),
            "undated": ({"due_period": None, "due_basis": "none"}, [there | LATE], "in_progress", None, True),
        },
    )


def test_recurring_event():
    """One event in each window of two years: final data of one year prove it, whatever the other year will be."""
    two = {"window_years": 2}
    closed = two | {"reported_period": 2022}
    at_most = closed | {"direction_sign": -1, "operator": "<="}
    check(
        promise("recurring_event", target_micro=1_000_000, unit="count", window_years=1, first_window=2021),
        {
            "held_final_the_other_late": (closed, [amount(2021, 1), amount(2022, 0, **LATE)], "on_time", None, True),
            "held_late_the_other_final": (closed, [amount(2021, 1, **LATE), amount(2022, 0)], "no_judgement", "preliminary", True),
            "held_late_only_open": (two, [amount(2023, 1, **LATE)], "window_open", None, True),
            "not_held": (closed, [amount(2021, 0, **LATE), amount(2022, 0)], "no_judgement", "preliminary", True),
            "of_last_window": (two, [amount(2022, 1, **LATE), amount(2023, 1)], "on_time", None, False),
            "year": ({}, [amount(2023, 1, **LATE)], "no_judgement", "preliminary", True),
            "at_most_one": (at_most, [amount(2021, 0), amount(2022, 1)], "on_time", None, False),
            "at_most_one_late": (at_most, [amount(2021, 0), amount(2022, 1, **LATE)], "no_judgement", "preliminary", True),
            "at_most_one_two": (at_most, [amount(2021, 1), amount(2022, 1)], "window_missed", None, False),
        },
    )


def test_kinds_that_rest_on_the_value_alone():
    """Base year and year before are no part of the verdict; the value is."""
    waits = ("no_judgement", "preliminary")
    table = {
        # own keys, a final value that reaches it, class and reason with a preliminary one, class before it is due
        "floor": ({"target_micro": 10_000_000}, rate(2023, 10, 10), waits, None),
        "ceiling": ({"target_micro": 10_000_000, "direction_sign": -1}, rate(2023, 0, 10), waits, None),
        "full_coverage": ({"operator": "="}, rate(2023, 10, 10), waits, "in_progress"),
        "milestone": ({"target_micro": 1_000_000, "unit": "count"}, amount(2023, 1), waits, "in_progress"),
        "directional": ({"operator": "report"}, rate(2023, 1, 10), ("monitored", None), None),
    }
    cases = {}
    for kind, (own, reached, due_class, before) in table.items():
        common = promise(kind, **own)
        stated = common | ({"due_period": 2023, "due_basis": "stated"} if before else {})
        around = [reached | {"period": 2020} | LATE, reached | {"period": 2022} | LATE]
        cases[f"{kind} final"] = (stated, [*around, reached])
        cases[f"{kind} late"] = (stated, [reached | LATE], *due_class, True)
        if before:
            due = {"due_period": 2025, "due_basis": "stated"}
            cases[f"{kind} late_before_due"] = (common | due, [reached | LATE], before, None, True)
    got = judged(cases, {})
    for kind in table:
        _, reason, flag = got.pop(f"{kind} final")
        assert (reason, flag) == (None, False)
        del cases[f"{kind} final"]
    assert got == {name: case[2:] for name, case in cases.items()}


@pytest.mark.parametrize(
    ("own", "county", "whole", "expected"),
    [
        (LATE, None, None, ("no_judgement", "preliminary", True)),
        ({}, LATE, {}, ("no_judgement", "preliminary", True)),
        ({}, {}, LATE, ("met", None, False)),  # the county has a benchmark of its own, and that is final
        ({}, None, LATE, ("no_judgement", "preliminary", True)),
        ({}, None, {}, ("met", None, False)),
    ],
)
def test_comparative_rests_on_the_benchmark_too(own, county, whole, expected):
    """100 in the county against 100: final only when the benchmark that is used is."""
    promised = promise("comparative", compared_with="benchmark", target_micro=1_000_000, unit="yuan", counties="assessed")
    values = [amount(2023, 100, area_code=COUNTY) | own]
    bench = amount(2023, 100, variant="benchmark")
    values += [bench | more | {"area_code": code} for code, more in ((COUNTY, county), (CITY, whole)) if more is not None]
    if len(values) == 1:
        values.append(bench)
    query = f"SELECT class, reason, flag_preliminary FROM progress.verdict WHERE is_reported AND area_code = '{COUNTY}'"
    (row,) = rows(judge(values, [promised], areas=[area(COUNTY)]), query)
    assert tuple(row.values()) == expected


def test_a_ratio_of_its_own_needs_no_benchmark():
    promised = promise("comparative", compared_with="own_ratio", target_micro=1_000_000, unit="ratio")
    values = [amount(2023, 1), amount(2023, 9, variant="benchmark", **LATE)]
    (row,) = rows(judge(values, [promised]), "SELECT class, flag_preliminary FROM progress.verdict WHERE is_reported")
    assert tuple(row.values()) == ("met", False)


@pytest.mark.parametrize(("late_year", "pooled"), [(2021, True), (2022, True), (2023, True), (2020, False), (None, False)])
def test_a_pooled_value_is_as_final_as_its_years(late_year, pooled):
    """30 + 40 + 50 of three times 200 against 20 %: one preliminary year of the three and the value is preliminary."""
    promised = promise("floor", counties="assessed", target_micro=20_000_000, small_units="pooled")
    values = [
        rate(year, num, 200, area_code=COUNTY) | (LATE if year == late_year else {})
        for year, num in ((2020, 20), (2021, 30), (2022, 40), (2023, 50))
    ]
    query = f"SELECT class, reason, maturity, flag_preliminary FROM progress.verdict WHERE is_reported AND area_code = '{COUNTY}'"
    (row,) = rows(judge(values, [promised], areas=[area(COUNTY)]), query)
    expected = ("no_judgement", "preliminary", "preliminary", True) if pooled else ("met", None, "final", False)
    assert tuple(row.values()) == expected
