"""Bytes of one received file -> sheets of cells with the coordinates a spreadsheet shows.

Belongs here: encodings, delimiters, refusal of what cannot be read safely. Does not belong here:
workbooks (workbook.py), headers, types, contracts, findings.

Text files: UTF-8 first (with or without BOM), then GB18030, both strict; UTF-16 with BOM.
The other order would read UTF-8 as nonsense without an error. Workbooks: .xlsx and .xlsm.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from pipeline.intake import limits
from pipeline.intake.cells import Cell, bounded, is_blank, visible
from pipeline.intake.grid import DecodeError, Sheet, too_large
from pipeline.intake.workbook import read_workbook

__all__ = ["DELIMITERS", "HEAD_ROWS", "DecodeError", "Sheet", "decode_text", "read_grid"]

DELIMITERS = (",", "\t", ";")
HEAD_ROWS = 20

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_BREAK = re.compile(r"\r\n|\r|\n")


def decode_text(data: bytes) -> str:
    """``data`` as text, strictly; raises DecodeError when no accepted encoding fits without loss."""
    text = _decoded(data)
    if (at := text.find("\0")) >= 0:
        line = _line_at(text, at)
        raise DecodeError(
            f"第 {line} 行有空字符（NUL）：文件不是 CSV，或者是没有标记的 UTF-16。",
            f"Line {line} holds a NUL: the file is no CSV, or is UTF-16 without its mark.",
            "请填报单位用表格软件重新另存为 CSV（UTF-8）或 XLSX 后再报。",
            "Ask the supplier to save it again as CSV (UTF-8) or XLSX.",
            line,
        )
    return text


def _decoded(data: bytes) -> str:
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
    beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
    return beyond_ascii - broken > 10 * broken


def _line_at(text: str, position: int) -> int:
    """Number of the line, from 1, in which the character at ``position`` stands."""
    return 1 + sum(1 for _ in _BREAK.finditer(text, 0, position))


def _damaged(encoding: str, data: bytes, error: UnicodeDecodeError) -> DecodeError:
    before = data[: error.start].decode(error.encoding, errors="replace")
    line = _line_at(before, len(before))
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
    of a text file. Raises DecodeError for an empty, damaged, protected, unsupported or oversized file.
    """
    if len(data) > limits.MAX_FILE_BYTES:
        mb = limits.MAX_FILE_BYTES >> 20
        raise too_large(f"超过 {mb} MB", f"more than {mb} MB")
    if not data.strip():
        raise DecodeError(
            "文件是空的。", "The file is empty.", "请填报单位重新报送。", "Ask the supplier for it again."
        )
    if data.startswith(_OLE):
        raise _old_format(data)
    if data.startswith(_ZIP):
        return read_workbook(data)
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


class _Records:
    """Records of a delimited text: cells, with ``row`` (blank ones counted) and ``line`` where each starts.

    The reader takes a record in whole before anybody sees it; the lines are therefore handed to it one by
    one and counted, so that no record is longer than ``MAX_RECORD_CHARACTERS``.
    """

    def __init__(self, text: str, delimiter: str, *, strict: bool) -> None:
        self._text = text
        self._reader = csv.reader(self._lines(), delimiter=delimiter, strict=strict)
        self._length = 0
        self.row = 0
        self.line = self._next_line = 1

    def __iter__(self) -> Iterator[list[str]]:
        for cells in self._reader:
            self.row += 1
            self.line, self._next_line = self._next_line, self._reader.line_num + 1
            self._length = 0
            yield cells
        self.line = self._next_line

    @property
    def failed_at(self) -> int:
        """Line where the record starts that could not be read."""
        return self._next_line

    def _lines(self) -> Iterator[str]:
        start, length = 0, len(self._text)
        while start < length:
            found = _BREAK.search(self._text, start, start + limits.MAX_RECORD_CHARACTERS)
            end = found.end() if found else min(length, start + limits.MAX_RECORD_CHARACTERS + 1)
            self._count(end - start)
            yield self._text[start:end]
            start = end

    def _count(self, characters: int) -> None:
        """Refuse a record that becomes too long, and one row too many."""
        self._length += characters
        if self._length > limits.MAX_RECORD_CHARACTERS:
            most = limits.MAX_RECORD_CHARACTERS
            raise too_large(
                f"第 {self.row + 1} 行超过 {most} 个字符（或有引号没有成对）",
                f"row {self.row + 1} has more than {most} characters, or quotes do not pair up",
                self.row + 1,
            )
        if self.row >= limits.MAX_ROW:
            raise too_large(f"超过 {limits.MAX_ROW} 行", f"more than {limits.MAX_ROW} rows", self.row)


def _delimiter(text: str, header_score: Callable[[Sequence[str]], int]) -> str:
    """The delimiter under which one of the first rows holds most known headers; then the commonest."""
    best = (-1, -1)
    chosen = DELIMITERS[0]
    for delimiter in DELIMITERS:
        known = width = 0
        try:
            for row in islice(_Records(text, delimiter, strict=False), HEAD_ROWS):
                known = max(known, header_score(row[: limits.MAX_COLUMNS]))
                width = max(width, len(row))
        except (csv.Error, DecodeError):
            continue
        if (known, width) > best:
            best, chosen = (known, width), delimiter
    return chosen


def _read_delimited(text: str, header_score: Callable[[Sequence[str]], int]) -> Sheet:
    records = _Records(text, _delimiter(text, header_score), strict=True)
    sheet = Sheet("", [], [])
    cells = 0
    try:
        for row in records:
            if all(map(is_blank, row)):
                continue
            kept: Sequence[Cell] = _narrow(row, records.row)
            if max(map(len, row)) > limits.MAX_CELL_CHARACTERS:
                kept = [bounded(cell) for cell in kept]
            cells += len(kept)
            if cells > limits.MAX_CELLS:
                raise too_large(f"超过 {limits.MAX_CELLS} 个单元格", f"more than {limits.MAX_CELLS} cells")
            sheet.rows.append(kept)
            sheet.numbers.append(records.row)
            sheet.lines.append(records.line)
    except csv.Error as error:
        line = records.failed_at
        raise DecodeError(
            f"CSV 格式有误：从第 {line} 行开始，引号没有成对，或单元格过长。",
            f"The CSV is malformed from line {line} on: quotes do not pair up or a cell is too long "
            f"({visible(str(error))}).",
            "用表格软件打开核对该行，另存为 CSV（UTF-8）后重新登记。",
            "Check that line in a spreadsheet, save as CSV (UTF-8) and register the file again.",
            line,
        ) from error
    return sheet


def _narrow(row: list[str], number: int) -> list[str]:
    """``row``, without the blank cells at the end of one that is too wide; refused if that does not help."""
    if len(row) <= limits.MAX_COLUMNS:
        return row
    if any(not is_blank(cell) for cell in row[limits.MAX_COLUMNS :]):
        most = limits.MAX_COLUMNS
        raise too_large(
            f"第 {number} 行超过 {most} 列", f"row {number} has more than {most} columns", number
        )
    return row[: limits.MAX_COLUMNS]
