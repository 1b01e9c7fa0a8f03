"""Headers in several rows and units told by headers, through reading real files."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
import xlsxwriter
from intake_help import Programme

from pipeline.intake.read import ReadResult

Book = Callable[..., bytes]
STAFF_KEYS = ["学校标识码", "学年", "学段"]
MOVEMENT = "pupil_movement"
FINANCE_ROW = ["130702", 2023, "教育支出", "决算"]


def errors(result: ReadResult) -> list[tuple[str, int | None, str]]:
    return [(f.rule, f.row, f.column) for f in result.findings if f.blocks]


def notices(result: ReadResult, rule: str) -> list[str]:
    return [f.message_zh for f in result.findings if f.rule == rule and f.severity == "info"]


# ---------------------------------------------------------------------- several rows

# The balance of movement as forms print it: two rows of headers, groups over 转入 and 转出.
MOVEMENT_TOP = [
    "县区代码", "学年", "上学年所在年级", "上学年初在校生", "转入", "", "", "复学", "其他增加",
    "转出", "", "", "休学", "退学", "死亡", "其他减少", "本学年初在校生",
]  # fmt: skip
MOVEMENT_LOW = [
    "",
    "",
    "",
    "",
    "县内",
    "市内外县",
    "市外",
    "",
    "",
    "县内",
    "市内外县",
    "市外",
    "",
    "",
    "",
    "",
    "",
]
MOVEMENT_ROW = ["130702", 2023, 1, 100, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 0, 0, 91]


def _merge_movement(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    for column, (top, low) in enumerate(zip(MOVEMENT_TOP, MOVEMENT_LOW, strict=True)):
        if top and not low:
            sheet.merge_range(2, column, 3, column, top)
    sheet.merge_range(0, 0, 0, 16, "学生变动情况")
    sheet.merge_range(2, 4, 2, 6, "转入")
    sheet.merge_range(2, 9, 2, 11, "转出")


def test_merged_groups_and_merged_down_headers(programme: Programme, workbook: Book) -> None:
    rows = [["学生变动情况"], [], MOVEMENT_TOP, MOVEMENT_LOW, MOVEMENT_ROW]
    result = programme.read(MOVEMENT, workbook({"表": rows}, decorate=_merge_movement))
    assert errors(result) == []
    row = result.frame.row(0, named=True)
    assert (row["in_county"], row["in_city"], row["in_other"]) == (1, 2, 3)
    assert (row["out_county"], row["out_city"], row["out_other"]) == (4, 5, 6)
    assert (row["opening"], row["closing"], row["source_row"]) == (100, 91, 5)
    assert result.rows_read == 1


def test_findings_below_a_merged_header_name_the_true_cell(programme: Programme, workbook: Book) -> None:
    wrong = [*MOVEMENT_ROW]
    wrong[10] = "约5"
    rows = [["学生变动情况"], [], MOVEMENT_TOP, MOVEMENT_LOW, MOVEMENT_ROW, wrong]
    result = programme.read(MOVEMENT, workbook({"表": rows}, decorate=_merge_movement))
    (finding,) = [f for f in result.findings if f.blocks]
    assert (finding.rule, finding.row, finding.column) == ("I04", 6, "转出/市内外县")
    assert "工作表“表” 第 6 行 K 列" in finding.todo_zh


@pytest.mark.parametrize("blank", [False, True])
def test_two_header_lines_of_a_csv(programme: Programme, blank: bool) -> None:
    lines = [MOVEMENT_TOP, MOVEMENT_LOW, MOVEMENT_ROW]
    text = "\n".join(",".join(map(str, line)) for line in lines) + "\n"
    text = ("学生变动情况" + "," * 16 + "\n\n" if blank else "") + text
    result = programme.read(MOVEMENT, text)
    assert errors(result) == []
    assert result.frame.select("in_county", "in_other", "out_county", "out_other").row(0) == (1, 3, 4, 6)


def test_a_group_over_headers_that_stand_for_themselves_is_told_once(
    programme: Programme, workbook: Book
) -> None:
    contract = programme.contracts["staff"]
    fields = [f for f in contract.fields if f.required]
    low = [f.zh for f in fields]
    top = ["专任教师学历" if f.name.startswith("q_") else "" for f in fields]
    row = ["1113000001", 2023, "小学"] + [0] * (len(fields) - 3)
    result = programme.read("staff", workbook({"表": [top, low, row]}))
    assert errors(result) == [] and result.frame.height == 1
    # The single row is complete: the row above it is a title and leaves the columns as they are.
    assert result.frame["source_row"].to_list() == [3]


def test_a_group_that_makes_the_difference(programme: Programme, workbook: Book) -> None:
    contract = programme.contracts["special_groups"]
    low, top = [], []
    for f in (f for f in contract.fields if f.required):
        group, leaf = {
            "migrant_total": ("随迁子女", "合计"),
            "migrant_province": ("随迁子女", "外省迁入"),
            "migrant_county": ("随迁子女", "省内外县迁入"),
            "disabled_total": ("残疾学生", "合计"),
            "disabled_inclusive": ("残疾学生", "随班就读"),
        }.get(f.name, ("", f.zh))
        top.append(("" if group in top else group) if group else leaf)
        low.append(leaf if group else "")
    row = ["1113000001", 2023, "小学", 1, 0, 0, 30, 20, 10, 0, 7, 6, 0, 0, 0, 0]
    result = programme.read("special_groups", workbook({"表": [top, low, row]}))
    assert errors(result) == []
    named = result.frame.row(0, named=True)
    assert (named["migrant_total"], named["migrant_province"], named["migrant_county"]) == (30, 20, 10)
    assert (named["disabled_total"], named["disabled_inclusive"]) == (7, 6)
    (told,) = notices(result, "I02")
    assert "残疾学生/随班就读（L 列）" in told and "随迁子女" not in told


def test_a_header_that_may_be_two_columns_names_its_cells(programme: Programme, workbook: Book) -> None:
    top = ["县区代码", "学年", "学段", "毕业生数", "", "受过学前教育的"]
    low = ["", "", "", "毕业", "", "招生数"]
    top[3], low[3] = "毕业生数", ""
    top[4], low[4] = "本县", "生源"
    rows = [top, low, ["130702", 2023, "小学", 5, 6, 7]]
    result = programme.read("entrants_graduates", workbook({"表": rows}))
    (finding,) = [f for f in result.findings if f.rule == "I02" and f.blocks]
    assert "（F1、F2）可以是不止一列：“招生数”、“受过学前教育的招生数”" in finding.message_zh
    assert (finding.row, finding.column) == (2, "受过学前教育的/招生数")
    assert result.frame.height == 0


def test_the_same_header_under_two_groups_is_a_repeated_column(programme: Programme, workbook: Book) -> None:
    top = ["县区代码", "年度", "口径", "男", "女"]
    low = ["", "", "", "出生人数", "出生人数"]
    result = programme.read("births", workbook({"表": [top, low, ["130702", 2023, "常住", 5, 6]]}))
    assert [(rule, column) for rule, _, column in errors(result)] == [("I22", "女/出生人数")]
    assert result.frame.height == 0


def test_a_row_that_numbers_the_columns_and_a_row_of_units_belong_to_the_header(
    programme: Programme, workbook: Book
) -> None:
    header = ["县区代码", "年度", "口径", "出生人数"]
    rows = [header, ["", "", "", "人"], ["甲", "乙", "丙", 1], ["130702", 2023, "常住", 1]]
    result = programme.read("births", workbook({"表": rows}))
    assert errors(result) == [] and result.frame["source_row"].to_list() == [4]
    assert result.frame["births"].to_list() == [1] and result.rows_read == 1
    text = "县区代码,年度,口径,出生人数\n甲,乙,丙,1\n130702,2023,常住,1\n"
    assert programme.read("births", text).findings == []


def test_merged_cells_of_data_below_a_merged_header_are_still_refused(
    programme: Programme, workbook: Book
) -> None:
    def decorate(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(1, 0, 2, 0, "130702")

    rows = [["县区代码", "年度", "口径", "出生人数"], ["", 2023, "常住", 1], ["", 2023, "户籍", 2]]
    result = programme.read("births", workbook({"表": rows}, decorate=decorate))
    assert errors(result) == [("I18", 3, "县区代码")]


# ---------------------------------------------------------------------- units


def _finance(header: str, *cells: object, above: str = "", unit: bool = False) -> list[list[object]]:
    top: list[list[object]] = [[above]] if above else []
    names: list[object] = ["单位代码", "财政年度", "科目", "口径", header] + (["来源单位"] if unit else [])
    return [*top, names, *([*FINANCE_ROW, *(c if isinstance(c, tuple) else (c,))] for c in cells)]


def _yuan(result: ReadResult) -> list[Decimal]:
    return result.frame["amount_yuan"].to_list()


@pytest.mark.parametrize(
    ("rows", "yuan"),
    [
        (_finance("金额(万元)", 12.5), "125000.00"),
        (_finance("金额（亿元）", "1.5"), "150000000.00"),
        (_finance("金额【单位：元】", 7), "7.00"),
        (_finance("金额", 12.5, above="单位:万元"), "125000.00"),
        (_finance("金额", 12.5, above="2023年教育支出 （金额单位：万元）"), "125000.00"),
        (_finance("金额", 12.5, above="填报单位：桥东区教育局　计量单位：万元、人"), "125000.00"),
        (_finance("金额", 12.5, above="2023年教育支出情况表（万元）"), "125000.00"),
        (_finance("金额", 12.5, above="2023年教育支出（一）[万元]"), "125000.00"),
        (_finance("金额(万元)", 12.5, above="单位：万元、人"), "125000.00"),
        (_finance("金额(万元)", (12.5, "万元"), unit=True), "125000.00"),
        (_finance("金额(万元)", (12.5, ""), unit=True), "125000.00"),
        (_finance("金额", (12.5, "万元"), above="单位：元、万元", unit=True), "125000.00"),
    ],
)
def test_money_is_converted_once_by_header_or_line(
    programme: Programme, workbook: Book, rows: list[list[object]], yuan: str
) -> None:
    result = programme.read("county_finance", workbook({"表": rows}))
    assert errors(result) == [] and _yuan(result) == [Decimal(yuan)]


def test_the_unit_of_the_header_stands_in_the_unit_column(programme: Programme, workbook: Book) -> None:
    result = programme.read("county_finance", workbook({"表": _finance("金额(万元)", 12.5)}))
    assert result.frame["unit_in"].to_list() == ["万元"]
    assert ["只换算这一次" in text for text in notices(result, "I20")] == [True]


@pytest.mark.parametrize(
    ("rows", "place", "told"),
    [
        (
            _finance("金额(万元)", 12.5, above="单位：元"),
            2,
            "表头（E2）写的单位是“万元”，表头上方（A1）写的是“元”",
        ),
        (_finance("金额(千元)", 12.5), 1, "单位“千元”不认识（E1）"),
        (_finance("金额", 12.5, above="单位：千元"), 2, "单位“千元”不认识（A1）"),
        (_finance("金额", 12.5, above="单位：元、万元"), 2, "A1 写了“元、万元”"),
        (_finance("金额(万元)", (12.5, "元"), unit=True), 2, "写的是“元”，但表头或表头上方写的单位是“万元”"),
        (_finance("金额", (12.5, "元"), above="单位：万元", unit=True), 3, "写的是“元”"),
        (_finance("金额", 12.5, above="2023年教育支出（千元）"), 2, "单位“千元”不认识（A1）"),
    ],
)
def test_i13_units_that_contradict_or_are_unknown(
    programme: Programme, workbook: Book, rows: list[list[object]], place: int, told: str
) -> None:
    result = programme.read("county_finance", workbook({"表": rows}))
    (finding,) = [f for f in result.findings if f.blocks]
    assert (finding.rule, finding.row) == ("I13", place) and told in finding.message_zh
    assert finding.message_en and finding.todo_zh and finding.todo_en
    assert result.frame.height == 0


def test_i03_money_without_any_unit_asks_for_one(programme: Programme, workbook: Book) -> None:
    result = programme.read("county_finance", workbook({"表": _finance("金额", 12.5)}))
    (finding,) = [f for f in result.findings if f.blocks]
    assert finding.rule == "I03" and "金额(万元)" in finding.todo_zh


def test_an_organisation_above_the_header_is_no_unit(programme: Programme) -> None:
    text = "填报单位：十万元镇中心校,,,,,\n单位：桥东区教育局,,,,,\n"
    text += "单位代码,财政年度,科目,口径,金额,来源单位\n130702,2023,教育支出,决算,12.5,元\n"
    result = programme.read("county_finance", text)
    assert errors(result) == [] and _yuan(result) == [Decimal("12.50")]


@pytest.mark.parametrize(
    ("header", "cell", "persons"),
    [("人口数(万人)", "1.2345", 12345), ("人口数(人)", "12", 12), ("人口数", "12", 12)],
)
def test_persons_are_converted_by_their_header(
    programme: Programme, header: str, cell: str, persons: int
) -> None:
    text = f"县区代码,时点,口径,年龄,性别,{header}\n130702,2023-12-31,常住年报,3,女,{cell}\n"
    result = programme.read("population_by_age", text)
    assert errors(result) == [] and result.frame["population"].to_list() == [persons]


@pytest.mark.parametrize("cell", ["1.23456", "0.00001"])
def test_i04_a_person_in_parts_is_refused(programme: Programme, cell: str) -> None:
    text = f"县区代码,时点,口径,年龄,性别,人口数（万人）\n130702,2023-12-31,常住年报,3,女,{cell}\n"
    (finding,) = [f for f in programme.read("population_by_age", text).findings if f.blocks]
    assert (finding.rule, finding.row) == ("I04", 2)


def test_amounts_with_a_fixed_unit_follow_header_and_line(programme: Programme) -> None:
    keys = "单位代码,财政年度,学段,口径"
    head = f"单位：万元,,,,,\n{keys},一般公共预算教育经费,其中公用经费(万元)\n"
    result = programme.read("finance_by_stage", f"{head}130702,2023,小学,决算,12.3456,1.5\n")
    assert errors(result) == []
    row = result.frame.row(0, named=True)
    assert (row["spending_yuan"], row["public_use_spending_yuan"]) == (
        Decimal("123456.00"),
        Decimal("15000.00"),
    )
    # The contract's own header says 元: a line that says 万元 contradicts it.
    head = f"单位：万元,,,,,\n{keys},一般公共预算教育经费(元),其中公用经费\n"
    result = programme.read("finance_by_stage", f"{head}130702,2023,小学,决算,12,1.5\n")
    assert [rule for rule, _, _ in errors(result)] == ["I13"]
    head = f"{keys},一般公共预算教育经费(万元),其中公用经费\n"
    result = programme.read("finance_by_stage", f"{head}130702,2023,小学,决算,0.0000012,1.5\n")
    assert errors(result) == [("I04", 2, "一般公共预算教育经费(万元)")], "finer than a fen"


def test_a_unit_behind_a_title_holds_for_amounts_with_a_fixed_unit_too(programme: Programme) -> None:
    """Without it 12.3456 would be read as 12 yuan and some fen (or be refused as too fine, which saves nobody)."""
    keys = "单位代码,财政年度,学段,口径"
    head = f"教育经费分学段情况表（万元）,,,,,\n{keys},一般公共预算教育经费,其中公用经费\n"
    result = programme.read("finance_by_stage", f"{head}130702,2023,小学,决算,12.34,1.5\n")
    assert errors(result) == []
    row = result.frame.row(0, named=True)
    assert (row["spending_yuan"], row["public_use_spending_yuan"]) == (Decimal("123400.00"), Decimal("15000.00"))
    # groups of columns with units of their own above one row of headers: which holds for which has to be written
    head = f",,,,支出（万元）,公用经费（元）\n{keys},一般公共预算教育经费,其中公用经费\n"
    result = programme.read("finance_by_stage", f"{head}130702,2023,小学,决算,12.34,1.5\n")
    assert {rule for rule, _, _ in errors(result)} == {"I13"} and result.frame.height == 0
    # one that is no unit says nothing
    head = f"教育经费情况表（一）（桥东区所）,,,,,\n{keys},一般公共预算教育经费,其中公用经费\n"
    result = programme.read("finance_by_stage", f"{head}130702,2023,小学,决算,12.34,1.5\n")
    assert errors(result) == [] and result.frame["spending_yuan"].to_list() == [Decimal("12.34")]


def test_a_unit_below_its_header_in_a_cell_of_its_own(programme: Programme, workbook: Book) -> None:
    rows = [
        ["单位代码", "财政年度", "科目", "口径", "金额"],
        ["", "", "", "", "（万元）"],
        [*FINANCE_ROW, 12.5],
    ]
    result = programme.read("county_finance", workbook({"表": rows}))
    assert errors(result) == [] and _yuan(result) == [Decimal("125000.00")]


def test_a_measure_that_is_no_unit_stays_an_unknown_header(programme: Programme) -> None:
    text = "单位代码,财政年度,科目,口径,金额(决算数),来源单位\n130702,2023,教育支出,决算,12.5,元\n"
    assert [rule for rule, _, _ in errors(programme.read("county_finance", text))] == ["I02", "I03"]


def test_sub_headers_that_name_nothing_are_header_and_never_data(programme: Programme, workbook: Book) -> None:
    def decorate(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for column, title in enumerate(["县区代码", "年度", "口径"]):
            sheet.merge_range(0, column, 1, column, title)
        sheet.merge_range(0, 3, 0, 4, "出生人数")

    rows = [["县区代码", "年度", "口径", "出生人数"], ["", "", "", "男", "女"], ["130702", 2023, "常住", 5, 6]]
    result = programme.read("births", workbook({"表": rows}, decorate=decorate))
    assert result.rows_read == 1 and result.frame.height == 0
    assert errors(result) == [
        ("I02", 2, "出生人数/女"),
        ("I02", 2, "出生人数/男"),
        ("I03", 2, "出生人数"),
    ]


@pytest.mark.parametrize("above", ["填报单位：人社所", "报送单位:张家口市招生所", "主管单位： 十万元"])
def test_the_name_of_an_organisation_that_ends_like_a_unit(programme: Programme, above: str) -> None:
    text = f"{above},,,\n县区代码,年度,口径,出生人数\n130702,2023,常住,5\n"
    assert programme.read("births", text).findings == []
