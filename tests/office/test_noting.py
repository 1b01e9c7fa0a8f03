"""Notes handed back in a work list: which are taken, which are refused, and what is left to explain."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from pipeline.office import Refusal
from pipeline.office.noting import import_notes, still_open
from pipeline.office.overview import standings
from pipeline.office.worklist import arrange, write_worklists
from pipeline.programme import Home
from pipeline.quality.finding import Finding, write_records
from pipeline.quality.notes import read_notes

GOOD = "因撤并两所村小，学生转入镇中心小学就读"
DAY = dt.date(2024, 11, 1)


def finding(**changes) -> Finding:
    values = {
        "rule": "C10",
        "severity": "warning",
        "table": "core.kindergarten",
        "area_code": "130722",
        "period": "2024",
        "value": "59.93%",
        "message_zh": "毛入园率异常",
        "message_en": "unusual",
    }
    return Finding(**(values | changes))


WARNING = finding()
REVIEW = finding(rule="C20", severity="review", value="=1+1", area_code="130702")
ERROR = finding(rule="B01", severity="error", subject="2113000001")
REMINDER = finding(rule="E09", severity="error", subject=f"C10 {WARNING.id}", table="progress.verdict")
ALL = [WARNING, REVIEW, ERROR, REMINDER]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose only programme has been checked once; nothing but notes.csv is read of it here."""
    (tmp_path / "data_raw" / "city").mkdir(parents=True)
    write_records(tmp_path / "build" / "city-2024" / "findings" / "gate.json", ALL, [])
    return Home(tmp_path)


def filled(home: Home, texts: dict[str, str], name: str = "findings.xlsx") -> Path:
    """A work list whose note column somebody has filled in: finding id -> note."""
    write_worklists(ALL, [], [], home.root / "list", title="问题清单")
    path = home.root / "list" / name
    if name.endswith(".csv"):
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        note, key = rows[0].index("填报说明"), rows[0].index("编号")
        for row in rows[1:]:
            row[note] = texts.get(row[key], "")
        with path.open("w", encoding="gb18030", newline="") as handle:
            csv.writer(handle).writerows(rows)
        return path
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        heads = [c.value for c in sheet[2]]
        note, key = heads.index("填报说明") + 1, heads.index("编号") + 1
        for row in range(3, sheet.max_row + 1):
            if sheet.cell(row, key).value in texts:
                sheet.cell(row, note).value = texts[sheet.cell(row, key).value]
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["findings.xlsx", "findings.csv"])
def test_a_filled_list_is_taken_back(home: Home, name: str) -> None:
    path = filled(home, {WARNING.id: GOOD}, name)
    done = import_notes(home, path, noted_by="张北县教育局统计岗", noted_on=DAY)
    assert (len(done.added), done.refused, done.unchanged) == (1, [], 0)
    (note,) = read_notes(home.data_raw / "city").notes
    assert (note.finding_id, note.rule, note.note_zh, note.noted_by, note.noted_on) == (
        WARNING.id,
        "C10",
        GOOD,
        "张北县教育局统计岗",
        "2024-11-01",
    )
    assert done.open == [REVIEW] == still_open(home, "city")
    again = import_notes(home, path, noted_by="张北县教育局统计岗", noted_on=DAY)
    assert (again.added, again.replaced, again.unchanged) == ([], [], 1)


def test_another_note_takes_the_place_of_the_first(home: Home) -> None:
    import_notes(home, filled(home, {WARNING.id: GOOD}), noted_by="统计岗", noted_on=DAY)
    other = "核对后确认：镇中心园改建期间幼儿转到县城就读"
    done = import_notes(home, filled(home, {WARNING.id: other}), noted_by="统计岗", noted_on=DAY)
    assert [n.note_zh for n in done.replaced] == [other]
    assert [n.note_zh for n in read_notes(home.data_raw / "city").notes] == [other]


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        (WARNING.id, "情况属实", "少于 10 个字"),
        (WARNING.id, "经核实，数据无误，特此说明。", "只是套话"),
        (ERROR.id, GOOD, "错误必须更正"),
    ],
)
def test_a_note_that_cannot_stand_is_refused_and_told(home: Home, key: str, text: str, why: str) -> None:
    done = import_notes(home, filled(home, {key: text, REVIEW.id: GOOD}), noted_by="统计岗", noted_on=DAY)
    (refused,) = done.refused
    assert why in refused.zh and refused.handed.text == text and refused.handed.row >= 3
    assert [n.finding_id for n in read_notes(home.data_raw / "city").notes] == [REVIEW.id]


def test_a_list_of_figures_that_have_changed_is_refused(home: Home) -> None:
    path = filled(home, {WARNING.id: GOOD})
    changed = [finding(value="58.00%"), REVIEW, ERROR]
    write_records(home.build / "city-2024" / "findings" / "gate.json", changed, [])
    done = import_notes(home, path, noted_by="统计岗", noted_on=DAY)
    assert "不在最近一次检查的结果里" in done.refused[0].zh
    assert not (home.data_raw / "city" / "notes.csv").exists()


def test_what_is_no_work_list_is_refused(home: Home) -> None:
    path = home.root / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Refusal, match="不是问题清单"):
        import_notes(home, path, noted_by="统计岗", noted_on=DAY)
    with pytest.raises(Refusal, match="岗位"):
        import_notes(home, path, noted_by=" ", noted_on=DAY)
    with pytest.raises(Refusal, match="无法打开"):
        import_notes(home, home.root / "nowhere.xlsx", noted_by="统计岗", noted_on=DAY)


def test_a_wrong_notes_file_is_not_written_over(home: Home) -> None:
    (home.data_raw / "city" / "notes.csv").write_text("finding_id\nx\n", "utf-8")
    with pytest.raises(Refusal, match=r"notes\.csv"):
        import_notes(home, filled(home, {WARNING.id: GOOD}), noted_by="统计岗", noted_on=DAY)
    assert (home.data_raw / "city" / "notes.csv").read_text("utf-8") == "finding_id\nx\n"


def test_the_list_comes_back_with_the_notes_in_it(home: Home) -> None:
    import_notes(home, filled(home, {WARNING.id: GOOD}), noted_by="统计岗", noted_on=DAY)
    notes = read_notes(home.data_raw / "city").notes
    write_worklists(ALL, [], [], home.root / "next", notes=notes)
    text = (home.root / "next" / "findings.csv").read_text("utf-8-sig")
    assert text.count(GOOD) == 1
    assert GOOD in (home.root / "next" / "findings.html").read_text("utf-8")


def test_standing_by_supplier_and_unit(home: Home) -> None:
    areas = [{"area_code": "130702", "name_zh": "桥东区"}, {"area_code": "130722", "name_zh": "张北县"}]
    more = [finding(value="1", more=4), *ALL[:3]]
    import_notes(home, filled(home, {WARNING.id: GOOD}), noted_by="统计岗", noted_on=DAY)
    works = arrange(more, [], areas=areas, notes=read_notes(home.data_raw / "city").notes)
    lines = standings(works, ["桥东区", "桥西区", "张北县"], "area")
    assert [(s.name, s.errors, s.to_note, s.noted, s.to_review, s.fine) for s in lines] == [
        ("张北县", 1, 5, 1, 0, False),
        ("桥东区", 0, 0, 0, 1, False),
        ("桥西区", 0, 0, 0, 0, True),
    ]
