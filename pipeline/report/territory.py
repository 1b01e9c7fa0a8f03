"""The units of the territory: which there are, what each is judged by, which lie beside it.

Belongs here: look-ups that the comparison and the pages of the units share. Does not belong here: tables, sentences.
"""

from __future__ import annotations

import heapq
from collections import Counter

from pipeline.report.facts import NOT_JUDGED, Facts, Source
from pipeline.report.promises import band_of
from pipeline.report.shapes import Status
from pipeline.report.words import BEHIND, status
from pipeline.unit_types import role_of

BESIDE = 3
"""Neighbours shown beside a unit."""



def units(facts: Facts) -> list[Source]:
    """Counties and districts in their usual order, the zones after them; not the whole area nor its own budget."""
    found = [a for a in facts.inputs.areas if _is_other(facts, a, facts.area_code)]
    return sorted(found, key=lambda a: (facts.is_zone(a["area_code"]), facts.order_of(a["area_code"])))


def plan_rows(facts: Facts) -> list[Source]:
    """All commitments of the plan; where only the headline ones were given, those."""
    return facts.inputs.promises or facts.commitments


def is_headline(facts: Facts, c: Source) -> bool:
    """Has the commitment a page of its own? The list of all holds it as another object than the page's."""
    return any(headline["id"] == c["id"] for headline in facts.commitments)


def reported_of(facts: Facts, code: str) -> dict[str, Source]:
    """A unit's row of the judged year by commitment (segment ``all``)."""
    return facts.unit(code).reported


def judged_of(facts: Facts, code: str) -> dict[str, Source]:
    """Those of them with a verdict of the unit's own; a unit that is not assessed has none."""
    return {key: v for key, v in reported_of(facts, code).items() if v["assessed"] and v["class"] not in NOT_JUDGED}


def classes_of(facts: Facts, code: str) -> dict[str, str]:
    """The classes of these verdicts by commitment, known of every unit without its rows."""
    return {key: found for key, found in facts.classes.get(code, {}).items() if found is not None}


def bands_of(facts: Facts, code: str) -> Counter[str]:
    """A unit's verdicts by band."""
    return Counter(map(band_of, classes_of(facts, code).values()))


def status_of(row: Source | None) -> Status | None:
    """The class of a unit as it is shown; None where it is not judged."""
    if row is None or not row["assessed"] or row["class"] in NOT_JUDGED:
        return None
    return status(row["class"])


def is_behind(code: str) -> bool:
    """True for a class that is counted as behind, broken or missed."""
    return code in BEHIND or band_of(code) == "behind"


def neighbours(facts: Facts, code: str) -> list[str]:
    """The three units nearest on the map of squares (``grid_row``, ``grid_col`` of areas.csv), nearest first.

    Distance is between the middles of squares, ties in the units' usual order; only assessed units, so that a zone
    of a few hundred children is nobody's yardstick. Empty where the unit has no square.
    """
    here = facts.areas[code]
    if here["grid_row"] is None or here["grid_col"] is None:
        return []

    def distance(a: Source) -> int:
        return (a["grid_row"] - here["grid_row"]) ** 2 + (a["grid_col"] - here["grid_col"]) ** 2

    others = (
        a
        for a in facts.inputs.areas
        if a["assessed"] and a["grid_row"] is not None and a["grid_col"] is not None and _is_other(facts, a, code)
    )
    nearest = heapq.nsmallest(BESIDE, others, key=lambda a: (distance(a), facts.order_of(a["area_code"])))
    return [a["area_code"] for a in nearest]


def _is_other(facts: Facts, a: Source, code: str) -> bool:
    """Is it a unit, and not this one?"""
    return a["area_code"] not in (code, facts.area_code) and role_of(a["unit_type"]) != "own_level"
