"""Decomposition and contributions against the worked examples of the method."""

from __future__ import annotations

from fractions import Fraction

from tests.progress.test_kinds import promise
from tests.support.engine import CITY, area, judge, rows, value


def test_worked_decomposition_has_no_residual():
    """100,800/114,000 -> 78,400/84,800: +4.03 points = -23.03 (fewer enrolled) + 27.06 (fewer children)."""
    connection = judge([value(2020, 100_800, 114_000), value(2023, 78_400, 84_800)])
    (row,) = rows(connection, "SELECT * FROM progress.decomposition WHERE from_period = 2020")
    change, numerator, denominator = (
        Fraction(int(row[f"{name}_num"]), int(row[f"{name}_den"]))
        for name in ("change", "numerator_effect", "denominator_effect")
    )
    assert numerator + denominator == change
    assert [round(float(x), 2) for x in (change, numerator, denominator)] == [4.03, -23.03, 27.06]


def test_worked_contributions():
    """Five counties, target 92, city 92.45 %: achieved, net surplus 384; three counties miss 660 + 468 + 272."""
    gaps = {"990101": 660, "990102": 468, "990103": 272, "990104": -1580, "990105": -204}
    values = [value(2020, 88, 100), value(2023, 78_400, 84_800)]
    children = 16_960  # each county's D; five of them make the city's 84,800; 92 % of it is 15,603.2
    total_missing = 0
    for n, (code, gap) in enumerate(gaps.items()):
        values.append(value(2020, 14_925, children, area_code=code))
        denominator = 20_000 if n < 4 else 4_800
        values.append(value(2023, denominator * 92 // 100 - gap, denominator, area_code=code))
        total_missing += max(gap, 0)
    connection = judge(values, areas=[area(code, order=n) for n, code in enumerate(gaps)])
    got = rows(connection, "SELECT * FROM progress.contribution ORDER BY area_code")
    assert {r["area_code"]: r["gap_persons"] for r in got} == gaps
    assert [Fraction(r["share_num"], r["share_den"]) for r in got[:3]] == [
        Fraction(660, 1400),
        Fraction(468, 1400),
        Fraction(272, 1400),
    ]
    (summary,) = rows(connection, "SELECT * FROM progress.summary")
    assert summary["class"] == "achieved_early" and summary["achieved_but_uneven"]
    assert (summary["gross_shortfall"], summary["net_gap"], summary["counties_short"]) == (1400, -384, 3)


def test_no_decomposition_across_a_break():
    connection = judge([value(2020, 90, 100, basis="old"), value(2022, 92, 100), value(2023, 93, 100)])
    assert rows(connection, "SELECT from_period FROM progress.decomposition") == [{"from_period": 2022}]


def test_units_that_are_not_assessed_have_no_share_of_the_gap():
    """An unassessed unit short of 40 children appears in neither the contributions nor the shortfall."""
    values = [value(2020, 88, 100), value(2023, 90, 100)]
    for code, missing in (("990101", 20), ("990102", 40)):
        values += [value(2020, 850, 1000, area_code=code), value(2023, 920 - missing, 1000, area_code=code)]
    connection = judge(values, areas=[area("990101"), area("990102", assessed=False, order=2)])
    assert rows(connection, "SELECT area_code, share_num, share_den FROM progress.contribution") == [
        {"area_code": "990101", "share_num": 20, "share_den": 20}
    ]
    assert rows(connection, "SELECT gross_shortfall FROM progress.summary") == [{"gross_shortfall": 20}]


def test_shown_but_not_assessed_counties_have_no_contributions():
    from tests.support.engine import LEVEL

    values = [value(2020, 88, 100), value(2023, 90, 100), value(2023, 800, 1000, area_code="990101")]
    connection = judge(values, [LEVEL | {"counties": "shown"}], areas=[area("990101")])
    assert rows(connection, "SELECT * FROM progress.contribution") == []


def test_a_share_that_complies_with_a_ceiling_is_better_the_higher_it_is():
    """Homework of 60 minutes at most: 8 of 10 schools comply, then 9 of 12. One school more complies, a smaller share does."""
    own = promise("ceiling", direction_sign=-1, operator="<=", value_is="share_complying", counties="assessed")
    counts = ((2022, 8, 10), (2023, 9, 12))
    values = [value(*year, area_code=code) for year in counts for code in (CITY, "990101")]
    connection = judge(values, [own], areas=[area("990101")])
    (row,) = rows(connection, "SELECT * FROM progress.contribution")
    assert (row["gap_persons"], Fraction(int(row["exact_gap_num"]), int(row["exact_gap_den"]))) == (3, 3)
    driven = rows(connection, "SELECT area_code, denominator_driven FROM progress.decomposition ORDER BY area_code")
    assert {row["denominator_driven"] for row in driven} == {False} and len(driven) == 2
