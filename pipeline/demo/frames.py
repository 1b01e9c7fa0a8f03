"""The demonstration's own rows as frames: what the derived returns are worked out from.

Belongs here: turning rows of text and numbers into a contract's types. Does not belong here: what
the rows say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipeline.demo.forms.base import Base, contract_of, of
from pipeline.demo.returns import World
from pipeline.intake.contract import UNIT_FACTORS, Field

_YES = {"是": True, "否": False}


def frame(table: str, rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """Rows of a return as :func:`pipeline.demo.forms.base.of` gives them; check totals are left out.

    Money is yuan, as in the raw table, whatever unit the row is in.
    """
    contract = contract_of(table)
    kept = [row for row in rows if not any(row.get(name) == word for name, word in contract.totals.items())]
    columns = {
        f.name: pl.Series(f.name, [_value(f, row) for row in kept], dtype=pl.String, strict=True)
        for f in contract.fields
        if kept and f.name in kept[0]
    }
    return of(
        table, pl.DataFrame(columns).with_columns(_typed(f) for f in contract.fields if f.name in columns)
    )


def _value(field: Field, row: Mapping[str, object]) -> str | None:
    value = row[field.name]
    if value == "":
        return None
    if field.type == "money":
        factor = UNIT_FACTORS[str(row[str(field.unit_field)])]
        return str(int(str(value)) * factor) if isinstance(value, int) else str(value)
    return str(value)


def _typed(field: Field) -> pl.Expr:
    if field.type == "bool":
        return pl.col(field.name).replace_strict(_YES, return_dtype=pl.Boolean)
    if field.type == "date":
        return pl.col(field.name).str.to_date("%Y-%m-%d")
    return pl.col(field.name).cast(field.dtype())


def base_of(world: World, year: int) -> Base:
    """The base returns of a school year."""
    return Base(
        year,
        frame("school_register", world.school_register(year)),
        frame("kindergarten_children", world.kindergarten_children(year)),
        frame("enrolment_by_grade", world.enrolment_by_grade(year)),
        frame("population_by_age", world.population_by_age(year)),
        frame("county_finance", world.county_finance(year)),
    )
