"""A small edition in memory on which every rule passes, to be broken one rule at a time.

Belongs here: the tables of that edition (columns of the returns from the contracts) and the
transaction that undoes what a test breaks. Does not belong here: expectations about rules.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.intake.contract import load_contracts
from pipeline.unit_types import role_of
from tests.quality.clean_forms import add_forms, add_forms_of_the_rest

ROOT = Path(__file__).resolve().parents[2]
SQL_ROOT = ROOT / "sql"

CITY, MUNICIPAL, DISTRICT, COUNTY, ZONE = "130700", "130701", "130702", "130722", "130771"
UNITS = (DISTRICT, COUNTY)
YEAR = 2020

CORE = {
    "core.enrolment": "area_code VARCHAR, payer_code VARCHAR, is_public BOOLEAN, school_year BIGINT, "
    "programme VARCHAR, stage VARCHAR, grade BIGINT, pupils BIGINT",
    "core.kindergarten": "school_id VARCHAR, school_year BIGINT, area_code VARCHAR, payer_code VARCHAR, "
    "is_public BOOLEAN, is_inclusive_private BOOLEAN, is_inclusive BOOLEAN, ownership_class VARCHAR, "
    "children BIGINT",
    "core.population_group": "area_code VARCHAR, school_year BIGINT, age_group VARCHAR, population BIGINT, "
    "basis VARCHAR",
    "core.cohort": "area_code VARCHAR, school_year BIGINT, grade1_pupils BIGINT, grade9_pupils BIGINT",
    "core.certified_value": "indicator_id VARCHAR, area_code VARCHAR, segment VARCHAR, period_kind VARCHAR, "
    "period BIGINT, same_basis_previous_micro BIGINT, same_basis_change_micro BIGINT",
    "core.event_result": "indicator_id VARCHAR, area_code VARCHAR, period BIGINT, numerator BIGINT, denominator BIGINT, "
    "source_file VARCHAR, source_sheet VARCHAR, source_row BIGINT",
    "core.leader_event": "source_file VARCHAR, source_sheet VARCHAR, source_row BIGINT",
    **dict.fromkeys(
        ("core.staff_result", "core.school_result", "core.pupil_result", "core.condition_result"), "indicator_id VARCHAR"
    ),
    "core.finance": "unit_code VARCHAR, fiscal_year BIGINT, item VARCHAR, basis VARCHAR, amount_fen BIGINT",
}
INDICATOR = (
    "indicator_id VARCHAR, variant VARCHAR, area_code VARCHAR, segment VARCHAR, period_kind VARCHAR, "
    "period BIGINT, numerator BIGINT, denominator BIGINT, value_num DECIMAL(38, 0), value_den DECIMAL(38, 0),"
    " value_source VARCHAR, basis VARCHAR, maturity VARCHAR, source_title VARCHAR"
)
INDICATORS = (
    "preschool_ger",
    "compulsory_retention",
    "senior_secondary_ger",
    "inclusive_coverage",
    "per_pupil_spending",
    "migrant_children_public_share",
    "teacher_exchange_share",
    "backbone_exchange_share",
)
VERDICT = (
    "commitment_id VARCHAR, indicator_id VARCHAR, kind VARCHAR, variant VARCHAR, area_code VARCHAR, "
    "segment VARCHAR, period_kind VARCHAR, period BIGINT, value_source VARCHAR, basis VARCHAR, class VARCHAR,"
    " rule_version VARCHAR, vintage_id VARCHAR, build_id VARCHAR"
)
TYPES = {
    pl.String(): "VARCHAR",
    pl.Int64(): "BIGINT",
    pl.Int32(): "INTEGER",
    pl.Boolean(): "BOOLEAN",
    pl.Date(): "DATE",
}

# Class sizes by sex. They make every ratio of the edition an ordinary one.
GRADE_PUPILS = 50
AGE_POPULATION = 100
BANDS = {"0": (0, 0), "1-4": (1, 4), "5-9": (5, 9), "10-14": (10, 14), "15-19": (15, 19)}


class Edition:
    """The tables, the row counters of the files, and what a test may do to them."""

    def __init__(self) -> None:
        # a few rows in many tables: more threads only wait for one another
        self.connection = duckdb.connect(config={"threads": 1})
        self.next_row: dict[str, int] = {}
        for schema in ("raw", "staging", "core", "indicator", "progress"):
            self.connection.execute(f"CREATE SCHEMA {schema}")

    def create(self, table: str, columns: str) -> None:
        self.connection.execute(f"CREATE TABLE {table} ({columns})")

    def add(self, table: str, *rows: dict[str, Any]) -> None:
        """Insert rows; a staging row gets its place in the file of its period, from row 2."""
        for row in rows:
            if table.startswith("staging."):
                name = table.split(".")[1]
                file = row.setdefault("source_file", f"{YEAR}/{name}.csv")
                self.next_row[file] = number = self.next_row.get(file, 1) + 1
                row = {
                    "source_sheet": "",
                    "source_row": number,
                    "period": YEAR,
                    "maturity": "final",
                    "origin": "demonstration",
                    "revision": 1,
                    **row,
                }
            columns = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))

    def rows(self, table: str) -> int:
        """How many rows the table holds."""
        return int(self.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchall()[0][0])

    def run(self, statements: str) -> None:
        """Statements that break something; each must touch at least one row.

        Rows to insert are worked out first: DuckDB 2.0 with one thread reads, in the second half of a UNION ALL, what the
        first half has just inserted into the same table.
        """
        for statement in (each.query for each in duckdb.extract_statements(statements)):
            insertion, select, rest = statement.partition(" BY NAME SELECT ")
            if select:
                self.connection.execute(f"CREATE OR REPLACE TEMP TABLE inserted AS SELECT {rest}")
                statement = f"{insertion} BY NAME SELECT * FROM inserted"
            touched = self.connection.execute(statement).fetchall()
            assert not touched or touched[0][0] >= 1, f"nothing was changed by: {statement}"


def school_code(prefix: str, serial: int) -> str:
    return f"{prefix}13{serial:06d}"


def _columns_of_returns() -> dict[str, str]:
    found = {}
    for name, contract in load_contracts().items():
        schema = contract.raw_schema()
        parts = [
            f'"{column}" ' + (TYPES.get(kind) or f"DECIMAL(18, {kind.scale})")  # type: ignore[attr-defined]
            for column, kind in schema.items()
        ]
        staged = (ROOT / "sql" / "staging" / f"{name}.sql").read_text("utf-8")
        if "area_code" not in schema and "AS area_code" in staged:
            parts.append("area_code VARCHAR")
        found[f"staging.{name}"] = ", ".join(parts)
    return found


def _raw(edition: Edition) -> None:
    edition.create(
        "raw.areas",
        "area_code VARCHAR, name_zh VARCHAR, short_name_zh VARCHAR, name_en VARCHAR, unit_type VARCHAR, unit_role VARCHAR, "
        "parent_code VARCHAR, budget_level VARCHAR, assessed BOOLEAN, valid_from DATE, valid_to DATE",
    )
    old, new = datetime.date(1983, 1, 1), datetime.date(2016, 1, 1)
    for code, zh, en, kind, first, last in (
        (CITY, "张家口市", "Zhangjiakou", "全市", old, None),
        (MUNICIPAL, "张家口市本级", "Municipal level", "市本级", old, None),
        (DISTRICT, "桥东区", "Qiaodong District", "市辖区", old, None),
        (COUNTY, "张北县", "Zhangbei County", "县", old, None),
        ("130709", "崇礼区", "Chongli District", "市辖区", new, None),
        ("130733", "崇礼县", "Chongli County", "县", old, datetime.date(2015, 12, 31)),
        (ZONE, "经济开发区", "Economic Development Zone", "功能区", old, None),
    ):
        edition.add(
            "raw.areas",
            {
                "area_code": code,
                "name_zh": zh,
                "short_name_zh": zh,
                "name_en": en,
                "unit_type": kind,
                "unit_role": role_of(kind),
                "parent_code": None if code == CITY else CITY,
                "budget_level": "县级",
                "assessed": True,
                "valid_from": first,
                "valid_to": last,
            },
        )
    edition.create(
        "raw.edition",
        "programme VARCHAR, year BIGINT, area_code VARCHAR, finance_item VARCHAR, finance_basis VARCHAR, "
        "pupil_scope VARCHAR, vintage_id VARCHAR, build_id VARCHAR, rule_version VARCHAR",
    )
    edition.add(
        "raw.edition",
        {
            "programme": "zhangjiakou",
            "year": YEAR,
            "area_code": CITY,
            "finance_item": "教育支出",
            "finance_basis": "决算",
            "pupil_scope": "public",
            "vintage_id": "a" * 12,
            "build_id": "b" * 12,
            "rule_version": "1",
        },
    )
    edition.create(
        "raw.commitment",
        "id VARCHAR, name_zh VARCHAR, name_en VARCHAR, indicator_id VARCHAR, variant VARCHAR, county_variant VARCHAR, "
        "target_micro BIGINT",
    )
    edition.add(
        "raw.commitment",
        {
            "id": "preschool_ger",
            "name_zh": "学前教育毛入园率",
            "name_en": "Pre-school gross enrolment ratio",
            "indicator_id": "preschool_ger",
            "variant": "all",
            "county_variant": "all",
            "target_micro": 92_000_000,
        },
        {
            "id": "per_pupil_spending",
            "name_zh": "生均一般公共预算教育支出",
            "name_en": "Per-pupil spending",
            "indicator_id": "per_pupil_spending",
            "variant": "computed",
        },
    )
    edition.create(
        "raw.crosswalk",
        "old_code VARCHAR, new_code VARCHAR, valid_from DATE, weight_num BIGINT, weight_den BIGINT",
    )
    edition.add(
        "raw.crosswalk",
        {"old_code": "130733", "new_code": "130709", "valid_from": new, "weight_num": 1, "weight_den": 1},
    )
    edition.create(
        "raw.restated_cell",
        "table_name VARCHAR, row_period BIGINT, row_key VARCHAR, column_name VARCHAR, column_zh VARCHAR, "
        "change VARCHAR, old_value VARCHAR, new_value VARCHAR, closed BOOLEAN, old_file VARCHAR, old_sheet VARCHAR, "
        "old_row BIGINT, new_file VARCHAR, new_sheet VARCHAR, new_row BIGINT",
    )
    # a correction within the collection of its year, and one of a closed year that is recorded and approved
    for key, year, closed in (("2113000004", YEAR, False), ("2113000005", YEAR - 3, True)):
        edition.add(
            "raw.restated_cell",
            {
                "table_name": "staff",
                "row_period": year,
                "row_key": key,
                "column_name": "full_time_teachers",
                "column_zh": "专任教师数",
                "change": "changed",
                "old_value": "30",
                "new_value": "31",
                "closed": closed,
                "old_file": "2017/staff.csv",
                "old_sheet": "",
                "old_row": 2,
                "new_file": "2017/staff_r2.csv",
                "new_sheet": "",
                "new_row": 3,
            },
        )
    edition.create("raw.plan_name", "indicator_id VARCHAR, relation VARCHAR, pattern VARCHAR")
    left_out = {"indicator_id": "preschool_ger", "relation": "except", "pattern": f"{DISTRICT}primary"}
    edition.add("raw.plan_name", left_out)
    edition.create("raw.note", "finding_id VARCHAR, note_zh VARCHAR, refusal VARCHAR")
    edition.create("raw.population_basis", "basis VARCHAR, priority BIGINT")
    edition.add(
        "raw.population_basis", {"basis": "常住普查", "priority": 1}, {"basis": "常住年报", "priority": 2}
    )
    edition.create(
        "raw.due_returns",
        "table_name VARCHAR, period_kind VARCHAR, period BIGINT, area_code VARCHAR, unit_level VARCHAR",
    )
    by_city = (
        "technical_school_enrolment",
        "inclusive_kindergarten_register",
        "certified_values",
        "census_population",
        "restatement_log",
    )
    # the returns that the plan of this edition lists; those it does not list are not missing
    listed = (
        "school_register",
        "kindergarten_children",
        "enrolment_by_grade",
        "entrants_graduates",
        "pupil_movement",
        "technical_school_enrolment",
        "inclusive_kindergarten_register",
        "population_by_age",
        "census_population",
        "county_finance",
        "certified_values",
        "county_totals",
        "finance_by_stage",
        "special_groups",
        "classes",
        "staff",
        "facilities",
        "teacher_exchange",
        "vision_screening",
        "disabled_children_ledger",
        "after_school_service",
        "pay_comparison",
        "feature_school_register",
        "restatement_log",
    )
    contracts = load_contracts()
    for name in listed:
        contract = contracts[name]
        for unit in (CITY,) if name in by_city else UNITS:
            edition.add(
                "raw.due_returns",
                {
                    "table_name": name,
                    "period_kind": contract.period_kind,
                    "period": YEAR,
                    "area_code": unit,
                    "unit_level": "city" if name in by_city else "area",
                },
            )


def _register(edition: Edition, unit: str, base: int) -> dict[str, str]:
    codes = {
        "public": school_code("11", base + 1),
        "inclusive": school_code("11", base + 2),
        "private": school_code("11", base + 3),
        "primary": school_code("21", base + 4),
        "nine_year": school_code("31", base + 5),
        "senior": school_code("34", base + 6),
        "vocational": school_code("36", base + 7),
    }
    kinds = {
        "public": "111",
        "inclusive": "111",
        "private": "111",
        "primary": "211",
        "nine_year": "312",
        "senior": "342",
        "vocational": "361",
    }
    for what, code in codes.items():
        private = what in ("inclusive", "private")
        edition.add(
            "staging.school_register",
            {
                "school_id": code,
                "school_year": YEAR,
                "school_name": f"{unit}{what}",
                "school_type": kinds[what],
                "founder_type": "民办" if private else "教育部门",
                "is_public": not private,
                "profit_status": "非营利",
                "county_code": unit,
                "site_code12": f"{unit}001001",
                "urban_rural_code": "111",
                "site_place_type": "城区",
                "pays_budget_level": "县属",
                "status": "在办",
                "claims_inclusive": what == "inclusive" if private else None,
                "area_code": unit,
            },
        )
    return codes


def _kindergartens(edition: Edition, unit: str, codes: dict[str, str]) -> None:
    for what, ownership in (
        ("public", "public"),
        ("inclusive", "inclusive_private"),
        ("private", "other_private"),
    ):
        school = {"school_id": codes[what], "school_year": YEAR, "area_code": unit}
        details = [
            {
                "class_level": level,
                "age": age,
                "sex": sex,
                "children": 28,
                "entrants": 9,
                "leavers": 0,
                "is_total": False,
            }
            for level, age in (("小班", 3), ("中班", 4), ("大班", 5))
            for sex in ("男", "女")
        ]
        edition.add("staging.kindergarten_children", *({**school, **row} for row in details))
        if what != "private":
            total = {"class_level": None, "age": None, "sex": None, "is_total": True}
            sums = {k: sum(row[k] for row in details) for k in ("children", "entrants", "leavers")}
            edition.add("staging.kindergarten_children", {**school, **total, **sums})
        edition.add(
            "core.kindergarten",
            {
                "school_id": codes[what],
                "school_year": YEAR,
                "area_code": unit,
                "payer_code": unit,
                "is_public": what == "public",
                "is_inclusive_private": what == "inclusive",
                "is_inclusive": what != "private",
                "ownership_class": ownership,
                "children": sum(row["children"] for row in details),
            },
        )
    edition.add(
        "staging.inclusive_kindergarten_register",
        {
            "school_id": codes["inclusive"],
            "decision_no": f"普认〔2019〕{unit}",
            "area_code": unit,
            "recognised_from": datetime.date(2019, 9, 1),
            "recognised_to": datetime.date(2022, 8, 31),
            "fee_month": 500,
            "fee_ceiling": 600,
            "subsidy_per_child": 500,
            "decided_by": "县教育局",
        },
    )


def _pupils(edition: Edition, unit: str, codes: dict[str, str]) -> None:
    taught = (
        ("primary", "小学", range(1, 7), "primary"),
        ("nine_year", "小学", range(1, 7), "primary"),
        ("nine_year", "初中", range(7, 10), "junior"),
        ("senior", "普通高中", range(10, 13), "upper_secondary"),
        ("vocational", "中专", range(10, 14), "upper_secondary"),
    )
    for what, programme, grades, stage in taught:
        size = 2 * GRADE_PUPILS if programme == "初中" else GRADE_PUPILS
        school = {"school_id": codes[what], "school_year": YEAR, "programme": programme, "area_code": unit}
        for grade in grades:
            for sex in ("男", "女"):
                edition.add(
                    "staging.enrolment_by_grade",
                    {
                        **school,
                        "grade": grade,
                        "sex": sex,
                        "pupils": size,
                        "repeaters": None,
                        "is_total": False,
                    },
                )
            edition.add(
                "core.enrolment",
                {
                    "area_code": unit,
                    "payer_code": unit,
                    "is_public": True,
                    "school_year": YEAR,
                    "programme": programme,
                    "stage": stage,
                    "grade": grade,
                    "pupils": 2 * size,
                },
            )
        if what == "primary":
            total = {"is_total": True, "repeaters": None}
            edition.add(
                "staging.enrolment_by_grade",
                {**school, **total, "grade": 1, "sex": None, "pupils": 2 * size},
                {**school, **total, "grade": None, "sex": "女", "pupils": 6 * size},
                {**school, **total, "grade": None, "sex": None, "pupils": 12 * size},
            )
    for stage in ("小学", "初中"):
        edition.add(
            "staging.entrants_graduates",
            {
                "county_code": unit,
                "school_year": YEAR,
                "stage": stage,
                "entrants": 200,
                "entrants_preschool": 200,
                "graduates_prev_summer": 200 if stage == "小学" else 95,
                "area_code": unit,
            },
        )
    moved = dict.fromkeys(
        (
            "in_county in_city in_other resumed other_in "
            "out_county out_city out_other suspended withdrawn died other_out"
        ).split(),
        0,
    )
    edition.add(
        "staging.pupil_movement",
        {
            "county_code": unit,
            "school_year": YEAR,
            "grade": 1,
            "opening": 90,
            "closing": 90,
            "area_code": unit,
            **moved,
        },
    )


def _population(edition: Edition, unit: str) -> None:
    for age in range(20):
        for sex in ("男", "女"):
            edition.add(
                "staging.population_by_age",
                {
                    "county_code": unit,
                    "ref_date": datetime.date(YEAR, 11, 1),
                    "basis": "常住普查",
                    "age": age,
                    "sex": sex,
                    "population": AGE_POPULATION,
                    "area_code": unit,
                },
            )
    for band, (first, last) in BANDS.items():
        for sex in ("男", "女"):
            edition.add(
                "staging.census_population",
                {
                    "census_year": YEAR,
                    "county_code": unit,
                    "sex": sex,
                    "age_band": band,
                    "population": AGE_POPULATION * (last - first + 1),
                    "area_code": unit,
                },
            )
    for group, ages in (("3-5", 3), ("6-11", 6), ("12-14", 3), ("15-17", 3)):
        edition.add(
            "core.population_group",
            {
                "area_code": unit,
                "school_year": YEAR,
                "age_group": group,
                "population": 2 * AGE_POPULATION * ages,
                "basis": "常住普查",
            },
        )


def _money(edition: Edition, unit: str) -> None:
    for item, amount in (("一般公共预算支出", 1_000_000_000), ("教育支出", 200_000_000)):
        edition.add(
            "staging.county_finance",
            {
                "unit_code": unit,
                "fiscal_year": YEAR,
                "item": item,
                "basis": "决算",
                "amount_yuan": amount,
                "unit_in": "万元",
                "area_code": unit,
            },
        )
        edition.add(
            "core.finance",
            {
                "unit_code": unit,
                "fiscal_year": YEAR,
                "item": item,
                "basis": "决算",
                "amount_fen": amount * 100,
            },
        )


def _results(edition: Edition) -> None:
    for name in INDICATORS:
        edition.create(f"indicator.{name}", INDICATOR)
    variants = {
        "preschool_ger": (("all", 500, 600),),
        "inclusive_coverage": (("by_children", 336, 504), ("by_kindergartens", 2, 3)),
        "senior_secondary_ger": (("with_technical", 560, 600), ("without_technical", 540, 600)),
        "compulsory_retention": (("grade9_over_grade1", 950, 1000),),
        "migrant_children_public_share": (("public", 90, 100),),
        "teacher_exchange_share": (("eligible", 10, 50),),
        "backbone_exchange_share": (("rotated", 2, 10),),
    }
    for name, made in variants.items():
        for variant, numerator, denominator in made:
            for unit, times in ((DISTRICT, 1), (COUNTY, 2), (CITY, 3)):
                edition.add(
                    f"indicator.{name}",
                    {
                        "indicator_id": name,
                        "variant": variant,
                        "area_code": unit,
                        "segment": "all",
                        "period_kind": "school_year",
                        "period": YEAR,
                        "numerator": times * numerator,
                        "denominator": times * denominator,
                        "value_num": 100 * times * numerator,
                        "value_den": times * denominator,
                        "value_source": "computed",
                        "basis": "常住人口",
                        "maturity": "final",
                        "source_title": None,
                    },
                )
    edition.add(
        "indicator.preschool_ger",
        {
            "indicator_id": "preschool_ger",
            "variant": "certified",
            "area_code": CITY,
            "segment": "all",
            "period_kind": "school_year",
            "period": YEAR,
            "numerator": None,
            "denominator": None,
            "value_num": 83_330_000,
            "value_den": 1_000_000,
            "value_source": "certified",
            "basis": "公布值",
            "maturity": "final",
            "source_title": "公报",
        },
    )
    edition.create("progress.verdict", VERDICT)
    stamp = {"rule_version": "1", "vintage_id": "a" * 12, "build_id": "b" * 12, "segment": "all"}
    level = {
        "indicator_id": "preschool_ger",
        "kind": "level_by_year",
        "variant": "all",
        "period_kind": "school_year",
    }
    spending = {
        "indicator_id": "per_pupil_spending",
        "kind": "never_decrease",
        "variant": "computed",
        "period_kind": "fiscal_year",
        "commitment_id": "per_pupil_spending",
    }
    for unit in (CITY, *UNITS):
        edition.add(
            "progress.verdict",
            {
                **stamp,
                **level,
                "commitment_id": "preschool_ger",
                "area_code": unit,
                "period": YEAR,
                "basis": "常住人口",
                "value_source": "computed",
                "class": "on_schedule",
            },
            {
                **stamp,
                **spending,
                "area_code": unit,
                "period": YEAR,
                "basis": "决算",
                "value_source": "computed",
                "class": "kept",
            },
            # the base year carries no class and needs no stamp
            {
                **spending,
                "segment": "all",
                "area_code": unit,
                "period": YEAR - 1,
                "basis": "决算",
                "value_source": "computed",
                "class": None,
            },
        )
    junior = {**spending, "segment": "junior", "area_code": CITY, "value_source": "certified"}
    edition.add(
        "progress.verdict",
        {**junior, "period": YEAR - 2, "basis": "旧口径", "class": None},
        # another basis, but the change on the same basis is published: judged
        {**junior, **stamp, "segment": "junior", "period": YEAR - 1, "basis": "新口径", "class": "kept"},
        # another basis and nothing to compare with: not judged
        {
            **junior,
            **stamp,
            "segment": "junior",
            "period": YEAR,
            "basis": "更新口径",
            "class": "no_judgement",
        },
    )
    edition.add(
        "core.certified_value",
        {
            "indicator_id": "per_pupil_spending",
            "area_code": CITY,
            "segment": "junior",
            "period_kind": "fiscal_year",
            "period": YEAR - 1,
            "same_basis_previous_micro": None,
            "same_basis_change_micro": 1_740_000,
        },
    )


def _submissions(edition: Edition) -> None:
    """The register: a file in time, one of no deadline, a late one with its reason, and a correction."""
    edition.create(
        "staging.submission",
        "path VARCHAR, sha256 VARCHAR, form_edition VARCHAR, supplier VARCHAR, received_on DATE, deadline DATE, "
        "late_state VARCHAR, period_to BIGINT, area_code VARCHAR, source_row BIGINT",
    )
    for number, (name, day, deadline, state) in enumerate(
        (
            ("school_register", "2020-10-22", "2020-10-31", "in_time"),
            ("census_population", "2022-12-20", None, "no_deadline"),
            ("technical_school_enrolment", "2020-12-06", "2020-11-15", "explained"),
            ("county_finance", "2021-09-20", "2021-08-31", "correction"),
        ),
        start=2,
    ):
        edition.connection.execute(
            "INSERT INTO staging.submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [f"{YEAR}/{name}.csv", "0" * 64, "2020版", "市教育局", day, deadline, state, YEAR, CITY, number],
        )


def build_edition() -> Edition:
    """The clean edition: two counties, one school year, every return that is due."""
    edition = Edition()
    _raw(edition)
    for table, columns in _columns_of_returns().items():
        edition.create(table, columns)
    for table, columns in CORE.items():
        edition.create(table, columns)
    schools = {}
    for number, unit in enumerate(UNITS):
        schools[unit] = codes = _register(edition, unit, 100 * number)
        _kindergartens(edition, unit, codes)
        _pupils(edition, unit, codes)
        _population(edition, unit)
        _money(edition, unit)
        add_forms(edition, unit, codes, YEAR)
    for unit, codes in schools.items():
        add_forms_of_the_rest(edition, unit, codes, YEAR)
    edition.add(
        "staging.technical_school_enrolment",
        {
            "school_id": school_code("36", 900),
            "school_year": YEAR,
            "county_code": DISTRICT,
            "grade": 10,
            "pupils": 60,
            "area_code": DISTRICT,
        },
    )
    edition.add(
        "staging.certified_values",
        {
            "indicator_id": "preschool_ger",
            "unit_code": CITY,
            "segment": "all",
            "period_type": "school_year",
            "period_year": YEAR,
            "value": 89.44,
            "unit": "%",
            "basis": "公布值",
            "source_title": "公报",
            "area_code": CITY,
        },
    )
    # a cohort count of a year in which the old code was valid
    edition.add(
        "staging.enrolment_by_grade",
        {
            "county_code": "130733",
            "school_year": 2012,
            "programme": "小学",
            "grade": 1,
            "sex": "男",
            "pupils": 700,
            "is_total": False,
            "area_code": "130709",
            "source_file": "history/cohorts.xlsx",
            "source_sheet": "一年级",
            "period": 2019,
        },
    )
    _results(edition)
    _submissions(edition)
    edition.add(
        "staging.restatement_log",
        {
            "restatement_id": "2020-01",
            "table_name": "staff",
            "row_period": YEAR - 3,
            "row_key": "2113000005",
            "column_name": "专任教师数",
            "old_value": "30",
            "new_value": "31",
            "reason": "漏报一名",
            "entered_by": "统计岗",
            "entered_on": datetime.date(2020, 12, 1),
            "approved_by": "统计负责人",
            "approved_on": datetime.date(2020, 12, 2),
        },
    )
    return edition


@pytest.fixture(scope="session")
def built() -> Edition:
    return build_edition()


@pytest.fixture
def edition(built: Edition) -> Iterator[Edition]:
    """The clean edition; whatever the test does to it is undone."""
    rows = dict(built.next_row)
    built.connection.execute("BEGIN")
    try:
        yield built
    finally:
        built.connection.execute("ROLLBACK")
        built.next_row = rows


@pytest.fixture(scope="session")
def sql_root() -> Path:
    return SQL_ROOT
