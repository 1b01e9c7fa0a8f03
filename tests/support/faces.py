"""Holding the faces of a report against its model: every printed number, and every figure of every table.

Belongs here: reading numbers out of a model, a PDF, a web page, a workbook. Does not belong here: which files are
compared.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from pathlib import Path

import openpyxl
import pypdfium2

from pipeline.report.coverage import texts_of
from pipeline.report.shapes import Cell, Column, Lang, PathChart, ReportModel, Status, said
from pipeline.report.walk import charts, printed, shapes, tables
from pipeline.report.workbook import chart_table, sheets_of

NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?")
LANGUAGES: tuple[Lang, Lang] = ("zh", "en")
SUMMARY = "摘要 Summary"
SENTENCE: dict[Lang, int] = {"zh": 12, "en": 30}
"""Longer texts are looked for as they stand; shorter ones are names, which stand in places of their own."""
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


def _plain(html: str) -> str:
    """The words of a piece of a page, without tags, drawings and blanks."""
    text = re.sub(r"<(svg|script|style)\b.*?</\1>|<[^>]*>", "", html, flags=re.DOTALL)
    return "".join(unescape(text).split())


def _rows(table: str) -> list[list[str]]:
    """The words of each cell in the body of a table."""
    body = table.partition("</thead>")[2]
    return [
        [_plain(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", body, re.DOTALL)
    ]


def _wanted(cell: Cell, column: Column, lang: Lang) -> str | None:
    """What a cell of a table says; None where it is a drawing."""
    if cell.dot is not None:
        return None
    if cell.status is not None:
        if column.kind == "shape":
            return cell.status.shape
        note = "" if cell.status.note is None else cell.status.note.of(lang)
        return _squeezed(cell.status.shape + cell.status.word.of(lang) + note)
    return _squeezed(cell.mark + said(cell.words, lang))


def _squeezed(words: str) -> str:
    return "".join(words.split())


def page_differences(model: ReportModel, page: str, lang: Lang) -> list[str]:
    """Places where a page (for the screen or for paper) does not say what the model says.

    Cell by cell for numbered tables, the summary and the values of charts; sentences and headings as a whole.
    """
    wrong = []
    for table in tables(model):
        found = re.search(rf'<div class="tablebox[^>]*id="table-{table.number}">.*?</table>', page, re.DOTALL)
        shown = [] if found is None else _rows(found[0])
        if len(shown) != len(table.rows):
            wrong.append(f"table {table.number}: {len(shown)} rows for {len(table.rows)}")
        for number, (line, cells) in enumerate(zip(table.rows, shown, strict=False), start=1):
            for column, cell, text in zip(table.columns, line.cells, cells, strict=True):
                wanted = _wanted(cell, column, lang)
                if wanted is not None and text != wanted:
                    wrong.append(f"table {table.number}, row {number}: {text} for {wanted}")
    for chart in charts(model):
        drawn = re.search(rf'id="figure-{chart.number}">.*?<table class="values">(.*?)</table>', page, re.DOTALL)
        if drawn is not None:  # the page for paper has no such table
            values = chart_table(chart)
            for line, cells in zip(values.rows, _rows(drawn[1]), strict=True):
                for cell, text in zip(line.cells, cells, strict=True):
                    wanted = cell.mark + said(cell.words, lang) if cell.status is None else cell.status.word.of(lang)
                    if text != _squeezed(wanted):
                        wrong.append(f"figure {chart.number}: {text} for {wanted}")
    tiles = re.search(r'<table class="(?:cards )?tiles".*?</table>', page, re.DOTALL)
    for tile, cells in zip(model.summary.tiles, [] if tiles is None else _rows(tiles[0]), strict=True):
        wanted = [
            said(tile.target, lang), tile.previous + tile.previous_mark,
            tile.current + tile.current_mark + tile.code,
            said(tile.change, lang), said(tile.distance, lang) + said(tile.distance_persons, lang),
        ]  # fmt: skip
        wrong += [f"{tile.commitment_id}: {a} for {b}" for b, a in zip(map(_squeezed, wanted), cells[1:], strict=False) if a != b]
    said_there = _plain(page)
    classes = {status.word.of(lang) for status in shapes(model, Status)}  # in cells, and those are compared above
    sentences = Counter(_squeezed(t) for t in printed(model, lang) if len(t) > SENTENCE[lang] and t not in classes)
    for text, times in sentences.items():
        if said_there.count(text) < times:
            wrong.append(f"said {said_there.count(text)} times for {times}: {text}")
    return wrong


def figure_differences(model: ReportModel, book: bytes) -> list[str]:
    """Places where a sheet of the workbook does not say what the model says: figures as printed, words in both languages."""
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    wrong = []
    for name, table in sheets_of(model):
        sheet = sheets[name]
        for row, line in enumerate(table.rows, start=FIRST_ROW):
            for column, cell in enumerate(line.cells, start=1):
                found = sheet.cell(row, column)
                if cell.dot is not None:
                    continue
                if found.data_type == "n" and found.value is not None:
                    wanted = cell.mark + said(cell.words, "zh")
                    shown = _shown(found.value, found.number_format)
                    unit = _unit(said(cell.words, "zh")), _unit(said(cell.words, "en"))
                    if unit[0] == "亿元":  # one number for both languages: that of the Chinese unit
                        unit = unit[0], "hundred million yuan"
                    wanted += f" / {unit[1]}" if unit[1] and unit[0] != unit[1] else ""
                    if shown != wanted:
                        wrong.append(f"{sheet.title}!{found.coordinate}: {shown} for {wanted}")
                    continue
                shown = found.value.date().isoformat() if found.is_date else str(found.value or "")
                for lang in LANGUAGES:
                    wanted = cell.status.word.of(lang) if cell.status is not None else cell.mark + said(cell.words, lang)
                    if (cell.kind == "figure" and shown.startswith(tuple("0123456789"))) or wanted.strip() not in shown:
                        wrong.append(f"{sheet.title}!{found.coordinate}: {shown} for {wanted}")
    summary = sheets[SUMMARY]
    for row, tile in enumerate(model.summary.tiles, start=FIRST_ROW):
        for column, mark, figure in ((4, tile.previous_mark, tile.previous), (5, tile.current_mark, tile.current)):
            found = summary.cell(row, column)
            shown = _shown(found.value, found.number_format) if found.data_type == "n" else str(found.value)
            if shown != mark + figure:
                wrong.append(f"{SUMMARY}!{found.coordinate}: {shown} for {mark + figure}")
    for chart in charts(model):
        if isinstance(chart, PathChart):
            sheet = sheets[f"图{chart.number} Figure {chart.number}"]
            drawn = {sheet.cell(r, 1).value: sheet.cell(r, 2) for r in range(FIRST_ROW, sheet.max_row + 1)}
            for point in chart.points:
                found = drawn[point.period]
                mark = "◆" if point.certified else ""
                if _shown(found.value, found.number_format) != mark + (point.shown or point.value):
                    wrong.append(f"{sheet.title}!{found.coordinate}: {found.value} for {point.shown}")
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
