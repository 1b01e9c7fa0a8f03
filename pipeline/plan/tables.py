"""The plan and the territory as tables, for the SQL to read.

Belongs here: laying out ``plan.yaml``, ``areas.csv`` and ``crosswalk.csv`` as frames of exact types.
Does not belong here: figures, verdicts, database access.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.plan.model import LevelByYear, Plan, micro
from pipeline.programme import Programme

COMMITMENT_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "kind": pl.String(),
    "indicator_id": pl.String(),
    "variant": pl.String(),
    "county_variant": pl.String(),
    "decided_by": pl.String(),
    "counties": pl.String(),
    "series": pl.String(),
    "direction_sign": pl.Int64(),
    "target_micro": pl.Int64(),
    "base_period": pl.Int64(),
    "due_period": pl.Int64(),
    "period_kind": pl.String(),
    "reported_period": pl.Int64(),
}


def plan_tables(programme: Programme, year: int) -> dict[str, pl.DataFrame]:
    """Tables of the plan for one reporting year, by ``raw.`` name.

    ``raw.commitment``: one row a commitment (target in millionths, direction +1/-1, the period judged);
    ``raw.threshold``: name, value in millionths; ``raw.population_basis``: basis, priority;
    ``raw.due_returns``: one row for each table, period and area due; ``raw.areas``; ``raw.crosswalk``.
    """
    plan = programme.plan
    return {
        "raw.commitment": _commitments(plan, year),
        "raw.threshold": pl.DataFrame(
            plan.thresholds.micro_rows(), {"name": pl.String, "value_micro": pl.Int64}, orient="row"
        ),
        "raw.population_basis": pl.DataFrame(
            [(basis, n) for n, basis in enumerate(plan.parameters.population_bases, start=1)],
            {"basis": pl.String, "priority": pl.Int64},
            orient="row",
        ),
        "raw.due_returns": _due_returns(programme, year),
        "raw.areas": _areas(programme),
        "raw.crosswalk": pl.DataFrame(
            [(r["old_code"], r["new_code"], date.fromisoformat(r["valid_from"])) for r in programme.crosswalk],
            {"old_code": pl.String, "new_code": pl.String, "valid_from": pl.Date},
            orient="row",
        ),
    }


def _commitments(plan: Plan, year: int) -> pl.DataFrame:
    rows = []
    for c in plan.commitments:
        level = isinstance(c, LevelByYear)
        rows.append(
            {
                "id": c.id,
                "kind": c.kind,
                "indicator_id": c.indicator_id,
                "variant": c.variant,
                "county_variant": c.county_variant if level else None,
                "decided_by": c.decided_by if level else None,
                "counties": c.counties if level else None,
                "series": None if level else c.series,
                "direction_sign": 1 if c.direction == "up" else -1,
                "target_micro": micro(c.target) if level else None,
                "base_period": c.base_period,
                "due_period": c.due_period if level else None,
                "period_kind": c.period_kind,
                "reported_period": year - c.report_lag,
            }
        )
    return pl.DataFrame(rows, COMMITMENT_SCHEMA)


def _areas(programme: Programme) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                **{k: r[k] for k in ("area_code", "name_zh", "short_name_zh", "name_en", "unit_type")},
                "parent_code": r["parent_code"] or None,
                "budget_level": r["budget_level"],
                "assessed": r["assessed"] == "yes",
                "valid_from": date.fromisoformat(r["valid_from"]),
                "valid_to": date.fromisoformat(r["valid_to"]) if r["valid_to"] else None,
                "grid_row": int(r["grid_row"]) if r["grid_row"] else None,
                "grid_col": int(r["grid_col"]) if r["grid_col"] else None,
                "sort_order": int(r["sort_order"]),
            }
            for r in programme.areas
        ],
        {
            "area_code": pl.String,
            "name_zh": pl.String,
            "short_name_zh": pl.String,
            "name_en": pl.String,
            "unit_type": pl.String,
            "parent_code": pl.String,
            "budget_level": pl.String,
            "assessed": pl.Boolean,
            "valid_from": pl.Date,
            "valid_to": pl.Date,
            "grid_row": pl.Int64,
            "grid_col": pl.Int64,
            "sort_order": pl.Int64,
        },
    )


def _due_returns(programme: Programme, year: int) -> pl.DataFrame:
    """What must be there: each due table for each of its years, by unit where the plan says so.

    A unit is due in a year when it was valid at the end of that year's reference day (1 September for
    school years, 31 December otherwise); the present-day code stands for its predecessors.
    """
    units = [
        r for r in programme.areas if r["unit_type"] not in ("全市", "全国", "市本级") and not r["valid_to"]
    ]
    payers = [r for r in programme.areas if r["unit_type"] == "市本级" and not r["valid_to"]]
    rows = []
    for due in programme.plan.returns:
        kind = programme.contracts[due.table].period_kind
        for period in range(due.first, year + 1):
            if due.table == "census_population" and period % 10 != 0:
                continue
            if due.by == "city":
                rows.append((due.table, kind, period, programme.plan.programme.area_code, due.by))
                continue
            for unit in units + (payers if due.table == "county_finance" else []):
                rows.append((due.table, kind, period, unit["area_code"], due.by))
    return pl.DataFrame(
        rows,
        {
            "table_name": pl.String,
            "period_kind": pl.String,
            "period": pl.Int64,
            "area_code": pl.String,
            "unit_level": pl.String,
        },
        orient="row",
    )
