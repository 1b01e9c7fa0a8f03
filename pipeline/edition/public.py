"""What a public edition does not show: figures of few children, and those they could be worked out from.

Belongs here: choosing what is hidden, and the tables as the public sees them. Does not belong here: the wording of a
public report (pipeline/report/unnamed.py), publishing.

The rule, for indicators that count children or pupils: a unit with a numerator, a denominator or a remainder of 1 to 9
in any year, method or segment is hidden whole (every year, method and segment of that indicator), so that no other year
and no sum of segments gives it away. Because units add up to the whole area, a second unit is hidden with it: one that
has ten or more wherever the first has too few, so that the difference between the whole and the units shown says
nothing. Where there is no such unit, all units are hidden; where the whole itself is too small, the whole is too.

Single cells are not hidden: a row carries figures of other years too (base, year before, window, gap), so that a cell
left out in its own row would stand in the rows around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl

SMALLEST = 10
"""Fewest children that a published cell may stand for."""

CHILDREN = ("children", "pupils", "entrants")
"""What the indicators count that the rule protects (``person_en``)."""

SUPPRESSED = "suppressed"
EMPTY = (
    "core.exception",
    *(
        f"progress.{name}"
        for name in (
            "advice",
            "body_task",
            "change_split",
            "gap",
            "pace",
            "price_effect",
            "rank",
            "revision",
            "spending_composition",
            "spending_left_out",
            "verdict_change",
        )
    ),
)
"""Tables about single schools, and what is read off the verdicts of units for those who must act: empty for the public."""

_FIGURES = ("numerator", "denominator")
_KEPT = {
    "progress.indicator_value": {"indicator_id", "variant", "area_code", "segment", "period_kind", "period", "basis", "maturity"},
    "progress.verdict": {
        "commitment_id", "indicator_id", "kind", "variant", "area_code", "segment", "period_kind", "period",
        "is_reported", "is_total", "assessed", "basis", "maturity", "base_period", "target_num", "target_den",
        "due_period", "rule_version", "flag_preliminary", "flag_basis_break", "pooled", "window_from", "window_to",
        "hold_rule", "small_distance", "build_id", "vintage_id",
    },
}  # fmt: skip
"""Columns of a hidden row that stay; all others are emptied."""

Row = Mapping[str, Any]
Cell = tuple[str, str, int]


def small(row: Row) -> bool:
    """Does a row stand for 1 to 9 children: by its numerator, its denominator or those left over?"""
    return any(0 < count < SMALLEST for count in _counts(row))


def _counts(row: Row) -> list[int]:
    above, below = row["numerator"], row["denominator"]
    known = [count for count in (above, below) if count is not None]
    return [*known, below - above] if len(known) == 2 else known


def hidden_units(rows: Iterable[Row], whole: str) -> set[str]:
    """Units of one indicator that a public edition hides; ``whole`` is the code of the area they add up to.

    ``rows``: variant, segment, period, area_code, numerator, denominator of one indicator; a cell may have several,
    such as a year's own figures beside those of three years added up, and each of them counts.
    """
    by_unit: dict[str, dict[Cell, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_unit[row["area_code"]][row["variant"], row["segment"], row["period"]].append(row)
    total = by_unit.pop(whole, {})
    few = {unit for unit, cells in by_unit.items() if any(_any_small(cell) for cell in cells.values())}
    if any(_any_small(cell) for cell in total.values()):
        return {*by_unit, whole}
    if not few:
        return set()
    partner = _partner(by_unit, few)
    hidden = {*few, partner} if partner else set(by_unit)
    return hidden if len(hidden) > 1 else {*hidden, whole}


def _any_small(cell: Iterable[Row]) -> bool:
    return any(map(small, cell))


def _partner(by_unit: Mapping[str, Mapping[Cell, list[Row]]], few: set[str]) -> str | None:
    """The least unit that has ten or more of everything wherever a unit of ``few`` has a figure."""
    needed = {cell for unit in few for cell, rows in by_unit[unit].items() if _any_small(rows)}

    def enough(row: Row) -> bool:
        return len(_counts(row)) == 3 and min(_counts(row)) >= SMALLEST

    def fits(unit: str) -> bool:
        return all(cell in by_unit[unit] and all(map(enough, by_unit[unit][cell])) for cell in needed)

    def size(unit: str) -> int:
        return sum(min(row["denominator"] for row in by_unit[unit][cell]) for cell in needed)

    fitting = [unit for unit in by_unit if unit not in few and fits(unit)]
    return min(fitting, key=lambda unit: (size(unit), unit), default=None)


def hidden_pairs(rows: Iterable[Row], counted: Mapping[str, str], whole: str) -> set[tuple[str, str]]:
    """(indicator, unit) that are hidden; ``counted``: what each indicator counts (``person_en``)."""
    by_indicator: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if counted.get(row["indicator_id"]) in CHILDREN:
            by_indicator[row["indicator_id"]].append(row)
    return {(name, unit) for name, own in by_indicator.items() for unit in hidden_units(own, whole)}


@contextmanager
def public_view(
    connection: duckdb.DuckDBPyConnection, counted: Mapping[str, str], whole: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The edition's tables as the public sees them: same names on the same connection for the length of the block.

    ``counted`` and ``whole`` as in :func:`hidden_pairs`. The tables themselves are not touched.
    """
    (own,) = connection.execute("SELECT current_database()").fetchall()[0]
    changed = _changed(connection, counted, whole)
    names = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = current_database() "
        "ORDER BY table_schema, table_name"
    ).fetchall()
    connection.execute("ATTACH ':memory:' AS public_view")
    try:
        for schema, table in names:
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS public_view."{schema}"')
            target = f'public_view."{schema}"."{table}"'
            if f"{schema}.{table}" in changed:
                frame = changed[f"{schema}.{table}"]
                connection.register("public_frame", frame)
                connection.execute(f"CREATE TABLE {target} AS SELECT * FROM public_frame")
                connection.unregister("public_frame")
            else:
                connection.execute(f'CREATE VIEW {target} AS SELECT * FROM "{own}"."{schema}"."{table}"')
        connection.execute("USE public_view")
        yield connection
    finally:
        connection.execute(f'USE "{own}"')
        connection.execute("DETACH public_view")


def _changed(
    connection: duckdb.DuckDBPyConnection, counted: Mapping[str, str], whole: str
) -> dict[str, pl.DataFrame]:
    """The tables that look different to the public."""
    frames = {
        name: connection.sql(f"SELECT * FROM {name}").pl()
        for name in (*_KEPT, "progress.contribution", "progress.decomposition", *EMPTY)
    }
    keys = ["indicator_id", "variant", "segment", "period", "area_code", *_FIGURES]
    rows = [row for name in _KEPT for row in frames[name].select(keys).iter_rows(named=True)]
    hidden = hidden_pairs(rows, counted, whole)
    pairs = pl.DataFrame(sorted(hidden), {"indicator_id": pl.String, "area_code": pl.String}, orient="row")
    made = {name: _emptied(frames[name], pairs, kept) for name, kept in _KEPT.items()}
    lost = (
        frames["progress.verdict"].select("commitment_id", "indicator_id", "area_code")
        .join(pairs, on=["indicator_id", "area_code"], how="semi").unique()
    )  # fmt: skip
    made["progress.contribution"] = _emptied(
        frames["progress.contribution"], lost, {"commitment_id", "area_code"}, ["commitment_id", "area_code"]
    )
    # the split of a change of the whole area only: a unit's would give its figures away
    made["progress.decomposition"] = (
        frames["progress.decomposition"]
        .filter(pl.col("area_code") == whole)
        .join(lost.select("commitment_id", "area_code").unique(), on=["commitment_id", "area_code"], how="anti")
    )
    return made | {name: frames[name].clear() for name in EMPTY}


def _emptied(
    frame: pl.DataFrame, hidden: pl.DataFrame, kept: set[str], on: list[str] | None = None
) -> pl.DataFrame:
    """``frame`` with the rows named by ``hidden`` emptied but for the columns ``kept``, and said to be suppressed."""
    on = on or ["indicator_id", "area_code"]
    marked = frame.join(hidden.select(on).unique().with_columns(pl.lit(True).alias("_hidden")), on=on, how="left")
    away = pl.col("_hidden").fill_null(False)
    columns = []
    for name, kind in frame.schema.items():
        value: Any = None
        if name == "value_source":
            value = SUPPRESSED
        elif name == "class":
            value = "no_judgement"
        elif name == "reason":
            value = SUPPRESSED
        elif kind == pl.Boolean:
            value = False
        if name in kept:
            continue
        shown = pl.when(away).then(pl.lit(value, dtype=kind)).otherwise(pl.col(name)).alias(name)
        columns.append(shown)
    return marked.with_columns(columns).select(frame.columns)
