"""The open data files of an edition, one CSV per file of ``sql/exports`` plus the findings.

Belongs here: writing them in a total order, UTF-8 with BOM so that spreadsheets show Chinese.
Does not belong here: formulas (they are in the SQL), publishing.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import duckdb
import polars as pl

from pipeline.quality.finding import Finding

BOM = b"\xef\xbb\xbf"


def write_exports(
    connection: duckdb.DuckDBPyConnection,
    sql_root: Path,
    folder: Path,
    findings: list[Finding],
    data_status: str,
) -> list[Path]:
    """Write ``<name>.csv`` for each export query, and ``findings.csv``, into ``folder``; returns the paths.

    Every file has a column ``data_status`` (``real`` or ``demonstration``). Whole numbers are written as such;
    no figure is rounded here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for query in sorted((sql_root / "exports").glob("*.sql")):
        frame = connection.sql(query.read_text("utf-8")).pl().select(pl.all().cast(pl.String))
        written.append(_write(folder / f"{query.stem}.csv", frame))
    columns = ["data_status"] + [f.name for f in fields(Finding)]
    rows = [{"data_status": data_status} | {k: _text(v) for k, v in asdict(f).items()} for f in findings]
    written.append(_write(folder / "findings.csv", pl.DataFrame(rows, {c: pl.String for c in columns})))
    return written


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _write(path: Path, frame: pl.DataFrame) -> Path:
    path.write_bytes(BOM + frame.write_csv(null_value="").encode())
    return path
