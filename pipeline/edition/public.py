"""What a public edition does not show: figures of few children, and those they could be worked out from.

Belongs here: the tables as the public sees them. Does not belong here: which cells are hidden (hiding.py), the wording
of a public report (pipeline/report/unnamed.py), publishing.

A hidden cell is empty wherever it stands: in its own row, and in the rows of other years that carry it (base, year
before, path, pace, a window of years, three years added up). A verdict that rests on it is not given either, because it
says on which side of a line the hidden figure lies; the figures of the row's own year stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl

from pipeline.edition.hiding import SMALLEST, Cell, Row, hidden_cells

CHILDREN = ("children", "pupils", "entrants")
"""What the indicators count that the rule protects (``Indicator.counted``)."""

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

_KEPT = {
    "progress.indicator_value": {"indicator_id", "variant", "area_code", "segment", "period_kind", "period", "basis", "maturity"},
    "progress.verdict": {
        "commitment_id", "indicator_id", "kind", "variant", "area_code", "segment", "period_kind", "period",
        "is_reported", "is_total", "assessed", "basis", "maturity", "base_period", "target_num", "target_den",
        "due_period", "rule_version", "flag_preliminary", "flag_basis_break", "pooled", "window_from", "window_to",
        "build_id", "vintage_id",
    },
}  # fmt: skip
"""Columns of a hidden row that stay; all others are emptied."""

_BASE = (
    "base_num", "base_den", "path_num", "path_den", "rho_num", "rho_den", "distance_num", "distance_den", "hold_rule",
    "small_distance", "flag_denominator_driven",
)  # fmt: skip
_BEFORE = (
    "previous_num", "previous_den", "published_previous_num", "published_previous_den", "published_change_micro",
    "error_num", "error_den", "flag_met_but_fell", "flag_corrected",
)  # fmt: skip
_PACE = (
    "projection", "projected_num", "projected_den", "needed_pace_num", "needed_pace_den", "observed_pace_num",
    "observed_pace_den",
)  # fmt: skip
_WINDOW = ("done_num", "done_den", "windows_missed", "falls_since_base")
_VERDICT = ("class", "reason")
"""Columns of a verdict that carry figures of other years than its own: of the base year, of the year before, of the
three years before, of any earlier year; and the verdict itself."""

_OWN_YEAR = ("full_coverage", "floor", "ceiling", "comparative", "milestone")
"""Kinds whose verdict rests on the figures of its own year alone."""

Counts = Callable[[str, str], bool]
"""Does a method (variant) of an indicator count children?"""


def hidden_of(rows: Iterable[Row], children: Counts, whole: str) -> set[Cell]:
    """The hidden cells among ``rows`` (as in :func:`pipeline.edition.hiding.hidden_cells`), of which some may count
    other things than children: schools, kindergartens, villages."""
    return hidden_cells((r for r in rows if children(r["indicator_id"], r["variant"])), whole)


@contextmanager
def public_view(
    connection: duckdb.DuckDBPyConnection, children: Counts, whole: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The edition's tables as the public sees them: same names on the same connection for the length of the block.

    ``children`` and ``whole`` as in :func:`hidden_of`. The tables themselves are not touched.
    """
    (own,) = connection.execute("SELECT current_database()").fetchall()[0]
    changed = _changed(connection, children, whole)
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


def _changed(connection: duckdb.DuckDBPyConnection, children: Counts, whole: str) -> dict[str, pl.DataFrame]:
    """The tables that look different to the public."""
    changed = (*_KEPT, "progress.contribution", "progress.decomposition", "progress.summary", *EMPTY)
    frames = {name: connection.sql(f"SELECT * FROM {name}").pl() for name in changed}
    keys = ["indicator_id", "variant", "segment", "period", "area_code", "numerator", "denominator"]
    rows = [row for name in _KEPT for row in frames[name].select(keys).iter_rows(named=True)]
    hidden = hidden_of(rows, children, whole)
    values, verdicts = frames["progress.indicator_value"], frames["progress.verdict"]
    away = [_cell(row) in hidden and children(row["indicator_id"], row["variant"]) for row in _named(values)]
    made = {"progress.indicator_value": _emptied(values, away, _others(values, "progress.indicator_value"))}
    years: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for cell in hidden:
        years[cell.indicator_id, cell.segment, cell.area_code].add(cell.period)
    rests = [_Rests(row, years, children) for row in _named(verdicts)]
    shown = _emptied(verdicts, [r.all for r in rests], _others(verdicts, "progress.verdict"))
    for columns, part in ((_BASE, "base"), (_BEFORE, "before"), (_PACE, "pace"), (_WINDOW, "window"), (_VERDICT, "verdict")):
        shown = _emptied(shown, [getattr(r, part) for r in rests], columns)
    made["progress.verdict"] = shown
    reported = [r.all and bool(row["is_reported"]) for r, row in zip(rests, _named(verdicts), strict=True)]
    lost = {(row["commitment_id"], row["area_code"]) for row in _named(verdicts.filter(reported))}
    telling = _telling(verdicts.filter(reported))
    parts = frames["progress.contribution"]
    parts = _emptied(parts, [row["commitment_id"] in telling for row in _named(parts)], ("share_num", "share_den"))
    made["progress.contribution"] = _emptied(
        parts,
        [(row["commitment_id"], row["area_code"]) in lost for row in _named(parts)],
        [name for name in parts.columns if name not in ("commitment_id", "area_code")],
    )
    sums = frames["progress.summary"]
    made["progress.summary"] = _emptied(sums, [row["commitment_id"] in telling for row in _named(sums)], ("gross_shortfall",))
    # the split of a change of the whole area only: a unit's would give its figures away
    of = {row["commitment_id"]: row["indicator_id"] for row in _named(verdicts)}
    split = frames["progress.decomposition"].filter(pl.col("area_code") == whole)
    told = [
        not any(
            Cell(of[row["commitment_id"]], row["segment"], row[period], whole) in hidden
            for period in ("from_period", "to_period")
        )
        for row in _named(split)
    ]
    made["progress.decomposition"] = split.filter(pl.Series(told, dtype=pl.Boolean))
    return made | {name: frames[name].clear() for name in EMPTY}


def _named(frame: pl.DataFrame) -> Iterator[Row]:
    return frame.iter_rows(named=True)


def _others(frame: pl.DataFrame, table: str) -> list[str]:
    return [name for name in frame.columns if name not in _KEPT[table]]


def _cell(row: Row) -> Cell:
    return Cell(row["indicator_id"], row["segment"], row["period"], row["area_code"])


class _Rests:
    """What of a verdict rests on a hidden cell: all of it, or what it says of other years."""

    def __init__(self, row: Row, years: Mapping[tuple[str, str, str], set[int]], children: Counts) -> None:
        now, mine = row["period"], children(row["indicator_id"], row["variant"])
        away = years.get((row["indicator_id"], row["segment"], row["area_code"]), set()) if mine else set()
        earlier = {year for year in away if year < now}
        self.all = now in away or (bool(row["pooled"]) and not earlier.isdisjoint({now - 1, now - 2}))
        self.base = row["base_period"] in earlier
        self.before = now - 1 in earlier
        self.pace = not earlier.isdisjoint({now - 1, now - 2, now - 3})
        self.window = bool(earlier)
        self.verdict = row["kind"] not in _OWN_YEAR and (
            self.base if row["kind"] == "level_by_year" else bool(earlier)
        )


def _telling(hidden: pl.DataFrame) -> set[str]:
    """Commitments where what the assessed units are short of together, less what those shown are short of, would tell
    of a hidden one: just one of these is short, or they are short of fewer than ten together."""
    short: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _named(hidden):
        if row["assessed"] and row["gap_persons"]:
            units = short[row["commitment_id"]]
            units[row["area_code"]] = units.get(row["area_code"], 0) + row["gap_persons"]
    return {name for name, units in short.items() if len(units) == 1 or sum(units.values()) < SMALLEST}


def _emptied(frame: pl.DataFrame, away: Iterable[bool], columns: Iterable[str]) -> pl.DataFrame:
    """``frame`` with ``columns`` emptied in the rows that are ``away``, and said to be suppressed: flags too, for "no"
    would be an answer."""
    marked = pl.Series("_away", [*away], dtype=pl.Boolean)
    said: dict[str, Any] = {"value_source": SUPPRESSED, "class": "no_judgement", "reason": SUPPRESSED}
    return frame.with_columns(
        pl.when(marked)
        .then(pl.lit(said.get(name), dtype=frame.schema[name]))
        .otherwise(pl.col(name))
        .alias(name)
        for name in columns
        if name in frame.columns
    )
