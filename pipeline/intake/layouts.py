"""layouts/<table>.csv: under which headers a table came in earlier years, as data of the programme.

Belongs here: reading and checking layout files (R10), which of their rows hold for a file. Does not
belong here: matching headers (headers.py), the contracts.

A row says: in files of the periods ``year_from`` to ``year_to`` the header ``header`` is the field
``field``. The header ``-1`` says that the form did not ask for the field in those years, so that a
required column may be missing. The contract's own headers hold as well, unless a row gives one of
them to another field.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.intake.cells import shown
from pipeline.intake.contract import Contract, normal_header
from pipeline.intake.decode import DecodeError, decode_text
from pipeline.intake.personal import is_personal
from pipeline.quality.finding import Finding

LAYOUTS = "layouts"
COLUMNS = ("year_from", "year_to", "header", "field")
NOT_ASKED = "-1"
"""In the column ``header``: the form of these years did not have the field."""


class LayoutRow(NamedTuple):
    """One row of a layout file; ``row`` is its row number."""

    year_from: int
    year_to: int
    header: str
    field: str
    row: int

    def overlaps(self, other: LayoutRow) -> bool:
        return self.year_from <= other.year_to and other.year_from <= self.year_to


@dataclass(frozen=True)
class Layout:
    """The layout rows of one table, in file order."""

    table: str
    rows: tuple[LayoutRow, ...] = ()

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr([tuple(r)[:4] for r in self.rows]).encode()).hexdigest()

    def holding(self, period: tuple[int, int] | None) -> tuple[dict[str, str], frozenset[str]]:
        """(header -> field, fields not asked for) for a file of ``period`` (first and last year).

        A row holds for a file only if it covers all its years. None: of any year, for telling
        which table a file is.
        """
        rows = [r for r in self.rows if period is None or r.year_from <= period[0] <= period[1] <= r.year_to]
        named = {r.header: r.field for r in rows if r.header != NOT_ASKED}
        return named, frozenset(r.field for r in rows if r.header == NOT_ASKED)


@dataclass(frozen=True)
class LayoutsResult:
    """Table -> layout, for the files without an error; a finding (R10) for everything that is wrong."""

    layouts: dict[str, Layout]
    findings: list[Finding]


def layout_files(programme_root: Path) -> list[str]:
    """Paths of the layout files, relative to the programme's folder, sorted."""
    paths = (programme_root / LAYOUTS).glob("[!.~]*.csv")
    return sorted(f"{LAYOUTS}/{path.name}" for path in paths if path.is_file())


def read_layouts(programme_root: Path, contracts: Mapping[str, Contract]) -> LayoutsResult:
    """Every layout file of a programme. A file with an error gives findings and no layout."""
    layouts: dict[str, Layout] = {}
    findings: list[Finding] = []
    for path in layout_files(programme_root):
        try:
            layouts[Path(path).stem] = _read(programme_root / path, path, contracts)
        except _Wrong as wrong:
            findings += wrong.findings
    return LayoutsResult(layouts, sorted(findings, key=Finding.sort_key))


class _Wrong(Exception):
    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(f.message_en for f in findings))
        self.findings = findings


class _Fault(NamedTuple):
    """What is wrong in one cell: row, column, value, the reason and the expectation, Chinese and English."""

    row: int | None
    column: str
    value: str
    zh: str
    en: str
    expected_zh: str = ""
    expected_en: str = ""


def _finding(path: str, fault: _Fault) -> Finding:
    place_zh = f"{path} 第 {fault.row} 行" if fault.row else path
    place_en = f"{path} row {fault.row}" if fault.row else path
    column_zh = f" {fault.column} 列" if fault.column else ""
    column_en = f", column {fault.column}" if fault.column else ""
    return Finding(
        rule="R10",
        severity="error",
        table=Path(path).stem,
        file=path,
        row=fault.row,
        column=fault.column,
        value=shown(fault.value),
        message_zh=f"{place_zh}{column_zh}：{fault.zh}",
        message_en=f"{place_en}{column_en}: {fault.en}",
        expected_zh=fault.expected_zh,
        expected_en=fault.expected_en,
        who_zh="维护历年表头的人员",
        who_en="whoever keeps the layouts",
        todo_zh=f"改正 {place_zh}{column_zh}后重新检查。",
        todo_en=f"Correct {place_en}{column_en} and check again.",
    )


def _read(file: Path, path: str, contracts: Mapping[str, Contract]) -> Layout:
    """The layout in one file; raises _Wrong."""
    contract = contracts.get(file.stem)
    if contract is None:
        near = difflib.get_close_matches(file.stem, sorted(contracts), n=1)
        hint = (f"是否应为 {near[0]}.csv？", f" Perhaps {near[0]}.csv?") if near else ("", "")
        fault = _Fault(
            None,
            "",
            file.stem,
            f"没有名为“{file.stem}”的表。{hint[0]}",
            f"there is no table “{file.stem}”.{hint[1]}",
        )
        raise _Wrong([_finding(path, fault)])
    table = _table(file, path)
    faults: list[_Fault] = []
    rows: list[LayoutRow] = []
    for number, record in table:
        wrong = list(_wrong_cells(number, record, contract))
        faults += wrong
        if not wrong:
            header = " ".join(record["header"].split())
            rows.append(
                LayoutRow(int(record["year_from"]), int(record["year_to"]), header, record["field"], number)
            )
    for i, row in enumerate(rows):
        faults += _contradictions(row, rows[:i])
    if faults:
        raise _Wrong([_finding(path, fault) for fault in faults])
    return Layout(file.stem, tuple(rows))


def _table(file: Path, path: str) -> list[tuple[int, dict[str, str]]]:
    """(row number, cells by column) of every filled row; raises _Wrong."""
    try:
        table = list(csv.reader(io.StringIO(decode_text(file.read_bytes()), newline=""), strict=True))
    except (OSError, DecodeError, csv.Error) as error:
        told = (
            (error.zh, error.en) if isinstance(error, DecodeError) else ("读不出来。", "it cannot be read.")
        )
        raise _Wrong([_finding(path, _Fault(None, "", "", *told))]) from error
    header = [cell.strip() for cell in table[0]] if table else []
    listed = ",".join(COLUMNS)
    if header != list(COLUMNS):
        fault = _Fault(
            1, "", ",".join(header), f"表头应为 {listed}。", f"the header must be {listed}.", listed, listed
        )
        raise _Wrong([_finding(path, fault)])
    rows, faults = [], []
    for number, cells in enumerate(table[1:], start=2):
        if len(cells) > len(COLUMNS):
            faults.append(_Fault(number, "", "", "单元格比表头多。", "there are more cells than headers."))
        elif any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(COLUMNS) - len(cells))]
            rows.append((number, {name: cell.strip() for name, cell in zip(COLUMNS, padded, strict=True)}))
    if faults:
        raise _Wrong([_finding(path, fault) for fault in faults])
    return rows


def _wrong_cells(number: int, record: dict[str, str], contract: Contract) -> Iterator[_Fault]:
    """What is wrong inside one row."""
    years = []
    for column in ("year_from", "year_to"):
        text = record[column]
        if re.fullmatch(r"(?:19|20)[0-9]{2}", text):
            years.append(int(text))
        else:
            yield _Fault(
                number,
                column,
                text,
                f"“{text}”不是年份。",
                f"“{text}” is no year.",
                "四位年份",
                "a year of four digits",
            )
    if len(years) == 2 and years[0] > years[1]:
        yield _Fault(
            number,
            "year_to",
            record["year_to"],
            f"早于 year_from（{years[0]}）。",
            f"is before year_from ({years[0]}).",
        )
    names = [f.name for f in contract.fields]
    name = record["field"]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        hint = (f"是否应为 {near[0]}？", f" Perhaps {near[0]}?") if near else ("", "")
        listed = ", ".join(names)
        yield _Fault(
            number,
            "field",
            name,
            f"“{contract.name_zh}”没有字段“{name}”。{hint[0]}",
            f"{contract.table} has no field “{name}”.{hint[1]}",
            listed,
            listed,
        )
    if not record["header"]:
        yield _Fault(number, "header", "", "没有写表头。", "the header is blank.")
    elif is_personal(record["header"]):
        yield _Fault(
            number,
            "header",
            record["header"],
            "像是个人信息，不接收。",
            "looks like personal data, which is not accepted.",
        )
    elif record["header"] == NOT_ASKED and name in _always(contract):
        yield _Fault(
            number,
            "header",
            NOT_ASKED,
            f"“{contract.field(name).zh}”是关键列，任何年份都不能没有。",
            f"“{name}” is part of the key and cannot be missing in any year.",
        )


def _always(contract: Contract) -> set[str]:
    """Fields without which a row has no place: key, period and units."""
    always = {*contract.key, *contract.unit_fields()} - set(contract.one_of)
    return always | ({contract.period_field} if contract.period_field else set())


def _contradictions(row: LayoutRow, before: list[LayoutRow]) -> Iterator[_Fault]:
    """How a row contradicts an earlier one of the same years."""
    for other in before:
        if not row.overlaps(other):
            continue
        same_field = row.field == other.field
        same_header = normal_header(row.header) == normal_header(other.header) and row.header != NOT_ASKED
        if same_header and not same_field:
            yield _Fault(
                row.row,
                "field",
                row.field,
                f"同一年份的表头“{row.header}”在第 {other.row} 行对应 {other.field}，这里却对应 {row.field}。",
                f"the header “{row.header}” is {other.field} in row {other.row} for some of the same years, "
                f"but {row.field} here.",
            )
        elif same_field:
            yield _Fault(
                row.row,
                "header",
                row.header,
                f"同一年份的字段 {row.field} 在第 {other.row} 行已对应“{other.header}”。",
                f"the field {row.field} already has the header “{other.header}” for some of the same years "
                f"(row {other.row}).",
            )
