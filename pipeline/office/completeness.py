"""What has come and what has not: table × county × year.

Belongs here: the state of each return that is due, from the register and from the units that the
registered files really name, held against the deadlines of the plan. Does not belong here: whether the
contents are right (quality).

What day it is, the register says: a return that is not there is missing (缺报) when the newest receipt of any
file lies after its deadline, and awaited until then. So the same register gives the same states for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl

from pipeline.intake.contract import Contract
from pipeline.intake.read import read_table
from pipeline.intake.register import Registration
from pipeline.office.due import FAR_YEAR, covering
from pipeline.plan.tables import plan_tables
from pipeline.programme import Home, Programme

State = Literal["missing", "late", "awaited", "demonstration", "preliminary", "superseded", "received"]
STATES: dict[str, tuple[str, str]] = {
    "missing": ("缺报", "missing"),
    "late": ("迟报", "late: handed in after the deadline"),
    "awaited": ("未到期", "not yet due"),
    "demonstration": ("演示数据", "demonstration data"),
    "preliminary": ("初步数", "preliminary"),
    "superseded": ("已更正", "corrected: replaces an earlier file"),
    "received": ("已报", "received"),
}
"""State -> words, the one that needs most attention first; a cell has the first that holds."""


@dataclass(frozen=True)
class Held:
    """One due return: a table of a unit for a period, and what the register holds of it.

    ``file`` is the last file that names the unit (``files`` counts them), ``revision`` its number and
    ``received_on`` (ISO) its day; they are empty where the return is not there. ``deadline`` (ISO) is the last day
    for it, empty where the plan sets none; ``late`` the reason given for coming after it.
    """

    table: str
    table_zh: str
    table_en: str
    period: int
    area_code: str
    area_zh: str
    area_en: str
    state: State
    files: int = 0
    file: str = ""
    revision: int = 0
    supplier: str = ""
    received_on: str = ""
    deadline: str = ""
    late: str = ""

    @property
    def lacking(self) -> bool:
        """True when nothing has come, whether or not the deadline has passed."""
        return self.state in ("missing", "awaited")


def completeness(
    programme: Programme, year: int, home: Home | None = None, *, since: int | None = None
) -> list[Held]:
    """Every return due up to ``year``, in the order of plan, period and territory.

    A table that comes for the whole territory has one cell per period; else a unit has come when a
    file in force holds a row of it (a school counts for its county, an old code for its successor).
    ``home`` lets parsed files be kept between calls; ``since`` leaves out earlier periods.
    """
    due = plan_tables(programme, year)["raw.due_returns"].filter(pl.col("period") >= (since or 0))
    areas = {a["area_code"]: a for a in programme.areas}
    present = {c["old_code"]: c["new_code"] for c in programme.crosswalk_of(year)}
    cache = None if home is None else home.build / "intake_cache"
    school_area = school_areas(programme, cache)
    newest = max((r.received_on for r in programme.registrations), default=date.min)
    by_path = {r.path: r for r in programme.registrations}
    found = []
    for table in dict.fromkeys(due["table_name"]):
        contract = programme.contracts[table]
        rows = due.filter(pl.col("table_name") == table)
        by_unit = rows["unit_level"][0] == "area"
        named: dict[str, dict[int, set[str]]] = {}

        def holds(r: Registration, period: int, area_code: str) -> bool:
            """Does the file cover the period and, where the table comes by unit, name the unit?"""
            if not by_unit:  # noqa: B023 (used within this turn of the loop only)
                return r.period_from <= period <= r.period_to
            if r.path not in named:
                named[r.path] = _units(programme, r, contract, cache, school_area, present)
            return area_code in named[r.path].get(period, set())

        for period, area_code, deadline in rows.select("period", "area_code", "deadline").iter_rows():
            files = [r for r in covering(programme, table, period) if holds(r, period, area_code)]
            first = _first_of([r for f in files for r in _chain(f, by_path) if holds(r, period, area_code)])
            area = areas[area_code]
            found.append(
                Held(
                    table=table,
                    table_zh=contract.name_zh,
                    table_en=contract.name_en,
                    period=period,
                    area_code=area_code,
                    area_zh=area["short_name_zh"] or area["name_zh"],
                    area_en=area["name_en"],
                    deadline=deadline.isoformat() if deadline else "",
                    **_state(files, first, deadline, newest),
                )
            )
    return found


def _chain(r: Registration, by_path: dict[str, Registration]) -> Iterator[Registration]:
    """A file, the one it replaced, and so on to the first hand-in."""
    yield r
    while r.supersedes in by_path:
        r = by_path[r.supersedes]
        yield r


def _first_of(files: list[Registration]) -> Registration | None:
    """The file that came first."""
    return min(files, key=lambda r: (r.received_on, r.revision, r.path), default=None)


def _state(
    files: list[Registration], first: Registration | None, deadline: date | None, newest: date
) -> dict[str, Any]:
    """State and file of one cell; ``first`` is what came first of it, a file since replaced included."""
    if first is None:
        return {"state": "awaited" if deadline and newest <= deadline else "missing"}
    last = max(files, key=lambda r: (r.received_on, r.revision, r.path))
    late = bool(deadline and first.received_on > deadline)
    if late:
        state = "late"
    elif any(r.origin == "demonstration" for r in files):
        state = "demonstration"
    elif any(r.maturity == "preliminary" for r in files):
        state = "preliminary"
    else:
        state = "superseded" if any(r.supersedes for r in files) else "received"
    return {
        "state": state,
        "files": len(files),
        "file": last.path,
        "revision": last.revision,
        "supplier": last.supplier,
        "received_on": last.received_on.isoformat(),
        "late": first.late if late else "",
    }


def _years(frame: pl.DataFrame, contract: Contract, r: Registration) -> pl.Expr:
    if contract.period_field is None:
        return pl.lit(r.period_to)
    column = pl.col(contract.period_field)
    return column.dt.year() if frame.schema[contract.period_field] == pl.Date else column


def _units(
    programme: Programme,
    r: Registration,
    contract: Contract,
    cache: Path | None,
    school_area: dict[tuple[str, int], str],
    present: dict[str, str],
) -> dict[int, set[str]]:
    """Period -> present-day codes of the units that a file names."""
    frame = read_table(programme.root, [r], contract, cache, programme.local).frame
    columns = [c for c in ("county_code", "unit_code", "village_code12", "school_id") if c in frame.columns]
    pairs = frame.select(_years(frame, contract, r).alias("year"), *columns).unique()
    found: dict[int, set[str]] = {}
    for row in pairs.iter_rows(named=True):
        # A village lies in the county that the first six digits of its code name.
        code = row.get("county_code") or row.get("unit_code") or (row.get("village_code12") or "")[:6]
        if not code and row.get("school_id"):
            code = school_area.get((row["school_id"], row["year"])) or school_area.get((row["school_id"], 0))
        if code:
            found.setdefault(row["year"], set()).add(present.get(code, code))
    return found


def school_areas(programme: Programme, cache: Path | None) -> dict[tuple[str, int], str]:
    """(school, year) -> county; (school, 0) -> its county in the last register that names it."""
    contract = programme.contracts.get("school_register")
    if contract is None:
        return {}
    files = [r for r in programme.registrations if r.table == contract.table and r.period_to <= FAR_YEAR]
    frame = read_table(programme.root, files, contract, cache, programme.local).frame.sort("school_year", maintain_order=True)
    found = {}
    for school, year, county in frame.select("school_id", "school_year", "county_code").iter_rows():
        found[school, year] = found[school, 0] = county
    return found
