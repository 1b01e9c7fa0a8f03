"""The PDF as an archive keeps it: a real validator, files inside, tags, headings, alternatives, text to search."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from pipeline.report.archive import Attached
from pipeline.report.fonts import inflated
from pipeline.report.model import ReportModel
from pipeline.report.render import RenderResult, _set, render_pdf
from pipeline.report.shapes import Table, said
from tests.report.conftest import TEMPLATES, pages_of

ROOT = TEMPLATES.parent


@pytest.fixture(scope="module")
def kept(city_pdf: RenderResult) -> RenderResult:
    return city_pdf


def test_a_validator_finds_it_pdf_a_3a_and_pdf_ua_1(kept: RenderResult, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.verapdf", str(kept.path), "3a,ua1"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(t["profile"], t["compliant"], t["failures"]) for t in told] == [("3a", True, []), ("ua1", True, [])]
    assert all(t["checks"] > 10_000 for t in told)


def test_the_validator_sees_what_is_broken(city: ReportModel, tmp_path: Path) -> None:
    """A picture without an alternative is what a reader who cannot see stumbles over first."""
    broken = tmp_path / "broken.pdf"
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    _, pdf = _set(f'<html lang="zh-CN"><title>甲</title><style>p {{ font-family: "Noto Sans SC" }}</style><p>甲 {picture}</p></html>', city)
    broken.write_bytes(pdf)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.verapdf", str(broken), "ua1"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert not told["compliant"]
    assert any("Figure" in message for _, message, _ in told["failures"])


def test_the_files_come_out_as_they_went_in(kept: RenderResult, files: list[Attached]) -> None:
    document = pypdfium2.PdfDocument(kept.path)
    try:
        inside = {}
        for number in range(document.count_attachments()):
            attachment = document.get_attachment(number)
            inside[attachment.get_name()] = bytes(attachment.get_data())
    finally:
        document.close()
    assert inside == {each.name: each.path.read_bytes() for each in files}
    objects = inflated(kept.path.read_bytes())
    assert b"/AFRelationship /Data" in objects and b"/AFRelationship /Source" in objects
    assert b"/AFRelationship /Unspecified" not in objects


def test_its_bytes_do_not_depend_on_the_clock(nation: ReportModel, files: list[Attached], tmp_path: Path) -> None:
    made = render_pdf(nation, TEMPLATES, tmp_path / "made.pdf", attached=files)
    for each in files:
        os.utime(each.path, (1_000_000_000, 1_000_000_000))
    again = render_pdf(nation, TEMPLATES, tmp_path / "again.pdf", attached=files[::-1])
    assert again.sha256 == made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- structure


class Element:
    """One element of the structure tree: its type, its alternative, and the text set in it and below."""

    def __init__(self, handle: object, texts: dict[int, str]) -> None:
        self.kind = _string(pdfium.FPDF_StructElement_GetType, handle)
        self.alternative = _string(pdfium.FPDF_StructElement_GetAltText, handle)
        self.own = "".join(texts.get(n, "") for n in _marks(handle))
        self.children = [
            Element(child, texts)
            for n in range(pdfium.FPDF_StructElement_CountChildren(handle))
            if (child := pdfium.FPDF_StructElement_GetChildAtIndex(handle, n))
        ]

    @property
    def text(self) -> str:
        return self.own + "".join(child.text for child in self.children)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()


def _string(call: object, handle: object) -> str:
    size = call(handle, None, 0)
    buffer = ctypes.create_string_buffer(size)
    call(handle, buffer, size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le")


def _marks(handle: object) -> list[int]:
    count = pdfium.FPDF_StructElement_GetMarkedContentIdCount(handle)
    return [
        pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(handle, n) for n in range(max(count, 0))
    ]


def _texts_by_mark(page: pypdfium2.PdfPage) -> dict[int, str]:
    """Marked content id -> its text, of one page."""
    found: dict[int, str] = {}
    textpage = page.get_textpage()
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
        mark = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
        size = pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, None, 0)
        buffer = (ctypes.c_ushort * (size // 2 + 1))()
        pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, buffer, size)
        text = ctypes.string_at(buffer, size).decode("utf-16-le").rstrip("\0")
        found[mark] = found.get(mark, "") + text
    return found


@pytest.fixture(scope="module")
def trees(kept: RenderResult) -> list[list[Element]]:
    """The structure of each page."""
    document = pypdfium2.PdfDocument(kept.path)
    made = []
    try:
        for page in document:
            tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
            texts = _texts_by_mark(page)
            made.append(
                [
                    Element(pdfium.FPDF_StructTree_GetChildAtIndex(tree, n), texts)
                    for n in range(pdfium.FPDF_StructTree_CountChildren(tree))
                ]
            )
            pdfium.FPDF_StructTree_Close(tree)
    finally:
        document.close()
    return made


def elements(page: list[Element]) -> list[Element]:
    return [e for root in page for e in root.walk()]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_headings_come_in_the_order_of_the_document(city: ReportModel, trees: list[list[Element]]) -> None:
    every = [e for page in trees for e in elements(page)]
    heads = [squeezed(e.text) for e in every if e.kind == "H1"]
    wanted = [squeezed(line.title.zh) for line in city.contents if line.level == 1]
    assert len(wanted) >= 6
    assert [head for head in heads if head in wanted] == wanted
    second = [squeezed(e.text) for e in every if e.kind == "H2"]
    names = [squeezed(page.name.zh) for page in city.pages]
    assert [next(n for n in names if n in s) for s in second if any(n in s for n in names)] == names


def test_the_reading_order_of_the_summary_is_that_of_the_page(city: ReportModel, trees: list[list[Element]]) -> None:
    text = squeezed("".join(root.text for root in trees[2]))
    wanted = [city.summary.conclusion.zh, *(t.name.zh for t in city.summary.tiles)]
    wanted += [p.zh for p in city.summary.problems]
    places = [text.index(squeezed(w)) for w in wanted[:1]]
    for words in wanted[1:]:
        places.append(text.index(squeezed(words), places[-1]))
    assert places == sorted(places)


def test_every_picture_has_an_alternative_with_its_figures(city: ReportModel, trees: list[list[Element]]) -> None:
    told = [e.alternative for page in trees for e in elements(page) if e.kind == "Figure"]
    assert told and all(told)
    for page in city.pages:
        for chart in (page.chart, page.split, *page.unit_charts):
            if chart is not None:
                assert chart.description.zh in told
                assert sum(c.isdigit() for c in chart.description.zh) >= 8


def test_tables_have_header_cells_for_columns_and_rows(trees: list[list[Element]]) -> None:
    tables = [e for page in trees for e in elements(page) if e.kind == "Table"]
    assert len(tables) > 10
    for table in tables:
        body = [e for part in table.children if part.kind == "TBody" for e in part.walk() if e.kind == "TR"]
        for row in body:
            cells = [c.kind for c in row.children]
            assert cells and set(cells) <= {"TH", "TD"}
    objects = sum(e.kind == "TH" for page in trees for e in elements(page))
    assert objects > 100


def test_language_and_title(kept: RenderResult, city: ReportModel) -> None:
    objects = inflated(kept.path.read_bytes())
    assert b"/Lang (zh-CN)" in objects
    assert b"/DisplayDocTitle true" in objects
    document = pypdfium2.PdfDocument(kept.path)
    try:
        assert document.get_metadata_dict()["Title"] == city.head.title.zh
        marks = [squeezed(item.get_title()) for item in document.get_toc()]
    finally:
        document.close()
    for page in city.pages:
        assert any(squeezed(page.name.zh) in mark for mark in marks)


# ---------------------------------------------------------------- text


def test_every_figure_can_be_searched_and_copied(city: ReportModel, kept: RenderResult) -> None:
    """Words and figures of tables, charts and sentences come out of the PDF as they are in the model."""
    running = (city.head.title.zh, "演示数据 · 非真实统计", f"数据版本号 {city.head.vintage_id}")
    pages = []
    for page in pages_of(kept.path):
        for words in running:
            page = page.replace(squeezed(words), "")
        pages.append(re.sub(r"—\d+—", "", page))
    wanted = [s.zh for page in city.pages for s in page.sentences]
    tables: list[Table] = [t for page in city.pages for t in (*page.tables, *page.unit_tables)]
    wanted += [said(c.words, "zh") for t in tables for row in t.rows for c in row.cells if c.kind == "figure"]
    for page in city.pages:
        for chart in (page.chart, *page.unit_charts):
            marks = getattr(chart, "points", None) or getattr(chart, "rows", None) or []
            wanted += [mark.label for mark in marks if mark.label]
        if page.split:
            wanted += [step.label for step in page.split.steps]
    assert len(wanted) > 200
    assert not [w for w in wanted if not stands_in(squeezed(w), pages)]


def stands_in(words: str, pages: list[str]) -> bool:
    """Are the words on a page, or parted over two? Drawings come after the text of a page, what stands above a table
    before it: so the parts may stand anywhere on their page, if none is so short that it would be found by chance."""
    if any(words in page for page in pages):
        return True
    return any(
        words[:n] in page and (after.startswith(words[n:]) or (words[n:] in after and 8 <= n <= len(words) - 8))
        for page, after in pairwise(pages)
        for n in range(1, len(words))
    )
