"""Bytes of one received file -> sheets of cells with the coordinates a spreadsheet shows.

Belongs here: encodings, delimiters, workbooks, refusal of what cannot be read safely.
Does not belong here: headers, types, contracts, findings.

Text files: UTF-8 first (with or without BOM), then GB18030, both strict; UTF-16 with BOM.
The other order would read UTF-8 as nonsense without an error. Workbooks: .xlsx and .xlsm.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine

from pipeline.intake.cells import BadCell, Cell, DateCell, NumberCell, is_blank

DELIMITERS = (",", "\t", ";")
MAX_UNPACKED_BYTES = 2_000_000_000
MAX_SHEET_CELLS = 50_000_000
HEAD_ROWS = 20

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
# Bytes that occur in any sheet with a formula or an error cell; only such a sheet is looked through.
_MARKS = (b'"e"', b"'e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")


class DecodeError(ValueError):
    """The file cannot be read. ``zh``/``en`` say why, ``todo_zh``/``todo_en`` what to do, ``row`` where."""

    def __init__(self, zh: str, en: str, todo_zh: str, todo_en: str, row: int | None = None) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.todo_zh, self.todo_en, self.row = zh, en, todo_zh, todo_en, row


@dataclass
class Sheet:
    """One sheet: its rows that hold anything, each with its number, and its visible state.

    ``rows``: cells from column A on, possibly of different lengths. ``numbers``: the row number
    of each, as a spreadsheet shows it (from 1, blank rows counted). ``lines``: for text files
    the number of the physical line where the row starts; it differs from the row number after
    a quoted line break. ``name`` is empty for text files. ``merged``: first row number, first column,
    last row number, last column of each merged range. ``formulas``: column -> numbers of the rows in
    which a formula stands whose stored result is read.
    """

    name: str
    rows: list[Sequence[Cell]]
    numbers: list[int]
    lines: list[int] = field(default_factory=list)
    visible: bool = True
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: dict[int, list[int]] = field(default_factory=dict)


def decode_text(data: bytes) -> str:
    """``data`` as text, strictly; raises DecodeError when no accepted encoding fits without loss."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _damaged("UTF-16", data, error) from error
    marked = data.startswith(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if marked or _mostly_utf8(data):
            raise _damaged("UTF-8", data, error) from error
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _damaged("UTF-8 / GB18030", data, error) from error


def _mostly_utf8(data: bytes) -> bool:
    """True if the file is UTF-8 with a few broken places rather than another encoding."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(1 for c in text if c > "\x7f") - broken > 10 * broken


def _damaged(encoding: str, data: bytes, error: UnicodeDecodeError) -> DecodeError:
    line = data[: error.start].count(b"\n") + 1
    return DecodeError(
        f"文字编码有误（按 {encoding} 读取，第 {line} 行附近有无法识别的字节）。",
        f"The text encoding is broken (read as {encoding}, unreadable bytes near line {line}).",
        "请填报单位用表格软件重新另存为 CSV（UTF-8）或 XLSX 后再报。",
        "Ask the supplier to save it again as CSV (UTF-8) or XLSX.",
        line,
    )


def read_grid(data: bytes, header_score: Callable[[Sequence[str]], int]) -> list[Sheet]:
    """The sheets of a received file, hidden ones included.

    ``header_score`` tells how many known headers a row of texts holds; it chooses the delimiter
    of a text file. Raises DecodeError for an empty, damaged, protected or unsupported file.
    """
    if not data.strip():
        raise DecodeError(
            "文件是空的。", "The file is empty.", "请填报单位重新报送。", "Ask the supplier for it again."
        )
    if data.startswith(_OLE):
        raise _old_format(data)
    if data.startswith(_ZIP):
        return _read_workbook(data)
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"%pdf")):
        raise DecodeError(
            "文件其实是网页、XML 或 PDF，只是扩展名不同。",
            "The file is really a web page, XML or PDF under another extension.",
            "用表格软件打开后另存为 XLSX 或 CSV，作为新文件登记。",
            "Open it in a spreadsheet, save it as XLSX or CSV and register that file.",
        )
    return [_read_delimited(decode_text(data), header_score)]


def _old_format(data: bytes) -> DecodeError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return DecodeError(
            "工作簿设有打开密码。",
            "The workbook is protected by a password.",
            "请填报单位去掉打开密码、另存后重新报送。",
            "Ask the supplier to remove the password, save it and send it again.",
        )
    return DecodeError(
        "这是旧版 Excel 格式（.xls），不能读取。",
        "This is the old Excel format (.xls), which is not read.",
        "用表格软件打开后另存为 .xlsx，作为新文件登记。",
        "Open it in a spreadsheet, save it as .xlsx and register that file.",
    )


def _rows_of(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Records of a delimited text (blank lines are empty records) and the line where each starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    for row in reader:
        rows.append(row)
        lines.append(start)
        start = reader.line_num + 1
    return rows, lines


def _delimiter(text: str, header_score: Callable[[Sequence[str]], int]) -> str:
    """The delimiter under which one of the first rows holds most known headers; then the commonest."""
    best = (-1, -1)
    chosen = DELIMITERS[0]
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        known = width = 0
        try:
            for row in islice(reader, HEAD_ROWS):
                known = max(known, header_score(row))
                width = max(width, len(row))
        except csv.Error:
            continue
        if (known, width) > best:
            best, chosen = (known, width), delimiter
    return chosen


def _read_delimited(text: str, header_score: Callable[[Sequence[str]], int]) -> Sheet:
    delimiter = _delimiter(text, header_score)
    try:
        rows, lines = _rows_of(text, delimiter)
    except csv.Error as error:
        line = _line_of_error(text, delimiter)
        raise DecodeError(
            f"CSV 格式有误：从第 {line} 行开始，引号没有成对，或单元格过长。",
            f"The CSV is malformed from line {line} on: quotes do not pair up or a cell is too long "
            f"({error}).",
            "用表格软件打开核对该行，另存为 CSV（UTF-8）后重新登记。",
            "Check that line in a spreadsheet, save as CSV (UTF-8) and register the file again.",
            line,
        ) from error
    kept = [i for i, row in enumerate(rows) if not all(map(is_blank, row))]
    return Sheet("", [rows[i] for i in kept], [i + 1 for i in kept], [lines[i] for i in kept])


def _line_of_error(text: str, delimiter: str) -> int:
    """Line where the record starts that the strict reader cannot read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error:
        pass
    return start


def _unreadable_workbook(error: Exception) -> DecodeError:
    return DecodeError(
        "工作簿已损坏，或不是 XLSX 工作簿。",
        f"The workbook is damaged or is not an XLSX workbook ({type(error).__name__}).",
        "用表格软件打开后另存为 .xlsx，重新登记；打不开请填报单位重报。",
        "Open it in a spreadsheet, save it as .xlsx and register it again; if it cannot be opened, "
        "ask for it again.",
    )


def _read_workbook(data: bytes) -> list[Sheet]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            raise _unreadable_workbook(ValueError("no xl/workbook.xml"))
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise DecodeError(
                "工作簿解压后过大。",
                "The workbook is too large once unpacked.",
                "请填报单位只保留数据表后重新报送。",
                "Ask the supplier to keep only the data sheets and send it again.",
            )
        parts = _sheet_parts(archive)
        percent_styles = _percent_styles(archive) if "xl/styles.xml" in names else frozenset()
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = []
            for about in book.sheets_metadata:
                if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                part = parts.get(about.name)
                xml = archive.read(part) if part in names else b""
                marked, formulas = _marked_cells(xml, percent_styles)
                visible = about.visible == python_calamine.SheetVisibleEnum.Visible
                sheet = _sheet(book.get_sheet_by_name(about.name), marked, visible)
                sheet.formulas = formulas
                sheets.append(sheet)
            return sheets
    except DecodeError:
        raise
    except (
        zipfile.BadZipFile,
        python_calamine.CalamineError,
        ElementTree.ParseError,
        expat.ExpatError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise _unreadable_workbook(error) from error


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> name of its XML part in the archive."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    parts = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if _local(element) != "sheet":
            continue
        key = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
        target = targets.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        parts[element.get("name", "")] = path
    return parts


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Indexes of the cell styles that show a number with a percent sign."""
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = {"9", "10"}
    for entry in root.iter():
        if _local(entry) != "numFmt":
            continue
        code = re.sub(r'"[^"]*"|\\.', "", entry.get("formatCode", ""))
        if "%" in code:
            formats.add(entry.get("numFmtId", ""))
    styles = next((e for e in root if _local(e) == "cellXfs"), ())
    return frozenset(str(i) for i, xf in enumerate(styles) if xf.get("numFmtId") in formats)


def _local(element: ElementTree.Element) -> str:
    """Tag without its namespace: the strict and the usual form of the format differ in it."""
    return element.tag.rsplit("}", 1)[-1]


def _cell_index(reference: str) -> tuple[int, int]:
    """``"C6"`` -> (5, 2): row and column from 0."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    return int(reference[len(letters) :]) - 1, column - 1


class _CellScan:
    """Goes through the XML of a sheet for cells that the frame reader would silently blank or rescale."""

    def __init__(self, percent_styles: frozenset[str]) -> None:
        self.percent_styles = percent_styles
        self.found: dict[tuple[int, int], BadCell] = {}
        self.formulas: dict[int, list[int]] = {}
        self.row = self.column = -1
        self.kind = self.style = self.value = ""
        self.formula = self.in_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Start of an element: a row, a cell, its formula or its value."""
        match tag.rsplit(":", 1)[-1]:
            case "row":
                self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
                self.column = -1
            case "c":
                if "r" in attributes:
                    self.row, self.column = _cell_index(attributes["r"])
                else:
                    self.column += 1
                self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
                self.formula, self.value = False, ""
            case "f":
                self.formula = True
            case "v":
                self.in_value = True

    def text(self, characters: str) -> None:
        """Characters of a stored value."""
        if self.in_value:
            self.value += characters

    def end(self, tag: str) -> None:
        """End of an element; a finished cell is judged."""
        name = tag.rsplit(":", 1)[-1]
        if name == "v":
            self.in_value = False
        elif name == "c":
            if (bad := self._judged()) is not None:
                self.found[self.row, self.column] = bad
            elif self.formula:
                self.formulas.setdefault(self.column, []).append(self.row + 1)

    def _judged(self) -> BadCell | None:
        if self.kind == "e":
            return BadCell("error", self.value)
        if self.formula and not self.value and self.kind != "str":
            return BadCell("formula", "=")
        if self.kind == "n" and self.value and self.style in self.percent_styles:
            return BadCell("percent", f"{Decimal(self.value) * 100:f}%")
        return None


def _marked_cells(
    xml: bytes, percent_styles: frozenset[str]
) -> tuple[dict[tuple[int, int], BadCell], dict[int, list[int]]]:
    """Error cells, formulas without a stored result and percentages, by (row, column) from 0; other formulas."""
    if not percent_styles and not any(mark in xml for mark in _MARKS):
        return {}, {}
    scan = _CellScan(percent_styles)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.Parse(xml, True)
    return scan.found, scan.formulas


def number_cell(value: float) -> NumberCell:
    """A spreadsheet number as exact text: 12.0 -> ``12``; beyond 15 digits as a spreadsheet shows it."""
    plain = repr(value)
    if len(plain) <= 16 and "e" not in plain:
        return NumberCell(plain.removesuffix(".0") if plain != "-0.0" else "0")
    exact = Decimal(plain)
    shown = Decimal(f"{value:.15g}")
    trimmed = shown != exact and abs(exact) < 10**15
    if trimmed:
        exact = shown
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return NumberCell("0" if text == "-0" else text, trimmed)


def _cell(value: object) -> Cell:
    """One value of the workbook reader as a cell."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            return BadCell("error", str(value))
        return number_cell(float(value))
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time(0)
        shown = value.date().isoformat() if whole else value.isoformat(" ")
        return DateCell(value.date() if whole else None, shown)
    if isinstance(value, dt.date):
        return DateCell(value, value.isoformat())
    return DateCell(None, str(value))


def _sheet(
    source: python_calamine.CalamineSheet, marked: dict[tuple[int, int], BadCell], visible: bool
) -> Sheet:
    """A sheet of the workbook with true row numbers; cells begin at column A."""
    top, left = source.start if source.start is not None else (0, 0)
    if source.total_height * source.total_width > MAX_SHEET_CELLS:
        raise DecodeError(
            f"工作表“{source.name}”的已用区域过大。",
            f"The used range of sheet “{source.name}” is too large.",
            "删除数据之外的多余行、列后另存并重新登记。",
            "Delete the surplus rows and columns, save the file and register it again.",
        )
    grid: dict[int, list[Cell]] = {}
    cache: dict[tuple[type, object], Cell] = {}
    pad: list[Cell] = [""] * left
    for i, row in enumerate(source.to_python(skip_empty_area=True)):
        grid[top + i] = pad + [value if isinstance(value, str) else _cached(value, cache) for value in row]
    for (r, c), bad in (_merged(source, grid) | marked).items():
        cells = grid.setdefault(r, [])
        cells.extend([""] * (c + 1 - len(cells)))
        cells[c] = bad
    kept = [r for r in sorted(grid) if not all(map(is_blank, grid[r]))]
    ranges = [(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in source.merged_cell_ranges or []]
    return Sheet(source.name, [grid[r] for r in kept], [r + 1 for r in kept], [], visible, ranges)


def _cached(value: object, cache: dict[tuple[type, object], Cell]) -> Cell:
    """:func:`_cell`, once for each distinct value (1, 1.0 and TRUE are distinct)."""
    key = (type(value), value)
    if key not in cache:
        cache[key] = _cell(value)
    return cache[key]


def _merged(
    source: python_calamine.CalamineSheet, grid: dict[int, list[Cell]]
) -> dict[tuple[int, int], BadCell]:
    """Every cell of a merged range but its first, in rows that hold anything."""
    found = {}
    for (top, left), (bottom, right) in source.merged_cell_ranges or []:
        for r in range(top, min(bottom, source.total_height) + 1):
            if r in grid:
                found |= {
                    (r, c): BadCell("merged", "") for c in range(left, right + 1) if (r, c) != (top, left)
                }
    return found
