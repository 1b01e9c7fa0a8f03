"""What every asset module needs: the failure that names findings, previews, hashes as data versions."""

import dagster as dg
import duckdb
import polars as pl

from pipeline.inert import markdown
from pipeline.jobs import AUDIENCE_TAG
from pipeline.lock import PATIENCE, EditionBusy, hold
from pipeline.quality.finding import Finding
from pipeline.session import Workbench
from pipeline.warehouse.store import first_rows

WORKSHOP = "workshop"
PREVIEW_ROWS = 10


def asset_key(table: str) -> dg.AssetKey:
    """``schema.table`` -> AssetKey([schema, table])."""
    return dg.AssetKey(table.split("."))


def bench_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, workshop):
    """The workbench of the edition being run, held for this process; Failure where another run has it."""
    tags = context.run.tags
    bench = workshop.bench(tags["dagster/partition"], public=tags.get(AUDIENCE_TAG) == "public")
    try:
        hold(bench.folder, PATIENCE)
    except EditionBusy as problem:
        raise dg.Failure(description=str(problem), allow_retries=False) from None
    return bench


def stop_on(findings: list[Finding], step: str) -> None:
    """Raise dagster.Failure when a finding blocks; the description lists the first ones in Chinese."""
    blocking = [f for f in findings if f.blocks]
    if not blocking:
        return
    first = "\n".join(f"- {place(f)} {f.message_zh}" for f in blocking[:10])
    raise dg.Failure(
        description=f"{step}: {len(blocking)} 个错误,未进入下一步 / errors, nothing passed on\n{first}",
        metadata={"errors": len(blocking)},
        allow_retries=False,
    )


def place(finding: Finding) -> str:
    """Where a finding stands, short: file, sheet, row, column."""
    parts = [finding.file or finding.table]
    if finding.sheet:
        parts.append(f"[{finding.sheet}]")
    if finding.row is not None:
        parts.append(f"第{finding.row}行")
    if finding.column:
        parts.append(f"“{finding.column}”")
    return " ".join(parts)


def described(bench: Workbench, connection: duckdb.DuckDBPyConnection, table: str) -> tuple[dict, str]:
    """(metadata, content hash) of a table: row count, hash, ten-row preview."""
    rows, digest = bench.fingerprint(connection, table)
    head = first_rows(connection, table, PREVIEW_ROWS)
    return (
        {
            "dagster/row_count": rows,
            "content_sha256": digest,
            "preview": dg.MetadataValue.md(markdown_table(head)),
        },
        digest,
    )


def markdown_table(frame: pl.DataFrame) -> str:
    """A small frame as a Markdown table."""
    if not frame.width:
        return "(空 / empty)"
    rows = [frame.columns, ["---"] * frame.width]
    rows += [["" if v is None else markdown(str(v), table=True) for v in row] for row in frame.iter_rows()]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
