"""Holding the faces of a report against its model: every printed number, and every figure of every table.

Belongs here: reading numbers out of a model, a PDF, a web page, a workbook. Does not belong here: which files are
compared.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pypdfium2

from pipeline.report.coverage import texts_of
from pipeline.report.shapes import Lang, ReportModel, said
from pipeline.report.walk import printed, tables
from pipeline.report.workbook import cell_text

NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?")
FIRST_ROW = 7
"""Of the figures on a sheet."""


def numbers(texts: Iterable[str]) -> Counter[str]:
    """How often each number is printed; the comma of a sentence is no part of it."""
    return Counter(found.rstrip(",") for text in texts for found in NUMBER.findall(text))


def numbers_of_model(model: ReportModel, lang: Lang) -> Counter[str]:
    tiles = [figure for tile in model.summary.tiles for figure in (tile.previous, tile.current)]
    return numbers([*printed(model, lang), *tiles])


def numbers_of_pdf(path: Path) -> Counter[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return numbers(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def numbers_of_page(text: str) -> Counter[str]:
    """Of the readable text; drawings, style and script left out."""
    return numbers(
        found for where, found in texts_of(text) if where.rpartition("/")[2] not in ("style", "script", "text", "title")
    )


def figure_differences(model: ReportModel, book: bytes) -> list[str]:
    """Places where a sheet does not print what the table of the model prints."""
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    wrong = []
    for table in tables(model):
        sheet = sheets[f"表{table.number} Table {table.number}"]
        for row, line in enumerate(table.rows, start=FIRST_ROW):
            for column, cell in enumerate(line.cells, start=1):
                if cell.kind != "figure":
                    continue
                found = sheet.cell(row, column)
                wanted = cell.mark + said(cell.words, "zh")
                shown = str(found.value)
                if found.data_type == "n":
                    shown = _shown(found.value, found.number_format)
                    unit = _unit(said(cell.words, "zh")), _unit(said(cell.words, "en"))
                    wanted += f" / {unit[1]}" if unit[1] and unit[0] != unit[1] else ""
                if shown != wanted:
                    wrong.append(f"{sheet.title}!{found.coordinate}: {shown} for {wanted}")
    return wrong


def _unit(words: str) -> str:
    """What follows the number: ``1.06 times`` -> ``times``."""
    found = NUMBER.search(words)
    return "" if found is None else words[found.end() :].strip()


def _shown(value: float, form: str) -> str:
    """A number as a spreadsheet shows it: three sections for positive, negative and nought, words in quotation marks."""
    sections = form.split(";")
    section = sections[0 if value > 0 or len(sections) < 3 else 1 if value < 0 else 2]
    before, pattern, after = re.fullmatch(r'([^#0]*?)(#,##0(?:\.0+)?|0)([^#0]*|"/\d+")', section).groups()  # type: ignore[union-attr]
    figure = f"{abs(value):,.{len(pattern.partition('.')[2])}f}"
    return f"{before}{figure if ',' in pattern else figure.replace(',', '')}{after}".replace('"', "")
