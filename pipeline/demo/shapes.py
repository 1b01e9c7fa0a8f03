"""What offices do to a form before they send it: units in headers, names beside codes, totals, notes below.

Belongs here: turning the plain table of a return into the one that arrives. Does not belong here: bytes
(``write``), which return comes in which shape (``derived_files``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from pipeline.demo import territory
from pipeline.intake.contract import Contract

TOTAL = "合计"
_YUAN_PER_WAN = 10_000


@dataclass(frozen=True)
class Shape:
    """How a table differs from the plain one.

    ``wan``: fields in ten thousands of yuan, which their headers say. ``named``: header of a column of unit
    names after the code. ``total``: fields added up in a last row. ``foot``: lines below the table.
    ``groups``: words over several fields of a workbook. ``headers``: headers of an older form, by field.
    """

    wan: tuple[str, ...] = ()
    named: str = ""
    total: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


PLAIN = Shape()


@dataclass
class Table:
    """Headers, the field under each (empty under a name), rows, and lines below."""

    headers: list[str]
    fields: list[str]
    rows: list[list[object]]
    foot: tuple[str, ...] = ()


def shaped(contract: Contract, names: list[str], rows: list[list[object]], shape: Shape) -> Table:
    """The table of the fields ``names`` in its shape; the unit of a name column is the first field."""
    headers = [shape.headers.get(name, contract.field(name).zh) for name in names]
    table = Table(headers, list(names), [list(row) for row in rows], shape.foot)
    for name in shape.wan:
        _in_wan(table, name)
    if shape.total:
        table.rows.append([TOTAL if i == 0 else _sum(table, i, shape.total) for i in range(len(names))])
    if shape.named:
        _name_units(table, shape.named)
    return table


def _in_wan(table: Table, name: str) -> None:
    column = table.fields.index(name)
    table.headers[column] = table.headers[column].removesuffix("(元)") + "(万元)"
    for row in table.rows:
        if row[column] != "":
            row[column] = _decimal(Fraction(str(row[column])) / _YUAN_PER_WAN)


def _decimal(value: Fraction) -> str:
    """A fraction of at most six decimals as plain text."""
    millionths = value * 1_000_000
    whole, part = divmod(int(millionths), 1_000_000)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")


def _sum(table: Table, column: int, added: tuple[str, ...]) -> object:
    if table.fields[column] not in added:
        return ""
    return sum(int(str(row[column])) for row in table.rows)


def _name_units(table: Table, header: str) -> None:
    names = {str(row[0]): str(row[1]) for row in territory.area_rows()}
    table.headers.insert(1, header)
    table.fields.insert(1, "")
    for row in table.rows:
        row.insert(1, names.get(str(row[0]), ""))
