"""The SQL that every engine understands alike: what a file may hold, and its translation for Spark.

Belongs here: the subset of SQL that was seen to give equal figures on DuckDB, Spark and Sail, told file by file, and
the translation from the syntax tree. Does not belong here: running anything, formulas.

The files under ``sql/`` are the only source: nothing translated is ever stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp

from pipeline.home import CODE_ROOT
from pipeline.mishap import Mishap
from pipeline.warehouse.sqlfiles import SqlFile

TYPES = ("BIGINT", "BOOLEAN", "DATE", "DECIMAL(38, 0)", "VARCHAR")
"""What a CAST may make: whole numbers, texts, days. Money is DECIMAL(18, 2) from the intake on and is never cast."""

_SUBSET: frozenset[type[exp.Expression]] = frozenset(
    {
        exp.Add, exp.Alias, exp.And, exp.Between, exp.Boolean, exp.Case, exp.Cast, exp.Coalesce, exp.Column, exp.Count,
        exp.CTE, exp.DataType, exp.DataTypeParam, exp.Distinct, exp.DPipe, exp.EQ, exp.Extract, exp.Filter, exp.From,
        exp.Group, exp.GT, exp.GTE, exp.Having, exp.Identifier, exp.If, exp.In, exp.IntDiv, exp.Is, exp.Join, exp.Lag,
        exp.Like, exp.Literal, exp.LT, exp.LTE, exp.Max, exp.Min, exp.Mod, exp.Mul, exp.Neg, exp.NEQ, exp.Not,
        exp.Null, exp.Nullif, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Or, exp.Order, exp.Ordered, exp.Paren,
        exp.RowNumber, exp.Select, exp.Sub, exp.Substring, exp.Sum, exp.Table, exp.TableAlias, exp.Union, exp.Var,
        exp.Where, exp.Window, exp.WindowSpec, exp.With,
    }
)  # fmt: skip
"""Every construct that was seen to be equal; whatever is not named here is refused."""


class NotPortable(Mishap):
    """A SQL file holds something that engines are not known to understand alike. ``str()`` names it and its place."""


def outside(file: SqlFile) -> list[str]:
    """What in a file lies outside the subset, as ``path:line: construct: why``; empty where all of it is portable.

    The text has to be one SELECT (see :func:`pipeline.warehouse.sqlfiles.referenced_tables`).
    """
    place = file.path.relative_to(CODE_ROOT) if file.path.is_relative_to(CODE_ROOT) else file.path
    found = []
    for node in _tree(file).walk():
        for reason in _reasons(node):
            found.append(f"{place}:{_line(node)}: {_shown(node)}: {reason}")
    return found


def translate(file: SqlFile, names: dict[str, str]) -> str:
    """The SELECT of a file in Spark's dialect; ``names``: ``schema.table`` -> name of its view on the engine.

    Raises NotPortable where the file lies outside the subset: it might give other figures there without an error.
    """
    if found := outside(file):
        raise NotPortable(
            f"这份 SQL 不能在别的引擎上运行,请改写,或不用 --engine / this SQL may not run on another engine; "
            f"rewrite it, or run without --engine:\n" + "\n".join(found)
        )
    tree = _tree(file).copy()
    for table in list(tree.find_all(exp.Table)):
        if table.db:
            view = exp.to_table(names[f"{table.db}.{table.name}"])
            table.replace(exp.alias_(view, table.alias, table=True) if table.alias else view)
    return tree.sql(dialect="spark", comments=False)


@lru_cache(maxsize=512)
def _tree(file: SqlFile) -> exp.Query:
    tree = sqlglot.parse_one(file.text, read="duckdb")
    assert isinstance(tree, exp.Query), file.table
    return tree


def _reasons(node: exp.Expression) -> Iterator[str]:
    """Why a construct is refused; nothing where it is portable. The reasons are what was seen on the engines."""
    if type(node) not in _SUBSET:
        yield _WHY.get(type(node), "不在可移植的子集内 / not in the portable subset")
    elif isinstance(node, exp.Cast):
        if (kind := node.to.sql(dialect="duckdb").replace("TEXT", "VARCHAR")) not in TYPES:
            yield f"只可转换为 {'、'.join(TYPES)} / a cast makes one of these, not {kind}"
    elif isinstance(node, exp.Column):
        if not node.table:
            yield "列名前须写表名,以免指到同一 SELECT 的别名 / a column names its table: aliases of the same SELECT differ"
    elif isinstance(node, exp.Select):
        if node.args.get("distinct") and node.args["distinct"].args.get("on"):
            yield "DISTINCT ON"
        if unnamed := [p for p in node.expressions if not isinstance(p, exp.Alias)]:
            yield f"每个输出列都要有 AS / every output column has an alias: {unnamed[0].sql(dialect='duckdb')[:60]}"
        if any(node.args.get(part) for part in ("limit", "offset", "sample", "qualify", "windows")):
            yield "LIMIT、OFFSET、SAMPLE、QUALIFY、WINDOW"
    elif isinstance(node, exp.Group):
        if node.args.get("all") or any(isinstance(g, exp.Literal) for g in node.expressions):
            yield "GROUP BY 要写列 / GROUP BY names columns, not ALL or positions"
    elif isinstance(node, exp.Window):
        if isinstance(node.this, (exp.RowNumber, exp.Lag)) and not node.args.get("order"):
            yield "窗口函数要有次序 / a window has an order"
    elif isinstance(node, exp.In):
        if node.args.get("query") and isinstance(node.parent, exp.Not):
            yield "NOT IN (SELECT …) 遇空值各引擎不同 / NOT IN with NULLs differs: use an anti-join"
    elif isinstance(node, exp.Join):
        if node.args.get("method") or (node.side, node.kind) not in _JOINS:
            yield f"{node.args.get('method') or ''} {node.side} {node.kind} JOIN".replace("  ", " ")
    elif isinstance(node, exp.Union):
        if node.args.get("by_name"):
            yield "UNION BY NAME"
    elif isinstance(node, exp.With) and node.recursive:
        yield "WITH RECURSIVE"


_JOINS = {("", ""), ("", "INNER"), ("", "CROSS"), ("LEFT", ""), ("", "SEMI"), ("", "ANTI")}
_WHY: dict[type[exp.Expression], str] = {
    exp.Div: "除法用 // 和 %:小数除法各引擎结果不同 / use // and %: decimal division differs between engines",
    exp.Star: "不用 SELECT *,列要写全 / no SELECT *: columns are named",
    exp.TryCast: "类型在读入时确定 / types are settled at intake",
    exp.Anonymous: "不认识的函数 / a function of one engine",
    exp.Round: "不取整,只在显示时取整 / nothing is rounded before it is shown",
}


def _line(node: exp.Expression) -> int:
    """The line of the first name in or around a construct; 1 where it holds none."""
    around: exp.Expression | None = node
    while around is not None:
        for inner in around.walk():
            if "line" in inner.meta:
                return int(inner.meta["line"])
        around = around.parent
    return 1


def _shown(node: exp.Expression) -> str:
    text = " ".join(node.sql(dialect="duckdb", comments=False).split())
    return text if len(text) <= 60 else text[:59] + "…"
