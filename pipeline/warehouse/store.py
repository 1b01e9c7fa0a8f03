"""The working database of one edition: opening, writing tables, canonical content hashes.

Belongs here: connections and storage. Does not belong here: what the tables mean.

The file is a cache under ``build/``: one writer, opened for each step and closed after it. The rows of returns, by far the most
that it is made from, stand beside it as Parquet (write_returns); all other tables are in it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipeline.mishap import Mishap

_SAME_TEXT = frozenset({"BIGINT", "BOOLEAN", "DATE", "HUGEINT", "INTEGER", "VARCHAR"})
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")

ALL_SCHEMAS = ("raw", "staging", "core", "indicator", "progress")


BATCH = 20_000
"""Rows of a large table that are in memory as text at a time: those of 73 columns take some 20 MB."""

MANY_ROWS = 100_000
"""Rows of a table above which its content hash is worked out in batches. Up to there the whole table costs a fifth less CPU
(all 234 tables of the city, 56,000 rows at most: 3.0 against 3.7 s) and, at 73 columns, at most 0.6 GB; 1,000,000 such rows
would take 4.4 GB, in batches 1.0."""

FEW_ROWS = 1_000_000
"""Rows of returns up to which one thread makes the tables with less work than several, which wait for one another: a city
of 280,000 rows takes a seventh less CPU and no longer."""


MEMORY_VARIABLE = "JIANCE_MEMORY"
"""How much memory the working database may use, such as ``4GB``; what does not fit goes to disk beside it. Four fifths of the
machine's if it is not set. What the tables hold is the same."""
_SIZE = re.compile(r"[0-9]*[1-9][0-9]* ?[KMGT]i?B", re.IGNORECASE)


class StoreBusy(Mishap):
    """Another process holds the working database. ``str()`` says what to do."""


class BadMemory(Mishap):
    """MEMORY_VARIABLE is no size of memory. ``str()`` says what to do."""


def memory_limit() -> str | None:
    """What MEMORY_VARIABLE says; None where it is not set. Raises BadMemory."""
    said = os.environ.get(MEMORY_VARIABLE, "").strip()
    if said and not _SIZE.fullmatch(said):
        raise BadMemory(
            f"环境变量 {MEMORY_VARIABLE} 应是内存大小,例如 4GB 或 800MB,现为“{said}”;请改正,或取消设置 / the environment variable "
            f'{MEMORY_VARIABLE} has to be a size of memory, for example 4GB or 800MB, not "{said}": correct it or unset it'
        )
    return said or None


@contextmanager
def open_store(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The edition's database, read-write, with every schema present; closed afterwards.

    No extension is ever fetched, and results depend neither on the number of threads nor on the memory that may be used.
    Raises StoreBusy when another process holds the file, BadMemory, duckdb.IOException where rows of returns are gone.
    """
    limit = memory_limit()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(
            str(path),
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "true",
                **({} if limit is None else {"memory_limit": limit}),
            },
        )
    except duckdb.IOException as problem:
        if "lock on file" not in str(problem):  # a full disk, a place that may not be written: told as such
            raise
        raise StoreBusy(
            f"工作数据库正被别的程序占用(另一次运行或数据库查看器),请等它结束或关闭后重试:{path.name} / "
            f"the working database is held by another run or a viewer; close it and try again: {problem}"
        ) from None
    try:
        for schema in ALL_SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}").fetchall()
        _find_returns(connection, returns_folder(path))
        fit_threads(connection)
        yield connection
    finally:
        connection.close()


def fit_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """One thread for few rows of returns (FEW_ROWS), as many as the machine has for more; what the tables hold is the same.

    Called when a database is opened, and by who has written returns into an open one.
    """
    ((rows,),) = connection.execute(
        "SELECT CAST(coalesce(sum(rows), 0) AS BIGINT) AS rows FROM ("
        "SELECT database_name, schema_name, estimated_size AS rows FROM duckdb_tables() UNION ALL "
        "SELECT database_name, schema_name, TRY_CAST(comment AS BIGINT) AS rows FROM duckdb_views()) "
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


def returns_folder(database: Path) -> Path:
    """Where the rows of the returns stand that a working database reads."""
    return database.parent / "raw"


def _find_returns(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Of returns that the database knows at another place, as it does where a home was copied or moved, read those in ``folder``."""
    known = connection.execute(
        "SELECT view_name, sql FROM duckdb_views() "
        "WHERE database_name = current_database() AND schema_name = 'raw' AND comment IS NOT NULL ORDER BY view_name"
    ).fetchall()
    for name, sql in known:
        place = folder / f"{name}.parquet"
        if sql_text(path_pattern(place)) not in sql:
            read_returns(connection, f"raw.{name}", place)


def write_returns(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, folder: Path) -> None:
    """Replace ``table`` (``raw.…``) by the rows of a return, column for column, which stand as Parquet in ``folder``
    (:func:`returns_folder`).

    In the database they take four times the disk and twice the CPU to write, and are read no faster.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{table.partition('.')[2]}.parquet"
    new = place.with_suffix(".new")
    connection.register("incoming_frame", frame.to_arrow())
    try:
        target = f"{sql_text(str(new))} (FORMAT parquet, COMPRESSION zstd)"
        connection.execute(f"COPY (SELECT * FROM incoming_frame) TO {target}").fetchall()
    finally:
        connection.unregister("incoming_frame")
    os.replace(new, place)
    read_returns(connection, table, place)


def read_returns(connection: duckdb.DuckDBPyConnection, table: str, place: Path) -> None:
    """Replace ``table`` (``raw.…``) by the rows of the Parquet file ``place``, which are read there whenever they are asked for.

    How many they are is kept with the name, for :func:`fit_threads`. Raises duckdb.Error where there is no such file.
    """
    # folders of the path that are called a=b are no columns
    source = f"read_parquet({sql_text(path_pattern(place))}, hive_partitioning = false)"
    ((rows,),) = connection.execute(f"SELECT COUNT(*) AS rows FROM {source}").fetchall()
    kinds = connection.execute(
        "SELECT table_type FROM information_schema.tables "
        "WHERE table_catalog = current_database() AND table_schema || '.' || table_name = $table",
        {"table": table},
    ).fetchall()
    if kinds == [("BASE TABLE",)]:  # of a version that kept them in the database
        connection.execute(f"DROP TABLE {table}").fetchall()
    connection.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM {source}").fetchall()
    connection.execute(f"COMMENT ON VIEW {table} IS '{rows}'").fetchall()


def path_pattern(place: Path) -> str:
    """The pattern, which a path is to DuckDB, that this one file fits: ``[*]`` is the character itself."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(place.absolute()))


def sql_text(words: str) -> str:
    """Words as SQL writes them."""
    return "'" + words.replace("'", "''") + "'"


def table_frame(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """A whole table, rows in a total order over all columns (NULLs first)."""
    frame = connection.sql(f"SELECT * FROM {table}").pl()
    return frame.sort(frame.columns, nulls_last=False) if frame.width else frame


def first_rows(connection: duckdb.DuckDBPyConnection, table: str, count: int) -> pl.DataFrame:
    """The first rows of :func:`table_frame`."""
    return connection.sql(f"SELECT * FROM {table} ORDER BY ALL NULLS FIRST LIMIT {count}").pl()


def parts(rows: duckdb.DuckDBPyRelation, count: int) -> Iterator[pl.DataFrame]:
    """The rows of a query as they come, in frames of at most ``count``; before them one without rows, for the columns.

    Until it is closed nothing else can be asked of the connection. Raises duckdb.Error.
    """
    with rows.to_arrow_reader(count) as reader:
        yield pl.DataFrame(reader.schema.empty_table())
        try:
            for batch in reader:
                yield pl.DataFrame(batch)
        except OSError as problem:  # what DuckDB meets on the way, in its words, but Arrow knows no other kind
            raise duckdb.Error(str(problem)) from None


def canonical(frame: pl.DataFrame) -> bytes:
    """Engine-independent text of a frame: header, then every row as CSV in total order; NULL is empty,
    an empty text is ``""``."""
    texts = frame.select(pl.all().cast(pl.String))
    return _csv(texts.sort(texts.columns, nulls_last=False))


def _csv(texts: pl.DataFrame, header: bool = True) -> bytes:
    """Each cell is quoted or not for itself, so the parts of a table are written as in the whole."""
    return texts.write_csv(include_header=header, null_value="", quote_style="necessary").encode()


def content_hash(frame: pl.DataFrame) -> str:
    """sha256 (hex) of :func:`canonical`."""
    return hashlib.sha256(canonical(frame)).hexdigest()


def table_hash(
    connection: duckdb.DuckDBPyConnection, table: str, build_id: str | None = None
) -> tuple[int, str]:
    """(rows, :func:`content_hash`) of a whole table; one of more than MANY_ROWS is never in memory as a whole.

    ``build_id``: what the column of that name is taken to hold in every row.
    DuckDB sorts a large table and puts on disk, beside the database, what its memory limit leaves no room for.
    Raises duckdb.Error where there is no such table, or no such column.
    """
    kinds = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
    source = f"SELECT * FROM {table}"
    if build_id is not None:
        source = f"SELECT * REPLACE ({sql_text(build_id)} AS build_id) FROM {table}"
    ((rows,),) = connection.execute(f"SELECT COUNT(*) AS number FROM {table}").fetchall()
    if rows <= MANY_ROWS or not _same_text(connection, table, kinds):
        return rows, content_hash(connection.sql(source).pl())
    # The order of the texts, byte by byte, is that of polars. It has to be that of texts: 10 stands before 9.
    texts = f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({source}) ORDER BY ALL NULLS FIRST"
    digest = hashlib.sha256()
    with closing(parts(connection.sql(texts), BATCH)) as pieces:
        digest.update(_csv(next(pieces)))
        for piece in pieces:
            digest.update(_csv(piece, header=False))
    return rows, digest.hexdigest()


def _same_text(connection: duckdb.DuckDBPyConnection, table: str, kinds: dict[str, str]) -> bool:
    """Whether DuckDB and polars write every value of a table as the same text.

    They do for the types our tables have, except for a decimal without whole digits (``.5``, not ``0.5``) and a date
    before the year 1 or after 9999 (``(BC)``, ``+``); other types (floating point, timestamps, lists) they write differently.
    """
    for kind in kinds.values():
        decimal = _DECIMAL.fullmatch(kind)
        if kind not in _SAME_TEXT and not (decimal and int(decimal[1]) > int(decimal[2])):
            return False
    dates = [name for name, kind in kinds.items() if kind == "DATE"]
    outside = " OR ".join(f""""{name}" NOT BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'""" for name in dates)
    return not dates or not connection.execute(f"SELECT 1 AS one FROM {table} WHERE {outside} LIMIT 1").fetchall()
