"""Column-level lineage, read out of the SQL files themselves.

Belongs here: which columns of which tables a column's value comes from. Does not belong here: running SQL.

Only the value counts: columns that merely join, filter or group are not listed. The house's SQL names every
column with its table's alias, which is what makes this exact; anything else is refused, not guessed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from pipeline.warehouse.sqlfiles import SqlFile

if TYPE_CHECKING:
    import dagster as dg

Lineage = dict[str, list[tuple[str, str]]]
_Set = frozenset[tuple[str, str]]
_Columns = dict[str, _Set]


def column_lineage(sql_file: SqlFile) -> Lineage:
    """Column -> the ``(schema.table, column)`` pairs its value is made from, sorted; constants have none.

    Raises ValueError where the SQL does not say from which table a column comes.
    """
    return {column: list(sources) for column, sources in _lineage(sql_file.text, sql_file.table)}


@lru_cache(maxsize=256)
def _lineage(text: str, name: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    query = sqlglot.parse_one(text, read="duckdb")
    if not isinstance(query, exp.Query):
        raise ValueError(f"{name}: expected exactly one SELECT")
    return tuple((column, tuple(sorted(found))) for column, found in _query(query, {}, {}, name).items())


def dagster_column_lineage(sql_file: SqlFile) -> dg.TableColumnLineage:
    """The same as Dagster's metadata value, for ``dagster/column_lineage``."""
    import dagster as dg

    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(dg.AssetKey(table.split(".")), source) for table, source in sources]
            for column, sources in column_lineage(sql_file).items()
        }
    )


def upstream_columns(files: tuple[SqlFile, ...], table: str, column: str) -> list[tuple[str, str]]:
    """All columns, table by table, that the value of ``table.column`` is made from, down to ``raw``; sorted."""
    by_table = {file.table: file for file in files}
    found: set[tuple[str, str]] = set()
    waiting = [(table, column)]
    while waiting:
        here, name = waiting.pop()
        if here in by_table:
            fresh = set(column_lineage(by_table[here]).get(name, [])) - found
            found |= fresh
            waiting += sorted(fresh)
    return sorted(found)


def _query(query: exp.Expression, ctes: dict[str, _Columns], outer: dict[str, object], name: str) -> _Columns:
    """Output columns of a query, in order."""
    known = dict(ctes)
    for cte in query.ctes if isinstance(query, exp.Query) else []:
        known[cte.alias] = _query(cte.this, known, outer, name)
    if isinstance(query, exp.Subquery):
        return _query(query.this, known, outer, name)
    if isinstance(query, exp.SetOperation):
        left = _query(query.left, known, outer, name)
        right = list(_query(query.right, known, outer, name).values())
        if len(right) != len(left):
            raise ValueError(f"{name}: the parts of a UNION differ in their number of columns")
        return {column: found | right[n] for n, (column, found) in enumerate(left.items())}
    if not isinstance(query, exp.Select):
        raise ValueError(f"{name}: cannot follow {type(query).__name__}")
    sources = dict(outer) | {alias: made for alias, made in _sources(query, known, outer, name)}
    return {item.alias_or_name: _value(item, query, sources, known, name) for item in query.expressions}


def _sources(select: exp.Select, ctes: dict[str, _Columns], outer: dict[str, object], name: str):
    """(alias, columns of it or the name of a stored table) of FROM and JOIN."""
    first = select.args.get("from_") or select.args.get("from")
    parts = ([first.this] if first else []) + [join.this for join in select.args.get("joins") or []]
    for part in parts:
        if isinstance(part, exp.Table):
            yield part.alias_or_name, f"{part.db}.{part.name}" if part.db else ctes[part.name]
        elif isinstance(part, exp.Subquery):
            yield part.alias, _query(part.this, ctes, outer, name)
        else:
            raise ValueError(f"{name}: cannot follow {part.sql()}")


def _value(item: exp.Expression, select: exp.Select, sources, ctes, name: str) -> _Set:
    """What one selected expression is made from."""
    if item.find(exp.Star) and not item.find(exp.Count):
        raise ValueError(f"{name}: SELECT * hides where columns come from")
    found: set[tuple[str, str]] = set()
    for inner in item.find_all(exp.Select):
        if inner.parent_select is select:
            found.update(*_query(inner, ctes, sources, name).values())
    for column in item.find_all(exp.Column):
        if column.parent_select is select:
            found |= _column(column, sources, name)
    return frozenset(found)


def _column(column: exp.Column, sources, name: str) -> _Set:
    source = sources.get(column.table)
    if source is None:
        raise ValueError(f"{name}: column {column.sql()} does not name its table")
    if isinstance(source, str):
        return frozenset({(source, column.name)})
    if column.name not in source:
        raise ValueError(f"{name}: {column.sql()} is no column of {column.table}")
    return source[column.name]
