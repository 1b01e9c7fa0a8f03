"""Notes: what is refused, what is tied to what, and the rule that every warning has one.

Belongs here: notes.csv and rule E09. Does not belong here: how notes are asked for and imported (office).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.quality.finding import Finding
from pipeline.quality.gate import run_gate
from pipeline.quality.notes import (
    COLUMNS,
    NOTES_FILE,
    Note,
    noted,
    notes_frame,
    open_findings,
    read_notes,
    refuse,
    stale_notes,
    stock_phrases,
    write_notes,
)

GOOD = "因撤并两所村小，学生转入镇中心小学就读"


def warning(**changes: Any) -> Finding:
    values = {
        "rule": "C10",
        "severity": "warning",
        "table": "core.kindergarten",
        "area_code": "130722",
        "period": "2024",
        "value": "59.93%",
        "message_zh": "毛入园率异常",
        "message_en": "unusual",
        "expected_zh": "60%—120%",
    }
    return Finding(**(values | changes))


def note(finding_id: str, text: str = GOOD, **changes: str) -> Note:
    values = {
        "finding_id": finding_id,
        "rule": "C10",
        "table": "core.kindergarten",
        "period": "2024",
        "area_code": "130722",
        "value": "59.93%",
        "note_zh": text,
        "noted_by": "张北县教育局统计岗",
        "noted_on": "2024-11-01",
    }
    return Note(**(values | changes))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "short"),
        ("撤并两所村小学生转出", ""),
        ("撤并两所村小学生转", "short"),
        ("  撤 并 村 小 。。。！！  ", "short"),
        ("经核实，数据无误，特此说明。", "stock"),
        ("数据来源于学校，情况属实，确认无误", "stock"),
        ("无无无无无无无无无无无无", "stock"),
        ("撤并撤并撤并撤并撤并撤并", "stock"),
        ("12345678901234567890", "stock"),
        ("ＣＨＥＣＫＥＤ, Correct, verified", "stock"),
        ("经核实，" + GOOD, ""),
    ],
)
def test_what_says_nothing_is_refused(text: str, why: str) -> None:
    assert refuse(text) == why


def test_there_are_enough_stock_phrases() -> None:
    assert len(stock_phrases()) >= 25
    assert all(refuse(phrase * 10) == "stock" for phrase in stock_phrases())


@pytest.mark.parametrize(
    "changes",
    [
        {"period": "2023"},
        {"value": "59.92%"},
        {"area_code": "130702"},
        {"rule": "C09"},
        {"subject": "1113000001"},
        {"expected_zh": "55%—120%"},
        {"column": "在园幼儿数"},
        {"table": "core.population_group"},
    ],
)
def test_a_note_silences_nothing_else(changes: dict[str, str]) -> None:
    told = warning()
    notes = [note(told.id)]
    assert noted([told], notes) == {told.id: notes[0]}
    assert open_findings([told], notes, "warning") == []
    other = replace(told, **changes)
    assert open_findings([other], notes, "warning") == [other]


def test_a_row_that_moves_or_a_text_that_is_put_better_keeps_its_note() -> None:
    told = warning(file="a.csv", row=2)
    moved = replace(told, file="b.csv", row=9, message_zh="另一种说法")
    assert noted([moved], [note(told.id)])


def test_a_refused_note_covers_nothing_and_an_error_cannot_be_noted() -> None:
    told = warning()
    assert open_findings([told], [note(told.id, "情况属实")], "warning") == [told]
    wrong = replace(told, severity="error")
    assert noted([wrong], [note(wrong.id)]) == {}


def test_notes_on_nothing_are_told_for_their_year_only() -> None:
    told = warning()
    gone = note("0" * 12)
    (finding,) = stale_notes([told], [note(told.id), gone], 2024)
    assert (finding.rule, finding.severity, finding.value) == ("N03", "info", "0" * 12)
    assert stale_notes([told], [gone], 2025) == []


def test_the_file_round_trips(tmp_path: Path) -> None:
    assert read_notes(tmp_path) == read_notes(tmp_path / "nowhere")
    notes = [note("a" * 12, "因两所村小撤并，“并入”镇中心小学"), note("b" * 12, rule="A06")]
    path = write_notes(tmp_path, notes)
    assert path.name == NOTES_FILE
    result = read_notes(tmp_path)
    assert (result.notes, result.findings) == (sorted(notes), [])
    assert path.read_text("utf-8").splitlines()[1].startswith("bbbbbbbbbbbb,A06")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"xyz,C10,t,2024,130722,1,{GOOD},岗位,2024-11-01", "finding_id"),
        (f"{'a' * 12},C10,t,2024,130722,1,{GOOD},,2024-11-01", "noted_by"),
        (f"{'a' * 12},C10,t,2024,130722,1,{GOOD},岗位,2024-13-01", "noted_on"),
        (f"{'c' * 12},C10,t,2024,130722,1,{GOOD},岗位,2024-11-01", "finding_id"),
    ],
)
def test_a_wrong_row_is_told_with_its_column(tmp_path: Path, line: str, column: str) -> None:
    good = f"{'c' * 12},C10,t,2024,130722,1,{GOOD},岗位,2024-11-01"
    (tmp_path / NOTES_FILE).write_text("\n".join([",".join(COLUMNS), good, line]) + "\n", "utf-8")
    result = read_notes(tmp_path)
    (finding,) = result.findings
    assert (finding.rule, finding.row, finding.column, finding.blocks) == ("N02", 3, column, True)
    assert [n.finding_id for n in result.notes] == ["c" * 12]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", ",".join(COLUMNS) + "\na,b\n"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / NOTES_FILE).write_text(text, "utf-8")
    (finding,) = read_notes(tmp_path).findings
    assert finding.rule == "N01" and finding.blocks


def e09(edition: Any, sql_root: Path, found: list[Finding]) -> list[tuple[str, str, str, int | None]]:
    told = run_gate(edition.connection, 3, sql_root=sql_root, found=found).findings
    assert {f.rule for f in told} <= {"E09"} and all(f.blocks for f in told)
    return [(f.message_zh, f.area_code, f.file, f.row) for f in told]


def give(edition: Any, *notes: Note) -> None:
    edition.connection.register("given", notes_frame(notes).to_arrow())
    edition.run("INSERT INTO raw.note BY NAME SELECT finding_id, note_zh, refusal FROM given")
    edition.connection.unregister("given")


def test_a_warning_without_a_note_blocks(edition: Any, sql_root: Path) -> None:
    told = warning(file="2024/kindergartens.csv", row=7)
    review = warning(severity="review", rule="C20")
    info = warning(severity="info", rule="E06")
    missing = [(f"警告 C10 {told.id} 没有填报说明", "130722", "2024/kindergartens.csv", 7)]
    assert e09(edition, sql_root, [told, review, info]) == missing
    give(edition, note(told.id))
    assert e09(edition, sql_root, [told, review, info]) == []
    other = replace(told, value="58.00%")
    assert e09(edition, sql_root, [other]) == [
        (f"警告 C10 {other.id} 没有填报说明", "130722", "2024/kindergartens.csv", 7)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [("情况属实", "的填报说明少于十个字"), ("经核实，数据无误，特此说明。", "的填报说明只是套话,没有写明原因")],
)
def test_a_note_that_says_nothing_does_not_help(
    text: str, words: str, edition: Any, sql_root: Path
) -> None:
    told = warning()
    give(edition, note(told.id, text))
    assert e09(edition, sql_root, [told]) == [(f"警告 C10 {told.id} {words}", "130722", "", None)]


def test_warnings_that_are_not_listed_cannot_be_explained(edition: Any, sql_root: Path) -> None:
    told = warning(more=12)
    give(edition, note(told.id))
    assert e09(edition, sql_root, [told]) == [
        ("规则 C10 的警告过多,另有 12 条没有逐条列出,无法说明", "130722", "", None)
    ]


def test_warnings_of_the_last_gate_need_a_note_too(edition: Any, sql_root: Path) -> None:
    edition.run(
        "UPDATE indicator.preschool_ger SET value_num = 106, value_den = 1 WHERE area_code = '130700' "
        "AND variant = 'certified'"
    )
    told = run_gate(edition.connection, 3, sql_root=sql_root).findings
    # C20 is a review: the value is far from the computed one; it needs no note before publication.
    assert [f.rule for f in told] == ["E09", "E02", "C20"]
    give(edition, note(told[1].id))
    assert [f.rule for f in run_gate(edition.connection, 3, sql_root=sql_root).findings] == ["E02", "C20"]
