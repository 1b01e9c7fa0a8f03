"""The open data files of an edition, one CSV per file of ``sql/exports`` plus the findings.

Belongs here: writing them in a total order, UTF-8 with BOM so that spreadsheets show Chinese.
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

BOM = b"\xef\xbb\xbf"
NOTED = ("note_zh", "noted_by", "noted_on")
"""What ``findings.csv`` says of the note on a finding."""

PUBLIC = ("contributions", "decomposition", "indicators", "summary", "verdicts")
"""What a public edition holds: nothing about single schools, no advice, nothing a hidden figure can be read off."""

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
    """Write ``<name>.csv`` for each export query, and ``findings.csv``, into ``folder``; returns the columns and
    types of each by its name. ``public``: only those of PUBLIC.

    ``findings.csv`` has the note on each finding that carries one. Every file has a column ``data_status`` (``real`` or ``demonstration``). Whole numbers are written as such;
    no figure is rounded here. A text that begins like a formula has an apostrophe in front (:mod:`pipeline.inert`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for query in sorted((sql_root / "exports").glob("*.sql")):
        if public and query.stem not in PUBLIC:
            continue
        frame = connection.sql(query.read_text("utf-8")).pl()
        written[query.stem] = _write(folder / f"{query.stem}.csv", frame)
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
    kinds = {c: pl.Int64 if c in WHOLE else pl.String for c in columns}
    frame = pl.DataFrame(rows, {c: pl.String for c in columns})
    written["findings"] = _write(folder / "findings.csv", frame) | kinds
    return written


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _write(path: Path, frame: pl.DataFrame) -> dict[str, pl.DataType]:
    path.write_bytes(BOM + csv_frame(frame).write_csv(null_value="").encode())
    return dict(frame.schema)
