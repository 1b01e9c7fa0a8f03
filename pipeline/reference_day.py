"""The day on which the territory of a year is taken.

Belongs here: that day. Does not belong here: which units are valid on it (plan/tables.py, intake/areas.py), the same day in
SQL (sql/core/area.sql).
"""

from __future__ import annotations

from datetime import date


def reference_day(period: int | date) -> date:
    """1 September of a year, or of the year of a date: a unit is in the territory of a period when it is valid then."""
    return date(period.year if isinstance(period, date) else period, 9, 1)
