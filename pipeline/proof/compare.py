"""Finding the first place where two files differ: CSV cell by cell, JSON by path, the other faces by text and picture.

Belongs here: comparing, and the shape in which a difference is told. Does not belong here: judging what a
difference means.
"""

from __future__ import annotations

import csv
import io
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from pipeline.inert import csv_text
from pipeline.report.coverage import texts_of

# Columns that name a row of each published data file.
CSV_KEYS: dict[str, tuple[str, ...]] = {
    "indicators": ("indicator_id", "variant", "area_code", "segment", "period_kind", "period"),
    "verdicts": ("commitment_id", "area_code", "segment", "period"),
    "summary": ("commitment_id",),
    "contributions": ("commitment_id", "area_code"),
    "exceptions": ("indicator_id", "area_code", "period", "unit_id"),
    "gaps": ("commitment_id", "area_code", "segment"),
    "pace": ("commitment_id", "area_code", "segment"),
    "decomposition": ("commitment_id", "area_code", "segment", "from_period"),
    "change_split": ("commitment_id", "area_code", "segment", "from_period"),
    "spending_composition": ("area_code", "from_period", "stage"),
    "spending_left_out": ("area_code", "from_period", "stage"),
    "price_effect": ("commitment_id", "area_code", "segment"),
    "ranks": ("commitment_id", "segment", "area_code"),
    "body_tasks": ("body_zh", "role", "commitment_id", "area_code", "segment"),
    "advice": ("commitment_id", "area_code", "segment"),
    "verdict_changes": ("commitment_id", "area_code", "segment"),
    "revisions": ("commitment_id", "period", "edition"),
}


@dataclass(frozen=True)
class Difference:
    """One difference: tier and name (file or table), what, and where known column, row key, old and new value.

    ``old`` is what was published, ``new`` what it should be.
    """

    tier: str
    name: str
    zh: str
    en: str
    column: str = ""
    row: str = ""
    old: str | None = None
    new: str | None = None


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a published data file (UTF-8 with BOM) as texts, without the apostrophes that keep them from acting."""
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    return [{k: csv_text(v) if isinstance(v, str) else v for k, v in row.items()} for row in rows]


def keyed(rows: Sequence[Mapping[str, str]], key: Sequence[str]) -> dict[tuple[str, ...], Mapping[str, str]]:
    """Rows by the columns that name them; without such columns by their position."""
    if not key:
        return {(str(n),): row for n, row in enumerate(rows, start=2)}
    return {tuple(row.get(k) or "" for k in key): row for row in rows}


def csv_differences(
    old: Path, new: Path, key: Sequence[str], own: Mapping[str, str], skipped: set[str]
) -> Iterator[Difference]:
    """Differences of two data files in the order of the old one's rows: cells, then rows on one side only.

    ``own``: only rows with these values. ``skipped``: columns that do not count.
    """
    sides = [
        keyed([r for r in read_rows(p) if all(r.get(k) == v for k, v in own.items())], key)
        for p in (old, new)
    ]
    name = f"data/{old.name}"
    for row, before in sides[0].items():
        after = sides[1].get(row)
        shown = _row_name(key, row)
        if after is None:
            yield Difference("outputs", name, f"多出的行({shown})", f"a row too many ({shown})", "", shown)
            continue
        for column in dict.fromkeys((*before, *after)):
            if column not in skipped and before.get(column) != after.get(column):
                yield Difference(
                    "outputs", name, f"{shown} 的 {column} 不同", f"{column} of {shown} differs", str(column), shown,
                    _text(before.get(column)), _text(after.get(column)),
                )  # fmt: skip
    for row in sides[1]:
        if row not in sides[0]:
            shown = _row_name(key, row)
            yield Difference("outputs", name, f"缺少的行({shown})", f"a row is missing ({shown})", "", shown)


def _row_name(key: Sequence[str], row: Sequence[str]) -> str:
    if not key:
        return f"第 {row[0]} 行 / row {row[0]}"
    return "/".join(row)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def decimal_text(value: Fraction) -> str:
    """Shortest exact decimal text of a value with at most six decimals."""
    scaled = value * 10**6
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(scaled.numerator)).rjust(7, "0")
    text = f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")
    return ("-" if value < 0 else "") + text


def first_path(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(path, old, new) of every place where two JSON documents differ, in order."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(set(old) | set(new)):
            yield from first_path(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from first_path(a, b, f"{path}[{number}]")
    elif old != new:
        yield path, str(old), str(new)


def face_text(path: Path) -> list[str] | None:
    """What a face of the report shows: pages of a PDF, texts of an HTML page, parts of a workbook, rows of a table.

    None where it cannot be read.
    """
    match path.suffix:
        case ".pdf":
            return pdf_text(path)
        case ".html":
            return ["\n".join(text.strip() for _, text in texts_of(path.read_text("utf-8", "replace")))]
        case ".xlsx":
            return _workbook_text(path)
        case ".parquet":
            return _rows_text(path)
    return None


def _rows_text(path: Path) -> list[str] | None:
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        return None
    return [str(frame.schema), *(str(row) for row in frame.iter_rows())]


def _workbook_text(path: Path) -> list[str] | None:
    """What the cells of a workbook hold and how their numbers are shown, sheet by sheet, row by row: what another version
    of its writer keeps. Marks, bounds and units (``≥``, ``◆``, ``倍``) stand in the number formats."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book, formats = CalamineWorkbook.from_path(path), _number_formats(path)
        return [
            f"{name} {number}: {row} {formats.get((name, number), [])}"
            for name in book.sheet_names
            for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1)
        ]
    except (CalamineError, BadZipFile, KeyError, ValueError, ElementTree.ParseError):
        return None


_SHEET_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}
"""Number formats that a workbook names by number only (ECMA-376 part 1, 18.8.30); a writer may spell them out as well."""


def _number_formats(path: Path) -> dict[tuple[str, int], list[str]]:
    """``A1 format`` of the cells that have a number format of their own, by sheet and row."""
    found: dict[tuple[str, int], list[str]] = {}
    with ZipFile(path) as parts:
        styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
        codes = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in styles.iter(f"{_SHEET_XML}numFmt")}
        known = _BUILT_IN | codes
        numbers = [int(x.get("numFmtId", "0")) for x in styles.iterfind(f"{_SHEET_XML}cellXfs/{_SHEET_XML}xf")]
        by_style = [known.get(number, str(number)) for number in numbers]
        relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
        places = {r.get("Id"): r.get("Target", "") for r in relations}
        for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{_SHEET_XML}sheet"):
            place = posixpath.normpath(posixpath.join("/xl", places[sheet.get(_RELATION)])).lstrip("/")
            for row in ElementTree.fromstring(parts.read(place)).iter(f"{_SHEET_XML}row"):
                cells = ((c.get("r", ""), by_style[int(c.get("s", "0"))]) for c in row.iter(f"{_SHEET_XML}c"))
                shown = [f"{cell} {code}" for cell, code in cells if code != _BUILT_IN[0]]
                found[sheet.get("name", ""), int(row.get("r", "0"))] = shown
    return found


def pdf_text(path: Path) -> list[str] | None:
    """Text of each page without white space; None where no reader of PDF is installed or it cannot be read."""
    try:
        import pypdfium2
    except ImportError:
        return None
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    try:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


PICTURE_SCALE = 0.75
"""Pages are compared at 54 pixels an inch: fine enough for a figure or a bar, coarse enough for other antialiasing."""

SEEN = 96
"""Shades of grey, of 255, by which a pixel must differ to count where tools or fonts are others."""

SEEN_SHARE = 0.004
"""Share of a page's pixels that must count for its picture to be another one."""


def other_pictures(old: Path, new: Path, *, exact: bool) -> list[int]:
    """Numbers of the pages whose pictures differ, from 1; both must have as many. Empty for other faces than PDF.

    ``exact``: any pixel counts. Otherwise, for other tools and fonts, only what can be seen.
    """
    if old.suffix != ".pdf":
        return []
    import numpy
    import pypdfium2

    found = []
    with pypdfium2.PdfDocument(old) as before, pypdfium2.PdfDocument(new) as after:
        for number in range(min(len(before), len(after))):
            sides = [d[number].render(scale=PICTURE_SCALE, grayscale=True).to_numpy().astype(int) for d in (before, after)]
            if sides[0].shape != sides[1].shape:
                found.append(number + 1)
                continue
            change = numpy.abs(sides[0] - sides[1])
            differs = change.any() if exact else (change > SEEN).mean() > SEEN_SHARE
            if differs:
                found.append(number + 1)
    return found
