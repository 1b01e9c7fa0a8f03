"""Files of an invented programme, written piece by piece, and the register that lists them.

Belongs here: when a table comes in one file and when county by county, when as a workbook; checksums, names,
suppliers, days of receipt. Does not belong here: what the rows say.

- Up to ``ONE_FILE_SCHOOLS`` schools a table of a year is one file; in a larger programme the returns by school
  come county by county, each from its own education bureau.
- Returns by county come as one file a year: a workbook while there are at most ``WORKBOOK_COUNTIES`` counties,
  else CSV. Returns by school are always CSV.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.demo.bulk.order import County, Order
from pipeline.demo.bulk.planting import MARK, Planter
from pipeline.demo.received import BUREAU, EDUCATION_OFFICE, FINANCE, LABOUR, PROVINCE, STATISTICS, XLSX, Received
from pipeline.demo.write import content
from pipeline.intake.contract import Contract, load_contracts
from pipeline.intake.register import COLUMNS as REGISTER_COLUMNS

ONE_FILE_SCHOOLS = 10_000
WORKBOOK_COUNTIES = 50
BY_SCHOOL = frozenset(
    "school_register kindergarten_children enrolment_by_grade entrants_graduates pupil_movement classes "
    "enrolment_by_age special_groups staff facilities after_school_service".split()
)
FORM_EDITION = "示例版"
_HISTORY_LATE = "项目起始年一次补报以前各年的县区合计,当年没有这一报送要求"
_VERY_LATE = "12-01"
_WHY = "复核时发现最后一行少计一所,予以更正"


@dataclass(frozen=True)
class HandIn:
    """Who hands a table in, when, and the deadline of the plan (both as month-day and years after the data)."""

    supplier: str
    received: str
    deadline: tuple[int, int]
    years_after: int = 0

    def received_on(self, year: int) -> str:
        return f"{year + self.years_after}-{self.received}"


_BY_TABLE = {
    **dict.fromkeys(["population_by_age", "births"], HandIn(STATISTICS, "03-20", (3, 31), 1)),
    **dict.fromkeys(["county_finance", "finance_by_stage", "pay_comparison"], HandIn(FINANCE, "08-15", (8, 31), 1)),
    **dict.fromkeys(
        ["event_log", "project_ledger", "vision_screening", "elderly_education"], HandIn(BUREAU, "01-20", (1, 31), 1)
    ),
    "compliance_survey": HandIn(BUREAU, "06-10", (6, 30), 1),
    "technical_school_enrolment": HandIn(LABOUR, "11-12", (11, 15)),
    "inclusive_kindergarten_register": HandIn(EDUCATION_OFFICE, "09-18", (9, 20)),
    "certified_values": HandIn(PROVINCE, "02-10", (2, 28), 1),
}
_USUAL = HandIn(BUREAU, "09-18", (9, 20))


def hand_in(table: str) -> HandIn:
    """How a table is handed in; most come from the education bureau by 20 September."""
    return _BY_TABLE.get(table, _USUAL)


@dataclass
class _Open:
    """A file that is being written: as CSV at once, as a workbook when it is closed."""

    contract: Contract
    first: int
    last: int
    path: str
    supplier: str
    received_on: str
    handle: io.BufferedWriter | None
    digest: object = field(default_factory=hashlib.sha256)
    rows: int = 0
    kept: list[pl.DataFrame] = field(default_factory=list)

    def put(self, data: bytes) -> None:
        assert self.handle is not None
        self.handle.write(data)
        self.digest.update(data)  # type: ignore[attr-defined]


class Files:
    """The files of one programme folder. Rows of a table and year come county by county; ``close`` lists them."""

    def __init__(self, order: Order, folder: Path, planter: Planter | None = None) -> None:
        self.order, self.folder, self.planter = order, folder, planter
        self.contracts = load_contracts()
        self.split = order.schools > ONE_FILE_SCHOOLS
        self.workbooks = order.counties <= WORKBOOK_COUNTIES
        self._open: dict[tuple[str, int], _Open] = {}
        self._register: list[list[object]] = []
        self._first_year: list[pl.DataFrame] = []
        self.written = 0

    def add(self, table: str, rows: pl.DataFrame, year: int, counties: list[County]) -> None:
        """Append rows (a contract's own) of some counties to the year's file, or write each county's own file."""
        if self.split and table in BY_SCHOOL:
            serial = pl.col("school_id").str.slice(4).cast(pl.Int64)
            for county in counties:
                here = serial.is_between(county.first, county.first + county.schools - 1)
                if "county_code" in rows.columns:
                    here = here | (pl.col("school_id").is_null() & (pl.col("county_code") == county.code))
                own = rows.filter(here)
                path = f"{year}/{table}/{county.code}.csv"
                with self._one(table, year, year, path, f"{county.name}教育局") as file:
                    self._put(file, own)
            return
        if (table, year) not in self._open:
            workbook = self.workbooks and table not in BY_SCHOOL
            path = f"{year}/{table}.{'xlsx' if workbook else 'csv'}"
            self._open[table, year] = self._begin(table, year, year, path, "")
        self._put(self._open[table, year], rows)

    @contextmanager
    def history(self, table: str, first: int, last: int) -> Iterator[_Open]:
        """One CSV of a table over the years before the first return by school."""
        with self._one(table, first, last, f"history/{table}_{first}_{last}.csv", BUREAU) as file:
            yield file

    def append(self, file: _Open, rows: pl.DataFrame) -> None:
        """Append rows to a file of the history."""
        self._put(file, rows)

    def write(self, name: str, data: bytes) -> None:
        """A file that is no return: the plan, the territory."""
        (self.folder / name).write_bytes(data)
        self.written += len(data)

    def close(self) -> None:
        """Finish every file and write ``register.csv``, by the last year a file tells of, then by its path."""
        if self._first_year:
            assert self.planter is not None
            self._correct(self.planter, pl.concat(self._first_year))
        for file in self._open.values():
            self._end(file)
        self._register.sort(key=lambda row: (row[3], row[5]))
        if self.planter is not None and self.planter.handling.late:
            self._come_late(self.planter)
        self.write("register.csv", csv_bytes(REGISTER_COLUMNS, self._register))

    def _come_late(self, planter: Planter) -> None:
        """One file of the last year came long after its deadline, and nobody says why."""
        table, column = REGISTER_COLUMNS.index("table"), REGISTER_COLUMNS.index("received_on")
        for number, row in enumerate(self._register, start=2):
            if row[table] == planter.handling.late and row[3] == self.order.last_year:
                late = f"{self.order.last_year + 1}-{_VERY_LATE}"
                planter.came_late(number, str(row[column]), late)
                row[column] = late
                return

    def _correct(self, planter: Planter, rows: pl.DataFrame) -> None:
        """The file of the first year once more, with one more in the last cell of its last row, when that year
        was closed long ago; nobody recorded the change."""
        table, year = planter.handling.restated, self.order.first_year
        old = self._open[table, year]
        file = self._begin(table, year, year, old.path.replace(".", "_2."), old.supplier)
        column = file.contract.fields[-1]
        before = rows[column.name][-1]
        last = pl.int_range(pl.len()) == pl.len() - 1
        rows = rows.with_columns(pl.when(last).then(pl.col(column.name) + 1).otherwise(column.name).alias(column.name))
        sheet, first = _place(file)
        shown = as_shown(rows, file.contract)
        file.rows = shown.height
        file.kept.append(shown)
        if file.handle is not None:
            text = io.BytesIO()
            shown.write_csv(text, include_header=False)
            file.put(text.getvalue())
        file.received_on = hand_in(table).received_on(year + 2)
        planter.restated(column.name, str(before), str(before + 1), file.path, sheet, first + rows.height - 1)
        self._end(file, revision=2, supersedes=old.path, reason=_WHY)

    @property
    def number(self) -> int:
        return len(self._register)

    @contextmanager
    def _one(self, table: str, first: int, last: int, path: str, supplier: str) -> Iterator[_Open]:
        file = self._begin(table, first, last, path, supplier)
        yield file
        self._end(file)

    def _begin(self, table: str, first: int, last: int, path: str, supplier: str) -> _Open:
        usual = hand_in(table)
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = None if path.endswith(".xlsx") else target.open("wb")
        received_on = usual.received_on(last)
        file = _Open(self.contracts[table], first, last, path, supplier or usual.supplier, received_on, handle)
        if handle is not None:
            file.put(csv_bytes([f.zh for f in file.contract.fields], []))
        return file

    def _put(self, file: _Open, rows: pl.DataFrame) -> None:
        shown = as_shown(rows, file.contract)
        if self.planter is not None:
            sheet, first = _place(file)
            if MARK in rows.columns:
                for place, mark in enumerate(rows[MARK].to_list(), start=first):
                    if mark is not None:
                        self.planter.written(mark, file.path, sheet, place)
            if file.last == self.order.last_year:
                shown = self.planter.scribble(file.contract.table, shown, file.path, sheet, first)
            if file.first == self.order.first_year and file.contract.table == self.planter.handling.restated:
                self._first_year.append(rows)
        file.rows += shown.height
        if file.handle is None:
            file.kept.append(shown)
        elif shown.height:
            text = io.BytesIO()
            shown.write_csv(text, include_header=False)
            file.put(text.getvalue())

    def _end(self, file: _Open, **more: object) -> None:
        """Finish a file and note it; a return of which nobody has a row is no return, and is not there.

        ``more``: cells of the register that differ from those of a first hand-in.
        """
        target = self.folder / file.path
        if file.handle is not None:
            self.written += file.handle.tell()
            file.handle.close()
        if not file.rows:
            target.unlink(missing_ok=True)
            return
        if file.handle is None:
            data = _workbook(file)
            target.write_bytes(data)
            file.digest = hashlib.sha256(data)
            self.written += len(data)
        listed = {
            "table": file.contract.table,
            "period_kind": file.contract.period_kind,
            "period_from": file.first,
            "period_to": file.last,
            "revision": 1,
            "path": file.path,
            "sha256": file.digest.hexdigest(),  # type: ignore[attr-defined]
            "supplier": file.supplier,
            "received_on": file.received_on,
            "maturity": "final",
            "origin": "demonstration",
            "form_edition": FORM_EDITION,
            "late": _HISTORY_LATE if file.first < self.order.first_year else "",
        } | more
        self._register.append([listed.get(column, "") for column in REGISTER_COLUMNS])


def _place(file: _Open) -> tuple[str, int]:
    """Sheet and row at which the next row of a file stands: below the header, in a workbook also below the title."""
    sheet, above = ("", 1) if file.handle is not None else (file.contract.name_zh[:31], 2)
    return sheet, file.rows + above + 1


def _workbook(file: _Open) -> bytes:
    """One sheet with a title above the headers, as the demonstration of Zhangjiakou writes it."""
    rows = [
        {name: "" if value is None else value for name, value in row.items()}
        for row in pl.concat(file.kept).iter_rows(named=True)
    ]
    received = Received(
        file.contract.table,
        file.first,
        file.last,
        file.path,
        XLSX,
        file.supplier,
        file.received_on,
        rows,
        FORM_EDITION,
        title=f"示例市{file.last}年{file.contract.name_zh}(演示)",
    )
    return content(received, file.contract)


def as_shown(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Rows of a contract as they stand in a file: its fields in order, 是 and 否, 合计 in the keys of a check total,
    dates as ISO text, amounts as text without an exponent; whole numbers stay whole numbers."""
    columns = []
    for f in contract.fields:
        column = pl.col(f.name)
        if f.type == "bool":
            column = pl.when(column).then(pl.lit("是")).when(~column).then(pl.lit("否"))
        elif f.type in ("date", "decimal", "money"):
            column = column.cast(pl.String)
        if f.name in contract.totals and "is_total" in rows.columns:
            word = pl.lit(contract.totals[f.name])
            column = pl.when(pl.col("is_total") & column.is_null()).then(word).otherwise(column.cast(pl.String))
        columns.append(column.alias(f.name))
    return rows.select(columns)


def csv_bytes(header: object, rows: object) -> bytes:
    """A small CSV in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
