"""Raw tables of many schools and units, made of those of few: a base that the product has read and checked, repeated with
codes of its own for every copy.

The returns of a nation's schools would take many hours to generate and to read; what they come to as raw tables does not
depend on having been read one by one. Units, schools, places and numbered records of every copy are told apart, in every
table alike; the territory stands under the same top unit. What describes the plan, its periods and its register of files is
there once, and so are rows of the top unit alone (values certified for it, what earlier editions said of it).

Belongs here: which columns are codes, repeating. Does not belong here: the generator (``pipeline.demo``), reading returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from benchmarks.measure import BenchError

_DIGITS = 2
"""Digits that every code of a programme has alike: its province. The number of the copy takes their place."""
MOST = 98
"""Copies beside the first, which keeps its codes: the other numbers from 01 to 99."""
PLACES = {
    **dict.fromkeys(
        (
            *("area_code", "parent_code", "county_code", "unit_code", "from_county", "old_code", "new_code"),
            *("site_code12", "village_code12"),
        ),
        1,
    ),
    **dict.fromkeys(("school_id", "host_school_id", "partner_school_id", "served_by_school_id"), 3),
}
"""Column that holds a code -> where in it the two digits stand: a unit, a place, or a school, whose code begins with its type."""
_NUMBERED = {("event_log", "event_id"): "unit_code", ("project_ledger", "project_id"): "county_code"}
"""Numbers of records with the code of a unit in them, and the column that has the same code."""
_NAMES = {
    ("areas", "name_zh"),
    ("areas", "short_name_zh"),
    ("areas", "name_en"),
    ("school_register", "school_name"),
}
_AFTER = {("areas", "sort_order"), ("areas", "grid_row")}
"""Places in an order: those of a copy come after those of the one before. So do lines of a return (``source_row``)."""
_OF_ALL = {
    ("county_finance", "amount_yuan"),
    ("finance_by_stage", "spending_yuan"),
    ("finance_by_stage", "public_use_spending_yuan"),
    ("finance_by_stage", "avg_pupils"),
}
"""What the budget of the top unit's own level pays for is there once for all copies, and so are its rows: their amounts are
multiplied. Amounts a pupil stay."""


def repeat(raw: Path, copies: int, out: Path) -> dict[str, int]:
    """Every ``raw/*.parquet`` with each row ``copies`` times in ``out``; the number of rows and schools there.

    Raises BenchError where there would be too many copies, or where a code is not one of the programme's province.
    """
    if not 1 <= copies <= MOST + 1:
        raise BenchError(f"至多重复 {MOST + 1} 次,现为 {copies} / repeated at most {MOST + 1} times, not {copies}")
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        shared = con.execute(f"SELECT area_code, city_budget_code FROM '{raw}/edition.parquet'").fetchall()[0]
        for path in sorted(raw.glob("*.parquet")):
            columns = dict(con.execute(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{path}')").fetchall())
            _require_codes(con, path, columns, shared[0][:_DIGITS])
            others = [f"{n:02}" for n in range(1, MOST + 2) if f"{n:02}" != shared[0][:_DIGITS]]
            numbers = enumerate(["", *others][:copies])
            each = [_copy(con, path, columns, (number, digits), copies, shared) for number, digits in numbers]
            target = str(out / path.name).replace("'", "''")
            con.execute(f"COPY ({' UNION ALL '.join(each)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
        counted = [con.execute(f"SELECT COUNT(*) AS n FROM '{path}'").fetchall()[0][0] for path in out.glob("*.parquet")]
        schools = con.execute(f"SELECT COUNT(DISTINCT school_id) AS n FROM '{out}/school_register.parquet'").fetchall()[0][0]
    return {"rows": sum(counted), "schools": schools}


def _copy(
    con: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str], which: tuple[int, str], copies: int, shared: tuple[str, str]
) -> str:
    """One copy of a table as a query, ``which``: its number and its digits: all its rows the first time, afterwards those that
    belong to a unit or a school."""
    table, (number, digits) = path.stem, which
    codes = [name for name in columns if name in PLACES and table != "edition"]
    own = f"({', '.join(repr(code) for code in shared)})"
    shown = []
    for name in columns:
        said = name
        if name in codes and number:
            said = _code(name, digits, own)
        elif (table, name) in _NUMBERED and number:
            unit = _NUMBERED[table, name]
            said = f"replace({name}, {unit}, {_code(unit, digits, own)})"
        elif (table, name) in _NAMES and number:
            said = f"{name} || '({number + 1})'"
        elif (table, name) in _OF_ALL:
            said = f"CASE WHEN unit_code = '{shared[1]}' THEN {name} * {copies} ELSE {name} END"
        elif ((table, name) in _AFTER or name == "source_row") and number:
            last = con.execute(f"SELECT coalesce(max({name}), 0) + 1 AS n FROM '{path}'").fetchall()[0][0]
            said = f"{name} + {last * number}"
        shown.append(f"CAST({said} AS {columns[name]}) AS {name}")
    again = " OR ".join(f"{name} NOT IN {own}" for name in codes) or "FALSE"
    kept = f" WHERE {again}" if number else ""
    return f"SELECT {', '.join(shown)} FROM read_parquet('{path}'){kept}"


def _code(name: str, digits: str, own: str) -> str:
    place = PLACES[name]
    before, after = f"left({name}, {place - 1})", f"substr({name}, {place + _DIGITS})"
    return f"CASE WHEN {name} IN {own} THEN {name} ELSE {before} || '{digits}' || {after} END"


def _require_codes(
    con: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str], province: str
) -> None:
    for name in columns:
        if name in PLACES:
            wrong = con.execute(
                f"SELECT min({name}) AS code FROM '{path}' WHERE substr({name}, {PLACES[name]}, {_DIGITS}) <> '{province}'"
            ).fetchall()[0][0]
            if wrong is not None:
                raise BenchError(f"{path.stem}.{name}: {wrong} 不是本方案所在省的代码 / is no code of the programme's province")
