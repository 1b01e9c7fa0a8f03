"""What is wrong, by who must mend it: a workbook to send back, the same as CSV, JSON and a page.

Belongs here: findings arranged by supplier with file, sheet, row, column and letter, and written so
that no text of a return can act. Does not belong here: deciding what is wrong (intake, quality).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import xlsxwriter

from pipeline.inert import csv_cell
from pipeline.intake.cells import cell_text
from pipeline.intake.contract import Contract
from pipeline.intake.decode import DecodeError, Sheet, read_grid
from pipeline.intake.grid import column_letter
from pipeline.intake.headers import HeaderIndex
from pipeline.intake.register import Registration, check_bytes, effective
from pipeline.office.completeness import STATES, Held
from pipeline.office.due import FAR_YEAR
from pipeline.office.page import html_page
from pipeline.office.widths import row_height
from pipeline.programme import Programme
from pipeline.quality.finding import Finding, RuleOutcome
from pipeline.quality.notes import Note, noted
from pipeline.quality.words import table_words

SEVERITIES: dict[str, tuple[str, str]] = {
    "error": ("错误", "error"),
    "unevaluated": ("无法评价", "not evaluated"),
    "warning": ("警告", "warning"),
    "review": ("复核", "review"),
    "info": ("提示", "note"),
}
"""How bad -> words, worst first."""
COLUMNS = (
    ("severity", "严重程度", 10),
    ("rule", "规则", 8),
    ("area", "县区", 14),
    ("period", "年度", 9),
    ("table", "表", 24),
    ("file", "文件", 32),
    ("sheet", "工作表", 14),
    ("row", "行", 7),
    ("column", "列名", 18),
    ("letter", "列号", 7),
    ("value", "现在的内容", 22),
    ("message", "问题", 52),
    ("expected", "应为", 30),
    ("todo", "怎么办", 52),
    ("more", "同类另有", 9),
    ("note", "填报说明", 36),
    ("id", "编号", 15),
)
"""Key, Chinese header, width of each column of the work list."""
NOTE = "note"
NOBODY = "未指明单位"
_BOM = b"\xef\xbb\xbf"
_DAY = dt.datetime(2000, 1, 1)
_FONT = "微软雅黑"
_A3, _A4 = 8, 9
_FILLS = {
    "error": "#FDE2E1",
    "unevaluated": "#FDE2E1",
    "warning": "#FFF1CC",
    "review": "#E3ECFB",
    "info": "#F1F3F5",
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")

Item = dict[str, str | int]


@dataclass(frozen=True)
class Work:
    """A finding with what the office adds: whose it is, where the column stands, the note on it."""

    finding: Finding
    supplier: str
    severity: str
    area: str
    table_zh: str
    letter: str
    note: str

    @property
    def settled(self) -> bool:
        """Nothing more is asked: told for information, or explained by a note that can stand."""
        return self.severity == "info" or bool(self.note)

    def item(self) -> Item:
        """The finding as one row of :data:`COLUMNS`, in Chinese."""
        f = self.finding
        return {
            "severity": SEVERITIES[self.severity][0],
            "rule": f.rule,
            "area": self.area,
            "period": f.period,
            "table": self.table_zh,
            "file": f.file,
            "sheet": f.sheet,
            "row": "" if f.row is None else f.row,
            "column": f.column,
            "letter": self.letter,
            "value": f.value,
            "message": f.message_zh,
            "expected": f.expected_zh,
            "todo": f.todo_zh,
            "more": f.more or "",
            NOTE: self.note,
            "id": f.id,
        }


@dataclass(frozen=True)
class Places:
    """What a finding does not say itself: (file, sheet, column as it names it) -> letter, and (file, sheet,
    row) -> area code."""

    letters: dict[tuple[str, str, str], str]
    areas: dict[tuple[str, str, int], str]


def find_places(programme: Programme, findings: Iterable[Finding], school_areas: Mapping[str, str]) -> Places:
    """Column letters and units of the rows that findings name, from the files concerned.

    ``school_areas``: school code -> area code. Only files with a finding about a row or column are opened;
    a file that cannot be read or is not the registered one has no places.
    """
    by_file: dict[str, list[Finding]] = {}
    for f in findings:
        if f.file and (f.column or f.row is not None):
            by_file.setdefault(f.file, []).append(f)
    places = Places({}, {})
    for r in programme.registrations:
        if r.path not in by_file:
            continue
        data, problem = check_bytes(programme.root, r)
        if problem is not None:
            continue
        index = HeaderIndex(programme.contracts[r.table], programme.local, (r.period_from, r.period_to))
        try:
            sheets = read_grid(data, index.score)
        except DecodeError:
            continue
        wanted = {(f.sheet, f.row) for f in by_file[r.path] if f.row is not None and not f.area_code}
        for sheet in sheets:
            if sheet.rows:
                _places_of(r.path, sheet, index, wanted, school_areas, places)
    return places


def _places_of(
    path: str,
    sheet: Sheet,
    index: HeaderIndex,
    wanted: set[tuple[str, int | None]],
    school_areas: Mapping[str, str],
    places: Places,
) -> None:
    """Add the places of one sheet."""
    match = index.match(sheet, index.find(sheet)[0])
    columns = {title: column for column, title in match.titles.items()}
    for name, column in match.columns.items():
        f = index.contract.field(name)
        columns |= {f.name: column, f.zh: column, match.titles[column]: column}
    for name, column in columns.items():
        places.letters[path, sheet.name, name] = column_letter(column)
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        if (sheet.name, number) not in wanted:
            continue
        codes = {
            name: cell_text(row[column]).strip()
            if (column := match.columns.get(name, len(row))) < len(row)
            else ""
            for name in ("county_code", "unit_code", "school_id")
        }
        area = codes["county_code"] or codes["unit_code"] or school_areas.get(codes["school_id"], "")
        if area:
            places.areas[path, sheet.name, number] = area


def arrange(
    findings: Iterable[Finding],
    registrations: Sequence[Registration],
    *,
    areas: Sequence[Mapping[str, str]] = (),
    contracts: Mapping[str, Contract] | None = None,
    places: Places | None = None,
    notes: Sequence[Note] = (),
    body: str = "",
) -> list[Work]:
    """Every finding with its supplier, by supplier and then worst first.

    The supplier is the one who handed in the file, else the one who last handed in the table. What belongs to no
    return (results, the register, notes) is for ``body``, who makes the report; without it, for whom the rule names.
    """
    names = {a["area_code"]: a["name_zh"] for a in areas}
    by_file = {r.path: r.supplier for r in registrations}
    by_table = {
        r.table: r.supplier for r in sorted(effective(registrations, FAR_YEAR), key=lambda r: r.period_to)
    }
    known = contracts or {}
    known_places = places or Places({}, {})
    said = noted(findings := list(findings), notes)
    made = []
    for f in findings:
        table = f.table.rpartition(".")[2]
        conformed = f.table != table  # a rule on a table of all files; intake names the person itself
        row = (f.file, f.sheet, -1 if f.row is None else f.row)
        area = f.area_code or known_places.areas.get(row, "")
        severity = "unevaluated" if f.outcome == "could_not_be_evaluated" else f.severity
        made.append(
            Work(
                finding=f,
                supplier=by_file.get(f.file)
                or (by_table.get(table) if conformed else None)
                or body
                or f.who_zh
                or NOBODY,
                severity=severity,
                area=names.get(area, "" if f.area_code != area else area),
                table_zh=known[table].name_zh if table in known else table_words(f.table)[0],
                letter=known_places.letters.get((f.file, f.sheet, f.column), ""),
                note=said[f.id].note_zh if f.id in said else "",
            )
        )
    rank = {s: i for i, s in enumerate(SEVERITIES)}
    return sorted(made, key=lambda w: (w.supplier, rank[w.severity], w.finding.sort_key()))


def write_worklists(
    findings: Sequence[Finding],
    outcomes: Sequence[RuleOutcome],
    registrations: Sequence[Registration],
    folder: Path,
    *,
    title: str = "",
    note: str = "",
    areas: Sequence[Mapping[str, str]] = (),
    contracts: Mapping[str, Contract] | None = None,
    places: Places | None = None,
    notes: Sequence[Note] = (),
    matrix: Sequence[Held] = (),
    body: str = "",
) -> list[Path]:
    """Write ``findings.xlsx``, ``.csv``, ``.json``, ``.html`` (and ``completeness.csv``) into ``folder``.

    ``title`` heads page and workbook, ``note`` is one sentence on what was not checked. ``areas``,
    ``contracts`` and ``places`` (:func:`find_places`) give names, column letters and counties; without
    them codes stand. ``notes`` fill the note column, ``body`` is who makes the report. ``matrix`` (:func:`completeness`) adds what has come and what has not. The bytes
    depend on the arguments only. Returns the paths.
    """
    works = arrange(
        findings, registrations, areas=areas, contracts=contracts, places=places, notes=notes, body=body
    )
    files = {
        "findings.xlsx": _workbook(works, title, note),
        "findings.csv": _findings_csv(works),
        "findings.json": _json(works, outcomes, title),
        "findings.html": html_page(works, outcomes, matrix, title, note).encode(),
    }
    if matrix:
        files["completeness.csv"] = _matrix_csv(matrix)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in files.items():
        partial = folder / f".{name}.partial"
        partial.write_bytes(data)
        partial.replace(folder / name)
        written.append(folder / name)
    return written


# ---------------------------------------------------------------------- CSV, JSON


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_cell(str(cell)) for cell in row])
    return _BOM + text.getvalue().encode()


def _findings_csv(works: Sequence[Work]) -> bytes:
    head = ["报送单位", *(zh for _, zh, _ in COLUMNS)]
    return _csv([head, *([w.supplier, *w.item().values()] for w in works)])


def _matrix_csv(matrix: Sequence[Held]) -> bytes:
    head = [
        "表",
        "表名",
        "年度",
        "单位代码",
        "单位",
        "状态",
        "文件数",
        "文件",
        "第几次报送",
        "报送单位",
        "收到日期",
        "报送期限",
        "迟报原因",
    ]
    rows = (
        [
            h.table,
            h.table_zh,
            h.period,
            h.area_code,
            h.area_zh,
            STATES[h.state][0],
            h.files,
            h.file,
            h.revision or "",
            h.supplier,
            h.received_on,
            h.deadline,
            h.late,
        ]
        for h in matrix
    )
    return _csv([head, *rows])


def _json(works: Sequence[Work], outcomes: Sequence[RuleOutcome], title: str) -> bytes:
    document = {
        "title": title,
        "findings": [
            asdict(w.finding)
            | {"supplier": w.supplier, "area": w.area, "column_letter": w.letter, "note": w.note, "id": w.finding.id}
            for w in works
        ],
        "outcomes": [asdict(o) for o in sorted(outcomes, key=lambda o: (o.rule, o.table))],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


# ---------------------------------------------------------------------- XLSX


def _workbook(works: Sequence[Work], title: str, note: str) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title or "收报问题清单", "author": "监测 Jiance", "created": _DAY})
    by_supplier: dict[str, list[Work]] = {}
    for w in works:
        by_supplier.setdefault(w.supplier, []).append(w)
    names = _sheet_names(list(by_supplier))
    _overview(book, by_supplier, names, title, note)
    for supplier, own in by_supplier.items():
        _supplier_sheet(book, names[supplier], supplier, own)
    book.close()
    return buffer.getvalue()


def _sheet_names(suppliers: Sequence[str]) -> dict[str, str]:
    """A different, permitted sheet name for each supplier."""
    used = {"总览"}
    names = {}
    for supplier in suppliers:
        plain = _FORBIDDEN.sub("", " ".join(supplier.split())).strip()[:28] or NOBODY
        name, number = plain, 1
        while name.casefold() in used:
            number += 1
            name = f"{plain[:25]}_{number}"
        used.add(name.casefold())
        names[supplier] = name
    return names


def _overview(
    book: xlsxwriter.Workbook,
    by_supplier: Mapping[str, Sequence[Work]],
    names: Mapping[str, str],
    title: str,
    note: str,
) -> None:
    sheet = book.add_worksheet("总览")
    base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
    top = book.add_format(
        base | {"bold": True, "font_size": 15, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "indent": 1}
    )
    line = book.add_format(base | {"text_wrap": True, "font_color": "#6B7280", "indent": 1})
    head = book.add_format(
        base
        | {"bold": True, "bg_color": "#DCE6F2", "border": 1, "border_color": "#D0D7E2", "align": "center"}
    )
    cell = book.add_format(base | {"border": 1, "border_color": "#D0D7E2", "quote_prefix": True})
    number = book.add_format(base | {"border": 1, "border_color": "#D0D7E2", "align": "center"})
    last = len(SEVERITIES) + 1
    sheet.merge_range(0, 0, 0, last, title or "收报问题清单", top)
    sheet.set_row(0, 30)
    text = (
        "每个报送单位一张表。“错误”必须更正后重报；“警告”要在“填报说明”列写明原因（至少十个字）；"
        "“复核”在签发前要核对并在同一列写明意见；“提示”无需处理。" + (f"{note}" if note else "")
    )
    sheet.merge_range(1, 0, 1, last, text, line)
    sheet.set_row(1, 34)
    for i, header in enumerate(["报送单位", *(zh for zh, _ in SEVERITIES.values()), "合计"]):
        sheet.write_string(3, i, header, head)
    totals: Counter[str] = Counter()
    row = 4
    for supplier, own in by_supplier.items():
        counts = Counter({s: sum(1 + w.finding.more for w in own if w.severity == s) for s in SEVERITIES})
        totals += counts
        sheet.write_url(row, 0, f"internal:'{names[supplier]}'!A1", cell, supplier[:200])
        for i, s in enumerate(SEVERITIES, start=1):
            sheet.write_number(row, i, counts[s], number)
        sheet.write_number(row, last, counts.total(), number)
        row += 1
    bold = book.add_format(
        base
        | {"bold": True, "border": 1, "border_color": "#D0D7E2", "align": "center", "bg_color": "#F3F6FA"}
    )
    sheet.write_string(row, 0, "合计" if by_supplier else "没有发现问题", bold)
    for i, s in enumerate(SEVERITIES, start=1):
        sheet.write_number(row, i, totals[s], bold)
    sheet.write_number(row, last, totals.total(), bold)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, last, 11)
    sheet.hide_gridlines(2)
    _print(sheet, 3)


def _supplier_sheet(book: xlsxwriter.Workbook, name: str, supplier: str, works: Sequence[Work]) -> None:
    sheet = book.add_worksheet(name)
    base = {"font_name": _FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    border = {"border": 1, "border_color": "#D0D7E2"}
    top = book.add_format({"font_name": _FONT, "bold": True, "font_size": 13, "valign": "vcenter"})
    head = book.add_format(
        base | border | {"bold": True, "bg_color": "#DCE6F2", "align": "center", "valign": "vcenter"}
    )
    cell = book.add_format(base | border | {"num_format": "@", "quote_prefix": True})
    number = book.add_format(base | border | {"align": "center"})
    fill = book.add_format(base | border | {"num_format": "@", "bg_color": "#FFFDF0"})
    faint = book.add_format(base | border | {"num_format": "@", "font_color": "#9CA3AF", "font_size": 8})
    marks = {
        s: book.add_format(base | border | {"bold": True, "align": "center", "bg_color": c})
        for s, c in _FILLS.items()
    }
    sheet.write_string(0, 0, supplier, top)
    sheet.set_row(0, 24)
    for i, (_, header, width) in enumerate(COLUMNS):
        sheet.write_string(1, i, header, head)
        sheet.set_column(i, i, width)
    for position, w in enumerate(works, start=2):
        item = w.item()
        sheet.set_row(position, row_height(map(str, item.values()), [width for _, _, width in COLUMNS]))
        for i, (key, value) in enumerate(item.items()):
            if isinstance(value, int):
                sheet.write_number(position, i, value, number)
            elif key == "severity":
                sheet.write_string(position, i, value, marks[w.severity])
            elif key == NOTE:
                sheet.write_string(position, i, value, fill) if value else sheet.write_blank(
                    position, i, None, fill
                )
            else:
                sheet.write_string(position, i, value, faint if key == "id" else cell)
    sheet.freeze_panes(2, 2)
    sheet.autofilter(1, 0, 1 + len(works), len(COLUMNS) - 1)
    sheet.hide_gridlines(2)
    _print(sheet, 1, paper=_A3)


def _print(sheet: xlsxwriter.worksheet.Worksheet, header: int, paper: int = _A4) -> None:
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.set_footer("&R&8第 &P 页，共 &N 页")
