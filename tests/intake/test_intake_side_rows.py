"""Check totals and what stands below a table: never data, never without a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_help import CHILDREN, Programme

from pipeline.intake.areas import AreaNames
from pipeline.intake.local import Local
from pipeline.intake.read import ReadResult

Book = Callable[..., bytes]
BIRTHS = "县区代码,年度,口径,出生人数"
EDUCATION = "单位代码,财政年度,科目,口径,金额,来源单位"
AREA_COLUMNS = ("area_code", "name_zh", "short_name_zh", "name_en", "unit_type", "valid_from", "valid_to")
AREAS = AreaNames(
    dict(zip(AREA_COLUMNS, row, strict=True))
    for row in [
        ("130700", "张家口市", "全市", "Zhangjiakou", "全市", "2000-01-01", ""),
        ("130702", "桥东区", "桥东区", "Qiaodong District", "市辖区", "2000-01-01", ""),
        ("130703", "桥西区", "桥西区", "Qiaoxi District", "市辖区", "2000-01-01", ""),
    ]
)


def births(programme: Programme, *rows: str, header: str = BIRTHS) -> ReadResult:
    return programme.read("births", "\n".join([header, *rows, ""]))


def told(result: ReadResult) -> list[tuple[str, str, int | None]]:
    return [(f.rule, f.severity, f.row) for f in result.findings]


def only(result: ReadResult, rule: str) -> str:
    (finding,) = [f for f in result.findings if f.rule == rule]
    assert finding.message_zh and finding.message_en and finding.todo_zh and finding.todo_en
    return finding.message_zh


# ---------------------------------------------------------------------- totals


@pytest.mark.parametrize("word", ["合计", "合 计", "合　计", " 总计", "共计：", "全市合计"])
def test_i24_a_right_total_is_no_data_and_is_told_once(programme: Programme, word: str) -> None:
    result = births(programme, "130702,2023,常住,12", "130703,2023,常住,30", f"{word},2023,常住,42")
    assert told(result) == [("I24", "info", 4)]
    assert result.frame["births"].to_list() == [12, 30] and result.rows_read == 2


def test_i24_a_wrong_total_names_cell_stated_and_computed(programme: Programme) -> None:
    result = births(programme, "合计,2023,常住,43", "130702,2023,常住,12", "130703,2023,常住,30")
    assert told(result) == [("I24", "error", 2)]
    assert "（D2）是 43，但它所合计的 2 行相加是 42" in only(result, "I24")
    (finding,) = result.findings
    assert (finding.column, finding.value, finding.expected_zh) == ("出生人数", "43", "42")
    assert result.frame["births"].to_list() == [12, 30]


def test_i24_totals_of_a_workbook_with_numbers_and_formulas(programme: Programme, workbook: Book) -> None:
    def decorate(book: object, sheet: object) -> None:
        sheet.merge_range(3, 0, 3, 2, "合  计")  # type: ignore[attr-defined]
        sheet.write_formula(3, 3, "=SUM(D2:D3)", None, 42)  # type: ignore[attr-defined]

    rows = [BIRTHS.split(","), ["130702", 2023, "常住", 12], ["130703", 2023, "常住", 30]]
    result = programme.read("births", workbook({"表": rows}, decorate=decorate))
    assert told(result) == [("I24", "info", 4)] and result.frame.height == 2


def test_i24_a_total_covers_the_rows_of_what_it_states(programme: Programme) -> None:
    rows = ["130702,2023,常住,12", "130702,2023,户籍,13", "130703,2023,常住,30", "130703,2023,户籍,31"]
    right = ["130702,2023,合计,25", "合计,2023,常住,42", "合计,2023,户籍,44", "合计,,合计,86"]
    assert told(births(programme, *rows, *right)) == [("I24", "info", 6)]
    wrong = births(programme, *rows, "130702,2023,合计,26", "合计,2023,户籍,43")
    assert told(wrong) == [("I24", "error", 6), ("I24", "error", 7)]
    assert [f.expected_zh for f in wrong.findings] == ["25", "44"]


def test_i24_subtotals_cover_the_group_above_them(programme: Programme) -> None:
    rows = [
        "130702,2023,常住,12",
        "130702,2023,户籍,13",
        "小计,,,25",
        "130703,2023,常住,30",
        "小 计,,,31",
        "合计,,,55",
    ]
    result = births(programme, *rows)
    assert told(result) == [("I24", "error", 6), ("I24", "info", 4)]
    assert "（D6）是 31，但它所合计的 1 行相加是 30" in result.findings[0].message_zh
    assert result.frame["births"].to_list() == [12, 13, 30]


def test_i24_subtotals_that_come_first_cover_the_group_below(programme: Programme) -> None:
    rows = [
        "合计,,,55",
        "小计,,,25",
        "130702,2023,常住,12",
        "130702,2023,户籍,13",
        "小计,,,30",
        "130703,2023,常住,30",
    ]
    assert told(births(programme, *rows)) == [("I24", "info", 2)]


def test_i24_a_unit_before_the_word_is_the_rows_it_covers(programme: Programme) -> None:
    programme.local = Local(AREAS)
    rows = [
        "130702,2023,常住,12",
        "130703,2023,常住,30",
        "桥东区小计,,,12",
        "桥西区小计,,,31",
        "全市合计,,,42",
    ]
    result = births(programme, *rows)
    assert told(result) == [("I24", "error", 5), ("I24", "info", 4)]
    assert result.findings[0].expected_zh == "30"


def test_i24_blank_cells_of_a_total_state_nothing_and_blank_data_counts_nothing(programme: Programme) -> None:
    header = "县区代码,学年,学段,招生数,毕业生数,预计毕业生数"
    rows = ["130702,2023,小学,5,6,", "130703,2023,小学,7,8,3", "合计,,,,14,3"]
    result = programme.read("entrants_graduates", "\n".join([header, *rows, ""]))
    assert told(result) == [("I24", "info", 4)] and result.frame.height == 2


def test_i24_averages_are_not_added_up(programme: Programme) -> None:
    header = "单位代码,财政年度,学段,口径,一般公共预算教育经费,其中公用经费,生均经费"
    rows = ["130702,2023,小学,决算,100.10,10,5000", "130703,2023,小学,决算,200.20,20,7000"]
    result = programme.read("finance_by_stage", "\n".join([header, *rows, "合计,,,,300.30,30,6200", ""]))
    assert told(result) == [("I24", "info", 4)]


def test_i24_money_is_compared_in_yuan(programme: Programme) -> None:
    rows = ["130702,2023,教育支出,决算,1.5,万元", "130703,2023,教育支出,决算,5000.25,元"]
    text = "\n".join([EDUCATION, *rows, "合计,,,,20000.25,元", ""])
    result = programme.read("county_finance", text)
    assert told(result) == [("I24", "info", 4)]
    assert result.frame["amount_yuan"].to_list() == [Decimal("15000.00"), Decimal("5000.25")]
    no_unit = programme.read("county_finance", "\n".join([EDUCATION, *rows, "合计,,,,20000.25,", ""]))
    assert told(no_unit) == [("I13", "error", 4)]
    same = programme.read("county_finance", "\n".join([EDUCATION, rows[0], "合计,,,,1.5,", ""]))
    assert told(same) == [("I24", "info", 3)]
    header = "单位代码,财政年度,科目,口径,金额(万元)"
    row = "130702,2023,教育支出,决算,1.5"
    assert ("I24", "error", 3) in told(programme.read("county_finance", f"{header}\n{row}\n合计,,,,15000\n"))


def test_i24_waits_for_the_errors_in_its_rows(programme: Programme) -> None:
    result = births(programme, "130702,2023,常住,约12", "130703,2023,常住,30", "合计,,,42")
    assert told(result) == [("I04", "error", 2), ("I24", "info", 4)]
    assert "改正后才核对" in only(result, "I24")


def test_i24_a_total_that_cannot_be_read_is_refused_like_any_cell(programme: Programme) -> None:
    result = births(programme, "130702,2023,常住,12", "合计,,,约12")
    assert told(result) == [("I04", "error", 3)] and result.frame.height == 1


def test_i24_the_word_stands_in_the_column_of_row_numbers(programme: Programme) -> None:
    result = births(programme, "1,130702,2023,常住,12", "合计,,,,13", header=f"序号,{BIRTHS}")
    assert ("I24", "error", 3) in told(result) and result.frame.height == 1


def test_a_value_of_the_list_is_data_and_no_total(programme: Programme) -> None:
    header = "县区代码,学年,统计项目,学段,分项,人数"
    text = f"{header}\n130702,2023,在校生,小学,合计,12\n130702,2023,在校生,小学,城区,5\n"
    result = programme.read("county_totals", text)
    assert result.findings == [] and result.frame["count"].to_list() == [12, 5]


def test_tables_that_keep_their_totals_keep_them(programme: Programme) -> None:
    result = programme.children("1113000001,2023,小班,3,女,12,10,0", "1113000001,2023,小班,3,合计,13,10,0")
    assert result.findings == [] and result.frame["is_total"].to_list() == [False, True]


# ---------------------------------------------------------------------- below the table


def test_i25_notes_and_signatures_below_the_table(programme: Programme) -> None:
    below = [
        "注：本表按常住人口填报，1人不重复统计。,,,",
        "填表说明：口径见通知,,,",
        "单位负责人：张三丰,,填报人：李四光,联系电话：0313-8888888",
        "桥东区教育局,2023年10月,,",
    ]
    result = births(programme, "130702,2023,常住,12", "合计,,,12", "", *below)
    assert told(result) == [("I24", "info", 3)] + [("I25", "info", n) for n in (5, 6, 7, 8)]
    assert result.frame.height == 1 and result.rows_read == 1
    assert "注：本表按常住人口填报" in result.findings[1].message_zh
    for secret in ("张三丰", "李四光", "8888888"):
        assert secret not in repr(result)


def test_i25_of_a_workbook_names_row_and_column(programme: Programme, workbook: Book) -> None:
    rows = [BIRTHS.split(","), ["130702", 2023, "常住", 12], [], [None, None, "制表人：王五"]]
    result = programme.read("births", workbook({"表": rows}))
    assert told(result) == [("I25", "info", 4)]
    assert "第 4 行（C 列起）是表下的签名栏" in only(result, "I25") and "王五" not in repr(result)


@pytest.mark.parametrize(
    "row",
    [
        "注：桥西区,,,30",  # a number in a column of figures
        "130703,,,",  # a code
        "130703,2023,常住,",
        ",2023,,注",  # a year
        "某某区,常住,,三十",  # more than a few cells, not like a note
        ",,,约30",  # something in a column of figures
        "注：桥西区,,,约30",
    ],
)
def test_i25_never_for_a_row_that_may_be_data(programme: Programme, row: str) -> None:
    result = births(programme, "130702,2023,常住,12", row)
    assert [n for rule, severity, n in told(result) if severity == "error"] and result.rows_read == 2
    assert not any(rule == "I25" for rule, _, _ in told(result))


def test_i25_signatures_with_a_number_in_a_column_of_figures_are_refused_unseen(programme: Programme) -> None:
    result = births(programme, "130702,2023,常住,12", "填报人：李四光,,电话,13800000000")
    assert told(result) == [("I25", "error", 3)]
    assert "李四光" not in repr(result) and "13800000000" not in repr(result)


@pytest.mark.parametrize("last", ["领导包联负责人", "联系人：某处", ""])
def test_the_words_of_a_signature_in_a_text_column_of_data(programme: Programme, last: str) -> None:
    header = "活动编号,类别,日期,单位代码,担任职务,数量,佐证文号"
    text = f"{header}\nE1,运动会,2023-05-01,130702,,1,1号\nE2,领导包联,2023-06-01,130702,{last},1,2号\n"
    result = programme.read("event_log", text)
    assert result.findings == [] and result.frame["event_id"].to_list() == ["E1", "E2"]


def test_i25_a_signature_beside_its_date(programme: Programme) -> None:
    text = "县区代码,时点,口径,年龄,性别,人口数\n130702,2023-12-31,常住年报,3,女,9\n填报人：李四光,2023-12-31,,,,\n"
    result = programme.read("population_by_age", text)
    assert told(result) == [("I25", "info", 3)] and "李四光" not in repr(result)
    result = programme.read("population_by_age", text.replace("填报人：李四光,", "130703,填报人：李四光"))
    assert told(result) == [("I25", "error", 3)] and "李四光" not in repr(result)


def test_a_note_between_data_rows_is_no_note(programme: Programme) -> None:
    result = births(programme, "130702,2023,常住,12", "注：以下为户籍,,,", "130702,2023,户籍,13")
    assert {n for _, severity, n in told(result) if severity == "error"} == {3}
    assert result.frame["births"].to_list() == [12, 13]


def test_text_that_a_text_column_could_take_is_data(programme: Programme) -> None:
    header = "项目编号,项目名称,县区,计划完成,进度"
    text = f"{header}\nA1,甲,130702,2024-01-01,推进中\nB2,乙,,,\n注：含续建项目,,,,\n"
    result = programme.read("project_ledger", text)
    assert ("I25", "info", 4) in told(result) and ("I05", "error", 3) in told(result)


CELLS = st.sampled_from(
    ["130702", "130703", "2023", "常住", "户籍", "12", "", "", "合计", "小计", "注：", "桥东区", "约3", "-1"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=8))
def test_no_row_goes_without_a_word(programme: Programme, cells: list[list[str]]) -> None:
    """Each filled row is data of the frame, refused, or told to be a total, a note or text below the table."""
    result = births(programme, *(",".join(row) for row in cells))
    filled = {n for n, row in enumerate(cells, start=2) if any(row)}
    good, bad = set(result.frame["source_row"]), {f.row for f in result.findings if f.blocks and f.row != 1}
    beside = {f.row for f in result.findings if f.rule in ("I24", "I25")}
    for f in result.findings:
        if f.rule == "I24" and f.severity == "info" and "相符" in f.message_zh:
            beside |= {int(n) for n in re.findall(r"[0-9]+", f.message_zh.partition("（")[2])}
    assert good | bad | beside == filled and not good & (bad | beside)
    assert result.frame.height <= result.rows_read <= len(filled)


def test_i21_nothing_but_totals_and_notes(programme: Programme) -> None:
    result = births(programme, "合计,,,0", "注：本年无,,,")
    assert ("I21", "error", 1) in told(result) and result.rows_read == 0
    assert programme.read("kindergarten_children", f"{CHILDREN}\n注：无,,,,,,,\n").rows_read == 0
