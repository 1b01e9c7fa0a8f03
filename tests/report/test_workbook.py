"""``tables.xlsx``: every table, numbers as numbers that print as the report prints them, the same bytes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from pipeline.report.model import ReportModel
from pipeline.report.shapes import Cell, Column, Row, Table, Text
from pipeline.report.walk import charts, tables
from pipeline.report.workbook import HEAD, Figure, amount_of, figure_of, sheets_of, workbook_bytes


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


@pytest.mark.parametrize(
    ("words", "mark", "value", "form"),
    [
        (Text(zh="2.52亿元", en="252 million yuan"), "", "2.52", '#,##0.00"亿元 / hundred million yuan"'),
        (Text(zh="−1,012.50亿元", en="−101.25 billion yuan"), "", "-1012.50", '#,##0.00"亿元 / hundred million yuan"'),
        (Text(zh="1.06倍", en="1.06 times"), "", "1.06", '#,##0.00"倍 / times"'),
        (Text(zh="−1,682名学生", en="−1,682 pupils"), "", "-1682", '#,##0"名学生 / pupils"'),
        ("≥92%", "", "92", '"≥"#,##0"%"'),
        ("99.90%", "◆", "99.90", '"◆"#,##0.00"%"'),
        ("4/17", "", "4", '#,##0"/17"'),
        (Text(zh="2025年", en="2025"), "", "2025", '0"年"'),
        ("2024", "", "2024", "0"),
        ("86", "", "86", "#,##0"),
    ],
)
def test_a_figure_with_its_unit_is_a_number_too(words, mark: str, value: str, form: str) -> None:
    made = amount_of(words, mark)
    assert made is not None and made.value == Decimal(value) and made.form.split(";")[0] == form


@pytest.mark.parametrize(
    "words",
    ["130702", "0712", "2.18.0", "89dd93a3db73346f", "2020—2024", "2025-06-18", "100%,一个不少", "", "—", "1/2/3",
     Text(zh="2021年新建幼儿园", en="Kindergartens built in 2021"), Text(zh="20个级次中", en="1 of 20 levels"),
     Text(zh="1个", en="2 of them")],
)  # fmt: skip
def test_codes_versions_and_sentences_are_no_figures(words) -> None:
    assert amount_of(words) is None


def test_two_amounts_that_are_not_the_same_are_no_figure() -> None:
    assert amount_of(Text(zh="2.52亿元", en="253 million yuan")) is None
    assert amount_of(Text(zh="2.52亿元", en="252 million pupils")) is None


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
        source = sheet.cell(HEAD + len(table.rows) + 3 + len(table.notes), 1).value
        assert source.startswith("来源：张家口市教育局") and "Source: Zhangjiakou" in source and "data/" in source
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


def test_what_looks_like_a_figure_is_one(book) -> None:
    """Below the headings no text begins with a figure, but for words that go on after it and codes."""
    text = [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in book.worksheets[1:]
        for line in sheet.iter_rows(min_row=HEAD + 2)
        for cell in line
        if isinstance(cell.value, str) and re.fullmatch(r"[◆*▼≥≤⩾+−-]?[\d,.]+ ?[^\d\s，(（、]{0,4}", cell.value)
    ]
    assert not [found for found in text if not re.search(r"\d{5}|\.\d+\.", found[2])]


def test_every_sheet_can_be_filtered_and_its_headings_are_whole(city: ReportModel, book) -> None:
    """The filter ends with the last row; a heading has the lines that it needs."""
    for name, table in sheets_of(city):
        sheet = book[name]
        last = sheet.cell(HEAD + 1 + len(table.rows), len(table.columns)).coordinate
        assert sheet.auto_filter.ref == f"A{HEAD + 1}:{last}"
        # neighbours of one width are written together
        widths = {n: d.width for d in sheet.column_dimensions.values() for n in range(d.min, d.max + 1)}
        for cell in sheet[HEAD + 1]:
            width = widths[cell.column]
            need = sum(-(-sum(2 if ord(c) > 0x2E00 else 1 for c in line) // (width - 1)) for line in cell.value.split("\n"))
            assert width >= 11 and sheet.row_dimensions[HEAD + 1].height >= 15 * need
            assert cell.alignment.wrap_text and cell.font.bold


SOFFICE = shutil.which("soffice")


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice on this machine")
def test_libreoffice_opens_it_without_a_word_and_keeps_every_value(city: ReportModel, book, tmp_path: Path) -> None:
    """Converted to its own form and read back: no complaint, no error in a cell, every value as it was."""
    (tmp_path / "tables.xlsx").write_bytes(workbook_bytes(city))
    result = subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "ods",
         "--outdir", str(tmp_path), str(tmp_path / "tables.xlsx")],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    said = [line for line in result.stderr.splitlines() if "javaldx" not in line]  # there is no Java, and no need of it
    assert result.returncode == 0 and said == []
    kept = CalamineWorkbook.from_path(tmp_path / "tables.ods")
    assert kept.sheet_names == book.sheetnames
    for sheet in book.worksheets:
        read = kept.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        for cell in (c for line in sheet.iter_rows() for c in line if c.value is not None):
            value = read[cell.row - 1][cell.column - 1]
            if cell.data_type == "n":
                assert value == pytest.approx(cell.value, abs=1e-9), (sheet.title, cell.coordinate)
            elif cell.data_type == "s":
                assert str(value) == cell.value, (sheet.title, cell.coordinate)


def test_equal_models_equal_bytes(city: ReportModel) -> None:
    assert workbook_bytes(city) == workbook_bytes(ReportModel.model_validate_json(city.model_dump_json()))
    names = [sheet.name for sheet in sheets_of(city)]
    assert len(set(names)) == len(names) and max(map(len, names)) <= 31
