"""The open data files of an edition, a CSV and a Parquet file per file of ``sql/exports``, and of the findings.

Belongs here: writing them in a total order; CSV in UTF-8 with BOM so that spreadsheets show Chinese, Parquet with the
types of the columns. Equal rows give equal bytes in both. Rows are written as they come from the database: a table is never
in memory as a whole.
Does not belong here: formulas (they are in the SQL), publishing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path

import duckdb
import polars as pl
from polars.io.plugins import register_io_source

from pipeline.inert import csv_frame
from pipeline.quality.finding import Finding
from pipeline.quality.notes import Note, noted
from pipeline.trace_code import Codes, Figure, figure_of
from pipeline.warehouse.store import parts

BATCH = 20_000
"""Rows that are in memory at a time while a table is written, beside the row group that they are to be part of."""

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
        rows = connection.sql(query.read_text("utf-8"))
        finish = _finisher(connection, rows) if query.stem == "indicators" else _as_it_is
        written[query.stem] = _write_rows(folder / query.stem, rows, finish)
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


def _as_it_is(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _finisher(connection: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """What gives any piece of the figures ``rows`` their codes, as the report prints them and ``jiance trace`` takes them.

    How long a code is depends on all figures, so all are read here, before the first piece is.
    """
    ((programme,),) = connection.execute("SELECT programme FROM raw.edition").fetchall()
    figures = (figure for piece in parts(rows.select(*Figure._fields), BATCH) for figure in _figures(piece))
    return partial(_with_codes, codes=Codes(programme, figures))


def _with_codes(frame: pl.DataFrame, codes: Codes) -> pl.DataFrame:
    return frame.with_columns(pl.Series("trace_code", list(map(codes.of, _figures(frame))), pl.String))


def _figures(frame: pl.DataFrame) -> Iterator[Figure]:
    return (figure_of(row) for row in frame.select(Figure._fields).iter_rows(named=True))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _write_rows(
    path: Path, rows: duckdb.DuckDBPyRelation, finish: Callable[[pl.DataFrame], pl.DataFrame]
) -> dict[str, pl.DataType]:
    """``path`` without its ending; both files, the rows in the order of ``rows``; ``finish`` is given each piece of them.

    The bytes are those of :func:`_write` for the whole, whatever the pieces.
    """
    with closing(parts(rows, BATCH)) as pieces, path.with_suffix(".csv").open("wb") as csv:
        empty = finish(next(pieces))
        csv.write(BOM + _csv(empty))

        def written(*_: object) -> Iterator[pl.DataFrame]:  # it is told which columns and rows to read: all
            for piece in map(finish, pieces):
                csv.write(_csv(piece, header=False))
                yield piece

        # Polars puts the pieces together to row groups and encodes these as those of a whole frame.
        _write_parquet(register_io_source(written, schema=empty.schema, validate_schema=True), path)
    return dict(empty.schema)


def _write(path: Path, frame: pl.DataFrame) -> dict[str, pl.DataType]:
    """``path`` without its ending; both files, the rows in the order of ``frame``."""
    path.with_suffix(".csv").write_bytes(BOM + _csv(frame))
    _write_parquet(frame.lazy(), path)
    return dict(frame.schema)


def _csv(frame: pl.DataFrame, header: bool = True) -> bytes:
    return csv_frame(frame).write_csv(include_header=header, null_value="").encode()


def _write_parquet(rows: pl.LazyFrame, path: Path) -> None:
    rows.sink_parquet(path.with_suffix(".parquet"), compression="zstd", row_group_size=ROW_GROUP)
