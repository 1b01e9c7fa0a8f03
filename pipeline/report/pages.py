"""The pages of the headline indicators, in the order of the plan.

Belongs here: which page follows which. Does not belong here: a page (levels.py, amounts.py).
"""

from __future__ import annotations

from pipeline.report.amounts import never_decrease_page
from pipeline.report.facts import Facts
from pipeline.report.levels import level_page
from pipeline.report.shapes import IndicatorPage


def indicator_pages(facts: Facts) -> list[IndicatorPage]:
    """One page for each headline indicator, in the order of the plan."""
    return [
        level_page(facts, c) if c["kind"] == "level_by_year" else never_decrease_page(facts, c)
        for c in facts.commitments
    ]
