"""One model, five faces: no number is lost or altered on the way to PDF, web page and workbook."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from pipeline.report.model import ReportModel
from pipeline.report.render import RenderResult, render_html
from pipeline.report.web import web_page
from pipeline.report.workbook import workbook_bytes
from tests.report.conftest import TEMPLATES
from tests.support.faces import figure_differences, numbers_of_model, numbers_of_page, numbers_of_pdf, page_differences


def test_the_pdfs_print_every_number_of_the_model(
    city: ReportModel, nation: ReportModel, city_pdf: RenderResult, nation_pdf: RenderResult, city_english: RenderResult
) -> None:
    for model, result, lang in ((city, city_pdf, "zh"), (nation, nation_pdf, "zh"), (city, city_english, "en")):
        wanted = numbers_of_model(model, lang)
        assert len(wanted) > 150 and wanted - numbers_of_pdf(result.path) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_say_what_the_model_says(city: ReportModel, nation: ReportModel, lang) -> None:
    """Cell by cell and sentence by sentence, for the screen and for paper."""
    for model in (city, nation):
        for page in (web_page(model, TEMPLATES, lang), render_html(model, TEMPLATES, lang)):
            assert numbers_of_model(model, lang) - numbers_of_page(page) == {}
            assert page_differences(model, page, lang) == []


def test_the_workbook_shows_every_figure_of_every_table(city: ReportModel, nation: ReportModel) -> None:
    for model in (city, nation):
        assert figure_differences(model, workbook_bytes(model)) == []


def test_a_changed_figure_is_found_wherever_it_stands(city: ReportModel) -> None:
    """One digit more in one place of a page: every table, the summary, a chart's values and a sentence tell of it."""
    page = web_page(city, TEMPLATES, "zh")
    chart = city.pages[0].chart
    assert chart is not None
    places = [rf'id="table-{table.number}">.*?<tbody>.*?>[^<>]*?\d(?=[^<>]*</td>)' for table in city.tables()[:12]]
    places += [r'class="(?:cards )?tiles".*?class="now">\d', rf'id="figure-{chart.number}">.*?<table class="values">.*?<td[^>]*>\d']
    places += [r'<p class="said">[^<]*?\d', r'<ol class="problems">.*?\d', r'class="definition.*?目标[^<]*?\d|class="definition.*?\d']
    for place in places:
        found = re.search(place, page, re.DOTALL)
        assert found is not None, place
        assert page_differences(city, page[: found.end()] + "7" + page[found.end() :], "zh") != [], place


def test_a_changed_cell_of_the_workbook_is_found(city: ReportModel) -> None:
    """A number, a format, a word: on a table's sheet, the summary's, the commitments' and a chart's."""
    changes = [("摘要 Summary", "E7", None), ("图1 Figure 1", "B8", None), ("表1 Table 1", "B7", None), ("表1 Table 1", "B7", "#,##0.000")]
    for name, place, form in [*changes, ("表14 Table 14", "B7", "words")]:
        book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(city)))
        cell = book[name][place]
        if form == "words":
            cell.value = "不进反退"
        elif form is None:
            assert isinstance(cell.value, int | float)
            cell.value += 1
        else:
            cell.number_format = form
        target = io.BytesIO()
        book.save(target)
        assert figure_differences(city, target.getvalue()) != [], (name, place)


def test_a_changed_figure_is_found(city: ReportModel) -> None:
    """The comparison itself: one digit of one cell and it tells where."""
    page = web_page(city, TEMPLATES, "zh")
    table = city.pages[0].unit_tables[0]
    figure = str(table.rows[0].cells[1].words)
    changed = page.replace(f">{figure}<", f">{figure[:-1]}x<")
    assert numbers_of_model(city, "zh") - numbers_of_page(changed) != {}
    cells = table.rows[0].cells
    altered = table.rows[0].model_copy(
        update={"cells": [cells[0], cells[1].model_copy(update={"words": "1"}), *cells[2:]]}
    )
    other = table.model_copy(update={"rows": [altered, *table.rows[1:]]})
    first = city.pages[0].model_copy(update={"unit_tables": [other]})
    wrong = figure_differences(city.model_copy(update={"pages": [first, *city.pages[1:]]}), workbook_bytes(city))
    assert wrong == [f"表{table.number} Table {table.number}!B7: {figure} for 1"]
