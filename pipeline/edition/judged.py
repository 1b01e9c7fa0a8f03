"""Judging a year again beside an edition, on tables that are not the edition's own.

Belongs here: a place in memory where some tables take the place of the edition's, and what is read off the verdicts
made there. Does not belong here: which tables those are (earlier.py, triangle.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import duckdb
import polars as pl

from pipeline.programme import Programme
from pipeline.warehouse.sqlfiles import SqlFile
from pipeline.warehouse.store import ALL_SCHEMAS, write_frame, write_select

_PLACE = "earlier"
_VERDICTS = """SELECT v.commitment_id AS commitment_id, v.area_code AS area_code, v.segment AS segment,
    v.period AS period, v.class AS class, v.reason AS reason, v.value_num AS value_num, v.value_den AS value_den,
    v.basis AS basis, v.maturity AS maturity, v.flag_preliminary AS flag_preliminary, v.is_reported AS is_reported
FROM progress.verdict AS v"""
_SUMMARIES = "SELECT s.commitment_id AS commitment_id, s.class AS class, s.reason AS reason FROM progress.summary AS s"


class Wanted(Protocol):
    """What has to be known of the edition: a workbench, or whoever makes its tables again."""

    @property
    def programme(self) -> Programme: ...

    @property
    def year(self) -> int: ...

    @property
    def cache_folder(self) -> Path | None: ...


class Judged(NamedTuple):
    """The verdicts of one reporting year (every unit, segment and period) and the class of each commitment."""

    verdicts: pl.DataFrame
    summaries: pl.DataFrame


def exact(num: Any, den: Any) -> Fraction | None:
    """A value as verdicts carry it, two whole numbers, as one fraction; None where there is no value."""
    return None if num is None or not den else Fraction(int(num), int(den))


def judge(connection: duckdb.DuckDBPyConnection, frames: Mapping[str, pl.DataFrame], files: Iterable[SqlFile]) -> Judged:
    """Write ``frames``, make ``files`` (every table up to progress.summary), and read the verdicts."""
    for table, frame in frames.items():
        write_frame(connection, table, frame)
    for file in files:
        write_select(connection, file.table, file.text)
    return Judged(connection.sql(_VERDICTS).pl(), connection.sql(_SUMMARIES).pl())


def plan_of(
    plan: Mapping[str, pl.DataFrame], connection: duckdb.DuckDBPyConnection, year: int, only: list[str] | None = None
) -> dict[str, pl.DataFrame]:
    """``raw.edition`` and ``raw.commitment`` as of an earlier ``year``, of which ``plan`` are the plan's tables; ``only``
    these commitments. ``connection`` holds the edition's own ``raw.edition``."""
    edition = connection.sql("SELECT * FROM raw.edition").pl()
    commitments = plan["raw.commitment"]
    return {
        "raw.edition": edition.with_columns(pl.lit(year).cast(edition.schema["year"]).alias("year")),
        "raw.commitment": commitments if only is None else commitments.filter(pl.col("id").is_in(only)),
    }


@contextmanager
def elsewhere(connection: duckdb.DuckDBPyConnection, shown: Mapping[str, str]) -> Iterator[None]:
    """A database in memory in which tables of the edition can be read under their own names: table -> the condition
    on its rows, or ''."""
    home = connection.execute("SELECT current_database() AS name").fetchall()[0][0]
    connection.execute(f"ATTACH ':memory:' AS {_PLACE}").fetchall()
    try:
        connection.execute(f"USE {_PLACE}").fetchall()
        for schema in ALL_SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}").fetchall()
        for table, condition in shown.items():
            where = f" WHERE {condition}" if condition else ""
            connection.execute(f'CREATE VIEW {table} AS SELECT * FROM "{home}".{table}{where}').fetchall()
        yield
    finally:
        connection.execute(f'USE "{home}"').fetchall()
        connection.execute(f"DETACH {_PLACE}").fetchall()
