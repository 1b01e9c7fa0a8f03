"""Received returns and the plan, as typed tables ``raw.*`` in which each row knows file, sheet and row."""

from collections.abc import Mapping, Sequence

import dagster as dg
import duckdb

from assets.common import WORKSHOP, asset_key, bench_of, described, stop_on
from pipeline.intake.contract import Contract
from pipeline.plan.tables import PLAN_TABLES
from pipeline.session import Workbench
from pipeline.steps import KNOWN_TABLES, check_register, read_received, write_known, write_plan, write_received

GROUP = "received"


def plan_assets(partitions: dg.PartitionsDefinition, code_version: str) -> dg.AssetsDefinition:
    """The register check and the plan's tables: the root of every run."""

    @dg.multi_asset(
        name="plan_and_register",
        specs=[
            dg.AssetSpec(
                asset_key(table), group_name=GROUP, description=text, code_version=code_version, kinds={"yaml"}
            )
            for table, text in PLAN_TABLES.items()
        ],
        partitions_def=partitions,
        required_resource_keys={WORKSHOP},
    )
    def plan_and_register(context: dg.AssetExecutionContext):
        workshop = context.resources.workshop
        workshop.announce("register")
        workshop.forget(context.partition_key)
        bench = bench_of(context, workshop)
        stop_on(check_register(bench), "register.csv")
        with bench.store() as connection:
            write_plan(bench, connection)
            for table in PLAN_TABLES:
                yield _materialised(bench, connection, table)

    return plan_and_register


def return_assets(
    contracts: Sequence[Contract], partitions: dg.PartitionsDefinition, code_version: str
) -> dg.AssetsDefinition:
    """The received tables: every registered file of each up to the edition's year, read in one step.

    All of them are read whatever is wrong with one, so that everything wrong is told at once.
    """

    @dg.multi_asset(
        name="returns",
        specs=[
            dg.AssetSpec(
                asset_key(f"raw.{contract.table}"),
                deps=[asset_key("raw.edition")],
                group_name=GROUP,
                description=f"{contract.name_zh}\n{contract.name_en}",
                code_version=code_version,
                kinds={"csv"},
            )
            for contract in contracts
        ],
        partitions_def=partitions,
        required_resource_keys={WORKSHOP},
        can_subset=True,
    )
    def returns(context: dg.AssetExecutionContext):
        workshop = context.resources.workshop
        bench = bench_of(context, workshop)
        found = []
        with bench.store() as connection:
            for contract in contracts:
                table = f"raw.{contract.table}"
                if asset_key(table) not in context.selected_asset_keys:
                    continue
                workshop.announce(table)
                result, files = read_received(bench, contract)
                found += result.findings
                if any(f.blocks for f in result.findings):
                    continue
                write_received(bench, connection, contract, result)
                yield _materialised(bench, connection, table, {"rows_read": result.rows_read, "files": files})
        stop_on(found, "报表 / returns")

    return returns


def known_assets(
    indicators: Sequence[str], partitions: dg.PartitionsDefinition, code_version: str
) -> dg.AssetsDefinition:
    """What was known before and what is still open: made behind the indicators, for the verdicts and the advice."""

    @dg.multi_asset(
        name="known_before",
        specs=[
            dg.AssetSpec(
                asset_key(table),
                deps=[asset_key(t) for t in indicators],
                group_name=GROUP,
                description=text,
                code_version=code_version,
                kinds={"duckdb"},
            )
            for table, text in KNOWN_TABLES.items()
        ],
        partitions_def=partitions,
        required_resource_keys={WORKSHOP},
    )
    def known_before(context: dg.AssetExecutionContext):
        workshop = context.resources.workshop
        workshop.announce("known_before")
        bench = bench_of(context, workshop)
        with bench.store() as connection:
            write_known(bench, connection)
            for table in KNOWN_TABLES:
                yield _materialised(bench, connection, table)

    return known_before


def _materialised(
    bench: Workbench, connection: duckdb.DuckDBPyConnection, table: str, more: Mapping[str, int] | None = None
) -> dg.MaterializeResult:
    """What the interface shows of a table that was written, and ``more``; its content is its version."""
    metadata, digest = described(bench, connection, table)
    return dg.MaterializeResult(
        asset_key=asset_key(table), metadata=metadata | dict(more or {}), data_version=dg.DataVersion(digest)
    )
