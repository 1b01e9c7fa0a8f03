"""Preparing the folder of a new year, and saying what is due in it.

Belongs here: making ``data_raw/<programme>/<year>/`` and the list of what is due. Does not belong
here: templates to hand out (templates.py), files that came (registering.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.office import Refusal
from pipeline.office.completeness import completeness
from pipeline.office.due import DueTable, due_tables
from pipeline.programme import Home, Programme

MAX_AHEAD = 3


@dataclass(frozen=True)
class NewYear:
    """The folder (``made``: it was not there before) and the tables due for the year, in plan order.

    ``lacking``: table -> short names of the units that no registered file names yet.
    """

    programme: Programme
    year: int
    folder: Path
    made: bool
    due: list[DueTable]
    lacking: dict[str, list[str]]

    @property
    def missing(self) -> list[DueTable]:
        """Due tables of which at least one unit has not come."""
        return [d for d in self.due if d.contract.table in self.lacking]


def new_year(home: Home, programme_id: str, year: int) -> NewYear:
    """Prepare the folder of ``year``; a second call changes nothing.

    Raises Refusal for a year in which nothing is due or that lies more than three years after the last
    registered one, ProgrammeError for an unknown programme.
    """
    programme = home.programme(programme_id)
    check_year(programme, year)
    folder = programme.root / str(year)
    made = not folder.is_dir()
    folder.mkdir(exist_ok=True)
    lacking: dict[str, list[str]] = {}
    for held in completeness(programme, year, home, since=year):
        if held.lacking:
            lacking.setdefault(held.table, []).append(held.area_zh)
    return NewYear(programme, year, folder, made, due_tables(programme, year), lacking)


def check_year(programme: Programme, year: int) -> None:
    """Refuse a year outside those for which returns can be due."""
    first = min(due.first for due in programme.plan.returns)
    registered = [r.period_to for r in programme.registrations]
    last = max([programme.plan.programme.first_reporting_year, *registered]) + MAX_AHEAD
    if not first <= year <= last:
        raise Refusal(
            f"{year} 年没有应报的表；可用 {first}—{last}。",
            f"Nothing is due in {year}; years from {first} to {last} can be used.",
        )
