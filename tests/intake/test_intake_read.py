"""A file against its contract: headers, rows, duplicates, provenance, counts, cache."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_help import CHILDREN, SUPPLIER, Programme
from polars.testing import assert_frame_equal

from pipeline.intake import cache, read
from pipeline.intake.contract import Contract
from pipeline.intake.read import ReadResult, cached_read, outcomes, read_return, read_table
from pipeline.quality.finding import Finding

TABLE = "kindergarten_children"
ROW = "1113000001,2023,小班,3,女,12,10,0"
FINANCE = "单位代码,财政年度,科目,口径,金额,来源单位"
PUPILS = "学校标识码,县区代码,学年,学段类别,年级,性别,在校生数,复读(留级)生"


def only(result: ReadResult) -> Finding:
    """The single finding of a result, complete in both languages."""
    (finding,) = result.findings
    assert finding.message_zh and finding.message_en and finding.todo_zh and finding.todo_en
    assert finding.who_zh == SUPPLIER and finding.table and finding.file and finding.period
    return finding


def errors(result: ReadResult) -> list[str]:
    return [f.rule for f in result.findings if f.blocks]


def test_a_row_keeps_its_place_and_its_registration(programme: Programme) -> None:
    result = programme.children(ROW, maturity="preliminary", origin="demonstration", revision=1)
    assert result.findings == [] and result.rows_read == 1
    assert result.frame.schema == pl.Schema(programme.contracts[TABLE].raw_schema())
    assert result.frame.row(0, named=True) == {
        "school_id": "1113000001",
        "school_year": 2023,
        "class_level": "小班",
        "age": 3,
        "sex": "女",
        "children": 12,
        "entrants": 10,
        "leavers": 0,
        "is_total": False,
        "source_file": "2023/kindergarten_children.csv",
        "source_sheet": "",
        "source_row": 2,
        "period": 2023,
        "maturity": "preliminary",
        "origin": "demonstration",
        "revision": 1,
    }


@pytest.mark.parametrize(
    "header",
    [
        "school_id,school_year,class_level,age,sex,children,entrants,leavers",
        "School code,School year (start),Class level,Age,Sex,Children,Entrants,Leavers",
        "学校标识码,学年（起始年）,班级类型,年龄（周岁）,性别,在园幼儿数,入园幼儿数,离园幼儿数",
        " 学校标识码 ,学 年,班级类型,AGE,性别,在园幼儿数,Entrants,离园幼儿数",
    ],
)
def test_headers_in_either_language(programme: Programme, header: str) -> None:
    result = programme.read(TABLE, f"{header}\n{ROW}\n")
    assert result.findings == [] and result.frame["children"].to_list() == [12]


def test_columns_may_stand_in_any_order(programme: Programme) -> None:
    flip = ",".join(reversed(CHILDREN.split(",")))
    result = programme.read(TABLE, f"{flip}\n{','.join(reversed(ROW.split(',')))}\n")
    assert result.frame["school_id"].to_list() == ["1113000001"] and result.findings == []


def test_the_refusal_reads_as_a_clerk_needs_it(programme: Programme) -> None:
    finding = only(programme.children(ROW, ROW.replace("12,", "约30,").replace("小班", "中班")))
    assert finding.message_zh == "“在园幼儿数”应为整数，但单元格写的是“约30”。"
    assert finding.message_en == "“在园幼儿数” must be a whole number, but the cell says “约30”."
    assert finding.todo_zh == (
        "2023/kindergarten_children.csv 第 3 行 F 列：改成整数；没有填 0，未报请与填报单位联系。"
    )
    assert (finding.row, finding.column, finding.value) == (3, "在园幼儿数", "约30")


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("1113000001,2023,小班,3,女,约30,10,0", "I04", "在园幼儿数"),
        ("1113000001,2023,小班,3,女,,10,0", "I05", "在园幼儿数"),
        ("1113000001,2023,小班,3,女", "I05", "在园幼儿数"),
        ("1113000001,2023,学前班,3,女,12,10,0", "I06", "班级类型"),
        ("1113000001,2023,小班,9,女,12,10,0", "I08", "年龄"),
        ("1113000001,2023,小班,3,女,-1,10,0", "I08", "在园幼儿数"),
        ("1113000001,2022,小班,3,女,12,10,0", "I09", "学年"),
        ("111300001,2023,小班,3,女,12,10,0", "I12", "学校标识码"),
        ("1113000001,2023,小班,3,女,—,10,0", "I15", "在园幼儿数"),
        ("1113000001,2023,小班,3,女,12,10,0,9", "I17", ""),
    ],
)
def test_a_wrong_row_is_told_and_not_in_the_frame(
    programme: Programme, row: str, rule: str, column: str
) -> None:
    result = programme.children("1113000009,2023,小班,3,女,1,1,0", row, "1113000008,2023,小班,3,女,1,1,0")
    told = [f for f in result.findings if f.rule == rule and f.column == column]
    assert told and told[0].row == 3 and told[0].blocks
    assert errors(result)[0] == rule
    assert result.frame["source_row"].to_list() == [2, 4]
    assert result.rows_read == 3


def test_i07_bad_date(programme: Programme) -> None:
    text = "县区代码,时点,口径,年龄,性别,人口数\n130702,2023-13-01,常住年报,3,女,9\n"
    assert only(programme.read("population_by_age", text)).rule == "I07"


def test_i17_shows_the_shift_of_an_unquoted_thousands_separator(programme: Programme) -> None:
    result = programme.children("1113000001,2023,小班,3,女,1,234,10,0")
    finding = only(result)
    assert finding.rule == "I17" and "1,234" in finding.todo_zh and result.rows_read == 1


def test_i17_a_comma_inside_a_figure_is_told_where_the_row_ends_in_blanks(programme: Programme) -> None:
    """1,234.50 without quotes moves every figure by one column; the blanks at the end take up the shift."""
    header = "单位代码,财政年度,学段,口径,一般公共预算教育经费(元),其中公用经费,年平均学生数,生均经费,同口径上年数"
    shifted = "130702,2023,小学,决算,1,234.50,200,30,,"
    right = "130703,2023,小学,决算,1234.50,200,30,,"
    result = programme.read("finance_by_stage", f"{header}\n{shifted}\n{right}\n")
    finding = only(result)
    assert (finding.rule, finding.row) == ("I17", 2) and "1,234" in finding.todo_zh and "空白" in finding.message_zh
    assert result.frame["unit_code"].to_list() == ["130703"]
    # nothing is wrong where the header is as long, or the row shorter
    result = programme.read("finance_by_stage", f"{header},\n{right},\n130702,2023,小学,决算,1234.50,200\n", path="2023/b.csv")
    assert errors(result) == [] and result.frame.height == 2


def test_i09_date_and_span(programme: Programme) -> None:
    text = "县区代码,时点,口径,年龄,性别,人口数\n"
    text += "130702,2022-12-31,常住年报,3,女,9\n130702,2023-12-31,常住年报,3,女,9\n"
    finding = only(programme.read("population_by_age", text))
    assert (finding.rule, finding.row, finding.expected_zh) == ("I09", 2, "2023")
    assert programme.read("population_by_age", text, period_from=2022).findings == []
    early = only(
        programme.read("population_by_age", text, period_from=2022, period_to=2022, path="2022/p.csv")
    )
    assert (early.rule, early.row) == ("I09", 3)


def test_i11_exactly_one_of(programme: Programme) -> None:
    rows = [
        "1113000001,,2023,小学,1,女,9,",
        ",130702,2023,小学,1,女,9,0",
        "1113000001,130702,2023,小学,1,男,9,",
        ",,2023,小学,1,男,9,",
        "—,130702,2023,小学,2,男,9,",
    ]
    result = programme.read("enrolment_by_grade", "\n".join([PUPILS, *rows, ""]))
    assert [(f.rule, f.row) for f in result.findings if f.blocks] == [("I11", 4), ("I11", 5)]
    assert "不止一个" in result.findings[0].message_zh and "都没有" in result.findings[1].message_zh
    assert result.frame["source_row"].to_list() == [2, 3, 6]
    assert result.frame["repeaters"].to_list() == [None, 0, None]


def test_i13_unknown_unit_is_told_once(programme: Programme) -> None:
    text = f"{FINANCE}\n130702,2023,教育支出,决算,12.5,千元\n130703,2023,教育支出,决算,12.5,万元\n"
    result = programme.read("county_finance", text)
    finding = only(result)
    assert (finding.rule, finding.column, finding.expected_zh) == (
        "I13",
        "来源单位",
        "只能是：元、万元、亿元",
    )
    assert result.frame["amount_yuan"].to_list() == [Decimal("125000.00")]


def test_money_is_converted_by_the_unit_of_its_row(programme: Programme) -> None:
    rows = ["130702,2023,教育支出,决算,1234.56,元", "130703,2023,教育支出,决算,1234.56,万元"]
    rows += ["130705,2023,教育支出,决算,1234.56,亿元", "130706,2023,教育支出,决算,1234.567,元"]
    result = programme.read("county_finance", "\n".join([FINANCE, *rows, ""]))
    assert result.frame["amount_yuan"].to_list() == [
        Decimal("1234.56"),
        Decimal("12345600.00"),
        Decimal("123456000000.00"),
    ]
    finding = only(result)
    assert (finding.rule, finding.row, finding.value) == ("I04", 5, "1234.567 元")


def test_counts_are_converted_by_the_unit_of_their_row(programme: Programme) -> None:
    text = "单位代码,学年,统计项,数量,来源单位,来源\n"
    text += "000000,2023,kindergarten_children,4092.98,万人,公报\n000000,2023,kindergartens,27.44,万所,公报\n"
    result = programme.read("published_counts", text)
    assert result.frame["count"].to_list() == [40929800, 274400] and result.findings == []


def test_total_rows_are_marked_and_never_mixed_up(programme: Programme) -> None:
    rows = [ROW, "1113000001,2023,小班,3, 合计,12,10,0", "1113000001,2023,合计,合计,合计,12,10,0"]
    result = programme.children(*rows, "1113000001,2023,小班,总计,女,1,1,1")
    assert result.frame["is_total"].to_list() == [False, True, True]
    assert result.frame["sex"].to_list() == ["女", None, None]
    assert result.frame["age"].to_list() == [3, 3, None]
    assert [(f.rule, f.row) for f in result.findings] == [("I04", 5)]


def test_i20_counts_what_was_accepted(programme: Programme) -> None:
    rows = [
        f"111300000{i},2023,小班,3,女,{n},１０,0" for i, n in enumerate(['"1,234"', "12.0", " 5", '"2,345"'])
    ]
    result = programme.children(*rows)
    assert result.frame["children"].to_list() == [1234, 12, 5, 2345]
    assert {f.rule for f in result.findings} == {"I20"} and {f.severity for f in result.findings} == {"info"}
    assert len(result.findings) == 4
    grouping = next(f for f in result.findings if "千位" in f.message_zh)
    assert "有 2 个单元格" in grouping.message_zh and grouping.row == 2 and grouping.value == "1,234"
    width = next(f for f in result.findings if "全角" in f.message_zh)
    assert "有 4 个单元格" in width.message_zh and width.column == "入园幼儿数"


def test_i02_unknown_header_with_the_nearest_known_one(programme: Programme) -> None:
    result = programme.read(TABLE, CHILDREN.replace("离园幼儿数", "离园幼儿") + f"\n{ROW}\n")
    assert [f.rule for f in result.findings] == ["I02", "I03"]
    assert "不认识表头“离园幼儿”（H 列）。是否应为“离园幼儿数”？" in result.findings[0].message_zh
    assert result.findings[0].row == 1 and result.findings[0].expected_en == "columns not yet found: leavers"
    assert "“离园幼儿数”（leavers）" in result.findings[1].message_zh
    assert result.frame.height == 0 and result.rows_read == 1


def test_i02_optional_column_misspelt_still_blocks(programme: Programme) -> None:
    header = PUPILS.replace("复读(留级)生", "留级生")
    result = programme.read("enrolment_by_grade", f"{header}\n1113000001,,2023,小学,1,女,9,3\n")
    assert only(result).rule == "I02" and result.findings[0].blocks


def test_i02_remarks_are_left_unread_and_this_is_said(programme: Programme) -> None:
    result = programme.read(TABLE, f"序号,{CHILDREN},备注\n1,{ROW},好\n")
    assert [(f.rule, f.severity, f.column) for f in result.findings] == [
        ("I02", "info", "备注"),
        ("I02", "info", "序号"),
    ]
    assert result.frame.height == 1


def test_i02_contents_below_a_blank_header(programme: Programme) -> None:
    result = programme.read(TABLE, f"{CHILDREN},,\n{ROW},,\n{ROW.replace('小班', '中班')},,9\n")
    finding = only(result)
    assert (finding.rule, finding.column) == ("I02", "J") and "从第 3 行起" in finding.message_zh


def test_i03_missing_column_lists_the_accepted_headers(programme: Programme) -> None:
    cut = [",".join(line.split(",")[:-1]) for line in (CHILDREN, ROW, ROW.replace("12", "约"))]
    result = programme.read(TABLE, "\n".join([*cut, ""]))
    assert errors(result) == ["I03", "I04"]
    assert result.findings[0].expected_zh == "离园幼儿数 或 leavers 或 Leavers"
    assert result.frame.height == 0 and result.rows_read == 2


def test_i03_another_table_altogether(programme: Programme) -> None:
    result = programme.read(TABLE, "甲,乙\n1,2\n")
    finding = only(result)
    assert finding.rule == "I03" and "甲、乙" in finding.message_zh and "学校标识码" in finding.expected_zh


def test_header_row_is_the_first_that_has_all_required_columns(programme: Programme) -> None:
    title = "学校标识码,学年,,,,,,\n"
    result = programme.read(TABLE, f"{title}{CHILDREN}\n{ROW}\n{CHILDREN}\n")
    assert result.frame["source_row"].to_list() == [3]
    assert {f.row for f in result.findings} == {4}


def test_a_fuller_header_further_down_does_not_win(programme: Programme) -> None:
    required = "学校标识码,学年,学段类别,年级,性别,在校生数"
    row = "1113000001,2023,小学,1,女,9"
    result = programme.read("enrolment_by_grade", f"{required}\n{row}\n{PUPILS}\n")
    assert result.frame["source_row"].to_list() == [2]


def test_i02_does_not_suggest_a_column_that_is_there(programme: Programme) -> None:
    finding = only(programme.read(TABLE, f"{CHILDREN},性别2\n{ROW},9\n"))
    assert finding.rule == "I02" and "是否应为" not in finding.message_zh


def test_header_below_the_first_twenty_rows_is_not_looked_for(programme: Programme) -> None:
    titles = "标题\n" * 19
    assert programme.read(TABLE, f"{titles}{CHILDREN}\n{ROW}\n").frame.height == 1
    assert only(programme.read(TABLE, f"标题\n{titles}{CHILDREN}\n{ROW}\n")).rule == "I03"


@pytest.mark.parametrize("again", ["在园幼儿数", "children", "Children"])
def test_i22_the_same_column_twice(programme: Programme, again: str) -> None:
    result = programme.read(TABLE, f"{CHILDREN},{again}\n{ROW},12\n")
    finding = only(result)
    assert finding.rule == "I22" and "F 列" in finding.message_zh and result.frame.height == 0


@pytest.mark.parametrize(
    "header",
    [
        "姓名",
        "学生姓名",
        "身份证号码",
        "学籍号",
        "联系电话",
        "家长手机",
        "name",
        "Student Name",
        "id_card",
        "ID number",
        "Phone",
    ],
)
def test_i23_personal_data_is_refused_and_not_repeated(programme: Programme, header: str) -> None:
    result = programme.read(TABLE, f"{CHILDREN},{header}\n{ROW},私人内容\n")
    finding = only(result)
    assert finding.rule == "I23" and finding.blocks and finding.column == header
    assert "私人内容" not in repr(result)


def test_school_names_are_no_personal_data(programme: Programme, contracts: dict[str, Contract]) -> None:
    fields = contracts["school_register"].fields
    header = ",".join(f.en for f in fields if f.required)
    row = "1113000001,2023,甲园,111,教育部门,是,不适用,130702,130702001001,111,城区,县属,在办"
    result = programme.read("school_register", f"{header}\n{row}\n")
    assert result.findings == [] and result.frame["is_public"].to_list() == [True]
    assert result.frame["lon"].to_list() == [None]


def test_at_most_fifty_are_listed_and_the_rest_counted(programme: Programme) -> None:
    rows = [f"{1113000000 + i},2023,小班,3,女,约{i},10,0" for i in range(73)]
    result = programme.children(*rows, "1113000001,2023,小班,3,女,1,约,0")
    told = [f for f in result.findings if f.column == "在园幼儿数"]
    assert len(told) == 50 and [f.row for f in told] == list(range(2, 52))
    assert [f.more for f in told] == [0] * 49 + [23]
    assert len(result.findings) == 51 and result.rows_read == 74 and result.frame.height == 0


def test_r01_r03_a_file_is_read_only_as_registered(
    programme: Programme, contracts: dict[str, Contract]
) -> None:
    r = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n")
    assert only(read_return(programme.root, replace(r, sha256="0" * 64), contracts[TABLE])).rule == "R03"
    (programme.root / r.path).unlink()
    assert only(read_return(programme.root, r, contracts[TABLE])).rule == "R01"


def _two_files(programme: Programme, second: str, **changed: object) -> ReadResult:
    first = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n", path="2023/a.csv")
    other = programme.put(TABLE, f"{CHILDREN}\n{second}\n", path="2023/b.csv", **changed)
    return read_table(programme.root, [other, first], programme.contracts[TABLE])


def test_i10_duplicate_key_shows_both_places(programme: Programme) -> None:
    result = _two_files(programme, "1113000001,2023,小班,3,女,13,10,0")
    finding = only(result)
    assert (finding.rule, finding.file, finding.row) == ("I10", "2023/b.csv", 2)
    assert "2023/b.csv 第 2 行 与 2023/a.csv 第 2 行" in finding.message_zh
    assert "两行内容不同" in finding.message_zh and "学校标识码 1113000001" in finding.message_zh
    assert result.frame["children"].to_list() == [12] and result.rows_read == 2


def test_i10_says_when_the_rows_are_alike(programme: Programme) -> None:
    assert "两行内容相同" in only(_two_files(programme, ROW)).message_zh


def test_i10_not_for_a_replaced_file(programme: Programme) -> None:
    result = _two_files(programme, ROW, revision=2, supersedes="2023/a.csv", reason="更正")
    assert result.findings == [] and result.frame["source_file"].to_list() == ["2023/b.csv"]
    assert result.frame["revision"].to_list() == [2]


def test_i10_blank_equals_blank_and_totals_count_too(programme: Programme) -> None:
    row = ",130702,2023,小学,1,女,9,"
    total = "1113000001,,2023,小学,1,合计,9,"
    r = programme.put("enrolment_by_grade", "\n".join([PUPILS, row, total, row, total, ""]))
    result = read_table(programme.root, [r], programme.contracts["enrolment_by_grade"])
    assert [(f.rule, f.row) for f in result.findings] == [("I10", 4), ("I10", 5)]
    assert "第 4 行 与 2023/enrolment_by_grade.csv 第 2 行" in result.findings[0].message_zh
    assert "第 5 行 与 2023/enrolment_by_grade.csv 第 3 行" in result.findings[1].message_zh
    assert result.frame["source_row"].to_list() == [2, 3]


def test_i10_registered_period_may_be_part_of_the_key(programme: Programme) -> None:
    header = "学校标识码,认定文号,认定起始日,有效期止,取消日,保教费(元/月),政府限价,生均补助(元/年),认定机关"
    text = f"{header}\n1113000001,甲1号,2021-09-01,2024-08-31,,600,800,500,区教育局\n"
    table = "inclusive_kindergarten_register"
    a = programme.put(table, text, path="a.csv")
    b = programme.put(table, text, path="b.csv", period_from=2022, period_to=2022)
    c = programme.put(table, text, path="c.csv")
    assert read_table(programme.root, [a, b], programme.contracts[table]).findings == []
    assert errors(read_table(programme.root, [a, b, c], programme.contracts[table])) == ["I10"]


def test_i10_is_limited_per_file(programme: Programme) -> None:
    rows = "\n".join(f"{1113000000 + i},2023,小班,3,女,1,1,0" for i in range(60))
    a = programme.put(TABLE, f"{CHILDREN}\n{rows}\n", path="a.csv")
    b = programme.put(TABLE, f"{CHILDREN}\n{rows}\n", path="b.csv")
    result = read_table(programme.root, [a, b], programme.contracts[TABLE])
    assert len(result.findings) == 50 and sum(f.more for f in result.findings) == 10
    assert result.frame.height == 60 and result.rows_read == 120


def test_read_table_takes_its_table_only_in_total_order(programme: Programme) -> None:
    late = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n", path="2023/a.csv")
    early = programme.put(
        TABLE,
        f"{CHILDREN}\n{ROW.replace('2023', '2022')}\n",
        path="2022/z.csv",
        period_from=2022,
        period_to=2022,
    )
    other = programme.put("county_finance", "broken")
    result = read_table(programme.root, [late, other, early], programme.contracts[TABLE])
    assert result.findings == [] and result.frame["period"].to_list() == [2022, 2023]
    nothing = read_table(programme.root, [], programme.contracts[TABLE])
    assert (
        nothing.frame.schema == pl.Schema(programme.contracts[TABLE].raw_schema()) and nothing.rows_read == 0
    )


def test_outcomes_count_every_rule(programme: Programme) -> None:
    rows = [f"{1113000000 + i},2023,小班,3,女,约{i},１０,0" for i in range(73)]
    result = programme.read(TABLE, "\n".join([CHILDREN + ",备注", *(row + "," for row in rows), ""]))
    told = {o.rule: o for o in outcomes(programme.contracts[TABLE], result)}
    assert (told["I04"].outcome, told["I04"].offending, told["I04"].checked) == ("failed", 73, 73)
    assert (told["I05"].outcome, told["I05"].offending) == ("passed", 0)
    assert (told["I20"].outcome, told["I20"].severity, told["I20"].offending) == ("passed", "info", 1)
    assert told["I02"].outcome == "passed", "an unread remarks column is a notice, not a failure"
    assert told["I19"].severity == "warning"


class Counted:
    """Counts the calls of the real parser."""

    def __init__(self, real: Callable[..., ReadResult]) -> None:
        self.real, self.calls = real, 0

    def __call__(self, *arguments: object) -> ReadResult:
        self.calls += 1
        return self.real(*arguments)


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(read._parse)
    monkeypatch.setattr(read, "_parse", counted)
    return counted


def _same(a: ReadResult, b: ReadResult) -> None:
    assert_frame_equal(a.frame, b.frame)
    assert a.findings == b.findings and a.rows_read == b.rows_read


def test_cache_parses_an_unchanged_file_once(programme: Programme, parser: Counted) -> None:
    r = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n{ROW.replace('小班', '学前班')}\n")
    contract, folder = programme.contracts[TABLE], programme.root.parent / "cache"
    first = cached_read(programme.root, r, contract, folder)
    second = cached_read(programme.root, r, contract, folder)
    assert parser.calls == 1 and first.frame.height == 1 and errors(first) == ["I06"]
    _same(first, second)
    _same(first, read_return(programme.root, r, contract))
    assert sorted(p.suffix for p in folder.iterdir()) == [".json", ".parquet"]


def test_cache_of_money_dates_and_empty_tables(programme: Programme, parser: Counted) -> None:
    folder = programme.root.parent / "cache"
    text = f"{FINANCE}\n130702,2023,教育支出,决算,12.5,万元\n"
    for table, data in (("county_finance", text), ("county_finance", f"{FINANCE}\n")):
        r = programme.put(table, data)
        contract = programme.contracts[table]
        first = cached_read(programme.root, r, contract, folder)
        _same(first, cached_read(programme.root, r, contract, folder))
    assert parser.calls == 2


def test_cache_is_not_used_for_a_replaced_file(programme: Programme, parser: Counted) -> None:
    contract, folder = programme.contracts[TABLE], programme.root.parent / "cache"
    old = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n")
    cached_read(programme.root, old, contract, folder)
    new = programme.put(TABLE, f"{CHILDREN}\n{ROW.replace('12', '13')}\n")
    assert only(cached_read(programme.root, old, contract, folder)).rule == "R03"
    assert parser.calls == 1
    assert cached_read(programme.root, new, contract, folder).frame["children"].to_list() == [13]
    assert parser.calls == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"supplier": "另一单位"},
        {"maturity": "preliminary"},
        {"origin": "demonstration"},
        {"revision": 2},
        {"period_from": 2022},
        {"row": 99},
        {"received_on": dt.date(2023, 11, 1)},
    ],
)
def test_cache_depends_on_the_registration(
    programme: Programme, parser: Counted, changed: dict[str, object]
) -> None:
    contract, folder = programme.contracts[TABLE], programme.root.parent / "cache"
    r = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n")
    cached_read(programme.root, r, contract, folder)
    cached_read(programme.root, replace(r, **changed), contract, folder)
    assert parser.calls == 2


def test_cache_depends_on_the_contract_and_the_code(
    programme: Programme, parser: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, folder = programme.contracts[TABLE], programme.root.parent / "cache"
    r = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n")
    cached_read(programme.root, r, contract, folder)
    cached_read(programme.root, r, contract.model_copy(update={"name_zh": "另一名称"}), folder)
    assert parser.calls == 2
    monkeypatch.setattr(cache, "code_version", lambda: "other")
    cached_read(programme.root, r, contract, folder)
    assert parser.calls == 3


@pytest.mark.parametrize("module", ["unit_types.py", "reference_day.py", "quality/notes.py", "intake/cells.py"])
def test_the_cache_depends_on_every_module_that_reading_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    root = tmp_path / "pipeline"
    shutil.copytree(Path(cache.__file__).parents[1], root, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "__file__", str(root / "intake" / "cache.py"))
    before = cache.code_version.__wrapped__()
    (root / module).write_text(f"{(root / module).read_text('utf-8')}\nCHANGED = True\n", "utf-8")
    assert cache.code_version.__wrapped__() != before


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
@pytest.mark.parametrize("damage", ["truncated", "empty", "other", "gone", "folder"])
def test_cache_entry_that_is_not_whole_is_rebuilt(
    programme: Programme, parser: Counted, suffix: str, damage: str
) -> None:
    contract, folder = programme.contracts[TABLE], programme.root.parent / "cache"
    r = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n")
    first = cached_read(programme.root, r, contract, folder)
    (path,) = folder.glob(f"*{suffix}")
    content = path.read_bytes()
    if damage == "folder":
        shutil.rmtree(folder)
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes({"truncated": content[:-9], "empty": b"", "other": b'{"findings": []}'}[damage])
    _same(first, cached_read(programme.root, r, contract, folder))
    assert parser.calls == 2
    _same(first, cached_read(programme.root, r, contract, folder))
    assert parser.calls == 2


def test_cache_frame_of_another_entry_is_not_served(programme: Programme, parser: Counted) -> None:
    contract, folder = programme.contracts[TABLE], programme.root.parent / "cache"
    r = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n")
    first = cached_read(programme.root, r, contract, folder)
    (path,) = folder.glob("*.parquet")
    first.frame.with_columns(pl.lit(99, pl.Int64).alias("children")).write_parquet(path)
    _same(first, cached_read(programme.root, r, contract, folder))
    assert parser.calls == 2


def test_cache_leaves_no_partial_files_and_read_table_uses_it(programme: Programme, parser: Counted) -> None:
    folder = programme.root.parent / "deep" / "cache"
    r = programme.put(TABLE, f"{CHILDREN}\n{ROW}\n")
    contract = programme.contracts[TABLE]
    first = read_table(programme.root, [r], contract, folder)
    _same(first, read_table(programme.root, [r], contract, folder))
    assert parser.calls == 1 and not list(folder.glob("*.partial"))


CELLS = st.sampled_from(
    ["12", "", "—", "约", "1,2", "１２", "0", "99999", "12.0", "合计", "男", "小班", "-1"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=12))
def test_no_row_vanishes(programme: Programme, cells: list[list[str]]) -> None:
    """Each data row is in the frame or has an error finding, never neither, never both."""
    rows = [["1113000001", "2023", *row] for row in cells]
    text = "\n".join([CHILDREN, *(",".join(f'"{c}"' for c in row) for row in rows), ""])
    result = programme.read(TABLE, text)
    good = set(result.frame["source_row"])
    bad = {f.row for f in result.findings if f.blocks}
    assert result.rows_read == len(rows)
    assert good | bad == set(range(2, len(rows) + 2)) and not good & bad
