"""What stands in the cells of real workbooks, read as a table of a programme."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
from intake_help import Programme

from pipeline.intake.read import ReadResult, read_table

Book = Callable[..., bytes]
POPULATION = ["县区代码", "时点", "口径", "年龄", "性别", "人口数"]
DAY = dt.date(2023, 12, 31)


def row(county: object = "130702", day: object = DAY, age: object = 3, persons: object = 12) -> list[object]:
    return [county, day, "常住年报", age, "女", persons]


def read(programme: Programme, data: bytes) -> ReadResult:
    r = programme.put("population_by_age", data, path="2023/人口.xlsx")
    return read_table(programme.root, [r], programme.contracts["population_by_age"])


def told(result: ReadResult) -> list[tuple[str, str, int | None, str]]:
    return [(f.rule, f.severity, f.row, f.column) for f in result.findings]


def test_formulas_are_read_as_stored_and_told_once_a_column(programme: Programme, workbook: Book) -> None:
    def decorate(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for i, n in enumerate((5, 6, 7), start=1):
            sheet.write_formula(i, 5, f"={n}+0", None, n)
        sheet.write_formula(2, 3, "=2+2", None, 4)

    data = workbook({"表": [POPULATION, row(), row(age=4), row(age=5)]}, decorate=decorate)
    result = read(programme, data)
    assert result.frame.select("age", "population").rows() == [(3, 5), (4, 6), (5, 7)]
    assert told(result) == [("I20", "info", 2, "人口数"), ("I20", "info", 3, "年龄")]
    assert "有 3 个单元格" in result.findings[0].message_zh and "公式" in result.findings[0].message_zh


def test_a_formula_that_was_never_calculated(programme: Programme) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (POPULATION, row(persons="=1+1"), row(age=4)):
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    result = read(programme, buffer.getvalue())
    (finding,) = result.findings
    assert (finding.rule, finding.row, finding.column) == ("I14", 2, "人口数")
    assert "没有保存结果的公式" in finding.message_zh and "F 列" in finding.todo_zh
    assert result.frame["source_row"].to_list() == [3]


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?"])
def test_error_cells(programme: Programme, workbook: Book, error: str) -> None:
    def decorate(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula(1, 5, "=1/0", None, error)

    result = read(programme, workbook({"表": [POPULATION, row()]}, decorate=decorate))
    (finding,) = result.findings
    assert (finding.rule, finding.row, finding.value) == ("I14", 2, error) and result.frame.height == 0


def test_numbers_as_text_codes_as_numbers_dates_as_text(programme: Programme, workbook: Book) -> None:
    rows = [
        row(persons="12"),
        row(county=130703, persons=12.0),
        row(county="130705", day="2023年12月31日", persons="１２"),
        row(county="130706", day="2023/12/31", persons=" 12 "),
        row(county="130708", day="2023-12-31", persons="1,012"),
    ]
    result = read(programme, workbook({"表": [POPULATION, *rows]}))
    assert not [f for f in result.findings if f.blocks]
    assert result.frame["population"].to_list() == [12, 12, 12, 12, 1012]
    assert result.frame["county_code"].to_list() == ["130702", "130703", "130705", "130706", "130708"]
    assert result.frame["ref_date"].to_list() == [DAY] * 5
    notes = {(f.row, f.column) for f in result.findings}
    assert notes == {(3, "县区代码"), (4, "人口数"), (5, "人口数"), (6, "人口数")}


@pytest.mark.parametrize(
    ("changed", "rule", "column"),
    [
        ({"day": dt.datetime(2023, 12, 31, 8, 30)}, "I07", "时点"),
        ({"day": "2023-12"}, "I07", "时点"),
        ({"day": 45291}, "I07", "时点"),
        ({"persons": 12.5}, "I04", "人口数"),
        ({"persons": True}, "I04", "人口数"),
        ({"persons": DAY}, "I04", "人口数"),
        ({"county": DAY}, "I16", "县区代码"),
        ({"county": 1307021234567}, "I12", "县区代码"),
    ],
)
def test_what_a_cell_must_not_hold(
    programme: Programme, workbook: Book, changed: dict[str, object], rule: str, column: str
) -> None:
    def decorate(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        if isinstance(changed.get("day"), dt.datetime):
            style = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheet.write_datetime(1, 1, changed["day"], style)

    result = read(programme, workbook({"表": [POPULATION, row(**changed)]}, decorate=decorate))
    (finding,) = result.findings
    assert (finding.rule, finding.row, finding.column) == (rule, 2, column) and result.frame.height == 0


def test_a_text_column_keeps_numbers_as_text_and_refuses_dates(programme: Programme, workbook: Book) -> None:
    head = ["普查年份", "县区代码", "性别", "年龄段", "人口数"]
    rows = [[2023, "130702", "女", 85, 7], [2023, "130702", "男", dt.date(2023, 3, 5), 7]]
    r = programme.put("census_population", workbook({"表": [head, *rows]}), path="2023/census.xlsx")
    result = read_table(programme.root, [r], programme.contracts["census_population"])
    assert told(result) == [("I16", "error", 3, "年龄段"), ("I20", "info", 2, "年龄段")]
    assert result.frame["age_band"].to_list() == ["85"]


def test_old_and_protected_workbooks_are_refused_in_words_for_a_clerk(programme: Programme) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    old = read(programme, ole)
    protected = read(programme, ole + "EncryptedPackage".encode("utf-16-le"))
    for result, said, todo in (
        (old, "这是旧版 Excel 格式（.xls），不能读取。", "另存为 .xlsx"),
        (protected, "工作簿设有打开密码。", "去掉打开密码"),
    ):
        (finding,) = result.findings
        assert finding.rule == "I01" and finding.message_zh == said and todo in finding.todo_zh
        assert finding.message_en and finding.todo_en and finding.who_zh
