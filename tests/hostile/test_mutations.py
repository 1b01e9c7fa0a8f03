"""Cut-outs of the shipped returns, broken at random: whatever comes out, reading gives rows and findings.

The same examples on every machine: nothing is random from run to run.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.files import RETURNS, cells_of, cut_out, hand_in, text_of

STEADY = settings(
    derandomize=True, database=None, deadline=None, max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
TABLES = ("kindergarten_children", "enrolment_by_grade", "school_register", "pupil_movement")
BOOKS = ("county_finance", "population_by_age", "inclusive_kindergarten_register")
VALUES = st.sampled_from(
    [
        "", " ", "1000000000", "999999999999999", "9" * 16, "9" * 400, "-1", "-0", "NaN", "inf", "1e5", "1e999", "1,234", "1,23",
        "１２", "—", "无", "0013", "130702", "130000", "999999", "2022", "2024", "0", "12.5", "12.0", "8%", "约30", "合计", "true",
        "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "{{ 7*7 }}", "{% if x %}", "<script>alert(1)</script>", "\x00", "\x1b[2J",
        "\u202e", "\ufeff", "\u200b", "\ud800", "\U0001f4a9", "\ufffd", "a\nb", "a\r\n\nb", '"', "'", ",", ";", "\t", "a" * 1001,
        "2023-02-30", "2023年9月1日", "9999-12-31", "0000-00-00",
    ]
) | st.text(max_size=12)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations")


def edits(length: int) -> st.SearchStrategy[list[tuple[str, int, int, bytes]]]:
    """One to three edits of bytes: what, where, how many, with what."""
    where = st.integers(0, max(0, length - 1))
    what = st.sampled_from(["cut", "drop", "insert", "replace", "repeat"])
    return st.lists(st.tuples(what, where, st.integers(1, 40), st.binary(min_size=1, max_size=6)), min_size=1, max_size=3)


def edited(data: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    for what, at, count, piece in changes:
        match what:
            case "cut":
                data = data[:at]
            case "drop":
                data = data[:at] + data[at + count :]
            case "insert":
                data = data[:at] + piece + data[at:]
            case "replace":
                data = data[:at] + piece + data[at + len(piece) :]
            case "repeat":
                data = data[:at] + data[at : at + count] * 3 + data[at + count :]
    return data


@STEADY
@given(st.data(), st.sampled_from(TABLES), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_broken_bytes_of_a_text_file(folder: Path, data: st.DataObject, table: str, encoding: str) -> None:
    whole = cut_out(table).encode(encoding)
    hand_in(folder, table, edited(whole, data.draw(edits(len(whole)))))


@STEADY
@given(st.data(), st.sampled_from(TABLES))
def test_changed_cells_of_a_text_file(folder: Path, data: st.DataObject, table: str) -> None:
    rows = cells_of(cut_out(table))
    places = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows[0]) - 1), VALUES)
    for row, column, value in data.draw(st.lists(places, min_size=1, max_size=5)):
        rows[row][column] = value
    hand_in(folder, table, text_of(rows))


def move(row: list[str], number: int, shape: str, first: int, second: int) -> None:
    """Change one row, the header being number 0."""
    match shape:
        case "swap":
            row[first], row[second] = row[second], row[first]
        case "swap below the header" if number:
            row[first], row[second] = row[second], row[first]
        case "drop":
            del row[first]
        case "double":
            row.insert(second, row[first])
        case "shift" if number:
            row.insert(first, "")
        case "short rows" if number % 2:
            del row[first:]


@STEADY
@given(st.data(), st.sampled_from(TABLES))
def test_moved_rows_and_columns_of_a_text_file(folder: Path, data: st.DataObject, table: str) -> None:
    rows = cells_of(cut_out(table))
    width = len(rows[0])
    shape = data.draw(st.sampled_from(["swap", "swap below the header", "drop", "double", "shift", "short rows", "doubled rows"]))
    first, second = data.draw(st.tuples(st.integers(0, width - 1), st.integers(0, width - 1)))
    for number, row in enumerate(rows):
        move(row, number, shape, first, second)
    if shape == "doubled rows":
        rows += rows[1:4]
    result = hand_in(folder, table, text_of(rows))
    if shape == "swap":
        assert result.frame.height == 8  # the order of columns is free
    if shape == "doubled rows":
        assert {f.row for f in result.findings if f.rule == "I10"} == {10, 11, 12}


@cache
def small_book(table: str) -> dict[str, bytes]:
    """Parts of a shipped workbook."""
    with zipfile.ZipFile(RETURNS / f"{table}.xlsx") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def cut_sheet(xml: bytes) -> bytes:
    """The XML of a sheet with its first rows only."""
    end = xml.find(b"</row>", 0)
    for _ in range(12):
        following = xml.find(b"</row>", end + 1)
        end = following if following >= 0 else end
    return xml[: end + 6] + b"</sheetData></worksheet>"


@STEADY
@given(st.data(), st.sampled_from(BOOKS))
def test_broken_bytes_of_a_workbook(folder: Path, data: st.DataObject, table: str) -> None:
    parts = dict(small_book(table))
    sheet = next(name for name in parts if "worksheets/sheet1.xml" in name)
    parts[sheet] = cut_sheet(parts[sheet])
    whole = packed(parts)
    hand_in(folder, table, edited(whole, data.draw(edits(len(whole)))), f"2023/{table}.xlsx")


@STEADY
@given(st.data(), st.sampled_from(BOOKS))
def test_broken_bytes_inside_a_workbook(folder: Path, data: st.DataObject, table: str) -> None:
    """The archive is sound, one of its parts is not."""
    parts = dict(small_book(table))
    sheet = next(name for name in parts if "worksheets/sheet1.xml" in name)
    parts[sheet] = cut_sheet(parts[sheet])
    inner = [n for n in parts if n.startswith("xl/") and n.endswith((".xml", ".rels")) and "theme" not in n]
    name = data.draw(st.sampled_from(sorted(inner)))
    parts[name] = edited(parts[name], data.draw(edits(len(parts[name]))))
    hand_in(folder, table, packed(parts), f"2023/{table}.xlsx")


TAGS = [
    ('<v>', '<v>1e999'), ('<v>', '<v>-'), ('<v>', '<v>x'), ('t="s"', 't="n"'), ('t="s"', 't="e"'), ('t="s"', 't="b"'), ('t="s"', 't="d"'),
    ('t="s"', 't="str"'), ('<c r="B', '<c r="A'), ('<c r="B', '<c r="XFD'), ('<c r="B', '<c q="B'), ('<row r="2', '<row r="9'),
    ('<row r="', '<row q="'), (' s="', ' s="99'), ('<v>', '<f>1+1</f><v>'), ('<v>', '<is><t>a</t></is><v>'), ('</row>', ''),
    ('<sheetData>', '<sheetData/><sheetData>'), ('<v>', '<v><![CDATA[7]]>'), ('<v>', '<v> '), ('<c ', '<c xmlns="u" '),
]  # fmt: skip


@STEADY
@given(st.data(), st.sampled_from(BOOKS), st.sampled_from(TAGS), st.integers(1, 40))
def test_changed_tags_inside_a_workbook(
    folder: Path, data: st.DataObject, table: str, change: tuple[str, str], times: int
) -> None:
    """XML that is sound and says something else: other kinds of cell, other places, missing ones."""
    parts = dict(small_book(table))
    sheet = next(name for name in parts if "worksheets/sheet1.xml" in name)
    old, new = (text.encode() for text in change)
    parts[sheet] = cut_sheet(parts[sheet]).replace(old, new, times)
    hand_in(folder, table, packed(parts), f"2023/{table}.xlsx")


@STEADY
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_anything_at_all(folder: Path, content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"):
        hand_in(folder, TABLES[0], start + content)
