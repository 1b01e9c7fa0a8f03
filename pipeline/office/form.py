"""Which columns and rows a template has: the plan of a form, without a workbook.

Belongs here: from a contract and last year's rows to columns (given, asked, carried, shown) and
rows (given keys, last year's values, check totals). Does not belong here: writing XLSX
(templates.py), reading returns.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.intake.contract import UNIT_FACTORS, Contract, Field
from pipeline.office.due import DueTable, last_files, rows_of
from pipeline.plan.tables import is_valid
from pipeline.programme import Home, Programme
from pipeline.reference_day import reference_day

Row = dict[str, Any]
Kind = Literal["given", "asked", "carried", "last", "name"]

OPEN = "在办"
NUMBERS = frozenset(["int", "decimal", "money", "count"])
PLACES = frozenset(["lon", "lat"])
"""Numbers that describe a school and stay what they are."""
ASKED_ANEW = frozenset(["status"])
"""Descriptions that must be confirmed every year: a closed school must not stay open by itself."""
UNIT_FIELDS = ("unit_code", "county_code")
LONGEST_RANGE = 30
MOST_COMBINATIONS = 2000


@dataclass(frozen=True)
class Column:
    """One column of a template.

    ``kind``: ``given`` (filled in, locked), ``asked`` (to fill), ``carried`` (filled in from last year, to
    be checked), ``last`` (last year's value of ``field``, locked), ``name`` (the name that belongs to a
    code: ``field`` is the code, None stands for the county of a school). ``title`` is what a person reads
    above columns that intake leaves unread.
    """

    kind: Kind
    field: Field | None
    title: str = ""


@dataclass
class FormRow:
    """One row: ``given`` values by field, ``last`` year's values by field, ``names`` of the codes.

    ``adds``: for a check total the positions (from 0) of the rows that it adds up; empty elsewhere.
    """

    given: Row
    last: Row
    names: dict[str, str] = field(default_factory=dict)
    adds: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Form:
    """A template before it is a workbook. ``last_period``: the year of the grey figures, None without any."""

    contract: Contract
    year: int
    supplier: str
    last_period: int | None
    columns: list[Column]
    rows: list[FormRow]
    units: list[tuple[str, str]]
    """Code and name of every unit of the territory, as it is taken on the reference day of the year."""


def happens_once(contract: Contract) -> bool:
    """Is a row something that happened on a day, so that none of last year comes again?"""
    period = contract.period_field
    return period is not None and contract.period_kind != "ref_date" and contract.field(period).type == "date"


def make_form(home: Home, programme: Programme, due: DueTable) -> Form:
    """The form of one due table, from the last registered rows and the territory."""
    contract = due.contract
    last: list[Row] = []
    if due.last_period is not None and not happens_once(contract):
        frame = rows_of(home, programme, list(due.last), contract, due.last_period)
        last = [_in_units(contract, row) for row in frame.iter_rows(named=True)]
    schools = _schools(home, programme, due.period)
    present = {old["old_code"]: old["new_code"] for old in programme.crosswalk_of(due.period)}
    by_school = any(row.get("school_id") for row in last)
    unit = _unit_field(contract)
    details = [row for row in last if not row.get("is_total")]
    if by_school:
        rows = _school_rows(contract, details, schools, due.period)
    elif due.by == "area" and unit is not None:
        rows = _unit_rows(contract, unit, details, due, present)
    else:
        rows = [_row(contract, row, row, due.period) for row in details]
    if contract.totals:
        rows = _with_totals(contract, rows, [row for row in last if row.get("is_total")])
    names = {a["area_code"]: a["name_zh"] for a in programme.areas}
    for row in rows:
        _name(row, schools, names)
    columns = _columns(contract, by_school, unit, bool(last), rows)
    day = reference_day(due.period)
    units = [(a["area_code"], a["name_zh"]) for a in programme.areas if is_valid(a, day)]
    return Form(contract, due.period, due.supplier, due.last_period, columns, rows, units)


# ---------------------------------------------------------------------- columns


def year_fields(contract: Contract) -> list[str]:
    """Fields that hold the period of a row."""
    if contract.period_field is not None:
        return [contract.period_field]
    return [
        f.name
        for f in contract.fields
        if f.name in contract.key and f.type == "int" and f.name.endswith("_year")
    ]


def _unit_field(contract: Contract) -> str | None:
    known = {f.name for f in contract.fields}
    return next(
        (name for name in UNIT_FIELDS if name in contract.key and name in known), None
    )


def _columns(
    contract: Contract, by_school: bool, unit: str | None, with_last: bool, rows: Sequence[FormRow]
) -> list[Column]:
    made: list[Column] = []
    units = contract.unit_fields()
    for f in contract.fields:
        if f.name in contract.key:
            used = any(row.given.get(f.name) for row in rows)
            if rows and not used and f.name in contract.one_of:
                continue  # these rows are told apart by the other code
            made.append(Column("given", f))
            if f.name == "school_id" and used and "school_name" not in {g.name for g in contract.fields}:
                made += [Column("name", None, "县区名称"), Column("name", f, "学校名称")]
            elif f.name == unit and used:
                made.append(Column("name", f, "单位名称"))
        elif f.name in units or (by_school and _describes(f)):
            made.append(Column("carried", f))
        else:
            made.append(Column("asked", f))
            if with_last:
                made.append(Column("last", f))
    return made


def _describes(f: Field) -> bool:
    return f.name in PLACES or (f.type not in NUMBERS and f.name not in ASKED_ANEW)


# ---------------------------------------------------------------------- rows


def _in_units(contract: Contract, row: Row) -> Row:
    """A row as it was written: money and counts back in the unit of the row."""
    row = dict(row)
    for f in contract.fields:
        if f.unit_field is not None and row[f.name] is not None:
            row[f.name] = row[f.name] / UNIT_FACTORS[row[f.unit_field]]
    return row


def _row(contract: Contract, keys: Row, last: Row, year: int) -> FormRow:
    """The given cells of a row (its key, with the new year) and last year's values."""
    given = {name: keys.get(name) for name in contract.key if name != "period"}
    for name in year_fields(contract):
        given[name] = _new_period(last.get(name), contract, year)
    return FormRow(given, {f.name: last.get(f.name) for f in contract.fields if f.name not in given})


def _new_period(old: Any, contract: Contract, year: int) -> int | dt.date:
    if contract.period_kind != "ref_date":
        return year
    month, day = (old.month, old.day) if isinstance(old, dt.date) else (12, 31)
    return dt.date(year, month, min(day, 28) if month == 2 else day)


def _schools(home: Home, programme: Programme, year: int) -> dict[str, Row]:
    """School code -> its row in the last register of schools before ``year``."""
    contract = programme.contracts.get("school_register")
    if contract is None:
        return {}
    period, files = last_files(programme, contract.table, year)
    if period is None:
        return {}
    frame = rows_of(home, programme, files, contract, period)
    return {row["school_id"]: row for row in frame.iter_rows(named=True)}


def _school_rows(
    contract: Contract, last: Sequence[Row], schools: dict[str, Row], year: int
) -> list[FormRow]:
    """Last year's rows of every school that was not closed, one block per school."""
    blocks: dict[str, list[FormRow]] = {}
    for row in last:
        known = schools.get(row["school_id"] or "")
        if known is not None and known["status"] != OPEN:
            continue
        blocks.setdefault(row["school_id"] or row.get("county_code") or "", []).append(
            _row(contract, row, row, year)
        )
    return [row for block in blocks.values() for row in block]


def _unit_rows(
    contract: Contract, unit: str, last: Sequence[Row], due: DueTable, present: dict[str, str]
) -> list[FormRow]:
    """One row for each unit due and each combination that the unit (or, if it is new, any unit) had."""
    others = [
        name for name in contract.key if name not in (unit, "period", "school_id", *year_fields(contract))
    ]
    seen: dict[str, dict[tuple, Row]] = {}
    for row in last:
        code = present.get(row[unit], row[unit])
        seen.setdefault(code, {})[tuple(row[name] for name in others)] = row
    every = list(dict.fromkeys(combination for rows in seen.values() for combination in rows))
    every = every or _all_combinations(contract, others)
    sample = last[0] if last else {}
    years = {name: sample.get(name) for name in year_fields(contract)}
    made = []
    for code in due.units:
        rows = seen.get(code, {})
        for combination in list(rows) or every:
            keys = dict(zip(others, combination, strict=True)) | {unit: code}
            made.append(_row(contract, keys, rows.get(combination, years), due.period))
    return made


def _all_combinations(contract: Contract, names: Sequence[str]) -> list[tuple]:
    """Every combination of the allowed values of key fields; none where one is open or they are too many."""
    domains: list[Iterable] = []
    count = 1
    for name in names:
        f = contract.field(name)
        if f.type == "enum":
            domain: Sequence = f.values
        elif f.type == "int" and f.min is not None and f.max is not None and f.max - f.min < LONGEST_RANGE:
            domain = range(f.min, f.max + 1)
        else:
            return []
        count *= len(domain)
        domains.append(domain)
    return list(itertools.product(*domains)) if count <= MOST_COMBINATIONS else []


def _with_totals(contract: Contract, rows: Sequence[FormRow], totals: Sequence[Row]) -> list[FormRow]:
    """The rows grouped by all but the total columns, each group closed by its check total."""
    years = year_fields(contract)
    apart = [
        name
        for name in contract.key
        if name not in contract.totals and name not in years and name != "period"
    ]
    groups: dict[tuple, list[FormRow]] = {}
    for row in rows:
        groups.setdefault(tuple(row.given[name] for name in apart), []).append(row)
    stated = {
        tuple(t[name] for name in apart): t
        for t in totals
        if all(t[name] is None for name in contract.totals)
    }
    numbers = [f.name for f in contract.fields if f.type in NUMBERS and f.name not in contract.key]
    made: list[FormRow] = []
    for group, members in groups.items():
        start = len(made)
        made += members
        last = stated.get(group) or {name: _sum(m.last.get(name) for m in members) for name in numbers}
        given = dict(members[0].given) | dict(contract.totals)
        total = FormRow(given, {name: last.get(name) for name in numbers})
        total.adds = list(range(start, len(made)))
        made.append(total)
    return made


def _sum(values: Iterable[Any]) -> Any:
    filled = [v for v in values if v is not None]
    return sum(filled) if filled else None


def _name(row: FormRow, schools: dict[str, Row], names: dict[str, str]) -> None:
    """Names of the codes of a row: of the school, of its county, of the unit."""
    school = schools.get(row.given.get("school_id") or "")
    if school is not None:
        row.names["school_id"] = school["school_name"]
        row.names[""] = names.get(school["county_code"], school["county_code"])
    elif row.last.get("county_code"):
        row.names[""] = names.get(row.last["county_code"], "")
    for name in UNIT_FIELDS:
        if row.given.get(name):
            row.names[name] = names.get(row.given[name], "")
