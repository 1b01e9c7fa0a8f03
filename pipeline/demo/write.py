"""Files as they are received, and the register that lists them.

Belongs here: file formats (CSV in several encodings, XLSX), file names, suppliers, days of
receipt, checksums. Does not belong here: what the rows say (``returns``).

Headers are the Chinese headers of the contracts, so a renamed field needs no change here. The
bytes depend on the rows only: fixed dates inside the workbooks, fixed order of everything.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from pipeline.demo import YEARS, returns, territory
from pipeline.demo.derived_files import derived_files, layout_rows
from pipeline.demo.received import (
    BUREAU,
    EDUCATION_OFFICE,
    FINANCE,
    GB18030,
    LABOUR,
    PROVINCE,
    STATISTICS,
    TAB,
    UTF8,
    UTF8_BOM,
    XLSX,
    Received,
)
from pipeline.demo.returns import Row, World
from pipeline.demo.shapes import Shape, Table, shaped
from pipeline.intake.contract import Contract, load_contracts
from pipeline.intake.layouts import COLUMNS as LAYOUT_COLUMNS
from pipeline.intake.register import COLUMNS as REGISTER_COLUMNS

AREA_COLUMNS = (
    "area_code,name_zh,short_name_zh,name_en,unit_type,parent_code,budget_level,assessed,valid_from,"
    "valid_to,grid_row,grid_col,sort_order"
).split(",")
CROSSWALK_COLUMNS = "old_code,new_code,valid_from,weight_num,weight_den,basis".split(",")
# The demonstration holds two kinds of lateness, each with its reason: history handed in afterwards, and one return.
_BACKFILL = "本项目2019年启动,历年数据由各县区按现行报表一次补报"
_LATE_YEAR, _LATE = 2022, "两所技工学校当年合并,学籍清理完毕后才汇总上报"
_WORKBOOK_DAY = dt.datetime(2000, 1, 1)


def received_files(world: World) -> list[Received]:
    """Every file of the demonstration and the two censuses, in a fixed order."""
    files = [
        Received(
            "census_population",
            year,
            year,
            f"census/census_population_{year}.csv",
            UTF8,
            STATISTICS,
            day,
            [dict(row) for row in territory.census_rows(year)],
            f"{which}次全国人口普查",
            origin="real",
        )
        for year, day, which in ((2010, "2012-12-20", "第六"), (2020, "2022-12-20", "第七"))
    ]
    first, last = returns.HISTORY[0], returns.HISTORY[-1]
    files += [
        Received(
            "enrolment_by_grade",
            first,
            last,
            f"history/enrolment_by_grade_{first}_{last}.csv",
            GB18030,
            BUREAU,
            "2019-06-12",
            world.cohort_history(),
            f"{last}版",
            late=_BACKFILL,
        ),
        Received(
            "entrants_graduates",
            first,
            last,
            f"history/entrants_graduates_{first}_{last}.csv",
            GB18030,
            BUREAU,
            "2019-06-12",
            _joined(world.entrants_graduates(year) for year in returns.HISTORY),
            f"{last}版",
            late=_BACKFILL,
        ),
        Received(
            "pupil_movement",
            first + 1,
            last,
            f"history/pupil_movement_{first + 1}_{last}.csv",
            UTF8_BOM,
            BUREAU,
            "2019-06-12",
            _joined(world.pupil_movement(year) for year in returns.HISTORY[1:]),
            f"{last}版",
            late=_BACKFILL,
        ),
    ]
    for year in YEARS:
        files += _of_year(world, year)
    return files


def _of_year(world: World, year: int) -> list[Received]:
    school = (GB18030, GB18030, UTF8_BOM, UTF8_BOM, UTF8, UTF8)[YEARS.index(year)]
    dates = ("slash", "cell", "cell", "chinese", "cell", "iso")[YEARS.index(year)]
    autumn = f"{year}-10-{18 + year % 5}"
    titled = year % 2 == 1

    def file(
        table: str,
        form: str,
        supplier: str,
        day: str,
        rows: Iterable[Row],
        title: str = "",
        late: str = "",
    ) -> Received:
        ending = "xlsx" if form == XLSX else "csv"
        return Received(
            table,
            year,
            year,
            f"{year}/{table}.{ending}",
            form,
            supplier,
            day,
            rows,
            f"{year}版",
            title=title,
            dates=dates,
            late=late,
        )

    files = [
        file("school_register", school, BUREAU, autumn, world.school_register(year)),
        file("kindergarten_children", school, BUREAU, autumn, world.kindergarten_children(year)),
        file("enrolment_by_grade", school, BUREAU, autumn, world.enrolment_by_grade(year)),
        file("entrants_graduates", UTF8_BOM, BUREAU, autumn, world.entrants_graduates(year)),
        file("pupil_movement", UTF8, BUREAU, autumn, world.pupil_movement(year)),
        file(
            "technical_school_enrolment",
            GB18030 if year % 2 else UTF8,
            LABOUR,
            f"{year}-12-06" if year == _LATE_YEAR else f"{year}-11-12",
            world.technical_school_enrolment(year),
            late=_LATE if year == _LATE_YEAR else "",
        ),
        file(
            "inclusive_kindergarten_register",
            XLSX,
            EDUCATION_OFFICE,
            f"{year}-10-25",
            world.inclusive_kindergarten_register(year),
            "" if titled else f"{year}年普惠性民办幼儿园认定名单(演示)",
        ),
        file(
            "population_by_age",
            XLSX,
            STATISTICS,
            f"{year + 1}-03-20",
            world.population_by_age(year),
            f"张家口市{year}年分年龄常住人口(演示)" if titled else "",
        ),
        file(
            "county_finance",
            XLSX,
            FINANCE,
            f"{year + 1}-08-{14 + year % 4}",
            world.county_finance(year),
            f"张家口市{year}年一般公共预算支出决算(演示)",
        ),
    ]
    if year in returns.CERTIFIED_KEPT:
        files.append(
            file("certified_values", UTF8, PROVINCE, f"{year + 1}-02-10", world.certified_values(year))
        )
    return files


def _joined(parts: Iterable[Iterable[Row]]) -> list[Row]:
    return [row for part in parts for row in part]


def write_all(world: World, out: Path) -> list[Path]:
    """Write every file, ``areas.csv``, ``crosswalk.csv`` and ``register.csv`` into ``out``.

    Files of the demonstration that are already there are replaced; nothing else is touched.
    Returns the paths written.
    """
    contracts = load_contracts()
    out.mkdir(parents=True, exist_ok=True)
    written = [
        _write(out / "areas.csv", _csv(AREA_COLUMNS, territory.area_rows(), UTF8)),
        _write(out / "crosswalk.csv", _csv(CROSSWALK_COLUMNS, territory.crosswalk_rows(), UTF8)),
        *(
            _write(out / "layouts" / f"{table}.csv", _csv(LAYOUT_COLUMNS, rows, UTF8))
            for table, rows in layout_rows().items()
        ),
    ]
    register = []
    for item in [*received_files(world), *derived_files(world)]:
        data = content(item, contracts[item.table])
        written.append(_write(out / item.path, data))
        register.append(
            [
                item.table,
                contracts[item.table].period_kind,
                item.first,
                item.last,
                item.revision,
                item.path,
                hashlib.sha256(data).hexdigest(),
                item.supplier,
                item.received_on,
                item.maturity,
                item.origin,
                item.form_edition,
                item.late,
                item.supersedes,
                item.reason,
            ]
        )
    written.append(_write(out / "register.csv", _csv(REGISTER_COLUMNS, register, UTF8)))
    return written


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def content(item: Received, contract: Contract) -> bytes:
    """The bytes of one file, in its format."""
    # A form leaves out the optional columns it does not ask for; a row that lacks one of the others breaks below.
    filled = list(item.rows)
    names = [field.name for field in contract.fields if field.required or field.name in filled[0]]
    table = shaped(contract, names, [[row[name] for name in names] for row in filled], item.shape)
    if item.form == XLSX:
        return _workbook(item, contract, table)
    return _csv(table.headers, [*table.rows, *([line] for line in table.foot)], item.form)


def _csv(headers: Iterable[str], rows: Iterable[Iterable[object]], encoding: str) -> bytes:
    """CSV text; lines end as the programs that write the encoding end them (TAB: "Unicode text", UTF-16)."""
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter="\t" if encoding == TAB else ",",
        lineterminator="\r\n" if encoding in (GB18030, TAB) else "\n",
    )
    writer.writerow(headers)
    writer.writerows(rows)
    if encoding == TAB:
        return codecs.BOM_UTF16_LE + text.getvalue().encode("utf-16-le")
    return text.getvalue().encode(encoding)


def _workbook(item: Received, contract: Contract, table: Table) -> bytes:
    """A workbook of one sheet; codes are text cells, counts and money number cells."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": item.title, "author": item.supplier, "created": _WORKBOOK_DAY})
    bold = book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1})
    heading = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(contract.name_zh[:31])
    top = 0
    if item.title:
        sheet.merge_range(0, 0, 0, len(table.headers) - 1, item.title, heading)
        top = 1
    top = _write_headers(sheet, top, table, item.shape, bold)
    _write_rows(sheet, top, item, contract, table, day)
    sheet.set_column(0, len(table.headers) - 1, 16)
    sheet.freeze_panes(top, 0)
    book.close()
    return buffer.getvalue()


def _write_headers(
    sheet: xlsxwriter.worksheet.Worksheet,
    top: int,
    table: Table,
    shape: Shape,
    bold: xlsxwriter.format.Format,
) -> int:
    """The header in one row, or in two with merged groups above; returns the first row of data."""
    if not shape.groups:
        sheet.write_row(top, 0, table.headers, bold)
        return top + 1
    grouped = {table.fields.index(name): title for title, names in shape.groups for name in names}
    for column, header in enumerate(table.headers):
        if column in grouped:
            sheet.write_string(top + 1, column, header, bold)
        else:
            sheet.merge_range(top, column, top + 1, column, header, bold)
    for title, names in shape.groups:
        columns = [table.fields.index(name) for name in names]
        sheet.merge_range(top, columns[0], top, columns[-1], title, bold)
    return top + 2


def _write_rows(
    sheet: xlsxwriter.worksheet.Worksheet,
    top: int,
    item: Received,
    contract: Contract,
    table: Table,
    day: xlsxwriter.format.Format,
) -> None:
    """Rows and the lines below them."""
    days = {field.name for field in contract.fields if field.type == "date"}
    decimals = {field.name for field in contract.fields if field.type == "decimal"}
    for number, row in enumerate(table.rows, start=top):
        for column, (name, value) in enumerate(zip(table.fields, row, strict=True)):
            if value == "":
                continue
            if name in days:
                _write_date(sheet, number, column, str(value), item.dates, day)
            elif isinstance(value, int) or name in decimals:
                sheet.write_number(number, column, float(str(value)))
            else:
                sheet.write_string(number, column, str(value))
    for number, line in enumerate(table.foot, start=top + len(table.rows) + 1):
        sheet.write_string(number, 0, line)


def _write_date(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    text: str,
    how: str,
    form: xlsxwriter.format.Format,
) -> None:
    date = dt.date.fromisoformat(text)
    if how == "cell":
        sheet.write_datetime(row, column, dt.datetime(date.year, date.month, date.day), form)
    elif how == "slash":
        sheet.write_string(row, column, f"{date.year}/{date.month}/{date.day}")
    elif how == "chinese":
        sheet.write_string(row, column, f"{date.year}年{date.month}月{date.day}日")
    else:
        sheet.write_string(row, column, text)
