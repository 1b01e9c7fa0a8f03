"""What must hold for every kind and any numbers: order and unit of measure decide nothing, more is never worse."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.engine import LEVEL, NEVER, judge, rows, value

BEST_FIRST = {
    "level_by_year": ["achieved_early", "on_schedule", "slightly_behind", "behind", "falling_back"],
    "never_decrease": ["kept", "unchanged", "broken"],
    "yearly_change": ["step_reached", "within_error", "step_missed"],
    "floor": ["met", "not_met"],
    "ceiling": ["met", "not_met"],
    "count_by_year": ["completed", "on_schedule", "slightly_behind", "behind"],
    "full_coverage": ["covered", "mostly_covered", "not_covered"],
    "comparative": ["met", "not_met"],
    "recurring_event": ["on_time", "window_missed"],
    "milestone": ["done", "milestone_overdue"],
    "directional": ["monitored"],
}
"""Classes of the promises below, from the best."""

OWN = {
    "level_by_year": {},
    "never_decrease": {"series": "segments"},
    "yearly_change": {"step_micro": 1_000_000},
    "floor": {"target_micro": 60_000_000},
    "ceiling": {"target_micro": 60_000_000},
    "count_by_year": {"due_period": 2025, "due_basis": "stated", "target_micro": 60_000_000, "unit": "count"},
    "full_coverage": {"operator": "="},
    "comparative": {"compared_with": "own_ratio", "target_micro": 60_000_000, "unit": "ratio"},
    "recurring_event": {"target_micro": 60_000_000, "window_years": 1, "first_window": 2021},
    "milestone": {"due_period": 2023, "due_basis": "stated", "target_micro": 60_000_000},
    "directional": {"operator": "report"},
}
ONE_WAY = {"full_coverage", "milestone", "directional"}
"""Kinds that have no "down": all are asked for, or done, or nothing is."""


def promise(kind, name, sign):
    common = LEVEL | {
        "kind": kind, "counties": "none", "county_variant": None, "decided_by": None, "due_period": None,
        "target_micro": None, "due_basis": "recurring", "unit": "percent", "value_is": "amount", "small_units": "judged",
        "first_judged": 2021, "direction_sign": sign, "operator": ">=" if sign > 0 else "<=",
    }  # fmt: skip
    if kind == "level_by_year":
        common |= {"target_micro": 60_000_000, "due_period": 2025, "decided_by": "computed", "due_basis": "stated"}
    if kind == "never_decrease":
        common = NEVER | {"indicator_id": common["indicator_id"], "period_kind": common["period_kind"], "direction_sign": sign}
    return common | OWN[kind] | {"id": name, "variant": name}


def cases(kind, sign, numbers, scale=1):
    """One promise a number: 40 of 100 in 2020, 50 of 100 in 2022, the number of 1,000 in 2023; both parts times ``scale``."""
    promises, values = [], []
    for n, number in enumerate(numbers):
        name = f"{kind}{'up' if sign > 0 else 'down'}{n:03d}"
        promises.append(promise(kind, name, sign))
        for period, num, den in ((2020, 40, 100), (2022, 50, 100), (2023, number, 1000)):
            values.append(value(period, num * scale, den * scale, variant=name))
    return promises, values


def judged(promises, values):
    found = rows(
        judge(values, promises), "SELECT commitment_id, class FROM progress.verdict WHERE is_reported ORDER BY commitment_id"
    )
    return [r["class"] for r in found]


def every_kind(numbers, scale=1):
    promises, values = [], []
    for kind in BEST_FIRST:
        for sign in (1,) if kind in ONE_WAY or kind == "never_decrease" else (1, -1):
            more = cases(kind, sign, numbers, scale)
            promises += more[0]
            values += more[1]
    return promises, values


numbers = st.lists(st.integers(0, 1000), min_size=2, max_size=6, unique=True).map(sorted)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers=numbers, seed=st.integers(0, 10**6))
def test_order_and_unit_of_measure_decide_nothing_and_more_is_never_worse(numbers, seed):
    """The same promises three times: as they are, in another order, in another unit.

    Yuan or ten thousands of yuan: both parts of a value ten thousand times as large are the same value. Left out there: the
    survey, whose denominator is the number of persons asked and means something by itself. More is never worse, and for a
    falling target never better.
    """
    promises, values = every_kind(numbers)
    ids = sorted(p["id"] for p in promises)
    found = judged(promises, values)

    asked, measured = every_kind(numbers, 10_000)
    kept = [n for n, p in enumerate(sorted(promises, key=lambda p: p["id"])) if p["kind"] != "yearly_change"]
    after = judged(asked, measured)
    assert [after[n] for n in kept] == [found[n] for n in kept]

    shuffled = random.Random(seed)
    shuffled.shuffle(promises)
    shuffled.shuffle(values)
    assert judged(promises, values) == found

    got = dict(zip(ids, found, strict=True))
    for kind, order in BEST_FIRST.items():
        for sign, word in ((1, "up"), (-1, "down")):
            names = sorted(name for name in got if name.startswith(f"{kind}{word}"))
            places = [order.index(got[name]) for name in names]
            assert places == sorted(places, reverse=sign > 0), (kind, word, [got[n] for n in names])
