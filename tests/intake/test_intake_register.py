"""register.csv: every rule about the list and about the files it lists."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from intake_help import CHILDREN, SUPPLIER, Programme

from pipeline.intake.register import (
    COLUMNS,
    IntakeError,
    Registration,
    effective,
    load_register,
    read_register,
    verify_register,
)
from pipeline.quality.finding import Finding

TABLE = "kindergarten_children"


def rules(findings: list[Finding]) -> list[str]:
    for f in findings:
        assert f.message_zh and f.message_en and f.todo_zh and f.todo_en and f.who_zh and f.who_en
    return [f.rule for f in findings]


def test_a_right_register_comes_back_typed(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN)
    assert load_register(programme.root) == [r]
    assert r.period_to == 2023 and r.row == 2
    assert verify_register(programme.root, [r], 2023) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_register_saved_by_a_spreadsheet(programme: Programme, encoding: str) -> None:
    programme.put(TABLE, CHILDREN)
    programme.write_register(encoding)
    assert load_register(programme.root)[0].supplier == SUPPLIER


def test_order_of_the_register_does_not_matter(programme: Programme) -> None:
    programme.put(TABLE, CHILDREN + "\n1", path="b.csv")
    programme.put(TABLE, CHILDREN + "\n2", path="a.csv")
    programme.put("county_finance", "x", path="c.csv", period_from=2019, period_to=2019)
    assert [r.path for r in load_register(programme.root)] == ["c.csv", "a.csv", "b.csv"]


def test_r00_no_register(tmp_path: Path) -> None:
    result = read_register(tmp_path)
    assert rules(result.findings) == ["R00"] and result.registrations == []
    assert ",".join(COLUMNS) in result.findings[0].todo_zh
    with pytest.raises(IntakeError) as error:
        load_register(tmp_path)
    assert error.value.findings == result.findings


def test_r00_header_with_a_hint(programme: Programme) -> None:
    programme.put(TABLE, CHILDREN)
    path = programme.root / "register.csv"
    path.write_text(path.read_text("utf-8").replace("sha256", "sha265", 1), "utf-8")
    (finding,) = read_register(programme.root).findings
    assert finding.rule == "R00" and finding.row == 1
    assert "“sha265”是否应为“sha256”" in finding.message_zh


@pytest.mark.parametrize("content", [b"", b"\xff\xff\xff", b'table,"x\n'])
def test_r00_unreadable(programme: Programme, content: bytes) -> None:
    (programme.root / "register.csv").write_bytes(content)
    assert rules(read_register(programme.root).findings) == ["R00"]


def test_r00_row_with_an_unquoted_comma(programme: Programme) -> None:
    programme.put(TABLE, CHILDREN)
    with (programme.root / "register.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(["x"] * (len(COLUMNS) + 1)) + "\n")
    (finding,) = read_register(programme.root).findings
    assert finding.rule == "R00" and finding.row == 3


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("table", "kindergarden_children", "R06"),
        ("period_kind", "fiscal_year", "R04"),
        ("period_from", "23", "R04"),
        ("period_from", "2024", "R04"),
        ("period_to", "20233", "R04"),
        ("period_to", "", "R04"),
        ("revision", "0", "R04"),
        ("revision", "first", "R04"),
        ("path", "", "R04"),
        ("path", "../2023/a.csv", "R04"),
        ("path", "/2023/a.csv", "R04"),
        ("path", "2023\\a.csv", "R04"),
        ("path", "./2023/a.csv", "R04"),
        ("sha256", "", "R04"),
        ("sha256", "xyz", "R04"),
        ("supplier", "", "R04"),
        ("received_on", "yesterday", "R04"),
        ("received_on", "", "R04"),
        ("maturity", "draft", "R04"),
        ("origin", "fake", "R04"),
        ("form_edition", "", "R04"),
        ("late", "太忙", "R04"),
        ("late", "情况属实,情况属实,情况属实", "R04"),
    ],
)
def test_r04_r06_wrong_value(programme: Programme, column: str, value: str, rule: str) -> None:
    good = programme.put(TABLE, CHILDREN, path="2023/good.csv")
    programme.put(TABLE, CHILDREN)
    programme.rows[-1][column] = value
    programme.write_register()
    result = read_register(programme.root)
    assert result.registrations == [good]
    assert rules(result.findings) == [rule]
    finding = result.findings[0]
    assert finding.row == 3 and finding.column.startswith("period" if "period" in column else column)
    assert finding.expected_zh and column.split("_")[0] in finding.message_zh


def test_the_reason_for_being_late_is_held_to_the_terms_of_a_note(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN, late="系统原因,系统原因,系统原因")
    (finding,) = read_register(programme.root).findings
    assert "套话" in finding.expected_zh and "stock phrase" in finding.expected_en
    programme.rows[0]["late"] = "学校合并,台账核对完才报出"
    programme.write_register()
    (read,) = read_register(programme.root).registrations
    assert (read.path, read.late, read.form_edition) == (r.path, "学校合并,台账核对完才报出", "2023版")


def test_r06_suggests_the_near_table(programme: Programme) -> None:
    programme.put(TABLE, CHILDREN)
    programme.rows[0]["table"] = "kindergarden_children"
    programme.write_register()
    assert "是否应为 kindergarten_children" in read_register(programme.root).findings[0].message_zh


def test_r05_path_twice(programme: Programme) -> None:
    first = programme.put(TABLE, CHILDREN)
    programme.put(TABLE, CHILDREN)
    result = read_register(programme.root)
    assert rules(result.findings) == ["R05"] and result.registrations == [first]
    assert "第 2 行和第 3 行" in result.findings[0].message_zh


def _replacement(programme: Programme, **changed: object) -> list[Finding]:
    programme.put(TABLE, CHILDREN, path="2023/first.csv")
    values = {"revision": 2, "supersedes": "2023/first.csv", "reason": "更正"} | changed
    programme.put(TABLE, CHILDREN, path="2023/second.csv", **values)
    return read_register(programme.root).findings


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"reason": ""}, "reason"),
        ({"supersedes": "2023/frist.csv"}, "supersedes"),
        ({"supersedes": "", "reason": ""}, "supersedes"),
        ({"revision": 1}, "revision"),
        ({"supersedes": "2023/second.csv"}, "revision"),
        ({"period_from": 2022, "period_to": 2022}, "period_from"),
        ({"table": "school_register"}, "supersedes"),
    ],
)
def test_r07_replacement_not_explained_or_not_fitting(
    programme: Programme, changed: dict[str, object], column: str
) -> None:
    findings = _replacement(programme, **changed)
    assert set(rules(findings)) == {"R07"}
    assert column in {f.column for f in findings} and findings[0].row == 3


def test_r07_right_replacement_and_hint(programme: Programme) -> None:
    assert _replacement(programme) == []
    programme.rows[1]["supersedes"] = "2023/frist.csv"
    programme.write_register()
    assert "是否应为 2023/first.csv" in read_register(programme.root).findings[0].message_zh


def test_r07_not_told_when_the_replaced_row_itself_is_wrong(programme: Programme) -> None:
    assert _replacement(programme) == []
    programme.rows[0]["maturity"] = "draft"
    programme.write_register()
    assert rules(read_register(programme.root).findings) == ["R04"]


def test_r01_missing_file(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN)
    (programme.root / r.path).unlink()
    (finding,) = verify_register(programme.root, [r], 2023)
    assert rules([finding]) == ["R01"] and finding.file == r.path and finding.who_zh == SUPPLIER


def test_r01_a_folder_in_place_of_the_file(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN)
    (programme.root / r.path).unlink()
    (programme.root / r.path).mkdir()
    assert rules(verify_register(programme.root, [r], 2023)) == ["R01"]


def test_files_of_later_years_are_not_needed(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN, period_from=2024, period_to=2024)
    (programme.root / r.path).unlink()
    assert verify_register(programme.root, [r], 2023) == []
    assert rules(verify_register(programme.root, [r], 2024)) == ["R01"]


def test_r03_changed_file(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN)
    (programme.root / r.path).write_text(CHILDREN + "\n", "utf-8")
    (finding,) = verify_register(programme.root, [r], 2023)
    assert rules([finding]) == ["R03"]
    assert r.sha256 in finding.message_zh and finding.value in finding.message_en
    assert "revision 填 2" in finding.todo_zh and f"supersedes 填 {r.path}" in finding.todo_zh


def test_r02_unregistered_file_names_the_row_to_add(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN)
    extra = programme.root / "2024" / "sub" / "school_register_2024.csv"
    extra.parent.mkdir(parents=True)
    extra.write_text("x", "utf-8")
    (finding,) = verify_register(programme.root, [r], 2023)
    assert rules([finding]) == ["R02"] and finding.file == "2024/sub/school_register_2024.csv"
    row = (
        "school_register,school_year,2024,2024,1,2024/sub/school_register_2024.csv,"
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881,报送单位,收到日期,final,real,报表版本,,,"
    )
    assert row in finding.todo_zh and row in finding.todo_en
    for column in COLUMNS:
        assert column in finding.todo_zh and column in finding.todo_en


def test_r02_row_can_be_used_as_told(programme: Programme) -> None:
    extra = programme.root / "2023" / "kindergarten_children.csv"
    extra.parent.mkdir()
    extra.write_text(CHILDREN, "utf-8")
    programme.write_register()
    (finding,) = verify_register(programme.root, [], 2023)
    start = finding.todo_zh.index("kindergarten_children,")
    row = finding.todo_zh[start : finding.todo_zh.index(",,", start) + 2]
    with (programme.root / "register.csv").open("a", encoding="utf-8") as file:
        file.write(row.replace("报送单位", SUPPLIER).replace("收到日期", "2023-10-20") + "\n")
    (r,) = load_register(programme.root)
    assert r.table == TABLE and verify_register(programme.root, [r], 2023) == []


def test_r02_leaves_alone_what_is_no_return(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN)
    names = (
        "plan.yaml",
        "areas.csv",
        "crosswalk.csv",
        "notes.csv",
        "benchmarks.csv",
        "english.csv",
        "SOURCES.md",
        ".DS_Store",
    )
    for name in (*names, "2023/README.md", "2023/~$school.xlsx", "2023/Thumbs.db", ".git/config"):
        path = programme.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", "utf-8")
    assert verify_register(programme.root, [r], 2023) == []
    (programme.root / "2023" / "areas.csv").write_text("x", "utf-8")
    assert rules(verify_register(programme.root, [r], 2023)) == ["R02"]


def test_r02_a_linked_folder_is_not_followed(
    programme: Programme, tmp_path_factory: pytest.TempPathFactory
) -> None:
    r = programme.put(TABLE, CHILDREN)
    (programme.root / "linked").symlink_to(tmp_path_factory.mktemp("elsewhere"), target_is_directory=True)
    assert [f.file for f in verify_register(programme.root, [r], 2023)] == ["linked"]


def test_a_row_with_a_wrong_value_is_not_also_called_unregistered(programme: Programme) -> None:
    programme.put(TABLE, CHILDREN, maturity="draft")
    result = read_register(programme.root)
    assert rules(result.findings) == ["R04"]
    assert verify_register(programme.root, result.registrations, 2023) == []


def test_effective_files(programme: Programme) -> None:
    old = programme.put(TABLE, "1", path="2022/a.csv", period_from=2022, period_to=2022)
    first = programme.put(TABLE, "2", path="2023/a.csv")
    second = programme.put(TABLE, "3", path="2023/b.csv", revision=2, supersedes="2023/a.csv", reason="更正")
    third = programme.put(TABLE, "4", path="2023/c.csv", revision=3, supersedes="2023/b.csv", reason="更正")
    later = programme.put(TABLE, "5", path="2024/a.csv", period_from=2024, period_to=2024)
    everything = [later, third, second, first, old]
    assert effective(everything, 2021) == []
    assert effective(everything, 2022) == [old]
    assert effective(everything, 2023) == [old, third]
    assert effective(everything, 2024) == [old, third, later]
    assert effective(everything, 2024) == effective(everything[::-1], 2024)


def test_a_replacement_of_a_later_year_does_not_reach_back(programme: Programme) -> None:
    old = programme.put(TABLE, "1", path="h1.csv", period_from=2015, period_to=2020)
    new = programme.put(
        TABLE,
        "2",
        path="h2.csv",
        period_from=2015,
        period_to=2023,
        revision=2,
        supersedes="h1.csv",
        reason="续报",
    )
    assert read_register(programme.root).findings == []
    assert effective([old, new], 2020) == [old]
    assert effective([old, new], 2023) == [new]


def test_registration_is_frozen(programme: Programme) -> None:
    r = programme.put(TABLE, CHILDREN)
    with pytest.raises(dataclasses.FrozenInstanceError):
        r.path = "x"  # type: ignore[misc]
    assert isinstance(r, Registration)
