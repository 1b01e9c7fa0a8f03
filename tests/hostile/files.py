"""Makers of hostile files, and what must hold of reading any file whatever.

Belongs here: cut-outs of shipped returns, raw workbooks part by part, handing in one file, and
``require_sound``. Does not belong here: tests.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.intake.contract import Contract, load_contracts
from pipeline.intake.read import ReadResult, read_table
from pipeline.intake.register import Registration, sha256_of

ROOT = Path(__file__).resolve().parents[2]
RETURNS = ROOT / "data_raw" / "zhangjiakou" / "2023"
SUPPLIER = "桥东区教育局"
# Rules about one data row: a row with one of these is not in the frame. The others are about the file, its header, or
# rows that are no data (totals, notes below the table).
ROW_RULES = frozenset("I04 I05 I06 I07 I08 I09 I10 I11 I12 I13 I14 I15 I16 I17 I18 I26".split())
FILE_RULES = frozenset("I01 I02 I03 I19 I20 I21 I22 I23 I24 I25".split())
LONGEST_VALUE, LONGEST_TEXT = 400, 20_000

SHEET_NS = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = (
    f'<styleSheet {SHEET_NS}><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)
"""Cell styles 0 to 3: plain, date, duration, percent."""


@cache
def contracts() -> dict[str, Contract]:
    return load_contracts()


@cache
def cut_out(table: str, rows: int = 8) -> str:
    """Header and first rows of a shipped return (CSV), as text."""
    lines = (RETURNS / f"{table}.csv").read_text("utf-8-sig").splitlines()
    return "\n".join(lines[: rows + 1]) + "\n"


def cells_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def text_of(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def hand_in(folder: Path, table: str, data: bytes | str, path: str | None = None) -> ReadResult:
    """Lay a file into a programme folder, read it as a registered file of 2023, and require what must hold."""
    content = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    path = path or f"2023/{table}.csv"
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    result = read_table(folder, [registered(table, path, sha256_of(content))], contracts()[table])
    require_sound(result, path)
    return result


def registered(table: str, path: str, digest: str) -> Registration:
    contract = contracts()[table]
    return Registration(
        table=table, period_from=2023, period_to=2023, revision=1, path=path, period_kind=contract.period_kind,
        sha256=digest, supplier=SUPPLIER, received_on=dt.date(2023, 10, 20), maturity="final", origin="real",
        form_edition="2023", row=2,
    )  # fmt: skip


def require_sound(result: ReadResult, path: str) -> None:
    """Every row is in the frame or has an error; every finding says where, what and what to do, and is harmless."""
    assert isinstance(result, ReadResult)
    for f in result.findings:
        assert f.rule in ROW_RULES | FILE_RULES, f
        assert f.file == path and f.message_zh and f.message_en and f.todo_zh and f.todo_en, f
        assert f.rule not in ROW_RULES or (f.row is not None and (f.column or f.rule in ("I10", "I17"))), f
        assert len(f.value) <= LONGEST_VALUE and len(f.column) <= LONGEST_VALUE, f
        for text in (f.value, f.column, f.sheet, f.message_zh, f.message_en, f.todo_zh, f.todo_en, f.expected_zh):
            assert len(text) <= LONGEST_TEXT
            assert text.replace("\u3000", "").isprintable(), ascii(text)
    errors = [f for f in result.findings if f.blocks]
    bad = {(f.sheet, f.row) for f in errors if f.rule in ROW_RULES}
    read = set(result.frame.select("source_sheet", "source_row").rows())
    assert not bad & read
    assert len(read) == result.frame.height
    unusable = any(f.rule in ("I01", "I03", "I21", "I22") for f in errors)
    if unusable:
        assert result.frame.height + len(bad) <= result.rows_read or result.rows_read == 0
    else:
        assert result.rows_read == result.frame.height + len(bad)
    assert result.rows_read > 0 or errors


# ---------------------------------------------------------------------- workbooks, part by part


def book(
    rows: str | bytes = "",
    *,
    more: str = "",
    strings: str | None = None,
    styles: str = STYLES,
    sheets: str = '<sheet name="表" sheetId="1" r:id="rId1"/>',
    parts: Mapping[str, str | bytes] | None = None,
    whole: str | bytes | None = None,
) -> bytes:
    """A workbook of one sheet from the XML of its rows; ``more`` follows them, ``whole`` replaces the sheet's part."""
    content = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"/>',
        "xl/workbook.xml": f"<workbook {SHEET_NS}><sheets>{sheets}</sheets></workbook>",
        RELATIONS: relations("worksheets/sheet1.xml"),
        "xl/styles.xml": styles,
        "xl/worksheets/sheet1.xml": whole
        if whole is not None
        else f"<worksheet {SHEET_NS}><sheetData>{rows}</sheetData>{more}</worksheet>",
    }
    if strings is not None:
        content["xl/sharedStrings.xml"] = f"<sst {SHEET_NS}>{strings}</sst>" if strings[:4] != "<sst" else strings
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (content | dict(parts or {})).items():
            archive.writestr(name, text)
    return buffer.getvalue()


def relations(target: str) -> str:
    """The part that says where the first sheet is."""
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="{target}"/></Relationships>'
    )


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def header_row(names: list[str]) -> str:
    return '<row r="1">' + "".join(inline(f"{chr(65 + i)}1", n) for i, n in enumerate(names)) + "</row>"
