"""The pages of the headline indicators, in the order of the plan.

Belongs here: which page follows which. Does not belong here: a page (levels.py, amounts.py).
"""

from __future__ import annotations

from pipeline.report.amounts import never_decrease_page
from pipeline.report.facts import Facts
from pipeline.report.levels import level_page
from pipeline.report.shapes import IndicatorPage

LONG_TABLE = 12


def indicator_pages(facts: Facts) -> list[IndicatorPage]:
    """One page for each headline indicator, in the order of the plan."""
    pages = [
        level_page(facts, c) if c["kind"] == "level_by_year" else never_decrease_page(facts, c)
        for c in facts.commitments
    ]
    before: IndicatorPage | None = None
    made = []
    for page in pages:
        follows = before is not None and not (is_long(before) or is_long(page))
        made.append(page.model_copy(update={"new_page": not follows}))
        before = page
    return made


def is_long(page: IndicatorPage) -> bool:
    """True for a page with a table of many units, which wants sheets of its own."""
    return any(len(t.rows) > LONG_TABLE for t in page.unit_tables)
