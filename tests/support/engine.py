"""Running the product's own SQL files on rows given by a test, without files or Dagster.

``judge`` starts at the indicator tables; ``compute`` starts at the raw tables. Both execute the files of
``sql/`` as they are, so a test of them fails when a file breaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import duckdb
import polars as pl

from pipeline.intake.contract import load_contracts
from pipeline.edition.earlier import EARLIER_TABLES
from pipeline.edition.rests_on import INPUT_SCHEMA, WARNING_SCHEMA
from pipeline.plan.model import load_plan
from pipeline.plan.tables import BODY_SCHEMA, COMMITMENT_SCHEMA, PLAN_NAME_SCHEMA, SUBMISSION_SCHEMA, plan_names
from pipeline.programme import CODE_ROOT
from pipeline.unit_types import role_of
from pipeline.warehouse.sqlfiles import load_sql
from pipeline.warehouse.store import ALL_SCHEMAS, write_frame, write_select

CITY = "990000"
THRESHOLDS = {
    "on_schedule_ratio": 950_000,
    "slightly_behind_ratio": 600_000,
    "small_distance_points": 1_000_000,
    "small_on_schedule_points": 100_000,
    "small_slightly_behind_points": 500_000,
    "falling_back_points": 50_000,
    "met_but_fell_points": 100_000,
    "small_denominator": 500_000_000,
    "smallest_denominator": 100_000_000,
    "vintage_days": 30_000_000,
    "mostly_covered_percent": 95_000_000,
    "interval_z_squared": 3_841_600,
}
EDITION = {
    "programme": "test",
    "year": 2023,
    "area_code": CITY,
    "city_budget_code": "990001",
    "finance_item": "教育支出",
    "finance_basis": "决算",
    "pupil_scope": "public",
    "previous_weight": 8,
    "current_weight": 4,
    "rule_version": "1",
    "vintage_id": "v" * 12,
    "build_id": "b" * 12,
    "data_status": "real",
}
AREA_SCHEMA = {
    "area_code": pl.String,
    "name_zh": pl.String,
    "short_name_zh": pl.String,
    "name_en": pl.String,
    "unit_type": pl.String,
    "unit_role": pl.String,
    "parent_code": pl.String,
    "budget_level": pl.String,
    "assessed": pl.Boolean,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "grid_row": pl.Int64,
    "grid_col": pl.Int64,
    "sort_order": pl.Int64,
}
VALUE_SCHEMA = {
    "indicator_id": pl.String,
    "variant": pl.String,
    "area_code": pl.String,
    "segment": pl.String,
    "period_kind": pl.String,
    "period": pl.Int64,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "value_num": pl.Decimal(38, 0),
    "value_den": pl.Decimal(38, 0),
    "value_source": pl.String,
    "basis": pl.String,
    "maturity": pl.String,
    "source_title": pl.String,
}
LEVEL = {
    "id": "c",
    "kind": "level_by_year",
    "indicator_id": "preschool_ger",
    "variant": "all",
    "county_variant": "all",
    "decided_by": "certified_first",
    "counties": "assessed",
    "series": None,
    "direction_sign": 1,
    "target_micro": 92_000_000,
    "base_period": 2020,
    "due_period": 2025,
    "period_kind": "school_year",
    "reported_period": 2023,
    "previous_reported_period": 2022,
    "first_judged": 2021,
    "ranked_by": "none",
    "denominator_counts": "persons",
}
NEVER = LEVEL | {
    "kind": "never_decrease",
    "indicator_id": "per_pupil_spending",
    "variant": "certified",
    "county_variant": None,
    "decided_by": None,
    "counties": None,
    "series": "segments",
    "target_micro": None,
    "due_period": None,
    "period_kind": "fiscal_year",
}


MONEY = pl.Decimal(18, 2)
BESIDE = {
    "raw.body": BODY_SCHEMA,
    "raw.commitment_input": INPUT_SCHEMA,
    **EARLIER_TABLES,
    "raw.open_warning": WARNING_SCHEMA,
    "staging.population_by_age": {
        "area_code": pl.String,
        "ref_date": pl.Date,
        "basis": pl.String,
        "age": pl.Int64,
        "population": pl.Int64,
    },
    "staging.price_index": {"area_code": pl.String, "calendar_year": pl.Int64, "cpi_prev_year_100": MONEY},
    "staging.finance_by_stage": {
        "area_code": pl.String,
        "fiscal_year": pl.Int64,
        "stage": pl.String,
        "basis": pl.String,
        "spending_yuan": MONEY,
        "avg_pupils": MONEY,
    },
    "core.exception": {
        "indicator_id": pl.String,
        "area_code": pl.String,
        "segment": pl.String,
        "period_kind": pl.String,
        "period": pl.Int64,
        "unit_id": pl.String,
        "numerator": pl.Int64,
        "denominator": pl.Int64,
    },
    "core.cohort": {"area_code": pl.String, "school_year": pl.Int64, "grade1_pupils": pl.Int64, "grade9_pupils": pl.Int64},
}
"""Tables that ``sql/progress`` reads beside the indicators; empty unless a test fills them."""


def area(code: str, unit_type: str = "县", order: int = 1, **more: Any) -> dict[str, Any]:
    """One row of ``raw.areas``."""
    return {
        "area_code": code,
        "name_zh": f"单位{code}",
        "short_name_zh": code,
        "name_en": code,
        "unit_type": unit_type,
        "unit_role": role_of(unit_type),
        "parent_code": None if code == CITY else CITY,
        "budget_level": "县级",
        "assessed": True,
        "valid_from": date(1949, 10, 1),
        "valid_to": None,
        "grid_row": None,
        "grid_col": None,
        "sort_order": order,
    } | more


def value(period: int, num: int, den: int | None, **more: Any) -> dict[str, Any]:
    """One computed rate as an indicator row; with ``den=None`` a certified one in millionths."""
    certified = den is None
    return {
        "indicator_id": "preschool_ger",
        "variant": "certified" if certified else "all",
        "area_code": CITY,
        "segment": "all",
        "period_kind": "school_year",
        "period": period,
        "numerator": None if certified else num,
        "denominator": den,
        "value_num": num if certified else 100 * num,
        "value_den": 1_000_000 if certified else den,
        "value_source": "certified" if certified else "computed",
        "basis": "b",
        "maturity": "final",
        "source_title": None,
    } | more


CROSSWALK_SCHEMA = {"old_code": pl.String, "new_code": pl.String, "valid_from": pl.Date}


@cache
def _names_of_the_plan() -> pl.DataFrame:
    """The projects and units that the plan of Zhangjiakou means."""
    return plan_names(load_plan(CODE_ROOT / "data_raw" / "zhangjiakou" / "plan.yaml"))


def _base(
    commitments: Iterable[dict], areas: Iterable[dict], edition: dict, names: Iterable[tuple[str, str, str]] | None = None
) -> duckdb.DuckDBPyConnection:
    # a few rows in hundreds of tables: more threads only wait for one another
    connection = duckdb.connect(config={"threads": 1})
    for schema in ALL_SCHEMAS:
        connection.execute(f"CREATE SCHEMA {schema}").fetchall()
    write_frame(connection, "raw.edition", pl.DataFrame([EDITION | edition]))
    write_frame(connection, "raw.commitment", pl.DataFrame(list(commitments), COMMITMENT_SCHEMA))
    write_frame(
        connection, "raw.threshold", pl.DataFrame({"name": list(THRESHOLDS), "value_micro": list(THRESHOLDS.values())})
    )
    plan_name = _names_of_the_plan() if names is None else pl.DataFrame(list(names), PLAN_NAME_SCHEMA, orient="row")
    write_frame(connection, "raw.plan_name", plan_name)
    write_frame(connection, "raw.areas", pl.DataFrame(list(areas), AREA_SCHEMA))
    write_frame(
        connection,
        "raw.crosswalk",
        pl.DataFrame([], CROSSWALK_SCHEMA),
    )
    write_frame(connection, "raw.submission", pl.DataFrame([], SUBMISSION_SCHEMA))
    for table, schema in BESIDE.items():
        if table.startswith("raw."):
            write_frame(connection, table, pl.DataFrame([], schema))
    write_frame(
        connection,
        "raw.population_basis",
        pl.DataFrame({"basis": ["常住普查", "常住年报"], "priority": [1, 2]}),
    )
    return connection


def _run(connection: duckdb.DuckDBPyConnection, schemas: set[str], leave: Iterable[str] = ()) -> None:
    for file in load_sql(CODE_ROOT / "sql"):
        if (file.schema in schemas and file.table not in leave) or file.table == "core.area":
            write_select(connection, file.table, file.text)


@cache
def _analysis() -> frozenset[str]:
    """The tables of ``sql/progress`` that neither the summary nor the contributions need."""
    files = load_sql(CODE_ROOT / "sql")
    needed = {"progress.summary", "progress.contribution"}
    for file in reversed(files):
        if file.table in needed:
            needed.update(file.reads)
    return frozenset(file.table for file in files if file.schema == "progress" and file.table not in needed)


def judge(
    values: Iterable[dict[str, Any]],
    commitments: Iterable[dict[str, Any]] = (LEVEL,),
    areas: Iterable[dict[str, Any]] = (),
    certified: Iterable[dict[str, Any]] = (),
    beside: dict[str, list[dict[str, Any]]] | None = None,
    absent: Iterable[dict[str, Any]] = (),
    analysis: bool = False,
) -> duckdb.DuckDBPyConnection:
    """Run ``sql/progress`` on indicator rows; the connection then holds ``progress.*``.

    ``beside``: rows of the tables of BESIDE. ``certified``, ``absent``: rows of ``core.certified_value`` and
    ``core.not_applicable``. ``analysis``: also make what is read off the verdicts (pace, ranks, ...).
    """
    connection = _base(commitments, [area(CITY, "全市", 0), *areas], {})
    for table, schema in BESIDE.items():
        write_frame(connection, table, pl.DataFrame((beside or {}).get(table, []), schema))
    rows = list(values)
    write_frame(connection, "raw.no_value", pl.DataFrame([], VALUE_SCHEMA))
    for file in load_sql(CODE_ROOT / "sql"):
        if file.schema == "indicator":
            own = [r for r in rows if r["indicator_id"] == file.name]
            if own:
                write_frame(connection, file.table, pl.DataFrame(own, VALUE_SCHEMA))
            else:  # dozens of empty tables: one frame for all of them
                write_select(connection, file.table, "SELECT * FROM raw.no_value")
    write_frame(
        connection,
        "core.certified_value",
        pl.DataFrame(
            list(certified),
            {
                "indicator_id": pl.String,
                "area_code": pl.String,
                "segment": pl.String,
                "period_kind": pl.String,
                "period": pl.Int64,
                "same_basis_previous_micro": pl.Int64,
                "same_basis_change_micro": pl.Int64,
            },
        ),
    )
    write_frame(
        connection,
        "core.not_applicable",
        pl.DataFrame(
            list(absent),
            {
                "indicator_id": pl.String,
                "area_code": pl.String,
                "period_kind": pl.String,
                "period": pl.Int64,
                "reason": pl.String,
            },
        ),
    )
    _run(connection, {"progress"}, () if analysis else _analysis())
    return connection


def compute(
    returns: dict[str, list[dict[str, Any]]],
    areas: Iterable[dict[str, Any]],
    commitments: Iterable[dict[str, Any]] = (LEVEL,),
    edition: dict[str, Any] | None = None,
    names: Iterable[tuple[str, str, str]] | None = None,
    merged: dict[str, str] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Run every SQL file on raw rows (missing columns are NULL); returns the connection.

    ``names``: rows of ``raw.plan_name``; without them those of the plan of Zhangjiakou. ``merged``: old code -> new code.
    """
    connection = _base(commitments, [area(CITY, "全市", 0), *areas], edition or {}, names)
    old = [(code, new, date(2016, 1, 1)) for code, new in (merged or {}).items()]
    write_frame(connection, "raw.crosswalk", pl.DataFrame(old, CROSSWALK_SCHEMA, orient="row"))
    for name, contract in load_contracts().items():
        schema = contract.raw_schema()
        filler = {"source_file": "f", "source_sheet": "", "maturity": "final", "origin": "real", "revision": 1}
        rows = [
            {column: None for column in schema}
            | filler
            | ({"is_total": False} if "is_total" in schema else {})
            | {"source_row": n}
            | row
            for n, row in enumerate(returns.get(name, []), start=2)
        ]
        write_frame(connection, f"raw.{name}", pl.DataFrame(rows, schema))
    _run(connection, {"staging", "core", "indicator", "progress"})
    return connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Query result as dictionaries."""
    return connection.sql(query).pl().to_dicts()
