"""One workbook per due table to hand out: filled in, it is accepted as it is.

Belongs here: sheets, formats, drop-down lists, protection, formulas of check totals. Does not
belong here: which rows and columns a form has (form.py), reading it back (intake).

The header row holds the contract's own headers. Columns that only help (names, last year's
figures) stand under the header 说明, which intake leaves unread by its written rule; the row
above says what they are. The bytes depend on the inputs only.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.intake.contract import Field
from pipeline.office import Refusal
from pipeline.office.due import due_tables
from pipeline.office.form import UNIT_FIELDS, Column, Form, FormRow, make_form, year_fields
from pipeline.office.new_year import check_year
from pipeline.office.registering import safe_name
from pipeline.office.widths import row_height, wide
from pipeline.programme import Home

UNREAD = "说明"
SPARE_ROWS = 40
TITLE_ROW, HELP_ROW, BAND_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3, 4
NOTES_SHEET = "填表说明"
_NOTES_WIDTHS = (24, 22, 8, 14, 46, 30)
"""Of its columns, in characters of the Latin alphabet."""
_DAY = dt.datetime(2000, 1, 1)
_FONT = "微软雅黑"
_INK, _MUTED, _LINE = "#1F2937", "#6B7280", "#D0D7E2"
_TITLE_FILL, _HEAD_FILL, _GIVEN_FILL = "#1F4E79", "#DCE6F2", "#F3F6FA"
_LAST_FILL, _CARRIED_FILL, _TOTAL_FILL = "#E5E7EB", "#FFF6DD", "#E8F1E4"
_LIST_CHARACTERS = 255
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_KIND_ZH = {
    "int": "整数",
    "decimal": "小数",
    "money": "金额",
    "count": "数量",
    "code": "代码",
    "text": "文字",
    "enum": "从列表中选",
    "bool": "是/否",
    "date": "日期",
    "time": "时刻",
}


def write_templates(
    home: Home, programme_id: str, year: int, out: Path, *, tables: Sequence[str] = ()
) -> list[Path]:
    """Write one workbook for every table due in ``year`` into ``out``; returns the paths in plan order.

    ``tables`` limits them. Raises Refusal for a year or table that is not due, for a folder inside the
    received data, and where a file of that name holds something else (it may be filled in already).
    """
    programme = home.programme(programme_id)
    check_year(programme, year)
    if out.resolve().is_relative_to(home.data_raw.resolve()):
        raise Refusal(
            "模板不能放在 data_raw 里（那里只放收到的文件），请另选文件夹。",
            "Templates do not belong in data_raw, which holds received files only; choose another folder.",
        )
    due = due_tables(programme, year)
    unknown = sorted(set(tables) - {d.contract.table for d in due})
    if unknown:
        raise Refusal(
            f"{year} 年不需要报：{'、'.join(unknown)}；应报：{'、'.join(d.contract.table for d in due)}",
            f"Not due in {year}: {', '.join(unknown)}; due: {', '.join(d.contract.table for d in due)}",
        )
    made = []
    for d in due:
        if tables and d.contract.table not in tables:
            continue
        path = out / safe_name(f"{d.contract.table}_{year}_{d.contract.name_zh}.xlsx")
        data = workbook(make_form(home, programme, d))
        if path.exists() and path.read_bytes() != data:
            raise Refusal(
                f"{path} 已经存在且内容不同（可能已填写），没有覆盖；请先移走或另选文件夹。",
                f"{path} exists with other content (it may be filled in) and was not overwritten; move it "
                "away or "
                f"choose another folder.",
            )
        made.append((path, data))
    out.mkdir(parents=True, exist_ok=True)
    for path, data in made:
        path.write_bytes(data)
    return [path for path, _ in made]


def workbook(form: Form) -> bytes:
    """The template as XLSX bytes."""
    return _Template(form).bytes()


class _Template:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.contract = form.contract
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        self.book.set_properties({"title": self._title(), "author": "监测 Jiance", "created": _DAY})
        self.formats: dict[tuple, Any] = {}
        self.at = {c.field.name: i for i, c in enumerate(form.columns) if c.field and c.kind in _FILLED}

    def bytes(self) -> bytes:
        self.sheet = self.book.add_worksheet(_sheet_name(self.contract.name_zh))
        self.notes = self.book.add_worksheet(NOTES_SHEET)
        self.end = FIRST_ROW + len(self.form.rows) + SPARE_ROWS
        self._head()
        for position, row in enumerate(self.form.rows):
            self._row(FIRST_ROW + position, row)
        self._spare()
        self._limits()
        self._page()
        self._notes()
        self.sheet.activate()
        self.book.close()
        return self.buffer.getvalue()

    # ------------------------------------------------------------------ texts

    def _period_words(self, year: int) -> str:
        kind = {"school_year": f"{year} 学年", "fiscal_year": f"{year} 财政年度", "ref_date": f"{year} 年末"}
        return kind.get(self.contract.period_kind, f"{year} 年")

    def _title(self) -> str:
        return f"{self._period_words(self.form.year)} {self.contract.name_zh}"

    def _band(self, column: Column) -> str:
        match column.kind:
            case "given" if self.form.rows:
                return "已填好"
            case "name":
                return column.title
            case "last":
                assert column.field is not None
                return f"{self._period_words(self.form.last_period or 0)}\n{column.field.zh}"
            case "carried":
                return "已按上期填好\n请核对"
            case _:
                assert column.field is not None
                must = "必填" if column.field.required else "选填"
                return f"{must} · {_KIND_ZH[column.field.type]}"

    # ------------------------------------------------------------------ formats

    def _format(self, kind: str, field: Field | None, total: bool = False) -> Any:
        number = _number_format(field) if field is not None and kind != "name" else "@"
        key = (kind, number, total)
        if key not in self.formats:
            locked = kind in ("given", "last", "name") or total
            fill = {
                "given": _GIVEN_FILL,
                "last": _LAST_FILL,
                "name": _LAST_FILL,
                "carried": _CARRIED_FILL,
            }.get(kind)
            made = {
                "font_name": _FONT,
                "font_size": 10,
                "border": 1,
                "border_color": _LINE,
                "num_format": number,
                "locked": locked,
                "font_color": _MUTED if kind in ("last", "name") else _INK,
                "valign": "vcenter",
            }
            if total and kind not in ("last", "name"):
                made |= {"bold": True}
                fill = _TOTAL_FILL
            if fill:
                made["bg_color"] = fill
            self.formats[key] = self.book.add_format(made)
        return self.formats[key]

    def _plain(self, **more: Any) -> Any:
        return self.book.add_format(
            {"font_name": _FONT, "font_size": 10, "font_color": _INK, "valign": "vcenter"} | more
        )

    # ------------------------------------------------------------------ the form

    def _head(self) -> None:
        sheet, last = self.sheet, max(1, len(self.form.columns) - 1)
        title = self._plain(bold=True, font_size=15, font_color="#FFFFFF", bg_color=_TITLE_FILL, indent=1)
        sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, self._title(), title)
        sheet.set_row(TITLE_ROW, 30)
        kinds = {column.kind for column in self.form.columns}
        told = [
            f"报送单位：{self.form.supplier}。" if self.form.supplier else "",
            "请填白色格，没有填 0；" if self.form.rows else "请填白色格；",
            "米色格已按上期填好，有变化请改；" if "carried" in kinds else "",
            "灰色格只供对照；" if kinds & {"last", "name"} else "",
            "绿色行自动合计；" if any(row.adds for row in self.form.rows) else "",
            f"{self._where()}；表头不要改动。详见“{NOTES_SHEET}”。",
        ]
        text = "".join(told)
        sheet.merge_range(
            HELP_ROW, 0, HELP_ROW, last, text, self._plain(font_color=_MUTED, text_wrap=True, indent=1)
        )
        sheet.set_row(HELP_ROW, 32)
        sheet.set_row(BAND_ROW, 44)
        sheet.set_row(HEADER_ROW, 34)
        for i, column in enumerate(self.form.columns):
            helping = column.kind in ("last", "name")
            fill = _LAST_FILL if helping else _CARRIED_FILL if column.kind == "carried" else _HEAD_FILL
            common = {
                "border": 1,
                "border_color": _LINE,
                "bg_color": fill,
                "align": "center",
                "text_wrap": True,
            }
            band = self._plain(font_size=9, font_color=_INK if helping else _MUTED, **common)
            sheet.write_string(BAND_ROW, i, self._band(column), band)
            if helping:
                head = self._plain(font_size=8, font_color="#9CA3AF", **common)
                sheet.write_string(HEADER_ROW, i, UNREAD, head)
            else:
                assert column.field is not None
                sheet.write_string(HEADER_ROW, i, column.field.zh, self._plain(bold=True, **common))
            sheet.set_column(i, i, self._width(column))

    def _where(self) -> str:
        """Where a clerk writes what is not in the form yet; a form of new things only has empty rows only."""
        return "新增的写在表后空行里" if self.form.rows else f"从第 {FIRST_ROW + 1} 行起一行填一条，没有的不填"

    def _width(self, column: Column) -> float:
        field = column.field
        if column.kind == "name":
            longest = max((wide(self._named(column, row)) for row in self.form.rows), default=8)
            return min(34, max(10, longest + 2))
        assert field is not None
        if column.kind == "last" and field.type in ("int", "money", "count", "decimal"):
            return 12
        shown = [
            wide(str(row.last.get(field.name) or row.given.get(field.name) or "")) for row in self.form.rows
        ]
        return min(34, max(10, *(w + 2 for w in shown), wide(field.zh) * 0.62 + 3)) if shown else 14

    def _named(self, column: Column, row: FormRow) -> str:
        return row.names.get(column.field.name if column.field is not None else "", "")

    def _row(self, number: int, row: FormRow) -> None:
        total = bool(row.adds)
        for i, column in enumerate(self.form.columns):
            style = self._format(column.kind, column.field, total)
            if column.kind == "name":
                self._write(number, i, self._named(column, row), style)
                continue
            assert column.field is not None
            name = column.field.name
            if column.kind == "given":
                self._write(number, i, row.given.get(name), style)
            elif total and column.kind == "asked" and name in row.last:
                cells = f"{_cell(row.adds[0], i)}:{_cell(row.adds[-1], i)}"
                self.sheet.write_formula(number, i, f'=IF(COUNT({cells})=0,"",SUM({cells}))', style, "")
            elif column.kind in ("last", "carried"):
                self._write(number, i, row.last.get(name), style)
            else:
                self.sheet.write_blank(number, i, None, style)

    def _write(self, row: int, column: int, value: Any, style: Any) -> None:
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            self.sheet.write_string(row, column, "是" if value else "否", style)
        elif isinstance(value, (int, Decimal)):
            self.sheet.write_number(row, column, float(value) if isinstance(value, Decimal) else value, style)
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), style)
        else:
            self.sheet.write_string(row, column, str(value), style)

    def _spare(self) -> None:
        """Empty rows below, open in every column that is read, for what is new this year."""
        for number in range(FIRST_ROW + len(self.form.rows), self.end):
            for i, column in enumerate(self.form.columns):
                if column.kind not in ("last", "name"):
                    self.sheet.write_blank(number, i, None, self._format("asked", column.field))

    def _limits(self) -> None:
        """Drop-down lists and limits of what may be typed."""
        for name, i in self.at.items():
            rule = self._limit(self.contract.field(name))
            if rule:
                rule |= {"ignore_blank": True, "error_title": "填写有误"}
                self.sheet.data_validation(FIRST_ROW, i, self.end - 1, i, rule)

    def _limit(self, f: Field) -> dict[str, Any]:
        match f.type:
            case "enum" | "bool":
                values = list(f.values) or ["是", "否"]
                if f.name in self.contract.totals:
                    values.append(self.contract.totals[f.name])
                return {
                    "validate": "list",
                    "source": self._list(f, values),
                    "error_message": "请从下拉列表中选择。",
                }
            case "int" if f.name in self.contract.totals:
                return {}
            case "int":
                low = f.min if f.min is not None else -(10**14)
                high = f.max if f.max is not None else 10**14
                return {
                    "validate": "integer",
                    "criteria": "between",
                    "minimum": low,
                    "maximum": high,
                    "error_message": f"请填整数{_span(f)}。",
                }
            case "decimal" | "money" | "count":
                low = 0 if f.min == 0 else -(10**14)
                words = "，不小于 0" if f.min == 0 else ""
                return {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": low,
                    "maximum": 10**14,
                    "error_message": f"请填数字{words}。",
                }
            case "code":
                return {
                    "validate": "length",
                    "criteria": "==",
                    "value": f.width,
                    "error_message": f"请填 {f.width} 位代码。",
                }
            case "date":
                return {
                    "validate": "date",
                    "criteria": "between",
                    "minimum": dt.date(1949, 1, 1),
                    "maximum": dt.date(2100, 12, 31),
                    "error_message": "请填日期，例如 2024-09-01。",
                }
            case _:
                return {}

    def _list(self, f: Field, values: list[str]) -> list[str] | str:
        """The values themselves, or where they stand on the notes sheet when they are too long for a list."""
        if len(",".join(values)) <= _LIST_CHARACTERS and not any("," in v for v in values):
            return values
        column = 8 + list(self.at).index(f.name)
        self.notes.write_column(0, column, values)
        self.notes.set_column(column, column, None, None, {"hidden": True})
        first, last = (
            xl_rowcol_to_cell(0, column, True, True),
            xl_rowcol_to_cell(len(values) - 1, column, True, True),
        )
        return f"='{NOTES_SHEET}'!{first}:{last}"

    def _page(self) -> None:
        sheet, columns = self.sheet, self.form.columns
        keys = [i for i, c in enumerate(columns) if c.kind in ("given", "name")]
        frozen = next((i for i in range(len(columns)) if i not in keys), len(keys))
        sheet.freeze_panes(FIRST_ROW, frozen if sum(self._width(c) for c in columns[:frozen]) < 90 else 1)
        if self.form.rows:
            sheet.autofilter(HEADER_ROW, 0, FIRST_ROW + len(self.form.rows) - 1, len(columns) - 1)
        sheet.protect(
            "", {"format_columns": True, "format_rows": True, "autofilter": True, "select_locked_cells": True}
        )
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(BAND_ROW, HEADER_ROW)
        # The blank ends the font size: a title that begins with a year would be read as part of it.
        sheet.set_footer("&L&8 " + self._title().replace("&", "&&") + "&R&8第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)
        sheet.set_tab_color(_TITLE_FILL)

    # ------------------------------------------------------------------ notes

    def _notes(self) -> None:
        sheet = self.notes
        title = self._plain(bold=True, font_size=15, font_color="#FFFFFF", bg_color=_TITLE_FILL, indent=1)
        sheet.merge_range(0, 0, 0, 5, f"{NOTES_SHEET}：{self._title()}", title)
        sheet.set_row(0, 30)
        line = self._plain(text_wrap=True, indent=1)
        told = [
            "填完后保存为 XLSX（不要加打开密码），连同本说明页一起交回；表头、列的次序和第 4 "
            "行以上不要改动。",
            "空白表示“未报”，不是 0：没有请填 0。金额按本行“来源单位”填写，不要加百分号和汉字单位。",
            "本年新增的学校（单位、组合）写在表后的空行里；学校已停办、撤并的，在“审阅”中撤销工作表保护"
            "（没有密码）后删除它的整行，不要只清空。"
            if self.form.rows
            else f"{self._where()}；空行不够的，在“审阅”中撤销工作表保护（没有密码）后接着往下填。",
        ]
        if any(row.adds for row in self.form.rows):
            told.append("绿色合计行由公式计算，请与纸质报表核对；不一致时改明细，不要改合计。")
        for i, text in enumerate(told, start=1):
            sheet.merge_range(i, 0, i, 5, f"{i}. {text}", line)
            sheet.set_row(i, 32)
        head = self._plain(bold=True, bg_color=_HEAD_FILL, border=1, border_color=_LINE, align="center")
        cell = self._plain(border=1, border_color=_LINE, text_wrap=True)
        top = len(told) + 2
        for i, (text, width) in enumerate(
            zip(("列", "英文字段", "必填", "类型", "允许的值", "怎样填"), _NOTES_WIDTHS, strict=True)
        ):
            sheet.write_string(top, i, text, head)
            sheet.set_column(i, i, width)
        kinds = {c.field.name: c.kind for c in self.form.columns if c.field is not None and c.kind in _FILLED}
        shown = [f for f in self.contract.fields if f.name in kinds]
        for i, f in enumerate(shown, start=top + 1):
            must = "必填" if f.required else "二选一" if f.name in self.contract.one_of else "选填"
            texts = (f.zh, f.name, must, _KIND_ZH[f.type], self._allowed(f), self._how(f, kinds[f.name]))
            for j, text in enumerate(texts):
                sheet.write_string(i, j, text, cell)
            sheet.set_row(i, row_height(texts, _NOTES_WIDTHS))
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _allowed(self, f: Field) -> str:
        total = f"；“{self.contract.totals[f.name]}”表示合计行" if f.name in self.contract.totals else ""
        match f.type:
            case "enum":
                return "、".join(f.values) + total
            case "bool":
                return "是、否"
            case "code":
                listed = "、".join(f"{code} {name}".strip() for code, name in self._units_of(f))
                return f"{f.width} 位数字，开头的 0 不能少" + (f"：{listed}" if listed else "")
            case "date":
                return "例如 2024-09-01"
            case "time":
                return "例如 17:30"
            case "money" | "count":
                unit = self.contract.field(f.unit_field or "")
                return f"按“{unit.zh}”列的单位（{'、'.join(unit.values)}）"
            case "decimal":
                return f"至多 {f.scale} 位小数{_span(f)}"
            case "int":
                return f"整数{_span(f)}{total}"
            case _:
                return ""

    def _units_of(self, f: Field) -> list[tuple[str, str]]:
        """The units that may be written into a column, where the rows do not show them."""
        return self.form.units if f.name in UNIT_FIELDS and not self.form.rows else []

    def _how(self, f: Field, kind: str) -> str:
        if kind == "given" and self.form.rows:
            return "已填好本年" if f.name in year_fields(self.contract) else "已填好，新增行自填"
        if kind == "carried":
            return "按上期填好，请逐项核对"
        shown = any(column.kind == "last" for column in self.form.columns)
        return "请填写；旁边灰色格是上期数" if shown else "请填写"


_FILLED = ("given", "asked", "carried")


def _cell(position: int, column: int) -> str:
    return xl_rowcol_to_cell(FIRST_ROW + position, column)


def _span(f: Field) -> str:
    if f.min is not None and f.max is not None:
        return f"，{f.min} 至 {f.max}"
    if f.min is not None:
        return f"，不小于 {f.min}"
    return f"，不大于 {f.max}" if f.max is not None else ""


def _number_format(f: Field) -> str:
    match f.type:
        case "int":
            return "0" if f.max is not None and f.max <= 3000 else "#,##0"
        case "money" | "count":
            return "#,##0.######"
        case "decimal":
            return "General"
        case "date":
            return "yyyy-mm-dd"
        case _:
            return "@"


def _sheet_name(text: str) -> str:
    return _FORBIDDEN.sub("", text)[:31]
