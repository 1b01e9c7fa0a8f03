"""A workbook (.xlsx, .xlsm) -> sheets of cells, read so that no file can cost more than it may.

Belongs here: unpacking within limits, looking through the XML, the reading library, cells of a sheet.
Does not belong here: text files (decode.py), headers, types, contracts.

A workbook is an archive made by somebody else, and the library that reads it fast trusts it: an absurd cell
reference ends the whole process, a wrong text number reads as another text. So every part that is read is
first unpacked by us, measured and looked through (:class:`_SheetScan`), then packed again without anything
else; the library sees exactly the bytes that were checked. Macros, links to other files, pictures and
embedded files are left behind unopened.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from xml.parsers import expat

import python_calamine

from pipeline.intake import limits
from pipeline.intake.cells import BadCell, Cell, DateCell, NumberCell, bounded, is_blank, visible
from pipeline.intake.grid import DecodeError, Sheet, column_letter, too_large

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STYLES, _STRINGS = "xl/styles.xml", "xl/sharedStrings.xml"
_CHUNK = 1 << 18
_DIRECTORY_ENTRY = b"PK\x01\x02"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})(?::([A-Za-z]{1,3})([0-9]{1,7}))?")
_PERCENT_FORMATS, _DURATION_FORMATS = frozenset(["9", "10"]), frozenset(["46"])
_ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"])
_HEADER_ZONE = 30
_MERGED = BadCell("merged", "")
_VALUE_CHARACTERS = 400
_MAX_DURATION_DAYS = 1_000_000
# What the library needs to see that this is a workbook; the received file's own list is not needed.
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/></Types>'
)
_ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)


class _Damaged(Exception):
    """Something in the workbook is not as the format says; ``str()`` says what."""

    def __init__(self, why: str, row: int | None = None) -> None:
        super().__init__(why)
        self.row = row


def _unreadable(why: str, row: int | None = None, sheet: str = "") -> DecodeError:
    return DecodeError(
        "工作簿已损坏，或不是 XLSX 工作簿。",
        f"The workbook is damaged or is not an XLSX workbook ({why}).",
        "用表格软件打开后另存为 .xlsx，重新登记；打不开请填报单位重报。",
        "Open it in a spreadsheet, save it as .xlsx and register it again; if it cannot be opened, "
        "ask for it again.",
        row,
        sheet,
    )


def read_workbook(data: bytes) -> list[Sheet]:
    """The worksheets of a workbook, hidden ones included; raises DecodeError for what cannot be read safely."""
    try:
        return _read(data)
    except DecodeError:
        raise
    except _Damaged as problem:
        raise _unreadable(str(problem), problem.row) from problem
    except Exception as error:
        # The archive and what is in it come from outside: whatever they make a library raise, they are to blame.
        raise _unreadable(type(error).__name__) from error
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise _unreadable("the reader gave up on it") from None


def _read(data: bytes) -> list[Sheet]:
    with _Package(data) as package:
        return _sheets(package)


def _sheets(package: _Package) -> list[Sheet]:
    names = _sheet_parts(package)
    styles = _Styles()
    if package.has(_STYLES):
        package.take(_STYLES, styles, limits.MAX_SMALL_PART_BYTES)
    strings = _Strings()
    if package.has(_STRINGS):
        package.take(_STRINGS, strings)
    scans = []
    for name, part in names:
        scan = _SheetScan(styles, strings.count)
        try:
            package.take(part, scan)
            scan.check()
        except (_Damaged, DecodeError) as problem:
            raise _placed(problem, name) from problem
        scans.append(scan)
    with python_calamine.CalamineWorkbook.from_filelike(package.checked()) as book:
        listed = book.sheets_metadata
        if [about.name for about in listed] != [name for name, _ in names]:
            raise _Damaged("its list of sheets reads two ways")
        worksheet, shown = python_calamine.SheetTypeEnum.WorkSheet, python_calamine.SheetVisibleEnum.Visible
        return [
            _sheet(book.get_sheet_by_index(i), scans[i], visible(about.name), about.visible == shown)
            for i, about in enumerate(listed)
            if about.typ == worksheet
        ]


def _placed(problem: _Damaged | DecodeError, sheet: str) -> DecodeError:
    """``problem`` with the sheet in which it was found."""
    if isinstance(problem, DecodeError):
        problem.sheet = problem.sheet or visible(sheet)
        return problem
    return _unreadable(str(problem), problem.row, visible(sheet))


# ---------------------------------------------------------------------- the archive


class _Package:
    """The archive: parts are taken out one by one, measured, looked through and kept for the reader."""

    def __init__(self, data: bytes) -> None:
        if data.count(_DIRECTORY_ENTRY) > limits.MAX_PARTS:
            raise too_large(f"内含超过 {limits.MAX_PARTS} 个部件", f"more than {limits.MAX_PARTS} parts inside")
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in self._archive.infolist():
            if self._entries.setdefault(entry.filename.lower(), entry) is not entry:
                raise _Damaged("a part is there twice")
        self._taken: set[str] = set()
        self._left = limits.MAX_UNPACKED_BYTES
        self._buffer = io.BytesIO()
        self._made = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_STORED)
        self._made.writestr("[Content_Types].xml", _CONTENT_TYPES)
        self._made.writestr("_rels/.rels", _ROOT_RELATIONS)

    def __enter__(self) -> _Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.close()

    def has(self, name: str) -> bool:
        return name.lower() in self._entries

    def take(self, name: str, reader: _XmlReader, most: int | None = None) -> None:
        """Unpack a part, letting ``reader`` see all of it; at most ``most`` bytes."""
        entry = self._entries.get(name.lower())
        if entry is None or entry.filename in self._taken:
            raise _Damaged("a part is missing or used twice")
        self._taken.add(entry.filename)
        if entry.flag_bits & 1:
            raise _Damaged("a part is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Damaged("unknown compression")
        left = min(self._left, most or self._left)
        if entry.file_size > left:
            raise _unpacks_too_large()
        with self._archive.open(entry) as source, self._made.open(name, "w") as target:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                self._left -= len(chunk)
                if left < 0:
                    raise _unpacks_too_large()
                reader.feed(chunk)
                target.write(chunk)
        reader.close()

    def checked(self) -> io.BytesIO:
        """The archive of the parts taken, uncompressed."""
        self._made.close()
        self._buffer.seek(0)
        return self._buffer


def _unpacks_too_large() -> DecodeError:
    mb = limits.MAX_UNPACKED_BYTES >> 20
    return too_large(f"工作簿解压后超过 {mb} MB", f"the workbook unpacks to more than {mb} MB")


def _local(tag: str) -> str:
    """Tag without its prefix: the strict and the usual form of the format differ in it."""
    return tag.rpartition(":")[2]


class _XmlReader:
    """Reads one part as a stream, within limits, without DTD, entities or another encoding than UTF-8."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.XmlDeclHandler = self._declaration
        self._depth = 0
        self._fed = 0

    def feed(self, chunk: bytes) -> None:
        """The next bytes. Raises _Damaged or DecodeError."""
        if b"\0" in chunk:
            raise _Damaged("a part is not in UTF-8")  # UTF-16: the reader would take it for an empty sheet
        if self._fed - max(self._parser.CurrentByteIndex, 0) > limits.MAX_TAG_BYTES:
            raise _Damaged("a tag without end")
        self._fed += len(chunk)
        self._parse(chunk, False)

    def close(self) -> None:
        """The part is at its end."""
        self._parse(b"", True)

    def _parse(self, chunk: bytes, last: bool) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise _Damaged(f"XML: {error}") from error

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Start of an element."""

    def end(self, tag: str) -> None:
        """End of an element."""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > limits.MAX_XML_DEPTH:
            raise _Damaged("elements nested too deeply")
        self.start(_local(tag), attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self.end(_local(tag))

    def _doctype(self, *_: object) -> None:
        raise _Damaged("a document type, which workbooks never have")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise _Damaged("a part is not in UTF-8")


class _Collected(_XmlReader):
    """The attributes of every element of one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self.name:
            self.found.append(attributes)
            if len(self.found) > limits.MAX_PARTS:
                raise _Damaged("too many entries")


def _sheet_parts(package: _Package) -> list[tuple[str, str]]:
    """(name, part) of every sheet, in order; no name and no part twice."""
    relations, sheets = _Collected("Relationship"), _Collected("sheet")
    package.take(_RELATIONS, relations, limits.MAX_SMALL_PART_BYTES)
    package.take(_BOOK, sheets, limits.MAX_SMALL_PART_BYTES)
    if len(sheets.found) > limits.MAX_SHEETS:
        raise too_large(f"超过 {limits.MAX_SHEETS} 个工作表", f"more than {limits.MAX_SHEETS} sheets")
    targets = {r.get("Id"): r.get("Target", "") for r in relations.found}
    parts: dict[str, str] = {}
    for attributes in sheets.found:
        key = next((v for k, v in attributes.items() if k.endswith(":id")), None)
        target = targets.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        name = attributes.get("name", "")
        if name in parts or path.lower() in map(str.lower, parts.values()):
            raise _Damaged("a sheet is there twice")
        parts[name] = path
    return list(parts.items())


class _Styles(_XmlReader):
    """Which cell styles show a number with a percent sign (``percent``) or as a duration (``duration``)."""

    def __init__(self) -> None:
        super().__init__()
        self.percent: set[str] = set()
        self.duration: set[str] = set()
        self._formats = {"percent": set(_PERCENT_FORMATS), "duration": set(_DURATION_FORMATS)}
        self._within = False
        self._number = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            code = attributes.get("formatCode", "")[:_VALUE_CHARACTERS]
            if "%" in re.sub(r'"[^"]*"|\\.', "", code):
                self._formats["percent"].add(attributes.get("numFmtId", ""))
            if re.search(r"\[[hms]+\]", code, re.IGNORECASE):
                self._formats["duration"].add(attributes.get("numFmtId", ""))
        elif tag == "cellXfs":
            self._within = True
        elif tag == "xf" and self._within:
            for kind, styles in (("percent", self.percent), ("duration", self.duration)):
                if attributes.get("numFmtId") in self._formats[kind]:
                    styles.add(str(self._number))
            self._number += 1

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._within = False


class _Strings(_XmlReader):
    """How many texts the list of shared texts holds (``count``)."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.count += 1
        elif tag == "sst":
            # The reader sets memory aside for as many as the list claims to hold.
            self._claim(attributes.get("uniqueCount", "0"))
            self._claim(attributes.get("count", "0"), most=limits.MAX_ROW * limits.MAX_COLUMNS)
        if self.count > limits.MAX_STRINGS:
            raise too_large(f"超过 {limits.MAX_STRINGS} 个不同的文字", f"more than {limits.MAX_STRINGS} texts")

    def _claim(self, number: str, most: int = limits.MAX_STRINGS) -> None:
        if not re.fullmatch(r"[0-9]{1,12}", number) or int(number) > most:
            raise _Damaged("an impossible number of texts")


def _column(letters: str) -> int:
    """``"C"`` -> 2, ``"XFD"`` -> 16383: column from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    return column - 1


class _SheetScan(_XmlReader):
    """Goes through the XML of a sheet before the reader does.

    It refuses what would end the process or read as something else, and finds the cells that the reader
    would silently blank or rescale: ``found``, by (row, column) from 0. ``merged``: the merged ranges as
    (top, left, bottom, right), all included. ``formulas``: column -> row numbers of formulas with a result.
    """

    def __init__(self, styles: _Styles, strings: int) -> None:
        super().__init__()
        self._parser.CharacterDataHandler = self._text
        self.percent, self.duration, self.strings = styles.percent, styles.duration, strings
        self.special = styles.percent | styles.duration
        self.found: dict[tuple[int, int], BadCell] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.formulas: dict[int, list[int]] = {}
        self.top, self.left, self.bottom, self.right = limits.MAX_ROW, limits.MAX_COLUMNS, -1, -1
        self._before = -1
        self._columns: dict[str, int] = {}
        self._digits = "0"
        self.row = self.column = -1
        self.kind = self.style = self.value = ""
        self.formula = self.in_value = self.full = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        # Called millions of times: the two commonest elements first, the rest in _other.
        self._depth += 1
        if self._depth > limits.MAX_XML_DEPTH:
            raise _Damaged("elements nested too deeply")
        if ":" in tag:
            tag = _local(tag)
        if tag == "c":
            self._cell(attributes.get("r"))
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.formula, self.full, self.value = False, False, ""
        elif tag == "v":
            self.in_value = self.full = True
        else:
            self._other(tag, attributes)

    def _other(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "row":
                self._row(attributes.get("r"))
            case "is":
                self.full = True
            case "f":
                self.formula = self.full = True
            case "mergeCell":
                self.merged.append(_merged_range(attributes.get("ref", "")))
                if len(self.merged) > limits.MAX_MARKED:
                    raise _Damaged("too many merged ranges")

    def _row(self, number: str | None) -> None:
        if number is None:
            self.row += 1
        elif re.fullmatch(r"[0-9]{1,7}", number) and int(number) > 0:
            self.row = int(number) - 1
        else:
            raise _Damaged("a wrong row number")
        self.column = -1
        self._digits = str(self.row + 1)

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        if reference.endswith(self._digits):
            known = self._columns.get(reference[: -len(self._digits)])
            if known is not None:
                self.column = known
                return
        place = _REFERENCE.fullmatch(reference)
        if place is None or int(place[2]) == 0:
            raise _Damaged("a wrong cell reference", self.row + 1)
        letters, self._digits = place.groups()
        self.row, self.column = int(self._digits) - 1, _column(letters)
        self._columns[letters] = self.column

    def _text(self, characters: str) -> None:
        if self.in_value and len(self.value) < _VALUE_CHARACTERS:
            self.value += characters

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if ":" in tag:
            tag = _local(tag)
        if tag == "v":
            self.in_value = False
        elif tag == "c" and self.full:
            self._place()
            if self.kind != "n" or self.formula or self.style in self.special:
                self._mark(self._judged())

    def _mark(self, bad: BadCell | None) -> None:
        """Note the cell just read, unless it is a plain one."""
        if bad is not None:
            self.found[self.row, self.column] = bad
            if len(self.found) > limits.MAX_MARKED:
                most = limits.MAX_MARKED
                raise too_large(
                    f"超过 {most} 个错误值、无结果的公式或百分比", f"more than {most} cells that cannot be used"
                )
        elif self.formula:
            self.formulas.setdefault(self.column, []).append(self.row + 1)

    def _place(self) -> None:
        """A cell that holds something: within the limits of a sheet, and after the one before."""
        row, column = self.row, self.column
        if row != self.bottom:
            if not self.bottom < row < limits.MAX_ROW:
                raise _Damaged("a row out of order or beyond the end of a sheet", row + 1)
            self.top = min(self.top, row)
            self.bottom = row
        elif column <= self._before:
            raise _Damaged("a cell twice or out of order", row + 1)
        self._before = column
        if column < self.left:
            self.left = column
        if column > self.right:
            if column >= limits.MAX_COLUMNS:
                most = limits.MAX_COLUMNS
                raise too_large(
                    f"第 {row + 1} 行超过 {most} 列", f"row {row + 1} has more than {most} columns", row + 1
                )
            self.right = column

    def _judged(self) -> BadCell | None:
        value = self.value.strip()
        self._known(value)
        if self.kind == "e":
            return BadCell("error", value)
        if self.formula and not value and self.kind != "str":
            return BadCell("formula", "=")
        if self.kind == "n" and value:
            return self._number(value)
        return None

    def _known(self, value: str) -> None:
        """Refuse, with its place, a cell that the reader takes for another one or gives up on."""
        fault = ""
        match self.kind:
            case "s":
                if not (value.isdecimal() and value.isascii() and int(value) < self.strings):
                    fault = "a text that is not in its list"
            case "e":
                if value not in _ERRORS:
                    fault = f"the error value {visible(value)[:20]}"
            case "b":
                if value not in ("", "0", "1"):
                    fault = "a wrong truth value"
            case "n" | "str" | "inlineStr" | "d":
                pass
            case _:
                fault = "a cell of unknown kind"
        if fault:
            raise _Damaged(f"{fault}, {column_letter(self.column)}{self.row + 1}", self.row + 1)

    def _number(self, value: str) -> BadCell | None:
        if self.style in self.duration:
            try:
                days = float(value)
            except ValueError:
                days = math.nan
            if not 0 <= days < _MAX_DURATION_DAYS:
                raise _Damaged("an impossible duration", self.row + 1)
        if self.style in self.percent:
            return BadCell("percent", _percentage(value))
        return None

    def check(self) -> None:
        """Raise where the used range, or the merged ranges together, are too large."""
        height, width = self.bottom - self.top + 1, self.right - self.left + 1
        if self.bottom >= 0 and height * width > limits.MAX_CELLS:
            most = limits.MAX_CELLS
            raise too_large(
                f"工作表已用区域超过 {most} 个单元格（多余的行、列里可能有内容）",
                f"the used range has more than {most} cells; surplus rows or columns may hold something",
            )
        self.merged = [self._within(ranges) for ranges in self.merged]
        area = sum(
            max(0, bottom - max(top, self.top) + 1) * max(0, right - max(left, self.left) + 1)
            for top, left, bottom, right in self.merged
        )
        if area > max(0, height) * max(0, width):
            raise _Damaged("merged ranges over each other")

    def _within(self, place: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """A range as far as the sheet holds anything; its first cell stays."""
        top, left, bottom, right = place
        return top, left, min(bottom, self.bottom), min(right, self.right)


def _merged_range(reference: str) -> tuple[int, int, int, int]:
    found = _RANGE.fullmatch(reference)
    if found is None:
        raise _Damaged("a wrong merged range")
    first, last = (int(found[2]) - 1, _column(found[1])), (int(found[4] or found[2]) - 1, _column(found[3] or found[1]))
    if not (0 <= first[0] <= last[0] and first[1] <= last[1]):
        raise _Damaged("a wrong merged range")
    return first[0], first[1], last[0], last[1]


def _percentage(value: str) -> str:
    """What a cell with a percent sign shows of its stored ``value``."""
    try:
        number = Decimal(value)
    except ArithmeticError:
        return value
    return f"{number * 100:f}%" if abs(number.adjusted()) < 30 else f"{value}×100%"


# ---------------------------------------------------------------------- cells


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


def _sheet(source: python_calamine.CalamineSheet, scan: _SheetScan, name: str, shown: bool) -> Sheet:
    """A sheet of the workbook with true row numbers; cells begin at column A."""
    top, left = source.start if source.start is not None else (0, 0)
    grid: dict[int, list[Cell]] = {}
    cache: dict[tuple[type, object], Cell] = {}
    pad: list[Cell] = [""] * left
    for i, row in enumerate(source.to_python(skip_empty_area=True)):
        grid[top + i] = pad + [bounded(v) if isinstance(v, str) else _cached(v, cache) for v in row]
    for (r, c), bad in (*_merged(scan, grid), *scan.found.items()):
        cells = grid.setdefault(r, [])
        cells.extend([""] * (c + 1 - len(cells)))
        cells[c] = bad
    kept = [r for r in sorted(grid) if not all(map(is_blank, grid[r]))]
    last = kept[min(len(kept), _HEADER_ZONE) - 1] if kept else -1
    merged = [(t + 1, lf, min(b, last) + 1, rt) for t, lf, b, rt in scan.merged if t <= last]
    return Sheet(
        name, [grid[r] for r in kept], [r + 1 for r in kept], [], shown, merged=merged, formulas=scan.formulas
    )


def _cached(value: object, cache: dict[tuple[type, object], Cell]) -> Cell:
    """:func:`_cell`, once for each distinct value (1, 1.0 and TRUE are distinct)."""
    key = (type(value), value)
    if key not in cache:
        cache[key] = _cell(value)
    return cache[key]


def _merged(scan: _SheetScan, grid: dict[int, list[Cell]]) -> Iterator[tuple[tuple[int, int], BadCell]]:
    """Every cell of a merged range but its first, in rows that hold anything."""
    for top, left, bottom, right in scan.merged:
        for r in range(max(top, scan.top), bottom + 1):
            if r in grid:
                for c in range(max(left, scan.left), right + 1):
                    if (r, c) != (top, left):
                        yield (r, c), _MERGED
