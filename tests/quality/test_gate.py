"""How a gate works: outcomes, crashes, counting, limits, batches.

Belongs here: behaviour that holds for every rule. Does not belong here: what each rule says
(test_rules_break.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.quality import engine as engine_module
from pipeline.quality import gate as gate_module
from pipeline.quality import kept as kept_module
from pipeline.quality.engine import Engine, Wanted
from pipeline.quality.finding import RuleOutcome, read_records, write_records
from pipeline.quality.gate import LISTED, GateResult, checks_for, run_gate
from pipeline.quality.kept import Kept
from pipeline.quality.rules import RuleError

REGISTER = "staging.school_register"


def outcome(result: GateResult, rule: str, table: str) -> RuleOutcome:
    (found,) = [o for o in result.outcomes if (o.rule, o.table) == (rule, table)]
    return found


def test_every_check_has_one_outcome(edition: Any, sql_root: Path) -> None:
    for gate in (1, 2, 3):
        result = run_gate(edition.connection, gate, sql_root=sql_root)
        assert sorted((o.rule, o.table) for o in result.outcomes) == sorted(checks_for(gate))
    with pytest.raises(ValueError, match="gate must be 1, 2 or 3"):
        run_gate(edition.connection, 4, sql_root=sql_root)


def test_checked_and_offending_count_rows(edition: Any, sql_root: Path) -> None:
    edition.run(
        "UPDATE staging.kindergarten_children SET entrants = NULL, leavers = -1 WHERE source_row = 16"
    )
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=["staging.kindergarten_children"])
    told = outcome(result, "B01", "staging.kindergarten_children")
    # two cells of one row are wrong: two findings, one offending row
    assert (told.outcome, told.checked, told.offending) == ("failed", 40, 1)
    assert [(f.rule, f.column) for f in result.findings] == [
        ("B01", "入园幼儿数"),
        ("B01", "离园幼儿数"),
        ("B06", "入园幼儿数"),
    ]
    assert result.blocks
    assert result.of("B01", "staging.kindergarten_children") == result.findings[:2]
    assert result.of("B05", "staging.kindergarten_children") == []


def test_rows_under_a_condition_are_counted_apart(edition: Any, sql_root: Path) -> None:
    edition.run(f"DELETE FROM {REGISTER} WHERE founder_type = '民办'")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=[REGISTER])
    assert outcome(result, "A11", REGISTER).checked == 10
    edition.run("DELETE FROM staging.enrolment_by_grade WHERE is_total")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=["staging.enrolment_by_grade"])
    assert outcome(result, "B03", "staging.enrolment_by_grade") == RuleOutcome(
        rule="B03",
        table="staging.enrolment_by_grade",
        severity="error",
        outcome="passed",
        checked=0,
        offending=0,
    )


def test_findings_follow_the_rows_of_a_rule_across_tables(edition: Any, sql_root: Path) -> None:
    edition.run(
        "UPDATE staging.school_register SET status = '停办' WHERE school_id IN ('1113000001', '3413000006')"
    )
    result = run_gate(edition.connection, 2, sql_root=sql_root)
    assert [f.table for f in result.of("C01", "core.kindergarten")] == ["staging.kindergarten_children"]
    assert [f.table for f in result.of("C01", "core.enrolment")] == ["staging.enrolment_by_grade"]
    assert outcome(result, "C01", "core.kindergarten").offending == 1
    only = run_gate(edition.connection, 2, sql_root=sql_root, tables=["core.kindergarten"])
    assert {o.table for o in only.outcomes} == {"core.kindergarten"}
    assert only.findings == result.of("C01", "core.kindergarten")


def test_a_missing_column_is_no_pass(edition: Any, sql_root: Path) -> None:
    edition.run(f"ALTER TABLE {REGISTER} DROP COLUMN urban_rural_code")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=[REGISTER])
    assert outcome(result, "A05", REGISTER).outcome == "could_not_be_evaluated"
    assert {o.rule for o in result.outcomes if o.outcome != "passed"} == {"A05", "A09", "C22"}
    told = next(f for f in result.findings if f.rule == "A05")
    assert (told.outcome, told.table, told.blocks) == ("could_not_be_evaluated", REGISTER, True)
    assert told.message_zh.startswith("规则“城乡分类代码有效”未能核对:")
    assert "urban_rural_code" in told.message_zh and "urban_rural_code" in told.message_en


def test_a_missing_column_in_a_condition_is_no_pass(edition: Any, sql_root: Path) -> None:
    edition.run(f"ALTER TABLE {REGISTER} DROP COLUMN founder_type")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=[REGISTER])
    assert outcome(result, "A11", REGISTER).outcome == "could_not_be_evaluated"
    assert {o.outcome for o in result.outcomes if o.rule in ("A04", "A13")} == {"passed"}


def test_a_warning_that_could_not_be_evaluated_blocks(edition: Any, sql_root: Path) -> None:
    edition.run("DROP TABLE core.population_group")
    result = run_gate(edition.connection, 2, sql_root=sql_root)
    crashed = {o.rule for o in result.outcomes if o.outcome == "could_not_be_evaluated"}
    assert crashed == {"C09", "C10"}, "C11 compares returns and needs no core table"
    told = next(f for f in result.findings if f.rule == "C09")
    assert (told.severity, told.blocks) == ("warning", True)
    assert told.message_zh == (
        "规则“小学、初中在校生与学龄人口相称”未能核对:没有数据表 core.population_group"
    )
    assert result.blocks


def test_a_missing_return_that_is_due_is_no_pass(edition: Any, sql_root: Path) -> None:
    table = "staging.technical_school_enrolment"
    edition.run(f"DROP TABLE {table}")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=[table])
    assert {(o.rule, o.outcome) for o in result.outcomes} == {
        ("A01", "could_not_be_evaluated"),
        ("A13", "could_not_be_evaluated"),
        ("F01", "could_not_be_evaluated"),
        ("B01", "could_not_be_evaluated"),
        ("C21", "could_not_be_evaluated"),
    }


def test_a_return_that_the_programme_does_not_hold_passes_with_nothing_checked(
    edition: Any, sql_root: Path
) -> None:
    returns = [t.split(".")[1] for r, t in checks_for(1) if r == "A13"]
    kept = ("certified_values", "published_counts")
    for name in returns:
        if name not in kept:
            edition.connection.execute(f"DELETE FROM staging.{name}").fetchall()
    edition.run(
        "DELETE FROM raw.due_returns WHERE table_name NOT IN ('certified_values', 'published_counts')"
    )
    for table in ("core.enrolment", "core.kindergarten", "core.population_group", "core.finance", "raw.restated_cell", "raw.plan_name"):
        edition.run(f"DELETE FROM {table}")
    for gate in (1, 2):
        result = run_gate(edition.connection, gate, sql_root=sql_root)
        assert result.findings == []
        for told in result.outcomes:
            assert told.outcome == "passed"
            held = {"staging.certified_values": 1, "staging.submission": 4}
            assert told.checked == held.get(told.table, 0), told
    edition.run("DROP TABLE staging.pupil_movement")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=["staging.pupil_movement"])
    assert outcome(result, "B01", "staging.pupil_movement").outcome == "passed"
    assert outcome(result, "A13", "staging.pupil_movement").outcome == "could_not_be_evaluated"


def copied_sql(sql_root: Path, tmp_path: Path, rule: str, text: str) -> Path:
    folder = tmp_path / "quality"
    folder.mkdir()
    for path in (sql_root / "quality").iterdir():
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (folder / f"{rule}.sql").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "SELECT nothing FROM core.finance",
            'BinderException: Binder Error: Referenced column "nothing" not found',
        ),
        (
            "SELECT 'core.finance' AS table_name",
            "LookupError: the query of F13 lacks the columns area_code, ",
        ),
        ("this is no SQL", "ParserException: Parser Error"),
    ],
)
def test_a_query_that_does_not_run_is_told_in_words(
    edition: Any, sql_root: Path, tmp_path: Path, text: str, told: str
) -> None:
    # the last rule of its gate: an error of syntax ends the transaction in which a test runs
    root = copied_sql(sql_root, tmp_path, "f13", text)
    result = run_gate(edition.connection, 2, sql_root=root)
    assert {o.rule for o in result.outcomes if o.outcome != "passed"} == {"F13"}
    assert told in result.findings[0].message_zh


def test_a_query_that_is_not_there_is_told_in_words(edition: Any, sql_root: Path, tmp_path: Path) -> None:
    root = copied_sql(sql_root, tmp_path, "c13", "")
    (root / "quality" / "c13.sql").unlink()
    result = run_gate(edition.connection, 2, sql_root=root)
    assert {o.rule for o in result.outcomes if o.outcome != "passed"} == {"C13"}
    assert "FileNotFoundError" in result.findings[0].message_en


def test_a_query_may_not_name_what_its_rule_does_not_guard(
    edition: Any, sql_root: Path, tmp_path: Path
) -> None:
    text = (sql_root / "quality" / "c01.sql").read_text("utf-8").replace("'staging.kinder", "'staging.other")
    root = copied_sql(sql_root, tmp_path, "c01", text)
    edition.run("DELETE FROM staging.school_register WHERE school_id = '1113000001'")
    result = run_gate(edition.connection, 2, sql_root=root)
    assert outcome(result, "C01", "core.kindergarten").outcome == "could_not_be_evaluated"
    assert "which no guard stands for" in result.findings[0].message_en


def test_a_crash_of_the_engine_is_told_for_every_rule_of_the_table(
    edition: Any, sql_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise MemoryError("no more room")

    monkeypatch.setattr(Engine, "validate", fails)
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=[REGISTER])
    crashed = {o.rule for o in result.outcomes if o.outcome == "could_not_be_evaluated"}
    assert crashed == {"A01", "A02", "A03", "A05", "A11"}
    assert all("MemoryError: no more room" in f.message_zh for f in result.findings)


def test_a_query_that_could_not_be_judged_once_is_judged_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each number of rows is put to the expectation once; that it crashed says nothing of the next query."""
    engine, rows = Engine(), pa.table({"table_name": ["core.finance"]})
    with monkeypatch.context() as broken:
        broken.setattr(engine_module, "_crash_text", lambda told: "no more room")
        assert [engine.expect_no_rows(rows).crash for _ in range(2)] == ["no more room"] * 2
    assert (engine.expect_no_rows(rows).crash, engine.expect_no_rows(rows).success) == (None, False)
    assert engine.expect_no_rows(rows.slice(0, 0)).success


BROKEN = "UPDATE staging.kindergarten_children SET entrants = NULL, leavers = -1 WHERE source_row = 16"


def test_what_was_asked_of_the_same_rows_is_not_asked_again(
    edition: Any, sql_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate that keeps answers says the same of the same rows, findings and all, and asks where a row is another one."""

    def fails(*_: Any) -> Any:
        raise MemoryError("asked again")

    edition.run(BROKEN)
    anew = run_gate(edition.connection, 1, sql_root=sql_root)
    first = run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path)
    monkeypatch.setattr(kept_module, "engine", fails)
    assert first == anew == run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path)
    for name in ("version", "__file__"):  # other libraries, other code that asks
        with monkeypatch.context() as other:
            other.setattr(kept_module, name, (lambda library: "0") if name == "version" else gate_module.__file__)
            kept_module._asked_with.cache_clear()
            assert run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path).findings != anew.findings
    kept_module._asked_with.cache_clear()
    edition.run(f"UPDATE {REGISTER} SET urban_rural_code = '999' WHERE source_row = 2")
    changed = run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path)
    asked = {o.table for o in changed.outcomes if o.outcome == "could_not_be_evaluated"}
    assert asked == {REGISTER}
    monkeypatch.undo()
    changed = run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path)
    assert [f.row for f in changed.of("A05", REGISTER) if f.outcome == "failed"] == [2]
    assert changed == run_gate(edition.connection, 1, sql_root=sql_root)


def test_an_answer_is_of_its_rows_its_expectations_and_their_order(tmp_path: Path) -> None:
    """Values, types, rows and arguments: what differs in one of them is asked for itself."""
    kept = Kept(tmp_path)

    def failing(values: list[Any], most: int, where: str | None = None) -> list[int]:
        columns = {"a": pd.array(values, dtype=pd.ArrowDtype(pa.int64())), "w": [True, *[False] * (len(values) - 1)]}
        wanted = Wanted("expect_column_values_to_be_between", {"column": "a", "max_value": most}, where)
        (judged,) = kept.validate(pd.DataFrame(columns), [wanted])
        return judged.rows

    for _ in range(2):  # the second time everything is kept
        assert failing([1, 2, 3], 2) == [2]
        assert failing([3, 2, 1], 2) == [0]
        assert failing([1, 2, 3], 1) == [1, 2]
        assert failing([1, 2, None], 1) == [1]
        assert failing([1, 2, 3], 0, "w") == [0]
        assert failing([1, 2, 3], 0) == [0, 1, 2]
        assert failing([1, 2, 3, 3], 2) == [2, 3]
        assert [kept.expect_no_rows(pa.table({"a": [1] * n})).success for n in (0, 1, 2)] == [True, False, False]
    assert len(list(tmp_path.iterdir())) == 7 + 3


def test_answers_that_broke_or_are_damaged_are_asked_again(
    edition: Any, sql_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition.run(BROKEN)
    anew = run_gate(edition.connection, 1, sql_root=sql_root)
    with monkeypatch.context() as broken:
        broken.setattr(engine_module, "_crash_text", lambda told: "no more room")
        assert run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path) != anew
    assert run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path) == anew
    for damage in (lambda text: text[:-9], lambda text: text.replace("false", "true"), lambda text: "[]"):
        for path in tmp_path.iterdir():
            path.write_text(damage(path.read_text("utf-8")), "utf-8")
        assert run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path) == anew
    for path in tmp_path.iterdir():  # each whole, but the answer to something else
        path.rename(path.with_suffix(".was"))
    was = sorted(tmp_path.iterdir())
    for path, other in zip(was, [*was[1:], was[0]], strict=True):
        path.with_suffix(".json").write_bytes(other.read_bytes())
    assert run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path) == anew
    assert not list(tmp_path.glob("*.partial"))


def test_rows_that_have_no_text_are_asked_for_each_time(tmp_path: Path) -> None:
    """A column of lists: a run asks of it, so a check does, too."""
    lists = pd.array([[1], [2], None], dtype=pd.ArrowDtype(pa.list_(pa.int64())))
    frame = pd.DataFrame({"a": pd.array([1, 2, 3], dtype=pd.ArrowDtype(pa.int64())), "b": lists})
    wanted = [Wanted("expect_column_values_to_be_between", {"column": "a", "max_value": 2})]
    assert [judged.rows for judged in Kept(tmp_path).validate(frame, wanted)] == [[2]]
    assert not list(tmp_path.iterdir())


def test_the_type_that_pandas_computes_with_is_part_of_the_rows(tmp_path: Path) -> None:
    frames = [pd.DataFrame({"a": pd.array([1, 2], dtype=kind)}) for kind in ("int64", "Int64", pd.ArrowDtype(pa.int64()))]
    assert len({kept_module._content(frame) for frame in frames}) == 3


def test_answers_that_nobody_looked_up_for_a_month_are_deleted(tmp_path: Path) -> None:
    kept, day = Kept(tmp_path), 24 * 60 * 60
    for n in range(3):
        kept.expect_no_rows(pa.table({"a": [1] * n}))
    (tmp_path / "x.json.1.partial").write_text("{")
    old = time.time() - 31 * day
    for path in tmp_path.iterdir():
        os.utime(path, (old, old))
    kept.expect_no_rows(pa.table({"a": [1]}))
    kept_module.forget_unused(tmp_path)
    (left,) = tmp_path.iterdir()
    assert left.stat().st_mtime > old + day
    kept_module.forget_unused(tmp_path)
    kept_module.forget_unused(tmp_path / "nowhere")
    assert left.exists()


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(edition: Any, sql_root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    edition.run(BROKEN)
    told = run_gate(edition.connection, 1, sql_root=sql_root, kept=tmp_path / "file")
    assert told == run_gate(edition.connection, 1, sql_root=sql_root)


def test_many_findings_are_listed_in_part_and_counted_in_full(edition: Any, sql_root: Path) -> None:
    edition.run(
        "INSERT INTO staging.school_register BY NAME SELECT "
        "'2113' || lpad(CAST(5000 + i AS VARCHAR), 6, '0') AS school_id, 2020 AS school_year, "
        "'211' AS school_type, '教育部门' AS founder_type, TRUE AS is_public, '130702' AS county_code, "
        "'130722001001' AS site_code12, '000' AS urban_rural_code, '停办' AS status, "
        "'130702' AS area_code, '2020/many.csv' AS source_file, '' AS source_sheet, "
        "CAST(i + 2 AS INTEGER) AS source_row, 2020 AS period "
        "FROM range(260) AS t(i)"
    )
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=[REGISTER])
    for rule in ("A04", "A05"):  # one by SQL, one by expectation
        told = [f for f in result.of(rule, REGISTER) if f.outcome == "failed"]
        assert len(told) == LISTED["error"] == 200
        assert sum(f.more for f in told) == 60
        assert [f.row for f in told] == list(range(2, 202)) and told[-1].more == 60
        assert outcome(result, rule, REGISTER).offending == 260


def test_periods_with_other_valid_units_are_other_batches(
    edition: Any, sql_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    whole = gate_module._Run._frame

    def watched(self: Any, table: str, meta: Any, columns: Any, conditions: Any, periods: list[str]) -> Any:
        seen.append(periods)
        return whole(self, table, meta, columns, conditions, periods)

    monkeypatch.setattr(gate_module._Run, "_frame", watched)
    edition.run(
        "INSERT INTO staging.enrolment_by_grade BY NAME SELECT * REPLACE (2019 AS school_year) "
        "FROM staging.enrolment_by_grade WHERE school_year = 2020 AND source_row = 2"
    )
    tables = ["staging.enrolment_by_grade"]
    run_gate(edition.connection, 1, sql_root=sql_root, tables=tables)
    assert seen == [["2012"], ["2019", "2020"]], "the boundary change of 2016 parts the batches"
    seen.clear()
    monkeypatch.setattr(gate_module, "BATCH_ROWS", 50)
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=tables)
    assert seen == [["2012"], ["2019"], ["2020"]]
    assert outcome(result, "A01", tables[0]).checked == 96


def test_a_date_without_a_year_has_no_valid_unit(edition: Any, sql_root: Path) -> None:
    edition.run("UPDATE staging.population_by_age SET ref_date = NULL WHERE source_row = 2")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=["staging.population_by_age"])
    failed = [f for f in result.findings if f.outcome == "failed"]
    assert [(f.rule, f.row, f.value) for f in failed] == [("A01", 2, "130702")]


def test_the_same_tables_give_the_same_findings(edition: Any, sql_root: Path, tmp_path: Path) -> None:
    edition.run("UPDATE staging.school_register SET urban_rural_code = '9', site_code12 = '1'")
    first, second = (run_gate(edition.connection, 1, sql_root=sql_root, tables=[REGISTER]) for _ in range(2))
    assert first == second
    write_records(tmp_path / "gate.json", first.findings, first.outcomes)
    assert read_records(tmp_path) == (first.findings, first.outcomes)


def test_limits_may_come_from_the_plan(edition: Any, sql_root: Path) -> None:
    edition.run("UPDATE core.population_group SET population = 900 WHERE age_group = '3-5'")
    assert {f.rule for f in run_gate(edition.connection, 2, sql_root=sql_root).findings} == {"C10"}
    eased = run_gate(edition.connection, 2, sql_root=sql_root, thresholds={"C10.low_percent": "56"})
    assert eased.findings == []
    with pytest.raises(RuleError):
        run_gate(edition.connection, 2, sql_root=sql_root, thresholds={"C10.lowest": "56"})


def test_a_printed_rate_does_not_contradict_its_limit(edition: Any, sql_root: Path) -> None:
    edition.run(
        "UPDATE indicator.preschool_ger SET value_num = 105001, value_den = 1000 WHERE area_code = '130700' "
        "AND variant = 'certified'"
    )
    found = {f.rule: f for f in run_gate(edition.connection, 3, sql_root=sql_root).findings}
    assert set(found) == {"E02", "C20", "E09"}, "far from the computed value too, and a warning needs a note"
    told = found["E02"]
    assert (told.rule, told.value, told.expected_zh) == ("E02", "105.001%", "全域不超过105%,县(区)不超过130%")
    edition.run("UPDATE indicator.preschool_ger SET value_num = 105000 WHERE variant = 'certified'")
    assert [f.rule for f in run_gate(edition.connection, 3, sql_root=sql_root).findings] == ["C20"]


def test_the_expectation_engine_is_loaded_only_when_needed() -> None:
    script = (
        "import sys; from pipeline.quality.gate import run_gate, checks_for; checks_for(1); "
        "sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2]).returncode == 0


def test_a_table_of_wrong_codes_is_not_passed_on(edition: Any, sql_root: Path) -> None:
    # every pupil of the school would be without a school in the register: only its code is told
    edition.run(f"UPDATE {REGISTER} SET school_id = '2114000004' WHERE school_id = '2113000004'")
    edition.run("UPDATE staging.enrolment_by_grade SET pupils = -1 WHERE source_row = 4 AND school_year = 2020")
    result = run_gate(edition.connection, 1, sql_root=sql_root)
    assert {f.rule for f in result.findings if f.table == REGISTER} == {"A02"}
    assert outcome(result, "C05", "staging.inclusive_kindergarten_register").outcome == "withheld"
    assert outcome(result, "C22", REGISTER).outcome == "withheld"
    assert outcome(result, "A05", REGISTER).outcome == "passed", "rules of group A are all held"
    assert outcome(result, "B01", "staging.enrolment_by_grade").outcome == "failed", "it does not read the register"
    waiting = [f for f in result.findings if f.outcome == "withheld"]
    held = sum(o.outcome == "withheld" for o in result.outcomes)
    assert [(f.rule, f.table, f.severity, f.blocks) for f in waiting] == [("A02", REGISTER, "info", False)]
    assert f"共 {held} 项" in waiting[0].message_zh and held > 5


def test_expectations_on_a_table_that_is_not_passed_on_tell_nothing(edition: Any, sql_root: Path) -> None:
    table = "staging.teacher_exchange"
    edition.run(f"UPDATE {table} SET rotated = eligible + 1 WHERE source_row = 2")
    told = run_gate(edition.connection, 1, sql_root=sql_root, tables=[table])
    assert "B27" in {f.rule for f in told.findings}
    edition.run(f"UPDATE {table} SET county_code = '139999' WHERE source_row = 2")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=[table])
    assert {f.rule for f in result.findings} == {"A01"}
    assert outcome(result, "B27", table) == RuleOutcome(
        rule="B27", table=table, severity="error", outcome="withheld", checked=0, offending=0
    )
