"""Area codes of a sheet's rows, from the code, the name of the unit, or both.

Belongs here: reading an area field with the names of the programme's units (I26). Does not belong here:
which name stands for which code (areas.py), other columns (rows.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.intake.areas import AreaNames, Named
from pipeline.intake.cells import (
    BadCell,
    Cell,
    Parsed,
    Problem,
    cell_text,
    is_dash,
    is_empty,
    parse_cell,
    shown,
)
from pipeline.intake.contract import Field


class Unit(NamedTuple):
    """One row's area: the readings of its code cell and of its name cell, together its value or a conflict."""

    code: Parsed
    name: Parsed
    value: str | None
    conflict: Problem | None = None


def read_units(
    codes: Sequence[Cell], names: Sequence[Cell], days: Sequence[dt.date], field: Field, areas: AreaNames
) -> list[Unit]:
    """The area of each row from its code cell, its name cell ("" where there is no such column) and its day."""
    optional = field.model_copy(update={"required": False})
    cache: dict[tuple[Cell, Cell, dt.date], Unit] = {}
    found = []
    for key in zip(codes, names, days, strict=True):
        if key not in cache:
            cache[key] = _unit(*key, optional, areas)
        found.append(cache[key])
    return found


def _unit(code_cell: Cell, name_cell: Cell, day: dt.date, field: Field, areas: AreaNames) -> Unit:
    code = parse_cell(code_cell, field)
    if code.problem is not None and isinstance(code_cell, str) and not any(c.isdigit() for c in code_cell):
        code = _named(code_cell, day, areas, note="area_name")
    name = _name(name_cell, day, field, areas)
    value = code.value if code.value is not None else name.value
    if code.value is not None and name.value is not None and code.value != name.value:
        return Unit(code, name, None, _conflict(str(code.value), str(name.value), cell_text(name_cell)))
    return Unit(code, name, value if isinstance(value, str) else None)


def _name(cell: Cell, day: dt.date, field: Field, areas: AreaNames) -> Parsed:
    if is_empty(cell) and not isinstance(cell, BadCell):
        return Parsed(None)
    if isinstance(cell, BadCell):
        return parse_cell(cell, field)
    if is_dash(cell_text(cell)):
        return Parsed(None, "dash")
    return _named(cell_text(cell), day, areas)


def _named(text: str, day: dt.date, areas: AreaNames, note: str | None = None) -> Parsed:
    found = areas.find(text, day)
    return (
        Parsed(found.code, note) if found.code is not None else Parsed(None, None, _unknown(text, day, found))
    )


def _unknown(text: str, day: dt.date, found: Named) -> Problem:
    said = (f"单元格写的是“{shown(text)}”", f"the cell says “{shown(text)}”")
    if found.rivals:
        zh, en = "、".join(found.rivals), ", ".join(found.rivals)
        return Problem(
            "I26",
            f"可以是不止一个单位（{zh}），{said[0]}。",
            f"could be more than one unit ({en}), {said[1]}.",
            zh,
            en,
            f"写全称：{zh} 中的一个",
            f"write the full name: one of {en}",
        )
    nearest = ("”或“".join(found.nearest), "” or “".join(found.nearest))
    near = (f"，最接近的是“{nearest[0]}”", f"; the nearest is “{nearest[1]}”") if found.nearest else ("", "")
    on = day.isoformat()
    return Problem(
        "I26",
        f"不是 {on} 时本地区单位的名称，{said[0]}{near[0]}。",
        f"is not the name of a unit of this territory on {on}, {said[1]}{near[1]}.",
        f"areas.csv 中 {on} 有效的名称或简称",
        f"a name or short name of areas.csv valid on {on}",
        "改成正确的名称，或填写代码",
        "write the right name, or give the code",
    )


def _conflict(code: str, named: str, text: str) -> Problem:
    return Problem(
        "I26",
        f"写的是“{shown(text)}”（代码 {named}），与同一行的代码 {code} 不一致。",
        f"says “{shown(text)}” (code {named}), but the code of the row is {code}.",
        f"同一单位的名称和代码，如 {named} {shown(text)}",
        f"name and code of one unit, such as {named} {shown(text)}",
        "核对是哪个单位，改正名称或代码",
        "find out which unit it is and correct the name or the code",
    )
