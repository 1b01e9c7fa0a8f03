"""The working database of one edition: opening, writing tables, canonical content hashes.

Belongs here: connections and storage. Does not belong here: what the tables mean.

The file is a cache under ``build/``: one writer, opened for each step and closed after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipeline.mishap import Mishap

ALL_SCHEMAS = ("raw", "staging", "core", "indicator", "progress")


FEW_ROWS = 1_000_000
"""Rows of returns up to which one thread makes the tables with less work than several, which wait for one another: a city
of 280,000 rows takes a seventh less CPU and no longer."""


class StoreBusy(Mishap):
    """Another process holds the working database. ``str()`` says what to do."""


@contextmanager
def open_store(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The edition's database, read-write, with every schema present; closed afterwards.

    No extension is ever fetched, and results do not depend on the number of threads.
    Raises StoreBusy when another process holds the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(
            str(path),
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "true",
            },
        )
    except duckdb.IOException as problem:
        if "lock" not in str(problem):  # a full disk, a place that may not be written: told as such
            raise
        raise StoreBusy(
            f"工作数据库正被别的程序占用(另一次运行或数据库查看器),请等它结束或关闭后重试:{path.name} / "
            f"the working database is held by another run or a viewer; close it and try again: {problem}"
        ) from None
    try:
        for schema in ALL_SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}").fetchall()
        fit_threads(connection)
        yield connection
    finally:
        connection.close()


def fit_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """One thread for few rows of returns (FEW_ROWS), as many as the machine has for more; what the tables hold is the same.

    Called when a database is opened, and by who has written returns into an open one.
    """
    ((rows,),) = connection.execute(
        "SELECT coalesce(sum(estimated_size), 0) AS rows FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name = 'raw'"
    ).fetchall()
    connection.execute("SET threads = 1" if 0 < rows <= FEW_ROWS else "RESET threads").fetchall()


def table_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """``schema.table`` of every table present, sorted."""
    rows = connection.execute(
        "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables ORDER BY 1"
    ).fetchall()
    return [row[0] for row in rows]


def write_select(connection: duckdb.DuckDBPyConnection, table: str, select: str) -> None:
    """Replace ``table`` by the result of ``select``; the CREATE is added here, never in a SQL file."""
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS\n{select}").fetchall()


def write_frame(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Replace ``table`` by a polars frame, column for column."""
    connection.register("incoming_frame", frame.to_arrow())
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM incoming_frame").fetchall()
    finally:
        connection.unregister("incoming_frame")


def table_frame(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """A whole table, rows in a total order over all columns (NULLs first)."""
    frame = connection.sql(f"SELECT * FROM {table}").pl()
    return frame.sort(frame.columns, nulls_last=False) if frame.width else frame


def first_rows(connection: duckdb.DuckDBPyConnection, table: str, count: int) -> pl.DataFrame:
    """The first rows of :func:`table_frame`."""
    return connection.sql(f"SELECT * FROM {table} ORDER BY ALL NULLS FIRST LIMIT {count}").pl()


def canonical(frame: pl.DataFrame) -> bytes:
    """Engine-independent text of a frame: header, then every row as CSV in total order; NULL is empty,
    an empty text is ``""``."""
    texts = frame.select(pl.all().cast(pl.String))
    return texts.sort(texts.columns, nulls_last=False).write_csv(null_value="", quote_style="necessary").encode()


def content_hash(frame: pl.DataFrame) -> str:
    """sha256 (hex) of :func:`canonical`."""
    return hashlib.sha256(canonical(frame)).hexdigest()
