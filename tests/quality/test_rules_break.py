"""One broken edition for each rule: exactly that rule fails, and it says where and what.

Belongs here: what breaks a rule and the finding that must follow. Does not belong here: the
mechanics of the gate (test_gate.py) and of the rule file (test_rulebook.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.quality.finding import Finding
from pipeline.quality.gate import evaluate, load_rules, rules_for, run_gate

DISTRICT, COUNTY, ZONE = "130702", "130722", "130771"


@dataclass(frozen=True)
class Broken:
    """One entry of broken.yaml."""

    rule: str
    name: str
    told: dict[str, Any]
    sql: str | None = None
    closed_school: dict[str, Any] | None = None
    enrolment: list[dict[str, Any]] | None = None
    add: dict[str, Any] | None = None
    also: list[str] = field(default_factory=list)

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """Rows to add, as (table, row)."""
        made = [school(**self.closed_school)] if self.closed_school is not None else []
        made += [enrolment(**row) for row in self.enrolment or []]
        return made + ([(self.add["table"], dict(self.add["row"]))] if self.add is not None else [])


CASES = [
    Broken(**entry) for entry in yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text("utf-8"))
]


def school(**changes: Any) -> tuple[str, dict[str, Any]]:
    """A closed school with one thing wrong: it has no pupils, so nothing else is touched."""
    row = {
        "school_id": "2113000077",
        "school_year": 2020,
        "school_name": "停办小学",
        "school_type": "211",
        "founder_type": "教育部门",
        "is_public": True,
        "profit_status": "非营利",
        "county_code": DISTRICT,
        "site_code12": f"{DISTRICT}001001",
        "urban_rural_code": "111",
        "site_place_type": "城区",
        "pays_budget_level": "县属",
        "status": "停办",
        "area_code": DISTRICT,
    }
    return "staging.school_register", row | changes


def enrolment(**changes: Any) -> tuple[str, dict[str, Any]]:
    row = {"school_year": 2020, "sex": "男", "pupils": 3, "is_total": False, "area_code": DISTRICT}
    return "staging.enrolment_by_grade", row | changes


FOLLOWING = {"E09"}
TABLE = re.compile(r"\b(?:raw|staging|core|indicator|progress)\.[a-z_]+")


@cache
def seen_by(sql_root: Path) -> dict[str, frozenset[str]]:
    """Rule -> the tables that it guards, counts, or names anywhere in its query."""
    found = {}
    for rule in load_rules().rules:
        tables = {*rule.guards, *(count.table for count in rule.counts)}
        if rule.kind == "sql":
            tables |= set(TABLE.findall((sql_root / "quality" / f"{rule.id.lower()}.sql").read_text("utf-8")))
        found[rule.id] = frozenset(tables)
    return found


def findings_of(edition: Any, sql_root: Path, touched: set[str] | None = None) -> list[Finding]:
    """Findings of all gates on an edition in which ``touched`` tables are not the clean ones (without: any table), without
    what follows from them by design.

    That is: the word that rules wait for a table of wrong codes (test_gate.py), and that a warning
    has no note (test_notes.py).

    A rule that reads no touched table says what it says of the clean edition (nothing: the test below), so it is not
    evaluated again; gate 1 tells each staging table by itself.
    """
    found = []
    for gate in (1, 2, 3):
        if touched is None:
            found += run_gate(edition.connection, gate, sql_root=sql_root).findings
            continue
        rules = [rule for rule in rules_for(gate) if seen_by(sql_root)[rule.id] & touched]
        if rules:
            tables = touched if gate == 1 else None
            found += evaluate(edition.connection, rules, load_rules(), sql_root=sql_root, tables=tables).findings
    return [f for f in found if f.outcome != "withheld" and f.rule not in FOLLOWING]


def test_the_clean_edition_passes_every_rule(edition: Any, sql_root: Path) -> None:
    for gate in (1, 2, 3):
        result = run_gate(edition.connection, gate, sql_root=sql_root)
        assert result.findings == []
        assert not result.blocks
        assert {o.outcome for o in result.outcomes} == {"passed"}
        assert all(o.checked > 0 for o in result.outcomes if edition.rows(o.table) and o.rule not in FOLLOWING)


@pytest.mark.parametrize("case", CASES, ids=[f"{c.rule}-{c.name.replace(' ', '_')}" for c in CASES])
def test_a_broken_edition_fails_exactly_its_rule(case: Broken, edition: Any, sql_root: Path) -> None:
    touched = set(TABLE.findall(case.sql or ""))
    if case.sql is not None:
        edition.run(case.sql)
    for table, row in case.rows():
        edition.add(table, row)
        touched.add(table)
    touched.update(case.also)
    findings = findings_of(edition, sql_root, touched)
    assert {f.rule for f in findings} == {case.rule}, [f.message_zh for f in findings]
    assert len(findings) == case.told.get("findings", 1)
    first = findings[0]
    told = {
        "table": first.table,
        "file": first.file,
        "sheet": first.sheet,
        "row": first.row,
        "column": first.column,
        "value": first.value,
        "area": first.area_code,
        "period": first.period,
        "message": first.message_zh,
    }
    blank = {
        "file": "",
        "sheet": "",
        "row": None,
        "column": "",
        "value": "",
        "area": DISTRICT,
        "period": "2020",
    }
    assert told == blank | {k: v for k, v in case.told.items() if k != "findings"}
    rule = load_rules().rule(case.rule)
    assert (first.severity, first.outcome, first.more) == (rule.severity, "failed", 0)
    assert first.blocks == (rule.severity == "error")
    for language in ("zh", "en"):
        for what in ("message", "expected", "who", "todo"):
            text = getattr(first, f"{what}_{language}")
            assert text and "{" not in text and "None" not in text


def test_every_rule_has_a_broken_edition() -> None:
    assert {case.rule for case in CASES} == {rule.id for rule in load_rules().rules} - FOLLOWING


def test_a_zone_may_lie_in_a_county_of_the_territory(edition: Any, sql_root: Path) -> None:
    edition.add(*school(county_code=ZONE, area_code=ZONE, site_code12=f"{DISTRICT}001001"))
    edition.add(
        *school(school_id="2113000078", county_code=ZONE, area_code=ZONE, site_code12=f"{ZONE}001001")
    )
    assert findings_of(edition, sql_root) == []
    edition.add(*school(school_id="2113000079", county_code=ZONE, area_code=ZONE, site_code12="110101001001"))
    assert [f.rule for f in findings_of(edition, sql_root)] == ["A04"]


def test_ratios_over_few_children_are_not_told(edition: Any, sql_root: Path) -> None:
    edition.run("UPDATE core.population_group SET population = 499 WHERE age_group IN ('3-5', '12-14')")
    assert run_gate(edition.connection, 2, sql_root=sql_root).findings == []
    edition.run("UPDATE core.population_group SET population = 500 WHERE age_group IN ('12-14')")
    assert run_gate(edition.connection, 2, sql_root=sql_root).findings == []
    told = run_gate(
        edition.connection, 2, sql_root=sql_root, thresholds={"C09.high_percent": "119.5"}
    ).findings
    assert [(f.rule, f.value, f.expected_zh) for f in told] == [("C09", "120.00%", "80%—119.5%")] * 2


def test_the_limits_of_a_band_belong_to_it(edition: Any, sql_root: Path) -> None:
    edition.run(
        "UPDATE core.population_group SET population = 840 WHERE age_group = '3-5'"
    )  # 504 / 840 = 60 %
    assert run_gate(edition.connection, 2, sql_root=sql_root).findings == []
    edition.run("UPDATE core.population_group SET population = 841 WHERE age_group = '3-5'")
    told = run_gate(edition.connection, 2, sql_root=sql_root).findings
    assert [(f.rule, f.value) for f in told] == [("C10", "59.93%")] * 2


def test_a_girls_total_that_was_not_handed_in_is_added_up(edition: Any, sql_root: Path) -> None:
    edition.run("DELETE FROM staging.enrolment_by_grade WHERE is_total AND sex = '女'")
    edition.run(
        "UPDATE staging.enrolment_by_grade SET pupils = 299 "
        "WHERE is_total AND grade IS NULL AND area_code = '130702'"
    )
    told = findings_of(edition, sql_root)
    assert [(f.rule, f.value, f.message_zh) for f in told] == [
        ("B02", "299", "女生数 300 大于合计 299(2113000004 小学)")
    ]


def test_the_municipal_level_has_money_of_its_own(edition: Any, sql_root: Path) -> None:
    edition.run("UPDATE staging.county_finance SET unit_code = '130701' WHERE source_row = 2")
    result = run_gate(edition.connection, 1, sql_root=sql_root, tables=["staging.county_finance"])
    assert result.findings == []
    edition.run(
        "UPDATE staging.school_register SET county_code = '130701', site_code12 = '130701001001' "
        "WHERE source_row = 2"
    )
    told = run_gate(edition.connection, 1, sql_root=sql_root, tables=["staging.school_register"]).findings
    assert ("F01", "2020/school_register.csv", 2, "130701") in {
        (f.rule, f.file, f.row, f.value) for f in told
    }


def test_population_on_a_basis_that_the_plan_does_not_use_is_missing(edition: Any, sql_root: Path) -> None:
    tables = ["staging.population_by_age"]
    edition.run("UPDATE staging.population_by_age SET basis = '户籍' WHERE area_code = '130702'")
    told, waiting = run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings
    assert waiting.outcome == "withheld"
    assert (told.rule, told.area_code, told.period, told.value) == ("A13", DISTRICT, "2020", "户籍")
    assert told.message_zh == (
        "缺报:桥东区2020年度的《分年龄人口》只有口径(科目)“户籍”,方案使用的是“常住年报、常住普查”"
    )
    # the second basis of the plan will do
    edition.run("UPDATE staging.population_by_age SET basis = '常住年报' WHERE area_code = '130702'")
    assert run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings == []
    # nothing at all is the plain text
    edition.run("DELETE FROM staging.population_by_age WHERE area_code = '130702'")
    told, waiting = run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings
    assert waiting.outcome == "withheld"
    assert told.message_zh == "缺报:桥东区没有报送2020年度的《分年龄人口》"


def test_ages_and_dates_of_a_basis_that_is_not_used_do_not_matter(edition: Any, sql_root: Path) -> None:
    edition.run(
        "INSERT INTO staging.population_by_age BY NAME SELECT * REPLACE ('户籍' AS basis) "
        "FROM staging.population_by_age WHERE age = 5 AND area_code = '130702'"
    )
    assert findings_of(edition, sql_root) == []
    edition.run("UPDATE staging.population_by_age SET basis = '常住年报' WHERE basis = '户籍'")
    told = findings_of(edition, sql_root)
    assert {f.rule for f in told} == {"F02"} and len(told) == 28


def test_a_kindergarten_of_nobody_hands_in_zeros(edition: Any, sql_root: Path) -> None:
    edition.run(
        "UPDATE staging.kindergarten_children SET children = 0, entrants = 0, leavers = 0 "
        "WHERE school_id = '1113000003'"
    )
    edition.run("UPDATE core.kindergarten SET children = 0 WHERE school_id = '1113000003'")
    edition.run("UPDATE core.population_group SET population = 500 WHERE age_group = '3-5'")
    assert [(f.rule, f.severity) for f in findings_of(edition, sql_root)] == [("A14", "review")]
    edition.run("DELETE FROM staging.kindergarten_children WHERE school_id = '1113000003'")
    assert [f.rule for f in findings_of(edition, sql_root)] == ["F05"]
    edition.run("UPDATE staging.school_register SET status = '撤并' WHERE school_id = '1113000003'")
    assert findings_of(edition, sql_root) == []
    # and without a single row of that year, A13 speaks where the return is due
    edition.run("DELETE FROM staging.kindergarten_children")
    edition.run("DELETE FROM core.kindergarten")
    assert {f.rule for f in findings_of(edition, sql_root)} == {"A13"}


def test_who_pays_has_pupils_of_the_scope_of_the_plan(edition: Any, sql_root: Path) -> None:
    edition.add(*school(school_year=2019, source_file="2019/school_register.csv"))
    edition.run(
        "INSERT INTO core.kindergarten BY NAME SELECT * REPLACE (2019 AS school_year) "
        "FROM core.kindergarten WHERE is_public"
    )

    def told() -> list[tuple[str, str, str]]:
        found = run_gate(edition.connection, 2, sql_root=sql_root, tables=["core.finance"]).findings
        return [(f.rule, f.area_code, f.message_zh) for f in found]

    assert told() == []
    edition.run("DELETE FROM core.enrolment WHERE payer_code = '130722'")
    edition.run("DELETE FROM core.kindergarten WHERE payer_code = '130722' AND school_year = 2020 AND is_public")
    assert told() == [
        ("F07", COUNTY, "张北县有2020年的教育支出,却没有2020学年的学生数;不补齐就会从合计中漏掉")
    ]
    edition.run("UPDATE raw.edition SET pupil_scope = 'all'")
    assert told() == [], "private kindergartens are left"


def test_population_belongs_to_a_county(edition: Any, sql_root: Path) -> None:
    edition.run("UPDATE staging.population_by_age SET county_code = '130701' WHERE source_row = 2")
    tables = ["staging.population_by_age"]
    (told,) = run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings
    assert (told.rule, told.file, told.row, told.value) == ("F01", "2020/population_by_age.csv", 2, "130701")
    assert told.message_zh == "2020年度《分年龄人口》的县区代码“130701”是“市本级”,不是县(区)"


def test_what_the_municipal_level_passes_down_is_not_counted_twice(edition: Any, sql_root: Path) -> None:
    """Both units spend 1 000 million; the municipal level 300 more, of which it passes 50 down to them."""
    money = {"fiscal_year": 2020, "basis": "决算", "unit_in": "万元"}
    for unit, item, amount in (
        ("130701", "一般公共预算支出", 300_000_000),
        ("130701", "对下转移支付", 50_000_000),
        ("130700", "一般公共预算支出", 2_250_000_000),
        ("130700", "教育支出", 400_000_000),
    ):
        row = {**money, "unit_code": unit, "area_code": unit, "item": item, "amount_yuan": amount}
        edition.add("staging.county_finance", row)
    tables = ["staging.county_finance"]
    assert run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings == []
    edition.run("DELETE FROM staging.county_finance WHERE item = '对下转移支付'")
    told = run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings
    assert [(f.rule, f.value, f.subject) for f in told] == [("C14", "2250000000.00", "一般公共预算支出 决算")]
    assert "2300000000.00" in told[0].message_zh


def test_an_amount_may_differ_from_the_certified_one_by_half_a_per_cent(edition: Any, sql_root: Path) -> None:
    for variant, source, num, den in (
        ("computed", "computed", 1_005_000, 100),
        ("certified", "certified", 10_000_000_000, 1_000_000),
    ):
        edition.add(
            "indicator.per_pupil_spending",
            {
                "indicator_id": "per_pupil_spending",
                "variant": variant,
                "area_code": DISTRICT,
                "segment": "all",
                "period_kind": "fiscal_year",
                "period": 2020,
                "value_num": num,
                "value_den": den,
                "value_source": source,
            },
        )
    assert run_gate(edition.connection, 3, sql_root=sql_root).findings == []
    edition.run("UPDATE indicator.per_pupil_spending SET value_num = 994999 WHERE variant = 'computed'")
    (told,) = run_gate(edition.connection, 3, sql_root=sql_root).findings
    assert (told.rule, told.value) == ("C20", "9949.99 元")


def test_a_school_that_is_run_down_is_no_five_year_school(edition: Any, sql_root: Path) -> None:
    """Grade 5 of 2013 is grade 6 of 2014; nobody follows."""
    for year, grade in ((2013, 5), (2014, 6)):
        edition.add(*enrolment(county_code=DISTRICT, programme="小学", grade=grade, school_year=year))
    tables = ["staging.enrolment_by_grade"]
    found = run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings
    assert "B14" not in {f.rule for f in found}


def test_rows_of_counties_that_have_merged_are_added_up(edition: Any, sql_root: Path) -> None:
    tables = ["staging.entrants_graduates"]
    edition.run(
        "UPDATE staging.entrants_graduates SET entrants = 150, entrants_preschool = 150, "
        "graduates_prev_summer = 150 WHERE area_code = '130702' AND stage = '小学'"
    )

    def told() -> list[str]:
        found = run_gate(edition.connection, 1, sql_root=sql_root, tables=tables).findings
        return [f.rule for f in found if f.rule in ("B09", "B10", "B12", "B13")]

    assert told() == ["B10"]
    edition.run(
        "INSERT INTO staging.entrants_graduates BY NAME SELECT * REPLACE ('130721' AS county_code, 50 AS entrants, "
        "50 AS entrants_preschool, 50 AS graduates_prev_summer, 900 AS source_row) "
        "FROM staging.entrants_graduates WHERE area_code = '130702' AND stage = '小学'"
    )
    assert told() == [], "150 and 50 entrants of the two old counties are the 200 pupils of grade 1"


def test_a_merger_late_in_the_year_does_not_refuse_the_codes_that_are_due(edition: Any, sql_root: Path) -> None:
    """The territory is that of 1 September: a county merged on 1 December files the year's accounts and population itself."""
    edition.run(f"UPDATE raw.areas SET valid_to = DATE '2020-11-30' WHERE area_code = '{COUNTY}'")
    assert findings_of(edition, sql_root) == []
    edition.run(f"UPDATE raw.areas SET valid_to = DATE '2020-08-31' WHERE area_code = '{COUNTY}'")
    assert {f.rule for f in findings_of(edition, sql_root)} >= {"A01"}
    # the unit that it becomes on that day does not file yet
    edition.run(f"UPDATE raw.areas SET valid_to = NULL, valid_from = DATE '2020-12-01' WHERE area_code = '{COUNTY}'")
    assert "A01" in {f.rule for f in findings_of(edition, sql_root) if f.table == "staging.county_finance"}


def test_a_site_code_fits_units_of_any_rank(edition: Any, sql_root: Path) -> None:
    """A zone of a county-level city may give that city's code; a prefecture's and a province's code end in zeros."""
    edition.run(f"UPDATE raw.areas SET unit_type = '县级市', unit_role = 'county' WHERE area_code = '{COUNTY}'")
    edition.run(f"UPDATE staging.school_register SET county_code = '{ZONE}' WHERE county_code = '{COUNTY}'")

    def told(table: str = "staging.school_register") -> set[str]:
        return {f.rule for f in run_gate(edition.connection, 1, sql_root=sql_root, tables=[table]).findings if f.rule == "A04"}

    assert told() == set()
    for code, fits in (("130700", True), ("130000", True), ("140000", False), ("130800", False)):
        edition.run(f"UPDATE staging.school_register SET county_code = '{code}'")
        assert (told() == set()) is fits, code


def test_an_office_that_is_known_to_be_no_heads_is_not_asked_about(edition: Any, sql_root: Path) -> None:
    """Nobody has to explain an assistant or the secretary of a township or bureau; a head who is written otherwise is told."""
    known = ("副县长", "县长助理", "县委书记秘书", "沙城镇党委书记", "县教育局党委书记", "县卫健委党委书记", "县医院党委书记",
             "城投公司党委书记", "村党支部书记", "社区党委书记", "街道党工委书记", "县直机关工委书记", "团县委书记", "中学校长")  # fmt: skip
    asked = ("区委一把手", "中共张北县委员会书记", "副县长、代县长")
    for n, role in enumerate((*known, *asked), start=1):
        event = {"event_id": n, "event_type": "领导调研", "event_date": "2020-05-04", "unit_code": DISTRICT, "role": role}
        edition.add("staging.event_log", event | {"quantity": 1, "evidence": "1", "area_code": DISTRICT})
    told = run_gate(edition.connection, 2, sql_root=sql_root, tables=["core.leader_event"]).findings
    assert [f.value for f in told if f.rule == "F11"] == list(asked)


def test_each_unit_that_filed_before_a_merger_hands_in_its_own_return(edition: Any, sql_root: Path) -> None:
    """As 宣化县 became part of 宣化区, which kept its code: the rows of either one do not stand for those of the other."""
    ended = "DATE '2015-12-31'"
    edition.run(f"INSERT INTO raw.areas BY NAME SELECT * REPLACE ('130721' AS area_code, {ended} AS valid_to) FROM raw.areas WHERE area_code = '{DISTRICT}'")
    edition.run("INSERT INTO raw.crosswalk VALUES ('130721', '130702', DATE '2016-01-01', 1, 1)")
    edition.run(f"INSERT INTO raw.due_returns VALUES ('enrolment_by_grade', 'school_year', 2013, '{DISTRICT}', 'area')")

    def told() -> list[tuple[str, str, str]]:
        found = run_gate(edition.connection, 1, sql_root=sql_root, tables=["staging.enrolment_by_grade"]).findings
        return [(f.rule, f.value, f.period) for f in found if f.rule in ("A13", "F14") and f.outcome != "withheld"]

    assert told() == [("A13", "", "2013")], "nobody's rows are there"
    for code in (DISTRICT, "130721"):
        row = enrolment(county_code=code, programme="小学", grade=1, school_year=2013)
        edition.add(row[0], row[1] | {"source_file": "history/2013.csv"})
        assert told() == ([("F14", "130721", "2013")] if code == DISTRICT else [])
    # after the merger only the one that is left files
    edition.run("UPDATE raw.due_returns SET period = 2016 WHERE period = 2013")
    edition.run(f"UPDATE staging.enrolment_by_grade SET school_year = 2016 WHERE school_year = 2013 AND county_code = '{DISTRICT}'")
    assert told() == []
