"""Encodings, delimiters, line numbers and workbooks: the same rows from every accepted form."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from intake_help import CHILDREN, Programme

from pipeline.intake import limits
from pipeline.intake import workbook as xlsx
from pipeline.intake.cells import BadCell, DateCell, NumberCell
from pipeline.intake.decode import DecodeError, decode_text, read_grid
from pipeline.intake.read import ReadResult
from pipeline.intake.workbook import number_cell

ROWS = ["1113000001,2023,小班,3,女,12,10,0", "1113000002,2023,大班,5,男,0,0,1"]
TEXT = "\n".join([CHILDREN, *ROWS, ""])
HEADER = CHILDREN.split(",")
Book = Callable[..., bytes]


def plain(result: ReadResult) -> list[tuple]:
    """The rows, which must be all there without any finding."""
    assert result.findings == []
    assert result.rows_read == result.frame.height
    return result.frame.select("school_id", "class_level", "age", "children", "source_row").rows()


def rule(result: ReadResult) -> str:
    (finding,) = result.findings
    assert (
        finding.blocks and finding.message_zh and finding.message_en and finding.todo_zh and finding.todo_en
    )
    assert result.frame.height == 0
    return finding.rule


EXPECTED = [("1113000001", "小班", 3, 12, 2), ("1113000002", "大班", 5, 0, 3)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_gives_the_same_rows(programme: Programme, encoding: str, newline: str) -> None:
    text = TEXT.replace("\n", newline)
    if encoding.endswith("-bom"):
        data = ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    else:
        data = text.encode(encoding)
    assert plain(programme.read("kindergarten_children", data)) == EXPECTED


def test_utf8_is_tried_before_gb18030(programme: Programme) -> None:
    """These UTF-8 bytes are valid GB18030 too, where they would be nonsense."""
    text = "indicator_id,unit_code,segment,period_type,period_year,value,unit,basis,source_title\n"
    text += "x,130700,all,school_year,2023,1,%,口径,统计公报\n"
    text.encode().decode("gb18030")
    frame = programme.read("certified_values", text).frame
    assert frame["source_title"].to_list() == ["统计公报"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(programme: Programme, delimiter: str) -> None:
    assert plain(programme.read("kindergarten_children", TEXT.replace(",", delimiter))) == EXPECTED


def test_delimiter_comes_from_the_header_not_from_a_title(programme: Programme) -> None:
    title = "某市,某区,某年,某表,某人,某事,某日,某地,某某,某某\n"
    result = programme.read("kindergarten_children", title + TEXT.replace(",", ";"))
    assert [row[-1] for row in plain(result)] == [3, 4]


def test_rows_are_counted_as_a_spreadsheet_shows_them(programme: Programme) -> None:
    """A quoted line break stays inside its row; blank lines are rows of their own."""
    text = (
        "\n在园幼儿情况\n\n" + CHILDREN.replace("学年", '"学\n年"') + f"\n{ROWS[0]}\n\n,,,,,,,\n{ROWS[1]}\n"
    )
    result = programme.read("kindergarten_children", text)
    assert [row[-1] for row in plain(result)] == [5, 8]


def test_finding_after_a_quoted_line_break_tells_both_numbers(programme: Programme) -> None:
    text = CHILDREN.replace("学年", '"学\n年"') + f"\n{ROWS[0]}\n{ROWS[1].replace('大班', '大大班')}\n"
    (finding,) = programme.read("kindergarten_children", text).findings
    assert finding.row == 3
    assert "第 3 行 C 列（文本编辑器中第 4 行）" in finding.todo_zh and "line 4" in finding.todo_en


def test_quoted_cells_keep_commas_and_quotes(programme: Programme) -> None:
    text = "indicator_id,unit_code,segment,period_type,period_year,value,unit,basis,source_title\n"
    text += 'x,130700,all,school_year,2023,"1,234.5",%,口径,"公报, ""第一号""\n附件"\n'
    frame = programme.read("certified_values", text).frame
    assert frame["source_title"].to_list() == ['公报, "第一号"附件']
    assert str(frame["value"][0]) == "1234.500000"


@pytest.mark.parametrize("data", [b"", b"  \n\r\n"])
def test_i21_empty_file(programme: Programme, data: bytes) -> None:
    assert rule(programme.read("kindergarten_children", data)) == "I21"


def test_i21_nothing_but_a_byte_order_mark(programme: Programme) -> None:
    assert rule(programme.read("kindergarten_children", b"\xef\xbb\xbf\r\n,,\r\n")) == "I21"


def test_i21_header_only(programme: Programme) -> None:
    assert rule(programme.read("kindergarten_children", CHILDREN + "\n")) == "I21"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "网页"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "编码"),
        (CHILDREN.encode() + b"\n\xff\xff\n", "编码"),
        (b"\xef\xbb\xbf" + TEXT.encode("gb18030"), "编码"),
        (TEXT.encode().replace("大班".encode(), "大班".encode()[:-1]), "编码"),
        (TEXT.replace("小班", '"小"班').encode(), "引号"),
        (TEXT.replace("小班", '"小班').encode(), "引号"),
        (CHILDREN.encode() + b"\n" + b"x" * 200_000, "过长"),
    ],
)
def test_i01_what_cannot_be_read_is_refused_with_the_reason(
    programme: Programme, data: bytes, reason: str
) -> None:
    result = programme.read("kindergarten_children", data)
    assert rule(result) == "I01"
    assert reason in result.findings[0].message_zh and result.rows_read == 0


def test_a_file_marked_as_utf8_is_never_read_as_gb18030() -> None:
    data = b"\xef\xbb\xbfab" + "小班".encode("gb18030")
    data.decode("gb18030")
    with pytest.raises(DecodeError):
        decode_text(data)


def test_i01_tells_where_the_text_is_broken(programme: Programme) -> None:
    data = TEXT.encode().replace("大班".encode(), "大班".encode()[:-1])
    assert programme.read("kindergarten_children", data).findings[0].row == 3
    data = TEXT.replace("大班", '"大"班').encode()
    assert programme.read("kindergarten_children", data).findings[0].row == 3


def test_i01_a_zip_that_is_no_workbook(programme: Programme) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    assert rule(programme.read("kindergarten_children", buffer.getvalue())) == "I01"


def test_i01_a_workbook_that_unpacks_too_large(
    programme: Programme, workbook: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = workbook({"表": [HEADER]})
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 1000)
    result = programme.read("kindergarten_children", data)
    assert rule(result) == "I01" and "过大" in result.findings[0].message_zh


def test_i01_a_sheet_with_a_huge_used_range(
    programme: Programme, workbook: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = workbook({"表": [HEADER]})
    monkeypatch.setattr(limits, "MAX_CELLS", 7)
    result = programme.read("kindergarten_children", data)
    assert rule(result) == "I01" and "已用区域" in result.findings[0].message_zh


def typed(row: str) -> list[object]:
    """A row as a spreadsheet holds it: numbers as numbers, codes as text."""
    cells = row.split(",")
    return [cells[0], *(int(c) if c.isdigit() else c for c in cells[1:])]


def test_workbook_with_titles_and_leading_blank_rows_and_columns(
    programme: Programme, workbook: Book
) -> None:
    rows = [["在园幼儿情况"], [], HEADER, typed(ROWS[0]), [], typed(ROWS[1])]
    data = workbook({"在园": rows}, at=(2, 3))
    result = programme.read("kindergarten_children", data)
    assert [row[-1] for row in plain(result)] == [6, 8]
    assert set(result.frame["source_sheet"]) == {"在园"}


def test_finding_in_a_workbook_names_the_true_cell(programme: Programme, workbook: Book) -> None:
    wrong = typed(ROWS[0])
    wrong[5] = "约30"
    data = workbook({"在园": [["标题"], HEADER, wrong]}, at=(3, 2))
    (finding,) = programme.read("kindergarten_children", data).findings
    assert (finding.rule, finding.sheet, finding.row, finding.column) == ("I04", "在园", 6, "在园幼儿数")
    assert "工作表“在园” 第 6 行 H 列" in finding.todo_zh


def test_numbers_dates_codes_and_truth_values_of_a_workbook(programme: Programme, workbook: Book) -> None:
    header = "学校标识码,认定文号,认定起始日,有效期止,取消日,保教费(元/月),政府限价(元/月),"
    header += "生均补助(元/年),认定机关"
    day = dt.date(2023, 9, 1)
    row = [1113000001, "甲〔2023〕1号", day, "2026年8月31日", None, 1234.5, 0.1 + 0.2, 600, "桥东区教育局"]
    result = programme.read("inclusive_kindergarten_register", workbook({"表": [header.split(","), row]}))
    got = result.frame.row(0, named=True)
    assert got["school_id"] == "1113000001" and got["recognised_from"] == day
    assert got["recognised_to"] == dt.date(2026, 8, 31) and got["withdrawn_on"] is None
    assert str(got["fee_month"]) == "1234.50" and str(got["fee_ceiling"]) == "0.30"
    assert [(f.rule, f.column) for f in result.findings] == [("I20", "学校标识码")]


def test_each_data_sheet_is_read_and_a_cover_sheet_is_told(programme: Programme, workbook: Book) -> None:
    sheets = {
        "填表说明": [["本表由幼儿园填写"]],
        "一": [HEADER, typed(ROWS[0])],
        "二": [HEADER, typed(ROWS[1])],
    }
    result = programme.read("kindergarten_children", workbook(sheets))
    assert result.frame["source_sheet"].to_list() == ["一", "二"] and result.rows_read == 2
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.sheet) == ("I19", "info", "填表说明")


def test_i19_hidden_data_is_not_read_but_told(programme: Programme, workbook: Book) -> None:
    sheets = {"一": [HEADER, typed(ROWS[0])], "旧": [HEADER, typed(ROWS[1])]}
    result = programme.read("kindergarten_children", workbook(sheets, hidden=["旧"]))
    assert result.frame.height == 1
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.sheet) == ("I19", "warning", "旧")
    assert "隐藏" in finding.message_zh and not finding.blocks


def test_i21_only_hidden_sheets_hold_anything(programme: Programme, workbook: Book) -> None:
    sheets = {"空": [], "旧": [HEADER, typed(ROWS[1])]}
    assert rule(programme.read("kindergarten_children", workbook(sheets, hidden=["旧"]))) == "I21"


def test_i21_empty_workbook(programme: Programme, workbook: Book) -> None:
    assert rule(programme.read("kindergarten_children", workbook({"空": []}))) == "I21"


def _openpyxl(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    sheet.append(HEADER)
    sheet.append(typed(ROWS[0]))
    sheet.append(typed(ROWS[1]))
    change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_i14_error_cell(programme: Programme) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["F2"] = "#DIV/0!"
        sheet["F2"].data_type = "e"

    result = programme.read("kindergarten_children", _openpyxl(change))
    (finding,) = result.findings
    assert (finding.rule, finding.row, finding.value) == ("I14", 2, "#DIV/0!")
    assert result.frame["source_row"].to_list() == [3] and result.rows_read == 2


def test_i14_formula_without_a_stored_result(programme: Programme) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["F3"] = "=1+1"

    (finding,) = programme.read("kindergarten_children", _openpyxl(change)).findings
    assert (finding.rule, finding.row) == ("I14", 3) and "公式" in finding.message_zh


def test_formula_with_a_stored_result_is_read(programme: Programme, workbook: Book) -> None:
    def decorate(book: object, sheet: object) -> None:
        sheet.write_formula(1, 5, "=6*2", None, 12)  # type: ignore[attr-defined]

    data = workbook({"表": [HEADER, typed(ROWS[0])]}, decorate=decorate)
    result = programme.read("kindergarten_children", data)
    assert result.frame["children"].to_list() == [12]
    (told,) = result.findings
    assert (told.rule, told.severity, told.column, told.row) == ("I20", "info", "在园幼儿数", 2)
    assert "有 1 个单元格" in told.message_zh and "公式按文件中保存的结果读取" in told.message_zh


def test_i04_percentage_format(programme: Programme, workbook: Book) -> None:
    """A cell that shows 1200% or 120.5% holds 12 or 1.205."""

    def decorate(book: object, sheet: object) -> None:
        for row, code in ((1, "0%"), (2, '0.0"%"'), (3, "0.00##%")):
            sheet.write_number(row, 5, 12, book.add_format({"num_format": code}))  # type: ignore[attr-defined]

    rows = [HEADER, typed(ROWS[0]), typed(ROWS[1]), typed(ROWS[1].replace("大班", "小班"))]
    result = programme.read("kindergarten_children", workbook({"表": rows}, decorate=decorate))
    assert [(f.rule, f.row, f.value) for f in result.findings] == [("I04", 2, "1200%"), ("I04", 4, "1200%")]
    assert result.frame["source_row"].to_list() == [3]


def test_i18_merged_cells(programme: Programme) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.merge_cells("B2:B3")

    result = programme.read("kindergarten_children", _openpyxl(change))
    (finding,) = result.findings
    assert (finding.rule, finding.row, finding.column) == ("I18", 3, "学年")
    assert result.frame["source_row"].to_list() == [2]


def test_merged_title_above_the_header_is_no_problem(programme: Programme, workbook: Book) -> None:
    def decorate(book: object, sheet: object) -> None:
        sheet.merge_range(0, 0, 0, 7, "在园幼儿情况")  # type: ignore[attr-defined]

    data = workbook({"表": [[], HEADER, typed(ROWS[0])]}, decorate=decorate)
    assert len(plain(programme.read("kindergarten_children", data))) == 1


def test_cells_without_references_and_with_prefixes_are_scanned() -> None:
    xml = (
        b'<x:worksheet xmlns:x="u"><x:sheetData>'
        b'<x:row><x:c><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
        b'<x:row r="5"><x:c r="AB5" s="2"><x:v>0.5</x:v></x:c><x:c t="str"><x:f>""</x:f><x:v></x:v></x:c>'
        b"<x:c><x:f>1+1</x:f></x:c></x:row></x:sheetData></x:worksheet>"
    )
    styles = xlsx._Styles()
    styles.percent.add("2")
    scan = xlsx._SheetScan(styles, strings=0)
    scan.feed(xml)
    scan.close()
    assert scan.found == {
        (0, 1): BadCell("error", "#N/A"),
        (4, 27): BadCell("percent", "50.0%"),
        (4, 29): BadCell("formula", "="),
    }


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (12.0, NumberCell("12")),
        (12.5, NumberCell("12.5")),
        (-0.0, NumberCell("0")),
        (1e-7, NumberCell("0.0000001")),
        (1e20, NumberCell("1" + "0" * 20)),
        (0.1 + 0.2, NumberCell("0.3", True)),
        (123456789012345.0, NumberCell("123456789012345")),
        (1234567890123456.0, NumberCell("1234567890123456")),
        (17803.6, NumberCell("17803.6")),
    ],
)
def test_numbers_of_a_workbook_are_exact_text(value: float, cell: NumberCell) -> None:
    assert number_cell(value) == cell


def test_values_of_a_workbook_become_cells() -> None:
    assert xlsx._cell(True) == "TRUE" and xlsx._cell(False) == "FALSE"
    assert xlsx._cell(3) == NumberCell("3")
    assert xlsx._cell(float("nan")) == BadCell("error", "nan")
    assert xlsx._cell(dt.datetime(2023, 9, 1)) == DateCell(dt.date(2023, 9, 1), "2023-09-01")
    assert xlsx._cell(dt.datetime(2023, 9, 1, 12)) == DateCell(None, "2023-09-01 12:00:00")
    assert xlsx._cell(dt.date(2023, 9, 1)) == DateCell(dt.date(2023, 9, 1), "2023-09-01")
    assert xlsx._cell(dt.time(3, 4)) == DateCell(None, "03:04:00")


def test_a_truth_value_is_never_taken_for_an_equal_number(programme: Programme, workbook: Book) -> None:
    one, true = typed(ROWS[0]), typed(ROWS[1])
    one[5], true[5] = 1, True
    result = programme.read("kindergarten_children", workbook({"表": [HEADER, one, true]}))
    assert [(f.rule, f.row, f.value) for f in result.findings] == [("I04", 3, "TRUE")]


def test_decode_error_reads_in_both_languages() -> None:
    with pytest.raises(DecodeError, match=r"文件是空的。 / The file is empty\."):
        read_grid(b"", len)
