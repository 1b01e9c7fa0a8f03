"""Data about single persons: refused by the name of a column and by the form of a value, never repeated."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from intake_help import CHILDREN, Programme

from pipeline.intake.contract import Contract
from pipeline.intake.personal import MASK, holds_identity_number, is_personal, masked

Book = Callable[..., bytes]
ROW = "1113000001,2023,小班,3,女,12,10,0"
# Made up: no such person, the check digit does not fit.
IDENTITY = "130702201502130017"


@pytest.mark.parametrize(
    "header",
    [
        "诊断", "诊断结果", "医疗诊断", "残疾类型", "残疾类别", "残疾等级", "残疾证号", "病名", "病史", "医疗情况",
        "障碍类型", "健康状况", "学生姓名", "幼儿姓名", "护照号", "学号", "家长职业", "diagnosis", "Disability type",
        "disability_grade", "Medical history", "民族", "负责人",
    ],
)  # fmt: skip
def test_i23_a_column_about_a_child_is_refused_by_its_name(programme: Programme, header: str) -> None:
    assert is_personal(header)
    result = programme.read("kindergarten_children", f"{CHILDREN},{header}\n{ROW},私人内容\n")
    assert [f.rule for f in result.findings] == ["I23"] and result.findings[0].column == header
    assert "私人内容" not in repr(result)


def test_no_header_of_any_contract_is_refused(contracts: dict[str, Contract]) -> None:
    headers = {h for c in contracts.values() for f in c.fields for h in f.headers()}
    assert [h for h in sorted(headers) if is_personal(h)] == []


@pytest.mark.parametrize(
    "text", [IDENTITY, f"学生 {IDENTITY}", f"{IDENTITY[:17]}X", f"G{IDENTITY}", f"{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}"]
)
def test_identity_numbers_are_seen(text: str) -> None:
    assert holds_identity_number(text) and masked(text) == MASK


@pytest.mark.parametrize(
    "text",
    ["", "130702", "130702001001", "2301-130702-04-01-123456", "130702201513450017", f"{IDENTITY}9", f"0{IDENTITY[1:]}"],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not holds_identity_number(text) and masked(text) == text


def test_i23_an_identity_number_in_a_text_column_is_refused_and_not_repeated(programme: Programme) -> None:
    header = "县区代码,学年,台账人数,已入学,未入学,原因(分类)"
    text = f"{header}\n130702,2023,5,4,1,{IDENTITY} 在家\n130703,2023,5,4,1,随父母外出\n"
    result = programme.read("disabled_children_ledger", text)
    (finding,) = result.findings
    assert (finding.rule, finding.row, finding.column) == ("I23", 2, "原因(分类)") and finding.blocks
    assert "第 2 行 F 列" in finding.todo_zh and IDENTITY[6:14] not in repr(result)
    assert result.frame["county_code"].to_list() == ["130703"]


@pytest.mark.parametrize("column", range(8))
def test_i23_in_whatever_column_it_stands(programme: Programme, column: int) -> None:
    cells = ROW.split(",")
    cells[column] = IDENTITY
    result = programme.children(",".join(cells), ROW.replace("小班", "中班"))
    assert "I23" in [f.rule for f in result.findings if f.row == 2]
    assert IDENTITY not in repr(result) and result.frame.height == 1


def test_i23_as_a_number_of_a_workbook_and_beyond_the_last_column(programme: Programme, workbook: Book) -> None:
    rows = [["县区代码", "学年", "台账人数", "已入学", "未入学", "原因"], ["130702", 2023, 5, 4, 1, int(IDENTITY)]]
    result = programme.read("disabled_children_ledger", workbook({"表": rows}))
    assert IDENTITY[:12] not in repr(result)
    result = programme.children(f"{ROW},{IDENTITY}")
    assert [f.rule for f in result.findings] == ["I17"] and IDENTITY not in repr(result)
