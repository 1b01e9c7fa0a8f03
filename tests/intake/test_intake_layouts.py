"""Layouts that changed between years: data of the programme, part of an edition's identity."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from intake_help import Programme

from pipeline.edition.identity import identify, reference_files
from pipeline.intake.layouts import LayoutsResult, read_layouts
from pipeline.intake.local import Local
from pipeline.intake.read import ReadResult, cached_read, read_return
from pipeline.intake.register import verify_register
from pipeline.programme import Programme as RealProgramme

HERE = Path(__file__).parents[2]
HEAD = "year_from,year_to,header,field\n"
ENTRANTS = "2015,2018,招收新生,entrants\n2015,2018,毕业人数,graduates_prev_summer\n"


def layouts(programme: Programme, text: str, table: str = "entrants_graduates") -> LayoutsResult:
    path = programme.root / "layouts" / f"{table}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + text, "utf-8")
    found = read_layouts(programme.root, programme.contracts)
    programme.local = Local(layouts=found.layouts)
    return found


def errors(result: ReadResult) -> list[tuple[str, str]]:
    return [(f.rule, f.column) for f in result.findings if f.blocks]


def entrants(programme: Programme, header: str, *rows: str, year: int = 2016) -> ReadResult:
    text = "\n".join([header, *rows, ""])
    return programme.read("entrants_graduates", text, period_from=year, period_to=year)


OLD = "县区代码,学年,学段,招收新生,毕业人数"
NEW = "县区代码,学年,学段,招生数,毕业生数"


def test_an_older_header_is_read_in_its_years_only(programme: Programme) -> None:
    assert layouts(programme, ENTRANTS).findings == []
    result = entrants(programme, OLD, "130702,2016,小学,5,6")
    assert result.findings == []
    assert result.frame.select("entrants", "graduates_prev_summer").row(0) == (5, 6)
    later = entrants(programme, OLD, "130702,2019,小学,5,6", year=2019)
    assert {rule for rule, _ in errors(later)} == {"I02", "I03"} and later.frame.height == 0


def test_the_headers_of_the_contract_stay_valid(programme: Programme) -> None:
    layouts(programme, ENTRANTS)
    result = entrants(programme, NEW, "130702,2016,小学,5,6")
    assert result.findings == [] and result.frame["entrants"].to_list() == [5]


def test_a_header_of_the_contract_that_meant_something_else_then(programme: Programme) -> None:
    assert layouts(programme, "2015,2018,招生数,entrants_preschool\n2015,2018,总招生,entrants\n").findings == []
    result = entrants(programme, "县区代码,学年,学段,总招生,招生数,毕业生数", "130702,2016,小学,9,5,6")
    assert result.findings == []
    assert result.frame.select("entrants", "entrants_preschool").row(0) == (9, 5)


def test_a_required_column_may_be_missing_only_where_the_layout_says_so(programme: Programme) -> None:
    header, row = "县区代码,学年,学段,招生数", "130702,2016,小学,5"
    assert errors(entrants(programme, header, row)) == [("I03", "毕业生数(上学年末)")]
    layouts(programme, "2015,2018,-1,graduates_prev_summer\n")
    result = entrants(programme, header, row)
    assert errors(result) == []
    assert result.frame.select("entrants", "graduates_prev_summer").row(0) == (5, None)
    (told,) = result.findings
    assert (told.rule, told.severity) == ("I03", "info") and "毕业生数" in told.message_zh
    with_column = entrants(programme, NEW, "130702,2016,小学,5,6")
    assert with_column.findings == [] and with_column.frame["graduates_prev_summer"].to_list() == [6]
    assert errors(entrants(programme, header, row.replace("2016", "2019"), year=2019)) != []


def test_a_row_holds_for_a_file_only_if_it_covers_all_its_years(programme: Programme) -> None:
    layouts(programme, ENTRANTS)
    text = f"{OLD}\n130702,2018,小学,5,6\n130702,2019,小学,5,6\n"
    wide = programme.read("entrants_graduates", text, period_from=2018, period_to=2019)
    assert {rule for rule, _ in errors(wide)} == {"I02", "I03"}
    inside = programme.read("entrants_graduates", text.replace("2019", "2017"), period_from=2017, period_to=2018)
    assert inside.findings == [] and inside.frame.height == 2


def test_an_unknown_header_suggests_the_nearest_of_the_layout(programme: Programme) -> None:
    layouts(programme, ENTRANTS)
    result = entrants(programme, OLD.replace("招收新生", "招收的新生"), "130702,2016,小学,5,6")
    (unknown,) = [f for f in result.findings if f.rule == "I02"]
    assert "是否应为“招收新生”？" in unknown.message_zh


@pytest.mark.parametrize(
    ("text", "row", "column", "told"),
    [
        ("2015,2018,招收新生,entrant\n", 2, "field", "是否应为 entrants？"),
        ("15,2018,招收新生,entrants\n", 2, "year_from", "不是年份"),
        ("2018,2015,招收新生,entrants\n", 2, "year_to", "早于 year_from"),
        ("2015,2018,,entrants\n", 2, "header", "没有写表头"),
        ("2015,2018,学生姓名,entrants\n", 2, "header", "个人信息"),
        ("2015,2018,-1,school_year\n", 2, "header", "关键列"),
        ("2015,2018,新生,entrants\n2018,2020,新 生,expected_graduates\n", 3, "field", "第 2 行对应 entrants"),
        ("2015,2018,新生,entrants\n2018,2020,招新,entrants\n", 3, "header", "已对应“新生”"),
        ("2015,2018,新生,entrants\n2016,2016,-1,entrants\n", 3, "header", "已对应“新生”"),
        ("2015,2018,新生,entrants,9\n", 2, "", "单元格比表头多"),
    ],
)
def test_r10_names_file_row_and_column(
    programme: Programme, text: str, row: int, column: str, told: str
) -> None:
    result = layouts(programme, text)
    (finding,) = result.findings
    assert (finding.rule, finding.file, finding.row, finding.column) == (
        "R10",
        "layouts/entrants_graduates.csv",
        row,
        column,
    )
    assert told in finding.message_zh and finding.blocks and finding.message_en and finding.todo_en
    assert result.layouts == {}, "a wrong file counts for nothing"


def test_r10_two_layouts_one_after_the_other_are_right(programme: Programme) -> None:
    text = "2011,2014,新生,entrants\n2015,2018,招收新生,entrants\n2011,2014,-1,expected_graduates\n"
    assert layouts(programme, text).findings == []


def test_r10_a_file_that_is_no_layout(programme: Programme) -> None:
    folder = programme.root / "layouts"
    folder.mkdir()
    (folder / "entrants_graduate.csv").write_text(HEAD, "utf-8")
    (folder / "births.csv").write_text("year,header,field\n", "utf-8")
    (folder / "staff.csv").write_bytes(b'year_from,"')
    found = read_layouts(programme.root, programme.contracts).findings
    assert [f.file for f in found] == [
        "layouts/births.csv", "layouts/entrants_graduate.csv", "layouts/staff.csv",
    ]  # fmt: skip
    assert "表头应为" in found[0].message_zh and "是否应为 entrants_graduates.csv？" in found[1].message_zh


def test_the_cache_depends_on_the_layout(programme: Programme) -> None:
    contract, folder = programme.contracts["entrants_graduates"], programme.root.parent / "cache"
    r = programme.put("entrants_graduates", f"{OLD}\n130702,2016,小学,5,6\n", period_from=2016, period_to=2016)
    assert cached_read(programme.root, r, contract, folder, programme.local).frame.height == 0
    layouts(programme, ENTRANTS)
    assert cached_read(programme.root, r, contract, folder, programme.local).frame.height == 1
    layouts(programme, ENTRANTS.replace("招收新生", "新生"))
    assert cached_read(programme.root, r, contract, folder, programme.local).frame.height == 0


def test_layout_files_are_named_files_of_the_folder_and_not_returns(programme: Programme) -> None:
    layouts(programme, ENTRANTS)
    (programme.root / "layouts" / "readme.txt").write_text("x", "utf-8")
    r = programme.put("entrants_graduates", f"{NEW}\n130702,2023,小学,5,6\n")
    assert [f.file for f in verify_register(programme.root, [r], 2023)] == ["layouts/readme.txt"]
    assert read_return(programme.root, r, programme.contracts[r.table], programme.local).findings == []


def test_a_layout_is_part_of_the_identity_of_an_edition(tmp_path: Path) -> None:
    root = tmp_path / "zhangjiakou"
    root.mkdir()
    for name in ("plan.yaml", "areas.csv", "crosswalk.csv", "register.csv"):
        shutil.copy(HERE / "data_raw" / "zhangjiakou" / name, root / name)
    before = identify(RealProgramme("zhangjiakou", root), 2023).vintage_id
    (root / "layouts").mkdir()
    (root / "layouts" / "entrants_graduates.csv").write_text(HEAD + ENTRANTS, "utf-8")
    programme = RealProgramme("zhangjiakou", root)
    assert reference_files(programme)[-1] == "layouts/entrants_graduates.csv"
    assert identify(programme, 2023).vintage_id != before
    assert list(programme.local.layouts) == ["entrants_graduates"] and programme.layouts.findings == []
