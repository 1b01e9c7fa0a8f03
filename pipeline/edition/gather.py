"""From the edition's tables to what the report room receives: plain rows, nothing computed.

Belongs here: reading tables and files into ``ReportInputs``. Does not belong here: formulas, sentences.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipeline import intake
from pipeline.edition.identity import input_registrations, is_demonstration, is_preliminary
from pipeline.edition.manifest import tool_versions
from pipeline.edition.table_rows import rows_of, table_rows
from pipeline.plan.model import LevelByYear
from pipeline.quality.rules import load_rules
from pipeline.report.fonts import font_files
from pipeline.report.inputs import ReportInputs
from pipeline.report.words import basis_text
from pipeline.session import Workbench


def gather(bench: Workbench, connection: duckdb.DuckDBPyConnection) -> ReportInputs:
    """Everything the report says, as plain Python values; exact decimals arrive as whole numbers.

    ``connection`` must be open until the report is made: large tables are asked when their rows are needed.
    """
    programme, plan = bench.programme, bench.programme.plan
    findings, outcomes = bench.records()
    registrations = input_registrations(programme, bench.year)
    identity = bench.identity
    counts = _row_counts(connection, {r.table for r in registrations})
    return ReportInputs(
        edition={
            "programme": programme.id,
            "programme_name_zh": plan.programme.name_zh,
            "programme_name_en": plan.programme.name_en,
            "plan_title_zh": plan.plan.title_zh,
            "plan_title_en": plan.plan.title_en,
            "plan_short_zh": plan.plan.short_zh,
            "plan_source_zh": plan.plan.source_zh,
            "body_zh": plan.programme.body_zh,
            "body_en": plan.programme.body_en,
            "notice": plan.notice.model_dump() if plan.notice else None,
            "area_code": plan.programme.area_code,
            "area_name_zh": plan.programme.name_zh,
            "area_name_en": plan.programme.name_en,
            "year": bench.year,
            "received_through": str(max(r.received_on for r in registrations)),
            "vintage_id": identity.vintage_id,
            "build_id": identity.build_id,
            "audience": identity.audience,
            "rule_version": plan.rule_version,
            "code_version": identity.code_version,
            "lock_sha256": identity.lock_sha256[:12],
            "demonstration": is_demonstration(programme, bench.year),
            "preliminary": is_preliminary(programme, bench.year),
            "rounding": "half_even",
            "notes_zh": _parameter_notes_zh(bench),
            "notes_en": _parameter_notes_en(bench),
            "reading_rules_zh": [rule.zh for rule in plan.reading_rules],
            "reading_rules_en": [rule.en for rule in plan.reading_rules],
            "method_changes": [change.model_dump() for change in plan.method_changes if change.year <= bench.year],
            "method_changes_zh": [change.zh for change in plan.method_changes if change.year == bench.year],
            "method_changes_en": [change.en for change in plan.method_changes if change.year == bench.year],
        },
        areas=[
            {key: row[key] for key in _AREA_KEYS}
            for row in table_rows(connection, "core.area")
            if row["is_current"]
        ],
        commitments=[_commitment(bench, c) for c in plan.headlines()],
        promises=[_promise(bench, c) for c in plan.commitments],
        benchmarks=_benchmarks(bench, connection),
        sections=[section.model_dump() for section in plan.sections],
        verdicts=rows_of(connection, "progress.verdict"),
        summaries=table_rows(connection, "progress.summary"),
        series=rows_of(connection, "progress.indicator_value"),
        decomposition=rows_of(connection, "progress.decomposition"),
        contributions=rows_of(connection, "progress.contribution"),
        gaps=rows_of(connection, "progress.gap"),
        pace=rows_of(connection, "progress.pace"),
        spending_composition=rows_of(connection, "progress.spending_composition"),
        spending_left_out=rows_of(connection, "progress.spending_left_out"),
        price_effect=rows_of(connection, "progress.price_effect"),
        rank=rows_of(connection, "progress.rank"),
        body_tasks=rows_of(connection, "progress.body_task"),
        advice=rows_of(connection, "progress.advice"),
        verdict_changes=rows_of(connection, "progress.verdict_change"),
        revisions=table_rows(connection, "progress.revision"),
        findings=findings,
        outcomes=outcomes,
        sources=[
            {
                "table": r.table,
                "table_name_zh": programme.contracts[r.table].name_zh,
                "table_name_en": programme.contracts[r.table].name_en,
                "path": r.path,
                "sha256": r.sha256,
                "supplier": r.supplier,
                "received_on": str(r.received_on),
                "maturity": r.maturity,
                "origin": r.origin,
                "period_from": r.period_from,
                "period_to": r.period_to,
                "rows": counts.get((r.table, r.path), 0),
            }
            for r in registrations
        ],
        source_titles=[
            {"indicator_id": i, "period": p, "source_title": t}
            for i, p, t in connection.execute(
                "SELECT DISTINCT indicator_id, period, source_title FROM progress.indicator_value "
                "WHERE source_title IS NOT NULL ORDER BY indicator_id, period, source_title"
            ).fetchall()
        ],
        tools=tool_versions(),
        fonts=font_files(),
        rules=rule_titles(),
        notes=programme.notes.notes,
        english=programme.english,
    )


def rule_titles() -> dict[str, dict[str, str]]:
    """Title of every rule in both languages, by id: register, intake and the gates."""
    titles = yaml.safe_load((Path(intake.__file__).parent / "titles.yaml").read_text("utf-8"))
    return titles | {rule.id: {"zh": rule.title_zh, "en": rule.title_en} for rule in load_rules().rules}


_AREA_KEYS = (
    "area_code",
    "name_zh",
    "short_name_zh",
    "name_en",
    "unit_type",
    "assessed",
    "grid_row",
    "grid_col",
    "sort_order",
)


def _benchmarks(bench: Workbench, connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Published values of other areas for the headline indicators, up to the judged year; values as decimal text."""
    rows = connection.execute(
        "SELECT indicator_id, area_code, year, basis, CAST(value AS VARCHAR), unit, source_title FROM staging.benchmarks "
        "WHERE year <= ? ORDER BY indicator_id, area_code, year, basis, source_file, source_row",
        [bench.year],
    ).fetchall()
    names = ("indicator_id", "area_code", "year", "basis", "value", "unit", "source_title")
    headlines = {c.indicator_id for c in bench.programme.plan.headlines()}
    return [dict(zip(names, row, strict=True)) for row in rows if row[0] in headlines]


def _row_counts(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> dict[tuple[str, str], int]:
    counts = {}
    for table in sorted(tables):
        rows = connection.execute(
            f"SELECT source_file, COUNT(*) AS rows_read FROM raw.{table} GROUP BY source_file ORDER BY source_file"
        ).fetchall()
        counts |= {(table, file): number for file, number in rows}
    return counts


def _promise(bench: Workbench, c: Any) -> dict[str, Any]:
    """One commitment as the plan states it, for the list of all commitments."""
    own = c.model_dump()
    for key in ("series", "due_period", "target", "step", "decided_by", "county_variant", "value_is"):
        own.setdefault(key, None)
    everybody = c.responsible
    indicator = None if c.indicator_id is None else bench.programme.indicators[c.indicator_id]
    surveyed = indicator is not None and (c.kind == "yearly_change" or indicator.denominator_counts == "sample")
    return own | {
        # by a sample: the square of z, with which its interval is printed
        "survey_z_squared": bench.programme.plan.thresholds.interval_z_squared if surveyed else None,
        "responsible_zh": everybody.zh,
        "responsible_en": everybody.en,
        "reported_period": c.reported_period(bench.year),
        "person_zh": None if indicator is None else indicator.person_zh,
        "person_en": None if indicator is None else indicator.person_en,
    }


def _commitment(bench: Workbench, c: Any) -> dict[str, Any]:
    """One headline commitment with the definition of its indicator, as its page needs it."""
    indicator = bench.programme.indicators[c.indicator_id]
    return _promise(bench, c) | {
        "county_mode": c.counties if isinstance(c, LevelByYear) else "none",
        "definition_zh": indicator.definition_zh,
        "definition_en": indicator.definition_en,
        "definition_source_zh": indicator.definition_source_zh,
        "numerator_zh": indicator.numerator_zh,
        "numerator_en": indicator.numerator_en,
        "denominator_zh": indicator.denominator_zh,
        "denominator_en": indicator.denominator_en,
        "measure": indicator.measure,
        "person_zh": indicator.person_zh,
        "person_en": indicator.person_en,
        "variants": {key: {"zh": pair.zh, "en": pair.en} for key, pair in indicator.variants.items()},
    }


def _parameter_notes_zh(bench: Workbench) -> list[str]:
    p = bench.programme.plan.parameters
    t = bench.programme.plan.thresholds
    scope = "公办学校(幼儿园)" if p.pupil_scope == "public" else "全部学校(幼儿园)"
    return [
        f"年平均学生数 =(上年9月1日学生数×{p.average_pupils.previous_weight} + 本年9月1日学生数×"
        f"{p.average_pupils.current_weight})÷{p.average_pupils.previous_weight + p.average_pupils.current_weight},"
        f"学生范围为{scope}。",
        f"人口口径依次取:{'、'.join(p.population_bases)}。",
        f"判定阈值:进度比 {t.on_schedule_ratio} 及以上为正常推进,{t.slightly_behind_ratio} 及以上为略有滞后;"
        f"基期距目标不足 {t.small_distance_points} 个百分点的,按与序时路径的差距 "
        f"{t.small_on_schedule_points}、{t.small_slightly_behind_points} 个百分点判定;低于基期超过 "
        f"{t.falling_back_points} 个百分点为不进反退;分母不足 {t.small_denominator} 人的单位不作判定。",
    ]


def _parameter_notes_en(bench: Workbench) -> list[str]:
    p = bench.programme.plan.parameters
    t = bench.programme.plan.thresholds
    scope = "public schools and kindergartens" if p.pupil_scope == "public" else "all schools and kindergartens"
    weights = p.average_pupils
    return [
        f"Average pupils = ({weights.previous_weight} × pupils on 1 September of the year before + "
        f"{weights.current_weight} × pupils on 1 September of the year) / "
        f"{weights.previous_weight + weights.current_weight}, {scope}.",
        f"Population bases, in order: {'; '.join(basis_text(b).en for b in p.population_bases)}.",
        f"Thresholds: ratio {t.on_schedule_ratio} on schedule, {t.slightly_behind_ratio} slightly behind; where the "
        f"base is within {t.small_distance_points} percentage points of the target, distance from the path "
        f"{t.small_on_schedule_points} and {t.small_slightly_behind_points} percentage points; more than "
        f"{t.falling_back_points} percentage points under the base is falling back; units with fewer than "
        f"{t.small_denominator} persons in the denominator are not judged.",
    ]
