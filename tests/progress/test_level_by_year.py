"""The verdicts of level_by_year against exact fractions, by hand-worked cases and by random ones."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.engine import CITY, LEVEL, area, judge, rows, value


def verdict(connection, period=2023, code=CITY):
    (row,) = rows(
        connection,
        f"SELECT * FROM progress.verdict WHERE area_code = '{code}' AND period = {period} AND commitment_id = 'c'",
    )
    return row


def classes(values, **commitment):
    return verdict(judge(values, [LEVEL | commitment]))["class"]


# Worked example of the method (base 88.40, target 92): value, path and class of three years, by hand.
@pytest.mark.parametrize(
    ("period", "per_10000", "path", "ratio", "expected"),
    [
        (2021, 8889, Fraction(8912, 100), Fraction(49, 72), "slightly_behind"),
        (2022, 9010, Fraction(8984, 100), Fraction(170, 144), "on_schedule"),
        (2023, 9047, Fraction(9056, 100), Fraction(207, 216), "on_schedule"),
    ],
)
def test_worked_example(period, per_10000, path, ratio, expected):
    connection = judge(
        [value(2020, 8840, 10_000), value(period, per_10000, 10_000)],
        [LEVEL | {"reported_period": period}],
    )
    row = verdict(connection, period)
    assert Fraction(int(row["path_num"]), int(row["path_den"])) == path
    assert Fraction(int(row["rho_num"]), int(row["rho_den"])) == ratio
    assert row["class"] == expected


@pytest.mark.parametrize(
    ("base", "now", "target", "expected"),
    [
        # small distance: base 97.60, target 98: path 2023 is 97.84
        (9760, 9765, 98, "slightly_behind"),  # 0.19 under the path
        (9760, 9774, 98, "on_schedule"),  # exactly 0.10 under
        (9760, 9773, 98, "slightly_behind"),  # 0.11 under
        (9800 - 60, 9726, 98, "falling_back"),  # 0.14 under the base
        # small distance, base 97.10: path 2023 is 97.64
        (9710, 9714, 98, "slightly_behind"),  # exactly 0.50 under the path
        (9710, 9713, 98, "behind"),  # 0.51 under
        (9710, 9705, 98, "behind"),  # 0.05 under the base is not yet falling back
        (9700, 9760, 98, "on_schedule"),  # a distance of exactly one point is not small: path 97.60
        (9700, 9757, 98, "on_schedule"),  # ratio 0.95, not 0.03 points
        (9700, 9750, 98, "slightly_behind"),  # 0.10 under the path, ratio 0.83
        # hold rule: base at or above the target
        (9586, 9499, 95, "falling_back"),
        (9501, 9499, 95, "falling_back"),  # only 0.02 under its base, yet under the target it held
        (9586, 9500, 95, "achieved_early"),
        (9500, 9500, 95, "achieved_early"),
        # large distance: base 80, target 90, path 2023 is 86
        (8000, 8570, 90, "on_schedule"),  # ratio 0.95
        (8000, 8569, 90, "slightly_behind"),
        (8000, 8360, 90, "slightly_behind"),  # ratio 0.60
        (8000, 8359, 90, "behind"),
        (8000, 8000, 90, "behind"),
        (8000, 7995, 90, "behind"),  # 0.05 under the base is not yet falling back
        (8000, 7994, 90, "falling_back"),
    ],
)
def test_cuts(base, now, target, expected):
    values = [value(2020, base, 10_000), value(2023, now, 10_000)]
    assert classes(values, target_micro=target * 1_000_000) == expected


HAIR = 10_000_000  # denominator: the smallest difference is a hundred-thousandth of a point


@pytest.mark.parametrize(
    ("base", "now", "target", "expected"),
    [
        (8_000_000, 8_569_999, 90, "slightly_behind"),  # a hair under ratio 0.95
        (8_000_000, 8_359_999, 90, "behind"),  # under 0.60
        (8_000_000, 7_995_000, 90, "behind"),  # 0.05 under the base
        (8_000_000, 7_994_999, 90, "falling_back"),
        (8_000_000, 8_999_999, 90, "on_schedule"),  # under the target
        (9_760_000, 9_774_000, 98, "on_schedule"),  # 0.10 under the path of a small distance
        (9_760_000, 9_773_999, 98, "slightly_behind"),
        (9_710_000, 9_713_999, 98, "behind"),  # a hair more than 0.50 under it
        (9_500_000, 9_499_999, 95, "falling_back"),  # the base is the target: held, then lost by a hair
        (9_499_999, 9_499_999, 95, "on_schedule"),  # a hair short in both years: far less than 0.10 under the path
    ],
)
def test_cuts_by_a_hair(base, now, target, expected):
    values = [value(2020, base, HAIR), value(2023, now, HAIR)]
    assert classes(values, target_micro=target * 1_000_000) == expected


def test_the_base_year_itself_is_not_judged():
    row = verdict(judge([value(2020, 95, 100)], [LEVEL | {"reported_period": 2020}]), 2020)
    assert (row["class"], row["reason"]) == ("no_judgement", "base_year")


def test_97_996_is_not_98():
    """24,499 of 25,000 prints as 98.00 and fails 98."""
    values = [value(2020, 97, 100), value(2023, 24_499, 25_000)]
    row = verdict(judge(values, [LEVEL | {"target_micro": 98_000_000, "due_period": 2023}]))
    assert row["class"] == "missed"
    assert row["gap_persons"] == 1
    assert classes([value(2020, 97, 100), value(2023, 24_500, 25_000)], target_micro=98_000_000, due_period=2023) == (
        "achieved"
    )


def test_due_year_needs_final_data():
    """80 -> 90 by 2023, preliminary 89: nine tenths of the way, not yet "missed"."""
    values = [value(2020, 80, 100), value(2023, 89, 100, maturity="preliminary")]
    row = verdict(judge(values, [LEVEL | {"due_period": 2023, "target_micro": 90_000_000}]))
    assert row["class"] == "slightly_behind"
    assert row["flag_preliminary"]
    met = [value(2020, 80, 100), value(2023, 93, 100, maturity="preliminary")]
    assert classes(met, due_period=2023) == "on_schedule"
    held = [value(2020, 93, 100), value(2023, 93, 100, maturity="preliminary")]
    assert classes(held, due_period=2023) == "on_schedule"
    small = [value(2020, 9150, 10_000), value(2023, 9200, 10_000, maturity="preliminary")]
    assert classes(small, due_period=2023) == "on_schedule"


def test_after_the_due_year_the_target_still_decides():
    late = [value(2020, 80, 100), value(2022, 91, 100), value(2023, 92, 100)]
    assert classes(late, due_period=2022) == "achieved"
    assert classes([*late[:2], value(2023, 91, 100)], due_period=2022) == "missed"


def test_falling_back_and_held_in_the_due_year_is_missed():
    """Due year and final data go before falling back: under the base, and under a target that the base met."""
    assert classes([value(2020, 80, 100), value(2023, 70, 100)], due_period=2023) == "missed"
    assert classes([value(2020, 93, 100), value(2023, 91, 100)], due_period=2023) == "missed"
    assert classes([value(2020, 93, 100), value(2023, 91, 100, maturity="preliminary")], due_period=2023) == "falling_back"


def test_a_fall_followed_by_a_rise_is_judged_by_where_it_stands():
    """80 to 90 by 2025: 76 in 2021 was falling back; 86 in 2023 is on the path again."""
    points = [value(2020, 80, 100), value(2021, 76, 100), value(2022, 80, 100), value(2023, 86, 100)]
    connection = judge(points, [LEVEL | {"target_micro": 90_000_000}])
    found = rows(connection, "SELECT period, class FROM progress.verdict WHERE period > 2020 ORDER BY period")
    assert [r["class"] for r in found] == ["falling_back", "behind", "on_schedule"]


def test_falling_target_is_mirrored():
    """Direction down: 12 -> 10 by 2025, path 2023 is 10.8."""
    down = {"direction_sign": -1, "target_micro": 10_000_000}
    assert classes([value(2020, 12, 100), value(2023, 10, 100)], **down) == "achieved_early"
    assert classes([value(2020, 1200, 10_000), value(2023, 1080, 10_000)], **down) == "on_schedule"
    assert classes([value(2020, 1200, 10_000), value(2023, 1129, 10_000)], **down) == "behind"
    assert classes([value(2020, 1200, 10_000), value(2023, 1206, 10_000)], **down) == "falling_back"
    assert classes([value(2020, 1200, 10_000), value(2023, 1205, 10_000)], **down) == "behind"  # 0.05 over the base
    assert classes([value(2020, 1200, 10_000), value(2023, 1086, 10_000)], **down) == "on_schedule"  # ratio 0.95
    assert classes([value(2020, 1200, 10_000), value(2023, 1087, 10_000)], **down) == "slightly_behind"
    assert classes([value(2020, 1200, 10_000), value(2023, 1128, 10_000)], **down) == "slightly_behind"  # ratio 0.60
    # small distance: 10.40 to 10, path 2023 is 10.16
    assert classes([value(2020, 1040, 10_000), value(2023, 1026, 10_000)], **down) == "on_schedule"
    assert classes([value(2020, 1040, 10_000), value(2023, 1027, 10_000)], **down) == "slightly_behind"
    # held: the base is at the target
    assert classes([value(2020, 1000, 10_000), value(2023, 1000, 10_000)], **down) == "achieved_early"
    assert classes([value(2020, 1000, 10_000), value(2023, 1001, 10_000)], **down) == "falling_back"
    for now, expected in ((1000, "achieved"), (1001, "missed")):
        assert classes([value(2020, 1200, 10_000), value(2023, now, 10_000)], due_period=2023, **down) == expected


def test_target_zero():
    down = {"direction_sign": -1, "target_micro": 0}
    assert classes([value(2020, 5, 100), value(2023, 0, 100)], **down) == "achieved_early"
    assert classes([value(2020, 5, 100), value(2023, 2, 100)], **down) == "on_schedule"
    assert classes([value(2020, 0, 100), value(2023, 0, 100)], **down) == "achieved_early"  # held at nothing
    assert classes([value(2020, 0, 100), value(2023, 1, 10_000)], **down) == "falling_back"
    assert classes([value(2020, 5, 100), value(2023, 0, 100)], due_period=2023, **down) == "achieved"
    assert classes([value(2020, 0, 100), value(2023, 0, 100)], target_micro=0) == "achieved_early"  # and upwards


def test_grey_reasons():
    assert verdict(judge([value(2023, 90, 100)]))["reason"] == "no_base"
    assert verdict(judge([value(2020, 90, 100)]))["reason"] == "no_value"
    broken = judge([value(2020, 90, 100), value(2023, 91, 100, basis="other")])
    assert verdict(broken)["reason"] == "basis_break"
    in_due_year = judge([value(2020, 90, 100), value(2023, 93, 100, basis="other")], [LEVEL | {"due_period": 2023}])
    assert (verdict(in_due_year)["class"], verdict(in_due_year)["reason"]) == ("no_judgement", "basis_break")
    small = judge(
        [value(2020, 400, 499, area_code="990101"), value(2023, 480, 499, area_code="990101")],
        areas=[area("990101")],
    )
    assert verdict(small, code="990101")["reason"] == "small_denominator"
    exact = judge(
        [value(2020, 400, 500, area_code="990101"), value(2023, 480, 500, area_code="990101")],
        areas=[area("990101")],
    )
    assert verdict(exact, code="990101")["class"] == "achieved_early"
    unassessed = judge(
        [value(2020, 400, 600, area_code="990101"), value(2023, 480, 600, area_code="990101")],
        areas=[area("990101", assessed=False)],
    )
    assert verdict(unassessed, code="990101")["reason"] == "not_assessed"
    for connection in (broken, small, unassessed):
        assert rows(connection, "SELECT COUNT(*) AS n FROM progress.verdict WHERE reason IS NOT NULL AND class <> 'no_judgement'") == [
            {"n": 0}
        ]


def test_every_current_unit_has_a_row_even_without_a_return():
    connection = judge([value(2020, 90, 100), value(2023, 91, 100)], areas=[area("990101"), area("990102", order=2)])
    missing = rows(connection, "SELECT area_code, class, reason FROM progress.verdict WHERE NOT is_total ORDER BY 1")
    assert missing == [
        {"area_code": "990101", "class": "no_judgement", "reason": "no_value"},
        {"area_code": "990102", "class": "no_judgement", "reason": "no_value"},
    ]


def test_certified_value_decides_and_gap_uses_the_computed_denominator():
    """Certified 97.65 against 98; the computed pair is 9,900 of 10,000: 0.35 points of 10,000 are 35 pupils."""
    connection = judge(
        [value(2020, 97_600_000, None), value(2023, 97_650_000, None), value(2023, 9_900, 10_000)],
        [LEVEL | {"target_micro": 98_000_000}],
    )
    row = verdict(connection)
    assert (row["value_source"], row["gap_persons"], row["class"]) == ("certified", 35, "slightly_behind")


def test_flags():
    driven = verdict(judge([value(2020, 900, 1000), value(2023, 800, 850)]))
    assert driven["flag_denominator_driven"] and driven["class"] == "achieved_early"
    grown = verdict(judge([value(2020, 900, 1000), value(2023, 990, 1050)]))
    assert not grown["flag_denominator_driven"]
    fell = verdict(judge([value(2020, 90, 100), value(2022, 95, 100), value(2023, 94, 100)]))
    assert fell["flag_met_but_fell"] and fell["class"] == "achieved_early"
    # met, and exactly 0.1 point less than last year: not yet "fell"; a hair more is; under the target it is no flag
    for now, flagged in ((9_490_000, False), (9_489_999, True), (9_100_000, False)):
        row = verdict(judge([value(2020, 90, 100), value(2022, 95, 100), value(2023, now, HAIR)]))
        assert row["flag_met_but_fell"] is flagged
    # the same rate of fewer, the same number of fewer, a number that fell while the rate did, more of fewer: not driven
    for num, den in ((810, 900), (900, 950), (700, 800), (910, 950)):
        assert not verdict(judge([value(2020, 900, 1000), value(2023, num, den)]))["flag_denominator_driven"]


def test_projection_is_the_mean_of_three_changes():
    """80, 82, 83, 86: mean 2 points a year, projected 2025 = 90: the target 90 is reached exactly."""
    values = [value(2020 + n, v, 100) for n, v in enumerate((80, 82, 83, 86))]
    row = verdict(judge(values, [LEVEL | {"target_micro": 90_000_000}]))
    assert Fraction(int(row["projected_num"]), int(row["projected_den"])) == 90
    assert row["projection"] == "reachable"
    assert Fraction(int(row["needed_pace_num"]), int(row["needed_pace_den"])) == 2
    low = judge(values, [LEVEL | {"target_micro": 90_000_001}])
    assert verdict(low)["projection"] == "unreachable"


def reference(base: Fraction, now: Fraction, target: Fraction, sign: int) -> str:
    """Section 2 and 3 of the method, in fractions, for base 2020, due 2025, judged in 2023, final data."""
    if sign * (now - target) >= 0:
        return "achieved_early"
    hold = sign * (base - target) >= 0
    if hold or sign * (now - base) < -Fraction(5, 100):
        return "falling_back"
    path = base + (target - base) * Fraction(3, 5)
    if abs(target - base) < 1:
        distance = sign * (now - path)
        if distance >= -Fraction(10, 100):
            return "on_schedule"
        return "slightly_behind" if distance >= -Fraction(50, 100) else "behind"
    ratio = (now - base) / (path - base)
    if ratio >= Fraction(95, 100):
        return "on_schedule"
    return "slightly_behind" if ratio >= Fraction(60, 100) else "behind"


pair = st.tuples(st.integers(0, 60_000), st.integers(500, 50_000))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cases=st.lists(st.tuples(pair, pair), min_size=1, max_size=40),
    near=st.lists(st.tuples(st.integers(-120, 120), st.integers(-120, 120)), max_size=20),
    target=st.integers(0, 12_000),
    sign=st.sampled_from([1, -1]),
)
def test_random_cases_agree_with_exact_fractions(cases, near, target, sign):
    """Each case is a unit of its own; ``near`` adds cases within 1.2 points of the target."""
    cases = cases + [
        ((max(target + b, 0), 10_000), (max(target + n, 0), 10_000)) for b, n in near
    ]
    units = [area(f"{910_000 + n}", order=n) for n in range(len(cases))]
    values = []
    for unit, (base, now) in zip(units, cases, strict=True):
        values.append(value(2020, *base, area_code=unit["area_code"]))
        values.append(value(2023, *now, area_code=unit["area_code"]))
    connection = judge(
        values, [LEVEL | {"target_micro": target * 10_000, "direction_sign": sign}], areas=units
    )
    got = {
        r["area_code"]: r
        for r in rows(connection, "SELECT * FROM progress.verdict WHERE NOT is_total AND is_reported")
    }
    goal = Fraction(target, 100)
    for unit, (base, now) in zip(units, cases, strict=True):
        row = got[unit["area_code"]]
        x = Fraction(100 * now[0], now[1])
        assert row["class"] == reference(Fraction(100 * base[0], base[1]), x, goal, sign)
        short = sign * (goal * now[1] / 100 - now[0])
        assert row["gap_persons"] == max(0, -(-short.numerator // short.denominator))
        assert Fraction(int(row["gap_num"]), int(row["gap_den"])) == goal - x


def test_a_series_that_is_certified_does_not_begin_with_computed_years():
    """Computed 2018-2023, certified from 2020: the years before 2020 are left out, a missing certified 2023 is not."""
    commitment = LEVEL | {"target_micro": 98_000_000}
    computed = [value(year, 97, 100, basis="computed") for year in range(2018, 2024)]
    certified = [value(year, 97_000_000, None, basis="certified") for year in range(2020, 2023)]
    got = rows(
        judge([*computed, *certified], [commitment]),
        "SELECT period, value_source, reason FROM progress.verdict ORDER BY period",
    )
    assert [(r["period"], r["value_source"]) for r in got] == [
        (2020, "certified"),
        (2021, "certified"),
        (2022, "certified"),
        (2023, "computed"),
    ]
    assert got[-1]["reason"] == "basis_break"


def test_certified_shortage_is_mirrored_for_a_falling_target():
    """Certified 12.5 against at most 10, of 2,000 pupils: 2.5 points of 2,000 are 50 too many."""
    commitment = LEVEL | {"direction_sign": -1, "target_micro": 10_000_000}
    connection = judge(
        [value(2020, 14_000_000, None), value(2023, 12_500_000, None), value(2023, 250, 2_000)], [commitment]
    )
    row = verdict(connection)
    assert (row["value_source"], row["gap_persons"], row["surplus_persons"]) == ("certified", 50, 0)


def test_years_up_to_the_base_carry_no_class():
    connection = judge([value(2018, 80, 100), value(2020, 84, 100), value(2023, 91, 100)])
    got = rows(connection, "SELECT period, class, reason FROM progress.verdict ORDER BY period")
    assert got[:2] == [
        {"period": 2018, "class": None, "reason": None},
        {"period": 2020, "class": None, "reason": None},
    ]


def test_units_on_mixed_population_bases_are_not_judged():
    mixed = judge([value(2020, 84, 100), value(2023, 91, 100, basis="混合口径")])
    assert verdict(mixed)["reason"] == "basis_break"
    always = judge([value(2020, 84, 100, basis="混合口径"), value(2023, 91, 100, basis="混合口径")])
    assert (verdict(always)["class"], verdict(always)["reason"]) == ("no_judgement", "basis_break")


def test_no_projection_at_or_after_the_due_year():
    values = [value(2020 + n, 80 + n, 100) for n in range(4)]
    assert rows(judge(values, [LEVEL | {"due_period": 2023}]), "SELECT * FROM progress.projection WHERE period = 2023") == []


def test_a_part_known_beside_the_whole_does_not_count_as_a_commitment():
    """The countryside, certified beside the city, is shown; the commitment has one class, that of the city."""
    values = [
        value(2020, 8_800, 10_000),
        value(2023, 9_300, 10_000),
        value(2020, 80_000_000, None, segment="rural"),
        value(2023, 81_000_000, None, segment="rural"),
    ]
    found = rows(judge(values), "SELECT commitment_id, class, units_behind FROM progress.summary")
    assert found == [{"commitment_id": "c", "class": "achieved_early", "units_behind": 0}]
