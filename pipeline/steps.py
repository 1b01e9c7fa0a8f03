"""The steps of an edition from the received files to its verdicts, each a function of its workbench.

Belongs here: what one step does (read the plan, read a return, make a table, hold a gate) and the check that
does them all in order. Does not belong here: orchestration (assets/), the knowledge that a step applies
(intake, warehouse, quality), the report and the edition.

The assets and ``jiance check`` run these same functions, so a check says exactly what a run would; the check
needs no orchestrator and is quicker for it, and its gates do not ask of the same rows again what an earlier check asked.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from pipeline.collector import seldom
from pipeline.edition.earlier import earlier_frames
from pipeline.edition.identity import Identity, edition_frame
from pipeline.edition.rests_on import commitment_inputs, open_warnings
from pipeline.intake.contract import Contract
from pipeline.intake.read import ReadResult, outcomes, read_table
from pipeline.intake.register import effective, verify_register
from pipeline.intake.restated import restated_frame
from pipeline.lock import PATIENCE, exclusive
from pipeline.mishap import Mishap
from pipeline.plan.tables import PLAN_TABLES, plan_tables
from pipeline.programme import CODE_ROOT, Home, Programme
from pipeline.quality.finding import Finding
from pipeline.quality.gate import GateResult, run_gate
from pipeline.quality.kept import forget_unused
from pipeline.quality.notes import stale_notes
from pipeline.session import RunOutcome, Workbench
from pipeline.warehouse.sqlfiles import SqlFile, load_sql
from pipeline.warehouse.store import fit_threads, write_frame, write_returns

GATES = {1: "gate_1_staging", 2: "gate_2_core", 3: "gate_3_progress"}
"""Gate -> name of its step."""
LAST_GATE = 3
KNOWN_TABLES = {
    "raw.earlier_verdict": "上年报告的判定 / verdicts of last year's edition, on what it knew and on the figures of today",
    "raw.earlier_summary": "上年报告的承诺总览 / summary of last year's edition, on what it knew and on the figures of today",
    "raw.earlier_edition": "各年报告中的主要指标 / the headline commitments in every edition of the plan period, on what it knew",
    "raw.open_warning": "没有填报说明的警告 / warnings of the first two gates that no note answers",
}
"""Tables that are made once the indicators stand: earlier editions judged again, and what is still open."""
STAGES = ((("staging",), 1), (("core",), 2), (("indicator", "progress"), 3))
"""Schemas whose tables are made, then the gate that is held: in the order of a run. The tables of KNOWN_TABLES are
made between the last two schemas."""


def check_register(bench: Workbench) -> list[Finding]:
    """Begin an edition afresh: the register against the files, and the notes. Findings are recorded."""
    bench.start_afresh()
    programme = bench.programme
    found = programme.register.findings or verify_register(programme.root, programme.registrations, bench.year)
    found = [*found, *programme.layouts.findings, *programme.notes.findings]
    bench.record("received-register", found)
    return found


def plan_frames(
    programme: Programme, year: int, identity: Identity, cache: Path | None
) -> dict[str, pl.DataFrame]:
    """The tables of PLAN_TABLES for one edition: plan, territory, register, notes, corrections of closed years."""
    return plan_tables(programme, year) | {
        "raw.edition": edition_frame(programme, identity),
        "raw.commitment_input": commitment_inputs(programme, year),
        "raw.restated_cell": restated_frame(
            programme.root, programme.registrations, year, programme.contracts, cache, programme.local
        ),
    }


def write_plan(bench: Workbench, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the tables of the plan and the territory (PLAN_TABLES)."""
    frames = plan_frames(bench.programme, bench.year, bench.identity, bench.cache_folder)
    for table in PLAN_TABLES:
        write_frame(connection, table, frames[table])
        bench.stamp(table)


def read_received(bench: Workbench, contract: Contract) -> tuple[ReadResult, int]:
    """Read every registered file of one return up to the edition's year; the result and how many files."""
    chosen = [r for r in effective(bench.programme.registrations, bench.year) if r.table == contract.table]
    programme = bench.programme
    result = read_table(programme.root, chosen, contract, bench.cache_folder, programme.local)
    bench.record(f"received-{contract.table}", result.findings, outcomes(contract, result))
    return result, len(chosen)


def write_received(
    bench: Workbench, connection: duckdb.DuckDBPyConnection, contract: Contract, result: ReadResult
) -> None:
    """Write the rows of one return as ``raw.<table>``."""
    table = f"raw.{contract.table}"
    write_returns(connection, table, result.frame, bench.returns_folder)
    bench.stamp(table)


def write_known(bench: Workbench, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the tables of KNOWN_TABLES; needs the indicators and the findings of the gates before."""
    found, _ = bench.records(without=GATES[LAST_GATE])
    frames = earlier_frames(bench, connection) | {"raw.open_warning": open_warnings(bench.programme, found)}
    for table in KNOWN_TABLES:
        write_frame(connection, table, frames[table])
        bench.stamp(table)


def make_table(bench: Workbench, connection: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
    """Make the table of one SQL file."""
    bench.engine.make(connection, file)
    bench.stamp(file.table)


def hold_gate(
    bench: Workbench, connection: duckdb.DuckDBPyConnection, gate: int, kept: Path | None = None
) -> GateResult:
    """Hold one gate over the tables that its rules guard; findings and outcomes are recorded. ``kept``: as in
    :func:`pipeline.quality.gate.run_gate`."""
    name = GATES[gate]
    before, _ = bench.records(without=name)
    result = run_gate(
        connection,
        gate,
        thresholds=dict(bench.programme.plan.rule_thresholds),
        sql_root=CODE_ROOT / "sql",
        found=before,
        kept=kept,
    )
    findings = result.findings
    if gate == LAST_GATE:
        findings = findings + stale_notes([*before, *findings], bench.programme.notes.notes, bench.year)
    bench.record(name, findings, result.outcomes)
    bench.stamp(name)
    return result


def check_edition(home: Home, programme_id: str, year: int, announce: Callable[[str], None]) -> RunOutcome:
    """Everything up to the verdicts with all three gates, for one edition; publishes nothing.

    Stops at the first stage that blocks, as a run does. Raises EditionBusy or StoreBusy where another process holds the
    edition, BadMemory and whatever other Mishap stopped it. What else breaks, and is no finding, is told in ``crash``.
    """
    bench = Workbench(home, home.programme(programme_id), year)
    crash = ""
    with exclusive(bench.folder, PATIENCE), seldom():
        try:
            success = _check(bench, announce)
        except Mishap:
            raise
        except Exception:
            success, crash = False, traceback.format_exc()
    forget_unused(bench.answers_folder)
    findings, held = bench.records()
    return RunOutcome(success and not crash, findings, held, crash, bench)


def _check(bench: Workbench, announce: Callable[[str], None]) -> bool:
    """The stages one after the other; False at the first that blocks."""
    announce("register")
    if any(f.blocks for f in check_register(bench)):
        return False
    with bench.store() as connection:
        write_plan(bench, connection)
        blocked = False
        for contract in bench.programme.contracts.values():
            announce(f"raw.{contract.table}")
            result, _ = read_received(bench, contract)
            blocked |= any(f.blocks for f in result.findings)
            if not blocked:
                write_received(bench, connection, contract, result)
        fit_threads(connection)
        return not blocked and all(_stage(bench, connection, *stage, announce) for stage in STAGES)


def _stage(
    bench: Workbench,
    connection: duckdb.DuckDBPyConnection,
    schemas: tuple[str, ...],
    gate: int,
    announce: Callable[[str], None],
) -> bool:
    """Make the tables of some schemas and hold the gate behind them; False where it blocks."""
    for schema in schemas:
        if schema == "progress":
            write_known(bench, connection)
        for file in load_sql(CODE_ROOT / "sql"):
            if file.schema == schema:
                announce(file.table)
                make_table(bench, connection, file)
    announce(GATES[gate])
    return not hold_gate(bench, connection, gate, bench.answers_folder).blocks
