"""Check totals in a table whose contract keeps none: 合计 and 小计 rows held against the rows they cover.

Belongs here: which rows a total covers, adding up, the findings (I24). Does not belong here: telling
totals from data (side_rows.py), totals that a contract keeps as rows (quality).

A total covers the rows that agree with every key it states (a county, a stage); one that states none
covers the whole sheet, and a 小计 that states none the rows since the 小计 before it (or up to the next
one, where the first row of the table is a 小计). Totals are never data and are never added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.intake.area_columns import read_units
from pipeline.intake.cells import Cell, cell_text, parse_cell, shown
from pipeline.intake.contract import Field
from pipeline.intake.grid import column_letter
from pipeline.intake.rows import SheetRows
from pipeline.intake.side_rows import TotalRow


def check_totals(rows: SheetRows, totals: Sequence[TotalRow]) -> None:
    """Hold every total of a sheet against its rows; ``rows`` are read (``SheetRows.frame``)."""
    agreed: list[int] = []
    for total in totals:
        covered = _covered(rows, total, totals)
        number = rows.sheet.numbers[total.position]
        if any(rows.bad[i] for i in covered):
            _tell_unchecked(rows, total)
        elif all([_agrees(rows, total, f, covered) for f in _summed(rows)]):
            agreed.append(number)
    if agreed:
        _tell_agreed(rows, agreed)


def _summed(rows: SheetRows) -> list[Field]:
    """Columns of figures that a total can hold the sum of."""
    contract, there = rows.contract, rows.match.columns
    apart = {*contract.key, contract.period_field}
    return [
        f for f in contract.fields if f.is_number and f.adds_up and f.name in there and f.name not in apart
    ]


def _cell(rows: SheetRows, total: TotalRow, column: int | None) -> Cell:
    row = rows.sheet.rows[total.position]
    return row[column] if column is not None and column < len(row) else ""


def _stated(rows: SheetRows, total: TotalRow) -> dict[str, object]:
    """Key -> the value that the total states of it."""
    found: dict[str, object] = dict(total.areas)
    day = rows.days()[0] if rows.rows else None
    for f in (f for f in rows.contract.fields if f.name in rows.contract.key):
        columns = (rows.match.columns.get(f.name), rows.match.names.get(f.name))
        code, name = ("" if c in total.marks else _cell(rows, total, c) for c in columns)
        if f.is_area and day is not None:
            value: object = read_units([code], [name], [day], f, rows.areas)[0].value
        else:
            value = parse_cell(code, f).value
        if value is not None and not rows.areas.is_whole(value):
            found.setdefault(f.name, value)
    return found


def _covered(rows: SheetRows, total: TotalRow, totals: Sequence[TotalRow]) -> list[int]:
    """The data rows that a total covers, as indexes into ``rows.rows``."""
    stated = _stated(rows, total)
    everywhere = range(len(rows.rows))
    agreeing = [i for i in everywhere if all(rows.values[k][i] == v for k, v in stated.items())]
    # A period says which table it is, not which group.
    if not total.subtotal or set(stated) - {rows.contract.period_field}:
        return agreeing
    subtotals = [t.position for t in totals if t.subtotal]
    if rows.positions and subtotals[0] < rows.positions[0]:
        after = next((p for p in subtotals if p > total.position), len(rows.sheet.rows))
        return [i for i in agreeing if total.position < rows.positions[i] < after]
    before = max((p for p in subtotals if p < total.position), default=-1)
    return [i for i in agreeing if before < rows.positions[i] < total.position]


def _unit(rows: SheetRows, total: TotalRow, f: Field, covered: Sequence[int]) -> str | None:
    """The unit in which a total states its figure: its own, else the one that all its rows share."""
    if f.unit_field is None:
        return rows.unit_of(f)
    own = _cell(rows, total, rows.match.columns.get(f.unit_field))
    value = parse_cell(own, rows.contract.field(f.unit_field)).value
    if isinstance(value, str):
        return value
    shared = {rows.values[f.unit_field][i] for i in covered}
    unit = shared.pop() if len(shared) == 1 else rows.unit_of(f)
    return unit if isinstance(unit, str) else None


def _agrees(rows: SheetRows, total: TotalRow, f: Field, covered: Sequence[int]) -> bool:
    """Does the total hold the sum of its rows in one column? A blank one states nothing."""
    index = rows.match.columns[f.name]
    cell = _cell(rows, total, index)
    optional = f.model_copy(update={"required": False, "min": None, "max": None})
    unit = _unit(rows, total, f, covered)
    if f.unit_field is not None and unit is None:
        return not cell_text(cell).strip() or _tell_no_unit(rows, total, index, cell)
    read = parse_cell(cell, optional, unit)
    if read.problem is not None:
        rows.teller.cell(
            read.problem, rows.sheet, total.position, index, rows.match.titles[index], cell_text(cell)
        )
        return False
    if read.value is None:
        return True
    parts = [v for i in covered if (v := rows.values[f.name][i]) is not None]
    computed = sum(parts, Decimal(0))  # type: ignore[arg-type]
    if computed == read.value:
        return True
    _tell_difference(rows, total, index, (read.value, computed), len(covered))
    return False


def _tell_difference(
    rows: SheetRows, total: TotalRow, index: int, figures: tuple[object, object], count: int
) -> None:
    stated, computed = figures
    zh, en = rows.teller.place(rows.sheet, total.position, index)
    number, title = rows.sheet.numbers[total.position], rows.match.titles[index]
    cell = f"{column_letter(index)}{number}"
    rows.teller.add(
        "I24",
        f"合计行的“{title}”（{cell}）是 {stated}，但它所合计的 {count} 行相加是 {computed}。",
        f"“{title}” in the total row ({cell}) is {stated}, but the {count} rows it covers add up to {computed}.",
        sheet=rows.sheet.name,
        row=number,
        column=title,
        value=cell_text(_cell(rows, total, index)),
        expected=(str(computed), str(computed)),
        todo=(
            f"请核对 {zh} 和它上面的明细行：改正合计数，或补上漏报、改正错报的行。",
            f"Check {en} and its rows: correct the total, or the row that is missing or wrong.",
        ),
    )


def _tell_no_unit(rows: SheetRows, total: TotalRow, index: int, cell: Cell) -> bool:
    zh, en = rows.teller.place(rows.sheet, total.position, index)
    title = rows.match.titles[index]
    rows.teller.add(
        "I13",
        f"合计行的“{title}”没有写单位，明细行的单位又不一样，无法核对。",
        f"“{title}” in the total row has no unit, and its rows have several; it cannot be checked.",
        sheet=rows.sheet.name,
        row=rows.sheet.numbers[total.position],
        column=title,
        value=shown(cell_text(cell)),
        todo=(
            f"请在 {zh} 这一行写明单位，或删除合计行。",
            f"Give the unit in {en}, or delete the total row.",
        ),
    )
    return False


def _tell_unchecked(rows: SheetRows, total: TotalRow) -> None:
    number = rows.sheet.numbers[total.position]
    rows.teller.add(
        "I24",
        f"第 {number} 行是合计行，不作为数据；它的明细行有错误，改正后才核对。",
        f"Row {number} is a total and no data; it is checked once the errors in its rows are corrected.",
        severity="info",
        sheet=rows.sheet.name,
        row=number,
        todo=("先改正明细行。", "Correct the rows first."),
    )


def _tell_agreed(rows: SheetRows, numbers: list[int]) -> None:
    listed = "、".join(map(str, numbers[:20])) + ("…" if len(numbers) > 20 else "")
    rows.teller.add(
        "I24",
        f"有 {len(numbers)} 个合计行（第 {listed} 行）与明细相符，不作为数据。",
        f"{len(numbers)} total rows (rows {listed}) agree with their rows; they are not data.",
        severity="info",
        sheet=rows.sheet.name,
        row=numbers[0],
        todo=("无需处理。", "Nothing to do."),
    )
