"""Workbooks made to hurt: what would end the process, hang it or read as something else is refused with its place."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from pipeline.intake import limits
from tests.hostile.files import RELATIONS, SHEET_NS, book, contracts, hand_in, header_row, inline, relations

TABLE = "county_finance"
HEADERS = [f.zh for f in contracts()[TABLE].fields]
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def cell(content: str, row: int = 1) -> str:
    return f'<row r="{row}">{content}</row>'


def refused(folder: Path, data: bytes) -> tuple[str, int | None]:
    """Message and row of the only finding, which is I01."""
    result = hand_in(folder, TABLE, data, "2023/file.xlsx")
    (finding,) = result.findings
    assert finding.rule == "I01" and result.rows_read == 0
    return finding.message_en, finding.row


# Each of these ended the whole process, raised, or was read as other contents without a word.
DAMAGED = {
    "no row number": (cell('<c r="A"><v>1</v></c>'), "wrong cell reference"),
    "row zero": (cell('<c r="A0"><v>1</v></c>'), "wrong cell reference"),
    "column overflow": (cell('<c r="ZZZZZZZZZZ1"><v>1</v></c>'), "wrong cell reference"),
    "row overflow": (cell('<c r="A99999999999999999999"><v>1</v></c>'), "wrong cell reference"),
    "row attribute": ('<row r="x"><c r="A1"><v>1</v></c></row>', "wrong row number"),
    "last row of all": (ONE + '<row r="4294967295"/>', "wrong row number"),
    "row beyond a sheet": (ONE + cell('<c r="A1048577"><v>1</v></c>', 1048577), "beyond the end"),
    "far corner": (ONE + cell('<c r="XFD1048576"><v>1</v></c>', 1048576), "2000 columns"),
    "a cell twice": (cell('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>'), "twice"),
    "rows out of order": (cell('<c r="A9"><v>1</v></c>', 9) + cell('<c r="A2"><v>1</v></c>', 2), "out of order"),
    "text out of its list": (cell('<c r="A1" t="s"><v>1</v></c>'), "not in its list, A1"),
    "text minus one": (cell('<c r="A1" t="s"><v>-1</v></c>'), "not in its list, A1"),
    "text number no number": (cell('<c r="A1" t="s"><v>x</v></c>'), "not in its list, A1"),
    "unknown error value": (cell('<c r="A1" t="e"><v>#SPILL!</v></c>'), "error value #SPILL!, A1"),
    "truth value": (cell('<c r="A1" t="b"><v>7</v></c>'), "truth value, A1"),
    "kind of cell": (cell('<c r="A1" t="zzz"><v>7</v></c>'), "unknown kind, A1"),
    "endless duration": (cell('<c r="A1" s="2"><v>1e300</v></c>'), "impossible duration"),
    "duration before time": (cell('<c r="A1" s="2"><v>-1e12</v></c>'), "impossible duration"),
    "no end": (cell('<c r="A1"><v>1'), "XML"),
    "character zero": (cell(inline("A1", "a&#0;b")), "XML"),
    "lone surrogate": (cell(inline("A1", "a&#xD800;b")), "XML"),
    "escape character": (cell(inline("A1", "a&#27;b")), "XML"),
    "unknown entity": (cell(inline("A1", "&lol;")), "XML"),
    "too deep": (cell("<c r='A1'>" + "<a>" * 5000 + "</a>" * 5000 + "</c>"), "nested"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_sheet_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    rows, reason = DAMAGED[name]
    result = hand_in(tmp_path, TABLE, book(rows, strings="<si><t>a</t></si>"), "2023/file.xlsx")
    (finding,) = result.findings
    assert (finding.rule, finding.sheet) == ("I01", "表")
    assert reason in finding.message_en


def test_the_row_is_told_where_it_is_known(tmp_path: Path) -> None:
    rows = ONE + cell('<c r="A2"><v>2</v></c><c r="B2" t="s"><v>9</v></c>', 2)
    assert refused(tmp_path, book(rows, strings="<si><t>a</t></si>"))[1] == 2


@pytest.mark.parametrize("reference", ["", "A1:ZZZZZZZ99999999999", "C5:A1", "A0:B2", "A1:B2:C3"])
def test_wrong_merged_ranges(tmp_path: Path, reference: str) -> None:
    merged = f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'
    assert "merged range" in refused(tmp_path, book(ONE, more=merged))[0]


def test_merged_ranges_over_each_other_are_refused_before_they_are_spread_out(tmp_path: Path) -> None:
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 3000 + "</mergeCells>"
    rows = "".join(cell(f'<c r="A{n}"><v>1</v></c>', n) for n in range(1, 2000))
    assert "over each other" in refused(tmp_path, book(rows, more=merged))[0]


def test_a_merged_range_over_the_whole_sheet_costs_no_more_than_the_sheet(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    result = hand_in(tmp_path, TABLE, book(header_row(HEADERS), more=merged), "2023/file.xlsx")
    assert result.frame.height == 0


@pytest.mark.parametrize("claim", ['uniqueCount="99999999999"', 'uniqueCount="-1"', 'uniqueCount="x"'])
def test_a_list_of_texts_that_claims_to_be_endless(tmp_path: Path, claim: str) -> None:
    data = book(cell('<c r="A1" t="s"><v>0</v></c>'), strings=f"<sst {SHEET_NS} {claim}><si><t>a</t></si></sst>")
    assert "impossible number of texts" in refused(tmp_path, data)[0]


def test_a_percentage_that_is_no_number_is_a_refused_cell(tmp_path: Path) -> None:
    for stored in ("abc", "1e999999", "1e300"):
        rows = header_row(HEADERS) + cell(f'<c r="A2" s="3"><v>{stored}</v></c>', 2)
        result = hand_in(tmp_path, TABLE, book(rows), "2023/file.xlsx")
        assert [f.column for f in result.findings if f.value.startswith(stored)] == [HEADERS[0]]


BOMB = "<!DOCTYPE w [<!ENTITY a '" + "1" * 40 + "'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
) + "]>"  # fmt: skip


def test_entities_are_refused_in_every_part(tmp_path: Path) -> None:
    sheet = f"{BOMB}<worksheet {SHEET_NS}><sheetData>{cell(inline('A1', '&j;'))}</sheetData></worksheet>"
    outside = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    parts = {
        "xl/workbook.xml": f"{outside}<workbook {SHEET_NS}><sheets/></workbook>",
        RELATIONS: f"{BOMB}<Relationships/>",
        "xl/styles.xml": f"{BOMB}<styleSheet/>",
        "xl/sharedStrings.xml": f"{BOMB}<sst/>",
    }
    assert "document type" in refused(tmp_path, book(whole=sheet))[0]
    for name, xml in parts.items():
        assert "document type" in refused(tmp_path, book(ONE, parts={name: xml}))[0], name


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gb2312"])
def test_a_sheet_in_another_encoding_is_never_read_as_an_empty_one(tmp_path: Path, encoding: str) -> None:
    """UTF-16 came out as a sheet without contents, GB2312 as other characters."""
    named = encoding.replace("-le", "")
    xml = f'<?xml version="1.0" encoding="{named}"?><worksheet {SHEET_NS}><sheetData>{ONE}</sheetData></worksheet>'
    assert "not in UTF-8" in refused(tmp_path, book(whole=xml.encode(encoding)))[0]


def test_two_sheets_cannot_be_one(tmp_path: Path) -> None:
    same_name = '<sheet name="表" sheetId="1" r:id="rId1"/>' * 2
    same_part = '<sheet name="甲" sheetId="1" r:id="rId1"/><sheet name="乙" sheetId="2" r:id="rId1"/>'
    for sheets in (same_name, same_part):
        assert "twice" in refused(tmp_path, book(ONE, sheets=sheets))[0]
    many = "".join(f'<sheet name="{i}" sheetId="{i + 1}" r:id="rId1"/>' for i in range(300))
    assert "255 sheets" in refused(tmp_path, book(ONE, sheets=many))[0]


def test_sheets_without_a_part_or_leading_out_of_the_file(tmp_path: Path) -> None:
    for target in ("../../../etc/passwd", "/etc/passwd", "worksheets/sheet9.xml", "workbook.xml"):
        assert "missing or used twice" in refused(tmp_path, book(ONE, parts={RELATIONS: relations(target)}))[0]


def test_a_control_character_in_a_sheet_name_is_written_out(tmp_path: Path) -> None:
    sheets = '<sheet name="a&#x202E;b&#x2028;c" sheetId="1" r:id="rId1"/>'
    result = hand_in(tmp_path, TABLE, book(ONE, sheets=sheets), "2023/file.xlsx")
    assert {f.sheet for f in result.findings} == {"a\\u202eb\\u2028c"}


def test_escaped_control_characters_in_a_cell_are_refused_in_that_cell(tmp_path: Path) -> None:
    """_x0000_ and _x001B_ become a NUL and an escape when the reader unfolds them."""
    names = ["学校标识码", "认定文号", "认定起始日", "有效期止", "认定机关"]
    row = inline("A2", "1113000001") + inline("B2", "a_x0000_b_x001B_[31m") + inline("C2", "2023-09-01")
    result = hand_in(tmp_path, "inclusive_kindergarten_register", book(header_row(names) + cell(row, 2)), "2023/f.xlsx")
    found = [f for f in result.findings if f.rule == "I16"]
    assert [(f.row, f.column, f.value) for f in found] == [(2, "认定文号", "a\\u0000b\\u001b[31m")]


# ---------------------------------------------------------------------- the archive


def test_macros_links_to_other_files_and_embedded_files_stay_unopened(tmp_path: Path) -> None:
    inner = book(ONE)
    parts = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 3000,
        "xl/externalLinks/externalLink1.xml": f"{BOMB}<externalLink/>",
        "xl/embeddings/oleObject1.bin": inner,
        "../../escape.txt": "out",
        "/absolute.txt": "out",
        "C:\\windows.txt": "out",
    }
    before = sorted(tmp_path.rglob("*"))
    plain = hand_in(tmp_path, TABLE, book(ONE), "2023/plain.xlsx")
    full = hand_in(tmp_path, TABLE, book(ONE, parts=parts), "2023/full.xlsx")
    assert [f.rule for f in full.findings] == [f.rule for f in plain.findings] and full.rows_read == plain.rows_read
    made = {p.name for p in set(tmp_path.rglob("*")) - set(before)}
    assert made == {"2023", "plain.xlsx", "full.xlsx"}


def test_a_part_that_is_there_twice(tmp_path: Path) -> None:
    """Which of the two is read depends on who reads: they differ in capitals, or in nothing."""
    for name in ("xl/worksheets/sheet1.xml", "xl/Worksheets/SHEET1.xml"):
        buffer = io.BytesIO(book(ONE))
        with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
            warnings.simplefilter("ignore")
            archive.writestr(name, f"<worksheet {SHEET_NS}/>")
        assert "twice" in refused(tmp_path, buffer.getvalue())[0]


def test_a_part_in_other_capitals_is_looked_through_all_the_same(tmp_path: Path) -> None:
    """The reader finds it whatever its capitals; the look through it did not, and error cells became blank."""
    rows = header_row(HEADERS) + cell('<c r="A2" t="e"><v>#DIV/0!</v></c>', 2)
    result = hand_in(tmp_path, TABLE, book(rows, parts={RELATIONS: relations("WORKSHEETS/Sheet1.xml")}), "2023/file.xlsx")
    assert "I14" in {f.rule for f in result.findings}


def changed_entry(data: bytes, name: bytes, offset: int, layout: str, value: int) -> bytes:
    """``data`` with a number in the central directory entry of part ``name`` replaced."""
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == name:
            changed = bytearray(data)
            struct.pack_into(layout, changed, at + offset, value)
            return bytes(changed)
        at += 4
    raise AssertionError(name)


SHEET = b"xl/worksheets/sheet1.xml"


def test_an_archive_that_lies_about_sizes_and_methods(tmp_path: Path) -> None:
    data = book(ONE)
    assert "BadZipFile" in refused(tmp_path, changed_entry(data, SHEET, 24, "<I", 50))[0]
    assert "unpacks to more than 512 MB" in refused(tmp_path, changed_entry(data, SHEET, 24, "<I", 0xFFFFFFF0))[0]
    assert "encrypted" in refused(tmp_path, changed_entry(data, SHEET, 8, "<H", 1))[0]
    assert "compression" in refused(tmp_path, changed_entry(data, SHEET, 10, "<H", 14))[0]
    assert "damaged" in refused(tmp_path, changed_entry(data, SHEET, 42, "<I", 0xFFFFFF))[0]


def test_an_archive_of_very_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PARTS", 30)
    parts = {f"xl/media/{i}.png": "" for i in range(40)}
    assert "30 parts" in refused(tmp_path, book(ONE, parts=parts))[0]


def test_cut_anywhere_a_workbook_is_refused_or_read(tmp_path: Path) -> None:
    data = book(header_row(HEADERS) + cell(inline("A2", "130702"), 2))
    for end in range(3, len(data), 61):
        hand_in(tmp_path, TABLE, data[:end], "2023/file.xlsx")
