"""Received returns and the plan, as typed tables ``raw.*`` in which each row knows file, sheet and row."""

import dagster as dg

from assets.common import WORKSHOP, asset_key, bench_of, described, stop_on
from pipeline.intake.contract import Contract
from pipeline.plan.tables import PLAN_TABLES
from pipeline.steps import check_register, read_received, write_plan, write_received

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
                metadata, digest = described(connection, table)
                yield dg.MaterializeResult(
                    asset_key=asset_key(table), metadata=metadata, data_version=dg.DataVersion(digest)
                )

    return plan_and_register


def return_asset(
    contract: Contract, partitions: dg.PartitionsDefinition, code_version: str
) -> dg.AssetsDefinition:
    """One received table: every registered file of it up to the edition's year."""
    table = f"raw.{contract.table}"

    @dg.asset(
        key=asset_key(table),
        deps=[asset_key("raw.edition")],
        group_name=GROUP,
        description=f"{contract.name_zh}\n{contract.name_en}",
        code_version=code_version,
        partitions_def=partitions,
        required_resource_keys={WORKSHOP},
        kinds={"csv"},
    )
    def received(context: dg.AssetExecutionContext):
        workshop = context.resources.workshop
        workshop.announce(table)
        bench = bench_of(context, workshop)
        result, files = read_received(bench, contract)
        stop_on(result.findings, contract.name_zh)
        with bench.store() as connection:
            write_received(bench, connection, contract, result)
            metadata, digest = described(connection, table)
        metadata |= {"rows_read": result.rows_read, "files": files}
        return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(digest))

    return received
