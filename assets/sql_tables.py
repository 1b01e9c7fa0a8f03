"""Every table that a SQL file makes: staging, core, indicators and progress.

One asset a file; name, description and dependencies are read from the file itself.
"""

from collections.abc import Sequence
from fractions import Fraction

import dagster as dg
import duckdb

from assets.common import WORKSHOP, asset_key, bench_of, described
from pipeline.proof.lineage import dagster_column_lineage
from pipeline.session import Workbench
from pipeline.steps import make_table
from pipeline.warehouse.sqlfiles import SqlFile

GROUPS = {"staging": "staging", "core": "core", "indicator": "indicators", "progress": "progress"}


def sql_tables(
    group: str, files: Sequence[SqlFile], partitions: dg.PartitionsDefinition, lineage: bool = True
) -> dg.AssetsDefinition:
    """The assets of one group of SQL files, in the order in which they read each other: one step makes them all.

    One step, because each step of a run costs the event log more than most of the tables cost the database. Any
    of the tables can be materialised by itself. ``lineage``: with the lineage of every column, for the interface.
    """

    @dg.multi_asset(
        name=group,
        specs=[_spec(file, group, lineage) for file in files],
        partitions_def=partitions,
        required_resource_keys={WORKSHOP},
        can_subset=True,
    )
    def tables(context: dg.AssetExecutionContext):
        workshop = context.resources.workshop
        bench = bench_of(context, workshop)
        with bench.store() as connection:
            for file in files:
                if asset_key(file.table) in context.selected_asset_keys:
                    workshop.announce(file.table)
                    make_table(bench, connection, file)
                    yield _materialised(context, bench, connection, file)

    return tables


def _spec(file: SqlFile, group: str, lineage: bool) -> dg.AssetSpec:
    return dg.AssetSpec(
        asset_key(file.table),
        # A table of constants reads nothing; it too is made after the root of the run, which starts afresh.
        deps=[asset_key(t) for t in file.reads or ("raw.edition",)],
        group_name=group,
        description=f"{file.description}\n\n```sql\n{file.body}\n```",
        code_version=file.version,
        kinds={"duckdb", "sql"},
        metadata={"dagster/column_lineage": dagster_column_lineage(file)} if lineage else {},
    )


def _materialised(
    context: dg.AssetExecutionContext,
    bench: Workbench,
    connection: duckdb.DuckDBPyConnection,
    file: SqlFile,
) -> dg.MaterializeResult:
    """What the interface shows of a table that was just made."""
    metadata, digest = described(bench, connection, file.table)
    if file.schema == "indicator":
        metadata |= whole_area_value(connection, file.table, bench.programme.plan.programme.area_code)
    if file.table == "progress.summary":
        classes = verdicts(connection)
        metadata |= {f"verdict_{commitment}": status for commitment, _, status in classes}
        # The verdict belongs on the indicator's own page too, where people look for it.
        for commitment, indicator, status in classes:
            if indicator is None:
                continue
            context.log_event(
                dg.AssetObservation(
                    asset_key(f"indicator.{indicator}"),
                    partition=context.partition_key,
                    metadata={"verdict": status, "commitment": commitment},
                )
            )
    return dg.MaterializeResult(
        asset_key=asset_key(file.table), metadata=metadata, data_version=dg.DataVersion(digest)
    )


def whole_area_value(connection: duckdb.DuckDBPyConnection, table: str, area_code: str) -> dict:
    """The newest value of the whole area by variant and segment, for the asset's page."""
    rows = connection.execute(
        f"SELECT variant, segment, period, value_num, value_den FROM {table} AS v "
        "WHERE v.area_code = $area AND v.period = ("
        f"  SELECT MAX(w.period) FROM {table} AS w "
        "   WHERE w.area_code = v.area_code AND w.variant = v.variant AND w.segment = v.segment) "
        "ORDER BY variant, segment",
        {"area": area_code},
    ).fetchall()
    from pipeline.report.numbers import round_exact

    shown = [
        f"{variant}{'' if segment == 'all' else '/' + segment} {period}: {round_exact(Fraction(int(num), int(den)), 2)}"
        for variant, segment, period, num, den in rows
    ]
    return {"whole_area_value": "; ".join(shown) or "-"}


def verdicts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None, str]]:
    """(commitment, indicator or None where there is no figure, class) of every commitment, ordered by commitment."""
    return connection.execute(
        "SELECT s.commitment_id, c.indicator_id, s.class FROM progress.summary AS s "
        "INNER JOIN raw.commitment AS c ON c.id = s.commitment_id ORDER BY s.commitment_id"
    ).fetchall()
