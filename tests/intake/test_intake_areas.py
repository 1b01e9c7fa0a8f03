"""Names of units instead of, or beside, their codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from intake_help import Programme

from pipeline.intake.areas import AreaNames
from pipeline.intake.local import Local
from pipeline.intake.read import ReadResult, cached_read, read_table
from pipeline.programme import Programme as RealProgramme

Book = Callable[..., bytes]
HERE = Path(__file__).parents[2]
ROWS = "年度,口径,出生人数"


@pytest.fixture(scope="module")
def names() -> AreaNames:
    return AreaNames(RealProgramme("zhangjiakou", HERE / "data_raw" / "zhangjiakou").areas)


@pytest.fixture
def programme(programme: Programme, names: AreaNames) -> Programme:
    programme.local = Local(names)
    return programme


def errors(result: ReadResult) -> list[tuple[str, int | None, str]]:
    return [(f.rule, f.row, f.column) for f in result.findings if f.blocks]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("桥东区", "130702"),
        ("桥东", "130702"),
        ("张家口市桥东区", "130702"),
        (" 蔚　县 ", "130726"),
        ("蔚 县", "130726"),
        ("张家口经济开发区", "130771"),
        ("张家口市经开区", "130771"),
        ("经开区", "130771"),
        ("察北", "130772"),
        ("察北管理区", "130772"),
        ("张家口市塞北管理区", "130773"),
        ("市本级", "130701"),
        ("全市", "130700"),
        ("Yu County", "130726"),
        ("宣化", "130705"),
        ("蔚", None),
        ("宣化县", None),
        ("桥南区", None),
        ("", None),
    ],
)
def test_a_name_stands_for_one_unit_of_the_day(names: AreaNames, text: str, code: str | None) -> None:
    assert names.find(text, dt.date(2023, 9, 1)).code == code


def test_names_hold_on_their_days_only(names: AreaNames) -> None:
    old, new = dt.date(2015, 12, 31), dt.date(2016, 1, 1)
    assert (names.find("宣化县", old).code, names.find("宣化县", new).code) == ("130721", None)
    assert (names.find("万全区", old).code, names.find("万全区", new).code) == (None, "130708")
    both = names.find("宣化", old)
    assert both.code is None and both.rivals == ("宣化区", "宣化县")
    assert names.find("宣化县", new).nearest == ("宣化区",)


@pytest.mark.parametrize(
    "header", ["县区名称", "县(区)", "县（市、区）", "单位名称", "县 区", "区县", "地区", "County name"]
)
def test_a_column_of_names_stands_for_the_code(programme: Programme, header: str) -> None:
    text = f"{header},{ROWS}\n桥东区,2023,常住,12\n蔚　县,2023,常住,30\n"
    result = programme.read("births", text)
    assert result.findings == [] and result.frame["county_code"].to_list() == ["130702", "130726"]


def test_names_of_a_workbook(programme: Programme, workbook: Book) -> None:
    rows = [["县区名称", *ROWS.split(",")], ["蔚 县", 2023, "常住", 12], ["桥西", 2023, "常住", 3]]
    result = programme.read("births", workbook({"表": rows}))
    assert result.findings == [] and result.frame["county_code"].to_list() == ["130726", "130703"]


def test_a_name_in_the_code_column_is_read_and_counted(programme: Programme) -> None:
    result = programme.read("births", f"县区代码,{ROWS}\n桥东区,2023,常住,12\n130703,2023,常住,30\n")
    assert errors(result) == [] and result.frame["county_code"].to_list() == ["130702", "130703"]
    (told,) = result.findings
    assert told.rule == "I20" and "有 1 个单元格" in told.message_zh and told.value == "桥东区"


def test_name_beside_code_must_agree(programme: Programme) -> None:
    text = f"县区代码,县区名称,{ROWS}\n130702,桥东区,2023,常住,12\n130703,桥东区,2023,常住,30\n,桥西区,2023,户籍,1\n"
    result = programme.read("births", f"{text}130705,,2023,常住,5\n")
    assert errors(result) == [("I26", 3, "县区名称")]
    (finding,) = [f for f in result.findings if f.blocks]
    assert "“桥东区”（代码 130702），与同一行的代码 130703 不一致" in finding.message_zh
    assert "第 3 行 B 列" in finding.todo_zh and finding.value == "桥东区"
    assert result.frame["county_code"].to_list() == ["130702", "130703", "130705"]
    assert result.frame["source_row"].to_list() == [2, 4, 5]


def test_i26_an_unknown_name_with_the_nearest(programme: Programme) -> None:
    result = programme.read("births", f"县区名称,{ROWS}\n下花元区,2023,常住,12\n桥南区,2023,常住,3\n某某学校,2023,常住,1\n")
    assert errors(result) == [("I26", n, "县区名称") for n in (2, 3, 4)]
    assert "最接近的是“下花园区”。" in result.findings[0].message_zh
    assert "最接近的是“桥东区”或“桥西区”。" in result.findings[1].message_zh
    assert "最接近" not in result.findings[2].message_zh
    assert result.frame.height == 0


def test_i26_a_name_that_is_no_longer_valid(programme: Programme) -> None:
    text = f"县区名称,{ROWS}\n宣化县,2015,常住,12\n宣化县,2023,常住,12\n宣化,2015,常住,5\n"
    result = programme.read("births", text, period_from=2015)
    assert errors(result) == [("I26", 3, "县区名称"), ("I26", 4, "县区名称")]
    assert "2023-09-01" in result.findings[0].message_zh
    assert "不止一个单位（宣化区、宣化县）" in result.findings[1].message_zh
    assert result.frame["county_code"].to_list() == ["130721"]


def test_i05_neither_code_nor_name(programme: Programme) -> None:
    result = programme.read("births", f"县区代码,县区名称,{ROWS}\n,,2023,常住,12\n")
    assert errors(result) == [("I05", 2, "县区代码")]
    result = programme.read("births", f"县区名称,{ROWS}\n—,2023,常住,12\n")
    assert errors(result) == [("I05", 2, "县区名称")]


def test_i12_a_wrong_code_is_not_saved_by_a_name(programme: Programme) -> None:
    result = programme.read("births", f"县区代码,县区名称,{ROWS}\n13070,桥东区,2023,常住,12\n")
    assert errors(result) == [("I12", 2, "县区代码")]


def test_a_second_area_of_a_row_has_its_own_names(programme: Programme) -> None:
    text = "学校标识码,学年,县区名称,年级,在校生数,生源县区名称\n3613900001,2023,桥东区,10,5,蔚县\n"
    result = programme.read("technical_school_enrolment", text)
    assert result.findings == []
    assert result.frame.select("county_code", "from_county").row(0) == ("130702", "130726")


def test_names_where_exactly_one_of_school_and_county_is_filled(programme: Programme) -> None:
    header = "学校标识码,县区名称,学年,学段,招生数,毕业生数"
    text = f"{header}\n,桥东区,2023,小学,5,6\n2113100001,,2023,小学,7,8\n2113100002,桥东区,2023,小学,1,1\n"
    result = programme.read("entrants_graduates", text)
    assert [(rule, row) for rule, row, _ in errors(result)] == [("I11", 4)]
    assert result.frame["county_code"].to_list() == ["130702", None]


def test_without_names_of_units_the_column_is_unknown(programme: Programme) -> None:
    programme.local = Local()
    result = programme.read("births", f"县区名称,{ROWS}\n桥东区,2023,常住,12\n")
    assert {rule for rule, _, _ in errors(result)} == {"I02", "I03"}


def test_the_cache_depends_on_the_names(programme: Programme, names: AreaNames) -> None:
    r = programme.put("births", f"县区名称,{ROWS}\n桥东区,2023,常住,12\n")
    contract, folder = programme.contracts["births"], programme.root.parent / "cache"
    assert cached_read(programme.root, r, contract, folder).frame.height == 0
    assert cached_read(programme.root, r, contract, folder, Local(names)).frame.height == 1
    other = AreaNames([{c: "" for c in ("short_name_zh", "name_en", "valid_to", "unit_type")} | {
        "area_code": "999999", "name_zh": "桥东区", "valid_from": "2000-01-01"}])  # fmt: skip
    moved = read_table(programme.root, [r], contract, folder, Local(other))
    assert moved.frame["county_code"].to_list() == ["999999"]


def test_the_cache_depends_on_the_kinds_of_units(programme: Programme) -> None:
    r = programme.put("births", f"县区名称,{ROWS}\n宣化桥东区,2023,常住,12\n")
    contract, folder = programme.contracts["births"], programme.root.parent / "cache"

    def rows_with(kind: str) -> int:
        blank = {c: "" for c in ("short_name_zh", "name_en", "valid_to")} | {"valid_from": "2000-01-01"}
        units = [("130702", "桥东区", "市辖区"), ("130705", "宣化区", kind)]
        local = Local(
            AreaNames([blank | {"area_code": c, "name_zh": n, "unit_type": k} for c, n, k in units])
        )
        return cached_read(programme.root, r, contract, folder, local).frame.height

    # Taken for the whole territory, Xuanhua may stand before a unit's name; put right, it may not.
    assert (rows_with("全区"), rows_with("市辖区")) == (1, 0)


def test_a_programme_hands_its_own_names_to_intake() -> None:
    local = RealProgramme("zhangjiakou", HERE / "data_raw" / "zhangjiakou").local
    assert local.areas.find("桥东", dt.date(2023, 9, 1)).code == "130702"
