"""Rows of a table of the working database, as the report room asks for them.

Belongs here: reading rows as plain Python values, all at once or when asked. Does not belong here: which tables the report
reads (gather.py), what it asks of them (``pipeline.report``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from pipeline.report.rows import Asked, Held, Row, Rows

HELD = 20_000
"""Up to so many rows a table is read once and held: one of verdicts, the widest, then takes some 60 MB. A city has 10,000."""

AT_ONCE = 10_000
"""Rows that are fetched together where columns of all rows are asked for."""


class TableRows:
    """Rows that stay in the database ``connection``, in a total order over all columns (NULLs first).

    The connection must be open whenever something is asked.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        self._connection = connection
        self._table = table

    @property
    def held(self) -> bool:
        return False

    def __len__(self) -> int:
        return self._connection.execute(f"SELECT COUNT(*) AS number FROM {self._table}").fetchall()[0][0]

    def where(self, **asked: Asked) -> list[Row]:
        condition, values = _condition(asked)
        # sorted by polars, as the whole table is: a part of the rows stands in the order that it has there
        return plain_rows(self._connection.sql(f"SELECT * FROM {self._table}{condition}", params=values).pl())

    def pick(self, *columns: str, **asked: Asked) -> Iterator[tuple[Any, ...]]:
        condition, values = _condition(asked)
        # of a cursor of its own: the rows are still coming when something else is asked
        ((database,),) = self._connection.execute("SELECT current_database() AS name").fetchall()
        with self._connection.cursor() as cursor:
            cursor.execute(f'USE "{database}"')
            cursor.execute(f"SELECT {', '.join(columns)} FROM {self._table}{condition}", values)
            while rows := cursor.fetchmany(AT_ONCE):
                for row in rows:
                    yield tuple(map(plain, row))


def table_rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    """All rows of a table that does not grow with the number of units beyond a line for each."""
    return TableRows(connection, table).where()


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
    """The rows of a table in a total order over all columns (NULLs first): held where they are few (HELD), else asked when
    they are needed."""
    kept = TableRows(connection, table)
    return Held(kept.where()) if len(kept) <= HELD else kept


def plain_rows(frame: pl.DataFrame) -> list[Row]:
    """A frame as dictionaries in a total order; values as :func:`plain` gives them."""
    ordered = frame.sort(frame.columns, nulls_last=False) if frame.width else frame
    return [{key: plain(value) for key, value in row.items()} for row in ordered.iter_rows(named=True)]


def plain(value: Any) -> Any:
    """Exact decimals of whole numbers become ints, days ISO texts; equal texts are one object, there are few different ones."""
    if isinstance(value, str):
        return sys.intern(value)
    if isinstance(value, Decimal):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _condition(asked: Mapping[str, Asked]) -> tuple[str, list[Any]]:
    """The WHERE of a query and its values."""
    terms, values = [], []
    for name, value in asked.items():
        if isinstance(value, frozenset):
            terms.append(f"{name} IN (SELECT unnest(?))")
            values.append(sorted(value))
        elif value is None:
            terms.append(f"{name} IS NULL")
        else:
            terms.append(f"{name} = ?")
            values.append(value)
    return (" WHERE " + " AND ".join(terms) if terms else ""), values
