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


def verdicts(cases):
    """{case: row of the whole area in its reported period}; a case (own keys, values) is a commitment on a variant of its
    own, so that one run of the SQL judges them all."""
    promises, values = [], []
    for name, (own, points) in cases.items():
        promises.append(LEVEL | own | {"id": name, "variant": name, "county_variant": name})
        values += [point | {"variant": name} for point in points]
    found = rows(judge(values, promises), f"SELECT * FROM progress.verdict WHERE area_code = '{CITY}' AND is_reported")
    got = {row["commitment_id"]: row for row in found}
    assert len(got) == len(found) and set(got) == set(cases)
    return got


def check(table, **common):
    """``table``: {case: (own keys, values, class)}."""
    got = verdicts({name: (common | own, points) for name, (own, points, _) in table.items()})
    assert {name: row["class"] for name, row in got.items()} == {name: case[2] for name, case in table.items()}


def change(base, now, of=10_000, **late):
    """The rate of the base year, 2020, and that of 2023."""
    return [value(2020, base, of), value(2023, now, of, **late)]


def test_worked_example():
    """The worked example of the method (base 88.40, target 92): value, path and class of three years, by hand."""
    example = {
        2021: (8889, Fraction(8912, 100), Fraction(49, 72), "slightly_behind"),
        2022: (9010, Fraction(8984, 100), Fraction(170, 144), "on_schedule"),
        2023: (9047, Fraction(9056, 100), Fraction(207, 216), "on_schedule"),
    }
    base = value(2020, 8840, 10_000)
    got = verdicts({str(y): ({"reported_period": y}, [base, value(y, per, 10_000)]) for y, (per, *_) in example.items()})
    for year, (_, path, ratio, expected) in example.items():
        row = got[str(year)]
        assert row["period"] == year
        assert Fraction(int(row["path_num"]), int(row["path_den"])) == path
        assert Fraction(int(row["rho_num"]), int(row["rho_den"])) == ratio
        assert row["class"] == expected


CUTS = [
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
]
HAIR = 10_000_000  # denominator: the smallest difference is a hundred-thousandth of a point
CUTS_BY_A_HAIR = [
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
]


@pytest.mark.parametrize(("cuts", "of"), [(CUTS, 10_000), (CUTS_BY_A_HAIR, HAIR)])
def test_cuts(cuts, of):
    """(base, value of 2023, target in per cent, class)."""
    check(
        {
            f"{base} {now} {target}": ({"target_micro": target * 1_000_000}, change(base, now, of), expected)
            for base, now, target, expected in cuts
        }
    )


def test_the_base_year_itself_is_not_judged():
    row = verdict(judge([value(2020, 95, 100)], [LEVEL | {"reported_period": 2020}]), 2020)
    assert (row["class"], row["reason"]) == ("no_judgement", "base_year")


def test_97_996_is_not_98():
    """24,499 of 25,000 prints as 98.00 and fails 98."""
    due = {"target_micro": 98_000_000, "due_period": 2023}
    base = value(2020, 97, 100)
    got = verdicts(
        {"short": (due, [base, value(2023, 24_499, 25_000)]), "there": (due, [base, value(2023, 24_500, 25_000)])}
    )
    assert (got["short"]["class"], got["short"]["gap_persons"]) == ("missed", 1)
    assert got["there"]["class"] == "achieved"


def test_due_year_needs_final_data():
    """80 -> 90 by 2023, preliminary 89: nine tenths of the way, not yet "missed"."""
    due, late = {"due_period": 2023}, {"maturity": "preliminary"}
    cases = {
        "short": (due | {"target_micro": 90_000_000}, change(80, 89, 100, **late)),
        "met": (due, change(80, 93, 100, **late)),
        "held": (due, change(93, 93, 100, **late)),
        "small": (due, change(9150, 9200, **late)),
    }
    got = verdicts(cases)
    assert got["short"]["flag_preliminary"]
    assert {name: row["class"] for name, row in got.items()} == {
        "short": "slightly_behind", "met": "on_schedule", "held": "on_schedule", "small": "on_schedule",
    }  # fmt: skip


def test_after_the_due_year_the_target_still_decides():
    late = [value(2020, 80, 100), value(2022, 91, 100)]
    check(
        {
            "reached_late": ({}, [*late, value(2023, 92, 100)], "achieved"),
            "still_short": ({}, [*late, value(2023, 91, 100)], "missed"),
        },
        due_period=2022,
    )


def test_falling_back_and_held_in_the_due_year_is_missed():
    """Due year and final data go before falling back: under the base, and under a target that the base met."""
    check(
        {
            "under_the_base": ({}, change(80, 70, 100), "missed"),
            "lost_the_target": ({}, change(93, 91, 100), "missed"),
            "preliminary": ({}, change(93, 91, 100, maturity="preliminary"), "falling_back"),
        },
        due_period=2023,
    )


def test_a_fall_followed_by_a_rise_is_judged_by_where_it_stands():
    """80 to 90 by 2025: 76 in 2021 was falling back; 86 in 2023 is on the path again."""
    points = [value(2020, 80, 100), value(2021, 76, 100), value(2022, 80, 100), value(2023, 86, 100)]
    connection = judge(points, [LEVEL | {"target_micro": 90_000_000}])
    found = rows(connection, "SELECT period, class FROM progress.verdict WHERE period > 2020 ORDER BY period")
    assert [r["class"] for r in found] == ["falling_back", "behind", "on_schedule"]


def test_falling_target_is_mirrored():
    """Direction down: 12 -> 10 by 2025, path 2023 is 10.8."""
    due = {"due_period": 2023}
    check(
        {
            "there": ({}, change(12, 10, 100), "achieved_early"),
            "on_the_path": ({}, change(1200, 1080), "on_schedule"),
            "behind": ({}, change(1200, 1129), "behind"),
            "over_the_base": ({}, change(1200, 1206), "falling_back"),
            "0_05_over_the_base": ({}, change(1200, 1205), "behind"),
            "at_0_95": ({}, change(1200, 1086), "on_schedule"),
            "under_0_95": ({}, change(1200, 1087), "slightly_behind"),
            "at_0_60": ({}, change(1200, 1128), "slightly_behind"),
            # small distance: 10.40 to 10, path 2023 is 10.16
            "small_at_0_10": ({}, change(1040, 1026), "on_schedule"),
            "small_over_0_10": ({}, change(1040, 1027), "slightly_behind"),
            # held: the base is at the target
            "held": ({}, change(1000, 1000), "achieved_early"),
            "lost": ({}, change(1000, 1001), "falling_back"),
            "due_there": (due, change(1200, 1000), "achieved"),
            "due_short": (due, change(1200, 1001), "missed"),
        },
        direction_sign=-1,
        target_micro=10_000_000,
    )


def test_target_zero():
    down = {"direction_sign": -1}
    check(
        {
            "there": (down, change(5, 0, 100), "achieved_early"),
            "on_the_path": (down, change(5, 2, 100), "on_schedule"),
            "held_at_nothing": (down, change(0, 0, 100), "achieved_early"),
            "lost": (down, [value(2020, 0, 100), value(2023, 1, 10_000)], "falling_back"),
            "due": (down | {"due_period": 2023}, change(5, 0, 100), "achieved"),
            "upwards": ({}, change(0, 0, 100), "achieved_early"),
        },
        target_micro=0,
    )


def test_grey_reasons():
    broken = [value(2020, 90, 100), value(2023, 91, 100, basis="other")]
    got = verdicts(
        {
            "no_base": ({}, [value(2023, 90, 100)]),
            "no_value": ({}, [value(2020, 90, 100)]),
            "basis_break": ({}, broken),
            "due": ({"due_period": 2023}, [broken[0], value(2023, 93, 100, basis="other")]),
        }
    )
    assert {name: (row["class"], row["reason"]) for name, row in got.items()} == {
        "no_base": ("no_judgement", "no_base"),
        "no_value": ("no_judgement", "no_value"),
        "basis_break": ("no_judgement", "basis_break"),
        "due": ("no_judgement", "basis_break"),
    }
    units = {"990101": 499, "990102": 500, "990103": 600}
    values = [value(y, n, of, area_code=code) for code, of in units.items() for y, n in ((2020, 400), (2023, 480))]
    areas = [area("990101"), area("990102", order=2), area("990103", order=3, assessed=False)]
    connection = judge(values, areas=areas)
    assert {code: (row["class"], row["reason"]) for code in units for row in [verdict(connection, code=code)]} == {
        "990101": ("no_judgement", "small_denominator"),
        "990102": ("achieved_early", None),
        "990103": ("no_judgement", "not_assessed"),
    }


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
    got = verdicts(
        {
            "driven": ({}, [value(2020, 900, 1000), value(2023, 800, 850)]),
            "grown": ({}, [value(2020, 900, 1000), value(2023, 990, 1050)]),
            "fell": ({}, [value(2020, 90, 100), value(2022, 95, 100), value(2023, 94, 100)]),
            # met, and exactly 0.1 point less than last year: not yet "fell"; a hair more is; under the target it is no flag
            **{
                str(now): ({}, [value(2020, 90, 100), value(2022, 95, 100), value(2023, now, HAIR)])
                for now in (9_490_000, 9_489_999, 9_100_000)
            },
            # the same rate of fewer, the same number of fewer, a number that fell while the rate did, more of fewer: not driven
            **{
                f"{num}/{den}": ({}, [value(2020, 900, 1000), value(2023, num, den)])
                for num, den in ((810, 900), (900, 950), (700, 800), (910, 950))
            },
        }
    )
    assert {name for name, row in got.items() if row["flag_denominator_driven"]} == {"driven"}
    assert {name for name, row in got.items() if row["flag_met_but_fell"]} == {"fell", "9489999"}
    assert got["driven"]["class"] == got["fell"]["class"] == "achieved_early"
    assert {type(row[flag]) for row in got.values() for flag in ("flag_denominator_driven", "flag_met_but_fell")} == {bool}


def test_projection_is_the_mean_of_three_changes():
    """80, 82, 83, 86: mean 2 points a year, projected 2025 = 90: the target 90 is reached exactly."""
    points = [value(2020 + n, v, 100) for n, v in enumerate((80, 82, 83, 86))]
    got = verdicts({"exact": ({"target_micro": 90_000_000}, points), "a_hair_more": ({"target_micro": 90_000_001}, points)})
    row = got["exact"]
    assert Fraction(int(row["projected_num"]), int(row["projected_den"])) == 90
    assert row["projection"] == "reachable"
    assert Fraction(int(row["needed_pace_num"]), int(row["needed_pace_den"])) == 2
    assert got["a_hair_more"]["projection"] == "unreachable"


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


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cases=st.lists(st.tuples(pair, pair), min_size=1, max_size=40),
    near=st.lists(st.tuples(st.integers(-120, 120), st.integers(-120, 120)), max_size=20),
    asked=st.lists(st.tuples(st.integers(0, 12_000), st.sampled_from([1, -1])), min_size=4, max_size=4),
)
def test_random_cases_agree_with_exact_fractions(cases, near, asked):
    """Each case is a unit of its own, held against four targets; ``near`` adds cases within 1.2 points of one of them."""
    targets = [target for target, _ in asked]
    cases = cases + [
        ((max(targets[n % 4] + b, 0), 10_000), (max(targets[n % 4] + now, 0), 10_000)) for n, (b, now) in enumerate(near)
    ]
    units = [area(f"{910_000 + n}", order=n) for n in range(len(cases))]
    values = []
    for unit, (base, now) in zip(units, cases, strict=True):
        values.append(value(2020, *base, area_code=unit["area_code"]))
        values.append(value(2023, *now, area_code=unit["area_code"]))
    promises = [
        LEVEL | {"id": str(n), "target_micro": target * 10_000, "direction_sign": sign} for n, (target, sign) in enumerate(asked)
    ]
    found = rows(judge(values, promises, areas=units), "SELECT * FROM progress.verdict WHERE NOT is_total AND is_reported")
    got = {(r["commitment_id"], r["area_code"]): r for r in found}
    assert len(found) == len(got) == len(cases) * len(asked)
    for n, (target, sign) in enumerate(asked):
        goal = Fraction(target, 100)
        for unit, (base, now) in zip(units, cases, strict=True):
            row = got[str(n), unit["area_code"]]
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


def test_nothing_is_compared_across_a_break_in_basis():
    """Base 2020 on one basis, 2021 to 2023 on another: no base value, path, ratio or distance in any of these years; with the year
    before on their own basis, with the target, and against an unbroken base as ever."""
    across = ("base_num", "base_den", "path_num", "path_den", "rho_num", "rho_den", "distance_num", "distance_den")
    start = value(2020, 84, 100)
    after = [value(year, 85 + year - 2021, 100, basis="other") for year in (2021, 2022, 2023)]
    mixed = [point | {"basis": "混合口径"} for point in (start, after[-1])]
    for target, values in ((92, [start, *after]), (80, [start, *after]), (92, mixed)):
        connection = judge(values, [LEVEL | {"target_micro": target * 1_000_000}])
        got = rows(connection, "SELECT * FROM progress.verdict WHERE period > 2020")
        assert {row[name] for row in got for name in across} == {None}
        assert {(row["class"], row["reason"]) for row in got} == {("no_judgement", "basis_break")}
        assert all(Fraction(int(row["gap_num"]), int(row["gap_den"])) == target - row["numerator"] for row in got)
    found = rows(judge([start, *after]), "SELECT period, previous_num FROM progress.verdict")
    assert {row["period"] for row in found if row["previous_num"] is not None} == {2022, 2023}
    whole = verdict(judge([start, value(2023, 91, 100)]))
    assert all(whole[name] is not None for name in across)


def test_units_on_mixed_population_bases_are_not_judged():
    mixed = value(2023, 91, 100, basis="混合口径")
    got = verdicts({"now": ({}, [value(2020, 84, 100), mixed]), "always": ({}, [mixed | {"period": 2020}, mixed])})
    assert {(row["class"], row["reason"]) for row in got.values()} == {("no_judgement", "basis_break")}


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
