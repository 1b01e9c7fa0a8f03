"""Advice with its trigger and what blocks it; the change since last year's edition with its cause."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import partial

import pytest

from tests.progress.test_kinds import promise
from tests.support.engine import CITY, LEVEL, NEVER, area, judge, rows, value

judged = partial(judge, analysis=True)
UNIT = "990101"


def earlier(code, then, now=None, segment="all", period=2022):
    """What last year's edition said of a county, and what it says on the figures of today."""
    return {"commitment_id": "c", "area_code": code, "segment": segment, "period": period} | {
        "class": then, "reason": None, "value_num": 1, "value_den": 1, "restated_class": now or then,
        "restated_reason": None, "restated_num": 1, "restated_den": 1,
        "edition": 2022, "cause": "restatement" if now not in (None, then) else None,
    }  # fmt: skip


def counties(cases, base=8840):
    """Values, areas and earlier rows: one county for each (value of 2023 in hundredths of a point, class of 2022)."""
    values, areas, before = [value(2020, base, 10_000), value(2023, 9200, 10_000)], [], []
    for n, (now, then) in enumerate(cases):
        code = str(990_101 + n)
        areas.append(area(code, order=n + 1))
        values.append(value(2020, base, 10_000, area_code=code))
        if now is not None:
            values.append(value(2023, now, 10_000, area_code=code))
        if then is not None:
            before.append(earlier(code, then))
    return values, areas, before


def advice(values, areas, beside=None, own=LEVEL):
    got = rows(judged(values, [own], areas, beside=beside), "SELECT * FROM progress.advice ORDER BY area_code")
    return {r["area_code"]: r for r in got}


def each(cases, areas=(area(UNIT),)):
    """{case: its row of progress.advice of UNIT, or None}; a case (own keys, values[, earlier rows]) is a commitment on a
    variant of its own, so that one run of the SQL advises on them all."""
    promises, values, before = [], [], []
    for name, (own, points, *earlier_rows) in cases.items():
        promises.append(own | {"id": name, "variant": name, "county_variant": own["county_variant"] and name})
        values += [point | {"variant": name} for point in points]
        before += [row | {"commitment_id": name} for rows_of_case in earlier_rows for row in rows_of_case]
    connection = judged(values, promises, areas, beside={"raw.earlier_verdict": before})
    got = {r["commitment_id"]: r for r in rows(connection, f"SELECT * FROM progress.advice WHERE area_code = '{UNIT}'")}
    return {name: got.get(name) for name in cases}


# Path of 2023 from 88.40 to 92: 90.56. Green from 90.452, yellow from 89.696, orange down to 88.35, then red.
LADDER = [
    ((9060, "behind"), None),  # green now
    ((9000, "on_schedule"), ("early_warning", "yellow_once", 2023)),
    ((9000, None), ("early_warning", "yellow_once", 2023)),  # not judged last year
    ((9000, "within_error"), ("early_warning", "yellow_once", 2023)),  # shown in yellow, nothing was open
    ((9000, "slightly_behind"), ("circular", "yellow_twice", 2022)),
    ((9000, "falling_back"), ("circular", "yellow_twice", 2022)),
    ((8950, "on_schedule"), ("circular", "orange_once", 2023)),
    ((8950, "slightly_behind"), ("circular", "orange_once", 2023)),
    ((8950, "behind"), ("interview", "orange_twice", 2022)),
    ((8950, "missed"), ("interview", "orange_twice", 2022)),
    ((8800, "on_schedule"), ("interview", "red_once", 2023)),
    ((8800, "behind"), ("interview", "red_once", 2023)),
    ((8800, "falling_back"), ("accountability", "red_twice", 2022)),
    ((None, "on_schedule"), ("early_warning", "nothing_reported", 2023)),
    ((9200, "on_schedule"), None),  # achieved early, but others are short
]


def test_the_ladder():
    values, areas, before = counties([case for case, _ in LADDER])
    got = advice(values, areas, {"raw.earlier_verdict": before})
    found = [got.get(a["area_code"]) for a in areas]
    assert [r and (r["step"], r["trigger_code"], r["trigger_from"]) for r in found] == [w for _, w in LADDER]
    assert all(r["advised"] and r["trigger_to"] == 2023 for r in found if r)
    yellow = found[4]
    assert (yellow["class"], yellow["previous_class"]) == ("slightly_behind", "slightly_behind")
    assert Fraction(int(yellow["value_num"]), int(yellow["value_den"])) == 90 and yellow["gap_persons"] == 200


def test_last_year_counts_as_it_stands_on_the_figures_of_today():
    values, areas, _ = counties([(9000, None)])
    corrected = [earlier(UNIT, "on_schedule", "slightly_behind")]
    assert advice(values, areas, {"raw.earlier_verdict": corrected})[UNIT]["trigger_code"] == "yellow_twice"


def test_support_where_all_are_there_early():
    values, areas, _ = counties([(9200, None), (9300, None)])
    assert {r["step"] for r in advice(values, areas).values()} == {"support"}


def test_missed_when_due_and_never_decrease():
    values, areas, _ = counties([(9150, None)])
    due = advice(values, areas, own=LEVEL | {"due_period": 2023})[UNIT]
    assert (due["step"], due["trigger_code"], due["class"]) == ("accountability", "missed_when_due", "missed")
    own = NEVER | {"variant": "computed", "series": "budget_levels"}
    kind = {"indicator_id": "per_pupil_spending", "period_kind": "fiscal_year", "variant": "computed", "value_den": 1}
    money = [value(2022 + n, 1, 900, area_code=code, value_num=9 - n, **kind) for n in (0, 1) for code in (UNIT, "990009")]
    units = [area(UNIT), area("990009", "市本级", 2)]
    got = advice(money, units, own=own)
    # the budget of the city itself is no county
    assert {code: (r["step"], r["trigger_code"]) for code, r in got.items()} == {UNIT: ("interview", "never_decrease_broken")}


def test_advice_on_a_fall_waits_for_the_year_before_and_not_for_the_base():
    """5 in 2020, 9 in 2022, 8 in 2023, to stand above 2020: it fell from 9 to 8 whatever 2020 will be."""
    expected = {(2023, 2020): True, (None, 2020): True, (2023, 2022): None, (2023, None): True}
    kind = {"indicator_id": "per_pupil_spending", "period_kind": "fiscal_year", "area_code": UNIT}
    cases = {
        f"{rise_by} {late}": (
            NEVER | {"series": "budget_levels", "rise_by": rise_by},
            [
                value(year, amount, None, maturity="preliminary" if year == late else "final", **kind)
                for year, amount in ((2020, 5), (2022, 9), (2023, 8))
            ],
        )
        for rise_by, late in expected
    }
    got = each(cases)
    assert {name: row and row["advised"] for name, row in got.items()} == {f"{r} {late}": v for (r, late), v in expected.items()}
    assert not any(row and row["blocked_by_preliminary"] for row in got.values())


def test_counties_that_are_only_shown_or_not_assessed_get_no_advice():
    values, areas, _ = counties([(8800, None)])
    assert advice(values, areas, own=LEVEL | {"counties": "shown"}) == {}
    assert advice(values, [area(UNIT, assessed=False)]) == {}


def test_mostly_covered_is_behind_only_when_due():
    expected = {(2025, "stated"): False, (2023, "stated"): True, (None, "recurring"): True, (None, "none"): False}
    cases = {
        f"{due} {basis}": (
            promise("full_coverage", counties="assessed", due_period=due, due_basis=basis, base_period=2020)
            | {"denominator_counts": "units", "county_variant": None},
            [value(2023, 97, 100, area_code=UNIT)],
        )
        for due, basis in expected
    }
    got = each(cases)
    assert {name: row is not None for name, row in got.items()} == {f"{d} {b}": v for (d, b), v in expected.items()}


# ---------------------------------------------------------------- what blocks


def rests(age, received=date(2024, 3, 1)):
    return {
        "commitment_id": "c", "table_name": "enrolment_by_grade", "path": "p", "period_from": 2023, "period_to": 2023,
        "received_on": received, "age_days": age, "settled_on": date(2024, 3, 31),
    }  # fmt: skip


def blocks(row):
    return [name for name in ("open_warning", "young_vintage", "small_denominator") if row[f"blocked_by_{name}"]]


@pytest.mark.parametrize(("age", "blocked"), [(29, ["young_vintage"]), (30, [])])
def test_figures_have_to_lie_for_thirty_days(age, blocked):
    values, areas, _ = counties([(9000, None)])
    row = advice(values, areas, {"raw.commitment_input": [rests(age), rests(200, date(2023, 9, 1))]})[UNIT]
    assert (row["advised"], blocks(row), row["age_days"]) == (not blocked, blocked, age)
    assert (row["newest_received_on"], row["not_before"]) == (date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("warning", "open_warnings"),
    [
        ({}, 1),
        ({"area_code": "990102"}, 0),
        ({"area_code": ""}, 1),
        ({"table_name": "staff"}, 0),
        ({"table_name": ""}, 1),
        ({"period": 2022}, 0),
        ({"period": None}, 1),
    ],
)
def test_a_warning_without_a_note_blocks_what_rests_on_its_return(warning, open_warnings):
    values, areas, _ = counties([(9000, None)])
    own = {"finding_id": "f", "rule": "D06", "table_name": "enrolment_by_grade", "area_code": UNIT, "period": 2023}
    beside = {"raw.commitment_input": [rests(90), rests(95)], "raw.open_warning": [own | warning]}
    row = advice(values, areas, beside)[UNIT]
    assert (row["open_warnings"], row["advised"]) == (open_warnings, open_warnings == 0)
    assert blocks(row) == ["open_warning"] * open_warnings


def test_few_persons_or_a_small_sample_block_and_few_schools_do_not():
    """80 of 400 in each of three years, pooled 20 %: under 25 %. Judged, but no advice on 400 persons."""
    expected = {"persons": ["small_denominator"], "sample": ["small_denominator"], "units": []}
    small = {"counties": "assessed", "target_micro": 25_000_000, "small_units": "pooled"}
    points = [value(2021 + n, 80, 400, area_code=UNIT) for n in range(3)]
    got = each({counts: (promise("floor", **small, denominator_counts=counts), points) for counts in expected})
    for counts, blocked in expected.items():
        row = got[counts]
        assert (row["class"], row["denominator"], row["advised"], blocks(row)) == ("not_met", 400, not blocked, blocked)


def test_nothing_is_proposed_from_a_class_that_rests_on_preliminary_figures():
    """87.00 % in 2022 and 88.00 % in 2023, both below the base of 88.40: red twice, unless a figure may still move."""
    rates = ((2020, 8840), (2022, 8700), (2023, 8800))
    cases = {
        str(late): (
            LEVEL,
            [value(y, rate, 10_000, area_code=UNIT, maturity="preliminary" if y == late else "final") for y, rate in rates],
            [earlier(UNIT, "falling_back")],
        )
        for late in (2020, 2022, 2023, None)
    }
    for late, row in each(cases).items():
        assert (row["trigger_code"], row["class"]) == ("red_twice", "falling_back")
        assert (row["advised"], row["blocked_by_preliminary"]) == (late == "None", late != "None")


# ---------------------------------------------------------------- since last year


def whole(then, now=None):
    return {
        "commitment_id": "c", "class": then, "reason": None, "restated_class": now or then, "restated_reason": None,
        "edition": 2022, "cause": "restatement" if now not in (None, then) else None,
    }  # fmt: skip


CAUSES = {
    # class of last year's edition, class of last year on the figures of today, basis of 2022: cause, new year, revision, method
    ("on_schedule", None, "b"): ("none", False, False, False),
    ("behind", None, "b"): ("data", True, False, False),
    ("behind", "on_schedule", "b"): ("restatement", False, True, False),
    ("behind", "slightly_behind", "b"): ("data", True, True, False),
    ("on_schedule", "behind", "b"): ("none", True, True, False),
    ("on_schedule", None, "old"): ("none", False, False, False),
    ("behind", None, "old"): ("method", True, False, True),
    (None, None, "b"): ("not_judged_before", False, False, False),
}


def test_the_cause_of_a_change():
    """The city is on schedule in 2023: 90.60 %."""
    promises, values, summaries, verdicts = [], [], [], []
    for n, (then, restated, basis) in enumerate(CAUSES):
        name = f"c{n}"
        promises.append(LEVEL | {"id": name, "variant": name, "county_variant": name})
        points = [value(2020, 8840, 10_000), value(2022, 9000, 10_000, basis=basis), value(2023, 9060, 10_000)]
        values += [point | {"variant": name} for point in points]
        if then:
            summaries.append(whole(then, restated) | {"commitment_id": name})
            verdicts.append(earlier(CITY, "missed") | {"commitment_id": name})
    connection = judged(values, promises, beside={"raw.earlier_summary": summaries, "raw.earlier_verdict": verdicts})
    found = rows(connection, f"SELECT * FROM progress.verdict_change WHERE area_code = '{CITY}' ORDER BY commitment_id")
    assert len(found) == len(CAUSES)
    for ((then, *_), told), row in zip(CAUSES.items(), found, strict=True):
        assert (row["cause"], row["by_new_year"], row["by_revision"], row["by_method"]) == told
        assert (row["previous_class"], row["class"]) == (then, "on_schedule")  # that of the commitment, not of its row
        assert row["changed"] == (then not in (None, "on_schedule"))


def test_a_verdict_that_a_correction_changed_is_marked():
    values, areas, _ = counties([(9000, None), (9000, None)])
    for code in (UNIT, "990102"):
        values.append(value(2022, 9000, 10_000, area_code=code))
    before = [earlier(UNIT, "behind", "on_schedule"), earlier("990102", "on_schedule")]
    connection = judged(values, areas=areas, beside={"raw.earlier_verdict": before})
    got = rows(connection, "SELECT area_code, period FROM progress.verdict WHERE flag_corrected")
    assert got == [{"area_code": UNIT, "period": 2022}]
    changes = rows(connection, "SELECT area_code, by_revision FROM progress.verdict_change WHERE NOT is_total ORDER BY area_code")
    assert [r["by_revision"] for r in changes] == [True, False]


def test_a_verdict_that_changed_by_figures_that_came_late_is_no_correction():
    values, areas, _ = counties([(9060, None)])
    values.append(value(2022, 9000, 10_000, area_code=UNIT))
    late = earlier(UNIT, "no_judgement", "on_schedule") | {"cause": "arrival"}
    connection = judged(values, areas=areas, beside={"raw.earlier_verdict": [late]})
    assert rows(connection, "SELECT area_code FROM progress.verdict WHERE flag_corrected") == []
    (row,) = rows(connection, f"SELECT * FROM progress.verdict_change WHERE area_code = '{UNIT}'")
    assert (row["class"], row["cause"], row["revision_cause"], row["previous_edition"]) == ("on_schedule", "arrival", "arrival", 2022)


def test_a_change_of_the_reason_alone_is_a_revision():
    values, areas, _ = counties([(9060, None)])
    other = earlier(UNIT, "no_judgement") | {"reason": "no_value", "restated_reason": "basis_break", "cause": "arrival"}
    (row,) = rows(judged(values, areas=areas, beside={"raw.earlier_verdict": [other]}),
                  f"SELECT * FROM progress.verdict_change WHERE area_code = '{UNIT}'")  # fmt: skip
    told = (row["previous_reason"], row["restated_reason"], row["by_revision"], row["revision_cause"])
    assert told == ("no_value", "basis_break", False, "arrival")


def test_the_same_period_reported_twice_is_no_new_year():
    """A number of one calendar year stays what it was: last year's edition reported the same period."""
    own = LEVEL | {"previous_reported_period": 2023}
    beside = {"raw.earlier_summary": [whole("behind", "on_schedule")]}
    values = [value(2020, 8840, 10_000), value(2023, 9060, 10_000)]
    (row,) = rows(judged(values, [own], beside=beside), "SELECT cause, by_new_year FROM progress.verdict_change")
    assert row == {"cause": "restatement", "by_new_year": False}
