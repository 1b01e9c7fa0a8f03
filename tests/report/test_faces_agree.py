"""One model, five faces: no number is lost or altered on the way to PDF, web page and workbook."""

from __future__ import annotations

import pytest

from pipeline.report.model import ReportModel
from pipeline.report.render import RenderResult
from pipeline.report.web import web_page
from pipeline.report.workbook import workbook_bytes
from tests.report.conftest import TEMPLATES
from tests.support.faces import figure_differences, numbers_of_model, numbers_of_page, numbers_of_pdf


def test_the_pdfs_print_every_number_of_the_model(
    city: ReportModel, nation: ReportModel, city_pdf: RenderResult, nation_pdf: RenderResult, city_english: RenderResult
) -> None:
    for model, result, lang in ((city, city_pdf, "zh"), (nation, nation_pdf, "zh"), (city, city_english, "en")):
        wanted = numbers_of_model(model, lang)
        assert len(wanted) > 150 and wanted - numbers_of_pdf(result.path) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_print_every_number_of_the_model(city: ReportModel, nation: ReportModel, lang) -> None:
    for model in (city, nation):
        assert numbers_of_model(model, lang) - numbers_of_page(web_page(model, TEMPLATES, lang)) == {}


def test_the_workbook_shows_every_figure_of_every_table(city: ReportModel, nation: ReportModel) -> None:
    for model in (city, nation):
        assert figure_differences(model, workbook_bytes(model)) == []


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
