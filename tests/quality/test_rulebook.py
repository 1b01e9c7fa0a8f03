"""The rule file itself: complete, coherent, and in step with its SQL and its page."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import yaml
from sqlglot import exp

from pipeline.intake.contract import load_contracts
from pipeline.quality import words
from pipeline.quality.finding import Finding
from pipeline.quality.notes import Note, noted
from pipeline.quality.page import PAGE, render
from pipeline.quality.rules import (
    BOOK,
    RULES_FOLDER,
    Rule,
    RuleError,
    checks_for,
    load_rules,
    read_rules,
    resolve_thresholds,
    rules_for,
)

METHOD = list(csv.DictReader((Path(__file__).parent / "method_rules.csv").read_text("utf-8").splitlines()))
"""The ninety-six rules of the method, as agreed: rule, the table it is on, severity, whether a note is needed."""
OWN = {**dict.fromkeys(("F01", "F02", "F03", "F04", "F05", "F06", "F07"), "error"), "F08": "review", "F09": "warning", "F10": "error", "F11": "warning", "F12": "error", "F13": "error", "F14": "warning"}
"""Rules that we added: nothing drops out of a sum, nor an approved correction out of the record, without a word, and no sum
holds what is not there."""
NOTED = {"error": "no", "warning": "yes", "review": "yes", "info": "no"}
"""Which severities need a note (docs/validation-rules.md): what notes.py asks for."""
RESULT_COLUMNS = [
    "table_name",
    "source_file",
    "source_sheet",
    "source_row",
    "column_name",
    "value",
    "area_code",
    "period",
    "expected",
    "detail",
]
EXTRA_COLUMNS = {"variant", "numerator", "denominator", "unit"}


def sql_rules() -> list[Rule]:
    return [rule for rule in load_rules().rules if rule.kind == "sql"]


def statement(rule: Rule, sql_root: Path) -> str:
    return (sql_root / "quality" / f"{rule.id.lower()}.sql").read_text("utf-8")


def test_the_rules_are_those_of_the_method_and_our_own() -> None:
    """A rule that is missing, surplus or of another severity is told by its id."""
    assert len(METHOD) == 96
    agreed = {row["rule"]: row["severity"] for row in METHOD} | OWN
    made = {rule.id: rule.severity for rule in load_rules().rules}
    assert made == agreed
    assert sorted(rule.id for gate in (1, 2, 3) for rule in rules_for(gate)) == sorted(agreed)


def test_a_note_is_asked_for_where_the_method_asks_for_one() -> None:
    wanted = {row["rule"]: row["note_required"] for row in METHOD}
    assert {rule: NOTED[load_rules().rule(rule).severity] for rule in wanted} == wanted
    for severity, needed in NOTED.items():
        finding = Finding(rule="X00", severity=severity, message_zh="x", message_en="x")  # type: ignore[arg-type]
        note = Note(finding.id, "X00", "", "", "", "", "学校合并,台账核对完才报出", "岗位", "2024-10-22")
        assert bool(noted([finding], [note])) == (needed == "yes")


def test_every_sql_rule_has_its_file_and_every_file_its_rule(sql_root: Path) -> None:
    assert {path.stem for path in (sql_root / "quality").iterdir()} == {
        rule.id.lower() for rule in sql_rules()
    }


def test_checks_are_one_for_each_rule_and_guarded_table() -> None:
    for gate, schema in ((1, "staging"), (2, "core"), (3, "progress")):
        checks = checks_for(gate)
        assert len(checks) == len(set(checks))
        assert {rule_id for rule_id, _ in checks} == {rule.id for rule in rules_for(gate)}
        assert all(table.startswith(f"{schema}.") for _, table in checks)


@pytest.mark.parametrize("rule", sql_rules(), ids=lambda rule: rule.id)
def test_the_sql_of_a_rule_is_one_portable_select(rule: Rule, sql_root: Path) -> None:
    text = statement(rule, sql_root)
    assert text.startswith(f"-- {rule.id} "), "the header names the rule"
    assert "-- A row is " in text
    (tree,) = sqlglot.parse(text, read="duckdb")
    selects = list(tree.find_all(exp.Select))
    assert not list(tree.find_all(exp.Star)) or all(
        isinstance(s.parent, exp.Count) for s in tree.find_all(exp.Star)
    )
    assert not list(tree.find_all(exp.Qualify, exp.Pivot, exp.RegexpLike))
    for select in selects:
        assert all(isinstance(e, exp.Alias) for e in select.expressions), select.sql()
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        assert table.db or table.name in named, f"{table.sql()} is not qualified"
    assert [c for c in tree.named_selects if c not in EXTRA_COLUMNS] == RESULT_COLUMNS
    used = set(re.findall(r"\$([a-z_]+)_micro\b", text))
    assert used == set(rule.thresholds), "thresholds of the file and of the query differ"
    assert set(re.findall(r"\$([a-z_]+)", text)) == {f"{name}_micro" for name in used}
    assert not re.search(r"\b(FLOAT|DOUBLE|RANDOM|NOW|CURRENT_DATE|ROUND)\b", text)


def test_gates_read_what_stands_before_them(sql_root: Path) -> None:
    allowed = {
        1: {"raw", "staging"},
        2: {"raw", "staging", "core"},
        3: {"raw", "core", "indicator", "progress", "quality"},
    }
    for rule in sql_rules():
        read = {
            t.db
            for t in sqlglot.parse_one(statement(rule, sql_root), read="duckdb").find_all(exp.Table)
            if t.db
        }
        assert read <= allowed[rule.gate], rule.id


def test_columns_named_by_rules_exist_in_the_contracts() -> None:
    contracts = load_contracts()
    for rule in load_rules().rules:
        for expectation in rule.expectations:
            for table in expectation.tables:
                known = {f.name for f in contracts[table.removeprefix("staging.")].fields} | {"period"}
                assert expectation.columns_read() <= known, (rule.id, table)
    for table, meta in load_rules().tables.items():
        contract = contracts[table.removeprefix("staging.")]
        assert meta.period in {*(f.name for f in contract.fields), "period"}
    assert {f"staging.{name}" for name in contracts} == set(load_rules().tables)


def test_a_rule_on_values_comes_with_a_rule_on_blanks() -> None:
    on_values = (
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_match_regex",
        "expect_column_values_to_be_between",
    )
    for rule in load_rules().rules:
        filled = {
            (table, column)
            for e in rule.expectations
            if e.type == "expect_column_values_to_not_be_null"
            for table in e.tables
            for column in e.columns
        }
        for e in rule.expectations:
            if e.type in on_values:
                for table in e.tables:
                    for column in e.columns:
                        if column != "repeaters":  # may be left blank by its contract
                            assert (table, column) in filled, (rule.id, table, column)


def test_the_page_is_the_one_that_the_rules_make() -> None:
    page = PAGE.read_text("utf-8")
    assert re.findall(r"^\| \*\*([A-F]\d\d)\*\* \|", page, re.M) == [
        rule.id for gate in (1, 2, 3) for rule in rules_for(gate)
    ]
    assert page == render(), "run: python -m pipeline.quality.page"
    for word in ("通过 / passed", "不通过 / failed", "未能核对 / could not be evaluated"):
        assert word in page


def changed(tmp_path: Path, change: Any) -> Path:
    document = yaml.safe_load((RULES_FOLDER / BOOK).read_text("utf-8"))
    document["rules"] = [
        rule
        for path in sorted(RULES_FOLDER.glob("*.yaml"))
        if path.name != BOOK
        for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]
    ]
    change(document)
    rules = document.pop("rules")
    for name, part in ((BOOK, document), ("all.yaml", {"rules": rules})):
        (tmp_path / name).write_text(yaml.safe_dump(part, allow_unicode=True, sort_keys=False), "utf-8")
    return tmp_path


def rule_of(document: dict[str, Any], rule_id: str) -> dict[str, Any]:
    return next(rule for rule in document["rules"] if rule["id"] == rule_id)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: rule_of(d, "A02").pop("severity"), "rules.A02.severity: Field required"),
        (lambda d: rule_of(d, "A02").pop("gate"), "rules.A02.gate: Field required"),
        (lambda d: rule_of(d, "A02").update(severity="grave"), "rules.A02.severity"),
        (
            lambda d: rule_of(d, "A02").update(colour="red"),
            "rules.A02.colour: Extra inputs are not permitted",
        ),
        (lambda d: rule_of(d, "A02").update(message_zh="{nothing}"), "unknown placeholder ['nothing']"),
        (
            lambda d: rule_of(d, "C10").pop("thresholds"),
            "unknown placeholder ['attention_percent', 'high_percent', ",
        ),
        (
            lambda d: rule_of(d, "C10")["thresholds"].update(low_percent=60),
            "rules.C10.thresholds.low_percent",
        ),
        (
            lambda d: rule_of(d, "A02").update(guards=["staging.school_register", "staging.county_finance"]),
            "differ",
        ),
        (lambda d: rule_of(d, "A04").update(guards=["core.school"]), "gate 1 guards staging.* only"),
        (
            lambda d: rule_of(d, "A04").update(guards=["staging.school_register"] * 2),
            "a guard is listed twice",
        ),
        (lambda d: rule_of(d, "A04").update(kind="expectation"), "expectations belong to kind expectation"),
        (lambda d: rule_of(d, "A02").update(counts=[{"table": "raw.edition"}]), "belong to kind sql"),
        (lambda d: rule_of(d, "A02")["expectations"][0].pop("columns"), "exactly one of columns and shown"),
        (lambda d: rule_of(d, "A02")["expectations"][0].update(message_zh="x"), "go together"),
        (
            lambda d: rule_of(d, "A02")["expectations"][0].update(type="expect_column_mean_to_be_between"),
            "Input should",
        ),
        (
            lambda d: rule_of(d, "A05")["expectations"][1]["kwargs"].update(value_set={"from": "x"}),
            "comes from one of",
        ),
        (lambda d: rule_of(d, "C01")["shown_on"].update({"staging.x": "core.x"}), "not a guard"),
        (lambda d: rule_of(d, "C01").update(counts=[{"table": "core.enrolment"}]), "needs guard or by"),
        (lambda d: d["tables"].pop("staging.county_finance"), "has no entry under tables"),
        (lambda d: d["rules"].reverse(), "in the order of their ids"),
        (lambda d: d.update(format=2), "format"),
    ],
)
def test_a_wrong_rule_file_is_refused_by_name(tmp_path: Path, change: Any, told: str) -> None:
    with pytest.raises(RuleError, match=re.escape(told)):
        read_rules(changed(tmp_path, change))


def test_an_unreadable_rule_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        read_rules(tmp_path / "none")
    (tmp_path / BOOK).write_text("format: 1\nformat: 1\n", "utf-8")
    with pytest.raises(RuleError, match=r"key 'format' is given twice \(line 2\)"):
        read_rules(tmp_path)
    (tmp_path / BOOK).write_text("format: 1\n", "utf-8")
    (tmp_path / "a.yaml").write_text("rules: []\nlists: {}\n", "utf-8")
    with pytest.raises(RuleError, match=r"the key rules and nothing else: a\.yaml"):
        read_rules(tmp_path)


def test_thresholds_are_exact_and_known() -> None:
    rules = rules_for(2)
    assert resolve_thresholds(rules, None)["C10"]["low_percent"] == 60
    given = resolve_thresholds(rules, {"C10.low_percent": "55.5", "E02.total_high_percent": 110})
    assert given["C10"] == {
        "low_percent": Decimal("55.5"),
        "high_percent": 120,
        "attention_percent": 105,
        "min_population": 500,
    }
    assert given["C09"]["low_percent"] == 80
    with pytest.raises(RuleError, match=r"no threshold 'C10\.low'; known: .*C09\.high_percent"):
        resolve_thresholds(rules, {"C10.low": "55"})
    for wrong in (55.5, True, "many", "0.0000001", "NaN", None):
        with pytest.raises(RuleError, match="at most six decimals"):
            resolve_thresholds(rules, {"C10.low_percent": wrong})  # type: ignore[dict-item]


def test_codes_of_stages_bases_levels_and_methods_have_english_words():
    """Findings name them; each code that a return may hold is known, and none without need."""
    fields = [f for c in load_contracts().values() for f in c.fields if f.name in ("stage", "basis", "level", "method") and f.values]
    held = {str(value) for field in fields for value in field.values}
    assert len(held) > 20 and held == set(words._listed("codes"))
    assert not [en for _, en in words._listed("codes").values() if re.search("[\u3400-\u9fff]", en)]
    assert words.in_english("2113100263 小学 3") == "2113100263 primary 3"
    assert words.in_english("决算") == "final accounts" and words.in_english("小学教育") == "小学教育"
