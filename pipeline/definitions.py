"""Assembly of the code location, and only assembly: assets, checks, jobs, resources.

``build_defs()`` makes a fresh object on every call; tests pass another home. Asset bodies are in
``assets/``, knowledge in the rooms of ``pipeline/``.
"""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg

from assets.gates import gate_checks
from assets.received import known_assets, plan_assets, return_assets
from assets.report import BESIDE, report_assets, reports_beside
from assets.sql_tables import GROUPS, sql_tables
from pipeline.edition.identity import code_sha256
from pipeline.intake.contract import load_contracts
from pipeline.jobs import annual_report, check_inputs, public_report
from pipeline.partitions import edition_partitions
from pipeline.programme import CODE_ROOT, Home
from pipeline.session import Workshop
from pipeline.steps import GATES
from pipeline.warehouse.engine import Engine, InStore
from pipeline.warehouse.sqlfiles import load_sql


def build_defs(
    home: Home | None = None,
    announce: Callable[[str], None] | None = None,
    *,
    lineage: bool = True,
    engine: Engine | None = None,
) -> dg.Definitions:
    """Everything Dagster knows about, for one home folder.

    ``lineage``: with the lineage of columns that the interface shows; a run in this process does without.
    ``engine``: what computes the tables of the SQL files; DuckDB in the working database if not given.
    """
    home = home or Home.default()
    partitions = edition_partitions(home)
    code_version = code_sha256(CODE_ROOT)[:12]
    workshop = Workshop(home, announce or (lambda step: None), engine or InStore())
    files = load_sql(CODE_ROOT / "sql")
    return dg.Definitions(
        assets=[
            plan_assets(partitions, code_version),
            return_assets(list(load_contracts().values()), partitions, code_version),
            known_assets([file.table for file in files if file.schema == "indicator"], partitions, code_version),
            *(
                sql_tables(group, [file for file in files if file.schema == schema], partitions, lineage)
                for schema, group in GROUPS.items()
            ),
            *report_assets(partitions, code_version),
        ],
        asset_checks=[gate_checks(gate) for gate in GATES],
        jobs=[annual_report(), public_report(), check_inputs()],
        resources={"workshop": workshop, BESIDE: reports_beside},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``workspace.yaml`` loads: the default home. Made when asked for, not when imported."""
    return build_defs()
