"""Every written rule for one cell: what is read, what is noted, what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake import rows
from pipeline.intake.cells import (
    BadCell,
    DateCell,
    NumberCell,
    Parsed,
    describe_note,
    parse_bool,
    parse_cell,
    parse_code,
    parse_count,
    parse_date,
    parse_decimal,
    parse_enum,
    parse_int,
    parse_money,
    parse_text,
    shown,
)
from pipeline.intake.contract import Field
from pipeline.intake.rows import _read

FULLWIDTH = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


def refused(parsed: Parsed) -> str:
    """Rule of a refusal, which must leave neither a value nor a note."""
    assert parsed.problem is not None and parsed.value is None and parsed.note is None
    assert all(parsed.problem)
    return parsed.problem.rule


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("0", 0, None),
        ("12", 12, None),
        ("-5", -5, None),
        ("1,234", 1234, "grouping"),
        ("12,345,678", 12345678, "grouping"),
        ("１２", 12, "fullwidth"),
        ("１，２３４", 1234, "fullwidth+grouping"),
        ("12.0", 12, "point_zero"),
        ("12.000", 12, "point_zero"),
        ("1,234.0", 1234, "grouping+point_zero"),
        (" 7 ", 7, "spaces"),
        ("\u3000７\u00a0", 7, "spaces+fullwidth"),
        ("\u22125", -5, "minus"),
        ("999999999999999", 999999999999999, None),
        ("", None, None),
        (" \u3000\t", None, None),
        ("—", None, "dash"),
        ("——", None, "dash"),
        ("-", None, "dash"),
        ("－", None, "dash"),
        ("…", None, "dash"),
        ("……", None, "dash"),
        ("/", None, "dash"),
        ("无", None, "dash"),
        (" 无 ", None, "dash"),
    ],
)
def test_int_accepted(text: str, value: int | None, note: str | None) -> None:
    assert parse_int(text) == Parsed(value, note)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,23", "千位"),
        ("1234,567", "千位"),
        (",123", "千位"),
        ("1,,234", "千位"),
        ("12.5", "小数"),
        ("12.", "整数"),
        ("12.05", "小数"),
        ("约30", "整数"),
        ("三十", "整数"),
        ("30人", "整数"),
        ("8%", "百分号"),
        ("８％", "百分号"),
        ("1.2e5", "科学记数法"),
        ("1E5", "科学记数法"),
        ("007", "多余的 0"),
        ("+5", "整数"),
        ("5²", "整数"),
        ("①", "整数"),
        ("٣", "整数"),
        ("1 234", "整数"),
        ("--5", "整数"),
        ("1234567890123456", "超过15位"),
        ("1,234,567,890,123,456", "超过15位"),
        ("不详", "整数"),
        ("N/A", "整数"),
    ],
)
def test_int_refused(text: str, reason: str) -> None:
    parsed = parse_int(text)
    assert refused(parsed) == "I04"
    assert parsed.problem is not None
    assert reason in parsed.problem.zh
    assert f"“{text}”" in parsed.problem.zh and f"“{text}”" in parsed.problem.en


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_int_comes_back_in_every_accepted_form(n: int) -> None:
    assert parse_int(str(n)) == Parsed(n)
    assert parse_int(f"{n:,}").value == n
    assert parse_int(f"{n}.0") == Parsed(n, "point_zero")
    assert parse_int(str(n).translate(FULLWIDTH)) == Parsed(n, "fullwidth")
    assert parse_int(f"{n:,}".translate(FULLWIDTH)).value == n
    assert parse_int(f"\u3000{n} ") == Parsed(n, "spaces")
    assert parse_int(str(n).replace("-", "\u2212")).value == n


@given(st.text(max_size=8))
def test_int_never_guesses(text: str) -> None:
    """Whatever is read as a number consists of digits and the few signs the rules name."""
    parsed = parse_int(text)
    if parsed.value is None:
        return
    plain = text.strip().strip("\u200b\ufeff \u3000").translate({v: k for k, v in FULLWIDTH.items()})
    assert set(plain) <= set("0123456789,.-\u2212")
    assert "".join(c for c in plain.split(".")[0] if c in "0123456789") == str(abs(parsed.value))


@pytest.mark.parametrize(
    ("text", "scale", "value", "note"),
    [
        ("89.44", 6, Decimal("89.44"), None),
        ("0", 2, Decimal("0.00"), None),
        ("1,234.5", 2, Decimal("1234.50"), "grouping"),
        ("８９．４", 2, Decimal("89.40"), "fullwidth"),
        ("12.5000000", 2, Decimal("12.50"), None),
        ("-0.5", 1, Decimal("-0.5"), None),
        ("", 2, None, None),
        ("—", 2, None, "dash"),
    ],
)
def test_decimal_accepted(text: str, scale: int, value: Decimal | None, note: str | None) -> None:
    parsed = parse_decimal(text, scale)
    assert parsed == Parsed(value, note)
    if value is not None:
        assert -parsed.value.as_tuple().exponent == scale  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "rule", "reason"),
    [
        ("1.005", "I04", "小数位数过多"),
        ("12.3456789012345678", "I04", "超过15位"),
        ("0.123456789012345", "I04", "小数位数过多"),
        ("1e3", "I04", "科学记数法"),
        ("5%", "I04", "百分号"),
        (".5", "I04", "数字"),
        ("00.5", "I04", "多余的 0"),
        ("1,23.4", "I04", "千位"),
        ("元", "I04", "数字"),
        ("1.2.3", "I04", "数字"),
    ],
)
def test_decimal_refused(text: str, rule: str, reason: str) -> None:
    parsed = parse_decimal(text, 2)
    assert refused(parsed) == rule
    assert parsed.problem is not None and reason in parsed.problem.zh


def test_decimal_that_does_not_fit_the_column_is_refused() -> None:
    assert refused(parse_decimal("1000000000", 9)) == "I08"
    assert parse_decimal("999999999", 9).value == Decimal("999999999")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_decimal_is_exact(d: Decimal) -> None:
    assert parse_decimal(f"{d:f}", 4).value == d
    assert parse_decimal(f"{d:,f}", 6).value == d


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("12345.67", "元", Decimal("12345.67")),
        ("1234.567891", "万元", Decimal("12345678.91")),
        ("12.3456789012", "亿元", Decimal("1234567890.12")),
        ("1,000", "万元", Decimal("10000000.00")),
        ("0", "亿元", Decimal("0.00")),
    ],
)
def test_money_is_yuan_to_the_fen(text: str, unit: str, value: Decimal) -> None:
    parsed = parse_money(text, unit)
    assert parsed.problem is None and parsed.value == value
    assert parsed.value.as_tuple().exponent == -2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "unit", "rule"),
    [
        ("1.005", "元", "I04"),
        ("1.0000001", "万元", "I04"),
        ("999999999999", "亿元", "I08"),
        ("百万", "元", "I04"),
    ],
)
def test_money_refused(text: str, unit: str, rule: str) -> None:
    assert refused(parse_money(text, unit)) == rule


def test_money_and_count_not_reported() -> None:
    assert parse_money("", "元") == Parsed(None)
    assert parse_money("—", "元") == Parsed(None, "dash")
    assert parse_count("", "人") == Parsed(None)
    assert parse_count("…", "万人") == Parsed(None, "dash")


@pytest.mark.parametrize(
    ("text", "unit", "value", "note"),
    [
        ("4805.2063", "万人", 48052063, None),
        ("29.17", "万所", 291700, None),
        ("120", "人", 120, None),
        ("120.0", "所", 120, "point_zero"),
    ],
)
def test_count_in_units(text: str, unit: str, value: int, note: str | None) -> None:
    parsed = parse_count(text, unit)
    assert parsed == Parsed(value, note) and isinstance(parsed.value, int)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("4805.20635", "万人"), ("1.5", "人"), ("1e3", "人"), ("999999999999999", "万人"), ("多", "人")],
)
def test_count_refused(text: str, unit: str) -> None:
    assert refused(parse_count(text, unit)) == "I04"


@pytest.mark.parametrize(
    ("text", "numeric", "value", "note"),
    [
        ("130702", False, "130702", None),
        ("000000", False, "000000", None),
        (" 130702", False, "130702", "spaces"),
        ("１３０７０２", False, "130702", "fullwidth"),
        ("130702.0", False, "130702", "number_code"),
        ("130702", True, "130702", "number_code"),
        ("", False, None, None),
        ("—", False, None, "dash"),
    ],
)
def test_code_accepted(text: str, numeric: bool, value: str | None, note: str | None) -> None:
    assert parse_code(text, 6, numeric) == Parsed(value, note)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("30702", "少了1位"),
        ("1307020", "6位"),
        ("13070a", "6位"),
        ("1307 02", "6位"),
        ("1.30702E+05", "科学记数法"),
        ("'130702", "6位"),
        ("130702.5", "6位"),
        ("-13070", "6位"),
    ],
)
def test_code_refused_and_never_padded(text: str, reason: str) -> None:
    parsed = parse_code(text, 6)
    assert refused(parsed) == "I12"
    assert parsed.problem is not None and reason in parsed.problem.zh


def test_a_number_too_long_for_a_spreadsheet_is_no_code() -> None:
    assert refused(parse_code("1234567890123456", 16, numeric=True)) == "I12"
    assert parse_code("1234567890123456", 16).value == "1234567890123456"


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("张家口市第一幼儿园", "张家口市第一幼儿园", None),
        (" 第一\u3000幼儿园 ", "第一\u3000幼儿园", "spaces"),
        ("第一\n幼儿园", "第一幼儿园", "line_break"),
        ("First\r\n School", "First School", "line_break"),
        ("e\u0301cole", "école", "composed"),
        ("（甲）", "（甲）", None),
        ("", None, None),
        ("无", None, "dash"),
    ],
)
def test_text(text: str, value: str | None, note: str | None) -> None:
    assert parse_text(text) == Parsed(value, note)


@pytest.mark.parametrize("text", ["第一\ufffd园", "a\x00b", "a\x07b", "a\x1bb"])
def test_text_damaged(text: str) -> None:
    parsed = parse_text(text)
    assert refused(parsed) == "I16"
    assert parsed.problem is not None and parsed.problem.zh.isprintable()


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("男", "男", None),
        (" 男", "男", "spaces"),
        ("%", "%", None),
        ("％", "%", "brackets"),
        ("甲(一)", "甲（一）", "brackets"),
        ("", None, None),
        ("—", None, "dash"),
    ],
)
def test_enum_accepted(text: str, value: str | None, note: str | None) -> None:
    assert parse_enum(text, ("男", "女", "%", "甲（一）")) == Parsed(value, note)


@pytest.mark.parametrize("text", ["男孩", "1", "MALE", "男女"])
def test_enum_refused_shows_what_is_allowed(text: str) -> None:
    parsed = parse_enum(text, ("男", "女", "male"))
    assert refused(parsed) == "I06"
    assert parsed.problem is not None
    assert "男、女、male" in parsed.problem.expected_zh and "男, 女, male" in parsed.problem.expected_en


def test_enum_value_that_looks_like_a_dash_wins() -> None:
    assert parse_enum("无", ("有", "无")) == Parsed("无")


@pytest.mark.parametrize("text", ["是", "yes", "YES", "true", "TRUE", "1", "１", " 是"])
def test_bool_true(text: str) -> None:
    assert parse_bool(text).value is True


@pytest.mark.parametrize("text", ["否", "no", "No", "false", "FALSE", "0", "０"])
def test_bool_false(text: str) -> None:
    assert parse_bool(text).value is False


def test_bool_other() -> None:
    assert parse_bool("") == Parsed(None)
    assert parse_bool("-") == Parsed(None, "dash")
    for text in ("√", "有", "2", "y"):
        assert refused(parse_bool(text)) == "I06"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("2023-09-01", None),
        ("2023-9-1", None),
        ("2023/9/1", None),
        ("2023/09/01", None),
        ("2023年9月1日", None),
        ("２０２３年９月１日", "fullwidth"),
        ("2023-09-01 00:00:00", "midnight"),
        (" 2023-09-01", "spaces"),
    ],
)
def test_date_accepted(text: str, note: str | None) -> None:
    assert parse_date(text) == Parsed(dt.date(2023, 9, 1), note)


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-30",
        "2023.9.1",
        "20230901",
        "45170",
        "9/1/2023",
        "2023年9月",
        "2023-09-01 12:30",
        "去年",
        "2023-9/1",
    ],
)
def test_date_refused(text: str) -> None:
    assert refused(parse_date(text)) == "I07"


def test_date_nobody_can_mean() -> None:
    assert refused(parse_date("1900-01-01")) == "I08"
    assert refused(parse_date("2203-09-01")) == "I08"


@given(st.dates(min_value=dt.date(1949, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_date_comes_back(day: dt.date) -> None:
    for text in (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert parse_date(text) == Parsed(day)


COUNT = Field(name="pupils", zh="在校生数", en="Pupils", type="int", required=True, min=0, max=500)
OPTIONAL = Field(name="repeaters", zh="留级生", en="Repeaters", type="int", min=0)


def test_required_blank_is_not_zero() -> None:
    parsed = parse_cell("", COUNT)
    assert refused(parsed) == "I05"
    assert parsed.problem is not None and "没有填 0" in parsed.problem.todo_zh
    assert parse_cell("", OPTIONAL) == Parsed(None)


def test_required_dash() -> None:
    parsed = parse_cell("—", COUNT)
    assert refused(parsed) == "I15"
    assert parsed.problem is not None and "“—”" in parsed.problem.zh
    assert parse_cell("—", OPTIONAL) == Parsed(None, "dash")


def test_limits_are_inclusive() -> None:
    assert parse_cell("0", COUNT).value == 0 and parse_cell("500", COUNT).value == 500
    assert refused(parse_cell("501", COUNT)) == "I08" and refused(parse_cell("-1", COUNT)) == "I08"
    low = parse_cell("-1", OPTIONAL)
    assert refused(low) == "I08"
    assert low.problem is not None and low.problem.expected_zh == "不小于 0"
    only_high = COUNT.model_copy(update={"min": None})
    high = parse_cell("501", only_high)
    assert high.problem is not None and high.problem.expected_en == "at most 500"


def test_limits_hold_for_the_converted_amount() -> None:
    money = Field(name="amount", zh="金额", en="Amount", type="money", unit_field="unit_in", max=10_000)
    assert parse_cell("1", money, "万元").value == Decimal(10_000)
    assert refused(parse_cell("1.01", money, "万元")) == "I08"


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (BadCell("error", "#DIV/0!"), "I14"),
        (BadCell("formula", "="), "I14"),
        (BadCell("merged", ""), "I18"),
        (BadCell("percent", "89.44%"), "I04"),
    ],
)
def test_cells_of_a_workbook_that_must_not_be_used(cell: BadCell, rule: str) -> None:
    assert refused(parse_cell(cell, COUNT)) == rule
    assert refused(parse_cell(cell, OPTIONAL)) == rule


def test_number_cells_of_a_workbook() -> None:
    code = Field(name="county_code", zh="县区代码", en="County code", type="code", width=6)
    text = Field(name="age_band", zh="年龄段", en="Age band", type="text")
    scaled = Field(name="value", zh="值", en="Value", type="decimal", scale=2)
    assert parse_cell(NumberCell("12"), COUNT) == Parsed(12)
    assert refused(parse_cell(NumberCell("12.5"), COUNT)) == "I04"
    assert parse_cell(NumberCell("130702"), code) == Parsed("130702", "number_code")
    assert refused(parse_cell(NumberCell("30702"), code)) == "I12"
    assert parse_cell(NumberCell("5"), text) == Parsed("5", "number_text")
    assert refused(parse_cell(NumberCell("123456789012345678"), text)) == "I04"
    assert parse_cell(NumberCell("0.3", trimmed=True), scaled) == Parsed(Decimal("0.30"), "trimmed")


def test_date_cells_of_a_workbook() -> None:
    day = DateCell(dt.date(2023, 3, 5), "2023-03-05")
    band = Field(name="age_band", zh="年龄段", en="Age band", type="text")
    date = Field(name="closed", zh="日期", en="Date", type="date")
    assert parse_cell(day, date) == Parsed(dt.date(2023, 3, 5))
    assert refused(parse_cell(day, band)) == "I16"
    assert refused(parse_cell(day, COUNT)) == "I04"
    assert refused(parse_cell(DateCell(None, "2023-03-05 12:00:00"), date)) == "I07"
    assert refused(parse_cell(DateCell(dt.date(1900, 1, 3), "1900-01-03"), date)) == "I08"


def test_wrong_unit_has_its_own_rule() -> None:
    unit = Field(name="unit_in", zh="来源单位", en="Unit", type="enum", values=("元", "万元"), required=True)
    assert refused(parse_cell("千元", unit, is_unit=True)) == "I13"
    assert refused(parse_cell("千元", unit)) == "I06"
    assert refused(parse_cell("", unit, is_unit=True)) == "I05"


def test_notes_have_words_and_shown_text_is_short() -> None:
    zh, en = describe_note("spaces+fullwidth")
    assert "、" in zh and "; " in en
    assert len(shown("长" * 100)) == 61 and shown("a\nb") == "a\\u000ab"


def test_text_read_once_for_all_files_is_not_taken_for_a_workbooks_number_nor_for_another_field():
    text, whole = Field(name="t", zh="文本", en="text", type="text"), Field(name="n", zh="数", en="number", type="int")
    kept: dict = {}
    assert _read({"12"}, text, None, kept) == {"12": parse_cell("12", text)}
    number = NumberCell("12", False)
    assert _read({number}, text, None, kept)[number].note == "number_text"
    assert _read({"12"}, whole, None, kept)["12"].value == 12
    assert _read({"12"}, text, None, kept)["12"] == Parsed("12")
    # the second file that says something wrong is told of it as the first was
    assert _read({"x"}, whole, None, kept)["x"].problem == _read({"x"}, whole, None, kept)["x"].problem is not None


def test_texts_are_kept_up_to_a_number_and_read_all_the_same_beyond_it(monkeypatch):
    monkeypatch.setattr(rows, "_MOST_KEPT", 3)
    field, kept = Field(name="n", zh="数", en="number", type="int"), {}
    read = _read({str(number) for number in range(9)}, field, None, kept)
    assert {text: parsed.value for text, parsed in read.items()} == {str(n): n for n in range(9)}
    assert sum(map(len, kept.values())) == 3
