"""Can a hidden count be worked out from what is shown? Linear algebra over exact fractions, and bounds.

Belongs here: which counts belong together, which unknowns a system of equations fixes. Does not belong here: what is
hidden (pipeline/edition/public.py), which tables are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Any

Key = Hashable
Equation = tuple[dict[Key, Fraction], Fraction]
ROLES = ("numerator", "denominator", "rest")


def determined(equations: Iterable[Equation]) -> dict[Key, Fraction]:
    """The unknowns that a linear system fixes, with their values (reduced row echelon form).

    An unknown is fixed exactly where its unit vector lies in the space of the rows: where the reduced row that it
    leads has no other unknown.
    """
    rows: dict[Key, Equation] = {}  # leading unknown -> row in which it has factor 1, and no other row has it
    for factors, constant in equations:
        row, right = dict(factors), constant
        for lead in [k for k in row if k in rows]:
            factor = row[lead]
            _add(row, rows[lead][0], -factor)
            right -= factor * rows[lead][1]
        if not row:
            if right:
                raise ValueError("what is shown contradicts itself")
            continue
        lead = min(row, key=repr)
        scale = row[lead]
        row, right = {k: v / scale for k, v in row.items()}, right / scale
        for other, (their, value) in rows.items():
            if lead in their:
                factor = their[lead]
                _add(their, row, -factor)
                rows[other] = their, value - factor * right
        rows[lead] = row, right
    return {lead: value for lead, (row, value) in rows.items() if len(row) == 1}


def _add(row: dict[Key, Fraction], other: Mapping[Key, Fraction], factor: Fraction) -> None:
    for key, value in other.items():
        row[key] = row.get(key, Fraction()) + factor * value
        if not row[key]:
            del row[key]


def counts_of(rows: Iterable[Mapping[str, Any]]) -> dict[tuple, int]:
    """(indicator, variant, segment, period, unit, role) -> count; the first row of a cell is its own year's."""
    made: dict[tuple, int] = {}
    for r in rows:
        if r["numerator"] is None or r["denominator"] is None:
            continue
        cell = (r["indicator_id"], r["variant"], r["segment"], r["period"], r["area_code"])
        for role, count in zip(ROLES, (r["numerator"], r["denominator"], r["denominator"] - r["numerator"]), strict=True):
            made.setdefault((*cell, role), count)
    return made


def equal_series(counts: Mapping[tuple, int]) -> dict[tuple, tuple]:
    """Series (indicator, variant, segment, role) that count the same children everywhere -> one name for them.

    Found in the full data: equal at every place that both have, in forty places or more, and no constant. Whoever reads
    the definitions knows as much.
    """
    series: dict[tuple, dict[tuple, int]] = defaultdict(dict)
    for (indicator, variant, segment, period, unit, role), count in counts.items():
        series[indicator, variant, segment, role][period, unit] = count
    name: dict[tuple, tuple] = {}
    for one in sorted(series):
        for other in sorted(set(name.values())):
            places = series[one].keys() & series[other].keys()
            if len(places) >= 40 and all(series[one][p] == series[other][p] for p in places):
                if len({series[one][p] for p in places}) > 5:
                    name[one] = other
                    break
        name.setdefault(one, one)
    return name


def system(truth: Mapping[tuple, int], shown: Mapping[tuple, int], whole: str) -> list[Equation]:
    """Everything that the shown counts say about the hidden ones.

    Sums over units are the whole area's, sums over segments are the segment ``all``'s (where the full data are so), the
    rest is denominator less numerator, and what counts the same children is one unknown, shown if it is shown anywhere.
    """
    name = equal_series(truth)

    def same(key: tuple) -> tuple:
        indicator, variant, segment, period, unit, role = key
        return (*name[indicator, variant, segment, role], period, unit)

    known = {same(key): Fraction(count) for key, count in shown.items()}
    relations: list[dict[tuple, Fraction]] = []
    groups: dict[tuple, list[tuple]] = defaultdict(list)
    for key in truth:
        indicator, variant, segment, period, unit, role = key
        if unit != whole:
            groups[indicator, variant, segment, period, whole, role].append(key)
        if segment != "all":
            groups[indicator, variant, "all", period, unit, role].append(key)
        if role == "rest":
            relations.append({same(key): Fraction(1), same((*key[:-1], "numerator")): Fraction(1)})
            _add(relations[-1], {same((*key[:-1], "denominator")): Fraction(1)}, Fraction(-1))
    for total, members in groups.items():
        by_kind = {m[4] == total[4] for m in members}
        for kind in by_kind:  # units of a whole, or segments of one unit
            own = [m for m in members if (m[4] == total[4]) is kind]
            if total in truth and truth[total] == sum(truth[m] for m in own):
                relation: dict[tuple, Fraction] = {}
                for key, factor in [(total, Fraction(-1)), *((m, Fraction(1)) for m in own)]:
                    _add(relation, {same(key): Fraction(1)}, factor)
                relations.append(relation)
    equations = []
    for relation in relations:
        unknown = {k: v for k, v in relation.items() if k not in known}
        right = -sum((v * known[k] for k, v in relation.items() if k in known), Fraction())
        if unknown:
            equations.append((unknown, right))
    return equations


def given_away(truth: Mapping[tuple, int], shown: Mapping[tuple, int], whole: str, least: int) -> list[tuple]:
    """Hidden counts from 1 to ``least`` - 1 that the shown ones fix, or hem in to less than ``least``.

    Hemmed in: a sum of hidden counts, none of them below nought, is itself smaller than ``least`` and not nought.
    """
    name = equal_series(truth)
    equations = system(truth, shown, whole)
    fixed = determined(equations)
    known = {(*name[k[0], k[1], k[2], k[5]], k[3], k[4]) for k in shown}
    hemmed = {
        key
        for factors, right in equations
        if 0 < abs(right) < least and len({f > 0 for f in factors.values()}) == 1
        for key in factors
    }
    found = []
    for key, count in truth.items():
        indicator, variant, segment, period, unit, role = key
        one = (*name[indicator, variant, segment, role], period, unit)
        if 0 < count < least and (one in fixed or one in hemmed or one in known):
            found.append(key)
    return found
