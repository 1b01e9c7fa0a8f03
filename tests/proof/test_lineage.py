"""Columns are followed to the columns they come from, for every SQL file of the house."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipeline.programme import CODE_ROOT
from pipeline.proof.lineage import column_lineage, dagster_column_lineage, upstream_columns
from pipeline.warehouse.sqlfiles import SqlFile, load_sql

FILES = load_sql(CODE_ROOT / "sql")
BY_TABLE = {file.table: file for file in FILES}


def made(text):
    return column_lineage(SqlFile("core.t", Path("t.sql"), text, "", ()))


def test_every_column_of_every_table(published):
    with duckdb.connect(
        str(published.home.build / "china-2023" / "warehouse.duckdb"), read_only=True
    ) as connection:
        columns = {
            file.table: [d[0] for d in connection.execute(f"SELECT * FROM {file.table} LIMIT 0").description]
            for file in FILES
        }
        for file in FILES:
            lineage = column_lineage(file)
            assert list(lineage) == columns[file.table]
            for table, column in {pair for sources in lineage.values() for pair in sources}:
                assert table in file.reads
                if table in columns:
                    assert column in columns[table], (file.table, table, column)


def test_known_columns():
    retention = column_lineage(BY_TABLE["indicator.compulsory_retention"])
    assert retention["numerator"] == [("core.cohort", "grade9_pupils"), ("core.graduates", "graduates")]
    assert retention["indicator_id"] == []
    assert column_lineage(BY_TABLE["core.finance"])["amount_fen"] == [
        ("staging.county_finance", "amount_yuan")
    ]


def test_down_to_the_returns():
    found = upstream_columns(FILES, "indicator.per_pupil_spending", "value_num")
    assert ("raw.county_finance", "amount_yuan") in found and ("raw.certified_values", "value") in found


def test_unions_ctes_and_subqueries():
    assert made(
        "WITH a AS (SELECT t.x AS x, t.y AS y FROM raw.t AS t UNION ALL SELECT u.p AS x, u.q AS y FROM raw.u AS u)\n"
        "SELECT b.x + d.n AS z, (SELECT MAX(v.m) FROM raw.v AS v WHERE v.k = b.y) AS w, COUNT(*) AS c, 1 AS one\n"
        "FROM a AS b LEFT JOIN (SELECT e.n AS n, e.k AS k FROM raw.e AS e) AS d ON d.k = b.y"
    ) == {
        "z": [("raw.e", "n"), ("raw.t", "x"), ("raw.u", "p")],
        "w": [("raw.v", "m")],
        "c": [],
        "one": [],
    }


@pytest.mark.parametrize(
    "text", ["SELECT * FROM raw.t AS t", "SELECT x AS x FROM raw.t AS t", "SELECT u.x AS x FROM raw.t AS t"]
)
def test_what_cannot_be_followed_is_refused(text):
    with pytest.raises(ValueError, match=r"core\.t"):
        made(text)


def test_as_dagster_metadata():
    lineage = dagster_column_lineage(BY_TABLE["core.finance"])
    (source,) = lineage.deps_by_column["amount_fen"]
    assert (source.asset_key, source.column_name) == (
        dg.AssetKey(["staging", "county_finance"]),
        "amount_yuan",
    )
    dg.AssetSpec(dg.AssetKey(["core", "finance"]), metadata={"dagster/column_lineage": lineage})
