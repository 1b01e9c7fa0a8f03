"""The worked figures of the method (paths, gaps, rounding, sampling error, releases), to the last printed digit.

Each expectation is the printed figure of the method's text, worked out by hand; nothing here is our own output.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from pipeline.report.numbers import round_exact, show_against_target
from tests.support.engine import CITY, LEVEL, NEVER, judge, rows, value


def verdict(connection, period=2023):
    (row,) = rows(connection, f"SELECT * FROM progress.verdict WHERE area_code = '{CITY}' AND period = {period}")
    return row


def of(row, name):
    return Fraction(int(row[f"{name}_num"]), int(row[f"{name}_den"]))


@pytest.mark.parametrize(
    ("period", "per_10000", "shown", "path", "rho", "expected"),
    [
        (2021, 8889, "88.89", "89.12", "0.68", "slightly_behind"),
        (2022, 9010, "90.10", "89.84", "1.18", "on_schedule"),
        (2023, 9047, "90.47", "90.56", "0.958", "on_schedule"),
    ],
)
def test_from_88_40_to_92(period, per_10000, shown, path, rho, expected):
    values = [value(2020, 8840, 10_000), value(period, per_10000, 10_000)]
    row = verdict(judge(values, [LEVEL | {"reported_period": period}]), period)
    assert round_exact(of(row, "value"), 2) == shown
    assert round_exact(of(row, "path"), 2) == path
    assert round_exact(of(row, "rho"), len(rho) - 2) == rho
    assert row["class"] == expected


def test_the_pace_needed_from_90_47():
    """(92 - 90.47) / 2 years = 0.765, printed half-even: 0.76 points a year."""
    values = [value(2020 + n, v, 10_000) for n, v in enumerate((8840, 8889, 9010, 9047))]
    row = verdict(judge(values))
    assert of(row, "needed_pace") == Fraction(765, 1000)
    assert round_exact(of(row, "needed_pace"), 2) == "0.76"
    # 88.40 -> 90.47 in three years: 0.69 a year, 91.85 in 2025
    assert round_exact(of(row, "observed_pace"), 2) == "0.69"
    assert round_exact(of(row, "projected"), 2) == "91.85"
    assert row["projection"] == "unreachable"


def test_from_97_60_to_98_a_ratio_says_nothing():
    """97.65 in 2021 is 0.03 under the path of 97.68; rho would be 0.63, "slightly behind": noise, and not printed."""
    values = [value(2020, 9760, 10_000), value(2021, 9765, 10_000)]
    row = verdict(judge(values, [LEVEL | {"target_micro": 98_000_000, "reported_period": 2021}]), 2021)
    assert round_exact(of(row, "path"), 2) == "97.68"
    assert round_exact(of(row, "distance"), 2) == "-0.03"
    assert (row["class"], row["rho_num"]) == ("on_schedule", None)


def test_the_missing_are_whole_children_rounded_up():
    """92 % of 84,801 are 78,016.92: with 78,016 enrolled one child is missing, with 78,017 none, and none is left over."""
    base = value(2020, 88, 100)
    short = verdict(judge([base, value(2023, 78_016, 84_801)]))
    assert (short["gap_persons"], short["surplus_persons"], short["class"]) == (1, 0, "on_schedule")
    assert round_exact(of(short, "value"), 2) == "92.00" and of(short, "value") < 92
    there = verdict(judge([base, value(2023, 78_017, 84_801)]))
    assert (there["gap_persons"], there["surplus_persons"], there["class"]) == (0, 0, "achieved_early")


def test_24_499_of_25_000_fails_98_and_is_not_printed_as_98():
    values = [value(2020, 97, 100), value(2023, 24_499, 25_000)]
    row = verdict(judge(values, [LEVEL | {"target_micro": 98_000_000, "due_period": 2023}]))
    assert row["class"] == "missed"
    assert round_exact(of(row, "value"), 2) == "98.00"
    assert show_against_target(of(row, "value"), Fraction(98), 2).text == "97.996"


@pytest.mark.parametrize(("exact", "shown"), [("97.85", "97.8"), ("97.95", "98.0"), ("97.8500001", "97.9")])
def test_ties_go_to_the_even_digit(exact, shown):
    assert round_exact(Fraction(exact), 1) == shown


YEARLY = LEVEL | {
    "kind": "yearly_change", "county_variant": None, "decided_by": None, "counties": "none", "target_micro": None,
    "due_period": None, "due_basis": "recurring", "unit": "percent", "small_units": "judged", "first_judged": 2021,
}  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "path_per_1000", "sign", "expected"),
    [
        # 92 % of 300: 88.4 to 94.6
        (300, 884, -1, "within_error"),
        (300, 883, -1, "step_missed"),
        (300, 945, 1, "within_error"),
        (300, 946, 1, "step_missed"),
        # 92 % of 3,000: 91.0 to 92.9
        (3000, 910, -1, "within_error"),
        (3000, 909, -1, "step_missed"),
        (3000, 929, 1, "within_error"),
        (3000, 930, 1, "step_missed"),
    ],
)
def test_the_interval_of_92_percent(sample, path_per_1000, sign, expected):
    """Wilson: 88.37 to 94.57 of 300, 90.97 to 92.92 of 3,000. The path (one point a year) lies inside or outside."""
    start = path_per_1000 - sign * 30
    own = YEARLY | {"direction_sign": sign, "operator": ">=" if sign > 0 else "<=", "step_micro": sign * 1_000_000}
    row = verdict(judge([value(2020, start, 1000), value(2023, sample * 92 // 100, sample)], [own]))
    assert of(row, "path") == Fraction(path_per_1000, 10)
    assert row["class"] == expected


def test_junior_secondary_spending_across_releases_and_on_one_basis():
    """17,803.60 in one release, 17,772.06 in the next: -0.18 %; the second release says +1.74 % on its own basis."""
    money = {"indicator_id": "per_pupil_spending", "period_kind": "fiscal_year", "variant": "certified", "segment": "junior"}
    values = [
        value(2020, 17_803_600_000, None, **money, basis="2020"),
        value(2021, 17_772_060_000, None, **money, basis="2021"),
    ]
    release = {
        "indicator_id": "per_pupil_spending", "area_code": CITY, "segment": "junior", "period_kind": "fiscal_year",
        "period": 2021, "same_basis_previous_micro": None, "same_basis_change_micro": 1_740_000,
    }  # fmt: skip
    connection = judge(values, [NEVER | {"reported_period": 2021}], certified=[release])
    (row,) = rows(connection, "SELECT * FROM progress.verdict WHERE segment = 'junior' AND period = 2021")
    change = of(row, "value") / of(row, "published_previous") - 1
    assert round_exact(100 * change, 2) == "-0.18"
    assert (row["class"], row["flag_basis_break"]) == ("kept", True)
    assert round_exact(Fraction(row["published_change_micro"], 10**6), 2) == "1.74"
