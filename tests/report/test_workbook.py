"""``tables.xlsx``: every table, numbers as numbers that print as the report prints them, the same bytes."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from pipeline.report.model import ReportModel
from pipeline.report.shapes import Cell, Column, Row, Table, Text
from pipeline.report.walk import charts, tables
from pipeline.report.workbook import HEAD, Figure, figure_of, sheets_of, workbook_bytes


@pytest.fixture(scope="module")
def book(city: ReportModel) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(city)))


@pytest.mark.parametrize(
    ("text", "mark", "value", "form"),
    [
        ("79,640", "", "79640", '#,##0;"−"#,##0;#,##0'),
        ("97.60", "◆", "97.60", '"◆"#,##0.00;"◆""−"#,##0.00;"◆"#,##0.00'),
        ("−0.64", "", "-0.64", '#,##0.00;"−"#,##0.00;#,##0.00'),
        ("+0.37", "", "0.37", '+#,##0.00;"−"#,##0.00;#,##0.00'),
        ("1,234,567.5", "", "1234567.5", '#,##0.0;"−"#,##0.0;#,##0.0'),
    ],
)
def test_a_printed_figure_becomes_a_number(text: str, mark: str, value: str, form: str) -> None:
    assert figure_of(text, mark) == Figure(Decimal(value), form)


@pytest.mark.parametrize("text", ["—", "", "91.6%", "2,21", "1e5", "=1+1", "never falls", "12,3456", "0x1F"])
def test_what_is_no_plain_number_stays_text(text: str) -> None:
    assert figure_of(text) is None


def test_every_table_and_chart_has_a_sheet_with_title_unit_and_notes(city: ReportModel, book) -> None:
    assert len(tables(city)) > 10 and len(charts(city)) >= 5
    for table in tables(city):
        sheet = book[f"表{table.number} Table {table.number}"]
        assert table.title.zh in sheet["A1"].value and sheet["A2"].value == table.title.en
        assert table.unit is None or table.unit.zh in sheet["A3"].value
        assert "演示数据" in sheet["A4"].value and city.head.vintage_id in sheet["A4"].value
        heads = [sheet.cell(HEAD + 1, n).value for n in range(1, len(table.columns) + 1)]
        assert len(heads) == len(table.columns) and all(heads)
        assert sheet.freeze_panes == f"B{HEAD + 2}"
        assert sheet.auto_filter.ref.startswith(f"A{HEAD + 1}:")
        below = [sheet.cell(HEAD + len(table.rows) + 3 + n, 1).value for n in range(len(table.notes))]
        assert all(note.zh in text and note.en in text for note, text in zip(table.notes, below, strict=True))
    for chart in charts(city):
        assert f"图{chart.number} Figure {chart.number}" in book.sheetnames


def test_the_contents_link_to_every_sheet(city: ReportModel, book) -> None:
    index = book.worksheets[0]
    linked = [cell.hyperlink.location for row in index.iter_rows(min_row=HEAD + 1) for cell in row if cell.hyperlink]
    assert linked == [f"'{sheet.title}'!A1" for sheet in book.worksheets[1:]]
    assert all(sheet["A5"].hyperlink.location == f"'{index.title}'!A1" for sheet in book.worksheets[1:])


def test_numerators_and_denominators_are_numbers(city: ReportModel, book) -> None:
    """The whole city's row of the first indicator: 79,640 children of 86,943, 91.60 %."""
    table = city.pages[0].unit_tables[0]
    sheet = book[f"表{table.number} Table {table.number}"]
    total = [sheet.cell(HEAD + 1 + len(table.rows), n).value for n in range(2, 5)]
    printed = [cell.words for cell in table.rows[-1].cells[1:4]]
    assert [f"{value:,.2f}" if n == 2 else f"{value:,}" for n, value in enumerate(total)] == printed
    assert all(isinstance(value, int | float) for value in total)


def test_nothing_in_it_can_act(city: ReportModel) -> None:
    """Texts that begin like a formula or hold a link are texts."""
    row = Row(cells=[Cell(words='=HYPERLINK("http://x")'), Cell(kind="figure", words="=1+1"), Cell(words="http://x.example")])
    heads = [Column(heading=h, width=10, kind="text") for h in ("@a", "+b", "c")]
    hostile = Table(number=99, title=Text(zh="=甲", en="=cmd|x"), columns=heads, rows=[row])
    model = city.model_copy(update={"findings": city.findings.model_copy(update={"tables": [hostile]})})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(model)))["表99 Table 99"]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.coordinate for cell in cells if cell.hyperlink] == ["A5"]
    assert sheet.cell(HEAD + 2, 1).value == '=HYPERLINK("http://x")'


def test_equal_models_equal_bytes(city: ReportModel) -> None:
    assert workbook_bytes(city) == workbook_bytes(ReportModel.model_validate_json(city.model_dump_json()))
    names = [sheet.name for sheet in sheets_of(city)]
    assert len(set(names)) == len(names) and max(map(len, names)) <= 31
