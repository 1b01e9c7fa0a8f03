"""What is due in a year, from whom, and what has come.

Belongs here: the plan's ``returns`` held against the register. Does not belong here: the
contents of files, except which units and schools they name (completeness.py, templates.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.intake.contract import Contract
from pipeline.intake.read import read_table
from pipeline.intake.register import Registration, effective
from pipeline.plan.tables import plan_tables
from pipeline.programme import Home, Programme

FAR_YEAR = 9999


@dataclass(frozen=True)
class DueTable:
    """One table that is due for one year.

    ``units``: area codes it is due for, in the order of ``areas.csv`` (one, the programme's own,
    where ``by`` is ``city``). ``held``: registered files that cover the year, replaced ones left
    out. ``last``: the files of the last period before it, ``last_period`` that period (None: never
    handed in). ``supplier``: who handed it in last, empty where nobody ever did.
    """

    contract: Contract
    period: int
    by: str
    units: tuple[str, ...]
    held: tuple[Registration, ...]
    last: tuple[Registration, ...]
    last_period: int | None
    supplier: str


def due_tables(programme: Programme, year: int) -> list[DueTable]:
    """Every table due for ``year``, in the order of ``plan.yaml``."""
    due = plan_tables(programme, year)["raw.due_returns"].filter(pl.col("period") == year)
    found = []
    for table in dict.fromkeys(due["table_name"]):
        rows = due.filter(pl.col("table_name") == table)
        last_period, last = last_files(programme, table, year)
        found.append(
            DueTable(
                contract=programme.contracts[table],
                period=year,
                by=rows["unit_level"][0],
                units=tuple(rows["area_code"]),
                held=tuple(covering(programme, table, year)),
                last=tuple(last),
                last_period=last_period,
                supplier=supplier_of(programme, table, year),
            )
        )
    return found


def covering(programme: Programme, table: str, year: int) -> list[Registration]:
    """Registered files of a table that cover ``year``, replaced ones left out."""
    return [
        r
        for r in effective(programme.registrations, FAR_YEAR)
        if r.table == table and r.period_from <= year <= r.period_to
    ]


def last_files(programme: Programme, table: str, year: int) -> tuple[int | None, list[Registration]]:
    """The last registered period before ``year`` and the files that cover it; (None, []) if there is none."""
    earlier = [r for r in effective(programme.registrations, year - 1) if r.table == table]
    if not earlier:
        return None, []
    period = max(r.period_to for r in earlier)
    return period, [r for r in earlier if r.period_to == period]


def supplier_of(programme: Programme, table: str, year: int) -> str:
    """Who handed in the table for the last period before ``year``, else for any other; empty if nobody."""
    files = last_files(programme, table, year)[1] or [r for r in programme.registrations if r.table == table]
    return "、".join(dict.fromkeys(r.supplier for r in files))


def form_edition_of(programme: Programme, table: str) -> str:
    """Edition of the form that the file of the table received last follows; empty if there is none."""
    files = [r for r in programme.registrations if r.table == table]
    return max(files, key=lambda r: (r.received_on, r.period_to, r.revision, r.path)).form_edition if files else ""


def rows_of(
    home: Home, programme: Programme, registrations: list[Registration], contract: Contract, period: int
) -> pl.DataFrame:
    """Rows of ``period`` in the files (schema ``contract.raw_schema()``), file order; bad rows are absent."""
    cache = home.build / "intake_cache"
    frame = read_table(programme.root, registrations, contract, cache, programme.local).frame
    if contract.period_field is None:
        return frame
    column = pl.col(contract.period_field)
    if contract.field(contract.period_field).type == "date":
        column = column.dt.year()
    return frame.filter(column == period)
