"""What a correction changed: the rows of a file held against those of the file it replaced, cell by cell.

Belongs here: comparing two readings of one return, and laying out every change of an edition as
``raw.restated_cell``. Does not belong here: whether a change is allowed (quality), what it does to figures (proof).

A year is closed at the end of the year after it: a correction of 2023 received in 2025 or later restates a closed
year. That follows from the register alone. Until then a correction is part of the collection of the year. A
preliminary file is replaced by its final one without closing anything, and a file that could not be read without
an error never entered an edition, so there is nothing of it to restate: a correction is held against the last file
before it that was final and could be read, so that neither kind in between hides what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import polars as pl

from pipeline.intake.contract import Contract
from pipeline.intake.local import NOTHING_LOCAL, Local
from pipeline.intake.read import cached_read, read_return
from pipeline.intake.register import Registration

PLACE = ("source_file", "source_sheet", "source_row", "maturity", "origin", "revision", "period", "is_total")
"""Columns of a reading that say where and how a row came, not what it says."""
PERIOD_COLUMNS = ("period_year", "school_year", "fiscal_year", "calendar_year", "ref_date", "census_year", "row_period")
CLOSED_AFTER_YEARS = 1
Change = Literal["changed", "added", "removed"]

RESTATED_SCHEMA: dict[str, pl.DataType] = {
    "table_name": pl.String(),
    "row_period": pl.Int64(),
    "row_key": pl.String(),
    "column_name": pl.String(),
    "column_zh": pl.String(),
    "change": pl.String(),
    "old_value": pl.String(),
    "new_value": pl.String(),
    "received_on": pl.Date(),
    "closed": pl.Boolean(),
    "old_file": pl.String(),
    "old_sheet": pl.String(),
    "old_row": pl.Int64(),
    "new_file": pl.String(),
    "new_sheet": pl.String(),
    "new_row": pl.Int64(),
}


@dataclass(frozen=True)
class Cell:
    """One change between two readings: a cell, or a whole row that was added or removed (``column`` is '').

    ``before`` and ``after`` are the rows that hold it (None where there is none); ``old`` and ``new`` its values
    as text (words for a whole row), None where blank.
    """

    key: dict[str, Any]
    change: Change
    column: str
    old: str | None
    new: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def row(self) -> int:
        """Row in the new file, in the old one where the row is gone."""
        held = self.after or self.before
        assert held is not None
        return int(held["source_row"])


def changed_cells(before: pl.DataFrame, after: pl.DataFrame, contract: Contract) -> Iterator[Cell]:
    """Every change from ``before`` to ``after`` (both of ``contract.raw_schema()``), in the order of the new file,
    rows that are gone last."""
    old, new = (_by_key(frame, contract) for frame in (before, after))
    for key, row in new.items():
        named = dict(zip(contract.key, key, strict=True))
        earlier = old.get(key)
        if earlier is None:
            yield Cell(named, "added", "", None, "(新增行 / row added)", None, row)
            continue
        for column, value in row.items():
            if column not in PLACE and value != earlier[column]:
                yield Cell(named, "changed", column, _text(earlier[column]), _text(value), earlier, row)
    for key, row in old.items():
        if key not in new:
            named = dict(zip(contract.key, key, strict=True))
            yield Cell(named, "removed", "", "(删除行 / row removed)", None, row, None)


def _by_key(frame: pl.DataFrame, contract: Contract) -> dict[tuple, dict[str, Any]]:
    return {tuple(row[k] for k in contract.key): row for row in frame.iter_rows(named=True)}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def year_of(row: dict[str, Any], last: int) -> int:
    """The year a row speaks of, by its own period column; ``last`` where it has none."""
    for name in PERIOD_COLUMNS:
        value = row.get(name)
        if value is not None:
            return int(value.year if isinstance(value, date) else value)
    return last


def is_closed(year: int, received_on: date) -> bool:
    """Was ``year`` closed for what was received on that day?"""
    return year + CLOSED_AFTER_YEARS < received_on.year


def restated_frame(
    programme_root: Path,
    registrations: Iterable[Registration],
    year: int,
    contracts: dict[str, Contract],
    cache_root: Path | None,
    local: Local = NOTHING_LOCAL,
) -> pl.DataFrame:
    """``raw.restated_cell``: every change by a correction that an edition of ``year`` knows, one row a cell.

    ``row_key`` joins the key of the row with ``|`` in the order of the contract; values are written plainly
    (``91.2``, not ``91.200000``); ``closed`` says whether the year was closed when the correction came.
    """
    used = sorted(r for r in registrations if r.period_to <= year)
    by_path = {r.path: r for r in used}
    rows = []
    for new in used:
        contract = contracts[new.table]

        def read(r: Registration, contract: Contract = contract) -> pl.DataFrame | None:
            return _reading(programme_root, r, contract, cache_root, local)

        after = None
        for old in _finals_before(new, by_path):
            after = read(new) if after is None else after
            before = None if after is None else read(old)
            if after is not None and before is not None:
                rows += [_laid_out(c, old, new, contract) for c in changed_cells(before, after, contract)]
            if after is None or before is not None:
                break
    return pl.DataFrame(rows, RESTATED_SCHEMA)


def _finals_before(new: Registration, by_path: dict[str, Registration]) -> Iterator[Registration]:
    """The final files that ``new`` replaced, the last one first, as far as their years were closed when it came."""
    old = by_path.get(new.supersedes)
    seen = {new.path}
    while old is not None and old.path not in seen:
        seen.add(old.path)
        if old.maturity == "final" and is_closed(old.period_from, new.received_on):
            yield old
        old = by_path.get(old.supersedes)


def _reading(
    root: Path, r: Registration, contract: Contract, cache_root: Path | None, local: Local
) -> pl.DataFrame | None:
    """The rows of a file; None where it cannot be read without an error."""
    if cache_root is None:
        read = read_return(root, r, contract, local)
    else:
        read = cached_read(root, r, contract, cache_root, local)
    return None if any(f.blocks for f in read.findings) else read.frame


def _laid_out(cell: Cell, old: Registration, new: Registration, contract: Contract) -> dict[str, Any]:
    held = cell.after or cell.before or {}
    row_period = year_of(held, old.period_to)
    names = {f.name: f.zh for f in contract.fields}
    return {
        "table_name": contract.table,
        "row_period": row_period,
        "row_key": "|".join(_plain(value) for value in cell.key.values()),
        "column_name": cell.column,
        "column_zh": names.get(cell.column, cell.column),
        "change": cell.change,
        "old_value": _plain((cell.before or {}).get(cell.column)),
        "new_value": _plain((cell.after or {}).get(cell.column)),
        "received_on": new.received_on,
        "closed": is_closed(row_period, new.received_on),
        "old_file": old.path,
        "old_sheet": (cell.before or {}).get("source_sheet") or "",
        "old_row": (cell.before or {}).get("source_row"),
        "new_file": new.path,
        "new_sheet": (cell.after or {}).get("source_sheet") or "",
        "new_row": (cell.after or {}).get("source_row"),
    }


def _plain(value: object) -> str:
    """A value as a person writes it; '' for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
    return str(value)
