"""Every SQL file stays in the subset that other engines understand alike, and what lies outside is refused by name."""

from __future__ import annotations

import pytest
import sqlglot

from benchmarks.pupils.run import SQL as PUPILS
from pipeline.programme import CODE_ROOT
from pipeline.warehouse.portable import NotPortable, outside, translate
from pipeline.warehouse.sqlfiles import SqlFile, header, load_sql, named_tables

FILES = (*load_sql(CODE_ROOT / "sql"), *load_sql(PUPILS))


def sql_file(text: str) -> SqlFile:
    path = CODE_ROOT / "sql" / "core" / "tried.sql"
    return SqlFile("core.tried", path, text, header(text), named_tables(text))


def test_every_file_is_portable_and_its_translation_is_one_select_on_the_views_it_reads():
    assert len(FILES) > 150
    for file in FILES:
        assert outside(file) == []
        spark = translate(file, {table: table.replace(".", "__") for table in file.reads})
        tree = sqlglot.parse_one(spark, read="spark")
        ctes = {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)}
        tables = {table.name for table in tree.find_all(sqlglot.exp.Table)}
        assert tables - ctes == {table.replace(".", "__") for table in file.reads}, file.table


@pytest.mark.parametrize(
    ("select", "shown"),
    [
        ("SELECT a.x / a.y AS x FROM raw.a AS a", "a.x / a.y"),
        ("SELECT * FROM raw.a AS a", "*"),
        ("SELECT a.x FROM raw.a AS a", "a.x"),
        ("SELECT x AS x FROM raw.a AS a", "x"),
        ("SELECT CAST(a.x AS DOUBLE) AS x FROM raw.a AS a", "CAST(a.x AS DOUBLE)"),
        ("SELECT CAST(a.x AS DECIMAL(18, 2)) AS x FROM raw.a AS a", "CAST(a.x AS DECIMAL(18, 2))"),
        ("SELECT TRY_CAST(a.x AS BIGINT) AS x FROM raw.a AS a", "TRY_CAST(a.x AS BIGINT)"),
        ("SELECT a.x AS x FROM raw.a AS a WHERE a.x NOT IN (SELECT b.x AS x FROM raw.b AS b)", "a.x IN (SELECT"),
        ("SELECT a.x AS x FROM raw.a AS a QUALIFY ROW_NUMBER() OVER (ORDER BY a.x) = 1", "QUALIFY"),
        ("SELECT ROW_NUMBER() OVER (PARTITION BY a.x) AS x FROM raw.a AS a", "ROW_NUMBER() OVER (PARTITION BY a.x)"),
        ("SELECT a.x AS x, SUM(a.y) AS y FROM raw.a AS a GROUP BY 1", "GROUP BY 1"),
        ("SELECT a.x AS x FROM raw.a AS a GROUP BY ALL", "GROUP BY ALL"),
        ("SELECT a.x AS x FROM raw.a AS a LIMIT 3", "LIMIT 3"),
        ("SELECT a.x AS x FROM raw.a AS a ASOF JOIN raw.b AS b ON a.x >= b.x", "ASOF JOIN"),
        ("SELECT a.x AS x FROM raw.a AS a UNION ALL BY NAME SELECT b.x AS x FROM raw.b AS b", "UNION ALL BY NAME"),
        ("SELECT ROUND(a.x, 1) AS x FROM raw.a AS a", "ROUND(a.x, 1)"),
        ("SELECT HASH(a.x) AS x FROM raw.a AS a", "HASH(a.x)"),
        ("SELECT REGEXP_MATCHES(a.x, 'y') AS x FROM raw.a AS a", "'y'"),
        ("SELECT ARG_MAX(a.x, a.y) AS x FROM raw.a AS a", "ARG_MAX(a.x, a.y)"),
        ("SELECT [a.x] AS x FROM raw.a AS a", "[a.x]"),
    ],
)
def test_what_engines_do_not_understand_alike_is_refused_with_file_line_and_construct(select, shown):
    file = sql_file(f"-- 试验\n{select}")
    found = outside(file)
    assert any(line.startswith("sql/core/tried.sql:2: ") and shown in line for line in found), found
    with pytest.raises(NotPortable) as refused:
        translate(file, {"raw.a": "a", "raw.b": "b"})
    assert found[0] in str(refused.value)
    assert "请改写" in str(refused.value) and "rewrite it" in str(refused.value)


def test_whole_division_aliases_and_texts_come_through_the_translation():
    file = sql_file("SELECT t.x // 7 AS x, CAST(t.y AS VARCHAR) || '年''s' AS y FROM core.a AS t")
    assert translate(file, {"core.a": "core__a"}) == (
        "SELECT t.x DIV 7 AS x, CAST(t.y AS STRING) || '年\\'s' AS y FROM core__a AS t"
    )
