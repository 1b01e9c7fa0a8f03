"""What has come and what has not: table × county × year.

Belongs here: the state of each return that is due, from the register and from the units that the
registered files really name. Does not belong here: whether the contents are right (quality). The
plan knows no deadlines, so nothing is called late here; the day of receipt is shown instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from pipeline.intake.contract import Contract
from pipeline.intake.read import read_table
from pipeline.intake.register import Registration
from pipeline.office.due import FAR_YEAR, covering
from pipeline.plan.tables import plan_tables
from pipeline.programme import Home, Programme

State = Literal["missing", "demonstration", "preliminary", "superseded", "received"]
STATES: dict[str, tuple[str, str]] = {
    "missing": ("缺报", "missing"),
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
    ``received_on`` (ISO) its day; they are empty where the return is missing.
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
    present = {c["old_code"]: c["new_code"] for c in programme.crosswalk}
    cache = None if home is None else home.build / "intake_cache"
    school_area = school_areas(programme, cache)
    found = []
    for table in dict.fromkeys(due["table_name"]):
        contract = programme.contracts[table]
        rows = due.filter(pl.col("table_name") == table)
        by_unit = rows["unit_level"][0] == "area"
        named: dict[str, dict[int, set[str]]] = {}
        for period, area_code in rows.select("period", "area_code").iter_rows():
            files = covering(programme, table, period)
            if by_unit:
                for r in files:
                    if r.path not in named:
                        named[r.path] = _units(programme, r, contract, cache, school_area, present)
                files = [r for r in files if area_code in named[r.path].get(period, set())]
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
                    **_state(files),
                )
            )
    return found


def _state(files: list[Registration]) -> dict:
    if not files:
        return {"state": "missing"}
    last = max(files, key=lambda r: (r.received_on, r.revision, r.path))
    if any(r.origin == "demonstration" for r in files):
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
    }


def _years(frame: pl.DataFrame, contract: Contract, r: Registration) -> pl.Expr:
    if contract.period_field is None:
        return pl.lit(r.period_to)
    column = pl.col(contract.period_field)
    return column.dt.year() if contract.period_kind == "ref_date" else column


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
    columns = [c for c in ("county_code", "unit_code", "school_id") if c in frame.columns]
    pairs = frame.select(_years(frame, contract, r).alias("year"), *columns).unique()
    found: dict[int, set[str]] = {}
    for row in pairs.iter_rows(named=True):
        code = row.get("county_code") or row.get("unit_code")
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
