"""A trace as a workbook that an auditor can file: figure, rows, register, SQL.

Belongs here: laying out XLSX. Does not belong here: finding anything out.

The same trace gives the same bytes. Texts stay texts: nothing received can become a formula or a link.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.proof.compare import decimal_text
from pipeline.proof.trace import Trace

_INERT = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
_BORN = datetime(2000, 1, 1)
_EXACT_DIGITS = 15
ROW_HEADER = (
    ("合计项", "sum"), ("文件", "file"), ("工作表", "sheet"), ("行", "row"), ("列", "column"), ("内容", "label"),
    ("单位", "area_code"), ("数值", "value"), ("系数", "factor"), ("乘积", "product"),
)  # fmt: skip
FILE_HEADER = (
    ("文件", "path"), ("报送单位", "supplier"), ("收到日期", "received_on"), ("第几次", "revision"),
    ("成熟度", "maturity"), ("来源性质", "origin"), ("替换", "supersedes"), ("原因", "reason"), ("sha256", "sha256"),
)  # fmt: skip


def write_sheet(trace: Trace, path: Path) -> Path:
    """Write the trace as XLSX: sheets 数字 figure, 判定 verdict, 明细 rows, 来源 files, SQL."""
    with xlsxwriter.Workbook(path, _INERT) as book:
        book.set_properties({"title": f"{trace.edition} {trace.figure['indicator_id']}", "created": _BORN})
        bold = book.add_format({"bold": True})
        _figure(book.add_worksheet("数字 figure"), trace, bold)
        _verdicts(book.add_worksheet("判定 verdict"), trace, bold)
        _rows(book.add_worksheet("明细 rows"), trace, bold)
        _files(book.add_worksheet("来源 files"), trace, bold)
        sql = book.add_worksheet("SQL")
        for number, line in enumerate([trace.sql_name, *trace.sql.splitlines()]):
            _put(sql, number, 0, line)
    return path


def _figure(sheet: Any, trace: Trace, bold: Any) -> None:
    lines: list[tuple[str, Any]] = [("版本 edition", trace.edition), ("build_id", trace.build_id), ("追溯码 code", trace.code)]
    lines += [(k, v) for k, v in trace.figure.items()]
    lines += [("数值(小数) value", decimal_text(trace.value))]
    for one in trace.sums:
        if one.rows:
            lines.append((f"{one.of} 行数 rows", len(one.rows)))
        if one.withheld is not None:
            lines.append((f"{one.of} 合列的单位数 units told together", one.withheld.units))
            lines.append((f"{one.of} 合列单位的合计 their sum", decimal_text(one.withheld.total)))
        lines.append((f"{one.of} 各行之和 sum of rows", decimal_text(one.total)))
        lines.append((f"{one.of} 相等 equal", "是 yes" if one.exact else "否 NO"))
    published = {None: "未发布 not published", True: "是 yes", False: "否 NO"}[trace.as_published]
    lines.append(("与已发布数据一致 equal to the published data", published))
    lines += [("注意 note", f"{zh} / {en}") for zh, en in trace.notes]
    for number, (name, value) in enumerate(lines):
        sheet.write_string(number, 0, name, bold)
        _put(sheet, number, 1, value)
    sheet.set_column(0, 1, 36)


def _verdicts(sheet: Any, trace: Trace, bold: Any) -> None:
    for column, verdict in enumerate(trace.verdicts, start=1):
        for number, (name, value) in enumerate(verdict.items()):
            sheet.write_string(number, 0, name, bold)
            _put(sheet, number, column, value)
    sheet.set_column(0, 1, 30)


def _rows(sheet: Any, trace: Trace, bold: Any) -> None:
    _header(sheet, ROW_HEADER, bold)
    number = 1
    for one in trace.sums:
        for row in one.rows_by_file():
            cells = (one.of, row.file, row.sheet, row.row, row.column, row.label, row.area_code)
            for column, value in enumerate(cells):
                _put(sheet, number, column, value)
            for column, exact in enumerate(
                (Fraction(row.value), Fraction(row.factor), row.product), start=len(cells)
            ):
                _number(sheet, number, column, exact)
            number += 1
        for share in one.shares:
            for column, value in ((0, one.of), (1, share.file), (6, share.unit)):
                _put(sheet, number, column, value)
            _number(sheet, number, len(ROW_HEADER) - 1, share.total)
            number += 1
    if number > 1:
        sheet.autofilter(0, 0, number - 1, len(ROW_HEADER) - 1)
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, 5, 24)


def _files(sheet: Any, trace: Trace, bold: Any) -> None:
    _header(sheet, FILE_HEADER, bold)
    for number, (path, entry) in enumerate(trace.files.items(), start=1):
        for column, (_, name) in enumerate(FILE_HEADER):
            _put(sheet, number, column, path if name == "path" else entry[name])
    sheet.set_column(0, len(FILE_HEADER) - 1, 24)


def _header(sheet: Any, names: tuple[tuple[str, str], ...], bold: Any) -> None:
    for column, (zh, en) in enumerate(names):
        sheet.write_string(0, column, zh if zh == en else f"{zh} {en}", bold)


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    """A cell: whole numbers as numbers where a spreadsheet holds them exactly, everything else as text."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "是 yes" if value else "否 no")
    elif isinstance(value, int | Decimal):
        _number(sheet, row, column, Fraction(value))
    else:
        sheet.write_string(row, column, str(value))


def _number(sheet: Any, row: int, column: int, value: Fraction) -> None:
    """A number where 15 digits hold it; a longer one as its exact text."""
    text = decimal_text(value)
    if "/" in text or len(text.strip("-").replace(".", "")) > _EXACT_DIGITS:
        sheet.write_string(row, column, text)
    else:
        sheet.write_number(row, column, float(text))
