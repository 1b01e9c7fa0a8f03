"""Last year's edition, judged again: what it knew, and the same year on the figures of today.

Belongs here: shifting the plan's tables back by a year, undoing the corrections that came later, and laying out the
result as ``raw.earlier_verdict`` and ``raw.earlier_summary``. Does not belong here: what a correction changed cell by
cell (intake/restated.py), the comparison of the two years (sql/progress/verdict_change.sql), the editions before last
year's (triangle.py).

A published year is closed at the end of the year after it, so the edition of 2023 knew the files received until the
end of 2024; that follows from the register alone. It is judged with the plan and the SQL of today: another rule is
not undone, it is named in the plan (``method_changes``). Nothing is read from a published edition, so that an edition
stays a pure function of what was received.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from pipeline.edition.judged import Judged, Wanted, elsewhere, judge, plan_of
from pipeline.edition.triangle import EDITION_SCHEMA, edition_frame
from pipeline.intake.read import read_table
from pipeline.intake.register import Registration, effective
from pipeline.intake.restated import is_closed
from pipeline.plan.tables import plan_tables
from pipeline.programme import CODE_ROOT
from pipeline.warehouse.sqlfiles import SqlFile, load_sql

VERDICT_KEY = ("commitment_id", "area_code", "segment", "period")
VERDICT_SCHEMA: dict[str, pl.DataType] = {
    "commitment_id": pl.String(),
    "area_code": pl.String(),
    "segment": pl.String(),
    "period": pl.Int64(),
    "class": pl.String(),
    "reason": pl.String(),
    "value_num": pl.Decimal(38, 0),
    "value_den": pl.Decimal(38, 0),
    "restated_class": pl.String(),
    "restated_reason": pl.String(),
    "restated_num": pl.Decimal(38, 0),
    "restated_den": pl.Decimal(38, 0),
}
SUMMARY_SCHEMA: dict[str, pl.DataType] = {
    "commitment_id": pl.String(),
    "class": pl.String(),
    "reason": pl.String(),
    "restated_class": pl.String(),
    "restated_reason": pl.String(),
}
EARLIER_TABLES = {
    "raw.earlier_verdict": VERDICT_SCHEMA,
    "raw.earlier_summary": SUMMARY_SCHEMA,
    "raw.earlier_edition": EDITION_SCHEMA,
}


def earlier_frames(bench: Wanted, connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The tables of EARLIER_TABLES: one row a verdict (a commitment) that last year's edition reported, and one a
    verdict of an older year that a correction changed since; and the headline figures of every edition of the plan
    period (triangle.py).

    ``class``, ``reason`` and ``value``: as that edition judged it; ``restated``: the same year on the figures of
    today. Empty where there was no edition last year. ``connection`` holds the edition's tables up to the
    indicators; they are only read.
    """
    if bench.year - 1 < bench.programme.plan.programme.first_reporting_year:
        return _nothing()
    now = _judged(bench, connection, {})
    undone = _undone(bench)
    then = _judged(bench, connection, undone) if undone else now
    return {
        "raw.earlier_edition": edition_frame(bench, connection, now, _nothing()),
        "raw.earlier_verdict": _beside(then[0], now[0], VERDICT_KEY, VERDICT_SCHEMA),
        "raw.earlier_summary": _beside(then[1], now[1], ("commitment_id",), SUMMARY_SCHEMA),
    }


def _nothing() -> dict[str, pl.DataFrame]:
    return {table: pl.DataFrame([], schema) for table, schema in EARLIER_TABLES.items()}


def _beside(
    then: pl.DataFrame, now: pl.DataFrame, key: tuple[str, ...], schema: dict[str, pl.DataType]
) -> pl.DataFrame:
    """The rows of both, what was then and (``restated_…``) what is now, in the order of the key."""
    renamed = {c: f"restated_{c.removeprefix('value_')}" for c in now.columns if c not in key}
    both = then.join(now.rename(renamed), on=list(key), how="full", coalesce=True, nulls_equal=True)
    if "is_reported" in both.columns:
        both = both.filter(
            pl.col("is_reported") | pl.col("restated_is_reported") | pl.col("class").ne_missing(pl.col("restated_class"))
        )
    return both.select(list(schema)).cast(schema).sort(list(key))  # type: ignore[arg-type]


def known_before(registrations: Iterable[Registration], year: int) -> dict[str, list[Registration]]:
    """Table -> its files as last year's edition had them, for the tables that were corrected since.

    A correction is undone where it replaces a final file of an earlier period and came after that edition's year
    was closed. Files that first came later are not taken away.
    """
    used = [r for r in registrations if r.period_to <= year]
    by_path = {r.path: r for r in used}
    later = {
        r.path
        for r in used
        if r.supersedes in by_path
        and by_path[r.supersedes].maturity == "final"
        and r.period_to < year
        and is_closed(year - 1, r.received_on)
    }
    tables = {by_path[path].table for path in later}
    rest = [r for r in used if r.path not in later]
    return {table: [r for r in effective(rest, year) if r.table == table] for table in sorted(tables)}


def _undone(bench: Wanted) -> dict[str, pl.DataFrame]:
    """``raw.…`` -> its rows without the later corrections. What could not be read then never entered an edition."""
    programme, frames = bench.programme, {}
    for table, chosen in known_before(programme.registrations, bench.year).items():
        read = read_table(programme.root, chosen, programme.contracts[table], bench.cache_folder, programme.local)
        if not any(f.blocks for f in read.findings):
            frames[f"raw.{table}"] = read.frame
    return frames


def _judged(bench: Wanted, connection: duckdb.DuckDBPyConnection, undone: dict[str, pl.DataFrame]) -> Judged:
    """The year before, with the tables of ``undone`` in place of the edition's own.

    Without corrections only the verdicts are made again, on the edition's own indicators.
    """
    last = bench.year - 1
    frames = undone | _nothing() | plan_of(plan_tables(bench.programme, last), connection, last)
    files = _to_make(set(undone))
    made = {*frames, *(file.table for file in files)}
    with elsewhere(connection, dict.fromkeys(sorted({table for file in files for table in file.reads} - made), "")):
        return judge(connection, frames, files)


def _to_make(changed: set[str]) -> list[SqlFile]:
    """The territory, whatever is made from a changed table, and every verdict up to the summary."""
    files = load_sql(CODE_ROOT / "sql")
    needed = {"progress.summary"}
    for file in reversed(files):
        if file.table in needed:
            needed.update(file.reads)
    made = []
    for file in files:
        if file.schema != "progress" and changed.intersection(file.reads):
            changed = changed | {file.table}
            made.append(file)
        elif file.table == "core.area" or (file.schema == "progress" and file.table in needed):
            made.append(file)
    return made
