"""The plan and the territory as tables, for the SQL to read.

Belongs here: laying out ``plan.yaml``, ``areas.csv``, ``crosswalk.csv`` and ``notes.csv`` as frames of exact types.
Does not belong here: figures, verdicts, database access.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.plan.model import Plan, micro
from pipeline.programme import Programme
from pipeline.quality.notes import notes_frame, refuse
from pipeline.reference_day import reference_day
from pipeline.unit_types import role_of

# Tables made from the plan, the territory and the register, with what they hold.
PLAN_TABLES = {
    "raw.edition": "本期版本:名称、编号与方案参数 / the edition: names, ids and the plan's parameters",
    "raw.commitment": "承诺:指标、方向、目标、基期、到期年 / commitments as the plan states them",
    "raw.body": "责任单位:主责、配合 / bodies that answer for a commitment: lead and support",
    "raw.plan_name": "方案写明的项目、点名和除外的单位 / projects that the plan means, units that it names or leaves out",
    "raw.threshold": "判定阈值 / thresholds of the status classes, in millionths",
    "raw.population_basis": "人口口径的先后 / order of the population bases",
    "raw.due_returns": "应报清单:表、年度、单位、期限 / returns that are due, with their deadline",
    "raw.areas": "行政区与统计区 / units of the territory",
    "raw.crosswalk": "旧代码到现行代码 / old codes to present ones",
    "raw.note": "填报说明 / notes on findings",
    "raw.commitment_input": "承诺所依据的文件 / the files behind each commitment's figure, with their age",
    "raw.restated_cell": "更正改动的单元格 / cells that corrections changed",
    "raw.submission": "报送清单:登记的每个文件 / submission manifest: every registered file",
}

# Returns that the municipal level hands in for the schools it pays itself, beside the counties.
MUNICIPAL_RETURNS = ("county_finance", "finance_by_stage")

COMMITMENT_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "name_zh": pl.String(),
    "name_en": pl.String(),
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
    "operator": pl.String(),
    "unit": pl.String(),
    "due_basis": pl.String(),
    "first_judged": pl.Int64(),
    "value_is": pl.String(),
    "compared_with": pl.String(),
    "small_units": pl.String(),
    "step_micro": pl.Int64(),
    "window_years": pl.Int64(),
    "first_window": pl.Int64(),
    "ranked_by": pl.String(),
    "previous_reported_period": pl.Int64(),
    "denominator_counts": pl.String(),
    "rise_by": pl.Int64(),
}

BODY_SCHEMA: dict[str, pl.DataType] = {
    "commitment_id": pl.String(),
    "role": pl.String(),
    "position": pl.Int64(),
    "body_zh": pl.String(),
    "body_en": pl.String(),
}

PLAN_NAME_SCHEMA: dict[str, pl.DataType] = {
    "indicator_id": pl.String(),
    "relation": pl.String(),
    "pattern": pl.String(),
}

SUBMISSION_SCHEMA: dict[str, pl.DataType] = {
    "table_name": pl.String(),
    "period_from": pl.Int64(),
    "period_to": pl.Int64(),
    "revision": pl.Int64(),
    "path": pl.String(),
    "sha256": pl.String(),
    "form_edition": pl.String(),
    "supplier": pl.String(),
    "received_on": pl.Date(),
    "maturity": pl.String(),
    "origin": pl.String(),
    "supersedes": pl.String(),
    "reason": pl.String(),
    "late": pl.String(),
    "late_refusal": pl.String(),
    "deadline": pl.Date(),
    "in_force": pl.Boolean(),
    "register_row": pl.Int64(),
}


def plan_tables(programme: Programme, year: int) -> dict[str, pl.DataFrame]:
    """Tables of the plan for one reporting year, by ``raw.`` name.

    ``raw.commitment``: one row a commitment (target and step in millionths, direction +1/-1, the period judged;
    ``indicator_id`` is NULL where there is no figure); ``raw.body``: the bodies of each, the leading one first;
    ``raw.plan_name``: indicator, relation, pattern (see ``_names``);
    ``raw.threshold``: name, value in millionths; ``raw.population_basis``: basis, priority;
    ``raw.due_returns``: one row for each table, period and area due; ``raw.areas``; ``raw.crosswalk``;
    ``raw.note``: the notes on findings, each with why it is refused ('' where it can stand);
    ``raw.submission``: the register up to ``year``, each file with its deadline.
    """
    plan = programme.plan
    return {
        "raw.commitment": _commitments(programme, year),
        "raw.body": _bodies(plan),
        "raw.plan_name": plan_names(plan),
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
            [
                (
                    r["old_code"],
                    r["new_code"],
                    date.fromisoformat(r["valid_from"]),
                    int(r["weight_num"]),
                    int(r["weight_den"]),
                )
                for r in programme.crosswalk_of(year)
            ],
            {
                "old_code": pl.String,
                "new_code": pl.String,
                "valid_from": pl.Date,
                "weight_num": pl.Int64,
                "weight_den": pl.Int64,
            },
            orient="row",
        ),
        "raw.note": notes_frame(programme.notes.notes),
        "raw.submission": _submissions(programme, year),
    }


def _commitments(programme: Programme, year: int) -> pl.DataFrame:
    plan = programme.plan
    rows = [
        {key: getattr(c, key, None) for key in COMMITMENT_SCHEMA}
        | {
            "direction_sign": 1 if c.direction == "up" else -1,
            "target_micro": _micro_or_none(getattr(c, "target", None)),
            "step_micro": _micro_or_none(getattr(c, "step", None)),
            "reported_period": c.reported_period(year),
            "previous_reported_period": c.reported_period(year - 1),
            "denominator_counts": c.indicator_id and programme.indicators[c.indicator_id].denominator_counts,
            # years before the plan carry no class
            "first_judged": plan.programme.first_reporting_year if c.base_period is None else c.base_period + 1,
        }
        for c in plan.commitments
    ]
    return pl.DataFrame(rows, COMMITMENT_SCHEMA)


def _bodies(plan: Plan) -> pl.DataFrame:
    rows = [
        (c.id, "lead" if n == 0 else "support", n, body.zh, body.en)
        for c in plan.commitments
        for n, body in enumerate([c.lead, *c.support])
    ]
    return pl.DataFrame(rows, BODY_SCHEMA, orient="row")


def plan_names(plan: Plan) -> pl.DataFrame:
    """One row a name: indicator_id, relation, pattern.

    ``relation``: ``project`` (pattern on the title, as LIKE reads it), ``project_code`` (on the number), ``not_project``
    (titles that are not meant), ``since`` (first year of completion), ``only`` (the units named, where the promise
    binds units), ``school`` (the schools named: each counts once), ``except`` (units or schools left out).
    """
    rows: list[tuple[str, str, str]] = []
    for c in plan.commitments:
        if c.indicator_id is None:
            continue
        found = [("except", name) for name in c.left_out]
        if c.scope == "named_units":
            found += [("only", name) for name in c.named]
        if c.scope == "named_schools":
            found += [("school", name) for name in c.named]
        if c.projects is not None:
            found += [("project_code", f"{code}%") for code in c.projects.codes]
            found += [("project", f"%{'%'.join(words)}%") for words in c.projects.titles]
            found += [("not_project", f"%{word}%") for word in c.projects.without]
            if c.projects.since is not None:
                found.append(("since", str(c.projects.since)))
        rows += [(c.indicator_id, relation, pattern) for relation, pattern in found]
    return pl.DataFrame(sorted(set(rows)), PLAN_NAME_SCHEMA, orient="row")


def _micro_or_none(value: str | None) -> int | None:
    return None if value is None else micro(value)


def _areas(programme: Programme) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                **{k: r[k] for k in ("area_code", "name_zh", "short_name_zh", "name_en", "unit_type")},
                "unit_role": role_of(r["unit_type"]),
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
            "unit_role": pl.String,
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

    A unit of the edition's territory (valid on 1 September of its year) is due for a period when it, or a unit that
    became part of it, was valid on 1 September of that period.
    """
    today = reference_day(year)
    current = [r for r in programme.areas if is_valid(r, today) and role_of(r["unit_type"]) != "whole"]
    current.sort(key=lambda r: role_of(r["unit_type"]) == "own_level")  # counties first, then the municipal budget
    by_code = {r["area_code"]: r for r in programme.areas}
    predecessors: dict[str, list[dict[str, str]]] = {}
    for row in programme.crosswalk_of(year):
        if row["old_code"] in by_code:
            predecessors.setdefault(row["new_code"], []).append(by_code[row["old_code"]])
    rows = []
    for due in programme.plan.returns:
        kind = programme.contracts[due.table].period_kind
        for period in range(due.first, year + 1):
            if due.table == "census_population" and period % 10 != 0:
                continue
            deadline = due.deadline.of(period) if due.deadline else None
            if due.by == "city":
                rows.append((due.table, kind, period, programme.plan.programme.area_code, due.by, deadline))
                continue
            day = reference_day(period)
            for unit in current:
                if role_of(unit["unit_type"]) == "own_level" and due.table not in MUNICIPAL_RETURNS:
                    continue
                if any(is_valid(u, day) for u in (unit, *predecessors.get(unit["area_code"], []))):
                    rows.append((due.table, kind, period, unit["area_code"], due.by, deadline))
    return pl.DataFrame(
        rows,
        {
            "table_name": pl.String,
            "period_kind": pl.String,
            "period": pl.Int64,
            "area_code": pl.String,
            "unit_level": pl.String,
            "deadline": pl.Date,
        },
        orient="row",
    )


def _submissions(programme: Programme, year: int) -> pl.DataFrame:
    """Every registered file of a period up to ``year``, replaced ones too, in the order of the register.

    ``deadline`` is the earliest one of the periods in the file that are due (null: none is set); ``late_refusal``
    says why its reason for being late cannot stand ('' where it can, or none is given).
    """
    used = [r for r in programme.registrations if r.period_to <= year]
    replaced = {r.supersedes for r in used if r.supersedes}
    rows = [
        {
            "table_name": r.table,
            "period_from": r.period_from,
            "period_to": r.period_to,
            "revision": r.revision,
            "path": r.path,
            "sha256": r.sha256,
            "form_edition": r.form_edition,
            "supplier": r.supplier,
            "received_on": r.received_on,
            "maturity": r.maturity,
            "origin": r.origin,
            "supersedes": r.supersedes,
            "reason": r.reason,
            "late": r.late,
            "late_refusal": refuse(r.late) if r.late else "",
            "deadline": programme.plan.deadline(r.table, r.period_from, r.period_to),
            "in_force": r.path not in replaced,
            "register_row": r.row,
        }
        for r in sorted(used, key=lambda r: (r.row, r.path))
    ]
    return pl.DataFrame(rows, SUBMISSION_SCHEMA)


def is_valid(area: dict[str, str], day: date) -> bool:
    return date.fromisoformat(area["valid_from"]) <= day and (
        not area["valid_to"] or day <= date.fromisoformat(area["valid_to"])
    )
