"""The open data files of an edition, a CSV and a Parquet file per file of ``sql/exports``, and of the findings.

Belongs here: writing them in a total order; CSV in UTF-8 with BOM so that spreadsheets show Chinese, Parquet with the
types of the columns. Equal rows give equal bytes in both.
Does not belong here: formulas (they are in the SQL), publishing.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import duckdb
import polars as pl

from pipeline.inert import csv_frame
from pipeline.quality.finding import Finding
from pipeline.quality.notes import Note, noted
from pipeline.trace_code import Codes, Figure, figure_of

BOM = b"\xef\xbb\xbf"
NOTED = ("note_zh", "noted_by", "noted_on")
"""What ``findings.csv`` says of the note on a finding."""

PUBLIC = ("contributions", "decomposition", "indicators", "summary", "verdicts")
"""What a public edition holds: nothing about single schools, no advice, nothing a hidden figure can be read off."""

ROW_GROUP = 100_000
"""Rows that a Parquet file holds together: fixed, so that the bytes do not depend on the machine."""

WHOLE = ("row", "more")
"""Whole numbers in ``findings.csv``."""


def write_exports(
    connection: duckdb.DuckDBPyConnection,
    sql_root: Path,
    folder: Path,
    findings: list[Finding],
    notes: list[Note],
    data_status: str,
    public: bool = False,
) -> dict[str, dict[str, pl.DataType]]:
    """Write ``<name>.csv`` and ``<name>.parquet`` for each export query, and ``findings``, into ``folder``; returns the
    columns and types of each by its name. ``public``: only those of PUBLIC.

    ``findings`` has the note on each finding that carries one. Every file has a column ``data_status`` (``real`` or ``demonstration``). Whole numbers are written as such;
    no figure is rounded here. In CSV a text that begins like a formula has an apostrophe in front
    (:mod:`pipeline.inert`); Parquet holds it as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for query in sorted((sql_root / "exports").glob("*.sql")):
        if public and query.stem not in PUBLIC:
            continue
        frame = connection.sql(query.read_text("utf-8")).pl()
        if query.stem == "indicators":
            frame = _with_codes(connection, frame)
        written[query.stem] = _write(folder / query.stem, frame)
    if public:
        return written
    said = noted(findings, notes)
    columns = ["data_status", *(f.name for f in fields(Finding)), "finding_id", *NOTED]
    rows = [
        {"data_status": data_status, "finding_id": f.id}
        | {k: _text(v) for k, v in asdict(f).items()}
        | {k: getattr(said[f.id], k) if f.id in said else None for k in NOTED}
        for f in findings
    ]
    frame = pl.DataFrame(rows, {c: pl.String for c in columns}).with_columns(
        *(pl.col(c).cast(pl.Int64) for c in WHOLE), pl.col("noted_on").str.to_date("%Y-%m-%d")
    )
    written["findings"] = _write(folder / "findings", frame)
    return written


def _with_codes(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> pl.DataFrame:
    """The figures with the code of each, as the report prints it and ``jiance trace`` takes it."""
    ((programme,),) = connection.execute("SELECT programme FROM raw.edition").fetchall()
    figures = [figure_of(row) for row in frame.select(Figure._fields).iter_rows(named=True)]
    codes = Codes(programme, figures)
    return frame.with_columns(pl.Series("trace_code", [codes.of(figure) for figure in figures], pl.String))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _write(path: Path, frame: pl.DataFrame) -> dict[str, pl.DataType]:
    """``path`` without its ending; both files, the rows in the order of ``frame``."""
    path.with_suffix(".csv").write_bytes(BOM + csv_frame(frame).write_csv(null_value="").encode())
    frame.write_parquet(path.with_suffix(".parquet"), compression="zstd", row_group_size=ROW_GROUP)
    return dict(frame.schema)
