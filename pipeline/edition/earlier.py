"""Last year's edition beside the figures of today: what it said, and the same year judged now.

Belongs here: judging last year on the edition's own indicators, and laying both out as ``raw.earlier_verdict`` and
``raw.earlier_summary``. Does not belong here: which files last year's edition had and making it again (triangle.py), what
a correction changed cell by cell (intake/restated.py), the comparison of the two years (sql/progress/verdict_change.sql).

There is one rule of what an earlier edition was, that of triangle.py: the files received before it was closed. So a
figure that the revision triangle lists as changed is changed here too. Where no edition was made last year in its time,
there is nothing that was said then: last year is judged on the figures of today, and ``edition`` is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl

from pipeline.edition.judged import Judged, Wanted, elsewhere, exact, judge, plan_of
from pipeline.edition.triangle import EDITION_SCHEMA, earlier_editions
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
    "edition": pl.Int64(),
    "cause": pl.String(),
}
SUMMARY_SCHEMA: dict[str, pl.DataType] = {
    "commitment_id": pl.String(),
    "class": pl.String(),
    "reason": pl.String(),
    "restated_class": pl.String(),
    "restated_reason": pl.String(),
    "edition": pl.Int64(),
    "cause": pl.String(),
}
EARLIER_TABLES = {
    "raw.earlier_verdict": VERDICT_SCHEMA,
    "raw.earlier_summary": SUMMARY_SCHEMA,
    "raw.earlier_edition": EDITION_SCHEMA,
}


def earlier_frames(bench: Wanted, connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The tables of EARLIER_TABLES: one row a verdict (a commitment) that last year's edition reported, and one a
    verdict of an older year that is another one today; and the headline figures of every edition of the plan period
    (triangle.py).

    ``class``, ``reason`` and ``value``: as that edition judged it; ``restated``: the same year on the figures of
    today. ``edition``: last year, NULL where no edition was made then in its time (both halves are those of today).
    ``cause``: why class, reason or value is another one today, NULL where none is. Empty where last year lies before the
    first reporting year. ``connection`` holds the edition's tables up to the indicators; they are only read.
    """
    if bench.year - 1 < bench.programme.plan.programme.first_reporting_year:
        return _nothing()
    now = _judged(bench, connection)
    earlier = earlier_editions(bench, connection, now, _nothing())
    then, edition = (now, None) if earlier.last is None else (earlier.last, bench.year - 1)
    reported = {c.id: c.reported_period(bench.year - 1) for c in bench.programme.plan.commitments}

    def cause(row: dict[str, Any]) -> str | None:
        if not _differ(row):
            return None
        return earlier.cause_of(row["commitment_id"], row.get("period", reported[row["commitment_id"]])).kind

    return {
        "raw.earlier_edition": earlier.frame,
        "raw.earlier_verdict": _beside(then[0], now[0], VERDICT_KEY, VERDICT_SCHEMA, edition, cause),
        "raw.earlier_summary": _beside(then[1], now[1], ("commitment_id",), SUMMARY_SCHEMA, edition, cause),
    }


def _nothing() -> dict[str, pl.DataFrame]:
    return {table: pl.DataFrame([], schema) for table, schema in EARLIER_TABLES.items()}


def _beside(
    then: pl.DataFrame,
    now: pl.DataFrame,
    key: tuple[str, ...],
    schema: dict[str, pl.DataType],
    edition: int | None,
    cause: Callable[[dict[str, Any]], str | None],
) -> pl.DataFrame:
    """The rows of both, what was then and (``restated_…``) what is now, in the order of the key."""
    renamed = {c: f"restated_{c.removeprefix('value_')}" for c in now.columns if c not in key}
    both = then.join(now.rename(renamed), on=list(key), how="full", coalesce=True, nulls_equal=True)
    if "is_reported" in both.columns:
        both = both.filter(
            pl.col("is_reported") | pl.col("restated_is_reported") | pl.col("class").ne_missing(pl.col("restated_class"))
        )
    told = pl.Series("cause", [cause(row) for row in both.iter_rows(named=True)], pl.String)
    both = both.with_columns(pl.lit(edition, pl.Int64).alias("edition"), told)
    return both.select(list(schema)).cast(schema).sort(list(key))  # type: ignore[arg-type]


def _differ(row: dict[str, Any]) -> bool:
    """Is the class, the reason of none, or the value where there is one, another one today?"""
    if row["class"] != row["restated_class"] or row["reason"] != row["restated_reason"]:
        return True
    return "value_num" in row and exact(row["value_num"], row["value_den"]) != exact(row["restated_num"], row["restated_den"])


def _judged(bench: Wanted, connection: duckdb.DuckDBPyConnection) -> Judged:
    """The year before on the edition's own indicators."""
    last = bench.year - 1
    frames = _nothing() | plan_of(plan_tables(bench.programme, last), connection, last)
    files = _to_make()
    made = {*frames, *(file.table for file in files)}
    with elsewhere(connection, dict.fromkeys(sorted({table for file in files for table in file.reads} - made), "")):
        return judge(connection, frames, files)


def _to_make() -> list[SqlFile]:
    """The territory, and every verdict up to the summary."""
    files = load_sql(CODE_ROOT / "sql")
    needed = {"progress.summary"}
    for file in reversed(files):
        if file.table in needed:
            needed.update(file.reads)
    return [f for f in files if f.table == "core.area" or (f.schema == "progress" and f.table in needed)]
