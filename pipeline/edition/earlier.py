"""What last year's edition knew: its verdicts on the files that had come before its year was closed.

Belongs here: undoing the corrections that came later, judging the same edition's tables without them, and laying
out the result as ``raw.earlier_verdict``. Does not belong here: what a correction changed cell by cell
(intake/restated.py), the comparison of the two years (sql/progress/verdict_change.sql).

A published year is closed at the end of the year after it, so the edition of 2023 knew the files received until the
end of 2024; that follows from the register alone. It is judged with the plan and the SQL of today: another rule is
not undone, it is named in the plan (``method_changes``). Where nothing of a closed year was corrected there is
nothing to undo, and no second judging.
"""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.intake.read import read_table
from pipeline.intake.register import Registration, effective
from pipeline.intake.restated import is_closed
from pipeline.programme import CODE_ROOT, Programme
from pipeline.session import Workbench
from pipeline.warehouse.sqlfiles import load_sql
from pipeline.warehouse.store import ALL_SCHEMAS, write_frame, write_select

EARLIER_SCHEMA: dict[str, pl.DataType] = {
    "commitment_id": pl.String(),
    "area_code": pl.String(),
    "segment": pl.String(),
    "period": pl.Int64(),
    "class": pl.String(),
    "reason": pl.String(),
    "value_num": pl.Decimal(38, 0),
    "value_den": pl.Decimal(38, 0),
}


def earlier_verdicts(bench: Workbench, connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """``raw.earlier_verdict``: the class and value of every commitment, unit and year without later corrections.

    Empty where no file of a closed year was corrected since last year's edition. ``connection`` holds the edition's
    ``raw.*``; it is only read.
    """
    known = known_before(bench.programme, bench.year)
    undone = _undone(bench, known)
    if not undone:
        return pl.DataFrame([], EARLIER_SCHEMA)
    files = load_sql(CODE_ROOT / "sql")
    with duckdb.connect() as scratch:
        for schema in ALL_SCHEMAS:
            scratch.execute(f"CREATE SCHEMA {schema}").fetchall()
        for table in sorted({t for file in files for t in file.reads if t.startswith("raw.")}):
            name = table.removeprefix("raw.")
            frame = undone[name] if name in undone else connection.sql(f"SELECT * FROM {table}").pl()
            write_frame(scratch, table, frame)
        for file in files:
            write_select(scratch, file.table, file.text)
        columns = ", ".join(f"v.{column}" for column in EARLIER_SCHEMA)
        return scratch.sql(f"SELECT {columns} FROM progress.verdict AS v ORDER BY 1, 2, 3, 4").pl()


def known_before(programme: Programme, year: int) -> dict[str, list[Registration]]:
    """Table -> its files as last year's edition had them, for the tables that were corrected since.

    A correction is undone where it replaces a final file of an earlier period and came after that edition's year
    was closed. Files that first came later are not taken away.
    """
    used = [r for r in programme.registrations if r.period_to <= year]
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


def _undone(bench: Workbench, known: dict[str, list[Registration]]) -> dict[str, pl.DataFrame]:
    """The rows of each corrected table as they were; a table that could not be read then never entered an edition."""
    programme, cache = bench.programme, bench.cache_folder
    frames = {}
    for table, chosen in known.items():
        read = read_table(programme.root, chosen, programme.contracts[table], cache, programme.local)
        if not any(f.blocks for f in read.findings):
            frames[table] = read.frame
    return frames
