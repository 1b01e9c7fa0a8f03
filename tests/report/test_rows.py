"""Rows in memory and rows that stay in the database answer alike."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pipeline.edition.table_rows import TableRows, rows_of, table_rows
from pipeline.report.rows import Held, Rows

TABLE = """CREATE TABLE verdict AS SELECT * FROM (VALUES
    ('b', NULL, 2, CAST(5 AS DECIMAL(38, 0)), TRUE, DATE '2024-01-31'),
    ('a', 'x', 10, NULL, FALSE, NULL),
    ('a', 'x', 9, 12345678901234567890123, TRUE, DATE '2023-12-01'),
    ('a', NULL, 9, -1, NULL, NULL),
    ('甲', '', 9, 0, FALSE, NULL)
) AS v (area_code, class, period, value_num, reported, received)"""
INORDER = [
    {"area_code": "a", "class": None, "period": 9, "value_num": -1, "reported": None, "received": None},
    {"area_code": "a", "class": "x", "period": 9, "value_num": 12345678901234567890123, "reported": True, "received": "2023-12-01"},
    {"area_code": "a", "class": "x", "period": 10, "value_num": None, "reported": False, "received": None},
    {"area_code": "b", "class": None, "period": 2, "value_num": 5, "reported": True, "received": "2024-01-31"},
    {"area_code": "甲", "class": "", "period": 9, "value_num": 0, "reported": False, "received": None},
]
"""Text and numbers in their own order, NULL first; whole numbers of any size as int, days as ISO text."""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute(TABLE).fetchall()
        yield made


@pytest.fixture(params=["held", "asked"])
def rows(request, connection) -> Rows:
    return rows_of(connection, "verdict") if request.param == "held" else TableRows(connection, "verdict")


def test_a_table_in_its_order(rows, connection):
    assert rows.where() == INORDER == table_rows(connection, "verdict") and len(rows) == 5
    assert isinstance(rows, Held) == rows.held


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"area_code": "a"}, [0, 1, 2]),
        ({"class": None}, [0, 3]),
        ({"class": ""}, [4]),
        ({"area_code": "a", "period": 9}, [0, 1]),
        ({"reported": False}, [2, 4]),
        ({"area_code": frozenset({"b", "甲", "nobody"})}, [3, 4]),
        ({"area_code": frozenset({"a", "甲"}), "reported": False, "class": "x"}, [2]),
        ({"area_code": frozenset()}, []),
        ({"area_code": "nobody"}, []),
        ({"area_code": "a' OR 'a' = 'a"}, []),
    ],
)
def test_those_that_are_asked_for(rows, asked, found):
    assert rows.where(**asked) == [INORDER[n] for n in found]
    picked = [(INORDER[n]["value_num"], INORDER[n]["received"]) for n in found]
    assert sorted(rows.pick("value_num", "received", **asked), key=str) == sorted(picked, key=str)


def test_what_was_found_is_the_caller_s(rows):
    rows.where(area_code="a").clear()
    assert len(rows.where(area_code="a")) == 3


def test_asking_while_columns_are_still_coming(rows):
    coming = rows.pick("area_code")
    first = next(coming)
    assert len(rows.where(area_code="a")) == 3
    assert sorted([first, *coming]) == [("a",), ("a",), ("a",), ("b",), ("甲",)]


def test_columns_come_from_the_tables_that_are_shown(connection):
    """A public edition shows other tables under the same names, in a database of their own."""
    connection.execute("CREATE SCHEMA seen; CREATE TABLE seen.rank AS SELECT 1 AS place").fetchall()
    connection.execute("ATTACH ':memory:' AS public_view; CREATE SCHEMA public_view.seen").fetchall()
    connection.execute("CREATE TABLE public_view.seen.rank AS SELECT 2 AS place").fetchall()
    connection.execute("USE public_view").fetchall()
    rows = TableRows(connection, "seen.rank")
    assert list(rows.pick("place")) == [(2,)] == [(row["place"],) for row in rows.where()]
