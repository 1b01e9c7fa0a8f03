"""``tables.xlsx``: every table of the report on a sheet of its own, with real numbers, in both languages.

Belongs here: laying the tables of the model out as sheets, the two lists that the pages set in another way
(summary, commitments), and the values that the charts draw. Does not belong here: choosing figures (the model).

Figures are numbers as printed, with their decimals as the number format; a mark (``◆``), a bound (``≥``) and a unit
(``1.06倍``) are part of the format, so that every figure can be sorted and added up. The exact numerators and
denominators are in ``data/``.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter

from pipeline.report.numbers import MINUS
from pipeline.report.shapes import (
    Cell,
    Chart,
    ChartPoint,
    Column,
    DotChart,
    MatrixChart,
    PathChart,
    ReportModel,
    Row,
    SmallMultiples,
    Status,
    Table,
    Text,
    TileMap,
    WaterfallChart,
    Words,
    said,
)
from pipeline.report.walk import charts, tables
from pipeline.report.words import CERTIFIED, NONE

_OPTIONS = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
_FONT = "微软雅黑"
_NUMBER = re.compile(rf"([+{MINUS}-]?)(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.(\d+))?")
_AMOUNT = re.compile(rf"([≥≤⩾⩽]?)({_NUMBER.pattern})(?:/(\d+)| ?([%\u3400-\u9fffA-Za-z-]?[%\u3400-\u9fffA-Za-z -]*))")
_UNIT_ZH, _UNIT_EN, _CODE = 8, 30, 5
"""A longer word is no unit; so many digits without a comma, and no unit after them, are a code."""
_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_BOTH = " / "
HEAD = 5
"""Row of the headings on every sheet, from 0; above it title, unit and version."""
SHORT = 40
LINE = 16
"""Height of a line of a heading, in points."""
INDEX = "目录 Contents"
_DEMONSTRATION = Text(zh="演示数据 · 非真实统计", en="Demonstration data, not real statistics")


class Sheet(NamedTuple):
    """A sheet: its name, and the table on it."""

    name: str
    table: Table


class Figure(NamedTuple):
    """A printed figure as a number with the format that prints it again."""

    value: Decimal
    form: str


def figure_of(text: str, mark: str = "") -> Figure | None:
    """``"1,234.50"`` with mark ``◆`` -> 1234.50 and ``"◆"#,##0.00``; None where the text is no plain number."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    sign, whole, decimals = found.groups()
    pattern = "#,##0" + (f".{'0' * len(decimals)}" if decimals else "")
    negative = sign in ("-", MINUS)
    digits = whole.replace(",", "") + (f".{decimals}" if decimals else "")
    value = Decimal("-" + digits if negative else digits)
    before = f'"{mark}"' if mark else ""
    plus = "+" if sign == "+" else ""
    return Figure(value, f'{before}{plus}{pattern};{before}"{MINUS}"{pattern};{before}{pattern}')


def amount_of(words: Words, mark: str = "") -> Figure | None:
    """A figure with what stands around it: ``1.06倍 / 1.06 times`` -> 1.06 and ``#,##0.00"倍 / times"``, ``≥92%``, ``4/17``;
    ``2.52亿元 / 252 million yuan`` -> 2.52 in hundred million yuan.

    None where the words are no single figure with a short unit, the same in both languages. A code (five digits or
    more without a comma and without a unit, or a nought in front) is no figure.
    """
    zh, en = _AMOUNT.fullmatch(said(words, "zh").strip()), _AMOUNT.fullmatch(said(words, "en").strip())
    if zh is None or en is None or (zh[1], zh[6]) != (en[1], en[6]):
        return None
    bound, digits, of, unit, english = zh[1], zh[2], zh[6], zh[7] or "", (en[7] or "").strip()
    if unit == "亿元" and english in _MILLIONS and _number(digits) * 100 == _number(en[2]) * _MILLIONS[english]:
        # one number for both: that of the Chinese unit, whose name in English follows
        english = "hundred million yuan"
    elif digits != en[2]:
        return None
    bare = digits.lstrip(f"+-{MINUS}")
    code = re.match(r"0\d", bare) or (re.fullmatch(rf"\d{{{_CODE},}}", bare) and not unit)
    figure = figure_of(digits)
    if figure is None or code or len(unit) > _UNIT_ZH or len(english) > _UNIT_EN:
        return None
    after = f"/{of}" if of else unit + (_BOTH + english if english and english != unit else "")
    return Figure(figure.value, _around(figure.form if "," in bare or len(bare) < 4 or "." in bare else "0", mark + bound, after))


_MILLIONS = {"million yuan": 1, "billion yuan": 1000}
"""What the English report counts large amounts in, in millions of yuan."""


def _number(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(MINUS, "-"))


def _around(form: str, before: str, after: str) -> str:
    """A number format with words before and after the number, in each of its sections."""
    quoted = [f'"{words}"' if words else "" for words in (before, after)]
    return ";".join(f"{quoted[0]}{section}{quoted[1]}" for section in form.split(";"))


def both(words: Words, gap: str = "") -> str:
    """Chinese and English in one cell; once where they are the same."""
    zh, en = said(words, "zh"), said(words, "en")
    if zh == en or not en:
        return zh
    return zh + (gap or (_BOTH if len(zh) + len(en) <= SHORT else "\n")) + en


# ---------------------------------------------------------------- sheets


def sheets_of(model: ReportModel) -> list[Sheet]:
    """All sheets in their order: summary, commitments, the numbered tables, the values of the charts."""
    made = [Sheet("摘要 Summary", summary_table(model))]
    if model.promises is not None:
        made.append(Sheet("承诺 Commitments", promises_table(model)))
    made += [Sheet(f"表{table.number} Table {table.number}", table) for table in tables(model)]
    made += [Sheet(f"图{chart.number} Figure {chart.number}", chart_table(chart)) for chart in charts(model)]
    return made


def _column(zh: str, en: str, width: float, kind: str = "figure") -> Column:
    return Column.model_validate({"heading": Text(zh=zh, en=en), "width": width, "kind": kind})


def _figure(words: Words, mark: str = "") -> Cell:
    if words in (NONE, ""):
        return Cell(kind="none", words=NONE)
    return Cell(kind="figure", words=words, mark=mark)


def summary_table(model: ReportModel) -> Table:
    """The headline indicators of the summary, one row each."""
    part = model.summary
    columns = [
        _column("指标", "Indicator", 40, "text"),
        _column("单位", "Unit", 12, "text"),
        Column(heading=part.target_heading, width=20),
        Column(heading=part.previous_heading, width=16),
        Column(heading=part.current_heading, width=16),
        _column("变化", "Change", 16),
        _column("距目标", "To target", 24, "text"),
        _column("折合人数", "In persons", 24, "text"),
        _column("结论", "Verdict", 26, "status"),
        _column("追溯码", "Code", 14, "trace"),
    ]
    rows = [
        Row(
            cells=[
                Cell(words=tile.name),
                Cell(words=tile.unit),
                _figure(tile.target),
                _figure(tile.previous, tile.previous_mark),
                _figure(tile.current, tile.current_mark),
                _figure(tile.change),
                Cell(words=tile.distance),
                Cell(words=tile.distance_persons),
                Cell(kind="status", status=tile.status),
                Cell(words=tile.code),
            ]
        )
        for tile in part.tiles
    ]
    title = Text(zh="主要指标进展", en="Progress of the headline indicators")
    return Table(number=0, title=title, columns=columns, rows=rows, notes=[*part.data_lines, *part.notes])


def promises_table(model: ReportModel) -> Table:
    """All commitments, one row each, with the section they stand in."""
    part = model.promises
    if part is None:
        raise ValueError("this report has no list of commitments")
    columns = [
        _column("序号", "No.", 8),
        _column("章节", "Section", 30, "text"),
        _column("承诺事项", "Commitment", 48, "text"),
        _column("类", "Tier", 8, "code"),
        _column("目标", "Target", 24, "text"),
        _column("最新值", "Newest value", 18),
        _column("计量单位", "Unit of the value", 14, "text"),
        _column("说明", "What it is", 20, "text"),
        _column("结论", "Verdict", 26, "status"),
        _column("期限", "Due", 14, "text"),
        _column("主责单位", "Lead", 26, "text"),
        _column("备注", "Remark", 50, "text"),
    ]
    rows = []
    for group in part.groups:
        for line in group.lines:
            value, unit = _split(line.value)
            rows.append(
                Row(
                    cells=[
                        _figure(str(line.number)),
                        Cell(words=group.heading),
                        Cell(words=line.name),
                        Cell(words=line.tier),
                        Cell(words=line.target),
                        _figure(value, line.mark),
                        Cell(words=unit),
                        Cell(words=line.value_note or ""),
                        Cell(kind="status", status=line.status),
                        Cell(words=line.due),
                        Cell(words=line.lead),
                        Cell(words=line.remark or ""),
                    ]
                )
            )
    title = Text(zh="全部承诺事项一览", en="All commitments")
    return Table(number=0, title=title, columns=columns, rows=rows, notes=part.notes)


def _split(value: Words) -> tuple[str, Words]:
    """``91.60%`` -> ``91.60`` and ``%``: number and unit apart."""
    zh, en = said(value, "zh"), said(value, "en")
    first, second = _NUMBER.match(zh), _NUMBER.match(en)
    if first is None or second is None or first[0] != second[0]:
        return NONE, "" if zh == NONE else value
    return first[0], Text(zh=zh[first.end() :].strip(), en=en[second.end() :].strip())


def chart_table(chart: Chart) -> Table:
    """The values that a chart draws."""
    columns, rows = _drawn_values(chart)
    return Table(
        number=chart.number,
        title=Text(zh=f"{chart.title.zh}(图中数值)", en=f"{chart.title.en} (values drawn)"),
        unit=Text(zh=f"单位:{chart.unit}", en=chart.unit) if chart.unit else None,
        columns=columns,
        rows=rows,
        notes=[chart.caption],
    )


_YEAR_COLUMN = ("年度", "Year", 12, "code")


def _drawn_values(chart: Chart) -> tuple[list[Column], list[Row]]:
    """Columns and rows of what a chart of any kind shows."""
    unit = _column("单位", "Unit", 30, "text")
    value, verdict = _column("数值", "Value", 16), _column("结论", "Verdict", 26, "status")
    match chart:
        case DotChart():
            rows = [Row(cells=[Cell(words=r.name), _figure(r.label or r.value), _status(r.status)]) for r in chart.rows]
            return [unit, value, verdict], rows
        case TileMap():
            rows = [Row(cells=[Cell(words=t.name), _figure(t.label), _status(t.status)]) for t in chart.tiles]
            return [unit, value, verdict], rows
        case WaterfallChart():
            rows = [Row(cells=[Cell(words=s.name), _figure(s.label)]) for s in chart.steps]
            return [_column("分项", "Part", 30, "text"), value], rows
        case MatrixChart():
            heads = [Column(heading=words, kind="status", width=26) for words in chart.columns]
            rows = [Row(cells=[Cell(words=r.name), *(_status(s) for s in r.cells)]) for r in chart.rows]
            return [unit, *heads], rows
        case SmallMultiples():
            years = sorted({p.period for panel in chart.panels for p in panel.points})
            heads = [_column(f"{year}年", str(year), 16) for year in years]
            rows = [
                Row(cells=[Cell(words=panel.name), *_by_year(panel.points, years), _status(panel.status)])
                for panel in chart.panels
            ]
            return [_column("指标", "Indicator", 40, "text"), *heads, verdict], rows
        case PathChart():
            columns = [
                _column(*_YEAR_COLUMN),
                _column("实际值", "Observed", 16),
                _column("序时路径", "Required path", 16),
                _column("直线推算", "Projection", 16),
                _column("目标值", "Target", 16),
            ]
            return columns, _path_rows(chart)


def _by_year(points: list[ChartPoint], years: list[int]) -> list[Cell]:
    known = {p.period: p.shown or p.label or p.value for p in points}
    return [_figure(known.get(year, NONE)) for year in years]


def _path_rows(chart: PathChart) -> list[Row]:
    """One row a year: what is observed, required, projected; the target in its own year."""
    observed = {p.period: (p.shown or p.value, CERTIFIED if p.certified else "") for p in chart.points}
    required = {p.period: p.shown or p.value for p in chart.path}
    ahead = {} if chart.projected is None else {chart.projected.period: chart.projected.shown or chart.projected.value}
    return [
        Row(
            cells=[
                Cell(words=str(year)),
                _figure(*observed.get(year, (NONE,))),
                _figure(required.get(year, NONE)),
                _figure(ahead.get(year, NONE)),
                _figure(chart.target if year == chart.due_period else NONE),
            ]
        )
        for year in sorted({*observed, *required, *ahead, chart.due_period})
    ]


def _status(status: Status | None) -> Cell:
    return Cell(kind="none", words=NONE) if status is None else Cell(kind="status", status=status)


# ---------------------------------------------------------------- writing


def workbook_bytes(model: ReportModel) -> bytes:
    """The workbook; equal models give equal bytes. Nothing in it can act: texts are written as texts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        day = dt.date.fromisoformat(model.head.received_through)
        book.set_properties(
            {
                "title": model.head.title.zh,
                "subject": model.head.title.en,
                "author": model.head.body.zh,
                "created": dt.datetime.combine(day, dt.time()),
            }
        )
        _Writer(book, model).write()
    return buffer.getvalue()


class _Writer:
    """One workbook being written; formats are made once each."""

    def __init__(self, book: xlsxwriter.Workbook, model: ReportModel) -> None:
        self.book, self.model = book, model
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def form(self, **properties: Any) -> Any:
        """A cell format, shared by all cells that look alike."""
        wanted = {"font_name": _FONT, "font_size": 10, "valign": "top"} | properties
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(wanted)
        return self.formats[key]

    def write(self) -> None:
        sheets = sheets_of(self.model)
        self.index(self.book.add_worksheet(INDEX), sheets)
        for sheet in sheets:
            self.sheet(self.book.add_worksheet(sheet.name), sheet.name, sheet.table)

    def version(self) -> Iterator[str]:
        """What stands above every table: version and, where it is so, that the data are no real ones."""
        head = self.model.head
        if head.demonstration:
            yield both(_DEMONSTRATION, _BOTH)
        received = Text(zh=f"数据截至 {head.received_text.zh}", en=f"data received to {head.received_text.en}")
        yield both(received, _BOTH)
        yield f"数据版本号 / data version {head.vintage_id}"

    def source(self) -> Text:
        """Where the figures of every sheet come from."""
        body, chapter = self.model.head.body, self.model.title_of("sources")
        return Text(
            zh=f"来源:{body.zh}按登记的报表计算;报表清单见“{chapter.zh}”,精确的分子、分母见 data/。",
            en=f"Source: {body.en}, computed from the registered returns; they are listed under “{chapter.en}”, exact "
            "numerators and denominators are in data/.",
        )

    def index(self, page: Any, sheets: Sequence[Sheet]) -> None:
        """The contents, each line a link."""
        page.set_column(0, 0, 22)
        page.set_column(1, 2, 70)
        page.hide_gridlines(2)
        page.write_string(0, 0, self.model.head.title.zh, self.form(bold=True, font_size=14))
        page.write_string(1, 0, self.model.head.title.en, self.form(bold=True, font_size=11))
        page.write_string(2, 0, " · ".join(self.version()), self.form(font_color="#B71C1C"))
        for column, words in enumerate(("工作表 / Sheet", "标题", "Title")):
            page.write_string(HEAD - 1, column, words, self.form(bold=True, bottom=1))
        for number, sheet in enumerate(sheets, start=HEAD):
            link = self.form(font_color="#1F4E79", underline=1)
            page.write_url(number, 0, f"internal:'{sheet.name}'!A1", link, sheet.name)
            page.write_string(number, 1, sheet.table.title.zh, self.form(text_wrap=True))
            page.write_string(number, 2, sheet.table.title.en, self.form(text_wrap=True))
        page.freeze_panes(HEAD, 0)
        _on_paper(page, HEAD - 1)

    def sheet(self, page: Any, name: str, table: Table) -> None:
        """One table: title, unit, version, headings that stay, rows, notes."""
        page.hide_gridlines(2)
        number = f"{name.split()[0]}  " if table.number else ""
        page.write_string(0, 0, number + table.title.zh, self.form(bold=True, font_size=13))
        page.write_string(1, 0, table.title.en, self.form(bold=True))
        if table.unit is not None:
            page.write_string(2, 0, both(table.unit, _BOTH), self.form())
        page.write_string(3, 0, " · ".join(self.version()), self.form(font_color="#B71C1C"))
        page.write_url(4, 0, f"internal:'{INDEX}'!A1", self.form(font_color="#1F4E79", underline=1), "↩ 目录 / contents")
        heads = self.form(bold=True, text_wrap=True, top=2, bottom=1, align="center")
        for number, column in enumerate(table.columns):
            page.write_string(HEAD, number, both(column.heading, "\n"), heads)
            page.set_column(number, number, _width(table, number))
        page.set_row(HEAD, LINE * max(2, *(_lines(table, number) for number in range(len(table.columns)))))
        for number, row in enumerate(table.rows, start=HEAD + 1):
            lines = 1
            for place, cell in enumerate(row.cells):
                text = self.cell(page, number, place, cell, row)
                lines = max(lines, _lines_of(text, _width(table, place)) if _wraps(text) else 1)
            if lines > 1:
                page.set_row(number, LINE * lines)
        last = HEAD + len(table.rows)
        if table.rows:
            page.autofilter(HEAD, 0, last, len(table.columns) - 1)
        room = sum(_width(table, place) for place in range(len(table.columns)))
        small = self.form(font_color="#4B5563", font_size=9, text_wrap=True, valign="top")
        for number, note in enumerate([*table.notes, self.source()], start=last + 2):
            text = both(note, _BOTH)
            if len(table.columns) > 1:
                page.merge_range(number, 0, number, len(table.columns) - 1, "", small)
            page.write_string(number, 0, text, small)
            page.set_row(number, LINE * _lines_of(text, room))
        page.freeze_panes(HEAD + 1, 1)
        _on_paper(page, HEAD)

    def cell(self, page: Any, row: int, column: int, cell: Cell, of: Row) -> str:
        """A number as a number, anything else as text; returns the text that was written."""
        look: dict[str, Any] = {"bold": True, "top": 1} if of.kind == "total" else {}
        if cell.strong:
            look["bold"] = True
        if cell.kind in ("figure", "text"):
            text = said(cell.words, "zh")
            figure = figure_of(text, cell.mark) if cell.kind == "figure" else None
            figure = figure or amount_of(cell.words, cell.mark)
            if figure is not None:
                page.write_number(row, column, figure.value, self.form(num_format=figure.form, **look))
                return ""
            if _DATE.fullmatch(text):
                day = dt.datetime.fromisoformat(text)
                page.write_datetime(row, column, day, self.form(num_format="yyyy-mm-dd", align="center", **look))
                return ""
        text = cell_text(cell)
        if text:
            wrap = {"text_wrap": True} if _wraps(text) else {}
            side = {"align": "right", "font_color": "#6B7280"} if cell.kind == "none" else {}
            page.write_string(row, column, text, self.form(**look, **wrap, **side))
        return text


def _on_paper(page: Any, heads: int) -> None:
    """Printed: A4 on its side, as wide as the sheet, the row of headings on every page."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(heads)


def cell_text(cell: Cell) -> str:
    """What a cell that is no number says, in both languages."""
    if cell.status is not None:
        note = "" if cell.status.note is None else f"({both(cell.status.note, _BOTH)})"
        return f"{cell.status.shape} {both(cell.status.word, _BOTH)}{note}"
    if cell.dot is not None:
        return both(cell.dot.description, _BOTH)
    return cell.mark + both(cell.words)


def _columns_of(line: str) -> int:
    """How many characters wide a line is; a Chinese one counts twice."""
    return sum(2 if ord(c) > 0x2E00 else 1 for c in line)


def _wraps(text: str) -> bool:
    """Is a text of a cell set in several lines where the column is narrower?"""
    return len(text) > SHORT or "\n" in text


def _lines_of(text: str, width: float) -> int:
    """Lines that a text needs in a cell so many characters wide."""
    return sum(max(1, math.ceil(_columns_of(line) / (width - 1))) for line in text.split("\n"))


def _lines(table: Table, column: int) -> int:
    """Lines that the heading of a column needs at its width."""
    return _lines_of(both(table.columns[column].heading, "\n"), _width(table, column))


def _width(table: Table, column: int) -> float:
    """Width in characters: what the longest line of the first rows needs, within limits."""
    texts = [both(table.columns[column].heading, "\n"), *(cell_text(row.cells[column]) for row in table.rows[:60])]
    lines = [line for text in texts for line in text.split("\n")]
    need = max(map(_columns_of, lines))
    return float(min(max(need + 3, 11), 60))
